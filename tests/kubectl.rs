//! kubectl with every kubeconfig, against servers that present the exported certificates where the design says: who it
//! is taken for, and in which words it refuses a server of another CA.

use std::path::Path;
use std::process::Command;

use kubepki_core::plan::{Holding, PlannedFile, Root};
use serde_json::Value;
use support::export::Export;
use support::go;
use support::manifest::values;
use support::openssl::authority;
use support::ports::Ports;
use support::program::{Running, Said, run};
use support::runbook;
use support::scratch::Scratch;
use support::tool::KUBECTL;

/// API servers of an export, one for each control plane, with the files that their flags name.
struct Servers {
    running: Vec<Running>,
    scratch: Scratch,
    _ports: Ports,
}

impl Servers {
    fn start(export: &Export) -> Self {
        let ports = Ports::take();
        let scratch = Scratch::new("kubectl");
        let nodes = export.plan.spec.nodes.iter().enumerate().filter(|(_, node)| node.control_plane);
        let running = nodes.map(|(node, _)| {
            let flags = values(export, node, "kube-apiserver");
            let mut command = Command::new(go::program());
            command.arg("serve").arg(format!("{}:{}", flags["advertise-address"], flags["secure-port"]));
            command.args(["tls-cert-file", "tls-private-key-file", "client-ca-file"].map(|name| &flags[name]));
            let mut server = Running::start(&command, &scratch.join(&format!("server-{node}.log")));
            server.until("it listens", 20, |log| log.contains("ready"));
            server
        });
        Self { running: running.collect(), scratch, _ports: ports }
    }

    /// `kubectl` that knows nothing but what it is told.
    fn kubectl(&self) -> Command {
        let mut command = KUBECTL.command();
        let home = self.scratch.join("home");
        command.env("HOME", &home).env("KUBECACHEDIR", home.join("cache")).env("KUBECONFIG", "/dev/null");
        command.env("NO_PROXY", "*").env("no_proxy", "*");
        command
    }

    fn with(&self, kubeconfig: &Path, arguments: &[&str]) -> Said {
        run(self.kubectl().arg("--kubeconfig").arg(kubeconfig).args(arguments), 60)
    }
}

fn kubeconfigs(export: &Export) -> impl Iterator<Item = &PlannedFile> {
    export.plan.files.iter().filter(|file| file.content.holding == Holding::Kubeconfig)
}

#[test]
fn everyone_is_who_the_plan_says() {
    let export = Export::of("loopback");
    let servers = Servers::start(export);
    let mut asked = 0;
    for file in kubeconfigs(export) {
        let path = export.path(file);
        let id = export.plan.key_of(file.content.cert);
        let said = servers.with(&path, &["get", "--raw", "/version"]).good();
        assert!(said.contains("\"gitVersion\":\"v1.37.1\""), "{id}: {said}");

        let said = servers.with(&path, &["auth", "whoami", "-o", "json"]).good();
        let review: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{id}: {error}: {said}"));
        let info = &review["status"]["userInfo"];
        let subject = export.plan.certs[file.content.cert].subject.as_ref().expect("a client has one");
        let mut groups = subject.organizations.clone();
        groups.push("system:authenticated".to_owned());
        let found: Vec<&str> = info["groups"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert_eq!(
            (info["username"].as_str(), found),
            (Some(subject.common_name.as_str()), groups.iter().map(String::as_str).collect()),
            "{id}"
        );
        asked += 1;
    }
    assert_eq!(
        asked, 14,
        "three for components and one for people on each control plane, super-admin, and the worker's"
    );
    for server in &servers.running {
        assert!(!server.log().contains("TLS handshake error"), "{}", server.log());
    }
}

/// The names in a kubeconfig are as kubeadm writes them (phases/kubeconfig/kubeconfig.go).
#[test]
fn contexts_are_as_kubeadm_names_them() {
    for name in ["loopback", "single", "ha-external-manual", "ipv6-only"] {
        let export = Export::of(name);
        for file in kubeconfigs(export) {
            let kubeconfig = export.kubeconfig(file);
            let cert = &export.plan.certs[file.content.cert];
            let user = &cert.subject.as_ref().expect("a client has one").common_name;
            let cluster = &export.plan.spec.cluster_name;
            assert_eq!(kubeconfig.user, *user, "{name}: {}", file.path);
            assert_eq!(kubeconfig.cluster, *cluster, "{name}: {}", file.path);
            assert_eq!(kubeconfig.context, format!("{user}@{cluster}"), "{name}: {}", file.path);
            assert_eq!(Some(&kubeconfig.server), cert.server.as_ref(), "{name}: {}", file.path);
        }
    }
}

#[test]
fn strangers_are_refused_in_gos_words() {
    let export = Export::of("loopback");
    let other = Export::generate("loopback", &Scratch::shared("another-loopback"));
    let servers = Servers::start(export);
    let find = |export: &Export| {
        let admin = kubeconfigs(export).find(|file| file.root == Root::Node(0) && file.path.ends_with("/admin.conf"));
        export.path(admin.expect("the first control plane has one"))
    };

    // The same name, another CA: Go says which CA it tried.
    let said = servers.with(&find(&other), &["get", "--raw", "/version"]).bad();
    let words = "tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of \
                 \"x509: ECDSA verification failure\" while trying to verify candidate authority certificate \"kubernetes\")";
    assert!(said.contains(words), "{said}");

    // A CA of another name.
    let (stranger, _) = authority(&servers.scratch, "stranger", "stranger");
    let url = "https://127.0.0.2:16443";
    let said = run(
        servers
            .kubectl()
            .args(["--server", url, "--token", "none", "--certificate-authority"])
            .arg(&stranger)
            .args(["get", "--raw", "/version"]),
        60,
    )
    .bad();
    assert!(said.contains("x509: certificate signed by unknown authority"), "{said}");

    // The right server by a wrong name.
    let said = servers.with(&find(export), &["--tls-server-name", "strange.example", "get", "--raw", "/version"]).bad();
    let words = "x509: certificate is valid for cp-1, kubernetes, kubernetes.default, kubernetes.default.svc, \
                 kubernetes.default.svc.cluster.local, not strange.example";
    assert!(said.contains(words), "{said}");

    // The right server, a client of another CA: let in by TLS, refused by the API server.
    let ca = export.path(export.file("ca@cluster", Holding::Certificate));
    let foreign = other.held(other.file("admin.conf@cp-1", Holding::Kubeconfig));
    let certificate = servers.scratch.write("foreign.crt", foreign.certificate);
    let key = servers.scratch.write("foreign.key", foreign.key);
    let mut command = servers.kubectl();
    command.args(["--server", url, "--certificate-authority"]).arg(ca);
    command.arg("--client-certificate").arg(certificate).arg("--client-key").arg(key);
    let said = run(command.args(["get", "--raw", "/version"]), 60).bad();
    assert!(said.contains("You must be logged in to the server"), "{said}");
    assert!(
        servers.running[0].log().contains("certificate signed by unknown authority"),
        "{}",
        servers.running[0].log()
    );
}

/// What the export's README says to run by hand is what kubectl understands: the kubeconfig that a kubelet asks with, and
/// the token's Secret, which stays on this machine.
#[test]
fn the_commands_of_a_manual_start_are_understood() {
    let export = Export::of("kubelet-bootstrap-manual");
    let scratch = Scratch::new("by-hand");
    let readme = std::fs::read_to_string(export.folder.join("README.md")).expect("an export has a README");
    let steps = runbook::steps(&readme);
    let with = |sign: &str| {
        let found = steps.iter().find(|step| step.commands.contains(sign));
        found.unwrap_or_else(|| panic!("no step with {sign}")).commands.replace("\\\n", " ")
    };
    let worker = with("set-credentials bootstrap");
    let (kubeconfig, ca) =
        (scratch.join("etc/bootstrap-kubelet.conf"), export.node(2).join("etc/kubernetes/pki/ca.crt"));
    let here = |line: &str| {
        line.trim()
            .replace("/etc/kubernetes/bootstrap-kubelet.conf", &kubeconfig.to_string_lossy())
            .replace("/etc/kubernetes/pki/ca.crt", &ca.to_string_lossy())
            .replace("\"$TOKEN\"", "abcdef.0123456789abcdef")
    };
    let kubectl = |line: &str| {
        let mut command = KUBECTL.command();
        command.env("HOME", scratch.path()).args(line.split(' ').skip(1));
        run(&mut command, 60).good()
    };
    let configs: Vec<&str> = worker.lines().filter(|line| line.trim().starts_with("kubectl config ")).collect();
    assert_eq!(configs.len(), 4, "{worker}");
    for line in configs {
        kubectl(&here(line));
    }
    let made: Value =
        serde_saphyr::from_str(&std::fs::read_to_string(&kubeconfig).expect("kubectl wrote it")).expect("YAML");
    assert_eq!(made["clusters"][0]["cluster"]["server"], "https://api.prod.example:6443");
    assert_eq!(made["users"][0]["user"]["token"], "abcdef.0123456789abcdef");
    assert_eq!(made["current-context"], made["contexts"][0]["name"]);

    let secret = with(" create secret ");
    let secret = secret.lines().find(|line| line.contains(" create secret ")).expect("the token's Secret");
    let words: Vec<&str> = secret.split_once(" -n ").expect("a namespace").1.split_whitespace().collect();
    // When it ends is for a shell to say.
    let rest = words.iter().take_while(|word| !word.contains("expiration")).copied().collect::<Vec<_>>().join(" ");
    let rest = rest.replace('"', "").replace("${TOKEN%.*}", "abcdef").replace("${TOKEN#*.}", "0123456789abcdef");
    let said = kubectl(&format!("kubectl -n {rest} --dry-run=client -o json"));
    let made: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    assert_eq!(made["metadata"]["name"], "bootstrap-token-abcdef");
    assert_eq!(made["type"], "bootstrap.kubernetes.io/token");
}
