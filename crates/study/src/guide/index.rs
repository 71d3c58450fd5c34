//! What there is to learn: lessons in the order of a course, then labs.

use kubepki_core::plan::Plan;
use kubepki_core::view::ViewId;
use kubepki_core::view::drawing::{Drawing, caps, drawn, paragraph};
use kubepki_learn::lessons;

use super::lab_rows::LABS;

/// The page of all lessons and labs beside a plan; `done` are those that were finished on this device.
pub fn page(plan: &Plan, done: &[&str], seed: u32) -> Vec<Drawing> {
    let mark = |id: &str| if done.contains(&id) { " ✓" } else { "" };
    let mut out = vec![
        super::context("Learn"),
        drawn("h2").text("Learn the PKI of a cluster"),
        paragraph(
            "Each lesson shows what it says in the picture beside it. In a lab something is broken, and you mend it.",
        ),
    ];
    out.push(caps("Lessons"));
    out.push(drawn("ol").set("class", "lessons").all(lessons().iter().map(|lesson| {
        let id = format!("lesson:{}", lesson.id);
        drawn("li").with(super::lesson::to_step(plan, lesson, 1, lesson.title)).text(mark(&id))
    })));
    out.push(caps("Labs"));
    out.push(drawn("ol").set("class", "lessons").all(LABS.iter().map(|lab| {
        let button = super::go(&format!("lab:{}.{seed}", lab.id), ViewId::Connections, "", lab.title)
            .set("data-testid", format!("lab-{}", lab.id));
        let id = format!("lab:{}", lab.id);
        drawn("li").with(button).text(mark(&id))
    })));
    out
}
