//! `plan`, `show`, `presets`, `schema`, and the help.

use kubepki_core::spec::field::ROLES;
use kubepki_core::view::ViewId;
use serde_json::Value;

use crate::scene::Scene;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_counts_of_the_issue() {
    let scene = Scene::new();
    let design = String::from_utf8(scene.run("presets ha-stacked").ended(0).out.into_bytes()).expect("text");
    scene.write("manual.yaml", &format!("{design}start: manual\nkubelet:\n  client: issued\n"));
    let plan = json(&scene.run("plan --design manual.yaml --format json").ended(0).out);
    assert_eq!(plan["format"], "kubepki-plan/v1");
    assert_eq!(plan["counts"]["certificates"], 38);
    assert_eq!(plan["counts"]["privateKeys"], 39);
    assert_eq!(plan["certificates"].as_array().map(Vec::len), Some(38));
    assert_eq!(plan["keyPairs"].as_array().map(Vec::len), Some(1));
    let certificate =
        plan["certificates"].as_array().and_then(|all| all.iter().find(|one| one["id"] == "apiserver@cp-1"));
    let certificate = certificate.expect("the API server's");
    assert_eq!(certificate["subject"], "CN=kube-apiserver");
    assert_eq!(certificate["signedBy"], "ca@cluster");
    assert_eq!(certificate["validSeconds"], 31_536_000);
    assert_eq!(certificate["files"][0]["path"], "/etc/kubernetes/pki/apiserver.crt");
    let subjects: Vec<&Value> =
        plan["bindings"].as_array().expect("a list").iter().map(|one| &one["subject"]).collect();
    assert_eq!(subjects, ["kubeadm:cluster-admins", "kube-apiserver-kubelet-client", "system:nodes"]);
}

#[test]
fn the_plan_is_the_same_in_both_formats_and_every_time() {
    let scene = Scene::new();
    let [one, two] = [(); 2].map(|()| scene.run("plan --preset ha-stacked").ended(0).out);
    assert_eq!(one, two);
    assert!(one.starts_with("format: kubepki-plan/v1\ndesign:\n  clusterName: prod-eu\n"), "{one}");
    let lines = |text: &str| text.matches("signedBy").count();
    assert_eq!(lines(&one), lines(&scene.run("plan --preset ha-stacked --format json").ended(0).out));
}

#[test]
fn every_view_in_every_format() {
    let scene = Scene::new();
    for view in ViewId::ALL {
        // What has no node's name in it has a certificate's or a flag's.
        let holds = match view {
            ViewId::Timeline => "etcd server",
            ViewId::Cis => "anonymous-auth",
            ViewId::Hierarchy
            | ViewId::Connections
            | ViewId::Handshake
            | ViewId::Files
            | ViewId::Flags
            | ViewId::Commands => "cp-1",
        };
        let view = view.word();
        let line = |format: &str| format!("show {view} --preset single --format {format}");
        assert!(scene.run(&line("text")).ended(0).out.contains(holds), "{view}");
        assert!(scene.run(&line("svg")).ended(0).out.starts_with("<svg "), "{view}");
        let value = json(&scene.run(&line("json")).ended(0).out);
        assert_eq!(value["format"], format!("kubepki-view-{view}/v1"));
    }
    scene.run("show files --design design.yaml").ended(0).said("apiserver.key  0600 root:root");
}

/// Nobody has to cut the script out of a text.
#[test]
fn the_openssl_script_alone() {
    let scene = Scene::new();
    for format in ["script", "sh"] {
        let ran = scene.run(&format!("show commands --preset single --format {format}")).ended(0);
        assert!(ran.out.starts_with("#!/bin/sh\n"), "{}", ran.out);
        let all = scene.run("show commands --preset single").ended(0).out;
        assert!(all.contains(&ran.out) && all.len() > ran.out.len(), "{all}");
        assert_eq!(ran.out.matches("#!/bin/sh").count(), 1);
    }
    let wrong = scene.run("show files --preset single --format script").ended(2);
    assert!(wrong.err.contains("show commands --format script") && wrong.out.is_empty(), "{}", wrong.err);
}

#[test]
fn presets_are_designs() {
    let scene = Scene::new();
    let list = scene.run("presets").ended(0).out;
    assert_eq!(list.lines().count(), 4, "{list}");
    for line in list.lines() {
        let name = line.split_whitespace().next().expect("a name");
        let text = scene.run(&format!("presets {name}")).ended(0).out;
        scene.write("preset.yaml", &text);
        let from_file = scene.run("plan --design preset.yaml --format json").ended(0).out;
        let [mut one, mut other] =
            [from_file, scene.run(&format!("plan --preset {name} --format json")).ended(0).out].map(|text| json(&text));
        // Findings of a text have a place.
        for plan in [&mut one, &mut other] {
            plan["findings"].take();
        }
        assert_eq!(one, other, "{name}");
    }
    scene.run("presets nosuch").ended(2).complained("there is no preset");
}

#[test]
fn the_schema_is_json() {
    assert_eq!(json(&Scene::new().run("schema").ended(0).out)["title"], "ClusterDesign");
}

#[test]
fn every_command_has_help() {
    let scene = Scene::new();
    for command in ["generate", "plan", "show", "verify", "presets", "schema"] {
        scene.run(&format!("{command} --help")).ended(0).said("Usage: kubepki");
    }
    scene.run("--help").ended(0).said("Exit status: 0 done");
    let words = |line: &str| scene.run(line).ended(0).out.split_whitespace().collect::<Vec<_>>().join(" ");
    let (all, show) = (words("--help"), words("show --help"));
    let (_, named) = all.split_once("Print a view: ").expect("what show does");
    let (_, told) = show.split_once("The view: ").expect("what its argument is");
    for view in ViewId::ALL {
        let is_named = named.split([' ', ',']).take_while(|word| *word != "verify").any(|word| word == view.word());
        assert!(is_named, "{}: {named}", view.word());
        assert!(told.contains(&format!("{} (", view.word())), "{}: {told}", view.word());
    }
    assert!(ROLES.iter().all(|role| show.contains(role)), "{show}");
    scene.run("--version").ended(0).said("kubepki 0.");
}
