//! Rule `acceptance-above-tolerance`.

use deed_model::{Decision, OwnershipModel, Risk, Spanned};

use crate::acceptance::{Acceptors, Level, Principal, Standing, flawed, in_force, principals, standing};
use crate::mandate::Claim;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "acceptance-above-tolerance",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 6.1.2 a); Directive (EU) 2022/2555 20(1)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a risk above the tolerance was accepted by somebody who is no executive",
    options: &[],
    docs: include_str!("acceptance_above_tolerance.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let mut acceptors = Acceptors::new(ctx);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        let Some(level) = Level::accepted(register, risk) else { continue };
        let Some(tolerance) = level.above_tolerance(register) else { continue };
        match flawed(ctx, risk, &level) {
            Some((accepted, Standing::NotExecutive)) => {
                by_no_executive(ctx, risk, accepted, &level, tolerance, &mut acceptors);
            }
            Some(_) => {}
            None if ctx.model() == Some(OwnershipModel::ExecutiveLed) => {
                by_one_executive(ctx, risk, &level, tolerance, &mut acceptors);
            }
            None => {}
        }
    }
}

fn by_no_executive(
    ctx: &mut Context<'_>,
    risk: &Risk,
    accepted: &Decision,
    level: &Level<'_>,
    tolerance: &Spanned<String>,
    acceptors: &mut Acceptors<'_>,
) {
    let (register, id) = (ctx.register, &risk.head.id);
    let Some(by) = &accepted.by else { return };
    let Some(claim) = Claim::of(register, accepted, &format!("risk `{id}`")) else { return };
    let who = register.people.get(by).map_or(by.as_str(), |person| person.display());
    let on = accepted.date.as_ref().map(|date| format!(" on {}", date.value)).unwrap_or_default();
    let why = claim.why.as_deref().unwrap_or("who is no executive");
    let help = acceptors.ask(risk, level);
    let message =
        format!("risk `{id}` is of level `{}`, above the tolerance, and was accepted{on} by {who}, {why}", level.name);
    let diagnostic = ctx.report(by.span, message);
    diagnostic.label(tolerance.span, "above this level only executives accept");
    claim.label_decider(diagnostic);
    for hat in register.hats_of(accepted).iter().take(3) {
        let role = hat.role;
        let (place, layer) = match &role.layer {
            Some(layer) => (layer.span, format!("in layer `{}`", layer.name())),
            None => (role.head.key, "in no layer".to_owned()),
        };
        diagnostic.label(place, format!("`{}` is {layer}", role.head.id));
    }
    level.label(diagnostic);
    diagnostic.help(help);
}

/// Under the executive-led model two executives accept what is above the tolerance.
fn by_one_executive(
    ctx: &mut Context<'_>,
    risk: &Risk,
    level: &Level<'_>,
    tolerance: &Spanned<String>,
    acceptors: &mut Acceptors<'_>,
) {
    let (register, today) = (ctx.register, ctx.today);
    let mut made: Vec<(&Spanned<String>, Vec<Principal<'_>>)> = Vec::new();
    for accepted in in_force(risk, today) {
        let counts = matches!(standing(ctx, accepted, level), Standing::Good | Standing::Unknown);
        let Some(by) = accepted.by.as_ref().filter(|by| counts && !made.iter().any(|(known, _)| ***known == ***by))
        else {
            continue;
        };
        made.push((by, principals(register, accepted, level)));
    }
    // Whoever stands in for an executive who accepted it too is no second one.
    let differ = |some: &[Principal<'_>], others: &[Principal<'_>]| {
        some.iter().any(|one| others.iter().any(|other| one.person != other.person))
    };
    let pairs = made.iter().enumerate().flat_map(|(at, one)| made[at + 1..].iter().map(move |other| (one, other)));
    let of_two = pairs.into_iter().any(|((_, one), (_, other))| differ(one, other));
    let in_person = |(by, principals): &&(&Spanned<String>, Vec<Principal<'_>>)| {
        principals.iter().any(|principal| principal.person == by.as_str())
    };
    let Some((by, _)) = made.iter().find(in_person).or(made.first()).filter(|_| !of_two) else { return };
    let who = register.people.get(by).map_or(by.as_str(), |person| person.display());
    let mut others = acceptors.of(risk, level);
    others.retain(|(_, person)| person.head.id != ***by);
    let help = match crate::ownership::named(others) {
        Some(may) => format!("ask {may} to accept it too; `accepted` may be a list of decisions"),
        None => format!("a second role in layer `executive` needs `accept_risk: {}` in its `authority`", level.name),
    };
    let message = format!(
        "risk `{}` is of level `{}`, above the tolerance, and {who} is the only executive who accepted it",
        risk.head.id, level.name
    );
    let diagnostic = ctx.report(by.span, message);
    diagnostic.label(tolerance.span, "above this level two executives accept");
    for accepted in risk.accepted.iter().filter(|accepted| accepted.made_by(today) && !accepted.is_by(by)) {
        if let Some(until) = accepted.until.as_ref().filter(|until| ***until < today) {
            diagnostic.label(until.span, format!("this acceptance ended on {}", until.value));
        }
    }
    let others = made.iter().filter(|(other, _)| ***other != ***by);
    let lent = others.filter_map(|(other, names)| Some((*other, names.iter().find_map(|name| name.lent)?)));
    for (other, delegation) in lent.take(2) {
        let text = format!("accepted in the name of {who}, by delegation `{}`", delegation.head.id);
        diagnostic.label(other.span, text);
    }
    level.label(diagnostic);
    diagnostic.help(help);
}
