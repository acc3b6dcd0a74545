//! Every place where a subject names another one, a level or a file: one list for the rules and for the editor's
//! definition, references, rename and completion.

use crate::reads::{self, Read};
use crate::{
    Authority, Control, Decision, Delegation, Department, Exception, Head, Isms, LevelBound, LintSettings, Place,
    Policy, Register, Review, Risk, RiskCriteria, Role, Section, Spanned, Verb,
};

/// A place where a subject names something.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'r> {
    /// The subject it stands in.
    pub head: &'r Head,
    /// The field, as in `owner`, `plan.by` or `accepted.as`; without the numbers of list items.
    pub field: &'static str,
    /// The whole value, as written.
    pub text: &'r Spanned<String>,
    /// The id, level or path in it: `R-12` of `risks.R-12`, otherwise all of it.
    pub name: &'r str,
    /// What it may name.
    pub names: Names,
}

/// What a reference may name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Names {
    /// A subject of one of these sections, by its id; the first section that has the id is meant.
    Subject(&'static [Section]),
    /// Any subject, or a place in it, by address: `risks.R-12`, `isms`, `risks.R-12.accepted`.
    Address,
    /// A level of the risk criteria.
    Level,
    /// A file below the root, or a link.
    File,
}

/// What a reference names.
#[derive(Clone, Copy, Debug)]
pub enum Definition<'r> {
    /// A subject.
    Subject(&'r Head),
    /// A level of the risk criteria.
    Level(&'r LevelBound),
}

const PARTY: Names = Names::Subject(&[Section::Roles, Section::People]);
const PERSON: Names = Names::Subject(&[Section::People]);
const ROLE: Names = Names::Subject(&[Section::Roles]);
const DEPARTMENT: Names = Names::Subject(&[Section::Departments]);
const CONTROL: Names = Names::Subject(&[Section::Controls]);
const POLICY: Names = Names::Subject(&[Section::Policies]);

/// Returns what a field of a section's subjects may name, as in `owner`, `plan.by` or `accepted.as`, without the numbers of
/// list items; `None` where it names nothing. For `risk_criteria.max_acceptance` the keys are meant.
pub fn names(section: Section, field: &str) -> Option<Names> {
    if let Some((verb, part)) = field.split_once('.')
        && Verb::of_key(verb).is_some()
    {
        return match part {
            "by" => Some(PERSON),
            "as" => Some(ROLE),
            _ => None,
        };
    }
    Some(match (section, field) {
        (Section::Isms, "owner") => PARTY,
        (Section::Isms, "manager" | "conformity" | "reporting") => ROLE,
        (Section::Isms, "policy") => POLICY,
        (Section::RiskCriteria, "tolerance" | "max_acceptance") => Names::Level,
        (Section::Lint, "ignore.owner") => PARTY,
        (Section::Lint, "ignore.subject") => Names::Address,
        (Section::Departments, "head") => PARTY,
        (Section::Departments, "parent") => DEPARTMENT,
        (Section::Roles, "department") => DEPARTMENT,
        (Section::Roles, "held_by" | "deputy") => PERSON,
        (Section::Roles, "reports_to") => ROLE,
        (Section::Roles, "competence.evidence") => Names::File,
        (Section::Roles | Section::Delegations, "authority.accept_risk") => Names::Level,
        (Section::Roles | Section::Delegations, "authority.approve" | "authority.grant") => Names::Address,
        (Section::Controls, "because") => Names::Address,
        (Section::Controls, "owner" | "responsible" | "consulted" | "informed" | "sponsor") => PARTY,
        (Section::Controls, "department") => DEPARTMENT,
        (Section::Controls, "evidence.path") => Names::File,
        (Section::Policies, "document" | "communicated.evidence") => Names::File,
        (Section::Policies, "owner" | "author") => PARTY,
        (Section::Risks, "owner" | "requested_by" | "plan.by") => PARTY,
        (Section::Risks, "controls") => CONTROL,
        (Section::Exceptions, "control") => CONTROL,
        (Section::Exceptions, "owner" | "requested_by") => PARTY,
        (Section::Delegations, "from" | "to") => PARTY,
        (Section::Reviews, "chair" | "lead") => PARTY,
        (Section::Reviews, "document") => Names::File,
        (Section::Reviews, "covers") => CONTROL,
        _ => return None,
    })
}

impl<'r> Reference<'r> {
    /// Returns the decision key it stands under, if it is part of a decision.
    pub fn verb(&self) -> Option<Verb> {
        self.field.split_once('.').and_then(|(key, _)| Verb::of_key(key))
    }

    /// Returns the value with another name in it: `risks.R-13` for `R-13` where `risks.R-12` is written.
    pub fn renamed(&self, name: &str) -> String {
        let prefix = self.text.strip_suffix(self.name).unwrap_or_default();
        format!("{prefix}{name}")
    }
}

impl Register {
    /// Calls `visit` with every reference of every subject, duplicates included.
    pub fn visit_references<'r>(&'r self, visit: &mut dyn FnMut(Reference<'r>)) {
        Section::ALL.into_iter().for_each(|section| reads::note(Read::Section(section)));
        self.placed_heads().for_each(|(place, head)| self.visit_references_of(head.section, place, visit));
    }

    /// Calls `visit` with the references of every subject, duplicates included, but not with those of its decisions.
    pub fn visit_names<'r>(&'r self, visit: &mut dyn FnMut(Reference<'r>)) {
        reads::note(Read::Names);
        let names = &mut |reference: Reference<'r>| {
            if reference.verb().is_none() {
                visit(reference);
            }
        };
        self.placed_heads().for_each(|(place, head)| self.visit_references_of(head.section, place, names));
    }

    /// Calls `visit` with every reference of the subject at a place. Nothing is noted: who asks notes it.
    pub fn visit_references_of<'r>(&'r self, section: Section, place: Place, visit: &mut dyn FnMut(Reference<'r>)) {
        if let Some(head) = self.head_at(section, place) {
            self.refer_from(place, &mut From { head, visit });
        }
    }

    fn refer_from<'r>(&'r self, place: Place, from: &mut From<'r, '_>) -> Option<()> {
        match from.head.section {
            Section::Isms => isms_refers(self.isms.definition_at(place)?, from),
            Section::RiskCriteria => risk_criteria_refer(self.risk_criteria.definition_at(place)?, from),
            Section::Soa => from.decisions(&self.soa.definition_at(place)?.approved),
            Section::Lint => lint_refers(self, self.lint.definition_at(place)?, from),
            Section::Departments => department_refers(self.departments.definition_at(place)?, from),
            Section::Roles => role_refers(self.roles.definition_at(place)?, from),
            Section::Controls => control_refers(self.controls.definition_at(place)?, from),
            Section::Policies => policy_refers(self.policies.definition_at(place)?, from),
            Section::Risks => risk_refers(self.risks.definition_at(place)?, from),
            Section::Exceptions => exception_refers(self.exceptions.definition_at(place)?, from),
            Section::Delegations => delegation_refers(self.delegations.definition_at(place)?, from),
            Section::Reviews => review_refers(self.reviews.definition_at(place)?, from),
            Section::Evidence | Section::People => {}
        }
        Some(())
    }

    /// Returns what a reference names; `None` for a file, and where nothing has the name.
    pub fn definition(&self, reference: &Reference<'_>) -> Option<Definition<'_>> {
        match reference.names {
            Names::Subject(sections) => {
                sections.iter().find_map(|section| self.subject(*section, reference.name)).map(Definition::Subject)
            }
            Names::Address => self.at_address(reference.name).map(Definition::Subject),
            Names::Level => {
                let levels = &self.risk_criteria()?.levels;
                levels.iter().find(|level| *level.name == reference.name).map(Definition::Level)
            }
            Names::File => None,
        }
    }

    /// Returns the subject an address leads to, be it the address of a place in the subject.
    pub fn at_address(&self, address: &str) -> Option<&Head> {
        let (section, rest) = section_of(address)?;
        if section.is_singleton() {
            return self.subject(section, "");
        }
        // An id may hold dots, so the longest id that fits is meant.
        let ends = rest.match_indices(['.', '[']).map(|(at, _)| at);
        let mut ids: Vec<_> = ends.chain([rest.len()]).map(|end| &rest[..end]).collect();
        ids.reverse();
        ids.into_iter().find_map(|id| self.subject(section, id))
    }
}

/// The section an address begins with, and what follows its dot.
fn section_of(address: &str) -> Option<(Section, &str)> {
    let (key, rest) = address.split_once('.').unwrap_or((address, ""));
    Some((Section::of_key(key)?, rest))
}

/// A slice of one section that outlives every register.
fn only(section: Section) -> &'static [Section] {
    static ALL: [Section; 14] = Section::ALL;
    ALL.iter().position(|one| *one == section).map_or(&[], |at| &ALL[at..=at])
}

/// Hands on the references of one subject.
struct From<'r, 'v> {
    head: &'r Head,
    visit: &'v mut dyn FnMut(Reference<'r>),
}

impl<'r> From<'r, '_> {
    fn all(&mut self, field: &'static str, texts: impl IntoIterator<Item = &'r Spanned<String>>) {
        let mut texts = texts.into_iter().peekable();
        if texts.peek().is_none() {
            return;
        }
        let Some(names) = names(self.head.section, field) else { return };
        for text in texts {
            (self.visit)(Reference { head: self.head, field, text, name: text, names });
        }
    }

    /// A text that may be the address of a subject of some section with ids, as in `risks.R-12`, and else names nothing.
    fn address(&mut self, field: &'static str, text: &'r Spanned<String>) {
        let Some((section, id)) = section_of(text).filter(|(section, _)| !section.is_singleton()) else {
            return;
        };
        let is_id = id.starts_with(|c: char| c.is_ascii_alphanumeric())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
        if is_id {
            let names = Names::Subject(only(section));
            (self.visit)(Reference { head: self.head, field, text, name: id, names });
        }
    }

    fn decisions(&mut self, decisions: &'r [Decision]) {
        for decision in decisions {
            let (by, as_role) = match decision.verb {
                Verb::Adopted => ("adopted.by", "adopted.as"),
                Verb::Approved => ("approved.by", "approved.as"),
                Verb::Accepted => ("accepted.by", "accepted.as"),
                Verb::Granted => ("granted.by", "granted.as"),
                Verb::Reviewed => ("reviewed.by", "reviewed.as"),
                Verb::Held => ("held.by", "held.as"),
                Verb::Acknowledged => ("acknowledged.by", "acknowledged.as"),
            };
            self.all(by, &decision.by);
            self.all(as_role, &decision.as_role);
        }
    }

    fn authority(&mut self, authority: Option<&'r Authority>) {
        let Some(authority) = authority else { return };
        self.all("authority.accept_risk", &authority.accept_risk);
        authority.approve.iter().for_each(|text| self.address("authority.approve", text));
        authority.grant.iter().for_each(|text| self.address("authority.grant", text));
    }
}

fn isms_refers<'r>(isms: &'r Isms, from: &mut From<'r, '_>) {
    from.all("owner", &isms.owner);
    from.all("manager", &isms.manager);
    from.all("conformity", &isms.conformity);
    from.all("reporting", &isms.reporting);
    from.all("policy", &isms.policy);
    from.decisions(&isms.adopted);
    from.decisions(&isms.approved);
}

fn risk_criteria_refer<'r>(criteria: &'r RiskCriteria, from: &mut From<'r, '_>) {
    from.all("tolerance", &criteria.tolerance);
    from.all("max_acceptance", criteria.max_acceptance.iter().map(|(level, _)| level));
    from.decisions(&criteria.approved);
}

fn lint_refers<'r>(register: &'r Register, lint: &'r LintSettings, from: &mut From<'r, '_>) {
    for ignore in &lint.ignore {
        from.all("ignore.owner", &ignore.owner);
        let Some(text) = &ignore.subject else { continue };
        match (register.at_address(text), section_of(text)) {
            // Narrowed to the subject, so that a rename finds its id; a place in the subject stays an address.
            (Some(head), Some((section, id))) if head.id == id && !section.is_singleton() => {
                let names = Names::Subject(only(section));
                (from.visit)(Reference { head: from.head, field: "ignore.subject", text, name: id, names });
            }
            _ => from.all("ignore.subject", [text]),
        }
    }
}

fn department_refers<'r>(department: &'r Department, from: &mut From<'r, '_>) {
    from.all("head", &department.headed_by);
    from.all("parent", &department.parent);
}

fn role_refers<'r>(role: &'r Role, from: &mut From<'r, '_>) {
    from.all("department", &role.department);
    from.all("held_by", &role.held_by);
    from.all("deputy", &role.deputy);
    from.all("reports_to", &role.reports_to);
    from.authority(role.authority.as_ref());
    from.all("competence.evidence", role.competence.iter().filter_map(|item| item.evidence.as_ref()));
    from.decisions(&role.acknowledged);
}

fn control_refers<'r>(control: &'r Control, from: &mut From<'r, '_>) {
    control.because.iter().for_each(|text| from.address("because", text));
    from.all("owner", &control.owner);
    from.all("responsible", &control.responsible);
    from.all("consulted", &control.consulted);
    from.all("informed", &control.informed);
    from.all("sponsor", &control.sponsor);
    from.all("department", &control.department);
    from.all("evidence.path", control.evidence.iter().filter_map(|item| item.path.as_ref()));
    from.decisions(&control.accepted);
    from.decisions(&control.reviewed);
}

fn policy_refers<'r>(policy: &'r Policy, from: &mut From<'r, '_>) {
    from.all("document", &policy.document);
    from.all("owner", &policy.owner);
    from.all("author", &policy.author);
    from.all("communicated.evidence", policy.communicated.iter().filter_map(|record| record.evidence.as_ref()));
    from.decisions(&policy.approved);
    from.decisions(&policy.reviewed);
}

fn risk_refers<'r>(risk: &'r Risk, from: &mut From<'r, '_>) {
    from.all("owner", &risk.owner);
    from.all("requested_by", &risk.requested_by);
    from.all("controls", &risk.controls);
    from.all("plan.by", risk.plan.iter().filter_map(|action| action.by.as_ref()));
    from.decisions(&risk.approved);
    from.decisions(&risk.accepted);
    from.decisions(&risk.reviewed);
}

fn exception_refers<'r>(exception: &'r Exception, from: &mut From<'r, '_>) {
    from.all("control", &exception.control);
    from.all("owner", &exception.owner);
    from.all("requested_by", &exception.requested_by);
    from.decisions(&exception.granted);
}

fn delegation_refers<'r>(delegation: &'r Delegation, from: &mut From<'r, '_>) {
    from.all("from", &delegation.from);
    from.all("to", &delegation.to);
    from.authority(delegation.authority.as_ref());
    from.decisions(&delegation.granted);
}

fn review_refers<'r>(review: &'r Review, from: &mut From<'r, '_>) {
    from.all("chair", &review.chair);
    from.all("lead", &review.lead);
    from.all("document", &review.document);
    // A clause such as `9.2` names no subject.
    let controls = review.covers.iter().filter(|text| crate::catalogue::control(text).is_some());
    from.all("covers", controls);
    from.decisions(&review.held);
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::Arc;

    use deed_syntax::{Format, Node};

    use super::*;
    use crate::{Manifest, Workspace};

    fn workspace(text: &str) -> Workspace {
        let parse = Arc::new(deed_syntax::parse(text, Format::Yaml));
        assert!(parse.errors().is_empty(), "{:?}", parse.errors());
        Workspace::new(vec![Manifest { path: "deed.yaml".to_owned(), parse }])
    }

    fn collected(register: &Register) -> Vec<Reference<'_>> {
        let mut all = Vec::new();
        register.visit_references(&mut |reference| all.push(reference));
        all
    }

    /// Writes a value that fits a schema; each id in it is one of its own, kept in `ids` with its key path.
    fn sample(root: Node<'_>, schema: Node<'_>, path: &str, ids: &mut Vec<String>, out: &mut String) {
        let text = |key| schema.get(key).and_then(|entry| entry.value().as_str());
        if let Some(target) = text("$ref") {
            let name = target.trim_start_matches("#/$defs/");
            if name == "id" {
                write!(out, "id{}", ids.len()).expect("a string");
                return ids.push(path.to_owned());
            }
            let defs = root.get("$defs").expect("definitions").value();
            return sample(root, defs.get(name).expect(name).value(), path, ids, out);
        }
        let types = schema.get("type").map(|entry| entry.value());
        let kind = types.and_then(|types| types.as_str().or_else(|| types.items().next()?.as_str()));
        let named = if schema.get("properties").is_some() { "object" } else { "string" };
        match kind.unwrap_or(named) {
            "object" => {
                out.push('{');
                if let Some(properties) = schema.get("properties") {
                    for field in properties.value().entries() {
                        let name = field.name().expect("a name");
                        write!(out, "{name}: ").expect("a string");
                        sample(root, field.value(), &format!("{path}.{name}"), ids, out);
                        out.push_str(", ");
                    }
                } else if let Some(others) = schema.get("additionalProperties") {
                    out.push_str("one: ");
                    sample(root, others.value(), path, ids, out);
                }
                out.push('}');
            }
            "array" => {
                out.push('[');
                sample(root, schema.get("items").expect("items").value(), path, ids, out);
                out.push(']');
            }
            "integer" => out.push('1'),
            "boolean" => out.push_str("true"),
            _ => {
                let word = schema.get("enum").and_then(|words| words.value().items().next()?.as_str());
                let form = text("pattern").unwrap_or_default();
                let day = text("format") == Some("date") || form.contains("{4}");
                out.push_str(word.unwrap_or(if day { "2026-01-01" } else { "12mo" }));
            }
        }
    }

    /// A manifest with every field that the schema knows, and the names of those that hold ids.
    fn sampled() -> (Vec<String>, String) {
        let schema = include_str!("../../../schemas/deed.schema.json");
        let schema = deed_syntax::parse(schema, Format::Yaml);
        let root = schema.root().expect("a schema");
        let (mut ids, mut text) = (Vec::new(), String::new());
        sample(root, root, "", &mut ids, &mut text);
        (ids, text)
    }

    #[test]
    fn every_id_of_the_schema_is_a_reference() {
        let (ids, text) = sampled();
        let workspace = workspace(&text);
        let all = collected(workspace.register());
        let missing: Vec<_> = (0..ids.len())
            .filter(|number| !all.iter().any(|reference| reference.name == format!("id{number}")))
            .map(|number| ids[number].as_str())
            .collect();
        assert!(ids.len() > 50, "{ids:?}");
        assert!(missing.is_empty(), "not in the list of references: {missing:?}\n{text}");
    }

    /// What is written as text but names something, and what each may name.
    #[test]
    fn texts_that_name_something_are_references() {
        let workspace = workspace(
            r#"
isms: {}
risk_criteria:
  levels: { low: 1 }
  max_acceptance: { low: 1y }
lint:
  ignore:
    - { rule: a, subject: risks.R-1 }
    - { rule: a, subject: "risks.R-1.accepted" }
    - { rule: a, subject: isms }
roles:
  ceo:
    authority: { approve: [isms, policies, policies.access] }
    competence: [{ requirement: reads, evidence: ceo.pdf }]
controls:
  A.5.1: { because: [risks.R-1, "PCI DSS 7", isms.adopted, risks.all of them], evidence: [{ path: log.txt }] }
policies:
  access: { document: access.md, communicated: { date: 2026-01-01, evidence: mail.eml } }
risks:
  R-1: {}
reviews:
  IA-1: { covers: [A.5.1, "9.2"], document: report.md }
"#,
        );
        let register = workspace.register();
        let found: Vec<_> = collected(register)
            .iter()
            .map(|r| format!("{} {} {} {:?}", r.head.address(), r.field, r.name, r.names))
            .collect();
        assert_eq!(
            found,
            [
                "risk_criteria max_acceptance low Level",
                "lint ignore.subject R-1 Subject([Risks])",
                "lint ignore.subject risks.R-1.accepted Address",
                "lint ignore.subject isms Address",
                "roles.ceo authority.approve access Subject([Policies])",
                "roles.ceo competence.evidence ceo.pdf File",
                "controls.A.5.1 because R-1 Subject([Risks])",
                "controls.A.5.1 evidence.path log.txt File",
                "policies.access document access.md File",
                "policies.access communicated.evidence mail.eml File",
                "reviews.IA-1 document report.md File",
                "reviews.IA-1 covers A.5.1 Subject([Controls])",
            ]
        );
        let unresolved: Vec<_> = collected(register)
            .into_iter()
            .filter(|r| r.names != Names::File && register.definition(r).is_none())
            .map(|r| r.name)
            .collect();
        assert!(unresolved.is_empty(), "{unresolved:?}");
    }

    /// The table and the walk say the same of each place.
    #[test]
    fn every_reference_stands_in_a_field_of_the_table() {
        let workspace = workspace(&sampled().1);
        for reference in collected(workspace.register()) {
            let in_table = names(reference.head.section, reference.field);
            let narrowed = matches!(reference.names, Names::Subject(_)) && in_table == Some(Names::Address);
            assert!(narrowed || in_table == Some(reference.names), "{reference:?}");
        }
    }

    #[test]
    fn an_address_leads_to_its_subject_though_ids_hold_dots() {
        let workspace = workspace("isms: {}\ncontrols: { A.5: {}, A.5.15: {} }");
        let at = |address| workspace.register().at_address(address).map(Head::address);
        assert_eq!(at("controls.A.5.15.evidence[0].path").as_deref(), Some("controls.A.5.15"));
        assert_eq!(at("controls.A.5.16").as_deref(), Some("controls.A.5"));
        assert_eq!(at("isms.approved").as_deref(), Some("isms"));
        assert_eq!(at("soa"), None);
        assert_eq!(at("risk.R-1"), None);
    }

    #[test]
    fn a_new_name_keeps_what_stands_around_it() {
        let workspace = workspace("controls: { A.5.1: { because: risks.R-1 } }");
        let all = collected(workspace.register());
        assert_eq!(all[0].renamed("R-2"), "risks.R-2");
    }

    #[test]
    fn a_decision_knows_its_verb() {
        let workspace = workspace("risks: { R-1: { owner: ceo, accepted: { by: ada, date: 2026-01-01 } } }");
        let verbs: Vec<_> = collected(workspace.register()).iter().map(Reference::verb).collect();
        assert_eq!(verbs, [None, Some(Verb::Accepted)]);
    }
}
