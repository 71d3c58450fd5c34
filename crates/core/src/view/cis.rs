//! The benchmark's checks with their state in a design: read from the plan's flags and files, never from a list of answers.

use super::Selection;
use super::drawing::{Drawing, caps, chip, choose, drawn, paragraph};
use crate::catalog::cis::{Asks, CIS, CisRow, Files, OLDER, SOURCE, VERSION, find};
use crate::catalog::own;
use crate::catalog::row::Form;
use crate::plan::{FlagValue, Holding, Plan, PlannedFlag, Root};
use crate::spec::EtcdMode;

/// How a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The plan satisfies it.
    Pass,
    /// It does not.
    Fail,
    /// A plan cannot tell: somebody must look.
    Manual,
    /// The user's own kubeadm file decides it: somebody must look there.
    Own,
    /// There is nothing here that it could concern.
    NotApplicable,
}

impl State {
    /// In a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Manual | Self::Own => "look",
            Self::NotApplicable => "not here",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Pass => "state pass",
            Self::Fail => "state fail",
            Self::Manual | Self::Own => "state manual",
            Self::NotApplicable => "state none",
        }
    }
}

/// A check and how it stands.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The check.
    pub row: &'static CisRow,
    /// How it stands.
    pub state: State,
    /// What was found, a line each.
    pub evidence: Vec<String>,
    /// Flags and files that it was read from.
    pub read: Vec<Selection>,
}

/// Every check.
pub fn checks(plan: &Plan) -> Vec<Checked> {
    CIS.iter().map(|row| check(plan, row)).collect()
}

fn check(plan: &Plan, row: &'static CisRow) -> Checked {
    let reader = Reader { plan };
    let own = reader.own(&row.asks);
    if !own.is_empty() {
        return Checked { row, state: State::Own, evidence: own, read: reader.concerned(&row.asks) };
    }
    let (state, evidence, read) = match &row.asks {
        Asks::Set(component, names) => reader.set(component, names),
        Asks::Has(component, name, wanted) => reader.has(component, name, wanted, true),
        Asks::Not(component, name, unwanted) => reader.has(component, name, unwanted, false),
        Asks::Mode(files, most) => reader.files(*files, |file| (file.mode & !most == 0, format!("{:04o}", file.mode))),
        Asks::Owner(files) => reader.files(*files, |file| (file.owner == "root:root", file.owner.to_owned())),
        Asks::OwnEtcdCa => reader.own_ca(),
        Asks::Ciphers(component, name) => reader.ciphers(component, name),
        Asks::Look(at) => (State::Manual, vec![format!("look at {at}")], Vec::new()),
        Asks::DataFolder => (State::Manual, vec![format!("look at {}", plan.spec.etcd_data_dir)], Vec::new()),
    };
    Checked { row, state, evidence, read }
}

type Found = (State, Vec<String>, Vec<Selection>);

struct Reader<'a> {
    plan: &'a Plan,
}

impl Reader<'_> {
    /// What the user's own kubeadm file sets of what a check asks, a line each.
    fn own(&self, asks: &Asks) -> Vec<String> {
        let mut lines = Vec::new();
        for setting in asks.decided_by() {
            let line = own::decided_setting(&self.plan.spec, &setting).map(own::sentence);
            lines.extend(line.filter(|line| !lines.contains(line)));
        }
        lines
    }

    /// The flags that a check asks about.
    fn concerned(&self, asks: &Asks) -> Vec<Selection> {
        let first = |setting: String| {
            let (component, name) = setting.split_once(' ')?;
            self.flags(component, name).first().map(|(index, _)| Selection::Flag(*index))
        };
        asks.decided_by().into_iter().filter_map(first).collect()
    }

    fn flags(&self, component: &str, name: &str) -> Vec<(usize, &PlannedFlag)> {
        let is = |flag: &PlannedFlag| flag.row.component == component && flag.row.name == name;
        self.plan.flags.iter().enumerate().filter(|(_, flag)| is(flag)).collect()
    }

    /// Whether the design runs a component at all.
    fn runs(&self, component: &str) -> bool {
        self.plan.flags.iter().any(|flag| flag.row.component == component)
    }

    fn set(&self, component: &str, names: &[&str]) -> Found {
        if !self.runs(component) {
            return (State::NotApplicable, vec![format!("no {component} here")], Vec::new());
        }
        let (mut state, mut evidence, mut read) = (State::Pass, Vec::new(), Vec::new());
        for name in names {
            let all = self.flags(component, name);
            let unset = all.iter().filter(|(_, flag)| flag.value == FlagValue::NotSet).count();
            if all.is_empty() || unset > 0 {
                state = State::Fail;
                evidence.push(format!("{component}: {name} is not set"));
            } else {
                evidence.push(format!("{component}: {name}={}", value(all[0].1)));
            }
            read.extend(all.first().map(|(index, _)| Selection::Flag(*index)));
        }
        (state, evidence, read)
    }

    /// Whether a flag has a value on every node; or, unwanted, on none. An empty unwanted value stands for any.
    fn has(&self, component: &str, name: &str, value_of: &str, wanted: bool) -> Found {
        if !self.runs(component) {
            return (State::NotApplicable, vec![format!("no {component} here")], Vec::new());
        }
        let all = self.flags(component, name);
        let holds = |flag: &PlannedFlag| match &flag.value {
            FlagValue::NotSet => false,
            FlagValue::Set(text) => value_of.is_empty() || text.split(',').any(|one| one == value_of),
        };
        let with = all.iter().filter(|(_, flag)| holds(flag)).count();
        let good = if wanted { !all.is_empty() && with == all.len() } else { with == 0 };
        let found = match all.first() {
            None => format!("{component}: {name} is not set"),
            Some((_, flag)) => format!("{component}: {name}={}", value(flag)),
        };
        let read = all.first().map(|(index, _)| Selection::Flag(*index)).into_iter().collect();
        (if good { State::Pass } else { State::Fail }, vec![found], read)
    }

    fn files(&self, files: Files, judge: impl Fn(&crate::plan::PlannedFile) -> (bool, String)) -> Found {
        let plan = self.plan;
        let concerned = |file: &crate::plan::PlannedFile| {
            let cert = &plan.certs[file.content.cert];
            let holding = file.content.holding;
            matches!(file.root, Root::Node(_))
                && match files {
                    Files::Kubeconfigs(ids) => {
                        matches!(cert.row.form, Form::Kubeconfig(_)) && ids.contains(&cert.row.id)
                    }
                    Files::All => holding != Holding::Kubeconfig,
                    Files::Certificates => holding == Holding::Certificate,
                    Files::Keys => holding == Holding::PrivateKey,
                    Files::ClientCa => holding == Holding::Certificate && cert.row.id == "ca",
                }
        };
        let all: Vec<(usize, &crate::plan::PlannedFile)> =
            plan.files.iter().enumerate().filter(|(_, file)| concerned(file)).collect();
        if all.is_empty() {
            return (State::NotApplicable, vec!["no such file here".to_owned()], Vec::new());
        }
        let bad: Vec<&(usize, &crate::plan::PlannedFile)> = all.iter().filter(|(_, file)| !judge(file).0).collect();
        let line = |(_, file): &&(usize, &crate::plan::PlannedFile)| format!("{}: {}", file.path, judge(file).1);
        if bad.is_empty() {
            let first = all.iter().take(1).collect::<Vec<_>>();
            let more = if all.len() > 1 { format!(", and {} more alike", all.len() - 1) } else { String::new() };
            let evidence = first.iter().map(|one| line(one) + &more).collect();
            return (State::Pass, evidence, vec![Selection::File(all[0].0)]);
        }
        let read = bad.iter().take(MOST).map(|(index, _)| Selection::File(*index)).collect();
        (State::Fail, bad.iter().take(MOST).map(line).collect(), read)
    }

    fn own_ca(&self) -> Found {
        let plan = self.plan;
        let Some(server) = plan.certs.iter().position(|cert| cert.row.id == "etcd-server") else {
            let why = match plan.spec.etcd_mode {
                EtcdMode::External => "etcd is elsewhere: look there",
                EtcdMode::Stacked => "no etcd here",
            };
            return (State::Manual, vec![why.to_owned()], Vec::new());
        };
        let Some(issuer) = plan.certs[server].issuer else { return (State::Fail, Vec::new(), Vec::new()) };
        let others: Vec<&str> = plan
            .signed_by(issuer)
            .map(|one| plan.certs[one].row.id)
            .filter(|id| !id.starts_with("etcd-") && *id != "apiserver-etcd-client")
            .collect();
        let name = plan.certs[issuer].row.id;
        let read = vec![Selection::Cert(issuer)];
        match others.first() {
            None => (State::Pass, vec![format!("{name} signs for etcd alone")], read),
            Some(first) => (State::Fail, vec![format!("{name} also signs {first} and others")], read),
        }
    }

    fn ciphers(&self, component: &str, name: &str) -> Found {
        let all = self.flags(component, name);
        let read: Vec<Selection> = all.first().map(|(index, _)| Selection::Flag(*index)).into_iter().collect();
        let Some((_, PlannedFlag { value: FlagValue::Set(text), .. })) = all.first() else {
            let why = format!("{component}: {name} is not set: Go's own list, which has weaker suites at its end");
            return (State::Fail, vec![why], read);
        };
        let is_weak = |suite: &&str| !suite.contains("GCM") && !suite.contains("CHACHA20");
        let weak: Vec<&str> = text.split(',').filter(is_weak).collect();
        match weak.is_empty() {
            true => (State::Pass, vec![format!("{component}: {text}")], read),
            false => (State::Fail, weak.iter().map(|suite| format!("weak: {suite}")).collect(), read),
        }
    }
}

/// Most lines of evidence that a check lists.
pub const MOST: usize = 5;

fn value(flag: &PlannedFlag) -> &str {
    match &flag.value {
        FlagValue::Set(text) => text,
        FlagValue::NotSet => "(not set)",
    }
}

/// `31 pass, 3 fail, …`.
fn summary(all: &[Checked]) -> String {
    let count = |state: State| all.iter().filter(|one| one.state == state).count();
    let parts = [State::Pass, State::Fail, State::Manual, State::Own, State::NotApplicable];
    let words = parts.into_iter().filter(|state| *state != State::Own || count(*state) > 0).map(|state| match state {
        State::Manual => format!("{} to look at", count(state)),
        State::Own => format!("{} that your own kubeadm file decides", count(state)),
        state @ (State::Pass | State::Fail | State::NotApplicable) => format!("{} {}", count(state), state.word()),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The view for the page: the sum, then a table for each section.
pub fn page(plan: &Plan, selected: &str) -> Drawing {
    let all = checks(plan);
    let chosen = selected.strip_prefix("cis:").and_then(find).map(|row| row.id);
    let mut view = drawn("div")
        .set("class", "told-page")
        .with(drawn("p").set("class", "verdict none").set("data-testid", "cis-sum").text(summary(&all)))
        .with(drawn("p").set("class", "muted").text(format!(
            "The checks of CIS Kubernetes Benchmark v{VERSION} that concern certificates and their files, read from this design. Ids move between versions: those of v{OLDER} stand beside them."
        )));
    let failing: Vec<&Checked> = all.iter().filter(|one| one.state == State::Fail).collect();
    if !failing.is_empty() {
        let id = |one: &&Checked| {
            let row = one.row;
            chip("data-choose", format!("cis:{}", row.id), row.id, chosen == Some(row.id)).set("title", row.title)
        };
        let fails = drawn("b").set("class", State::Fail.class()).text("Fail");
        view = view.with(drawn("p").set("class", "bar").with(fails).all(failing.iter().map(id)));
    }
    let section = |one: &Checked| one.row.id.rsplit_once('.').map_or("", |(section, _)| section);
    for group in all.chunk_by(|one, other| section(one) == section(other)) {
        view = view.with(caps(&format!("Section {}", section(&group[0]))));
        let rows = group.iter().map(|one| {
            let row = one.row;
            let button = choose(format!("cis:{}", row.id), row.id)
                .set("aria-pressed", chosen == Some(row.id))
                .set("data-testid", format!("cis-{}", row.id));
            let older = if row.older.is_empty() || row.older == row.id {
                String::new()
            } else {
                format!("{OLDER}: {}", row.older)
            };
            vec![
                button,
                drawn("span").text(row.title),
                drawn("span").set("class", one.state.class()).text(one.state.word()),
                drawn("span").set("class", "muted").text(older),
            ]
        });
        view = view.with(super::drawing::table(&["Id", "What it asks", "Here", "Older id"], rows));
    }
    view
}

/// What is told of one check: `cis:ID`, or `cis:1.5.0:ID` for an older id.
pub fn sheet(plan: &Plan, selected: &str) -> Vec<Drawing> {
    let Some(id) = selected.strip_prefix("cis:") else { return Vec::new() };
    let Some(row) = find(id) else { return Vec::new() };
    let one = check(plan, row);
    let mut out = vec![
        drawn("h2").text(format!("CIS {}", row.id)),
        paragraph(format!("{}.", row.title)),
        drawn("p").with(drawn("b").set("class", one.state.class()).text(one.state.word())),
    ];
    out.extend(row.other_id().map(|older| paragraph(format!("In v{OLDER} this was {older}."))));
    out.push(caps("Found"));
    out.push(drawn("ul").all(one.evidence.iter().map(|line| drawn("li").with(drawn("code").text(line)))));
    let links: Vec<Drawing> = one
        .read
        .iter()
        .filter_map(|selection| selection.to_text(plan))
        .map(|to| drawn("li").with(choose(&to, to.split_once(':').map_or(&*to, |(_, name)| name))))
        .collect();
    if !links.is_empty() {
        out.extend([caps("Read from"), drawn("ul").all(links)]);
    }
    if one.state != State::Pass {
        out.extend([caps("What satisfies it"), paragraph(row.change)]);
    }
    out.push(drawn("p").set("class", "source").text(format!("From {SOURCE}")));
    out
}

/// The view for a terminal.
pub fn text(plan: &Plan) -> String {
    let all = checks(plan);
    let mut out = format!("CIS Kubernetes Benchmark v{VERSION}: {}\n\n", summary(&all));
    for one in &all {
        let older = one.row.other_id().map(|older| format!(" ({OLDER}: {older})")).unwrap_or_default();
        out += &format!("{:8} {:8} {}{older}\n", one.state.word(), one.row.id, one.row.title);
        if matches!(one.state, State::Fail | State::Own) {
            one.evidence.iter().for_each(|line| out += &format!("                  {line}\n"));
        }
        if one.state == State::Fail {
            out += &format!("                  → {}\n", one.row.change);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset::{PRESETS, Preset};
    use crate::spec::{Draft, Field, parse};

    fn planned(draft: &Draft) -> Plan {
        crate::plan::plan(&parse(draft).0.expect("no errors"))
    }

    fn state(plan: &Plan, id: &str) -> State {
        check(plan, find(id).expect("a check")).state
    }

    #[test]
    fn kubeadm_fails_the_check_of_kubelets_until_the_design_closes_it() {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        let plan = planned(&draft);
        assert_eq!(state(&plan, "1.2.5"), State::Fail);
        assert_eq!(state(&plan, "4.2.9"), State::Fail);
        assert_eq!(
            (state(&plan, "2.7"), state(&plan, "1.2.26"), state(&plan, "1.1.21")),
            (State::Pass, State::Pass, State::Pass)
        );
        draft.set_text(Field::Start, "manual");
        draft.set_text(Field::KubeletServing, "clusterCA");
        let plan = planned(&draft);
        assert_eq!((state(&plan, "1.2.5"), state(&plan, "4.2.9")), (State::Pass, State::Pass));
    }

    #[test]
    fn one_ca_for_all_fails_what_etcd_needs() {
        let course = PRESETS.iter().map(Preset::draft).map(|draft| planned(&draft)).find(|plan| plan.ca_count() == 1);
        assert_eq!(state(&course.expect("a preset with one CA"), "2.7"), State::Fail);
    }

    #[test]
    fn modes_and_owners_are_the_plans() {
        let mut plan = planned(&Preset::named("single").expect("preset").draft());
        let key = plan.files.iter().position(|file| file.content.holding == Holding::PrivateKey).expect("a key");
        assert_eq!(state(&plan, "1.1.21"), State::Pass);
        plan.files[key].mode = 0o640;
        assert_eq!(state(&plan, "1.1.21"), State::Fail);
        plan.files[key].owner = "etcd:etcd";
        assert_eq!(state(&plan, "1.1.19"), State::Fail);
    }

    #[test]
    fn ciphers_are_judged_suite_by_suite() {
        let mut draft = Preset::named("single").expect("preset").draft();
        assert_eq!(state(&planned(&draft), "1.2.29"), State::Fail);
        draft.set_list(Field::CipherSuites, vec!["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256".to_owned()]);
        assert_eq!(state(&planned(&draft), "1.2.29"), State::Pass);
        let mut plan = planned(&draft);
        for flag in plan.flags.iter_mut().filter(|flag| flag.row.name == "tls-cipher-suites") {
            flag.value = FlagValue::Set("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA".to_owned());
        }
        assert_eq!(state(&plan, "1.2.29"), State::Fail);
    }

    #[test]
    fn an_older_id_tells_of_todays_check() {
        let plan = planned(&Preset::named("single").expect("preset").draft());
        let sheet: String = sheet(&plan, "cis:1.5.0:1.2.6").iter().map(Drawing::to_markup).collect();
        assert!(sheet.contains("CIS 1.2.5") && sheet.contains("In v1.5.0 this was 1.2.6"), "{sheet}");
        for preset in PRESETS {
            assert!(text(&planned(&preset.draft())).contains(" pass, "));
        }
    }

    #[test]
    fn no_check_is_answered_against_what_the_users_own_file_sets() {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        let plain = text(&planned(&draft));
        assert!(!plain.contains("your own kubeadm file"), "{plain}");
        for row in CIS {
            let settings = row.asks.decided_by();
            assert!(!settings.is_empty(), "{} depends on something", row.id);
            for setting in settings.iter() {
                if parsed(&mut draft, setting).is_none() {
                    continue;
                }
                let plan = planned(&draft);
                let one = check(&plan, row);
                assert_eq!(one.state, State::Own, "{} with {setting}", row.id);
                assert!(
                    one.evidence.iter().any(|line| line.contains(setting.as_str())),
                    "{}: {:?}",
                    row.id,
                    one.evidence
                );
                // The same in what is printed, and no other check changes with it but those that ask the same.
                let line = format!("look     {:8} {}", row.id, row.title);
                assert!(
                    text(&plan).contains(&line) && text(&plan).contains("that your own kubeadm file decides"),
                    "{line}"
                );
                for other in checks(&plan).iter().filter(|one| one.state == State::Own) {
                    let asks = other.row.asks.decided_by();
                    assert!(asks.iter().any(|one| own::decided_setting(&plan.spec, one).is_some()), "{}", other.row.id);
                }
            }
        }
        // What reads flags depends on each of them.
        for row in CIS {
            let named: Vec<&str> = match &row.asks {
                Asks::Set(_, names) => names.to_vec(),
                Asks::Has(_, name, _) | Asks::Not(_, name, _) | Asks::Ciphers(_, name) => vec![name],
                Asks::Mode(..) | Asks::Owner(_) | Asks::OwnEtcdCa | Asks::Look(_) | Asks::DataFolder => Vec::new(),
            };
            for name in named {
                assert!(
                    row.asks.decided_by().iter().any(|one| one.ends_with(&format!(" {name}"))),
                    "{}: {name}",
                    row.id
                );
            }
        }
    }

    /// The draft with one setting of the user's own file; nothing where the setting is none, as of a path to look at.
    fn parsed(draft: &mut Draft, setting: &str) -> Option<crate::spec::ClusterSpec> {
        draft.set_list(Field::AlsoSets, vec![setting.to_owned()]);
        parse(draft).0
    }
}
