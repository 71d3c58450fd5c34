//! `verify.sh` of one node: it says only what it read, of a folder, of a bundle and of what is installed.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Output;

use kubepki_core::spec::{Field, NodeDraft};
use kubepki_issuance::archive::Selection;

use crate::scratch::{Scratch, draft, issued, now, run, said};

const BY_HAND: &[(Field, &str)] = &[(Field::Start, "manual"), (Field::KubeletClient, "issued")];

fn verify(top: &Path, args: &[&str]) -> Output {
    run(top, "dash", &[&["verify.sh"], args].concat())
}

/// Lines that say that something holds.
fn holding(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| line.starts_with("ok "))
}

#[test]
fn nothing_is_said_of_nodes_that_were_not_read() {
    let draft = draft("ha-stacked", BY_HAND);
    let pki = issued(&draft, now());
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::Whole);
    // A kubelet's kubeconfig of one control plane is broken, and another's API server has a member's certificate.
    let kubelet = top.join("nodes/cp-2/etc/kubernetes/kubelet.conf");
    let text = fs::read_to_string(&kubelet).expect("a kubeconfig");
    let data = text.lines().find(|line| line.contains("client-certificate-data: ")).expect("a certificate");
    fs::write(&kubelet, text.replace(data, "    client-certificate-data: QUJD")).expect("written");
    let pki_of = |node: &str, file: &str| top.join(format!("nodes/{node}/etc/kubernetes/pki/{file}"));
    fs::copy(pki_of("cp-1", "etcd/peer.crt"), pki_of("cp-3", "apiserver.crt")).expect("copied");
    assert_eq!(verify(&top, &[]).status.code(), Some(1));

    let worker = verify(&top, &["--node", "w-1"]);
    let text = said(&worker);
    assert!(worker.status.success(), "{text}");
    assert_eq!(holding(&text).collect::<Vec<_>>(), [""; 0], "a worker has one side of everything: {text}");
    assert!(text.contains("\nhalf kubelet → kube-apiserver  kubelet.conf signed by ca, clientAuth, "), "{text}");
    assert!(text.contains("(the side of w-1; the other, on cp-1, cp-2, cp-3, was not read)"), "{text}");
    assert!(text.contains("\nnot checked here: the files of cp-1, cp-2, cp-3\n"), "{text}");
    let away = text.lines().find(|line| line.starts_with("not checked here: connections")).expect("a line");
    for one in ["etcd → etcd peer", "kubelet → kube-apiserver", "kube-apiserver → kubelet", "Pods → kube-apiserver"]
    {
        assert!(away.contains(one), "{one}: {away}");
    }
    assert!(
        text.contains("./verify.sh in the folder of the whole export, without --node, checks all of it\n"),
        "{text}"
    );
    assert!(!text.contains("Everything holds"), "{text}");

    let text = said(&verify(&top, &["--node", "cp-1"]));
    assert!(text.contains("\nhalf etcd → etcd peer  etcd-peer signed by etcd-ca, serverAuth and clientAuth"), "{text}");
    assert!(holding(&text).count() > 8, "{text}");
    for line in holding(&text) {
        assert!(line.ends_with("  (within cp-1)") && !line.contains("cp-2") && !line.contains("w-1"), "{line}");
    }
    assert_eq!(verify(&top, &["--node", "cp-2"]).status.code(), Some(1));
    assert_eq!(verify(&top, &["--node", "cp-3"]).status.code(), Some(1));
}

/// What is said of a node is the same when no other node's files are there, for every kind of line.
#[test]
fn a_node_is_judged_by_its_own_files() {
    for (preset, fields) in [
        ("single", &[][..]),
        ("ha-stacked", &[][..]),
        ("ha-stacked", BY_HAND),
        (
            "ha-external",
            &[(Field::Start, "manual"), (Field::KubeletClient, "issued"), (Field::KubeletServing, "clusterCA")][..],
        ),
        ("course", &[(Field::Trust, "separate")][..]),
        ("course", &[(Field::FileNames, "pem"), (Field::ApiServerClientPairs, "serving")][..]),
    ] {
        let draft = draft(preset, fields);
        // An hour ago: no day ends between two runs.
        let pki = issued(&draft, now() - 3600);
        let lines = |output: Output| -> Vec<String> {
            assert!(output.status.success(), "{preset}: {}", said(&output));
            said(&output).lines().filter(|line| !line.starts_with("Checking")).map(str::to_owned).collect()
        };
        for (index, node) in pki.plan.spec.nodes.iter().enumerate() {
            let scratch = Scratch::new();
            let top = scratch.unpack(&pki, &draft, Selection::Whole);
            let whole = lines(verify(&top, &["--node", &node.name]));
            for other in pki.plan.spec.nodes.iter().filter(|other| other.name != node.name) {
                fs::remove_dir_all(top.join("nodes").join(&other.name)).expect("removed");
            }
            assert_eq!(whole, lines(verify(&top, &["--node", &node.name])), "{preset}: {}", node.name);
            // The node's own bundle says no more.
            let scratch = Scratch::new();
            let bundle = scratch.unpack(&pki, &draft, Selection::Node(index));
            let of_folder = |line: &&String| !line.contains("not checked here: what lies outside");
            let whole: Vec<&String> = whole.iter().filter(of_folder).collect();
            let own = lines(verify(&bundle, &[]));
            assert_eq!(whole, own.iter().collect::<Vec<_>>(), "{preset}: the bundle of {}", node.name);
            assert_eq!(verify(&bundle, &["--node", "another"]).status.code(), Some(2));
        }
    }
}

#[test]
fn one_node_of_a_thousand_is_told_from_the_others() {
    let mut draft = draft("ha-stacked", BY_HAND);
    for number in 2..=997 {
        let address = format!("10.9.{}.{}", number / 250, number % 250 + 1);
        let roles = vec!["worker".to_owned()];
        draft.nodes.push(NodeDraft { name: format!("w-{number}"), addresses: vec![address], roles });
    }
    let pki = issued(&draft, now());
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::Whole);
    for node in ["w-77", "cp-2"] {
        let output = verify(&top, &["--node", node]);
        let text = said(&output);
        assert!(output.status.success(), "{text}");
        assert!(text.contains("\nnot checked here: the files of 999 other nodes\n"), "{text}");
        let within = format!("  (within {node})");
        assert!(holding(&text).all(|line| line.ends_with(&within)), "{text}");
        assert!(!text.contains("(1000 nodes)"), "{text}");
    }
}

/// A node with its files installed below a root, and the scripts beside it.
struct Installed {
    scratch: Scratch,
    top: std::path::PathBuf,
}

impl Installed {
    fn new(age: i64) -> Self {
        let draft = draft("ha-stacked", &[]);
        let scratch = Scratch::new();
        let top = scratch.unpack(&issued(&draft, now() - age), &draft, Selection::Whole);
        fs::create_dir(scratch.path().join("root")).expect("a folder");
        let root = scratch.path().join("root");
        let done = run(&top, "dash", &["install.sh", "--node", "cp-1", "--root", root.to_str().expect("a name")]);
        assert!(done.status.success(), "{}", said(&done));
        Self { scratch, top }
    }

    fn at(&self, path: &str) -> std::path::PathBuf {
        self.scratch.path().join("root").join(path)
    }

    fn verify(&self, args: &[&str]) -> Output {
        let root = self.at("");
        verify(&self.top, &[&["--node", "cp-1", "--root", root.to_str().expect("a name")], args].concat())
    }
}

#[test]
fn what_is_installed_is_checked_where_it_lies() {
    let node = Installed::new(0);
    // What lies beside the script is not what is asked for.
    fs::remove_dir_all(node.top.join("nodes")).expect("removed");
    fs::remove_file(node.top.join("SHA256SUMS")).expect("removed");
    let good = node.verify(&[]);
    let text = said(&good);
    assert!(good.status.success() && text.ends_with("What was read of cp-1 holds.\n"), "{text}");
    assert!(
        text.contains("\nok  kube-apiserver → etcd  apiserver-etcd-client signed by etcd-ca, clientAuth, "),
        "{text}"
    );

    // As a kubelet leaves it that has renewed its certificate: in a file that the kubeconfig names.
    let path = node.at("etc/kubernetes/kubelet.conf");
    let text = fs::read_to_string(&path).expect("a kubeconfig");
    let data = |key: &str| text.lines().find(|line| line.contains(key)).expect("a field").to_owned();
    let (certificate, key) = (data("client-certificate-data: "), data("client-key-data: "));
    let decoded = |line: &str| {
        let one = line.split(": ").nth(1).expect("a value");
        run(Path::new("/"), "sh", &["-c", &format!("echo {one} | openssl base64 -d -A")]).stdout
    };
    fs::create_dir_all(node.at("var/lib/kubelet/pki")).expect("a folder");
    let both = [decoded(&certificate), decoded(&key)].concat();
    fs::write(node.at("var/lib/kubelet/pki/current.pem"), both).expect("written");
    let named = text
        .replace(&certificate, "    client-certificate: /var/lib/kubelet/pki/current.pem")
        .replace(&key, "    client-key: /var/lib/kubelet/pki/current.pem");
    fs::write(&path, named).expect("written");
    // What an administrator keeps elsewhere is no fault, and nothing is said of it.
    for gone in ["super-admin.conf", "pki/ca.key"] {
        fs::remove_file(node.at("etc/kubernetes").join(gone)).expect("removed");
    }
    let good = node.verify(&[]);
    let text = said(&good);
    assert!(good.status.success(), "{text}");
    assert!(text.contains("\nok  kubelet → kube-apiserver  "), "{text}");
    assert!(!text.contains("ok  kubectl, break-glass"), "{text}");
    let gone = text.lines().find(|line| line.contains("it is not on this node")).expect("a line");
    assert!(gone.contains("/etc/kubernetes/super-admin.conf") && gone.contains("/etc/kubernetes/pki/ca.key"), "{text}");

    // Faults are named by the place where they lie.
    let key = node.at("etc/kubernetes/pki/sa.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("a mode");
    fs::remove_file(node.at("etc/kubernetes/pki/etcd/peer.key")).expect("removed");
    let bad = node.verify(&[]);
    let text = said(&bad);
    assert_eq!(bad.status.code(), Some(1), "{text}");
    for (file, what) in [("sa.key", "others may read or change it"), ("etcd/peer.key", "is missing")] {
        let place = node.at("etc/kubernetes/pki").join(file);
        assert!(text.contains(&format!("\nBAD {}: {what}", place.display())), "{text}");
    }
    assert!(text.contains("\nBAD etcd → etcd peer"), "{text}");
}

#[test]
fn nothing_outside_of_an_image_is_taken_for_a_part_of_it() {
    let node = Installed::new(0);
    let elsewhere = node.scratch.path().join("elsewhere");
    fs::rename(node.at("etc/kubernetes/pki/etcd"), &elsewhere).expect("moved");
    symlink(&elsewhere, node.at("etc/kubernetes/pki/etcd")).expect("a link");
    let output = node.verify(&[]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("etcd/ca.crt: is reached by a link that leads out of"), "{text}");
    assert!(!text.contains("ok  kube-apiserver → etcd"), "{text}");
}

#[test]
fn the_node_is_this_machine_unless_said() {
    let node = Installed::new(0);
    let root = node.at("");
    let root = root.to_str().expect("a name");
    let wrong = verify(&node.top, &["--root", root]);
    assert!(wrong.status.code() == Some(2) && said(&wrong).contains("--node NAME"), "{}", said(&wrong));
    assert_eq!(verify(&node.top, &["--node", "cp-1", "--root", "/nowhere/at/all"]).status.code(), Some(2));
    assert_eq!(verify(&node.top, &["--root"]).status.code(), Some(2));
}
