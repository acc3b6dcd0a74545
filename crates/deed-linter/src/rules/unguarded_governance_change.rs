//! Rule `unguarded-governance-change`.

use std::collections::HashMap;

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
    let Some(history) = ctx.history().filter(|history| !history.unguarded.is_empty()) else { return };
    let mut order: Vec<&str> = Vec::new();
    let mut by_commit: HashMap<&str, Vec<&Change>> = HashMap::new();
    let told = self_introduced(ctx);
    let is_told = |change: &Change| {
        let covers =
            |what: &str| change.what.strip_prefix(what).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        told.iter().any(|(commit, what)| *commit == change.commit.id && covers(what))
    };
    for change in history.unguarded.iter().filter(|change| !is_told(change)) {
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

/// What came with a decision that leans on it, by commit: `self-introduced-key` speaks of that.
fn self_introduced<'a>(ctx: &Context<'a>) -> Vec<(&'a str, &'a str)> {
    let mut all = Vec::new();
    for proven in ctx.proven().iter().filter(|proven| proven.is_current) {
        for problem in &proven.told {
            if let (Problem::SelfIntroduced { what }, Some(origin)) = (problem, &proven.evidence.origin) {
                all.push((origin.id.as_str(), what.as_str()));
            }
        }
    }
    all
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
    // The last part is the field; ids may have dots in them, too.
    let about = first.what.rsplit_once('.').map_or(first.what.as_str(), |(subject, _)| subject);
    let subject = ctx.register.at_address(about).map(|head| head.key);
    let place = first.at.or(subject).unwrap_or_else(|| ctx.root_span());
    let (others, shown) = (changes.iter().filter(|change| change.what != first.what), 5);
    let diagnostic = ctx.report(place, message);
    diagnostic.about(about);
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
