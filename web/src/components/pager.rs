//! Long lists of the page in pages.

use crate::draw::{Dispatch, El, built, heard};
use crate::state::Pager;

/// `51–100 of 5,000` with a way back and forth; nothing where one page has room for all.
pub(crate) fn pager(pager: Pager, page: usize, length: usize, what: &str, dispatch: &Dispatch) -> Option<El> {
    pager.drawn(page, length, what).map(|drawing| heard(built(drawing), dispatch))
}
