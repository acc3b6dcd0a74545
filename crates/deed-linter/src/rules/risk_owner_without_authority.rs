//! Rule `risk-owner-without-authority`.

use deed_model::authority::{ChainEnd, Party, Power, Via};
use deed_model::{Layer, Risk, Role};

use crate::acceptance::{Acceptors, Level, limit};
use crate::ownership::named;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "risk-owner-without-authority",
    group: Group::Risks,
    source: "ISO/IEC 27005:2022 7.2.2; ISO/IEC 27001:2022 5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "neither the owner of a risk nor anybody above may accept it",
    options: &[],
    docs: include_str!("risk_owner_without_authority.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let mut acceptors = Acceptors::new(ctx);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        let Some(level) = Level::of(register, risk.inherent.as_ref()) else { continue };
        check_risk(ctx, risk, &level, &mut acceptors);
    }
}

fn check_risk(ctx: &mut Context<'_>, risk: &Risk, level: &Level<'_>, acceptors: &mut Acceptors<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let [owner] = risk.owner.as_slice() else { return };
    let (who, roles) = match register.party(owner) {
        Some(Party::Role(role)) => (format!("`{}`", role.head.id), vec![role]),
        Some(Party::Person(person)) if person.can_decide(today) => {
            (person.display().to_owned(), register.roles_of(owner, today))
        }
        _ => return,
    };
    if !roles.is_empty() && roles.iter().all(|role| role.is_in(Layer::Isms)) {
        return;
    }
    let power = Power::AcceptRisk(level.rank);
    let holder = register.accountable(owner, today);
    let hats = holder.map_or_else(Vec::new, |holder| register.hats(&holder.head.id, today));
    if hats.iter().any(|hat| register.carries(hat, power, today)) {
        return;
    }
    let lines: Vec<_> = roles.iter().map(|role| register.reporting_line(role)).collect();
    let line = || roles.iter().copied().chain(lines.iter().flat_map(|line| line.above.iter().copied()));
    // A line that leads to an unknown role or round in a circle is reported as that.
    if line().any(|role| register.role_carries(role, power, today))
        || lines.iter().any(|line| line.end != ChainEnd::Top)
    {
        return;
    }
    let may = named(acceptors.of(risk, level));
    let what = format!("risk `{}` is of level `{}` before treatment", risk.head.id, level.name);
    let message = format!("{what}, and neither its owner {who} nor anybody above may accept that");
    let diagnostic = ctx.report(owner.span, message);
    level.label(diagnostic);
    let mut shown: Vec<&Role> = Vec::new();
    for role in line() {
        if !shown.iter().any(|known| known.head.id == role.head.id) && shown.len() < 3 {
            let (place, text) = limit(&deed_model::authority::Hat { role, via: Via::Holder });
            let top = if role.reports_to.is_none() { ", and reports to nobody" } else { "" };
            diagnostic.label(place, format!("{text}{top}"));
            shown.push(role);
        }
    }
    diagnostic.help(match may {
        Some(may) => format!("let {who} report to {may}, who may, or make one of them the owner"),
        None => format!("nobody may: a role needs `accept_risk: {}` in its `authority`", level.name),
    });
}
