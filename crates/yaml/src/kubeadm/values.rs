//! The table's values in files of which kubeadm accepts all else: for the table's own tests, and for those that put them to
//! kubeadm.

use std::collections::BTreeSet;

use super::kind::Kind;
use super::row::FieldRow;
use super::rows::ROWS;

/// A value of the table.
#[derive(Clone, Debug)]
pub struct TableValue {
    /// The kind of document and the path of the field.
    pub field: String,
    /// The value, as YAML.
    pub value: &'static str,
    /// kubeadm's configuration in which nothing but the value can be wrong.
    pub file: String,
    /// A part of what kubeadm says where it refuses the value.
    pub refused: Option<&'static str>,
}

/// Each value of the table, in a file for this version of Kubernetes (`v1.37.2`).
pub fn values(version: &str) -> Vec<TableValue> {
    let both = |row: &'static FieldRow| {
        [(row.accepted, None), (row.refused, Some(row.message))].map(|(value, refused)| TableValue {
            field: format!("{} {}", row.kind.word(), row.path),
            value,
            file: file(row, value, version).0,
            refused,
        })
    };
    ROWS.iter().flat_map(both).collect()
}

/// What documents need so that nothing but the row's value can be wrong.
fn base<'a>(row: &FieldRow, kind: Kind, version: &'a str) -> Vec<(&'static str, &'a str)> {
    let token = ("discovery.bootstrapToken.token", "abcdef.0123456789abcdef");
    let endpoint = ("discovery.bootstrapToken.apiServerEndpoint", "10.0.0.11:6443");
    let hash = ("discovery.bootstrapToken.unsafeSkipCAVerification", "true");
    match kind {
        Kind::Cluster if row.path.starts_with("etcd.external.") => vec![
            ("kubernetesVersion", version),
            ("etcd.external.endpoints", "['https://10.0.0.31:2379']"),
            ("etcd.external.caFile", "/etc/kubernetes/pki/etcd/ca.crt"),
            ("etcd.external.certFile", "/etc/kubernetes/pki/apiserver-etcd-client.crt"),
            ("etcd.external.keyFile", "/etc/kubernetes/pki/apiserver-etcd-client.key"),
        ],
        Kind::Cluster => vec![("kubernetesVersion", version)],
        Kind::Init => vec![("nodeRegistration.name", "cp-1"), ("localAPIEndpoint.advertiseAddress", "10.0.0.11")],
        Kind::Join if row.path.starts_with("controlPlane.") => vec![
            ("nodeRegistration.name", "cp-2"),
            ("controlPlane.localAPIEndpoint.advertiseAddress", "10.0.0.12"),
            token,
            endpoint,
            hash,
        ],
        Kind::Join => vec![
            ("nodeRegistration.name", "w-1"),
            ("nodeRegistration.kubeletExtraArgs", "[{name: node-ip, value: 10.0.0.21}]"),
            token,
            endpoint,
            hash,
        ],
        Kind::Upgrade | Kind::Kubelet => Vec::new(),
    }
}

/// Writes fields as YAML; the place of the value at `wanted`.
fn write(out: &mut String, fields: &[(&str, String, bool)], indent: usize, place: &mut (u32, u32)) {
    let mut done = BTreeSet::new();
    for (path, value, wanted) in fields {
        let (head, rest) = path.split_once('.').map_or((*path, None), |(head, rest)| (head, Some(rest)));
        if !done.insert(head) {
            continue;
        }
        if head == "*" {
            // A list of one mapping: its dash stands where the indentation ends.
            let mut inner = String::new();
            let lines = out.lines().count();
            let mut at = (0, 0);
            let items: Vec<_> =
                fields.iter().map(|(path, value, wanted)| (&path[2..], value.clone(), *wanted)).collect();
            write(&mut inner, &items, indent, &mut at);
            inner.replace_range(indent - 2..indent - 1, "-");
            out.push_str(&inner);
            if at.0 > 0 {
                *place = (at.0 + line(lines), at.1);
            }
            return;
        }
        out.push_str(&format!("{:indent$}{head}:", ""));
        if rest.is_some() {
            out.push('\n');
            let below: Vec<_> = fields
                .iter()
                .filter_map(|(path, value, wanted)| {
                    Some((path.strip_prefix(head)?.strip_prefix('.')?, value.clone(), *wanted))
                })
                .collect();
            write(out, &below, indent + 2, place);
        } else {
            if *wanted {
                *place = (line(out.lines().count()), line(indent + head.len() + 3));
            }
            out.push_str(&format!(" {value}\n"));
        }
    }
}

/// A file whose documents kubeadm accepts but for a value at a row's path, and the place of that value.
pub(super) fn file(row: &FieldRow, value: &str, version: &str) -> (String, (u32, u32)) {
    let mut kinds = vec![Kind::Init, Kind::Cluster];
    if !kinds.contains(&row.kind) {
        kinds.push(row.kind);
    }
    let (mut text, mut place) = (String::new(), (0, 0));
    for kind in kinds {
        let group = if kind == Kind::Kubelet { "kubelet.config.k8s.io/v1beta1" } else { "kubeadm.k8s.io/v1beta4" };
        text.push_str(&format!("---\napiVersion: {group}\nkind: {}\n", kind.word()));
        let mut fields: Vec<(&str, String, bool)> =
            base(row, kind, version).into_iter().map(|(path, value)| (path, value.to_owned(), false)).collect();
        if kind == row.kind {
            fields.retain(|(path, ..)| *path != row.path);
            fields.push((row.path, value.to_owned(), true));
        }
        write(&mut text, &fields, 0, &mut place);
    }
    (text, place)
}

/// A line or column of a short text.
fn line(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
