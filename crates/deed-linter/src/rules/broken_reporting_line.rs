//! Rule `broken-reporting-line`.

use std::collections::{HashMap, HashSet};

use deed_model::{Layer, Register, Role};

use crate::ownership::{executives, listed, named};
use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "broken-reporting-line",
    group: Group::Organization,
    source: "ISO/IEC 27001:2022 5.3 b); NIST CSF 2.0 GV.RR-02",
    severity: ByModel::all(Setting::WARNING).executive_led(Setting::ERROR),
    summary: "a role of the ISMS does not report to top management, or over too many steps",
    options: &[RuleOption {
        name: "max_hops",
        summary: "how many steps of `reports_to` may lie between a role of the ISMS and an executive",
        default: Default::Number(ByModel::all(3).federated(4).executive_led(1)),
        weaker: Weaker::More,
    }],
    docs: include_str!("broken_reporting_line.md"),
    check: Check::Register(check),
};

/// Where following `reports_to` from a role leads.
#[derive(Clone, Copy)]
enum Line<'r> {
    /// To an executive, in so many steps.
    Executive(u32),
    /// To a role that reports to nobody and is no executive.
    EndsBelow(&'r Role),
    /// Nowhere that is this rule's to report: into a circle, or to a role that nobody defined.
    Nowhere,
}

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let circles = circles(register);
    for circle in &circles {
        report_circle(ctx, circle);
    }
    // Without any executive every line is broken for that one reason: `missing-top-management`.
    if !register.roles.iter().any(|role| role.is_in(Layer::Executive)) {
        return;
    }
    let circling = circles.iter().flatten().map(|role| role.head.id.as_str()).collect();
    let lines = lines(register, &circling);
    let mut ends: Vec<(&Role, Vec<&Role>)> = Vec::new();
    let most = ctx.number("max_hops");
    for role in isms_roles(register) {
        match lines[role.head.id.as_str()] {
            Line::EndsBelow(end) => match ends.iter_mut().find(|(known, _)| known.head.id == end.head.id) {
                Some((_, from)) => from.push(role),
                None => ends.push((end, vec![role])),
            },
            // A step too many higher up is reported there, once.
            Line::Executive(hops) if hops > most && !is_below_another(register, role, &lines, most) => {
                report_distance(ctx, role, hops, most);
            }
            Line::Executive(_) | Line::Nowhere => {}
        }
    }
    for (end, from) in ends {
        if !ctx.is_written(&end.head, "reports_to") {
            report_end(ctx, end, &from);
        }
    }
}

/// The roles of the ISMS: those in layer `isms`, and those that `isms` names.
fn isms_roles(register: &Register) -> impl Iterator<Item = &Role> {
    register.roles.iter().filter(|role| is_of_isms(register, role))
}

fn is_of_isms(register: &Register, role: &Role) -> bool {
    let isms = register.isms().into_iter();
    let mut named = isms.flat_map(|isms| [&isms.manager, &isms.conformity, &isms.reporting]).flatten();
    role.is_in(Layer::Isms) || named.any(|id| **id == role.head.id)
}

/// Whether the next role of the ISMS on the way up is too far from the top as well.
fn is_below_another(register: &Register, role: &Role, lines: &HashMap<&str, Line<'_>>, most: u32) -> bool {
    let mut next = superior(register, role);
    while let Some(role) = next {
        match lines[role.head.id.as_str()] {
            Line::Executive(hops) if hops > most && is_of_isms(register, role) => return true,
            Line::Executive(hops) if hops > most => next = superior(register, role),
            _ => return false,
        }
    }
    false
}

fn superior<'r>(register: &'r Register, role: &Role) -> Option<&'r Role> {
    register.roles.get(role.reports_to.as_ref()?)
}

/// Every circle of roles, from the role in it that is written first.
fn circles(register: &Register) -> Vec<Vec<&Role>> {
    let written: HashMap<&str, usize> =
        register.roles.iter().zip(0..).map(|(role, place)| (role.head.id.as_str(), place)).collect();
    let mut circles = Vec::new();
    let mut done: HashSet<&str> = HashSet::new();
    for start in register.roles.iter() {
        let mut path: Vec<&Role> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut next = Some(start);
        while let Some(role) = next.filter(|role| !done.contains(role.head.id.as_str())) {
            if let Some(place) = places.get(role.head.id.as_str()) {
                let mut circle = path[*place..].to_vec();
                let first = (0..circle.len()).min_by_key(|at| written[circle[*at].head.id.as_str()]);
                circle.rotate_left(first.unwrap_or(0));
                circles.push(circle);
                break;
            }
            places.insert(&role.head.id, path.len());
            path.push(role);
            next = superior(register, role);
        }
        done.extend(path.iter().map(|role| role.head.id.as_str()));
    }
    circles
}

/// Where the line of each role leads.
fn lines<'r>(register: &'r Register, circling: &HashSet<&str>) -> HashMap<&'r str, Line<'r>> {
    let mut lines: HashMap<&str, Line<'_>> = HashMap::new();
    for start in register.roles.iter() {
        let mut path = Vec::new();
        let mut role = start;
        let mut line = loop {
            if let Some(line) = lines.get(role.head.id.as_str()) {
                break *line;
            }
            if role.is_in(Layer::Executive) {
                lines.insert(&role.head.id, Line::Executive(0));
                break Line::Executive(0);
            }
            path.push(role);
            match superior(register, role) {
                Some(_) if circling.contains(role.head.id.as_str()) => break Line::Nowhere,
                Some(superior) => role = superior,
                None if role.reports_to.is_some() => break Line::Nowhere,
                None => break Line::EndsBelow(role),
            }
        };
        for role in path.into_iter().rev() {
            if let Line::Executive(hops) = &mut line {
                *hops += 1;
            }
            lines.insert(&role.head.id, line);
        }
    }
    lines
}

fn report_circle(ctx: &mut Context<'_>, circle: &[&Role]) {
    // The last role closes the circle: it reports back to the one written first.
    let (Some(first), Some(last)) = (circle.first(), circle.last()) else { return };
    let Some(reports_to) = &last.reports_to else { return };
    let message = if circle.len() == 1 {
        format!("role `{}` reports to itself", first.head.id)
    } else {
        let others = listed(circle[1..].iter().map(|role| role.head.id.as_str()), 4);
        format!("role `{}` reports to itself, by way of {others}", first.head.id)
    };
    let top = named(executives(ctx.register, ctx.today));
    let diagnostic = ctx.report(reports_to.span, message);
    for role in circle.iter().take(circle.len() - 1).take(4) {
        if let Some(reports_to) = &role.reports_to {
            let text = format!("`{}` reports to `{}`", role.head.id, reports_to.value);
            diagnostic.label(reports_to.span, text);
        }
    }
    if let Some(executive) = circle.iter().find(|role| role.is_in(Layer::Executive)) {
        let id = &executive.head.id;
        diagnostic.help(format!("if `{id}` reports to nobody in the organisation, leave its `reports_to` out"));
        return;
    }
    diagnostic.help(match top {
        Some(top) => format!("let one of them report to top management instead, such as {top}"),
        None => "let one of them report to top management instead".to_owned(),
    });
}

fn report_end(ctx: &mut Context<'_>, end: &Role, from: &[&Role]) {
    let id = &end.head.id;
    let below: Vec<_> = from.iter().filter(|role| role.head.id != *id).collect();
    let message = if below.is_empty() {
        format!("role `{id}` reports to nobody, and is not in top management itself")
    } else {
        let line = if below.len() == 1 { "line" } else { "lines" };
        let end = if below.len() == 1 { "ends" } else { "end" };
        let roles = listed(below.iter().map(|role| role.head.id.as_str()), 4);
        format!("role `{id}` reports to nobody, so the reporting {line} of {roles} {end} below top management")
    };
    let top = executives(ctx.register, ctx.today);
    let example = top.first().map_or("ceo", |(role, _)| role.head.id.as_str()).to_owned();
    let top = named(top);
    let diagnostic = ctx.report(end.head.key, message);
    if let Some(layer) = &end.layer {
        diagnostic.label(layer.span, format!("`{id}` is in layer `{}`", layer.name()));
    }
    for role in below.into_iter().take(4) {
        if let Some(reports_to) = &role.reports_to {
            diagnostic.label(reports_to.span, format!("`{}` reports to `{}`", role.head.id, reports_to.value));
        }
    }
    diagnostic.help(match top {
        Some(top) => format!("let `{id}` report to {top}: `reports_to: {example}`"),
        None => format!("let `{id}` report to a role in layer `executive`"),
    });
}

fn report_distance(ctx: &mut Context<'_>, role: &Role, hops: u32, most: u32) {
    let above = ctx.register.reporting_line(role).above;
    let Some(reports_to) = &role.reports_to else { return };
    let Some(top) = above.iter().find(|superior| superior.is_in(Layer::Executive)) else { return };
    let id = &role.head.id;
    let steps = if most == 1 { "one step is".to_owned() } else { format!("{most} steps are") };
    let message = match ctx.model() {
        Some(model) => {
            let model = model.name();
            format!("role `{id}` stands {hops} steps below `{}`; under the {model} model {steps} the most", top.head.id)
        }
        None => format!("role `{id}` stands {hops} steps below `{}`; {steps} the most", top.head.id),
    };
    let diagnostic = ctx.report(reports_to.span, message);
    for between in above.iter().take_while(|superior| superior.head.id != top.head.id).take(5) {
        if let Some(reports_to) = &between.reports_to {
            diagnostic.label(reports_to.span, format!("`{}` reports to `{}`", between.head.id, reports_to.value));
        }
    }
    diagnostic.help(format!("let `{id}` report to `{}`, or to a role nearer to it", top.head.id));
}

#[cfg(test)]
mod tests {
    use crate::examine::messages;

    #[test]
    fn the_lines_of_several_roles_that_end_at_one_are_one_diagnostic() {
        let found = messages(
            "broken-reporting-line",
            "roles:
  ceo: { layer: executive }
  head-of-it: { layer: owner }
  ciso: { layer: isms, reports_to: head-of-it }
  isms-manager: { layer: isms, reports_to: ciso }
",
        );
        assert_eq!(
            found,
            ["role `head-of-it` reports to nobody, so the reporting lines of `ciso` and `isms-manager` end below top \
              management"]
        );
    }

    #[test]
    fn of_two_roles_on_one_long_line_the_upper_is_reported() {
        let found = messages(
            "broken-reporting-line",
            "isms: { model: executive-led }
roles:
  ceo: { layer: executive }
  cto: { layer: owner, reports_to: ceo }
  ciso: { layer: isms, reports_to: cto }
  isms-manager: { layer: isms, reports_to: ciso }
",
        );
        assert_eq!(
            found,
            ["role `ciso` stands 2 steps below `ceo`; under the executive-led model one step is the most"]
        );
    }

    #[test]
    fn a_circle_is_reported_once_and_what_leads_into_it_not_at_all() {
        let found = messages(
            "broken-reporting-line",
            "roles:
  ceo: { layer: executive }
  isms-manager: { layer: isms, reports_to: b }
  c: { reports_to: b }
  b: { reports_to: c }
  self: { reports_to: self }
",
        );
        assert_eq!(found, ["role `c` reports to itself, by way of `b`", "role `self` reports to itself"]);
    }

    #[test]
    fn an_unknown_superior_is_left_to_unknown_reference() {
        let text = "roles:\n  ceo: { layer: executive }\n  isms-manager: { layer: isms, reports_to: nobody }\n";
        assert_eq!(messages("broken-reporting-line", text), Vec::<String>::new());
    }
}
