//! What stands in `/etc/kubernetes`, as facts: what is said of it, and what the answer is.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use base64ct::{Base64, Encoding as _};
use rustls_pki_types::pem::{PemObject as _, SectionKind};
use serde_json::Value;
use support::export::Export;
use support::scratch::tree;
use x509_parser::prelude::{FromDer as _, GeneralName, ParsedExtension, X509Certificate};

/// What is said of which file, and the answer.
pub(crate) type Facts = BTreeMap<String, String>;

/// The components that run as static Pods.
const MANIFESTS: &[&str] = &["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/// What an export has for its first control plane.
pub(crate) fn of_export(export: &Export) -> Facts {
    let node = export.plan.spec.init_node();
    let mut facts = of_folder(&export.node(node).join("etc/kubernetes"));
    for component in MANIFESTS {
        let path = export.folder.join(format!("manifests/{}/{component}.yaml", export.plan.spec.nodes[node].name));
        if path.is_file() {
            manifest(&path, &format!("manifests/{component}.yaml"), &mut facts);
        }
    }
    facts
}

/// What such a folder has.
pub(crate) fn of_folder(folder: &Path) -> Facts {
    let mut facts = Facts::new();
    for name in tree(folder).into_iter().filter(|name| !name.ends_with('/')) {
        let path = folder.join(&name);
        if name.starts_with("manifests/") {
            manifest(&path, &name, &mut facts);
            continue;
        }
        let mode = fs::metadata(&path).expect("it was listed").permissions().mode() & 0o7777;
        facts.insert(format!("{name} mode"), format!("{mode:04o}"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if name.ends_with(".conf") {
            let value: Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            flat(&value, &name, &mut facts);
        } else {
            pem(text.as_bytes(), &name, &mut facts);
        }
    }
    facts
}

/// A static Pod: every value with its path.
fn manifest(path: &Path, name: &str, facts: &mut Facts) {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let value: Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    flat(&value, name, facts);
}

/// Every value below one, by its path; what has a name is called by it, for its place in a list says nothing.
fn flat(value: &Value, path: &str, facts: &mut Facts) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str().filter(|_| key.ends_with("-data")) {
                    Some(data) => {
                        let bytes = Base64::decode_vec(data).unwrap_or_else(|error| panic!("{path} {key}: {error}"));
                        pem(&bytes, &format!("{path} {key}"), facts);
                    }
                    None => flat(value, &format!("{path} {key}"), facts),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                match item["name"].as_str() {
                    Some(name) => flat(item, &format!("{path} {name}"), facts),
                    None => flat(item, &format!("{path} {index}"), facts),
                }
            }
        }
        Value::String(text) => drop(facts.insert(path.to_owned(), text.clone())),
        other => drop(facts.insert(path.to_owned(), other.to_string())),
    }
}

/// What PEM holds: which blocks, and of certificates what is in them.
fn pem(text: &[u8], name: &str, facts: &mut Facts) {
    let mut labels = Vec::new();
    let label =
        |line: &str| line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")).map(str::to_owned);
    labels.extend(String::from_utf8_lossy(text).lines().filter_map(label));
    facts.insert(format!("{name} PEM"), labels.join(", "));
    for block in <(SectionKind, Vec<u8>)>::pem_slice_iter(text) {
        let (kind, der) = block.unwrap_or_else(|error| panic!("{name}: {error}"));
        if kind == SectionKind::Certificate {
            certificate(&der, name, facts);
        }
    }
}

fn certificate(der: &[u8], name: &str, facts: &mut Facts) {
    let (_, cert) = X509Certificate::from_der(der).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut say = |what: &str, answer: String| drop(facts.insert(format!("{name} {what}"), answer));
    say("subject", cert.subject().to_string());
    say("issuer", cert.issuer().to_string());
    say("version", cert.version().to_string());
    say("signature", cert.signature_algorithm.algorithm.to_id_string());
    say("key", key(&cert));
    say("seconds", (cert.validity().not_after.timestamp() - cert.validity().not_before.timestamp()).to_string());
    let extensions = cert
        .extensions()
        .iter()
        .map(|one| format!("{}{}", one.oid.to_id_string(), if one.critical { " critical" } else { "" }));
    say("extensions", extensions.collect::<Vec<_>>().join(", "));
    for extension in cert.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::KeyUsage(usage) => say("key usage", usage.to_string()),
            ParsedExtension::ExtendedKeyUsage(usage) => say("extended key usage", format!("{usage:?}")),
            ParsedExtension::BasicConstraints(basic) => say("basic constraints", format!("{basic:?}")),
            ParsedExtension::SubjectAlternativeName(names) => {
                say("names", names.general_names.iter().map(general_name).collect::<Vec<_>>().join(", "));
            }
            _ => {}
        }
    }
}

fn key(cert: &X509Certificate<'_>) -> String {
    let info = &cert.tbs_certificate.subject_pki;
    let bits = info.parsed().map_or(0, |key| key.key_size());
    format!("{} {bits}", info.algorithm.algorithm.to_id_string())
}

fn general_name(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(name) => format!("DNS:{name}"),
        GeneralName::IPAddress(bytes) => match **bytes {
            [a, b, c, d] => std::net::Ipv4Addr::new(a, b, c, d).to_string(),
            _ => <[u8; 16]>::try_from(*bytes)
                .map_or(format!("{bytes:?}"), |octets| std::net::Ipv6Addr::from(octets).to_string()),
        },
        other => format!("{other:?}"),
    }
}
