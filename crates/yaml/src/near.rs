//! The known word nearest to an unknown one.

/// The candidate that was probably meant: the same letters in another case, the same last part, or two typing errors
/// away at most.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let (whole, part) = (word.to_ascii_lowercase(), last(word));
    candidates
        .filter_map(|candidate| {
            let distance = if candidate.to_ascii_lowercase() == whole {
                0
            } else if last(candidate) == part {
                1
            } else {
                distance(&whole, &candidate.to_ascii_lowercase()).saturating_add(1)
            };
            (distance <= 3).then_some((distance, candidate))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, remove or replace to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > 2 || one.len() > 100 {
        return usize::MAX;
    }
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, right) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_understood() {
        let known = ["clusterName", "apiServer.certSANs", "networking.dnsDomain"];
        for (word, meant) in [
            ("clustername", Some("clusterName")),
            ("clusterNmae", Some("clusterName")),
            ("certSANs", Some("apiServer.certSANs")),
            ("apiServer.certSANS", Some("apiServer.certSANs")),
            ("networking.dnsDomian", Some("networking.dnsDomain")),
            ("colour", None),
        ] {
            assert_eq!(nearest(word, known.into_iter()), meant, "{word}");
        }
    }
}
