//! What a reader finds at a place of the page: the texts that are drawn there, as the page draws them.

use std::collections::BTreeMap;

use kubepki_core::catalog::labs::preset_of;
use kubepki_core::plan::{Plan, plan};
use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{link, parse};
use kubepki_core::view::drawing::{Child, Drawing, drawn};
use kubepki_core::view::page::{Look, files, hierarchy, inspector};
use kubepki_core::view::{Selection, ViewId, search};
use kubepki_learn::lessons;
use kubepki_study::guide::lab::Lab;
use kubepki_study::{Asked, Drawn, Study};

use crate::support::{NOW, entropy};

/// The page, with the design that lessons are written for.
pub(crate) struct Page {
    plan: Plan,
    design: String,
    study: Study,
    /// What was read already.
    known: BTreeMap<String, Option<String>>,
}

impl Page {
    /// Opens it.
    pub(crate) fn new() -> Self {
        let draft = Preset::named("ha-stacked").expect("preset").draft();
        let plan = plan(&parse(&draft).0.expect("no errors"));
        Self { plan, design: link::encode(&draft), study: Study::new(entropy), known: BTreeMap::new() }
    }

    /// The texts at a place; nothing where there is no such place.
    ///
    /// | place | what is read there |
    /// |---|---|
    /// | `lesson:etcd/2` | that step, without what it opens beside it; `lesson:etcd/2/1` with the first answer given |
    /// | `lab:refused-member.0` | that lab with its first cause; `lab:refused-member.0/again:etcd-peer/0` solved |
    /// | `view:flags`, `view:commands/cert:ca@cluster` | the view; with that selected |
    /// | `cert:ca@cluster`, `flag:…`, `file:…`, `connection:…`, `cis:1.2.5` | the sheet of that |
    /// | `search:apiserver.crt` | the first hit: what it is called, and where it leads |
    pub(crate) fn seen(&mut self, place: &str) -> Option<String> {
        if let Some(known) = self.known.get(place) {
            return known.clone();
        }
        let seen = self.read(place);
        self.known.insert(place.to_owned(), seen.clone());
        seen
    }

    fn read(&mut self, place: &str) -> Option<String> {
        let (kind, rest) = place.split_once(':')?;
        let drawn = match kind {
            "lesson" if is_step(rest) => self.draw(ViewId::Hierarchy, "", place).guide,
            "lab" if Lab::read(place).is_some() => self.draw(ViewId::Connections, "", place).guide,
            "view" => {
                let (view, selected) = rest.split_once('/').unwrap_or((rest, ""));
                self.view(ViewId::from_word(view)?, selected)
            }
            "cert" | "flag" | "file" => {
                let own = inspector::sheet(&self.plan, Selection::from_text(&self.plan, place)?);
                own.into_iter().chain(self.draw(ViewId::Hierarchy, place, "").sheet).collect()
            }
            "connection" => self.draw(ViewId::Connections, place, "").sheet,
            "cis" => self.draw(ViewId::Cis, place, "").sheet,
            "search" => {
                let hit = search::search(&self.plan, rest).into_iter().next()?;
                vec![drawn("p").text(hit.label), drawn("p").text(hit.detail)]
            }
            _ => return None,
        };
        let mut text = String::new();
        drawn.into_iter().for_each(|one| lines(one, &mut text));
        (!text.trim().is_empty()).then_some(text)
    }

    fn view(&mut self, view: ViewId, selected: &str) -> Vec<Drawing> {
        let look = Look { selection: Selection::from_text(&self.plan, selected), ..Look::default() };
        match view {
            ViewId::Hierarchy => vec![hierarchy::page(&self.plan, &look)],
            ViewId::Files => vec![files::page(&self.plan, &look)],
            _ => self.draw(view, selected, "").view,
        }
    }

    fn draw(&mut self, view: ViewId, selected: &str, guide: &str) -> Drawn {
        // A lab is of a cluster of its own.
        let design = preset_of(guide).map_or_else(|| self.design.clone(), |preset| link::encode(&preset.draft()));
        let asked = Asked { design: &design, view, selected, guide, now: NOW, pki: 0 };
        self.study.draw(asked).unwrap_or_else(|why| panic!("{guide} {selected}: {why}"))
    }
}

/// Whether there is such a step. The page shows a lesson's last one for a number that is too high.
fn is_step(text: &str) -> bool {
    let mut parts = text.split('/');
    let lesson = parts.next().and_then(|id| lessons().into_iter().find(|lesson| lesson.id == id));
    let step = parts.next().and_then(|step| step.parse::<usize>().ok()).unwrap_or_default();
    lesson.is_some_and(|lesson| (1..=lesson.steps.len()).contains(&step))
}

/// Elements that stand inside a line; any other begins one.
const INSIDE_A_LINE: &[&str] = &["b", "code", "i", "button"];

fn lines(drawing: Drawing, out: &mut String) {
    let parts = drawing.into_parts();
    let says = |name: &str, value: &str| parts.attributes.iter().any(|(one, is)| *one == name && is == value);
    // What is only there to be copied: nobody sees it, nobody is read it.
    if says("class", "sr") && says("aria-hidden", "true") {
        return;
    }
    let begins = !INSIDE_A_LINE.contains(&parts.tag);
    if begins {
        out.push('\n');
    }
    for child in parts.children {
        match child {
            Child::Element(one) => lines(one, out),
            Child::Text(text) => out.push_str(&text),
        }
    }
    if begins {
        out.push('\n');
    }
}
