//! Little repositories in documentation: what happened, told as a `diff` fence that reads like a log.
//!
//! ````text
//! ```diff
//! commit 2026-03-01 by mei, signed with mei-1: Accept R-5
//! | Approved-by: Ada <ada@acme.example>
//!  R-5:
//! +  accepted: { by: mei, date: 2026-03-01 }
//! ```
//! ````
//!
//! - `commit DAY by WHO: MESSAGE` begins a commit. WHO is an e-mail, or `mei` for `mei@acme.example`. Further words before
//!   the colon: `, committed by WHO`, `, signed with KEY`. Lines that begin with `| ` go on with the message.
//! - `merge BRANCH DAY by WHO: MESSAGE` begins a merge; what it changes, it changes in the branch it merges into.
//! - `tag NAME DAY by WHO: MESSAGE` makes an annotated tag.
//! - `not committed:` begins what is changed in the working tree.
//! - `$ git …` runs Git; after `$ git clone …` it goes on in the clone.
//! - Of the lines below a commit those with `+` are added, those with `-` removed, and those with a blank only say where.
//!   `+++ PATH` says in which file: without it, in `example.deed.yaml`.

use std::fs;

use crate::fixture::{Example, Expected, marked};
use crate::{Draft, Identity, Key, Repo};

/// One thing that happens.
#[derive(Debug)]
pub struct Step {
    what: What,
    patches: Vec<Patch>,
}

#[derive(Debug)]
enum What {
    Commit(Header),
    Merge(String, Header),
    Tag(String, Header),
    Edit,
    Git(Vec<String>),
}

#[derive(Debug)]
struct Header {
    day: String,
    author: Identity,
    committer: Option<Identity>,
    key: Option<Key>,
    message: String,
}

#[derive(Debug)]
struct Patch {
    path: String,
    lines: Vec<String>,
}

/// A repository, and what is in its working tree at the end.
#[derive(Debug)]
pub struct Replayed {
    /// The repository, with the root at its top.
    pub repo: Repo,
    /// Path and text of each manifest.
    pub files: Vec<(String, String)>,
    /// What is to be reported.
    pub expected: Vec<Expected>,
    /// What it was cloned from.
    _origins: Vec<Repo>,
}

/// Reads the body of a fence.
///
/// # Panics
/// Panics on a line that is none of those above.
pub(crate) fn steps(text: &str) -> Vec<Step> {
    let mut all: Vec<Step> = Vec::new();
    for line in text.lines() {
        let what = if let Some(header) = line.strip_prefix("commit ") {
            What::Commit(Header::read(header))
        } else if let Some((branch, header)) = line.strip_prefix("merge ").and_then(|rest| rest.split_once(' ')) {
            What::Merge(branch.to_owned(), Header::read(header))
        } else if let Some((name, header)) = line.strip_prefix("tag ").and_then(|rest| rest.split_once(' ')) {
            What::Tag(name.to_owned(), Header::read(header))
        } else if let Some(arguments) = line.strip_prefix("$ git ") {
            What::Git(arguments.split(' ').map(str::to_owned).collect())
        } else if line == "not committed:" {
            What::Edit
        } else if line.trim().is_empty() {
            continue;
        } else {
            all.last_mut().unwrap_or_else(|| panic!("`{line}` belongs to no commit")).go_on(line);
            continue;
        };
        all.push(Step { what, patches: Vec::new() });
    }
    all
}

impl Step {
    fn go_on(&mut self, line: &str) {
        if let Some(path) = line.strip_prefix("+++ ") {
            self.patches.push(Patch { path: path.to_owned(), lines: Vec::new() });
        } else if line.starts_with([' ', '+', '-']) {
            if self.patches.is_empty() {
                self.patches.push(Patch { path: "example.deed.yaml".to_owned(), lines: Vec::new() });
            }
            self.patches.last_mut().expect("just pushed").lines.push(line.to_owned());
        } else if let Some(text) = line.strip_prefix("| ")
            && let What::Commit(header) | What::Merge(_, header) | What::Tag(_, header) = &mut self.what
        {
            let gap = if header.message.contains('\n') { "\n" } else { "\n\n" };
            header.message = format!("{}{gap}{text}", header.message);
        } else {
            panic!("`{line}` is no line of a commit");
        }
    }
}

impl Header {
    fn read(text: &str) -> Self {
        let (head, message) = text.split_once(": ").unwrap_or_else(|| panic!("`{text}` has no message"));
        let mut words = head.split(", ");
        let first = words.next().unwrap_or_default();
        let (day, author) = first.split_once(" by ").unwrap_or_else(|| panic!("`{first}` says not by whom"));
        let mut header = Self {
            day: day.to_owned(),
            author: identity(author),
            committer: None,
            key: None,
            message: message.to_owned(),
        };
        for word in words {
            if let Some(who) = word.strip_prefix("committed by ") {
                header.committer = Some(identity(who));
            } else if let Some(key) = word.strip_prefix("signed with ") {
                header.key = Some(Key::ed25519(key));
            } else {
                panic!("`{word}` is no word about a commit");
            }
        }
        header
    }

    fn apply<'r>(&self, draft: Draft<'r>, minute: usize) -> Draft<'r> {
        let mut draft = draft.author(&self.author).at(&format!("{}T12:{minute:02}:00+0000", self.day));
        if let Some(committer) = &self.committer {
            draft = draft.committer(committer);
        }
        match &self.key {
            Some(key) => draft.signed(key),
            None => draft,
        }
    }
}

fn identity(who: &str) -> Identity {
    let id = who.split('@').next().unwrap_or_default();
    let mut letters = id.chars();
    let name: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let email = if who.contains('@') { who.to_owned() } else { format!("{who}@acme.example") };
    Identity::new(&name, &email)
}

impl Patch {
    fn apply(&self, text: &str) -> String {
        let old: Vec<&str> = text.lines().collect();
        let mut new: Vec<&str> = Vec::new();
        let mut at = 0;
        for line in &self.lines {
            let (sign, content) = line.split_at(1);
            if sign == "+" {
                new.push(content);
                continue;
            }
            let found = old[at..].iter().position(|own| *own == content);
            let found = at + found.unwrap_or_else(|| panic!("`{content}` is not in {} (any more)", self.path));
            new.extend(&old[at..found]);
            if sign == " " {
                new.push(content);
            }
            at = found + 1;
        }
        new.extend(&old[at..]);
        new.into_iter().map(|line| line.to_owned() + "\n").collect()
    }
}

impl Example {
    /// Plays what the steps tell; the files of the other fences are the first commit.
    pub fn replay(&self) -> Replayed {
        let mut repo = Repo::temporary();
        let mut origins = Vec::new();
        if !self.files.is_empty() {
            let start = self.files.iter().fold(repo.commit("Start"), |start, (path, text)| start.write(path, text));
            start.at("2026-01-05T09:00:00+0000").create();
        }
        for (step, minute) in self.steps.iter().zip(0..) {
            let texts: Vec<(&str, String)> = step.patches.iter().map(|patch| patched(&repo, patch)).collect();
            let (header, draft) = match &step.what {
                What::Commit(header) => (header, repo.commit(&header.message)),
                What::Merge(branch, header) => (header, repo.merge(branch, &header.message)),
                What::Tag(name, header) => (header, repo.tag(name, &header.message)),
                What::Git(arguments) => {
                    if arguments.first().is_some_and(|command| command == "clone") {
                        let clone = repo.cloned(&arguments[1..]);
                        origins.push(std::mem::replace(&mut repo, clone));
                    } else {
                        repo.git(arguments);
                    }
                    continue;
                }
                What::Edit => {
                    for (path, text) in texts {
                        fs::write(repo.dir().join(path), text).expect("the working tree is ours");
                    }
                    continue;
                }
            };
            let draft = texts.into_iter().fold(draft, |draft, (path, text)| draft.write(path, text));
            header.apply(draft, minute).create();
        }
        let listed = repo.git(["ls-files"]);
        let manifests = listed.lines().filter(|path| path.ends_with(".yaml") || path.ends_with(".json"));
        let files: Vec<_> = manifests.map(|path| (path.to_owned(), repo.read(path))).collect();
        let expected = files.iter().flat_map(|(path, text)| marked(path, text)).collect();
        Replayed { repo, files, expected, _origins: origins }
    }
}

fn patched<'p>(repo: &Repo, patch: &'p Patch) -> (&'p str, String) {
    let exists = repo.dir().join(&patch.path).exists();
    let old = if exists { repo.read(&patch.path) } else { String::new() };
    (&patch.path, patch.apply(&old))
}

#[cfg(test)]
mod tests {
    use crate::fixture::examples;

    #[test]
    fn a_log_is_played_and_its_markers_are_those_of_the_end() {
        let text = "## One\n```yaml\nrisks:\n  R-5:\n    owner: cto\n```\n```diff\n\
                    commit 2026-03-01 by mei, signed with mei-1: Accept R-5\n| Approved-by: Ada\n   R-5:\n\
                    +    accepted: { by: mei, date: 2026-03-01 } # error\n\
                    $ git switch --quiet --create side\nnot committed:\n-    owner: cto\n+    owner: cfo\n```\n";
        let replayed = examples(text)[0].replay();
        let log = replayed.repo.git(["log", "--format=%an <%ae> %as %s/%b"]);
        assert!(log.starts_with("Mei <mei@acme.example> 2026-03-01 Accept R-5/Approved-by: Ada\n"), "{log}");
        assert!(replayed.repo.git(["cat-file", "commit", "HEAD"]).contains("gpgsig"));
        assert!(replayed.files[0].1.ends_with("# error\n    owner: cfo\n"), "{}", replayed.files[0].1);
        assert_eq!(replayed.expected.len(), 1);
        assert_eq!(replayed.expected[0].line, 3);
    }
}
