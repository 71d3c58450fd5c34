//! Which flag of which component names a certificate or a key, and in which file it reads it; alike nodes together.

use kubepki_core::catalog::own;
use kubepki_core::plan::{FlagValue, Holding, Plan, Root};
use kubepki_core::view::files::flag_text;

/// A use of a certificate or key pair.
pub(super) struct Use<'a> {
    /// The component; `no flag` where none names the file.
    pub(super) who: &'a str,
    /// The flag as people write it and what stands before its value, or the field of a kubeconfig; empty for none.
    pub(super) flag: String,
    /// The file's path on each of the nodes.
    pub(super) file: &'a str,
    /// What the file is to the component, or what it holds.
    pub(super) what: &'a str,
    /// The nodes, with commas between them.
    pub(super) nodes: String,
}

/// The uses of each certificate and key pair of a plan, in its order: flags first, then files that no flag names.
pub(super) fn uses(plan: &Plan) -> Vec<Vec<Use<'_>>> {
    let mut uses: Vec<Vec<Use<'_>>> = Vec::new();
    uses.resize_with(plan.certs.len(), Vec::new);
    let mut named = vec![false; plan.files.len()];
    for flag in &plan.flags {
        let (Some(cert), FlagValue::Set(file)) = (flag.cert, &flag.value) else { continue };
        if let Some(file) = flag.file {
            named[file] = true;
        }
        let row = flag.row;
        // What the user's own kubeadm file sets is not known to name this file.
        let own = own::decided(&plan.spec, row.component, row.name).is_some();
        let between = if own { ", which your own kubeadm file sets: look there. Planned: " } else { "=" };
        let text = flag_text(row) + between;
        add(&mut uses[cert], row.component, text, file, row.direction.word(), plan.node_name(Some(flag.node)));
    }
    for (index, file) in plan.files.iter().enumerate() {
        let (cert, holding) = (file.content.cert, file.content.holding);
        let node = match file.root {
            Root::Node(node) => plan.node_name(Some(node)),
            Root::OfflineCa => "offline-ca",
        };
        if !named[index] && holding != Holding::PrivateKey {
            add(&mut uses[cert], NO_FLAG, String::new(), &file.path, holding.word(), node);
        }
        if let (Holding::Kubeconfig, Some(issuer)) = (holding, plan.certs[cert].issuer) {
            let field = "certificate-authority-data in ".to_owned();
            add(&mut uses[issuer], NO_FLAG, field, &file.path, "checks the API server with it", node);
        }
    }
    uses
}

const NO_FLAG: &str = "no flag";

/// Adds a use, or its node to one that is the same but for that.
fn add<'a>(uses: &mut Vec<Use<'a>>, who: &'a str, flag: String, file: &'a str, what: &'a str, node: &str) {
    for one in uses.iter_mut() {
        if one.who == who && one.flag == flag && one.file == file && one.what == what {
            one.nodes.push_str(", ");
            one.nodes.push_str(node);
            return;
        }
    }
    uses.push(Use { who, flag, file, what, nodes: node.to_owned() });
}
