//! What happens changes the state: one function, sorted by what it is about.

use std::rc::Rc;

use kubepki_core::catalog;
use kubepki_core::spec::{Field, link as design_link};
use kubepki_core::view::act::Act;
use kubepki_core::view::export::EXPORT;
use kubepki_core::view::inspector::inspect;
use kubepki_core::view::search::search;
use kubepki_core::view::selection::{FORGET, MESSAGE};
use kubepki_core::view::{Selection, ViewId};
use kubepki_worker::{Part, Request};

use super::fields::help_of;
use super::keys::needs;
use super::{Action, Activity, AppState, Dialog, Effect, Pager, Pane, Wanted, WorkerState};

/// How long a short word is shown, in milliseconds.
const SHOWN: i32 = 5_000;

impl AppState {
    /// Changes the state; what the browser is to do comes back.
    pub(crate) fn apply(&mut self, action: Action) -> Vec<Effect> {
        let mut effects = Vec::new();
        let guarded = self.is_precious();
        let what = |it: &Self| (Rc::as_ptr(it.history.draft()), it.view, it.selected.clone(), it.guide.clone());
        let before = what(self);
        self.act(action, &mut effects);
        if before != what(self) {
            let text = self.link_text();
            if text != self.fragment {
                self.fragment.clone_from(&text);
                effects.push(Effect::Fragment(text));
            }
        }
        if guarded != self.is_precious() {
            effects.push(Effect::Guard(self.is_precious()));
        }
        self.prepare(&mut effects);
        self.draw(&mut effects);
        effects
    }

    fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::Type(path, text) => self.type_at(&path, &text, effects),
            Action::Rested(edits) if edits == self.edits => self.settle(effects),
            Action::Rested(_) => {}
            Action::Enter(path) => self.help = help_of(&path),
            Action::Leave => self.leave(effects),
            Action::Remove(path) => self.remove(&path, effects),
            Action::AddNode => self.add_node(effects),
            Action::Preset(name) => self.choose_preset(name, effects),
            Action::Undo => self.step(true, effects),
            Action::Redo => self.step(false, effects),
            Action::BackToIssued => self.back_to_issued(effects),
            Action::Link(fragment) => self.open_link(&fragment, effects),

            Action::Open(view) => self.view = view,
            Action::Select(None) if self.selected.is_none() => self.leave_lab(),
            Action::Select(selection) => self.select(selection, effects),
            Action::Choose(name) => self.choose(name, effects),
            Action::Pick(name) => {
                let selection = self.plan.as_ref().and_then(|plan| Selection::from_text(plan, &name));
                self.select(selection, effects);
            }
            Action::Act(act) => self.act_on(&act, effects),
            Action::Leaks(found) => self.leaks = found,
            Action::SelectSibling(node) => self.select_sibling(&node, effects),
            Action::GoTo(selection) => self.go_to(selection, effects),
            Action::Fold(id) => {
                let unfolded = Rc::make_mut(&mut self.unfolded);
                if let Some(row) = catalog::cert(&id)
                    && !unfolded.remove(&row.id)
                {
                    unfolded.insert(row.id);
                }
            }
            Action::Turn(page) => {
                if let Some((pager, page)) = Pager::turned(&page) {
                    Rc::make_mut(&mut self.pages).insert(pager, page);
                }
            }
            Action::Query(query) => {
                let hits = self.plan.as_ref().map(|plan| search(plan, &query));
                self.hits = Rc::new(hits.unwrap_or_default());
                self.query = query;
                self.hit = 0;
            }
            Action::MoveHit(by) => {
                self.hit = self.hit.saturating_add_signed(by).min(self.hits.len());
            }
            Action::TakeHit => match self.hits.get(self.hit).map(|hit| hit.selection) {
                Some(selection) => self.go_to(selection, effects),
                None => self.explain(effects),
            },
            Action::Explain => self.explain(effects),
            Action::Theme { system_dark } => {
                self.theme = self.theme.next(system_dark);
                effects.push(Effect::Theme(self.theme));
            }
            Action::Front(pane) => self.pane = pane,
            Action::Focus(id) => {
                let on_stage = id == "findings" || id.starts_with("tab-");
                self.pane = if on_stage { Pane::Picture } else { Pane::Design };
                self.turn_to_node(&id);
                effects.push(Effect::Focus(id));
            }

            Action::Tick(now) => self.clock.now = now,
            Action::TypeTime(text) => self.clock.typed = Some(text).filter(|text| !text.trim().is_empty()),
            Action::Generate => self.generate(effects),
            Action::Cancel => self.cancel(effects),
            Action::GiveUp(pki) => self.give_up(pki, effects),
            Action::Export(what) => self.export(&what, effects),
            Action::Exported(id, what, saved) => self.exported(id, &what, saved, effects),
            Action::KeysAhead(on) => {
                self.keys.on = on;
                let words = if on { "Keys are made ahead again." } else { "Keys made ahead are wiped." };
                self.say(words, effects);
            }
            Action::Touched => self.keys.touched = true,
            Action::Visible(visible) => {
                if self.is_up() {
                    effects.push(Effect::Post(Request::Visible(visible)));
                }
            }
            Action::Worker(state) => self.worker_is(state, effects),
            Action::Locked => self.locked = true,
            Action::Restart => self.restart(effects),
            Action::Hear(response, at) => {
                if let Some(response) = response.take() {
                    self.hear(response, at, effects);
                }
            }

            Action::TypeImport(text) => self.import.text = text,
            Action::TypeNodes(text) => self.import.type_nodes(text),
            Action::TakeGood => self.take_good(effects),
            Action::ReadText => self.read_text(effects),
            Action::Files(files) => self.read(files.take().unwrap_or_default(), effects),
            Action::Unread(why) => self.unread(&why),
            Action::Dragged(dragged) => self.import.dragged = dragged,
            Action::DismissImport => self.import.findings.clear(),
            Action::Dismiss(index) => {
                if index < self.notices.len() {
                    self.notices.remove(index);
                }
            }

            Action::Show(dialog) => self.dialog = Some(dialog),
            Action::Close => self.close(),
            Action::Confirm => self.confirm(effects),
            Action::CopyLink => self.copy_link(effects),
            Action::Copy(what, text) => effects.push(Effect::Copy(what, text)),
            Action::NotCopied(what, text) => self.dialog = Some(Dialog::Text(what, text)),
            Action::SaveText(name, text) => effects.push(Effect::Save(name, text)),
            Action::SavePicture => {
                if self.plan.is_some() {
                    self.write(&["-", self.view.word(), ".svg"].concat(), Some(self.view), effects);
                }
            }
            Action::Embed => {
                self.ask_dialog(["embed:", self.shared()].concat(), effects);
            }
            Action::SaveDesign => self.write("-design.yaml", None, effects),
            Action::Say(text) => self.say(text, effects),
            Action::Hush(number) if number == self.words => self.said.clear(),
            Action::Hush(_) => {}
        }
    }

    /// Does what a button of a drawing says; for a word that no drawing of this build has, nothing.
    fn act_on(&mut self, act: &str, effects: &mut Vec<Effect>) {
        match Act::from_text(act) {
            Some(Act::Export(what)) => self.pack(what, effects),
            Some(Act::Secret(ask)) => self.ask_secret(ask, effects),
            Some(Act::Close) => self.close(),
            Some(Act::Forget) => effects.push(Effect::Post(Request::ForgetAll)),
            Some(Act::LeakTest) => {
                self.leaks.clear();
                effects.push(Effect::TestLeaks);
            }
            None => {}
        }
    }

    /// Has the worker write a text to save.
    fn write(&self, end: &str, picture: Option<ViewId>, effects: &mut Vec<Effect>) {
        let draft = if picture.is_some() { self.shown() } else { &self.draft };
        let name = [draft.text(Field::ClusterName), end].concat();
        let (design, pki) = (design_link::encode(draft), self.current());
        self.ask(Request::Write { name, design, pki, picture }, effects);
    }

    /// The PKI that was issued from this very design; 0 for none.
    fn current(&self) -> u32 {
        self.history.pki().filter(|_| self.is_current()).unwrap_or_default()
    }

    /// Has the worker draw what this page does not draw itself, where design, view, selection or guide changed.
    fn draw(&mut self, effects: &mut Vec<Effect>) {
        let selected = self.selected.clone().unwrap_or_default();
        let guide = match self.guide.as_str() {
            "" => String::new(),
            guide => [guide, "\n", &self.learned].concat(),
        };
        let nothing = self.view.is_plain() && selected.is_empty() && guide.is_empty();
        if nothing || (self.derived.plan.is_none() && self.lab.is_none()) {
            return;
        }
        let issued = self.current();
        self.drawings.want(Wanted { draft: self.shown().clone(), view: self.view, selected, issued, guide });
        let Some(wanted) = self.drawings.next(self.questions + 1) else { return };
        let id = self.number();
        let Wanted { draft, view, selected, issued: pki, guide } = wanted;
        let (part, design) = (Part::Page, design_link::encode(&draft));
        self.ask(Request::Draw { id, part, design, pki, view, selected, guide }, effects);
    }

    /// Takes what the worker drew, or a sentence why there is nothing: of the page, or of the dialog that is open. An answer
    /// that nobody waits for any more changes nothing.
    pub(super) fn take_drawn(&mut self, id: u32, text: Result<String, String>, effects: &mut Vec<Effect>) {
        let of_page = self.drawings.take(id, text.as_deref().ok());
        let dialog = self.drawn_dialog().filter(|dialog| dialog.awaited == Some(id));
        match (text, dialog) {
            (Ok(text), Some(dialog)) => (dialog.lines, dialog.awaited) = (text.into(), None),
            (Ok(_), None) => {}
            (Err(why), dialog) => {
                if dialog.is_some() {
                    self.dialog = None;
                } else if !of_page {
                    return;
                }
                self.not_done(why);
            }
        }
        let done = self.drawn(2).unwrap_or_default().split('\n').find_map(|line| line.strip_prefix("data-done="));
        if let Some(done) = done.filter(|done| !self.learned.split(',').any(|one| one == *done)) {
            self.learned = [self.learned.as_str(), if self.learned.is_empty() { "" } else { "," }, done].concat();
            effects.push(Effect::Keep(self.learned.clone()));
        }
        if of_page && self.drawings.is_current() && std::mem::take(&mut self.turned) {
            effects.push(Effect::GuideTop);
        }
    }

    /// Says that something asked of the worker was not done, until it is dismissed.
    pub(super) fn not_done(&mut self, why: String) {
        let rule = "not-done";
        self.notices.retain(|notice| notice.rule != rule);
        self.notices.push(kubepki_core::Diagnostic::warning(rule, "", why));
    }

    /// Closes the dialog. A list of nodes that is being read for it is not taken any more.
    fn close(&mut self) {
        if self.dialog.take() == Some(Dialog::Nodes) {
            self.import.pending.take_if(|pending| pending.nodes_only);
        }
    }

    /// A part of the plan is shown in its view; anything else is selected where it stands, or cleared.
    fn choose(&mut self, name: String, effects: &mut Vec<Effect>) {
        if name.starts_with(EXPORT) || name == FORGET {
            return self.ask_dialog(name, effects);
        }
        match self.plan.as_ref().and_then(|plan| Selection::from_text(plan, &name)) {
            Some(selection) => self.go_to(selection, effects),
            None => {
                self.selection = None;
                if self.view.is_plain() && name.as_bytes().starts_with(b"connection:") {
                    self.view = ViewId::Connections;
                }
                self.selected = Some(name);
            }
        }
    }

    /// Has the worker explain what is searched for as a message of a component, beside the view that is open.
    fn explain(&mut self, effects: &mut Vec<Effect>) {
        let text = self.found();
        if !text.trim().is_empty() {
            self.choose([MESSAGE, text.trim()].concat(), effects);
        }
    }

    /// Ends the search, and says what was searched for.
    fn found(&mut self) -> String {
        self.hits = Rc::default();
        self.pane = Pane::Picture;
        std::mem::take(&mut self.query)
    }

    /// Selects a thing and shows it in its view.
    fn go_to(&mut self, selection: Selection, effects: &mut Vec<Effect>) {
        self.found();
        self.view = match selection {
            Selection::Cert(_) | Selection::Unsigned(_) => ViewId::Hierarchy,
            Selection::File(_) => ViewId::Files,
            Selection::Flag(_) => ViewId::Flags,
        };
        self.select(Some(selection), effects);
        effects.push(Effect::Reveal);
    }

    fn select_sibling(&mut self, node: &str, effects: &mut Vec<Effect>) {
        let (Some(plan), Some(selection)) = (&self.plan, self.selection) else { return };
        let siblings = inspect(plan, selection).siblings;
        if let Some((_, sibling)) = siblings.into_iter().find(|(name, _)| name == node) {
            self.select(Some(sibling), effects);
        }
    }

    /// Shows a short word for a while.
    pub(super) fn say(&mut self, text: impl Into<String>, effects: &mut Vec<Effect>) {
        self.said = text.into();
        self.words += 1;
        effects.push(Effect::Later(SHOWN, Action::Hush(self.words)));
    }

    /// Whether there is a PKI whose keys were never exported whole.
    pub(crate) fn is_precious(&self) -> bool {
        self.own().is_some_and(|issued| !issued.exported)
    }

    /// Whether the worker is up.
    pub(super) fn is_up(&self) -> bool {
        matches!(self.worker, WorkerState::Ready { .. })
    }

    /// Asks the worker for the keys that the settled design needs, where that changed.
    fn prepare(&mut self, effects: &mut Vec<Effect>) {
        let settled = Rc::ptr_eq(self.history.draft(), &self.draft);
        let elsewhere = self.lab.is_some() || matches!(self.activity, Activity::Working(_));
        if !self.is_up() || !self.keys.touched || !settled || elsewhere {
            return;
        }
        let wanted = self.keys.on && !self.is_current();
        let needs = match &self.derived.plan {
            Some(plan) if wanted => needs(plan),
            // An error is mended soon: keys that are there stay.
            None if wanted => return,
            _ => Vec::new(),
        };
        if needs != self.keys.asked {
            self.keys.asked.clone_from(&needs);
            effects.push(Effect::Post(Request::Prepare { needs }));
        }
    }

    /// Selects, unfolds and turns pages so that the selected thing can be seen, and asks for its facts.
    fn select(&mut self, selection: Option<Selection>, effects: &mut Vec<Effect>) {
        let Some(plan) = self.plan.clone() else { return };
        self.selection = selection;
        self.selected = selection.and_then(|one| one.to_text(&plan));
        match selection {
            Some(Selection::Cert(index)) => {
                let row = plan.certs[index].row;
                self.reveal(row.id, plan.certs[..index].iter().filter(|one| one.row.id == row.id).count());
            }
            Some(Selection::Unsigned(index)) => {
                let row = plan.unsigned[index].row;
                self.reveal(row.id, plan.unsigned[..index].iter().filter(|one| one.row.id == row.id).count());
            }
            Some(Selection::File(index)) => {
                let page = match plan.files[index].root {
                    kubepki_core::plan::Root::Node(node) => node,
                    kubepki_core::plan::Root::OfflineCa => plan.spec.nodes.len(),
                };
                self.turn(Pager::Files, page);
            }
            Some(Selection::Flag(_)) | None => {}
        }
        self.ask_for_facts(effects);
    }

    /// Shows the sibling at a place of its stack.
    fn reveal(&mut self, id: &'static str, place: usize) {
        if place > 0 {
            Rc::make_mut(&mut self.unfolded).insert(id);
            self.turn(Pager::Stack(id), place);
        }
    }

    /// Turns a list to the page that has this place.
    pub(super) fn turn(&mut self, pager: Pager, place: usize) {
        let page = pager.page_of(place);
        if page != self.pages.get(&pager).copied().unwrap_or_default() {
            Rc::make_mut(&mut self.pages).insert(pager, page);
        }
    }

    /// Turns the nodes to the one of a field's path.
    fn turn_to_node(&mut self, path: &str) {
        let index = path.strip_prefix("nodes.").and_then(|rest| rest.split('.').next()?.parse::<usize>().ok());
        if let Some(index) = index {
            self.turn(Pager::Nodes, index);
        }
    }

    fn copy_link(&mut self, effects: &mut Vec<Effect>) {
        self.settle(effects);
        match self.link_error() {
            None => effects.push(Effect::Copy("link", self.link_text())),
            Some(why) => {
                let finding = kubepki_core::Diagnostic::warning("link-too-long", "", why);
                self.notices.retain(|notice| notice.rule != finding.rule);
                self.notices.push(finding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Theme;
    use crate::state::support::up;

    fn open() -> AppState {
        AppState::open("", 1_795_466_340)
    }

    fn find(state: &AppState, text: &str) -> Selection {
        Selection::from_text(state.plan.as_ref().unwrap(), text).unwrap()
    }

    #[test]
    fn a_selection_outlives_a_change_of_plan_and_comes_back_by_undo() {
        let mut state = open();
        let one = find(&state, "cert:apiserver@cp-3");
        state.apply(Action::Select(Some(one)));
        assert!(state.unfolded.contains(&"apiserver"), "a sibling behind the first is unfolded");
        state.apply(Action::Remove("nodes.0".into()));
        assert_eq!(state.selection, Some(find(&state, "cert:apiserver@cp-3")));
        state.apply(Action::Remove("nodes.1".into()));
        assert_eq!(state.selection, None);
        state.apply(Action::Undo);
        assert_eq!(state.selection, Some(find(&state, "cert:apiserver@cp-3")));
    }

    #[test]
    fn what_has_no_name_here_is_explained_as_a_message_and_stands_in_no_link() {
        let mut state = up();
        state.apply(Action::Query("apiserver".into()));
        let hits = state.hits.len();
        (0..hits + 5).for_each(|_| drop(state.apply(Action::MoveHit(1))));
        assert_eq!(state.hit, hits, "behind the names stands the message");
        state.apply(Action::Query(" rejected connection ".into()));
        assert!(state.hits.is_empty());
        let before = state.link_text();
        let effects = state.apply(Action::TakeHit);
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::Post(Request::Draw { selected, .. }) => Some(selected.as_str()),
            _ => None,
        });
        assert_eq!(asked, Some("message:rejected connection"));
        assert_eq!((state.query.as_str(), state.link_text()), ("", before));
        state.apply(Action::Query("  ".into()));
        state.apply(Action::TakeHit);
        assert_eq!(state.selected.as_deref(), Some("message:rejected connection"), "nothing is searched for");
    }

    #[test]
    fn a_hit_opens_the_view_that_shows_it() {
        let mut state = open();
        state.apply(Action::Query("etcd-server.crt".into()));
        let hit = state.hits[0].selection;
        state.apply(Action::GoTo(hit));
        assert_eq!((state.view, state.selection, state.query.as_str()), (ViewId::Hierarchy, Some(hit), ""));
        let file = find(&state, "file:cp-2:/etc/kubernetes/pki/sa.pub");
        let effects = state.apply(Action::GoTo(file));
        assert_eq!(state.view, ViewId::Files);
        assert!(
            effects.iter().any(|one| matches!(one, Effect::Fragment(text) if text.contains("&v=files&s=file:cp-2:")))
        );
    }

    #[test]
    fn a_word_that_no_drawing_has_does_nothing() {
        let mut state = up();
        state.apply(Action::Leaks("found".into()));
        for strange in ["", "leak", "leaks ", "forget!", "secret:end", "other:draw"] {
            assert!(state.apply(Action::Act(strange.into())).is_empty(), "{strange}");
            assert_eq!(state.leaks, "found", "{strange}");
        }
        let effects = state.apply(Action::Act("leaks".into()));
        assert!(matches!(effects[..], [Effect::TestLeaks]) && state.leaks.is_empty(), "{effects:?}");
    }

    #[test]
    fn unfolding_one_stack_folds_no_other() {
        let mut state = open();
        state.apply(Action::Fold("apiserver".into()));
        state.apply(Action::Fold("etcd-peer".into()));
        assert_eq!(state.unfolded.len(), 2);
        state.apply(Action::Fold("apiserver".into()));
        assert_eq!(state.unfolded.iter().copied().collect::<Vec<_>>(), ["etcd-peer"]);
    }

    #[test]
    fn the_theme_button_always_changes_what_is_seen_first() {
        assert_eq!(Theme::System.next(true), Theme::Light);
        assert_eq!(Theme::System.next(false), Theme::Dark);
        for dark in [true, false] {
            let third = Theme::System.next(dark).next(dark).next(dark);
            assert_eq!(third, Theme::System);
        }
    }

    #[test]
    fn panels_of_the_page_itself_are_in_no_link_and_no_tag() {
        let mut state = open();
        let before = state.link_text();
        for panel in ["trust:", "audit"] {
            let effects = state.apply(Action::Choose(panel.into()));
            assert_eq!((state.selected.as_deref(), state.link_text()), (Some(panel), before.clone()));
            assert!(!effects.iter().any(|one| matches!(one, Effect::Fragment(_))), "{effects:?}");
            let effects = state.apply(Action::Embed);
            let embedded = effects.iter().find_map(|one| match one {
                Effect::Post(Request::Draw { part: Part::Dialog, selected, .. }) => Some(selected.as_str()),
                _ => None,
            });
            assert_eq!(embedded, Some("embed:"));
            state.apply(Action::Close);
            assert_eq!(AppState::open(&format!("#{before}&s={panel}"), 0).selected, None, "nor does a link open one");
        }
        state.apply(Action::Choose("trust:forget".into()));
        let Some(Dialog::Drawn(dialog)) = &state.dialog else { panic!("{:?}", state.dialog) };
        assert_eq!((dialog.title, state.selected.as_deref()), ("Forget everything?", Some("audit")));
    }

    #[test]
    fn a_design_too_large_for_a_link_is_refused_kindly() {
        let mut state = open();
        (0..600).for_each(|_| drop(state.apply(Action::AddNode)));
        let effects = state.apply(Action::CopyLink);
        assert!(!effects.iter().any(|one| matches!(one, Effect::Copy(..))));
        assert!(state.notices.iter().any(|one| one.rule == "link-too-long"));
    }
}
