//! Rule `reversed-interval`.

use deed_model::{Date, Spanned};

use crate::ownership::described;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "reversed-interval",
    group: Group::Form,
    source: "manifest format",
    severity: ByModel::all(Setting::ERROR),
    summary: "something ends before it begins",
    options: &[],
    docs: include_str!("reversed_interval.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for person in ctx.each_definition(&register.people) {
        let what = described(&person.head);
        report(ctx, &what, ("joined", person.joined.as_ref()), ("left", person.left.as_ref()));
        for key in &person.keys {
            report(ctx, &format!("a key of {what}"), ("from", key.from.as_ref()), ("until", key.until.as_ref()));
        }
    }
    for (head, decision) in ctx.each_decision() {
        let what = format!("`{}` of {}", decision.verb.key(), described(head));
        report(ctx, &what, ("date", decision.date.as_ref()), ("until", decision.until.as_ref()));
    }
}

type End<'r> = (&'static str, Option<&'r Spanned<Date>>);

fn report(ctx: &mut Context<'_>, what: &str, (first, from): End<'_>, (last, until): End<'_>) {
    let Some((from, until)) = from.zip(until).filter(|(from, until)| until.value < from.value) else { return };
    let message = format!("{what} ends before it begins: `{last}` is {}, and `{first}` {}", until.value, from.value);
    let diagnostic = ctx.report(until.span, message);
    diagnostic.label(from.span, format!("`{first}` is later"));
    diagnostic.help("correct the one that is wrong; both days count as inside");
}
