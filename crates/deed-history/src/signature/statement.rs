//! What an OpenPGP signature says about a key (RFC 9580, section 5.2.3).

use std::cmp::Reverse;

use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{RevocationCode, Signature, SubpacketData};
use pgp::types::{KeyDetails, PublicParams};
use rsa::traits::PublicKeyParts;

use super::ssh::SMALLEST_RSA;
use super::{Reason, Revocation};

/// How many statements about one thing are tried, from the newest, before giving up: they take time.
const MOST_TRIED: usize = 8;
/// How many revocations are tried: rubbish before it must not hide one.
const MOST_REVOCATIONS: usize = 64;

/// Whether a signature names a key as the one that made it.
pub(super) fn issued_by(signature: &Signature, key: &impl KeyDetails) -> bool {
    signature.issuer_key_id().contains(&&key.legacy_key_id())
        || signature.issuer_fingerprint().contains(&&key.fingerprint())
}

/// Returns the newest signature that verifies.
pub(super) fn newest<'s>(
    signatures: impl Iterator<Item = &'s Signature>,
    verifies: impl Fn(&Signature) -> bool,
) -> Option<&'s Signature> {
    let mut signatures: Vec<_> = signatures.filter(|signature| is_strong(signature)).collect();
    signatures.sort_by_key(|signature| Reverse(signature.created()));
    signatures.into_iter().take(MOST_TRIED).find(|signature| verifies(signature))
}

/// Collects the revocations that verify, weak hashes included: nobody gains by forging one.
pub(super) fn revocations<'s>(
    signatures: impl IntoIterator<Item = &'s Signature>,
    verifies: impl Fn(&Signature) -> bool,
) -> Vec<Revocation> {
    let verified = signatures.into_iter().take(MOST_REVOCATIONS).filter(|signature| verifies(signature));
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
pub(super) fn expiry(signature: &Signature, key: &impl KeyDetails) -> Option<i64> {
    let seconds = signature.key_expiration_time()?.as_secs();
    (seconds > 0).then(|| i64::from(key.created_at().as_secs()) + i64::from(seconds))
}

/// Whether a signature lets the key sign data; one without flags, as old keys have it, lets the primary key.
pub(super) fn may_sign(signature: &Signature, unflagged: bool) -> bool {
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
pub(super) fn weakness(key: &impl KeyDetails) -> Option<String> {
    match (key.algorithm(), key.public_params()) {
        (_, PublicParams::RSA(rsa)) if rsa.key.n().bits() < SMALLEST_RSA => {
            Some(format!("RSA with {} bits, where {SMALLEST_RSA} is the least", rsa.key.n().bits()))
        }
        (PublicKeyAlgorithm::DSA, _) => Some("DSA is given up".to_owned()),
        _ => None,
    }
}
