//! Plays a round: puts its faults in, starts anew what they concern, and reads what each end of each connection prints.

use std::collections::{BTreeMap, BTreeSet};

use kubepki_rehearsal::{Dial, DialError, Folder, Handshake, Stage, dials, rehearse};
use support::{clock, stage};

use crate::command::{AllPrinted, Command, ON_BEHALF, Printed};
use crate::extension;
use crate::lines::{Known, holds_any, holds_own};
use crate::record::{Atlas, End, Ends, Outcome};
use crate::rounds::{PLAIN_ETCD, Round};
use crate::soon;
use crate::stand::{Place, Stand};

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
    "missing content for CA bundle",
];
/// Words of lines that are about the pod here, about a call that the caller took back, about one that is made every minute alone,
/// or about nothing that went wrong.
const ASIDE: &[&str] = &[
    "flags.go",
    "status_manager.go",
    "typeconverter.go",
    "TLS handshake timeout",
    "context canceled",
    "event.go",
    "retrieve openAPI spec",
];
/// Words of lines that a server prints about its callers.
const SERVING: &[&str] = &["TLS handshake error", "rejected connection", "authenticate the request", "http: "];
/// Words of lines about somebody who is called.
const CALLING: &[&str] = &["https://", "grpc", "is forbidden", "peer-id"];
/// The verbosity at which kube-apiserver tells of handshakes (apiserver: pkg/server/secure_serving.go, `tlsHandshakeErrorWriter`).
const MORE: u8 = 5;
/// Who starts anew with whom, in the order in which that is found out.
const CALLERS: &[(&str, &[&str])] = &[
    ("etcd", &["kube-apiserver"]),
    ("kube-apiserver", &["kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", extension::SERVER]),
];
/// Connections of which the caller says the same every few seconds, and words of it: what people see, and worth waiting for.
const REPEATED: &[(&str, &str)] = &[("etcd->etcd", "prober detected")];
/// The most lines that are kept of one end.
const MOST: usize = 6;

/// A call of which the outcome was worked out beforehand.
pub(crate) struct Call {
    fault: String,
    pub(crate) dial: Dial,
    pub(crate) said: Handshake,
}

/// Plays rounds one after the other.
pub(crate) struct Player<'a> {
    stand: &'a mut Stand,
    /// The connections that are looked at.
    looked_at: &'static [&'static str],
    /// What each component prints that looks like trouble while there is none.
    usual: BTreeMap<Place, BTreeSet<String>>,
    /// What etcd calls its members, and the addresses of each as they stand before a port.
    members: Vec<(String, String)>,
}

impl<'a> Player<'a> {
    /// Starts the cluster without faults.
    pub(crate) fn new(stand: &'a mut Stand, looked_at: &'static [&'static str]) -> Self {
        stand.install_sound();
        let has_api = stand.has("kube-apiserver");
        // A controller manager that starts before the roles are made ends.
        let early = ["etcd", "kube-apiserver"];
        let (first, then): (Vec<Place>, Vec<Place>) =
            stand.places().into_iter().partition(|(_, component)| early.contains(component));
        for place in first {
            stand.start(place);
        }
        if has_api {
            let ready = stand.wait(90.0, || stand.kubectl("get --raw /readyz").code == Some(0));
            assert!(ready, "no cluster:\n{}", stand.logs());
        }
        for place in then {
            stand.start(place);
        }
        // One that is stopped while it makes its data folder never leads again.
        let etcds: Vec<Place> = stand.places().into_iter().filter(|(_, component)| *component == "etcd").collect();
        let is_ready = |place: &Place| stand.log(*place).contains("ready to serve client requests");
        assert!(stand.wait(60.0, || etcds.iter().all(is_ready)), "no etcd:\n{}", stand.logs());
        if stand.has("kubelet") {
            with_a_pod(stand);
        }
        if stand.has(extension::SERVER) {
            with_an_extension(stand);
        }
        // Now that everything is there: what is printed at a start without trouble.
        for place in stand.places().into_iter().rev() {
            stand.stop(place);
        }
        for place in stand.places() {
            stand.start(place);
        }
        if has_api {
            stand.wait(60.0, || stand.kubectl("get --raw /readyz").code == Some(0));
        }
        stand.wait(5.0, || false);
        let members = members(&stand.places().into_iter().map(|place| stand.log(place)).collect::<String>());
        let mut player = Self { stand, looked_at, usual: BTreeMap::new(), members };
        for place in player.stand.places() {
            let address = player.stand.address(0);
            let to = format!("{address}:{}", player.stand.spec.bind_port);
            let known = Known::new(&to, &address, player.stand.node(0), None, None, [None, None]);
            let log = player.stand.log(place);
            let lines = log.lines().filter(|line| is_telling(line)).map(|line| known.marked(line));
            player.usual.insert(place, lines.collect());
        }
        player
    }

    /// Takes all faults away.
    pub(crate) fn recover(&mut self) {
        let sound = self.stand.sound();
        self.start_anew(&sound, false);
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
        self.start_anew(&folder, ids.contains(&PLAIN_ETCD));
        let mut printed = AllPrinted::new();
        for call in &calls {
            if let Some(command) = Command::of(call) {
                printed.insert(call.said.connection, command.run(self.stand, call));
            }
        }
        let seconds = if calls.iter().any(|call| repeated(call).is_some()) { 12.0 } else { 6.0 };
        self.stand.wait(seconds, || calls.iter().all(|call| self.has_said(call, &printed)));
        let mut ends: Vec<[End; 2]> =
            calls.iter().map(|call| [0, 1].map(|end| self.end(call, end, &printed))).collect();
        self.ask_for_more(&calls, &mut ends);
        for (call, [client, server]) in calls.iter().zip(ends) {
            let said = &call.said;
            let steps = [&said.client.step, &said.server.step].map(|step| step.clone().unwrap_or_default());
            if is_good(said) && client.lines.is_empty() && server.lines.is_empty() {
                continue;
            }
            let outcome = Outcome { connection: said.connection.to_owned(), steps, status: said.http_status };
            let ends = Ends { client, server, answer: self.answer(call, &printed) };
            atlas.add(outcome, ends, &call.fault);
        }
        calls.len()
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
            self.stand.machine().write("/root/level", level.to_string());
            self.stand.kubectl("replace --raw /debug/flags/v --filename /root/level")
        };
        let said = set(MORE);
        if said.code != Some(0) {
            println!("kube-apiserver cannot be asked for more: {said}");
            return;
        }
        let commands: Vec<Command> = calls.iter().filter_map(Command::of).collect();
        let mut unanswered: Vec<usize> = (0..calls.len()).filter(|&at| is_silent(&calls[at], &ends[at][1])).collect();
        self.stand.wait(4.0, || {
            commands.iter().for_each(|command| drop(command.once(self.stand)));
            unanswered.retain(|&at| {
                let found = self.end(&calls[at], 1, &AllPrinted::new());
                let found = found.lines.into_iter().filter(|(_, line)| line.contains("TLS handshake error"));
                let found: Vec<(u8, String)> = found.map(|(_, line)| (MORE, line)).collect();
                let is_told = !found.is_empty();
                if is_told {
                    ends[at][1].lines = found;
                    // It stood there once it was asked for, not by itself.
                    ends[at][1].within = None;
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
                if !self.looked_at.contains(&connection) {
                    continue;
                }
                // The first that calls, and the last where it is no matter for that one: some faults befall one machine alone.
                let last = Some(self.stand.spec.nodes.len() - 1).filter(|last| *last > 0);
                let said = [None, last].into_iter().filter_map(|node| {
                    let dial = match dials(stage, connection, node) {
                        Ok(dial) => dial,
                        Err(DialError::Nobody(_) | DialError::NotThere(..)) => return None,
                        Err(error) => panic!("{connection}: {error}"),
                    };
                    let read = |path: &str| folder.get(path).map(|(_, bytes)| bytes.expose());
                    let said = rehearse(stage, &dial, read, now).unwrap_or_else(|missing| panic!("{missing:?}"));
                    Some(Call { fault: fault.id(), dial, said })
                });
                let mut said: Vec<Call> = said.collect();
                let at = said.iter().position(|call| !is_good(&call.said)).unwrap_or_default();
                if at < said.len() {
                    calls.push(said.swap_remove(at));
                }
            }
        }
        calls
    }

    /// Installs the files, and starts anew what reads one that changed, and whoever calls that.
    fn start_anew(&mut self, folder: &Folder, plain_etcd: bool) {
        let places = self.stand.places();
        let mut anew: BTreeSet<Place> = BTreeSet::new();
        if self.stand.plain_etcd != plain_etcd {
            self.stand.plain_etcd = plain_etcd;
            anew.extend(places.iter().filter(|(_, component)| *component == "etcd"));
        }
        for node in places.iter().map(|(node, _)| *node).collect::<BTreeSet<_>>() {
            let changed = self.stand.would_change(node, folder);
            let uses = |place: &Place| changed.iter().any(|path| self.stand.uses(*place, path));
            let here = places.iter().filter(|(one, _)| *one == node);
            anew.extend(here.filter(|place| !self.stand.runs(**place) || uses(place)));
        }
        // Whoever calls what starts anew does so as well.
        for (server, callers) in CALLERS {
            if anew.iter().any(|(_, component)| component == server) {
                anew.extend(places.iter().filter(|(_, component)| callers.contains(component)));
            }
        }
        for place in places.iter().rev().filter(|place| anew.contains(*place)) {
            self.stand.stop(*place);
        }
        self.stand.install(folder);
        for place in places.iter().filter(|place| anew.contains(*place)) {
            self.stand.start(*place);
            if place.1 == "kube-apiserver" {
                let stand = &self.stand;
                stand.wait(10.0, || {
                    let log = stand.log(*place);
                    log.contains("Serving securely")
                        || log.contains("handshake failed")
                        || log.contains("server preface")
                        || !stand.runs(*place)
                });
                if stand.has(extension::SERVER) && stand.runs(*place) {
                    extension::believe_anew(stand);
                }
            }
        }
    }

    fn text(&self, call: &Call, end: usize, printed: &AllPrinted) -> (String, String, bool) {
        let connection = call.said.connection;
        if let (0, false, Some(Printed { by, text, .. })) =
            (end, ON_BEHALF.contains(&connection), printed.get(connection))
        {
            return ((*by).to_owned(), text.clone(), false);
        }
        let place = self.place(call, end);
        (place.1.to_owned(), self.stand.log(place), !self.stand.runs(place))
    }

    /// Where the component of an end runs.
    fn place(&self, call: &Call, end: usize) -> Place {
        self.place_or_none(call, end).unwrap_or_else(|| panic!("no end {end} of {} runs", call.said.connection))
    }

    /// The same; nothing where the end is a command, a pod or a person.
    fn place_or_none(&self, call: &Call, end: usize) -> Option<Place> {
        let (caller, server) = call.said.connection.split_once("->").expect("an id has an arrow");
        let component = match if end == 0 { caller } else { server } {
            "etcd-gateway" => "etcd",
            "aggregated-apiserver" => extension::SERVER,
            component => component,
        };
        let node = if end == 0 { call.dial.caller } else { call.dial.server.unwrap_or(call.dial.caller) };
        let mut places = self.stand.places().into_iter();
        places.find(|place| *place == (node, component))
    }

    fn known<'c>(&'c self, call: &'c Call, end: usize, dialled: &'c str, address: &'c str) -> Known<'c> {
        let mut messages = [call.said.client.message.as_deref(), call.said.server.message.as_deref()];
        messages.rotate_left(end);
        let named = call.said.identity.as_ref().and_then(|one| one.user.strip_prefix("system:node:"));
        let node = self.stand.node(call.dial.caller);
        let stranger = named.filter(|name| *name != node);
        let server = call.dial.server.filter(|server| *server != call.dial.caller);
        let server = server.map(|server| (call.dial.host.as_str(), self.stand.node(server)));
        Known::new(dialled, address, node, stranger, server, messages)
    }

    /// Whether each end that should say something has said it.
    fn has_said(&self, call: &Call, printed: &AllPrinted) -> bool {
        let address = self.stand.address(call.dial.caller);
        [0, 1].into_iter().all(|end| {
            let side = if end == 0 { &call.said.client } else { &call.said.server };
            let (component, text, _) = self.text(call, end, printed);
            let quiet = end == 1 && component == "kube-apiserver" && call.said.http_status.is_none();
            let known = self.known(call, end, &call.said.dialled, &address);
            // Who is refused after the handshake says so in words of its own.
            let is_told = end == 1 || repeated(call).is_none_or(|words| text.contains(words));
            if end == 0 && call.said.http_status.is_some_and(|status| status >= 400) {
                return text.lines().any(is_telling) && is_told;
            }
            (quiet || side.message.is_none() || text.lines().any(|line| holds_own(&known.marked(line)))) && is_told
        })
    }

    /// What an end printed.
    fn end(&self, call: &Call, end: usize, printed: &AllPrinted) -> End {
        let (component, text, ends) = self.text(call, end, printed);
        let address = self.stand.address(call.dial.caller);
        let known = self.known(call, end, &call.said.dialled, &address);
        let text = self.as_dialled(call, text);
        let usual = (component != "kubectl" && component != "etcdctl")
            .then(|| self.usual.get(&self.place(call, end)))
            .flatten();
        let mut lines: Vec<(u8, String)> = Vec::new();
        let mut first = None;
        let elsewhere = self.elsewhere(call);
        let of_others = |line: &str| elsewhere.iter().any(|address| line.contains(address));
        let kept = text.lines().filter(|line| !is_aside(line) && !of_others(line));
        for (raw, line) in kept.map(|line| (line, known.marked(line))) {
            if !is_telling(raw) && !holds_any(&line) {
                continue;
            }
            let serving = SERVING.iter().any(|word| line.contains(word));
            let calling = CALLING.iter().any(|word| line.contains(word));
            // A process is the server of one connection and the caller of others.
            if (end == 0 && serving && component != "kubectl") || (end == 1 && calling && !serving) {
                continue;
            }
            let seen = lines.iter().any(|(_, seen)| *seen == line) || usual.is_some_and(|usual| usual.contains(&line));
            if !seen && lines.len() < MOST {
                first.get_or_insert(raw);
                lines.push((0, line));
            }
        }
        let given = printed.get(call.said.connection);
        let within = first.and_then(|line| match given.filter(|given| given.by == component) {
            Some(given) => Some(given.within),
            None => {
                let started = [0, 1].into_iter().filter_map(|end| self.stand.started(self.place_or_none(call, end)?));
                soon::within(line, started.chain(given.map(|given| given.at)).chain([self.stand.emptied.get()]))
            }
        });
        End { component, ends, within, lines }
    }

    /// The addresses of machines that take no part in a call, as they stand before a port, and what etcd calls their members.
    fn elsewhere(&self, call: &Call) -> Vec<String> {
        let nodes = (0..self.stand.spec.nodes.len())
            .filter(|node| *node != call.dial.caller && call.dial.server.is_some_and(|server| *node != server));
        let addresses: Vec<String> = nodes.map(|node| format!("{}:", self.stand.address(node))).collect();
        let members = self.members.iter().filter(|(_, urls)| addresses.iter().any(|address| urls.contains(address)));
        let members: Vec<String> = members.map(|(id, _)| id.clone()).collect();
        addresses.into_iter().chain(members).collect()
    }

    /// etcd's gateway dials one of the addresses on which etcd listens for clients, whichever; the call is said to go to the first.
    fn as_dialled(&self, call: &Call, text: String) -> String {
        match call.said.connection {
            "etcd-gateway->etcd" => {
                text.replace(&format!("{}:2379", self.stand.address(call.dial.caller)), &call.said.dialled)
            }
            _ => text,
        }
    }

    /// What whoever had a component call is told.
    fn answer(&self, call: &Call, printed: &AllPrinted) -> Option<End> {
        let Printed { by, text, within, .. } =
            printed.get(call.said.connection).filter(|_| ON_BEHALF.contains(&call.said.connection))?;
        let address = self.stand.address(call.dial.caller);
        let known = self.known(call, 0, &call.said.dialled, &address);
        let text = self.as_dialled(call, text.clone());
        let mut lines: Vec<(u8, String)> = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty()).map(|line| (0, known.marked(line))) {
            if !lines.contains(&line) && lines.len() < MOST {
                lines.push(line);
            }
        }
        let within = (!lines.is_empty()).then_some(*within);
        Some(End { component: (*by).to_owned(), ends: false, within, lines })
    }
}

/// What etcd calls each member that it knows from before, and where that is.
fn members(logs: &str) -> Vec<(String, String)> {
    let of = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        Some((line["recovered-remote-peer-id"].as_str()?.to_owned(), line["recovered-remote-peer-urls"].to_string()))
    };
    logs.lines().filter_map(of).collect()
}

/// Words that the caller repeats on this connection.
fn repeated(call: &Call) -> Option<&'static str> {
    REPEATED.iter().find(|(connection, _)| *connection == call.said.connection).map(|(_, words)| *words)
}

/// Whether neither end has anything to say against the other.
fn is_good(said: &Handshake) -> bool {
    let stops = [&said.client.step, &said.server.step].into_iter().any(Option::is_some);
    !stops && said.http_status.is_none_or(|status| status == 200)
}

/// Makes what is asked for: a pod's way to the API server, a pod, and what kubectl knows of the API.
fn with_a_pod(stand: &Stand) {
    // The service's address leads to the API server.
    lead(stand, &stand.spec.service_address().to_string(), stand.spec.bind_port);
    let has_account = stand.wait(60.0, || stand.kubectl("get serviceaccount default").code == Some(0));
    assert!(has_account, "no service account:\n{}", stand.logs());
    stand.with_a_pod();
    let warm = format!("kubectl --kubeconfig {} --cache-dir /root/known get nodes", stand.admin);
    stand.machine().sh(&warm);
    let (host, port) = (stand.spec.service_address(), 443);
    stand.machine().sh(&format!(
        "KUBERNETES_SERVICE_HOST={host} KUBERNETES_SERVICE_PORT={port} kubectl --cache-dir /root/known get pods"
    ));
}

/// Registers the API server behind this one, and waits until it answers.
fn with_an_extension(stand: &Stand) {
    lead(stand, &extension::address(stand), extension::PORT);
    stand.machine().write("/root/extension.json", extension::objects(stand));
    stand.kubectl("apply --filename /root/extension.json").good();
    let path = extension::path();
    let answers = stand.wait(90.0, || stand.kubectl(&format!("get --raw {path}")).code == Some(0));
    assert!(answers, "no extension:\n{}", stand.logs());
}

/// Has a Service's address lead to a port of the first machine, as kube-proxy would.
fn lead(stand: &Stand, service: &str, port: u16) {
    let to = format!("{}:{port}", stand.address(0));
    let rule = format!("-d {service} -p tcp --dport 443 -j DNAT --to-destination {to}");
    stand.machine().sh(&format!("iptables -t nat -A OUTPUT {rule}")).good();
}

fn is_aside(line: &str) -> bool {
    ASIDE.iter().any(|word| line.contains(word))
}

fn is_telling(line: &str) -> bool {
    TELLING.iter().any(|word| line.contains(word)) && !is_aside(line)
}
