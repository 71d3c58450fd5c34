//! Issuing, end to end within this crate: against Go's bytes, against damage, against nonsense.

mod golden;
mod hostile;
mod keys;
mod kubeconfig;
#[path = "../../../../tests/support/pathological.rs"]
#[allow(dead_code, unreachable_pub, reason = "what the judges' library exports; some of it is not of use here")]
mod pathological;
mod read_back;
mod reproduce;
mod support;
