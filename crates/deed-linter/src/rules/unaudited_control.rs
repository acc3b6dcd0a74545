//! Rule `unaudited-control`.

use std::collections::HashSet;

use deed_model::{Date, Register, ReviewKind, Section, catalogue};

use crate::decided::{begun, latest};
use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Severity, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "unaudited-control",
    group: Group::Reviews,
    source: "ISO/IEC 27001:2022 9.2.2",
    severity: ByModel::all(Setting::WARNING),
    summary: "applicable controls have not been in an internal audit for a whole cycle",
    options: &[RuleOption {
        name: "cycle",
        summary: "how long the audit programme takes to cover every applicable control",
        default: Default::Period(ByModel::all("36mo")),
        weaker: Weaker::More,
    }],
    docs: include_str!("unaudited_control.md"),
    check: Check::Register(check),
};

const THEMES: [&str; 4] = ["Organizational", "People", "Physical", "Technological"];
/// How many controls of a theme are named.
const NAMED: usize = 6;

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let Some(isms) = register.isms() else { return };
    if ctx.may_lack(Section::Controls) || ctx.may_lack(Section::Reviews) {
        return;
    }
    let cycle = ctx.period("cycle");
    let since = cycle.before(today);
    let audited = audited(register, since, today);
    let applicable = || register.controls.iter().filter(|control| !control.is_excluded());
    // An id that is none is `unknown-control`.
    let known = applicable().filter_map(|control| catalogue::control(&control.head.id));
    let (covered, open): (Vec<_>, Vec<_>) = known.partition(|control| audited.contains(control.id));
    if open.is_empty() {
        return;
    }
    let begun = begun(isms, today);
    let all = covered.len() + open.len();
    let have = if open.len() == 1 { "has" } else { "have" };
    let message =
        format!("{} of the {all} applicable controls {have} been in no internal audit since {since}", open.len());
    let diagnostic = ctx.report(ctx.root_span(), message);
    // In the first cycle there is time left.
    if let Some(begun) = begun.filter(|begun| cycle.after(***begun) >= today) {
        let end = cycle.after(**begun);
        diagnostic.due(end).graded(Severity::Info);
        diagnostic
            .label(begun.span, format!("the first cycle of {} began on this day and ends on {end}", cycle.words()));
    }
    for theme in THEMES {
        let ids: Vec<_> = open.iter().filter(|control| control.theme == theme).map(|control| control.id).collect();
        if !ids.is_empty() {
            diagnostic.help(format!("{}: {}", theme.to_lowercase(), listed(&ids)));
        }
    }
    diagnostic.help("plan internal audits that cover them: `covers` of a review of the kind `internal-audit`");
}

/// The ids that internal audits held since a day cover.
fn audited(register: &Register, since: Date, today: Date) -> HashSet<&str> {
    let audits = register.reviews.iter().filter(|review| {
        let held = latest(&review.held, today).and_then(|held| held.date.as_ref());
        review.kind.as_ref().is_some_and(|kind| **kind == ReviewKind::InternalAudit)
            && held.is_some_and(|held| **held >= since)
    });
    audits.flat_map(|audit| &audit.covers).map(|id| id.as_str()).collect()
}

/// As in "`A.5.1`, `A.5.2` and 12 more".
fn listed(ids: &[&str]) -> String {
    let named = |ids: &[&str]| ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    if ids.len() <= NAMED {
        named(ids)
    } else {
        format!("{} and {} more", named(&ids[..NAMED - 1]), ids.len() - (NAMED - 1))
    }
}
