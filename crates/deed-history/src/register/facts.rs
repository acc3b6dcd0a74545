//! What one version of one manifest says: its subjects, their fields as hashes, and of decisions who and when.

use std::collections::HashMap;
use std::rc::Rc;

use deed_model::{Date, Section, Verb, parse_date};
use deed_syntax::{Format, Node, Parse};

use super::canonical::{Hash, canonical};
use crate::signature::PublicKey;

/// A subject of any time, by its address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct SubjectId(pub(crate) u32);

/// A field of any subject, by its name; a decision's field has the decision in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct FieldId(pub(crate) u32);

/// Names for numbers.
#[derive(Clone, Default)]
pub(crate) struct Names {
    subjects: Vec<(Section, String)>,
    subject_ids: HashMap<(Section, String), SubjectId>,
    fields: Vec<FieldName>,
    field_ids: HashMap<FieldName, FieldId>,
}

/// What a field is called.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum FieldName {
    /// A field as it is written.
    Plain(String),
    /// A decision, by who made it and by its whole value: another value is another decision, and one that stands in a
    /// list stays the same whatever stands beside it.
    Decision(Verb, String, Hash),
    /// The bytes of the files a subject names: a policy's `document`, keys that stand in files.
    FileBytes,
}

impl Names {
    pub(crate) fn subject(&mut self, section: Section, id: &str) -> SubjectId {
        let next = SubjectId(u32::try_from(self.subjects.len()).unwrap_or(u32::MAX));
        *self.subject_ids.entry((section, id.to_owned())).or_insert_with(|| {
            self.subjects.push((section, id.to_owned()));
            next
        })
    }

    pub(crate) fn field(&mut self, name: FieldName) -> FieldId {
        if let Some(id) = self.field_ids.get(&name) {
            return *id;
        }
        let id = FieldId(u32::try_from(self.fields.len()).unwrap_or(u32::MAX));
        self.fields.push(name.clone());
        self.field_ids.insert(name, id);
        id
    }

    pub(crate) fn known_subject(&self, section: Section, id: &str) -> Option<SubjectId> {
        self.subject_ids.get(&(section, id.to_owned())).copied()
    }

    pub(crate) fn known_field(&self, name: &FieldName) -> Option<FieldId> {
        self.field_ids.get(name).copied()
    }

    pub(crate) fn of_subject(&self, id: SubjectId) -> (Section, &str) {
        let (section, id) = &self.subjects[id.0 as usize];
        (*section, id)
    }

    pub(crate) fn of_field(&self, id: FieldId) -> &FieldName {
        &self.fields[id.0 as usize]
    }
}

/// One version of one manifest.
#[derive(Debug)]
pub(crate) struct FileFacts {
    /// Its subjects, by id.
    pub(crate) subjects: Vec<Rc<SubjectFacts>>,
    /// Whether it says anything that authority is judged by.
    pub(crate) governs: bool,
}

/// One subject as one version of a manifest has it.
#[derive(Debug)]
pub(crate) struct SubjectFacts {
    pub(crate) subject: SubjectId,
    /// By id.
    pub(crate) fields: Vec<(FieldId, Hash)>,
    pub(crate) decisions: Vec<DecisionFacts>,
    /// The files whose bytes count as part of it: a policy's document, the keys of a person or a forge.
    pub(crate) files: Vec<String>,
    /// A person's addresses, in lower case.
    pub(crate) emails: Vec<String>,
}

/// One decision as one version of a manifest has it.
#[derive(Clone, Debug)]
pub(crate) struct DecisionFacts {
    pub(crate) field: FieldId,
    pub(crate) verb: Verb,
    pub(crate) by: String,
    pub(crate) date: Option<Date>,
    pub(crate) until: Option<Date>,
    /// Each of its fields.
    pub(crate) parts: Vec<(String, Hash)>,
}

impl FileFacts {
    pub(crate) fn empty() -> Rc<Self> {
        Rc::new(Self { subjects: Vec::new(), governs: false })
    }

    /// Of two subjects with one id the first counts.
    pub(crate) fn new(mut subjects: Vec<Rc<SubjectFacts>>, governs: bool) -> Self {
        subjects.sort_by_key(|facts| facts.subject);
        subjects.dedup_by_key(|facts| facts.subject);
        Self { subjects, governs }
    }

    pub(crate) fn get(&self, subject: SubjectId) -> Option<&Rc<SubjectFacts>> {
        self.subjects.binary_search_by_key(&subject, |facts| facts.subject).ok().map(|at| &self.subjects[at])
    }
}

/// Sections that say who holds which role with what authority.
pub(crate) const GOVERNING: [Section; 7] = [
    Section::Isms,
    Section::RiskCriteria,
    Section::Evidence,
    Section::People,
    Section::Departments,
    Section::Roles,
    Section::Delegations,
];

/// Reads a version of a manifest; `None` where it is broken.
pub(crate) fn read(parse: &Parse, names: &mut Names) -> Option<FileFacts> {
    if !parse.errors().is_empty() {
        return None;
    }
    let (mut subjects, mut governs) = (Vec::new(), false);
    for entry in parse.root().into_iter().flat_map(Node::fields) {
        let Some(section) = entry.name().and_then(Section::of_key) else { continue };
        governs |= GOVERNING.contains(&section);
        if section.is_singleton() {
            let subject = names.subject(section, "");
            subjects.push(Rc::new(subject_facts(section, subject, entry.value(), names)));
        } else {
            for entry in entry.value().fields() {
                let Some(id) = entry.name().filter(|id| !id.starts_with("x-")) else { continue };
                let subject = names.subject(section, id);
                subjects.push(Rc::new(subject_facts(section, subject, entry.value(), names)));
            }
        }
    }
    Some(FileFacts::new(subjects, governs))
}

/// Parses the bytes of a manifest.
pub(crate) fn parse(bytes: &[u8], path: &str) -> Parse {
    deed_syntax::parse_bytes(bytes, Format::of_path(path))
}

fn subject_facts(section: Section, subject: SubjectId, node: Node<'_>, names: &mut Names) -> SubjectFacts {
    let mut facts =
        SubjectFacts { subject, fields: Vec::new(), decisions: Vec::new(), files: Vec::new(), emails: Vec::new() };
    for entry in node.fields() {
        let Some(name) = entry.name().filter(|name| !name.starts_with("x-")) else { continue };
        let value = entry.value();
        if let Some(verb) = Verb::of_key(name).filter(|_| value.is_mapping() || value.is_sequence()) {
            let several: Vec<Node<'_>> = if value.is_sequence() {
                value.items().filter(|item| item.is_mapping()).collect()
            } else {
                vec![value]
            };
            for decision in several {
                facts.decide(verb, decision, names);
            }
            continue;
        }
        match (section, name) {
            (Section::Policies, "document") => facts.files.extend(value.scalar_text().map(str::to_owned)),
            (Section::People, "keys") | (Section::Evidence, "forges") => facts.files.extend(key_files(value)),
            (Section::People, "emails") => {
                let scalar = value.scalar_text().filter(|_| !value.is_sequence());
                let emails = value.items().filter_map(Node::scalar_text).chain(scalar);
                facts.emails = emails.map(str::to_ascii_lowercase).collect();
            }
            _ => {}
        }
        let field = names.field(FieldName::Plain(name.to_owned()));
        facts.fields.push((field, Hash::of(&canonical_field(section, name, value))));
    }
    facts.fields.sort_unstable();
    facts.fields.dedup_by_key(|(field, _)| *field);
    facts
}

/// The files that a list of keys names; a lone key is a list of one.
fn key_files(keys: Node<'_>) -> Vec<String> {
    let text = |key: Node<'_>| {
        let named = if key.is_mapping() { key.get("key")?.value() } else { key };
        named.scalar_text().map(str::trim).filter(|text| PublicKey::is_path(text)).map(str::to_owned)
    };
    let lone = Some(keys).filter(|keys| !keys.is_sequence());
    keys.items().chain(lone).filter_map(text).collect()
}

/// The canonical text of a field: of a plan, `done` is left out, for it is entered after the plan was decided on.
pub(crate) fn canonical_field(section: Section, name: &str, value: Node<'_>) -> String {
    let plan = section == Section::Risks && name == "plan";
    canonical(value, &|key| key.starts_with("x-") || plan && key == "done")
}

/// The value of a decision.
pub(crate) fn hash_of_decision(decision: Node<'_>) -> Hash {
    Hash::of(&canonical(decision, &|key| key.starts_with("x-")))
}

impl SubjectFacts {
    fn decide(&mut self, verb: Verb, decision: Node<'_>, names: &mut Names) {
        let text = |key: &str| decision.get(key).and_then(|entry| entry.value().scalar_text());
        let by = text("by").unwrap_or_default().to_owned();
        let hash = hash_of_decision(decision);
        let field = names.field(FieldName::Decision(verb, by.clone(), hash));
        let part = |entry: deed_syntax::Entry<'_>| {
            let name = entry.name().filter(|name| !name.starts_with("x-"))?;
            Some((name.to_owned(), Hash::of(&canonical(entry.value(), &|key| key.starts_with("x-")))))
        };
        self.fields.push((field, hash));
        self.decisions.push(DecisionFacts {
            field,
            verb,
            date: text("date").and_then(parse_date),
            until: text("until").and_then(parse_date),
            parts: decision.fields().filter_map(part).collect(),
            by,
        });
    }

    pub(crate) fn decision(&self, field: FieldId) -> Option<&DecisionFacts> {
        self.decisions.iter().find(|decision| decision.field == field)
    }
}
