//! The object layer against repositories made by the real Git: sound ones, odd ones, cut ones, crafted ones.

use std::path::Path;

use deed_history::{
    Change, Commit, Filter, Graph, HistoryError, MISSING, ObjectError, ObjectKind, Oid, Repository, Trees,
};
use deed_test::{Identity, Repo};

fn open(path: &Path) -> Repository {
    Repository::open(path).unwrap_or_else(|error| panic!("{error}"))
}

fn id(digits: &str) -> Oid {
    digits.parse().expect("an id")
}

fn all(_: &[u8]) -> bool {
    true
}

const ALL: Filter<'static> = Filter { name: &all, below: &[], hidden: true };

/// main: a, b, merge of side, c; side: s from a.
fn forked(repo: &Repo) -> [String; 5] {
    let a = repo.commit("a").write("f.yaml", "v: 1\n").write("d/g.yaml", "g: 1\n").create();
    repo.branch("side");
    let s = repo.commit("s").write("d/g.yaml", "g: 2\n").create();
    repo.switch("main");
    let b = repo.commit("b").write("f.yaml", "v: 2\n").create();
    let m = repo.merge("side", "m").create();
    let c = repo.commit("c").remove("f.yaml").write("d/e/h.json", "{}").create();
    [a, s, b, m, c]
}

#[test]
fn a_graph_knows_what_stands_on_what() {
    for arguments in [&[][..], &["--object-format=sha256"]] {
        let dir = tempfile::tempdir().expect("a directory");
        let repo = Repo::init_with(dir.path(), arguments);
        let [a, s, b, m, c] = forked(&repo);
        let git = open(repo.dir());
        let graph = Graph::load(&git.objects().expect("it is there"), git.resolve("HEAD").expect("it is there"))
            .expect("it is there");
        let find = |digits: &str| graph.find(id(digits)).expect("it is in the graph");
        assert_eq!(graph.len(), 5);
        assert!(graph.is_complete());
        assert_eq!(find(&c), 0);
        assert_eq!(graph.parents(find(&m)), [find(&b), find(&s)]);
        assert_eq!(graph.parents(find(&a)), [] as [u32; 0]);
        assert_eq!(graph.first_parents().map(|at| graph.id(at).to_string()).collect::<Vec<_>>(), [&c[..], &m, &b, &a]);
        for (older, newer, expected) in
            [(&a, &c, true), (&s, &m, true), (&s, &b, false), (&b, &s, false), (&c, &a, false), (&s, &s, true)]
        {
            assert_eq!(graph.is_ancestor(find(older), find(newer)), expected, "{older} {newer}");
        }
    }
}

#[test]
fn trees_tell_what_changed() {
    let repo = Repo::temporary();
    let [_, s, b, m, c] = forked(&repo);
    let git = open(repo.dir());
    let objects = git.objects().expect("it is there");
    let trees = Trees::new(&objects, 1 << 20);
    let tree = |digits: &str| Commit::read(&objects, id(digits)).expect("it is there").tree;
    let changes = |old: Option<&str>, new: &str, filter: &Filter<'_>| {
        let shown = |change: Change| {
            let blob = |id: Option<Oid>| {
                id.map(|id| {
                    String::from_utf8(objects.read(id, ObjectKind::Blob).expect("it is there").data().to_vec())
                        .expect("it is there")
                })
            };
            (String::from_utf8(change.path).expect("it is there"), blob(change.old), blob(change.new))
        };
        let changes = trees.changes(old.map(tree), Some(tree(new)), filter).expect("it is there");
        changes.into_iter().map(shown).collect::<Vec<_>>()
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        changes(Some(&m), &c, &ALL),
        [("d/e/h.json".into(), None, text("{}")), ("f.yaml".into(), text("v: 2\n"), None)]
    );
    assert_eq!(changes(Some(&s), &m, &ALL), [("f.yaml".into(), text("v: 1\n"), text("v: 2\n"))]);
    let json = |name: &[u8]| name.ends_with(b".json");
    assert_eq!(changes(None, &c, &Filter { name: &json, below: &[], hidden: true }).len(), 1);
    assert_eq!(changes(None, &c, &Filter { name: &all, below: &[b"d".to_vec()], hidden: true }).len(), 2);
    assert_eq!(changes(None, &c, &Filter { name: &all, below: &[b"d/g.yaml".to_vec()], hidden: true }).len(), 1);
    assert_eq!(changes(None, &b, &Filter { name: &all, below: &[b"f".to_vec()], hidden: true }).len(), 0);
    assert_eq!(trees.file_at(tree(&c), b"d/e/h.json").expect("it is there"), Some(id(&repo.id("HEAD:d/e/h.json"))));
    assert_eq!(trees.file_at(tree(&c), b"d/e").expect("it is there"), None);
    assert_eq!(trees.file_at(tree(&c), b"f.yaml/x").expect("it is there"), None);
}

#[cfg(unix)]
#[test]
fn links_and_submodules_are_no_files() {
    let repo = Repo::temporary();
    let blob = repo.write_object("blob", b"target");
    let commit = repo.commit("a").write("x", "").create();
    let entries = [("100755", "exe.yaml", &blob), ("120000", "link.yaml", &blob), ("160000", "sub.yaml", &commit)];
    let mut bytes = Vec::new();
    for (mode, name, digits) in entries {
        bytes.extend_from_slice(format!("{mode} {name}\0").as_bytes());
        bytes.extend_from_slice(id(digits).as_bytes());
    }
    let tree = repo.write_object("tree", &bytes);
    let git = open(repo.dir());
    let objects = git.objects().expect("it is there");
    let files = Trees::new(&objects, 0).files(id(&tree), &ALL).expect("it is there");
    assert_eq!(files, [(b"exe.yaml".to_vec(), id(&blob))]);
}

#[test]
fn a_shallow_clone_says_where_history_is_missing() {
    let repo = Repo::temporary();
    forked(&repo);
    let dir = tempfile::tempdir().expect("a directory");
    let url = format!("file://{}", repo.dir().display());
    repo.git(["clone", "--quiet", "--bare", "--depth=2", &url, &dir.path().display().to_string()]);
    let git = open(dir.path());
    assert!(git.is_shallow() && !git.is_partial());
    let objects = git.objects().expect("it is there");
    let graph = Graph::load(&objects, git.resolve("HEAD").expect("it is there")).expect("it is there");
    assert_eq!(graph.len(), 2);
    assert!(!graph.is_complete());
    assert_eq!(graph.parents(1), [MISSING, MISSING]);
}

#[test]
fn a_partial_clone_says_which_objects_are_missing() {
    let repo = Repo::temporary();
    repo.git(["config", "uploadpack.allowFilter", "true"]);
    forked(&repo);
    let dir = tempfile::tempdir().expect("a directory");
    let url = format!("file://{}", repo.dir().display());
    repo.git(["clone", "--quiet", "--bare", "--filter=tree:0", &url, &dir.path().display().to_string()]);
    let git = open(dir.path());
    assert!(git.is_partial() && !git.is_shallow());
    let objects = git.objects().expect("it is there");
    let graph = Graph::load(&objects, git.resolve("HEAD").expect("it is there")).expect("it is there");
    assert!(graph.is_complete());
    let tree = graph.tree(0);
    assert_eq!(Trees::new(&objects, 0).files(tree, &ALL), Err(ObjectError::Missing(tree)));
}

#[test]
fn worktrees_directories_and_files_lead_to_their_repository() {
    let repo = Repo::temporary();
    let [a, ..] = forked(&repo);
    let tree = tempfile::tempdir().expect("a directory");
    let linked = tree.path().join("linked");
    repo.git(["worktree", "add", "--quiet", "--detach", &linked.display().to_string(), &a]);
    let git = open(&linked.join("d/g.yaml"));
    assert_eq!(git.head().expect("it is there").branch, None);
    assert_eq!(git.resolve("HEAD"), Ok(id(&a)));
    assert_eq!(
        git.common_dir().canonicalize().expect("it is there"),
        repo.dir().join(".git").canonicalize().expect("it is there")
    );
    assert_ne!(git.git_dir(), git.common_dir());
    assert_eq!(
        git.workdir().expect("it is there").canonicalize().expect("it is there"),
        linked.canonicalize().expect("it is there")
    );
    let git = open(&repo.dir().join("d/gone/away.yaml"));
    assert_eq!(git.head().expect("it is there").branch.as_deref(), Some("main"));
    assert_eq!(git.reopen().expect("it is there").resolve("side~1"), Ok(id(&a)));
}

#[test]
fn what_cannot_be_read_says_why_and_what_to_do() {
    let none = tempfile::tempdir().expect("a directory");
    assert!(matches!(Repository::open(none.path()), Err(HistoryError::NoRepository { .. })));

    let repo = Repo::temporary();
    let git = open(repo.dir());
    assert_eq!(git.head().expect("it is there").id, None);
    assert_eq!(git.resolve("HEAD"), Err(HistoryError::Unborn));
    assert!(matches!(git.resolve("nothing"), Err(HistoryError::NoRevision { .. })));
    repo.commit("a").write("x", "").create();
    assert!(matches!(git.resolve("HEAD:x"), Err(HistoryError::NoRevision { .. })));

    repo.git(["config", "core.repositoryFormatVersion", "1"]);
    repo.git(["config", "extensions.refStorage", "reftable"]);
    let error = Repository::open(repo.dir()).err().expect("a refusal");
    assert!(matches!(error, HistoryError::Reftable { .. }), "{error:?}");
    assert!(error.help().is_some_and(|help| help.contains("git refs migrate")));
    repo.git(["config", "--unset", "extensions.refStorage"]);
    repo.git(["config", "extensions.fromTheFuture", "1"]);
    assert!(matches!(Repository::open(repo.dir()), Err(HistoryError::Unsupported { .. })));
}

#[test]
fn substitutes_for_history_are_seen_and_not_followed() {
    let repo = Repo::temporary();
    let [a, _, b, _, _] = forked(&repo);
    repo.git(["replace", &b, &a]);
    std::fs::create_dir_all(repo.dir().join(".git/info")).expect("it is there");
    let git = open(repo.dir());
    assert_eq!(git.grafts(), None);
    std::fs::write(repo.dir().join(".git/info/grafts"), format!("{b}\n")).expect("it is there");
    let git = open(repo.dir());
    assert_eq!(git.replaced(), [id(&b)]);
    assert!(git.grafts().is_some());
    let graph = Graph::load(&git.objects().expect("it is there"), git.resolve("HEAD").expect("it is there"))
        .expect("it is there");
    assert_eq!(graph.parents(graph.find(id(&b)).expect("it is there")).len(), 1);
}

#[test]
fn bytes_that_do_not_hash_to_their_id_are_no_evidence() {
    let repo = Repo::temporary();
    let [a, _, b, ..] = forked(&repo);
    let file = |digits: &str| repo.dir().join(".git/objects").join(&digits[..2]).join(&digits[2..]);
    let stolen = std::fs::read(file(&a)).expect("it is there");
    std::fs::remove_file(file(&b)).expect("it is there");
    std::fs::write(file(&b), stolen).expect("it is there");
    let git = open(repo.dir());
    let objects = git.objects().expect("it is there");
    assert!(objects.read(id(&b), ObjectKind::Commit).is_ok());
    assert!(matches!(Commit::read(&objects, id(&b)), Err(ObjectError::Damaged(..))));
    assert!(matches!(objects.read(id(&b), ObjectKind::Tree), Err(ObjectError::Damaged(..))));
    assert!(matches!(objects.read(id(&"1".repeat(40)), ObjectKind::Tree), Err(ObjectError::Missing(_))));
}

#[test]
fn odd_commits_and_their_times_are_read() {
    let repo = Repo::temporary();
    let old = repo.commit("old").author(&Identity::new("Ada", "a@x")).at("@4294967296 -0330").write("a", "").create();
    let octopus = {
        for name in ["one", "two", "three"] {
            repo.git(["switch", "--quiet", "--create", name, &old]);
            repo.commit(name).write(name, "").create();
        }
        repo.merge("one two", "octopus").create()
    };
    let git = open(repo.dir());
    let objects = git.objects().expect("it is there");
    let commit = Commit::read(&objects, id(&old)).expect("it is there");
    assert_eq!(commit.author.time.to_string(), "2106-02-07T02:58:16-03:30");
    assert_eq!(Commit::read(&objects, id(&octopus)).expect("it is there").parents.len(), 3);
    let tree = Commit::read(&objects, id(&old)).expect("it is there").tree;
    let odd = format!("tree {tree}\nparent {old}\nauthor x\ncommitter <> -2177452800 +0000\n\n\u{0}");
    let odd = repo.write_object("commit", odd.as_bytes());
    let graph = Graph::load(&objects, id(&odd)).expect("it is there");
    assert_eq!((graph.len(), graph.time(0)), (2, -2_177_452_800));
}
