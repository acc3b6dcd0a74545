//! Rule `unjustified-exclusion`.

use crate::annex::titled;
use crate::justification::{is_boilerplate, is_too_short};
use crate::{ByModel, Check, Context, Group, Rule, Setting};
use deed_model::{Control, catalogue};

pub(super) static RULE: Rule = Rule {
    id: "unjustified-exclusion",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 6.1.3 d)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a control is excluded without a reason of its own",
    options: &[],
    docs: include_str!("unjustified_exclusion.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for control in ctx.each(&ctx.register.controls).filter(|control| control.is_excluded()) {
        report(ctx, control);
    }
}

fn report(ctx: &mut Context<'_>, control: &Control) {
    let what = catalogue::control(&control.head.id).map_or_else(|| format!("`{}`", control.head.id), titled);
    let Some(reason) = control.because.first() else {
        if ctx.is_written(&control.head, "because") {
            return;
        }
        let excluded = control.applicable.as_ref().map(|applicable| applicable.span);
        let diagnostic = ctx.report(control.head.key, format!("control {what} is excluded without a reason"));
        if let Some(excluded) = excluded {
            diagnostic.label(excluded, "excluded here");
        }
        diagnostic.help("say in `because` what it is that the organisation does not do or have");
        return;
    };
    if control.because.iter().any(|reason| !is_boilerplate(reason) && !is_too_short(reason)) {
        return;
    }
    let says = if control.because.iter().any(|reason| !is_boilerplate(reason)) {
        "is too short to justify"
    } else {
        "does not justify"
    };
    let diagnostic = ctx.report(reason.span, format!("\"{}\" {says} the exclusion of control {what}", shown(reason)));
    diagnostic.help(
        "say what it is that the organisation does not do or have, as in \"All offices are in a serviced building.\"",
    );
}

/// The reason on one line, cut where it is long.
fn shown(reason: &str) -> String {
    let line = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 60 { line } else { line.chars().take(59).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use crate::examine::messages;

    #[test]
    fn a_malformed_or_misspelt_reason_is_left_to_the_schema() {
        let text = "controls:
  A.7.4: { applicable: false, because: { why: none } }
  A.7.5: { applicable: false, becuase: no premises }
";
        assert_eq!(messages("unjustified-exclusion", text), Vec::<String>::new());
    }

    #[test]
    fn an_empty_list_is_no_reason_and_one_good_reason_is_enough() {
        let text = "controls:
  A.7.4: { applicable: false, because: [] }
  A.7.5: { applicable: false, because: [n/a, All offices are in a serviced building] }
";
        assert_eq!(
            messages("unjustified-exclusion", text),
            ["control `A.7.4` (Physical security monitoring) is excluded without a reason"]
        );
    }
}
