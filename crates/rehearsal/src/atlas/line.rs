//! A recorded line: with the values of a call in its marks, and what stands around them.

use std::net::IpAddr;

/// What is known of a call.
pub(super) struct Known<'a> {
    pub(super) message: String,
    pub(super) other: String,
    pub(super) dialled: &'a str,
    pub(super) address: IpAddr,
    pub(super) node: &'a str,
    /// The host that is dialled, and the name of its node.
    pub(super) host: &'a str,
    pub(super) server: &'a str,
    /// The other node whose credential the caller shows.
    pub(super) stranger: Option<&'a str>,
}

/// Marks that stand for something; a brace in a line that begins none of them is itself.
const VARYING: &[&str] = &[
    "time",
    "now",
    "end",
    "process",
    "line",
    "caller",
    "type",
    "path",
    "query",
    "random",
    "member",
    "lookup",
    "resource",
    "group",
    "number",
    "event",
    "interval",
    "stacktrace",
    "serial",
    "skid",
    "akid",
];

/// Marks that a call gives a value.
const KNOWN: &[&str] = &["message", "other", "dialled", "address", "node", "host", "server", "stranger"];

/// What of a line is the same whenever it is printed: the parts between its marks, without klog's head and without the
/// backslashes that JSON and klog put before quotes.
pub(super) fn fixed(line: &str) -> Vec<String> {
    let head = line.find("] ").filter(|_| line.get(1..7) == Some("{time}")).map_or(0, |at| at + "] ".len());
    let mut parts = vec![String::new()];
    let mut rest = &line[head..];
    while let Some(at) = rest.find('{') {
        let mark = rest[at + 1..].split_once('}').filter(|(mark, _)| {
            let name = mark.split('/').next().unwrap_or_default();
            KNOWN.contains(&name) || VARYING.contains(&name)
        });
        let (before, after) = match mark {
            Some((_, after)) => (&rest[..at], after),
            None => rest.split_at(at + 1),
        };
        parts.last_mut().into_iter().for_each(|part| part.push_str(before));
        if mark.is_some() {
            parts.push(String::new());
        }
        rest = after;
    }
    parts.last_mut().into_iter().for_each(|part| part.push_str(rest));
    parts.into_iter().map(|part| part.replace('\\', "")).filter(|part| !part.is_empty()).collect()
}

impl Known<'_> {
    /// The line as it would be printed, `…` for what cannot be known.
    pub(super) fn filled(&self, line: &str) -> String {
        let mut out = String::with_capacity(line.len());
        let mut rest = line;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let mark = rest[at + 1..].split_once('}').and_then(|(mark, after)| Some((self.value(mark)?, after)));
            match mark {
                Some((value, after)) => {
                    out.push_str(&value);
                    rest = after;
                }
                None => {
                    out.push('{');
                    rest = &rest[at + 1..];
                }
            }
        }
        out + rest
    }

    /// What a mark stands for; nothing where it is none.
    fn value(&self, mark: &str) -> Option<String> {
        let (name, quotes) = mark.split_once('/').unwrap_or((mark, ""));
        Some(match name {
            "message" => quoted(&self.message, quotes.len()),
            "other" => quoted(&self.other, quotes.len()),
            "dialled" => self.dialled.to_owned(),
            "address" => self.address.to_string(),
            "node" => self.node.to_owned(),
            "host" => self.host.to_owned(),
            "server" => self.server.to_owned(),
            "stranger" => self.stranger.unwrap_or("…").to_owned(),
            varying if VARYING.contains(&varying) => "…".to_owned(),
            _ => return None,
        })
    }
}

/// The inside of a string as Go's `%q` and JSON write it, so many times.
fn quoted(text: &str, times: usize) -> String {
    (0..times).fold(text.to_owned(), |text, _| text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_each_time_stands_between_the_marks() {
        assert_eq!(
            fixed("E{time} {process} a.go:{line}] \"x\" err=\"Get \\\"{dialled}\\\": {message/q}\" a={} b"),
            ["\"x\" err=\"Get \"", "\": ", "\" a={} b"]
        );
        assert_eq!(fixed("error: EOF"), ["error: EOF"]);
    }

    #[test]
    fn every_mark_of_a_call_has_a_value() {
        let known = Known {
            message: String::new(),
            other: String::new(),
            dialled: "",
            address: [10, 0, 0, 1].into(),
            node: "",
            host: "",
            server: "",
            stranger: None,
        };
        assert!(KNOWN.iter().chain(VARYING).all(|mark| known.value(mark).is_some()));
    }

    #[test]
    fn marks_are_filled_and_braces_stay() {
        let known = Known {
            message: "candidate \"ca\"".to_owned(),
            other: "EOF".to_owned(),
            dialled: "10.0.0.1:6443",
            address: [10, 0, 0, 1].into(),
            node: "cp-1",
            host: "10.0.0.1",
            server: "cp-1",
            stranger: None,
        };
        let filled = |line| known.filled(line);
        assert_eq!(
            filled("E{time} {process} a.go:{line}] \"x\" err=\"{message/q}\""),
            "E… … a.go:…] \"x\" err=\"candidate \\\"ca\\\"\""
        );
        assert_eq!(
            filled("{\"msg\":\"{other/q}\",\"a\":{}} {Addr: \"{dialled}\", }"),
            "{\"msg\":\"EOF\",\"a\":{}} {Addr: \"10.0.0.1:6443\", }"
        );
    }
}
