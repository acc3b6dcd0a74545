//! Whole new subjects, with the fields that a subject of their section cannot do without.

use deed_model::{Names, Section, catalogue};

use crate::completion::about;
use crate::completion::draft::Draft;
use crate::completion::values::of_2013;
use crate::completion::{CompletionKind, Offer, Offers};
use crate::rename::is_id;

/// Offers new subjects of a section.
pub(super) fn offer(offers: &mut Offers<'_, '_>, section: Section) {
    if section == Section::Controls {
        return controls(offers);
    }
    referred_to(offers, section);
    for Template { what, id, fields } in templates(section) {
        let id = next_id(offers, section, id);
        let offer = Offer {
            label: format!("add {what}"),
            detail: format!("a new {}", section.noun()),
            documentation: format!("With {}.", listed(&fields)),
            rank: 2,
            words: format!(" {id}"),
            name_it: true,
            ..Offer::default()
        };
        add(offers, section, offer, &id, fields);
    }
}

fn add(offers: &mut Offers<'_, '_>, section: Section, offer: Offer, id: &str, fields: Vec<(&'static str, Draft)>) {
    offers.entry(CompletionKind::Entry(section), offer, id, &Draft::Block(fields));
}

/// Offers, for a subject that has nothing yet, all that one of its section cannot do without.
pub(super) fn fill_in(offers: &mut Offers<'_, '_>, section: Section, id: &str) {
    let templates = match section {
        Section::Controls if catalogue::control(id).is_some() => vec![("control", of_control())],
        _ => templates(section).into_iter().map(|template| (template.what, template.fields)).collect(),
    };
    for (what, fields) in templates {
        let offer = Offer {
            label: format!("fill in {what}"),
            detail: format!("what a {what} cannot do without"),
            documentation: format!("With {}.", listed(&fields)),
            preselect: true,
            ..Offer::default()
        };
        offers.value(CompletionKind::Entry(section), offer, &Draft::Block(fields));
    }
}

fn of_control() -> Vec<(&'static str, Draft)> {
    vec![
        ("applicable", Draft::Plain("true".to_owned())),
        ("because", Draft::List(vec![Draft::Blank("reason")])),
        ("status", Draft::Choice(vec!["planned", "partial", "implemented"])),
        ("owner", Draft::Blank("owner")),
    ]
}

/// The controls of Annex A that have no entry yet.
fn controls(offers: &mut Offers<'_, '_>) {
    let register = offers.analysis.register();
    let is_listed = |offers: &Offers<'_, '_>, id: &str| {
        register.controls.get(id).is_some() || offers.spot.beside.iter().any(|other| other == id)
    };
    for control in catalogue::controls() {
        if is_listed(offers, control.id) {
            continue;
        }
        let offer = Offer {
            label: control.id.to_owned(),
            detail: control.title.to_owned(),
            documentation: about::control(control),
            rank: 1,
            ..Offer::default()
        };
        add(offers, Section::Controls, offer, control.id, of_control());
    }
    for (offer, control) in of_2013() {
        if is_listed(offers, control.id) {
            continue;
        }
        add(offers, Section::Controls, offer, control.id, of_control());
    }
}

/// Ids that something refers to and that nothing has.
fn referred_to(offers: &mut Offers<'_, '_>, section: Section) {
    let register = offers.analysis.register();
    let mut missing: Vec<(String, String)> = Vec::new();
    register.visit_references(&mut |reference| {
        // Where a role and a person may stand, a role is better.
        let fits = matches!(reference.names, Names::Subject(sections) if sections.first() == Some(&section));
        let is_new = |missing: &[(String, String)]| !missing.iter().any(|(id, _)| id == reference.name);
        if fits && register.definition(&reference).is_none() && is_new(&missing) && is_id(reference.name) {
            missing.push((reference.name.to_owned(), format!("named by `{}`", reference.head.address())));
        }
    });
    for (id, detail) in missing {
        let Some(Template { fields, .. }) = templates(section).into_iter().next() else { return };
        let offer = Offer { label: id.clone(), detail, rank: 1, ..Offer::default() };
        add(offers, section, offer, &id, fields);
    }
}

/// A new subject.
struct Template {
    /// What to call it.
    what: &'static str,
    /// How its id begins.
    id: &'static str,
    fields: Vec<(&'static str, Draft)>,
}

/// What may be added to a section.
fn templates(section: Section) -> Vec<Template> {
    use Draft::{Bare, Blank, Braces, Choice, List, Text};
    let one = |what, id, fields| vec![Template { what, id, fields }];
    let rating = || Braces(vec![("likelihood", Bare("likelihood")), ("impact", Bare("impact"))]);
    match section {
        Section::People => one(
            "person",
            "person",
            vec![("name", Blank("name")), ("emails", List(vec![Blank("e-mail")])), ("joined", Blank("joined"))],
        ),
        Section::Departments => {
            one("department", "department", vec![("title", Blank("title")), ("head", Blank("head"))])
        }
        Section::Roles => one(
            "role",
            "role",
            vec![
                ("title", Blank("title")),
                ("layer", Choice(vec!["owner", "executive", "isms", "operator", "audit"])),
                ("held_by", Blank("person")),
                ("reports_to", Blank("role")),
            ],
        ),
        Section::Policies => one(
            "policy",
            "policy",
            vec![
                ("title", Blank("title")),
                ("document", Blank("path")),
                ("owner", Blank("owner")),
                ("version", Text("1".to_owned())),
                ("classification", Blank("internal")),
                ("review", Text("12mo".to_owned())),
            ],
        ),
        Section::Risks => one(
            "risk",
            "R-",
            vec![
                ("title", Blank("title")),
                ("owner", Blank("owner")),
                ("inherent", rating()),
                ("treatment", Choice(vec!["mitigate", "accept", "transfer", "avoid"])),
                ("controls", List(vec![Blank("control")])),
                ("residual", rating()),
            ],
        ),
        Section::Exceptions => one(
            "exception",
            "X-",
            vec![
                ("control", Blank("control")),
                ("reason", Blank("reason")),
                ("owner", Blank("owner")),
                ("requested_by", Blank("who")),
            ],
        ),
        Section::Delegations => one(
            "delegation",
            "D-",
            vec![
                ("from", Blank("role")),
                ("to", Blank("role")),
                ("authority", Braces(vec![("accept_risk", Blank("level"))])),
            ],
        ),
        Section::Reviews => vec![
            Template {
                what: "management review",
                id: "MR-",
                fields: vec![
                    ("kind", Text("management-review".to_owned())),
                    ("chair", Blank("chair")),
                    ("document", Blank("path")),
                ],
            },
            Template {
                what: "internal audit",
                id: "IA-",
                fields: vec![
                    ("kind", Text("internal-audit".to_owned())),
                    ("lead", Blank("lead")),
                    ("covers", List(vec![Blank("control")])),
                    ("document", Blank("path")),
                ],
            },
        ],
        _ => Vec::new(),
    }
}

fn listed(fields: &[(&str, Draft)]) -> String {
    fields.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// An id that nothing in the section has: the next number behind the highest of those that begin alike.
fn next_id(offers: &Offers<'_, '_>, section: Section, stem: &str) -> String {
    let register = offers.analysis.register();
    let heads = register.heads().filter(|head| head.section == section).map(|head| head.id.as_str());
    let ids: Vec<&str> = heads.chain(offers.spot.beside.iter().map(String::as_str)).collect();
    if !stem.ends_with('-') {
        let mut number = 1;
        let mut id = format!("new-{stem}");
        while ids.contains(&id.as_str()) {
            number += 1;
            id = format!("new-{stem}-{number}");
        }
        return id;
    }
    // `MR-2026-2` follows `MR-2026-1` in 2026.
    let stem = match section {
        Section::Reviews => format!("{stem}{}-", offers.analysis.today.year()),
        _ => stem.to_owned(),
    };
    let highest = ids.iter().filter_map(|id| id.strip_prefix(stem.as_str())?.parse::<u32>().ok()).max();
    format!("{stem}{}", highest.unwrap_or(0).saturating_add(1))
}
