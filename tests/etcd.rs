//! etcd 3.4: members with the exported flags, on loopback addresses that stand for three machines. Clients and peers
//! prove themselves to each other; whoever cannot is refused, for the reason that the log names.

use std::fs;
use std::path::Path;

use kubepki_core::plan::Holding;
use support::export::Export;
use support::manifest::{in_export, values};
use support::openssl::{Recipe, authority};
use support::ports::Ports;
use support::program::{Running, Said, run};
use support::scratch::Scratch;
use support::tool::{ETCD, ETCDCTL};

/// What becomes of an exported flag here.
enum Change {
    /// Left out: etcd 3.4 does not know it. The test checks that this is still so.
    Unknown,
    /// Given another value.
    Value(fn(&Member<'_>, &str) -> String),
}

/// The flags that are not passed on as exported, each with its reason.
const CHANGES: &[(&str, Change, &str)] = &[
    ("feature-gates", Change::Unknown, "gates came with etcd 3.6"),
    ("watch-progress-notify-interval", Change::Unknown, "came with etcd 3.6; before it was experimental"),
    ("data-dir", Change::Value(|member, _| member.data.clone()), "/var/lib/etcd is this machine's, not a member's"),
    (
        "listen-client-urls",
        Change::Value(without_loopback),
        "one loopback address cannot be three machines': only the first member has it",
    ),
    (
        "listen-metrics-urls",
        Change::Value(|member, url| url.replace("127.0.0.1", &member.address)),
        "the same, and 2381 must be free on it",
    ),
];

fn without_loopback(member: &Member<'_>, urls: &str) -> String {
    let own = |url: &&str| member.number == 0 || !url.contains("//127.0.0.1:");
    urls.split(',').filter(own).collect::<Vec<_>>().join(",")
}

/// A member to start.
struct Member<'a> {
    export: &'a Export,
    node: usize,
    number: usize,
    address: String,
    data: String,
}

impl Member<'_> {
    fn start(&self, scratch: &Scratch) -> Running {
        let mut command = ETCD.command();
        for (name, value) in values(self.export, self.node, "etcd") {
            let value = match CHANGES.iter().find(|(flag, ..)| *flag == name) {
                Some((_, Change::Unknown, _)) => continue,
                Some((_, Change::Value(change), _)) => change(self, &value),
                None => value,
            };
            command.arg(format!("--{name}={value}"));
        }
        // What is said about it, not what it is: 3.4 logs as text unless told so.
        command.args(["--logger=zap", "--log-outputs=stderr"]);
        Running::start(&command, &scratch.join(&format!("member-{}.log", self.number)))
    }
}

/// Members of an export's cluster, running.
struct Cluster {
    // Stopped before the ports are given back and the data is removed.
    members: Vec<Running>,
    endpoints: Vec<String>,
    scratch: Scratch,
    _ports: Ports,
}

impl Cluster {
    fn start(export: &Export) -> Self {
        let ports = Ports::take();
        let scratch = Scratch::new("etcd");
        let spec = &export.plan.spec;
        let hosts: Vec<usize> = (0..spec.nodes.len()).filter(|&node| spec.is_etcd_member(&spec.nodes[node])).collect();
        let members: Vec<Member<'_>> = hosts
            .iter()
            .enumerate()
            .map(|(number, &node)| {
                let data = scratch.join(&format!("data-{number}")).to_string_lossy().into_owned();
                Member { export, node, number, address: spec.nodes[node].advertise().to_string(), data }
            })
            .collect();
        let endpoints = members.iter().map(|member| format!("https://{}:2379", member.address)).collect();
        let running = members.iter().map(|member| member.start(&scratch)).collect();
        let mut cluster = Self { members: running, endpoints, scratch, _ports: ports };
        for member in &mut cluster.members {
            member.until("it serves clients", 60, |log| log.contains("serving client traffic securely"));
        }
        cluster
    }

    fn log(&self) -> String {
        self.members.iter().map(Running::log).collect::<Vec<_>>().join("\n")
    }
}

/// `etcdctl` with these files.
fn etcdctl(endpoints: &str, ca: &Path, pair: Option<(&Path, &Path)>, arguments: &[&str]) -> Said {
    let mut command = ETCDCTL.command();
    command.env("ETCDCTL_API", "3").args(["--dial-timeout=2s", "--command-timeout=4s", "--endpoints", endpoints]);
    command.arg("--cacert").arg(ca);
    if let Some((certificate, key)) = pair {
        command.arg("--cert").arg(certificate).arg("--key").arg(key);
    }
    run(command.args(arguments), 30)
}

/// Paths of a certificate's pair on its first node.
fn pair(export: &Export, key: &str) -> (std::path::PathBuf, std::path::PathBuf) {
    let path = |holding| export.path(export.file(key, holding));
    (path(Holding::Certificate), path(Holding::PrivateKey))
}

#[test]
fn three_members_serve_whom_they_should() {
    let export = Export::of("loopback");
    let cluster = Cluster::start(export);
    let all = cluster.endpoints.join(",");
    let ca = export.path(export.file("etcd-ca@cluster", Holding::Certificate));
    let (certificate, key) = pair(export, "etcd-healthcheck-client@cp-1");
    let health = (certificate.as_path(), key.as_path());

    // 3.4 says it on standard error.
    let said = etcdctl(&all, &ca, Some(health), &["endpoint", "health"]);
    assert_eq!((said.code, said.err.matches("is healthy").count()), (Some(0), 3), "{said}");
    let said = etcdctl(&cluster.endpoints[0], &ca, Some(health), &["member", "list"]).good();
    assert_eq!(said.lines().filter(|line| line.contains("started") && line.contains("https://")).count(), 3, "{said}");

    // Written through one member as kubeadm would, read through another as the third API server would.
    etcdctl(&cluster.endpoints[0], &ca, Some(health), &["put", "key", "value"]).good();
    let (certificate, key) = pair(export, "apiserver-etcd-client@cp-3");
    let said = etcdctl(&cluster.endpoints[2], &ca, Some((&certificate, &key)), &["get", "key"]).good();
    assert_eq!(said.trim(), "key\nvalue");

    // With exactly what the first API server is started with.
    let flags = values(export, 0, "kube-apiserver");
    let path = |name: &str| Path::new(&flags[name]);
    let own = Some((path("etcd-certfile"), path("etcd-keyfile")));
    let said = etcdctl(&flags["etcd-servers"], path("etcd-cafile"), own, &["get", "key"]).good();
    assert_eq!(said.trim(), "key\nvalue");

    // Members, gateways and clients were all welcome so far.
    let log = cluster.log();
    assert!(!log.contains("rejected connection"), "{log}");
    refused(export, &cluster, &ca);
}

/// Everyone else is refused, each for its own reason.
fn refused(export: &Export, cluster: &Cluster, ca: &Path) {
    let scratch = &cluster.scratch;
    let ca_key = export.path(export.file("etcd-ca@cluster", Holding::PrivateKey));
    let (false_ca, false_key) = authority(scratch, "false-ca", "etcd-ca");
    let client = "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth\n";
    let server = "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n";
    let recipe = |extensions| Recipe { subject: "/CN=kube-apiserver-etcd-client", extensions, dates: None };
    let cases = [
        ("without a certificate", None, "tls: client didn't provide a certificate"),
        (
            "with one of the cluster CA",
            Some(pair(export, "apiserver-kubelet-client@cp-1")),
            "certificate signed by unknown authority",
        ),
        (
            "with one of a CA of the same name",
            Some(recipe(client).sign(scratch, "false", &false_ca, &false_key)),
            "certificate signed by unknown authority",
        ),
        (
            "with a server's",
            Some(recipe(server).sign(scratch, "server-only", ca, &ca_key)),
            "certificate specifies an incompatible key usage",
        ),
    ];
    for (what, pair, reason) in cases {
        let before = cluster.members[0].log().len();
        let pair = pair.as_ref().map(|(certificate, key)| (certificate.as_path(), key.as_path()));
        etcdctl(&cluster.endpoints[0], ca, pair, &["get", "key"]).bad();
        let log = cluster.members[0].log().split_off(before);
        assert!(log.contains("rejected connection") && log.contains(reason), "{what}: {log}");
    }
    // And a client that trusts another CA refuses the member.
    let (certificate, key) = pair(export, "etcd-healthcheck-client@cp-1");
    etcdctl(&cluster.endpoints[0], &false_ca, Some((&certificate, &key)), &["get", "key"]).bad();
    assert!(cluster.members[0].log().contains("bad certificate"), "{}", cluster.members[0].log());
}

/// The courses' names and subjects, one CA for everything: the same flags work.
#[test]
fn the_course_layout_serves() {
    let export = Export::of("loopback-course");
    let cluster = Cluster::start(export);
    let flags = values(export, 0, "kube-apiserver");
    let path = |name: &str| Path::new(&flags[name]);
    let own = Some((path("etcd-certfile"), path("etcd-keyfile")));
    for endpoint in [&flags["etcd-servers"], &cluster.endpoints[0]] {
        etcdctl(endpoint, path("etcd-cafile"), own, &["put", "key", "value"]).good();
    }
    let log = cluster.log();
    assert!(!log.contains("rejected connection"), "{log}");
}

/// The table of changes is about flags that are exported, and about what etcd 3.4 really lacks.
#[test]
fn every_change_is_needed() {
    let export = Export::of("loopback");
    let exported = values(export, 0, "etcd");
    let said = run(ETCD.command().arg("--help"), 20);
    let help = format!("{}{}", said.out, said.err);
    for (flag, change, reason) in CHANGES {
        assert!(exported.contains_key(*flag), "--{flag} is no longer exported; take it out of the table ({reason})");
        if let Change::Unknown = change {
            assert!(
                !help.contains(&format!("--{flag} ")),
                "this etcd knows --{flag}; take it out of the table ({reason})"
            );
        }
    }
    for name in exported.keys().filter(|name| !CHANGES.iter().any(|(flag, ..)| flag == name)) {
        assert!(help.contains(&format!("--{name}")), "this etcd does not know --{name}");
    }
    assert!(fs::exists(in_export(export, 0, "/etc/kubernetes/pki/etcd/ca.crt")).is_ok_and(|there| there));
}
