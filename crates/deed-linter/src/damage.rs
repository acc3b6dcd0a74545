//! What rules cannot know because the text of a manifest is broken.

use std::collections::{HashMap, HashSet};

use deed_model::{FileId, FileRange, Section, Verb, Workspace};
use deed_syntax::TextRange;

use crate::{Diagnostic, Group};

/// What the broken stretches of all manifests may have held.
#[derive(Default)]
pub(crate) struct Damage<'w> {
    /// The words in them: ids that may have been defined there.
    words: HashSet<&'w str>,
    /// The sections that may lack a subject, or something of one.
    sections: HashSet<Section>,
    /// The subjects that may lack something, by address.
    subjects: HashSet<String>,
    /// Where they stand, sorted.
    places: HashMap<FileId, Vec<TextRange>>,
}

impl<'w> Damage<'w> {
    pub(crate) fn of(workspace: &'w Workspace) -> Self {
        let broken = workspace.files().filter(|(_, manifest)| !manifest.parse.damage().is_empty());
        Self::of_files(workspace, &broken.map(|(file, _)| file).collect::<Vec<_>>())
    }

    /// The same, where it is known which manifests are broken.
    pub(crate) fn of_files(workspace: &'w Workspace, damaged: &[FileId]) -> Self {
        let mut damage = Self::default();
        for file in damaged {
            let parse = &workspace.manifest(*file).parse;
            let is_word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
            let stretches = parse.damage().iter().map(|range| &parse.text()[*range]);
            damage.words.extend(stretches.flat_map(|text| text.split(move |c| !is_word(c))));
            for entry in parse.root().into_iter().flat_map(|root| root.entries()) {
                let section = entry.name().and_then(Section::of_key);
                let is_damaged = || parse.is_damaged(entry.range()) || entry.value().is_cut_short();
                damage.sections.extend(section.filter(|_| is_damaged()));
            }
        }
        if damage.words.is_empty() {
            return damage;
        }
        damage.sections.extend(Section::ALL.into_iter().filter(|section| damage.words.contains(section.key())));
        let in_file = |file: &FileId| workspace.register().heads_in(*file);
        for head in damaged.iter().flat_map(in_file).filter(|head| damage.sections.contains(&head.section)) {
            let parse = &workspace.manifest(head.key.file).parse;
            if parse.is_damaged(head.range.range) || parse.node(head.node).is_cut_short() {
                damage.places.entry(head.key.file).or_default().push(head.range.range);
                damage.subjects.insert(head.address());
            }
        }
        damage.places.values_mut().for_each(|places| places.sort_by_key(|place| place.start()));
        damage
    }

    /// Says whether another knows the same to be broken; where that stands aside.
    pub(crate) fn is_as(&self, other: &Damage<'_>) -> bool {
        self.sections == other.sections
            && self.subjects == other.subjects
            && self.words.len() == other.words.len()
            && self.words.iter().all(|word| other.words.contains(word))
    }

    /// Says whether an id of a section may be defined where the text is broken.
    pub(crate) fn may_define(&self, section: Section, id: &str) -> bool {
        self.words.contains(id) || self.words.contains(section.key())
    }

    /// Says whether a section may have more than the register knows.
    pub(crate) fn may_add_to(&self, section: Section) -> bool {
        self.sections.contains(&section)
    }

    /// Says whether a diagnostic may be wrong: it is about something damaged, or rests on it. What is wrong with the form is
    /// wrong whatever else is.
    pub(crate) fn casts_doubt_on(&self, diagnostic: &Diagnostic) -> bool {
        if diagnostic.rule.group == Group::Form || self.words.is_empty() {
            return false;
        }
        let (section, id) = diagnostic.subject.split_once('.').unwrap_or((&diagnostic.subject, &diagnostic.subject));
        // Who may decide is known only where everybody is.
        let is_decision = diagnostic.key_path.split(['.', '[']).any(|key| Verb::of_key(key).is_some());
        let deciders = [Section::People, Section::Roles, Section::Delegations];
        self.words.contains(section)
            || self.words.contains(id)
            || self.subjects.contains(&*diagnostic.subject)
            || (is_decision && deciders.into_iter().any(|section| self.may_add_to(section)))
            || self.holds(diagnostic.span)
            || diagnostic.labels.iter().any(|label| self.holds(label.span))
    }

    /// Says whether a place is in a damaged subject.
    fn holds(&self, at: FileRange) -> bool {
        let Some(places) = self.places.get(&at.file) else { return false };
        let next = places.partition_point(|place| place.start() <= at.range.start());
        next.checked_sub(1).is_some_and(|last| places[last].contains_range(at.range))
    }
}
