//! Writes decisions into texts, byte for byte but for what is new.

use std::sync::Arc;

use anyhow::Result;
use deed_ide::{Beside, decision_text, record};
use deed_model::{Manifest, Section, Verb, Workspace};
use deed_syntax::{Format, Node, Parse, edit};

use crate::exit::Mistake;
use crate::load::commit::Place;

/// A decision as it is to be written.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) section: Section,
    pub(super) id: String,
    pub(super) verb: Verb,
    /// Its fields, in order; the first says who decides.
    pub(super) fields: Vec<(&'static str, String)>,
    /// What becomes of somebody else's.
    pub(super) beside: Beside,
}

impl Written {
    /// The value of a field.
    pub(super) fn field(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str())
    }

    /// The same decision, said to be made in a role.
    pub(super) fn in_role(&self, role: &str) -> Self {
        let mut decision = self.clone();
        let note = decision.fields.iter().position(|(key, _)| *key == "note").unwrap_or(decision.fields.len());
        decision.fields.insert(note, ("as", role.to_owned()));
        decision
    }

    fn by(&self) -> &str {
        self.fields.first().map_or("", |(_, by)| by.as_str())
    }

    pub(super) fn address(&self) -> String {
        self.section.address(&self.id)
    }

    /// Whether a text has it already, by its values.
    pub(super) fn is_in(&self, subject: Node<'_>) -> bool {
        let Some(entry) = subject.get(self.verb.key()) else { return false };
        let value = entry.value();
        let is_it = |node: Node<'_>| {
            let plain = node.fields().filter(|entry| !entry.name().is_some_and(|name| name.starts_with("x-"))).count();
            let has =
                |(key, text): &(&str, String)| node.get(key).is_some_and(|it| it.value().scalar_text() == Some(text));
            node.is_mapping() && plain == self.fields.len() && self.fields.iter().all(has)
        };
        is_it(value) || value.items().any(is_it)
    }
}

/// Returns a manifest's text with decisions in it; one that is there already stays as it is.
pub(super) fn write(path: &str, text: &str, decisions: &[&Written], place: Place) -> Result<String> {
    let format = Format::of_path(path);
    let mut parse = deed_syntax::parse(text, format);
    sound(path, &parse, place)?;
    for decision in decisions {
        let address = decision.address();
        let subject = subject(&parse, decision).ok_or_else(|| {
            let what = match place {
                Place::Committed => "as it is committed",
                Place::Staged => "as it is staged",
                Place::Here => "as it lies here",
            };
            Mistake::new(format!("`{path}` has no `{address}` {what}")).hint("commit what moved it first")
        })?;
        if decision.is_in(subject) {
            continue;
        }
        let value = decision_text(&decision.fields, format);
        let edit = record(subject, decision.verb, decision.by(), &value, decision.beside);
        let edited = edit.and_then(|edit| edit::apply(parse.text(), &[edit]).ok());
        let edited = edited.map(|text| deed_syntax::parse(text, format));
        // What it reads as then counts, whatever was meant.
        let is_right = |parse: &Parse| {
            parse.errors().is_empty() && self::subject(parse, decision).is_some_and(|subject| decision.is_in(subject))
        };
        let edited = edited.filter(is_right).ok_or_else(|| {
            Mistake::new(format!("the decision cannot be written into `{address}` in `{path}` as it is written there"))
                .hint(format!("write it by hand, and commit it signed: `{}: {value}`", decision.verb.key()))
        })?;
        if let Some(other) = decided_beside(&parse, &edited, &address) {
            let what = format!(
                "what is written at `{address}` in `{path}` is taken over by `{other}`, which would be decided too"
            );
            return Err(Mistake::new(what).hint("write each out by itself, without `&` and `*`").into());
        }
        parse = edited;
    }
    Ok(parse.text().to_owned())
}

/// Another subject of which a text has a decision that it had not before: what an alias or a merge key takes over.
fn decided_beside(before: &Parse, after: &Parse, address: &str) -> Option<String> {
    if after.stands_alone() {
        return None;
    }
    let workspace = |parse: &Parse| {
        let parse = Arc::new(deed_syntax::parse(parse.text(), parse.format()));
        Workspace::new(vec![Manifest { path: String::new(), parse }])
    };
    let (before, after) = (workspace(before), workspace(after));
    let mut new = after.register().decisions_beyond(before.register()).map(|(of, _)| of.address());
    new.find(|of| of != address)
}

/// Refuses a text with an error in it: what stands behind one may be read as something else.
fn sound(path: &str, parse: &Parse, place: Place) -> Result<()> {
    let Some(error) = parse.errors().first() else { return Ok(()) };
    let line = parse.text()[..error.range.start().into()].matches('\n').count() + 1;
    let how = match place {
        Place::Committed => " as it is committed",
        Place::Staged => " as it is staged",
        Place::Here => "",
    };
    let mistake = Mistake::new(format!("`{path}`{how} is broken at line {line}: {}", error.message));
    Err(mistake.hint("mend it first; `deed check` shows the place").into())
}

fn subject<'p>(parse: &'p Parse, decision: &Written) -> Option<Node<'p>> {
    let section = parse.root()?.entries().find(|entry| entry.is_named(decision.section.key()))?.value();
    if decision.section.is_singleton() {
        return Some(section);
    }
    Some(section.entries().find(|entry| entry.is_named(&decision.id))?.value())
}
