//! Whether a reason says anything.

use deed_model::Section;

/// Words that every justification could hold, and that say nothing by themselves: lists of words with spaces between.
const EMPTY: &[&str] = &[
    // Function words.
    "a an and any are as at be because been but by can do does doesn don for from has have here i in is isn it \
     its my no nor not nothing of on or our s so t that the their there they this to us was we were with you",
    // What the entry itself says already.
    "annex applicability applicable applies apply control controls covered exclude excluded exclusion \
     implement implemented include included inclusion isms iso iec 27001 27002 2022 2013 mandatory necessary \
     need needed relevance relevant require required requirement requires scope standard standards statement \
     used uses out outside within",
    // Whom it is about anyway, and when.
    "business case company currently environment firm information later moment now organisation organisations \
     organization organizations present security today yet",
    // Placeholders.
    "above below best blank common confirm decided default defined determined dummy etc example explained \
     fixme foo general good idk industry justification justified lorem ipsum na nil none null obvious \
     obviously ok pending placeholder practice practices reason reasons same see self explanatory tba tbc tbd \
     test todo unknown various why wip x xx xxx yes n",
    // The same in German, French and Spanish.
    "anwendbar nicht kein keine entfällt zutreffend erforderlich nötig relevanz siehe oben ist wird non sans \
     objet pas requis aplica procede aplicable necesario",
];

/// Returns whether a text justifies nothing: every word of it could stand in any justification, as in "n/a" or "not applicable
/// to our organisation".
///
/// The address of a subject (`risks.R-12`) says something, whatever its id.
pub(crate) fn is_boilerplate(text: &str) -> bool {
    !names_subject(text) && words(text).all(|word| is_empty(&word))
}

fn is_empty(word: &str) -> bool {
    EMPTY.iter().any(|words| words.split(' ').any(|empty| empty == word))
}

/// Returns whether a text is too short to be a sentence: fewer than three words, and no address of a subject.
pub(crate) fn is_too_short(text: &str) -> bool {
    // Scripts without spaces between words: two signs are about one of ours.
    let signs = text.chars().filter(|c| *c >= '\u{2e80}' && c.is_alphabetic()).count();
    !names_subject(text) && words(text).count() + signs / 2 < 3
}

fn names_subject(text: &str) -> bool {
    let sections = text.split_whitespace().filter_map(|word| word.split_once('.'));
    sections.into_iter().any(|(section, id)| {
        Section::of_key(section).is_some_and(|section| !section.is_singleton()) && id.contains(char::is_alphanumeric)
    })
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::{is_boilerplate, is_too_short};

    #[test]
    fn what_could_stand_anywhere_is_boilerplate() {
        for text in [
            "",
            "-",
            "n/a",
            "N.A.",
            "Not applicable.",
            "This control is not applicable to our organisation",
            "Out of scope of the ISMS",
            "TBD",
            "best practice",
            "Required by ISO/IEC 27001:2022",
            "to be determined",
            "nicht zutreffend",
        ] {
            assert!(is_boilerplate(text), "{text}");
        }
    }

    #[test]
    fn what_names_a_fact_is_none() {
        for text in [
            "PCI DSS 7",
            "GDPR Art. 32",
            "risks.R-12",
            "All offices are in a serviced building.",
            "No software is developed in house",
            "Contract with Nordbank",
            "オフィスはない",
        ] {
            assert!(!is_boilerplate(text), "{text}");
        }
    }

    #[test]
    fn a_word_or_two_are_too_short_and_a_reference_is_not() {
        for (text, short) in [
            ("No cabling", true),
            ("Remote", true),
            ("We own no cabling", false),
            ("risks.R-12", false),
            ("自社のオフィスはない", false),
        ] {
            assert_eq!(is_too_short(text), short, "{text}");
        }
    }
}
