//! Names and addresses: text that passed its rule. Parsing here, policy elsewhere.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

/// Whether a text is an RFC 1123 subdomain as Kubernetes checks it: lower-case labels of letters, digits and inner
/// hyphens, at most 63 octets each and 253 together (`k8s.io/apimachinery/pkg/util/validation`).
pub fn is_subdomain(text: &str) -> bool {
    !text.is_empty() && text.len() <= 253 && text.split('.').all(is_label)
}

/// Whether a text is one RFC 1123 label, lower case.
fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    !bytes.is_empty()
        && bytes.len() <= 63
        && inner(bytes[0])
        && inner(bytes[bytes.len() - 1])
        && bytes.iter().all(|&byte| inner(byte) || byte == b'-')
}

/// Parses an address as Go's lenient parser in `k8s.io/utils/net` does: leading zeros in IPv4 octets are accepted.
pub fn parse_ip(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(match address {
            IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(IpAddr::V6(v6), IpAddr::V4),
            v4 => v4,
        });
    }
    let mut octets = [0u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next()?;
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *octet = part.parse::<u32>().ok()?.try_into().ok()?;
    }
    parts.next().is_none().then(|| IpAddr::V4(Ipv4Addr::from(octets)))
}

/// Whether an address is one of a single machine that others can reach, as Go's `net.IP.IsGlobalUnicast` decides it. What is
/// private, reserved (240.0.0.0/4) or for documentation is; an IPv4 address inside an IPv6 one is judged as IPv4.
pub fn is_global_unicast(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let special = match address {
        IpAddr::V4(v4) => v4.is_broadcast() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    !(special || address.is_unspecified() || address.is_loopback() || address.is_multicast())
}

/// A name a certificate answers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum San {
    /// dNSName (RFC 5280 4.2.1.6), possibly a wildcard.
    Dns(String),
    /// iPAddress: 4 or 16 octets.
    Ip(IpAddr),
}

impl San {
    /// An IP address, a lower-case RFC 1123 subdomain, or `*.` and one: what kubeadm takes in `certSANs`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(address) = parse_ip(text) {
            return Some(Self::Ip(address));
        }
        let name = text.strip_prefix("*.").unwrap_or(text);
        is_subdomain(name).then(|| Self::Dns(text.to_owned()))
    }
}

impl fmt::Display for San {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => out.write_str(name),
            Self::Ip(address) => write!(out, "{address}"),
        }
    }
}

/// The host part of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A DNS name.
    Name(String),
    /// An address.
    Address(IpAddr),
}

impl Host {
    /// The host as the name a certificate must answer to.
    pub fn to_san(&self) -> San {
        match self {
            Self::Name(name) => San::Dns(name.clone()),
            Self::Address(address) => San::Ip(*address),
        }
    }
}

impl fmt::Display for Host {
    /// As it stands in a URL: IPv6 in brackets.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => out.write_str(name),
            Self::Address(IpAddr::V6(address)) => write!(out, "[{address}]"),
            Self::Address(address) => write!(out, "{address}"),
        }
    }
}

/// `host`, `host:port`, `ip`, `ip:port` or `[ipv6]:port` (kubeadm's `controlPlaneEndpoint`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// Its host.
    pub host: Host,
    /// Its port, where one was given.
    pub port: Option<u16>,
}

impl Endpoint {
    /// Parses an endpoint; nothing when kubeadm would say `endpoint is not valid`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(address) = parse_ip(text) {
            return Some(Self { host: Host::Address(address), port: None });
        }
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, tail) = rest.split_once(']')?;
                let port = if tail.is_empty() { None } else { Some(tail.strip_prefix(':')?) };
                (host, port)
            }
            None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
        };
        let port = match port {
            None => None,
            Some(port) => Some(parse_port(port)?),
        };
        let host = match parse_ip(host) {
            Some(address) => Host::Address(address),
            None if !text.starts_with('[') && is_subdomain(host) => Host::Name(host.to_owned()),
            None => return None,
        };
        Some(Self { host, port })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(out, "{}:{port}", self.host),
            None => write!(out, "{}", self.host),
        }
    }
}

/// A port, 1 to 65535, digits alone.
pub fn parse_port(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|&port| port != 0)
}

/// A CIDR: an address and the number of leading bits that name the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cidr {
    /// The network's address, host bits cleared.
    pub network: IpAddr,
    /// Leading bits, 0 to 32 or 128.
    pub bits: u8,
}

impl Cidr {
    /// Parses `10.96.0.0/12`. Host bits may be set, as Go's `ParseCIDR` allows; they are cleared.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let address = if address.contains(':') { IpAddr::V6(address.parse().ok()?) } else { parse_ip(address)? };
        let bits: u8 = if bits.bytes().all(|byte| byte.is_ascii_digit()) { bits.parse().ok()? } else { return None };
        let network = match address {
            IpAddr::V4(v4) if bits <= 32 => {
                IpAddr::V4((u32::from(v4) & (!0u32).checked_shl(32 - u32::from(bits)).unwrap_or(0)).into())
            }
            IpAddr::V6(v6) if bits <= 128 => {
                IpAddr::V6((u128::from(v6) & (!0u128).checked_shl(128 - u32::from(bits)).unwrap_or(0)).into())
            }
            _ => return None,
        };
        Some(Self { network, bits })
    }

    /// Bits left for hosts.
    pub fn host_bits(self) -> u8 {
        match self.network {
            IpAddr::V4(_) => 32 - self.bits,
            IpAddr::V6(_) => 128 - self.bits,
        }
    }

    /// Address number `index` of the network; number 1 is the Service `kubernetes` in the first service CIDR.
    pub fn nth(self, index: u32) -> IpAddr {
        match self.network {
            IpAddr::V4(v4) => IpAddr::V4(u32::from(v4).wrapping_add(index).into()),
            IpAddr::V6(v6) => IpAddr::V6(u128::from(v6).wrapping_add(index.into()).into()),
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.network, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_in_every_form_of_kubeadm() {
        for (text, shown) in [
            ("api.example.com", "api.example.com"),
            ("api.example.com:6443", "api.example.com:6443"),
            ("10.0.0.1", "10.0.0.1"),
            ("10.0.0.1:443", "10.0.0.1:443"),
            ("[fd00::1]:6443", "[fd00::1]:6443"),
            ("fd00::1", "[fd00::1]"),
        ] {
            assert_eq!(Endpoint::parse(text).map(|one| one.to_string()).as_deref(), Some(shown), "{text}");
        }
        for bad in ["", "API.example.com", "a:0", "a:65536", "a:b:c", "[name]:1", "http://a", "a/b", "-a"] {
            assert_eq!(Endpoint::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_service_address_is_number_one_of_the_network() {
        for (cidr, first) in [
            ("10.96.0.0/12", "10.96.0.1"),
            ("fd00::/108", "fd00::1"),
            ("010.096.0.7/12", "10.96.0.1"),
            ("0.0.0.0/0", "0.0.0.1"),
        ] {
            assert_eq!(Cidr::parse(cidr).unwrap().nth(1).to_string(), first);
        }
        for bad in ["10.96.0.0", "10.96.0.0/33", "10.96.0/12", "x/1", "fd00::/129", "/", "1.2.3.4/+1", "999.1.1.1/8"] {
            assert_eq!(Cidr::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn global_unicast_is_what_go_takes_for_it() {
        let all = |texts: &[&str], is: bool| {
            for text in texts {
                let found = parse_ip(text).map(is_global_unicast);
                assert_eq!(found, Some(is), "{text}");
                let strict = text.parse::<IpAddr>().map(is_global_unicast);
                assert_eq!(strict, Ok(is), "{text}, as it stands");
            }
        };
        #[rustfmt::skip]
        let yes = [
            "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.1", "0.0.0.1",
            "240.0.0.1", "255.255.255.254", "223.255.255.255", "169.253.255.255", "169.255.0.0", "126.255.255.255", "128.0.0.1",
            "::ffff:10.0.0.1", "::ffff:240.0.0.1", "::2", "::10.0.0.1", "64:ff9b::1", "100::1", "2001:db8::1", "fc00::1",
            "fd00::1", "fec0::1", "fe7f::1", "feff::1", "2000::1",
        ];
        all(&yes, true);
        #[rustfmt::skip]
        let no = [
            "0.0.0.0", "127.0.0.1", "127.255.255.255", "169.254.0.0", "169.254.1.1", "169.254.255.255", "224.0.0.1", "224.0.0.251",
            "232.1.1.1", "239.255.255.255", "255.255.255.255", "::", "::1", "fe80::1", "febf:ffff::1", "ff00::1", "ff01::1", "ff02::1",
            "ff05::2", "ff0e::1", "ffff::1", "::ffff:0.0.0.0", "::ffff:127.0.0.1", "::ffff:169.254.1.1", "::ffff:224.0.0.1",
            "::ffff:255.255.255.255",
        ];
        all(&no, false);
    }

    #[test]
    fn upper_case_names_fail_as_in_kubeadm() {
        assert!(San::parse("MyHost").is_none() && San::parse("*.*.a").is_none() && San::parse("a..b").is_none());
        assert_eq!(San::parse("*.example.org"), Some(San::Dns("*.example.org".into())));
        assert_eq!(San::parse("::ffff:10.0.0.1"), San::parse("10.0.0.1"));
    }
}
