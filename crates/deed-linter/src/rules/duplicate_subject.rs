//! Rule `duplicate-subject`.

use deed_model::{Head, Section};

use crate::ownership::{described, listed};
use crate::same::{differing, same};
use crate::{Applicability, ByModel, Check, Context, FileEdit, Group, Rule, Setting, remove};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-subject",
    group: Group::Form,
    source: "manifest format",
    severity: ByModel::all(Setting::ERROR),
    summary: "an id is defined twice in the workspace",
    options: &[],
    docs: include_str!("duplicate_subject.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for (again, first) in ctx.register.duplicates() {
        report(ctx, again, first);
    }
}

fn report(ctx: &mut Context<'_>, again: &Head, first: &Head) {
    let workspace = ctx.workspace;
    let manifest = workspace.manifest(again.key.file);
    let of_first = workspace.manifest(first.key.file);
    let (mine, other) = (manifest.parse.node(again.node), of_first.parse.node(first.node));
    let is_same = same(mine, other);
    let differing = differing(other, mine).filter(|_| !is_same);
    let removal = remove::entry(&manifest.parse, again.range.range);

    // Some sections are called by a plural.
    let is = match again.section {
        Section::RiskCriteria | Section::Evidence | Section::Lint => "are",
        _ => "is",
    };
    let elsewhere =
        if again.key.file == first.key.file { String::new() } else { format!(", after `{}`", of_first.path) };
    let diagnostic = ctx.report(again.key, format!("{} {is} defined here a second time{elsewhere}", described(again)));
    diagnostic.label(first.key, "first defined here, and this is the definition that counts");
    match differing {
        None if is_same => diagnostic.help("remove this definition: the two say the same"),
        Some(fields) if !fields.is_empty() => {
            let fields = listed(fields, 4);
            diagnostic.help(format!("keep one of the two, after settling what they differ in: {fields}"))
        }
        _ if again.section.is_singleton() => diagnostic.help("keep one of the two"),
        _ => diagnostic.help("keep one of the two, or give this one an id of its own"),
    };
    let Some(removal) = removal else { return };
    let edits = vec![FileEdit { file: again.key.file, edit: removal.edit }];
    match (is_same, removal.touches_comment) {
        (true, false) => diagnostic.fix("remove this definition", Applicability::Safe, edits),
        (true, true) => diagnostic.fix("remove this definition with its comments", Applicability::Unsafe, edits),
        (false, _) => diagnostic.fix("remove this definition, whatever it says", Applicability::Display, edits),
    };
}

#[cfg(test)]
mod tests {
    use crate::examine::{diagnostics, fixed, workspace};
    use crate::{Applicability, apply_fixes};

    const ID: &str = "duplicate-subject";

    #[test]
    fn the_fields_that_differ_are_named_and_nothing_is_removed_unseen() {
        let workspace = workspace(&[
            ("a.deed.yaml", "risks:\n  R-1: { title: Fire, owner: ceo }\n"),
            ("b.deed.json", "{\"risks\": {\"R-1\": {\"title\": \"Flood\", \"owner\": \"ceo\", \"note\": \"?\"}}}"),
        ]);
        let found = diagnostics(ID, &workspace);
        assert_eq!(found.len(), 1);
        assert_eq!(&*found[0].message, "risk `R-1` is defined here a second time, after `a.deed.yaml`");
        assert_eq!(
            found[0].help,
            [std::sync::Arc::from("keep one of the two, after settling what they differ in: `title` and `note`")]
        );
        assert!(apply_fixes(&workspace, &found, Applicability::Unsafe).texts.is_empty());
    }

    #[test]
    fn a_copy_in_another_format_is_removed_with_the_section_it_leaves_empty() {
        let workspace = workspace(&[
            ("a.deed.yaml", "risks:\n  R-1: { title: Fire, owner: ceo }\n"),
            ("b.deed.json", "{\"roles\": {}, \"risks\": {\"R-1\": {\"owner\": \"ceo\", \"title\": \"Fire\"}}}\n"),
        ]);
        let fixed = apply_fixes(&workspace, &diagnostics(ID, &workspace), Applicability::Safe);
        assert_eq!(fixed.texts.into_values().collect::<Vec<_>>(), ["{\"roles\": {}}\n"]);
    }

    #[test]
    fn a_copy_with_a_comment_is_removed_only_on_request() {
        let workspace = workspace(&[
            ("a.deed.yaml", "isms: { model: federated }\n"),
            ("b.deed.yaml", "roles: {}\nisms:\n  model: federated # since May\n"),
        ]);
        let found = diagnostics(ID, &workspace);
        assert_eq!(&*found[0].message, "the ISMS is defined here a second time, after `a.deed.yaml`");
        assert!(apply_fixes(&workspace, &found, Applicability::Safe).texts.is_empty());
        let fixed = apply_fixes(&workspace, &found, Applicability::Unsafe);
        assert_eq!(fixed.texts.into_values().collect::<Vec<_>>(), ["roles: {}\n"]);
    }

    #[test]
    fn a_key_written_twice_in_one_mapping_is_left_to_duplicate_key() {
        let text = "risks:\n  R-1: { title: Fire }\n  R-1: { title: Fire }\n";
        assert_eq!(fixed(ID, "a.deed.yaml", text, Applicability::Display), text);
    }
}
