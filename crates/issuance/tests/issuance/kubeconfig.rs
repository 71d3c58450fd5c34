//! Kubeconfigs as kubeadm writes them.

use base64ct::{Base64, Encoding};
use kubepki_issuance::issue;

use crate::support::{NOW, keys_for, plan_of, serials_for};

const ECDSA: (&str, &str) = ("keys.ca", "ECDSA-P256");
const ECDSA_LEAF: (&str, &str) = ("keys.leaf", "ECDSA-P256");

#[test]
fn the_text_is_kubeadms() {
    let plan = plan_of("ha-stacked", &[ECDSA, ECDSA_LEAF]);
    let (keys, serials) = (keys_for(&plan, 1), serials_for(&plan, 1));
    let pki = issue(plan, keys, serials, NOW).expect("a plan that fits its keys");
    let admin = pki.plan.certs.iter().position(|cert| cert.row.id == "admin.conf").expect("an admin");
    let ca = pki.plan.find("ca", None).expect("a CA");
    let text = pki.kubeconfig(admin).expect("it is kept in one");
    let data = |pem: &str| Base64::encode_string(pem.as_bytes());
    let expected = format!(
        "apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: {}
    server: https://api.prod.example:6443
  name: prod-eu
contexts:
- context:
    cluster: prod-eu
    user: kubernetes-admin
  name: kubernetes-admin@prod-eu
current-context: kubernetes-admin@prod-eu
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: {}
    client-key-data: {}
",
        data(&pki.certificate_pem(ca).expect("a certificate")),
        data(&pki.certificate_pem(admin).expect("a certificate")),
        data(pki.private_key_pem(admin).expose()),
    );
    assert_eq!(text.expose(), expected);
    assert!(pki.kubeconfig(ca).is_none());
}

#[test]
fn a_cluster_called_like_a_number_or_a_word_is_quoted() {
    for (name, written) in [("123", "\"123\""), ("true", "\"true\""), ("No", "\"No\""), ("prod-1", "prod-1")] {
        let plan = plan_of("single", &[ECDSA, ECDSA_LEAF, ("clusterName", name)]);
        let (keys, serials) = (keys_for(&plan, 1), serials_for(&plan, 1));
        let pki = issue(plan, keys, serials, NOW).expect("a plan that fits its keys");
        let admin = pki.plan.certs.iter().position(|cert| cert.row.id == "admin.conf").expect("an admin");
        let text = pki.kubeconfig(admin).expect("it is kept in one");
        assert!(text.expose().contains(&format!("\n  name: {written}\ncontexts:")), "{name}");
        assert!(text.expose().contains(&format!("\ncurrent-context: kubernetes-admin@{name}\n")), "{name}");
    }
}
