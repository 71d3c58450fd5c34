//! Who calls whom, proven how, checked against what: a column for each kind of component, a row for each connection, an
//! arrow from the caller to the server. Rows never touch, so neither do labels, however large the cluster is.

use crate::catalog::connections::{Credential, Part, TOLD, Told, connection};
use crate::catalog::own;
use crate::plan::Plan;
use crate::spec::{ClusterSpec, Node};

use super::drawing::{Drawing, capital, caps, choose, drawn, paragraph};

/// Whether something is proven in a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// By a certificate.
    Certificate,
    /// By a token.
    Token,
    /// Not at all.
    Missing,
    /// The user's own kubeadm file decides it: somebody must look there.
    Own,
}

/// One connection of a design.
#[derive(Clone, Debug)]
pub struct Edge {
    /// What is told about it.
    pub told: &'static Told,
    /// The caller's column.
    pub from: usize,
    /// The server's column.
    pub to: usize,
    /// Whether the caller knows whom it talks to.
    pub server: Mark,
    /// Whether the server knows who calls.
    pub client: Mark,
    /// Whether what is said can be neither read nor changed on the way.
    pub encrypted: Mark,
    /// What the user's own kubeadm file sets of it, part by part, as that file's settings are written.
    pub own: Vec<(Part, String)>,
    /// The port that listens; nothing for none.
    pub port: Option<u16>,
}

/// One kind of component.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name, in two lines.
    pub title: [&'static str; 2],
    /// Where it runs: a node's name, or how many there are.
    pub place: String,
    parts: &'static [&'static str],
}

type Runs = fn(&ClusterSpec, &Node) -> bool;

/// The columns: name, who stands in it by the parts of the connections' ids, and where it runs.
const COLUMNS: &[([&str; 2], &[&str], Option<Runs>)] = &[
    (["you", "and others"], &["kubectl", "super-admin", "kubeadm", "load-balancer", "etcdctl"], None),
    (["controller", "manager"], &["kube-controller-manager"], Some(|_, node| node.control_plane)),
    (["scheduler", ""], &["kube-scheduler"], Some(|_, node| node.control_plane)),
    (["API server", ""], &["kube-apiserver"], Some(|_, node| node.control_plane)),
    (["etcd", ""], &["etcd", "etcd-gateway"], Some(|spec, node| spec.is_etcd_member(node))),
    (["kubelet", ""], &["kubelet", "kubelet-bootstrap", "container-runtime"], Some(|_, node| node.has_kubelet())),
    (["Pods,", "kube-proxy"], &["pod", "kube-proxy", "coredns"], Some(|_, node| node.has_kubelet())),
    (
        ["add-ons,", "outside"],
        &["metrics-server", "aggregated-apiserver", "webhook", "konnectivity-server", "oidc-issuer"],
        None,
    ),
];

/// The columns and the connections of a design.
pub fn connections(plan: &Plan) -> (Vec<Column>, Vec<Edge>) {
    let spec = &plan.spec;
    let place = |runs: Option<Runs>| {
        let Some(runs) = runs else { return String::new() };
        let nodes: Vec<&str> =
            spec.nodes.iter().filter(|node| runs(spec, node)).map(|node| node.name.as_str()).collect();
        match nodes[..] {
            [] => "nowhere".to_owned(),
            [one] => one.to_owned(),
            _ => format!("{} nodes", nodes.len()),
        }
    };
    let columns: Vec<Column> =
        COLUMNS.iter().map(|(title, parts, runs)| Column { title: *title, place: place(*runs), parts }).collect();
    let column = |part: &str| columns.iter().position(|column| column.parts.contains(&part)).unwrap_or_default();
    let edge = |told: &'static Told| {
        let (from, to) = told.id.split_once("->").unwrap_or_default();
        let is_pod = told.id == "pod->kube-apiserver";
        let shows = connection(told.id).map_or(&[][..], |row| row.client.shows);
        let api_server = to == "kube-apiserver" && !is_pod;
        let parts = [Part::Server, Part::Caller, Part::Way, Part::Rest];
        let own = parts.into_iter().filter_map(|part| Some((part, own::decided_part(spec, told, part)?.to_owned())));
        let own: Vec<(Part, String)> = own.collect();
        let unless = |part: Part, mark: Mark| if own.iter().any(|(one, _)| *one == part) { Mark::Own } else { mark };
        let proven = |is: bool| if is { Mark::Certificate } else { Mark::Missing };
        Edge {
            told,
            from: column(from),
            to: column(to),
            server: unless(Part::Server, proven((told.server_proven)(spec))),
            client: unless(
                Part::Caller,
                match told.credential {
                    // A certificate of this PKI only where the design has one: kubeadm gives kube-proxy a token.
                    Credential::Token if shows.iter().any(|id| plan.certs.iter().any(|cert| cert.row.id == *id)) => {
                        Mark::Certificate
                    }
                    Credential::Certificate => Mark::Certificate,
                    Credential::Token => Mark::Token,
                    Credential::Nothing => Mark::Missing,
                },
            ),
            encrypted: unless(Part::Way, proven(told.encrypted)),
            own,
            port: told.port.or(api_server.then_some(spec.bind_port)).or(is_pod.then_some(443)),
        }
    };
    let edges = TOLD.iter().filter(|told| (told.applies)(spec)).map(edge).collect();
    (columns, edges)
}

impl Mark {
    /// In a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Certificate => "by certificate",
            Self::Token => "by token",
            Self::Missing => "not proven",
            Self::Own => "look: your file",
        }
    }
}

impl Edge {
    /// What the caller checks the server with, what it presents, who decides what it may do, and what to do about that:
    /// where the user's own kubeadm file decides one of them, that instead.
    pub fn said(&self) -> [String; 4] {
        let Told { checked_with, presents, authorization, advice, .. } = self.told;
        let or = |part: Part, text: &str| self.own_sentence(part).unwrap_or_else(|| text.to_owned());
        let advice = match self.own_settings() {
            none if none.is_empty() => (*advice).to_owned(),
            settings => format!("It sets {settings}: look there, for this design does not hold what it says."),
        };
        [or(Part::Server, checked_with), or(Part::Caller, presents), or(Part::Rest, authorization), advice]
    }

    /// `kube-apiserver → etcd`.
    pub fn title(&self) -> String {
        format!("{} → {}", self.told.caller, self.told.server)
    }

    /// Whether a check is missing, or what is said can be read.
    pub fn is_open(&self) -> bool {
        self.server == Mark::Missing || self.client == Mark::Missing || self.encrypted == Mark::Missing
    }

    /// What is said of a part where the user's own kubeadm file decides it.
    pub fn own_sentence(&self, part: Part) -> Option<String> {
        self.own.iter().find(|(one, _)| *one == part).map(|(_, entry)| own::sentence(entry))
    }

    /// The settings of that file that decide something here, each once; empty for none.
    pub fn own_settings(&self) -> String {
        let mut all: Vec<&str> = self.own.iter().map(|(_, entry)| entry.as_str()).collect();
        all.dedup();
        all.join(", ")
    }

    /// `server proven by certificate, client by token, encrypted`.
    pub fn marks(&self) -> String {
        let server = match self.server {
            Mark::Missing => "server not proven",
            Mark::Certificate | Mark::Token => "server proven",
            Mark::Own => "server: your own kubeadm file decides it, look there",
        };
        let client = match self.client {
            Mark::Missing => "caller not proven",
            Mark::Certificate => "caller proven by certificate",
            Mark::Token => "caller proven by token",
            Mark::Own => "caller: your own kubeadm file decides it, look there",
        };
        let encrypted = match self.encrypted {
            Mark::Missing => "not encrypted",
            Mark::Certificate | Mark::Token => "encrypted",
            Mark::Own => "encryption: your own kubeadm file decides it, look there",
        };
        format!("{server}, {client}, {encrypted}")
    }
}

/// Pixels.
const COLUMN: usize = 92;
const LEFT: usize = 46;
const HEAD: usize = 64;
const ROW: usize = 44;
const LINE: usize = 29;
const BADGE: usize = 68;
const LOOP: usize = 40;
/// Sides of the cross on a connection that fails.
const CROSS: usize = 9;
/// A character of a label, generously.
const CHARACTER: usize = 7;
const WIDTH: usize = LEFT + 7 * COLUMN + 62;

/// Where a rectangle stands in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

/// Where the parts of a row stand.
struct Row {
    label: Place,
    badge: Place,
    port: Option<(Place, bool)>,
}

fn x(column: usize) -> usize {
    LEFT + column * COLUMN
}

fn place(edge: &Edge) -> Row {
    let (from, to) = (x(edge.from), x(edge.to));
    let itself = edge.from == edge.to;
    let width = label(edge).chars().count() * CHARACTER;
    let left = from.min(to) + 6;
    let label = Place { x: left.min(WIDTH.saturating_sub(width + 4)), y: 3, width, height: 14 };
    // A loop has its badge beside it, on the side where there is room.
    let middle = if itself { from + LOOP + BADGE / 2 } else { (from + to) / 2 };
    let middle = if middle + BADGE / 2 > WIDTH { from - LOOP - BADGE / 2 } else { middle };
    let badge = Place { x: middle - BADGE / 2, y: LINE - 9, width: BADGE, height: 18 };
    let port = edge.port.map(|port| {
        let width = (port.to_string().len() + 1) * CHARACTER;
        // At the end that listens, on the side that the arrow does not come from.
        let right = from < to || (itself && middle < from);
        let x = if right { to + 6 } else { to - 6 - width };
        (Place { x, y: LINE - 7, width, height: 14 }, right)
    });
    Row { label, badge, port }
}

fn label(edge: &Edge) -> String {
    let installed = if edge.told.optional { ", if installed" } else { "" };
    format!("{}{installed}", edge.title())
}

/// Colours by the page's own names, which a file brings along.
const INK: &str = "var(--ink)";
const MUTED: &str = "var(--muted)";
const DANGER: &str = "var(--danger)";

/// The head: what each column is.
fn head(columns: &[Column]) -> Drawing {
    let line = |text: &str, column: usize, y: usize, fill: &str, size: &str, weight: &str| {
        drawn("text")
            .set("x", x(column))
            .set("y", y)
            .set("text-anchor", "middle")
            .set("fill", fill)
            .set("font-size", size)
            .set("font-weight", weight)
            .text(text)
    };
    drawn("g").all(columns.iter().enumerate().flat_map(|(index, column)| {
        [
            line(column.title[0], index, 16, INK, "12.5", "600"),
            line(column.title[1], index, 31, INK, "12.5", "600"),
            line(&column.place, index, 47, MUTED, "11.5", "400"),
        ]
    }))
}

/// One row: lifelines, arrow, badge with three marks, port, label.
fn row(columns: &[Column], edge: &Edge, number: usize, fails: bool) -> Drawing {
    let placed = place(edge);
    let open = fails || edge.server == Mark::Missing;
    let stroke = if open { DANGER } else { INK };
    let lifelines = (0..columns.len()).map(|column| {
        drawn("path").set("d", format!("M{0} 0V{ROW}", x(column))).set("stroke", "var(--edge)").set("fill", "none")
    });
    let (from, to) = (x(edge.from), x(edge.to));
    let (path, head) = match from.cmp(&to) {
        std::cmp::Ordering::Equal => {
            let side = if placed.badge.x > from { from + LOOP } else { from - LOOP };
            let tip = if side > from { from + 8 } else { from - 8 };
            let path = format!("M{from} {0}H{side}V{1}H{tip}", LINE - 5, LINE + 6);
            (path, format!("M{from} {0}L{tip} {1}V{2}Z", LINE + 6, LINE + 2, LINE + 10))
        }
        std::cmp::Ordering::Less => (format!("M{from} {LINE}H{}", to - 8), format!("M{to} {LINE}l-9 -4v8z")),
        std::cmp::Ordering::Greater => (format!("M{from} {LINE}H{}", to + 8), format!("M{to} {LINE}l9 -4v8z")),
    };
    let mut arrow = drawn("path").set("d", path).set("stroke", stroke).set("stroke-width", "1.5").set("fill", "none");
    if open {
        arrow = arrow.set("stroke-dasharray", "5 4");
    }
    let Place { x: badge_x, y: badge_y, width, height } = placed.badge;
    let badge = drawn("rect")
        .set("x", badge_x)
        .set("y", badge_y)
        .set("width", width)
        .set("height", height)
        .set("rx", 9)
        .set("fill", "var(--panel)")
        .set("stroke", stroke);
    let text = |x: usize, y: usize, fill: &str, anchor: &str, text: String| {
        drawn("text")
            .set("x", x)
            .set("y", y)
            .set("fill", fill)
            .set("font-size", "11.5")
            .set("text-anchor", anchor)
            .text(text)
    };
    let marks = [edge.server, edge.client, edge.encrypted];
    let marks = marks.into_iter().enumerate().map(|(index, mark)| dot(badge_x + 34 + index * 12, mark));
    let port = placed.port.map(|(place, right)| {
        let (x, anchor) = if right { (place.x, "start") } else { (place.x + place.width, "end") };
        text(x, LINE + 4, MUTED, anchor, format!(":{}", edge.port.unwrap_or_default()))
    });
    drawn("g")
        .all(lifelines)
        .with(arrow)
        .with(drawn("path").set("d", head).set("fill", stroke))
        .with(badge)
        .with(text(badge_x + 8, LINE + 4, INK, "start", number.to_string()))
        .all(marks)
        .all(port)
        .with(text(placed.label.x, 14, if fails { DANGER } else { INK }, "start", label(edge)))
        .all(fails.then(|| cross(&placed)))
}

/// What a tried connection that does not hold is marked with, beside colour: a cross at the end of its label.
fn cross(placed: &Row) -> Drawing {
    let Place { x, width, .. } = placed.label;
    let right = x + width + 6;
    let at = if right + CROSS > WIDTH { x.saturating_sub(CROSS + 4) } else { right };
    drawn("path")
        .set("d", format!("M{at} 5l{CROSS} {CROSS}m0 -{CROSS}l-{CROSS} {CROSS}"))
        .set("stroke", DANGER)
        .set("stroke-width", 2)
}

/// A mark: a disc for a certificate, a diamond for a token, a ring for nothing.
fn dot(x: usize, mark: Mark) -> Drawing {
    match mark {
        Mark::Certificate => drawn("circle").set("cx", x).set("cy", LINE).set("r", 4).set("fill", INK),
        Mark::Token => drawn("path").set("d", format!("M{x} {}l5 5l-5 5l-5 -5z", LINE - 5)).set("fill", INK),
        Mark::Missing => drawn("circle")
            .set("cx", x)
            .set("cy", LINE)
            .set("r", "3.5")
            .set("fill", "none")
            .set("stroke", DANGER)
            .set("stroke-width", "1.5"),
        Mark::Own => drawn("text")
            .set("x", x)
            .set("y", LINE + 4)
            .set("fill", INK)
            .set("font-size", "11.5")
            .set("font-weight", "600")
            .set("text-anchor", "middle")
            .text("?"),
    }
}

/// What the marks mean.
pub const LEGEND: &str = "In each badge: the server is proven, the caller is proven, what they say is encrypted. A disc \
                          is yes, by a certificate; a diamond a token; a ring says that the check is missing.";
/// What a mark means that only an imported design has.
const OWN_LEGEND: &str = " A question mark: your own kubeadm file decides it, so look there.";

/// What the marks of these connections mean.
fn legend(edges: &[Edge]) -> String {
    let own = edges.iter().any(|edge| !edge.own.is_empty());
    [LEGEND, if own { OWN_LEGEND } else { "" }].concat()
}

fn canvas(height: usize) -> Drawing {
    drawn("svg").set("width", WIDTH).set("height", height).set("viewBox", format!("0 0 {WIDTH} {height}"))
}

/// The view for the page: a head, and a button for each connection. `failed` are the ids of those that were tried and do
/// not hold; `to` gives what the button of an id selects.
pub fn page(plan: &Plan, chosen: &str, failed: &[&str], to: impl Fn(&str) -> String) -> Drawing {
    let (columns, edges) = connections(plan);
    let buttons = edges.iter().enumerate().map(|(index, edge)| {
        let pressed = edge.told.id == chosen;
        let fails = failed.contains(&edge.told.id);
        let words = if fails { ": fails" } else { "" };
        let stop = pressed || (index == 0 && !edges.iter().any(|edge| edge.told.id == chosen));
        drawn("button")
            .set("class", "text wire")
            .set("type", "button")
            .set("data-testid", format!("connection-{}", edge.told.id))
            .set("data-choose", to(edge.told.id))
            .set("data-walk", "wire")
            .set("aria-pressed", pressed)
            .set("aria-label", format!("{}: {}{words}", edge.title(), edge.marks()))
            .set("tabindex", if stop { "0" } else { "-1" })
            .with(canvas(ROW).set("aria-hidden", true).with(row(&columns, edge, index + 1, fails)))
    });
    drawn("div")
        .set("class", "wires")
        .with(drawn("p").set("class", "muted").text(legend(&edges)))
        .with(canvas(HEAD).set("aria-hidden", true).with(head(&columns)))
        .with(drawn("div").set("role", "group").set("aria-label", "Connections").all(buttons))
}

/// The chosen connection, in plain sentences; nothing where it is none of this design's.
pub fn sheet(plan: &Plan, chosen: &str) -> Vec<Drawing> {
    let (_, edges) = connections(plan);
    let Some(edge) = edges.iter().find(|edge| edge.told.id == chosen) else { return Vec::new() };
    let Told { shows, identity, versions, source, .. } = edge.told;
    let [checked_with, presents, authorization, advice] = edge.said();
    let parts = [
        ("The server shows", if edge.server == Mark::Own { "" } else { *shows }),
        ("The caller checks it with", &checked_with),
        ("The caller presents", &presents),
        ("To the server it is", *identity),
        ("What it may do is decided by", &authorization),
        (if edge.own.is_empty() { "As kubeadm leaves it" } else { "In your own kubeadm file" }, &advice),
        ("In other versions", *versions),
    ];
    let mut sheet = vec![drawn("h2").text(edge.title()), paragraph(capital(&format!("{}.", edge.marks())))];
    for (title, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
        sheet.extend([caps(title), paragraph(text)]);
    }
    let mut certs: Vec<usize> = Vec::new();
    for side in connection(edge.told.id).into_iter().flat_map(|row| [&row.server_side, &row.client]) {
        let found = side.shows.iter().find_map(|id| plan.certs.iter().position(|cert| cert.row.id == *id));
        certs.extend(found.filter(|found| !certs.contains(found)));
    }
    let button =
        |cert: usize| drawn("li").with(choose(format!("cert:{}", plan.key_of(cert)), plan.certs[cert].row.title));
    if !certs.is_empty() {
        sheet.extend([caps("Certificates"), drawn("ul").all(certs.into_iter().map(button))]);
    }
    sheet.push(drawn("p").set("class", "source").text(format!("From {source}")));
    sheet
}

/// The view as one picture.
pub fn picture(plan: &Plan) -> (usize, usize, Drawing) {
    let (columns, edges) = connections(plan);
    let shifted = |drawing: Drawing, y: usize| drawn("g").set("transform", format!("translate(0 {y})")).with(drawing);
    let rows = edges
        .iter()
        .enumerate()
        .map(|(index, edge)| shifted(row(&columns, edge, index + 1, false), HEAD + index * ROW));
    let all = drawn("g").with(head(&columns)).all(rows);
    (WIDTH, HEAD + edges.len() * ROW + 8, all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::plan;
    use crate::spec::preset::{PRESETS, Preset};
    use crate::spec::{Draft, NodeDraft, parse};

    fn large() -> Draft {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        let node = |name: String, last: usize, role: &str| NodeDraft {
            name,
            addresses: vec![format!("10.0.0.{last}")],
            roles: vec![role.to_owned()],
        };
        draft.nodes = (1..=5).map(|index| node(format!("cp-{index}"), index, "control-plane")).collect();
        draft.nodes.extend((1..=50).map(|index| node(format!("w-{index}"), index + 10, "worker")));
        draft
    }

    fn overlap(one: Place, other: Place) -> bool {
        one.x < other.x + other.width
            && other.x < one.x + one.width
            && one.y < other.y + other.height
            && other.y < one.y + one.height
    }

    #[test]
    fn labels_badges_and_ports_never_collide_and_nothing_is_cut() {
        let drafts = PRESETS.iter().map(Preset::draft).chain([large()]);
        for draft in drafts {
            let (columns, edges) = connections(&plan(&parse(&draft).0.expect("no errors")));
            assert!(columns.iter().all(|column| column.place.len() * CHARACTER <= COLUMN), "{columns:?}");
            for edge in &edges {
                let Row { label, badge, port } = place(edge);
                let mut all = vec![label, badge];
                all.extend(port.map(|(place, _)| place));
                for (index, one) in all.iter().enumerate() {
                    assert!(one.x + one.width <= WIDTH && one.y + one.height <= ROW, "{}: {one:?}", edge.told.id);
                    let clash = all[index + 1..].iter().any(|other| overlap(*one, *other));
                    assert!(!clash, "{}: {all:?}", edge.told.id);
                }
            }
        }
    }

    #[test]
    fn what_kubeadm_leaves_open_is_open_until_the_design_closes_it() {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        let server = |draft: &Draft| {
            let (_, edges) = connections(&plan(&parse(draft).0.expect("no errors")));
            edges.iter().find(|edge| edge.told.id == "kube-apiserver->kubelet").expect("edge").server
        };
        assert_eq!(server(&draft), Mark::Missing);
        draft.set_text(crate::spec::Field::Start, "manual");
        draft.set_text(crate::spec::Field::KubeletServing, "clusterCA");
        assert_eq!(server(&draft), Mark::Certificate);
    }

    #[test]
    fn the_sheet_names_what_is_shown_and_its_certificates() {
        let plan = plan(&parse(&Preset::named("ha-stacked").expect("preset").draft()).0.expect("no errors"));
        let sheet: String = sheet(&plan, "kube-apiserver->etcd").iter().map(Drawing::to_markup).collect();
        for part in ["kube-apiserver → etcd", "--etcd-cafile", "cert:apiserver-etcd-client@cp-1", "Keep etcd on a CA"]
        {
            assert!(sheet.contains(part), "{part}: {sheet}");
        }
        assert!(super::sheet(&plan, "nobody->nobody").is_empty());
    }

    #[test]
    fn no_part_is_told_against_what_the_users_own_file_sets() {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        for told in TOLD {
            for decider in told.decided_by {
                for setting in decider.settings {
                    draft.set_list(crate::spec::Field::AlsoSets, vec![(*setting).to_owned()]);
                    let (spec, found) = parse(&draft);
                    let plan = plan(&spec.unwrap_or_else(|| panic!("{setting}: {found:?}")));
                    let all = connections(&plan).1;
                    let edge = all.iter().find(|edge| edge.told.id == told.id).expect("in every HA design");
                    let sheet: String = super::sheet(&plan, told.id).iter().map(Drawing::to_markup).collect();
                    let text = crate::view::text::text(&plan, crate::view::ViewId::Connections, 0);
                    let line = format!("your own kubeadm file sets {setting}: look there");
                    let mark = match decider.part {
                        Part::Server => Some(edge.server),
                        Part::Caller => Some(edge.client),
                        Part::Way => Some(edge.encrypted),
                        Part::Rest => None,
                    };
                    assert!(mark.is_none_or(|mark| mark == Mark::Own), "{}: {setting}", told.id);
                    assert!(sheet.contains(setting) && text.contains(setting), "{}: {setting}\n{sheet}", told.id);
                    assert!(!sheet.contains(&crate::view::svg::escape(told.advice)), "{}: {sheet}", told.id);
                    if decider.part != Part::Way {
                        assert!(sheet.contains(&line), "{}: {line}\n{sheet}", told.id);
                    }
                }
            }
        }
        draft.set_list(crate::spec::Field::AlsoSets, Vec::new());
        let (_, edges) = connections(&plan(&parse(&draft).0.expect("no errors")));
        assert!(edges.iter().all(|edge| edge.own.is_empty()) && legend(&edges) == LEGEND);
    }

    #[test]
    fn kubelets_that_an_imported_file_has_checked_are_not_called_unchecked() {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        draft.set_text(crate::spec::Field::KubeletServing, "clusterCA");
        draft.set_list(crate::spec::Field::AlsoSets, vec!["kube-apiserver --kubelet-certificate-authority".to_owned()]);
        let plan = plan(&parse(&draft).0.expect("no errors"));
        let text = crate::view::text::text(&plan, crate::view::ViewId::Connections, 0);
        let at = text.find("kube-apiserver → kubelet").expect("the connection");
        let told: String = text[at..].lines().take(4).collect();
        assert!(told.contains("look there") && !told.contains("not proven") && !told.contains("nothing"), "{told}");
        let table = crate::view::connections_table::Table::read("picture,server-open").edges(&plan);
        assert!(!table.iter().any(|edge| edge.told.id == "kube-apiserver->kubelet"));
    }
}
