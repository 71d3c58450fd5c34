//! Who each credential of the export is to the API server, and what it may do there, beside what the product says of both.

use std::collections::BTreeSet;
use std::process::Command;

use kubepki_core::catalog::rights::rights;
use kubepki_core::plan::{Holding, MASTERS, PlannedFile, Root};
use kubepki_core::spec::Start;
use serde_json::Value;
use support::program::run;
use support::tool;

use super::rights::named;
use crate::stage::Stage;

/// What an identity may do and what it may not, as arguments of kubectl. A group's row counts where the user has none.
struct Deeds {
    /// The user, or the beginning of its name where it ends in a colon, or the group.
    whose: &'static str,
    may: &'static str,
    may_not: &'static str,
}

/// Nothing is refused to administrators.
const NOTHING: &str = "";

#[rustfmt::skip]
static DEEDS: &[Deeds] = &[
    Deeds { whose: "system:masters", may: "get secrets --all-namespaces", may_not: NOTHING },
    Deeds { whose: "kubeadm:cluster-admins", may: "get secrets --all-namespaces", may_not: NOTHING },
    Deeds { whose: "system:node:", may: "get node $NODE", may_not: "get secrets --all-namespaces" },
    Deeds { whose: "system:kube-controller-manager", may: "get secrets --all-namespaces", may_not: "delete node nobody" },
    Deeds { whose: "system:kube-scheduler", may: "get pods --all-namespaces", may_not: "get secrets --all-namespaces" },
    Deeds { whose: "system:kube-proxy", may: "get endpointslices --all-namespaces", may_not: "get pods --all-namespaces" },
];

/// A kubeconfig of the export, where it is installed.
struct Credential<'a> {
    file: &'a PlannedFile,
    node: usize,
    user: String,
    /// Those of the certificate, without the one that all who are known have.
    groups: Vec<String>,
}

/// Every kubeconfig that is still there: the README has the one that passes every check taken away.
fn credentials(stage: &Stage) -> Vec<Credential<'_>> {
    let mut found = Vec::new();
    for file in stage.export.plan.files.iter().filter(|file| file.content.holding == Holding::Kubeconfig) {
        let Root::Node(node) = file.root else { continue };
        let machine = &stage.cluster.machines[node];
        if !machine.path(&file.path).exists() {
            continue;
        }
        let said = machine.sh(&format!("kubectl --kubeconfig {} auth whoami --output json", file.path)).good();
        let said: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{}: {error}: {said}", file.path));
        let info = &said["status"]["userInfo"];
        let groups = info["groups"].as_array().cloned().unwrap_or_default();
        let groups = groups.iter().filter_map(Value::as_str).filter(|group| *group != "system:authenticated");
        let groups = groups.map(str::to_owned).collect();
        found.push(Credential { file, node, user: info["username"].as_str().unwrap_or_default().to_owned(), groups });
    }
    assert!(!found.is_empty(), "no kubeconfig is installed anywhere");
    found
}

/// Each kubeconfig is to the API server who `kubepki credential` says it is.
pub(crate) fn everyone_is_who_we_say(stage: &Stage) {
    let credentials = credentials(stage);
    stage.count("kubeconfigs", credentials.len());
    for one in credentials {
        let mut ask = Command::new(tool::kubepki());
        let said = run(ask.arg("credential").arg(stage.export.path(one.file)), 30).good();
        let line = |name: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.trim().to_owned()
        };
        let groups: Vec<String> = line("groups ")
            .split(", ")
            .filter(|group| !group.is_empty() && *group != "none but system:authenticated")
            .map(str::to_owned)
            .collect();
        assert_eq!((line("user "), groups), (one.user, one.groups), "{}: {said}", one.file.path);
    }
}

/// What each may do works, and what it may not is refused as such.
pub(crate) fn everyone_may_what_we_say(stage: &Stage) {
    for one in credentials(stage) {
        let is = |deeds: &&Deeds| {
            deeds.whose == one.user
                || (deeds.whose.ends_with(':') && one.user.starts_with(deeds.whose))
                || one.groups.iter().any(|group| group == deeds.whose)
        };
        let deeds = DEEDS.iter().find(is).unwrap_or_else(|| panic!("nobody says what {} may do", one.user));
        let name = &stage.spec().nodes[one.node].name;
        let machine = &stage.cluster.machines[one.node];
        let kubectl =
            |deed: &str| machine.sh(&format!("kubectl --kubeconfig {} {}", one.file.path, deed.replace("$NODE", name)));
        kubectl(deeds.may).good();
        if deeds.may_not != NOTHING {
            let said = kubectl(deeds.may_not).bad();
            assert!(said.contains("Forbidden") && said.contains(&one.user), "{}: {said}", one.user);
        }
    }
}

/// What binds an identity in the cluster is what the product names as that. Who is bound to nothing has its rights of an
/// authorizer that asks no binding.
pub(crate) fn bindings_are_those_we_name(stage: &Stage) {
    let bindings = stage.json("get clusterrolebindings");
    let bindings = bindings["items"].as_array().cloned().unwrap_or_default();
    let ours = stage.export.plan.bindings();
    for one in credentials(stage) {
        let groups: Vec<&str> = one.groups.iter().map(String::as_str).chain(["system:authenticated"]).collect();
        let binds = |binding: &&Value| {
            binding["subjects"].as_array().into_iter().flatten().any(|subject| {
                let name = subject["name"].as_str().unwrap_or_default();
                match subject["kind"].as_str() {
                    Some("User") => name == one.user,
                    Some("Group") => groups.contains(&name),
                    _ => false,
                }
            })
        };
        let mut real: BTreeSet<&str> =
            bindings.iter().filter(binds).filter_map(|one| one["metadata"]["name"].as_str()).collect();
        if one.groups.iter().any(|group| group == MASTERS) {
            // Nobody asks RBAC about them, so that this binding makes no difference.
            real.remove("cluster-admin");
        }
        let named = rights(&one.user, &one.groups).filter_map(|row| named(row.by));
        let mut said: BTreeSet<&str> =
            named.filter(|(kind, ..)| *kind == "ClusterRoleBinding").flat_map(|(.., names)| names).collect();
        if stage.spec().start == Start::Manual {
            // What kubeadm would bind is bound by the export, where the design needs it.
            said.retain(|name| !name.starts_with("kubeadm:") || ours.iter().any(|binding| binding.row.name == *name));
        }
        assert_eq!(real, said, "{}, {:?}", one.user, one.groups);
    }
}
