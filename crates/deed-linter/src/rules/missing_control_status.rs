//! Rule `missing-control-status`.

use crate::{Applicability, ByModel, Check, Context, FileEdit, Group, Rule, Setting, insert};

pub(super) static RULE: Rule = Rule {
    id: "missing-control-status",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 6.1.3 d)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a control that applies does not say whether it is implemented",
    options: &[],
    docs: include_str!("missing_control_status.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for control in ctx.each(&ctx.register.controls) {
        if control.is_excluded() || ctx.is_written(&control.head, "status") {
            continue;
        }
        let file = control.head.key.file;
        let mapping = ctx.workspace.manifest(file).parse.node(control.head.node);
        let planned = insert::fields(mapping, &[("status", "planned".to_owned())]);
        let evidence = control.evidence.first().map(|item| item.span);
        let diagnostic = ctx
            .report(control.head.key, format!("control `{}` does not say whether it is implemented", control.head.id));
        if let Some(evidence) = evidence {
            diagnostic.label(evidence, "though there is evidence for it");
        }
        diagnostic.help("add its `status`: `planned`, `partial` or `implemented`");
        // The least that can be said of it, unless something speaks for more.
        if let (Some(edit), None) = (planned, evidence) {
            diagnostic.fix("say that it is planned", Applicability::Unsafe, vec![FileEdit { file, edit }]);
        }
    }
}
