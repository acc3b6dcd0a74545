//! What stands under the cursor: a name, where it is defined or where it is used.

use deed_model::{Definition, FileRange, Head, LevelBound, Names, Reference, Register};
use deed_syntax::TextRange;

use crate::{Analysis, Place};

/// A name under the cursor.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// What it names.
    pub thing: Thing<'a>,
    /// The name itself: `R-12` of `risks.R-12`, without quotes.
    pub range: FileRange,
    /// Whether the thing is defined here.
    pub is_definition: bool,
}

/// What has a name.
#[derive(Clone, Copy, Debug)]
pub enum Thing<'a> {
    /// A subject of the register.
    Subject(&'a Head),
    /// A level of the risk criteria.
    Level(&'a LevelBound),
}

impl<'a> Thing<'a> {
    /// Where it is defined: its id or name.
    pub fn definition(self) -> FileRange {
        match self {
            Self::Subject(head) => head.key,
            Self::Level(level) => level.name.span,
        }
    }

    fn is(self, other: Thing<'_>) -> bool {
        self.definition() == other.definition()
    }
}

impl<'a> From<Definition<'a>> for Thing<'a> {
    fn from(definition: Definition<'a>) -> Self {
        match definition {
            Definition::Subject(head) => Self::Subject(head),
            Definition::Level(level) => Self::Level(level),
        }
    }
}

impl<'a> Analysis<'a> {
    /// Returns the name at a place.
    pub fn name_at(&self, place: Place) -> Option<Named<'a>> {
        let touches = |at: FileRange| at.file == place.file && at.range.contains_inclusive(place.offset);
        let defined = things(self.register()).find(|thing| touches(thing.definition()));
        if let Some(thing) = defined {
            return Some(Named { thing, range: self.bare(thing.definition()), is_definition: true });
        }
        let found = self.reference_at(place)?;
        let thing = self.register().definition(&found)?.into();
        Some(Named { thing, range: self.range_of(&found), is_definition: false })
    }

    /// Returns the reference at a place, whether or not anything has that name.
    pub(crate) fn reference_at(&self, place: Place) -> Option<Reference<'a>> {
        let mut found = None;
        self.register().visit_references(&mut |reference| {
            let at = reference.text.span;
            if found.is_none() && at.file == place.file && at.range.contains_inclusive(place.offset) {
                found = Some(reference);
            }
        });
        found
    }

    /// Calls `visit` with every reference to a thing.
    pub(crate) fn visit_uses(&self, thing: Thing<'_>, visit: &mut dyn FnMut(Reference<'a>)) {
        let register = self.register();
        register.visit_references(&mut |reference| {
            let definition = register.definition(&reference).map(Thing::from);
            if definition.is_some_and(|it| it.is(thing)) {
                visit(reference);
            }
        });
    }

    /// Where a reference has the name, if it is written out there; all of the value otherwise.
    pub(crate) fn range_of(&self, reference: &Reference<'_>) -> FileRange {
        let whole = self.bare(reference.text.span);
        let text = self.workspace.text(whole);
        let name = match reference.names {
            // The subject's part of an address may be followed by a place in it.
            Names::Address => return whole,
            _ => reference.name,
        };
        let Some(at) = text.rfind(name) else { return whole };
        let start = whole.range.start() + size(at);
        FileRange { range: TextRange::at(start, size(name.len())), ..whole }
    }

    /// A scalar's place without its quotes.
    pub(crate) fn bare(&self, at: FileRange) -> FileRange {
        let text = self.workspace.text(at);
        let quoted =
            text.len() >= 2 && ['"', '\''].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote));
        if !quoted {
            return at;
        }
        FileRange { range: TextRange::new(at.range.start() + size(1), at.range.end() - size(1)), ..at }
    }
}

fn things(register: &Register) -> impl Iterator<Item = Thing<'_>> {
    let levels = register.risk_criteria().into_iter().flat_map(|criteria| &criteria.levels).map(Thing::Level);
    register.heads().map(Thing::Subject).chain(levels)
}

pub(crate) fn size(bytes: usize) -> deed_syntax::TextSize {
    deed_syntax::TextSize::try_from(bytes).unwrap_or_default()
}
