//! Rule `impersonal-accountability`.

use deed_model::authority::Party;
use deed_model::{FileRange, Layer, Person, PersonKind};

use crate::ownership::{Owners, described, has_isms_duty, is_out_of_use};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "impersonal-accountability",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.3, 8.1",
    severity: ByModel::all(Setting::ERROR),
    summary: "a team or a service account owns, holds or decides something",
    options: &[],
    docs: include_str!("impersonal_accountability.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let owners = Owners::new(ctx);
    for role in ctx.each(&register.roles) {
        let id = role.head.id.as_str();
        let [held_by] = role.held_by.as_slice() else { continue };
        let Some(who) = register.people.get(held_by) else { continue };
        // A team may do the work, as long as nothing is its own.
        if role.is_in(Layer::Operator) && owners.owned_by(id).is_empty() && !has_isms_duty(register, id) {
            continue;
        }
        let help = "name the one person who leads it; who does the work can be `responsible`";
        report(ctx, who, held_by.span, format!("role `{id}` is held by"), help);
    }
    for subject in ctx.each_owned() {
        let [owner] = subject.owners else { continue };
        // What a role owns that is no person's is told once, at the role.
        let Some(Party::Person(who)) = register.party(owner) else { continue };
        let help = "name one role or person; a team can be `responsible` for the work";
        report(ctx, who, owner.span, format!("{} is owned by", subject.what()), help);
    }
    for (head, decision) in ctx.each_decision() {
        let Some(by) = &decision.by else { continue };
        let Some(who) = register.people.get(by).filter(|who| who.kind != PersonKind::Person) else { continue };
        if !is_out_of_use(register, head, ctx.today) {
            let what = format!("{} was {} by", described(head), decision.verb.key());
            report(ctx, who, by.span, what, "name the person who decided; several who did are a list of decisions");
        }
    }
}

fn report(ctx: &mut Context<'_>, who: &Person, span: FileRange, what: String, help: &str) {
    let kind = match who.kind {
        PersonKind::Person => return,
        PersonKind::Team => "a team",
        PersonKind::Service => "a service account",
    };
    let diagnostic = ctx.report(span, format!("{what} `{}`, {kind}", who.head.id));
    if let Some(span) = who.kind_span {
        diagnostic.label(span, "not a natural person");
    }
    diagnostic.help(help);
}
