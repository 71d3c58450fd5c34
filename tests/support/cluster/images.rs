//! The images of a cluster's containers, in one archive: our build of the programs, under the names that kubeadm asks for.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::json;

use crate::program::run;
use crate::scratch::Scratch;
use crate::tool::{KUBERNETES, MACHINES};

/// Where an image has its programs.
const PROGRAMS: &str = "usr/local/bin";
/// Programs of Debian that kube-proxy calls, with what they load.
const OF_DEBIAN: &[&str] =
    &["iptables", "ip6tables", "iptables-save", "iptables-restore", "ip6tables-save", "ip6tables-restore"];
/// Names of the programs that a container starts.
const COMPONENTS: &[&str] =
    &["kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubectl", "kubeadm"];

/// The folder of what a machine runs beside Kubernetes' components.
pub(super) fn programs() -> PathBuf {
    let machines = MACHINES.path().canonicalize().expect("it is there");
    machines.parent().map(Path::to_path_buf).expect("a program is in a folder")
}

/// The archive, made once for all tests of a process, as `docker save` writes one: each name with the same layer.
pub fn archive() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(make)
}

/// The names of all images that kubeadm of this version asks for.
pub fn names() -> &'static [String] {
    static LISTED: OnceLock<Vec<String>> = OnceLock::new();
    LISTED.get_or_init(|| list(&[]))
}

/// The same where they come from another registry, in the same order.
pub(super) fn names_in(repository: &str) -> Vec<String> {
    list(&["--image-repository", repository])
}

fn list(arguments: &[&str]) -> Vec<String> {
    let mut list = KUBERNETES.command();
    list.args(["kubeadm", "config", "images", "list", "--kubernetes-version", version()]).args(arguments);
    run(&mut list, 30).good().lines().map(str::to_owned).collect()
}

/// The version of the components, as `v1.2.3`.
pub fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        run(KUBERNETES.command().args(["kubeadm", "version", "-o", "short"]), 120).good().trim().to_owned()
    })
}

/// Its minor release, `1.2`.
pub fn minor() -> &'static str {
    let version = version().trim_start_matches('v');
    version.rsplit_once('.').map_or(version, |(minor, _)| minor)
}

/// The version of the etcd that machines run, as `1.2.3`.
pub fn etcd_version() -> String {
    let said = run(Command::new(programs().join("server")).arg("--version"), 30).good();
    let version = said.lines().find_map(|line| line.strip_prefix("etcd Version: "));
    version.unwrap_or_else(|| panic!("etcd names no version: {said}")).to_owned()
}

fn make() -> PathBuf {
    let folder = Scratch::shared("images");
    let layer = layer(&folder);
    let sum = run(Command::new("sha256sum").arg(&layer), 60).good();
    let sum = sum.split_whitespace().next().expect("sha256sum prints a sum");
    let mut entries = Vec::new();
    for name in names() {
        let program = name.rsplit('/').next().and_then(|last| last.split(':').next()).unwrap_or_default().to_owned();
        let config = format!("{program}.json");
        let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
        let text = json!({
            "architecture": architecture,
            "os": "linux",
            "config": {
                "Env": ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
                "Entrypoint": [format!("/{PROGRAMS}/{program}")],
            },
            "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{sum}")] },
        });
        fs::write(folder.join(&config), text.to_string()).expect("the scratch folder is there");
        entries.push(json!({ "Config": config, "RepoTags": [name], "Layers": ["layer.tar"] }));
    }
    fs::write(folder.join("manifest.json"), json!(entries).to_string()).expect("the scratch folder is there");
    let archive = folder.join("images.tar");
    run(Command::new("sh").arg("-c").arg("tar -cf images.tar manifest.json *.json layer.tar").current_dir(&folder), 60)
        .good();
    fs::remove_file(layer).expect("it was made here");
    archive
}

/// The one layer: the programs, each under its names, and what Debian's need.
fn layer(folder: &Path) -> PathBuf {
    let (root, layer) = (folder.join("root"), folder.join("layer.tar"));
    let programs = root.join(PROGRAMS);
    for place in [&programs, &root.join("tmp"), &root.join("run")] {
        fs::create_dir_all(place).expect("the scratch folder is there");
    }
    for name in COMPONENTS {
        symlink("components", programs.join(name)).expect("nothing has that name yet");
    }
    run(Command::new("tar").arg("-cf").arg(&layer).arg("-C").arg(&root).arg("."), 60).good();
    for (program, path) in [
        ("components", KUBERNETES.path()),
        ("coredns", self::programs().join("coredns")),
        ("etcd", self::programs().join("server")),
        ("pause", self::programs().join("machines")),
    ] {
        let mut add = Command::new("tar");
        add.arg("-rf").arg(&layer).arg("-P").arg("--dereference").arg(path.canonicalize().expect("it is there"));
        add.arg("--transform").arg(format!("s,.*,./{PROGRAMS}/{program},"));
        run(&mut add, 60).good();
    }
    let mut add = Command::new("sh");
    add.arg("-c").arg(include_str!("debian.sh")).arg("sh").arg(&layer).args(OF_DEBIAN);
    run(&mut add, 60).good();
    layer
}
