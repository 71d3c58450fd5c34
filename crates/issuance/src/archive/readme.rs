//! `README.md` of an archive: what each thing is, what is secret, what to do next on each node.

mod absent;
mod doing;
mod facts;
mod following;
mod signing;

use std::fmt::Write as _;

use kubepki_core::instant;
use kubepki_core::plan::Holding;
use kubepki_core::spec::{CaKeys, Start};
use kubepki_core::view::text::counted;

use super::items::{Source, held};
use super::meta::Meta;
use super::selection::Selection;
use crate::pki::Pki;
use doing::doing;
pub use doing::what_to_do;
use facts::{Doing, MOST_NODES};

/// The text: one function a section. `sealed` tells that private keys stand in it encrypted.
pub(super) fn readme(pki: &Pki, meta: &Meta<'_>, selection: Selection, sealed: bool) -> String {
    let mut out = String::new();
    title(&mut out, pki, meta, selection);
    what_is_here(&mut out, pki, selection, sealed);
    secrets(&mut out, pki, selection, sealed);
    let started = &selection.started_plan(pki);
    doing(&mut out, &Doing { plan: &pki.plan, started, issued_at: pki.issued_at, selection });
    judges(&mut out);
    out
}

fn title(out: &mut String, pki: &Pki, meta: &Meta<'_>, selection: Selection) {
    let spec = &pki.plan.spec;
    let cluster = &spec.cluster_name;
    let about = match selection {
        Selection::Whole => format!("The whole PKI of the Kubernetes cluster {cluster}."),
        Selection::WithoutCaKeys => {
            format!("The PKI of the Kubernetes cluster {cluster}, without the private keys of its CAs.")
        }
        Selection::CaKeys => format!("The CAs of the Kubernetes cluster {cluster}, with their private keys."),
        Selection::Node(node) => {
            let name = &spec.nodes[node].name;
            format!("This bundle is node {name}'s: what it needs in the Kubernetes cluster {cluster}.")
        }
    };
    let (certificates, keys) = counts(pki, selection);
    let _ = writeln!(
        out,
        "# {}\n\n{about} Kubernetes {}, {} and {}{}.\n\nMade by KubePKI Workbench {}{} at {}.\n",
        selection.name(&pki.plan),
        spec.version,
        counted(certificates, "certificate"),
        counted(keys, "private key"),
        if selection == Selection::Whole { " in all" } else { "" },
        meta.tool_version,
        if meta.build.is_empty() { String::new() } else { format!(" ({})", meta.build) },
        instant::to_rfc3339(pki.issued_at),
    );
}

/// How many certificates and private keys a selection holds, each counted once however often it is there.
fn counts(pki: &Pki, selection: Selection) -> (usize, usize) {
    let (mut certificates, mut keys) = (vec![false; pki.plan.certs.len()], vec![false; pki.plan.certs.len()]);
    for item in held(pki, selection) {
        let Source::Held(cert, holding) = item.source else { continue };
        certificates[cert] |= matches!(holding, Holding::Certificate | Holding::Kubeconfig);
        keys[cert] |= matches!(holding, Holding::PrivateKey | Holding::Kubeconfig);
    }
    let count = |all: &[bool]| all.iter().filter(|one| **one).count();
    (count(&certificates), count(&keys))
}

fn what_is_here(out: &mut String, pki: &Pki, selection: Selection, sealed: bool) {
    let spec = &pki.plan.spec;
    out.push_str("## What is here\n\n");
    let mut row = |name: &str, what: &str| {
        let _ = writeln!(out, "- `{name}`: {what}");
    };
    if selection == Selection::CaKeys {
        row(
            "offline-ca/",
            match sealed {
                true => {
                    "certificate and private key of every CA, the keys encrypted under one passphrase (PBES2, AES-256-CBC). `openssl pkey -in FILE.key` asks for it. A control plane needs them decrypted."
                }
                false => "certificate and private key of every CA. Keep it offline, and encrypted.",
            },
        );
    } else {
        row("design.yaml", "the design everything follows from. Not secret.");
        row(
            "inventory.json, inventory.csv",
            "every certificate of the cluster with its names, dates, serial number, fingerprint and files, and every place where its private key is stored. Not secret.",
        );
        if selection.node().is_none() {
            row(
                "ceremony.txt",
                "the transcript for witnesses and auditors: what was made, with serial numbers and fingerprints. Not secret.",
            );
        }
        match selection.node() {
            Some(node) => {
                let name = &spec.nodes[node].name;
                row(&format!("nodes/{name}/"), &format!("the files of {name}, as they lie below its `/`."));
            }
            None => row("nodes/NODE/", "the files of one node, as they lie below its `/`."),
        }
        row(
            "manifests/",
            "how components are started so that they use these files. Never below a node's `/`: kubeadm writes its own and stops when it finds them.",
        );
        if !pki.plan.bindings().is_empty() && selection.node().is_none_or(|node| node == spec.init_node()) {
            row(
                "rbac.yaml",
                "the rights that kubeadm init would give to the identities here. Nobody has them before it is applied.",
            );
        }
        if spec.start == Start::Kubeadm {
            let files = match (selection.node(), spec.also_sets.is_empty()) {
                (Some(_), true) => ".",
                (Some(_), false) => ", to compare with your own.",
                (None, true) => ", one file a node.",
                (None, false) => ", one file a node, to compare with your own.",
            };
            row("kubeadm/", &format!("configuration for kubeadm{files}"));
        }
        if selection == Selection::Whole && spec.ca_keys == CaKeys::OffNode {
            row("offline-ca/", "the CAs' private keys, which belong on no node. Move it to where nobody is online.");
        }
        row(
            "install.sh",
            "puts the files of the node in place on which it is run, with owner, group and modes, and a backup. `./install.sh --help`",
        );
        row("verify.sh", "checks everything here with openssl, connection by connection. `./verify.sh --help`");
    }
    row("SHA256SUMS", "sums of all files. `sha256sum -c SHA256SUMS`");
    if selection == Selection::WithoutCaKeys {
        let _ = writeln!(
            out,
            "\nThe CAs' private keys are not here; `{}.zip` holds them. Manifests and steps are those of a cluster without them.",
            Selection::CaKeys.name(&pki.plan)
        );
    }
    out.push('\n');
}

fn secrets(out: &mut String, pki: &Pki, selection: Selection, sealed: bool) {
    let knowing = if sealed { " and knows its passphrase" } else { "" };
    out.push_str("## What is secret\n\n");
    // One line for all copies and siblings of a file: the path on the node, or below `offline-ca/`.
    let mut secret = Vec::<(String, String, Vec<&str>)>::new();
    let mut powerful = Vec::new();
    for item in held(pki, selection) {
        let Source::Held(cert, holding) = item.source else { continue };
        if !holding.is_secret() {
            continue;
        }
        let row = pki.plan.certs[cert].row;
        let (node, path) = match item.path.strip_prefix("nodes/").and_then(|rest| rest.split_once('/')) {
            Some((node, path)) => (Some(node), format!("/{path}")),
            None => (None, item.path.clone()),
        };
        if row.is_ca() && holding == Holding::PrivateKey && !powerful.contains(&path) {
            powerful.push(path.clone());
        }
        let node = node.and_then(|node| pki.plan.spec.nodes.iter().find(|one| one.name == node));
        let node = node.map(|node| node.name.as_str());
        match secret.iter_mut().find(|(other, ..)| *other == path) {
            Some((.., nodes)) => nodes.extend(node),
            None => secret.push((path, format!("{} of {}", holding.word(), row.id), node.into_iter().collect())),
        }
    }
    if secret.is_empty() {
        out.push_str("Nothing.\n\n");
        return;
    }
    if !powerful.is_empty() {
        let names: Vec<String> = powerful.iter().map(|path| format!("`{path}`")).collect();
        let _ = writeln!(
            out,
            "Whoever reads this archive{knowing} can make any identity of the cluster: it holds the private keys of its CAs, {}.\n",
            names.join(", ")
        );
    }
    out.push_str("These files, and nothing else; their mode is 0600:\n\n");
    for (path, what, nodes) in secret {
        let on = match nodes.len() {
            0 => String::new(),
            1..=MOST_NODES => format!(", on {}", nodes.join(", ")),
            many => format!(", on {many} nodes"),
        };
        let _ = writeln!(out, "- `{path}`: {what}{on}");
    }
    out.push('\n');
}

/// The programs that the tests of this tool run on its exports, with the versions they are run with.
const JUDGES: &[(&str, &str)] = &[
    ("OpenSSL 3.0", "every chain with its purpose and names, every key pair"),
    ("Go 1.27 crypto/x509 and crypto/tls", "every chain, key pair and client certificate"),
    ("rustls-webpki", "every chain again, by another implementation"),
    ("etcd and etcdctl 3.4", "three members with these flags, mutual TLS for clients and peers"),
    ("kubectl 1.37", "every kubeconfig"),
    ("kubeadm 1.37", "it makes the same of the configuration, and keeps and renews what it finds"),
    (
        "kube-apiserver, kube-controller-manager, kube-scheduler and kubelet 1.37, etcd 3.7, containerd 2.4",
        "clusters, built by following a README like this one step by step",
    ),
    ("Info-ZIP unzip 6.0, libarchive bsdtar 3.6", "the zip, modes included"),
];

fn judges(out: &mut String) {
    out.push_str("## What accepted such exports\n\nThe tests of KubePKI Workbench run:\n\n");
    for (program, what) in JUDGES {
        let _ = writeln!(out, "- {program}: {what}");
    }
    out.push_str(
        "\nNot run: unit files by systemd itself (what stands in for it starts what they say), and a load balancer, a network \
         plugin and a DNS server of your choice.\n\n\
         Kubernetes checks no revocation: a leaked key is trusted until its certificate ends or its CA is replaced.\n",
    );
}
