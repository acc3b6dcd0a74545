//! YAML text to events: the only module that knows which parser does the reading.

use granit_parser::{self as granit, Options, Parser, Span, StructureStyle, options};
use text_size::{TextRange, TextSize};

use crate::build::Builder;
use crate::event::{Event, Shape, Tag};
use crate::parse::Tree;
use crate::tree::ScalarStyle;
use crate::{SyntaxError, SyntaxErrorKind};

/// Reads a whole text.
pub(crate) fn read(text: &str) -> Tree {
    let mut builder = Builder::new(text);
    let mut reader = Reader::new(text);
    loop {
        match reader.next() {
            Some(Ok(event)) => {
                if builder.event(event).is_err() {
                    break;
                }
            }
            Some(Err(error)) => {
                let offset =
                    size(error.marker().byte_offset().unwrap_or(text.len()).min(text.len()));
                let error = SyntaxError::new(
                    SyntaxErrorKind::Syntax,
                    TextRange::empty(offset),
                    error.info(),
                );
                builder.tree.errors.push(error);
                break;
            }
            None => break,
        }
    }
    let mut tree = builder.finish();
    crate::alias::resolve(text, &mut tree);
    crate::duplicate::find(text, &mut tree);
    tree
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

/// Turns the parser's events into ours, with exact ranges.
struct Reader<'t> {
    text: &'t str,
    parser: Parser<'t, granit::StrInput<'t>>,
    /// The end of the last token that came with an event: block headers are behind it.
    last: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, parser: Parser::new_from_str_with_options(text, settings()), last: 0 }
    }

    fn next(&mut self) -> Option<Result<Event<'t>, granit::ScanError>> {
        loop {
            let (event, span) = match self.parser.next_event()? {
                Ok(next) => next,
                Err(error) => return Some(Err(error)),
            };
            if let Some(event) = self.convert(event, &span) {
                return Some(Ok(event));
            }
        }
    }

    fn convert(&mut self, event: granit::Event<'t>, span: &Span) -> Option<Event<'t>> {
        let (start, end) =
            span.byte_range().map_or((self.last, self.last), |range| (range.start, range.end));
        Some(match event {
            granit::Event::DocumentStart(..) => Event::DocumentStart,
            granit::Event::DocumentEnd => Event::DocumentEnd,
            granit::Event::Comment(..) => Event::Comment(range(start, end)),
            granit::Event::Scalar(value, style, _, tag) => {
                let missing = style == granit::ScalarStyle::Plain && start == end;
                let tag = tag.map(|tag| self.tag(&tag, span));
                let (start, style) = match style {
                    granit::ScalarStyle::Plain => (start, ScalarStyle::Plain),
                    granit::ScalarStyle::SingleQuoted => (start, ScalarStyle::SingleQuoted),
                    granit::ScalarStyle::DoubleQuoted => (start, ScalarStyle::DoubleQuoted),
                    granit::ScalarStyle::Literal => {
                        (self.block_header(start), ScalarStyle::Literal)
                    }
                    granit::ScalarStyle::Folded => (self.block_header(start), ScalarStyle::Folded),
                };
                // Block scalars run over the blank lines behind them.
                let end =
                    start + self.text[start..end].trim_end_matches([' ', '\t', '\n', '\r']).len();
                self.last = end;
                let value = if missing { "".into() } else { value };
                Event::Scalar { range: range(start, end), style, missing, value, tag }
            }
            granit::Event::Alias(_) | granit::Event::UnresolvedAlias(_) => {
                self.last = end;
                Event::Alias(range(start, end))
            }
            granit::Event::SequenceStart(style, _, tag) => {
                self.start(Shape::Sequence, style, start, tag.as_deref(), span)
            }
            granit::Event::MappingStart(style, _, tag) => {
                self.start(Shape::Mapping, style, start, tag.as_deref(), span)
            }
            granit::Event::SequenceEnd | granit::Event::MappingEnd if start < end => {
                self.last = end;
                Event::End(Some(size(end)))
            }
            granit::Event::SequenceEnd | granit::Event::MappingEnd => Event::End(None),
            granit::Event::Anchor(..) => {
                self.last = self.last.max(end);
                Event::Anchor(range(start, end))
            }
            _ => return None,
        })
    }

    fn start(
        &mut self,
        shape: Shape,
        style: StructureStyle,
        start: usize,
        tag: Option<&granit::Tag>,
        span: &Span,
    ) -> Event<'t> {
        let flow = style == StructureStyle::Flow;
        let tag = tag.map(|tag| self.tag(tag, span));
        self.last = self.last.max(if flow { start + 1 } else { start });
        Event::Start { shape, flow, start: size(start), tag }
    }

    fn tag(&mut self, tag: &granit::Tag, span: &Span) -> Tag {
        let range =
            span.tag_span().and_then(|span| span.byte_range()).unwrap_or(self.last..self.last);
        self.last = self.last.max(range.end);
        Tag {
            name: format!("{}{}", tag.handle(), tag.suffix()).into(),
            range: self::range(range.start, range.end),
        }
    }

    /// Finds the `|` or `>` of a block scalar whose text starts at `content`.
    fn block_header(&self, content: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = self.last;
        while at < content {
            match bytes[at] {
                b'|' | b'>' => return at,
                b'#' => at += self.text[at..].find(['\n', '\r']).unwrap_or(self.text.len() - at),
                _ => at += 1,
            }
        }
        content
    }
}

pub(crate) fn size(offset: usize) -> TextSize {
    TextSize::new(u32::try_from(offset).expect("offsets are bounded by `MAX_LEN`"))
}

pub(crate) fn range(start: usize, end: usize) -> TextRange {
    TextRange::new(size(start), size(end))
}
