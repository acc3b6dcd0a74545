//! What all rules together say of a register that is well but for one thing.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use deed_linter::{Inputs, lint};
use deed_model::{Manifest, Workspace, parse_date};
use deed_syntax::Format;

const COMPANY: &str = "deed: 1
isms:
  organization: Acme Pay Ltd
  framework: iso27001-2022
  model: centralized
  scope: The card platform and the teams that run it.
  owner: ceo
  manager: isms-manager
  conformity: isms-manager
  reporting: isms-manager
  policy: security
  review: 12mo
  adopted: { by: ada, date: 2026-01-15 }
  approved: { by: ada, date: 2026-01-15 }
risk_criteria:
  likelihood: 5
  impact: 5
  levels: { low: 1, medium: 5, high: 10, critical: 17 }
  tolerance: medium
  max_acceptance: { low: 24mo, medium: 12mo, high: 6mo, critical: 3mo }
  approved: { by: ada, date: 2026-01-15 }
soa: { version: '4', approved: { by: ada, date: 2026-02-20 } }
lint: { rules: { missing-control: allow, missing-deputy: allow, missing-executive-sponsor: allow, unaudited-control: allow } }
people:
  ada: { name: Ada Moreau }
  ben: { name: Ben Ode }
  bo: { name: Bo Lind }
  chen: { name: Chen Li }
  dana: { name: Dana Roy }
  eve: { name: Eve Stone }
  zed: { name: Zed Hall }
roles:
  ceo:
    layer: executive
    held_by: ada
    authority: { accept_risk: critical, approve: [isms, soa, risk_criteria, policies], grant: [exceptions, delegations] }
    acknowledged: { by: ada, date: 2026-01-10 }
  cfo:
    layer: executive
    held_by: bo
    reports_to: ceo
    authority: { accept_risk: high }
    acknowledged: { by: bo, date: 2026-01-10 }
  isms-manager:
    layer: isms
    held_by: ben
    reports_to: ceo
    responsibilities: [coordinate the ISMS]
    acknowledged: { by: ben, date: 2026-01-10 }
  head-of-it:
    layer: owner
    department: it
    held_by: chen
    reports_to: ceo
    authority: { accept_risk: medium }
    acknowledged: { by: chen, date: 2026-01-10 }
  head-of-hr:
    layer: owner
    held_by: dana
    reports_to: ceo
    authority: { accept_risk: medium }
    acknowledged: { by: dana, date: 2026-01-10 }
  auditor:
    layer: audit
    held_by: eve
    reports_to: ceo
    acknowledged: { by: eve, date: 2026-01-10 }
departments:
  it: { title: IT, head: head-of-it }
policies:
  security:
    title: Information security policy
    document: policies/security.md
    owner: ceo
    version: '1'
    classification: internal
    approved: { by: ada, date: 2026-03-01 }
    communicated: { date: 2026-03-02, to: all staff }
controls:
  A.8.8:
    applicable: true
    because: [risks.R-1]
    status: implemented
    owner: head-of-it
    evidence: [{ path: evidence/scan.pdf, date: 2026-05-01 }]
    accepted: { by: chen, date: 2026-02-11 }
risks:
  R-1:
    title: Unpatched payment terminals
    owner: head-of-it
    requested_by: zed
    inherent: { likelihood: 4, impact: 4 }
    treatment: mitigate
    controls: [A.8.8]
    residual: { likelihood: 2, impact: 3 }
    approved: { by: chen, date: 2026-02-20 }
    accepted: { by: chen, date: 2026-03-01, until: 2026-08-31, note: The terminals are retired in autumn. }
reviews:
  MR-1: { kind: management-review, chair: ceo, document: reviews/h1.md, held: { by: ada, date: 2026-05-30 } }
";

/// The company with pieces of text put in place of others, and with sections added.
fn company(changes: &[(&str, &str)], added: &str) -> String {
    let mut text = COMPANY.to_owned();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    text + added
}

fn said(text: &str) -> Vec<String> {
    let parse = Arc::new(deed_syntax::parse(text, Format::Yaml));
    assert!(parse.errors().is_empty(), "{:?}", parse.errors());
    let workspace = Workspace::new(vec![Manifest { path: "deed.yaml".to_owned(), parse }]);
    let exists = |_: &str| true;
    let inputs = Inputs {
        workspace: &workspace,
        today: parse_date("2026-06-30").unwrap(),
        exists: Some(&exists),
        history: None,
    };
    let diagnostics = lint(&inputs).diagnostics;
    diagnostics.iter().map(|one| format!("{} {}: {}", one.severity.name(), one.rule.id, one.message)).collect()
}

#[track_caller]
fn check(changes: &[(&str, &str)], added: &str, expected: &[&str]) {
    assert_eq!(said(&company(changes, added)), expected);
}

#[test]
fn the_company_is_well() {
    check(&[], "", &[]);
}

#[test]
fn a_role_that_changed_hands_since_takes_nothing_from_what_its_former_holder_decided() {
    let handed_over = [
        ("held_by: chen", "held_by: dana"),
        ("acknowledged: { by: chen, date: 2026-01-10 }", "acknowledged: { by: dana, date: 2026-05-02 }"),
    ];
    // Nobody can tell what Chen was then: no role is his today.
    check(&handed_over, "", &[]);
    // He is something else now, and had taken it on, or said in which role he decided.
    let moved = [(
        "  auditor:\n",
        "  cto: { layer: operator, held_by: chen, acknowledged: { by: chen, date: 2026-05-02 } }\n  auditor:\n",
    )];
    let both = "acknowledged: [{ by: chen, date: 2026-01-10 }, { by: dana, date: 2026-05-02 }]";
    check(&[&[handed_over[0], (handed_over[1].0, both)], moved.as_slice()].concat(), "", &[]);
    let as_head = [
        ("approved: { by: chen, date: 2026-02-20 }", "approved: { by: chen, as: head-of-it, date: 2026-02-20 }"),
        ("accepted: { by: chen, date: 2026-03-01,", "accepted: { by: chen, as: head-of-it, date: 2026-03-01,"),
    ];
    check(&[handed_over.as_slice(), &as_head, &moved].concat(), "", &[]);
    // A vacant role is one mistake.
    check(&[("    held_by: chen\n", "")], "", &["error vacant-role: nobody holds role `head-of-it`"]);
    // Whoever was something else then, and holds that still, was not it.
    let by_ben = ("approved: { by: chen, date: 2026-02-20 }", "approved: { by: ben, date: 2026-02-20 }");
    check(
        &[handed_over.as_slice(), &[by_ben]].concat(),
        "",
        &[
            "error unapproved-treatment-plan: Ben Ode approved the treatment plan of risk `R-1` on 2026-02-20, but is not its owner",
        ],
    );
    // Unless they say in which role, or had taken it on.
    let expressly =
        ("approved: { by: chen, date: 2026-02-20 }", "approved: { by: ben, as: head-of-it, date: 2026-02-20 }");
    check(&[handed_over.as_slice(), &[expressly]].concat(), "", &[]);
}

#[test]
fn what_a_team_decided_is_told_once() {
    for (from, to, what) in [
        (
            "accepted: { by: chen, date: 2026-03-01",
            "accepted: { by: board, date: 2026-03-01",
            "risk `R-1` was accepted",
        ),
        (
            "approved: { by: chen, date: 2026-02-20 }",
            "approved: { by: board, date: 2026-02-20 }",
            "risk `R-1` was approved",
        ),
        (
            "approved: { by: ada, date: 2026-03-01 }",
            "approved: { by: board, date: 2026-03-01 }",
            "policy `security` was approved",
        ),
        ("adopted: { by: ada", "adopted: { by: board", "the ISMS was adopted"),
    ] {
        let team = ("  zed:", "  board: { name: The board, kind: team }\n  zed:");
        check(&[(from, to), team], "", &[&format!("error impersonal-accountability: {what} by `board`, a team")]);
    }
}

#[test]
fn a_model_that_no_executive_adopted_is_told_once() {
    let by = |decision: &'static str| [("adopted: { by: ada, date: 2026-01-15 }", decision)];
    check(
        &by("adopted: { by: dana, date: 2026-01-15 }"),
        "",
        &["error undeclared-model: Dana Roy adopted the centralized model on 2026-01-15 but is no executive"],
    );
    check(
        &by("adopted: { by: ada, as: cfo, date: 2026-01-15 }"),
        "",
        &[
            "error undeclared-model: Ada Moreau adopted the centralized model on 2026-01-15, as `cfo`, a role held by somebody else",
        ],
    );
}

#[test]
fn a_custodian_accepts_no_risk_in_whatever_way_they_came_to_the_authority() {
    let accepted = |by: &str| format!("accepted: {{ by: {by}, date: 2026-03-01");
    let by_ben = accepted("ben");
    let by_ben = [("accepted: { by: chen, date: 2026-03-01", by_ben.as_str())];
    let expected =
        ["error custodian-owns-risk: risk `R-1` was accepted on 2026-03-01 by Ben Ode, a custodian of the ISMS"];
    check(&by_ben, "", &expected);
    // By delegation from an executive.
    let delegated = "delegations:
  D-1:
    from: ceo
    to: isms-manager
    authority: { accept_risk: critical }
    granted: { by: ada, date: 2026-02-01, until: 2026-12-31 }
";
    check(&by_ben, delegated, &expected);
    // By the custodian's own role, beside another role that may accept less.
    let authority = (
        "responsibilities: [coordinate the ISMS]",
        "authority: { accept_risk: medium }, responsibilities: [coordinate]",
    );
    let authority = (authority.0, authority.1.replace(", resp", "\n    resp"));
    let authority = (authority.0, authority.1.as_str());
    let other = |limit: &str| {
        format!(
            "  head-of-hr:\n    held_by: ben\n    layer: owner\n    reports_to: ceo\n    authority: {{ accept_risk: {limit} }}\n    acknowledged: {{ by: ben, date: 2026-01-10 }}\n  x-other:\n"
        )
    };
    let (low, medium) = (other("low"), other("medium"));
    check(&[by_ben[0], authority, ("  head-of-hr:\n", &low)], "", &expected);
    // The other role may accept as much.
    check(&[by_ben[0], authority, ("  head-of-hr:\n", &medium)], "", &[]);
    // Whoever took the role on again later was a custodian then.
    let later = ("acknowledged: { by: ben, date: 2026-01-10 }", "acknowledged: { by: ben, date: 2026-05-02 }");
    check(&[by_ben[0], later], "", &expected);
    // Unless they had another role before.
    let before = (
        "  cfo:\n",
        "  cto:\n    layer: owner\n    held_by: zed\n    reports_to: ceo\n    authority: { accept_risk: low }\n    acknowledged: [{ by: ben, date: 2025-01-10 }, { by: zed, date: 2026-05-02 }]\n  cfo:\n",
    );
    check(
        &[by_ben[0], later, before, ("requested_by: zed", "requested_by: dana")],
        "",
        &[
            "error acceptance-beyond-authority: Ben Ode accepted risk `R-1` on 2026-03-01 at level `medium`, but may accept no risk at all",
        ],
    );
}

#[test]
fn an_executive_and_who_stands_in_for_the_same_executive_are_one() {
    let level = ("residual: { likelihood: 2, impact: 3 }", "residual: { likelihood: 3, impact: 4 }");
    let plan = (
        "approved: { by: chen, date: 2026-02-20 }",
        "approved: [{ by: chen, date: 2026-02-20 }, { by: ada, date: 2026-02-20 }]",
    );
    let both = (
        "accepted: { by: chen, date: 2026-03-01, until: 2026-08-31, note: The terminals are retired in autumn. }",
        "accepted: [{ by: ada, date: 2026-03-01, until: 2026-08-31, note: Retired soon. }, { by: dana, date: 2026-03-01, until: 2026-08-31 }]",
    );
    let model = ("model: centralized", "model: executive-led");
    let changes = [level, plan, both, model];
    let from = |role: &str, person: &str| {
        format!(
            "delegations:\n  D-1: {{ from: {role}, to: dana, authority: {{ accept_risk: high }}, granted: {{ by: {person}, date: 2026-02-01, until: 2026-12-31 }} }}\n"
        )
    };
    check(&changes, &from("cfo", "bo"), &[]);
    // Nor is one person two, in whatever names.
    let alone = (both.0, "accepted: { by: ada, date: 2026-03-01, until: 2026-08-31, note: Retired soon. }");
    let only = "error acceptance-above-tolerance: risk `R-1` is of level `high`, above the tolerance, and Ada Moreau is the only executive who accepted it";
    check(&[level, plan, alone, model], &from("cfo", "bo").replace("to: dana", "to: ada"), &[only]);
    check(
        &changes,
        &from("ceo", "ada"),
        &[
            "error acceptance-above-tolerance: risk `R-1` is of level `high`, above the tolerance, and Ada Moreau is the only executive who accepted it",
        ],
    );
}

fn delegated(fields: &str) -> String {
    format!("delegations:\n{fields}")
}

#[test]
fn whoever_passes_authority_on_has_it_by_a_role_or_by_delegation() {
    let first = "  D-1: { from: ceo, to: dana, authority: { accept_risk: high }, granted: { by: ada, date: 2026-02-01, until: 2026-12-31 } }\n";
    let on = |from: &str| {
        format!(
            "  D-2: {{ from: {from}, to: cfo, authority: {{ accept_risk: high }}, granted: {{ by: {from}, date: 2026-02-01, until: 2026-12-31 }} }}\n"
        )
    };
    check(&[], &delegated(&format!("{first}{}", on("dana"))), &[]);
    check(
        &[],
        &delegated(&on("dana")),
        &[
            "error decider-without-role: delegation `D-2` passes on the acceptance of risks up to `high`, but `dana` itself may accept risks up to `medium` only",
        ],
    );
    check(
        &[],
        &delegated(&on("zed")),
        &[
            "error decider-without-role: delegation `D-2` passes on the acceptance of risks up to `high`, but `zed` may accept no risk itself",
        ],
    );
}

#[test]
fn a_delegation_that_its_receiver_renewed_is_reported() {
    let granted = |second: &str| {
        delegated(&format!(
            "  D-1: {{ from: ceo, to: head-of-hr, authority: {{ accept_risk: high }}, granted: [{{ by: ada, date: 2026-02-01, until: 2026-04-30 }}, {{ {second}, until: 2026-12-31 }}] }}\n"
        ))
    };
    check(&[], &granted("by: ada, date: 2026-05-01"), &[]);
    check(
        &[],
        &granted("by: dana, date: 2026-05-01"),
        &[
            "error decider-without-role: delegation `D-1` was granted on 2026-05-01 by Dana Roy, who neither held `ceo` nor could grant delegations",
        ],
    );
}

#[test]
fn an_auditor_runs_nothing_of_what_is_audited() {
    check(
        &[("conformity: isms-manager", "conformity: auditor")],
        "",
        &["error conflicting-roles: Eve Stone audits as `auditor` and is to ensure that the ISMS conforms"],
    );
    check(&[("reporting: isms-manager", "reporting: auditor")], "", &[]);
}

#[test]
fn top_management_answers_for_the_isms() {
    let owner = |owner: &'static str| [("  owner: ceo\n  manager", owner)];
    check(
        &owner("  manager"),
        "",
        &["error missing-top-management: nobody in top management is accountable for the ISMS: it has no `owner`"],
    );
    for (name, who) in [("isms-manager", "`isms-manager` (Ben Ode)"), ("ben", "Ben Ode")] {
        let changed = format!("  owner: {name}\n  manager");
        let expected =
            format!("error missing-top-management: {who} is accountable for the ISMS, but not in top management");
        check(&[("  owner: ceo\n  manager", &changed)], "", &[&expected]);
    }
    for fine in ["  owner: ada\n  manager", "  owner: cfo\n  manager", "  owner: zed\n  manager"] {
        check(&owner(fine), "", &[]);
    }
}

#[test]
fn what_is_treated_and_not_rated_is_told_once() {
    check(
        &[("    residual: { likelihood: 2, impact: 3 }\n", "")],
        "",
        &["error unrated-risk: what remains of risk `R-1` after treatment is accepted, but not rated"],
    );
}

#[test]
fn a_control_that_is_excluded_explains_what_it_does_not_treat() {
    check(
        &[("applicable: true", "applicable: false"), ("because: [risks.R-1]", "because: [We own no computers]")],
        "",
        &[
            "error excluded-control-in-use: control `A.8.8` is excluded, but risk `R-1` is treated by it, and one thing more \
           relies on it",
        ],
    );
}

#[test]
fn the_owners_approval_of_a_plan_may_have_ended_or_be_in_another_role() {
    let approved = |decision: &'static str| [("approved: { by: chen, date: 2026-02-20 }", decision)];
    check(
        &approved("approved: { by: chen, date: 2026-02-20, until: 2026-04-01 }"),
        "",
        &["error unapproved-treatment-plan: the approval of the treatment plan of risk `R-1` ended on 2026-04-01"],
    );
    check(
        &approved("approved: { by: chen, date: 2026-02-20, as: cfo }"),
        "",
        &[
            "error unapproved-treatment-plan: Chen Li approved the treatment plan of risk `R-1` on 2026-02-20 as `cfo`, and \
           not as its owner",
        ],
    );
}

#[test]
fn empty_words_say_nothing() {
    check(
        &[("scope: The card platform and the teams that run it.", "scope: ' '")],
        "",
        &["error unapproved-isms: the ISMS was approved without a `scope`"],
    );
    check(
        &[("note: The terminals are retired in autumn.", "note: ''")],
        "",
        &["error acceptance-without-rationale: risk `R-1` is accepted at level `medium`, and nothing says why"],
    );
    check(
        &[("responsibilities: [coordinate the ISMS]", "responsibilities: ['']")],
        "",
        &["error role-without-authority: role `isms-manager` is a title only: it lists no responsibilities"],
    );
    check(
        &[("document: policies/security.md", "document: ''")],
        "",
        &["error incomplete-policy-metadata: policy `security` has no `document`"],
    );
}
