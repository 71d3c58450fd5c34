//! Every certificate's life, each CA above what it signed, what expires first, and who renews it.

mod calendar;
mod ending;
mod picture;
mod text;

use crate::catalog::connections::{CONNECTIONS, ConnectionRow, Side};
use crate::catalog::renewal::{Renewal, renewal};
use crate::instant::to_date;
use crate::plan::{BACKDATE_SECONDS, Plan};
use crate::view::text::{counted, days_from_now, thousands};

pub use calendar::ics;
pub use ending::ending;
pub use picture::page;
pub use text::text;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The life of a certificate, or of siblings that live alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// Index into [`Plan::certs`], of the first of them.
    pub cert: usize,
    /// How many there are.
    pub count: usize,
    /// When it begins, Unix seconds.
    pub from: i64,
    /// When it ends to whoever checks it, Unix seconds: its own end, or its CA's before that. Nothing for a bare key pair.
    pub until: Option<i64>,
    /// Who renews it.
    pub renewal: Renewal,
    /// How it is renewed.
    pub how: &'static str,
    /// Whether a CA of this design signed it.
    pub is_leaf: bool,
}

/// How soon something ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// In more than thirty days, or never.
    Fine,
    /// In thirty days or less.
    Soon,
    /// In seven days or less.
    Now,
    /// It is over.
    Over,
    /// It has not begun.
    Early,
}

impl Urgency {
    /// In a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fine => "good",
            Self::Soon => "30 days or less",
            Self::Now => "7 days or less",
            Self::Over => "expired",
            Self::Early => "not valid yet",
        }
    }
}

impl Life {
    /// How soon it ends, seen at a time.
    pub fn urgency(&self, at: i64) -> Urgency {
        let Some(until) = self.until else { return Urgency::Fine };
        match until - at {
            _ if at < self.from => Urgency::Early,
            left if left < 0 => Urgency::Over,
            left if left <= 7 * DAY => Urgency::Now,
            left if left <= 30 * DAY => Urgency::Soon,
            _ => Urgency::Fine,
        }
    }

    /// Whole days that are left at a time; fewer than none when it is over.
    pub fn days_left(&self, at: i64) -> Option<i64> {
        self.until.map(|until| (until - at).div_euclid(DAY))
    }
}

/// The lives of a plan that is issued at a time: each CA, then what it signed; siblings of one length together.
pub fn lives(plan: &Plan, issued: i64) -> Vec<Life> {
    let mut order: Vec<usize> = Vec::new();
    for (index, cert) in plan.certs.iter().enumerate().filter(|(_, cert)| cert.issuer.is_none()) {
        order.push(index);
        let signed = plan.signed_by(index).collect::<Vec<_>>();
        order.extend(signed.iter().filter(|_| cert.subject.is_some()));
    }
    let mut lives: Vec<Life> = Vec::new();
    for index in order {
        let cert = &plan.certs[index];
        let same = |life: &&mut Life| {
            let other = &plan.certs[life.cert];
            other.row.id == cert.row.id && other.lifetime == cert.lifetime && other.issuer == cert.issuer
        };
        if let Some(life) = lives.iter_mut().find(same) {
            life.count += 1;
            continue;
        }
        let (by, how) = renewal(&plan.spec, cert.row.id);
        lives.push(Life {
            cert: index,
            count: 1,
            from: issued - BACKDATE_SECONDS,
            until: cert.subject.as_ref().map(|_| issued + in_force(plan, index)),
            renewal: by,
            how,
            is_leaf: cert.issuer.is_some(),
        });
    }
    lives
}

/// Seconds after the issue time for which a certificate counts: no longer than any CA above it.
fn in_force(plan: &Plan, index: usize) -> i64 {
    let mut least = plan.certs[index].lifetime.seconds;
    let mut above = plan.certs[index].issuer;
    while let Some(issuer) = above {
        least = least.min(plan.certs[issuer].lifetime.seconds);
        above = plan.certs[issuer].issuer;
    }
    least
}

/// The one that expires first of those that nothing renews by itself, and the connections that fail without it.
pub fn first<'l>(plan: &Plan, lives: &'l [Life]) -> Option<(&'l Life, Vec<&'static str>)> {
    let due = || lives.iter().filter(|life| life.until.is_some() && life.renewal != Renewal::ByItself);
    let first = due().min_by_key(|life| (life.until, !life.is_leaf))?;
    // What ends at the same moment ends with it.
    let ends: Vec<&str> =
        due().filter(|life| life.until == first.until).map(|life| plan.certs[life.cert].row.id).collect();
    let there = |id: &str| plan.certs.iter().any(|cert| cert.row.id == id);
    // A side shows the first that there is, and who is not checked cannot fail.
    let shows = |side: &Side| side.shows.iter().find(|id| there(id)).is_some_and(|id| ends.contains(id));
    let fails =
        |row: &&ConnectionRow| shows(&row.client) || (row.server_checked)(&plan.spec) && shows(&row.server_side);
    let hit = CONNECTIONS.iter().filter(fails).map(|row| row.id);
    Some((first, hit.collect()))
}

/// What a life is called: title, and how many there are.
fn title(plan: &Plan, life: &Life) -> String {
    let cert = &plan.certs[life.cert];
    match life.count {
        1 => cert.row.title.to_owned(),
        count => format!("{} ×{count}", cert.row.title),
    }
}

/// The sentence on top.
fn headline(plan: &Plan, lives: &[Life], at: i64) -> String {
    let Some((first, hit)) = first(plan, lives) else { return String::new() };
    let alike = lives.iter().filter(|life| life.until == first.until).map(|life| life.count).sum::<usize>();
    // The title counts its siblings already.
    let others = match alike - first.count {
        0 => String::new(),
        others => format!(" and {} more that day", thousands(others)),
    };
    let until = first.until.map(to_date).unwrap_or_default();
    let days = first.days_left(at).unwrap_or_default();
    let is_over = first.urgency(at) == Urgency::Over;
    let them = if alike == 1 { "it" } else { "them" };
    let fails = match hit.len() {
        0 => String::new(),
        1 => format!(" With {them} 1 connection {}.", if is_over { "fails already" } else { "fails" }),
        count => {
            format!(" With {them} {} {}.", counted(count, "connection"), if is_over { "fail already" } else { "fail" })
        }
    };
    let what = if is_over { "Expired first" } else { "Expires first" };
    format!("{what}: {}{others}, {}, {until}.{fails}", title(plan, first), days_from_now(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset::Preset;
    use crate::spec::{Field, parse};

    const ISSUED: i64 = 1_795_694_400;

    fn stacked() -> Plan {
        crate::plan::plan(&parse(&Preset::named("ha-stacked").expect("preset").draft()).0.expect("no errors"))
    }

    #[test]
    fn cas_stand_above_what_they_signed_and_siblings_fold() {
        let plan = stacked();
        let lives = lives(&plan, ISSUED);
        let ids: Vec<&str> = lives.iter().map(|life| plan.certs[life.cert].row.id).collect();
        let at = |id: &str| ids.iter().position(|one| *one == id).unwrap_or_else(|| panic!("{id}: {ids:?}"));
        assert!(at("ca") < at("apiserver") && at("apiserver") < at("etcd-ca") && at("etcd-ca") < at("etcd-peer"));
        assert_eq!(lives[at("etcd-peer")].count, 3);
        assert_eq!(lives[at("sa")].until, None);
        let all: usize = lives.iter().map(|life| life.count).sum();
        assert_eq!(all, plan.certs.len());
    }

    #[test]
    fn amber_begins_at_thirty_days_and_red_at_seven() {
        let plan = stacked();
        let lives = lives(&plan, ISSUED);
        let leaf = lives.iter().find(|life| life.is_leaf).expect("a leaf");
        let end = leaf.until.expect("an end");
        let seen = |before: i64| leaf.urgency(end - before);
        assert_eq!(seen(30 * DAY + 1), Urgency::Fine);
        assert_eq!(seen(30 * DAY), Urgency::Soon);
        assert_eq!(seen(7 * DAY + 1), Urgency::Soon);
        assert_eq!(seen(7 * DAY), Urgency::Now);
        assert_eq!(seen(0), Urgency::Now);
        assert_eq!(seen(-1), Urgency::Over);
        assert_eq!(leaf.urgency(leaf.from - 1), Urgency::Early);
    }

    #[test]
    fn what_expires_first_names_the_connections_that_fail() {
        let plan = stacked();
        let lives = lives(&plan, ISSUED);
        let (life, hit) = first(&plan, &lives).expect("something ends");
        assert!(life.is_leaf);
        assert!(hit.contains(&"kube-apiserver->etcd") && hit.contains(&"kubectl->kube-apiserver"), "{hit:?}");
        assert!(text(&plan, ISSUED, ISSUED).starts_with("Expires first: "));
    }

    #[test]
    fn it_is_told_what_goes_on_and_what_stops_when_the_first_ends() {
        let mut plan = stacked();
        let one = plan.find("scheduler.conf", Some(0)).expect("a kubeconfig");
        plan.certs[one].lifetime.seconds = 5 * DAY;
        let said = text(&plan, ISSUED, ISSUED);
        assert!(said.contains("\nWhen system:kube-scheduler ends:\n  At the moment it ends:\n"), "{said}");
        assert!(said.contains("\n    The scheduler exits within 15 seconds.\n"), "{said}");
        // On the page it is told of what is selected, otherwise of what ends first.
        let page = |selected: &str| ending(&plan, ISSUED, selected).to_markup();
        assert!(page("").contains("The scheduler exits within 15 seconds."));
        let apiserver = format!("cert:{}", plan.key_of(plan.find("apiserver", Some(0)).expect("a pair")));
        let of_server = page(&apiserver);
        assert!(of_server.contains("When kube-apiserver ×3 ends") && !of_server.contains("The scheduler's process"));
        assert!(
            of_server.contains("Once connections break:")
                && of_server.contains("Each new call of kubectl fails at once.")
        );
        let peer = format!("cert:{}", plan.key_of(plan.find("etcd-peer", Some(0)).expect("a pair")));
        assert!(page(&peer).contains("What is written through the member that is cut off fails within "));
    }

    #[test]
    fn the_headline_counts_right_in_words_that_fit_the_day() {
        let plan = stacked();
        let lives = lives(&plan, ISSUED);
        let end = first(&plan, &lives).and_then(|(life, _)| life.until).expect("an end");
        let leaves = plan.certs.iter().filter(|cert| cert.issuer.is_some()).count();
        let at = |days: i64| headline(&plan, &lives, end - days * DAY);
        assert!(at(365).starts_with("Expires first: kube-apiserver ×3 and "), "{}", at(365));
        assert!(at(365).contains(&format!(" ×3 and {} more that day, in 365 days", leaves - 3)), "{}", at(365));
        for (days, begins, when) in [
            (2, "Expires first: ", ", in 2 days, "),
            (1, "Expires first: ", ", in 1 day, "),
            (0, "Expires first: ", ", today, "),
            (-1, "Expired first: ", ", 1 day ago, "),
            (-40, "Expired first: ", ", 40 days ago, "),
        ] {
            let said = at(days);
            assert!(said.starts_with(begins) && said.contains(when), "{days}: {said}");
            assert_eq!(said.contains("fail already"), days < 0, "{days}: {said}");
        }
        // One certificate that ends alone, and one connection that needs it.
        let mut plan = stacked();
        let one = plan.find("scheduler.conf", Some(0)).expect("a kubeconfig");
        plan.certs[one].lifetime.seconds = 5 * DAY;
        let alone = super::lives(&plan, ISSUED);
        let said = headline(&plan, &alone, ISSUED);
        assert!(said.starts_with("Expires first: system:kube-scheduler, in 5 days, "), "{said}");
        assert!(said.ends_with(" With it 1 connection fails."), "{said}");
        assert!(text(&plan, ISSUED, ISSUED + 4 * DAY).contains(", in 1 day, "));
    }

    #[test]
    fn what_nobody_in_the_cluster_can_sign_is_renewed_by_hand_and_stands_in_the_calendar() {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        assert_eq!(renewal(&stacked().spec, "kubelet.conf").0, Renewal::ByItself);
        draft.set_text(Field::CaKeys, "offNode");
        let plan = crate::plan::plan(&parse(&draft).0.expect("no errors"));
        assert_eq!(renewal(&plan.spec, "kubelet.conf").0, Renewal::ByHand);
        assert_eq!(renewal(&plan.spec, "apiserver").0, Renewal::ByHand);
        let external = parse(&Preset::named("ha-external").expect("preset").draft()).0.expect("no errors");
        assert_eq!(renewal(&external, "apiserver-etcd-client").0, Renewal::ByHand);
        assert_eq!(renewal(&external, "apiserver").0, Renewal::ByKubeadm);
    }

    #[test]
    fn a_leaf_counts_no_longer_than_its_authority() {
        let mut plan = stacked();
        let ca = plan.find("etcd-ca", None).expect("a CA");
        plan.certs[ca].lifetime.seconds = 100 * DAY;
        let lives = lives(&plan, ISSUED);
        let peer = lives.iter().find(|life| plan.certs[life.cert].row.id == "etcd-peer").expect("a life");
        assert_eq!(peer.until, Some(ISSUED + 100 * DAY));
    }

    #[test]
    fn a_layout_that_kubeadm_does_not_know_is_renewed_by_hand() {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        assert_eq!(renewal(&stacked().spec, "apiserver").0, Renewal::ByKubeadm);
        draft.set_text(Field::Layout, "course");
        if let (Some(spec), _) = parse(&draft) {
            assert_eq!(renewal(&spec, "apiserver").0, Renewal::ByHand);
        }
    }
}
