//! Commits as they are stored.

use std::borrow::Cow;
use std::fmt;

use crate::{ObjectError, ObjectKind, Objects, Oid};

/// A commit, read from its bytes and from nothing else: no graft, no replacement, no mailmap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commit {
    /// The directory it holds.
    pub tree: Oid,
    /// Its parents in order.
    pub parents: Vec<Oid>,
    /// Who made the change.
    pub author: Person,
    /// Who made the commit.
    pub committer: Person,
    /// What it says about the encoding of its texts.
    pub encoding: Option<String>,
    /// The message, decoded.
    pub message: String,
    /// Whether a header holds a signature; what it is worth is told elsewhere.
    pub is_signed: bool,
}

/// A person as a commit names them: free text.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// When.
    pub time: Time,
}

/// A moment as commits hold it, in the writer's own zone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Time {
    /// Seconds since 1970-01-01 00:00 UTC.
    pub seconds: i64,
    /// How far the writer's clock is ahead of UTC.
    pub offset_minutes: i32,
}

impl Commit {
    /// Reads the bytes of a commit; `None` when they name no tree. All else that is wrong or missing is left empty.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let head = Header::parse(bytes)?;
        let (mut author, mut committer, mut encoding, mut is_signed) = (None, None, None, false);
        let mut rest = head.rest;
        let message = loop {
            let (line, after) = line(rest);
            rest = after;
            if line.is_empty() {
                break rest;
            }
            match line.split(|byte| *byte == b' ').next() {
                Some(b"author") if author.is_none() => author = Some(&line[6..]),
                Some(b"committer") if committer.is_none() => committer = Some(&line[9..]),
                Some(b"encoding") => encoding = line.get(9..),
                Some(b"gpgsig" | b"gpgsig-sha256") => is_signed = true,
                _ => {}
            }
        };
        let latin = encoding.is_some_and(|name| {
            [&b"iso-8859-1"[..], b"iso8859-1", b"latin1", b"latin-1"]
                .iter()
                .any(|latin| name.eq_ignore_ascii_case(latin))
        });
        let person = |line: Option<&[u8]>| line.map(|line| Person::parse(line, latin)).unwrap_or_default();
        Some(Self {
            tree: head.tree,
            parents: head.parents,
            author: person(author),
            committer: person(committer),
            encoding: encoding.map(|name| String::from_utf8_lossy(name).into_owned()),
            message: decode(message, latin).into_owned(),
            is_signed,
        })
    }

    /// Reads a commit of a repository.
    pub fn read(objects: &Objects<'_>, id: Oid) -> Result<Self, ObjectError> {
        let object = objects.read_verified(id, ObjectKind::Commit)?;
        Self::parse(object.data()).ok_or_else(|| ObjectError::Damaged(id, "it names no tree".to_owned()))
    }
}

impl Person {
    /// Reads ` Ada Moreau <ada@acme.example> 1767603600 +0100` as Git does: the first `<` and the next `>` hold the
    /// address, the time follows the last `>`.
    fn parse(line: &[u8], latin: bool) -> Self {
        let find = |bytes: &[u8], wanted: u8| bytes.iter().position(|byte| *byte == wanted);
        let start = find(line, b'<').unwrap_or(line.len());
        let (name, email) = (&line[..start], line.get(start + 1..).unwrap_or_default());
        let email = &email[..find(email, b'>').unwrap_or(0)];
        let when = line.iter().rposition(|byte| *byte == b'>').map_or(&b""[..], |end| &line[end + 1..]);
        let text = |bytes: &[u8]| decode(bytes.trim_ascii(), latin).into_owned();
        Self { name: text(name), email: text(email), time: Time::parse(when) }
    }
}

impl Time {
    /// Returns the day in the writer's own zone; the ends of the calendar for times beyond it.
    #[must_use]
    pub fn day(self) -> deed_model::Date {
        deed_model::evidence::day_of(self.seconds, self.offset_minutes)
    }

    fn parse(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let mut words = text.split_ascii_whitespace();
        let seconds = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        let offset: i32 = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        let offset_minutes = if offset.unsigned_abs() > 9999 { 0 } else { offset / 100 * 60 + offset % 100 };
        Self { seconds, offset_minutes }
    }
}

/// Shows the moment as RFC 3339 does: `2026-03-01T10:00:00+01:00`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.seconds.saturating_add(i64::from(self.offset_minutes) * 60);
        let (days, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = civil(days);
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let offset = self.offset_minutes.unsigned_abs();
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            second / 3600,
            second / 60 % 60,
            second % 60,
            offset / 60,
            offset % 60
        )
    }
}

/// Returns the Gregorian date so many days after 1970-01-01, by counting in eras of 400 years from March.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, date)
}

/// Returns when an annotated tag was made, as its maker claims.
pub(crate) fn tagger_time(bytes: &[u8]) -> Option<Time> {
    Some(Person::parse(of_tag(bytes, b"tagger ")?, false).time)
}

/// Returns the name under which an annotated tag was made.
pub(crate) fn tag_name(bytes: &[u8]) -> Option<String> {
    Some(String::from_utf8_lossy(of_tag(bytes, b"tag ")?).into_owned())
}

/// Returns what the first header of a tag says that begins so.
fn of_tag<'b>(bytes: &'b [u8], header: &[u8]) -> Option<&'b [u8]> {
    let mut head = bytes.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    head.find_map(|line| line.strip_prefix(header))
}

/// The part of a commit that the walk needs, and what follows it.
pub(crate) struct Header<'b> {
    pub(crate) tree: Oid,
    pub(crate) parents: Vec<Oid>,
    rest: &'b [u8],
}

impl<'b> Header<'b> {
    pub(crate) fn parse(bytes: &'b [u8]) -> Option<Self> {
        let (first, mut rest) = line(bytes);
        let tree = Oid::from_hex(first.strip_prefix(b"tree ")?)?;
        let mut parents = Vec::new();
        loop {
            let (next, after) = line(rest);
            let Some(parent) = next.strip_prefix(b"parent ") else { break };
            parents.extend(Oid::from_hex(parent));
            rest = after;
        }
        Some(Self { tree, parents, rest })
    }

    /// Returns the committer's time in seconds.
    pub(crate) fn time(&self) -> i64 {
        let mut rest = self.rest;
        loop {
            let (next, after) = line(rest);
            if next.is_empty() {
                return 0;
            }
            if let Some(committer) = next.strip_prefix(b"committer") {
                let start = committer.iter().rposition(|byte| *byte == b'>').map_or(0, |end| end + 1);
                return Time::parse(&committer[start..]).seconds;
            }
            rest = after;
        }
    }
}

/// Splits off the first line.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

fn decode(bytes: &[u8], latin: bool) -> Cow<'_, str> {
    if latin { bytes.iter().map(|byte| char::from(*byte)).collect() } else { String::from_utf8_lossy(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(seconds: i64, offset_minutes: i32) -> String {
        Time { seconds, offset_minutes }.to_string()
    }

    #[test]
    fn times_show_the_writers_own_clock() {
        assert_eq!(time(0, 0), "1970-01-01T00:00:00+00:00");
        assert_eq!(time(1_772_355_600, 60), "2026-03-01T10:00:00+01:00");
        assert_eq!(time(-2_177_452_800, 0), "1901-01-01T00:00:00+00:00");
        assert_eq!(time(4_294_967_296, -330), "2106-02-07T00:58:16-05:30");
        assert_eq!(time(951_782_400, 0), "2000-02-29T00:00:00+00:00");
        // Whatever a commit claims has some form.
        time(i64::MAX, 5999);
        time(i64::MIN, -5999);
    }

    #[test]
    fn a_whole_commit_is_read() {
        let (tree, parent) = ("a".repeat(40), "b".repeat(40));
        let text = format!(
            "tree {tree}\nparent {parent}\nparent {tree}\nauthor A > B <a@x> 1 +0130\ncommitter C <> -5 -0200\n\
             gpgsig -----BEGIN\n more\n\nSubject\n\nBody\n"
        );
        let commit = Commit::parse(text.as_bytes()).expect("a commit");
        assert_eq!(commit.tree.to_string(), tree);
        assert_eq!(commit.parents.iter().map(Oid::to_string).collect::<Vec<_>>(), [parent, tree]);
        assert_eq!((commit.author.name.as_str(), commit.author.email.as_str()), ("A > B", "a@x"));
        assert_eq!(commit.author.time, Time { seconds: 1, offset_minutes: 90 });
        assert_eq!(commit.committer.time, Time { seconds: -5, offset_minutes: -120 });
        assert!(commit.is_signed);
        assert_eq!(commit.message, "Subject\n\nBody\n");
    }

    #[test]
    fn crafted_commits_are_read_as_far_as_they_go() {
        let tree = format!("tree {}\n", "a".repeat(40));
        for tail in
            ["", "parent x\n", "author\n", "author <\ncommitter >\n", "committer a> b<c 99999999999999999999 +x"]
        {
            let commit = Commit::parse(format!("{tree}{tail}").as_bytes()).expect("a tree is enough");
            assert_eq!(commit.author.time.offset_minutes, 0);
        }
        assert_eq!(Commit::parse(b""), None);
        assert_eq!(Commit::parse(b"tree abc\n\nx"), None);
        assert_eq!(Commit::parse(b"parent a\n"), None);
    }

    #[test]
    fn an_old_encoding_is_decoded() {
        let bytes =
            [format!("tree {}\n", "a".repeat(40)).as_bytes(), b"author J\xf6rg <> 1 +0\nencoding ISO-8859-1\n\n\xdc"]
                .concat();
        let commit = Commit::parse(&bytes).expect("a commit");
        assert_eq!((commit.author.name.as_str(), commit.message.as_str()), ("Jörg", "Ü"));
    }
}
