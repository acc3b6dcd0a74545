//! Rule `unapproved-soa`.

use deed_model::authority::Power;
use deed_model::{Section, Verb};

use crate::decided::{ended, is_undecided};
use crate::elapsed::tense;
use crate::ownership::named;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unapproved-soa",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 6.1.3 d), 7.5.2 c)",
    severity: ByModel::all(Setting::ERROR),
    summary: "nobody approved the Statement of Applicability",
    options: &[],
    docs: include_str!("unapproved_soa.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let mut due = None;
    let (place, message, labels) = match register.soa() {
        Some(soa) if is_undecided(ctx, &soa.head, Verb::Approved, &soa.approved) => {
            let to_come = soa.approved.iter().filter_map(|approved| approved.date.as_ref());
            let labels: Vec<_> =
                to_come.map(|date| (date.span, format!("not in force before {}", date.value))).collect();
            (soa.head.key, "the Statement of Applicability has not been approved".to_owned(), labels)
        }
        Some(soa) => {
            let Some(until) = ended(&soa.approved, ctx.horizon) else { return };
            let ended = tense(**until, ctx.today, "ended", "ends");
            let message = format!("the approval of the Statement of Applicability {ended} on {}", until.value);
            due = Some(**until);
            (until.span, message, Vec::new())
        }
        // The controls are a Statement of Applicability, once there is a management system to state it for.
        None => {
            let (Some(isms), Some(first)) = (register.isms(), register.controls.iter().next()) else {
                return;
            };
            let labels =
                vec![(first.head.key, "the controls, each with `applicable`, `because` and `owner`".to_owned())];
            (isms.head.key, "there is no `soa`, so nobody approved the Statement of Applicability".to_owned(), labels)
        }
    };
    let may = named(register.who_may(Power::Approve(Section::Soa, ""), ctx.today));
    let diagnostic = ctx.report(place, message);
    diagnostic.due = due;
    diagnostic.about(Section::Soa.key());
    for (span, text) in labels {
        diagnostic.label(span, text);
    }
    diagnostic.help(match may {
        Some(may) => format!("ask {may} to approve it: `soa` holds its `version` and `approved`"),
        None => "nobody may: name `soa` in the `authority.approve` of a role".to_owned(),
    });
}
