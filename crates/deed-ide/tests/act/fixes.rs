//! Every fix of every rule can be taken, and does what the command line does.

use std::collections::BTreeMap;

use deed_ide::{Action, ActionKind, Analysis};
use deed_linter::{Applicability, Diagnostic, Inputs, RULES, apply_fixes, is_withheld, lint_only};
use deed_model::{FileId, Workspace};
use deed_syntax::edit::{self, Edit};
use deed_test::fixture::examples;

use crate::Editor;
use crate::played::State;

fn texts_with(workspace: &Workspace, action: &Action) -> BTreeMap<FileId, String> {
    let mut edits: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
    for edit in &action.edits {
        edits.entry(edit.file).or_default().push(edit.edit.clone());
    }
    let apply = |(file, edits): (FileId, Vec<Edit>)| {
        (file, edit::apply(workspace.manifest(file).parse.text(), &edits).expect("edits that fit"))
    };
    edits.into_iter().map(apply).collect()
}

#[test]
fn every_fix_in_the_documentation_of_every_rule_is_an_action() {
    let (mut rules, mut fixes) = (0, 0);
    for rule in RULES {
        let before = fixes;
        for example in examples(rule.docs) {
            let state = State::of(&example);
            let workspace = &state.workspace;
            let diagnostics = lint_only(&Inputs { exists: None, ..state.inputs(state.history.as_ref()) }, rule);
            let analysis = Analysis {
                workspace,
                today: state.today,
                diagnostics: &diagnostics,
                history: state.history.as_ref(),
                me: None,
            };
            for (number, diagnostic) in diagnostics.iter().enumerate() {
                fixes += of_diagnostic(&analysis, number, diagnostic);
            }
            for (file, _) in workspace.files() {
                all_at_once(&analysis, file);
            }
        }
        rules += usize::from(fixes > before);
    }
    assert!(rules > 10 && fixes > 20, "{fixes} fixes of {rules} rules");
}

/// Returns how many fixes of a diagnostic were found among the actions at it.
fn of_diagnostic(analysis: &Analysis<'_>, number: usize, diagnostic: &Diagnostic) -> usize {
    let workspace = analysis.workspace;
    let actions = analysis.actions(diagnostic.span);
    let fixes = diagnostic.fixes.iter().filter(|fix| !fix.edits.is_empty());
    let mut found = 0;
    for fix in fixes.filter(|fix| !is_withheld(workspace, diagnostic, fix)) {
        let same = |action: &&Action| {
            action.title.starts_with(char::is_uppercase)
                && action.title[1..] == fix.title[1..]
                && action.kind == ActionKind::Fix(fix.applicability)
                && action.diagnostics.contains(&number)
                && action.edits.iter().map(|edit| &edit.edit).eq(fix.edits.iter().map(|edit| &edit.edit))
        };
        assert!(actions.iter().any(|action| same(&action)), "{}: {}", diagnostic.rule.id, fix.title);
        found += 1;
    }
    let cli = apply_fixes(workspace, std::slice::from_ref(diagnostic), Applicability::Unsafe);
    if cli.applied == 1 {
        let is_fix = |action: &&Action| {
            matches!(action.kind, ActionKind::Fix(of) if of >= Applicability::Unsafe)
                && action.diagnostics.contains(&number)
        };
        let does_it = actions.iter().filter(is_fix).any(|action| texts_with(workspace, action) == cli.texts);
        assert!(does_it, "{}: {}", diagnostic.rule.id, diagnostic.message);
    }
    found
}

/// All safe fixes of a manifest at once are those of the command line, where they stay in it.
fn all_at_once(analysis: &Analysis<'_>, file: FileId) {
    let here: Vec<_> = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.span.file == file).cloned().collect();
    let strays =
        |diagnostic: &Diagnostic| diagnostic.fixes.iter().any(|fix| fix.edits.iter().any(|edit| edit.file != file));
    if here.iter().any(strays) {
        return;
    }
    let cli = apply_fixes(analysis.workspace, &here, Applicability::Safe);
    let ours = analysis.fix_all(file);
    assert_eq!(ours.as_ref().map(|action| texts_with(analysis.workspace, action)).unwrap_or_default(), cli.texts);
}

#[test]
fn fixes_of_one_rule_and_of_all_can_be_taken_at_once() {
    let before =
        "controls:\n  a.5$0.15: { because: x }\n  A5.16: { because: x }\nrisks:\n  R-1: { treatment: accpet }\n";
    let controls = "controls:\n  A.5.15: { because: x }\n  A.5.16: { because: x }\n";
    let editor = Editor::open(&[("deed.yaml", before)]);
    let actions = editor.actions();
    assert_eq!(actions[0].kind, ActionKind::Fix(Applicability::Safe));
    assert!(actions[0].is_preferred, "{actions:#?}");
    assert_eq!(
        editor.take("Fix all `unknown-control` in this manifest", "deed.yaml"),
        format!("{controls}risks:\n  R-1: {{ treatment: accpet }}\n")
    );
    // What is only probably meant is left alone.
    assert_eq!(
        editor.take("Fix everything that is safe to fix in this manifest", "deed.yaml"),
        format!("{controls}risks:\n  R-1: {{ treatment: accpet }}\n")
    );
    let editor = Editor::open(&[("deed.yaml", "risks:\n  R-1: { treatment: acc$0pet }\n")]);
    assert!(editor.titles(|kind| kind == ActionKind::FixAll).is_empty());
    assert_eq!(editor.actions()[0].kind, ActionKind::Fix(Applicability::Unsafe));
    assert!(!editor.actions()[0].is_preferred);
}

#[test]
fn nothing_is_fixed_in_broken_text_but_what_broke_it() {
    let editor =
        Editor::open(&[("deed.yaml", "controls:\n  A.5.15: { aplicab$0le: true }\n  A.5.16: { owner: \"it }\n")]);
    let fixes = editor.actions();
    let is_form =
        |action: &Action| action.diagnostics.iter().all(|number| editor.diagnostics[*number].rule.id == "syntax-error");
    let not_suppressing = |action: &&Action| action.kind != ActionKind::Suppress;
    assert!(fixes.iter().filter(not_suppressing).all(is_form), "{fixes:#?}");
}
