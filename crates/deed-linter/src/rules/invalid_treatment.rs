//! Rule `invalid-treatment`.

use deed_model::Treatment;

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "invalid-treatment",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 6.1.3 a), b)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a risk has no treatment, or is mitigated by no control",
    options: &[],
    docs: include_str!("invalid_treatment.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        let id = &risk.head.id;
        match &risk.treatment {
            // First it is rated, then it is treated: `unrated-risk` speaks of the first step.
            None if risk.inherent.is_some() && !ctx.is_written(&risk.head, "treatment") => {
                ctx.report(risk.head.key, format!("risk `{id}` is rated, but nobody said what to do about it"))
                    .help("choose a `treatment`: `mitigate`, `accept`, `transfer` or `avoid`");
            }
            Some(treatment) if **treatment == Treatment::Mitigate && risk.controls.is_empty() => {
                if ctx.is_written(&risk.head, "controls") && !is_empty_list(ctx, risk) {
                    continue;
                }
                let diagnostic = ctx.report(treatment.span, format!("risk `{id}` is mitigated, but by no control"));
                if let Some(action) = risk.plan.first() {
                    diagnostic.label(action.span, "an action is work to be done once; a control goes on");
                }
                diagnostic
                    .help("name the controls that make it smaller: `controls: [A.8.8]`")
                    .help("if it is lived with as it is, say so: `treatment: accept`");
            }
            _ => {}
        }
    }
}

/// Whether `controls` is written as a list with nothing in it, rather than as something that is no list.
fn is_empty_list(ctx: &Context<'_>, risk: &deed_model::Risk) -> bool {
    let node = ctx.workspace.manifest(risk.head.key.file).parse.node(risk.head.node);
    node.get("controls").is_some_and(|entry| entry.value().is_sequence() && entry.value().items().next().is_none())
}
