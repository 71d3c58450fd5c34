//! What components print when certificates end under them, as it was recorded (`tests/kubernetes/expiry`): the whole lines to
//! [`kubepki_core::catalog::expiry`], with what varies in braces as in the atlas.
//!
//! ```text
//! # controller-manager.conf: ended: kube-controller-manager
//! E{time} {process} controllermanager.go:{line}] "leaderelection lost/stopped"
//! ```

use std::net::IpAddr;

use kubepki_core::catalog::expiry::Moment;

use crate::atlas;

const RECORDED: &str = include_str!("expiry.txt");

/// A line that was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The certificate that had ended, by its id.
    pub id: &'static str,
    /// When it was printed.
    pub moment: Moment,
    /// The component whose line it is, as its binary is called.
    pub component: &'static str,
    /// The line, the varying parts in braces.
    pub line: &'static str,
}

impl Recorded {
    /// The line as it would be printed on a node with this name and address, `…` for what is another at each run.
    pub fn filled(&self, node: &str, address: IpAddr) -> String {
        atlas::filled(self.line, node, address)
    }
}

/// What a moment is called in the file.
pub fn word(moment: Moment) -> &'static str {
    match moment {
        Moment::Ended => "ended",
        Moment::Broken => "broken",
        Moment::Restarted => "restarted",
    }
}

/// Every line, in the order of the file.
pub fn recorded() -> impl Iterator<Item = Recorded> {
    RECORDED.split("\n# ").skip(1).flat_map(|part| {
        let (head, lines) = part.split_once('\n').unwrap_or((part, ""));
        let mut words = head.split(": ");
        let id = words.next().unwrap_or_default();
        let moment = words.next().and_then(|one| Moment::ALL.into_iter().find(|moment| word(*moment) == one));
        let component = words.next().unwrap_or_default();
        let lines = lines.lines().filter(|line| !line.is_empty());
        lines.filter_map(move |line| Some(Recorded { id, moment: moment?, component, line }))
    })
}

/// The versions from which it was recorded: `Kubernetes 1.37.2, etcd 3.7.3`.
pub fn versions() -> &'static str {
    RECORDED.lines().next().unwrap_or_default()
}
