//! Suppressions: `# deed: ignore[rule-id] reason` in a manifest, and `lint.ignore`.

use std::collections::{BTreeMap, HashMap};

use deed_model::{Date, FileId, FileRange, Ignore, Manifest, Register, Workspace};
use deed_syntax::{TextRange, TextSize, shown_path};

use crate::Diagnostic;
use crate::suggest::nearest;

/// One suppression of one rule.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The rule it names; empty where it names none.
    pub rule: String,
    /// The comment, or the entry of `lint.ignore`.
    pub span: FileRange,
    /// The rule's id in it.
    pub rule_span: FileRange,
    /// Why, if it says so.
    pub reason: Option<String>,
    /// The last day it holds, if it says so, and where it says so.
    pub until: Option<(Date, FileRange)>,
    /// How it finds what it suppresses.
    pub scope: Scope,
    /// Whether it suppressed anything.
    pub used: bool,
}

/// What a suppression applies to.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Diagnostics that begin in these bytes of the comment's manifest: its own line, and for a comment on a line of its
    /// own the next line that is no comment.
    Lines(TextRange),
    /// Diagnostics about this subject, or about this key path in a subject.
    Subject(String),
    /// Every diagnostic of the rule.
    Everywhere,
    /// Nothing: a comment that was meant as a suppression, and what is wrong with it.
    Nothing(String),
}

impl Suppression {
    /// Returns every suppression of a workspace.
    pub(crate) fn all(workspace: &Workspace) -> Vec<Self> {
        let in_files = workspace.files().flat_map(|(file, manifest)| Self::in_file(file, manifest));
        in_files.chain(Self::in_settings(workspace.register())).collect()
    }

    /// Returns the suppressions in the comments of a manifest.
    pub(crate) fn in_file(file: FileId, manifest: &Manifest) -> Vec<Self> {
        let text = manifest.parse.text();
        manifest.parse.comments().flat_map(|comment| Self::of_comment(file, text, comment)).collect()
    }

    /// Returns the suppressions of `lint.ignore`.
    pub(crate) fn in_settings(register: &Register) -> impl Iterator<Item = Self> {
        register.lint().into_iter().flat_map(|lint| &lint.ignore).filter_map(Self::of_entry)
    }

    fn of_comment(file: FileId, text: &str, comment: TextRange) -> Vec<Self> {
        let span = FileRange { file, range: comment };
        let one = |rule: String, range: TextRange, reason: Option<String>, scope: Scope| Self {
            rule,
            span,
            rule_span: FileRange { file, range },
            reason,
            until: None,
            scope,
            used: false,
        };
        match Directive::read(&text[comment], comment.start()) {
            Directive::None => Vec::new(),
            Directive::Malformed(why) => vec![one(String::new(), comment, None, Scope::Nothing(why))],
            Directive::Ignore { rules, reason } => {
                let lines = lines_of(text, comment);
                let each = rules.into_iter();
                each.map(|(rule, range)| one(rule, range, reason.clone(), Scope::Lines(lines))).collect()
            }
        }
    }

    fn of_entry(entry: &Ignore) -> Option<Self> {
        let rule = entry.rule.as_ref()?;
        Some(Self {
            rule: rule.value.clone(),
            span: entry.span,
            rule_span: rule.span,
            reason: entry.reason.as_ref().map(|reason| reason.value.clone()).filter(|reason| !reason.trim().is_empty()),
            until: entry.until.as_ref().map(|until| (until.value, until.span)),
            scope: entry.subject.as_ref().map_or(Scope::Everywhere, |subject| Scope::Subject(subject.value.clone())),
            used: false,
        })
    }

    /// Returns whether it holds no more on a day.
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|(until, _)| until < today)
    }
}

/// Leaves of the suppressions of a workspace those that another state of it has, too: of the same rule, for the same reason,
/// no longer, and on the same lines of the same place or about the same subject.
pub(crate) fn retain_known(workspace: &Workspace, all: &mut Vec<Suppression>, other: &Workspace) {
    // The latest end of those that say the same; `None` is later than any.
    let later = |a: Option<Date>, b: Option<Date>| Some(a?.max(b?));
    let end = |it: &Suppression| it.until.map(|(until, _)| until);
    let mut known: HashMap<Words, Option<Date>> = HashMap::new();
    let others = Suppression::all(other);
    for (words, it) in words(other, &others).into_iter().zip(&others) {
        known.entry(words).and_modify(|until| *until = later(*until, end(it))).or_insert(end(it));
    }
    let mut told = words(workspace, all).into_iter();
    all.retain(|it| {
        let is_no_longer = |known: &Option<Date>| known.is_none_or(|known| end(it).is_some_and(|until| until <= known));
        let is_known = told.next().and_then(|words| known.get(&words)).is_some_and(is_no_longer);
        matches!(it.scope, Scope::Nothing(_)) || is_known
    });
}

/// What a suppression says: the rule, why, and of what.
type Words = (String, Option<String>, String);

/// What each of some suppressions says, wherever it stands.
fn words(workspace: &Workspace, all: &[Suppression]) -> Vec<Words> {
    let mut lines: BTreeMap<FileId, Vec<(TextSize, usize)>> = BTreeMap::new();
    let mut words: Vec<Words> = Vec::with_capacity(all.len());
    for (nth, it) in all.iter().enumerate() {
        let on = match &it.scope {
            Scope::Lines(range) => {
                lines.entry(it.span.file).or_default().push((range.end(), nth));
                let text = workspace.text(FileRange { file: it.span.file, range: *range });
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            }
            Scope::Subject(subject) => format!("subject {subject}"),
            Scope::Everywhere | Scope::Nothing(_) => String::new(),
        };
        words.push((it.rule.clone(), it.reason.clone(), on));
    }
    for (file, mut places) in lines {
        places.sort_unstable();
        let offsets: Vec<TextSize> = places.iter().map(|(offset, _)| *offset).collect();
        for (way, (_, nth)) in workspace.manifest(file).parse.paths_at(&offsets).iter().zip(places) {
            words[nth].2 = format!("{} {}", shown_path(way), words[nth].2);
        }
    }
    words
}

/// Finds the suppressions that speak of a diagnostic without asking each one.
#[derive(Default)]
pub(crate) struct Index<'s> {
    by_rule: HashMap<&'s str, OfRule<'s>>,
}

/// The suppressions of one rule, by their place in the list of all.
#[derive(Default)]
struct OfRule<'s> {
    lines: HashMap<FileId, Vec<(TextRange, usize)>>,
    subjects: HashMap<&'s str, Vec<usize>>,
    everywhere: Vec<usize>,
}

impl<'s> Index<'s> {
    /// Sorts suppressions by what they apply to.
    pub(crate) fn of(all: &'s [Suppression]) -> Self {
        let mut index = Self::default();
        for (place, suppression) in all.iter().enumerate() {
            let of_rule = index.by_rule.entry(suppression.rule.as_str()).or_default();
            match &suppression.scope {
                Scope::Lines(lines) => of_rule.lines.entry(suppression.span.file).or_default().push((*lines, place)),
                Scope::Subject(subject) => of_rule.subjects.entry(subject).or_default().push(place),
                Scope::Everywhere => of_rule.everywhere.push(place),
                Scope::Nothing(_) => {}
            }
        }
        index
    }

    /// Returns the places of the suppressions that speak of a diagnostic, in their order.
    pub(crate) fn covering(&self, diagnostic: &Diagnostic) -> Vec<usize> {
        let Some(of_rule) = self.by_rule.get(diagnostic.rule.id) else { return Vec::new() };
        let start = diagnostic.span.range.start();
        let on_lines = of_rule.lines.get(&diagnostic.span.file).into_iter().flatten();
        let on_lines = on_lines.filter(|(lines, _)| lines.contains_inclusive(start)).map(|(_, place)| *place);
        let mut places: Vec<_> = on_lines.chain(of_rule.everywhere.iter().copied()).collect();
        for subject in subjects_of(diagnostic) {
            places.extend(of_rule.subjects.get(subject).into_iter().flatten());
        }
        places.sort_unstable();
        places
    }
}

/// What `lint.ignore` may say to mean a diagnostic: its subject, or a key path that leads into the subject and not past
/// the diagnostic.
///
/// Ids hold dots, so a prefix of an address is another address: `policies.access` is not `policies.access.v2`.
fn subjects_of(diagnostic: &Diagnostic) -> impl Iterator<Item = &str> {
    let (subject, path) = (&*diagnostic.subject, &*diagnostic.key_path);
    let inside = path.strip_prefix(subject).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let rest = inside.unwrap_or_default();
    let ends = rest.char_indices().skip(1).filter(|(_, c)| matches!(c, '.' | '[')).map(|(at, _)| at);
    let ends = ends.chain((!rest.is_empty()).then_some(rest.len()));
    let paths = ends.map(move |end| &path[..path.len() - rest.len() + end]);
    (!subject.is_empty()).then_some(subject).into_iter().chain(paths)
}

/// What a comment says to Deed.
#[derive(PartialEq, Eq, Debug)]
enum Directive {
    /// Nothing: it is for people.
    None,
    /// `deed: ignore[rule, rule] reason`: each rule with the place of its id.
    Ignore { rules: Vec<(String, TextRange)>, reason: Option<String> },
    /// Something that was meant as that, and what is wrong with it.
    Malformed(String),
}

impl Directive {
    /// Reads a comment that starts at an offset of its text.
    fn read(comment: &str, start: TextSize) -> Self {
        let directive = comment.trim_start_matches('#').trim_start();
        let Some(rest) = directive.strip_prefix("deed:").map(str::trim_start) else { return Self::None };
        let word = &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(rest.len())];
        let after = rest[word.len()..].trim_start();
        if word != "ignore" {
            // `deed:` may begin a sentence; only what looks like a directive is taken for one.
            let meant = nearest(word, ["ignore"]).is_some() || after.starts_with('[');
            let why = format!("`{word}` is nothing Deed knows in a comment");
            return if meant { Self::Malformed(why) } else { Self::None };
        }
        let Some((list, reason)) = after.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
            return Self::Malformed("this suppression names no rule in brackets".to_owned());
        };
        let mut at = comment.len() - after.len() + 1;
        let mut rules = Vec::new();
        for item in list.split(',') {
            let id = item.trim();
            let from = at + (item.len() - item.trim_start().len());
            at += item.len() + 1;
            if !id.is_empty() {
                let from = start + TextSize::try_from(from).unwrap_or_default();
                rules.push((id.to_owned(), TextRange::at(from, TextSize::of(id))));
            }
        }
        if rules.is_empty() {
            return Self::Malformed("this suppression names no rule in brackets".to_owned());
        }
        let reason = reason.trim_start_matches([':', '-', '–', '—', ' ', '\t']).trim_end();
        Self::Ignore { rules, reason: (!reason.is_empty()).then(|| reason.to_owned()) }
    }
}

/// The bytes of the lines a comment speaks of.
fn lines_of(text: &str, comment: TextRange) -> TextRange {
    const BREAKS: [char; 2] = ['\n', '\r'];
    let (start, end) = (usize::from(comment.start()), usize::from(comment.end()));
    let line_start = text[..start].rfind(BREAKS).map_or(0, |newline| newline + 1);
    let line_end = |from: usize| text[from..].find(BREAKS).map_or(text.len(), |newline| from + newline);
    let mut to = line_end(end);
    let own_line = text[line_start..start].trim_start_matches('\u{feff}').trim().is_empty();
    // Below a comment on a line of its own: the next line with something else on it.
    while own_line && to < text.len() {
        let next = to + 1;
        to = line_end(next);
        let line = text[next..to].trim();
        if !line.is_empty() && !line.starts_with('#') {
            break;
        }
    }
    let size = |offset: usize| TextSize::try_from(offset).unwrap_or_default();
    TextRange::new(size(line_start), size(to))
}
