//! What lessons claim, checked against the model line by line; where they lead; and that every flag and path in them is
//! one that the catalog knows.

use std::fs;
use std::path::{Path, PathBuf};

use crate::seen::Page;
use crate::support::{NOW, entropy, tried};
use kubepki_core::catalog::expiry::{Effect, expiries};
use kubepki_core::catalog::renewal::renewal;
use kubepki_core::catalog::{cis, connections, messages};
use kubepki_core::plan::{FlagValue, Plan, Root, plan};
use kubepki_core::spec::parse;
use kubepki_core::spec::preset::Preset;
use kubepki_core::view::connections::Mark;
use kubepki_core::view::drawing::Drawing;
use kubepki_core::view::{Selection, ViewId, address, commands, search};
use kubepki_learn::{Block, Span, lessons};
use kubepki_rehearsal::dials;
use kubepki_study::chosen::Chosen;
use kubepki_study::guide::lesson;
use kubepki_study::hardening::hardened;
use kubepki_study::sample::Sample;
use kubepki_study::steps::Outcome;

fn stacked() -> Plan {
    plan(&parse(&Preset::named("ha-stacked").expect("preset").draft()).0.expect("no errors"))
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../learn/lessons");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("lessons").map(|one| one.expect("a file").path()).collect();
    files.sort();
    files
}

/// Every claim, with its file and line.
fn claims() -> Vec<(String, String)> {
    let mut claims = Vec::new();
    for file in files() {
        let text = fs::read_to_string(&file).expect("a text");
        let mut inside = false;
        for (index, line) in text.lines().enumerate() {
            match line {
                "```check" => inside = true,
                "```" => inside = false,
                line if inside => claims.push((format!("{}:{}", file.display(), index + 1), line.to_owned())),
                _ => {}
            }
        }
    }
    claims
}

/// Why a claim does not hold; nothing where it does.
fn wrong(plan: &Plan, claim: &str) -> Option<String> {
    let Some((verb, rest)) = claim.split_once(' ') else { return Some("it is no claim".to_owned()) };
    let word = |at: usize| rest.split(' ').nth(at).unwrap_or_default();
    let after = |count: usize| rest.splitn(count + 1, ' ').nth(count).unwrap_or_default();
    let expect = |found: String, wanted: &str| (found != wanted).then(|| format!("it is {found:?}"));
    let cert = |id: &str| plan.certs.iter().position(|cert| cert.row.id == id);
    match verb {
        "cert" => {
            let Some(index) = cert(word(0)) else { return Some("there is no such certificate".to_owned()) };
            let one = &plan.certs[index];
            let names: Vec<String> = one.sans.iter().map(ToString::to_string).collect();
            let named = |name: &str| names.iter().any(|san| san.ends_with(name));
            match word(1) {
                "issuer" => {
                    expect(one.issuer.map(|issuer| plan.certs[issuer].row.id).unwrap_or_default().to_owned(), after(2))
                }
                "usage" => expect(one.ekus.iter().map(|eku| eku.word()).collect::<Vec<_>>().join(","), after(2)),
                "subject" => expect(one.subject.as_ref().map(ToString::to_string).unwrap_or_default(), after(2)),
                "days" => expect((one.lifetime.seconds / 86_400).to_string(), after(2)),
                "names" => (!named(after(2))).then(|| format!("{names:?}")),
                "unnamed" => named(after(2)).then(|| format!("{names:?}")),
                other => Some(format!("no claim {other}")),
            }
        }
        "count" => expect(plan.ca_count().to_string(), word(1)),
        "siblings" => expect(plan.certs.iter().filter(|one| one.row.id == word(0)).count().to_string(), word(1)),
        "flag" => {
            let flag = plan.flags.iter().find(|flag| flag.row.component == word(0) && flag.row.name == word(1));
            let found = match flag.map(|flag| &flag.value) {
                Some(FlagValue::Set(text)) => text.clone(),
                _ => "unset".to_owned(),
            };
            expect(found, after(2))
        }
        "file" => {
            let file = plan.files.iter().find(|file| file.path == word(0) && matches!(file.root, Root::Node(_)));
            expect(file.map(|file| format!("{:04o}", file.mode)).unwrap_or_default(), word(1))
        }
        "edge" => {
            let (_, edges) = kubepki_core::view::connections::connections(plan);
            let Some(edge) = edges.iter().find(|edge| edge.told.id == word(0)) else {
                return Some("no such edge".to_owned());
            };
            let mark = if word(1) == "server" { edge.server } else { edge.client };
            let found = match mark {
                Mark::Certificate => "certificate",
                Mark::Token => "token",
                Mark::Missing => "missing",
                Mark::Own => "own",
            };
            expect(found.to_owned(), word(2))
        }
        "dials" => expect(tried(plan, &format!("connection:{}", word(0))).dial.dialled(), word(1)),
        "try" => {
            let it = tried(plan, word(0));
            let failed = it.steps.iter().find(|step| step.outcome == Outcome::Fails).map(|step| step.what);
            match word(1) {
                "holds" => (!it.holds()).then(|| format!("it fails: {failed:?}")),
                _ => (!failed.is_some_and(|what| what.starts_with(after(2)))).then(|| format!("{failed:?}")),
            }
        }
        "says" => {
            let it = tried(plan, word(0)).handshake;
            let sides = [&it.client, &it.server];
            let printed = sides.iter().flat_map(|side| &side.log).flat_map(|log| &log.lines).map(|line| &line.text);
            let said: Vec<&String> = sides.iter().filter_map(|side| side.message.as_ref()).chain(printed).collect();
            (!said.iter().any(|line| line.contains(after(1)))).then(|| format!("{said:?}"))
        }
        "http" => expect(tried(plan, word(0)).handshake.http_status.unwrap_or_default().to_string(), word(1)),
        // A message, and words of what it means.
        "explains" => {
            let Some((message, words)) = rest.split_once(" :: ") else { return Some("it names no words".to_owned()) };
            let means: Vec<&str> = messages::explain(message).iter().map(|one| one.row.means).collect();
            (!means.iter().any(|means| means.contains(words))).then(|| format!("it means {means:?}"))
        }
        "cis" => {
            let id = cis::find(word(0)).map_or("", |row| row.id);
            let all = kubepki_core::view::cis::checks(plan);
            let found = all.iter().find(|one| one.row.id == id).map_or("no such check", |one| one.state.word());
            expect(found.to_owned(), word(1))
        }
        "renewal" => expect(renewal(&plan.spec, word(0)).0.word().to_owned(), after(1)),
        // A certificate, and a sentence about what goes on or stops when it ends.
        "ends" => {
            let said: Vec<String> = expiries(word(0)).flat_map(|row| row.effects).map(Effect::sentence).collect();
            (!said.iter().any(|one| one == after(1))).then(|| format!("{said:?}"))
        }
        "command" => {
            let Some(index) = cert(word(0)) else { return Some("there is no such certificate".to_owned()) };
            let all: String = commands::recipes(plan, index).into_iter().map(|one| one.text + "\n").collect();
            (!all.contains(after(1))).then_some(all)
        }
        // By its name in links, where one is given: what stands first.
        "search" => {
            let found = search::search(plan, word(0));
            let first = found.first().and_then(|hit| hit.selection.to_text(plan)).unwrap_or_default();
            expect(first, after(1))
        }
        "hardened" => {
            let spec = hardened(&Preset::named("ha-stacked").expect("preset").draft(), &plan.spec);
            let closed = connections::told(word(0)).is_some_and(|told| (told.server_proven)(&spec));
            (!closed).then(|| "still open".to_owned())
        }
        other => Some(format!("no claim is called {other}")),
    }
}

#[test]
fn every_claim_holds() {
    let plan = stacked();
    let claims = claims();
    assert!(claims.len() > 100, "{}", claims.len());
    let wrong: Vec<String> = claims
        .iter()
        .filter_map(|(place, claim)| Some(format!("{place}: {claim}: {}", wrong(&plan, claim)?)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for stale in [
        "cert apiserver issuer etcd-ca",
        "cis 1.2.5 pass",
        "try connection:kube-apiserver->etcd fails checks the dates",
    ] {
        assert!(self::wrong(&plan, stale).is_some(), "a stale claim passes: {stale}");
    }
}

#[test]
fn everything_that_a_lesson_leads_to_is_there() {
    let plan = stacked();
    for lesson in lessons() {
        for show in lesson.steps.iter().flat_map(lesson::shown) {
            let (view, selected) = show.split_once('/').unwrap_or_else(|| panic!("{}: {show}", lesson.id));
            assert!(ViewId::from_word(view).is_some(), "{}: {show}", lesson.id);
            let there = match selected.split_once(':').unwrap_or_default() {
                ("connection", _) => {
                    let chosen = Chosen::read(selected).expect("a connection");
                    let named = selected.matches("fault=").count();
                    connections::told(&chosen.connection).is_some() && chosen.faults.len() == named
                }
                ("cis", id) => cis::find(id).is_some(),
                ("time", days) => days.parse::<i64>().is_ok(),
                _ => Selection::from_text(&plan, selected).is_some(),
            };
            assert!(there, "{}: {show}", lesson.id);
            if view == "handshake" {
                let chosen = Chosen::read(selected).expect("a handshake is of a connection");
                let sample = Sample::new(&plan.spec, &chosen.faults, NOW, entropy);
                assert!(
                    dials(&sample.stage, &chosen.connection, None).is_ok(),
                    "{}: {show} cannot be tried",
                    lesson.id
                );
            }
        }
    }
}

/// Names by which a step may speak of a thing that it opens.
fn names(plan: &Plan, selection: Selection) -> Vec<String> {
    let own = |id: &str, title: &str, base: &str| [id, title, base].map(str::to_owned).to_vec();
    match selection {
        Selection::Cert(index) => {
            let cert = &plan.certs[index];
            let files = plan.files.iter().filter(|file| file.content.cert == index);
            let last = files.filter_map(|file| file.path.rsplit('/').next().map(str::to_owned));
            own(cert.row.id, cert.row.title, cert.row.base).into_iter().chain(last).collect()
        }
        Selection::Unsigned(index) => {
            let row = plan.unsigned[index].row;
            own(row.id, row.title, row.base)
        }
        Selection::File(index) => {
            let path = plan.files[index].path.as_str();
            vec![path.to_owned(), path.rsplit('/').next().unwrap_or_default().to_owned()]
        }
        Selection::Flag(index) => vec![plan.flags[index].row.name.to_owned()],
    }
}

/// What a step opens is what it speaks of, or what its lesson claims something of: a certificate, file or flag by its
/// name. Of a connection that is broken a claim, which is tried, says what then happens.
#[test]
fn what_a_step_opens_is_what_it_speaks_of() {
    let (plan, claims, mut page) = (stacked(), claims(), Page::new());
    for lesson in lessons() {
        let file = format!("-{}.md:", lesson.id);
        let claimed: Vec<&str> =
            claims.iter().filter(|(at, _)| at.contains(&file)).map(|(_, claim)| claim.as_str()).collect();
        let is_claimed = |name: &str| claimed.iter().any(|claim| claim.split(' ').any(|word| word == name));
        for (at, step) in lesson.steps.iter().enumerate() {
            let place = format!("lesson:{}/{}", lesson.id, at + 1);
            let text = page.seen(&place).expect("a step");
            for show in lesson::shown(step) {
                let (_, selected) = show.split_once('/').unwrap_or_default();
                if let Some(selection) = Selection::from_text(&plan, selected) {
                    let names = names(&plan, selection);
                    let said = names.iter().any(|name| text.contains(name) || is_claimed(name));
                    assert!(said, "{place} opens {show}, and neither says {names:?} nor claims anything of it: {text}");
                }
                let is_broken = selected.contains("fault=");
                assert!(
                    !is_broken || is_claimed(selected),
                    "{place} opens {show}, and nothing says what happens there"
                );
            }
        }
    }
}

/// Each thing that a step leads to, by its name in links, in the order of the page.
fn led_to(plan: &Plan, guide: &str) -> Vec<String> {
    let page = lesson::page(plan, guide).expect("a step");
    let markup: String = page.iter().map(Drawing::to_markup).collect();
    let addresses = markup.split("data-go=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let selected = addresses.filter_map(|address| address::read(&address.replace("&amp;", "&")).selected);
    let is_thing = |text: &String| ["cert:", "file:", "flag:", "unsigned:"].iter().any(|kind| text.starts_with(kind));
    selected.filter(is_thing).collect()
}

#[test]
fn beside_a_design_of_other_nodes_lessons_lead_to_the_same_things_there() {
    let mut draft = Preset::named("ha-stacked").expect("preset").draft();
    draft.nodes.iter_mut().for_each(|node| node.name = format!("other-{}", node.name));
    let (own, other) = (stacked(), plan(&parse(&draft).0.expect("no errors")));
    let mut led = 0;
    for lesson in lessons() {
        for at in 1..=lesson.steps.len() {
            let guide = format!("lesson:{}/{at}", lesson.id);
            let here = led_to(&own, &guide).into_iter().map(|text| {
                let (kind, name) = text.split_once(':').unwrap_or_default();
                // A file's node stands in front, any other's behind.
                match (kind, name.split_once('@')) {
                    ("file", _) => format!("file:other-{name}"),
                    (_, Some((id, node))) if node != "cluster" => format!("{kind}:{id}@other-{node}"),
                    _ => text,
                }
            });
            let there = led_to(&other, &guide);
            assert_eq!(there, here.collect::<Vec<_>>(), "{guide}");
            assert!(there.iter().all(|one| Selection::from_text(&other, one).is_some()), "{guide}: {there:?}");
            led += there.len();
        }
    }
    assert!(led > 10, "{led}");
}

/// Flags that are no Kubernetes component's, or that lessons name because they are wrong.
const OTHER_FLAGS: &[&str] = &[
    "--cacert",
    "--cert",
    "--key",
    "--ca-file",
    "--client-crl-file",
    "--config",
    "--kubelet-insecure-tls",
    "--tls-min-version",
    "--tls-cipher-suites",
];

#[test]
fn flags_and_paths_in_lessons_are_the_catalogs() {
    let plan = stacked();
    for lesson in lessons() {
        let spans = lesson.steps.iter().flat_map(|step| &step.blocks).flat_map(|block| match block {
            Block::Paragraph(spans) | Block::Item(spans) => spans.clone(),
            Block::Row(_, cells) => cells.concat(),
        });
        for span in spans {
            let Span::Code(text) = span else { continue };
            if let Some(name) = text.strip_prefix("--") {
                let name = name.split(['=', ' ']).next().unwrap_or_default();
                let known = plan.flags.iter().any(|flag| flag.row.name == name);
                assert!(known || OTHER_FLAGS.contains(&text), "{}: {text}", lesson.id);
            }
            if text.starts_with("/etc/kubernetes/") {
                let known =
                    plan.files.iter().any(|file| file.path == text || file.path.starts_with(&format!("{text}/")));
                assert!(known, "{}: {text}", lesson.id);
            }
        }
    }
}

#[test]
fn the_course_covers_what_a_student_would_ask_in_that_order() {
    const COURSE: &[&str] = &[
        "keys",
        "names",
        "kinds",
        "components",
        "groups",
        "ca",
        "apiserver",
        "etcd",
        "kubelet",
        "kubeconfigs",
        "service-accounts",
        "aggregation",
        "csr",
        "rotation",
        "tls",
        "permissions",
        "paths",
        "cis",
        "open",
        "managed",
    ];
    let ids: Vec<&str> = lessons().iter().map(|lesson| lesson.id).collect();
    assert_eq!(ids, COURSE);
}
