//! `README.md` of an archive: what each thing is, what is secret, what to do next on each node.

use std::fmt::Write as _;

use kubepki_core::instant;
use kubepki_core::plan::Holding;
use kubepki_core::spec::{CaKeys, Start};

use super::Meta;
use super::entry::{Source, held};
use super::selection::Selection;
use super::steps;
use crate::pki::Pki;

/// Secret files are named one by one up to here; beyond, only what kinds there are.
const MOST_SECRETS: usize = 60;
/// Next steps are listed for so many nodes; `install.sh` says them on each node in any case.
const MOST_NODES: usize = 50;

/// The text.
pub(super) fn readme(pki: &Pki, meta: &Meta<'_>, selection: Selection) -> String {
    let mut out = String::new();
    let spec = &pki.plan.spec;
    let about = match selection {
        Selection::Whole => format!("The whole PKI of the Kubernetes cluster {}.", spec.cluster_name),
        Selection::WithoutCaKeys => {
            format!("The PKI of the Kubernetes cluster {}, without the private keys of its CAs.", spec.cluster_name)
        }
        Selection::CaKeys => {
            format!("The CAs of the Kubernetes cluster {}, with their private keys.", spec.cluster_name)
        }
        Selection::Node(node) => {
            format!("What node {} of the Kubernetes cluster {} needs.", spec.nodes[node].name, spec.cluster_name)
        }
    };
    let _ = writeln!(
        out,
        "# {}\n\n{about} Kubernetes {}, {} certificates, {} private keys in all.\n\nMade by KubePKI Workbench {}{} at {}.\n",
        selection.name(&pki.plan),
        spec.version,
        pki.plan.certificate_count(),
        pki.plan.key_count(),
        meta.tool_version,
        if meta.build.is_empty() { String::new() } else { format!(" ({})", meta.build) },
        instant::to_rfc3339(pki.issued_at),
    );
    what_is_here(&mut out, pki, selection);
    secrets(&mut out, pki, selection);
    if selection != Selection::CaKeys {
        usage(&mut out, pki, selection);
        next(&mut out, pki, selection);
    }
    judges(&mut out);
    out
}

fn what_is_here(out: &mut String, pki: &Pki, selection: Selection) {
    let spec = &pki.plan.spec;
    out.push_str("## What is here\n\n");
    let mut row = |name: &str, what: &str| {
        let _ = writeln!(out, "- `{name}`: {what}");
    };
    if selection == Selection::CaKeys {
        row("offline-ca/", "certificate and private key of every CA. Keep it offline, and encrypted.");
    } else {
        row("design.yaml", "the design everything follows from. Not secret.");
        row(
            "inventory.json, inventory.csv",
            "every certificate with its names, dates, serial number, fingerprint and files, and every place where its private key is stored. Not secret.",
        );
        row("nodes/NODE/", "the files of one node, as they lie below its `/`.");
        row(
            "manifests/",
            "how components are started so that they use these files. Never below a node's `/`: kubeadm writes its own and stops when it finds them.",
        );
        if spec.start == Start::Kubeadm {
            row("kubeadm/", "configuration for kubeadm, one file a node.");
        }
        if selection == Selection::Whole && spec.ca_keys == CaKeys::OffNode {
            row("offline-ca/", "the CAs' private keys, which belong on no node. Move it to where nobody is online.");
        }
        row(
            "install.sh",
            "puts a node's files in place, with owner, group and modes, and a backup. `./install.sh --help`",
        );
        row("verify.sh", "checks everything here with openssl, connection by connection. `./verify.sh --help`");
    }
    row("SHA256SUMS", "sums of all files. `sha256sum -c SHA256SUMS`");
    out.push('\n');
}

fn secrets(out: &mut String, pki: &Pki, selection: Selection) {
    out.push_str("## What is secret\n\n");
    let all = held(pki, selection);
    let secret: Vec<_> = all
        .iter()
        .filter_map(|item| match item.source {
            Source::Held(cert, holding) if holding.is_secret() => Some((item.path.as_str(), cert, holding)),
            _ => None,
        })
        .collect();
    if secret.is_empty() {
        out.push_str("Nothing.\n\n");
        return;
    }
    let powerful: Vec<_> = secret
        .iter()
        .filter(|(_, cert, holding)| *holding == Holding::PrivateKey && pki.plan.certs[*cert].row.is_ca())
        .map(|(path, ..)| format!("`{path}`"))
        .collect();
    if !powerful.is_empty() {
        let _ = writeln!(
            out,
            "Whoever reads this archive can make any identity of the cluster: it holds the private keys of its CAs ({}).\n",
            shortened(&powerful)
        );
    }
    out.push_str("Every `*.key` and `*-key.pem` and every kubeconfig; their mode is 0600. Everything else may be read by anyone.\n\n");
    if secret.len() <= MOST_SECRETS {
        for (path, cert, holding) in secret {
            let _ = writeln!(out, "- `{path}`: {} of {}", holding.word(), pki.plan.key_of(cert));
        }
        out.push('\n');
    }
}

/// The first few of many.
fn shortened(all: &[String]) -> String {
    match all.len() {
        0..=8 => all.join(", "),
        more => format!("{} and {} more", all[..8].join(", "), more - 8),
    }
}

fn usage(out: &mut String, pki: &Pki, selection: Selection) {
    let name = selection.name(&pki.plan);
    let _ = write!(
        out,
        "## How to use it\n\n\
         On each node, as root:\n\n\
         ```sh\nunzip {name}.zip && cd {name}    # or: bsdtar -xpf {name}.zip\n\
         ./verify.sh                  # all lines begin with ok\n\
         ./install.sh --dry-run       # what would be done\n\
         ./install.sh                 # do it; ./install.sh --restore undoes it\n```\n\n\
         Better than carrying the whole PKI to every node: each node's own bundle.\n\n"
    );
}

fn next(out: &mut String, pki: &Pki, selection: Selection) {
    let spec = &pki.plan.spec;
    out.push_str("## Next, node by node\n\n");
    for (index, lines) in steps::all(pki).iter().enumerate().take(MOST_NODES) {
        if selection.node().is_some_and(|only| only != index) {
            continue;
        }
        let node = &spec.nodes[index];
        let files = if steps::has_files(pki, index) { "./install.sh, then" } else { "nothing to install;" };
        let _ = writeln!(out, "- **{}**: {files}", node.name);
        for line in lines {
            let _ = match line.starts_with("kubeadm ") {
                true => writeln!(out, "  ```sh\n  {line}\n  ```"),
                false => writeln!(out, "  {line}"),
            };
        }
    }
    if spec.nodes.len() > MOST_NODES && selection.node().is_none() {
        let _ = writeln!(out, "- … and {} more nodes: `./install.sh` says it on each.", spec.nodes.len() - MOST_NODES);
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
    ("Info-ZIP unzip 6.0, libarchive bsdtar 3.6", "the zip, modes included"),
];

fn judges(out: &mut String) {
    out.push_str("## What accepted such exports\n\nThe tests of KubePKI Workbench run:\n\n");
    for (program, what) in JUDGES {
        let _ = writeln!(out, "- {program}: {what}");
    }
    out.push_str(
        "\nOnly modelled after their source, not run: kubeadm, kube-apiserver, kube-controller-manager, kube-scheduler, kubelet.\n\n\
         Kubernetes checks no revocation: a leaked key is trusted until its certificate ends or its CA is replaced.\n",
    );
}
