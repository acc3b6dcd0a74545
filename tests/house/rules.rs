//! One rule is one `.rs`, one `.md` and its lines in `rules/mod.rs`.

use std::collections::BTreeSet;

use deed_linter::{Default, Group, RULES, Rule};

use crate::{entries, read};

const FOLDER: &str = "crates/deed-linter/src/rules";

fn stems(extension: &str) -> BTreeSet<String> {
    entries(FOLDER)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|own| own == extension))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .filter(|stem| !matches!(stem.as_str(), "mod" | "README"))
        .collect()
}

#[test]
fn every_rule_file_is_registered_and_documented() {
    let registered: BTreeSet<_> = RULES.iter().map(|rule| rule.id.replace('-', "_")).collect();
    assert_eq!(stems("rs"), registered, "every file of {FOLDER} is in RULES of rules/mod.rs, and the other way round");
    assert_eq!(stems("md"), registered, "every rule has a .md beside its .rs");
}

#[test]
fn rules_that_await_somebody_are_rules() {
    let known = |id: &&&str| RULES.iter().any(|rule| rule.id == **id);
    assert!(Rule::awaiting().is_sorted());
    assert_eq!(Rule::awaiting().iter().find(|id| !known(id)), None);
}

#[test]
fn rules_are_sorted_by_id() {
    assert!(RULES.is_sorted_by_key(|rule| rule.id), "sort RULES in {FOLDER}/mod.rs by id");
    let source = read(format!("{FOLDER}/mod.rs"));
    let modules: Vec<_> = source.lines().filter_map(|line| line.strip_prefix("mod ")).collect();
    assert!(modules.is_sorted(), "sort the mod lines in {FOLDER}/mod.rs");
}

#[test]
fn ids_name_the_flagged_state() {
    for rule in RULES {
        let kebab = rule.id.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(kebab && rule.id.contains('-'), "{}: lower case words with `-`, no numbers", rule.id);
        assert!(!rule.id.starts_with("no-"), "{}: name the state, so that `allow {}` reads well", rule.id, rule.id);
        assert!(!rule.summary.ends_with('.') && !rule.summary.is_empty(), "{}: summary without a full stop", rule.id);
        assert!(!rule.source.is_empty(), "{}: say the clause or source it rests on", rule.id);
    }
}

#[test]
fn every_group_has_rules() {
    for group in Group::ALL {
        assert!(RULES.iter().any(|rule| rule.group == group), "no rule in {}", group.name());
    }
}

#[test]
fn documentation_has_its_sections_in_order() {
    for rule in RULES {
        let headings: Vec<&str> = rule.docs.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(headings.first().copied(), Some(format!("# {}", rule.id).as_str()), "{}: the title", rule.id);
        let at = |name: &str| headings.iter().position(|heading| *heading == format!("## {name}"));
        let fixed = ["What it does", "Why it matters", "Example", "Use instead"];
        let places: Vec<_> =
            fixed.iter().map(|name| at(name).unwrap_or_else(|| panic!("{}: ## {name}", rule.id))).collect();
        assert!(places.is_sorted(), "{}: the order is {fixed:?}", rule.id);
        assert_eq!(
            at("Options").is_some(),
            !rule.options.is_empty(),
            "{}: `## Options` if and only if it has any",
            rule.id
        );
        for option in rule.options {
            assert!(rule.docs.contains(&format!("`{}`", option.name)), "{}: document `{}`", rule.id, option.name);
            assert!(!option.summary.ends_with('.'), "{}: option summary without a full stop", rule.id);
            if let Default::Period(by_model) = option.default {
                for text in [by_model.default, by_model.centralized, by_model.federated, by_model.executive_led] {
                    assert!(deed_model::Period::parse(text).is_some(), "{}: {text} is no period", rule.id);
                }
            }
        }
    }
}
