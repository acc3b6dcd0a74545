//! Rule `shared-accountability`.

use deed_model::{FileRange, Section};

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "shared-accountability",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.3, A.5.2",
    severity: ByModel::all(Setting::ERROR),
    summary: "something has more than one owner",
    options: &[],
    docs: include_str!("shared_accountability.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for owned in ctx.each_owned() {
        let [first, .., last] = owned.owners else { continue };
        if owned.owners.iter().all(|owner| owner.value == first.value) {
            continue;
        }
        let mut names: Vec<_> = owned.owners.iter().map(|owner| format!("`{}`", owner.value)).collect();
        let end = names.pop().unwrap_or_default();
        let message = format!("{} has {} owners: {} and {end}", owned.what(), names.len() + 1, names.join(", "));
        let span = FileRange { file: first.span.file, range: first.span.range.cover(last.span.range) };
        let others = match owned.head.section {
            Section::Controls => "; the others can be `responsible`, `consulted` or `informed`",
            _ => "",
        };
        ctx.report(span, message)
            .label(owned.head.key, "takes exactly one accountable role or person")
            .help(format!("keep the one who can be asked when it fails{others}"));
    }
}
