//! Verifying OpenPGP signatures: RFC 4880 and RFC 9580.

use std::io::{BufReader, Read};

use pgp::armor::{Dearmor, DearmorOptions};
use pgp::packet::{Packet, PacketParser, Signature, SignatureType, SignatureVersion, Subpacket, SubpacketData};

use super::certificate::SigningKey;
use super::key::Kind;
use super::statement::is_strong;
use super::{Good, LONGEST_ARMOR, Lifetime, PublicKey, Signed, Status};

/// What opens a block of armor, and may do so once.
const BEGIN: &[u8] = b"-----BEGIN ";

/// Verifies a detached signature; the other result is when it was made, by its own account.
///
/// Which key made it, the signature says itself: by fingerprint or, if it is old, by key id. The hint is believed, as
/// the signature will not fit another key.
pub(super) fn verify<'k>(
    signed: &Signed,
    candidates: impl IntoIterator<Item = &'k PublicKey>,
) -> (Status, Option<i64>) {
    let signature = match parse(&signed.armor) {
        Ok(signature) => signature,
        Err(status) => return (status, None),
    };
    let made_at = signature.created().map(|created| i64::from(created.as_secs()));
    let status = match check_form(&signature).and(made_at.ok_or_else(|| bad("it does not say when it was made"))) {
        Ok(made_at) => find(&signature, made_at, signed, candidates),
        Err(status) => status,
    };
    (status, made_at)
}

fn bad(why: &str) -> Status {
    Status::Bad { why: why.to_owned() }
}

/// Reads the one signature that an armor may hold. Nothing is ever unpacked.
fn parse(armor: &[u8]) -> Result<Signature, Status> {
    let damaged = || bad("it is cut off or damaged");
    let several = || bad("there are several signatures in one");
    if armor.windows(BEGIN.len()).filter(|window| *window == BEGIN).count() > 1 {
        return Err(several());
    }
    let mut bytes = Vec::new();
    let mut dearmor = Dearmor::with_options(armor, DearmorOptions::new().set_limit(LONGEST_ARMOR));
    dearmor.read_to_end(&mut bytes).map_err(|_| damaged())?;
    let mut found = None;
    for packet in PacketParser::new(BufReader::new(bytes.as_slice())) {
        match packet {
            Ok(Packet::Signature(signature)) if found.is_none() => found = Some(signature),
            // Git refuses them too: which would be the one that counts?
            Ok(Packet::Signature(_)) => return Err(several()),
            Ok(Packet::Marker(_) | Packet::Padding(_)) => {}
            Ok(_) => return Err(bad("it is no detached signature")),
            Err(_) => return Err(damaged()),
        }
    }
    found.ok_or_else(damaged)
}

/// Checks what does not depend on the key.
fn check_form(signature: &Signature) -> Result<(), Status> {
    let unsupported = |why: &str| Err(Status::Unsupported { why: why.to_owned() });
    if !matches!(signature.version(), SignatureVersion::V4 | SignatureVersion::V6) {
        return unsupported("it is of an old or unknown version of OpenPGP");
    }
    match signature.typ() {
        Some(SignatureType::Binary) => {}
        Some(SignatureType::Text) => return unsupported("it is over text whose line breaks do not count"),
        _ => return Err(bad("it is not a signature over a document")),
    }
    if !is_strong(signature) {
        let hash = signature.hash_alg().map_or_else(String::new, |hash| hash.to_string());
        return Err(Status::Bad { why: format!("its hash, {hash}, is too weak: such signatures can be forged") });
    }
    let understood = |subpacket: &Subpacket| {
        !matches!(
            subpacket.data,
            SubpacketData::Other(..) | SubpacketData::Experimental(..) | SubpacketData::Notation(_)
        )
    };
    let mut subpackets = signature.config().into_iter().flat_map(|config| config.hashed_subpackets());
    if subpackets.any(|subpacket| subpacket.is_critical && !understood(subpacket)) {
        return unsupported("it has a condition that is not understood");
    }
    Ok(())
}

/// Finds the candidate that made the signature.
fn find<'k>(
    signature: &Signature,
    made_at: i64,
    signed: &Signed,
    candidates: impl IntoIterator<Item = &'k PublicKey>,
) -> Status {
    let (ids, fingerprints) = (signature.issuer_key_id(), signature.issuer_fingerprint());
    let named = |key: &&SigningKey| {
        if fingerprints.is_empty() { ids.contains(&&key.id) } else { fingerprints.contains(&&key.fingerprint) }
    };
    let mut status = None;
    for (index, candidate) in candidates.into_iter().enumerate() {
        let Kind::OpenPgp(certificate) = &candidate.0 else { continue };
        for key in certificate.keys().iter().filter(named) {
            if !certificate.signed(key, &signed.payload, signature) {
                status.get_or_insert_with(|| bad("it does not match: what was signed is not what stands here"));
            } else if let Some(why) = refusal(key, made_at) {
                status = Some(bad(why));
            } else {
                return Status::Good(Good {
                    key: index,
                    fingerprint: certificate.fingerprint().to_owned(),
                    subkey: key.subkey.map(|_| format!("{:X}", key.fingerprint)),
                    lifetime: lifetime(key, signature, made_at),
                });
            }
        }
    }
    let hint = || {
        let id = || ids.first().map(|id| format!("{id}").to_uppercase());
        fingerprints.first().map(|fingerprint| format!("{fingerprint:X}")).or_else(id)
    };
    status.unwrap_or_else(|| Status::UnknownKey { key: hint().unwrap_or_default() })
}

/// Says what is wrong with a signature by a key, by the signature's own account.
fn refusal(key: &SigningKey, made_at: i64) -> Option<&'static str> {
    let lifetime = &key.lifetime;
    if key.refused.is_some() {
        key.refused
    } else if lifetime.created.is_some_and(|created| made_at < created) {
        Some("it is older than the key that made it")
    } else if lifetime.expires.is_some_and(|expires| made_at >= expires) {
        Some("it was made after the key had expired")
    } else if lifetime.revocations.iter().any(|revocation| made_at >= revocation.at) {
        Some("it was made after the key was revoked")
    } else {
        None
    }
}

/// Returns the key's lifetime, cut short where the signature itself expires.
fn lifetime(key: &SigningKey, signature: &Signature, made_at: i64) -> Lifetime {
    let seconds = signature.signature_expiration_time().map_or(0, |seconds| seconds.as_secs());
    let expires = (seconds > 0).then(|| made_at + i64::from(seconds));
    Lifetime { expires: [key.lifetime.expires, expires].into_iter().flatten().min(), ..key.lifetime.clone() }
}
