//! All subjects of a workspace, whatever files they stand in.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::authority::Links;
use crate::lower::Fields;
use crate::{
    Control, Decision, Delegation, Department, EvidenceSettings, Exception, FileId, Head, Isms, Layer, LintSettings,
    OwnershipModel, Person, Policy, Review, Risk, RiskCriteria, Role, Section, Soa, Spanned,
};

/// A subject of some section.
pub trait Subject {
    /// Its address and place.
    fn head(&self) -> &Head;
}

/// The subjects of one section, in the order of files and text.
#[derive(Debug)]
pub struct Table<T> {
    rows: Vec<T>,
    by_id: HashMap<String, usize, RandomState>,
    /// The rows whose id an earlier one has, ascending.
    again: Vec<usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), by_id: HashMap::default(), again: Vec::new() }
    }
}

impl<T: Subject> Table<T> {
    fn push(&mut self, row: T) {
        let number = self.rows.len();
        if *self.by_id.entry(row.head().id.clone()).or_insert(number) != number {
            self.again.push(number);
        }
        self.rows.push(row);
    }

    /// Returns the subject with an id: the first one, where several claim it.
    pub fn get(&self, id: &str) -> Option<&T> {
        self.by_id.get(id).map(|row| &self.rows[*row])
    }

    /// Returns the first subject there is: the one that counts of a section that is one subject by itself.
    fn first(&self) -> Option<&T> {
        self.rows.first()
    }

    fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.by_id.get(id).map(|row| &mut self.rows[*row])
    }

    /// Returns every subject once: of several with the same id only the first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.numbered().map(|(_, subject)| subject)
    }

    /// Returns every subject once with its row.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, &T)> {
        self.rows.iter().enumerate().filter(|(row, _)| self.again.binary_search(row).is_err())
    }

    /// Returns the subjects in some rows.
    pub(crate) fn in_rows(&self, rows: &[usize]) -> impl Iterator<Item = &T> {
        rows.iter().map(|row| &self.rows[*row])
    }

    /// Returns every definition, those of an id that an earlier one has included.
    pub fn definitions(&self) -> impl Iterator<Item = &T> {
        self.rows.iter()
    }

    /// Returns the subjects whose id an earlier one has, each with that earlier one.
    pub fn duplicates(&self) -> impl Iterator<Item = (&T, &T)> {
        self.in_rows(&self.again).map(|subject| (subject, &self.rows[self.by_id[&subject.head().id]]))
    }

    /// Returns how many different ids there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Returns whether the section has no subject.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// All subjects of a workspace.
#[derive(Default, Debug)]
pub struct Register {
    /// The management system: [`Register::isms`] gives the one that counts.
    pub(crate) isms: Table<Isms>,
    pub(crate) risk_criteria: Table<RiskCriteria>,
    pub(crate) soa: Table<Soa>,
    pub(crate) evidence: Table<EvidenceSettings>,
    pub(crate) lint: Table<LintSettings>,
    /// Natural persons, teams and service accounts.
    pub people: Table<Person>,
    /// Parts of the organisation.
    pub departments: Table<Department>,
    /// Roles people hold.
    pub roles: Table<Role>,
    /// Annex A controls.
    pub controls: Table<Control>,
    /// Policies.
    pub policies: Table<Policy>,
    /// The risk register.
    pub risks: Table<Risk>,
    /// Deviations from a control.
    pub exceptions: Table<Exception>,
    /// Authority passed on.
    pub delegations: Table<Delegation>,
    /// Management reviews and internal audits.
    pub reviews: Table<Review>,
    pub(crate) links: Links,
}

macro_rules! subjects {
    ($($kind:ty),+) => { $(impl Subject for $kind { fn head(&self) -> &Head { &self.head } })+ };
}
subjects!(
    Isms,
    RiskCriteria,
    Soa,
    EvidenceSettings,
    LintSettings,
    Person,
    Department,
    Role,
    Control,
    Policy,
    Risk,
    Exception,
    Delegation,
    Review
);

impl Register {
    /// Adds every subject of one manifest.
    pub(crate) fn add(&mut self, file: FileId, root: deed_syntax::Node<'_>) {
        for (name, range, value) in Fields::new(file, root).all() {
            // A misspelt section is reported as that; nothing else is wrong with what stands in it.
            let Some(section) = Section::of_key(&name).or_else(|| Section::meant_by(&name)) else { continue };
            if section.is_singleton() {
                let head = value.head(section, String::new(), name.span, range);
                self.lower(head, &value);
            } else {
                for (id, range, value) in value.all() {
                    let head = value.head(section, id.value, id.span, range);
                    self.lower(head, &value);
                }
            }
        }
    }

    /// Finishes the register, once every manifest is added.
    pub(crate) fn link(&mut self) {
        self.links = Links::of(&self.roles, &self.delegations);
    }

    /// Puts the role that the ISMS names as its manager into layer `isms` where it names no layer itself: a custodian that
    /// nobody called one still is one.
    pub(crate) fn imply_layers(&mut self) {
        let is_owner = |isms: &Isms, role: &str| isms.owner.iter().any(|owner| **owner == role);
        let manager = self.isms().and_then(|isms| isms.manager.clone().filter(|role| !is_owner(isms, role)));
        let role = manager.as_ref().and_then(|manager| self.roles.get_mut(manager));
        if let (Some(role), Some(manager)) = (role, &manager) {
            role.layer.get_or_insert(Spanned { value: Layer::Isms, span: manager.span });
        }
    }

    fn lower(&mut self, head: Head, fields: &Fields<'_>) {
        match head.section {
            Section::Isms => self.isms.push(Isms::lower(head, fields)),
            Section::RiskCriteria => self.risk_criteria.push(RiskCriteria::lower(head, fields)),
            Section::Soa => self.soa.push(Soa::lower(head, fields)),
            Section::Evidence => self.evidence.push(EvidenceSettings::lower(head, fields)),
            Section::Lint => self.lint.push(LintSettings::lower(head, fields)),
            Section::People => self.people.push(Person::lower(head, fields)),
            Section::Departments => self.departments.push(Department::lower(head, fields)),
            Section::Roles => self.roles.push(Role::lower(head, fields)),
            Section::Controls => self.controls.push(Control::lower(head, fields)),
            Section::Policies => self.policies.push(Policy::lower(head, fields)),
            Section::Risks => self.risks.push(Risk::lower(head, fields)),
            Section::Exceptions => self.exceptions.push(Exception::lower(head, fields)),
            Section::Delegations => self.delegations.push(Delegation::lower(head, fields)),
            Section::Reviews => self.reviews.push(Review::lower(head, fields)),
        }
    }

    /// Returns the one person with an e-mail address, whatever the case of its letters; what several have is nobody's.
    pub fn person_at(&self, email: &str) -> Option<&Person> {
        let is_theirs = |known: &Spanned<String>| !email.is_empty() && known.eq_ignore_ascii_case(email);
        let mut people = self.people.iter().filter(|person| person.emails.iter().any(is_theirs));
        people.next().filter(|_| people.next().is_none())
    }

    /// Returns the management system.
    pub fn isms(&self) -> Option<&Isms> {
        self.isms.first()
    }

    /// Returns the risk criteria.
    pub fn risk_criteria(&self) -> Option<&RiskCriteria> {
        self.risk_criteria.first()
    }

    /// Returns the Statement of Applicability as a whole.
    pub fn soa(&self) -> Option<&Soa> {
        self.soa.first()
    }

    /// Returns what proof is asked for.
    pub fn evidence(&self) -> Option<&EvidenceSettings> {
        self.evidence.first()
    }

    /// Returns how the workspace is linted.
    pub fn lint(&self) -> Option<&LintSettings> {
        self.lint.first()
    }

    /// Returns the ownership model, where the manifest names one.
    pub fn model(&self) -> Option<OwnershipModel> {
        self.isms()?.model.as_ref().map(|model| model.value)
    }

    /// Returns the head of a subject; the id of a singleton is empty.
    pub fn subject(&self, section: Section, id: &str) -> Option<&Head> {
        fn head<'r, T: Subject>(table: &'r Table<T>, id: &str) -> Option<&'r Head> {
            table.get(id).map(Subject::head)
        }
        match section {
            Section::Isms => head(&self.isms, id),
            Section::RiskCriteria => head(&self.risk_criteria, id),
            Section::Soa => head(&self.soa, id),
            Section::Evidence => head(&self.evidence, id),
            Section::Lint => head(&self.lint, id),
            Section::People => head(&self.people, id),
            Section::Departments => head(&self.departments, id),
            Section::Roles => head(&self.roles, id),
            Section::Controls => head(&self.controls, id),
            Section::Policies => head(&self.policies, id),
            Section::Risks => head(&self.risks, id),
            Section::Exceptions => head(&self.exceptions, id),
            Section::Delegations => head(&self.delegations, id),
            Section::Reviews => head(&self.reviews, id),
        }
    }

    /// Returns every decision with the subject it is about; of several subjects with the same id only the first's.
    pub fn decisions(&self) -> impl Iterator<Item = (&Head, &Decision)> {
        fn of<'r, T: Subject>(
            table: &'r Table<T>,
            fields: impl Fn(&'r T) -> [&'r [Decision]; 3],
        ) -> impl Iterator<Item = (&'r Head, &'r Decision)> {
            table.iter().flat_map(move |subject| {
                fields(subject).into_iter().flatten().map(move |decision| (subject.head(), decision))
            })
        }
        of(&self.isms, |isms| [&isms.adopted, &isms.approved, &[]])
            .chain(of(&self.risk_criteria, |criteria| [&criteria.approved, &[], &[]]))
            .chain(of(&self.soa, |soa| [&soa.approved, &[], &[]]))
            .chain(of(&self.roles, |role| [&role.acknowledged, &[], &[]]))
            .chain(of(&self.controls, |control| [&control.accepted, &control.reviewed, &[]]))
            .chain(of(&self.policies, |policy| [&policy.approved, &policy.reviewed, &[]]))
            .chain(of(&self.risks, |risk| [&risk.approved, &risk.accepted, &risk.reviewed]))
            .chain(of(&self.exceptions, |exception| [&exception.granted, &[], &[]]))
            .chain(of(&self.delegations, |delegation| [&delegation.granted, &[], &[]]))
            .chain(of(&self.reviews, |review| [&review.held, &[], &[]]))
    }

    /// Returns the heads of every subject, section by section, duplicates included.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        fn of<T: Subject>(table: &Table<T>) -> impl Iterator<Item = &Head> {
            table.rows.iter().map(Subject::head)
        }
        of(&self.isms)
            .chain(of(&self.risk_criteria))
            .chain(of(&self.soa))
            .chain(of(&self.evidence))
            .chain(of(&self.lint))
            .chain(of(&self.people))
            .chain(of(&self.departments))
            .chain(of(&self.roles))
            .chain(of(&self.controls))
            .chain(of(&self.policies))
            .chain(of(&self.risks))
            .chain(of(&self.exceptions))
            .chain(of(&self.delegations))
            .chain(of(&self.reviews))
    }

    /// Returns the subjects defined a second time, each with the first definition.
    pub fn duplicates(&self) -> Vec<(&Head, &Head)> {
        fn of<'r, T: Subject>(table: &'r Table<T>, all: &mut Vec<(&'r Head, &'r Head)>) {
            all.extend(table.duplicates().map(|(again, first)| (again.head(), first.head())));
        }
        let mut all = Vec::new();
        of(&self.isms, &mut all);
        of(&self.risk_criteria, &mut all);
        of(&self.soa, &mut all);
        of(&self.evidence, &mut all);
        of(&self.lint, &mut all);
        of(&self.people, &mut all);
        of(&self.departments, &mut all);
        of(&self.roles, &mut all);
        of(&self.controls, &mut all);
        of(&self.policies, &mut all);
        of(&self.risks, &mut all);
        of(&self.exceptions, &mut all);
        of(&self.delegations, &mut all);
        of(&self.reviews, &mut all);
        all
    }
}
