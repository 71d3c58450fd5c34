//! The time of issuing: the machine's, unless the user sets it. Machines without a network often have wrong clocks.

use kubepki_core::diag::Diagnostic;
use kubepki_core::instant;

/// The time of issuing.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    /// The machine's time, Unix seconds.
    pub(crate) now: i64,
    /// What the user typed instead.
    pub(crate) typed: Option<String>,
}

impl Clock {
    /// The machine's time.
    pub(crate) fn new(now: i64) -> Self {
        Self { now, typed: None }
    }

    /// The time to issue at, Unix seconds.
    ///
    /// # Errors
    /// A sentence, when what was typed is no time.
    pub(crate) fn time(&self) -> Result<i64, String> {
        self.typed.as_deref().map_or(Ok(self.now), instant::parse)
    }

    /// What the field shows: the typed text, or the machine's time to the minute.
    pub(crate) fn text(&self) -> String {
        self.typed.clone().unwrap_or_else(|| minute(self.now))
    }

    /// What is odd about it.
    pub(crate) fn finding(&self) -> Option<Diagnostic> {
        let time = match self.time() {
            Ok(time) => time,
            Err(why) => return Some(Diagnostic::error("issue-time", "", why)),
        };
        let why = instant::disbelief(time)?;
        let message =
            ["The issue time ", why, ": ", &minute(time), " UTC. This machine's clock may be wrong."].concat();
        Some(Diagnostic::warning("clock", "", message).with_hint("Set the issue time beside Generate."))
    }
}

/// `2026-11-23 20:39`.
pub(crate) fn minute(unix: i64) -> String {
    instant::to_rfc3339(unix)[..16].replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_said_so() {
        assert!(Clock::new(instant::VERSION_MADE + 60).finding().is_none());
        assert!(Clock::new(instant::VERSION_MADE - 60).finding().is_some());
        assert!(Clock::new(instant::BELIEVED_UNTIL + 60).finding().is_some());
    }

    #[test]
    fn the_user_can_set_it() {
        let mut clock = Clock::new(0);
        assert_eq!(clock.text(), "1970-01-01 00:00");
        clock.typed = Some("2026-11-23 20:39".into());
        assert_eq!(clock.time(), Ok(1_795_466_340));
        clock.typed = Some("soon".into());
        assert!(clock.time().is_err() && clock.finding().is_some());
    }
}
