//! Rule `trailer-as-approval`.

use deed_model::evidence::Problem;

use crate::account::commit;
use crate::proof::Proven;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "trailer-as-approval",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::WARNING),
    summary: "a line in a commit message stands for a decision, with nothing of the decider behind it",
    options: &[],
    docs: include_str!("trailer_as_approval.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for together in ctx.each_proven() {
        let current: Vec<_> = together.iter().filter(|proven| proven.is_current).collect();
        // Of several who decide together, `insufficient-approvers` says who did not.
        if current.iter().all(|proven| proven.by() == current[0].by()) {
            by_one(ctx, current);
        }
    }
}

/// Looks at decisions that one person made.
fn by_one(ctx: &mut Context<'_>, alone: Vec<&Proven<'_>>) {
    let register = ctx.register;
    // Where more proof is asked for, `weak-evidence` says that the line is none.
    for proven in alone.into_iter().filter(|proven| !proven.is_weak) {
        let line = proven.told.iter().find_map(|problem| match problem {
            Problem::TrailerOnly { line } => Some(line),
            _ => None,
        });
        let (Some(line), Some(origin)) = (line, &proven.evidence.origin) else { continue };
        let message =
            format!("{}, and all that shows it is the line `{line}` in {}", proven.decided(register), commit(origin));
        let who = proven.who(register);
        let help = format!("let {who} commit the decision, or merge it: a line in a message can be written by anybody");
        ctx.report(proven.by_place(), message).help(help);
    }
}
