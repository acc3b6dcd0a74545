//! Random histories: everything people do to files, and some things they should not.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use deed_test::Repo;

/// A small generator of numbers, the same on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % sides
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

#[derive(Clone, Debug)]
enum Value {
    Scalar(String),
    Mapping(Vec<(String, Self)>),
    Sequence(Vec<Self>),
}

/// What a file holds, and how it is written.
#[derive(Clone, Debug)]
struct File {
    documents: Vec<Value>,
    style: u64,
    broken: bool,
}

type State = BTreeMap<String, File>;

const KEYS: [&str; 7] = ["a", "b", "c", "id", "name", "kind", "metadata"];
const SCALARS: [&str; 9] = ["1", "2", "x", "y", "'12'", "12", "true", "~", "1.5"];
const PATHS: [&str; 6] = ["f.yaml", "g.yml", "d/f.yaml", "d/e/h.json", "d/i.yaml", "notes.md"];

fn value(dice: &mut Dice, depth: usize) -> Value {
    match dice.below(if depth > 2 { 1 } else { 4 }) {
        0 => Value::Scalar((*dice.pick(&SCALARS)).to_owned()),
        1 | 2 => mapping(dice, depth),
        _ => Value::Sequence((0..dice.below(5)).map(|_| value(dice, depth + 1)).collect()),
    }
}

fn mapping(dice: &mut Dice, depth: usize) -> Value {
    let mut fields: Vec<(String, Value)> = Vec::new();
    for _ in 0..dice.below(5) {
        let key = *dice.pick(&KEYS);
        if fields.iter().all(|(other, _)| other != key) {
            fields.push((key.to_owned(), value(dice, depth + 1)));
        }
    }
    Value::Mapping(fields)
}

fn file(dice: &mut Dice) -> File {
    let documents = if dice.one_in(5) { 1 + dice.below(3) } else { 1 };
    let document = |dice: &mut Dice| if dice.one_in(6) { value(dice, 0) } else { mapping(dice, 0) };
    File { documents: (0..documents).map(|_| document(dice)).collect(), style: dice.0, broken: false }
}

/// Changes one thing in a value.
fn edit(dice: &mut Dice, of: &mut Value, depth: usize) {
    match of {
        Value::Scalar(text) => *text = (*dice.pick(&SCALARS)).to_owned(),
        Value::Mapping(fields) => match dice.below(8) {
            0 if !fields.is_empty() => drop(fields.remove(dice.below(fields.len()))),
            1 if fields.len() > 1 => fields.rotate_left(1),
            2 | 3 => {
                let key = *dice.pick(&KEYS);
                if fields.iter().all(|(other, _)| other != key) {
                    fields.insert(dice.below(fields.len() + 1), (key.to_owned(), value(dice, depth + 1)));
                }
            }
            _ if !fields.is_empty() => {
                let at = dice.below(fields.len());
                edit(dice, &mut fields[at].1, depth + 1);
            }
            _ => *of = value(dice, depth),
        },
        Value::Sequence(items) => match dice.below(8) {
            0 if !items.is_empty() => drop(items.remove(dice.below(items.len()))),
            1 if items.len() > 1 => {
                let (a, b) = (dice.below(items.len()), dice.below(items.len()));
                items.swap(a, b);
            }
            2 if !items.is_empty() => {
                let item = dice.pick(items).clone();
                items.insert(dice.below(items.len() + 1), item);
            }
            3 => items.insert(dice.below(items.len() + 1), value(dice, depth + 1)),
            _ if !items.is_empty() => {
                let at = dice.below(items.len());
                edit(dice, &mut items[at], depth + 1);
            }
            _ => *of = value(dice, depth),
        },
    }
}

impl File {
    fn text(&self, path: &str) -> String {
        let mut dice = Dice::new(self.style);
        let mut text = String::new();
        if path.ends_with(".json") {
            flow(&self.documents[0], &mut text, true);
        } else {
            if dice.one_in(4) {
                text.push_str("# a comment\n");
            }
            for (index, document) in self.documents.iter().enumerate() {
                if index > 0 || dice.one_in(6) {
                    text.push_str("---\n");
                }
                block(&mut dice, document, 0, false, &mut text);
            }
        }
        if self.broken {
            text.push_str(if dice.one_in(2) { "a: [\n" } else { "<<<<<<< HEAD\n" });
        }
        text
    }
}

fn flow(value: &Value, text: &mut String, json: bool) {
    match value {
        Value::Scalar(scalar) if json => {
            let bare = matches!(scalar.as_str(), "1" | "2" | "12" | "true" | "1.5");
            let scalar = scalar.trim_matches('\'');
            text.push_str(&if bare {
                scalar.to_owned()
            } else if scalar == "~" {
                "null".into()
            } else {
                format!("\"{scalar}\"")
            });
        }
        Value::Scalar(scalar) => text.push_str(scalar),
        Value::Mapping(fields) => {
            text.push('{');
            for (index, (key, value)) in fields.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                let _ = write!(text, "\"{key}\": ");
                flow(value, text, json);
            }
            text.push('}');
        }
        Value::Sequence(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                flow(item, text, json);
            }
            text.push(']');
        }
    }
}

/// Writes a value as a block where it can be one. `inline` means that the first line is begun already.
fn block(dice: &mut Dice, value: &Value, indent: usize, inline: bool, text: &mut String) {
    let pad = |text: &mut String, first: bool| {
        if !(first && inline) {
            text.extend(std::iter::repeat_n(' ', indent));
        }
    };
    match value {
        Value::Mapping(fields) if !fields.is_empty() && !dice.one_in(8) => {
            let mut order: Vec<_> = fields.iter().collect();
            if dice.one_in(6) {
                order.reverse();
            }
            for (index, (key, value)) in order.into_iter().enumerate() {
                pad(text, index == 0);
                let quote = if dice.one_in(8) { "\"" } else { "" };
                let _ = write!(text, "{quote}{key}{quote}:");
                below(dice, value, indent, text);
            }
        }
        Value::Sequence(items) if !items.is_empty() && !dice.one_in(6) => {
            for (index, item) in items.iter().enumerate() {
                pad(text, index == 0);
                text.push_str("- ");
                block(dice, item, indent + 2, true, text);
            }
        }
        _ => {
            pad(text, true);
            flow(value, text, false);
            text.push_str(["\n", "\n", "\n", " # why\n"][dice.below(4)]);
        }
    }
}

fn below(dice: &mut Dice, value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Mapping(fields) if !fields.is_empty() && !dice.one_in(6) => {
            text.push_str(["\n", "\n", " # c\n", "\n\n"][dice.below(4)]);
            let deeper = 1 + dice.below(4);
            block(dice, value, indent + deeper, false, text);
        }
        Value::Sequence(items) if !items.is_empty() && !dice.one_in(5) => {
            text.push('\n');
            let deeper = *dice.pick(&[0, 2]);
            for item in items {
                text.extend(std::iter::repeat_n(' ', indent + deeper));
                text.push_str("- ");
                block(dice, item, indent + deeper + 2, true, text);
            }
        }
        _ => {
            text.push(' ');
            flow(value, text, false);
            text.push_str(["\n", "\n", "  \n", " # why\n"][dice.below(4)]);
        }
    }
}

/// One commit of a plan.
struct Step {
    parents: Vec<usize>,
    state: State,
}

fn change(dice: &mut Dice, state: &mut State, earlier: &[Step]) {
    for _ in 0..1 + dice.below(2) {
        let paths: Vec<String> = state.keys().cloned().collect();
        if paths.is_empty() || dice.one_in(9) {
            state.insert((*dice.pick(&PATHS)).to_owned(), file(dice));
            continue;
        }
        let path = dice.pick(&paths).clone();
        let kind = dice.below(14);
        match kind {
            0 => drop(state.remove(&path)),
            // Renamed, with an edit or without.
            1 | 2 => {
                let mut moved = state.remove(&path).expect("it is there");
                if kind == 1 {
                    edit_file(dice, &mut moved);
                }
                state.insert((*dice.pick(&PATHS)).to_owned(), moved);
            }
            // Back to how it once was.
            3 if !earlier.is_empty() => {
                if let Some(file) = dice.pick(earlier).state.get(&path) {
                    state.insert(path, file.clone());
                }
            }
            4 => state.get_mut(&path).expect("it is there").broken = true,
            5 => state.get_mut(&path).expect("it is there").broken = false,
            6 | 7 => state.get_mut(&path).expect("it is there").style = dice.0,
            _ => edit_file(dice, state.get_mut(&path).expect("it is there")),
        }
    }
}

fn edit_file(dice: &mut Dice, file: &mut File) {
    match dice.below(12) {
        0 => file.documents.push(mapping(dice, 0)),
        1 if file.documents.len() > 1 => drop(file.documents.remove(dice.below(file.documents.len()))),
        2 if file.documents.len() > 1 => file.documents.rotate_left(1),
        _ => {
            let at = dice.below(file.documents.len());
            edit(dice, &mut file.documents[at], 0);
        }
    }
}

fn plan(dice: &mut Dice, commits: usize) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for index in 0..commits {
        let recent = |dice: &mut Dice| index - 1 - dice.below(index.min(4));
        let (parents, mut state) = if index == 0 || dice.one_in(20) {
            (vec![], State::new())
        } else {
            let mut parents = vec![recent(dice)];
            for _ in 0..*dice.pick(&[0, 0, 0, 1, 1, 2]) {
                let other = if dice.one_in(3) { dice.below(index) } else { recent(dice) };
                if !parents.contains(&other) {
                    parents.push(other);
                }
            }
            let mut state = steps[parents[0]].state.clone();
            for other in &parents[1..] {
                for (path, file) in &steps[*other].state {
                    if dice.one_in(2) {
                        state.insert(path.clone(), file.clone());
                    }
                }
            }
            (parents, state)
        };
        if parents.len() < 2 || dice.one_in(3) {
            change(dice, &mut state, &steps);
        }
        steps.push(Step { parents, state });
    }
    steps
}

/// Puts a random history into a repository for each seed; its last commit is `refs/heads/h<seed>`.
pub(crate) fn import(repo: &Repo, seeds: std::ops::Range<u64>) {
    let mut stream = Vec::new();
    let mut mark = 0;
    for seed in seeds {
        let mut dice = Dice::new(seed);
        let commits = 2 + dice.below(24);
        let steps = plan(&mut dice, commits);
        let first = mark + 1;
        for (index, step) in steps.iter().enumerate() {
            mark += 1;
            let branch = if index + 1 == steps.len() { format!("h{seed}") } else { format!("tmp/{mark}") };
            // Times that do not go with the order of commits.
            let time = 1_767_603_600 + index * 3600 - dice.below(20) * 1800;
            let _ =
                write!(stream, "commit refs/heads/{branch}\nmark :{mark}\ncommitter A <a@x> {time} +0000\ndata 2\nc\n");
            for (position, parent) in step.parents.iter().enumerate() {
                let word = if position == 0 { "from" } else { "merge" };
                let _ = writeln!(stream, "{word} :{}", first + parent);
            }
            let _ = writeln!(stream, "deleteall");
            for (path, file) in &step.state {
                let text = file.text(path);
                let _ = write!(stream, "M 100644 inline {path}\ndata {}\n{text}\n", text.len());
            }
            let _ = writeln!(stream);
        }
    }
    let mut import = repo.command(["fast-import", "--quiet", "--force"]);
    let mut import = import.stdin(Stdio::piped()).spawn().expect("git runs");
    import.stdin.take().expect("a pipe").write_all(&stream).expect("git listens");
    assert!(import.wait().expect("git ends").success());
}
