//! Pieces of the page, drawn from the state: plain functions.

mod bundles;
mod design;
mod dialogs;
mod facts;
mod field;
mod findings;
mod footer;
mod form;
mod header;
mod icon;
mod import;
mod input;
mod inspector;
mod issued;
mod list;
mod node_table;
mod nodes_dialog;
mod pager;
mod search;
mod stage;
mod strip;

pub(crate) use design::design_pane;
pub(crate) use dialogs::dialog;
pub(crate) use footer::footer;
pub(crate) use header::header;
pub(crate) use icon::icon;
pub(crate) use inspector::inspector;
pub(crate) use pager::pager;
pub(crate) use stage::stage;
