//! Messages about dates and usages.

use super::row::{About, CLIENT, EXPIRED, MessageRow, Tell, USAGE};

pub(super) static ROWS: &[MessageRow] = &[
    MessageRow {
        wordings: &[
            &["part of the existing bootstrap client certificate", "is expired:"],
            &["existing bootstrap client certificate is expired:"],
        ],
        about: About::Files,
        means: "The kubelet's client certificate expired while the node was off or cut off; it can no longer renew it by itself.",
        causes: &["the node was off for longer than its certificate lived", "nobody signed its renewal"],
        tell: &[Tell::Run("openssl x509 -noout -enddate -in /var/lib/kubelet/pki/kubelet-client-current.pem")],
        faults: &[],
        seen: "E1129 03:00:00.1 812 bootstrap.go:265] part of the existing bootstrap client certificate in /etc/kubernetes/kubelet.conf is expired: 2026-11-28 10:00:00 +0000 UTC",
    },
    MessageRow {
        wordings: &[&["unable to load bootstrap kubeconfig: stat", "no such file or directory"]],
        about: About::Files,
        means: "The kubelet has no client certificate that counts and looks for a bootstrap kubeconfig to get one with, but that file is gone, as it rightly is once a node has joined. The kubelet does not start.",
        causes: &[
            "the certificate in kubelet.conf, or in the file that it names, has ended: the node was off, or nobody signed its renewal",
            "kubelet.conf is missing",
        ],
        tell: &[
            Tell::Run("journalctl -u kubelet | grep 'existing bootstrap client certificate'"),
            Tell::Run("openssl x509 -noout -subject -enddate -in /var/lib/kubelet/pki/kubelet-client-current.pem"),
            Tell::Run("ls -l /etc/kubernetes/kubelet.conf"),
        ],
        faults: &[],
        seen: "E1130 19:06:00.779911    2296 run.go:72] \"command failed\" err=\"failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory\"",
    },
    MessageRow {
        wordings: &[&["https://[::1]:6443", EXPIRED, "is after"], &["apiserver-loopback-client", EXPIRED, "is after"]],
        about: About::Theirs,
        means: "kube-apiserver calls itself with a certificate that it makes when it starts and keeps in memory; that one has expired. No file is wrong.",
        causes: &[
            "the process has run for longer than that certificate lives: a year, or about three from 1.37 on. Restart kube-apiserver",
        ],
        tell: &[Tell::Run("crictl ps --name kube-apiserver"), Tell::Run("date -u")],
        faults: &[],
        seen: "E1129 03:00:00.1 1 reflector.go:150] k8s.io/client-go/informers/factory.go:160: Failed to watch *v1.ConfigMap: failed to list *v1.ConfigMap: Get \"https://[::1]:6443/api/v1/configmaps?limit=500&resourceVersion=0\": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-29T03:00:00Z is after 2026-11-28T10:00:00Z",
    },
    MessageRow {
        wordings: &[&[CLIENT, EXPIRED, "is after"]],
        about: About::Theirs,
        means: "The client certificate of the server's caller has expired. SN is its serial number in decimal.",
        causes: &[
            "nobody renewed it within its year, or a copy of the kubeconfig, such as ~/.kube/config, was not made again",
            "it was renewed in a kubeconfig, but the caller was not restarted and still shows the old one",
        ],
        tell: &[Tell::Judged, Tell::Renewal, Tell::Run("date -u")],
        faults: &["expired", "not-restarted"],
        seen: "E1129 03:00:00.1 1 authentication.go:75] \"Unable to authenticate the request\" err=\"[x509: certificate has expired or is not yet valid: current time 2026-11-29T03:00:00Z is after 2026-11-28T10:00:00Z, verifying certificate SN=7, SKID=, AKID=AA:BB failed: x509: certificate has expired or is not yet valid: current time 2026-11-29T03:00:00Z is after 2026-11-28T10:00:00Z]\"",
    },
    MessageRow {
        wordings: &[&[EXPIRED, "is after"]],
        about: About::Theirs,
        means: "The certificate that was judged, or a CA above it, has expired by the judge's clock.",
        causes: &[
            "nobody renewed it in time",
            "it was renewed, but the server did not read it again: kube-apiserver, etcd and kubelet do so by themselves, others may need a restart",
            "the CA itself has expired: kubeadm never renews CAs",
        ],
        tell: &[Tell::Judged, Tell::Renewal, Tell::Run("date -u")],
        faults: &["expired", "expired-ca"],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T05:59:21Z is after 2026-11-21T05:59:21Z",
    },
    MessageRow {
        wordings: &[&[EXPIRED, "is before"]],
        about: About::Theirs,
        means: "The certificate is not valid yet: the judge's clock is behind, or that of the issuing machine was ahead.",
        causes: &["the judge's clock is wrong", "the machine that issued it had a wrong clock"],
        tell: &[Tell::Run("date -u"), Tell::Judged],
        faults: &["not-yet-valid"],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T05:59:21Z is before 2026-11-23T05:59:21Z",
    },
    MessageRow {
        wordings: &[&["rejected connection", "\"127.0.0.1:", USAGE], &["rejected connection", "\"[::1]:", USAGE]],
        about: About::Theirs,
        means: "etcd's own gateway calls etcd from the same machine and shows etcd's server certificate as a client: that certificate must allow clientAuth besides serverAuth.",
        causes: &[
            "etcd/server.crt was made with serverAuth alone",
            "if it has clientAuth, another caller on this machine, such as kube-apiserver, shows a server's certificate",
        ],
        tell: &[
            Tell::Judged,
            Tell::Run("openssl x509 -noout -ext extendedKeyUsage -in /etc/kubernetes/pki/apiserver-etcd-client.crt"),
        ],
        // etcd's gateway is not recorded yet.
        faults: &[],
        seen: "{\"level\":\"warn\",\"ts\":\"2026-11-29T03:00:00.1Z\",\"caller\":\"embed/config_logging.go:170\",\"msg\":\"rejected connection\",\"remote-addr\":\"127.0.0.1:40000\",\"server-name\":\"\",\"error\":\"tls: failed to verify certificate: x509: certificate specifies an incompatible key usage\"}",
    },
    MessageRow {
        wordings: &[&[CLIENT, USAGE], &["rejected connection", USAGE]],
        about: About::Theirs,
        means: "The caller shows a certificate that is not for clients: its extended key usage lacks clientAuth.",
        causes: &[
            "the caller's flags or kubeconfig name a server's certificate",
            "the certificate was made without clientAuth",
        ],
        tell: &[Tell::Judged],
        faults: &["server-usage-only"],
        seen: "E0621 10:57:15.050980 1 authentication.go:63] \"Unable to authenticate the request\" err=\"[x509: certificate signed by unknown authority, verifying certificate SN=322848410769846378365036856136857402791, SKID=, AKID= failed: x509: certificate specifies an incompatible key usage]\"",
    },
    MessageRow {
        wordings: &[&[USAGE]],
        about: About::Theirs,
        means: "The extended key usage is for the other role: a client's certificate at a server, or a server's at a client.",
        causes: &[
            "the pairs were mixed up in flags",
            "the certificate, or a CA above it, was made with another extended key usage",
        ],
        tell: &[Tell::Judged],
        faults: &["client-usage-only", "server-usage-only"],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: certificate specifies an incompatible key usage",
    },
];
