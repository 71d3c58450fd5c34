//! Texts that are put together.

/// Texts, one behind the other. Weighs less than `format!`.
pub(crate) fn join(parts: &[&str]) -> String {
    parts.concat()
}

/// `1 certificate`, `12 certificates`, `5,000 certificates`.
pub(crate) fn count(number: usize, word: &str) -> String {
    join(&[&thousands(number), " ", word, if number == 1 { "" } else { "s" }])
}

/// A number with commas.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(count(1, "key"), "1 key");
        assert_eq!(count(0, "key"), "0 keys");
        assert_eq!(count(5000, "key"), "5,000 keys");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
