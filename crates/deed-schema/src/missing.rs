//! Words fields that a mapping cannot do without.

use deed_syntax::KeyPath;

use crate::locate::Place;
use crate::{Violation, ViolationKind, wording};

pub(crate) fn violation(place: &Place<'_>, fields: &[String]) -> Violation {
    let subject = match place.name() {
        Some(name) if !place.is_item() => wording::quoted(name),
        _ => format!("this {}", bare(&wording::expected(place.shape))),
    };
    let absent: Vec<String> = fields.iter().map(|field| format!("no {}", wording::quoted(field))).collect();
    let help = match fields {
        [field] => {
            let shape = place.shape.own_field(field);
            let description = shape.and_then(|shape| shape.text("description"));
            description.map(|description| format!("`{field}`: {description}"))
        }
        _ => wording::example(place.shape).map(|example| format!("such as `{example}`")),
    };
    Violation {
        range: place.key_range(),
        kind: ViolationKind::MissingField,
        key_path: KeyPath(place.path.0.clone()).into(),
        message: format!("{subject} has {}", absent.join(" and ")).into(),
        help: help.map(Into::into),
        suggestion: None,
    }
}

/// Cuts the article.
fn bare(noun: &str) -> &str {
    noun.split_once(' ').map_or(noun, |(_, bare)| bare)
}
