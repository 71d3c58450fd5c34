//! Certificates that a running cluster signs: a person's, and what it refuses.

use serde_json::{Value, json};

use crate::stage::Stage;

/// A request as the API server is sent it.
fn request(name: &str, csr: &str, signer: &str, seconds: Option<u64>) -> Value {
    let mut spec = json!({ "request": csr.trim(), "signerName": signer, "usages": ["client auth"] });
    if let Some(seconds) = seconds {
        spec["expirationSeconds"] = json!(seconds);
    }
    json!({
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": { "name": name },
        "spec": spec,
    })
}

/// Makes a key and a request there, and gives the request in base64.
fn make(stage: &Stage, name: &str) -> String {
    let script = format!(
        "cd /root && openssl ecparam -name prime256v1 -genkey -noout -out {name}.key &&
         openssl req -new -key {name}.key -subj /O=readers/CN={name} | base64 -w 0"
    );
    stage.first().sh(&script).good()
}

/// From a person's key over the request and its approval to what a RoleBinding lets it do.
pub(crate) fn a_person_gets_in(stage: &Stage) {
    let csr = make(stage, "jane");
    stage.apply(&request("jane", &csr, "kubernetes.io/kube-apiserver-client", Some(3600)).to_string());
    stage.kubectl("certificate approve jane").good();
    let signed = "get csr jane --output jsonpath={.status.certificate}";
    let certificate = stage.until("the certificate is signed", 30, signed, |said| !said.is_empty());
    stage.first().write("/root/jane.b64", certificate);
    stage.first().sh("base64 -d </root/jane.b64 >/root/jane.crt").good();
    let machine = stage.first();
    machine.sh(&format!("cp {} /root/jane.conf", stage.admin())).good();
    machine
        .sh("kubectl config --kubeconfig /root/jane.conf set-credentials jane --client-certificate /root/jane.crt --client-key /root/jane.key")
        .good();
    let jane = |deed: &str| machine.sh(&format!("kubectl --kubeconfig /root/jane.conf --user jane {deed}"));
    let who: Value = serde_json::from_str(&jane("auth whoami --output json").good()).expect("it is JSON");
    let info = &who["status"]["userInfo"];
    assert_eq!((&info["username"], &info["groups"]), (&json!("jane"), &json!(["readers", "system:authenticated"])));
    let refused = jane("get pods").bad();
    assert!(refused.contains("Forbidden") && refused.contains("\"jane\""), "{refused}");
    stage.kubectl("create rolebinding readers --clusterrole view --group readers").good();
    jane("get pods").good();
    jane("get nodes").bad();
}

/// The API server takes no request for less than ten minutes.
pub(crate) fn too_short_is_refused(stage: &Stage) {
    let csr = make(stage, "hasty");
    let manifest = request("hasty", &csr, "kubernetes.io/kube-apiserver-client", Some(599));
    stage.first().write("/root/hasty.yaml", manifest.to_string());
    let said = stage.kubectl("apply --filename /root/hasty.yaml").bad();
    assert!(said.contains("may not specify a duration less than 600 seconds (10 minutes)"), "{said}");
}

/// A signer signs nothing that is not for it to sign, and what no signer answers for stays as it is.
pub(crate) fn a_wrong_signer_does_not_sign(stage: &Stage) {
    let csr = make(stage, "lost");
    for (name, signer) in [("misled", "kubernetes.io/kube-apiserver-client-kubelet"), ("nobodys", "example.com/nobody")]
    {
        stage.apply(&request(name, &csr, signer, None).to_string());
        stage.kubectl(&format!("certificate approve {name}")).good();
    }
    let failed = r#"get csr misled --output jsonpath='{.status.conditions[?(@.type=="Failed")].reason}'"#;
    let said = stage.until("the signer refuses", 30, failed, |said| !said.is_empty());
    assert_eq!(said, "SignerValidationFailure");
    let nobodys = stage.json("get csr nobodys");
    assert!(nobodys["status"].get("certificate").is_none(), "{nobodys}");
}
