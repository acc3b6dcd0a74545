//! Rule `duplicate-key`.

use deed_model::{FileId, FileRange};
use deed_syntax::SyntaxErrorKind;

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-key",
    group: Group::Form,
    source: "YAML 1.2.2 3.2.1.3; RFC 8259 4",
    severity: ByModel::all(Setting::ERROR),
    summary: "a key stands twice in one mapping",
    options: &[],
    docs: include_str!("duplicate_key.md"),
    check: Check::File(check),
};

fn check(ctx: &mut Context<'_>, file: FileId) {
    let parse = &ctx.workspace.manifest(file).parse;
    for error in parse.errors().iter().filter(|error| error.kind == SyntaxErrorKind::DuplicateKey) {
        let span = FileRange { file, range: error.range };
        let key = ctx.workspace.text(span);
        let diagnostic = ctx.report(span, format!("the key `{key}` stands here a second time"));
        if let Some((first, _)) = &error.related {
            diagnostic.label(FileRange { file, range: *first }, "first written here, and this is the one that counts");
        }
        diagnostic.help("keep one of the two");
    }
}
