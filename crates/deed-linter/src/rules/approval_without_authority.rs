//! Rule `approval-without-authority`.

use deed_model::authority::{Hat, Power};
use deed_model::{Date, Decision, Head, Layer, OwnershipModel, Policy};

use crate::mandate::{Claim, mandate, unmandated};
use crate::ownership::{described, named};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "approval-without-authority",
    group: Group::Policies,
    source: "ISO/IEC 27001:2022 A.5.1, 5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "something was approved by somebody who may not approve it",
    options: &[],
    docs: include_str!("approval_without_authority.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    if let Some(isms) = register.isms() {
        judge(ctx, &isms.head, &isms.approved, None);
    }
    if let Some(soa) = register.soa() {
        judge(ctx, &soa.head, &soa.approved, None);
    }
    if let Some(criteria) = register.risk_criteria() {
        judge(ctx, &criteria.head, &criteria.approved, None);
    }
    let security_policy = register.isms().and_then(|isms| isms.policy.as_ref()).map(|policy| policy.as_str());
    // The information security policy takes an executive: `unapproved-security-policy` says so.
    for policy in ctx.each(&register.policies).filter(|policy| Some(policy.head.id.as_str()) != security_policy) {
        judge(ctx, &policy.head, &policy.approved, Some(policy));
    }
}

fn judge(ctx: &mut Context<'_>, head: &Head, approved: &[Decision], policy: Option<&Policy>) {
    let (register, model) = (ctx.register, ctx.model());
    let power = Power::Approve(head.section, &head.id);
    let suffices = |hat: &Hat<'_>, on: Date| register.may_approve(hat, power, on, policy);
    let found = unmandated(approved, ctx.today, |decision| mandate(ctx, decision, suffices));
    let Some((decision, ())) = found else { return };
    let Some(claim) = Claim::of(register, decision, &described(head)) else { return };
    let executive_led = model == Some(OwnershipModel::ExecutiveLed);
    let what = &claim.what;
    let message = match &claim.why {
        Some(why) => format!("{what}, {why}"),
        None => format!("{what} without the authority to do so"),
    };
    let may = register.who_may(power, ctx.today);
    let may = named(may.into_iter().filter(|(role, _)| !executive_led || role.is_in(Layer::Executive)));
    let diagnostic = ctx.report(claim.place, message);
    claim.label(diagnostic, register, Some(power), executive_led);
    diagnostic.help(match may {
        Some(may) => format!("ask {may} to approve it"),
        None => format!(
            "nobody may: name `{}` in the `authority.approve` of {} role",
            head.section.key(),
            if executive_led { "an executive" } else { "a" }
        ),
    });
}
