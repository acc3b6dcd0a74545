//! Whatever stands where a signature or a key should: no panic, no hang, and never a good signature over other bytes.

use std::sync::LazyLock;

use base64ct::{Base64, Encoding};
use deed_history::signature::{PublicKey, Signed, split, verify};
use deed_test::{Key, Keyring, Repo};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::craft::{armor, with_header};
use crate::{is_good, public};

/// Signed commits by keys of every kind, and the texts of the keys.
struct Samples {
    signed: Vec<Signed>,
    texts: Vec<String>,
    keys: Vec<PublicKey>,
}

static SAMPLES: LazyLock<Samples> = LazyLock::new(|| {
    let (repo, keyring) = (Repo::temporary(), Keyring::new());
    let keys = [Key::ed25519("ada-1"), Key::stored("ecdsa-256"), Key::stored("rsa-3072")];
    let mut raw: Vec<_> =
        keys.iter().map(|key| repo.read_object(&repo.commit("Accept R-1").signed(key).create())).collect();
    let mut texts: Vec<_> = keys.iter().map(Key::public_line).collect();
    let primary = keyring.generate("Ada <ada@acme.example>", "ed25519", "2y", "20260101T090000");
    let subkey = keyring.add_subkey(&primary, "rsa2048", "1y", "20260101T090000");
    let plain = repo.read_object(&repo.commit("Accept R-1").create());
    for key in [&primary, &subkey] {
        raw.push(with_header(&plain, "gpgsig", &keyring.sign(key, &plain, "20260301T100000")));
    }
    texts.push(keyring.export(&primary));
    let keys = texts.iter().map(|text| PublicKey::parse(text).expect("a good key")).collect();
    Samples { signed: raw.iter().map(|raw| split(raw).expect("signed")).collect(), texts, keys }
});

/// One change to bytes.
#[derive(Clone, Debug)]
enum Change {
    Set(Index, u8),
    Cut(Index),
    Remove(Index, u8),
    Repeat(Index, u8),
    Insert(Index, Vec<u8>),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let range = |at: &Index, length: u8| {
            let at = at.index(bytes.len());
            at..(at + usize::from(length)).min(bytes.len())
        };
        match self {
            Self::Set(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Self::Remove(at, length) => drop(bytes.drain(range(at, *length))),
            Self::Repeat(at, length) => {
                let range = range(at, *length);
                let piece = bytes[range.clone()].to_vec();
                bytes.splice(range.end..range.end, piece);
            }
            Self::Insert(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, length)| Change::Repeat(at, length)),
        1 => (any::<Index>(), proptest::collection::vec(any::<u8>(), 0..8)).prop_map(|(at, piece)| Change::Insert(at, piece)),
    ];
    proptest::collection::vec(change, 1..4)
}

/// Applies changes to what an armor holds, and puts it on again.
fn change_inside(text: &str, changes: &[Change]) -> String {
    let is_base64 = |line: &&str| {
        !line.is_empty()
            && !line.starts_with(['-', '='])
            && line.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
    };
    let base64: String = text.lines().filter(is_base64).collect();
    let mut bytes = Base64::decode_vec(&base64).expect("base64");
    changes.iter().for_each(|change| change.apply(&mut bytes));
    let ssh = armor(&bytes);
    let label = text.lines().next().expect("a first line").trim_matches('-').trim_start_matches("BEGIN ");
    ssh.replace("SSH SIGNATURE", label).replacen("-----\n", "-----\n\n", usize::from(!label.starts_with("SSH")))
}

/// Verifying is slow without optimization: a quarter of the usual number, or of `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases / 4, failure_persistence: None, ..default }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_changed_signature_is_judged(which in any::<Index>(), changes in changes(), inside in any::<bool>()) {
        let mut signed = which.get(&SAMPLES.signed).clone();
        if inside {
            let text = String::from_utf8(signed.armor).expect("ASCII");
            signed.armor = change_inside(&text, &changes).into_bytes();
        } else {
            changes.iter().for_each(|change| change.apply(&mut signed.armor));
        }
        verify(&signed, &SAMPLES.keys);
        signed.payload.push(b'!');
        prop_assert!(!is_good(&verify(&signed, &SAMPLES.keys)));
    }

    #[test]
    fn a_changed_payload_is_never_good(which in any::<Index>(), changes in changes()) {
        let mut signed = which.get(&SAMPLES.signed).clone();
        let before = signed.payload.clone();
        changes.iter().for_each(|change| change.apply(&mut signed.payload));
        prop_assert_eq!(is_good(&verify(&signed, &SAMPLES.keys)), signed.payload == before);
    }

    #[test]
    fn a_changed_key_is_read_or_refused(which in any::<Index>(), changes in changes(), inside in any::<bool>()) {
        let text = which.get(&SAMPLES.texts);
        let changed = if inside && text.starts_with("-----") {
            change_inside(text, &changes)
        } else {
            let mut bytes = text.clone().into_bytes();
            changes.iter().for_each(|change| change.apply(&mut bytes));
            String::from_utf8_lossy(&bytes).into_owned()
        };
        if let Ok(key) = PublicKey::parse(&changed) {
            for signed in &SAMPLES.signed {
                verify(signed, [&key]);
            }
        }
    }

    #[test]
    fn any_bytes_are_split_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..200), lines in "(tree [0-9a-f]{40}|object [0-9a-f]{64})\n((gpgsig| |gpgsig-sha256 |x |\n|-----BEGIN SSH SIGNATURE-----)[ a-z]{0,4}\n?){0,12}") {
        split(&bytes);
        if let Some(signed) = split(lines.as_bytes()) {
            prop_assert!(signed.payload.len() + signed.armor.len() <= lines.len());
            verify(&signed, [&public(&Key::ed25519("ada-1"))]);
        }
    }
}
