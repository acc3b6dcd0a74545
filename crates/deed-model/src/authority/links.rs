//! Who holds which role and who receives which delegation, looked up by id.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::reads::{self, Read};
use crate::table::Row;
use crate::{Delegation, Role, Table};

/// Rows of roles by the person they name, and of delegations by who receives them.
#[derive(Default, Debug)]
pub(crate) struct Links {
    held: HashMap<String, Vec<Row>, RandomState>,
    received: HashMap<String, Vec<Row>, RandomState>,
}

impl Links {
    pub(crate) fn of(roles: &Table<Role>, delegations: &Table<Delegation>) -> Self {
        let mut links = Self::default();
        for (row, role) in roles.numbered() {
            // A role that names several people is held by none of them.
            if let [holder] = role.held_by.as_slice() {
                links.held.entry(holder.value.clone()).or_default().push(row);
            }
        }
        for (row, delegation) in delegations.numbered() {
            if let Some(to) = &delegation.to {
                links.received.entry(to.value.clone()).or_default().push(row);
            }
        }
        links
    }

    /// The roles that name a person as their only holder, whatever the day.
    pub(crate) fn held(&self, person: &str) -> &[Row] {
        reads::note(Read::Held(person));
        self.held.get(person).map_or(&[], Vec::as_slice)
    }

    /// The delegations to an id, be they in force or not.
    pub(crate) fn received(&self, id: &str) -> &[Row] {
        reads::note(Read::Received(id));
        self.received.get(id).map_or(&[], Vec::as_slice)
    }
}
