//! Rule `unassigned-treatment-action`.

use deed_model::{Action, Risk};

use crate::acceptance::action_in_words;
use crate::ownership::owner_in_words;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unassigned-treatment-action",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 6.1.3 e), 6.2 j), k)",
    severity: ByModel::all(Setting::ERROR),
    summary: "an action of a treatment plan has nobody to do it, or no date",
    options: &[],
    docs: include_str!("unassigned_treatment_action.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        for action in &risk.plan {
            report(ctx, risk, action);
        }
    }
}

fn report(ctx: &mut Context<'_>, risk: &Risk, action: &Action) {
    let file = action.span.file;
    if action.by.is_some() && action.due.is_some() {
        return;
    }
    let mapping = ctx.workspace.manifest(file).parse.node(action.node).is_mapping();
    let lacks = |field| !ctx.is_written_in(file, action.node, field);
    // What is done needs neither any more; what is no mapping is the schema's to report.
    if !mapping || !lacks("done") {
        return;
    }
    let (missing, write) = match (lacks("by"), lacks("due")) {
        (false, false) => return,
        (true, false) => ("has nobody to do it", "who does it: `by`"),
        (false, true) => ("has no date", "by when it is done: `due`"),
        (true, true) => ("has nobody to do it, and no date", "who does it, and by when: `by` and `due`"),
    };
    let what = action_in_words(action);
    let owner = match risk.owner.as_slice() {
        [owner] => owner_in_words(ctx.register, owner, ctx.today),
        _ => None,
    };
    let place = action.action.as_ref().map_or(action.span, |action| action.span);
    ctx.report(place, format!("{what}, for risk `{}`, {missing}", risk.head.id)).help(match owner {
        Some(owner) => format!("settle with {owner} {write}"),
        None => format!("say {write}"),
    });
}
