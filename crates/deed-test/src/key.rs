//! Throwaway SSH keys that are the same on every run.

use std::fs;
use std::path::{Path, PathBuf};

use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::sha2::{Digest, Sha256};
use ssh_key::{HashAlg, LineEnding, PrivateKey, PublicKey};

macro_rules! stored {
    ($name:literal) => {
        ($name, include_str!(concat!("../keys/", $name, ".key")), include_str!(concat!("../keys/", $name, ".pub")))
    };
}

/// Keys made once with ssh-keygen: their name, the private and the public half.
const STORED: [(&str, &str, &str); 6] = [
    stored!("ecdsa-256"),
    stored!("ecdsa-384"),
    stored!("ecdsa-521"),
    stored!("rsa-1024"),
    stored!("rsa-3072"),
    stored!("rsa-8192"),
];

/// A key pair that protects nothing, since anybody can have it: that is the point.
///
/// The usual kind is ed25519 with the SHA-256 of its name for a secret. Its signatures are
/// deterministic, hence a repository signed with such keys has the same commit ids everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    name: String,
    /// The file that ssh-keygen signs with.
    private: String,
    public: PublicKey,
}

impl Key {
    /// Derives the key called `name`; the name is also the comment in the public line.
    pub fn ed25519(name: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"deed-test throwaway key\0");
        hash.update(name.as_bytes());
        let pair = Ed25519Keypair::from_seed(&hash.finalize().into());
        let private = PrivateKey::new(KeypairData::Ed25519(pair), name).expect("ed25519 is never encrypted here");
        let text = private.to_openssh(LineEnding::LF).expect("an ed25519 key has a text form");
        Self { name: name.to_owned(), private: text.to_string(), public: private.public_key().clone() }
    }

    /// Returns one of the keys that are slow to make or not derivable: `ecdsa-256`, `ecdsa-384`, `ecdsa-521`,
    /// `rsa-1024`, `rsa-3072`, `rsa-8192`. Their signatures differ from run to run, but for RSA.
    pub fn stored(name: &str) -> Self {
        let (_, private, public) = STORED.iter().find(|(stored, ..)| *stored == name).expect("one of those listed");
        let public = PublicKey::from_openssh(public).expect("ssh-keygen wrote it");
        Self { name: name.to_owned(), private: (*private).to_owned(), public }
    }

    /// Returns the key's name: what it was derived from, or stored under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the line that stands in `authorized_keys` files and in manifests: `ssh-ed25519 AAAA… name`.
    pub fn public_line(&self) -> String {
        self.public.to_openssh().expect("a public key has a text form")
    }

    /// Returns the fingerprint as ssh-keygen prints it: `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.public.fingerprint(HashAlg::Sha256).to_string()
    }

    /// Returns the private key as ssh-keygen stores it, for signatures made by hand.
    pub fn private_text(&self) -> &str {
        &self.private
    }

    /// Writes the private key where ssh-keygen can use it and returns the path; beside it, the public one in `.pub`.
    pub fn store(&self, dir: &Path) -> PathBuf {
        let path = dir.join(self.name.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "_"));
        if !path.exists() {
            fs::write(&path, &self.private).expect("the key directory is ours");
            restrict(&path);
            // Where it finds the public half, ssh-keygen does not open the private one twice.
            let public = path.with_extension("pub");
            fs::write(public, self.public_line() + "\n").expect("the key directory is ours");
        }
        path
    }
}

/// Makes a file readable by its owner only: ssh-keygen refuses any other private key.
#[cfg(unix)]
fn restrict(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("the key file is ours");
}

#[cfg(not(unix))]
fn restrict(_path: &Path) {}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn a_name_gives_one_key_and_another_name_another() {
        assert_eq!(Key::ed25519("ada-1"), Key::ed25519("ada-1"));
        assert_ne!(Key::ed25519("ada-1").fingerprint(), Key::ed25519("ada-2").fingerprint());
    }

    #[test]
    fn the_public_line_never_changes() {
        // Manifests of the example name these keys: another derivation would unsign the whole history.
        let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOJ+0Pk5pOrfmgQDS5LooLXL/PyY4kr/s9/W2mHgx2SJ ada-1";
        assert_eq!(Key::ed25519("ada-1").public_line(), line);
    }
}
