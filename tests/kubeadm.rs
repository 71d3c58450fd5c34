//! The rules by which kubeadm accepts files that it finds, each with the source it is taken from, each shown to refuse
//! something. They are held against the exported trees of every design that kubeadm starts. What kubeadm itself makes is
//! compared in `kubernetes/`.

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use kubepki_core::spec::{CaKeys, ClusterSpec, EtcdMode, Host, KubeVersion, Node, San, Start};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use serde_json::Value;
use support::design;
use support::export::Export;
use support::kubeconfig;
use support::openssl::{authority, public_of_certificate, public_of_key, replace};
use support::scratch::{Scratch, copy, tree};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, ring};
use x509_parser::prelude::{FromDer as _, X509Certificate};

const ALGORITHMS: &[&dyn rustls_pki_types::SignatureVerificationAlgorithm] =
    &[ring::RSA_PKCS1_2048_8192_SHA256, ring::ECDSA_P256_SHA256, ring::ECDSA_P384_SHA384];
const SUPER_ADMIN: KubeVersion = KubeVersion::new(29, 0);

/// A node's tree as `kubeadm init` or `kubeadm join` finds it.
struct Tree<'a> {
    spec: &'a ClusterSpec,
    node: &'a Node,
    init: bool,
    root: PathBuf,
    /// The node's kubeadm configuration, as documents.
    configuration: Vec<Value>,
}

impl Tree<'_> {
    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    fn pki(&self, name: &str) -> PathBuf {
        self.path("/etc/kubernetes/pki").join(name)
    }

    fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    fn document(&self, kind: &str) -> &Value {
        self.configuration.iter().find(|document| document["kind"] == kind).unwrap_or(&Value::Null)
    }

    /// Whether a CA's key is not here, which kubeadm calls external.
    fn external(&self, ca: &str) -> bool {
        self.pki(&format!("{ca}.crt")).exists() && !self.pki(&format!("{ca}.key")).exists()
    }
}

/// A leaf that kubeadm keeps when it finds it: base path, base path of its CA, usage.
const LEAVES: &[(&str, &str, Usage)] = &[
    ("apiserver", "ca", Usage::Server),
    ("apiserver-kubelet-client", "ca", Usage::Client),
    ("front-proxy-client", "front-proxy-ca", Usage::Client),
    ("etcd/server", "etcd/ca", Usage::Server),
    ("etcd/peer", "etcd/ca", Usage::Server),
    ("etcd/healthcheck-client", "etcd/ca", Usage::Client),
    ("apiserver-etcd-client", "etcd/ca", Usage::Client),
];

#[derive(Clone, Copy)]
enum Usage {
    Server,
    Client,
}

/// With external etcd kubeadm makes and checks no certificate of etcd.
fn leaves(tree: &Tree<'_>) -> impl Iterator<Item = &'static (&'static str, &'static str, Usage)> {
    let external = tree.spec.etcd_mode == EtcdMode::External;
    LEAVES.iter().filter(move |(_, ca, _)| !(external && *ca == "etcd/ca"))
}

fn authorities(tree: &Tree<'_>) -> Vec<&'static str> {
    match tree.spec.etcd_mode {
        EtcdMode::Stacked => vec!["ca", "front-proxy-ca", "etcd/ca"],
        EtcdMode::External => vec!["ca", "front-proxy-ca"],
    }
}

/// The manifests whose presence stops init and join.
const MANIFESTS: &[&str] = &["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"];

/// A rule of kubeadm.
struct Rule {
    id: &'static str,
    source: &'static str,
    /// Whom it concerns.
    concerns: fn(&Tree<'_>) -> bool,
    /// What kubeadm would say; nothing when it accepts.
    refuses: fn(&Tree<'_>) -> Vec<String>,
    /// Makes a tree of the design `ha-stacked` that the rule refuses.
    breaks: fn(&Tree<'_>, &Scratch),
    /// On which of its nodes.
    on: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        id: "a CA file holds a CA",
        source: "kubeadm: phases/certs/certs.go, LoadCertificateAuthority: certificate %q is not a CA",
        concerns: |tree| tree.node.control_plane,
        refuses: |tree| {
            let names = authorities(tree).into_iter();
            names
                .filter_map(|name| not_a_ca(&tree.pki(&format!("{name}.crt"))).map(|why| format!("{name}: {why}")))
                .collect()
        },
        breaks: |tree, _| replace(&tree.pki("ca.crt"), &tree.pki("apiserver.crt")),
        on: "cp-1",
    },
    Rule {
        id: "a CA's key is its own, or not here at all",
        source: "kubeadm: phases/certs/certs.go, UsingExternalCA; util/pkiutil/pki_helpers.go, TryLoadCertAndKeyFromDisk",
        concerns: |tree| tree.node.control_plane,
        refuses: |tree| {
            let names = authorities(tree).into_iter().filter(|name| !tree.external(name));
            names.filter_map(|name| not_a_pair(tree, name)).collect()
        },
        breaks: |tree, _| replace(&tree.pki("etcd/ca.key"), &tree.pki("sa.key")),
        on: "cp-1",
    },
    Rule {
        id: "every leaf is there, with its key, signed by the CA beside it",
        source: "kubeadm: phases/certs/certs.go, writeCertificateFilesIfNotExist, validateCertificateWithConfig; \
                 util/pkiutil/pki_helpers.go, VerifyCertChain: certificate %s not signed by CA certificate %s",
        concerns: |tree| tree.node.control_plane,
        refuses: |tree| {
            leaves(tree)
                .flat_map(|(leaf, ca, usage)| [not_a_pair(tree, leaf), not_signed(tree, leaf, ca, *usage)])
                .flatten()
                .collect()
        },
        breaks: |tree, scratch| {
            let (ca, _) = authority(scratch, "false-ca", "kubernetes");
            replace(&tree.pki("ca.crt"), &ca);
        },
        on: "cp-2",
    },
    Rule {
        id: "serving certificates cover the configured names",
        source: "kubeadm: phases/certs/certs.go, validateCertificateWithConfig: certificate %s is invalid; \
                 util/pkiutil/pki_helpers.go, GetAPIServerAltNames, GetEtcdAltNames, GetEtcdPeerAltNames",
        concerns: |tree| tree.node.control_plane,
        refuses: |tree| {
            let mut missing = uncovered(tree, "apiserver", &api_server_names(tree));
            if tree.spec.etcd_mode == EtcdMode::Stacked {
                missing.extend(uncovered(
                    tree,
                    "etcd/server",
                    &etcd_names(tree, "serverCertSANs", &tree.spec.etcd_server_sans),
                ));
                missing.extend(uncovered(
                    tree,
                    "etcd/peer",
                    &etcd_names(tree, "peerCertSANs", &tree.spec.etcd_peer_sans),
                ));
            }
            missing
        },
        breaks: |tree, _| replace(&tree.pki("apiserver.crt"), &tree.pki("etcd/server.crt")),
        on: "cp-3",
    },
    Rule {
        id: "sa.key and sa.pub belong together",
        source: "kubeadm: phases/certs/certs.go, CreateServiceAccountKeyAndPublicKeyFiles",
        concerns: |tree| tree.node.control_plane,
        refuses: |tree| {
            let (key, public) = (tree.pki("sa.key"), tree.pki("sa.pub"));
            if !key.is_file() || !public.is_file() {
                return vec!["sa.key or sa.pub is missing".to_owned()];
            }
            let same = fs::read_to_string(&public).is_ok_and(|text| text == public_of_key(&key));
            if same { Vec::new() } else { vec!["sa.pub is of another key".to_owned()] }
        },
        breaks: |tree, _| fs::remove_file(tree.pki("sa.pub")).expect("ours"),
        on: "cp-2",
    },
    Rule {
        id: "private keys are RSA or ECDSA in PEM that kubeadm reads",
        source: "client-go: util/keyutil/key.go; kubeadm: util/pkiutil/pki_helpers.go, TryLoadKeyFromDisk: the private key \
                 file %s is neither in RSA nor ECDSA format",
        concerns: |tree| tree.node.control_plane,
        refuses: |tree| {
            let files = support::scratch::tree(&tree.root).into_iter().filter(|path| path.ends_with(".key"));
            let bad = files.filter(|path| {
                let text = fs::read_to_string(tree.root.join(path)).unwrap_or_default();
                let head = ["RSA PRIVATE KEY", "EC PRIVATE KEY"].map(|kind| format!("-----BEGIN {kind}-----\n"));
                !head.iter().any(|head| text.starts_with(head))
                    || PrivateKeyDer::from_pem_slice(text.as_bytes()).is_err()
            });
            bad.collect()
        },
        breaks: |tree, _| fs::write(tree.pki("apiserver.key"), "-----BEGIN PRIVATE KEY-----\n").expect("ours"),
        on: "cp-1",
    },
    Rule {
        id: "a kubeconfig's CA is ca.crt",
        source: "kubeadm: phases/kubeconfig/kubeconfig.go, validateKubeConfig: a kubeconfig file %q exists already but has \
                 got the wrong CA cert",
        concerns: |tree| tree.node.control_plane,
        refuses: |tree| {
            let ca = fs::read_to_string(tree.pki("ca.crt")).unwrap_or_default();
            let files = kubeconfigs(tree);
            let wrong = files.into_iter().filter_map(|name| match read_kubeconfig(tree, &name) {
                Err(error) => Some(format!("{name}: {error}")),
                Ok(config) if config.authority.trim() != ca.trim() => Some(format!("{name} has got the wrong CA cert")),
                Ok(_) => None,
            });
            wrong.collect()
        },
        breaks: |tree, _| {
            let path = tree.path("/etc/kubernetes/scheduler.conf");
            let text = fs::read_to_string(&path).expect("ours");
            let line = text.lines().find(|line| line.contains("certificate-authority-data")).expect("it is there");
            fs::write(&path, text.replace(line, "    certificate-authority-data: AAAA")).expect("ours");
        },
        on: "cp-1",
    },
    Rule {
        id: "kubeconfigs dial what this kubeadm would write",
        source: "kubeadm: phases/kubeconfig/kubeconfig.go, getKubeConfigSpecsBase; another URL only warns",
        concerns: |tree| tree.node.control_plane,
        refuses: |tree| {
            kubeconfigs(tree)
                .into_iter()
                .filter_map(|name| {
                    let found = read_kubeconfig(tree, &name).ok()?.server;
                    let wanted = server_url(tree, &name);
                    (found != wanted).then(|| format!("{name} dials {found}, not {wanted}"))
                })
                .collect()
        },
        breaks: |tree, _| {
            let path = tree.path("/etc/kubernetes/scheduler.conf");
            let text = fs::read_to_string(&path).expect("ours");
            fs::write(&path, text.replace("10.0.0.11", "10.0.0.12")).expect("ours");
        },
        on: "cp-1",
    },
    Rule {
        id: "init with an external CA finds every kubeconfig",
        source: "kubeadm: phases/kubeconfig/kubeconfig.go, ValidateKubeconfigsForExternalCA",
        concerns: |tree| tree.init && tree.external("ca"),
        refuses: |tree| {
            let mut wanted = vec!["admin.conf", "controller-manager.conf", "scheduler.conf", "kubelet.conf"];
            if tree.spec.version >= SUPER_ADMIN {
                wanted.push("super-admin.conf");
            }
            missing(tree, &wanted)
        },
        breaks: |tree, _| {
            fs::remove_file(tree.pki("ca.key")).expect("ours");
            fs::remove_file(tree.path("/etc/kubernetes/super-admin.conf")).expect("ours");
        },
        on: "cp-1",
    },
    Rule {
        id: "join with an external CA finds the control plane's kubeconfigs",
        source: "kubeadm: phases/kubeconfig/kubeconfig.go, CreateJoinControlPlaneKubeConfigFiles, ValidateKubeconfigsForExternalCA",
        concerns: |tree| !tree.init && tree.node.control_plane && tree.external("ca"),
        refuses: |tree| missing(tree, &["admin.conf", "controller-manager.conf", "scheduler.conf"]),
        breaks: |tree, _| {
            fs::remove_file(tree.pki("ca.key")).expect("ours");
            fs::remove_file(tree.path("/etc/kubernetes/admin.conf")).expect("ours");
        },
        on: "cp-2",
    },
    Rule {
        id: "init finds no manifest and no data of etcd",
        source: "kubeadm: preflight/checks.go, RunInitNodeChecks: FileAvailable--etc-kubernetes-manifests-*, DirAvailable--var-lib-etcd",
        concerns: |tree| tree.init,
        refuses: manifests_and_data,
        breaks: |tree, _| {
            fs::create_dir_all(tree.path("/etc/kubernetes/manifests")).expect("ours");
            fs::write(tree.path("/etc/kubernetes/manifests/etcd.yaml"), "").expect("ours");
        },
        on: "cp-1",
    },
    Rule {
        id: "a joining control plane has no manifest and no kubelet.conf",
        source: "kubeadm: preflight/checks.go, RunJoinNodeChecks, addCommonChecks: FileAvailable--etc-kubernetes-kubelet.conf, \
                 FileAvailable--etc-kubernetes-bootstrap-kubelet.conf",
        concerns: |tree| !tree.init && tree.node.control_plane,
        refuses: |tree| {
            let mut found = manifests_and_data(tree);
            found.extend(present(tree, &["/etc/kubernetes/kubelet.conf", "/etc/kubernetes/bootstrap-kubelet.conf"]));
            found
        },
        breaks: |tree, _| fs::write(tree.path("/etc/kubernetes/kubelet.conf"), "").expect("ours"),
        on: "cp-3",
    },
    Rule {
        id: "a joining control plane shares CAs and service-account keys",
        source: "kubeadm: cmd/phases/join/preflight.go, checkIfReadyForAdditionalControlPlane; phases/certs/certs.go, \
                 SharedCertificateExists",
        concerns: |tree| !tree.init && tree.node.control_plane,
        refuses: |tree| {
            let mut wanted: Vec<String> = authorities(tree).into_iter().map(|name| format!("pki/{name}.crt")).collect();
            let keys = authorities(tree).into_iter().filter(|_| tree.spec.ca_keys == CaKeys::OnControlPlane);
            wanted.extend(keys.map(|name| format!("pki/{name}.key")));
            wanted.extend(["pki/sa.key".to_owned(), "pki/sa.pub".to_owned()]);
            missing(tree, &wanted.iter().map(String::as_str).collect::<Vec<_>>())
        },
        breaks: |tree, _| fs::remove_file(tree.pki("front-proxy-ca.key")).expect("ours"),
        on: "cp-2",
    },
    Rule {
        id: "a joining worker has nothing that join would stop at",
        source: "kubeadm: preflight/checks.go, RunJoinNodeChecks: FileAvailable--etc-kubernetes-pki-ca.crt, \
                 FileAvailable--etc-kubernetes-kubelet.conf",
        concerns: |tree| !tree.node.control_plane && tree.node.worker,
        refuses: |tree| tree_of(&tree.root).into_iter().collect(),
        breaks: |tree, _| {
            fs::create_dir_all(tree.path("/etc/kubernetes/pki")).expect("ours");
            fs::write(tree.pki("ca.crt"), "").expect("ours");
        },
        on: "w-1",
    },
    Rule {
        id: "with external etcd the client's files are where the configuration says",
        source: "kubeadm: preflight/checks.go, ExternalEtcdClientCertificates",
        concerns: |tree| tree.init && tree.spec.etcd_mode == EtcdMode::External,
        refuses: |tree| {
            let external = &tree.document("ClusterConfiguration")["etcd"]["external"];
            let fields = ["caFile", "certFile", "keyFile"];
            let wrong =
                fields.into_iter().filter(|field| !external[*field].as_str().is_some_and(|path| tree.has(path)));
            wrong.map(|field| format!("etcd.external.{field} names no file")).collect()
        },
        // Its design has external etcd, see `every_rule_refuses_something`.
        breaks: |tree, _| fs::remove_file(tree.pki("apiserver-etcd-client.key")).expect("ours"),
        on: "cp-1",
    },
    Rule {
        id: "the configuration is of this node",
        source: "kubeadm: apis/kubeadm/validation/validation.go, ValidateNodeRegistrationOptions; the name stands in certificates",
        concerns: |tree| tree.node.has_kubelet(),
        refuses: |tree| {
            let kind = if tree.init { "InitConfiguration" } else { "JoinConfiguration" };
            let document = tree.document(kind);
            let mut wrong = Vec::new();
            if document["nodeRegistration"]["name"] != tree.node.name.as_str() {
                wrong.push(format!("{kind} is of {}", document["nodeRegistration"]["name"]));
            }
            let local =
                if tree.init { &document["localAPIEndpoint"] } else { &document["controlPlane"]["localAPIEndpoint"] };
            if tree.node.control_plane && local["advertiseAddress"] != tree.node.advertise().to_string().as_str() {
                wrong.push(format!("it advertises {}", local["advertiseAddress"]));
            }
            wrong
        },
        breaks: |_, _| {},
        on: "",
    },
];

fn not_a_ca(path: &Path) -> Option<String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return Some(error.to_string()),
    };
    let Ok(der) = CertificateDer::from_pem_slice(text.as_bytes()) else { return Some("no certificate".to_owned()) };
    let Ok((_, certificate)) = X509Certificate::from_der(&der) else { return Some("no X.509 certificate".to_owned()) };
    let signs = certificate.key_usage().ok().flatten().is_some_and(|usage| usage.value.key_cert_sign());
    (!certificate.is_ca() || !signs).then(|| "is not a CA".to_owned())
}

fn not_a_pair(tree: &Tree<'_>, base: &str) -> Option<String> {
    let (certificate, key) = (tree.pki(&format!("{base}.crt")), tree.pki(&format!("{base}.key")));
    if !certificate.is_file() || !key.is_file() {
        return Some(format!("could not load expected certificate {base:?} or validate the existence of its key"));
    }
    (public_of_certificate(&certificate) != public_of_key(&key))
        .then(|| format!("{base}: the key is of another certificate"))
}

/// Reads the first certificate of a file.
fn first(path: &Path) -> Result<CertificateDer<'static>, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    CertificateDer::from_pem_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

fn not_signed(tree: &Tree<'_>, leaf: &str, ca: &str, usage: Usage) -> Option<String> {
    let verdict = || -> Result<(), String> {
        let (leaf, ca) = (first(&tree.pki(&format!("{leaf}.crt")))?, first(&tree.pki(&format!("{ca}.crt")))?);
        let anchors = [anchor_from_trusted_cert(&ca).map_err(|error| error.to_string())?];
        let leaf = EndEntityCert::try_from(&leaf).map_err(|error| error.to_string())?;
        let usage = match usage {
            Usage::Server => KeyUsage::server_auth(),
            Usage::Client => KeyUsage::client_auth(),
        };
        let verdict = leaf.verify_for_usage(ALGORITHMS, &anchors, &[], UnixTime::now(), usage, None, None);
        verdict.map(|_| ()).map_err(|error| error.to_string())
    };
    verdict().err().map(|why| format!("certificate {leaf} not signed by CA certificate {ca}: {why}"))
}

/// kubeadm's GetAPIServerAltNames, from the node's own configuration where it has one.
fn api_server_names(tree: &Tree<'_>) -> Vec<San> {
    let spec = tree.spec;
    let mut names: Vec<San> = ["kubernetes", "kubernetes.default", "kubernetes.default.svc"]
        .into_iter()
        .map(str::to_owned)
        .chain([tree.node.name.clone(), format!("kubernetes.default.svc.{}", spec.dns_domain)])
        .map(San::Dns)
        .collect();
    let subnet = spec.service_subnets[0].network;
    let first: IpAddr = match subnet {
        IpAddr::V4(address) => (u32::from(address) + 1).to_be_bytes().into(),
        IpAddr::V6(address) => (u128::from(address) + 1).to_be_bytes().into(),
    };
    names.extend([San::Ip(first), San::Ip(tree.node.advertise())]);
    names.extend(spec.endpoint.iter().map(|endpoint| match &endpoint.host {
        Host::Name(name) => San::Dns(name.clone()),
        Host::Address(address) => San::Ip(*address),
    }));
    names.extend(spec.api_server_sans.iter().cloned());
    names
}

/// kubeadm's getAltNames for etcd, with the configured extra names where the node's configuration has them.
fn etcd_names(tree: &Tree<'_>, field: &str, planned: &[San]) -> Vec<San> {
    let mut names = vec![
        San::Dns(tree.node.name.clone()),
        San::Dns("localhost".to_owned()),
        San::Ip(tree.node.advertise()),
        San::Ip(IpAddr::from([127, 0, 0, 1])),
        San::Ip(std::net::Ipv6Addr::LOCALHOST.into()),
    ];
    let configured =
        tree.document("ClusterConfiguration")["etcd"]["local"][field].as_array().cloned().unwrap_or_default();
    names.extend(configured.iter().filter_map(Value::as_str).filter_map(San::parse));
    names.extend(planned.iter().cloned());
    names
}

fn uncovered(tree: &Tree<'_>, leaf: &str, names: &[San]) -> Vec<String> {
    let der = match first(&tree.pki(&format!("{leaf}.crt"))) {
        Ok(der) => der,
        Err(error) => return vec![error],
    };
    let Ok(certificate) = EndEntityCert::try_from(&der) else { return vec![format!("{leaf}: no certificate")] };
    let covered = |name: &&San| {
        let text = name.to_string().replacen('*', "any", 1);
        ServerName::try_from(text).is_ok_and(|name| certificate.verify_is_valid_for_subject_name(&name).is_ok())
    };
    names
        .iter()
        .filter(|name| !covered(name))
        .map(|name| format!("certificate {leaf} is invalid: not for {name}"))
        .collect()
}

fn kubeconfigs(tree: &Tree<'_>) -> Vec<String> {
    let folder = tree.path("/etc/kubernetes");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(".conf"));
    names.sort();
    names
}

fn read_kubeconfig(tree: &Tree<'_>, name: &str) -> Result<kubeconfig::Kubeconfig, String> {
    let text = fs::read_to_string(tree.path("/etc/kubernetes").join(name)).map_err(|error| error.to_string())?;
    kubeconfig::parse(&text)
}

/// The control-plane endpoint or the local one; the kubelet's is local from 1.33 on (ControlPlaneKubeletLocalMode).
fn server_url(tree: &Tree<'_>, name: &str) -> String {
    let spec = tree.spec;
    let at = |address: IpAddr, port: u16| std::net::SocketAddr::new(address, port).to_string();
    let local = at(tree.node.advertise(), spec.bind_port);
    let shared = match &spec.endpoint {
        None => local.clone(),
        Some(endpoint) => {
            let port = endpoint.port.unwrap_or(spec.bind_port);
            match &endpoint.host {
                Host::Name(name) => format!("{name}:{port}"),
                Host::Address(address) => at(*address, port),
            }
        }
    };
    let is_local = match name {
        "controller-manager.conf" | "scheduler.conf" => true,
        "kubelet.conf" => spec.version >= KubeVersion::new(33, 0),
        _ => false,
    };
    format!("https://{}", if is_local { local } else { shared })
}

fn missing(tree: &Tree<'_>, names: &[&str]) -> Vec<String> {
    let absent = names.iter().filter(|name| !tree.path("/etc/kubernetes").join(name).is_file());
    absent.map(|name| format!("/etc/kubernetes/{name} is missing")).collect()
}

fn present(tree: &Tree<'_>, paths: &[&str]) -> Vec<String> {
    paths.iter().filter(|path| tree.has(path)).map(|path| format!("{path} already exists")).collect()
}

fn manifests_and_data(tree: &Tree<'_>) -> Vec<String> {
    let paths: Vec<String> = MANIFESTS.iter().map(|name| format!("/etc/kubernetes/manifests/{name}.yaml")).collect();
    let mut found = present(tree, &paths.iter().map(String::as_str).collect::<Vec<_>>());
    if tree.has("/var/lib/etcd") {
        found.push("/var/lib/etcd is not empty".to_owned());
    }
    found
}

fn tree_of(root: &Path) -> BTreeSet<String> {
    tree(root).into_iter().collect()
}

/// The nodes of an export as kubeadm finds them.
fn trees<'a>(export: &'a Export, roots: &Path) -> Vec<Tree<'a>> {
    let spec = &export.plan.spec;
    let documents = |node: &Node| -> Vec<Value> {
        let path = export.folder.join(format!("kubeadm/{}.yaml", node.name));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let parse = |text| serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        text.split("\n---\n").map(parse).collect()
    };
    let nodes = spec.nodes.iter().enumerate().filter(|(_, node)| node.has_kubelet());
    nodes
        .map(|(index, node)| Tree {
            spec,
            node,
            init: index == spec.init_node(),
            root: roots.join(&node.name),
            configuration: documents(node),
        })
        .collect()
}

fn designs() -> Vec<String> {
    let slow = ["key-rsa-3072", "key-rsa-4096"];
    let kubeadm = |name: &String| design::plan(name).spec.start == Start::Kubeadm && !slow.contains(&name.as_str());
    design::all().into_iter().filter(kubeadm).collect()
}

#[test]
fn every_tree_is_accepted() {
    let mut asked = BTreeSet::new();
    for name in designs() {
        let export = Export::of(&name);
        for tree in trees(export, &export.folder.join("nodes")) {
            for rule in RULES.iter().filter(|rule| (rule.concerns)(&tree)) {
                asked.insert(rule.id);
                let refused = (rule.refuses)(&tree);
                assert!(refused.is_empty(), "{name}: {}: {} ({}): {refused:#?}", tree.node.name, rule.id, rule.source);
            }
        }
    }
    let never: Vec<&str> = RULES.iter().map(|rule| rule.id).filter(|id| !asked.contains(id)).collect();
    assert!(never.is_empty(), "no design is about {never:?}");
}

/// A rule that never refuses anything proves nothing.
#[test]
fn every_rule_refuses_something() {
    for rule in RULES.iter().filter(|rule| !rule.on.is_empty()) {
        let external = rule.id.starts_with("with external etcd");
        let export = Export::of(if external { "ha-external" } else { "ha-stacked" });
        let scratch = Scratch::new("rule");
        copy(&export.folder.join("nodes"), &scratch.join("nodes"));
        let trees = trees(export, &scratch.join("nodes"));
        let tree = trees.iter().find(|tree| tree.node.name == rule.on).expect("a node of the design");
        (rule.breaks)(tree, &scratch);
        assert!((rule.concerns)(tree), "{}", rule.id);
        assert!(!(rule.refuses)(tree).is_empty(), "{} refuses nothing", rule.id);
    }
}
