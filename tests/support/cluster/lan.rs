//! A network of machines that leads nowhere else.

use std::net::IpAddr;
use std::process::Command;

use super::machine::Machine;
use crate::program::run;

/// Machines on one bridge.
#[derive(Debug)]
pub struct Lan {
    /// Holds the bridge; nothing else runs there.
    bridge: Machine,
    joined: Vec<(String, IpAddr)>,
}

impl Lan {
    /// One without machines.
    pub fn start() -> Self {
        let bridge = Machine::start("bridge");
        bridge.sh("ip link add bridge type bridge && ip link set bridge up").good();
        Self { bridge, joined: Vec::new() }
    }

    /// Plugs a machine in, with its addresses: whoever asks on the bridge for one is answered.
    pub fn join(&mut self, machine: &Machine, addresses: &[IpAddr]) {
        let port = format!("port{}", self.joined.len());
        // The pair is made where the bridge is, and one end of it is given away.
        let bridge = self.bridge.process().to_string();
        let mut make = Command::new("nsenter");
        make.args([
            "--target", &bridge, "--net", "--", "ip", "link", "add", &port, "type", "veth", "peer", "name", "eth0",
        ]);
        make.args(["netns", &machine.process().to_string()]);
        run(&mut make, 10).good();
        self.bridge.sh(&format!("ip link set {port} master bridge up")).good();
        machine.sh("ip link set eth0 up && ip route add default dev eth0 && ip -6 route add default dev eth0").good();
        // kubeadm takes a node's address from a default route with a gateway (apimachinery: pkg/util/net/interface.go), for
        // IPv6 from no other. Nobody has this one's address, and the other route is used.
        machine.sh("ip -6 route add default via fe80::1 dev eth0 metric 4096").good();
        for address in addresses {
            let (length, unique) = if address.is_ipv6() { (128, " nodad") } else { (32, "") };
            machine.sh(&format!("ip address add {address}/{length} dev eth0{unique}")).good();
        }
        self.joined.extend(addresses.iter().map(|address| (machine.name.clone(), *address)));
    }

    /// The lines of `/etc/hosts` that name its machines.
    pub fn hosts(&self) -> String {
        self.joined.iter().map(|(name, address)| format!("{address} {name}\n")).collect()
    }
}
