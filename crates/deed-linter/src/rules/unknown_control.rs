//! Rule `unknown-control`.

use std::collections::{HashMap, HashSet};

use deed_model::catalogue::{self, AnnexControl};
use deed_model::{Control, Exception, FileRange, Head, Register, Review, Risk, Spanned};

use crate::annex::{Meant, clause, is_clause, meant, ranges, titled};
use crate::ownership::described;
use crate::pass::Gathered;
use crate::{Applicability, ByModel, Check, Context, Diagnostic, FileEdit, Group, Rule, Setting, remove, rewrite};

pub(super) static RULE: Rule = Rule {
    id: "unknown-control",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 6.1.3 c)",
    severity: ByModel::all(Setting::ERROR),
    summary: "an id is in no control of Annex A of the 2022 edition",
    options: &[],
    docs: include_str!("unknown_control.md"),
    check: Check::Register(check),
};

/// A list of controls in a subject, with which clauses may stand.
struct List<'r> {
    head: &'r Head,
    texts: &'r [Spanned<String>],
    takes_clauses: bool,
}

impl<'r> List<'r> {
    fn of_risk(risk: &'r Risk) -> Self {
        Self { head: &risk.head, texts: &risk.controls, takes_clauses: false }
    }

    fn of_exception(exception: &'r Exception) -> Self {
        Self { head: &exception.head, texts: exception.control.as_slice(), takes_clauses: false }
    }

    fn of_review(review: &'r Review) -> Self {
        Self { head: &review.head, texts: &review.covers, takes_clauses: true }
    }

    fn unknown(&self) -> impl Iterator<Item = &'r Spanned<String>> {
        self.texts.iter().filter(|id| {
            let is_clause = self.takes_clauses && is_clause(id);
            catalogue::control(id).is_none() && !is_clause && !id.starts_with("x-")
        })
    }
}

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let today = ctx.today;
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        report_list(ctx, &List::of_risk(risk));
    }
    for exception in ctx.each(&register.exceptions).filter(|exception| exception.is_open(today)) {
        report_list(ctx, &List::of_exception(exception));
    }
    for review in ctx.each(&register.reviews) {
        report_list(ctx, &List::of_review(review));
    }
    let unknown = Gathered::default();
    let mut taken: HashSet<&str> = HashSet::new();
    for control in register.controls.iter() {
        // `x-…` is the user's own, here as anywhere.
        if catalogue::control(&control.head.id).is_none() && !control.head.id.starts_with("x-") {
            // What refers to the entry is renamed with it and not reported by itself.
            let referring = unknown.get(|| unknown_in(register)).get(control.head.id.as_str());
            report_entry(ctx, control, referring.map_or(&[], Vec::as_slice), &mut taken);
        }
    }
}

/// Where each id is named that is no control.
fn unknown_in(register: &Register) -> HashMap<&str, Vec<(&Head, FileRange)>> {
    let mut unknown: HashMap<&str, Vec<(&Head, FileRange)>> = HashMap::new();
    let risks = register.risks.iter().map(List::of_risk);
    let exceptions = register.exceptions.iter().map(List::of_exception);
    for list in risks.chain(exceptions).chain(register.reviews.iter().map(List::of_review)) {
        for text in list.unknown() {
            unknown.entry(text).or_default().push((list.head, text.span));
        }
    }
    unknown
}

fn report_list(ctx: &mut Context<'_>, list: &List<'_>) {
    let controls = &ctx.register.controls;
    let known = |text: &'_ &Spanned<String>| catalogue::control(text).is_some();
    let mut beside = list.texts.iter().filter(known).map(|text| text.as_str()).collect();
    for text in list.unknown().filter(|text| controls.get(text).is_none()) {
        report_reference(ctx, list, text, &mut beside);
    }
}

/// An entry of the Statement of Applicability for a control that is none.
fn report_entry<'r>(
    ctx: &mut Context<'_>,
    control: &'r Control,
    referring: &[(&Head, FileRange)],
    taken: &mut HashSet<&'r str>,
) {
    let (register, workspace) = (ctx.register, ctx.workspace);
    let id = &control.head.id;
    let meant = meant(id);
    let entry = meant.control().and_then(|control| register.controls.get(control.id));
    let diagnostic = ctx.report(control.head.key, what_is_wrong(&format!("control `{id}`"), &meant));
    for (head, place) in referring.iter().take(3) {
        diagnostic.label(*place, format!("{} refers to it", described(head)));
    }
    if let Some(entry) = entry {
        diagnostic.label(entry.head.key, "has an entry already");
        diagnostic.help(format!("move what `{id}` says into the entry of `{}`", entry.head.id));
        return;
    }
    help(diagnostic, &meant, false);
    if let Some(one) = meant.control().filter(|one| matches!(meant, Meant::Of2013(_)) && one.iso2013.len() > 1) {
        let from = one.iso2013.join(", ");
        diagnostic.help(format!("`{}` took up {from}: see that what is said here holds for all of it", one.id));
    }
    let renamed = |to: &AnnexControl| -> Vec<FileEdit> {
        let references = referring.iter().map(|(_, place)| *place);
        [control.head.key].into_iter().chain(references).map(|place| rewrite::id(workspace, place, to.id)).collect()
    };
    match &meant {
        // Several old controls that became one cannot all be renamed to it.
        Meant::Of2013(successors) => match successors.as_slice() {
            [one] if taken.insert(one.id) => {
                let is_all = if one.iso2013.len() == 1 { Applicability::Safe } else { Applicability::Unsafe };
                diagnostic.fix(format!("rename it to `{}`", one.id), is_all, renamed(one));
            }
            [one] => {
                diagnostic.help(format!("several entries become `{}`: merge them by hand", one.id));
            }
            many => {
                for one in many {
                    diagnostic.fix(format!("rename it to `{}`", one.id), Applicability::Display, renamed(one));
                }
            }
        },
        Meant::Spelling(one) if taken.insert(one.id) => {
            diagnostic.fix(format!("write `{}`", one.id), Applicability::Safe, renamed(one));
        }
        Meant::Near(one) if taken.insert(one.id) => {
            diagnostic.fix(format!("write `{}`", one.id), Applicability::Unsafe, renamed(one));
        }
        _ => {}
    }
}

/// A place that names a control which is none, and which has no entry either. `beside` are the ids its list already has.
fn report_reference(ctx: &mut Context<'_>, list: &List<'_>, text: &Spanned<String>, beside: &mut HashSet<&str>) {
    let workspace = ctx.workspace;
    let (place, id) = (text.span, text.as_str());
    let subject = described(list.head);
    let other_clause = if list.takes_clauses { clause(id) } else { None };
    if let Some(clause) = other_clause {
        ctx.report(place, format!("`{id}`, which {subject} covers, is not how clause {clause} is written"))
            .help(format!("write `{clause}`"))
            .fix(format!("write `{clause}`"), Applicability::Safe, vec![rewrite::id(workspace, place, clause)]);
        return;
    }
    let meant = meant(id);
    let is_repeated = meant.control().is_some_and(|control| !beside.insert(control.id));
    let verb = if list.takes_clauses { "covers" } else { "names" };
    let diagnostic = ctx.report(place, what_is_wrong(&format!("`{id}`, which {subject} {verb},"), &meant));
    help(diagnostic, &meant, list.takes_clauses);
    let sure = match &meant {
        Meant::Of2013(_) | Meant::Spelling(_) => Applicability::Safe,
        _ => Applicability::Unsafe,
    };
    match (meant.control(), &meant) {
        (Some(one), _) if is_repeated => {
            let removal = remove::item(&workspace.manifest(place.file).parse, place.range);
            if let Some(removal) = removal.filter(|removal| !removal.touches_comment) {
                let title = format!("remove it: `{}` is named beside it", one.id);
                diagnostic.fix(title, sure, vec![FileEdit { file: place.file, edit: removal.edit }]);
            }
        }
        (Some(one), _) => {
            diagnostic.fix(format!("write `{}`", one.id), sure, vec![rewrite::id(workspace, place, one.id)]);
        }
        (None, Meant::Of2013(several)) => {
            for one in several {
                let edits = vec![rewrite::id(workspace, place, one.id)];
                diagnostic.fix(format!("write `{}`", one.id), Applicability::Display, edits);
            }
        }
        _ => {}
    }
}

fn what_is_wrong(what: &str, meant: &Meant) -> String {
    match meant {
        Meant::Of2013(successors) => {
            let now: Vec<_> = successors.iter().map(|control| titled(control)).collect();
            format!("{what} is of the 2013 edition; in the 2022 edition it is {}", now.join(" and "))
        }
        Meant::Heading2013(_) => format!("{what} is a heading of the 2013 edition, not a control of the 2022 edition"),
        Meant::Spelling(control) => format!("{what} is not how control `{}` is written", control.id),
        Meant::Near(_) | Meant::Beyond(_) | Meant::Unknown => format!("{what} is not in Annex A of ISO/IEC 27001:2022"),
    }
}

fn help(diagnostic: &mut Diagnostic, meant: &Meant, takes_clauses: bool) {
    match meant {
        Meant::Of2013(_) => {}
        Meant::Heading2013(successors) => {
            diagnostic.help(format!("its controls became {}", ranges(successors)));
        }
        Meant::Spelling(control) => {
            diagnostic.help(format!("write {}", titled(control)));
        }
        Meant::Near(control) => {
            diagnostic.help(format!("did you mean {}?", titled(control)));
        }
        Meant::Beyond(last) => {
            let theme = last.id.rsplit_once('.').map_or(last.id, |(theme, _)| theme);
            diagnostic.help(format!("the controls of this theme are `{theme}.1` to `{}`", last.id));
        }
        Meant::Unknown => {
            let clauses = if takes_clauses { ", the clauses `4` to `10.2`" } else { "" };
            diagnostic.help(format!(
                "the controls are `A.5.1` to `A.5.37`, `A.6.1` to `A.6.8`, `A.7.1` to `A.7.14` and `A.8.1` to `A.8.34`{clauses}"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Applicability;
    use crate::examine::{fixed, messages};

    const ID: &str = "unknown-control";

    #[test]
    fn several_old_controls_in_one_list_become_one() {
        let text = "risks:\n  R-1:\n    controls: [A.12.4.1, A.12.4.2, A.8.16]\n";
        let expected = "risks:\n  R-1:\n    controls: [A.8.15, A.8.16]\n";
        assert_eq!(fixed(ID, "deed.yaml", text, Applicability::Safe), expected);
    }

    #[test]
    fn two_entries_do_not_both_become_the_same_control() {
        let text = "controls:\n  A.12.4.1: { owner: a }\n  A.12.4.2: { owner: b }\n";
        let expected = "controls:\n  A.8.15: { owner: a }\n  A.12.4.2: { owner: b }\n";
        assert_eq!(fixed(ID, "deed.yaml", text, Applicability::Safe), text);
        assert_eq!(fixed(ID, "deed.yaml", text, Applicability::Unsafe), expected);
        assert_eq!(fixed(ID, "deed.yaml", expected, Applicability::Unsafe), expected, "`A.8.15` has an entry now");
    }

    #[test]
    fn quotes_stay() {
        let text = "{\"controls\": {\"A5.15\": {}}, \"risks\": {\"R-1\": {\"controls\": [\"A5.15\"]}}}";
        let expected = "{\"controls\": {\"A.5.15\": {}}, \"risks\": {\"R-1\": {\"controls\": [\"A.5.15\"]}}}";
        assert_eq!(fixed(ID, "deed.json", text, Applicability::Safe), expected);
    }

    #[test]
    fn what_is_closed_or_the_users_own_is_left_alone() {
        let text = "controls: { x-7: {} }
risks: { R-1: { closed: 2026-01-01, controls: [A.9.2.3] } }
exceptions: { X-1: { closed: 2026-01-01, control: A.9.2.3 } }
";
        assert_eq!(messages(ID, text), Vec::<String>::new());
    }

    #[test]
    fn the_words_say_what_the_id_was() {
        let found = messages(
            ID,
            "controls: { A.18.2.3: {}, A.9.2: {}, password-policy: {} }
reviews: { IA: { covers: [clause 9.2, 5.15, A.9.2.3] } }
",
        );
        assert_eq!(
            found,
            [
                "control `A.18.2.3` is of the 2013 edition; in the 2022 edition it is `A.5.36` (Compliance with policies, \
                 rules and standards for information security) and `A.8.8` (Management of technical vulnerabilities)",
                "control `A.9.2` is a heading of the 2013 edition, not a control of the 2022 edition",
                "control `password-policy` is not in Annex A of ISO/IEC 27001:2022",
                "`clause 9.2`, which review `IA` covers, is not how clause 9.2 is written",
                "`5.15`, which review `IA` covers, is not how control `A.5.15` is written",
                "`A.9.2.3`, which review `IA` covers, is of the 2013 edition; in the 2022 edition it is `A.8.2` (Privileged \
                 access rights)",
            ]
        );
    }
}
