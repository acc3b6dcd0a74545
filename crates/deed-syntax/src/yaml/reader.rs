//! YAML text to events: the only module that knows which parser does the reading.

use granit_parser::{self as granit, ErrorKind, Options, Parser, Span, StructureStyle, options};
use text_size::{TextRange, TextSize};

use crate::event::{Event, Shape, Tag};
use crate::tree::ScalarStyle;
use crate::yaml::scan::Scan;

/// Where and why reading stopped.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Where the parser noticed.
    pub(crate) at: usize,
    /// The end of the last token that came with an event: what is wrong lies behind it.
    pub(crate) last: usize,
    pub(crate) cause: Cause,
}

/// Why reading stopped.
#[derive(Debug)]
pub(crate) enum Cause {
    /// The parser says so.
    Parser(ErrorKind),
    /// Where an entry or item has to start stands something else.
    Stray,
    /// A line is indented as nothing above it is.
    Orphan,
    /// Collections nest too deep.
    TooDeep,
}

fn settings() -> Options {
    options! {
        strict_indentation: true,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        max_buffered_comment_events: 10_000_000,
        simple_key_max_lookahead: 1 << 20,
    }
}

/// A collection that is not yet ended.
struct Open {
    shape: Shape,
    /// A key's value is next.
    value: bool,
    /// Where it starts, unless it is in brackets.
    block: Option<usize>,
}

/// Turns the parser's events into ours, with exact ranges.
pub(crate) struct Reader<'t> {
    text: &'t str,
    /// Where the text starts in the whole.
    base: usize,
    /// Offsets beyond are of text that was added to complete a broken line.
    limit: usize,
    parser: Parser<'t, granit::StrInput<'t>>,
    /// The collections not yet ended.
    open: Vec<Open>,
    /// The end of the last token that came with an event: what has none of its own lies behind it.
    last: usize,
}

impl<'t> Reader<'t> {
    /// Reads a part of the whole text that starts at `base`. What lies beyond `limit` was added to the part.
    pub(crate) fn new(text: &'t str, base: usize, limit: usize) -> Self {
        let parser = Parser::new_from_str_with_options(text, settings());
        Self { text, base, limit, parser, open: Vec::new(), last: 0 }
    }

    pub(crate) fn next(&mut self) -> Option<Result<Event<'t>, Failure>> {
        loop {
            let (event, span) = match self.parser.next_event()? {
                Ok(next) => next,
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(self.limit).min(self.limit);
                    let at = match error.kind() {
                        // The parser points at the opening bracket.
                        ErrorKind::MismatchedFlowCollectionEnd { .. } => {
                            Scan::mismatch(&self.text[..self.limit], at).unwrap_or(self.limit)
                        }
                        ErrorKind::UnclosedFlowCollection { .. } => self.limit,
                        _ => at,
                    };
                    return Some(Err(self.failure(at, Cause::Parser(error.kind().clone()))));
                }
            };
            if let Some(event) = self.convert(event, &span) {
                return Some(Ok(event));
            }
        }
    }

    /// The failure to go on there.
    pub(crate) fn failure(&self, at: usize, cause: Cause) -> Failure {
        Failure { at: self.base + at, last: self.base + self.last.min(self.limit), cause }
    }

    /// The failure of an event that starts there.
    pub(crate) fn stray(&self, start: TextSize) -> Failure {
        Failure { at: start.into(), last: start.into(), cause: Cause::Stray }
    }

    /// The failure of a collection that starts there.
    pub(crate) fn too_deep(&self, start: TextSize) -> Failure {
        Failure { at: start.into(), last: start.into(), cause: Cause::TooDeep }
    }

    fn offset(&self, at: usize) -> TextSize {
        size(self.base + at.min(self.limit))
    }

    fn range(&self, start: usize, end: usize) -> TextRange {
        TextRange::new(self.offset(start), self.offset(end))
    }

    fn convert(&mut self, event: granit::Event<'t>, span: &Span) -> Option<Event<'t>> {
        let (start, end) = span.byte_range().map_or((self.last, self.last), |range| (range.start, range.end));
        Some(match event {
            granit::Event::DocumentStart(..) => Event::DocumentStart,
            granit::Event::DocumentEnd => Event::DocumentEnd,
            granit::Event::Comment(..) => Event::Comment(self.range(start, end)),
            granit::Event::Scalar(value, style, _, tag) => {
                let tag = tag.map(|tag| self.tag(&tag, span));
                if style == granit::ScalarStyle::Plain && start == end {
                    return Some(self.missing(start, tag));
                }
                let (start, style) = match style {
                    granit::ScalarStyle::Plain => (start, ScalarStyle::Plain),
                    granit::ScalarStyle::SingleQuoted => (start, ScalarStyle::SingleQuoted),
                    granit::ScalarStyle::DoubleQuoted => (start, ScalarStyle::DoubleQuoted),
                    granit::ScalarStyle::Literal => (self.header(start), ScalarStyle::Literal),
                    granit::ScalarStyle::Folded => (self.header(start), ScalarStyle::Folded),
                };
                // Block scalars run over the blank lines behind them, but the blanks on their last line are theirs.
                let mut end = start + self.text[start..end].trim_end_matches(BLANK).len();
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                if block && self.text[start..end].contains(['\n', '\r']) {
                    let rest = &self.text[end..];
                    end += rest.len() - rest.trim_start_matches([' ', '\t']).len();
                }
                self.node(end);
                Event::Scalar { range: self.range(start, end), style, missing: false, value, tag }
            }
            granit::Event::Alias(_) | granit::Event::UnresolvedAlias(_) => {
                self.node(end);
                Event::Alias(self.range(start, end))
            }
            granit::Event::SequenceStart(style, _, tag) => {
                let tag = tag.map(|tag| self.tag(&tag, span));
                let flow = style == StructureStyle::Flow;
                let start = if flow { start } else { self.first_dash(start) };
                self.start(Shape::Sequence, flow, start, tag)
            }
            granit::Event::MappingStart(style, _, tag) => {
                let tag = tag.map(|tag| self.tag(&tag, span));
                self.start(Shape::Mapping, style == StructureStyle::Flow, start, tag)
            }
            granit::Event::SequenceEnd | granit::Event::MappingEnd => {
                self.open.pop();
                // Block collections, and the mapping in `[a: b]`, end with their last value.
                if start == end {
                    return Some(Event::End(None));
                }
                self.last = end;
                Event::End(Some(self.offset(end)))
            }
            granit::Event::Anchor(..) => {
                self.last = self.last.max(end);
                Event::Anchor(self.range(start, end))
            }
            _ => return None,
        })
    }

    /// Takes note of a node that ends there.
    fn node(&mut self, end: usize) {
        self.last = end;
        if let Some(Open { shape: Shape::Mapping, value, .. }) = self.open.last_mut() {
            *value = !*value;
        }
    }

    fn start(&mut self, shape: Shape, flow: bool, start: usize, tag: Option<Tag>) -> Event<'t> {
        // Block mappings have no indicator, and neither has the mapping in `[a: b]`.
        let indicator = matches!(self.text.as_bytes().get(start), Some(b'{' | b'[' | b'-'));
        self.node(self.last.max(start + usize::from(indicator && (flow || shape == Shape::Sequence))));
        self.open.push(Open { shape, value: false, block: (!flow).then_some(start) });
        Event::Start { shape, flow, start: self.offset(start), tag }
    }

    fn tag(&mut self, tag: &granit::Tag, span: &Span) -> Tag {
        let range = span.tag_span().and_then(|span| span.byte_range());
        let range = range.unwrap_or(self.last..self.last);
        let name = format!("{}{}", tag.handle(), tag.suffix()).into();
        Tag { name, range: self.range(range.start, range.end) }
    }

    /// A node that is nothing at all: right behind its colon or dash, or behind its anchor and tag.
    fn missing(&mut self, at: usize, tag: Option<Tag>) -> Event<'t> {
        let text = self.text;
        let bytes = text.as_bytes();
        let last = self.last;
        // The parser's position may be that of what comes next.
        let parsed = last.max(self.text[..at].trim_end_matches(BLANK).len());
        let mut before = tokens(text, last);
        let behind = match self.open.last() {
            Some(Open { shape: Shape::Mapping, value: true, .. }) => {
                let colon = before.next().filter(|colon| self.is_colon_of_key(last, *colon));
                colon.map_or(last, |colon| colon + 1)
            }
            Some(Open { shape: Shape::Mapping, .. }) => {
                let indicator = before.find(|at| !matches!(bytes[*at], b'{' | b'[' | b','));
                match indicator.map(|at| (at, bytes[at])) {
                    Some((question, b'?')) => question + 1,
                    Some((colon, b':')) => colon,
                    _ => parsed,
                }
            }
            Some(Open { block: Some(_), .. }) => {
                let dash = before.take_while(|at| *at < parsed).find(|at| bytes[*at] == b'-');
                dash.map_or(last, |dash| dash + 1)
            }
            _ => parsed,
        };
        let properties = tokens(self.text, behind).next().filter(|at| *at < parsed);
        let at = if properties.is_some_and(|at| matches!(bytes[at], b'&' | b'!')) { parsed } else { behind };
        self.node(at);
        let style = ScalarStyle::Plain;
        Event::Scalar { range: self.range(at, at), style, missing: true, value: "".into(), tag }
    }

    /// Says whether there is a colon at an offset, and it is that of the key before and not of another on a line below.
    fn is_colon_of_key(&self, key: usize, colon: usize) -> bool {
        let line = |at: usize| self.text[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
        let block = self.open.last().and_then(|open| open.block);
        let bytes = self.text.as_bytes();
        // Outside brackets, only a blank parts it from what follows: `:] x` is a key.
        let closes = |byte: &u8| block.is_none() && matches!(byte, b',' | b']' | b'}' | b'&' | b'!');
        let ends = |byte: &u8| byte.is_ascii_whitespace() || closes(byte);
        bytes[colon] == b':'
            && bytes.get(colon + 1).is_none_or(ends)
            && match block {
                Some(start) if self.text[key..colon].contains(['\n', '\r']) => {
                    colon - line(colon) == start - line(start)
                }
                _ => true,
            }
    }

    /// Finds the `|` or `>` of a block scalar whose text starts at `content`.
    fn header(&self, content: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut tokens = tokens(self.text, self.last).take_while(|at| *at < content);
        tokens.find(|at| matches!(bytes[*at], b'|' | b'>')).unwrap_or(content)
    }

    /// Finds the first dash of a block sequence. For one that is indented as its key is, the parser's position is
    /// behind the dash.
    fn first_dash(&self, start: usize) -> usize {
        if !matches!(self.open.last(), Some(Open { shape: Shape::Mapping, .. })) {
            return start;
        }
        let bytes = self.text.as_bytes();
        let mut tokens = tokens(self.text, self.last).take_while(|at| *at < start);
        tokens.find(|at| bytes[*at] == b'-').unwrap_or(start)
    }
}

const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// Walks over indicators, anchors and tags, each by its first byte, and past blanks and comments.
fn tokens(text: &str, from: usize) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    std::iter::from_fn(move || {
        loop {
            match bytes.get(at)? {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => at += bytes[at..].iter().take_while(|b| !matches!(b, b'\n' | b'\r')).count(),
                b'&' | b'!' => {
                    let start = at;
                    at += bytes[at..].iter().take_while(|b| !b.is_ascii_whitespace()).count();
                    return Some(start);
                }
                _ => {
                    at += 1;
                    return Some(at - 1);
                }
            }
        }
    })
}

fn size(offset: usize) -> TextSize {
    TextSize::new(u32::try_from(offset).expect("offsets are bounded by `MAX_LEN`"))
}
