//! What is shown beside what is offered, in Markdown.

use std::fmt::Write as _;

use deed_linter::{Rule, words};
use deed_model::catalogue::{self, AnnexControl};
use deed_model::{Head, Section};
use deed_schema::Description;

use crate::Analysis;
use crate::hover::{attributes, control_heading};
use crate::markdown::{code, prose};

impl Analysis<'_> {
    /// Returns all that is to be known of the subject at an address, for the one that somebody looks at: it takes longer
    /// than what comes with each completion.
    pub fn subject_documentation(&self, address: &str) -> Option<String> {
        let head = self.register().at_address(address)?;
        self.subject_card(head).map(crate::markdown::Card::markdown)
    }
}

/// What the manifest format says of a field.
pub(super) fn field(description: &Description) -> String {
    let mut out = description.description.to_owned();
    if !description.values.is_empty() {
        out += "\n";
        for value in &description.values {
            let _ = write!(out, "\n- {}: {}", code(value.value), value.description);
        }
    }
    if let Some(example) = description.examples.first() {
        let _ = write!(out, "\n\nExample: {}", code(example));
    }
    out
}

/// What a control of Annex A is.
pub(super) fn control(control: &AnnexControl) -> String {
    let mut out = format!("{}\n\n{}", control_heading(control.id), attributes(control));
    if !control.iso2013.is_empty() {
        let _ = write!(out, "\n\n2013 edition: {}", control.iso2013.join(", "));
    }
    out
}

/// What a rule finds: the first words of its documentation.
pub(super) fn rule(rule: &Rule) -> String {
    let what = rule.docs.split("\n## ").find_map(|part| part.strip_prefix("What it does"));
    what.unwrap_or(rule.summary).trim().to_owned()
}

/// What a subject is, in a line.
pub(super) fn subject(analysis: &Analysis<'_>, head: &Head) -> String {
    match head.section {
        Section::Controls => catalogue::control(&head.id).map(control).unwrap_or_default(),
        Section::Roles | Section::People => {
            let in_words = prose(&words::party(analysis.register(), &head.id, analysis.today));
            let left = analysis.register().people.get(&head.id).and_then(|person| person.left.as_ref());
            let left = left.filter(|left| head.section == Section::People && left.value < analysis.today);
            left.map_or(in_words.clone(), |left| format!("{in_words}, left on {}", left.value))
        }
        _ => String::new(),
    }
}
