//! Who renews which certificate, one row each.

use super::cert;
use super::flags::FLAGS;
use super::reload::{Again, reload};
use super::row::Form;
use crate::spec::{CaKeys, ClusterSpec, EtcdMode, LayoutId, Start};

/// Who renews.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// Its holder, by itself, while the cluster works.
    ByItself,
    /// `kubeadm certs renew`, and every `kubeadm upgrade`.
    ByKubeadm,
    /// Somebody, by hand.
    ByHand,
    /// Nobody: it has no end.
    Never,
}

impl Renewal {
    /// In a few words.
    pub fn word(self) -> &'static str {
        match self {
            Self::ByItself => "rotates by itself",
            Self::ByKubeadm => "kubeadm certs renew",
            Self::ByHand => "by hand",
            Self::Never => "has no end",
        }
    }
}

/// What is told of some certificates' renewal.
#[derive(Debug)]
pub struct RenewalRow {
    /// The certificates, by their ids.
    pub ids: &'static [&'static str],
    /// Who renews them.
    pub by: Renewal,
    /// How, and what to watch, one or two sentences.
    pub how: &'static str,
    /// Where that is from.
    pub source: &'static str,
}

const CERTS: &str = "https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/";
const ROTATION: &str = "https://kubernetes.io/docs/tasks/tls/certificate-rotation/";

/// The table.
pub static RENEWALS: &[RenewalRow] = &[
    RenewalRow {
        ids: &["ca", "etcd-ca", "front-proxy-ca"],
        by: Renewal::ByHand,
        how: "kubeadm never renews a CA. A new one must be trusted everywhere beside the old before it signs anything.",
        source: "https://kubernetes.io/docs/tasks/tls/manual-rotation-of-ca-certificates/",
    },
    RenewalRow {
        ids: &["kubelet.conf", "kubelet-client"],
        by: Renewal::ByItself,
        how: "The kubelet asks for a new client certificate when 70 to 90 % of its life is over (rotateCertificates). kubeadm certs renew leaves kubelet.conf alone. A node that was off for too long cannot rotate any more.",
        source: ROTATION,
    },
    RenewalRow {
        ids: &["kubelet-serving"],
        by: Renewal::ByHand,
        how: "With serverTLSBootstrap the kubelet asks by itself, but somebody must approve each request; files given by hand are replaced by hand.",
        source: ROTATION,
    },
    RenewalRow {
        ids: &["sa"],
        by: Renewal::Never,
        how: "A bare key pair has no dates. Replace it by giving API servers both public keys for a while.",
        source: CERTS,
    },
    RenewalRow {
        ids: &[
            "apiserver",
            "apiserver-kubelet-client",
            "apiserver-etcd-client",
            "front-proxy-client",
            "etcd-server",
            "etcd-peer",
            "etcd-healthcheck-client",
            "admin.conf",
            "super-admin.conf",
            "controller-manager.conf",
            "scheduler.conf",
        ],
        by: Renewal::ByKubeadm,
        how: "kubeadm certs renew on every control plane, or any kubeadm upgrade to another version: with each manifest that it writes anew it renews that component's certificates, with the API server's etcd's as well. It copies the names of the old certificate and makes a new key. The API server and etcd read a renewed pair by themselves; the controller manager and the scheduler must be restarted, for they read their kubeconfigs only when they start.",
        source: CERTS,
    },
];

/// Who renews a certificate in a cluster that kubeadm started, by its id.
pub fn renewed_by(id: &str) -> Renewal {
    RENEWALS.iter().find(|row| row.ids.contains(&id)).map_or(Renewal::ByHand, |row| row.by)
}

/// How what holds a certificate reads it again, in a cluster that kubeadm started: nothing is to be done where it does so by
/// itself ([`super::reload`]). The kubelet is no static Pod, and what people call with is read at each call.
pub fn restart(id: &str) -> String {
    let manifests: &[&str] = match id {
        "kubelet" | "kubelet.conf" | "kubelet-client" => return "systemctl restart kubelet".to_owned(),
        "kube-proxy" => return "kubectl -n kube-system rollout restart daemonset kube-proxy".to_owned(),
        "admin.conf" | "super-admin.conf" | "etcd-healthcheck-client" => {
            return "nothing to restart: it is read anew at each call; replace its copies".to_owned();
        }
        "etcd" => &["etcd"],
        "kube-apiserver" => &["kube-apiserver"],
        "kube-controller-manager" | "controller-manager.conf" => &["kube-controller-manager"],
        "kube-scheduler" | "scheduler.conf" => &["kube-scheduler"],
        "sa" => &["kube-apiserver", "kube-controller-manager"],
        _ => return read_again(id).unwrap_or_else(|| "restart every process that holds it".to_owned()),
    };
    let one = |name: &&str| {
        format!(
            "mv /etc/kubernetes/manifests/{name}.yaml /root/ && sleep 30 && mv /root/{name}.yaml /etc/kubernetes/manifests/"
        )
    };
    manifests.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// What is told of a pair that its holder reads again by itself.
fn read_again(id: &str) -> Option<String> {
    let flag = FLAGS.iter().find(|flag| flag.value.ids().first() == Some(&id))?;
    let row = reload(flag.component, flag.name)?;
    match row.again {
        Again::AtStart => None,
        by_itself if cert(id).is_some_and(|row| !row.is_ca()) => {
            let older = if row.older.is_empty() { String::new() } else { format!("; {}", row.older) };
            Some(format!("nothing to restart: {} {}{older}", flag.component, by_itself.words()))
        }
        Again::EachHandshake | Again::Within(_) => None,
    }
}

/// Whether a process goes on with the certificate that it read when it started, whatever its file says since.
pub fn is_held(id: &str) -> bool {
    cert(id).is_some_and(|row| matches!(row.form, Form::Kubeconfig(_))) && !restart(id).starts_with("nothing")
}

/// What is told of a certificate's renewal in a design: what kubeadm does not manage is done by hand.
pub fn renewal(spec: &ClusterSpec, id: &str) -> (Renewal, &'static str) {
    let row = RENEWALS.iter().find(|row| row.ids.contains(&id));
    let of_etcd = id.starts_with("etcd-") || id == "apiserver-etcd-client";
    match row {
        Some(row)
            if matches!(row.by, Renewal::ByKubeadm | Renewal::ByItself) && spec.ca_keys != CaKeys::OnControlPlane =>
        {
            (
                Renewal::ByHand,
                "The CA's key is on no node, so nothing in the cluster can sign: issue it where the key is, and carry it over.",
            )
        }
        Some(row) if row.by == Renewal::ByKubeadm && of_etcd && spec.etcd_mode == EtcdMode::External => {
            (Renewal::ByHand, "The CA of an external etcd is not on the control planes: issue it again beside etcd.")
        }
        Some(row)
            if row.by == Renewal::ByKubeadm && spec.start == Start::Manual && spec.layout == LayoutId::Kubeadm =>
        {
            (
                Renewal::ByHand,
                "kubeadm certs renew knows this layout, but did not start this cluster: no upgrade renews anything by itself.",
            )
        }
        Some(row) if row.by == Renewal::ByKubeadm && spec.layout != LayoutId::Kubeadm => {
            (Renewal::ByHand, "kubeadm does not know this layout: issue it again and restart what holds it.")
        }
        Some(row) => (row.by, row.how),
        None => (Renewal::ByHand, "Issue it again and restart what holds it."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::certs;

    #[test]
    fn every_holder_is_restarted_in_its_own_way() {
        for row in certs().filter(|row| !row.is_ca()) {
            let how = restart(row.id);
            assert!(!how.starts_with("restart every process"), "{}: {how}", row.id);
            let of_kubelet = row.id.starts_with("kubelet") && row.id != "kubelet-serving";
            assert_eq!(how.starts_with("systemctl restart kubelet"), of_kubelet, "{}: {how}", row.id);
            let is_static = ["controller-manager.conf", "scheduler.conf", "sa"].contains(&row.id);
            assert_eq!(how.contains("/etc/kubernetes/manifests/"), is_static, "{}: {how}", row.id);
            assert_eq!(
                how.starts_with("nothing"),
                !is_static && !of_kubelet && row.id != "kube-proxy",
                "{}: {how}",
                row.id
            );
        }
        assert!(restart("sa").contains("kube-controller-manager.yaml"), "it signs with the same pair");
    }

    #[test]
    fn a_process_goes_on_with_an_old_kubeconfig_and_with_no_old_pair() {
        let held: Vec<&str> = certs().map(|row| row.id).filter(|id| is_held(id)).collect();
        assert_eq!(held, ["controller-manager.conf", "scheduler.conf", "kubelet.conf", "kube-proxy"]);
        assert_eq!(restart("apiserver"), "nothing to restart: kube-apiserver reads it again within a minute");
        assert_eq!(restart("etcd-peer"), "nothing to restart: etcd reads it for each new connection");
    }

    #[test]
    fn every_certificate_is_renewed_by_somebody() {
        for row in certs() {
            let known = RENEWALS.iter().filter(|one| one.ids.contains(&row.id)).count();
            assert!(known == 1 || row.id == "kube-proxy", "{}: {known}", row.id);
        }
    }
}
