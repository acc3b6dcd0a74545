//! SSH signatures that ssh-keygen would not make, and what it makes of them.

use deed_history::signature::{Check, Format};
use deed_test::{Key, Repo};
use rsa::pkcs1v15::SigningKey;
use rsa::{BigUint, RsaPrivateKey};
use signature::{SignatureEncoding, Signer};
use ssh_key::{Mpint, PrivateKey};

use crate::craft::{SshSig, blob_of, sign_commit, string, with_header};
use crate::{ada, check, git_accepts, is_good, public, why};

fn unsigned(repo: &Repo) -> Vec<u8> {
    repo.read_object(&repo.commit("Accept R-1").author(&ada()).create())
}

/// Signs as ssh-keygen would with the ed25519 key `ada-1`.
fn sign_ed25519(message: &[u8]) -> Vec<u8> {
    let private = PrivateKey::from_openssh(Key::ed25519("ada-1").private_text()).expect("a key");
    let signature = private.key_data().ed25519().expect("an ed25519 key").sign(message);
    [string(b"ssh-ed25519"), string(signature.as_bytes())].concat()
}

/// A signature by `ada-1`, to be spoiled.
fn plain() -> SshSig<'static> {
    let key = blob_of(&Key::ed25519("ada-1").public_line());
    SshSig { version: 1, key, namespace: "git", hash: "sha512", sign: &sign_ed25519 }
}

/// Returns our verdict, and that Git has the same one.
#[track_caller]
fn both(repo: &Repo, key: &Key, sign: impl Fn(&[u8]) -> String) -> Check {
    let commit = sign_commit(repo, &unsigned(repo), sign);
    let check = check(&repo.read_object(&commit), &[public(key)]);
    assert_eq!(git_accepts(repo, &commit, &ada(), &key.public_line()), is_good(&check), "{check:?}");
    check
}

#[test]
fn a_signature_for_anything_but_git_is_bad() {
    let (repo, key) = (Repo::temporary(), Key::ed25519("ada-1"));
    assert!(is_good(&both(&repo, &key, |payload| plain().over(payload))));
    let for_files = both(&repo, &key, |payload| SshSig { namespace: "file", ..plain() }.over(payload));
    assert_eq!(why(&for_files), "it was made for `file`, not for Git");
}

#[test]
fn hashes_and_versions_are_those_of_the_format() {
    let (repo, key) = (Repo::temporary(), Key::ed25519("ada-1"));
    assert!(is_good(&both(&repo, &key, |payload| SshSig { hash: "sha256", ..plain() }.over(payload))));
    let sha1 = both(&repo, &key, |payload| SshSig { hash: "sha1", ..plain() }.over(payload));
    assert!(why(&sha1).contains("neither SHA-256 nor SHA-512"));
    let newer = both(&repo, &key, |payload| SshSig { version: 2, ..plain() }.over(payload));
    assert!(why(&newer).contains("another version"));
}

#[test]
fn rsa_signs_with_sha2_only() {
    let (repo, key) = (Repo::temporary(), Key::stored("rsa-3072"));
    let private = PrivateKey::from_openssh(key.private_text()).expect("a key");
    let pair = private.key_data().rsa().expect("an RSA key");
    let number = |mpint: &Mpint| BigUint::from_bytes_be(mpint.as_positive_bytes().expect("a number"));
    let [n, e, d] = [&pair.public.n, &pair.public.e, &pair.private.d].map(number);
    let primes = [&pair.private.p, &pair.private.q].map(number).to_vec();
    let private = RsaPrivateKey::from_components(n, e, d, primes).expect("good numbers");
    let signed_as = |name: &'static str| {
        let private = private.clone();
        move |message: &[u8]| {
            let signature = if name == "rsa-sha2-256" {
                SigningKey::<sha2::Sha256>::new(private.clone()).sign(message).to_vec()
            } else {
                SigningKey::<sha2::Sha512>::new(private.clone()).sign(message).to_vec()
            };
            [string(name.as_bytes()), string(&signature)].concat()
        }
    };
    for (name, good) in [("rsa-sha2-256", true), ("rsa-sha2-512", true), ("ssh-rsa", false), ("ssh-ed25519", false)] {
        let sign = signed_as(name);
        let signature = SshSig { key: blob_of(&key.public_line()), sign: &sign, ..plain() };
        let check = both(&repo, &key, |payload| signature.over(payload));
        assert_eq!(is_good(&check), good, "{name}: {check:?}");
    }
}

/// ssh-keygen takes RSA keys from 1024 bits on.
#[test]
fn short_rsa_keys_sign_nothing_though_git_says_they_do() {
    let (repo, key) = (Repo::temporary(), Key::stored("rsa-1024"));
    let commit = repo.commit("Accept R-1").author(&ada()).signed(&key).create();
    assert!(git_accepts(&repo, &commit, &ada(), &key.public_line()));
    assert!(why(&check(&repo.read_object(&commit), &[])).contains("RSA with 1024 bits is too weak"));
}

#[test]
fn the_width_of_the_armor_does_not_matter() {
    let (repo, key) = (Repo::temporary(), Key::ed25519("ada-1"));
    let rewrap = |payload: &[u8], separator: &str| {
        let armor = plain().over(payload);
        let lines: Vec<&str> = armor.lines().collect();
        let base64 = lines[1..lines.len() - 1].concat();
        let narrow: Vec<String> = base64.as_bytes().chunks(11).map(|c| String::from_utf8_lossy(c).into()).collect();
        [lines[0], &narrow.join(separator), lines[lines.len() - 1]].join("\n") + "\n"
    };
    assert!(is_good(&both(&repo, &key, |payload| rewrap(payload, "\n"))));
    assert!(is_good(&both(&repo, &key, |payload| rewrap(payload, "\r\n"))));
    assert!(is_good(&both(&repo, &key, |payload| rewrap(payload, ""))));
    assert!(is_good(&both(&repo, &key, |payload| plain().over(payload) + "and more")));
    both(&repo, &key, |payload| plain().over(payload).replace("-----END", "----END"));
    both(&repo, &key, |payload| plain().over(payload).replace("U1NIU0lH", "U1NIU0lI"));
}

/// Git puts several headers of one name together, and ssh-keygen reads to the end of the first.
#[test]
fn of_several_ssh_signatures_the_first_counts_as_for_git() {
    let (repo, key) = (Repo::temporary(), Key::ed25519("ada-1"));
    let plain_text = unsigned(&repo);
    let (good, other) = (plain().over(&plain_text), plain().over(b"something else"));
    for (first, second) in [(&good, &other), (&other, &good)] {
        let raw = with_header(&with_header(&plain_text, "gpgsig", first), "gpgsig", second);
        let commit = repo.write_object("commit", &raw);
        let check = check(&raw, &[public(&key)]);
        assert_eq!(is_good(&check), first == &good);
        assert_eq!(git_accepts(&repo, &commit, &ada(), &key.public_line()), is_good(&check));
    }
}

#[test]
fn certificates_are_named_as_what_they_are() {
    let repo = Repo::temporary();
    let key = [string(b"ssh-ed25519-cert-v01@openssh.com"), string(&[1; 32])].concat();
    let raw = with_header(&unsigned(&repo), "gpgsig", &SshSig { key, ..plain() }.over(b""));
    assert!(why(&check(&raw, &[])).contains("SSH certificate"));
}

#[test]
fn other_formats_are_told_apart() {
    let repo = Repo::temporary();
    let of = |armor: &str| check(&with_header(&unsigned(&repo), "gpgsig", armor), &[]);
    let x509 = of("-----BEGIN SIGNED MESSAGE-----\nMIIB\n-----END SIGNED MESSAGE-----\n");
    assert_eq!((x509.format, why(&x509)), (Format::X509, "X.509 signatures are not verified"));
    let other = of("signed: Ada\n");
    assert_eq!((other.format, why(&other)), (Format::Unknown, "it is of no format that Git knows"));
    let endless = format!("-----BEGIN SSH SIGNATURE-----\n{}", "A".repeat(1 << 20));
    assert!(why(&of(&endless)).contains("longer than any signature"));
}
