//! `deed evidence`, `deed who` and `deed log`, on a repository made by the real Git.

use deed_test::{Identity, Key, Repo};
use serde_json::Value;

use crate::harness::{Dir, Run};
use crate::json::breaks;

/// Ada accepts a risk and signs; Ben hands the risk to IT and moves the end of her acceptance.
fn story(dir: &Dir) -> Repo {
    let (ada, ben) = (Identity::new("Ada Moreau", "ada@acme.example"), Identity::new("Ben Okafor", "ben@acme.example"));
    let key = Key::ed25519("ada-1");
    let people = format!(
        "deed: 1\npeople:\n  ada: {{ name: Ada Moreau, emails: [ada@acme.example], keys: [\"{}\"] }}\n  \
         ben: {{ name: Ben Okafor, emails: [ben@acme.example] }}\nroles:\n  ceo: {{ title: CEO, layer: executive, held_by: \
         ada, authority: {{ accept_risk: high }} }}\n  it: {{ title: IT, layer: owner, held_by: ben, reports_to: ceo }}\n\
         risk_criteria: {{ likelihood: 5, impact: 5, levels: {{ low: 1, high: 10 }}, tolerance: low }}\n",
        key.public_line()
    );
    let risk = |owner: &str, rest: &str| {
        format!("risks:\n  R-1: {{ title: Fire, owner: {owner}, residual: {{ likelihood: 1, impact: 1 }}{rest} }}\n")
    };
    let repo = Repo::init(dir.path());
    repo.commit("People").author(&ben).at("2026-01-05T09:00:00+0000").write("deed.yaml", &people).create();
    repo.commit("Fire").author(&ben).at("2026-02-01T09:00:00+0000").write("risks.deed.yaml", risk("ceo", "")).create();
    let accepted = ", accepted: { by: ada, date: 2026-03-01, until: 2027-03-01 }";
    repo.commit("Accept")
        .author(&ada)
        .at("2026-03-01T09:00:00+0000")
        .signed(&key)
        .write("risks.deed.yaml", risk("ceo", accepted))
        .create();
    let later = accepted.replace("until: 2027", "until: 2028");
    repo.commit("Longer")
        .author(&ben)
        .at("2026-04-01T09:00:00+0000")
        .write("risks.deed.yaml", risk("it", &later))
        .create();
    repo
}

fn json(run: &Run) -> Value {
    assert_eq!(run.code, 0, "{}", run.all());
    serde_json::from_str(&run.stdout).unwrap()
}

/// What a command prints as JSON, which is as its schema says.
pub(crate) fn valid(dir: &Dir, args: &[&str]) -> Value {
    let schema = json(&dir.deed(&["schema", args[0]]));
    let found = json(&dir.deed(&[args, &["--format", "json"]].concat()));
    let mut wrong = Vec::new();
    breaks(&schema, &schema, &found, "$", &mut wrong);
    assert!(wrong.is_empty(), "{args:?}: {wrong:#?}");
    found
}

#[test]
fn evidence_says_what_is_proven_and_what_is_not() {
    let dir = Dir::new();
    let repo = story(&dir);
    let found = valid(&dir, &["evidence"]);
    let decision = &found["decisions"][0];
    assert_eq!(decision["decision"], "risks.R-1.accepted");
    assert_eq!((&decision["level"], &decision["origin"]["commit"]), (&"recorded".into(), &repo.id("HEAD").into()));
    assert_eq!(decision["problems"], serde_json::json!(["altered-decision"]));

    repo.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    let text = dir.deed(&["evidence", "risks"]);
    assert!(text.stdout.contains("R-1 accepted  signed  Ada Moreau  2026-03-01"), "{}", text.all());
    let csv = dir.deed(&["evidence", "--format", "csv"]).stdout;
    assert!(csv.contains("risks.R-1.accepted,ada,2026-03-01,2027-03-01,signed,2026-03-01,"), "{csv}");
    dir.write("risks.deed.yaml", dir.read("risks.deed.yaml").replace("impact: 1", "impact: 2"));
    let text = dir.deed(&["evidence", "--problems"]).stdout;
    assert!(text.contains("outdated by what is not committed: `risks.R-1.residual`"), "{text}");
}

#[test]
fn a_decision_nobody_knows_is_a_mistake_that_names_the_near_one() {
    let dir = Dir::new();
    story(&dir);
    let run = dir.deed(&["evidence", "risks.R-1.acepted"]);
    assert!(run.code == 2 && run.stderr.contains("did you mean `risks.R-1.accepted`?"), "{}", run.all());
    let outside = Dir::with(&[("deed.yaml", "deed: 1\n")]).deed(&["evidence"]);
    assert!(outside.code == 2 && outside.stderr.contains("is in no Git repository"), "{}", outside.all());
}

#[test]
fn who_answers_by_what_had_been_adopted() {
    let dir = Dir::new();
    story(&dir);
    let now = dir.deed(&["who", "risks.R-1"]).stdout;
    assert!(now.contains("Ben Okafor, as `it` (IT)") && now.contains("`ceo`"), "{now}");
    let then = dir.deed(&["who", "risks.R-1", "--on", "2026-03-15"]).stdout;
    assert!(then.contains("Ada Moreau, as `ceo`") && then.contains("accepted") && then.contains("signed"), "{then}");
    let early = dir.deed(&["who", "risks.R-1", "--on", "2026-01-10"]);
    assert!(early.code == 2 && early.stderr.contains("there is no `risks.R-1` on 2026-01-10"), "{}", early.all());
    let before = dir.deed(&["who", "risks.R-1", "--on", "2025-01-10"]);
    assert!(before.stderr.contains("nothing had been adopted by 2025-01-10"), "{}", before.all());
}

#[test]
fn the_log_tells_values_and_not_lines() {
    let dir = Dir::new();
    let repo = story(&dir);
    let moved = dir.read("risks.deed.yaml").replace("{ title: Fire,", "{\n    title: \"Fire\",");
    repo.commit("Move").remove("risks.deed.yaml").write("sub/all.deed.yaml", moved).create();
    let log = valid(&dir, &["log", "risks.R-1"]);
    let summaries: Vec<&str> =
        log["entries"].as_array().unwrap().iter().map(|entry| entry["commit"]["summary"].as_str().unwrap()).collect();
    assert_eq!(summaries, ["Longer", "Accept", "Fire"]);
    let text = dir.deed(&["log", "risks.R-1"]).stdout;
    assert!(text.contains("~ owner: ceo → it") && text.contains("Ada Moreau (signed)"), "{text}");
    let unknown = dir.deed(&["log", "risks.R-9"]);
    assert!(unknown.code == 2 && unknown.stderr.contains("history knows no `risks.R-9`"), "{}", unknown.all());
}

#[test]
fn a_decision_has_a_time_line_of_its_own() {
    let dir = Dir::new();
    let repo = story(&dir);
    let summaries = |subject: &str| -> Vec<String> {
        let log = valid(&dir, &["log", subject]);
        assert_eq!(log["subject"], "risks.R-1");
        let entries = log["entries"].as_array().unwrap().iter();
        let only = |entry: &Value| entry["changes"].as_array().unwrap().iter().all(|it| it["field"] == "accepted");
        let each = entries.map(|entry| (entry["commit"]["summary"].as_str().unwrap().to_owned(), only(entry)));
        each.map(|(summary, only)| if only { summary } else { format!("{summary}, and more") }).collect()
    };
    assert_eq!(summaries("risks.R-1"), ["Longer, and more", "Accept", "Fire, and more"]);
    assert_eq!(summaries("risks.R-1.accepted"), ["Longer", "Accept"]);
    assert_eq!(summaries("risks.R-1.accepted[ada]"), ["Longer", "Accept"]);
    let text = dir.deed(&["log", "risks.R-1.accepted"]).stdout;
    assert!(text.starts_with("risks.R-1.accepted\n") && !text.contains("owner"), "{text}");
    for (subject, said) in [
        ("risks.R-1.accepted[ben]", "no commit has a decision `risks.R-1.accepted[ben]`\nhint: `deed log risks.R-1` "),
        ("risks.R-1.reviewed", "no commit has a decision `risks.R-1.reviewed`"),
        ("risks.R-9.accepted", "history knows no `risks.R-9`"),
        ("risks.R-1.held", "history knows no `risks.R-1.held`"),
        ("isms.approved", "history knows no `isms`"),
        ("isms.held", "there is one `isms` only"),
    ] {
        let run = dir.deed(&["log", subject]);
        assert!(run.code == 2 && run.stderr.contains(said), "{}", run.all());
    }
    // An id may end like a verb.
    let risk = "risks: { R-1.accepted: { owner: it } }\n";
    repo.commit("Odd").at("2026-05-01T09:00:00+0000").write("odd.deed.yaml", risk).create();
    assert!(dir.deed(&["log", "risks.R-1.accepted"]).stdout.contains("+ owner: it"));
}

#[test]
fn who_answers_for_what_a_decision_is_about() {
    let dir = Dir::new();
    story(&dir);
    let (of_subject, of_decision) = (dir.deed(&["who", "risks.R-1"]), dir.deed(&["who", "risks.R-1.accepted"]));
    assert_eq!((of_decision.code, &of_decision.stdout), (0, &of_subject.stdout));
    assert!(of_decision.stderr.starts_with("note: `risks.R-1.accepted` is a decision; "), "{}", of_decision.all());
    assert_eq!(valid(&dir, &["who", "risks.R-1.accepted"])["subject"], "risks.R-1");
}

#[test]
fn what_cannot_be_read_is_said_by_all_that_look_at_it() {
    let dir = Dir::new();
    let repo = story(&dir);
    dir.write("more.deed.yaml", "risks:\n  R-3: { title: \"Frost }\n");
    dir.write("x.deed.yaml", "people: [\n");
    let commands: [&[&str]; 5] =
        [&["evidence"], &["who", "risks.R-1"], &["log", "risks.R-1"], &["todo", "--today", "2026-06-30"], &["diff"]];
    let said = |run: &Run, state: &str| {
        for place in ["more.deed.yaml:2", "x.deed.yaml:"] {
            assert_eq!(run.stderr.matches(&format!("error: {state}`{place}")).count(), 1, "{}", run.all());
        }
        assert_eq!(run.stderr.matches("hint: what stands there is not looked at").count(), 1, "{}", run.all());
    };
    for command in commands {
        for format in [&[][..], &["--format", "json"]] {
            let run = dir.deed(&[command, format].concat());
            assert!(run.code == 2 && !run.stdout.is_empty(), "{}", run.all());
            said(&run, if command[0] == "diff" { "in the working tree, " } else { "" });
            if !format.is_empty() {
                serde_json::from_str::<Value>(&run.stdout).unwrap();
            }
        }
    }
    let unknown = dir.deed(&["who", "risks.R-3"]);
    said(&unknown, "");
    // Who answered then is told by the manifests of then.
    repo.commit("Break").at("2026-05-01T09:00:00+0000").create();
    let id = repo.id("HEAD");
    let then = dir.deed(&["who", "risks.R-1", "--on", "2026-05-02"]);
    assert_eq!(then.code, 2, "{}", then.all());
    said(&then, &format!("in {}, ", &id[..10]));
    let before = dir.deed(&["who", "risks.R-1", "--on", "2026-04-02"]);
    assert!(before.code == 0 && before.stderr.is_empty(), "{}", before.all());
    // A key that is there twice hides nothing here, but the whole version from history.
    let twice = "risks:\n  R-4:\n    owner: it\n    owner: ceo\n    reviewed: { by: ben, date: 2026-05-01 }\n";
    repo.commit("Mend")
        .at("2026-05-03T09:00:00+0000")
        .remove("more.deed.yaml")
        .remove("x.deed.yaml")
        .write("twice.deed.yaml", twice)
        .create();
    for command in [&["evidence"], &["who", "risks.R-4"][..], &["log", "risks.R-1"]] {
        let run = dir.deed(command);
        let said = "warning: `twice.deed.yaml:4`: the key `owner` is here twice; history passes over each version";
        assert!(run.code == 0 && run.stderr.starts_with(said), "{}", run.all());
    }
    // What cannot be opened at all: each file is named.
    for name in ["a.deed.yaml", "b.deed.yaml"] {
        std::os::unix::fs::symlink("nowhere", dir.path().join(name)).unwrap();
    }
    for command in commands {
        let run = dir.deed(command);
        assert!(run.code == 2 && run.stdout.is_empty(), "{}", run.all());
        for name in ["a.deed.yaml", "b.deed.yaml"] {
            assert_eq!(run.stderr.matches(&format!("/{name}`: it is a symbolic link to")).count(), 1, "{}", run.all());
        }
    }
}

#[test]
fn where_history_ends_nobody_is_credited_and_with_a_lost_trust_root_nothing_is_believed() {
    let dir = Dir::new();
    let repo = story(&dir);
    let whole = dir.deed(&["log", "risks.R-1"]);
    assert!(whole.code == 0 && whole.stderr.is_empty() && !whole.stdout.contains("history ends"), "{}", whole.all());
    let cut = Dir::new();
    let url = format!("file://{}", dir.path().display());
    repo.git(["clone", "--quiet", "--depth=1", &url, &cut.path().display().to_string()]);
    let log = cut.deed(&["log", "risks.R-1"]);
    assert!(log.stderr.starts_with("warning: history ends early here") && log.stderr.contains("--unshallow"));
    assert!(log.stdout.contains("history ends here") && !log.stdout.contains("Ada Moreau"), "{}", log.all());
    let who = cut.deed(&["who", "risks.R-1", "--on", "2026-01-10"]);
    assert!(who.code == 2 && who.stderr.contains("history does not reach that far back here"), "{}", who.all());

    repo.git(["config", "deed.trustRoot", "deadbeef"]);
    for command in [&["evidence", "--format", "json"][..], &["evidence"], &["who", "risks.R-1"]] {
        let run = dir.deed(command);
        assert!(
            run.code == 1 && run.stderr.starts_with("error: the trust root `deadbeef` is no ancestor"),
            "{}",
            run.all()
        );
    }
    let said: Value = serde_json::from_str(&dir.deed(&["evidence", "--format", "json"]).stdout).unwrap();
    assert_eq!((&said["trust_root"], &said["lost_trust_root"]), (&Value::Null, &"deadbeef".into()));
}

#[test]
fn the_log_says_whose_signature_and_whose_address_it_is() {
    let dir = Dir::new();
    let repo = story(&dir);
    let forged = |message: &str, who: &Identity, key: Option<&Key>| {
        let draft = repo
            .commit(message)
            .author(who)
            .write("risks.deed.yaml", format!("risks: {{ R-1: {{ title: {message} }} }}\n"));
        if let Some(key) = key { draft.signed(key) } else { draft }.create()
    };
    let key = Key::ed25519("ada-1");
    forged("Flood", &Identity::new("Ben Okafor", "ben@acme.example"), Some(&key));
    // Names are free text, and so is what a terminal would obey.
    forged("Frost", &Identity::new("Ada Moreau\u{1b}[2K\u{202e}", "mal@elsewhere.example"), None);
    let log = dir.deed(&["log", "risks.R-1"]).stdout;
    assert!(log.contains("Ben Okafor (signed by Ada Moreau)"), "{log}");
    assert!(log.contains("Ada Moreau [2K  <mal@elsewhere.example>\n"), "{log}");
    assert!(!log.contains(['\u{1b}', '\u{202e}']), "{log}");
}

#[test]
fn a_narrow_terminal_shows_what_counts_and_breaks_the_rest() {
    let dir = Dir::new();
    story(&dir);
    let narrow = dir.command(&["evidence"]).env("COLUMNS", "60").output().unwrap();
    let text = Run::of(narrow).stdout;
    assert!(text.contains("decision      level     by          date        recorded"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
}

#[test]
fn json_is_as_its_schema_says_on_the_example_organisation() {
    let dir = Dir::new();
    deed_test::example::generate(&dir.path().join("acme")).expect("the example is generated");
    let evidence = valid(&dir, &["evidence", "-C", "acme"]);
    assert!(evidence["decisions"].as_array().unwrap().iter().any(|it| it["outdated"] != serde_json::json!([])));
    let (mut facts, mut proofs, mut adopted) = (0, 0, 0);
    for subject in ["policies.access-control", "risks.R-12"] {
        let who = valid(&dir, &["who", subject, "-C", "acme"]);
        let all = who["facts"].as_array().unwrap();
        facts += all.iter().filter(|fact| fact["person"].is_string() && fact["party"].is_string()).count();
        proofs += who["decisions"].as_array().unwrap().iter().filter(|it| it["origin"].is_string()).count();
    }
    assert!(valid(&dir, &["who", "isms", "--on", "2025-03-01", "-C", "acme"])["commit"].is_string());
    for subject in ["policies.access-control", "risks.R-12"] {
        let log = valid(&dir, &["log", subject, "-C", "acme"]);
        adopted += log["entries"].as_array().unwrap().iter().filter(|entry| entry["adoption"].is_object()).count();
    }
    assert!(facts >= 2 && proofs >= 4 && adopted >= 4, "{facts} facts, {proofs} proofs, {adopted} adopted");
}

#[test]
fn json_is_as_its_schema_says_where_little_is_known() {
    // One of each section, outside of any repository.
    let text = "deed: 1\nisms: { owner: ceo }\nsoa: { approved: {} }\nrisk_criteria: {}\nevidence: {}\nlint: {}\npeople: { ada: {} \
                }\ndepartments: { it: { head: ceo } }\nroles: { ceo: { held_by: ada } }\ncontrols: { A.5.1: { owner: ceo } \
                }\npolicies: { p: { owner: ceo } }\nrisks: { R: { owner: ada } }\nexceptions: { X: { owner: ceo } }\ndelegations: { D: \
                { from: ceo, to: ada } }\nreviews: { M: { chair: ceo, lead: ada } }\n";
    let dir = Dir::with(&[("deed.yaml", text)]);
    for section in deed_model::Section::ALL {
        let id = match section.key() {
            "people" => ".ada",
            "departments" => ".it",
            "roles" => ".ceo",
            "controls" => ".A.5.1",
            "policies" => ".p",
            "risks" => ".R",
            "exceptions" => ".X",
            "delegations" => ".D",
            "reviews" => ".M",
            _ => "",
        };
        let who = valid(&dir, &["who", &format!("{}{id}", section.key())]);
        assert!(who["facts"].as_array().unwrap().iter().any(|fact| fact["person"] == "ada"), "{who}");
    }
    // Nobody, somebody unknown and no day.
    let text = "deed: 1\nrisks:\n  R-1: { title: Fire, owner: ghost, accepted: {} }\n  R-2: {}\nroles: { it: {} }\n";
    let dir = Dir::with(&[("deed.yaml", text)]);
    let who = valid(&dir, &["who", "risks.R-1"]);
    assert_eq!((&who["facts"][0]["party"], &who["facts"][0]["person"]), (&"ghost".into(), &Value::Null));
    assert_eq!((&who["decisions"][0]["by"], &who["decisions"][0]["level"]), (&Value::Null, &Value::Null));
    assert_eq!(valid(&dir, &["who", "risks.R-2"])["decisions"], serde_json::json!([]));
    valid(&dir, &["who", "roles.it"]);
    // A subject that is gone, one that is not committed, and a clone that does not go back to where it began.
    let dir = Dir::new();
    let repo = story(&dir);
    repo.commit("None").remove("risks.deed.yaml").create();
    assert_eq!(valid(&dir, &["log", "risks.R-1"])["entries"][0]["changes"][0]["after"], Value::Null);
    dir.write("new.deed.yaml", "risks: { R-2: { accepted: { by: ada, date: 2026-03-01 } } }\n");
    assert_eq!(valid(&dir, &["who", "risks.R-2"])["decisions"][0]["level"], "asserted");
    repo.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    let cut = Dir::new();
    let url = format!("file://{}", dir.path().display());
    repo.git(["clone", "--quiet", "--depth=1", &url, &cut.path().join("cut").display().to_string()]);
    for command in ["who", "log"] {
        valid(&cut, &[command, "risks.R-1", "-C", "cut"]);
    }
    assert_eq!(valid(&cut, &["evidence", "-C", "cut"])["complete"], false);
}

/// A policy that Ada approved, below `root`; returns what is said of it.
fn policy(dir: &Dir, root: &str) -> Repo {
    let ada = Identity::new("Ada Moreau", "ada@acme.example");
    let text = "deed: 1\npeople: { ada: { name: Ada Moreau, emails: [ada@acme.example] } }\nroles: { ceo: { layer: executive, \
                held_by: ada, authority: { approve: [policies] } } }\npolicies:\n  p: { title: P, document: ./docs/p.md, owner: \
                ceo, approved: { by: ada, date: 2026-03-01 } }\n";
    let repo = Repo::init(dir.path());
    repo.commit("Policy")
        .author(&ada)
        .at("2026-03-01T09:00:00+0000")
        .write(&format!("{root}docs/p.md"), "Be careful.\nAlways.\n")
        .write(&format!("{root}deed.yaml"), text)
        .create();
    repo
}

/// What is reported of texts: rule and message.
fn of_texts(dir: &Dir) -> Vec<String> {
    let report: Value = serde_json::from_str(&dir.check(&["--format", "json"]).stdout).unwrap();
    let all = report["diagnostics"].as_array().unwrap().iter();
    let of_texts = all.filter(|it| ["outdated-approval", "untracked-document"].iter().any(|rule| it["rule"] == *rule));
    of_texts.map(|it| format!("{}: {}", it["rule"].as_str().unwrap(), it["message"].as_str().unwrap())).collect()
}

#[test]
fn an_approval_covers_the_text_as_it_lies_in_the_working_tree() {
    for root in ["", "isms/"] {
        let dir = Dir::new();
        let repo = policy(&dir, root);
        let document = format!("{root}docs/p.md");
        assert_eq!(of_texts(&dir), [] as [String; 0]);
        dir.write(&document, "Be careful.\nMostly.\n");
        let outdated = "outdated-approval: policy `p` was approved by Ada Moreau on 2026-03-01, and `./docs/p.md` changed since, in the \
                        working tree";
        assert_eq!(of_texts(&dir), [outdated]);
        let evidence = dir.deed(&["evidence"]).stdout;
        assert!(evidence.contains("outdated by what is not committed: `./docs/p.md`"), "{evidence}");
        // Whether it is staged makes no difference, nor does what was staged if the text is put back.
        repo.git(["add", "--all"]);
        assert_eq!(of_texts(&dir), [outdated]);
        dir.write(&document, "Be careful.\nAlways.\n");
        assert_eq!(of_texts(&dir), [] as [String; 0]);
        repo.git(["reset", "--quiet", "--hard"]);
        // The line endings of a checkout are not the author's.
        repo.git(["config", "core.autocrlf", "true"]);
        dir.write(&document, "Be careful.\r\nAlways.\r\n");
        assert_eq!(of_texts(&dir), [] as [String; 0]);
        dir.write(&document, "Be careful.\r\nNever.\r\n");
        assert_eq!(of_texts(&dir), [outdated]);
        // What another program makes of it, Git would have to be asked.
        dir.write(".gitattributes", "*.md filter=lfs\n");
        assert_eq!(of_texts(&dir), [] as [String; 0]);
        repo.git(["update-index", "--split-index"]);
        assert_eq!(of_texts(&dir), [] as [String; 0]);
        // That it is missing is one thing to say, and another rule says it.
        repo.git(["reset", "--quiet", "--hard"]);
        std::fs::remove_file(dir.path().join(&document)).unwrap();
        assert_eq!(of_texts(&dir), [] as [String; 0]);
        assert!(dir.check(&[]).stdout.contains("unknown-reference"), "{}", dir.check(&[]).all());
    }
}

#[test]
fn an_approval_of_what_history_does_not_have_is_told_of() {
    let dir = Dir::new();
    let repo = policy(&dir, "");
    repo.commit("No text").remove("docs/p.md").create();
    dir.write("docs/p.md", "Be careful.\nAlways.\n");
    let said =
        |why: &str| format!("untracked-document: policy `p` was approved by Ada Moreau on 2026-03-01, and {why}");
    assert_eq!(of_texts(&dir), [said("the text of `./docs/p.md` is not in history")]);
    dir.write(".gitignore", "docs/\n");
    assert_eq!(of_texts(&dir), [said("the text of `./docs/p.md` is not in history")]);
    let evidence = valid(&dir, &["evidence"]);
    assert_eq!(evidence["decisions"][0]["problems"], serde_json::json!(["untracked-document"]));
    #[cfg(unix)]
    {
        let link = said("`./docs/p.md` is a symbolic link: no text of it is in history");
        std::fs::remove_file(dir.path().join(".gitignore")).unwrap();
        std::fs::remove_file(dir.path().join("docs/p.md")).unwrap();
        dir.write("real.md", "Be careful.\n");
        std::os::unix::fs::symlink("../real.md", dir.path().join("docs/p.md")).unwrap();
        assert_eq!(of_texts(&dir), [&*link]);
        repo.commit("A link").create();
        assert_eq!(of_texts(&dir), [&*link]);
        // A link in the place of a text that was approved.
        repo.git(["reset", "--quiet", "--hard", "HEAD~2"]);
        std::fs::remove_file(dir.path().join("docs/p.md")).unwrap();
        std::os::unix::fs::symlink("../real.md", dir.path().join("docs/p.md")).unwrap();
        assert!(of_texts(&dir)[0].starts_with("outdated-approval"), "{:?}", of_texts(&dir));
    }
}

#[test]
fn a_mailmap_that_makes_one_of_another_is_told_of_and_not_believed() {
    let dir = Dir::new();
    let repo = story(&dir);
    let levels = |dir: &Dir| dir.deed(&["evidence", "--format", "csv"]).stdout;
    let ambiguous = |dir: &Dir| -> Vec<String> {
        let report: Value = serde_json::from_str(&dir.check(&["--format", "json"]).stdout).unwrap();
        let all = report["diagnostics"].as_array().unwrap().iter();
        let found = all.filter(|it| it["rule"] == "ambiguous-identity");
        found.map(|it| it["message"].as_str().unwrap().to_owned()).collect()
    };
    let before = levels(&dir);
    for (mailmap, shown) in [
        ("Ben Okafor <ben@acme.example> <ada@acme.example>\n", Some("Ben Okafor <ben@acme.example>")),
        ("<ben@acme.example> <ADA@acme.example>\n", Some("Ada Moreau <ben@acme.example>")),
        ("Ben Okafor <ada@acme.example>\n", Some("Ben Okafor <ada@acme.example>")),
        ("Ben Okafor <ben@home.example> <ada@acme.example>\n", Some("Ben Okafor <ben@home.example>")),
        // What is a matter of spelling, or of nobody registered, contradicts nothing.
        ("Ada M. <ada@acme.example>\n", None),
        ("Ada Moreau <ada@home.example> <ada@acme.example>\n", None),
        ("Ben Okafor <ben@acme.example> <ben@home.example>\n", None),
        ("Ben <ben@acme.example> Somebody Else <ada@acme.example>\n", None),
        ("<<<<>>> <\0\u{feff}<ada@acme.example\n", None),
    ] {
        dir.write(".mailmap", mailmap);
        let said = shown.map(|shown| {
            format!("`ada@acme.example` is Ada Moreau's, and `.mailmap` shows it as `{shown}`, who is Ben Okafor")
        });
        assert_eq!(ambiguous(&dir), Vec::from_iter(said), "{mailmap}");
        assert_eq!(levels(&dir), before, "{mailmap}");
    }
    // Nor is it believed when it is committed.
    repo.commit("Map").write(".mailmap", "Ben Okafor <ben@acme.example> <ada@acme.example>\n").create();
    assert_eq!((ambiguous(&dir).len(), levels(&dir)), (1, before));
}
