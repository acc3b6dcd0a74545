//! What is said of a history, one mistake at a time.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use deed_linter::{Diagnostic, Inputs, lint};
use deed_model::evidence::{
    Act, Branch, Change, Checkpoint, CommitFacts, DecisionEvidence, DecisionRef, Gap, History, KeyFlaw, Problem, Proof,
    Signatory, Signature, SignatureStatus, Vanished,
};
use deed_model::{Level, Manifest, Section, Verb, Workspace, parse_date};
use deed_syntax::Format;

const ORGANISATION: &str = "\
people:
  ada: { name: Ada Moreau, emails: [ada@acme.example], keys: [{ key: ssh-ed25519 AAAA, until: 2026-06-12 }] }
  ben: { name: Ben Ode, emails: [ben@acme.example] }
roles:
  ceo: { layer: executive, held_by: ada, authority: { accept_risk: high, approve: [policies, soa], grant: [exceptions] } }
risk_criteria: { likelihood: 5, impact: 5, levels: { low: 1, high: 10 } }
";

const RISK: &str = "\
risks:
  R-5:
    owner: ceo
    residual: { likelihood: 2, impact: 2 }
    accepted: { by: ada, date: 2026-06-01, until: 2027-06-01 }
";

fn commit(id: &str, name: &str, day: &str) -> Arc<CommitFacts> {
    let noon = parse_date("1970-01-01").unwrap().until(parse_date(day).unwrap()).unwrap().get_days();
    let time = i64::from(noon) * 86_400;
    let email = format!("{}@acme.example", name.split(' ').next().unwrap().to_lowercase());
    let author = Signatory { name: name.to_owned(), email, time, offset: 0 };
    Arc::new(CommitFacts {
        id: id.repeat(40),
        committer: author.clone(),
        author,
        summary: "A commit".to_owned(),
        is_merge: false,
        signature: Signature {
            status: SignatureStatus::Good,
            format: Some("ssh"),
            key: Some("SHA256:x".to_owned()),
            person: None,
        },
    })
}

fn workspace(text: &str) -> Workspace {
    let parse = Arc::new(deed_syntax::parse(format!("{ORGANISATION}{text}"), Format::Yaml));
    assert!(parse.errors().is_empty(), "{:?}", parse.errors());
    Workspace::new(vec![Manifest { path: "deed.yaml".to_owned(), parse }])
}

/// A history in which every decision is signed by who made it, on its day, but for what `change` does to it.
fn history(workspace: &Workspace, change: impl Fn(&str, &mut DecisionEvidence)) -> History {
    let decisions = workspace.register().decisions().map(|(head, decision)| {
        let by = decision.by.as_ref().unwrap();
        let origin = commit("a", "Ada Moreau", &decision.date.as_ref().unwrap().to_string());
        let (section, id, verb) = (head.section, head.id.clone(), decision.verb);
        let mut evidence = DecisionEvidence {
            decision: DecisionRef { section, id, verb, by: None },
            at: decision.range,
            level: Level::Signed,
            adoption: Some(Arc::clone(&origin)),
            origin: Some(origin),
            first_use: false,
            outdated_by: Vec::new(),
            outdated_here: Vec::new(),
            is_transplanted: false,
            problems: Vec::new(),
            entitled: Some(true),
            proof: Proof { by_decider: true, signer: Some(by.value.clone()), ..Proof::default() },
        };
        change(&format!("{}.{}", head.address(), verb.key()), &mut evidence);
        Arc::new(evidence)
    });
    let branch = Branch { name: "main".to_owned(), found: Some("main".to_owned()) };
    History { head: Some("f".repeat(40)), branch, decisions: decisions.collect(), ..History::default() }
}

fn lint_with(workspace: &Workspace, history: &History) -> Vec<Diagnostic> {
    let today = parse_date("2026-06-30").unwrap();
    lint(&Inputs { workspace, today, exists: None, history: Some(history) }).diagnostics
}

/// What is said with a history that is not said without one.
fn said(text: &str, change: impl Fn(&str, &mut DecisionEvidence)) -> Vec<String> {
    let workspace = workspace(text);
    news(&workspace, &history(&workspace, change))
}

fn news(workspace: &Workspace, history: &History) -> Vec<String> {
    let line = |diagnostic: &Diagnostic| format!("{}: {}", diagnostic.rule.id, diagnostic.message);
    let today = parse_date("2026-06-30").unwrap();
    let before = lint(&Inputs { workspace, today, exists: None, history: None }).diagnostics;
    let before: Vec<_> = before.iter().map(line).collect();
    lint_with(workspace, history).iter().map(line).filter(|line| !before.contains(line)).collect()
}

#[track_caller]
fn check(text: &str, problems: &[Problem], level: Level, expected: &[&str]) {
    let found = said(text, |decision, evidence| {
        if decision.starts_with("risks") {
            evidence.problems = problems.to_vec();
            evidence.level = level;
        }
    });
    assert_eq!(found, expected);
}

#[test]
fn a_proven_decision_gives_nothing() {
    check(RISK, &[], Level::Signed, &[]);
}

#[test]
fn a_level_below_what_is_asked_for_is_weak_by_kind_and_model() {
    let weak = |level: &str, asked: &str| {
        format!(
            "weak-evidence: risk `R-5` was accepted by Ada Moreau on 2026-06-01, which commit aaaaaaaaaa (Ada Moreau, 2026-06-01) proves to be `{level}` only; `{asked}` is asked for"
        )
    };
    check(RISK, &[], Level::Attributed, &[]);
    check(RISK, &[], Level::Recorded, &[&weak("recorded", "attributed")]);
    let asking = |what: &str| format!("{RISK}evidence: {{ require: {{ {what} }} }}\n");
    check(&asking("default: signed"), &[], Level::Attributed, &[&weak("attributed", "signed")]);
    check(&asking("default: signed, risks.accepted: recorded"), &[], Level::Recorded, &[]);
    let led = format!("{RISK}isms: {{ model: executive-led }}\n");
    check(&led, &[], Level::Attributed, &[&weak("attributed", "vouched")]);
    check(&format!("{led}evidence: {{ require: {{ default: attributed }} }}\n"), &[], Level::Attributed, &[]);
}

#[test]
fn what_explains_the_level_is_said_instead_of_it() {
    let by = || "b".repeat(40);
    let cases: &[(&[Problem], &str)] = &[
        (&[Problem::Uncommitted], "uncommitted-decision"),
        (&[Problem::WrongSigner { signer: "ben".to_owned() }], "wrong-signer"),
        (&[Problem::UntrustedKey(KeyFlaw::Expired(parse_date("2026-06-12").unwrap()))], "untrusted-key"),
        (&[Problem::UntrustedKey(KeyFlaw::Unknown)], "untrusted-key"),
        (&[Problem::SelfIntroduced { what: "people.ada.keys".to_owned() }], "self-introduced-key"),
        (
            &[Problem::Altered { by: by(), author: "Ben Ode".to_owned(), fields: vec!["until".to_owned()] }],
            "altered-decision",
        ),
        (&[Problem::TrailerOnly { line: "Approved-by: Ada".to_owned() }], "weak-evidence"),
        (&[Problem::ForgeOnly], "weak-evidence"),
    ];
    for (problems, rule) in cases {
        let found = said(RISK, |decision, evidence| {
            if decision.starts_with("risks") {
                (evidence.problems, evidence.level) = (problems.to_vec(), Level::Recorded);
            }
        });
        assert_eq!(found.len(), 1, "{rule}: {found:#?}");
        assert!(found[0].starts_with(&format!("{rule}: ")), "{rule}: {found:#?}");
    }
}

#[test]
fn an_altered_decision_is_not_also_somebody_elses_or_dated_back() {
    let altered =
        Problem::Altered { by: "b".repeat(40), author: "Ben Ode".to_owned(), fields: vec!["until".to_owned()] };
    let others = [Problem::WrongSigner { signer: "ben".to_owned() }, Problem::Backdated { days: 20 }, altered];
    let expected = "altered-decision: risk `R-5` was accepted by Ada Moreau on 2026-06-01, but Ben Ode changed `until` in \
                    commit bbbbbbbbbb";
    check(RISK, &others, Level::Recorded, &[expected]);
}

#[test]
fn an_exception_that_was_renewed_is_not_also_altered() {
    let text = "exceptions:\n  X-2:\n    control: A.8.22\n    owner: ceo\n    reason: late\n    \
                granted: { by: ada, date: 2026-01-19, until: 2027-01-15 }\n";
    let (from, to) = (parse_date("2026-07-17").unwrap(), parse_date("2027-01-15").unwrap());
    let by = "b".repeat(40);
    let found = said(text, |_, evidence| {
        let altered =
            Problem::Altered { by: by.clone(), author: "Ben Ode".to_owned(), fields: vec!["until".to_owned()] };
        let renewed = Problem::Renewed { by: by.clone(), author: "Ben Ode".to_owned(), from, to };
        (evidence.problems, evidence.level) = (vec![altered, renewed], Level::Recorded);
    });
    let expected = "silently-renewed-exception: exception `X-2` was granted by Ada Moreau on 2026-01-19 until 2026-07-17, \
                    and Ben Ode moved its end to 2027-01-15 in commit bbbbbbbbbb";
    assert_eq!(found, [expected]);
}

#[test]
fn days_are_not_judged_by_a_clock_that_is_wrong() {
    check(
        RISK,
        &[Problem::Backdated { days: 49 }],
        Level::Signed,
        &[
            "backdated-decision: risk `R-5` was accepted by Ada Moreau on 2026-06-01, it says, but was recorded 49 days \
           later, in commit aaaaaaaaaa (Ada Moreau, 2026-06-01)",
        ],
    );
    let found = said(RISK, |_, evidence| {
        evidence.problems = vec![Problem::Backdated { days: 49 }, Problem::ClockRegression];
    });
    assert!(found.len() == 1 && found[0].starts_with("clock-regression: "), "{found:#?}");
}

#[test]
fn of_what_lies_beyond_history_nothing_is_claimed() {
    let workspace = workspace(RISK);
    let mut history = history(&workspace, |_, evidence| {
        (evidence.problems, evidence.level) = (vec![Problem::IncompleteHistory], Level::Recorded);
        (evidence.origin, evidence.entitled) = (None, None);
    });
    history.gaps = vec![Gap::Shallow, Gap::MissingObjects(3)];
    history.lost_checkpoints = vec![Checkpoint { name: "deed/checkpoint/1".to_owned(), commit: "c".repeat(40) }];
    let expected = "incomplete-history: the clone is shallow and 3 objects are missing: where one decision came from cannot \
                    be told";
    assert_eq!(news(&workspace, &history), [expected]);
    let help = lint_with(&workspace, &history).into_iter().find(|d| d.rule.id == "incomplete-history").unwrap().help;
    assert!(help[0].contains("git fetch --unshallow") && help[0].contains("fetch-depth: 0"), "{help:?}");
}

#[test]
fn a_later_sound_decision_supersedes_a_weak_one() {
    let text = "policies:\n  backup:\n    owner: ceo\n    approved:\n      - { by: ben, date: 2026-02-25 }\n      \
                - { by: ada, date: 2026-03-01 }\n";
    let weak = |evidence: &mut DecisionEvidence| evidence.level = Level::Recorded;
    let first = |evidence: &DecisionEvidence| evidence.proof.signer.as_deref() == Some("ben");
    assert_eq!(
        said(text, |_, evidence| if first(evidence) {
            weak(evidence)
        }),
        [""; 0]
    );
    let found = said(text, |_, evidence| {
        if !first(evidence) {
            weak(evidence)
        }
    });
    assert!(found.len() == 1 && found[0].contains("Ada Moreau on 2026-03-01"), "{found:#?}");
}

#[test]
fn what_is_over_or_out_of_use_asks_for_no_proof() {
    let over = RISK.replace("until: 2027-06-01", "until: 2026-06-15");
    let closed = RISK.replace("    owner", "    closed: 2026-06-20\n    owner");
    for text in [over, closed] {
        check(&text, &[], Level::Recorded, &[]);
    }
}

fn change(what: &str, commit: Arc<CommitFacts>) -> Change {
    Change { what: what.to_owned(), at: None, commit, why: "alone".to_owned() }
}

#[test]
fn a_decision_on_something_else_is_outdated_once_for_each_subject() {
    let text = format!(
        "{RISK}soa: {{ version: \"4\", approved: {{ by: ada, date: 2026-02-20 }} }}\npolicies:\n  backup:\n    \
         owner: ceo\n    approved: {{ by: ada, date: 2026-03-01 }}\n    reviewed: {{ by: ada, date: 2026-03-01 }}\n"
    );
    let workspace = workspace(&text);
    let mut history = history(&workspace, |decision, evidence| {
        let later = commit("b", "Ben Ode", "2026-06-18");
        evidence.outdated_by = match decision {
            "risks.R-5.accepted" => vec![
                change("risks.R-5.residual.likelihood", Arc::clone(&later)),
                change("risks.R-5.residual.impact", later),
            ],
            "soa.approved" => vec![change("controls.A.8.12.owner", later)],
            _ => Vec::new(),
        };
        if decision == "policies.backup.approved" {
            evidence.outdated_here = vec!["policies.backup.document".to_owned()];
        }
    });
    let end = "changed since, in commit bbbbbbbbbb (Ben Ode, 2026-06-18)";
    let expected = [
        format!(
            "outdated-acceptance: risk `R-5` was accepted by Ada Moreau on 2026-06-01, and `residual.likelihood` and \
             `residual.impact` {end}"
        ),
        format!(
            "outdated-soa-approval: the Statement of Applicability was approved by Ada Moreau on 2026-02-20, and \
             `controls.A.8.12.owner` {end}"
        ),
        "outdated-approval: policy `backup` was approved by Ada Moreau on 2026-03-01, and `document` changed since, in the \
         working tree"
            .to_owned(),
    ];
    assert_eq!(news(&workspace, &history), expected);
    // Whoever touched the decision itself is named instead.
    for evidence in &mut history.decisions {
        Arc::make_mut(evidence).problems = vec![Problem::Uncommitted];
    }
    assert!(news(&workspace, &history).iter().all(|line| line.starts_with("uncommitted-decision")));
}

#[test]
fn a_decision_that_was_moved_onto_something_else_is_outdated_from_its_start() {
    let found = said(RISK, |decision, evidence| evidence.is_transplanted = decision == "risks.R-5.accepted");
    let expected = "outdated-acceptance: risk `R-5` was accepted by Ada Moreau on 2026-06-01, and commit aaaaaaaaaa (Ada \
                    Moreau, 2026-06-01) has something else than what its message says was decided";
    assert_eq!(found, [expected]);
}

#[test]
fn what_is_gone_is_shown_at_its_subject_or_at_the_root() {
    let workspace = workspace("risks:\n  R-24:\n    owner: ceo\n    treatment: mitigate\n");
    let mut history = history(&workspace, |_, _| ());
    let vanished = |id: &str, by_merge| Vanished {
        decision: DecisionRef { section: Section::Risks, id: id.to_owned(), verb: Verb::Accepted, by: None },
        commit: commit("b", "Ben Ode", "2026-06-18"),
        by_merge,
        last: Some(commit("c", "Ada Moreau", "2026-06-01")),
        by: Some("ada".to_owned()),
        date: parse_date("2026-06-01"),
    };
    history.vanished = vec![vanished("R-24", true), vanished("R-25", false)];
    let found: Vec<_> =
        lint_with(&workspace, &history).into_iter().filter(|d| d.rule.id == "vanished-decision").collect();
    let of = |id: &str| found.iter().find(|diagnostic| *diagnostic.subject == *id).unwrap();
    assert_eq!(
        &*of("risks.R-24").message,
        "risk `R-24` was accepted by Ada Moreau on 2026-06-01, and the merge in commit bbbbbbbbbb (Ben Ode, 2026-06-18) \
         removed that decision"
    );
    assert_eq!(workspace.text(of("risks.R-24").span), "R-24");
    assert!(of("risks.R-25").message.ends_with("removed it with that decision"), "{}", of("risks.R-25").message);
}

#[test]
fn a_change_nobody_else_stands_for_is_one_for_each_commit() {
    let workspace = workspace("");
    let mut history = history(&workspace, |_, _| ());
    let alone = commit("b", "Ben Ode", "2026-06-18");
    let role = workspace.register().roles.get("ceo").unwrap();
    let at = Some(role.authority.as_ref().unwrap().span);
    history.unguarded = vec![
        change("people.zoe", Arc::clone(&alone)),
        Change { at, ..change("roles.ceo.authority", alone) },
        change("people.ada.keys", commit("c", "Ben Ode", "2026-06-19")),
    ];
    history.gaps = vec![Gap::Replaced(2), Gap::Grafted];
    history.lost_checkpoints = vec![Checkpoint { name: "deed/checkpoint/1".to_owned(), commit: "c".repeat(40) }];
    let mut found: Vec<_> = lint_with(&workspace, &history)
        .into_iter()
        .filter(|diagnostic| diagnostic.rule.group == deed_linter::Group::Proof)
        .map(|diagnostic| (diagnostic.rule.id, diagnostic.subject.to_string()))
        .collect();
    found.sort();
    let expected = [
        ("lost-checkpoint", ""),
        ("replaced-history", ""),
        ("replaced-history", ""),
        ("unguarded-governance-change", "people.ada"),
        ("unguarded-governance-change", "roles.ceo"),
    ];
    let expected: Vec<_> = expected.map(|(rule, subject)| (rule, subject.to_owned())).to_vec();
    let found: Vec<_> = found
        .into_iter()
        .map(|(rule, subject)| (rule, if rule.contains("unguarded") { subject } else { String::new() }))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_key_that_came_with_a_decision_is_told_of_once() {
    let workspace = workspace(RISK);
    let mut history = history(&workspace, |decision, evidence| {
        if decision.starts_with("risks") {
            evidence.problems = vec![Problem::SelfIntroduced { what: "people.ada.keys".to_owned() }];
        }
    });
    history.unguarded = vec![change("people.ada.keys", commit("a", "Ada Moreau", "2026-06-01"))];
    assert_eq!(rules(&workspace, &history).iter().filter(|rule| rule.starts_with("unguarded")).count(), 0);
    history.unguarded.push(change("people.ben.keys", commit("a", "Ada Moreau", "2026-06-01")));
    history.unguarded.push(change("people.ada.keys", commit("c", "Ada Moreau", "2026-06-02")));
    assert_eq!(rules(&workspace, &history).iter().filter(|rule| rule.starts_with("unguarded")).count(), 2);
}

#[test]
fn whoever_changes_the_rules_alone_does_not_silence_the_one_that_says_so() {
    let workspace = workspace("lint: { rules: { unguarded-governance-change: allow } }\n");
    let mut history = history(&workspace, |_, _| ());
    let alone = |what: &str| change(what, commit("b", "Ben Ode", "2026-06-18"));
    history.unguarded = vec![alone("people.ada.keys")];
    assert!(!rules(&workspace, &history).contains(&"unguarded-governance-change"));
    history.unguarded.push(alone("lint.rules"));
    assert!(rules(&workspace, &history).contains(&"unguarded-governance-change"));
}

#[test]
fn two_who_decide_are_two_who_are_proven() {
    let text = format!("{RISK}evidence: {{ require: {{ default: recorded }} }}\n").replace(
        "accepted: { by: ada, date: 2026-06-01, until: 2027-06-01 }",
        "accepted:\n      - { by: ada, date: 2026-06-01, until: 2027-06-01 }\n      - { by: ben, date: 2026-06-01, until: 2027-06-01 }",
    );
    let of_ben = |evidence: &DecisionEvidence| evidence.proof.signer.as_deref() == Some("ben");
    let found = said(&text, |_, evidence| {
        if of_ben(evidence) {
            evidence.level = Level::Recorded;
        }
    });
    let expected = "insufficient-approvers: risk `R-5` was accepted by 2 people, it says, but history proves it of Ada Moreau \
                    only";
    assert_eq!(found, [expected]);
    let found = said(&text, |_, evidence| {
        if of_ben(evidence) {
            evidence.problems = vec![Problem::WrongSigner { signer: "ada".to_owned() }];
        }
    });
    assert!(found.len() == 1 && found[0].starts_with("wrong-signer"), "{found:#?}");
}

#[test]
fn keys_nobody_knows_are_told_once_where_no_signature_is_asked_for() {
    let text = format!("{RISK}policies:\n  backup:\n    owner: ceo\n    approved: {{ by: ada, date: 2026-03-01 }}\n");
    let found = said(&text, |_, evidence| {
        evidence.problems = vec![Problem::UntrustedKey(KeyFlaw::Unknown)];
        evidence.level = Level::Attributed;
    });
    assert!(found.len() == 1 && found[0].ends_with("a key that nobody had registered: SHA256:x"), "{found:#?}");
}

fn rules(workspace: &Workspace, history: &History) -> Vec<&'static str> {
    lint_with(workspace, history).iter().map(|diagnostic| diagnostic.rule.id).collect()
}

#[test]
fn who_could_decide_no_more_when_it_was_adopted_is_said_to() {
    let lost = Problem::NoLongerEntitled { why: "held no role".to_owned() };
    let said = "decider-without-role: risk `R-5` was accepted by Ada Moreau on 2026-06-01, who held no role any more when \
                commit aaaaaaaaaa (Ada Moreau, 2026-06-01) adopted it: nothing shows that it was decided in time";
    check(RISK, &[lost], Level::Signed, &[said]);
}

#[test]
fn who_could_decide_then_is_asked_of_history() {
    let ask = |text: &str, entitled: Option<bool>, problems: &[Problem], rule: &str| {
        let workspace = workspace(text);
        let history = history(&workspace, |_, evidence| {
            (evidence.entitled, evidence.problems) = (entitled, problems.to_vec());
        });
        rules(&workspace, &history).into_iter().filter(|found| *found == rule).count()
    };
    let why = || vec![Problem::NotEntitled { why: "held no role that may approve policy `backup`".to_owned() }];
    // Ben holds no role today, but did then.
    let by_ben = "policies:\n  backup:\n    owner: ceo\n    approved: { by: ben, date: 2026-03-01 }\n";
    assert_eq!(ask(by_ben, None, &[], "approval-without-authority"), 1);
    assert_eq!(ask(by_ben, Some(true), &[], "approval-without-authority"), 0);
    assert_eq!(ask(by_ben, Some(false), &why(), "approval-without-authority"), 1);
    assert_eq!(ask(by_ben, Some(false), &why(), "decider-without-role"), 0);
    // Ada may today, and could not then.
    let by_ada = by_ben.replace("by: ben", "by: ada");
    assert_eq!(ask(&by_ada, Some(false), &why(), "approval-without-authority"), 0);
    assert_eq!(ask(&by_ada, Some(false), &why(), "decider-without-role"), 1);
    let control = "controls:\n  A.5.15:\n    owner: ceo\n    reviewed: { by: BY, date: 2026-03-01 }\n";
    for (by, entitled, expected) in [
        ("ada", Some(true), 0),
        ("ada", None, 0),
        ("ada", Some(false), 1),
        ("ben", Some(true), 0),
        ("ben", None, 1),
        ("ben", Some(false), 1),
    ] {
        let problems = if entitled == Some(false) { why() } else { Vec::new() };
        let found = ask(&control.replace("BY", by), entitled, &problems, "decider-without-role");
        assert_eq!(found, expected, "{by} {entitled:?}");
    }
}

#[test]
fn a_role_is_on_paper_where_history_shows_nothing_its_holder_did() {
    let text = "risks:\n  R-5:\n    owner: ceo\n    reviewed: { by: ada, date: 2026-06-01 }\n";
    let text = format!("{text}policies:\n  backup:\n    owner: ceo\n    approved: {{ by: ben, date: 2024-06-01 }}\n");
    let taken_on = ORGANISATION.replace("held_by: ada,", "held_by: ada, acknowledged: { by: ada, date: 2024-01-15 },");
    let parse = Arc::new(deed_syntax::parse(format!("{taken_on}{text}"), Format::Yaml));
    let workspace = Workspace::new(vec![Manifest { path: "deed.yaml".to_owned(), parse }]);
    let on_paper = |history: &History| rules(&workspace, history).contains(&"paper-role");
    let mut claimed = history(&workspace, |decision, evidence| {
        if !decision.starts_with("policies") {
            evidence.level = Level::Recorded;
        }
    });
    assert!(!on_paper(&history(&workspace, |_, _| ())));
    assert!(on_paper(&claimed), "Ben wrote it all");
    let said = lint_with(&workspace, &claimed).into_iter().find(|d| d.rule.id == "paper-role").unwrap();
    assert_eq!(&*said.message, "role `ceo` exists on paper only: history shows nothing that Ada Moreau decided");
    assert_eq!(&*said.labels[0].message, "says that Ada Moreau decided about risk `R-5`, which nothing shows");
    let act = |day: &str| Act {
        day: parse_date(day).unwrap(),
        decision: DecisionRef { section: Section::Risks, id: "R-9".to_owned(), verb: Verb::Reviewed, by: None },
        commit: "c".repeat(40),
    };
    claimed.acts.insert("ada".to_owned(), act("2024-03-01"));
    assert!(on_paper(&claimed));
    claimed.acts.insert("ada".to_owned(), act("2026-03-01"));
    assert!(!on_paper(&claimed), "what she did is gone from the register, and was done");
    claimed.acts.clear();
    claimed.gaps.push(Gap::Shallow);
    assert!(!on_paper(&claimed), "what is missing may be what she did");
}
