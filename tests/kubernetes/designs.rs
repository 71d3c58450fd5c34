//! Designs drawn by lot from a number: the same number is the same design, for ever.

use kubepki_core::Draft;
use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{Field, NodeDraft};

/// What single values are drawn from. The key algorithm is one for CAs and leaves, as kubeadm has it.
pub(crate) const CHOICES: &[(Field, &[&str])] = &[
    (Field::ClusterName, &["kubernetes", "prod-eu", "lab.example.com", "a_b", "Cluster-1"]),
    (
        Field::ControlPlaneEndpoint,
        &[
            "",
            "api.example.com",
            "api.example.com:443",
            "10.0.0.100",
            "10.0.0.100:8443",
            "[fd00::100]:6443",
            "[fd00::100]",
        ],
    ),
    (Field::DnsDomain, &["cluster.local", "corp.example", "k8s"]),
    (Field::EtcdMode, &["stacked", "external"]),
    (Field::EtcdDataDir, &["/var/lib/etcd", "/data/etcd"]),
    (Field::ApiServerBindPort, &["6443", "443", "8443"]),
    (Field::KeysCa, &["RSA-2048", "ECDSA-P256", "ECDSA-P384"]),
    (Field::ValidityCa, &["87600h", "43800h", "3650d"]),
    (Field::ValidityLeaf, &["8760h", "24h", "90d", "1h30m"]),
    (Field::KubeletServing, &["selfSigned", "clusterCA"]),
    (Field::TlsMinVersion, &["", "VersionTLS12", "VersionTLS13"]),
    (Field::ImageRepository, &["registry.k8s.io", "registry.corp.example:5000/k8s"]),
];

/// What lists are drawn from: none, or the first so many.
const LISTS: &[(Field, &[&str])] = &[
    (
        Field::ApiServerCertSans,
        &["api.example.com", "10.0.0.5", "*.example.com", "fd00::5", "cp-1", "127.0.0.1", "localhost", "a-b.c"],
    ),
    (Field::EtcdServerCertSans, &["etcd.example.com", "10.0.0.6", "fd00::6", "localhost"]),
    (Field::EtcdPeerCertSans, &["peer.example.com", "10.0.0.7", "10.0.0.11"]),
];

/// Service ranges, Pod ranges, and the addresses of the nodes, of one family or two.
const NETWORKS: &[(&[&str], &[&str], &[&str])] = &[
    (&["10.96.0.0/12"], &[], &["10.0.0.1"]),
    (&["10.0.128.0/17"], &["10.244.0.0/16"], &["10.1.0.1"]),
    (&["fd00:1::/108"], &["fd00:2::/48"], &["fd00:3::1"]),
    (&["10.96.0.0/16", "fd00:1::/112"], &["10.244.0.0/16", "fd00:2::/48"], &["10.2.0.1", "fd00:3::1"]),
    (&["fd00:1::/112", "10.96.0.0/16"], &["fd00:2::/48", "10.244.0.0/16"], &["fd00:3::1", "10.2.0.1"]),
];

/// Names of first nodes.
const NAMES: &[&str] = &["cp-1", "node1.example.com", "a", "very-long-name-of-a-node-that-is-still-one-label"];

/// Numbers by lot (SplitMix64).
struct Lot(u64);

impl Lot {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.next() % all.len() as u64).unwrap_or_default()]
    }
}

/// The design of a number.
pub(crate) fn drawn(number: u64) -> Draft {
    let mut lot = Lot(number);
    let mut draft = Preset::named("single").expect("preset").draft();
    for (field, choices) in CHOICES {
        draft.set_text(*field, *lot.of(choices));
    }
    let algorithm = draft.text(Field::KeysCa).to_owned();
    draft.set_text(Field::KeysLeaf, algorithm);
    for (field, choices) in LISTS {
        let count = usize::try_from(lot.next() % (choices.len() as u64 + 1)).unwrap_or_default();
        draft.set_list(*field, choices[..count].iter().map(|one| (*one).to_owned()).collect());
    }
    let (services, pods, addresses) = lot.of(NETWORKS);
    draft.set_list(Field::ServiceSubnets, services.iter().map(|one| (*one).to_owned()).collect());
    draft.set_list(Field::PodSubnets, pods.iter().map(|one| (*one).to_owned()).collect());
    let controls =
        if lot.next().is_multiple_of(2) && !draft.text(Field::ControlPlaneEndpoint).is_empty() { 3 } else { 1 };
    let node = |name: String, role: &str, offset: u32| NodeDraft {
        name,
        addresses: addresses.iter().map(|address| format!("{address}{offset}")).collect(),
        roles: vec![role.to_owned()],
    };
    let first = (*lot.of(NAMES)).to_owned();
    draft.nodes = (0..controls)
        .map(|index| node(if index == 0 { first.clone() } else { format!("other-{index}") }, "control-plane", index))
        .collect();
    draft.nodes.push(node("w-1".to_owned(), "worker", 9));
    if draft.text(Field::EtcdMode) == "external" {
        draft.nodes.extend((1..=3).map(|index| node(format!("etcd-{index}"), "etcd", 20 + index)));
    }
    draft
}
