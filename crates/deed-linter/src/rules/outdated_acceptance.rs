//! Rule `outdated-acceptance`.

use deed_model::{Section, Verb};

use crate::outdated::report;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "outdated-acceptance",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 8.2",
    severity: ByModel::all(Setting::ERROR),
    summary: "a risk changed after it was accepted",
    options: &[],
    docs: include_str!("outdated_acceptance.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    report(ctx, |_, proven| (proven.head.section, proven.decision.verb) == (Section::Risks, Verb::Accepted));
}
