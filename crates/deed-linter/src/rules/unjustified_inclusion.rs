//! Rule `unjustified-inclusion`.

use std::collections::HashSet;

use deed_model::{Control, Date, Register, Section};

use crate::justification::is_boilerplate;
use crate::pass::Gathered;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unjustified-inclusion",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 6.1.3 d)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a control is included without a risk, a law, a contract or a business need behind it",
    options: &[],
    docs: include_str!("unjustified_inclusion.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let (treating, today) = (Gathered::default(), ctx.today);
    for control in ctx.each(&register.controls).filter(|control| !control.is_excluded()) {
        if control.because.iter().any(|reason| !is_boilerplate(reason)) {
            continue;
        }
        // A risk that names the control is a reason, whether or not the control names it back.
        if !treating.get(|| treating_controls(register, today)).contains(control.head.id.as_str()) {
            report(ctx, control);
        }
    }
}

/// The controls that open risks name.
fn treating_controls(register: &Register, today: Date) -> HashSet<&str> {
    let mut treating = HashSet::new();
    register.visit_names(&mut |reference| {
        let head = reference.head;
        let risk = || register.risks.get(&head.id).filter(|risk| risk.head.key == head.key);
        let is_treated = (head.section, reference.field) == (Section::Risks, "controls");
        if is_treated && risk().is_some_and(|risk| risk.is_open(today)) {
            treating.insert(reference.name);
        }
    });
    treating
}

fn report(ctx: &mut Context<'_>, control: &Control) {
    let id = &control.head.id;
    let diagnostic = match control.because.first() {
        Some(reason) => {
            let said = reason.split_whitespace().collect::<Vec<_>>().join(" ");
            ctx.report(reason.span, format!("\"{said}\" is no reason to include control `{id}`"))
        }
        None if ctx.is_written(&control.head, "because") => return,
        None => ctx.report(control.head.key, format!("nothing says why control `{id}` is included")),
    };
    diagnostic.help(format!(
        "name what drives it in `because`: a risk, law, contract or business need, as in `[risks.R-12, \"PCI DSS 7\"]`; or name \
         `{id}` in the `controls` of the risk it treats"
    ));
}

#[cfg(test)]
mod tests {
    use crate::examine::messages;

    #[test]
    fn a_risk_that_is_closed_or_a_list_that_is_empty_is_no_reason() {
        let text = "controls:
  A.8.8: { because: [] }
risks:
  R-1: { controls: [A.8.8], closed: 2026-01-01 }
";
        assert_eq!(messages("unjustified-inclusion", text), ["nothing says why control `A.8.8` is included"]);
    }
}
