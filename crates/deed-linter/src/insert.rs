//! Fields for a mapping that lacks them, as an edit.

use deed_syntax::edit::Edit;
use deed_syntax::{Format, Node, NodeKind, TextRange, TextSize, Value};

/// Returns the edit that writes fields before the first one of a mapping, in the style it is written in; values are
/// strings.
///
/// `None` where there is nothing to write them into: an alias, a scalar, a key with an anchor or a tag.
pub(crate) fn fields(mapping: Node<'_>, fields: &[(&str, String)]) -> Option<Edit> {
    let parse = mapping.parse();
    let (text, json) = (parse.text(), parse.format() == Format::Json);
    let written = fields.iter().map(|(name, value)| {
        if json { format!("\"{name}\": {}", quoted(value)) } else { format!("{name}: {}", plain_or_quoted(value)) }
    });
    let written: Vec<String> = written.collect();
    let insert = |at: usize, new_text: String| {
        let range = TextRange::empty(TextSize::try_from(at).ok()?);
        Some(Edit { range, new_text })
    };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let start = usize::from(mapping.range().start());
    if mapping.is_missing() {
        // A key with nothing behind it: the fields go below the line, so that a comment stays with the key.
        let line = line_start(text, start);
        if text[line..start].trim_start().starts_with('?') {
            // `? key` has no colon that they could hang on.
            return None;
        }
        let indent = text[line..].len() - text[line..].trim_start_matches(' ').len() + 2;
        let end = text[start..].find(['\r', '\n']).map_or(text.len(), |at| start + at);
        let lines = written.iter().map(|field| format!("{newline}{}{field}", " ".repeat(indent)));
        return insert(end, lines.collect());
    }
    let NodeKind::Mapping { flow } = mapping.kind() else { return None };
    let present = |(name, _): &(&str, String)| mapping.entries().find(|entry| entry.name() == Some(*name));
    if let Some(entry) = fields.iter().find_map(present) {
        // A field without a value gets one; written a second time it would be a duplicate key.
        let [(_, value)] = fields else { return None };
        let written = if json { quoted(value) } else { plain_or_quoted(value) };
        let place = entry.value();
        let space = if place.is_missing() { " " } else { "" };
        let null = matches!(place.kind(), NodeKind::Scalar(_)) && matches!(place.value(), Some(Value::Null));
        return null.then(|| Edit { range: place.range(), new_text: format!("{space}{written}") });
    }
    let Some(first) = mapping.entries().next() else {
        return insert(start + 1, format!(" {} ", written.join(", ")));
    };
    if first.key().anchor().is_some() || first.key().tag().is_some() {
        return None;
    }
    let at = usize::from(first.key().range().start());
    let before = &text[line_start(text, at)..at];
    let own_line = before.chars().all(|c| c == ' ' || c == '\t');
    let comma = if flow { "," } else { "" };
    let separator = match (flow, own_line) {
        (true, false) => ", ".to_owned(),
        (_, true) => format!("{comma}{newline}{before}"),
        // `- key: value`: the fields line up with the first one.
        (false, false) => format!("{newline}{}", " ".repeat(before.chars().count())),
    };
    insert(at, written.iter().flat_map(|field| [field.as_str(), &separator]).collect())
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// A string as YAML may write it: without quotes where it reads back as the same string.
fn plain_or_quoted(value: &str) -> String {
    let plain = value.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/'));
    let parse = deed_syntax::parse(value, Format::Yaml);
    let same = plain && parse.root().is_some_and(|root| root.as_str() == Some(value));
    if same { value.to_owned() } else { quoted(value) }
}

/// A string in double quotes, which JSON and YAML read alike.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::fields;
    use deed_syntax::{Format, KeyPath, Segment, edit, parse};

    fn inserted(text: &str, format: Format) -> Option<String> {
        let parse = parse(text, format);
        let path = KeyPath(vec![Segment::Key("policies".to_owned()), Segment::Key("p".to_owned())]);
        let new = [("title", "Access control".to_owned()), ("version", "1".to_owned())];
        let edit = fields(parse.node_at(&path)?, &new)?;
        Some(edit::apply(text, &[edit]).expect("one edit"))
    }

    #[test]
    fn fields_go_in_front_in_the_style_of_the_mapping() {
        let cases = [
            (
                "policies:\n  p:\n    owner: a # why\n",
                "policies:\n  p:\n    title: Access control\n    version: \"1\"\n    owner: a # why\n",
            ),
            (
                "policies:\r\n  p:\r\n    owner: a\r\n",
                "policies:\r\n  p:\r\n    title: Access control\r\n    version: \"1\"\r\n    owner: a\r\n",
            ),
            ("policies:\n  p: { owner: a }\n", "policies:\n  p: { title: Access control, version: \"1\", owner: a }\n"),
            ("policies:\n  p: {}\n", "policies:\n  p: { title: Access control, version: \"1\" }\n"),
            ("policies:\n  p: # draft\n", "policies:\n  p: # draft\n    title: Access control\n    version: \"1\"\n"),
        ];
        for (before, after) in cases {
            assert_eq!(inserted(before, Format::Yaml).as_deref(), Some(after));
        }
        assert_eq!(inserted("policies:\n  ? p\n", Format::Yaml), None);
    }

    #[test]
    fn json_gets_quotes_and_commas() {
        let after = "{\"policies\": {\n  \"p\": {\n    \"title\": \"Access control\",\n    \"version\": \"1\",\n    \"owner\": \"a\"\n  }}}";
        assert_eq!(
            inserted("{\"policies\": {\n  \"p\": {\n    \"owner\": \"a\"\n  }}}", Format::Json).as_deref(),
            Some(after)
        );
        let short = "{\"policies\": {\"p\": {\"title\": \"Access control\", \"version\": \"1\", \"owner\": \"a\"}}}";
        assert_eq!(inserted("{\"policies\": {\"p\": {\"owner\": \"a\"}}}", Format::Json).as_deref(), Some(short));
    }

    #[test]
    fn a_field_without_a_value_gets_one() {
        for (before, format, after) in [
            ("p:\n  title: # soon\n  b: 1\n", Format::Yaml, Some("p:\n  title: Access # soon\n  b: 1\n")),
            ("p:\n  title:\n", Format::Yaml, Some("p:\n  title: Access\n")),
            ("p: { title: ~, b: 1 }\n", Format::Yaml, Some("p: { title: Access, b: 1 }\n")),
            ("{\"p\": {\"title\": null}}", Format::Json, Some("{\"p\": {\"title\": \"Access\"}}")),
            ("p: { title: Something }\n", Format::Yaml, None),
            ("p: { title: [] }\n", Format::Yaml, None),
        ] {
            let parse = parse(before, format);
            let mapping = parse.node_at(&KeyPath(vec![Segment::Key("p".to_owned())])).expect("a mapping");
            let edit = fields(mapping, &[("title", "Access".to_owned())]);
            let text = edit.map(|edit| edit::apply(before, &[edit]).expect("one edit"));
            assert_eq!(text.as_deref(), after, "{before}");
            assert!(fields(mapping, &[("owner", "ada".to_owned()), ("title", "Access".to_owned())]).is_none());
        }
    }

    #[test]
    fn what_is_no_mapping_of_its_own_is_left_alone() {
        for text in
            ["policies:\n  o: &o { owner: a }\n  p: *o\n", "policies:\n  p: 3\n", "policies:\n  p:\n    &k owner: a\n"]
        {
            assert_eq!(inserted(text, Format::Yaml), None, "{text}");
        }
    }
}
