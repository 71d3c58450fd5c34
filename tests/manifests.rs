//! Manifests against the schemas of every release, kubelet and kubeadm configuration against tables of their types, and
//! command lines against the flags that the plan sets.

use std::collections::BTreeMap;

use kubepki_core::catalog::flags::{COMPONENTS, Place};
use kubepki_core::plan::{FlagValue, Plan};
use kubepki_core::snippet::{self, TextFile, kubeadm};
use kubepki_core::spec::version::RELEASES;
use kubepki_core::spec::{Field, KubeVersion, Start};
use serde::Deserialize;
use serde_json::{Value, json};
use support::design;
use support::export::Export;
use support::program::run_with;
use support::tool::VALIDATE;
use support::types::Types;

/// Every design at its own version, and those for versions at the ends of every minor.
fn plans() -> Vec<(String, Plan)> {
    let mut plans: Vec<(String, Plan)> = design::all().iter().map(|name| (name.clone(), design::plan(name))).collect();
    for name in ["versions", "versions-external-manual"] {
        for release in RELEASES {
            for patch in [0, release.patch] {
                let version = KubeVersion::new(release.minor, patch);
                let mut draft = design::draft(name);
                draft.set_text(Field::KubernetesVersion, version.to_string());
                plans.push((format!("{name} at {version}"), kubepki_core::plan::plan(&design::spec(&draft))));
            }
        }
    }
    plans
}

fn documents(file: &TextFile) -> Vec<Value> {
    // Each is parsed on its own: the separator stands on a line of its own in what the product writes.
    let texts = file.text.split("\n---\n");
    texts.map(|text| serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", file.path))).collect()
}

fn pods(plan: &Plan) -> impl Iterator<Item = TextFile> {
    let is_pod = |file: &TextFile| {
        let name = file.path.strip_prefix("manifests/").unwrap_or_default();
        name.ends_with(".yaml") && !name.ends_with("kubelet-config.yaml")
    };
    snippet::manifests(plan).into_iter().filter(is_pod)
}

/// What RBAC must be told, where nobody runs `kubeadm init`.
fn rbac(plan: &Plan) -> Option<TextFile> {
    snippet::manifests(plan).into_iter().find(|file| file.path == "rbac.yaml")
}

#[test]
fn pods_and_bindings_fit_the_schemas_of_their_release() {
    #[derive(Deserialize)]
    struct Answer {
        id: String,
        problems: Vec<String>,
    }
    let mut requests = Vec::new();
    for (name, plan) in plans() {
        for file in pods(&plan).chain(rbac(&plan)) {
            let version = format!("1.{}.0", plan.spec.version.minor);
            requests.push(json!({"id": format!("{name}: {}", file.path), "version": version, "text": file.text}));
        }
    }
    // Two that must not pass, to know that the judge is awake.
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, imagee: b}]}\n";
    let binding =
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\nsubjects: []\n";
    let wrong = [("'imagee' was unexpected", pod), ("'roleRef' is a required property", binding)];
    requests.extend(wrong.map(|(why, bad)| json!({"id": format!("bad: {why}"), "version": "1.37.0", "text": bad})));
    let input = serde_json::to_vec(&requests).expect("plain data");
    let script = design::tests_folder().join("judge/validate.py");
    let said = run_with(VALIDATE.command().arg(script), &input, 120).good();
    let answers: Vec<Answer> = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    assert_eq!(answers.len(), requests.len());
    for answer in answers {
        match (answer.id.strip_prefix("bad: "), &answer.problems[..]) {
            (Some(why), [problem]) => assert!(problem.contains(why), "{why}: {problem}"),
            (Some(why), problems) => panic!("kubernetes-validate should say {why}: {problems:?}"),
            (None, problems) => assert_eq!(problems, Vec::<String>::new(), "{}", answer.id),
        }
    }
}

/// By hand, every identity that Kubernetes binds nowhere by itself is bound by name; with kubeadm, by `kubeadm init`.
#[test]
fn bindings_name_the_identities_of_the_plan() {
    let masters = "system:masters".to_owned();
    for (name, plan) in plans() {
        let Some(file) = rbac(&plan) else {
            assert_eq!(plan.spec.start, Start::Kubeadm, "{name}");
            continue;
        };
        assert_eq!(plan.spec.start, Start::Manual, "{name}");
        let bound: Vec<Value> = documents(&file).iter().map(|one| one["subjects"][0].clone()).collect();
        for id in ["admin.conf", "apiserver-kubelet-client"] {
            for cert in plan.certs.iter().filter(|cert| cert.row.id == id) {
                let subject = cert.subject.as_ref().expect("a certificate has a subject");
                let is_bound = bound.iter().any(|one| match one["kind"].as_str() {
                    Some("Group") => subject.organizations.iter().any(|group| one["name"] == **group),
                    _ => subject.organizations.is_empty() && one["name"] == *subject.common_name,
                });
                assert_ne!(is_bound, subject.organizations.contains(&masters), "{name}: {subject}\n{}", file.text);
            }
        }
    }
}

#[test]
fn configurations_have_the_fields_of_their_types() {
    let types = Types::read();
    for (name, plan) in plans() {
        let minor = plan.spec.version.minor;
        let configurations =
            snippet::manifests(&plan).into_iter().filter(|file| file.path.ends_with("kubelet-config.yaml"));
        for file in configurations.chain(kubeadm::files(&plan, Some(&"ab".repeat(32)))) {
            for document in documents(&file) {
                let problems = types.problems(&document, minor);
                assert_eq!(problems, Vec::<String>::new(), "{name}: {}:\n{}", file.path, file.text);
            }
        }
    }
}

/// v1beta4 came with 1.31; below, v1beta3 (kubeadm: apis/kubeadm/scheme).
#[test]
fn kubeadm_reads_the_api_version() {
    for (name, plan) in plans() {
        let wanted = if plan.spec.version.minor < 31 { "kubeadm.k8s.io/v1beta3" } else { "kubeadm.k8s.io/v1beta4" };
        for file in kubeadm::files(&plan, None) {
            let kinds: Vec<String> = documents(&file)
                .iter()
                .map(|document| {
                    let api = document["apiVersion"].as_str().unwrap_or_default();
                    assert!(api == wanted || api == "kubelet.config.k8s.io/v1beta1", "{name}: {}: {api}", file.path);
                    document["kind"].as_str().unwrap_or_default().to_owned()
                })
                .collect();
            let init = &plan.spec.nodes[plan.spec.init_node()].name;
            match file.path == format!("kubeadm/{init}.yaml") {
                true => assert_eq!(kinds[..2], ["InitConfiguration", "ClusterConfiguration"], "{name}: {}", file.path),
                false => assert_eq!(kinds, ["JoinConfiguration"], "{name}: {}", file.path),
            }
        }
    }
}

/// A Pod's command is the plan's flags, each once, and every file it names is mounted.
#[test]
fn commands_are_the_planned_flags() {
    for (name, plan) in plans() {
        for file in pods(&plan) {
            let pod: Value = documents(&file).remove(0);
            let container = &pod["spec"]["containers"][0];
            let command: Vec<&str> =
                container["command"].as_array().expect("a command").iter().filter_map(Value::as_str).collect();
            let parts: Vec<&str> = file.path.split('/').collect();
            let (node, component) = (parts[1], parts[2].trim_end_matches(".yaml"));
            assert_eq!(command[0], component);
            let given: BTreeMap<String, String> = command[1..]
                .iter()
                .map(|argument| argument.trim_start_matches("--").split_once('=').expect("--name=value"))
                .map(|(flag, value)| (flag.to_owned(), value.to_owned()))
                .collect();
            assert_eq!(given.len(), command.len() - 1, "{name}: a flag stands twice in {}", file.path);
            let planned: BTreeMap<String, String> = plan
                .flags
                .iter()
                .filter(|flag| flag.row.component == component && plan.spec.nodes[flag.node].name == node)
                .filter(|flag| flag.row.place == Place::Argument)
                .filter_map(|flag| match &flag.value {
                    FlagValue::Set(value) => Some((flag.row.name.to_owned(), value.clone())),
                    FlagValue::NotSet => None,
                })
                .collect();
            assert_eq!(given, planned, "{name}: {}", file.path);
            let mounts: Vec<&str> = container["volumeMounts"]
                .as_array()
                .expect("mounts")
                .iter()
                .filter_map(|mount| mount["mountPath"].as_str())
                .collect();
            for path in given.values().filter(|value| value.starts_with('/')) {
                let below = |mount: &&&str| path == *mount || path.starts_with(&format!("{mount}/"));
                assert!(mounts.iter().any(|mount| below(&mount)), "{name}: {}: {path} is not mounted", file.path);
            }
        }
        assert!(COMPONENTS.len() > 4);
    }
}

/// The export holds these texts and no others; manifests never lie below a node's root, where kubeadm would stop.
#[test]
fn exports_hold_these_texts() {
    for name in ["ha-stacked", "ha-external-manual", "course", "single"] {
        let export = Export::of(name);
        let hash = public_key_hash(export);
        let mut texts = snippet::manifests(&export.plan);
        if export.plan.spec.start == Start::Kubeadm {
            texts.extend(kubeadm::files(&export.plan, Some(&hash)));
        }
        for text in &texts {
            let path = export.folder.join(&text.path);
            let found =
                std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {}: {error}", path.display()));
            assert_eq!(found, text.text, "{name}: {}", text.path);
        }
        let listed = support::scratch::tree(&export.folder);
        let is_text = |path: &&String| {
            path.starts_with("manifests/") || path.starts_with("kubeadm/") || path.as_str() == "rbac.yaml"
        };
        let found = listed.iter().filter(is_text);
        assert_eq!(found.filter(|path| !path.ends_with('/')).count(), texts.len(), "{name}: {listed:#?}");
        assert!(!listed.iter().any(|path| path.starts_with("nodes/") && path.contains("/manifests/")), "{name}");
    }
}

/// kubeadm's discovery hash: SHA-256 of the CA's SubjectPublicKeyInfo, computed by openssl.
fn public_key_hash(export: &Export) -> String {
    let scratch = support::scratch::Scratch::new("hash");
    let ca = scratch.write("ca.crt", export.text(export.file("ca@cluster", kubepki_core::plan::Holding::Certificate)));
    let public = scratch.write("ca.pub", support::openssl::public_of_certificate(&ca));
    let der = scratch.join("ca.der").to_string_lossy().into_owned();
    let public = public.to_string_lossy().into_owned();
    support::openssl::openssl(&["pkey", "-pubin", "-in", &public, "-outform", "DER", "-out", &der]).good();
    let said = support::openssl::openssl(&["dgst", "-sha256", "-r", &der]).good();
    said.split(' ').next().unwrap_or_default().to_owned()
}
