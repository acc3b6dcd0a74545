//! The repositories that tests are made of: sound, stable, and signed so that Git agrees.

use std::panic::{AssertUnwindSafe, catch_unwind};

use deed_test::{Identity, Key, Repo};

fn ada() -> Identity {
    Identity::new("Ada Moreau", "ada@acme.example")
}

fn ben() -> Identity {
    Identity::new("Ben Okafor", "ben@acme.example")
}

/// A history with a branch, a rename, a removal, a merge that resolves a conflict, signatures and tags.
fn play(repo: &Repo) -> Vec<String> {
    let (ada_key, ben_key) = (Key::ed25519("ada-1"), Key::ed25519("ben-1"));
    let start = repo.commit("Start").write("deed.yaml", "deed: 1\n").write("gone", "").create();
    repo.branch("risks");
    let accept = repo
        .commit("Accept R-1\n\nUntil the terminals are replaced.\n")
        .author(&ada())
        .at("2026-03-01T10:00:00+0100")
        .signed(&ada_key)
        .write("risks/all.deed.yaml", "risks: { R-1: {} }\n")
        .write("deed.yaml", "deed: 1 # theirs\n")
        .create();
    repo.switch("main");
    let clean = repo.commit("Clean").write("deed.yaml", "deed: 1 # ours\n").remove("gone").create();
    let merge = repo
        .merge("risks", "Merge the risks")
        .author(&ben())
        .committed_at("@1772400000 -0500")
        .signed(&ben_key)
        .write("deed.yaml", "deed: 1 # both\n")
        .create();
    let moved = repo.commit("Move").rename("risks/all.deed.yaml", "risks/it.deed.yaml").create();
    let tag = repo.tag("deed/checkpoint/2026-03-02", "checkpoint").author(&ben()).signed(&ben_key).create();
    vec![start, accept, clean, merge, moved, tag]
}

#[test]
fn the_same_calls_give_the_same_ids() {
    let ids = play(&Repo::temporary());
    assert_eq!(ids, play(&Repo::temporary()));
    // Pinned, so that another machine, Git or time zone cannot give others unseen.
    assert_eq!(ids[5], "264efbdd8145a714e54df79e5e88a719a73bee8b");
}

#[test]
fn git_finds_nothing_wrong() {
    let repo = Repo::temporary();
    play(&repo);
    let fsck = repo.try_git(["fsck", "--strict", "--full"]);
    assert!(fsck.status.success(), "{}", String::from_utf8_lossy(&fsck.stderr));
    assert_eq!(repo.git(["status", "--porcelain"]), "");
    assert_eq!(repo.read("risks/it.deed.yaml"), "risks: { R-1: {} }\n");
}

#[test]
fn git_believes_an_allowed_signer_and_nobody_else() {
    let repo = Repo::temporary();
    let ids = play(&repo);
    let key = Key::ed25519("ada-1");
    let allowed = repo.allowed_signers(&[(&ada(), &key)]);
    let good = repo.verify_commit(&ids[1], &allowed);
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    assert!(String::from_utf8_lossy(&good.stderr).contains(&key.fingerprint()));
    assert!(!repo.verify_commit(&ids[0], &allowed).status.success(), "the start is not signed");
    assert!(!repo.verify_commit(&ids[3], &allowed).status.success(), "ben is not allowed");
}

#[test]
fn author_committer_and_times_are_what_was_asked() {
    let repo = Repo::temporary();
    repo.commit("x")
        .author(&ada())
        .committer(&ben())
        .at("2026-03-01T10:00:00+0100")
        .committed_at("@4294967296 +0000")
        .create();
    let commit = String::from_utf8(repo.read_object("HEAD")).expect("a commit of ours is UTF-8");
    assert!(commit.contains("author Ada Moreau <ada@acme.example> 1772355600 +0100\n"), "{commit}");
    assert!(commit.contains("committer Ben Okafor <ben@acme.example> 4294967296 +0000\n"), "{commit}");
}

#[test]
fn a_merge_keeps_both_parents_and_takes_what_it_was_given() {
    let repo = Repo::temporary();
    let ids = play(&repo);
    let parents = repo.git(["rev-list", "--parents", "--max-count=1", &ids[3]]);
    assert_eq!(parents, format!("{} {} {}", ids[3], ids[2], ids[1]));
    assert_eq!(repo.git(["show", &format!("{}:deed.yaml", ids[3])]), "deed: 1 # both");
}

#[test]
fn a_merge_can_drop_the_other_side() {
    let repo = Repo::temporary();
    repo.commit("Start").write("a", "1").create();
    repo.branch("side");
    repo.commit("Decide").write("b", "2").create();
    repo.switch("main");
    repo.merge("side", "Merge").strategy("ours").create();
    assert_eq!(repo.git(["ls-files"]), "a");
    assert_eq!(repo.git(["rev-list", "--count", "HEAD"]), "3");
}

#[test]
fn a_conflict_left_open_is_refused() {
    let repo = Repo::temporary();
    repo.commit("Start").write("deed.yaml", "a\n").create();
    repo.branch("side");
    repo.commit("Theirs").write("deed.yaml", "b\n").create();
    repo.switch("main");
    repo.commit("Ours").write("deed.yaml", "c\n").create();
    let merge = AssertUnwindSafe(|| repo.merge("side", "Merge").create());
    let panic = catch_unwind(merge).expect_err("nobody resolved the conflict");
    let message = panic.downcast_ref::<String>().expect("the message is formatted");
    assert!(message.starts_with("the merge conflicts in deed.yaml"), "{message}");
}

#[test]
fn objects_that_git_would_not_make_can_be_made() {
    let repo = Repo::temporary();
    let start = repo.commit("Start").write("a", "1").create();
    let commit = String::from_utf8(repo.read_object(&start)).expect("a commit of ours is UTF-8");
    let odd = commit.replace("1767603600", "-2147483648");
    let id = repo.write_object("commit", odd.as_bytes());
    repo.set_ref("refs/heads/odd", &id);
    assert_eq!(repo.read_object("odd"), odd.as_bytes());
}

#[test]
fn no_private_key_lies_inside_the_repository() {
    let repo = Repo::temporary();
    play(&repo);
    assert_eq!(repo.git(["ls-files", "--others"]), "");
    let found = std::fs::read_dir(repo.dir().join(".git")).expect("the repository has a Git directory");
    assert!(found.flatten().all(|entry| !entry.file_name().to_string_lossy().contains("ada")));
}
