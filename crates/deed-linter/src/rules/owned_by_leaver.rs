//! Rule `owned-by-leaver`.

use deed_model::authority::Party;
use deed_model::{Person, PersonKind};

use crate::ownership::{Owners, has_isms_duty, listed_subjects};
use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Severity, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "owned-by-leaver",
    group: Group::People,
    source: "ISO/IEC 27001:2022 A.6.5",
    severity: ByModel::all(Setting::ERROR),
    summary: "something is owned by a person who has left, or is about to leave",
    options: &[RuleOption {
        name: "notice",
        summary: "how long before somebody's last day what they own needs a successor",
        default: Default::Period(ByModel::all("30d")),
        weaker: Weaker::Less,
    }],
    docs: include_str!("owned_by_leaver.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let owners = Owners::new(ctx);
    for subject in ctx.each_owned() {
        let [owner] = subject.owners else { continue };
        let Some(Party::Person(person)) = register.party(owner) else { continue };
        let Some(leaving) = Leaving::of(ctx, person) else { continue };
        let name = person.display();
        let message = format!("{} is owned by {name}, who {}", subject.what(), leaving.words());
        let diagnostic = ctx.report(owner.span, message);
        diagnostic.help("name the role that answers for it, or a successor");
        leaving.explain(diagnostic, person);
    }
    for role in ctx.each(&register.roles) {
        let id = role.head.id.as_str();
        // One who has left is `inactive-role-holder`'s.
        let Some(person) = register.holder(role, today).person() else { continue };
        let ends_before =
            |leaving: &Leaving| role.acting_until.as_ref().is_some_and(|until| until.value <= leaving.day);
        let Some(leaving) = Leaving::of(ctx, person).filter(|leaving| !ends_before(leaving)) else { continue };
        let owns = owners.owned_by(id);
        if owns.is_empty() && !role.governs() && !has_isms_duty(register, id) {
            continue;
        }
        let Some(held_by) = role.held_by.first() else { continue };
        let name = person.display();
        let owns = if owns.is_empty() { String::new() } else { format!(", which owns {},", listed_subjects(owns)) };
        let message = format!("role `{id}`{owns} is held by {name}, who {}", leaving.words());
        let diagnostic = ctx.report(held_by.span, message);
        diagnostic.help(format!("name who follows {name} in `held_by`, from the day after"));
        leaving.explain(diagnostic, person);
    }
}

/// Somebody's last day, past or near.
struct Leaving {
    day: deed_model::Date,
    past: bool,
}

impl Leaving {
    fn of(ctx: &Context<'_>, person: &Person) -> Option<Self> {
        let day = person.left.as_ref().filter(|_| person.kind == PersonKind::Person)?.value;
        let past = day < ctx.today;
        (ctx.is_over(day) || day <= ctx.period("notice").after(ctx.today)).then_some(Self { day, past })
    }

    fn words(&self) -> String {
        format!("{} on {}", if self.past { "left" } else { "leaves" }, self.day)
    }

    /// Points at the last day, and grades what can still be mended in time.
    fn explain(&self, diagnostic: &mut crate::Diagnostic, person: &Person) {
        if let Some(left) = &person.left {
            diagnostic.due(left.value).label(left.span, format!("last day of {}", person.display()));
        }
        if !self.past {
            diagnostic.graded(Severity::Warning);
        }
    }
}
