//! Rule `replaced-history`.

use deed_model::evidence::Gap;

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "replaced-history",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::WARNING),
    summary: "replace refs or grafts make Git show another history than the one that is judged",
    options: &[],
    docs: include_str!("replaced_history.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for gap in ctx.history().into_iter().flat_map(|history| &history.gaps) {
        let (what, remedy) = match gap {
            Gap::Replaced(1) => ("`refs/replace` has an entry".to_owned(), REPLACED),
            Gap::Replaced(count) => (format!("`refs/replace` has {count} entries"), REPLACED),
            Gap::Grafted => ("`info/grafts` exists".to_owned(), "remove the file from the Git directory"),
            Gap::Shallow | Gap::MissingObjects(_) => continue,
        };
        let message = format!("{what}: Git shows another history than the one that was recorded, which is judged here");
        let place = ctx.root_span();
        ctx.report(place, message).help(remedy);
    }
}

const REPLACED: &str = "look at them with `git replace --list --format=long`, remove them with `git replace --delete`";
