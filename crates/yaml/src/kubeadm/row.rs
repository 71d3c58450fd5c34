//! What a row of the table of kubeadm's fields must say.

use kubepki_core::spec::Field;

use super::import::Import;
use super::kind::{Holds, Kind};
use super::spot::Spot;

/// What a field does to the design.
pub(crate) enum Effect {
    /// Its text or list becomes the value of these fields.
    Sets(&'static [Field]),
    /// More than that.
    Does(fn(&mut Import, &Spot<'_>)),
    /// It is checked, and written anew from the design.
    Nothing,
    /// It is checked, and left to the user's own file.
    Leaves,
}

/// One field of kubeadm's configuration.
pub(crate) struct FieldRow {
    pub(crate) kind: Kind,
    /// Its path, dotted; `*` stands for an item of a list.
    pub(crate) path: &'static str,
    /// Whether it is in v1beta4 alone.
    pub(crate) new: bool,
    /// Whether its zero value is no default but a value that is refused, or means something.
    pub(crate) needed: bool,
    pub(crate) holds: Holds,
    /// Says what is wrong with a text or an item, in kubeadm's words.
    pub(crate) rule: Option<fn(&str) -> Option<String>>,
    pub(crate) effect: Effect,
    /// A value that kubeadm accepts, as YAML.
    #[cfg(any(test, feature = "values"))]
    pub(crate) accepted: &'static str,
    /// A value that kubeadm refuses, as YAML.
    #[cfg(any(test, feature = "values"))]
    pub(crate) refused: &'static str,
    /// What kubeadm then says.
    #[cfg(any(test, feature = "values"))]
    pub(crate) message: &'static str,
}
