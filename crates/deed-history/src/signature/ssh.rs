//! SSH public keys, and verifying what they signed.

use base64ct::{Base64, Encoding};
use rsa::pkcs1v15;
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPublicKey};
use sha2::{Sha256, Sha512};
use signature::Verifier;
use ssh_key::public::{EcdsaPublicKey, KeyData};
use ssh_key::{Algorithm, HashAlg};

use super::KeyError;

/// Smallest RSA modulus that is believed, as in `RequiredRSASize` of current systems; NIST SP 800-131A asks the same.
pub(super) const SMALLEST_RSA: usize = 2048;
/// Largest RSA modulus that OpenSSH handles (`SSHBUF_MAX_BIGNUM`).
const LARGEST_RSA: usize = 16_384;

/// An SSH public key whose numbers make sense.
#[derive(Clone, Debug)]
pub(super) struct SshKey {
    data: KeyData,
    /// The key for the `rsa` crate: `ssh-key` stops at 4096 bits.
    rsa: Option<RsaPublicKey>,
    fingerprint: String,
}

impl SshKey {
    /// Parses a line of an `authorized_keys` file without options.
    pub(super) fn parse(line: &str) -> Result<Self, KeyError> {
        let mut words = line.split_ascii_whitespace();
        let (Some(name), Some(base64)) = (words.next(), words.next()) else {
            return Err(wrong("this is no public key: expected an OpenSSH line or an armored OpenPGP block"));
        };
        if line.lines().count() > 1 {
            return Err(wrong("several lines: a key stands on one, and several keys are several entries"));
        }
        supported(name)?;
        let blob = Base64::decode_vec(base64).map_err(|_| wrong("the key is damaged: its base64 part is broken"))?;
        let key = Self::from_blob(&blob)?;
        if key.algorithm() != name {
            return Err(KeyError(format!("the line says {name}, the key inside is {}", key.algorithm())));
        }
        Ok(key)
    }

    /// Reads a key in the wire format, as signatures carry it.
    pub(super) fn from_blob(blob: &[u8]) -> Result<Self, KeyError> {
        let damaged = || wrong("the key is damaged");
        supported(super::wire::Wire(blob).text().ok_or_else(damaged)?)?;
        let data = ssh_key::PublicKey::from_bytes(blob).map_err(|_| damaged())?.key_data().clone();
        let rsa = match &data {
            KeyData::Rsa(key) => Some(rsa(key)?),
            _ => None,
        };
        if !on_curve(&data) {
            return Err(wrong("the key is broken: its point is not on the curve, or anybody could sign for it"));
        }
        let fingerprint = data.fingerprint(HashAlg::Sha256).to_string();
        Ok(Self { data, rsa, fingerprint })
    }

    pub(super) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(super) fn algorithm(&self) -> &'static str {
        match &self.data {
            KeyData::Ed25519(_) => "ssh-ed25519",
            KeyData::Rsa(_) => "ssh-rsa",
            KeyData::Ecdsa(EcdsaPublicKey::NistP256(_)) => "ecdsa-sha2-nistp256",
            KeyData::Ecdsa(EcdsaPublicKey::NistP384(_)) => "ecdsa-sha2-nistp384",
            KeyData::Ecdsa(EcdsaPublicKey::NistP521(_)) => "ecdsa-sha2-nistp521",
            KeyData::SkEd25519(_) => "sk-ssh-ed25519@openssh.com",
            KeyData::SkEcdsaSha2NistP256(_) => "sk-ecdsa-sha2-nistp256@openssh.com",
            _ => "unknown",
        }
    }

    /// Whether a signature by `algorithm` over `message` is this key's.
    pub(super) fn signed(&self, message: &[u8], algorithm: &Algorithm, signature: &[u8]) -> bool {
        if let (Some(key), Algorithm::Rsa { hash: Some(hash) }) = (&self.rsa, algorithm) {
            return rsa_signed(key, *hash, message, signature);
        }
        // The others have one algorithm each, by the key's name.
        algorithm.as_str() == self.algorithm()
            && self.rsa.is_none()
            && ssh_key::Signature::new(algorithm.clone(), signature)
                .is_ok_and(|signature| self.data.verify(message, &signature).is_ok())
    }
}

/// Says why keys of an algorithm are not taken.
fn supported(name: &str) -> Result<(), KeyError> {
    Err(match name {
        "ssh-ed25519"
        | "ssh-rsa"
        | "ecdsa-sha2-nistp256"
        | "ecdsa-sha2-nistp384"
        | "ecdsa-sha2-nistp521"
        | "sk-ssh-ed25519@openssh.com"
        | "sk-ecdsa-sha2-nistp256@openssh.com" => return Ok(()),
        "ssh-dss" => wrong("DSA keys are too weak: OpenSSH gave them up"),
        _ if name.contains("-cert-v0") => wrong("this is a certificate: register the public key itself"),
        _ if name.contains('=') || name.starts_with("cert-authority") || name.starts_with("no-") => {
            wrong("options before the key are not supported: the dates of a key are fields of its entry")
        }
        _ => KeyError(format!("`{}` is no kind of key that is supported", name.escape_debug())),
    })
}

fn rsa(key: &ssh_key::public::RsaPublicKey) -> Result<RsaPublicKey, KeyError> {
    let number = |mpint: &ssh_key::Mpint| mpint.as_positive_bytes().map(BigUint::from_bytes_be);
    let broken = || wrong("the RSA key is broken: its numbers are none that RSA works with");
    let (n, e) = (number(&key.n).ok_or_else(broken)?, number(&key.e).ok_or_else(broken)?);
    if n.bits() < SMALLEST_RSA {
        return Err(KeyError(format!("RSA with {} bits is too weak: {SMALLEST_RSA} is the least", n.bits())));
    }
    let even = |number: &BigUint| number.to_bytes_le().first().is_none_or(|byte| byte % 2 == 0);
    if even(&n) || even(&e) || e < BigUint::from(3_u8) {
        return Err(broken());
    }
    RsaPublicKey::new_with_max_size(n, e, LARGEST_RSA).map_err(|_| broken())
}

/// RFC 8332. A signature that begins with zeros may be written without them, which OpenSSH allows.
fn rsa_signed(key: &RsaPublicKey, hash: HashAlg, message: &[u8], signature: &[u8]) -> bool {
    let Some(missing) = key.size().checked_sub(signature.len()) else { return false };
    let whole = [&vec![0; missing], signature].concat();
    let Ok(signature) = pkcs1v15::Signature::try_from(whole.as_slice()) else { return false };
    match hash {
        HashAlg::Sha256 => pkcs1v15::VerifyingKey::<Sha256>::new(key.clone()).verify(message, &signature).is_ok(),
        HashAlg::Sha512 => pkcs1v15::VerifyingKey::<Sha512>::new(key.clone()).verify(message, &signature).is_ok(),
        _ => false,
    }
}

/// Whether a key's point is on its curve and, for ed25519, not of small order, for which anybody could sign.
fn on_curve(key: &KeyData) -> bool {
    let ed25519 = |bytes| ed25519_dalek::VerifyingKey::from_bytes(bytes).is_ok_and(|key| !key.is_weak());
    match key {
        KeyData::Ed25519(key) => ed25519(&key.0),
        KeyData::SkEd25519(key) => ed25519(&key.public_key().0),
        KeyData::SkEcdsaSha2NistP256(key) => p256::ecdsa::VerifyingKey::from_encoded_point(key.ec_point()).is_ok(),
        KeyData::Ecdsa(EcdsaPublicKey::NistP256(point)) => p256::ecdsa::VerifyingKey::from_encoded_point(point).is_ok(),
        KeyData::Ecdsa(EcdsaPublicKey::NistP384(point)) => p384::ecdsa::VerifyingKey::from_encoded_point(point).is_ok(),
        KeyData::Ecdsa(EcdsaPublicKey::NistP521(point)) => p521::ecdsa::VerifyingKey::from_encoded_point(point).is_ok(),
        _ => true,
    }
}

fn wrong(text: &str) -> KeyError {
    KeyError(text.to_owned())
}
