//! Rule `inactive-role-holder`.

use deed_model::authority::Holder;

use crate::elapsed::tense;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "inactive-role-holder",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.3, A.6.5",
    severity: ByModel::all(Setting::ERROR),
    summary: "a role is held by somebody who has left, or has not joined yet",
    options: &[],
    docs: include_str!("inactive_role_holder.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for role in ctx.each(&register.roles) {
        let (Holder::Inactive(person) | Holder::Held(person)) = register.holder(role, ctx.today) else { continue };
        let left = person.left.as_ref().filter(|left| ctx.is_over(left.value));
        if left.is_none() && person.is_active(ctx.today) {
            continue;
        }
        let [held_by] = role.held_by.as_slice() else { continue };
        let (id, name) = (&role.head.id, person.display());
        let diagnostic = match (left, &person.joined) {
            (Some(left), _) => {
                let leaves = tense(left.value, ctx.today, "left", "leaves");
                let message = format!("role `{id}` is held by {name}, who {leaves} on {}", left.value);
                ctx.report(held_by.span, message).due(left.value).label(left.span, format!("last day of {name}"))
            }
            (None, Some(joined)) => {
                let message = format!("role `{id}` is held by {name}, who joins only on {}", joined.value);
                ctx.report(held_by.span, message).label(joined.span, format!("first day of {name}"))
            }
            (None, None) => continue,
        };
        diagnostic.help("name the successor in `held_by`; for an interim holder add `acting_until`");
    }
}
