//! `deed init`: what it writes, what it leaves alone, and the talk on a terminal.

use std::collections::BTreeMap;
use std::path::Path;

use deed_model::{Manifest, Workspace, catalogue};
use deed_syntax::Format;
use deed_test::Repo;
use serde_json::Value;

use crate::harness::{Dir, Run, TODAY};

/// An empty repository of Ben's.
fn repository() -> (Dir, Repo) {
    let dir = Dir::new();
    let repo = Repo::init(dir.path());
    repo.git(["config", "user.name", "Ben Okafor"]);
    repo.git(["config", "user.email", "ben@acme.example"]);
    (dir, repo)
}

const ACME: [&str; 5] = ["init", "--organization", "Acme Pay Ltd", "--owner", "Ada Moreau <ada@acme.example>"];

fn init(dir: &Dir, more: &[&str]) -> Run {
    dir.deed(&[&ACME, more].concat())
}

/// Every file outside of `.git`, and what it holds.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut left = vec![dir.to_owned()];
    while let Some(directory) = left.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
            if path.is_symlink() {
                files.insert(name, Vec::new());
            } else if path.is_dir() && name != ".git" {
                left.push(path);
            } else if path.is_file() {
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn names(dir: &Dir) -> Vec<String> {
    files(dir.path()).into_keys().collect()
}

const MANIFESTS: [&str; 5] =
    ["deed.yaml", "people.deed.yaml", "policies.deed.yaml", "risks.deed.yaml", "soa.deed.yaml"];

/// The register of a directory, read by the model.
fn register(dir: &Dir) -> Workspace {
    let manifest = |(path, text): (String, Vec<u8>)| {
        let parse = deed_syntax::parse_bytes(&text, Format::Yaml);
        assert!(parse.errors().is_empty(), "{path}: {:?}", parse.errors());
        Manifest { path, parse: parse.into() }
    };
    let manifests = files(dir.path()).into_iter().filter(|(path, _)| deed_model::is_manifest(path));
    Workspace::new(manifests.map(manifest).collect())
}

/// How often each rule reports, in the order in which they do.
fn rules(dir: &Dir) -> Vec<(String, String, usize)> {
    let run = dir.check(&["--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let mut rules: Vec<(String, String, usize)> = Vec::new();
    for diagnostic in report["diagnostics"].as_array().unwrap() {
        let [path, rule] = ["path", "rule"].map(|key| diagnostic[key].as_str().unwrap().to_owned());
        match rules.iter_mut().find(|it| it.0 == path && it.1 == rule) {
            Some((.., count)) => *count += 1,
            None => rules.push((path, rule, 1)),
        }
    }
    rules
}

fn log(rules: &[(String, String, usize)]) -> String {
    rules.iter().map(|(path, rule, count)| format!("{path} {rule} {count}\n")).collect()
}

#[test]
fn what_is_left_is_what_only_people_can_decide_in_an_order_to_work_through() {
    let (dir, _repo) = repository();
    let run = init(&dir, &[]);
    insta::assert_snapshot!(run.all(), @r"
    exit 0
    --- stdout
    Wrote
      deed.yaml           the ISMS, federated
      people.deed.yaml    2 people; 2 roles
      policies.deed.yaml  the information security policy, still without a text
      risks.deed.yaml     criteria to accept risk by; no risks yet
      soa.deed.yaml       the 93 controls of Annex A

    What is left, only people can decide: 198 diagnostics, file by file
      1. deed.yaml             4  write the scope; have it and the model approved
      2. people.deed.yaml      4  enter who heads departments, and deputies
      3. policies.deed.yaml    2  write the policy, and have it approved
      4. risks.deed.yaml       1  have the criteria approved; enter the risks
      5. soa.deed.yaml       187  name who owns each control, and because of what
    Begin with `deed check deed.yaml`.
    `deed todo` tells who has to decide what, and `deed decide` records it.

    Nothing is committed yet. When it is as you want it:
      git add deed.yaml people.deed.yaml policies.deed.yaml risks.deed.yaml soa.deed.yaml
      git commit -m 'Begin the register of who owns what'
    ");
    assert!(include_str!("../../README.md").contains(&run.stdout), "the README shows what is said");
    assert_eq!(names(&dir), MANIFESTS);
    insta::assert_snapshot!(log(&rules(&dir)), @r"
    deed.yaml unapproved-isms 1
    deed.yaml missed-management-review 1
    deed.yaml unaudited-control 1
    deed.yaml undeclared-model 1
    people.deed.yaml missing-deputy 2
    people.deed.yaml unacknowledged-role 2
    policies.deed.yaml incomplete-policy-metadata 1
    policies.deed.yaml unapproved-security-policy 1
    risks.deed.yaml unapproved-risk-criteria 1
    soa.deed.yaml unapproved-soa 1
    soa.deed.yaml unjustified-inclusion 93
    soa.deed.yaml unowned-control 93
    ");
    assert_eq!(dir.check(&[]).code, 1);
    assert_eq!(dir.check(&["--diff"]).stdout, "", "nothing is left that a machine is certain of");
    let workspace = register(&dir);
    let ids: Vec<_> = workspace.register().controls.iter().map(|control| control.head.id.as_str()).collect();
    assert!(ids.into_iter().eq(catalogue::controls().iter().map(|control| control.id)));
}

#[test]
fn the_other_models_ask_for_what_they_ask_for() {
    for model in ["centralized", "executive-led"] {
        let (dir, _repo) = repository();
        init(&dir, &["--model", model]);
        insta::assert_snapshot!(model, log(&rules(&dir)));
    }
}

#[test]
fn whoever_is_not_known_is_left_out() {
    let dir = Dir::new();
    Repo::init(dir.path());
    let run = dir.deed(&["init", "--organization", "Acme", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.all());
    let rules = rules(&dir);
    let of_people: Vec<_> = rules.iter().filter(|(path, ..)| path == "people.deed.yaml").collect();
    assert_eq!(of_people.len(), 1, "{of_people:?}");
    assert_eq!((of_people[0].1.as_str(), of_people[0].2), ("vacant-role", 2));
}

#[test]
fn everything_can_be_decided_as_the_comments_say() {
    let (dir, _repo) = repository();
    init(&dir, &["--manager", "Ben Okafor <ben@acme.example>"]);
    let fill = |path: &str, changes: &[(&str, &str)]| {
        let mut text = dir.read(path);
        for (from, to) in changes {
            assert!(text.contains(from), "{path} has no {from:?}");
            text = text.replace(from, to);
        }
        dir.write(path, text);
    };
    let decided = |by: &str| format!("{{ by: {by}, date: {TODAY} }}");
    let (ada, ben, chen) = (decided("ada"), decided("ben"), decided("chen"));
    let scope = "  # scope: What the ISMS covers and where it ends, in a sentence or two (4.3).\n";
    fill("deed.yaml", &[(scope, &format!("  scope: All of it.\n  adopted: {ada}\n  approved: {ada}\n"))]);
    fill(
        "people.deed.yaml",
        &[
            (
                "emails: [ben@acme.example]\n",
                "emails: [ben@acme.example]\n  chen: { name: Chen Li, emails: [chen@acme.example] }\n",
            ),
            ("    held_by: ada\n", &format!("    held_by: ada\n    deputy: chen\n    acknowledged: {ada}\n")),
            ("    held_by: ben\n", &format!("    held_by: ben\n    deputy: chen\n    acknowledged: {ben}\n")),
            (
                "\n  # Whoever heads",
                &format!(
                    "\n  head-of-it: {{ title: Head of IT, layer: owner, held_by: chen, deputy: ben, reports_to: top-management, authority: {{ accept_risk: medium }}, acknowledged: {chen} }}\n  # Whoever heads"
                ),
            ),
        ],
    );
    dir.write("policies/information-security.md", "# We keep what is entrusted to us.\n");
    fill(
        "policies.deed.yaml",
        &[
            ("# document", "document"),
            ("# version", "version"),
            ("# classification: internal", &format!("classification: internal\n    approved: {ada}")),
        ],
    );
    fill("risks.deed.yaml", &[("  tolerance", &format!("  approved: {ada}\n  tolerance"))]);
    fill(
        "soa.deed.yaml",
        &[
            ("version: \"1\"\n", &format!("version: \"1\"\n  approved: {ada}\n")),
            (
                "    status: planned\n",
                &format!(
                    "    status: planned\n    because: [customer contracts]\n    owner: head-of-it\n    accepted: {chen}\n"
                ),
            ),
        ],
    );
    let rules = rules(&dir);
    let left: Vec<_> =
        rules.iter().map(|(_, rule, _)| rule.as_str()).filter(|it| *it != "uncommitted-decision").collect();
    assert_eq!(left, ["unaudited-control", "concentrated-ownership", "uncommunicated-policy"], "{}", log(&rules));
}

#[test]
fn a_second_run_changes_nothing_and_says_what_is_there() {
    let (dir, _repo) = repository();
    let all = ["--editor", "vscode", "--ci", "github", "--hooks"];
    let run = init(&dir, &all);
    assert_eq!(run.code, 0, "{}", run.all());
    let before = files(dir.path());
    let hook = dir.read(".git/hooks/pre-commit");
    for args in [&ACME[..1], &["init", "--yes"], &[&ACME[..], &all].concat()] {
        let run = dir.deed(args);
        assert_eq!(run.code, 0, "{}", run.all());
        assert!(run.stdout.starts_with("Everything is there already:\n  deed.yaml"), "{}", run.all());
        assert!(!run.stdout.contains("git add"), "{}", run.stdout);
        assert_eq!(files(dir.path()), before);
        assert_eq!(dir.read(".git/hooks/pre-commit"), hook);
        assert_eq!(run.stderr.contains("`--organization` changes nothing"), args.len() > 2, "{}", run.all());
    }
}

#[test]
fn what_is_missing_is_written_and_fits_what_is_there() {
    for gone in MANIFESTS {
        let (dir, _repo) = repository();
        init(&dir, &[]);
        let (before, said) = (files(dir.path()), log(&rules(&dir)));
        std::fs::remove_file(dir.path().join(gone)).unwrap();
        let run = init(&dir, &[]);
        assert_eq!(run.code, 0, "{}", run.all());
        assert!(run.stdout.starts_with(&format!("Wrote\n  {gone}  ")), "{}", run.all());
        assert_eq!(files(dir.path()), before, "{gone}");
        assert_eq!(log(&rules(&dir)), said, "{gone}");
    }
    // A register in one manifest, with names of its own.
    let one = "deed: 1\nisms: { organization: Acme, owner: ceo, policy: security }\nroles:\n  ceo: { layer: executive }\nrisks: {}\n";
    let (dir, _repo) = repository();
    dir.write("deed.yaml", one);
    dir.write("people.deed.yaml", "departments: { it: { title: IT } }\n");
    let run = init(&dir, &[]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(
        names(&dir),
        [
            "deed.yaml",
            "people-2.deed.yaml",
            "people.deed.yaml",
            "policies.deed.yaml",
            "risks.deed.yaml",
            "soa.deed.yaml"
        ],
        "{}",
        run.all()
    );
    assert_eq!(dir.read("deed.yaml"), one);
    assert!(
        dir.read("policies.deed.yaml")
            .contains("  security:\n    title: Information security policy\n    owner: ceo\n")
    );
    assert!(!dir.read("risks.deed.yaml").contains("risks: {}"), "they stand in deed.yaml");
    assert!(!log(&rules(&dir)).contains("duplicate"), "{}", log(&rules(&dir)));
    let run = init(&dir, &[]);
    assert!(run.stdout.starts_with("Everything is there already:"), "{}", run.all());
}

#[test]
fn nothing_is_written_over_be_it_a_link_to_nowhere() {
    let (dir, _repo) = repository();
    dir.write(".vscode/extensions.json", "{ /* ours */ }");
    dir.write(".gitlab-ci.yml", "test: { script: [make] }\n");
    std::os::unix::fs::symlink("nowhere.yaml", dir.path().join("soa.deed.yaml")).unwrap();
    let run = init(&dir, &["--editor", "vscode", "--ci", "gitlab"]);
    assert_eq!(run.code, 2, "{}", run.all());
    std::fs::remove_file(dir.path().join("soa.deed.yaml")).unwrap();
    std::os::unix::fs::symlink("nowhere.yaml", dir.path().join(".gitlab")).unwrap();
    let before = files(dir.path());
    let run = init(&dir, &["--editor", "vscode", "--ci", "gitlab"]);
    assert_eq!(run.code, 2, "{}", run.all());
    assert_eq!(files(dir.path()), before, "all or nothing");
    std::fs::remove_file(dir.path().join(".gitlab")).unwrap();
    let run = init(&dir, &["--editor", "vscode", "--ci", "gitlab"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(dir.read(".vscode/extensions.json"), "{ /* ours */ }");
    assert_eq!(dir.read(".gitlab-ci.yml"), "test: { script: [make] }\n");
    for note in
        ["add \"deed-lint.deed\" to its recommendations", "add to its `include`: `- local: .gitlab/deed-check.yml`"]
    {
        assert!(run.stderr.contains(note), "{}", run.all());
    }
    assert!(dir.read(".vscode/settings.json").contains("deed.schema.json"));
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    let (dir, _repo) = repository();
    dir.write(".github", "a file in the way\n");
    let run = init(&dir, &["--ci", "github"]);
    assert_eq!(run.code, 2, "{}", run.all());
    assert!(
        run.stderr.contains("nothing was written") && run.stderr.contains(".github/workflows/deed-check.yml"),
        "{}",
        run.all()
    );
    assert_eq!(names(&dir), [".github"]);
}

#[test]
fn many_at_once_write_it_once() {
    let (dir, _repo) = repository();
    let start = || {
        let mut command = dir.command(&ACME);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    let all: Vec<_> = (0..8).map(|_| start()).collect();
    let all: Vec<Run> = all.into_iter().map(|child| Run::of(child.wait_with_output().unwrap())).collect();
    assert!(all.iter().all(|run| run.code == 0), "{:?}", all.iter().map(Run::all).collect::<Vec<_>>());
    let wrote = all.iter().filter(|run| run.stdout.starts_with("Wrote\n")).count();
    let there = all.iter().filter(|run| run.stdout.starts_with("Everything is there already:\n")).count();
    assert_eq!((wrote, there), (1, 7));
    let (alone, _repo) = repository();
    init(&alone, &[]);
    assert_eq!(names(&dir), names(&alone), "{:?}", all.iter().map(Run::all).collect::<Vec<_>>());
    assert!(files(dir.path()) == files(alone.path()), "the same as if one had done it");
}

/// Each for another organisation, in a directory that is not there, after different times.
#[test]
fn of_several_that_begin_at_once_one_writes_all_and_the_others_see_it() {
    for round in 0..6_u64 {
        let dir = Dir::new();
        let start = |nth: u64| {
            std::thread::sleep(std::time::Duration::from_millis(nth * round));
            let name = format!("Acme {nth}");
            let mut command = dir.command(&["init", "--git", "--hooks", "--yes", "--organization", &name, "new/acme"]);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        };
        let all: Vec<_> = (0..5).map(start).collect();
        let all: Vec<Run> = all.into_iter().map(|child| Run::of(child.wait_with_output().unwrap())).collect();
        let told = all.iter().map(Run::all).collect::<Vec<_>>().join("\n");
        assert!(all.iter().all(|run| run.code == 0), "{told}");
        let wrote: Vec<usize> = (0..5).filter(|nth| all[*nth].stdout.starts_with("Wrote\n")).collect();
        let [winner] = wrote.as_slice() else { panic!("{told}") };
        assert!(dir.read("new/acme/deed.yaml").contains(&format!("Acme {winner}\n")), "{told}");
        let (alone, _repo) = repository();
        init(&alone, &[]);
        let there: Vec<String> = files(&dir.path().join("new/acme")).into_keys().collect();
        assert_eq!(there, files(alone.path()).into_keys().collect::<Vec<_>>(), "{told}");
        let repo = Repo::open(&dir.path().join("new/acme"));
        assert!(repo.git(["status", "--porcelain"]).starts_with("?? "));
        assert!(dir.path().join("new/acme/.git/hooks/pre-commit").exists());
    }
}

#[test]
fn names_are_quoted_as_yaml_wants_it() {
    for name in [
        "Acme: \"Pay\" & Söhne",
        "# Acme",
        "yes",
        "1.0",
        "null",
        "{acme}",
        "- Acme",
        "Acme 💳 株式会社",
        "a\\b",
        "'",
        "@acme",
        "Acme #1",
        "[x, y]",
        "%",
        "Acme :",
        "!tag",
        "*a",
        "&a",
        "|",
        ">",
        "...",
        "---",
        "{{ acme }}",
    ] {
        let (dir, _repo) = repository();
        let (organization, owner) = (format!("--organization={name}"), format!("--owner={name} <ada@acme.example>"));
        let run = dir.deed(&["init", &organization, &owner]);
        assert_eq!(run.code, 0, "{name}: {}", run.all());
        let workspace = register(&dir);
        let isms = workspace.register().isms().unwrap();
        assert_eq!(isms.organization.as_ref().unwrap().value, name);
        let owner = workspace.register().people.iter().next().unwrap();
        assert_eq!(owner.name.as_ref().unwrap().value, name.trim_matches('"'));
        assert!(!log(&rules(&dir)).contains(" schema-violation"), "{name}: {}", log(&rules(&dir)));
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let (dir, _repo) = repository();
    let cases: &[(&[&str], &str)] = &[
        (&["--organization", ""], "it is empty"),
        (&["--organization", "two\nlines"], "must be one line"),
        (&["--organization", "\u{1b}[31mred"], "must be one line"),
        (&["--organization", "Acme", "--model", "federal"], "federated"),
        (&["--organization", "Acme", "--owner", "ada@acme.example"], "write a name and an e-mail address"),
        (&["--organization", "Acme", "--owner", "Ada <ada>"], "no e-mail address"),
        (&["--organization", "Acme", "--manager", "Ada <ada@ac\nme>"], "no e-mail address"),
        (&["--organization", "Acme", "--ci", "jenkins"], "github"),
        (&["--organization", "Acme", ".git/x"], "in no working tree"),
        (&[], "whose register is it?"),
    ];
    for (args, why) in cases {
        let run = dir.deed(&[&["init"], *args].concat());
        assert_eq!(run.code, 2, "{args:?}: {}", run.all());
        assert!(run.stderr.contains(why), "{args:?}: {}", run.all());
        assert_eq!(names(&dir), [""; 0], "{args:?}");
    }
    dir.write("isms.deed.yaml", "isms: { organization: [\n");
    let run = init(&dir, &[]);
    assert!(run.code == 2 && run.stderr.contains("`deed check isms.deed.yaml` shows them"), "{}", run.all());
    dir.write("isms.deed.yaml", "");
    dir.write("deed.yaml", "deed: 1\n");
    let run = init(&dir, &["sub/x"]);
    assert!(run.code == 2 && run.stderr.contains("belongs to the register that has its root in `.`"), "{}", run.all());
    let run = init(&dir, &["deed.yaml"]);
    assert!(run.code == 2 && run.stderr.contains("is a file"), "{}", run.all());
}

#[test]
fn people_get_ids_of_their_own_and_one_person_may_be_both() {
    let (dir, _repo) = repository();
    init(&dir, &["--manager", "Ada Okafor <okafor@acme.example>"]);
    let workspace = register(&dir);
    let ids: Vec<_> = workspace.register().people.iter().map(|person| person.head.id.clone()).collect();
    assert_eq!(ids, ["ada", "ada-okafor"]);
    let (dir, _repo) = repository();
    init(&dir, &["--manager", "A. Moreau <ADA@acme.example>"]);
    assert_eq!(register(&dir).register().people.iter().count(), 1);
    assert_eq!(dir.read("people.deed.yaml").matches("held_by: ada\n").count(), 2);
}

#[test]
fn outside_of_a_repository_one_is_made_when_asked_for() {
    let dir = Dir::new();
    let run = init(&dir, &["--yes"]);
    assert_eq!(run.code, 2, "{}", run.all());
    assert!(run.stderr.contains("`deed init --git` makes one"), "{}", run.all());
    assert_eq!(names(&dir), [""; 0]);
    let run = init(&dir, &["--git", "--hooks", "it's here/acme"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(run.stdout.contains("Made a Git repository in `it's here/acme`."), "{}", run.all());
    let commands: Vec<_> = run.stdout.lines().filter_map(|line| line.strip_prefix("  git ")).collect();
    for command in &commands {
        let identity = "-c user.name=Ben -c user.email=ben@acme.example -c commit.gpgsign=false";
        let script = format!("git {identity} {command}");
        let ran = std::process::Command::new("sh").args(["-c", &script]).current_dir(dir.path()).output().unwrap();
        assert!(ran.status.success(), "{script}: {ran:?}");
    }
    let repo = Repo::open(&dir.path().join("it's here/acme"));
    assert_eq!(repo.git(["status", "--porcelain"]), "");
    assert_eq!(repo.git(["branch", "--show-current"]).trim(), "main");
    assert_eq!(commands.len(), 2);
}

#[test]
fn decisions_are_adopted_on_the_branch_that_all_work_comes_together_on() {
    let branch = |dir: &Dir| register(dir).register().evidence().unwrap().branch.as_ref().unwrap().value.clone();
    let (dir, repo) = repository();
    repo.commit("Start").write("README.md", "").create();
    repo.branch("work/begin");
    init(&dir, &[]);
    assert_eq!(branch(&dir), "main");
    let (dir, repo) = repository();
    repo.git(["symbolic-ref", "HEAD", "refs/heads/trunk,{1}"]);
    init(&dir, &[]);
    assert_eq!(branch(&dir), "trunk,{1}", "before the first commit it is the one that HEAD is on");
    let (dir, repo) = repository();
    repo.git(["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop"]);
    init(&dir, &["--ci", "github"]);
    assert_eq!(branch(&dir), "develop");
    assert!(dir.read(".github/workflows/deed-check.yml").contains("branches: [develop]\n"));
}

#[test]
fn a_root_further_down_is_where_ci_looks() {
    let (dir, _repo) = repository();
    let run = init(&dir, &["grc/isms", "--ci", "github", "--editor", "vscode"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(dir.read(".github/workflows/deed-check.yml").contains("path: grc/isms\n"), "{}", run.all());
    assert!(dir.read(".vscode/extensions.json").contains("deed-lint.deed"));
    assert!(run.stdout.contains("`deed check grc/isms/deed.yaml`"), "{}", run.all());
    let run = init(&dir, &["grc/isms", "--ci", "gitlab"]);
    assert!(dir.read(".gitlab/deed-check.yml").contains("DEED_PATH: grc/isms\n"), "{}", run.all());
}

#[test]
fn a_dry_run_shows_all_and_writes_nothing() {
    let dir = Dir::new();
    let args = ["--dry-run", "--git", "--hooks", "--ci", "github"];
    let run = init(&dir, &args);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(run.stderr.contains("it would also make a repository and install the hook"), "{}", run.all());
    assert!(std::fs::read_dir(dir.path()).unwrap().next().is_none());
    dir.write("all.patch", &run.stdout);
    let patched =
        std::process::Command::new("patch").args(["-p0", "-s", "-i", "all.patch"]).current_dir(dir.path()).output();
    if patched.is_ok_and(|patched| patched.status.success()) {
        let shown = files(dir.path()).into_iter().filter(|(name, _)| name != "all.patch").collect::<BTreeMap<_, _>>();
        let other = Dir::new();
        init(&other, &args[1..]);
        assert_eq!(shown, files(other.path()));
    }
}

#[cfg(target_os = "linux")]
mod on_a_terminal {
    use std::io::{Read as _, Write as _};
    use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

    use super::*;

    /// `deed init` on a terminal of its own.
    struct Talk {
        child: Child,
        keys: Option<ChildStdin>,
        screen: ChildStdout,
        seen: String,
    }

    impl Talk {
        fn begin(dir: &Dir, args: &str) -> Self {
            let mut command = Command::new("script");
            let deed = format!("{} init {args}", env!("CARGO_BIN_EXE_deed"));
            command.args(["--quiet", "--return", "--echo", "never", "--command", &deed, "/dev/null"]);
            command
                .current_dir(dir.path())
                .env_clear()
                .env("PATH", std::env::var_os("PATH").unwrap())
                .env("TERM", "dumb");
            let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            let (keys, screen) = (child.stdin.take(), child.stdout.take().unwrap());
            Self { child, keys, screen, seen: String::new() }
        }

        /// Waits until the screen says that.
        fn see(&mut self, what: &str) -> &mut Self {
            let mut bytes = [0; 1];
            while !self.seen.ends_with(what) {
                let read = self.screen.read(&mut bytes).unwrap();
                assert!(read > 0, "the talk ended before {what:?}:\n{}", self.seen);
                self.seen.push(char::from(bytes[0]));
            }
            self
        }

        fn type_in(&mut self, keys: &str) -> &mut Self {
            self.keys.as_mut().unwrap().write_all(keys.as_bytes()).unwrap();
            self
        }

        /// Closes the line, waits for the end, and returns the exit code.
        fn end(&mut self) -> i32 {
            let mut rest = Vec::new();
            self.screen.read_to_end(&mut rest).unwrap();
            self.seen.push_str(&String::from_utf8_lossy(&rest));
            drop(self.keys.take());
            self.child.wait().unwrap().code().unwrap()
        }
    }

    #[test]
    fn what_no_option_says_is_asked_until_it_makes_sense() {
        let (dir, _repo) = repository();
        let mut talk = Talk::begin(&dir, "--ci github");
        talk.see("Organisation [").see("]: ").type_in("Acme Pay Ltd\n");
        talk.see("3 executive-led")
            .see("Which [federated]: ")
            .type_in("4\n")
            .see("a number of the list")
            .see("]: ")
            .type_in("1\n");
        talk.see("Accountable executive")
            .see("[not known yet]: ")
            .type_in("Ada\n")
            .see("write a name and an e-mail address");
        talk.see("[not known yet]: ").type_in("Ada Moreau <ada@acme.example>\n");
        talk.see("Custodian").see("[Ben Okafor <ben@acme.example>]: ").type_in("\n");
        talk.see("Settings for VS Code? [y/N]: ")
            .type_in("perhaps\n")
            .see("answer y or n")
            .see("[y/N]: ")
            .type_in("y\n");
        talk.see("Have Git check each commit? [Y/n]: ").type_in("n\n");
        assert_eq!(talk.end(), 0, "{}", talk.seen);
        let workspace = register(&dir);
        let isms = workspace.register().isms().unwrap();
        assert_eq!(isms.organization.as_ref().unwrap().value, "Acme Pay Ltd");
        assert_eq!(workspace.register().model(), Some(deed_model::OwnershipModel::Centralized));
        let people: Vec<_> = workspace.register().people.iter().map(|person| person.head.id.clone()).collect();
        assert_eq!(people, ["ada", "ben"]);
        assert!(
            dir.path().join(".vscode/extensions.json").exists() && !dir.path().join(".git/hooks/pre-commit").exists()
        );
    }

    #[test]
    fn breaking_off_leaves_nothing() {
        let questions = [
            "Make one? [Y/n]: ",
            "Organisation [",
            "Which [federated]: ",
            "Accountable executive",
            "Custodian",
            "VS Code?",
        ];
        for (keys, code) in [("\u{3}", 130), ("\u{4}", 2)] {
            for last in questions {
                let dir = Dir::new();
                let mut talk = Talk::begin(&dir, "");
                for question in questions {
                    talk.see(question);
                    if question == last {
                        break;
                    }
                    talk.type_in("\n");
                }
                talk.type_in(keys);
                assert_eq!(talk.end(), code, "{last}: {}", talk.seen);
                assert!(std::fs::read_dir(dir.path()).unwrap().next().is_none(), "{last}");
            }
        }
    }

    #[test]
    fn nothing_is_asked_that_is_known() {
        let (dir, _repo) = repository();
        init(&dir, &["--editor", "vscode", "--ci", "gitlab", "--hooks"]);
        let mut talk = Talk::begin(&dir, "");
        assert_eq!(talk.end(), 0);
        assert!(talk.seen.trim_start().starts_with("Everything is there already"), "{}", talk.seen);
    }
}

#[test]
fn what_an_earlier_run_wrote_waits_for_the_same_first_commit() {
    let (dir, repo) = repository();
    init(&dir, &[]);
    let run = init(&dir, &["--ci", "github"]);
    let add = run.stdout.lines().map(str::trim).find(|line| line.starts_with("git add ")).unwrap();
    for path in [".github/workflows/", " deed.yaml", " people.deed.yaml", " soa.deed.yaml"] {
        assert!(add.contains(path), "{path}: {}", run.all());
    }
    // Once there is a commit, only what is new is to be added.
    repo.commit("Begin").at("2026-01-05T09:00:00+0000").create();
    std::fs::remove_dir_all(dir.path().join(".github")).unwrap();
    let run = init(&dir, &["--ci", "gitlab"]);
    assert!(run.stdout.contains("  git add .gitlab-ci.yml .gitlab/deed-check.yml\n"), "{}", run.all());
}
