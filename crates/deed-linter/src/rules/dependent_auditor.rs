//! Rule `dependent-auditor`.

use std::collections::HashSet;

use deed_model::{Control, Date, FileRange, Person, Register, Review, ReviewKind, catalogue};

use crate::decided::latest;
use crate::ownership::listed;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "dependent-auditor",
    group: Group::Reviews,
    source: "ISO/IEC 27001:2022 9.2.2 b)",
    severity: ByModel::all(Setting::ERROR),
    summary: "an auditor audits what is their own",
    options: &[],
    docs: include_str!("dependent_auditor.md"),
    check: Check::Register(check),
};

/// How many of the auditor's own items are shown.
const SHOWN: usize = 3;

/// The control that auditors carry out by auditing.
const INDEPENDENT_REVIEW: &str = "A.5.35";

/// How many of the others are named.
const LISTED: usize = 8;

/// Something covered that the auditor is not independent of.
struct Own<'r> {
    id: &'r str,
    /// Where that is said.
    place: FileRange,
    /// As in "owns".
    tie: &'static str,
}

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let is_audit = |review: &&Review| review.kind.as_ref().is_some_and(|kind| **kind == ReviewKind::InternalAudit);
    for audit in ctx.each(&register.reviews).filter(is_audit) {
        let held = latest(&audit.held, today);
        // An audit that is yet to be held is judged on today: there is time to find another auditor.
        let on = held.and_then(|held| held.date.as_ref()).map_or(today, |date| date.value);
        let Some(named) = audit.lead.as_ref().or(held.and_then(|held| held.by.as_ref())) else {
            continue;
        };
        let Some(auditor) = register.accountable(named, on) else { continue };
        let own = own(register, audit, auditor, on);
        let Some(first) = own.first() else { continue };
        let (name, verb) = (auditor.display(), if held.is_some() { "audited" } else { "is to audit" });
        let (rest, them) = match own.as_slice() {
            [_] => (String::new(), "it"),
            [_, second] => (format!(" and `{}`", second.id), "them"),
            more => (format!(" and {} more", more.len() - 1), "them"),
        };
        let message = format!("{name} {verb} `{}`{rest} without being independent of {them}", first.id);
        let diagnostic = ctx.report(named.span, message);
        for item in own.iter().take(SHOWN) {
            diagnostic.label(item.place, format!("{name} {} `{}`", item.tie, item.id));
        }
        let rest = own.iter().skip(SHOWN).map(|item| item.id);
        if own.len() > SHOWN {
            diagnostic.help(format!("the same goes for {}", listed(rest, LISTED)));
        }
        diagnostic.help(if held.is_some() {
            format!("have somebody else audit {them} again: nobody sees the gaps in their own work")
        } else {
            format!("have somebody else lead `{}`, or take {them} out of what it `covers`", audit.head.id)
        });
    }
}

/// Returns what an audit covers and its auditor has a part in, each item once.
fn own<'r>(register: &'r Register, audit: &'r Review, auditor: &Person, on: Date) -> Vec<Own<'r>> {
    let is_auditor = |id: &str| register.accountable(id, on).is_some_and(|person| person.head.id == auditor.head.id);
    let mut seen = HashSet::new();
    let covered = audit.covers.iter().filter(|id| seen.insert(id.as_str()));
    let ties = covered.filter_map(|id| {
        let (place, tie) = match register.controls.get(id) {
            Some(control) => of_control(register, control, is_auditor)?,
            None => of_clause(register, id, is_auditor)?,
        };
        Some(Own { id, place, tie })
    });
    ties.collect()
}

fn of_control(
    register: &Register,
    control: &Control,
    is_auditor: impl Fn(&str) -> bool,
) -> Option<(FileRange, &'static str)> {
    let owner = control.owner.first();
    if let Some(owner) = owner.filter(|owner| is_auditor(owner)) {
        return Some((owner.span, "owns"));
    }
    let mut doers = control.responsible.iter().filter(|_| control.head.id != INDEPENDENT_REVIEW);
    if let Some(doer) = doers.find(|doer| is_auditor(doer)) {
        return Some((doer.span, "does the work of"));
    }
    let of_owner = || register.roles.get(owner?)?.department.as_ref();
    let department = control.department.as_ref().or_else(of_owner);
    let head = department.and_then(|department| register.departments.get(department)?.headed_by.as_ref());
    head.filter(|head| is_auditor(head)).map(|head| (head.span, "heads the department that operates"))
}

/// The clauses of the standard's body are about the ISMS itself.
fn of_clause(register: &Register, id: &str, is_auditor: impl Fn(&str) -> bool) -> Option<(FileRange, &'static str)> {
    let in_clause = |clause: &catalogue::Clause| {
        clause.id.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let isms = register.isms().filter(|_| catalogue::clauses().iter().any(in_clause))?;
    let mut parties = isms.owner.iter().chain(&isms.manager).chain(&isms.conformity);
    parties.find(|party| is_auditor(party)).map(|party| (party.span, "runs the ISMS, the subject of"))
}
