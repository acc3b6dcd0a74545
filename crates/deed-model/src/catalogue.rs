//! The Annex A controls of ISO/IEC 27001:2022 and the clauses of its body: ids, titles, attributes, 2013 ids.
//!
//! Titles and our own hints only; the standard's text is not ours to ship.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

const ANNEX_A: &str = include_str!("../data/annex_a.csv");
const CLAUSES: &str = include_str!("../data/clauses.csv");

/// An Annex A control with the attributes of ISO/IEC 27002:2022.
#[derive(Debug)]
pub struct AnnexControl {
    /// As in `A.5.15`.
    pub id: &'static str,
    /// Organizational, People, Physical or Technological.
    pub theme: &'static str,
    /// The control's title.
    pub title: &'static str,
    /// Preventive, Detective, Corrective.
    pub control_type: Vec<&'static str>,
    /// Confidentiality, Integrity, Availability.
    pub properties: Vec<&'static str>,
    /// Identify, Protect, Detect, Respond, Recover.
    pub concepts: Vec<&'static str>,
    /// Operational capabilities.
    pub capabilities: Vec<&'static str>,
    /// Security domains.
    pub domains: Vec<&'static str>,
    /// The ids in the 2013 edition that it came from; empty for a control that was new in 2022.
    pub iso2013: Vec<&'static str>,
}

/// A clause of the standard's body.
#[derive(Debug)]
pub struct Clause {
    /// As in `9.3.2`.
    pub id: &'static str,
    /// The clause's title.
    pub title: &'static str,
    /// What it asks to keep as documented information.
    pub documents: Vec<&'static str>,
}

/// Returns the 93 controls, in the order of the standard.
pub fn controls() -> &'static [AnnexControl] {
    static CONTROLS: LazyLock<Vec<AnnexControl>> = LazyLock::new(|| {
        rows(ANNEX_A)
            .map(|row| AnnexControl {
                id: row[0],
                theme: row[1],
                title: row[2],
                control_type: list(row[3]),
                properties: list(row[4]),
                concepts: list(row[5]),
                capabilities: list(row[6]),
                domains: list(row[7]),
                iso2013: list(row[8]).into_iter().filter(|id| *id != "new").collect(),
            })
            .collect()
    });
    &CONTROLS
}

/// Returns a control of the 2022 edition by its id.
pub fn control(id: &str) -> Option<&'static AnnexControl> {
    static BY_ID: LazyLock<HashMap<&str, &AnnexControl, RandomState>> =
        LazyLock::new(|| controls().iter().map(|control| (control.id, control)).collect());
    BY_ID.get(id).copied()
}

/// Returns the controls of the 2022 edition that took up a control of the 2013 edition.
///
/// Empty where `id` is no 2013 id. Ids such as `A.5.1` and `A.8.2` are of the 2022 edition and never found here:
/// 2013 ids have one number more.
pub fn successors_of_2013(id: &str) -> Vec<&'static AnnexControl> {
    controls().iter().filter(|control| control.iso2013.contains(&id)).collect()
}

/// Returns the clauses 4 to 10, in the order of the standard.
pub fn clauses() -> &'static [Clause] {
    static CLAUSE_LIST: LazyLock<Vec<Clause>> = LazyLock::new(|| {
        rows(CLAUSES)
            .map(|row| Clause {
                id: row[0],
                title: row[1],
                documents: row[2].split("; ").filter(|document| !document.is_empty()).collect(),
            })
            .collect()
    });
    &CLAUSE_LIST
}

/// The rows below the heading of a CSV file of ours: a field with a comma in it stands in double quotes.
fn rows(csv: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    csv.lines().skip(1).filter(|line| !line.is_empty()).map(|line| {
        let (mut fields, mut rest) = (Vec::new(), line);
        loop {
            let (field, after) = match rest.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
                Some((field, after)) => (field, after),
                None => rest.split_at(rest.find(',').unwrap_or(rest.len())),
            };
            fields.push(field);
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None => break fields,
            }
        }
    })
}

fn list(field: &'static str) -> Vec<&'static str> {
    field.split(';').map(str::trim).filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annex_a_has_93_controls_in_four_themes() {
        let of_theme = |theme| controls().iter().filter(|control| control.theme == theme).count();
        assert_eq!(controls().len(), 93);
        assert_eq!(
            ["Organizational", "People", "Physical", "Technological"].map(of_theme),
            [37, 8, 14, 34],
            "ISO/IEC 27001:2022, Annex A"
        );
    }

    #[test]
    fn every_control_has_its_attributes() {
        for control in controls() {
            let filled = [&control.control_type, &control.properties, &control.concepts, &control.capabilities];
            assert!(filled.iter().all(|list| !list.is_empty()) && !control.domains.is_empty(), "{}", control.id);
            assert!(!control.title.contains('"'), "{}", control.title);
        }
    }

    #[test]
    fn a_2013_id_leads_to_its_successors() {
        let ids = |id| successors_of_2013(id).iter().map(|control| control.id).collect::<Vec<_>>();
        assert_eq!(ids("A.9.2.3"), ["A.8.2"]);
        assert_eq!(ids("A.5.1.1"), ["A.5.1"]);
        assert!(ids("A.5.1").is_empty());
    }

    #[test]
    fn clauses_name_the_documents_they_ask_for() {
        let of = |id| clauses().iter().find(|clause| clause.id == id).expect("a clause");
        assert_eq!(of("4.3").documents, ["scope of the ISMS"]);
        assert_eq!(of("5.3").title, "Organizational roles, responsibilities and authorities");
        assert_eq!(of("6.1.3").documents.len(), 3);
    }
}
