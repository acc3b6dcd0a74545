//! Everything in the register that somebody owns.

use std::collections::HashMap;

use deed_model::reads::{self, Read};
use deed_model::{Date, Head, Person, Register, Section, Spanned};

use crate::Context;
use crate::pass::Gathered;

/// One owner field.
#[derive(Clone, Copy, Debug)]
pub struct Owned<'r> {
    /// The subject that is owned.
    pub head: &'r Head,
    /// The owners as written: one, unless the manifest is wrong.
    pub owners: &'r [Spanned<String>],
}

impl<'r> Owned<'r> {
    /// Returns what it is called in a sentence, as in "control `A.5.15`".
    pub fn what(&self) -> String {
        described(self.head)
    }

    /// Returns the owner that counts: the first.
    pub fn owner(&self) -> Option<&'r Spanned<String>> {
        self.owners.first()
    }
}

/// Returns every subject that has an owner field and is in use on a day: the ISMS, applicable controls, policies, open
/// risks and open exceptions, with or without an owner.
pub fn owned(register: &Register, today: Date) -> Vec<Owned<'_>> {
    reads::note(Read::Owners);
    Section::ALL.into_iter().for_each(|section| reads::note(Read::Ids(section)));
    reads::unnoted(|| all_owned(register, today))
}

fn all_owned(register: &Register, today: Date) -> Vec<Owned<'_>> {
    let mut all: Vec<Owned<'_>> = register.isms().into_iter().map(|isms| one(&isms.head, &isms.owner)).collect();
    all.extend(register.controls.iter().filter(|c| !c.is_excluded()).map(|c| one(&c.head, &c.owner)));
    all.extend(register.policies.iter().map(|policy| one(&policy.head, &policy.owner)));
    all.extend(register.risks.iter().filter(|risk| risk.is_open(today)).map(|risk| one(&risk.head, &risk.owner)));
    all.extend(register.exceptions.iter().filter(|e| e.is_open(today)).map(|e| one(&e.head, &e.owner)));
    all
}

pub(crate) fn one<'r>(head: &'r Head, owners: &'r [Spanned<String>]) -> Owned<'r> {
    Owned { head, owners }
}

/// Returns what a subject is called in a sentence, as in "risk `R-12`" or "the ISMS".
pub fn described(head: &Head) -> String {
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

/// Returns who an owner field comes down to on a day for a sentence, as in "`head-of-it` (Chen Li)" or "Chen Li".
pub(crate) fn owner_in_words(register: &Register, owner: &str, on: Date) -> Option<String> {
    let person = register.accountable(owner, on)?;
    let role = register.roles.get(owner);
    Some(role.map_or_else(|| person.display().to_owned(), |role| format!("`{}` ({})", role.head.id, person.display())))
}

/// Returns the executive roles that somebody holds, with who does.
pub(crate) fn executives(register: &Register, on: Date) -> Vec<(&deed_model::Role, &Person)> {
    let executive = register.roles.iter().filter(|role| role.is_in(deed_model::Layer::Executive));
    executive.filter_map(|role| Some((role, register.holder(role, on).person()?))).collect()
}

/// Returns names for a sentence, each in backticks, as in "`a`, `b` and `c`"; of more than `most` the rest is counted.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>, most: usize) -> String {
    let mut names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let rest = names.len().saturating_sub(most);
    if rest > 0 {
        names.truncate(most);
        names.push(format!("{rest} more"));
    }
    match names.pop() {
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} and {last}", names.join(", ")),
        None => String::new(),
    }
}

/// Returns what each role or person owns, by the id an owner field names; what has several owners counts for none.
pub fn by_owner(register: &Register, today: Date) -> HashMap<&str, Vec<Owned<'_>>> {
    let mut all: HashMap<&str, Vec<Owned<'_>>> = HashMap::new();
    for owned in owned(register, today) {
        if let [owner] = owned.owners {
            all.entry(owner.as_str()).or_default().push(owned);
        }
    }
    all
}

/// What each role or person owns, for who asks; see [`by_owner`].
pub(crate) struct Owners<'r> {
    register: &'r Register,
    today: Date,
    all: Gathered<HashMap<&'r str, Vec<Owned<'r>>>>,
}

impl<'r> Owners<'r> {
    pub(crate) fn new(ctx: &Context<'r>) -> Self {
        Self { register: ctx.register, today: ctx.today, all: Gathered::default() }
    }

    /// Returns what an owner field names as the one owner.
    pub(crate) fn owned_by(&self, owner: &str) -> &[Owned<'r>] {
        let all = self.all.get(|| by_owner(self.register, self.today));
        all.get(owner).map_or(&[], Vec::as_slice)
    }
}

/// Returns subjects for a sentence, as in "control `A.5.15`, risk `R-12` and 3 more".
pub(crate) fn listed_subjects(owned: &[Owned<'_>]) -> String {
    let names = |owned: &[Owned<'_>]| owned.iter().map(Owned::what).collect::<Vec<_>>();
    match owned {
        [] => "nothing".to_owned(),
        [first @ .., last] if first.len() < 3 => {
            let first = names(first).join(", ");
            if first.is_empty() { last.what() } else { format!("{first} and {}", last.what()) }
        }
        [first @ .., _] => format!("{} and {} more", names(&first[..2]).join(", "), first.len() - 1),
    }
}

/// Returns whether a subject is out of use on a day: an excluded control, a closed risk or a closed exception.
pub(crate) fn is_out_of_use(register: &Register, head: &Head, today: Date) -> bool {
    match head.section {
        Section::Controls => register.controls.get(&head.id).is_some_and(|control| control.is_excluded()),
        Section::Risks => register.risks.get(&head.id).is_some_and(|risk| !risk.is_open(today)),
        Section::Exceptions => register.exceptions.get(&head.id).is_some_and(|exception| !exception.is_open(today)),
        _ => false,
    }
}

/// Returns whether a role is named for a duty of clause 5.3: it runs the ISMS, ensures its conformity or reports on it.
pub(crate) fn has_isms_duty(register: &Register, role: &str) -> bool {
    let isms = register.isms();
    let duties = isms.into_iter().flat_map(|isms| [&isms.manager, &isms.conformity, &isms.reporting]);
    duties.flatten().any(|named| **named == role)
}

#[cfg(test)]
mod tests {
    use deed_model::{FileId, FileRange};
    use deed_syntax::{Format, TextRange};

    use super::*;

    #[test]
    fn a_list_names_some_and_counts_the_rest() {
        let parse = deed_syntax::parse("a", Format::Yaml);
        let span = FileRange { file: FileId(0), range: TextRange::default() };
        let node = parse.root().expect("a node").id();
        let heads: Vec<_> = (1..=5)
            .map(|n| Head { section: Section::Risks, id: format!("R-{n}"), key: span, range: span, node })
            .collect();
        let list = |count| listed_subjects(&heads[..count].iter().map(|head| one(head, &[])).collect::<Vec<_>>());
        assert_eq!(list(0), "nothing");
        assert_eq!(list(1), "risk `R-1`");
        assert_eq!(list(2), "risk `R-1` and risk `R-2`");
        assert_eq!(list(3), "risk `R-1`, risk `R-2` and risk `R-3`");
        assert_eq!(list(5), "risk `R-1`, risk `R-2` and 3 more");
    }
}
