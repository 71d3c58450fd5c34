//! API servers that hand on to each other what they do not serve themselves: whom they believe there, and as whom.

use support::cluster::Machine;

use super::{explained, running};
use crate::stage::{Stage, logged, shown};

/// What one server does not serve: `kubectl auth whoami` asks it.
const LEFT_OUT: &str = "authentication.k8s.io/v1=false";
/// The name for which a server checks another one's certificate, whatever address it dials.
const NAME: &str = "kubernetes.default.svc";
const MANIFEST: &str = "/etc/kubernetes/manifests/kube-apiserver.yaml";
const PEER_CA: &str = "/etc/kubernetes/pki/peer-ca.crt";
/// An address that nobody has.
const NOWHERE: &str = "192.0.2.1";

/// Changes a machine so that its API server runs anew, and waits until it does; `$PROCESS` is the one that runs.
#[track_caller]
fn anew(machine: &Machine, kubectl: &str, script: &str) {
    let old = machine.process_of("kube-apiserver").expect("its API server runs").to_string();
    machine.sh(&script.replace("$PROCESS", &old)).good();
    let ready = format!("! test -d /proc/{old} && {kubectl} get --raw /readyz");
    shown(machine, "its API server runs anew", 120, &ready);
}

/// The server that hands a request on shows the front-proxy certificate and names the user, and the other one believes it. With
/// a certificate of another CA that certificate's own name is who asks, and the user is lost. It checks the other one's
/// certificate with `--peer-ca-file`, for a name and not for the address.
pub(crate) fn servers_hand_on_to_each_other(stage: &Stage) {
    let mut others: Vec<_> = stage.control_planes().collect();
    let (node, machine) = others.pop().expect("there are several control planes");
    let flag = |name: &str| stage.flag("kube-apiserver", name);
    let kubectl = format!("kubectl --kubeconfig {} --server {}", stage.admin(), stage.url(node));
    let is_known_as = |user: &str| {
        let who = format!("{kubectl} auth whoami --output jsonpath={{.status.userInfo.username}} | grep -x {user}");
        shown(machine, &format!("whoever asks is {user}"), 60, &who);
    };
    assert!(!running::flags(machine, "kube-apiserver").contains_key("peer-ca-file"), "an export does not set it");

    let ca = flag("client-ca-file");
    let flags = [
        format!("--peer-ca-file={PEER_CA}"),
        format!("--runtime-config={LEFT_OUT}"),
        format!("--peer-advertise-ip={NOWHERE}"),
        "--peer-advertise-port=7443".to_owned(),
    ];
    let flags: String = flags.iter().map(|flag| format!("\\n    - {flag}")).collect();
    let script = format!(
        "cp {ca} {PEER_CA} && sed 's|^    - kube-apiserver$|&{flags}|' {MANIFEST} >/root/peers.yaml && cat /root/peers.yaml >{MANIFEST}"
    );
    anew(machine, &kubectl, &script);
    is_known_as("kubernetes-admin");
    let line =
        logged(machine, "kube-apiserver", "Proxying request for /apis/authentication.k8s.io/v1/selfsubjectreviews");
    let port = stage.spec().bind_port;
    assert!(others.iter().any(|(other, _)| line.contains(&format!(" to {}:{port}", other.advertise()))), "{line}");
    // Two flags that change nothing: the others are told the address at which the server serves.
    let told =
        "get leases --namespace kube-system --selector apiserver.kubernetes.io/identity=kube-apiserver --output yaml";
    let told = stage.kubectl(told).good();
    let address = |address: &str, port: u16| format!("kubernetes.io/peer-advertise-address: {address}:{port}\n");
    assert!(told.contains(&address(&node.advertise().to_string(), port)), "{told}");
    assert!(!told.contains(NOWHERE), "{told}");

    // Another pair in the place of the front proxy's.
    let (certificate, key) = (flag("proxy-client-cert-file"), flag("proxy-client-key-file"));
    machine.sh(&format!("cp {certificate} /root/right.crt && cp {key} /root/right.key")).good();
    let (client, client_key) = (flag("kubelet-client-certificate"), flag("kubelet-client-key"));
    anew(machine, &kubectl, &format!("cat {client} >{certificate} && cat {client_key} >{key} && kill $PROCESS"));
    is_known_as("kube-apiserver-kubelet-client");

    // Certificates with the address that is dialled, and without the name.
    for (other, other_machine) in &others {
        let (serving, serving_key, ca_key) =
            (flag("tls-cert-file"), flag("tls-private-key-file"), ca.replace(".crt", ".key"));
        let address = other.advertise();
        let script = format!(
            "openssl req -new -key {serving_key} -subj /CN=kube-apiserver -out /root/nameless.csr
             printf 'subjectAltName=IP:{address},DNS:kubernetes\\nextendedKeyUsage=serverAuth\\n' >/root/nameless
             openssl x509 -req -in /root/nameless.csr -CA {ca} -CAkey {ca_key} -CAserial /root/serial -CAcreateserial -days 1 -extfile /root/nameless -out /root/nameless.crt
             cat /root/nameless.crt >{serving}"
        );
        other_machine.sh(&script).good();
        let served = format!(
            "openssl s_client -connect {address}:{port} </dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName | grep -x ' *DNS:kubernetes, IP Address:{address}\\| *IP Address:{address}, DNS:kubernetes'"
        );
        shown(other_machine, "it serves with the new certificate", 90, &served);
    }
    anew(
        machine,
        &kubectl,
        &format!("cat /root/right.crt >{certificate} && cat /root/right.key >{key} && kill $PROCESS"),
    );
    let line = logged(machine, "kube-apiserver", &format!("x509: certificate is valid for kubernetes, not {NAME}"));
    let begins = "\"Error while proxying request to destination apiserver\" err=\"error trying to reach service: tls: failed to verify certificate: x509: ";
    assert!(line.contains(begins), "{line}");
    let said = explained(&line);
    assert!(said.contains("--peer-ca-file") && said.contains(NAME), "{said}");
}
