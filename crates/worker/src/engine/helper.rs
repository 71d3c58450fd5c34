//! Helpers: more workers of the same script for plans with many ECDSA certificates. The worker that answers the page
//! makes the CAs, hands each helper the design and the CA keys, and then one slice of the leaves after the other; a
//! helper plans for itself, makes keys, signs, reads back, and returns bytes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::try_join_all;
use js_sys::{Array, Uint8Array};
use kubepki_core::Plan;
use kubepki_core::sorted::SortedMap;
use kubepki_issuance::{IssuedCert, Issuer, PrivateKey, Secret, Serial};
use wasm_bindgen::JsValue;
use web_sys::MessagePort;

use super::crew::most;
use super::design::plan_of;
use super::job::{Authority, Job};
use super::progress::Progress;
use super::remote::Remote;
use crate::browser::random;
use crate::browser::server::{self, Answer, taken};

/// Fewer leaves than this are done by one worker sooner than helpers start.
const WORTH_IT: usize = 200;

/// Leaves in one slice: some tens of milliseconds of work.
const SLICE: usize = 48;

/// More than a certificate with its key mostly takes, in bytes.
const PIECE: usize = 1_600;

/// Slices that a helper has at a time, so that it need not wait for the next.
const AT_HAND: usize = 2;

/// The certificates of a plan that helpers make, in order; none when it is not worth it.
pub(super) fn leaves(plan: &Plan) -> Vec<usize> {
    let rust = !plan.spec.ca_key.is_rsa() && !plan.spec.leaf_key.is_rsa();
    let leaves: Vec<usize> = (0..plan.certs.len()).filter(|&index| plan.certs[index].issuer.is_some()).collect();
    if rust && leaves.len() >= WORTH_IT && most() > 1 { leaves } else { Vec::new() }
}

/// Has helpers make these certificates. What is missing afterwards they did not make.
pub(super) async fn share(
    job: &Job,
    leaves: &[usize],
    authorities: &SortedMap<usize, Rc<Authority>>,
    certs: &mut [Option<IssuedCert>],
    progress: &Progress,
) -> Result<(), String> {
    let helpers = (0..most())
        .map(|_| Remote::start(&JsValue::UNDEFINED, &wasm_bindgen::module()))
        .collect::<Result<Vec<_>, _>>()?;
    share_with(&helpers, job, leaves, authorities, certs, progress).await
}

/// As [`share`], with these helpers.
async fn share_with(
    helpers: &[Remote],
    job: &Job,
    leaves: &[usize],
    authorities: &SortedMap<usize, Rc<Authority>>,
    certs: &mut [Option<IssuedCert>],
    progress: &Progress,
) -> Result<(), String> {
    let sharing = Sharing { job, leaves, next: Cell::new(0), certs: RefCell::new(certs), progress };
    try_join_all(helpers.iter().map(|helper| sharing.keep_busy(helper, authorities))).await.map(drop)
}

/// Work that is handed out.
struct Sharing<'a> {
    job: &'a Job,
    leaves: &'a [usize],
    /// The first leaf that is not handed out.
    next: Cell<usize>,
    certs: RefCell<&'a mut [Option<IssuedCert>]>,
    progress: &'a Progress,
}

impl Sharing<'_> {
    async fn keep_busy(&self, helper: &Remote, authorities: &SortedMap<usize, Rc<Authority>>) -> Result<(), String> {
        self.open(helper, authorities).await?;
        try_join_all((0..AT_HAND).map(|_| self.slices(helper))).await.map(drop)
    }

    /// Tells a helper what is issued, and by whom.
    async fn open(&self, helper: &Remote, authorities: &SortedMap<usize, Rc<Authority>>) -> Result<(), String> {
        let key = |(_, authority): &(usize, Rc<Authority>)| Uint8Array::from(authority.key().der().expose());
        let keys: Vec<Uint8Array> = authorities.iter().map(key).collect();
        let pair = |(one, key): (&(usize, Rc<Authority>), &Uint8Array)| Array::of2(&(one.0 as u32).into(), key);
        let pairs: Array = authorities.iter().zip(&keys).map(pair).collect();
        let Job { design, now, .. } = self.job;
        let opened = helper.call(&["open".into(), design.as_str().into(), (*now as f64).into(), pairs.into()]).await;
        for key in keys {
            key.fill(0, 0, key.length());
        }
        opened.map(drop)
    }

    /// Hands one slice after the other to a helper, until none is left.
    async fn slices(&self, helper: &Remote) -> Result<(), String> {
        while self.next.get() < self.leaves.len() {
            let from = self.next.get();
            let to = self.leaves.len().min(from + SLICE);
            self.next.set(to);
            let slice = &self.leaves[from..to];
            let serials = || slice.iter().map(|&index| self.job.serials[index]);
            let octets: Vec<u8> = serials().flat_map(|one| one.map_or(0, Serial::value).to_be_bytes()).collect();
            let [from, to] = [from, to].map(|place| JsValue::from(place as u32));
            let made = helper.call(&["slice".into(), from, to, Uint8Array::from(&*octets).into()]).await?;
            let mut made = Parcel::taken(made);
            for (&index, serial) in slice.iter().zip(serials()) {
                let der = Some(made.next()?.to_vec());
                let key = PrivateKey::from_own_der(Secret::new(made.next()?.to_vec()));
                let key = key.map_err(|error| error.to_string())?;
                self.certs.borrow_mut()[index] = Some(IssuedCert { der, serial, key });
            }
            self.progress.add(slice.len() as u32, slice.len() as u32);
        }
        Ok(())
    }
}

/// Works for the worker at the other end of a port, for as long as this worker lives.
pub fn serve(port: MessagePort) {
    let mut bench = None;
    server::serve(port, move |call| match call.get(0).as_string().as_deref() {
        Some("open") => {
            bench = Some(Bench::open(call)?);
            Ok(Answer::plain(true))
        }
        Some("slice") => bench.as_ref().ok_or("a slice came before the design")?.slice(call),
        _ => Err("a helper was asked for what it does not do".to_owned()),
    });
}

/// What a helper works at.
struct Bench {
    plan: Plan,
    leaves: Vec<usize>,
    issuers: SortedMap<usize, Issuer>,
    now: i64,
}

impl Bench {
    /// `["open", design, now, [[index, key]…]]`.
    fn open(call: &Array) -> Result<Self, String> {
        let (_, plan) = plan_of(&call.get(1).as_string().unwrap_or_default())?;
        let now = call.get(2).as_f64().unwrap_or_default() as i64;
        let mut issuers = SortedMap::default();
        for pair in Array::from(&call.get(3)).iter() {
            let pair = Array::from(&pair);
            let index = pair.get(0).as_f64().unwrap_or_default() as usize;
            let key = PrivateKey::from_own_der(Secret::new(taken(&pair.get(1)))).map_err(|error| error.to_string())?;
            issuers.insert(index, Issuer::new(&plan, index, &key).map_err(|error| error.to_string())?);
        }
        Ok(Self { leaves: leaves(&plan), plan, issuers, now })
    }

    /// `["slice", from, to, serials]`: certificates and keys of `leaves[from..to]`, one after the other.
    fn slice(&self, call: &Array) -> Result<Answer, String> {
        let [from, to] = [1, 2].map(|place| call.get(place).as_f64().unwrap_or_default() as usize);
        let serials = Uint8Array::new(&call.get(3)).to_vec();
        let leaves = self.leaves.get(from..to).ok_or("a slice reached beyond the plan")?;
        let mut parcel = Parcel { bytes: Secret::with_capacity(SLICE * PIECE), read: 0 };
        for (&index, serial) in leaves.iter().zip(serials.as_chunks().0) {
            let planned = &self.plan.certs[index];
            let issuer = planned.issuer.and_then(|issuer| self.issuers.get(&issuer)).ok_or("a CA is missing")?;
            let serial = Serial::new(u64::from_be_bytes(*serial)).ok_or("a serial number is missing")?;
            let key = PrivateKey::generate_ecdsa(planned.key, &mut random::fill).map_err(|error| error.to_string())?;
            let issued = issuer.issue(&self.plan, index, key, serial, self.now).map_err(|error| error.to_string())?;
            let found = issuer.read_back(&self.plan, index, &issued, self.now);
            if !found.is_good() {
                return Err("reading back found a mistake".to_owned());
            }
            parcel.put(issued.der.as_deref().unwrap_or_default());
            parcel.put(issued.key.der().expose());
        }
        Ok(Answer::bytes(parcel.bytes.expose()))
    }
}

/// Byte strings one after the other, each behind its length in four octets. Wiped when dropped.
struct Parcel {
    bytes: Secret,
    read: usize,
}

impl Parcel {
    fn taken(value: JsValue) -> Self {
        Self { bytes: Secret::new(taken(&value)), read: 0 }
    }

    fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend(&(bytes.len() as u32).to_be_bytes());
        self.bytes.extend(bytes);
    }

    fn next(&mut self) -> Result<&[u8], String> {
        let rest = &self.bytes.expose()[self.read..];
        let found =
            rest.split_first_chunk().and_then(|(length, rest)| rest.get(..u32::from_be_bytes(*length) as usize));
        let found = found.ok_or("a helper sent less than it was asked for")?;
        self.read += 4 + found.len();
        Ok(found)
    }
}
