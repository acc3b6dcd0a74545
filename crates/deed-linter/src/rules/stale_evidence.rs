//! Rule `stale-evidence`.

use deed_model::{Control, ControlStatus, EvidenceItem, OwnershipModel};

use crate::elapsed::{dated, tense};
use crate::{ByModel, Check, Context, Group, Rule, Setting, Severity};

pub(super) static RULE: Rule = Rule {
    id: "stale-evidence",
    group: Group::Evidence,
    source: "ISO/IEC 27001:2022 9.1, 7.5.3",
    severity: ByModel::all(Setting::WARNING),
    summary: "evidence is older than it may be",
    options: &[],
    docs: include_str!("stale_evidence.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for control in ctx.each(&ctx.register.controls).filter(|control| !control.is_excluded()) {
        let is_implemented = control.status.as_ref().is_some_and(|status| **status == ControlStatus::Implemented);
        let horizon = ctx.horizon;
        let is_stale = |item: &EvidenceItem| item.holds_until().is_some_and(|until| until < horizon);
        let is_bare = is_implemented && control.evidence.iter().all(is_stale);
        for item in control.evidence.iter().filter(|item| is_stale(item)) {
            report(ctx, control, item, is_bare);
        }
    }
}

/// `is_bare`: nothing that still holds shows that the control, which is said to be implemented, works.
fn report(ctx: &mut Context<'_>, control: &Control, item: &EvidenceItem, is_bare: bool) {
    let (Some(date), Some(ttl), Some(until)) = (&item.date, &item.ttl, item.holds_until()) else { return };
    let path = item.path.as_ref().map_or("?", |path| path.as_str());
    let id = &control.head.id;
    let held = tense(until, ctx.today, "held", "holds");
    let message = format!("evidence `{path}` for control `{id}` {held} until {}", dated(until, ctx.today));
    let model = ctx.model();
    let diagnostic = ctx.report(date.span, message).due(until);
    diagnostic.label(ttl.span, format!("{} from {}", ttl.value, date.value));
    if let (true, Some(status)) = (is_bare, &control.status) {
        diagnostic.label(status.span, "nothing that still holds shows this");
        if model == Some(OwnershipModel::Federated) {
            diagnostic.graded(Severity::Error);
        }
    }
    diagnostic.help("collect it anew, and give its `date`");
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::examine::{diagnostics, messages, workspace};

    const ID: &str = "stale-evidence";
    const STALE: &str = "{ path: a.pdf, date: 2025-01-01, ttl: 12mo }";

    #[test]
    fn the_last_day_still_holds() {
        let text = "controls:
  A.5.1: { evidence: [{ path: a.pdf, date: 2025-06-30, ttl: 12mo }, { path: b.pdf, date: 2025-06-29, ttl: 12mo }] }
  A.5.2: { applicable: false, evidence: [{ path: c.pdf, date: 2020-01-01, ttl: 1d }] }
";
        assert_eq!(messages(ID, text), ["evidence `b.pdf` for control `A.5.1` held until 2026-06-29, 1 day ago"]);
    }

    #[test]
    fn it_is_an_error_where_a_department_has_nothing_else_to_show() {
        let graded = |model: &str, others: &str| {
            let text = format!(
                "isms: {{ model: {model} }}\ncontrols:\n  A.5.1: {{ status: implemented, evidence: [{STALE}{others}] }}\n"
            );
            diagnostics(ID, &workspace(&[("deed.yaml", &text)])).first().map(|diagnostic| diagnostic.severity)
        };
        assert_eq!(graded("federated", ""), Some(Severity::Error));
        assert_eq!(graded("federated", ", { path: b.pdf, date: 2026-06-01, ttl: 12mo }"), Some(Severity::Warning));
        assert_eq!(graded("centralized", ""), Some(Severity::Warning));
    }
}
