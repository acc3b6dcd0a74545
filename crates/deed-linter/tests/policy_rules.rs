//! Edge cases of the rules about policies, exceptions and reviews, and what those rules say.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use deed_linter::{Applicability, Inputs, apply_fixes, lint_only, rule};
use deed_model::{Manifest, Workspace, parse_date};
use deed_syntax::Format;

const RULES: [&str; 14] = [
    "approval-without-authority",
    "dependent-auditor",
    "exception-without-expiry",
    "expired-exception",
    "incomplete-policy-metadata",
    "missed-management-review",
    "overdue-ownership-review",
    "overdue-policy-review",
    "self-approved-policy",
    "self-granted-exception",
    "unapproved-security-policy",
    "unapproved-soa",
    "unaudited-control",
    "uncommunicated-policy",
];

fn workspace(path: &str, text: &str) -> Workspace {
    let parse = Arc::new(deed_syntax::parse(text, Format::of_path(path)));
    assert!(parse.errors().is_empty(), "{:?}", parse.errors());
    Workspace::new(vec![Manifest { path: path.to_owned(), parse }])
}

/// Everything some rules say of a manifest on 30 June 2026: places as the text they hold.
fn said(rules: &[&str], text: &str) -> String {
    let workspace = workspace("deed.yaml", text);
    let exists = |path: &str| !path.contains("missing");
    let inputs = Inputs {
        workspace: &workspace,
        today: parse_date("2026-06-30").unwrap(),
        exists: Some(&exists),
        history: None,
    };
    let mut all = String::new();
    for diagnostic in rules.iter().flat_map(|id| lint_only(&inputs, rule(id).unwrap())) {
        all += &format!("{} | {}\n", workspace.text(diagnostic.span), diagnostic.message);
        for label in &diagnostic.labels {
            all += &format!("  {} | {}\n", workspace.text(label.span), label.message);
        }
        diagnostic.help.iter().for_each(|help| all += &format!("  = {help}\n"));
        diagnostic.fixes.iter().for_each(|fix| all += &format!("  > {}\n", fix.title));
    }
    all
}

#[track_caller]
fn check(rules: &[&str], text: &str, expected: &str) {
    let said = said(rules, text);
    assert_eq!(said.trim(), expected.trim(), "\n{said}");
}

const COMPANY: &str = r"
people:
  ada: { name: Ada Moreau }
  ben: { name: Ben Okafor }
  bo: { name: Bo Lind, left: 2025-12-31 }
  chen: { name: Chen Li, joined: 2026-01-01 }
  board: { name: The board, kind: team }
roles:
  ceo: { layer: executive, held_by: ada, authority: { approve: [isms, soa, policies], grant: [exceptions] } }
  cto: { layer: executive, held_by: chen, authority: { approve: [soa] } }
  isms-manager: { layer: isms, held_by: ben }
";

#[track_caller]
fn check_company(rules: &[&str], text: &str, expected: &str) {
    check(rules, &format!("{COMPANY}{text}"), expected);
}

#[test]
fn a_newcomers_first_manifest_is_not_flooded() {
    check(&RULES, "deed: 1\n", "");
    check(
        &RULES,
        "deed: 1\nisms: { organization: Acme Pay Ltd }\n",
        "
isms | no management review has ever been held
  = ask top management to hold one, and record it under `reviews` with its minutes and `held`
isms | no policy is named as the information security policy
  = say which policy top management has established: `policy: information-security`
",
    );
}

#[test]
fn what_the_schema_reports_is_reported_by_nobody_else() {
    let malformed = "
isms: { policy: [security], adopted: 2026-01-01, review: often }
soa: { approved: ben }
policies:
  security: { title: [a], document: 3, owner: {}, version: 3, classification: {}, approved: ada, communicated: all staff }
  access: { title: a, document: b, owner: ada, version: c, classification: d, approved: { by: ben } }
controls: { A.5.15: { owner: ada, accepted: yesterday } }
exceptions: { X-1: { granted: ada }, X-2: { granted: { by: ada, date: 2026-01-01, until: whenever } } }
reviews: { MR-1: { kind: management-review, held: { by: ada, date: 2026-01-01 } } }
";
    check_company(&RULES[..12], malformed, "");
}

#[test]
fn an_unknown_decider_may_be_the_one_who_counts() {
    check_company(
        &["approval-without-authority", "unapproved-security-policy", "self-granted-exception"],
        "
isms: { policy: security }
policies:
  security: { approved: [ { by: adda, date: 2026-01-02 }, { by: ben, date: 2026-03-01 } ] }
  access: { approved: { by: ada, date: 2026-01-02, as: seo } }
exceptions: { X-1: { requested_by: chen, granted: { by: adda, date: 2026-01-02, until: 2026-12-01 } } }
",
        "",
    );
}

#[test]
fn a_renewal_by_somebody_without_authority_is_reported_and_an_endorsement_is_not() {
    check_company(
        &["approval-without-authority"],
        "
soa: { approved: [ { by: ben, date: 2026-02-01 }, { by: ada, date: 2026-02-01 } ] }
policies:
  access: { approved: [ { by: ada, date: 2025-03-01 }, { by: ben, date: 2026-03-01 } ] }
",
        "
ben | Ben Okafor approved policy `access` on 2026-03-01 without the authority to do so
  isms-manager | `isms-manager` has no `authority`
  = ask `ceo` (Ada Moreau) to approve it
",
    );
}

#[test]
fn who_has_left_since_may_have_had_the_authority() {
    check_company(
        &["approval-without-authority", "unapproved-security-policy"],
        "
isms: { policy: security }
soa: { approved: { by: bo, date: 2025-06-01 } }
policies:
  security: { approved: { by: bo, date: 2025-06-01, as: ceo } }
  access: { approved: { by: bo, date: 2025-06-01, as: isms-manager } }
",
        "
bo | Bo Lind approved policy `access` on 2025-06-01, as `isms-manager`, a role held by somebody else
  ben | `isms-manager` is held by `ben`
  = ask `ceo` (Ada Moreau) to approve it
",
    );
}

#[test]
fn a_role_whose_holder_joined_later_was_somebody_elses_before() {
    check_company(
        &["approval-without-authority"],
        "
soa: { approved: { by: ben, date: 2025-06-01, as: cto } }
isms: { approved: { by: ben, date: 2025-06-01, as: cto } }
",
        "
ben | Ben Okafor approved the ISMS on 2025-06-01, as `cto`, a role held by somebody else
  chen | `cto` is held by `chen`
  = ask `ceo` (Ada Moreau) to approve it
",
    );
}

#[test]
fn newcomers_decide_nothing_and_of_teams_another_rule_speaks() {
    check_company(
        &["approval-without-authority"],
        "
soa: { approved: { by: chen, date: 2025-12-01 } }
policies: { access: { approved: { by: board, date: 2026-03-01 } } }
",
        "
chen | Chen Li approved the Statement of Applicability on 2025-12-01, before joining on 2026-01-01
  2026-01-01 | joined on this day
  = ask `ceo` (Ada Moreau) or `cto` (Chen Li) to approve it
",
    );
}

#[test]
fn a_delegation_lends_what_it_names_and_no_more() {
    let delegated = |authority: &str| {
        format!(
            "
isms: {{ policy: security }}
delegations:
  D-1: {{ from: ceo, to: ben, authority: {{ {authority} }}, granted: {{ by: ada, date: 2026-01-01, until: 2026-12-31 }} }}
policies:
  security: {{ approved: {{ by: ben, date: 2026-03-01 }} }}
  access: {{ approved: {{ by: ben, date: 2026-03-01 }} }}
"
        )
    };
    let rules = ["approval-without-authority", "unapproved-security-policy"];
    check_company(&rules, &delegated("approve: [policies]"), "");
    check_company(
        &rules,
        &delegated("grant: [exceptions]"),
        "
ben | Ben Okafor approved policy `access` on 2026-03-01 without the authority to do so
  isms-manager | `isms-manager` has no `authority`
  { grant: [exceptions] } | delegation `D-1` from `ceo` does not pass this on
  = ask `ceo` (Ada Moreau) to approve it
ben | Ben Okafor approved the information security policy `security` on 2026-03-01 but is no executive
  isms | `isms-manager` is in layer `isms`; it takes an executive
  { grant: [exceptions] } | delegation `D-1` from `ceo` does not pass this on
  = ask `ceo` (Ada Moreau) or `cto` (Chen Li) to approve it: clause 5.2 wants it established by top management
",
    );
}

#[test]
fn an_owner_nobody_stands_behind_is_asked_for_no_review() {
    check_company(
        &["overdue-ownership-review"],
        "
controls:
  A.5.1: { owner: bo }
  A.5.2: { owner: board }
  A.5.3: { owner: nobody }
  A.5.4: { owner: [ada, ben] }
  A.5.5: {}
  A.5.6: { owner: ada, accepted: { by: ben, date: 2026-03-01 } }
risks: { R-1: { owner: ada } }
",
        "",
    );
}

#[test]
fn a_confirmation_to_come_is_none_yet() {
    check_company(
        &["overdue-ownership-review", "self-granted-exception", "uncommunicated-policy"],
        "
controls: { A.5.1: { owner: cto, accepted: { by: chen, date: 2026-07-01 } } }
exceptions: { X-1: { control: A.5.1, requested_by: ada, granted: { by: ada, date: 2026-07-01, until: 2026-12-01 } } }
policies: { access: { approved: { by: ada, date: 2026-07-01 } } }
",
        "
A.5.1 | control `A.5.1` was never confirmed by its owner, `cto` (Chen Li)
  2026-07-01 | not in force before 2026-07-01
  = ask `cto` (Chen Li) to take it on, and record that as `accepted`
X-1 | nobody granted exception `X-1` from `A.5.1`
  2026-07-01 | not in force before 2026-07-01
  = nobody else may grant it: name `exceptions` in the `authority.grant` of an executive role
",
    );
}

#[test]
fn an_auditor_is_judged_on_the_day_of_the_audit() {
    check_company(
        &["dependent-auditor"],
        "
controls: { A.5.1: { owner: cto }, A.5.2: { owner: bo } }
reviews:
  IA-1: { kind: internal-audit, lead: bo, covers: [A.5.1, A.5.2, A.5.2], held: { by: bo, date: 2025-06-01 } }
  IA-2: { kind: internal-audit, lead: cto, covers: [A.5.1], held: { by: bo, date: 2025-06-01 } }
",
        "
bo | Bo Lind audited `A.5.2` without being independent of it
  bo | Bo Lind owns `A.5.2`
  = have somebody else audit it again: nobody sees the gaps in their own work
",
    );
}

#[test]
fn boilerplate_is_written_in_the_style_of_the_manifest() {
    let fixed = |path: &str, text: &str| {
        let workspace = workspace(path, text);
        let inputs = Inputs {
            workspace: &workspace,
            today: parse_date("2026-06-30").unwrap(),
            exists: Some(&|_| true),
            history: None,
        };
        let diagnostics = lint_only(&inputs, rule("incomplete-policy-metadata").unwrap());
        let texts = apply_fixes(&workspace, &diagnostics, Applicability::Unsafe).texts;
        texts.into_values().next().unwrap()
    };
    assert_eq!(
        fixed("a.deed.json", r#"{"policies": {"access": {"owner": "ceo", "classification": "public"}}}"#),
        r#"{"policies": {"access": {"title": "Access", "document": "policies/access.md", "version": "1", "owner": "ceo", "classification": "public"}}}"#
    );
    assert_eq!(
        fixed("a.deed.yaml", "policies:\n  o: { classification: public }\n  access-control: # draft\n"),
        "policies:\n  o: { title: O, document: policies/o.md, version: \"1\", classification: public }\n  \
         access-control: # draft\n    title: Access control\n    document: policies/access-control.md\n    \
         version: \"1\"\n    classification: public\n"
    );
}
