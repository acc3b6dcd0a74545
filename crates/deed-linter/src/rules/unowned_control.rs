//! Rule `unowned-control`.

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unowned-control",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 5.3, A.5.2",
    severity: ByModel::all(Setting::ERROR),
    summary: "an applicable control has no owner",
    options: &[],
    docs: include_str!("unowned_control.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for control in ctx.register.controls.iter() {
        if control.owner.is_empty() && !control.is_excluded() {
            ctx.report(control.head.key, format!("control `{}` has no owner", control.head.id))
                .help("name the one role that is accountable for it: `owner: head-of-it`");
        }
    }
}
