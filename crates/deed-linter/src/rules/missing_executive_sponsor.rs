//! Rule `missing-executive-sponsor`.

use deed_model::authority::Party;
use deed_model::{Control, Layer, Section, Spanned, catalogue};

use crate::ownership::{executives, named};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "missing-executive-sponsor",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 5.1 h)",
    severity: ByModel::all(Setting::Allow).executive_led(Setting::ERROR),
    summary: "no executive sponsors any control of a theme of Annex A",
    options: &[],
    docs: include_str!("missing_executive_sponsor.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for theme in catalogue::controls().chunk_by(|a, b| a.theme == b.theme) {
        let controls: Vec<_> = theme
            .iter()
            .filter_map(|control| register.controls.get(control.id))
            .filter(|control| !control.is_excluded())
            .collect();
        let mut is_sponsored = ctx.may_lack(Section::Controls);
        for control in &controls {
            is_sponsored |= ctx.is_written(&control.head, "sponsor");
            if let Some(sponsor) = &control.sponsor {
                judge(ctx, control, sponsor);
            }
        }
        if let (false, Some(first)) = (is_sponsored, controls.first()) {
            let number = theme[0].id.split('.').nth(1).unwrap_or_default();
            let name = theme[0].theme.to_lowercase();
            let help = match named(executives(register, ctx.today)) {
                Some(executives) => format!("name {executives} as `sponsor` of a control of the theme"),
                None => "name an executive role as `sponsor` of a control of the theme".to_owned(),
            };
            let message = format!("no executive sponsors theme {number}, the {name} controls");
            let diagnostic = ctx.report(first.head.key, message);
            if let [first, .., last] = controls.as_slice() {
                let text = format!("none from `{}` to `{}` has a `sponsor`", first.head.id, last.head.id);
                diagnostic.label(last.head.key, text);
            }
            diagnostic.help(help);
        }
    }
}

/// A sponsor who is no executive.
fn judge(ctx: &mut Context<'_>, control: &Control, sponsor: &Spanned<String>) {
    let register = ctx.register;
    let is_executive = match register.party(sponsor) {
        None => return,
        Some(Party::Role(role)) => role.is_in(Layer::Executive),
        Some(Party::Person(person)) => {
            let mut roles = register.roles.iter().filter(|role| role.held_by.iter().any(|id| **id == person.head.id));
            roles.any(|role| role.is_in(Layer::Executive))
        }
    };
    if is_executive || ctx.may_lack(Section::Roles) {
        return;
    }
    let help = match named(executives(register, ctx.today)) {
        Some(executives) => format!("name an executive: {executives}"),
        None => "name a role in layer `executive`".to_owned(),
    };
    let message = format!("`{}`, the sponsor of control `{}`, is no executive", sponsor.value, control.head.id);
    let diagnostic = ctx.report(sponsor.span, message);
    if let Some(layer) = register.roles.get(sponsor).and_then(|role| role.layer.as_ref()) {
        diagnostic.label(layer.span, format!("`{}` is in layer `{}`", sponsor.value, layer.name()));
    }
    diagnostic.help(help);
}

#[cfg(test)]
mod tests {
    use crate::examine::messages;

    const ID: &str = "missing-executive-sponsor";

    #[test]
    fn a_theme_without_controls_that_apply_needs_no_sponsor() {
        let text = "isms: { model: executive-led }
controls: { A.7.1: { applicable: false } }
";
        assert_eq!(messages(ID, text), Vec::<String>::new());
    }

    #[test]
    fn a_sponsor_who_is_no_executive_is_reported_instead_of_the_theme() {
        let text = "isms: { model: executive-led }
people: { ada: {}, ben: {} }
roles: { ceo: { layer: executive, held_by: ada }, ciso: { layer: isms, held_by: ben } }
controls: { A.5.1: { sponsor: ben }, A.6.1: { sponsor: ada }, A.8.1: { sponsor: nobody } }
";
        assert_eq!(messages(ID, text), ["`ben`, the sponsor of control `A.5.1`, is no executive"]);
    }
}
