//! All subjects of a workspace, whatever files they stand in.

use std::collections::HashSet;
use std::sync::Arc;

use crate::authority::Links;
use crate::lower::Fields;
use crate::reads::{self, Read};
use crate::table::{Place, Subject};
use crate::{
    Control, Decision, Delegation, Department, EvidenceSettings, Exception, FileId, Head, Isms, Layer, LintSettings,
    OwnershipModel, Person, Policy, Review, Risk, RiskCriteria, Role, Section, Soa, Spanned, Table, Verb,
};

/// All subjects of a workspace.
#[derive(Clone, Default, Debug)]
pub struct Register {
    /// The management system: [`Register::isms`] gives the one that counts.
    pub(crate) isms: Arc<Table<Isms>>,
    pub(crate) risk_criteria: Arc<Table<RiskCriteria>>,
    pub(crate) soa: Arc<Table<Soa>>,
    pub(crate) evidence: Arc<Table<EvidenceSettings>>,
    pub(crate) lint: Arc<Table<LintSettings>>,
    /// Natural persons, teams and service accounts.
    pub people: Arc<Table<Person>>,
    /// Parts of the organisation.
    pub departments: Arc<Table<Department>>,
    /// Roles people hold.
    pub roles: Arc<Table<Role>>,
    /// Annex A controls.
    pub controls: Arc<Table<Control>>,
    /// Policies.
    pub policies: Arc<Table<Policy>>,
    /// The risk register.
    pub risks: Arc<Table<Risk>>,
    /// Deviations from a control.
    pub exceptions: Arc<Table<Exception>>,
    /// Authority passed on.
    pub delegations: Arc<Table<Delegation>>,
    /// Management reviews and internal audits.
    pub reviews: Arc<Table<Review>>,
    /// The roles as they are written, without what the ISMS says of one.
    pub(crate) plain_roles: Arc<Table<Role>>,
    pub(crate) links: Arc<Links>,
}

/// Does something for each section: its field, itself, what its subjects are.
macro_rules! sections {
    ($do:ident $($with:tt)*) => {
        $do! {
            [$($with)*]
            (isms, Isms, Isms)
            (risk_criteria, RiskCriteria, RiskCriteria)
            (soa, Soa, Soa)
            (evidence, Evidence, EvidenceSettings)
            (lint, Lint, LintSettings)
            (people, People, Person)
            (departments, Departments, Department)
            (roles, Roles, Role)
            (controls, Controls, Control)
            (policies, Policies, Policy)
            (risks, Risks, Risk)
            (exceptions, Exceptions, Exception)
            (delegations, Delegations, Delegation)
            (reviews, Reviews, Review)
        }
    };
}

macro_rules! parts {
    ([] $(($field:ident, $section:ident, $kind:ident))+) => {
        $(impl Subject for $kind {
            const SECTION: Section = Section::$section;

            fn head(&self) -> &Head {
                &self.head
            }
        })+

        /// What one manifest brings to the register: the subjects of each section, if there are some.
        #[derive(Default)]
        pub(crate) struct Part {
            $($field: Option<Arc<[$kind]>>,)+
        }

        /// The same while it is being read.
        #[derive(Default)]
        struct Lowered {
            $($field: Vec<$kind>,)+
        }

        impl Lowered {
            fn add(&mut self, head: Head, fields: &Fields<'_>) {
                match head.section {
                    $(Section::$section => self.$field.push($kind::lower(head, fields)),)+
                }
            }

            fn into_part(self) -> Part {
                Part { $($field: (!self.$field.is_empty()).then(|| self.$field.into()),)+ }
            }
        }

        impl Register {
            /// Makes the register of what each manifest brings.
            pub(crate) fn of(parts: &[Arc<Part>]) -> Self {
                let mut register = Self::default();
                $(
                    let some = (0..).map(FileId).zip(parts);
                    let some = some.filter_map(|(file, part)| Some((file, part.$field.clone()?)));
                    register.$field = Arc::new(Table::of(some.collect()));
                )+
                register.plain_roles = register.roles.clone();
                register.finish(None);
                register
            }

            /// Returns the register with other parts of some manifests; what they leave as it is, is shared.
            pub(crate) fn with(&self, parts: &[Arc<Part>], changed: &[(FileId, Arc<Part>)]) -> Self {
                let mut register = self.clone();
                register.roles = self.plain_roles.clone();
                $(
                    let is_concerned = |(file, before): &(FileId, Arc<Part>)| {
                        before.$field.is_some() || parts[file.0 as usize].$field.is_some()
                    };
                    if changed.iter().any(is_concerned) {
                        let new = |(file, _): &(FileId, Arc<Part>)| (*file, parts[file.0 as usize].$field.clone());
                        register.$field = Arc::new(register.$field.with(&changed.iter().map(new).collect::<Vec<_>>()));
                    }
                )+
                register.plain_roles = register.roles.clone();
                register.finish(Some(self));
                register
            }

            /// Returns the head of a subject; the id of a singleton is empty.
            pub fn subject(&self, section: Section, id: &str) -> Option<&Head> {
                match section {
                    $(Section::$section => self.$field.get(id).map(Subject::head),)+
                }
            }

            /// Returns the heads of every subject, section by section, duplicates included.
            pub fn heads(&self) -> impl Iterator<Item = &Head> {
                std::iter::empty()$(.chain(self.$field.definitions().map(Subject::head)))+
            }

            /// Returns the heads of the subjects of one manifest, section by section, duplicates included.
            pub fn heads_in(&self, file: FileId) -> impl Iterator<Item = &Head> {
                std::iter::empty()$(.chain(self.$field.in_file(file).iter().map(Subject::head)))+
            }

            /// Returns the head of every definition with its place, section by section. Nothing is noted: who asks notes each.
            pub fn placed_heads(&self) -> impl Iterator<Item = (Place, &Head)> {
                std::iter::empty()$(.chain(
                    self.$field.placed_definitions().map(|(place, subject)| (place, &subject.head))
                ))+
            }

            /// Returns the head of the definition at a place. Nothing is noted: who asks notes it.
            pub fn head_at(&self, section: Section, place: Place) -> Option<&Head> {
                match section {
                    $(Section::$section => self.$field.definition_at(place).map(Subject::head),)+
                }
            }

            /// Returns the subjects defined a second time, each with the first definition.
            pub fn duplicates(&self) -> impl Iterator<Item = (&Head, &Head)> {
                std::iter::empty()$(.chain(self.$field.duplicates().map(|(again, first)| (&again.head, &first.head))))+
            }

            /// Returns the sections that have other ids than in another register.
            pub(crate) fn with_other_ids(&self, other: &Self) -> Vec<Section> {
                let mut sections = Vec::new();
                $(
                    if !self.$field.has_ids_of(&other.$field) {
                        sections.push(Section::$section);
                    }
                )+
                sections
            }
        }
    };
}
sections!(parts);

impl Part {
    /// Reads the subjects of one manifest.
    pub(crate) fn of(file: FileId, root: deed_syntax::Node<'_>) -> Self {
        let mut lowered = Lowered::default();
        for (name, range, value) in Fields::new(file, root).all() {
            // A misspelt section is reported as that; nothing else is wrong with what stands in it.
            let Some(section) = Section::of_key(&name).or_else(|| Section::meant_by(&name)) else { continue };
            if section.is_singleton() {
                let head = value.head(section, String::new(), name.span, range);
                lowered.add(head, &value);
            } else {
                for (id, range, value) in value.all() {
                    let head = value.head(section, id.value, id.span, range);
                    lowered.add(head, &value);
                }
            }
        }
        lowered.into_part()
    }
}

impl Register {
    /// Finishes the register, once it has its parts; what is as in a register before is shared with it.
    fn finish(&mut self, before: Option<&Self>) {
        let shares = |before: &&Self| {
            Arc::ptr_eq(&before.isms, &self.isms) && Arc::ptr_eq(&before.plain_roles, &self.plain_roles)
        };
        match before.filter(shares) {
            Some(before) => self.roles = before.roles.clone(),
            None => self.imply_layers(),
        }
        let shares = |before: &&Self| {
            Arc::ptr_eq(&before.roles, &self.roles) && Arc::ptr_eq(&before.delegations, &self.delegations)
        };
        self.links = match before.filter(shares) {
            Some(before) => before.links.clone(),
            None => Arc::new(Links::of(&self.roles, &self.delegations)),
        };
    }

    /// Returns the role that is a custodian because the ISMS names it as its manager, and where it does so.
    pub(crate) fn implied_custodian(&self) -> Option<&Spanned<String>> {
        let is_owner = |isms: &Isms, role: &str| isms.owner.iter().any(|owner| **owner == role);
        let isms = self.isms()?;
        isms.manager.as_ref().filter(|role| !is_owner(isms, role))
    }

    /// Puts the role that the ISMS names as its manager into layer `isms` where it names no layer itself: a custodian that
    /// nobody called one still is one.
    fn imply_layers(&mut self) {
        let Some(manager) = self.implied_custodian().cloned() else { return };
        if self.roles.get(&manager).is_some_and(|role| role.layer.is_none()) {
            let mut roles = Table::clone(&self.roles);
            roles.alter(&manager, |role| role.layer = Some(Spanned { value: Layer::Isms, span: manager.span }));
            self.roles = Arc::new(roles);
        }
    }

    /// Returns the one person with an e-mail address, whatever the case of its letters; what several have is nobody's.
    pub fn person_at(&self, email: &str) -> Option<&Person> {
        let is_theirs = |known: &Spanned<String>| !email.is_empty() && known.eq_ignore_ascii_case(email);
        let mut people = self.people.iter().filter(|person| person.emails.iter().any(is_theirs));
        people.next().filter(|_| people.next().is_none())
    }

    /// Returns every definition of a management system, of which the first counts.
    pub fn all_isms(&self) -> &Table<Isms> {
        &self.isms
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

    /// Returns every decision with the subject it is about; of several subjects with the same id only the first's.
    pub fn decisions(&self) -> impl Iterator<Item = (&Head, &Decision)> {
        reads::note(Read::Decisions);
        Section::ALL.into_iter().for_each(|section| reads::note(Read::Ids(section)));
        self.decided().flat_map(|(_, head, decisions)| decisions.into_iter().flatten().map(move |one| (head, one)))
    }

    /// Returns the decisions that another state of the register has not, or has with other values.
    pub fn decisions_beyond<'r>(&'r self, other: &'r Self) -> impl Iterator<Item = (&'r Head, &'r Decision)> {
        let told = |of: &'r Head, decision: &'r Decision| (of.section, &of.id, decision.values());
        let known: HashSet<_> = other.decisions().map(|(of, decision)| told(of, decision)).collect();
        self.decisions().filter(move |(of, decision)| !known.contains(&told(of, decision)))
    }
}

/// A subject that can be decided about.
trait Decided: Subject {
    /// Its decisions, key by key.
    fn decisions(&self) -> [&[Decision]; 3];
}

/// Says of each section in which something can be decided about: its field, itself, what its subjects are, the keys.
macro_rules! decided {
    ($($field:ident, $section:ident, $kind:ident: $($key:ident),+;)+) => {
        $(impl Decided for $kind {
            fn decisions(&self) -> [&[Decision]; 3] {
                let mut all: [&[Decision]; 3] = [&[]; 3];
                for (slot, decisions) in all.iter_mut().zip([$(&self.$key),+]) {
                    *slot = decisions;
                }
                all
            }
        })+

        impl Section {
            /// Those in which something can be decided about.
            pub const DECIDED: &[Self] = &[$(Self::$section),+];

            /// Returns what can be decided about a subject of the section, in the order of the manifest format.
            pub fn verbs(self) -> impl Iterator<Item = Verb> {
                let keys: &[&str] = match self {
                    $(Self::$section => &[$(stringify!($key)),+],)+
                    _ => &[],
                };
                keys.iter().filter_map(|key| Verb::of_key(key))
            }
        }

        impl Register {
            /// Returns every decision of one manifest, those about a subject whose id an earlier one has included.
            pub(crate) fn decisions_in(&self, file: FileId) -> Vec<(&Head, &Decision)> {
                fn of<T: Decided>(table: &Table<T>, file: FileId) -> impl Iterator<Item = (&Head, &Decision)> {
                    table.in_file(file).iter().flat_map(|subject| {
                        subject.decisions().into_iter().flatten().map(|decision| (subject.head(), decision))
                    })
                }
                std::iter::empty()$(.chain(of(&self.$field, file)))+.collect()
            }

            /// Returns every subject that can be decided about, once, with its place and its decisions. Nothing is noted:
            /// who asks notes each.
            pub fn decided(&self) -> impl Iterator<Item = (Place, &Head, [&[Decision]; 3])> {
                fn of<T: Decided>(table: &Table<T>) -> impl Iterator<Item = (Place, &Head, [&[Decision]; 3])> {
                    table.placed().map(|(place, subject)| (place, subject.head(), subject.decisions()))
                }
                std::iter::empty()$(.chain(of(&self.$field)))+
            }

            /// Returns the subject at a place and its decisions, if it can be decided about and is the first with its id.
            /// Nothing is noted: who asks notes it.
            pub fn decided_at(&self, section: Section, place: Place) -> Option<(&Head, [&[Decision]; 3])> {
                fn of<T: Decided>(table: &Table<T>, place: Place) -> Option<(&Head, [&[Decision]; 3])> {
                    table.at(place).map(|subject| (subject.head(), subject.decisions()))
                }
                match section {
                    $(Section::$section => of(&self.$field, place),)+
                    _ => None,
                }
            }
        }
    };
}
decided! {
    isms, Isms, Isms: adopted, approved;
    risk_criteria, RiskCriteria, RiskCriteria: approved;
    soa, Soa, Soa: approved;
    roles, Roles, Role: acknowledged;
    controls, Controls, Control: accepted, reviewed;
    policies, Policies, Policy: approved, reviewed;
    risks, Risks, Risk: approved, accepted, reviewed;
    exceptions, Exceptions, Exception: granted;
    delegations, Delegations, Delegation: granted;
    reviews, Reviews, Review: held;
}
