//! Signatures by FIDO security keys (PROTOCOL.u2f), made in software: a device signs a digest of the application's
//! name, a byte of flags, a counter and a digest of the message.

use deed_test::Repo;
use sha2::{Digest, Sha256};
use signature::Signer;

use crate::craft::{SshSig, line_of, sign_commit, string};
use crate::{PublicKey, ada, check, git_accepts, is_good, why};

const APPLICATION: &[u8] = b"ssh:";
const TOUCHED: u8 = 1;

fn device_message(flags: u8, message: &[u8]) -> Vec<u8> {
    [&Sha256::digest(APPLICATION)[..], &[flags], &7_u32.to_be_bytes(), &Sha256::digest(message)].concat()
}

/// Appends what a device adds to a signature.
fn with_trailer(name: &str, signature: &[u8], flags: u8) -> Vec<u8> {
    [&string(name.as_bytes()), &string(signature), &[flags][..], &7_u32.to_be_bytes()].concat()
}

/// Commits with an ed25519 security key; returns the commit and the public line.
fn by_ed25519(repo: &Repo, flags: u8) -> (String, String) {
    let name = "sk-ssh-ed25519@openssh.com";
    let secret = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let key = [string(name.as_bytes()), string(secret.verifying_key().as_bytes()), string(APPLICATION)].concat();
    let line = line_of(&key);
    let sign = |message: &[u8]| with_trailer(name, &secret.sign(&device_message(flags, message)).to_bytes(), flags);
    commit(repo, key, &sign, line)
}

/// The same with an ECDSA security key.
fn by_ecdsa(repo: &Repo, flags: u8) -> (String, String) {
    let name = "sk-ecdsa-sha2-nistp256@openssh.com";
    let secret = p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a number below the order");
    let point = secret.verifying_key().to_encoded_point(false);
    let fields = [name.as_bytes(), b"nistp256", point.as_bytes(), APPLICATION];
    let key = fields.map(string).concat();
    let line = line_of(&key);
    let number = |bytes: &[u8]| ssh_key::Mpint::from_positive_bytes(bytes).expect("a number").as_bytes().to_vec();
    let sign = |message: &[u8]| {
        let signature: p256::ecdsa::Signature = secret.sign(&device_message(flags, message));
        let (r, s) = signature.split_bytes();
        with_trailer(name, &[string(&number(&r)), string(&number(&s))].concat(), flags)
    };
    commit(repo, key, &sign, line)
}

fn commit(repo: &Repo, key: Vec<u8>, sign: &dyn Fn(&[u8]) -> Vec<u8>, line: String) -> (String, String) {
    let raw = repo.read_object(&repo.commit("Accept R-1").author(&ada()).create());
    let signature = SshSig { version: 1, key, namespace: "git", hash: "sha512", sign };
    (sign_commit(repo, &raw, |payload| signature.over(payload)), line)
}

#[test]
fn both_kinds_of_security_keys_agree_with_git() {
    let repo = Repo::temporary();
    for (commit, line) in [by_ed25519(&repo, TOUCHED), by_ecdsa(&repo, TOUCHED)] {
        let key = PublicKey::parse(&line).expect("a good key");
        assert!(git_accepts(&repo, &commit, &ada(), &line), "{line}");
        let raw = repo.read_object(&commit);
        let good = check(&raw, &[key]);
        assert!(is_good(&good), "{good:?}");
        let forged = String::from_utf8(raw).expect("ASCII").replace("R-1", "R-2");
        assert!(!git_accepts(&repo, &repo.write_object("commit", forged.as_bytes()), &ada(), &line));
        assert!(!is_good(&check(forged.as_bytes(), &[PublicKey::parse(&line).expect("a good key")])));
    }
}

/// Git passes a signature that a program on the signer's computer could have had made on its own. Deed does not: a
/// security key is registered because a decision takes a hand.
#[test]
fn an_untouched_security_key_signs_nothing_though_git_says_it_does() {
    let repo = Repo::temporary();
    for (commit, line) in [by_ed25519(&repo, 0), by_ecdsa(&repo, 0)] {
        assert!(git_accepts(&repo, &commit, &ada(), &line));
        let check = check(&repo.read_object(&commit), &[PublicKey::parse(&line).expect("a good key")]);
        assert!(why(&check).contains("nobody touched"), "{check:?}");
    }
}
