//! What is taken out of a broken text before anything else: merge conflicts, and characters no text file should hold.

use text_size::{TextRange, TextSize};

use crate::{SyntaxError, SyntaxErrorKind};

/// Each stretch of bad characters is one error; after this many the rest is replaced without a word.
const MAX_ERRORS: usize = 100;

/// Blanks the markers of merge conflicts and all but the side above `=======`. One error each.
pub(crate) fn conflicts(work: &mut String) -> Vec<SyntaxError> {
    let mut errors = Vec::new();
    let mut blanks: Vec<(usize, usize)> = Vec::new();
    let mut conflict: Option<Conflict> = None;
    let mut start = 0;
    for line in work.split_inclusive('\n') {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        let next = start + line.len();
        match (&mut conflict, marker(line)) {
            (_, Some(b'<')) => {
                conflict = Some(Conflict { start, end, blanks: vec![(start, next)], base: None, theirs: None })
            }
            (Some(conflict), Some(b'|')) => conflict.base = conflict.base.or(Some(start)),
            (Some(conflict), Some(b'=')) => conflict.theirs = conflict.theirs.or(Some(start)),
            (Some(found), Some(_)) => {
                if let Some(theirs) = found.theirs {
                    let given_up = found.base.unwrap_or(theirs);
                    blanks.append(&mut found.blanks);
                    blanks.push((given_up, next));
                    errors.push(found.error(end));
                }
                conflict = None;
            }
            (None, Some(b'>')) if line.len() > 8 => {
                blanks.push((start, next));
                errors.push(stray(start, end));
            }
            _ => {}
        }
        start = next;
    }
    if let Some(conflict) = conflict {
        blanks.push(conflict.blanks[0]);
        errors.push(stray(conflict.start, conflict.end));
    }
    for (start, end) in blanks {
        blank(work, start, end);
    }
    errors
}

/// A marker whose fellows are gone.
fn stray(start: usize, end: usize) -> SyntaxError {
    let range = TextRange::new(size(start), size(end));
    let message = "this line is what is left of a merge conflict";
    SyntaxError::new(SyntaxErrorKind::Conflict, range, message).help("remove it")
}

struct Conflict {
    /// The first marker.
    start: usize,
    end: usize,
    blanks: Vec<(usize, usize)>,
    base: Option<usize>,
    theirs: Option<usize>,
}

impl Conflict {
    fn error(&self, end: usize) -> SyntaxError {
        let range = TextRange::new(size(self.start), size(self.end));
        let message = "a merge left a conflict here that is not resolved";
        let theirs = self.theirs.unwrap_or(self.end);
        SyntaxError::new(SyntaxErrorKind::Conflict, range, message)
            .help("keep one side or join the two, then remove the lines `<<<<<<<`, `=======` and `>>>>>>>`; until then the first side counts")
            .related(TextRange::new(size(theirs), size(end)), "the other side, which is left out")
    }
}

/// The character of a conflict marker: seven of them, alone or with a name behind.
fn marker(line: &str) -> Option<u8> {
    let first = *line.as_bytes().first()?;
    if !matches!(first, b'<' | b'|' | b'=' | b'>') || line.len() < 7 {
        return None;
    }
    let same = line.bytes().take_while(|byte| *byte == first).count();
    (same == 7 && (line.len() == 7 || line[7..].starts_with([' ', '\n', '\r']))).then_some(first)
}

fn blank(work: &mut String, start: usize, end: usize) {
    let blanks: String = work[start..end]
        .bytes()
        .map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' })
        .collect();
    work.replace_range(start..end, &blanks);
}

/// Replaces each byte of a character that YAML does not allow, by `_` within a word and else by a blank. One error for each stretch of them.
pub(crate) fn characters(work: &mut String) -> Vec<SyntaxError> {
    let mut errors: Vec<SyntaxError> = Vec::new();
    let bad: Vec<(usize, char)> = work.char_indices().filter(|(_, c)| !is_printable(*c)).collect();
    if bad.is_empty() {
        return errors;
    }
    let mut bytes = std::mem::take(work).into_bytes();
    for (at, c) in bad {
        let range = TextRange::new(size(at), size(at + c.len_utf8()));
        let end = at + c.len_utf8();
        let blank = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
        let alone = blank(at.checked_sub(1).map(|before| &bytes[before])) && blank(bytes.get(end));
        bytes[at..end].fill(if alone { b' ' } else { b'_' });
        let count = errors.len();
        match errors.last_mut() {
            Some(last) if last.range.end() == range.start() => last.range = last.range.cover(range),
            _ if count >= MAX_ERRORS => {}
            _ => {
                let message = format!("the control character U+{:04X} is not allowed", u32::from(c));
                let error = SyntaxError::new(SyntaxErrorKind::Encoding, range, message);
                errors.push(error.help("remove it; in double quotes it can be written as an escape such as `\\u0007`"));
            }
        }
    }
    *work = String::from_utf8(bytes).expect("whole characters were replaced");
    errors
}

/// `c-printable` of YAML 1.2.
fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn size(offset: usize) -> TextSize {
    TextSize::new(u32::try_from(offset).expect("offsets are bounded by `MAX_LEN`"))
}
