//! Objects that no Git command would make.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use deed_model::Level;
use deed_model::evidence::Problem;
use deed_test::Repo;

use crate::organisation::*;

/// Puts a crafted commit on the branch; `head` is all of its header but tree and parent.
fn craft(repo: &Repo, tree: &str, head: &str) -> String {
    let bytes = format!("tree {tree}\nparent {}\n{head}\nAccept R-1\n", repo.id("main"));
    let id = repo.write_object("commit", bytes.as_bytes());
    repo.set_ref("refs/heads/main", &id);
    id
}

/// A tree of some entries: mode, name, id.
fn tree(repo: &Repo, entries: &[(&str, &[u8], &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(mode.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(name);
        bytes.push(0);
        let id: deed_history::Oid = id.parse().expect("an id");
        bytes.extend_from_slice(id.as_bytes());
    }
    repo.write_object("tree", &bytes)
}

/// The tree in which Ada has decided, made without her.
fn decided_tree(repo: &Repo) -> String {
    accept(repo);
    let tree = repo.id("main^{tree}");
    repo.git(["reset", "--quiet", "--hard", "main~1"]);
    tree
}

#[test]
fn commits_that_lack_what_commits_have_prove_nothing() {
    for head in [
        "",
        "author\ncommitter\n",
        "author <>\ncommitter <> 0 +0000\n",
        "author ada <ada@acme.example\ncommitter x\n",
        "author ada ada@acme.example> 1772359200 +0000\ncommitter ada 1772359200\n",
        "author \u{fffd} <\n> 1 +0000\ncommitter c <c> 99999999999999999999999 +99999999\n",
        "author a <a> -99999999999 -9999\ncommitter a <a> 9223372036854775807 +2359\n",
        "author a <a> -9223372036854775808 -9999\ncommitter a <a> -9223372036854775808 -2359\n",
        "gpgsig\n",
        "gpgsig -----BEGIN SSH SIGNATURE-----\n",
    ] {
        let repo = organisation();
        let tree = decided_tree(&repo);
        craft(&repo, &tree, head);
        assert_eq!(said(&history(&repo)).0, Level::Recorded, "{head:?}");
    }
}

#[test]
fn times_may_be_any() {
    for (time, problem) in [("-2177452800", "ClockRegression"), ("4294967296", "ClockRegression")] {
        let repo = organisation();
        let tree = decided_tree(&repo);
        craft(
            &repo,
            &tree,
            &format!("author ada <ada@acme.example> {time} +0000\ncommitter ada <ada@acme.example> {time} +0000\n"),
        );
        let history = history(&repo);
        let (level, problems) = said(&history);
        assert_eq!(level, Level::Attributed);
        assert_eq!(problems.first(), Some(&Problem::ClockRegression), "{time} {problem}");
    }
}

#[test]
fn trees_may_name_files_anything() {
    let repo = organisation();
    let decided = decided_tree(&repo);
    let blob = repo.write_object("blob", b"risks: { R-1: { accepted: { by: ada, date: 2020-01-01 } } }\n");
    let inner = tree(&repo, &[("100644", b"a.deed.yaml", &blob)]);
    // All at once, and in no order.
    let names: [&[u8]; 8] = [b"..", b".git", b".", b"\xff\xfe", b"new\nline", b"a/b", b"zz", b"%2e"];
    let mut entries: Vec<(&str, &[u8], &str)> = names.iter().map(|name| ("40000", *name, inner.as_str())).collect();
    entries.push(("100644", b"\xff.deed.yaml", &blob));
    entries.push(("100644", b"../../x.deed.yaml", &blob));
    entries.push(("120000", b"link.deed.yaml", &blob));
    entries.push(("160000", b"module.deed.yaml", &blob));
    entries.push(("0", b"none.deed.yaml", &blob));
    entries.push(("100644", b"", &blob));
    let odd = tree(&repo, &entries);
    craft(
        &repo,
        &decided,
        "author ada <ada@acme.example> 1772359200 +0000\ncommitter ada <ada@acme.example> 1772359200 +0000\n",
    );
    let listing = repo.git(["ls-tree", "main"]);
    let mut all: Vec<(String, Vec<u8>, String)> = listing
        .lines()
        .map(|line| {
            let (head, name) = line.split_once('\t').expect("a name");
            let id = head.rsplit(' ').next().expect("an id");
            ("100644".to_owned(), name.as_bytes().to_vec(), id.to_owned())
        })
        .collect();
    all.push(("40000".into(), b"zzz".to_vec(), odd));
    let refs: Vec<(&str, &[u8], &str)> = all.iter().map(|(m, n, i)| (m.as_str(), n.as_slice(), i.as_str())).collect();
    let whole = tree(&repo, &refs);
    craft(&repo, &whole, "author x <x> 1772359300 +0000\ncommitter x <x> 1772359300 +0000\n");
    // The first definition of R-1 counts, as in the register itself.
    assert_eq!(said(&history(&repo)).0, Level::Attributed);
}

#[test]
fn a_big_directory_and_a_big_manifest_take_a_bounded_time() {
    let repo = organisation();
    accept(&repo);
    let blob = repo.write_object("blob", b"x");
    let names: Vec<String> = (0..100_000).map(|n| format!("f{n:06}")).collect();
    let entries: Vec<(&str, &[u8], &str)> =
        names.iter().map(|name| ("100644", name.as_bytes(), blob.as_str())).collect();
    let wide = tree(&repo, &entries);
    let huge = repo.write_object("blob", &vec![b'#'; 200 << 20]);
    let listing = repo.git(["ls-tree", "main"]);
    let mut all: Vec<(&str, &[u8], &str)> = listing
        .lines()
        .filter_map(|line| {
            let (head, name) = line.split_once('\t')?;
            Some(("100644", name.as_bytes(), head.rsplit(' ').next()?))
        })
        .collect();
    all.push(("100644", b"huge.deed.yaml", &huge));
    all.push(("40000", b"wide", &wide));
    all.sort_by_key(|(_, name, _)| *name);
    let whole = tree(&repo, &all);
    craft(&repo, &whole, "author x <x> 1772359300 +0000\ncommitter x <x> 1772359300 +0000\n");
    let commit = repo.id("main");
    let start = Instant::now();
    // The register as it was before: the manifest is too large for anybody.
    let before = {
        let repository = deed_history::Repository::open(repo.dir()).expect("a repository");
        let first = repository.resolve("main~1").expect("a commit");
        let now = deed_history::evidence::snapshot(&repository, "", first).expect("a register");
        assert!(deed_history::evidence::snapshot(&repository, "", commit.parse().expect("an id")).is_err());
        let request = deed_history::evidence::Request {
            repository: &repository,
            root: "",
            workspace: &now.workspace,
            revision: "HEAD",
            trust_root: None,
            cache: false,
            today: Some(today()),
        };
        deed_history::evidence::judge(&request).expect("evidence")
    };
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert_eq!(said(&before).0, Level::Signed);
    assert!(!before.is_complete());
}

#[test]
fn an_octopus_with_many_arms_is_a_merge() {
    let repo = organisation();
    accept(&repo);
    let (tree, base) = (repo.id("main^{tree}"), repo.id("main"));
    let mut parents = format!("parent {base}\n");
    for n in 0..200 {
        let arm = format!("tree {tree}\nparent {base}\nauthor a <a> {n} +0000\ncommitter a <a> {n} +0000\n\n{n}\n");
        let _ = writeln!(parents, "parent {}", repo.write_object("commit", arm.as_bytes()));
    }
    let octopus =
        format!("tree {tree}\n{parents}author a <a> 1772359300 +0000\ncommitter a <a> 1772359300 +0000\n\nAll\n");
    let id = repo.write_object("commit", octopus.as_bytes());
    repo.set_ref("refs/heads/main", &id);
    assert_said(&repo, Level::Signed, &[]);
}

#[test]
fn tags_of_tags_and_of_nothing_pin_nothing() {
    let repo = organisation();
    accept(&repo);
    let mut target = (repo.id("main"), "commit");
    for n in 0..100 {
        let tag = format!("object {}\ntype {}\ntag t{n}\ntagger t <t> 1 +0000\n\n", target.0, target.1);
        target = (repo.write_object("tag", tag.as_bytes()), "tag");
    }
    repo.set_ref("refs/tags/deed/checkpoint/deep", &target.0);
    let tag = format!("object {}\ntype tree\ntag t\n\n", repo.id("main^{tree}"));
    repo.set_ref("refs/tags/deed/checkpoint/tree", &repo.write_object("tag", tag.as_bytes()));
    let broken = repo.write_object("tag", b"object x\n");
    std::fs::create_dir_all(repo.dir().join(".git/refs/tags/deed/checkpoint")).expect("it is ours");
    std::fs::write(repo.dir().join(".git/refs/tags/deed/checkpoint/broken"), format!("{broken}\n"))
        .expect("it is ours");
    let absent = "1".repeat(40);
    std::fs::write(repo.dir().join(".git/refs/tags/deed/checkpoint/absent"), format!("{absent}\n"))
        .expect("it is ours");
    // A reference that names itself.
    std::fs::write(repo.dir().join(".git/refs/tags/deed/checkpoint/loop"), "ref: refs/tags/deed/checkpoint/loop\n")
        .expect("it is ours");
    let history = history(&repo);
    assert_eq!(said(&history), (Level::Signed, &[][..]));
    assert!(lost(&history).is_empty());
}
