//! What becomes of manifests: one register, whatever files, order, notation or mistakes they come in.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::sync::Arc;

use deed_model::{Manifest, Register, Table, Workspace};
use deed_syntax::{Format, Node, Value};

/// Every section with nearly every field.
const FULL: &str = include_str!("../../deed-schema/tests/manifests/contract.yaml");

fn workspace(files: &[(&str, &str)]) -> Workspace {
    let manifest = |(path, text): &(&str, &str)| Manifest {
        path: (*path).to_owned(),
        parse: Arc::new(deed_syntax::parse(*text, Format::of_path(path))),
    };
    Workspace::new(files.iter().map(manifest).collect())
}

fn one(text: &str) -> Workspace {
    workspace(&[("deed.yaml", text)])
}

/// The fields of every subject by address, without the places they were read from.
fn fields(register: &Register) -> BTreeMap<String, BTreeMap<String, String>> {
    fn each<T: deed_model::Subject + Debug>(table: &Table<T>, all: &mut BTreeMap<String, BTreeMap<String, String>>) {
        for subject in table.iter() {
            all.insert(subject.head().address(), split(subject));
        }
    }
    let mut all = BTreeMap::new();
    let mut single = |address: &str, fields: Option<BTreeMap<String, String>>| {
        all.extend(fields.map(|fields| (address.to_owned(), fields)));
    };
    single("isms", register.isms().map(split));
    single("risk_criteria", register.risk_criteria().map(split));
    single("soa", register.soa().map(split));
    single("evidence", register.evidence().map(split));
    single("lint", register.lint().map(split));
    each(&register.people, &mut all);
    each(&register.departments, &mut all);
    each(&register.roles, &mut all);
    each(&register.controls, &mut all);
    each(&register.policies, &mut all);
    each(&register.risks, &mut all);
    each(&register.exceptions, &mut all);
    each(&register.delegations, &mut all);
    each(&register.reviews, &mut all);
    all
}

/// The fields of a struct by name, places left out.
fn split(subject: &impl Debug) -> BTreeMap<String, String> {
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for line in format!("{subject:#?}").lines().skip(1) {
        let body = line.trim_start();
        // `range: 3..7`, `FileId(` with its number on the next line, `NodeId(`: these tell where, not what.
        let place = body.starts_with("range: ") && body.contains("..");
        let number = body.trim_end_matches(',').parse::<u32>().is_ok();
        if let Some(field) = line.strip_prefix("    ").filter(|field| !field.starts_with([' ', ')', ']', '}'])) {
            last = field.split(':').next().unwrap().to_owned();
        }
        if !place && !number {
            fields.entry(last.clone()).or_default().push_str(body);
        }
    }
    fields
}

#[test]
fn every_section_and_field_is_read() {
    let all = fields(one(FULL).register());
    assert_eq!(all.len(), 17, "{:?}", all.keys());
    let read = |address: &str, field: &str| all[address][field].clone();
    assert!(read("roles.head-of-it", "acting_until").contains("2026-12-01"));
    assert!(read("risks.R-12", "plan").contains("2026-10-01"));
    assert!(read("exceptions.X-3", "granted").contains("2026-11-01"));
    let absent: Vec<_> =
        all["controls.A.5.15"].iter().filter(|(_, text)| text.starts_with("department: None")).collect();
    assert_eq!(absent.len(), 1, "what is not written is absent");
}

#[test]
fn of_equal_ids_the_first_counts_and_the_root_manifest_comes_first() {
    let workspace = workspace(&[
        ("a.deed.yaml", "roles: { ceo: { title: second }, cfo: { title: only } }\nsoa: { version: second }"),
        ("deed.yaml", "roles: { ceo: { title: first } }\nsoa: { version: first }"),
        ("z.deed.yaml", "roles: { ceo: { title: third, held_by: ada } }"),
    ]);
    let register = workspace.register();
    let title = |role| register.roles.get(role).unwrap().title.as_ref().unwrap().value.clone();
    assert_eq!([title("ceo"), title("cfo")], ["first", "only"]);
    assert_eq!(register.soa().unwrap().version.as_ref().unwrap().value, "first");
    assert_eq!(register.roles.iter().count(), 2, "each once");
    assert_eq!(register.roles.len(), 2);
    let duplicates: Vec<_> = register.duplicates().collect();
    let duplicates = duplicates.iter().map(|(again, first)| (again.address(), again.key.file.0, first.key.file.0));
    assert_eq!(
        duplicates.collect::<Vec<_>>(),
        [("soa".to_owned(), 1, 0), ("roles.ceo".to_owned(), 1, 0), ("roles.ceo".to_owned(), 2, 0)]
    );
    let hats = register.hats("ada", deed_model::parse_date("2026-03-01").unwrap());
    assert!(hats.is_empty(), "the third `ceo` gives nobody a role");
}

#[test]
fn a_key_written_twice_is_one_subject_and_its_first_value() {
    let workspace = one("roles:\n  ceo: { title: first, title: second }\n  ceo: { title: third }\n");
    let register = workspace.register();
    assert_eq!(register.roles.get("ceo").unwrap().title.as_ref().unwrap().value, "first");
    assert_eq!(
        (register.roles.len(), register.duplicates().count()),
        (1, 0),
        "a duplicate key, not a duplicate subject"
    );
}

#[test]
fn a_level_named_twice_keeps_its_first_score() {
    let workspace = one("risk_criteria: { levels: { high: 10, low: 1, high: 3 } }");
    let criteria = workspace.register().risk_criteria().unwrap();
    let levels: Vec<_> = criteria.levels.iter().map(|level| (level.name.as_str(), level.from)).collect();
    assert_eq!(levels, [("low", 1), ("high", 10)]);
}

#[test]
fn the_order_of_files_does_not_matter() {
    let files = [
        ("deed.yaml", "isms: { model: federated }\nroles: { ceo: { held_by: ada } }"),
        ("risks.deed.yaml", "risks: { R-1: { owner: ceo }, R-2: { owner: cfo } }"),
        ("more/risks.deed.yaml", "risks: { R-1: { owner: cfo }, R-3: { owner: ceo } }"),
        ("people.deed.json", r#"{ "people": { "ada": { "name": "Ada" } } }"#),
    ];
    let text = |files: &[(&str, &str)]| {
        let workspace = workspace(files);
        let register = workspace.register();
        let heads: Vec<_> = register.heads().collect();
        format!("{heads:?} {:?}", fields(register))
    };
    let expected = text(&files);
    let mut order = files;
    // Heap's algorithm: every permutation of four.
    let mut counters = [0; 4];
    let mut at = 1;
    let mut tried = 1;
    while at < 4 {
        if counters[at] < at {
            order.swap(if at % 2 == 0 { 0 } else { counters[at] }, at);
            assert_eq!(text(&order), expected);
            tried += 1;
            counters[at] += 1;
            at = 1;
        } else {
            counters[at] = 0;
            at += 1;
        }
    }
    assert_eq!(tried, 24);
}

#[test]
fn a_register_cut_into_files_is_the_same_register() {
    let whole = one(FULL);
    let parse = deed_syntax::parse(FULL, Format::Yaml);
    let sections: Vec<_> = parse.root().unwrap().entries().skip(1).collect();
    let texts = sections.iter().map(|section| format!("{}\n", &FULL[section.range()]));
    let files: Vec<(String, String)> =
        texts.enumerate().map(|(number, text)| (format!("{number}.deed.yaml"), text)).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(files.len(), 14);
    assert_eq!(fields(workspace(&files).register()), fields(whole.register()));
}

/// A tree as JSON.
fn json(node: Node<'_>, out: &mut String) {
    let list = |all: Vec<String>, open: char, close: char| format!("{open}{}{close}", all.join(", "));
    let text = |node: Node<'_>| {
        let mut text = String::new();
        json(node, &mut text);
        text
    };
    if node.is_mapping() {
        let entry = |entry: deed_syntax::Entry<'_>| format!("{:?}: {}", entry.name().unwrap(), text(entry.value()));
        out.push_str(&list(node.entries().map(entry).collect(), '{', '}'));
    } else if node.is_sequence() {
        out.push_str(&list(node.items().map(text).collect(), '[', ']'));
    } else {
        match node.value().unwrap() {
            Value::Null => out.push_str("null"),
            Value::Str(text) => write!(out, "{text:?}").unwrap(),
            Value::Bool(value) => write!(out, "{value}").unwrap(),
            Value::Int(value) => write!(out, "{value}").unwrap(),
            Value::Float(value) => write!(out, "{value}").unwrap(),
        }
    }
}

#[test]
fn json_means_the_same_as_yaml() {
    let parse = deed_syntax::parse(FULL, Format::Yaml);
    let mut text = String::new();
    json(parse.root().unwrap(), &mut text);
    let as_json = workspace(&[("deed.json", &text)]);
    assert!(as_json.manifests()[0].parse.errors().is_empty());
    assert_eq!(fields(as_json.register()), fields(one(FULL).register()));
}

#[test]
fn anchors_aliases_and_merge_keys_stand_for_what_they_name() {
    let written_out = one("
roles:
  head-of-it: { layer: owner, reports_to: ceo, held_by: chen, authority: { accept_risk: medium } }
  head-of-hr: { layer: owner, reports_to: ceo, held_by: greta, authority: { accept_risk: low } }
risks:
  R-1: { owner: head-of-it, accepted: { by: ada, date: 2026-03-01 } }
  R-2: { owner: head-of-it, accepted: { by: ada, date: 2026-03-01 } }
");
    let with_anchors = one("
x-head: &head { layer: owner, reports_to: ceo, authority: &limit { accept_risk: medium } }
roles:
  head-of-it: { <<: *head, held_by: chen }
  head-of-hr:
    <<: [{ authority: { accept_risk: low } }, *head]
    held_by: greta
risks:
  R-1: &risk { owner: head-of-it, accepted: { by: ada, date: &day 2026-03-01 } }
  R-2: *risk
");
    assert!(with_anchors.manifests()[0].parse.errors().is_empty());
    assert_eq!(fields(with_anchors.register()), fields(written_out.register()));
}

/// Every field of every subject in turn holds something it cannot hold: all others are read as before.
#[test]
fn a_wrong_field_never_hides_another() {
    let before = fields(one(FULL).register());
    let parse = deed_syntax::parse(FULL, Format::Yaml);
    let mut tried = 0;
    for section in parse.root().unwrap().entries().skip(1) {
        let name = section.name().unwrap();
        let singleton = deed_model::Section::of_key(name).unwrap().is_singleton();
        let subjects = if singleton { vec![section] } else { section.value().entries().collect() };
        for subject in subjects {
            let address = if singleton { name.to_owned() } else { format!("{name}.{}", subject.name().unwrap()) };
            for field in subject.value().entries() {
                for wrong in ["{ zz: [1] }", "[[zz], { zz: 1 }]", "-7.5", "~", "\"\"", "zz", "*zz"] {
                    let mut text = FULL.to_owned();
                    text.replace_range(std::ops::Range::<usize>::from(field.value().range()), wrong);
                    let mut after = fields(one(&text).register());
                    let mut expected = before.clone();
                    let names = field.name().unwrap();
                    // The one field may differ, and what the model calls it.
                    for all in [&mut after, &mut expected] {
                        let subject = all.get_mut(&address).unwrap_or_else(|| panic!("{address} is gone"));
                        subject
                            .retain(|own, _| own != names && own != "kind_span" && own != "headed_by" || own == "head");
                    }
                    assert_eq!(after, expected, "{address}.{names}: {wrong}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn a_wrong_part_of_a_decision_leaves_the_rest_of_it() {
    let workspace = one("
risks:
  R-1: { accepted: { by: [ada], date: 2026-03-01, until: soon, as: ceo, note: 12 } }
  R-2: { accepted: [{ by: ada, date: 2026-02-30 }, nonsense, { by: ben, date: 2026-03-01 }] }
  R-3: { accepted: yes }
  R-4: { accepted: }
");
    let register = workspace.register();
    let accepted = |risk: &str| &register.risks.get(risk).unwrap().accepted;
    let first = &accepted("R-1")[0];
    assert!(first.by.is_none() && first.date.is_some() && first.until.is_none() && first.as_role.is_some());
    assert_eq!(first.note.as_ref().unwrap().value, "12");
    let by: Vec<_> =
        accepted("R-2").iter().map(|one| (one.by.as_ref().unwrap().value.as_str(), one.date.is_some())).collect();
    assert_eq!(by, [("ada", false), ("ben", true)]);
    assert!(accepted("R-3").is_empty() && accepted("R-4").is_empty());
}

#[test]
fn a_wrong_rating_leaves_the_other_number() {
    let workspace = one("risks: { R-1: { inherent: { likelihood: often, impact: 4 }, residual: 3, owner: ceo } }");
    let risk = workspace.register().risks.get("R-1").unwrap();
    let inherent = risk.inherent.as_ref().unwrap();
    assert!(inherent.likelihood.is_none() && inherent.impact.as_ref().is_some_and(|impact| **impact == 4));
    assert!(inherent.score().is_none() && risk.residual.is_none() && risk.owner.len() == 1);
}

#[test]
fn sections_and_subjects_of_the_wrong_kind_are_empty() {
    let workspace =
        one("isms: true\nroles: [ceo, cfo]\nrisks:\n  R-1: high\n  R-2:\npeople:\ncontrols: { A.5.1: [1] }\n");
    let register = workspace.register();
    assert!(register.isms().is_some_and(|isms| isms.owner.is_empty() && isms.model.is_none()));
    assert!(register.roles.is_empty() && register.people.is_empty());
    let ids: Vec<_> = register.risks.iter().map(|risk| risk.head.id.as_str()).collect();
    assert_eq!(ids, ["R-1", "R-2"]);
    assert!(register.controls.get("A.5.1").is_some_and(|control| control.owner.is_empty()));
}

#[test]
fn an_empty_workspace_has_an_empty_register() {
    for files in [
        &[][..],
        &[("deed.yaml", "")],
        &[("deed.yaml", "# nothing yet\n")],
        &[("deed.json", "")],
        &[("deed.yaml", "just text")],
    ] {
        let workspace = workspace(files);
        assert_eq!(workspace.register().heads().count(), 0);
        assert!(workspace.register().isms().is_none() && workspace.register().model().is_none());
    }
}

#[test]
fn the_place_of_a_value_is_the_text_it_was_read_from() {
    let workspace = one(FULL);
    let register = workspace.register();
    let risk = register.risks.get("R-12").unwrap();
    assert_eq!(workspace.text(risk.head.key), "R-12");
    assert_eq!(workspace.text(risk.owner[0].span), "head-of-it");
    assert_eq!(workspace.text(risk.residual.as_ref().unwrap().span), "{ likelihood: 2, impact: 3 }");
    assert_eq!(workspace.text(risk.accepted[0].key), "accepted");
    assert_eq!(workspace.text(risk.accepted[0].until.as_ref().unwrap().span), "2027-03-01");
    assert_eq!(workspace.text(risk.plan[0].due.as_ref().unwrap().span), "2026-12-31");
    assert!(workspace.text(risk.head.range).starts_with("R-12:") && workspace.text(risk.head.range).ends_with('}'));
}

#[test]
fn the_manager_of_the_isms_is_a_custodian_though_nobody_says_so() {
    let layer = |isms: &str, role: &str| {
        let text = format!("isms: {{ {isms} }}\nroles:\n  boss: {{ {role} }}\n");
        let workspace = one(&text);
        let role = workspace.register().roles.get("boss").expect("a role");
        role.layer.as_ref().map(|layer| (layer.value, workspace.text(layer.span).to_owned()))
    };
    let isms = deed_model::Layer::Isms;
    assert_eq!(layer("manager: boss", "title: Boss"), Some((isms, "boss".to_owned())));
    assert_eq!(layer("manager: boss", "layer: owner").map(|(layer, _)| layer), Some(deed_model::Layer::Owner));
    assert_eq!(layer("manager: other", "title: Boss"), None);
    assert_eq!(layer("owner: boss, manager: boss", "title: Boss"), None, "who owns the ISMS is no custodian");
}
