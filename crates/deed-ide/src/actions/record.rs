//! Recording a decision as the person who sits there.
//!
//! Only where the register says that they may; only their own name, only today. What stands there before is not lost by being
//! replaced: history has it.

use deed_linter::FileEdit;
use deed_model::{Decision, FileRange, Head, Verb};
use deed_syntax::{Entry, Format};

use crate::Analysis;
use crate::actions::{Action, ActionKind};
use crate::completion::Notation;
use crate::decide::Standing;
use crate::recording::{Beside, record};

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
        head.section.verbs().filter_map(|verb| self.decision_to_make(head, verb)).collect()
    }

    fn decision_to_make(&self, head: &Head, verb: Verb) -> Option<Action> {
        let Standing::May(me) = self.standing(head.section, &head.id, verb) else { return None };
        if self.register().closed_to(head.section, &head.id, verb, self.today).is_some() {
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
        let beside = if beside { Beside::Theirs } else { Beside::Nothing };
        let edit = record(node, verb, me, &new, beside)?;
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

/// What a decision does, imperative.
fn what(head: &Head, verb: Verb) -> String {
    match verb {
        Verb::Reviewed => format!("Confirm after review {} `{}`", head.section.noun(), head.id),
        _ => deed_linter::words::imperative(head.section, &head.id, verb),
    }
}
