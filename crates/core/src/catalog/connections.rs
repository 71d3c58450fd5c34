//! Who calls whom with a certificate, one row each: the connections that can be checked from files alone. Each side
//! refers to certificates by id, so that a connection cannot name one that the catalog does not have.

use crate::spec::{ClusterSpec, EtcdMode, KubeletServing, Node, Start};

/// Which servers a caller dials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The API server that its kubeconfig names: one, or any behind the control-plane endpoint.
    Kubeconfig,
    /// The server on its own node, by the loopback address.
    Loopback,
    /// The servers on all other nodes, each by its advertise address; a lone one stands for those to come.
    Others,
    /// Every server, each by its advertise address.
    Every,
    /// The server on its own node, by the names that Pods use for it.
    Service,
}

/// What a side checks the other with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The certificate file of the first of these CAs that is in the plan.
    File(&'static [&'static str]),
    /// The copy inside the caller's kubeconfig.
    Embedded,
    /// Nothing that can be checked from files.
    Nothing,
}

/// One side of a connection: what it shows, and what the other side checks that with.
#[derive(Debug)]
pub struct Side {
    /// The first of these certificates that the node has is shown; none when it shows nothing of this PKI.
    pub shows: &'static [&'static str],
    /// What the other side checks it with.
    pub anchor: Anchor,
}

/// One kind of connection.
#[derive(Debug)]
pub struct ConnectionRow {
    /// Its id, `caller-server`.
    pub id: &'static str,
    /// Who calls, as people name it.
    pub caller: &'static str,
    /// Who is called.
    pub server: &'static str,
    /// The port that listens; nothing means the API server's.
    pub port: Option<u16>,
    /// Nodes that call.
    pub calls: fn(&ClusterSpec, &Node) -> bool,
    /// Nodes that are called.
    pub serves: fn(&ClusterSpec, &Node) -> bool,
    /// Which of them a caller dials.
    pub reach: fn(&ClusterSpec) -> Reach,
    /// What the caller shows.
    pub client: Side,
    /// What the server shows.
    pub server_side: Side,
    /// Whether the caller checks the server at all in this design.
    pub server_checked: fn(&ClusterSpec) -> bool,
    /// Where this is from.
    pub source: &'static str,
}

fn control_plane(_: &ClusterSpec, node: &Node) -> bool {
    node.control_plane
}

fn member(spec: &ClusterSpec, node: &Node) -> bool {
    spec.is_etcd_member(node)
}

fn kubelet(_: &ClusterSpec, node: &Node) -> bool {
    node.has_kubelet()
}

/// The API server checks kubelets only where they have certificates of the cluster CA from the start: kubeadm leaves
/// `--kubelet-certificate-authority` out.
fn kubelets_checked(spec: &ClusterSpec) -> bool {
    spec.kubelet_serving == KubeletServing::ClusterCa && spec.start == Start::Manual
}

const SHOWS_APISERVER: Side = Side { shows: &["apiserver"], anchor: Anchor::Embedded };
const CA: Anchor = Anchor::File(&["ca"]);
const ETCD_CA: Anchor = Anchor::File(&["etcd-ca", "ca"]);
const FRONT_PROXY_CA: Anchor = Anchor::File(&["front-proxy-ca"]);
const KUBECONFIG: &str = "kubeadm: cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go";
const MANIFESTS: &str = "kubeadm: cmd/kubeadm/app/phases/controlplane/manifests.go";
const LOCAL_ETCD: &str = "kubeadm: cmd/kubeadm/app/phases/etcd/local.go";

macro_rules! kubeconfig {
    ($id:literal, $caller:literal, $cert:literal, $calls:expr) => {
        ConnectionRow {
            id: $id,
            caller: $caller,
            server: "kube-apiserver",
            port: None,
            calls: $calls,
            serves: control_plane,
            reach: |_| Reach::Kubeconfig,
            client: Side { shows: &[$cert], anchor: CA },
            server_side: SHOWS_APISERVER,
            server_checked: |_| true,
            source: KUBECONFIG,
        }
    };
}

/// Every kind of connection, in the order in which a cluster comes up.
pub static CONNECTIONS: &[ConnectionRow] = &[
    ConnectionRow {
        id: "etcd-etcd",
        caller: "etcd",
        server: "etcd peer",
        port: Some(2380),
        calls: member,
        serves: member,
        reach: |_| Reach::Others,
        client: Side { shows: &["etcd-peer"], anchor: ETCD_CA },
        server_side: Side { shows: &["etcd-peer"], anchor: ETCD_CA },
        server_checked: |_| true,
        source: LOCAL_ETCD,
    },
    ConnectionRow {
        id: "etcd-gateway",
        caller: "etcd gateway",
        server: "etcd",
        port: Some(2379),
        calls: member,
        serves: member,
        reach: |_| Reach::Loopback,
        client: Side { shows: &["etcd-server"], anchor: ETCD_CA },
        server_side: Side { shows: &["etcd-server"], anchor: ETCD_CA },
        server_checked: |_| true,
        source: "etcd: server/embed/serve.go, the gateway dials its own client port",
    },
    ConnectionRow {
        id: "etcdctl-etcd",
        caller: "etcdctl, kubeadm",
        server: "etcd",
        port: Some(2379),
        calls: member,
        serves: member,
        reach: |_| Reach::Every,
        client: Side { shows: &["etcd-healthcheck-client"], anchor: ETCD_CA },
        server_side: Side { shows: &["etcd-server"], anchor: ETCD_CA },
        server_checked: |_| true,
        source: LOCAL_ETCD,
    },
    ConnectionRow {
        id: "apiserver-etcd",
        caller: "kube-apiserver",
        server: "etcd",
        port: Some(2379),
        calls: control_plane,
        serves: member,
        reach: |spec| match spec.etcd_mode {
            EtcdMode::Stacked => Reach::Loopback,
            EtcdMode::External => Reach::Every,
        },
        client: Side { shows: &["apiserver-etcd-client", "apiserver"], anchor: ETCD_CA },
        server_side: Side { shows: &["etcd-server"], anchor: ETCD_CA },
        server_checked: |_| true,
        source: MANIFESTS,
    },
    kubeconfig!("controller-manager-apiserver", "kube-controller-manager", "controller-manager.conf", control_plane),
    kubeconfig!("scheduler-apiserver", "kube-scheduler", "scheduler.conf", control_plane),
    kubeconfig!("kubelet-apiserver", "kubelet", "kubelet.conf", kubelet),
    kubeconfig!("kube-proxy-apiserver", "kube-proxy", "kube-proxy", kubelet),
    kubeconfig!("admin-apiserver", "kubectl", "admin.conf", control_plane),
    kubeconfig!("super-admin-apiserver", "kubectl, break-glass", "super-admin.conf", control_plane),
    ConnectionRow {
        id: "pods-apiserver",
        caller: "Pods",
        server: "kube-apiserver",
        port: None,
        calls: control_plane,
        serves: control_plane,
        reach: |_| Reach::Service,
        client: Side { shows: &[], anchor: Anchor::Nothing },
        server_side: Side { shows: &["apiserver"], anchor: CA },
        server_checked: |_| true,
        source: "kube-controller-manager --root-ca-file: ConfigMap kube-root-ca.crt in every namespace",
    },
    ConnectionRow {
        id: "apiserver-kubelet",
        caller: "kube-apiserver",
        server: "kubelet",
        port: Some(10250),
        calls: control_plane,
        serves: kubelet,
        reach: |_| Reach::Every,
        client: Side { shows: &["apiserver-kubelet-client", "apiserver"], anchor: CA },
        server_side: Side { shows: &["kubelet-serving", "kubelet.conf"], anchor: CA },
        server_checked: kubelets_checked,
        source: MANIFESTS,
    },
    ConnectionRow {
        id: "apiserver-aggregated",
        caller: "kube-apiserver",
        server: "aggregated API servers",
        port: Some(443),
        calls: control_plane,
        serves: control_plane,
        reach: |_| Reach::Service,
        client: Side { shows: &["front-proxy-client"], anchor: FRONT_PROXY_CA },
        server_side: Side { shows: &[], anchor: Anchor::Nothing },
        server_checked: |_| false,
        source: "ConfigMap kube-system/extension-apiserver-authentication, filled from --requestheader-client-ca-file",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{cert, row::CertRow};
    use std::collections::BTreeSet;

    #[test]
    fn sides_refer_to_rows_that_exist_and_ids_are_unique() {
        for row in CONNECTIONS {
            for side in [&row.client, &row.server_side] {
                assert!(side.shows.iter().all(|id| cert(id).is_some()), "{}", row.id);
                if let Anchor::File(ids) = side.anchor {
                    assert!(ids.iter().all(|id| cert(id).is_some_and(CertRow::is_ca)), "{}", row.id);
                }
            }
        }
        let ids: BTreeSet<_> = CONNECTIONS.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), CONNECTIONS.len());
    }

    #[test]
    fn every_leaf_of_the_catalog_is_shown_in_some_connection() {
        for row in crate::catalog::certs().filter(|row| !row.is_ca() && row.id != "sa") {
            let shown = CONNECTIONS
                .iter()
                .any(|one| [&one.client, &one.server_side].iter().any(|side| side.shows.contains(&row.id)));
            assert!(shown, "{} is shown nowhere", row.id);
        }
    }
}
