//! A webhook behind TLS: by what the API server believes one, what it shows it, and what it says of one that it does not believe.

use serde_json::{Value, json};

use super::{aggregated, connections_of};
use crate::stage::{Stage, logged, shown};

const PORT: u16 = 8445;
/// The Service by which it is called, for which its certificate is, and another one that leads to the same place.
const NAMED: &str = "check";
const MISNAMED: &str = "other";

/// The configuration that has every ConfigMap with a certain label looked at, by a Service, believed by a bundle in base64.
fn configuration(service: &str, bundle: &str) -> Value {
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": { "name": "check" },
        "webhooks": [{
            "name": "check.example.com",
            "clientConfig": {
                "service": { "name": service, "namespace": "default", "path": "/validate" },
                "caBundle": bundle,
            },
            "rules": [{ "operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"] }],
            "objectSelector": { "matchLabels": { "asked": "webhook" } },
            "admissionReviewVersions": ["v1"],
            "sideEffects": "None",
            "timeoutSeconds": 10,
        }],
    })
}

/// Waits until making a ConfigMap of a name is refused with certain words, and gives what was said.
#[track_caller]
fn refused(stage: &Stage, name: &str, words: &str) -> String {
    let manifest = json!({ "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": { "name": name, "namespace": "default", "labels": { "asked": "webhook" } } });
    stage.first().write("/root/looked-at.json", manifest.to_string());
    let ask = format!(
        "kubectl --kubeconfig {} create --dry-run=server --filename /root/looked-at.json 2>&1 | grep -F '{words}'",
        stage.admin()
    );
    shown(stage.first(), &format!("{name} is refused: {words}"), 30, &ask)
}

/// The API server believes a webhook by the bundle of its configuration alone, for the name of its Service, shows it no
/// certificate, and what it says of one that it does not believe is known as what it is.
pub(crate) fn a_webhook_is_believed_by_its_bundle(stage: &Stage) {
    let machine = stage.first();
    let script = format!(
        "mkdir -p /root/webhook && cd /root/webhook
         for ca in ca stranger; do
             openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout $ca.key -out $ca.crt -subj /CN=$ca -days 1
         done
         openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout tls.key -out tls.csr -subj /CN=webhook
         echo subjectAltName=DNS:{NAMED}.default.svc >names
         openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 1 -extfile names -out tls.crt"
    );
    machine.sh(&script).good();
    machine.write(
        "/etc/systemd/system/webhook.service",
        aggregated::unit(&format!("machines webhook :{PORT} /root/webhook/tls.crt /root/webhook/tls.key")),
    );
    machine.sh("systemctl start webhook").good();
    let services: Vec<Value> =
        [NAMED, MISNAMED].iter().flat_map(|name| aggregated::service(stage, name, PORT)).collect();
    stage.apply(&json!({ "apiVersion": "v1", "kind": "List", "items": services }).to_string());
    let bundle = |ca: &str| machine.sh(&format!("base64 -w 0 /root/webhook/{ca}.crt")).good();

    stage.apply(&configuration(NAMED, &bundle("ca")).to_string());
    let said = refused(stage, "refused", "its caller showed");
    assert!(
        said.contains("admission webhook \"check.example.com\" denied the request: its caller showed 0 certificates"),
        "{said}"
    );
    let taken = "create --dry-run=server --filename /root/looked-at.json --output name";
    machine.sh("sed -i s/refused/taken/ /root/looked-at.json").good();
    assert_eq!(stage.kubectl(taken).good().trim(), "configmap/taken");

    let authority = "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    let name = format!(
        "tls: failed to verify certificate: x509: certificate is valid for {NAMED}.default.svc, not {MISNAMED}.default.svc"
    );
    let called = |service: &str, words: &str| {
        format!("failed to call webhook: Post \"https://{service}.default.svc:443/validate?timeout=10s\": {words}")
    };
    // Without a bundle the roots of the image decide. One that is no PEM is taken, and found out at the call.
    for (service, bundle, words) in [
        (NAMED, bundle("stranger"), called(NAMED, authority)),
        (MISNAMED, bundle("ca"), called(MISNAMED, &name)),
        (NAMED, String::new(), called(NAMED, authority)),
        (
            NAMED,
            "bm90IFBFTQ==".to_owned(),
            "could not get REST client: unable to load root certificates: unable to parse bytes as PEM block"
                .to_owned(),
        ),
    ] {
        stage.apply(&configuration(service, &bundle).to_string());
        let said = refused(stage, "taken", &words);
        assert!(
            said.contains(&format!("Internal error occurred: failed calling webhook \"check.example.com\": {words}")),
            "{said}"
        );
        let log = logged(
            machine,
            "kube-apiserver",
            &format!(
                "Failed calling webhook, failing closed check.example.com: failed calling webhook \"check.example.com\": {words}"
            ),
        );
        for line in [said, log] {
            assert_eq!(connections_of(&line), ["kube-apiserver->webhook"], "{line}");
        }
    }
    stage.kubectl("delete validatingwebhookconfiguration check").good();
    machine.sh("systemctl stop webhook").good();
}
