//! OpenPGP certificates: a primary key, subkeys, and what the owner signed about them (RFC 9580, section 10.1).

use std::cmp::Reverse;

use pgp::composed::{Deserializable, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{RevocationCode, Signature, SignatureType, SubpacketData};
use pgp::types::{Fingerprint, KeyDetails, KeyId, PublicParams, Tag};
use rsa::traits::PublicKeyParts;

use super::ssh::SMALLEST_RSA;
use super::{KeyError, Lifetime, Reason, Revocation, hint};

/// Longest armored certificate that is read; signatures by others can bloat them without end.
const LONGEST: usize = 256 * 1024;
/// How many statements about one thing are tried, from the newest, before giving up: they take time.
const MOST_TRIED: usize = 8;
/// How many subkeys, and how many names, are looked at.
const MOST_PARTS: usize = 32;

/// An OpenPGP certificate, of which everything that matters was verified once.
///
/// rpgp verifies signatures and leaves to its users what they mean: whether a key has expired or is revoked, whether a
/// subkey belongs to it, whether it may sign at all. That is told here, as GnuPG tells it: the newest valid statement
/// of the owner counts. Statements by others are not looked at; neither are revocations by a designated revoker,
/// whose key is not here.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    fingerprint: String,
    certificate: SignedPublicKey,
    signers: Vec<SigningKey>,
}

/// One of a certificate's keys.
#[derive(Clone, Debug)]
pub(super) struct SigningKey {
    /// Which subkey; `None` for the primary key.
    pub(super) subkey: Option<usize>,
    pub(super) fingerprint: Fingerprint,
    pub(super) id: KeyId,
    /// Why signatures by this key do not count.
    pub(super) refused: Option<&'static str>,
    pub(super) lifetime: Lifetime,
}

impl Certificate {
    /// Reads an armored public key block that holds one certificate.
    pub(super) fn parse(armor: &str) -> Result<Self, KeyError> {
        let wrong = |text: &str| Err(KeyError(text.to_owned()));
        if armor.len() > LONGEST {
            return wrong("the key is too long: export it with `--export-options export-minimal`");
        }
        // Lines before the block are comments; a second block would be ignored.
        let begin = armor.find("-----BEGIN").unwrap_or_default();
        let armor = &armor[begin..];
        if armor.matches("-----BEGIN").count() > 1 {
            return wrong(SEVERAL);
        }
        let damaged = |_| KeyError("the OpenPGP key is damaged, or of a version that is not supported".to_owned());
        let (mut found, _) = SignedPublicKey::from_string_many(armor).map_err(damaged)?;
        let Some(certificate) = found.next().transpose().map_err(damaged)? else {
            return wrong("there is no OpenPGP public key inside");
        };
        if found.next().is_some() {
            return wrong(SEVERAL);
        }
        if let Some(weak) = weakness(&certificate) {
            return Err(KeyError(format!("the OpenPGP key is too weak: {weak}")));
        }
        let Some(itself) = self_signature(&certificate) else {
            return wrong(
                "the OpenPGP key has no valid signature of its own, or one by SHA-1 only: renew it, for instance with \
                 `gpg --quick-set-expire`",
            );
        };
        let primary = SigningKey {
            subkey: None,
            fingerprint: certificate.fingerprint(),
            id: certificate.legacy_key_id(),
            refused: (!may_sign(itself, true)).then_some(NOT_FOR_SIGNING),
            lifetime: Lifetime {
                created: Some(certificate.created_at().as_secs().into()),
                expires: expiry(itself, &certificate),
                revocations: revocations(&certificate.details.revocation_signatures, |signature| {
                    signature.verify_key(&certificate.primary_key).is_ok()
                }),
            },
        };
        let mut signers = Vec::with_capacity(1 + certificate.public_subkeys.len());
        let subkeys = certificate.public_subkeys.iter().enumerate().take(MOST_PARTS);
        signers.extend(subkeys.filter_map(|(at, subkey)| bound(&certificate, at, subkey, &primary.lifetime)));
        signers.insert(0, primary);
        Ok(Self { fingerprint: format!("{:X}", certificate.fingerprint()), certificate, signers })
    }

    pub(super) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Returns the primary key and the subkeys that belong to it.
    pub(super) fn keys(&self) -> &[SigningKey] {
        &self.signers
    }

    /// Whether `signature` over `data` is by `key`.
    pub(super) fn signed(&self, key: &SigningKey, data: &[u8], signature: &Signature) -> bool {
        let signature = hint::corrected(signature, data);
        match key.subkey {
            Some(at) => signature.verify(&self.certificate.public_subkeys[at], data).is_ok(),
            None => signature.verify(&self.certificate.primary_key, data).is_ok(),
        }
    }
}

const SEVERAL: &str = "there are several OpenPGP keys inside: each is an entry of its own";
const NOT_FOR_SIGNING: &str = "the key is not meant for signing";

/// Judges a subkey; `None` for one that does not belong to the certificate.
fn bound(
    certificate: &SignedPublicKey,
    at: usize,
    subkey: &SignedPublicSubKey,
    primary: &Lifetime,
) -> Option<SigningKey> {
    let of = |kind| move |signature: &&Signature| signature.typ() == Some(kind);
    let verifies =
        |signature: &Signature| signature.verify_subkey_binding(&certificate.primary_key, &subkey.key).is_ok();
    let binding = newest(subkey.signatures.iter().filter(of(SignatureType::SubkeyBinding)), verifies)?;
    // A key that is not its owner's to bind would let others' signatures pass as the owner's: it must agree.
    let agrees = || {
        binding.embedded_signature().is_some_and(|back| {
            is_strong(back) && back.verify_primary_key_binding(&subkey.key, &certificate.primary_key).is_ok()
        })
    };
    let refused = match weakness(subkey) {
        Some(_) => Some("the key is too weak"),
        None if !may_sign(binding, false) => Some(NOT_FOR_SIGNING),
        None if !agrees() => Some("the subkey never agreed to belong to the key"),
        None => None,
    };
    let revoked = subkey.signatures.iter().filter(of(SignatureType::SubkeyRevocation));
    let created = i64::from(subkey.created_at().as_secs());
    let lifetime = Lifetime {
        created: Some(created).max(primary.created),
        expires: [expiry(binding, subkey), primary.expires].into_iter().flatten().min(),
        revocations: [primary.revocations.clone(), revocations(revoked, verifies)].concat(),
    };
    Some(SigningKey {
        subkey: Some(at),
        fingerprint: subkey.fingerprint(),
        id: subkey.legacy_key_id(),
        refused,
        lifetime,
    })
}

/// Returns what the owner last said about the key itself, directly or with one of its names.
fn self_signature(certificate: &SignedPublicKey) -> Option<&Signature> {
    let key = &certificate.primary_key;
    let details = &certificate.details;
    let direct = details.direct_signatures.iter().filter(|signature| signature.typ() == Some(SignatureType::Key));
    let direct = newest(direct, |signature| signature.verify_key(key).is_ok());
    let of_names = details.users.iter().take(MOST_PARTS).filter_map(|user| {
        let certifications = user.signatures.iter().filter(|signature| {
            signature.typ() != Some(SignatureType::CertRevocation) && issued_by(signature, certificate)
        });
        let hashed = hint::certified(key, &user.id).unwrap_or_default();
        newest(certifications, |signature| {
            hint::corrected(signature, &hashed).verify_certification(key, Tag::UserId, &user.id).is_ok()
        })
    });
    direct.into_iter().chain(of_names).max_by_key(|signature| signature.created())
}

fn issued_by(signature: &Signature, key: &impl KeyDetails) -> bool {
    signature.issuer_key_id().contains(&&key.legacy_key_id())
        || signature.issuer_fingerprint().contains(&&key.fingerprint())
}

/// Returns the newest signature that verifies.
fn newest<'s>(
    signatures: impl Iterator<Item = &'s Signature>,
    verifies: impl Fn(&Signature) -> bool,
) -> Option<&'s Signature> {
    let mut signatures: Vec<_> = signatures.filter(|signature| is_strong(signature)).collect();
    signatures.sort_by_key(|signature| Reverse(signature.created()));
    signatures.into_iter().take(MOST_TRIED).find(|signature| verifies(signature))
}

/// Collects the revocations that verify, weak hashes included: nobody gains by forging one.
fn revocations<'s>(
    signatures: impl IntoIterator<Item = &'s Signature>,
    verifies: impl Fn(&Signature) -> bool,
) -> Vec<Revocation> {
    let verified = signatures.into_iter().take(MOST_TRIED).filter(|signature| verifies(signature));
    verified
        .map(|signature| Revocation {
            at: signature.created().map_or(0, |created| created.as_secs().into()),
            reason: match signature.revocation_reason_code() {
                Some(RevocationCode::KeySuperseded | RevocationCode::KeyRetired) => Reason::Superseded,
                _ => Reason::Compromised,
            },
            text: String::from_utf8_lossy(signature.revocation_reason_string().map_or(&b""[..], |text| text)).into(),
        })
        .collect()
}

/// Returns when a key expires by what a signature says of it.
fn expiry(signature: &Signature, key: &impl KeyDetails) -> Option<i64> {
    let seconds = signature.key_expiration_time()?.as_secs();
    (seconds > 0).then(|| i64::from(key.created_at().as_secs()) + i64::from(seconds))
}

/// Whether a signature lets the key sign data; one without flags, as old keys have it, lets the primary key.
fn may_sign(signature: &Signature, unflagged: bool) -> bool {
    let mut subpackets = signature.config().into_iter().flat_map(|config| config.hashed_subpackets());
    let flagged = subpackets.any(|subpacket| matches!(subpacket.data, SubpacketData::KeyFlags(_)));
    if flagged { signature.key_flags().sign() } else { unflagged }
}

/// Whether nobody can make another document that a signature fits.
pub(super) fn is_strong(signature: &Signature) -> bool {
    use HashAlgorithm as Hash;
    let hash = signature.hash_alg();
    matches!(hash, Some(Hash::Sha224 | Hash::Sha256 | Hash::Sha384 | Hash::Sha512 | Hash::Sha3_256 | Hash::Sha3_512))
}

/// Says why signatures by a key prove nothing.
fn weakness(key: &impl KeyDetails) -> Option<String> {
    match (key.algorithm(), key.public_params()) {
        (_, PublicParams::RSA(rsa)) if rsa.key.n().bits() < SMALLEST_RSA => {
            Some(format!("RSA with {} bits, where {SMALLEST_RSA} is the least", rsa.key.n().bits()))
        }
        (PublicKeyAlgorithm::DSA, _) => Some("DSA is given up".to_owned()),
        _ => None,
    }
}
