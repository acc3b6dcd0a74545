//! Did you mean: the known word nearest to an unknown one.

use strsim::osa_distance;

/// Returns the word that was probably meant: the same but for case, `-`, `_`, camel case or a plural; else the one with
/// the fewest slips of the finger. Of equals the first.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let plain = normalized(word);
    if plain.is_empty() || plain.len() > MAX_LEN {
        return None;
    }
    let same = |candidate: &&str| normalized(candidate) == plain;
    let singular = |candidate: &&str| stem(&normalized(candidate)) == stem(&plain);
    candidates
        .clone()
        .find(same)
        .or_else(|| candidates.clone().find(singular))
        .or_else(|| within(&plain, candidates, slips))
}

/// Returns the one of a few words that have to be there which was probably meant: one more slip is forgiven.
pub(crate) fn nearest_of_few<'a>(word: &str, candidates: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let plain = normalized(word);
    if plain.len() > MAX_LEN {
        return None;
    }
    within(&plain, candidates, |len| slips(len) + 1)
}

fn within<'a>(
    plain: &str,
    candidates: impl Iterator<Item = &'a str>,
    slips: impl Fn(usize) -> usize,
) -> Option<&'a str> {
    candidates
        .map(|candidate| (osa_distance(plain, &normalized(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= slips(plain.len().max(candidate.len())))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// No field of the format comes near this length; comparing longer words would only cost time.
const MAX_LEN: usize = 64;

/// How many slips leave a word of a length recognizable.
fn slips(len: usize) -> usize {
    match len {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    }
}

/// `heldBy`, `held-by` and `Held By` are `held_by`.
fn normalized(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 2);
    let mut after_lower = false;
    for c in word.trim().chars() {
        if c.is_uppercase() && after_lower {
            out.push('_');
        }
        after_lower = c.is_lowercase() || c.is_ascii_digit();
        if matches!(c, '-' | ' ') {
            out.push('_');
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}

/// Cuts the ending of a plural.
fn stem(word: &str) -> &str {
    match word.strip_suffix("ies").or_else(|| word.strip_suffix('y')) {
        Some(stem) => stem,
        None => word.strip_suffix('s').unwrap_or(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(word: &str, expected: Option<&str>) {
        let words = "title owner approved reviewed review held_by policies people by as date to max_acceptance";
        assert_eq!(nearest(word, words.split(' ')), expected, "{word}");
    }

    #[test]
    fn spelling_variants_of_a_word_are_the_word() {
        near("Owner", Some("owner"));
        near("heldBy", Some("held_by"));
        near("held-by", Some("held_by"));
        near("Max Acceptance", Some("max_acceptance"));
        near("policy", Some("policies"));
        near("owners", Some("owner"));
        near("reviews", Some("review"));
    }

    #[test]
    fn a_slip_of_the_finger_is_recognized() {
        near("aprroved", Some("approved"));
        near("apporved", Some("approved"));
        near("titel", Some("title"));
        near("poeple", Some("people"));
        near("dat", Some("date"));
        near("reviewd", Some("reviewed"));
    }

    #[test]
    fn another_word_is_not_mistaken_for_a_slip() {
        near("severity", None);
        near("is", None);
        near("at", None);
        near("", None);
        near("x", None);
        near(&"o".repeat(100_000), None);
    }
}
