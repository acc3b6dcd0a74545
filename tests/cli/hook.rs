//! `deed hook`, with the real Git running what it installs.

use std::path::Path;
use std::process::Output;

use deed_test::{Identity, Key, Repo};

use crate::harness::Dir;

fn org() -> (Dir, Repo) {
    let dir = Dir::judged_by(&["unknown-reference"], &[("deed.yaml", "deed: 1\nisms: { owner: nobody }\n")]);
    let repo = Repo::init(dir.path());
    repo.git(["add", "-A"]);
    repo.commit("What was wrong before").at("2026-01-05T09:00:00+0000").create();
    (dir, repo)
}

fn try_commit(dir: &Dir, repo: &Repo, text: &str) -> Output {
    dir.write("isms.deed.yaml", text);
    repo.git(["add", "-A"]);
    repo.command(["commit", "-q", "-m", "x"]).output().unwrap()
}

fn script(dir: &Dir, path: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    dir.write(path, text);
    std::fs::set_permissions(dir.path().join(path), std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn is_there(dir: &Dir, path: &str) -> bool {
    Path::new(&dir.path().join(path)).symlink_metadata().is_ok()
}

#[test]
fn a_commit_that_brings_in_errors_is_stopped() {
    let (dir, repo) = org();
    let run = dir.deed(&["hook", "install"]);
    let installed = "installed `pre-commit`, `commit-msg` and `pre-push` in `.git/hooks`\n";
    assert_eq!((run.code, run.stdout.as_str()), (0, installed), "{}", run.all());
    let bad = try_commit(&dir, &repo, "isms: { manager: eve }\n");
    assert!(
        !bad.status.success() && String::from_utf8_lossy(&bad.stdout).contains("`eve`")
            || String::from_utf8_lossy(&bad.stderr).contains("`eve`"),
        "{bad:?}"
    );
    assert!(try_commit(&dir, &repo, "x-note: well\n").status.success());
    assert!(dir.deed(&["hook", "install"]).stdout.contains("are installed in `.git/hooks` already"));
    assert!(dir.deed(&["hook", "uninstall"]).stdout.contains("removed"));
    assert!(!is_there(&dir, ".git/hooks/pre-commit"));
    assert!(dir.deed(&["hook", "uninstall"]).stdout.contains("no hook in `.git/hooks` is Deed's"));
    assert!(try_commit(&dir, &repo, "isms: { manager: eve }\n").status.success());
}

#[test]
fn a_hook_that_is_there_runs_first_and_is_put_back() {
    let (dir, repo) = org();
    let old = "#!/bin/sh\necho ran >>ran.log\n[ ! -e stop ]\n";
    script(&dir, ".git/hooks/pre-commit", old);
    assert!(dir.deed(&["hook", "install"]).stdout.contains("runs first"));
    assert!(dir.deed(&["hook", "install"]).stdout.contains("are installed in `.git/hooks` already"));
    assert!(!try_commit(&dir, &repo, "isms: { manager: eve }\n").status.success());
    assert_eq!(dir.read("ran.log"), "ran\n");
    dir.write("stop", "");
    assert!(!try_commit(&dir, &repo, "x-note: well\n").status.success(), "what was there may stop a commit as before");
    dir.deed(&["hook", "uninstall"]);
    assert_eq!(dir.read(".git/hooks/pre-commit"), old);
    assert!(!is_there(&dir, ".git/hooks/pre-commit.before-deed"));
}

#[test]
fn the_directory_that_git_is_told_of_counts_from_wherever_it_is_asked() {
    let (dir, repo) = org();
    repo.git(["config", "core.hooksPath", ".githooks"]);
    dir.write("sub/x.txt", "");
    let run = dir.deed(&["hook", "install", "-C", "sub", "pre-commit"]);
    assert_eq!(run.stdout, "installed `pre-commit` in `.githooks`\n", "{}", run.all());
    assert!(!try_commit(&dir, &repo, "isms: { manager: eve }\n").status.success());
    let nowhere = Dir::new();
    let run = nowhere.deed(&["hook", "install"]);
    assert_eq!(run.code, 2, "{}", run.all());
}

#[test]
fn hooks_of_all_repositories_are_not_changed_by_the_way() {
    let (dir, repo) = org();
    let home = Dir::new();
    let shared = home.path().join("hooks");
    home.write(".gitconfig", format!("[core]\n\thooksPath = {}\n", shared.display()));
    let run = |args: &[&str]| {
        let output = dir.command(args).env("HOME", home.path()).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    for what in ["install", "uninstall"] {
        let (code, said) = run(&["hook", what]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("`core.hooksPath` has all your repositories run the hooks in"), "{said}");
        assert!(said.contains("`git config --local core.hooksPath .git/hooks`") && said.contains("--global"), "{said}");
    }
    assert!(!shared.exists());
    let (code, said) = run(&["hook", "install", "--global"]);
    assert!(code == Some(0) && shared.join("pre-commit").exists(), "{said}");
    let (code, said) = run(&["hook", "uninstall", "--global"]);
    assert!(code == Some(0) && !shared.join("pre-commit").exists(), "{said}");
    // The way out leads out, and a path from the top of each is each one's own.
    repo.git(["config", "--local", "core.hooksPath", ".git/hooks"]);
    assert_eq!(run(&["hook", "install"]).0, Some(0));
    assert!(is_there(&dir, ".git/hooks/pre-commit"));
    repo.git(["config", "--local", "--unset", "core.hooksPath"]);
    home.write(".gitconfig", "[core]\n\thooksPath = .githooks\n");
    assert_eq!(
        run(&["hook", "install"]),
        (Some(0), "installed `pre-commit`, `commit-msg` and `pre-push` in `.githooks`\n".to_owned())
    );
    // Where a register begins it is the same.
    home.write(".gitconfig", format!("[core]\n\thooksPath = {}\n", shared.display()));
    let new = Dir::new();
    let (code, said) = run(&["init", new.path().to_str().unwrap(), "--git", "--yes", "--hooks"]);
    assert!(code == Some(2) && said.contains("no hook is installed") && said.contains("--local"), "{said}");
    assert!(!shared.join("pre-commit").exists());
}

const PEOPLE: &str = "\
deed: 1
isms: { owner: ceo, manager: ciso }
evidence: { branch: main, grace: 20y, require: { default: attributed } }
roles:
  ceo: { layer: executive, held_by: ada, authority: { accept_risk: critical } }
  ciso: { layer: isms, held_by: ben }
  head: { layer: owner, held_by: eve }
people:
  ada: { name: Ada Moreau, emails: [ada@acme.example] }
  ben: { name: Ben Okafor, emails: [ben@acme.example] }
  eve: { name: Eve Laurent, emails: [eve@acme.example] }
";
const SOUND: &str = "risks:\n  R-1: { title: Terminals, owner: head }\n";
const CUSTODIAN: &str = "risks:\n  R-1: { title: Terminals, owner: head }\n  R-2: { title: Backups, owner: ciso }\n";
const FORGED: &str = "\
risks:
  R-1:
    title: Terminals
    owner: head
    accepted: { by: ada, date: 2026-01-05, until: 2099-06-30 }
";

/// A server whose evidence branch has a register, and a clone of it.
struct Server {
    _dir: Dir,
    bare: std::path::PathBuf,
    clone: Repo,
    clone_dir: Dir,
}

impl Server {
    fn new(options: &[(&str, &str)]) -> Self {
        Self::judging(&["custodian-owns-risk", "weak-evidence", "unguarded-governance-change"], options)
    }

    fn judging(rules: &[&str], options: &[(&str, &str)]) -> Self {
        let dir = Dir::new();
        let bare = dir.path().join("server.git");
        let server = Repo::init_with(&bare, &["--bare"]);
        for (name, value) in options {
            server.git(["config", name, value]);
        }
        let clone_dir = Dir::judged_by(rules, &[("deed.yaml", PEOPLE), ("risks.deed.yaml", SOUND)]);
        let clone = Repo::init(clone_dir.path());
        let run = dir.deed(&["hook", "install", "-C", bare.to_str().unwrap()]);
        assert!(run.stdout.contains("pre-receive") && !run.stdout.contains("pre-commit"), "{}", run.all());
        clone.git(["remote", "add", "origin", bare.to_str().unwrap()]);
        let server = Self { _dir: dir, bare, clone, clone_dir };
        server.commit("Begin", "ada");
        let (pushed, said) = server.push(&["main"]);
        assert!(pushed && said.contains("`main` is new"), "{said}");
        server
    }

    fn commit(&self, message: &str, who: &str) {
        self.clone.git(["add", "-A"]);
        let mut commit = self.clone.command(["commit", "-q", "-m", message]);
        for role in ["AUTHOR", "COMMITTER"] {
            commit.env(format!("GIT_{role}_NAME"), who).env(format!("GIT_{role}_EMAIL"), format!("{who}@acme.example"));
        }
        let done = commit.output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }

    /// Eve merges.
    fn merge(&self, words: &[&str]) {
        let eve = ["-c", "user.name=eve", "-c", "user.email=eve@acme.example", "merge", "-q"];
        self.clone.git(eve.iter().chain(words));
    }

    fn push(&self, what: &[&str]) -> (bool, String) {
        let done = self.clone.try_git([&["push", "origin"], what].concat());
        (done.status.success(), String::from_utf8_lossy(&done.stderr).into_owned())
    }

    fn tip(&self, name: &str) -> Option<String> {
        let done = Repo::open(&self.bare).try_git(["rev-parse", "--verify", "-q", name]);
        done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
    }

    /// Pushes what the files say now, and expects it to be refused; the branch is then as it was.
    fn refused(&self, files: &[(&str, &str)], because: &str) {
        let before = self.tip("main");
        files.iter().for_each(|(path, text)| self.clone_dir.write(path, text));
        self.commit("Try", "eve");
        let (pushed, said) = self.push(&["main"]);
        let why = ["`main` stays as it is", "`main` is the evidence branch"].iter().any(|why| said.contains(why));
        assert!(!pushed && said.contains(because) && why, "{said}");
        assert_eq!(self.tip("main"), before);
        self.clone.git(["reset", "-q", "--hard", "origin/main"]);
    }
}

#[test]
fn a_server_takes_nothing_that_breaks_the_rules_before_it() {
    // A small push is kept as single objects, a large one as a pack.
    for unpack in ["100", "1"] {
        let server = Server::new(&[("receive.unpackLimit", unpack)]);
        server.refused(&[("risks.deed.yaml", CUSTODIAN)], "custodian-owns-risk");
        server.refused(&[("risks.deed.yaml", FORGED)], "weak-evidence");

        server.clone_dir.write("risks.deed.yaml", format!("{SOUND}  R-3: {{ title: Fire, owner: head }}\n"));
        server.commit("Another risk", "eve");
        let (pushed, said) = server.push(&["main"]);
        assert!(pushed && !said.contains("remote:"), "{said}");
        assert_eq!(server.tip("main"), Some(server.clone.id("HEAD")));

        // What was wrong before is no reason, and the decider's own commit is proof.
        server.clone_dir.write("risks.deed.yaml", FORGED);
        server.commit("Accept it", "ada");
        let (pushed, said) = server.push(&["main"]);
        assert!(pushed, "{said}");
    }
}

#[test]
fn a_push_does_not_weaken_the_rule_it_breaks() {
    let server = Server::new(&[]);
    let settings = server.clone_dir.read("zz.deed.yaml");
    let off = format!("{settings}    custodian-owns-risk: allow\n    unguarded-governance-change: allow\n");
    server.refused(&[("risks.deed.yaml", CUSTODIAN), ("zz.deed.yaml", &off)], "custodian-owns-risk");
    let ignored = CUSTODIAN.replace("owner: ciso }", "owner: ciso } # deed: ignore[custodian-owns-risk] soon");
    server.refused(&[("risks.deed.yaml", &ignored)], "custodian-owns-risk");
    let ignored = format!(
        "{settings}  ignore:\n    - {{ rule: custodian-owns-risk, reason: soon, owner: ceo, until: 2099-01-01 }}\n"
    );
    server.refused(&[("risks.deed.yaml", CUSTODIAN), ("zz.deed.yaml", &ignored)], "custodian-owns-risk");
    let less = PEOPLE.replace("default: attributed", "default: recorded");
    server.refused(&[("risks.deed.yaml", FORGED), ("deed.yaml", &less)], "weak-evidence");
    // Another branch for evidence, on which nothing of this would count.
    let elsewhere = PEOPLE.replace("branch: main", "branch: other");
    server.refused(&[("risks.deed.yaml", FORGED), ("deed.yaml", &elsewhere)], "weak-evidence");
    // Another address for the decider.
    let address = PEOPLE.replace("emails: [ada@acme.example]", "emails: [ada@acme.example, eve@acme.example]");
    let address = address.replace("emails: [eve@acme.example] }", "emails: [eve2@acme.example] }");
    server.refused(&[("risks.deed.yaml", FORGED), ("deed.yaml", &address)], "weak-evidence");
    server.refused(&[("risks.deed.yaml", "risks: [\n"), ("deed.yaml", &less)], "error");
}

#[test]
fn what_a_push_says_of_people_counts_for_later_ones() {
    let server = Server::judging(&["weak-evidence"], &[]);
    let address = PEOPLE.replace("emails: [ada@acme.example]", "emails: [ada@acme.example, ada@new.example]");
    let decide = |who: &str| {
        server.clone_dir.write("risks.deed.yaml", FORGED);
        server.clone.git(["add", "-A"]);
        let mut commit = server.clone.command(["commit", "-q", "-m", "Accept it"]);
        for role in ["AUTHOR", "COMMITTER"] {
            commit.env(format!("GIT_{role}_NAME"), "ada").env(format!("GIT_{role}_EMAIL"), who);
        }
        assert!(commit.status().unwrap().success());
    };
    server.clone_dir.write("deed.yaml", &address);
    server.commit("Another address", "ben");
    let with_address = server.clone.id("HEAD");
    decide("ada@new.example");
    let (pushed, said) = server.push(&["main"]);
    assert!(!pushed && said.contains("weak-evidence"), "{said}");
    // One after the other is fine.
    let (pushed, said) = server.push(&[&format!("{with_address}:refs/heads/main")]);
    assert!(pushed, "{said}");
    let (pushed, said) = server.push(&["main"]);
    assert!(pushed, "{said}");
}

#[test]
fn no_trick_gets_a_forged_decision_past_the_server() {
    let rules = ["weak-evidence", "uncommitted-decision", "custodian-owns-risk"];
    let server = Server::judging(&rules, &[]);
    let dir = &server.clone_dir;
    // A decision of another subject's, taken over by an alias.
    dir.write("risks.deed.yaml", FORGED);
    server.commit("Accept it", "ada");
    assert!(server.push(&["main"]).0);
    let alias = FORGED.replace("  R-1:\n", "  R-1: &one\n") + "  R-2:\n    <<: *one\n    title: Catastrophe\n";
    server.refused(&[("risks.deed.yaml", &alias)], "weak-evidence");
    let decided = FORGED.replace("accepted:", "accepted: &it") + "  R-2: { title: x, owner: head, accepted: *it }\n";
    server.refused(&[("risks.deed.yaml", &decided)], "weak-evidence");
    // What history does not read: a link, a name that is no text.
    dir.write(
        "r.txt",
        "risks:\n  R-5: { title: x, owner: head, accepted: { by: ada, date: 2026-01-05, until: 2099-06-30 } }\n",
    );
    std::os::unix::fs::symlink("r.txt", dir.path().join("link.deed.yaml")).unwrap();
    server.refused(&[], "history does not see `link.deed.yaml`");
    // A root of its own within the register.
    let nested = "deed: 1\nevidence: { branch: main }\nroles:\n  ceo: { layer: executive, held_by: ada }\n\
                  people:\n  ada: { name: Ada, emails: [ada@acme.example] }\n";
    server.refused(&[("n/deed.yaml", nested), ("n/risks.deed.yaml", FORGED)], "weak-evidence");
    // A manifest so long that nobody reads it, gone again in the next commit.
    let before = server.tip("main");
    dir.write("long.deed.yaml", "#".repeat(17 << 20) + "\n");
    server.commit("Long", "eve");
    std::fs::remove_file(dir.path().join("long.deed.yaml")).unwrap();
    dir.write("risks.deed.yaml", FORGED.replace("2026-01-05", "2026-01-06"));
    server.commit("Short", "eve");
    let (pushed, said) = server.push(&["main"]);
    assert!(!pushed && said.contains("would not be whole"), "{said}");
    server.clone.git(["reset", "-q", "--hard", "origin/main"]);
    // A line of one's own, into which the branch is merged.
    server.clone.git(["checkout", "-q", "--orphan", "own"]);
    dir.write("risks.deed.yaml", FORGED.replace("2026-01-05", "2026-01-07"));
    server.commit("Mine", "eve");
    server.merge(&["--allow-unrelated-histories", "-s", "ours", "-m", "m", "main"]);
    let (pushed, said) = server.push(&["HEAD:main"]);
    assert!(!pushed && said.contains("into another line"), "{said}");
    assert_eq!(server.tip("main"), before);
    server.clone.git(["checkout", "-q", "-f", "main"]);
    // Another name for the branch.
    Repo::open(&server.bare).git(["symbolic-ref", "refs/heads/trunk", "refs/heads/main"]);
    dir.write("risks.deed.yaml", FORGED.replace("2026-01-05", "2026-01-08"));
    server.commit("Try", "eve");
    assert!(!server.push(&["HEAD:trunk"]).0);
    assert_eq!(server.tip("main"), before);
}

#[test]
fn nothing_is_hidden_behind_the_edge_of_a_shallow_clone() {
    let server = Server::new(&[("receive.shallowUpdate", "true")]);
    let (dir, clone) = (&server.clone_dir, &server.clone);
    clone.branch("side");
    dir.write("risks.deed.yaml", FORGED);
    server.commit("Forge it", "eve");
    dir.write("x.txt", "x");
    server.commit("More", "eve");
    clone.switch("main");
    dir.write("y.txt", "y");
    server.commit("Meanwhile", "eve");
    server.merge(&["--no-ff", "-m", "m", "side"]);
    dir.write(".git/shallow", clone.id("side") + "\n");
    let before = server.tip("main");
    let (pushed, said) = server.push(&["main"]);
    assert!(!pushed && said.contains("stands on commits that are not here"), "{said}");
    // As a draft it is taken: from then on the server is shallow itself, and what is judged is as whole as it was.
    let (pushed, said) = server.push(&["side"]);
    assert!(pushed && server.bare.join("shallow").exists(), "{said}");
    let (pushed, said) = server.push(&["main"]);
    assert!(!pushed && said.contains("stands on commits that are not here"), "{said}");
    assert_eq!(server.tip("main"), before);
    std::fs::remove_file(dir.path().join(".git/shallow")).unwrap();
    clone.git(["reset", "-q", "--hard", "origin/main"]);
    server.refused(&[("risks.deed.yaml", FORGED)], "weak-evidence");
    // A clone without the beginning, whose push has all that is new.
    let shallow = Repo::open(&server.bare).cloned(&["--depth=1".to_owned()]);
    shallow.commit("A word").write("z.txt", "z").create();
    let done = shallow.try_git(["push", "origin", "main"]);
    assert!(done.status.success(), "{done:?}");
}

#[test]
fn a_server_that_keeps_its_objects_elsewhere_takes_nothing_unjudged() {
    let server = Server::new(&[]);
    let objects = server.bare.join("objects");
    let elsewhere = server.bare.join("../elsewhere");
    std::fs::rename(&objects, &elsewhere).unwrap();
    std::fs::create_dir(&objects).unwrap();
    server.clone_dir.write("risks.deed.yaml", FORGED);
    server.commit("Try", "eve");
    let said_by_env = |variable: &str, value: &str| {
        let receive = format!("--receive-pack=env {variable}='{value}' git-receive-pack");
        let (pushed, said) = server.push(&[&receive, "main"]);
        assert!(!pushed, "{said}");
        said
    };
    let there = elsewhere.canonicalize().unwrap();
    let there = there.to_str().unwrap();
    let said = said_by_env("GIT_ALTERNATE_OBJECT_DIRECTORIES", &format!("{there}:/nowhere:"));
    assert!(said.contains("weak-evidence"), "{said}");
    let said = said_by_env("GIT_OBJECT_DIRECTORY", there);
    assert!(said.contains("weak-evidence"), "{said}");
    // Where what is there cannot be read, nothing is taken.
    let tip = server.clone.id("origin/main");
    let line = format!("{tip} {} refs/heads/main\n", server.clone.id("main"));
    let mut command = server.clone_dir.command(&["hook", "run", "pre-receive"]);
    command.current_dir(&server.bare).stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), line.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(2), "{done:?}");
}

#[cfg(unix)]
#[test]
fn nothing_is_taken_that_history_does_not_see() {
    let server = Server::new(&[]);
    let (dir, clone) = (&server.clone_dir, &server.clone);
    let refused = |how: &str, commit: &str| {
        let (pushed, said) = server.push(&[&format!("{commit}:refs/heads/main")]);
        assert!(!pushed && said.contains("history does not see"), "{how}: {said}");
    };
    let rules_off = "lint: { rules: { unguarded-governance-change: allow, weak-evidence: allow } }\n";
    // Behind a link, be it to what nobody looks into.
    dir.write(".x/rules", rules_off);
    std::os::unix::fs::symlink(".x/rules", dir.path().join("z.deed.yaml")).unwrap();
    server.commit("Link", "eve");
    refused("link", "main");
    clone.git(["reset", "-q", "--hard", "origin/main"]);
    // Under a mode that is none, and twice in a directory.
    let blob = |text: &str| clone.write_object("blob", text.as_bytes());
    let (off, on) = (blob(rules_off), blob("lint: {}\n"));
    let tree = clone.read_object("main^{tree}");
    let bytes = |id: &str| {
        (0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap()).collect::<Vec<u8>>()
    };
    let entry = |mode: &str, id: &str| [format!("{mode} zz.deed.yaml\0").as_bytes(), &bytes(id)].concat();
    let without: Vec<u8> = {
        // The settings of the test come last in the tree.
        let at = tree.windows(12).rposition(|part| part == b"zz.deed.yaml").unwrap() - "100644 ".len();
        tree[..at].to_vec()
    };
    let own = clone.id("main:zz.deed.yaml");
    for (how, entries) in [
        ("mode", [entry("120755", &off), Vec::new()]),
        ("twice", [entry("100644", &off), entry("100644", &own)]),
        ("twice the other way", [entry("100644", &on), entry("100644", &off)]),
    ] {
        let tree = clone.write_object("tree", &[&without[..], &entries[0], &entries[1]].concat());
        let commit = clone.git(["commit-tree", "-p", "main", "-m", how, &tree]);
        refused(how, &commit);
        // Nor where the next commit has only one of them.
        let next = clone.write_object("tree", &[&without[..], &entries[0]].concat());
        let next = clone.git(["commit-tree", "-p", &commit, "-m", how, &next]);
        assert!(!server.push(&[&format!("{next}:refs/heads/main")]).0, "{how}");
    }
    // A name that is no text makes no file of ours, in whatever directory.
    use std::os::unix::ffi::OsStrExt as _;
    let odd = |name: &[u8]| dir.path().join(std::ffi::OsStr::from_bytes(name));
    std::fs::create_dir(odd(b"d\xff")).unwrap();
    std::fs::write(odd(b"d\xff/readme"), "hi").unwrap();
    server.commit("A directory", "eve");
    let (pushed, said) = server.push(&["main"]);
    assert!(pushed, "{said}");
    std::fs::write(odd(b"d\xff/z.deed.yaml"), rules_off).unwrap();
    server.commit("A manifest in it", "eve");
    refused("directory", "main");
}

#[test]
fn who_is_here_and_what_limits_authority_takes_two_to_change() {
    let server = Server::new(&[]);
    let people = |more: &str| PEOPLE.replace("ada@acme.example]", &format!("ada@acme.example]{more}"));
    server.refused(&[("deed.yaml", &people(", left: 2026-01-01"))], "unguarded-governance-change");
    server.refused(&[("deed.yaml", &people(", joined: 2099-01-01"))], "unguarded-governance-change");
    let criteria =
        "risk_criteria: { likelihood: 5, impact: 5, levels: { low: 1, critical: 25 }, tolerance: critical }\n";
    server.refused(&[("criteria.deed.yaml", criteria)], "unguarded-governance-change");
    let model = PEOPLE.replace("manager: ciso }", "manager: ciso, model: executive-led }");
    server.refused(&[("deed.yaml", &model)], "unguarded-governance-change");
}

#[test]
fn a_branch_that_calls_itself_evidence_is_a_draft_like_others() {
    let server = Server::new(&[]);
    server.clone.git(["switch", "-q", "-c", "feature"]);
    server.clone_dir.write("deed.yaml", PEOPLE.replace("branch: main", "branch: feature"));
    server.commit("Mine", "eve");
    assert!(server.push(&["feature"]).0);
    server.clone_dir.write("risks.deed.yaml", FORGED);
    server.commit("A draft", "eve");
    assert!(server.push(&["feature"]).0);
    let (pushed, said) = server.push(&["--delete", "feature"]);
    assert!(pushed && server.tip("feature").is_none(), "{said}");
}

#[cfg(unix)]
#[test]
fn a_register_that_could_not_be_read_before_lets_nothing_pass_unjudged() {
    let server = Server::new(&[]);
    // It comes in while nobody looks.
    let (hook, aside) = (server.bare.join("hooks/pre-receive"), server.bare.join("aside"));
    std::fs::rename(&hook, &aside).unwrap();
    std::os::unix::fs::symlink("/etc/nowhere", server.clone_dir.path().join("more.deed.yaml")).unwrap();
    server.commit("Something else than a manifest", "eve");
    assert!(server.push(&["main"]).0);
    std::fs::rename(&aside, &hook).unwrap();
    server.clone_dir.write("risks.deed.yaml", FORGED);
    server.commit("Try", "eve");
    let (pushed, said) = server.push(&["main"]);
    assert!(!pushed && said.contains("more.deed.yaml` cannot be read"), "{said}");
    // Whatever is a draft is one still.
    assert!(server.push(&["main:refs/heads/draft"]).0);
    assert!(server.push(&["main~1:refs/heads/draft-2", "--force"]).0);
}

#[test]
fn what_was_wrong_before_lets_nothing_else_pass() {
    let server = Server::judging(&["custodian-owns-risk"], &[]);
    let ignored = CUSTODIAN.replace("owner: ciso }", "owner: ciso } # deed: ignore[custodian-owns-risk] until June");
    let dir = &server.clone_dir;
    // Before there was a hook.
    let hook = server.bare.join("hooks/pre-receive");
    std::fs::rename(&hook, server.bare.join("off")).unwrap();
    dir.write("risks.deed.yaml", &ignored);
    server.commit("As agreed", "ada");
    assert!(server.push(&["main"]).0);
    std::fs::rename(server.bare.join("off"), &hook).unwrap();
    // The same words elsewhere are another suppression.
    let copied =
        ignored.clone() + "  R-3: { title: Backups, owner: ciso } # deed: ignore[custodian-owns-risk] until June\n";
    server.refused(&[("risks.deed.yaml", &copied)], "`R-3`");
    dir.write("risks.deed.yaml", format!("# Risks\n\n{ignored}"));
    server.commit("Moved", "eve");
    let (pushed, said) = server.push(&["main"]);
    assert!(pushed, "{said}");

    let server = Server::judging(&["weak-evidence"], &[]);
    let hook = server.bare.join("hooks/pre-receive");
    std::fs::rename(&hook, server.bare.join("off")).unwrap();
    server.clone_dir.write("risks.deed.yaml", FORGED);
    server.commit("On paper", "eve");
    assert!(server.push(&["main"]).0);
    std::fs::rename(server.bare.join("off"), &hook).unwrap();
    let longer = FORGED.replace("2026-01-05", "2026-02-05").replace("2099-06-30", "2100-01-01");
    server.refused(&[("risks.deed.yaml", &longer)], "weak-evidence");
    server.clone_dir.write("x.txt", "x");
    server.commit("Something else", "eve");
    let (pushed, said) = server.push(&["main"]);
    assert!(pushed, "{said}");
}

#[test]
fn hooks_leave_alone_what_is_none_of_deeds() {
    let (dir, repo) = org();
    dir.deed(&["hook", "install"]);
    repo.orphan("pages");
    repo.git(["rm", "-r", "-q", "--cached", "--ignore-unmatch", "."]);
    dir.write("index.html", "<p>");
    repo.git(["add", "index.html"]);
    let done = repo.command(["commit", "-q", "-m", "pages"]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let server = Server::new(&[]);
    server.clone_dir.deed(&["hook", "install"]);
    server.clone.git(["branch", "caf\u{e9}"]);
    assert!(server.push(&["main@{0}:refs/heads/draft", "caf\u{e9}"]).0);
}

#[test]
fn a_commit_from_a_split_or_sparse_index_is_judged_like_any_other() {
    for how in [&["update-index", "--split-index"][..], &["sparse-checkout", "set", "--cone", "--sparse-index", "near"]]
    {
        let (dir, repo) = org();
        dir.write("far/x.txt", "x");
        dir.write("near/y.txt", "y");
        repo.git(["add", "-A"]);
        repo.commit("More").create();
        repo.git(["config", "core.splitIndex", if how[0] == "update-index" { "true" } else { "false" }]);
        repo.git(how);
        dir.deed(&["hook", "install"]);
        let bad = try_commit(&dir, &repo, "isms: { manager: eve }\n");
        assert!(!bad.status.success() && String::from_utf8_lossy(&bad.stderr).contains("`eve`"), "{bad:?}");
        assert!(try_commit(&dir, &repo, "x-note: well\n").status.success());
        // All that has changed, by an index of its own.
        dir.write("isms.deed.yaml", "isms: { manager: eve }\n");
        let bad = repo.command(["commit", "-q", "-a", "-m", "x"]).output().unwrap();
        assert!(!bad.status.success() && String::from_utf8_lossy(&bad.stderr).contains("`eve`"), "{bad:?}");
    }
}

#[test]
fn the_evidence_branch_only_grows() {
    let server = Server::new(&[]);
    server.clone_dir.write("x.txt", "x");
    server.commit("More", "eve");
    assert!(server.push(&["main"]).0);
    let tip = server.tip("main");
    server.clone.git(["reset", "-q", "--hard", "HEAD~1"]);
    let (pushed, said) = server.push(&["--force", "main"]);
    assert!(!pushed && said.contains("it only grows"), "{said}");
    let (pushed, said) = server.push(&["--delete", "main"]);
    assert!(!pushed && said.contains("what it proves would be gone"), "{said}");
    server.clone.git(["reset", "-q", "--hard", "origin/main"]);
    server.clone.git(["rm", "-q", "-r", "."]);
    server.commit("Nothing left", "eve");
    let (pushed, said) = server.push(&["main"]);
    assert!(!pushed && said.contains("would be gone"), "{said}");
    assert_eq!(server.tip("main"), tip);

    // Drafts are free, and so is what pins nothing.
    server.clone.git(["reset", "-q", "--hard", "origin/main"]);
    server.clone_dir.write("risks.deed.yaml", FORGED);
    server.commit("A draft", "eve");
    assert!(server.push(&["HEAD:refs/heads/draft"]).0);
    assert!(server.push(&["--force", "HEAD~1:refs/heads/draft"]).0);
}

#[test]
fn a_checkpoint_is_signed_by_somebody_the_register_knows_and_stays() {
    let server = Server::new(&[]);
    let (dir, clone) = (&server.clone_dir, &server.clone);
    let (ben, zed) = (Key::ed25519("ben-1"), Key::ed25519("zed-1"));
    let keyed = |person: &str, key: &str, to: &str| {
        let keys = format!("emails: [{person}@acme.example], keys: [{{ key: \"{key}\" }}] }}");
        to.replace(&format!("emails: [{person}@acme.example] }}"), &keys)
    };
    let with_ben = keyed("ben", &ben.public_line(), PEOPLE);
    dir.write("deed.yaml", &with_ben);
    server.commit("A key for Ben", "ada");
    assert!(server.push(&["main"]).0);
    let tag = |name: &str, key: Option<&Key>| {
        let draft = clone.tag(&format!("deed/checkpoint/{name}"), "Checkpoint").at("2026-03-31T10:00:00+0000");
        if let Some(key) = key { draft.signed(key) } else { draft }.create()
    };
    let refused = |name: &str, because: &str| {
        let (pushed, said) = server.push(&[&format!("refs/tags/deed/checkpoint/{name}")]);
        assert!(!pushed && said.contains(because), "{name}: {said}");
        assert_eq!(server.tip(&format!("deed/checkpoint/{name}")), None);
    };
    clone.git(["tag", "deed/checkpoint/light"]);
    refused("light", "no annotated tag");
    tag("unsigned", None);
    refused("unsigned", "nobody signed it");
    tag("stranger", Some(&zed));
    refused("stranger", "nobody in the register of `main` has the key");
    let v1 = clone.tag("v1", "Release").at("2026-03-31T10:00:00+0000").signed(&ben).create();
    clone.set_ref("refs/tags/deed/checkpoint/v1", &v1);
    refused("v1", "it was made as `v1`");
    // A draft that stays one, whatever it says of itself.
    clone.git(["switch", "-q", "-c", "own"]);
    dir.write("deed.yaml", keyed("eve", &zed.public_line(), PEOPLE).replace("branch: main", "branch: own"));
    server.commit("My own", "eve");
    assert!(server.push(&["own"]).0);
    tag("own", Some(&zed));
    refused("own", "is not on `main`");
    tag("draft", Some(&ben));
    refused("draft", "is not on `main`");
    clone.git(["switch", "-q", "main"]);
    // Who comes with the push is not known before it.
    dir.write("deed.yaml", keyed("eve", &zed.public_line(), &with_ben));
    server.commit("A key for Eve", "ada");
    tag("early", Some(&zed));
    let (pushed, said) = server.push(&["main", "deed/checkpoint/early"]);
    assert!(!pushed && said.contains("nobody in the register of `main` has the key"), "{said}");
    // The branch as it will be counts for the commit.
    tag("1", Some(&ben));
    refused("1", "is not on `main`");
    let (pushed, said) = server.push(&["main", "deed/checkpoint/1"]);
    assert!(pushed, "{said}");
    assert!(server.push(&["deed/checkpoint/early"]).0);
    let (pushed, said) = server.push(&["--delete", "deed/checkpoint/1"]);
    assert!(!pushed && said.contains("neither moved nor taken away"), "{said}");
    let (pushed, said) = server.push(&["--force", "v1:refs/tags/deed/checkpoint/1"]);
    assert!(!pushed && said.contains("neither moved nor taken away"), "{said}");
    // Whose key has ended makes no more of them.
    let ended = with_ben.replace("key: \"ssh", "until: 2026-02-01, key: \"ssh");
    dir.write("deed.yaml", ended);
    server.commit("Ben goes", "ada");
    assert!(server.push(&["main"]).0);
    tag("late", Some(&ben));
    refused("late", "had ended on 2026-02-01");
}

#[test]
fn a_checkpoint_in_a_repository_without_a_register_is_none_of_deeds() {
    let dir = Dir::new();
    let bare = dir.path().join("server.git");
    Repo::init_with(&bare, &["--bare"]);
    dir.deed(&["hook", "install", "-C", bare.to_str().unwrap()]);
    let clone = Repo::temporary();
    clone.commit("Begin").write("x.txt", "x").create();
    clone.git(["tag", "deed/checkpoint/1"]);
    clone.git(["push", "-q", bare.to_str().unwrap(), "main", "deed/checkpoint/1"]);
    clone.git(["tag", "deed/checkpoint/2"]);
    clone.git(["push", "-q", bare.to_str().unwrap(), "deed/checkpoint/2"]);
}

#[test]
fn each_register_is_judged_on_the_branch_it_says() {
    let server = Server::judging(&["weak-evidence"], &[]);
    let (dir, clone) = (&server.clone_dir, &server.clone);
    let settings = dir.read("zz.deed.yaml");
    for (root, branch) in [("a", "main"), ("b", "rel")] {
        dir.write(&format!("{root}/deed.yaml"), PEOPLE.replace("branch: main", &format!("branch: {branch}")));
        dir.write(&format!("{root}/zz.deed.yaml"), &settings);
        dir.write(&format!("{root}/risks.deed.yaml"), SOUND);
    }
    for gone in ["deed.yaml", "zz.deed.yaml", "risks.deed.yaml"] {
        std::fs::remove_file(dir.path().join(gone)).unwrap();
    }
    server.commit("Two registers", "ada");
    let (pushed, said) = server.push(&["main"]);
    assert!(!pushed && said.contains("the register in `.` would be gone"), "{said}");
    Repo::open(&server.bare).git(["update-ref", "-d", "refs/heads/main"]);
    assert!(server.push(&["main", "main:refs/heads/rel"]).0);
    let forge = |root: &str| {
        clone.git(["reset", "-q", "--hard", "origin/main"]);
        dir.write(&format!("{root}/risks.deed.yaml"), FORGED);
        server.commit("Forge it", "eve");
    };
    forge("a");
    let (pushed, said) = server.push(&["main"]);
    assert!(!pushed && said.contains("a/risks.deed.yaml"), "{said}");
    // One that is refused has none of the others accepted.
    clone.git(["branch", "-f", "fine", "origin/main"]);
    let (pushed, said) = server.push(&["main", "fine:refs/heads/other"]);
    assert!(!pushed && server.tip("other").is_none(), "{said}");
    assert!(server.push(&["HEAD:rel"]).0, "there it is a draft");
    forge("b");
    let (pushed, said) = server.push(&["HEAD:rel", "--force"]);
    assert!(!pushed && said.contains("it only grows"), "{said}");
    assert!(server.push(&["main"]).0, "there it is a draft");
    clone.git(["switch", "-q", "--detach", "origin/rel"]);
    dir.write("b/risks.deed.yaml", FORGED);
    server.commit("Forge it", "eve");
    let (pushed, said) = server.push(&["HEAD:rel"]);
    assert!(!pushed && said.contains("b/risks.deed.yaml"), "{said}");
    // A register that begins has nothing before it.
    clone.git(["switch", "-q", "main"]);
    dir.write("c/deed.yaml", PEOPLE);
    server.commit("A third", "ada");
    let (pushed, said) = server.push(&["main"]);
    assert!(pushed && said.contains("the register in `c` is new"), "{said}");
}

#[test]
fn an_octopus_and_a_merge_on_a_forge_are_merges_like_any_other() {
    let server = Server::new(&[]);
    let (dir, clone) = (&server.clone_dir, &server.clone);
    let forge = Key::ed25519("forge");
    let listed = format!("attributed, risks.accepted: vouched }}, forges: [{{ key: \"{}\" }}] }}", forge.public_line());
    let people = PEOPLE.replace("attributed } }", &listed);
    dir.write("deed.yaml", &people);
    server.commit("A forge", "ada");
    assert!(server.push(&["main"]).0);
    let who = |id: &str| Identity::new(id, &format!("{id}@acme.example"));
    let branch = |name: &str, by: &str, path: &str, text: &str| {
        clone.git(["switch", "-q", "-c", name, "origin/main"]);
        dir.write(path, text);
        server.commit(name, by);
        clone.git(["switch", "-q", "main"]);
    };
    branch("govern", "eve", "deed.yaml", &people.replace("accept_risk: critical", "accept_risk: low"));
    branch("one", "ben", "one.txt", "1");
    branch("two", "ben", "two.txt", "2");
    let pushed = |expected: bool, because: &str| {
        let (pushed, said) = server.push(&["main"]);
        assert!(pushed == expected && said.contains(because), "{said}");
        clone.git(["reset", "-q", "--hard", "origin/main"]);
    };
    clone.merge("one two govern", "Mine").author(&who("eve")).create();
    pushed(false, "unguarded-governance-change");
    clone.merge("one two", "Evil").author(&who("ada")).committer(&who("eve")).write("risks.deed.yaml", FORGED).create();
    pushed(false, "weak-evidence");
    clone.merge("one two govern", "Reviewed").author(&who("ben")).create();
    pushed(true, "");
    // The forge signs what people do there, in their name.
    let github = Identity::new("GitHub", "noreply@github.com");
    branch("accept", "eve", "risks.deed.yaml", FORGED);
    let merge = |by: &str| clone.merge("accept", "Merge #1").author(&who(by)).committer(&github);
    merge("ada").create();
    pushed(false, "weak-evidence");
    merge("eve").signed(&forge).create();
    pushed(false, "weak-evidence");
    merge("ada").signed(&forge).create();
    pushed(true, "");
    branch("keys", "eve", "deed.yaml", &people.replace("forges: [", "forges: [{ key: \"ssh-ed25519 AAAA\" }, "));
    clone.merge("keys", "Merge #2").author(&who("eve")).committer(&github).signed(&forge).create();
    pushed(false, "unguarded-governance-change");
}

#[test]
fn a_push_is_judged_before_it_leaves() {
    let server = Server::new(&[]);
    std::fs::remove_file(server.bare.join("hooks/pre-receive")).unwrap();
    script(&server.clone_dir, ".git/hooks/pre-push", "#!/bin/sh\ncat >>../told.log\n");
    let told = server.clone_dir.path().join("../told.log");
    let run = server.clone_dir.deed(&["hook", "install", "pre-push"]);
    assert!(run.stdout.contains("runs first"), "{}", run.all());
    server.refused(&[("risks.deed.yaml", CUSTODIAN)], "custodian-owns-risk");
    assert!(std::fs::read_to_string(&told).unwrap().contains("refs/heads/main"));
    std::fs::remove_file(told).unwrap();
    server.clone_dir.write("risks.deed.yaml", format!("{SOUND}# so\n"));
    server.commit("A word", "eve");
    let (pushed, said) = server.push(&["main"]);
    assert!(pushed, "{said}");
}

#[test]
fn who_writes_down_what_another_decided_is_told() {
    let server = Server::new(&[]);
    server.clone_dir.deed(&["hook", "install", "commit-msg"]);
    let said = |who: &str| {
        let mut commit = server.clone.command(["commit", "-q", "-a", "-m", "x"]);
        for role in ["AUTHOR", "COMMITTER"] {
            commit.env(format!("GIT_{role}_NAME"), who).env(format!("GIT_{role}_EMAIL"), format!("{who}@acme.example"));
        }
        let done = commit.output().unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8_lossy(&done.stderr).into_owned()
    };
    server.clone_dir.write("risks.deed.yaml", FORGED);
    let text = said("eve");
    assert!(text.contains("records `risks.R-1.accepted` for Ada Moreau, as a draft"), "{text}");
    server.clone_dir.write("risks.deed.yaml", FORGED.replace("01-05", "01-06"));
    assert_eq!(said("ada"), "");
    server.clone_dir.write("risks.deed.yaml", format!("# moved\n{}", FORGED.replace("01-05", "01-06")));
    assert_eq!(said("eve"), "");
    server.clone.git(["update-index", "--split-index"]);
    server.clone_dir.write("risks.deed.yaml", FORGED.replace("01-05", "01-07"));
    assert!(said("eve").contains("records `risks.R-1.accepted` for Ada Moreau"));
    // Advice that cannot be given stops nothing.
    std::fs::remove_dir_all(server.clone_dir.path().join(".git/logs")).unwrap();
    server.clone.git(["refs", "migrate", "--ref-format=reftable"]);
    server.clone_dir.write("risks.deed.yaml", SOUND);
    let text = said("eve");
    assert!(text.contains("whose decisions this commit records is not known"), "{text}");
}

#[test]
fn only_git_runs_a_hook() {
    let (dir, _repo) = org();
    let mut command = dir.command(&["hook", "run", "pre-receive"]);
    let mut child = command.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"what is this\n").unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("is not what Git says to `pre-receive`"), "{done:?}");
}
