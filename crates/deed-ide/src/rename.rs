//! Renaming a subject or a level in all manifests.

use std::fmt;

use deed_linter::FileEdit;
use deed_model::{FileRange, Head, Names, Section};
use deed_syntax::edit::{Edit, quote};

use crate::{Analysis, Named, Place, Thing};

/// Why something cannot be renamed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RenameError {
    /// Nothing with a name stands there.
    Nothing,
    /// The name is given from outside: a section, a control of Annex A.
    Fixed(String),
    /// The new name is no id.
    Malformed(String),
    /// The new name is taken.
    Taken(String),
}

impl fmt::Display for RenameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => write!(f, "there is nothing to rename here: put the cursor on an id or on a use of one"),
            Self::Fixed(name) => write!(f, "`{name}` is not ours to rename"),
            Self::Malformed(name) => {
                write!(f, "`{name}` is no id: it begins with a letter or digit, and has letters, digits, `.`, `_`, `-`")
            }
            Self::Taken(address) => write!(f, "there is a `{address}` already"),
        }
    }
}

impl std::error::Error for RenameError {}

impl<'a> Analysis<'a> {
    /// Returns the name at a place, if it can be renamed.
    ///
    /// # Errors
    /// Says why it cannot.
    pub fn prepare_rename(&self, place: Place) -> Result<Named<'a>, RenameError> {
        let named = self.name_at(place).ok_or(RenameError::Nothing)?;
        match named.thing {
            Thing::Subject(head) if head.section.is_singleton() => {
                Err(RenameError::Fixed(head.section.key().to_owned()))
            }
            Thing::Subject(head)
                if head.section == Section::Controls && deed_model::catalogue::control(&head.id).is_some() =>
            {
                Err(RenameError::Fixed(head.id.clone()))
            }
            _ => Ok(named),
        }
    }

    /// Returns the edits that rename what is named at a place: where it is defined, wherever it is used, and in
    /// `lint.ignore`, in all manifests.
    ///
    /// # Errors
    /// Says why it cannot be renamed, or not to that.
    pub fn rename(&self, place: Place, to: &str) -> Result<Vec<FileEdit>, RenameError> {
        let named = self.prepare_rename(place)?;
        if !is_id(to) {
            return Err(RenameError::Malformed(to.to_owned()));
        }
        self.free(named.thing, to)?;
        let mut edits = Vec::new();
        let mut replace = |at: FileRange, text: &str| {
            let inside = self.bare(at);
            // Between quotes an id needs no others.
            let quoted = inside != at;
            let text = if quoted { text.to_owned() } else { quote(text, self.parse(at.file).format()) };
            edits.push(FileEdit { file: at.file, edit: Edit::replace(inside.range, text) });
        };
        for definition in self.definitions(named.thing) {
            replace(definition, to);
        }
        self.visit_uses(named.thing, &mut |reference| {
            let text = match (named.thing, reference.names) {
                // It may be the address of a place in the subject.
                (Thing::Subject(head), Names::Address) => {
                    let after = reference.name.get(head.address().len()..).unwrap_or_default();
                    head.section.address(to) + after
                }
                _ => reference.renamed(to),
            };
            replace(reference.text.span, &text);
        });
        edits.sort_by_key(|edit| (edit.file, edit.edit.range.start()));
        edits.dedup_by(|a, b| a.file == b.file && a.edit.range == b.edit.range);
        Ok(edits)
    }

    /// Whether nothing else has a name, nor would be meant by it.
    fn free(&self, thing: Thing<'_>, name: &str) -> Result<(), RenameError> {
        let taken = match thing {
            Thing::Subject(head) => {
                // An owner may be a role or a person.
                let alike: &[Section] = match head.section {
                    Section::Roles | Section::People => &[Section::Roles, Section::People],
                    _ => &[head.section],
                };
                let other = |section: &Section| self.register().subject(*section, name);
                alike.iter().filter_map(other).find(|other| other.key != head.key).map(Head::address)
            }
            Thing::Level(level) => {
                let levels = self.register().risk_criteria().into_iter().flat_map(|criteria| &criteria.levels);
                let mut others = levels.filter(|other| other.name.span != level.name.span);
                others.find(|other| *other.name == name).map(|_| format!("level {name}"))
            }
        };
        taken.map_or(Ok(()), |taken| Err(RenameError::Taken(taken)))
    }

    /// Where a thing is defined: several manifests that claim one id mean one thing.
    fn definitions(&self, thing: Thing<'_>) -> Vec<FileRange> {
        match thing {
            Thing::Subject(subject) => {
                let same = |head: &&Head| head.section == subject.section && head.id == subject.id;
                self.register().heads().filter(same).map(|head| head.key).collect()
            }
            Thing::Level(level) => vec![level.name.span],
        }
    }
}

pub(crate) fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}
