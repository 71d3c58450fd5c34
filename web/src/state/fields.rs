//! The form's sections: which fields stand together, and in what order.

use kubepki_core::spec::Field;
pub(crate) use kubepki_core::spec::field::words;

/// A section of the form.
#[derive(Debug)]
pub(crate) struct Section {
    /// Its heading.
    pub(crate) title: &'static str,
    /// Its fields, in order.
    pub(crate) fields: &'static [Field],
    /// Whether the nodes stand behind it.
    pub(crate) nodes: bool,
}

const fn section(title: &'static str, fields: &'static [Field]) -> Section {
    Section { title, fields, nodes: false }
}

/// The sections, in order. The presets stand before the first.
#[rustfmt::skip]
pub(crate) const SECTIONS: &[Section] = &[
    Section { nodes: true, ..section("Cluster", &[
        Field::ClusterName, Field::ControlPlaneEndpoint, Field::KubernetesVersion, Field::Start,
        Field::ServiceSubnets, Field::PodSubnets, Field::DnsDomain, Field::ApiServerBindPort,
    ]) },
    section("Keys and lifetime", &[
        Field::KeysLeaf, Field::KeysCa, Field::ValidityLeaf, Field::ValidityCa, Field::CaKeys,
    ]),
    section("Extra names", &[Field::ApiServerCertSans, Field::EtcdServerCertSans, Field::EtcdPeerCertSans]),
    section("etcd", &[Field::EtcdMode, Field::EtcdDataDir]),
    section("Kubelet", &[Field::KubeletClient, Field::KubeletServing]),
    section("Hardening", &[Field::TlsMinVersion, Field::CipherSuites]),
    section("Layout and more", &[
        Field::Layout, Field::Trust, Field::FileNames, Field::ApiServerClientPairs, Field::ImageRepository,
        Field::AlsoSets,
    ]),
];

/// A field's label in its section; where the heading says half of it already, the other half.
pub(crate) fn label(field: Field) -> &'static str {
    match field {
        Field::ApiServerCertSans => "API server",
        Field::EtcdServerCertSans => "etcd server",
        Field::EtcdPeerCertSans => "etcd peer",
        Field::EtcdMode => "Members",
        Field::EtcdDataDir => "Data folder",
        Field::KubeletClient => "Client certificate",
        Field::KubeletServing => "Serving certificate",
        Field::TlsMinVersion => "Lowest TLS",
        Field::CipherSuites => "TLS 1.2 suites",
        Field::ApiServerClientPairs => "Client pairs",
        Field::ImageRepository => "Images from",
        Field::ApiServerBindPort => "API port",
        Field::CaKeys => "CA keys kept",
        other => other.row().label,
    }
}

/// One sentence on the field at a path; empty for what is no field.
pub(super) fn help_of(path: &str) -> &'static str {
    let head = path.rsplit_once('.').map_or(path, |(head, _)| head);
    match Field::from_path(path).or_else(|| Field::from_path(head)) {
        Some(field) => field.row().help,
        None if path.is_empty() => "",
        None if path.ends_with(".name") => "The node's host name: lower case, unique. It is in subjects and names.",
        None if head.ends_with(".addresses") => {
            "The first address is the one it advertises; all are in its certificates."
        }
        None => "What runs on it. The first control plane is the init node and alone gets super-admin.conf.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::spec::FIELDS;

    #[test]
    fn every_field_stands_in_exactly_one_section() {
        for row in FIELDS {
            let count = SECTIONS.iter().flat_map(|one| one.fields).filter(|field| **field == row.field).count();
            assert_eq!(count, 1, "{}", row.path);
        }
    }
}
