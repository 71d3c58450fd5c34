//! Pictures: a view of a design as SVG, and for the `<kube-pki>` element whatever the page draws with its worker.

use kubepki_core::view::{ViewId, svg};

use kubepki_study::{Asked, Study};
use kubepki_worker::study;

use crate::design::Read;
use crate::shape::{DrawOptions, Drawn, Failure};

/// A view as SVG. `now` is the issue time, Unix seconds.
pub fn svg(read: &Read, view: ViewId, now: i64) -> String {
    svg::svg(&read.plan, view, now)
}

/// The view of an id.
///
/// # Errors
/// When there is none.
pub fn view(word: &str) -> Result<ViewId, Failure> {
    ViewId::from_word(word).ok_or_else(|| {
        let all: Vec<&str> = ViewId::ALL.iter().map(|view| view.word()).collect();
        Failure::argument(format!("There is no view {word:?}; there are {}.", all.join(", ")))
    })
}

/// What the page would draw with its worker. `now` is the machine's clock, Unix seconds.
///
/// # Errors
/// When there is no such view, or the link carries no design without errors.
pub fn draw(study: &mut Study, wanted: &DrawOptions, now: i64) -> Result<Drawn, Failure> {
    let DrawOptions { link, view, selected, guide } = wanted;
    let asked = Asked { design: link, view: self::view(view)?, selected, guide, now, pki: 0 };
    let [view, sheet, guide] = study::draw(study, asked).map_err(Failure::argument)?;
    Ok(Drawn { view, sheet, guide })
}
