//! Rule `decider-without-role`.

use deed_model::authority::{Entitlement, Party, Power, Via};
use deed_model::evidence::Problem;
use deed_model::{Decision, Delegation, FileRange, Head, Layer, Review, ReviewKind, Role, Section, Spanned, Verb};

use crate::account::{commit, decided, infinitive, name};
use crate::ownership::{described, named};
use crate::tenure::{Judged, Verdict, handed_over, judge, judge_by_party, judge_executive, none_of_them};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "decider-without-role",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "somebody decided who did not hold the role it takes on that day",
    options: &[],
    docs: include_str!("decider_without_role.md"),
    check: Check::Register(check),
};

// The ownership model that is adopted, what is approved, risks that are accepted, exceptions that are granted and roles
// that are acknowledged have rules of their own.
fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for control in ctx.each(&register.controls).filter(|control| !control.is_excluded()) {
        by_owner(ctx, &control.head, &control.owner, &control.accepted);
        by_owner(ctx, &control.head, &control.owner, &control.reviewed);
    }
    for policy in ctx.each(&register.policies) {
        by_owner(ctx, &policy.head, &policy.owner, &policy.reviewed);
    }
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        by_owner(ctx, &risk.head, &risk.owner, &risk.reviewed);
    }
    for review in ctx.each(&register.reviews) {
        held(ctx, review);
    }
    for delegation in ctx.each(&register.delegations) {
        granted(ctx, delegation);
        passed_on(ctx, delegation);
    }
    before_the_role(ctx);
    after_the_role(ctx);
}

/// Whoever could decide by the register before their commit, and could not any more when it was adopted.
fn after_the_role(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten().filter(|proven| proven.is_current && !proven.is_outdated()) {
        let why = proven.told.iter().find_map(|problem| match problem {
            Problem::NoLongerEntitled { why } => Some(why),
            _ => None,
        });
        let (Some(why), Some(adoption)) = (why, &proven.evidence.adoption) else { continue };
        let who = proven.who(register);
        let message = format!(
            "{}, who {why} any more when {} adopted it: nothing shows that it was decided in time",
            proven.decided(register),
            commit(adoption)
        );
        ctx.report(proven.by_place(), message)
            .help(format!("let whoever may decide it now confirm it, unless {who} can again"));
    }
}

/// Whoever could decide by today's register, of what other rules speak about, and could not when they did.
fn before_the_role(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten().filter(|proven| proven.is_current) {
        let (head, decision) = (proven.head, proven.decision);
        let Some(why) = proven.not_entitled() else { continue };
        let is_judged_above = match (head.section, decision.verb) {
            (Section::Controls | Section::Delegations | Section::Reviews, _) => true,
            (Section::Policies | Section::Risks, verb) => verb == Verb::Reviewed,
            _ => false,
        };
        // What changed since has to be decided anew anyway.
        if is_judged_above || proven.is_outdated() {
            continue;
        }
        let today = || register.entitlement(register, head.section, &head.id, decision);
        if today() == Entitlement::Given {
            not_then(ctx, head, decision, why);
        }
    }
}

/// Says that the register before the decision did not let the decider decide.
fn not_then(ctx: &mut Context<'_>, head: &Head, decision: &Decision, why: &str) {
    let register = ctx.register;
    let (Some(by), Some(date)) = (&decision.by, &decision.date) else { return };
    let who = name(register, by);
    let act = ctx.evidence(decision).and_then(|evidence| evidence.act());
    let before = act.map_or_else(|| "then".to_owned(), |act| format!("before {}", commit(act)));
    let message = format!("{}, who {why} in the register {before}", decided(register, head, decision));
    let hats = register.hats_of(decision);
    let role = if let [hat] = hats.as_slice() { Some(hat.role.head.key) } else { None };
    let verb = infinitive(decision.verb);
    let diagnostic = ctx.report(by.span, message);
    if let Some(role) = role {
        diagnostic.label(role, format!("lets {who} decide it today, and did not on {}", date.value));
    }
    diagnostic.help(format!("let {who} {verb} it anew, or whoever could then confirm it"));
}

/// Owners take on and confirm what is theirs.
fn by_owner(ctx: &mut Context<'_>, head: &Head, owner: &[Spanned<String>], decisions: &[Decision]) {
    let (register, today) = (ctx.register, ctx.today);
    let [owner] = owner else { return };
    let Some(judged) = judge_by_party(ctx, decisions, owner) else { return };
    // An owner who is only a delegate is `delegated-accountability`'s.
    if handed_over(register, owner, judged.decision, today).is_none() {
        say(ctx, head, "owner", &judged);
    }
}

/// The chair, an executive, says that a management review took place; the lead, that an audit did.
fn held(ctx: &mut Context<'_>, review: &Review) {
    let by = |party: &Option<Spanned<String>>| judge_by_party(ctx, &review.held, party.as_ref()?);
    let (field, judged) = match review.kind.as_ref().map(|kind| kind.value) {
        Some(ReviewKind::ManagementReview) => {
            ("chair", by(&review.chair).or_else(|| judge_executive(ctx, &review.held)))
        }
        Some(ReviewKind::InternalAudit) => ("lead", by(&review.lead)),
        None => return,
    };
    if let Some(judged) = judged {
        say(ctx, &review.head, field, &judged);
    }
}

/// Says what is wrong with a decision that takes the holder of what `field` names, or an executive.
fn say(ctx: &mut Context<'_>, head: &Head, field: &str, judged: &Judged<'_>) {
    let Judged { decision, person, on, verdict } = judged;
    let Some(by) = &decision.by else { return };
    let (register, name) = (ctx.register, person.display());
    let decided = format!("{} was {} on {on} by {name}", described(head), decision.verb.key());
    let as_role = decision.as_role.as_ref().unwrap_or(by);
    let held_by = |role: &Role| role.held_by.first().map_or(role.head.key, |held_by| held_by.span);
    match verdict {
        Verdict::Fine => {}
        Verdict::NotThen(why) => not_then(ctx, head, decision, why),
        Verdict::NotThere => {
            let left = person.left.as_ref().filter(|left| left.value < *on);
            let (words, day) = match (left, &person.joined) {
                (Some(left), _) => ("had left on", left),
                (None, Some(joined)) => ("joined only on", joined),
                (None, None) => return,
            };
            ctx.report(by.span, format!("{decided}, who {words} {}", day.value))
                .label(day.span, format!("{name} {words} this day"))
                .help("let somebody decide who was there to do so, and write who did and when");
        }
        Verdict::NotTheirs(role, holder) => {
            let (id, holder) = (&role.head.id, holder.display());
            ctx.report(as_role.span, format!("{decided} as `{id}`, a role {name} did not hold"))
                .label(held_by(role), format!("`{id}` is held by {holder}"))
                .help(format!("name the role {name} decided in, or let {holder} decide"));
        }
        Verdict::InOther(role) => {
            let id = &role.head.id;
            ctx.report(as_role.span, format!("{decided} as `{}`, but its {field} is `{id}`", as_role.value))
                .label(held_by(role), format!("{name} holds `{id}` as well"))
                .help(format!("if {name} decided as `{id}`, let {name} say so: `as: {id}`"));
        }
        Verdict::NotHolder(role, holder) => {
            let (id, holder) = (&role.head.id, holder.display());
            ctx.report(by.span, format!("{decided}, who did not hold `{id}`, its {field}"))
                .label(held_by(role), format!("`{id}` is held by {holder}"))
                .help(format!("let {holder} decide, or somebody to whom `{id}` is delegated beforehand"));
        }
        Verdict::NotNamed(party) => {
            let party_name = party.display();
            ctx.report(by.span, format!("{decided}, but its {field} is {party_name}"))
                .label(party.head.key, format!("the {field}"))
                .help(format!("let {party_name} decide"));
        }
        Verdict::NoneOfThem => {
            let executives = register.roles.iter().filter(|role| role.is_in(Layer::Executive));
            let holders = executives.filter_map(|role| Some((role, register.holder(role, *on).person()?)));
            let names = named(holders).map_or_else(String::new, |names| format!(": {names}"));
            ctx.report(by.span, format!("{decided}, who held no executive role"))
                .help(format!("let an executive decide{names}"));
        }
    }
}

/// Whoever passes authority on decides so, or somebody who may grant delegations.
fn granted(ctx: &mut Context<'_>, delegation: &Delegation) {
    let (register, today) = (ctx.register, ctx.today);
    let Some(from) = delegation.from.as_ref().filter(|from| register.party(from).is_some()) else { return };
    let power = Power::Grant(Section::Delegations, &delegation.head.id);
    let grants = |role: &Role| {
        let granted = role.authority.iter().flat_map(|authority| &authority.grant);
        granted.into_iter().any(|section| section.value == Section::Delegations.key())
    };
    // Who granted it first does not excuse who prolonged it.
    let in_force = delegation.in_force(today);
    let counting = delegation.granted.iter().filter(|granted| !in_force || granted.in_force(today));
    let judged = judge(ctx, counting, |decision, person, on| {
        let may = register.hats_of(decision).iter().any(|hat| match hat.via {
            Via::Holder | Via::Acting => hat.role.head.id == from.value || grants(hat.role),
            // What a delegation lends cannot be what it was granted by.
            Via::Delegation(other) => {
                other.head.id != delegation.head.id
                    && (hat.role.head.id == from.value || register.carries(hat, power, on))
            }
        });
        if may || register.roles.get(from).is_none() && decision.is_by(from) {
            return Some(Verdict::Fine);
        }
        let able: Vec<_> = register.roles.iter().filter(|role| role.head.id == from.value || grants(role)).collect();
        none_of_them(register, &able, person, on, today)
    });
    let Some(judged) = judged else { return };
    let (Verdict::NoneOfThem, Some(by)) = (judged.verdict, &judged.decision.by) else {
        return say(ctx, &delegation.head, "`from`", &judged);
    };
    let holder = register.accountable(from, judged.on);
    let granting = register.roles.iter().filter(|role| grants(role));
    let granting = granting.filter_map(|role| Some((role, register.holder(role, judged.on).person()?)));
    let granting = granting.filter(|(_, person)| holder.is_none_or(|holder| holder.head.id != person.head.id));
    let holder = holder.map(|holder| holder.display().to_owned());
    let may: Vec<_> = holder.into_iter().chain(named(granting)).collect();
    let message = format!(
        "delegation `{}` was granted on {} by {}, who neither held `{}` nor could grant delegations",
        delegation.head.id,
        judged.on,
        judged.person.display(),
        from.value
    );
    let diagnostic = ctx.report(by.span, message);
    diagnostic.label(from.span, "whose authority is passed on");
    if !may.is_empty() {
        diagnostic.help(format!("let {} grant it", may.join(" or ")));
    }
}

/// Nobody can pass on more than they have.
fn passed_on(ctx: &mut Context<'_>, delegation: &Delegation) {
    let (register, today) = (ctx.register, ctx.today);
    let (Some(from), Some(authority)) = (&delegation.from, &delegation.authority) else { return };
    if !delegation.in_force(today) {
        return;
    }
    let roles = register.roles_of(from, today);
    // A person has what their roles and the delegations to them carry.
    let (hats, person) = match register.party(from) {
        Some(Party::Role(_)) => (Vec::new(), None),
        Some(Party::Person(person)) if person.can_decide(today) => {
            (register.hats(&person.head.id, today), Some(person))
        }
        Some(Party::Person(_)) | None => return,
    };
    let has = |power| match person {
        None => roles.iter().any(|role| register.role_carries(role, power, today)),
        Some(_) => hats.iter().any(|hat| register.carries(hat, power, today)),
    };
    let mut excess: Vec<(FileRange, String, String)> = Vec::new();
    if let Some((criteria, level)) = register.risk_criteria().zip(authority.accept_risk.as_ref())
        && let Some(rank) = criteria.rank(level)
        && !has(Power::AcceptRisk(rank))
    {
        let own = (0..rank).rev().find(|rank| has(Power::AcceptRisk(*rank)));
        let own = own.map_or_else(
            || "may accept no risk itself".to_owned(),
            |rank| format!("itself may accept risks up to `{}` only", criteria.level_name(rank)),
        );
        excess.push((level.span, format!("the acceptance of risks up to `{}`", level.value), own));
    }
    for item in &authority.approve {
        let (key, id) = item.split_once('.').unwrap_or((item, ""));
        let Some(section) = Section::of_key(key) else { continue };
        // Without an id it is the whole section; an id that nothing has is `unknown-reference`'s.
        if (id.is_empty() || register.subject(section, id).is_some()) && !has(Power::Approve(section, id)) {
            excess.push((
                item.span,
                format!("the approval of `{}`", item.value),
                "may not approve that itself".to_owned(),
            ));
        }
    }
    for item in &authority.grant {
        let Some(section) = Section::of_key(item) else { continue };
        if !has(Power::Grant(section, "")) {
            excess.push((item.span, format!("the granting of {}", item.value), "may not grant them itself".to_owned()));
        }
    }
    for (span, what, own) in excess {
        let message = format!("delegation `{}` passes on {what}, but `{}` {own}", delegation.head.id, from.value);
        let diagnostic = ctx.report(span, message);
        for role in &roles {
            let at = role.authority.as_ref().map_or(role.head.key, |authority| authority.span);
            diagnostic.label(at, format!("what `{}` may decide", role.head.id));
        }
        if let Some(person) = person.filter(|_| roles.is_empty()) {
            diagnostic.label(person.head.key, format!("{} holds no role", person.display()));
        }
        diagnostic.help("pass on no more than that, or delegate from a role that has it");
    }
}
