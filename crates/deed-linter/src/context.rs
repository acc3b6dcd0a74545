//! What a rule may see, and how it reports.

use deed_model::evidence::{DecisionEvidence, History};
use deed_model::{Date, Decision, FileId, FileRange, Head, OwnershipModel, Period, Register, Section, Verb, Workspace};
use deed_syntax::{NodeId, TextRange, TextSize, Value};

use crate::damage::Damage;
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
    pub(crate) config: &'a Config,
    pub(crate) damage: &'a Damage<'a>,
    pub(crate) exists: Option<&'a (dyn Fn(&str) -> bool + Sync)>,
    pub(crate) proofs: Option<&'a Proofs<'a>>,
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) pinned: bool,
    pub(crate) out: Vec<Diagnostic>,
}

impl<'a> Context<'a> {
    /// Returns what history shows; `None` where nobody looked.
    pub fn history(&self) -> Option<&'a History> {
        self.proofs.map(|proofs| proofs.history)
    }

    /// Returns what history shows of a decision of the register.
    pub fn evidence(&self, decision: &Decision) -> Option<&'a DecisionEvidence> {
        self.proofs.and_then(|proofs| proofs.of_decision(decision)).map(|proven| proven.evidence)
    }

    /// Returns whether history shows that the decider of a decision could decide it then; `None` where it does not tell.
    pub(crate) fn entitled(&self, decision: &Decision) -> Option<bool> {
        self.evidence(decision)?.entitled
    }

    /// Returns why the decider could not decide by the register before, if that is to be said.
    pub(crate) fn not_entitled(&self, decision: &Decision) -> Option<&'a str> {
        self.proofs?.of_decision(decision)?.not_entitled()
    }

    /// Returns every decision of the register that history was asked about.
    pub(crate) fn proven(&self) -> &'a [Proven<'a>] {
        self.proofs.map_or(&[], |proofs| proofs.all())
    }

    /// Reports at a place; the builder methods of [`Diagnostic`] add labels, help and fixes.
    pub fn report(&mut self, span: FileRange, message: impl Into<String>) -> &mut Diagnostic {
        self.out.push(Diagnostic {
            rule: self.rule,
            severity: self.severity,
            message: message.into(),
            span,
            subject: String::new(),
            key_path: String::new(),
            fingerprint: String::new(),
            labels: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
            pinned: self.pinned,
        });
        self.out.last_mut().expect("just pushed")
    }

    /// Returns the ownership model in force, if one is declared.
    pub const fn model(&self) -> Option<OwnershipModel> {
        self.config.model()
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
        self.damage.may_define(section, id)
    }

    /// Returns whether a section may have more than the register knows, because the text of a manifest is broken: then its
    /// subjects are not counted.
    pub fn may_lack(&self, section: Section) -> bool {
        self.damage.may_add_to(section)
    }

    /// Returns whether a subject has a field with something in it, be it malformed or its name misspelt: then the schema
    /// speaks of it, and a rule about what is missing does not. The same goes for a subject that is no mapping at all.
    pub fn is_written(&self, head: &Head, key: &str) -> bool {
        self.is_written_in(head.key.file, head.node, key)
    }

    /// Returns the same of a mapping within a subject.
    pub fn is_written_in(&self, file: FileId, node: NodeId, key: &str) -> bool {
        let node = self.workspace.manifest(file).parse.node(node);
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
