//! Rule `unguarded-governance-change`.

use std::collections::HashMap;

use deed_model::Section;
use deed_model::evidence::{Change, Problem};

use crate::account::{author, short};
use crate::ownership::listed;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unguarded-governance-change",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 A.5.3, A.8.32",
    severity: ByModel::all(Setting::ERROR),
    summary: "somebody changed people, keys, authority or settings, and nobody else stands for it",
    options: &[],
    docs: include_str!("unguarded_governance_change.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let Some(history) = ctx.history() else { return };
    let mut order: Vec<&str> = Vec::new();
    let mut by_commit: HashMap<&str, Vec<&Change>> = HashMap::new();
    // A key that came with the decision that leans on it: `self-introduced-key` says so.
    let introduced = |change: &Change| {
        history.decisions.iter().any(|evidence| {
            let same = evidence.origin.as_ref().is_some_and(|origin| origin.id == change.commit.id);
            let leans = |problem: &Problem| matches!(problem, Problem::SelfIntroduced { what } if *what == change.what);
            same && evidence.problems.iter().any(leans)
        })
    };
    for change in history.unguarded.iter().filter(|change| !introduced(change)) {
        let id = change.commit.id.as_str();
        let changes = by_commit.entry(id).or_default();
        if changes.is_empty() {
            order.push(id);
        }
        changes.push(change);
    }
    for id in order {
        say(ctx, &by_commit[id]);
    }
}

/// Says what one commit changed.
fn say(ctx: &mut Context<'_>, changes: &[&Change]) {
    // What still stands somewhere is shown there.
    let first = changes.iter().find(|change| change.at.is_some()).or(changes.first());
    let Some(first) = first else { return };
    let facts = &first.commit;
    let what = listed(changes.iter().map(|change| change.what.as_str()), 3);
    let message =
        format!("{what} changed by {}, in commit {} of {}", first.why, short(&facts.id), facts.committer.day());
    let mut address = first.what.splitn(3, '.');
    let section = address.next().and_then(Section::of_key);
    let id = address.next().unwrap_or_default();
    let subject =
        section.and_then(|section| ctx.register.subject(section, if section.is_singleton() { "" } else { id }));
    let place = first.at.or_else(|| subject.map(|head| head.key)).unwrap_or_else(|| ctx.root_span());
    let about = section.map(|section| section.address(id));
    let (others, shown) = (changes.iter().filter(|change| change.what != first.what), 5);
    let diagnostic = ctx.report(place, message);
    if let Some(about) = about {
        diagnostic.about(about);
    }
    for change in others.take(shown) {
        if let Some(at) = change.at {
            diagnostic.label(at, format!("`{}` changed in the same commit", change.what));
        }
    }
    diagnostic.help(format!(
        "let somebody else than {} look at it: revert it, and merge it from a branch as another person",
        author(facts)
    ));
}
