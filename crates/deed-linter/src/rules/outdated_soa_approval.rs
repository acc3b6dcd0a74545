//! Rule `outdated-soa-approval`.

use deed_model::{Section, Verb};

use crate::outdated::report;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "outdated-soa-approval",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 6.1.3 d) and f), 7.5.2 c)",
    severity: ByModel::all(Setting::ERROR),
    summary: "controls changed after the Statement of Applicability was approved",
    options: &[],
    docs: include_str!("outdated_soa_approval.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    report(ctx, |_, proven| (proven.head.section, proven.decision.verb) == (Section::Soa, Verb::Approved));
}
