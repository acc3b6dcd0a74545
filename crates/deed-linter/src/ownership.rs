//! Everything in the register that somebody owns.

use deed_model::{Date, Head, Person, Register, Spanned};

/// One owner field.
pub(crate) struct Owned<'r> {
    /// The subject that is owned.
    pub(crate) head: &'r Head,
    /// What it is called in a sentence, as in "control `A.5.15`".
    pub(crate) what: String,
    /// The owners as written: one, unless the manifest is wrong.
    pub(crate) owners: &'r [Spanned<String>],
}

impl<'r> Owned<'r> {
    /// Returns the owner that counts: the first.
    pub(crate) fn owner(&self) -> Option<&'r Spanned<String>> {
        self.owners.first()
    }
}

/// Returns every subject that has an owner field and is in use on a day: the ISMS, applicable controls, policies, open
/// risks and open exceptions, with or without an owner.
pub(crate) fn owned(register: &Register, today: Date) -> Vec<Owned<'_>> {
    let mut all: Vec<Owned<'_>> = register.isms().into_iter().map(|isms| one(&isms.head, &isms.owner)).collect();
    all.extend(register.controls.iter().filter(|c| !c.is_excluded()).map(|c| one(&c.head, &c.owner)));
    all.extend(register.policies.iter().map(|policy| one(&policy.head, &policy.owner)));
    all.extend(register.risks.iter().filter(|risk| risk.is_open(today)).map(|risk| one(&risk.head, &risk.owner)));
    all.extend(register.exceptions.iter().filter(|e| e.is_open(today)).map(|e| one(&e.head, &e.owner)));
    all
}

fn one<'r>(head: &'r Head, owners: &'r [Spanned<String>]) -> Owned<'r> {
    Owned { head, what: described(head), owners }
}

/// Returns what a subject is called in a sentence, as in "risk `R-12`" or "the ISMS".
pub(crate) fn described(head: &Head) -> String {
    if head.section.is_singleton() {
        format!("the {}", head.section.noun())
    } else {
        format!("{} `{}`", head.section.noun(), head.id)
    }
}

/// Returns people with their roles for a sentence, as in "`ceo` (Ada Moreau) or `cfo` (Bo Lind)"; at most three.
pub(crate) fn named<'r>(people: impl IntoIterator<Item = (&'r deed_model::Role, &'r Person)>) -> Option<String> {
    let mut names: Vec<_> =
        people.into_iter().map(|(role, person)| format!("`{}` ({})", role.head.id, person.display())).collect();
    names.truncate(3);
    let last = names.pop()?;
    Some(if names.is_empty() { last } else { format!("{} or {last}", names.join(", ")) })
}
