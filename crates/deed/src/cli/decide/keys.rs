//! Whether the commit is signed, and whether the signature will count.

use anyhow::Result;
use deed_history::signature::{PublicKey, Window};
use deed_model::{Date, Level, Person};

use super::ledger::Ledger;
use super::required;
use super::write::Written;
use crate::cli::say;
use crate::exit::Mistake;
use crate::load::git::Signing;

/// How the commit is signed.
pub(super) struct Choice {
    pub(super) sign: bool,
    /// What is wrong with that, and what to do about it.
    doubts: Vec<(String, String)>,
}

impl Choice {
    /// Says what is wrong with the signature to come.
    pub(super) fn warn(&self) {
        for (doubt, hint) in &self.doubts {
            say("warning", doubt);
            say("hint", hint);
        }
    }
}

/// Decides whether to sign, and looks whether the key is one of the person's.
pub(super) fn choose(ledger: &Ledger, person: &Person, decisions: &[Written], today: Date) -> Result<Choice> {
    let signing = ledger.git.signing();
    let required = required(ledger.committed.register(), decisions);
    let is_demanded = required >= Level::Signed;
    if is_demanded && !signing.has_key() {
        let mistake =
            format!("`evidence.require` asks for `{}`, and Git has no key to sign with here", required.name());
        return Err(Mistake::new(mistake)
            .hint("with an SSH key: `git config gpg.format ssh` and `git config user.signingKey ~/.ssh/id_ed25519.pub`")
            .hint("with OpenPGP: `git config user.signingKey FINGERPRINT`")
            .hint(format!("a signature counts where its key is in `people.{}.keys` before it is made", person.head.id))
            .into());
    }
    let sign = is_demanded || signing.is_wanted();
    let doubts = if sign { doubts(ledger, person, &signing, today) } else { Vec::new() };
    Ok(Choice { sign, doubts })
}

fn doubts(ledger: &Ledger, person: &Person, signing: &Signing, today: Date) -> Vec<(String, String)> {
    let (id, name) = (&person.head.id, person.display());
    let doubt = |what: String, hint: String| vec![(what, hint)];
    let register_it = format!("register it in `people.{id}.keys`, in a commit that is merged before you decide");
    if signing.format == "x509" {
        return doubt(
            "X.509 signatures are not verified, so this one will prove nothing".to_owned(),
            "sign with an SSH or OpenPGP key: `git config gpg.format ssh`".to_owned(),
        );
    }
    if person.keys.is_empty() {
        return doubt(format!("no key of {name} is registered, so the signature will prove nothing"), register_it);
    }
    let Some(text) = ledger.git.public_key(signing) else { return Vec::new() };
    let Ok(key) = PublicKey::parse(&text) else { return Vec::new() };
    let mut outside = None;
    for known in &person.keys {
        let text = if PublicKey::is_path(&known.key) { ledger.committed_file(&known.key) } else { None };
        let text = text.as_deref().unwrap_or(&known.key);
        if PublicKey::parse(text).is_ok_and(|known| known == key) {
            match Window::from(known).holds_on(today) {
                Ok(()) => return Vec::new(),
                Err(why) => outside = Some(why),
            }
        }
    }
    let fingerprint = key.fingerprint();
    match outside {
        Some(why) => doubt(format!("{why}, so the signature by {fingerprint} will not count"), register_it),
        None => doubt(format!("the key Git signs with, {fingerprint}, is not registered to {name}"), register_it),
    }
}
