//! kubeadm's own rules for single values, in its own words (kubeadm: apis/kubeadm/validation/validation.go, unless said
//! otherwise). Each says what is wrong with a text, or nothing.

use kubepki_core::diag::Quoted;
use kubepki_core::snippet::kubeadm::{HASH_TO_FILL, TOKEN_TO_FILL};
use kubepki_core::spec::field::KEY_ALGORITHMS;
use kubepki_core::spec::name::{is_subdomain, parse_ip, parse_port};
use kubepki_core::spec::{Cidr, Endpoint, Lifetime, San};

/// A sentence, unless the value is right.
fn unless(right: bool, sentence: &str) -> Option<String> {
    (!right).then(|| sentence.to_owned())
}

/// The same with the value, as kubeadm's field errors have it (k8s.io/apimachinery: field.Invalid). Not for secrets.
fn valid(right: bool, text: &str, sentence: &str) -> Option<String> {
    (!right).then(|| format!("Invalid value: {}: {sentence}", Quoted(text)))
}

pub(super) fn absolute_path(text: &str) -> Option<String> {
    valid(text.starts_with('/'), text, "path is not absolute")
}

pub(super) fn ca_path(text: &str) -> Option<String> {
    valid(text.starts_with('/') && text.ends_with(".crt"), text, "the ca certificate path must be an absolute path")
}

/// kubeadm: util/endpoint.go, ParseHostPort.
pub(super) fn endpoint(text: &str) -> Option<String> {
    // What Go's `net.SplitHostPort` cannot split is all host: an address in brackets too, where no port follows.
    let split = text.rsplit_once(':').filter(|(host, _)| !host.contains(':') || host.ends_with(']'));
    let (host, port) = split.unwrap_or((text, ""));
    let bare = split.is_none() && text.starts_with('[');
    if text.is_empty() || (!bare && Endpoint::parse(without_port(text)).is_some()) {
        return None;
    }
    Some(match port.is_empty() || parse_port(port).is_some() {
        true => format!("hostport {text}: host '{host}' must be a valid IP address or a valid RFC-1123 DNS subdomain"),
        false => format!("hostport {text}: port {port} must be a valid number between 1 and 65535, inclusive"),
    })
}

/// An endpoint that ends with the colon before a port, which then is none to Go's `net.SplitHostPort`, without it; an IPv6
/// address then without brackets.
pub(super) fn without_port(text: &str) -> &str {
    match text.strip_suffix(':') {
        Some(host) => match host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            Some(address) => address,
            None if host.contains(':') => text,
            None => host,
        },
        None => text,
    }
}

/// What the discovery of a joining node dials; Go's `net.SplitHostPort` wants a port.
pub(super) fn host_port(text: &str) -> Option<String> {
    let port = text.rsplit_once(':').filter(|(host, _)| !host.contains(':') || host.ends_with(']'));
    match port {
        Some(_) => None,
        None => Some(format!("address {text}: missing port in address")),
    }
}

pub(super) fn subnet(text: &str) -> Option<String> {
    valid(Cidr::parse(text).is_some(), text, "couldn't parse subnet")
}

/// Ranges by commas: one, or one of each family.
pub(super) fn families(text: &str) -> Option<String> {
    let ranges: Vec<Cidr> = text.split(',').filter_map(Cidr::parse).collect();
    let right = match &ranges[..] {
        [] | [_] => true,
        [one, other] => one.network.is_ipv4() != other.network.is_ipv4(),
        [_, _, ..] => false,
    };
    valid(right, text, "expected one (IPv4 or IPv6) CIDR or two CIDRs from each family for dual-stack networking")
}

/// k8s.io/apimachinery: pkg/util/validation, IsDNS1123Subdomain.
pub(super) fn subdomain(text: &str) -> Option<String> {
    valid(
        is_subdomain(text),
        text,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    )
}

/// kubeadm lower-cases node names before it looks at them.
pub(super) fn node_name(text: &str) -> Option<String> {
    subdomain(&text.to_ascii_lowercase())
}

pub(super) fn alternative_name(text: &str) -> Option<String> {
    valid(
        San::parse(text).is_some(),
        text,
        "altname is not a valid IP address, DNS label or a DNS label with subdomain wildcards",
    )
}

/// kubeadm lowers the API server's names before it looks at them (app/util/config/common.go, LowercaseSANs), not etcd's.
pub(super) fn lowered_name(text: &str) -> Option<String> {
    alternative_name(&text.to_ascii_lowercase()).and_then(|_| alternative_name(text))
}

pub(super) fn address(text: &str) -> Option<String> {
    valid(parse_ip(text).is_some(), text, "ip address is not valid")
}

/// kubeadm: util/config/initconfiguration.go, SetAPIEndpointDynamicDefaults.
pub(super) fn advertise_address(text: &str) -> Option<String> {
    let sentence =
        || format!("couldn't use \"{text}\" as \"apiserver-advertise-address\", must be ipv4 or ipv6 address");
    parse_ip(text).is_none().then(sentence)
}

pub(super) fn port(text: &str) -> Option<String> {
    valid(parse_port(text).is_some(), text, "port number is not valid")
}

pub(super) fn algorithm(text: &str) -> Option<String> {
    let mut known = KEY_ALGORITHMS.to_vec();
    known.sort_unstable();
    let known = known.join(" ");
    (!KEY_ALGORITHMS.contains(&text))
        .then(|| format!("Invalid encryption algorithm {}. Must be one of [{known}]", Quoted(text)))
}

/// A Go duration, in the words of Go's `time.ParseDuration`.
pub(super) fn duration(text: &str) -> Option<String> {
    const UNITS: [&str; 7] = ["h", "m", "s", "ms", "us", "µs", "ns"];
    let is_unit = |one: char| !one.is_ascii_digit() && one != '.' && one != '-' && one != '+';
    let unknown = text.split(|one| !is_unit(one)).find(|unit| !unit.is_empty() && !UNITS.contains(unit));
    if let Some(unit) = unknown
        && text.starts_with(|one: char| one.is_ascii_digit())
    {
        return Some(format!("time: unknown unit {} in duration {}", Quoted(unit), Quoted(text)));
    }
    if text.bytes().all(|one| one.is_ascii_digit()) && !text.is_empty() && text != "0" {
        return Some(format!("time: missing unit in duration {}", Quoted(text)));
    }
    // To Go these are durations; what kubeadm makes of them is no certificate.
    if let Some(Ok(_)) = text.strip_prefix('-').map(Lifetime::parse) {
        return Some(format!(
            "{text} is before now: kubeadm takes it, and what it then issues has ended when it begins"
        ));
    }
    if is_no_time(text) {
        return None;
    }
    Lifetime::parse(text).err().map(|_| format!("time: invalid duration {}", Quoted(text)))
}

/// Whether a duration is none.
pub(super) fn is_no_time(text: &str) -> bool {
    ["0", "0s", "0m", "0h", "0h0m0s", "0m0s"].contains(&text)
}

/// A moment, in the words of Go's `time.Parse`.
pub(super) fn moment(text: &str) -> Option<String> {
    let shape = "0000-00-00T00:00:00";
    let fits = text.is_char_boundary(shape.len().min(text.len()))
        && text.len() > shape.len()
        && text
            .bytes()
            .zip(shape.bytes())
            .all(|(one, form)| if form == b'0' { one.is_ascii_digit() } else { one == form });
    (!fits).then(|| format!("parsing time {} as \"2006-01-02T15:04:05Z07:00\": cannot parse it", Quoted(text)))
}

pub(super) fn certificate_key(text: &str) -> Option<String> {
    if let Some(odd) = text.chars().find(|one| !one.is_ascii_hexdigit()) {
        // As Go's `%#U`: what cannot be printed is not.
        let shown = if odd.is_control() { String::new() } else { format!(" '{odd}'") };
        let code = u32::from(odd);
        return Some(format!("certificate key decoding error: encoding/hex: invalid byte: U+{code:04X}{shown}"));
    }
    if text.len() % 2 == 1 {
        return Some("certificate key decoding error: encoding/hex: odd length hex string".to_owned());
    }
    (!text.is_empty() && text.len() != 64)
        .then(|| format!("invalid certificate key size {}, the key must be an AES key of size 32", text.len() / 2))
}

/// Whether a text is a bootstrap token: six and sixteen characters around a dot.
fn is_token(text: &str) -> bool {
    let word = |part: &str| part.bytes().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit());
    text.split_once('.').is_some_and(|(id, secret)| id.len() == 6 && secret.len() == 16 && word(id) && word(secret))
}

/// kubeadm: apis/bootstraptoken/v1/utils.go. The value is not repeated: it may be a secret with a typing error.
pub(super) fn bootstrap_token(text: &str) -> Option<String> {
    unless(is_token(text), "the bootstrap token was not of the form \"\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z\"")
}

/// A joining node's token; the mark of our own export, which waits for one, is no error.
pub(super) fn join_token(text: &str) -> Option<String> {
    unless(is_token(text) || text == TOKEN_TO_FILL, "the bootstrap token is invalid")
}

/// kubeadm: util/pubkeypin/pubkeypin.go.
pub(super) fn ca_hash(text: &str) -> Option<String> {
    if text == HASH_TO_FILL {
        return None;
    }
    let Some((format, value)) = text.split_once(':') else {
        return Some("invalid public key hash, expected \"format:value\"".to_owned());
    };
    if !format.eq_ignore_ascii_case("sha256") {
        return Some(format!("unknown hash format {}", Quoted(format)));
    }
    let hex = value.bytes().all(|one| one.is_ascii_hexdigit());
    (!hex || value.len() != 64).then(|| format!("expected a 32 byte SHA-256 hash, found {} bytes", value.len() / 2))
}

/// k8s.io/cluster-bootstrap: token/util.
pub(super) fn token_usage(text: &str) -> Option<String> {
    let known = ["signing", "authentication"];
    (!known.contains(&text))
        .then(|| format!("invalid bootstrap token usage string: {text}, valid usage options: {}", known.join(",")))
}

/// k8s.io/cluster-bootstrap: token/util.
pub(super) fn token_group(text: &str) -> Option<String> {
    let plain = |one: u8| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b':' || one == b'-';
    let right = text.strip_prefix("system:bootstrappers:").is_some_and(|name| {
        !name.is_empty() && name.len() <= 256 && name.bytes().all(plain) && !name.ends_with([':', '-'])
    });
    (!right).then(|| {
        format!(
            "bootstrap group {} is invalid (must match \\Asystem:bootstrappers:[a-z0-9:-]{{0,255}}[a-z0-9]\\z)",
            Quoted(text)
        )
    })
}

/// A URL with a scheme; to Go's `url.Parse` a host and port alone is a path with a colon, or a scheme of that name.
pub(super) fn url(text: &str) -> Option<String> {
    let first = text.split('/').next().unwrap_or_default();
    let is_scheme = first.starts_with(|one: char| one.is_ascii_alphabetic());
    match first.contains(':') && !is_scheme {
        true => {
            let text = Quoted(text);
            Some(format!(
                "Invalid value: {text}: URL parse error: parse {text}: first path segment in URL cannot contain colon"
            ))
        }
        false => valid(text.contains("://"), text, "the URL without scheme is not allowed"),
    }
}

pub(super) fn image_repository(text: &str) -> Option<String> {
    let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.' | '/' | ':');
    valid(!text.is_empty() && text.chars().all(plain), text, "invalid image repository format")
}

/// kubernetes/component-base: cli/flag/ciphersuites_flag.go.
pub(super) fn tls_version(text: &str) -> Option<String> {
    let known = ["", "VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"];
    (!known.contains(&text)).then(|| format!("unknown tls version {}", Quoted(text)))
}

/// kubernetes/component-base: cli/flag/ciphersuites_flag.go.
pub(super) fn cipher_suite(text: &str) -> Option<String> {
    (!super::suites::is_suite(text)).then(|| format!("Cipher suite {text} not supported or doesn't exist"))
}
