//! Rule `unreasoned-suppression`.

use crate::{ByModel, Check, Context, Group, Rule, Setting, Suppression};

pub(super) static RULE: Rule = Rule {
    id: "unreasoned-suppression",
    group: Group::Form,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "a suppression gives no reason",
    options: &[],
    docs: include_str!("unreasoned_suppression.md"),
    check: Check::Suppressions(check),
};

fn check(ctx: &mut Context<'_>, suppressions: &[Suppression]) {
    for suppression in suppressions.iter().filter(|suppression| suppression.reason.is_none()) {
        ctx.report(suppression.span, format!("`{}` is suppressed without a reason", suppression.rule))
            .help("say why it does not matter here, so that the next reader, or an auditor, can judge it");
    }
}
