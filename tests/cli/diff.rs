//! `deed diff`: values and not lines, in the words of ownership.

use deed_test::{Identity, Key, Repo};
use insta::assert_snapshot;
use serde_json::Value;

use crate::harness::{Dir, Run};
use crate::history::valid;

/// A small organisation with something of each kind.
const BEFORE: &str = "deed: 1
isms: { organization: Acme, model: centralized, owner: ceo, manager: isms-manager, review: 6mo, scope: All }
risk_criteria:
  likelihood: 5
  impact: 5
  levels: { low: 1, medium: 5, high: 10 }
  tolerance: low
  max_acceptance: { low: 12mo }
evidence: { grace: 7d, require: { default: attributed, risks.accepted: signed } }
people:
  ada: { name: Ada Moreau, emails: [ada@acme.example], keys: [{ key: ssh-ed25519 AAAA ada, until: 2027-01-01 }] }
  ben: { name: Ben Okafor, emails: [ben@acme.example], keys: [{ key: ssh-ed25519 BBBB ben, revoked: 2026-02-01 }] }
  chen: { name: Chen Wei, emails: [chen@acme.example] }
roles:
  ceo: { title: CEO, layer: executive, held_by: ada, authority: { accept_risk: medium, approve: [policies] } }
  isms-manager: { title: ISMS Manager, layer: isms, held_by: ben, reports_to: ceo }
  it: { title: Head of IT, layer: owner, held_by: chen, acting_until: 2026-09-01, reports_to: ceo }
  hr: { title: Head of HR, layer: owner, held_by: ben, reports_to: ceo }
controls:
  A.5.15: { applicable: true, because: [law], status: implemented, owner: it, review: 6mo, accepted: { by: chen, date: 2026-02-01 } }
  A.5.16: { applicable: true, because: [law], status: implemented, owner: it, responsible: [it, hr] }
  A.5.17: { applicable: true, because: [law], status: planned, owner: hr }
policies:
  P-1: { title: Access, document: p.md, owner: ceo, review: 12mo, approved: { by: ada, date: 2026-02-01 } }
risks:
  R-1: { title: Fire, owner: it, treatment: mitigate, inherent: { likelihood: 4, impact: 3 }, residual: { likelihood: 3, impact: 2 },
         plan: [{ action: Buy extinguishers, by: chen, due: 2026-07-20 }], accepted: { by: ada, date: 2026-02-10, until: 2026-08-10 } }
  R-2: { title: Flood, owner: hr, treatment: avoid, residual: { likelihood: 1, impact: 1 } }
exceptions:
  X-1: { control: A.5.15, reason: Old, owner: it, granted: { by: ada, date: 2026-02-01, until: 2026-07-25 } }
delegations:
  D-1: { from: ceo, to: it, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01, until: 2026-12-31 } }
lint:
  rules: { paper-role: warning }
  ignore: [{ rule: missing-control, reason: later, until: 2026-12-31 }]
";

/// What is different after an edit: kind and words.
fn after(dir: &Dir, edits: &[(&str, &str)]) -> Vec<String> {
    let mut text = BEFORE.to_owned();
    for (from, to) in edits {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    dir.write("deed.yaml", text);
    let found = valid(dir, &["diff", "--no-evidence", "--today", "2026-06-30"]);
    let told = |it: &Value| {
        let text = |key: &str| it[key].as_str().unwrap();
        format!("{} {}: {}", text("group"), text("kind"), text("what"))
    };
    found["differences"].as_array().unwrap().iter().map(told).collect()
}

fn committed() -> Dir {
    let dir = Dir::new();
    let repo = Repo::init(dir.path());
    let ada = Identity::new("Ada Moreau", "ada@acme.example");
    repo.commit("All")
        .author(&ada)
        .at("2026-03-01T09:00:00+0000")
        .write("deed.yaml", BEFORE)
        .write("p.md", "Be careful.\n")
        .create();
    dir
}

#[test]
fn each_kind_of_change_is_told_in_words_of_ownership() {
    let dir = committed();
    for (from, to, expected) in [
        // What weakened.
        (
            "model: centralized",
            "model: federated",
            "weakened model-changed: the ownership model is federated, before centralized",
        ),
        (
            "paper-role: warning",
            "paper-role: allow",
            "weakened rule-lowered: rule `paper-role` is turned off, before warning",
        ),
        (
            "{ paper-role: warning }",
            "{ paper-role: warning, stale-evidence: info }",
            "weakened rule-lowered: rule `stale-evidence` is weaker: it reports info, before warning",
        ),
        (
            "paper-role: warning",
            "paper-role: error",
            "other rule-raised: rule `paper-role` is stricter: it reports error, before warning",
        ),
        (
            "paper-role: warning",
            "paper-role: { severity: warning, after: 6mo }",
            "other rule-option-tightened: rule `paper-role` is stricter by option `after`: 6mo, before 12mo by default",
        ),
        (
            "paper-role: warning",
            "paper-role: { severity: warning, after: 2y }",
            "weakened rule-option-weakened: rule `paper-role` is weaker by option `after`: 2y, before 12mo by default",
        ),
        (
            "paper-role: warning",
            "paper-role: { severity: warning, after: 12mo }",
            "other rule-option-changed: rule `paper-role` has another option `after`: 12mo, before 12mo by default",
        ),
        (
            "paper-role: warning",
            "paper-role: warning, owned-by-leaver: { notice: 7d }",
            "weakened rule-option-weakened: rule `owned-by-leaver` is weaker by option `notice`: 7d, before 30d by default",
        ),
        (
            "paper-role: warning",
            "paper-role: warning, missing-top-management: { executives: 2 }",
            "other rule-option-tightened: rule `missing-top-management` is stricter by option `executives`: 2, before 1 by default",
        ),
        (
            "paper-role: warning",
            "paper-role: warning, concentrated-ownership: { max_percent: 100 }",
            "weakened rule-option-weakened: rule `concentrated-ownership` is weaker by option `max_percent`: 100, before 60 by default",
        ),
        (
            "paper-role: warning",
            "paper-role: warning, missing-control: { at_most: 3 }",
            "other rule-option-changed: rule `missing-control` has another option `at_most`: 3, before 10 by default",
        ),
        (
            "paper-role: warning",
            "paper-role: warning, missing-control: { no_such: 3 }",
            "other rule-option-changed: rule `missing-control` has another option `no_such`: 3, before not set",
        ),
        (
            "later, until: 2026-12-31",
            "later, until: 2027-12-31",
            "weakened suppression-extended: `missing-control` is suppressed until 2027-12-31, before until 2026-12-31",
        ),
        (
            "ignore: [",
            "ignore: [{ rule: unaccepted-risk, subject: risks.R-2, reason: soon }, ",
            "weakened suppression-added: `unaccepted-risk` of `risks.R-2` is suppressed: soon",
        ),
        (
            "  P-1: {",
            "  # deed: ignore[overdue-policy-review] busy\n  P-1: {",
            "weakened suppression-added: `overdue-policy-review` of `policies.P-1` is suppressed: busy",
        ),
        (
            "  ignore: [{ rule: missing-control, reason: later, until: 2026-12-31 }]\n",
            "",
            "other suppression-removed: `missing-control` is no longer suppressed: later",
        ),
        (
            "risks.accepted: signed",
            "risks.accepted: attributed",
            "weakened evidence-lowered: of `risks.accepted`, proof up to `attributed` is asked for, before `signed`",
        ),
        (
            "default: attributed",
            "default: signed",
            "other evidence-raised: of decisions in general, proof up to `signed` is asked for, before `attributed`",
        ),
        (
            "grace: 7d",
            "grace: 30d",
            "weakened period-extended: a decision may be recorded so long after its date: 30 days, before 7 days",
        ),
        (
            "grace: 7d",
            "grace: 7d, branch: other",
            "weakened branch-changed: decisions are adopted on branch `other`, before the main one",
        ),
        ("grace: 7d", "grace: 7d, forges: [ssh-ed25519 CCCC]", "weakened forge-added: another key signs for a forge"),
        (
            "tolerance: low",
            "tolerance: medium",
            "weakened tolerance-raised: the risk tolerance is `medium`, before `low`",
        ),
        (
            "high: 10",
            "high: 15",
            "weakened levels-changed: the levels of risk are low from 1, medium from 5, high from 15, before low from 1, medium from 5, high from 10",
        ),
        (
            "{ low: 12mo }",
            "{ low: 24mo }",
            "weakened period-extended: a low risk may be accepted for so long: 24 months, before 12 months",
        ),
        (
            "owner: it, review: 6mo",
            "owner: it, review: 12mo",
            "weakened period-extended: control `A.5.15` is reviewed every: 12 months, before 6 months",
        ),
        (
            "review: 6mo, scope",
            "review: 3mo, scope",
            "other period-changed: management reviews the ISMS every: 3 months, before 6 months",
        ),
        (
            "A.5.17: { applicable: true, because: [law]",
            "A.5.17: { applicable: false, because: [no offices]",
            "weakened control-excluded: control `A.5.17` is excluded: no offices",
        ),
        (
            "A.5.16: { applicable: true, because: [law], status: implemented",
            "A.5.16: { applicable: true, because: [law], status: partial",
            "weakened status-lowered: control `A.5.16` is partial, before implemented",
        ),
        (
            "status: planned",
            "status: implemented",
            "other fields-changed: control `A.5.17`: `status` implemented, before planned",
        ),
        (
            "residual: { likelihood: 3, impact: 2 }",
            "residual: { likelihood: 2, impact: 2 }",
            "weakened rating-lowered: risk `R-1`: residual 4 (low), before 6 (medium), without another decision",
        ),
        (
            "residual: { likelihood: 3, impact: 2 }",
            "residual: { likelihood: 4, impact: 4 }",
            "other rating-raised: risk `R-1`: residual 16 (high), before 6 (medium)",
        ),
        (
            "treatment: avoid",
            "treatment: accept",
            "weakened treatment-changed: risk `R-2`: treatment accept, before avoid",
        ),
        (
            "due: 2026-07-20",
            "due: 2026-12-31",
            "weakened action-postponed: risk `R-1`: \"Buy extinguishers\" is due on 2026-12-31, before on 2026-07-20",
        ),
        (
            "due: 2026-07-20",
            "due: 2026-07-20, done: 2026-06-01",
            "other action-done: risk `R-1`: \"Buy extinguishers\" was done on 2026-06-01",
        ),
        (
            "until: 2026-08-10",
            "until: 2026-12-10",
            "weakened end-extended: risk `R-1` was accepted by Ada Moreau on 2026-02-10, and its end moved from 2026-08-10 to 2026-12-10 without another decision",
        ),
        (
            "until: 2026-08-10",
            "until: 2026-07-10",
            "other end-shortened: risk `R-1` was accepted by Ada Moreau on 2026-02-10, and its end moved from 2026-08-10 to 2026-07-10 without another decision",
        ),
        (
            "acting_until: 2026-09-01",
            "acting_until: 2026-12-01",
            "weakened end-extended: role `it`: the acting holder's time ends on 2026-12-01, before on 2026-09-01",
        ),
        (
            "ada, until: 2027-01-01",
            "ada, until: 2028-01-01",
            "weakened key-extended: a signing key of Ada Moreau counts until 2028-01-01, before until 2027-01-01",
        ),
        (
            "BBBB ben, revoked: 2026-02-01",
            "BBBB ben",
            "weakened key-reinstated: a signing key of Ben Okafor is no longer revoked (as of 2026-02-01)",
        ),
        (
            "owner: hr, treatment",
            "treatment",
            "weakened owner-changed: risk `R-2`: owned by nobody, before by `hr` (Ben Okafor)",
        ),
        // Who gained, who lost.
        (
            "status: planned, owner: hr",
            "status: planned, owner: it",
            "ownership owner-changed: control `A.5.17`: owned by `it` (Chen Wei), before by `hr` (Ben Okafor)",
        ),
        (
            "layer: owner, held_by: ben",
            "layer: owner, held_by: chen",
            "ownership holder-changed: role `hr`: held by Chen Wei, before by Ben Okafor",
        ),
        (
            "layer: owner, held_by: ben",
            "layer: owner",
            "weakened holder-changed: role `hr`: held by nobody, before by Ben Okafor",
        ),
        (
            "manager: isms-manager",
            "manager: hr",
            "ownership duty-changed: the ISMS: managed by `hr` (Ben Okafor), before by `isms-manager` (Ben Okafor)",
        ),
        (
            "accept_risk: medium",
            "accept_risk: high",
            "authority authority-widened: role `ceo`: may accept risk up to `high`, before up to `medium`",
        ),
        (
            "approve: [policies]",
            "approve: [policies, soa]",
            "authority authority-widened: role `ceo`: may now approve `soa`",
        ),
        (", approve: [policies]", "", "authority authority-narrowed: role `ceo`: may no longer approve `policies`"),
        (
            "to: it, authority: { accept_risk: low }",
            "to: it, authority: { accept_risk: medium }",
            "authority authority-widened: delegation `D-1`: may accept risk up to `medium`, before up to `low`",
        ),
        (
            "from: ceo, to: it",
            "from: ceo, to: hr",
            "authority delegation-changed: delegation `D-1`: from `ceo` (Ada Moreau) to `hr` (Ben Okafor), to accept risk up to `low`",
        ),
        (
            "delegations:\n",
            "delegations:\n  D-2: { from: ceo, to: hr, authority: { approve: [policies] } }\n",
            "authority delegation-added: delegation `D-2`: from `ceo` (Ada Moreau) to `hr` (Ben Okafor), to approve `policies`",
        ),
        (
            "emails: [chen@acme.example]",
            "emails: [chen@acme.example], left: 2026-06-01",
            "authority person-left: Chen Wei left on 2026-06-01",
        ),
        (
            "[chen@acme.example]",
            "[chen@acme.example, cw@acme.example]",
            "authority email-added: Chen Wei is also known to Git as `cw@acme.example`",
        ),
        (
            "emails: [chen@acme.example]",
            "emails: [chen@acme.example], keys: [ssh-ed25519 DDDD]",
            "authority key-added: a signing key of Chen Wei is new",
        ),
        ("  chen: {", "  dora: { name: Dora Lind }\n  chen: {", "authority person-added: person `dora`: Dora Lind"),
        // What was decided, and what is gone.
        (
            "residual: { likelihood: 1, impact: 1 } }",
            "residual: { likelihood: 1, impact: 1 }, accepted: { by: ada, date: 2026-06-01, until: 2026-12-01 } }",
            "decided decided: Ada Moreau accepted risk `R-2` on 2026-06-01 until 2026-12-01",
        ),
        (
            ", accepted: { by: chen, date: 2026-02-01 }",
            "",
            "lost decision-removed: control `A.5.15` was accepted by Chen Wei on 2026-02-01, and that decision is removed",
        ),
        // What is new, gone, closed.
        ("  R-2: {", "  R-3: { title: Frost }\n  R-2: {", "subjects subject-added: new: risk `R-3` (Frost)"),
        (
            "treatment: avoid",
            "treatment: avoid, closed: 2026-06-01",
            "subjects subject-closed: risk `R-2` is closed as of 2026-06-01",
        ),
        ("title: Flood", "title: High water", "other fields-changed: risk `R-2`: `title` High water, before Flood"),
    ] {
        let found = after(&dir, &[(from, to)]);
        assert!(found.iter().any(|line| line == expected), "{from} → {to}: {expected}\n{found:#?}");
    }
}

#[test]
fn what_only_looks_otherwise_is_no_difference() {
    let dir = committed();
    let nothing = "Acme: HEAD";
    let same = |dir: &Dir| {
        let run = dir.deed(&["diff", "--exit-code"]);
        assert_eq!((run.code, run.stdout.lines().nth(1)), (0, Some("nothing is different")), "{}", run.all());
        assert!(run.stdout.starts_with(nothing), "{}", run.all());
    };
    same(&dir);
    // Moved to another file, sorted, quoted, in block style, commented.
    let (head, risks) = BEFORE.split_once("risks:\n").unwrap();
    let (risks, tail) = risks.split_once("exceptions:\n").unwrap();
    let (first, second) = risks.split_once("  R-2: ").unwrap();
    let second = second.replace("{ title: Flood, owner: hr,", "{\n    owner: \"hr\", # whose\n    title: 'Flood',");
    dir.write("deed.yaml", format!("{head}exceptions:\n{tail}"));
    dir.write("sub/r.deed.yaml", format!("# All risks.\nrisks:\n  R-2: {second}{first}"));
    same(&dir);
    dir.write("deed.yaml", format!("{head}exceptions:\n{tail}").replace("[it, hr]", "[hr, it]"));
    same(&dir);
    // Another id is told once, and is nobody's gain or loss.
    dir.write("deed.yaml", format!("{head}exceptions:\n{tail}").replace(" it", " tech").replace("[it,", "[tech,"));
    dir.write("sub/r.deed.yaml", format!("risks:\n  R-2: {second}{first}").replace(" it", " tech"));
    let run = dir.deed(&["diff", "--exit-code", "--no-evidence"]);
    let told: Vec<_> = run.stdout.lines().skip(1).collect();
    assert_eq!(told, ["1 new or gone", "", "New and gone", "  ~ role tech, before it"], "{}", run.all());
    assert_eq!(run.code, 1);
}

#[test]
fn ratings_lowered_with_a_decision_are_not_weakened() {
    let dir = committed();
    let rated = ("residual: { likelihood: 3, impact: 2 }", "residual: { likelihood: 2, impact: 2 }");
    let anew = ("{ by: ada, date: 2026-02-10, until: 2026-08-10 }", "{ by: ada, date: 2026-06-10, until: 2026-12-10 }");
    assert_eq!(
        after(&dir, &[rated, anew]),
        [
            "decided decided: Ada Moreau accepted risk `R-1` on 2026-06-10 until 2026-12-10",
            "other rating-lowered: risk `R-1`: residual 4 (low), before 6 (medium)",
        ]
    );
}

/// Commits in which somebody decides and the text changes; the last two on a branch.
fn story(dir: &Dir) -> Repo {
    let (ada, ben) = (Identity::new("Ada Moreau", "ada@acme.example"), Identity::new("Ben Okafor", "ben@acme.example"));
    let key = Key::ed25519("ada-1");
    let text = BEFORE.replace("ssh-ed25519 AAAA ada", &key.public_line());
    let repo = Repo::init(dir.path());
    let on = |message: &str, day: &str, who: &Identity, write: &[(&str, &str)]| {
        let mut draft = repo.commit(message).author(who).at(&format!("{day}T09:00:00+0000"));
        for (path, text) in write {
            draft = draft.write(path, text);
        }
        if *who == ada {
            draft.signed(&key).create()
        } else {
            draft.create()
        };
    };
    on("All", "2026-02-01", &ada, &[("deed.yaml", &text), ("p.md", "Be careful.\n")]);
    let taken = text.replace("owner: hr, treatment", "owner: it, treatment");
    on("Hand over", "2026-03-01", &ben, &[("deed.yaml", &taken)]);
    repo.git(["checkout", "--quiet", "-b", "topic"]);
    on("Text", "2026-04-01", &ben, &[("p.md", "Be bold.\n")]);
    let accepted =
        taken.replace("impact: 1 } }", "impact: 1 }, accepted: { by: ada, date: 2026-05-01, until: 2026-11-01 } }");
    on("Accept", "2026-05-01", &ada, &[("deed.yaml", &accepted)]);
    repo.git(["checkout", "--quiet", "main"]);
    on("Elsewhere", "2026-05-02", &ben, &[("other.deed.yaml", "risks: { R-9: { title: Frost } }\n")]);
    repo
}

/// A comparison on lines that are long enough.
fn wide(dir: &Dir, args: &[&str]) -> Run {
    Run::of(dir.command(&[&["diff"], args].concat()).env("COLUMNS", "300").output().unwrap())
}

fn lines(run: &Run) -> Vec<&str> {
    run.stdout.lines().skip(1).filter(|line| line.starts_with("  ")).map(str::trim).collect()
}

#[test]
fn two_revisions_are_compared_with_what_history_proves() {
    let dir = Dir::new();
    story(&dir);
    let own = wide(&dir, &["main...topic"]);
    assert!(own.stdout.starts_with("Acme: where main and topic parted ("), "{}", own.all());
    assert_eq!(
        lines(&own)[1..],
        [
            "+ Ada Moreau accepted risk R-2 on 2026-05-01 until 2026-11-01 (signed)",
            "~ the text of policy P-1, p.md, changed",
        ],
        "{}",
        own.all()
    );
    assert!(
        lines(&own)[0]
            .starts_with("- policy P-1 was approved by Ada Moreau on 2026-02-01, and is outdated: p.md changed")
    );
    let both = wide(&dir, &["main..topic"]);
    assert!(lines(&both).contains(&"- gone: risk R-9 (Frost)"), "{}", both.all());
    assert_eq!(wide(&dir, &["main", "topic"]).stdout, both.stdout);
    let back = wide(&dir, &["topic..main"]);
    assert!(
        lines(&back).contains(&"- risk R-2 was accepted by Ada Moreau on 2026-05-01, and that decision is removed"),
        "{}",
        back.all()
    );
    let handed = wide(&dir, &["HEAD~2..HEAD~1"]).stdout;
    assert!(
        handed.contains("  Chen Wei\n    + risk R-2\n") && handed.contains("  Ben Okafor\n    - risk R-2\n"),
        "{handed}"
    );
    let json = valid(&dir, &["diff", "main...topic"]);
    assert_eq!((&json["summary"]["decided"], &json["summary"]["lost"]), (&1.into(), &1.into()));
    assert_eq!(json["differences"][1]["after"], "signed");
    assert_eq!(json["after"]["day"], "2026-05-01");
    let without = wide(&dir, &["main...topic", "--no-evidence"]);
    assert!(
        lines(&without).contains(&"+ Ada Moreau accepted risk R-2 on 2026-05-01 until 2026-11-01"),
        "{}",
        without.all()
    );
    let markdown = wide(&dir, &["main...topic", "--format", "markdown"]).stdout;
    assert!(markdown.starts_with("### Acme: 1 decision lost, 1 decision made, 1 also changed\n"), "{markdown}");
    // All at once, from nothing.
    let all = valid(&dir, &["diff", "--no-evidence", "HEAD~2..", "-C", "."]);
    assert_eq!(all["after"]["revision"], "HEAD");
}

#[test]
fn the_index_and_the_working_tree_are_ends_too() {
    let dir = Dir::new();
    let repo = story(&dir);
    let text = dir.read("deed.yaml");
    dir.write("deed.yaml", text.replace("treatment: avoid", "treatment: accept"));
    repo.git(["add", "--all"]);
    dir.write("deed.yaml", text.replace("tolerance: low", "tolerance: high"));
    let staged = wide(&dir, &["--staged"]);
    assert_eq!(lines(&staged), ["! risk R-2: treatment accept, before avoid"], "{}", staged.all());
    assert!(staged.stdout.contains("→ what is staged\n"), "{}", staged.all());
    let here = wide(&dir, &[]);
    assert_eq!(lines(&here), ["! the risk tolerance is high, before low"], "{}", here.all());
    assert!(here.stdout.contains("→ the working tree\n"), "{}", here.all());
    assert_eq!(wide(&dir, &["main~1"]).code, 0);
}

#[test]
fn what_cannot_be_compared_is_told_of() {
    let dir = Dir::new();
    let repo = story(&dir);
    let says = |args: &[&str], code: i32, text: &str| {
        let run = dir.deed(&[&["diff"], args].concat());
        assert!(run.code == code && run.stderr.contains(text), "{args:?}: {}", run.all());
    };
    says(&["nowhere"], 2, "nowhere");
    says(&["main..topic", "HEAD"], 2, "two revisions at most can be compared");
    says(&["--staged", "main..topic"], 2, "`--staged` compares one revision with what is staged");
    repo.git(["checkout", "--quiet", "--orphan", "island"]);
    repo.commit("Island").at("2026-05-03T09:00:00+0000").create();
    says(&["main...island"], 2, "`main` and `island` have no commit in common");
    repo.git(["rm", "--quiet", "-r", "."]);
    repo.commit("None").at("2026-05-04T09:00:00+0000").write("readme", "Nothing.\n").create();
    says(&["HEAD"], 3, "there is no manifest here in either state");
    // A workspace that was not there is all new.
    let all = wide(&dir, &["--no-evidence", "HEAD..main"]);
    assert!(lines(&all).contains(&"+ new: 4 roles: ceo, isms-manager, it, hr"), "{}", all.all());
    assert!(all.stdout.contains("Ada Moreau\n    + the ISMS; role ceo; policy P-1\n"), "{}", all.all());
    let gone = wide(&dir, &["--no-evidence", "main..HEAD"]);
    assert!(gone.stdout.contains("gone: 3 controls: A.5.15, A.5.16, A.5.17"), "{}", gone.all());
    let outside = Dir::with(&[("deed.yaml", BEFORE)]).deed(&["diff"]);
    assert!(outside.code == 2 && outside.stderr.contains("Git repository"), "{}", outside.all());
    // A part that cannot be read is told of on either side.
    repo.git(["checkout", "--quiet", "main"]);
    dir.write("other.deed.yaml", "risks: { R-9: { title: \"Frost }\n");
    let broken = wide(&dir, &["--no-evidence"]);
    let said = "in the working tree, `other.deed.yaml:1` cannot be read: ";
    assert!(broken.code == 2 && broken.stderr.contains(said), "{}", broken.all());
    // Before the first commit everything is new.
    let young = Dir::with(&[("deed.yaml", BEFORE)]);
    Repo::init(young.path());
    assert!(young.deed(&["diff"]).stdout.contains("new: 3 controls"), "{}", young.deed(&["diff"]).all());
}

#[test]
fn the_history_of_the_example_organisation_reads_well() {
    let dir = Dir::new();
    let repo = deed_test::example::generate(&dir.path().join("acme")).expect("the example is generated");
    let between = |range: &str, format: &str| dir.deed(&["diff", "-C", "acme", range, "--format", format]);
    assert_snapshot!("example", between("HEAD~60..HEAD~1", "text").all());
    assert_snapshot!("markdown", between("HEAD~25..HEAD", "markdown").stdout);
    let first = repo.git(["rev-list", "--max-parents=0", "HEAD"]);
    let range = format!("{}..HEAD", first.trim());
    let all = dir.deed(&["diff", "-C", "acme", "--no-evidence", "--format", "markdown", &range]).stdout;
    assert!(all.chars().count() < 65_536, "{}", all.chars().count());
    let found = valid(&dir, &["diff", "-C", "acme", "HEAD~60..HEAD"]);
    // Each planted weakening of that time.
    for subject in ["risks.R-17.accepted.until", "exceptions.X-2.granted.until", "risks.R-24.accepted", "soa.approved"]
    {
        let of = |it: &&Value| it["subjects"].as_array().unwrap().iter().any(|one| one == subject);
        let group = &found["differences"].as_array().unwrap().iter().find(of).unwrap()["group"];
        assert!(group == "weakened" || group == "lost", "{subject}: {group}");
    }
    // Commits that only move or format.
    for message in ["Indent the delegations by four", "Split the risk register by department", "Indent theme 7 by four"]
    {
        let commit = repo.git(["log", "--format=%H", "--fixed-strings", &format!("--grep={message}")]);
        let range = format!("{0}~1..{0}", commit.trim());
        let run = dir.deed(&["diff", "-C", "acme", "--no-evidence", &range]);
        assert!(run.stdout.contains("nothing is different"), "{message}: {}", run.all());
    }
}

#[test]
fn criteria_are_many() {
    let dir = Dir::new();
    let approved = "tolerance: low\n  approved: { by: ada, date: 2026-02-01 }";
    let repo = Repo::init(dir.path());
    dir.write("deed.yaml", BEFORE.replace("tolerance: low", approved));
    repo.commit("Begin").at("2026-02-01T09:00:00+0000").create();
    dir.write("deed.yaml", BEFORE);
    let run = dir.deed(&["diff", "--no-evidence", "--today", "2026-06-30"]);
    let said = "the risk criteria were approved by Ada Moreau on 2026-02-01, and that decision is removed";
    let told = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains(said), "{}", run.all());
}
