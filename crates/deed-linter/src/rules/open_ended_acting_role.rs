//! Rule `open-ended-acting-role`.

use deed_model::{Date, Role};

use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "open-ended-acting-role",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.3",
    severity: ByModel::all(Setting::WARNING),
    summary: "an acting holder's time has no end, or a distant one",
    options: &[RuleOption {
        name: "max",
        summary: "how long somebody may act in a role, from their acknowledgement, else from today",
        default: Default::Period(ByModel::all("90d")),
        weaker: Weaker::More,
    }],
    docs: include_str!("open_ended_acting_role.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let max = ctx.period("max");
    for role in ctx.each(&register.roles) {
        let Some(holder) = register.holder(role, today).person() else { continue };
        let (id, name) = (&role.head.id, holder.display());
        let Some(until) = &role.acting_until else {
            let Some(title) = role.title.as_ref().filter(|title| reads_acting(title)) else { continue };
            let message = format!("role `{id}` is an acting one by its title, but {name} holds it without a last day");
            let diagnostic = ctx.report(title.span, message);
            if let [held_by] = role.held_by.as_slice() {
                diagnostic.label(held_by.span, "an acting holder needs a last day");
            }
            diagnostic
                .help(format!("add `acting_until`, at most {} away, or drop the word from the title", max.words()));
            continue;
        };
        let since = taken_on(role, &holder.head.id, today);
        let latest = max.after(since.map_or(today, |(date, _)| date));
        if until.value <= latest {
            continue;
        }
        let from = since.map_or_else(|| "from today".to_owned(), |(date, _)| format!("after taking it on ({date})"));
        let message = format!("{name} acts as `{id}` until {}, more than {} {from}", until.value, max.words());
        let diagnostic = ctx.report(until.span, message);
        if let Some((_, span)) = since {
            diagnostic.label(span, "acting since");
        }
        diagnostic.help(format!("end it by {latest}, or name a holder for good and remove `acting_until`"));
    }
}

/// The latest day the acting holder took the role on.
fn taken_on(role: &Role, holder: &str, today: Date) -> Option<(Date, deed_model::FileRange)> {
    let own = role.acknowledged.iter().filter(|decision| decision.is_by(holder) && decision.made_by(today));
    own.filter_map(|decision| decision.date.as_ref()).map(|date| (date.value, date.span)).max_by_key(|(date, _)| *date)
}

/// Whether a title says that the holder is one for the time being: "Acting CISO", "Head of IT (interim)".
///
/// The word counts only in front or at the end: a "Head of Interim Management" is no interim head.
fn reads_acting(title: &str) -> bool {
    let words: Vec<_> = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_acting = |word: &&str| ["acting", "interim"].iter().any(|acting| word.eq_ignore_ascii_case(acting));
    words.first().is_some_and(is_acting) || words.last().is_some_and(is_acting)
}
