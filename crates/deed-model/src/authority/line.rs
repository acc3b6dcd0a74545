//! Reporting lines.

use std::collections::HashSet;

use crate::{Register, Role};

/// A reporting line.
#[derive(Debug)]
pub struct Chain<'r> {
    /// The roles above, nearest first.
    pub above: Vec<&'r Role>,
    /// How it ends.
    pub end: ChainEnd,
}

/// How a reporting line ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChainEnd {
    /// At a role that reports to nobody.
    Top,
    /// At a role nobody defined.
    Unknown,
    /// In a circle.
    Circle,
}

impl Register {
    /// Follows `reports_to` from a role upwards: the roles above it, nearest first, each once.
    ///
    /// Ends at a role that reports to nobody, to an unknown role, or to one already met (a circle; see [`Chain`]).
    pub fn reporting_line(&self, role: &Role) -> Chain<'_> {
        let mut above: Vec<&Role> = Vec::new();
        let mut met: HashSet<&str> = HashSet::new();
        let mut next = role.reports_to.as_ref();
        while let Some(id) = next {
            let Some(superior) = self.roles.get(id) else { return Chain { above, end: ChainEnd::Unknown } };
            if superior.head.id == role.head.id || !met.insert(&superior.head.id) {
                return Chain { above, end: ChainEnd::Circle };
            }
            above.push(superior);
            next = superior.reports_to.as_ref();
        }
        Chain { above, end: ChainEnd::Top }
    }
}
