//! What the files set and a design may have no place for.

use crate::place::Place;

/// A setting of a component.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) component: &'static str,
    /// As the design lists it: `--name` for an argument, a dotted path for a field.
    pub(super) name: String,
    /// Its value, where it is a single text, for comparing; it is never kept.
    pub(super) value: Option<String>,
    pub(super) place: Place,
    /// Whether something was said of it already.
    pub(super) said: bool,
}
