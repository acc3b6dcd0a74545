//! Rule `missing-deputy`.

use deed_model::{Layer, OwnershipModel, PersonKind, Role};

use crate::ownership::{Owners, has_isms_duty, listed_subjects};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "missing-deputy",
    group: Group::People,
    source: "ISO/IEC 27001:2022 A.5.2, A.5.29",
    severity: ByModel::all(Setting::WARNING).centralized(Setting::ERROR),
    summary: "a key role has no deputy who could stand in",
    options: &[],
    docs: include_str!("missing_deputy.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let owners = Owners::new(ctx);
    for role in ctx.each(&register.roles) {
        let id = &role.head.id;
        // A role without a holder is reported as such; a deputy would not mend it.
        let Some(holder) = register.holder(role, ctx.today).person() else { continue };
        if !is_key_layer(ctx, role) {
            continue;
        }
        let owns = owners.owned_by(id);
        if !(!owns.is_empty() || role.decides() || has_isms_duty(register, id)) {
            continue;
        }
        let Some(deputy) = &role.deputy else {
            let owns = if owns.is_empty() { String::new() } else { format!(", which owns {},", listed_subjects(owns)) };
            ctx.report(role.head.key, format!("role `{id}`{owns} has no deputy"))
                .help(format!("name who stands in while {} is away: `deputy:`", holder.display()));
            continue;
        };
        let Some(person) = register.people.get(deputy) else { continue };
        let name = person.display();
        if person.head.id == holder.head.id {
            ctx.report(deputy.span, format!("the deputy of role `{id}` is {name}, who holds it"))
                .help("name somebody else: a deputy stands in when the holder is away");
        } else if person.kind != PersonKind::Person {
            let diagnostic = ctx.report(
                deputy.span,
                format!("the deputy of role `{id}` is `{deputy}`, a {}", person.kind.name(), deputy = deputy.value),
            );
            if let Some(span) = person.kind_span {
                diagnostic.label(span, "not a natural person");
            }
            diagnostic.help("name one person: a role passes to somebody, not to a group");
        } else if !person.is_active(ctx.today) {
            let left = person.left.as_ref().filter(|left| left.value < ctx.today);
            let (word, day) = match (left, &person.joined) {
                (Some(left), _) => ("left", left),
                (None, Some(joined)) => ("joins only", joined),
                (None, None) => continue,
            };
            ctx.report(deputy.span, format!("the deputy of role `{id}` is {name}, who {word} on {}", day.value))
                .label(day.span, format!("{name} {word} on this day"))
                .help("name another deputy");
        }
    }
}

/// Whether a role of its layer can be a key role at all.
fn is_key_layer(ctx: &Context<'_>, role: &Role) -> bool {
    let executive = role.is_in(Layer::Executive);
    // Where executives own and act in person, another executive decides in their place.
    if executive && ctx.model() == Some(OwnershipModel::ExecutiveLed) {
        return false;
    }
    executive || role.is_in(Layer::Isms) || role.is_in(Layer::Owner)
}
