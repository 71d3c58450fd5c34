//! A machine, as a document describes it.

use kubepki_core::spec::name::parse_ip;

use crate::place::Place;

/// What a document makes of its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Becomes {
    /// The first control plane.
    Init,
    /// A further control plane.
    ControlPlane,
    /// A worker.
    Worker,
}

/// A machine as one document describes it.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) becomes: Becomes,
    /// The document.
    pub(crate) place: Place,
    pub(crate) name: Option<(String, Place)>,
    pub(crate) advertise: Option<(String, Place)>,
    /// The kubelet's `node-ip`.
    pub(crate) node_ips: Vec<(String, Place)>,
    pub(crate) bind_port: Option<(String, Place)>,
    /// Whether its list of taints is there and empty, so that a control plane runs workloads.
    pub(crate) untainted: bool,
    /// Whether the document was read to its end and says nothing wrong about the machine: nothing is missed in half a one,
    /// nor what stands there and could not be read.
    pub(crate) complete: bool,
}

impl Seen {
    /// A machine of which only the document is known.
    pub(super) fn new(becomes: Becomes, place: Place) -> Self {
        let (name, advertise, bind_port) = (None, None, None);
        Self { becomes, place, name, advertise, node_ips: Vec::new(), bind_port, untainted: false, complete: true }
    }

    /// Its addresses, the advertise address first, none twice.
    pub(super) fn addresses(&self) -> Vec<(String, Place)> {
        let mut addresses = Vec::<(String, Place)>::new();
        for (text, place) in self.advertise.iter().chain(&self.node_ips) {
            let same = |known: &(String, Place)| {
                known.0 == *text || (parse_ip(&known.0).is_some() && parse_ip(&known.0) == parse_ip(text))
            };
            if !addresses.iter().any(same) {
                addresses.push((text.clone(), place.clone()));
            }
        }
        addresses
    }
}
