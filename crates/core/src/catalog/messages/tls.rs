//! What TLS itself says: alerts from the other side, versions, cipher suites, and what is no TLS at all. An alert is sent
//! by whichever side judged, so that none of these rows may say whether that was the server.

use super::row::{About, MessageRow, Tell};

const APPROVAL: &[Tell] = &[Tell::Run("kubectl get csr"), Tell::Run("kubectl certificate approve NAME")];

pub(super) static ROWS: &[MessageRow] = &[
    MessageRow {
        wordings: &[&["tls: client didn't provide a certificate"]],
        about: About::Theirs,
        means: "The server insists on a client certificate, and the caller showed none.",
        causes: &[
            "the caller has no --cert and --key, or its flags are missing",
            "its certificate is of a CA that the server does not name, and Go silently withholds it",
        ],
        tell: &[Tell::Run(
            "openssl s_client -connect HOST:PORT </dev/null 2>/dev/null | grep -A9 'Acceptable client certificate CA names'",
        )],
        faults: &["no-certificate", "other-ca"],
        seen: "{\"level\":\"warn\",\"msg\":\"rejected connection on client endpoint\",\"remote-addr\":\"10.0.0.5:4711\",\"server-name\":\"\",\"error\":\"tls: client didn't provide a certificate\"}",
    },
    MessageRow {
        wordings: &[&["remote error: tls: certificate required"]],
        about: About::Ours,
        means: "The server insists on a client certificate, and none was shown. This is the caller's side; the server's log says why.",
        causes: &["the caller has no client certificate", "it has one of a CA that the server does not name"],
        tell: &[
            Tell::Run(
                "openssl s_client -connect HOST:PORT </dev/null 2>/dev/null | grep -A9 'Acceptable client certificate CA names'",
            ),
            Tell::Judged,
        ],
        faults: &["no-certificate"],
        seen: "W1126 07:00:00.0 1 logging.go:55] [core] [Channel #1 SubChannel #2]grpc: addrConn.createTransport failed to connect to {Addr: \"127.0.0.1:2379\", ServerName: \"127.0.0.1:2379\", }. Err: connection error: desc = \"error reading server preface: remote error: tls: certificate required\"",
    },
    MessageRow {
        wordings: &[&["remote error: tls: bad certificate"]],
        about: About::Ours,
        means: "The other side refused the certificate that it was shown. Which check failed stands in the other side's log only.",
        causes: &["an unknown CA, an expired certificate, a wrong name or a wrong usage: read the other side's log"],
        tell: &[Tell::Judged, Tell::Chain],
        faults: &["expired", "other-ca", "same-name-ca", "no-addresses", "client-usage-only"],
        seen: "I1126 07:12:01.1 1 log.go:245] http: TLS handshake error from 10.0.0.11:40000: remote error: tls: bad certificate",
    },
    MessageRow {
        wordings: &[&["remote error: tls: unknown certificate authority"]],
        about: About::Ours,
        means: "The other side does not know the CA of the certificate that it was shown.",
        causes: &[
            "that certificate is of another CA than the other side trusts",
            "the CA was made anew and one side still has the old one",
        ],
        tell: &[Tell::Judged, Tell::Chain],
        faults: &["other-ca", "same-name-ca", "missing-intermediate"],
        seen: "I1126 07:12:01.1 1 log.go:245] http: TLS handshake error from 10.0.0.11:40000: remote error: tls: unknown certificate authority",
    },
    MessageRow {
        wordings: &[&["remote error: tls: expired certificate"]],
        about: About::Ours,
        means: "The other side says that the certificate that it was shown has expired.",
        causes: &["nobody renewed it: a pair that was renewed is read again by itself (kube-apiserver, etcd, kubelet)"],
        tell: &[Tell::Judged, Tell::Renewal],
        faults: &["expired"],
        seen: "W1126 07:00:00.0 1 logging.go:55] [core] [Channel #1 SubChannel #2]grpc: addrConn.createTransport failed to connect to {Addr: \"127.0.0.1:2379\", ServerName: \"127.0.0.1:2379\", }. Err: connection error: desc = \"error reading server preface: remote error: tls: expired certificate\"",
    },
    MessageRow {
        wordings: &[&["remote error: tls: handshake failure"]],
        about: About::Protocol,
        means: "The other side ended the handshake. A server does so where there is no common cipher suite, or, with TLS 1.2, no client certificate where one is required; its log says which.",
        causes: &["the caller has no client certificate", "--tls-cipher-suites does not fit the server's key"],
        tell: &[Tell::Run("openssl s_client -connect HOST:PORT -tls1_2 </dev/null | grep -E 'Cipher|Acceptable'")],
        faults: &["no-certificate", "no-common-cipher"],
        seen: "Unable to connect to the server: remote error: tls: handshake failure",
    },
    MessageRow {
        wordings: &[&["tls: no cipher suite supported by both client and server"]],
        about: About::Protocol,
        means: "The two have no cipher suite in common; with TLS 1.2 the suite must also fit the server's key.",
        causes: &["--tls-cipher-suites lists only ECDHE_RSA suites for an ECDSA certificate, or the other way round"],
        tell: &[Tell::Run("openssl s_client -connect HOST:PORT -tls1_2 </dev/null | grep Cipher")],
        faults: &["no-common-cipher"],
        seen: "I1126 07:12:01.1 1 log.go:245] http: TLS handshake error from 10.0.0.11:40000: tls: no cipher suite supported by both client and server; client offered: [c02b c02f]",
    },
    MessageRow {
        wordings: &[
            &["tls: client offered only unsupported versions"],
            &["remote error: tls: protocol version not supported"],
        ],
        about: About::Protocol,
        means: "The caller is too old for the server's lowest TLS version.",
        causes: &["--tls-min-version is VersionTLS13, and the caller speaks no more than TLS 1.2"],
        tell: &[Tell::Run("openssl s_client -connect HOST:PORT -tls1_2 </dev/null")],
        faults: &["minimum-version"],
        seen: "I1126 07:12:01.1 1 log.go:245] http: TLS handshake error from 10.0.0.11:40000: tls: client offered only unsupported versions: [303 302]",
    },
    MessageRow {
        wordings: &[&["first record does not look like a TLS handshake"]],
        about: About::Protocol,
        means: "The other side speaks plain HTTP, or no TLS at all.",
        causes: &[
            "https is dialled at an HTTP port, or, in a server's log, http at its TLS port",
            "the server was started without a certificate",
        ],
        tell: &[Tell::Run("curl -v http://HOST:PORT/")],
        faults: &["plain-http"],
        seen: "Unable to connect to the server: tls: first record does not look like a TLS handshake",
    },
    MessageRow {
        wordings: &[&["authentication handshake failed: EOF"]],
        about: About::Protocol,
        means: "The other side closed the connection before it said anything: etcd does so where its port for clients speaks no TLS.",
        causes: &["etcd was started without --cert-file and --key-file, or http:// stands in --listen-client-urls"],
        tell: &[Tell::Run("curl -v http://HOST:PORT/version")],
        // Recorded of no fault here.
        faults: &[],
        seen: "W1126 07:00:00.0 1 logging.go:55] [core] grpc: addrConn.createTransport failed to connect to {Addr: \"127.0.0.1:2379\"}. Err: connection error: desc = \"transport: authentication handshake failed: EOF\"",
    },
    MessageRow {
        wordings: &[
            &["authentication handshake failed: read tcp", "connection reset by peer"],
            &["error reading server preface: EOF"],
            &["error reading server preface: read tcp", "connection reset by peer"],
        ],
        about: About::Untold,
        means: "The other side went away in the middle of the handshake, without a word. A server that ends while it starts does so: it listens before it has read its files.",
        causes: &[
            "the server has ended, or is started again and again: its own log has the reason, such as a certificate and a key that are no pair",
            "a load balancer in front found no server behind it",
        ],
        tell: &[Tell::Run("crictl ps -a"), Tell::Run("openssl s_client -connect HOST:PORT </dev/null")],
        faults: &[],
        seen: "W1129 03:00:00.1 1 logging.go:55] [core] [Channel #7 SubChannel #8] grpc: addrConn.createTransport failed to connect to {Addr: \"10.0.0.11:2379\", ServerName: \"10.0.0.11:2379\", }. Err: connection error: desc = \"transport: authentication handshake failed: read tcp 10.0.0.11:40000->10.0.0.11:2379: read: connection reset by peer\"",
    },
    MessageRow {
        wordings: &[
            &["TLS handshake error from", ": EOF"],
            &["TLS handshake error from", "connection reset by peer"],
            &["rejected connection", "\"error\":\"EOF\""],
            &["rejected connection", "connection reset by peer"],
        ],
        about: About::Untold,
        means: "Whoever called hung up before the handshake was over, and sent no reason. By itself the line is no fault: whatever opens the port and closes it again has it.",
        causes: &[
            "a load balancer or a monitoring system only looks whether the port is open: then the line comes at steady intervals, from its address",
            "the caller could not load its own client certificate and key, and broke off: its own log says so",
            "the caller did not wait any longer",
        ],
        tell: &[
            Tell::Run("crictl logs $(crictl ps -q --name kube-apiserver) 2>&1 | grep 'private key'"),
            Tell::Run("ss -tnp"),
        ],
        faults: &["foreign-key", "other-key-type"],
        seen: "I1129 03:00:00.1 812 ???:1] \"http: TLS handshake error from 10.0.0.11:40000: EOF\"",
    },
    MessageRow {
        wordings: &[&["net/http: TLS handshake timeout"]],
        about: About::Untold,
        means: "The port is open, and whoever listens there did not finish the handshake in ten seconds. A certificate that is refused is refused at once: this is another trouble.",
        causes: &[
            "the server is starting, overloaded or stuck, or waits for etcd",
            "a load balancer or a proxy accepts the call and has no server behind it",
            "large packets are lost on the way (MTU): the certificates do not arrive",
        ],
        tell: &[
            Tell::Run("openssl s_client -connect HOST:PORT </dev/null"),
            Tell::Run("crictl ps -a --name kube-apiserver"),
        ],
        faults: &[],
        seen: "Unable to connect to the server: net/http: TLS handshake timeout",
    },
    MessageRow {
        wordings: &[
            &["is unhealthy: failed to commit proposal: context deadline exceeded"],
            &["Error: unhealthy cluster"],
        ],
        about: About::Untold,
        means: "etcdctl had no answer from etcd in time. The same line comes whether etcd is down, has no majority, or refuses etcdctl's certificate, and gives no reason.",
        causes: &[
            "one of the two refused the other's certificate: etcd's log then has \"rejected connection\" with the reason, or etcdctl a line with \"transport: authentication handshake failed\"",
            "etcd does not run: its own log says why",
            "more than half of the members are down or cannot reach each other",
        ],
        tell: &[
            Tell::Run(
                "crictl logs $(crictl ps -aq --name etcd | head -1) 2>&1 | grep -E 'rejected connection|\"level\":\"fatal\"'",
            ),
            Tell::Run("openssl s_client -connect HOST:PORT </dev/null"),
        ],
        faults: &["expired", "other-ca", "no-certificate"],
        seen: "https://10.0.0.11:2379 is unhealthy: failed to commit proposal: context deadline exceeded",
    },
    MessageRow {
        wordings: &[&["server gave HTTP response to HTTPS client"]],
        about: About::Protocol,
        means: "https was dialled at a server that speaks plain HTTP.",
        causes: &["the wrong port, or a server without its certificate flags"],
        tell: &[Tell::Run("curl -v http://HOST:PORT/")],
        faults: &[],
        seen: "Unable to connect to the server: http: server gave HTTP response to HTTPS client",
    },
    MessageRow {
        wordings: &[&["Client sent an HTTP request to an HTTPS server."]],
        about: About::Protocol,
        means: "http was dialled at a TLS port.",
        causes: &["the URL says http where it should say https"],
        tell: &[Tell::Run("curl -vk https://HOST:PORT/")],
        faults: &[],
        seen: "Client sent an HTTP request to an HTTPS server.",
    },
    MessageRow {
        wordings: &[&["no serving certificate available for the kubelet"]],
        about: About::Protocol,
        means: "The kubelet asked for its serving certificate (serverTLSBootstrap), and nobody has approved the request.",
        causes: &["kubelet-serving requests are never approved by themselves"],
        tell: APPROVAL,
        faults: &[],
        seen: "I1126 07:12:01.1 812 log.go:245] http: TLS handshake error from 10.0.0.11:40000: no serving certificate available for the kubelet",
    },
    MessageRow {
        wordings: &[&["remote error: tls: internal error"]],
        about: About::Protocol,
        means: "The other side could not go on. A kubelet says so while it has no certificate to show, because its serving request was not approved.",
        causes: &["kubelet-serving requests are never approved by themselves"],
        tell: APPROVAL,
        faults: &[],
        seen: "Error from server: Get \"https://10.0.0.21:10250/containerLogs/default/web/web\": remote error: tls: internal error",
    },
];
