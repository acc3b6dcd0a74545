//! OpenPGP keys that expire, are revoked or may not sign.

use deed_history::Time;
use deed_history::signature::{Interval, Lifetime, Outside, PublicKey, Reason};
use deed_model::parse_date;
use deed_test::{Keyring, Repo};

use crate::craft::with_header;
use crate::openpgp::{commit, git_says, good, public};
use crate::{check, why};

const ADA: &str = "Ada Moreau <ada@acme.example>";
const MADE: &str = "20240101T090000";
const SIGNED: &str = "20240301T100000";
const REVOKED: &str = "20240601T090000";
const LATER: &str = "20250301T100000";

/// The interval in which [`SIGNED`] or [`LATER`] is all that is known.
fn at(time: &str) -> Interval {
    let seconds = if time == SIGNED { 1_709_287_200 } else { 1_740_823_200 };
    let time = Time { seconds, offset_minutes: 0 };
    Interval::between(time, time)
}

/// Signs at [`SIGNED`] and returns what is known of the key, as exported now.
fn lifetime(repo: &Repo, keyring: &Keyring, signer: &str, primary: &str) -> Lifetime {
    let id = commit(repo, keyring, signer, SIGNED);
    let check = check(&repo.read_object(&id), &[public(keyring, primary)]);
    good(&check).lifetime.clone()
}

fn day(text: &str) -> deed_model::Date {
    parse_date(text).expect("a date")
}

/// Git asks gpg, which judges an expired key by today: a signature made in time turns from G to Y with the years, and
/// then `verify-commit` fails.
#[test]
fn an_expired_key_signed_what_it_signed_in_its_time() {
    let (repo, keyring) = (Repo::temporary(), Keyring::new());
    let key = keyring.generate(ADA, "ed25519", "2024-12-31", MADE);
    let lifetime = lifetime(&repo, &keyring, &key, &key);
    assert_eq!(lifetime.covers(&at(SIGNED)), Ok(()));
    assert_eq!(lifetime.covers(&at(LATER)), Err(Outside::After(day("2024-12-31"))));
    assert_eq!(git_says(&repo, &keyring, "HEAD", SIGNED), ("G".to_owned(), true));
    assert_eq!(git_says(&repo, &keyring, "HEAD", LATER), ("Y".to_owned(), false));
    // Prolonged, it was valid all along.
    keyring.gpg(LATER, &["--quick-set-expire", &key, "2y"], b"");
    let check = check(&repo.read_object("HEAD"), &[public(&keyring, &key)]);
    assert_eq!(good(&check).lifetime.covers(&at(LATER)), Ok(()));
}

#[test]
fn a_subkey_expires_with_its_primary_key_or_before() {
    let (repo, keyring) = (Repo::temporary(), Keyring::new());
    let primary = keyring.generate(ADA, "ed25519", "2024-12-31", MADE);
    let short = keyring.add_subkey(&primary, "ed25519", "2024-06-30", MADE);
    let long = keyring.add_subkey(&primary, "ed25519", "2030-06-30", MADE);
    let expiry = |signer| lifetime(&repo, &keyring, signer, &primary).covers(&at(LATER));
    assert_eq!(expiry(&short), Err(Outside::After(day("2024-06-30"))));
    assert_eq!(expiry(&long), Err(Outside::After(day("2024-12-31"))));
}

/// gpg calls a signature by a revoked key good and the key revoked (R), whatever the reason and the dates, so that
/// `verify-commit` fails for all that a leaver ever signed.
#[test]
fn a_revocation_counts_from_its_day_unless_the_key_was_compromised() {
    for (code, reason) in [("0", Reason::Compromised), ("1", Reason::Compromised), ("2", Reason::Superseded)] {
        let (repo, keyring) = (Repo::temporary(), Keyring::new());
        let key = keyring.generate(ADA, "ed25519", "never", MADE);
        let answers = format!("y\n{code}\nlost bag\n\ny\n");
        let revocation = keyring.answer(&["--armor", "--gen-revoke", &key], &answers, REVOKED);
        commit(&repo, &keyring, &key, SIGNED);
        keyring.gpg(REVOKED, &["--import"], revocation.as_bytes());
        assert_eq!(git_says(&repo, &keyring, "HEAD", LATER), ("R".to_owned(), false));

        let check = check(&repo.read_object("HEAD"), &[public(&keyring, &key)]);
        let lifetime = &good(&check).lifetime;
        let told = &lifetime.revocations[0];
        assert_eq!((told.reason, told.text.as_str()), (reason, "lost bag"));
        let (before, after) = (lifetime.covers(&at(SIGNED)), lifetime.covers(&at(LATER)));
        assert_eq!(before.is_ok(), reason == Reason::Superseded, "{before:?}");
        assert_eq!(after, Err(Outside::Revoked(day("2024-06-01"), reason)));
        // A time stamp shows that the signature is older than the theft.
        assert_eq!(lifetime.covers(&Interval { anchored: true, ..at(SIGNED) }), Ok(()));
    }
}

#[test]
fn a_subkey_is_revoked_alone() {
    let (repo, keyring) = (Repo::temporary(), Keyring::new());
    let primary = keyring.generate(ADA, "ed25519", "never", MADE);
    let [kept, lost] = [(); 2].map(|()| keyring.add_subkey(&primary, "ed25519", "never", MADE));
    let commits = [&kept, &lost].map(|key| commit(&repo, &keyring, key, SIGNED));
    keyring.answer(&["--edit-key", &primary], "key 2\nrevkey\ny\n3\n\ny\nsave\n", REVOKED);
    let public = [public(&keyring, &primary)];
    let [kept, lost] = commits.map(|commit| check(&repo.read_object(&commit), &public));
    assert_eq!(good(&kept).lifetime.revocations, []);
    assert_eq!(good(&lost).lifetime.covers(&at(SIGNED)), Ok(()));
    assert_eq!(good(&lost).lifetime.covers(&at(LATER)), Err(Outside::Revoked(day("2024-06-01"), Reason::Superseded)));
}

/// The date of a commit is a claim, the time in its signature is another: one that contradicts the key is bad.
#[test]
fn a_signature_from_after_the_keys_end_is_bad() {
    let (repo, keyring) = (Repo::temporary(), Keyring::new());
    let key = keyring.generate(ADA, "ed25519", "2026-12-31", MADE);
    commit(&repo, &keyring, &key, LATER);
    // As the key's owner said before.
    keyring.gpg(REVOKED, &["--quick-set-expire", &key, "2024-12-31"], b"");
    let check = check(&repo.read_object("HEAD"), &[public(&keyring, &key)]);
    assert_eq!(why(&check), "it was made after the key had expired");
}

/// gpg 2.2 takes SHA-1 in signatures over documents.
#[test]
fn a_signature_with_sha1_is_bad_though_git_may_take_it() {
    let (repo, keyring) = (Repo::temporary(), Keyring::new());
    let key = keyring.generate(ADA, "ed25519", "never", MADE);
    let plain = repo.read_object(&repo.commit("Accept R-1").create());
    let arguments = ["--armor", "--digest-algo", "SHA1", "--local-user", &key, "--detach-sign"];
    let signature = keyring.gpg(SIGNED, &arguments, &plain);
    let raw = with_header(&plain, "gpgsig", &signature);
    assert!(why(&check(&raw, &[public(&keyring, &key)])).contains("its hash, SHA1, is too weak"));
}

#[test]
fn several_signatures_in_one_are_bad_as_for_git() {
    let (repo, keyring) = (Repo::temporary(), Keyring::new());
    let key = keyring.generate(ADA, "ed25519", "never", MADE);
    let other = keyring.generate("Ben <ben@acme.example>", "ed25519", "never", MADE);
    let plain = repo.read_object(&repo.commit("Accept R-1").create());
    let arguments = ["--armor", "--local-user", &key, "--local-user", &other, "--detach-sign"];
    let in_one_block = with_header(&plain, "gpgsig", &keyring.gpg(SIGNED, &arguments, &plain));
    let in_two = [&key, &other]
        .iter()
        .fold(plain.clone(), |raw, signer| with_header(&raw, "gpgsig", &keyring.sign(signer, &plain, SIGNED)));
    for raw in [in_one_block, in_two] {
        let (letter, verified) = git_says(&repo, &keyring, &repo.write_object("commit", &raw), SIGNED);
        assert!(!verified, "{letter}");
        assert!(why(&check(&raw, &[public(&keyring, &key)])).contains("several signatures"));
    }
}

#[test]
fn keys_that_prove_nothing_are_not_read() {
    let keyring = Keyring::new();
    let refused = |text: &str| PublicKey::parse(text).expect_err("refused").to_string();
    let short = keyring.generate("Short", "rsa1024", "never", MADE);
    assert!(refused(&keyring.export(&short)).contains("RSA with 1024 bits"));
    assert!(refused(include_str!("dsa-2048.asc")).contains("DSA"));
    let ada = keyring.generate(ADA, "ed25519", "never", MADE);
    let block = keyring.export(&ada);
    assert!(refused(&block.replace("PUBLIC", "PRIVATE")).contains("private key"));
    assert!(refused(&block[..block.len() / 2]).contains("OpenPGP"));
    let both = keyring.gpg("", &["--armor", "--export", &ada, &short], b"");
    assert!(refused(&both).contains("several OpenPGP keys"));
    let sha1 = ["--cert-digest-algo", "SHA1", "--quick-generate-key", "Weak", "ed25519", "sign", "never"];
    keyring.gpg(MADE, &sha1, b"");
    assert!(refused(&keyring.export("Weak")).contains("by SHA-1 only"));
}
