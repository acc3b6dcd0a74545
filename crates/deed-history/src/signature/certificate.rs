//! OpenPGP certificates: a primary key, subkeys, and what the owner signed about them (RFC 9580, section 10.1).

use pgp::composed::{Deserializable, SignedPublicKey, SignedPublicSubKey};
use pgp::packet::{Signature, SignatureType};
use pgp::types::{Fingerprint, KeyDetails, KeyId, Tag};

use super::statement::{expiry, is_strong, issued_by, may_sign, newest, revocations, weakness};
use super::{KeyError, Lifetime, hint};

/// Longest armored certificate that is read; signatures by others can bloat them without end.
const LONGEST: usize = 256 * 1024;
/// How many subkeys, and how many names, are looked at: each takes a verification.
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
