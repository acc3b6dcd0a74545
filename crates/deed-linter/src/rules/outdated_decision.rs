//! Rule `outdated-decision`.

use deed_model::{Section, Verb};

use crate::outdated::report;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "outdated-decision",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 5.3, 7.5.3, A.5.2",
    severity: ByModel::all(Setting::WARNING),
    summary: "what somebody took on, or held a review of, is not what stands here now",
    options: &[],
    docs: include_str!("outdated_decision.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    report(ctx, |_, proven| {
        let decision = (proven.head.section, proven.decision.verb);
        matches!(decision, (Section::Controls, Verb::Accepted) | (_, Verb::Acknowledged | Verb::Held))
    });
}
