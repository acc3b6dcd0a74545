//! Recording a decision as the person who sits there.
//!
//! Only where the register says that they may; only their own name, only today. What stands there before is not lost by being
//! replaced: history has it.

use deed_linter::FileEdit;
use deed_model::{Decision, FileRange, Head, Section, Treatment, Verb};
use deed_schema::Form;
use deed_syntax::edit::{Edit, Place, append_item, insert_entry, replace_value};
use deed_syntax::{Entry, Format, KeyPath, Node, NodeKind, TextRange};

use crate::Analysis;
use crate::actions::{Action, ActionKind};
use crate::completion::Notation;
use crate::decide::Standing;

impl Analysis<'_> {
    /// Returns the decisions about the subject at a place that whoever sits there may make and that are due.
    pub(super) fn decisions_to_make(&self, at: FileRange) -> Vec<Action> {
        let around = |head: &&Head| head.range.file == at.file && head.range.range.contains_inclusive(at.range.start());
        let Some(head) = self.register().heads().filter(around).last() else { return Vec::new() };
        // Of two subjects with one id the first counts, and what is broken is not decided on.
        let counts = self.register().subject(head.section, &head.id).is_some_and(|first| first.key == head.key);
        if !counts || !self.parse(at.file).errors().is_empty() {
            return Vec::new();
        }
        verbs(head).into_iter().filter_map(|verb| self.decision_to_make(head, verb)).collect()
    }

    fn decision_to_make(&self, head: &Head, verb: Verb) -> Option<Action> {
        let Standing::May(me) = self.standing(head.section, &head.id, verb) else { return None };
        if !self.is_open(head, verb) {
            return None;
        }
        // Whoever held a role before took it on for themselves.
        let counts = |decision: &Decision| verb != Verb::Acknowledged || decision.is_by(me);
        let made: Vec<&Decision> = self
            .register()
            .decisions()
            .filter(|(of, decision)| of.key == head.key && decision.verb == verb && counts(decision))
            .map(|(_, decision)| decision)
            .collect();
        let node = self.parse(head.key.file).node(head.node);
        let entry = node.entries().find(|entry| entry.is_named(verb.key()));
        let about = self.diagnostics_in(head, entry);
        let is_mine_today =
            made.iter().any(|made| made.is_by(me) && made.date.as_ref().is_some_and(|date| **date == self.today));
        let in_force = made.iter().any(|made| made.in_force(self.today));
        if is_mine_today || in_force && about.is_empty() && verb != Verb::Reviewed {
            return None;
        }
        let json = self.parse(head.key.file).format() == Format::Json;
        let draft = self.decision_draft(head.section, &head.id, verb, false).draft;
        let new = Notation::braces(json).value(&draft);
        let beside = about.iter().any(|number| {
            matches!(self.diagnostics[*number].rule.id, "insufficient-approvers" | "self-approved-policy")
        });
        let edit = match entry {
            None => insert_entry(node, Place::End, verb.key(), &new)?,
            Some(entry) => renewed(entry, me, &new, beside && !made.iter().any(|made| made.is_by(me)))?,
        };
        let name = self.register().people.get(me).map_or(me, |person| person.display());
        Some(Action {
            title: format!("{} as {name}", what(head, verb)),
            kind: ActionKind::Decide(verb),
            edits: vec![FileEdit { file: head.key.file, edit }],
            diagnostics: about,
            is_preferred: false,
            cursor: None,
        })
    }

    /// Whether there is anything to decide of a subject.
    fn is_open(&self, head: &Head, verb: Verb) -> bool {
        let register = self.register();
        match head.section {
            Section::Controls => register.controls.get(&head.id).is_some_and(|control| !control.is_excluded()),
            Section::Exceptions => register.exceptions.get(&head.id).is_some_and(|it| it.is_open(self.today)),
            Section::Risks => register.risks.get(&head.id).is_some_and(|risk| {
                let treated = risk.treatment.as_ref().is_some_and(|treatment| treatment.value != Treatment::Accept);
                risk.is_open(self.today) && (verb != Verb::Approved || treated)
            }),
            _ => true,
        }
    }

    /// The diagnostics that stand at a decision.
    fn diagnostics_in(&self, head: &Head, entry: Option<Entry<'_>>) -> Vec<usize> {
        let Some(entry) = entry else { return Vec::new() };
        let inside = |number: &usize| {
            let span = self.diagnostics[*number].span;
            span.file == head.key.file && entry.range().contains_range(span.range)
        };
        (0..self.diagnostics.len()).filter(inside).collect()
    }
}

/// The decisions that may be made about a subject, in the order of the schema.
fn verbs(head: &Head) -> Vec<Verb> {
    let mut path = vec![head.section.key()];
    path.extend((!head.section.is_singleton()).then_some(head.id.as_str()));
    let path: KeyPath = path.into_iter().collect();
    let decisions = deed_schema::fields_at(&path).into_iter().filter(|field| field.description.form == Form::Decision);
    decisions.filter_map(|field| Verb::of_key(field.name)).collect()
}

/// The edit that writes a decision where there are some: in the place of one's own in a list, behind the others there, or in
/// the place of the only one; `beside` it where several are asked for.
fn renewed(entry: Entry<'_>, me: &str, new: &str, beside: bool) -> Option<Edit> {
    let value = entry.value();
    match value.kind() {
        NodeKind::Sequence { .. } => {
            let is_mine = |item: &Node<'_>| item.get("by").is_some_and(|by| by.value().as_str() == Some(me));
            match value.items().filter(is_mine).last() {
                Some(mine) => Some(replace_value(mine, new)),
                None => append_item(value, new),
            }
        }
        NodeKind::Mapping { flow: true } if beside && !value.source().contains('\n') => {
            Some(replace_value(value, &format!("[{}, {new}]", value.source())))
        }
        NodeKind::Mapping { .. } if beside => None,
        // Lines of fields become one in braces behind the key.
        NodeKind::Mapping { flow: false } => {
            let between = TextRange::new(entry.key().range().end(), value.range().start());
            let is_plain = value.parse().text()[between].trim() == ":";
            let line = || Edit::replace(TextRange::new(between.start(), value.range().end()), format!(": {new}"));
            Some(if is_plain { line() } else { replace_value(value, new) })
        }
        NodeKind::Mapping { .. } | NodeKind::Scalar(_) => Some(replace_value(value, new)),
        // What an alias stands for is said elsewhere.
        NodeKind::Alias => None,
    }
}

/// What a decision does, imperative.
fn what(head: &Head, verb: Verb) -> String {
    match verb {
        Verb::Reviewed => format!("Confirm after review {} `{}`", head.section.noun(), head.id),
        _ => deed_linter::words::imperative(head.section, &head.id, verb),
    }
}
