//! A line of a log with what varies from run to run marked: `{time}`, `{process}`, `{line}`, `{dialled}`, `{caller}`, `{node}`,
//! `{address}`, `{type}`, `{path}`, `{random}`, and `{message}`, the inner message that `kubepki handshake` works out.

use std::sync::OnceLock;

use regex_lite::Regex;

/// What is known of a call beforehand.
pub(crate) struct Known<'a> {
    /// `10.0.0.1:6443`
    pub(crate) dialled: &'a str,
    pub(crate) address: &'a str,
    pub(crate) node: &'a str,
    /// The other node whose credential the caller shows.
    pub(crate) stranger: Option<&'a str>,
    /// The inner message of the end whose line it is, and of the other.
    pub(crate) messages: [Option<&'a str>; 2],
}

/// Patterns of what varies whatever the call, with what stands in their place.
const VARYING: &[(&str, &str)] = &[
    // klog's head: severity, date and time, process, source file and line.
    (r"^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ ([\w.?-]+):\d+\]", "$1{time} {process} $2:{line}]"),
    // A trace behind it, and zap's.
    (r#""stacktrace":"[^"]*""#, r#""stacktrace":"{stacktrace}""#),
    (r#""ts":"[^"]*""#, r#""ts":"{time}""#),
    (r#""caller":"([^":]+):\d+""#, r#""caller":"$1:{line}""#),
    // crypto/x509 tells the current time, and the one that it is not after or before.
    (r"current time \S+ is (after|before) \S+?Z", "current time {now} is $1 {end}"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "{time}"),
    (r"SN=\d+, SKID=[0-9A-F:]*, AKID=[0-9A-F:]*", "SN={serial}, SKID={skid}, AKID={akid}"),
    (r"etcd-endpoints://0x[0-9a-f]+", "etcd-endpoints://{random}"),
    (r"Channel #\d+ SubChannel #\d+", "Channel #{number} SubChannel #{number}"),
    // Which of its resources an informer asks for first is chance.
    (r#"failed to list \*[\w.]+: Get \\"(https?://[^/]+)/[^"\\]*\\""#, r#"failed to list {type}: Get \"$1/{path}\""#),
    (r"failed to list \*[\w.]+: ", "failed to list {type}: "),
    (
        r#"cannot (list|watch) resource \\"\w+\\" in API group \\"[\w.]*\\""#,
        r#"cannot $1 resource \"{resource}\" in API group \"{group}\""#,
    ),
    (r#"\{type\}: [\w.]+ is forbidden"#, "{type}: {resource} is forbidden"),
    (r#"reflector="(\S+):\d+""#, r#"reflector="$1:{line}""#),
    (r#" type="\*[\w.]+""#, r#" type="{type}""#),
    (r#" event="&Event.*"#, r#" event="{event}""#),
    (r#"interval="[\d.]+m?s""#, r#"interval="{interval}""#),
    (r#"(apis?/[\w./-]*)\?[^"\\ ]*"#, "$1?{query}"),
];

fn varying() -> &'static [(Regex, &'static str)] {
    static COMPILED: OnceLock<Vec<(Regex, &'static str)>> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let compiled = VARYING.iter().map(|(pattern, with)| (Regex::new(pattern).expect("a pattern"), *with));
        compiled.collect()
    })
}

/// Text in which nothing varies by the clock.
fn timeless(text: &str) -> String {
    varying().iter().fold(text.to_owned(), |text, (pattern, with)| pattern.replace_all(&text, *with).into_owned())
}

/// The inside of a string as Go's `%q` and JSON write it: quotation marks and backslashes have a backslash before them.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

impl Known<'_> {
    /// Whether a line holds the inner message of either end.
    pub(crate) fn is_about(&self, line: &str) -> bool {
        let marked = self.marked(line);
        marked.contains("{message") || marked.contains("{other")
    }

    /// The line with its varying parts marked.
    pub(crate) fn marked(&self, line: &str) -> String {
        let mut line = timeless(line);
        for (message, name) in self.messages.iter().zip(["message", "other"]) {
            let Some(message) = message.filter(|message| message.len() > 2) else { continue };
            let message = timeless(message);
            // Twice quoted first: a line that holds it so holds no other.
            for text in [quoted(&quoted(&message)), quoted(&message), message] {
                line = replaced(&line, &text, name);
            }
        }
        line = line.replace(self.dialled, "{dialled}");
        line = ports(&line, self.address);
        line = ports(&line, "127.0.0.1");
        line = line.replace(self.address, "{address}");
        line = words(&line, self.node, "{node}");
        match self.stranger {
            Some(name) => words(&line, name, "{stranger}"),
            None => line,
        }
    }
}

/// Puts a mark where a message stands, with how often it is quoted there. That shows by what it stands in, not by itself: most
/// have nothing that would be quoted.
fn replaced(line: &str, text: &str, name: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    while let Some(at) = line[from..].find(text).map(|at| from + at) {
        let quotes = ["", "/q", "/qq"][depth(&line[..at])];
        out += &format!("{}{{{name}{quotes}}}", &line[from..at]);
        from = at + text.len();
    }
    out + &line[from..]
}

/// In how many pairs of quotation marks a place stands, by what is before it.
fn depth(before: &str) -> usize {
    let (mut outer, mut inner, mut slashes) = (false, false, 0);
    for letter in before.chars() {
        match letter {
            '\\' => slashes += 1,
            '"' if slashes == 0 => {
                outer = !outer;
                inner = false;
            }
            '"' if slashes == 1 && outer => inner = !inner,
            _ => {}
        }
        if letter != '\\' {
            slashes = 0;
        }
    }
    usize::from(outer) + usize::from(outer && inner)
}

/// The ports on which components listen.
const LISTENING: &[&str] = &["443", "2379", "2380", "6443", "10250"];

/// Marks the port that a caller happened to have.
fn ports(line: &str, address: &str) -> String {
    let pattern = Regex::new(&format!(r"{}:(\d+)\b", regex_lite::escape(address))).expect("a pattern");
    let marked = |found: &regex_lite::Captures<'_>| match LISTENING.contains(&&found[1]) {
        true => found[0].to_owned(),
        false => "{caller}".to_owned(),
    };
    pattern.replace_all(line, marked).into_owned()
}

/// Marks whole words.
fn words(line: &str, word: &str, mark: &str) -> String {
    let pattern = Regex::new(&format!(r"\b{}\b", regex_lite::escape(word)));
    pattern.expect("a pattern").replace_all(line, mark).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Known<'_> = Known {
        dialled: "10.0.0.11:6443",
        address: "10.0.0.11",
        node: "cp-1",
        stranger: None,
        messages: [
            Some(
                "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-30T15:06:10Z is after 2026-11-29T15:05:31Z",
            ),
            None,
        ],
    };

    #[test]
    fn what_varies_is_marked() {
        let line = "E1130 15:06:13.904638     329 leaderelection.go:473] \"Error retrieving lease lock\" err=\"Get \\\"https://10.0.0.11:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager?timeout=5s\\\": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-30T15:06:13Z is after 2026-11-29T15:05:31Z\" lock=\"kube-system/kube-controller-manager\"";
        assert_eq!(
            KNOWN.marked(line),
            "E{time} {process} leaderelection.go:{line}] \"Error retrieving lease lock\" err=\"Get \\\"https://{dialled}/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager?{query}\\\": {message/q}\" lock=\"kube-system/kube-controller-manager\""
        );
        assert_eq!(depth("a \"b \\\"c"), 2);
        assert_eq!(depth("a \"b \\\"c\\\" d"), 1);
        assert_eq!(
            KNOWN.marked("http: TLS handshake error from 10.0.0.11:47574: EOF"),
            "http: TLS handshake error from {caller}: EOF"
        );
    }
}
