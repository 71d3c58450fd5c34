//! `install.sh` in a root of its own: modes under any umask, twice, refusals, and all the way back.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use kubepki_core::plan::Root;
use support::export::Export;
use support::program::{Said, run};
use support::scratch::{Scratch, snapshot, tree};

/// Runs the script of an export under a umask, with a scratch root.
fn install(shell: &str, umask: &str, export: &Export, root: &Path, arguments: &[&str]) -> Said {
    let script = export.folder.join("install.sh");
    let line = format!("umask {umask} && exec {shell} \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &line, "sh"]).arg(script).arg("--root").arg(root).args(arguments);
    run(&mut command, 60)
}

/// What the plan puts on a node: path below the root, mode.
fn planned(export: &Export, node: usize) -> BTreeMap<String, u32> {
    let here = export.plan.files.iter().filter(|file| file.root == Root::Node(node));
    here.map(|file| (file.path.trim_start_matches('/').to_owned(), file.mode)).collect()
}

/// Without what the script keeps about itself.
fn installed(root: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    snapshot(root).into_iter().filter(|(path, _)| !path.starts_with("var/lib/kubepki")).collect()
}

fn assert_in_place(export: &Export, node: usize, root: &Path) {
    let found = installed(root);
    let files: BTreeMap<String, u32> =
        found.iter().filter(|(path, _)| !path.ends_with('/')).map(|(path, (mode, _))| (path.clone(), *mode)).collect();
    assert_eq!(files, planned(export, node), "{} on node {node}", export.design);
    for (path, (mode, _)) in found.iter().filter(|(path, _)| path.ends_with('/')) {
        assert_eq!(*mode, 0o755, "{path}");
    }
    for path in files.keys() {
        let packed = fs::read(export.node(node).join(path)).expect("it is packed");
        assert_eq!(found[path].1, packed, "{path}");
    }
}

#[test]
fn every_role_under_every_umask() {
    for (name, nodes) in [("ha-stacked", 0..4), ("ha-external-manual", 0..7), ("course", 0..2)] {
        let export = Export::of(name);
        for (number, node) in nodes.enumerate() {
            let root = Scratch::new("root");
            let umask = ["077", "000", "022"][number % 3];
            let shell = ["dash", "bash"][number % 2];
            let host = export.plan.spec.nodes[node].name.clone();
            let said = install(shell, umask, export, root.path(), &["--node", &host]).good();
            assert_in_place(export, node, root.path());
            assert!(said.contains("Next on ") || said.contains("Nothing to install"), "{said}");
        }
    }
}

#[test]
fn twice_changes_nothing() {
    let export = Export::of("ha-stacked");
    let root = Scratch::new("twice");
    install("dash", "077", export, root.path(), &["--node", "cp-1"]).good();
    let before = snapshot(root.path());
    let said = install("dash", "077", export, root.path(), &["--node", "cp-1"]).good();
    assert!(said.contains("0 files written"), "{said}");
    assert_eq!(before, snapshot(root.path()));
}

/// Modes that were changed are set again, content or not.
#[test]
fn modes_are_mended() {
    let export = Export::of("ha-stacked");
    let root = Scratch::new("modes");
    install("dash", "077", export, root.path(), &["--node", "cp-1"]).good();
    let key = root.join("etc/kubernetes/pki/ca.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("it is ours");
    install("dash", "077", export, root.path(), &["--node", "cp-1"]).good();
    assert_in_place(export, 0, root.path());
}

#[test]
fn dry_run_changes_nothing() {
    let export = Export::of("ha-stacked");
    let root = Scratch::new("dry");
    let said = install("bash", "022", export, root.path(), &["--node", "cp-2", "--dry-run"]).good();
    assert!(said.contains("Nothing was changed"), "{said}");
    assert!(said.contains("/etc/kubernetes/pki/apiserver.key"), "{said}");
    assert!(tree(root.path()).is_empty());
    // The same over something that is there.
    install("dash", "022", export, root.path(), &["--node", "cp-1"]).good();
    let before = snapshot(root.path());
    install(
        "dash",
        "022",
        Export::of("ha-stacked-manual"),
        root.path(),
        &["--node", "cp-1", "--dry-run", "--replace-ca"],
    )
    .good();
    assert_eq!(before, snapshot(root.path()));
}

/// This machine is none of the nodes; nor is `nobody`.
#[test]
fn the_wrong_host_is_refused() {
    let export = Export::of("ha-stacked");
    let root = Scratch::new("host");
    for arguments in [&[][..], &["--node", "nobody"]] {
        let said = install("dash", "022", export, root.path(), arguments);
        assert_eq!(said.code, Some(1), "{said}");
        assert!(said.err.contains("cp-1"), "it names the nodes there are: {said}");
        assert!(tree(root.path()).is_empty());
    }
    assert_eq!(install("dash", "022", export, root.path(), &["--nonsense"]).code, Some(2));
}

#[test]
fn another_ca_is_refused_unless_asked_for() {
    let (first, second) = (Export::of("ha-stacked"), Export::of("ha-stacked-manual"));
    let root = Scratch::new("another-ca");
    install("dash", "022", first, root.path(), &["--node", "cp-1"]).good();
    let before = snapshot(root.path());
    let said = install("dash", "022", second, root.path(), &["--node", "cp-1"]);
    assert_eq!(said.code, Some(1), "{said}");
    for file in ["pki/ca.crt", "pki/ca.key", "pki/etcd/ca.crt", "pki/front-proxy-ca.key", "pki/sa.key"] {
        assert!(said.err.contains(file), "{file} is named: {said}");
    }
    assert!(said.err.contains("--replace-ca"), "{said}");
    assert_eq!(before, snapshot(root.path()), "a refusal changes nothing");

    install("dash", "077", second, root.path(), &["--node", "cp-1", "--replace-ca"]).good();
    assert_in_place(second, 0, root.path());

    install("dash", "077", second, root.path(), &["--restore"]).good();
    let back: BTreeMap<_, _> = before.into_iter().filter(|(path, _)| !path.starts_with("var/lib/kubepki")).collect();
    assert_eq!(back, installed(root.path()), "everything is back, modes included");

    install("dash", "077", first, root.path(), &["--restore"]).good();
    assert!(installed(root.path()).keys().all(|path| path == "var/" || path == "var/lib/"), "nothing is left");
    assert_eq!(install("dash", "022", first, root.path(), &["--restore"]).code, Some(1), "there is no more to undo");
}

/// A file that was changed after packing is not installed.
#[test]
fn a_damaged_archive_is_refused() {
    let scratch = Scratch::new("damaged-archive");
    let export = Export::of("ha-stacked");
    let folder = scratch.join("export");
    support::scratch::copy(&export.folder, &folder);
    fs::write(folder.join("nodes/cp-1/etc/kubernetes/pki/ca.crt"), "changed").expect("it is ours");
    let copy = Export { design: export.design.clone(), folder, plan: export.plan.clone() };
    let root = Scratch::new("root");
    let said = install("dash", "022", &copy, root.path(), &["--node", "cp-1"]);
    assert_eq!(said.code, Some(1), "{said}");
    assert!(said.err.contains("nodes/cp-1/etc/kubernetes/pki/ca.crt"), "{said}");
    assert!(tree(root.path()).is_empty());
}
