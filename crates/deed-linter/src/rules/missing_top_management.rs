//! Rule `missing-top-management`.

use deed_model::authority::Holder;
use deed_model::{FileRange, Isms, Layer, Role, Section};

use crate::ownership::{executives, named, owner_in_words};
use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "missing-top-management",
    group: Group::Organization,
    source: "ISO/IEC 27001:2022 5.1, 5.3; NIST CSF 2.0 GV.RR-01; Directive (EU) 2022/2555 (NIS2) 20(1)",
    severity: ByModel::all(Setting::ERROR),
    summary: "too few people hold a role in layer `executive`, or none of them answers for the ISMS",
    options: &[RuleOption {
        name: "executives",
        summary: "how many people must hold an executive role",
        default: Default::Number(ByModel::all(1).executive_led(2)),
        weaker: Weaker::Less,
    }],
    docs: include_str!("missing_top_management.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let Some(isms) = register.isms() else { return };
    let least = ctx.number("executives") as usize;
    let mut people: Vec<&str> = Vec::new();
    let mut labels: Vec<(FileRange, String)> = Vec::new();
    // A role whose holder is missing or wrong is reported as that, and would suffice once it is mended.
    let mut unfilled = 0;
    for role in register.roles.iter().filter(|role| role.is_in(Layer::Executive)) {
        let Holder::Held(person) = register.holder(role, ctx.today) else {
            unfilled += 1;
            continue;
        };
        if !people.contains(&person.head.id.as_str()) {
            people.push(&person.head.id);
        }
        labels.push((role.head.key, format!("`{}` is held by {}", role.head.id, person.display())));
    }
    if people.len() + unfilled >= least || ctx.may_lack(Section::Roles) {
        return accountable(ctx, isms);
    }
    let message = match (labels.as_slice(), ctx.model()) {
        ([], _) => "no role is in top management: none has the layer `executive`".to_owned(),
        (_, Some(model)) => {
            let model = model.name();
            format!(
                "top management is {} alone, and the {model} model takes {least} executives",
                of(&labels, people.len())
            )
        }
        (_, None) => {
            format!("top management is {} alone, where {least} executives are asked for", of(&labels, people.len()))
        }
    };
    let owner = isms.owner.first().and_then(|owner| Some((owner, register.roles.get(owner)?)));
    let nobody = labels.is_empty();
    let diagnostic = ctx.report(isms.head.key, message);
    labels.truncate(4);
    for (span, text) in labels {
        diagnostic.label(span, text);
    }
    match owner {
        Some((owner, role)) if nobody => {
            let layer = role.layer.as_ref();
            let stands = layer.map_or("no layer".to_owned(), |layer| format!("layer `{}`", layer.name()));
            let at = layer.map_or(role.head.key, |layer| layer.span);
            diagnostic.label(owner.span, format!("`{}` is accountable for the ISMS", role.head.id));
            diagnostic.label(at, format!("but is in {stands}"));
            diagnostic.help(format!("give `{0}`, if it directs the organisation, `layer: executive`", role.head.id));
        }
        _ => {
            diagnostic.help(
                "add the role of whoever directs the organisation: `layer: executive`, with the person as `held_by`",
            );
        }
    }
}

/// There is top management, but it is not who answers for the ISMS.
fn accountable(ctx: &mut Context<'_>, isms: &Isms) {
    let (register, today) = (ctx.register, ctx.today);
    let ask = match named(executives(register, today)) {
        Some(executives) => format!("name who answers for it in top management, such as {executives}: `owner`"),
        None => "name a role in layer `executive` as its `owner`".to_owned(),
    };
    let [owner] = isms.owner.as_slice() else {
        if isms.owner.is_empty() && !ctx.is_written(&isms.head, "owner") {
            ctx.report(isms.head.key, "nobody in top management is accountable for the ISMS: it has no `owner`")
                .help(ask);
        }
        return;
    };
    let roles = register.roles_of(owner, today);
    // Of a person without roles, and of a role without a layer, it is not known where they stand.
    let stands = |role: &&Role| role.layer.as_ref().is_some_and(|layer| **layer != Layer::Executive);
    let Some(role) = roles.first().filter(|_| roles.iter().all(stands)) else { return };
    let who = owner_in_words(register, owner, today).unwrap_or_else(|| format!("`{}`", owner.value));
    let diagnostic = ctx.report(owner.span, format!("{who} is accountable for the ISMS, but not in top management"));
    if let Some(layer) = &role.layer {
        diagnostic.label(layer.span, format!("`{}` is in layer `{}`", role.head.id, layer.name()));
    }
    diagnostic.help(ask);
}

/// How many people there are, in words.
fn of(roles: &[(FileRange, String)], people: usize) -> String {
    match (people, roles.len()) {
        (1, 1) => "one person".to_owned(),
        (1, roles) => format!("one person in {roles} roles"),
        (people, _) => format!("{people} people"),
    }
}
