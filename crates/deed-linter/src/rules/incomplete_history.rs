//! Rule `incomplete-history`.

use deed_model::evidence::Gap;

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "incomplete-history",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::WARNING),
    summary: "part of history is missing, so that less can be proved of decisions",
    options: &[],
    docs: include_str!("incomplete_history.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let Some(history) = ctx.history() else { return };
    let mut gaps = Vec::new();
    let mut remedies = Vec::new();
    for gap in &history.gaps {
        match gap {
            Gap::Shallow => {
                gaps.push("the clone is shallow".to_owned());
                remedies.push("fetch the rest: `git fetch --unshallow`; in CI check out all of it: `fetch-depth: 0`");
            }
            Gap::MissingObjects(1) => gaps.push("an object is missing".to_owned()),
            Gap::MissingObjects(count) => gaps.push(format!("{count} objects are missing")),
            Gap::Replaced(_) | Gap::Grafted => {}
        }
        if matches!(gap, Gap::MissingObjects(_)) {
            remedies.push("fetch them: `git fetch --refetch --no-filter`, or clone without `--filter`");
        }
    }
    // Where no branch is named, `HEAD` serves.
    let named = ctx.register.evidence().and_then(|evidence| evidence.branch.as_ref());
    let absent = named.filter(|_| history.head.is_some() && history.branch.found.is_none());
    if let Some(branch) = absent {
        gaps.push(format!("branch `{}` is not here", branch.value));
        remedies.push("fetch the branch that decisions are adopted on, or name the right one: `evidence.branch`");
    }
    if gaps.is_empty() {
        return;
    }
    let open: Vec<_> = ctx.proven().iter().filter(|proven| proven.is_unknown()).collect();
    let of = match open.len() {
        0 => "what lies beyond is not judged".to_owned(),
        1 => "where one decision came from cannot be told".to_owned(),
        count => format!("where {count} decisions came from cannot be told"),
    };
    let place = ctx.root_span();
    let diagnostic = ctx.report(place, format!("{}: {of}", gaps.join(" and ")));
    if let Some(branch) = absent {
        diagnostic.label(branch.span, "the branch that decisions are adopted on");
    }
    for proven in open.iter().take(3) {
        diagnostic.label(proven.decision.range, "recorded before history begins here");
    }
    for remedy in remedies {
        diagnostic.help(remedy);
    }
}
