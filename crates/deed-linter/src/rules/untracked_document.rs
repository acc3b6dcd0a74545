//! Rule `untracked-document`.

use deed_model::Section;
use deed_model::evidence::Problem;

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "untracked-document",
    group: Group::Policies,
    source: "ISO/IEC 27001:2022 7.5.2 c), 7.5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "the text of an approved policy is not in history",
    options: &[],
    docs: include_str!("untracked_document.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in
        ctx.each_proven().flatten().filter(|proven| proven.is_current && proven.head.section == Section::Policies)
    {
        let untracked = |problem: &Problem| match problem {
            Problem::TextNotInHistory { path, is_link } => Some((path.clone(), *is_link)),
            _ => None,
        };
        let Some((path, is_link)) = proven.evidence.problems.iter().find_map(untracked) else { continue };
        let document = register.policies.get(&proven.head.id).and_then(|policy| policy.document.as_ref());
        let place = document.map_or_else(|| proven.by_place(), |document| document.span);
        let decided = proven.decided(register);
        let (message, help) = if is_link {
            let message = format!("{decided}, and `{path}` is a symbolic link: no text of it is in history");
            (message, "name the file that it leads to, if that is one of this repository, or put the text in its place")
        } else {
            let message = format!("{decided}, and the text of `{path}` is not in history");
            (message, "commit the text, and let it be approved as it is then")
        };
        ctx.report(place, message).help(help);
    }
}
