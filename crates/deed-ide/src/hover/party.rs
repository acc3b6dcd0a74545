//! Roles, people and departments.

use deed_linter::words::{self, Owned};
use deed_model::authority::{Power, Via};
use deed_model::{Authority, Department, Layer, OwnershipModel, Person, PersonKind, Role, Section};

use crate::Analysis;
use crate::distance::{from_today, until};
use crate::markdown::{Card, code, escape, few, prose};

impl Analysis<'_> {
    pub(super) fn role_card(&self, role: &Role) -> Card {
        let register = self.register();
        let id = &role.head.id;
        let layer = role.layer.as_ref().map(|layer| format!(" · {}", layer.name())).unwrap_or_default();
        let mut card = Card::new(format!("{}{layer}", self.heading(&role.head)));
        let mut holder = escape(&words::holder(register.holder(role, self.today)));
        if let Some(last) = &role.acting_until {
            holder += &format!(", acting until {} ({})", last.value, until(self.today, last.value));
        }
        card.field("Held by", holder);
        card.field("Deputy", role.deputy.as_ref().map(|deputy| self.person_name(deputy)).unwrap_or_default());
        self.department_line(&mut card, role);
        card.field("Reports to", self.line_above(role));
        let may = self.powers(role);
        card.field("May", if may.is_empty() { "decide nothing of its own".to_owned() } else { may.join("; ") });
        for delegation in register.delegations.iter().filter(|delegation| delegation.in_force(self.today)) {
            let (Some(from), Some(to)) = (&delegation.from, &delegation.to) else { continue };
            let what = delegation.authority.as_ref().map(powers_named).unwrap_or_default();
            if **to == **id {
                card.field("Delegated to it", format!("{} from {}: {what}", code(&delegation.head.id), code(from)));
            } else if **from == **id {
                card.field("Delegates", format!("{} to {}: {what}", code(&delegation.head.id), code(to)));
            }
        }
        let owned = words::by_owner(register, self.today);
        card.field("Owns", owned.get(id.as_str()).map(|owned| Self::owned_line(owned)).unwrap_or_default());
        card.field("Heads", few(register.departments_headed_by(id).map(|it| it.head.id.as_str())));
        self.decision_line(&mut card, "Acknowledged", &role.acknowledged);
        card
    }

    /// What a role may decide today: by its own authority or one delegated to it, and by where it stands in the model.
    fn powers(&self, role: &Role) -> Vec<String> {
        let (register, on) = (self.register(), self.today);
        let model = register.model();
        let is_executive = role.is_in(Layer::Executive);
        let carries = |power| register.role_carries(role, power, on);
        let mut may = Vec::new();
        if let Some(criteria) = register.risk_criteria() {
            let highest = (0..criteria.levels.len()).rev().find(|rank| carries(Power::AcceptRisk(*rank)));
            if let Some(highest) = highest {
                let tolerance = criteria.tolerance.as_ref().and_then(|tolerance| criteria.rank(tolerance));
                let limit = tolerance.filter(|tolerance| *tolerance < highest && !is_executive);
                let level = criteria.level_name(limit.unwrap_or(highest));
                let why = if limit.is_some() { " (above the tolerance: executives only)" } else { "" };
                let who = if role.is_in(Layer::Isms) { " (a custodian, who accepts none)" } else { why };
                may.push(format!("accept risks up to {}{who}", escape(level)));
            }
        }
        let named = |list: Option<&Vec<deed_model::Spanned<String>>>,
                     sections: &[Section],
                     of: fn(Section) -> Power<'static>| {
            let whole = sections.iter().filter(|section| carries(of(**section))).map(|section| section.key());
            let single = list.into_iter().flatten().map(|it| it.as_str()).filter(|it| it.contains('.'));
            few(whole.chain(single))
        };
        let authority = role.authority.as_ref();
        let approvable = [Section::Isms, Section::Soa, Section::RiskCriteria, Section::Policies];
        let approve = named(authority.map(|it| &it.approve), &approvable, |it| Power::Approve(it, ""));
        let grantable = [Section::Exceptions, Section::Delegations];
        let grant = named(authority.map(|it| &it.grant), &grantable, |it| Power::Grant(it, ""));
        let only = model == Some(OwnershipModel::ExecutiveLed) && !is_executive;
        let but = if only { " (executives only, under the executive-led model)" } else { "" };
        for (verb, what) in [("approve", approve), ("grant", grant)] {
            if !what.is_empty() {
                may.push(format!("{verb} {what}{but}"));
            }
        }
        if is_executive {
            may.push("as an executive: adopt the ownership model, approve the information security policy".to_owned());
        }
        let heads = register.departments_headed_by(&role.head.id).next().is_some();
        if heads && model == Some(OwnershipModel::Federated) {
            may.push("as head of a department: approve its own policies".to_owned());
        }
        may
    }

    pub(super) fn person_card(&self, person: &Person) -> Card {
        let register = self.register();
        let id = person.head.id.as_str();
        let mut card = Card::new(format!("{} · {}", self.heading(&person.head), self.membership(person)));
        for hat in register.hats(id, self.today) {
            let title = escape(hat.role.display());
            let how = match hat.via {
                Via::Holder => title,
                Via::Acting => {
                    let last = hat.role.acting_until.as_ref();
                    let last = last.map(|last| format!(" until {} ({})", last.value, until(self.today, last.value)));
                    format!("{title}, acting{}", last.unwrap_or_default())
                }
                Via::Delegation(delegation) => format!("{title}, by delegation {}", code(&delegation.head.id)),
            };
            card.field("Role", how);
        }
        let by_owner = words::by_owner(register, self.today);
        let own = by_owner.get(id).map(|owned| Self::owned_line(owned)).unwrap_or_default();
        card.field("Owns by name", own);
        let held = register.roles_of(id, self.today).into_iter().filter(|role| role.head.id != id);
        let through: Vec<Owned<'_>> =
            held.flat_map(|role| by_owner.get(role.head.id.as_str()).into_iter().flatten()).copied().collect();
        card.field("Owns through roles", Self::owned_line(&through));
        if person.kind == PersonKind::Person {
            let keys = person.keys.iter().filter(|key| key.revoked.is_none()).count();
            card.field("Signing keys", if keys == 0 { "none".to_owned() } else { keys.to_string() });
        }
        if let Some(act) = self.history.and_then(|history| history.acts.get(id)) {
            let what = format!("{} {}", act.decision.verb.key(), code(&act.decision.subject()));
            let far = from_today(self.today, act.day);
            card.field(
                "Last provable act",
                format!("{what} on {} ({far}) in {}", act.day, code(words::short(&act.commit))),
            );
        }
        card
    }

    /// Whether a person belongs to the organisation, and since or until when.
    fn membership(&self, person: &Person) -> String {
        let far = |date: deed_model::Date| format!("{date} ({})", from_today(self.today, date));
        match (&person.joined, &person.left, person.kind) {
            (.., PersonKind::Team) => "a team, which can be accountable for nothing".to_owned(),
            (.., PersonKind::Service) => "a service account, which can be accountable for nothing".to_owned(),
            (_, Some(left), _) if left.value < self.today => format!("left {}", far(left.value)),
            (Some(joined), ..) if joined.value > self.today => format!("joins {}", far(joined.value)),
            (_, Some(left), _) => format!("leaves {}", far(left.value)),
            (Some(joined), ..) => format!("active since {}", joined.value),
            _ => "active".to_owned(),
        }
    }

    pub(super) fn department_card(&self, department: &Department) -> Card {
        let register = self.register();
        let id = department.head.id.as_str();
        let mut card = Card::new(self.heading(&department.head));
        let head = department.headed_by.as_ref().map(|head| prose(&words::party(register, head, self.today)));
        card.field("Headed by", head.unwrap_or_else(|| "nobody".to_owned()));
        let parent = department.parent.as_ref();
        card.field("Part of", parent.map(|parent| code(parent)).unwrap_or_default());
        let is_here = |it: Option<&deed_model::Spanned<String>>| it.is_some_and(|it| **it == id);
        let parts = register.departments.iter().filter(|other| is_here(other.parent.as_ref()));
        card.field("Departments", few(parts.map(|it| it.head.id.as_str())));
        let roles: Vec<&Role> = register.roles.iter().filter(|role| is_here(role.department.as_ref())).collect();
        card.field("Roles", few(roles.iter().map(|role| role.head.id.as_str())));
        let by_owner = words::by_owner(register, self.today);
        let owned: Vec<Owned<'_>> =
            roles.iter().flat_map(|role| by_owner.get(role.head.id.as_str()).into_iter().flatten()).copied().collect();
        card.field("Its roles own", Self::owned_line(&owned));
        card
    }
}

/// What an `authority` mapping names.
pub(super) fn powers_named(authority: &Authority) -> String {
    let mut may = Vec::new();
    if let Some(level) = &authority.accept_risk {
        may.push(format!("accept risks up to {}", escape(level)));
    }
    for (verb, list) in [("approve", &authority.approve), ("grant", &authority.grant)] {
        if !list.is_empty() {
            may.push(format!("{verb} {}", few(list.iter().map(|it| it.as_str()))));
        }
    }
    may.join("; ")
}
