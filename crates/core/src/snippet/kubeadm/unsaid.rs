//! What a design says and kubeadm's configuration cannot.

use super::api::Api;
use super::node;
use crate::diag::Diagnostic;
use crate::spec::{
    CaKeys, ClientPairs, ClusterSpec, EtcdMode, Field, FileNames, KeyAlgorithm, KubeletClient, KubeletServing,
    LayoutId, Lifetime, Start, Trust,
};

const V1BETA4: &str = "kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4";
const V1BETA3: &str = "kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta3";

/// One thing that cannot be said.
struct Row {
    field: Field,
    /// What is left out, without full stop; nothing when the design does not ask for it.
    what: fn(&ClusterSpec, Api) -> Option<String>,
    /// What to do about it.
    hint: &'static str,
}

/// A sentence, when it applies.
fn when(applies: bool, sentence: &str) -> Option<String> {
    applies.then(|| sentence.to_owned())
}

fn validity(api: Api, lifetime: Lifetime, default: &str) -> Option<String> {
    let differs = Lifetime::parse(default).is_ok_and(|default| default != lifetime);
    (api == Api::V1beta3 && differs)
        .then(|| format!("v1beta3 has no lifetimes: what kubeadm itself makes is not valid for {lifetime}"))
}

static ROWS: &[Row] = &[
    Row {
        field: Field::Start,
        what: |spec, _| when(spec.start == Start::Manual, "kubeadm makes for itself what a manual start is given"),
        hint: "start: kubeadm plans just what kubeadm accepts",
    },
    Row {
        field: Field::Layout,
        what: |spec, _| when(spec.layout == LayoutId::Course, "kubeadm does not read the course layout's file names"),
        hint: "layout: kubeadm has the names that kubeadm reads",
    },
    Row {
        field: Field::Trust,
        what: |spec, _| when(spec.trust == Trust::Single, "kubeadm has three CAs"),
        hint: "trust: separate is kubeadm's",
    },
    Row {
        field: Field::FileNames,
        what: |spec, _| when(spec.file_names == FileNames::Pem, "kubeadm's files end in .crt and .key"),
        hint: "fileNames: crt is kubeadm's",
    },
    Row {
        field: Field::ApiServerClientPairs,
        what: |spec, _| {
            when(spec.client_pairs == ClientPairs::Serving, "kubeadm's API server has client pairs of its own")
        },
        hint: "clientPairs: own is kubeadm's",
    },
    Row {
        field: Field::KeysCa,
        what: |spec, api| match (api, spec.ca_key == spec.leaf_key) {
            (_, false) => Some(format!(
                "kubeadm has one algorithm for all keys: the file says {}, and the {} CA keys of this export are kept as they are",
                said(spec, api),
                spec.ca_key.word()
            )),
            (_, true) => None,
        },
        hint: "keep the exported CAs; a CA that kubeadm made itself would have the other algorithm",
    },
    Row {
        field: Field::KeysLeaf,
        what: |spec, api| {
            let other = said(spec, api) != spec.leaf_key.word();
            other.then(|| {
                format!(
                    "v1beta3 knows RSA-2048 and ECDSA-P256 alone: kubeadm renews {} keys as RSA-2048",
                    spec.leaf_key.word()
                )
            })
        },
        hint: "from 1.31 on kubeadm's encryptionAlgorithm says it",
    },
    Row {
        field: Field::ValidityCa,
        what: |spec, api| validity(api, spec.ca_validity, Field::ValidityCa.row().default),
        hint: "the exported CAs have it; from 1.31 on kubeadm can say it",
    },
    Row {
        field: Field::ValidityLeaf,
        what: |spec, api| validity(api, spec.leaf_validity, Field::ValidityLeaf.row().default),
        hint: "the exported certificates have it; from 1.31 on kubeadm can say it",
    },
    Row {
        field: Field::CaKeys,
        what: |spec, _| {
            when(
                spec.ca_keys == CaKeys::OffNode,
                "kubeadm goes by what it finds: without ca.key it takes the CA for an external one",
            )
        },
        hint: "install the exported files before kubeadm init, and do not add the CA keys",
    },
    Row {
        field: Field::KubeletClient,
        what: |spec, _| {
            when(
                spec.kubelet_client == KubeletClient::Issued,
                "with kubeadm joining kubelets request their own certificates",
            )
        },
        hint: "kubelet.client: bootstrap is kubeadm's",
    },
    Row {
        field: Field::KubeletServing,
        what: |spec, _| {
            when(
                spec.kubelet_serving == KubeletServing::ClusterCa && spec.start == Start::Manual,
                "kubeadm's kubelets request their serving certificates; somebody must approve each",
            )
        },
        hint: "kubectl certificate approve, for each node",
    },
    Row {
        field: Field::EtcdServerCertSans,
        what: |spec, _| external(spec, !spec.etcd_server_sans.is_empty()),
        hint: "the exported etcd certificates have them",
    },
    Row {
        field: Field::EtcdPeerCertSans,
        what: |spec, _| external(spec, !spec.etcd_peer_sans.is_empty()),
        hint: "the exported etcd certificates have them",
    },
    Row {
        field: Field::EtcdDataDir,
        what: |spec, _| external(spec, spec.etcd_data_dir != Field::EtcdDataDir.row().default),
        hint: "the manifests of the etcd hosts in this export have it",
    },
    Row {
        field: Field::TlsMinVersion,
        what: |spec, _| external(spec, spec.tls_min_version.is_some()),
        hint: "set etcd's own flags as its manifest in this export has them",
    },
    Row {
        field: Field::CipherSuites,
        what: |spec, _| external(spec, !spec.cipher_suites.is_empty()),
        hint: "set etcd's own flags as its manifest in this export has them",
    },
    Row {
        field: Field::EtcdMode,
        what: |spec, _| {
            let names = spec.nodes.iter().filter(|node| spec.is_etcd_member(node) && !node.has_kubelet());
            let names = names.map(|node| node.name.as_str()).collect::<Vec<_>>().join(", ");
            (spec.etcd_mode == EtcdMode::External && !names.is_empty())
                .then(|| format!("kubeadm knows external etcd by its addresses, not by the names {names}"))
        },
        hint: "set the etcd hosts up from this export's files; kubeadm only calls them",
    },
    Row {
        field: Field::AlsoSets,
        what: |spec, _| left_out(spec),
        hint: "run kubeadm with that file; this one is there to compare",
    },
];

/// What the user's own kubeadm file sets beyond this design, as one sentence without full stop; nothing without such a file.
pub fn left_out(spec: &ClusterSpec) -> Option<String> {
    when(!spec.also_sets.is_empty(), &format!("your own kubeadm file also sets {}", spec.also_sets.join(", ")))
}

/// The algorithm that the file says.
fn said(spec: &ClusterSpec, api: Api) -> &'static str {
    match (api, spec.leaf_key) {
        (Api::V1beta4, key) => key.word(),
        (Api::V1beta3, KeyAlgorithm::EcdsaP256) => KeyAlgorithm::EcdsaP256.word(),
        (Api::V1beta3, _) => KeyAlgorithm::Rsa2048.word(),
    }
}

/// External etcd is configured on its own hosts.
fn external(spec: &ClusterSpec, asked: bool) -> Option<String> {
    when(asked && spec.etcd_mode == EtcdMode::External, "kubeadm does not configure external etcd")
}

/// What the design says and kubeadm's configuration of its version cannot, each at its field.
pub fn notices(spec: &ClusterSpec) -> Vec<Diagnostic> {
    let api = Api::of(spec.version);
    let source = match api {
        Api::V1beta3 => V1BETA3,
        Api::V1beta4 => V1BETA4,
    };
    let said = |field: String, message: String, hint: &str| {
        Diagnostic::notice("kubeadm-cannot-say", field, message).with_hint(hint).with_source(source)
    };
    let mut notices: Vec<Diagnostic> = ROWS
        .iter()
        .filter_map(|row| Some(said(row.field.row().path.to_owned(), (row.what)(spec, api)?, row.hint)))
        .collect();
    for (index, node) in spec.nodes.iter().enumerate().filter(|(_, node)| node.has_kubelet()) {
        for which in node::unnamed_addresses(node) {
            let message =
                format!("kubeadm has no place for {}, a further address of {}", node.addresses[which], node.name);
            let hint = "one address of each IP family can be said, as the kubelet's node-ip";
            notices.push(said(format!("nodes.{index}.addresses.{which}"), message, hint));
        }
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset::Preset;

    fn fields(preset: &str) -> Vec<String> {
        let draft = Preset::named(preset).map(Preset::draft).unwrap_or_default();
        let spec = crate::spec::parse(&draft).0.expect("a preset is a design");
        notices(&spec).into_iter().map(|one| one.field).collect()
    }

    #[test]
    fn what_kubeadm_does_itself_needs_no_notice() {
        assert!(fields("single").is_empty() && fields("ha-stacked").is_empty());
        assert_eq!(fields("ha-external"), ["etcd.mode"]);
        assert_eq!(fields("course"), ["start", "layout", "trust", "kubelet.client", "kubelet.serving"]);
    }
}
