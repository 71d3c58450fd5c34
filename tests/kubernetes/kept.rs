//! kubeadm on a machine on which an export was installed: it keeps what it finds, knows it, and renews it as it is.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Instant;

use kubepki_core::Plan;
use kubepki_core::plan::{Holding, Root};
use kubepki_core::spec::{CaKeys, EtcdMode, Field, Start};
use support::cluster::images::version;
use support::design;
use support::export::Export;
use support::judged;
use support::scratch::{Scratch, snapshot};

use crate::facts;
use crate::machine::Machine;
use crate::{alike, both};

/// The designs that kubeadm starts, at the version of the kubeadm that judges, and since when they were made: once for both
/// tests.
fn exports() -> &'static (Instant, Vec<Export>) {
    static MADE: OnceLock<(Instant, Vec<Export>)> = OnceLock::new();
    MADE.get_or_init(|| {
        let begun = Instant::now();
        let drafts = design::all().into_iter().map(|name| (design::draft(&name), name));
        let made = drafts.filter_map(|(mut draft, name)| {
            draft.set_text(Field::KubernetesVersion, version());
            let started = design::spec(&draft).start == Start::Kubeadm;
            started.then(|| Export::of_draft(&name, &draft, &Scratch::shared(&name)))
        });
        (begun, made.collect())
    })
}

/// The first control plane with its part of the export, and its configuration.
fn installed(export: &Export) -> Machine {
    let machine = Machine::of(export);
    machine.install(&export.node(export.plan.spec.init_node()));
    machine
}

/// Every file and folder below `/etc/kubernetes` but the manifests: its mode and content.
fn files(machine: &Machine) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut all = snapshot(&machine.path("etc/kubernetes"));
    all.retain(|name, _| !name.starts_with("manifests/"));
    all
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
    for export in &exports().1 {
        let spec = &export.plan.spec;
        let machine = installed(export);
        let before = files(&machine);
        let certificates = machine.kubeadm("init phase certs all").good();
        let kubeconfigs = machine.kubeadm("init phase kubeconfig all").good();
        machine.kubeadm("init phase control-plane all").good();
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
    judged::saw("kubeadm", version(), "kept", &[("designs", exports().1.len())]);
}

fn is_ca(pair: &str) -> bool {
    pair == "ca" || pair.ends_with("-ca") || pair.ends_with("/ca")
}

fn is_of_etcd(pair: &str) -> bool {
    pair.starts_with("etcd/") || pair == "apiserver-etcd-client"
}

#[test]
fn kubeadm_renews_what_it_finds_as_it_is() {
    let (begun, exports) = exports();
    let (mut designs, mut renewed) = (0, 0);
    for export in exports {
        let spec = &export.plan.spec;
        let (pairs, configs) = known(&export.plan);
        // The kubelet renews its own, and CAs are nobody's to renew.
        let own = |file: &&String| {
            !is_ca(file) && *file != "kubelet.conf" && (spec.etcd_mode == EtcdMode::Stacked || !is_of_etcd(file))
        };
        let renewable: Vec<&String> = pairs.iter().chain(&configs).filter(own).collect();
        let machine = installed(export);
        let (before, old) = (facts::of_folder(&machine.path("etc/kubernetes")), files(&machine));
        let listed = machine.kubeadm("certs check-expiration").good();
        for file in &renewable {
            let called = file.replace('/', "-");
            let row = listed.lines().find(|line| line.split_whitespace().next() == Some(&called));
            assert!(row.is_some(), "{}: {file}\n{listed}", export.design);
        }

        let said = machine.kubeadm("certs renew all").good();
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
            assert!(alike(what, ours, theirs, *begun), "{}: {what}: {ours:?}, renewed {theirs:?}", export.design);
        }
        designs += 1;
        renewed += renewable.len();
    }
    judged::saw("kubeadm", version(), "renewed", &[("designs", designs), ("files", renewed)]);
}
