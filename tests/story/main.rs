//! A register from its first day to an acceptance that had to be made again, told in `README.md` beside this: every command
//! is run here, with the real Git, hooks and keys, and what it prints is what stands there. `UPDATE=1` writes it anew.
// Hooks, links, modes and signals are made here as a Unix has them.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use deed_test::Key;
use tempfile::TempDir;

/// Where the story takes place, and what has been told so far.
struct Story {
    outside: TempDir,
    /// The directory that commands are run in.
    here: PathBuf,
    /// The day, as in `2026-09-01`.
    today: &'static str,
    /// How many commands were run today: each takes a minute.
    minute: usize,
    text: String,
}

impl Story {
    fn new() -> Self {
        let outside = tempfile::tempdir().unwrap();
        let here = outside.path().join("acme");
        fs::create_dir_all(&here).unwrap();
        let keys = outside.path().join(".ssh");
        fs::create_dir_all(&keys).unwrap();
        for name in ["ada", "ben"] {
            Key::ed25519(name).store(&keys);
        }
        // The day is the story's, in hooks too.
        let (bin, program) = (outside.path().join("bin"), env!("CARGO_BIN_EXE_deed"));
        fs::create_dir_all(&bin).unwrap();
        let script = format!(
            "#!/bin/sh\ncase $1 in check|decide|todo) set -- \"$@\" --today \"$TODAY\" ;; esac\nexec '{program}' \"$@\"\n"
        );
        fs::write(bin.join("deed"), script).unwrap();
        fs::set_permissions(bin.join("deed"), fs::Permissions::from_mode(0o755)).unwrap();
        let here = here.canonicalize().unwrap();
        Self { outside, here, today: "2026-09-01", minute: 0, text: String::new() }
    }

    /// Says something.
    fn say(&mut self, prose: &str) -> &mut Self {
        writeln!(self.text, "{}\n", prose.trim()).unwrap();
        self
    }

    fn on(&mut self, today: &'static str) -> &mut Self {
        (self.today, self.minute) = (today, 0);
        self
    }

    /// Who sits at the keyboard; with a key, Git is set to sign with it.
    fn is(&mut self, name: &str, key: Option<&str>) -> &mut Self {
        let email = format!("{}@acme.example", name.split(' ').next().unwrap().to_lowercase());
        let key =
            key.map(|key| format!("[user]\nsigningKey = ~/.ssh/{key}\n[gpg]\nformat = ssh\n")).unwrap_or_default();
        let settings = format!(
            "[user]\nname = {name}\nemail = {email}\n{key}[init]\ndefaultBranch = main\n[advice]\ndetachedHead = false\n"
        );
        fs::write(self.outside.path().join(".gitconfig"), settings).unwrap();
        self
    }

    /// Puts one text in the place of another.
    fn edit(&mut self, path: &str, old: &str, new: &str) -> &mut Self {
        let file = self.here.join(path);
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text.matches(old).count(), 1, "{old:?} in {path}:\n{text}");
        fs::write(file, text.replacen(old, new, 1)).unwrap();
        let lines = |mark: char, text: &str| text.lines().map(|line| format!("{mark}{line}\n")).collect::<String>();
        writeln!(self.text, "```diff\n# {path}\n{}{}```\n", lines('-', old), lines('+', new)).unwrap();
        self
    }

    /// Runs commands that go as they should: each ends with a status, 0 where none stands before it.
    fn run(&mut self, commands: &str) -> &mut Self {
        self.text += "```console\n";
        for line in commands.trim().lines().map(str::trim) {
            let (status, command) = match line.split_once("! ") {
                Some((status, command)) if status.len() == 1 => (status.parse().unwrap(), command),
                _ => (0, line),
            };
            let said = self.output(command, status);
            writeln!(self.text, "$ {command}\n{said}").unwrap();
        }
        self.text.truncate(self.text.trim_end().len());
        self.text += "\n```\n\n";
        self
    }

    fn output(&mut self, command: &str, status: i32) -> String {
        self.minute += 1;
        let date = format!("{}T10:{:02}:00+0000", self.today, self.minute);
        let path = std::env::join_paths(
            [self.outside.path().join("bin")]
                .into_iter()
                .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let run = Command::new("sh")
            .args(["-c", &format!("exec 2>&1; {command}")])
            .current_dir(&self.here)
            .env_clear()
            .envs([("COLUMNS", "100"), ("TZ", "UTC"), ("LC_ALL", "C.UTF-8"), ("GIT_CONFIG_NOSYSTEM", "1")])
            .env("TODAY", self.today)
            .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
            .env("PATH", path.unwrap())
            .env("HOME", self.outside.path())
            .output()
            .unwrap();
        let said = String::from_utf8(run.stdout).unwrap();
        assert_eq!(run.status.code(), Some(status), "{command}\n{said}\n\n{}", self.text);
        said.replace(&*self.here.to_string_lossy(), "~/acme")
    }
}

#[test]
fn the_story_goes_as_it_is_told() {
    let mut story = Story::new();
    tell(&mut story);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/story/README.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &story.text).unwrap();
    }
    let told = fs::read_to_string(&path).unwrap_or_default();
    if told != story.text {
        let differs = told.lines().zip(story.text.lines()).position(|(told, is)| told != is).unwrap_or_default();
        let around = |text: &str| text.lines().skip(differs.saturating_sub(3)).take(8).collect::<Vec<_>>().join("\n");
        panic!("line {}:\n{}\n-- is --\n{}", differs + 1, around(&told), around(&story.text));
    }
}

fn tell(story: &mut Story) {
    story.say(
        "# A risk, from paper to proof\n\nEvery command here is run by a test, and this is what it printed (`cargo test --test story`).\n\nAda Moreau runs Acme Pay. Ben Okafor keeps the ISMS; Chen Wei heads IT.\n\n## Begin",
    );
    story.is("Ben Okafor", Some("ben")).run(
        "git init --quiet
         deed init --yes --organization 'Acme Pay Ltd' --model federated --owner 'Ada Moreau <ada@acme.example>' --manager 'Ben Okafor <ben@acme.example>' --hooks",
    );
    story.say(
        "Ben enters who heads IT, and the keys that Ada and he sign with; the acceptance of a risk is to be signed.",
    );
    let key = |name: &str| Key::ed25519(name).public_line();
    story
        .edit(
            "people.deed.yaml",
            "    emails: [ada@acme.example]\n",
            &format!("    emails: [ada@acme.example]\n    keys: [{{ key: \"{}\", from: 2026-09-01 }}]\n", key("ada")),
        )
        .edit(
            "people.deed.yaml",
            "    emails: [ben@acme.example]\n",
            &format!(
                "    emails: [ben@acme.example]\n    keys: [{{ key: \"{}\", from: 2026-09-01 }}]\n  chen:\n    name: Chen Wei\n    emails: [chen@acme.example]\n",
                key("ben")
            ),
        )
        .edit(
            "people.deed.yaml",
            "    responsibilities: [coordinate the ISMS, keep this register, prepare decisions]\n",
            "    responsibilities: [coordinate the ISMS, keep this register, prepare decisions]\n  head-of-it:\n    title: Head of IT\n    layer: owner\n    held_by: chen\n    reports_to: ceo\n",
        )
        .edit(
            "deed.yaml",
            "  # require: { default: attributed, risks.accepted: signed } # how far the proof has to go\n",
            "  require: { risks.accepted: signed }\n",
        )
        .run("git add .\ngit commit --quiet --no-verify --message 'Begin the register of who owns what'");

    story
        .on("2026-09-02")
        .say("## The hook stops a mistake\n\nThere is a first risk, and Ben writes down himself as its owner.");
    story
        .edit(
            "risks.deed.yaml",
            "risks: {}\n",
            "risks:\n  R-1:\n    title: Unpatched payment terminals\n    owner: isms-manager\n    inherent: { likelihood: 3, impact: 4 }\n    treatment: accept\n",
        )
        .run("git switch --quiet --create terminals\ngit add .\n1! git commit --message 'Enter the terminals'");
    story.say("It is Chen who answers for the terminals.");
    story
        .edit("risks.deed.yaml", "    owner: isms-manager\n", "    owner: head-of-it\n")
        .run("git commit --all --message 'Enter the terminals'");

    story.on("2026-09-03").say("## Ada decides\n\nWhat is left is a high risk; only top management may accept it.");
    story.run("2! deed decide accepted risks.R-1");
    story.say("Ada does, at her own desk, and her key signs it.").is("Ada Moreau", Some("ada"));
    story.run("deed decide accepted risks.R-1 --until 2027-02-28 --note 'the last ones are replaced in February'");

    story.on("2026-09-04").say("## Somebody else merges\n\nBen has a look, and merges.").is("Ben Okafor", Some("ben"));
    story.run(
        "git switch --quiet main
         git merge --quiet --no-ff --gpg-sign --message 'Merge the terminals' terminals
         deed evidence risks.R-1",
    );

    story.on("2026-10-12").say("## The risk grows\n\nChen finds that more of them are reachable than was thought.");
    story.is("Chen Wei", None);
    story
        .edit(
            "risks.deed.yaml",
            "    inherent: { likelihood: 3, impact: 4 }\n",
            "    inherent: { likelihood: 4, impact: 4 }\n",
        )
        .run("git commit --all --quiet --message 'More terminals can be reached'\n1! deed check risks.deed.yaml");
    story.on("2026-10-13").say("## Ada decides again").is("Ada Moreau", Some("ada"));
    story.run(
        "deed todo --for me
         deed decide accepted risks.R-1 --until 2027-02-28 --note 'segmented since 10 October'
         deed log risks.R-1",
    );
}
