//! Holding a diagnostic back. The reason is left empty: that is reported until somebody gives one.

use deed_linter::{Check, Diagnostic, FileEdit};
use deed_model::{FileId, Period, is_root_manifest};
use deed_syntax::edit::{Edit, Place, append_item, insert_entry, replace_value};
use deed_syntax::{Format, Node, NodeKind, TextRange, TextSize};

use crate::Analysis;
use crate::actions::{Action, ActionKind, moved};
use crate::completion::{Draft, Notation};
use crate::name::size;

impl Analysis<'_> {
    /// Returns the ways to suppress a diagnostic: for its subject in `lint.ignore`, for its line in a comment.
    pub(super) fn suppressions(&self, number: usize) -> Vec<Action> {
        let diagnostic = &self.diagnostics[number];
        // What is said of suppressions cannot be suppressed, and broken text is not accepted for a while.
        if matches!(diagnostic.rule.check, Check::Suppressions(_)) || diagnostic.rule.id == "syntax-error" {
            return Vec::new();
        }
        let action = |title: String, (edit, cursor): (FileEdit, TextSize)| Action {
            title,
            kind: ActionKind::Suppress,
            cursor: Some((edit.file, cursor)),
            edits: vec![edit],
            diagnostics: vec![number],
            is_preferred: false,
        };
        let rule = diagnostic.rule.id;
        let in_settings = self.ignore_entry(diagnostic).map(|edit| {
            action(format!("Ignore `{rule}` for `{}`, with a reason to fill in", diagnostic.subject), edit)
        });
        let in_comment = self
            .ignore_comment(diagnostic)
            .map(|edit| action(format!("Ignore `{rule}` on this line, with a reason to fill in"), edit));
        in_settings.into_iter().chain(in_comment).collect()
    }

    /// The edit that adds an entry to `lint.ignore`, and where its reason goes.
    fn ignore_entry(&self, diagnostic: &Diagnostic) -> Option<(FileEdit, TextSize)> {
        if diagnostic.subject.is_empty() {
            return None;
        }
        let file = self.settings_file()?;
        let parse = self.parse(file);
        if !parse.errors().is_empty() {
            return None;
        }
        let root = parse.root()?;
        let mut fields = vec![
            ("rule", Draft::Text(diagnostic.rule.id.to_owned())),
            ("subject", Draft::Text(diagnostic.subject.to_string())),
            ("reason", Draft::Plain("\"\"".to_owned())),
        ];
        fields.extend(self.me.map(|me| ("owner", Draft::Text(me.to_owned()))));
        let until = Period::parse("3mo")?.after(self.today);
        fields.push(("until", Draft::Text(until.to_string())));
        let (json, block) = (parse.format() == Format::Json, Draft::Block(fields.clone()));
        let lines = Notation::lines().value(&block);
        let braces = Notation::braces(json).value(&Draft::Braces(fields));
        let edit = match own(root, "lint") {
            None if is_block(root) => {
                insert_entry(root, Place::End, "lint", &format!("ignore:\n  - {}", under(&lines, 4)))
            }
            None => insert_entry(root, Place::End, "lint", &in_flow(json, &braces)),
            Some(lint) => match own(lint, "ignore") {
                None if is_block(lint) => insert_entry(lint, Place::End, "ignore", &format!("- {}", under(&lines, 2))),
                None => insert_entry(lint, Place::End, "ignore", &format!("[{braces}]")),
                Some(ignore) if is_block(ignore) => {
                    let in_braces = ignore.items().last().is_some_and(|item| !is_block(item));
                    append_item(ignore, if in_braces { &braces } else { &lines })
                }
                Some(ignore) if ignore.is_sequence() => append_item(ignore, &braces),
                Some(ignore) if ignore.is_missing() => Some(replace_value(ignore, &format!("[{braces}]"))),
                Some(_) => None,
            },
        }?;
        let inside = edit.new_text.rfind("reason")?;
        let quotes = inside + edit.new_text[inside..].find("\"\"")? + 1;
        let cursor = edit.range.start() + size(quotes);
        Some((FileEdit { file, edit }, cursor))
    }

    /// The manifest whose `lint` counts: the one that has it, else the root manifest.
    fn settings_file(&self) -> Option<FileId> {
        if let Some(lint) = self.register().lint() {
            return Some(lint.head.key.file);
        }
        self.workspace.files().find(|(_, manifest)| is_root_manifest(&manifest.path)).map(|(file, _)| file)
    }

    /// The edit that puts a comment on a line of its own above a diagnostic, and where its reason goes.
    fn ignore_comment(&self, diagnostic: &Diagnostic) -> Option<(FileEdit, TextSize)> {
        let file = diagnostic.span.file;
        let parse = self.parse(file);
        if parse.format() == Format::Json || !parse.errors().is_empty() {
            return None;
        }
        let text = parse.text();
        let start = usize::from(diagnostic.span.range.start());
        let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let indent = text[line..].len() - text[line..].trim_start_matches(' ').len();
        // A text of several lines takes a comment for its own.
        let inside = |node: Node<'_>| {
            matches!(node.kind(), NodeKind::Scalar(_))
                && node.range().start() < size(line)
                && size(line) < node.range().end()
        };
        let steps = parse.path_at(size(line + indent));
        let leaf = steps.last().map(|step| match step {
            deed_syntax::Step::Entry(entry) => entry.value(),
            deed_syntax::Step::Item(_, node) => *node,
        });
        if leaf.is_some_and(inside) {
            return None;
        }
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let comment = format!("{}# deed: ignore[{}] ", " ".repeat(indent), diagnostic.rule.id);
        let at = TextRange::empty(size(line));
        let cursor = moved(size(line), &[(at, &comment)]);
        Some((FileEdit { file, edit: Edit::replace(at, format!("{comment}{newline}")) }, cursor))
    }
}

/// The value of a mapping's own entry.
fn own<'t>(mapping: Node<'t>, key: &str) -> Option<Node<'t>> {
    mapping.entries().find(|entry| entry.is_named(key)).map(deed_syntax::Entry::value)
}

fn is_block(node: Node<'_>) -> bool {
    matches!(node.kind(), NodeKind::Mapping { flow: false } | NodeKind::Sequence { flow: false })
}

/// `lint` in braces with one entry of `ignore`.
fn in_flow(json: bool, braces: &str) -> String {
    if json { format!("{{ \"ignore\": [{braces}] }}") } else { format!("{{ ignore: [{braces}] }}") }
}

/// Lines below the first, indented.
fn under(lines: &str, indent: usize) -> String {
    lines.replace('\n', &format!("\n{}", " ".repeat(indent)))
}
