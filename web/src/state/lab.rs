//! A lab's cluster: as long as a lab guides it stands in the picture's place. The user's design, its history and its PKI
//! are none of a lab's business, and what was on screen before comes back when it is left.

use std::rc::Rc;

use kubepki_core::catalog::labs::preset_of;
use kubepki_core::sorted::{SortedMap, SortedSet};
use kubepki_core::spec::{self, Draft};
use kubepki_core::view::address::Address;
use kubepki_core::view::{Pager, ViewId};
use kubepki_core::{Plan, plan};

use super::{AppState, Pane};

/// A lab that is being worked on.
pub(crate) struct Lab {
    /// The design of its cluster.
    draft: Rc<Draft>,
    /// What was on screen before.
    before: Scene,
}

/// What is on screen.
struct Scene {
    plan: Option<Rc<Plan>>,
    view: ViewId,
    selected: Option<String>,
    unfolded: Rc<SortedSet<&'static str>>,
    pages: Rc<SortedMap<Pager, usize>>,
}

/// The part of a guide's text that says where one is: a step of a lesson, a lab with one of its causes. What follows says
/// what was answered or done there.
fn place(guide: &str) -> impl Iterator<Item = &str> {
    guide.split('/').take(if guide.starts_with("lab:") { 1 } else { 2 })
}

impl AppState {
    /// The design that is on screen: the user's own, or that of the lab.
    pub(crate) fn shown(&self) -> &Rc<Draft> {
        self.lab.as_ref().map_or(&self.draft, |lab| &lab.draft)
    }

    /// Whether there is a way back: a step of the design, or out of a lab.
    pub(crate) fn can_undo(&self) -> bool {
        self.lab.is_some() || self.history.can_undo(&self.draft)
    }

    /// Shows what an address says beside the design; what it does not mention stays.
    pub(super) fn follow(&mut self, link: Address) {
        if let Some(guide) = link.guide {
            if self.guide.is_empty() {
                self.pane = if guide.is_empty() { self.pane } else { Pane::Design };
            }
            self.guide_to(guide);
        }
        self.view = link.view.unwrap_or(self.view);
        self.selected = link.selected.or(self.selected.take());
        self.resolve_selection();
    }

    fn guide_to(&mut self, guide: String) {
        if !place(&guide).eq(place(&self.guide)) {
            self.turned = true;
            match preset_of(&guide) {
                Some(preset) => self.enter(Rc::new(preset.draft())),
                None => self.leave_lab(),
            }
        }
        self.guide = guide;
    }

    /// Puts a lab's cluster into the picture's place.
    fn enter(&mut self, draft: Rc<Draft>) {
        let plan = spec::parse(&draft).0.map(|spec| Rc::new(plan::unchecked(&spec)));
        let before =
            self.show(Scene { plan, view: self.view, selected: None, unfolded: Rc::default(), pages: Rc::default() });
        match &mut self.lab {
            Some(lab) => lab.draft = draft,
            None => self.lab = Some(Lab { draft, before }),
        }
    }

    /// Ends a lab: what was on screen before it is there again.
    pub(super) fn leave_lab(&mut self) {
        if let Some(lab) = self.lab.take() {
            self.guide.clear();
            self.show(lab.before);
        }
    }

    /// Puts a scene on screen; the one that was there comes back.
    fn show(&mut self, scene: Scene) -> Scene {
        let before = Scene {
            plan: std::mem::replace(&mut self.plan, scene.plan),
            view: std::mem::replace(&mut self.view, scene.view),
            selected: std::mem::replace(&mut self.selected, scene.selected),
            unfolded: std::mem::replace(&mut self.unfolded, scene.unfolded),
            pages: std::mem::replace(&mut self.pages, scene.pages),
        };
        self.resolve_selection();
        self.query.clear();
        self.hits = Rc::default();
        // Nothing that was drawn of one cluster is shown as the other's.
        self.drawings.forget();
        before
    }
}

#[cfg(test)]
mod tests {
    use kubepki_core::spec::Field;
    use kubepki_core::view::address;
    use kubepki_worker::{ParsedText, Request, Response, TextFile};

    use super::*;
    use crate::state::{Action, Effect, Once, Phase, WorkerState};

    const NOW: i64 = 1_795_466_340;
    const LAB: &str = "&v=connections&g=lab:apiserver-renewal.1";

    /// A design of one's own, with a PKI that was never exported, looked at in its files.
    fn own() -> AppState {
        let mut state = AppState::open("", NOW);
        state.apply(Action::Worker(WorkerState::Ready { webcrypto: true }));
        state.apply(Action::Type("clusterName".into(), "mine".into()));
        state.apply(Action::Leave);
        state.apply(Action::Generate);
        let issued = Response::Issued { pki: 1, milliseconds: 12, facts: Vec::new() };
        state.apply(Action::Hear(Once::new(issued), 1.0));
        state.apply(Action::Choose("file:cp-2:/etc/kubernetes/pki/sa.pub".into()));
        let drawn = Response::Drawn { id: state.questions, text: Ok("\u{c}\u{c}".into()) };
        state.apply(Action::Hear(Once::new(drawn), 1.0));
        state
    }

    fn go(state: &mut AppState, to: &str) -> Vec<Effect> {
        state.apply(Action::Link(to.to_owned()))
    }

    /// Everything of the user's that a lab must leave alone.
    fn kept(state: &AppState) -> (Rc<Draft>, Option<u32>, bool, bool, usize) {
        let draft = state.history.draft().clone();
        (draft, state.history.pki(), state.is_precious(), state.history.can_redo(), state.pkis.iter().count())
    }

    fn on_screen(state: &AppState) -> (String, ViewId, Option<String>, Phase) {
        let name = state.plan.as_ref().unwrap().spec.cluster_name.clone();
        (name, state.view, state.selected.clone(), state.phase())
    }

    #[test]
    fn a_lab_shows_its_own_cluster_and_leaves_the_users_design_and_pki_alone() {
        let mut state = own();
        let before = kept(&state);
        let effects = go(&mut state, LAB);
        assert_eq!(kept(&state), before);
        assert_eq!(state.plan.as_ref().unwrap().spec.nodes.len(), 1, "the lab's cluster has one node");
        assert_eq!((state.view, &state.selected, state.phase()), (ViewId::Connections, &None, Phase::Planned));
        assert!(state.issued().is_none(), "the user's PKI is none of this cluster's");
        let address = effects.iter().find_map(|one| match one {
            Effect::Fragment(text) => Some(address::read(text)),
            _ => None,
        });
        let address = address.expect("an address");
        assert_eq!(address.draft.as_ref(), Some(&**state.history.draft()), "the address has the user's design");
        assert_eq!(address.guide.as_deref(), Some("lab:apiserver-renewal.1"));
        let drawn = effects.iter().find_map(|one| match one {
            Effect::Post(Request::Draw { design, pki, .. }) => Some((design.clone(), *pki)),
            _ => None,
        });
        assert_eq!(drawn, Some((kubepki_core::spec::link::encode(state.shown()), 0)), "the lab's cluster is drawn");
        assert!(!effects.iter().any(|one| matches!(one, Effect::Guard(_) | Effect::Post(Request::Forget { .. }))));
    }

    #[test]
    fn whatever_ends_a_lab_brings_back_what_was_there() {
        let before = (on_screen(&own()), kept(&own()));
        for (how, actions) in [
            ("Design", vec![Action::Link("&g=".into())]),
            ("Learn", vec![Action::Link("&g=learn".into())]),
            ("a lesson", vec![Action::Link("&g=lesson:etcd/1".into())]),
            ("Esc", vec![Action::Select(None)]),
            ("Esc twice", vec![Action::Choose("connection:a->b".into()), Action::Select(None), Action::Select(None)]),
            ("undo", vec![Action::Undo]),
            ("redo", vec![Action::Redo]),
            ("after another lab", vec![Action::Link("&g=lab:a-year-later.0".into()), Action::Link("&g=".into())]),
            ("after a repair", vec![Action::Link("&g=lab:apiserver-renewal.1/again:apiserver/1".into()), Action::Undo]),
        ] {
            let mut state = own();
            go(&mut state, LAB);
            actions.into_iter().for_each(|action| drop(state.apply(action)));
            assert_eq!((on_screen(&state), kept(&state)), before, "{how}");
        }
        let mut state = own();
        go(&mut state, LAB);
        state.apply(Action::Preset("course"));
        assert_eq!((on_screen(&state), kept(&state)), before, "a preset asks first, as ever");
        state.apply(Action::Confirm);
        assert_eq!((on_screen(&state).0.as_str(), state.phase()), ("course", Phase::Stale));
    }

    #[test]
    fn a_link_with_a_design_shows_that_design_and_one_to_a_lab_none() {
        let mut state = own();
        let mine = state.link_text();
        go(&mut state, LAB);
        let other = kubepki_core::spec::preset::Preset::named("single").unwrap().draft();
        let old = kubepki_core::spec::link::to_link(&other).unwrap() + "&v=connections&g=lab:a-year-later.0";
        go(&mut state, &old);
        assert_eq!(state.history.draft().text(Field::ClusterName), "mine", "labs' links used to carry a design");
        assert_eq!(state.guide, "lab:a-year-later.0");
        go(&mut state, &mine);
        assert_eq!((state.guide.as_str(), state.phase()), ("", Phase::Issued));
        let opened = AppState::open(&old, NOW);
        assert_eq!(opened.plan.as_ref().unwrap().spec.nodes.len(), 4, "the lab decides what is shown");
        assert_eq!(opened.selected, None);
    }

    #[test]
    fn a_design_that_is_dropped_in_ends_the_lab() {
        let mut state = own();
        go(&mut state, LAB);
        let file = TextFile { name: "a.yaml".into(), bytes: Vec::new() };
        let effects = state.apply(Action::Files(Once::new(vec![file])));
        let id = effects.iter().find_map(|one| match one {
            Effect::Post(Request::Parse { id, .. }) => Some(*id),
            _ => None,
        });
        let id = id.expect("the file is read");
        let mut draft = (**state.history.draft()).clone();
        draft.set_text(Field::ClusterName, "dropped");
        let design = Some(kubepki_core::spec::link::encode(&draft));
        let text = ParsedText { design, findings: Vec::new(), kind: "design file".into(), good: Default::default() };
        state.apply(Action::Hear(Once::new(Response::Parsed { id, text }), 2.0));
        assert_eq!((on_screen(&state).0.as_str(), state.guide.as_str()), ("dropped", ""));
    }

    #[test]
    fn a_lab_begins_with_nothing_selected_and_keeps_what_is_selected_in_it() {
        let mut state = own();
        go(&mut state, LAB);
        state.apply(Action::Choose("connection:kubectl->kube-apiserver".into()));
        go(&mut state, "&g=lab:apiserver-renewal.1/renew:apiserver/0");
        assert_eq!(state.selected.as_deref(), Some("connection:kubectl->kube-apiserver"));
        go(&mut state, "&g=lab:apiserver-renewal.2");
        assert_eq!(state.selected, None, "with another cause one begins anew");
    }

    #[test]
    fn the_guide_is_shown_from_its_top_where_one_comes_to_another_place_in_it() {
        let drawn = |state: &mut AppState| {
            let drawn = Response::Drawn { id: state.questions, text: Ok("\u{c}\u{c}<p\n>".into()) };
            let effects = state.apply(Action::Hear(Once::new(drawn), 1.0));
            effects.iter().any(|one| matches!(one, Effect::GuideTop))
        };
        let mut state = own();
        let mut turned = |to: &str| {
            go(&mut state, to);
            drawn(&mut state)
        };
        for (to, expected) in [
            ("&g=learn", true),
            ("&g=lesson:etcd/1", true),
            ("&g=lesson:etcd/1/2", false),
            ("&g=lesson:etcd/2", true),
            (LAB, true),
            ("&g=lab:apiserver-renewal.1/renew:apiserver/0", false),
            ("&g=lab:apiserver-renewal.1/renew:apiserver/1", false),
            ("&g=lab:a-year-later.1", true),
        ] {
            assert_eq!(turned(to), expected, "{to}");
        }
    }

    #[test]
    fn keys_are_not_made_for_a_lab() {
        let mut state = own();
        state.apply(Action::Touched);
        let effects = go(&mut state, LAB);
        assert!(!effects.iter().any(|one| matches!(one, Effect::Post(Request::Prepare { .. }))), "{effects:?}");
    }
}
