//! Rule `lost-checkpoint`.

use deed_model::evidence::TrustRoot;

use crate::account::short;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "lost-checkpoint",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "a commit that was pinned is no part of history any more",
    options: &[],
    docs: include_str!("lost_checkpoint.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    // Of a part of history nobody can say what it lacks.
    let Some(history) = ctx.history().filter(|history| history.is_complete()) else { return };
    let branch = history.branch.found.as_deref().unwrap_or(&history.branch.name);
    let place = ctx.root_span();
    for lost in &history.lost_checkpoints {
        let message = format!(
            "checkpoint `{}` pins commit {}, which is no ancestor of `{branch}` any more: history was rewritten",
            lost.name,
            short(&lost.commit)
        );
        ctx.report(place, message)
            .help(format!("find out who rewrote it; `git log {}` still shows what was there", lost.name))
            .help(format!(
                "bring `{branch}` back to a history that has the checkpoint, and protect it from force pushes"
            ));
    }
    if let TrustRoot::Lost(root) = &history.trust_root {
        let message = format!("trust is to start at `{root}`, which is no ancestor of what is checked");
        ctx.report(place, message)
            .help("check a branch that goes back to it, or pin the right commit: `git config deed.trustRoot`");
    }
}
