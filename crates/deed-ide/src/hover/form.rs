//! What the manifest format says of a key or value.

use deed_linter::rule;
use deed_model::{FileRange, Section};
use deed_schema::{Description, describe, fields_at};
use deed_syntax::{KeyPath, Node, Segment, Step, TextRange};

use super::Hover;
use crate::markdown::{Card, code, escape};
use crate::{Analysis, Place};

impl Analysis<'_> {
    /// What the schema says of the key or value at a place, or the documentation of the rule that it names.
    pub(super) fn hover_form(&self, place: Place) -> Option<Hover> {
        let steps = self.parse(place.file).path_at(place.offset);
        let path = KeyPath(steps.iter().map(segment).collect());
        let touches = |node: Node<'_>| node.range().contains_inclusive(place.offset);
        let hover = |range: TextRange, card: Card| {
            let range = self.bare(FileRange { file: place.file, range });
            Some(Hover { range, markdown: card.markdown() })
        };
        let (node, in_key) = match steps.last()? {
            Step::Entry(entry) if touches(entry.key()) => (entry.key(), true),
            Step::Entry(entry) => (entry.value(), false),
            Step::Item(_, item) => (*item, false),
        };
        if !touches(node) || !in_key && node.scalar_text().is_none() {
            return None;
        }
        if let Some(card) = node.scalar_text().and_then(|text| rule_card(&path, in_key, text)) {
            return hover(node.range(), card);
        }
        let described = describe(&path)?;
        if in_key {
            let name = node.scalar_text()?;
            let required = is_required(&path, name);
            return hover(node.range(), self.key_card(name, &described, required, place));
        }
        let text = node.scalar_text()?;
        let value = described.values.iter().find(|value| value.value == text)?;
        hover(node.range(), Card::new(format!("{}: {}", code(text), value.description)))
    }

    fn key_card(&self, name: &str, described: &Description, required: bool, place: Place) -> Card {
        let must = if required { " (required)" } else { "" };
        let title = if described.title.is_empty() { String::new() } else { format!(" {}", escape(described.title)) };
        let mut card = Card::new(format!("**{}**{title}{must}\n\n{}", escape(name), described.description));
        for value in &described.values {
            card.line(format!("{}: {}", code(value.value), value.description));
        }
        let example = described.examples.first().filter(|example| described.values.is_empty() && example.len() <= 60);
        card.field("Example", example.map(|example| code(example)).unwrap_or_default());
        // Of a section, what is in it.
        let section = Section::of_key(name).filter(|section| !section.is_singleton());
        let is_section = self.parse(place.file).path_at(place.offset).len() == 1;
        if let Some(section) = section.filter(|_| is_section) {
            let count = self.register().heads().filter(|head| head.section == section).count();
            card.field("Here", format!("{count} in all manifests"));
        }
        card
    }
}

fn segment(step: &Step<'_>) -> Segment {
    match step {
        Step::Entry(entry) => Segment::Key(entry.name().unwrap_or_default().to_owned()),
        Step::Item(index, _) => Segment::Index(*index),
    }
}

fn is_required(path: &KeyPath, name: &str) -> bool {
    let Some((_, parent)) = path.0.split_last() else { return false };
    fields_at(&KeyPath(parent.to_vec())).iter().any(|field| field.name == name && field.required)
}

/// The rule that a key of `lint.rules` or the `rule` of an entry of `lint.ignore` names.
fn rule_card(path: &KeyPath, in_key: bool, text: &str) -> Option<Card> {
    let key = |nth: usize| match path.0.get(nth) {
        Some(Segment::Key(key)) => Some(key.as_str()),
        _ => None,
    };
    let named = match (key(0)?, key(1)?, path.0.len()) {
        ("lint", "rules", 3) => in_key,
        ("lint", "ignore", 4) => key(3) == Some("rule") && !in_key,
        _ => false,
    };
    let rule = rule(text).filter(|_| named)?;
    let mut card = Card::new(format!("**{}**: {}", rule.id, escape(rule.summary)));
    card.field("About", rule.group.name());
    card.field("Source", escape(rule.source));
    for option in rule.options {
        card.field(&code(option.name), escape(option.summary));
    }
    Some(card)
}
