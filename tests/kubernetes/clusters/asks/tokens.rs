//! Tokens of service accounts: signed, used from a pod, and refused once the key that signed them is another.

use kubepki_core::plan::FlagValue;
use serde_json::{Value, json};
use support::program::Said;

use crate::stage::Stage;

/// A pod on each node asks the API server, by its service address and with its token, who it is. Pods of "logs and exec work"
/// are there already.
pub(crate) fn pods_call_the_api_server(stage: &Stage) {
    for (node, _) in stage.with_kubelets() {
        let ask = format!("exec asked-{} -- /usr/local/bin/kubectl auth whoami --output json", node.name);
        let said = stage.until("the service address leads to an API server", 90, &ask, |_| true);
        let said: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
        assert_eq!(said["status"]["userInfo"]["username"], json!("system:serviceaccount:default:default"));
    }
}

/// With another pair in the place of sa.key and sa.pub, tokens of before are refused and new ones are taken.
pub(crate) fn a_new_key_ends_old_tokens(stage: &Stage) {
    let old = stage.kubectl("create token default").good();
    who(stage, &old).good();
    let file = |name: &str| stage.flag("kube-apiserver", name);
    let (public, private) = (file("service-account-key-file"), file("service-account-signing-key-file"));
    let pair = stage.first().sh("openssl genrsa 2048 2>/dev/null").good();
    for (_, machine) in stage.control_planes() {
        machine.write("/root/new.key", &pair);
        // In place, with owners and modes as they are.
        machine
            .sh(&format!(
                "cat /root/new.key >{private} && openssl pkey -in /root/new.key -pubout >/root/new.pub && cat /root/new.pub >{public}"
            ))
            .good();
    }
    stage.restart(&["kube-apiserver", "kube-controller-manager"]);
    let said = who(stage, &old).bad();
    assert!(said.contains("You must be logged in to the server (Unauthorized)"), "{said}");
    let new = stage.until("a new token is made", 30, "create token default", |_| true);
    who(stage, &new).good();
}

/// Asks the API server who shows a token.
fn who(stage: &Stage, token: &str) -> Said {
    let ca = stage.flag("kube-controller-manager", "root-ca-file");
    let url = stage.url(&stage.spec().nodes[stage.spec().init_node()]);
    stage.first().sh(&format!(
        "kubectl --kubeconfig /dev/null --server {url} --certificate-authority {ca} --token {} auth whoami",
        token.trim()
    ))
}

impl Stage {
    /// The value of a flag on the first control plane, as it is planned.
    pub(crate) fn flag(&self, component: &str, name: &str) -> &str {
        let init = self.spec().init_node();
        let is = |flag: &&kubepki_core::plan::PlannedFlag| {
            flag.node == init && flag.row.component == component && flag.row.name == name
        };
        match self.export.plan.flags.iter().find(is).map(|flag| &flag.value) {
            Some(FlagValue::Set(value)) => value,
            other => panic!("{component} --{name} is {other:?}"),
        }
    }
}
