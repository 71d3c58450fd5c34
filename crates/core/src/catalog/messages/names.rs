//! Messages about the names in a certificate.

use super::row::{About, MessageRow, Tell};

const NO_ADDRESSES: &[&str] = &["x509: cannot validate certificate for", "because it doesn't contain any IP SANs"];

pub(super) static ROWS: &[MessageRow] = &[
    MessageRow {
        wordings: &[&["x509: certificate relies on legacy Common Name field, use SANs instead"]],
        about: About::Theirs,
        means: "The name stands in the common name alone. Go has not looked there since 1.15.",
        causes: &["the certificate was made without subjectAltName, as old tutorials do"],
        tell: &[Tell::Judged],
        faults: &["common-name-only"],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: certificate relies on legacy Common Name field, use SANs instead",
    },
    MessageRow {
        wordings: &[&[":10250/", NO_ADDRESSES[0], NO_ADDRESSES[1]]],
        about: About::Theirs,
        means: "A kubelet was dialled by its address, and its serving certificate names no addresses: the one that a kubelet makes itself has the node's name alone.",
        causes: &[
            "the kubelet made its certificate itself. Set serverTLSBootstrap: true in its configuration and approve the requests, or knowingly give metrics-server --kubelet-insecure-tls",
        ],
        tell: &[Tell::Judged, Tell::Run("kubectl get csr")],
        faults: &[],
        seen: "E1129 03:00:00.1 1 scraper.go:149] \"Failed to scrape node\" err=\"Get \\\"https://10.0.0.21:10250/metrics/resource\\\": tls: failed to verify certificate: x509: cannot validate certificate for 10.0.0.21 because it doesn't contain any IP SANs\" node=\"w-1\"",
    },
    MessageRow {
        wordings: &[NO_ADDRESSES],
        about: About::Theirs,
        means: "An address was dialled, and the certificate names no addresses at all.",
        causes: &[
            "the certificate was made with DNS names only",
            "the caller dials an address where it should dial a name",
        ],
        tell: &[Tell::Judged],
        faults: &["no-addresses", "no-names", "common-name-only"],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: cannot validate certificate for 10.0.0.5 because it doesn't contain any IP SANs",
    },
    MessageRow {
        wordings: &[&["x509: certificate is not valid for any names, but wanted to match"]],
        about: About::Theirs,
        means: "A name was dialled, and the certificate has no DNS names.",
        causes: &["the certificate was made without DNS names"],
        tell: &[Tell::Judged],
        faults: &["no-dns-names", "no-names"],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: certificate is not valid for any names, but wanted to match api.example.com",
    },
    MessageRow {
        wordings: &[
            &["does not match any of DNSNames"],
            &["rejected connection", "x509: certificate is valid for", ", not"],
        ],
        about: About::Theirs,
        means: "An etcd member was called from an address that is not in the caller's peer certificate. etcd checks that of its peers alone.",
        causes: &["the calling member's address changed after its certificate was made", "the call comes through NAT"],
        tell: &[Tell::Run("openssl x509 -noout -ext subjectAltName -in /etc/kubernetes/pki/etcd/peer.crt")],
        faults: &["unlisted-address"],
        seen: "{\"level\":\"warn\",\"ts\":\"2026-11-29T03:00:00.1Z\",\"caller\":\"embed/config_logging.go:170\",\"msg\":\"rejected connection\",\"remote-addr\":\"10.0.0.12:40000\",\"server-name\":\"\",\"ip-addresses\":[],\"dns-names\":[\"cp-2\"],\"error\":\"tls: \\\"10.0.0.12\\\" does not match any of DNSNames [\\\"cp-2\\\"]\"}",
    },
    MessageRow {
        wordings: &[&["x509: certificate is valid for", ", not"]],
        about: About::Theirs,
        means: "The certificate is good, but not for the name or address that was dialled. The list is what it is good for.",
        causes: &[
            "the load balancer, the endpoint or the node got a new name or address after the certificate was made",
            "the caller dials another name than those that the certificate was made for: apiServer.certSANs, the etcd SANs",
        ],
        tell: &[Tell::Judged],
        faults: &["no-dns-names", "no-addresses", "unlisted-address"],
        seen: "E1126 07:12:01.1 1 memcache.go:265] \"Unhandled Error\" err=\"couldn't get current server API group list: Get \\\"https://10.0.0.5:6443/api?timeout=32s\\\": tls: failed to verify certificate: x509: certificate is valid for 10.96.0.1, 192.168.1.10, not 10.0.0.5\"",
    },
    MessageRow {
        wordings: &[&["x509: subject with cn=", "is not in the allowed list"]],
        about: About::Theirs,
        means: "The caller's certificate is of the front proxy's CA, but its common name is not in --requestheader-allowed-names.",
        causes: &[
            "the front proxy's certificate was made with another common name than front-proxy-client",
            "--client-ca-file and --requestheader-client-ca-file are one CA, so that an ordinary client's certificate is taken for a front proxy's",
        ],
        tell: &[
            Tell::Run("openssl x509 -noout -subject -in /etc/kubernetes/pki/front-proxy-client.crt"),
            Tell::Run("openssl x509 -noout -fingerprint -sha256 -in /etc/kubernetes/pki/front-proxy-ca.crt"),
        ],
        faults: &["name-not-allowed"],
        seen: "E1126 07:12:01.1 1 authentication.go:75] \"Unable to authenticate the request\" err=\"x509: subject with cn=proxy is not in the allowed list\"",
    },
];
