//! Folding and growing selections.

use deed_ide::Place;
use deed_model::FileId;
use deed_syntax::{TextRange, TextSize};

use crate::stage::Stage;

const JSON: &str = r#"{
  "risks": {
    "R-1": {
      "title": "Theft",
      "owner": "it", "controls": [
        "A.5.1"
      ]
    }
  }
}
"#;
const YAML: &str = "# One\n# Two\nrisks:\n  R-1:\n    title: Theft\n    accepted: {\n      by: ada }\n";

fn lines(path: &str, text: &str) -> Vec<(usize, usize)> {
    let stage = Stage::files(&[(path.to_owned(), text.to_owned())], None);
    let line = |at: TextSize| text[..usize::from(at)].matches('\n').count();
    stage.analysis().folds(FileId(0)).into_iter().map(|fold| (line(fold.start()), line(fold.end()))).collect()
}

#[test]
fn what_is_folded_leaves_the_bracket_that_closes_it() {
    assert_eq!(lines("x.deed.json", JSON), [(1, 7), (2, 6), (4, 5)]);
    assert_eq!(lines("x.deed.yaml", YAML), [(0, 1), (2, 6), (3, 6), (5, 6)]);
    assert_eq!(lines("x.deed.json", "{ \"risks\": {\n}\n}\n"), []);
}

#[test]
fn a_selection_grows_from_between_the_quotes() {
    let stage = Stage::files(&[("x.deed.json".to_owned(), JSON.to_owned())], None);
    let at = |offset: usize| {
        let place = Place { file: FileId(0), offset: TextSize::try_from(offset).unwrap() };
        let ranges: Vec<TextRange> = stage.analysis().selections(place);
        ranges.into_iter().map(|range| &JSON[range]).take(3).collect::<Vec<_>>()
    };
    let theft = JSON.find("Theft").unwrap();
    assert_eq!(at(theft + 2), ["Theft", "\"Theft\"", "\"title\": \"Theft\""]);
    assert_eq!(at(theft - 1)[0], "\"Theft\"");
}
