//! "Did you mean": the nearest of some names.

/// Returns the candidate nearest to a mistyped name, if one is near enough to be what was meant.
///
/// Case and the difference between `-`, `_` and `.` cost nothing; otherwise one edit (insertion, removal, replacement,
/// or two neighbours swapped) is allowed for each three characters. Among equals the first candidate wins.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = folded(name);
    let limit = (name.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let folded = folded(candidate);
            if folded.len().abs_diff(name.len()) > limit {
                return None;
            }
            let distance = distance(&name, &folded);
            (distance <= limit).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn folded(name: &str) -> Vec<char> {
    name.chars().map(|c| if matches!(c, '_' | '.') { '-' } else { c.to_ascii_lowercase() }).take(128).collect()
}

/// The optimal string alignment distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(ca != cb)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *ca == b[j - 1] && a[i - 1] == *cb {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let roles = ["ceo", "head-of-it", "isms-manager", "cfo"];
        for (typed, meant) in [
            ("head-of-ti", Some("head-of-it")),
            ("Head_of_IT", Some("head-of-it")),
            ("isms-maneger", Some("isms-manager")),
            ("coe", Some("ceo")),
            ("auditor", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, roles), meant, "{typed}");
        }
    }
}
