//! What `deed init` has to know, and how it is read.

use std::fmt;

use super::Model;

/// What only people know.
pub(super) struct Answers {
    pub(super) organization: String,
    pub(super) model: Model,
    /// The executive; `None` while nobody knows.
    pub(super) owner: Option<Mailbox>,
    /// The custodian.
    pub(super) manager: Option<Mailbox>,
}

/// A person's name and address, as Git writes them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mailbox {
    pub(super) name: String,
    pub(super) email: String,
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <{}>", self.name, self.email)
    }
}

impl Mailbox {
    /// Reads `Ada Moreau <ada@acme.example>`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let form = || "write a name and an e-mail address, as in `Ada Moreau <ada@acme.example>`".to_owned();
        let (name, rest) = text.split_once('<').ok_or_else(form)?;
        let email = rest.trim_end().strip_suffix('>').ok_or_else(form)?.trim();
        let name = line(name.trim().trim_matches('"')).map_err(|_| form())?;
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || "<>@\"".contains(c);
        match email.split_once('@') {
            Some((mailbox, domain)) if [mailbox, domain].iter().all(|it| !it.is_empty() && !it.contains(is_odd)) => {
                Ok(Self { name, email: email.to_owned() })
            }
            _ => Err(format!("`{}` is no e-mail address; {}", email.escape_debug(), form())),
        }
    }

    /// Returns ids that the person could have, the best first: the first name, the whole name, the mailbox.
    pub(super) fn ids(&self) -> impl Iterator<Item = String> {
        let whole = slug(&self.name);
        let first = self.name.split_whitespace().next().and_then(slug);
        let mailbox = self.email.split('@').next().and_then(slug);
        let mut own: Vec<_> = [first, whole, mailbox].into_iter().flatten().collect();
        if own.is_empty() {
            own.push("person".to_owned());
        }
        let stem = own[0].clone();
        own.into_iter().chain((2..).map(move |number| format!("{stem}-{number}")))
    }

    /// Whether it is the same person's as far as Git can tell.
    pub(super) fn is_of(&self, email: &str) -> bool {
        self.email.eq_ignore_ascii_case(email)
    }
}

/// Reads the name of an organisation.
pub(super) fn organization(text: &str) -> Result<String, String> {
    line(text)
}

/// A text of one line.
fn line(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.chars().find(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        _ if text.is_empty() => Err("it is empty".to_owned()),
        Some(_) => Err("it must be one line, without control characters".to_owned()),
        None => Ok(text.to_owned()),
    }
}

/// A text as an id; `None` where letters would be lost.
fn slug(text: &str) -> Option<String> {
    let is_lost = |c: char| c.is_alphanumeric() && !c.is_ascii();
    if text.contains(is_lost) {
        return None;
    }
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    (!slug.is_empty()).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_read_as_git_writes_one() {
        let read = |text| Mailbox::parse(text).map(|it| (it.name, it.email));
        let of = |name: &str, email: &str| Ok((name.to_owned(), email.to_owned()));
        assert_eq!(read("Ada Moreau <ada@acme.example>"), of("Ada Moreau", "ada@acme.example"));
        assert_eq!(read("  \"Moreau, Ada\" < ada@acme.example > "), of("Moreau, Ada", "ada@acme.example"));
        assert_eq!(read("李 <li@例え.jp>"), of("李", "li@例え.jp"));
        for bad in [
            "",
            "Ada",
            "ada@acme.example",
            "<ada@acme.example>",
            "Ada <ada>",
            "Ada <@acme>",
            "Ada <ada@>",
            "Ada <a@b@c>",
            "Ada <a b@c>",
            "Ada <ada@acme",
            "Ada <<a@b>>",
            "A\nda <a@b>",
            "Ada <a@b\u{1b}>",
            "Ada <a@b> x",
        ] {
            assert!(Mailbox::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn ids_are_made_of_names() {
        let ids = |name: &str, email: &str| {
            Mailbox { name: name.to_owned(), email: email.to_owned() }.ids().take(4).collect::<Vec<_>>()
        };
        assert_eq!(ids("Ada Moreau", "am@acme.example"), ["ada", "ada-moreau", "am", "ada-2"]);
        assert_eq!(ids("Élodie O'Neil", "e.oneil@acme.example"), ["e-oneil", "e-oneil-2", "e-oneil-3", "e-oneil-4"]);
        assert_eq!(ids("李", "李@acme.example"), ["person", "person-2", "person-3", "person-4"]);
    }
}
