//! Markdown for a comment on a pull request or the summary of a job.

use std::io::{self, Write};

use deed_linter::Diagnostic;

use super::tally::counted;
use super::view::{View, below, repository_root, worst_first};
use super::{Report, Tally, url};

/// A comment on GitHub may have 65,536 characters; the rest of it needs some.
pub(crate) const ROOM: usize = 60_000;

/// Writes a report: what it comes to, then a table, the worst first, of as much as there is room for.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let tally = Tally::of(report);
    let parts: Vec<String> = tally.all.parts().into_iter().map(|(_, text)| text).collect();
    let head = if parts.is_empty() { "all good".to_owned() } else { parts.join(", ") };
    writeln!(out, "### Deed: {head}\n")?;
    let mut told = match tally.affected {
        0 => vec![counted(tally.manifests, "manifest")],
        affected => vec![format!("{affected} of {}", counted(tally.manifests, "manifest"))],
    };
    told.push(format!("judged on {}", report.today));
    told.extend(tally.aside());
    writeln!(out, "{}", told.join(" · "))?;

    let top = repository_root(report);
    for it in &report.unreadable {
        let (path, reason) = (code(&below(&top, &it.path)), plain(&it.reason));
        writeln!(out, "\n**{path} cannot be read**: {reason}. Its workspace was not judged.")?;
    }
    let views = View::all(report, &top);
    let all = worst_first(&views);
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| | where | what | rule |\n|---|---|---|---|")?;
    let (mut room, count) = (ROOM, all.len());
    for (shown, (view, diagnostic)) in all.into_iter().enumerate() {
        let row = row(view, diagnostic);
        let Some(left) = room.checked_sub(row.chars().count() + 1) else {
            return writeln!(out, "\nAnd {} more: `deed check` shows all.", count - shown);
        };
        room = left;
        writeln!(out, "{row}")?;
    }
    Ok(())
}

fn row(view: &View<'_>, diagnostic: &Diagnostic) -> String {
    let Diagnostic { severity, rule, message, help, span, .. } = diagnostic;
    let line = view.places(*span).start.line;
    let place = code(&format!("{}:{line}", view.path(span.file)));
    let help: String = help.iter().map(|help| format!("<br>→ {}", plain(help))).collect();
    format!("| {} | {place} | {}{help} | [{}]({}) |", severity.name(), plain(message), rule.id, url(rule))
}

/// A piece of code in a cell of a table.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", text.replace(char::is_control, " ").replace('`', "'").replace('|', "\\|"))
}

/// A sentence in which what stands between backticks is code; of the rest, nothing is Markdown, HTML or calls anybody.
pub(crate) fn plain(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    let parts: Vec<&str> = text.split('`').collect();
    let is_even = parts.len() % 2 == 1;
    let mut written = String::with_capacity(text.len());
    for (number, part) in parts.iter().enumerate() {
        match (is_even, number % 2 == 1) {
            (true, true) if part.is_empty() => {}
            (true, true) => written += &code(part),
            (false, _) if number > 0 => written += "\\`",
            _ => {}
        }
        if is_even && number % 2 == 1 {
            continue;
        }
        for char in part.chars() {
            match char {
                '<' => written += "&lt;",
                '>' => written += "&gt;",
                '&' => written += "&amp;",
                // Nobody is to be notified.
                '@' => written += "@\u{200b}",
                '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => written.extend(['\\', char]),
                _ => written.push(char),
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_markdown() {
        assert_eq!(plain("`a|b<c` of *x* <b>"), "`a\\|b<c` of \\*x\\* &lt;b&gt;");
        assert_eq!(plain("one ` only @chen"), "one \\` only @\u{200b}chen");
    }
}
