//! `deed decide`, with the real Git, its hooks and real keys.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use deed_test::{Identity, Keyring, Repo};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Dir, Run, TODAY};

/// An organisation in a repository, whose keys lie outside of it.
pub(crate) struct Org {
    pub(crate) dir: Dir,
    pub(crate) repo: Repo,
    pub(crate) outside: TempDir,
}

pub(crate) const ADA: (&str, &str) = ("Ada Moreau", "ada@acme.example");
pub(crate) const BEN: (&str, &str) = ("Ben Okafor", "ben@acme.example");

pub(crate) const RISKS: &str = "\
# What may happen
risks:
  R-1:   # asked for by Ben
    title: \"Fire\"
    owner: it
    requested_by: ben
    treatment: accept
    inherent: { likelihood: 2, impact: 3 }
  R-2: { title: 'Flood', owner: it, treatment: mitigate, residual: { likelihood: 1, impact: 2 } }
controls:
  A.5.15: { applicable: true, owner: it }
  A.5.16:
    applicable: true
    owner: it
  A.5.17: { applicable: false, owner: it, because: none }
";

impl Org {
    pub(crate) fn new() -> Self {
        Self::init(&[], "risks.deed.yaml")
    }

    pub(crate) fn init(arguments: &[&str], risks: &str) -> Self {
        let (dir, outside) = (Dir::new(), tempfile::tempdir().unwrap());
        let repo = Repo::init_with(dir.path(), arguments);
        let org = Self { dir, repo, outside };
        let (ada, ben) = (org.key("ada"), org.key("ben"));
        org.dir.write("deed.yaml", register(&[&ada, &ben]));
        org.dir.write(risks, RISKS);
        org.dir.write("policies/backup.md", "# Backups\nDaily.\n");
        org.dir.write(
            "policies.deed.yaml",
            "policies:\n  backup:\n    title: Backup\n    document: policies/backup.md\n    owner: it\n",
        );
        org.commit("Begin", "2026-01-05T09:00:00+0000");
        org.is(ADA);
        org
    }

    /// Makes a key with the real ssh-keygen, and returns its public line.
    pub(crate) fn key(&self, name: &str) -> String {
        let path = self.private(name);
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]).arg(&path);
        assert!(keygen.status().unwrap().success());
        fs::read_to_string(path.with_extension("pub")).unwrap().trim().to_owned()
    }

    pub(crate) fn private(&self, name: &str) -> PathBuf {
        self.outside.path().join(name)
    }

    /// Says who sits here.
    pub(crate) fn is(&self, (name, email): (&str, &str)) {
        self.repo.git(["config", "user.name", name]);
        self.repo.git(["config", "user.email", email]);
    }

    pub(crate) fn signs_with(&self, name: &str) {
        self.repo.git(["config", "gpg.format", "ssh"]);
        self.repo.git(["config", "user.signingKey", self.private(name).to_str().unwrap()]);
    }

    /// Commits all there is as Ben.
    pub(crate) fn commit(&self, message: &str, at: &str) -> String {
        self.repo.commit(message).author(&Identity::new(BEN.0, BEN.1)).at(at).create()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.dir.command(&[&["decide", "--today", TODAY], args].concat());
        for (name, value) in [
            ("PATH", std::env::var_os("PATH").unwrap()),
            ("HOME", self.outside.path().into()),
            ("GIT_CONFIG_NOSYSTEM", "1".into()),
            ("GIT_AUTHOR_DATE", "2026-06-30T10:00:00+0000".into()),
            ("GIT_COMMITTER_DATE", "2026-06-30T10:00:00+0000".into()),
        ] {
            command.env(name, value);
        }
        command
    }

    pub(crate) fn decide(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().unwrap())
    }

    /// Decides, which must go well.
    #[track_caller]
    pub(crate) fn decided(&self, args: &[&str]) -> Run {
        let run = self.decide(args);
        assert_eq!(run.code, 0, "{}", run.all());
        self.is_tidy();
        run
    }

    /// What is refused, and that nothing changed by it.
    #[track_caller]
    pub(crate) fn refused(&self, args: &[&str]) -> String {
        let before = self.snapshot();
        let run = self.decide(args);
        assert_eq!(run.code, 2, "{}", run.all());
        assert_eq!(self.snapshot(), before, "{}", run.all());
        self.is_tidy();
        run.stderr
    }

    /// All that must be as it was where a run fails.
    pub(crate) fn snapshot(&self) -> Vec<String> {
        let ask = |arguments: &[&str]| String::from_utf8_lossy(&self.repo.try_git(arguments).stdout).into_owned();
        let mut all = vec![
            ask(&["rev-parse", "HEAD"]),
            ask(&["ls-files", "-v", "--stage"]),
            ask(&["status", "--porcelain=v2", "--untracked-files=all"]),
            ask(&["reflog"]),
        ];
        let files = ask(&["ls-files", "-z"]);
        let files = files.split('\0').filter(|path| !path.is_empty());
        let read =
            |path| fs::read(self.dir.path().join(path)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        all.extend(files.map(|path| format!("{path}: {:?}", read(path))));
        all
    }

    /// No file is left behind.
    #[track_caller]
    pub(crate) fn is_tidy(&self) {
        let git = PathBuf::from(self.repo.git(["rev-parse", "--absolute-git-dir"]));
        for dir in [git.as_path(), self.dir.path()] {
            for entry in fs::read_dir(dir).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                assert!(
                    !name.contains("deed-") && !name.ends_with(".tmp") && !name.ends_with(".lock"),
                    "{name} is left"
                );
            }
        }
    }

    /// The decision as `deed evidence` has it.
    pub(crate) fn evidence(&self, decision: &str) -> Value {
        let run = self.dir.deed(&["evidence", "--format", "json", decision]);
        let found: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.all()));
        found["decisions"][0].clone()
    }

    #[track_caller]
    pub(crate) fn level(&self, decision: &str, level: &str) {
        let found = self.evidence(decision);
        assert_eq!((&found["level"], &found["problems"]), (&level.into(), &serde_json::json!([])), "{found:#}");
    }

    /// Git as it runs in the tests, on the day.
    pub(crate) fn git(&self, arguments: &[&str]) -> Command {
        let mut command = self.repo.command(arguments);
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_DATE"), "2026-06-30T10:00:00+0000");
        }
        command
    }

    pub(crate) fn message(&self) -> String {
        self.repo.git(["log", "-1", "--format=%B"])
    }

    pub(crate) fn hook(&self, name: &str, script: &str) {
        let path = format!(".git/hooks/{name}");
        self.dir.write(&path, format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.dir.path().join(path), fs::Permissions::from_mode(0o755)).unwrap();
    }
}

pub(crate) fn register(keys: &[&str; 2]) -> String {
    format!(
        "deed: 1
isms: {{ organization: Acme, model: federated, owner: ceo, manager: ciso }}
lint: {{ rules: {{ acceptance-without-rationale: warning }} }}
risk_criteria:
  likelihood: 5
  impact: 5
  levels: {{ low: 1, medium: 5, high: 10 }}
  tolerance: medium
  max_acceptance: {{ low: 24mo, medium: 12mo, high: 6mo }}
people:
  ada: {{ name: Ada Moreau, emails: [ada@acme.example], keys: [\"{}\"] }}
  ben: {{ name: Ben Okafor, emails: [ben@acme.example], keys: [\"{}\"] }}
  cleo: {{ name: Cleo Roy, emails: [cleo@acme.example] }}
  dan: {{ name: Dan Weiss, emails: [dan@acme.example], left: 2026-03-31 }}
  sec: {{ name: Security, kind: team, emails: [sec@acme.example] }}
roles:
  ceo: {{ title: CEO, layer: executive, held_by: ada, authority: {{ accept_risk: high, approve: [isms, policies] }} }}
  cfo: {{ title: CFO, layer: executive, held_by: cleo, reports_to: ceo, authority: {{ accept_risk: high, approve: [policies] }} }}
  ciso: {{ title: CISO, layer: isms, held_by: cleo, reports_to: ceo }}
  it: {{ title: IT, layer: owner, held_by: ben, reports_to: ceo, authority: {{ accept_risk: low }} }}
",
        keys[0], keys[1]
    )
}

#[test]
fn what_others_take_over_is_not_decided_with_it() {
    let risks = RISKS.replace("  R-1:   # asked", "  R-1: &base   # asked");
    let risks = risks.replace("controls:\n", "  R-9: { <<: *base, title: Worse }\ncontrols:\n");
    let org = Org::init(&[], "risks.deed.yaml");
    org.dir.write("risks.deed.yaml", risks);
    org.commit("One like the other", "2026-01-06T09:00:00+0000");
    let said = org.refused(&["accepted", "risks.R-1"]);
    assert!(said.contains("is taken over by `risks.R-9`"), "{said}");
    org.decided(&["accepted", "risks.R-9"]);
}

#[test]
fn a_signed_decision_is_decided() {
    let org = Org::new();
    org.signs_with("ada");
    let run =
        org.decided(&["accepted", "risks.R-1", "--until", "2027-03-31", "--note", "retired in Q4, by then: gone"]);
    assert!(run.stdout.contains("risks.R-1.accepted is decided"), "{}", run.stdout);
    let line =
        "    accepted: { by: ada, date: 2026-06-30, until: 2027-03-31, note: \"retired in Q4, by then: gone\" }\n";
    let cut = RISKS.find("  R-2").unwrap();
    assert_eq!(org.dir.read("risks.deed.yaml"), format!("{}{line}{}", &RISKS[..cut], &RISKS[cut..]));
    assert!(run.stdout.contains(&format!("\n+{line}")), "{}", run.stdout);
    let message = org.message();
    let (head, trailer) = message.rsplit_once("\n\n").unwrap();
    assert_eq!(head, "Accept risk R-1 until 2027-03-31\n\nretired in Q4, by then: gone");
    assert!(trailer.starts_with("Deed-Decision: risks.R-1.accepted ") && trailer.lines().count() == 1, "{message}");
    assert_eq!(org.repo.git(["status", "--porcelain"]), "");
    org.level("risks.R-1.accepted", "decided");
    // With the same values nothing is left to do.
    let head = org.repo.id("HEAD");
    let run =
        org.decided(&["accepted", "risks.R-1", "--until", "2027-03-31", "--note", "retired in Q4, by then: gone"]);
    assert!(run.stderr.contains("is recorded like that already"), "{}", run.all());
    assert_eq!(org.repo.id("HEAD"), head);
}

#[test]
fn the_text_of_a_policy_is_part_of_what_is_named() {
    let org = Org::new();
    org.signs_with("ada");
    org.decided(&["policies.backup.approved"]);
    org.level("policies.backup.approved", "decided");
    assert!(org.message().starts_with("Approve policy backup\n"));
    org.dir.write("policies/backup.md", "# Backups\nWeekly.\n");
    let said = org.refused(&["reviewed", "backup"]);
    assert!(said.contains("Ada Moreau may not review `policies.backup`"), "{said}");
    let said = org.refused(&["approved", "backup", "--note", "again"]);
    assert!(said.contains("`policies/backup.md` is changed here and not committed"), "{said}");
    org.commit("Weekly", "2026-06-30T10:00:00+0000");
    org.decided(&["approved", "backup", "--note", "again"]);
    org.level("policies.backup.approved", "decided");
}

#[test]
fn nothing_else_goes_in_and_nothing_is_lost() {
    let org = Org::new();
    org.signs_with("ada");
    let path = "risks.deed.yaml";
    let committed = org.dir.read(path);
    let staged = committed.replace("# What may happen", "# Staged");
    org.dir.write(path, &staged);
    org.dir.write("new.txt", "staged\n");
    org.repo.git(["add", "-A"]);
    let here = staged.replace("R-2: {", "R-2: { x-here: 1,");
    org.dir.write(path, &here);
    org.dir.write("new.txt", "staged and more\n");
    org.dir.write("untracked.txt", "");
    org.decided(&["accepted", "R-1"]);
    let line = "    accepted: { by: ada, date: 2026-06-30, until: 2027-06-30 }\n";
    let with = |text: &str| text.replace("  R-2", &format!("{line}  R-2"));
    let show = |name: &str| org.repo.git(["show", name]) + "\n";
    assert_eq!(show("HEAD:risks.deed.yaml"), with(&committed));
    assert_eq!(show(":risks.deed.yaml"), with(&staged));
    assert_eq!(org.dir.read(path), with(&here));
    assert_eq!(org.repo.git(["diff", "--name-only", "HEAD~1", "HEAD"]), path);
    assert_eq!(show(":new.txt"), "staged\n");
    assert_eq!(org.repo.git(["status", "--porcelain"]), "AM new.txt\nMM risks.deed.yaml\n?? untracked.txt");
    org.level("risks.R-1.accepted", "decided");
}

#[test]
fn several_decisions_are_one_commit() {
    let org = Org::new();
    org.is(BEN);
    org.signs_with("ben");
    let run = org.decided(&["reviewed", "controls.A.5.15", "A.5.16", "A.5.15"]);
    assert!(run.stdout.contains("Review A.5.15 and A.5.16"), "{}", run.stdout);
    org.level("controls.A.5.15.reviewed", "decided");
    org.level("controls.A.5.16.reviewed", "decided");
    assert_eq!(org.repo.git(["rev-list", "--count", "HEAD"]), "2");
    // What is recorded already is not named again.
    let run = org.decided(&["reviewed", "A.5.15", "R-1"]);
    assert!(run.stdout.contains("Review risk R-1") && !org.message().contains("A.5.15"), "{}", run.all());
    org.decided(&["risks.R-2.approved", "policies.backup.reviewed", "-m", "Settle what is open"]);
    assert!(
        org.message().starts_with("Settle what is open\n\nDeed-Decision: risks.R-2.approved "),
        "{}",
        org.message()
    );
    org.level("risks.R-2.approved", "decided");
    org.level("policies.backup.reviewed", "decided");
}

#[test]
fn every_kind_of_decision_is_named_as_history_names_it() {
    let org = Org::new();
    let text = org
        .dir
        .read("deed.yaml")
        .replace("approve: [isms, policies]", "approve: [isms, soa, risk_criteria], grant: [exceptions]");
    org.dir.write("deed.yaml", text + "soa: { version: \"4\" }\n");
    org.dir.write(
        "more.deed.yaml",
        "exceptions:\n  X-1: { control: A.5.15, reason: old, owner: it, requested_by: ben }\n\
         delegations:\n  D-1: { from: ceo, to: it, authority: { accept_risk: low } }\n\
         reviews:\n  MR-1: { kind: management-review, chair: ceo, document: policies/backup.md }\n\
         controls:\n  A.5.18: &same { applicable: true, owner: it, because: [R-1] }\n  A.5.19: *same\n",
    );
    // A version with an error in it is passed through: what stood there before counts.
    let broken = "controls:\n  A.5.20: { applicable: true, owner: it }\n";
    org.dir.write("broken.deed.yaml", broken);
    org.commit("More", "2026-01-06T09:00:00+0000");
    org.dir.write("broken.deed.yaml", broken.replace(" }\n", "\n"));
    org.commit("Break", "2026-01-07T09:00:00+0000");
    org.signs_with("ada");
    let broken = |run: &Run| {
        let said = "error: in the last commit, `broken.deed.yaml:2` cannot be read: ";
        assert!(run.code == 1 && run.stderr.matches("`broken.deed.yaml:").count() == 1, "{}", run.all());
        assert!(run.stderr.contains(said), "{}", run.all());
    };
    let decisions = [
        "isms.adopted",
        "isms.approved",
        "soa.approved",
        "risk_criteria.approved",
        "roles.ceo.acknowledged",
        "exceptions.X-1.granted",
        "delegations.D-1.granted",
        "reviews.MR-1.held",
    ];
    for decision in decisions {
        let run = org.decide(&[decision]);
        broken(&run);
        assert!(run.stdout.contains(&format!("{decision} is decided")), "{}", run.all());
    }
    org.repo.git(["reset", "-q", "--hard", &format!("HEAD~{}", decisions.len())]);
    let run = org.decide(&decisions);
    broken(&run);
    assert!(run.stdout.contains("] Adopt isms; approve isms; approve soa; approve risk_criteria; "), "{}", run.all());
    for decision in decisions {
        org.level(decision, "decided");
    }
}

#[test]
fn what_somebody_may_not_decide_is_refused_and_it_is_said_who_may() {
    let org = Org::new();
    let said = org.refused(&["reviewed", "R-1"]);
    assert!(
        said.contains("error: Ada Moreau may not review `risks.R-1`: Ada Moreau is not the owner `it`\n")
            && said.contains("hint: who may: Ben Okafor as `it`\n"),
        "{said}"
    );
    org.is(BEN);
    let said = org.refused(&["accepted", "R-1"]);
    assert!(
        said.contains("Ben Okafor has asked for it")
            && said.contains("who may: Ada Moreau as `ceo` and Cleo Roy as `cfo`\n"),
        "{said}"
    );
    let said = org.refused(&["approved", "backup"]);
    assert!(said.contains("who may: Ada Moreau as `ceo` and Cleo Roy as `cfo`"), "{said}");
    for (who, args, expected) in [
        (("Eve", "eve@else.example"), vec!["accepted", "R-1"], "nobody is registered with that"),
        (("Ada Moreau", "ada@home.example"), vec!["accepted", "R-1"], "add the address to `people.ada.emails`"),
        (("Dan Weiss", "dan@acme.example"), vec!["accepted", "R-1"], "left on 2026-03-31"),
        (("Security", "sec@acme.example"), vec!["accepted", "R-1"], "only a person can decide"),
        (ADA, vec!["accepted", "R-9"], "there is no `R-9` in the last commit"),
        (ADA, vec!["accepted", "risk.R-1"], "did you mean `risks.R-1`?"),
        (ADA, vec!["held", "R-1"], "`risks.R-1` cannot be `held`"),
        (ADA, vec!["R-1"], "it is not said what to decide about `R-1`"),
        (ADA, vec!["accepted"], "nothing is named to decide about"),
        (
            ADA,
            vec!["accepted", "controls"],
            "`controls` is a whole section\nhint: name one subject of it, as in `controls.ID`",
        ),
        (
            ADA,
            vec!["frobnicate", "R-1"],
            "`frobnicate` is no verb, and nothing in the last commit is called so\nhint: verbs: ",
        ),
        (ADA, vec!["accepted", "people.ada"], "nothing is decided about a person"),
        (ADA, vec!["accepted", "R-1", "--as", "cfo"], "but not as `cfo`"),
        (ADA, vec!["accepted", "R-1", "--as", "cso"], "did you mean `ciso`?"),
        (ADA, vec!["accepted", "R-1", "--until", "2026-01-01"], "is over"),
        (ADA, vec!["accepted", "R-1", "--until", "2027-07-01"], "the last day it may hold is 2027-06-30"),
        (ADA, vec!["accepted", "R-1", "--note", " "], "`--note` is empty"),
        (BEN, vec!["accepted", "A.5.17"], "is not applicable"),
        (BEN, vec!["approved", "R-1"], "no treatment plan"),
    ] {
        org.is(who);
        let said = org.refused(&args);
        assert!(said.contains(expected), "{args:?}: {said}");
    }
}

#[test]
fn a_role_to_decide_in_is_written_down() {
    let org = Org::new();
    org.decided(&["accepted", "R-1", "--as", "ceo"]);
    assert!(org.dir.read("risks.deed.yaml").contains("until: 2027-06-30, as: ceo }"));
    org.level("risks.R-1.accepted", "attributed");
}

#[test]
fn who_decides_is_whom_git_would_name() {
    let org = Org::new();
    let run = Run::of(org.command(&["reviewed", "R-1"]).env("GIT_AUTHOR_EMAIL", "BEN@acme.example").output().unwrap());
    assert_eq!(run.code, 0, "{}", run.all());
    org.level("risks.R-1.reviewed", "attributed");
    org.repo.git(["config", "--unset", "user.email"]);
    org.repo.git(["config", "user.useConfigOnly", "true"]);
    let said = org.refused(&["reviewed", "R-1"]);
    assert!(said.starts_with("error: Git does not know who you are\nhint: say it: `git config user.name"), "{said}");
    assert!(!said.contains("***"), "{said}");
    let run = Run::of(org.command(&["reviewed", "R-1"]).env("PATH", org.outside.path()).output().unwrap());
    assert_eq!(run.stderr.lines().next(), Some("error: there is no `git` on PATH"), "{}", run.all());
}

#[test]
fn a_signature_is_made_where_it_is_asked_for_and_not_where_nobody_wants_it() {
    let org = Org::new();
    org.repo.git(["config", "commit.gpgSign", "false"]);
    org.signs_with("ada");
    let run = org.decided(&["accepted", "R-1", "--as", "ceo"]);
    assert!(
        run.stdout.contains("is attributed") && run.stdout.contains("have Git sign with a registered key"),
        "{}",
        run.stdout
    );
    let demand = "evidence: { require: { default: attributed, risks.accepted: signed } }\n";
    org.dir.write("evidence.deed.yaml", demand);
    org.commit("Ask for more", "2026-06-30T10:00:00+0000");
    let said = org.refused(&["accepted", "R-1", "--as", "ceo"]);
    assert!(said.contains("recorded like that already, but is `attributed` only, and `signed` is asked for"), "{said}");
    org.decided(&["accepted", "R-1"]);
    org.level("risks.R-1.accepted", "decided");
    org.repo.git(["config", "commit.gpgSign", "true"]);
    org.repo.git(["config", "--unset", "user.signingKey"]);
    let said = org.refused(&["accepted", "R-1"]);
    assert!(said.contains("`evidence.require` asks for `signed`") && said.contains("gpg.format ssh"), "{said}");
}

#[test]
fn a_key_that_is_not_registered_is_warned_of() {
    let org = Org::new();
    org.key("other");
    org.signs_with("other");
    let run = org.decided(&["accepted", "R-1"]);
    assert!(run.stderr.contains("is not registered to Ada Moreau"), "{}", run.all());
    assert!(run.stdout.contains("signed with a key nobody had registered before"), "{}", run.stdout);
    let ended = org.dir.read("deed.yaml").replacen("keys: [\"", "keys: [{ until: 2026-05-31, key: \"", 1);
    org.dir.write("deed.yaml", ended.replacen(" ada\"]", " ada\" }]", 1));
    org.commit("End a key", "2026-06-30T10:00:00+0000");
    org.signs_with("ada");
    let run = org.decide(&["accepted", "R-1", "--note", "x", "--dry-run"]);
    assert!(run.code == 0 && run.stderr.contains("the key was valid until 2026-05-31"), "{}", run.all());
    org.is(("Cleo Roy", "cleo@acme.example"));
    let run = org.decide(&["acknowledged", "cfo", "--dry-run"]);
    assert!(run.stderr.contains("no key of Cleo Roy is registered"), "{}", run.all());
}

#[test]
fn openpgp_keys_sign_as_well() {
    let org = Org::new();
    let keyring = Keyring::new();
    let key = keyring.generate("Ada Moreau <ada@acme.example>", "ed25519", "never", "20260101T090000");
    org.dir.write("keys/ada.asc", keyring.export(&key));
    let text = org.dir.read("deed.yaml");
    let from = text.find("keys: [").unwrap();
    let to = from + text[from..].find(']').unwrap() + 1;
    org.dir.write("deed.yaml", format!("{}keys: [keys/ada.asc]{}", &text[..from], &text[to..]));
    org.commit("Another key", "2026-06-29T09:00:00+0000");
    org.repo.git(["config", "user.signingKey", &key]);
    org.repo.git(["config", "gpg.program", keyring.program("20260630T100000").to_str().unwrap()]);
    let mut command = org.command(&["accepted", "R-1", "--note", "why not"]);
    let run = Run::of(command.env("GNUPGHOME", keyring.home()).output().unwrap());
    assert!(run.code == 0 && !run.stderr.contains("warning"), "{}", run.all());
    org.level("risks.R-1.accepted", "decided");
}

#[test]
fn a_dry_run_changes_nothing_and_says_all() {
    let org = Org::new();
    org.signs_with("ada");
    let before = org.snapshot();
    let run = org.decided(&["accepted", "R-1", "--dry-run", "--note", "why not"]);
    assert_eq!(org.snapshot(), before);
    assert!(
        run.stdout.contains("+    accepted: { by: ada")
            && run.stdout.contains("    Deed-Decision: risks.R-1.accepted ")
    );
    assert!(run.stdout.contains("would be committed by Ada Moreau <ada@acme.example>, signed:"), "{}", run.stdout);
}

#[test]
fn without_a_commit_the_file_is_all_that_changes() {
    let org = Org::new();
    let head = org.repo.id("HEAD");
    let run = org.decided(&["accepted", "R-1", "--no-commit"]);
    assert_eq!(org.repo.git(["status", "--porcelain"]), " M risks.deed.yaml");
    assert!(org.repo.id("HEAD") == head && run.stderr.contains("not committed"), "{}", run.all());
    // What is written already can be committed after all.
    org.signs_with("ada");
    org.decided(&["accepted", "R-1"]);
    org.level("risks.R-1.accepted", "decided");
    assert_eq!(org.repo.git(["status", "--porcelain"]), "");
    let dir = Dir::with(&[("deed.yaml", &register(&["", ""])), ("risks.deed.yaml", RISKS)]);
    let nowhere = |args: &[&str]| {
        let mut command = org.command(args);
        command.current_dir(dir.path()).env("GIT_AUTHOR_NAME", "Ben").env("GIT_AUTHOR_EMAIL", BEN.1);
        Run::of(command.output().unwrap())
    };
    let run = nowhere(&["reviewed", "R-2"]);
    assert!(run.code == 2 && run.stderr.contains("is in no Git repository"), "{}", run.all());
    let run = nowhere(&["reviewed", "R-2", "--no-commit"]);
    assert!(run.code == 0 && dir.read("risks.deed.yaml").contains("reviewed: { by: ben"), "{}", run.all());
}

#[test]
fn what_is_decided_on_must_be_committed() {
    let org = Org::new();
    let path = "risks.deed.yaml";
    let text = org.dir.read(path);
    org.dir.write(path, text.replace("impact: 3", "impact: 4"));
    let said = org.refused(&["accepted", "R-1"]);
    assert!(said.contains("`risks.R-1.inherent` is changed here and not committed"), "{said}");
    // A subject that is not in the last commit, one that moved, and a manifest that is broken somewhere.
    org.dir.write(path, text.replace("R-2:", "R-3:"));
    let said = org.refused(&["approved", "R-3"]);
    assert!(said.contains("there is no `R-3` in the last commit"), "{said}");
    org.is(BEN);
    let said = org.refused(&["approved", "R-2"]);
    assert!(said.contains("has no `risks.R-2` as it lies here"), "{said}");
    org.dir.write(path, text.replace("title: 'Flood'", "title: 'Flood"));
    let said = org.refused(&["approved", "R-2"]);
    assert!(said.contains("`risks.deed.yaml` is broken at line 9"), "{said}");
    org.repo.git(["add", "-A"]);
    org.dir.write(path, &text);
    let said = org.refused(&["approved", "R-2"]);
    assert!(said.contains("`risks.deed.yaml` as it is staged is broken at line 9"), "{said}");
    org.commit("Restore", "2026-01-06T09:00:00+0000");
    org.repo.git(["rm", "-q", "--cached", path]);
    let said = org.refused(&["approved", "R-2"]);
    assert!(said.contains("is removed, or renamed, by what is staged"), "{said}");
    org.repo.git(["reset", "-q"]);
    fs::remove_file(org.dir.path().join(path)).unwrap();
    let said = org.refused(&["approved", "R-2"]);
    assert!(said.contains("`risks.deed.yaml` is deleted here"), "{said}");
}

#[test]
fn a_hook_that_stops_the_commit_leaves_all_as_it_was() {
    let org = Org::new();
    org.signs_with("ada");
    org.dir.write("risks.deed.yaml", RISKS.replace("What may", "What might"));
    org.dir.write("staged.txt", "x");
    org.repo.git(["add", "staged.txt"]);
    for (name, script) in
        [("pre-commit", "echo no >&2; exit 1"), ("commit-msg", "exit 1"), ("prepare-commit-msg", "exit 1")]
    {
        org.hook(name, script);
        let said = org.refused(&["accepted", "R-1"]);
        assert!(said.contains("everything is as it was"), "{said}");
        fs::remove_file(org.dir.path().join(".git/hooks").join(name)).unwrap();
    }
    org.repo.git(["config", "core.hooksPath", "hooks"]);
    org.dir.write("hooks/pre-commit", "#!/bin/sh\necho out of the way >&2; exit 1\n");
    fs::set_permissions(org.dir.path().join("hooks/pre-commit"), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(org.refused(&["accepted", "R-1"]).contains("out of the way"));
    org.repo.git(["config", "--unset", "core.hooksPath"]);
    // A key that is not there any more, and an index that somebody holds.
    fs::remove_file(org.private("ada")).unwrap();
    let said = org.refused(&["accepted", "R-1"]);
    assert!(said.contains("`git commit` failed: nothing was decided"), "{said}");
    org.repo.git(["config", "--unset", "user.signingKey"]);
    let lock = org.dir.path().join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let before = org.dir.read("risks.deed.yaml");
    let run = org.decide(&["accepted", "R-1"]);
    assert!(run.code == 2 && run.stderr.contains("index.lock"), "{}", run.all());
    assert_eq!(org.dir.read("risks.deed.yaml"), before);
    fs::remove_file(lock).unwrap();
    org.decided(&["accepted", "R-1"]);
}

#[test]
fn hooks_see_the_commit_in_the_making() {
    let org = Org::new();
    org.hook("pre-commit", "git diff --cached --name-only >seen.log; git show :risks.deed.yaml >>seen.log");
    org.dir.write("other.txt", "x");
    org.repo.git(["add", "other.txt"]);
    org.decided(&["accepted", "R-1"]);
    let seen = org.dir.read("seen.log");
    assert!(seen.starts_with("risks.deed.yaml\n") && seen.contains("accepted: { by: ada"), "{seen}");
    // The one that Deed installs judges it.
    org.dir.deed(&["hook", "install"]);
    let run = org.decided(&["accepted", "R-1", "--note", "again"]);
    assert!(run.stdout.contains("is attributed"), "{}", run.all());
}

#[test]
fn what_a_hook_puts_into_the_commit_is_not_taken_back_by_the_index() {
    let org = Org::new();
    org.dir.write("log.txt", "0\n");
    org.commit("Keep a log", "2026-01-06T09:00:00+0000");
    org.hook("pre-commit", "echo 1 >>log.txt; echo new >new.txt; git add log.txt new.txt");
    let run = org.decided(&["accepted", "R-1"]);
    assert!(run.stderr.contains("a hook put more into the commit: `log.txt`, `new.txt`"), "{}", run.all());
    assert_eq!(org.repo.git(["status", "--porcelain"]), "");
}

#[test]
fn the_trailer_stays_where_it_counts_whatever_hooks_write() {
    let org = Org::new();
    org.signs_with("ada");
    for (nth, script) in [
        "printf '\\nRefs: X-1\\n' >>\"$1\"",
        "printf 'Change-Id: I1\\n' >>\"$1\"",
        "printf '\\nAnd so on.\\n' >>\"$1\"",
    ]
    .iter()
    .enumerate()
    {
        org.hook("commit-msg", script);
        org.decided(&["accepted", "R-1", "--note", &format!("nth {nth}")]);
        let message = org.message();
        assert!(message.contains("Refs: X-1") || message.contains("Change-Id: I1") || message.contains("And so on."));
        org.level("risks.R-1.accepted", "decided");
        assert_eq!(org.repo.git(["rev-list", "--count", "HEAD"]), (nth + 2).to_string());
        assert_eq!(org.repo.git(["status", "--porcelain"]), "");
    }
    org.repo.git(["config", "commit.template", "template"]);
    org.repo.git(["config", "commit.cleanup", "scissors"]);
    org.repo.git(["config", "core.commentChar", "A"]);
    org.dir.write("template", "Fill me in\n");
    fs::remove_file(org.dir.path().join(".git/hooks/commit-msg")).unwrap();
    org.decided(&["accepted", "R-1", "--note", "# Not a comment"]);
    assert!(
        org.message().starts_with("Accept risk R-1 until 2027-06-30\n\n# Not a comment\n\nDeed-"),
        "{}",
        org.message()
    );
}

/// The hook waits here until the test lets it go on.
fn stopped(org: &Org, then: &str) -> std::process::Child {
    let mark = org.outside.path().join("stopped");
    org.hook("pre-commit", &format!("touch '{}'; {then}", mark.display()));
    use std::os::unix::process::CommandExt as _;
    let mut command = org.command(&["accepted", "R-1"]);
    let child = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let has_begun = (0..3000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        mark.exists()
    });
    assert!(has_begun, "the hook never ran");
    child
}

fn signal(signal: &str, process: &str) {
    let kill = format!("kill -s {signal} -- {process}");
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

#[test]
fn an_interrupted_run_leaves_all_as_it_was() {
    let org = Org::new();
    org.hook("pre-commit", "exit 0");
    let before = org.snapshot();
    let child = stopped(&org, "sleep 30");
    signal("INT", &format!("-{}", child.id()));
    let run = Run::of(child.wait_with_output().unwrap());
    assert!(run.code == 2 && run.stderr.contains("interrupted: nothing was decided"), "{}", run.all());
    assert_eq!(org.snapshot(), before);
    org.is_tidy();
}

#[test]
fn a_killed_run_leaves_manifests_old_or_new_and_can_be_made_again() {
    // Deed is killed, and Git goes on.
    let org = Org::new();
    let mut child = stopped(&org, "while [ ! -e .git/go-on ]; do sleep 0.05; done");
    signal("KILL", &child.id().to_string());
    child.wait().unwrap();
    org.dir.write(".git/go-on", "");
    for _ in 0..3000 {
        if org.repo.git(["rev-list", "--count", "HEAD"]) == "2" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(org.repo.git(["status", "--porcelain"]), "", "index and files have what the commit has");
    org.level("risks.R-1.accepted", "attributed");
    org.hook("pre-commit", "exit 0");
    org.decided(&["accepted", "R-1", "--note", "the lock is taken away"]);
    // Both are killed: the decision is staged, and committed by the next run.
    let org = Org::new();
    let mut child = stopped(&org, "sleep 30");
    signal("KILL", &format!("-{}", child.id()));
    child.wait().unwrap();
    assert_eq!(org.repo.git(["rev-list", "--count", "HEAD"]), "1");
    assert_eq!(org.repo.git(["status", "--porcelain"]), "M  risks.deed.yaml");
    assert!(
        org.dir.read("risks.deed.yaml").contains("    accepted: { by: ada, date: 2026-06-30, until: 2027-06-30 }\n")
    );
    fs::remove_file(org.dir.path().join(".git/hooks/pre-commit")).unwrap();
    org.signs_with("ada");
    org.decided(&["accepted", "R-1"]);
    org.level("risks.R-1.accepted", "decided");
    assert_eq!(org.repo.git(["status", "--porcelain"]), "");
}

/// Kills Deed and all it runs after any time, again and again.
#[test]
fn whenever_a_run_is_killed_nothing_is_half_done() {
    use std::os::unix::process::CommandExt as _;
    let org = Org::new();
    org.signs_with("ada");
    let (mut old, mut cut_off) = (org.dir.read("risks.deed.yaml"), 0);
    for nth in 0..16_u64 {
        let note = format!("run {nth}");
        let new = with_note(&note);
        let mut command = org.command(&["accepted", "R-1", "--note", &note]);
        let mut child = command.process_group(0).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(nth * 12 % 200));
        let is_over = child.try_wait().unwrap().is_some();
        if !is_over {
            signal("KILL", &format!("-{}", child.id()));
            cut_off += 1;
        }
        child.wait().unwrap();
        let here = org.dir.read("risks.deed.yaml");
        assert!(here == old || here == new, "{here}");
        let staged = org.repo.git(["show", ":risks.deed.yaml"]) + "\n";
        assert!(staged == old || staged == new, "{staged}");
        let committed = org.repo.git(["show", "HEAD:risks.deed.yaml"]) + "\n";
        assert!(committed == old || committed == new, "{committed}");
        if committed == new {
            assert!(here == new && staged == new, "what is committed is not undone by what lies here");
        }
        // Git's own locks are left by Git, and taken away by hand; ours does not outlive us.
        for lock in ["HEAD.lock", "refs/heads/main.lock"] {
            drop(fs::remove_file(org.dir.path().join(".git").join(lock)));
        }
        org.decided(&["accepted", "R-1", "--note", &note]);
        org.level("risks.R-1.accepted", "decided");
        assert_eq!(org.repo.git(["status", "--porcelain"]), "");
        old = org.dir.read("risks.deed.yaml");
        assert_eq!(old, new);
    }
    assert!(cut_off > 5, "{cut_off} runs were cut off");
    org.repo.git(["fsck", "--strict"]);
}

fn with_note(note: &str) -> String {
    let line = format!("    accepted: {{ by: ada, date: 2026-06-30, until: 2027-06-30, note: {note} }}\n");
    RISKS.replace("  R-2", &format!("{line}  R-2"))
}

#[test]
fn what_the_rules_will_say_is_said_before() {
    let org = Org::new();
    let run = org.decided(&["accepted", "R-1", "--dry-run"]);
    assert!(run.stderr.contains("(acceptance-without-rationale)"), "{}", run.all());
    let run = org.decided(&["accepted", "R-1", "--note", "terminals are retired in Q4"]);
    assert!(!run.stderr.contains("warning"), "{}", run.all());
    assert!(
        run.stderr.contains("`risks.R-1` until 2027-06-30: a medium risk may be accepted for 12 months"),
        "{}",
        run.all()
    );
}

/// One risk from its first acceptance to the next: decided on a branch, merged by another person, rated anew, decided again.
#[test]
fn a_risk_is_accepted_merged_rated_anew_and_accepted_again() {
    let org = Org::new();
    org.signs_with("ada");
    org.repo.branch("topic");
    let again = ["accepted", "R-1", "--until", "2027-03-31", "--note", "retired in Q4", "--as", "ceo"];
    let run = org.decided(&again);
    assert!(run.stdout.contains("once this is merged into `main`"), "{}", run.stdout);
    org.level("risks.R-1.accepted", "decided");
    assert_eq!(org.evidence("risks.R-1.accepted")["adoption"], Value::Null);
    org.repo.switch("main");
    let merge = ["merge", "-q", "--no-ff", "-S", "-m", "Merge", "topic"];
    org.is(BEN);
    org.signs_with("ben");
    let mut merge = org.git(&merge);
    for role in ["AUTHOR", "COMMITTER"] {
        merge.env(format!("GIT_{role}_NAME"), BEN.0).env(format!("GIT_{role}_EMAIL"), BEN.1);
    }
    assert!(merge.status().unwrap().success());
    org.level("risks.R-1.accepted", "witnessed");
    org.dir.write("risks.deed.yaml", org.dir.read("risks.deed.yaml").replace("impact: 3", "impact: 2"));
    org.commit("Rate it anew", "2026-06-30T10:00:00+0000");
    let found = org.evidence("risks.R-1.accepted");
    assert_eq!(found["outdated"][0]["what"], "risks.R-1.inherent", "{found:#}");
    org.is(ADA);
    org.signs_with("ada");
    let said = org.refused(&again);
    let several = [&["risks.R-1.accepted", "isms.approved"], &again[2..]].concat();
    assert_eq!(org.refused(&several), said, "and nothing else is decided in its place");
    assert!(said.contains("`risks.R-1.inherent` has changed since") && said.contains("with `--note`"), "{said}");
    org.decided(&["accepted", "R-1", "--until", "2027-03-31", "--note", "less by half"]);
    org.level("risks.R-1.accepted", "decided");
    assert_eq!(org.evidence("risks.R-1.accepted")["outdated"], serde_json::json!([]));
}

#[test]
fn somebody_elses_commit_in_between_is_not_taken_back() {
    let org = Org::new();
    let (dir, seed) = (org.dir.path().display(), "-c user.name=Eve -c user.email=e@e");
    org.hook(
        "pre-commit",
        &format!("unset GIT_INDEX_FILE; cd '{dir}'; git {seed} commit -q --no-verify --allow-empty -m Theirs"),
    );
    // The index is locked, as by Git itself.
    let said = org.refused(&["accepted", "R-1"]);
    assert!(said.contains("index.lock"), "{said}");
    // Who does not ask the index gets through.
    let theirs = "commit-tree -p HEAD -m Theirs $(git rev-parse HEAD^{tree})";
    org.hook("pre-commit", &format!("git update-ref HEAD $(git {seed} {theirs})"));
    let before = org.repo.git(["status", "--porcelain"]);
    let run = org.decide(&["accepted", "R-1"]);
    assert!(run.code == 2 && run.stderr.contains("somebody else committed here in the meantime"), "{}", run.all());
    assert_eq!(org.repo.git(["log", "--format=%s"]), "Theirs\nBegin");
    assert_eq!(org.repo.git(["status", "--porcelain"]), before);
    org.is_tidy();
    org.hook("pre-commit", "");
    org.hook("post-commit", &format!("git update-ref HEAD $(git {seed} {theirs})"));
    let run = org.decided(&["accepted", "R-1"]);
    assert!(run.stdout.contains("is attributed"), "{}", run.all());
    assert_eq!(org.repo.git(["log", "--format=%s"]), "Theirs\nAccept risk R-1 until 2027-06-30\nTheirs\nBegin");
}

/// Git looks at HEAD after Deed did, and finds another commit there: upon that one, ours would take it back.
#[test]
fn a_commit_upon_one_that_nobody_had_seen_is_taken_back() {
    let org = Org::new();
    let path = std::env::var_os("PATH").unwrap();
    let git = std::env::split_paths(&path).map(|dir| dir.join("git")).find(|git| git.exists()).unwrap();
    let git = git.display();
    let script = format!(
        "#!/bin/sh\ncase \" $* \" in *' commit --quiet '*) cd '{0}'; echo x >theirs.txt; b=$('{git}' hash-object -w theirs.txt)
t=$( ('{git}' ls-tree HEAD; printf '100644 blob %s\\ttheirs.txt\\n' $b) | '{git}' mktree)
'{git}' update-ref HEAD $('{git}' commit-tree -p HEAD -m Theirs $t);; esac\nexec '{git}' \"$@\"\n",
        org.dir.path().display()
    );
    let wrapper = org.outside.path().join("bin/git");
    fs::create_dir(wrapper.parent().unwrap()).unwrap();
    fs::write(&wrapper, script).unwrap();
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
    let mut dirs = vec![wrapper.parent().unwrap().to_owned()];
    dirs.extend(std::env::split_paths(&path));
    let mut command = org.command(&["accepted", "R-1"]);
    let run = Run::of(command.env("PATH", std::env::join_paths(dirs).unwrap()).output().unwrap());
    assert!(run.code == 2 && run.stderr.contains("somebody else committed here in the meantime"), "{}", run.all());
    assert_eq!(org.repo.git(["log", "--format=%s"]), "Theirs\nBegin");
    assert_eq!(org.repo.git(["ls-tree", "--name-only", "HEAD", "theirs.txt"]), "theirs.txt");
    assert!(org.repo.git(["reflog"]).contains("deed decide: taken back"));
    assert!(!org.dir.read("risks.deed.yaml").contains("accepted:"));
    org.is_tidy();
}

#[test]
fn a_decision_is_made_wherever_there_is_a_working_tree() {
    for arguments in [&[][..], &["--object-format=sha256"]] {
        let org = Org::init(arguments, "Über uns/the risks.deed.yaml");
        org.signs_with("ada");
        org.dir.write("a/b/x.txt", "");
        let mut command = org.command(&["accepted", "R-1"]);
        let run = Run::of(command.current_dir(org.dir.path().join("a/b")).output().unwrap());
        assert_eq!(run.code, 0, "{}", run.all());
        assert!(run.stdout.contains("+++ ../../Über uns/the risks.deed.yaml"), "{}", run.stdout);
        org.level("risks.R-1.accepted", "decided");
        let tree = tempfile::tempdir().unwrap();
        let tree = tree.path().join("linked");
        org.repo.git(["worktree", "add", "-q", "-b", "topic", tree.to_str().unwrap()]);
        let mut command = org.command(&["accepted", "R-1", "--note", "once more"]);
        let run = Run::of(command.current_dir(&tree).output().unwrap());
        assert_eq!(run.code, 0, "{}", run.all());
        assert!(
            run.stdout.contains("[topic ") && run.stdout.contains("once this is merged into `main`"),
            "{}",
            run.stdout
        );
        assert_eq!(org.repo.git(["-C", tree.to_str().unwrap(), "status", "--porcelain"]), "");
        assert_eq!(org.repo.git(["rev-list", "--count", "main..topic"]), "1");
    }
    // A workspace below is another one.
    let org = Org::new();
    org.dir.write("below/deed.yaml", "deed: 1\nrisks: { R-1: {} }\n");
    org.commit("Nest", "2026-01-06T09:00:00+0000");
    org.decided(&["accepted", "R-1"]);
    assert!(org.dir.read("below/deed.yaml").ends_with("R-1: {} }\n"));
    let org = Org::new();
    org.repo.git(["switch", "-q", "--detach"]);
    let run = org.decided(&["accepted", "R-1"]);
    assert!(run.stderr.contains("HEAD is detached") && run.stdout.contains("[detached HEAD "), "{}", run.all());
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_decided_all_the_same() {
    let org = Org::init(&[], "far/risks.deed.yaml");
    org.signs_with("ada");
    org.repo.git(["sparse-checkout", "set", "--no-cone", "/*", "!/far/"]);
    assert!(!org.dir.path().join("far").exists());
    let run = org.decided(&["accepted", "R-1"]);
    assert!(run.stdout.contains("+    accepted: { by: ada"), "{}", run.all());
    assert_eq!(org.repo.git(["status", "--porcelain"]), "");
    assert!(!org.dir.path().join("far").exists());
    org.repo.git(["sparse-checkout", "disable"]);
    org.level("risks.R-1.accepted", "decided");
}

#[test]
fn where_no_decision_can_be_recorded_it_is_said_why() {
    let org = Org::new();
    let text = org.dir.read("risks.deed.yaml");
    org.dir.write("real/risks.yaml", &text);
    fs::remove_file(org.dir.path().join("risks.deed.yaml")).unwrap();
    std::os::unix::fs::symlink("real/risks.yaml", org.dir.path().join("risks.deed.yaml")).unwrap();
    let said = org.refused(&["accepted", "R-1"]);
    assert!(said.contains("`risks.deed.yaml` is a symbolic link"), "{said}");
    org.commit("Link it", "2026-01-06T09:00:00+0000");
    let said = org.refused(&["accepted", "R-1"]);
    assert!(said.contains("`risks.deed.yaml` is a symbolic link"), "{said}");

    let org = Org::new();
    org.repo.branch("topic");
    org.dir.write("x.txt", "a");
    org.commit("One", "2026-01-06T09:00:00+0000");
    org.repo.switch("main");
    org.dir.write("x.txt", "b");
    org.commit("Other", "2026-01-06T09:00:00+0000");
    org.repo.try_git(["merge", "topic"]);
    let said = org.refused(&["accepted", "R-1"]);
    assert!(said.contains("a merge is under way") && said.contains("git merge --abort"), "{said}");
    org.repo.git(["merge", "--abort"]);
    org.repo.try_git(["rebase", "topic"]);
    assert!(org.refused(&["accepted", "R-1"]).contains("a rebase is under way"));
    org.repo.git(["rebase", "--abort"]);
    org.repo.try_git(["cherry-pick", "topic"]);
    assert!(org.refused(&["accepted", "R-1"]).contains("a cherry-pick is under way"));
    org.repo.git(["cherry-pick", "--abort"]);
}

/// A manifest before and after, as whoever decides.
#[track_caller]
fn written(who: (&str, &str), args: &[&str], path: &str, before: &str, after: &str) {
    let org = Org::new();
    fs::remove_file(org.dir.path().join("risks.deed.yaml")).unwrap();
    fs::remove_file(org.dir.path().join("policies.deed.yaml")).unwrap();
    org.dir.write(path, before);
    org.commit("Anew", "2026-01-06T09:00:00+0000");
    org.is(who);
    org.decided(args);
    assert_eq!(org.dir.read(path), after);
    assert_eq!(org.repo.git(["status", "--porcelain"]), "");
}

#[test]
fn several_people_decide_together_and_one_renews_their_own() {
    let cleo = ("Cleo Roy", "cleo@acme.example");
    let policy =
        |approved: &str| format!("policies:\n  p:\n    title: P   # short\n    owner: it\n{approved}    x-end: 1\n");
    let new = "{ by: cleo, date: 2026-06-30 }";
    for (before, after) in [
        (
            "    approved: { by: ada, date: 2026-05-01 }\n",
            format!("    approved: [{{ by: ada, date: 2026-05-01 }}, {new}]\n"),
        ),
        (
            "    approved:\n      by: ada\n      date: 2026-05-01 # in the board\n      note: |\n        yes\n\n        really\n",
            format!(
                "    approved:\n      - by: ada\n        date: 2026-05-01 # in the board\n        note: |\n          yes\n\n          really\n      - {new}\n"
            ),
        ),
        (
            "    approved:\n    - { by: ada, date: 2026-05-01 }\n",
            format!("    approved:\n    - {{ by: ada, date: 2026-05-01 }}\n    - {new}\n"),
        ),
        (
            "    approved: [{ by: cleo, date: 2026-01-01 }, { by: ada, date: 2026-05-01 }]\n",
            format!("    approved: [{new}, {{ by: ada, date: 2026-05-01 }}]\n"),
        ),
        // What is over, or one's own, makes room.
        ("    approved: { by: ada, date: 2025-05-01, until: 2026-05-01 }\n", format!("    approved: {new}\n")),
        ("    approved: { by: cleo, date: 2025-05-01 }\n", format!("    approved: {new}\n")),
        ("    approved:\n      by: cleo\n      date: 2025-05-01\n", format!("    approved: {new}\n")),
    ] {
        written(cleo, &["approved", "p"], "p.deed.yaml", &policy(before), &policy(&after));
    }
    // Of reviews the latest counts, whoever made it.
    written(
        BEN,
        &["reviewed", "p"],
        "p.deed.yaml",
        &policy("    reviewed: { by: ada, date: 2026-05-01 }\n"),
        &policy("    reviewed: { by: ben, date: 2026-06-30 }\n"),
    );
}

#[test]
fn what_was_approved_and_has_changed_since_makes_room() {
    let org = Org::new();
    org.decided(&["approved", "backup"]);
    org.dir.write("policies/backup.md", "# Backups\nWeekly.\n");
    org.commit("Weekly", "2026-06-30T10:00:00+0000");
    org.is(("Cleo Roy", "cleo@acme.example"));
    org.decided(&["approved", "backup"]);
    assert!(org.dir.read("policies.deed.yaml").contains("    approved: { by: cleo, date: 2026-06-30 }\n"));
}

#[test]
fn the_rest_of_a_manifest_stays_byte_for_byte() {
    let crlf = RISKS.replace('\n', "\r\n");
    let line = "    accepted: { by: ada, date: 2026-06-30, until: 2027-06-30 }";
    written(ADA, &["accepted", "R-1"], "r.deed.yaml", &crlf, &crlf.replace("  R-2", &format!("{line}\r\n  R-2")));
    let json = "{\n\t\"risks\": {\n\t\t\"R-1\": { \"owner\": \"it\", \"treatment\": \"accept\", \"inherent\": {\"likelihood\":1, \"impact\":1} }\n\t}\n}";
    let decision = "{ \"by\": \"ada\", \"date\": \"2026-06-30\", \"until\": \"2028-06-30\", \"note\": \"\\\"so\\\"\" }";
    written(
        ADA,
        &["accepted", "R-1", "--note", "\"so\""],
        "r.deed.json",
        json,
        &json.replace(":1} }", &format!(":1}}, \"accepted\": {decision} }}")),
    );
    // No line break at the end, and a comment behind the last line.
    let open =
        "risks:\n  R-1:\n    owner: it\n    treatment: accept\n    inherent: { likelihood: 1, impact: 1 } # rated";
    let line = "\n    accepted: { by: ada, date: 2026-06-30, until: 2028-06-30 }";
    written(ADA, &["accepted", "R-1"], "r.deed.yaml", open, &format!("{open}{line}"));
}

/// As Git for Windows has it where nobody says otherwise.
#[test]
fn a_checkout_with_line_endings_of_its_own_keeps_them_and_commits_those_of_history() {
    let org = Org::new();
    org.repo.git(["config", "core.autocrlf", "true"]);
    org.dir.write("risks.deed.yaml", RISKS.replace('\n', "\r\n"));
    org.decided(&["accepted", "R-1"]);
    let line = "    accepted: { by: ada, date: 2026-06-30, until: 2027-06-30 }\n";
    let after = RISKS.replace("  R-2", &format!("{line}  R-2"));
    assert_eq!(org.dir.read("risks.deed.yaml"), after.replace('\n', "\r\n"));
    assert_eq!(org.repo.git(["show", "HEAD:risks.deed.yaml"]) + "\n", after);
    assert_eq!(org.repo.git(["-c", "core.autocrlf=true", "status", "--porcelain"]), "");
    org.level("risks.R-1.accepted", "attributed");
}

#[test]
fn what_cannot_take_a_decision_is_said_and_left_alone() {
    let org = Org::new();
    org.dir.write("risks.deed.yaml", "risks:\n  R-1: &fire { owner: it, treatment: mitigate }\n  R-2: *fire\n");
    org.commit("Alike", "2026-01-06T09:00:00+0000");
    org.is(BEN);
    let said = org.refused(&["approved", "R-2"]);
    assert!(said.contains("cannot be written into `risks.R-2`") && said.contains("by hand"), "{said}");
}

#[test]
fn executables_and_modes_stay_what_they_are() {
    let org = Org::new();
    let path: &Path = &org.dir.path().join("risks.deed.yaml");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    org.commit("Why ever", "2026-01-06T09:00:00+0000");
    org.decided(&["accepted", "R-1"]);
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o755);
    assert!(org.repo.git(["ls-tree", "HEAD", "risks.deed.yaml"]).starts_with("100755 "));
    assert_eq!(org.repo.git(["status", "--porcelain"]), "");
}
