//! The two octets in an OpenPGP signature that repeat the start of the digest.
//!
//! They let a reader notice a wrong document before it verifies anything, and prove nothing. RFC 9580 (section 5.2.3)
//! has wrong ones refused in version 6 only; GnuPG does not look at them; rpgp refuses them always. GitHub's key of
//! 2017, which signed all that was merged there until 2024, has wrong ones in its self-signature.

use pgp::packet::{Signature, SignatureVersion};
use pgp::ser::Serialize;
use pgp::types::{KeyDetails, KeyVersion};

/// Returns the signature with the octets that it should have over `hashed`; as it is where that is not allowed.
pub(super) fn corrected(signature: &Signature, hashed: &[u8]) -> Signature {
    recomputed(signature, hashed).unwrap_or_else(|| signature.clone())
}

fn recomputed(signature: &Signature, hashed: &[u8]) -> Option<Signature> {
    let config = signature.config().filter(|config| config.version() == SignatureVersion::V4)?;
    let mut hasher = config.hash_alg.new_hasher().ok()?;
    hasher.update(hashed);
    let length = config.hash_signature_data(&mut hasher).ok()?;
    hasher.update(&config.trailer(length).ok()?);
    let start = hasher.finalize().first_chunk().copied()?;
    Signature::from_config(config.clone(), start, signature.signature()?.clone()).ok()
}

/// Returns what is hashed for a key and one of its names (section 5.2.4), for keys of version 4.
pub(super) fn certified(key: &(impl KeyDetails + Serialize), name: &impl Serialize) -> Option<Vec<u8>> {
    if key.version() != KeyVersion::V4 {
        return None;
    }
    let (key, name) = (key.to_bytes().ok()?, name.to_bytes().ok()?);
    let key_length = u16::try_from(key.len()).ok()?.to_be_bytes();
    let name_length = u32::try_from(name.len()).ok()?.to_be_bytes();
    Some([&[0x99], &key_length[..], &key, &[0xb4], &name_length, &name].concat())
}
