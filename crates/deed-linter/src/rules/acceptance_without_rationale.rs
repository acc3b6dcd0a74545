//! Rule `acceptance-without-rationale`.

use deed_model::{Register, Section, Verb, Workspace};

use crate::acceptance::{Level, in_force};
use crate::{ByModel, Check, Config, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "acceptance-without-rationale",
    group: Group::Risks,
    source: "ISO/IEC 27005:2022",
    severity: ByModel::all(Setting::ERROR),
    summary: "a risk above the lowest level is accepted without a reason",
    options: &[],
    docs: include_str!("acceptance_without_rationale.md"),
    check: Check::Register(check),
};

/// Whether a decision that is yet to be made would be an error without a note.
pub(crate) fn asks_for_note(workspace: &Workspace, subject: &str, verb: Verb) -> bool {
    let register = workspace.register();
    let is_error = || Config::of(register).setting(&RULE).0 == Setting::ERROR;
    let asks = |register: &Register| {
        let head = register.at_address(subject).filter(|head| head.section == Section::Risks)?;
        let level = Level::accepted(register, register.risks.get(&head.id)?)?;
        Some(level.rank > 0 && workspace.node(head.key.file, head.node).get("note").is_none())
    };
    verb == Verb::Accepted && asks(register) == Some(true) && is_error()
}

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        let Some(level) = Level::accepted(register, risk).filter(|level| level.rank > 0) else { continue };
        // One reason is enough for a decision of several people, be it beside the decision.
        let reasoned = in_force(risk, today).any(|accepted| {
            let blank = accepted.note.as_ref().is_some_and(|note| note.trim().is_empty());
            !blank && ctx.is_written_in(accepted.range.file, accepted.node, "note")
        });
        let Some(accepted) = in_force(risk, today).next().filter(|_| !reasoned) else { continue };
        if ctx.is_written(&risk.head, "note") {
            continue;
        }
        let place = if risk.accepted.len() > 1 { accepted.range } else { accepted.key };
        let message = format!("risk `{}` is accepted at level `{}`, and nothing says why", risk.head.id, level.name);
        let diagnostic = ctx.report(place, message);
        level.label(diagnostic);
        diagnostic.help("say why it can be lived with, and on what conditions: `note`, in the decision");
    }
}
