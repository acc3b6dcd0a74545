//! Renders the Markdown of rule documentation for a terminal: headings, paragraphs, lists, tables, fences.

use annotate_snippets::renderer::Style;

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
                let begins_anew = line.starts_with(['#', '|']) || line.starts_with("```");
                !line.trim().is_empty() && !begins_anew && bullet(line.trim()).is_none()
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

/// Styles `` `code` ``, `**strong**` and `*emphasis*`. Where there are no styles the marks of code and emphasis stay.
fn inline(text: &str, terminal: &Terminal) -> String {
    let paint = &terminal.paint;
    if !terminal.styled {
        return text.replace("**", "");
    }
    alternate(text, "`", paint.code, |text| {
        alternate(text, "**", paint.strong, |text| alternate(text, "*", paint.emphasis, str::to_owned))
    })
}

/// Styles every second part between marks, and gives the others to `rest`; an unpaired mark is no mark.
fn alternate(text: &str, mark: &str, style: Style, rest: impl Fn(&str) -> String) -> String {
    let parts: Vec<&str> = text.split(mark).collect();
    if parts.len().is_multiple_of(2) {
        return rest(text);
    }
    let parts = parts.into_iter().enumerate();
    parts.map(|(number, part)| if number % 2 == 1 { format!("{style}{part}{style:#}") } else { rest(part) }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::terminal::Paint;
    use super::*;

    fn plain() -> Terminal {
        Terminal { styled: false, hyperlinks: false, width: 40, paint: Paint::default() }
    }

    #[track_caller]
    fn check(markdown: &str, expected: &str) {
        assert_eq!(render(markdown, &plain()), expected);
    }

    #[test]
    fn paragraphs_are_filled_to_the_width() {
        check(
            "One\ntwo, `owner: head-of-it`, and then\nsome more.\n\n\nNext.",
            "One two, `owner: head-of-it`, and then\nsome more.\n\nNext.\n",
        );
    }

    #[test]
    fn headings_stand_out() {
        check("## Why `it`\nText", "Why `it`\n--------\n\nText\n");
    }

    #[test]
    fn items_hang_and_stay_together() {
        check(
            "Two:\n- one thing that goes on for longer than\n  a line\n- **another**\n\n1. first",
            "Two:\n  - one thing that goes on for longer\n    than a line\n  - another\n\n  1. first\n",
        );
    }

    #[test]
    fn tables_are_lined_up() {
        check("| a | of |\n|---|---|\n| long | 漢 |\n", "  a     of\n  long  漢\n");
    }

    #[test]
    fn fences_are_indented_under_the_name_of_their_file() {
        check(
            "```yaml file=deed.yaml\na: 1 # error\n\nb: 2\n```\nText",
            "    deed.yaml\n    a: 1 # error\n\n    b: 2\n\nText\n",
        );
    }

    #[test]
    fn links_show_where_they_lead() {
        check("[a](https://a.example) [b](b.md) [c] d[0]", "a (https://a.example) b [c] d[0]\n");
    }

    #[test]
    fn marks_become_styles() {
        let terminal = Terminal { styled: true, paint: Paint::COLORED, ..plain() };
        let text = inline("*not* `*code*` **yes** 2 * 3", &terminal);
        assert_eq!(
            text,
            "*not* \u{1b}[36m*code*\u{1b}[0m \u{1b}[1myes\u{1b}[0m 2 * 3".replace("*not*", "\u{1b}[3mnot\u{1b}[0m")
        );
    }
}
