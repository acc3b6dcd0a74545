//! Which department a control belongs to, and who heads it.

use deed_model::authority::Party;
use deed_model::{Control, Date, Department, Person, Register, Role};

use crate::ownership::owner_in_words;

/// Returns the department that operates a control: its own `department`, else that of its owner's role. A person named as
/// owner belongs to the department of the roles they hold, if these are all of one.
pub(crate) fn operating<'r>(register: &'r Register, control: &Control, on: Date) -> Option<&'r Department> {
    if let Some(department) = &control.department {
        return register.departments.get(department);
    }
    let [owner] = control.owner.as_slice() else { return None };
    of_party(register, owner, on)
}

/// Returns the department of a role, or of a person by their roles.
pub(crate) fn of_party<'r>(register: &'r Register, id: &str, on: Date) -> Option<&'r Department> {
    let mut departments = register.roles_of(id, on).into_iter().filter_map(|role| role.department.as_ref());
    let first = departments.next()?;
    departments.all(|other| **other == **first).then(|| register.departments.get(first))?
}

/// Returns whether an owner is the head of a department, be it in another role of the same person.
pub(crate) fn is_head(register: &Register, owner: &str, department: &Department, on: Date) -> bool {
    let Some(head) = &department.headed_by else { return false };
    let person = |id: &str| register.accountable(id, on).map(|person| person.head.id.as_str());
    **head == *owner || person(owner).is_some_and(|owner| person(head) == Some(owner))
}

/// Returns the head of a department for a sentence, as in "`head-of-it` (Chen Li)".
pub(crate) fn head_in_words(register: &Register, department: &Department, on: Date) -> Option<String> {
    let head = department.headed_by.as_ref()?;
    register.party(head)?;
    Some(owner_in_words(register, head, on).unwrap_or_else(|| format!("`{}`", head.value)))
}

/// Returns the roles that head a department and who holds them.
pub(crate) fn heads(register: &Register, on: Date) -> Vec<(&Role, &Person)> {
    let mut heads: Vec<(&Role, &Person)> = Vec::new();
    for head in register.departments.iter().filter_map(|department| department.headed_by.as_ref()) {
        let Some(Party::Role(role)) = register.party(head) else { continue };
        let Some(person) = register.holder(role, on).person() else { continue };
        if !heads.iter().any(|(known, _)| known.head.id == role.head.id) {
            heads.push((role, person));
        }
    }
    heads
}
