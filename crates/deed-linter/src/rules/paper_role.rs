//! Rule `paper-role`.

use std::collections::HashMap;

use deed_model::{Date, Decision, Head, Layer, OwnershipModel, Role};

use crate::elapsed::tense;
use crate::ownership::{Owners, described, listed_subjects};
use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Severity, Weaker};

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
        weaker: Weaker::More,
    }],
    docs: include_str!("paper_role.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let today = ctx.today;
    let executive_led = ctx.model() == Some(OwnershipModel::ExecutiveLed);
    let after = ctx.period("after");
    let since = after.before(ctx.horizon);
    let deeds = Deeds::of(ctx, since);
    let owners = Owners::new(ctx);
    for role in register.roles.iter().filter(|role| is_expected_to_decide(role)) {
        let Some(holder) = register.holder(role, today).person() else { continue };
        let joined_lately = holder.joined.as_ref().is_some_and(|joined| joined.value > since);
        // Who never took the role on is reported as that; taking it on would be a deed.
        let taken_on = role.acknowledged.iter().any(|own| own.is_by(&holder.head.id) && own.made_by(today));
        if joined_lately || !taken_on {
            continue;
        }
        let (person, id) = (holder.head.id.as_str(), role.head.id.as_str());
        let last = deeds.last(person, id);
        if last.is_some_and(|last| last.date >= since) || last.is_none() && !deeds.are_told_since_then {
            continue;
        }
        let (name, claim) = (holder.display(), deeds.claim(person, id));
        let due = last.map(|last| after.after(last.date));
        let is_told = due.is_none_or(|due| due < today);
        let ago = if is_told { format!(", more than {} ago", after.words()) } else { String::new() };
        let message = match last {
            Some(last) => {
                let is = tense(after.after(last.date), today, "exists", "is about to exist");
                format!("role `{id}` {is} on paper only: {name} has decided nothing since {}{ago}", last.date)
            }
            None => format!("role `{id}` exists on paper only: history shows nothing that {name} decided"),
        };
        let diagnostic = ctx.report(role.head.key, message);
        diagnostic.due = due;
        if let Some((head, decision)) = last.and_then(|last| last.stands) {
            diagnostic.label(decision.range, format!("the last decision, about {}", described(head)));
        }
        if let Some((head, decision)) = claim.and_then(|claim| claim.stands) {
            diagnostic.label(
                decision.range,
                format!("says that {name} decided about {}, which nothing shows", described(head)),
            );
        }
        diagnostic.help(match owners.owned_by(id) {
            [] => format!("let {name} take part in what the role may decide, or give it to somebody who does"),
            owns => {
                format!(
                    "let {name} review what the role owns, {}, or give it to somebody who does",
                    listed_subjects(owns)
                )
            }
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
///
/// Where nobody looked at history it is what manifests say; else what history shows that somebody did.
struct Deeds<'r> {
    done: Latest<'r>,
    /// What manifests say and history does not show.
    claimed: Latest<'r>,
    /// History goes back far enough to show what somebody did within the time.
    are_told_since_then: bool,
}

type Latest<'r> = HashMap<(&'r str, Option<&'r str>), Deed<'r>>;

#[derive(Clone, Copy)]
struct Deed<'r> {
    date: Date,
    /// The decision, if it stands in the register.
    stands: Option<(&'r Head, &'r Decision)>,
}

impl<'r> Deeds<'r> {
    fn of(ctx: &Context<'r>, since: Date) -> Self {
        let mut deeds = Self { done: HashMap::new(), claimed: HashMap::new(), are_told_since_then: false };
        // What is missing may be just what somebody did.
        let history = ctx.history().filter(|history| history.is_complete() && history.head.is_some());
        let proofs = history.and_then(|_| ctx.all_proofs());
        let mut begun: Option<Date> = None;
        for (head, decision) in ctx.register.decisions().filter(|(_, decision)| decision.made_by(ctx.today)) {
            let (Some(by), Some(date)) = (&decision.by, &decision.date) else { continue };
            let key = (by.as_str(), decision.as_role.as_ref().map(|role| role.as_str()));
            let mut deed = Deed { date: date.value, stands: Some((head, decision)) };
            let Some(proven) = proofs.and_then(|proofs| proofs.of_decision(None, decision)) else {
                later(if history.is_some() { &mut deeds.claimed } else { &mut deeds.done }, key, deed);
                continue;
            };
            let recorded = proven.evidence.act().map(|act| act.committer.day());
            begun = [begun, recorded].into_iter().flatten().min();
            if !proven.is_proven() {
                later(&mut deeds.claimed, key, deed);
            } else if let Some(recorded) = recorded {
                deed.date = recorded;
                later(&mut deeds.done, key, deed);
            }
        }
        for (person, act) in history.into_iter().flat_map(|history| &history.acts) {
            let known = [(person.as_str(), None)].into_iter().chain(deeds.done.keys().copied());
            let known =
                known.filter(|(by, _)| by == person).filter_map(|key| deeds.done.get(&key)).max_by_key(|d| d.date);
            begun = [begun, Some(act.day)].into_iter().flatten().min();
            // What the register still has, it says better.
            if known.is_none_or(|known| known.date < act.day) {
                later(&mut deeds.done, (person, None), Deed { date: act.day, stands: None });
            }
        }
        deeds.are_told_since_then = begun.is_some_and(|begun| begun < since);
        deeds
    }

    /// The latest decision a person made in a role, or without saying in which.
    fn last(&self, person: &'r str, role: &'r str) -> Option<Deed<'r>> {
        latest(&self.done, person, role)
    }

    /// The latest that manifests say of a person, where history shows nothing of it.
    fn claim(&self, person: &'r str, role: &'r str) -> Option<Deed<'r>> {
        latest(&self.claimed, person, role)
    }
}

fn later<'r>(all: &mut Latest<'r>, key: (&'r str, Option<&'r str>), deed: Deed<'r>) {
    let last = all.entry(key).or_insert(deed);
    if last.date < deed.date {
        *last = deed;
    }
}

fn latest<'r>(all: &Latest<'r>, person: &'r str, role: &'r str) -> Option<Deed<'r>> {
    let either = [all.get(&(person, None)), all.get(&(person, Some(role)))];
    either.into_iter().flatten().max_by_key(|deed| deed.date).copied()
}
