//! What to do with an export, before there is one: the very text of its `README.md`, drawn. The list behind it is
//! `kubepki_issuance::archive::runbook`.

use kubepki_core::plan::Plan;
use kubepki_core::view::drawing::{Drawing, chip, choose, drawn, paragraph, pick};
use kubepki_core::view::export::{Export, read};
use kubepki_core::view::selection::{JUDGES, RUNBOOK};
use kubepki_issuance::archive::{Selection, what_to_do};

use crate::markdown::{Piece, draw, pieces, words_in};

/// Most nodes to choose from.
const MOST_NODES: usize = 200;

/// What stands above the commands: whether those for one certificate are looked at, or what follows a download.
pub(crate) fn switch(selected: &str) -> Drawing {
    let is_on = selected.starts_with(RUNBOOK);
    let steps = chip("data-choose", format!("{RUNBOOK}whole"), "From the export to a running cluster", is_on);
    let by_hand = chip("data-pick", "", "The same certificates by hand", !is_on);
    let bar = drawn("div").set("class", "bar").set("role", "group").set("aria-label", "Commands for");
    bar.with(steps.set("data-testid", "runbook")).with(by_hand)
}

/// The view of an export's steps by its name, issued at a time (Unix seconds); nothing where a selection is of none.
pub(crate) fn page(plan: &Plan, selected: &str, issued_at: i64) -> Option<Drawing> {
    let asked = selected.strip_prefix(RUNBOOK)?;
    // A link may name a node that the design has no more.
    let selection = read(asked).and_then(|(export, _)| Selection::of(&export, plan));
    let selection = selection.filter(|one| *one != Selection::CaKeys).unwrap_or(Selection::Whole);
    let mut options: Vec<(Selection, Export, String)> = vec![
        (Selection::Whole, Export::Whole, "Everything".to_owned()),
        (Selection::WithoutCaKeys, Export::WithoutCaKeys, "Nodes without CA keys".to_owned()),
    ];
    for (index, node) in plan.spec.nodes.iter().enumerate().take(MOST_NODES) {
        options.push((Selection::Node(index), Export::Node(node.name.clone()), format!("{} alone", node.name)));
    }
    let at = options.iter().position(|(one, ..)| *one == selection).unwrap_or_default();
    let names = options.into_iter().map(|(_, export, words)| (export.to_text(), words));
    let of = pick("Steps of which export", RUNBOOK, at, names).set("data-testid", "runbook-of");
    let archive = format!("{}.zip", selection.name(plan));
    // A node's own steps are all on that node.
    let here = match selection.node() {
        Some(_) => "",
        None => " “Here” is where that file lies: a machine of yours that is no node.",
    };
    let about = format!("This is what `README.md` in `{archive}` will say.{here}");
    let about = words_in(drawn("p").set("class", "muted"), &about);
    let judges = drawn("p")
        .set("class", "muted said")
        .text("Steps like these are followed to the letter by the tests of this program, on machines of their own: ");
    Some(
        drawn("div")
            .set("class", "told-page runbook")
            .with(drawn("h2").text("From the export to a running cluster, step by step"))
            .with(drawn("p").set("class", "bar").with(drawn("span").text("Export: ")).with(of))
            .with(about)
            .with(judges.with(choose(JUDGES, "what accepted such exports")).text("."))
            .all(told(plan, selection, issued_at)),
    )
}

/// The sections of an export, each step as a piece of a list.
pub(crate) fn told(plan: &Plan, selection: Selection, issued_at: i64) -> Vec<Drawing> {
    let text = what_to_do(plan, selection, issued_at);
    let mut out = Vec::new();
    let mut pieces = pieces(&text).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Step(_) => {
                let mut steps = drawn("ol").set("class", "steps").set("data-testid", "runbook-steps");
                let mut next = Some(piece);
                while let Some(Piece::Step(title)) = next {
                    let mut step = drawn("li").set("class", "step").with(heading(title));
                    while let Some(inside) = pieces.next_if(|one| !matches!(one, Piece::Step(_) | Piece::Section(_))) {
                        step = step.with(draw(&inside));
                    }
                    steps = steps.with(step);
                    next = pieces.next_if(|one| matches!(one, Piece::Step(_)));
                }
                out.push(steps);
            }
            Piece::Point(_) => {
                let mut list = drawn("ul").set("class", "plain").with(draw(&piece));
                while let Some(point) = pieces.next_if(|one| matches!(one, Piece::Point(_))) {
                    list = list.with(draw(&point));
                }
                out.push(list);
            }
            Piece::Section(_) | Piece::Paragraph(_) | Piece::Commands(_) => out.push(draw(&piece)),
        }
    }
    out
}

/// `7. On each of w-1, w-2: join as a worker`, the place told apart.
fn heading(title: &str) -> Drawing {
    let whole = drawn("h3");
    match title.split_once(". ").and_then(|(number, rest)| Some((number, rest.split_once(": ")?))) {
        Some((number, (place, what))) => whole
            .text(format!("{number}. "))
            .with(drawn("span").set("class", "where").text(place))
            .text(format!(": {what}")),
        None => whole.text(title),
    }
}

/// The same in the dialog of an export, folded; nothing for one with which nothing is started.
pub(crate) fn folded(plan: &Plan, export: &Export, issued_at: i64) -> Option<Drawing> {
    let selection = Selection::of(export, plan)?;
    let told = told(plan, selection, issued_at);
    if told.is_empty() {
        return None;
    }
    let title = drawn("summary").set("class", "caps").text("What to do with it, step by step");
    let fold = drawn("details").set("class", "runbook").set("data-testid", "runbook-of-export").with(title);
    Some(fold.with(paragraph("README.md in it says the same.")).all(told))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::spec::parse;
    use kubepki_core::spec::preset::PRESETS;

    fn lines(drawn: &[Drawing]) -> Vec<String> {
        let mut lines = Vec::new();
        drawn.iter().for_each(|one| one.to_lines(&mut lines));
        lines
    }

    #[test]
    fn each_step_is_an_item_with_its_place_commands_and_check() {
        for preset in PRESETS {
            let plan = kubepki_core::plan::plan(&parse(&preset.draft()).0.expect("a design"));
            let steps = kubepki_issuance::archive::runbook(&plan, Selection::Whole);
            let drawn = lines(&told(&plan, Selection::Whole, 0));
            let count = |line: &str| drawn.iter().filter(|one| *one == line).count();
            assert_eq!(count("class=step"), steps.len(), "{}", preset.name);
            assert_eq!(count("class=where"), steps.len());
            let blocks = steps.iter().filter(|step| !step.commands.is_empty()).count() + steps.len();
            // How to check it later is one more.
            assert_eq!(count("data-copy=pre"), blocks + 1, "{}", preset.name);
            assert_eq!(drawn.iter().filter(|one| one.starts_with("\"Check: ")).count(), steps.len());
        }
    }

    #[test]
    fn a_node_has_its_own_steps_and_what_is_not_there_the_whole_ones() {
        let plan = kubepki_core::plan::plan(&parse(&PRESETS[1].draft()).0.expect("a design"));
        let of = |selected: &str| lines(&page(&plan, selected, 0).into_iter().collect::<Vec<_>>()).join("\n");
        assert!(of("runbook:node=w-1").contains("These are w-1's steps"));
        assert!(of("runbook:without-ca-keys").contains("prod-eu-pki-without-ca-keys.zip"));
        for other in ["runbook:node=gone", "runbook:ca-keys", "runbook:"] {
            assert_eq!(of(other), of("runbook:whole"), "{other}");
        }
        assert!(of("cert:ca@cluster").is_empty());
        assert!(folded(&plan, &Export::CaKeys, 0).is_none() && folded(&plan, &Export::Admin, 0).is_none());
    }
}
