//! Who may decide what, on which day, from manifests.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;
use std::sync::Arc;

use deed_model::authority::{ChainEnd, Entitlement, Holder, Power, Via};
use deed_model::{Date, Decision, Layer, Manifest, Register, Section, Workspace, parse_date};
use deed_syntax::Format;

const CRITERIA: &str = "risk_criteria: { levels: { critical: 17, low: 1, high: 10, medium: 5 } }\n";
const PEOPLE: &str =
    "people: { ada: {}, ben: {}, chen: {}, dana: {}, it-ops: { kind: team }, bot: { kind: service } }\n";

fn workspace(text: &str) -> Workspace {
    let criteria = if text.contains("risk_criteria:") { "" } else { CRITERIA };
    let people = if text.contains("people:") { "" } else { PEOPLE };
    let parse = Arc::new(deed_syntax::parse(format!("{criteria}{people}{text}"), Format::Yaml));
    assert!(parse.errors().is_empty(), "{:?}", parse.errors());
    Workspace::new(vec![Manifest { path: "deed.yaml".to_owned(), parse }])
}

fn day(text: &str) -> Date {
    parse_date(text).unwrap()
}

/// What a person carries on a day, each hat with how it is worn and the highest level of risk, as in
/// "head-of-it: medium, ceo by D-1: high".
fn worn(register: &Register, person: &str, on: &str) -> String {
    let mut all = Vec::new();
    for hat in register.hats(person, day(on)) {
        let via = match hat.via {
            Via::Holder => String::new(),
            Via::Acting => " acting".to_owned(),
            Via::Delegation(delegation) => format!(" by {}", delegation.head.id),
        };
        let levels = register.risk_criteria().map_or(0, |criteria| criteria.levels.len());
        let limit = (0..levels).rev().find(|rank| register.carries(&hat, Power::AcceptRisk(*rank), day(on)));
        let limit = limit.map_or("-", |rank| register.risk_criteria().unwrap().level_name(rank));
        all.push(format!("{}{via}: {limit}", hat.role.head.id));
    }
    all.join(", ")
}

#[track_caller]
fn check(text: &str, expected: &[(&str, &str, &str)]) {
    let workspace = workspace(text);
    for (person, on, hats) in expected {
        assert_eq!(worn(workspace.register(), person, on), *hats, "{person} on {on}");
    }
}

/// The one acceptance of risk `R`.
fn acceptance(register: &Register) -> &Decision {
    &register.risks.get("R").unwrap().accepted[0]
}

#[test]
fn a_role_accepts_up_to_its_level_in_the_order_of_the_scores() {
    check(
        "roles:
  ceo: { held_by: ada, authority: { accept_risk: critical } }
  head-of-it: { held_by: chen, authority: { accept_risk: medium } }
  clerk: { held_by: dana, authority: { approve: [policies] } }",
        &[
            ("ada", "2026-03-01", "ceo: critical"),
            ("chen", "2026-03-01", "head-of-it: medium"),
            ("dana", "2026-03-01", "clerk: -"),
        ],
    );
    let workspace = workspace("roles: { head-of-it: { held_by: chen, authority: { accept_risk: high } } }");
    let register = workspace.register();
    let role = register.roles.get("head-of-it").unwrap();
    let carried = (0..4).map(|rank| register.role_carries(role, Power::AcceptRisk(rank), day("2026-03-01")));
    assert_eq!(carried.collect::<Vec<_>>(), [true, true, true, false], "low, medium, high, not critical");
}

#[test]
fn an_unknown_level_or_none_at_all_carries_nothing() {
    check(
        "roles: { ceo: { held_by: ada, authority: { accept_risk: severe } }, coo: { held_by: ben, authority: {} } }",
        &[("ada", "2026-03-01", "ceo: -"), ("ben", "2026-03-01", "coo: -")],
    );
    check(
        "risk_criteria: {}\nroles: { ceo: { held_by: ada, authority: { accept_risk: low } } }",
        &[("ada", "2026-03-01", "ceo: -")],
    );
}

#[test]
fn approve_and_grant_name_a_section_or_one_subject() {
    let workspace = workspace(
        "roles:
  ceo: { held_by: ada, authority: { approve: [policies, isms], grant: [exceptions] } }
  cto: { held_by: ben, authority: { approve: [policies.access-control], grant: [exceptions.X-1] } }",
    );
    let register = workspace.register();
    let may = |role: &str, power: Power<'_>| {
        register.role_carries(register.roles.get(role).unwrap(), power, day("2026-03-01"))
    };
    let (access, crypto) =
        (Power::Approve(Section::Policies, "access-control"), Power::Approve(Section::Policies, "crypto"));
    assert_eq!(
        [may("ceo", access), may("ceo", crypto), may("cto", access), may("cto", crypto)],
        [true, true, true, false]
    );
    let (one, two) = (Power::Grant(Section::Exceptions, "X-1"), Power::Grant(Section::Exceptions, "X-2"));
    assert_eq!([may("ceo", one), may("ceo", two), may("cto", one), may("cto", two)], [true, true, true, false]);
    assert!(may("ceo", Power::Approve(Section::Isms, "")) && !may("cto", Power::Approve(Section::Isms, "")));
    assert!(!may("ceo", Power::Grant(Section::Delegations, "D-1")), "exceptions only");
}

#[test]
fn a_delegation_lends_what_it_names_on_its_days() {
    check(
        "roles:
  ceo: { held_by: ada, authority: { accept_risk: critical } }
  head-of-it: { held_by: chen, authority: { accept_risk: low } }
delegations:
  D-1: { from: ceo, to: head-of-it, authority: { accept_risk: high }, granted: { by: ada, date: 2026-02-01, until: 2026-12-31 } }",
        &[
            ("chen", "2026-01-31", "head-of-it: low"),
            ("chen", "2026-02-01", "head-of-it: high, ceo by D-1: high"),
            ("chen", "2026-12-31", "head-of-it: high, ceo by D-1: high"),
            ("chen", "2027-01-01", "head-of-it: low"),
            ("ada", "2026-02-01", "ceo: critical"),
        ],
    );
}

#[test]
fn a_delegation_without_an_end_stays_and_one_nobody_granted_lends_nothing() {
    check(
        "roles:
  ceo: { held_by: ada, authority: { accept_risk: critical } }
delegations:
  D-1: { from: ceo, to: chen, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01 } }
  D-2: { from: ceo, to: chen, authority: { accept_risk: high } }",
        &[("chen", "2026-01-31", ""), ("chen", "2036-01-01", "ceo by D-1: low")],
    );
}

#[test]
fn one_of_several_grants_in_force_is_enough() {
    check(
        "roles: { ceo: { held_by: ada, authority: { accept_risk: critical } } }
delegations:
  D-1:
    from: ceo
    to: chen
    authority: { accept_risk: low }
    granted: [{ by: ada, date: 2026-02-01, until: 2026-03-31 }, { by: ada, date: 2026-04-15, until: 2026-05-31 }]",
        &[
            ("chen", "2026-03-31", "ceo by D-1: low"),
            ("chen", "2026-04-01", ""),
            ("chen", "2026-04-15", "ceo by D-1: low"),
        ],
    );
}

#[test]
fn nobody_passes_on_more_than_they_have() {
    check(
        "roles:
  ceo: { held_by: ada, authority: { accept_risk: medium } }
  clerk: { held_by: ben }
delegations:
  D-1: { from: ceo, to: chen, authority: { accept_risk: critical }, granted: { by: ada, date: 2026-02-01 } }
  D-2: { from: clerk, to: dana, authority: { accept_risk: low }, granted: { by: ben, date: 2026-02-01 } }",
        // What a delegation names beyond the giver's limit is void, and so is the rest only where there is nothing.
        &[("chen", "2026-03-01", "ceo by D-1: medium"), ("dana", "2026-03-01", "clerk by D-2: -")],
    );
}

#[test]
fn a_delegation_of_one_power_lends_no_other() {
    let workspace = workspace(
        "roles: { ceo: { held_by: ada, authority: { accept_risk: high, approve: [policies], grant: [exceptions] } } }
delegations: { D-1: { from: ceo, to: chen, authority: { approve: [policies.crypto] }, granted: { by: ada, date: 2026-02-01 } } }",
    );
    let register = workspace.register();
    let hats = register.hats("chen", day("2026-03-01"));
    let may = |power| register.carries(&hats[0], power, day("2026-03-01"));
    assert_eq!(hats.len(), 1);
    assert!(may(Power::Approve(Section::Policies, "crypto")) && !may(Power::Approve(Section::Policies, "access")));
    assert!(!may(Power::AcceptRisk(0)) && !may(Power::Grant(Section::Exceptions, "X-1")));
}

#[test]
fn a_person_passes_on_what_their_roles_carry_while_they_hold_them() {
    check(
        "people: { ada: { left: 2026-06-30 }, chen: {}, dana: {} }
roles:
  ceo: { held_by: ada, authority: { accept_risk: high } }
  chair: { held_by: ada, authority: { approve: [isms] } }
delegations:
  D-1: { from: ada, to: chen, authority: { accept_risk: medium }, granted: { by: ada, date: 2026-02-01 } }
  D-2: { from: ceo, to: dana, authority: { accept_risk: medium }, granted: { by: ada, date: 2026-02-01 } }",
        &[
            ("chen", "2026-06-30", "ceo by D-1: medium, chair by D-1: -"),
            ("chen", "2026-07-01", ""),
            // A role's own delegation outlives its holder.
            ("dana", "2026-07-01", "ceo by D-2: medium"),
        ],
    );
}

#[test]
fn powers_pass_through_chains_of_roles_and_people() {
    check(
        "roles:
  ceo: { held_by: ada, authority: { accept_risk: critical } }
  coo: { held_by: ben }
delegations:
  D-1: { from: ceo, to: coo, authority: { accept_risk: high }, granted: { by: ada, date: 2026-02-01, until: 2026-06-30 } }
  D-2: { from: coo, to: chen, authority: { accept_risk: critical }, granted: { by: ben, date: 2026-03-01 } }
  D-3: { from: chen, to: dana, authority: { accept_risk: medium }, granted: { by: chen, date: 2026-04-01 } }",
        &[
            ("ben", "2026-02-01", "coo: high, ceo by D-1: high"),
            // The weakest link of the chain counts.
            ("chen", "2026-03-01", "coo by D-2: high"),
            ("dana", "2026-04-01", "coo by D-3: medium"),
            // With the first link gone, nothing is left to pass on.
            ("dana", "2026-07-01", "coo by D-3: -"),
        ],
    );
}

#[test]
fn a_circle_of_delegations_lends_nothing() {
    check(
        "roles: { cto: { held_by: ben }, cfo: { held_by: chen } }
delegations:
  D-1: { from: cto, to: cfo, authority: { accept_risk: high }, granted: { by: ben, date: 2026-02-01 } }
  D-2: { from: cfo, to: cto, authority: { accept_risk: high }, granted: { by: chen, date: 2026-02-01 } }
  D-3: { from: dana, to: dana, authority: { accept_risk: high }, granted: { by: dana, date: 2026-02-01 } }
  D-4: { from: cto, to: cto, authority: { accept_risk: high }, granted: { by: ben, date: 2026-02-01 } }",
        &[
            ("ben", "2026-03-01", "cto: -, cfo by D-2: -, cto by D-4: -"),
            ("chen", "2026-03-01", "cfo: -, cto by D-1: -"),
            ("dana", "2026-03-01", ""),
        ],
    );
    check(
        // The circle hangs on a role with authority: that much goes round, and no more.
        "roles: { ceo: { held_by: ada, authority: { accept_risk: low } }, cto: { held_by: ben }, cfo: { held_by: chen } }
delegations:
  D-1: { from: cto, to: cfo, authority: { accept_risk: high }, granted: { by: ben, date: 2026-02-01 } }
  D-2: { from: cfo, to: cto, authority: { accept_risk: high }, granted: { by: chen, date: 2026-02-01 } }
  D-3: { from: ceo, to: cfo, authority: { accept_risk: critical }, granted: { by: ada, date: 2026-02-01 } }",
        &[
            ("ben", "2026-03-01", "cto: low, cfo by D-2: low"),
            ("chen", "2026-03-01", "cfo: low, cto by D-1: low, ceo by D-3: low"),
        ],
    );
}

#[test]
fn a_chain_of_ten_thousand_delegations_is_followed_to_its_end() {
    let mut text = "roles: { ceo: { held_by: ada, authority: { accept_risk: low } } }\ndelegations:\n".to_owned();
    let mut people = String::from("people:\n  ada: {}\n");
    for n in 0..10_000 {
        let from = if n == 0 { "ceo".to_owned() } else { format!("p{}", n - 1) };
        writeln!(people, "  p{n}: {{}}").unwrap();
        let to = format!("to: p{n}, authority: {{ accept_risk: low }}, granted: {{ by: ada, date: 2026-01-01 }}");
        writeln!(text, "  D-{n}: {{ from: {from}, {to} }}").unwrap();
    }
    check(&(people + &text), &[("p9999", "2026-03-01", "ceo by D-9999: low")]);
}

#[test]
fn a_role_of_the_same_name_is_meant_before_a_person() {
    check(
        "people: { ada: {}, ciso: {} }
roles: { ciso: { held_by: ada, authority: { accept_risk: low } }, ceo: { held_by: ada, authority: { accept_risk: high } } }
delegations: { D-1: { from: ceo, to: ciso, authority: { accept_risk: medium }, granted: { by: ada, date: 2026-02-01 } } }",
        &[("ciso", "2026-03-01", ""), ("ada", "2026-03-01", "ciso: medium, ceo: high, ceo by D-1: medium")],
    );
}

#[test]
fn names_that_lead_nowhere_lend_nothing() {
    check(
        "roles: { ceo: { held_by: ada, authority: { accept_risk: high } } }
delegations:
  D-1: { from: ceo, to: nobody, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01 } }
  D-2: { from: nobody, to: chen, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01 } }
  D-3: { to: chen, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01 } }
  D-4: { from: ceo, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01 } }",
        &[("chen", "2026-03-01", ""), ("nobody", "2026-03-01", ""), ("ada", "2026-03-01", "ceo: high")],
    );
}

#[test]
fn teams_and_services_decide_nothing() {
    check(
        "roles: { ceo: { held_by: ada, authority: { accept_risk: high } }, ops: { held_by: it-ops, authority: { accept_risk: low } } }
delegations:
  D-1: { from: ceo, to: it-ops, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01 } }
  D-2: { from: ceo, to: ops, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01 } }
  D-3: { from: ceo, to: bot, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01 } }
  D-4: { from: it-ops, to: chen, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01 } }",
        &[("it-ops", "2026-03-01", ""), ("bot", "2026-03-01", ""), ("chen", "2026-03-01", "")],
    );
}

#[test]
fn joined_and_left_are_the_first_and_the_last_day() {
    check(
        "people: { ada: { joined: 2026-02-01, left: 2026-06-30 }, chen: { left: 2026-03-31 } }
roles: { ceo: { held_by: ada, authority: { accept_risk: high } } }
delegations: { D-1: { from: ceo, to: chen, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01 } } }",
        &[
            ("ada", "2026-01-31", ""),
            ("ada", "2026-02-01", "ceo: high"),
            ("ada", "2026-06-30", "ceo: high"),
            ("ada", "2026-07-01", ""),
            ("chen", "2026-03-31", "ceo by D-1: low"),
            ("chen", "2026-04-01", ""),
        ],
    );
}

#[test]
fn an_acting_holder_carries_the_role_up_to_the_last_day() {
    let text = "roles: { head-of-it: { held_by: chen, acting_until: 2026-06-30, authority: { accept_risk: medium } } }";
    check(text, &[("chen", "2026-06-30", "head-of-it acting: medium"), ("chen", "2026-07-01", "")]);
    let workspace = workspace(text);
    let register = workspace.register();
    let role = register.roles.get("head-of-it").unwrap();
    assert!(matches!(register.holder(role, day("2026-06-30")), Holder::Held(chen) if chen.head.id == "chen"));
    assert!(matches!(register.holder(role, day("2026-07-01")), Holder::ActingOver(chen) if chen.head.id == "chen"));
}

#[test]
fn deputies_and_those_who_share_a_role_carry_nothing() {
    check(
        "roles:
  ceo: { held_by: ada, deputy: ben, authority: { accept_risk: high } }
  cto: { held_by: [chen, dana], authority: { accept_risk: high } }",
        &[("ben", "2026-03-01", ""), ("chen", "2026-03-01", ""), ("dana", "2026-03-01", "")],
    );
}

#[test]
fn every_state_of_a_holder_is_told_apart() {
    let workspace = workspace(
        "people: { ada: {}, ben: { left: 2026-01-31 }, cleo: { joined: 2026-05-01 }, it-ops: { kind: team } }
roles:
  held: { held_by: ada }
  nobody: { title: Vacant }
  null: { held_by: }
  several: { held_by: [ada, ben] }
  unknown: { held_by: zoe }
  gone: { held_by: ben }
  early: { held_by: cleo }
  team: { held_by: it-ops }
  over: { held_by: ada, acting_until: 2026-02-28 }",
    );
    let register = workspace.register();
    let found = register.roles.iter().map(|role| match register.holder(role, day("2026-03-01")) {
        Holder::Held(person) => format!("held {}", person.head.id),
        Holder::Nobody => "nobody".to_owned(),
        Holder::Several => "several".to_owned(),
        Holder::Unknown => "unknown".to_owned(),
        Holder::Inactive(person) => format!("inactive {}", person.head.id),
        Holder::Impersonal(person) => format!("impersonal {}", person.head.id),
        Holder::ActingOver(person) => format!("over {}", person.head.id),
    });
    let expected = [
        "held ada",
        "nobody",
        "nobody",
        "several",
        "unknown",
        "inactive ben",
        "inactive cleo",
        "impersonal it-ops",
        "over ada",
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn a_decision_counts_under_the_role_it_names() {
    let accepted = |decision: &str| {
        let workspace = workspace(&format!(
            "roles:
  ceo: {{ layer: executive, held_by: ada, authority: {{ accept_risk: critical }} }}
  chair: {{ layer: isms, held_by: ada }}
  head-of-it: {{ layer: owner, held_by: chen, authority: {{ accept_risk: low }} }}
delegations: {{ D-1: {{ from: ceo, to: head-of-it, authority: {{ accept_risk: high }}, granted: {{ by: ada, date: 2026-02-01 }} }} }}
risks: {{ R: {{ accepted: {{ {decision} }} }} }}"
        ));
        let register = workspace.register();
        let decision = acceptance(register);
        let limit = register.acceptance_limit(decision);
        let layers = [Layer::Executive, Layer::Isms, Layer::Owner];
        let layers = layers.into_iter().filter(|layer| register.hat_in(decision, *layer).is_some()).map(Layer::name);
        (limit, layers.collect::<Vec<_>>().join(" "))
    };
    let found = |limit, layers: &str| (limit, layers.to_owned());
    assert_eq!(accepted("by: ada, date: 2026-03-01"), found(Some(3), "executive isms"));
    assert_eq!(accepted("by: ada, date: 2026-03-01, as: chair"), found(None, "isms"));
    assert_eq!(accepted("by: ada, date: 2026-03-01, as: head-of-it"), found(None, ""), "a role she does not hold");
    assert_eq!(accepted("by: ada, date: 2026-03-01, as: nothing"), found(None, ""));
    // What is delegated to a role is part of deciding in it; of the role it comes from only what the delegation names.
    assert_eq!(accepted("by: chen, date: 2026-03-01"), found(Some(2), "executive owner"));
    assert_eq!(accepted("by: chen, date: 2026-03-01, as: head-of-it"), found(Some(2), "executive owner"));
    assert_eq!(accepted("by: chen, date: 2026-03-01, as: ceo"), found(Some(2), "executive"));
    assert_eq!(accepted("by: chen, date: 2026-01-31"), found(Some(0), "owner"), "before the delegation");
    assert_eq!(accepted("date: 2026-03-01"), found(None, ""));
    assert_eq!(accepted("by: ada"), found(None, ""));
    assert_eq!(accepted("by: zoe, date: 2026-03-01"), found(None, ""));
}

#[test]
fn the_holder_of_an_owner_field_is_whoever_stands_for_it_on_the_day() {
    let by = |owner: &str, decision: &str| {
        let workspace = workspace(&format!(
            "people: {{ ada: {{}}, ben: {{ left: 2026-05-31 }}, chen: {{}}, dana: {{}} }}
roles:
  head-of-it: {{ held_by: chen, deputy: ben }}
  it-lead: {{ held_by: dana }}
delegations:
  D-1: {{ from: head-of-it, to: it-lead, granted: {{ by: chen, date: 2026-02-01, until: 2026-02-28 }} }}
  D-2: {{ from: ben, to: it-lead, granted: {{ by: ben, date: 2026-04-01 }} }}
risks: {{ R: {{ accepted: {{ {decision} }} }} }}"
        ));
        let register = workspace.register();
        register.is_by_holder(acceptance(register), owner)
    };
    assert!(by("head-of-it", "by: chen, date: 2026-03-01"));
    assert!(!by("head-of-it", "by: ben, date: 2026-03-01"), "a deputy");
    assert!(!by("head-of-it", "by: chen, date: 2026-03-01, as: it-lead"));
    assert!(by("head-of-it", "by: dana, date: 2026-02-28") && !by("head-of-it", "by: dana, date: 2026-03-01"));
    assert!(by("ben", "by: ben, date: 2026-05-31") && !by("ben", "by: ben, date: 2026-06-01"), "the last day");
    assert!(
        by("ben", "by: dana, date: 2026-04-01") && !by("ben", "by: dana, date: 2026-03-31"),
        "delegated by a person"
    );
    assert!(by("ben", "by: dana, date: 2026-04-01, as: it-lead") && !by("ben", "by: dana, date: 2026-06-01"));
    assert!(!by("chen", "by: dana, date: 2026-02-01"), "the role's delegation, not the person's");
    assert!(!by("nobody", "by: chen, date: 2026-03-01"));
    assert!(!by("chen", "by: chen"));
}

#[test]
fn accountability_stays_where_it_is() {
    let workspace = workspace(
        "roles: { ceo: { held_by: ada }, ops: { held_by: it-ops } }
delegations: { D-1: { from: ceo, to: chen, authority: {}, granted: { by: ada, date: 2026-02-01 } } }",
    );
    let register = workspace.register();
    let accountable = |owner| register.accountable(owner, day("2026-03-01")).map(|person| person.head.id.as_str());
    assert_eq!(accountable("ceo"), Some("ada"));
    assert_eq!(accountable("chen"), Some("chen"));
    assert_eq!([accountable("ops"), accountable("it-ops"), accountable("nobody")], [None; 3]);
}

#[test]
fn who_may_names_the_holders_of_roles_with_the_power() {
    let workspace = workspace(
        "roles:
  ceo: { held_by: ada, authority: { accept_risk: critical } }
  cfo: { authority: { accept_risk: critical } }
  cto: { held_by: ben }
  head-of-it: { held_by: chen, authority: { accept_risk: medium } }
delegations: { D-1: { from: ceo, to: cto, authority: { accept_risk: high }, granted: { by: ada, date: 2026-02-01 } } }",
    );
    let register = workspace.register();
    let who = |rank, on| {
        let all = register.who_may(Power::AcceptRisk(rank), day(on)).into_iter();
        all.map(|(role, person)| format!("{} {}", role.head.id, person.head.id)).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(who(2, "2026-03-01"), "ceo ada, cto ben");
    assert_eq!(who(2, "2026-01-31"), "ceo ada");
    assert_eq!(who(0, "2026-01-31"), "ceo ada, head-of-it chen");
    assert_eq!(who(9, "2026-03-01"), "");
}

#[test]
fn a_reporting_line_ends_at_the_top_in_the_unknown_or_in_a_circle() {
    let workspace = workspace(
        "roles:
  ceo: {}
  cto: { reports_to: ceo }
  head-of-it: { reports_to: cto }
  lost: { reports_to: nobody }
  a: { reports_to: b }
  b: { reports_to: c }
  c: { reports_to: b }
  self: { reports_to: self }",
    );
    let register = workspace.register();
    let line = |role| {
        let chain = register.reporting_line(register.roles.get(role).unwrap());
        (chain.above.iter().map(|role| role.head.id.as_str()).collect::<Vec<_>>().join(" "), chain.end)
    };
    assert_eq!(line("ceo"), (String::new(), ChainEnd::Top));
    assert_eq!(line("head-of-it"), ("cto ceo".to_owned(), ChainEnd::Top));
    assert_eq!(line("lost"), (String::new(), ChainEnd::Unknown));
    assert_eq!(line("a"), ("b c".to_owned(), ChainEnd::Circle));
    assert_eq!(line("self"), (String::new(), ChainEnd::Circle));
}

/// Whether the deciders of all decisions of a register could decide, as in "risks.R accepted by ben: had asked for it".
fn entitled(text: &str) -> Vec<String> {
    let workspace = workspace(text);
    let register = workspace.register();
    let mut said = Vec::new();
    for (head, decision) in register.decisions() {
        let what = format!(
            "{} {} by {}",
            head.section.address(&head.id),
            decision.verb.key(),
            decision.by.as_ref().unwrap().value
        );
        match register.entitlement(register, head.section, &head.id, decision) {
            Entitlement::Given => {}
            Entitlement::Lacking(why) => said.push(format!("{what}: {why}")),
            Entitlement::Unknown => said.push(format!("{what}: unknown")),
        }
    }
    said
}

const BOARD: &str = "
roles:
  ceo: { layer: executive, held_by: ada, authority: { accept_risk: critical, approve: [policies], grant: [exceptions] } }
  isms-manager: { layer: isms, held_by: ben, authority: { accept_risk: medium } }
  head-of-it: { layer: owner, held_by: chen, authority: { accept_risk: medium, grant: [exceptions] } }
";

#[test]
fn whoever_asks_and_whoever_is_a_custodian_accepts_nothing() {
    let risk = |fields: &str| {
        format!(
            "{BOARD}risks: {{ R: {{ residual: {{ likelihood: 2, impact: 3 }}, {fields}, date: 2026-03-01 }} }} }}\n"
        )
    };
    assert_eq!(entitled(&risk("requested_by: ben, accepted: { by: chen")), Vec::<String>::new());
    assert_eq!(
        entitled(&risk("requested_by: head-of-it, accepted: { by: chen")),
        ["risks.R accepted by chen: had asked for it"]
    );
    let custodian = ["risks.R accepted by ben: was a custodian of the ISMS"];
    assert_eq!(entitled(&risk("accepted: { by: ben")), custodian);
    let lent = "delegations:
  D-1: { from: ceo, to: ben, authority: { accept_risk: high }, granted: { by: ada, date: 2026-01-01, until: 2026-12-31 } }
";
    assert_eq!(entitled(&(risk("accepted: { by: ben") + lent)), custodian);
    assert_eq!(entitled(&(risk("accepted: { as: ceo, by: ben") + lent)), custodian);
}

#[test]
fn a_delegation_lends_what_it_names_and_makes_nobody_top_management() {
    let text = format!(
        "isms: {{ model: executive-led, policy: security, adopted: {{ by: chen, date: 2026-03-01 }} }}
{BOARD}delegations:
  D-1: {{ from: ceo, to: chen, authority: {{ grant: [exceptions] }}, granted: {{ by: ada, date: 2026-01-01 }} }}
  D-2: {{ from: ceo, to: dana, authority: {{ accept_risk: high }}, granted: {{ by: dana, date: 2026-02-01 }} }}
policies: {{ security: {{ approved: {{ by: chen, date: 2026-03-01 }} }} }}
exceptions:
  X-1: {{ requested_by: dana, granted: {{ by: chen, date: 2026-03-01 }} }}
  X-2: {{ requested_by: chen, granted: {{ by: chen, date: 2026-03-01 }} }}
  X-3: {{ requested_by: dana, granted: {{ by: chen, as: head-of-it, date: 2025-12-01 }} }}
reviews: {{ MR: {{ kind: management-review, chair: head-of-it, held: {{ by: chen, date: 2025-12-01 }} }} }}
"
    );
    assert_eq!(
        entitled(&text),
        [
            "isms adopted by chen: held no role that may adopt the ownership model",
            "policies.security approved by chen: held no role that may approve the information security policy",
            "exceptions.X-2 granted by chen: had asked for it",
            "exceptions.X-3 granted by chen: held no role that may grant exceptions",
            "delegations.D-2 granted by dana: held no role that may grant this delegation",
            "reviews.MR held by chen: held no role that may hold a management review",
        ]
    );
}
