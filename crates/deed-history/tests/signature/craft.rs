//! Signatures made by hand, where no tool would make them.

use base64ct::{Base64, Encoding};
use deed_test::Repo;
use ssh_key::HashAlg;

/// An SSH signature whose every field can be wrong.
pub(crate) struct SshSig<'a> {
    pub(crate) version: u32,
    /// The public key in the wire format.
    pub(crate) key: Vec<u8>,
    pub(crate) namespace: &'a str,
    pub(crate) hash: &'a str,
    /// Signs the message that the format prescribes and returns the signature's fields, wire format.
    pub(crate) sign: &'a dyn Fn(&[u8]) -> Vec<u8>,
}

impl SshSig<'_> {
    /// Returns the armored signature over `payload`.
    pub(crate) fn over(&self, payload: &[u8]) -> String {
        let digest = match self.hash {
            "sha256" => HashAlg::Sha256.digest(payload),
            _ => HashAlg::Sha512.digest(payload),
        };
        let fields = [self.namespace.as_bytes(), b"", self.hash.as_bytes()].map(string).concat();
        let message = [b"SSHSIG".as_slice(), &fields, &string(&digest)].concat();
        let signature = (self.sign)(&message);
        let blob =
            [b"SSHSIG".as_slice(), &self.version.to_be_bytes(), &string(&self.key), &fields, &string(&signature)];
        armor(&blob.concat())
    }
}

/// A `string` of the SSH wire format.
pub(crate) fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).expect("short").to_be_bytes(), bytes].concat()
}

/// Wraps an SSH signature as ssh-keygen does.
pub(crate) fn armor(blob: &[u8]) -> String {
    let text = Base64::encode_string(blob);
    let lines: Vec<&str> = (0..text.len()).step_by(70).map(|at| &text[at..text.len().min(at + 70)]).collect();
    format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n"))
}

/// The base64 part of a public line.
pub(crate) fn blob_of(line: &str) -> Vec<u8> {
    Base64::decode_vec(line.split(' ').nth(1).expect("a public line")).expect("base64")
}

/// The public line of a key in the wire format.
pub(crate) fn line_of(blob: &[u8]) -> String {
    let length = usize::from(blob[3]);
    let name = str::from_utf8(&blob[4..4 + length]).expect("an algorithm");
    format!("{name} {}", Base64::encode_string(blob))
}

/// Puts a header with a value of several lines at the end of an object's headers.
pub(crate) fn with_header(raw: &[u8], name: &str, value: &str) -> Vec<u8> {
    let end = raw.windows(2).position(|two| two == b"\n\n").expect("the object has a message") + 1;
    let header = format!("{name} {}\n", value.trim_end_matches('\n').replace('\n', "\n "));
    [&raw[..end], header.as_bytes(), &raw[end..]].concat()
}

/// Stores a commit with a signature over its bytes, as Git would, and returns its id.
pub(crate) fn sign_commit(repo: &Repo, raw: &[u8], sign: impl Fn(&[u8]) -> String) -> String {
    repo.write_object("commit", &with_header(raw, "gpgsig", &sign(raw)))
}
