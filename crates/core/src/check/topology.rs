//! How many of what, and where.

use super::Rule;
use crate::diag::Diagnostic;
use crate::spec::{EtcdMode, FileNames, LayoutId, Start};

pub(super) static RULES: &[Rule] = &[
    // An even number of etcd members survives no more failures than one fewer.
    Rule {
        id: "etcd-members-even",
        source: "etcd.io/docs/v3.6/faq: Why an odd number of cluster members?",
        find: |plan, _| {
            let count = plan.spec.etcd_members().count();
            (count % 2 == 0).then(|| {
                Diagnostic::warning(
                    "",
                    "nodes",
                    format!(
                        "{count} etcd members have a majority of {}: {} may fail, no more than with one member fewer",
                        count / 2 + 1,
                        if count == 2 { "none".to_owned() } else { ((count - 1) / 2).to_string() }
                    ),
                )
                .with_hint("take one away and nothing is lost, or add one and one more may fail")
            })
        },
        #[cfg(test)]
        failing: |draft| {
            draft.remove("nodes.2");
        },
        #[cfg(test)]
        passing: Some(|_| {}),
    },
    // Several control planes need an endpoint that stands for all of them.
    Rule {
        id: "control-planes-without-endpoint",
        source: "kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm: controlPlaneEndpoint",
        find: |plan, _| {
            let count = plan.spec.nodes.iter().filter(|node| node.control_plane).count();
            (count > 1 && plan.spec.endpoint.is_none()).then(|| {
                Diagnostic::warning("", "controlPlaneEndpoint", format!("{count} control planes but no endpoint: every kubeconfig names the first one, and when that is down nobody reaches the others"))
                    .with_hint(match plan.spec.start {
                        Start::Kubeadm => "set a DNS name or a load balancer's address; kubeadm join --control-plane refuses to work without",
                        Start::Manual => "set a DNS name or a load balancer's address",
                    })
            })
        },
        #[cfg(test)]
        failing: |draft| draft.set_text(crate::spec::Field::ControlPlaneEndpoint, ""),
        #[cfg(test)]
        passing: Some(|_| {}),
    },
    // External etcd on a control-plane host is neither apart nor joined by kubeadm.
    Rule {
        id: "etcd-on-control-plane-host",
        source: "kubernetes.io/docs/setup/production-environment/tools/kubeadm/ha-topology",
        find: |plan, _| {
            let shared: Vec<&str> = plan
                .spec
                .nodes
                .iter()
                .filter(|node| node.etcd && node.control_plane)
                .map(|node| node.name.as_str())
                .collect();
            (plan.spec.etcd_mode == EtcdMode::External && !shared.is_empty()).then(|| {
                Diagnostic::advice("", "etcd.mode", format!("{} is both control plane and external etcd host", shared.join(", ")))
                    .with_hint("choose stacked etcd, or hosts of its own for etcd: then losing one machine costs one of the two, not both")
            })
        },
        #[cfg(test)]
        failing: |draft| {
            draft.set_text(crate::spec::Field::EtcdMode, "external");
            draft.nodes[0].roles.push("etcd".into());
        },
        #[cfg(test)]
        passing: Some(|_| {}),
    },
    // Only the course layout's files can be called NAME.pem.
    Rule {
        id: "file-names-without-course",
        source: "kubernetes.io/docs/setup/best-practices/certificates: certificate paths",
        find: |plan, _| {
            (plan.spec.layout == LayoutId::Kubeadm && plan.spec.file_names == FileNames::Pem).then(|| {
                Diagnostic::notice(
                    "",
                    "fileNames",
                    "in the kubeadm layout files end in .crt and .key whatever stands here",
                )
                .with_hint("fileNames: pem needs layout: course")
            })
        },
        #[cfg(test)]
        failing: |draft| draft.set_text(crate::spec::Field::FileNames, "pem"),
        #[cfg(test)]
        passing: Some(|_| {}),
    },
    // The course layout has no front-proxy CA, so aggregated API servers cannot be reached.
    Rule {
        id: "course-without-aggregation",
        source: "kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer",
        find: |plan, _| {
            (plan.spec.layout == LayoutId::Course).then(|| {
                Diagnostic::notice(
                    "",
                    "layout",
                    "the course layout leaves the aggregation layer out: metrics-server and its like will not work",
                )
                .with_hint("the kubeadm layout has it")
            })
        },
        #[cfg(test)]
        failing: |draft| {
            draft.set_text(crate::spec::Field::Layout, "course");
            draft.set_text(crate::spec::Field::Start, "manual");
        },
        #[cfg(test)]
        passing: Some(|_| {}),
    },
];
