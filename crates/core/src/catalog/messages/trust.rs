//! Messages about who signed a certificate.

use super::row::{About, BECAUSE, CLIENT, MessageRow, Tell, UNKNOWN};

pub(super) static ROWS: &[MessageRow] = &[
    MessageRow {
        wordings: &[
            &["failed calling webhook", UNKNOWN],
            &["failed to call webhook", UNKNOWN],
            &["conversion webhook for", UNKNOWN],
        ],
        about: About::Theirs,
        means: "kube-apiserver checked the webhook's certificate with the caBundle of its configuration, and found another CA. The cluster's own CA has no part in this.",
        causes: &[
            "the webhook's CA was made again, and the caBundle still holds the old one (with cert-manager: its cainjector has not run)",
            "the caBundle is empty, so that the machine's roots decide",
            "another Service answers under that name",
        ],
        tell: &[Tell::Trusted, Tell::Judged, Tell::Chain],
        faults: &[],
        seen: "Error from server (InternalError): error when creating \"a.yaml\": Internal error occurred: failed calling webhook \"check.example.com\": failed to call webhook: Post \"https://check.default.svc:443/validate?timeout=10s\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
    },
    MessageRow {
        wordings: &[&["failing or missing response from", UNKNOWN], &["FailedDiscoveryCheck", UNKNOWN]],
        about: About::Theirs,
        means: "kube-apiserver checked the certificate of an aggregated API server with the caBundle of its APIService, and found another CA.",
        causes: &[
            "the aggregated API server made itself a new certificate, and the caBundle still holds the old CA",
            "the caBundle is empty, so that the machine's roots decide",
        ],
        tell: &[Tell::Run("kubectl get apiservice"), Tell::Trusted, Tell::Judged, Tell::Chain],
        faults: &[],
        seen: "E1126 07:12:01.1 1 available_controller.go:460] v1beta1.metrics.k8s.io failed with: failing or missing response from https://10.96.12.7:443/apis/metrics.k8s.io/v1beta1: Get \"https://10.96.12.7:443/apis/metrics.k8s.io/v1beta1\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
    },
    MessageRow {
        wordings: &[
            &["Failed to pull image", UNKNOWN],
            &["failed to pull and unpack image", UNKNOWN],
            &["failed to resolve reference", UNKNOWN],
            &["PullImage", UNKNOWN],
            &["/v2/\"", UNKNOWN],
            &["/v2/", "/manifests/", UNKNOWN],
            &["/v2/", "/blobs/", UNKNOWN],
        ],
        about: About::Theirs,
        means: "The container runtime of this machine does not know the CA of the image registry. The registry's certificate is no part of the cluster's PKI.",
        causes: &[
            "the registry has a private CA, which is neither among the machine's roots nor in the runtime's own settings for that registry",
            "a proxy on the way ends TLS and shows a certificate of its own",
        ],
        tell: &[Tell::Judged, Tell::Run("ls /etc/containerd/certs.d/ /etc/ssl/certs/")],
        faults: &[],
        seen: "Failed to pull image \"registry.corp.example/app:1\": failed to pull and unpack image \"registry.corp.example/app:1\": failed to resolve reference \"registry.corp.example/app:1\": failed to do request: Head \"https://registry.corp.example/v2/app/manifests/1\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
    },
    MessageRow {
        wordings: &[
            &[BECAUSE, "parent certificate cannot sign this kind of certificate"],
            &["x509: invalid signature: parent certificate cannot sign this kind of certificate"],
        ],
        about: About::Theirs,
        means: "The judge found the issuer by its name, but that certificate may not sign others: it lacks CA:TRUE, or its key usage lacks keyCertSign.",
        causes: &[
            "the CA was made without basicConstraints=CA:TRUE or keyUsage=keyCertSign, as openssl does without an extension file",
            "a leaf certificate of the same name stands in the CA file",
        ],
        tell: &[
            Tell::Trusted,
            Tell::Run("openssl x509 -noout -subject -ext basicConstraints,keyUsage -in CA"),
            Tell::Judged,
        ],
        faults: &["not-a-ca"],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of \"x509: invalid signature: parent certificate cannot sign this kind of certificate\" while trying to verify candidate authority certificate \"kubernetes\")",
    },
    MessageRow {
        wordings: &[
            &[BECAUSE, "x509: cannot verify signature: insecure algorithm"],
            &["x509: cannot verify signature: insecure algorithm"],
        ],
        about: About::Theirs,
        means: "The certificate, or a CA between, is signed with a digest that Go no longer accepts: the algorithm that the message names. The CA may well be the right one.",
        causes: &[
            "it was signed with SHA-1 or MD5, by old tools or an old setting of the CA: sign it again with SHA-256",
        ],
        tell: &[Tell::Judged, Tell::Run("openssl x509 -noout -text -in CERTIFICATE | grep 'Signature Algorithm'")],
        faults: &[],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of \"x509: cannot verify signature: insecure algorithm SHA1-RSA\" while trying to verify candidate authority certificate \"kubernetes\")",
    },
    MessageRow {
        wordings: &[&[BECAUSE, "verification error"], &[BECAUSE, "verification failure"]],
        about: About::Theirs,
        means: "The judge trusts a CA of the right name but with another key: the certificate comes from a CA that was made anew, or what the judge trusts from one that was replaced.",
        causes: &[
            "the judge holds the CA of an earlier cluster of the same name",
            "the CA was made again on one node (kubeadm init, or certificates copied in part)",
            "the judge was not restarted after its CA file was replaced",
        ],
        tell: &[Tell::Trusted, Tell::Judged, Tell::Chain],
        faults: &["same-name-ca", "old-ca"],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\" while trying to verify candidate authority certificate \"kubernetes\")",
    },
    MessageRow {
        wordings: &[&[BECAUSE, "while trying to verify candidate authority certificate"]],
        about: About::Theirs,
        means: "The judge found the issuer by its name, but the certificate does not hold against it, for the reason in the brackets.",
        causes: &["what stands in the brackets"],
        tell: &[Tell::Trusted, Tell::Judged, Tell::Chain],
        faults: &[],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of \"x509: cannot verify signature: algorithm unimplemented\" while trying to verify candidate authority certificate \"kubernetes\")",
    },
    MessageRow {
        wordings: &[&[CLIENT, UNKNOWN]],
        about: About::Theirs,
        means: "The server does not know the CA of its caller's client certificate. SN is that certificate's serial number in decimal, AKID the key identifier of the CA that signed it.",
        causes: &[
            "the caller's kubeconfig is of another cluster, or of this one before its CA was made again",
            "the certificate is of etcd's or the front proxy's CA",
            "the server still holds an earlier CA: kube-apiserver, kube-controller-manager and kubelet read theirs again within a minute, etcd only when it starts",
        ],
        tell: &[
            Tell::Judged,
            Tell::Run("openssl x509 -noout -subject -ext subjectKeyIdentifier -in /etc/kubernetes/pki/ca.crt"),
            Tell::Chain,
        ],
        faults: &["other-ca"],
        seen: "E0321 07:24:07.744583 1 authentication.go:63] \"Unable to authenticate the request\" err=\"[x509: certificate signed by unknown authority, verifying certificate SN=7, SKID=, AKID=AA:BB failed: x509: certificate signed by unknown authority]\"",
    },
    MessageRow {
        wordings: &[&[":10250/", UNKNOWN]],
        about: About::Theirs,
        means: "The caller of a kubelet does not know who signed the kubelet's serving certificate.",
        causes: &[
            "the kubelet made it itself: kubeadm leaves serverTLSBootstrap off. Set serverTLSBootstrap: true and approve the requests, or let the caller knowingly not check it",
            "the caller was given another CA than the one that signs kubelet-serving requests",
        ],
        tell: &[Tell::Judged, Tell::Run("kubectl get csr")],
        faults: &[],
        seen: "Error from server: Get \"https://10.0.0.21:10250/containerLogs/default/web/web\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
    },
    MessageRow {
        wordings: &[&[UNKNOWN]],
        about: About::Theirs,
        means: "The judge trusts no CA of the name that the certificate says it was issued by.",
        causes: &[
            "the judge has the wrong CA file, or none: then the system's roots decide",
            "a certificate of another trust domain is shown: etcd's where the cluster's is expected, or the other way round",
            "a CA between was not sent along",
        ],
        tell: &[Tell::Judged, Tell::Trusted, Tell::Chain],
        faults: &["other-ca", "missing-intermediate"],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority",
    },
    MessageRow {
        wordings: &[&["x509: too many intermediates for path length constraint"]],
        about: About::Theirs,
        means: "A CA in the chain allows fewer CAs below it than there are.",
        causes: &["a CA with pathlen:0 was used to sign another CA"],
        tell: &[Tell::Run(
            "openssl crl2pkcs7 -nocrl -certfile CHAIN | openssl pkcs7 -print_certs -noout -text | grep -A1 'Basic Constraints'",
        )],
        faults: &["path-length"],
        seen: "Unable to connect to the server: tls: failed to verify certificate: x509: too many intermediates for path length constraint",
    },
    MessageRow {
        wordings: &[&["expected 1 certificate, found"]],
        about: About::Files,
        means: "--cluster-signing-cert-file holds a bundle. A signer is one certificate; bundles are for trust.",
        causes: &["a CA rotation put the bundle of old and new into ca.crt"],
        tell: &[Tell::Run("grep -c BEGIN /etc/kubernetes/pki/ca.crt")],
        faults: &[],
        seen: "E1126 07:12:01.1 1 ca_provider.go:72] error reading CA cert file \"/etc/kubernetes/pki/ca.crt\": expected 1 certificate, found 2",
    },
];
