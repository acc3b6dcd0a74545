//! Links, highlights, lines of reporting.

use deed_ide::{LinkTarget, ReportingStep};
use deed_model::FileId;

use crate::hover::ACME;
use crate::stage::Stage;

#[test]
fn files_addresses_and_rules_are_links() {
    let stage = Stage::text(
        "deed: 1
evidence: { forges: [keys/forge.asc, \"ssh-ed25519 AAAA a.b\"] }
people: { ada: { keys: [{ key: keys/ada.asc }] } }
roles: { ceo: { competence: [{ requirement: reads, evidence: \"ceo.pdf\" }] } }
policies: { access: { document: policies/access.md, communicated: { date: 2026-01-01, evidence: https://intra.example/x } } }
lint:
  rules: { paper-role: allow, no-such-rule: allow }
  ignore: [{ rule: unowned-risk, reason: later }]
",
    );
    let show = |target: &LinkTarget| match target {
        LinkTarget::File(path) => format!("file {path}"),
        LinkTarget::Url(url) => format!("url {url}"),
        LinkTarget::Rule(rule) => format!("rule {}", rule.id),
    };
    let links = stage.analysis().links(FileId(0));
    let found: Vec<_> =
        links.iter().map(|link| format!("{} -> {}", stage.text_at(link.range), show(&link.target))).collect();
    assert_eq!(
        found,
        [
            "keys/forge.asc -> file keys/forge.asc",
            "keys/ada.asc -> file keys/ada.asc",
            "ceo.pdf -> file ceo.pdf",
            "policies/access.md -> file policies/access.md",
            "https://intra.example/x -> url https://intra.example/x",
            "paper-role -> rule paper-role",
            "unowned-risk -> rule unowned-risk",
        ]
    );
}

#[test]
fn highlights_are_the_uses_in_the_same_manifest() {
    let files = [
        ("deed.yaml", "people: { ada: {} }\nroles: { ceo: { held_by: ada } }\n"),
        ("r.deed.yaml", "roles: { cto: { held_by: ada } }"),
    ];
    let stage = Stage::files(&files.map(|(path, text)| (path.to_owned(), text.to_owned())), None);
    let places = |piece: &str| {
        let found = stage.analysis().highlights(stage.at(piece));
        let show = |it: &deed_ide::Highlight| {
            format!(
                "{}@{}{}",
                stage.text_at(it.range),
                u32::from(it.range.range.start()),
                if it.is_definition { " def" } else { "" }
            )
        };
        found.iter().map(show).collect::<Vec<_>>()
    };
    assert_eq!(places("ceo: { held_by: a$0da"), ["ada@10 def", "ada@45"]);
    assert_eq!(places("cto: { held_by: a$0da"), ["ada@25"]);
    assert!(places("held_$0by").is_empty());
}

#[test]
fn roles_know_whom_they_report_to_and_who_reports_to_them() {
    let stage = Stage::text(ACME);
    let analysis = stage.analysis();
    let ids = |steps: Vec<ReportingStep>| {
        let show = |step: &ReportingStep| {
            format!("{} {} ({}) by {}", step.role.id, step.role.title, step.role.holder, stage.text_at(step.drawn))
        };
        steps.iter().map(show).collect::<Vec<_>>()
    };
    let roles =
        |piece: &str| analysis.reporting_roles(stage.at(piece)).into_iter().map(|role| role.id).collect::<Vec<_>>();
    assert_eq!(roles("owner: head-o$0f-it"), ["head-of-it"]);
    assert_eq!(roles("che$0n: {"), ["head-of-it"]);
    assert!(roles("$0R-12:").is_empty());
    assert_eq!(ids(analysis.superiors("head-of-it")), ["ceo CEO (Ada Moreau) by ceo"]);
    assert!(analysis.superiors("ceo").is_empty());
    assert_eq!(
        ids(analysis.subordinates("ceo")),
        [
            "isms-manager ISMS Manager (Ben *the* [Ode], who is not there) by ceo",
            "head-of-it Head of IT (Chen Li) by ceo"
        ]
    );
    assert!(analysis.subordinates("nobody").is_empty());
}
