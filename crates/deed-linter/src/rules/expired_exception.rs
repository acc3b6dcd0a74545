//! Rule `expired-exception`.

use deed_model::Section;
use deed_model::authority::Power;

use crate::decided::any_in_force;
use crate::elapsed::{tense, when};
use crate::ownership::named;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "expired-exception",
    group: Group::Exceptions,
    source: "ISO/IEC 27001:2022 A.5.36",
    severity: ByModel::all(Setting::ERROR),
    summary: "an exception has ended and is still open",
    options: &[],
    docs: include_str!("expired_exception.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for exception in ctx.each(&register.exceptions).filter(|exception| exception.is_open(today)) {
        if any_in_force(&exception.granted, ctx.horizon) {
            continue;
        }
        let made = exception.granted.iter().filter(|granted| granted.made_by(today));
        let Some(until) = made.filter_map(|granted| granted.until.as_ref()).max_by_key(|until| until.value) else {
            continue;
        };
        let id = &exception.head.id;
        let control = exception.control.as_ref();
        let from = control.map(|control| format!(" from `{}`", control.value)).unwrap_or_default();
        let may = named(register.who_may(Power::Grant(Section::Exceptions, id), today));
        let to_come = exception.granted.iter().filter_map(|granted| granted.date.as_ref()).find(|date| ***date > today);
        let ended = tense(**until, today, "ended", "ends");
        let message = format!("exception `{id}`{from} {ended} {}", when(**until, today));
        let diagnostic = ctx.report(until.span, message).due(**until);
        if let Some(date) = to_come {
            diagnostic.label(date.span, format!("granted anew, but not before {}", date.value));
        }
        let may = may.unwrap_or_else(|| "somebody with `grant: [exceptions]`".to_owned());
        diagnostic
            .help("if nothing relies on it any more, say since when: `closed: …`")
            .help(format!("if something does, ask {may} to grant it anew"));
    }
}
