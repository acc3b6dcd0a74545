//! Edits such as people make while they type, and histories that change with them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use deed_linter::RULES;
use deed_model::evidence::{
    Act, Change, CommitFacts, DecisionEvidence, DecisionRef, History, KeyFlaw, Problem, Proof, Signatory, Signature,
    Vanished,
};
use deed_model::{Decision, FileId, Head, Level, Workspace};

/// Numbers that are the same for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below another one.
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }

    fn of<'t, T>(&mut self, some: &'t [T]) -> Option<&'t T> {
        let at = self.below(some.len());
        some.get(at)
    }
}

/// What keys give.
const TYPED: &[&str] = &[
    "a", "x", "7", " ", "  ", "\n", ":", ": ", "-", "- ", "[", "]", "{", "}", ",", "\"", "'", "#", "&a ", "*a", "<<: ",
    "|", "é", "\t", "?", "!", "%", "@",
];

/// Something in a text that stands for something: a name, a date, a number.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_word(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The lines of a text, each with its break.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// An entry of a section: a line that is indented by two, and those below it that are indented further.
fn entry(dice: &mut Dice, lines: &[&str]) -> Option<std::ops::Range<usize>> {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let starts: Vec<_> = (0..lines.len()).filter(|at| indent(lines[*at]) == 2).collect();
    let start = *dice.of(&starts)?;
    let len = lines[start + 1..].iter().take_while(|line| indent(line) > 2).count();
    Some(start..start + 1 + len)
}

/// Where a text can be cut.
fn cut(dice: &mut Dice, text: &str) -> usize {
    let mut at = dice.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Edits one or two of some texts; says what was done.
pub(crate) fn edited(dice: &mut Dice, texts: &[&str]) -> (Vec<(FileId, String)>, String) {
    let file = dice.below(texts.len());
    let text = texts[file];
    let kind = dice.below(14);
    let one = |text: String| vec![(FileId(u32::try_from(file).unwrap()), text)];
    let replaced = |range: std::ops::Range<usize>, new: &str| {
        let what = format!("in {file} at {range:?}: {:?} becomes {new:?}", &text[range.clone()]);
        (one(format!("{}{new}{}", &text[..range.start], &text[range.end..])), what)
    };
    let all = lines(text);
    let start_of = |line: usize| all[..line].iter().map(|line| line.len()).sum::<usize>();
    match kind {
        0..3 => {
            let at = cut(dice, text);
            replaced(at..at, dice.of(TYPED).unwrap())
        }
        3 => {
            let (a, b) = (cut(dice, text), cut(dice, text));
            let (from, to) = (a.min(b), a.max(b).min(a.min(b) + 30));
            let to = (from..=to).rev().find(|to| text.is_char_boundary(*to)).unwrap_or(from);
            replaced(from..to, "")
        }
        4..8 => {
            // One name in the place of another, from anywhere.
            let Some(word) = dice.of(&words(text)).cloned() else { return replaced(0..0, "a: b\n") };
            let other = texts[dice.below(texts.len())];
            let new = dice.of(&words(other)).map_or("x", |word| &other[word.clone()]);
            replaced(word, new)
        }
        8 => {
            let line = dice.below(all.len());
            let at = start_of(line);
            let rule = RULES[dice.below(RULES.len())].id;
            let comment = ["# a remark\n".to_owned(), format!("# deed: ignore[{rule}] because\n"), "\n".to_owned()];
            replaced(at..at, dice.of(&comment).unwrap())
        }
        9 if !all.is_empty() => {
            let line = dice.below(all.len());
            let at = start_of(line);
            replaced(at..at + all[line].len(), "")
        }
        10 if !all.is_empty() => {
            let line = dice.below(all.len());
            let at = start_of(line);
            replaced(at..at, all[line])
        }
        // An entry goes to the end of the text, stays as well, or goes to another manifest.
        11..13 => match entry(dice, &all) {
            Some(entry) => {
                let block = all[entry.clone()].concat();
                let range = start_of(entry.start)..start_of(entry.end);
                match dice.below(3) {
                    0 => (
                        one(format!("{}{}{block}", &text[..range.start], &text[range.end..])),
                        "an entry goes last".to_owned(),
                    ),
                    1 => (one(format!("{text}{block}")), "an entry stands there twice".to_owned()),
                    _ => {
                        let to = dice.below(texts.len());
                        let mut new = one(format!("{}{}", &text[..range.start], &text[range.end..]));
                        let target = if to == file { new[0].1.clone() } else { texts[to].to_owned() };
                        new.retain(|_| to != file);
                        let section = all[..entry.start].iter().rev().find(|line| !line.starts_with([' ', '#', '\n']));
                        let section = section.copied().unwrap_or("risks:\n");
                        new.push((FileId(u32::try_from(to).unwrap()), format!("{target}{section}{block}")));
                        (new, format!("an entry goes from {file} to {to}"))
                    }
                }
            }
            None => replaced(0..0, "risks:\n"),
        },
        _ => {
            let at = text.rfind('\n').map_or(text.len(), |at| at + 1);
            let more = [
                "lint:\n  rules:\n    missing-deputy: allow\n    chronic-exception: { severity: error, max_renewals: 1 }\n",
                "isms:\n  model: executive-led\n",
                "delegations:\n  d-x: { from: ceo, to: cfo, authority: { grant: [exceptions] }, granted: { by: a, date: 2026-01-01 } }\n",
                "risks:\n  R-1: &r\n    owner: nobody\n    controls: [A.9.9, A.5.1]\n  R-2: *r\n",
                "people:\n  new: { name: New }\n",
                "x-own: { a: [b] }\n",
            ];
            replaced(at..at, dice.of(&more).unwrap())
        }
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn commit(n: u64) -> Arc<CommitFacts> {
    let who = || Signatory { name: format!("P{n}"), email: String::new(), time: 1_770_000_000 + n as i64, offset: 0 };
    Arc::new(CommitFacts {
        id: format!("{n:040x}"),
        author: who(),
        committer: who(),
        summary: String::new(),
        is_merge: n.is_multiple_of(3),
        signature: Signature { person: n.is_multiple_of(2).then(|| "ceo".to_owned()), ..Signature::default() },
    })
}

/// A history that anything may be in; what it says of a decision depends on the decision and on the text of its subject.
pub(crate) fn history(workspace: &Workspace) -> History {
    let register = workspace.register();
    let mut history = History { head: Some("0".repeat(40)), ..History::default() };
    for (head, decision) in register.decisions() {
        history.decisions.push(Arc::new(evidence(workspace, head, decision)));
    }
    let sum = hash(workspace.text(register.isms().map_or_else(
        || deed_model::FileRange { file: FileId(0), range: deed_syntax::TextRange::default() },
        |isms| isms.head.range,
    )));
    let change =
        |what: &str, at| Change { what: what.to_owned(), at, commit: commit(sum % 5), why: "ada alone".to_owned() };
    let first = register.people.iter().next();
    history.unguarded.extend((sum % 4 == 1).then(|| change("people.ada.keys", first.map(|person| person.head.key))));
    history.unguarded.extend((sum % 4 == 2).then(|| change("lint.rules", None)));
    history.vanished.extend((sum % 4 == 3).then(|| Vanished {
        decision: DecisionRef {
            section: deed_model::Section::Isms,
            id: String::new(),
            verb: deed_model::Verb::Approved,
            by: None,
        },
        commit: commit(sum % 7),
        by_merge: false,
        last: None,
        by: first.map(|person| person.head.id.clone()),
        date: None,
    }));
    for person in register.people.iter().filter(|person| hash(&person.head.id) % 3 == 0) {
        let day = deed_model::parse_date("2026-02-01").unwrap();
        let decision = DecisionRef {
            section: deed_model::Section::Risks,
            id: "R-1".to_owned(),
            verb: deed_model::Verb::Accepted,
            by: None,
        };
        history.acts.insert(person.head.id.clone(), Act { day, decision, commit: "c".to_owned() });
    }
    history
}

fn evidence(workspace: &Workspace, head: &Head, decision: &Decision) -> DecisionEvidence {
    let by = decision.by.as_ref().map(|by| by.value.clone());
    let own = hash((head.address(), decision.verb.key(), &by, decision.date.as_ref().map(|date| date.to_string())));
    let text = hash(workspace.text(head.range));
    let problem = match own % 23 {
        0 => Some(Problem::Uncommitted),
        1 => Some(Problem::WrongSigner { signer: "ceo".to_owned() }),
        2 => Some(Problem::UntrustedKey(KeyFlaw::Unknown)),
        3 => Some(Problem::Backdated { days: 40 }),
        4 => Some(Problem::Postdated { days: 3 }),
        5 => Some(Problem::ClockRegression),
        6 => Some(Problem::Altered { by: "b".repeat(40), author: "Eve".to_owned(), fields: vec!["by".to_owned()] }),
        7 => Some(Problem::NotEntitled { why: "held no role".to_owned() }),
        8 => Some(Problem::NoLongerEntitled { why: "could not decide it".to_owned() }),
        9 => Some(Problem::ForgeOnly),
        10 => Some(Problem::TrailerOnly { line: "Deed-Decision: x".to_owned() }),
        11 => Some(Problem::SelfIntroduced { what: "people.ada.keys".to_owned() }),
        12 => Some(Problem::IncompleteHistory),
        _ => None,
    };
    let level = [Level::Recorded, Level::Attributed, Level::Vouched, Level::Signed][(own / 23 % 4) as usize];
    let changed = Change {
        what: format!("{}.title", head.address()),
        at: text.is_multiple_of(2).then_some(head.key),
        commit: commit(text % 3),
        why: "changed".to_owned(),
    };
    DecisionEvidence {
        decision: DecisionRef { section: head.section, id: head.id.clone(), verb: decision.verb, by },
        at: decision.range,
        level,
        origin: Some(commit(own % 7)),
        adoption: Some(commit(own % 5)),
        first_use: own.is_multiple_of(9),
        outdated_by: text.is_multiple_of(5).then_some(changed).into_iter().collect(),
        outdated_here: text.is_multiple_of(7).then(|| format!("{}.owner", head.address())).into_iter().collect(),
        is_transplanted: text.is_multiple_of(11),
        problems: problem.into_iter().collect(),
        entitled: [None, Some(true), Some(false)][(own % 3) as usize],
        proof: Proof {
            by_decider: own.is_multiple_of(2),
            by_merge: own.is_multiple_of(11),
            signer: None,
            witness: None,
        },
    }
}
