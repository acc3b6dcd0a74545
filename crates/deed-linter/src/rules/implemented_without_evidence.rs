//! Rule `implemented-without-evidence`.

use deed_model::ControlStatus;

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "implemented-without-evidence",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 8.1, 9.1",
    severity: ByModel::all(Setting::WARNING).federated(Setting::ERROR),
    summary: "a control is said to be implemented, and nothing shows it",
    options: &[],
    docs: include_str!("implemented_without_evidence.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for control in ctx.each(&ctx.register.controls).filter(|control| !control.is_excluded()) {
        let Some(status) = control.status.as_ref().filter(|status| status.value == ControlStatus::Implemented) else {
            continue;
        };
        // Evidence that has run out is `stale-evidence`.
        if ctx.is_written(&control.head, "evidence") {
            continue;
        }
        let id = &control.head.id;
        let doer = control.responsible.first().or(control.owner.first());
        let asks = doer.map_or_else(|| "its owner".to_owned(), |doer| format!("`{}`", doer.value));
        ctx.report(status.span, format!("control `{id}` is said to be implemented, and nothing shows it")).help(format!(
            "ask {asks} for a record that shows it works, and add its `path` and `date` to `evidence`; until then it is `partial`"
        ));
    }
}
