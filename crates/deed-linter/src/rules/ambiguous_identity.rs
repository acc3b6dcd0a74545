//! Rule `ambiguous-identity`.

use std::collections::HashMap;

use deed_model::evidence::Alias;
use deed_model::{FileRange, Person, Spanned};

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "ambiguous-identity",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 A.5.16",
    severity: ByModel::all(Setting::ERROR),
    summary: "an e-mail or a key stands for two",
    options: &[],
    docs: include_str!("ambiguous_identity.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let mut emails: HashMap<String, (&str, FileRange)> = HashMap::new();
    let mut keys: HashMap<String, (&str, FileRange)> = HashMap::new();
    let forges = register.evidence().into_iter().flat_map(|evidence| &evidence.forges);
    let forges: HashMap<String, FileRange> = forges.map(|forge| (material(&forge.key), forge.key.span)).collect();
    for person in register.people.iter() {
        let (id, name) = (person.head.id.as_str(), person.display());
        for email in &person.emails {
            let first = emails.entry(email.trim().to_lowercase()).or_insert((id, email.span));
            if first.0 == id {
                continue;
            }
            let other = crate::account::name(register, first.0);
            let message = format!("`{}` is the e-mail of {other} and of {name}: commits from it are nobody's", **email);
            ctx.report(email.span, message)
                .label(first.1, format!("{other}'s"))
                .help("leave it to the one who uses it");
        }
        for email in &person.emails {
            let Some((alias, other)) = shown_as(ctx, person, email) else { continue };
            let (shown, other) = (format!("{} <{}>", alias.shown_name, alias.shown_email), other.display());
            let message = format!("`{}` is {name}'s, and `.mailmap` shows it as `{shown}`, who is {other}", **email);
            ctx.report(email.span, message)
                .help("take the line out of `.mailmap`, or leave the e-mail to the one who uses it")
                .help("decisions are told apart by `people` alone, while Git's log shows what `.mailmap` says");
        }
        for key in &person.keys {
            let material = material(&key.key);
            if let Some(forge) = forges.get(&material) {
                ctx.report(key.key.span, format!("the key is {name}'s and a forge's: what it signs is nobody's"))
                    .label(*forge, "the forge's")
                    .help("leave it to the one who uses it");
                continue;
            }
            let first = keys.entry(material).or_insert((id, key.key.span));
            if first.0 == id {
                continue;
            }
            let other = crate::account::name(register, first.0);
            ctx.report(key.key.span, format!("{other} and {name} have the same key: what it signs is nobody's"))
                .label(first.1, format!("{other}'s"))
                .help("give each of them a key of their own, and revoke the one that two have used");
        }
    }
}

/// The other person whom `.mailmap` makes of a person's e-mail: by the e-mail it shows, or by the name.
fn shown_as<'a>(ctx: &Context<'a>, person: &Person, email: &str) -> Option<(&'a Alias, &'a Person)> {
    let alias = ctx.history()?.aliases.iter().find(|alias| alias.email == email)?;
    let is_same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
    let has_email = |it: &Person| it.emails.iter().any(|own| is_same(own, &alias.shown_email));
    let has_name = |it: &Person| it.name.as_ref().is_some_and(|name| is_same(name, &alias.shown_name));
    let others = || ctx.register.people.iter().filter(|it| it.head.id != person.head.id);
    let by_email = others().find(|it| has_email(it)).filter(|_| !has_email(person));
    let other = by_email.or_else(|| others().find(|it| has_name(it)).filter(|_| !has_name(person)));
    Some((alias, other?))
}

/// What identifies a key: of an OpenSSH line its type and data without the comment, else all of it but white space.
fn material(key: &Spanned<String>) -> String {
    let mut words = key.split_whitespace();
    match (words.next(), words.next()) {
        (Some(kind), Some(data)) if !kind.starts_with('-') => format!("{kind} {data}"),
        _ => key.split_whitespace().collect(),
    }
}
