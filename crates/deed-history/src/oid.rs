//! Object ids.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// The id of a Git object: 20 bytes in a SHA-1 repository, 32 in a SHA-256 one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Oid {
    /// Zeros behind `len`.
    bytes: [u8; 32],
    len: u8,
}

impl Oid {
    /// Returns the id those bytes are; `None` unless there are 20 or 32.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let len = u8::try_from(bytes.len()).ok().filter(|len| matches!(len, 20 | 32))?;
        let mut id = [0; 32];
        id[..bytes.len()].copy_from_slice(bytes);
        Some(Self { bytes: id, len })
    }

    /// Returns the id that 40 or 64 hexadecimal digits name, as they stand in commits.
    #[must_use]
    pub fn from_hex(digits: &[u8]) -> Option<Self> {
        if !matches!(digits.len(), 40 | 64) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self { bytes, len: if digits.len() == 40 { 20 } else { 32 } })
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Returns the first digits, as people name commits. Ten are unambiguous in all but the largest repositories.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string()[..10].to_owned()
    }

    pub(crate) fn from_git(id: git2::Oid) -> Self {
        Self::from_bytes(id.as_bytes()).expect("libgit2 knows two kinds of ids")
    }

    pub(crate) fn to_git(self) -> git2::Oid {
        git2::Oid::from_bytes(self.as_bytes()).expect("libgit2 knows both kinds of ids")
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

impl FromStr for Oid {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::from_hex(text.as_bytes()).ok_or(())
    }
}

/// The digits.
impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.as_bytes()) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        f.write_str(std::str::from_utf8(&text[..self.as_bytes().len() * 2]).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Ids are evenly spread as they are.
impl Hash for Oid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let first: [u8; 8] = self.bytes[..8].try_into().expect("eight bytes");
        state.write_u64(u64::from_ne_bytes(first));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_ids_come_back_as_they_went() {
        for digits in ["0123456789abcdef0123456789abcdef01234567", &"f0".repeat(32)] {
            let id: Oid = digits.parse().expect("an id");
            assert_eq!(id.to_string(), digits);
            assert_eq!(Oid::from_bytes(id.as_bytes()), Some(id));
            assert_eq!(Oid::from_git(id.to_git()), id);
        }
    }

    #[test]
    fn anything_else_is_no_id() {
        for digits in ["", "0123", &"g".repeat(40), &"0".repeat(41), "ä"] {
            assert_eq!(digits.parse::<Oid>(), Err(()), "{digits}");
        }
    }
}
