//! The section about a cluster in which nobody signs what kubelets request.

use std::fmt::Write as _;

use kubepki_core::instant;
use kubepki_core::layout::kubelet_kubeconfig;
use kubepki_core::spec::{CaKeys, Start};

use super::facts::{Doing, MOST_NODES};
use crate::archive::selection::Selection;
use crate::archive::steps::{self, KUBELET, NOBODY_SIGNS};

/// What it means that no node has the key of the cluster CA, and what to do about it.
pub(super) fn nobody_signs(out: &mut String, doing: &Doing<'_>) {
    let Doing { started: plan, selection, .. } = *doing;
    let spec = &plan.spec;
    if spec.ca_keys == CaKeys::OnControlPlane {
        return;
    }
    let renewing = match plan.certs.iter().any(|cert| cert.row.id == KUBELET) {
        true => format!(
            " nor renew the one they have: the first is cut off on {}. Issue theirs again before that, where the key is",
            instant::to_date(doing.issued_at + spec.leaf_validity.seconds)
        ),
        false => " nor renew it later".to_owned(),
    };
    let _ = writeln!(
        out,
        "## {NOBODY_SIGNS}\n\n\
         No node has the private key of the cluster CA, so kube-controller-manager runs without `--cluster-signing-cert-file` and `--cluster-signing-key-file`, and signs no CertificateSigningRequest. Kubelets can neither request a first certificate{renewing}.\n"
    );
    let cut_off = steps::cut_off(plan);
    let mine = |node: &&usize| selection.node().is_none_or(|only| only == **node);
    let names: Vec<&str> = cut_off.iter().filter(mine).map(|&node| spec.nodes[node].name.as_str()).collect();
    if names.is_empty() {
        return;
    }
    let who = if names.len() > MOST_NODES { format!("{} nodes", names.len()) } else { names.join(", ") };
    let (node, init) = (names[0], &spec.nodes[spec.init_node()].name);
    let place = kubelet_kubeconfig(spec.layout);
    let _ = writeln!(
        out,
        "**Warning: these nodes cannot join as they are: {who}.** Their kubelets would wait for a certificate that nobody signs. Any one of these helps:\n\n\
         - Make `{place}` for each before it joins, where the key of the cluster CA is: a client certificate for the user `system:node:NODE` in the group `system:nodes`, as kubeadm's external CA mode expects it."
    );
    if spec.start == Start::Kubeadm {
        let _ = writeln!(
            out,
            "  With `ca.crt` and `ca.key` in `/etc/kubernetes/pki` of a machine that is no node:\n\
             \x20 ```sh\n\
             \x20 kubeadm kubeconfig user --config kubeadm/{init}.yaml --org system:nodes --client-name system:node:{node} > kubelet.conf\n\
             \x20 ```\n\
             \x20 kubeadm then joins {node} with `--ignore-preflight-errors=FileAvailable--etc-kubernetes-kubelet.conf`."
        );
    }
    let _ = writeln!(
        out,
        "- A signer of your own in the cluster, for `kubernetes.io/kube-apiserver-client-kubelet`.\n\
         - A design with `start: manual` and `kubelet.client: issued`: its export holds each kubelet's certificate."
    );
    let _ = match selection {
        Selection::WithoutCaKeys if doing.plan.spec.ca_keys == CaKeys::OnControlPlane => writeln!(
            out,
            "- Bundles made of the whole export instead of this part: the control planes then get the CAs' keys, and sign.\n"
        ),
        _ => writeln!(
            out,
            "- A design with `caKeys: onControlPlane`: the control planes then have the keys, and sign.\n"
        ),
    };
}
