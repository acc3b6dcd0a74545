//! Rule `self-approved-policy`.

use crate::decided::latest;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "self-approved-policy",
    group: Group::Policies,
    source: "ISO/IEC 27001:2022 A.5.3, 7.5.2 c)",
    severity: ByModel::all(Setting::WARNING).executive_led(Setting::ERROR),
    summary: "the only approver of a policy is its author",
    options: &[],
    docs: include_str!("self_approved_policy.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for policy in register.policies.iter() {
        let Some(author) = &policy.author else { continue };
        let Some(last) = latest(&policy.approved, ctx.today) else { continue };
        let mut made = policy.approved.iter().filter(|approved| approved.made_by(ctx.today));
        let by_author = made.all(|approved| {
            let drafter = approved.date.as_ref().and_then(|date| register.accountable(author, date.value));
            drafter.is_some_and(|drafter| approved.is_by(&drafter.head.id))
        });
        let Some(by) = last.by.as_ref().filter(|_| by_author) else { continue };
        let Some(person) = register.people.get(by) else { continue };
        let role = register.roles.get(author).map(|role| format!(" as `{}`", role.head.id)).unwrap_or_default();
        let message =
            format!("policy `{}` was approved by nobody but its author, {}", policy.head.id, person.display());
        ctx.report(by.span, message)
            .label(author.span, format!("drafted by {}{role}", person.display()))
            .help("have a second person approve it: list both decisions under `approved`");
    }
}
