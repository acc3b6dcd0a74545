//! Rule `self-granted-exception`.

use deed_model::authority::{Hat, Power};
use deed_model::{Date, Decision, Exception, Layer, OwnershipModel, Register, Section, Spanned, Verb};

use crate::decided::is_undecided;
use crate::mandate::{Claim, Mandate, mandate, unmandated};
use crate::ownership::named;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "self-granted-exception",
    group: Group::Exceptions,
    source: "ISO/IEC 27001:2022 A.5.3, A.5.36",
    severity: ByModel::all(Setting::ERROR),
    summary: "an exception was granted by nobody, by who asked for it, or by somebody who may not grant it",
    options: &[],
    docs: include_str!("self_granted_exception.md"),
    check: Check::Register(check),
};

/// Why a grant does not count.
enum Flaw<'r> {
    /// It is by the person who asks for the exception, named here.
    OwnRequest(&'r Spanned<String>),
    /// It is by somebody who may grant nothing.
    NoAuthority,
}

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for exception in ctx.each(&register.exceptions).filter(|exception| exception.is_open(today)) {
        if is_undecided(ctx, &exception.head, Verb::Granted, &exception.granted) {
            ungranted(ctx, exception);
            continue;
        }
        let suffices = |hat: &Hat<'_>, on: Date| may_grant(ctx, exception, hat, on);
        let found = unmandated(&exception.granted, today, |granted| match asker(register, exception, granted) {
            Some(asker) => Mandate::Lacking(Flaw::OwnRequest(asker)),
            None => match mandate(ctx, granted, suffices) {
                Mandate::Given => Mandate::Given,
                Mandate::Unknown => Mandate::Unknown,
                Mandate::Lacking(()) => Mandate::Lacking(Flaw::NoAuthority),
            },
        });
        if let Some((granted, flaw)) = found {
            flawed(ctx, exception, granted, &flaw);
        }
    }
}

/// Returns where the person who granted an exception is named as the one who asks for it.
///
/// Where nobody is named as asking, it is the owner who does.
fn asker<'r>(register: &'r Register, exception: &'r Exception, granted: &Decision) -> Option<&'r Spanned<String>> {
    let asker = exception.requested_by.as_ref().or(match exception.owner.as_slice() {
        [owner] => Some(owner),
        _ => None,
    })?;
    let person = register.accountable(asker, **granted.date.as_ref()?)?;
    granted.is_by(&person.head.id).then_some(asker)
}

fn may_grant(ctx: &Context<'_>, exception: &Exception, hat: &Hat<'_>, on: Date) -> bool {
    let executive = ctx.model() != Some(OwnershipModel::ExecutiveLed) || hat.role.is_in(Layer::Executive);
    executive && ctx.register.carries(hat, Power::Grant(Section::Exceptions, &exception.head.id), on)
}

/// Who could grant it today, for help: not the one who asks.
fn others(ctx: &Context<'_>, exception: &Exception) -> String {
    let asker = exception.requested_by.as_ref().or(exception.owner.first());
    let asker = asker.and_then(|asker| ctx.register.accountable(asker, ctx.today));
    let executive_led = ctx.model() == Some(OwnershipModel::ExecutiveLed);
    let may = ctx.register.who_may(Power::Grant(Section::Exceptions, &exception.head.id), ctx.today);
    let may = may.into_iter().filter(|(role, person)| {
        (!executive_led || role.is_in(Layer::Executive)) && asker.is_none_or(|asker| asker.head.id != person.head.id)
    });
    match named(may) {
        Some(may) => format!("ask {may} to grant it"),
        None => "nobody else may grant it: name `exceptions` in the `authority.grant` of an executive role".to_owned(),
    }
}

fn ungranted(ctx: &mut Context<'_>, exception: &Exception) {
    let help = others(ctx, exception);
    let id = &exception.head.id;
    let from = exception.control.as_ref().map(|control| format!(" from `{}`", control.value)).unwrap_or_default();
    let diagnostic = ctx.report(exception.head.key, format!("nobody granted exception `{id}`{from}"));
    for date in exception.granted.iter().filter_map(|granted| granted.date.as_ref()) {
        diagnostic.label(date.span, format!("not in force before {}", date.value));
    }
    diagnostic.help(help);
}

fn flawed(ctx: &mut Context<'_>, exception: &Exception, granted: &Decision, flaw: &Flaw<'_>) {
    let (register, model, id) = (ctx.register, ctx.model(), &exception.head.id);
    let Some(claim) = Claim::of(register, granted, &format!("exception `{id}`")) else { return };
    let help = others(ctx, exception);
    // Under the centralized model a custodian may look at it first, which is not granting it yet.
    let pre_reviewed = model == Some(OwnershipModel::Centralized) && claim.is_in(Layer::Isms);
    match flaw {
        Flaw::OwnRequest(asker) => {
            let (did, label) = if exception.requested_by.is_some() {
                ("asked for", "asked for here")
            } else {
                ("owns", "owned here, and `requested_by` names nobody else")
            };
            let (who, date) = (&claim.who, claim.date);
            let message = format!("{who} {did} exception `{id}` and granted it on {date}");
            let diagnostic = ctx.report(claim.place, message);
            diagnostic.label(asker.span, label).help(help);
            if exception.requested_by.is_none() {
                diagnostic.help("if somebody else asked for it, say who: `requested_by`");
            }
        }
        Flaw::NoAuthority => {
            let message = match &claim.why {
                Some(why) => format!("{}, {why}", claim.what),
                None if pre_reviewed => {
                    format!("exception `{id}` is reviewed by its custodian, {}, but not granted yet", claim.who)
                }
                None => format!("{} without the authority to do so", claim.what),
            };
            let diagnostic = ctx.report(claim.place, message);
            let executive_led = model == Some(OwnershipModel::ExecutiveLed);
            claim.label(diagnostic, register, Some(Power::Grant(Section::Exceptions, id)), executive_led);
            diagnostic.help(help);
        }
    }
}
