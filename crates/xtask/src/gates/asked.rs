//! What may be asked for beside gates.

use crate::tools::ALL_VERSIONS;

/// A word behind the gates.
pub(crate) struct TestOption {
    pub(crate) word: &'static str,
    /// What it does, for people.
    pub(crate) does: &'static str,
    pub(super) set: fn(&mut Asked),
}

/// What was asked for beside gates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Every version of Kubernetes that is pinned judges, not the newest alone.
    pub(crate) all_versions: bool,
    /// What the judges saw is written into the repository, not compared with what it says.
    pub(crate) record: bool,
}

pub(crate) const OPTIONS: &[TestOption] = &[
    TestOption {
        word: ALL_VERSIONS,
        does: "let every pinned version judge: each is built once, in some eight minutes of two cores",
        set: |asked| asked.all_versions = true,
    },
    TestOption {
        word: "--record",
        does: "write what was judged into tests/kubernetes/judged.toml, which is otherwise compared with it, README and the page",
        set: |asked| asked.record = true,
    },
];
