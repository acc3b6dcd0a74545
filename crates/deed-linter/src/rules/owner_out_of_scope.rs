//! Rule `owner-out-of-scope`.

use deed_model::{Control, Department};

use crate::department::{is_head, is_within, of_party};
use crate::ownership::{listed, owner_in_words};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "owner-out-of-scope",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 5.3",
    severity: ByModel::all(Setting::WARNING).centralized(Setting::Allow).federated(Setting::ERROR),
    summary: "a control is owned in one department and operated by others",
    options: &[],
    docs: include_str!("owner_out_of_scope.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for control in ctx.register.controls.iter().filter(|control| !control.is_excluded()) {
        // Where the control says which department operates it, `owner-not-department-head` decides.
        if control.department.is_none() {
            judge(ctx, control);
        }
    }
}

fn judge(ctx: &mut Context<'_>, control: &Control) {
    let (register, today) = (ctx.register, ctx.today);
    let [owner] = control.owner.as_slice() else { return };
    let Some(home) = of_party(register, owner, today) else { return };
    // Whoever does not even head their own department is reported for that.
    if home.headed_by.is_some() && !is_head(register, owner, home, today) {
        return;
    }
    let mut operating: Vec<&Department> = Vec::new();
    for department in control.responsible.iter().filter_map(|doer| of_party(register, doer, today)) {
        if is_within(register, department, home) {
            return;
        }
        if !operating.iter().any(|known| known.head.id == department.head.id) {
            operating.push(department);
        }
    }
    let Some(first) = operating.first() else { return };
    let in_words = owner_in_words(register, owner, today).unwrap_or_else(|| format!("`{}`", owner.value));
    let departments = listed(operating.iter().map(|department| department.head.id.as_str()), 3);
    let message = format!(
        "control `{}` is owned by {in_words} of department `{}`, but operated by {departments}",
        control.head.id, home.head.id
    );
    let diagnostic = ctx.report(owner.span, message);
    for doer in control.responsible.iter().take(3) {
        if let Some(department) = of_party(register, doer, today) {
            diagnostic.label(doer.span, format!("`{}` belongs to `{}`", doer.value, department.head.id));
        }
    }
    diagnostic.help(match &first.headed_by {
        Some(head) => format!("make the head of `{}`, `{}`, the owner", first.head.id, head.value),
        None => format!("make somebody in `{}` the owner", first.head.id),
    });
    diagnostic.help(format!("if `{}` operates it all the same, say so: `department: {}`", home.head.id, home.head.id));
}

#[cfg(test)]
mod tests {
    use crate::examine::messages;

    fn found(control: &str) -> Vec<String> {
        let organization = "departments:
  operations: { head: coo }
  it: { head: head-of-it, parent: operations }
  hr: { head: head-of-hr }
  loop: { parent: pool }
  pool: { parent: loop }
roles:
  coo: { department: operations }
  head-of-it: { department: it }
  it-ops: { department: it }
  head-of-hr: { department: hr }
  hr-clerk: { department: hr }
  looping: { department: loop }
  ceo: {}
";
        messages("owner-out-of-scope", &format!("{organization}controls: {{ A.8.8: {control} }}\n"))
    }

    #[test]
    fn an_owner_answers_for_the_department_and_those_below_it() {
        for control in [
            "{ owner: coo, responsible: [it-ops] }",
            "{ owner: head-of-it, responsible: [it-ops, hr-clerk] }",
            "{ owner: ceo, responsible: [it-ops] }",
            "{ owner: head-of-hr, responsible: [ceo] }",
            "{ owner: head-of-hr, responsible: [] }",
        ] {
            assert_eq!(found(control), Vec::<String>::new(), "{control}");
        }
    }

    #[test]
    fn what_another_rule_reports_is_left_to_it() {
        for control in [
            "{ owner: hr-clerk, responsible: [it-ops] }",
            "{ owner: head-of-hr, department: it, responsible: [it-ops] }",
        ] {
            assert_eq!(found(control), Vec::<String>::new(), "{control}");
        }
    }

    #[test]
    fn departments_in_a_circle_end_the_search() {
        assert_eq!(
            found("{ owner: head-of-hr, responsible: [looping] }"),
            ["control `A.8.8` is owned by `head-of-hr` of department `hr`, but operated by `loop`"]
        );
    }
}
