//! Files: each node's tree with mode, owner and purpose.

use crate::plan::{FlagValue, Holding, Plan, Root};
use crate::spec::{Node, Start};

/// The tree of one node, or of the folder of CA keys kept off the nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The node's name, or `offline-ca`.
    pub name: String,
    /// The node's roles, or what the folder is.
    pub title: String,
    /// What to know about it, one sentence; empty when nothing.
    pub note: &'static str,
    /// Folders and files, top down, each folder before what is in it.
    pub rows: Vec<TreeRow>,
}

/// A folder or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeRow {
    /// How deep below the root, from 0.
    pub depth: usize,
    /// The name at this depth; a folder's ends in a slash and may span several levels.
    pub name: String,
    /// The file; nothing for a folder.
    pub file: Option<TreeFile>,
}

/// What there is to say about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFile {
    /// Index into `plan.files`.
    pub index: usize,
    /// `cp-1:/etc/kubernetes/pki/ca.crt`.
    pub key: String,
    /// Mode, as `0600`.
    pub mode: String,
    /// Owner and group.
    pub owner: &'static str,
    /// Whether whoever reads it can pose as somebody.
    pub secret: bool,
    /// What it is for: what it holds and who reads it.
    pub purpose: String,
}

/// A component that reads a file, and the flags that tell it to.
#[derive(Clone, Debug)]
struct Reader {
    component: &'static str,
    flags: Vec<String>,
}

impl Reader {
    fn text(&self) -> String {
        format!("{} ({})", self.component, self.flags.join(", "))
    }
}

/// The trees of a plan, nodes in order, then `offline-ca`.
pub fn files(plan: &Plan) -> Vec<Tree> {
    let mut readers = vec![Vec::<Reader>::new(); plan.files.len()];
    for flag in plan.flags.iter().filter(|flag| matches!(flag.value, FlagValue::Set(_))) {
        let Some(file) = flag.file else { continue };
        match readers[file].iter_mut().find(|reader| reader.component == flag.row.component) {
            Some(reader) => reader.flags.push(flag_text(flag.row)),
            None => readers[file].push(Reader { component: flag.row.component, flags: vec![flag_text(flag.row)] }),
        }
    }
    let mut trees: Vec<Tree> = plan
        .spec
        .nodes
        .iter()
        .enumerate()
        .map(|(index, node)| Tree {
            name: node.name.clone(),
            title: roles(node),
            note: note(plan, index, node),
            rows: rows(plan, Root::Node(index), &readers),
        })
        .collect();
    if plan.files.iter().any(|file| file.root == Root::OfflineCa) {
        trees.push(Tree {
            name: "offline-ca".to_owned(),
            title: "CA keys, kept off the nodes".to_owned(),
            note: "Whoever has these can make any identity. Keep them offline.",
            rows: rows(plan, Root::OfflineCa, &readers),
        });
    }
    trees
}

/// A flag as people write it: dashes for arguments, the field's path otherwise.
pub fn flag_text(row: &crate::catalog::flags::FlagRow) -> String {
    match row.place {
        crate::catalog::flags::Place::Argument => format!("--{}", row.name),
        crate::catalog::flags::Place::KubeletConfig => row.name.to_owned(),
    }
}

/// A node's roles, joined.
pub fn roles(node: &Node) -> String {
    let all = [(node.control_plane, "control plane"), (node.etcd, "etcd"), (node.worker, "worker")];
    all.iter().filter(|(has, _)| *has).map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
}

fn note(plan: &Plan, index: usize, node: &Node) -> &'static str {
    match (plan.spec.start, node.control_plane, index == plan.spec.init_node()) {
        (Start::Manual, ..) => "",
        (Start::Kubeadm, true, true) => "kubeadm init finds these and keeps them.",
        (Start::Kubeadm, true, false) => {
            "kubeadm join --control-plane finds these; its kubelet requests its own certificate."
        }
        (Start::Kubeadm, false, _) if node.worker => {
            "Nothing: kubeadm join would stop at files it finds. The join command brings all it needs."
        }
        (Start::Kubeadm, false, _) => "",
    }
}

/// The rows below one root. Files are sorted by path, so a folder's files stand together.
fn rows(plan: &Plan, root: Root, readers: &[Vec<Reader>]) -> Vec<TreeRow> {
    let mut rows = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for (index, file) in plan.files.iter().enumerate().filter(|(_, file)| file.root == root) {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        // The deepest open folder that holds this file; a new one is opened below it.
        while open.last().is_some_and(|last| folder != last && !folder.starts_with(&format!("{last}/"))) {
            open.pop();
        }
        if open.last().map(String::as_str) != Some(folder) && !(folder.is_empty() && open.is_empty()) {
            let shown = open.last().map_or(folder, |last| folder[last.len()..].trim_start_matches('/'));
            rows.push(TreeRow { depth: open.len(), name: format!("{shown}/"), file: None });
            open.push(folder.to_owned());
        }
        rows.push(TreeRow {
            depth: open.len(),
            name: name.to_owned(),
            file: Some(TreeFile {
                index,
                key: super::selection::file_key(plan, index).unwrap_or_default(),
                mode: format!("{:04o}", file.mode),
                owner: file.owner,
                secret: file.content.holding.is_secret(),
                purpose: purpose(plan, index, &readers[index]),
            }),
        });
    }
    rows
}

fn purpose(plan: &Plan, index: usize, readers: &[Reader]) -> String {
    let content = plan.files[index].content;
    let cert = &plan.certs[content.cert];
    let held = match content.holding {
        Holding::Certificate | Holding::PrivateKey if cert.row.is_ca() => format!("CA {}", content.holding.word()),
        holding => holding.word().to_owned(),
    };
    let who = cert.subject.as_ref().map_or(cert.row.title.to_owned(), |subject| subject.common_name.clone());
    match readers.is_empty() {
        true => format!("{held} of {who}, for {}", cert.row.holders.join(" and ")),
        false => {
            format!("{held} of {who}, read by {}", readers.iter().map(Reader::text).collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{parse, preset::Preset};

    #[test]
    fn a_worker_that_kubeadm_joins_gets_nothing() {
        let plan = crate::plan::plan(&parse(&Preset::named("ha-stacked").unwrap().draft()).0.unwrap());
        let trees = files(&plan);
        assert!(trees[3].rows.is_empty() && trees[3].note.contains("kubeadm join"));
        let names: Vec<_> = trees[0].rows.iter().map(|row| (row.depth, row.name.as_str())).take(3).collect();
        assert_eq!(names, [(0, "/etc/kubernetes/"), (1, "admin.conf"), (1, "controller-manager.conf")]);
        let count: usize = trees.iter().flat_map(|tree| &tree.rows).filter(|row| row.file.is_some()).count();
        assert_eq!(count, plan.files.len());
    }
}
