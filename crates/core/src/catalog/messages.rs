//! Messages that components print when something is wrong with a certificate, one row each, and what to make of them.
//! A message is recognised whatever stands around and within it: log prefixes, hosts, addresses, times.

/// One message.
#[derive(Debug)]
pub struct MessageRow {
    /// Parts that stand in it, in this order.
    pub parts: &'static [&'static str],
    /// What it means, one or two sentences.
    pub means: &'static str,
    /// Likely causes, likeliest first.
    pub causes: &'static [&'static str],
    /// Commands that tell the causes apart.
    pub tell: &'static [&'static str],
    /// Kinds of faults that bring it about, by their ids.
    pub faults: &'static [&'static str],
}

/// What says in which connection a message arose.
#[derive(Debug)]
pub struct PlaceRow {
    /// A part of the text.
    pub part: &'static str,
    /// The connection's id.
    pub connection: &'static str,
}

const SHOW: &str = "openssl s_client -connect HOST:PORT -showcerts </dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName,extendedKeyUsage";
const CHAIN: &str = "openssl verify -CAfile /etc/kubernetes/pki/ca.crt CERTIFICATE";
const PAIR: &str = "openssl x509 -noout -pubkey -in CERTIFICATE | sha256sum; openssl pkey -pubout -in KEY | sha256sum";
const RENEWAL: &str = "kubeadm certs check-expiration";
const EMBEDDED: &str = "kubectl config view --raw -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d | openssl x509 -noout -fingerprint -sha256";

/// Every message, special ones before general ones.
pub static MESSAGES: &[MessageRow] = &[
    MessageRow {
        parts: &[
            "x509: certificate signed by unknown authority (possibly because of",
            "while trying to verify candidate authority certificate",
        ],
        means: "The checking side trusts a CA of the right name but with another key: the certificate comes from a CA that was made anew, or the trust anchor from one that was replaced.",
        causes: &[
            "the kubeconfig holds the CA of an earlier cluster of the same name",
            "the CA was made again on one node (kubeadm init, or certificates copied in part)",
            "the component was not restarted after its CA file was replaced",
        ],
        tell: &[EMBEDDED, "openssl x509 -noout -fingerprint -sha256 -in /etc/kubernetes/pki/ca.crt", SHOW],
        faults: &["same-name-ca", "old-ca", "not-a-ca"],
    },
    MessageRow {
        parts: &["x509: certificate signed by unknown authority"],
        means: "The checking side has no trust anchor of the name that the certificate says it was issued by.",
        causes: &[
            "the wrong CA file, or none: then the system's roots decide",
            "a certificate of another trust domain is shown: etcd's where the cluster's is expected, or the other way round",
            "a CA between was not sent along",
        ],
        tell: &[SHOW, CHAIN],
        faults: &["other-ca", "missing-intermediate"],
    },
    MessageRow {
        parts: &["x509: certificate has expired or is not yet valid: current time", "is after"],
        means: "The certificate, or a CA above it, has expired.",
        causes: &[
            "nobody renewed it within its year",
            "it was renewed, but the process was not restarted and still holds the old one",
            "the CA itself has expired: kubeadm never renews CAs",
        ],
        tell: &[RENEWAL, SHOW, "date -u"],
        faults: &["expired", "expired-ca", "not-restarted"],
    },
    MessageRow {
        parts: &["x509: certificate has expired or is not yet valid: current time", "is before"],
        means: "The certificate is not valid yet: the clock here is behind, or the issuing machine's was ahead.",
        causes: &["this machine's clock is wrong", "the machine that issued it had a wrong clock"],
        tell: &["date -u", SHOW],
        faults: &["not-yet-valid"],
    },
    MessageRow {
        parts: &["x509: certificate relies on legacy Common Name field, use SANs instead"],
        means: "The name stands in the common name alone. Go has not looked there since 1.15.",
        causes: &["the certificate was made without subjectAltName, as old tutorials do"],
        tell: &[SHOW],
        faults: &["common-name-only"],
    },
    MessageRow {
        parts: &["x509: cannot validate certificate for", "because it doesn't contain any IP SANs"],
        means: "An address was dialled, and the certificate names no addresses at all.",
        causes: &[
            "the certificate was made with DNS names only",
            "the caller dials an address where it should dial a name",
        ],
        tell: &[SHOW],
        faults: &["no-addresses", "no-names", "common-name-only"],
    },
    MessageRow {
        parts: &["x509: certificate is not valid for any names, but wanted to match"],
        means: "A name was dialled, and the certificate has no DNS names.",
        causes: &["the certificate was made without DNS names"],
        tell: &[SHOW],
        faults: &["no-dns-names", "no-names"],
    },
    MessageRow {
        parts: &["x509: certificate is valid for", ", not"],
        means: "The certificate is good, but not for the name or address that was dialled. The list is what it is good for.",
        causes: &[
            "the load balancer, the endpoint or the node got a new name or address after the certificate was made",
            "the caller dials another name than the one in apiServer.certSANs or the etcd SANs",
        ],
        tell: &[SHOW],
        faults: &["no-dns-names", "no-addresses", "unlisted-address"],
    },
    MessageRow {
        parts: &["x509: certificate specifies an incompatible key usage"],
        means: "The extended key usage is for the other role: a client certificate at a server, or a server's at a client.",
        causes: &[
            "the pairs were mixed up in flags",
            "etcd's server certificate lacks clientAuth, which its own gateway needs",
        ],
        tell: &[SHOW],
        faults: &["server-usage-only", "client-usage-only"],
    },
    MessageRow {
        parts: &["x509: too many intermediates for path length constraint"],
        means: "A CA in the chain allows fewer CAs below it than there are.",
        causes: &["a CA with pathlen:0 was used to sign another CA"],
        tell: &[
            "openssl crl2pkcs7 -nocrl -certfile CHAIN | openssl pkcs7 -print_certs -noout -text | grep -A1 'Basic Constraints'",
        ],
        faults: &["path-length"],
    },
    MessageRow {
        parts: &["x509: subject with cn=", "is not in the allowed list"],
        means: "The caller's front-proxy certificate is good, but its common name is not in --requestheader-allowed-names.",
        causes: &["the certificate was made with another common name than front-proxy-client"],
        tell: &["openssl x509 -noout -subject -in /etc/kubernetes/pki/front-proxy-client.crt"],
        faults: &["name-not-allowed"],
    },
    MessageRow {
        parts: &["tls: private key does not match public key"],
        means: "Certificate and key are not a pair.",
        causes: &["one of the two files was renewed or copied without the other"],
        tell: &[PAIR],
        faults: &["foreign-key"],
    },
    MessageRow {
        parts: &["tls: private key type does not match public key type"],
        means: "One is RSA and the other ECDSA.",
        causes: &["the key's algorithm was changed, and only one of the files made again"],
        tell: &[PAIR],
        faults: &["other-key-type"],
    },
    MessageRow {
        parts: &["PEM inputs may have been switched"],
        means: "The certificate's file holds a key.",
        causes: &["the two flags, or the two files, are exchanged"],
        tell: &["head -1 CERTIFICATE KEY"],
        faults: &["swapped"],
    },
    MessageRow {
        parts: &["tls: found a certificate rather than a key in the PEM for the private key"],
        means: "The key's file holds a certificate.",
        causes: &["the two flags, or the two files, are exchanged"],
        tell: &["head -1 CERTIFICATE KEY"],
        faults: &["swapped"],
    },
    MessageRow {
        parts: &["tls: client didn't provide a certificate"],
        means: "The server insists on a client certificate, and the caller showed none.",
        causes: &[
            "the caller has no --cert and --key, or its flags are missing",
            "its certificate is of a CA that the server does not name, and Go silently withholds it",
        ],
        tell: &[
            "openssl s_client -connect HOST:PORT </dev/null 2>/dev/null | grep -A9 'Acceptable client certificate CA names'",
        ],
        faults: &["no-certificate", "other-ca"],
    },
    MessageRow {
        parts: &["remote error: tls: certificate required"],
        means: "The server insists on a client certificate, and none was shown. This is the caller's side; the server's log says why.",
        causes: &["the caller has no client certificate", "it has one of a CA that the server does not name"],
        tell: &["journalctl -u etcd; crictl logs CONTAINER"],
        faults: &["no-certificate"],
    },
    MessageRow {
        parts: &["remote error: tls: bad certificate"],
        means: "The other side refused the certificate that was shown. Which check failed stands in the other side's log only.",
        causes: &["an unknown CA, an expired certificate, a wrong name or a wrong usage: read the other side's log"],
        tell: &[SHOW],
        faults: &["expired", "other-ca", "same-name-ca", "no-addresses", "client-usage-only"],
    },
    MessageRow {
        parts: &["remote error: tls: unknown certificate authority"],
        means: "The server does not know the CA of the client's certificate.",
        causes: &[
            "the client's certificate is of another CA",
            "the CA was made anew and one side still has the old one",
        ],
        tell: &[CHAIN],
        faults: &["other-ca", "same-name-ca", "missing-intermediate"],
    },
    MessageRow {
        parts: &["remote error: tls: expired certificate"],
        means: "The server says that the client's certificate has expired.",
        causes: &["nobody renewed the client's certificate"],
        tell: &[RENEWAL],
        faults: &["expired", "not-restarted"],
    },
    MessageRow {
        parts: &["remote error: tls: handshake failure"],
        means: "The server ended the handshake: no common cipher suite, or, with TLS 1.2, no client certificate where one is required. The server's log says which.",
        causes: &["the caller has no client certificate", "--tls-cipher-suites does not fit the server's key"],
        tell: &["openssl s_client -connect HOST:PORT -tls1_2 </dev/null | grep -E 'Cipher|Acceptable'"],
        faults: &["no-certificate", "no-common-cipher"],
    },
    MessageRow {
        parts: &["tls: no cipher suite supported by both client and server"],
        means: "The two have no cipher suite in common; with TLS 1.2 the suite must also fit the server's key.",
        causes: &["--tls-cipher-suites lists only ECDHE_RSA suites for an ECDSA certificate, or the other way round"],
        tell: &["openssl s_client -connect HOST:PORT -tls1_2 </dev/null | grep Cipher"],
        faults: &["no-common-cipher"],
    },
    MessageRow {
        parts: &["tls: client offered only unsupported versions"],
        means: "The caller is too old for the server's lowest TLS version.",
        causes: &["--tls-min-version is VersionTLS13, and the caller speaks no more than TLS 1.2"],
        tell: &["openssl s_client -connect HOST:PORT -tls1_2 </dev/null"],
        faults: &["minimum-version"],
    },
    MessageRow {
        parts: &["remote error: tls: protocol version not supported"],
        means: "The caller is too old for the server's lowest TLS version.",
        causes: &["--tls-min-version is VersionTLS13, and the caller speaks no more than TLS 1.2"],
        tell: &["openssl s_client -connect HOST:PORT -tls1_2 </dev/null"],
        faults: &["minimum-version"],
    },
    MessageRow {
        parts: &["first record does not look like a TLS handshake"],
        means: "The other side speaks plain HTTP, or is no TLS server at all.",
        causes: &["https is dialled at an HTTP port", "the server was started without a certificate"],
        tell: &["curl -v http://HOST:PORT/"],
        faults: &["plain-http"],
    },
    MessageRow {
        parts: &["authentication handshake failed: EOF"],
        means: "The other side closed the connection before it said anything: etcd does so where its port for clients speaks no TLS.",
        causes: &["etcd was started without --cert-file and --key-file, or http:// stands in --listen-client-urls"],
        tell: &["curl -v http://HOST:2379/version"],
        faults: &["plain-http"],
    },
    MessageRow {
        parts: &["server gave HTTP response to HTTPS client"],
        means: "https was dialled at a server that speaks plain HTTP.",
        causes: &["the wrong port, or a server without its certificate flags"],
        tell: &["curl -v http://HOST:PORT/"],
        faults: &["plain-http"],
    },
    MessageRow {
        parts: &["Client sent an HTTP request to an HTTPS server."],
        means: "http was dialled at a TLS port.",
        causes: &["the URL says http where it should say https"],
        tell: &["curl -vk https://HOST:PORT/"],
        faults: &[],
    },
    MessageRow {
        parts: &["no serving certificate available for the kubelet"],
        means: "The kubelet asked for its serving certificate (serverTLSBootstrap), and nobody has approved the request.",
        causes: &["kubelet-serving requests are never approved by themselves"],
        tell: &["kubectl get csr", "kubectl certificate approve NAME"],
        faults: &[],
    },
    MessageRow {
        parts: &["remote error: tls: internal error"],
        means: "The server has no certificate to show: for a kubelet, its serving request was not approved.",
        causes: &["kubelet-serving requests are never approved by themselves"],
        tell: &["kubectl get csr", "kubectl certificate approve NAME"],
        faults: &[],
    },
    MessageRow {
        parts: &["error in cryptographic primitive"],
        means: "A service-account token was signed by another key than the one it is checked with.",
        causes: &["sa.key and sa.pub differ between control planes", "--service-account-key-file names an old key"],
        tell: &[
            "openssl pkey -in /etc/kubernetes/pki/sa.key -pubout | sha256sum; sha256sum /etc/kubernetes/pki/sa.pub",
        ],
        faults: &["wrong-token-key"],
    },
    MessageRow {
        parts: &["invalid bearer token"],
        means: "The token is of another cluster, expired, or signed by another key.",
        causes: &["sa.key and sa.pub differ between control planes", "the token has expired"],
        tell: &[
            "openssl pkey -in /etc/kubernetes/pki/sa.key -pubout | sha256sum; sha256sum /etc/kubernetes/pki/sa.pub",
        ],
        faults: &["wrong-token-key"],
    },
    MessageRow {
        parts: &["You must be logged in to the server"],
        means: "The API server did not believe the credential (HTTP 401). TLS itself was fine; the reason stands in the API server's log.",
        causes: &[
            "the client certificate has expired",
            "it is of another CA than --client-ca-file",
            "the token is wrong",
        ],
        tell: &["crictl logs $(crictl ps -q --name kube-apiserver) 2>&1 | grep 'Unable to authenticate'", RENEWAL],
        faults: &["expired", "other-ca", "same-name-ca", "server-usage-only"],
    },
    MessageRow {
        parts: &["the server has asked for the client to provide credentials"],
        means: "The API server did not believe the credential (HTTP 401). TLS itself was fine; the reason stands in the API server's log.",
        causes: &[
            "the client certificate has expired",
            "it is of another CA than --client-ca-file",
            "the token is wrong",
        ],
        tell: &["crictl logs $(crictl ps -q --name kube-apiserver) 2>&1 | grep 'Unable to authenticate'", RENEWAL],
        faults: &["expired", "other-ca", "same-name-ca"],
    },
    MessageRow {
        parts: &["is forbidden: node", "is not allowed to modify node"],
        means: "The kubelet is a node, but not this one: NodeRestriction compares the user name with the node's.",
        causes: &[
            "the common name in the kubelet's certificate names another node",
            "--hostname-override differs from the certificate",
        ],
        tell: &["openssl x509 -noout -subject -in /var/lib/kubelet/pki/kubelet-client-current.pem; hostname"],
        faults: &["other-node"],
    },
    MessageRow {
        parts: &["is forbidden: User"],
        means: "The API server knows who calls, and RBAC does not allow it (HTTP 403).",
        causes: &["the group in the certificate is another than the one that is bound", "the binding is missing"],
        tell: &["kubectl auth whoami", "kubectl get clusterrolebindings -o wide"],
        faults: &["wrong-group"],
    },
    MessageRow {
        parts: &["does not match any of DNSNames"],
        means: "An etcd member was called from an address that is not in the caller's peer certificate.",
        causes: &["the member's address changed after its certificate was made", "the call comes through NAT"],
        tell: &["openssl x509 -noout -ext subjectAltName -in /etc/kubernetes/pki/etcd/peer.crt"],
        faults: &["unlisted-address"],
    },
    MessageRow {
        parts: &["is expired:", "bootstrap"],
        means: "The kubelet's client certificate expired while the node was off or cut off; it can no longer renew it by itself.",
        causes: &["the node was off for longer than its certificate lived", "nobody signed its renewal"],
        tell: &["openssl x509 -noout -enddate -in /var/lib/kubelet/pki/kubelet-client-current.pem"],
        faults: &["expired"],
    },
    MessageRow {
        parts: &["expected 1 certificate, found"],
        means: "--cluster-signing-cert-file holds a bundle. A signer is one certificate; bundles are for trust.",
        causes: &["a CA rotation put the bundle of old and new into ca.crt"],
        tell: &["grep -c BEGIN /etc/kubernetes/pki/ca.crt"],
        faults: &[],
    },
    MessageRow {
        parts: &["Please enter Username:"],
        means: "The kubeconfig has no credential, and the API server asks for one.",
        causes: &["client-certificate-data or the token is missing in the kubeconfig"],
        tell: &["kubectl config view"],
        faults: &["no-certificate"],
    },
];

/// Where messages arise, the surest sign first.
pub static PLACES: &[PlaceRow] = &[
    PlaceRow { part: "addrConn.createTransport failed", connection: "kube-apiserver->etcd" },
    PlaceRow { part: ":10250/", connection: "kube-apiserver->kubelet" },
    PlaceRow { part: "failing or missing response from", connection: "kube-apiserver->aggregated-apiserver" },
    PlaceRow { part: "failed calling webhook", connection: "kube-apiserver->webhook" },
    PlaceRow { part: "prober detected unhealthy status", connection: "etcd->etcd" },
    PlaceRow { part: ":2380", connection: "etcd->etcd" },
    PlaceRow { part: "etcdctl", connection: "etcdctl->etcd" },
    PlaceRow { part: ":2379", connection: "kube-apiserver->etcd" },
    PlaceRow { part: "rejected connection", connection: "kube-apiserver->etcd" },
    PlaceRow { part: "Unable to connect to the server", connection: "kubectl->kube-apiserver" },
    PlaceRow { part: "Unable to authenticate the request", connection: "kubectl->kube-apiserver" },
    PlaceRow { part: "system:node:", connection: "kubelet->kube-apiserver" },
    PlaceRow { part: "kubelet", connection: "kubelet->kube-apiserver" },
];

/// What a text says: the messages in it, the most particular first, and the connection that it names, if any.
pub fn explain(text: &str) -> (Vec<&'static MessageRow>, Option<&'static str>) {
    let found = |row: &&MessageRow| {
        let mut rest = text;
        row.parts.iter().all(|part| match rest.split_once(part) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    };
    let mut rows: Vec<&'static MessageRow> = MESSAGES.iter().filter(found).collect();
    // A row whose parts begin another's says less than that one.
    let said_better = |row: &MessageRow, all: &[&'static MessageRow]| {
        all.iter().any(|other| {
            !std::ptr::eq(*other, row)
                && other.parts.iter().any(|part| part.starts_with(row.parts[0]) && *part != row.parts[0])
        })
    };
    let all = rows.clone();
    rows.retain(|row| !said_better(row, &all));
    let place = PLACES.iter().find(|place| text.contains(place.part)).map(|place| place.connection);
    (rows, place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::connections::told;

    #[test]
    fn rows_are_whole_and_places_exist() {
        for row in MESSAGES {
            assert!(!row.parts.is_empty() && !row.causes.is_empty() && !row.tell.is_empty(), "{:?}", row.parts);
            assert!(row.means.ends_with('.'), "{}", row.means);
        }
        for place in PLACES {
            assert!(told(place.connection).is_some(), "{}", place.connection);
        }
    }

    #[test]
    fn messages_are_recognised_with_whatever_stands_around_them() {
        let first = |text: &str| explain(text).0.first().map(|row| row.faults);
        let cases = [
            (
                "E1126 07:12:01.1 1 memcache.go:265] \"Unhandled Error\" err=\"couldn't get: Get \\\"https://10.0.0.5:6443/api\\\": tls: failed to verify certificate: x509: certificate is valid for 10.96.0.1, 192.168.1.10, not 10.0.0.5\"",
                "no-addresses",
            ),
            (
                "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\" while trying to verify candidate authority certificate \"kubernetes\")",
                "same-name-ca",
            ),
            ("Unable to connect to the server: x509: certificate signed by unknown authority", "other-ca"),
            (
                "{\"level\":\"warn\",\"msg\":\"rejected connection\",\"remote-addr\":\"10.0.0.5:4711\",\"error\":\"tls: client didn't provide a certificate\"}",
                "no-certificate",
            ),
            (
                "x509: certificate has expired or is not yet valid: current time 2026-11-22T05:59:21Z is after 2026-11-21T05:59:21Z",
                "expired",
            ),
        ];
        for (text, fault) in cases {
            assert!(first(text).is_some_and(|faults| faults.contains(&fault)), "{text}: {:?}", first(text));
        }
        assert!(explain("all is well").0.is_empty());
        let (_, place) = explain("grpc: addrConn.createTransport failed to connect to {Addr: \"127.0.0.1:2379\"}");
        assert_eq!(place, Some("kube-apiserver->etcd"));
    }
}
