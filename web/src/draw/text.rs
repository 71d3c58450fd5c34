//! Texts that are put together.

pub(crate) use kubepki_core::view::text::counted as count;

/// Texts, one behind the other. Weighs less than `format!`.
pub(crate) fn join(parts: &[&str]) -> String {
    parts.concat()
}
