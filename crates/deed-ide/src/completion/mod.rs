//! What may be written at a place, be the text around it sound or half-typed.
//!
//! `scan` says where the cursor is, from the text alone; `keys`, `values` and `entries` say what fits there, from the schema,
//! the register and the catalogue; `draft` writes it in the notation of the place.

mod about;
mod draft;
mod entries;
mod keys;
mod scan;
mod spot;
mod values;

use deed_model::{Head, Section};
use deed_syntax::edit::Edit;
use deed_syntax::{Format, TextRange};

use crate::completion::scan::spot_at;
use crate::completion::spot::{Sort, Spot};
use crate::name::size;
use crate::{Analysis, Place};

pub(crate) use crate::completion::draft::{Draft, Notation};

/// What the editor can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CompletionOptions {
    /// It takes texts with placeholders, `${1:title}`.
    pub snippets: bool,
    /// It asks [`Analysis::subject_documentation`] about a subject once somebody looks at it.
    pub later: bool,
}

/// Something that may be written at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// What the list shows.
    pub label: String,
    /// What sort of thing it is.
    pub kind: CompletionKind,
    /// A few words about it: a title, what a number means.
    pub detail: String,
    /// More about it, in Markdown.
    pub documentation: String,
    /// What is written, in one line of the text; with its indentation, so that nothing has to be adjusted.
    pub edit: Edit,
    /// The new text has placeholders.
    pub is_snippet: bool,
    /// Edits elsewhere that belong to it.
    pub additional: Vec<Edit>,
    /// The address of the subject it is, of which [`Analysis::subject_documentation`] knows more.
    pub subject: Option<String>,
    /// What the text in the edit's range is compared with.
    pub filter: String,
    /// Its place in the list, compared as text.
    pub sort: String,
    /// It should not be written any more; what takes its place is.
    pub deprecated: bool,
    /// It is most likely what is wanted.
    pub preselect: bool,
    /// What follows it can be completed at once.
    pub again: bool,
}

/// Sorts of completions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompletionKind {
    /// A field of a mapping.
    Field,
    /// A section.
    Section,
    /// A subject, by id or address.
    Subject(Section),
    /// A whole new subject.
    Entry(Section),
    /// A whole decision.
    Decision,
    /// A level of the risk criteria.
    Level,
    /// A rule.
    Rule,
    /// A value from a list.
    Choice,
    /// A day or a period.
    Time,
    /// A number.
    Number,
}

impl Analysis<'_> {
    /// Returns what may be written at a place, in the order to show it.
    pub fn complete(&self, place: Place, options: CompletionOptions) -> Vec<Completion> {
        let parse = self.parse(place.file);
        let (text, cursor) = (parse.text(), usize::from(place.offset));
        if !text.is_char_boundary(cursor) {
            return Vec::new();
        }
        let Some(spot) = spot_at(text, parse.format(), cursor) else {
            return self.rules_in_comment(place);
        };
        let mut offers = Offers {
            analysis: self,
            place,
            spot: &spot,
            json: parse.format() == Format::Json,
            crlf: text.find('\n').is_some_and(|at| text[..at].ends_with('\r')),
            options,
            dash: false,
            all: Vec::new(),
        };
        match spot.sort {
            Sort::Key { .. } => keys::offer(&mut offers),
            Sort::Value { .. } => values::offer(&mut offers),
        }
        offers.all
    }
}

/// How many completions of one place have documentation about subjects.
const DESCRIBED: usize = 200;

/// The completions of one place, as they are gathered.
struct Offers<'a, 's> {
    analysis: &'a Analysis<'a>,
    place: Place,
    spot: &'s Spot,
    json: bool,
    /// Lines end as on Windows.
    crlf: bool,
    options: CompletionOptions,
    /// What is offered goes behind a dash that is not there yet.
    dash: bool,
    all: Vec<Completion>,
}

/// What is offered, but for its edit.
#[derive(Default)]
struct Offer {
    label: String,
    detail: String,
    documentation: String,
    /// Less stands higher.
    rank: u8,
    /// The address of the subject it is.
    subject: Option<String>,
    /// What else it may be looked for by.
    words: String,
    /// Its key is a proposal only.
    name_it: bool,
    deprecated: bool,
    preselect: bool,
    again: bool,
}

impl Offers<'_, '_> {
    /// What is said of a subject at once: nothing where it can be asked for, or where there are very many.
    fn about(&self, head: &Head) -> String {
        if self.options.later || self.all.len() >= DESCRIBED {
            return String::new();
        }
        about::subject(self.analysis, head)
    }

    /// How something is written where the spot is.
    fn notation(&self) -> Notation {
        Notation {
            json: self.json,
            flow: self.spot.flow,
            snippet: self.options.snippets,
            quote: self.spot.quote,
            column: self.spot.column + 2 * usize::from(self.dash),
            crlf: self.crlf,
            name_it: false,
        }
    }

    /// Offers a value.
    fn value(&mut self, kind: CompletionKind, offer: Offer, draft: &Draft) {
        let mut notation = self.notation();
        if matches!(self.spot.sort, Sort::Value { own_line: false }) && !self.spot.flow {
            // Behind a key: what goes below it is indented further.
            notation.column += 2;
        }
        let mut text = notation.value(draft);
        if matches!((self.spot.sort, draft), (Sort::Value { own_line: false }, Draft::Block(_))) && !self.spot.flow {
            text.insert_str(0, &notation.line_break());
        }
        self.push(kind, offer, text);
    }

    /// Offers an entry of a mapping.
    fn entry(&mut self, kind: CompletionKind, offer: Offer, key: &str, draft: &Draft) {
        let has_colon = matches!(self.spot.sort, Sort::Key { has_colon: true });
        let notation = Notation { name_it: offer.name_it, ..self.notation() };
        let text = if has_colon { notation.key(key) } else { notation.entry(key, draft) };
        self.push(kind, offer, text);
    }

    fn push(&mut self, kind: CompletionKind, offer: Offer, text: String) {
        let Spot { range, lead, tail, missing, quote, .. } = self.spot;
        let place = |(from, to): (usize, usize)| TextRange::new(size(from), size(to));
        let is_snippet = self.options.snippets;
        let dash = if self.dash { "- " } else { "" };
        let quote = quote.map(String::from).unwrap_or_default();
        self.all.push(Completion {
            filter: format!("{quote}{}{}", offer.label, offer.words),
            sort: format!("{:02}{:04}", offer.rank, self.all.len()),
            label: offer.label,
            kind,
            detail: offer.detail,
            documentation: offer.documentation,
            edit: Edit::replace(place(*range), format!("{lead}{dash}{text}{tail}")),
            is_snippet,
            subject: offer.subject,
            additional: missing.map(|(at, what)| Edit::insert(size(at), what)).into_iter().collect(),
            deprecated: offer.deprecated,
            preselect: offer.preselect,
            again: offer.again,
        });
    }
}
