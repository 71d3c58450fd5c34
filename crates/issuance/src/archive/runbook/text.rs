//! A step as text, in the form that the module above describes.

use std::fmt::Write as _;

use kubepki_core::Plan;

use super::step::{MOST_NAMED, On, Step};

/// Where a step is done: `Here`, `On cp-1`, `On each of w-1, w-2`, `On cp-2, then cp-3`.
fn place(on: &On, plan: &Plan) -> String {
    let names = || names(on, plan);
    match on {
        On::Here => "Here".to_owned(),
        On::Each(machines) if machines.len() == 1 => format!("On {}", names().concat()),
        On::Each(machines) if machines.len() <= MOST_NAMED => format!("On each of {}", names().join(", ")),
        On::Each(machines) => format!("On each of {} machines", machines.len()),
        On::Turn(_) => format!("On {}", names().join(", then ")),
    }
}

fn names<'a>(on: &On, plan: &'a Plan) -> Vec<&'a str> {
    on.machines().iter().map(|&node| plan.spec.nodes[node].name.as_str()).collect()
}

/// `On cp-1: start the kubelet`.
pub(in crate::archive) fn place_and_title(step: &Step, plan: &Plan) -> String {
    format!("{}: {}", place(&step.on, plan), step.title)
}

/// A step among all, for `README.md`; `wait` is a paragraph about what must be done elsewhere first.
pub(in crate::archive) fn step(out: &mut String, step: &Step, all: &[Step], plan: &Plan, wait: Option<String>) {
    let _ = writeln!(out, "### {}. {}\n", step.number, place_and_title(step, plan));
    if matches!(&step.on, On::Each(machines) if machines.len() > MOST_NAMED) {
        let _ = writeln!(out, "The machines are {}.\n", names(&step.on, plan).join(", "));
    }
    for paragraph in wait.iter().chain(&step.why) {
        let _ = writeln!(out, "{paragraph}\n");
    }
    if let Some(name) = step.takes
        && let Some(printed) = all.iter().find(|one| one.prints == Some(name))
    {
        let _ = writeln!(out, "First set `{name}` to what step {} printed: `{name}=…`.\n", printed.number);
    }
    block(out, &step.commands);
    if let Some(name) = step.prints {
        let _ = writeln!(out, "What it prints is `{name}` in later steps.\n");
    }
    let _ = writeln!(out, "Check: {}.\n", step.shows);
    block(out, &step.check);
}

fn block(out: &mut String, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    out.push_str("```sh\n");
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
    out.push_str("```\n\n");
}
