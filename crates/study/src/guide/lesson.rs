//! A lesson being read: `lesson:etcd/2` is its second step, `lesson:etcd/2/1` with the first answer given.

use kubepki_core::plan::Plan;
use kubepki_core::view::drawing::{Drawing, caps, drawn, leads_to};
use kubepki_core::view::{Selection, ViewId, address};
use kubepki_learn::{Block, Lesson, Quiz, Span, Step, lessons};

/// The guide of a lesson beside a plan; nothing where there is none of that id.
pub fn page(plan: &Plan, guide: &str) -> Option<Vec<Drawing>> {
    let mut parts = guide.strip_prefix("lesson:")?.split('/');
    let id = parts.next()?;
    let all = lessons();
    let number = all.iter().position(|lesson| lesson.id == id)?;
    let lesson = &all[number];
    let at = parts.next().and_then(|step| step.parse::<usize>().ok()).unwrap_or(1).clamp(1, lesson.steps.len());
    let answer = parts.next().and_then(|answer| answer.parse::<usize>().ok());
    let step = &lesson.steps[at - 1];
    let mut out = vec![
        super::context(&format!("Lesson {} of {}", number + 1, all.len())),
        drawn("h2").text(lesson.title),
        contents(plan, lesson, at),
        drawn("h3").text(step.title),
    ];
    out.extend(blocks(plan, &step.blocks));
    if !step.office.is_empty() {
        out.extend([caps("In the office"), drawn("p").set("class", "muted").text(step.office)]);
    }
    for quiz in &step.quiz {
        out.extend(question(quiz, &format!("lesson:{id}/{at}"), answer));
    }
    let right = step.quiz.iter().any(|quiz| {
        answer.and_then(|answer| quiz.answers.get(answer.wrapping_sub(1))).is_some_and(|answer| answer.right)
    });
    let mut turn = drawn("p").set("class", "bar");
    if right && at == lesson.steps.len() {
        turn = turn.set("data-done", format!("lesson:{id}"));
    }
    if at > 1 {
        turn = turn.with(to_step(plan, lesson, at - 1, "Back"));
    }
    turn = match (lesson.steps.get(at), all.get(number + 1)) {
        (Some(next), _) => turn.with(to_step(plan, lesson, at + 1, &format!("Next: {}", next.title))),
        (None, Some(next)) => turn.with(to_step(plan, next, 1, &format!("Next lesson: {}", next.title))),
        _ => turn.with(super::go("learn", ViewId::Hierarchy, "", "On to the labs")),
    };
    out.push(turn);
    Some(out)
}

/// The steps of a lesson, the one that is open among them.
fn contents(plan: &Plan, lesson: &Lesson, at: usize) -> Drawing {
    drawn("ol").set("class", "contents").all(lesson.steps.iter().enumerate().map(|(index, step)| {
        let button = to_step(plan, lesson, index + 1, step.title);
        drawn("li").with(if index + 1 == at { button.set("aria-current", "step") } else { button })
    }))
}

/// A button that opens a step, and what it shows.
pub(super) fn to_step(plan: &Plan, lesson: &Lesson, at: usize, label: &str) -> Drawing {
    let guide = format!("lesson:{}/{at}", lesson.id);
    let show = lesson.steps.get(at - 1).map_or("", |step| step.show);
    leads_to(to(plan, show, &guide), label).set("data-testid", format!("to-{}-{at}", lesson.id))
}

/// The address of `VIEW/SELECTION` beside a guide; of nothing to show, the guide's alone.
fn to(plan: &Plan, show: &str, guide: &str) -> String {
    let (view, selected) = show.split_once('/').unwrap_or((show, ""));
    match ViewId::from_word(view) {
        Some(view) => address::write(None, view, &at_hand(plan, selected), guide),
        None => address::stay(guide),
    }
}

/// What a lesson names, on a node that this design has it on: lessons are written for one design and read beside any.
fn at_hand(plan: &Plan, selected: &str) -> String {
    if Selection::from_text(plan, selected).is_some() {
        return selected.to_owned();
    }
    let (kind, name) = selected.split_once(':').unwrap_or_default();
    let id = name.split('@').next().unwrap_or_default();
    let found = match kind {
        "cert" => plan.certs.iter().position(|cert| cert.row.id == id).map(Selection::Cert),
        "unsigned" => plan.unsigned.iter().position(|one| one.row.id == id).map(Selection::Unsigned),
        "flag" => (0..plan.flags.len()).map(Selection::Flag).find(|flag| {
            flag.to_text(plan)
                .is_some_and(|text| text.strip_prefix("flag:").is_some_and(|key| key.split('@').next() == Some(id)))
        }),
        "file" => {
            let path = name.split_once(':').map_or(name, |(_, path)| path);
            plan.files.iter().position(|file| file.path == path).map(Selection::File)
        }
        _ => None,
    };
    found.and_then(|one| one.to_text(plan)).unwrap_or_else(|| selected.to_owned())
}

fn blocks(plan: &Plan, blocks: &[Block]) -> Vec<Drawing> {
    let mut out = Vec::new();
    let same = |one: &Block, next: &Block| std::mem::discriminant(one) == std::mem::discriminant(next);
    for run in blocks.chunk_by(same) {
        match &run[0] {
            Block::Paragraph(_) => out.extend(run.iter().map(|block| match block {
                Block::Paragraph(spans) | Block::Item(spans) => spans_in(plan, drawn("p"), spans),
                Block::Row(..) => drawn("p"),
            })),
            Block::Item(_) => out.push(drawn("ul").all(run.iter().map(|block| match block {
                Block::Paragraph(spans) | Block::Item(spans) => spans_in(plan, drawn("li"), spans),
                Block::Row(..) => drawn("li"),
            }))),
            Block::Row(..) => out.push(drawn("table").set("class", "told").all(run.iter().map(|block| match block {
                Block::Row(head, cells) => {
                    let cell = if *head { "th" } else { "td" };
                    drawn("tr").all(cells.iter().map(|spans| spans_in(plan, drawn(cell), spans)))
                }
                Block::Paragraph(_) | Block::Item(_) => drawn("tr"),
            }))),
        }
    }
    out
}

fn spans_in(plan: &Plan, mut inside: Drawing, spans: &[Span]) -> Drawing {
    for span in spans {
        inside = match *span {
            Span::Text(text) => inside.text(text),
            Span::Code(text) => inside.with(drawn("code").text(text)),
            Span::Strong(text) => inside.with(drawn("b").text(text)),
            Span::Link(show, label) => inside.with(leads_to(to(plan, show, ""), label)),
        };
    }
    inside
}

/// A question; with the reasons once it is answered.
fn question(quiz: &Quiz, guide: &str, answer: Option<usize>) -> Vec<Drawing> {
    let answers = quiz.answers.iter().enumerate().map(|(index, one)| {
        let chosen = answer == Some(index + 1);
        let button = drawn("button")
            .set("class", "answer")
            .set("type", "button")
            .set("data-go", address::stay(&format!("{guide}/{}", index + 1)))
            .set("aria-pressed", chosen)
            .text(one.text);
        let item = drawn("li").with(button);
        if !chosen {
            return item;
        }
        let (class, word) = if one.right { ("state pass", "Right. ") } else { ("state fail", "No. ") };
        item.with(drawn("p").with(drawn("span").set("class", class).text(word)).with(drawn("span").text(one.reason)))
    });
    vec![
        caps("Check yourself"),
        drawn("p").with(drawn("b").text(quiz.question)),
        drawn("ul").set("class", "answers").all(answers),
    ]
}

/// What a step shows, for tests.
pub fn shown(step: &Step) -> Vec<&'static str> {
    let linked = |block: &Block| -> Vec<&'static str> {
        let spans: Vec<Span> = match block {
            Block::Paragraph(spans) | Block::Item(spans) => spans.clone(),
            Block::Row(_, cells) => cells.concat(),
        };
        spans.iter().filter_map(|span| if let Span::Link(show, _) = span { Some(*show) } else { None }).collect()
    };
    let links = step.blocks.iter().flat_map(linked);
    links.chain(Some(step.show).filter(|show| !show.is_empty())).collect()
}
