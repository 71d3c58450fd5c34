//! `install.sh` in a scratch root: it must not need root there, and `--root` keeps it from anything else.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Output;

use kubepki_core::spec::Field;
use kubepki_issuance::archive::Selection;

use crate::scratch::{Scratch, draft, issued, mode, run, said};

const NOW: i64 = 1_795_466_341;

/// An unpacked export and an empty root beside it.
struct Node {
    scratch: Scratch,
    top: PathBuf,
    root: PathBuf,
    shell: &'static str,
}

impl Node {
    fn new(preset: &str, fields: &[(Field, &str)], shell: &'static str) -> Self {
        let draft = draft(preset, fields);
        let scratch = Scratch::new();
        let top = scratch.unpack(&issued(&draft, NOW), &draft, Selection::Whole);
        let root = scratch.path().join("root dir");
        fs::create_dir(&root).expect("a folder");
        Self { scratch, top, root, shell }
    }

    /// Runs the script below the scratch root, under the strictest umask.
    fn install(&self, args: &str) -> Output {
        let line = format!("umask 077; exec {} '{}/install.sh' --root \"$0\" {args}", self.shell, self.top.display());
        run(self.scratch.path(), "sh", &["-c", &line, self.root.to_str().expect("a name")])
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }
}

/// Every file below a folder with its mode and content, but for the script's own backups.
fn tree(top: &Path) -> Vec<(String, u32, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![top.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(top).expect("below").display().to_string();
            if name == "var/lib/kubepki" || name == "var" && !path.join("lib/kubelet").exists() {
                continue;
            }
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else {
                found.push((name, mode(&path), fs::read(&path).unwrap_or_default()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn it_puts_every_file_in_place_under_a_strict_umask_and_twice_changes_nothing() {
    for shell in ["dash", "bash"] {
        let node = Node::new("ha-stacked", &[], shell);
        let first = node.install("--node cp-1");
        assert!(first.status.success(), "{shell}: {}", said(&first));
        assert!(said(&first).contains("kubeadm init --config kubeadm/cp-1.yaml"), "{}", said(&first));
        for (path, expected) in [
            ("/etc/kubernetes", 0o755),
            ("/etc/kubernetes/pki/etcd", 0o755),
            ("/etc/kubernetes/pki/ca.crt", 0o644),
            ("/etc/kubernetes/pki/ca.key", 0o600),
            ("/etc/kubernetes/pki/sa.pub", 0o600),
            ("/etc/kubernetes/admin.conf", 0o600),
        ] {
            assert_eq!(mode(&node.at(path)), expected, "{shell}: {path}");
        }
        let there = tree(&node.root);
        assert_eq!(there, tree(&node.top.join("nodes/cp-1")));
        let second = node.install("--node cp-1");
        assert!(second.status.success() && said(&second).contains("0 files written"), "{}", said(&second));
        assert_eq!(tree(&node.root), there);
        assert!(!node.at("/var/lib/kubepki/backup-2").exists());
    }
}

#[test]
fn modes_are_mended_without_a_backup() {
    let node = Node::new("single", &[], "dash");
    assert!(node.install("--node cp-1").status.success());
    let key = node.at("/etc/kubernetes/pki/sa.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("a mode");
    let again = node.install("--node cp-1");
    assert!(said(&again).contains("set     /etc/kubernetes/pki/sa.key  0600 root:root"), "{}", said(&again));
    assert_eq!(mode(&key), 0o600);
}

#[test]
fn a_dry_run_changes_nothing() {
    let node = Node::new("single", &[], "dash");
    let output = node.install("--node cp-1 --dry-run");
    assert!(output.status.success() && said(&output).contains("Nothing was changed"), "{}", said(&output));
    assert_eq!(fs::read_dir(&node.root).expect("a folder").count(), 0);
}

#[test]
fn it_refuses_the_wrong_host_and_a_worker_is_told_how_to_join() {
    let node = Node::new("ha-stacked", &[], "dash");
    let wrong = node.install("");
    assert_eq!(wrong.status.code(), Some(1), "{}", said(&wrong));
    assert!(said(&wrong).contains("the files here are for: cp-1 cp-2 cp-3 w-1"), "{}", said(&wrong));
    assert_eq!(node.install("--node cp-9").status.code(), Some(1));
    assert_eq!(node.install("--bogus").status.code(), Some(2));
    let worker = node.install("--node w-1");
    let text = said(&worker);
    assert!(worker.status.success() && text.contains("Nothing to install on w-1"), "{text}");
    assert!(text.contains("kubeadm join --config join.yaml") && text.contains("kubeadm/w-1.yaml"), "{text}");
}

#[test]
fn another_ca_is_never_replaced_unasked_and_restore_brings_everything_back() {
    for shell in ["dash", "bash"] {
        let node = Node::new("single", &[], shell);
        let put = |path: &str, text: &str, mode: u32| {
            let path = node.at(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(&path, text).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
        };
        put("/etc/kubernetes/pki/ca.crt", "another CA", 0o640);
        put("/etc/kubernetes/pki/apiserver.crt", "an old one", 0o600);
        put("/etc/kubernetes/keep.me", "mine", 0o604);
        symlink("/nowhere", node.at("/etc/kubernetes/admin.conf")).expect("a link");
        let before = tree(&node.root);
        let refused = node.install("--node cp-1");
        let text = said(&refused);
        assert_eq!(refused.status.code(), Some(1), "{text}");
        assert!(text.contains("ca.crt holds another CA") && text.contains("nothing was changed"), "{text}");
        assert_eq!(tree(&node.root), before);

        let done = node.install("--node cp-1 --replace-ca");
        assert!(done.status.success(), "{}", said(&done));
        assert_eq!(mode(&node.at("/etc/kubernetes/pki/ca.crt")), 0o644);
        assert!(!node.at("/etc/kubernetes/admin.conf").is_symlink());
        assert_eq!(mode(&node.at("/var/lib/kubepki")), 0o700);
        let kept = node.at("/var/lib/kubepki/backup-1/files/etc/kubernetes/pki/ca.crt");
        assert_eq!(fs::read_to_string(&kept).expect("a backup"), "another CA");

        let undone = node.install("--restore");
        assert!(undone.status.success(), "{}", said(&undone));
        assert_eq!(tree(&node.root), before, "{shell}");
        assert!(node.at("/etc/kubernetes/admin.conf").is_symlink());
        // Keys are taken away, never deleted.
        assert!(node.at("/var/lib/kubepki/backup-1/taken-away/etc/kubernetes/pki/ca.key").exists());
        let none = node.install("--restore");
        assert!(said(&none).contains("there is no installation to undo"), "{}", said(&none));
    }
}

#[test]
fn a_damaged_export_is_not_installed() {
    let node = Node::new("single", &[], "dash");
    let crt = node.top.join("nodes/cp-1/etc/kubernetes/pki/ca.crt");
    fs::write(&crt, "something else").expect("written");
    fs::remove_file(node.top.join("nodes/cp-1/etc/kubernetes/pki/sa.pub")).expect("removed");
    let output = node.install("--node cp-1");
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("ca.crt is not the file that was packed") && text.contains("sa.pub is missing"), "{text}");
    assert_eq!(fs::read_dir(&node.root).expect("a folder").count(), 0);
}

#[test]
fn it_says_what_to_restart() {
    let node = Node::new("single", &[], "dash");
    let manifest = node.at("/etc/kubernetes/manifests/kube-apiserver.yaml");
    fs::create_dir_all(manifest.parent().expect("a folder")).expect("folders");
    fs::write(&manifest, "").expect("written");
    let text = said(&node.install("--node cp-1"));
    assert!(text.contains("mv /etc/kubernetes/manifests/kube-apiserver.yaml"), "{text}");
    assert!(!text.contains("etcd.yaml"), "{text}");
    let manual = Node::new("course", &[], "dash");
    // What is no service yet reads nothing yet.
    let text = said(&manual.install("--node node01"));
    assert!(!text.contains("Restart what runs"), "{text}");
    let manual = Node::new("course", &[], "dash");
    for path in ["/etc/systemd/system/kubelet.service", "/var/lib/kubelet/config.yaml"] {
        fs::create_dir_all(manual.at(path).parent().expect("a folder")).expect("folders");
        fs::write(manual.at(path), "").expect("written");
    }
    let text = said(&manual.install("--node node01"));
    assert!(text.contains("Restart what runs") && text.contains("systemctl restart kubelet"), "{text}");
    assert_eq!(mode(&manual.at("/var/lib/kubelet/kubeconfig")), 0o600);
}
