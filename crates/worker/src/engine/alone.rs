//! Helpers where no workers are started: none.

use std::rc::Rc;

use kubepki_core::Plan;
use kubepki_core::sorted::SortedMap;
use kubepki_issuance::IssuedCert;

use super::job::{Authority, Job};
use super::progress::Progress;

/// The certificates of a plan that helpers make: none.
pub(super) fn leaves(_: &Plan) -> Vec<usize> {
    Vec::new()
}

/// Nobody does anything, so that all of it is left.
pub(super) async fn share(
    _: &Job,
    _: &[usize],
    _: &SortedMap<usize, Rc<Authority>>,
    _: &mut [Option<IssuedCert>],
    _: &Progress,
) -> Result<(), String> {
    Ok(())
}
