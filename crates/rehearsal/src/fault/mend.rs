//! How faults are mended, in kubeadm's words where it has any.

use kubepki_core::catalog::cert;
use kubepki_core::catalog::row::Form;

/// How a kind of fault is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// A new certificate with the same names: `kubeadm certs renew`.
    Renew,
    /// A new certificate with other names, usages or another issuer: the pair is deleted and made again, for renewing
    /// copies what the old one says.
    Again,
    /// A new CA, and everything below it.
    Authority,
    /// A kubeconfig is written again.
    Kubeconfig,
    /// Flags are put right.
    Flags,
    /// The right public key is copied to every control plane.
    TokenKey,
    /// The process is restarted.
    Restart,
}

impl Mend {
    /// What to do, line by line: commands where there are any. `it` is the target.
    pub fn steps(self, it: &str) -> Vec<String> {
        let row = cert(it);
        let restart = "restart what holds it: move its manifest out of /etc/kubernetes/manifests and back".to_owned();
        match (self, row.map(|row| row.form)) {
            (Self::Renew, Some(Form::Pair | Form::Kubeconfig(_))) if kubeadm_renews(it) => {
                vec![format!("kubeadm certs renew {it}"), restart]
            }
            (Self::Renew | Self::Again, Some(Form::Pair)) if kubeadm_renews(it) => {
                let base = row.map_or(it, |row| row.base);
                vec![
                    format!("rm /etc/kubernetes/pki/{base}.crt /etc/kubernetes/pki/{base}.key"),
                    format!("kubeadm init phase certs {it} --config kubeadm.yaml"),
                    restart,
                ]
            }
            (Self::Renew | Self::Again | Self::Kubeconfig, Some(Form::Kubeconfig(_))) => {
                let phase = it.trim_end_matches(".conf");
                vec![
                    format!("rm /etc/kubernetes/{it}"),
                    format!("kubeadm init phase kubeconfig {phase} --config kubeadm.yaml"),
                    restart,
                ]
            }
            (Self::Authority, _) => vec![
                "make a new CA, and let everybody trust both before anything is signed by the new one".to_owned(),
                "issue every certificate below it again, restart everything, then take the old one out".to_owned(),
            ],
            (Self::Flags, _) => vec!["put the flags right as the design has them, and restart".to_owned()],
            (Self::TokenKey, _) => {
                vec!["copy sa.pub and sa.key of the first control plane to all others, and restart".to_owned()]
            }
            (Self::Restart, _) => vec![restart],
            _ => vec!["delete certificate and key, make them again, and restart what holds them".to_owned()],
        }
    }
}

/// Whether kubeadm makes it at all.
fn kubeadm_renews(id: &str) -> bool {
    !matches!(id, "kubelet-serving" | "kubelet.conf" | "kube-proxy")
}
