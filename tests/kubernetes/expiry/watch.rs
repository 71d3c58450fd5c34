//! A step, watched: each of its probes is tried again and again, and judged by what the table says.

use std::sync::{Mutex, PoisonError};

use kubepki_core::catalog::expiry::{EXPIRIES, Effect, ExpiryRow, Moment, Then, WATCHED};
use support::clock;

use crate::record::Recorded;
use crate::scenes::{Probe, Step};
use crate::stand::Stand;

/// What a machine that does other things as well may take longer, in seconds.
const SLACK: i64 = 20;
/// So many tries in a row that fail show that something stopped.
const SETTLED: usize = 2;

impl Probe {
    /// Whether it belongs to a row.
    pub(crate) fn is_of(&self, row: &ExpiryRow) -> bool {
        row.ids.contains(&self.id) && row.when.contains(self.when)
    }

    /// What the table says, and of which row.
    pub(crate) fn effect(&self, moment: Moment) -> Option<(&'static ExpiryRow, &'static Effect)> {
        let row = EXPIRIES.iter().find(|row| self.is_of(row))?;
        let effect = row.effects.iter().find(|effect| effect.moment == moment && effect.what == self.what)?;
        Some((row, effect))
    }
}

/// A try: when it began, Unix seconds, and whether it ended well.
type Try = (i64, bool);

/// A step that is watched.
pub(crate) struct Watch<'s> {
    stand: &'s Stand,
    step: &'static Step,
    /// The moment, Unix seconds.
    at: i64,
}

impl<'s> Watch<'s> {
    /// Begins. `at` is the moment; probes that are tried before it begin at once.
    pub(crate) fn begin(stand: &'s Stand, step: &'static Step, at: i64) -> Self {
        stand.machine().sh("rm -rf /root/probes /root/over; mkdir /root/probes").good();
        let watch = Self { stand, step, at };
        watch.try_each(|probe| probe.before);
        watch
    }

    fn try_each(&self, which: impl Fn(&Probe) -> bool) {
        for (number, probe) in self.step.probes.iter().enumerate().filter(|(_, probe)| which(probe)) {
            let script = format!(". /root/lib.sh; probe {number} '{}'", probe.holds.replace('\'', r"'\''"));
            self.stand.machine().write(&format!("/root/probes/{number}"), script);
            let start =
                format!("setsid sh /root/probes/{number} >/dev/null 2>&1 </dev/null & echo $! >>/root/probes/all");
            self.stand.machine().sh(&start).good();
        }
    }

    fn tries(&self, number: usize) -> Vec<Try> {
        let text = self.stand.machine().read(&format!("/root/probes/{number}.tried"));
        let read = |line: &str| {
            let (begun, code) = line.split_once(' ')?;
            Some((begun.parse().ok()?, code == "0"))
        };
        text.lines().filter_map(read).collect()
    }

    fn probes(&self) -> impl Iterator<Item = (usize, &'static Probe, &'static ExpiryRow, &'static Effect)> {
        self.step.probes.iter().enumerate().map(|(number, probe)| {
            let (row, effect) = probe.effect(self.step.moment).expect("a test looks after that");
            (number, probe, row, effect)
        })
    }

    /// Waits until the moment, and says whether everything went on before it.
    pub(crate) fn goes_on_before(&self) -> bool {
        let left = (self.at - clock::now() - 1).max(0);
        self.stand.wait(left as f32, || false);
        self.stand.forget_logs();
        self.stand.machine().sh("rm -f /root/probes/*.said").good();
        let is_on = |number| self.tries(number).last().is_some_and(|(_, ended_well)| *ended_well);
        self.probes().all(|(number, probe, ..)| !probe.before || is_on(number))
    }

    /// The tries that began behind the moment.
    fn behind(&self, number: usize) -> Vec<Try> {
        self.tries(number).into_iter().filter(|(begun, _)| *begun > self.at).collect()
    }

    /// When it stopped for good, in seconds behind the moment.
    fn stopped(&self, number: usize) -> Option<i64> {
        let tries = self.behind(number);
        let at = tries.len() - tries.iter().rev().take_while(|(_, ended_well)| !ended_well).count();
        (tries.len() >= at + SETTLED).then(|| tries[at].0 - self.at)
    }

    fn is_settled(&self, number: usize, then: Then) -> bool {
        let over = |seconds: u32| clock::now() > self.at + i64::from(seconds) + SLACK;
        match then {
            Then::GoesOn => {
                clock::now() > self.at + i64::from(WATCHED) && self.behind(number).len() >= SETTLED
                    || clock::now() > self.at + 3 * i64::from(WATCHED)
            }
            Then::Fails(seconds) | Then::Exits(seconds) => self.stopped(number).is_some() || over(seconds + 20),
        }
    }

    /// Ends every probe.
    pub(crate) fn over(&self) {
        self.stand.machine().sh("for one in $(cat /root/probes/all); do kill -- -$one; done; true").good();
    }

    /// Watches, and says what the table's row contradicts.
    pub(crate) fn judge(&self, recorded: &Mutex<Recorded>) -> Vec<String> {
        self.try_each(|probe| !probe.before);
        let longest = 600.0;
        self.stand.wait(longest, || self.probes().all(|(number, _, _, effect)| self.is_settled(number, effect.then)));
        let mut contradictions = Vec::new();
        for (number, probe, row, effect) in self.probes() {
            let place = format!("{} {} {:?}: {}", probe.id, row.when, effect.moment, effect.what);
            let stopped = self.stopped(number);
            let (holds, told) = match (effect.then, stopped) {
                (Then::GoesOn, None) => {
                    let failed = self.behind(number).iter().filter(|(_, ended_well)| !ended_well).count();
                    (failed == 0 && !self.behind(number).is_empty(), format!("went on, {failed} tries failed"))
                }
                (Then::Fails(seconds) | Then::Exits(seconds), Some(after)) => {
                    (after <= i64::from(seconds) + SLACK, format!("stopped within {after} s"))
                }
                (Then::GoesOn, Some(after)) => (false, format!("stopped within {after} s")),
                (Then::Fails(_) | Then::Exits(_), None) => (false, "went on".to_owned()),
            };
            println!("{} {place}: {told}", if holds { "as said" } else { "NOT AS SAID" });
            if !holds {
                let tries = self.tries(number);
                let said = self.stand.machine().read(&format!("/root/probes/{number}.said"));
                contradictions.push(format!("{place}: {told}: moment {}, {tries:?}\n{said}", self.at));
            }
            for (who, says) in effect.says {
                if !self.says(number, probe, who, says, recorded) {
                    contradictions.push(format!("{place}: {who} does not say {says}\n{}", self.printed(number, who)));
                }
            }
        }
        self.over();
        contradictions
    }

    fn printed(&self, number: usize, who: &'static str) -> String {
        match who {
            "kubectl" | "etcdctl" => self.stand.machine().read(&format!("/root/probes/{number}.said")),
            component => self.stand.log((0, component)),
        }
    }

    /// Whether somebody says something; the whole line is written down.
    fn says(&self, number: usize, probe: &Probe, who: &'static str, says: &str, recorded: &Mutex<Recorded>) -> bool {
        let find = || {
            let printed = self.printed(number, who);
            let marked = printed.lines().map(|line| Recorded::marked(self.stand, line));
            let mut found: Vec<String> = marked.filter(|line| line.replace('\\', "").contains(says)).collect();
            found.sort_by_key(|line| line.len());
            found.into_iter().next()
        };
        let mut line = find();
        self.stand.wait(SLACK as f32, || {
            line = line.take().or_else(find);
            line.is_some()
        });
        let Some(line) = line else { return false };
        let mut recorded = recorded.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.add(probe.id, self.step.moment, who, line);
        true
    }
}
