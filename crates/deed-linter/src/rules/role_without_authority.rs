//! Rule `role-without-authority`.

use deed_model::{Layer, Role};

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "role-without-authority",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.3; NIST CSF 2.0 GV.RR-02",
    severity: ByModel::all(Setting::ERROR),
    summary: "a role is a title only: it says neither what it may decide nor what it answers for",
    options: &[],
    docs: include_str!("role_without_authority.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for role in ctx.each(&ctx.register.roles) {
        if role.decides() || role.responsibilities.iter().any(|text| !text.trim().is_empty()) {
            continue;
        }
        let id = &role.head.id;
        let (message, help) = if role.is_in(Layer::Isms) {
            (
                format!("role `{id}` is a title only: it lists no responsibilities"),
                "list what its holder answers for: `responsibilities: [coordinate the ISMS]`".to_owned(),
            )
        } else if role.is_in(Layer::Executive) || role.is_in(Layer::Owner) {
            (
                format!("role `{id}` is a title only: it lists neither authority nor responsibilities"),
                format!(
                    "say what its holder may decide, as in `authority: {{ {} }}`, or list its `responsibilities`",
                    limit(ctx, role)
                ),
            )
        } else {
            continue;
        };
        let diagnostic = ctx.report(role.head.key, message).help(help);
        if let Some(layer) = &role.layer {
            let does = if role.is_in(Layer::Isms) { "coordinate and prepare" } else { "own and decide" };
            diagnostic.label(layer.span, format!("roles of layer `{}` {does}", layer.value.name()));
        }
    }
}

/// What a role of its layer usually may decide, in the levels of this workspace.
fn limit(ctx: &Context<'_>, role: &Role) -> String {
    let criteria = ctx.register.risk_criteria();
    if role.is_in(Layer::Executive) {
        let highest = criteria.and_then(|criteria| criteria.levels.last()).map_or("high", |level| &level.name);
        format!("accept_risk: {highest}, approve: [policies]")
    } else {
        let tolerance = criteria.and_then(|criteria| criteria.tolerance.as_ref()).map_or("medium", |level| level);
        format!("accept_risk: {tolerance}")
    }
}
