//! Every combination of choices that is a design: its plan holds together.

use std::collections::BTreeMap;

use kubepki_core::catalog::flags::{COMPONENTS, Direction};
use kubepki_core::check::check;
use kubepki_core::diag::Severity;
use kubepki_core::plan::{FlagValue, Holding, Plan, plan};
use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{Draft, FIELDS, Field, NodeDraft, parse};

/// What is chosen between.
const CHOICES: [(Field, [&str; 2]); 9] = [
    (Field::Start, ["kubeadm", "manual"]),
    (Field::Layout, ["kubeadm", "course"]),
    (Field::EtcdMode, ["stacked", "external"]),
    (Field::CaKeys, ["onControlPlane", "offNode"]),
    (Field::KubeletClient, ["bootstrap", "issued"]),
    (Field::KubeletServing, ["selfSigned", "clusterCA"]),
    (Field::Trust, ["separate", "single"]),
    (Field::FileNames, ["crt", "pem"]),
    (Field::ApiServerClientPairs, ["own", "serving"]),
];

/// A name for the combination, and its draft.
fn drafts() -> impl Iterator<Item = (String, Draft)> {
    ["v1.28.15", "v1.33.0", "v1.37.1"].into_iter().flat_map(|version| {
        (0..1usize << CHOICES.len()).map(move |bits| {
            let mut draft = Preset::named("ha-stacked").expect("preset").draft();
            draft.set_text(Field::KubernetesVersion, version);
            let mut name = version.to_owned();
            for (index, (field, words)) in CHOICES.iter().enumerate() {
                let word = words[bits >> index & 1];
                draft.set_text(*field, word);
                name = format!("{name} {word}");
            }
            if draft.text(Field::EtcdMode) == "external" {
                let etcd = |number: u8| NodeDraft {
                    name: format!("etcd-{number}"),
                    addresses: vec![format!("fd00::3{number}")],
                    roles: vec!["etcd".to_owned()],
                };
                draft.nodes.extend([1, 2, 3].map(etcd));
            }
            (name, draft)
        })
    })
}

/// The flags that are set, by component, node and name.
fn set(plan: &Plan) -> BTreeMap<(&'static str, usize, &'static str), &str> {
    let set = plan.flags.iter().filter_map(|flag| match &flag.value {
        FlagValue::Set(value) => Some(((flag.row.component, flag.node, flag.row.name), value.as_str())),
        FlagValue::NotSet => None,
    });
    set.collect()
}

fn holds_together(name: &str, plan: &Plan) {
    let twice = plan.files.windows(2).find(|two| (two[0].root, &two[0].path) == (two[1].root, &two[1].path));
    assert!(twice.is_none(), "{name}: {twice:?}");
    for (index, cert) in plan.certs.iter().enumerate() {
        let kept = |holding: Holding| {
            plan.files.iter().any(|file| file.content.cert == index && file.content.holding == holding)
        };
        assert!(
            kept(Holding::PrivateKey) || kept(Holding::Kubeconfig),
            "{name}: nobody keeps the key of {}",
            cert.row.id
        );
    }
    let set = set(plan);
    for (index, node) in plan.spec.nodes.iter().enumerate() {
        let runs =
            |component: &str| COMPONENTS.iter().any(|one| one.name == component && (one.runs_on)(&plan.spec, node));
        let has = |component, flag| set.contains_key(&(component, index, flag));
        let here = format!("{name}: {}", node.name);
        if runs("kube-apiserver") {
            for flag in ["tls-cert-file", "client-ca-file", "etcd-cafile", "etcd-certfile", "etcd-keyfile"] {
                assert!(has("kube-apiserver", flag), "{here}: --{flag}");
            }
            assert!(has("kube-apiserver", "kubelet-client-certificate"), "{here}");
        }
        if runs("kubelet") {
            assert!(has("kubelet", "kubeconfig"), "{here}");
            // Whoever is checked must have something that can be.
            let checked = set.keys().any(|(_, _, flag)| *flag == "kubelet-certificate-authority");
            assert!(!checked || has("kubelet", "tlsCertFile"), "{here}: its serving certificate would be refused");
        }
    }
    // A certificate that is presented has its key beside it.
    for flag in plan.flags.iter().filter(|flag| matches!(flag.row.direction, Direction::Serves | Direction::Calls)) {
        let Some(file) = flag.file.map(|file| &plan.files[file]) else { continue };
        let key = plan.flags.iter().filter(|one| (one.node, one.row.component) == (flag.node, flag.row.component));
        let mut keys = key.filter_map(|one| one.file).map(|file| &plan.files[file].content);
        let wanted = (file.content.cert, Holding::PrivateKey);
        assert!(
            file.content.holding != Holding::Certificate || keys.any(|one| (one.cert, one.holding) == wanted),
            "{name}: --{} has no key",
            flag.row.name
        );
    }
    assert!(plan.bindings().is_empty() || plan.unbound_kubeconfig().is_some(), "{name}: nobody may bind");
}

#[test]
fn every_combination_of_choices_holds_together() {
    let (mut plans, mut refusals) = (0, 0);
    for (name, draft) in drafts() {
        let (spec, found) = parse(&draft);
        let Some(spec) = spec else {
            let why =
                found.iter().find(|one| one.severity == Severity::Error).unwrap_or_else(|| panic!("{name}: {found:?}"));
            let is_field = FIELDS.iter().any(|row| row.path == why.field) || why.field.starts_with("nodes");
            assert!(is_field && !why.hint.is_empty(), "{name}: {why:?}");
            refusals += 1;
            continue;
        };
        let plan = plan(&spec);
        holds_together(&name, &plan);
        // The one way to refuse a connection is the one that the finding tells how to leave.
        let refused = check(&plan, None).iter().any(|one| one.rule == "connection-refused");
        let own_ca = draft.text(Field::Trust) == "separate" && draft.text(Field::ApiServerClientPairs) == "serving";
        assert_eq!(refused, own_ca, "{name}");
        plans += 1;
    }
    assert!(plans > 200 && refusals > 200, "{plans} plans, {refusals} refusals");
}
