//! Every fault, on every connection that it touches, with RSA and ECDSA, over TLS 1.2 and 1.3: what the rehearsal says
//! must be, word for word, what Go's crypto/tls and crypto/x509 say on the very same bytes.

use std::collections::BTreeMap;
use std::thread;

use kubepki_core::catalog::connections::CONNECTIONS;
use kubepki_core::catalog::messages::{explain, messages};
use kubepki_rehearsal::fault::{self, Fault};
use kubepki_rehearsal::{Dial, DialError, Folder, Handshake, Stage, Verdict, dials, rehearse};
use kubepki_verification::tls::CipherSuite;
use serde::{Deserialize, Serialize};
use support::go::ask_as;
use support::stage::{NOW, broken, embedded};
use support::{design, difference::Known};

/// Both kinds of keys, both layouts, kubelets that are checked and such that are not, versions and suites limited.
const DESIGNS: &[&str] = &["versions", "key-ecdsa-p256", "course", "kubelet-cluster-ca-manual", "hardened"];

#[derive(Serialize)]
struct Holder {
    cert: String,
    key: String,
    roots: String,
}

/// A question; see `tests/judge/go/rehearse.go`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rehearsal {
    id: String,
    server: Holder,
    client: Holder,
    name: String,
    asked: &'static str,
    now: i64,
    server_min: u16,
    client_max: u16,
    suites: Vec<u16>,
    plain_http: bool,
    silent: bool,
}

/// Its answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    id: String,
    server_pair: String,
    client_pair: String,
    client: String,
    server: String,
    version: u16,
    authentication: String,
}

/// Faults that break nothing: Go takes no usage for every usage, nobody dials etcd and kubelets by their DNS names, and
/// one CA for two purposes is a danger, not a failure.
const HARMLESS: &[&str] = &["no-usages:", "shared-header-ca:", "no-dns-names:etcd-", "no-dns-names:kubelet-serving"];

/// What only components say, after Go's own part is over.
const BEYOND_GO: &[&str] = &["token", "allowed names", "authorization", "source address"];

fn question(id: String, stage: &Stage, folder: &Folder, dial: &Dial) -> Rehearsal {
    let server = dial.row.id.split_once("->").map_or("", |(_, server)| server);
    let process = stage.process_of(server);
    let hardened = server != "aggregated-apiserver";
    let end = |end: &kubepki_rehearsal::End| Holder {
        cert: embedded(folder, end.cert.as_deref(), "client-certificate-data"),
        key: embedded(folder, end.key.as_deref(), "client-key-data"),
        roots: embedded(folder, end.trust.as_deref(), "certificate-authority-data"),
    };
    let serves = end(&dial.serves);
    let is_rsa = serves.key.contains("RSA PRIVATE KEY");
    let named = |name: &String| CipherSuite::named(name).map(|suite| suite.id);
    let given: Vec<u16> = stage.design.cipher_suites.iter().filter(|_| hardened).filter_map(named).collect();
    let others = CipherSuite::ALL.iter().filter(|suite| suite.is_for_rsa() == Some(!is_rsa)).map(|suite| suite.id);
    let least = stage.design.tls_min_version.filter(|_| hardened).map_or(0, |version| match version.word() {
        "VersionTLS13" => 0x304,
        _ => 0x303,
    });
    let old = dial.old_caller || process.newer_than_callers || process.other_suites;
    Rehearsal {
        id,
        server: serves,
        client: end(&dial.client),
        name: dial.host.clone(),
        asked: if server == "etcd" { "require" } else { "request" },
        now: NOW,
        server_min: if process.newer_than_callers { 0x304 } else { least },
        client_max: if old { 0x303 } else { 0 },
        suites: if process.other_suites { others.collect() } else { given },
        plain_http: process.plain_http,
        silent: dial.port == 2379,
    }
}

/// A call that was tried: Go's question about it, and what the rehearsal says.
type Tried = (Rehearsal, Handshake);

fn tried(design: &str, fault: Option<&Fault>, connections: &[&'static str]) -> Vec<Tried> {
    let spec = design::plan(design).spec;
    let id = fault.map(Fault::id);
    let (stage, folder) = broken(&spec, &id.as_deref().into_iter().collect::<Vec<_>>());
    let mut all = Vec::new();
    for connection in connections {
        let mut dial = match dials(&stage, connection, None) {
            Ok(dial) => dial,
            Err(DialError::Nobody(_)) => continue,
            Err(error) => panic!("{design}: {connection}: {error}"),
        };
        for old_caller in [false, true] {
            dial.old_caller = old_caller;
            let read = |path: &str| folder.get(path).map(|(_, bytes)| bytes.expose());
            let said = rehearse(&stage, &dial, read, NOW).unwrap_or_else(|missing| panic!("{design}: {missing:?}"));
            let tls = if old_caller { "1.2" } else { "1.3" };
            let name = format!("{} {connection} {tls}", id.as_deref().unwrap_or("sound"));
            all.push((question(name, &stage, &folder, &dial), said));
        }
    }
    all
}

fn compare(known: &mut Known, design: &str, said: &Handshake, go: &Outcome) {
    let text = |message: &Option<String>, step: &Option<String>| match step.as_deref() {
        Some(step) if BEYOND_GO.contains(&step) => String::new(),
        _ => message.clone().unwrap_or_default(),
    };
    let mut client = text(&said.client.message, &said.client.step);
    let server = text(&said.server.message, &said.server.step);
    if said.server.step.as_deref() == Some("source address") {
        client.clear();
    }
    let expected = [("client", &client, &go.client), ("server", &server, &go.server)];
    let pair = (!go.server_pair.is_empty()).then_some(("server", &server, &go.server_pair));
    let pair = pair.or((!go.client_pair.is_empty()).then_some(("client", &client, &go.client_pair)));
    let rows = match pair {
        Some(row) => vec![row],
        None if !go.authentication.is_empty() => vec![expected[0], ("server", &server, &go.authentication)],
        None => expected.to_vec(),
    };
    for (side, ours, theirs) in rows {
        if ours != theirs {
            known.differs(design, &format!("{} {side}", go.id), &format!("Go: {theirs:?}, here: {ours:?}"));
        }
    }
    let version = match said.tls {
        Some("1.2") => 0x303,
        Some(_) => 0x304,
        None => 0,
    };
    if go.version != 0 && go.version != version {
        known.differs(design, &format!("{} version", go.id), &format!("Go: {:x}, here: {:?}", go.version, said.tls));
    }
}

/// All faults and the sound cluster, in two halves side by side.
fn matrix(design: &'static str) -> Vec<Tried> {
    let faults = fault::faults();
    let every: Vec<&'static str> = CONNECTIONS.iter().map(|row| row.id).collect();
    let (even, odd): (Vec<_>, Vec<_>) = faults.iter().enumerate().partition(|(index, _)| index % 2 == 0);
    let half = |part: Vec<(usize, &Fault)>| -> Vec<Tried> {
        part.into_iter().flat_map(|(_, fault)| tried(design, Some(fault), &fault.connections())).collect()
    };
    thread::scope(|scope| {
        let other = scope.spawn(|| half(odd));
        let mut all = tried(design, None, &every);
        all.extend(half(even));
        all.extend(other.join().expect("the other half"));
        all
    })
}

#[test]
fn every_fault_is_told_in_gos_words() {
    let mut known = Known::of("go-faults");
    let mut count = 0;
    let mut felt: BTreeMap<String, bool> = fault::faults().iter().map(|fault| (fault.id(), false)).collect();
    for design in DESIGNS {
        let (questions, said): (Vec<Rehearsal>, Vec<Handshake>) = matrix(design).into_iter().unzip();
        let answers: Vec<Outcome> = ask_as("rehearse", &questions);
        assert_eq!(answers.len(), questions.len());
        for ((question, said), go) in questions.iter().zip(&said).zip(&answers) {
            assert_eq!(question.id, go.id);
            compare(&mut known, design, said, go);
            for message in [&said.client.message, &said.server.message].into_iter().flatten() {
                let is_known = message == "EOF" || !explain(message).is_empty();
                assert!(is_known, "nobody can explain {message}");
            }
            let refused = said.client.verdict != Verdict::Ok || said.server.verdict != Verdict::Ok;
            if let Some(felt) = question.id.split(' ').next().and_then(|id| felt.get_mut(id)) {
                *felt |= refused;
            }
        }
        count += answers.len();
    }
    println!("{count} calls, on both sides");
    known.finish();
    // Each is felt on some connection of some design, but for the harmless.
    let is_harmless = |id: &String| HARMLESS.iter().any(|harmless| id.starts_with(harmless));
    let wrong: Vec<&String> = felt.iter().filter(|(id, felt)| **felt == is_harmless(id)).map(|(id, _)| id).collect();
    assert!(wrong.is_empty(), "felt though harmless, or not felt at all: {wrong:#?}");
}

/// Lines of the atlas, filled in for each call: etcd's are JSON still, and where a line is recorded with the inner message, it
/// holds that of the call.
#[test]
fn what_a_component_logs_is_whole() {
    let (mut json, mut with_message) = (0, 0);
    for design in DESIGNS {
        for (question, said) in matrix(design) {
            for side in [&said.client, &said.server] {
                let (Some(message), Some(log)) = (&side.message, &side.log) else { continue };
                for line in &log.lines {
                    let id = &question.id;
                    if line.text.starts_with('{') {
                        // Numbers vary as well.
                        let text = line.text.replace(":…", ":0");
                        let parsed = serde_json::from_str::<serde_json::Value>(&text);
                        parsed.unwrap_or_else(|error| panic!("{id}: {error}: {}", line.text));
                        json += 1;
                    }
                    let quoted = format!("{message:?}");
                    with_message += usize::from(line.text.contains(quoted.trim_matches('"')));
                }
            }
        }
    }
    assert!(json > 100 && with_message > 1_000, "{json} lines of JSON, {with_message} with the message");
}

#[test]
fn messages_name_faults_that_exist() {
    let kinds: Vec<&str> = fault::KINDS.iter().map(|kind| kind.id).collect();
    for row in messages() {
        assert!(row.faults.iter().all(|fault| kinds.contains(fault)), "{}: {:?}", row.title(), row.faults);
    }
}

/// A sound cluster holds: nobody refuses anybody.
#[test]
fn a_sound_cluster_has_no_refusals() {
    for design in DESIGNS {
        let spec = design::plan(design).spec;
        let (stage, folder) = broken(&spec, &[]);
        for row in CONNECTIONS {
            let Ok(dial) = dials(&stage, row.id, None) else { continue };
            let read = |path: &str| folder.get(path).map(|(_, bytes)| bytes.expose());
            let said = rehearse(&stage, &dial, read, NOW).expect("every file is there");
            let both = (said.client.verdict, said.server.verdict);
            assert_eq!(both, (Verdict::Ok, Verdict::Ok), "{design}: {}: {said:#?}", row.id);
            assert!(matches!(said.http_status, None | Some(200)), "{design}: {}: {said:#?}", row.id);
        }
    }
}

/// What a caller is called by a line that does not tell who runs the program: kubectl prints the same words with either
/// file of an administrator and in a Pod.
const PRINTS_AS: &[(&str, &str)] = &[("super-admin->", "kubectl->"), ("pod->", "kubectl->")];

/// Lines about another call than the one that was tried, and the connection of that call.
const OF_OTHERS: &[(&str, &str)] = &[
    // The kubelet asks the API server what its caller may do, and passes on that this failed.
    ("Authorization error (user=kube-apiserver-kubelet-client", "kubelet->kube-apiserver"),
    // Recorded beside a fault by chance: of a Pod that was gone, and of an API server that was still starting.
    ("is forbidden: User \\\"system:node:", "kubelet->kube-apiserver"),
    ("net/http: TLS handshake timeout", "kubelet->kube-apiserver"),
    ("net/http: TLS handshake timeout", "kubectl->kube-apiserver"),
];

/// A line, the component that printed it, and the connection on which it was recorded.
type Printed = (String, &'static str, &'static str);

/// Whether a line may lead to a connection: to its own, or to that on which the same component is recorded with the same line,
/// since a program logs all of its calls.
fn may_lead(to: &str, (line, component, connection): &Printed, all: &BTreeMap<Printed, String>) -> bool {
    let shown = |id: &str| {
        let prints_as = PRINTS_AS.iter().find(|(caller, _)| id.starts_with(caller));
        prints_as.map_or(id.to_owned(), |(caller, other)| id.replace(caller, other))
    };
    let is_there = |id: &str| {
        let same = CONNECTIONS.iter().map(|row| row.id).filter(|one| shown(one) == shown(id));
        same.into_iter().any(|one| all.contains_key(&(line.clone(), *component, one)))
    };
    let of_another = |(sign, id): &(&str, &str)| line.contains(sign) && *id == to;
    shown(to) == shown(connection) || is_there(to) || OF_OTHERS.iter().any(of_another)
}

/// Each line that a component printed under a fault is known to `explain`, and leads to that connection, or is said not to tell.
#[test]
fn every_line_of_the_atlas_is_explained() {
    let mut all: BTreeMap<Printed, String> = BTreeMap::new();
    for design in DESIGNS {
        for (question, said) in matrix(design) {
            for log in [&said.client.log, &said.server.log].into_iter().flatten() {
                for line in &log.lines {
                    let printed = (line.text.clone(), log.component, said.connection);
                    all.entry(printed).or_insert_with(|| question.id.clone());
                }
            }
        }
    }
    let mut wrong = Vec::new();
    let mut placed = 0;
    for (printed, id) in &all {
        let arose: Vec<_> = explain(&printed.0).into_iter().flat_map(|one| one.arose).collect();
        if arose.is_empty() {
            wrong.push(format!("unknown: {id}: {}", printed.0));
        }
        let to: Vec<&str> = arose.iter().filter_map(|one| one.connection).collect();
        placed += usize::from(!to.is_empty());
        for to in to.into_iter().filter(|to| !may_lead(to, printed, &all)) {
            wrong.push(format!("leads to {to}: {id}: {}", printed.0));
        }
    }
    println!("{} lines, {placed} lead to a connection", all.len());
    assert!(wrong.is_empty(), "{} of {} lines:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}
