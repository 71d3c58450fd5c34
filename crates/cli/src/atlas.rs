//! What both ends of each connection print under a fault: the atlas, filled in from calls that are tried on a sample.

use std::sync::OnceLock;

use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{self, Field};
use kubepki_rehearsal::atlas::{Entry, entries};
use kubepki_rehearsal::fault::{Fault, Mend};
use kubepki_rehearsal::{Handshake, Report, Stage, dials};
use kubepki_study::Sample;

use crate::keys::entropy;

#[cfg(test)]
mod expiry;
#[cfg(test)]
mod page;
#[cfg(test)]
mod seen;

/// The designs that faults are tried on: the larger one where a single node does not have it.
const PRESETS: [&str; 2] = ["single", "ha-stacked"];

/// The time at which samples are issued, 2026-11-26 12:00:00 UTC: any does, and with the same the text is the same.
const ISSUED_AT: i64 = 1_795_694_400;

/// Of each connection on which the fault was recorded, the call in which it shows, with what both ends print.
pub(crate) fn calls(fault: &Fault) -> Vec<Handshake> {
    let id = fault.id();
    let is_recorded = |one: &&str| entries().iter().any(|entry| entry.connection == *one && entry.is_under(&id));
    let connections = fault.connections().into_iter().filter(|one| is_recorded(one));
    connections.filter_map(|one| PRESETS.iter().find_map(|preset| tried(preset, fault, one))).collect()
}

/// What a fault makes wrong: the files, as their machine calls them where a design has them, or what it is instead.
pub(crate) fn wrong(fault: &Fault) -> String {
    match fault.kind.mend {
        Mend::Flags => "a flag, no file".to_owned(),
        Mend::Restart => "no file, but what a process read before".to_owned(),
        Mend::Renew | Mend::Again | Mend::Authority | Mend::Kubeconfig | Mend::TokenKey => {
            let files = sound().iter().map(|stage| fault.files(stage)).find(|files| !files.is_empty());
            files.unwrap_or_default().join(", ")
        }
    }
}

/// Clusters without faults in which files are looked up: planned once, for some 200 faults.
fn sound() -> &'static [Stage] {
    static PLANNED: OnceLock<Vec<Stage>> = OnceLock::new();
    PLANNED.get_or_init(|| {
        // The kube-proxy of kubeadm's clusters shows a token, and kubelets that sign for themselves make no mistake.
        let specs = PRESETS.iter().chain(&["course"]).filter_map(|preset| {
            let mut draft = Preset::named(preset)?.draft();
            draft.set_text(Field::KubeletServing, "clusterCA");
            spec::parse(&draft).0
        });
        specs.map(|spec| Stage::new(&spec)).collect()
    })
}

/// Calls as JSON has them.
pub(crate) fn reports(fault: &Fault) -> Vec<Report> {
    calls(fault).iter().map(Report::from).collect()
}

/// The nodes on which a fault is tried on a connection: the first that calls, and the last, for some befall that one alone.
pub(crate) fn places(stage: &Stage, connection: &str) -> [Option<usize>; 2] {
    let last = (0..stage.plan.spec.nodes.len()).rev().find(|node| dials(stage, connection, Some(*node)).is_ok());
    [None, last.filter(|node| *node > 0)]
}

/// The first call on a design that comes out as it was recorded under this fault.
fn tried(preset: &str, fault: &Fault, connection: &str) -> Option<Handshake> {
    let spec = spec::parse(&Preset::named(preset)?.draft()).0?;
    let mut sample = Sample::new(&spec, std::slice::from_ref(fault), ISSUED_AT, entropy);
    places(&Stage::new(&spec), connection).into_iter().find_map(|node| {
        let dial = dials(&sample.stage, connection, node).ok()?;
        let call = sample.rehearse(&[dial], 0).ok()?.pop()?;
        let is_it = |entry: &Entry| entry.is_of_call(&call) && entry.is_under(&fault.id());
        entries().iter().any(is_it).then_some(call)
    })
}

#[cfg(test)]
mod tests {
    use kubepki_rehearsal::fault::{fault, faults};

    use super::*;

    #[test]
    fn what_was_recorded_is_shown_where_the_presets_have_it() {
        let expired = calls(&fault("expired:apiserver").expect("a fault"));
        let kubectl = expired.iter().find(|call| call.connection == "kubectl->kube-apiserver").expect("a call");
        let log = kubectl.client.log.as_ref().expect("a log");
        assert_eq!(log.component, "kubectl");
        assert!(log.usual().any(|line| line.contains("certificate has expired")), "{log:?}");
        // What was recorded is shown: all but what neither preset has.
        let recorded: usize = entries().iter().map(|entry| entry.faults.len()).sum();
        let shown: usize = faults().iter().map(|fault| calls(fault).len()).sum();
        assert!(shown * 10 >= recorded * 8, "{shown} of {recorded}");
    }
}
