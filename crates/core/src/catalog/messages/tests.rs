use super::row::BEGINS;
use super::*;

#[test]
fn every_row_is_found_by_the_line_that_a_component_prints_and_by_each_of_its_wordings() {
    for row in messages() {
        assert!(!row.causes.is_empty() && !row.tell.is_empty() && row.means.ends_with('.'), "{}", row.title());
        let found = explain(row.seen);
        assert_eq!(found.first().map(|one| one.row.title()), Some(row.title()), "{}", row.seen);
        assert_eq!(found.len(), 1, "{}: {:?}", row.seen, found.iter().map(|one| one.row.title()).collect::<Vec<_>>());
        for wording in row.wordings {
            let line = wording.join(" and ").replace(BEGINS, "");
            assert!(explain(&line).iter().any(|one| one.row == row), "{line}");
        }
    }
}

/// The only explanation of a text, and the only place of it.
fn only(text: &str) -> (&'static MessageRow, Arose) {
    let mut found = explain(text);
    let titles: Vec<String> = found.iter().map(|one| one.row.title()).collect();
    assert_eq!(found.len(), 1, "{text}: {titles:?}");
    let mut one = found.remove(0);
    assert_eq!(one.arose.len(), 1, "{text}: {:?}", one.arose);
    (one.row, one.arose.remove(0))
}

#[test]
fn who_judged_whom_follows_from_the_line_or_is_said_to_be_untold() {
    use End::{Caller, Server};
    const X: &str = "x509: certificate signed by unknown authority";
    let cases: &[(&str, Option<&str>, Option<End>, &str)] = &[
        // Passed on by kube-apiserver, which asked a kubelet.
        (
            "error: You must be logged in to the server (the server has asked for the client to provide credentials ( pods/log web))",
            Some("kube-apiserver->kubelet"),
            Some(Caller),
            "kubelet refused what kube-apiserver presents",
        ),
        (
            "error: You must be logged in to the server (the server has asked for the client to provide credentials (get pods))",
            Some("kubectl->kube-apiserver"),
            Some(Caller),
            "kube-apiserver refused",
        ),
        (
            "Error from server (InternalError): Internal error occurred: Authorization error (user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource=proxy)",
            Some("kubelet->kube-apiserver"),
            None,
            "was good up to there",
        ),
        // Calls that failed without a reason.
        ("http: TLS handshake error from 10.0.0.11:40000: EOF", None, None, "whose log it is"),
        ("Error: unhealthy cluster", Some("etcdctl->etcd"), None, "the line does not say"),
        ("error: EOF", Some("kubectl->kube-apiserver"), Some(Caller), "kubectl"),
        // Programs that do not start.
        (
            "run.go:72] \"command failed\" err=\"failed to run Kubelet: failed to initialize client certificate manager: tls: private key does not match public key\"",
            Some("kubelet->kube-apiserver"),
            None,
            "files of its own, with which it would call kube-apiserver",
        ),
        (
            "run.go:72] \"command failed\" err=\"failed to run Kubelet: failed to create kubelet: failed to initialize file based certificate manager: unable to set up dynamic certificate manager for kubelet server cert files: tls: private key does not match public key\"",
            Some("kube-apiserver->kubelet"),
            None,
            "kubelet printed this about files of its own",
        ),
        (
            "\"msg\":\"registerGateway failed\",\"error\":\"tls: private key does not match public key\"",
            None,
            None,
            "its own serving pair",
        ),
        // One API server that called another.
        (
            "peerproxy_handler.go:279] \"Error while proxying request to destination apiserver\" err=\"error trying to reach service: tls: failed to verify certificate: X\"",
            None,
            Some(Server),
            "for the name kubernetes.default.svc",
        ),
        // Servers about their callers.
        (
            "\"Unable to authenticate the request\" err=\"verifying certificate SN=7, SKID=, AKID=AA:BB failed: X\"",
            None,
            Some(Caller),
            "--client-ca-file",
        ),
        (
            "\"Unable to authenticate the request\" err=\"[X, verifying certificate SN=7, SKID=, AKID=AA:BB failed: X]\"",
            None,
            Some(Caller),
            "Who called is not in the line",
        ),
        ("\"Unable to authenticate the request\" err=\"X\"", None, Some(Caller), "judged the client certificate"),
        (
            "\"Unable to authenticate the request\" err=\"[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]\"",
            Some("pod->kube-apiserver"),
            Some(Caller),
            "--service-account-key-file",
        ),
        (
            "server.go:310] \"Unable to authenticate the request due to an error\" err=\"verifying certificate SN=7, SKID=, AKID= failed: X\"",
            Some("kube-apiserver->kubelet"),
            Some(Caller),
            "a kubelet's line",
        ),
        (
            "\"Unable to authenticate the request\" err=\"x509: subject with cn=x is not in the allowed list\"",
            None,
            Some(Caller),
            "--requestheader-client-ca-file",
        ),
        (
            "\"msg\":\"rejected connection\",\"remote-addr\":\"10.0.0.5:40000\",\"error\":\"remote error: tls: bad certificate\"",
            None,
            Some(Server),
            "2379, or to that for peers, 2380",
        ),
        (
            "\"msg\":\"rejected connection\",\"remote-addr\":\"10.0.0.5:23801\",\"error\":\"tls: failed to verify certificate: X\"",
            None,
            Some(Caller),
            "does not say which",
        ),
        (
            "\"msg\":\"rejected connection on client endpoint\",\"remote-addr\":\"10.0.0.5:4\",\"error\":\"tls: client didn't provide a certificate\"",
            None,
            Some(Caller),
            "clients, 2379",
        ),
        (
            "\"msg\":\"rejected connection on peer endpoint\",\"remote-addr\":\"10.0.0.5:4\",\"error\":\"remote error: tls: bad certificate\"",
            Some("etcd->etcd"),
            Some(Server),
            "refused what etcd peer shows",
        ),
        (
            "\"msg\":\"rejected connection\",\"remote-addr\":\"127.0.0.1:40000\",\"error\":\"tls: failed to verify certificate: x509: certificate specifies an incompatible key usage\"",
            Some("etcd-gateway->etcd"),
            Some(Caller),
            "etcd/server.crt",
        ),
        (
            "embed: rejected connection from \"10.0.0.12:40000\" (error \"tls: \\\"10.0.0.12\\\" does not match any of DNSNames [\\\"cp-2\\\"]\", ServerName \"\")",
            Some("etcd->etcd"),
            Some(Caller),
            "etcd/peer.crt",
        ),
        (
            "\"msg\":\"rejected connection\",\"remote-addr\":\"10.0.0.12:4\",\"error\":\"x509: certificate is valid for 10.0.0.11, not 10.0.0.12\"",
            Some("etcd->etcd"),
            Some(Caller),
            "source address",
        ),
        (
            "http: TLS handshake error from 10.0.0.11:40000: no serving certificate available for the kubelet",
            Some("kube-apiserver->kubelet"),
            None,
            "kube-apiserver called kubelet",
        ),
        (
            "http: TLS handshake error from 10.0.0.11:40000: remote error: tls: bad certificate",
            None,
            Some(Server),
            "whose log it is",
        ),
        (
            "Nov 29 03:00:00 cp-1 kubelet[812]: I1129 log.go:245] http: TLS handshake error from 10.0.0.11:4: remote error: tls: unknown certificate authority",
            None,
            Some(Server),
            "A kubelet printed this",
        ),
        // Callers about servers.
        (
            "\"Failed to scrape node\" err=\"Get \\\"https://10.0.0.21:10250/metrics/resource\\\": tls: failed to verify certificate: x509: cannot validate certificate for 10.0.0.21 because it doesn't contain any IP SANs\"",
            Some("metrics-server->kubelet"),
            Some(Server),
            "metrics-server refused",
        ),
        (
            "Error from server: Get \"https://10.0.0.21:10250/containerLogs/a/b/c\": X",
            Some("kube-apiserver->kubelet"),
            Some(Server),
            "kube-apiserver refused",
        ),
        ("Get \"https://10.0.0.21:10250/metrics\": X", None, Some(Server), "port 10250"),
        (
            "{\"logger\":\"etcd-client\",\"caller\":\"v3/retry_interceptor.go:62\",\"target\":\"etcd-endpoints://0xc0/127.0.0.1:2379\",\"error\":\"X\"}",
            Some("etcdctl->etcd"),
            Some(Server),
            "--cacert",
        ),
        (
            "grpc: addrConn.createTransport failed to connect to {Addr: \"127.0.0.1:2379\"}. Err: X",
            Some("kube-apiserver->etcd"),
            Some(Server),
            "--etcd-cafile",
        ),
        (
            "grpc: addrConn.createTransport failed to connect to {Addr: \"127.0.0.1:2379\"}. Err: remote error: tls: expired certificate",
            Some("kube-apiserver->etcd"),
            Some(Caller),
            "apiserver-etcd-client.crt",
        ),
        ("Get \"https://127.0.0.1:2379/health\": X", None, Some(Server), "A client of etcd"),
        (
            "\"prober detected unhealthy status\",\"error\":\"X\"",
            Some("etcd->etcd"),
            Some(Server),
            "--peer-trusted-ca-file",
        ),
        (
            "Failed to watch *v1.ConfigMap: Get \"https://[::1]:6443/api/v1/configmaps\": x509: certificate has expired or is not yet valid: current time 2 is after 1",
            Some("kube-apiserver->kube-apiserver"),
            Some(Server),
            "loopback",
        ),
        (
            "Failed to watch *v1.Pod: Get \"https://127.0.0.1:6443/api/v1/pods\": X",
            None,
            Some(Server),
            "in another log it is that program",
        ),
        (
            "error retrieving resource lock kube-system/kube-scheduler: Get \"https://10.0.0.10:6443/apis\": X",
            Some("kube-scheduler->kube-apiserver"),
            Some(Server),
            "scheduler.conf",
        ),
        (
            "\"Error retrieving lease lock\" err=\"Get \\\"https://10.0.0.10:6443/apis\\\": X\" lock=\"kube-system/kube-controller-manager\"",
            Some("kube-controller-manager->kube-apiserver"),
            Some(Server),
            "controller-manager.conf",
        ),
        (
            "failed to request the cluster-info ConfigMap: Get \"https://10.0.0.10:6443/api\": X",
            Some("kubeadm->kube-apiserver"),
            Some(Server),
            "cluster-info",
        ),
        (
            "plugin/kubernetes: Failed to watch *v1.Service: Get \"https://10.96.0.1:443/api/v1/services\": X",
            Some("pod->kube-apiserver"),
            Some(Server),
            "CoreDNS",
        ),
        ("Get \"https://10.96.0.1:443/api/v1/pods\": X", Some("pod->kube-apiserver"), Some(Server), "kube-root-ca.crt"),
        (
            "Get \"https://10.0.0.10:6443/apis/autoscaling/v2/horizontalpodautoscalers\": X",
            None,
            Some(Server),
            "A client of kube-apiserver",
        ),
        ("talosctl: rpc error: X", None, Some(Server), "CA of its own"),
        ("Head \"https://registry.corp.example/v2/\": X", None, Some(Server), "image registry"),
        (
            "failed calling webhook \"a.example\": failed to call webhook: Post \"https://a.b.svc:443/v2/\": X",
            Some("kube-apiserver->webhook"),
            Some(Server),
            "caBundle",
        ),
        (
            "failing or missing response from https://10.96.1.2:443/apis: Get \"https://10.96.1.2:443/apis\": X",
            Some("kube-apiserver->aggregated-apiserver"),
            Some(Server),
            "caBundle",
        ),
        ("X", None, None, "does not say on which connection"),
    ];
    for (line, connection, judged, who) in cases {
        let line = line.replace('X', X);
        let (_, arose) = only(&line);
        assert_eq!((arose.connection, arose.judged), (*connection, *judged), "{line}: {arose:?}");
        assert!(arose.who.contains(who), "{line}: {}", arose.who);
    }
}

#[test]
fn signs_in_other_lines_do_not_count_and_a_message_is_explained_once() {
    let (_, arose) = only(
        "Get \"https://127.0.0.1:2379/health\": fine\n\"Unable to authenticate the request\" err=\"verifying certificate SN=7, SKID=, AKID=AA failed: x509: certificate has expired or is not yet valid: current time 2 is after 1\"\n",
    );
    assert_eq!((arose.connection, arose.judged), (None, Some(End::Caller)));
    let twice = "serving peer traffic 10.0.0.1:2380\n\"rejected connection\" \"remote error: tls: bad certificate\"\n\"rejected connection\" \"remote error: tls: bad certificate\"";
    assert_eq!(only(twice).1.connection, None);
    // One message at two places is explained once, and both places are said.
    let two = "Unable to connect to the server: x509: certificate signed by unknown authority\nprober detected unhealthy status x509: certificate signed by unknown authority";
    let found = explain(two);
    assert_eq!((found.len(), found[0].arose.len()), (1, 2));
    // Wrapped between its parts it is one message still.
    let wrapped =
        "Unable to connect to the server: x509: certificate is valid for 10.96.0.1,\n 10.0.0.11, not 10.0.0.10";
    assert_eq!(only(wrapped).1.connection, Some("kubectl->kube-apiserver"));
    assert!(explain("all is well").is_empty() && explain("").is_empty());
}

#[test]
fn values_in_a_message_decide_its_cause() {
    const BECAUSE: &str = "x509: certificate signed by unknown authority (possibly because of \"REASON\" while trying to verify candidate authority certificate \"kubernetes\")";
    let because = |reason: &str| BECAUSE.replace("REASON", reason);
    for (text, cause) in [
        (
            "pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\"".to_owned(),
            "Do not mend it by binding",
        ),
        (
            "pods is forbidden: User \\\"system:anonymous\\\" cannot list resource \\\"pods\\\"".to_owned(),
            "client certificate has expired",
        ),
        (
            "secrets \"kubeadm-certs\" is forbidden: User \"system:bootstrap:abcdef\" cannot get".to_owned(),
            "--upload-certs",
        ),
        ("csr is forbidden: User \"system:bootstrap:abcdef\" cannot create".to_owned(), "bootstrap token"),
        (
            "pods is forbidden: User \"system:serviceaccount:ci:deployer\" cannot list".to_owned(),
            "No certificate is involved",
        ),
        ("nodes is forbidden: User \"system:node:a\" cannot list".to_owned(), "O=system:nodes"),
        ("leases is forbidden: User \"system:kube-scheduler\" cannot get".to_owned(), "not by a group"),
        (because("x509: invalid signature: parent certificate cannot sign this kind of certificate"), "CA:TRUE"),
        (because("x509: cannot verify signature: insecure algorithm SHA1-RSA"), "SHA-1"),
        (because("x509: cannot verify signature: insecure algorithm MD5-RSA"), "sign it again"),
        (because("x509: ECDSA verification failure"), "made anew"),
        (because("something new"), "reason in the brackets"),
        ("[invalid bearer token, service account token has expired]".to_owned(), "own end has passed"),
        ("[invalid bearer token, service account token has been invalidated]".to_owned(), "was deleted"),
        (
            "Failed to pull image: Head \"https://r.example/v2/\": x509: certificate signed by unknown authority"
                .to_owned(),
            "no part of the cluster's PKI",
        ),
        ("failed calling webhook \"a\": x509: certificate signed by unknown authority".to_owned(), "cainjector"),
    ] {
        let (row, _) = only(&text);
        let said = format!("{} {}", row.means, row.causes.join(" "));
        assert!(said.contains(cause), "{text}: {said}");
    }
}

#[test]
fn the_next_command_names_what_the_message_names_and_the_ca_of_that_connection() {
    const X: &str = "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    let commands = |line: &str| only(&line.replace('X', X)).1.tell.join("\n");
    for (line, with, without) in [
        ("Get \"https://10.0.0.21:10250/metrics/resource\": X", "-connect 10.0.0.21:10250", "verify -CAfile"),
        (
            "addrConn.createTransport failed to connect to {Addr: \"127.0.0.1:2379\"}: X",
            "-CAfile /etc/kubernetes/pki/etcd/ca.crt",
            "pki/ca.crt",
        ),
        ("\"rejected connection\" \"X\"", "-CAfile /etc/kubernetes/pki/etcd/ca.crt", "pki/ca.crt"),
        (
            "failed calling webhook \"a.example\": Post \"https://a.b.svc:443/\": X",
            "@.name==\"a.example\"",
            "pki/ca.crt",
        ),
        ("failing or missing response from https://10.96.1.2:443/apis: X", "-connect 10.96.1.2:443", "pki/ca.crt"),
        ("Head \"https://registry.corp.example/v2/\": X", "-connect registry.corp.example:443", "pki/ca.crt"),
        ("talosctl X", "-connect HOST:PORT", "kubectl"),
        ("cluster-info: Get \"https://10.0.0.10:6443/api\": X", "get configmap cluster-info", "config view"),
        (
            "lock kube-system/kube-scheduler: Get \"https://10.0.0.10:6443/apis\": X",
            "--kubeconfig /etc/kubernetes/scheduler.conf",
            "HOST:PORT",
        ),
        ("Get \"https://10.96.0.1:443/api\": X", "kube-root-ca.crt", "config view"),
        ("Get \"https://$(reboot):443/api\": X", "HOST:PORT", "reboot"),
        ("failed calling webhook \"$(reboot)\": X", "NAME", "reboot"),
        (
            "\"Unable to authenticate the request\" err=\"verifying certificate SN=7, SKID=, AKID=AA failed: X\"",
            "-CAfile /etc/kubernetes/pki/ca.crt",
            "s_client",
        ),
    ] {
        let said = commands(line);
        assert!(said.contains(with), "{line}: {said}");
        assert!(!said.contains(without), "{line}: {said}");
    }
    let front_proxy =
        "\"Unable to authenticate the request\" err=\"x509: subject with cn=x is not in the allowed list\"";
    assert!(only(front_proxy).1.tell.join("\n").contains("pki/front-proxy-ca.crt"));
    // kubeadm renews neither a registry's certificate nor a webhook's.
    const OLD: &str = "x509: certificate has expired or is not yet valid: current time 2 is after 1";
    for (start, renews) in [
        ("Head \"https://r.example/v2/\": ", false),
        ("failed calling webhook: ", false),
        ("Unable to connect to the server: ", true),
    ] {
        let (_, arose) = only(&format!("{start}{OLD}"));
        assert_eq!(arose.tell.iter().any(|one| one.starts_with("kubeadm certs")), renews, "{start}: {:?}", arose.tell);
    }
}

#[test]
fn words_that_are_kubectls_only_at_the_beginning_of_a_line_are_nobodys_elsewhere() {
    assert_eq!(explain("error: EOF").len(), 1);
    assert!(explain("read error: EOF").is_empty());
    let terminal = explain("Please enter Username: error: EOF");
    assert_eq!(terminal.iter().map(|one| one.row.title()).collect::<Vec<_>>(), ["Please enter Username:"]);
}

#[test]
fn a_kubelet_that_nobody_knows_is_told_of_its_own_certificate_first() {
    let line = "controller.go:145] \"Failed to ensure lease exists, will retry\" err=\"leases.coordination.k8s.io \\\"cp-1\\\" is forbidden: User \\\"system:anonymous\\\" cannot get resource \\\"leases\\\" in API group \\\"coordination.k8s.io\\\" in the namespace \\\"kube-node-lease\\\"\"";
    let (row, arose) = only(line);
    assert!(row.causes[0].contains("kubelet's client certificate has expired"), "{row:?}");
    assert_eq!(arose.connection, Some("kubelet->kube-apiserver"));
    let (row, arose) = only("pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\"");
    assert!(row.causes[0].contains("current context has no user"), "{row:?}");
    assert_eq!(arose.connection, None);
}
