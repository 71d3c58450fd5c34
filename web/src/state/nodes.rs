//! The node that Add node adds: a guess that is valid at once, to be typed over.

use std::net::IpAddr;

use kubepki_core::spec::{Draft, NodeDraft};

/// A next node: the first is a control plane, others are workers with the next free name and address.
pub(crate) fn next_node(draft: &Draft) -> NodeDraft {
    let role = if draft.nodes.is_empty() { "control-plane" } else { "worker" };
    let stem = if draft.nodes.is_empty() { "cp-" } else { "w-" };
    let taken = |name: &str| draft.nodes.iter().any(|node| node.name == name);
    let name = (1u32..).map(|number| [stem, &number.to_string()].concat()).find(|name| !taken(name));
    NodeDraft { name: name.unwrap_or_default(), addresses: vec![next_address(draft)], roles: vec![role.to_owned()] }
}

/// The address after the last node's, skipping those that are taken.
fn next_address(draft: &Draft) -> String {
    let last = draft.nodes.iter().rev().find_map(|node| node.addresses.first()?.trim().parse::<IpAddr>().ok());
    let taken = |address: &str| draft.nodes.iter().any(|node| node.addresses.iter().any(|one| one == address));
    let mut address = match last {
        None => return "192.168.1.10".to_owned(),
        Some(address) => address,
    };
    loop {
        address = match address {
            IpAddr::V4(one) => IpAddr::V4(u32::from(one).wrapping_add(1).into()),
            IpAddr::V6(one) => IpAddr::V6(u128::from(one).wrapping_add(1).into()),
        };
        let text = address.to_string();
        if !taken(&text) {
            return text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::spec::parse;
    use kubepki_core::spec::preset::PRESETS;

    #[test]
    fn a_node_can_be_added_to_every_design() {
        for preset in PRESETS {
            let mut draft = preset.draft();
            (0..3).for_each(|_| draft.nodes.push(next_node(&draft)));
            assert!(parse(&draft).0.is_some(), "{}", preset.name);
        }
        let mut draft = Draft::default();
        draft.nodes.push(next_node(&draft));
        assert!(parse(&draft).0.is_some());
    }

    #[test]
    fn a_guess_follows_the_last_node() {
        let node = next_node(&PRESETS[1].draft());
        assert_eq!((node.name.as_str(), node.addresses[0].as_str()), ("w-2", "10.0.0.22"));
    }
}
