//! Where requests arrive, and what is kept between them: issued PKIs by number, until they are forgotten.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use futures_util::future::{AbortHandle, Abortable};
use js_sys::Array;
use kubepki_core::facts::CertFacts;
use kubepki_core::sorted::SortedMap;
use kubepki_issuance::{Pki, PrivateKey, inspect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::ahead::Ahead;
use super::crew::Crew;
use super::design::plan_of;
use super::export::{Kept, export};
use super::forget::search;
use super::issue::issue;
use super::job::Job;
use super::pace::{clock, turn};
use super::progress::Progress;
use super::rsa::Rsa;
use super::say::Say;
use super::seal::Seal;
use crate::browser::scope::{self, property_of};
use crate::message::{LIMIT_SECONDS, Request, Response, Unanswered};
use crate::wire::Asked;

/// As many certificates' facts go with [`Response::Issued`].
const FACTS_AT_ONCE: usize = 100;

/// Of larger PKIs handshakes are tried on samples: what is handed over would be megabytes.
const MOST_SHOWN: usize = 1_000;

/// An export that was asked for.
struct Wanted {
    id: u32,
    pki: u32,
    issued: Rc<Kept>,
    what: String,
    /// What was typed to lock it with.
    secret: JsValue,
}

/// What is said of a PKI that was forgotten.
const GONE: &str = "the worker no longer has this PKI; generate a new one";

/// The desk.
pub struct Desk {
    say: Say,
    rsa: Rc<Rsa>,
    /// The worker that reads, writes and draws, where the page brought one.
    study: OnceCell<Option<Crew>>,
    /// The PKI whose public halves that worker has.
    shown: Cell<Option<u32>>,
    ahead: Rc<Ahead>,
    kept: RefCell<SortedMap<u32, Rc<Kept>>>,
    issuing: RefCell<SortedMap<u32, AbortHandle>>,
    /// Exports that wait for the one under way.
    exports: RefCell<Vec<Wanted>>,
    /// Whether one is under way.
    packing: Cell<bool>,
    /// The worker that encrypts, from what is typed first until an export ends.
    sealing: RefCell<Option<Rc<Crew>>>,
}

/// Serves the page that started this worker.
pub(super) fn serve() {
    let say = Say::new(|message| drop(scope::scope().post_message(&message)));
    let desk = Desk::new(say);
    scope::listen(move |event| desk.hear(&event.data()));
}

impl Desk {
    /// A desk that says what it has to say through `say`; [`Response::Ready`] first.
    pub fn new(say: Say) -> Rc<Self> {
        let rsa = Rc::new(Rsa::of_browser());
        say.say(Response::Ready { webcrypto: rsa.is_browsers() });
        Rc::new(Self {
            ahead: Ahead::new(rsa.clone(), say.clone()),
            say,
            rsa,
            study: OnceCell::new(),
            shown: Cell::new(None),
            kept: RefCell::default(),
            issuing: RefCell::default(),
            exports: RefCell::default(),
            packing: Cell::new(false),
            sealing: RefCell::default(),
        })
    }

    /// Takes a request.
    pub fn hear(self: &Rc<Self>, message: &JsValue) {
        match Asked::from_list(message).and_then(|asked| Request::try_from(asked).ok()) {
            Some(request) => self.serve(request, message),
            None => self.fail(None, "page and worker are not of the same build; reload the page"),
        }
    }

    fn serve(self: &Rc<Self>, request: Request, message: &JsValue) {
        match request {
            Request::Parse { .. } | Request::Draw { .. } | Request::Write { .. } => {
                self.hand_on(request, message.clone());
            }
            Request::Prepare { needs } => self.ahead.prepare(&needs),
            Request::Visible(visible) => self.ahead.set_visible(visible),
            Request::Issue { pki, design, now } => self.begin(pki, design, now),
            Request::Cancel { pki } => {
                if let Some(handle) = self.issuing.borrow().get(&pki) {
                    handle.abort();
                }
            }
            Request::Facts { pki, certs } => {
                if let Some(issued) = self.find(pki) {
                    let facts = facts(&issued.pki, certs.into_iter().map(|index| index as usize));
                    self.say.say(Response::Facts { pki, facts });
                }
            }
            Request::Export { id, pki, what } => {
                let issued = self.kept.borrow().get(&pki).cloned();
                match issued {
                    Some(issued) => self.pack(Wanted { id, pki, issued, what, secret: property_of(message, "secret") }),
                    None => self.say.say(Response::Told { id, told: sentence(GONE), ended: true }),
                }
            }
            Request::Secret { id, ask } => {
                let this = self.clone();
                let (crew, secret) = (self.sealing(), property_of(message, "secret"));
                spawn_local(async move {
                    match Seal::new(crew, secret, id, &this.say).ask(ask).await {
                        Ok((told, drawn)) => {
                            this.say.hand_over(Response::Told { id, told, ended: true }, "secret", &drawn);
                        }
                        Err(why) => this.say.say(Response::Told { id, told: sentence(&why), ended: true }),
                    }
                });
            }
            Request::ForgetAll => self.forget_all(),
            Request::Forget { pki } => {
                // Wiped when dropped; an export that is under way lets go of it when it is done.
                self.kept.borrow_mut().remove(&pki);
            }
        }
    }

    /// Wipes everything, and says whether any of it is left.
    fn forget_all(self: &Rc<Self>) {
        self.issuing.borrow().iter().for_each(|(_, handle)| handle.abort());
        self.sealing.take();
        self.exports.borrow_mut().clear();
        let kept = std::mem::take(&mut *self.kept.borrow_mut());
        let keys = kept.iter().flat_map(|(_, kept)| kept.pki.certs.iter().map(|cert| &cert.key));
        let keys: Vec<&PrivateKey> = keys.collect();
        let traces = self.ahead.traces(&keys);
        drop(kept);
        self.ahead.prepare(&[]);
        let this = self.clone();
        spawn_local(async move {
            // What was under way lets go of its own first.
            turn().await;
            let told = search(&traces).await;
            this.say.say(Response::Forgotten { told });
        });
    }

    /// Makes an export once those before it are done.
    fn pack(self: &Rc<Self>, wanted: Wanted) {
        self.exports.borrow_mut().push(wanted);
        if self.packing.replace(true) {
            return;
        }
        let this = self.clone();
        spawn_local(async move {
            loop {
                if this.exports.borrow().is_empty() {
                    break;
                }
                let Wanted { id, pki, issued, what, secret } = this.exports.borrow_mut().remove(0);
                let seal = Seal::new(this.sealing(), secret, id, &this.say);
                match export(&issued, &what, &seal).await {
                    Ok((name, parts)) => {
                        this.say.hand_over(Response::Exported { id, pki, what, name }, "parts", &parts);
                    }
                    Err(why) => this.say.say(Response::Told { id, told: sentence(&why), ended: true }),
                }
                this.sealing.take();
            }
            this.packing.set(false);
        });
    }

    /// Hands a request about texts to the worker that does them, as it came; what that says goes to the page as it is.
    fn hand_on(self: &Rc<Self>, request: Request, message: JsValue) {
        let this = self.clone();
        spawn_local(async move {
            let call = |is_new| {
                let mut call = vec![message.clone()];
                call.extend(this.published(&request, is_new));
                call
            };
            let answer = match this.study.get_or_init(|| Crew::of_page("study", 1)) {
                Some(study) => study.call_within(Some(LIMIT_SECONDS), &call).await,
                None => Err(Unanswered::Failed("the page brought no worker for texts; reload it".to_owned())),
            };
            match answer {
                Ok(answer) => this.say.pass_on(answer),
                Err(why) => {
                    let why = match why {
                        Unanswered::Failed(why) => Unanswered::Failed(sentence(&why)),
                        Unanswered::TooLong => Unanswered::TooLong,
                    };
                    request.unanswered(why).into_iter().for_each(|response| this.say.say(response));
                }
            }
        });
    }

    /// What is public of the PKI that a drawing is of, where the worker that draws has not had it yet: a new one has had
    /// nothing.
    fn published(&self, request: &Request, is_new: bool) -> Option<JsValue> {
        if is_new {
            self.shown.set(None);
        }
        let (Request::Draw { pki: number, design, .. } | Request::Write { pki: number, design, .. }) = request else {
            return None;
        };
        let kept = self.kept.borrow();
        let pki = &kept.get(number)?.pki;
        if self.shown.get() == Some(*number) || pki.certs.len() > MOST_SHOWN {
            return None;
        }
        self.shown.set(Some(*number));
        let list = Array::of2(&design.into(), &pki.issued_at.to_string().into());
        for index in 0..pki.certs.len() {
            list.push(&pki.certificate_pem(index).unwrap_or_default().into());
            list.push(&pki.public_key_pem(index).into());
        }
        Some(list.into())
    }

    /// One worker for all that is typed, so that its answers come in the order of the letters.
    fn sealing(&self) -> Option<Rc<Crew>> {
        let mut sealing = self.sealing.borrow_mut();
        if sealing.is_none() {
            *sealing = Crew::of_page("sealing", 1).map(Rc::new);
        }
        sealing.clone()
    }

    fn find(&self, pki: u32) -> Option<Rc<Kept>> {
        let found = self.kept.borrow().get(&pki).cloned();
        if found.is_none() {
            self.fail(Some(pki), GONE);
        }
        found
    }

    fn fail(&self, pki: Option<u32>, message: &str) {
        self.say.say(Response::Failed { pki, message: sentence(message) });
    }

    fn begin(self: &Rc<Self>, pki: u32, design: String, now: i64) {
        let (handle, registration) = AbortHandle::new_pair();
        if let Some(earlier) = self.issuing.borrow_mut().remove(&pki) {
            earlier.abort();
        }
        self.issuing.borrow_mut().insert(pki, handle);
        let this = self.clone();
        spawn_local(async move {
            let began = clock();
            let work = Abortable::new(this.issue(pki, design, now), registration);
            let ended = work.await;
            this.issuing.borrow_mut().remove(&pki);
            match ended {
                Ok(Ok(issued)) => {
                    let facts = facts(&issued.pki, 0..issued.pki.certs.len().min(FACTS_AT_ONCE));
                    this.kept.borrow_mut().insert(pki, Rc::new(issued));
                    let milliseconds = (clock() - began).round() as u32;
                    this.say.say(Response::Issued { pki, milliseconds, facts });
                }
                Ok(Err(why)) => this.fail(Some(pki), &why),
                Err(_) => this.say.say(Response::Cancelled { pki }),
            }
        });
    }

    async fn issue(&self, pki: u32, design: String, now: i64) -> Result<Kept, String> {
        let _hold = self.ahead.hold();
        let (draft, plan) = plan_of(&design)?;
        // A Cancel that came right behind is heard before the work begins.
        turn().await;
        let say = self.say.clone();
        let progress = Progress::new(&plan, move |done, total, step| {
            say.say(Response::Progress { pki, done, total, step: step.to_owned() });
        });
        let ready = |algorithm| self.ahead.take(algorithm);
        let pki = issue(Job::new(plan, design, now)?, &self.rsa, &ready, &progress).await?;
        Ok(Kept { pki, draft })
    }
}

/// Facts of these certificates; bare key pairs have none.
fn facts(pki: &Pki, indexes: impl Iterator<Item = usize>) -> Vec<(u32, CertFacts)> {
    let der = |index: usize| pki.certs.get(index).and_then(|cert| cert.der.as_deref());
    indexes.filter_map(|index| Some((index as u32, inspect::inspect(der(index)?).ok()?))).collect()
}

/// With a capital and a full stop.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase().to_string()).unwrap_or_default();
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
