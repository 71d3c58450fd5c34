//! Design files: every draft comes back as it was written, and everything wrong is said at its place.

use kubepki_core::snippet;
use kubepki_core::spec::{Draft, preset::PRESETS};
use kubepki_yaml::{Outcome, read};

fn design(text: &str) -> Outcome {
    read(&[("design.yaml", text.as_bytes())], &Draft::default())
}

/// `line:column rule` of every finding.
fn places(outcome: &Outcome) -> Vec<String> {
    outcome
        .findings
        .iter()
        .map(|one| {
            let at = one.diagnostic.position.map_or("-".to_owned(), |at| format!("{}:{}", at.line, at.column));
            format!("{at} {}", one.diagnostic.rule)
        })
        .collect()
}

#[test]
fn presets_are_the_committed_files() {
    for preset in PRESETS {
        let path = format!("{}/../core/presets/{}.yaml", env!("CARGO_MANIFEST_DIR"), preset.name);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let outcome = design(&text);
        assert_eq!(outcome.draft.as_ref(), Some(&preset.draft()), "{path}: {:?}", outcome.findings);
        assert!(
            text.ends_with(&snippet::design(&preset.draft())),
            "{path} should end with:\n{}",
            snippet::design(&preset.draft())
        );
    }
}

#[test]
fn several_errors_are_said_at_once_each_at_its_place() {
    let text = "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nclusterName: [a, b]\nkubernetesVersion: 1.20\n\
                networking:\n  serviceSubnets: 10.96.0.0/12\n  podSubnets:\n  - 10.244.0.0/99\ncertSANs: []\nclusterName: x\n\
                nodes:\n- name: cp-1\n  addresses: [10.0.0.1, 10.0.0.300]\n  roles: [control-plane]\n  colour: red\n";
    let outcome = design(text);
    assert!(outcome.draft.is_none());
    assert_eq!(
        places(&outcome),
        [
            "3:14 design-shape",
            "4:20 version",
            "6:19 design-shape",
            "8:5 cidr",
            "9:1 design-unknown-field",
            "10:1 yaml-key-twice",
            "13:25 node-address",
            "15:3 design-unknown-field"
        ]
    );
}

/// What is wrong is said, and not what is missing because of it.
#[test]
fn nothing_is_said_to_be_missing_that_could_not_be_read() {
    let head = "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\n";
    let kubeadm = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n";
    let mut wrong = Vec::new();
    for (text, said) in [
        // Cut off within the list of nodes, within a node, and before them.
        (format!("{head}nodes: [\n"), &["4:1 yaml-syntax"][..]),
        (
            format!("{head}nodes:\n- {{name: w, addresses: [10.0.0.1], roles: [worker]}}\n- {{name: a\n"),
            &["6:1 yaml-syntax"],
        ),
        (format!("{head}nodes: &a\n- {{name: a, addresses: [10.0.0.1], roles: [*b]}}\n"), &["4:44 yaml-syntax"]),
        (format!("{head}nodes:\n- {{name: a, addresses: [*b]}}\n"), &["4:25 yaml-syntax"]),
        (format!("{head}clusterName: \"x\n"), &["3:14 yaml-syntax"]),
        ("apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\n\tnodes: []\n".to_owned(), &["2:7 yaml-syntax"]),
        (format!("{kubeadm}foo: {{\n"), &["3:1 kubeadm-unknown-field", "4:1 yaml-syntax"]),
        (
            format!("{kubeadm}---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nx: [\n"),
            &["6:1 kubeadm-unknown-field", "7:1 yaml-syntax"],
        ),
        // Read to its end, with a part that is not understood.
        (
            format!("{head}nodes:\n- name: a\n  adresses: [10.0.0.1]\n  role: [control-plane]\n"),
            &["5:3 design-unknown-field", "6:3 design-unknown-field"],
        ),
        (format!("{head}nodes:\n- name: a\n  addresses: [10.0.0.1]\n  roles: worker\n"), &["6:10 design-shape"]),
        // What stands there is judged all the same.
        (format!("{head}kubernetesVersion: 1.20\nnodes: [\n"), &["3:20 version", "5:1 yaml-syntax"]),
        (
            format!("{head}nodes:\n- {{name: a, addresses: [10.0.0.300, *b]}}\n"),
            &["4:25 node-address", "4:37 yaml-syntax"],
        ),
        (
            format!("{head}clusterNam: x\nnodes:\n- {{name: a, addresses: [10.0.0.1], roles: [worker]}}\n"),
            &["3:1 design-unknown-field", "5:3 no-control-plane"],
        ),
    ] {
        let found = places(&design(&text));
        if found != said {
            wrong.push(format!("{found:?}, not {said:?}:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn misspelt_fields_are_guessed() {
    let text = "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nclustername: x\nkubelet: {serve: clusterCA}\n\
                nodes:\n- {name: cp-1, address: [10.0.0.1], roles: [control-plane]}\n";
    let hints: Vec<String> = design(text).findings.into_iter().map(|one| one.diagnostic.hint).collect();
    assert_eq!(
        hints,
        ["is clusterName meant?", "a design has no such field; `kubepki schema` lists them all", "is addresses meant?"]
    );
}

#[test]
fn other_versions_and_other_things_are_told_apart() {
    let newer = design("apiVersion: kubepki.dev/v2\nkind: ClusterDesign\nfuture: {}\n");
    assert_eq!(places(&newer), ["1:13 design-version"]);
    assert!(newer.findings[0].diagnostic.message.contains("kubepki.dev/v2"));
    let pod = design("apiVersion: v1\nkind: Pod\n");
    assert!(pod.findings[0].diagnostic.message.starts_with("Pod of v1 is neither"));
    assert_eq!(places(&design("")), ["1:1 text-empty"]);
    assert_eq!(places(&design("# nothing\n---\n")), ["1:1 text-empty"]);
}
