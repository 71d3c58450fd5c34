//! What is selected, and everything that has to do with it.

use crate::catalog::flags::Direction;
use crate::plan::{Plan, Root};
use crate::sorted::SortedSet;

/// Selections of no thing of the plan: how connections are listed, in a table.
pub const TABLE: &str = "table:";
/// The connections as they would be with every hardening option.
pub const HARDENED: &str = "hardened:";
/// The time that lives are looked at, in days from now.
pub const TIME: &str = "time:";
/// What keeps keys in the tab, and what does not.
pub const TRUST: &str = "trust:";
/// What accepted such exports.
pub const JUDGES: &str = "trust:judges";
/// The dialog that asks before everything is forgotten.
pub const FORGET: &str = "trust:forget";
/// What to do with an export, step by step; the export's name stands behind it.
pub const RUNBOOK: &str = "runbook:";
/// What a line of a log, or words of one, mean; they stand behind it.
pub const MESSAGE: &str = "message:";
/// The audit page of what was generated.
pub const AUDIT: &str = "audit";

/// Whether a selection is a panel of whoever sits before the page, and so no part of what is shown to others: neither a link
/// nor a tag carries it.
pub fn is_panel(text: &str) -> bool {
    // A line of a log names whose it is.
    text.starts_with(TRUST) || text.starts_with(MESSAGE) || text == AUDIT
}

/// One selected thing, as index into the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Selection {
    /// `plan.certs[_]`.
    Cert(usize),
    /// `plan.unsigned[_]`.
    Unsigned(usize),
    /// `plan.files[_]`.
    File(usize),
    /// `plan.flags[_]`.
    Flag(usize),
}

impl Selection {
    /// The name that a link carries: `cert:apiserver@cp-1`, `file:cp-1:/etc/…`, `flag:kube-apiserver-tls-cert-file@cp-1`.
    pub fn to_text(self, plan: &Plan) -> Option<String> {
        Some(match self {
            Self::Cert(index) => format!("cert:{}", plan.certs.get(index).map(|_| plan.key_of(index))?),
            Self::Unsigned(index) => {
                let one = plan.unsigned.get(index)?;
                format!("unsigned:{}@{}", one.row.id, plan.node_name(one.node))
            }
            Self::File(index) => format!("file:{}", file_key(plan, index)?),
            Self::Flag(index) => format!("flag:{}", flag_key(plan, index)?),
        })
    }

    /// What a text of [`Selection::to_text`] names in this plan; nothing when it is not there (any more).
    pub fn from_text(plan: &Plan, text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        match kind {
            "cert" => plan.find_key(name).map(Self::Cert),
            "unsigned" => {
                let (id, node) = name.rsplit_once('@')?;
                let is = |one: &crate::plan::Unsigned| one.row.id == id && plan.node_name(one.node) == node;
                plan.unsigned.iter().position(is).map(Self::Unsigned)
            }
            "file" => {
                (0..plan.files.len()).find(|&index| file_key(plan, index).as_deref() == Some(name)).map(Self::File)
            }
            "flag" => {
                (0..plan.flags.len()).find(|&index| flag_key(plan, index).as_deref() == Some(name)).map(Self::Flag)
            }
            _ => None,
        }
    }
}

/// `cp-1:/etc/kubernetes/pki/ca.crt`, `offline-ca:ca.key`: the name of a file across page and tests.
pub fn file_key(plan: &Plan, index: usize) -> Option<String> {
    let file = plan.files.get(index)?;
    Some(match file.root {
        Root::Node(node) => format!("{}:{}", plan.spec.nodes[node].name, file.path),
        Root::OfflineCa => format!("offline-ca:{}", file.path),
    })
}

/// `kube-apiserver-tls-cert-file@cp-1`: the name of a flag across page and tests.
pub fn flag_key(plan: &Plan, index: usize) -> Option<String> {
    let flag = plan.flags.get(index)?;
    Some(format!("{}-{}@{}", flag.row.component, flag.row.name, plan.spec.nodes[flag.node].name))
}

/// Everything that has to do with a selection, itself included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Related {
    /// Indexes into `plan.certs`.
    pub certs: SortedSet<usize>,
    /// Indexes into `plan.unsigned`.
    pub unsigned: SortedSet<usize>,
    /// Indexes into `plan.files`.
    pub files: SortedSet<usize>,
    /// Indexes into `plan.flags`.
    pub flags: SortedSet<usize>,
}

impl Related {
    /// What has to do with a selection: for a certificate its issuer, what it signed, its files and the flags that
    /// name them; for a CA also who trusts it.
    pub fn to(plan: &Plan, selection: Selection) -> Self {
        let mut related = Self::default();
        match selection {
            Selection::Cert(index) => related.add_cert(plan, index),
            Selection::Unsigned(index) => {
                related.unsigned.insert(index);
                related.certs.extend(plan.unsigned[index].issuer);
            }
            Selection::File(index) => {
                related.files.insert(index);
                related.certs.insert(plan.files[index].content.cert);
                related.flags.extend((0..plan.flags.len()).filter(|&flag| plan.flags[flag].file == Some(index)));
            }
            Selection::Flag(index) => {
                let flag = &plan.flags[index];
                related.flags.insert(index);
                related.files.extend(flag.file);
                if let Some(cert) = flag.cert {
                    related.certs.insert(cert);
                    // Whom a trust flag lets in: what that CA signed.
                    if flag.row.direction == Direction::Trusts {
                        related.certs.extend(plan.signed_by(cert));
                    }
                }
            }
        }
        related
    }

    fn add_cert(&mut self, plan: &Plan, index: usize) {
        self.certs.insert(index);
        self.certs.extend(plan.certs[index].issuer);
        self.certs.extend(plan.signed_by(index));
        self.unsigned.extend((0..plan.unsigned.len()).filter(|&one| plan.unsigned[one].issuer == Some(index)));
        self.files.extend((0..plan.files.len()).filter(|&file| plan.files[file].content.cert == index));
        self.flags.extend((0..plan.flags.len()).filter(|&flag| plan.flags[flag].cert == Some(index)));
    }

    /// Whether a selection is among them.
    pub fn has(&self, selection: Selection) -> bool {
        match selection {
            Selection::Cert(index) => self.certs.contains(&index),
            Selection::Unsigned(index) => self.unsigned.contains(&index),
            Selection::File(index) => self.files.contains(&index),
            Selection::Flag(index) => self.flags.contains(&index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{parse, preset::Preset};

    #[test]
    fn every_selection_comes_back_from_its_text() {
        let plan = crate::plan::plan(&parse(&Preset::named("ha-stacked").unwrap().draft()).0.unwrap());
        let all = (0..plan.certs.len())
            .map(Selection::Cert)
            .chain((0..plan.unsigned.len()).map(Selection::Unsigned))
            .chain((0..plan.files.len()).map(Selection::File))
            .chain((0..plan.flags.len()).map(Selection::Flag));
        for one in all {
            assert_eq!(Selection::from_text(&plan, &one.to_text(&plan).unwrap()), Some(one));
        }
        assert_eq!(Selection::from_text(&plan, "cert:nope@cp-1"), None);
    }

    #[test]
    fn a_ca_is_related_to_what_it_signed_and_to_who_trusts_it() {
        let plan = crate::plan::plan(&parse(&Preset::named("ha-stacked").unwrap().draft()).0.unwrap());
        let ca = plan.find_key("etcd-ca@cluster").unwrap();
        let related = Related::to(&plan, Selection::Cert(ca));
        assert!(related.has(Selection::from_text(&plan, "cert:etcd-peer@cp-2").unwrap()));
        assert!(related.has(Selection::from_text(&plan, "flag:etcd-trusted-ca-file@cp-3").unwrap()));
        assert!(!related.has(Selection::from_text(&plan, "cert:apiserver@cp-1").unwrap()));
    }
}
