//! The machine's clock, for programs that look at it themselves.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now, Unix seconds.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs() as i64
}

/// Two clocks differ by a second: the time of the check is no part of the words.
pub fn timeless(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("current time ") {
        out += before;
        out += "current time T";
        rest = after.split_once(' ').map_or("", |(_, after)| after);
        out.push(' ');
    }
    out + rest
}
