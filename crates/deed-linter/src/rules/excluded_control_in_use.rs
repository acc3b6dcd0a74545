//! Rule `excluded-control-in-use`.

use std::collections::HashMap;

use deed_model::{ControlStatus, FileRange, Section};

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "excluded-control-in-use",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 6.1.3 b), c)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a control is excluded, but something relies on it",
    options: &[],
    docs: include_str!("excluded_control_in_use.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let excluded = || register.controls.iter().filter(|control| control.is_excluded());
    let mut uses: HashMap<&str, Vec<(FileRange, String)>> =
        excluded().map(|control| (control.head.id.as_str(), Vec::new())).collect();
    if uses.is_empty() {
        return;
    }
    let today = ctx.today;
    register.visit_names(&mut |reference| {
        let (head, span) = (reference.head, reference.text.span);
        let Some(uses) = uses.get_mut(reference.name) else { return };
        match (head.section, reference.field) {
            (Section::Risks, "controls") => {
                let risk = register.risks.get(&head.id).filter(|risk| risk.head.key == head.key);
                if risk.is_some_and(|risk| risk.is_open(today)) {
                    uses.push((span, format!("risk `{}` is treated by it", head.id)));
                }
            }
            (Section::Exceptions, "control") => {
                let exception = register.exceptions.get(&head.id).filter(|one| one.head.key == head.key);
                if exception.is_some_and(|exception| exception.is_open(today)) {
                    uses.push((span, format!("exception `{}` deviates from it", head.id)));
                }
            }
            _ => {}
        }
    });
    for control in excluded() {
        let Some(excluded) = &control.applicable else { continue };
        let mut uses = uses.remove(control.head.id.as_str()).unwrap_or_default();
        match &control.status {
            Some(status) if **status != ControlStatus::Planned => {
                let name = if **status == ControlStatus::Partial { "partial" } else { "implemented" };
                uses.push((status.span, format!("its status is `{name}`")));
            }
            _ => {}
        }
        let Some((_, first)) = uses.first() else { continue };
        let id = &control.head.id;
        let others = match uses.len() - 1 {
            0 => String::new(),
            1 => ", and one thing more relies on it".to_owned(),
            more => format!(", and {more} things more rely on it"),
        };
        let message = format!("control `{id}` is excluded, but {first}{others}");
        let diagnostic = ctx.report(excluded.span, message);
        for (span, text) in uses.into_iter().take(5) {
            diagnostic.label(span, text);
        }
        diagnostic.help(format!("include `{id}`, or let nothing rely on it"));
    }
}

#[cfg(test)]
mod tests {
    use crate::examine::{diagnostics, messages, workspace};

    const ID: &str = "excluded-control-in-use";

    #[test]
    fn all_uses_of_a_control_are_one_diagnostic() {
        let text = "controls:
  A.8.8: { applicable: false, status: implemented }
risks:
  R-1: { controls: [A.8.8] }
  R-2: { controls: [A.8.8] }
exceptions:
  X-1: { control: A.8.8 }
";
        let workspace = workspace(&[("deed.yaml", text)]);
        let found = diagnostics(ID, &workspace);
        assert_eq!(found.len(), 1);
        assert_eq!(
            &*found[0].message,
            "control `A.8.8` is excluded, but risk `R-1` is treated by it, and 3 things more rely on it"
        );
        assert_eq!(found[0].labels.len(), 4);
    }

    #[test]
    fn what_is_closed_uses_nothing() {
        let text = "controls: { A.8.8: { applicable: false, status: planned } }
risks: { R-1: { controls: [A.8.8], closed: 2026-01-01 } }
exceptions: { X-1: { control: A.8.8, closed: 2026-06-30 } }
";
        assert_eq!(messages(ID, text), Vec::<String>::new());
    }
}
