//! A kubelet's client certificate, which it has renewed while it runs.

use std::time::{Duration, Instant};

use support::cluster::Machine;

use super::running;
use crate::stage::{Stage, shown};

/// How long certificates last that the cluster signs from now on. What is signed begins five minutes earlier, so that a kubelet
/// that renews at 70 to 90 % of the whole wants the next one within half a minute.
const SHORT: &str = "60s";
const MANIFEST: &str = "/etc/kubernetes/manifests/kube-controller-manager.yaml";
const CURRENT: &str = "/var/lib/kubelet/pki/kubelet-client-current.pem";

/// The serial number of the certificate that a kubelet shows.
fn serial(machine: &Machine) -> String {
    machine.sh(&format!("openssl x509 -in {CURRENT} -noout -serial")).good()
}

/// A kubelet has its certificate renewed before it ends, again and again, in the same process; the request is approved by the
/// binding that the export brings, and the file that its kubeconfig names leads to the new one.
pub(crate) fn kubelets_renew(stage: &Stage) {
    for (_, machine) in stage.control_planes() {
        let old = machine.process_of("kube-controller-manager").expect("it runs");
        machine
            .sh(&format!(
                "sed 's|^    - kube-controller-manager$|&\\n    - --cluster-signing-duration={SHORT}|' {MANIFEST} >/root/signs.yaml && cat /root/signs.yaml >{MANIFEST}"
            ))
            .good();
        shown(machine, "the controller manager runs anew", 60, &format!("! test -d /proc/{old}"));
    }
    let (node, machine) = stage.with_kubelets().last().expect("a cluster has nodes");
    let bootstrap = running::flags(machine, "kubelet").remove("bootstrap-kubeconfig").unwrap_or_default();
    assert!(machine.path(&bootstrap).exists(), "{}: {bootstrap} is not there", node.name);
    // It asks anew, as on its first day.
    let asks = "systemctl stop kubelet && rm -f /var/lib/kubelet/pki/kubelet-client-* && systemctl start kubelet";
    machine.sh(asks).good();
    shown(machine, "it has a certificate again", 60, &format!("test -e {CURRENT}"));
    let process = machine.process_of("kubelet").expect("it runs");
    let mut seen = vec![serial(machine)];
    let end = Instant::now() + Duration::from_secs(90);
    while seen.len() < 3 {
        assert!(Instant::now() < end, "{}: certificates after 90 s: {seen:?}", node.name);
        let now = serial(machine);
        if seen.last() != Some(&now) {
            seen.push(now);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    assert_eq!(machine.process_of("kubelet"), Some(process), "{}: it was started again", node.name);
    let newest =
        machine.sh(&format!("readlink {CURRENT}; openssl x509 -in {CURRENT} -noout -subject -nameopt RFC2253")).good();
    assert!(newest.contains("/var/lib/kubelet/pki/kubelet-client-2"), "{newest}");
    assert!(newest.contains(&format!("subject=CN=system:node:{},O=system:nodes", node.name)), "{newest}");
    // Requests of the renewals are the node's own, that of the first one was the token's.
    let asked = stage.kubectl("get csr --output jsonpath='{range .items[*]}{.spec.username} {.status.conditions[0].reason}{\"\\n\"}{end}'").good();
    assert!(asked.contains(&format!("system:node:{} AutoApproved", node.name)), "{asked}");
    assert!(asked.contains("system:bootstrap:"), "{asked}");
}
