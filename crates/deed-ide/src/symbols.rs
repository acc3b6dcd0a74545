//! The subjects of manifests, for outlines and for searching by name.

use std::collections::HashMap;

use deed_model::{Decision, FileId, FileRange, Head, Section};

use crate::Analysis;

/// A section or a subject.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// What it is called: its id, or the section's key.
    pub name: String,
    /// What it is, in words: a title or a name.
    pub detail: String,
    /// What sort of thing it is.
    pub kind: SymbolKind,
    /// All of it.
    pub range: FileRange,
    /// Its name.
    pub name_range: FileRange,
    /// The subjects of a section, the decisions of a subject.
    pub children: Vec<Self>,
}

/// Sorts of symbols.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolKind {
    /// A section that has subjects.
    Section,
    /// A subject of a section.
    Subject(Section),
    /// A decision.
    Decision,
}

impl Analysis<'_> {
    /// Returns the sections of a manifest with their subjects and decisions, in the order of the text.
    pub fn outline(&self, file: FileId) -> Vec<Symbol> {
        let Some(root) = self.parse(file).root() else { return Vec::new() };
        let heads: Vec<&Head> = self.register().heads().filter(|head| head.key.file == file).collect();
        let decisions = self.decisions_by_subject();
        let mut sections = Vec::new();
        for entry in root.entries() {
            let range = FileRange { file, range: entry.range() };
            let within = |head: &&&Head| range.range.contains_range(head.range.range);
            let mut subjects: Vec<Symbol> =
                heads.iter().filter(within).map(|head| self.symbol(head, &decisions)).collect();
            subjects.sort_by_key(|symbol| symbol.range.range.start());
            if subjects.len() == 1 && subjects[0].kind != SymbolKind::Section && subjects[0].range == range {
                sections.append(&mut subjects);
                continue;
            }
            let Some(name) = entry.name().filter(|_| !subjects.is_empty()) else { continue };
            sections.push(Symbol {
                name: name.to_owned(),
                detail: String::new(),
                kind: SymbolKind::Section,
                range,
                name_range: FileRange { file, range: entry.key().range() },
                children: subjects,
            });
        }
        sections
    }

    /// Returns the subjects of all manifests whose id or title has all letters of `query` in that order, whatever their
    /// case; all of them for an empty one.
    pub fn search(&self, query: &str) -> Vec<Symbol> {
        let query = query.to_lowercase();
        let fits = |text: &str| {
            let mut letters = text.chars().flat_map(char::to_lowercase);
            query.chars().all(|wanted| letters.any(|letter| letter == wanted))
        };
        let found = self.register().heads().filter(|head| fits(&head.address()) || fits(&self.title(head)));
        found.map(|head| self.symbol(head, &HashMap::new())).collect()
    }

    fn decisions_by_subject(&self) -> HashMap<FileRange, Vec<&Decision>> {
        let mut all: HashMap<FileRange, Vec<&Decision>> = HashMap::new();
        for (head, decision) in self.register().decisions() {
            all.entry(head.key).or_default().push(decision);
        }
        all
    }

    fn symbol(&self, head: &Head, decisions: &HashMap<FileRange, Vec<&Decision>>) -> Symbol {
        let children = decisions.get(&head.key).into_iter().flatten().map(|decision| Symbol {
            name: decision.verb.key().to_owned(),
            detail: decision.by.as_ref().map(|by| by.value.clone()).unwrap_or_default(),
            kind: SymbolKind::Decision,
            range: decision.range,
            name_range: decision.range,
            children: Vec::new(),
        });
        Symbol {
            name: if head.section.is_singleton() { head.section.key().to_owned() } else { head.id.clone() },
            detail: self.title(head),
            kind: SymbolKind::Subject(head.section),
            range: head.range,
            name_range: head.key,
            children: children.collect(),
        }
    }

    /// A subject's title or name; the catalogue's for a control. Empty where it has none.
    pub(crate) fn title(&self, head: &Head) -> String {
        let node = self.parse(head.key.file).node(head.node);
        let text = |key: &str| node.get(key).and_then(|entry| entry.value().scalar_text()).map(str::to_owned);
        let own = ["title", "name", "reason"].into_iter().find_map(text);
        let known = || {
            let control = (head.section == Section::Controls).then(|| deed_model::catalogue::control(&head.id));
            control.flatten().map(|control| control.title.to_owned())
        };
        own.or_else(known).unwrap_or_default()
    }
}
