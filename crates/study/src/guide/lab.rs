//! A lab being worked on: which faults its seed picked, what was repaired, and what that leaves.

use std::fmt;

use kubepki_core::catalog::row::Form;
use kubepki_core::catalog::{cert, connections::told};
use kubepki_core::spec::Node;
use kubepki_core::view::drawing::{Drawing, caps, choose, drawn, leads_to, paragraph};
use kubepki_core::view::{ViewId, address};
use kubepki_rehearsal::fault::{Fault, Mend, fault, faults};

use super::lab_rows::{LABS, LabRow};
use crate::chosen::Chosen;
use crate::faults::{Call, place};

/// A lab, its seed, and how far it is: `lab:kubelet-registers.7/renew:kubelet.conf,again:apiserver/2`.
#[derive(Clone, Debug)]
pub struct Lab {
    /// The lab.
    pub row: &'static LabRow,
    /// Which of its causes it is.
    pub seed: u32,
    /// What was repaired, in order.
    pub repairs: Vec<Repair>,
    /// How many hints were asked for.
    pub hints: usize,
}

/// One repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// How.
    pub mend: Mend,
    /// Of what: the id of a certificate, or the name of a component.
    pub target: String,
}

/// The words of repairs in links, and what people read.
const WORDS: &[(Mend, &str, &str)] = &[
    (Mend::Renew, "renew", "Renew it and restart (kubeadm certs renew)"),
    (Mend::Again, "again", "Delete it, make it again, restart"),
    (Mend::Kubeconfig, "write", "Write it again"),
    (Mend::Authority, "new-ca", "Make a new CA"),
    (Mend::Flags, "flags", "Put its flags right"),
    (Mend::TokenKey, "copy", "Copy it from the first control plane"),
    (Mend::Restart, "restart", "Restart what holds it"),
];

fn word(mend: Mend) -> (&'static str, &'static str) {
    WORDS.iter().find(|(one, ..)| *one == mend).map_or(("", ""), |(_, word, label)| (word, label))
}

impl fmt::Display for Repair {
    /// `again:etcd-peer`, as links and tests have it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", word(self.mend).0, self.target)
    }
}

impl fmt::Display for Lab {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "lab:{}.{}", self.row.id, self.seed)?;
        if self.repairs.is_empty() && self.hints == 0 {
            return Ok(());
        }
        let repairs: Vec<String> = self.repairs.iter().map(Repair::to_string).collect();
        write!(out, "/{}/{}", repairs.join(","), self.hints)
    }
}

impl Lab {
    /// Reads a guide; nothing where it is no lab.
    pub fn read(guide: &str) -> Option<Self> {
        let mut parts = guide.strip_prefix("lab:")?.split('/');
        let (id, seed) = parts.next()?.split_once('.')?;
        let row = LABS.iter().find(|row| row.id == id)?;
        let repair = |text: &str| {
            let (name, target) = text.split_once(':')?;
            let mend = WORDS.iter().find(|(_, word, _)| *word == name)?.0;
            Some(Repair { mend, target: target.to_owned() })
        };
        Some(Self {
            row,
            seed: seed.parse().ok()?,
            repairs: parts.next().unwrap_or_default().split(',').filter_map(repair).collect(),
            hints: parts.next().and_then(|count| count.parse::<usize>().ok()).unwrap_or_default().min(3),
        })
    }

    /// All that was wrong at the beginning.
    pub fn causes(&self) -> Vec<Fault> {
        let ids = self.row.causes[self.seed as usize % self.row.causes.len()];
        ids.iter().filter_map(|id| fault(id)).collect()
    }

    /// What is still wrong.
    pub fn faults(&self) -> Vec<Fault> {
        let mended = |fault: &Fault| {
            self.repairs.iter().any(|one| one.target == fault.target && mends(one.mend, fault.kind.mend))
        };
        self.causes().into_iter().filter(|fault| !mended(fault)).collect()
    }

    fn with(&self, repair: Repair) -> Self {
        let mut next = self.clone();
        next.repairs.push(repair);
        next
    }
}

/// Whether doing one thing does what another would have done.
fn mends(done: Mend, needed: Mend) -> bool {
    done == needed
        || matches!(
            (done, needed),
            (Mend::Again | Mend::Kubeconfig, Mend::Renew | Mend::Again | Mend::Kubeconfig | Mend::Restart)
        )
        || matches!((done, needed), (Mend::Renew, Mend::Restart))
}

/// The guide of a lab.
pub fn page(nodes: &[Node], lab: &Lab, held: &[Call]) -> Vec<Drawing> {
    let failed: Vec<&Call> = held.iter().filter(|one| !one.holds()).collect();
    let solved = failed.is_empty();
    let mut out = vec![super::context("Lab"), drawn("h2").text(lab.row.title), paragraph(lab.row.story)];
    if solved {
        let done = format!("lab:{}", lab.row.id);
        let again = Lab { seed: lab.seed.wrapping_add(1) % 1_000, repairs: Vec::new(), hints: 0, ..lab.clone() };
        out.push(
            drawn("p")
                .set("class", "verdict pass")
                .set("data-testid", "lab-solved")
                .set("data-done", done)
                .with(drawn("b").text(format!("All {} connections hold again.", held.len())))
                .text(" ")
                .text(lab.row.moral),
        );
        let was = lab.causes().iter().map(|fault| drawn("li").text(format!("{}.", fault.title()))).collect::<Vec<_>>();
        out.extend([caps("What it was"), drawn("ul").all(was)]);
        out.extend([
            drawn("p").with(super::go(&again.to_string(), ViewId::Connections, "", "Again, with another cause")),
            drawn("p").with(super::go("learn", ViewId::Connections, "", "All lessons and labs")),
        ]);
        out.extend(repairs_done(lab));
        return out;
    }
    out.extend(symptoms(&failed));
    out.push(caps("Look"));
    out.push(paragraph("What fails is marked in the picture. Open a connection to see what is compared with what."));
    let look = |one: &&Call| {
        let to = place(nodes, one, &Chosen { hidden: true, ..Chosen::default() });
        drawn("li").with(choose(to, one.dial.row.id.replace("->", " → ")))
    };
    out.push(drawn("ul").all(failed.iter().map(look)));
    out.extend(repairs_done(lab));
    out.push(caps("Repair"));
    out.extend(choices(lab, &failed));
    out.push(caps("Hints"));
    out.push(drawn("ol").all(lab.row.hints[..lab.hints].iter().map(|hint| drawn("li").text(*hint))));
    if lab.hints < lab.row.hints.len() {
        let next = Lab { hints: lab.hints + 1, ..lab.clone() };
        let label = if lab.hints == 0 { "Give me a hint" } else { "Another hint" };
        let button = drawn("button").set("class", "small").set("type", "button").set("data-testid", "lab-hint");
        out.push(drawn("p").with(button.set("data-go", address::stay(&next.to_string())).text(label)));
    }
    out
}

/// What the components print, each line once.
fn symptoms(failed: &[&Call]) -> Vec<Drawing> {
    let mut out = vec![caps("What the logs say")];
    let mut seen: Vec<String> = Vec::new();
    for one in failed {
        let told = told(one.dial.row.id);
        let sides = [
            (told.map_or("", |told| told.caller), &one.handshake.client.log),
            (told.map_or("", |told| told.server), &one.handshake.server.log),
        ];
        for (who, log) in sides {
            let Some(log) = log.clone().filter(|log| !seen.contains(log) && seen.len() < MOST) else { continue };
            out.push(drawn("p").set("class", "who").text(who));
            out.push(drawn("pre").set("class", "log").set("tabindex", "0").text(&log));
            seen.push(log);
        }
    }
    out
}

/// As many lines of logs are shown.
const MOST: usize = 5;

fn repairs_done(lab: &Lab) -> Vec<Drawing> {
    if lab.repairs.is_empty() {
        return Vec::new();
    }
    let causes = lab.causes();
    let line = |one: &Repair| {
        let here: Vec<&Fault> = causes.iter().filter(|fault| fault.target == one.target).collect();
        let words = match here.iter().any(|fault| mends(one.mend, fault.kind.mend)) {
            true => ("pass", "that mended something"),
            false if here.is_empty() => ("none", "nothing was wrong with it, and nothing changed"),
            false if one.mend == Mend::Renew => ("fail", "renewed: it says the same as before, so nothing changed"),
            false => ("fail", "it is at fault, but this does not mend it"),
        };
        let label = word(one.mend).1.split(" (").next().unwrap_or_default().to_owned();
        drawn("li")
            .set("class", words.0)
            .with(drawn("b").text(title(&one.target)))
            .text(format!(": {}: ", lower(&label)))
            .with(drawn("span").set("class", "state").text(words.1))
    };
    let start = Lab { repairs: Vec::new(), ..lab.clone() };
    vec![
        caps("What you did"),
        drawn("ul").set("data-testid", "lab-done").all(lab.repairs.iter().map(line)),
        drawn("p").with(leads_to(address::stay(&start.to_string()), "Start over")),
    ]
}

/// What can be repaired: whatever takes part in what fails.
fn choices(lab: &Lab, failed: &[&Call]) -> Vec<Drawing> {
    let mut targets: Vec<&str> = Vec::new();
    for fault in faults() {
        let takes_part = fault.connections().iter().any(|id| failed.iter().any(|one| one.dial.row.id == *id));
        if takes_part && !targets.contains(&fault.target) {
            targets.push(fault.target);
        }
    }
    let group = |target: &&str| {
        let buttons = kinds(target).iter().map(|mend| {
            let repair = Repair { mend: *mend, target: (*target).to_owned() };
            let name = format!("repair-{repair}");
            let next = lab.with(repair);
            drawn("button")
                .set("class", "small")
                .set("type", "button")
                .set("data-testid", name)
                .set("data-go", address::stay(&next.to_string()))
                .text(word(*mend).1)
        });
        drawn("details")
            .set("class", "chips-of")
            .with(drawn("summary").text(title(target)))
            .with(drawn("p").set("class", "chips").all(buttons))
    };
    targets.iter().map(group).collect()
}

fn title(target: &str) -> String {
    cert(target).map_or(format!("the process {target}"), |row| row.title.to_owned())
}

/// The repairs that a thing can have.
fn kinds(target: &str) -> &'static [Mend] {
    match cert(target) {
        None => &[Mend::Flags, Mend::Restart],
        Some(row) if row.is_ca() => &[Mend::Authority, Mend::Restart],
        Some(_) if target == "sa" => &[Mend::TokenKey, Mend::Restart],
        Some(row) if matches!(row.form, Form::Kubeconfig(_)) => &[Mend::Renew, Mend::Kubeconfig, Mend::Restart],
        Some(_) => &[Mend::Renew, Mend::Again, Mend::Restart],
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|one| one.to_lowercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lab_comes_back_from_its_text() {
        let text = "lab:a-year-later.7/renew:apiserver,restart:etcd-server/2";
        assert_eq!(Lab::read(text).expect("a lab").to_string(), text);
        assert_eq!(Lab::read("lab:refused-member.0").expect("a lab").to_string(), "lab:refused-member.0");
        assert!(Lab::read("lab:nothing.1").is_none() && Lab::read("lesson:etcd/1").is_none());
    }

    #[test]
    fn every_cause_of_every_lab_is_mended_by_repairs_that_are_offered() {
        for row in LABS {
            for seed in 0..row.causes.len() as u32 {
                let mut lab = Lab { row, seed, repairs: Vec::new(), hints: 0 };
                for fault in lab.causes() {
                    let by = kinds(fault.target).iter().find(|mend| mends(**mend, fault.kind.mend));
                    let mend = *by.unwrap_or_else(|| panic!("{}: {}", row.id, fault.id()));
                    lab = lab.with(Repair { mend, target: fault.target.to_owned() });
                }
                assert!(lab.faults().is_empty(), "{}.{seed}", row.id);
            }
        }
    }

    #[test]
    fn renewing_copies_what_was_wrong() {
        let lab = Lab::read("lab:new-load-balancer.0/renew:apiserver/0").expect("a lab");
        assert_eq!(lab.faults().len(), 1);
        let lab = Lab::read("lab:new-load-balancer.0/again:apiserver/0").expect("a lab");
        assert!(lab.faults().is_empty());
    }
}
