//! A sample PKI: what a design's cluster would hold, issued in a blink for as few files as are looked at. Faults go into
//! samples alone, never into what a user generated.

use std::collections::BTreeSet;

use kubepki_core::plan::Plan;
use kubepki_core::spec::{ClusterSpec, KeyAlgorithm};
use kubepki_issuance::{EntropyError, PrivateKey, Secret, draw_serials};
use kubepki_rehearsal::fault::Fault;
use kubepki_rehearsal::{Dial, Folder, Handshake, Published, Stage, issue, publish, rehearse};

/// Fills a buffer with random bytes.
pub type Entropy = fn(&mut [u8]) -> Result<(), EntropyError>;

/// A stage, and what of it has been issued.
pub struct Sample {
    /// The stage.
    pub stage: Stage,
    /// When it was issued, Unix seconds.
    pub issued_at: i64,
    /// The time that counts as now, Unix seconds.
    pub now: i64,
    entropy: Entropy,
    files: BTreeSet<String>,
    folder: Folder,
    /// Whether the files are a user's own, which nothing is added to.
    is_own: bool,
}

impl Sample {
    /// A sample of a design with faults, of which nothing is issued yet.
    pub fn new(design: &ClusterSpec, faults: &[Fault], issued_at: i64, entropy: Entropy) -> Self {
        let mut stage = Stage::new(design).with_quick_keys();
        faults.iter().for_each(|fault| fault.apply(&mut stage));
        Self {
            stage,
            issued_at,
            now: issued_at,
            entropy,
            files: BTreeSet::new(),
            folder: Folder::default(),
            is_own: false,
        }
    }

    /// What a user generated, by its public halves, in place of a sample.
    pub fn own(plan: &Plan, issued_at: i64, published: &[Published], entropy: Entropy) -> Self {
        let stage = Stage::new(&plan.spec);
        let folder = publish(&stage, plan, published);
        Self { stage, issued_at, now: issued_at, entropy, files: BTreeSet::new(), folder, is_own: true }
    }

    /// Whether this is what a user generated.
    pub fn is_own(&self) -> bool {
        self.is_own
    }

    /// Whether a call can be tried with what there is: always, but for what a user generated.
    pub fn covers(&self, dial: &Dial) -> bool {
        !self.is_own || dial.files(&self.stage).iter().all(|path| self.folder.contains_key(path))
    }

    /// Tries calls at a time, `days` after it was issued.
    ///
    /// # Errors
    /// A sentence where something could not be issued.
    pub fn rehearse(&mut self, dials: &[Dial], days: i64) -> Result<Vec<Handshake>, String> {
        self.have(dials)?;
        let at = self.now + days * 86_400;
        dials
            .iter()
            .map(|dial| rehearse(&self.stage, dial, |path| self.bytes(path), at).map_err(|missing| missing.join("; ")))
            .collect()
    }

    /// A file that a call needed, as text.
    pub fn text(&self, path: &str) -> &str {
        self.bytes(path).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.folder.get(path).map(|(_, bytes)| Secret::expose(bytes))
    }

    /// Issues what these calls need. With more files than before everything is issued anew: CAs must be the same in all.
    fn have(&mut self, dials: &[Dial]) -> Result<(), String> {
        if self.is_own {
            return Ok(());
        }
        let before = self.files.len();
        self.files.extend(dials.iter().flat_map(|dial| dial.files(&self.stage)));
        if self.files.len() == before {
            return Ok(());
        }
        let part = self.stage.only(self.files.iter().map(String::as_str));
        let mut entropy = self.entropy;
        let keys: Result<Vec<_>, _> = part.plan.certs.iter().map(|cert| key(cert.key, self.entropy)).collect();
        let said = |error: &dyn std::fmt::Display| format!("No sample could be issued: {error}.");
        let serials = draw_serials(&part.plan, &mut entropy).map_err(|error| said(&error))?;
        self.folder = issue(&part, keys?, &serials, self.issued_at).map_err(|error| said(&error))?;
        Ok(())
    }
}

/// An RSA key that belongs to nobody: it stands beside certificates whose key it is not. Making one takes a second or
/// more where the browser does not help. Anybody can read it here, and nothing ever trusts it.
const STRAY_RSA: &[u8] = include_bytes!("stray_rsa.der");

fn key(algorithm: KeyAlgorithm, mut entropy: Entropy) -> Result<PrivateKey, String> {
    match algorithm.is_rsa() {
        true => PrivateKey::from_own_der(Secret::new(STRAY_RSA.to_vec())),
        false => PrivateKey::generate_ecdsa(algorithm, &mut entropy),
    }
    .map_err(|error| format!("No key could be made: {error}."))
}
