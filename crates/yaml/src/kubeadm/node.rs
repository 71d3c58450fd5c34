//! Documents to nodes: the init node, those that join, and the hosts of external etcd.

use kubepki_core::diag::Diagnostic;
use kubepki_core::spec::name::parse_ip;
use kubepki_core::spec::{Draft, EtcdMode, Field, NodeDraft};

use super::import::Import;
use super::kind::Kind;
use super::machine::{Becomes, Seen};
use super::spot::Spot;
use crate::place::Place;

/// The fields without which a machine is not known.
const WHO: &[&str] =
    &["nodeRegistration.name", "localAPIEndpoint.advertiseAddress", "controlPlane.localAPIEndpoint.advertiseAddress"];

impl Import {
    /// Something is wrong with a value: what a machine is called and where it is, is then given, though not readably.
    pub(super) fn misread(&mut self, spot: &Spot<'_>) {
        let within =
            |one: &&str| one.strip_prefix(spot.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let tells = matches!(spot.kind, Kind::Init | Kind::Join) && WHO.iter().any(within);
        if let Some(node) = self.nodes.last_mut().filter(|_| tells) {
            node.complete = false;
        }
    }

    /// The machines that documents describe as nodes. Without an InitConfiguration those of `base` stay.
    pub(super) fn machines(&mut self, base: &Draft) {
        let seen = std::mem::take(&mut self.nodes);
        let init = seen.iter().filter(|one| one.becomes == Becomes::Init).count();
        if init == 0 {
            self.keep_nodes(base);
        }
        let mut first = true;
        for one in seen.iter().filter(|one| one.becomes == Becomes::Init) {
            let elsewhere = seen.iter().find(|other| other.becomes == Becomes::Init).map(|first| &first.place.file);
            // Of one file it is said already.
            if !std::mem::take(&mut first) && elsewhere != Some(&one.place.file) {
                let hint = "further control planes have a JoinConfiguration with controlPlane";
                let message = "a second InitConfiguration; one machine alone begins a cluster";
                self.say(&one.place, Diagnostic::error("kubeadm-second-init", "", message).with_hint(hint));
            }
            self.bind_ports(one, &seen);
        }
        // The init node first: the design knows it by its place.
        let order = |becomes| seen.iter().filter(move |one| (one.becomes == Becomes::Init) == becomes);
        for one in order(true).chain(order(false)) {
            self.machine(one, base);
        }
        if self.draft.nodes.is_empty() {
            let hint = "add an InitConfiguration with nodeRegistration.name and localAPIEndpoint.advertiseAddress";
            let found = Diagnostic::error("kubeadm-no-node", "nodes", "the files name no machine").with_hint(hint);
            if let Some(place) = self.cluster.clone().or_else(|| self.first.clone()) {
                self.say(&place, found);
            }
        }
    }

    /// The nodes of the design as it was, for the files name no first machine.
    fn keep_nodes(&mut self, base: &Draft) {
        let external = self.external.is_some();
        // An etcd host belongs to the etcd that the files describe.
        let stays = |node: &&NodeDraft| external || self.cluster.is_none() || node.roles != ["etcd"];
        self.draft.nodes = base.nodes.iter().filter(stays).cloned().collect();
        if let (Some(place), false) = (self.cluster.clone(), self.draft.nodes.is_empty()) {
            let message = "the files have no InitConfiguration: the nodes stay as they are";
            self.say(&place, Diagnostic::notice("kubeadm-nodes-kept", "nodes", message));
        }
    }

    /// One document's machine.
    fn machine(&mut self, seen: &Seen, base: &Draft) {
        let control_plane = seen.becomes != Becomes::Worker;
        let addresses = seen.addresses();
        if control_plane && seen.complete && seen.advertise.is_none() {
            let hint = "kubeadm takes the address of the default route; it stands in the certificates, so name it: localAPIEndpoint.advertiseAddress";
            let found = Diagnostic::error(
                "kubeadm-advertise-address",
                "",
                "this control plane's advertise address is not given",
            );
            self.say(&seen.place, found.with_hint(hint));
        }
        let (name, name_place) = match &seen.name {
            Some((name, place)) => (name.clone(), place.clone()),
            None => (self.missing_name(seen, base), seen.place.clone()),
        };
        if !control_plane && (addresses.is_empty() || name.is_empty()) {
            return self.unknown_worker(seen, &name, base);
        }
        let mut roles = vec![if control_plane { "control-plane" } else { "worker" }.to_owned()];
        if control_plane && seen.untainted {
            roles.push("worker".to_owned());
        }
        let node = NodeDraft { name, addresses: addresses.iter().map(|(text, _)| text.clone()).collect(), roles };
        let document = seen.place.clone();
        self.draft.nodes.retain(|one| {
            !one.name.eq_ignore_ascii_case(&node.name) || seen.becomes == Becomes::Init || node.name.is_empty()
        });
        self.add_node(node, |places, path| {
            places.put(path, document);
            places.put(format!("{path}.name"), name_place);
            for (index, (_, place)) in addresses.into_iter().enumerate() {
                places.put(format!("{path}.addresses.{index}"), place);
            }
        });
    }

    /// A name for a machine whose document has none: kubeadm would take its host name.
    fn missing_name(&mut self, seen: &Seen, base: &Draft) -> String {
        if seen.becomes == Becomes::Worker {
            return String::new();
        }
        let taken = |name: &str| self.draft.nodes.iter().any(|node| node.name == name);
        let is_control_plane = |node: &&NodeDraft| node.roles.iter().any(|role| role == "control-plane");
        let known = base.nodes.iter().filter(is_control_plane).map(|node| node.name.clone()).find(|name| !taken(name));
        let name = known.unwrap_or_else(|| {
            (1..).map(|number| format!("cp-{number}")).find(|name| !taken(name)).unwrap_or_default()
        });
        if !seen.complete {
            return name;
        }
        let message = format!("the machine's name is not given: called {name} here");
        let hint = "kubeadm takes the host name; it stands in certificates, so name it: nodeRegistration.name";
        self.say(&seen.place, Diagnostic::warning("kubeadm-node-name", "", message).with_hint(hint));
        name
    }

    /// A worker of which not enough is known: the design's own node of that name stays, else it is left out.
    fn unknown_worker(&mut self, seen: &Seen, name: &str, base: &Draft) {
        let known = base.nodes.iter().find(|node| !name.is_empty() && node.name.eq_ignore_ascii_case(name)).cloned();
        if let Some(node) = known {
            if !self.draft.nodes.iter().any(|one| one.name == node.name) {
                let place = seen.place.clone();
                self.add_node(node, |places, path| places.put(path, place));
            }
            return;
        }
        let (what, hint) = match name.is_empty() {
            true => (
                "a worker without a name is left out".to_owned(),
                "give it nodeRegistration.name, and its address as the kubelet's node-ip",
            ),
            false => (
                format!("the worker {name} is left out: its address is not given"),
                "give the kubelet's extra argument node-ip, or add the node by hand",
            ),
        };
        self.say(&seen.place, Diagnostic::warning("kubeadm-worker-unknown", "", what).with_hint(hint));
    }

    /// The init node's port is the cluster's; a design has one for all control planes.
    fn bind_ports(&mut self, init: &Seen, seen: &[Seen]) {
        let default = Field::ApiServerBindPort.row().default;
        let text = init.bind_port.as_ref().map_or(default, |(text, _)| text);
        self.draft.set_text(Field::ApiServerBindPort, text);
        if let Some((_, place)) = &init.bind_port {
            self.places.put(Field::ApiServerBindPort.row().path, place.clone());
        }
        for other in seen.iter().filter(|one| one.becomes == Becomes::ControlPlane) {
            let (port, place) = other.bind_port.as_ref().map_or((default, &other.place), |(port, place)| (port, place));
            if port != text {
                let message = format!(
                    "this API server listens on {port}, the first one on {text}; the design takes {text} for all"
                );
                let hint = "a design has one port for all API servers";
                self.say(place, Diagnostic::warning("kubeadm-bind-port", "", message).with_hint(hint));
            }
        }
    }

    /// The hosts of external etcd as nodes: those that answer at an address, under the name that is known for it.
    pub(super) fn etcd_hosts(&mut self, base: &Draft) {
        let Some((place, endpoints)) = self.external.take() else { return };
        self.draft.set_text(Field::EtcdMode, EtcdMode::External.word());
        self.places.put(Field::EtcdMode.row().path, place);
        for node in &mut self.draft.nodes {
            node.roles.retain(|role| role != "etcd");
        }
        for (url, place) in endpoints {
            let host = host(&url);
            let Some(address) = parse_ip(host) else {
                self.named_host(host, &place, base);
                continue;
            };
            let has = |node: &NodeDraft| node.addresses.iter().any(|one| parse_ip(one) == Some(address));
            if let Some(node) = self.draft.nodes.iter_mut().find(|node| has(node)) {
                node.roles.push("etcd".to_owned());
                continue;
            }
            let known = base.nodes.iter().find(|node| has(node)).map(|node| node.name.clone());
            let taken = |name: &str| self.draft.nodes.iter().any(|node| node.name == name);
            let name = known.filter(|name| !taken(name)).unwrap_or_else(|| {
                (1..).map(|number| format!("etcd-{number}")).find(|name| !taken(name)).unwrap_or_default()
            });
            let node = NodeDraft { name, addresses: vec![host.to_owned()], roles: vec!["etcd".to_owned()] };
            self.add_node(node, |places, path| {
                places.put(format!("{path}.addresses.0"), place.clone());
                places.put(path, place);
            });
        }
        // Nodes that were kept from the design and belong to no endpoint have lost their only role.
        self.draft.nodes.retain(|node| !node.roles.is_empty());
    }

    /// An etcd host under a name: only the design as it was can know its address.
    fn named_host(&mut self, host: &str, place: &Place, base: &Draft) {
        let label = host.split('.').next().unwrap_or_default();
        let known = base.nodes.iter().find(|node| node.name == host || node.name == label).cloned();
        match known {
            Some(mut node) => {
                node.roles = vec!["etcd".to_owned()];
                match self.draft.nodes.iter_mut().find(|one| one.name == node.name) {
                    Some(there) => there.roles.push("etcd".to_owned()),
                    None => self.add_node(node, |places, path| places.put(path, place.clone())),
                }
            }
            None => {
                let message = format!("the address of the etcd host {host} is not known");
                let hint = "it stands in its certificates: name the endpoint by address, or add a node of that name with the role etcd first";
                self.say(place, Diagnostic::error("kubeadm-etcd-host", "", message).with_hint(hint));
            }
        }
    }
}

/// The host of a URL, without brackets and port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((address, _)) => address,
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    }
}
