//! Rule `unused-suppression`.

use deed_syntax::edit::Edit;

use crate::suggest::nearest;
use crate::{Applicability, ByModel, Check, Context, FileEdit, Group, RULES, Rule, Setting, Suppression};

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
    for suppression in suppressions.iter().filter(|suppression| !suppression.used) {
        if crate::rule(&suppression.rule).is_some() {
            ctx.report(suppression.span, format!("nothing here to suppress for `{}`", suppression.rule))
                .help("remove the suppression: what it was for is mended");
            continue;
        }
        let near = nearest(&suppression.rule, RULES.iter().map(|rule| rule.id));
        let diagnostic = ctx.report(suppression.rule_span, format!("there is no rule `{}`", suppression.rule));
        if let Some(near) = near {
            diagnostic.help(format!("did you mean `{near}`?"));
            let edit = Edit { range: suppression.rule_span.range, new_text: near.to_owned() };
            let edits = vec![FileEdit { file: suppression.rule_span.file, edit }];
            diagnostic.fix(format!("write `{near}`"), Applicability::Unsafe, edits);
        }
    }
}
