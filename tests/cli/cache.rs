//! What is kept of history below the Git directory: whatever happens to it, answers are those without it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime};

use deed_test::{Identity, Key, Repo};

use crate::harness::{Dir, Run, TODAY};

const CHECK: [&str; 5] = ["check", "--today", TODAY, "--format", "json"];
const EVIDENCE: [&str; 3] = ["evidence", "--format", "json"];
const BLAME: [&str; 3] = ["blame", "--format", "json"];
const COMMANDS: [&[&str]; 3] = [&CHECK, &EVIDENCE, &BLAME];

/// A register with two people who sign, and a history with a merge.
fn register(dir: &Dir) -> Repo {
    let repo = Repo::init(dir.path());
    repo.commit("People").author(&ben()).write("deed.yaml", people("")).write("risks.deed.yaml", risk(1, "")).create();
    accept(&repo, 1);
    repo.branch("owner");
    repo.commit("Owner").author(&ben()).write("risks.deed.yaml", risk(2, ACCEPTED)).create();
    repo.switch("main");
    repo.commit("Policy").author(&ben()).write("p.deed.yaml", POLICY).write("p.md", "Be careful.\n").create();
    repo.merge("owner", "Merge").create();
    repo
}

const ACCEPTED: &str = ", accepted: { by: ada, date: 2026-03-01, until: 2027-03-01 }";
const POLICY: &str =
    "policies: { p: { title: P, document: p.md, owner: ceo, approved: { by: ada, date: 2026-03-01 } } }\n";

fn ada() -> Identity {
    Identity::new("Ada Moreau", "ada@acme.example")
}

fn ben() -> Identity {
    Identity::new("Ben Okafor", "ben@acme.example")
}

/// The root manifest, with more about Ada's key.
fn people(about_key: &str) -> String {
    format!(
        "deed: 1\npeople:\n  ada: {{ name: Ada Moreau, emails: [ada@acme.example], keys: [{{ key: \"{}\"{about_key} }}] \
         }}\n  ben: {{ name: Ben Okafor, emails: [ben@acme.example] }}\nroles:\n  ceo: {{ title: CEO, layer: executive, \
         held_by: ada, authority: {{ accept_risk: high, approve: [policies] }} }}\nrisk_criteria: {{ likelihood: 5, impact: \
         5, levels: {{ low: 1, high: 10 }}, tolerance: low }}\n",
        Key::ed25519("ada-1").public_line()
    )
}

fn risk(impact: u32, rest: &str) -> String {
    format!("risks:\n  R-1: {{ title: Fire, owner: ceo, residual: {{ likelihood: 1, impact: {impact} }}{rest} }}\n")
}

fn accept(repo: &Repo, impact: u32) {
    let key = Key::ed25519("ada-1");
    repo.commit("Accept").author(&ada()).signed(&key).write("risks.deed.yaml", risk(impact, ACCEPTED)).create();
}

/// What the commands say without anything that was kept.
fn fresh(dir: &Dir) -> [String; 3] {
    COMMANDS.map(|command| said(&dir.deed(&[command, &["--no-cache"]].concat())))
}

fn kept(dir: &Dir) -> [String; 3] {
    COMMANDS.map(|command| said(&dir.deed(command)))
}

fn said(run: &Run) -> String {
    assert!(run.code < 2 && run.stderr.is_empty(), "{}", run.all());
    format!("{} {}", run.code, run.stdout)
}

#[track_caller]
fn assert_same(dir: &Dir) {
    let expected = fresh(dir);
    // The first may still have to write, the second reads what the first wrote.
    for _ in 0..2 {
        assert_eq!(kept(dir), expected);
    }
}

/// The files below the Git directory that hold what was kept.
fn files(git: &Path) -> Vec<PathBuf> {
    fs::read_dir(git.join("deed")).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

/// The file that holds what was kept of the register.
fn register_of(git: &Path) -> PathBuf {
    let is_register = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("register-");
    files(git).into_iter().find(is_register).unwrap()
}

fn unfinished(git: &Path) -> usize {
    files(git).iter().filter(|path| path.extension().is_some_and(|it| it == "tmp")).count()
}

fn spawn(dir: &Dir, args: &[&str]) -> Child {
    dir.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn processes_at_once_say_what_one_alone_says() {
    let dir = Dir::new();
    let repo = register(&dir);
    // Worktrees of other commits share what is kept.
    let others: Vec<Dir> = (0..2).map(|_| Dir::new()).collect();
    for (other, revision) in others.iter().zip(["HEAD~1", "owner"]) {
        repo.git(["worktree", "add", "--quiet", "--detach", "--force", other.path().to_str().unwrap(), revision]);
    }
    let all: Vec<&Dir> = others.iter().chain([&dir]).collect();
    let expected: Vec<[String; 3]> = all.iter().map(|dir| fresh(dir)).collect();
    assert!(expected[0] != expected[1] && expected[1] != expected[2], "these are three registers");
    let git = dir.path().join(".git");
    assert_eq!(files(&git), [] as [PathBuf; 0]);
    for round in 0..3 {
        let mut running = Vec::new();
        for turn in 0..6 {
            for (at, command) in COMMANDS.into_iter().enumerate() {
                running.push((turn % 3, at, spawn(all[turn % 3], command)));
            }
        }
        // In the last round somebody clears it meanwhile.
        let clear = (round == 2).then(|| dir.deed(&["cache", "clear"]));
        assert!(clear.is_none_or(|run| run.code == 0));
        for (which, at, child) in running {
            assert_eq!(said(&Run::of(child.wait_with_output().unwrap())), expected[which][at]);
        }
    }
    assert_eq!(unfinished(&git), 0);
}

#[test]
fn a_repository_that_cannot_be_written_is_read() {
    // A file stands where the directory would be.
    let dir = Dir::new();
    register(&dir);
    let git = dir.path().join(".git");
    fs::write(git.join("deed"), "in the way").unwrap();
    assert_same(&dir);
    assert_eq!(fs::read(git.join("deed")).unwrap(), b"in the way");
    // A directory stands where the file would be.
    fs::remove_file(git.join("deed")).unwrap();
    kept(&dir);
    let names = files(&git);
    assert!(!names.is_empty());
    for file in &names {
        fs::remove_file(file).unwrap();
        fs::create_dir_all(file.join("in the way")).unwrap();
    }
    assert_same(&dir);
    assert_eq!(unfinished(&git), 0);
    // Nobody may write, which the superuser may all the same.
    fs::remove_dir_all(git.join("deed")).unwrap();
    let mut permissions = fs::metadata(&git).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&git, permissions.clone()).unwrap();
    assert_same(&dir);
    #[expect(clippy::permissions_set_readonly_false, reason = "it is a directory of this test")]
    permissions.set_readonly(false);
    fs::set_permissions(&git, permissions).unwrap();
}

#[test]
fn what_is_damaged_or_foreign_is_as_none() {
    let dir = Dir::new();
    register(&dir);
    let expected = fresh(&dir);
    assert_eq!(kept(&dir), expected);
    let git = dir.path().join(".git");
    let file = register_of(&git);
    let sound = fs::read(&file).unwrap();
    let mut damaged: Vec<Vec<u8>> = vec![vec![], vec![0; 100], [&sound[..], b"more"].concat(), sound[1..].to_vec()];
    let steps = (0..sound.len()).step_by(sound.len() / 12);
    for at in steps {
        damaged.push(sound[..at].to_vec());
        let mut flipped = sound.clone();
        flipped[at] ^= 0x20;
        damaged.push(flipped);
    }
    // A later version of Deed writes something else, and says so.
    let version = sound.iter().position(|byte| *byte == b'\n').unwrap();
    let mut later = sound.clone();
    later[version - 1] += 1;
    damaged.push(later);
    // Another repository's, of a root of the same name.
    let other = Dir::new();
    let repo = Repo::init(other.path());
    repo.commit("Other").write("deed.yaml", "deed: 1\nroles: { ceo: { held_by: nobody } }\n").create();
    kept(&other);
    let foreign = register_of(&other.path().join(".git"));
    assert_eq!(foreign.file_name(), file.file_name());
    damaged.push(fs::read(foreign).unwrap());
    for bytes in damaged {
        fs::write(&file, &bytes).unwrap();
        assert_eq!(kept(&dir), expected, "{} of {} bytes", bytes.len(), sound.len());
        assert_ne!(fs::read(&file).unwrap(), bytes, "it is written anew");
    }
}

#[test]
fn who_is_killed_leaves_nothing_that_lasts() {
    let dir = Dir::new();
    let repo = register(&dir);
    let git = dir.path().join(".git");
    let begun = SystemTime::now();
    kept(&dir);
    let takes = begun.elapsed().unwrap() / 2;
    for turn in 0..12 {
        // Each time there is something new to write.
        repo.commit("More").write("risks.deed.yaml", risk(turn % 4 + 1, ACCEPTED)).create();
        let mut child = spawn(&dir, &EVIDENCE);
        std::thread::sleep(takes * turn / 12);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_same(&dir);
    // As a process that was killed in mid-write leaves it, long ago and just now.
    let left = |name: &str, age: u64| {
        let path = git.join("deed").join(name);
        fs::write(&path, "half of").unwrap();
        let then = SystemTime::now() - Duration::from_secs(age);
        File::options().write(true).open(&path).unwrap().set_modified(then).unwrap();
        path
    };
    let old = ["register-0123456789abcdef.77.tmp", ".tmpAbCdEf.tmp"].map(|name| left(name, 7200));
    let new = left(".tmpGhIjKl.tmp", 5);
    repo.commit("More").write("risks.deed.yaml", risk(5, ACCEPTED)).create();
    assert_same(&dir);
    assert!(old.iter().all(|path| !path.exists()), "what is old is removed");
    assert!(new.exists(), "somebody may be writing it");
    assert_eq!(dir.deed(&["cache", "clear"]).code, 0);
    assert_eq!(files(&git), [] as [PathBuf; 0]);
}

#[test]
fn what_is_kept_does_not_outlive_the_history_it_is_about() {
    let dir = Dir::new();
    let repo = register(&dir);
    assert_same(&dir);
    let before = kept(&dir);
    // The same tree in another commit, by somebody else.
    repo.git([
        "-c",
        "user.name=Eve",
        "-c",
        "user.email=eve@x",
        "commit",
        "--quiet",
        "--amend",
        "--reset-author",
        "-m",
        "M",
    ]);
    assert_same(&dir);
    assert_ne!(kept(&dir), before);
    // A part of history left out; history that goes back; another one altogether, with the same files.
    repo.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    assert_same(&dir);
    repo.git(["reset", "--quiet", "--hard", "owner"]);
    assert_same(&dir);
    repo.git(["checkout", "--quiet", "--orphan", "new"]);
    repo.commit("All at once").author(&ben()).create();
    assert_same(&dir);
    // Until what it was about is no more.
    repo.git(["branch", "--quiet", "-D", "main", "owner"]);
    repo.git(["-c", "gc.reflogExpire=now", "-c", "gc.reflogExpireUnreachable=now", "gc", "--quiet", "--prune=now"]);
    assert_same(&dir);
}

#[test]
fn keys_are_judged_anew_each_time() {
    let dir = Dir::new();
    let repo = register(&dir);
    assert_same(&dir);
    let levels = |dir: &Dir| {
        let [_, evidence, _] = kept(dir);
        let evidence: serde_json::Value = serde_json::from_str(&evidence[2..]).unwrap();
        let all = evidence["decisions"].as_array().unwrap().iter();
        all.map(|it| format!("{} {}", it["decision"], it["level"])).collect::<Vec<_>>().join(", ")
    };
    assert!(levels(&dir).contains(r#""risks.R-1.accepted" "signed""#), "{}", levels(&dir));
    // Revoked in the working tree, then committed.
    let revoked = ", revoked: 2026-01-02, reason: compromised";
    dir.write("deed.yaml", people(revoked));
    assert_same(&dir);
    repo.commit("Revoke").author(&ben()).write("deed.yaml", people(revoked)).create();
    assert_same(&dir);
    assert!(!levels(&dir).contains(r#""risks.R-1.accepted" "signed""#), "{}", levels(&dir));
    // Reinstated, and pinned.
    repo.commit("Reinstate").author(&ben()).write("deed.yaml", people("")).create();
    assert_same(&dir);
    assert!(levels(&dir).contains(r#""risks.R-1.accepted" "signed""#), "{}", levels(&dir));
    repo.git(["config", "deed.trustRoot", &repo.id("HEAD~3")]);
    assert_same(&dir);
}

/// Files whose answers are long enough to be kept apart; the first one is short.
fn answered(dir: &Dir) -> Repo {
    let repo = Repo::init(dir.path());
    let long = |name: &str| (0..400).map(|at| format!("{name}{at}: {at}\n")).collect::<String>();
    let mut draft = repo.commit("Files").author(&ada()).write("a.yaml", "a: 1\n").write("broken.yaml", "a: [\n");
    for name in ["b", "c", "d"] {
        draft = draft.write(&format!("{name}.yaml"), long(name));
    }
    draft.create();
    repo
}

#[track_caller]
fn assert_answered(dir: &Dir, command: &[&str]) {
    let expected = said(&dir.deed(&[command, &["--no-cache"]].concat()));
    for _ in 0..2 {
        assert_eq!(said(&dir.deed(command)), expected);
    }
}

#[test]
fn answers_go_on_from_commit_to_commit() {
    let dir = Dir::new();
    let repo = answered(&dir);
    let git = dir.path().join(".git");
    assert_answered(&dir, &BLAME);
    let stock = |kind: &str| {
        let mut files = files(&git);
        files
            .retain(|path| path.extension().is_some() && path.file_name().unwrap().to_string_lossy().starts_with(kind));
        files
    };
    let before = stock("answer-");
    assert_eq!(before.len(), 1);
    for step in 0..4 {
        let draft = repo.commit("One").author(&ben());
        match step {
            0 => draft.write("a.yaml", "a: 2\n").create(),
            1 => draft.rename("a.yaml", "e.yaml").create(),
            2 => draft.write("b.yaml", "b7: 0\n").remove("d.yaml").write("d.yaml", "d: 1\n").create(),
            _ => draft.write("0.yaml", "[\n").create(),
        };
        // With a key there are other answers.
        assert_answered(&dir, &["blame", "--format", "json", "--key", "b7"]);
        assert_answered(&dir, &BLAME);
        if step == 0 {
            assert_eq!(stock("answer-"), before, "what stays is not written again");
        }
    }
    // Until none can be read.
    let none =
        ["b.yaml", "c.yaml", "d.yaml", "e.yaml"].into_iter().fold(repo.commit("None"), |it, file| it.remove(file));
    none.create();
    let (kept, fresh) = (dir.deed(&BLAME), dir.deed(&[&BLAME[..], &["--no-cache"]].concat()));
    assert_eq!((kept.code, kept.stdout), (fresh.code, fresh.stdout));
    assert_eq!(fresh.code, 2);
}

#[test]
fn an_answer_that_is_damaged_in_the_middle_is_said_to_the_end() {
    for goes_on in [false, true] {
        let dir = Dir::new();
        let repo = answered(&dir);
        said(&dir.deed(&BLAME));
        if goes_on {
            repo.commit("One").author(&ben()).write("a.yaml", "a: 2\n").create();
        }
        let expected = said(&dir.deed(&[&BLAME[..], &["--no-cache"]].concat()));
        let git = dir.path().join(".git");
        let sound: Vec<(PathBuf, Vec<u8>)> =
            files(&git).into_iter().map(|path| (path.clone(), fs::read(&path).unwrap())).collect();
        assert_eq!(sound.iter().filter(|(path, _)| path.extension().is_some()).count(), 1);
        for (file, bytes) in &sound {
            for part in 0..8 {
                let mut flipped = bytes.clone();
                flipped[bytes.len() * part / 8] ^= 0x20;
                for damaged in [&flipped, &bytes[..bytes.len() * part / 8]] {
                    sound.iter().for_each(|(file, bytes)| fs::write(file, bytes).unwrap());
                    fs::write(file, damaged).unwrap();
                    assert_eq!(said(&dir.deed(&BLAME)), expected, "{part} of {}", file.display());
                    assert_eq!(said(&dir.deed(&BLAME)), expected, "{part} of {}", file.display());
                }
            }
        }
    }
}
