//! Rule `unreasoned-suppression`.

use crate::{ByModel, Check, Context, Group, Rule, Scope, Setting, Suppression};

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
    let is_unreasoned = |one: &&Suppression| one.reason.is_none() && !matches!(one.scope, Scope::Nothing(_));
    let unreasoned: Vec<_> = suppressions.iter().filter(is_unreasoned).collect();
    // A comment that names several rules gives its reason once.
    for together in unreasoned.chunk_by(|a, b| a.span == b.span) {
        let rules: Vec<_> = together.iter().map(|suppression| format!("`{}`", suppression.rule)).collect();
        let are = if rules.len() == 1 { "is" } else { "are" };
        ctx.report(together[0].span, format!("{} {are} suppressed without a reason", rules.join(", ")))
            .help("say why it does not matter here, so that the next reader, or an auditor, can judge it");
    }
}
