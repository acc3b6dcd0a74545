//! Words behind ids, ratings and days, where the text has none.

use deed_model::catalogue;
use deed_model::{Definition, FileId, Names, Rating, Section, Spanned};
use deed_syntax::{Node, TextRange, TextSize, Value};

use crate::Analysis;
use crate::distance::{from_today, until};

/// Words behind a place, which the text does not have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// The end of what it is about.
    pub offset: TextSize,
    /// What it says, on one line, plain.
    pub label: String,
    /// More of it, plain; where there is more.
    pub tooltip: Option<String>,
    /// What sort of hint it is.
    pub kind: HintKind,
}

/// Sorts of hints, each of which a user may want or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HintKind {
    /// What an id stands for.
    Title,
    /// The level that a rating reaches.
    Level,
    /// How far a day is away.
    Distance,
}

/// How long a label gets.
const ROOM: usize = 40;

impl Analysis<'_> {
    /// Returns the hints in a stretch of a manifest, in the order of its text.
    pub fn hints(&self, file: FileId, range: TextRange) -> Vec<Hint> {
        let mut hints = self.titles(file, range);
        hints.extend(self.levels(file, range));
        if let Some(root) = self.parse(file).root() {
            let days = &mut Days { analysis: *self, range, done: false, hints: &mut hints };
            days.look(root);
        }
        hints.sort_by_key(|hint| hint.offset);
        hints.dedup_by_key(|hint| (hint.offset, hint.label.clone()));
        hints
    }

    /// What the ids that are named stand for.
    fn titles(&self, file: FileId, range: TextRange) -> Vec<Hint> {
        let register = self.register();
        let mut hints = Vec::new();
        register.visit_references(&mut |reference| {
            let at = reference.text.span;
            if at.file != file || !range.contains_range(at.range) {
                return;
            }
            let (title, section) = match (register.definition(&reference), reference.names) {
                (Some(Definition::Subject(head)), _) => (self.title_with_holder(head), head.section),
                (Some(Definition::Level(_)), _) => return,
                (None, Names::Subject([Section::Controls])) => {
                    let control = catalogue::control(reference.name);
                    (control.map(|control| control.title.to_owned()).unwrap_or_default(), Section::Controls)
                }
                (None, _) => return,
            };
            if !title.is_empty() && !title.eq_ignore_ascii_case(reference.name) {
                hints.push(hint(at.range.end(), &title, section.noun()));
            }
        });
        hints
    }

    /// A subject's title, and of a role who holds it.
    fn title_with_holder(&self, head: &deed_model::Head) -> String {
        let title = self.title(head);
        let role = self.register().roles.get(&head.id).filter(|_| head.section == Section::Roles);
        let holder = role.and_then(|role| self.register().holder(role, self.today).person());
        match holder {
            Some(person) if title.is_empty() => person.display().to_owned(),
            Some(person) => format!("{title} ({})", person.display()),
            None => title,
        }
    }

    /// The levels that ratings reach.
    fn levels(&self, file: FileId, range: TextRange) -> Vec<Hint> {
        let Some(criteria) = self.register().risk_criteria() else { return Vec::new() };
        let ratings = self.register().risks.definitions().flat_map(|risk| [&risk.inherent, &risk.residual]);
        let here = |rating: &&Rating| rating.span.file == file && range.contains_range(rating.span.range);
        let hint = |rating: &Rating| {
            let (score, rank) = (rating.score()?, criteria.rank_of(rating)?);
            let last =
                [&rating.likelihood, &rating.impact].map(|it| it.as_ref().map(|it: &Spanned<i64>| it.span.range.end()));
            let offset = rating.span.range.end().max(last[0]?).max(last[1]?);
            let label = format!("{score} · {}", criteria.level_name(rank));
            Some(Hint { offset, label, tooltip: Some("likelihood × impact".to_owned()), kind: HintKind::Level })
        };
        ratings.flatten().filter(here).filter_map(hint).collect()
    }
}

/// A title behind an id, cut to the room there is.
fn hint(offset: TextSize, title: &str, noun: &str) -> Hint {
    let title: String = deed_linter::words::plain(title).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut label: String = title.chars().take(ROOM).collect();
    let tooltip = (label.len() < title.len()).then(|| format!("{noun}: {title}"));
    if tooltip.is_some() {
        label.truncate(label.trim_end().len());
        label.push('…');
    }
    Hint { offset, label, tooltip, kind: HintKind::Title }
}

/// Looks for days that something ends or is due on.
struct Days<'a, 'h> {
    analysis: Analysis<'a>,
    range: TextRange,
    /// What stands around is done, so that it is due no more.
    done: bool,
    hints: &'h mut Vec<Hint>,
}

impl Days<'_, '_> {
    fn look(&mut self, node: Node<'_>) {
        if self.range.intersect(node.range()).is_none() || node.resolve() != node {
            return;
        }
        let around = self.done;
        self.done = node.is_mapping() && node.get("done").is_some_and(|done| !done.value().is_missing());
        for entry in node.entries() {
            match entry.name() {
                Some(name) if name.starts_with("x-") => {}
                Some(name) => {
                    self.day(name, entry.value());
                    self.look(entry.value());
                }
                None => {}
            }
        }
        for item in node.items() {
            self.look(item);
        }
        self.done = around;
    }

    fn day(&mut self, name: &str, value: Node<'_>) {
        let today = self.analysis.today;
        let Some(Value::Str(text)) = value.value() else { return };
        let Some(day) = deed_model::parse_date(text).filter(|_| self.range.contains_range(value.range())) else {
            return;
        };
        let label = match name {
            "until" | "acting_until" => until(today, day),
            "due" if self.done => return,
            "due" if day < today => format!("was due {}", from_today(today, day)),
            "due" | "left" => from_today(today, day),
            _ => return,
        };
        self.hints.push(Hint { offset: value.range().end(), label, tooltip: None, kind: HintKind::Distance });
    }
}
