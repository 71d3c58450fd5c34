//! Each node's tree, with mode, owner and purpose, as a drawing.

use super::{Canvas, Look};
use crate::plan::Plan;
use crate::sorted::SortedSet;
use crate::view::drawing::{Drawing, drawn, icon};
use crate::view::files::{Tree, TreeFile, files};
use crate::view::{Pager, Selection};

/// The view: the trees of one page of nodes.
pub fn page(plan: &Plan, look: &Look<'_>) -> Drawing {
    let trees = files(plan);
    let holds = |tree: &Tree| {
        let is = |file: &TreeFile| look.selection == Some(Selection::File(file.index));
        tree.rows.iter().any(|row| row.file.as_ref().is_some_and(is))
    };
    let at = || trees.iter().position(holds).map(|place| Pager::Files.page_of(place));
    let turned = (look.turned)(Pager::Files).or_else(at).unwrap_or_default();
    let shown = &trees[Pager::Files.slice(turned, trees.len())];
    let first = shown.iter().flat_map(|tree| &tree.rows).find_map(|row| row.file.as_ref().map(|file| file.index));
    let stop = match look.selection {
        Some(Selection::File(index)) if shown.iter().any(holds) => Some(index),
        _ => first,
    };
    let mut sheet = Sheet { canvas: Canvas::new(plan, look.selection), stop, named: SortedSet::default() };
    let drawings: Vec<Drawing> = shown.iter().map(|tree| sheet.tree(tree)).collect();
    let turn = || Pager::Files.drawn(turned, trees.len(), "nodes");
    sheet.canvas.ground("trees").all(turn()).all(drawings).all(turn())
}

/// Marks a file that nobody but its owner may read: a key.
const KEY: &str = "M9.5 6.5a3 3 0 1 1-1.2 1.2L3 13v-2.5M5 11l1.5 1.5";

struct Sheet<'a> {
    canvas: Canvas<'a>,
    /// The file at which the tab key stops.
    stop: Option<usize>,
    /// Certificates that have been named: each bears its name for tests once.
    named: SortedSet<usize>,
}

impl Sheet<'_> {
    fn tree(&mut self, tree: &Tree) -> Drawing {
        let mut rows = Vec::new();
        for row in &tree.rows {
            let line = drawn("li").set("class", ["d", &row.depth.min(4).to_string()].concat());
            rows.push(match &row.file {
                None => line.with(drawn("span").set("class", "folder").text(&row.name)),
                Some(file) => line.all(self.file(&row.name, file)),
            });
        }
        let note = match (tree.note.is_empty(), rows.is_empty()) {
            (false, _) => tree.note,
            (true, true) => "No file of this PKI.",
            (true, false) => "",
        };
        let title = drawn("h2").text(&tree.name).with(drawn("span").text(&tree.title));
        let section = drawn("section")
            .set("class", "tree")
            .set("data-group", "true")
            .set("aria-label", ["Files of ", &tree.name].concat())
            .with(title);
        let section = if note.is_empty() { section } else { section.with(drawn("p").set("class", "note").text(note)) };
        if rows.is_empty() { section } else { section.with(drawn("ul").all(rows)) }
    }

    fn file(&mut self, name: &str, file: &TreeFile) -> [Drawing; 2] {
        let canvas = &self.canvas;
        let cert = canvas.plan.files[file.index].content.cert;
        let one = Selection::File(file.index);
        let mode = drawn("code").set("class", "mode").mark("data-secret", file.secret);
        let entry = canvas
            .thing("entry", one, "file", self.stop == Some(file.index), canvas.related.has(one))
            .set("data-testid", ["file-", &file.key].concat())
            .with(drawn("code").set("class", "name").text(name))
            .with(mode.text(&file.mode).all(file.secret.then(|| icon(KEY))))
            .with(drawn("span").set("class", "owner").text(file.owner))
            .with(drawn("span").set("class", "purpose").text(&file.purpose));
        let planned = &canvas.plan.certs[cert];
        let whole = Selection::Cert(cert);
        let whole =
            canvas.thing("cert", whole, "cert", false, canvas.related.has(whole)).set("data-kind", planned.kind.word());
        let whole = if self.named.insert(cert) {
            whole.set("data-testid", ["cert-", &canvas.plan.key_of(cert)].concat())
        } else {
            whole
        };
        [entry, whole.text(planned.row.id)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{NodeDraft, parse, preset::Preset};

    #[test]
    fn every_file_is_there_and_many_nodes_come_in_pages() {
        let mut draft = Preset::named("ha-stacked").unwrap().draft();
        let planned = |draft: &crate::Draft| crate::plan::plan(&parse(draft).0.unwrap());
        let plan = planned(&draft);
        let markup = page(&plan, &Look::default()).to_markup();
        assert_eq!(markup.matches("data-walk=\"file\"").count(), plan.files.len());
        assert_eq!(markup.matches("tabindex=\"0\"").count(), 1);
        draft.nodes.extend((1..=20).map(|index| NodeDraft {
            name: format!("more-{index}"),
            addresses: vec![format!("10.1.0.{index}")],
            roles: vec!["control-plane".to_owned()],
        }));
        let plan = planned(&draft);
        let turned = page(&plan, &Look { turned: &|_| Some(1), ..Look::default() }).to_markup();
        assert!(turned.contains("13–24 of 2") && turned.contains("Files of more-20"), "{turned}");
        let selection = Selection::from_text(&plan, "file:more-20:/etc/kubernetes/pki/ca.crt");
        let shown = page(&plan, &Look { selection, ..Look::default() }).to_markup();
        assert!(shown.contains("Files of more-20") && shown.contains("aria-pressed=\"true\""));
    }
}
