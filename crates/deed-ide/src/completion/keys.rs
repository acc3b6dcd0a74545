//! Keys of mappings: fields, sections, ids, levels.

use deed_model::{Names, Section, Verb, is_root_manifest, references};
use deed_schema::{FieldDescription, Form};
use deed_syntax::{KeyPath, Segment};

use crate::completion::draft::Draft;
use crate::completion::{CompletionKind, Offer, Offers, about, entries, values};

/// Offers what may be a key at the spot.
pub(super) fn offer(offers: &mut Offers<'_, '_>) {
    let path = offers.spot.path.clone();
    match path.0.as_slice() {
        [] => sections(offers),
        [Segment::Key(section)] if Section::of_key(section).is_some_and(|section| !section.is_singleton()) => {
            entries::offer(offers, Section::of_key(section).unwrap_or(Section::Controls));
        }
        _ => {
            levels(offers, &path);
            fields(offers, &path);
        }
    }
}

fn sections(offers: &mut Offers<'_, '_>) {
    let register = offers.analysis.register();
    let manifest = offers.analysis.workspace.manifest(offers.place.file);
    for field in deed_schema::fields_at(&KeyPath::default()) {
        if is_beside(offers, field.name) {
            continue;
        }
        let section = Section::of_key(field.name);
        // Of a section that is one subject by itself there is one in all manifests.
        let is_taken = section.filter(|section| section.is_singleton()).is_some_and(|section| {
            register.subject(section, "").is_some_and(|head| head.key.file != offers.place.file)
        });
        let is_root = is_root_manifest(&manifest.path);
        if is_taken || section.is_none() && !is_root {
            continue;
        }
        let draft = match section {
            None => Draft::Plain("1".to_owned()),
            Some(_) => Draft::Ids,
        };
        let offer = Offer {
            label: field.name.to_owned(),
            detail: field.description.title.to_owned(),
            documentation: about::field(&field.description),
            rank: 1,
            again: section.is_some(),
            ..Offer::default()
        };
        offers.entry(CompletionKind::Section, offer, field.name, &draft);
    }
}

/// Offers the fields of a mapping that it does not have.
pub(super) fn fields(offers: &mut Offers<'_, '_>, path: &KeyPath) {
    for field in deed_schema::fields_at(path) {
        if is_beside(offers, field.name) {
            continue;
        }
        let mut at = path.clone();
        at.0.push(Segment::Key(field.name.to_owned()));
        if field.description.form == Form::Decision {
            decision(offers, path, &field);
            continue;
        }
        let draft = draft(&at, field.description.form);
        let again = matches!(
            field.description.form,
            Form::Id | Form::Choice | Form::Truth | Form::Date | Form::Period | Form::Mapping | Form::Number
        );
        let offer = offer_of(&field, again);
        offers.entry(CompletionKind::Field, offer, field.name, &draft);
    }
}

/// Offers a whole decision, by whoever sits there where they may make it.
fn decision(offers: &mut Offers<'_, '_>, path: &KeyPath, field: &FieldDescription) {
    let made = subject_of(path)
        .zip(Verb::of_key(field.name))
        .map(|((section, id), verb)| offers.analysis.decision_draft(section, id, verb, offers.options.snippets));
    let Some(made) = made else { return };
    let offer = Offer { detail: made.detail, ..offer_of(field, false) };
    offers.entry(CompletionKind::Decision, offer, field.name, &made.draft);
}

fn offer_of(field: &FieldDescription, again: bool) -> Offer {
    let required = if field.required { "required: " } else { "" };
    // The title of a rule is its id.
    let is_named = field.description.title != field.name;
    let what = if is_named { field.description.title } else { field.description.description };
    Offer {
        label: field.name.to_owned(),
        detail: format!("{required}{what}"),
        documentation: about::field(&field.description),
        rank: u8::from(!field.required) + 1,
        again,
        ..Offer::default()
    }
}

/// What stands behind a new key.
fn draft(at: &KeyPath, form: Form) -> Draft {
    match form {
        Form::Mapping => Draft::Ids,
        Form::List => {
            let mut item = at.clone();
            item.0.push(Segment::Index(0));
            match deed_schema::describe(&item).map(|item| item.form) {
                Some(Form::Mapping) => Draft::Items,
                _ => Draft::List(vec![Draft::Blank("")]),
            }
        }
        Form::Truth | Form::Number => Draft::Bare(""),
        _ => Draft::Blank(""),
    }
}

/// Offers the levels of the risk criteria where they are keys.
fn levels(offers: &mut Offers<'_, '_>, path: &KeyPath) {
    let Some((section, field)) = values::field_of(path) else { return };
    if references::names(section, &field) != Some(Names::Level) {
        return;
    }
    for level in offers.analysis.register().risk_criteria().into_iter().flat_map(|criteria| &criteria.levels) {
        if is_beside(offers, &level.name) {
            continue;
        }
        let offer = Offer {
            label: level.name.value.clone(),
            detail: format!("risks from score {}", level.from),
            again: true,
            ..Offer::default()
        };
        offers.entry(CompletionKind::Level, offer, &level.name, &Draft::Blank("12mo"));
    }
}

pub(super) fn is_beside(offers: &Offers<'_, '_>, name: &str) -> bool {
    offers.spot.beside.iter().any(|other| other == name)
}

/// The subject that a key path is the one of; its id is empty for a section that is one subject by itself.
pub(super) fn subject_of(path: &KeyPath) -> Option<(Section, &str)> {
    let (Segment::Key(section), rest) = path.0.split_first()? else { return None };
    let section = Section::of_key(section)?;
    match rest {
        [] if section.is_singleton() => Some((section, "")),
        [Segment::Key(id)] if !section.is_singleton() => Some((section, id)),
        _ => None,
    }
}

/// Offers, for a mapping that begins at the spot on a line of its own, its fields.
pub(super) fn offer_below(offers: &mut Offers<'_, '_>, path: &KeyPath) {
    match path.0.as_slice() {
        [Segment::Key(section)] => {
            if let Some(section) = Section::of_key(section).filter(|section| !section.is_singleton()) {
                return entries::offer(offers, section);
            }
            fields(offers, path);
        }
        _ => {
            levels(offers, path);
            fields(offers, path);
        }
    }
}
