//! Whether a decider had what a decision takes, and in what words to say that he had not.

use deed_model::authority::{Hat, Power, Via};
use deed_model::{Date, Decision, FileRange, Layer, PersonKind, Register, Role};

use crate::tenure::{held_by_other, roles_of_their_own};
use crate::{Context, Diagnostic};

/// What one decision is worth.
pub(crate) enum Mandate<F> {
    /// It was made by somebody who may.
    Given,
    /// The register cannot tell: an id nobody defined, or a role that has changed hands since.
    Unknown,
    /// It lacks something.
    Lacking(F),
}

/// Returns whether somebody could make a decision when they made it; `suffices` says what it takes.
///
/// Where history knows, it has the word on who could then. What today's register grants is not denied here: that it was not
/// granted then, `decider-without-role` says.
pub(crate) fn mandate(
    ctx: &Context<'_>,
    decision: &Decision,
    suffices: impl Fn(&Hat<'_>, Date) -> bool,
) -> Mandate<()> {
    let entitled = ctx.entitled(decision);
    if entitled == Some(true) {
        return Mandate::Given;
    }
    match by_register(ctx.register, decision, ctx.today, suffices) {
        Mandate::Unknown if entitled == Some(false) => Mandate::Lacking(()),
        mandate => mandate,
    }
}

/// Returns whether a decider wore a hat that suffices on the decision's date, as far as one register can tell.
///
/// The register knows the present holders only. Who may have held a role that suffices gets the benefit of the doubt:
/// whoever has left since; and, where its present holder may have come to it later, whoever decided in that role (`as`), had
/// taken it on, or holds no role today. That a team decided is `impersonal-accountability`'s.
pub(crate) fn by_register(
    register: &Register,
    decision: &Decision,
    today: Date,
    suffices: impl Fn(&Hat<'_>, Date) -> bool,
) -> Mandate<()> {
    let (Some(by), Some(date)) = (&decision.by, &decision.date) else { return Mandate::Unknown };
    let person = register.people.get(by).filter(|person| person.kind == PersonKind::Person);
    let Some(person) = person else { return Mandate::Unknown };
    let claimed = match &decision.as_role {
        None => None,
        Some(id) => match register.roles.get(id) {
            None => return Mandate::Unknown,
            role => role,
        },
    };
    if register.hats_of(decision).iter().any(|hat| suffices(hat, **date)) {
        return Mandate::Given;
    }
    if !person.is_active(**date) {
        return Mandate::Lacking(());
    }
    let has_left = !person.is_active(today);
    let suffices = |role: &Role| suffices(&Hat { role, via: Via::Holder }, **date);
    let is_open = |role: &Role| held_by_other(register, role, person, **date, today).is_none();
    let former = match claimed {
        Some(role) => (has_left || is_open(role)) && suffices(role),
        None => {
            let has_none = || roles_of_their_own(register, person, **date).next().is_none();
            let may_have_held =
                |role: &Role| has_left || is_open(role) && (role.was_taken_on_by(by, **date) || has_none());
            register.roles.iter().any(|role| suffices(role) && may_have_held(role))
        }
    };
    if former { Mandate::Unknown } else { Mandate::Lacking(()) }
}

/// Returns the latest decision that lacks something, unless one that lacks nothing was made on the same day or later.
///
/// So an endorsement before the decision of those who may is no diagnostic, and a renewal by somebody who may not is one.
/// `None` too where one of the decisions cannot be judged: it may be the one that counts.
pub(crate) fn unmandated<'r, F>(
    decisions: &'r [Decision],
    today: Date,
    judge: impl Fn(&'r Decision) -> Mandate<F>,
) -> Option<(&'r Decision, F)> {
    let mut given: Option<Date> = None;
    let mut lacking: Option<(Option<Date>, &Decision, F)> = None;
    for decision in decisions.iter().filter(|decision| decision.made_by(today)) {
        let date = decision.date.as_ref().map(|date| date.value);
        match judge(decision) {
            Mandate::Unknown => return None,
            Mandate::Given => given = given.max(date),
            Mandate::Lacking(flaw) => {
                if lacking.as_ref().is_none_or(|(latest, ..)| *latest <= date) {
                    lacking = Some((date, decision, flaw));
                }
            }
        }
    }
    lacking.filter(|(date, ..)| *date > given).map(|(_, decision, flaw)| (decision, flaw))
}

/// Who made a decision that lacks something, in what capacity, and the places that show it.
pub(crate) struct Claim<'r> {
    /// The decider's name.
    pub(crate) who: &'r str,
    /// As in "Ben Okafor approved policy `access-control` on 2026-03-01".
    pub(crate) what: String,
    /// Why no role comes into question at all, as in "holding no role"; `None` where there are `hats` to judge.
    pub(crate) why: Option<String>,
    /// What the decider acted as, each role once.
    pub(crate) hats: Vec<Hat<'r>>,
    /// Where the decider is named.
    pub(crate) place: FileRange,
    /// The day of the decision.
    pub(crate) date: Date,
    label: Option<(FileRange, String)>,
}

impl<'r> Claim<'r> {
    /// Reads a decision whose decider is known; `subject` is what it is about, in words.
    pub(crate) fn of(register: &'r Register, decision: &Decision, subject: &str) -> Option<Self> {
        let (by, date) = (decision.by.as_ref()?, decision.date.as_ref()?);
        let person = register.people.get(by)?;
        let mut claim = Self {
            who: person.display(),
            what: format!("{} {} {subject} on {}", person.display(), decision.verb.key(), date.value),
            why: None,
            hats: Vec::new(),
            place: by.span,
            date: **date,
            label: None,
        };
        for hat in register.hats_of(decision) {
            if !claim.hats.iter().any(|known| known.role.head.id == hat.role.head.id) {
                claim.hats.push(hat);
            }
        }
        if !claim.hats.is_empty() {
            return Some(claim);
        }
        let (why, label) = match (&person.joined, &person.left, &decision.as_role) {
            (Some(joined), ..) if **joined > **date => {
                (format!("before joining on {}", joined.value), Some((joined.span, "joined on this day".to_owned())))
            }
            (_, Some(left), _) if **left < **date => {
                (format!("after leaving on {}", left.value), Some((left.span, "left on this day".to_owned())))
            }
            (.., Some(role)) => {
                let holder = register.roles.get(role).and_then(|role| role.held_by.first());
                let label =
                    holder.map(|holder| (holder.span, format!("`{}` is held by `{}`", role.value, holder.value)));
                (format!("as `{}`, a role held by somebody else", role.value), label)
            }
            _ => ("holding no role".to_owned(), None),
        };
        claim.why = Some(why);
        claim.label = label;
        Some(claim)
    }

    /// Returns whether the decider acted in a layer.
    pub(crate) fn is_in(&self, layer: Layer) -> bool {
        self.hats.iter().any(|hat| hat.role.is_in(layer))
    }

    /// Shows why no role of the decider comes into question.
    pub(crate) fn label_decider(&self, diagnostic: &mut Diagnostic) {
        if let Some((span, text)) = &self.label {
            diagnostic.label(*span, text.clone());
        }
    }

    /// Shows what stands against the decision, which takes a power or an executive, or both: what the decider's roles
    /// may do, or that none comes into question.
    pub(crate) fn label(
        &self,
        diagnostic: &mut Diagnostic,
        register: &Register,
        power: Option<Power<'_>>,
        executives_only: bool,
    ) {
        self.label_decider(diagnostic);
        for hat in self.hats.iter().take(SHOWN) {
            let (span, text) = against(register, hat, power, self.date, executives_only);
            diagnostic.label(span, text);
        }
    }
}

/// How many roles of a decider are shown.
const SHOWN: usize = 3;

/// Why a hat does not suffice, and the place that shows it.
fn against(
    register: &Register,
    hat: &Hat<'_>,
    power: Option<Power<'_>>,
    on: Date,
    executives_only: bool,
) -> (FileRange, String) {
    let id = &hat.role.head.id;
    if let Via::Delegation(delegation) = hat.via
        && power.is_none_or(|power| register.role_carries(hat.role, power, on))
    {
        let place = delegation.authority.as_ref().map_or(delegation.head.key, |authority| authority.span);
        return (place, format!("delegation `{}` from `{id}` does not pass this on", delegation.head.id));
    }
    if executives_only && !hat.role.is_in(Layer::Executive) {
        return match &hat.role.layer {
            Some(layer) => (layer.span, format!("`{id}` is in layer `{}`; it takes an executive", layer.name())),
            None => (hat.role.head.key, format!("`{id}` is in no layer; it takes an executive")),
        };
    }
    let Some(power) = power else {
        return (hat.role.head.key, format!("`{id}` may not decide this"));
    };
    let Some(authority) = &hat.role.authority else {
        return (hat.role.head.key, format!("`{id}` has no `authority`"));
    };
    let (verb, list) = match power {
        Power::Grant(..) => ("grant", &authority.grant),
        Power::Approve(..) | Power::AcceptRisk(_) => ("approve", &authority.approve),
    };
    let Some(first) = list.first() else {
        return (authority.span, format!("`{id}` may {verb} nothing"));
    };
    let named: Vec<_> = list.iter().map(|entry| format!("`{}`", entry.value)).collect();
    (first.span, format!("`{id}` may {verb} {} only", named.join(", ")))
}
