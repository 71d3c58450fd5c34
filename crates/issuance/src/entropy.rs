//! Randomness, handed in from outside: the operating system's on the command line, the browser's in a worker. Nothing here
//! draws by itself; what was drawn is looked at before it is used.

use std::error::Error;
use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroize;

/// Why there is no randomness. There is no weaker key in its place: issuing stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntropyError {
    /// The source gave nothing.
    Failed,
    /// All bytes of a draw are the same.
    Constant,
    /// A draw repeats itself.
    Repeats,
    /// A draw ends in zeros, as a buffer does that was filled in part.
    EndsInZeros,
    /// A draw is what was drawn shortly before.
    DrawnBefore,
    /// So many draws in a row gave nothing that could be used.
    NoneUsable,
}

impl fmt::Display for EntropyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = match self {
            Self::Failed => {
                return out.write_str(
                    "the system's random source failed, so no key was made; nothing weaker is used instead",
                );
            }
            Self::Constant => "all of its bytes are the same",
            Self::Repeats => "its bytes repeat",
            Self::EndsInZeros => "it ends in zeros",
            Self::DrawnBefore => "the same was drawn shortly before",
            Self::NoneUsable => "many draws in a row could not be used",
        };
        write!(
            out,
            "what the system's random source gives does not look random ({seen}), so nothing was made of it and nothing \
             weaker is used instead; start the browser or the machine again, and make no keys there if it says so again"
        )
    }
}

impl Error for EntropyError {}

/// Fills a buffer with random bytes from a cryptographic source, or fails.
pub type Entropy<'a> = dyn FnMut(&mut [u8]) -> Result<(), EntropyError> + 'a;

/// Draws after which a number that is drawn until it fits is given up: of those drawn here, none fits with a probability of
/// less than one in 2^128.
pub(crate) const MOST_DRAWS: usize = 128;

/// Shorter draws may look like anything.
const SHORTEST: usize = 16;
/// Zeros at the end that are no chance.
const ZEROS: usize = 16;
/// Blocks that are drawn and looked at before the first draw, and their bytes: enough for a cycle of 64 bytes to show.
const BLOCKS: usize = 4;
const BLOCK: usize = 32;
/// Draws that are remembered.
const REMEMBERED: usize = 32;

/// Looks at everything that a source gives, as FIPS 140-3's continuous tests do: a source that is broken is noticed, one that
/// somebody can predict is not. A draw that is refused is wiped, and nothing is drawn after it.
///
/// Chance alone fails it less than once in 2^60 draws.
#[derive(Debug)]
pub struct Health {
    is_begun: bool,
    broken: Option<EntropyError>,
    /// The beginnings of their sums, for the draws themselves are secret.
    recent: [[u8; 16]; REMEMBERED],
    next: usize,
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl Health {
    /// Nothing was drawn yet.
    pub const fn new() -> Self {
        Self { is_begun: false, broken: None, recent: [[0; 16]; REMEMBERED], next: 0 }
    }

    /// Fills a buffer from a source.
    ///
    /// # Errors
    /// When the source fails, or what it gives does not look random; then the buffer holds zeros.
    pub fn draw(&mut self, out: &mut [u8], source: &mut Entropy<'_>) -> Result<(), EntropyError> {
        let drawn = self.begin(source).and_then(|()| self.drawn(out, source));
        if drawn.is_err() {
            out.zeroize();
        }
        drawn
    }

    fn begin(&mut self, source: &mut Entropy<'_>) -> Result<(), EntropyError> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        if self.is_begun {
            return Ok(());
        }
        let mut all = [0; BLOCKS * BLOCK];
        for block in all.chunks_mut(BLOCK) {
            self.drawn(block, source)?;
        }
        let judged = self.noted(judge(&all));
        all.zeroize();
        self.is_begun = judged.is_ok();
        judged
    }

    fn drawn(&mut self, out: &mut [u8], source: &mut Entropy<'_>) -> Result<(), EntropyError> {
        source(out)?;
        let judged = judge(out).and_then(|()| self.is_new(out));
        self.noted(judged)
    }

    fn is_new(&mut self, drawn: &[u8]) -> Result<(), EntropyError> {
        if drawn.len() < SHORTEST {
            return Ok(());
        }
        let mut sum = [0; 16];
        sum.copy_from_slice(&Sha256::digest(drawn)[..16]);
        if self.recent.contains(&sum) {
            return Err(EntropyError::DrawnBefore);
        }
        self.recent[self.next] = sum;
        self.next = (self.next + 1) % REMEMBERED;
        Ok(())
    }

    /// A source that was broken once is not used again.
    fn noted(&mut self, judged: Result<(), EntropyError>) -> Result<(), EntropyError> {
        self.broken = judged.err();
        judged
    }
}

/// Looks at one draw.
fn judge(drawn: &[u8]) -> Result<(), EntropyError> {
    if drawn.len() < SHORTEST {
        return Ok(());
    }
    let half = drawn.len() / 2;
    if drawn.windows(2).all(|pair| pair[0] == pair[1]) {
        return Err(EntropyError::Constant);
    }
    if drawn[drawn.len() - ZEROS..].iter().all(|one| *one == 0) {
        return Err(EntropyError::EndsInZeros);
    }
    // After any number of bytes, up to half of all.
    if (1..=half).any(|period| drawn[period..] == drawn[..drawn.len() - period]) {
        return Err(EntropyError::Repeats);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyError, PrivateKey};
    use crate::serial::Serial;
    use kubepki_core::spec::KeyAlgorithm;

    /// A good source: different every time, from a seed.
    fn good(seed: u64) -> impl FnMut(&mut [u8]) -> Result<(), EntropyError> {
        let mut state = seed;
        move |out: &mut [u8]| {
            for byte in out {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (state >> 56) as u8;
            }
            Ok(())
        }
    }

    type Source = Box<dyn FnMut(&mut [u8]) -> Result<(), EntropyError>>;

    /// Sources that are broken, each in its way, and what is said of them.
    fn faults() -> Vec<(&'static str, Source, EntropyError)> {
        let cycle = |restarts: bool| {
            let mut block = [0; 64];
            good(5)(&mut block).expect("it never fails");
            let mut at = 0;
            move |out: &mut [u8]| {
                if restarts {
                    at = 0;
                }
                for byte in out {
                    *byte = block[at % 64];
                    at += 1;
                }
                Ok(())
            }
        };
        let mut short = good(6);
        let constant = |with: u8| {
            move |out: &mut [u8]| {
                out.fill(with);
                Ok(())
            }
        };
        vec![
            ("it throws, or is absent", Box::new(|_: &mut [u8]| Err(EntropyError::Failed)), EntropyError::Failed),
            ("zeros", Box::new(constant(0)), EntropyError::Constant),
            ("a constant", Box::new(constant(7)), EntropyError::Constant),
            ("a cycle of 64 bytes", Box::new(cycle(false)), EntropyError::DrawnBefore),
            ("a cycle that begins anew", Box::new(cycle(true)), EntropyError::DrawnBefore),
            (
                "a short read",
                Box::new(move |out: &mut [u8]| {
                    let half = out.len() / 2;
                    short(&mut out[..half])?;
                    out[half..].fill(0);
                    Ok(())
                }),
                EntropyError::EndsInZeros,
            ),
        ]
    }

    #[test]
    fn a_broken_source_is_an_error_before_anything_is_drawn() {
        for (what, mut source, error) in faults() {
            let mut health = Health::new();
            for length in [2, 8, 16, 32, 48] {
                let mut out = vec![1; length];
                assert_eq!(health.draw(&mut out, &mut source), Err(error), "{what}, {length} bytes");
                assert_eq!(out, vec![0; length], "{what}: what was drawn is not left there");
            }
            let said = error.to_string();
            assert!(said.contains("random source") && said.contains("nothing weaker is used instead"), "{said}");
        }
    }

    #[test]
    fn a_source_that_breaks_later_is_noticed_and_not_used_again() {
        for (what, mut source, error) in faults().into_iter().filter(|(_, _, error)| *error != EntropyError::Failed) {
            let (mut health, mut before) = (Health::new(), good(1));
            health.draw(&mut [0; 32], &mut before).expect("it is good");
            let mut refused = None;
            for _ in 0..40 {
                refused = refused.or(health.draw(&mut [0; 32], &mut source).err());
            }
            // Of a cycle only its second turn shows.
            assert!(refused == Some(error) || refused == Some(EntropyError::DrawnBefore), "{what}: {refused:?}");
            assert_eq!(health.draw(&mut [0; 32], &mut before).err(), refused, "{what}: afterwards");
        }
    }

    #[test]
    fn a_good_source_is_left_alone() {
        let (mut health, mut source) = (Health::new(), good(2));
        for length in [1, 2, 8, 16, 24, 32, 48, 64, 1_000].into_iter().cycle().take(9_000) {
            let mut out = vec![0; length];
            assert_eq!(health.draw(&mut out, &mut source), Ok(()), "{length} bytes");
        }
        // A failure passes; the next draw may be good.
        assert_eq!(health.draw(&mut [0; 32], &mut |_: &mut [u8]| Err(EntropyError::Failed)), Err(EntropyError::Failed));
        assert_eq!(health.draw(&mut [0; 32], &mut source), Ok(()));
    }

    #[test]
    fn what_does_not_look_random() {
        let mut random = [0; 64];
        good(3)(&mut random).expect("it never fails");
        let with = |change: &dyn Fn(&mut [u8; 64])| {
            let mut changed = random;
            change(&mut changed);
            judge(&changed)
        };
        assert_eq!(with(&|_| {}), Ok(()));
        assert_eq!(with(&|bytes| bytes.copy_within(..32, 32)), Err(EntropyError::Repeats));
        assert_eq!(with(&|bytes| (0..4).for_each(|at| bytes.copy_within(..13, 13 * at))), Ok(()), "but for its end");
        assert_eq!(with(&|bytes| (13..64).for_each(|at| bytes[at] = bytes[at - 13])), Err(EntropyError::Repeats));
        assert_eq!(with(&|bytes| bytes[48..].fill(0)), Err(EntropyError::EndsInZeros));
        assert_eq!(with(&|bytes| bytes[..16].fill(0)), Ok(()), "zeros at its beginning");
        assert_eq!(judge(&[0; 15]), Ok(()), "too short to be judged");
    }

    /// Even without a look at what is drawn, nothing loops for ever.
    #[test]
    fn numbers_that_never_fit_are_given_up() {
        let mut zeros = |out: &mut [u8]| {
            out.fill(0);
            Ok(())
        };
        assert_eq!(Serial::draw(&mut zeros), Err(EntropyError::NoneUsable));
        for algorithm in [KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384] {
            for with in [0, 0xff] {
                let mut constant = |out: &mut [u8]| {
                    out.fill(with);
                    Ok(())
                };
                let made = PrivateKey::generate_ecdsa(algorithm, &mut constant);
                assert_eq!(made.err(), Some(KeyError::Entropy(EntropyError::NoneUsable)));
            }
        }
    }
}
