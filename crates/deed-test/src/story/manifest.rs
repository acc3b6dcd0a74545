//! Edits of a manifest's text as a person makes them: a line here, a few words there, the rest untouched.
//!
//! This is not a YAML parser. It knows the two styles the example is written in (block entries, flow entries) and
//! refuses whatever it does not find, so that a story that no longer fits its files stops instead of drifting.

use std::ops::Range;

/// Fields that hold decisions; other fields are inserted before them.
const DECISIONS: [&str; 7] = ["approved", "accepted", "granted", "reviewed", "held", "acknowledged", "adopted"];

/// A flow entry's line longer than this goes on in the next line.
const WIDTH: usize = 116;

/// One manifest's text, edited by section, id and field.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    lines: Vec<String>,
}

/// Where an entry stands: its lines (from the one with its id) and the indentation of its id.
#[derive(Clone, Debug)]
struct Entry {
    lines: Range<usize>,
    indent: usize,
}

impl Manifest {
    pub(super) fn new(text: &str) -> Self {
        Self { lines: text.lines().map(str::to_owned).collect() }
    }

    pub(super) fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }

    /// Returns the ids of a section in file order.
    pub(super) fn ids(&self, section: &str) -> Vec<String> {
        let Some(entry) = self.section(section) else { return Vec::new() };
        let Some(indent) = self.child_indent(&entry) else { return Vec::new() };
        let lines = entry.lines.start + 1..entry.lines.end;
        lines.filter(|&at| indent_of(&self.lines[at]) == Some(indent)).map(|at| key_of(&self.lines[at])).collect()
    }

    pub(super) fn has(&self, section: &str, id: &str) -> bool {
        self.entry(section, id).is_some()
    }

    /// Returns a field as written, if it is there.
    pub(super) fn get(&self, section: &str, id: &str, field: &str) -> Option<String> {
        let entry = self.entry(section, id)?;
        if let Some(flow) = self.flow(&entry) {
            let text = self.joined(&entry);
            return flow.items.iter().find_map(|item| {
                let (key, value) = text[item.clone()].split_once(':')?;
                (key.trim() == field).then(|| value.trim().to_owned())
            });
        }
        let lines = self.field(&entry, field)?;
        let (_, first) = self.lines[lines.start].split_once(':')?;
        let rest = self.lines[lines.start + 1..lines.end].iter().map(|line| line.trim());
        let text: Vec<&str> = std::iter::once(first.trim()).chain(rest).filter(|part| !part.is_empty()).collect();
        Some(text.join(" "))
    }

    /// Sets a field, replacing what is there or inserting where a person would.
    pub(super) fn set(&mut self, section: &str, id: &str, field: &str, value: &str) {
        let entry = self.expect(section, id);
        if let Some(flow) = self.flow(&entry) {
            return self.set_in_flow(&entry, &flow, field, value);
        }
        let indent = self.child_indent(&entry).unwrap_or(entry.indent + 2);
        let mut new = value.lines();
        let mut text = vec![format!("{:indent$}{field}: {}", "", new.next().unwrap_or_default()).trim_end().to_owned()];
        text.extend(new.map(|line| format!("{:indent$}{line}", "").trim_end().to_owned()));
        let at = self.field(&entry, field).unwrap_or_else(|| {
            let end = entry.lines.end;
            let decision = DECISIONS.iter().filter_map(|name| self.field(&entry, name)).map(|lines| lines.start).min();
            let start = if DECISIONS.contains(&field) { end } else { decision.unwrap_or(end) };
            start..start
        });
        self.lines.splice(at, text);
    }

    /// Removes a field.
    pub(super) fn unset(&mut self, section: &str, id: &str, field: &str) {
        let entry = self.expect(section, id);
        let Some(flow) = self.flow(&entry) else {
            let lines = self.field(&entry, field).unwrap_or_else(|| panic!("{section}.{id} has no {field}"));
            self.lines.drain(lines);
            return;
        };
        let text = self.joined(&entry);
        let at = flow.position(&text, field).unwrap_or_else(|| panic!("{section}.{id} has no {field}"));
        // With the comma behind it, or as the last one with the comma before.
        let gone = match flow.items.get(at + 1) {
            Some(next) => flow.items[at].start..next.start,
            None => flow.items[at - 1].end..flow.items[at].end,
        };
        self.write(&entry, &(text[..gone.start].to_owned() + &text[gone.end..]));
    }

    /// Adds an item to a field that is a list in block or flow style.
    pub(super) fn append(&mut self, section: &str, id: &str, field: &str, item: &str) {
        let old = self.get(section, id, field).unwrap_or_else(|| panic!("{section}.{id} has no {field}"));
        if let Some(list) = old.strip_suffix(']') {
            let list = list.trim_end();
            let comma = if list.ends_with('[') { "" } else { ", " };
            return self.set(section, id, field, &format!("{list}{comma}{item}]"));
        }
        let entry = self.expect(section, id);
        let lines = self.field(&entry, field).expect("the field was found above");
        let indent = indent_of(&self.lines[lines.start + 1]).expect("a block list has items");
        self.lines.insert(lines.end, format!("{:indent$}- {item}", ""));
    }

    /// Appends entries, indented as a section's entries are, to a section, which is made if need be.
    pub(super) fn add(&mut self, section: &str, entries: &[String]) {
        if self.section(section).is_none() {
            if !self.lines.is_empty() {
                self.lines.push(String::new());
            }
            self.lines.push(format!("{section}:"));
        }
        let end = self.section(section).expect("it was made above").lines.end;
        self.lines.splice(end..end, entries.iter().cloned());
    }

    /// Takes an entry out, with the comment lines directly above it.
    pub(super) fn cut(&mut self, section: &str, id: &str) -> Vec<String> {
        let lines = self.with_comments(&self.expect(section, id));
        let cut = self.lines.drain(lines.clone()).collect();
        let blank = |at: usize| self.lines.get(at).is_none_or(|line| line.is_empty());
        if blank(lines.start) && lines.start > 0 && blank(lines.start - 1) {
            self.lines.remove(lines.start - 1);
        }
        cut
    }

    /// Returns an entry's lines with the comment lines directly above it.
    pub(super) fn copy(&self, section: &str, id: &str) -> Vec<String> {
        self.lines[self.with_comments(&self.expect(section, id))].to_vec()
    }

    /// Sorts a section's entries by id, numbers as numbers.
    pub(super) fn sort(&mut self, section: &str) {
        let mut ids = self.ids(section);
        ids.sort_by_key(|id| {
            id.split(['-', '.']).map(|part| (part.parse::<u32>().ok(), part.to_owned())).collect::<Vec<_>>()
        });
        let entries: Vec<_> = ids.iter().map(|id| self.copy(section, id)).collect();
        let apart: &[String] = if entries.iter().any(|entry| entry.len() > 1) { &[String::new()] } else { &[] };
        let body = entries.join(apart);
        let old = self.section(section).expect("its entries were read above").lines;
        let count = |lines: &[String]| lines.iter().filter(|line| !line.is_empty()).count();
        let kept = count(&body) == count(&self.lines[old.start + 1..old.end]);
        assert!(kept, "a comment in {section} belongs to no entry, so it cannot be sorted");
        self.lines.splice(old.start + 1..old.end, body);
    }

    /// Doubles every line's indentation; what goes on from the line before keeps its place below it.
    pub(super) fn reindent(&mut self) {
        let (mut depth, mut shift) = (0, 0);
        for line in &mut self.lines {
            if depth == 0 {
                shift = line.len() - line.trim_start().len();
            }
            let text = line.split(" #").next().unwrap_or_default();
            let count = |brackets: [char; 2]| text.matches(brackets).count();
            depth = (depth + count(['{', '['])).saturating_sub(count(['}', ']']));
            if !line.is_empty() {
                line.insert_str(0, &" ".repeat(shift));
            }
        }
    }

    /// Returns a section with all below it. Blank and comment lines at its end belong to what follows.
    fn section(&self, name: &str) -> Option<Entry> {
        self.below(0..self.lines.len(), 0, name)
    }

    fn entry(&self, section: &str, id: &str) -> Option<Entry> {
        let outer = self.section(section)?;
        if id.is_empty() {
            return Some(outer);
        }
        let indent = self.child_indent(&outer)?;
        self.below(outer.lines.start + 1..outer.lines.end, indent, id)
    }

    fn expect(&self, section: &str, id: &str) -> Entry {
        self.entry(section, id).unwrap_or_else(|| panic!("there is no {section}.{id}"))
    }

    fn field(&self, entry: &Entry, name: &str) -> Option<Range<usize>> {
        let indent = self.child_indent(entry)?;
        Some(self.below(entry.lines.start + 1..entry.lines.end, indent, name)?.lines)
    }

    fn below(&self, lines: Range<usize>, indent: usize, key: &str) -> Option<Entry> {
        let end = lines.end;
        let start =
            lines.clone().find(|&at| indent_of(&self.lines[at]) == Some(indent) && key_of(&self.lines[at]) == key)?;
        let next = (start + 1..end).find(|&at| indent_of(&self.lines[at]).is_some_and(|deep| deep <= indent));
        let last = (start..next.unwrap_or(end)).rfind(|&at| indent_of(&self.lines[at]).is_some()).unwrap_or(start);
        Some(Entry { lines: start..last + 1, indent })
    }

    fn child_indent(&self, entry: &Entry) -> Option<usize> {
        (entry.lines.start + 1..entry.lines.end).find_map(|at| indent_of(&self.lines[at]))
    }

    fn with_comments(&self, entry: &Entry) -> Range<usize> {
        let own =
            |line: &String| line.trim_start().starts_with('#') && line.len() - line.trim_start().len() == entry.indent;
        let above = self.lines[..entry.lines.start].iter().rev().take_while(|line| own(line)).count();
        entry.lines.start - above..entry.lines.end
    }

    fn joined(&self, entry: &Entry) -> String {
        self.lines[entry.lines.clone()].join("\n")
    }

    fn write(&mut self, entry: &Entry, text: &str) {
        self.lines.splice(entry.lines.clone(), text.lines().map(str::to_owned));
    }

    fn flow(&self, entry: &Entry) -> Option<Flow> {
        let text = self.joined(entry);
        let (key, value) = text.split_once(':')?;
        let open = key.len() + 1 + value.len() - value.trim_start_matches(' ').len();
        text[open..].starts_with('{').then(|| Flow::read(&text, open))
    }

    fn set_in_flow(&mut self, entry: &Entry, flow: &Flow, field: &str, value: &str) {
        let text = self.joined(entry);
        let written = format!("{field}: {value}");
        let decides =
            |item: &Range<usize>| DECISIONS.contains(&text[item.clone()].split(':').next().unwrap_or_default());
        let text = if let Some(at) = flow.position(&text, field) {
            let Range { start, end } = flow.items[at];
            format!("{}{written}{}", &text[..start], &text[end..])
        } else if let Some(before) = flow.items.iter().find(|item| !DECISIONS.contains(&field) && decides(item)) {
            format!("{}{written}, {}", &text[..before.start], &text[before.start..])
        } else {
            let end = flow.items.last().expect("a flow entry has fields").end;
            format!("{}, {written}{}", &text[..end], &text[end..])
        };
        self.write(entry, &wrapped(&text));
    }
}

/// Breaks a flow entry that has grown too wide between its fields, aligned below the first.
fn wrapped(text: &str) -> String {
    let open = text.find('{').expect("a flow entry has a brace");
    let items = Flow::read(text, open).items;
    if text.lines().all(|line| line.chars().count() <= WIDTH) {
        return text.to_owned();
    }
    let first = items[0].start;
    let mut wrapped = text[..first].to_owned();
    let mut column = first;
    for (at, item) in items.iter().enumerate() {
        let item = &text[item.clone()];
        let width = item.chars().count() + 2;
        if at > 0 && column + width > WIDTH {
            wrapped = format!("{},\n{:first$}", wrapped.trim_end_matches([',', ' ']), "");
            column = first;
        }
        wrapped += item;
        wrapped += ", ";
        column += width;
    }
    let end = items[items.len() - 1].end;
    wrapped.trim_end_matches([',', ' ']).to_owned() + &text[end..]
}

/// The items of a `{ … }`, each from its key to the end of its value.
struct Flow {
    items: Vec<Range<usize>>,
}

impl Flow {
    fn read(text: &str, open: usize) -> Self {
        let (mut depth, mut quote, mut start, mut items) = (0, None, open + 1, Vec::new());
        let mut close = |from: &mut usize, to: usize| {
            let item = &text[*from..to];
            let begin = *from + item.len() - item.trim_start().len();
            if !item.trim().is_empty() {
                items.push(begin..begin + item.trim().len());
            }
            *from = to + 1;
        };
        for (at, byte) in text.bytes().enumerate().skip(open) {
            match (quote, byte) {
                (Some(open), _) if byte == open => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'{' | b'[') => depth += 1,
                (None, b',') if depth == 1 => close(&mut start, at),
                (None, b'}' | b']') => {
                    depth -= 1;
                    if depth == 0 {
                        close(&mut start, at);
                        break;
                    }
                }
                (None, _) => {}
            }
        }
        assert!(depth == 0, "a flow mapping is not closed: {text}");
        Self { items }
    }

    fn position(&self, text: &str, field: &str) -> Option<usize> {
        self.items.iter().position(|item| text[item.clone()].split(':').next() == Some(field))
    }
}

/// Returns a line's indentation, or nothing for blank and comment lines.
fn indent_of(line: &str) -> Option<usize> {
    let text = line.trim_start();
    (!text.is_empty() && !text.starts_with('#')).then(|| line.len() - text.len())
}

fn key_of(line: &str) -> String {
    line.trim_start().split(':').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    const RISKS: &str = "\
# The register.
risks:
  # Since the pentest.
  R-12:
    title: Terminals
    plan:
      - { action: Replace, by: chen }
    accepted: { by: ada, date: 2026-01-01 }

  R-2: { title: \"Leak, again\", controls: [A.8.8, A.8.9], approved: { by: bo, date: 2026-01-02 } }

lint: {}
";

    fn edited(edit: impl FnOnce(&mut Manifest)) -> String {
        let mut manifest = Manifest::new(RISKS);
        edit(&mut manifest);
        manifest.text()
    }

    #[test]
    fn fields_are_read_in_both_styles() {
        let manifest = Manifest::new(RISKS);
        assert_eq!(manifest.ids("risks"), ["R-12", "R-2"]);
        assert_eq!(manifest.get("risks", "R-12", "title").as_deref(), Some("Terminals"));
        assert_eq!(manifest.get("risks", "R-2", "controls").as_deref(), Some("[A.8.8, A.8.9]"));
        assert_eq!(manifest.get("risks", "R-2", "title").as_deref(), Some("\"Leak, again\""));
        assert_eq!(manifest.get("risks", "R-2", "by"), None);
    }

    #[test]
    fn a_field_is_replaced_where_it_stands() {
        let block = edited(|it| it.set("risks", "R-12", "title", "Card readers"));
        assert_eq!(block, RISKS.replace("Terminals", "Card readers"));
        let flow = edited(|it| it.set("risks", "R-2", "approved", "{ by: cy, date: 2026-02-02 }"));
        assert_eq!(flow, RISKS.replace("{ by: bo, date: 2026-01-02 }", "{ by: cy, date: 2026-02-02 }"));
    }

    #[test]
    fn a_new_field_stands_before_decisions_and_a_new_decision_last() {
        let block = edited(|it| it.set("risks", "R-12", "review", "6mo"));
        assert_eq!(block, RISKS.replace("    accepted", "    review: 6mo\n    accepted"));
        let flow = edited(|it| it.set("risks", "R-2", "owner", "it"));
        assert_eq!(flow, RISKS.replace(", approved", ", owner: it, approved"));
        let last = edited(|it| it.set("risks", "R-12", "reviewed", "{ by: bo }"));
        assert_eq!(last, RISKS.replace("-01-01 }\n", "-01-01 }\n    reviewed: { by: bo }\n"));
    }

    #[test]
    fn a_long_flow_entry_goes_on_in_the_next_line() {
        let text = edited(|it| it.set("risks", "R-2", "reviewed", "{ by: bo, date: 2026-03-03 }"));
        assert_eq!(text, RISKS.replace("-01-02 } }", "-01-02 },\n         reviewed: { by: bo, date: 2026-03-03 } }"));
    }

    #[test]
    fn fields_and_entries_are_taken_out_with_what_belongs_to_them() {
        assert_eq!(edited(|it| it.unset("risks", "R-2", "controls")), RISKS.replace("controls: [A.8.8, A.8.9], ", ""));
        let text = edited(|it| drop(it.cut("risks", "R-12")));
        assert!(!text.contains("pentest") && !text.contains("Replace") && text.contains("R-2"), "{text}");
    }

    #[test]
    fn items_and_entries_are_appended() {
        let flow = edited(|it| it.append("risks", "R-2", "controls", "A.5.1"));
        assert_eq!(flow, RISKS.replace("A.8.9]", "A.8.9, A.5.1]"));
        let block = edited(|it| it.append("risks", "R-12", "plan", "{ action: Test }"));
        assert_eq!(block, RISKS.replace("chen }\n", "chen }\n      - { action: Test }\n"));
        let entry = edited(|it| it.add("risks", &["  R-3: {}".to_owned()]));
        assert_eq!(entry, RISKS.replace("\n\nlint", "\n  R-3: {}\n\nlint"));
    }

    #[test]
    fn sorting_moves_entries_whole_and_counts_numbers() {
        let text = edited(|it| it.sort("risks"));
        let place = |needle| text.find(needle).expect("nothing is lost");
        assert!(place("R-2:") < place("# Since") && place("# Since") < place("R-12:"), "{text}");
        assert!(place("Replace") < place("lint"), "{text}");
    }
}
