//! kubeadm configuration out and in again: the same plan, or a difference that this file lists with its reason. A listed
//! difference that is gone fails, too.

use std::collections::BTreeSet;

use kubepki_core::Plan;
use kubepki_core::plan::FlagValue;
use kubepki_core::snippet::kubeadm;
use kubepki_core::spec::version::KubeVersion;
use kubepki_core::spec::{Draft, FIELDS, Field, Lifetime, NodeDraft, preset::Preset};
use kubepki_yaml::read;

/// A design to be sent through kubeadm's configuration.
struct Variant {
    name: &'static str,
    preset: &'static str,
    change: fn(&mut Draft),
    /// Fields that come back different, each with the reason.
    differences: &'static [(&'static str, &'static str)],
}

const NO_WORD: &str = "kubeadm's configuration has no word for it";
const OWN_HOSTS: &str = "external etcd is configured on its own hosts; kubeadm knows their addresses alone";
const ONE_ALGORITHM: &str = "kubeadm has one algorithm for all keys";
const OLD_API: &str = "v1beta3 has no lifetimes";
const AS_KUBEADM: &str = "what kubeadm reads, kubeadm starts";

fn set(draft: &mut Draft, fields: &[(Field, &str)]) {
    for &(field, text) in fields {
        match field.row().is_list() {
            true => draft.set_list(field, text.split(',').map(str::to_owned).collect()),
            false => draft.set_text(field, text),
        }
    }
}

fn same(_: &mut Draft) {}

static VARIANTS: &[Variant] = &[
    Variant { name: "single", preset: "single", change: same, differences: &[] },
    Variant { name: "HA, stacked", preset: "ha-stacked", change: same, differences: &[] },
    Variant { name: "HA, external", preset: "ha-external", change: same, differences: &[] },
    Variant {
        name: "course",
        preset: "course",
        change: same,
        differences: &[
            ("start", AS_KUBEADM),
            ("layout", AS_KUBEADM),
            ("trust", AS_KUBEADM),
            ("kubelet.client", AS_KUBEADM),
        ],
    },
    Variant {
        name: "every name, port and address",
        preset: "ha-stacked",
        change: |draft| {
            set(
                draft,
                &[
                    (Field::ClusterName, "no"),
                    (Field::KubernetesVersion, "v1.34.7"),
                    (Field::ControlPlaneEndpoint, "fd00::10"),
                    (Field::ServiceSubnets, "10.100.0.0/16,fd01::/112"),
                    (Field::PodSubnets, "10.200.0.0/16,fd02::/56"),
                    (Field::DnsDomain, "corp.example"),
                    (Field::ApiServerCertSans, "*.example.org,10.9.9.9"),
                    (Field::EtcdServerCertSans, "etcd.example.org"),
                    (Field::EtcdPeerCertSans, "10.9.9.8,peer.example.org"),
                    (Field::EtcdDataDir, "/data/etcd"),
                    (Field::ApiServerBindPort, "8443"),
                    (Field::ImageRepository, "registry.corp.example:5000/k8s"),
                ],
            );
            draft.nodes[0].addresses.push("fd00::11".into());
            draft.nodes[1].roles.push("worker".into());
            draft.nodes[3].addresses.push("fd00::21".into());
        },
        differences: &[],
    },
    Variant {
        name: "IPv6 alone",
        preset: "ha-external",
        change: |draft| {
            set(draft, &[(Field::ServiceSubnets, "fd01::/112"), (Field::ControlPlaneEndpoint, "[fd00::10]:6443")]);
            for (index, node) in draft.nodes.iter_mut().enumerate() {
                node.addresses = vec![format!("fd00::{}", index + 1)];
            }
        },
        differences: &[],
    },
    Variant {
        name: "keys and lifetimes",
        preset: "ha-stacked",
        change: |draft| {
            set(
                draft,
                &[
                    (Field::KeysCa, "ECDSA-P384"),
                    (Field::KeysLeaf, "ECDSA-P384"),
                    (Field::ValidityCa, "5000d"),
                    (Field::ValidityLeaf, "90d"),
                ],
            );
        },
        differences: &[],
    },
    Variant {
        name: "other keys for CAs",
        preset: "ha-stacked",
        change: |draft| set(draft, &[(Field::KeysCa, "RSA-4096"), (Field::KeysLeaf, "ECDSA-P256")]),
        differences: &[("keys.ca", ONE_ALGORITHM)],
    },
    Variant {
        name: "older API",
        preset: "ha-stacked",
        change: |draft| {
            set(
                draft,
                &[
                    (Field::KubernetesVersion, "1.28"),
                    (Field::KeysCa, "ECDSA-P256"),
                    (Field::KeysLeaf, "ECDSA-P256"),
                    (Field::TlsMinVersion, "VersionTLS13"),
                ],
            );
        },
        differences: &[],
    },
    Variant {
        name: "older API, own lifetimes",
        preset: "single",
        change: |draft| {
            set(
                draft,
                &[(Field::KubernetesVersion, "1.30"), (Field::ValidityCa, "5000d"), (Field::ValidityLeaf, "2160h")],
            );
        },
        differences: &[("validity.ca", OLD_API), ("validity.leaf", OLD_API)],
    },
    Variant {
        name: "hardened",
        preset: "ha-stacked",
        change: |draft| {
            let suites = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
            set(
                draft,
                &[
                    (Field::TlsMinVersion, "VersionTLS12"),
                    (Field::CipherSuites, suites),
                    (Field::KubeletServing, "clusterCA"),
                ],
            );
        },
        differences: &[],
    },
    Variant {
        name: "hardened, external etcd with own names",
        preset: "ha-external",
        change: |draft| {
            let names = [(Field::EtcdServerCertSans, "etcd.example.org"), (Field::EtcdPeerCertSans, "10.9.9.8")];
            set(draft, &[(Field::TlsMinVersion, "VersionTLS13")]);
            set(draft, &names);
            draft.nodes[4].name = "db-2".into();
        },
        differences: &[("etcd.serverCertSANs", OWN_HOSTS), ("etcd.peerCertSANs", OWN_HOSTS), ("nodes", OWN_HOSTS)],
    },
    Variant {
        name: "etcd on control planes and workers",
        preset: "ha-external",
        change: |draft| {
            draft.nodes[0].roles.push("etcd".into());
            draft.nodes[6].roles.push("etcd".into());
        },
        differences: &[],
    },
    Variant {
        name: "CA keys off the nodes",
        preset: "ha-stacked",
        change: |draft| set(draft, &[(Field::CaKeys, "offNode")]),
        differences: &[("caKeys", NO_WORD)],
    },
    Variant {
        name: "by hand",
        preset: "ha-stacked",
        change: |draft| {
            set(
                draft,
                &[(Field::Start, "manual"), (Field::KubeletClient, "issued"), (Field::KubeletServing, "clusterCA")],
            );
        },
        differences: &[("start", AS_KUBEADM), ("kubelet.client", AS_KUBEADM)],
    },
    Variant {
        name: "two addresses of one family",
        preset: "ha-stacked",
        change: |draft| draft.nodes[3].addresses.push("10.1.0.21".into()),
        differences: &[("nodes", NO_WORD)],
    },
    Variant {
        name: "a worker listed first",
        preset: "ha-stacked",
        change: |draft| draft.nodes.rotate_right(1),
        differences: &[],
    },
];

fn plan(draft: &Draft, name: &str) -> Plan {
    let (spec, found) = kubepki_core::spec::parse(draft);
    kubepki_core::plan::plan(&spec.unwrap_or_else(|| panic!("{name}: {found:?}")))
}

/// The plan as lines, whatever the order of its nodes.
fn lines(plan: &Plan) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for (index, cert) in plan.certs.iter().enumerate() {
        let issuer = cert.issuer.map(|issuer| plan.key_of(issuer));
        let (subject, sans, server) = (&cert.subject, &cert.sans, &cert.server);
        lines.insert(format!(
            "{} {issuer:?} {subject:?} {sans:?} {:?} {:?} {server:?}",
            plan.key_of(index),
            cert.key,
            cert.lifetime
        ));
    }
    for one in &plan.unsigned {
        lines.insert(format!("unsigned {} {}", one.row.id, plan.node_name(one.node)));
    }
    for file in &plan.files {
        let root = match file.root {
            kubepki_core::plan::Root::Node(node) => plan.node_name(Some(node)),
            kubepki_core::plan::Root::OfflineCa => "offline-ca",
        };
        lines.insert(format!("file {root}:{} {:o} {}", file.path, file.mode, plan.key_of(file.content.cert)));
    }
    for flag in &plan.flags {
        let FlagValue::Set(value) = &flag.value else { continue };
        // Lists in flags are of members, servers or suites: their order says nothing.
        let items: BTreeSet<&str> = value.split(',').collect();
        let (component, name, node) = (flag.row.component, flag.row.name, plan.node_name(Some(flag.node)));
        lines.insert(format!("flag {component} {name} {items:?} {node}"));
    }
    lines
}

/// Fields in which two designs mean something else.
fn differing(one: &Draft, other: &Draft) -> BTreeSet<&'static str> {
    let meaning = |draft: &Draft, field: Field| match field {
        Field::KubernetesVersion => {
            format!("{:?}", KubeVersion::parse(draft.text(field)).map(|choice| choice.version()))
        }
        Field::ValidityCa | Field::ValidityLeaf => format!("{:?}", Lifetime::parse(draft.text(field))),
        _ => format!("{:?}", draft.value(field)),
    };
    let mut fields: BTreeSet<&'static str> =
        FIELDS.iter().filter(|row| meaning(one, row.field) != meaning(other, row.field)).map(|row| row.path).collect();
    let nodes = |draft: &Draft| -> BTreeSet<(String, Vec<String>, BTreeSet<String>)> {
        let node = |node: &NodeDraft| (node.name.clone(), node.addresses.clone(), node.roles.iter().cloned().collect());
        draft.nodes.iter().map(node).collect()
    };
    if nodes(one) != nodes(other) {
        fields.insert("nodes");
    }
    fields
}

#[test]
fn kubeadm_configuration_comes_back_as_the_same_plan() {
    for variant in VARIANTS {
        let mut draft = Preset::named(variant.preset).map(Preset::draft).unwrap_or_default();
        (variant.change)(&mut draft);
        let before = plan(&draft, variant.name);
        let files = kubeadm::files(&before, None);
        let texts: Vec<(&str, &[u8])> = files.iter().map(|file| (file.path.as_str(), file.text.as_bytes())).collect();
        let outcome = read(&texts, &Draft::default());
        let all: String = files.iter().map(|file| file.text.as_str()).collect();
        let back = outcome.draft.unwrap_or_else(|| panic!("{}: {:#?}\n{all}", variant.name, outcome.findings));
        let expected: BTreeSet<&str> = variant.differences.iter().map(|(field, _)| *field).collect();
        assert_eq!(differing(&draft, &back), expected, "{}\n{all}", variant.name);
        let after = plan(&back, variant.name);
        let (before_lines, after_lines) = (lines(&before), lines(&after));
        let lost: Vec<_> = before_lines.symmetric_difference(&after_lines).collect();
        assert!(lost.is_empty() || !expected.is_empty(), "{}: {lost:#?}\n{all}", variant.name);
        // What differs was said when the file was written: at the field, and as a comment.
        let notices = kubeadm::notices(&before.spec);
        for field in expected {
            let said = notices.iter().find(|one| {
                one.field == field
                    || (field == "nodes" && (one.field.starts_with("nodes.") || one.field == "etcd.mode"))
            });
            let said = said.unwrap_or_else(|| panic!("{}: nothing is said of {field}: {notices:?}", variant.name));
            assert!(
                all.contains(&format!("# Not said below: {}: {}.", said.field, said.message)),
                "{}: {field}\n{all}",
                variant.name
            );
        }
    }
}

#[test]
fn the_hash_of_the_ca_stands_in_the_files_of_joining_machines() {
    let draft = Preset::named("ha-stacked").map(Preset::draft).unwrap_or_default();
    let plan = plan(&draft, "hash");
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let files = kubeadm::files(&plan, Some(hash));
    assert!(files[3].text.contains(&format!("- sha256:{hash}\n")), "{}", files[3].text);
    let texts: Vec<(&str, &[u8])> = files.iter().map(|file| (file.path.as_str(), file.text.as_bytes())).collect();
    let back = read(&texts, &Draft::default()).draft.expect("a design");
    let without: Vec<_> = kubeadm::files(&plan, None);
    let texts: Vec<(&str, &[u8])> = without.iter().map(|file| (file.path.as_str(), file.text.as_bytes())).collect();
    let as_without = read(&texts, &Draft::default()).draft.expect("a design");
    assert_eq!(differing(&back, &as_without), BTreeSet::new(), "the hash is no part of the design");
    assert_eq!(back.nodes.len(), draft.nodes.len());
}
