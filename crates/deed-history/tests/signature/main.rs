//! Signatures, with the real `git`, `ssh-keygen` and `gpg` as the judges to agree with.

mod armor;
mod craft;
mod dates;
mod keys;
mod lifetime;
mod openpgp;
mod robust;
mod security_key;
mod split;
mod ssh;
mod subkey;

use deed_history::signature::{Check, PublicKey, Status, split, verify};
use deed_test::{Identity, Key, Repo};

/// Splits and verifies a commit or tag that must be signed.
#[track_caller]
fn check(raw: &[u8], candidates: &[PublicKey]) -> Check {
    verify(&split(raw).expect("the object is signed"), candidates)
}

/// What Git makes of a commit, given a key that it may be signed with.
fn git_accepts(repo: &Repo, commit: &str, who: &Identity, line: &str) -> bool {
    let signers = repo.allow(&[(who, line)]);
    repo.verify_commit(commit, &signers).status.success()
}

fn git_accepts_tag(repo: &Repo, tag: &str, who: &Identity, line: &str) -> bool {
    let allowed = format!("gpg.ssh.allowedSignersFile={}", repo.allow(&[(who, line)]).display());
    repo.try_git(["-c", &allowed, "verify-tag", tag]).status.success()
}

fn public(key: &Key) -> PublicKey {
    PublicKey::parse(&key.public_line()).expect("the key is a good one")
}

fn is_good(check: &Check) -> bool {
    matches!(check.status, Status::Good(_))
}

/// Why a signature proves nothing, or cannot be judged.
#[track_caller]
fn why(check: &Check) -> &str {
    match &check.status {
        Status::Bad { why } | Status::Unsupported { why } => why,
        status => panic!("neither bad nor unsupported: {status:?}"),
    }
}

fn ada() -> Identity {
    Identity::new("Ada Moreau", "ada@acme.example")
}
