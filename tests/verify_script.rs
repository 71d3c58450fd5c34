//! `verify.sh`: on good trees of every kind, in dash and bash, and on trees that are damaged in one place each.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use kubepki_core::plan::{Holding, PlannedFile};
use support::export::Export;
use support::openssl::{Recipe, authority, openssl, replace};
use support::program::{Said, run};
use support::scratch::{Scratch, copy};
use support::tool::OPENSSL;

fn verify(shell: &str, folder: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(shell);
    // The script's openssl is the judge's.
    let path = std::env::join_paths(
        OPENSSL
            .path()
            .parent()
            .map(PathBuf::from)
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    command.arg(folder.join("verify.sh")).args(arguments).env("PATH", path.expect("a path of folders"));
    run(&mut command, 120)
}

#[test]
fn good_trees_hold() {
    for (shell, name) in [
        ("dash", "single"),
        ("bash", "key-mixed"),
        ("dash", "course-serving"),
        ("bash", "ipv6-only"),
        ("dash", "names"),
        ("bash", "off-node"),
        ("dash", "ha-external-manual"),
    ] {
        let export = Export::of(name);
        let said = verify(shell, &export.folder, &[]);
        assert_eq!(said.code, Some(0), "{name} in {shell}: {said}");
        let lines = || said.out.lines();
        assert!(lines().filter(|line| line.starts_with("ok  ")).count() > 9, "{name} in {shell}: {said}");
        assert!(!lines().any(|line| line.starts_with("BAD")), "{name} in {shell}: {said}");
        assert!(said.err.is_empty(), "{name} in {shell}: {said}");
        let lines: Vec<&str> =
            lines().filter(|line| line.starts_with("ok  ") && !line.contains(" days left")).collect();
        assert!(lines.is_empty(), "{name} in {shell}: {lines:?}");
    }
}

/// The line that the issue promises.
#[test]
fn a_line_reads_as_promised() {
    let export = Export::of("key-ecdsa-p256");
    let out = verify("dash", &export.folder, &[]).good();
    let line = "ok  kube-apiserver → etcd  apiserver-etcd-client signed by etcd-ca, clientAuth, 36";
    assert!(out.contains(line), "{out}");
}

#[test]
fn one_node_alone_can_be_checked() {
    let export = Export::of("ha-external-manual");
    let out = verify("dash", &export.folder, &["--node", "etcd-2"]).good();
    assert!(out.contains("ok  etcd gateway → etcd  etcd-server signed by etcd-ca, clientAuth"), "{out}");
    assert!(out.contains("half etcd → etcd peer  etcd-peer signed by etcd-ca"), "{out}");
    let judged = out.lines().filter(|line| !line.starts_with("not checked here"));
    assert!(judged.into_iter().all(|line| !line.contains("kubectl")), "etcd-2 has no kubeconfig: {out}");
    let said = verify("dash", &export.folder, &["--node", "nobody"]);
    assert_eq!(said.code, Some(2), "{said}");
    assert_eq!(verify("dash", &export.folder, &["--nonsense"]).code, Some(2));
}

/// Nothing listens at the design's addresses: `--live` says so and fails.
#[test]
fn nothing_live_is_said() {
    let export = Export::of("loopback");
    let said = verify("dash", &export.folder, &["--live", "--node", "w-1"]);
    assert_eq!(said.code, Some(1), "{said}");
    assert!(said.out.contains("BAD live kubelet@w-1 at 127.0.0.5:10250"), "{said}");
}

/// A tree to be damaged: a copy of an export with one control plane.
struct Tree {
    scratch: Scratch,
    export: &'static Export,
    folder: PathBuf,
}

impl Tree {
    fn new() -> Self {
        let export = Export::of("key-ecdsa-p256");
        let scratch = Scratch::new("damaged");
        let folder = scratch.join("tree");
        copy(&export.folder, &folder);
        Self { scratch, export, folder }
    }

    /// A file's place in this tree.
    fn path(&self, key: &str, holding: Holding) -> PathBuf {
        self.folder.join(self.relative(key, holding))
    }

    /// The same, as the script names it.
    fn relative(&self, key: &str, holding: Holding) -> String {
        let file: &PlannedFile = self.export.file(key, holding);
        format!("nodes/cp-1{}", file.path)
    }

    fn certificate(&self, key: &str) -> PathBuf {
        self.path(key, Holding::Certificate)
    }

    fn key(&self, key: &str) -> PathBuf {
        self.path(key, Holding::PrivateKey)
    }

    /// Puts another certificate and key, signed by a CA of the tree, in place of a pair.
    fn put(&self, pair: &str, ca: &str, recipe: &Recipe<'_>) {
        let (certificate, key) = recipe.sign(&self.scratch, "other", &self.certificate(ca), &self.key(ca));
        replace(&self.certificate(pair), &certificate);
        replace(&self.key(pair), &key);
    }

    /// Changes a kubeconfig's field to other PEM.
    fn embed(&self, kubeconfig: &str, field: &str, pem: &str) {
        use base64ct::Encoding as _;
        let path = self.path(kubeconfig, Holding::Kubeconfig);
        let text = fs::read_to_string(&path).expect("it was copied");
        let line = text.lines().find(|line| line.trim_start().starts_with(field)).expect("the field is there");
        let indent = &line[..line.len() - line.trim_start().len()];
        let other = format!("{indent}{field}: {}", base64ct::Base64::encode_string(pem.as_bytes()));
        fs::write(&path, text.replace(line, &other)).expect("it can be written");
    }

    /// Sums as they would be had the damage been packed, so that nothing but the damage can be found.
    fn sum_up(&self) {
        let sums = fs::read_to_string(self.folder.join("SHA256SUMS")).expect("it was copied");
        let files = sums.lines().filter_map(|line| line.split_once("  ")).map(|(_, file)| file);
        let present: Vec<&str> = files.filter(|file| self.folder.join(file).is_file()).collect();
        let made = run(Command::new("sha256sum").args(&present).current_dir(&self.folder), 20).good();
        fs::write(self.folder.join("SHA256SUMS"), made).expect("it can be written");
    }
}

const CLIENT: &str = "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth\n";
const SERVER: &str = "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n";
const PEER_OF_CP_1: &str = "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n\
    subjectAltName=DNS:cp-1,DNS:localhost,IP:192.168.1.10,IP:127.0.0.1,IP:::1\n";

/// What is done to a tree, and the file and words by which the script must name it.
struct Damage {
    what: &'static str,
    file: &'static str,
    says: &'static str,
    /// Whether sums are left as they were.
    unpacked: bool,
    inflict: fn(&Tree),
}

macro_rules! damage {
    ($what:literal, $file:literal, $says:literal, $inflict:expr) => {
        Damage { what: $what, file: $file, says: $says, unpacked: false, inflict: $inflict }
    };
}

const DAMAGES: &[Damage] = &[
    Damage {
        what: "a byte is changed after packing",
        file: "nodes/cp-1/etc/kubernetes/pki/sa.pub",
        says: "was changed since it was made",
        unpacked: true,
        inflict: |tree| {
            let path = tree.path("sa@cluster", Holding::PublicKey);
            fs::write(&path, fs::read_to_string(&path).expect("it was copied") + "\n").expect("it can be written");
        },
    },
    Damage {
        what: "a certificate is missing",
        file: "nodes/cp-1/etc/kubernetes/pki/apiserver.crt",
        says: "is missing",
        unpacked: true,
        inflict: |tree| fs::remove_file(tree.certificate("apiserver@cp-1")).expect("it was copied"),
    },
    damage!(
        "a certificate is cut off",
        "nodes/cp-1/etc/kubernetes/pki/etcd/peer.crt",
        "no readable certificate",
        |tree| {
            let path = tree.certificate("etcd-peer@cp-1");
            let text = fs::read_to_string(&path).expect("it was copied");
            fs::write(&path, &text[..text.len() / 2]).expect("it can be written");
        }
    ),
    damage!(
        "a file is empty",
        "nodes/cp-1/etc/kubernetes/pki/front-proxy-client.key",
        "no readable private key",
        |tree| {
            fs::write(tree.key("front-proxy-client@cp-1"), "").expect("it can be written");
        }
    ),
    damage!(
        "two keys are exchanged",
        "nodes/cp-1/etc/kubernetes/pki/apiserver.key",
        "is not the private key of",
        |tree| {
            replace(&tree.key("apiserver@cp-1"), &tree.key("etcd-server@cp-1"));
        }
    ),
    damage!(
        "a certificate is signed by a CA of the same name",
        "nodes/cp-1/etc/kubernetes/pki/apiserver-kubelet-client.crt",
        "(ca)",
        |tree| {
            let (ca, ca_key) = authority(&tree.scratch, "false-ca", "kubernetes");
            let recipe = Recipe { subject: "/CN=kube-apiserver-kubelet-client", extensions: CLIENT, dates: None };
            let (certificate, key) = recipe.sign(&tree.scratch, "false", &ca, &ca_key);
            replace(&tree.certificate("apiserver-kubelet-client@cp-1"), &certificate);
            replace(&tree.key("apiserver-kubelet-client@cp-1"), &key);
        }
    ),
    damage!(
        "an etcd client is signed by the cluster CA",
        "nodes/cp-1/etc/kubernetes/pki/apiserver-etcd-client.crt",
        "is not signed by this CA (etcd-ca)",
        |tree| {
            let recipe = Recipe { subject: "/CN=kube-apiserver-etcd-client", extensions: CLIENT, dates: None };
            tree.put("apiserver-etcd-client@cp-1", "ca@cluster", &recipe);
        }
    ),
    damage!(
        "a certificate has expired",
        "nodes/cp-1/etc/kubernetes/pki/front-proxy-client.crt",
        "has expired",
        |tree| {
            let dates = Some(("20200101000000Z", "20210101000000Z"));
            let recipe = Recipe { subject: "/CN=front-proxy-client", extensions: CLIENT, dates };
            tree.put("front-proxy-client@cp-1", "front-proxy-ca@cluster", &recipe);
        }
    ),
    damage!(
        "a certificate is not valid yet",
        "nodes/cp-1/etc/kubernetes/pki/front-proxy-client.crt",
        "is not valid yet",
        |tree| {
            let dates = Some(("20450101000000Z", "20460101000000Z"));
            let recipe = Recipe { subject: "/CN=front-proxy-client", extensions: CLIENT, dates };
            tree.put("front-proxy-client@cp-1", "front-proxy-ca@cluster", &recipe);
        }
    ),
    damage!(
        "a client has a server's usage",
        "nodes/cp-1/etc/kubernetes/pki/etcd/healthcheck-client.crt",
        "TLS Web Server Authentication",
        |tree| {
            let recipe = Recipe { subject: "/CN=kube-etcd-healthcheck-client", extensions: SERVER, dates: None };
            tree.put("etcd-healthcheck-client@cp-1", "etcd-ca@cluster", &recipe);
        }
    ),
    damage!("a server lacks a name", "nodes/cp-1/etc/kubernetes/pki/apiserver.crt", "lacks", |tree| {
        let names = "subjectAltName=DNS:cp-1,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,\
            DNS:kubernetes.default.svc.cluster.local,IP:10.96.0.1\n";
        let recipe = Recipe { subject: "/CN=kube-apiserver", extensions: &format!("{SERVER}{names}"), dates: None };
        tree.put("apiserver@cp-1", "ca@cluster", &recipe);
    }),
    damage!("a peer is another node", "nodes/cp-1/etc/kubernetes/pki/etcd/server.crt", "is for CN=cp-9", |tree| {
        let recipe = Recipe { subject: "/CN=cp-9", extensions: PEER_OF_CP_1, dates: None };
        tree.put("etcd-server@cp-1", "etcd-ca@cluster", &recipe);
    }),
    damage!("the CA is another one", "nodes/cp-1/etc/kubernetes/pki/ca.crt", "is another CA than ca", |tree| {
        let (ca, _) = authority(&tree.scratch, "false-ca", "kubernetes");
        replace(&tree.certificate("ca@cluster"), &ca);
    }),
    damage!("a leaf stands in for a CA", "nodes/cp-1/etc/kubernetes/pki/etcd/ca.crt", "is for CN=cp-1", |tree| {
        replace(&tree.certificate("etcd-ca@cluster"), &tree.certificate("etcd-peer@cp-1"));
    }),
    damage!(
        "a kubeconfig trusts another CA",
        "nodes/cp-1/etc/kubernetes/scheduler.conf",
        "trusts another CA",
        |tree| {
            let (ca, _) = authority(&tree.scratch, "false-ca", "kubernetes");
            tree.embed(
                "scheduler.conf@cp-1",
                "certificate-authority-data",
                &fs::read_to_string(ca).expect("just made"),
            );
        }
    ),
    damage!(
        "a kubeconfig has another's key",
        "nodes/cp-1/etc/kubernetes/admin.conf",
        "is not the private key",
        |tree| {
            let key = fs::read_to_string(tree.key("apiserver@cp-1")).expect("it was copied");
            tree.embed("admin.conf@cp-1", "client-key-data", &key);
        }
    ),
    damage!(
        "a kubeconfig is somebody else",
        "nodes/cp-1/etc/kubernetes/kubelet.conf",
        "is for CN=system:node:cp-9",
        |tree| {
            let recipe = Recipe { subject: "/O=system:nodes/CN=system:node:cp-9", extensions: CLIENT, dates: None };
            let (ca, ca_key) = (tree.certificate("ca@cluster"), tree.key("ca@cluster"));
            let (certificate, key) = recipe.sign(&tree.scratch, "other", &ca, &ca_key);
            let read = |path: PathBuf| fs::read_to_string(path).expect("just made");
            tree.embed("kubelet.conf@cp-1", "client-certificate-data", &read(certificate));
            tree.embed("kubelet.conf@cp-1", "client-key-data", &read(key));
        }
    ),
    damage!(
        "a kubeconfig is no text of base64",
        "nodes/cp-1/etc/kubernetes/controller-manager.conf",
        "no readable",
        |tree| {
            tree.embed("controller-manager.conf@cp-1", "client-certificate-data", "nothing");
        }
    ),
    damage!(
        "a private key is open to all",
        "nodes/cp-1/etc/kubernetes/pki/ca.key",
        "its mode should be 0600",
        |tree| {
            fs::set_permissions(tree.key("ca@cluster"), fs::Permissions::from_mode(0o644)).expect("it is ours");
        }
    ),
    damage!("sa.pub is of another key", "nodes/cp-1/etc/kubernetes/pki/sa.pub", "is not the public key of", |tree| {
        let other = tree.key("apiserver@cp-1").to_string_lossy().into_owned();
        let public = tree.path("sa@cluster", Holding::PublicKey).to_string_lossy().into_owned();
        openssl(&["pkey", "-in", &other, "-pubout", "-out", &public]).good();
    }),
];

fn every_nth_damage(part: usize, parts: usize) {
    for damage in DAMAGES.iter().skip(part).step_by(parts) {
        let tree = Tree::new();
        (damage.inflict)(&tree);
        if !damage.unpacked {
            tree.sum_up();
        }
        let said = verify("dash", &tree.folder, &[]);
        assert_eq!(said.code, Some(1), "{}: {said}", damage.what);
        // The first words about the file, and what mends it on the next line.
        let mut lines = said.out.lines().skip_while(|line| !line.starts_with(&format!("BAD {}: ", damage.file)));
        let named = lines.clone().take(20).find(|line| line.contains(damage.file) && line.contains(damage.says));
        assert!(named.is_some(), "{}: it should say {:?} of {}: {said}", damage.what, damage.says, damage.file);
        assert!(lines.nth(1).is_some_and(|line| line.trim_start().starts_with("mend: ")), "{}: {said}", damage.what);
    }
}

#[test]
fn damaged_trees_are_named_first_half() {
    every_nth_damage(0, 2);
}

#[test]
fn damaged_trees_are_named_second_half() {
    every_nth_damage(1, 2);
}
