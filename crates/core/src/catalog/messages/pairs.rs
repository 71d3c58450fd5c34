//! Messages about a certificate and its key on disk.

use super::row::{About, MessageRow, Tell};

const PAIR: Tell =
    Tell::Run("openssl x509 -noout -pubkey -in CERTIFICATE | sha256sum; openssl pkey -pubout -in KEY | sha256sum");

pub(super) static ROWS: &[MessageRow] = &[
    MessageRow {
        wordings: &[&["tls: private key does not match public key"]],
        about: About::Files,
        means: "Certificate and key are not a pair.",
        causes: &["one of the two files was renewed or copied without the other"],
        tell: &[PAIR],
        faults: &["foreign-key"],
        seen: "E1126 07:12:01.1 1 run.go:72] \"command failed\" err=\"tls: private key does not match public key\"",
    },
    MessageRow {
        wordings: &[&["tls: private key type does not match public key type"]],
        about: About::Files,
        means: "One is RSA and the other ECDSA.",
        causes: &["the key's algorithm was changed, and only one of the files made again"],
        tell: &[PAIR],
        faults: &["other-key-type"],
        seen: "Unable to connect to the server: tls: private key type does not match public key type",
    },
    MessageRow {
        wordings: &[&["PEM inputs may have been switched"]],
        about: About::Files,
        means: "The certificate's file holds a key.",
        causes: &["the two flags, or the two files, are exchanged"],
        tell: &[Tell::Run("head -1 CERTIFICATE KEY")],
        faults: &["swapped"],
        seen: "E1126 07:12:01.1 1 run.go:72] \"command failed\" err=\"tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched\"",
    },
    MessageRow {
        wordings: &[&["tls: found a certificate rather than a key in the PEM for the private key"]],
        about: About::Files,
        means: "The key's file holds a certificate.",
        causes: &["the two flags, or the two files, are exchanged"],
        tell: &[Tell::Run("head -1 CERTIFICATE KEY")],
        faults: &[],
        seen: "Unable to connect to the server: tls: found a certificate rather than a key in the PEM for the private key",
    },
    MessageRow {
        wordings: &[&["unable to load root certificates"]],
        about: About::Files,
        means: "What should hold CA certificates holds none that can be read, so that nobody can be judged by it.",
        causes: &[
            "a caBundle is the base64 of something else than PEM: of DER, of base64 once more, of a whole kubeconfig",
            "the CA's file is empty, or no PEM",
        ],
        tell: &[Tell::Trusted],
        faults: &[],
        seen: "Error from server (InternalError): error when creating \"a.yaml\": Internal error occurred: failed calling webhook \"check.example.com\": could not get REST client: unable to load root certificates: unable to parse bytes as PEM block",
    },
    MessageRow {
        wordings: &[&["missing content for CA bundle"]],
        about: About::Files,
        means: "What should hold CA certificates is empty, so that nobody is believed by it.",
        causes: &[
            "kube-apiserver leaves a CA that has ended out of the ConfigMap in which it tells extensions whom to believe",
            "kube-apiserver runs without --requestheader-client-ca-file, or without --client-ca-file",
            "a file of CA certificates is empty",
        ],
        tell: &[
            Tell::Run("kubectl --namespace kube-system get configmap extension-apiserver-authentication --output yaml"),
            Tell::Run("openssl x509 -noout -enddate -in /etc/kubernetes/pki/front-proxy-ca.crt"),
        ],
        faults: &["expired-ca"],
        seen: "E1201 03:11:03.706743    1621 configmap_cafile_content.go:246] \"Unhandled Error\" err=\"kube-system/extension-apiserver-authentication failed with : missing content for CA bundle \\\"client-ca::kube-system::extension-apiserver-authentication::requestheader-client-ca-file\\\"\"",
    },
];
