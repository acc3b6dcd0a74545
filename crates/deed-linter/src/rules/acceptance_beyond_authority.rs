//! Rule `acceptance-beyond-authority`.

use deed_model::{Decision, Risk};

use crate::acceptance::{Acceptors, Level, Standing, flawed, label_limit};
use crate::mandate::Claim;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "acceptance-beyond-authority",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 5.3, 6.1.3 f)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a risk was accepted by somebody who may not accept that much",
    options: &[],
    docs: include_str!("acceptance_beyond_authority.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let mut acceptors = Acceptors::new(ctx);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        let Some(level) = Level::accepted(register, risk) else { continue };
        if let Some((accepted, Standing::BeyondLimit)) = flawed(ctx, risk, &level) {
            report(ctx, risk, accepted, &level, &mut acceptors);
        }
    }
}

fn report(ctx: &mut Context<'_>, risk: &Risk, accepted: &Decision, level: &Level<'_>, acceptors: &mut Acceptors<'_>) {
    let (register, id) = (ctx.register, &risk.head.id);
    let Some(by) = &accepted.by else { return };
    let Some(claim) = Claim::of(register, accepted, &format!("risk `{id}`")) else { return };
    let limit = register.acceptance_limit(accepted).zip(register.risk_criteria());
    let message = match (&claim.why, limit) {
        (Some(why), _) => format!("{} at level `{}`, {why}", claim.what, level.name),
        (None, Some((limit, criteria))) => {
            let limit = criteria.level_name(limit);
            format!("{} at level `{}`, but may accept up to `{limit}` only", claim.what, level.name)
        }
        (None, None) => format!("{} at level `{}`, but may accept no risk at all", claim.what, level.name),
    };
    let help = acceptors.ask(risk, level);
    let diagnostic = ctx.report(by.span, message);
    claim.label_decider(diagnostic);
    label_limit(register, accepted, level, diagnostic);
    level.label(diagnostic);
    diagnostic.help(help);
}
