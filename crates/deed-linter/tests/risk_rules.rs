//! Edge cases of the rules about risks, and what those rules say.

mod judge;

use judge::{check, check_said};

const ORGANIZATION: &str = "
risk_criteria:
  likelihood: 5
  impact: 5
  levels: { low: 1, medium: 5, high: 10, critical: 17 }
  tolerance: medium
  max_acceptance: { medium: 12mo, high: 6mo }
people:
  ada: { name: Ada Moreau }
  bo: { name: Bo Lind }
  ben: { name: Ben Okafor }
  chen: { name: Chen Li, joined: 2020-01-01 }
  dana: { name: Dana Roy }
  zoe: { name: Zoe Ito, left: 2026-05-31 }
  it-ops: { kind: team }
roles:
  ceo: { layer: executive, held_by: ada, authority: { accept_risk: critical, approve: [risk_criteria] } }
  cfo: { layer: executive, held_by: bo, reports_to: ceo, authority: { accept_risk: high } }
  isms-manager: { layer: isms, held_by: ben, reports_to: ceo, authority: { accept_risk: critical } }
  head-of-it: { layer: owner, held_by: chen, reports_to: cfo, authority: { accept_risk: medium } }
  clerk: { layer: operator, held_by: dana }
  vacant: { layer: owner, reports_to: ceo }
";

/// The organisation above, under a model, with a risk register.
fn register(risks: &str) -> String {
    format!("{ORGANIZATION}{risks}")
}

fn executive_led(risks: &str) -> String {
    format!("isms: {{ model: executive-led }}\n{ORGANIZATION}{risks}")
}

#[test]
fn an_owner_that_is_written_wrong_is_no_missing_one() {
    check(
        "unowned-risk",
        "risks:
  R-1: { owner: }  # error
  R-2: { owner: ~ }  # error
  R-3: { owner: 12 }
  R-4: { owner: { name: ada } }
  R-5: { owner: [ceo, cfo] }
  R-6: { closed: 2026-06-30 }
  R-7: { closed: 2026-07-01 }  # error",
    );
}

#[test]
fn a_missing_owner_is_looked_for_where_the_authority_is() {
    check_said(
        "unowned-risk",
        &register("risks: { R-12: { inherent: { likelihood: 3, impact: 4 } } }"),
        "
R-12 | risk `R-12` has no owner
  = name the one role that answers for what it threatens, as its `owner`
  = at its inherent level, `high`, `ceo` (Ada Moreau) or `cfo` (Bo Lind) may decide about it",
    );
}

#[test]
fn an_owner_needs_the_authority_or_somebody_above_with_it() {
    check(
        "risk-owner-without-authority",
        &register(
            "
  loop: { reports_to: loop2 }
  loop2: { reports_to: loop }
  lost: { reports_to: nobody }
risks:
  R-1: { inherent: { likelihood: 5, impact: 5 }, owner: head-of-it }
  R-2:
    inherent: { likelihood: 1, impact: 1 }
    owner: clerk # error
  R-3: { inherent: { likelihood: 5, impact: 5 }, owner: vacant }
  R-4: { inherent: { likelihood: 5, impact: 5 }, owner: isms-manager }
  R-5: { inherent: { likelihood: 5, impact: 5 }, owner: ben }
  R-6: { inherent: { likelihood: 5, impact: 5 }, owner: loop }
  R-7: { inherent: { likelihood: 5, impact: 5 }, owner: lost }
  R-8: { inherent: { likelihood: 5, impact: 5 }, owner: nobody }
  R-9: { inherent: { likelihood: 5, impact: 5 }, owner: it-ops }
  R-10: { inherent: { likelihood: 5, impact: 5 }, owner: zoe }
  R-11: { inherent: { likelihood: 5, impact: 5 }, owner: [clerk, ceo] }
  R-12: { inherent: { likelihood: 7, impact: 5 }, owner: clerk }
  R-13: { owner: clerk }
  R-14: { inherent: { likelihood: 1, impact: 1 }, owner: clerk, closed: 2026-06-01 }",
        ),
    );
    check(
        "risk-owner-without-authority",
        "roles: { clerk: {} }\nrisks: { R: { inherent: { likelihood: 1, impact: 1 }, owner: clerk } }",
    );
}

#[test]
fn an_owner_without_authority_is_shown_the_line_above() {
    check_said(
        "risk-owner-without-authority",
        &register(
            "
  team-lead: { layer: operator, reports_to: clerk, authority: { accept_risk: low } }
risks: { R-12: { owner: team-lead, inherent: { likelihood: 4, impact: 4 } } }",
        ),
        "
team-lead | risk `R-12` is of level `high` before treatment, and neither its owner `team-lead` nor anybody above may accept that
  { likelihood: 4, impact: 4 } | likelihood 4 × impact 4 = 16 is `high`
  low | `team-lead` may accept risk up to `low`
  clerk | `clerk` may accept no risk, and reports to nobody
  = let `team-lead` report to `ceo` (Ada Moreau) or `cfo` (Bo Lind), who may, or make one of them the owner",
    );
}

#[test]
fn criteria_count_as_approved_while_an_approval_is_in_force() {
    for approved in [
        "[{ by: ada, date: 2025-01-01, until: 2025-12-31 }, { by: ada, date: 2026-01-01 }]",
        "{ by: nobody, date: 2026-01-01 }",
        "{ by: ada, date: 2026-01-01, until: 2026-06-30 }",
        "{ by: ada, date: yesterday }",
        "yes",
    ] {
        check("unapproved-risk-criteria", &format!("risk_criteria: {{ levels: {{ low: 1 }}, approved: {approved} }}"));
    }
    check("unapproved-risk-criteria", "risk_criteria: { levels: { low: 1 }, approved: } # error");
    check("unapproved-risk-criteria", "risks: { R-1: {} }");
    check("unapproved-risk-criteria", "isms: {}\nrisks: { R-1: { closed: 2026-06-30 } }");
}

#[test]
fn unapproved_criteria_name_who_approves_them() {
    check_said(
        "unapproved-risk-criteria",
        &register("isms: { model: federated }"),
        "
risk_criteria | nobody approved the risk criteria
  = ask `ceo` (Ada Moreau) to approve them",
    );
}

#[test]
fn a_rating_that_is_written_wrong_is_no_missing_one() {
    check(
        "unrated-risk",
        &register(
            "
risks:
  R-1: { inherent: high }
  R-2: { inherent: { likelihood: 4 } }
  R-3: { inherent: ~ } # error
  R-4: { inherent: { likelihood: 6, impact: 5 } } # error
  R-5: { inherent: { likelihood: 0, impact: -1 } }
  R-6: { inherent: { likelihood: 1, impact: 1 }, treatment: mitigate, residual: low }
  R-7: { inherent: { likelihood: 1, impact: 1 }, treatment: share } # warning
  R-8: { inherent: { likelihood: 1, impact: 1 }, treatment: avoid }
  R-9: { closed: 2026-01-01, inherent: { likelihood: 9, impact: 9 } }",
        ),
    );
    check("unrated-risk", "risks: { R-1: { inherent: { likelihood: 600, impact: 600 } } }");
}

#[test]
fn a_rating_beyond_the_scale_is_shown_the_scale() {
    check_said(
        "unrated-risk",
        &register("risks: { R-12: { inherent: { likelihood: 7, impact: 5 } } }"),
        "
7 | likelihood 7 of risk `R-12` is beyond the scale
  5 | likelihood goes from 1 to 5
  = rate the likelihood from 1 to 5",
    );
}

/// One mistake, one diagnostic: what is off the scale has no level, and no other rule speaks of its level.
#[test]
fn a_rating_beyond_the_scale_is_reported_once() {
    let text = register(
        "risks: { R-12: { owner: clerk, inherent: { likelihood: 7, impact: 5 }, residual: { likelihood: 7, impact: 4 },
  accepted: { by: dana, date: 2026-03-01, until: 2026-12-31 } } }",
    );
    for rule in [
        "risk-owner-without-authority",
        "acceptance-beyond-authority",
        "acceptance-above-tolerance",
        "acceptance-without-expiry",
        "acceptance-without-rationale",
        "unexplained-residual-risk",
    ] {
        check(rule, &text);
    }
}

#[test]
fn levels_out_of_order_are_shown_in_order() {
    check_said(
        "inconsistent-risk-criteria",
        "risk_criteria: { levels: { low: 1, medium: 10, high: 5, critical: 17 } }",
        "
high | level `high` (5) is out of order with `medium` (10)
  medium | begins at 10
  = by their scores the levels are, from the lowest: `low`, `high`, `medium`, `critical`
  = write them in that order, or correct the scores",
    );
    check("inconsistent-risk-criteria", "risk_criteria: { levels: {} }");
    check("inconsistent-risk-criteria", "risk_criteria: { levels: { low: 1 }, likelihood: 5 }");
}

#[test]
fn criteria_of_huge_numbers_do_not_overflow() {
    check(
        "inconsistent-risk-criteria",
        "risk_criteria: { likelihood: 9223372036854775807, impact: 9223372036854775807, levels: { low: 1, high: 9223372036854775807 } }",
    );
    let huge = "risk_criteria: { levels: { low: 1, high: 10 } }
risks: { R: { inherent: { likelihood: 9223372036854775807, impact: 9 }, residual: { likelihood: 9223372036854775807, impact: 9 } } }";
    for rule in ["unexplained-residual-risk", "unaccepted-risk", "unrated-risk"] {
        let marked = if rule == "unaccepted-risk" { huge.replace("} } }", "} } } # error") } else { huge.to_owned() };
        check(rule, &marked);
    }
}

#[test]
fn a_treatment_that_is_written_wrong_is_for_the_schema() {
    check(
        "invalid-treatment",
        "risks:
  R-1: { inherent: { likelihood: 1, impact: 1 }, treatment: ignore }
  R-2: { inherent: { likelihood: 1, impact: 1 }, treatment: ~ } # error
  R-3: { treatment: mitigate } # error
  R-4: { treatment: mitigate, controls: ~ } # error
  R-5: { treatment: mitigate, controls: { A.8.8: true } }
  R-6: { treatment: mitigate, controls: [A.8.8] }
  R-7: { title: Not rated yet }
  R-8: { treatment: avoid }
  R-9: { treatment: mitigate, closed: 2026-06-30 }",
    );
}

#[test]
fn a_plan_is_approved_by_whoever_stands_for_the_owner() {
    check(
        "unapproved-treatment-plan",
        &register(
            "
delegations:
  D-1: { from: chen, to: clerk, granted: { by: chen, date: 2026-03-01 } }
risks:
  R-1: { owner: head-of-it, treatment: modify, controls: [A.8.8], approved: { by: chen, date: 2026-02-01, as: head-of-it } }
  R-2: { owner: head-of-it, treatment: modify, controls: [A.8.8], approved: { by: dana, date: 2026-03-01 } }
  R-3: { owner: chen, treatment: modify, controls: [A.8.8], approved: { by: dana, date: 2026-03-01 } }
  R-4: { owner: chen, treatment: modify, controls: [A.8.8], approved: { by: dana, date: 2026-02-28 } } # error
  R-5: { owner: head-of-it, treatment: modify, controls: [A.8.8], approved: { by: ada, date: 2026-02-28 } } # error
  R-6: { owner: head-of-it, treatment: modify, controls: [A.8.8], approved: { by: chen, date: 2019-12-31 } } # error",
        ),
    );
}

#[test]
fn a_plan_whose_approval_cannot_be_judged_is_left_alone() {
    check(
        "unapproved-treatment-plan",
        &register(
            "
risks:
  R-1: { owner: vacant, treatment: modify, controls: [A.8.8] }
  R-2: { owner: nobody, treatment: modify, controls: [A.8.8] }
  R-3: { treatment: modify, controls: [A.8.8] }
  R-4: { owner: [ceo, cfo], treatment: modify, controls: [A.8.8] }
  R-5: { owner: head-of-it, treatment: modify, controls: [A.8.8], approved: { by: somebody, date: 2026-02-01 } }
  R-6: { owner: head-of-it, treatment: modify, controls: [A.8.8], approved: soon }
  R-7: { owner: head-of-it, treatment: modify, controls: [A.8.8], approved: { by: zoe, date: 2026-02-01 } }
  R-8: { owner: head-of-it, treatment: modify }
  R-9: { owner: head-of-it, treatment: modify, controls: [A.8.8], closed: 2026-06-30 }
  R-10: { owner: zoe, treatment: modify, controls: [A.8.8] }",
        ),
    );
}

#[test]
fn others_may_approve_a_plan_beside_its_owner() {
    check(
        "unapproved-treatment-plan",
        &register(
            "
risks:
  R-1:
    owner: head-of-it
    treatment: modify
    controls: [A.8.8]
    approved: [{ by: ada, date: 2026-02-01 }, { by: chen, date: 2026-02-02 }]
  R-2:
    owner: head-of-it
    treatment: modify
    controls: [A.8.8]
    approved:
      - { by: chen, date: 2026-02-01 }
      - { by: ada, date: 2026-02-02 }
      - { by: chen, date: 2026-07-01 }",
        ),
    );
}

#[test]
fn an_unapproved_plan_names_its_owner() {
    check_said(
        "unapproved-treatment-plan",
        &register(
            "risks: { R-12: { owner: head-of-it, treatment: modify, plan: [{}], approved: { by: ben, date: 2026-02-01 } } }",
        ),
        "
ben | Ben Okafor approved the treatment plan of risk `R-12` on 2026-02-01, but is not its owner
  head-of-it | it is owned by `head-of-it` (Chen Li)
  = ask `head-of-it` (Chen Li) to approve it",
    );
}

#[test]
fn an_executive_stands_behind_a_plan_by_role_or_by_a_delegation_of_risk() {
    check(
        "unapproved-treatment-plan",
        &executive_led(
            "
delegations:
  D-1: { from: ceo, to: clerk, authority: { accept_risk: high }, granted: { by: ada, date: 2026-02-01 } }
  D-2: { from: ceo, to: head-of-it, authority: { approve: [risk_criteria] }, granted: { by: ada, date: 2026-02-01 } }
risks:
  R-1: { owner: ceo, inherent: { likelihood: 3, impact: 4 }, treatment: modify, controls: [A.8.8], approved: { by: ada, date: 2026-03-01 } }
  R-2: { owner: clerk, inherent: { likelihood: 3, impact: 4 }, treatment: modify, controls: [A.8.8], approved: { by: dana, date: 2026-03-01 } }
  R-3: { owner: head-of-it, inherent: { likelihood: 3, impact: 4 }, treatment: modify, controls: [A.8.8], approved: { by: chen, date: 2026-03-01 } } # error
  R-4: { owner: clerk, inherent: { likelihood: 5, impact: 5 }, treatment: modify, controls: [A.8.8], approved: { by: dana, date: 2026-03-01 } } # error
  R-5: { owner: head-of-it, treatment: modify, controls: [A.8.8] } # error",
        ),
    );
}

#[test]
fn what_is_accepted_in_any_way_is_not_unaccepted() {
    check(
        "unaccepted-risk",
        "risks:
  R-1: { residual: { likelihood: 1, impact: 1 }, accepted: { by: nobody, date: 2026-06-30 } }
  R-2: { residual: { likelihood: 1, impact: 1 }, accepted: { by: ada, date: 2025-01-01, until: 2025-12-31 } }
  R-3: { residual: { likelihood: 1, impact: 1 }, accepted: yes }
  R-4: { residual: { likelihood: 1, impact: 1 }, accepted: [] }
  R-5: { residual: { likelihood: 1, impact: 1 }, accepted: } # error
  R-6: { treatment: accept }
  R-7: { treatment: mitigate, inherent: { likelihood: 1, impact: 1 } }
  R-8: { treatment: retain, inherent: { likelihood: 1, impact: 1 } } # error
  R-9: { residual: { likelihood: 1, impact: 1 }, closed: 2026-06-30 }
  R-10: { treatment: avoid, residual: { likelihood: 1, impact: 1 } } # error",
    );
}

#[test]
fn an_unaccepted_risk_names_who_may_accept_it() {
    let risk = |rest: &str| register(&format!("risks: {{ R-12: {{ owner: head-of-it, {rest} }} }}"));
    check_said(
        "unaccepted-risk",
        &risk("requested_by: cfo, residual: { likelihood: 2, impact: 3 }"),
        "
R-12 | nobody accepted what remains of risk `R-12`, level `medium`
  { likelihood: 2, impact: 3 } | likelihood 2 × impact 3 = 6 is `medium`
  = ask `head-of-it` (Chen Li) or `ceo` (Ada Moreau) to accept it",
    );
    check_said(
        "unaccepted-risk",
        &risk("inherent: { likelihood: 5, impact: 5 }, treatment: accept"),
        "
R-12 | risk `R-12`, level `critical`, is to be accepted as it is, but nobody accepted it
  { likelihood: 5, impact: 5 } | likelihood 5 × impact 5 = 25 is `critical`
  medium | above this level only executives accept
  = ask `ceo` (Ada Moreau) to accept it",
    );
    check_said(
        "unaccepted-risk",
        &executive_led("risks: { R-12: { owner: head-of-it, residual: { likelihood: 3, impact: 4 } } }"),
        "
R-12 | nobody accepted what remains of risk `R-12`, level `high`
  { likelihood: 3, impact: 4 } | likelihood 3 × impact 4 = 12 is `high`
  medium | above this level only executives accept
  = it takes two executives: ask `cfo` (Bo Lind) or `ceo` (Ada Moreau) to accept it",
    );
    check_said(
        "unaccepted-risk",
        "risk_criteria: { levels: { low: 1 } }\nrisks: { R-12: { residual: { likelihood: 1, impact: 1 } } }",
        "
R-12 | nobody accepted what remains of risk `R-12`, level `low`
  { likelihood: 1, impact: 1 } | likelihood 1 × impact 1 = 1 is `low`
  = nobody may accept it: a role needs `accept_risk: low` in its `authority`",
    );
}

#[test]
fn acceptances_of_others_concern_are_not_beyond_authority() {
    check(
        "acceptance-beyond-authority",
        &register(
            "
risks:
  custodian: { residual: { likelihood: 2, impact: 3 }, accepted: { by: ben, date: 2026-03-01 } }
  unknown: { residual: { likelihood: 2, impact: 3 }, accepted: { by: nobody, date: 2026-03-01 } }
  unknown-role: { residual: { likelihood: 2, impact: 3 }, accepted: { by: dana, date: 2026-03-01, as: nothing } }
  over: { residual: { likelihood: 2, impact: 3 }, accepted: { by: dana, date: 2026-03-01, until: 2026-06-29 } }
  to-come: { residual: { likelihood: 2, impact: 3 }, accepted: { by: dana, date: 2026-07-01 } }
  closed: { residual: { likelihood: 2, impact: 3 }, accepted: { by: dana, date: 2026-03-01 }, closed: 2026-06-01 }
  not-executive: { residual: { likelihood: 3, impact: 4 }, accepted: { by: chen, date: 2026-03-01 } }
  left-since: { residual: { likelihood: 2, impact: 3 }, accepted: { by: zoe, date: 2026-03-01 } }
  undated: { residual: { likelihood: 2, impact: 3 }, accepted: { by: dana } }
  last-day: { residual: { likelihood: 2, impact: 3 }, accepted: { by: dana, date: 2026-03-01, until: 2026-06-30 } } # error
  team: { residual: { likelihood: 2, impact: 3 }, accepted: { by: it-ops, date: 2026-03-01 } }
  too-early: { residual: { likelihood: 2, impact: 3 }, accepted: { by: chen, date: 2019-12-31 } } # error
  inherent: { inherent: { likelihood: 2, impact: 3 }, accepted: { by: dana, date: 2026-03-01 } } # error",
        ),
    );
    check(
        "acceptance-beyond-authority",
        "people: { dana: {} }\nrisks: { R: { residual: { likelihood: 1, impact: 1 }, accepted: { by: dana, date: 2026-03-01 } } }",
    );
}

#[test]
fn an_unknown_tolerance_is_none() {
    let text = |tolerance: &str, marker: &str| {
        format!(
            "risk_criteria: {{ levels: {{ low: 1, high: 10 }}{tolerance} }}
people: {{ chen: {{}} }}
roles: {{ head-of-it: {{ layer: owner, held_by: chen, authority: {{ accept_risk: high }} }} }}
risks: {{ R: {{ residual: {{ likelihood: 3, impact: 4 }}, accepted: {{ by: chen, date: 2026-03-01 }} }} }}{marker}"
        )
    };
    check("acceptance-above-tolerance", &text("", ""));
    check("acceptance-above-tolerance", &text(", tolerance: none", ""));
    check("acceptance-above-tolerance", &text(", tolerance: high", ""));
    check("acceptance-above-tolerance", &text(", tolerance: low", " # error"));
}

#[test]
fn what_is_just_above_the_tolerance_is_for_executives() {
    check_said(
        "acceptance-above-tolerance",
        &register(
            "risks: { R-12: { residual: { likelihood: 2, impact: 5 }, accepted: { by: chen, date: 2026-03-01 } } }",
        ),
        "
chen | risk `R-12` is of level `high`, above the tolerance, and was accepted on 2026-03-01 by Chen Li, who is no executive
  medium | above this level only executives accept
  owner | `head-of-it` is in layer `owner`
  { likelihood: 2, impact: 5 } | likelihood 2 × impact 5 = 10 is `high`
  = ask `ceo` (Ada Moreau) or `cfo` (Bo Lind) to accept it",
    );
}

#[test]
fn an_acceptance_beyond_authority_shows_the_limit_and_what_would_have_raised_it() {
    check_said(
        "acceptance-beyond-authority",
        &register(
            "
delegations:
  D-1: { from: cfo, to: clerk, authority: { accept_risk: medium }, granted: { by: bo, date: 2026-01-01, until: 2026-02-28 } }
  D-2: { from: cfo, to: dana, authority: { accept_risk: low }, granted: { by: bo, date: 2026-01-01 } }
risks: { R-12: { owner: head-of-it, residual: { likelihood: 2, impact: 3 }, accepted: { by: dana, date: 2026-03-01 } } }",
        ),
        "
dana | Dana Roy accepted risk `R-12` on 2026-03-01 at level `medium`, but may accept up to `low` only
  clerk | `clerk` may accept no risk
  low | `D-2` passes on up to `low`
  2026-02-28 | delegation `D-1` was over by then, on 2026-02-28
  { likelihood: 2, impact: 3 } | likelihood 2 × impact 3 = 6 is `medium`
  = ask `head-of-it` (Chen Li), `cfo` (Bo Lind) or `ceo` (Ada Moreau) to accept it",
    );
    check_said(
        "acceptance-beyond-authority",
        &register(
            "risks: { R-12: { residual: { likelihood: 2, impact: 3 }, accepted: { by: zoe, date: 2026-06-01 } } }",
        ),
        "
zoe | Zoe Ito accepted risk `R-12` on 2026-06-01 at level `medium`, after leaving on 2026-05-31
  2026-05-31 | left on this day
  { likelihood: 2, impact: 3 } | likelihood 2 × impact 3 = 6 is `medium`
  = ask `ceo` (Ada Moreau), `cfo` (Bo Lind) or `head-of-it` (Chen Li) to accept it",
    );
}

#[test]
fn two_executives_are_two_people_in_force() {
    check_said(
        "acceptance-above-tolerance",
        &executive_led(
            "
risks:
  R-12:
    residual: { likelihood: 3, impact: 4 }
    accepted: [{ by: ada, date: 2026-03-01 }, { by: bo, date: 2026-01-01, until: 2026-05-31 }, { by: chen, date: 2026-02-01 }]",
        ),
        "
ada | risk `R-12` is of level `high`, above the tolerance, and Ada Moreau is the only executive who accepted it
  medium | above this level two executives accept
  2026-05-31 | this acceptance ended on 2026-05-31
  { likelihood: 3, impact: 4 } | likelihood 3 × impact 4 = 12 is `high`
  = ask `cfo` (Bo Lind) to accept it too; `accepted` may be a list of decisions",
    );
    check(
        "acceptance-above-tolerance",
        &executive_led(
            "
risks:
  R-1: { residual: { likelihood: 3, impact: 4 }, accepted: [{ by: ada, date: 2026-03-01 }, { by: zoe, date: 2026-03-01 }] }
  R-2: { residual: { likelihood: 2, impact: 4 }, accepted: { by: ada, date: 2026-03-01 } }
  R-3: { residual: { likelihood: 3, impact: 4 } }
  R-4: { residual: { likelihood: 5, impact: 5 }, accepted: [{ by: ada, date: 2026-03-01 }, { by: bo, date: 2026-02-01 }] } # error",
        ),
    );
}

#[test]
fn the_end_of_an_acceptance_is_counted_from_its_date() {
    check(
        "acceptance-without-expiry",
        &register(
            "
risks:
  R-1: { residual: { likelihood: 2, impact: 3 }, accepted: { by: ada, date: 2026-02-28, until: 2027-02-28 } }
  R-2: { residual: { likelihood: 2, impact: 3 }, accepted: { by: ada, date: 2026-02-28, until: 2027-03-01 } } # error
  R-3: { residual: { likelihood: 3, impact: 4 }, accepted: { by: ada, date: 2026-02-28, until: 2026-08-29 } } # error
  R-4: { residual: { likelihood: 5, impact: 5 }, accepted: { by: ada, date: 2026-02-28, until: 2036-08-29 } }
  R-5: { residual: { likelihood: 5, impact: 5 }, accepted: { by: ada, date: 2026-02-28 } } # error
  R-6: { residual: { likelihood: 5, impact: 5 }, accepted: { by: ada, date: 2026-02-28, until: soon } }
  R-7: { residual: { likelihood: 5, impact: 5 }, accepted: { by: ada, date: 2026-02-28, until: } } # error
  R-8: { residual: { likelihood: 5, impact: 5 }, accepted: { by: ada, date: 2026-07-28 } }
  R-9: { residual: { likelihood: 5, impact: 5 }, accepted: { by: ada, date: 2026-02-28 }, closed: 2026-06-30 }
  R-10: { accepted: { by: ada, date: 2026-02-28 } } # error",
        ),
    );
}

#[test]
fn an_acceptance_without_an_end_is_told_the_longest_one() {
    check_said(
        "acceptance-without-expiry",
        &register(
            "
risks:
  R-1: { residual: { likelihood: 2, impact: 3 }, accepted: { by: ada, date: 2026-03-01 } }
  R-2: { residual: { likelihood: 3, impact: 4 }, accepted: { by: ada, date: 2026-03-01, until: 2026-12-31 } }",
        ),
        "
accepted | risk `R-1` is accepted without an end
  medium | `medium` may be accepted for 12mo
  = have it accepted anew with an `until`, 2027-03-01 at the latest
2026-12-31 | risk `R-2` of level `high` is accepted until 2026-12-31, for longer than 6mo
  2026-03-01 | 6mo from this day is 2026-09-01
  high | the longest `high` may be accepted
  { likelihood: 3, impact: 4 } | likelihood 3 × impact 4 = 12 is `high`
  = have it accepted anew until 2026-09-01 at the latest, and looked at again then",
    );
}

#[test]
fn one_acceptance_in_force_is_enough() {
    check(
        "expired-acceptance",
        "risks:
  R-1: { residual: { likelihood: 1, impact: 1 }, accepted: [{ by: ada, date: 2025-01-01, until: 2025-06-30 }, { by: bo, date: 2025-01-01, until: 2026-06-30 }] }
  R-2: { residual: { likelihood: 1, impact: 1 }, accepted: { by: ada, date: 2026-07-01, until: 2026-06-01 } }
  R-3: { treatment: avoid, plan: [{ done: 2026-01-01 }], residual: { likelihood: 1, impact: 1 }, accepted: { by: ada, date: 2025-01-01, until: 2025-06-30 } }
  R-4: { residual: { likelihood: 1, impact: 1 }, accepted: { by: ada, date: 2025-01-01, until: 2026-06-29 } } # error
  R-5: { accepted: { by: ada, date: 2025-01-01, until: 2026-06-29 } }
  R-6: { residual: { likelihood: 1, impact: 1 }, accepted: [{ by: ada, date: 2025-01-01 }, { by: ada, date: 2025-01-01, until: 2025-06-30 }] }",
    );
}

#[test]
fn an_expired_acceptance_names_who_may_renew_it() {
    check_said(
        "expired-acceptance",
        &register("risks: { R-12: { owner: head-of-it, residual: { likelihood: 2, impact: 3 }, accepted: { by: chen, date: 2025-06-01, until: 2026-05-31 } } }"),
        "
2026-05-31 | the acceptance of risk `R-12` ended on 2026-05-31, 30 days ago
  = rate it again: much may have changed since
  = ask `head-of-it` (Chen Li), `cfo` (Bo Lind) or `ceo` (Ada Moreau) to accept it anew, or say since when it is no risk any more: `closed: …`",
    );
}

#[test]
fn whoever_held_the_role_that_asks_asked() {
    check(
        "self-requested-acceptance",
        &register(
            "
risks:
  R-1: { requested_by: head-of-it, accepted: { by: chen, date: 2026-03-01 } } # error
  R-2: { requested_by: head-of-it, accepted: { by: chen, date: 2019-12-31 } }
  R-3: { requested_by: isms-manager, accepted: { by: ben, date: 2026-03-01 } }
  R-4: { requested_by: nobody, accepted: { by: chen, date: 2026-03-01 } }
  R-5: { requested_by: it-ops, accepted: { by: it-ops, date: 2026-03-01 } }
  R-6: { requested_by: chen, accepted: { by: chen, date: 2026-03-01, until: 2026-06-29 } }
  R-7: { requested_by: chen, accepted: { by: chen, date: 2026-03-01 }, closed: 2026-06-30 }
  R-8: { owner: chen, accepted: { by: chen, date: 2026-03-01 } }
  R-9: { requested_by: chen, accepted: [{ by: chen, date: 2026-03-01 }, { by: ada, date: 2026-03-01 }] } # error",
        ),
    );
}

#[test]
fn asking_oneself_is_shown_where_it_is_written() {
    check_said(
        "self-requested-acceptance",
        &register(
            "risks: { R-12: { requested_by: head-of-it, residual: { likelihood: 2, impact: 3 }, accepted: { by: chen, date: 2026-03-01 } } }",
        ),
        "
chen | Chen Li asked for risk `R-12` to be accepted, and accepted it on 2026-03-01
  head-of-it | asked for by `head-of-it`, a role of Chen Li
  = ask `ceo` (Ada Moreau) or `cfo` (Bo Lind) to accept it",
    );
}

#[test]
fn a_reason_may_stand_beside_the_decision() {
    check(
        "acceptance-without-rationale",
        &register(
            "
risks:
  R-1: { residual: { likelihood: 2, impact: 3 }, note: legacy, accepted: { by: ada, date: 2026-03-01 } }
  R-2: { residual: { likelihood: 2, impact: 3 }, accepted: { by: ada, date: 2026-03-01, note: } } # error
  R-3: { residual: { likelihood: 2, impact: 3 }, accepted: { by: ada, date: 2026-03-01, note: [a] } }
  R-4: { residual: { likelihood: 1, impact: 4 }, accepted: { by: ada, date: 2026-03-01 } }
  R-5: { residual: { likelihood: 2, impact: 3 }, accepted: { by: ada, date: 2026-03-01, until: 2026-06-01 } }
  R-6: { residual: { likelihood: 2, impact: 3 }, accepted: [{ by: ada, date: 2026-03-01 }, { by: bo, date: 2026-03-01 }] } # error",
        ),
    );
}

#[test]
fn what_is_known_of_controls_decides_whether_a_rating_is_explained() {
    check(
        "unexplained-residual-risk",
        "controls:
  A.8.1: { status: implemented }
  A.8.2: { status: partial }
  A.8.3: { status: planned }
  A.8.4: { owner: chen }
  A.8.5: { status: implemented, applicable: false }
risks:
  R-1: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 3 }, controls: [A.8.2, A.8.1] }
  R-2: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 3 }, controls: [A.8.2, A.8.3] } # error
  R-3: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 3 }, controls: [A.8.4] }
  R-4: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 3 }, controls: [A.8.99] }
  R-5: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 3 }, controls: [A.8.5] }
  R-12: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 3 }, controls: [A.8.5, A.8.3] } # error
  R-6: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 3 }, controls: [A.8.3], plan: [{ done: 2026-06-30 }] }
  R-7: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 3 }, controls: [A.8.3], plan: [{ done: 2026-07-01 }] } # error
  R-8: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 3 }, treatment: mitigate }
  R-9: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 9 } }
  R-10: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1 } }
  R-11: { inherent: { likelihood: 3, impact: 3 }, residual: { likelihood: 1, impact: 1 }, controls: [A.8.3], closed: 2026-01-01 }",
    );
}

#[test]
fn an_unexplained_rating_shows_what_the_controls_are() {
    check_said(
        "unexplained-residual-risk",
        &register(
            "
controls: { A.8.8: { status: planned }, A.8.9: { status: partial } }
risks:
  R-12: { inherent: { likelihood: 4, impact: 4 }, residual: { likelihood: 2, impact: 3 }, controls: [A.8.8, A.8.9] }",
        ),
        "
{ likelihood: 2, impact: 3 } | risk `R-12` is rated lower after treatment (6 instead of 16), but none of its controls is in place yet
  planned | `A.8.8` is planned only
  partial | `A.8.9` is in place in part only
  = rate what remains today; rate it lower once a control is in place or an action is `done`
  = until then it stays as it was, at level `high`",
    );
}

#[test]
fn an_action_is_late_from_the_day_after() {
    check(
        "overdue-treatment",
        "risks:
  R-1:
    plan:
      - { action: a, due: 2026-06-30 }
      - { action: b, due: 2026-06-29 } # error
      - { action: c, due: 2026-06-29, done: 2026-06-30 }
      - { action: d, due: 2026-06-29, done: soon }
      - { action: e, due: 2026-06-29, done: } # error
      - { action: f, due: soon }
      - { action: g }
      - just text
      - { due: 2026-01-01 } # error",
    );
}

#[test]
fn a_late_action_names_who_does_it_and_who_answers_for_it() {
    let risk = "
risks:
  R-12:
    owner: head-of-it
    controls: [A.8.8]
    plan: [{ action: \"Replace   the terminals that cannot be updated, in every shop of every country\", by: clerk, due: 2026-06-29 }]";
    let said = "
2026-06-29 | \"Replace the terminals that cannot be updated, in every shop…\", for risk `R-12`, was due on 2026-06-29, 1 day ago
  clerk | `clerk` (Dana Roy) does it
  head-of-it | `head-of-it` (Chen Li) answers for it
  = if it is finished, say since when: `done: …`; if not, agree on a new date and have the plan approved";
    check_said("overdue-treatment", &register(risk), said);
    let line = format!("{said}\n  = escalate to `cfo` (Bo Lind), who stands behind it");
    check_said("overdue-treatment", &executive_led(risk), &line);
    let sponsor = format!("{said}\n  = escalate to `ceo` (Ada Moreau), who stands behind it");
    check_said(
        "overdue-treatment",
        &executive_led(&format!("controls: {{ A.8.8: {{ sponsor: ceo }} }}{risk}")),
        &sponsor,
    );
}

#[test]
fn an_action_that_is_written_wrong_is_for_the_schema() {
    check(
        "unassigned-treatment-action",
        "risks:
  R-1:
    plan:
      - { action: a, by: [chen], due: soon }
      - { action: b, by: ~, due: 2026-12-31 } # error
      - just text
      - { action: c, by: chen, done: soon }
      - {} # error
  R-2: { plan: [{ action: a }], closed: 2026-06-30 }
  R-3: { plan: text }",
    );
}

#[test]
fn an_unassigned_action_asks_the_owner() {
    check_said(
        "unassigned-treatment-action",
        &register("risks: { R-12: { owner: head-of-it, plan: [{ action: Replace terminals }, { by: chen }] } }"),
        "
Replace terminals | \"Replace terminals\", for risk `R-12`, has nobody to do it, and no date
  = settle with `head-of-it` (Chen Li) who does it, and by when: `by` and `due`
{ by: chen } | an action, for risk `R-12`, has no date
  = settle with `head-of-it` (Chen Li) by when it is done: `due`",
    );
}
