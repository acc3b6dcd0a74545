//! Rule `paper-role`.

use std::collections::HashMap;

use deed_model::{Date, Decision, Head, Layer, OwnershipModel, Register, Role};

use crate::ownership::{by_owner, described, listed_subjects};
use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Severity};

pub(super) static RULE: Rule = Rule {
    id: "paper-role",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.1, 9.1",
    severity: ByModel::all(Setting::WARNING),
    summary: "the holder of a role has decided and confirmed nothing for long",
    options: &[RuleOption {
        name: "after",
        summary: "how long a holder may go without any decision",
        default: Default::Period(ByModel::all("12mo").federated("9mo").executive_led("6mo")),
    }],
    docs: include_str!("paper_role.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let today = ctx.today;
    let executive_led = ctx.model() == Some(OwnershipModel::ExecutiveLed);
    let after = ctx.period("after");
    let since = after.before(today);
    let deeds = Deeds::of(register, today);
    let mut owned = None;
    for role in register.roles.iter().filter(|role| is_expected_to_decide(role)) {
        let Some(holder) = register.holder(role, today).person() else { continue };
        let joined_lately = holder.joined.as_ref().is_some_and(|joined| joined.value > since);
        // Who never took the role on is reported as that; taking it on would be a deed.
        let taken_on = role.acknowledged.iter().any(|own| own.is_by(&holder.head.id) && own.made_by(today));
        if joined_lately || !taken_on {
            continue;
        }
        let Some(last) = deeds.last(&holder.head.id, &role.head.id).filter(|last| last.date < since) else {
            continue;
        };
        let (id, name) = (&role.head.id, holder.display());
        let message = format!(
            "role `{id}` exists on paper only: {name} has decided nothing since {}, more than {} ago",
            last.date,
            after.words()
        );
        let diagnostic = ctx.report(role.head.key, message);
        diagnostic.label(last.decision.range, format!("the last decision, about {}", described(last.head)));
        diagnostic.help(match owned.get_or_insert_with(|| by_owner(register, today)).get(id.as_str()) {
            Some(owns) => {
                format!(
                    "let {name} review what the role owns, {}, or give it to somebody who does",
                    listed_subjects(owns)
                )
            }
            None => format!("let {name} take part in what the role may decide, or give it to somebody who does"),
        });
        if executive_led && role.is_in(Layer::Executive) {
            diagnostic.graded(Severity::Error);
        }
    }
}

/// Whether a role is one that decides: custodians do only where they were given authority.
fn is_expected_to_decide(role: &Role) -> bool {
    role.is_in(Layer::Executive) || role.is_in(Layer::Owner) || role.is_in(Layer::Isms) && role.authority.is_some()
}

/// The latest decision of each person, by the role it was made in, where it says so.
struct Deeds<'r>(HashMap<(&'r str, Option<&'r str>), Deed<'r>>);

#[derive(Clone, Copy)]
struct Deed<'r> {
    date: Date,
    head: &'r Head,
    decision: &'r Decision,
}

impl<'r> Deeds<'r> {
    fn of(register: &'r Register, today: Date) -> Self {
        let mut all: HashMap<_, Deed<'r>> = HashMap::new();
        for (head, decision) in register.decisions().filter(|(_, decision)| decision.made_by(today)) {
            let (Some(by), Some(date)) = (&decision.by, &decision.date) else { continue };
            let deed = Deed { date: date.value, head, decision };
            let role = decision.as_role.as_ref().map(|role| role.as_str());
            let last = all.entry((by.as_str(), role)).or_insert(deed);
            if last.date < deed.date {
                *last = deed;
            }
        }
        Self(all)
    }

    /// The latest decision a person made in a role, or without saying in which.
    fn last(&self, person: &'r str, role: &'r str) -> Option<Deed<'r>> {
        let either = [self.0.get(&(person, None)), self.0.get(&(person, Some(role)))];
        either.into_iter().flatten().max_by_key(|deed| deed.date).copied()
    }
}
