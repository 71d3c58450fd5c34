//! Repairs of a lab: what can be done to a thing, what that mends, and what it would break.

use std::fmt;

use kubepki_core::catalog::cert;
use kubepki_core::catalog::renewal::{Renewal, renewed_by, restart};
use kubepki_core::catalog::row::Form;
use kubepki_core::view::drawing::{Drawing, drawn};
use kubepki_core::view::text::counted;
use kubepki_rehearsal::fault::{Fault, Mend, Renewed, new_kubelet_conf};

/// One repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// How.
    pub mend: Mend,
    /// Of what: the id of a certificate, or the name of a component.
    pub target: String,
}

/// The words of repairs in links, and what people read.
pub(super) const WORDS: &[(Mend, &str, &str)] = &[
    (Mend::Renew, "renew", "Renew it and restart (kubeadm certs renew)"),
    (Mend::Again, "again", "Delete it, make it again, restart"),
    (Mend::Kubeconfig, "write", "Write it again"),
    (Mend::Authority, "new-ca", "Make a new CA"),
    (Mend::Flags, "flags", "Put its flags right"),
    (Mend::TokenKey, "copy", "Copy the right pair to every control plane"),
    (Mend::Restart, "restart", "Restart what holds it"),
];

/// The word of a repair in links, and what people read.
pub(super) fn word(mend: Mend) -> (&'static str, &'static str) {
    WORDS.iter().find(|(one, ..)| *one == mend).map_or(("", ""), |(_, word, label)| (word, label))
}

/// The repairs that a thing can have.
pub(super) fn kinds(target: &str) -> &'static [Mend] {
    match cert(target) {
        None => &[Mend::Flags, Mend::Restart],
        Some(row) if row.is_ca() => &[Mend::Authority, Mend::Restart],
        Some(_) if target == "sa" => &[Mend::TokenKey, Mend::Restart],
        Some(row) if matches!(row.form, Form::Kubeconfig(_)) => &[Mend::Renew, Mend::Kubeconfig, Mend::Restart],
        Some(_) => &[Mend::Renew, Mend::Again, Mend::Restart],
    }
}

/// What people call a thing that can be repaired.
pub(super) fn title(target: &str) -> String {
    cert(target).map_or(format!("the process {target}"), |row| row.title.to_owned())
}

impl fmt::Display for Repair {
    /// `again:etcd-peer`, as links and tests have it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", word(self.mend).0, self.target)
    }
}

impl Repair {
    /// Whether it mends a fault. Each ends with a restart of what holds the target, and that is all that some faults need.
    pub fn mends(&self, fault: &Fault) -> bool {
        let needed = fault.kind.mend;
        if needed == Mend::Restart && self.restarts(fault.target) {
            return true;
        }
        self.target == fault.target
            && match self.mend {
                Mend::Renew => self.renews() && fault.kind.renewed == Renewed::Mended,
                Mend::Again | Mend::Kubeconfig => {
                    matches!(needed, Mend::Renew | Mend::Again | Mend::Kubeconfig | Mend::Restart)
                }
                Mend::Authority | Mend::Flags | Mend::TokenKey | Mend::Restart => self.mend == needed,
            }
    }

    /// Whether what holds this certificate is restarted with it.
    fn restarts(&self, other: &str) -> bool {
        match cert(&self.target) {
            // Everything holds a CA. A new one is not made, so nothing is restarted either.
            Some(row) if row.is_ca() => self.mend == Mend::Restart,
            _ => restart(&self.target).contains(&restart(other)),
        }
    }

    /// Whether kubeadm renews the target at all.
    fn renews(&self) -> bool {
        renewed_by(&self.target) == Renewal::ByKubeadm
    }

    /// What was done and what came of it, and the class that marks it.
    pub(super) fn said(&self, causes: &[Fault], harms: &[Harm], node: &str) -> (&'static str, Vec<Drawing>) {
        let (class, outcome) = self.outcome(causes, harms, node);
        let label = word(self.mend).1.split(" (").next().unwrap_or_default();
        let line = [
            drawn("b").text(title(&self.target)),
            drawn("span").text(format!(": {}: ", lower(label))),
            drawn("span").set("class", "state").text(outcome),
        ];
        (class, line.into())
    }

    fn outcome(&self, causes: &[Fault], harms: &[Harm], node: &str) -> (&'static str, String) {
        let here: Vec<&Fault> = causes.iter().filter(|fault| fault.target == self.target).collect();
        if causes.iter().any(|fault| self.mends(fault)) {
            return ("pass", "that mended something".to_owned());
        }
        if let Some(harm) = harms.iter().find(|harm| harm.target == self.target && self.mend == Mend::Authority) {
            return ("fail", harm.said());
        }
        let words = match (self.mend, here.first().map(|fault| fault.kind.renewed)) {
            (Mend::Renew, _) if self.target == "kubelet.conf" => format!(
                "kubeadm certs renew does not touch kubelet.conf, so nothing changed. What writes it again: {}",
                new_kubelet_conf(node)
            ),
            (Mend::Renew, _) if !self.renews() => "kubeadm does not renew it, so nothing changed".to_owned(),
            (_, None) => return ("none", "nothing was wrong with it, and nothing changed".to_owned()),
            (Mend::Renew, Some(Renewed::Unreadable)) => {
                "kubeadm certs renew cannot read the old certificate, so nothing changed".to_owned()
            }
            (Mend::Renew, Some(_)) => "renewed: it says the same as before, so nothing changed".to_owned(),
            (_, Some(_)) => "it is at fault, but this does not mend it".to_owned(),
        };
        ("fail", words)
    }
}

/// What a repair would break that holds as it is.
#[derive(Debug)]
pub struct Harm {
    /// Of what: the id of a certificate.
    pub(super) target: String,
    /// The connections that would fail, by their ids.
    pub(super) fails: Vec<&'static str>,
}

impl Harm {
    fn said(&self) -> String {
        let first: Vec<String> = self.fails.iter().take(3).map(|id| id.replace("->", " → ")).collect();
        let more = match self.fails.len() - first.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let fails = counted(self.fails.len(), "connection");
        let hold = if self.fails.len() == 1 { "holds" } else { "hold" };
        format!(
            "not done, for nobody trusts the new CA yet. {fails} that {hold} now would fail: {}{more}",
            first.join(", ")
        )
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|one| one.to_lowercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}
