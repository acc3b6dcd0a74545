//! Rule `expired-suppression`.

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
    let today = ctx.today;
    for suppression in suppressions.iter().filter(|suppression| suppression.is_expired(today)) {
        let Some((until, span)) = suppression.until else { continue };
        ctx.report(span, format!("the suppression of `{}` ended on {until}", suppression.rule))
            .help("mend what it suppressed and remove it, or decide anew and give it a later `until`");
    }
}
