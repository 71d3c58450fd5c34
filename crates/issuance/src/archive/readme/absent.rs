//! What a cluster needs beside what is in an export.

use std::fmt::Write as _;

use kubepki_core::Plan;
use kubepki_core::catalog::kubeconfigs::ADMIN;
use kubepki_core::spec::{ClusterSpec, EtcdMode, LayoutId, Start};

/// What is not here: who needs it, what it is, and what to do about it.
struct AbsentRow {
    /// The designs that need it.
    when: fn(&ClusterSpec) -> bool,
    what: &'static str,
    then: fn(&Plan) -> String,
}

static ABSENT: &[AbsentRow] = &[
    AbsentRow {
        when: |_| true,
        what: "The programs",
        then: |plan| {
            let spec = &plan.spec;
            let kubernetes = match (spec.start, spec.layout) {
                (Start::Kubeadm, _) => "kubeadm, the kubelet and kubectl on each node",
                (Start::Manual, LayoutId::Kubeadm) => "the kubelet and kubectl on each node",
                (Start::Manual, LayoutId::Course) => {
                    "the kubelet and kubectl on each node, and kube-apiserver, kube-controller-manager and kube-scheduler on control planes"
                }
            };
            let etcd = match (spec.etcd_mode, spec.layout) {
                (EtcdMode::External, _) | (EtcdMode::Stacked, LayoutId::Course) => "; etcd on its hosts",
                (EtcdMode::Stacked, LayoutId::Kubeadm) => "",
            };
            format!(
                "{kubernetes}, all of {}{etcd}; a container runtime (containerd, with `SystemdCgroup = true`). The steps use curl, openssl, unzip, and GNU's coreutils and sed.",
                spec.version
            )
        },
    },
    AbsentRow {
        when: |_| true,
        what: "The machines' own settings",
        then: |_| {
            "Swap off, IPv4 and IPv6 forwarding on, clocks that agree (a certificate is valid from five minutes before it was made), and open ports: 6443 or yours on control planes, 10250 on each node, 2379 and 2380 between etcd members and control planes.".to_owned()
        },
    },
    AbsentRow {
        when: |_| true,
        what: "A network plugin",
        then: |plan| {
            let pods = match plan.spec.pod_subnets.is_empty() {
                true => "This design names no range for Pods: the plugin brings its own.".to_owned(),
                false => format!(
                    "Tell it the range of Pods of this design, {}.",
                    plan.spec.pod_subnets.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
                ),
            };
            format!(
                "Nodes stay NotReady without one. Install the one of your choice once the first API server answers. {pods}"
            )
        },
    },
    AbsentRow {
        when: |spec| spec.start == Start::Manual,
        what: "kube-proxy and CoreDNS",
        then: |plan| {
            let spec = &plan.spec;
            let admin = plan.kubeconfigs(ADMIN).next();
            let url = spec.control_plane_url();
            let pods = spec.pod_subnets.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let pods = if pods.is_empty() { String::new() } else { format!(" --pod-network-cidr {pods}") };
            let services = spec.service_subnets.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let ours = plan.kubeconfigs("kube-proxy").next();
            let own = ours.map_or_else(String::new, |file| {
                format!(
                    " Or run kube-proxy as a service, with what is here: `kube-proxy --kubeconfig={} --hostname-override=NODE`.",
                    file.path
                )
            });
            format!(
                "Without them no Service has an address or a name. kubeadm installs both without having made the cluster: `kubeadm init phase addon all --kubeconfig {} --control-plane-endpoint {} --kubernetes-version {} --service-cidr {services} --service-dns-domain {}{pods}`.{own}",
                admin.map_or("", |file| file.path.as_str()),
                url.trim_start_matches("https://"),
                spec.version,
                spec.dns_domain,
            )
        },
    },
    AbsentRow {
        when: |spec| spec.start == Start::Manual,
        what: "What kubeadm would keep in the cluster",
        then: |_| {
            "The ConfigMaps kubeadm-config, kubelet-config and cluster-info: `kubeadm join` and `kubeadm upgrade` do not work in a cluster that was started by hand. Label and taint of control planes are a step below.".to_owned()
        },
    },
    AbsentRow {
        when: |spec| spec.nodes.iter().filter(|node| node.control_plane).count() > 1,
        what: "A load balancer",
        then: |plan| {
            format!(
                "{} must lead to every control plane, and is yours to set up: a step below looks for it.",
                plan.spec.control_plane_url()
            )
        },
    },
];

pub(super) fn absent(out: &mut String, plan: &Plan) {
    out.push_str("## What is not here\n\n");
    for row in ABSENT.iter().filter(|row| (row.when)(&plan.spec)) {
        let _ = writeln!(out, "- **{}.** {}", row.what, (row.then)(plan));
    }
    out.push('\n');
}
