//! A component on a node, as the writers of its files take it.

use super::kubeadm::EXTRA_ARGUMENTS;
use crate::catalog::flags::Place;
use crate::plan::{FlagValue, PlannedFlag};
use crate::spec::Node;

/// A component on a node, with its flags.
pub(super) struct Component<'a> {
    pub(super) name: &'static str,
    pub(super) node: &'a Node,
    pub(super) flags: &'a [PlannedFlag],
}

impl Component<'_> {
    /// The path of one of its files.
    pub(super) fn path(&self, file: &str) -> String {
        format!("manifests/{}/{file}", self.node.name)
    }

    /// Its command line, `--name=value`, as kubeadm has it: sorted by name, and behind that what its configuration gives as
    /// `extraArgs` (kubeadm: util/arguments.go, ArgumentsToCommand).
    pub(super) fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<(&str, &str)> = self
            .flags
            .iter()
            .filter(|flag| flag.row.place == Place::Argument)
            .filter_map(|flag| match &flag.value {
                FlagValue::Set(value) => Some((flag.row.name, value.as_str())),
                FlagValue::NotSet => None,
            })
            .collect();
        arguments.sort_unstable_by_key(|&(name, _)| (EXTRA_ARGUMENTS.contains(&name), name));
        arguments.into_iter().map(|(name, value)| format!("--{name}={value}")).collect()
    }
}
