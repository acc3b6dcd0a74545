//! Rule `unassigned-reporting-duty`.

use crate::{ByModel, Check, Context, Group, Rule, Setting, duty};

pub(super) static RULE: Rule = Rule {
    id: "unassigned-reporting-duty",
    group: Group::Organization,
    source: "ISO/IEC 27001:2022 5.3 b), 9.3.2",
    severity: ByModel::all(Setting::ERROR),
    summary: "nobody is to report the performance of the ISMS to top management",
    options: &[],
    docs: include_str!("unassigned_reporting_duty.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    duty::unassigned(ctx, "reporting", "to report to top management how the ISMS performs");
}
