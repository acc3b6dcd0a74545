//! Renders the Markdown of rule documentation for a terminal: headings, paragraphs, lists, tables, fences.

use super::terminal::Terminal;
use super::wrap::{width, wrap};

/// Lines wider than this are hard to read, however wide the terminal is.
const READABLE: usize = 100;
const INDENT: &str = "    ";

/// Renders a document.
pub(super) fn render(markdown: &str, terminal: &Terminal) -> String {
    let mut page = Page { terminal, room: terminal.width.min(READABLE), out: String::new() };
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        if line.starts_with("```") {
            let body: Vec<_> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            page.fence(line.trim_start_matches('`'), &body);
        } else if let Some(title) = line.strip_prefix('#') {
            page.heading(title.trim_start_matches('#').trim());
        } else if line.starts_with('|') {
            let mut rows = vec![line];
            rows.extend(std::iter::from_fn(|| lines.next_if(|line| line.starts_with('|'))));
            page.table(&rows);
        } else {
            let mut text = line.trim().to_owned();
            let goes_on = |line: &&str| {
                !line.trim().is_empty() && !line.starts_with(['#', '|', '`']) && bullet(line.trim()).is_none()
            };
            while let Some(more) = lines.next_if(goes_on) {
                text += " ";
                text += more.trim();
            }
            match bullet(&text) {
                Some(mark) => page.item(mark, text[mark.len()..].trim_start()),
                None => page.paragraph(&text),
            }
            if lines.peek().is_none_or(|next| bullet(next.trim()).is_none()) {
                page.out.push('\n');
            }
        }
    }
    page.out.truncate(page.out.trim_end().len());
    page.out + "\n"
}

/// The mark a list item begins with.
fn bullet(line: &str) -> Option<&str> {
    let mark = line.split(' ').next().filter(|mark| mark.len() < line.len())?;
    let number = mark.strip_suffix('.').is_some_and(|number| number.parse::<u8>().is_ok());
    (matches!(mark, "-" | "*") || number).then_some(mark)
}

struct Page<'t> {
    terminal: &'t Terminal,
    room: usize,
    out: String,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out += text.trim_end();
        self.out.push('\n');
    }

    fn heading(&mut self, title: &str) {
        let style = self.terminal.paint.strong;
        self.line(&format!("{style}{}{style:#}", inline(title, self.terminal)));
        if !self.terminal.styled {
            self.line(&"-".repeat(width(title)));
        }
        self.out.push('\n');
    }

    fn paragraph(&mut self, text: &str) {
        for line in inline(&wrap(&links(text, self.terminal), self.room).join("\n"), self.terminal).lines() {
            self.line(line);
        }
    }

    fn item(&mut self, mark: &str, text: &str) {
        let text = wrap(&links(text, self.terminal), self.room.saturating_sub(mark.len() + 3)).join("\n");
        let indent = " ".repeat(mark.len() + 3);
        for (number, line) in inline(&text, self.terminal).lines().enumerate() {
            self.line(&if number == 0 { format!("  {mark} {line}") } else { format!("{indent}{line}") });
        }
    }

    fn table(&mut self, rows: &[&str]) {
        let cells = |row: &str| -> Vec<String> {
            let row = row.trim().trim_matches('|');
            row.split('|').map(|cell| inline(&links(cell.trim(), self.terminal), self.terminal)).collect()
        };
        let is_rule = |row: &&&str| !row.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
        let rows: Vec<Vec<String>> = rows.iter().filter(is_rule).map(|row| cells(row)).collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
            .collect();
        for row in &rows {
            let padded =
                row.iter().zip(&widths).map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide - width(cell))));
            self.line(&format!("  {}", padded.collect::<Vec<_>>().join("  ")));
        }
        self.out.push('\n');
    }

    fn fence(&mut self, info: &str, body: &[&str]) {
        let file = info.split_whitespace().find_map(|word| word.strip_prefix("file="));
        let faint = self.terminal.paint.faint;
        if let Some(file) = file {
            self.line(&format!("{INDENT}{faint}{file}{faint:#}"));
        }
        let is_yaml = info.starts_with("yaml");
        for line in body {
            let line = if is_yaml { yaml(line, self.terminal) } else { (*line).to_owned() };
            self.line(&format!("{INDENT}{line}"));
        }
        self.out.push('\n');
    }
}

/// A line of YAML with its key and comment set off; `# error` and the like in the colour of the severity.
fn yaml(line: &str, terminal: &Terminal) -> String {
    let paint = &terminal.paint;
    let (code, comment) = match line.rfind("# ") {
        Some(at) if line[..at].is_empty() || line[..at].ends_with(' ') => line.split_at(at),
        _ => (line, ""),
    };
    let style = match comment.trim_start_matches("# ").trim_end_matches(" below") {
        "error" => paint.error,
        "warning" => paint.warning,
        "info" => paint.info,
        _ => paint.faint,
    };
    let comment = if comment.is_empty() { String::new() } else { format!("{style}{comment}{style:#}") };
    let start = code.len() - code.trim_start_matches([' ', '-']).len();
    match code.find(':').filter(|colon| *colon > start && !code[start..*colon].contains([' ', '"', '{'])) {
        Some(colon) => {
            let key = paint.code;
            format!("{}{key}{}{key:#}{}{comment}", &code[..start], &code[start..colon], &code[colon..])
        }
        None => format!("{code}{comment}"),
    }
}

/// Puts `[text](address)` into a form for the terminal: a link, else the address behind it if that leads anywhere.
fn links(text: &str, terminal: &Terminal) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let parts = link.split_once("](").and_then(|(name, after)| Some((name, after.split_once(')')?)));
        out += before;
        match parts.filter(|(name, _)| !name.contains(['[', ']', '`'])) {
            Some((name, (address, after))) => {
                let leads = address.starts_with("http");
                out += &match (leads, terminal.hyperlinks) {
                    (true, true) => terminal.link(name, address),
                    (true, false) => format!("{name} ({address})"),
                    (false, _) => name.to_owned(),
                };
                rest = after;
            }
            None => {
                out.push('[');
                rest = link;
            }
        }
    }
    out + rest
}

/// Styles `` `code` `` and `**bold**`. Where there are no styles the backquotes stay.
fn inline(text: &str, terminal: &Terminal) -> String {
    if !terminal.styled {
        return text.replace("**", "");
    }
    let (code, strong) = (terminal.paint.code, terminal.paint.strong);
    let mut out = String::new();
    for (number, part) in text.split('`').enumerate() {
        if number % 2 == 1 {
            out += &format!("{code}{part}{code:#}");
            continue;
        }
        for (number, part) in part.split("**").enumerate() {
            out += &if number % 2 == 1 { format!("{strong}{part}{strong:#}") } else { part.to_owned() };
        }
    }
    out
}
