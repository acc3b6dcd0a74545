//! What is different between two states of a register, in the words of ownership.
//!
//! In: two states, each with the day it stands for, and what history shows of them. Out: a [`Comparison`]: who answers for
//! more and who for less, what was decided, what was lost, what weakened. Values are compared and not texts: what was moved,
//! sorted, formatted or given another id is not different.

mod decided;
mod held;
mod lists;
mod pairs;
mod settings;
mod subjects;
mod value;
mod weaker;

use deed_model::authority::Party;
use deed_model::evidence::History;
use deed_model::{Date, Register, Section, Workspace};

use self::decided::Decisions;
use self::pairs::Pairs;
use crate::words;

/// One of two states.
pub struct State<'a> {
    /// The manifests.
    pub workspace: &'a Workspace,
    /// The day it stands for: of a commit its own.
    pub day: Date,
    /// What history shows of it; `None` where nobody looked.
    pub history: Option<&'a History>,
    /// Reads a file below the root, as it is in that state.
    pub text: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

impl<'a> State<'a> {
    fn register(&self) -> &'a Register {
        self.workspace.register()
    }

    /// A party for a sentence, as in "`head-of-it` (Chen Wei)".
    fn party(&self, id: &str) -> String {
        let register = self.register();
        match register.party(id) {
            Some(Party::Role(role)) => format!("`{id}` ({})", words::holder(register.holder(role, self.day))),
            Some(Party::Person(person)) => person.display().to_owned(),
            None => format!("`{id}`"),
        }
    }

    fn name(&self, person: &str) -> String {
        words::name(person, self.register()).to_owned()
    }
}

/// What is different between two states.
#[derive(Clone, Default, Debug)]
pub struct Comparison {
    /// Who answers for more or for less, in the order of the register.
    pub people: Vec<Turnover>,
    /// All that is different, group by group.
    pub differences: Vec<Difference>,
}

/// What somebody answers for that they did not before, and the other way round.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Turnover {
    /// The person's id.
    pub person: String,
    /// The person's name.
    pub name: String,
    /// The addresses of what they own, or hold, now and did not before.
    pub gained: Vec<String>,
    /// The addresses of what they owned, or held, and do not any more.
    pub lost: Vec<String>,
}

/// One thing that is different.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// What sort of thing it is, for programs: a few words with hyphens.
    pub kind: &'static str,
    /// Where it belongs.
    pub group: Group,
    /// The addresses of the subjects it is about.
    pub subjects: Vec<String>,
    /// What is different, for people: a phrase without a full stop, ids in backticks.
    pub what: String,
    /// The value before, where there is one.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
}

/// What differences are sorted by, the most important first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Group {
    /// Less is asked for, or shown, than before.
    Weakened,
    /// Decisions that are gone, or are not about what stands there now.
    Lost,
    /// Who owns what, and who holds which role.
    Ownership,
    /// Who may decide what, who belongs to the organisation, whose keys count.
    Authority,
    /// Decisions that were made.
    Decided,
    /// What is new, gone, closed, or has another id.
    Subjects,
    /// Everything else.
    Other,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 7] =
        [Self::Weakened, Self::Lost, Self::Ownership, Self::Authority, Self::Decided, Self::Subjects, Self::Other];

    /// Returns the name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weakened => "weakened",
            Self::Lost => "lost",
            Self::Ownership => "ownership",
            Self::Authority => "authority",
            Self::Decided => "decided",
            Self::Subjects => "subjects",
            Self::Other => "other",
        }
    }

    /// Returns the title for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Weakened => "Weakened",
            Self::Lost => "Decisions lost",
            Self::Ownership => "Ownership",
            Self::Authority => "People, authority, keys",
            Self::Decided => "Decided",
            Self::Subjects => "New and gone",
            Self::Other => "Also changed",
        }
    }
}

/// Compares two states.
pub fn compare(before: &State<'_>, after: &State<'_>) -> Comparison {
    let pairs = Pairs::of(before.workspace, after.workspace);
    let (had, has) = (decided::by_subject(before.register()), decided::by_subject(after.register()));
    let mut found = Found { before, after, pairs, had, has, out: Vec::new() };
    settings::compare(&mut found);
    held::compare(&mut found);
    decided::compare(&mut found);
    weaker::compare(&mut found);
    subjects::compare(&mut found);
    let people = held::turnover(&found);
    let mut differences = found.out;
    differences.sort_by_key(|difference| difference.group);
    Comparison { people, differences }
}

/// What was found so far.
struct Found<'a> {
    before: &'a State<'a>,
    after: &'a State<'a>,
    pairs: Pairs<'a>,
    /// The decisions before, by subject.
    had: Decisions<'a>,
    /// The decisions after.
    has: Decisions<'a>,
    out: Vec<Difference>,
}

impl Found<'_> {
    fn add(&mut self, group: Group, kind: &'static str, subject: &str, what: String) -> &mut Difference {
        self.out.push(Difference {
            kind,
            group,
            subjects: (!subject.is_empty()).then(|| subject.to_owned()).into_iter().collect(),
            what,
            before: None,
            after: None,
        });
        self.out.last_mut().expect("just pushed")
    }
}

impl Difference {
    fn values(&mut self, before: Option<String>, after: Option<String>) {
        (self.before, self.after) = (before, after);
    }
}

/// What a subject is called in a sentence, by its section and id.
fn described(section: Section, id: &str) -> String {
    if section.is_singleton() { format!("the {}", section.noun()) } else { format!("{} `{id}`", section.noun()) }
}
