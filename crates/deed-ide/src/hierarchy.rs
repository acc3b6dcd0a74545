//! Who reports to whom.

use deed_linter::words;
use deed_model::{FileRange, Role, Section};

use crate::{Analysis, Place, Thing};

/// A role in the lines of reporting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportingRole {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Who holds it, in words.
    pub holder: String,
    /// All of it.
    pub range: FileRange,
    /// Its id, where it is defined.
    pub name_range: FileRange,
}

/// One step of a line of reporting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportingStep {
    /// The role at its other end.
    pub role: ReportingRole,
    /// Where the line is drawn: the value of `reports_to` of the lower role.
    pub drawn: FileRange,
}

impl Analysis<'_> {
    /// Returns the role that is named at a place; of a person the roles they hold.
    pub fn reporting_roles(&self, place: Place) -> Vec<ReportingRole> {
        let register = self.register();
        let Some(Thing::Subject(head)) = self.name_at(place).map(|name| name.thing) else { return Vec::new() };
        let roles = match head.section {
            Section::Roles => register.roles.get(&head.id).into_iter().collect(),
            Section::People if register.roles.get(&head.id).is_none() => register.roles_of(&head.id, self.today),
            _ => Vec::new(),
        };
        roles.into_iter().map(|role| self.reporting_role(role)).collect()
    }

    /// Returns whom a role reports to.
    pub fn superiors(&self, role: &str) -> Vec<ReportingStep> {
        let register = self.register();
        let step = || {
            let drawn = register.roles.get(role)?.reports_to.as_ref()?;
            let superior = register.roles.get(drawn)?;
            Some(ReportingStep { role: self.reporting_role(superior), drawn: drawn.span })
        };
        step().into_iter().collect()
    }

    /// Returns who reports to a role, in the order of the manifests.
    pub fn subordinates(&self, role: &str) -> Vec<ReportingStep> {
        let step = |lower: &Role| {
            let drawn = lower.reports_to.as_ref().filter(|superior| superior.value == role)?;
            Some(ReportingStep { role: self.reporting_role(lower), drawn: drawn.span })
        };
        self.register().roles.iter().filter_map(step).collect()
    }

    fn reporting_role(&self, role: &Role) -> ReportingRole {
        ReportingRole {
            id: role.head.id.clone(),
            title: role.display().to_owned(),
            holder: words::holder(self.register().holder(role, self.today)),
            range: role.head.range,
            name_range: role.head.key,
        }
    }
}
