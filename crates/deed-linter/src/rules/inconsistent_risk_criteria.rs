//! Rule `inconsistent-risk-criteria`.

use deed_model::{LevelBound, RiskCriteria};

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "inconsistent-risk-criteria",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 6.1.2 a), b)",
    severity: ByModel::all(Setting::ERROR),
    summary: "the levels of the risk criteria leave a gap, overlap, or cannot be reached",
    options: &[],
    docs: include_str!("inconsistent_risk_criteria.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let Some(criteria) = ctx.register.risk_criteria() else { return };
    if let Some(lowest) = criteria.levels.first().filter(|lowest| lowest.from > 1) {
        ctx.report(lowest.name.span, format!("scores below {} have no level", lowest.from))
            .help(format!("let the lowest level begin at the lowest score: `{}: 1`", lowest.name.value));
    }
    unreachable(ctx, criteria);
    same_score(ctx, criteria);
    out_of_order(ctx, criteria);
    longer_for_higher(ctx, criteria);
}

fn unreachable(ctx: &mut Context<'_>, criteria: &RiskCriteria) {
    let (Some(likelihood), Some(impact)) = (&criteria.likelihood, &criteria.impact) else { return };
    let highest = likelihood.saturating_mul(**impact);
    for level in criteria.levels.iter().filter(|level| level.from > highest) {
        let name = &level.name;
        ctx.report(name.span, format!("no risk can reach level `{}`, which begins at {}", name.value, level.from))
            .label(impact.span, format!("the highest score is {} × {} = {highest}", likelihood.value, impact.value))
            .help(format!("let it begin at {highest} or below, or leave it out"));
    }
}

fn same_score(ctx: &mut Context<'_>, criteria: &RiskCriteria) {
    for pair in criteria.levels.windows(2) {
        let [one, other] = pair else { continue };
        if one.from == other.from {
            ctx.report(
                other.name.span,
                format!("levels `{}` and `{}` begin at the same score", one.name.value, other.name.value),
            )
            .label(one.name.span, format!("begins at {} too", one.from))
            .help("let each level begin at a score of its own");
        }
    }
}

/// Whoever writes levels from the lowest to the highest, or the other way round, and one out of that order, mistyped it.
fn out_of_order(ctx: &mut Context<'_>, criteria: &RiskCriteria) {
    let mut written: Vec<&LevelBound> = criteria.levels.iter().collect();
    written.sort_by_key(|level| (level.name.span.file, level.name.span.range.start()));
    let rises = |pair: &[&LevelBound]| pair[0].from <= pair[1].from;
    let falls = |pair: &[&LevelBound]| pair[0].from >= pair[1].from;
    if written.windows(2).all(rises) || written.windows(2).all(falls) {
        return;
    }
    let ascending = written.first().map(|first| first.from) <= written.last().map(|last| last.from);
    let Some(pair) = written.windows(2).find(|pair| if ascending { !rises(pair) } else { !falls(pair) }) else {
        return;
    };
    let order: Vec<_> = criteria.levels.iter().map(|level| format!("`{}`", level.name.value)).collect();
    let (one, other) = (&pair[0].name, &pair[1].name);
    ctx.report(
        other.span,
        format!("level `{}` ({}) is out of order with `{}` ({})", other.value, pair[1].from, one.value, pair[0].from),
    )
    .label(one.span, format!("begins at {}", pair[0].from))
    .help(format!("by their scores the levels are, from the lowest: {}", order.join(", ")))
    .help("write them in that order, or correct the scores");
}

fn longer_for_higher(ctx: &mut Context<'_>, criteria: &RiskCriteria) {
    let mut limits: Vec<_> = criteria
        .max_acceptance
        .iter()
        .filter_map(|(name, period)| Some((criteria.rank(name)?, name, *period)))
        .collect();
    limits.sort_by_key(|(rank, ..)| *rank);
    let today = ctx.today;
    for pair in limits.windows(2) {
        let [(_, lower, short), (_, higher, long)] = pair else { continue };
        if long.after(today) > short.after(today) {
            let message =
                format!("`{}` may be accepted for {long}, longer than `{}`, which is lower", higher.value, lower.value);
            ctx.report(higher.span, message)
                .label(lower.span, format!("for {short}"))
                .help("the higher a risk, the sooner it should be looked at again");
        }
    }
}
