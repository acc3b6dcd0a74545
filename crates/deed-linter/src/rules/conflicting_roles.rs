//! Rule `conflicting-roles`.

use std::collections::HashSet;

use deed_model::authority::{Hat, Via};
use deed_model::{FileRange, Layer, OwnershipModel, Person, Role};

use crate::ownership::Owners;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "conflicting-roles",
    group: Group::People,
    source: "ISO/IEC 27001:2022 A.5.3, 9.2.2 b)",
    severity: ByModel::all(Setting::ERROR),
    summary: "one person holds roles that have to be kept apart",
    options: &[],
    docs: include_str!("conflicting_roles.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    auditors(ctx, &Owners::new(ctx));
    if ctx.model() == Some(OwnershipModel::ExecutiveLed) {
        lone_executives(ctx);
    }
}

/// One thing an auditor has besides the audit: how it reads behind "and", and where it is written.
type Other = (String, FileRange);

/// Whoever audits neither governs nor owns.
fn auditors(ctx: &mut Context<'_>, owners: &Owners<'_>) {
    let register = ctx.register;
    let mut seen = HashSet::new();
    for role in register.roles.iter().filter(|role| role.is_in(Layer::Audit)) {
        let Some(person) = register.holder(role, ctx.today).person() else { continue };
        let [held_by] = role.held_by.as_slice() else { continue };
        if !seen.insert(&person.head.id) {
            continue;
        }
        let others = others(ctx, person, owners);
        if others.is_empty() {
            continue;
        }
        let (id, name) = (&role.head.id, person.display());
        let mut texts: Vec<&str> = others.iter().take(3).map(|(text, _)| text.as_str()).collect();
        let more = format!("has {} more such duties", others.len().saturating_sub(2));
        if others.len() > 3 {
            texts[2] = &more;
        }
        let message = format!("{name} audits as `{id}` and {}", texts.join(" and "));
        let diagnostic = ctx.report(person.head.key, message);
        diagnostic.label(held_by.span, format!("{name} audits as `{id}`"));
        for (text, span) in others.iter().take(3) {
            diagnostic.label(*span, format!("{name} {text}"));
        }
        diagnostic.help("give the audit to somebody who neither owns nor decides what is audited, or hand the rest on");
    }
}

/// What a person has that does not go with auditing.
fn others(ctx: &Context<'_>, person: &Person, owners: &Owners<'_>) -> Vec<Other> {
    let mut others: Vec<Other> = Vec::new();
    let mut names = vec![person.head.id.as_str()];
    for hat in ctx.register.hats(&person.head.id, ctx.today) {
        let id = hat.role.head.id.as_str();
        if governs(hat.role) {
            others.push(held(&hat));
        } else if !matches!(hat.via, Via::Delegation(_)) {
            others.extend(duties(ctx, id));
            // What a governing role owns is told by the role; of an auditor's own role it is the point.
            names.push(id);
        }
    }
    // Where a role has the id of a person, an owner field means the role.
    names.retain(|name| *name != person.head.id || ctx.register.roles.get(name).is_none());
    for subject in names.into_iter().flat_map(|name| owners.owned_by(name)) {
        if let Some(owner) = subject.owner() {
            others.push((format!("owns {}", subject.what()), owner.span));
        }
    }
    others
}

/// What the ISMS asks of a role that no auditor can do: to run it, or to see that it conforms, which is what is audited.
fn duties(ctx: &Context<'_>, role: &str) -> Vec<Other> {
    let Some(isms) = ctx.register.isms() else { return Vec::new() };
    let duties = [(&isms.manager, "manages the ISMS"), (&isms.conformity, "is to ensure that the ISMS conforms")];
    let own = duties.into_iter().filter_map(|(field, text)| Some((field.as_ref()?, text)));
    own.filter(|(field, _)| field.as_str() == role).map(|(field, text)| (text.to_owned(), field.span)).collect()
}

fn governs(role: &Role) -> bool {
    [Layer::Executive, Layer::Isms, Layer::Owner].into_iter().any(|layer| role.is_in(layer))
}

fn held(hat: &Hat<'_>) -> Other {
    let id = &hat.role.head.id;
    match hat.via {
        Via::Delegation(delegation) => {
            let by = &delegation.head.id;
            (format!("acts for `{id}` by delegation `{by}`"), delegation.head.key)
        }
        Via::Holder | Via::Acting => {
            let span = hat.role.held_by.first().map_or(hat.role.head.key, |held_by| held_by.span);
            (format!("holds `{id}`"), span)
        }
    }
}

/// A custodian prepares what an executive decides: it takes two people.
fn lone_executives(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let executives: Vec<(&Role, &Person)> = register
        .roles
        .iter()
        .filter(|role| role.is_in(Layer::Executive))
        .filter_map(|role| Some((role, register.holder(role, ctx.today).person()?)))
        .collect();
    for role in register.roles.iter().filter(|role| role.is_in(Layer::Isms)) {
        let Some(person) = register.holder(role, ctx.today).person() else { continue };
        let [held_by] = role.held_by.as_slice() else { continue };
        let is_own = |(_, executive): &&(&Role, &Person)| executive.head.id == person.head.id;
        let Some((executive, _)) = executives.iter().find(is_own) else { continue };
        if !executives.iter().all(|one| is_own(&one)) {
            continue;
        }
        let (id, above, name) = (&role.head.id, &executive.head.id, person.display());
        let message = format!("{name} is custodian (`{id}`) and the only executive (`{above}`)");
        let diagnostic = ctx.report(person.head.key, message);
        diagnostic.label(held_by.span, "the custodian");
        if let Some(span) = executive.held_by.first().map(|held_by| held_by.span) {
            diagnostic.label(span, "the only executive");
        }
        diagnostic.help(format!("name a second executive, who decides what `{id}` prepares, or another custodian"));
    }
}
