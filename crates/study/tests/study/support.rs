//! What the tests of drawings share: bytes instead of randomness, a time, and a connection that is tried.

use std::cell::Cell;

use kubepki_core::plan::{Plan, plan};
use kubepki_core::spec::{Draft, Field, parse};
use kubepki_issuance::{EntropyError, Pki, PrivateKey, draw_serials, issue};
use kubepki_study::chosen::Chosen;
use kubepki_study::handshake::{Tried, try_chosen};
use kubepki_study::sample::Sample;

/// 2026-11-26 12:00:00 UTC.
pub(crate) const NOW: i64 = 1_795_694_400;

/// Bytes that are all different enough for a test.
pub(crate) fn entropy(out: &mut [u8]) -> Result<(), EntropyError> {
    thread_local!(static STATE: Cell<u64> = const { Cell::new(0x9e37_79b9_7f4a_7c15) });
    STATE.with(|state| {
        for one in out {
            state.set(state.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
            *one = (state.get() >> 33) as u8;
        }
    });
    Ok(())
}

/// What is chosen, tried on a sample.
pub(crate) fn tried(plan: &Plan, text: &str) -> Tried {
    let chosen = Chosen::read(text).expect("a connection");
    let mut sample = Sample::new(&plan.spec, &chosen.faults, NOW, entropy);
    try_chosen(plan, &mut sample, &chosen).unwrap_or_else(|why| panic!("{text}: {why}"))
}

/// A design with quick keys, issued.
pub(crate) fn issued(draft: &mut Draft) -> Pki {
    issued_with(draft, |_| {})
}

/// The same of a plan that was changed first.
pub(crate) fn issued_with(draft: &mut Draft, change: impl Fn(&mut Plan)) -> Pki {
    for field in [Field::KeysCa, Field::KeysLeaf] {
        draft.set_text(field, "ECDSA-P256");
    }
    let mut plan = plan(&parse(draft).0.expect("no errors"));
    change(&mut plan);
    let mut source = entropy;
    let keys = plan.certs.iter().map(|cert| PrivateKey::generate_ecdsa(cert.key, &mut source).expect("a key"));
    let keys: Vec<PrivateKey> = keys.collect();
    let serials = draw_serials(&plan, &mut source).expect("serials");
    issue(plan, keys, serials, NOW).expect("a PKI")
}
