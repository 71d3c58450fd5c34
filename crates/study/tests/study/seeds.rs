//! The five documents that this product was asked for: each of their statements, tables, commands, flags and devices is
//! listed in `seeds/`, in our own words, with the place that covers or corrects it. One that leads nowhere fails.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kubepki_core::catalog::hardening::ALTERNATIVES;
use kubepki_core::catalog::{cert, cis, connections};
use kubepki_core::plan::{Plan, plan};
use kubepki_core::spec::parse;
use kubepki_core::spec::preset::Preset;
use kubepki_core::view::drawing::Drawing;
use kubepki_core::view::{ViewId, commands, search};
use kubepki_learn::lessons;
use kubepki_study::guide::lab_rows::LABS;
use kubepki_study::guide::lesson;

fn is_step(text: &str) -> bool {
    let (id, step) = text.split_once('/').unwrap_or((text, ""));
    let step = step.parse::<usize>().unwrap_or_default();
    lessons().iter().any(|lesson| lesson.id == id && (1..=lesson.steps.len()).contains(&step))
}

/// What a step of a lesson shows, as text.
fn told(plan: &Plan, step: &str) -> String {
    let page = lesson::page(plan, &format!("lesson:{step}")).unwrap_or_default();
    let markup: String = page.iter().map(Drawing::to_markup).collect();
    markup.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect()
}

/// What a statement has that nothing here covers yet: it is listed, and not claimed.
const NOT_COVERED: &str = "not covered";

/// Whether a place is there.
fn leads_somewhere(plan: &Plan, cast: &str, target: &str) -> bool {
    let Some((kind, rest)) = target.split_once(':') else { return false };
    match kind {
        "lesson" | "correction" => match rest.split_once(" says ") {
            Some((step, words)) => is_step(step) && told(plan, step).contains(words),
            None => is_step(rest),
        },
        "search" => !search::search(plan, rest).is_empty(),
        "cert" => cert(rest).is_some(),
        "connection" => connections::told(rest).is_some(),
        "view" => ViewId::from_word(rest).is_some(),
        "cis" => cis::find(rest).is_some(),
        "lab" => LABS.iter().any(|lab| lab.id == rest),
        "office" => cast.lines().any(|line| line.starts_with(&format!("{rest} |"))),
        "alternatives" => ALTERNATIVES.iter().any(|row| row.name == rest),
        "flag" => rest.split_once(' ').is_some_and(|(component, name)| {
            plan.flags.iter().any(|flag| flag.row.component == component && flag.row.name == name)
        }),
        "command" => rest.split_once(' ').is_some_and(|(id, part)| {
            let index = plan.certs.iter().position(|cert| cert.row.id == id);
            index.is_some_and(|index| commands::recipes(plan, index).iter().any(|one| one.text.contains(part)))
        }),
        "command-set" => commands::set(plan).iter().any(|one| one.text.contains(rest)),
        _ => false,
    }
}

#[test]
fn every_statement_is_covered_or_corrected() {
    let plan = plan(&parse(&Preset::named("ha-stacked").expect("preset").draft()).0.expect("no errors"));
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cast = fs::read_to_string(here.join("../learn/office.txt")).expect("the cast");
    let mut files: Vec<_> =
        fs::read_dir(here.join("tests/seeds")).expect("seeds").map(|one| one.expect("a file").path()).collect();
    files.sort();
    assert_eq!(files.len(), 5);
    let (mut nowhere, mut corrected, mut uncovered) = (Vec::new(), BTreeSet::new(), 0);
    for file in files {
        let text = fs::read_to_string(&file).expect("a text");
        let statements: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(statements.len() >= 15, "{}", file.display());
        for line in statements {
            let (statement, target) = line.rsplit_once(" | ").unwrap_or((line, ""));
            if target == NOT_COVERED {
                uncovered += 1;
                continue;
            }
            if !leads_somewhere(&plan, &cast, target) {
                nowhere.push(format!("{}: {statement}: {target:?}", file.display()));
            }
            corrected.extend(target.strip_prefix("correction:").map(str::to_owned));
        }
    }
    assert!(nowhere.is_empty(), "{nowhere:#?}");
    assert_eq!(uncovered, 2, "one that is covered by now is listed with the place that says it");
    assert!(!leads_somewhere(&plan, &cast, "lesson:names/1 says what it does not say"));
    assert!(corrected.len() > 8, "corrections stand where a learner meets them: {corrected:?}");
    assert!(!leads_somewhere(&plan, &cast, "lesson:keys/9") && !leads_somewhere(&plan, &cast, "flag:etcd nope"));
}
