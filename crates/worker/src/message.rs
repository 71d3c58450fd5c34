//! What page and worker say to each other: plain values. [`crate::wire`] turns them into the flat lists that travel.

use kubepki_core::diag::Diagnostic;
use kubepki_core::facts::CertFacts;
use kubepki_core::view::ViewId;
use kubepki_core::view::act::Ask;

/// A text the user dropped, chose or pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    /// Its file name; empty when it was pasted.
    pub name: String,
    /// Its bytes, right or wrong as UTF-8.
    pub bytes: Vec<u8>,
}

/// How many keys of which algorithm a plan needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyNeed {
    /// The algorithm's word, such as `RSA-2048`.
    pub algorithm: String,
    /// How many.
    pub count: u32,
}

/// Stands between the parts of what the page draws: view, sheet and guide, or what is above and below in a dialog.
pub const PARTS: char = '\u{c}';

/// What of the page is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The view, what is told about the selected thing, and the guide.
    Page,
    /// The dialog that `selected` names: what stands above what the page itself says in it, and what stands below.
    Dialog,
}

/// What the page asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Read designs, kubeadm YAML or node lists. Answered by [`Response::Parsed`].
    Parse {
        /// Chosen by the page, repeated in the answer.
        id: u32,
        /// The texts; several kubeadm files describe one cluster together.
        files: Vec<TextFile>,
        /// The design as it stands (link text): what the texts do not say stays.
        base: String,
        /// Whether the texts are node lists, to be put into `base`.
        nodes_only: bool,
    },
    /// Keys that will probably be needed; made at low priority. An empty list drops what was made.
    Prepare {
        /// All that the plan needs, CA keys first.
        needs: Vec<KeyNeed>,
    },
    /// Whether the tab is visible: keys are made ahead only while it is.
    Visible(bool),
    /// Issue a design. Answered by [`Response::Progress`]es and one of [`Response::Issued`], [`Response::Failed`],
    /// [`Response::Cancelled`].
    Issue {
        /// Chosen by the page; also the name under which the worker keeps the PKI.
        pki: u32,
        /// The design, as link text.
        design: String,
        /// The issue time, Unix seconds.
        now: i64,
    },
    /// Stop the issuing of this PKI.
    Cancel {
        /// Which.
        pki: u32,
    },
    /// Facts of certificates of an issued PKI. Answered by [`Response::Facts`].
    Facts {
        /// Which.
        pki: u32,
        /// Indexes into `Plan::certs`.
        certs: Vec<u32>,
    },
    /// Make an archive or a file; one after the other, in the order in which they were asked for. Answered by
    /// [`Response::Exported`]; before that, or instead, by [`Response::Told`]s. What was typed to lock it with is no part of
    /// this value: the message carries it in its property `secret`.
    Export {
        /// Chosen by the page, repeated in the answers.
        id: u32,
        /// Which.
        pki: u32,
        /// What of it, under which lock: `kubepki_core::view::export`.
        what: String,
    },
    /// Draw a passphrase, or say what the one in the message's property `secret` is worth or whether those are recipients.
    /// Answered by [`Response::Told`].
    Secret {
        /// Chosen by the page, repeated in the answer.
        id: u32,
        /// Which of these.
        ask: Ask,
    },
    /// Wipe an issued PKI that nothing can bring back any more.
    Forget {
        /// Which.
        pki: u32,
    },
    /// Wipe every key and PKI, and look whether this worker's memory still holds any. Answered by
    /// [`Response::Forgotten`].
    ForgetAll,
    /// Draw what the page does not draw itself. Answered by [`Response::Drawn`].
    Draw {
        /// Chosen by the page, repeated in the answer.
        id: u32,
        /// What of the page.
        part: Part,
        /// The design, as link text.
        design: String,
        /// The PKI that was issued from this design, whose public halves a drawing may show; 0 for none.
        pki: u32,
        /// The view that is open.
        view: ViewId,
        /// What is selected, by its name in links; empty for nothing.
        selected: String,
        /// What guides through it, by its name in links; empty for nothing.
        guide: String,
    },
    /// Write a design file, or a picture of one of the design's views as SVG. Answered by [`Response::Written`].
    Write {
        /// The name to save it under, repeated in the answer.
        name: String,
        /// The design, as link text; for a design file it may have errors.
        design: String,
        /// The PKI that was issued from this design; 0 for none.
        pki: u32,
        /// The view to picture; nothing for the design file.
        picture: Option<ViewId>,
    },
}

/// Why the worker that reads, writes and draws gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// It took longer than [`LIMIT_SECONDS`] and was stopped.
    TooLong,
    /// Anything else, in a sentence.
    Failed(String),
}

/// Seconds that the worker that reads, writes and draws may take for one call. What parses texts from outside may meet one
/// that was made to be slow.
pub const LIMIT_SECONDS: u32 = 5;

impl Request {
    /// What is said where the worker that reads, writes and draws gave no answer; nothing for what it is not asked.
    pub fn unanswered(&self, why: Unanswered) -> Option<Response> {
        let doing = match self {
            Self::Parse { .. } => "Reading this text",
            Self::Draw { part: Part::Page, .. } => "Drawing this",
            Self::Draw { part: Part::Dialog, .. } => "Drawing this dialog",
            Self::Write { .. } => "Writing this file",
            _ => return None,
        };
        let why = match why {
            Unanswered::TooLong => {
                [doing, " took longer than five seconds and was stopped. Nothing else was changed."].concat()
            }
            Unanswered::Failed(why) => why,
        };
        Some(match self {
            Self::Parse { id, .. } => Response::Parsed { id: *id, text: ParsedText::refused(&why) },
            Self::Draw { id, .. } => Response::Drawn { id: *id, text: Err(why) },
            Self::Write { name, .. } => Response::Written { name: name.clone(), text: Err(why) },
            _ => return None,
        })
    }
}

/// A finding in a text, with the file it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file's name; empty when it was pasted.
    pub file: String,
    /// The finding, with its position in the file.
    pub diagnostic: Diagnostic,
}

/// What a text turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedText {
    /// The design (link text); nothing when it was refused.
    pub design: Option<String>,
    /// Everything there is to say about it.
    pub findings: Vec<Finding>,
    /// What was read, for people: `kubeadm configuration (v1beta4)`, `design file`, `list of 12 nodes`.
    pub kind: String,
    /// What of a list of nodes can be taken where it was refused.
    pub good: Option<GoodLines>,
}

/// The two parts of a list of nodes of which some lines are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodLines {
    /// How many nodes the good lines name.
    pub count: u32,
    /// The good lines.
    pub taken: String,
    /// The others.
    pub left: String,
}

impl ParsedText {
    /// Texts that could not be read at all, and why.
    pub fn refused(why: &str) -> Self {
        let diagnostic = Diagnostic::error("design-unreadable", "", why);
        Self {
            design: None,
            findings: vec![Finding { file: String::new(), diagnostic }],
            kind: String::new(),
            good: None,
        }
    }
}

/// What the worker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// It is up. `webcrypto` tells whether RSA is done by the platform.
    Ready {
        /// Whether `crypto.subtle` is there.
        webcrypto: bool,
    },
    /// The answer to [`Request::Parse`].
    Parsed {
        /// The request's id.
        id: u32,
        /// What was read.
        text: ParsedText,
    },
    /// Keys made ahead.
    KeysReady {
        /// Ready now.
        ready: u32,
        /// As many as will be made.
        target: u32,
    },
    /// How far issuing is.
    Progress {
        /// Which.
        pki: u32,
        /// Certificates and keys done.
        done: u32,
        /// All there are.
        total: u32,
        /// What it is doing: `keys`, `signatures`, `reading back`.
        step: String,
    },
    /// Issued, read back and verified.
    Issued {
        /// Which.
        pki: u32,
        /// How long it took, in milliseconds.
        milliseconds: u32,
        /// Facts of the first certificates (at most 100), with their indexes in `Plan::certs`.
        facts: Vec<(u32, CertFacts)>,
    },
    /// The answer to [`Request::Facts`].
    Facts {
        /// Which.
        pki: u32,
        /// Facts by index.
        facts: Vec<(u32, CertFacts)>,
    },
    /// An export is finished; the message carries the bytes beside this value, as an array of `Uint8Array` or `Blob`
    /// in its property `parts`.
    Exported {
        /// The request's id.
        id: u32,
        /// Which.
        pki: u32,
        /// What, as it was asked for.
        what: String,
        /// Name of the file to save.
        name: String,
    },
    /// How far an export is, why it cannot be, or the answer to [`Request::Secret`]; a passphrase that was drawn comes in the
    /// message's property `secret`.
    Told {
        /// The request's id.
        id: u32,
        /// For people. Never holds a secret.
        told: String,
        /// Whether nothing follows: the question is answered, or the export cannot be.
        ended: bool,
    },
    /// Cancelled as asked; nothing was kept.
    Cancelled {
        /// Which.
        pki: u32,
    },
    /// It could not be done; nothing was kept.
    Failed {
        /// Which, when it concerns one.
        pki: Option<u32>,
        /// What went wrong and what to do, for people. Never holds a secret.
        message: String,
    },
    /// The answer to [`Request::ForgetAll`]: what was wiped and what was found, a sentence or two.
    Forgotten {
        /// For people.
        told: String,
    },
    /// The answer to [`Request::Draw`].
    Drawn {
        /// The request's id.
        id: u32,
        /// The lines of the parts, with [`PARTS`] between them, or a sentence why there are none.
        text: Result<String, String>,
    },
    /// The answer to [`Request::Write`].
    Written {
        /// The request's name.
        name: String,
        /// The text, or a sentence why there is none.
        text: Result<String, String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_asked_and_took_too_long_is_answered_for_in_a_sentence() {
        let draw = |id, part| Request::Draw {
            id,
            part,
            design: String::new(),
            pki: 0,
            view: ViewId::Connections,
            selected: String::new(),
            guide: String::new(),
        };
        let said = |request: Request| match request.unanswered(Unanswered::TooLong) {
            Some(Response::Parsed { id: 7, text }) => text.findings[0].diagnostic.message.clone(),
            Some(Response::Drawn { id: 7, text: Err(why) }) => why,
            Some(Response::Written { name, text: Err(why) }) if name == "a.svg" => why,
            other => panic!("{other:?}"),
        };
        let parse = Request::Parse { id: 7, files: Vec::new(), base: String::new(), nodes_only: false };
        let write = Request::Write { name: "a.svg".into(), design: String::new(), pki: 0, picture: None };
        for (request, begin) in [
            (parse, "Reading this text took longer than five seconds and was stopped."),
            (draw(7, Part::Page), "Drawing this took longer"),
            (draw(7, Part::Dialog), "Drawing this dialog took longer"),
            (write, "Writing this file took longer"),
        ] {
            let said = said(request);
            assert!(said.starts_with(begin) && said.ends_with("Nothing else was changed."), "{said}");
        }
        assert_eq!(LIMIT_SECONDS, 5, "the sentence says so");
        assert_eq!(Request::ForgetAll.unanswered(Unanswered::TooLong), None);
    }
}
