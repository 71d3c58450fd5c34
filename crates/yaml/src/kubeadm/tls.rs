//! What the components say of TLS.

use super::rule;
use super::suites::{full_name, is_suite};
use crate::place::Place;

/// What the components say.
#[derive(Debug, Default)]
pub(crate) struct Hardening {
    pub(super) versions: Vec<Said<String>>,
    pub(super) suites: Vec<Said<Vec<String>>>,
}

/// What one of them says, and where.
#[derive(Debug)]
pub(super) struct Said<T> {
    pub(super) component: &'static str,
    pub(super) value: T,
    pub(super) place: Place,
}

impl Hardening {
    /// A component's lowest TLS version, if it is one.
    pub(super) fn version(&mut self, component: &'static str, text: &str, place: Place) {
        if rule::tls_version(text).is_none() && !text.is_empty() {
            self.versions.push(Said { component, value: text.to_owned(), place });
        }
    }

    /// A component's cipher suites, as far as they are known.
    pub(super) fn suites<'a>(&mut self, component: &'static str, suites: impl Iterator<Item = &'a str>, place: Place) {
        let value = suites.map(|suite| full_name(suite.trim())).filter(|suite| is_suite(suite)).collect();
        self.suites.push(Said { component, value, place });
    }
}
