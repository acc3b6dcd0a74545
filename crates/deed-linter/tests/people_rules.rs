//! Edge cases of the rules about people, and what those rules say.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use deed_linter::{Diagnostic, Inputs, lint_only, rule};
use deed_model::{Manifest, Workspace, parse_date};
use deed_syntax::Format;
use deed_test::fixture::examples;

const TODAY: &str = "2026-06-30";

fn workspace(text: &str) -> Workspace {
    let parse = Arc::new(deed_syntax::parse(text, Format::Yaml));
    assert!(parse.errors().is_empty(), "{:?}", parse.errors());
    Workspace::new(vec![Manifest { path: "deed.yaml".to_owned(), parse }])
}

fn reported(id: &str, text: &str) -> (Workspace, Vec<Diagnostic>) {
    let workspace = workspace(text);
    let exists = |path: &str| !path.contains("missing");
    let today = parse_date(TODAY).unwrap();
    let inputs = Inputs { workspace: &workspace, today, exists: Some(&exists), history: None };
    let diagnostics = lint_only(&inputs, rule(id).unwrap());
    (workspace, diagnostics)
}

/// Lines marked `# error`, `# warning` or `# info` give one diagnostic of the rule each, and no other line gives one.
#[track_caller]
fn check(id: &str, text: &str) {
    let (workspace, diagnostics) = reported(id, text);
    let line = |diagnostic: &Diagnostic| {
        let parse = &workspace.manifest(diagnostic.span.file).parse;
        parse.text()[..diagnostic.span.range.start().into()].matches('\n').count() + 1
    };
    let found: Vec<_> = diagnostics.iter().map(|d| (line(d), d.severity.name().to_owned())).collect();
    let example = examples(&format!("# one\n```yaml\n{text}\n```\n")).remove(0);
    let expected: Vec<_> = example.expected.into_iter().map(|e| (e.line, e.severity)).collect();
    let log: Vec<_> = diagnostics.iter().map(|d| format!("{}: {}", line(d), d.message)).collect();
    assert_eq!(found, expected, "\n{}", log.join("\n"));
}

/// Everything a rule says of a manifest: places as the text they hold.
fn said(id: &str, text: &str) -> String {
    let (workspace, diagnostics) = reported(id, text);
    let mut all = String::new();
    for diagnostic in &diagnostics {
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
fn check_said(id: &str, text: &str, expected: &str) {
    let said = said(id, text);
    assert_eq!(said.trim(), expected.trim(), "\n{said}");
}

#[test]
fn unknown_reference_says_what_the_name_is_instead() {
    check_said(
        "unknown-reference",
        r#"
people: { ada: { name: Ada Moreau }, ops: { kind: team } }
departments: { it: { head: cio }, hr: {} }
roles: { cio: { held_by: ada, department: it, deputy: cio, reports_to: ada } }
controls:
  A.5.1: { owner: it, responsible: [hr], department: cio }
policies:
  access: { owner: cio, reviewed: { by: cio, date: 2026-01-01, as: ada } }
"#,
        r#"
cio | `deputy` of role `cio` names `cio`, which is a role, not a person
  cio | role `cio` is defined here
  = name a person: role `cio` is held by `ada` (Ada Moreau)
  > write `ada`
ada | `reports_to` of role `cio` names `ada`, which is a person, not a role
  ada | person `ada` is defined here
  = name a role: Ada Moreau holds role `cio`
  > write `cio`
it | `owner` of control `A.5.1` names `it`, which is a department, not a role or a person
  it | department `it` is defined here
  = name a role or a person: the head of department `it` is `cio`
  > write `cio`
hr | `responsible` of control `A.5.1` names `hr`, which is a department, not a role or a person
  hr | department `hr` is defined here
  = name a role or a person
cio | `department` of control `A.5.1` names `cio`, which is a role, not a department
  cio | role `cio` is defined here
  = name a department: role `cio` belongs to department `it`
  > write `it`
cio | `reviewed.by` of policy `access` names `cio`, which is a role, not a person
  cio | role `cio` is defined here
  = name a person: role `cio` is held by `ada` (Ada Moreau)
ada | `reviewed.as` of policy `access` names `ada`, which is a person, not a role
  ada | person `ada` is defined here
  = name a role: Ada Moreau holds role `cio`
"#,
    );
}

#[test]
fn unknown_reference_says_what_is_near_or_what_there_is() {
    check_said(
        "unknown-reference",
        r#"
risk_criteria: { levels: { low: 1, high: 10 }, tolerance: medium, max_acceptance: { hihg: 6mo } }
lint: { ignore: [{ rule: x, subject: risk.R-1 }, { rule: x, subject: controls.A.7.4 }, { rule: x, subject: risks.R-2 }] }
roles: { ceo: { authority: { accept_risk: "hgih", approve: [policies.acess] }, competence: [{ requirement: x, evidence: missing.pdf }] } }
controls: { A.5.1: { owner: nobody, evidence: [{ path: "https://wiki/missing" }] } }
policies: { access: { owner: 'Ceo' } }
risks: { R-1: { controls: [A.5.1, A.8.8, A.9.2.3, firewall] } }
"#,
        r#"
medium | `tolerance` of the risk criteria names `medium`, which is no level of the risk criteria
  = name one of the levels: `low`, `high`
hihg | `max_acceptance` of the risk criteria names `hihg`, which is no level of the risk criteria
  = did you mean `high`?
  > write `high`
risk.R-1 | `ignore.subject` of the lint settings names `risk.R-1`, which is no subject
  = did you mean `risks.R-1`?
  > write `risks.R-1`
risks.R-2 | `ignore.subject` of the lint settings names `risks.R-2`, which is no risk
  = remove the entry, or name a subject by its address, as in `risks.R-12`
"hgih" | `authority.accept_risk` of role `ceo` names `hgih`, which is no level of the risk criteria
  = did you mean `high`?
  > write `high`
policies.acess | `authority.approve` of role `ceo` names `policies.acess`, which is no policy
  = did you mean `policies.access`?
  > write `policies.access`
missing.pdf | `competence.evidence` of role `ceo` names `missing.pdf`, which does not exist
  = add the file, or correct the path: it counts from the directory of the root manifest
nobody | `owner` of control `A.5.1` names `nobody`, which is no role or person
  = define `nobody` under `roles` or `people`, or name one that is there
'Ceo' | `owner` of policy `access` names `Ceo`, which is no role or person
  = did you mean `ceo`?
  > write `ceo`
A.8.8 | `controls` of risk `R-1` names `A.8.8`, which is no control
  = add `A.8.8` (Management of technical vulnerabilities) to `controls`, or name another control
"#,
    );
}

#[test]
fn unknown_reference_leaves_form_and_what_is_out_of_use_to_others() {
    check(
        "unknown-reference",
        r#"
isms: { owner: ceo } # error
roles: { cfo: { authority: { accept_risk: high } } }
controls:
  A.5.1: { applicable: false, owner: gone }
  A.5.2: { owner: Ada Moreau }
  A.5.3: { owner: 12 }
  A.5.4: { owner: "12" } # error
risks: { R-1: { owner: gone, closed: 2026-06-30 } }
exceptions: { X-1: { owner: gone, control: A.8.8, closed: 2026-07-01 } } # error
"#
        .replace("control: A.8.8, ", "")
        .as_str(),
    );
}

#[test]
fn unknown_reference_reports_an_anchor_once() {
    check(
        "unknown-reference",
        "
x-all: &all { owner: nobody } # error
controls:
  A.5.1: { <<: *all }
  A.5.2: { <<: *all }
",
    );
}

#[test]
fn unknown_reference_writes_in_the_quotes_that_stand_there() {
    let (workspace, diagnostics) =
        reported("unknown-reference", "roles: { ceo: {} }\nisms: { owner: \"coe\", manager: 'coe' }");
    let fixes = deed_linter::apply_fixes(&workspace, &diagnostics, deed_linter::Applicability::Unsafe);
    let text = fixes.texts.into_values().next().unwrap();
    assert_eq!(text, "roles: { ceo: {} }\nisms: { owner: \"ceo\", manager: 'ceo' }");
}

#[test]
fn an_ignored_subject_that_does_not_exist_is_reported_once() {
    let text = "lint: { ignore: [{ rule: unowned-control, subject: risk.R-1, reason: x }] }\nrisks: { R-1: {} }";
    assert_eq!(reported("unknown-reference", text).1.len(), 1);
    assert_eq!(reported("unused-suppression", text).1.len(), 0);
    assert_eq!(reported("unused-suppression", &text.replace("risk.R-1", "risks.R-1")).1.len(), 1);
}

#[test]
fn vacant_role_counts_only_what_is_in_use() {
    check(
        "vacant-role",
        "
people: { chen: {} }
roles:
  by-risk: {}
  by-delegation: {}
  by-review: {}
  by-decision: {}
  by-line: {} # error
  by-head: {} # error
  open-delegation: {} # error
  acting: { held_by: chen, acting_until: 2026-06-29 }
  other: { held_by: chen, reports_to: by-line }
  unknown: { layer: executive, held_by: nobody }
departments: { it: { head: by-head } }
risks: { R-1: { owner: by-risk, closed: 2026-01-01 } }
delegations:
  D-1: { from: by-delegation, to: by-delegation, granted: { by: chen, date: 2026-01-01, until: 2026-06-29 } }
  D-2: { from: open-delegation, to: other, granted: { by: chen, date: 2026-01-01, until: 2026-06-30 } }
reviews: { MR-1: { chair: by-review, held: { by: chen, date: 2026-01-01, as: by-decision } } }
",
    );
}

#[test]
fn inactive_role_holder_is_told_of_an_acting_one_too_and_once() {
    let text = "
people: { ada: { left: 2026-01-01 } }
roles:
  ceo: { layer: executive, held_by: ada, acting_until: 2026-02-01 } # error
";
    check("inactive-role-holder", text);
    check("vacant-role", &text.replace(" # error", ""));
}

#[test]
fn missing_deputy_wants_somebody_who_can_stand_in_for_a_key_role() {
    check(
        "missing-deputy",
        "
people:
  ada: {}
  bo: { joined: 2026-07-01 }
  ops: { kind: team }
roles:
  coo: { layer: executive, held_by: ada, deputy: bo, authority: { grant: [exceptions] } } # warning
  cfo: { layer: executive, held_by: ada, deputy: ops, authority: { accept_risk: low } } # warning
  cto: { layer: executive, held_by: ada, deputy: nobody, authority: { accept_risk: low } }
  cmo: { layer: executive, authority: { accept_risk: low } }
  cio: { layer: executive, held_by: ada, authority: {} }
  ops: { layer: operator, held_by: ada, authority: { accept_risk: low } }
  isms-manager: { layer: isms, held_by: ada }
",
    );
    check_said(
        "missing-deputy",
        "
people: { ada: { name: Ada Moreau } }
roles: { coo: { layer: executive, held_by: ada } }
controls: { A.5.1: { owner: coo }, A.5.2: { owner: coo }, A.5.3: { owner: coo }, A.5.4: { owner: coo } }
",
        "
coo | role `coo`, which owns control `A.5.1`, control `A.5.2` and 2 more, has no deputy
  = name who stands in while Ada Moreau is away: `deputy:`
",
    );
}

#[test]
fn role_without_authority_speaks_in_the_levels_of_the_workspace() {
    check_said(
        "role-without-authority",
        "
risk_criteria: { levels: { minor: 1, major: 9 }, tolerance: minor }
roles:
  ceo: { layer: executive, authority: {} }
  head: { layer: owner }
  auditor: { layer: audit }
  clerk: {}
",
        "
ceo | role `ceo` is a title only: it lists neither authority nor responsibilities
  executive | roles of layer `executive` own and decide
  = say what its holder may decide, as in `authority: { accept_risk: major, approve: [policies] }`, or list its `responsibilities`
head | role `head` is a title only: it lists neither authority nor responsibilities
  owner | roles of layer `owner` own and decide
  = say what its holder may decide, as in `authority: { accept_risk: minor }`, or list its `responsibilities`
",
    );
}

#[test]
fn unproven_competence_is_a_holders() {
    check(
        "unproven-competence",
        r#"
people: { eve: {} }
roles:
  vacant: { competence: [{ requirement: x }] }
  held: { held_by: eve, competence: [{ requirement: x, evidence: " " }] } # warning
"#,
    );
}

#[test]
fn unacknowledged_role_tells_what_is_not_in_force() {
    check_said(
        "unacknowledged-role",
        "
people: { ada: { name: Ada Moreau }, bo: { name: Bo Lind } }
roles:
  ended: { held_by: ada, acknowledged: { by: ada, date: 2025-01-01, until: 2026-06-29 } }
  ahead: { held_by: bo, acknowledged: { by: bo, date: 2026-07-01 } }
  renewed: { held_by: bo, acknowledged: [{ by: ada, date: 2024-01-01 }, { by: bo, date: 2025-01-01 }] }
  unknown: { held_by: bo, acknowledged: { by: nobody, date: 2025-01-01 } }
  vacant: {}
",
        "
2026-06-29 | Ada Moreau's acknowledgement of role `ended` ended on 2026-06-29
  = let Ada Moreau take it on: `acknowledged: { by: ada, date: … }`
ahead | Bo Lind has not acknowledged role `ahead`
  bo | held by Bo Lind
  2026-07-01 | this day lies ahead
  = let Bo Lind take it on: `acknowledged: { by: bo, date: … }`
",
    );
}

#[test]
fn a_severity_that_is_set_is_not_graded() {
    check(
        "unacknowledged-role",
        "
isms: { model: executive-led }
lint: { rules: { unacknowledged-role: info } }
people: { ada: {} }
roles: { ceo: { layer: executive, held_by: ada } } # info
",
    );
    check(
        "owned-by-leaver",
        "
lint: { rules: { owned-by-leaver: { severity: error, notice: 1y } } }
people: { ada: { left: 2027-06-30 } }
controls: { A.5.1: { owner: ada } } # error
",
    );
}

#[test]
fn paper_role_counts_deeds_in_that_role() {
    let acknowledged = |who: &str| format!("acknowledged: {{ by: {who}, date: 2024-01-01 }}");
    let (ada, bo, cleo) = (acknowledged("ada"), acknowledged("bo"), acknowledged("cleo"));
    check(
        "paper-role",
        &format!(
            "
people: {{ ada: {{}}, bo: {{}}, cleo: {{ joined: 2025-09-01 }}, dana: {{}} }}
roles:
  ceo: {{ layer: executive, held_by: ada, {ada} }}
  coo: {{ layer: executive, held_by: ada, {ada} }} # warning
  ciso: {{ layer: isms, held_by: bo, {bo} }}
  dpo: {{ layer: isms, held_by: bo, authority: {{ approve: [soa] }}, {bo} }} # warning
  auditor: {{ layer: audit, held_by: bo, {bo} }}
  cfo: {{ layer: executive, held_by: cleo, {cleo} }}
  cto: {{ layer: executive, held_by: dana }}
risks:
  R-1: {{ closed: 2026-01-01, accepted: {{ by: ada, date: 2025-12-31, as: ceo }} }}
  R-2: {{ accepted: {{ by: bo, date: 2026-07-01 }} }}
"
        ),
    );
}

#[test]
fn paper_role_takes_its_period_from_the_settings() {
    let text = "
lint: { rules: { paper-role: { after: 3mo } } }
people: { ada: {} }
roles:
  ceo: { layer: executive, held_by: ada, acknowledged: { by: ada, date: 2026-03-29 } } # warning
";
    check("paper-role", text);
    check("paper-role", &text.replace("03-29", "03-30").replace(" # warning", ""));
}

#[test]
fn conflicting_roles_says_all_an_auditor_has_besides() {
    check_said(
        "conflicting-roles",
        "
people: { eve: { name: Eve Sand }, bo: {} }
roles:
  auditor: { layer: audit, held_by: eve }
  second-auditor: { layer: audit, held_by: eve }
  ciso: { layer: isms, held_by: eve }
  cfo: { layer: executive, held_by: bo }
  clerk: { layer: operator, held_by: eve }
delegations:
  D-1: { from: cfo, to: auditor, granted: { by: bo, date: 2026-01-01 } }
  D-2: { from: cfo, to: eve, granted: { by: bo, date: 2025-01-01, until: 2025-12-31 } }
controls:
  A.5.1: { owner: auditor }
  A.5.2: { owner: clerk }
  A.5.3: { owner: ciso }
  A.5.4: { applicable: false, owner: eve }
",
        "
eve | Eve Sand audits as `auditor` and holds `ciso` and acts for `cfo` by delegation `D-1` and has 2 more such duties
  eve | Eve Sand audits as `auditor`
  eve | Eve Sand holds `ciso`
  D-1 | Eve Sand acts for `cfo` by delegation `D-1`
  auditor | Eve Sand owns control `A.5.1`
  = give the audit to somebody who neither owns nor decides what is audited, or hand the rest on
",
    );
}

#[test]
fn custodian_owns_risk_looks_at_every_hat() {
    check(
        "custodian-owns-risk",
        "
people: { ben: {}, cleo: {}, dana: {} }
roles:
  ciso: { layer: isms, held_by: ben }
  dpo: { layer: isms, held_by: cleo }
  head: { layer: owner, held_by: cleo }
risks:
  R-1: { owner: cleo, accepted: { by: cleo, date: 2026-01-01 } }
  R-2: { owner: head, accepted: { by: cleo, date: 2026-01-01, as: dpo } } # error
  R-3: { owner: ciso, closed: 2026-01-01 }
  R-4: { owner: head, accepted: { by: ben, date: 2025-01-01, until: 2026-01-01 } }
  R-5: { owner: [ciso, head] }
  R-6: { owner: dana, scope: isms, accepted: { by: dana, date: 2026-01-01 } }
  R-7: { owner: ciso, scope: isms } # error
  R-8: { owner: head, accepted: { by: dana, date: 2026-02-01 } } # error
delegations: { D-1: { from: ciso, to: dana, granted: { by: ben, date: 2026-01-15 } } }
",
    );
}

#[test]
fn concentrated_ownership_tells_a_person_once() {
    let mut text = "
lint: { rules: { concentrated-ownership: { max_percent: 50, min_subjects: 2 } } }
people: { ben: { name: Ben Ode } }
roles: { ciso: { held_by: ben }, cto: { held_by: ben } }
controls: { A.5.1: { owner: ciso }, A.5.2: { owner: cto }, A.5.3: {} }
risks: { R-1: { owner: ciso }, R-2: { owner: [ciso, cto] }, R-3: { owner: ciso } }
"
    .to_owned();
    let said = "
ben | Ben Ode is accountable for 2 of 3 applicable controls (67 percent) and 2 of 3 open risks (67 percent), over the limit of 50 percent
  ben | as holder of `ciso`: 3
  ben | as holder of `cto`: 1
  = spread them over the heads of the departments that operate them, or raise `max_percent` in `lint.rules`
";
    check_said("concentrated-ownership", &text, said);
    text = text.replace("min_subjects: 2", "min_subjects: 4");
    check_said("concentrated-ownership", &text, "");
}

#[test]
fn shared_accountability_wants_different_owners_of_something_in_use() {
    check(
        "shared-accountability",
        "
isms: { owner: [ceo, cfo] } # error
controls:
  A.5.1: { owner: [ceo] }
  A.5.2: { owner: [ceo, ceo] }
  A.5.3: { applicable: false, owner: [ceo, cfo] }
exceptions: { X-1: { owner: [ceo, cfo] } } # error
risks: { R-1: { owner: [ceo, cfo], closed: 2026-06-30 } }
",
    );
}

#[test]
fn impersonal_accountability_lets_teams_work_but_not_own() {
    check(
        "impersonal-accountability",
        "
people: { ops: { kind: team }, bot: { kind: service } }
roles:
  it-ops: { layer: operator, held_by: ops }
  owning: { layer: operator, held_by: ops } # error
  reporting: { layer: operator, held_by: ops } # error
isms: { reporting: reporting }
controls:
  A.5.1: { owner: owning }
  A.5.2: { owner: [ops, it-ops] }
  A.5.3: { reviewed: { by: bot, date: 2020-01-01 } } # error
risks: { R-1: { owner: ops, accepted: { by: bot, date: 2026-01-01 }, closed: 2026-06-01 } }
",
    );
}

#[test]
fn delegated_accountability_looks_at_delegations_in_force() {
    check(
        "delegated-accountability",
        "
people: { ada: {}, chen: {}, dana: {}, ops: { kind: team } }
roles: { coo: { held_by: ada }, head: { held_by: chen } }
delegations:
  D-1: { from: coo, to: head, granted: { by: ada, date: 2026-01-01, until: 2026-12-31 } }
  D-2: { from: coo, to: dana, granted: { by: ada, date: 2026-01-01, until: 2026-06-29 } }
  D-3: { from: coo, to: ops, granted: { by: ada, date: 2026-07-01 } }
policies: { one: { owner: head, reviewed: { by: ada, date: 2026-01-01 } } } # warning
risks:
  R-1: { owner: head, reviewed: { by: ada, date: 2026-01-01 } } # warning
  R-2: { owner: head, reviewed: { by: chen, date: 2026-01-01 } }
  R-3: { owner: dana, reviewed: { by: ada, date: 2026-01-01 } }
",
    );
}

#[test]
fn owned_by_leaver_warns_of_roles_that_matter() {
    check(
        "owned-by-leaver",
        "
people: { ada: { left: 2026-07-10 }, old: { left: 2026-01-01 }, ops: { kind: team, left: 2026-01-01 } }
roles:
  clerk: { layer: operator, held_by: ada }
  owning: { layer: operator, held_by: ada } # warning
  acting: { layer: owner, held_by: ada, acting_until: 2026-07-10 }
  gone: { layer: owner, held_by: old }
controls: { A.5.1: { owner: owning }, A.5.2: { owner: gone }, A.5.3: { owner: ops } }
",
    );
}

#[test]
fn open_ended_acting_role_leaves_what_is_over_to_others() {
    check(
        "open-ended-acting-role",
        "
lint: { rules: { open-ended-acting-role: { max: 1y } } }
people: { chen: {} }
roles:
  over: { held_by: chen, acting_until: 2026-06-29 }
  year: { held_by: chen, acting_until: 2027-06-30 }
  renewed: { held_by: chen, acting_until: 2027-03-01, acknowledged: [{ by: chen, date: 2024-01-01 }, { by: chen, date: 2026-03-01 }] }
  vacant: { title: Acting CISO }
  acting: { title: acting CISO, held_by: chen } # warning
",
    );
}

const DECIDERS: &str = "
people:
  ada: { name: Ada Moreau }
  bo: { name: Bo Lind }
  chen: { name: Chen Wu, joined: 2026-01-01 }
  left: { name: Lea Fox, left: 2026-03-31 }
  ops: { kind: team }
roles:
  ceo: { layer: executive, held_by: ada, authority: { grant: [delegations, exceptions], approve: [policies.one] } }
  head: { layer: owner, held_by: chen }
  other: { layer: owner, held_by: chen }
  known: { layer: owner, held_by: bo, acknowledged: { by: bo, date: 2026-02-01 } }
";

fn deciders(text: &str) -> String {
    said("decider-without-role", &format!("{DECIDERS}{text}"))
        .lines()
        .filter(|line| !line.starts_with("  "))
        .map(|line| line.to_owned() + "\n")
        .collect()
}

#[test]
fn decider_without_role_says_in_which_way_it_was_not_theirs() {
    let said = deciders(
        "
controls:
  A.5.1: { owner: head, accepted: { by: bo, date: 2026-02-01 } }
  A.5.2: { owner: bo, reviewed: { by: chen, date: 2026-02-01 } }
  A.5.3: { owner: head, accepted: { by: chen, date: 2025-12-31 } }
  A.5.4: { owner: head, accepted: { by: left, date: 2026-04-01 } }
  A.5.5: { owner: head, accepted: { by: chen, date: 2026-02-01, as: other } }
  A.5.6: { owner: head, accepted: { by: chen, date: 2026-02-01, as: ceo } }
  A.5.7: { owner: known, accepted: { by: left, date: 2026-03-01 } }
policies: { one: { owner: head, reviewed: { by: ada, date: 2026-02-01 } } }
risks: { R-1: { owner: head, reviewed: [{ by: ada, date: 2026-02-01 }, { by: bo, date: 2026-03-01 }] } }
",
    );
    assert_eq!(
        said,
        "\
bo | control `A.5.1` was accepted on 2026-02-01 by Bo Lind, who did not hold `head`, its owner
chen | control `A.5.2` was reviewed on 2026-02-01 by Chen Wu, but its owner is Bo Lind
chen | control `A.5.3` was accepted on 2025-12-31 by Chen Wu, who joined only on 2026-01-01
left | control `A.5.4` was accepted on 2026-04-01 by Lea Fox, who had left on 2026-03-31
other | control `A.5.5` was accepted on 2026-02-01 by Chen Wu as `other`, but its owner is `head`
ceo | control `A.5.6` was accepted on 2026-02-01 by Chen Wu as `ceo`, a role Chen Wu did not hold
left | control `A.5.7` was accepted on 2026-03-01 by Lea Fox, who did not hold `known`, its owner
ada | policy `one` was reviewed on 2026-02-01 by Ada Moreau, who did not hold `head`, its owner
bo | risk `R-1` was reviewed on 2026-03-01 by Bo Lind, who did not hold `head`, its owner
"
    );
}

#[test]
fn decider_without_role_is_silent_where_the_register_cannot_tell_or_others_do() {
    let said = deciders(
        "
controls:
  A.5.1: { owner: head, accepted: { by: left, date: 2026-03-01 } }
  A.5.2: { owner: known, accepted: { by: chen, date: 2026-01-31 } }
  A.5.3: { owner: head, accepted: { by: bo, date: 2025-12-31 } }
  A.5.4: { owner: head, accepted: [{ by: bo, date: 2026-03-01 }, { by: chen, date: 2026-02-01 }] }
  A.5.5: { owner: head, accepted: { by: ops, date: 2026-02-01 } }
  A.5.6: { owner: head, accepted: { by: nobody, date: 2026-02-01 } }
  A.5.7: { owner: head, accepted: { by: bo, date: 2026-07-01 } }
  A.5.8: { owner: nobody, accepted: { by: bo, date: 2026-02-01 } }
  A.5.9: { owner: ops, accepted: { by: bo, date: 2026-02-01 } }
  A.5.10: { owner: [head, ceo], accepted: { by: bo, date: 2026-02-01 } }
  A.5.11: { owner: head, accepted: { by: bo, date: 2026-02-01, as: nobody } }
  A.5.12: { applicable: false, owner: head, accepted: { by: bo, date: 2026-02-01 } }
  A.5.13: { owner: ceo, accepted: { by: bo, date: 2026-02-15 } }
  A.5.14: { owner: bo, accepted: { by: ada, date: 2026-02-15 } }
delegations:
  D-1: { from: ceo, to: known, granted: { by: ada, date: 2026-02-01, until: 2026-02-28 } }
  D-2: { from: ceo, to: bo, granted: { by: ada, date: 2026-02-01 } }
",
    );
    assert_eq!(said, "");
}

#[test]
fn decider_without_role_knows_who_holds_reviews() {
    let said = deciders(
        "
isms: { adopted: [{ by: bo, date: 2026-02-01 }, { by: ada, date: 2026-02-01 }] }
reviews:
  MR-1: { kind: management-review, chair: ceo, held: { by: bo, date: 2026-02-01 } }
  MR-2: { kind: management-review, chair: known, held: { by: bo, date: 2026-02-01 } }
  MR-3: { kind: management-review, held: { by: chen, date: 2026-02-01 } }
  MR-4: { kind: management-review, held: { by: ada, date: 2026-02-01 } }
  IA-1: { kind: internal-audit, lead: head, held: { by: bo, date: 2026-02-01 } }
  IA-2: { kind: internal-audit, lead: chen, held: { by: chen, date: 2026-02-01 } }
  IA-3: { kind: internal-audit, held: { by: bo, date: 2026-02-01 } }
",
    );
    assert_eq!(
        said,
        "\
bo | review `MR-1` was held on 2026-02-01 by Bo Lind, who did not hold `ceo`, its chair
bo | review `MR-2` was held on 2026-02-01 by Bo Lind, who held no executive role
chen | review `MR-3` was held on 2026-02-01 by Chen Wu, who held no executive role
bo | review `IA-1` was held on 2026-02-01 by Bo Lind, who did not hold `head`, its lead
"
    );
}

#[test]
fn nobody_passes_on_what_is_not_theirs() {
    let said = deciders(
        "
risk_criteria: { levels: { low: 1, high: 9 } }
policies: { one: {}, two: {} }
delegations:
  own: { from: head, to: bo, granted: { by: chen, date: 2026-02-01 } }
  may-grant: { from: head, to: bo, granted: { by: ada, date: 2026-02-01 } }
  in-person: { from: bo, to: chen, granted: { by: bo, date: 2026-02-01 } }
  to-oneself: { from: ceo, to: head, authority: { grant: [delegations] }, granted: { by: chen, date: 2026-02-01 } }
  by-delegation: { from: ceo, to: known, authority: { grant: [exceptions] }, granted: { by: ada, date: 2026-02-01 } }
  excess:
    from: ceo
    to: known
    authority: { accept_risk: low, approve: [policies.one, policies.two, policies.three, isms], grant: [exceptions] }
    granted: { by: ada, date: 2026-02-01 }
  more: { from: other, to: known, authority: { grant: [exceptions] }, granted: { by: chen, date: 2026-02-01 } }
",
    );
    assert_eq!(
        said,
        "\
chen | delegation `to-oneself` was granted on 2026-02-01 by Chen Wu, who neither held `ceo` nor could grant delegations
low | delegation `excess` passes on the acceptance of risks up to `low`, but `ceo` may accept no risk itself
policies.two | delegation `excess` passes on the approval of `policies.two`, but `ceo` may not approve that itself
isms | delegation `excess` passes on the approval of `isms`, but `ceo` may not approve that itself
exceptions | delegation `more` passes on the granting of exceptions, but `other` may not grant them itself
"
    );
    let foreign = deciders("delegations: { D-1: { from: known, to: bo, granted: { by: chen, date: 2026-02-01 } } }");
    assert_eq!(
        foreign,
        "chen | delegation `D-1` was granted on 2026-02-01 by Chen Wu, who neither held `known` nor could grant delegations\n"
    );
}

#[test]
fn decider_without_role_believes_the_acknowledgement_of_a_predecessor() {
    let text = |acknowledged: &str| {
        format!(
            "people:\n  chen: {{ name: Chen Wu }}\n  ada: {{ name: Ada Moreau }}\nroles:\n  head: {{ held_by: ada{acknowledged} }}\ncontrols:\n  A.5.1: {{ owner: head, accepted: {{ by: chen, date: 2026-02-01 }} }}\n"
        )
    };
    let by_chen = ", acknowledged: { by: chen, date: 2026-01-15 }";
    assert_eq!(said("decider-without-role", &text(by_chen)), "");
    assert_ne!(said("decider-without-role", &text("")), "");
    assert_ne!(said("decider-without-role", &text(", acknowledged: { by: chen, date: 2026-03-01 }")), "");
}
