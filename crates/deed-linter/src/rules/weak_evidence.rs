//! Rule `weak-evidence`.

use deed_model::{Level, PersonKind};

use crate::account::commit;
use crate::words::raise;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "weak-evidence",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.2 c), 7.5.3 b)",
    severity: ByModel::all(Setting::ERROR),
    summary: "history proves less of a decision than is asked for",
    options: &[],
    docs: include_str!("weak_evidence.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten().filter(|proven| proven.is_weak && proven.is_current) {
        let (Some(act), Some(person)) = (proven.evidence.act(), register.people.get(proven.by())) else {
            continue;
        };
        // That a team cannot decide is `impersonal-accountability`'s.
        if person.kind != PersonKind::Person {
            continue;
        }
        let (level, required) = (proven.evidence.level, proven.required);
        let message = format!(
            "{}, which {} proves to be `{}` only; `{}` is asked for",
            proven.decided(register),
            commit(act),
            level.name(),
            required.level.name()
        );
        let advice = raise(register, proven.decision, proven.evidence, required.level, ctx.today);
        let diagnostic = ctx.report(proven.by_place(), message);
        if let Some(said) = required.said {
            diagnostic.label(said.span, format!("asks for `{}`", said.name()));
        } else if let Some(model) = register.isms().and_then(|isms| isms.model.as_ref())
            && required.level > Level::Attributed
        {
            diagnostic.label(model.span, format!("asks for `{}`", required.level.name()));
        }
        if level < Level::Signed && required.level >= Level::Vouched && person.keys.is_empty() {
            diagnostic.label(person.head.key, "has no `keys`");
        }
        for line in advice {
            diagnostic.help(line);
        }
    }
}
