//! A plan as text that people can read against kubeadm's sources: every certificate, file, flag, binding and finding.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kubepki_core::Plan;
use kubepki_core::catalog::flags::{COMPONENTS, Place};
use kubepki_core::check::connections;
use kubepki_core::plan::{FlagValue, Holding, PlannedCert, Root};
use kubepki_core::spec::San;

/// The whole plan. What is the same on several nodes stands once, with the nodes behind it.
pub fn render(plan: &Plan) -> String {
    let mut out = String::new();
    let spec = &plan.spec;
    let _ = writeln!(
        out,
        "{} {} start {} layout {} etcd {}",
        spec.cluster_name,
        spec.version,
        spec.start.word(),
        spec.layout.word(),
        spec.etcd_mode.word()
    );
    for node in &spec.nodes {
        let roles = [("control-plane", node.control_plane), ("etcd", node.etcd), ("worker", node.worker)];
        let roles: Vec<&str> = roles.iter().filter(|(_, has)| *has).map(|(role, _)| *role).collect();
        let addresses: Vec<String> = node.addresses.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "node {} {} {}", node.name, addresses.join(" "), roles.join("+"));
    }
    let _ =
        writeln!(out, "{} certificates, {} keys, {} CAs", plan.certificate_count(), plan.key_count(), plan.ca_count());
    for (index, cert) in plan.certs.iter().enumerate() {
        certificate(&mut out, plan, index, cert);
    }
    for one in &plan.unsigned {
        let asked = one.issuer.map(|issuer| format!(", signed later by {}", plan.key_of(issuer))).unwrap_or_default();
        let _ = writeln!(out, "\nnot signed here: {}@{}{asked}\n  {}", one.row.id, plan.node_name(one.node), one.why);
    }
    flags(&mut out, plan);
    bindings(&mut out, plan);
    lines(&mut out, plan);
    findings(&mut out, plan);
    out
}

fn certificate(out: &mut String, plan: &Plan, index: usize, cert: &PlannedCert) {
    let _ = writeln!(out, "\n{}", plan.key_of(index));
    match &cert.subject {
        None => {
            let _ = writeln!(out, "  bare key pair, {}", cert.key.word());
        }
        Some(subject) => {
            let ekus: Vec<&str> = cert.ekus.iter().map(|eku| eku.word()).collect();
            let usage = if cert.row.is_ca() { "CA".to_owned() } else { ekus.join(",") };
            let issuer = cert.issuer.map_or("itself".to_owned(), |issuer| plan.key_of(issuer));
            let _ = writeln!(out, "  {subject}");
            let _ = writeln!(out, "  signed by {issuer}, {}, {}, {usage}", cert.key.word(), cert.lifetime);
        }
    }
    for san in &cert.sans {
        let kind = if matches!(san, San::Dns(_)) { "DNS" } else { "IP" };
        let _ = writeln!(out, "  {kind} {san}");
    }
    if let Some(server) = &cert.server {
        let _ = writeln!(out, "  dials {server}");
    }
    let mut places = BTreeMap::<(&str, u32, Holding), Vec<&str>>::new();
    for file in plan.files.iter().filter(|file| file.content.cert == index) {
        let root = match file.root {
            Root::Node(node) => plan.node_name(Some(node)),
            Root::OfflineCa => "offline-ca",
        };
        places.entry((&file.path, file.mode, file.content.holding)).or_default().push(root);
    }
    for ((path, mode, holding), roots) in places {
        let _ = writeln!(out, "  {mode:04o} {path} ({}) on {}", holding.word(), roots.join(" "));
    }
}

fn flags(out: &mut String, plan: &Plan) {
    for component in COMPONENTS {
        let here = || plan.flags.iter().filter(|flag| flag.row.component == component.name);
        let mut nodes: Vec<usize> = here().map(|flag| flag.node).collect();
        nodes.dedup();
        if nodes.is_empty() {
            continue;
        }
        let name = |node: &usize| plan.node_name(Some(*node));
        let _ = writeln!(out, "\n{} on {}", component.name, nodes.iter().map(name).collect::<Vec<_>>().join(" "));
        let mut names: Vec<(&str, Place)> = here().map(|flag| (flag.row.name, flag.row.place)).collect();
        names.sort_by_key(|(name, place)| (*place == Place::KubeletConfig, *name));
        names.dedup();
        for (flag, place) in names {
            let dashes = if place == Place::Argument { "--" } else { "" };
            let mut values = Vec::<(String, Vec<usize>)>::new();
            for one in here().filter(|one| one.row.name == flag) {
                let FlagValue::Set(value) = &one.value else { continue };
                let cert = one.cert.map(|cert| format!(" ({})", plan.certs[cert].row.id)).unwrap_or_default();
                let text = format!("{value}{cert}");
                match values.iter_mut().find(|(known, _)| *known == text) {
                    Some((_, nodes)) => nodes.push(one.node),
                    None => values.push((text, vec![one.node])),
                }
            }
            if values.is_empty() {
                let _ = writeln!(out, "  {dashes}{flag} not set");
            }
            for (value, on) in values {
                let where_ = if on == nodes {
                    String::new()
                } else {
                    format!(" on {}", on.iter().map(name).collect::<Vec<_>>().join(" "))
                };
                let _ = writeln!(out, "  {dashes}{flag}={value}{where_}");
            }
        }
    }
}

fn bindings(out: &mut String, plan: &Plan) {
    let bindings = plan.bindings();
    if !bindings.is_empty() {
        let _ = writeln!(out, "\nrbac");
    }
    for one in bindings {
        let _ = writeln!(out, "  {}: {} {} → {}", one.row.name, one.kind, one.subject, one.row.role);
    }
}

fn lines(out: &mut String, plan: &Plan) {
    let _ = writeln!(out, "\nconnections");
    for line in connections(plan, None) {
        let checked = if line.server_checked { "" } else { ", the server is not checked" };
        let names = line.halves.iter().flat_map(|half| &half.names);
        let mut dialled: Vec<String> = names.map(ToString::to_string).collect();
        dialled.sort();
        dialled.dedup();
        let dialled = if dialled.is_empty() { String::new() } else { format!(", dialled as {}", dialled.join(" ")) };
        let _ = writeln!(out, "  {}: {line}, port {}{checked}{dialled}", line.row.id, line.port);
    }
}

fn findings(out: &mut String, plan: &Plan) {
    if !plan.findings.is_empty() {
        let _ = writeln!(out, "\nfindings");
    }
    for finding in &plan.findings {
        let field = if finding.field.is_empty() { "the whole design" } else { &finding.field };
        let _ = writeln!(out, "  {} {} at {field}", finding.severity.word(), finding.rule);
    }
}
