//! What can happen, and what the browser is then asked to do.

use std::cell::Cell;
use std::rc::Rc;

use kubepki_core::spec::FieldKind;
use kubepki_core::view::{Selection, ViewId};
use kubepki_worker::{Request, Response, TextFile};

use super::{Dialog, Saved, WorkerState};

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// A text was typed or chosen at a field's path.
    Type(String, String),
    /// Half a second has passed since the edit of this number.
    Rested(u32),
    /// The field at a path got the focus; empty for what is no field.
    Enter(String),
    /// A field was left, or Enter pressed in it.
    Leave,
    /// What stands at a path is to be removed.
    Remove(String),
    /// A node is to be added.
    AddNode,
    /// A preset was chosen.
    Preset(&'static str),
    /// One step back.
    Undo,
    /// One step forward.
    Redo,
    /// Back to the design that was issued.
    BackToIssued,
    /// A link was put into the address bar.
    Link(String),

    /// A view's tab was chosen.
    Open(ViewId),
    /// Something was selected, or nothing.
    Select(Option<Selection>),
    /// Choose a thing by its name in links: show it, or what is told about it.
    Choose(String),
    /// Select a thing by its name in links where it stands; nothing for an empty name.
    Pick(String),
    /// What a button of a drawing does, by its `data-act`.
    Act(String),
    /// What came of that: lines `way=directive`, without a directive where nothing stopped it.
    Leaks(String),
    /// The same thing as the selected one is to be selected on the node of this name.
    SelectSibling(String),
    /// Something is to be selected and shown in its view.
    GoTo(Selection),
    /// The stack of this id was folded or unfolded.
    Fold(String),
    /// A page of a long list was chosen, as `Pager::turned` reads it.
    Turn(String),
    /// Something was typed into the search.
    Query(String),
    /// The arrow keys moved through the hits, by so many.
    MoveHit(isize),
    /// The hit that the arrow keys are at is to be gone to.
    TakeHit,
    /// Explain what is searched for as a message of a component.
    Explain,
    /// The theme's button was pressed, while the system is dark or not.
    Theme {
        /// Whether the system is dark.
        system_dark: bool,
    },
    /// A pane is to be in front, on narrow pages.
    Front(Pane),
    /// The field at a path, or the element of an id, is to be shown and focused.
    Focus(String),

    /// The machine's clock, Unix seconds.
    Tick(i64),
    /// An issue time was typed; empty for the machine's.
    TypeTime(String),
    /// Generate was pressed.
    Generate,
    /// Cancel was pressed.
    Cancel,
    /// The worker has not stopped for too long after Cancel.
    GiveUp(u32),
    /// An export is wanted, by its name in `kubepki_core::view::export`.
    Export(String),
    /// The export of a number, by its name, was handed to the browser.
    Exported(u32, String, Saved),
    /// Making keys ahead was switched.
    KeysAhead(bool),
    /// The page was touched for the first time.
    Touched,
    /// The tab became visible or hidden.
    Visible(bool),
    /// The worker's state changed.
    Worker(WorkerState),
    /// The network is locked.
    Locked,
    /// The worker is to be started again.
    Restart,
    /// The worker said something, at this time of the browser's clock in milliseconds.
    Hear(Once<Response>, f64),

    /// Something was typed into the import's text area.
    TypeImport(String),
    /// Something was typed into the list of nodes.
    TypeNodes(String),
    /// The import's text is to be read.
    ReadText,
    /// The good lines of a list of nodes that was refused are to be taken.
    TakeGood,
    /// Files were chosen or dropped.
    Files(Once<Vec<TextFile>>),
    /// Files were chosen or dropped that are not read: why.
    Unread(String),
    /// Files are being dragged over the page, or no longer.
    Dragged(bool),
    /// The import's findings are to go.
    DismissImport,
    /// A notice is to go.
    Dismiss(usize),

    /// A dialog is to open.
    Show(Dialog),
    /// The dialog was closed.
    Close,
    /// The dialog's confirming button was pressed.
    Confirm,
    /// The link is wanted.
    CopyLink,
    /// A text is to be copied; the first says what it is.
    Copy(&'static str, String),
    /// A text could not be copied by the browser.
    NotCopied(&'static str, String),
    /// A text is to be saved as a file of this name.
    SaveText(String, String),
    /// The picture is to be saved.
    SavePicture,
    /// What is on screen is to be put into another page.
    Embed,
    /// The design is to be saved.
    SaveDesign,
    /// A short word is to be shown.
    Say(String),
    /// The short word of this number has been shown long enough.
    Hush(u32),
}

/// A value that whoever acts on it takes, once. Every element that does something has a copy of its action; of what the
/// worker says and of files there is never a second one to make.
pub(crate) struct Once<T>(Rc<Cell<Option<T>>>);

impl<T> Once<T> {
    /// A value, not taken yet.
    pub(crate) fn new(value: T) -> Self {
        Self(Rc::new(Cell::new(Some(value))))
    }

    /// The value; nothing from the second time on.
    pub(crate) fn take(&self) -> Option<T> {
        self.0.take()
    }
}

impl<T> Clone for Once<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> std::fmt::Debug for Once<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Once")
    }
}

/// What the browser is asked to do.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// Send to the worker, when it is up.
    Post(Request),
    /// Let this happen after so many milliseconds.
    Later(i32, Action),
    /// Put this into the address bar.
    Fragment(String),
    /// Copy this text; the first says what it is.
    Copy(&'static str, String),
    /// Save this text as a file of this name.
    Save(String, String),
    /// Show and focus the element of this test id.
    Focus(String),
    /// Show the selected thing.
    Reveal,
    /// Show the guide from its top.
    GuideTop,
    /// Set the theme.
    Theme(Theme),
    /// Keep on this device what was learned.
    Keep(String),
    /// Try every way to a network.
    TestLeaks,
    /// Ask before the tab is closed, or no longer.
    Guard(bool),
    /// Stop the worker.
    StopWorker,
    /// Release the file that was saved last.
    Release,
    /// Start the worker, fetching it first where that has not been done.
    StartWorker,
}

/// A pane, where only one has room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    /// The design.
    Design,
    /// The picture.
    Picture,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system is.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The word in `data-theme`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The next one: first what the system is not, then what it is, then the system's again.
    pub(crate) fn next(self, system_dark: bool) -> Self {
        match (self, system_dark) {
            (Self::System, true) | (Self::Dark, false) => Self::Light,
            (Self::System, false) | (Self::Light, true) => Self::Dark,
            (Self::Light, false) | (Self::Dark, true) => Self::System,
        }
    }
}

/// Whether a field's choice is settled as soon as it is made.
pub(crate) fn is_choice(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Choice(_) | FieldKind::ChoiceList(_))
}
