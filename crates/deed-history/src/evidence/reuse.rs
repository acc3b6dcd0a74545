//! What was judged of a register before it was edited: what the edit left as it is, is not judged again.
//!
//! What history proves of a decision depends on its subject alone, as long as history is the same; that of a policy also on
//! its document, and that of the Statement of Applicability on every control.

use std::collections::HashMap;
use std::sync::Arc;

use deed_model::evidence::DecisionEvidence;
use deed_model::{Decision, FileRange, Head, Section, Workspace};
use deed_syntax::{Parse, TextRange, TextSize};

/// What was judged last, by manifest.
#[derive(Default)]
pub(super) struct Reuse {
    files: Vec<File>,
}

/// What was judged of one manifest.
struct File {
    parse: Arc<Parse>,
    /// By where the decisions stand.
    judged: Vec<Judged>,
    /// What was judged of the text before, until this one is judged.
    before: Option<Before>,
}

/// What was judged of one decision.
struct Judged {
    /// Where the decision starts.
    start: TextSize,
    /// Where its subject stands, its key included.
    subject: TextRange,
    evidence: Arc<DecisionEvidence>,
}

/// What was judged of another text of a manifest.
struct Before {
    parse: Arc<Parse>,
    by_subject: HashMap<(Section, String), Vec<Judged>>,
}

impl Reuse {
    /// Takes note of how the manifests are now.
    pub(super) fn begin(&mut self, workspace: &Workspace) {
        let manifests = workspace.manifests();
        self.files.truncate(manifests.len());
        for (file, manifest) in self.files.iter_mut().zip(manifests) {
            if !Arc::ptr_eq(&file.parse, &manifest.parse) {
                file.replace(manifest.parse.clone());
            }
        }
        let new = manifests.iter().skip(self.files.len());
        self.files.extend(new.map(|manifest| File { parse: manifest.parse.clone(), judged: Vec::new(), before: None }));
    }

    /// Returns what was judged of a decision of a text that is as it was.
    pub(super) fn known(&self, head: &Head, decision: &Decision) -> Option<Arc<DecisionEvidence>> {
        let file = self.files.get(decision.range.file.0 as usize).filter(|_| is_own(head, decision))?;
        let place = file.place(decision.range.range.start()).ok()?;
        Some(file.judged[place].evidence.clone())
    }

    /// Returns what was judged of a decision of another text, if the same would be judged now.
    pub(super) fn find(&self, head: &Head, decision: &Decision) -> Option<Arc<DecisionEvidence>> {
        let file = self.files.get(decision.range.file.0 as usize)?;
        if !is_own(head, decision) {
            return None;
        }
        file.before.as_ref()?.find(&file.parse, head, decision)
    }

    /// Keeps what was judged of a decision.
    pub(super) fn keep(&mut self, head: &Head, decision: &Decision, evidence: &Arc<DecisionEvidence>) {
        if !is_own(head, decision) {
            return;
        }
        let FileRange { file, range } = evidence.at;
        let Some(file) = self.files.get_mut(file.0 as usize) else { return };
        if let Err(place) = file.place(range.start()) {
            let judged = Judged { start: range.start(), subject: head.range.range, evidence: evidence.clone() };
            file.judged.insert(place, judged);
        }
    }

    /// Lets go of what was judged of texts that are no more.
    pub(super) fn end(&mut self) {
        self.files.iter_mut().for_each(|file| file.before = None);
    }
}

/// Whether what is judged of a decision depends on the text of its subject alone: the decision stands in it, and is not
/// another's too by an alias.
fn is_own(head: &Head, decision: &Decision) -> bool {
    head.section != Section::Soa
        && head.range.file == decision.range.file
        && head.range.range.contains_range(decision.range.range)
}

impl File {
    fn replace(&mut self, parse: Arc<Parse>) {
        let (parse, judged) = (std::mem::replace(&mut self.parse, parse), std::mem::take(&mut self.judged));
        // Where one thing stands for another, a subject is not all in its own text.
        self.before = (parse.is_plain() && self.parse.is_plain()).then(|| {
            let mut by_subject: HashMap<_, Vec<Judged>> = HashMap::new();
            for judged in judged {
                let decision = &judged.evidence.decision;
                by_subject.entry((decision.section, decision.id.clone())).or_default().push(judged);
            }
            Before { parse, by_subject }
        });
    }

    /// The place of what was judged of the decision that starts there, or where it belongs.
    fn place(&self, start: TextSize) -> Result<usize, usize> {
        self.judged.binary_search_by_key(&start, |judged| judged.start)
    }
}

impl Before {
    /// Finds a decision of a subject whose text is the same, and says where it stands now.
    fn find(&self, now: &Parse, head: &Head, decision: &Decision) -> Option<Arc<DecisionEvidence>> {
        let subject = head.range.range;
        let judged = self.by_subject.get(&(head.section, head.id.clone()))?;
        let place = |range: TextRange, subject: TextRange| range.checked_sub(subject.start());
        let found = judged.iter().find(|judged| {
            place(judged.evidence.at.range, judged.subject) == place(decision.range.range, subject)
                && self.parse.text()[judged.subject] == now.text()[subject]
        })?;
        if found.subject == subject {
            return Some(found.evidence.clone());
        }
        let moved = |at: FileRange| {
            let range = at.range - found.subject.start() + subject.start();
            FileRange { file: at.file, range }
        };
        let mut evidence = DecisionEvidence::clone(&found.evidence);
        evidence.at = moved(evidence.at);
        for change in &mut evidence.outdated_by {
            change.at = change.at.map(moved);
        }
        Some(Arc::new(evidence))
    }
}
