//! Each node's tree, with mode, owner and purpose, as a drawing.

use super::Canvas;
use crate::plan::Plan;
use crate::sorted::SortedSet;
use crate::view::Selection;
use crate::view::drawing::{Drawing, drawn, pick};
use crate::view::files::{Tree, TreeFile, files};

/// Most trees that are drawn at once.
const MOST: usize = 12;

/// What a selection begins with that names the node whose files are to be seen, where there are too many for one list.
pub const OF_NODE: &str = "files-of:";

/// The view. Where there are many nodes, the tree of one: the selected file's, the one that `selected` names
/// ([`OF_NODE`]), or the first.
pub fn page(plan: &Plan, selected: &str) -> Drawing {
    let trees = files(plan);
    let canvas = Canvas::new(plan, selected);
    let holds = |tree: &Tree| match canvas.selection {
        Some(Selection::File(index)) => {
            tree.rows.iter().any(|row| row.file.as_ref().is_some_and(|file| file.index == index))
        }
        _ => selected.strip_prefix(OF_NODE) == Some(&tree.name),
    };
    let found = trees.iter().position(holds);
    let few = trees.len() <= MOST;
    let at = found.unwrap_or_default();
    let shown = if few { &trees[..] } else { &trees[at..=at] };
    let first = shown.iter().flat_map(|tree| &tree.rows).find_map(|row| row.file.as_ref().map(|file| file.index));
    let stop = match canvas.selection {
        Some(Selection::File(index)) if found.is_some() => Some(index),
        _ => first,
    };
    let mut sheet = Sheet { canvas, stop, named: SortedSet::default() };
    let drawings: Vec<Drawing> = shown.iter().map(|tree| sheet.tree(tree)).collect();
    let mut ground = sheet.canvas.ground("trees");
    if !few {
        let options = trees.iter().map(|tree| (tree.name.clone(), tree.name.clone()));
        let words = format!("{} nodes; here the files of", trees.len());
        let select = pick("Node", OF_NODE, at, options).set("data-testid", "files-of");
        ground = ground.with(drawn("p").set("class", "bar").with(drawn("span").text(words)).with(select));
    }
    ground.all(drawings)
}

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
            let line = drawn("li").set("class", format!("d{}", row.depth.min(4)));
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
            .set("data-group", true)
            .set("aria-label", format!("Files of {}", tree.name))
            .with(title);
        let section = if note.is_empty() { section } else { section.with(drawn("p").set("class", "note").text(note)) };
        if rows.is_empty() { section } else { section.with(drawn("ul").all(rows)) }
    }

    fn file(&mut self, name: &str, file: &TreeFile) -> [Drawing; 2] {
        let canvas = &self.canvas;
        let cert = canvas.plan.files[file.index].content.cert;
        let one = Selection::File(file.index);
        let mode = drawn("code").set("class", "mode");
        let mode = if file.secret { mode.set("data-secret", true) } else { mode };
        let entry = canvas
            .thing("entry", one, "file", self.stop == Some(file.index), canvas.related.has(one))
            .set("data-testid", format!("file-{}", file.key))
            .with(drawn("code").set("class", "name").text(name))
            .with(mode.text(&file.mode))
            .with(drawn("span").set("class", "owner").text(file.owner))
            .with(drawn("span").set("class", "purpose").text(&file.purpose));
        let planned = &canvas.plan.certs[cert];
        let whole = Selection::Cert(cert);
        let whole =
            canvas.thing("cert", whole, "cert", false, canvas.related.has(whole)).set("data-kind", planned.kind.word());
        let whole = if self.named.insert(cert) {
            whole.set("data-testid", format!("cert-{}", canvas.plan.key_of(cert)))
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
    fn every_file_is_there_and_many_nodes_come_one_at_a_time() {
        let mut draft = Preset::named("ha-stacked").unwrap().draft();
        let planned = |draft: &crate::Draft| crate::plan::plan(&parse(draft).0.unwrap());
        let plan = planned(&draft);
        let markup = page(&plan, "").to_markup();
        assert_eq!(markup.matches("data-walk=\"file\"").count(), plan.files.len());
        assert_eq!(markup.matches("tabindex=\"0\"").count(), 1);
        draft.nodes.extend((1..=20).map(|index| NodeDraft {
            name: format!("more-{index}"),
            addresses: vec![format!("10.1.0.{index}")],
            roles: vec!["control-plane".to_owned()],
        }));
        let plan = planned(&draft);
        let markup = page(&plan, "files-of:more-7").to_markup();
        assert_eq!(markup.matches("<section").count(), 1);
        assert!(markup.contains("Files of more-7") && markup.contains("option value=\"more-20\""));
    }
}
