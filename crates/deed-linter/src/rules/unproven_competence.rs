//! Rule `unproven-competence`.

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unproven-competence",
    group: Group::People,
    source: "ISO/IEC 27001:2022 7.2 d)",
    severity: ByModel::all(Setting::WARNING),
    summary: "a role asks for a competence that nothing shows its holder to have",
    options: &[],
    docs: include_str!("unproven_competence.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for role in ctx.each(&register.roles) {
        // Of a vacant role nobody's competence is in question.
        let Some(holder) = register.holder(role, ctx.today).person() else { continue };
        let [held_by] = role.held_by.as_slice() else { continue };
        for competence in &role.competence {
            let proven = competence.evidence.as_ref().is_some_and(|path| !path.trim().is_empty());
            let Some(requirement) = competence.requirement.as_ref().filter(|_| !proven) else {
                continue;
            };
            // What is no mapping is the schema's to report.
            if requirement.span == competence.span {
                continue;
            }
            let (id, name) = (&role.head.id, holder.display());
            let message =
                format!("nothing shows that {name} has the competence role `{id}` asks for: {}", requirement.value);
            ctx.report(requirement.span, message)
                .label(held_by.span, format!("held by {name}"))
                .help("add what shows it, a certificate or a record of training or experience: `evidence: <path>`");
        }
    }
}
