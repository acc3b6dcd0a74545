//! Rule `unused-suppression`.

use std::collections::HashMap;

use deed_model::FileRange;
use deed_syntax::edit::Edit;
use deed_syntax::{TextRange, TextSize};

use crate::suggest::nearest;
use crate::{Applicability, ByModel, Check, Context, FileEdit, Group, RULES, Rule, Scope, Setting, Suppression};

pub(super) static RULE: Rule = Rule {
    id: "unused-suppression",
    group: Group::Form,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::WARNING),
    summary: "a suppression suppresses nothing",
    options: &[],
    docs: include_str!("unused_suppression.md"),
    check: Check::Suppressions(check),
};

fn check(ctx: &mut Context<'_>, suppressions: &[Suppression]) {
    let mut rules_in: HashMap<FileRange, usize> = HashMap::new();
    for suppression in suppressions {
        *rules_in.entry(suppression.span).or_default() += 1;
    }
    let today = ctx.today;
    for suppression in suppressions.iter().filter(|suppression| !suppression.used) {
        // What names no subject is `unknown-reference`'s to say; a control that is missing may be ignored as such.
        if let Scope::Subject(subject) = &suppression.scope
            && !subject.starts_with("controls.")
            && ctx.register.at_address(subject).is_none()
        {
            continue;
        }
        if let Scope::Nothing(why) = &suppression.scope {
            ctx.report(suppression.span, why.clone())
                .help("a suppression reads `# deed: ignore[rule-id] reason`; several ids are separated by commas");
        } else if crate::rule(&suppression.rule).is_none() {
            unknown(ctx, suppression);
        } else if !suppression.is_expired(today) {
            unused(ctx, suppression, rules_in[&suppression.span] > 1);
        }
    }
}

fn unused(ctx: &mut Context<'_>, suppression: &Suppression, among_others: bool) {
    let place = if among_others { suppression.rule_span } else { suppression.span };
    let edit = removal(ctx.workspace.manifest(suppression.span.file).parse.text(), suppression, among_others);
    let diagnostic = ctx.report(place, format!("nothing here to suppress for `{}`", suppression.rule));
    diagnostic.help("remove the suppression: what it was for is mended");
    if let Some(edit) = edit {
        let edits = vec![FileEdit { file: suppression.span.file, edit }];
        diagnostic.fix("remove the suppression", Applicability::Unsafe, edits);
    }
}

fn unknown(ctx: &mut Context<'_>, suppression: &Suppression) {
    let near = nearest(&suppression.rule, RULES.iter().map(|rule| rule.id));
    let at = suppression.rule_span;
    let quoted = ctx.workspace.text(at).starts_with(['"', '\'']);
    let diagnostic = ctx.report(at, format!("there is no rule `{}`", suppression.rule));
    if let Some(near) = near {
        diagnostic.help(format!("did you mean `{near}`?"));
        let quote = TextSize::new(u32::from(quoted));
        let range = TextRange::new(at.range.start() + quote, at.range.end() - quote);
        let edits = vec![FileEdit { file: at.file, edit: Edit { range, new_text: near.to_owned() } }];
        diagnostic.fix(format!("write `{near}`"), Applicability::Unsafe, edits);
    }
}

/// Takes a comment out of its line, or one rule out of a comment that names several; entries of `lint.ignore` are left to
/// people.
fn removal(text: &str, suppression: &Suppression, among_others: bool) -> Option<Edit> {
    let Scope::Lines(_) = suppression.scope else { return None };
    let range = if among_others { suppression.rule_span.range } else { suppression.span.range };
    let (mut start, mut end) = (usize::from(range.start()), usize::from(range.end()));
    if among_others {
        // With the comma behind it, or the one before the last.
        let behind = text[end..].trim_start().strip_prefix(',').map(str::trim_start);
        match behind {
            Some(rest) => end = text.len() - rest.len(),
            None => start = text[..start].trim_end().strip_suffix(',')?.trim_end().len(),
        }
    } else {
        let before = text[..start].trim_end_matches([' ', '\t']);
        let own_line = before.is_empty() || before.ends_with(['\n', '\r', '\u{feff}']);
        start = before.len();
        if own_line {
            let rest = &text[end..];
            end += rest.len() - rest.strip_prefix("\r\n").or(rest.strip_prefix(['\n', '\r'])).unwrap_or(rest).len();
        }
    }
    let range = TextRange::new(TextSize::try_from(start).ok()?, TextSize::try_from(end).ok()?);
    Some(Edit { range, new_text: String::new() })
}
