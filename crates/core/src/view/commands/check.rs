//! Ownership, modes, and commands that check what is there.

use crate::catalog::connections::CONNECTIONS;
use crate::plan::{Holding, Plan, PlannedFile, Root};
use crate::spec::Host;

use super::super::by_hand::Recipe;

fn on_nodes(plan: &Plan, index: usize) -> Vec<(&str, &PlannedFile)> {
    let place = |root: Root| match root {
        Root::Node(node) => plan.spec.nodes[node].name.as_str(),
        Root::OfflineCa => "offline-ca",
    };
    plan.files.iter().filter(|file| file.content.cert == index).map(|file| (place(file.root), file)).collect()
}

/// Owner and mode of each of its files, each path once.
pub(super) fn ownership(plan: &Plan, index: usize) -> Recipe {
    let mut seen: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for (node, file) in on_nodes(plan, index) {
        if seen.contains(&file.path.as_str()) {
            continue;
        }
        seen.push(&file.path);
        let other = on_nodes(plan, index).iter().filter(|(_, one)| one.path == file.path).count();
        let place = if other > 1 { format!("on {other} nodes") } else { format!("on {node}") };
        lines.push(format!("chown {} {} && chmod {:04o} {}  # {place}", file.owner, file.path, file.mode, file.path));
    }
    Recipe { tool: "Ownership and modes", text: lines.join("\n") }
}

/// Commands that show it, check its chain and its key, and ask the port that shows it.
pub(super) fn verification(plan: &Plan, index: usize) -> Recipe {
    let cert = &plan.certs[index];
    let held = |of: usize, holding: Holding| {
        let found = on_nodes(plan, of).into_iter().find(|(_, file)| file.content.holding == holding);
        found.map(|(_, file)| file.path.clone())
    };
    let mut lines = Vec::new();
    let Some(_) = &cert.subject else {
        let path = held(index, Holding::PrivateKey).unwrap_or_default();
        let public = held(index, Holding::PublicKey).unwrap_or_default();
        lines.push("# both must print the same".to_owned());
        lines.push(format!("openssl pkey -in {path} -pubout | sha256sum; sha256sum < {public}"));
        return Recipe { tool: "To check it", text: lines.join("\n") };
    };
    let ca = cert.issuer.and_then(|issuer| held(issuer, Holding::Certificate));
    if let Some(path) = held(index, Holding::Certificate) {
        lines.push(format!(
            "openssl x509 -noout -subject -issuer -dates -ext subjectAltName,extendedKeyUsage,keyUsage -in {path}"
        ));
        if let Some(ca) = &ca {
            lines.push(format!("openssl verify -CAfile {ca} {path}"));
        }
        if let Some(key) = held(index, Holding::PrivateKey) {
            lines.push("# certificate and key belong together if both print the same".to_owned());
            lines.push(format!(
                "openssl x509 -noout -pubkey -in {path} | sha256sum; openssl pkey -pubout -in {key} | sha256sum"
            ));
        }
    }
    if let Some(path) = held(index, Holding::Kubeconfig) {
        lines.push(format!("kubectl --kubeconfig {path} config view --raw -o jsonpath='{{.users[0].user.client-certificate-data}}' | base64 -d | openssl x509 -noout -subject -issuer -dates"));
        lines.push("# the copy of the CA inside it is this cluster's if both print the same".to_owned());
        lines.push(format!("kubectl --kubeconfig {path} config view --raw -o jsonpath='{{.clusters[0].cluster.certificate-authority-data}}' | base64 -d | sha256sum; sha256sum < {}", ca.clone().unwrap_or_default()));
        lines.push(format!("kubectl --kubeconfig {path} auth whoami"));
    }
    let serves = CONNECTIONS.iter().find(|row| row.server_side.shows.contains(&cert.row.id));
    if let (Some(row), Some(node)) = (serves, cert.node) {
        let port = row.port.unwrap_or(plan.spec.bind_port);
        let address = plan.spec.nodes[node].advertise();
        let host = Host::Address(address);
        let ca = ca.unwrap_or_default();
        // etcd speaks to nobody without a certificate: shown is the one of its own caller.
        let shown = row
            .client
            .shows
            .iter()
            .filter(|_| row.id.ends_with("->etcd"))
            .find_map(|id| plan.certs.iter().position(|one| one.row.id == *id));
        let pair = shown.and_then(|of| Some((held(of, Holding::Certificate)?, held(of, Holding::PrivateKey)?)));
        let pair = pair.map(|(cert, key)| format!(" -cert {cert} -key {key}")).unwrap_or_default();
        lines.push("# what really answers there, by the address that callers dial".to_owned());
        lines.push(format!(
            "openssl s_client -connect {host}:{port} -CAfile {ca} -verify_ip {address} -verify_return_error{pair} </dev/null"
        ));
    }
    Recipe { tool: "To check it", text: lines.join("\n") }
}

/// The same for all: modes as they should be, and what is wrong.
pub(super) fn set(plan: &Plan) -> Vec<Recipe> {
    let mut seen: Vec<(&str, u32)> = Vec::new();
    for file in plan.files.iter().filter(|file| matches!(file.root, Root::Node(_))) {
        if !seen.contains(&(file.path.as_str(), file.mode)) {
            seen.push((&file.path, file.mode));
        }
    }
    let lines: Vec<String> = seen
        .iter()
        .map(|(path, mode)| format!("[ ! -e {path} ] || {{ chown root:root {path}; chmod {mode:04o} {path}; }}"))
        .collect();
    let paths = |holdings: &[Holding]| -> String {
        let mut paths: Vec<&str> = Vec::new();
        for file in plan.files.iter().filter(|file| matches!(file.root, Root::Node(_))) {
            if holdings.contains(&file.content.holding) && !paths.contains(&&*file.path) {
                paths.push(&file.path);
            }
        }
        paths.join(" ")
    };
    let look = format!(
        "for one in {}; do\n\
         \x20 [ -e \"$one\" ] || continue\n\
         \x20 printf '%s  ' \"$one\"; openssl x509 -noout -enddate -subject -in \"$one\" | tr '\\n' ' '; echo\n\
         done\n\
         # keys and kubeconfigs that others can read; nothing is printed where all is well\n\
         find {} -perm /077 2>/dev/null",
        paths(&[Holding::Certificate]),
        paths(&[Holding::PrivateKey, Holding::Kubeconfig])
    );
    vec![
        Recipe { tool: "Ownership and modes", text: lines.join("\n") },
        Recipe { tool: "To look at what a node has", text: look },
    ]
}
