//! Rule `missing-control`.

use std::collections::HashSet;

use deed_model::catalogue::{self, AnnexControl};
use deed_model::{FileRange, Manifest, Section};

use crate::annex::{Meant, meant, ranges, titled};
use crate::{
    Applicability, ByModel, Check, Context, Default, FileEdit, Group, Rule, RuleOption, Setting, Weaker, template,
};

pub(super) static RULE: Rule = Rule {
    id: "missing-control",
    group: Group::Controls,
    source: "ISO/IEC 27001:2022 6.1.3 c), d)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a control of Annex A has no entry in the Statement of Applicability",
    options: &[RuleOption {
        name: "at_most",
        summary: "up to how many missing controls are reported one by one; more are reported by theme",
        default: Default::Number(ByModel::all(10)),
        weaker: Weaker::Neither,
    }],
    docs: include_str!("missing_control.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, workspace) = (ctx.register, ctx.workspace);
    if register.isms().is_none() {
        return;
    }
    // An entry under an old or a mistyped id is `unknown-control`, and stands for the control it should name.
    let stand_in: HashSet<&str> = register
        .controls
        .iter()
        .filter(|control| catalogue::control(&control.head.id).is_none())
        .flat_map(|control| match meant(&control.head.id) {
            Meant::Of2013(successors) => successors,
            other => other.control().into_iter().collect(),
        })
        .map(|control| control.id)
        .collect();
    let is_missing = |control: &&AnnexControl| {
        register.controls.get(control.id).is_none()
            && !stand_in.contains(control.id)
            && !ctx.may_be_lost(Section::Controls, control.id)
    };
    let missing: Vec<_> = catalogue::controls().iter().filter(is_missing).collect();
    if missing.is_empty() {
        return;
    }
    let place = controls_key(ctx);
    if register.controls.is_empty() {
        let edits = template::entries(workspace, &missing).into_iter().collect();
        let all = catalogue::controls().len();
        let message =
            format!("the Statement of Applicability is empty: none of the {all} controls of Annex A has an entry");
        report(ctx, place, message, "controls", "every control", edits);
    } else if missing.len() <= ctx.number("at_most") as usize {
        for control in missing {
            let edits = template::entries(workspace, &[control]).into_iter().collect();
            let message = format!("control {} has no entry in the Statement of Applicability", titled(control));
            report(ctx, place, message, &format!("controls.{}", control.id), &format!("`{}`", control.id), edits);
        }
    } else {
        for theme in missing.chunk_by(|a, b| a.theme == b.theme) {
            by_theme(ctx, place, theme);
        }
    }
}

fn by_theme(ctx: &mut Context<'_>, place: FileRange, missing: &[&AnnexControl]) {
    let Some(first) = missing.first() else { return };
    let all = catalogue::controls().iter().filter(|control| control.theme == first.theme).count();
    let theme = first.theme.to_lowercase();
    let message = match missing.len() {
        1 => format!(
            "one of the {all} {theme} controls has no entry in the Statement of Applicability: {}",
            titled(first)
        ),
        few if few < all => {
            let ids = ranges(missing);
            format!("{few} of the {all} {theme} controls have no entry in the Statement of Applicability: {ids}")
        }
        _ => {
            let ids = ranges(missing);
            format!("none of the {all} {theme} controls has an entry in the Statement of Applicability: {ids}")
        }
    };
    // Controls with entries between them go to several places.
    let annex = catalogue::controls();
    let at = |control: &AnnexControl| annex.iter().position(|other| other.id == control.id);
    let runs = missing.chunk_by(|a, b| at(a).map(|at| at + 1) == at(b));
    let edits = runs.filter_map(|run| template::entries(ctx.workspace, run)).collect();
    let subject = first.id.rsplit_once('.').map_or(first.id, |(theme, _)| theme);
    report(ctx, place, message, &format!("controls.{subject}"), "each", edits);
}

fn report(ctx: &mut Context<'_>, place: FileRange, message: String, subject: &str, what: &str, edits: Vec<FileEdit>) {
    let diagnostic = ctx.report(place, message);
    diagnostic.about(subject);
    diagnostic.help("say whether it is `applicable` and `because` of what and, where it is, its `owner` and `status`");
    if !edits.is_empty() {
        let title = format!("add an entry for {what}: applicable and planned, without owner and reason");
        // An entry that is not completed is wrong in more ways than a missing one.
        diagnostic.fix(title, Applicability::Display, edits);
    }
}

/// The `controls` that the first entry stands in, else the first there is, else where missing things are reported.
fn controls_key(ctx: &Context<'_>) -> FileRange {
    let first = ctx.register.controls.iter().next().map(|control| control.head.key.file);
    let key = |file, manifest: &Manifest| {
        let range = manifest.parse.root()?.get("controls")?.key().range();
        Some(FileRange { file, range })
    };
    let found = match first {
        Some(file) => key(file, ctx.workspace.manifest(file)),
        None => ctx.workspace.files().find_map(|(file, manifest)| key(file, manifest)),
    };
    found.unwrap_or_else(|| ctx.root_span())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use deed_model::catalogue;

    use crate::Applicability;
    use crate::examine::{diagnostics, fixed, messages, workspace};

    const ID: &str = "missing-control";

    /// An ISMS with every control but some.
    fn all_but(missing: impl Fn(&str) -> bool, others: &str) -> String {
        let mut text = format!("isms: {{}}\ncontrols:\n{others}");
        for control in catalogue::controls().iter().filter(|control| !missing(control.id)) {
            let _ = writeln!(text, "  {}: {{}}", control.id);
        }
        text
    }

    #[test]
    fn a_few_are_reported_one_by_one_under_their_own_address() {
        let text = all_but(|id| matches!(id, "A.5.7" | "A.8.34"), "");
        let workspace = workspace(&[("deed.yaml", &text)]);
        let found = diagnostics(ID, &workspace);
        let subjects: Vec<_> = found.iter().map(|diagnostic| &*diagnostic.subject).collect();
        assert_eq!(subjects, ["controls.A.5.7", "controls.A.8.34"]);
        assert_eq!(
            &*found[0].message,
            "control `A.5.7` (Threat intelligence) has no entry in the Statement of Applicability"
        );
        assert_ne!(found[0].fingerprint, found[1].fingerprint);
    }

    #[test]
    fn many_are_reported_by_theme() {
        let text = all_but(|id| id.starts_with("A.6.") || id.ends_with(".9") || id == "A.5.1", "");
        assert_eq!(
            messages(ID, &text),
            [
                "2 of the 37 organizational controls have no entry in the Statement of Applicability: A.5.1, A.5.9",
                "none of the 8 people controls has an entry in the Statement of Applicability: A.6.1 to A.6.8",
                "one of the 14 physical controls has no entry in the Statement of Applicability: `A.7.9` (Security of assets \
                 off-premises)",
                "one of the 34 technological controls has no entry in the Statement of Applicability: `A.8.9` (Configuration \
                 management)",
            ]
        );
    }

    #[test]
    fn an_entry_under_an_old_or_a_mistyped_id_is_not_missing() {
        let text = all_but(|id| matches!(id, "A.5.3" | "A.5.15"), "  A.6.1.2: {}\n  A.5.51: {}\n");
        assert_eq!(messages(ID, &text), Vec::<String>::new());
    }

    #[test]
    fn the_fixes_complete_the_statement_of_applicability() {
        for before in ["isms: {}\n".to_owned(), all_but(|id| id.ends_with('3') || id.ends_with('4'), "")] {
            assert_eq!(fixed(ID, "deed.yaml", &before, Applicability::Unsafe), before, "people complete them");
            let after = fixed(ID, "deed.yaml", &before, Applicability::Display);
            assert_eq!(messages(ID, &after), Vec::<String>::new(), "{after}");
        }
    }
}
