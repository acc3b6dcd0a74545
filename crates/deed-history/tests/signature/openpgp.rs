//! OpenPGP signatures by good keys, as `git commit -S` makes them.

use deed_history::signature::{Check, Format, Good, PublicKey, Status};
use deed_test::{Keyring, Repo};
use pgp::composed::{ArmorOptions, DetachedSignature, KeyType, SecretKeyParamsBuilder, SubkeyParamsBuilder};
use pgp::crypto::hash::HashAlgorithm;
use pgp::types::{KeyVersion, Password};
use ssh_key::rand_core::OsRng;

use crate::craft::with_header;
use crate::{check, is_good, why};

const MADE: &str = "20260101T090000";
const SIGNED: &str = "20260301T100000";
const ADA: &str = "Ada Moreau <ada@acme.example>";

/// Commits with the key, at that time for GnuPG.
pub(crate) fn commit(repo: &Repo, keyring: &Keyring, key: &str, at: &str) -> String {
    let program = format!("gpg.program={}", keyring.program(at).display());
    let signing = format!("user.signingKey={key}!");
    let settings = ["-c", "gpg.format=openpgp", "-c", &program, "-c", &signing];
    let commit = ["commit", "--quiet", "--allow-empty", "--gpg-sign", "--message=Accept R-1"];
    let mut command = repo.command(settings.iter().chain(&commit));
    let output = command.env("GNUPGHOME", keyring.home()).output().expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    repo.id("HEAD")
}

/// What Git makes of a commit at a time: its one-letter verdict (`%G?`) and whether `verify-commit` succeeds.
pub(crate) fn git_says(repo: &Repo, keyring: &Keyring, commit: &str, at: &str) -> (String, bool) {
    let program = format!("gpg.program={}", keyring.program(at).display());
    let run = |arguments: &[&str]| {
        let mut command = repo.command(["-c", &program].iter().chain(arguments));
        command.env("GNUPGHOME", keyring.home()).output().expect("git runs")
    };
    let letter = run(&["log", "-1", "--format=%G?", commit]);
    let verified = run(&["verify-commit", commit]).status.success();
    (String::from_utf8_lossy(&letter.stdout).trim().to_owned(), verified)
}

pub(crate) fn public(keyring: &Keyring, key: &str) -> PublicKey {
    PublicKey::parse(&keyring.export(key)).expect("a good key")
}

#[track_caller]
pub(crate) fn good(check: &Check) -> &Good {
    match &check.status {
        Status::Good(good) => good,
        status => panic!("not good: {status:?}"),
    }
}

#[test]
fn every_algorithm_agrees_with_git() {
    let (repo, keyring) = (Repo::temporary(), Keyring::new());
    let all: Vec<_> = ["ed25519", "rsa2048", "nistp256", "nistp384", "nistp521"]
        .into_iter()
        .map(|algorithm| keyring.generate(&format!("{algorithm} <ada@acme.example>"), algorithm, "never", MADE))
        .collect();
    let publics: Vec<_> = all.iter().map(|key| public(&keyring, key)).collect();
    for (index, key) in all.iter().enumerate() {
        let id = commit(&repo, &keyring, key, SIGNED);
        let raw = repo.read_object(&id);
        assert!(git_says(&repo, &keyring, &id, SIGNED).1);
        let check = check(&raw, &publics);
        let good = good(&check);
        assert_eq!((good.key, good.fingerprint.as_str(), &good.subkey), (index, key.as_str(), &None));
        assert_eq!((check.format, check.made_at), (Format::OpenPgp, Some(1_772_359_200)));
        assert_eq!((good.lifetime.created, good.lifetime.expires), (Some(1_767_258_000), None));

        let others: Vec<_> = publics.iter().filter(|public| public.fingerprint() != key).cloned().collect();
        assert_eq!(crate::check(&raw, &others).status, Status::UnknownKey { key: key.clone() });

        let forged = String::from_utf8(raw).expect("ASCII").replace("R-1", "R-2");
        assert_eq!(git_says(&repo, &keyring, &repo.write_object("commit", forged.as_bytes()), SIGNED).0, "B");
        assert!(why(&crate::check(forged.as_bytes(), &publics)).contains("does not match"));
    }
}

#[test]
fn subkeys_sign_for_their_primary_key() {
    let keyring = Keyring::new();
    let primary = keyring.generate(ADA, "ed25519", "never", MADE);
    let subkeys = ["rsa2048", "ed25519"].map(|algorithm| keyring.add_subkey(&primary, algorithm, "never", MADE));
    let public = public(&keyring, &primary);
    for format in ["sha1", "sha256"] {
        let dir = tempfile::tempdir().expect("a directory");
        let repo = Repo::init_with(dir.path(), &[&format!("--object-format={format}")]);
        for subkey in &subkeys {
            let id = commit(&repo, &keyring, subkey, SIGNED);
            assert!(git_says(&repo, &keyring, &id, SIGNED).1);
            let check = check(&repo.read_object(&id), std::slice::from_ref(&public));
            let good = good(&check);
            assert_eq!((&good.fingerprint, good.subkey.as_ref()), (&primary, Some(subkey)));
        }
    }
}

#[test]
fn tags_verify_too() {
    let (repo, keyring) = (Repo::temporary(), Keyring::new());
    let key = keyring.generate(ADA, "ed25519", "never", MADE);
    repo.commit("Start").create();
    let raw = repo.read_object(&repo.tag("checkpoint", "Checkpoint\n").create());
    let signed = [raw.as_slice(), keyring.sign(&key, &raw, SIGNED).as_bytes()].concat();
    let tag = repo.write_object("tag", &signed);
    let mut git = repo.command(["verify-tag", &tag]);
    assert!(git.env("GNUPGHOME", keyring.home()).output().expect("git runs").status.success());
    assert!(is_good(&check(&signed, &[public(&keyring, &key)])));
}

#[test]
fn one_key_written_twice_is_one_key() {
    let keyring = Keyring::new();
    let key = keyring.generate(ADA, "ed25519", "never", MADE);
    let before = public(&keyring, &key);
    keyring.gpg(SIGNED, &["--quick-set-expire", &key, "1y"], b"");
    let after = public(&keyring, &key);
    assert_eq!(before, after);
    assert_eq!((before.fingerprint(), before.algorithm()), (key.as_str(), "openpgp"));
}

/// Keys of RFC 9580, which GnuPG does not read: made and used with rpgp.
#[test]
fn keys_of_version_6_sign_too() {
    let mut params = SecretKeyParamsBuilder::default();
    let subkey =
        SubkeyParamsBuilder::default().version(KeyVersion::V6).key_type(KeyType::Ed25519).can_sign(true).build();
    params.version(KeyVersion::V6).key_type(KeyType::Ed448).can_certify(true).subkey(subkey.expect("all is set"));
    let secret = params.build().expect("all is set").generate(OsRng).expect("it can be made");
    let public = secret.to_public_key().to_armored_string(ArmorOptions::default()).expect("it can be written");
    let public = PublicKey::parse(&public).expect("a good key");
    assert_eq!(public.fingerprint().len(), 64);

    let repo = Repo::temporary();
    let plain = repo.read_object(&repo.commit("Accept R-1").create());
    let subkey = &secret.secret_subkeys[0].key;
    let signature =
        DetachedSignature::sign_binary_data(OsRng, subkey, &Password::empty(), HashAlgorithm::Sha512, &plain[..])
            .and_then(|signature| signature.to_armored_string(ArmorOptions::default()))
            .expect("it signs");
    let raw = with_header(&plain, "gpgsig", &signature);
    let by_subkey = check(&raw, std::slice::from_ref(&public));
    assert_eq!(good(&by_subkey).fingerprint, public.fingerprint());
    let forged = String::from_utf8(raw).expect("ASCII").replace("R-1", "R-2");
    assert!(why(&check(forged.as_bytes(), &[public])).contains("does not match"));
}
