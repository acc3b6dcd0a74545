//! A table for people.

use std::collections::HashMap;
use std::io::{self, Write};

use annotate_snippets::renderer::Style;
use deed_linter::words::{against, author, name, natural, plain, short};
use deed_model::evidence::{CommitFacts, DecisionEvidence, Gap, History, TrustRoot};
use deed_model::{Decision, FileRange, Level, Section};

use super::Shown;
use crate::cli::terminal::{Paint, Terminal};
use crate::cli::wrap::{width, wrap};

/// The columns that can be given up, the first first, where the terminal is narrow.
const SPARE: [usize; 4] = [6, 7, 5, 3];
const HEADER: [&str; COLUMNS] = ["decision", "level", "by", "date", "recorded", "commit", "adopted", "signed by"];
const COLUMNS: usize = 8;

pub(super) fn write(shown: &Shown, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    heading(shown, terminal, out)?;
    let rows: Vec<Row<'_>> = rows(shown);
    if rows.is_empty() {
        return writeln!(out, "\nNothing to show.");
    }
    let paint = &terminal.paint;
    for rows in rows.chunk_by(|a, b| a.section == b.section) {
        let (section, strong) = (rows[0].section, paint.strong);
        writeln!(out, "\n{strong}{}{strong:#}", section.key())?;
        let columns = columns(rows, terminal.width);
        line(&HEADER.map(str::to_owned), &columns, |_| paint.faint, out)?;
        for row in rows {
            let style = |column| if column == 1 { color(row.evidence.level, paint) } else { Style::new() };
            line(&row.cells, &columns, style, out)?;
            for said in against(row.evidence, shown.project.workspace.register()) {
                warn("    ", &said, terminal, out)?;
            }
        }
    }
    writeln!(out)?;
    gone(shown, terminal, out)?;
    writeln!(out, "{}", summary(shown))
}

/// Says what speaks against something, on as many lines as it takes.
fn warn(indent: &str, said: &str, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let warning = terminal.paint.warning;
    let room = terminal.width.saturating_sub(indent.len() + 2).max(30);
    for (nth, text) in wrap(said, room).into_iter().enumerate() {
        let mark = if nth == 0 { "!" } else { " " };
        writeln!(out, "{indent}{warning}{mark}{warning:#} {text}")?;
    }
    Ok(())
}

struct Row<'s> {
    section: Section,
    cells: [String; COLUMNS],
    evidence: &'s DecisionEvidence,
}

fn rows(shown: &Shown) -> Vec<Row<'_>> {
    let register = shown.project.workspace.register();
    let decisions: HashMap<FileRange, &Decision> =
        register.decisions().map(|(_, decision)| (decision.range, decision)).collect();
    let name = |person: &str| plain(name(person, register)).into_owned();
    let day = |commit: Option<&CommitFacts>| {
        commit.map_or_else(|| "-".to_owned(), |commit| commit.committer.day().to_string())
    };
    let row = |evidence| {
        let evidence: &DecisionEvidence = evidence;
        let decision = decisions.get(&evidence.at);
        let date =
            decision.and_then(|it| it.date.as_ref()).map_or_else(|| "-".to_owned(), |date| date.value.to_string());
        let by = decision.and_then(|it| it.by.as_ref()).map_or_else(|| "-".to_owned(), |by| name(by));
        let reference = &evidence.decision;
        let subject = if reference.id.is_empty() { reference.section.key() } else { &reference.id };
        let act = evidence.act().map(AsRef::as_ref);
        let signer = evidence.proof.signer.as_deref().map_or_else(|| "-".to_owned(), name);
        let witness =
            evidence.proof.witness.as_deref().map(|witness| format!(", {}", name(witness))).unwrap_or_default();
        let cells = [
            plain(&format!("{subject} {}", reference.verb.key())).into_owned(),
            evidence.level.name().to_owned(),
            by,
            date,
            day(act),
            act.map_or("-", |commit| short(&commit.id)).to_owned(),
            day(evidence.adoption.as_deref()),
            format!("{signer}{witness}"),
        ];
        Row { section: reference.section, cells, evidence }
    };
    let mut rows: Vec<_> = shown.decisions().map(row).collect();
    rows.sort_by_cached_key(|row| (row.section, natural(&row.evidence.decision.id)));
    rows
}

/// The width of each column; nothing for those given up.
fn columns(rows: &[Row<'_>], room: usize) -> [usize; COLUMNS] {
    let mut columns = HEADER.map(width);
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(&row.cells) {
            *column = (*column).max(width(cell));
        }
    }
    let total =
        |columns: &[usize; COLUMNS]| columns.iter().filter(|width| **width > 0).map(|width| width + 2).sum::<usize>();
    for spare in SPARE {
        if total(&columns) > room {
            columns[spare] = 0;
        }
    }
    columns
}

fn line(
    cells: &[String; COLUMNS],
    columns: &[usize; COLUMNS],
    style: impl Fn(usize) -> Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let last = columns.iter().rposition(|width| *width > 0).unwrap_or(0);
    for (at, cell) in cells.iter().enumerate().filter(|(at, _)| columns[*at] > 0) {
        let gap = if at == last { 0 } else { columns[at].saturating_sub(width(cell)) };
        let style = style(at);
        write!(out, "  {style}{cell}{style:#}{}", " ".repeat(gap))?;
    }
    writeln!(out)
}

fn color(level: Level, paint: &Paint) -> Style {
    match level {
        Level::Asserted => paint.error,
        Level::Recorded => paint.warning,
        Level::Attributed | Level::Vouched => Style::new(),
        _ => paint.good,
    }
}

/// What everything below was judged against.
fn heading(shown: &Shown, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let history = &shown.history;
    let strong = terminal.paint.strong;
    let organization = shown.project.workspace.register().isms().and_then(|isms| isms.organization.as_ref());
    let organization = plain(organization.map_or("Evidence", |name| name.as_str()));
    let head = history.head.as_deref().map_or("no commit yet", short);
    writeln!(out, "{strong}{organization}{strong:#} at {head}")?;
    for said in circumstances(history) {
        for line in wrap(&plain(&said), terminal.width.saturating_sub(2)) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// What a reader must know to read the levels.
fn circumstances(history: &History) -> Vec<String> {
    let mut said = Vec::new();
    let branch = &history.branch;
    said.push(match &branch.found {
        Some(found) if *found == branch.name => format!("decisions are adopted on `{found}`"),
        Some(found) => format!("decisions are adopted on `{found}`: there is no newer local `{}`", branch.name),
        None => format!("there is no branch `{}`: adoption is by the first parents of HEAD", branch.name),
    });
    said.push(match &history.trust_root {
        TrustRoot::FirstUse => {
            "trust on first use: the first registered people and keys are believed (`git config deed.trustRoot COMMIT`)"
                .to_owned()
        }
        TrustRoot::Pinned(commit) => format!("trust starts at {}", short(commit)),
        TrustRoot::Lost(pinned) => {
            format!("the trust root `{pinned}` is no ancestor of this history: believe nothing of it")
        }
    });
    said.extend(history.gaps.iter().map(|gap| match gap {
        Gap::Shallow => "a shallow clone: origins before it are unknown (`git fetch --unshallow`)".to_owned(),
        Gap::MissingObjects(count) => format!("{count} objects are not here: what rests on them is unknown"),
        Gap::Replaced(count) => format!("{count} replace refs are ignored"),
        Gap::Grafted => "a grafts file is ignored".to_owned(),
    }));
    said
}

/// Decisions that are in history and in no manifest any more.
fn gone(shown: &Shown, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let register = shown.project.workspace.register();
    for gone in &shown.history.vanished {
        let how = if gone.by_merge { "was lost in the merge" } else { "was removed in" };
        let by = gone.by.as_deref().map_or("somebody", |by| name(by, register));
        let date = gone.date.map(|date| format!(" of {date}")).unwrap_or_default();
        let (commit, day) = (short(&gone.commit.id), gone.commit.committer.day());
        let author = author(&gone.commit, register);
        let said = format!("`{}` by {by}{date} {how} {commit} by {author} on {day}", gone.decision);
        warn("", &plain(&said), terminal, out)?;
    }
    if shown.history.vanished.is_empty() { Ok(()) } else { writeln!(out) }
}

/// How many decisions there are on each level.
fn summary(shown: &Shown) -> String {
    let count = |level: Level| shown.decisions().filter(|evidence| evidence.level == level).count();
    let levels: Vec<String> = Level::ALL
        .into_iter()
        .rev()
        .map(|level| (count(level), level))
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| format!("{count} {}", level.name()))
        .collect();
    let troubled = shown.decisions().filter(|evidence| super::is_troubled(evidence)).count();
    let total = shown.chosen.len();
    let noun = if total == 1 { "decision" } else { "decisions" };
    format!("{total} {noun}: {}. Something speaks against {troubled}.", levels.join(", "))
}
