//! A connection of a design, tried on sample certificates with faults in them.

use kubepki_rehearsal::{Report, dials, fault};
use kubepki_study::chosen::{Chosen, MOST_DAYS};
use kubepki_study::handshake::try_chosen;
use kubepki_study::steps::Step;
use kubepki_study::{Entropy, Sample};

use crate::design::{Read, node_named};
use crate::shape::{self, Compared, Failure, HandshakeOptions};

/// Tries it. `now` is the issue time, Unix seconds.
///
/// # Errors
/// When there is no such connection, node or fault, or nothing of the connection can be tried.
pub fn handshake(
    read: &Read,
    wanted: &HandshakeOptions,
    now: i64,
    entropy: Entropy,
) -> Result<shape::Handshake, Failure> {
    let spec = &read.plan.spec;
    let HandshakeOptions { connection, node, faults, tls, days } = wanted;
    let old_caller = match tls.as_deref() {
        None | Some("1.3") => false,
        Some("1.2") => true,
        Some(other) => return Err(Failure::argument(format!("tls is \"1.2\" or \"1.3\", not {other:?}."))),
    };
    let days = i64::from(*days);
    if days.abs() > MOST_DAYS {
        return Err(Failure::argument(format!("days is at most {MOST_DAYS} either way, not {days}.")));
    }
    let fault = |id: &String| {
        fault::fault(id).ok_or_else(|| Failure::argument(format!("There is no fault {id:?}; faults() lists them.")))
    };
    let chosen = Chosen {
        connection: connection.clone(),
        faults: faults.iter().map(fault).collect::<Result<_, _>>()?,
        node: node.clone().unwrap_or_default(),
        old_caller,
        days,
        ..Chosen::default()
    };
    let mut sample = Sample::new(spec, &chosen.faults, now, entropy);
    if let Some(name) = node {
        // A view falls back to the first node; a program is told.
        let at = node_named(spec, name)?;
        dials(&sample.stage, connection, Some(at)).map_err(|error| Failure::argument(format!("{error}.")))?;
    }
    let tried = try_chosen(&read.plan, &mut sample, &chosen).map_err(Failure::argument)?;
    Ok(shape::Handshake {
        holds: tried.holds(),
        report: Report::from(&tried.handshake),
        steps: tried.steps.iter().map(step).collect(),
    })
}

fn step(step: &Step) -> shape::Step {
    let compared = step.compared.iter().filter(|(name, _)| !name.is_empty());
    shape::Step {
        who: step.who.to_owned(),
        what: step.what.to_owned(),
        outcome: step.outcome.word().to_owned(),
        compared: compared.map(|(name, value)| Compared { name: name.clone(), value: value.clone() }).collect(),
    }
}

/// Every fault there is.
pub fn faults() -> Vec<shape::Fault> {
    let fault = |one: &fault::Fault| shape::Fault {
        id: one.id(),
        title: one.title(),
        change: one.change(),
        connections: one.connections().into_iter().map(str::to_owned).collect(),
    };
    fault::faults().iter().map(fault).collect()
}
