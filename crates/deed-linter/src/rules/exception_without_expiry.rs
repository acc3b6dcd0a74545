//! Rule `exception-without-expiry`.

use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "exception-without-expiry",
    group: Group::Exceptions,
    source: "ISO/IEC 27001:2022 A.5.36, A.5.1",
    severity: ByModel::all(Setting::ERROR),
    summary: "an exception is granted without an end, or for too long",
    options: &[RuleOption {
        name: "max",
        summary: "the longest an exception may be granted for",
        default: Default::Period(ByModel::all("12mo")),
        weaker: Weaker::More,
    }],
    docs: include_str!("exception_without_expiry.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today, max) = (ctx.register, ctx.today, ctx.period("max"));
    for exception in ctx.each(&register.exceptions).filter(|exception| exception.is_open(today)) {
        let id = &exception.head.id;
        let several = exception.granted.len() > 1;
        for granted in exception.granted.iter().filter(|granted| granted.made_by(today)) {
            let Some(date) = &granted.date else { continue };
            let latest = max.after(**date);
            match &granted.until {
                None if !ctx.is_written_in(granted.range.file, granted.node, "until") => {
                    let place = if several { granted.range } else { granted.key };
                    ctx.report(place, format!("exception `{id}` is granted without an end"))
                        .label(date.span, format!("{} from this day is {latest}", max.words()))
                        .help(format!("agree on the last day it holds, {latest} at the latest, and have it granted with that `until`"));
                }
                Some(until) if **until > latest => {
                    ctx.report(
                        until.span,
                        format!("exception `{id}` is granted until {}, for longer than {}", until.value, max.words()),
                    )
                    .label(date.span, format!("{} from this day is {latest}", max.words()))
                    .help(format!("have it granted until {latest} at the latest; it can be granted anew then"));
                }
                _ => {}
            }
        }
    }
}
