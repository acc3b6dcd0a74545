//! One violation for one mistake: of all errors of the validator, those that a person would report.

use std::collections::{HashMap, HashSet};

use deed_syntax::{KeyPath, Node, NodeId, NodeKind, Parse, TextRange, Value};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;

use crate::locate::{Locator, Place};
use crate::{Violation, ViolationKind, missing, tree, unknown, wording, wrong_form, wrong_type};

/// Returns the violations of a document, sorted by range; subjects whose keys are `hidden` are left out.
pub(crate) fn report(root: Node<'_>, hidden: &HashSet<NodeId>) -> Vec<Violation> {
    let mut report = Report {
        locator: Locator::new(root),
        found: Vec::new(),
        values: HashMap::new(),
        missing: Vec::new(),
        meant: HashMap::new(),
        parse: root.parse(),
    };
    for error in crate::engine::errors(root, hidden) {
        report.take(&error);
    }
    report.finish()
}

struct Report<'t> {
    locator: Locator<'t>,
    found: Vec<Violation>,
    /// Of the errors about one value, by its pointer, the one that says most, and its rank.
    values: HashMap<String, (u8, Violation)>,
    missing: Vec<Missing<'t>>,
    /// The fields that unknown keys were probably meant to be, by the mapping they stand in.
    meant: Meant,
    parse: &'t Parse,
}

type Meant = HashMap<KeyPath, Vec<&'static str>>;

/// A mapping and the field it lacks.
struct Missing<'t> {
    place: Place<'t>,
    field: String,
}

impl<'t> Report<'t> {
    fn take(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().as_str();
        let Some(place) = self.locator.find(pointer) else { return };
        match error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                self.unknown(&place, unexpected)
            }
            Kind::PropertyNames { error } => {
                let name = error.instance().as_str().unwrap_or_default();
                if name.starts_with("x-") {
                    return;
                }
                if name.is_empty() {
                    // Keys that are collections have no name: there may be several.
                    let fields = place.node.fields();
                    let nameless = fields.filter(|entry| tree::name(*entry).is_empty());
                    self.found.extend(nameless.map(|entry| wrong_form::key(&place, entry.key(), name)));
                } else if let Some((key, _)) = self.locator.field(place.node, name) {
                    self.found.push(wrong_form::key(&place, key, name));
                }
            }
            Kind::Required { property } => {
                let field = property.as_str().unwrap_or_default().to_owned();
                self.missing.push(Missing { place, field });
            }
            kind if is_nothing(place.node) => self.nothing(pointer, place, kind),
            kind => {
                let rank = rank(kind);
                if self.values.get(pointer).is_some_and(|(before, _)| *before <= rank) {
                    return;
                }
                // A bracket that is not closed makes a list of what was to be something else.
                let is_collection = place.node.is_mapping() || place.node.is_sequence();
                if is_collection && place.node.is_cut_short() {
                    return;
                }
                // The fields of a subject whose key is lost look like subjects.
                if matches!(kind, Kind::Type { .. }) && place.is_subject() && self.follows_damage(place.key) {
                    return;
                }
                if let Some(violation) = value(&place, kind) {
                    self.values.insert(pointer.to_owned(), (rank, violation));
                }
            }
        }
    }

    /// Says whether damage stands before a key, in the same mapping.
    fn follows_damage(&self, key: Option<Node<'t>>) -> bool {
        let before = key.and_then(|key| Some(TextRange::new(key.parent()?.range().start(), key.range().start())));
        before.is_some_and(|before| self.parse.is_damaged(before))
    }

    fn unknown(&mut self, place: &Place<'t>, unexpected: &[String]) {
        let unexpected: HashSet<&str> = unexpected.iter().map(String::as_str).collect();
        let fields = place.node.fields();
        let present: HashSet<&str> = fields.clone().map(tree::name).collect();
        for entry in fields.filter(|entry| unexpected.contains(tree::name(*entry))) {
            let (violation, meant) = unknown::field(place, entry.key(), &present);
            self.found.push(violation);
            if let Some(field) = meant {
                self.meant.entry(place.path.clone()).or_default().push(field);
            }
        }
    }

    /// Nothing behind a key: a field that is not written, or an empty subject; only an item of a list has to be there.
    fn nothing(&mut self, pointer: &str, place: Place<'t>, kind: &Kind) {
        let is_alias = place.node.kind() == NodeKind::Alias && place.node.value().is_none();
        if is_alias || !matches!(kind, Kind::Type { .. }) {
            return;
        }
        if place.is_item() {
            let violation = wrong_type::violation(&place);
            self.values.extend(violation.map(|violation| (pointer.to_owned(), (0, violation))));
        } else if place.is_subject() {
            for field in place.shape.texts("required") {
                self.missing.push(Missing { place: place.clone(), field: field.to_owned() });
            }
        } else if let Some((around, _)) = pointer.rsplit_once('/')
            && let Some(name) = place.name()
            && place.around.is_some_and(|shape| shape.texts("required").any(|field| field == name))
        {
            let field = name.to_owned();
            self.missing.extend(self.locator.find(around).map(|place| Missing { place, field }));
        }
    }

    fn finish(self) -> Vec<Violation> {
        let mut violations = self.found;
        violations.extend(self.values.into_values().map(|(_, violation)| violation));
        violations.extend(missing_fields(self.missing, &self.meant));
        sort(&mut violations);
        // What an alias or a merge key brings in twice is written once.
        violations.dedup_by_key(|violation| (violation.range, violation.kind));
        let offsets: Vec<_> = violations.iter().map(|violation| violation.range.start()).collect();
        let mut astray = self.parse.astray(&offsets).into_iter();
        violations.retain(|violation| astray.next() != Some(true) && !self.parse.is_damaged(violation.range));
        violations
    }
}

/// Puts violations in the order they are told in.
pub(crate) fn sort(violations: &mut [Violation]) {
    violations.sort_by_key(|violation| (violation.range.start(), violation.range.end(), violation.kind));
}

/// Gathers what one mapping lacks into one violation.
fn missing_fields(all: Vec<Missing<'_>>, meant: &Meant) -> Vec<Violation> {
    let mut mappings: Vec<(Place<'_>, Vec<String>)> = Vec::new();
    let mut indices = HashMap::new();
    for Missing { place, field } in all {
        let meant = meant.get(&place.path).is_some_and(|names| names.contains(&field.as_str()));
        if meant || place.node.is_cut_short() {
            continue;
        }
        let index = *indices.entry(place.node.resolve().id()).or_insert_with(|| {
            mappings.push((place, Vec::new()));
            mappings.len() - 1
        });
        if !mappings[index].1.contains(&field) {
            mappings[index].1.push(field);
        }
    }
    mappings.iter().map(|(place, fields)| missing::violation(place, fields)).collect()
}

/// Says whether nothing stands at a place: null, or an alias without a target.
fn is_nothing(node: Node<'_>) -> bool {
    match node.value() {
        Some(value) => value == Value::Null,
        None => !node.is_mapping() && !node.is_sequence(),
    }
}

/// Orders the errors about one value: the lower, the nearer to the cause.
fn rank(kind: &Kind) -> u8 {
    match kind {
        Kind::Type { .. } => 0,
        Kind::Enum { .. } | Kind::Constant { .. } => 1,
        Kind::Format { .. } | Kind::Pattern { .. } => 2,
        _ => 3,
    }
}

fn value(place: &Place<'_>, kind: &Kind) -> Option<Violation> {
    match kind {
        Kind::Type { .. } => wrong_type::violation(place),
        Kind::Enum { .. } => Some(unknown::value(place)),
        Kind::Constant { expected_value } => Some(unknown::version(place, expected_value)),
        Kind::Format { .. } | Kind::Pattern { .. } => Some(wrong_form::violation(place)),
        kind => Some(size(place, kind)),
    }
}

/// Words what is too small, too large, or wrong in a way that the schema does not use today.
fn size(place: &Place<'_>, kind: &Kind) -> Violation {
    let called = wording::called(place);
    let actual = wording::actual(place.node);
    let mut help = None;
    let message = match kind {
        Kind::Minimum { limit } => format!("{called} is at least {limit}, not {actual}"),
        Kind::Maximum { limit } => format!("{called} is at most {limit}, not {actual}"),
        Kind::ExclusiveMinimum { limit } => format!("{called} is more than {limit}, not {actual}"),
        Kind::ExclusiveMaximum { limit } => format!("{called} is less than {limit}, not {actual}"),
        Kind::MinItems { limit: 1 } => {
            help = Some(format!("write an item, or leave {called} out"));
            format!("{called} is an empty list")
        }
        Kind::MinItems { limit } => format!("{called} has at least {limit} items"),
        Kind::MaxItems { limit } => format!("{called} has at most {limit} items"),
        Kind::MinLength { limit: 1 } => format!("{called} is an empty string"),
        Kind::MinLength { limit } => format!("{called} has at least {limit} characters"),
        Kind::MaxLength { limit } => format!("{called} has at most {limit} characters"),
        Kind::MinProperties { limit } => format!("{called} has at least {limit} entries"),
        Kind::MaxProperties { limit } => format!("{called} has at most {limit} entries"),
        Kind::UniqueItems => format!("{called} has an item twice"),
        other => {
            let path = place.path.clone().into();
            return Violation {
                range: place.value_range(),
                kind: ViolationKind::Other,
                key_path: path,
                message: format!("{called} does not fit the manifest format (`{}`)", other.keyword()).into(),
                help: wording::example(place.shape).map(|example| format!("such as `{example}`").into()),
                suggestion: None,
            };
        }
    };
    Violation {
        range: place.value_range(),
        kind: ViolationKind::OutOfRange,
        key_path: place.path.clone().into(),
        message: message.into(),
        help: help.map(Into::into),
        suggestion: None,
    }
}
