//! A comment on a pull request: the worst first, what is long folded.

use std::io::{self, Write};

use deed_linter::difference::Group;

use super::{Shown, listed};
use crate::cli::output::markdown::{ROOM, code, plain};

/// How many lines stand open.
const OPEN: usize = 8;

pub(super) fn write(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {}: {}\n", plain(&shown.organization), shown.summary())?;
    writeln!(out, "{} → {}", code(&shown.before.told()), code(&shown.after.told()))?;
    let mut page = Page { out, room: ROOM, left_out: 0 };
    let mut told_of_people = false;
    for (group, differences) in shown.groups() {
        if group >= Group::Ownership && !told_of_people {
            told_of_people = true;
            people(shown, &mut page)?;
        }
        let lines: Vec<_> = differences.iter().map(|difference| format!("- {}", plain(&difference.what))).collect();
        page.section(group.title(), &lines, group <= Group::Lost)?;
    }
    if !told_of_people {
        people(shown, &mut page)?;
    }
    match page.left_out {
        0 => Ok(()),
        more => writeln!(page.out, "\nAnd {more} more: `deed diff` shows all."),
    }
}

/// Who answers for more, and who for less.
fn people(shown: &Shown, page: &mut Page<'_>) -> io::Result<()> {
    let lines: Vec<String> = shown
        .comparison
        .people
        .iter()
        .map(|turnover| {
            let part =
                |verb: &str, what: &[String]| (!what.is_empty()).then(|| format!("{verb} {}", plain(&listed(what))));
            let parts: Vec<_> =
                part("gains", &turnover.gained).into_iter().chain(part("loses", &turnover.lost)).collect();
            format!("- **{}** {}", plain(&turnover.name), parts.join(" and "))
        })
        .collect();
    page.section("Who answers for what", &lines, false)
}

struct Page<'o> {
    out: &'o mut dyn Write,
    /// How many characters there is room for.
    room: usize,
    /// How many lines there was no room for.
    left_out: usize,
}

impl Page<'_> {
    fn section(&mut self, title: &str, lines: &[String], open: bool) -> io::Result<()> {
        let fits = |line: &&String| {
            let left = self.room.checked_sub(line.chars().count() + 1);
            self.room = left.unwrap_or(self.room);
            left.is_some()
        };
        let shown: Vec<_> = lines.iter().take_while(fits).collect();
        self.left_out += lines.len() - shown.len();
        if shown.is_empty() {
            return Ok(());
        }
        let folded = !open && shown.len() > OPEN;
        if folded {
            writeln!(self.out, "\n<details><summary><b>{title}</b> ({})</summary>\n", lines.len())?;
        } else {
            writeln!(self.out, "\n**{title}**\n")?;
        }
        for line in shown {
            writeln!(self.out, "{line}")?;
        }
        if folded {
            writeln!(self.out, "\n</details>")?;
        }
        Ok(())
    }
}
