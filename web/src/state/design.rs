//! Changes of the design: typing, lists, nodes, presets, undo, links and imports.

use std::rc::Rc;

use kubepki_core::catalog::labs::preset_of;
use kubepki_core::diag::Diagnostic;
use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{Draft, FIELDS, Field};
use kubepki_core::view::address;

use super::action::is_choice;
use super::nodes::next_node;
use super::{Action, Activity, AppState, Derived, Dialog, Effect, Pager};

/// An edit that rests for so many milliseconds is a step of its own.
const REST: i32 = 500;

impl AppState {
    /// Makes a draft the design and plans it.
    pub(super) fn set_draft(&mut self, draft: Rc<Draft>) {
        if Rc::ptr_eq(&draft, &self.draft) {
            return;
        }
        self.leave_lab();
        self.draft = draft;
        // What was noticed in a text that was read is of the design that it made.
        if !self.import.refused {
            self.import.findings.clear();
        }
        self.derived = Rc::new(Derived::of(&self.draft, self.clock.time().unwrap_or(self.clock.now)));
        if let Some(plan) = &self.derived.plan {
            self.plan = Some(plan.clone());
            self.resolve_selection();
        } else if self.draft.nodes.is_empty() {
            self.plan = None;
            self.selection = None;
        }
        if matches!(self.activity, Activity::Cancelled | Activity::Failed(_)) {
            self.activity = Activity::Idle;
        }
    }

    /// Changes the draft.
    fn edit(&mut self, change: impl FnOnce(&mut Draft) -> bool) {
        let mut draft = (*self.draft).clone();
        if change(&mut draft) && draft != *self.draft {
            self.set_draft(Rc::new(draft));
        }
    }

    pub(super) fn type_at(&mut self, path: &str, text: &str, effects: &mut Vec<Effect>) {
        let list_item = path.rsplit_once('.').is_some_and(|(_, index)| index.bytes().all(|one| one.is_ascii_digit()));
        let chosen = is_chosen(path);
        if chosen && list_item && text.is_empty() {
            return self.remove(path, effects);
        }
        self.edit(|draft| draft.put(path, text));
        self.edits += 1;
        if chosen {
            self.settle(effects);
        } else {
            effects.push(Effect::Later(REST, Action::Rested(self.edits)));
        }
    }

    /// Makes the edit so far a step, and forgets PKIs that no step can bring back.
    pub(super) fn settle(&mut self, effects: &mut Vec<Effect>) {
        self.history.settle(&self.draft);
        // The same value, so that settled can be told by the pointer.
        self.draft = self.history.draft().clone();
        self.forget_lost(effects);
    }

    /// A field was left: what was left empty in a list goes.
    pub(super) fn leave(&mut self, effects: &mut Vec<Effect>) {
        let empty = |list: &[String]| list.iter().any(|one| one.trim().is_empty());
        let lists = FIELDS.iter().filter(|row| row.is_list());
        let untidy = lists.clone().any(|row| empty(self.draft.list(row.field)))
            || self.draft.nodes.iter().any(|node| empty(&node.addresses) || empty(&node.roles));
        if untidy {
            self.edit(|draft| {
                for row in lists {
                    let mut list = draft.list(row.field).to_vec();
                    list.retain(|one| !one.trim().is_empty());
                    draft.set_list(row.field, list);
                }
                for node in &mut draft.nodes {
                    node.addresses.retain(|one| !one.trim().is_empty());
                    node.roles.retain(|one| !one.trim().is_empty());
                }
                true
            });
        }
        self.settle(effects);
    }

    pub(super) fn remove(&mut self, path: &str, effects: &mut Vec<Effect>) {
        self.settle(effects);
        self.edit(|draft| draft.remove(path));
        self.settle(effects);
    }

    pub(super) fn add_node(&mut self, effects: &mut Vec<Effect>) {
        self.leave(effects);
        self.edit(|draft| {
            draft.nodes.push(next_node(draft));
            true
        });
        self.settle(effects);
        let last = self.draft.nodes.len() - 1;
        self.turn(Pager::Nodes, last);
        effects.push(Effect::Focus(["nodes.", &last.to_string(), ".name"].concat()));
    }

    pub(super) fn choose_preset(&mut self, name: &'static str, effects: &mut Vec<Effect>) {
        self.leave_lab();
        if self.is_precious() && self.dialog != Some(Dialog::Preset(name)) {
            self.dialog = Some(Dialog::Preset(name));
            return;
        }
        self.dialog = None;
        self.settle(effects);
        if let Some(preset) = Preset::named(name) {
            let draft = preset.draft();
            if draft != *self.draft {
                self.set_draft(Rc::new(draft));
            }
        }
        self.settle(effects);
    }

    /// Goes a step back or forward. From a lab the way back is to the design, as it was.
    pub(super) fn step(&mut self, back: bool, effects: &mut Vec<Effect>) {
        if self.lab.is_some() {
            return self.leave_lab();
        }
        self.settle(effects);
        let draft = if back { self.history.undo() } else { self.history.redo() };
        if let Some(draft) = draft {
            self.import.findings.clear();
            self.set_draft(draft);
        }
    }

    pub(super) fn back_to_issued(&mut self, effects: &mut Vec<Effect>) {
        self.settle(effects);
        if let Some(draft) = self.issued().map(|issued| issued.draft.clone()) {
            self.set_draft(draft);
            self.settle(effects);
        }
    }

    /// A link that was put into the address bar of the open page.
    pub(super) fn open_link(&mut self, fragment: &str, effects: &mut Vec<Effect>) {
        if fragment.trim_start_matches('#') == self.fragment {
            return;
        }
        let mut link = address::read(fragment);
        self.notices.retain(|notice| !notice.rule.starts_with("link-"));
        self.notices.extend(link.notice.take());
        self.settle(effects);
        // A lab shows a cluster of its own, whatever design stands in its link.
        let to_lab = link.guide.as_deref().is_some_and(|guide| preset_of(guide).is_some());
        if let Some(draft) = link.draft.take().filter(|_| !to_lab) {
            self.leave_lab();
            if draft != *self.draft {
                self.set_draft(Rc::new(draft));
            }
            self.settle(effects);
        }
        self.follow(link);
    }

    /// Findings to show beside the field's own: about the clock, and about the platform.
    pub(crate) fn platform_findings(&self) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = self.clock.finding().into_iter().collect();
        if self.worker == (super::WorkerState::Ready { webcrypto: false }) {
            found.push(
                Diagnostic::notice(
                    "no-webcrypto",
                    "",
                    "This browser gives the page no WebCrypto, so RSA keys are made by our own code, many times slower.",
                )
                .with_hint("Open the page from localhost, https or a file, or choose ECDSA keys, which are as fast as ever."),
            );
        }
        found
    }
}

/// Whether the field at a path is chosen rather than typed.
fn is_chosen(path: &str) -> bool {
    let head = path.rsplit_once('.').map_or(path, |(head, _)| head);
    let field = Field::from_path(path).or_else(|| Field::from_path(head));
    field.is_some_and(|field| is_choice(field.row().kind)) || (path.starts_with("nodes.") && head.ends_with(".roles"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Phase;

    fn open() -> AppState {
        AppState::open("", 1_795_466_340)
    }

    fn type_in(state: &mut AppState, path: &str, text: &str) -> Vec<Effect> {
        state.apply(Action::Type(path.to_owned(), text.to_owned()))
    }

    #[test]
    fn typing_plans_at_once_and_is_one_step_when_the_field_is_left() {
        let mut state = open();
        for text in ["prod-e", "prod-eu-", "prod-eu-2"] {
            type_in(&mut state, "clusterName", text);
        }
        assert_eq!(state.plan.as_ref().unwrap().spec.cluster_name, "prod-eu-2");
        state.apply(Action::Leave);
        state.apply(Action::Undo);
        assert_eq!(state.draft.text(Field::ClusterName), "prod-eu");
        assert!(!state.history.can_undo(&state.draft));
        state.apply(Action::Redo);
        assert_eq!(state.draft.text(Field::ClusterName), "prod-eu-2");
    }

    #[test]
    fn an_edit_that_rests_is_a_step_and_one_that_goes_on_is_not_yet() {
        let mut state = open();
        type_in(&mut state, "clusterName", "a");
        let first = state.edits;
        type_in(&mut state, "clusterName", "ab");
        state.apply(Action::Rested(first));
        assert_eq!(state.history.draft().text(Field::ClusterName), "prod-eu");
        state.apply(Action::Rested(state.edits));
        assert_eq!(state.history.draft().text(Field::ClusterName), "ab");
    }

    #[test]
    fn errors_never_block_and_keep_the_last_good_picture() {
        let mut state = open();
        let plan = state.plan.clone().unwrap();
        type_in(&mut state, "networking.serviceSubnets.0", "10.96.0.0/99");
        assert_eq!(state.phase(), Phase::Invalid);
        assert!(Rc::ptr_eq(&plan, state.plan.as_ref().unwrap()) && !state.can_generate());
        assert_eq!(state.derived.errors_at("networking.serviceSubnets.0").count(), 1);
        type_in(&mut state, "networking.serviceSubnets.0", "10.96.0.0/16");
        assert_eq!(state.phase(), Phase::Planned);
    }

    #[test]
    fn an_item_left_empty_goes() {
        let mut state = open();
        type_in(&mut state, "apiServer.certSANs.0", "k8s.example");
        type_in(&mut state, "apiServer.certSANs.1", "203.0.113.7");
        type_in(&mut state, "apiServer.certSANs.0", "");
        assert_eq!(state.phase(), Phase::Invalid);
        state.apply(Action::Leave);
        assert_eq!(state.draft.list(Field::ApiServerCertSans), ["203.0.113.7"]);
        assert_eq!(state.phase(), Phase::Planned);
    }

    #[test]
    fn roles_and_suites_are_added_and_removed_by_choosing() {
        let mut state = open();
        type_in(&mut state, "nodes.0.roles.1", "worker");
        assert_eq!(state.draft.nodes[0].roles, ["control-plane", "worker"]);
        type_in(&mut state, "nodes.0.roles.1", "");
        assert_eq!(state.draft.nodes[0].roles, ["control-plane"]);
        type_in(&mut state, "hardening.cipherSuites.0", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        type_in(&mut state, "hardening.cipherSuites.0", "");
        assert!(state.draft.is_default(Field::CipherSuites));
        (0..4).for_each(|_| drop(state.apply(Action::Undo)));
        assert_eq!(state.draft, state.history.draft().clone());
        assert!(!state.history.can_undo(&state.draft));
    }

    #[test]
    fn every_node_can_go_and_the_first_can_come_back() {
        let mut state = open();
        (0..4).for_each(|_| drop(state.apply(Action::Remove("nodes.0".into()))));
        assert_eq!((state.phase(), state.plan.is_none()), (Phase::Empty, true));
        state.apply(Action::AddNode);
        assert_eq!(state.phase(), Phase::Planned);
    }

    #[test]
    fn links_open_designs_and_broken_ones_the_default() {
        let mut state = open();
        type_in(&mut state, "clusterName", "from-link");
        state.apply(Action::Leave);
        let link = state.link_text();
        let again = AppState::open(&format!("#{link}"), 0);
        assert_eq!(again.draft, state.draft);
        let broken = AppState::open("#d9.abc", 0);
        assert_eq!((broken.phase(), broken.notices.len()), (Phase::Planned, 1));
        let mut open = open();
        open.apply(Action::Link(format!("#{link}&v=files")));
        assert_eq!((open.draft.clone(), open.view), (state.draft.clone(), kubepki_core::view::ViewId::Files));
        open.apply(Action::Undo);
        assert_eq!(open.draft.text(Field::ClusterName), "prod-eu");
    }
}
