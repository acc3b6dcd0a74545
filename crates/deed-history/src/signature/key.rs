//! Public keys as manifests register them.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::certificate::Certificate;
use super::ssh::SshKey;

/// A public key that signatures can be verified with.
///
/// Two keys are equal if their material is: comments and the way they are written do not count, so one key registered
/// twice is one key.
#[derive(Clone, Debug)]
pub struct PublicKey(pub(super) Kind);

/// The two families.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Ssh(Box<SshKey>),
    OpenPgp(Box<Certificate>),
}

impl PublicKey {
    /// Parses an OpenSSH public line (`ssh-ed25519 AAAA… comment`) or an armored OpenPGP public key block.
    ///
    /// Refused, each with a reason of its own: private keys, SSH certificates, options before the key, DSA, RSA below
    /// 2048 bits, points that are not on their curve or of small order, OpenPGP keys whose owner's own signature is
    /// missing or by SHA-1, and anything damaged. An expired or revoked OpenPGP key is a key: see
    /// [`Lifetime`](super::Lifetime).
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.contains("PRIVATE KEY") {
            return Err(KeyError("this is a private key, which must be replaced now that others could read it".into()));
        }
        if text.contains("-----BEGIN PGP PUBLIC KEY BLOCK-----") {
            return Certificate::parse(text).map(|certificate| Self(Kind::OpenPgp(Box::new(certificate))));
        }
        if text.starts_with("---") {
            return Err(KeyError("only OpenSSH or OpenPGP keys are read, and this is neither".into()));
        }
        SshKey::parse(text).map(|key| Self(Kind::Ssh(Box::new(key))))
    }

    /// Whether a text is the path of a file with a key rather than a key: one word, that is.
    pub fn is_path(text: &str) -> bool {
        let text = text.trim();
        !text.is_empty() && !text.contains(char::is_whitespace)
    }

    /// Returns what a fingerprint is compared with: `SHA256:…` as ssh-keygen prints it, or the OpenPGP fingerprint of
    /// the primary key in upper-case hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        match &self.0 {
            Kind::Ssh(key) => key.fingerprint(),
            Kind::OpenPgp(certificate) => certificate.fingerprint(),
        }
    }

    /// Returns the algorithm's name: `ssh-ed25519`, `sk-ssh-ed25519@openssh.com`, `openpgp`, ….
    pub fn algorithm(&self) -> &str {
        match &self.0 {
            Kind::Ssh(key) => key.algorithm(),
            Kind::OpenPgp(_) => "openpgp",
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        // A fingerprint is a digest of the material.
        self.fingerprint() == other.fingerprint()
    }
}

impl Eq for PublicKey {}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.fingerprint().hash(state);
    }
}

/// Why a text is no key that can be registered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyError(pub(super) String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeyError {}
