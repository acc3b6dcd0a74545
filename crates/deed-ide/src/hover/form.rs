//! What the manifest format says of a key or value.

use deed_linter::rule;
use deed_model::{FileRange, Section, parse_date};
use deed_schema::{Description, describe, fields_at};
use deed_syntax::{KeyPath, Node, Segment, Step, TextRange};

use super::Hover;
use crate::distance::from_today;
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
        let (node, value, in_key) = match steps.last()? {
            Step::Entry(entry) if touches(entry.key()) => (entry.key(), entry.value().range(), true),
            Step::Entry(entry) => (entry.value(), entry.value().range(), false),
            Step::Item(_, item) => (*item, item.range(), false),
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
            let value = FileRange { file: place.file, range: value };
            return hover(node.range(), self.key_card(&path, name, &described, value));
        }
        let text = node.scalar_text()?;
        if let Some(day) = parse_date(text).filter(|_| node.as_str().is_some()) {
            let title = format!("{}: **{day}**, {}", escape(described.title), from_today(self.today, day));
            return hover(node.range(), Card::new(title));
        }
        let value = described.values.iter().find(|value| value.value == text)?;
        hover(node.range(), Card::new(format!("{}: {}", code(text), value.description)))
    }

    /// What the schema says of a key, and what its value comes to.
    fn key_card(&self, path: &KeyPath, name: &str, described: &Description, value: FileRange) -> Card {
        let is_section = path.0.len() == 1;
        let must = if is_required(path, name) { " (required)" } else { "" };
        let title = if described.title.is_empty() { String::new() } else { format!(" {}", escape(described.title)) };
        let mut card = Card::new(format!("**{}**{title}{must}\n\n{}", escape(name), described.description));
        for value in &described.values {
            card.line(format!("{}: {}", code(value.value), value.description));
        }
        let example = described.examples.first().filter(|example| described.values.is_empty() && example.len() <= 60);
        card.field("Example", example.map(|example| code(example)).unwrap_or_default());
        let section = Section::of_key(name).filter(|section| is_section && !section.is_singleton());
        let count = section.map(|section| self.register().heads().filter(|head| head.section == section).count());
        card.field("Here", count.map(|count| format!("{count} in all manifests")).unwrap_or_default());
        card.field("Here", self.rated_at(value).unwrap_or_default());
        card
    }

    /// The level that the rating at a place reaches.
    fn rated_at(&self, place: FileRange) -> Option<String> {
        let ratings = self.register().risks.definitions().flat_map(|risk| [&risk.inherent, &risk.residual]);
        self.rating_in_words(ratings.flatten().find(|rating| rating.span == place)?)
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
