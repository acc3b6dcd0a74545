//! "Did you mean": the nearest of some names, and the edit that writes it.

use deed_model::{FileRange, Workspace};
use deed_syntax::edit::Edit;

use crate::FileEdit;

/// Returns the candidate nearest to a mistyped name, if one is near enough to be what was meant.
///
/// Case and the difference between `-`, `_` and `.` cost nothing; otherwise one edit (insertion, removal, replacement,
/// or two neighbours swapped) is allowed for each three characters. Among equals the first candidate wins.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = folded(name);
    let limit = (name.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let folded = folded(candidate);
            if folded.len().abs_diff(name.len()) > limit {
                return None;
            }
            let distance = strsim::osa_distance(&name, &folded);
            (distance <= limit).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns whether a field's name was evidently meant to be another: near to it, and the name of no other field.
pub(crate) fn is_misspelt(name: &str, field: &str) -> bool {
    let is_field =
        name == field || name == "review" || deed_model::Verb::of_key(name).is_some() || name.starts_with("x-");
    !is_field && nearest(name, [field]).is_some()
}

/// Returns the edit that writes an id, an address or a level in place of a scalar, in the quotes that stand there.
pub(crate) fn rewrite(workspace: &Workspace, at: FileRange, name: &str) -> FileEdit {
    let quote = match workspace.text(at).chars().next() {
        Some(quote @ ('"' | '\'')) => quote.to_string(),
        // A plain scalar that reads as a number or a word of the core schema would not be text any more.
        _ if name.parse::<f64>().is_ok() || matches!(name, "true" | "false" | "null") => "\"".to_owned(),
        _ => String::new(),
    };
    FileEdit { file: at.file, edit: Edit { range: at.range, new_text: format!("{quote}{name}{quote}") } }
}

fn folded(name: &str) -> String {
    name.chars().map(|c| if matches!(c, '_' | '.') { '-' } else { c.to_ascii_lowercase() }).take(128).collect()
}

#[cfg(test)]
mod tests {
    use deed_syntax::{Format, Node, parse};

    use super::{is_misspelt, nearest};

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let roles = ["ceo", "head-of-it", "isms-manager", "cfo"];
        for (typed, meant) in [
            ("head-of-ti", Some("head-of-it")),
            ("Head_of_IT", Some("head-of-it")),
            ("isms-maneger", Some("isms-manager")),
            ("coe", Some("ceo")),
            ("auditor", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, roles), meant, "{typed}");
        }
    }

    #[test]
    fn a_misspelt_field_is_told_from_another_field() {
        assert!(is_misspelt("aprroved", "approved") && is_misspelt("Owner", "owner"));
        assert!(!is_misspelt("review", "reviewed") && !is_misspelt("x-owner", "owner"));
        assert!(!is_misspelt("owner", "owner"), "spelt as it should be");
    }

    /// Holds for every mapping of the manifest schema.
    #[test]
    fn no_field_is_taken_for_another_of_the_same_mapping() {
        let schema = parse(include_str!("../../../schemas/deed.schema.json"), Format::Json);
        let mut pending: Vec<Node<'_>> = schema.root().into_iter().collect();
        let (mut compared, mut wrong) = (0, Vec::new());
        while let Some(node) = pending.pop() {
            pending.extend(node.entries().map(|entry| entry.value()).chain(node.items()));
            let Some(properties) = node.get("properties").filter(|properties| properties.value().is_mapping()) else {
                continue;
            };
            // `evidence.require` names decisions and `lint.rules` rules: neither is a subject.
            let names = properties.value().entries().filter_map(|entry| entry.name());
            let names: Vec<_> = names.filter(|name| !name.contains(['.', '-'])).collect();
            for name in &names {
                for other in names.iter().filter(|other| other != &name) {
                    wrong.extend(is_misspelt(name, other).then(|| format!("`{name}` would pass for `{other}`")));
                    compared += 1;
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        assert!(compared > 500, "the schema has mappings to compare");
    }
}
