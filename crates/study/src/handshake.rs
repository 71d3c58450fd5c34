//! The handshake of one connection: what is tried, step by step, what each side prints, and how it is looked at.

use kubepki_core::catalog::connections::{CONNECTIONS, Part, Told, told};
use kubepki_core::catalog::own;
use kubepki_core::instant::to_date;
use kubepki_core::plan::Plan;
use kubepki_core::spec::ClusterSpec;
use kubepki_core::view::drawing::{Drawing, capital, caps, chip, choose, drawn, paragraph, pick};
use kubepki_core::view::text::days_from_now;
use kubepki_rehearsal::atlas::Log;
use kubepki_rehearsal::{Dial, DialError, Handshake, Verdict, dials};

use crate::chosen::{Chosen, MOST_DAYS};
use crate::sample::Sample;
use crate::steps::{Outcome, Step, steps};

/// One call that was tried.
pub struct Tried {
    /// What is told about the connection.
    pub told: &'static Told,
    /// Who dialled whom.
    pub dial: Dial,
    /// What came of it.
    pub handshake: Handshake,
    /// Step by step.
    pub steps: Vec<Step>,
}

impl Tried {
    /// Whether both sides are content.
    pub fn holds(&self) -> bool {
        holds(&self.handshake)
    }
}

/// Whether both sides are content.
pub fn holds(it: &Handshake) -> bool {
    it.client.verdict == Verdict::Ok && it.server.verdict == Verdict::Ok
}

/// Tries what is chosen.
///
/// # Errors
/// A sentence: there is no such connection here, or nothing of it can be tried.
pub fn try_chosen(plan: &Plan, sample: &mut Sample, chosen: &Chosen) -> Result<Tried, String> {
    let told = told(&chosen.connection).ok_or_else(|| sentence(&DialError::Unknown(chosen.connection.clone())))?;
    let node = match chosen.node.as_str() {
        "" => None,
        name => plan.spec.nodes.iter().position(|node| node.name == name),
    };
    let mut dial = dials(&sample.stage, told.id, node)
        .or_else(|_| dials(&sample.stage, told.id, None))
        .map_err(|error| sentence(&error))?;
    dial.old_caller = chosen.old_caller;
    let handshake = sample.rehearse(std::slice::from_ref(&dial), chosen.days)?.pop().ok_or("Nothing was tried.")?;
    let steps = steps(plan, sample, &dial, told, &handshake);
    Ok(Tried { told, dial, handshake, steps })
}

fn sentence(error: &DialError) -> String {
    format!("{}.", capital(&error.to_string()))
}

/// Tries every connection of a design that can be tried, from its first node.
///
/// # Errors
/// A sentence.
pub fn try_all(plan: &Plan, sample: &mut Sample, chosen: &Chosen) -> Result<Vec<Tried>, String> {
    let there: Vec<&str> =
        CONNECTIONS.iter().map(|row| row.id).filter(|id| dials(&sample.stage, id, None).is_ok()).collect();
    there.into_iter().map(|id| try_chosen(plan, sample, &chosen.at(id))).collect()
}

/// One connection's steps, for a terminal.
pub fn text(tried: &Tried) -> String {
    let Tried { told, dial, steps, .. } = tried;
    let mut out = format!("{}  {}\n", told.name(), dial.dialled());
    for (index, step) in steps.iter().enumerate() {
        out += &format!("  {:2} {} {}: {}\n", index + 1, step.who, step.what, step.outcome.word());
        for (name, what) in step.compared.iter().filter(|(_, what)| !what.is_empty()) {
            out += &format!("       {name}: {what}\n");
        }
    }
    out
}

/// The view: one connection, step by step.
pub fn page(plan: &Plan, sample: &Sample, chosen: &Chosen, tried: &Result<Tried, String>) -> Drawing {
    let page = drawn("div").set("class", "handshake").with(connections(plan, sample, chosen));
    match tried {
        Err(why) => {
            let title = told(&chosen.connection).map_or(&*chosen.connection, |told| told.id).replace("->", " → ");
            page.with(drawn("h2").text(title)).with(paragraph(why.as_str()))
        }
        Ok(tried) => page
            .with(drawn("h2").text(format!("{} → {}", tried.told.caller, tried.told.server)))
            .with(verdict(&plan.spec, tried))
            .with(controls(sample, chosen, tried))
            .with(list(&tried.steps))
            .all(said(&tried.handshake)),
    }
}

/// A list to choose the connection from: those that can be tried first, then those that are only told of.
fn connections(plan: &Plan, sample: &Sample, chosen: &Chosen) -> Drawing {
    let (_, edges) = kubepki_core::view::connections::connections(plan);
    let tried: Vec<_> = edges.iter().filter(|edge| dials(&sample.stage, edge.told.id, None).is_ok()).collect();
    let at = tried.iter().position(|edge| edge.told.id == chosen.connection).unwrap_or_default();
    let options = tried.iter().map(|edge| (chosen.at(edge.told.id).to_string(), edge.title()));
    let select = pick("Connection", "", at, options).set("class", "pick").set("data-testid", "pick-connection");
    drawn("p").set("class", "bar").with(drawn("span").set("class", "caps").text("Connection")).with(select)
}

/// One sentence: what came of it.
fn verdict(spec: &ClusterSpec, tried: &Tried) -> Drawing {
    let Tried { told, dial, handshake, .. } = tried;
    let failed = tried.steps.iter().find(|step| step.outcome == Outcome::Fails);
    let open = tried.steps.iter().any(|step| step.outcome == Outcome::Unchecked);
    let (state, text) = match failed {
        Some(step) => ("fail", format!("Fails: {} {}.", step.who, step.what)),
        None if open => match own::decided_part(spec, told, Part::Server) {
            Some(entry) => ("open", format!("The plan leaves the server unchecked, but {}.", own::sentence(entry))),
            None => ("open", format!("It works, but {} would talk to anybody.", told.caller)),
        },
        None => ("pass", "Both sides are content.".to_owned()),
    };
    let version = handshake.tls.map(|version| format!(", TLS {version}")).unwrap_or_default();
    let how = format!(" It dials {}{version}.", dial.dialled());
    drawn("p")
        .set("class", format!("verdict {state}"))
        .set("data-testid", "verdict")
        .with(drawn("b").text(text))
        .text(how)
}

/// Node, TLS version and time.
fn controls(sample: &Sample, chosen: &Chosen, tried: &Tried) -> Drawing {
    let spec = &sample.stage.plan.spec;
    let all = spec.nodes.iter().enumerate();
    let nodes: Vec<&str> = all
        .filter(|(index, _)| dials(&sample.stage, tried.told.id, Some(*index)).is_ok())
        .map(|(_, node)| node.name.as_str())
        .take(MOST_NODES)
        .collect();
    let with_node = |name: &str| Chosen { node: name.to_owned(), ..chosen.clone() }.to_string();
    let first = spec.nodes[tried.dial.caller].name.as_str();
    let here = if chosen.node.is_empty() { first } else { chosen.node.as_str() };
    let at = nodes.iter().position(|name| *name == here).unwrap_or_default();
    let node = pick("Node", "", at, nodes.iter().map(|name| (with_node(name), (*name).to_owned())));
    let version = |label: &str, old: bool| {
        chip("data-choose", Chosen { old_caller: old, ..chosen.clone() }.to_string(), label, chosen.old_caller == old)
    };
    let label = |text: &str| drawn("span").set("class", "caps").text(text);
    let row = |parts: Vec<Drawing>| drawn("p").set("class", "bar").all(parts);
    drawn("div")
        .set("class", "controls")
        .with(row(vec![
            label("Node"),
            node,
            label("The caller knows"),
            version("TLS 1.3", false),
            version("no more than TLS 1.2", true),
        ]))
        .with(time(sample, chosen))
}

/// Most nodes to choose from.
const MOST_NODES: usize = 200;

/// The slider that moves "now" for what is chosen.
pub fn time(sample: &Sample, chosen: &Chosen) -> Drawing {
    let now = Chosen { days: 0, ..chosen.clone() }.to_string();
    let sign = if now.contains('?') { '&' } else { '?' };
    slider(&format!("{now}{sign}days="), chosen.days, sample.now, &now)
}

/// A slider of days from now: `to` and the days are what it selects, `now` is without.
pub fn slider(to: &str, days: i64, from: i64, now: &str) -> Drawing {
    let day = to_date(from + days * 86_400);
    let words = match days {
        0 => format!("now, {day}"),
        days => format!("{}, {day}", days_from_now(days)),
    };
    let slider = drawn("input")
        .set("type", "range")
        .set("min", "-30")
        .set("max", MOST_DAYS)
        .set("step", "1")
        .set("data-value", days)
        .set("aria-label", "Time")
        .set("aria-valuetext", &words)
        .set("data-testid", "time")
        .set("data-ask", to);
    let mut row = drawn("p")
        .set("class", "bar time")
        .with(drawn("span").set("class", "caps").text("Time"))
        .with(slider)
        .with(drawn("span").set("class", "when").text(words));
    if days != 0 {
        row = row.with(choose(now, "Back to now"));
    }
    row
}

/// The steps, one below the other.
pub fn list(steps: &[Step]) -> Drawing {
    drawn("ol").set("class", "steps").all(steps.iter().enumerate().map(|(index, step)| item(index + 1, step)))
}

fn item(number: usize, step: &Step) -> Drawing {
    let compared =
        step.compared.iter().filter(|(_, what)| !what.is_empty()).map(|(name, what)| {
            drawn("div").with(drawn("dt").text(name)).with(drawn("dd").with(drawn("code").text(what)))
        });
    let links = step.links.iter().map(|(to, label)| drawn("li").with(choose(to, label)));
    let mut item = drawn("li")
        .set("class", format!("step {}", step.outcome.class()))
        .with(
            drawn("p")
                .with(drawn("b").text(format!("{number} · {} {}", step.who, step.what)))
                .with(drawn("span").set("class", "ending").text(format!(" {}", step.outcome.word()))),
        )
        .with(drawn("dl").set("class", "pairs").all(compared));
    if !step.links.is_empty() {
        item = item.with(drawn("ul").set("class", "links").all(links));
    }
    item
}

/// The steps in a line for each side's turn, where there is little room.
pub fn short(steps: &[Step]) -> Drawing {
    let turns = steps.chunk_by(|one, next| one.who == next.who && one.is_check() && next.is_check());
    let turn = |turn: &[Step]| {
        let first = &turn[0];
        let words =
            if first.is_check() { format!("{} checks", first.who) } else { format!("{} {}", first.who, first.what) };
        let marks = turn.iter().map(|step| {
            let mark = match step.outcome {
                Outcome::Fits => "✓",
                Outcome::Fails => "✕",
                Outcome::NotReached => "–",
                Outcome::Unchecked => "○",
            };
            let label = if step.is_check() { format!("{} {mark}", step.subject()) } else { mark.to_owned() };
            let mark = drawn("span").set("class", format!("mark {}", step.outcome.class()));
            mark.set("title", step.outcome.word()).text(label)
        });
        drawn("li").with(drawn("b").text(words)).all(marks)
    };
    drawn("ol").set("class", "short").all(turns.map(turn))
}

/// The most lines that are shown of one log.
const MOST_LINES: usize = 4;

/// What each side says, word for word.
pub fn said(it: &Handshake) -> Vec<Drawing> {
    let mut out = Vec::new();
    for (who, side) in [("The caller", &it.client), ("The server", &it.server)] {
        if let Some(message) = side.message.as_ref().filter(|_| side.verdict != Verdict::NotReached) {
            out.extend([caps(&format!("{who}'s error")), log_text(message)]);
        }
        match &side.log {
            Some(log) => out.extend(printed(log)),
            None if side.verdict == Verdict::Refused => {
                out.push(paragraph("What it prints then was not recorded from the component."));
            }
            None => {}
        }
    }
    if let Some(status) = it.http_status.filter(|status| *status >= 400) {
        out.extend([caps("The server answers"), log_text(&format!("HTTP {status}"))]);
    }
    out.extend(it.answer.iter().flat_map(printed));
    out
}

/// A component's log: whole lines as they were recorded from it.
pub fn printed(log: &Log) -> Vec<Drawing> {
    let Log { component, version, ends, .. } = log;
    let usual: Vec<&str> = log.usual().take(MOST_LINES).collect();
    let more = log.lines.iter().find(|line| line.verbosity > 0);
    let then = if *ends { ", and ends" } else { "" };
    match (usual.is_empty(), more) {
        (false, _) => {
            vec![caps(&format!("{component} {version} prints{}{then}", log.how_soon())), log_text(&usual.join("\n"))]
        }
        (true, Some(line)) => vec![
            caps(&format!("{component} {version} prints nothing by itself; with --v={}", line.verbosity)),
            log_text(&line.text),
        ],
        (true, None) if *ends => vec![caps(&format!("{component} {version} ends without a word about it"))],
        (true, None) => vec![caps(&format!("{component} {version} prints nothing about it"))],
    }
}

/// Words of a component, as they stand in its log.
pub fn log_text(text: &str) -> Drawing {
    drawn("pre").set("class", "log").set("tabindex", "0").text(text)
}
