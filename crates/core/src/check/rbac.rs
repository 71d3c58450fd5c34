//! Rights that nobody gives unless somebody does.

use super::Rule;
use crate::diag::Diagnostic;

pub(super) static RULES: &[Rule] = &[
    // Where nobody runs kubeadm init, nobody makes the bindings it makes.
    Rule {
        id: "rbac-by-hand",
        source: "kubeadm: cmd/kubeadm/app/phases/bootstraptoken/node/tlsbootstrap.go; kubernetes/kubernetes#138957; kubeadm 1.29 release notes: super-admin.conf",
        find: |plan, _| {
            let bindings = plan.bindings();
            let without: Vec<&str> = bindings.iter().map(|binding| binding.row.without).collect();
            (!without.is_empty()).then(|| {
            let kubeconfig = plan.unbound_kubeconfig().map_or("super-admin.conf", |file| file.path.as_str());
            Diagnostic::advice("", "start", format!("nobody runs kubeadm init, so RBAC is left to you. Until it is told, {}", without.join("; ")))
                .with_hint(format!("once the API server answers: kubectl --kubeconfig {kubeconfig} apply -f rbac.yaml, which is in the export"))
        })
        },
        #[cfg(test)]
        failing: |draft| draft.set_text(crate::spec::Field::Start, "manual"),
        #[cfg(test)]
        passing: Some(|_| {}),
    },
];
