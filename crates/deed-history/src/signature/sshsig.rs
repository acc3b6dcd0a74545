//! Verifying SSH signatures: PROTOCOL.sshsig, and PROTOCOL.u2f for security keys.

use base64ct::{Base64, Encoding};
use ssh_key::{Algorithm, HashAlg};

use super::key::Kind;
use super::ssh::SshKey;
use super::wire::{Wire, put};
use super::{Good, Lifetime, PublicKey, Signed, Status};

/// What every signature and everything signed begins with.
const MAGIC: &[u8] = b"SSHSIG";
/// The namespace that keeps signatures for Git apart from those for files, mail and log-ins.
const NAMESPACE: &str = "git";
/// The flag that a security key sets when somebody touched it.
const USER_PRESENT: u8 = 1;

/// Verifies the signature by the key that it carries, and returns that key's fingerprint.
///
/// Stricter than `ssh-keygen -Y verify` in one point: a signature by a security key that nobody touched is bad.
/// ssh-keygen leaves that to whoever asks, and sshd refuses such keys unless told `no-touch-required`.
pub(super) fn maker(signed: &Signed) -> Result<String, Status> {
    Ok(Parts::parse(&dearmor(&signed.armor)?)?.key(&signed.payload)?.fingerprint().to_owned())
}

/// Looks for the key that made a signature among the candidates.
pub(super) fn find<'k>(maker: &Result<String, Status>, candidates: impl IntoIterator<Item = &'k PublicKey>) -> Status {
    let fingerprint = match maker {
        Ok(fingerprint) => fingerprint.clone(),
        Err(status) => return status.clone(),
    };
    let is_key = |candidate: &PublicKey| matches!(&candidate.0, Kind::Ssh(key) if key.fingerprint() == fingerprint);
    match candidates.into_iter().position(is_key) {
        Some(key) => Status::Good(Good { key, fingerprint, subkey: None, lifetime: Lifetime::default() }),
        None => Status::UnknownKey { key: fingerprint },
    }
}

fn bad(why: &str) -> Status {
    Status::Bad { why: why.to_owned() }
}

/// Takes off the armor as ssh-keygen does: any line width, nothing after the end counts.
fn dearmor(armor: &[u8]) -> Result<Vec<u8>, Status> {
    const END: &[u8] = b"-----END SSH SIGNATURE-----";
    let damaged = || bad("its armor is damaged");
    let inside = armor.strip_prefix(super::split::ARMORS[3]).ok_or_else(damaged)?;
    let end = inside.windows(END.len()).position(|window| window == END).ok_or_else(damaged)?;
    let base64: Vec<u8> = inside[..end].iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    str::from_utf8(&base64).ok().and_then(|text| Base64::decode_vec(text).ok()).ok_or_else(damaged)
}

/// The fields of a signature.
struct Parts<'a> {
    key: &'a [u8],
    namespace: &'a [u8],
    reserved: &'a [u8],
    hash: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Parts<'a> {
    fn parse(blob: &'a [u8]) -> Result<Self, Status> {
        let truncated = || bad("it is cut off or damaged");
        let mut wire = Wire(blob);
        if wire.bytes(MAGIC.len()) != Some(MAGIC) {
            return Err(bad("it is no SSH signature inside"));
        }
        if wire.number().ok_or_else(truncated)? != 1 {
            return Err(Status::Unsupported { why: "it is of another version of the format".to_owned() });
        }
        let mut field = || wire.string().ok_or_else(truncated);
        let parts =
            Self { key: field()?, namespace: field()?, reserved: field()?, hash: field()?, signature: field()? };
        if wire.is_empty() { Ok(parts) } else { Err(bad("more bytes follow after it")) }
    }

    /// Verifies the signature over `payload` and returns the key that made it.
    fn key(&self, payload: &[u8]) -> Result<SshKey, Status> {
        if self.namespace != NAMESPACE.as_bytes() {
            let namespace = String::from_utf8_lossy(self.namespace);
            return Err(Status::Bad { why: format!("it was made for `{}`, not for Git", namespace.escape_debug()) });
        }
        let digest = match self.hash {
            b"sha256" => HashAlg::Sha256.digest(payload),
            b"sha512" => HashAlg::Sha512.digest(payload),
            _ => return Err(bad("its hash is neither SHA-256 nor SHA-512")),
        };
        let name = Wire(self.key).text().unwrap_or_default();
        if name.contains("-cert-v0") {
            let why = "it was made with an SSH certificate, which takes a certificate authority to judge";
            return Err(Status::Unsupported { why: why.to_owned() });
        }
        let key = SshKey::from_blob(self.key)
            .map_err(|error| Status::Bad { why: format!("the key that made it is not accepted: {error}") })?;
        let (algorithm, signature) = self.algorithm()?;

        let mut message = MAGIC.to_vec();
        for field in [self.namespace, self.reserved, self.hash, &digest] {
            put(&mut message, field);
        }
        if key.signed(&message, &algorithm, &signature) {
            Ok(key)
        } else {
            Err(bad("it does not match: what was signed is not what stands here"))
        }
    }

    /// Takes the signature proper apart: an algorithm, and bytes in the layout of the `ssh-key` crate.
    fn algorithm(&self) -> Result<(Algorithm, Vec<u8>), Status> {
        let damaged = || bad("it is damaged inside");
        let mut wire = Wire(self.signature);
        let name = wire.text().ok_or_else(damaged)?;
        if name.starts_with("webauthn-") {
            return Err(Status::Unsupported { why: "signatures by web browsers are not verified".to_owned() });
        }
        if name == "ssh-rsa" {
            return Err(bad("it is by RSA with SHA-1, which can be forged"));
        }
        let algorithm = Algorithm::new(name).map_err(|_| damaged())?;
        let mut signature = wire.string().ok_or_else(damaged)?.to_vec();
        if matches!(algorithm, Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256) {
            // One byte of flags and a counter follow.
            let trailer = wire.bytes(5).ok_or_else(damaged)?;
            if trailer[0] & USER_PRESENT == 0 {
                return Err(bad("nobody touched the security key when it was made"));
            }
            signature.extend_from_slice(trailer);
        }
        if wire.is_empty() { Ok((algorithm, signature)) } else { Err(damaged()) }
    }
}
