//! What each word of a manifest is, for colouring.

use std::collections::HashMap;

use deed_model::{Definition, FileId, FileRange, Names, Reference, Section, Verb, catalogue, parse_date};
use deed_syntax::{Entry, KeyPath, Node, Segment, TextRange, Value};

use crate::Analysis;

/// A word of a manifest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// The word, without quotes; never over a line's end.
    pub range: TextRange,
    /// What it is.
    pub kind: TokenKind,
    /// What more is to be seen of it.
    pub modifiers: Modifiers,
}

/// What a word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// The key of a section.
    Section,
    /// The key of a field.
    Field,
    /// The key of a decision.
    Decision,
    /// The id of a subject, where it is defined or named.
    Subject(Section),
    /// A level of the risk criteria.
    Level,
    /// The id of a rule.
    Rule,
    /// A day.
    Date,
    /// One of the words a field may hold.
    Word,
}

/// What more is to be seen of a word.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Modifiers {
    /// It is defined here.
    pub definition: bool,
    /// It is a control of the 2013 edition.
    pub deprecated: bool,
    /// Nothing has that name.
    pub unresolved: bool,
}

impl Analysis<'_> {
    /// Returns the words of a manifest, in its order; no two overlap.
    pub fn tokens(&self, file: FileId) -> Vec<Token> {
        let mut named = HashMap::new();
        self.register().visit_references(&mut |reference| {
            if reference.text.span.file == file
                && let Some((kind, modifiers)) = self.kind_of(&reference)
            {
                let range = self.range_of(&reference).range;
                named.insert(reference.text.span.range, Token { range, kind, modifiers });
            }
        });
        let Some(root) = self.parse(file).root() else { return Vec::new() };
        let mut walk =
            Walk { analysis: *self, file, named, path: Vec::new(), words: HashMap::new(), tokens: Vec::new() };
        walk.sections(root);
        let mut tokens = walk.tokens;
        tokens.sort_by_key(|token| (token.range.start(), token.range.end()));
        tokens.dedup_by(|next, before| next.range.start() < before.range.end());
        tokens
    }

    fn kind_of(&self, reference: &Reference<'_>) -> Option<(TokenKind, Modifiers)> {
        let definition = self.register().definition(reference);
        let unresolved = definition.is_none();
        let kind = match (definition, reference.names) {
            (Some(Definition::Subject(head)), _) => TokenKind::Subject(head.section),
            (Some(Definition::Level(_)), _) | (None, Names::Level) => TokenKind::Level,
            (None, Names::Subject(sections)) => TokenKind::Subject(*sections.first()?),
            (None, Names::Address | Names::File) => return None,
        };
        let deprecated = kind == TokenKind::Subject(Section::Controls) && is_of_2013(reference.name);
        Some((kind, Modifiers { definition: false, deprecated, unresolved }))
    }
}

fn is_of_2013(id: &str) -> bool {
    catalogue::control(id).is_none() && !catalogue::successors_of_2013(id).is_empty()
}

struct Walk<'a> {
    analysis: Analysis<'a>,
    file: FileId,
    /// What is named where.
    named: HashMap<TextRange, Token>,
    /// The keys above, ids of subjects left out.
    path: Vec<String>,
    /// The words that a field may hold, by its path.
    words: HashMap<Vec<String>, Vec<&'static str>>,
    tokens: Vec<Token>,
}

impl<'a> Walk<'a> {
    fn sections(&mut self, root: Node<'a>) {
        for entry in root.entries() {
            let Some(name) = entry.name() else { continue };
            let Some(section) = Section::of_key(name) else {
                if name == "deed" {
                    self.push(entry.key(), TokenKind::Field, Modifiers::default());
                }
                continue;
            };
            self.push(entry.key(), TokenKind::Section, Modifiers::default());
            self.path = vec![name.to_owned()];
            if section.is_singleton() {
                self.value(entry.value());
                continue;
            }
            for subject in entry.value().entries() {
                let Some(id) = subject.name().filter(|id| !id.starts_with("x-")) else { continue };
                let deprecated = section == Section::Controls && is_of_2013(id);
                let modifiers = Modifiers { definition: true, deprecated, unresolved: false };
                self.push(subject.key(), TokenKind::Subject(section), modifiers);
                self.value(subject.value());
            }
        }
    }

    fn value(&mut self, node: Node<'a>) {
        // What an alias stands for is coloured where it stands.
        if node.resolve() != node {
            return self.scalar(node);
        }
        for entry in node.entries() {
            let Some(name) = entry.name().filter(|name| !name.starts_with("x-") && *name != "<<") else { continue };
            self.key(entry, name);
            self.path.push(name.to_owned());
            self.value(entry.value());
            self.path.pop();
        }
        for item in node.items() {
            self.value(item);
        }
        if node.scalar_text().is_some() {
            self.scalar(node);
        }
    }

    fn key(&mut self, entry: Entry<'a>, name: &str) {
        if let Some(token) = self.named.get(&entry.key().range()) {
            let token = *token;
            return self.add(token);
        }
        let defined = Modifiers { definition: true, ..Modifiers::default() };
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let (kind, modifiers) = match path[..] {
            ["risk_criteria", "levels"] => (TokenKind::Level, defined),
            ["lint", "rules"] => (TokenKind::Rule, Modifiers::default()),
            [_] if Verb::of_key(name).is_some() => (TokenKind::Decision, Modifiers::default()),
            _ => (TokenKind::Field, Modifiers::default()),
        };
        self.push(entry.key(), kind, modifiers);
    }

    fn scalar(&mut self, node: Node<'a>) {
        if let Some(token) = self.named.get(&node.range()) {
            let token = *token;
            return self.add(token);
        }
        let Some(Value::Str(text)) = node.value() else { return };
        if parse_date(text).is_some() {
            self.push(node, TokenKind::Date, Modifiers::default());
        } else if self.path == ["lint", "ignore", "rule"] {
            self.push(node, TokenKind::Rule, Modifiers::default());
        } else if self.is_word(text) {
            self.push(node, TokenKind::Word, Modifiers::default());
        }
    }

    /// Whether a text is one of the words that the field it stands in may hold.
    fn is_word(&mut self, text: &str) -> bool {
        if text.len() > 32 || text.contains(char::is_whitespace) {
            return false;
        }
        if let Some(words) = self.words.get(&self.path) {
            return words.contains(&text);
        }
        let words = words_of(&self.path);
        let found = words.contains(&text);
        self.words.insert(self.path.clone(), words);
        found
    }

    fn push(&mut self, node: Node<'a>, kind: TokenKind, modifiers: Modifiers) {
        let range = self.analysis.bare(FileRange { file: self.file, range: node.range() }).range;
        self.add(Token { range, kind, modifiers });
    }

    fn add(&mut self, token: Token) {
        let text = &self.analysis.parse(self.file).text()[token.range];
        if !text.is_empty() && !text.contains(['\n', '\r']) {
            self.tokens.push(token);
        }
    }
}

/// The words that a field may hold, by the manifest format.
fn words_of(path: &[String]) -> Vec<&'static str> {
    let key = |key: &String| Segment::Key(key.clone());
    let mut segments: Vec<Segment> = path.iter().map(key).collect();
    let section = path.first().and_then(|section| Section::of_key(section));
    if section.is_some_and(|section| !section.is_singleton()) {
        segments.insert(1, Segment::Key("id".to_owned()));
    }
    let alone = deed_schema::describe(&KeyPath(segments.clone()));
    segments.push(Segment::Index(0));
    let listed = deed_schema::describe(&KeyPath(segments));
    let all = [alone, listed].into_iter().flatten().flat_map(|described| described.values);
    all.map(|value| value.value).collect()
}
