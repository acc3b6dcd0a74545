//! Rule `unacknowledged-role`.

use deed_model::{Layer, OwnershipModel};

use crate::decided::latest;
use crate::elapsed::tense;
use crate::{ByModel, Check, Context, Group, Rule, Setting, Severity};

pub(super) static RULE: Rule = Rule {
    id: "unacknowledged-role",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.3, 7.3, A.6.2",
    severity: ByModel::all(Setting::WARNING).federated(Setting::ERROR),
    summary: "the holder of a role has not taken it on",
    options: &[],
    docs: include_str!("unacknowledged_role.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let today = ctx.today;
    let executive_led = ctx.model() == Some(OwnershipModel::ExecutiveLed);
    for role in ctx.each(&register.roles) {
        let Some(holder) = register.holder(role, today).person() else { continue };
        let [held_by] = role.held_by.as_slice() else { continue };
        let own: Vec<_> =
            role.acknowledged.iter().filter(|decision| decision.is_by(&holder.head.id)).cloned().collect();
        if own.iter().any(|decision| decision.in_force(ctx.horizon)) {
            continue;
        }
        let (id, name) = (&role.head.id, holder.display());
        let help = format!("let {name} take it on: `acknowledged: {{ by: {}, date: … }}`", holder.head.id);
        let expired = latest(&own, today).and_then(|decision| decision.until.as_ref());
        let by = latest(&role.acknowledged, today).and_then(|decision| decision.by.as_ref());
        let diagnostic = match (expired, by) {
            (Some(until), _) => {
                let ended = tense(**until, today, "ended", "ends");
                let message = format!("{name}'s acknowledgement of role `{id}` {ended} on {}", until.value);
                ctx.report(until.span, message).due(**until)
            }
            (None, Some(by)) => {
                // A name that leads nowhere is reported as such.
                let Some(other) = register.people.get(by) else { continue };
                let other = other.display();
                let message = format!("role `{id}` is acknowledged by {other}, but {name} holds it");
                ctx.report(by.span, message).label(held_by.span, format!("held by {name}"))
            }
            (None, None) => {
                let diagnostic = ctx.report(role.head.key, format!("{name} has not acknowledged role `{id}`"));
                diagnostic.label(held_by.span, format!("held by {name}"));
                if let Some(date) = role.acknowledged.iter().find_map(|decision| decision.date.as_ref()) {
                    diagnostic.label(date.span, "this day lies ahead");
                }
                diagnostic
            }
        };
        diagnostic.help(help);
        if executive_led && role.is_in(Layer::Executive) {
            diagnostic.graded(Severity::Error);
        }
    }
}
