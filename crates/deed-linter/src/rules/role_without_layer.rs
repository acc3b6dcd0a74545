//! Rule `role-without-layer`.

use deed_model::Role;

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "role-without-layer",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.3",
    severity: ByModel::all(Setting::WARNING),
    summary: "a role says not where it stands: whether it leads, keeps the ISMS, owns, works or audits",
    options: &[],
    docs: include_str!("role_without_layer.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for role in ctx.each(&ctx.register.roles) {
        if role.layer.is_some() || ctx.is_written(&role.head, "layer") {
            continue;
        }
        let help = format!("add `layer: {}`, or another of executive, isms, owner, operator, audit", likely(ctx, role));
        ctx.report(
            role.head.key,
            format!("role `{}` is in no layer, so nothing about its standing is judged", role.head.id),
        )
        .help(help);
    }
}

/// The layer that fits best what else is known of a role.
fn likely(ctx: &Context<'_>, role: &Role) -> &'static str {
    let leads = ctx.register.isms().is_some_and(|isms| isms.owner.iter().any(|owner| **owner == role.head.id));
    let approves = role.authority.as_ref().is_some_and(|authority| !authority.approve.is_empty());
    if leads || approves && role.reports_to.is_none() {
        "executive"
    } else if role.decides() || ctx.register.departments_headed_by(&role.head.id).next().is_some() {
        "owner"
    } else {
        "operator"
    }
}
