//! Quotes and brackets of a stretch of text, without a parser.

/// Returns what closes all that is open at the end of a text that starts with a quote or bracket somewhere, and where
/// to put it: before a comment. `None` when nothing is open.
pub(super) fn open_at_end(text: &str, start: usize) -> Option<(usize, String)> {
    let scan = Scan::new(text, start, text.len())?;
    let mut closers: String = scan.quote.map(char::from).into_iter().collect();
    closers.extend(scan.open.iter().rev().map(|(open, _)| if *open == b'[' { ']' } else { '}' }));
    (!closers.is_empty()).then_some((scan.comment.unwrap_or(text.len()), closers))
}

/// Quotes and brackets, as far as they matter.
pub(super) struct Scan {
    pub(super) open: Vec<(u8, usize)>,
    pub(super) quote: Option<u8>,
    comment: Option<usize>,
    /// The last comma or opening bracket before the end.
    pub(super) delimiter: Option<usize>,
}

impl Scan {
    /// Walks from an opening quote or bracket to an offset. `None` when brackets do not match.
    pub(super) fn new(text: &str, start: usize, end: usize) -> Option<Self> {
        Self::walk(text, start, end).ok()
    }

    /// Finds the bracket that does not match the one it should close.
    pub(super) fn mismatch(text: &str, start: usize) -> Option<usize> {
        Self::walk(text, start, text.len()).err()
    }

    /// Returns where what opens at an offset is closed, behind the closing quote or bracket.
    pub(super) fn end(text: &str, start: usize, limit: usize) -> Option<usize> {
        let mut limit = text.len().min(limit);
        while !text.is_char_boundary(limit) {
            limit -= 1;
        }
        let closes = |at: &usize| matches!(text.as_bytes()[*at], b']' | b'}' | b'"' | b'\'');
        // Each candidate is as far as the last, and a bit: brackets and quotes are few.
        let mut scan = Self::empty();
        let mut at = start;
        for end in (start + 1..limit).filter(closes) {
            at = scan.go(text, start, at, end + 1).ok()?;
            if scan.open.is_empty() && scan.quote.is_none() && scan.comment.is_none() {
                return Some(end + 1);
            }
        }
        None
    }

    fn walk(text: &str, start: usize, end: usize) -> Result<Self, usize> {
        let mut scan = Self::empty();
        scan.go(text, start, start, end)?;
        Ok(scan)
    }

    fn empty() -> Self {
        Self { open: Vec::new(), quote: None, comment: None, delimiter: None }
    }

    /// Goes on from an offset to another. Returns how far it went, which may be behind a comment or an escape.
    fn go(&mut self, text: &str, start: usize, from: usize, end: usize) -> Result<usize, usize> {
        let bytes = text.as_bytes();
        let scan = self;
        let mut at = from;
        while at < end {
            let byte = bytes[at];
            let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
            match (scan.quote, byte) {
                (Some(b'"'), b'\\') => at += 1,
                (Some(quote), _) if quote == byte => scan.quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') if at == start || b" \t\n\r[{,:".contains(&before) => scan.quote = Some(byte),
                (None, b'[' | b'{') => {
                    scan.open.push((byte, at));
                    scan.delimiter = Some(at);
                }
                (None, b',') => scan.delimiter = Some(at),
                (None, b']' | b'}') => {
                    let (open, _) = scan.open.pop().ok_or(at)?;
                    if (open == b'[') != (byte == b']') {
                        return Err(at);
                    }
                }
                (None, b'#') if before.is_ascii_whitespace() => {
                    let comment = at;
                    at += bytes[at..end].iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count();
                    scan.comment = (at >= end).then_some(comment);
                }
                _ => {}
            }
            at += 1;
        }
        Ok(at)
    }
}

/// Where the entry in brackets ends that holds an offset: at its comma or closing bracket, or at the end of its line.
pub(super) fn end_of_flow_entry(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth > 0 => depth -= 1,
            b']' | b'}' | b'\n' | b'\r' => return Some(at),
            b',' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    Some(bytes.len())
}
