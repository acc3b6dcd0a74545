//! Annex A in a rule's words: what an id that is not in it was meant to be, and ids in bulk.

use deed_model::catalogue::{AnnexControl, clauses, control, controls, successors_of_2013};

use crate::suggest::nearest;

/// What an id that is not in Annex A of the 2022 edition was probably meant to be.
#[derive(Debug)]
pub(crate) enum Meant {
    /// A control of the 2013 edition, which these took up.
    Of2013(Vec<&'static AnnexControl>),
    /// A heading of the 2013 edition, whose controls these took up.
    Heading2013(Vec<&'static AnnexControl>),
    /// The same id in another spelling, as in `a.5.15` or `5.15`.
    Spelling(&'static AnnexControl),
    /// A control with an id or a title that is near.
    Near(&'static AnnexControl),
    /// A number that its theme does not have; the last control of the theme.
    Beyond(&'static AnnexControl),
    /// Anything.
    Unknown,
}

impl Meant {
    /// Returns the one control it stands for, if there is one.
    pub(crate) fn control(&self) -> Option<&'static AnnexControl> {
        match self {
            Self::Of2013(successors) => match successors.as_slice() {
                [one] => Some(one),
                _ => None,
            },
            Self::Spelling(control) | Self::Near(control) => Some(control),
            Self::Heading2013(_) | Self::Beyond(_) | Self::Unknown => None,
        }
    }
}

/// Returns what an unknown id was probably meant to be.
pub(crate) fn meant(id: &str) -> Meant {
    let numbers = numbers(id);
    let spelt = |numbers: &[u16]| {
        let parts: Vec<_> = numbers.iter().map(u16::to_string).collect();
        format!("A.{}", parts.join("."))
    };
    match numbers.as_deref() {
        Some(numbers @ [_, _, _]) => {
            let successors = successors_of_2013(&spelt(numbers));
            if successors.is_empty() { Meant::Unknown } else { Meant::Of2013(successors) }
        }
        Some(&[theme, number]) => {
            let id = spelt(&[theme, number]);
            let heading = format!("{id}.");
            let took_up = |control: &&AnnexControl| control.iso2013.iter().any(|old| old.starts_with(&heading));
            let swapped = spelt(&[theme, number % 10 * 10 + number / 10]);
            let in_theme = format!("A.{theme}.");
            if let Some(control) = control(&id) {
                Meant::Spelling(control)
            } else if let Some(control) = control(&swapped).filter(|_| number > 10 && number < 100) {
                Meant::Near(control)
            } else if let Some(last) = controls().iter().rfind(|control| control.id.starts_with(&in_theme)) {
                Meant::Beyond(last)
            } else {
                let successors: Vec<_> = controls().iter().filter(took_up).collect();
                if successors.is_empty() { Meant::Unknown } else { Meant::Heading2013(successors) }
            }
        }
        Some(_) => Meant::Unknown,
        None => {
            let words = |text: &str| text.replace(|c: char| !c.is_alphanumeric(), "-");
            let titles: Vec<_> = controls().iter().map(|control| words(control.title)).collect();
            let near = nearest(&words(id), titles.iter().map(String::as_str));
            let near = near.and_then(|near| titles.iter().position(|title| title == near));
            near.map_or(Meant::Unknown, |at| Meant::Near(&controls()[at]))
        }
    }
}

/// The numbers of an id such as `A.5.15`, `a5-15` or `5.15`; `None` for what is no such id.
fn numbers(id: &str) -> Option<Vec<u16>> {
    let rest = id.strip_prefix(['A', 'a']).unwrap_or(id).trim_matches(|c: char| c.is_whitespace() || c == '.');
    let parts = rest.split(['.', '-', '_']).filter(|part| !part.is_empty());
    let numbers: Option<Vec<u16>> = parts.map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| numbers.len() >= 2)
}

/// Returns the clause an id means in another spelling, as in `clause 9.2`, `9.2.` or `9.2 a)`.
pub(crate) fn clause(text: &str) -> Option<&'static str> {
    let number = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let number = number.trim_end_matches(['.', ',', ':']);
    clauses().iter().map(|clause| clause.id).find(|id| *id == number)
}

/// Returns whether an id is a clause of the standard's body.
pub(crate) fn is_clause(id: &str) -> bool {
    clauses().iter().any(|clause| clause.id == id)
}

/// Returns a control for a sentence, as in "`A.5.15` (Access control)".
pub(crate) fn titled(control: &AnnexControl) -> String {
    format!("`{}` ({})", control.id, control.title)
}

/// Returns controls for a sentence, neighbours as a range, as in "A.5.1 to A.5.7, A.5.9"; of many ranges the rest is counted.
pub(crate) fn ranges(ids: &[&AnnexControl]) -> String {
    const MOST: usize = 8;
    let place = |control: &AnnexControl| controls().iter().position(|other| other.id == control.id);
    let mut runs: Vec<Vec<&AnnexControl>> = Vec::new();
    for control in ids {
        match runs.last_mut() {
            Some(run) if run.last().and_then(|last| place(last)).map(|last| last + 1) == place(control) => {
                run.push(control);
            }
            _ => runs.push(vec![control]),
        }
    }
    let rest: usize = runs.iter().skip(MOST).map(Vec::len).sum();
    let shown = runs.iter().take(MOST).map(|run| match run.as_slice() {
        [first, .., last] if run.len() > 2 => format!("{} to {}", first.id, last.id),
        few => few.iter().map(|control| control.id).collect::<Vec<_>>().join(", "),
    });
    let mut shown = shown.collect::<Vec<_>>().join(", ");
    if rest > 0 {
        shown += &format!(" and {rest} more");
    }
    shown
}

#[cfg(test)]
mod tests {
    use deed_model::catalogue::controls;

    use super::{Meant, clause, meant, ranges};

    #[test]
    fn an_id_is_understood_in_other_spellings_and_editions() {
        for (id, expected) in [
            ("a.5.15", "A.5.15"),
            ("5.15", "A.5.15"),
            ("A5.15", "A.5.15"),
            ("A.05.15", "A.5.15"),
            ("A-5-15", "A.5.15"),
            ("A.5.51", "A.5.15"),
            ("A.9.2.3", "A.8.2"),
            ("9.2.3", "A.8.2"),
            ("access-control", "A.5.15"),
            ("Acces control", "A.5.15"),
        ] {
            assert_eq!(meant(id).control().map(|control| control.id), Some(expected), "{id}");
        }
        for id in
            ["A.5.38", "A.9.2", "A.18.2.3", "A.99.1.1", "A.5", "A.8.99", "PCI-7", "", "A.5.15.1.1", "A.99999999.1"]
        {
            assert!(meant(id).control().is_none(), "{id}");
        }
        assert!(matches!(meant("A.5.38"), Meant::Beyond(last) if last.id == "A.5.37"));
        assert!(matches!(meant("A.9.2"), Meant::Heading2013(all) if all.iter().any(|one| one.id == "A.5.18")));
        assert!(matches!(meant("A.18.2.3"), Meant::Of2013(all) if all.len() == 2));
    }

    #[test]
    fn clauses_are_read_in_other_spellings() {
        assert_eq!(clause("Clause 9.2"), Some("9.2"));
        assert_eq!(clause("9.2.2."), Some("9.2.2"));
        assert_eq!(clause("11.1"), None);
    }

    #[test]
    fn neighbours_are_ranges() {
        let of = |places: &[usize]| ranges(&places.iter().map(|place| &controls()[*place]).collect::<Vec<_>>());
        assert_eq!(of(&[0, 1, 2, 4, 6, 7]), "A.5.1 to A.5.3, A.5.5, A.5.7, A.5.8");
        assert_eq!(
            of(&(0..40).step_by(2).collect::<Vec<_>>()).rsplit(' ').take(3).collect::<Vec<_>>(),
            ["more", "12", "and"]
        );
    }
}
