//! Rule `unapproved-security-policy`.

use deed_model::authority::{Hat, Power, Via};
use deed_model::{Date, Isms, Layer, OwnershipModel, Policy, Register, Section, Verb};

use crate::decided::is_undecided;
use crate::mandate::{Claim, mandate, unmandated};
use crate::ownership::named;
use crate::{Applicability, ByModel, Check, Context, FileEdit, Group, Rule, Setting, insert};

pub(super) static RULE: Rule = Rule {
    id: "unapproved-security-policy",
    group: Group::Policies,
    source: "ISO/IEC 27001:2022 5.2, A.5.1",
    severity: ByModel::all(Setting::ERROR),
    summary: "a policy has no approval, or the information security policy none by top management",
    options: &[],
    docs: include_str!("unapproved_security_policy.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let isms = register.isms();
    if let Some(isms) = isms.filter(|isms| !ctx.is_written(&isms.head, "policy")) {
        unnamed(ctx, isms);
    }
    let chosen = isms.and_then(|isms| isms.policy.as_ref());
    for policy in ctx.each(&register.policies) {
        let chosen = chosen.filter(|chosen| chosen.as_str() == policy.head.id);
        if is_undecided(ctx, &policy.head, Verb::Approved, &policy.approved) {
            unapproved(ctx, policy, chosen.map(|chosen| chosen.span));
        } else if chosen.is_some() {
            by_executive(ctx, policy);
        }
    }
}

/// No policy is named as the one of clause 5.2.
fn unnamed(ctx: &mut Context<'_>, isms: &Isms) {
    let telling = ["information-security", "information-security-policy", "security", "isms", "infosec"];
    let likely = telling.iter().find_map(|id| ctx.register.policies.get(id));
    let node = ctx.workspace.manifest(isms.head.key.file).parse.node(isms.head.node);
    let edit = likely.and_then(|policy| insert::fields(node, &[("policy", policy.head.id.clone())]));
    let diagnostic = ctx.report(isms.head.key, "no policy is named as the information security policy");
    if let Some(policy) = likely {
        diagnostic.label(policy.head.key, "perhaps this one");
    }
    let id = likely.map_or("information-security", |policy| policy.head.id.as_str());
    diagnostic.help(format!("say which policy top management has established: `policy: {id}`"));
    if let Some(edit) = edit {
        let edits = vec![FileEdit { file: isms.head.key.file, edit }];
        diagnostic.fix(format!("name `{id}`"), Applicability::Unsafe, edits);
    }
}

fn unapproved(ctx: &mut Context<'_>, policy: &Policy, chosen: Option<deed_model::FileRange>) {
    let power = Power::Approve(Section::Policies, &policy.head.id);
    let executive_led = ctx.model() == Some(OwnershipModel::ExecutiveLed);
    let may = if chosen.is_some() {
        named(executives(ctx.register, policy, ctx.today))
    } else {
        let approvers = ctx.register.who_may(power, ctx.today).into_iter();
        named(approvers.filter(|(role, _)| !executive_led || role.is_in(Layer::Executive)))
    };
    let what = if chosen.is_some() { "the information security policy" } else { "policy" };
    let diagnostic = ctx.report(policy.head.key, format!("{what} `{}` has not been approved", policy.head.id));
    if let Some(span) = chosen {
        diagnostic.label(span, "named here as the policy of the ISMS");
    }
    for approved in &policy.approved {
        if let Some(date) = &approved.date {
            diagnostic.label(date.span, format!("not in force before {}", date.value));
        }
    }
    match may {
        Some(may) => diagnostic.help(format!("ask {may} to approve it")),
        None if chosen.is_some() => {
            diagnostic.help("have top management approve it: no executive role is held by anybody")
        }
        None => diagnostic.help("nobody may: name `policies` in the `authority.approve` of a role"),
    };
}

/// The information security policy is approved, but not by top management.
fn by_executive(ctx: &mut Context<'_>, policy: &Policy) {
    let register = ctx.register;
    let suffices = |hat: &Hat<'_>, on: Date| is_executive(register, hat, policy, on);
    let found = unmandated(&policy.approved, ctx.today, |decision| mandate(ctx, decision, suffices));
    let Some((decision, ())) = found else { return };
    let subject = format!("the information security policy `{}`", policy.head.id);
    let Some(claim) = Claim::of(register, decision, &subject) else { return };
    let message = match &claim.why {
        Some(why) => format!("{}, {why}", claim.what),
        None => format!("{} but is no executive", claim.what),
    };
    let may = named(executives(register, policy, ctx.today));
    let diagnostic = ctx.report(claim.place, message);
    claim.label(diagnostic, register, Some(Power::Approve(Section::Policies, &policy.head.id)), true);
    diagnostic.help(match may {
        Some(may) => {
            format!("ask {may} to approve it: clause 5.2 wants it established by top management")
        }
        None => "have top management approve it: no executive role is held by anybody".to_owned(),
    });
}

/// Whether somebody acts as an executive; who stands in by a delegation does where it names the approval.
fn is_executive(register: &Register, hat: &Hat<'_>, policy: &Policy, on: Date) -> bool {
    let power = Power::Approve(Section::Policies, &policy.head.id);
    hat.role.is_in(Layer::Executive) && (!matches!(hat.via, Via::Delegation(_)) || register.carries(hat, power, on))
}

/// The executive roles and who holds them, those that may approve policies first.
fn executives<'r>(
    register: &'r Register,
    policy: &Policy,
    today: Date,
) -> Vec<(&'r deed_model::Role, &'r deed_model::Person)> {
    let power = Power::Approve(Section::Policies, &policy.head.id);
    let executives = register.roles.iter().filter(|role| role.is_in(Layer::Executive));
    let mut held: Vec<_> = executives.filter_map(|role| Some((role, register.holder(role, today).person()?))).collect();
    held.sort_by_key(|(role, _)| !register.role_carries(role, power, today));
    held
}
