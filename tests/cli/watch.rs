//! `deed check --watch`, with edits of all sorts going on beside it.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use deed_test::{Identity, Repo};

use crate::harness::{Dir, TODAY};

/// How long something may take to be noticed, on a machine with other things to do.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long nothing may come of what is no news.
const SILENCE: Duration = Duration::from_millis(1500);

/// A check that goes on.
struct Watching {
    child: Child,
    said: Arc<Mutex<String>>,
    complained: Arc<Mutex<String>>,
}

impl Watching {
    fn begin(dir: &Dir, args: &[&str]) -> Self {
        let mut command = dir.command(&[&["check", "--watch", "--today", TODAY], args].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (said, complained) = (gathered(child.stdout.take().unwrap()), gathered(child.stderr.take().unwrap()));
        Self { child, said, complained }
    }

    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    fn complained(&self) -> String {
        self.complained.lock().unwrap().clone()
    }

    /// How often it reported.
    fn reports(&self) -> usize {
        self.said().matches("judged on").count()
    }

    #[track_caller]
    fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !is_so(self) {
            let all = || format!("{what}\n--- stdout\n{}\n--- stderr\n{}", self.said(), self.complained());
            assert!(begin.elapsed() < PATIENCE, "{}", all());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the last that it said is what a check says now.
    #[track_caller]
    fn until_it_agrees(&self, dir: &Dir, args: &[&str]) {
        let check = dir.check(args);
        self.until(&check.stdout, |it| it.said().ends_with(&check.stdout));
    }

    #[track_caller]
    fn stays_silent(&self) {
        let before = (self.said(), self.complained());
        thread::sleep(SILENCE);
        assert_eq!((self.said(), self.complained()), before);
    }

    fn interrupt(mut self) -> Option<i32> {
        let id = self.child.id();
        Command::new("sh").args(["-c", &format!("kill -INT {id}")]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn gathered(mut pipe: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let own = text.clone();
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = pipe.read(&mut bytes) {
            own.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
    });
    text
}

const RULES: &[&str] = &["unknown-reference", "syntax-error", "uncommitted-decision", "weak-evidence"];

fn org() -> Dir {
    Dir::judged_by(
        RULES,
        &[
            ("deed.yaml", "deed: 1\nisms: { owner: ceo }\nroles: { ceo: { layer: executive } }\n"),
            (
                "policies.deed.yaml",
                "policies:\n  access: { title: Access, owner: ceo, document: policies/access.md }\n",
            ),
            ("policies/access.md", "Who may in.\n"),
        ],
    )
}

#[test]
fn it_reports_what_changes_and_nothing_else() {
    let dir = org();
    let watching = Watching::begin(&dir, &[]);
    watching.until("the first report", |it| it.reports() == 1);
    assert!(watching.said().starts_with("All good: 3 manifests"), "{}", watching.said());

    dir.write("deed.yaml", "deed: 1\nisms: { owner: cfo }\nroles: { ceo: { layer: executive } }\n");
    watching.until_it_agrees(&dir, &[]);
    assert!(watching.said().contains("`cfo`"), "{}", watching.said());
    let reports = watching.reports();

    // Neither a comment nor the same text once more is news.
    dir.write("deed.yaml", "deed: 1\nisms: { owner: cfo }\nroles: { ceo: { layer: executive } }\n# So far.\n");
    dir.write("policies.deed.yaml", dir.read("policies.deed.yaml"));
    watching.stays_silent();
    assert_eq!(watching.reports(), reports);

    // As editors save: to a file beside it that then takes its name.
    dir.write(".deed.yaml.swp", "deed: 1\nisms: { owner: ceo }\nroles: { ceo: { layer: executive } }\n");
    std::fs::rename(dir.path().join(".deed.yaml.swp"), dir.path().join("deed.yaml")).unwrap();
    watching.until_it_agrees(&dir, &[]);
    assert!(watching.said().ends_with(&dir.check(&[]).stdout) && watching.reports() == reports + 1);

    // A manifest that is new, in a directory that is; then gone again.
    dir.write("risks/2026/r.deed.yaml", "risks: { R-1: { title: X, owner: coo } }\n");
    watching.until_it_agrees(&dir, &[]);
    assert!(watching.said().contains("`coo`"), "{}", watching.said());
    std::fs::remove_dir_all(dir.path().join("risks")).unwrap();
    watching.until_it_agrees(&dir, &[]);

    // A file that a manifest names.
    std::fs::rename(dir.path().join("policies/access.md"), dir.path().join("policies/a.md")).unwrap();
    watching.until_it_agrees(&dir, &[]);
    assert!(watching.said().contains("policies/access.md"), "{}", watching.said());
    std::fs::rename(dir.path().join("policies/a.md"), dir.path().join("policies/access.md")).unwrap();
    watching.until_it_agrees(&dir, &[]);

    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn a_root_that_goes_and_comes_again_is_waited_for() {
    let dir = org();
    let watching = Watching::begin(&dir, &["org", "--quiet"]);
    watching.until("there is nothing from the start", |it| it.complained().contains("there is no `org`"));
    drop(watching);

    let (deed, rules) = (dir.read("deed.yaml"), dir.read("zz.deed.yaml"));
    let write = |owner: &str| {
        dir.write("org/zz.deed.yaml", &rules);
        dir.write("org/deed.yaml", deed.replace("owner: ceo", &format!("owner: {owner}")));
    };
    write("ceo");
    let watching = Watching::begin(&dir, &["org"]);
    watching.until("the first report", |it| it.reports() == 1);
    std::fs::remove_dir_all(dir.path().join("org")).unwrap();
    watching.until("that it is gone", |it| it.complained().contains("there is no `org`"));
    watching.stays_silent();
    write("cfo");
    watching.until_it_agrees(&dir, &["org"]);
    assert!(watching.said().contains("`cfo`"), "{}", watching.said());
    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn commits_and_branches_count() {
    let dir = org();
    let repo = Repo::init(dir.path());
    let ada = Identity::new("Ada Moreau", "ada@acme.example");
    dir.write("people.deed.yaml", "people: { ada: { name: Ada Moreau, emails: [ada@acme.example] } }\n");
    repo.git(["add", "-A"]);
    repo.commit("Begin").author(&ada).create();
    let watching = Watching::begin(&dir, &[]);
    watching.until("the first report", |it| it.reports() == 1);

    let approved = "policies:\n  access: { title: Access, owner: ceo, document: policies/access.md, approved: { by: ada, date: 2026-01-05 } }\n";
    dir.write("policies.deed.yaml", approved);
    watching.until_it_agrees(&dir, &[]);
    assert!(watching.said().contains("uncommitted-decision"), "{}", watching.said());
    let reports = watching.reports();
    repo.git(["add", "-A"]);
    watching.stays_silent();
    repo.commit("Approve").author(&ada).create();
    watching.until_it_agrees(&dir, &[]);
    assert_eq!(watching.reports(), reports + 1, "{}", watching.said());

    repo.branch("work");
    repo.commit("Somebody else approves")
        .author(&Identity::new("Eve", "eve@acme.example"))
        .write("policies.deed.yaml", approved.replace("2026-01-05", "2026-01-06"))
        .create();
    watching.until_it_agrees(&dir, &[]);
    assert!(watching.said().contains("weak-evidence"), "{}", watching.said());
    for branch in ["main", "work", "main"] {
        repo.switch(branch);
        watching.until_it_agrees(&dir, &[]);
    }
    assert!(!watching.said().contains("syntax-error"), "half of a file was read: {}", watching.said());
    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn what_a_branch_brings_in_is_watched_too() {
    let dir = Dir::judged_by(&["unknown-reference"], &[("deed.yaml", "deed: 1\nisms: { owner: nobody }\n")]);
    let repo = Repo::init(dir.path());
    repo.git(["add", "-A"]);
    repo.commit("What was wrong before").create();
    repo.branch("work");
    let args = ["--since", "main"];
    let watching = Watching::begin(&dir, &args);
    watching.until("the first report", |it| it.said().contains("Nothing new"));
    dir.write("isms.deed.yaml", "isms: { manager: eve }\n");
    watching.until_it_agrees(&dir, &args);
    assert!(watching.said().contains("`eve`"), "{}", watching.said());
    repo.git(["add", "-A"]);
    repo.commit("Bring it in").create();
    repo.git(["branch", "--force", "main", "HEAD"]);
    repo.commit("And go on").write("x.txt", "").create();
    watching.until_it_agrees(&dir, &args);
    assert!(
        watching.said().trim_end().ends_with('.') && watching.said().matches("Nothing new").count() == 2,
        "{}",
        watching.said()
    );
}

/// A whole organisation, with edits from the middle of a word to half of a file gone.
#[test]
fn after_any_edit_it_says_what_a_check_says() {
    let dir = Dir::new();
    let repo = deed_test::example::generate(dir.path()).expect("the example is made");
    let args = ["--statistics"];
    let watching = Watching::begin(&dir, &args);
    watching.until("the first report", |it| it.reports() == 1);
    let edit = |path: &str, from: &str, to: &str| {
        let text = dir.read(path);
        assert!(text.contains(from), "{path} has no {from}");
        dir.write(path, text.replacen(from, to, 1));
        watching.until_it_agrees(&dir, &args);
    };
    edit("deed.yaml", "model: federated", "model: executive-led");
    edit("roles.deed.yaml", "held_by: ada", "held_by: nobody");
    edit("people.deed.yaml", "joined: 2018", "joined: 2099");
    edit("deed.yaml", "  owner: ceo", "  owner: [");
    edit("deed.yaml", "  owner: [", "  owner: ceo");
    let risks: Vec<_> = std::fs::read_dir(dir.path().join("risks")).unwrap().map(|it| it.unwrap().path()).collect();
    let text = std::fs::read_to_string(&risks[0]).unwrap();
    std::fs::write(&risks[0], &text[..text.len() / 2]).unwrap();
    watching.until_it_agrees(&dir, &args);
    std::fs::remove_file(&risks[0]).unwrap();
    watching.until_it_agrees(&dir, &args);
    repo.git(["checkout", "--quiet", "--force", "HEAD"]);
    watching.until_it_agrees(&dir, &args);
    dir.write("policies/cryptography.md", "Another text.\n");
    watching.until_it_agrees(&dir, &args);
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    let dir = org();
    let mut command = dir.command(&["check", "--watch", "--today", TODAY]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut pipe = child.stdout.take().unwrap();
    let mut bytes = [0; 8];
    pipe.read_exact(&mut bytes).unwrap();
    drop(pipe);
    dir.write("deed.yaml", "deed: 1\nisms: { owner: cfo }\n");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_makes_no_sense_beside_it_is_refused() {
    let dir = org();
    let cases: &[&[&str]] = &[
        &["--fix"],
        &["--diff"],
        &["--staged"],
        &["--at", "HEAD"],
        &["--write-baseline"],
        &["--prune-baseline"],
        &["--format", "json"],
        &["-", "--stdin-path", "a.deed.yaml"],
        &["-"],
    ];
    for args in cases {
        let run = dir.check(&[&["--watch"], *args].concat());
        assert_eq!(run.code, 2, "{args:?}: {}", run.all());
    }
    let nowhere = Dir::new();
    assert_eq!(nowhere.check(&["--watch"]).code, 3);
    assert_eq!(nowhere.check(&["--watch", "nowhere"]).code, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_cleared_and_told_how_to_end() {
    let dir = org();
    let deed = format!("exec {} check --watch --today {TODAY}", env!("CARGO_BIN_EXE_deed"));
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--echo", "never", "--command", &deed, "/dev/null"]);
    command.current_dir(dir.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("TERM", "xterm");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut keys = child.stdin.take().unwrap();
    let watching = Watching { said: gathered(child.stdout.take().unwrap()), complained: Arc::default(), child };
    watching.until("the first report", |it| it.said().contains("Watching 3 manifests; Ctrl-C ends."));
    assert!(watching.said().starts_with("\u{1b}[2J\u{1b}[H"), "{:?}", watching.said());
    dir.write("deed.yaml", "deed: 1\nisms: { owner: cfo }\n");
    watching.until("another", |it| it.said().matches("\u{1b}[2J\u{1b}[H").count() == 2 && it.said().contains("cfo"));
    std::io::Write::write_all(&mut keys, b"\x03").unwrap();
    let mut watching = watching;
    assert_eq!(watching.child.wait().unwrap().code(), Some(0));
}
