//! Rule `undated-evidence`.

use deed_model::{Control, EvidenceItem};

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "undated-evidence",
    group: Group::Evidence,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::INFO),
    summary: "evidence does not say when it was collected",
    options: &[],
    docs: include_str!("undated_evidence.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for control in ctx.each(&ctx.register.controls).filter(|control| !control.is_excluded()) {
        for item in control.evidence.iter().filter(|item| item.date.is_none()) {
            report(ctx, control, item);
        }
    }
}

fn report(ctx: &mut Context<'_>, control: &Control, item: &EvidenceItem) {
    let Some(path) = &item.path else { return };
    // What is no mapping, and a date that is none, are the schema's to report.
    if path.span == item.span || ctx.is_written_in(item.span.file, item.node, "date") {
        return;
    }
    let id = &control.head.id;
    let diagnostic = ctx.report(path.span, format!("evidence `{}` for control `{id}` has no date", path.value));
    if let Some(ttl) = &item.ttl {
        diagnostic.label(ttl.span, "without a date this never runs out");
    }
    diagnostic.help("add the day it was collected on, or the last day it speaks of, as its `date`");
}

#[cfg(test)]
mod tests {
    use crate::examine::messages;

    #[test]
    fn what_the_schema_reports_is_left_to_it() {
        let text = "controls:
  A.5.1: { evidence: [a.pdf, { path: b.pdf, date: soon }, { date: 2026-01-01 }, { path: c.pdf, dat: 2026-01-01 }] }
  A.5.2: { applicable: false, evidence: [{ path: d.pdf }] }
";
        assert_eq!(messages("undated-evidence", text), Vec::<String>::new());
    }
}
