//! Values: ids with their titles, words from lists, days, periods, numbers, whole mappings.

use deed_linter::RULES;
use deed_model::{Head, Names, Period, Section, Verb, catalogue, references};
use deed_schema::{Description, Form};
use deed_syntax::edit::Edit;
use deed_syntax::{KeyPath, Segment, TextRange};

use crate::completion::draft::Draft;
use crate::completion::spot::{Sort, Spot};
use crate::completion::{Completion, CompletionKind, Offer, Offers, about, entries, keys};
use crate::name::size;
use crate::{Analysis, Place};

/// Offers what may be a value at the spot.
pub(super) fn offer(offers: &mut Offers<'_, '_>) {
    let path = offers.spot.path.clone();
    let own_line = matches!(offers.spot.sort, Sort::Value { own_line: true });
    let Some(description) = deed_schema::describe(&path) else { return };
    match description.form {
        Form::Decision => decision(offers, &path, own_line),
        Form::Mapping if own_line => {
            if let Some((section, id)) = keys::subject_of(&path) {
                entries::fill_in(offers, section, id);
            }
            keys::offer_below(offers, &path);
        }
        Form::Mapping => mapping_behind(offers, &path),
        Form::List => {
            let mut item = path.clone();
            item.0.push(Segment::Index(0));
            let Some(of_item) = deed_schema::describe(&item) else { return };
            offers.dash = own_line;
            if of_item.form != Form::Mapping {
                scalars(offers, &item, &of_item, if own_line { Wrap::None } else { Wrap::Brackets });
            } else if own_line {
                keys::offer_below(offers, &item);
            }
        }
        _ => scalars(offers, &path, &description, Wrap::None),
    }
}

/// What is put around a value where a list goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrap {
    None,
    Brackets,
}

impl Wrap {
    fn around(self, draft: Draft) -> Draft {
        if self == Self::Brackets { Draft::List(vec![draft]) } else { draft }
    }
}

fn mapping_behind(offers: &mut Offers<'_, '_>, path: &KeyPath) {
    if let Some((section, id)) = keys::subject_of(path) {
        return entries::fill_in(offers, section, id);
    }
    let fields = deed_schema::fields_at(path);
    let required: Vec<_> = fields.iter().filter(|field| field.required).collect();
    if required.is_empty() {
        return;
    }
    let label = required.iter().map(|field| field.name).collect::<Vec<_>>().join(", ");
    let draft = Draft::Braces(required.iter().map(|field| (field.name, Draft::Blank(field.name))).collect());
    let offer = Offer { label: format!("{{ {label} }}"), ..Offer::default() };
    offers.value(CompletionKind::Field, offer, &draft);
}

/// A decision behind or below its key, or an item of a list of them.
fn decision(offers: &mut Offers<'_, '_>, path: &KeyPath, own_line: bool) {
    let Some((Segment::Key(verb), subject)) = path.0.split_last() else { return };
    let subject = KeyPath(subject.to_vec());
    let made = keys::subject_of(&subject)
        .zip(Verb::of_key(verb))
        .map(|((section, id), verb)| offers.analysis.decision_draft(section, id, verb, offers.options.snippets));
    if let Some(made) = made {
        let offer = Offer { label: made.label, detail: made.detail, preselect: made.is_own, ..Offer::default() };
        offers.value(CompletionKind::Decision, offer, &made.draft);
    }
    if own_line {
        keys::offer_below(offers, path);
    }
}

fn scalars(offers: &mut Offers<'_, '_>, path: &KeyPath, description: &Description, wrap: Wrap) {
    let is_rule = matches!(path.0.as_slice(), [.., Segment::Key(last)] if last == "rule")
        && path.0.first() == Some(&Segment::Key("lint".to_owned()));
    let named = field_of(path).and_then(|(section, field)| {
        let names = references::names(section, &field)?;
        Some((section, field, names))
    });
    match (description.form, named) {
        (Form::Choice, _) => {
            for value in &description.values {
                let offer = Offer {
                    label: value.value.to_owned(),
                    documentation: value.description.to_owned(),
                    ..Offer::default()
                };
                put(offers, CompletionKind::Choice, offer, Draft::Text(value.value.to_owned()), wrap);
            }
        }
        (Form::Truth, _) => {
            for truth in ["true", "false"] {
                let offer = Offer { label: truth.to_owned(), ..Offer::default() };
                put(offers, CompletionKind::Choice, offer, Draft::Plain(truth.to_owned()), wrap);
            }
        }
        (Form::Date, _) => dates(offers, path),
        (Form::Period, _) => periods(offers),
        (Form::Number, _) => numbers(offers, path),
        _ if is_rule => rules(offers),
        (_, Some((section, field, names))) => references_to(offers, section, &field, names, wrap),
        _ => {}
    }
}

fn put(offers: &mut Offers<'_, '_>, kind: CompletionKind, offer: Offer, draft: Draft, wrap: Wrap) {
    if offers.spot.beside.contains(&offer.label) && matches!(offers.spot.path.0.last(), Some(Segment::Index(_))) {
        return;
    }
    offers.value(kind, offer, &wrap.around(draft));
}

/// Offers what a field may name.
fn references_to(offers: &mut Offers<'_, '_>, section: Section, field: &str, names: Names, wrap: Wrap) {
    let (analysis, spot) = (offers.analysis, offers.spot);
    let register = analysis.register();
    match names {
        Names::File => {}
        Names::Level => {
            for level in register.risk_criteria().into_iter().flat_map(|criteria| &criteria.levels) {
                let offer = Offer {
                    label: level.name.value.clone(),
                    detail: format!("risks from score {}", level.from),
                    ..Offer::default()
                };
                put(offers, CompletionKind::Level, offer, Draft::Text(level.name.value.clone()), wrap);
            }
        }
        Names::Address => addresses(offers, section, field, wrap),
        Names::Subject(sections) => {
            for (rank, of) in (0..).zip(sections) {
                for head in once_each(analysis, *of).filter(|head| !is_above_itself(spot, field, head)) {
                    let is_me = *of == Section::People && Some(head.id.as_str()) == analysis.me;
                    let has_left = *of == Section::People
                        && register.people.get(&head.id).is_some_and(|person| !person.can_decide(analysis.today));
                    let offer = Offer {
                        label: head.id.clone(),
                        detail: analysis.title(head),
                        documentation: offers.about(head),
                        subject: Some(head.address()),
                        rank: rank + 2 * u8::from(has_left),
                        preselect: is_me && field.ends_with(".by") && section != Section::Risks,
                        ..Offer::default()
                    };
                    put(offers, CompletionKind::Subject(*of), offer, Draft::Text(head.id.clone()), wrap);
                }
                if *of == Section::Controls {
                    unlisted_controls(offers, field, wrap);
                }
            }
        }
    }
}

/// Whether a field says what its subject is below, and would say that it is below itself.
fn is_above_itself(spot: &Spot, field: &str, head: &Head) -> bool {
    let own = matches!(spot.path.0.get(1), Some(Segment::Key(id)) if *id == head.id);
    own && matches!((head.section, field), (Section::Roles, "reports_to") | (Section::Departments, "parent"))
}

/// Controls of Annex A that have no entry, where they may be named all the same, and those of the 2013 edition.
fn unlisted_controls(offers: &mut Offers<'_, '_>, field: &str, wrap: Wrap) {
    let register = offers.analysis.register();
    if field == "covers" {
        for control in catalogue::controls().iter().filter(|control| register.controls.get(control.id).is_none()) {
            let offer = Offer {
                label: control.id.to_owned(),
                detail: control.title.to_owned(),
                documentation: about::control(control),
                rank: 4,
                ..Offer::default()
            };
            put(offers, CompletionKind::Subject(Section::Controls), offer, Draft::Text(control.id.to_owned()), wrap);
        }
        for clause in catalogue::clauses() {
            let offer =
                Offer { label: clause.id.to_owned(), detail: clause.title.to_owned(), rank: 5, ..Offer::default() };
            put(offers, CompletionKind::Choice, offer, Draft::Text(clause.id.to_owned()), wrap);
        }
    }
    for (offer, control) in of_2013() {
        put(offers, CompletionKind::Subject(Section::Controls), offer, Draft::Text(control.id.to_owned()), wrap);
    }
}

/// The ids of the 2013 edition, each with each control that took it up.
pub(super) fn of_2013() -> impl Iterator<Item = (Offer, &'static catalogue::AnnexControl)> {
    let offer = |old: &str, control: &catalogue::AnnexControl| Offer {
        label: old.to_owned(),
        detail: format!("2013 edition, now {} {}", control.id, control.title),
        documentation: about::control(control),
        rank: 9,
        deprecated: true,
        ..Offer::default()
    };
    let olds = catalogue::controls().iter().flat_map(|control| control.iso2013.iter().map(move |old| (*old, control)));
    olds.map(move |(old, control)| (offer(old, control), control))
}

fn addresses(offers: &mut Offers<'_, '_>, section: Section, field: &str, wrap: Wrap) {
    let analysis = offers.analysis;
    let whole: &[Section] = match (section, field) {
        (_, "authority.approve") => &[Section::Isms, Section::Soa, Section::RiskCriteria, Section::Policies],
        (Section::Lint, _) => &[Section::Isms, Section::Soa, Section::RiskCriteria, Section::Evidence],
        _ => &[],
    };
    for section in whole {
        let offer = Offer { label: section.key().to_owned(), detail: section.noun().to_owned(), ..Offer::default() };
        put(offers, CompletionKind::Section, offer, Draft::Text(section.key().to_owned()), wrap);
    }
    let single: &[Section] = match (section, field) {
        (_, "authority.approve") => &[Section::Policies],
        (_, "because") => &[Section::Risks, Section::Policies, Section::Exceptions],
        _ => &Section::ALL,
    };
    for of in single.iter().filter(|of| !of.is_singleton()) {
        for head in once_each(analysis, *of) {
            let offer = Offer {
                label: head.address(),
                detail: analysis.title(head),
                documentation: offers.about(head),
                subject: Some(head.address()),
                rank: 1,
                ..Offer::default()
            };
            put(offers, CompletionKind::Subject(*of), offer, Draft::Text(head.address()), wrap);
        }
    }
}

/// The subjects of a section; of several that claim one id the first.
fn once_each<'a>(analysis: &Analysis<'a>, section: Section) -> impl Iterator<Item = &'a Head> + use<'a> {
    let register = analysis.register();
    let first = move |head: &&Head| register.subject(section, &head.id).is_some_and(|it| it.key == head.key);
    register.heads().filter(move |head| head.section == section).filter(first)
}

fn dates(offers: &mut Offers<'_, '_>, path: &KeyPath) {
    let today = offers.analysis.today;
    let last = match path.0.last() {
        Some(Segment::Key(key)) => key.as_str(),
        _ => "",
    };
    let ahead: &[(&str, &str)] = match last {
        "until" | "due" | "acting_until" => {
            &[("12mo", "in a year"), ("6mo", "in six months"), ("3mo", "in three months"), ("1mo", "in a month")]
        }
        _ => &[],
    };
    let register = offers.analysis.register();
    let until = decision_of(path).and_then(|(section, id, verb)| register.last_day(section, id, verb, today));
    if last == "until"
        && let Some(last) = until
    {
        let offer = Offer { label: last.day.to_string(), detail: last.why, preselect: true, ..Offer::default() };
        put(offers, CompletionKind::Time, offer, Draft::Text(last.day.to_string()), Wrap::None);
    }
    let later = ahead.iter().filter_map(|(period, words)| Some((Period::parse(period)?.after(today), *words)));
    let mut days: Vec<_> = later.collect();
    days.push((today, "today"));
    for (date, words) in days {
        let label = date.to_string();
        if offers.all.iter().any(|other| other.label == label) {
            continue;
        }
        let offer = Offer { label, detail: words.to_owned(), rank: 1, ..Offer::default() };
        put(offers, CompletionKind::Time, offer, Draft::Text(date.to_string()), Wrap::None);
    }
}

/// The decision that a place stands in.
fn decision_of(path: &KeyPath) -> Option<(Section, &str, Verb)> {
    let depth =
        path.0.iter().position(|segment| matches!(segment, Segment::Key(key) if Verb::of_key(key).is_some()))?;
    let keys: Vec<&str> = path.0[..=depth]
        .iter()
        .filter_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        })
        .collect();
    match keys.as_slice() {
        [section, verb] => Some((Section::of_key(section)?, "", Verb::of_key(verb)?)),
        [section, id, verb] => Some((Section::of_key(section)?, id, Verb::of_key(verb)?)),
        _ => None,
    }
}

fn periods(offers: &mut Offers<'_, '_>) {
    for text in ["12mo", "6mo", "3mo", "1mo", "2y", "30d", "7d"] {
        let Some(period) = Period::parse(text) else { continue };
        let offer = Offer { label: text.to_owned(), detail: period.words(), ..Offer::default() };
        put(offers, CompletionKind::Time, offer, Draft::Text(text.to_owned()), Wrap::None);
    }
}

/// Offers the steps of a scale.
fn numbers(offers: &mut Offers<'_, '_>, path: &KeyPath) {
    let [Segment::Key(section), _, Segment::Key(rating), Segment::Key(axis)] = path.0.as_slice() else { return };
    if section != "risks" || !matches!(rating.as_str(), "inherent" | "residual") {
        return;
    }
    let Some(criteria) = offers.analysis.register().risk_criteria() else { return };
    let highest = match axis.as_str() {
        "likelihood" => &criteria.likelihood,
        _ => &criteria.impact,
    };
    let highest = highest.as_ref().map_or(0, |highest| **highest).clamp(0, 20);
    for step in 1..=highest {
        let detail = match step {
            1 => "lowest",
            _ if step == highest => "highest",
            _ => "",
        };
        let offer = Offer { label: step.to_string(), detail: detail.to_owned(), ..Offer::default() };
        put(offers, CompletionKind::Number, offer, Draft::Plain(step.to_string()), Wrap::None);
    }
}

fn rules(offers: &mut Offers<'_, '_>) {
    let reported = |id: &str| offers.analysis.diagnostics.iter().any(|diagnostic| diagnostic.rule.id == id);
    let all: Vec<_> = RULES.iter().map(|rule| (rule, reported(rule.id))).collect();
    for (rule, is_reported) in all {
        let offer = Offer {
            label: rule.id.to_owned(),
            detail: rule.summary.to_owned(),
            documentation: about::rule(rule),
            rank: u8::from(!is_reported),
            ..Offer::default()
        };
        put(offers, CompletionKind::Rule, offer, Draft::Text(rule.id.to_owned()), Wrap::None);
    }
}

impl Analysis<'_> {
    /// The rules that report something on the line that a comment suppresses, in its brackets.
    pub(super) fn rules_in_comment(&self, place: Place) -> Vec<Completion> {
        let text = self.parse(place.file).text();
        let cursor = usize::from(place.offset);
        let line = text[..cursor].rfind('\n').map_or(0, |newline| newline + 1);
        let Some(open) = text[line..cursor].rfind("deed: ignore[") else { return Vec::new() };
        let inside = &text[line + open + "deed: ignore[".len()..cursor];
        if inside.contains(']') || !text[line..line + open].contains('#') {
            return Vec::new();
        }
        let word = inside.rfind([',', ' ']).map_or(inside, |at| &inside[at + 1..]);
        let from = cursor - word.len();
        let rest = text[cursor..].find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len() - cursor);
        let range = TextRange::new(size(from), size(cursor + rest));
        let reported = |id: &str| {
            let here = |diagnostic: &&deed_linter::Diagnostic| diagnostic.span.file == place.file;
            self.diagnostics.iter().filter(here).any(|diagnostic| diagnostic.rule.id == id)
        };
        let completion = |(number, rule): (usize, &&deed_linter::Rule)| Completion {
            label: rule.id.to_owned(),
            kind: CompletionKind::Rule,
            detail: rule.summary.to_owned(),
            documentation: about::rule(rule),
            subject: None,
            edit: Edit::replace(range, rule.id),
            is_snippet: false,
            additional: Vec::new(),
            filter: rule.id.to_owned(),
            sort: format!("{:02}{number:04}", u8::from(!reported(rule.id))),
            deprecated: false,
            preselect: false,
            again: false,
        };
        RULES.iter().enumerate().map(completion).collect()
    }
}

/// The section and field that a key path leads to, without ids and the numbers of items: `controls`, `evidence.path`.
pub(super) fn field_of(path: &KeyPath) -> Option<(Section, String)> {
    let keys = path.0.iter().filter_map(|segment| match segment {
        Segment::Key(key) => Some(key.as_str()),
        Segment::Index(_) => None,
    });
    let keys: Vec<&str> = keys.collect();
    let (section, rest) = keys.split_first()?;
    let section = Section::of_key(section)?;
    let rest = if section.is_singleton() { rest } else { rest.get(1..)? };
    Some((section, rest.join(".")))
}
