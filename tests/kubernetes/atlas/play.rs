//! Plays a round: puts its faults in, starts anew what they concern, and reads what each end of each connection prints.

use std::collections::{BTreeMap, BTreeSet};

use kubepki_rehearsal::{Dial, DialError, Folder, Handshake, Stage, dials, rehearse};
use support::program::Said;
use support::{clock, stage};

use crate::lines::{Known, holds_any, holds_own};
use crate::record::{Atlas, End, Outcome};
use crate::rounds::Round;
use crate::stand::{SOUND, Stand};

/// Words by which a line is told apart that has to do with a connection.
const TELLING: &[&str] = &[
    "x509",
    "tls:",
    "TLS handshake",
    "Unauthorized",
    "forbidden",
    "Forbidden",
    "rejected connection",
    "handshake failed",
    "server preface",
    "command failed",
    "must be logged in",
    "Authorization error",
    "is unhealthy",
    "unhealthy cluster",
    ": EOF",
    "HTTPS",
    "failed to run Kubelet",
    "PEM",
];
/// Words of lines that are about the pod here, or about nothing that went wrong.
const ASIDE: &[&str] = &["flags.go", "status_manager.go", "typeconverter.go", "TLS handshake timeout", "event.go"];
/// Words of lines that a server prints about its callers.
const SERVING: &[&str] = &["TLS handshake error", "rejected connection", "authenticate the request", "http: "];
/// A pod of which logs can be asked, though it never starts.
const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: something, namespace: default}
spec:
  nodeName: NODE
  automountServiceAccountToken: false
  containers: [{name: something, image: nowhere.example/nothing, imagePullPolicy: Never}]
";
/// The verbosity at which kube-apiserver tells of handshakes (apiserver: pkg/server/secure_serving.go, `tlsHandshakeErrorWriter`).
const MORE: u8 = 5;
/// The most lines that are kept of one end.
const MOST: usize = 6;

/// A call of which the outcome was worked out beforehand.
struct Call {
    fault: String,
    dial: Dial,
    said: Handshake,
}

/// Plays rounds one after the other.
pub(crate) struct Player<'a> {
    stand: &'a mut Stand,
    /// The connections that are looked at.
    looked_at: &'static [&'static str],
    /// What each component prints that looks like trouble while there is none.
    usual: BTreeMap<&'static str, BTreeSet<String>>,
}

impl<'a> Player<'a> {
    /// Starts the cluster without faults.
    pub(crate) fn new(stand: &'a mut Stand, looked_at: &'static [&'static str]) -> Self {
        stand.install_sound();
        // A pod's way to the API server: the service's address leads there.
        let service = stand.spec.service_address();
        let to = format!("{}:{}", stand.address(), stand.spec.bind_port);
        stand
            .machine
            .sh(&format!("iptables -t nat -A OUTPUT -d {service} -p tcp --dport 443 -j DNAT --to-destination {to}"))
            .good();
        // A controller manager that starts before the roles are made ends.
        let early = ["etcd", "kube-apiserver"];
        for component in early {
            stand.start(component, &[]);
        }
        let ready = stand.wait(90.0, || kubectl(stand, "get --raw /readyz").code == Some(0));
        assert!(ready, "no cluster:\n{}", stand.machine.logs());
        for component in stand.components().filter(|component| !early.contains(component)) {
            stand.start(component, &[]);
        }
        let has_account = stand.wait(60.0, || kubectl(stand, "get serviceaccount default").code == Some(0));
        assert!(has_account, "no service account:\n{}", stand.machine.logs());
        stand.machine.write("/root/pod.yaml", POD.replace("NODE", stand.node()));
        kubectl(stand, "apply --filename /root/pod.yaml").good();
        let warm = format!("kubectl --kubeconfig {} --cache-dir /root/known get nodes", stand.admin);
        stand.machine.sh(&warm);
        let (host, port) = (stand.spec.service_address(), 443);
        stand.machine.sh(&format!(
            "KUBERNETES_SERVICE_HOST={host} KUBERNETES_SERVICE_PORT={port} kubectl --cache-dir /root/known get pods"
        ));
        // Now that everything is there: what is printed at a start without trouble.
        for component in stand.components().rev() {
            stand.stop(component);
        }
        for component in stand.components() {
            stand.start(component, &[]);
        }
        stand.wait(60.0, || kubectl(stand, "get --raw /readyz").code == Some(0));
        stand.wait(5.0, || false);
        let mut player = Self { stand, looked_at, usual: BTreeMap::new() };
        for component in player.stand.components().collect::<Vec<_>>() {
            let address = player.stand.address();
            let known = Known::new(&to, &address, player.stand.node(), None, [None, None]);
            let log = player.stand.log(component);
            let lines = log.lines().filter(|line| is_telling(line)).map(|line| known.marked(line));
            player.usual.insert(component, lines.collect());
        }
        player
    }

    /// Takes all faults away.
    pub(crate) fn recover(&mut self) {
        let sound = self.stand.sound();
        self.start_anew(&sound);
    }

    /// Plays one, adds what was seen, and says how many calls it made.
    pub(crate) fn play(&mut self, round: &Round, atlas: &mut Atlas) -> usize {
        let ids: Vec<String> = round.faults.iter().map(kubepki_rehearsal::fault::Fault::id).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let (stage, folder) = stage::broken_at(&self.stand.spec, &ids, self.stand.now);
        let calls = self.calls(round, &stage, &folder);
        if calls.is_empty() {
            return 0;
        }
        self.stand.forget_logs();
        self.start_anew(&folder);
        let mut printed = BTreeMap::new();
        for call in &calls {
            if let Some(command) = one_shot(call) {
                let said = self.answered(call, &command);
                printed.insert(call.said.connection, format!("{}{}", said.err, said.out));
            }
        }
        self.stand.wait(6.0, || calls.iter().all(|call| self.has_said(call, &printed)));
        let mut ends: Vec<[End; 2]> =
            calls.iter().map(|call| [0, 1].map(|end| self.end(call, end, &printed))).collect();
        self.ask_for_more(&calls, &mut ends);
        for (call, [client, server]) in calls.iter().zip(ends) {
            let said = &call.said;
            let steps = [&said.client.step, &said.server.step].map(|step| step.clone().unwrap_or_default());
            if steps.iter().all(String::is_empty)
                && said.http_status.is_none_or(|status| status == 200)
                && client.lines.is_empty()
                && server.lines.is_empty()
            {
                continue;
            }
            let outcome = Outcome { connection: said.connection.to_owned(), steps, status: said.http_status };
            atlas.add(outcome, client, server, &call.fault);
        }
        calls.len()
    }

    /// What a command says once the server of its call is there, or is not going to be.
    fn answered(&self, call: &Call, command: &str) -> Said {
        let is_down = call.said.server.step.as_deref() == Some("key pair");
        let mut said = self.stand.machine.sh_within(command, 30);
        self.stand.wait(10.0, || {
            if is_down || !said.err.contains("connection refused") {
                return true;
            }
            said = self.stand.machine.sh_within(command, 30);
            false
        });
        said
    }

    /// Has the API server print more than it does by itself, and reads what it then says of handshakes that fail.
    fn ask_for_more(&self, calls: &[Call], ends: &mut [[End; 2]]) {
        let is_silent = |call: &Call, server: &End| {
            server.component == "kube-apiserver"
                && !server.ends
                && server.lines.is_empty()
                && call.said.server.message.is_some()
        };
        if !calls.iter().zip(&*ends).any(|(call, [_, server])| is_silent(call, server)) {
            return;
        }
        // kube-apiserver: staging/src/k8s.io/apiserver/pkg/server/routes/flags.go
        let set = |level: u8| {
            self.stand.machine.write("/root/level", level.to_string());
            kubectl(self.stand, "replace --raw /debug/flags/v --filename /root/level")
        };
        let said = set(MORE);
        if said.code != Some(0) {
            println!("kube-apiserver cannot be asked for more: {said}");
            return;
        }
        let commands: Vec<String> = calls.iter().filter_map(one_shot).collect();
        let mut unanswered: Vec<usize> = (0..calls.len()).filter(|&at| is_silent(&calls[at], &ends[at][1])).collect();
        self.stand.wait(4.0, || {
            for command in &commands {
                self.stand.machine.sh_within(command, 30);
            }
            unanswered.retain(|&at| {
                let found = self.end(&calls[at], 1, &BTreeMap::new());
                let found = found.lines.into_iter().filter(|(_, line)| line.contains("TLS handshake error"));
                let found: Vec<(u8, String)> = found.map(|(_, line)| (MORE, line)).collect();
                let is_told = !found.is_empty();
                if is_told {
                    ends[at][1].lines = found;
                }
                !is_told
            });
            unanswered.is_empty()
        });
        set(0).good();
    }

    fn calls(&self, round: &Round, stage: &Stage, folder: &Folder) -> Vec<Call> {
        let now = clock::now();
        let mut calls = Vec::new();
        for fault in &round.faults {
            for connection in fault.connections() {
                let dial = match dials(stage, connection, None) {
                    Ok(dial) => dial,
                    Err(DialError::Nobody(_)) => continue,
                    Err(error) => panic!("{connection}: {error}"),
                };
                if !self.looked_at.contains(&connection) {
                    continue;
                }
                let read = |path: &str| folder.get(path).map(|(_, bytes)| bytes.expose());
                let said = rehearse(stage, &dial, read, now).unwrap_or_else(|missing| panic!("{missing:?}"));
                calls.push(Call { fault: fault.id(), dial, said });
            }
        }
        calls
    }

    /// Installs the files, and starts anew what reads one that changed, and whoever calls that.
    fn start_anew(&mut self, folder: &Folder) {
        let changed = self.stand.would_change(folder);
        let components: Vec<&'static str> = self.stand.components().collect();
        let mut anew: BTreeSet<&str> = components
            .iter()
            .copied()
            .filter(|component| {
                !self.stand.runs(component) || changed.iter().any(|path| self.stand.uses(component, path))
            })
            .collect();
        if anew.contains("etcd") {
            anew.insert("kube-apiserver");
        }
        if anew.contains("kube-apiserver") {
            anew.extend(["kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"]);
        }
        for component in components.iter().rev().filter(|component| anew.contains(*component)) {
            self.stand.stop(component);
        }
        self.stand.install(folder);
        for component in components.iter().filter(|component| anew.contains(*component)) {
            self.stand.start(component, &[]);
            if *component == "kube-apiserver" {
                let stand = &self.stand;
                stand.wait(10.0, || {
                    let log = stand.log(component);
                    log.contains("Serving securely")
                        || log.contains("handshake failed")
                        || log.contains("server preface")
                        || !stand.runs(component)
                });
            }
        }
    }

    fn text(&self, call: &Call, end: usize, printed: &BTreeMap<&str, String>) -> (String, String, bool) {
        let (caller, server) = call.said.connection.split_once("->").expect("an id has an arrow");
        if end == 0
            && let Some(text) = printed.get(call.said.connection)
        {
            let component = if caller == "etcdctl" { "etcdctl" } else { "kubectl" };
            return (component.to_owned(), text.clone(), false);
        }
        let component = if end == 0 { caller } else { server };
        (component.to_owned(), self.stand.log(component), !self.stand.runs(component))
    }

    fn known<'c>(&'c self, call: &'c Call, end: usize, dialled: &'c str, address: &'c str) -> Known<'c> {
        let mut messages = [call.said.client.message.as_deref(), call.said.server.message.as_deref()];
        messages.rotate_left(end);
        let named = call.said.identity.as_ref().and_then(|one| one.user.strip_prefix("system:node:"));
        let stranger = named.filter(|name| *name != self.stand.node());
        Known::new(dialled, address, self.stand.node(), stranger, messages)
    }

    /// Whether each end that should say something has said it.
    fn has_said(&self, call: &Call, printed: &BTreeMap<&str, String>) -> bool {
        let address = self.stand.address();
        [0, 1].into_iter().all(|end| {
            let side = if end == 0 { &call.said.client } else { &call.said.server };
            let (component, text, _) = self.text(call, end, printed);
            let quiet = end == 1 && component == "kube-apiserver" && call.said.http_status.is_none();
            let known = self.known(call, end, &call.said.dialled, &address);
            // Who is refused after the handshake says so in words of its own.
            if end == 0 && call.said.http_status.is_some_and(|status| status >= 400) {
                return text.lines().any(is_telling);
            }
            quiet || side.message.is_none() || text.lines().any(|line| holds_own(&known.marked(line)))
        })
    }

    /// What an end printed.
    fn end(&self, call: &Call, end: usize, printed: &BTreeMap<&str, String>) -> End {
        let (component, text, ends) = self.text(call, end, printed);
        let address = self.stand.address();
        let known = self.known(call, end, &call.said.dialled, &address);
        let usual = self.usual.get(component.as_str());
        let mut lines: Vec<(u8, String)> = Vec::new();
        let marked = text.lines().filter(|line| !is_aside(line)).map(|line| (is_telling(line), known.marked(line)));
        for (_, line) in marked.filter(|(is_telling, line)| *is_telling || holds_any(line)) {
            let serving = SERVING.iter().any(|word| line.contains(word));
            let calling = ["https://", "grpc", "is forbidden"].iter().any(|word| line.contains(word));
            // A process is the server of one connection and the caller of others.
            if (end == 0 && serving && component != "kubectl") || (end == 1 && calling && !serving) {
                continue;
            }
            let seen = lines.iter().any(|(_, seen)| *seen == line) || usual.is_some_and(|usual| usual.contains(&line));
            if !seen && lines.len() < MOST {
                lines.push((0, line));
            }
        }
        End { component, ends, lines }
    }
}

fn is_aside(line: &str) -> bool {
    ASIDE.iter().any(|word| line.contains(word))
}

fn is_telling(line: &str) -> bool {
    TELLING.iter().any(|word| line.contains(word)) && !is_aside(line)
}

/// kubectl as an administrator whom every API server lets in, whatever it shows.
fn as_sound() -> String {
    format!("kubectl --kubeconfig {SOUND} --insecure-skip-tls-verify")
}

fn kubectl(stand: &Stand, words: &str) -> Said {
    stand.machine.sh_within(&format!("{} {words}", as_sound()), 30)
}

/// What a person types to make the call, where no component makes it by itself.
fn one_shot(call: &Call) -> Option<String> {
    let path = |path: &Option<String>| {
        let path = path.as_deref().unwrap_or_default();
        path.split_once("/etc/").map_or_else(|| path.to_owned(), |(_, rest)| format!("/etc/{rest}"))
    };
    let client = &call.dial.client;
    // kubectl says other things where it knows the API already: both as somebody finds them who used it before, and not.
    let kubectl = |before: &str, words: &str| {
        let known = format!(
            "rm -rf /tmp/known && cp -r /root/known /tmp/known; {before} kubectl --cache-dir /tmp/known {words}"
        );
        format!("{known}; known=$?; {before} kubectl --cache-dir /tmp/nothing-$$ {words}; exit $known")
    };
    Some(match call.said.connection {
        "kubectl->kube-apiserver" | "super-admin->kube-apiserver" => {
            kubectl("", &format!("--kubeconfig {} get nodes", path(&client.trust)))
        }
        "pod->kube-apiserver" => {
            let (host, port) = call.said.dialled.rsplit_once(':').expect("it has a port");
            kubectl(&format!("KUBERNETES_SERVICE_HOST={host} KUBERNETES_SERVICE_PORT={port}"), "get pods")
        }
        "kube-apiserver->kubelet" => {
            format!("{} logs something", as_sound())
        }
        "etcdctl->etcd" => {
            let pair = match &client.cert {
                Some(_) => format!("--cert {} --key {}", path(&client.cert), path(&client.key)),
                None => String::new(),
            };
            let trust = path(&client.trust);
            format!("etcdctl --endpoints https://{} --cacert {trust} {pair} endpoint health", call.said.dialled)
        }
        _ => return None,
    })
}
