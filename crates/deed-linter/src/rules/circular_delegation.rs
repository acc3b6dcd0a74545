//! Rule `circular-delegation`.

use std::collections::{BTreeMap, HashMap, HashSet};

use deed_model::{Authority, Date, Delegation, Register, Role};

use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "circular-delegation",
    group: Group::Organization,
    source: "ISO/IEC 27001:2022 A.5.2",
    severity: ByModel::all(Setting::ERROR),
    summary: "authority is delegated in a circle, or passed on too often",
    options: &[RuleOption {
        name: "max_depth",
        summary: "how often authority may be passed on, counted from whoever has it by their own role",
        default: Default::Number(ByModel::all(2).federated(3).executive_led(1)),
        weaker: Weaker::More,
    }],
    docs: include_str!("circular_delegation.md"),
    check: Check::Register(check),
};

/// A delegation with its two ends: the people they come down to, else the ids.
struct Link<'r> {
    delegation: &'r Delegation,
    from: &'r str,
    to: &'r str,
}

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let links: Vec<_> =
        register.delegations.iter().filter_map(|delegation| link(register, delegation, ctx.today)).collect();
    // Each power is passed on by itself: covering for one another in different matters is no circle.
    let mut powers: BTreeMap<&str, Vec<&Link<'_>>> = BTreeMap::new();
    for link in &links {
        powers_of(link).for_each(|power| powers.entry(power).or_default().push(link));
    }
    let mut reported: HashSet<&str> = HashSet::new();
    let powers: Vec<(&str, Vec<&Link<'_>>)> = powers.keys().map(|power| (*power, passing(&powers, power))).collect();
    for (_, links) in &powers {
        for circle in circles(links) {
            if circle.last().is_some_and(|link| reported.insert(&link.delegation.head.id)) {
                report_circle(ctx, &circle);
            }
        }
    }
    let most = ctx.number("max_depth");
    for (power, links) in &powers {
        for chain in chains(register, power, links, most, ctx.today) {
            if chain.last().is_some_and(|link| reported.insert(&link.delegation.head.id)) {
                report_depth(ctx, &chain, most);
            }
        }
    }
}

/// A delegation that is in force, or that nobody has granted yet; one whose time is over or still to come links nothing.
fn link<'r>(register: &'r Register, delegation: &'r Delegation, today: Date) -> Option<Link<'r>> {
    let (from, to) = (delegation.from.as_ref()?, delegation.to.as_ref()?);
    register.party(from).and(register.party(to))?;
    if !delegation.granted.is_empty() && !delegation.in_force(today) {
        return None;
    }
    let person = |id: &'r str| register.accountable(id, today).map_or(id, |person| &person.head.id);
    // Between two roles of one person nothing is passed on.
    (person(from) != person(to) || from.value == to.value).then(|| Link {
        delegation,
        from: person(from),
        to: person(to),
    })
}

/// What a delegation passes on: `accept_risk`, and the entries of `approve` and `grant`.
fn powers_of<'r>(link: &Link<'r>) -> impl Iterator<Item = &'r str> {
    let authority = link.delegation.authority.as_ref();
    let risk = authority.is_some_and(|authority| authority.accept_risk.is_some()).then_some("accept_risk");
    let entries = authority.into_iter().flat_map(|authority| authority.approve.iter().chain(&authority.grant));
    risk.into_iter().chain(entries.map(|entry| entry.as_str()))
}

/// The delegations that pass a power on, by itself or with the whole section: `policies` includes `policies.backup`.
fn passing<'l, 'r>(powers: &BTreeMap<&str, Vec<&'l Link<'r>>>, power: &str) -> Vec<&'l Link<'r>> {
    let section = power.split_once('.').and_then(|(section, _)| powers.get(section));
    let mut links: Vec<_> = powers[power].iter().chain(section.into_iter().flatten()).copied().collect();
    links.sort_by_key(|link| place(link));
    links
}

fn place(link: &Link<'_>) -> (u32, u32) {
    let key = link.delegation.head.key;
    (key.file.0, key.range.start().into())
}

/// The circles among some links. Each ends with the link that closes it, and no two end with the same.
fn circles<'l, 'r>(links: &[&'l Link<'r>]) -> Vec<Vec<&'l Link<'r>>> {
    let mut circles = Vec::new();
    let onward = by_source(links);
    let mut done: HashSet<&str> = HashSet::new();
    for start in links {
        // A walk into the depth: who is on it at which step, the links taken, and at each step those not yet tried.
        let mut steps: HashMap<&str, usize> = HashMap::from([(start.from, 0)]);
        let mut path: Vec<&Link<'_>> = Vec::new();
        let mut untried = vec![(start.from, onward[start.from].as_slice())];
        if done.contains(start.from) {
            continue;
        }
        while let Some((at, rest)) = untried.last_mut() {
            let Some((link, others)) = rest.split_first() else {
                done.insert(at);
                steps.remove(at);
                untried.pop();
                path.pop();
                continue;
            };
            *rest = others;
            if let Some(step) = steps.get(link.to) {
                circles.push(path[*step..].iter().copied().chain([*link]).collect());
            } else if !done.contains(link.to) {
                steps.insert(link.to, untried.len());
                path.push(link);
                untried.push((link.to, onward.get(link.to).map_or(&[], Vec::as_slice)));
            }
        }
    }
    circles
}

fn by_source<'l, 'r>(links: &[&'l Link<'r>]) -> HashMap<&'r str, Vec<&'l Link<'r>>> {
    let mut by_source: HashMap<&str, Vec<&Link<'_>>> = HashMap::new();
    for link in links {
        by_source.entry(link.from).or_default().push(link);
    }
    by_source
}

/// The chains that pass a power on once more than allowed; where several ways lead to somebody, the shortest counts.
fn chains<'l, 'r>(
    register: &Register,
    power: &str,
    links: &[&'l Link<'r>],
    most: u32,
    today: Date,
) -> Vec<Vec<&'l Link<'r>>> {
    let onward = by_source(links);
    let received: HashSet<&str> = links.iter().map(|link| link.to).collect();
    let is_first = |link: &Link<'_>| !received.contains(link.from) || has_by_role(register, link, power, today);
    let mut reached: HashSet<&str> = HashSet::new();
    let first = links.iter().filter(|link| is_first(link)).copied();
    let mut chains: Vec<Vec<&Link<'_>>> =
        first.filter(|link| reached.insert(&link.delegation.head.id)).map(|link| vec![link]).collect();
    for _ in 0..most {
        let mut longer = Vec::new();
        for chain in &chains {
            for link in chain.last().and_then(|link| onward.get(link.to)).into_iter().flatten() {
                if reached.insert(&link.delegation.head.id) {
                    longer.push([chain.as_slice(), &[*link]].concat());
                }
            }
        }
        chains = longer;
        if chains.is_empty() {
            break;
        }
    }
    chains
}

/// Whether the one who passes a power on has it by a role of their own.
fn has_by_role(register: &Register, link: &Link<'_>, power: &str, today: Date) -> bool {
    let Some(from) = &link.delegation.from else { return false };
    let lent = link.delegation.authority.as_ref().and_then(|authority| authority.accept_risk.as_ref());
    let has = |authority: &Authority| {
        if power != "accept_risk" {
            let covers =
                |entry: &str| power == entry || power.split_once('.').is_some_and(|(section, _)| section == entry);
            return authority.approve.iter().chain(&authority.grant).any(|entry| covers(entry));
        }
        let rank = |level: &str| register.risk_criteria().and_then(|criteria| criteria.rank(level));
        let (Some(own), Some(lent)) = (&authority.accept_risk, lent) else { return false };
        rank(own).zip(rank(lent)).is_none_or(|(own, lent)| lent <= own)
    };
    let of_role = |role: &Role| role.authority.as_ref().is_some_and(has);
    register.roles_of(from, today).into_iter().any(of_role)
}

fn report_circle(ctx: &mut Context<'_>, circle: &[&Link<'_>]) {
    let Some((last, before)) = circle.split_last() else { return };
    let (Some(from), Some(to)) = (&last.delegation.from, &last.delegation.to) else { return };
    let id = &last.delegation.head.id;
    let message = if before.is_empty() {
        format!("delegation `{id}` passes authority from `{}` to itself", from.value)
    } else {
        format!("delegation `{id}` passes authority back to `{}`, where it came from", to.value)
    };
    let diagnostic = ctx.report(to.span, message);
    label(diagnostic, before);
    diagnostic.help("end one of these delegations: authority that goes round in a circle is nobody's");
}

fn report_depth(ctx: &mut Context<'_>, chain: &[&Link<'_>], most: u32) {
    let (Some(first), Some((last, before))) = (chain.first(), chain.split_last()) else { return };
    let (Some(origin), Some(from), Some(to)) = (&first.delegation.from, &last.delegation.from, &last.delegation.to)
    else {
        return;
    };
    let often = match most {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        most => format!("{most} times"),
    };
    let model = ctx.model().map(|model| format!("under the {} model ", model.name())).unwrap_or_default();
    let diagnostic = ctx.report(
        to.span,
        format!(
            "delegation `{}` passes the authority of `{}` on {}; {model}{often} is the most",
            last.delegation.head.id,
            origin.value,
            nth(chain.len()),
        ),
    );
    label(diagnostic, before);
    diagnostic
        .help(format!("let `{}` delegate to `{}` directly, or leave it with `{}`", origin.value, to.value, from.value));
}

/// Which time it is, in words.
fn nth(count: usize) -> String {
    match count {
        2 => "a second time".to_owned(),
        3 => "a third time".to_owned(),
        count => format!("for the {count}th time"),
    }
}

/// Shows where the authority went before.
fn label(diagnostic: &mut crate::Diagnostic, links: &[&Link<'_>]) {
    for link in links.iter().take(5) {
        if let (Some(from), Some(to)) = (&link.delegation.from, &link.delegation.to) {
            let text = format!("`{}` passes it from `{}` to `{}`", link.delegation.head.id, from.value, to.value);
            diagnostic.label(to.span, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::examine::messages;

    fn found(delegations: &str) -> Vec<String> {
        let roles = "people:
  ada: {}
  ben: {}
  chen: {}
roles:
  ceo: { held_by: ada, authority: { accept_risk: critical, approve: [policies] } }
  cto: { held_by: ada }
  cfo: { held_by: ben }
  coo: { held_by: chen }
  ops: {}
";
        messages("circular-delegation", &format!("{roles}delegations:\n{delegations}"))
    }

    #[test]
    fn covering_for_one_another_in_different_matters_is_no_circle() {
        let found = found(
            "  D-1: { from: ceo, to: cfo, authority: { accept_risk: high } }
  D-2: { from: cfo, to: ceo, authority: { grant: [exceptions] } }
",
        );
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn a_circle_may_run_over_people_and_their_roles() {
        let found = found(
            "  D-1: { from: ceo, to: ben, authority: { approve: [policies] } }
  D-2: { from: cfo, to: chen, authority: { approve: [policies.backup] } }
  D-3: { from: coo, to: cto, authority: { approve: [policies] } }
",
        );
        assert_eq!(found, ["delegation `D-3` passes authority back to `cto`, where it came from"]);
    }

    #[test]
    fn a_role_that_delegates_to_itself_is_a_circle_and_two_roles_of_one_person_are_none() {
        let found = found(
            "  D-1: { from: ceo, to: ceo, authority: { approve: [policies] } }
  D-2: { from: ceo, to: cto, authority: { approve: [policies] } }
",
        );
        assert_eq!(found, ["delegation `D-1` passes authority from `ceo` to itself"]);
    }

    #[test]
    fn what_is_over_or_still_to_come_closes_no_circle() {
        let found = found(
            "  D-1: { from: ceo, to: cfo, authority: { accept_risk: high }, granted: { by: ada, date: 2026-06-01 } }
  D-2: { from: cfo, to: ceo, authority: { accept_risk: high }, granted: { by: ben, date: 2026-01-01, until: 2026-02-01 } }
  D-3: { from: cfo, to: ceo, authority: { accept_risk: high }, granted: { by: ben, date: 2026-12-01 } }
",
        );
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn the_shortest_way_counts_and_own_authority_starts_anew() {
        let chain = "  D-1: { from: ceo, to: cfo, authority: { accept_risk: high } }
  D-2: { from: cfo, to: coo, authority: { accept_risk: high } }
  D-3: { from: coo, to: ops, authority: { accept_risk: high } }
";
        assert_eq!(found(chain), ["delegation `D-3` passes the authority of `ceo` on a third time; twice is the most"]);
        let direct = "  D-4: { from: ceo, to: coo, authority: { accept_risk: high } }\n";
        assert_eq!(found(&format!("{chain}{direct}")), Vec::<String>::new());
    }
}
