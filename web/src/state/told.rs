//! What the worker and the browser told: the import, the last download, the worker's health.

use kubepki_core::spec::Draft;
use kubepki_worker::{Finding, GoodLines, TextFile};

/// How the worker is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WorkerState {
    /// It is being fetched or started.
    Loading,
    /// It is up.
    Ready {
        /// Whether the platform does RSA.
        webcrypto: bool,
    },
    /// It could not be fetched, or it stopped; it can be started again.
    Broken(String),
}

/// The import: a text that was dropped, chosen or pasted.
#[derive(Debug, Default)]
pub(crate) struct Import {
    /// What is typed into the text area.
    pub(crate) text: String,
    /// What is typed into the dialog for node lists.
    pub(crate) nodes: String,
    /// The text that is being read.
    pub(crate) pending: Option<Pending>,
    /// What is wrong with the list of nodes in its dialog, line by line.
    pub(crate) lines: Vec<Finding>,
    /// What of that list can be taken.
    pub(crate) good: Option<GoodLines>,
    /// What it turned out to be; empty when it was refused.
    pub(crate) kind: String,
    /// Whether it was refused.
    pub(crate) refused: bool,
    /// What there is to say about it.
    pub(crate) findings: Vec<Finding>,
    /// Whether files are being dragged over the page.
    pub(crate) dragged: bool,
}

impl Import {
    /// Takes what is typed into the list of nodes. What is known to be wrong keeps to its line; of lines that were changed
    /// nothing is known.
    pub(super) fn type_nodes(&mut self, text: String) {
        let (old, new): (Vec<&str>, Vec<&str>) = (self.nodes.split('\n').collect(), text.split('\n').collect());
        let (before, after) = (old.len(), new.len());
        let (mut head, mut tail) = (0, 0);
        while head < before.min(after) && old[head] == new[head] {
            head += 1;
        }
        while tail < before.min(after) - head && old[before - 1 - tail] == new[after - 1 - tail] {
            tail += 1;
        }
        self.lines.retain_mut(|one| match &mut one.diagnostic.position {
            Some(at) if at.line as usize > before - tail => {
                at.line = (at.line as usize + after - before) as u32;
                true
            }
            Some(at) => at.line as usize <= head,
            None => false,
        });
        self.nodes = text;
        self.good = None;
    }
}

/// Most files that are read at a time.
const MOST_FILES: usize = 64;
/// Most that is read of them together, in MiB.
const MOST_MIB: f64 = 8.0;

/// Why files of these sizes, in bytes, are not read together; nothing where they are.
pub(crate) fn too_much(sizes: &[f64]) -> Option<String> {
    let (number, mib) = (sizes.len(), sizes.iter().sum::<f64>() / 1024.0 / 1024.0);
    let most = MOST_FILES.to_string();
    if number > MOST_FILES {
        let words = ["These are ", &number.to_string(), " files, and at most ", &most, " are read at a time."];
        return Some([&words.concat(), " None was read; choose fewer."].concat());
    }
    (mib > MOST_MIB).then(|| {
        "These files are longer than 8 MiB together, the most that is read at a time. None was read; choose fewer."
            .to_owned()
    })
}

/// A text that is being read.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// Its number.
    pub(crate) id: u32,
    /// The text, for it to be read again.
    pub(crate) files: Vec<TextFile>,
    /// Whether it is a list of nodes.
    pub(crate) nodes_only: bool,
    /// What stays in the dialog of a list of which a part is read.
    pub(crate) left: Option<String>,
    /// The design it was read against.
    pub(crate) base: std::rc::Rc<Draft>,
}

/// A file that was handed to the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    /// The PKI it is of; 0 for none.
    pub(crate) pki: u32,
    /// Its name.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// The `blob:` address it can be had from again.
    pub(crate) url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_files_are_read_as_a_tab_can_bear() {
        const MIB: f64 = 1024.0 * 1024.0;
        assert_eq!(too_much(&[1_000.0; 64]), None);
        assert!(too_much(&[1_000.0; 65]).is_some_and(|why| why.contains("65 files") && why.contains("at most 64")));
        assert_eq!(too_much(&[4.0 * MIB, 4.0 * MIB]), None);
        assert!(too_much(&[4.0 * MIB, 4.0 * MIB, 1.0]).is_some_and(|why| why.contains("8 MiB")));
    }
}
