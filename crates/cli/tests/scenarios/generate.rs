//! `generate`: written whole or not at all, with its modes, and never over what is not its own.

use std::fs;

use crate::scene::Scene;

const NOW: &str = "--now 2026-11-23T20:39:00Z";

#[test]
fn a_zip_and_a_folder_and_nothing_else() {
    let scene = Scene::new();
    scene
        .run("generate --design design.yaml --out lab.zip")
        .ended(0)
        .said("lab.zip: made 15 certificates and 16 keys for lab");
    scene.run("generate --design design.yaml --out lab").ended(0);
    assert_eq!(scene.names(), ["design.yaml", "lab", "lab.zip"]);
    for (name, mode) in [
        ("lab.zip", 0o600),
        ("lab", 0o755),
        ("lab/install.sh", 0o755),
        ("lab/nodes/cp-1/etc/kubernetes/pki", 0o755),
        ("lab/nodes/cp-1/etc/kubernetes/pki/ca.crt", 0o644),
        ("lab/nodes/cp-1/etc/kubernetes/pki/ca.key", 0o600),
        ("lab/nodes/cp-1/etc/kubernetes/admin.conf", 0o600),
        ("lab/nodes/w-1", 0o755),
    ] {
        assert_eq!(scene.mode(name), mode, "{name}");
    }
}

#[test]
fn findings_are_on_standard_error_with_their_place() {
    let scene = Scene::new();
    scene
        .run(&format!("generate --design design.yaml --out lab.zip {NOW}"))
        .ended(0)
        .complained("design.yaml:1:1: advice: kubelet.serving: nobody checks the kubelets' serving certificates");
}

#[test]
fn the_issue_time_is_the_one_that_was_given() {
    let scene = Scene::new();
    scene
        .run(&format!("generate --design design.yaml --out lab {NOW}"))
        .ended(0)
        .said("issued at 2026-11-23T20:39:00Z");
    let inventory = String::from_utf8(scene.read("lab/inventory.json")).expect("text");
    assert!(inventory.contains("\"notBefore\": \"2026-11-23T20:34:00Z\""), "{inventory}");
    scene.run("generate --design design.yaml --out late --now yesterday").ended(2).complained("is not a time");
    scene.run("verify lab --now 2027-11-23T20:38:00Z").ended(0).said("the first certificate ends today");
    scene.run("verify lab --now 2027-11-23T20:40:00Z").ended(3).complained("expired at 2027-11-23T20:39:00Z");
    // What has only ended is renewed, by each way once; nothing is made anew.
    let late = scene.run("verify lab --now 2027-11-23T20:40:00Z").ended(3);
    let text = late.err;
    assert_eq!(text.matches("kubeadm certs renew all, on each control plane").count(), 1, "{text}");
    assert!(!text.contains("make a new"), "{text}");
    scene.run("verify lab --now 2026-11-23T20:33:00Z").ended(3).complained("is not valid before 2026-11-23T20:34:00Z");
}

#[test]
fn every_error_at_once_with_line_and_column_and_nothing_written() {
    let scene = Scene::new();
    scene.write(
        "bad.yaml",
        "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nclusterName: lab\nnetworking:\n  serviceSubnets: [10.96.0.0/33]\n\
         nodes:\n- name: cp-1\n  addresses: [10.0.0.11]\n  roles: [control-plane]\n- name: cp-1\n  addresses: [nowhere]\n  roles: [boss]\n",
    );
    let ran = scene.run("generate --design bad.yaml --out lab.zip").ended(2);
    for place in ["bad.yaml:5:", "bad.yaml:10:", "bad.yaml:11:", "bad.yaml:12:"] {
        assert!(
            ran.err.lines().any(|line| line.starts_with(place) && line.contains(": error: ")),
            "{place}\n{}",
            ran.err
        );
    }
    assert!(ran.out.is_empty());
    assert_eq!(scene.names(), ["bad.yaml", "design.yaml"]);
}

#[test]
fn wrong_usage_is_told_and_nothing_written() {
    let scene = Scene::new();
    for (line, complaint) in [
        ("generate --out lab.zip", "required arguments were not provided"),
        ("generate --design design.yaml", "--out"),
        ("generate --design design.yaml --preset single --out lab.zip", "cannot be used with"),
        (
            "generate --preset nosuch --out lab.zip",
            "there is no preset \"nosuch\" (there are single, ha-stacked, ha-external, course)",
        ),
        ("generate --preset single --node cp-1 --out lab.zip", "a node is NAME=ADDRESS"),
        ("generate --preset single --node cp-1=10.0.0.1/boss --out lab.zip", "\"boss\" is not a role"),
        ("generate --design nosuch.yaml --out lab.zip", "nosuch.yaml: error: cannot be read"),
        ("generate --reproduce lab.zip --now 2026-11-23T20:39:00Z --out x", "cannot be used with"),
        (
            "show timetable --preset single",
            "the views are hierarchy, connections, handshake, files, flags, timeline, commands, cis",
        ),
        ("plan", "say which design"),
        ("bogus", "unrecognized subcommand"),
        ("", "Usage"),
    ] {
        scene.run(line).ended(2).complained(complaint);
    }
    assert_eq!(scene.names(), ["design.yaml"]);
}

#[test]
fn what_stands_there_stays_unless_it_is_an_export_and_force_is_given() {
    let scene = Scene::new();
    scene.write("notes.zip", "my notes");
    fs::create_dir(scene.path("papers")).expect("a folder");
    scene.write("papers/inventory.json", "[]");
    for line in ["notes.zip", "notes.zip --force", "papers", "papers --force"] {
        let ran = scene.run(&format!("generate --design design.yaml --out {line}")).ended(1);
        ran.complained(if line.contains("force") { "is not an export of this tool" } else { "exists already" });
    }
    assert_eq!(scene.read("notes.zip"), b"my notes");
    scene.run("generate --design design.yaml --out nowhere/lab.zip").ended(1).complained("there is no such folder");

    for out in ["lab.zip", "lab"] {
        scene.run(&format!("generate --design design.yaml --out {out}")).ended(0);
        let inside = if out == "lab" { "lab/nodes/cp-1/etc/kubernetes/pki/ca.key" } else { "lab.zip" };
        let first = scene.read(inside);
        scene.run(&format!("generate --design design.yaml --out {out}")).ended(1).complained("exists already; --force");
        assert_eq!(scene.read(inside), first);
        for number in [1, 2] {
            let kept = format!("kept as {out}.old-{number}");
            scene.run(&format!("generate --design design.yaml --out {out} --force")).ended(0).said(&kept);
        }
        assert_eq!(scene.read(&inside.replacen(out, &format!("{out}.old-1"), 1)), first);
        assert_ne!(scene.read(inside), first);
    }
    assert!(!scene.names().iter().any(|name| name.starts_with('.')), "{:?}", scene.names());
}

#[test]
fn a_link_is_not_followed() {
    let scene = Scene::new();
    scene.run("generate --design design.yaml --out lab.zip").ended(0);
    std::os::unix::fs::symlink("lab.zip", scene.path("link.zip")).expect("a link");
    scene.run("generate --design design.yaml --out link.zip --force").ended(1).complained("is not an export");
}

#[test]
fn a_folder_that_cannot_be_written_leaves_nothing_behind() {
    let scene = Scene::new();
    scene.run("generate --design design.yaml --out /proc/lab.zip").ended(1).complained("/proc/");
    assert_eq!(scene.names(), ["design.yaml"]);
}

#[test]
fn presets_with_own_nodes() {
    let scene = Scene::new();
    scene
        .run("generate --preset single --node a=10.1.0.1/control-plane+worker --node b=10.1.0.2,fd00::2 --out own")
        .ended(0)
        .said("for kubernetes");
    let design = String::from_utf8(scene.read("own/design.yaml")).expect("text");
    assert!(
        design.contains("- name: b\n  addresses: [10.1.0.2, \"fd00::2\"]\n")
            || design.contains("addresses: [10.1.0.2, fd00::2]"),
        "{design}"
    );
    assert!(design.contains("roles: [worker]"), "{design}");
    scene
        .run("generate --preset single --node A=10.1.0.1 --node A=10.1.0.1 --out twice")
        .ended(2)
        .complained("--node: error: nodes.1.name");
    scene.run_with("generate --design - --out piped.zip", crate::scene::DESIGN).ended(0);
}

#[test]
fn kubeadm_yaml_is_a_design_too() {
    let scene = Scene::new();
    scene.write(
        "kubeadm.yaml",
        "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nlocalAPIEndpoint:\n  advertiseAddress: 192.168.7.10\n\
         nodeRegistration:\n  name: master-1\n---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n\
         clusterName: from-kubeadm\nencryptionAlgorithm: ECDSA-P256\nkubernetesVersion: v1.36.4\n",
    );
    scene.run("generate --design kubeadm.yaml --out k.zip").ended(0).said("for from-kubeadm");
}

/// People have a ClusterConfiguration that is theirs, and machines that are another's.
#[test]
fn nodes_may_be_given_to_files_that_name_none() {
    let scene = Scene::new();
    scene.write(
        "cluster.yaml",
        "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\nkubernetesVersion: v1.30.4\nfeatureGates:\n  PublicKeysECDSA: true\n",
    );
    scene.write(
        "bare.yaml",
        "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nkeys: {ca: ECDSA-P256, leaf: ECDSA-P256}\n",
    );
    for file in ["cluster.yaml", "bare.yaml"] {
        scene.run(&format!("plan --design {file}")).ended(2).complained(&format!("{file}:1:1: error: nodes: "));
        scene
            .run(&format!("generate --design {file} --node cp-1=10.0.0.11 --node w-1=10.0.0.21 --out {file}.zip"))
            .ended(0)
            .said("made 15 certificates");
        let ran = scene.run(&format!("plan --design {file} --node w-1=10.0.0.21/worker")).ended(2);
        ran.complained("--node: error: nodes: no node has the role control-plane");
    }
}

#[test]
fn started_by_hand_the_export_says_what_kubeadm_would_have_bound() {
    let scene = Scene::new();
    let design = crate::scene::DESIGN.replace("keys:", "start: manual\nkubelet: {client: bootstrap}\nkeys:");
    scene.write("manual.yaml", &design);
    let ran = scene.run("generate --design manual.yaml --out manual").ended(0);
    ran.complained("manual.yaml:5:8: advice: start: nobody runs kubeadm init");
    let text = |name: &str| String::from_utf8(scene.read(name)).expect("text");
    for part in
        ["name: kubeadm:cluster-admins", "name: kube-apiserver-kubelet-client", "name: system:node-bootstrapper"]
    {
        assert!(text("manual/rbac.yaml").contains(part), "{part}\n{}", text("manual/rbac.yaml"));
    }
    let apply = "kubectl --kubeconfig /etc/kubernetes/super-admin.conf apply -f rbac.yaml";
    for part in
        [apply, "set-credentials bootstrap --token \"$TOKEN\"", "create secret generic \"bootstrap-token-${TOKEN%.*}\""]
    {
        assert!(text("manual/README.md").contains(part), "{part}\n{}", text("manual/README.md"));
    }
    scene.run("generate --design design.yaml --out kubeadm").ended(0);
    assert!(!scene.path("kubeadm/rbac.yaml").exists(), "kubeadm init does it");
}
