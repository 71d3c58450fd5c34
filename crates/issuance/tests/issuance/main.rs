//! Issuing, end to end within this crate: against Go's bytes, against damage, against nonsense.

mod golden;
mod hostile;
mod keys;
mod kubeconfig;
mod read_back;
mod reproduce;
mod support;
