//! Rule `outdated-approval`.

use deed_model::{Section, Verb};

use crate::outdated::report;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "outdated-approval",
    group: Group::Policies,
    source: "ISO/IEC 27001:2022 7.5.2 c)",
    severity: ByModel::all(Setting::ERROR),
    summary: "what was approved or granted is not what stands here now",
    options: &[],
    docs: include_str!("outdated_approval.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    report(ctx, |_, proven| match (proven.head.section, proven.decision.verb) {
        // `outdated-soa-approval` speaks of it.
        (Section::Soa, _) => false,
        (_, verb) => matches!(verb, Verb::Approved | Verb::Granted | Verb::Adopted),
    });
}
