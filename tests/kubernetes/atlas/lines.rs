//! A line of a log with what varies from run to run marked: `{time}`, `{process}`, `{line}`, `{dialled}`, `{caller}`, `{node}`,
//! `{address}`, `{host}`, `{server}`, `{member}`, `{type}`, `{path}`, `{random}`, and `{message}`, the inner message that `kubepki handshake` works out.

use std::sync::OnceLock;

use regex_lite::{Captures, Regex};

/// What is known of a call beforehand.
pub(crate) struct Known<'a> {
    dialled: &'a str,
    address: &'a str,
    /// Ports of callers at that address, and at the loopback one.
    ports: [Regex; 2],
    /// Names of nodes with their marks.
    names: Vec<(Regex, &'static str)>,
    /// The address of another machine that is called.
    host: Option<&'a str>,
    messages: [Option<&'a str>; 2],
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
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000 UTC( m=\+[\d.]+)?", "{time}"),
    (r"SN=\d+, SKID=[0-9A-F:]*, AKID=[0-9A-F:]*", "SN={serial}, SKID={skid}, AKID={akid}"),
    (r"etcd-endpoints://0x[0-9a-f]+", "etcd-endpoints://{random}"),
    // grpc-go by itself.
    (r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", "{time} "),
    (r#""(cluster_id|member_id|leader)":"\d+""#, r#""$1":"{member}""#),
    (r#""(raft_term|raftTerm|raftIndex|raftAppliedIndex|dbSize|dbSizeInUse|revision)":"\d+""#, r#""$1":"{number}""#),
    // Whom it asks where a name leads, and what comes of that.
    (r" \(lookup [^)]*\)", " ({lookup})"),
    (r#""rtt":"[^"]*""#, r#""rtt":"{interval}""#),
    (r#""requested-revision":\d+"#, r#""requested-revision":{number}"#),
    // What etcd calls its members.
    (r"\b[0-9a-f]{16}\b", "{member}"),
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

/// Whether a marked line holds the inner message of the end whose line it is.
pub(crate) fn holds_own(marked: &str) -> bool {
    marked.contains("{message")
}

/// Whether it holds that of either end.
pub(crate) fn holds_any(marked: &str) -> bool {
    holds_own(marked) || marked.contains("{other")
}

impl<'a> Known<'a> {
    /// `dialled` has a port; `stranger` is the other node whose credential the caller shows; `server` is the address and the
    /// name of another node that is called; `messages` are the inner ones of the end whose line it is, and of the other.
    pub(crate) fn new(
        dialled: &'a str,
        address: &'a str,
        node: &str,
        stranger: Option<&str>,
        server: Option<(&'a str, &str)>,
        messages: [Option<&'a str>; 2],
    ) -> Self {
        let pattern = |text: String| Regex::new(&text).expect("a pattern");
        let ports = [address, "127.0.0.1"].map(|one| pattern(format!(r"{}:(\d+)\b", regex_lite::escape(one))));
        let called = server.map(|(_, name)| name);
        let names = [(Some(node), "{node}"), (stranger, "{stranger}"), (called, "{server}")].into_iter();
        let names = names.filter_map(|(name, mark)| Some((name?, mark)));
        let names = names.map(|(name, mark)| (pattern(format!(r"\b{}\b", regex_lite::escape(name))), mark)).collect();
        Self { dialled, address, ports, names, host: server.map(|(host, _)| host), messages }
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
        for ports in &self.ports {
            line = ports.replace_all(&line, caller).into_owned();
        }
        line = line.replace(self.address, "{address}");
        if let Some(host) = self.host {
            line = line.replace(host, "{host}");
        }
        self.names.iter().fold(line, |line, (name, mark)| name.replace_all(&line, *mark).into_owned())
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

/// Marks an address whose port a caller happened to have.
fn caller(found: &Captures<'_>) -> String {
    match LISTENING.contains(&&found[1]) {
        true => found[0].to_owned(),
        false => "{caller}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-30T15:06:10Z is after 2026-11-29T15:05:31Z";

    #[test]
    fn what_varies_is_marked() {
        let known = Known::new("10.0.0.11:6443", "10.0.0.11", "cp-1", None, None, [Some(MESSAGE), None]);
        let line = "E1130 15:06:13.904638     329 leaderelection.go:473] \"Error retrieving lease lock\" err=\"Get \\\"https://10.0.0.11:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager?timeout=5s\\\": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-30T15:06:13Z is after 2026-11-29T15:05:31Z\" lock=\"kube-system/kube-controller-manager\"";
        assert_eq!(
            known.marked(line),
            "E{time} {process} leaderelection.go:{line}] \"Error retrieving lease lock\" err=\"Get \\\"https://{dialled}/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager?{query}\\\": {message/q}\" lock=\"kube-system/kube-controller-manager\""
        );
        assert_eq!(depth("a \"b \\\"c"), 2);
        assert_eq!(depth("a \"b \\\"c\\\" d"), 1);
        assert_eq!(
            known.marked("http: TLS handshake error from 10.0.0.11:47574: EOF"),
            "http: TLS handshake error from {caller}: EOF"
        );
    }
}
