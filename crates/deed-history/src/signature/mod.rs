//! Signatures of commits and tags: taking them out, verifying them, judging the keys that made them.
//!
//! In: the raw bytes of an object, and the public keys it may have been signed with. Out: a [`Check`], which says what
//! cryptography says and what is known of the key; then [`Window`] and [`Lifetime`] say whether the key spoke for its
//! owner when the signature was made. Neither names nor e-mail addresses are compared with anything: whose key it is,
//! the caller knows.
//!
//! Pure functions: no Git, no clock, no key server, no trust in what a key says of its owner.
//!
//! Start at [`split()`], then [`verify`], then [`Window::covers`].

use std::sync::OnceLock;

mod certificate;
mod hint;
mod key;
mod lifetime;
mod openpgp;
mod split;
mod ssh;
mod sshsig;
mod statement;
mod window;
mod wire;

pub use key::{KeyError, PublicKey};
pub use lifetime::{Lifetime, Revocation};
pub use split::{Place, Signed, split};
pub use window::{Interval, Outside, Reason, Window};

/// What became of a signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// How it was made.
    pub format: Format,
    /// What it proves.
    pub status: Status,
    /// When it was made, in Unix seconds, by its own account: OpenPGP signatures say so, SSH ones do not.
    pub made_at: Option<i64>,
}

/// The kinds of signatures that Git knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// [PROTOCOL.sshsig](https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig).
    Ssh,
    /// RFC 4880 and RFC 9580.
    OpenPgp,
    /// CMS (S/MIME) with X.509 certificates, as gpgsm and gitsign make them.
    X509,
    /// None of these.
    Unknown,
}

impl Format {
    /// Tells the format of a signature from the line that opens it.
    pub fn of(armor: &[u8]) -> Self {
        let [pgp, message, x509, ssh] = split::ARMORS;
        if armor.starts_with(ssh) {
            Self::Ssh
        } else if armor.starts_with(pgp) || armor.starts_with(message) {
            Self::OpenPgp
        } else if armor.starts_with(x509) {
            Self::X509
        } else {
            Self::Unknown
        }
    }

    /// Returns the name for people and for JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ssh => "ssh",
            Self::OpenPgp => "openpgp",
            Self::X509 => "x509",
            Self::Unknown => "unknown",
        }
    }
}

/// What a signature proves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Status {
    /// One of the candidates made it, over exactly this payload.
    Good(Good),
    /// It proves nothing: the payload is another, or a rule of the format is broken.
    Bad {
        /// What is wrong, as the end of a sentence.
        why: String,
    },
    /// None of the candidates made it.
    UnknownKey {
        /// The fingerprint of the key, or what the signature says of it; empty where it says nothing.
        key: String,
    },
    /// It may be fine, but cannot be judged here.
    Unsupported {
        /// What it would take, as the end of a sentence.
        why: String,
    },
}

/// A signature that verifies, and the key that made it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Good {
    /// Which of the candidates: its index.
    pub key: usize,
    /// The fingerprint of the candidate; of an OpenPGP certificate that of its primary key.
    pub fingerprint: String,
    /// The fingerprint of the OpenPGP subkey that signed, where it was not the primary key.
    pub subkey: Option<String>,
    /// What the key itself says of its validity. SSH keys say nothing.
    pub lifetime: Lifetime,
}

/// Longest signature that is looked at; one by RSA with 16384 bits takes six kilobytes.
const LONGEST_ARMOR: usize = 64 * 1024;

/// Verifies a signature against the keys that may have made it.
///
/// The verdict is about cryptography and the rules of the format alone. Whether the key was valid in its time is left
/// to [`Lifetime::covers`] and [`Window::covers`], because that depends on what is provable about the time.
///
/// Of several equal candidates the first is named.
pub fn verify<'k>(signed: &Signed, candidates: impl IntoIterator<Item = &'k PublicKey>) -> Check {
    Seal::new(signed.clone()).verify(candidates)
}

/// A signature that is verified against one set of keys after another: what does not depend on them is found out once.
#[derive(Debug)]
pub struct Seal {
    signed: Signed,
    /// The fingerprint of the SSH key that made it.
    ssh: OnceLock<Result<String, Status>>,
}

impl Seal {
    /// Makes ready to verify a signature.
    pub const fn new(signed: Signed) -> Self {
        Self { signed, ssh: OnceLock::new() }
    }

    /// Finds out what does not depend on keys, if nobody did yet.
    pub(crate) fn prepare(&self) {
        if Format::of(&self.signed.armor) == Format::Ssh && self.signed.armor.len() <= LONGEST_ARMOR {
            self.ssh.get_or_init(|| sshsig::maker(&self.signed));
        }
    }

    /// Does what [`verify`] does.
    pub fn verify<'k>(&self, candidates: impl IntoIterator<Item = &'k PublicKey>) -> Check {
        let signed = &self.signed;
        let format = Format::of(&signed.armor);
        let unsupported = |why: &str| Status::Unsupported { why: why.to_owned() };
        let (status, made_at) = match format {
            _ if signed.armor.len() > LONGEST_ARMOR => {
                (Status::Bad { why: "it is longer than any signature".to_owned() }, None)
            }
            Format::Ssh => (sshsig::find(self.ssh.get_or_init(|| sshsig::maker(signed)), candidates), None),
            Format::OpenPgp => openpgp::verify(signed, candidates),
            Format::X509 => (unsupported("X.509 signatures are not verified"), None),
            Format::Unknown => (unsupported("it is of no format that Git knows"), None),
        };
        Check { format, status, made_at }
    }
}
