//! What components tell of themselves at `/flagz` and `/statusz`, which are on from Kubernetes 1.36, beside their processes and
//! the plan.

use std::collections::BTreeMap;

use kubepki_core::plan::FlagValue;
use kubepki_core::spec::{Host, Node};
use serde_json::Value;
use support::cluster::{Machine, images};

use super::running;
use crate::stage::Stage;

/// The minor release from which on they are on.
const SINCE: u16 = 36;

/// A component with such pages, and its port; the API server's is the design's.
const COMPONENTS: &[(&str, Option<u16>)] = &[
    ("kube-apiserver", None),
    ("kube-controller-manager", Some(10257)),
    ("kube-scheduler", Some(10259)),
    ("kubelet", Some(10250)),
];

/// A page of a component as JSON, asked for with the administrator's certificate.
#[track_caller]
fn page(stage: &Stage, node: &Node, machine: &Machine, (component, port): (&str, Option<u16>), page: &str) -> Value {
    let host = match component {
        "kube-apiserver" | "kubelet" => Host::Address(node.advertise()).to_string(),
        _ => "127.0.0.1".to_owned(),
    };
    let kind = format!("{}{}", page[..1].to_uppercase(), &page[1..]);
    let port = port.unwrap_or(stage.spec().bind_port);
    let script = format!(
        "curl -sfk --cert /root/asks.crt --key /root/asks.key -H 'Accept: application/json;v=v1beta1;g=config.k8s.io;as={kind}' https://{host}:{port}/{page}"
    );
    let said = machine.sh(&script).good();
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{component}, {page}: {error}: {said}"))
}

/// Whether a page shows a flag as it is given: lists stand there in brackets, with spaces or commas between.
fn is_shown(shown: &str, given: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        inner.split([' ', ',']).map(str::to_owned).collect()
    };
    shown == given || parts(shown) == parts(given)
}

/// `/flagz` shows the flags of each process, those of the plan among them, and `/statusz` its version. Of a kubelet that is no
/// answer: what its file of configuration sets is shown as if nobody had set it.
pub(crate) fn components_tell_how_they_run(stage: &Stage) {
    if stage.spec().version.minor < SINCE {
        println!("{}: before 1.{SINCE} there are no such pages, and nothing is asked", images::version());
        return;
    }
    let mut different = Vec::new();
    for (node, machine) in stage.control_planes() {
        let data = |what: &str| {
            stage.kubectl(&format!("config view --raw --minify --flatten --output jsonpath={{.users[0].user.client-{what}-data}} | base64 -d")).good()
        };
        machine.write("/root/asks.crt", data("certificate"));
        machine.write_with_mode("/root/asks.key", data("key"), 0o600);
        for &(component, port) in COMPONENTS {
            if component == "kubelet" && !node.has_kubelet() {
                continue;
            }
            let ask = |name: &str| page(stage, node, machine, (component, port), name);
            let shown: BTreeMap<String, String> =
                serde_json::from_value(ask("flagz")["flags"].clone()).expect("flags are text");
            for (name, given) in running::flags(machine, component) {
                let same = shown.get(&name).is_some_and(|shown| is_shown(shown, &given));
                if !same {
                    different.push(format!("{} {component} --{name}={given}: {:?}", node.name, shown.get(&name)));
                }
            }
            let status = ask("statusz");
            assert_eq!(
                status["binaryVersion"].as_str().map(|version| format!("v{version}")).as_deref(),
                Some(images::version()),
                "{status}"
            );
        }
        if node.has_kubelet() {
            let kubelet = ("kubelet", Some(10250));
            let shown = page(stage, node, machine, kubelet, "flagz");
            let index = stage.spec().nodes.iter().position(|one| one.name == node.name);
            let field = stage
                .export
                .plan
                .flags
                .iter()
                .find(|flag| Some(flag.node) == index && flag.row.name == "authentication.anonymous.enabled");
            assert!(
                field.is_some_and(|field| matches!(&field.value, FlagValue::Set(value) if value == "false")),
                "{}: {field:?}",
                node.name
            );
            assert_eq!(shown["flags"]["anonymous-auth"], "true", "{shown}");
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    // The API server's own certificate opens one of the two at a kubelet.
    for (node, _) in stage.control_planes().filter(|(node, _)| node.has_kubelet()).take(1) {
        let through = format!("get --raw /api/v1/nodes/{}/proxy", node.name);
        stage.kubectl(&format!("{through}/flagz")).good();
        let said = stage.kubectl(&format!("{through}/statusz")).bad();
        assert!(
            said.contains(
                "Forbidden (user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource(s)=[statusz])"
            ),
            "{said}"
        );
    }
}
