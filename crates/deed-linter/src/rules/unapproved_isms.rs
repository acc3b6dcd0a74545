//! Rule `unapproved-isms`.

use deed_model::authority::Power;
use deed_model::{Section, Verb};

use crate::decided::{ended, is_undecided};
use crate::elapsed::tense;
use crate::ownership::named;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unapproved-isms",
    group: Group::Organization,
    source: "ISO/IEC 27001:2022 4.3, 5.1",
    severity: ByModel::all(Setting::ERROR),
    summary: "the ISMS has no scope, or nobody approved it",
    options: &[],
    docs: include_str!("unapproved_isms.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let Some(isms) = ctx.register.isms() else { return };
    let is_blank = isms.scope.as_ref().is_some_and(|scope| scope.trim().is_empty());
    let has_scope = ctx.is_written(&isms.head, "scope") && !is_blank;
    let undecided = is_undecided(ctx, &isms.head, Verb::Approved, &isms.approved);
    let until = ended(&isms.approved, ctx.horizon);
    let (place, message) = match (has_scope, undecided, until) {
        (true, true, _) => (isms.head.key, "nobody has approved the ISMS and its scope".to_owned()),
        (false, true, _) => (isms.head.key, "the ISMS has no `scope`, and nobody has approved it".to_owned()),
        (_, false, Some(until)) => {
            let scope = if has_scope { "" } else { ", which has no `scope`," };
            let ended = tense(**until, ctx.today, "ended", "ends");
            (until.span, format!("the approval of the ISMS{scope} {ended} on {}", until.value))
        }
        (false, false, None) => (isms.head.key, "the ISMS was approved without a `scope`".to_owned()),
        (true, false, None) => return,
    };
    let may = named(ctx.register.who_may(Power::Approve(Section::Isms, ""), ctx.today));
    let diagnostic = ctx.report(place, message);
    diagnostic.due = until.map(|until| until.value).filter(|_| !undecided);
    if undecided {
        for date in isms.approved.iter().filter_map(|approved| approved.date.as_ref()) {
            diagnostic.label(date.span, format!("not in force before {}", date.value));
        }
    } else if let (false, Some(approved)) = (has_scope, isms.approved.first()) {
        diagnostic.label(approved.key, "so nobody can say what was approved");
    }
    if !has_scope {
        diagnostic.help("say in `scope` which parts of the organisation the ISMS covers, and where it ends");
    }
    diagnostic.help(match may {
        Some(may) => format!("ask {may} to approve it"),
        None => "nobody may approve it: name `isms` in the `authority.approve` of an executive role".to_owned(),
    });
}
