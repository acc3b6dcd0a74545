//! Rule `unknown-reference`.

use std::collections::HashMap;

use deed_model::{Head, Names, Reference, Register, Section, catalogue};

use crate::ownership::{described, is_out_of_use};
use crate::pass::Gathered;
use crate::suggest::{nearest, rewrite};
use crate::{Applicability, ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unknown-reference",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.3, A.5.2",
    severity: ByModel::all(Setting::ERROR),
    summary: "a role, person, subject, level or file that is named does not exist",
    options: &[],
    docs: include_str!("unknown_reference.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let mut near: HashMap<(Names, &str), Gathered<Option<String>>> = HashMap::new();
    for (place, head) in ctx.each_head() {
        let mut unknown: Vec<Reference<'_>> = Vec::new();
        register.visit_references_of(head.section, place, &mut |reference| {
            if !is_known(ctx, &reference) {
                unknown.push(reference);
            }
        });
        for reference in unknown {
            let near = near.entry((reference.names, reference.name)).or_default();
            report(ctx, &reference, near.get(|| nearest_of(register, &reference)).as_deref());
        }
    }
}

/// Whether a reference leads somewhere, or another rule speaks of it.
fn is_known(ctx: &Context<'_>, reference: &Reference<'_>) -> bool {
    let register = ctx.register;
    if register.definition(reference).is_some() || is_out_of_use(register, reference.head, ctx.today) {
        return true;
    }
    let name = reference.name;
    let is_told = match reference.names {
        // A policy whose `document` is empty has none: `incomplete-policy-metadata` says so.
        Names::File if name.trim().is_empty() && reference.head.section == Section::Policies => true,
        Names::File => name.contains("://") || ctx.file_exists(name) != Some(false),
        // Without levels there is nothing to name: `unapproved-risk-criteria` says so.
        Names::Level => register.risk_criteria().is_none_or(|criteria| criteria.levels.is_empty()),
        // `unknown-control` speaks of ids the catalogue does not have; without any entry `missing-control` speaks.
        Names::Subject([Section::Controls]) => catalogue::control(name).is_none() || register.controls.is_empty(),
        Names::Address => {
            let control = name.strip_prefix("controls.").map(|rest| rest.split('[').next().unwrap_or(rest));
            name.is_empty() || control.is_some_and(|id| catalogue::control(id).is_some())
        }
        Names::Subject(_) => !is_id(ctx, reference),
    };
    is_told || may_be_lost(ctx, reference)
}

/// Whether what it names may be defined where the text of a manifest is broken.
fn may_be_lost(ctx: &Context<'_>, reference: &Reference<'_>) -> bool {
    let name = reference.name;
    match reference.names {
        Names::Subject(sections) => sections.iter().any(|section| ctx.may_be_lost(*section, name)),
        Names::Address => name
            .split_once('.')
            .is_some_and(|(section, id)| Section::of_key(section).is_some_and(|section| ctx.may_be_lost(section, id))),
        Names::Level => ctx.may_lack(Section::RiskCriteria),
        Names::File => false,
    }
}

/// Whether what stands there is written like an id; what is not breaks the schema, which says so.
fn is_id(ctx: &Context<'_>, reference: &Reference<'_>) -> bool {
    let name = reference.name;
    let shaped = name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let typed = name.parse::<f64>().is_ok() || matches!(name, "true" | "false");
    let quoted = ctx.workspace.text(reference.text.span).starts_with(['"', '\'']);
    shaped && (quoted || !typed)
}

/// The nearest name that would do, with the section in front where an address is asked for.
fn nearest_of(register: &Register, reference: &Reference<'_>) -> Option<String> {
    let name = reference.name;
    // `R-13` is not `R-12` mistyped: numbers are what tells such ids apart.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let wanted = digits(name);
    let alike = |candidate: &&str| digits(candidate) == wanted;
    let near = match reference.names {
        Names::Subject(sections) => {
            nearest(name, sections.iter().flat_map(|section| ids(register, *section)).filter(alike))
        }
        Names::Level => {
            let levels = register.risk_criteria()?.levels.iter();
            nearest(name, levels.map(|level| level.name.as_str()).filter(alike))
        }
        Names::Address => {
            let addresses: Vec<_> = register.heads().map(Head::address).collect();
            return nearest(name, addresses.iter().map(String::as_str).filter(alike)).map(str::to_owned);
        }
        Names::File => None,
    };
    near.map(str::to_owned)
}

fn ids(register: &Register, section: Section) -> impl Iterator<Item = &str> {
    register.heads().filter(move |head| head.section == section).map(|head| head.id.as_str())
}

fn report(ctx: &mut Context<'_>, reference: &Reference<'_>, near: Option<&str>) {
    let register = ctx.register;
    let (workspace, text, span) = (ctx.workspace, reference.text, reference.text.span);
    let place = format!("`{}` of {} names `{}`", reference.field, described(reference.head), text.value);
    let wanted = wanted(reference);
    let mut fix = None;
    let diagnostic = match namesake(register, reference) {
        Some(other) => {
            let is = a(other.section.noun());
            let wants = wanted.split(" or ").map(a).collect::<Vec<_>>().join(" or ");
            let diagnostic = ctx.report(span, format!("{place}, which is {is}, not {wants}"));
            diagnostic.label(other.key, format!("{} is defined here", described(other)));
            match instead(register, reference, other) {
                Some((id, why)) => {
                    diagnostic.help(format!("name {wants}: {why}"));
                    fix = Some(id);
                }
                None => drop(diagnostic.help(format!("name {wants}"))),
            }
            diagnostic
        }
        None if reference.names == Names::File => ctx.report(span, format!("{place}, which does not exist")),
        None => ctx.report(span, format!("{place}, which is no {wanted}")),
    };
    if let Some(near) = near.filter(|_| fix.is_none()) {
        diagnostic.help(format!("did you mean `{}`?", reference.renamed(near)));
        fix = Some(near);
    } else if diagnostic.help.is_empty() {
        diagnostic.help(remedy(register, reference));
    }
    // What an anchor holds is one text however many subjects take it over.
    diagnostic.once();
    // Who decided is never for a machine to say.
    if let Some(name) = fix.filter(|_| reference.verb().is_none()) {
        let edit = rewrite(workspace, span, &reference.renamed(name));
        let title = format!("write `{}`", reference.renamed(name));
        diagnostic.fix(title, Applicability::Unsafe, vec![edit]);
    }
}

/// What the field asks for, as in "role or person".
fn wanted(reference: &Reference<'_>) -> String {
    match reference.names {
        Names::Subject(sections) => sections.iter().map(|section| section.noun()).collect::<Vec<_>>().join(" or "),
        Names::Level => "level of the risk criteria".to_owned(),
        Names::File => "file".to_owned(),
        Names::Address => {
            let section = reference.name.split('.').next().and_then(Section::of_key);
            section.map_or("subject", Section::noun).to_owned()
        }
    }
}

/// A subject that has the name, but is not of a kind the field may name.
fn namesake<'r>(register: &'r Register, reference: &Reference<'_>) -> Option<&'r Head> {
    let Names::Subject(_) = reference.names else { return None };
    // `because: risks.R-12` says itself which section it means.
    if reference.name.len() != reference.text.len() {
        return None;
    }
    Section::ALL
        .into_iter()
        .filter(|section| !section.is_singleton())
        .find_map(|section| register.subject(section, reference.name))
}

/// Who or what may be meant where a subject of another kind is named: an id, and why it may be meant.
fn instead<'r>(register: &'r Register, reference: &Reference<'_>, other: &Head) -> Option<(&'r str, String)> {
    let Names::Subject(sections) = reference.names else { return None };
    let takes = |section| sections.contains(&section);
    let id = &other.id;
    let (meant, why) = match other.section {
        Section::Departments if takes(Section::Roles) => {
            let head = register.departments.get(id)?.headed_by.as_ref()?;
            (head.as_str(), format!("the head of department `{id}` is `{}`", head.value))
        }
        Section::Roles if takes(Section::People) => {
            let [holder] = register.roles.get(id)?.held_by.as_slice() else { return None };
            let name = register.people.get(holder)?.display();
            (holder.as_str(), format!("role `{id}` is held by `{}` ({name})", holder.value))
        }
        Section::Roles if takes(Section::Departments) => {
            let department = register.roles.get(id)?.department.as_ref()?;
            (department.as_str(), format!("role `{id}` belongs to department `{}`", department.value))
        }
        Section::People if takes(Section::Roles) => {
            let mut held = register.roles.iter().filter(|role| role.held_by.iter().any(|by| by.value == *id));
            // Of several roles none is evidently meant.
            let (role, None) = (held.next()?, held.next()) else { return None };
            let name = register.people.get(id)?.display();
            (role.head.id.as_str(), format!("{name} holds role `{}`", role.head.id))
        }
        _ => return None,
    };
    let exists = sections.iter().any(|section| register.subject(*section, meant).is_some());
    exists.then_some((meant, why))
}

/// What to do where nothing comes near.
fn remedy(register: &Register, reference: &Reference<'_>) -> String {
    let name = reference.name;
    match reference.names {
        Names::File => {
            "add the file, or correct the path: it counts from the directory of the root manifest".to_owned()
        }
        Names::Level => {
            let levels = register.risk_criteria().into_iter().flat_map(|criteria| &criteria.levels);
            let levels: Vec<_> = levels.map(|level| format!("`{}`", level.name.value)).collect();
            format!("name one of the levels: {}", levels.join(", "))
        }
        Names::Address => "remove the entry, or name a subject by its address, as in `risks.R-12`".to_owned(),
        Names::Subject([Section::Controls]) => {
            let title = catalogue::control(name).map_or("", |control| control.title);
            format!("add `{name}` ({title}) to `controls`, or name another control")
        }
        Names::Subject(sections) => {
            let keys: Vec<_> = sections.iter().map(|section| format!("`{}`", section.key())).collect();
            format!("define `{name}` under {}, or name one that is there", keys.join(" or "))
        }
    }
}

/// A noun with its article.
fn a(noun: &str) -> String {
    format!("{} {noun}", if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
}
