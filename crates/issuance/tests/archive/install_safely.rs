//! `install.sh` where somebody means harm or something is missing: links, folders of others, sums that are gone; and on
//! nodes that run already.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kubepki_core::spec::Field;
use kubepki_issuance::archive::Selection;

use crate::scratch::{Scratch, draft, issued, run, said};

const NOW: i64 = 1_795_466_341;

/// An unpacked export, an empty root, and a folder for programs that stand before the machine's own.
struct Node {
    scratch: Scratch,
    top: PathBuf,
    root: PathBuf,
}

impl Node {
    fn new(preset: &str, fields: &[(Field, &str)]) -> Self {
        let draft = draft(preset, fields);
        let scratch = Scratch::new();
        let top = scratch.unpack(&issued(&draft, NOW), &draft, Selection::Whole);
        let root = scratch.path().join("root");
        fs::create_dir(&root).expect("a folder");
        fs::create_dir(scratch.path().join("bin")).expect("a folder");
        Self { scratch, top, root }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn make(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, text).expect("written");
    }

    fn shim(&self, name: &str, script: &str) {
        let path = self.scratch.path().join("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    /// Runs the script below the root, with the shims in front.
    fn install(&self, args: &[&str]) -> Output {
        let path = format!("{}:{}", self.scratch.path().join("bin").display(), std::env::var("PATH").expect("a path"));
        let mut command = Command::new("dash");
        command.arg(self.top.join("install.sh")).arg("--root").arg(&self.root).args(args);
        command.env("PATH", path).current_dir(self.scratch.path()).output().expect("a shell")
    }

    fn is_empty(&self) -> bool {
        fs::read_dir(&self.root).expect("a folder").count() == 0
    }
}

fn refused(output: &Output, why: &str) {
    let text = said(output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains(why) && text.contains("nothing was changed"), "{why}: {text}");
}

/// Where a program is.
fn place(tool: &str) -> String {
    let found = run(Path::new("/"), "sh", &["-c", &format!("command -v {tool}")]);
    String::from_utf8_lossy(&found.stdout).trim().to_owned()
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).expect("a folder").count()
}

#[test]
fn a_link_out_of_the_root_is_not_followed() {
    for link in ["etc/kubernetes", "etc", "etc/kubernetes/pki", "etc/kubernetes/pki/etcd", "var/lib/kubepki", "var"] {
        let node = Node::new("single", &[]);
        let elsewhere = node.scratch.path().join("elsewhere");
        fs::create_dir(&elsewhere).expect("a folder");
        fs::create_dir_all(node.at(link).parent().expect("a folder")).expect("folders");
        symlink(&elsewhere, node.at(link)).expect("a link");
        refused(&node.install(&["--node", "cp-1"]), "leads out of");
        assert_eq!(count(&elsewhere), 0, "{link}");
        refused(&node.install(&["--node", "cp-1", "--dry-run"]), "leads out of");
    }
    // One that stays inside is as good as a folder.
    let node = Node::new("single", &[]);
    fs::create_dir_all(node.at("data/kubernetes")).expect("folders");
    fs::create_dir(node.at("etc")).expect("a folder");
    symlink("../data/kubernetes", node.at("etc/kubernetes")).expect("a link");
    let done = node.install(&["--node", "cp-1"]);
    assert!(done.status.success(), "{}", said(&done));
    assert!(node.at("data/kubernetes/pki/ca.key").is_file());
}

#[test]
fn undoing_follows_no_link_either() {
    let node = Node::new("single", &[]);
    node.make("etc/kubernetes/admin.conf", "an old one");
    assert!(node.install(&["--node", "cp-1"]).status.success());
    let elsewhere = node.scratch.path().join("elsewhere");
    fs::rename(node.at("etc/kubernetes"), &elsewhere).expect("moved");
    symlink(&elsewhere, node.at("etc/kubernetes")).expect("a link");
    let before = count(&elsewhere);
    refused(&node.install(&["--restore"]), "leads out of");
    assert_eq!(count(&elsewhere), before);
    // Nor is a journal believed that somebody else wrote into an image.
    let node = Node::new("single", &[]);
    let victim = node.scratch.path().join("victim");
    fs::write(&victim, "mine").expect("written");
    node.make("var/lib/kubepki/backup-1/journal", "made|/../victim\n");
    refused(&node.install(&["--restore"]), "no place of an installation");
    assert_eq!(fs::read_to_string(&victim).expect("it is there"), "mine");
}

/// Whoever owns a folder can put a link where root is about to write.
#[test]
fn folders_that_others_can_change_are_refused_as_root() {
    for prepare in [
        |folder: &Path| chown(folder, Some(65_534), Some(65_534)).expect("we are root"),
        |folder: &Path| fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("a mode"),
    ] {
        let node = Node::new("single", &[]);
        let folder = node.at("etc/kubernetes/pki");
        fs::create_dir_all(&folder).expect("folders");
        if fs::metadata(&folder).expect("it is there").uid() == 0 {
            prepare(&folder);
        } else {
            // To who is not root, every folder here is one of somebody else than root.
            node.shim("id", "echo 0");
        }
        refused(&node.install(&["--node", "cp-1"]), "somebody else than root can change what is in");
        assert_eq!(count(&folder), 0);
    }
}

/// The moment between making a file and giving it away, with somebody there who uses it.
#[test]
fn a_link_that_comes_in_between_is_not_written_through() {
    let node = Node::new("single", &[]);
    let victim = node.scratch.path().join("victim");
    fs::write(&victim, "mine").expect("written");
    fs::set_permissions(&victim, fs::Permissions::from_mode(0o640)).expect("a mode");
    // Whatever is given an owner becomes a link to the victim.
    node.shim(
        "chown",
        &format!("for last; do :; done\n[ -d \"$last\" ] || ln -sfn '{}' \"$last\"\nexit 0", victim.display()),
    );
    let _ = node.install(&["--node", "cp-1"]);
    assert_eq!(fs::read_to_string(&victim).expect("it is there"), "mine");
    assert_eq!(fs::metadata(&victim).expect("it is there").permissions().mode() & 0o777, 0o640);
}

#[test]
fn what_cannot_be_compared_is_not_installed_unasked() {
    let node = Node::new("single", &[]);
    fs::remove_file(node.top.join("SHA256SUMS")).expect("removed");
    refused(&node.install(&["--node", "cp-1"]), "SHA256SUMS is missing here");
    assert!(node.is_empty());
    let done = node.install(&["--node", "cp-1", "--unchecked"]);
    assert!(done.status.success() && node.at("etc/kubernetes/pki/ca.key").is_file(), "{}", said(&done));

    // A machine with neither program: the shell's own tools and no others.
    let node = Node::new("single", &[]);
    let bin = node.scratch.path().join("bare");
    fs::create_dir(&bin).expect("a folder");
    let tools = [
        "sh", "sed", "grep", "cut", "sort", "head", "tr", "uname", "id", "dirname", "cat", "find", "mkdir", "mv", "rm",
        "rmdir", "cmp", "chown", "chmod", "cp",
    ];
    for tool in tools {
        symlink(place(tool), bin.join(tool)).expect("a link");
    }
    let install = |args: &[&str]| {
        let mut command = Command::new(place("dash"));
        command.arg(node.top.join("install.sh")).arg("--root").arg(&node.root).args(["--node", "cp-1"]).args(args);
        command.env("PATH", &bin).output().expect("a shell")
    };
    refused(&install(&[]), "neither sha256sum nor openssl is there");
    assert!(node.is_empty());
    let done = install(&["--unchecked"]);
    assert!(done.status.success() && node.at("etc/kubernetes/pki/ca.key").is_file(), "{}", said(&done));
}

/// Where `mv` knows no `-T`, nothing is moved into a folder, and nothing is left behind.
#[test]
fn it_works_without_gnu_programs() {
    let node = Node::new("single", &[]);
    node.shim(
        "mv",
        "for one; do case $one in --help) echo 'usage: mv [-f] source target' >&2; exit 64 ;; -T) exit 64 ;; esac; done\nexec /bin/mv \"$@\"",
    );
    let done = node.install(&["--node", "cp-1"]);
    assert!(done.status.success(), "{}", said(&done));
    assert!(node.at("etc/kubernetes/pki/etcd/ca.key").is_file());
    assert!(!node.at("etc/kubernetes/pki/.kubepki-new").exists());
    let back = node.install(&["--restore"]);
    assert!(back.status.success() && !node.at("etc").exists(), "{}", said(&back));
}

#[test]
fn a_node_that_runs_is_told_to_restart_and_not_to_begin_anew() {
    let begin = "kubeadm init --config";
    for sign in
        ["etc/kubernetes/manifests/kube-apiserver.yaml", "etc/kubernetes/kubelet.conf", "var/lib/kubelet/config.yaml"]
    {
        let node = Node::new("single", &[]);
        node.make(sign, "what runs\n");
        let text = said(&node.install(&["--node", "cp-1"]));
        assert!(!text.contains(begin) && !text.contains("Next on"), "{sign}: {text}");
        assert!(text.contains(&format!("cp-1 was set up before (/{sign} was there)")), "{sign}: {text}");
        assert!(text.contains("estart"), "{sign}: {text}");
    }
    // Files that an earlier run of the same export put there are no sign, nor is an empty folder of the package's.
    let node = Node::new("single", &[]);
    fs::create_dir_all(node.at("etc/kubernetes/manifests")).expect("folders");
    for _ in 0..2 {
        let text = said(&node.install(&["--node", "cp-1"]));
        assert!(text.contains(begin), "{text}");
    }
    let node = Node::new("ha-stacked", &[(Field::Start, "manual")]);
    node.make("etc/kubernetes/manifests/etcd.yaml", "what runs\n");
    let text = said(&node.install(&["--node", "cp-1"]));
    assert!(text.contains("mv /etc/kubernetes/manifests/etcd.yaml") && !text.contains("start the kubelet"), "{text}");
}
