//! Rule `unassigned-conformity-duty`.

use crate::{ByModel, Check, Context, Group, Rule, Setting, duty};

pub(super) static RULE: Rule = Rule {
    id: "unassigned-conformity-duty",
    group: Group::Organization,
    source: "ISO/IEC 27001:2022 5.3 a)",
    severity: ByModel::all(Setting::ERROR),
    summary: "nobody is to ensure that the ISMS conforms to the standard",
    options: &[],
    docs: include_str!("unassigned_conformity_duty.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    duty::unassigned(ctx, "conformity", "to ensure that the ISMS conforms to the standard");
}
