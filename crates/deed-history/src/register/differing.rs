//! In which values two states of a register differ, whatever is written how and where.

use std::collections::{BTreeMap, BTreeSet};

use deed_model::{Manifest, Section};
use deed_syntax::Node;

use super::canonical::canonical;

/// Returns the addresses of all fields and decisions that are not in both states with the same values, as in
/// `risks.R-2.accepted`, and the paths of manifests that came with a mistake in them, behind which anything may stand.
/// What is moved, sorted or formatted does not differ, nor does what begins with `x-`.
#[must_use]
pub fn differing(before: &[Manifest], after: &[Manifest]) -> Vec<String> {
    let (was, is) = (values(before), values(after));
    let addresses: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let differ = addresses.into_iter().filter(|address| was.get(*address) != is.get(*address)).cloned();
    let known = |one: &Manifest| before.iter().any(|it| it.path == one.path && it.parse.text() == one.parse.text());
    let broken = after.iter().filter(|one| !one.parse.errors().is_empty() && !known(one));
    differ.chain(broken.map(|one| one.path.clone())).collect()
}

/// Every value by its address; of what is there twice, all of them.
fn values(manifests: &[Manifest]) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |address: String, subject: Node<'_>| {
        let own = |name: &str| name.starts_with("x-");
        // One without a field is there nevertheless.
        all.entry(address.clone()).or_default();
        for field in subject.fields() {
            let Some(name) = field.name().filter(|name| !own(name)) else { continue };
            all.entry(format!("{address}.{name}")).or_default().push(canonical(field.value(), &own));
        }
        if !subject.is_mapping() {
            all.entry(address).or_default().push(canonical(subject, &own));
        }
    };
    for entry in manifests.iter().filter_map(|manifest| manifest.parse.root()).flat_map(Node::fields) {
        let Some(section) = entry.name().and_then(Section::of_key) else { continue };
        if section.is_singleton() {
            add(section.key().to_owned(), entry.value());
        } else {
            let subjects = entry.value().fields().filter_map(|entry| Some((entry.name()?, entry.value())));
            subjects
                .filter(|(id, _)| !id.starts_with("x-"))
                .for_each(|(id, subject)| add(section.address(id), subject));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use deed_syntax::Format;

    use super::*;

    fn manifests(texts: &[(&str, &str)]) -> Vec<Manifest> {
        let one = |(path, text): &(&str, &str)| Manifest {
            path: (*path).to_owned(),
            parse: Arc::new(deed_syntax::parse(*text, Format::of_path(path))),
        };
        texts.iter().map(one).collect()
    }

    #[test]
    fn values_count_and_nothing_else() {
        let before = manifests(&[
            ("deed.yaml", "isms: { owner: ceo }\n"),
            (
                "r.deed.yaml",
                "risks:\n  R-1: { owner: it, accepted: { by: ada, date: 2026-01-01 } }\n  R-2: { title: 'B' }\n",
            ),
        ]);
        let formatted = manifests(&[
            ("deed.yaml", "# Ours\nisms:\n  owner: \"ceo\"\n  x-own: 1\nrisks:\n  R-2: { title: B }\n"),
            (
                "r.deed.json",
                r#"{ "risks": { "R-1": { "accepted": { "date": "2026-01-01", "by": "ada" }, "owner": "it" } } }"#,
            ),
        ]);
        assert_eq!(differing(&before, &formatted), [""; 0]);
        let other = manifests(&[
            ("deed.yaml", "isms: {}\n"),
            (
                "r.deed.yaml",
                "risks:\n  R-1: { owner: it, accepted: [{ by: ada, date: 2026-01-01 }, { by: bo }] }\n  R-3: {}\n",
            ),
            ("x.deed.yaml", "risks: [\n"),
        ]);
        let expected = ["isms.owner", "risks.R-1.accepted", "risks.R-2", "risks.R-2.title", "risks.R-3", "x.deed.yaml"];
        assert_eq!(differing(&before, &other), expected);
    }
}
