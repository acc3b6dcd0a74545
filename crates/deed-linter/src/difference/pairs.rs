//! Which subject of one state is which of the other.

use std::collections::{BTreeMap, HashMap, HashSet};

use deed_model::{Head, Section, Workspace};

use super::value::fields;

/// How many pairs are compared to find what has another id.
const MOST: usize = 250_000;

/// The subjects of two states, matched.
pub(super) struct Pairs<'a> {
    /// In both, in the order they have now.
    pub(super) both: Vec<(&'a Head, &'a Head)>,
    /// Only before.
    pub(super) gone: Vec<&'a Head>,
    /// Only after.
    pub(super) new: Vec<&'a Head>,
    /// What has another id now, by section and id before.
    renamed: HashMap<(Section, &'a str), &'a str>,
}

impl<'a> Pairs<'a> {
    pub(super) fn of(before: &'a Workspace, after: &'a Workspace) -> Self {
        let mut pairs = Self { both: Vec::new(), gone: Vec::new(), new: Vec::new(), renamed: HashMap::new() };
        let (old, is) = (before.register(), after.register());
        // Of two with one id the first counts.
        let mut told = HashSet::new();
        for head in is.heads().filter(|head| told.insert((head.section, head.id.as_str()))) {
            match old.subject(head.section, &head.id) {
                Some(was) => pairs.both.push((was, head)),
                None => pairs.new.push(head),
            }
        }
        told.clear();
        let gone = old.heads().filter(|head| told.insert((head.section, head.id.as_str())));
        pairs.gone = gone.filter(|head| is.subject(head.section, &head.id).is_none()).collect();
        pairs.match_renamed(before, after);
        pairs
    }

    /// What is gone and comes again under another id is the same, if it says the same.
    fn match_renamed(&mut self, before: &'a Workspace, after: &'a Workspace) {
        let describe = |workspace: &'a Workspace, heads: &[&'a Head]| -> Vec<(&'a Head, BTreeMap<&'a str, String>)> {
            let several = heads.iter().filter(|head| !head.section.is_singleton());
            several.map(|head| (*head, fields(workspace, head))).collect()
        };
        let (gone, new) = (describe(before, &self.gone), describe(after, &self.new));
        // Of very many only those that are called the same are looked at.
        let all = gone.len().saturating_mul(new.len()) <= MOST;
        let mut called: HashMap<(Section, Option<&String>), Vec<usize>> = HashMap::new();
        for (nth, (is, of_is)) in new.iter().enumerate() {
            called.entry((is.section, called_so(of_is).filter(|_| !all))).or_default().push(nth);
        }
        let mut likely = Vec::new();
        for (was, of_was) in &gone {
            let candidates = called.get(&(was.section, called_so(of_was).filter(|_| !all)));
            for (is, of_is) in candidates.into_iter().flatten().map(|nth| &new[*nth]) {
                if let Some(alike) = likeness(of_was, of_is) {
                    likely.push((alike, *was, *is));
                }
            }
        }
        likely.sort_by_key(|(alike, was, is)| (std::cmp::Reverse(*alike), &was.id, &is.id));
        let (mut matched_was, mut matched_is) = (HashSet::new(), HashSet::new());
        for (_, was, is) in likely {
            if !matched_was.contains(&was.key) && !matched_is.contains(&is.key) {
                matched_was.insert(was.key);
                matched_is.insert(is.key);
                self.both.push((was, is));
                self.renamed.insert((was.section, &was.id), &is.id);
            }
        }
        self.gone.retain(|head| !matched_was.contains(&head.key));
        self.new.retain(|head| !matched_is.contains(&head.key));
    }

    /// Returns the id that a subject has now.
    pub(super) fn now<'i>(&'i self, section: Section, id: &'i str) -> &'i str {
        self.renamed.get(&(section, id)).copied().unwrap_or(id)
    }

    /// Returns the id that a role or person has now.
    pub(super) fn party<'i>(&'i self, id: &'i str) -> &'i str {
        let role = self.renamed.get(&(Section::Roles, id));
        role.or_else(|| self.renamed.get(&(Section::People, id))).copied().unwrap_or(id)
    }

    /// Returns the pairs of a section.
    pub(super) fn of_section(&self, section: Section) -> impl Iterator<Item = (&'a Head, &'a Head)> {
        self.both.iter().filter(move |(_, is)| is.section == section).copied()
    }
}

/// What a subject is called.
fn called_so<'f>(fields: &'f BTreeMap<&str, String>) -> Option<&'f String> {
    ["title", "name", "emails"].into_iter().find_map(|field| fields.get(field))
}

/// How much two subjects say the same, in percent, if that is enough to be one; what they are called counts most.
fn likeness(a: &BTreeMap<&str, String>, b: &BTreeMap<&str, String>) -> Option<usize> {
    let all: HashSet<_> = a.keys().chain(b.keys()).collect();
    let same = |name: &str| a.get(name).is_some_and(|value| b.get(name) == Some(value));
    let equal = all.iter().filter(|name| same(name)).count();
    let percent = equal * 100 / all.len().max(1);
    let is_called_so = same("title") || same("name") || same("emails");
    (equal >= 2 && percent >= if is_called_so { 50 } else { 80 }).then_some(percent + usize::from(is_called_so) * 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_the_same_needs_less_to_be_the_same() {
        let of = |fields: &[(&'static str, &str)]| -> BTreeMap<&'static str, String> {
            fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
        };
        let fire = [("title", "Fire"), ("owner", "it"), ("treatment", "accept")];
        assert_eq!(likeness(&of(&fire), &of(&fire)), Some(200));
        assert_eq!(likeness(&of(&fire), &of(&[("title", "Fire"), ("owner", "it"), ("treatment", "avoid")])), Some(166));
        assert_eq!(likeness(&of(&fire), &of(&[("title", "Flood"), ("owner", "it"), ("treatment", "accept")])), None);
        assert_eq!(likeness(&of(&[("title", "Fire")]), &of(&[("title", "Fire")])), None, "a title alone is too little");
    }
}
