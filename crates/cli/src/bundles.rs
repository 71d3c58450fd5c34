//! `kubepki export --part bundles`: every node's bundle in one folder, each to its node's recipient where they are named.

use kubepki_issuance::Secret;
use kubepki_issuance::archive::{self, Selection};
use kubepki_sealing::age::Recipient;

use crate::args;
use crate::failure::Failure;
use crate::opened::Opened;
use crate::output;
use crate::sealed::Key;
use crate::target::{Target, ends};

pub(crate) fn write(given: &args::Export) -> Result<(), Failure> {
    if ["zip", "age"].iter().any(|ending| ends(&given.out, ending)) {
        return Err(Failure::usage(
            "bundles are written into a folder; give a name that ends in neither .zip nor .age",
        ));
    }
    let target = Target::open(&given.out, false)?;
    let all = Key::of(&given.lock)?;
    let opened = Opened::read(&given.export)?;
    let nodes = &opened.pki.plan.spec.nodes;
    let own = recipients(&given.encrypt_node, nodes.iter().map(|node| node.name.as_str()))?;
    let files = own.iter().enumerate().map(|(node, own)| {
        let selection = Selection::Node(node);
        let name = selection.name(&opened.pki.plan);
        let parts = archive::zip(&opened.pki, opened.meta(), selection);
        match own.as_ref().or(all.as_ref()) {
            Some(key) => Ok((format!("{name}.zip.age"), whole(key.seal(parts)?)?)),
            None => Ok((format!("{name}.zip"), whole(parts.map(Ok))?)),
        }
    });
    target.write_new(own.len(), files)?;
    output::print([format!("{}: {} bundles, one for each node", given.out.display(), own.len())])
}

/// The key of each node, in their order: none where nobody named any.
fn recipients<'n>(
    named: &[(String, Recipient)],
    nodes: impl Iterator<Item = &'n str> + Clone,
) -> Result<Vec<Option<Key>>, Failure> {
    let known = |name: &str| nodes.clone().any(|node| node == name);
    if let Some((unknown, _)) = named.iter().find(|(name, _)| !known(name)) {
        let all: Vec<&str> = nodes.clone().collect();
        return Err(Failure::usage(&format!(
            "--encrypt-node: there is no node {unknown:?}; there are {}",
            all.join(", ")
        )));
    }
    let of = |node: &str| -> Vec<Recipient> {
        named.iter().filter(|(name, _)| name == node).map(|(_, recipient)| recipient.clone()).collect()
    };
    let keys: Vec<(&str, Vec<Recipient>)> = nodes.clone().map(|node| (node, of(node))).collect();
    let open: Vec<&str> = keys.iter().filter(|(_, own)| own.is_empty()).map(|(node, _)| *node).collect();
    if !named.is_empty() && !open.is_empty() {
        return Err(Failure::usage(&format!("--encrypt-node: no recipient is named for {}", open.join(", "))));
    }
    Ok(keys.into_iter().map(|(_, own)| (!own.is_empty()).then_some(Key::Recipients(own))).collect())
}

/// One after the other, as one.
fn whole(parts: impl Iterator<Item = Result<Secret, Failure>>) -> Result<Secret, Failure> {
    let mut out = Secret::with_capacity(1 << 20);
    for part in parts {
        let part = part?;
        out.extend_from(part.expose()).map_err(|error| Failure::Undone(error.to_string()))?;
    }
    Ok(out)
}
