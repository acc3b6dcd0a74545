//! Rule `unowned-risk`.

use crate::acceptance::{Acceptors, Level};
use crate::ownership::named;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unowned-risk",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 6.1.2 c) 2)",
    severity: ByModel::all(Setting::ERROR),
    summary: "an open risk has no owner",
    options: &[],
    docs: include_str!("unowned_risk.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let mut acceptors = Acceptors::new(ctx);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        if !risk.owner.is_empty() || ctx.is_written(&risk.head, "owner") {
            continue;
        }
        let level = Level::of(register, risk.inherent.as_ref());
        let may = level.and_then(|level| Some((level, named(acceptors.of(risk, &level))?)));
        let diagnostic = ctx.report(risk.head.key, format!("risk `{}` has no owner", risk.head.id));
        diagnostic.help("name the one role that answers for what it threatens, as its `owner`");
        if let Some((level, may)) = may {
            diagnostic.help(format!("at its inherent level, `{}`, {may} may decide about it", level.name));
        }
    }
}
