//! What a person types to make a call, where no component makes it by itself, and what is printed then.

use std::collections::BTreeMap;
use std::time::{Instant, SystemTime};

use support::program::Said;

use crate::extension;
use crate::play::Call;
use crate::soon;
use crate::stand::{Stand, as_sound};

/// What a command says where nobody listens yet.
const REFUSED: &[&str] = &["connection refused", "was refused", "onnect to server"];

/// Connections on which a component calls when somebody asks it to: what that one is told is no end's log.
pub(crate) const ON_BEHALF: &[&str] = &["kube-apiserver->aggregated-apiserver", "etcd-gateway->etcd"];

/// A program, and the scripts that run it, one after the other.
pub(crate) struct Command {
    by: &'static str,
    scripts: Vec<String>,
}

/// What a command printed that makes a call, or has a component make one.
pub(crate) struct Printed {
    /// The program.
    pub(crate) by: &'static str,
    pub(crate) text: String,
    /// When it was given.
    pub(crate) at: SystemTime,
    /// Within how many seconds it had printed everything.
    pub(crate) within: u32,
}

/// By the connection's id.
pub(crate) type AllPrinted = BTreeMap<&'static str, Printed>;

impl Command {
    /// The command that makes a call; nothing where a component makes it by itself.
    pub(crate) fn of(call: &Call) -> Option<Self> {
        let path = |path: &Option<String>| {
            let path = path.as_deref().unwrap_or_default();
            path.split_once("/etc/").map_or_else(|| path.to_owned(), |(_, rest)| format!("/etc/{rest}"))
        };
        let client = &call.dial.client;
        // kubectl says other things where it knows the API already: both as somebody finds them who used it before, and not.
        let kubectl = |before: &str, words: &str| Self {
            by: "kubectl",
            scripts: vec![
                format!(
                    "rm -rf /tmp/known && cp -r /root/known /tmp/known; {before} kubectl --cache-dir /tmp/known {words}"
                ),
                format!("{before} kubectl --cache-dir /tmp/nothing-$$ {words}"),
            ],
        };
        let once = |by: &'static str, script: String| Self { by, scripts: vec![script] };
        Some(match call.said.connection {
            "kubectl->kube-apiserver" | "super-admin->kube-apiserver" => {
                kubectl("", &format!("--kubeconfig {} get nodes", path(&client.trust)))
            }
            "pod->kube-apiserver" => {
                let (host, port) = call.said.dialled.rsplit_once(':').expect("it has a port");
                let inside = format!("KUBERNETES_SERVICE_HOST={host} KUBERNETES_SERVICE_PORT={port}");
                kubectl(&inside, "get pods")
            }
            "kube-apiserver->kubelet" => once("kubectl", format!("{} logs something", as_sound())),
            "kube-apiserver->aggregated-apiserver" => {
                once("kubectl", format!("{} get --raw {}", as_sound(), extension::path()))
            }
            "etcd-gateway->etcd" => {
                let url = format!("https://{}/v3/maintenance/status", call.said.dialled);
                let pair = "--cert /etc/kubernetes/pki/etcd/healthcheck-client.crt --key /etc/kubernetes/pki/etcd/healthcheck-client.key";
                let script = format!(
                    "curl -sS --max-time 20 --insecure {pair} --request POST --data '{{}}' --write-out '\\n' {url}"
                );
                // In TLS 1.3 a server refuses a client after its own handshake: whether that is seen at the next write, or at the
                // next read, is chance.
                Self { by: "curl", scripts: vec![script; 5] }
            }
            "etcdctl->etcd" => {
                let pair = match &client.cert {
                    Some(_) => format!("--cert {} --key {}", path(&client.cert), path(&client.key)),
                    None => String::new(),
                };
                let trust = path(&client.trust);
                let to = format!("--endpoints https://{}", call.said.dialled);
                once("etcdctl", format!("etcdctl {to} --cacert {trust} {pair} endpoint health"))
            }
            _ => return None,
        })
    }

    /// What it prints once the server of its call is there, or is not going to be.
    pub(crate) fn run(&self, stand: &Stand, call: &Call) -> Printed {
        let is_down = call.said.server.step.as_deref() == Some("key pair");
        let mut printed = self.once(stand);
        stand.wait(10.0, || {
            if is_down || !REFUSED.iter().any(|words| printed.text.contains(words)) {
                return true;
            }
            printed = self.once(stand);
            false
        });
        printed
    }

    /// Makes the call, and gives whatever is printed.
    pub(crate) fn once(&self, stand: &Stand) -> Printed {
        let (at, begun) = (SystemTime::now(), Instant::now());
        let mut ended = None;
        let said: Vec<Said> = self
            .scripts
            .iter()
            .map(|script| {
                let said = stand.machine().sh_within(script, 30);
                ended.get_or_insert(begun.elapsed());
                said
            })
            .collect();
        let text = said.iter().map(|said| said.err.as_str()).chain(said.iter().map(|said| said.out.as_str())).collect();
        Printed { by: self.by, text, at, within: soon::seconds(ended.unwrap_or_default()) }
    }
}
