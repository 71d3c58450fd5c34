//! How a node gets what is its own, and nothing of another's.

use crate::archive::entry::texts;
use crate::archive::selection::Selection;
use crate::pki::Pki;

/// The commands that make bundles of an export of several nodes.
pub(super) struct Bundles<'a> {
    pki: &'a Pki,
    selection: Selection,
    /// Paths of its texts, where they are named one by one.
    texts: Vec<String>,
}

impl<'a> Bundles<'a> {
    pub(super) fn of(pki: &'a Pki, selection: Selection) -> Self {
        let texts = match selection {
            Selection::WithoutCaKeys => texts(pki, selection).into_iter().map(|text| text.path).collect(),
            Selection::Whole | Selection::CaKeys | Selection::Node(_) => Vec::new(),
        };
        Self { pki, selection, texts }
    }

    /// The command for a node. Without the keys of CAs there is nothing that [`Selection::Node`] could be made from, but
    /// the same files are taken.
    pub(super) fn command(&self, node: usize) -> String {
        let plan = &self.pki.plan;
        let own = Selection::Node(node).name(plan);
        let name = &plan.spec.nodes[node].name;
        if self.selection != Selection::WithoutCaKeys {
            return format!("kubepki export --part node:{name} --out {own}.zip {}.zip", self.selection.name(plan));
        }
        let mut paths = ["README.md", "install.sh", "verify.sh", "SHA256SUMS"].map(str::to_owned).to_vec();
        paths.push(format!("nodes/{name}"));
        for text in self.texts.iter().filter(|text| Selection::Node(node).holds_text(plan, text)) {
            let path = match text.starts_with("manifests/") {
                true => format!("manifests/{name}"),
                false => text.clone(),
            };
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        format!("tar -czf ../{own}.tar.gz {}", paths.join(" "))
    }
}
