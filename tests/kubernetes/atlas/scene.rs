//! Clusters on which faults are tried.

use crate::extension;

/// A cluster, what runs of it, and the connections that are looked at there.
pub(crate) struct Scene {
    /// What `KUBEPKI_SCENE` calls it.
    pub(crate) name: &'static str,
    pub(crate) design: &'static str,
    /// How many of the design's nodes have a machine, from the first on.
    pub(crate) machines: usize,
    /// The components that run; what the design does not have is left out.
    pub(crate) runs: &'static [&'static str],
    pub(crate) connections: &'static [&'static str],
    /// Whether every run tries it, or only one that records or names it.
    pub(crate) every_run: bool,
}

/// Every component of a cluster.
pub(crate) const WHOLE: &[&str] =
    &["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];

/// A machine of a design, with every component, on which no connection is looked at.
pub(crate) const fn one_machine(design: &'static str) -> Scene {
    Scene { name: design, design, machines: 1, runs: WHOLE, connections: &[], every_run: false }
}

pub(crate) const SCENES: &[Scene] = &[
    Scene {
        connections: &[
            "etcdctl->etcd",
            "kube-apiserver->etcd",
            "kube-controller-manager->kube-apiserver",
            "kube-scheduler->kube-apiserver",
            "kubelet->kube-apiserver",
            "kubectl->kube-apiserver",
            "super-admin->kube-apiserver",
            "pod->kube-apiserver",
            "kube-apiserver->kubelet",
        ],
        every_run: true,
        ..one_machine("kubelet-cluster-ca-manual")
    },
    Scene { connections: &["kube-proxy->kube-apiserver"], ..one_machine("course") },
    Scene {
        name: "members",
        design: "ha-stacked-manual",
        machines: 3,
        runs: &["etcd"],
        connections: &["etcd->etcd"],
        every_run: false,
    },
    Scene {
        name: "extension",
        design: "kubelet-cluster-ca-manual",
        machines: 1,
        runs: &["etcd", "kube-apiserver", extension::ETCD, extension::SERVER],
        connections: &["kube-apiserver->aggregated-apiserver"],
        every_run: false,
    },
    Scene {
        name: "gateway",
        design: "kubelet-cluster-ca-manual",
        machines: 1,
        runs: &["etcd"],
        connections: &["etcd-gateway->etcd"],
        every_run: false,
    },
];
