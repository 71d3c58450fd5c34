//! What the files set and a design has no place for: listed in the design by name, and said here. What equals the plan is
//! neither, for there the plan speaks of the cluster.

use kubepki_core::catalog::cis::CIS;
use kubepki_core::catalog::connections::{Part, TOLD};
use kubepki_core::catalog::flags::{Direction, FLAGS, told};
use kubepki_core::catalog::own;
use kubepki_core::diag::Diagnostic;
use kubepki_core::plan::{FlagValue, Plan, unchecked};
use kubepki_core::spec::{ClusterSpec, Draft, Field, NodeDraft, parse};

use super::argument::overrides;
use super::import::Import;
use super::setting::Setting;
use super::spot::Spot;
use crate::place::Place;

/// Settings beyond these are not listed.
const MOST: usize = 500;
/// The longest one that is listed, in characters; names that are so long are none.
const LONGEST: usize = 200;

impl Import {
    /// Leaves a flag or field of a component to the user's own file, unless the plan turns out to have the same.
    pub(super) fn leave(
        &mut self,
        component: &'static str,
        name: impl Into<String>,
        value: Option<&str>,
        spot: &Spot<'_>,
    ) {
        let (name, value, place) = (name.into(), value.map(str::to_owned), spot.place());
        self.left.push(Setting { component, name, value, place, said: false });
    }

    /// The same of something that a finding was said of already.
    pub(super) fn leave_said(&mut self, component: &'static str, name: impl Into<String>, spot: &Spot<'_>) {
        self.leave_at(component, name, spot.place());
    }

    /// The same by its place.
    pub(super) fn leave_at(&mut self, component: &'static str, name: impl Into<String>, place: Place) {
        self.left.push(Setting { component, name: name.into(), value: None, place, said: true });
    }

    /// Puts what was left into the draft's list, and says it. `nodes` stand in for those of the draft where there are some.
    pub(super) fn list_left(&mut self, draft: &mut Draft, nodes: &[NodeDraft]) {
        let mut whole = draft.clone();
        if !nodes.is_empty() {
            whole.nodes = nodes.to_vec();
        }
        let spec = parse(&whole).0;
        let plan = spec.as_ref().map(unchecked);
        let mut list = draft.list(Field::AlsoSets).to_vec();
        for setting in std::mem::take(&mut self.left) {
            if plan.as_ref().is_some_and(|plan| setting.is_planned(plan)) {
                continue;
            }
            let entry = format!("{} {}", setting.component, setting.name);
            let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.' | '*' | '/');
            if list.len() < MOST && entry.len() <= LONGEST && setting.name.chars().all(plain) && !list.contains(&entry)
            {
                list.push(entry.clone());
            }
            if !setting.said {
                let found = setting.finding(spec.as_ref(), &entry);
                self.say(&setting.place, found);
            }
        }
        draft.set_list(Field::AlsoSets, list);
    }
}

impl Setting {
    /// Its name without dashes.
    fn bare(&self) -> &str {
        self.name.trim_start_matches("--")
    }

    /// Whether the plan sets it to the same wherever the component runs.
    fn is_planned(&self, plan: &Plan) -> bool {
        let Some(value) = &self.value else { return false };
        let same =
            |flag: &kubepki_core::plan::PlannedFlag| matches!(&flag.value, FlagValue::Set(text) if text == value);
        let of = |flag: &&kubepki_core::plan::PlannedFlag| {
            flag.row.component == self.component && flag.row.name == self.bare()
        };
        let mut all = plan.flags.iter().filter(of).peekable();
        all.peek().is_some() && all.all(same)
    }

    /// A warning where it decides who is believed, or what a benchmark or a connection is told to be; else a notice.
    fn finding(&self, spec: Option<&ClusterSpec>, entry: &str) -> Diagnostic {
        let of = if self.component == "kubeadm" { String::new() } else { format!(" of {}", self.component) };
        let name = &self.name;
        match overrides(self.component, self.bare()).or_else(|| decides(spec?, self.component, self.bare(), entry)) {
            Some(what) => Diagnostic::warning(
                "kubeadm-argument-overrides",
                "",
                format!("{name}{of} is set by hand, so the plan may not hold: {what}"),
            )
            .with_hint("see that it agrees with the plan, or remove it; the views say to look at your file"),
            None => Diagnostic::notice(
                "kubeadm-left-out",
                "",
                format!("{name}{of} is left to your own file: a design has no place for it"),
            )
            .with_hint("run kubeadm with your own file; the export's is there to compare"),
        }
    }
}

/// What a setting decides, by the tables of flags, checks and connections; nothing for one that decides nothing told.
fn decides(spec: &ClusterSpec, component: &str, name: &str, entry: &str) -> Option<String> {
    let trusts = |row: &&kubepki_core::catalog::flags::FlagRow| {
        row.component == component && row.name == name && row.direction != Direction::Setting
    };
    if let Some(row) = FLAGS.iter().find(trusts) {
        return Some(told(row).meaning.trim_end_matches('.').to_owned());
    }
    let probe = ClusterSpec { also_sets: vec![entry.to_owned()], ..spec.clone() };
    let decided = |setting: &str| own::decided_setting(&probe, setting).is_some();
    let check = CIS.iter().find(|row| row.asks.decided_by().iter().any(|one| decided(one)));
    if let Some(check) = check {
        return Some(format!("CIS {} asks about it: {}", check.id, check.title));
    }
    // What proves an end, not what may be done then.
    let settings = |told: &&kubepki_core::catalog::connections::Told| {
        let proving = told.decided_by.iter().filter(|one| one.part != Part::Rest);
        proving.flat_map(|one| one.settings).any(|one| decided(one))
    };
    TOLD.iter().find(settings).map(|told| format!("{} depends on it", told.name()))
}
