//! Rule `vacant-role`.

use std::collections::HashMap;

use deed_model::authority::Holder;
use deed_model::{Date, Definition, Reference, Register, Section};

use crate::elapsed::tense;
use crate::ownership::{described, is_out_of_use};
use crate::pass::Gathered;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "vacant-role",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "a role that is needed has no holder, or its acting holder's time is over",
    options: &[],
    docs: include_str!("vacant_role.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let (needed, today) = (Gathered::default(), ctx.today);
    for role in ctx.each(&register.roles) {
        let end = role.acting_until.as_ref().filter(|until| ctx.is_over(***until));
        let (last, end) = match (register.holder(role, today), end) {
            (Holder::Nobody, _) => (None, None),
            (Holder::ActingOver(person) | Holder::Held(person), Some(end)) => (Some(person), Some(end)),
            _ => continue,
        };
        let id = &role.head.id;
        let reference = needed.get(|| needed_roles(register, today)).get(id.as_str());
        if reference.is_none() && !role.governs() {
            continue;
        }
        let diagnostic = match last.zip(end) {
            None => ctx
                .report(role.head.key, format!("nobody holds role `{id}`"))
                .help("name its holder: `held_by: <person>`, with `acting_until: <day>` for an interim one"),
            Some((person, until)) => {
                let (is, held) = (tense(**until, today, "is", "becomes"), tense(**until, today, "held", "holds"));
                let message = format!("role `{id}` {is} vacant: {} {held} it until {}", person.display(), until.value);
                ctx.report(until.span, message)
                    .due(**until)
                    .help("name a holder for good and remove `acting_until`, or prolong the interim")
            }
        };
        if let Some(reference) = reference {
            let what = format!("it is needed as `{}` of {}", reference.field, described(reference.head));
            diagnostic.label(reference.text.span, what);
        }
    }
}

/// The roles that something in use names, each with the first place that does.
fn needed_roles(register: &Register, today: Date) -> HashMap<&str, Reference<'_>> {
    let mut needed = HashMap::new();
    // Past decisions were made under whoever held the role then.
    register.visit_names(&mut |reference| {
        if let Some(Definition::Subject(head)) = register.definition(&reference)
            && head.section == Section::Roles
            && !needed.contains_key(head.id.as_str())
            && !is_past(register, &reference, today)
        {
            needed.insert(head.id.as_str(), reference);
        }
    });
    needed
}

/// Whether a reference stands in something that is over.
fn is_past(register: &Register, reference: &Reference<'_>, today: Date) -> bool {
    let head = reference.head;
    match head.section {
        Section::Delegations => register.delegations.get(&head.id).is_some_and(|one| !one.in_force(today)),
        Section::Reviews => {
            register.reviews.get(&head.id).is_some_and(|review| review.held.iter().any(|held| held.made_by(today)))
        }
        _ => is_out_of_use(register, head, today),
    }
}
