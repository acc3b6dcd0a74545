//! Taking a signature out of a commit or a tag, byte for byte as Git does.

use std::ops::Range;

/// A commit or tag that carries a signature, taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signed {
    /// What was signed: the object without its signatures.
    pub payload: Vec<u8>,
    /// The signature, an ASCII armor of one format or another.
    pub armor: Vec<u8>,
    /// Where the signature stood.
    pub place: Place,
}

/// Where Git keeps a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The header `gpgsig` of a commit in a SHA-1 repository.
    Gpgsig,
    /// The header `gpgsig-sha256` of a commit in a SHA-256 repository.
    GpgsigSha256,
    /// The end of an annotated tag.
    TagTail,
}

impl Place {
    /// Returns the value of a header line of this name.
    fn value(self, line: &[u8]) -> Option<&[u8]> {
        let name: &[u8] = match self {
            Self::Gpgsig => b"gpgsig ",
            Self::GpgsigSha256 => b"gpgsig-sha256 ",
            Self::TagTail => return None,
        };
        line.strip_prefix(name)
    }
}

/// The lines that open a signature, by which Git finds the one at the end of a tag.
pub(super) const ARMORS: [&[u8]; 4] = [
    b"-----BEGIN PGP SIGNATURE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"-----BEGIN SIGNED MESSAGE-----",
    b"-----BEGIN SSH SIGNATURE-----",
];

/// Takes the signature out of a raw commit or annotated tag; `None` where there is none.
///
/// Which of a commit's headers counts is decided by the length of its ids: a SHA-1 commit may also carry
/// `gpgsig-sha256`, which signs its translation to SHA-256 and says nothing of the commit at hand. The other header
/// is part of neither signature's payload. A `mergetag` stays in the payload, with the signature inside it.
///
/// The same bytes as `parse_buffer_signed_by_header` and `parse_signature` of Git 2.47 give, oddities included:
/// several headers of one name are one signature, and any header that begins with `gpgsig` is left out.
pub fn split(raw: &[u8]) -> Option<Signed> {
    let (kind, rest) = raw.split_at(raw.iter().position(|byte| *byte == b' ')?);
    let id = rest[1..].iter().position(|byte| *byte == b'\n')?;
    match (kind, id) {
        (b"tree", 40) => split_commit(raw, Place::Gpgsig),
        (b"tree", 64) => split_commit(raw, Place::GpgsigSha256),
        (b"object", 40 | 64) => split_tag(raw),
        _ => None,
    }
}

/// Which lines of a header section stand in whose signature.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Neither,
    Ours,
    Other,
}

fn split_commit(raw: &[u8], place: Place) -> Option<Signed> {
    let (mut payload, mut armor) = (Vec::with_capacity(raw.len()), Vec::new());
    let mut inside = Inside::Neither;
    let mut rest = raw;
    while !rest.is_empty() {
        if rest.starts_with(b"\n") {
            payload.extend_from_slice(rest);
            break;
        }
        let (line, after) = first_line(rest);
        if line.starts_with(b" ") && inside == Inside::Ours {
            armor.extend_from_slice(&line[1..]);
        } else if let Some(value) = place.value(line) {
            inside = Inside::Ours;
            armor.extend_from_slice(value);
        } else if line.starts_with(b"gpgsig") {
            inside = Inside::Other;
        } else if !line.starts_with(b" ") || inside != Inside::Other {
            inside = Inside::Neither;
            payload.extend_from_slice(line);
        }
        rest = after;
    }
    (!armor.is_empty()).then_some(Signed { payload, armor, place })
}

/// In a tag the last line that opens a signature counts.
fn split_tag(raw: &[u8]) -> Option<Signed> {
    let (mut at, mut signature) = (0, None);
    while at < raw.len() {
        if ARMORS.iter().any(|armor| raw[at..].starts_with(armor)) {
            signature = Some(at);
        }
        at += first_line(&raw[at..]).0.len();
    }
    let (tag, armor) = raw.split_at(signature?);
    Some(Signed { payload: without_headers(tag), armor: armor.to_vec(), place: Place::TagTail })
}

/// Removes the headers that sign a tag's translation to the other hash.
///
/// As `remove_signature` does it: at most two blocks, and of two headers with nothing between only the second.
fn without_headers(tag: &[u8]) -> Vec<u8> {
    let headers = tag.windows(2).position(|two| two == b"\n\n").map_or(tag.len(), |at| at + 1);
    let (mut blocks, mut block, mut inside): ([Range<usize>; 2], _, _) = ([0..0, 0..0], 0, false);
    let mut at = 0;
    while at < headers {
        let line = first_line(&tag[at..headers]).0;
        let end = at + line.len();
        if inside && line.starts_with(b" ") {
            blocks[block].end = end;
        } else if line.starts_with(b"gpgsig") {
            let signs = [Place::Gpgsig, Place::GpgsigSha256].iter().any(|place| place.value(line).is_some());
            if signs && block < blocks.len() {
                blocks[block] = at..end;
                inside = true;
            }
        } else {
            block += usize::from(inside);
            inside = false;
        }
        at = end;
    }
    let [first, second] = blocks;
    let second = if second.is_empty() { headers..headers } else { second };
    [&tag[..first.start], &tag[first.end..second.start], &tag[second.end..]].concat()
}

/// Splits after the first line break.
fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| at + 1))
}
