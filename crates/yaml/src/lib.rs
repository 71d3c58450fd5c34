//! Reading what people drop: design files, kubeadm configuration, node lists, kubeconfigs. Text in, a draft out (of a
//! kubeconfig, whose it is), and everything that is wrong said by file, line and column.
//!
//! ```text
//! bytes ──text──▶ &str ──load──▶ trees ──design | kubeadm | nodes──▶ Draft ──spec::parse──▶ findings, put back in place
//! ```
//!
//! Nothing here panics, hangs or grows without bound on bad input: a text has at most [`LONGEST`] bytes, is nested
//! [`DEEPEST`] deep, and its aliases are counted as what they repeat.

mod design;
mod finding;
mod kubeadm;
mod kubeconfig;
mod load;
mod near;
mod nodes;
mod outcome;
mod place;
mod read;
mod text;
mod tree;

pub use finding::Finding;
#[cfg(any(test, feature = "values"))]
pub use kubeadm::values::{TableValue, values};
pub use kubeconfig::{Cluster, Kubeconfig, Plugin, User, Wanting, fields, kubeconfig};
pub use nodes::{GoodLines, LONGEST_LIST, good_lines, read_nodes};
pub use outcome::Outcome;
pub use place::{Place, Places};
pub use read::{read, read_with_nodes};
pub use text::{DEEPEST, LONGEST};
