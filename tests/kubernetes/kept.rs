//! kubeadm on a machine on which an export was installed: it keeps what it finds, knows it, and renews it as it is.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Instant;

use kubepki_core::Plan;
use kubepki_core::plan::{Holding, Root};
use kubepki_core::spec::{CaKeys, EtcdMode, Field, Start};
use support::design;
use support::export::Export;
use support::scratch::{Scratch, tree};

use crate::facts;
use crate::machine::{Machine, version};
use crate::{alike, both};

const CONFIGURATION: [&str; 2] = ["--config", "/etc/kubeadm.yaml"];

/// The designs that kubeadm starts, at the version of the kubeadm that judges.
fn exports(below: &Path) -> impl Iterator<Item = Export> {
    let drafts = design::all().into_iter().map(|name| (design::draft(&name), name));
    drafts.filter_map(|(mut draft, name)| {
        draft.set_text(Field::KubernetesVersion, version());
        let folder = below.join(&name);
        (design::spec(&draft).start == Start::Kubeadm).then(|| {
            fs::create_dir_all(&folder).expect("it is below a scratch folder");
            Export::of_draft(&name, &draft, &folder)
        })
    })
}

/// The first control plane with its part of the export, and its configuration.
fn installed(export: &Export) -> Machine {
    let spec = &export.plan.spec;
    let node = &spec.nodes[spec.init_node()].name;
    let machine = Machine::new(node);
    machine.install(&export.node(spec.init_node()));
    machine.bring(&export.folder.join(format!("kubeadm/{node}.yaml")), "etc/kubeadm.yaml");
    machine
}

/// Every file below `/etc/kubernetes` but the manifests: its mode and content.
fn files(machine: &Machine) -> BTreeMap<String, (u32, Vec<u8>)> {
    let folder = machine.path("etc/kubernetes");
    let names = tree(&folder).into_iter().filter(|name| !name.ends_with('/') && !name.starts_with("manifests/"));
    let read = |name: String| {
        let path = folder.join(&name);
        let mode = fs::metadata(&path).expect("it was listed").permissions().mode() & 0o7777;
        (name, (mode, fs::read(&path).expect("it was listed")))
    };
    names.map(read).collect()
}

/// The base names of certificates that kubeadm makes where it does not find them, and its kubeconfigs.
fn known(plan: &Plan) -> (Vec<String>, Vec<String>) {
    let here = plan.files.iter().filter(|file| file.root == Root::Node(plan.spec.init_node()));
    let mut found = (Vec::new(), Vec::new());
    for file in here {
        match file.content.holding {
            Holding::Certificate => {
                found
                    .0
                    .extend(file.path.strip_prefix("/etc/kubernetes/pki/").and_then(|name| name.strip_suffix(".crt")));
            }
            Holding::Kubeconfig => found.1.extend(file.path.strip_prefix("/etc/kubernetes/")),
            _ => {}
        }
    }
    (found.0.into_iter().map(str::to_owned).collect(), found.1.into_iter().map(str::to_owned).collect())
}

#[test]
fn kubeadm_keeps_every_file_that_it_finds() {
    let scratch = Scratch::new("kept");
    for export in exports(scratch.path()) {
        let spec = &export.plan.spec;
        let machine = installed(&export);
        let before = files(&machine);
        let certificates = machine.kubeadm(["init", "phase", "certs", "all"].into_iter().chain(CONFIGURATION)).good();
        let kubeconfigs =
            machine.kubeadm(["init", "phase", "kubeconfig", "all"].into_iter().chain(CONFIGURATION)).good();
        machine.kubeadm(["init", "phase", "control-plane", "all"].into_iter().chain(CONFIGURATION)).good();
        let (pairs, configs) = known(&export.plan);
        for pair in pairs.iter().filter(|pair| spec.etcd_mode == EtcdMode::Stacked || !is_of_etcd(pair)) {
            let said = match (is_ca(pair), spec.ca_keys) {
                (true, CaKeys::OffNode) => format!("[certs] Using existing {pair} keyless certificate authority"),
                (true, CaKeys::OnControlPlane) => format!("[certs] Using existing {pair} certificate authority"),
                (false, _) => format!("[certs] Using existing {pair} certificate and key on disk"),
            };
            assert!(certificates.contains(&said), "{}: {said}\n{certificates}", export.design);
        }
        for config in configs {
            let said = match spec.ca_keys {
                CaKeys::OffNode => format!("[kubeconfig] External CA mode: Using user provided {config}"),
                CaKeys::OnControlPlane => {
                    format!("[kubeconfig] Using existing kubeconfig file: \"/etc/kubernetes/{config}\"")
                }
            };
            assert!(kubeconfigs.contains(&said), "{}: {said}\n{kubeconfigs}", export.design);
        }
        assert!(files(&machine) == before, "{}: kubeadm changed a file", export.design);
    }
}

fn is_ca(pair: &str) -> bool {
    pair == "ca" || pair.ends_with("-ca") || pair.ends_with("/ca")
}

fn is_of_etcd(pair: &str) -> bool {
    pair.starts_with("etcd/") || pair == "apiserver-etcd-client"
}

/// What kubeadm calls a certificate or kubeconfig, by its file.
fn called(file: &str) -> String {
    file.replace('/', "-")
}

#[test]
fn kubeadm_renews_what_it_finds_as_it_is() {
    let (scratch, begun) = (Scratch::new("renewed"), Instant::now());
    for export in exports(scratch.path()) {
        let spec = &export.plan.spec;
        let (pairs, configs) = known(&export.plan);
        // The kubelet renews its own, and CAs are nobody's to renew.
        let own = |file: &&String| {
            !is_ca(file) && *file != "kubelet.conf" && (spec.etcd_mode == EtcdMode::Stacked || !is_of_etcd(file))
        };
        let renewable: Vec<&String> = pairs.iter().chain(&configs).filter(own).collect();
        let machine = installed(&export);
        let (before, old) = (facts::of_folder(&machine.path("etc/kubernetes")), files(&machine));
        let listed = machine.kubeadm(["certs", "check-expiration"].into_iter().chain(CONFIGURATION)).good();
        for file in &renewable {
            let row = listed.lines().find(|line| line.split_whitespace().next() == Some(&called(file)));
            assert!(row.is_some(), "{}: {file}\n{listed}", export.design);
        }

        let said = machine.kubeadm(["certs", "renew", "all"].into_iter().chain(CONFIGURATION)).good();
        let new = files(&machine);
        let changed: Vec<&String> =
            old.iter().filter(|(name, held)| new.get(*name) != Some(held)).map(|(name, _)| name).collect();
        if spec.ca_keys == CaKeys::OffNode {
            assert!(
                said.matches("can't be renewed").count() == renewable.len() && changed.is_empty(),
                "{said}{changed:?}"
            );
            continue;
        }
        let files = |file: &String| match file.ends_with(".conf") {
            true => vec![file.clone()],
            false => vec![format!("pki/{file}.crt"), format!("pki/{file}.key")],
        };
        let mut wanted: Vec<String> = renewable.iter().flat_map(|file| files(file)).collect();
        wanted.sort();
        assert_eq!(changed, wanted.iter().collect::<Vec<_>>(), "{}: {said}", export.design);
        let after = facts::of_folder(&machine.path("etc/kubernetes"));
        for (what, ours, theirs) in both(&before, &after) {
            assert!(alike(what, ours, theirs, begun), "{}: {what}: {ours:?}, renewed {theirs:?}", export.design);
        }
    }
}
