//! What a place of a manifest may hold, for hover and completion.

use deed_syntax::{KeyPath, Segment};
use serde_json::Value;

use crate::shape::Shape;
use crate::wording;

/// What the schema says about a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Description {
    /// A few words.
    pub title: &'static str,
    /// A sentence or two, in Markdown.
    pub description: &'static str,
    /// What sort of value fits.
    pub form: Form,
    /// Values that fit, as YAML in one line.
    pub examples: Vec<String>,
    /// All values there are, where the schema lists them.
    pub values: Vec<ValueDescription>,
}

/// Sorts of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Form {
    /// A mapping of fields, or from ids.
    Mapping,
    /// A decision, or a list of them.
    Decision,
    /// A list: [`describe`] an item of it to know more.
    List,
    /// One of the listed values, maybe with more in a mapping.
    Choice,
    /// `true` or `false`.
    Truth,
    /// A whole number.
    Number,
    /// A day.
    Date,
    /// A period.
    Period,
    /// The id of something, or its name.
    Id,
    /// Any text.
    Text,
}

/// One of the values a place may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ValueDescription {
    /// The value.
    pub value: &'static str,
    /// What it means.
    pub description: &'static str,
}

/// One of the fields a mapping may have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldDescription {
    /// The key.
    pub name: &'static str,
    /// Whether the mapping cannot do without it.
    pub required: bool,
    /// What stands behind the key.
    pub description: Description,
}

/// Describes what stands at a key path; `None` for unknown and ignored places.
#[must_use]
pub fn describe(path: &KeyPath) -> Option<Description> {
    shape_at(path).map(description)
}

/// Describes the fields that a mapping at a key path may have, in the order of the schema. Empty where there is no
/// mapping, or one from ids.
#[must_use]
pub fn fields_at(path: &KeyPath) -> Vec<FieldDescription> {
    let Some(shape) = shape_at(path) else { return Vec::new() };
    let describe = |name| {
        let description = description(shape.own_field(name)?);
        let required = shape.texts("required").any(|required| required == name);
        Some(FieldDescription { name, required, description })
    };
    shape.names().filter_map(describe).collect()
}

fn shape_at(path: &KeyPath) -> Option<Shape> {
    path.0.iter().try_fold(Shape::root(), |shape, segment| match segment {
        Segment::Key(key) => shape.field(key),
        Segment::Index(_) => shape.item(),
    })
}

fn description(shape: Shape) -> Description {
    let examples = shape.get("examples").and_then(Value::as_array).into_iter().flatten();
    let values = shape.texts("enum").zip(shape.texts("enumDescriptions"));
    Description {
        title: shape.text("title").unwrap_or_default(),
        description: shape.text("description").unwrap_or_default(),
        form: form(shape),
        examples: examples.map(wording::yaml).collect(),
        values: values.map(|(value, description)| ValueDescription { value, description }).collect(),
    }
}

fn form(shape: Shape) -> Form {
    let (named, listed) = (shape.get("type").is_some(), shape.get("enum").is_some());
    let takes = |kind| named && shape.takes(kind);
    match shape.text("x-deed-noun") {
        _ if listed => Form::Choice,
        _ if takes("array") && takes("object") => Form::Decision,
        _ if takes("array") => Form::List,
        _ if takes("object") => Form::Mapping,
        _ if takes("boolean") => Form::Truth,
        _ if takes("integer") => Form::Number,
        Some("a date") => Form::Date,
        Some("a period") => Form::Period,
        Some("an id" | "a rule") => Form::Id,
        _ => Form::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn described(path: &[&str]) -> Description {
        describe(&path.iter().copied().collect()).expect("the path is one of the schema")
    }

    #[test]
    fn a_field_is_described_where_it_stands_and_not_where_its_shape_is_defined() {
        let owner = described(&["controls", "A.5.15", "owner"]);
        assert_eq!(owner.title, "Accountable owner");
        assert!(owner.description.contains("control"), "{}", owner.description);
        assert_eq!(owner.examples, ["head-of-it"]);
        assert_eq!(described(&["risks", "R-12"]).title, "Risk");
    }

    #[test]
    fn a_decision_is_described_alone_and_in_a_list() {
        let alone = described(&["risks", "R-12", "accepted", "until"]);
        let mut path: KeyPath = ["risks", "R-12", "accepted"].into_iter().collect();
        path.0.extend([Segment::Index(0), Segment::Key("until".to_owned())]);
        assert_eq!(describe(&path), Some(alone));
    }

    #[test]
    fn listed_values_come_with_their_meaning() {
        let status = described(&["controls", "A.5.15", "status"]);
        let values: Vec<_> = status.values.iter().map(|value| value.value).collect();
        assert_eq!(values, ["planned", "partial", "implemented"]);
        assert!(status.values.iter().all(|value| !value.description.is_empty()));
    }

    #[test]
    fn fields_are_listed_in_order_with_what_is_required() {
        let fields = fields_at(&["policies", "p", "approved"].into_iter().collect());
        let names: Vec<_> = fields.iter().map(|field| (field.name, field.required)).collect();
        let expected = [("by", true), ("date", true), ("until", false), ("as", false), ("note", false)];
        assert_eq!(names, expected);
        assert_eq!(fields_at(&KeyPath::default())[0].name, "deed");
        assert!(fields_at(&["people"].into_iter().collect()).is_empty());
    }

    #[test]
    fn every_place_has_a_form() {
        let form = |path: &[&str]| described(path).form;
        let risk = |field| form(&["risks", "R-1", field]);
        assert_eq!(form(&["risks"]), Form::Mapping);
        assert_eq!(risk("accepted"), Form::Decision);
        assert_eq!(risk("plan"), Form::List);
        assert_eq!(risk("treatment"), Form::Choice);
        assert_eq!(risk("closed"), Form::Date);
        assert_eq!(risk("review"), Form::Period);
        assert_eq!(risk("owner"), Form::Id);
        assert_eq!(risk("title"), Form::Text);
        assert_eq!(form(&["risks", "R-1", "residual", "impact"]), Form::Number);
        assert_eq!(form(&["controls", "A.5.1", "applicable"]), Form::Truth);
        assert_eq!(form(&["controls", "A.5.1", "because"]), Form::List);
        assert_eq!(form(&["lint", "rules", "paper-role"]), Form::Choice);
        let mut item: KeyPath = ["roles", "ceo", "authority", "approve"].into_iter().collect();
        item.0.push(Segment::Index(0));
        assert_eq!(describe(&item).map(|it| it.form), Some(Form::Text));
    }

    #[test]
    fn unknown_and_ignored_places_have_no_description() {
        assert_eq!(describe(&["risks", "R-12", "ownr"].into_iter().collect()), None);
        assert_eq!(describe(&["x-teams", "owner"].into_iter().collect()), None);
        assert_eq!(describe(&["deed", "owner"].into_iter().collect()), None);
    }
}
