//! From a name to what it names, and back.

use deed_model::FileRange;

use crate::{Analysis, Place};

/// A place that names or defines what is under the cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Highlight {
    /// The name.
    pub range: FileRange,
    /// Whether it is defined there.
    pub is_definition: bool,
}

impl Analysis<'_> {
    /// Returns where what is named at a place is defined.
    pub fn definition(&self, place: Place) -> Option<FileRange> {
        self.name_at(place).map(|name| name.thing.definition())
    }

    /// Returns every place that names what is named at a place, in the order of manifests and text; with where it is
    /// defined, if that is asked for.
    pub fn references(&self, place: Place, with_definition: bool) -> Vec<FileRange> {
        let Some(name) = self.name_at(place) else { return Vec::new() };
        let mut all = Vec::new();
        self.visit_uses(name.thing, &mut |reference| all.push(self.range_of(&reference)));
        if with_definition {
            all.push(self.bare(name.thing.definition()));
        }
        all.sort_by_key(|at| (at.file, at.range.start()));
        all
    }

    /// Returns what is named at a place wherever its manifest names or defines it, in the order of the text.
    pub fn highlights(&self, place: Place) -> Vec<Highlight> {
        let Some(name) = self.name_at(place) else { return Vec::new() };
        let mut all = Vec::new();
        self.visit_uses(name.thing, &mut |reference| {
            if reference.text.span.file == place.file {
                all.push(Highlight { range: self.range_of(&reference), is_definition: false });
            }
        });
        let definition = self.bare(name.thing.definition());
        if definition.file == place.file {
            all.push(Highlight { range: definition, is_definition: true });
        }
        all.sort_by_key(|highlight| highlight.range.range.start());
        all.dedup_by_key(|highlight| highlight.range);
        all
    }

    /// Returns the file that a place names, as written: the document of a policy, a piece of evidence.
    pub fn file_at(&self, place: Place) -> Option<&str> {
        let reference = self.reference_at(place)?;
        matches!(reference.names, deed_model::Names::File).then_some(reference.name)
    }
}
