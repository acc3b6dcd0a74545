//! Rule `forge-signed-only`.

use deed_model::Level;
use deed_model::evidence::Problem;

use crate::account::commit;
use crate::proof::Proven;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "forge-signed-only",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::WARNING).executive_led(Setting::ERROR),
    summary: "only the forge signed a decision, so that it rests on the forge's word",
    options: &[],
    docs: include_str!("forge_signed_only.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten().filter(|proven| proven.is_current && speaks(proven)) {
        let Some(act) = proven.evidence.act() else { continue };
        let message = format!(
            "{}, and only the forge signed {}: that it was {} is the forge's word",
            proven.decided(register),
            commit(act),
            proven.who(register)
        );
        let anew = proven.anew(ctx);
        ctx.report(proven.by_place(), message)
            .help(format!("{anew} in a commit signed with a key of their own"))
            .help("or say that the forge's word is enough: `vouched` in `evidence.require`");
    }
}

/// Whether that only the forge signed is worth a word: not where the workspace asks for no more by name, and not where
/// `weak-evidence` says so.
fn speaks(proven: &Proven<'_>) -> bool {
    let enough = proven.required.said.is_some_and(|said| said.value == Level::Vouched);
    proven.told.contains(&&Problem::ForgeOnly) && !proven.is_weak && !enough
}
