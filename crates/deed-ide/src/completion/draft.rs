//! Something to be written, and how it is written at a place.

use std::fmt::Write as _;

use deed_syntax::Format;

/// Something to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Draft {
    /// A text; quoted where it has to be.
    Text(String),
    /// A number or a truth.
    Plain(String),
    /// Nothing yet: what goes there, in a word.
    Blank(&'static str),
    /// Nothing yet, and what goes there is a number or a truth.
    Bare(&'static str),
    /// One of several words, the first if nobody chooses.
    Choice(Vec<&'static str>),
    /// A mapping on lines of its own where that can be.
    Block(Vec<(&'static str, Self)>),
    /// A mapping in braces.
    Braces(Vec<(&'static str, Self)>),
    /// A list in brackets.
    List(Vec<Self>),
    /// A list of mappings, on lines of its own where that can be, of which the first item is to be begun.
    Items,
    /// A mapping from ids, of which the first is to be begun.
    Ids,
}

/// How something is written at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Notation {
    pub(crate) json: bool,
    /// In braces or brackets.
    pub(crate) flow: bool,
    /// With placeholders.
    pub(crate) snippet: bool,
    /// The quotes that scalars are to have.
    pub(crate) quote: Option<char>,
    /// Where keys stand that go on lines of their own.
    pub(crate) column: usize,
    /// Lines end as on Windows.
    pub(crate) crlf: bool,
    /// The first key is a proposal only.
    pub(crate) name_it: bool,
}

impl Notation {
    /// In lines of YAML, the first of them at the start of a line.
    pub(crate) const fn lines() -> Self {
        Self { json: false, flow: false, snippet: false, quote: None, column: 0, crlf: false, name_it: false }
    }

    /// In braces, on one line.
    pub(crate) const fn braces(json: bool) -> Self {
        Self { json, flow: true, ..Self::lines() }
    }

    pub(crate) fn key(self, key: &str) -> String {
        self.pen().escaped(&self.scalar(key))
    }

    pub(crate) fn entry(self, key: &str, draft: &Draft) -> String {
        let mut pen = self.pen();
        pen.entry(key, draft, self.column, self.flow);
        pen.out
    }

    pub(crate) fn value(self, draft: &Draft) -> String {
        let mut pen = self.pen();
        pen.value(draft, self.column, self.flow);
        pen.out
    }

    /// What begins a new line.
    pub(crate) fn line_break(self) -> String {
        let newline = if self.crlf { "\r\n" } else { "\n" };
        format!("{newline}{}", " ".repeat(self.column))
    }

    fn pen(self) -> Pen {
        Pen { notation: self, out: String::new(), stops: 0 }
    }

    fn scalar(self, text: &str) -> String {
        match self.quote {
            _ if self.json => deed_syntax::edit::quote(text, Format::Json),
            Some('\'') => format!("'{}'", text.replace('\'', "''")),
            // What JSON reads, YAML reads alike.
            Some(_) => deed_syntax::edit::quote(text, Format::Json),
            None => deed_syntax::edit::quote(text, Format::Yaml),
        }
    }
}

struct Pen {
    notation: Notation,
    out: String,
    stops: usize,
}

impl Pen {
    fn entry(&mut self, key: &str, draft: &Draft, column: usize, flow: bool) {
        let name = self.notation.scalar(key);
        let name = self.escaped(&name);
        if self.notation.snippet && self.notation.name_it {
            self.stops += 1;
            // The quotes stay when another name is written between them.
            let bare = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
            let quote = if bare.is_some() { "\"" } else { "" };
            let _ = write!(self.out, "{quote}${{{}:{}}}{quote}", self.stops, bare.unwrap_or(&name));
        } else {
            self.out += &name;
        }
        self.out.push(':');
        // What the quotes around a key were is nothing to its value.
        (self.notation.quote, self.notation.name_it) = (None, false);
        match draft {
            Draft::Block(fields) if !flow => {
                self.new_line(column + 2);
                self.block(fields, column + 2);
            }
            Draft::Ids if !flow => self.new_line(column + 2),
            Draft::Items if !flow => {
                self.new_line(column + 2);
                self.out += "- ";
            }
            _ => {
                self.out.push(' ');
                self.value(draft, column, flow);
            }
        }
    }

    fn value(&mut self, draft: &Draft, column: usize, flow: bool) {
        match draft {
            Draft::Text(text) => {
                let text = self.notation.scalar(text);
                self.out += &self.escaped(&text);
            }
            Draft::Plain(text) => self.out += &self.escaped(text),
            Draft::Blank(hint) => {
                let quote = if self.notation.json { "\"" } else { "" };
                self.out += quote;
                self.stop(hint);
                self.out += quote;
            }
            Draft::Bare(hint) if self.notation.snippet => self.stop(hint),
            Draft::Bare(_) => self.out += if self.notation.json { "null" } else { "" },
            Draft::Choice(words) if self.notation.snippet => {
                self.stops += 1;
                let quote = if self.notation.json { "\"" } else { "" };
                let _ = write!(self.out, "{quote}${{{}|{}|}}{quote}", self.stops, words.join(","));
            }
            Draft::Choice(words) => {
                let text = self.notation.scalar(words.first().copied().unwrap_or_default());
                self.out += &text;
            }
            Draft::Block(fields) if !flow => self.block(fields, column),
            Draft::Block(fields) | Draft::Braces(fields) => {
                self.out += "{ ";
                for (number, (key, value)) in fields.iter().enumerate() {
                    self.out += if number > 0 { ", " } else { "" };
                    self.entry(key, value, column, true);
                }
                self.out += " }";
            }
            Draft::List(items) => {
                self.out.push('[');
                for (number, item) in items.iter().enumerate() {
                    self.out += if number > 0 { ", " } else { "" };
                    self.value(item, column, true);
                }
                self.out.push(']');
            }
            Draft::Items => {
                self.out += "[{ ";
                self.cursor();
                self.out += " }]";
            }
            Draft::Ids => {
                self.out += "{ ";
                self.cursor();
                self.out += " }";
            }
        }
    }

    fn block(&mut self, fields: &[(&'static str, Draft)], column: usize) {
        for (number, (key, value)) in fields.iter().enumerate() {
            if number > 0 {
                self.new_line(column);
            }
            self.entry(key, value, column, false);
        }
    }

    fn new_line(&mut self, column: usize) {
        self.out += &Notation { column, ..self.notation }.line_break();
    }

    /// A place to fill in.
    fn stop(&mut self, hint: &str) {
        if self.notation.snippet {
            self.stops += 1;
            let _ = match hint {
                "" => write!(self.out, "${}", self.stops),
                hint => write!(self.out, "${{{}:{hint}}}", self.stops),
            };
        }
    }

    fn cursor(&mut self) {
        if self.notation.snippet {
            self.out += "$0";
        }
    }

    fn escaped(&self, text: &str) -> String {
        if !self.notation.snippet {
            return text.to_owned();
        }
        text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
    }
}
