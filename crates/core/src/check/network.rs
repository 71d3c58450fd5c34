//! Addresses that get in each other's way.

use std::net::IpAddr;

use super::Rule;
use crate::diag::Diagnostic;
use crate::spec::Cidr;

/// Whether a network holds an address.
fn holds(cidr: Cidr, address: IpAddr) -> bool {
    match (cidr.network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(cidr.bits)).unwrap_or(0);
            u32::from(network) & mask == u32::from(address) & mask
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(cidr.bits)).unwrap_or(0);
            u128::from(network) & mask == u128::from(address) & mask
        }
        _ => false,
    }
}

pub(super) static RULES: &[Rule] = &[
    // Service and Pod CIDRs must not overlap.
    Rule {
        id: "service-and-pod-cidr-overlap",
        source: "kubernetes.io/docs/concepts/cluster-administration/networking",
        find: |plan, _| {
            let pairs = plan
                .spec
                .service_subnets
                .iter()
                .flat_map(|one| plan.spec.pod_subnets.iter().map(move |other| (*one, *other)));
            let (service, pod) =
                pairs.into_iter().find(|(one, other)| holds(*one, other.network) || holds(*other, one.network))?;
            Some(
                Diagnostic::warning(
                    "",
                    "networking.podSubnets",
                    format!(
                        "the Pod CIDR {pod} overlaps the Service CIDR {service}: some addresses would mean two things"
                    ),
                )
                .with_hint("choose ranges that do not touch"),
            )
        },
        #[cfg(test)]
        failing: |draft| draft.set_list(crate::spec::Field::PodSubnets, vec!["10.96.4.0/24".into()]),
        #[cfg(test)]
        passing: Some(|draft| draft.set_list(crate::spec::Field::PodSubnets, vec!["10.244.0.0/16".into()])),
    },
    // A node's address must not be in a Service or Pod CIDR.
    Rule {
        id: "node-address-in-service-cidr",
        source: "kubernetes.io/docs/concepts/cluster-administration/networking",
        find: |plan, _| {
            let spec = &plan.spec;
            let cidrs: Vec<Cidr> = spec.service_subnets.iter().chain(&spec.pod_subnets).copied().collect();
            spec.nodes.iter().enumerate().find_map(|(index, node)| {
                let (which, address) = node
                    .addresses
                    .iter()
                    .enumerate()
                    .find(|(_, address)| cidrs.iter().any(|cidr| holds(*cidr, **address)))?;
                let cidr = cidrs.iter().find(|cidr| holds(**cidr, *address))?;
                Some(
                    Diagnostic::warning(
                        "",
                        format!("nodes.{index}.addresses.{which}"),
                        format!("{address} of {} lies in {cidr}, which is for Services or Pods", node.name),
                    )
                    .with_hint(
                        "packets to the node would be taken for packets to a Service or Pod; choose another range",
                    ),
                )
            })
        },
        #[cfg(test)]
        failing: |draft| {
            draft.put("nodes.0.addresses.0", "10.96.0.9");
        },
        #[cfg(test)]
        passing: Some(|_| {}),
    },
    // The first Service CIDR's family should be the nodes' first family.
    Rule {
        id: "node-family-not-first",
        source: "kubernetes.io/docs/concepts/services-networking/dual-stack",
        find: |plan, _| {
            let family = plan.spec.service_subnets[0].network.is_ipv4();
            let (index, node) = plan
                .spec
                .nodes
                .iter()
                .enumerate()
                .find(|(_, node)| node.advertise().is_ipv4() != family && node.control_plane)?;
            let word = |v4: bool| if v4 { "IPv4" } else { "IPv6" };
            Some(Diagnostic::warning("", format!("nodes.{index}.addresses.0"), format!("{} advertises an {} address but the first Service CIDR is {}", node.name, word(!family), word(family)))
                .with_hint("put the address or the CIDR of the same family first: the API server's own Service address comes from the first CIDR"))
        },
        #[cfg(test)]
        failing: |draft| {
            draft.put("nodes.0.addresses.0", "fd00::11");
        },
        #[cfg(test)]
        passing: Some(|_| {}),
    },
];
