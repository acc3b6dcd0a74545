//! Rule `chronic-exception`.

use std::collections::BTreeSet;

use deed_model::Date;

use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "chronic-exception",
    group: Group::Exceptions,
    source: "ISO/IEC 27001:2022 10.2",
    severity: ByModel::all(Setting::WARNING).executive_led(Setting::ERROR),
    summary: "an exception is renewed again and again",
    options: &[RuleOption {
        name: "max_renewals",
        summary: "how often an exception may be renewed",
        default: Default::Number(ByModel::all(2)),
        weaker: Weaker::More,
    }],
    docs: include_str!("chronic_exception.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let Some(history) = ctx.history() else { return };
    let (register, today, max) = (ctx.register, ctx.today, ctx.number("max_renewals") as usize);
    for exception in ctx.each(&register.exceptions).filter(|exception| exception.is_open(today)) {
        let (id, then) = (&exception.head.id, history.grants.get(&exception.head.id));
        let now = exception.granted.iter().filter_map(|granted| granted.date.as_ref());
        let days: BTreeSet<Date> = then.into_iter().flatten().copied().chain(now.map(|date| date.value)).collect();
        let renewals = days.len().saturating_sub(1);
        let (Some(first), Some(latest)) = (days.first(), exception.granted.last()) else { continue };
        if renewals <= max {
            continue;
        }
        let control = exception.control.as_ref();
        let from = control.map(|control| format!(" from `{}`", control.value)).unwrap_or_default();
        let owner =
            control.and_then(|control| register.controls.get(control)).and_then(|control| control.owner.first());
        let owner = owner.map_or_else(|| "the control's owner".to_owned(), |owner| format!("`{}`", owner.value));
        ctx.report(latest.range, format!("exception `{id}`{from} has been renewed {renewals} times since {first}"))
            .help(format!(
                "find out with {owner} why it cannot end, and enter what stays as a risk that somebody accepts"
            ))
            .help("or change what the control asks for, if it asks for what nobody can do");
    }
}
