//! Lenient reading of a mapping's fields: what does not fit is absent.

use deed_syntax::{Node, Value};

use crate::{Date, FileId, FileRange, Head, Period, Section, Spanned, parse_date};

/// A node of one manifest, read as a mapping of fields.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'t> {
    file: FileId,
    node: Node<'t>,
}

impl<'t> Fields<'t> {
    pub(crate) const fn new(file: FileId, node: Node<'t>) -> Self {
        Self { file, node }
    }

    pub(crate) const fn node(&self) -> Node<'t> {
        self.node
    }

    /// The node's own text in its manifest.
    pub(crate) fn range(&self) -> FileRange {
        FileRange { file: self.file, range: self.node.range() }
    }

    /// The key's place and the value of a field.
    pub(crate) fn entry(&self, key: &str) -> Option<(FileRange, Self)> {
        let entry = self.node.get(key)?;
        Some((self.at(entry.key()), Self { file: self.file, node: entry.value() }))
    }

    pub(crate) fn child(&self, key: &str) -> Option<Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Every field with its name and the key's place, merge keys applied; keys of the user's own (`x-…`) left out.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Spanned<String>, FileRange, Self)> + use<'t> {
        let file = self.file;
        self.node.fields().filter_map(move |entry| {
            let name = entry.name().filter(|name| !name.starts_with("x-"))?.to_owned();
            let key = FileRange { file, range: entry.key().range() };
            let range = FileRange { file, range: entry.range() };
            Some((Spanned { value: name, span: key }, range, Self { file, node: entry.value() }))
        })
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'t> {
        let file = self.file;
        self.node.items().map(move |node| Self { file, node })
    }

    /// A scalar's text, whatever type it resolves to, so that an unquoted number still is an id. Null is absent.
    pub(crate) fn as_text(&self) -> Option<Spanned<String>> {
        Some(Spanned { value: self.scalar()?.to_owned(), span: self.range() })
    }

    fn scalar(&self) -> Option<&'t str> {
        let is_null = matches!(self.node.value()?, Value::Null);
        self.node.scalar_text().filter(|_| !is_null)
    }

    pub(crate) fn text(&self, key: &str) -> Option<Spanned<String>> {
        self.child(key)?.as_text()
    }

    /// A list of texts; a lone scalar is a list of one.
    pub(crate) fn texts(&self, key: &str) -> Vec<Spanned<String>> {
        let Some(value) = self.child(key) else { return Vec::new() };
        if value.node.is_sequence() {
            value.items().filter_map(|item| item.as_text()).collect()
        } else {
            value.as_text().into_iter().collect()
        }
    }

    /// A text read by `parse`; absent where it does not fit.
    pub(crate) fn read<T>(&self, key: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<Spanned<T>> {
        let value = self.child(key)?;
        Some(Spanned { value: parse(value.scalar()?)?, span: value.range() })
    }

    pub(crate) fn date(&self, key: &str) -> Option<Spanned<Date>> {
        self.read(key, parse_date)
    }

    pub(crate) fn period(&self, key: &str) -> Option<Spanned<Period>> {
        self.read(key, Period::parse)
    }

    pub(crate) fn int(&self, key: &str) -> Option<Spanned<i64>> {
        let value = self.child(key)?;
        Some(Spanned { value: value.node.as_int()?, span: value.range() })
    }

    pub(crate) fn flag(&self, key: &str) -> Option<Spanned<bool>> {
        let value = self.child(key)?;
        Some(Spanned { value: value.node.as_bool()?, span: value.range() })
    }

    /// The head of a subject whose value this is.
    pub(crate) fn head(&self, section: Section, id: String, key: FileRange, range: FileRange) -> Head {
        Head { section, id, key, range, node: self.node.id() }
    }

    fn at(&self, node: Node<'t>) -> FileRange {
        FileRange { file: self.file, range: node.range() }
    }
}
