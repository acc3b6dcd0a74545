//! Where Git's judgement of SSH keys is another, and why.

use deed_history::Time;
use deed_history::signature::{Interval, Outside, Reason, Window};
use deed_model::{Date, parse_date};
use deed_test::{Identity, Key, Repo};

use crate::openpgp::good;
use crate::{ada, check, git_accepts, is_good, public, why};

fn day(text: &str) -> Date {
    parse_date(text).expect("a date")
}

/// The committer time of a commit.
fn time_of(repo: &Repo, commit: &str) -> Time {
    let seconds = repo.git(["log", "-1", "--format=%ct", commit]).parse().expect("a number");
    Time { seconds, offset_minutes: 0 }
}

/// Git verifies that some allowed signer signed and never looks at whose name the commit bears. Here a signature names
/// the key, and whose key it is decides.
#[test]
fn git_passes_a_commit_in_anothers_name() {
    let (repo, key) = (Repo::temporary(), Key::ed25519("mallory-1"));
    let mallory = Identity::new("Mallory", "mallory@acme.example");
    let commit = repo.commit("Accept R-1").author(&ada()).signed(&key).create();
    assert!(git_accepts(&repo, &commit, &mallory, &key.public_line()));
    let check = check(&repo.read_object(&commit), &[public(&Key::ed25519("ada-1")), public(&key)]);
    assert_eq!((good(&check).key, &good(&check).fingerprint), (1, &key.fingerprint()));
}

/// Git passes the commit's own date to ssh-keygen, so that a key which expired in 2023 signs in 2025, dated 2023. That
/// the parent is from 2025 tells.
#[test]
fn git_passes_an_expired_key_in_a_commit_dated_back() {
    let (repo, key) = (Repo::temporary(), Key::ed25519("ada-1"));
    let line = format!("valid-before=\"20240101\" {}", key.public_line());
    let parent = repo.commit("Start").at("2025-02-01T10:00:00Z").create();
    let dated_back = repo.commit("Accept R-1").author(&ada()).at("2023-06-01T10:00:00Z").signed(&key).create();
    let honest = repo.commit("Accept R-2").author(&ada()).at("2025-03-01T10:00:00Z").signed(&key).create();
    assert!(git_accepts(&repo, &dated_back, &ada(), &line));
    assert!(!git_accepts(&repo, &honest, &ada(), &line));

    let window = Window { until: Some(day("2023-12-31")), ..Window::default() };
    let claimed = time_of(&repo, &dated_back);
    assert_eq!(window.covers(&Interval::between(claimed, claimed)), Ok(()));
    let provable = Interval::between(time_of(&repo, &parent), claimed);
    assert_eq!(window.covers(&provable), Err(Outside::After(day("2023-12-31"))));
    assert!(is_good(&check(&repo.read_object(&dated_back), &[public(&key)])));
}

/// OpenSSH's revocation lists know no dates: with the key revoked, all that it ever signed is bad for Git. Here what a
/// leaver signed while the key was theirs stays signed.
#[test]
fn git_forgets_what_a_leaver_signed() {
    let (repo, key) = (Repo::temporary(), Key::ed25519("ada-1"));
    let commit = repo.commit("Accept R-1").author(&ada()).at("2026-03-01T10:00:00Z").signed(&key).create();
    let dir = tempfile::tempdir().expect("a directory");
    let revoked = key.store(dir.path()).with_extension("pub");
    let signers = repo.allow(&[(&ada(), &key.public_line())]);
    let settings = [("allowedSignersFile", signers), ("revocationFile", revoked)]
        .map(|(name, path)| format!("gpg.ssh.{name}={}", path.display()));
    let verify = ["-c", &settings[0], "-c", &settings[1], "verify-commit", &commit];
    assert!(!repo.try_git(verify).status.success());
    assert!(git_accepts(&repo, &commit, &ada(), &key.public_line()));

    let left = Window { revoked: Some((day("2026-06-30"), Reason::Left)), ..Window::default() };
    let time = time_of(&repo, &commit);
    assert_eq!(left.covers(&Interval::between(time, time)), Ok(()));
    let stolen = Window { revoked: Some((day("2026-06-30"), Reason::Compromised)), ..left };
    assert!(stolen.covers(&Interval::between(time, time)).is_err());
}

/// Whom an authority certifies is for the authority to say, not for a manifest: the key itself is registered.
#[test]
fn git_passes_what_an_authority_certified() {
    let (repo, key, authority) = (Repo::temporary(), Key::ed25519("ada-1"), Key::ed25519("authority"));
    let dir = tempfile::tempdir().expect("a directory");
    let [signer, signing] = [&authority, &key].map(|key| key.store(dir.path()));
    let certify = ["-q", "-I", "ada", "-n", "ada@acme.example", "-s"];
    let mut keygen = std::process::Command::new("ssh-keygen");
    let status = keygen.args(certify).arg(signer).arg(signing.with_extension("pub")).status();
    assert!(status.expect("ssh-keygen runs").success());
    let certificate = format!("user.signingKey={}-cert.pub", signing.display());
    repo.git(["-c", &certificate, "commit", "--quiet", "--allow-empty", "--gpg-sign", "--message=Accept R-1"]);

    let line = format!("cert-authority {}", authority.public_line());
    assert!(git_accepts(&repo, "HEAD", &ada(), &line));
    assert!(why(&check(&repo.read_object("HEAD"), &[public(&key)])).contains("SSH certificate"));
}
