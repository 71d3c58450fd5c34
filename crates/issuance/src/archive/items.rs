//! Which files an archive will hold, where, and what each is made from.

use kubepki_core::Plan;
use kubepki_core::layout::offline_base;
use kubepki_core::plan::{Holding, Root};
use kubepki_core::snippet::{self, TextFile};
use kubepki_core::sorted::SortedSet;
use kubepki_core::spec::Start;

use super::selection::Selection;
use super::steps;
use crate::pki::Pki;

/// Mode of folders, but of `offline-ca` and what is below it.
const FOLDER: u32 = 0o755;
/// Mode of `offline-ca` and the folders below it.
const OFFLINE_FOLDER: u32 = 0o700;

/// A file to come.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) path: String,
    pub(super) mode: u32,
    pub(super) source: Source,
}

/// What a file is made from.
#[derive(Debug)]
pub(super) enum Source {
    Folder,
    Readme,
    Design,
    InventoryJson,
    InventoryCsv,
    Record,
    Install,
    Verify,
    Text(String),
    /// What a certificate of the plan holds.
    Held(usize, Holding),
    Sums,
}

/// Path of a planned file below the top folder.
pub fn planned_path(plan: &Plan, root: Root, path: &str) -> String {
    match root {
        Root::Node(node) => format!("nodes/{}{path}", plan.spec.nodes[node].name),
        Root::OfflineCa => format!("offline-ca/{path}"),
    }
}

/// Everything an archive holds, in order: what to read first, then scripts, texts and trees, and the sums last, for
/// they are those of everything before.
pub(super) fn items(pki: &Pki, selection: Selection) -> Vec<Item> {
    let file = |path: &str, mode, source| Item { path: path.to_owned(), mode, source };
    let mut items = vec![file("README.md", 0o644, Source::Readme)];
    if selection != Selection::CaKeys {
        items.extend([
            file("design.yaml", 0o644, Source::Design),
            file("inventory.json", 0o644, Source::InventoryJson),
            file("inventory.csv", 0o644, Source::InventoryCsv),
        ]);
        if selection.node().is_none() {
            items.push(file("ceremony.txt", 0o644, Source::Record));
        }
        items.extend([file("install.sh", 0o755, Source::Install), file("verify.sh", 0o755, Source::Verify)]);
    }
    let texts = texts(pki, selection).into_iter().filter(|text| selection.holds_text(&pki.plan, &text.path));
    items.extend(texts.map(|text| Item { path: text.path, mode: text.mode, source: Source::Text(text.text) }));
    let nodes = match selection {
        Selection::Whole | Selection::WithoutCaKeys => 0..pki.plan.spec.nodes.len(),
        Selection::CaKeys => 0..0,
        Selection::Node(node) => node..node + 1,
    };
    // A node without files has its folder all the same: that it is empty says something.
    let folders = nodes.map(|node| planned_path(&pki.plan, Root::Node(node), "/"));
    items.extend(folders.map(|path| Item { path, mode: FOLDER, source: Source::Folder }));
    items.extend(held(pki, selection));
    items.sort_by(|one, other| place(&one.path).cmp(&place(&other.path)));
    items.push(file("SHA256SUMS", 0o644, Source::Sums));
    with_folders(items)
}

/// Texts that follow from the plan, and from the cluster CA's public key: they name no file that the selection leaves out.
pub(super) fn texts(pki: &Pki, selection: Selection) -> Vec<TextFile> {
    let plan = selection.started_plan(pki);
    let mut texts = snippet::manifests_of(&plan, selection.node());
    if plan.spec.start == Start::Kubeadm {
        texts.extend(snippet::kubeadm::files_of(&plan, steps::ca_hash(pki).as_deref(), selection.node()));
    }
    texts
}

/// Files with certificates and keys.
pub(super) fn held(pki: &Pki, selection: Selection) -> Vec<Item> {
    let plan = &pki.plan;
    if selection == Selection::CaKeys {
        let cas = plan.certs.iter().enumerate().filter(|(_, cert)| cert.row.is_ca());
        return cas
            .flat_map(|(index, cert)| {
                let base = offline_base(cert.row);
                [(Holding::Certificate, "crt", 0o644), (Holding::PrivateKey, "key", 0o600)].map(
                    |(holding, end, mode)| Item {
                        path: format!("offline-ca/{base}.{end}"),
                        mode,
                        source: Source::Held(index, holding),
                    },
                )
            })
            .collect();
    }
    let files = plan.files.iter().filter(|file| selection.holds(pki, file));
    files
        .map(|file| Item {
            path: planned_path(&pki.plan, file.root, &file.path),
            mode: file.mode,
            source: Source::Held(file.content.cert, file.content.holding),
        })
        .collect()
}

/// The order of an archive: files of the top folder as they were listed, then folders by path.
fn place(path: &str) -> Option<&str> {
    path.contains('/').then_some(path)
}

/// The folders above files, each before what is in it.
fn with_folders(items: Vec<Item>) -> Vec<Item> {
    let mut made = SortedSet::default();
    let mut all = Vec::with_capacity(items.len() + items.len() / 2);
    for item in items {
        let own = matches!(item.source, Source::Folder);
        for (at, _) in item.path.match_indices('/') {
            let folder = &item.path[..=at];
            if !(own && folder.len() == item.path.len()) && made.insert(folder.to_owned()) {
                all.push(Item { path: folder.to_owned(), mode: folder_mode(folder), source: Source::Folder });
            }
        }
        if !own || made.insert(item.path.clone()) {
            all.push(item);
        }
    }
    all
}

/// The mode of a folder.
pub(super) fn folder_mode(path: &str) -> u32 {
    if path.starts_with("offline-ca/") { OFFLINE_FOLDER } else { FOLDER }
}
