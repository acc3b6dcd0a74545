//! OpenPGP subkeys that do not belong to the key they come with, made with rpgp as gpg would not make them.

use deed_history::signature::{Check, PublicKey, Status};
use deed_test::{Keyring, Repo};
use pgp::composed::{ArmorOptions, Deserializable, SignedPublicKey, SignedPublicSubKey, SignedSecretKey};
use pgp::packet::{KeyFlags, Signature, SignatureConfig, SignatureType, Subpacket, SubpacketData};
use pgp::types::{KeyDetails, Password, Timestamp};

use crate::openpgp::{commit, git_says, good, public};
use crate::{check, why};

const MADE: &str = "20240101T090000";
const SIGNED: &str = "20240301T100000";

/// Ada's keyring, the fingerprints of her primary key and of her signing subkey, and a commit by the latter.
struct Ada {
    repo: Repo,
    keyring: Keyring,
    primary: String,
    subkey: String,
    raw: Vec<u8>,
}

impl Ada {
    fn new() -> Self {
        let (repo, keyring) = (Repo::temporary(), Keyring::new());
        let primary = keyring.generate("Ada Moreau <ada@acme.example>", "ed25519", "never", MADE);
        let subkey = keyring.add_subkey(&primary, "ed25519", "never", MADE);
        let id = commit(&repo, &keyring, &subkey, SIGNED);
        let raw = repo.read_object(&id);
        Self { repo, keyring, primary, subkey, raw }
    }

    fn certificate(&self) -> SignedPublicKey {
        SignedPublicKey::from_string(&self.keyring.export(&self.primary)).expect("gpg wrote it").0
    }

    fn check(&self, certificate: &SignedPublicKey) -> Check {
        check(&self.raw, &[PublicKey::parse(&armored(certificate)).expect("the primary key is good")])
    }
}

fn armored(certificate: &SignedPublicKey) -> String {
    certificate.to_armored_string(ArmorOptions::default()).expect("it can be written")
}

fn secret(keyring: &Keyring, key: &str) -> SignedSecretKey {
    let text = keyring.gpg("", &["--armor", "--export-secret-keys", key], b"");
    SignedSecretKey::from_string(&text).expect("gpg wrote it").0
}

/// Binds a subkey to a primary key, with the subpackets in the part that is signed.
fn bind(owner: &SignedSecretKey, subkey: &SignedPublicSubKey, subpackets: Vec<SubpacketData>) -> Signature {
    let now = SubpacketData::SignatureCreationTime(Timestamp::from_secs(1_704_200_000));
    let fingerprint = SubpacketData::IssuerFingerprint(owner.primary_key.fingerprint());
    let mut config =
        SignatureConfig::v4(SignatureType::SubkeyBinding, owner.primary_key.algorithm(), Default::default());
    let all = [now, fingerprint].into_iter().chain(subpackets);
    config.hashed_subpackets = all.map(|data| Subpacket::regular(data).expect("short")).collect();
    let public = owner.primary_key.public_key();
    config.sign_subkey_binding(&owner.primary_key, public, &Password::empty(), &subkey.key).expect("it signs")
}

fn signing() -> SubpacketData {
    let mut flags = KeyFlags::default();
    flags.set_sign(true);
    SubpacketData::KeyFlags(flags)
}

/// Whoever binds another's subkey to a key of their own would pass for the signer of all that it signed.
#[test]
fn nobody_adopts_the_subkey_of_another() {
    let ada = Ada::new();
    let mallory = ada.keyring.generate("Mallory <mallory@acme.example>", "ed25519", "never", MADE);
    let owner = secret(&ada.keyring, &mallory);
    let mut stolen = ada.certificate().public_subkeys.remove(0);
    let back = stolen.signatures[0].embedded_signature().expect("gpg made one").clone();
    for subpackets in [vec![signing()], vec![signing(), SubpacketData::EmbeddedSignature(Box::new(back))]] {
        stolen.signatures = vec![bind(&owner, &stolen, subpackets)];
        let mut certificate = owner.to_public_key();
        certificate.public_subkeys = vec![stolen.clone()];
        assert_eq!(why(&ada.check(&certificate)), "the subkey never agreed to belong to the key");

        let stranger = Keyring::new();
        stranger.gpg("", &["--import"], armored(&certificate).as_bytes());
        let (letter, verified) = git_says(&ada.repo, &stranger, "HEAD", SIGNED);
        assert!(!verified, "{letter}");
    }
}

#[test]
fn a_subkey_that_its_owner_did_not_bind_is_unknown() {
    let ada = Ada::new();
    let mallory = ada.keyring.generate("Mallory <mallory@acme.example>", "ed25519", "never", MADE);
    let mut certificate = SignedPublicKey::from_string(&ada.keyring.export(&mallory)).expect("gpg wrote it").0;
    certificate.public_subkeys = ada.certificate().public_subkeys;
    assert_eq!(ada.check(&certificate).status, Status::UnknownKey { key: ada.subkey.clone() });
}

#[test]
fn a_key_signs_only_what_it_is_meant_for() {
    let ada = Ada::new();
    let owner = secret(&ada.keyring, &ada.primary);
    let mut certificate = ada.certificate();
    let subkey = &mut certificate.public_subkeys[0];
    let mut flags = KeyFlags::default();
    flags.set_encrypt_storage(true);
    let newer = bind(&owner, subkey, vec![SubpacketData::KeyFlags(flags)]);
    subkey.signatures.push(newer);
    assert_eq!(why(&ada.check(&certificate)), "the key is not meant for signing");

    let cert_only = ["--quick-generate-key", "Ben <ben@acme.example>", "ed25519", "cert", "never"];
    ada.keyring.gpg(MADE, &cert_only, b"");
    let ben = public(&ada.keyring, "ben@acme.example");
    let by_subkey = ada.keyring.add_subkey(ben.fingerprint(), "ed25519", "never", MADE);
    let id = commit(&ada.repo, &ada.keyring, &by_subkey, SIGNED);
    let check = check(&ada.repo.read_object(&id), &[public(&ada.keyring, ben.fingerprint())]);
    assert_eq!(good(&check).subkey, Some(by_subkey));
}

/// The part of a signature that is not signed proves nothing: a subkey's revocation or expiry there is not the owner's.
#[test]
fn what_is_not_signed_does_not_count() {
    let ada = Ada::new();
    let mut certificate = ada.certificate();
    let expiry = SubpacketData::KeyExpirationTime(pgp::types::Duration::from_secs(1));
    let subkey = &mut certificate.public_subkeys[0];
    let expiry = Subpacket::regular(expiry).expect("short");
    subkey.signatures[0].unhashed_subpacket_push(expiry).expect("there is room");
    assert_eq!(good(&ada.check(&certificate)).lifetime.expires, None);
}
