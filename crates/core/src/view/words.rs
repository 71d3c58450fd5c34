//! Numbers and days as people write them.

/// `1 CA`, `3 CAs`, `5,000 CAs`.
pub fn counted(count: usize, word: &str) -> String {
    [thousands(count).as_str(), " ", word, if count == 1 { "" } else { "s" }].concat()
}

/// How far a day is: `in 3 days`, `in 1 day`, `today`, `1 day ago`.
pub fn days_from_now(days: i64) -> String {
    let far = counted(days.unsigned_abs() as usize, "day");
    match days {
        0 => "today".to_owned(),
        ..0 => far + " ago",
        1.. => ["in ", &far].concat(),
    }
}

/// A number with commas.
pub fn thousands(number: usize) -> String {
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
        assert_eq!(counted(1, "key"), "1 key");
        assert_eq!(counted(0, "key"), "0 keys");
        assert_eq!(counted(5000, "key"), "5,000 keys");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
