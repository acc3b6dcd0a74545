//! Failures in words: what is wrong, exactly where, and what to do.

use std::ops::Range;

use granit_parser::ErrorKind as Kind;
use text_size::TextRange;

use crate::event::Shape;
use crate::yaml::lines::{dashes, is_item};
use crate::yaml::reader::{Cause, Failure};
use crate::yaml::recover::{Recovery, size};
use crate::yaml::scan::Scan;
use crate::{MAX_DEPTH, SyntaxError, SyntaxErrorKind};

/// How far the end of something is looked for.
const LOOKAHEAD: usize = 4 << 10;

/// Says what is wrong.
pub(super) fn describe(recovery: &Recovery<'_>, failure: &Failure) -> SyntaxError {
    let site = Site::new(recovery, failure);
    let kind = match &failure.cause {
        Cause::Parser(Kind::RecursionLimitExceeded) | Cause::TooDeep => return site.too_deep(),
        Cause::Stray => return site.stray(site.here()),
        Cause::Orphan => return site.orphan(),
        Cause::Parser(kind) => kind,
    };
    match kind {
        Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar | Kind::InvalidQuotedScalarIndent => {
            site.unclosed_quote()
        }
        Kind::InvalidTrailingDoubleQuotedScalar => site.behind_quote("\\\""),
        Kind::InvalidTrailingSingleQuotedScalar => site.behind_quote("''"),
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidUnicodeEscape
        | Kind::InvalidLowSurrogate
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate => site.bad_escape(),
        Kind::UnclosedFlowCollection { .. }
        | Kind::MismatchedFlowCollectionEnd { .. }
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::InvalidFlowScalarIndent
        | Kind::InvalidIndentation => site.brackets(),
        Kind::MisplacedFlowCollectionEnd => {
            let close = site.text(site.character());
            let open = if close == "]" { '[' } else { '{' };
            error(site.character(), format!("there is no `{open}` that this `{close}` closes"))
                .help("remove it, or put the text in quotes")
        }
        Kind::ExpectedFlowMappingSeparator | Kind::ExpectedFlowSequenceSeparator => {
            let close = if matches!(kind, Kind::ExpectedFlowMappingSeparator) { '}' } else { ']' };
            error(site.flow_entry(), format!("a comma or `{close}` is missing before this"))
        }
        Kind::UnexpectedEofBlockMapping | Kind::UnexpectedEofBlockSequence | Kind::UnexpectedEof => {
            site.stray(site.here())
        }
        Kind::ExpectedNodeContent => error(site.token(), "a value is expected here"),
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey | Kind::UnexpectedEndOfPlainScalar => site.stray(site.here()),
        Kind::MappingValueNotAllowed | Kind::InvalidColonPlacement | Kind::MappingKeyNotAllowed => site.second_colon(),
        Kind::ExpectedBlockMappingKey => site.no_key(),
        Kind::ExpectedBlockSequenceEntry => error(site.here(), "a list item is expected here, and starts with `- `")
            .help("indent it like the lines it belongs to"),
        Kind::BlockSequenceEntryNotAllowed => error(site.rest(), "a list cannot start on the line of its key")
            .help("put each `- ` on a line of its own, or write the list in brackets"),
        Kind::BlockEntryInFlowCollection => {
            error(site.character(), "a list in brackets has no dashes").help("separate its items by commas")
        }
        Kind::UnexpectedCharacter { .. }
        | Kind::MissingAnchorOrAliasName
        | Kind::PlainScalarStartsWithDashFlowIndicator => site.bad_start(),
        Kind::TabNotAllowed
        | Kind::TabInBlockIndentation
        | Kind::TabInIndentation
        | Kind::TabInPlainScalar
        | Kind::TabAtBlockScalarStart => site.tab(),
        Kind::CommentNotSeparated => error(site.character(), "a space is missing before this `#`")
            .help("put a space there, or put the text in quotes"),
        Kind::CommentInterceptedScalar => {
            error(site.here(), "a comment ends the text above, so this cannot go on with it")
                .help("move the comment, or put the text in quotes")
        }
        Kind::InvalidBlockScalarHeader | Kind::ZeroBlockScalarIndent => {
            error(site.token(), "behind `|` or `>` there can only be `-` or `+`, a digit from 1 to 9, and a comment")
                .help("start the text on the next line")
        }
        Kind::InvalidBlockScalarIndent => error(site.here(), "the lines of this text are not indented alike")
            .help("indent all lines of a text below `|` or `>` at least as far as its first"),
        Kind::ExpectedDocumentStart | Kind::InvalidDocumentEnd => site.behind_the_end(),
        Kind::MissingDocumentEndBeforeDirective => {
            error(site.here(), "a line cannot start with `%` here").help("put the text in quotes")
        }
        Kind::BomInsideDocument => {
            error(site.character(), "there is a byte order mark in the middle of the file").help("remove it")
        }
        Kind::UndeclaredTagHandle => {
            error(site.token(), format!("the tag `{}` is not declared", site.text(site.token())))
                .help("remove it, or put the text in quotes")
        }
        kind => error(site.token(), kind.to_string()),
    }
}

fn error(range: Range<usize>, message: impl Into<String>) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::Syntax, TextRange::new(size(range.start), size(range.end)), message)
}

/// The place of a failure.
struct Site<'a, 't> {
    recovery: &'a Recovery<'t>,
    at: usize,
    line: usize,
    token: usize,
    flow: Option<usize>,
    indented_too_far: bool,
}

impl<'a, 't> Site<'a, 't> {
    fn new(recovery: &'a Recovery<'t>, failure: &Failure) -> Self {
        let token = recovery.token(failure);
        Self {
            recovery,
            at: failure.at,
            line: recovery.lines.line_of(failure.at),
            token,
            flow: recovery.flow(failure, token),
            indented_too_far: recovery.is_indented_too_far(failure),
        }
    }

    fn text(&self, range: Range<usize>) -> &'a str {
        &self.recovery.work[range]
    }

    /// The content of the line; when that is blank, of the last line that is not.
    fn here(&self) -> Range<usize> {
        let content = self.recovery.content(self.line);
        match self.recovery.lines.content_before(self.line + 1) {
            Some(line) if content.is_empty() => self.recovery.content(line),
            _ => content,
        }
    }

    /// From the failure to the end of its line.
    fn rest(&self) -> Range<usize> {
        let here = self.here();
        self.at.clamp(here.start, here.end)..here.end
    }

    /// The character at the failure, or the last one before.
    fn character(&self) -> Range<usize> {
        let rest = self.rest();
        match self.text(rest.clone()).chars().next() {
            Some(c) => rest.start..rest.start + c.len_utf8(),
            None => rest,
        }
    }

    /// The word that the parser did not make sense of.
    fn token(&self) -> Range<usize> {
        let line = self.recovery.content(self.recovery.lines.line_of(self.token));
        let start = self.token.clamp(line.start, line.end);
        let text = self.text(start..line.end);
        start..start + text.find(' ').unwrap_or(text.len())
    }

    /// From the token to the end of its line.
    fn value(&self) -> Range<usize> {
        let line = self.recovery.content(self.recovery.lines.line_of(self.token));
        self.token.clamp(line.start, line.end)..line.end
    }

    fn too_deep(&self) -> SyntaxError {
        let message = format!("collections nest deeper than {MAX_DEPTH} levels: what is deeper is left out");
        let range = self.character();
        let range = TextRange::new(size(range.start), size(range.end));
        SyntaxError::new(SyntaxErrorKind::Limit, range, message)
    }

    fn unclosed_quote(&self) -> SyntaxError {
        let value = self.value();
        let quote = self.text(value.clone()).chars().next().filter(|c| matches!(c, '"' | '\''));
        let Some(quote) = quote else {
            return error(self.here(), "a quote before this is never closed").help("close it on its line");
        };
        if self.goes_on(value.start) {
            return error(self.here(), "this line is not indented further than the key of the text it belongs to")
                .help("lines inside quotes need at least one more space than their key");
        }
        let line = self.recovery.lines.line_of(value.start) + 1;
        error(value, format!("the quote opened on line {line} is never closed"))
            .help(format!("close it with `{quote}`"))
    }

    fn behind_quote(&self, escaped: &str) -> SyntaxError {
        let line = self.recovery.lines.line_of(self.token);
        if line < self.line {
            let message = format!("the quote opened on line {} is only closed on line {}", line + 1, self.line + 1);
            let rest = TextRange::new(size(self.rest().start), size(self.rest().end));
            return error(self.value(), message)
                .help("close it where its text ends")
                .related(rest, "text behind the closing quote");
        }
        error(self.rest(), "there is text behind the closing quote")
            .help(format!("put all of it inside the quotes, where a quote is written `{escaped}`"))
    }

    fn bad_escape(&self) -> SyntaxError {
        let value = self.value();
        let text = self.text(value.clone());
        let mut at = 0;
        while let Some(found) = text[at..].find('\\') {
            let start = at + found;
            let Some(c) = text[start + 1..].chars().next() else { break };
            let end = start + 1 + c.len_utf8();
            let range = value.start + start..value.start + end;
            let digits = match c {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ if "0abt\tnvfre \"/\\N_LP".contains(c) => 0,
                _ => {
                    return error(range, format!("`\\{c}` is not an escape"))
                        .help("write a backslash as `\\\\`, or put the text in single quotes");
                }
            };
            let digit = |text: &&str| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            let written = text.get(end..end + digits).filter(digit);
            let number = written.map(|text| u32::from_str_radix(text, 16).unwrap_or(0));
            if digits > 0 && number.is_none_or(|number| char::from_u32(number).is_none()) {
                let message = format!("`\\{c}` needs {digits} hexadecimal digits that name a character");
                return error(range, message).help("write a backslash as `\\\\`, or put the text in single quotes");
            }
            at = end;
        }
        error(value, "there is an escape in this text that does not exist")
    }

    /// Says whether what opens at an offset is closed on a later line, and nothing in between looks like a key.
    fn goes_on(&self, at: usize) -> bool {
        let Some(end) = Scan::end(&self.recovery.work, at, at + LOOKAHEAD) else { return false };
        let is_key = |line: &str| line.contains(": ") || line.ends_with(':');
        self.text(at..end).lines().skip(1).all(|line| !is_key(line))
    }

    /// A bracket is not closed, or what is between two brackets is not indented.
    fn brackets(&self) -> SyntaxError {
        let here = self.recovery.content(self.line);
        let content = self.text(here.clone());
        let indentation = self.at == here.start && !here.is_empty();
        if indentation && content.starts_with([']', '}']) {
            let close = &content[..1];
            return error(here.start..here.start + 1, format!("this `{close}` is not indented further than its key"))
                .help("put at least one more space before it");
        }
        let scan = self.flow.and_then(|flow| Scan::new(&self.recovery.work, flow, self.at));
        let Some((open, at)) = scan.and_then(|scan| scan.open.last().copied()) else {
            return error(self.here(), "this line is not indented further than what it belongs to");
        };
        if indentation && self.goes_on(at) {
            return error(here, "this line is not indented further than the key of the list it belongs to")
                .help("lines inside brackets need at least one more space than their key");
        }
        let (open, close) = if open == b'[' { ('[', ']') } else { ('{', '}') };
        error(at..at + 1, format!("this `{open}` is never closed")).help(format!("close it with `{close}`"))
    }

    /// What follows an entry in brackets without a comma.
    fn flow_entry(&self) -> Range<usize> {
        let leaf = self.recovery.builder.last_leaf().filter(|leaf| usize::from(leaf.end()) == self.at);
        if leaf.is_some_and(|leaf| self.recovery.lines.line_of(leaf.start().into()) < self.line) {
            return self.recovery.content(self.line).start..self.at;
        }
        let rest = self.rest();
        let text = self.text(rest.clone());
        let end = text.find([',', ']', '}']).filter(|end| *end > 0).unwrap_or(text.len());
        rest.start..rest.start + text[..end].trim_end().len()
    }

    /// Text that is neither a key nor a value.
    fn stray(&self, line: Range<usize>) -> SyntaxError {
        let text = self.text(line.clone());
        if text.starts_with(['[', '{']) && self.flow.is_some() {
            return self.brackets();
        }
        let start = line.start + dashes(text).min(text.len());
        let text = self.text(start..line.end);
        if let Some((key, value)) = text.split_once(':').filter(|(key, value)| is_name(key) && !value.is_empty()) {
            let colon = start + key.len();
            return error(colon..colon + 1, "a space is missing behind this colon")
                .help(format!("write `{key}: {value}`"));
        }
        let in_list = self.recovery.builder.top().is_some_and(|top| top.shape == Shape::Sequence);
        let shown = if text.chars().count() > 40 { "this line".to_owned() } else { format!("`{text}`") };
        if in_list && !is_item(self.text(line.clone())) && start == line.start {
            return error(line, format!("{shown} stands where a list item is expected")).help("items start with `- `");
        }
        let error = error(start..line.end, format!("{shown} is neither a key nor a value"));
        if is_name(text) { error.help(format!("a key ends with a colon: `{text}:`")) } else { error }
    }

    fn orphan(&self) -> SyntaxError {
        error(self.here(), "this line is not indented like any entry it could belong to")
            .help("indent it like the entry above it")
    }

    /// A colon where none can be.
    fn second_colon(&self) -> SyntaxError {
        if self.indented_too_far {
            return error(self.here(), "this line is indented further than the one above, which has a value already")
                .help("indent it like the key above");
        }
        let line = self.recovery.lines.line_of(self.token);
        if line < self.line {
            return self.stray(self.recovery.content(line));
        }
        let value = self.value();
        let text = self.text(value.clone());
        let error = error(value, "text with `: ` in it has to be in quotes");
        if text.contains(['"', '\\']) { error } else { error.help(format!("write `\"{text}\"`")) }
    }

    fn no_key(&self) -> SyntaxError {
        let here = self.here();
        if is_item(self.text(here.clone())) {
            return error(here, "a list item stands where a key is expected")
                .help("indent it like the list it belongs to");
        }
        if self.at <= here.start {
            return self.orphan();
        }
        error(self.rest(), "this cannot follow what is before it on the line")
    }

    fn bad_start(&self) -> SyntaxError {
        let value = self.value();
        let text = self.text(value.clone());
        let start = text.chars().next().map(String::from).unwrap_or_default();
        let error = error(value, format!("text cannot start with `{start}`"));
        if text.contains(['"', '\\']) { error } else { error.help(format!("put it in quotes: `\"{text}\"`")) }
    }

    fn tab(&self) -> SyntaxError {
        let lines = self.line..self.recovery.lines.count().min(self.line + 2);
        let indents = lines.map(|line| self.recovery.lines.start(line)..self.recovery.content(line).start);
        let tabs = indents.filter_map(|indent| {
            let text = self.text(indent.clone());
            text.find('\t').map(|tab| indent.start + tab..indent.end)
        });
        let range = tabs.into_iter().next().unwrap_or_else(|| self.character());
        error(range, "a tab is used for indentation").help("indent with spaces")
    }

    fn behind_the_end(&self) -> SyntaxError {
        let here = self.here();
        let before = self.recovery.lines.content_before(self.line).map(|line| self.recovery.content(line));
        if let Some(directive) = before.filter(|before| self.text(before.clone()).starts_with('%')) {
            return error(directive, "a line that starts with `%` is a directive, and has to be followed by `---`")
                .help("put the text in quotes, or a line `---` behind it");
        }
        if self.at <= here.start {
            return error(here, "this line is indented less than the first one")
                .help("start all top-level entries in the same column");
        }
        error(self.rest(), "only a comment can stand behind the end of a document")
    }
}

/// Says whether a text looks like a key.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
}
