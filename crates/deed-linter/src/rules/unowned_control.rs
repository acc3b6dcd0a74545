//! Rule `unowned-control`.

use deed_model::{Control, Department, Register, Spanned, catalogue};

use crate::annex::titled;
use crate::department::{head_in_words, heads, of_party, operating};
use crate::ownership::named;
use crate::{Applicability, ByModel, Check, Context, FileEdit, Group, Rule, Setting, insert};

pub(super) static RULE: Rule = Rule {
    id: "unowned-control",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 5.3, A.5.2",
    severity: ByModel::all(Setting::ERROR),
    summary: "an applicable control has no owner",
    options: &[],
    docs: include_str!("unowned_control.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let heads = named(heads(register, ctx.today));
    for control in ctx.each(&register.controls) {
        if control.owner.is_empty() && !control.is_excluded() && !ctx.is_written(&control.head, "owner") {
            report(ctx, control, heads.as_deref());
        }
    }
}

fn report(ctx: &mut Context<'_>, control: &Control, heads: Option<&str>) {
    let register = ctx.register;
    let doer = control.responsible.first();
    // Whoever heads the department that operates it, or that of those who do the work.
    let department = operating(register, control, ctx.today)
        .or_else(|| of_party(register, doer?, ctx.today))
        .filter(|department| head(register, department).is_some());
    let in_words = department.and_then(|department| head_in_words(register, department, ctx.today));
    let file = control.head.key.file;
    let mapping = ctx.workspace.manifest(file).parse.node(control.head.node);
    let owner = department.and_then(|department| head(register, department));
    let edit = owner.and_then(|owner| insert::fields(mapping, &[("owner", owner.value.clone())]));

    let what = catalogue::control(&control.head.id).map_or_else(|| format!("`{}`", control.head.id), titled);
    let diagnostic = ctx.report(control.head.key, format!("control {what} has no owner"));
    if let Some(doer) = doer {
        diagnostic.label(doer.span, format!("`{}` does the work, but who is accountable for it?", doer.value));
    }
    match (owner, in_words, department, heads) {
        (Some(owner), Some(in_words), Some(department), _) => diagnostic.help(format!(
            "perhaps {in_words}, who heads department `{}`: `owner: {}`",
            department.head.id, owner.value
        )),
        (.., Some(heads)) => {
            diagnostic.help(format!("name the one role that is accountable for it, such as {heads}, as its `owner`"))
        }
        _ => diagnostic.help("name the one role that is accountable for it, as its `owner`"),
    };
    if let (Some(owner), Some(edit)) = (owner, edit) {
        let title = format!("make `{}` accountable for it", owner.value);
        diagnostic.fix(title, Applicability::Display, vec![FileEdit { file, edit }]);
    }
}

/// The head of a department, where it is somebody.
fn head<'r>(register: &Register, department: &'r Department) -> Option<&'r Spanned<String>> {
    department.headed_by.as_ref().filter(|head| register.party(head).is_some())
}

#[cfg(test)]
mod tests {
    use crate::examine::{diagnostics, workspace};

    fn helps(text: &str) -> Vec<String> {
        let workspace = workspace(&[("deed.yaml", text)]);
        diagnostics("unowned-control", &workspace)
            .into_iter()
            .flat_map(|diagnostic| diagnostic.help)
            .map(|help| help.to_string())
            .collect()
    }

    const ORGANIZATION: &str = "people: { chen: { name: Chen Li } }
departments: { it: { head: head-of-it } }
roles: { head-of-it: { held_by: chen, department: it }, it-ops: { department: it } }
";

    #[test]
    fn the_head_of_the_department_is_suggested() {
        for control in ["{ department: it }", "{ responsible: [it-ops] }"] {
            let helps = helps(&format!("{ORGANIZATION}controls: {{ A.8.8: {control} }}\n"));
            assert_eq!(helps, ["perhaps `head-of-it` (Chen Li), who heads department `it`: `owner: head-of-it`"]);
        }
    }

    #[test]
    fn without_a_department_all_heads_are_suggested() {
        let helps = helps(&format!("{ORGANIZATION}controls: {{ A.8.8: {{}} }}\n"));
        assert_eq!(
            helps,
            ["name the one role that is accountable for it, such as `head-of-it` (Chen Li), as its `owner`"]
        );
    }

    #[test]
    fn an_owner_that_is_malformed_or_misspelt_is_left_to_the_schema() {
        assert!(helps("controls: { A.8.8: { onwer: head-of-it }, A.8.9: { owner: { id: head-of-it } } }\n").is_empty());
    }
}
