//! Everything the page knows, and how it changes: pure, without a browser, tested natively.
//!
//! ```text
//! event ──▶ Action ──apply──▶ AppState, Effects ──▶ drawing; worker, clipboard, address bar
//! ```

mod action;
mod apply;
mod clock;
mod derived;
mod design;
mod dialog;
mod difference;
mod exporting;
mod fields;
mod history;
mod importing;
mod issue;
mod keys;
mod lab;
mod making;
mod nodes;
mod phase;
#[cfg(test)]
mod support;
mod told;
mod wanted;

use std::rc::Rc;

use kubepki_core::Plan;
use kubepki_core::diag::Diagnostic;
use kubepki_core::sorted::{SortedMap, SortedSet};
use kubepki_core::spec::Draft;
use kubepki_core::spec::link::to_link;
use kubepki_core::spec::preset::Preset;
use kubepki_core::view::search::Hit;
use kubepki_core::view::selection::{TABLE, TIME, is_panel};
use kubepki_core::view::{Selection, ViewId, address};

pub(crate) use action::{Action, Effect, Once, Pane, Theme};
pub(crate) use clock::{Clock, minute};
pub(crate) use derived::Derived;
pub(crate) use dialog::{Dialog, DrawnDialog};
pub(crate) use difference::{Difference, differences};
pub(crate) use fields::{SECTIONS, label, words};
pub(crate) use history::History;
pub(crate) use issue::{Activity, Issued, Work};
pub(crate) use keys::{KeysAhead, target as keys_target};
pub(crate) use kubepki_core::view::Pager;
pub(crate) use phase::Phase;
pub(crate) use told::{Import, Saved, WorkerState, too_much};
use wanted::{Drawings, Wanted};

/// The preset of a first visit.
pub(crate) const FIRST: &str = "ha-stacked";

/// The whole state of the page.
pub(crate) struct AppState {
    /// The design as it is being typed.
    pub(crate) draft: Rc<Draft>,
    /// Earlier and later designs, and the PKI that belongs to each.
    pub(crate) history: History,
    /// What follows from the draft.
    pub(crate) derived: Rc<Derived>,
    /// The last plan without errors: what the picture shows.
    pub(crate) plan: Option<Rc<Plan>>,
    /// One sentence on the field that has the focus; empty when none has.
    pub(crate) help: &'static str,
    /// The view that is open.
    pub(crate) view: ViewId,
    /// What is selected, as text that outlives a change of plan.
    pub(crate) selected: Option<String>,
    /// The same in [`AppState::plan`], where it is there.
    pub(crate) selection: Option<Selection>,
    /// What the worker draws: views that the page does not draw itself, what is told of the selected thing, guides.
    pub(crate) drawings: Drawings,
    /// Counts the questions to the worker, so that each answer is told apart by its number.
    questions: u32,
    /// The numbers of the exports that have not come yet.
    exports: Vec<u32>,
    /// What guides through it all, by its name in links; empty for nothing.
    pub(crate) guide: String,
    /// The lab that is being worked on: its cluster is on screen, not the user's.
    pub(crate) lab: Option<lab::Lab>,
    /// Whether another place of the guide is awaited, to be shown from its top.
    turned: bool,
    /// The lessons and labs that were finished on this device, with commas between them.
    learned: String,
    /// What the leak test found, lines `way=directive`; empty until it ran.
    pub(crate) leaks: String,
    /// Ids of the stacks that are unfolded.
    pub(crate) unfolded: Rc<SortedSet<&'static str>>,
    /// The page shown of each long list.
    pub(crate) pages: Rc<SortedMap<Pager, usize>>,
    /// What is typed into the search.
    pub(crate) query: String,
    /// What it finds.
    pub(crate) hits: Rc<Vec<Hit>>,
    /// The hit that the arrow keys are at.
    pub(crate) hit: usize,
    /// Light, dark or as the system is.
    pub(crate) theme: Theme,
    /// On narrow pages: which pane is in front.
    pub(crate) pane: Pane,
    /// The time of issuing.
    pub(crate) clock: Clock,
    /// What is being done, or how it ended.
    pub(crate) activity: Activity,
    /// Issued PKIs by number.
    pub(crate) pkis: SortedMap<u32, Issued>,
    /// How the worker is.
    pub(crate) worker: WorkerState,
    /// Whether the network is locked.
    pub(crate) locked: bool,
    /// Keys made ahead.
    pub(crate) keys: KeysAhead,
    /// The import.
    pub(crate) import: Import,
    /// What there is to say about the page itself, dismissed one by one.
    pub(crate) notices: Vec<Diagnostic>,
    /// A short word on what just happened.
    pub(crate) said: String,
    /// The last file that was handed to the browser.
    pub(crate) saved: Option<Saved>,
    /// The dialog that is open.
    pub(crate) dialog: Option<Dialog>,
    /// Counts edits, so that a timer knows whether it is the last one's.
    edits: u32,
    /// Counts what is said, for the same reason.
    words: u32,
    /// The number of the next PKI.
    next_pki: u32,
    /// The fragment last written to the address bar.
    fragment: String,
}

impl AppState {
    /// The state on opening the page: the design in the address bar's fragment, or the first visit's.
    pub(crate) fn open(fragment: &str, now: i64) -> Self {
        let first = Preset::named(FIRST).map(Preset::draft).unwrap_or_default();
        let mut link = address::read(fragment);
        let draft = Rc::new(link.draft.take().unwrap_or(first));
        let derived = Rc::new(Derived::of(&draft, now));
        let mut state = Self {
            history: History::new(draft.clone()),
            plan: derived.plan.clone(),
            derived,
            draft,
            help: "",
            view: ViewId::Hierarchy,
            selected: None,
            selection: None,
            drawings: Drawings::default(),
            questions: 0,
            exports: Vec::new(),
            guide: String::new(),
            lab: None,
            turned: false,
            learned: String::new(),
            leaks: String::new(),
            unfolded: Rc::default(),
            pages: Rc::default(),
            query: String::new(),
            hits: Rc::default(),
            hit: 0,
            theme: Theme::System,
            pane: Pane::Picture,
            clock: Clock::new(now),
            activity: Activity::Idle,
            pkis: SortedMap::default(),
            worker: WorkerState::Loading,
            locked: false,
            keys: KeysAhead::default(),
            import: Import::default(),
            notices: link.notice.take().into_iter().collect(),
            said: String::new(),
            saved: None,
            dialog: None,
            edits: 0,
            words: 0,
            next_pki: 1,
            fragment: String::new(),
        };
        state.follow(link);
        state.fragment = state.link_text();
        state
    }

    /// The same, with what was learned on this device before.
    pub(crate) fn learned(mut self, learned: String) -> Self {
        self.learned = learned;
        self
    }

    /// The PKI that belongs to the design's history, issued from it or from an earlier design.
    fn own(&self) -> Option<&Issued> {
        self.pkis.get(&self.history.pki()?)
    }

    /// The same as far as it has to do with what is on screen: nothing in a lab.
    pub(crate) fn issued(&self) -> Option<&Issued> {
        self.own().filter(|_| self.lab.is_none())
    }

    /// Whether that PKI was issued from the design as it stands.
    pub(crate) fn is_current(&self) -> bool {
        self.issued().is_some_and(|issued| issued.draft == self.draft)
    }

    /// What is selected as others may be shown it: a panel of the page itself is nobody else's.
    pub(crate) fn shared(&self) -> &str {
        self.selected.as_deref().filter(|text| !is_panel(text)).unwrap_or_default()
    }

    /// The fragment that reopens the settled design with view and selection; empty where the design is too large.
    pub(crate) fn link_text(&self) -> String {
        let design = to_link(self.history.draft()).ok();
        let selected = self.shared();
        design.map(|design| address::write(Some(&design), self.view, selected, &self.guide)).unwrap_or_default()
    }

    /// Why the design cannot be put into a link; nothing when it can.
    pub(crate) fn link_error(&self) -> Option<String> {
        to_link(self.history.draft()).err().map(|error| error.to_string())
    }

    /// What the worker tells about the selected thing; nothing where the page does.
    pub(crate) fn sheet(&self) -> Option<&str> {
        self.drawings.sheet().filter(|_| self.selected.is_some())
    }

    /// Whether something is selected that is told of, not only how a view is looked at.
    pub(crate) fn is_told(&self) -> bool {
        let looks = |text: &str| [TABLE, TIME].iter().any(|how| text.starts_with(how));
        self.selected.as_deref().is_some_and(|text| !looks(text))
    }

    /// Whether a drawing is awaited.
    pub(crate) fn is_drawing(&self) -> bool {
        self.drawings.is_awaited()
    }

    /// A part of what the worker drew: the view, what it tells, the guide; nothing where that is empty.
    pub(crate) fn drawn(&self, part: usize) -> Option<&str> {
        self.drawings.part(part)
    }

    /// The number of the next question to the worker.
    fn number(&mut self) -> u32 {
        self.questions += 1;
        self.questions
    }

    /// The page shown of a long list.
    pub(crate) fn page(&self, pager: Pager) -> usize {
        self.pages.get(&pager).copied().unwrap_or_default()
    }

    /// Finds the selected thing in the plan.
    fn resolve_selection(&mut self) {
        self.selection = match (&self.plan, &self.selected) {
            (Some(plan), Some(text)) => Selection::from_text(plan, text),
            _ => None,
        };
    }
}
