//! How long each step of a command took: on a bare machine it is minutes, and whoever waits may want to know for what.

use crate::files::Result;
use std::time::{Duration, Instant};

/// Steps that have ended, in their order.
#[derive(Debug, Default)]
pub(crate) struct Steps(Vec<(&'static str, Duration)>);

impl Steps {
    /// Does a step and notes what it took.
    pub(crate) fn run<T>(&mut self, name: &'static str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        let start = Instant::now();
        let done = step()?;
        self.0.push((name, start.elapsed()));
        Ok(done)
    }

    /// A line with the seconds of all, and of each.
    pub(crate) fn told(&self) -> String {
        let seconds = |time: Duration| format!("{:.0} s", time.as_secs_f64());
        let each: Vec<String> = self.0.iter().map(|(name, time)| format!("{name} {}", seconds(*time))).collect();
        format!("took {}: {}", seconds(self.0.iter().map(|(_, time)| *time).sum()), each.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_that_was_done_is_told_with_what_it_took() {
        let mut steps = Steps::default();
        assert_eq!(steps.run("tools", || Ok(7)), Ok(7));
        assert_eq!(steps.run("page", || Err::<(), _>("no".to_owned())), Err("no".to_owned()));
        assert_eq!(steps.told(), "took 0 s: tools 0 s");
        let steps = Steps(vec![("tools", Duration::from_millis(310_400)), ("page", Duration::from_millis(270_400))]);
        assert_eq!(steps.told(), "took 581 s: tools 310 s, page 270 s");
    }
}
