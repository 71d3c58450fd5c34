//! A lab being worked on: which faults its seed picked, what was repaired, and what that leaves.

use std::fmt;

use kubepki_core::spec::Node;
use kubepki_core::view::drawing::{Drawing, caps, choose, drawn, leads_to, paragraph};
use kubepki_core::view::{ViewId, address};
use kubepki_rehearsal::fault::{Fault, fault, faults};

pub use super::harms::harms;
use super::lab_rows::{Cause, LABS, LabRow};
pub use super::repair::Repair;
use super::repair::{Harm, WORDS, kinds, word};
use crate::chosen::Chosen;
use crate::faults::{Call, place};
use crate::handshake::log_text;

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

    /// The cause that the seed picks.
    pub fn cause(&self) -> &'static Cause {
        &self.row.causes[self.seed as usize % self.row.causes.len()]
    }

    /// All that was wrong at the beginning.
    pub fn causes(&self) -> Vec<Fault> {
        self.cause().faults.iter().filter_map(|id| fault(id)).collect()
    }

    /// What is still wrong.
    pub fn faults(&self) -> Vec<Fault> {
        let mended = |fault: &Fault| self.repairs.iter().any(|one| one.mends(fault));
        self.causes().into_iter().filter(|fault| !mended(fault)).collect()
    }

    fn with(&self, repair: Repair) -> Self {
        let mut next = self.clone();
        next.repairs.push(repair);
        next
    }
}

/// The guide of a lab.
pub fn page(nodes: &[Node], lab: &Lab, held: &[Call], harms: &[Harm]) -> Vec<Drawing> {
    let failed: Vec<&Call> = held.iter().filter(|one| !one.holds()).collect();
    let solved = failed.is_empty();
    let mut out = vec![super::context("Lab"), drawn("h2").text(lab.row.title), paragraph(lab.cause().story)];
    if solved {
        let done = format!("lab:{}", lab.row.id);
        let again = Lab { seed: lab.seed.wrapping_add(1) % 1_000, repairs: Vec::new(), hints: 0, ..lab.clone() };
        out.push(
            drawn("p")
                .set("class", "verdict pass")
                .set("role", "status")
                .set("data-testid", "lab-solved")
                .set("data-done", done)
                .with(drawn("b").text(format!("All {} connections hold again.", held.len())))
                .text(" ")
                .text(lab.row.moral),
        );
        let was = lab.causes().iter().map(|fault| drawn("li").text(format!("{}.", fault.title()))).collect::<Vec<_>>();
        out.extend([caps("What it was"), drawn("ul").all(was)]);
        out.extend(next(lab));
        out.extend([
            drawn("p").with(super::go(&again.to_string(), ViewId::Connections, "", "Again, with another cause")),
            drawn("p").with(leads_to(address::stay("learn"), "All lessons and labs")),
        ]);
        out.extend(repairs_done(nodes, lab, harms));
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
    out.push(caps("Repair"));
    out.extend(choices(nodes, lab, &failed, harms));
    out.extend(repairs_done(nodes, lab, harms));
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

/// What the components print, each once: the log that was recorded, or where none was, their error alone.
fn symptoms(failed: &[&Call]) -> Vec<Drawing> {
    let mut out = vec![caps("What the logs say")];
    let mut seen: Vec<String> = Vec::new();
    for one in failed {
        let ends = one.dial.row.id.split_once("->").unwrap_or_default();
        for (who, side) in [(ends.0, &one.handshake.client), (ends.1, &one.handshake.server)] {
            let (who, line) = match &side.log {
                // What is printed at a higher verbosity alone nobody has found yet.
                Some(log) => (format!("{} {}", log.component, log.version), log.usual().next().map(str::to_owned)),
                None => (who.to_owned(), side.message.clone()),
            };
            let Some(line) = line.filter(|line| !seen.contains(line) && seen.len() < MOST) else { continue };
            out.push(drawn("p").set("class", "who").text(&who));
            out.push(log_text(&line));
            seen.push(line);
        }
    }
    out
}

/// As many lines of logs are shown.
const MOST: usize = 5;

/// The lab that comes after a solved one.
fn next(lab: &Lab) -> Option<Drawing> {
    let row = LABS.get(LABS.iter().position(|row| row.id == lab.row.id)? + 1)?;
    let next = Lab { row, seed: lab.seed, repairs: Vec::new(), hints: 0 };
    let button = super::go(&next.to_string(), ViewId::Connections, "", &format!("Next lab: {}", row.title));
    Some(drawn("p").with(button.set("class", "filled").set("data-testid", "lab-next")))
}

fn repairs_done(nodes: &[Node], lab: &Lab, harms: &[Harm]) -> Vec<Drawing> {
    if lab.repairs.is_empty() {
        return Vec::new();
    }
    let causes = lab.causes();
    let line = |one: &Repair| {
        let (class, said) = one.said(&causes, harms, &nodes[0].name);
        drawn("li").set("class", class).all(said)
    };
    let start = Lab { repairs: Vec::new(), ..lab.clone() };
    vec![
        caps("What you did"),
        drawn("ul").set("data-testid", "lab-done").all(lab.repairs.iter().map(line)),
        drawn("p").with(leads_to(address::stay(&start.to_string()), "Start over")),
    ]
}

/// What can be repaired: whatever takes part in what fails. What came of the last repair stands under its button.
fn choices(nodes: &[Node], lab: &Lab, failed: &[&Call], harms: &[Harm]) -> Vec<Drawing> {
    let mut targets: Vec<&str> = Vec::new();
    for fault in faults() {
        let takes_part = fault.connections().iter().any(|id| failed.iter().any(|one| one.dial.row.id == *id));
        if takes_part && !targets.contains(&fault.target) {
            targets.push(fault.target);
        }
    }
    let last = lab.repairs.last();
    let is_last = |target: &str| last.is_some_and(|last| last.target == target);
    // There before something is said, so that what is read aloud is the change.
    let status = |here: bool| {
        let status = drawn("p").set("role", "status").set("aria-live", "polite");
        match last.filter(|_| here) {
            Some(last) => {
                let (class, said) = last.said(&lab.causes(), harms, &nodes[0].name);
                status.set("class", class).set("data-testid", "repair-said").all(said)
            }
            None => status,
        }
    };
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
        let fold = drawn("details").set("class", "chips-of");
        let fold = if is_last(target) { fold.set("open", "") } else { fold };
        fold.with(drawn("summary").text(super::repair::title(target)))
            .with(drawn("p").set("class", "chips").all(buttons))
            .with(status(is_last(target)))
    };
    let elsewhere = last.is_some_and(|last| !targets.contains(&last.target.as_str()));
    [status(elsewhere)].into_iter().chain(targets.iter().map(group)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_rehearsal::fault::Mend;

    #[test]
    fn a_lab_comes_back_from_its_text() {
        let text = "lab:a-year-later.7/renew:apiserver,restart:scheduler.conf/2";
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
                    let repair = |mend: &Mend| Repair { mend: *mend, target: fault.target.to_owned() };
                    let by = kinds(fault.target).iter().find(|mend| repair(mend).mends(&fault));
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
