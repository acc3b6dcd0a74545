//! A small organisation whose every key is known, and what is said of its decisions.

use deed_history::Repository;
use deed_history::evidence::{Request, judge, snapshot};
use deed_model::evidence::{Act, Checkpoint, DecisionEvidence, History, Problem};
use deed_model::{Date, Level, parse_date};
use deed_test::{Draft, Identity, Key, Repo};

/// Executive, custodian, head of a department, and an engineer who means no good.
pub(crate) const PEOPLE: [&str; 4] = ["ada", "ben", "chen", "mal"];

/// The day by the clock on the wall, in all of these tests.
pub(crate) fn today() -> Date {
    day("2026-11-24")
}

pub(crate) fn day(text: &str) -> Date {
    parse_date(text).expect("a day")
}

pub(crate) fn who(id: &str) -> Identity {
    Identity::new(id, &format!("{id}@acme.example"))
}

pub(crate) fn key(name: &str) -> Key {
    Key::ed25519(name)
}

/// A person's entry; `keys` are entries of their own, as `- { key: … }`.
pub(crate) fn person(id: &str, keys: &[String]) -> String {
    let keys: String = keys.iter().map(|key| format!("      - {key}\n")).collect();
    format!("  {id}:\n    name: {id} of Acme\n    emails: [{id}@acme.example]\n    keys:\n{keys}")
}

/// A key's entry, with more fields as `, until: 2026-06-30`.
pub(crate) fn entry(name: &str, more: &str) -> String {
    format!("{{ key: \"{}\"{more} }}", key(name).public_line())
}

pub(crate) fn people() -> String {
    let all: String = PEOPLE.iter().map(|id| person(id, &[entry(&format!("{id}-1"), "")])).collect();
    format!("people:\n{all}")
}

pub(crate) const ROLES: &str = "\
departments:
  it: { title: IT, head: head-of-it }
roles:
  ceo: { title: CEO, layer: executive, held_by: ada, authority: { accept_risk: critical, approve: [isms, policies], grant: [exceptions] } }
  isms-manager: { title: ISMS manager, layer: isms, held_by: ben }
  head-of-it: { title: Head of IT, layer: owner, department: it, held_by: chen, authority: { accept_risk: medium } }
";

pub(crate) const ROOT: &str = "\
deed: 1
isms: { organization: Acme, framework: iso27001-2022, model: federated, owner: ceo, manager: isms-manager }
risk_criteria:
  likelihood: 5
  impact: 5
  levels: { low: 1, medium: 5, high: 10, critical: 17 }
  tolerance: high
";

pub(crate) const SETTINGS: &str = "evidence:\n  grace: 7d\n  require: { default: signed }\n";

/// A risk on whose acceptance everything here turns; `accepted` is the decision as written, or nothing.
pub(crate) fn risks(likelihood: u8, accepted: &str) -> String {
    let accepted = if accepted.is_empty() { String::new() } else { format!("    accepted: {accepted}\n") };
    format!(
        "risks:\n  R-1:\n    title: Old terminals\n    owner: head-of-it\n    residual: {{ likelihood: {likelihood}, impact: 3 }}\n{accepted}"
    )
}

pub(crate) const BY_ADA: &str = "{ by: ada, date: 2026-03-01 }";

/// A repository with the organisation in its first commit, of 2026-01-05, and risk R-1 not accepted.
pub(crate) fn organisation() -> Repo {
    let repo = Repo::temporary();
    found(&repo);
    repo
}

/// Makes the first commit.
pub(crate) fn found(repo: &Repo) {
    repo.commit("Found the register")
        .author(&who("ada"))
        .signed(&key("ada-1"))
        .write("deed.yaml", ROOT)
        .write("evidence.deed.yaml", SETTINGS)
        .write("people.deed.yaml", people())
        .write("roles.deed.yaml", ROLES)
        .write("risks.deed.yaml", risks(2, ""))
        .create();
}

/// Starts a commit on 1 March 2026.
pub(crate) fn on_first_of_march<'r>(repo: &'r Repo, message: &str, author: &str) -> Draft<'r> {
    repo.commit(message).author(&who(author)).at("2026-03-01T10:00:00+0000")
}

/// Accepts R-1 as Ada should: her name, her key.
pub(crate) fn accept(repo: &Repo) -> String {
    on_first_of_march(repo, "Accept R-1", "ada")
        .signed(&key("ada-1"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create()
}

pub(crate) fn history_of(repo: &Repo, root: &str, revision: &str) -> History {
    let repository = Repository::open(repo.dir()).expect("a repository");
    let commit = repository.resolve(revision).expect("a commit");
    // What is judged is what is committed.
    let now = snapshot(&repository, root, commit).expect("a register");
    let request = Request {
        repository: &repository,
        root,
        workspace: &now.workspace,
        revision,
        trust_root: None,
        cache: false,
        today: Some(today()),
    };
    judge(&request).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn history(repo: &Repo) -> History {
    history_of(repo, "", "HEAD")
}

pub(crate) fn of<'h>(history: &'h History, decision: &str) -> &'h DecisionEvidence {
    let all = || history.decisions.iter().map(|evidence| evidence.decision.to_string());
    let found = history.decisions.iter().find(|evidence| evidence.decision.to_string() == decision);
    found.unwrap_or_else(|| panic!("no {decision} among {:?}", all().collect::<Vec<_>>()))
}

/// What is said of the acceptance of R-1.
pub(crate) fn said(history: &History) -> (Level, &[Problem]) {
    let evidence = of(history, "risks.R-1.accepted");
    (evidence.level, &evidence.problems)
}

#[track_caller]
pub(crate) fn assert_said(repo: &Repo, level: Level, problems: &[Problem]) {
    assert_eq!(said(&history(repo)), (level, problems));
}

pub(crate) fn vanished(history: &History) -> Vec<String> {
    let of = |it: &deed_model::evidence::Vanished| {
        format!("{} in {}{}", it.decision, it.commit.summary, if it.by_merge { " (merge)" } else { "" })
    };
    history.vanished.iter().map(of).collect()
}

pub(crate) fn unguarded(history: &History) -> Vec<String> {
    history.unguarded.iter().map(|change| format!("{} by {}", change.what, change.why)).collect()
}

pub(crate) fn lost(history: &History) -> Vec<&str> {
    history.lost_checkpoints.iter().map(|Checkpoint { name, .. }| name.as_str()).collect()
}

pub(crate) fn act<'h>(history: &'h History, person: &str) -> Option<&'h Act> {
    history.acts.get(person)
}

/// Whether stock Git calls a signature good, given that a person's key is allowed to sign.
pub(crate) fn git_trusts(repo: &Repo, revision: &str, signers: &[&str]) -> bool {
    let signers: Vec<(Identity, Key)> = signers.iter().map(|id| (who(id), key(&format!("{id}-1")))).collect();
    let allowed = repo.allowed_signers(&signers.iter().map(|(who, key)| (who, key)).collect::<Vec<_>>());
    repo.verify_commit(revision, &allowed).status.success()
}
