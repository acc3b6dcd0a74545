//! Public keys as they may stand in manifests.

use deed_history::signature::PublicKey;
use deed_test::Key;

use crate::craft::{line_of, string};
use crate::public;

#[track_caller]
fn refused(text: &str) -> String {
    PublicKey::parse(text).expect_err("refused").to_string()
}

#[test]
fn comments_and_blanks_do_not_count() {
    let key = Key::ed25519("ada-1");
    let line = key.public_line();
    let bare = line.rsplit_once(' ').expect("a comment").0;
    for text in [&line, bare, &format!("  {bare}\n"), &format!("{bare}  Ada Moreau, laptop"), &bare.replace(' ', "\t")]
    {
        let parsed = PublicKey::parse(text).expect("a key");
        assert_eq!((&parsed, parsed.fingerprint()), (&public(&key), key.fingerprint().as_str()));
        assert_eq!(parsed.algorithm(), "ssh-ed25519");
    }
    assert_ne!(public(&key), public(&Key::ed25519("ada-2")));
}

#[test]
fn what_is_no_key_is_told_from_what_is_a_bad_one() {
    let line = Key::ed25519("ada-1").public_line();
    let base64 = line.split(' ').nth(1).expect("base64");
    assert!(PublicKey::is_path("keys/ada.pub") && !PublicKey::is_path(&line) && !PublicKey::is_path(""));
    assert!(refused("keys/ada.pub").contains("no public key"));
    assert!(refused("").contains("no public key"));
    assert!(refused(&format!("{line}\n{line}")).contains("several lines"));
    assert!(refused(&line[..40]).contains("damaged"));
    assert!(refused(&format!("ssh-rsa {base64}")).contains("the line says ssh-rsa, the key inside is ssh-ed25519"));
    assert!(refused("ssh-dss AAAAB3NzaC1kc3M=").contains("DSA keys are too weak"));
    assert!(refused("ssh-ed448 AAAA").contains("`ssh-ed448` is no kind of key"));
    assert!(refused(&format!("restrict {line}")).contains("`restrict` is no kind of key"));
    assert!(refused(&format!("namespaces=\"git\" {line}")).contains("options before the key"));
    assert!(refused(&line.replace("ssh-ed25519 ", "ssh-ed25519-cert-v01@openssh.com ")).contains("certificate"));
    assert!(refused(&Key::stored("rsa-1024").public_line()).contains("RSA with 1024 bits is too weak"));
    assert!(refused(Key::ed25519("ada-1").private_text()).contains("private key"));
    assert!(refused("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----").contains("OpenSSH or OpenPGP"));
}

/// For these anybody can make signatures, or nobody can verify any.
#[test]
fn points_must_be_on_their_curve_and_of_full_order() {
    let ed25519 = |point: [u8; 32]| line_of(&[string(b"ssh-ed25519"), string(&point)].concat());
    let mut identity = [0; 32];
    identity[0] = 1;
    for point in [identity, [0; 32], [2; 32]] {
        assert!(refused(&ed25519(point)).contains("not on the curve, or anybody could sign"), "{point:?}");
    }
    for (curve, size) in [("nistp256", 32), ("nistp384", 48), ("nistp521", 66)] {
        let point = [vec![4], vec![1; 2 * size]].concat();
        let name = format!("ecdsa-sha2-{curve}");
        let key = [name.as_bytes(), curve.as_bytes(), &point].map(string).concat();
        assert!(refused(&line_of(&key)).contains("not on the curve"));
    }
}

#[test]
fn rsa_numbers_must_be_odd_and_in_range() {
    let rsa = |e: &[u8], n: &[u8]| line_of(&[b"ssh-rsa", e, n].map(string).concat());
    let good = [&[0][..], &[0xff; 256]].concat();
    assert!(PublicKey::parse(&rsa(&[3], &good)).is_ok());
    assert!(refused(&rsa(&[1], &good)).contains("its numbers are none"));
    assert!(refused(&rsa(&[4], &good)).contains("its numbers are none"));
    assert!(refused(&rsa(&[3], &[&good[..256], &[0xfe]].concat())).contains("its numbers are none"));
    assert!(refused(&rsa(&[3], &[&[0][..], &[0xff; 3000]].concat())).contains("its numbers are none"));
    assert!(
        refused(&rsa(&[3], &[0xff; 256])).contains("damaged") || refused(&rsa(&[3], &[0xff; 256])).contains("none")
    );
}

/// Its self-signature repeats the start of its digest wrongly, which GnuPG forgives and which proves nothing.
#[test]
fn the_key_that_signed_for_github_until_2024_is_read() {
    let text = include_str!("github-2017.asc");
    let key = PublicKey::parse(text).expect("a key");
    assert_eq!(key.fingerprint(), "5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23");
    // As keys are often handed around: with a listing before the block.
    assert_eq!(PublicKey::parse(&format!("pub   rsa2048 2017-08-16 [SC]\n\n{text}")).as_ref(), Ok(&key));
    assert_eq!(PublicKey::parse(&text.replace('\n', "\r\n")).as_ref(), Ok(&key));
    assert!(refused(&format!("{text}\n{text}")).contains("several OpenPGP keys"));
}
