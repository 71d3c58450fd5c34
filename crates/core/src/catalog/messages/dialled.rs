//! The host and port that a line says were dialled.

/// Where a line says that somebody called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialled<'a> {
    /// Name or address, an IPv6 address in its brackets.
    pub(super) host: &'a str,
    /// The port; that of the scheme where none is written.
    pub(super) port: u16,
}

/// What stands before an authority, and the port that goes without saying. An address behind `from` or `remote-addr` is a
/// caller's own: nobody listens there.
const BEFORE: &[(&str, Option<u16>)] = &[
    ("https://", Some(443)),
    ("http://", Some(80)),
    // How etcd's client names its target: a number of its own, then the address.
    ("etcd-endpoints://", None),
    ("Addr: \"", None),
    ("failed to connect to {", None),
    ("dial tcp ", None),
    ("to the server ", None),
];

impl<'a> Dialled<'a> {
    /// The call that a message at a place of the line is about: the last one before it, otherwise the first behind it.
    pub(super) fn of(line: &'a str, message: usize) -> Option<Self> {
        let all = BEFORE.iter().flat_map(|(before, port)| {
            line.match_indices(before).filter_map(move |(at, _)| {
                let mut rest = &line[at + before.len()..];
                if before.starts_with("etcd-endpoints") {
                    rest = rest.split_once('/')?.1;
                }
                Some((at, Self::read(rest, *port)?))
            })
        });
        let all: Vec<(usize, Self)> = all.collect();
        let before = all.iter().filter(|(at, _)| *at < message).max_by_key(|(at, _)| *at);
        before.or_else(|| all.iter().min_by_key(|(at, _)| *at)).map(|(_, it)| *it)
    }

    /// The authority with which a text begins. What cannot be one is none, so that it can stand in a command.
    fn read(text: &'a str, port: Option<u16>) -> Option<Self> {
        let length = text.find(|one: char| !(one.is_ascii_alphanumeric() || ".-_:[]".contains(one)));
        let text = text[..length.unwrap_or(text.len())].trim_end_matches(['.', ':']);
        let end = match text.starts_with('[') {
            true => text.find(']')? + 1,
            false => text.find(':').unwrap_or(text.len()),
        };
        let (host, rest) = text.split_at(end);
        let port = match rest.strip_prefix(':') {
            Some(digits) => digits.parse().ok()?,
            None if rest.is_empty() => port?,
            None => return None,
        };
        let inside = host.trim_start_matches('[').trim_end_matches(']');
        let is_host =
            inside.contains(|one: char| one.is_ascii_alphanumeric() || one == ':') && !inside.starts_with('-');
        is_host.then_some(Self { host, port })
    }

    /// As a command takes it.
    pub(super) fn text(self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether it is this machine.
    pub(super) fn is_loopback(self) -> bool {
        self.host == "localhost" || self.host == "[::1]" || self.host.starts_with("127.")
    }

    /// Whether it is the first address of a range, which the Service `kubernetes` has.
    pub(super) fn is_first_address(self) -> bool {
        let is_v4 = self.host.bytes().all(|one| one.is_ascii_digit() || one == b'.');
        !self.is_loopback() && (is_v4 && self.host.ends_with(".1") || self.host.ends_with(":1]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_dialled_stands_before_the_message_and_a_callers_own_address_is_none() {
        let of = |line: &str| Dialled::of(line, line.find("x509").unwrap_or(line.len())).map(Dialled::text);
        for (line, expected) in [
            ("Get \"https://10.0.0.21:10250/metrics\": x509: no", Some("10.0.0.21:10250")),
            ("Head \"https://registry.corp.example/v2/\": x509: no", Some("registry.corp.example:443")),
            ("Get \"https://[fd00::10]:6443/api\": x509: no", Some("[fd00::10]:6443")),
            ("to {Addr: \"127.0.0.1:2379\", ServerName: \"x\"} x509: no", Some("127.0.0.1:2379")),
            ("failed to connect to {127.0.0.1:2379 <nil> 0} x509", Some("127.0.0.1:2379")),
            ("\"target\":\"etcd-endpoints://0xc0001/10.0.0.5:2379\",\"error\":\"x509", Some("10.0.0.5:2379")),
            ("dial tcp 10.0.0.1:6443: connect: connection refused", Some("10.0.0.1:6443")),
            ("https://one:1/ https://two:2/ x509 https://three:3/", Some("two:2")),
            ("http: TLS handshake error from 10.0.0.5:40000: x509: no", None),
            ("\"remote-addr\":\"10.0.0.5:23801\" logging.go:55] x509", None),
            ("https://$(reboot):1/ https://-x:1/ https://a:99999/ x509", None),
        ] {
            assert_eq!(of(line).as_deref(), expected, "{line}");
        }
    }
}
