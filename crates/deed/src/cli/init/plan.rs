//! What is to be written: what is not there yet.

use std::path::PathBuf;

use deed_model::{Layer, Register, Role, Section};

use super::answers::{Answers, Mailbox};
use super::ground::Ground;
use super::{Wishes, manifests, settings};

/// Files to write, and what there is to say of those that are there.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) files: Vec<NewFile>,
    /// Manifests that are there in the place of files of ours, with what they have.
    pub(super) there: Vec<(String, String)>,
    pub(super) notes: Vec<String>,
}

/// A file that is not there yet.
pub(super) struct NewFile {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// What it is about, in a line.
    pub(super) about: String,
}

/// The sections that stand together in a manifest, in the order to work through them, which is that of the names.
pub(super) const PARTS: [(&str, &[Section]); 5] = [
    ("deed.yaml", &[Section::Isms, Section::Evidence]),
    ("people.deed.yaml", &[Section::People, Section::Roles]),
    ("policies.deed.yaml", &[Section::Policies]),
    ("risks.deed.yaml", &[Section::RiskCriteria, Section::Risks]),
    ("soa.deed.yaml", &[Section::Soa, Section::Controls]),
];

impl Plan {
    pub(super) fn of(ground: &Ground, answers: &Answers, wishes: &Wishes) -> Self {
        let mut plan = Self::default();
        let names = Names::of(ground, answers);
        for (name, sections) in PARTS {
            let missing: Vec<Section> =
                sections.iter().copied().filter(|section| ground.is_missing(*section)).collect();
            let is_root = name == PARTS[0].0;
            // Where nothing is said of evidence, that is as good as any.
            let is_complete = missing.iter().all(|section| *section == Section::Evidence);
            if is_complete && !(is_root && ground.root_manifest().is_none()) {
                let mut holders: Vec<&str> = sections.iter().flat_map(|section| ground.holders(*section)).collect();
                holders.dedup();
                let keys: Vec<_> = sections.iter().filter(|it| !missing.contains(it)).map(|it| it.key()).collect();
                plan.there.push((holders.join(", "), keys.join(", ")));
                continue;
            }
            let has_root = ground.root_manifest().is_some();
            let named = (!(is_root && has_root)).then(|| name.to_owned());
            let stem = missing.first().map_or("deed", |section| section.key()).replace('_', "-");
            let others = (1..).map(|number| match number {
                1 => format!("{stem}.deed.yaml"),
                number => format!("{stem}-{number}.deed.yaml"),
            });
            let Some(name) = named.into_iter().chain(others).find(|name| !ground.has(name)) else { continue };
            let path = ground.root.join(name);
            let text = manifests::text(&missing, is_root && !has_root, &names, answers);
            let about = manifests::about(&missing, answers, &names);
            plan.files.push(NewFile { path, text, about });
        }
        settings::add(&mut plan, ground, wishes, &names.branch);
        plan
    }
}

/// What things are called in the manifests that are written.
pub(super) struct Names {
    /// The executive role that owns the ISMS.
    pub(super) owner: Option<String>,
    /// The role of the custodian.
    pub(super) manager: Option<String>,
    /// The policy of clause 5.2.
    pub(super) policy: Option<String>,
    /// The branch that decisions are adopted on.
    pub(super) branch: String,
    /// The executive and the custodian among the people; one person may be both.
    pub(super) executive: Option<String>,
    pub(super) custodian: Option<String>,
    /// People that have to be written down.
    pub(super) people: Vec<(String, Mailbox)>,
}

impl Names {
    fn of(ground: &Ground, answers: &Answers) -> Self {
        let register = ground.workspace.register();
        let isms = register.isms();
        let role =
            |layer: Layer| register.roles.iter().find(|role| role.layer.as_ref().is_some_and(|it| it.value == layer));
        let known = |role: Option<&Role>, ours: &str| match ground.is_missing(Section::Roles) {
            true => Some(ours.to_owned()),
            false => role.map(|role| role.head.id.clone()),
        };
        let owner = isms.and_then(|isms| isms.owner.first()).map(|owner| owner.value.clone());
        let manager = isms.and_then(|isms| isms.manager.as_ref()).map(|manager| manager.value.clone());
        let policy = isms.and_then(|isms| isms.policy.as_ref()).map(|policy| policy.value.clone());
        let first = || register.policies.iter().next().map(|policy| policy.head.id.clone());
        let ours = || Some(manifests::POLICY.to_owned());
        let mut names = Self {
            owner: owner.or_else(|| known(role(Layer::Executive), manifests::OWNER)),
            manager: manager.or_else(|| known(role(Layer::Isms), manifests::MANAGER)),
            policy: policy.or_else(|| if ground.is_missing(Section::Policies) { ours() } else { first() }),
            branch: ground.branch(),
            executive: None,
            custodian: None,
            people: Vec::new(),
        };
        let is_new = ground.is_missing(Section::People);
        names.executive = answers.owner.as_ref().and_then(|it| names.person(it, register, is_new));
        names.custodian = answers.manager.as_ref().and_then(|it| names.person(it, register, is_new));
        names
    }

    /// The id of a person, new or known.
    fn person(&mut self, mailbox: &Mailbox, register: &Register, is_new: bool) -> Option<String> {
        if !is_new {
            return register.person_at(&mailbox.email).map(|person| person.head.id.clone());
        }
        if let Some((id, _)) = self.people.iter().find(|(_, known)| known.is_of(&mailbox.email)) {
            return Some(id.clone());
        }
        let id = mailbox.ids().find(|id| self.people.iter().all(|(taken, _)| taken != id))?;
        self.people.push((id.clone(), mailbox.clone()));
        Some(id)
    }
}
