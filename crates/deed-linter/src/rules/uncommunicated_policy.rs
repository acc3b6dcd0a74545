//! Rule `uncommunicated-policy`.

use deed_model::Communication;

use crate::decided::latest;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "uncommunicated-policy",
    group: Group::Policies,
    source: "ISO/IEC 27001:2022 5.2 f), 7.3, 7.4",
    severity: ByModel::all(Setting::INFO).federated(Setting::WARNING),
    summary: "nothing shows that an approved policy was made known",
    options: &[],
    docs: include_str!("uncommunicated_policy.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for policy in ctx.each(&register.policies) {
        let Some(approved) = latest(&policy.approved, today) else { continue };
        let id = &policy.head.id;
        match &policy.communicated {
            _ if !ctx.is_written(&policy.head, "communicated") => {
                let message = format!("policy `{id}` was approved but not made known to anybody");
                let diagnostic = ctx.report(policy.head.key, message);
                if let Some(date) = &approved.date {
                    diagnostic.label(date.span, "approved on this day");
                }
                diagnostic.help("tell those it concerns, and record it: `communicated: { date: …, to: all staff }`");
            }
            Some(Communication { date: Some(date), .. }) if **date > today => {
                ctx.report(date.span, format!("policy `{id}` is not made known before {}", date.value))
                    .help("record what has happened: the day on which it was made known");
            }
            _ => {}
        }
    }
}
