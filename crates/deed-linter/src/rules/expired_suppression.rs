//! Rule `expired-suppression`.

use crate::elapsed::tense;
use crate::{ByModel, Check, Context, Group, Rule, Setting, Suppression};

pub(super) static RULE: Rule = Rule {
    id: "expired-suppression",
    group: Group::Form,
    source: "ISO/IEC 27001:2022 A.5.36",
    severity: ByModel::all(Setting::ERROR),
    summary: "a suppression is past its `until`",
    options: &[],
    docs: include_str!("expired_suppression.md"),
    check: Check::Suppressions(check),
};

fn check(ctx: &mut Context<'_>, suppressions: &[Suppression]) {
    for suppression in suppressions {
        let Some((until, span)) = suppression.until.filter(|(until, _)| ctx.is_over(*until)) else { continue };
        let ended = tense(until, ctx.today, "ended", "ends");
        ctx.report(span, format!("the suppression of `{}` {ended} on {until}", suppression.rule))
            .due(until)
            .help("mend what it suppressed and remove it, or decide anew and give it a later `until`");
    }
}
