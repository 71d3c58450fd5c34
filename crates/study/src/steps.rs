//! A handshake step by step: for each step the two things that are compared, read from the certificates themselves, and
//! where it ended. The order is Go's (crypto/x509, Verify: dates, name, chain, usage).

use std::fmt::Write as _;
use std::net::IpAddr;

use kubepki_core::catalog::connections::Told;
use kubepki_core::instant::to_rfc3339;
use kubepki_core::plan::{Plan, Root};
use kubepki_core::view::Selection;
use kubepki_rehearsal::{Dial, End, Handshake, Side, Verdict, certificate_authority, client_certificate, on_machine};
use kubepki_verification::{Certificate, Eku, Pool, SignatureAlgorithm};

use crate::sample::Sample;

/// How a step ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The two fit.
    Fits,
    /// They do not: here the connection ends.
    Fails,
    /// It never comes to that.
    NotReached,
    /// Nobody checks.
    Unchecked,
}

impl Outcome {
    /// In a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Fails => "fails here",
            Self::NotReached => "not reached",
            Self::Unchecked => "not checked",
        }
    }
}

impl Outcome {
    /// How drawings colour it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Fits => "pass",
            Self::Fails => "fail",
            Self::NotReached => "none",
            Self::Unchecked => "open",
        }
    }
}

impl Step {
    /// Whether one side checks something of the other's.
    pub fn is_check(&self) -> bool {
        self.what.starts_with("check") || matches!(self.key, "chain" | "path length")
    }

    /// What is checked, in a word or two.
    pub fn subject(&self) -> &'static str {
        match self.key {
            "chain" => "issuer",
            "issuer is a CA" => "CA",
            "extended key usage" => "usage",
            key => key,
        }
    }
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Who does it.
    pub who: &'static str,
    /// What is done.
    pub what: &'static str,
    /// The two things that are compared, each with what it is; the second is empty where one is only shown.
    pub compared: [(String, String); 2],
    /// How it ends.
    pub outcome: Outcome,
    /// Certificates, files and flags that it is about: selection and label.
    pub links: Vec<(String, String)>,
    is_server: bool,
    key: &'static str,
}

/// The steps of a handshake.
pub fn steps(plan: &Plan, sample: &Sample, dial: &Dial, told: &'static Told, it: &Handshake) -> Vec<Step> {
    let table = Table { plan, sample, dial, told, it };
    let mut steps = table.all();
    table.judge(&mut steps);
    steps
}

struct Table<'a> {
    plan: &'a Plan,
    sample: &'a Sample,
    dial: &'a Dial,
    told: &'static Told,
    it: &'a Handshake,
}

/// What one side shows, and what the other checks it with.
struct Shown<'a> {
    chain: Vec<Certificate>,
    anchors: Option<Pool>,
    shows: &'a End,
    checks: &'a End,
    /// Whether the server is checked.
    is_server: bool,
}

impl Table<'_> {
    fn all(&self) -> Vec<Step> {
        let Self { dial, told, .. } = self;
        let server = self.shown(&dial.serves, &dial.client, true);
        let client = self.shown(&dial.client, &dial.serves, false);
        let mut steps = vec![self.presents(&server, told.server, "loads and shows its certificate")];
        if dial.client.cert.is_some() {
            steps.push(self.presents(&client, told.caller, "loads its certificate and key"));
        }
        steps.push(self.protocol());
        match server.anchors {
            None => steps.push(self.unchecked()),
            Some(_) => steps.extend(self.checks(&server, told.caller)),
        }
        if dial.client.cert.is_some() {
            let mut shows =
                Step { key: "shows", ..self.presents(&client, told.caller, "shows its client certificate") };
            // The key stays where it is.
            shows.compared[1] = (String::new(), String::new());
            steps.push(shows);
            steps.extend(self.checks(&client, told.server));
            if dial.row.id == "kube-apiserver->aggregated-apiserver" {
                steps.push(self.allowed(&client));
            }
            if dial.port == 2380 {
                steps.push(self.source(&client));
            }
        } else if let Some(token) = &dial.client.token {
            steps.push(self.token(token));
        } else {
            steps.push(self.nothing());
        }
        steps.extend(self.identity(&client));
        steps
    }

    /// Puts the outcome to each step: what comes before the one that failed fits, what comes after is not reached.
    fn judge(&self, steps: &mut Vec<Step>) {
        let Handshake { client, server, .. } = self.it;
        let own = |side: &Side| {
            let step = side.step.as_deref().filter(|_| side.verdict == Verdict::Refused)?;
            (!matches!(step, "refused by the other side" | "connection")).then(|| step.to_owned())
        };
        let failed = own(client).map(|step| (false, step)).or_else(|| own(server).map(|step| (true, step)));
        let failed = failed.or_else(|| {
            let spoiled = client.verdict != Verdict::Ok || server.verdict != Verdict::Ok;
            spoiled.then(|| (client.verdict != Verdict::Ok, String::new()))
        });
        let Some((is_server, word)) = failed else { return };
        let late = word == "dates" && self.leaf_is_in_time(is_server);
        let key = if late { "issuer's dates" } else { word.as_str() };
        let at = steps.iter().position(|step| step.is_server == is_server && step.key == key);
        let at = at.or_else(|| steps.iter().position(|step| step.key == key));
        let at = at.unwrap_or_else(|| {
            // A step that only few handshakes know of: behind the first of the same side.
            let at = steps.iter().rposition(|step| step.is_server == is_server).unwrap_or_default();
            let who = if is_server { self.told.server } else { self.told.caller };
            let nothing = || (String::new(), String::new());
            let compared = [("what is wrong".to_owned(), word.clone()), nothing()];
            let what = "finds something else wrong";
            steps.insert(
                at + 1,
                Step { who, what, compared, outcome: Outcome::Fails, links: Vec::new(), is_server, key: "else" },
            );
            at + 1
        });
        steps[at].outcome = Outcome::Fails;
        steps[at + 1..].iter_mut().for_each(|step| step.outcome = Outcome::NotReached);
    }

    /// Whether what the other side shows is itself within its dates: then a CA's are meant.
    fn leaf_is_in_time(&self, checked_by_server: bool) -> bool {
        let shown = if checked_by_server { &self.dial.client } else { &self.dial.serves };
        let leaf = self.chain(shown);
        leaf.first().is_some_and(|leaf| (leaf.not_before..=leaf.not_after).contains(&self.it.at))
    }

    fn shown<'b>(&self, shows: &'b End, checks: &'b End, is_server: bool) -> Shown<'b> {
        let anchors = checks.trust.as_ref().map(|path| Pool::from_pem(&self.trust_text(path)).0);
        Shown { chain: self.chain(shows), anchors, shows, checks, is_server }
    }

    fn chain(&self, end: &End) -> Vec<Certificate> {
        let Some(path) = &end.cert else { return Vec::new() };
        let text = self.sample.text(path);
        let text = client_certificate(text).unwrap_or_else(|| text.to_owned());
        let blocks = text.split_inclusive("-----END CERTIFICATE-----\n");
        blocks.filter_map(|block| Certificate::from_pem(block).ok()).collect()
    }

    fn trust_text(&self, path: &str) -> String {
        let text = self.sample.text(path);
        certificate_authority(text).unwrap_or_else(|| text.to_owned())
    }

    fn step(&self, who: &'static str, what: &'static str, is_server: bool, key: &'static str) -> Step {
        let nothing = || (String::new(), String::new());
        let outcome = Outcome::Fits;
        Step { who, what, compared: [nothing(), nothing()], outcome, links: Vec::new(), is_server, key }
    }

    fn presents(&self, shown: &Shown<'_>, who: &'static str, what: &'static str) -> Step {
        let mut step = self.step(who, what, shown.is_server, "key pair");
        step.compared = self.pair_of(shown);
        step.links = self.links(shown.shows.cert.as_deref(), shown.is_server);
        step
    }

    fn pair_of(&self, shown: &Shown<'_>) -> [(String, String); 2] {
        let path = shown.shows.cert.as_deref().map(on_machine).unwrap_or_default();
        let key = shown.shows.key.as_deref().map(on_machine).unwrap_or_default();
        let subject = shown.chain.first().map_or_else(|| "no certificate".to_owned(), subject);
        let more = match shown.chain.len() {
            0 | 1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        [("certificate".to_owned(), format!("{path}: {subject}{more}")), ("its key".to_owned(), key.to_owned())]
    }

    fn protocol(&self) -> Step {
        let key = self.it.server.step.as_deref().or(self.it.client.step.as_deref()).unwrap_or_default();
        let key = ["protocol", "TLS version", "cipher suite"].into_iter().find(|one| *one == key);
        let mut step = self.step("both", "agree on a TLS version and a cipher suite", true, key.unwrap_or("protocol"));
        let agreed = self.it.tls.map_or_else(|| "nothing".to_owned(), |version| format!("TLS {version}"));
        step.compared = [("dialled".to_owned(), self.it.dialled.clone()), ("agreed".to_owned(), agreed)];
        step
    }

    fn unchecked(&self) -> Step {
        let mut step = self.step(self.told.caller, "does not check whom it talks to", false, "unchecked");
        step.outcome = Outcome::Unchecked;
        step.compared[0] = ("any certificate will do".to_owned(), self.told.checked_with.to_owned());
        step
    }

    /// What one side checks of what the other shows.
    fn checks(&self, shown: &Shown<'_>, who: &'static str) -> Vec<Step> {
        let by_server = !shown.is_server;
        let leaf = shown.chain.first();
        let issuer = leaf.map(issuer).unwrap_or_default();
        let anchors = shown.anchors.as_ref().map(Pool::certificates).unwrap_or_default();
        let named = |text: &str| format!("in {}", on_machine(text));
        let held = shown.checks.trust.as_deref().map(named).unwrap_or_default();
        let each = |tell: fn(&Certificate) -> String| match anchors {
            [] => "none".to_owned(),
            all => all.iter().map(tell).collect::<Vec<_>>().join("; "),
        };
        let step = |what, key, one: (&str, String), other: (&str, String)| Step {
            compared: [(one.0.to_owned(), one.1), (other.0.to_owned(), other.1)],
            ..self.step(who, what, by_server, key)
        };
        let now = ("now", to_rfc3339(self.it.at));
        let mut steps =
            vec![step("checks the dates", "dates", now.clone(), ("valid", leaf.map(validity).unwrap_or_default()))];
        if shown.is_server {
            let dialled = ("dialled", self.dial.host.clone());
            steps.push(step("checks the name", "name", dialled, ("names in it", leaf.map(names).unwrap_or_default())));
        }
        let mut chain = step("looks for the issuer", "chain", ("issuer", issuer), (&held, each(anchor)));
        chain.links = self.links(shown.checks.trust.as_deref(), by_server);
        steps.push(chain);
        let signature = leaf.map(|leaf| algorithm(leaf.signature_algorithm)).unwrap_or_default().to_owned();
        steps.push(step(
            "checks the signature",
            "signature",
            ("signature", signature),
            ("by the key of", each(subject)),
        ));
        steps.push(step("checks the issuer's dates", "issuer's dates", now, ("valid", each(validity))));
        steps.push(step(
            "checks that the issuer is a CA",
            "issuer is a CA",
            ("asked", "CA:TRUE and keyCertSign".to_owned()),
            ("the issuer says", each(authority)),
        ));
        let between = shown.chain.len().saturating_sub(1);
        let limits: Vec<String> =
            shown.chain.iter().skip(1).filter_map(|ca| ca.max_path_len).map(|most| most.to_string()).collect();
        let most = if limits.is_empty() { "any number".to_owned() } else { limits.join(", ") };
        steps.push(step("counts the CAs in between", "path length", ("sent", between.to_string()), ("allowed", most)));
        let constraints = anchors.iter().chain(&shown.chain).any(|one| one.name_constraints.is_some());
        let constraints = if constraints { "some" } else { "none in any CA" };
        steps.push(step(
            "checks name constraints",
            "name constraints",
            ("constraints", constraints.to_owned()),
            ("", String::new()),
        ));
        let asked = if shown.is_server { "serverAuth" } else { "clientAuth" };
        let asked = format!("{asked} (of the leaf's plain key usage Go asks nothing)");
        steps.push(step(
            "checks the extended key usage",
            "extended key usage",
            ("asked", asked),
            ("in it", leaf.map(usages).unwrap_or_default()),
        ));
        steps
    }

    /// Identity headers are believed from few alone (apiserver: request/headerrequest).
    fn allowed(&self, client: &Shown<'_>) -> Step {
        let mut step = self.step(self.told.server, "checks who may send identity headers", true, "allowed names");
        let name = client.chain.first().map(|leaf| leaf.common_name.clone()).unwrap_or_default();
        let list = ("--requestheader-allowed-names".to_owned(), "front-proxy-client".to_owned());
        step.compared = [("common name".to_owned(), name), list];
        step
    }

    fn source(&self, client: &Shown<'_>) -> Step {
        let mut step = self.step(self.told.server, "checks where the call comes from", true, "source address");
        let names = client.chain.first().map(names).unwrap_or_default();
        let address = self.sample.stage.plan.spec.nodes[self.dial.caller].advertise();
        step.compared = [("source".to_owned(), address.to_string()), ("names in it".to_owned(), names)];
        step
    }

    fn token(&self, path: &str) -> Step {
        let mut step = self.step(self.told.server, "checks the bearer token", true, "token");
        let with = ("checked with".to_owned(), "--service-account-key-file".to_owned());
        step.compared = [("sent".to_owned(), on_machine(path).to_owned()), with];
        step
    }

    fn nothing(&self) -> Step {
        let etcd = self.told.server.starts_with("etcd");
        let key = if etcd { "no certificate" } else { "nothing" };
        let mut step = self.step(self.told.caller, "shows no certificate", true, key);
        step.compared[0] = ("credential".to_owned(), "none".to_owned());
        step
    }

    fn identity(&self, client: &Shown<'_>) -> Vec<Step> {
        let Told { server, authorization, .. } = self.told;
        let mut who = self.step(server, "takes the caller for", true, "identity");
        let from = client.chain.first().map_or_else(|| "no certificate".to_owned(), subject);
        let taken = match &self.it.identity {
            Some(one) => format!("user {}, groups {}", one.user, one.groups.join(", ")),
            None => self.told.identity.to_owned(),
        };
        who.compared = [("subject".to_owned(), from), ("identity".to_owned(), taken)];
        if self.it.server.step.as_deref() == Some("identity") {
            who.what = "lets nobody in without a credential";
            who.compared[1].1 = "none: it takes nobody for system:anonymous".to_owned();
        }
        let mut may = self.step(server, "decides what it may do", true, "authorization");
        let answer = self.it.http_status.map_or_else(|| "no HTTP".to_owned(), |status| format!("HTTP {status}"));
        may.compared = [("decided by".to_owned(), (*authorization).to_owned()), ("answer".to_owned(), answer)];
        // Who speaks no HTTP asks nobody.
        if self.it.http_status.is_none() && self.told.authorization == "none" { vec![who] } else { vec![who, may] }
    }

    /// The file at a path of the sample, its certificate, and the flags of a component that name it.
    fn links(&self, path: Option<&str>, of_server: bool) -> Vec<(String, String)> {
        let Some((node, path)) = path.and_then(place) else { return Vec::new() };
        let plan = self.plan;
        let Some(index) = plan.files.iter().position(|file| {
            file.path == path && matches!(file.root, Root::Node(root) if plan.spec.nodes[root].name == node)
        }) else {
            return Vec::new();
        };
        let cert = plan.files[index].content.cert;
        let mut links: Vec<(Selection, String)> = vec![
            (Selection::Cert(cert), plan.certs[cert].row.title.to_owned()),
            (Selection::File(index), path.to_owned()),
        ];
        let (caller, server) = self.dial.row.id.split_once("->").unwrap_or_default();
        let component = if of_server { server } else { caller };
        let flags = plan
            .flags
            .iter()
            .enumerate()
            .filter(|(_, flag)| flag.file == Some(index) && flag.row.component == component);
        links.extend(flags.map(|(at, flag)| (Selection::Flag(at), format!("--{}", flag.row.name))));
        links.into_iter().filter_map(|(one, label)| Some((one.to_text(plan)?, label))).collect()
    }
}

/// Node and path of a file in the sample's folder.
fn place(path: &str) -> Option<(&str, String)> {
    let path = path.strip_prefix("loaded/").unwrap_or(path);
    let (node, rest) = path.strip_prefix("nodes/")?.split_once('/')?;
    Some((node, format!("/{rest}")))
}

fn subject(it: &Certificate) -> String {
    let mut text = String::new();
    for one in &it.organizations {
        let _ = write!(text, "O={one}, ");
    }
    text + &format!("CN={}", it.common_name)
}

/// The issuer, by its name and its key's identifier: a CA that was made anew has the one and not the other.
fn issuer(it: &Certificate) -> String {
    format!("CN={}, key {}", it.issuer_common_name, octets(&it.authority_key_id))
}

fn anchor(it: &Certificate) -> String {
    format!("{}, key {}", subject(it), octets(&it.subject_key_id))
}

/// The first four octets are enough to tell two keys apart by eye.
fn octets(id: &[u8]) -> String {
    match id {
        [] => "not named".to_owned(),
        id => id.iter().take(4).map(|one| format!("{one:02X}")).collect::<Vec<_>>().join(":") + "…",
    }
}

fn validity(it: &Certificate) -> String {
    format!("{} to {}", to_rfc3339(it.not_before), to_rfc3339(it.not_after))
}

fn names(it: &Certificate) -> String {
    let all: Vec<String> = it.dns_names.iter().cloned().chain(it.ip_addresses.iter().map(IpAddr::to_string)).collect();
    if all.is_empty() { format!("none (its common name {} does not count)", it.common_name) } else { all.join(", ") }
}

fn authority(it: &Certificate) -> String {
    let signs = if it.key_usage & (1 << 5) != 0 { "keyCertSign" } else { "no keyCertSign" };
    format!("CA:{}, {signs}", if it.is_ca { "TRUE" } else { "FALSE" })
}

fn usages(it: &Certificate) -> String {
    let words: Vec<&str> = it
        .ekus
        .iter()
        .map(|eku| match eku {
            Eku::ServerAuth => "serverAuth",
            Eku::ClientAuth => "clientAuth",
            _ => "another",
        })
        .collect();
    if words.is_empty() { "none, which Go takes for every usage".to_owned() } else { words.join(", ") }
}

fn algorithm(it: SignatureAlgorithm) -> &'static str {
    match it {
        SignatureAlgorithm::Rsa(_) | SignatureAlgorithm::RsaPss(_) => "RSA with SHA-2",
        SignatureAlgorithm::Ecdsa(_) => "ECDSA with SHA-2",
        SignatureAlgorithm::Insecure(name) | SignatureAlgorithm::Other(name) => name,
        SignatureAlgorithm::Unknown => "unknown",
    }
}
