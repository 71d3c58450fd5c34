//! Renewal by kubeadm's current commands (kubernetes.io: Certificate Management with kubeadm).

use crate::catalog::renewal::{Renewal, renewal, renewed_by, restart};
use crate::catalog::row::Form;
use crate::plan::Plan;
use crate::spec::{LayoutId, Start};

use super::super::by_hand::{Recipe, kubeadm};

/// Who goes on with an old kubeconfig until it is started again ([`crate::catalog::reload`]).
const HOLDERS: &str = "# the API server and etcd read a renewed pair by themselves; these two read their kubeconfigs only when they start\n";

/// What makes the holders of these read them again, as lines of a script.
fn then(ids: &[&str]) -> String {
    let one = |id: &&str| {
        let how = restart(id);
        if how.starts_with("nothing") { format!("# {how}") } else { how }
    };
    ids.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// What of a plan kubeadm leaves alone, beside the CAs: each id once.
fn left_alone(plan: &Plan) -> Vec<&'static str> {
    let rows = plan.certs.iter().map(|cert| cert.row).filter(|row| !row.is_ca());
    let mut ids = Vec::new();
    for row in rows.filter(|row| renewed_by(row.id) != Renewal::ByKubeadm) {
        if !ids.contains(&row.id) {
            ids.push(row.id);
        }
    }
    ids
}

/// How one certificate is renewed; nothing where kubeadm does not renew it.
pub(super) fn recipe(plan: &Plan, index: usize) -> Option<Recipe> {
    let row = plan.certs[index].row;
    if renewal(&plan.spec, row.id).0 != Renewal::ByKubeadm {
        return None;
    }
    let old: Vec<String> = match row.form {
        Form::Kubeconfig(_) => vec![format!("/etc/kubernetes/{}", row.id)],
        Form::Pair | Form::KeyPair => {
            ["crt", "key"].map(|end| format!("/etc/kubernetes/pki/{}.{end}", row.base)).to_vec()
        }
    };
    let again = match kubeadm(plan, index) {
        Some(command) => format!(
            "\n\n# other names: renewing copies the old ones. Move it away, make it again, and keep the old until all works\n\
             mkdir -p /root/old-pki && mv {} /root/old-pki/\n{command}",
            old.join(" ")
        ),
        None => String::new(),
    };
    let text = format!(
        "# the same names, a new key, a new year; on every node that has it\nkubeadm certs renew {}\n{}{again}",
        row.id,
        then(&[row.id])
    );
    Some(Recipe { tool: "kubeadm, to renew", text })
}

/// What kubeadm does for the whole set; nothing for a layout that it does not know.
pub(super) fn set(plan: &Plan) -> Vec<Recipe> {
    if plan.spec.layout != LayoutId::Kubeadm {
        return Vec::new();
    }
    let mut all = Vec::new();
    if plan.spec.start == Start::Kubeadm {
        let config = format!("--config kubeadm/{}.yaml", plan.spec.nodes[plan.spec.init_node()].name);
        let text = format!("kubeadm init phase certs all {config}\nkubeadm init phase kubeconfig all {config}");
        all.push(Recipe { tool: "kubeadm, to make all on the first control plane", text });
    }
    let text = format!(
        "kubeadm certs check-expiration\n# every certificate that kubeadm manages: not the CAs{}\nkubeadm certs renew all\n{HOLDERS}{}\n\
         # admin.conf changed too: copy it again\ncp /etc/kubernetes/admin.conf ~/.kube/config\n\n\
         # requests for a CA that is kept elsewhere\nkubeadm certs generate-csr --kubeconfig-dir /tmp/csr --cert-dir /tmp/csr",
        left_alone(plan).iter().map(|id| format!(", not {id}")).collect::<String>(),
        then(&["controller-manager.conf", "scheduler.conf"])
    );
    all.push(Recipe { tool: "kubeadm, to look and to renew", text });
    all
}
