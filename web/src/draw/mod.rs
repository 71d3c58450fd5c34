//! How the page writes elements: a builder of plain functions on Yew's virtual DOM. It weighs a fraction of what the
//! `html!` macro expands to, and the first picture waits for every byte.

mod element;
mod listener;
mod memo;
mod text;
mod tree;

pub(crate) use element::{El, el, group};
pub(crate) use listener::Kind;
pub(crate) use memo::memo;
pub(crate) use text::{count, join};
pub(crate) use tree::{built, heard, tree};

use yew::Callback;

use crate::state::Action;

/// Where actions go.
pub(crate) type Dispatch = Callback<Action>;
