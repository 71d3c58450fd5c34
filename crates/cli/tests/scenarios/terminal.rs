//! Nothing from outside steers the terminal that it is printed on, whichever command prints it.

use std::fs;
use std::process::Command;

use kubepki_core::snippet::value::is_unprintable;

use crate::reading::zip;
use crate::scene::{DESIGN, Ran, Scene};

/// A title for the window, a cleared screen, a line of its own, one that is written over, a colour by a single byte of C1,
/// and a text that turns around.
const HOSTILE: &str = "x\u{1b}]0;owned\u{7}\u{1b}[2J\nFORGED 2099\r\u{9b}31m\u{202e}y";
/// The same as a file name may have it.
const SHOWN: &str = r"x\x1b]0;owned\x07\x1b[2J\nFORGED 2099\r\x9b31m\u{202e}y";

#[track_caller]
fn tame(ran: Ran, what: &str) -> Ran {
    for text in [&ran.out, &ran.err] {
        assert!(!text.replace('\n', "").contains(is_unprintable), "{what}: {text:?}");
        assert!(!text.lines().any(|line| line.starts_with("FORGED")), "{what}: {text}");
    }
    ran
}

/// A client certificate whose names are hostile.
fn certificate(scene: &Scene) {
    let subject = format!("/O={HOSTILE}/CN={HOSTILE}");
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-utf8"]);
    openssl.args(["-subj", &subject, "-days", "36500", "-keyout", "key.pem", "-out", "cert.pem"]);
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=clientAuth"]);
    let made = openssl.current_dir(scene.path(".")).output().expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[test]
fn names_in_a_certificate_stay_on_their_line() {
    let scene = Scene::new();
    certificate(&scene);
    let ran = tame(scene.run("credential cert.pem").ended(0), "credential");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], format!("user    {SHOWN}"), "{}", ran.out);
    assert_eq!(lines[1], format!("groups  {SHOWN}"), "{}", ran.out);
    assert!(lines[2].starts_with("until   "), "{}", ran.out);
}

#[test]
fn names_of_files_and_arguments_stay_on_their_line_in_every_command() {
    let scene = Scene::new();
    scene.run("generate --design design.yaml --out lab.zip").ended(0);
    let part = format!("node:{HOSTILE}");
    let node = format!("{HOSTILE}=10.0.0.1");
    let path = format!("{HOSTILE}/lab.zip");
    let words: &[&[&str]] = &[
        &["generate", "--design", HOSTILE, "--out", "o.zip"],
        &["generate", "--preset", HOSTILE, "--out", "o.zip"],
        &["generate", "--preset", "single", "--node", &node, "--out", "o.zip"],
        &["generate", "--preset", "single", "--node", HOSTILE, "--out", "o.zip"],
        &["generate", "--preset", "single", "--now", HOSTILE, "--out", "o.zip"],
        &["generate", "--design", "design.yaml", "--out", &path],
        &["generate", "--reproduce", HOSTILE, "--out", "o.zip"],
        &["plan", "--design", HOSTILE],
        &["show", HOSTILE, "--preset", "single"],
        &["verify", HOSTILE],
        &["verify", "lab.zip", "--record", HOSTILE],
        &["audit", HOSTILE],
        &["audit", "lab.zip", "--out", &path],
        &["export", "lab.zip", "--part", HOSTILE, "--out", "o.zip"],
        &["export", "lab.zip", "--part", &part, "--out", "o.zip"],
        &["export", HOSTILE, "--part", "nodes", "--out", "o.zip"],
        &["encrypt", HOSTILE, "--passphrase-file", "design.yaml", "--out", "o.age"],
        &["encrypt", "lab.zip", "--passphrase-file", HOSTILE, "--out", "o.age"],
        &["encrypt", "lab.zip", "--encrypt-to", HOSTILE, "--out", "o.age"],
        &["decrypt", HOSTILE, "--passphrase-file", "design.yaml", "--out", "o"],
        &["decrypt", "lab.zip", "--passphrase-file", "design.yaml", "--out", &path],
        &["break", "--preset", "single", "--fault", HOSTILE, "--out", "broken"],
        &["handshake", "--pki", HOSTILE, "--from", "kubectl", "--to", "kube-apiserver"],
        &["credential", HOSTILE],
        &["explain", HOSTILE],
        &["presets", HOSTILE],
        &[HOSTILE],
        &["plan", HOSTILE],
        &["--preset", HOSTILE],
    ];
    for words in words {
        let ran = tame(scene.run_words(words, ""), &format!("{words:?}"));
        assert_ne!(ran.code, Some(0), "{words:?}");
    }
    // What is right is told too.
    for words in [
        &["generate", "--design", "design.yaml", "--out", HOSTILE][..],
        &["generate", "--design", "design.yaml", "--force", "--out", HOSTILE],
        &["verify", HOSTILE],
    ] {
        tame(scene.run_words(words, "").ended(0), &format!("{words:?}"));
    }
    assert_eq!(scene.names().len(), 4, "{:?}", scene.names());
}

#[test]
fn texts_from_a_design_stay_on_their_line_and_json_is_json() {
    let scene = Scene::new();
    let quoted = r#""x\e]0;owned\a\e[2J\nFORGED 2099\r\x9b31m\u202Ey""#;
    let designs = [
        format!("{DESIGN}{quoted}: 1\n"),
        format!("{DESIGN}networking: {{{quoted}: 1}}\n"),
        DESIGN.replace("clusterName: lab", &format!("clusterName: {quoted}")),
        DESIGN.replace("v1.36.4", quoted),
        DESIGN.replace("name: w-1", &format!("name: {quoted}")),
        DESIGN.replace("10.0.0.21", quoted),
        DESIGN.replace("roles: [worker]", &format!("roles: [{quoted}]")),
        DESIGN.replace("- name: w-1", &format!("- name: w-1\n  {quoted}: 1")),
        DESIGN.replace("kubepki.dev/v1alpha1", quoted),
        format!("{quoted}: 1\n"),
        format!("apiVersion: {quoted}\nkind: {quoted}\n"),
        format!("apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n{quoted}: {quoted}\n"),
        format!(
            "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nlocalAPIEndpoint: {{advertiseAddress: 10.0.0.1}}\n\
             nodeRegistration:\n  name: cp-1\n  kubeletExtraArgs:\n  - name: {quoted}\n    value: {quoted}\n"
        ),
        format!("apiVersion: v1\nkind: List\nitems:\n- metadata: {{name: {quoted}}}\n"),
    ];
    for (number, design) in designs.iter().enumerate() {
        scene.write("hostile.yaml", design);
        for format in ["yaml", "json"] {
            let ran = scene.run(&format!("plan --design hostile.yaml --format {format}"));
            let ran = tame(ran, &format!("design {number} as {format}"));
            assert!(!ran.err.is_empty(), "design {number}: nothing is said of it");
            if ran.code == Some(0) && format == "json" {
                serde_json::from_str::<serde_json::Value>(&ran.out).expect("JSON");
            }
        }
        let ran = scene.run("generate --design hostile.yaml --out o.zip");
        tame(ran, &format!("design {number}, generated"));
        let _ = fs::remove_file(scene.path("o.zip"));
    }
}

#[test]
fn what_lies_in_an_export_stays_on_its_line() {
    let scene = Scene::new();
    scene.run("generate --design design.yaml --out lab").ended(0);
    scene.write(&format!("lab/{HOSTILE}"), "");
    let ran = tame(scene.run("verify lab").ended(3), "a folder");
    ran.complained(&format!("lab/{SHOWN}: error: is no part of the export"));
    fs::remove_file(scene.path("lab").join(HOSTILE)).expect("removed");

    let inventory = |format: &str, id: &str, time: &str| {
        serde_json::json!({"format": format, "tool": {"version": HOSTILE, "build": HOSTILE}, "issuedAt": time,
            "certificates": [{"id": id, "serial": HOSTILE}]})
        .to_string()
    };
    let hostile_json = format!("{{\"format\": {}}}", serde_json::json!({ HOSTILE: 1 }));
    let good = ("kubepki-inventory/v1", "2026-11-23T20:39:00Z");
    for (what, name, inventory) in [
        ("an entry", HOSTILE, inventory(good.0, "a", good.1)),
        ("a way out", "../x", inventory(good.0, "a", good.1)),
        ("a format", "x", inventory(HOSTILE, "a", good.1)),
        ("a time", "x", inventory(good.0, "a", HOSTILE)),
        ("an id", "x", inventory(good.0, HOSTILE, good.1)),
        ("JSON of another shape", "x", hostile_json),
    ] {
        let inside = |name: &str| format!("{HOSTILE}/{name}");
        let names = [inside("design.yaml"), inside("inventory.json"), inside(name)];
        let bytes = [DESIGN.as_bytes(), inventory.as_bytes(), b""];
        let entries: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(bytes).collect();
        fs::write(scene.path("hostile.zip"), zip(&entries)).expect("written");
        for line in ["verify hostile.zip", "audit hostile.zip", "generate --reproduce hostile.zip --out o.zip"] {
            let ran = tame(scene.run(line), &format!("{what}: {line}"));
            assert!(matches!(ran.code, Some(2 | 3)), "{what}: {line}: {}", ran.err);
        }
    }
}

#[test]
fn who_is_told_of_in_a_handshake_stays_on_its_line() {
    let scene = Scene::new();
    scene.run("break --design design.yaml --out broken").ended(0);
    let pki = "broken/nodes/cp-1/etc/kubernetes/pki";
    let openssl = |arguments: &str, subject: &[&str]| {
        let mut openssl = Command::new("openssl");
        openssl.args(arguments.split_whitespace()).args(subject).current_dir(scene.path("."));
        let made = openssl.output().expect("openssl runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    let subject = format!("/O={HOSTILE}/CN={HOSTILE}");
    let key = format!("{pki}/apiserver-kubelet-client.key");
    openssl(&format!("req -new -utf8 -key {key} -out ask.pem"), &["-subj", &subject]);
    scene.write("usage.cnf", "extendedKeyUsage=clientAuth\n");
    openssl(
        &format!(
            "x509 -req -in ask.pem -CA {pki}/ca.crt -CAkey {pki}/ca.key -days 100 -extfile usage.cnf \
             -out {pki}/apiserver-kubelet-client.crt"
        ),
        &[],
    );
    let line = "handshake --pki broken --from kube-apiserver --to kubelet";
    let ran = tame(scene.run(line).ended(3), "text");
    ran.said(&format!("user {SHOWN}, groups {SHOWN}"));
    let ran = tame(scene.run(&format!("{line} --format json")).ended(3), "JSON");
    let told: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(told["identity"]["user"], HOSTILE);

    for words in [
        ["--from", HOSTILE, "--to", "kubelet"],
        ["--from", "kubectl", "--to", HOSTILE],
        ["--to", "kubelet", "--node", HOSTILE],
    ] {
        let mut words = words.to_vec();
        words.splice(0..0, ["handshake", "--pki", "broken"]);
        if !words.contains(&"--from") {
            words.extend(["--from", "kube-apiserver"]);
        }
        tame(scene.run_words(&words, "").ended(2), &format!("{words:?}"));
    }
    let cluster = serde_json::json!({"format": "kubepki-cluster/v1", "faults": [HOSTILE]});
    scene.write("broken/cluster.json", &cluster.to_string());
    tame(scene.run(line).ended(2), "a fault");
}
