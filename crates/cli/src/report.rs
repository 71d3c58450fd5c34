//! `kubepki plan`: everything that follows from a design, as one value in a fixed order.
//!
//! The structure is part of the command's promise: `format` changes when a reader would have to.
//!
//! - `design`: the design in brief, with defaults filled in and the exact version.
//! - `counts`: certificates, private keys (bare key pairs included), CAs.
//! - `certificates`, `keyPairs`: each with `id` (`apiserver@cp-1`), `kind`, `signedBy`, `subject`, `sans`, `keyUsage`,
//!   `extKeyUsage`, `ca`, `key`, `signature`, `validSeconds` (after the issue time; it begins `backdateSeconds`
//!   before), `server` for kubeconfigs, and `files` with mode, owner and what they hold.
//! - `notSignedHere`: what the cluster has beside that.
//! - `connections`: who calls whom with what, one line each.
//! - `bindings`: what RBAC must be told where nobody runs `kubeadm init`.
//! - `flags`: each component on each node. After an import of kubeadm's configuration, `lookInYourKubeadmFile` lists what
//!   that file sets: the plan has no value for it, nor for `serverChecked` of a connection that it decides.
//! - `findings`: all that is worth knowing.

use kubepki_core::Plan;
use kubepki_core::catalog::connections::{Part, told};
use kubepki_core::catalog::own;
use kubepki_core::check;
use kubepki_core::diag::Diagnostic;
use kubepki_core::plan::{BACKDATE_SECONDS, Binding, PlannedFile, Root};
use kubepki_core::snippet::value::{Map, Value};
use kubepki_core::view::flags;

use crate::args::{self, PlanFormat};
use crate::design::{self, Planned};
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(given: &args::Plan) -> Result<(), Failure> {
    let planned = design::planned(&given.source, None)?;
    planned.say();
    let Planned { plan, findings, .. } = &planned;
    let report = report(plan, findings);
    match given.format {
        PlanFormat::Yaml => output::print_document(&report.to_yaml()),
        PlanFormat::Json => output::print_json(&report.to_json()),
    }
}

fn report(plan: &Plan, findings: &[Diagnostic]) -> Map {
    let (certs, pairs): (Vec<usize>, Vec<usize>) =
        (0..plan.certs.len()).partition(|&index| plan.certs[index].subject.is_some());
    let files = files(plan);
    let maps =
        |indexes: Vec<usize>| indexes.into_iter().map(|index| cert(plan, index, &files[index])).collect::<Vec<_>>();
    Map::new()
        .with("format", "kubepki-plan/v1")
        .with("design", brief(plan))
        .with(
            "counts",
            Map::new()
                .with("certificates", plan.certificate_count() as u64)
                .with("privateKeys", plan.key_count() as u64)
                .with("cas", plan.ca_count() as u64),
        )
        .with("backdateSeconds", BACKDATE_SECONDS as u64)
        .with("certificates", maps(certs))
        .with("keyPairs", maps(pairs))
        .with("notSignedHere", plan.unsigned.iter().map(|one| unsigned(plan, one)).collect::<Vec<_>>())
        .with(
            "connections",
            check::connections(plan, None).iter().map(|line| connection(plan, line)).collect::<Vec<_>>(),
        )
        .with("bindings", plan.bindings().iter().map(binding).collect::<Vec<_>>())
        .with("flags", flags::flags(plan).iter().map(component).collect::<Vec<_>>())
        .with("findings", findings.iter().map(finding).collect::<Vec<_>>())
}

fn brief(plan: &Plan) -> Map {
    let spec = &plan.spec;
    let texts = |list: &[kubepki_core::spec::Cidr]| Value::Short(list.iter().map(ToString::to_string).collect());
    let nodes = spec.nodes.iter().map(|node| {
        let roles = [(node.control_plane, "control-plane"), (node.etcd, "etcd"), (node.worker, "worker")];
        Map::new()
            .with("name", node.name.as_str())
            .with("addresses", Value::Short(node.addresses.iter().map(ToString::to_string).collect()))
            .with(
                "roles",
                Value::Short(roles.iter().filter(|(has, _)| *has).map(|(_, word)| (*word).to_owned()).collect()),
            )
    });
    Map::new()
        .with("clusterName", spec.cluster_name.as_str())
        .with("kubernetesVersion", spec.version.to_string())
        .with("start", spec.start.word())
        .with("layout", spec.layout.word())
        .with("controlPlaneUrl", spec.control_plane_url())
        .with("serviceSubnets", texts(&spec.service_subnets))
        .with("podSubnets", texts(&spec.pod_subnets))
        .with("dnsDomain", spec.dns_domain.as_str())
        .with("etcd", spec.etcd_mode.word())
        .with("caKeys", spec.ca_keys.word())
        .with("trust", spec.trust.word())
        .with("nodes", nodes.collect::<Vec<_>>())
}

/// The files of each certificate.
fn files(plan: &Plan) -> Vec<Vec<Map>> {
    let mut files = vec![Vec::new(); plan.certs.len()];
    for file in &plan.files {
        let PlannedFile { root, path, mode, owner, content } = file;
        let root = match root {
            Root::Node(node) => plan.spec.nodes[*node].name.as_str(),
            Root::OfflineCa => "offline-ca",
        };
        let map = Map::new()
            .with("on", root)
            .with("path", path.as_str())
            .with("mode", format!("{mode:04o}"))
            .with("owner", *owner)
            .with("holds", content.holding.word());
        files[content.cert].push(map);
    }
    files
}

/// What kubeadm's certificates say in keyUsage (kubeadm: `cmd/kubeadm/app/util/pkiutil/pki_helpers.go`; CAs: client-go
/// `util/cert/cert.go`).
fn key_usage(ca: bool) -> Value {
    let words: &[&str] = match ca {
        true => &["digitalSignature", "keyEncipherment", "keyCertSign"],
        false => &["digitalSignature", "keyEncipherment"],
    };
    Value::Short(words.iter().map(|word| (*word).to_owned()).collect())
}

fn cert(plan: &Plan, index: usize, files: &[Map]) -> Map {
    let cert = &plan.certs[index];
    let map = Map::new().with("id", plan.key_of(index)).with("kind", cert.kind.word());
    let Some(subject) = &cert.subject else {
        return map.with("key", cert.key.word()).with("files", files.to_vec());
    };
    let issuer = cert.issuer.unwrap_or(index);
    map.with("signedBy", plan.key_of(issuer))
        .with("subject", subject.to_string())
        .with("sans", cert.sans.iter().map(ToString::to_string).collect::<Vec<_>>())
        .with("keyUsage", key_usage(cert.row.is_ca()))
        .with("extKeyUsage", Value::Short(cert.ekus.iter().map(|eku| eku.word().to_owned()).collect()))
        .with("ca", cert.row.is_ca())
        .with("key", cert.key.word())
        .with("signature", plan.certs[issuer].key.signature())
        .with("validSeconds", cert.lifetime.seconds.unsigned_abs())
        .with_some("server", cert.server.as_deref())
        .with("files", files.to_vec())
}

fn unsigned(plan: &Plan, one: &kubepki_core::plan::Unsigned) -> Map {
    Map::new()
        .with("id", format!("{}@{}", one.row.id, plan.node_name(one.node)))
        .with_some("signedLaterBy", one.issuer.map(|issuer| plan.key_of(issuer)))
        .with("why", one.why)
}

fn connection(plan: &Plan, line: &check::ConnectionLine) -> Map {
    let nodes = line.callers.iter().map(|&node| plan.spec.nodes[node].name.clone());
    let own = told(line.row.id).and_then(|told| own::decided_part(&plan.spec, told, Part::Server));
    Map::new()
        .with("id", line.row.id)
        .with("line", line.to_string())
        .with("port", line.port)
        .with_some("serverChecked", own.is_none().then_some(line.server_checked))
        .with_some("lookInYourKubeadmFile", own)
        .with("from", Value::Short(nodes.collect()))
}

fn binding(binding: &Binding<'_>) -> Map {
    Map::new()
        .with("name", binding.row.name)
        .with("clusterRole", binding.row.role)
        .with("kind", binding.kind)
        .with("subject", binding.subject)
        .with("without", binding.row.without)
}

fn component(component: &flags::Component) -> Map {
    let flags::Component { name, node, flags, also } = component;
    let set = flags.iter().filter_map(|flag| Some((flag.flag.clone(), flag.value.clone()?)));
    let values = set.fold(Map::new(), |map, (flag, value)| map.with(flag, value));
    let own: Vec<String> = flags.iter().filter_map(|flag| flag.own.clone()).chain(also.iter().cloned()).collect();
    Map::new()
        .with("component", *name)
        .with("node", node.as_str())
        .with("values", values)
        .with_filled("lookInYourKubeadmFile", own)
}

fn finding(finding: &Diagnostic) -> Map {
    let Diagnostic { severity, rule, field, message, hint, source, position } = finding;
    let place = position.map(|place| Map::new().with("line", place.line as u64).with("column", place.column as u64));
    Map::new()
        .with("severity", severity.word())
        .with("rule", rule.to_string())
        .with("field", field.as_str())
        .with("message", message.as_str())
        .with("hint", hint.as_str())
        .with("source", source.to_string())
        .with_some("position", place)
}
