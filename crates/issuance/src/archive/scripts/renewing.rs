//! How each certificate of an export is renewed when it ends: one sentence for all that share a way, so that
//! `verify.sh` says one remedy for one cause.

use std::fmt::Write as _;

use kubepki_core::Plan;
use kubepki_core::catalog::renewal::{Renewal, renewal};
use kubepki_core::spec::{CaKeys, ClusterSpec, LayoutId, Start};

use crate::archive::selection::Selection;

const OF_CA: &str = "trust a new CA beside this one everywhere, then let the new one sign: https://kubernetes.io/docs/tasks/tls/manual-rotation-of-ca-certificates/";
const BY_KUBEADM: &str = "kubeadm certs renew all, on each control plane; then restart kube-controller-manager and kube-scheduler there, which read their kubeconfigs only when they start (kube-apiserver and etcd read renewed pairs by themselves), and copy admin.conf again to where it is used";

/// The ways that were asked for, each once.
pub(super) struct Renewing<'a> {
    plan: &'a Plan,
    /// The design as what is exported starts it.
    spec: ClusterSpec,
    selection: Selection,
    ways: Vec<String>,
}

impl<'a> Renewing<'a> {
    pub(super) fn new(plan: &'a Plan, selection: Selection, ca_keys: CaKeys) -> Self {
        Self { plan, spec: ClusterSpec { ca_keys, ..plan.spec.clone() }, selection, ways: Vec::new() }
    }

    /// The number of the way in which a certificate is renewed.
    pub(super) fn number(&mut self, cert: usize) -> usize {
        let way = self.way(cert);
        self.ways.iter().position(|known| *known == way).unwrap_or_else(|| {
            self.ways.push(way);
            self.ways.len() - 1
        })
    }

    /// `number|way` of all that were asked for.
    pub(super) fn table(&self) -> String {
        let mut out = String::new();
        for (number, way) in self.ways.iter().enumerate() {
            let _ = writeln!(out, "{number}|{way}");
        }
        out
    }

    /// The way in which a certificate is renewed.
    pub(super) fn way(&self, cert: usize) -> String {
        let row = self.plan.certs[cert].row;
        if row.is_ca() {
            return OF_CA.to_owned();
        }
        // kubeadm renews what lies as it would have laid it, whoever started the cluster.
        let laid = ClusterSpec { start: Start::Kubeadm, ..self.spec.clone() };
        match renewal(&laid, row.id).0 {
            Renewal::ByKubeadm => BY_KUBEADM.to_owned(),
            Renewal::ByItself if self.spec.start == Start::Kubeadm && self.spec.layout == LayoutId::Kubeadm => {
                let init = &self.spec.nodes[self.spec.init_node()].name;
                format!(
                    "the kubelet renews it while the cluster runs; once it has ended, kubeadm kubeconfig user --config kubeadm/{init}.yaml --org system:nodes --client-name system:node:NODE, on a control plane, prints a new kubelet.conf for NODE; put it there and restart the kubelet"
                )
            }
            Renewal::ByItself | Renewal::ByHand | Renewal::Never => {
                let place = match (self.selection, self.plan.spec.ca_keys) {
                    (_, CaKeys::OffNode) => "offline-ca/ of the whole export".to_owned(),
                    (Selection::WithoutCaKeys, _) => format!("{}.zip", Selection::CaKeys.name(self.plan)),
                    _ => "inventory.json names the place".to_owned(),
                };
                format!(
                    "issue it again with the same CA, where that CA's private key is ({place}): kubepki show commands --design design.yaml --format json has the openssl commands for each certificate, and so has the Commands view; then replace the file and restart what reads it"
                )
            }
        }
    }
}
