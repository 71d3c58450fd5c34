//! What programs are handed, as plain values. The TypeScript types of the package are written from these, so that neither
//! can say what the other does not.

use kubepki_core::diag::Diagnostic;
use serde::{Deserialize, Serialize};
#[cfg(not(target_arch = "wasm32"))]
use ts_rs::TS;

/// One finding: what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct Finding {
    /// How serious it is; nothing can be planned or issued until every `error` is mended.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Severity"))]
    pub severity: String,
    /// Stable id of the rule, such as `nodes-duplicate-name`.
    pub code: String,
    /// Path of the field it belongs to (`nodes.0.name`); empty when it belongs to the whole design.
    pub path: String,
    /// Line in the text, from 1; null where the design is no text or the finding stands nowhere in it.
    pub line: Option<u32>,
    /// Column in characters, from 1; null as the line is.
    pub column: Option<u32>,
    /// What is wrong, one sentence, naming the value.
    pub message: String,
    /// What to do about it; empty when the message says it already.
    pub help: String,
    /// Where the rule comes from: a document, a file of Kubernetes, an RFC section; may be empty.
    pub source: String,
}

impl From<Diagnostic> for Finding {
    fn from(it: Diagnostic) -> Self {
        let Diagnostic { severity, rule, field, message, hint, source, position } = it;
        Self {
            severity: severity.word().to_owned(),
            code: rule.into_owned(),
            path: field,
            line: position.map(|at| at.line),
            column: position.map(|at| at.column),
            message,
            help: hint,
            source: source.into_owned(),
        }
    }
}

/// Why something was not done. `core.js` makes a `KubePkiError` of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct Failure {
    /// `design`: the design has errors, the findings name them all. `argument`: something else that was given is not right.
    /// `undone`: it could not be done. `wasm`: the WebAssembly could not be loaded, or stopped.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "\"design\" | \"argument\" | \"undone\" | \"wasm\""))]
    pub code: &'static str,
    /// One or two sentences for people. Never holds a secret.
    pub message: String,
    /// Everything there is to say about the design.
    pub findings: Vec<Finding>,
}

impl Failure {
    /// A design with errors.
    pub fn design(findings: Vec<Finding>) -> Self {
        let errors = || findings.iter().filter(|one| one.severity == "error");
        let first = errors().next().map(|one| match (one.line, one.column) {
            (Some(line), Some(column)) => format!("{line}:{column}: {}", one.message),
            _ => one.message.clone(),
        });
        let more = match errors().count() {
            0 | 1 => String::new(),
            count => format!(" (and {} more; `findings` has them all)", count - 1),
        };
        let message = format!("The design has errors: {}{more}", first.unwrap_or_default());
        Self { code: "design", message, findings }
    }

    /// An argument that is not right.
    pub fn argument(message: impl Into<String>) -> Self {
        Self { code: "argument", message: message.into(), findings: Vec::new() }
    }

    /// Something that could not be done.
    pub fn undone(message: impl Into<String>) -> Self {
        Self { code: "undone", message: message.into(), findings: Vec::new() }
    }
}

/// What follows from a design, before any key is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The cluster's name.
    pub cluster_name: String,
    /// The version that is planned for, `v1.37.1`.
    pub kubernetes_version: String,
    /// The names of the nodes, in the design's order.
    pub nodes: Vec<String>,
    /// Certificates and bare key pairs, issuers before what they sign.
    pub certificates: Vec<PlannedCertificate>,
    /// Every file, sorted by node and path.
    pub files: Vec<PlannedFile>,
    /// Every flag that names one of the files or follows from the design.
    pub flags: Vec<PlannedFlag>,
    /// The connections there are, by id.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Array<ConnectionId>"))]
    pub connections: Vec<String>,
    /// What is worth knowing about the design; none is an error.
    pub findings: Vec<Finding>,
}

/// A certificate that will be issued, or a bare key pair that will be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
#[serde(rename_all = "camelCase")]
pub struct PlannedCertificate {
    /// Its name across page, command line and here: `apiserver@cp-1`, `ca@cluster`.
    pub key: String,
    /// The kind of certificate, as kubeadm calls it: `apiserver`.
    pub id: String,
    /// Its node; null when it belongs to the cluster.
    pub node: Option<String>,
    /// What it is for.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "CertificateKind"))]
    pub kind: String,
    /// The `key` of its issuer; null when self-signed or a bare key pair.
    pub issuer: Option<String>,
    /// Its subject, `O=system:nodes, CN=system:node:cp-1`; null for a bare key pair.
    pub subject: Option<String>,
    /// Its names, DNS names before addresses.
    pub sans: Vec<String>,
    /// Its extended key usages.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Array<\"serverAuth\" | \"clientAuth\">"))]
    pub extended_key_usages: Vec<String>,
    /// Its key's algorithm.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "KeyAlgorithm"))]
    pub key_algorithm: String,
    /// How long it is valid after the issue time, in seconds.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
    pub lifetime_seconds: i64,
}

/// A file that will be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
#[serde(rename_all = "camelCase")]
pub struct PlannedFile {
    /// The node whose file system it is in; null for what is kept off the nodes.
    pub node: Option<String>,
    /// Its path: absolute on a node, relative off the nodes.
    pub path: String,
    /// Unix mode, such as 0o600.
    pub mode: u32,
    /// Owner and group.
    pub owner: String,
    /// What it holds: `certificate`, `private key`, `public key`, `kubeconfig`.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Holding"))]
    pub holds: String,
    /// The `key` of the certificate or key pair it is made from.
    pub certificate: String,
    /// Whether whoever reads it can pose as the holder.
    pub secret: bool,
}

/// A flag of a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct PlannedFlag {
    /// The program, `kube-apiserver`.
    pub component: String,
    /// The node that it runs on.
    pub node: String,
    /// Its name, `--tls-cert-file`, or the path of a setting in a configuration file.
    pub flag: String,
    /// Its value; null where it is left out, or where the user's own kubeadm file sets it.
    pub value: Option<String>,
    /// Whether the user's own kubeadm file sets it (`kubeadm.alsoSets` of the design): look there.
    pub own: bool,
    /// The `key` of the certificate or key pair in the file that it names; null where it names none.
    pub certificate: Option<String>,
}

/// How far `generate` is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct Progress {
    /// Keys, certificates and files done.
    pub done: u32,
    /// All there are.
    pub total: u32,
    /// What it is at.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "\"keys\" | \"signatures\" | \"files\""))]
    pub step: &'static str,
}

/// What `generate` makes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(optional_fields))]
pub struct GenerateOptions {
    /// What of it is given; everything where nothing is said. A CA's private key can make any identity: whoever needs none
    /// asks for none.
    pub include: Option<Include>,
}

/// What of a PKI is given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
#[serde(untagged)]
pub enum Include {
    /// `all`, all but the private keys of CAs, or the CAs alone.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "\"all\" | \"without-ca-keys\" | \"ca-keys\""))]
    Word(String),
    /// What one node needs.
    Node {
        /// Its name.
        node: String,
    },
}

/// What `generate` made. Whoever asked for private keys has them here, to keep and to wipe.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
#[serde(rename_all = "camelCase")]
pub struct Generated {
    /// The name to save the zip under, `prod-eu-pki.zip`.
    pub name: String,
    /// The zip: one top folder, Unix modes inside, stable order, nothing compressed.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint8Array<ArrayBuffer>"))]
    pub zip: js_sys::Uint8Array,
    /// The files in it, in the same order.
    pub files: Vec<GeneratedFile>,
    /// What each certificate says, issuers before what they signed.
    pub certificates: Vec<CertificateFacts>,
    /// When they were issued, RFC 3339 in UTC.
    pub issued_at: String,
    /// What is worth knowing about the design; none is an error.
    pub findings: Vec<Finding>,
}

/// A file that was made.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct GeneratedFile {
    /// Its path below the top folder: `nodes/cp-1/etc/kubernetes/pki/ca.crt` is `/etc/kubernetes/pki/ca.crt` on `cp-1`.
    pub path: String,
    /// Its Unix mode, such as 0o600.
    pub mode: u32,
    /// What is in it.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint8Array<ArrayBuffer>"))]
    pub bytes: js_sys::Uint8Array,
}

/// What a finished certificate says, read back from its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
#[serde(rename_all = "camelCase")]
pub struct CertificateFacts {
    /// Its name across page, command line and here: `apiserver@cp-1`.
    pub key: String,
    /// Subject, as `O=system:nodes, CN=system:node:cp-1`.
    pub subject: String,
    /// Issuer, the same way.
    pub issuer: String,
    /// Serial number, lower-case hexadecimal.
    pub serial: String,
    /// Start of validity, RFC 3339 in UTC.
    pub not_before: String,
    /// End of validity, RFC 3339 in UTC.
    pub not_after: String,
    /// Names: `DNS:kubernetes`, `IP:10.96.0.1`, in the certificate's order.
    pub sans: Vec<String>,
    /// Key usages as RFC 5280 4.2.1.3 names them.
    pub key_usages: Vec<String>,
    /// Extended key usages: `serverAuth`, `clientAuth`, else the OID.
    pub extended_key_usages: Vec<String>,
    /// Whether it is a CA's.
    pub ca: bool,
    /// Subject key identifier, upper-case hexadecimal with colons; null without the extension.
    pub subject_key_id: Option<String>,
    /// Authority key identifier, the same way.
    pub authority_key_id: Option<String>,
    /// Key algorithm: `RSA-2048`, `ECDSA-P256`.
    pub key_algorithm: String,
    /// Signature algorithm as Go names it: `SHA256-RSA`, `ECDSA-SHA256`.
    pub signature_algorithm: String,
    /// SHA-256 of the certificate, upper-case hexadecimal with colons.
    pub fingerprint: String,
    /// SHA-256 of the public key, lower-case hexadecimal: kubeadm's discovery hash for a CA.
    pub public_key_hash: String,
    /// The certificate, PEM.
    pub pem: String,
}

/// A preset: a design to start from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct Preset {
    /// Its id.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "PresetName"))]
    pub name: String,
    /// What people call it.
    pub title: String,
    /// A few words more.
    pub subtitle: String,
    /// The design file.
    pub yaml: String,
}

/// A fault that can be put into a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct Fault {
    /// Its id, `expired:etcd-server`.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// What is changed.
    pub change: String,
    /// The connections that it touches.
    pub connections: Vec<String>,
}

/// What `handshake` tries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(optional_fields))]
pub struct HandshakeOptions {
    /// Id of the connection, `kube-apiserver->etcd`; `plan` lists them.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "ConnectionId"))]
    pub connection: String,
    /// The node that calls or is called; the first where none is given.
    pub node: Option<String>,
    /// Ids of the faults that are put in; `faults` lists them.
    #[serde(default)]
    #[cfg_attr(not(target_arch = "wasm32"), ts(as = "Option<Vec<String>>"))]
    pub faults: Vec<String>,
    /// The newest TLS version that the caller speaks; 1.3 where none is given.
    #[cfg_attr(not(target_arch = "wasm32"), ts(optional, type = "\"1.2\" | \"1.3\""))]
    pub tls: Option<String>,
    /// Days from now at which it is tried; 0 where none are given.
    #[serde(default)]
    #[cfg_attr(not(target_arch = "wasm32"), ts(as = "Option<i32>"))]
    pub days: i32,
}

/// What `renderSvg` draws.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct SvgOptions {
    /// The view.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "ViewId"))]
    pub view: String,
}

/// What the `<kube-pki>` element asks to have drawn. Internal: it may change with any version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(optional_fields))]
pub struct DrawOptions {
    /// The design, as links carry it.
    pub link: String,
    /// The view that is open.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "ViewId"))]
    pub view: String,
    /// What is selected, by its name in links; nothing where none is given.
    #[serde(default)]
    #[cfg_attr(not(target_arch = "wasm32"), ts(as = "Option<String>"))]
    pub selected: String,
    /// What guides through it, by its name in links; nothing where none is given.
    #[serde(default)]
    #[cfg_attr(not(target_arch = "wasm32"), ts(as = "Option<String>"))]
    pub guide: String,
}

/// What was drawn: elements as lines, for the element's builder. Internal: it may change with any version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct Drawn {
    /// The view; empty where the element draws it itself.
    pub view: String,
    /// What is told about the selected thing.
    pub sheet: String,
    /// The guide; empty for none.
    pub guide: String,
}

/// One step of a handshake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct Step {
    /// Who does it.
    pub who: String,
    /// What is done.
    pub what: String,
    /// How it ends.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "StepOutcome"))]
    pub outcome: String,
    /// The things that are compared, each with what it is.
    pub compared: Vec<Compared>,
}

/// A thing that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct Compared {
    /// Which thing.
    pub name: String,
    /// What it is.
    pub value: String,
}

/// A connection that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct Handshake {
    /// Whether both sides are content.
    pub holds: bool,
    /// What came of it, in the words of each side: as `kubepki handshake --format json`.
    #[serde(flatten)]
    pub report: kubepki_rehearsal::Report,
    /// Step by step.
    pub steps: Vec<Step>,
}

/// A text read as a design. For the `<kube-pki>` element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(TS))]
pub struct ReadDesign {
    /// The design as links carry it; null where it has errors.
    pub link: Option<String>,
    /// What the text is, for people: `design file`, `kubeadm configuration (v1beta4)`.
    pub kind: String,
    /// Everything there is to say about it.
    pub findings: Vec<Finding>,
}
