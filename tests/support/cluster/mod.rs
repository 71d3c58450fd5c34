//! Clusters of machines made of namespaces, on which an export is installed and started as its README says.
//!
//! A machine is a set of namespaces with a root of its own over the real one: what runs there changes nothing here, and goes
//! with it. Machines of one cluster share a bridge that leads nowhere else.

pub mod images;
mod lan;
mod machine;

use std::net::IpAddr;
use std::thread;

use kubepki_core::spec::{Host, Node};

use crate::export::Export;
use images::archive;
pub use lan::Lan;
pub use machine::Machine;

/// The machines of an export's nodes on a network, with a container runtime that has every image; nothing is installed yet.
#[derive(Debug)]
pub struct Cluster {
    /// In the order of the design's nodes.
    pub machines: Vec<Machine>,
    /// Where the design names an endpoint, what stands there before the API servers.
    pub balancer: Option<Machine>,
    _lan: Lan,
}

impl Cluster {
    /// Makes the machines. Each calls itself as its node is called, and knows the names of all and of the endpoint.
    pub fn of(export: &Export) -> Self {
        let spec = &export.plan.spec;
        let mut lan = Lan::start();
        let machines: Vec<Machine> = spec.nodes.iter().map(|node| Machine::start(&node.name)).collect();
        for (machine, node) in machines.iter().zip(&spec.nodes) {
            lan.join(machine, &node.addresses);
        }
        let mut hosts = format!("127.0.0.1 localhost\n::1 localhost\n{}", lan.hosts());
        let is_node = |address: IpAddr| spec.nodes.iter().any(|node| node.addresses.contains(&address));
        let balancer = spec.endpoint.as_ref().and_then(|endpoint| {
            let at = match &endpoint.host {
                Host::Address(address) if is_node(*address) => return None,
                Host::Address(address) => *address,
                Host::Name(_) => beside(spec.nodes[0].advertise()),
            };
            let balancer = Machine::start("balancer");
            lan.join(&balancer, &[at]);
            if let Host::Name(name) = &endpoint.host {
                hosts += &format!("{at} {name}\n");
            }
            let servers: Vec<&Node> = spec.nodes.iter().filter(|node| node.control_plane).collect();
            balance(&balancer, at, endpoint.port.unwrap_or(spec.bind_port), &servers, spec.bind_port);
            Some(balancer)
        });
        for machine in &machines {
            machine.write("/etc/hosts", &hosts);
        }
        thread::scope(|scope| {
            for (machine, _) in machines.iter().zip(&spec.nodes).filter(|(_, node)| node.has_kubelet()) {
                scope.spawn(|| machine.run_containers(&spec.image_repository));
            }
        });
        Self { machines, balancer, _lan: lan }
    }

    /// The machine of a node.
    ///
    /// # Panics
    /// When no node has that name.
    pub fn machine(&self, name: &str) -> &Machine {
        self.machines.iter().find(|machine| machine.name == name).unwrap_or_else(|| panic!("no node is called {name}"))
    }

    /// What every service and container printed last, for the report of a test that fails.
    pub fn logs(&self) -> String {
        self.machines.iter().map(Machine::logs).collect()
    }
}

/// An address in the same network that no node has.
fn beside(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            [a, b, c, 250].into()
        }
        IpAddr::V6(address) => {
            let mut segments = address.segments();
            segments[7] = 0xfa;
            segments.into()
        }
    }
}

/// Starts haproxy, which hands connections on as they are.
fn balance(machine: &Machine, at: IpAddr, port: u16, servers: &[&Node], bind_port: u16) {
    let bracketed = |address: IpAddr| if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
    let mut text = format!(
        "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 1h\n  timeout server 1h\nfrontend api\n  bind {}:{port}\n  \
         default_backend servers\nbackend servers\n",
        bracketed(at)
    );
    for node in servers {
        let address = bracketed(node.advertise());
        text += &format!("  server {} {address}:{bind_port} check inter 500\n", node.name);
    }
    machine.write("/etc/haproxy/haproxy.cfg", text);
    machine.write(
        "/etc/systemd/system/haproxy.service",
        "[Service]\nExecStart=/usr/sbin/haproxy -f /etc/haproxy/haproxy.cfg\nRestart=always\n",
    );
    machine.sh("systemctl start haproxy").good();
}

impl Machine {
    /// Starts the container runtime and brings it the images, under the names of a registry of the design's own as well.
    fn run_containers(&self, repository: &str) {
        self.sh("systemctl start containerd").good();
        self.import_images();
        for (name, own) in images::names().iter().zip(images::names_in(repository)).filter(|(name, own)| *name != own) {
            self.sh(&format!("ctr --namespace k8s.io images tag {name} {own}")).good();
        }
    }

    /// Gives the container runtime, once it is there, the images that kubeadm asks for.
    pub fn import_images(&self) {
        let images = self.path("/images.tar");
        std::fs::copy(archive(), &images).expect("the machine's root can be written");
        self.sh("for try in $(seq 300); do test -S /run/containerd/containerd.sock && break; sleep 0.1; done
             ctr --namespace k8s.io images import --no-unpack /images.tar && rm /images.tar")
            .good();
    }
}
