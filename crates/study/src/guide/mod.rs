//! The guide in the left pane: what there is to learn, lessons, and labs. How far one is stands in the guide's own text,
//! which links carry: `learn`, `lesson:etcd/2`, `lab:refused-member.3/again:etcd-peer/1`.

mod harms;
mod index;
pub mod lab;
pub mod lab_rows;
pub mod lesson;
mod repair;

use kubepki_core::view::drawing::{Drawing, drawn, leads_to};
use kubepki_core::view::{ViewId, address};

pub use index::page as index;

/// The line above a guide's title, with the way back.
fn context(what: &str) -> Drawing {
    let back = |to: &str, label: &str| leads_to(address::stay(to), label);
    drawn("div")
        .set("class", "top-line")
        .with(drawn("p").set("class", "context").text(what))
        .with(drawn("p").with(back("learn", "All lessons and labs")).with(back("", "Design")))
}

/// A button that goes somewhere with a guide.
fn go(guide: &str, view: ViewId, selected: &str, label: &str) -> Drawing {
    leads_to(address::write(None, view, selected, guide), label)
}
