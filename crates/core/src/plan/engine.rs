//! The engine: expands rows over a design, issuers first. It knows no certificate by name.

use std::net::IpAddr;

use super::{Content, FlagValue, Plan, PlannedCert, PlannedFile, PlannedFlag, Root, Subject, Unsigned};
use crate::catalog;
use crate::catalog::flags::{COMPONENTS, FLAGS, FlagRow, Rule};
use crate::catalog::holding::Holding;
use crate::catalog::row::{CertRow, Form, Presence, SanRow, Scope, Server};
use crate::layout::{self, Layout, Paths};
use crate::pattern::fill;
use crate::sorted::{SortedMap, SortedSet};
use crate::spec::{CaKeys, ClusterSpec, Field, KubeVersion, Node, San, Trust, When};

/// Everything that follows from a design, without findings: for who issues it. Rules and their texts are then not
/// linked, which are a tenth of the worker.
pub fn unchecked(spec: &ClusterSpec) -> Plan {
    let mut plan = Plan {
        spec: spec.clone(),
        certs: Vec::new(),
        unsigned: Vec::new(),
        files: Vec::new(),
        flags: Vec::new(),
        findings: Vec::new(),
    };
    let layout = Layout::of(spec.layout);
    expand(&mut plan, layout);
    place(&mut plan, layout);
    set_flags(&mut plan);
    plan
}

/// Rows to certificates, in the catalog's order.
fn expand(plan: &mut Plan, layout: &Layout) {
    let spec = plan.spec.clone();
    let mut cas = SortedMap::<&'static str, usize>::default();
    for row in catalog::certs().filter(|row| row.when.holds(spec.version)) {
        let issuer = row.issuer.and_then(|id| cas.get(&id).or_else(|| single(&spec, &cas))).copied();
        let init = spec.init_node();
        let nodes: Vec<Option<usize>> = match row.scope {
            Scope::Cluster => vec![None],
            Scope::Node => (0..spec.nodes.len()).map(Some).collect(),
        };
        for node in nodes {
            let asked = &spec.nodes[node.unwrap_or(init)];
            match (row.presence)(&spec, asked) {
                Presence::Absent => {}
                Presence::Requested(why) => plan.unsigned.push(Unsigned { row, node, issuer, why }),
                Presence::Unsigned(why) => plan.unsigned.push(Unsigned { row, node, issuer: None, why }),
                Presence::Issued => {
                    if row.is_ca() {
                        cas.insert(row.id, plan.certs.len());
                    }
                    plan.certs.push(resolve(&spec, layout, row, node, asked, issuer));
                }
            }
        }
    }
}

/// Where one CA signs everything it stands in for the others.
fn single<'a>(spec: &ClusterSpec, cas: &'a SortedMap<&'static str, usize>) -> Option<&'a usize> {
    (spec.trust == Trust::Single).then(|| cas.iter().next()).flatten().map(|(_, index)| index)
}

/// One row for one node.
fn resolve(
    spec: &ClusterSpec,
    layout: &Layout,
    row: &'static CertRow,
    index: Option<usize>,
    node: &Node,
    issuer: Option<usize>,
) -> PlannedCert {
    let (ekus, kind) = layout.usage(spec, row);
    let bare = row.form == Form::KeyPair;
    PlannedCert {
        row,
        node: index,
        issuer,
        subject: (!bare).then(|| subject(spec, layout, row, node)),
        sans: names(spec, layout.sans(spec, row), node),
        ekus: ekus.to_vec(),
        kind,
        key: if row.is_ca() { spec.ca_key } else { spec.leaf_key },
        lifetime: if row.is_ca() { spec.ca_validity } else { spec.leaf_validity },
        server: match row.form {
            Form::Kubeconfig(server) => Some(server_url(spec, server, node)),
            Form::Pair | Form::KeyPair => None,
        },
        path_length: None,
    }
}

fn subject(spec: &ClusterSpec, layout: &Layout, row: &CertRow, node: &Node) -> Subject {
    let versioned = row.subject.iter().find(|one| one.when.holds(spec.version));
    let (common_name, organizations) = layout
        .exception(row)
        .and_then(|one| one.subject)
        .or_else(|| versioned.map(|one| (one.common_name, one.organizations)))
        .unwrap_or_default();
    Subject {
        organizations: organizations.iter().map(|one| (*one).to_owned()).collect(),
        common_name: fill(common_name, &[("node", &node.name)]),
    }
}

/// From 1.33 on kubelets of control planes dial their own API server (`ControlPlaneKubeletLocalMode`).
const LOCAL_MODE: When = When::since(&[KubeVersion::new(33, 0)]);

fn server_url(spec: &ClusterSpec, server: Server, node: &Node) -> String {
    let local = match server {
        Server::ControlPlane => false,
        Server::Local => true,
        Server::Kubelet => node.control_plane && LOCAL_MODE.holds(spec.version),
    };
    if local { spec.local_url(node) } else { spec.control_plane_url() }
}

/// Names as kubeadm puts them: DNS names without duplicates, sorted bytewise; addresses without duplicates, in order
/// (kubeadm: util/pkiutil/pki_helpers.go).
fn names(spec: &ClusterSpec, rows: impl Iterator<Item = &'static SanRow>, node: &Node) -> Vec<San> {
    let mut dns = SortedSet::<String>::default();
    let mut addresses = Vec::<IpAddr>::new();
    let mut add = |san: San| match san {
        San::Dns(name) => drop(dns.insert(name)),
        San::Ip(address) if addresses.contains(&address) => {}
        San::Ip(address) => addresses.push(address),
    };
    for row in rows {
        match row {
            SanRow::Dns(pattern) => {
                add(San::Dns(fill(pattern, &[("node", &node.name), ("domain", &spec.dns_domain)])));
            }
            SanRow::Ip(text) => text.parse().ok().map(San::Ip).into_iter().for_each(&mut add),
            SanRow::Advertise => add(San::Ip(node.advertise())),
            SanRow::Loopback => add(San::Ip(node.loopback())),
            SanRow::NodeAddresses => node.addresses.iter().copied().map(San::Ip).for_each(&mut add),
            SanRow::ControlPlanes => {
                spec.nodes
                    .iter()
                    .filter(|one| one.control_plane)
                    .map(|one| San::Ip(one.advertise()))
                    .for_each(&mut add);
            }
            SanRow::ServiceAddress => add(San::Ip(spec.service_address())),
            SanRow::Endpoint => spec.endpoint.iter().map(|endpoint| endpoint.host.to_san()).for_each(&mut add),
            SanRow::Extra(field) => extra(spec, *field).iter().cloned().for_each(&mut add),
        }
    }
    dns.into_vec().into_iter().map(San::Dns).chain(addresses.into_iter().map(San::Ip)).collect()
}

/// A list of names of the design.
fn extra(spec: &ClusterSpec, field: Field) -> &[San] {
    match field {
        Field::ApiServerCertSans => &spec.api_server_sans,
        Field::EtcdServerCertSans => &spec.etcd_server_sans,
        Field::EtcdPeerCertSans => &spec.etcd_peer_sans,
        _ => &[],
    }
}

/// Certificates to files.
fn place(plan: &mut Plan, layout: &Layout) {
    let spec = &plan.spec;
    let mut files = Vec::new();
    for (cert, planned) in plan.certs.iter().enumerate() {
        let row = planned.row;
        let off_node = row.is_ca() && spec.ca_keys == CaKeys::OffNode;
        let holders: Vec<usize> = match planned.node {
            Some(node) => vec![node],
            None => (0..spec.nodes.len()).collect(),
        };
        for index in holders {
            let node = &spec.nodes[index];
            let own = planned.node == Some(index);
            let with_cert = own || (row.cert_on)(spec, node);
            let with_key = (own || (row.key_on)(spec, node)) && !off_node;
            if with_cert || with_key {
                let paths = layout.paths(spec, row, node);
                add_files(&mut files, Root::Node(index), &paths, cert, with_cert, with_key);
            }
        }
        if off_node {
            let base = layout::offline_base(row);
            let paths = Paths {
                certificate: Some(format!("{base}.crt")),
                private_key: Some(format!("{base}.key")),
                ..Paths::default()
            };
            add_files(&mut files, Root::OfflineCa, &paths, cert, true, true);
        }
    }
    files.sort_by(|one, other| (one.root, &one.path).cmp(&(other.root, &other.path)));
    plan.files = files;
}

/// The files of one certificate in one root.
fn add_files(files: &mut Vec<PlannedFile>, root: Root, paths: &Paths, cert: usize, with_cert: bool, with_key: bool) {
    // sa.pub is 0600 when kubeadm creates it (util/pkiutil/pki_helpers.go).
    let kinds = [
        (&paths.certificate, Holding::Certificate, 0o644, with_cert),
        (&paths.private_key, Holding::PrivateKey, 0o600, with_key),
        (&paths.public_key, Holding::PublicKey, 0o600, with_cert),
        (&paths.kubeconfig, Holding::Kubeconfig, 0o600, with_cert && with_key),
    ];
    for (path, holding, mode, wanted) in kinds {
        if let (Some(path), true) = (path, wanted) {
            let content = Content { cert, holding };
            files.push(PlannedFile { root, path: path.clone(), mode, owner: "root:root", content });
        }
    }
}

/// Where a node keeps what of a certificate: index into the plan's files.
type Held = SortedMap<(usize, usize, Holding), usize>;

/// Flag rows to flags, node by node.
fn set_flags(plan: &mut Plan) {
    let held: Held = plan
        .files
        .iter()
        .enumerate()
        .filter_map(|(index, file)| match file.root {
            Root::Node(node) => Some(((node, file.content.cert, file.content.holding), index)),
            Root::OfflineCa => None,
        })
        .collect();
    let mut by_id = SortedMap::<(&str, Option<usize>), usize>::default();
    for (index, cert) in plan.certs.iter().enumerate() {
        by_id.insert((cert.row.id, cert.node), index);
    }
    let mut flags = Vec::new();
    for (index, node) in plan.spec.nodes.iter().enumerate() {
        for component in COMPONENTS.iter().filter(|component| (component.runs_on)(&plan.spec, node)) {
            for row in FLAGS.iter().filter(|row| row.component == component.name && row.when.holds(plan.spec.version)) {
                let find = |id: &str| by_id.get(&(id, Some(index))).or_else(|| by_id.get(&(id, None))).copied();
                flags.push(set_flag(plan, row, index, node, &held, find));
            }
        }
    }
    plan.flags = flags;
}

/// One flag on one node.
fn set_flag(
    plan: &Plan,
    row: &'static FlagRow,
    index: usize,
    node: &Node,
    held: &Held,
    find: impl Fn(&str) -> Option<usize>,
) -> PlannedFlag {
    let spec = &plan.spec;
    let file = |ids: &[&str], holding| {
        ids.iter()
            .filter_map(|id| find(id))
            .find_map(|cert| held.get(&(index, cert, holding)).map(|&file| (cert, file)))
    };
    let named = match row.value {
        Rule::File(ids, holding) => file(ids, holding),
        Rule::FileIf(condition, ids, holding) if condition(spec) => file(ids, holding),
        Rule::FileIf(..) | Rule::Text(_) | Rule::KubeletKubeconfig | Rule::Of(_) => None,
    };
    let text = match &row.value {
        Rule::File(..) | Rule::FileIf(..) => named.map(|(_, file)| plan.files[file].path.clone()),
        Rule::Text(text) => Some(fill(text, &[("domain", &spec.dns_domain), ("cluster", &spec.cluster_name)])),
        Rule::KubeletKubeconfig => Some(layout::kubelet_kubeconfig(spec.layout).to_owned()),
        Rule::Of(compute) => compute(spec, node),
    };
    // A computed path may still be that of a file made here, such as the kubelet's CA file.
    let by_path = || {
        let path = text.as_ref().filter(|text| text.starts_with('/'))?;
        let file = plan.files.binary_search_by(|file| (file.root, &file.path).cmp(&(Root::Node(index), path))).ok()?;
        Some((plan.files[file].content.cert, file))
    };
    let named = named.or_else(by_path);
    PlannedFlag {
        row,
        node: index,
        cert: named.map(|(cert, _)| cert),
        file: named.map(|(_, file)| file),
        value: text.map_or(FlagValue::NotSet, FlagValue::Set),
    }
}
