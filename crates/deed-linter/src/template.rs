//! Entries for controls that the Statement of Applicability lacks, as an edit.

use deed_model::catalogue::{self, AnnexControl};
use deed_model::{FileId, Workspace};
use deed_syntax::edit::Edit;
use deed_syntax::{Format, Node, NodeKind, Parse, TextRange, TextSize};

use crate::FileEdit;

/// Returns the edit that writes an entry for each of some controls of one theme: applicable and planned, without an owner or a
/// reason, which only people can give.
///
/// They go behind the control before them in Annex A that has an entry, else before the one behind them, else into the
/// first `controls`, else to the end of the first manifest. `None` where there is no place to write to.
pub(crate) fn entries(workspace: &Workspace, missing: &[&AnnexControl]) -> Option<FileEdit> {
    let register = workspace.register();
    let annex = catalogue::controls();
    let at = |control: &AnnexControl| annex.iter().position(|other| other.id == control.id);
    let (first, last) = (at(missing.first()?)?, at(missing.last()?)?);
    let entry = |control: &AnnexControl| register.controls.get(control.id);
    if let Some(before) = annex[..first].iter().rev().find_map(entry) {
        let file = before.head.key.file;
        return beside(&workspace.manifest(file).parse, before.head.range.range, missing, true)
            .map(|edit| FileEdit { file, edit });
    }
    if let Some(behind) = annex[last..].iter().find_map(entry) {
        let file = behind.head.key.file;
        let parse = &workspace.manifest(file).parse;
        return beside(parse, behind.head.range.range, missing, false).map(|edit| FileEdit { file, edit });
    }
    let in_section = workspace.files().find_map(|(file, manifest)| {
        let section = manifest.parse.root()?.get("controls")?.value();
        Some((file, into(&manifest.parse, section, missing)?))
    });
    let (file, edit) = in_section.or_else(|| {
        let parse = &workspace.manifests().first()?.parse;
        // The end of the text belongs to the last document, and only the first one is read; `controls` that is no mapping
        // would be there twice.
        let root = parse.root().filter(|root| parse.documents().count() == 1 && root.get("controls").is_none())?;
        Some((FileId(0), new_section(root, missing)?))
    })?;
    Some(FileEdit { file, edit })
}

/// An entry as it is written; in YAML with the title behind it, for whoever completes it.
fn written(control: &AnnexControl, format: Format, comment: bool) -> String {
    match format {
        Format::Json => format!("\"{}\": {{ \"applicable\": true, \"status\": \"planned\" }}", control.id),
        Format::Yaml if comment => {
            format!("{}: {{ applicable: true, status: planned }} # {}", control.id, control.title)
        }
        Format::Yaml => format!("{}: {{ applicable: true, status: planned }}", control.id),
    }
}

/// Writes entries next to one that is there, in the way it is written.
fn beside(parse: &Parse, neighbour: TextRange, missing: &[&AnnexControl], behind: bool) -> Option<Edit> {
    let text = parse.text();
    let steps = parse.path_at(neighbour.start());
    let mapping = steps.iter().find_map(|step| match step {
        deed_syntax::Step::Entry(entry) if entry.range() == neighbour => entry.key().parent(),
        _ => None,
    })?;
    let NodeKind::Mapping { flow } = mapping.kind() else { return None };
    let (start, end) = (usize::from(neighbour.start()), usize::from(neighbour.end()));
    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let indent = &text[line..start];
    let own_line = indent.chars().all(|c| c == ' ' || c == '\t');
    let newline = newline(text);
    let entries = missing.iter().map(|control| written(control, parse.format(), !flow));
    let (at, new_text) = match (flow, own_line, behind) {
        (false, false, _) => return None,
        (false, true, true) => {
            let at = text[end..].find(['\r', '\n']).map_or(text.len(), |found| end + found);
            (at, entries.map(|entry| format!("{newline}{indent}{entry}")).collect())
        }
        (false, true, false) => (start, entries.map(|entry| format!("{entry}{newline}{indent}")).collect()),
        (true, true, true) => (end, entries.map(|entry| format!(",{newline}{indent}{entry}")).collect()),
        (true, true, false) => (start, entries.map(|entry| format!("{entry},{newline}{indent}")).collect()),
        (true, false, true) => (end, entries.map(|entry| format!(", {entry}")).collect()),
        (true, false, false) => (start, entries.map(|entry| format!("{entry}, ")).collect()),
    };
    insertion(at, new_text)
}

/// Writes entries into a section that has none of Annex A.
fn into(parse: &Parse, section: Node<'_>, missing: &[&AnnexControl]) -> Option<Edit> {
    let text = parse.text();
    if let Some(first) = section.entries().next() {
        return beside(parse, first.range(), missing, false);
    }
    let start = usize::from(section.range().start());
    let newline = newline(text);
    if section.is_missing() {
        let at = text[start..].find(['\r', '\n']).map_or(text.len(), |found| start + found);
        let lines = missing.iter().map(|control| format!("{newline}  {}", written(control, parse.format(), true)));
        return insertion(at, lines.collect());
    }
    let NodeKind::Mapping { flow: true } = section.kind() else { return None };
    let lines = missing.iter().map(|control| format!("{newline}    {}", written(control, parse.format(), false)));
    let lines = lines.collect::<Vec<_>>().join(",");
    insertion(start + 1, format!("{lines}{newline}  "))
}

/// Writes a new section behind all others of a manifest.
fn new_section(root: Node<'_>, missing: &[&AnnexControl]) -> Option<Edit> {
    let (parse, text) = (root.parse(), root.parse().text());
    let newline = newline(text);
    match root.kind() {
        NodeKind::Mapping { flow: false } => {
            let lines = missing.iter().map(|control| format!("  {}{newline}", written(control, parse.format(), true)));
            let before = if text.ends_with('\n') { "" } else { newline };
            insertion(text.len(), format!("{before}controls:{newline}{}", lines.collect::<String>()))
        }
        NodeKind::Mapping { flow: true } if parse.format() == Format::Json => {
            let last = root.entries().last()?;
            let entries =
                missing.iter().map(|control| format!("{newline}    {}", written(control, parse.format(), false)));
            let entries = entries.collect::<Vec<_>>().join(",");
            insertion(last.range().end().into(), format!(",{newline}  \"controls\": {{{entries}{newline}  }}"))
        }
        _ => None,
    }
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn insertion(at: usize, new_text: String) -> Option<Edit> {
    Some(Edit { range: TextRange::empty(TextSize::try_from(at).ok()?), new_text })
}

#[cfg(test)]
mod tests {
    use deed_model::catalogue;

    use super::entries;
    use crate::examine::workspace;

    fn with(path: &str, text: &str, ids: &[&str]) -> Option<String> {
        let workspace = workspace(&[(path, text)]);
        let missing: Vec<_> = ids.iter().filter_map(|id| catalogue::control(id)).collect();
        let edit = entries(&workspace, &missing)?.edit;
        let result = deed_syntax::edit::apply(text, &[edit]).expect("one edit");
        let parse = deed_syntax::parse(result.as_str(), deed_syntax::Format::of_path(path));
        assert!(parse.errors().is_empty(), "{result}");
        Some(result)
    }

    #[test]
    fn entries_stand_where_annex_a_has_them_in_the_style_of_their_neighbours() {
        let cases = [
            (
                "controls:\n  A.6.3:\n    owner: hr # Ida\n  A.6.5: { owner: hr }\n",
                "controls:\n  A.6.3:\n    owner: hr # Ida\n  A.6.4: { applicable: true, status: planned } # Disciplinary \
                 process\n  A.6.5: { owner: hr }\n",
            ),
            (
                "controls:\r\n  A.6.5: { owner: hr }\r\n",
                "controls:\r\n  A.6.4: { applicable: true, status: planned } # Disciplinary process\r\n  A.6.5: { owner: hr }\r\n",
            ),
            (
                "controls: { A.6.3: {}, A.6.5: {} }\n",
                "controls: { A.6.3: {}, A.6.4: { applicable: true, status: planned }, A.6.5: {} }\n",
            ),
            ("controls: {}\n", "controls: {\n    A.6.4: { applicable: true, status: planned }\n  }\n"),
            (
                "controls: # to come\nroles: {}\n",
                "controls: # to come\n  A.6.4: { applicable: true, status: planned } # Disciplinary process\nroles: {}\n",
            ),
            (
                "deed: 1\nisms: {}",
                "deed: 1\nisms: {}\ncontrols:\n  A.6.4: { applicable: true, status: planned } # Disciplinary process\n",
            ),
        ];
        for (before, after) in cases {
            assert_eq!(with("deed.yaml", before, &["A.6.4"]).as_deref(), Some(after));
        }
    }

    #[test]
    fn json_gets_quotes_and_commas() {
        let before = "{\n  \"controls\": {\n    \"A.6.3\": {}\n  }\n}\n";
        let after = "{\n  \"controls\": {\n    \"A.6.3\": {},\n    \"A.6.4\": { \"applicable\": true, \"status\": \"planned\" }\n  }\n}\n";
        assert_eq!(with("deed.json", before, &["A.6.4"]).as_deref(), Some(after));
        let before = "{\n  \"deed\": 1\n}\n";
        let after = "{\n  \"deed\": 1,\n  \"controls\": {\n    \"A.6.4\": { \"applicable\": true, \"status\": \"planned\" }\n  }\n}\n";
        assert_eq!(with("deed.json", before, &["A.6.4"]).as_deref(), Some(after));
    }
}
