//! Rule `owner-not-department-head`.

use std::collections::HashSet;

use deed_model::{Control, Department};

use crate::department::{head_in_words, is_head, operating};
use crate::ownership::owner_in_words;
use crate::{Applicability, ByModel, Check, Context, FileEdit, Group, Rule, Setting, rewrite};

pub(super) static RULE: Rule = Rule {
    id: "owner-not-department-head",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 5.3, A.5.2; ownership model",
    severity: ByModel::all(Setting::WARNING).centralized(Setting::INFO).federated(Setting::ERROR),
    summary: "a control is owned by somebody who does not head the department that operates it",
    options: &[],
    docs: include_str!("owner_not_department_head.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let mut headless: HashSet<&str> = HashSet::new();
    for control in register.controls.iter().filter(|control| !control.is_excluded()) {
        let Some(department) = operating(register, control, ctx.today) else { continue };
        match &department.headed_by {
            Some(head) if register.party(head).is_some() => judge(ctx, control, department),
            Some(_) => {}
            None if headless.insert(&department.head.id) => report_headless(ctx, control, department),
            None => {}
        }
    }
}

fn judge(ctx: &mut Context<'_>, control: &Control, department: &Department) {
    let register = ctx.register;
    let ([owner], Some(head)) = (control.owner.as_slice(), &department.headed_by) else { return };
    if register.party(owner).is_none() || is_head(register, owner, department, ctx.today) {
        return;
    }
    let today = ctx.today;
    let in_words = owner_in_words(register, owner, today).unwrap_or_else(|| format!("`{}`", owner.value));
    let head_in_words = head_in_words(register, department, today).unwrap_or_default();
    let edit: FileEdit = rewrite::id(ctx.workspace, owner.span, head);
    let message = format!(
        "control `{}` is owned by {in_words}, who does not head department `{}`",
        control.head.id, department.head.id
    );
    let diagnostic = ctx.report(owner.span, message);
    diagnostic.label(head.span, format!("it is headed by {head_in_words}"));
    if let Some(own) = &control.department {
        diagnostic.label(own.span, "operated by this department");
    } else if let Some(own) = register.roles.get(owner).and_then(|role| role.department.as_ref()) {
        diagnostic.label(own.span, format!("`{}` belongs to this department", owner.value));
    }
    diagnostic
        .help(format!("make `{}` the owner, and name `{}` as `responsible` for the work", head.value, owner.value));
    diagnostic.fix(format!("make `{}` the owner", head.value), Applicability::Display, vec![edit]);
}

/// A department that operates controls and has no head: reported once.
fn report_headless(ctx: &mut Context<'_>, control: &Control, department: &Department) {
    if ctx.is_written(&department.head, "head") {
        return;
    }
    let id = &department.head.id;
    let message = format!("department `{id}` operates control `{}` and has no head who could own it", control.head.id);
    let diagnostic = ctx.report(department.head.key, message);
    diagnostic.label(control.head.key, "operated by it");
    diagnostic.help(format!("name the role that heads it: `head: head-of-{id}`"));
}

#[cfg(test)]
mod tests {
    use crate::examine::messages;

    fn found(control: &str) -> Vec<String> {
        let organization = "people: { ada: { name: Ada Moreau }, chen: { name: Chen Li }, dan: { name: Dan Obi } }
departments: { it: { head: head-of-it }, board: { head: ada }, lab: { title: Laboratory } }
roles:
  ceo: { held_by: ada, department: board }
  head-of-it: { held_by: chen, department: it }
  dpo: { held_by: chen, department: board }
  it-ops: { held_by: dan, department: it }
  vacant: { department: it }
";
        messages("owner-not-department-head", &format!("{organization}controls: {{ A.8.8: {control} }}\n"))
    }

    #[test]
    fn the_head_may_be_named_as_person_or_by_another_role() {
        for control in [
            "{ owner: chen, department: it }",
            "{ owner: dpo, department: it }",
            "{ owner: ceo }",
            "{ owner: head-of-it }",
        ] {
            assert_eq!(found(control), Vec::<String>::new(), "{control}");
        }
    }

    #[test]
    fn an_owner_named_as_person_belongs_to_the_department_of_their_roles() {
        assert_eq!(found("{ owner: dan }"), ["control `A.8.8` is owned by Dan Obi, who does not head department `it`"]);
        assert_eq!(found("{ owner: chen }"), Vec::<String>::new(), "of two departments, none is the one");
    }

    #[test]
    fn a_vacant_role_does_not_head_a_department_either() {
        assert_eq!(
            found("{ owner: vacant }"),
            ["control `A.8.8` is owned by `vacant`, who does not head department `it`"]
        );
    }

    #[test]
    fn what_does_not_resolve_or_is_out_of_use_is_left_alone() {
        for control in [
            "{ owner: nobody, department: it }",
            "{ owner: it-ops, department: nowhere }",
            "{ owner: [it-ops, ceo], department: it }",
            "{ department: it }",
            "{ owner: it-ops, applicable: false }",
        ] {
            assert_eq!(found(control), Vec::<String>::new(), "{control}");
        }
    }

    #[test]
    fn a_department_without_a_head_is_reported_once() {
        assert_eq!(
            found("{ owner: ceo, department: lab }, A.8.9: { owner: ceo, department: lab }"),
            ["department `lab` operates control `A.8.8` and has no head who could own it"]
        );
    }
}
