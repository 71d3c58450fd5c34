//! Texts that are read: designs, kubeadm YAML, lists of nodes.

use std::rc::Rc;

use kubepki_core::spec::link as design_link;
use kubepki_worker::{ParsedText, Request, TextFile};

use super::told::Pending;
use super::{AppState, Dialog, Effect};

impl AppState {
    pub(super) fn read_text(&mut self, effects: &mut Vec<Effect>) {
        let bytes = self.import.text.clone().into_bytes();
        self.read(vec![TextFile { name: String::new(), bytes }], effects);
    }

    /// Hands texts to the worker.
    pub(super) fn read(&mut self, files: Vec<TextFile>, effects: &mut Vec<Effect>) {
        self.hand_over(files, false, None, effects);
    }

    /// Hands a list of nodes to the worker; `left` of it stays to be mended.
    pub(super) fn read_nodes(&mut self, text: String, left: Option<String>, effects: &mut Vec<Effect>) {
        let file = TextFile { name: String::new(), bytes: text.into_bytes() };
        self.hand_over(vec![file], true, left, effects);
    }

    /// Takes what can be taken of a list of nodes that was refused.
    pub(super) fn take_good(&mut self, effects: &mut Vec<Effect>) {
        if let Some(good) = self.import.good.take() {
            self.read_nodes(good.taken, Some(good.left), effects);
        }
    }

    fn hand_over(&mut self, files: Vec<TextFile>, nodes_only: bool, left: Option<String>, effects: &mut Vec<Effect>) {
        self.import.dragged = false;
        self.settle(effects);
        let id = self.number();
        self.import.pending = Some(Pending { id, files: files.clone(), nodes_only, left, base: self.draft.clone() });
        let base = design_link::encode(&self.draft);
        self.ask(Request::Parse { id, files, base, nodes_only }, effects);
    }

    /// Reads once more what is being read: its answer does not come, or is about a design that has changed meanwhile.
    pub(super) fn read_again(&mut self, effects: &mut Vec<Effect>) {
        if let Some(Pending { files, nodes_only, left, .. }) = self.import.pending.take() {
            self.hand_over(files, nodes_only, left, effects);
        }
    }

    /// Asks the worker, which is started where it is not up.
    pub(super) fn ask(&self, request: Request, effects: &mut Vec<Effect>) {
        effects.push(Effect::Post(request));
        if !self.is_up() {
            effects.push(Effect::StartWorker);
        }
    }

    /// Says why files that were chosen or dropped are not read.
    pub(super) fn unread(&mut self, why: &str) {
        self.import.dragged = false;
        self.import.findings = ParsedText::refused(why).findings;
        self.import.refused = true;
    }

    /// What a text turned out to be: applied at once, as a step of its own; a refused one changes nothing.
    pub(super) fn parsed(&mut self, id: u32, text: ParsedText, effects: &mut Vec<Effect>) {
        let Some(pending) = self.import.pending.as_ref().filter(|pending| pending.id == id) else { return };
        if text.design.is_some() && *pending.base != *self.draft {
            // What was typed meanwhile is not undone by it.
            return self.read_again(effects);
        }
        let Some(pending) = self.import.pending.take() else { return };
        let draft = text.design.as_deref().map(design_link::decode);
        let refused = !matches!(draft, Some(Ok(_)));
        if let Some(Ok(draft)) = draft {
            self.settle(effects);
            if draft != *self.draft {
                self.set_draft(Rc::new(draft));
            }
            self.settle(effects);
            let changed = if *pending.base == *self.draft { "; it changes nothing" } else { "" };
            let left = if pending.left.is_some() { " The other lines are still in the list." } else { "" };
            self.say(["Read ", &text.kind, changed, ".", left].concat(), effects);
        }
        let import = &mut self.import;
        if pending.nodes_only && refused {
            (import.lines, import.good) = (text.findings, text.good);
            return;
        }
        (import.findings, import.kind, import.refused) = (text.findings, text.kind, refused);
        if pending.nodes_only {
            import.type_nodes(pending.left.unwrap_or_default());
            self.dialog.take_if(|dialog| *dialog == Dialog::Nodes);
        } else if !refused {
            import.text.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Action, Once};
    use kubepki_core::diag::{Diagnostic, Position};
    use kubepki_core::spec::preset::Preset;
    use kubepki_core::spec::{Draft, Field};
    use kubepki_worker::{Finding, GoodLines, Response};

    fn open() -> AppState {
        AppState::open("", 1_795_466_340)
    }

    fn asked(effects: &[Effect]) -> (u32, String) {
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::Post(Request::Parse { id, files, .. }) => {
                Some((*id, String::from_utf8_lossy(&files[0].bytes).into_owned()))
            }
            _ => None,
        });
        asked.unwrap_or_else(|| panic!("{effects:?}"))
    }

    fn answer(state: &mut AppState, id: u32, text: ParsedText) -> Vec<Effect> {
        state.apply(Action::Hear(Once::new(Response::Parsed { id, text }), 0.0))
    }

    fn read(design: Option<&Draft>, findings: Vec<Finding>) -> ParsedText {
        ParsedText { design: design.map(design_link::encode), findings, kind: "design file".into(), good: None }
    }

    fn at(line: u32) -> Finding {
        let diagnostic = Diagnostic::error("nodes-line", "nodes", "wrong").at(Position { line, column: 1 });
        Finding { file: String::new(), diagnostic }
    }

    #[test]
    fn an_import_is_applied_at_once_and_undoable_and_a_refused_one_changes_nothing() {
        let mut state = open();
        let effects =
            state.apply(Action::Files(Once::new(vec![TextFile { name: "a.yaml".into(), bytes: b"x".to_vec() }])));
        let Some(Effect::Post(Request::Parse { id, .. })) = effects.first() else { panic!("{effects:?}") };
        let (id, before) = (*id, state.draft.clone());
        let other = Preset::named("course").unwrap().draft();
        let text = |design| ParsedText { design, findings: Vec::new(), kind: "design file".into(), good: None };
        state.apply(Action::Hear(Once::new(kubepki_worker::Response::Parsed { id: id + 7, text: text(None) }), 0.0));
        assert!(state.import.pending.is_some(), "another text's answer");
        let response = kubepki_worker::Response::Parsed { id, text: text(Some(design_link::encode(&other))) };
        state.apply(Action::Hear(Once::new(response), 0.0));
        assert_eq!((*state.draft).clone(), other);
        state.apply(Action::Undo);
        assert_eq!(state.draft, before);
        state.import.text = "nonsense".into();
        state.apply(Action::ReadText);
        let response = kubepki_worker::Response::Parsed { id: id + 1, text: text(None) };
        state.apply(Action::Hear(Once::new(response), 0.0));
        assert!(state.import.refused && state.draft == before && state.import.text == "nonsense");
    }

    #[test]
    fn a_refused_list_stays_in_its_dialog_with_what_is_wrong_and_its_good_lines_can_be_taken() {
        let mut state = open();
        state.apply(Action::Show(Dialog::Nodes));
        state.apply(Action::TypeNodes("w-1 10.0.0.1\nlonely\nw-2 10.0.0.2\n".into()));
        let (id, _) = asked(&state.apply(Action::Confirm));
        assert_eq!(state.dialog, Some(Dialog::Nodes), "until it is known to be good");
        let good = GoodLines { count: 2, taken: "w-1 10.0.0.1\nw-2 10.0.0.2\n".into(), left: "lonely\n".into() };
        answer(&mut state, id, ParsedText { good: Some(good), ..read(None, vec![at(2)]) });
        assert_eq!((state.dialog.clone(), state.import.lines.len()), (Some(Dialog::Nodes), 1));
        assert!(state.import.findings.is_empty(), "it is said where the list is");
        let (id, text) = asked(&state.apply(Action::TakeGood));
        assert_eq!(text, "w-1 10.0.0.1\nw-2 10.0.0.2\n");
        let mut draft = (*state.draft).clone();
        draft.nodes.truncate(1);
        answer(&mut state, id, read(Some(&draft), Vec::new()));
        assert_eq!((state.dialog.clone(), state.draft.nodes.len()), (None, 1));
        assert_eq!((state.import.nodes.as_str(), state.import.lines.len()), ("lonely\n", 0), "what is left to mend");
    }

    #[test]
    fn marks_keep_to_their_lines_while_the_list_is_mended() {
        let mut state = open();
        state.import.nodes = "a\nb\nc\nd\n".into();
        state.import.lines = vec![at(1), at(2), at(4)];
        let lines = |state: &AppState| -> Vec<u32> {
            state.import.lines.iter().filter_map(|one| one.diagnostic.position).map(|at| at.line).collect()
        };
        state.apply(Action::TypeNodes("a\nbb\nc\nd\n".into()));
        assert_eq!(lines(&state), [1, 4], "a line that was changed is not known to be wrong");
        state.apply(Action::TypeNodes("a\nbb\nnew\nc\nd\n".into()));
        assert_eq!(lines(&state), [1, 5]);
        state.apply(Action::TypeNodes("a\nd\n".into()));
        assert_eq!(lines(&state), [1, 2]);
    }

    #[test]
    fn a_dialog_that_was_closed_takes_no_list() {
        let mut state = open();
        state.apply(Action::Show(Dialog::Nodes));
        state.apply(Action::TypeNodes("w-1 10.0.0.1\n".into()));
        let (id, _) = asked(&state.apply(Action::Confirm));
        state.apply(Action::Close);
        let (before, mut draft) = (state.draft.clone(), (*state.draft).clone());
        draft.nodes.clear();
        answer(&mut state, id, read(Some(&draft), Vec::new()));
        assert_eq!((&state.draft, state.import.nodes.as_str()), (&before, "w-1 10.0.0.1\n"));
    }

    #[test]
    fn what_was_typed_while_a_text_was_read_is_kept_and_the_text_is_read_against_it() {
        let mut state = open();
        state.import.text = "x".into();
        let (id, _) = asked(&state.apply(Action::ReadText));
        let before = (*state.draft).clone();
        state.apply(Action::Type("clusterName".into(), "typed-meanwhile".into()));
        let (again, text) = asked(&answer(&mut state, id, read(Some(&before), Vec::new())));
        assert_eq!((state.draft.text(Field::ClusterName), text.as_str()), ("typed-meanwhile", "x"));
        assert_ne!(again, id);
    }

    #[test]
    fn notes_on_a_text_go_with_the_next_edit_and_a_refusal_stays() {
        let mut state = open();
        let notice =
            Finding { file: String::new(), diagnostic: Diagnostic::notice("n", "", "1.37 is taken as 1.37.2") };
        let other = Preset::named("course").expect("a preset").draft();
        state.import.text = "x".into();
        let (id, _) = asked(&state.apply(Action::ReadText));
        answer(&mut state, id, read(Some(&other), vec![notice]));
        assert_eq!(state.import.findings.len(), 1);
        state.apply(Action::Preset("single"));
        assert!(state.import.findings.is_empty());
        state.import.text = "x".into();
        let (id, _) = asked(&state.apply(Action::ReadText));
        answer(&mut state, id, read(None, vec![at(1)]));
        state.apply(Action::Preset("course"));
        assert!(state.import.refused && state.import.findings.len() == 1);
    }
}
