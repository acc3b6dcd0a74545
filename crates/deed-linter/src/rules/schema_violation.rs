//! Rule `schema-violation`.

use deed_model::{FileId, FileRange, Verb};
use deed_syntax::edit::Edit;

use crate::{Applicability, ByModel, Check, Context, FileEdit, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "schema-violation",
    group: Group::Form,
    source: "manifest schema",
    severity: ByModel::all(Setting::ERROR),
    summary: "a value breaks the manifest schema",
    options: &[],
    docs: include_str!("schema_violation.md"),
    check: Check::File(check),
};

fn check(ctx: &mut Context<'_>, file: FileId) {
    let Some(root) = ctx.workspace.manifest(file).parse.root() else { return };
    for violation in deed_schema::violations(root).iter() {
        let diagnostic = ctx.report(FileRange { file, range: violation.range }, violation.message.clone());
        if let Some(help) = &violation.help {
            diagnostic.help(help.clone());
        }
        if let Some(suggestion) = &violation.suggestion {
            let edit = Edit { range: suggestion.range, new_text: suggestion.replacement.to_string() };
            let title = format!("write `{}`", edit.new_text);
            // Under another key it would be another decision, which nobody made: `accepted` is not `acknowledged`.
            let decided = Verb::of_key(root.parse().text()[edit.range].trim_matches('"')).is_some();
            let applicability = if decided { Applicability::Display } else { Applicability::Unsafe };
            diagnostic.fix(title, applicability, vec![FileEdit { file, edit }]);
        }
    }
}
