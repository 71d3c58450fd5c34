//! Exports: each is told apart by its number, and is of the PKI that it was begun for, whatever is made meanwhile.

use kubepki_core::diag::Diagnostic;
use kubepki_core::view::export::EXPORT;
use kubepki_worker::Request;

use super::{AppState, Effect, Saved};

impl AppState {
    /// Exports, after asking; a file that gives nobody power over the cluster at once.
    pub(super) fn export(&mut self, what: &str, effects: &mut Vec<Effect>) {
        let Some(issued) = self.issued() else { return };
        let file = what.strip_prefix("file=").and_then(|index| issued.plan.files.get(index.parse::<usize>().ok()?));
        match file {
            Some(file) if !(issued.plan.certs[file.content.cert].row.is_ca() && file.content.holding.is_secret()) => {
                self.pack(&[what, "?open"].concat(), effects);
            }
            _ => self.ask_dialog([EXPORT, what].concat(), effects),
        }
    }

    /// Has the worker make an export, behind those that it is asked for already; a dialog begins one at a time.
    pub(super) fn pack(&mut self, what: &str, effects: &mut Vec<Effect>) {
        let issued = self.issued().map(|issued| issued.pki);
        let (pki, busy) = match self.drawn_dialog() {
            Some(dialog) => (dialog.pki, dialog.export.is_some()),
            None => (issued.unwrap_or_default(), false),
        };
        if busy || !self.pkis.contains(&pki) {
            return;
        }
        let id = self.number();
        effects.push(Effect::Post(Request::Export { id, pki, what: what.to_owned() }));
        let told =
            if self.exports.is_empty() { "Packing…" } else { "It begins when the export before it is done…" };
        self.exports.push(id);
        if let Some(dialog) = self.drawn_dialog() {
            dialog.export = Some(id);
        }
        self.tell(id, told.to_owned(), false, effects);
    }

    /// Says something where the user looks: in the dialog whose question or export it is, or of an export below the page. A
    /// question whose dialog is closed has nobody to be told.
    pub(super) fn tell(&mut self, id: u32, told: String, ended: bool, effects: &mut Vec<Effect>) {
        let exports = self.exports.len();
        self.exports.retain(|export| !ended || *export != id);
        let failed = self.exports.len() < exports;
        let is_export = failed || self.exports.contains(&id);
        match self.drawn_dialog().filter(|dialog| [dialog.secret, dialog.export].contains(&Some(id))) {
            Some(dialog) => {
                dialog.told = told;
                dialog.export = dialog.export.filter(|export| !ended || *export != id);
            }
            None if failed => self.notices.push(Diagnostic::warning("export", "", told)),
            None if is_export => self.say(told, effects),
            None => {}
        }
    }

    /// An export was handed to the browser.
    pub(super) fn exported(&mut self, id: u32, what: &str, saved: Saved, effects: &mut Vec<Effect>) {
        self.exports.retain(|export| *export != id);
        if let Some(issued) = self.pkis.get_mut(&saved.pki) {
            issued.note_export(what);
        }
        if self.drawn_dialog().is_some_and(|dialog| dialog.export == Some(id)) {
            self.dialog = None;
        }
        let current = self.history.pki() == Some(saved.pki);
        let other = if current { "" } else { ", of another PKI than this one" };
        self.say(["Handed to the browser: ", &saved.name, other].concat(), effects);
        self.saved = Some(saved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::support::{drawings, hear, issue, saved, up};
    use crate::state::{Action, Dialog};
    use kubepki_worker::Response;

    /// The numbers of the exports that are asked for, with the PKI and the name of each.
    fn packed(effects: &[Effect]) -> Vec<(u32, u32, String)> {
        let of = |effect: &Effect| match effect {
            Effect::Post(Request::Export { id, pki, what }) => Some((*id, *pki, what.clone())),
            _ => None,
        };
        effects.iter().filter_map(of).collect()
    }

    fn file(state: &AppState, end: &str) -> String {
        let files = &state.plan.as_ref().unwrap().files;
        format!("file={}", files.iter().position(|file| file.path.ends_with(end)).unwrap())
    }

    fn told(state: &AppState) -> &str {
        match &state.dialog {
            Some(Dialog::Drawn(dialog)) => &dialog.told,
            other => panic!("{other:?}"),
        }
    }

    /// Opens the dialog of an export, and begins it.
    fn begin(state: &mut AppState, what: &str) -> u32 {
        state.apply(Action::Export(what.into()));
        let begun = packed(&state.apply(Action::Act(format!("export:{what}?open"))));
        begun[0].0
    }

    fn is_exported(state: &AppState, pki: u32) -> bool {
        state.pkis.get(&pki).is_some_and(|issued| issued.exported)
    }

    #[test]
    fn what_is_exported_is_asked_about_but_a_file_that_gives_nobody_power() {
        let mut state = up();
        issue(&mut state, 1);
        assert!(state.is_precious());
        let open = file(&state, "/apiserver.key");
        assert_eq!(packed(&state.apply(Action::Export(open.clone())))[0].2, format!("{open}?open"));
        for asked in ["whole".to_owned(), "node=w-1".to_owned(), file(&state, "/ca.key")] {
            state.dialog = None;
            let effects = state.apply(Action::Export(asked));
            assert!(packed(&effects).is_empty() && !drawings(&effects).is_empty());
            let Some(Dialog::Drawn(dialog)) = &state.dialog else { panic!("no dialog") };
            assert_eq!((dialog.title, &*dialog.lines), ("Export", ""), "until the worker has drawn it");
        }
    }

    #[test]
    fn what_is_wrong_with_a_lock_is_said_and_the_dialog_stays() {
        let mut state = up();
        issue(&mut state, 1);
        let id = begin(&mut state, "whole");
        hear(&mut state, Response::Told { id, told: "The passphrase is empty.".into(), ended: true });
        assert_eq!(told(&state), "The passphrase is empty.");
        let [(again, ..)] = packed(&state.apply(Action::Act("export:whole?open".into())))[..] else {
            panic!("not begun")
        };
        let effects = state.apply(Action::Exported(again, "whole?open".into(), saved(1)));
        assert!(!state.is_precious() && effects.iter().any(|one| matches!(one, Effect::Guard(false))));
        assert_eq!(state.dialog, None);
    }

    #[test]
    fn both_halves_are_a_whole() {
        let mut state = up();
        issue(&mut state, 1);
        state.apply(Action::Exported(1, "ca-keys?own".into(), saved(1)));
        assert!(state.is_precious());
        state.apply(Action::Exported(2, "without-ca-keys?open".into(), saved(1)));
        assert!(!state.is_precious());
    }

    #[test]
    fn an_export_that_ends_after_another_pki_was_made_is_of_the_one_it_was_begun_for() {
        let mut state = up();
        issue(&mut state, 1);
        let id = begin(&mut state, "whole");
        state.apply(Action::Close);
        issue(&mut state, 2);
        state.apply(Action::Exported(id, "whole?open".into(), saved(1)));
        assert!(is_exported(&state, 1) && !is_exported(&state, 2) && state.is_precious());
        assert!(state.said.contains("another PKI"), "{}", state.said);
        state.apply(Action::Undo);
        assert!(!state.is_precious(), "that of the first PKI, which undo brings back");
    }

    #[test]
    fn a_dialog_exports_the_pki_that_it_was_opened_for() {
        let mut state = up();
        issue(&mut state, 1);
        state.apply(Action::Generate);
        state.apply(Action::Confirm);
        state.apply(Action::Export("whole".into()));
        hear(&mut state, Response::Issued { pki: 2, milliseconds: 1, facts: Vec::new() });
        let begun = packed(&state.apply(Action::Act("export:whole?open".into())));
        assert_eq!((begun[0].1, state.issued().map(|issued| issued.pki)), (1, Some(2)));
    }

    #[test]
    fn a_second_export_is_made_behind_the_first_and_each_ends_for_itself() {
        let mut state = up();
        issue(&mut state, 1);
        let first = begin(&mut state, "whole");
        assert_eq!(told(&state), "Packing…");
        assert!(packed(&state.apply(Action::Act("export:whole?open".into()))).is_empty(), "one press, one file");
        state.apply(Action::Close);
        let second = begin(&mut state, "node=w-1");
        assert!(told(&state).contains("the export before it"), "{}", told(&state));
        hear(&mut state, Response::Told { id: first, told: "Encrypting: 3 of 40 files…".into(), ended: false });
        assert!(told(&state).contains("the export before it"), "the other's progress is not this one's");
        assert_eq!(state.said, "Encrypting: 3 of 40 files…");
        state.apply(Action::Exported(first, "whole?open".into(), saved(1)));
        assert!(state.dialog.is_some(), "the dialog is of the second");
        state.apply(Action::Exported(second, "node=w-1?open".into(), saved(1)));
        assert_eq!(state.dialog, None);
        // One that cannot be, with its dialog closed, is not passed over.
        let third = begin(&mut state, "node=w-1");
        state.apply(Action::Close);
        hear(&mut state, Response::Told { id: third, told: "No room.".into(), ended: true });
        assert!(state.notices.iter().any(|notice| notice.message == "No room."));
    }

    #[test]
    fn what_is_said_of_a_passphrase_is_of_the_last_one_typed() {
        let mut state = up();
        issue(&mut state, 1);
        state.apply(Action::Export("whole".into()));
        let asked = |effects: &[Effect]| {
            effects.iter().find_map(|one| match one {
                Effect::Post(Request::Secret { id, .. }) => Some(*id),
                _ => None,
            })
        };
        let [first, last] = ["secret:weigh-scrypt"; 2].map(|ask| asked(&state.apply(Action::Act(ask.into()))).unwrap());
        let weak = Response::Told { id: first, told: "Weak.".into(), ended: true };
        hear(&mut state, Response::Told { id: last, told: "Strong.".into(), ended: true });
        hear(&mut state, weak.clone());
        assert_eq!(told(&state), "Strong.");
        // Nor is it said in the dialog of something else.
        state.apply(Action::Close);
        state.apply(Action::Export("node=w-1".into()));
        hear(&mut state, weak);
        assert_eq!(told(&state), "");
    }
}
