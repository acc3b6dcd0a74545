//! Rule `syntax-error`.

use deed_model::{FileId, FileRange};
use deed_syntax::SyntaxErrorKind;

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "syntax-error",
    group: Group::Form,
    source: "YAML 1.2.2; RFC 8259",
    severity: ByModel::all(Setting::ERROR),
    summary: "the text is not YAML or JSON",
    options: &[],
    docs: include_str!("syntax_error.md"),
    check: Check::File(check),
};

fn check(ctx: &mut Context<'_>, file: FileId) {
    let parse = &ctx.workspace.manifest(file).parse;
    for error in parse.errors().iter().filter(|error| error.kind != SyntaxErrorKind::DuplicateKey) {
        let diagnostic = ctx.report(FileRange { file, range: error.range }, error.message.clone());
        if let Some((range, message)) = &error.related {
            diagnostic.label(FileRange { file, range: *range }, message.clone());
        }
        if let Some(help) = &error.help {
            diagnostic.help(help.clone());
        }
    }
    for document in parse.documents().skip(1) {
        ctx.report(
            FileRange { file, range: document.range() },
            "a manifest is one document, and this file holds several",
        )
        .help("move what stands behind `---` to a manifest of its own");
    }
}
