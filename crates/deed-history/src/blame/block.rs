//! Block collections read entry by entry, so that entries of a version before are used again.
//!
//! A block's entries start in one column; what is indented deeper belongs to the entry above it. So texts are cut at lines
//! that start in the column, and each piece is read for itself: one line by [`line`](super::line), a block by the same
//! cutting, anything else by the parser. Where pieces do not stand for themselves, as with anchors or strings over many
//! lines, one of them fails, and the document is read as a whole.
//!
//! Texts of blocks and entries start behind the indentation of their first line.

use std::rc::Rc;

use deed_syntax::{Format, parse_sound};
use rustc_hash::{FxHashMap, FxHashSet};

use super::line::{is_dash, is_ordinary, key, scalar};
use super::node::{Entry, Import, Kind, Node};
use crate::tree::common_prefix;
use crate::value::{self, Values};

/// Why a text is not read entry by entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Odd {
    /// The parser may read the piece around it.
    Here,
    /// Pieces do not stand for themselves, or the text is broken.
    Throughout,
}

/// Deeper blocks are left to the parser.
const MAX_DEPTH: usize = 80;

/// Up to so many, comparing each with each is cheaper than a table.
const FEW: usize = 8;

/// Says whether a text starts as block collections do.
pub(super) fn starts_collection(text: &str) -> bool {
    is_dash(text.as_bytes()) || key(first_line(text)).is_some()
}

/// Reads a block whose entries start in that column.
pub(super) fn collection(text: &str, column: usize, depth: usize) -> Result<Rc<Node>, Odd> {
    if depth > MAX_DEPTH {
        return Err(Odd::Here);
    }
    let kind = if is_dash(text.as_bytes()) { Kind::Sequence } else { Kind::Mapping };
    let starts = split(text, column, kind)?;
    let entries =
        pieces(text, &starts).map(|piece| entry(piece, column, kind, depth)).collect::<Result<Vec<_>, _>>()?;
    let new = 0..entries.len();
    finish(kind, column, entries, new)
}

/// How many bytes two texts have in common at their starts, and how many of the rest at their ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Common {
    pub(super) prefix: usize,
    pub(super) suffix: usize,
}

impl Common {
    pub(super) fn of(a: &str, b: &str) -> Self {
        let (a, b) = (a.as_bytes(), b.as_bytes());
        let prefix = common_prefix(a, b);
        Self { prefix, suffix: common_suffix(&a[prefix..], &b[prefix..]) }
    }

    /// The same of parts of the texts that start behind so many bytes of what is common, and end before so many.
    pub(super) fn within(self, start: usize, end: usize) -> Option<Self> {
        Some(Self { prefix: self.prefix.checked_sub(start)?, suffix: self.suffix.checked_sub(end)? })
    }
}

/// Reads a block of which a version before is known, with its text.
pub(super) fn derive(old: &Rc<Node>, before: &str, text: &str, common: Common, depth: usize) -> Result<Rc<Node>, Odd> {
    let Common { prefix, suffix } = common;
    if prefix == before.len() && prefix == text.len() {
        return Ok(old.clone());
    }
    let column = old.column as usize;
    let kind = old.kind;
    // An entry at the front is the same if the line behind it starts the same, one at the back if its own line does.
    let entries = &old.entries;
    let (mut front, mut start) = (0, 0);
    while front + 1 < entries.len() && start + entries[front].len as usize + 2 <= prefix {
        start += entries[front].len as usize;
        front += 1;
    }
    let (mut back, mut end) = (entries.len(), before.len());
    while back > front && end - (entries[back - 1].len as usize) > before.len() - suffix + column {
        back -= 1;
        end -= entries[back].len as usize;
    }
    let middle =
        text.get(start..text.len() - (before.len() - end)).filter(|middle| !middle.is_empty()).ok_or(Odd::Here)?;
    if is_dash(middle.as_bytes()) != (kind == Kind::Sequence) {
        return Err(Odd::Here);
    }
    let starts = split(middle, column, kind)?;
    let mut known = Known::new(&entries[front..back], &before[start..end], starts.len());
    known.common = common.within(start, before.len() - end);
    let mut all = Vec::with_capacity(front + starts.len() + entries.len() - back);
    all.extend_from_slice(&entries[..front]);
    for piece in pieces(middle, &starts) {
        all.push(known.entry(piece, column, kind, depth)?);
    }
    let new = front..all.len();
    all.extend_from_slice(&entries[back..]);
    finish(kind, column, all, new)
}

/// The entries of the version before that may be used again.
struct Known<'b> {
    entries: Vec<(&'b Entry, &'b str)>,
    /// By first line, where there are more than a few.
    lines: FxHashMap<&'b str, Vec<usize>>,
    next: usize,
    /// As many as there are entries now, so that the nth of then may be the nth of now.
    as_many: bool,
    /// Of all these entries, where there is but one.
    common: Option<Common>,
}

impl<'b> Known<'b> {
    fn new(entries: &'b [Entry], text: &'b str, now: usize) -> Self {
        let mut at = 0;
        let piece = |entry: &'b Entry| {
            let start = at;
            at += entry.len as usize;
            (entry, &text[start..at])
        };
        let entries: Vec<_> = entries.iter().map(piece).collect();
        let mut lines: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        if entries.len() > FEW || now > FEW {
            for (index, (_, text)) in entries.iter().enumerate().rev() {
                lines.entry(first_line(text)).or_default().push(index);
            }
        }
        Self { as_many: now == entries.len(), lines, entries, next: 0, common: None }
    }

    fn entry(&mut self, piece: &str, column: usize, kind: Kind, depth: usize) -> Result<Entry, Odd> {
        let at = self.next;
        self.next += 1;
        let line = first_line(piece);
        let found = if self.lines.is_empty() {
            let same = |(_, before): &(&Entry, &str)| first_line(before) == line;
            self.entries.iter().position(|entry| entry.1 == piece).or_else(|| self.entries.iter().position(same))
        } else {
            self.lines.get_mut(line).and_then(Vec::pop)
        };
        let Some(index) = found.or((self.as_many && at < self.entries.len()).then_some(at)) else {
            return entry(piece, column, kind, depth);
        };
        let (old, before) = self.entries[index];
        if before == piece {
            return Ok(old.clone());
        }
        let start = old.start as usize;
        let (Some(child), Some(text)) = (&old.child, piece.get(start..)) else {
            return entry(piece, column, kind, depth);
        };
        // What leads to the child must be the same, down to the column it starts in.
        let same = child.column != Node::FOREIGN
            && before.as_bytes()[..start] == piece.as_bytes()[..start]
            && starts_collection(text)
            && is_dash(text.as_bytes()) == (child.kind == Kind::Sequence);
        if !same {
            return entry(piece, column, kind, depth);
        }
        let before = &before[start..];
        let alone = self.as_many && self.entries.len() == 1;
        let common = self.common.filter(|_| alone).and_then(|common| common.within(start, 0));
        match derive(child, before, text, common.unwrap_or_else(|| Common::of(before, text)), depth + 1) {
            Ok(child) => Ok(assemble(piece, start, kind, old.step, child)),
            Err(Odd::Here) => parsed(piece, column, kind),
            Err(odd) => Err(odd),
        }
    }
}

/// Makes an entry of a child that is read. A field keeps the step of its key.
fn assemble(piece: &str, start: usize, kind: Kind, step: u64, child: Rc<Node>) -> Entry {
    let value = child.value;
    let entry = match kind {
        Kind::Mapping => Entry::field(step, value, Some(child)),
        Kind::Sequence => Entry::item(value, Some(child)),
    };
    Entry { len: piece.len() as u32, start: start as u32, ..entry }
}

/// Returns where entries start.
fn split(text: &str, column: usize, kind: Kind) -> Result<Vec<u32>, Odd> {
    let bytes = text.as_bytes();
    check_start(bytes)?;
    let mut starts = vec![0];
    let mut line = next_line(bytes, 0);
    while line < bytes.len() {
        let blanks = bytes[line..].iter().take(column + 1).take_while(|byte| **byte == b' ').count();
        let at = line + blanks;
        if blanks <= column && at < bytes.len() && !matches!(bytes[at], b'\n' | b'#') {
            if blanks < column || bytes[at] == b'\t' {
                return Err(Odd::Here);
            }
            match (kind, is_dash(&bytes[at..])) {
                (Kind::Sequence, true) | (Kind::Mapping, false) => {
                    check_start(&bytes[at..])?;
                    starts.push(at as u32);
                }
                // The items of the field above may stand in its own column.
                (Kind::Mapping, true) => {}
                (Kind::Sequence, false) => return Err(Odd::Here),
            }
        }
        line = next_line(bytes, at);
    }
    Ok(starts)
}

/// What makes a line more than the start of an entry of its own.
fn check_start(bytes: &[u8]) -> Result<(), Odd> {
    match bytes.first() {
        None | Some(b'?' | b':' | b'%' | b'@' | b'`' | b'<' | b'>' | b'=' | b'|' | b']' | b'[' | b'}' | b'{') => {
            Err(Odd::Here)
        }
        Some(b',' | b'&' | b'*' | b'!' | b'#' | b'\t' | b'\n') => Err(Odd::Here),
        Some(_) => Ok(()),
    }
}

fn pieces<'t>(text: &'t str, starts: &[u32]) -> impl Iterator<Item = &'t str> {
    let end = |index: usize| starts.get(index + 1).map_or(text.len(), |end| *end as usize);
    starts.iter().enumerate().map(move |(index, start)| &text[*start as usize..end(index)])
}

fn entry(piece: &str, column: usize, kind: Kind, depth: usize) -> Result<Entry, Odd> {
    let read = match kind {
        Kind::Mapping => field(piece, column, depth),
        Kind::Sequence => item(piece, column, depth),
    };
    match read {
        Ok(entry) => Ok(Entry { len: piece.len() as u32, ..entry }),
        Err(Odd::Here) => parsed(piece, column, kind),
        Err(odd) => Err(odd),
    }
}

fn field(piece: &str, column: usize, depth: usize) -> Result<Entry, Odd> {
    let line = first_line(piece);
    let (name, colon) = key(line).ok_or(Odd::Here)?;
    let step = value::named_field(name);
    let rest = line[colon..].trim_start_matches(' ');
    if !rest.is_empty() && !rest.starts_with('#') {
        let value = scalar(rest).filter(|_| is_blank(&piece[line.len()..])).ok_or(Odd::Here)?;
        return Ok(Entry::field(step, value, None));
    }
    match below(piece, line, column, Kind::Mapping)? {
        Some((start, column)) => {
            let child = collection(&piece[start..], column, depth + 1)?;
            Ok(assemble(piece, start, Kind::Mapping, step, child))
        }
        None => Ok(Entry::field(step, nothing(), None)),
    }
}

fn item(piece: &str, column: usize, depth: usize) -> Result<Entry, Odd> {
    let line = first_line(piece);
    let rest = line[1..].trim_start_matches(' ');
    let (start, column) = if rest.is_empty() || rest.starts_with('#') {
        match below(piece, line, column, Kind::Sequence)? {
            Some(place) => place,
            None => return Ok(Entry::item(nothing(), None)),
        }
    } else if starts_collection(rest) {
        let start = line.len() - rest.len();
        (start, column + start)
    } else {
        let value = scalar(rest).filter(|_| is_blank(&piece[line.len()..])).ok_or(Odd::Here)?;
        return Ok(Entry::item(value, None));
    };
    let child = collection(&piece[start..], column, depth + 1)?;
    Ok(assemble(piece, start, Kind::Sequence, 0, child))
}

/// Returns where the block below a first line starts, and in which column; `None` when nothing is there.
fn below(piece: &str, line: &str, column: usize, kind: Kind) -> Result<Option<(usize, usize)>, Odd> {
    if !is_ordinary(line) {
        return Err(Odd::Here);
    }
    let mut at = next_line(piece.as_bytes(), 0);
    for line in piece[at..].split_inclusive('\n') {
        let content = line.trim_start_matches(' ');
        let blanks = line.len() - content.len();
        match content.as_bytes().first() {
            None | Some(b'\n') => {}
            Some(b'#') if is_ordinary(content.trim_end_matches('\n')) => {}
            Some(_) => {
                let in_column = blanks == column && kind == Kind::Mapping && is_dash(content.as_bytes());
                let is_block = (blanks > column || in_column) && starts_collection(content);
                return if is_block { Ok(Some((at + blanks, blanks))) } else { Err(Odd::Here) };
            }
        }
        at += line.len();
    }
    Ok(None)
}

/// Has the parser read one entry.
fn parsed(piece: &str, column: usize, kind: Kind) -> Result<Entry, Odd> {
    // The indentation of the next entry is not part of this one.
    let end = piece.rfind('\n').map_or(0, |newline| newline + 1);
    let own = if piece[end..].trim_start_matches(' ').is_empty() { &piece[..end] } else { piece };
    let text = format!("{:column$}{own}", "");
    let parse = parse_sound(text, Format::Yaml).ok_or(Odd::Throughout)?;
    let mut documents = parse.documents();
    let (Some(root), None) = (documents.next(), documents.next()) else { return Err(Odd::Throughout) };
    let mut import = Import::new(Values::new(&parse));
    let entry = match kind {
        Kind::Mapping => {
            let mut entries = root.entries();
            let (Some(entry), None) = (entries.next(), entries.next()) else { return Err(Odd::Throughout) };
            let name = entry.name().filter(|name| *name != "<<").ok_or(Odd::Throughout)?;
            let (value, child) = import.node(entry.value(), 0);
            Entry::field(value::named_field(name), value, child)
        }
        Kind::Sequence => {
            let mut items = root.items();
            let (Some(item), None) = (items.next(), items.next()) else { return Err(Odd::Throughout) };
            let (value, child) = import.node(item, 0);
            Entry::item(value, child)
        }
    };
    Ok(Entry { len: piece.len() as u32, ..entry })
}

/// Makes the node, unless a key is there twice. Only entries that are `new` can be the second.
fn finish(kind: Kind, column: usize, entries: Vec<Entry>, new: std::ops::Range<usize>) -> Result<Rc<Node>, Odd> {
    if kind == Kind::Mapping {
        let twice = if new.len() <= FEW {
            new.clone().any(|index| {
                let step = entries[index].step;
                let other = |(at, entry): (usize, &Entry)| at != index && entry.step == step;
                entries.iter().enumerate().any(other)
            })
        } else {
            let mut seen = FxHashSet::default();
            entries.iter().any(|entry| !seen.insert(entry.step))
        };
        if twice {
            return Err(Odd::Throughout);
        }
    }
    Ok(Rc::new(Node::new(kind, column as u32, entries)))
}

/// The value of `key:` with nothing behind.
fn nothing() -> u64 {
    value::scalar(deed_syntax::Value::Null, "")
}

/// Says whether only blank lines and comments follow.
fn is_blank(text: &str) -> bool {
    text.split('\n').all(|line| {
        let content = line.trim_start_matches(' ');
        content.is_empty() || content.starts_with('#') && is_ordinary(content)
    })
}

fn first_line(text: &str) -> &str {
    &text[..memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len())]
}

fn next_line(bytes: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |newline| from + newline + 1)
}

fn common_suffix(a: &[u8], b: &[u8]) -> usize {
    let mut same = 0;
    for block in [1024, 32] {
        let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
        same += a.rchunks_exact(block).zip(b.rchunks_exact(block)).take_while(|(a, b)| a == b).count() * block;
    }
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    same + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}
