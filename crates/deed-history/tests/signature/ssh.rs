//! SSH signatures by ordinary keys.

use deed_history::signature::{Good, Status};
use deed_test::{Key, Repo};

use crate::{ada, check, git_accepts, is_good, public, why};

const KEYS: [&str; 5] = ["ecdsa-256", "ecdsa-384", "ecdsa-521", "rsa-3072", "rsa-8192"];

#[test]
fn every_algorithm_agrees_with_git() {
    let repo = Repo::temporary();
    let keys = KEYS.map(Key::stored).into_iter().chain([Key::ed25519("ada-1")]);
    for key in keys {
        let commit = repo.commit("Accept R-1").author(&ada()).signed(&key).create();
        let raw = repo.read_object(&commit);
        assert!(git_accepts(&repo, &commit, &ada(), &key.public_line()), "{}", key.name());
        let other = public(&Key::ed25519("other"));
        let check = check(&raw, &[other.clone(), public(&key)]);
        let Status::Good(Good { key: 1, fingerprint, subkey: None, .. }) = &check.status else {
            panic!("{}: {check:?}", key.name())
        };
        assert_eq!(*fingerprint, key.fingerprint());
        assert_eq!(crate::check(&raw, &[other]).status, Status::UnknownKey { key: key.fingerprint() });

        let text = String::from_utf8(raw).expect("ASCII").replace("Accept R-1", "Accept R-2");
        let forged = repo.write_object("commit", text.as_bytes());
        assert!(!git_accepts(&repo, &forged, &ada(), &key.public_line()));
        let check = crate::check(text.as_bytes(), &[public(&key)]);
        assert!(!is_good(&check) && why(&check).contains("does not match"), "{check:?}");
    }
}
