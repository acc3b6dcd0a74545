//! What a rule may see, and how it reports.

use std::sync::Arc;

use deed_model::evidence::{DecisionEvidence, History};
use deed_model::reads::{self, Read};
use deed_model::{
    Date, Decision, FileId, FileRange, Head, OwnershipModel, Period, Place, Register, Section, Subject, Table, Verb,
    Workspace,
};
use deed_syntax::{NodeId, TextRange, TextSize, Value};

use crate::damage::Damage;
use crate::ownership::{Owned, one};
use crate::pass::{Each, Of, Pass};
use crate::proof::{Proofs, Proven};
use crate::suggest::is_misspelt;
use crate::{Config, Diagnostic, Rule, Severity};

/// What a rule may see. Read-only but for [`Context::report`].
pub struct Context<'a> {
    /// The manifests and their text.
    pub workspace: &'a Workspace,
    /// The subjects.
    pub register: &'a Register,
    /// The day everything is judged on.
    pub today: Date,
    /// What is due before this day counts as over: today, unless somebody asks what is to come.
    pub(crate) horizon: Date,
    pub(crate) config: &'a Config,
    pub(crate) damage: &'a Damage<'a>,
    pub(crate) exists: Option<&'a (dyn Fn(&str) -> bool + Sync)>,
    pub(crate) proofs: Option<&'a Proofs<'a>>,
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) pinned: bool,
    pub(crate) pass: Option<&'a Pass<'a>>,
    /// What was found, each with the subject that was looked at.
    pub(crate) out: Vec<(Option<Of>, Diagnostic)>,
}

impl<'a> Context<'a> {
    /// Returns the subjects of a section one by one, each once.
    ///
    /// While a manifest is edited, only those are looked at again of which something that was read has changed. So what is
    /// said of one must not depend on what was found of another; what is read before holds for all of them.
    pub fn each<T: Subject>(&self, table: &'a Table<T>) -> impl Iterator<Item = &'a T> + use<'a, T> {
        self.each_of(table.placed(), |place| table.at(place))
    }

    /// Returns the same of every definition, those of an id that an earlier one has included.
    pub fn each_definition<T: Subject>(&self, table: &'a Table<T>) -> impl Iterator<Item = &'a T> + use<'a, T> {
        self.each_of(table.placed_definitions(), |place| table.definition_at(place))
    }

    /// Returns all subjects, or those at the places that are to be looked at.
    fn each_of<T: Subject>(
        &self,
        all: impl Iterator<Item = (Place, &'a T)> + 'a,
        at: impl Fn(Place) -> Option<&'a T> + 'a,
    ) -> Each<'a, &'a T> {
        match self.focus(&[T::SECTION]) {
            None => Each::new(self.pass, all.map(|(place, subject)| (Of { section: T::SECTION, place }, subject))),
            Some(focus) => Each::new(self.pass, focus.filter_map(move |of| Some((*of, at(of.place)?)))),
        }
    }

    /// Returns the same of every definition in any section, with its place.
    pub fn each_head(&self) -> impl Iterator<Item = (Place, &'a Head)> + use<'a> {
        let register = self.register;
        let item = |(place, head): (Place, &'a Head)| (Of { section: head.section, place }, (place, head));
        match self.focus(&Section::ALL) {
            None => Each::new(self.pass, register.placed_heads().map(item)),
            Some(focus) => {
                let some = focus.filter_map(|of| Some((of.place, register.head_at(of.section, of.place)?)));
                Each::new(self.pass, some.map(item))
            }
        }
    }

    /// Returns the decisions about each subject that can be decided about; as [`Self::each`] does.
    pub fn each_decision(&self) -> impl Iterator<Item = (&'a Head, &'a Decision)> + use<'a> {
        let register = self.register;
        let items = |(place, head, decisions): (Place, &'a Head, [&'a [Decision]; 3])| {
            let of = Of { section: head.section, place };
            decisions.into_iter().flatten().map(move |decision| (of, (head, decision)))
        };
        match self.focus(Section::DECIDED) {
            None => Each::new(self.pass, register.decided().flat_map(items)),
            Some(focus) => {
                let some = focus.filter_map(|of| {
                    let (head, decisions) = register.decided_at(of.section, of.place)?;
                    Some((of.place, head, decisions))
                });
                Each::new(self.pass, some.flat_map(items))
            }
        }
    }

    /// Returns each subject that has an owner field and is in use; as [`Self::each`] does.
    pub(crate) fn each_owned(&self) -> impl Iterator<Item = Owned<'a>> + use<'a> {
        let (register, today) = (self.register, self.today);
        let isms = self.each(register.all_isms()).map(|it| one(&it.head, &it.owner));
        let controls = self.each(&register.controls).filter(|it| !it.is_excluded());
        let policies = self.each(&register.policies).map(|it| one(&it.head, &it.owner));
        let risks = self.each(&register.risks).filter(move |it| it.is_open(today));
        let exceptions = self.each(&register.exceptions).filter(move |it| it.is_open(today));
        isms.chain(controls.map(|it| one(&it.head, &it.owner)))
            .chain(policies)
            .chain(risks.map(|it| one(&it.head, &it.owner)))
            .chain(exceptions.map(|it| one(&it.head, &it.owner)))
    }

    /// Returns the decisions that history was asked about, those under one key together; as [`Self::each`] does.
    pub(crate) fn each_proven(&self) -> impl Iterator<Item = &'a [Proven<'a>]> + use<'a> {
        let items = |of_subject: &'a [Proven<'a>]| {
            let together = of_subject.chunk_by(|a, b| a.of == b.of && a.decision.key == b.decision.key);
            together.map(|together| (together[0].of, together))
        };
        let proofs = self.proofs;
        match self.focus(Section::DECIDED) {
            None => Each::new(self.pass, items(proofs.map_or(&[], |proofs| proofs.all()))),
            Some(focus) => {
                let about = move |of: &Of| items(proofs.map_or(&[], |proofs| proofs.about(*of)));
                Each::new(self.pass, focus.flat_map(about))
            }
        }
    }

    /// The subjects of some sections that are looked at; `None` for all.
    fn focus(&self, sections: &[Section]) -> Option<impl Iterator<Item = &'a Of> + use<'a>> {
        let pass = self.pass?;
        // Each is asked for, so that each is known to be looked at.
        let focus: Vec<Option<&[Of]>> = sections.iter().map(|section| pass.focus(*section)).collect();
        Some(focus.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten())
    }

    /// Returns what history shows; `None` where nobody looked.
    pub fn history(&self) -> Option<&'a History> {
        reads::note(Read::History);
        self.proofs.map(|proofs| proofs.history)
    }

    /// Returns what history shows of a decision of the register.
    pub fn evidence(&self, decision: &Decision) -> Option<&'a DecisionEvidence> {
        self.proof_of(decision).map(|proven| proven.evidence)
    }

    /// Returns the same with what follows from it.
    pub(crate) fn proof_of(&self, decision: &Decision) -> Option<&'a Proven<'a>> {
        let proven = self.proofs.and_then(|proofs| proofs.of_decision(self.pass.and_then(Pass::current), decision));
        reads::note(proven.map_or(Read::AllEvidence, |proven| Read::Evidence(proven.head.section, &proven.head.id)));
        proven
    }

    /// Returns whether history shows that the decider of a decision could decide it then; `None` where it does not tell.
    pub(crate) fn entitled(&self, decision: &Decision) -> Option<bool> {
        self.evidence(decision)?.entitled
    }

    /// Returns why the decider could not decide by the register before, if that is to be said.
    pub(crate) fn not_entitled(&self, decision: &Decision) -> Option<&'a str> {
        self.proof_of(decision)?.not_entitled()
    }

    /// Returns what history shows of all decisions, where somebody looked; what else is read of them is noted by who asks.
    pub(crate) fn all_proofs(&self) -> Option<&'a Proofs<'a>> {
        reads::note(Read::AllEvidence);
        self.proofs
    }

    /// Returns every decision of the register that history was asked about.
    pub(crate) fn proven(&self) -> &'a [Proven<'a>] {
        reads::note(Read::AllEvidence);
        Section::DECIDED.iter().for_each(|section| reads::note(Read::Section(*section)));
        self.proofs.map_or(&[], |proofs| proofs.all())
    }

    /// Reports at a place; the builder methods of [`Diagnostic`] add labels, help and fixes.
    pub fn report(&mut self, span: FileRange, message: impl Into<Arc<str>>) -> &mut Diagnostic {
        let of = self.pass.and_then(Pass::current);
        let diagnostic = Diagnostic {
            rule: self.rule,
            severity: self.severity,
            message: message.into(),
            span,
            subject: Arc::default(),
            key_path: Arc::default(),
            fingerprint: Arc::default(),
            labels: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
            due: None,
            pinned: self.pinned,
            is_about: false,
            is_once: false,
            hash: 0,
        };
        self.out.push((of, diagnostic));
        &mut self.out.last_mut().expect("just pushed").1
    }

    /// Returns the ownership model in force, if one is declared.
    pub const fn model(&self) -> Option<OwnershipModel> {
        self.config.model()
    }

    /// Returns whether a day is over, or will be where somebody asks what is to come.
    pub(crate) fn is_over(&self, day: Date) -> bool {
        day < self.horizon
    }

    /// Returns this rule's number option.
    pub fn number(&self, name: &str) -> u32 {
        self.config.number(self.rule, name)
    }

    /// Returns this rule's period option.
    pub fn period(&self, name: &str) -> Period {
        self.config.period(self.rule, name)
    }

    /// Returns whether an id that no subject of a section has may be defined where the text of a manifest is broken.
    pub fn may_be_lost(&self, section: Section, id: &str) -> bool {
        reads::note(Read::Damage);
        self.damage.may_define(section, id)
    }

    /// Returns whether a section may have more than the register knows, because the text of a manifest is broken: then its
    /// subjects are not counted.
    pub fn may_lack(&self, section: Section) -> bool {
        reads::note(Read::Damage);
        self.damage.may_add_to(section)
    }

    /// Returns whether a subject has a field with something in it, be it malformed or its name misspelt: then the schema
    /// speaks of it, and a rule about what is missing does not. The same goes for a subject that is no mapping at all.
    pub fn is_written(&self, head: &Head, key: &str) -> bool {
        self.is_written_in(head.key.file, head.node, key)
    }

    /// Returns the same of a mapping within a subject.
    pub fn is_written_in(&self, file: FileId, node: NodeId, key: &str) -> bool {
        let node = self.workspace.node(file, node);
        if let Some(entry) = node.get(key) {
            let value = entry.value();
            // Of an empty list of decisions the schema speaks.
            let is_empty = value.is_sequence() && value.items().next().is_none() && Verb::of_key(key).is_none();
            return !is_empty && !matches!(value.value(), Some(Value::Null));
        }
        if node.is_mapping() {
            return node.entries().filter_map(|entry| entry.name()).any(|name| is_misspelt(name, key));
        }
        !matches!(node.value(), Some(Value::Null))
    }

    /// Returns whether a file below the root exists; `None` where that is not known (text from standard input).
    pub fn file_exists(&self, path: &str) -> Option<bool> {
        self.exists.map(|exists| exists(path))
    }

    /// Returns where to report what is missing from the whole workspace: the `isms` key, else the first key of the root
    /// manifest, else its start.
    pub fn root_span(&self) -> FileRange {
        if let Some(isms) = self.register.isms() {
            return isms.head.key;
        }
        let file = FileId(0);
        let root = self.workspace.manifests().first().and_then(|manifest| manifest.parse.root());
        let range = root
            .and_then(|root| root.entries().next())
            .map_or_else(|| TextRange::empty(TextSize::new(0)), |entry| entry.key().range());
        FileRange { file, range }
    }
}
