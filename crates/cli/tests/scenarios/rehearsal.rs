//! `faults`, `break` and `handshake`.

use serde_json::Value;

use crate::scene::Scene;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_fault_is_listed_put_in_and_found() {
    let scene = Scene::new();
    let faults = json(&scene.run("faults --format json").ended(0).out);
    let faults = faults.as_array().expect("a list");
    let fault = faults.iter().find(|one| one["id"] == "expired:apiserver").expect("it is listed");
    assert_eq!(fault["title"], "apiserver has expired");
    assert!(fault["connections"].as_array().expect("a list").contains(&Value::from("kubectl->kube-apiserver")));
    assert_eq!(fault["mend"][0], "kubeadm certs renew apiserver");

    scene.run("break --preset single --fault expired:apiserver --out broken --now 2026-11-26T12:00:00Z").ended(0);
    assert_eq!(scene.mode("broken/nodes/cp-1/etc/kubernetes/pki/apiserver.key"), 0o600);
    let line = "handshake --pki broken --from kubectl --to kube-apiserver --at 2026-11-26T12:00:00Z --format json";
    let it = json(&scene.run(line).ended(3).out);
    assert_eq!(it["connection"], "kubectl->kube-apiserver");
    assert_eq!(it["client"]["verdict"], "refused");
    assert_eq!(it["client"]["step"], "dates");
    assert_eq!(it["client"]["trust"], "nodes/cp-1/etc/kubernetes/admin.conf");
    assert_eq!(
        it["client"]["message"],
        "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time \
         2026-11-26T12:00:00Z is after 2026-11-25T12:00:00Z"
    );
    assert_eq!(it["server"]["message"], "remote error: tls: bad certificate");
    assert_eq!(it["server"]["cert"], "nodes/cp-1/etc/kubernetes/pki/apiserver.crt");
    assert_eq!(it["identity"], Value::Null);
}

#[test]
fn a_client_that_is_not_believed_is_answered_401_and_one_without_rights_403() {
    let scene = Scene::new();
    scene.run("break --preset single --fault other-ca:admin.conf,other-node:kubelet.conf --out broken").ended(0);
    let ask = |from: &str| {
        json(
            &scene.run(&format!("handshake --pki broken --from {from} --to kube-apiserver --format json")).ended(3).out,
        )
    };
    let admin = ask("kubectl");
    assert_eq!((&admin["client"]["verdict"], &admin["server"]["httpStatus"]), (&Value::from("ok"), &Value::from(401)));
    assert_eq!(admin["server"]["message"], "x509: certificate signed by unknown authority");
    let kubelet = ask("kubelet");
    assert_eq!(kubelet["server"]["httpStatus"], 403);
    assert_eq!(kubelet["identity"]["user"], "system:node:w-2");
    let line = "handshake --pki broken --from kube-scheduler --to kube-apiserver";
    scene.run(line).ended(0).said("HTTP 200").said("system:kube-scheduler");
}

#[test]
fn a_kubelet_logs_in_its_own_words_whom_it_does_not_believe() {
    let scene = Scene::new();
    scene
        .run("break --preset single --fault expired:apiserver-kubelet-client,expired:admin.conf --out broken")
        .ended(0);
    let ask = |from: &str, to: &str| {
        json(&scene.run(&format!("handshake --pki broken --from {from} --to {to} --format json")).ended(3).out)
    };
    for (from, to, head) in [
        (
            "kube-apiserver",
            "kubelet",
            "\"Unable to authenticate the request due to an error\" err=\"verifying certificate SN=",
        ),
        // It tries the front proxy's CA first, and tells of both.
        ("kubectl", "kube-apiserver", "\"Unable to authenticate the request\" err=\"[x509: "),
    ] {
        let server = &ask(from, to)["server"];
        assert_eq!(server["httpStatus"], 401);
        let log = server["log"].as_str().expect("a log");
        assert!(log.contains(head), "{log}");
        scene.run_with("explain", log).ended(0).said("has expired");
    }
}

#[test]
fn what_is_shown_of_a_message_brings_it_about() {
    let scene = Scene::new();
    let shown = |line: &str| -> Vec<String> {
        let out = scene.run_with("explain", line).ended(0).out;
        out.lines().filter_map(|line| Some(line.strip_prefix("    kubepki ")?.to_owned())).collect()
    };
    for line in [
        "Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for 10.96.0.1, not 10.0.0.10",
        "Error from server (Forbidden): pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API group \"\"",
        "error retrieving resource lock kube-system/kube-scheduler: Unauthorized",
    ] {
        for commands in shown(line).chunks(2) {
            scene.run(&commands[0]).ended(0);
            let tried = scene.run(&format!("{} --format json", commands[1])).ended(3).out;
            let explained = scene.run_with("explain", &tried).ended(0).out;
            let asked = scene.run_with("explain", line).out;
            let title = asked.lines().next().expect("a title");
            assert!(explained.lines().any(|one| one == title), "{line}: {commands:?}: {explained}");
        }
    }
    // Nobody's own kubeconfig is shown by the API server's certificate.
    let own =
        "part of the existing bootstrap client certificate in /etc/kubernetes/kubelet.conf is expired: 2026-11-28";
    assert!(shown(own).is_empty());
    // One refusal, said in two words, is explained once.
    let twice = scene.run_with("explain", "error: You must be logged in to the server (Unauthorized)").ended(0).out;
    assert_eq!(twice.matches("Likely causes").count(), 1, "{twice}");
}

#[test]
fn a_message_is_explained_wherever_it_comes_from() {
    let scene = Scene::new();
    let log = "W1126 07:00:00.0 1 logging.go:55] [core] grpc: addrConn.createTransport failed to connect to {Addr: \
               \"127.0.0.1:2379\"}. Err: connection error: desc = \"transport: authentication handshake failed: tls: failed \
               to verify certificate: x509: certificate is valid for 10.0.0.11, not 127.0.0.1\"";
    scene.run_with("explain", log).ended(0).said("On kube-apiserver → etcd").said("not for the name or address");
    // The server that logs this judged its caller: it is no message of kubectl's.
    let log = "E1126 07:00:00.0 1 authentication.go:75] \"Unable to authenticate the request\" err=\"[x509: certificate signed \
               by unknown authority, verifying certificate SN=7, SKID=, AKID=AA:BB failed: x509: certificate signed by \
               unknown authority]\"\n";
    let said = scene.run_with("explain", &log.repeat(2)).ended(0).said("judged the client certificate of its caller");
    let (explained, recorded) = said.out.split_once("As components were recorded with it").expect("it was recorded");
    assert!(!explained.contains("kubectl →") && explained.matches("Likely causes").count() == 1, "{explained}");
    assert!(recorded.lines().skip(1).step_by(2).all(|line| line.contains("-apiserver 1.")), "{recorded}");
    scene.run_with("explain", "all is well\n").ended(2).complained("no message about certificates");
}

#[test]
fn a_credential_says_who_it_is_and_what_that_may_do() {
    let scene = Scene::new();
    scene.run("generate --preset single --out out --now 2026-11-26T12:00:00Z").ended(0);
    let ask =
        |file: &str| scene.run(&format!("credential out/nodes/cp-1/etc/kubernetes/{file} --now 2026-11-27T12:00:00Z"));
    let said = ask("admin.conf").ended(0).said("kubeadm:cluster-admins").said("364 days left").said("no revocation");
    assert!(!said.out.contains("PRIVATE"), "{}", said.out);
    ask("super-admin.conf").ended(0).said("No authorizer is asked");
    ask("pki/apiserver.crt").ended(0).said("is no client certificate");
    ask("pki/ca.crt").ended(0).said("can make any identity");
    ask("pki/sa.pub").ended(2).complained("holds neither");
    // A path in a kubeconfig is followed from where that lies; one that leads nowhere is named.
    let folder = scene.path("out/nodes/cp-1/etc/kubernetes");
    let by_path = |path: &str| format!("users: [{{name: a, user: {{client-certificate: {path}}}}}]\n");
    std::fs::write(folder.join("by-path.conf"), by_path("pki/apiserver-etcd-client.crt")).expect("it is written");
    ask("by-path.conf").ended(0).said("kube-apiserver-etcd-client");
    std::fs::write(folder.join("nowhere.conf"), by_path("/no/such.pem")).expect("it is written");
    ask("nowhere.conf").ended(2).complained("/no/such.pem");
}

#[test]
fn what_cannot_be_tried_is_said() {
    let scene = Scene::new();
    scene
        .run("break --preset single --fault no-such:thing,expired:nothing --out broken")
        .ended(2)
        .complained("expired:nothing");
    assert!(!scene.names().contains(&"broken".to_owned()));
    scene.run("break --preset single --out sound").ended(0);
    scene.run("break --preset single --out sound").ended(1).complained("exists already");
    scene.run("handshake --pki sound --from kubectl --to etcd").ended(2).complained("no connection kubectl->etcd");
    scene.run("handshake --pki sound --from pod --to coredns").ended(2).complained("nothing to try");
    scene.run("handshake --pki sound --from etcd --to etcd --node cp-9").ended(2).complained("there are cp-1");
    scene.run("generate --preset single --out export").ended(0);
    scene.run("handshake --pki export --from kubectl --to kube-apiserver").ended(0).said("HTTP 200");
    scene
        .run("handshake --pki export --from kube-apiserver --to kubelet")
        .ended(2)
        .complained("kubelet.crt: is not there");
}

#[test]
fn a_caller_that_speaks_no_newer_than_tls_1_2_hears_other_words() {
    let scene = Scene::new();
    scene.run("break --preset single --fault no-certificate:apiserver-etcd-client --out broken").ended(0);
    let line = "handshake --pki broken --from kube-apiserver --to etcd --format json";
    for (tls, heard) in
        [("1.2", "remote error: tls: handshake failure"), ("1.3", "remote error: tls: certificate required")]
    {
        let it = json(&scene.run(&format!("{line} --tls {tls}")).ended(3).out);
        assert_eq!((&it["tls"], &it["client"]["message"]), (&Value::from(tls), &Value::from(heard)));
        assert_eq!(it["server"]["message"], "tls: client didn't provide a certificate");
    }
    scene.run("handshake --pki broken --from kube-apiserver --to etcd --tls 1.1").ended(2).complained("1.2, 1.3");
}

#[test]
fn what_the_components_print_under_a_fault_is_listed_for_each_connection() {
    let scene = Scene::new();
    let text = scene.run("faults --log expired:apiserver").ended(0).out;
    let of_kubectl = text.split("kubectl->kube-apiserver").nth(1).expect("kubectl's call");
    assert!(of_kubectl.contains("Unable to connect to the server: tls: failed to verify certificate"), "{text}");
    assert!(text.contains("kubeadm certs renew apiserver"), "{text}");
    assert!(text.contains("  Wrong: /etc/kubernetes/pki/apiserver.crt\n"), "{text}");
    assert!(!text.contains("apiserver-etcd-client"), "an id alone is that fault: {text}");

    let calls = json(&scene.run("faults --log expired:apiserver --format json").ended(0).out);
    let calls = calls[0]["calls"].as_array().expect("calls").clone();
    let call = calls.iter().find(|one| one["connection"] == "kubectl->kube-apiserver").expect("kubectl's call");
    assert_eq!(call["client"]["printed"]["component"], "kubectl");
    // Without `--log` the list is what it was.
    let plain = json(&scene.run("faults expired etcd --format json").ended(0).out);
    let plain = plain.as_array().expect("a list");
    assert!(plain.iter().any(|one| one["id"] == "expired:etcd-server"), "{plain:?}");
    assert!(plain.iter().all(|one| one.get("calls").is_none()), "{plain:?}");
    scene.run("faults nothing-like-that").ended(2).complained("no fault has");
}

#[test]
fn who_has_a_component_call_is_told_something_and_how_soon_each_line_came_is_said() {
    let scene = Scene::new();
    let of_extension = |text: &str| {
        let call = text.split("kube-apiserver->aggregated-apiserver").nth(1).expect("the call of the extension");
        call.split("->").next().unwrap_or_default().to_owned()
    };
    let text = scene.run("faults --log name-not-allowed:front-proxy-client").ended(0).out;
    let call = of_extension(&text);
    let (logs, answer) = call.split_once("answer").expect("an answer");
    assert!(logs.contains("Unable to authenticate the request") && !logs.contains("kubectl"), "{call}");
    assert!(answer.contains("kubectl 1.") && answer.contains("Error from server (ServiceUnavailable)"), "{call}");
    let soon = call.split(" within ").nth(1).and_then(|rest| rest.split_once(" s:")).expect("how soon");
    assert!((1..=30).contains(&soon.0.parse::<u32>().expect("seconds")), "{call}");

    let line = "faults --log name-not-allowed:front-proxy-client --format json";
    let calls = json(&scene.run(line).ended(0).out)[0]["calls"].as_array().expect("calls").clone();
    let answer =
        &calls.iter().find(|one| one["connection"] == "kube-apiserver->aggregated-apiserver").expect("it")["answer"];
    assert_eq!(answer["component"], "kubectl");
    assert!(answer["within"].as_u64().is_some_and(|seconds| seconds > 0), "{answer}");
    // kubectl that calls by itself is an end, and nobody is told anything beside.
    let calls = json(&scene.run("faults --log expired:admin.conf --format json").ended(0).out);
    assert!(calls[0]["calls"][0]["answer"].is_null(), "{calls}");
}

#[test]
fn an_explanation_says_which_components_were_recorded_with_the_message() {
    let scene = Scene::new();
    scene.run_with("explain", "Error: unhealthy cluster").ended(0).said("Seen: etcdctl 3.");
    let all = json(&scene.run_with("explain --format json", "Error: unhealthy cluster").ended(0).out);
    assert_eq!(all[0]["seen"][0]["component"], "etcdctl");
    assert_eq!(all[0]["arose"][0]["connection"], "etcdctl->etcd");
    // No clock can be set for one component alone.
    let line = "Get \"https://[::1]:6443/api\": tls: failed to verify certificate: x509: certificate has expired or is not yet \
                valid: current time 2026-11-29T03:00:00Z is after 2026-11-28T10:00:00Z";
    let unseen = json(&scene.run_with("explain --format json", line).ended(0).out);
    assert_eq!(unseen[0]["seen"], Value::Array(Vec::new()));
}
