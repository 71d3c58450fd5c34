//! How faults are mended, in kubeadm's words where it has any.

use kubepki_core::catalog::cert;
use kubepki_core::catalog::renewal::{Renewal, renewed_by, restart};
use kubepki_core::catalog::row::Form;

use crate::extra;
use crate::stage::{Content, Piece, Stage};

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

/// The kubelet's own kubeconfig, which kubeadm writes when a node joins and never renews
/// (kubernetes.io: Troubleshooting kubeadm, Kubelet client certificate rotation fails).
const KUBELET: &str = "kubelet.conf";

impl Mend {
    /// What to do, line by line: commands where there are any. `it` is the target.
    pub fn steps(self, it: &str) -> Vec<String> {
        let row = cert(it);
        let form = row.map(|row| row.form);
        let by_kubeadm = renewed_by(it) == Renewal::ByKubeadm;
        let steps: Vec<String> = match (self, form) {
            (Self::Renew, _) if by_kubeadm => vec![format!("kubeadm certs renew {it}")],
            (Self::Renew | Self::Again | Self::Kubeconfig, _) if it == KUBELET => vec![
                "rm /etc/kubernetes/kubelet.conf /var/lib/kubelet/pki/kubelet-client*".to_owned(),
                format!("{} > /etc/kubernetes/kubelet.conf", new_kubelet_conf("NODE")),
            ],
            (Self::Renew | Self::Again | Self::Kubeconfig, Some(Form::Kubeconfig(_))) if by_kubeadm => vec![
                format!("rm /etc/kubernetes/{it}"),
                format!("kubeadm init phase kubeconfig {} --config kubeadm.yaml", it.trim_end_matches(".conf")),
            ],
            (Self::Renew | Self::Again | Self::Kubeconfig, Some(Form::Kubeconfig(_))) => {
                vec![format!("write the kubeconfig of {it} again: kubeadm makes none for it")]
            }
            (Self::Again, Some(Form::Pair)) if by_kubeadm => {
                let base = row.map_or(it, |row| row.base);
                vec![
                    format!("rm /etc/kubernetes/pki/{base}.crt /etc/kubernetes/pki/{base}.key"),
                    format!("kubeadm init phase certs {it} --config kubeadm.yaml"),
                ]
            }
            (Self::Renew | Self::Again | Self::Kubeconfig, _) => {
                vec!["delete certificate and key, and make them again".to_owned()]
            }
            (Self::Authority, _) => {
                return vec![
                    "make a new CA, and let everybody trust both before anything is signed by the new one".to_owned(),
                    "issue every certificate below it again, restart everything, then take the old one out".to_owned(),
                ];
            }
            (Self::Flags, _) => vec!["put the flags right as the design has them".to_owned()],
            (Self::TokenKey, _) => vec![
                "# where the two belong together, this prints sa.pub: copy that pair to all other control planes"
                    .to_owned(),
                "openssl pkey -in /etc/kubernetes/pki/sa.key -pubout".to_owned(),
            ],
            (Self::Restart, _) => Vec::new(),
        };
        steps.into_iter().chain([restart(it)]).collect()
    }

    /// What this does to a cluster in which the target is sound; nothing where it leaves everything as it is. A new CA in the
    /// old one's files, made in a hurry, is trusted by nobody who has a copy of the old one, and nothing that the old one
    /// signed is made again.
    pub fn harms(self) -> Option<fn(&mut Stage, &str)> {
        match self {
            Self::Authority => Some(replace_authority),
            Self::Renew | Self::Again | Self::Kubeconfig | Self::Flags | Self::TokenKey | Self::Restart => None,
        }
    }
}

/// The command that writes a kubelet's kubeconfig, on a control plane that has the CA's key.
pub fn new_kubelet_conf(node: &str) -> String {
    format!("kubeadm kubeconfig user --org system:nodes --client-name system:node:{node}")
}

/// What `kubeadm certs renew` makes of a fault in something that it renews.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// It is gone: key, issuer and dates are new.
    Mended,
    /// It is still there: subject, names and extended key usages are copied.
    Copied,
    /// kubeadm cannot read the old certificate, and ends with an error.
    Unreadable,
}

fn replace_authority(stage: &mut Stage, id: &str) {
    for old in stage.of(id) {
        let real = &stage.plan.certs[old];
        let name = real.subject.as_ref().map(|subject| subject.common_name.clone()).unwrap_or_default();
        let new = extra::planned(&extra::STRANGER, &name, real.key, real.lifetime);
        let new = stage.add(new);
        for file in &mut stage.files {
            let Content::Pem(pieces) = &mut file.content else { continue };
            for piece in pieces.iter_mut().filter(|piece| **piece == Piece::Certificate(old)) {
                *piece = Piece::Certificate(new);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{KINDS, faults};

    #[test]
    fn what_kubeadm_renews_is_said_in_one_place() {
        for fault in faults().iter().filter(|fault| fault.kind.mend == Mend::Renew) {
            let steps = fault.kind.mend.steps(fault.target).join("\n");
            let renews = steps.contains(&format!("kubeadm certs renew {}", fault.target));
            assert_eq!(renews, renewed_by(fault.target) == Renewal::ByKubeadm, "{}: {steps}", fault.id());
        }
    }

    #[test]
    fn the_kubelet_is_restarted_by_systemd_and_never_by_a_manifest() {
        // It reads its serving pair again by itself.
        let of_kubelet = |target: &str| target.starts_with("kubelet") && target != "kubelet-serving";
        let mut tried = 0;
        for fault in faults().iter().filter(|fault| of_kubelet(fault.target)) {
            let steps = fault.kind.mend.steps(fault.target).join("\n");
            assert!(steps.contains("systemctl restart kubelet"), "{}: {steps}", fault.id());
            assert!(!steps.contains("manifest") && !steps.contains("certs renew"), "{}: {steps}", fault.id());
            tried += 1;
        }
        assert!(tried > 10, "{tried}");
        let steps = Mend::Renew.steps("kubelet.conf");
        assert!(steps[1].starts_with("kubeadm kubeconfig user --org system:nodes --client-name system:node:"));
    }

    #[test]
    fn renewing_is_told_of_kinds_that_there_are() {
        let of = |renewed_: Renewed| KINDS.iter().filter(|kind| kind.renewed == renewed_).count();
        assert_eq!((of(Renewed::Mended), of(Renewed::Unreadable)), (10, 2));
        for kind in KINDS.iter().filter(|kind| matches!(kind.mend, Mend::Renew | Mend::Restart)) {
            assert_eq!(kind.renewed, Renewed::Mended, "{}", kind.id);
        }
    }
}
