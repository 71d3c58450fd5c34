//! etcd and etcdctl on every fault of etcd's connections: who is refused, by which side, and in which words. A member
//! holds the faulty files as its own, on the address and port really dialled; etcdctl holds the caller's. On the port for
//! peers it stands in for the other member as far as the handshake goes: the member's words are judged there.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use kubepki_core::spec::{ClusterSpec, San};
use kubepki_rehearsal::fault::{self, Fault};
use kubepki_rehearsal::{Dial, Folder, Handshake, Stage, Verdict, dials, rehearse};
use serde_json::Value;
use support::clock::{self, timeless};
use support::design;
use support::ports::Ports;
use support::program::{Running, Said, run};
use support::scratch::Scratch;
use support::stage::{broken_at, embedded, issued};
use support::tool::{ETCD, ETCDCTL};

const CONNECTIONS: &[&str] = &["kube-apiserver->etcd", "etcdctl->etcd", "etcd->etcd"];

/// What etcd 3.4 and this etcdctl cannot do: a lowest version came with etcd 3.5, and suites matter to callers alone that
/// know no more than TLS 1.2.
const LEFT_OUT: &[&str] = &["minimum-version", "no-common-cipher"];

/// Words of the Go that Debian's etcd is built with, where today's are others: today's, that one's, and why.
const OLDER: &[(&str, &str, &str)] = &[
    (
        "tls: failed to verify certificate: x509: ",
        "tls: failed to verify client certificate: x509: ",
        "a server of Go 1.19 said whose certificate it was; crypto/tls says it so since Go 1.20",
    ),
    (
        "tls: failed to verify certificate: x509: ",
        "x509: ",
        "a client of Go 1.19 passed the reason on as it was; crypto/tls wraps it since Go 1.20",
    ),
];

/// Where the member's other port listens: on no address that anything here dials.
const ELSEWHERE: &str = "127.0.9.9";

/// One call: a member, a caller, and what is foretold.
struct Call {
    dial: Dial,
    said: Handshake,
    plain: bool,
    scratch: Scratch,
}

impl Call {
    fn new(spec: &ClusterSpec, connection: &str, fault: Option<&Fault>, now: i64) -> Self {
        let ids: Vec<String> = fault.into_iter().map(Fault::id).collect();
        let (stage, folder) = broken_at(spec, &ids.iter().map(String::as_str).collect::<Vec<_>>(), now);
        Self::on(&stage, &folder, connection, now)
    }

    fn on(stage: &Stage, folder: &Folder, connection: &str, now: i64) -> Self {
        let dial = dials(stage, connection, None).unwrap_or_else(|error| panic!("{connection}: {error}"));
        let read = |path: &str| folder.get(path).map(|(_, bytes)| bytes.expose());
        let said = rehearse(stage, &dial, read, now).unwrap_or_else(|missing| panic!("{connection}: {missing:?}"));
        let scratch = Scratch::new("faults-etcd");
        let process = stage.process_of("etcd");
        let call = Self { dial, said, plain: process.plain_http, scratch };
        call.write(folder);
        call
    }

    fn write(&self, folder: &Folder) {
        for (side, end) in [("server", &self.dial.serves), ("client", &self.dial.client)] {
            for (name, path, field) in [
                ("crt", &end.cert, "client-certificate-data"),
                ("key", &end.key, "client-key-data"),
                ("ca", &end.trust, "certificate-authority-data"),
            ] {
                let text = embedded(folder, path.as_deref(), field);
                std::fs::write(self.path(side, name), text).expect("a scratch folder can be written");
            }
        }
    }

    fn path(&self, side: &str, name: &str) -> PathBuf {
        self.scratch.join(&format!("{side}.{name}"))
    }

    /// The member: the port that is dialled with the files of the case, the other one without any.
    fn member(&self) -> Command {
        let scheme = if self.plain { "http" } else { "https" };
        let judged = format!("{scheme}://{}", self.dial.dialled());
        let other = format!("http://{ELSEWHERE}:{}", self.dial.port);
        let is_peer = self.dial.port == 2380;
        let (clients, peers) = if is_peer { (&other, &judged) } else { (&judged, &other) };
        let prefix = if is_peer { "peer-" } else { "" };
        let file = |name| self.path("server", name).to_string_lossy().into_owned();
        let mut command = ETCD.command();
        command.args([
            "--name=it",
            "--logger=zap",
            "--log-outputs=stderr",
            "--election-timeout=100",
            "--heartbeat-interval=10",
        ]);
        command.arg(format!("--data-dir={}", self.scratch.join("data").display()));
        command.arg(format!("--listen-client-urls={clients}")).arg(format!("--advertise-client-urls={clients}"));
        command.arg(format!("--listen-peer-urls={peers}")).arg(format!("--initial-advertise-peer-urls={peers}"));
        command.arg(format!("--initial-cluster=it={peers}"));
        if !self.plain {
            command.arg(format!("--{prefix}cert-file={}", file("crt")));
            command.arg(format!("--{prefix}key-file={}", file("key")));
            command.arg(format!("--{prefix}trusted-ca-file={}", file("ca")));
            command.arg(format!("--{prefix}client-cert-auth=true"));
        }
        command
    }

    fn etcdctl(&self) -> Said {
        let mut command = ETCDCTL.command();
        command.env("ETCDCTL_API", "3").args(["--dial-timeout=1s", "--command-timeout=1s", "--debug"]);
        command.arg(format!("--endpoints=https://{}", self.dial.dialled()));
        command.arg("--cacert").arg(self.path("client", "ca"));
        if self.dial.client.cert.is_some() {
            command.arg("--cert").arg(self.path("client", "crt")).arg("--key").arg(self.path("client", "key"));
        }
        run(command.args(["get", "key"]), 30)
    }

    /// What the member and the caller really say.
    fn real(&self) -> (String, String) {
        let log = self.scratch.join("member.log");
        if self.said.server.step.as_deref() == Some("key pair") {
            let said = run(&mut self.member(), 30).bad();
            return (String::new(), said);
        }
        let mut member = Running::start(&self.member(), &log);
        member.until("it serves", 30, |log| log.contains("serving client traffic"));
        let printed = self.etcdctl();
        let refused = self.said.server.verdict == Verdict::Refused;
        let end = Instant::now() + Duration::from_secs(if refused { 3 } else { 0 });
        while !member.log().contains("rejected connection") && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        (format!("{}{}", printed.out, printed.err), member.log())
    }
}

/// What a text says behind these words, on each of its lines, as far as `end`.
fn said_behind(text: &str, words: &str, end: &str) -> Vec<String> {
    let found = text.lines().filter_map(|line| line.split_once(words)).map(|(_, rest)| rest);
    found.map(|rest| rest.split(end).next().unwrap_or_default().to_owned()).collect()
}

/// The reasons that a member gave: of those that it rejected, and why it ended.
fn reasons(log: &str) -> Vec<String> {
    let parsed = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let telling = parsed.filter(|line| line["msg"] == "rejected connection" || line["level"] == "fatal");
    telling.filter_map(|line| line["error"].as_str().map(str::to_owned)).collect()
}

/// The reasons that etcdctl gave, before or after it dialled.
fn excuses(printed: &str) -> Vec<String> {
    let mut all = said_behind(printed, "authentication handshake failed: ", "\". Reconn");
    all.extend(said_behind(printed, "Error: ", "\n"));
    // A connection that is closed before all was read ends as a reset: which of the two it is, the kernel decides.
    let is_reset = |one: &str| one.starts_with("read tcp ") && one.ends_with(": read: connection reset by peer");
    let plain = |one: String| if is_reset(&one) { "EOF".to_owned() } else { one.replace("\\\"", "\"") };
    all.into_iter().map(plain).collect()
}

/// Whether one of the reasons is the foretold one, in today's words or the older ones; notes which of those were met.
fn is_among(foretold: &str, said: &[String], met: &mut [bool; OLDER.len()]) -> bool {
    let foretold = timeless(foretold);
    let said: Vec<String> = said.iter().map(|one| timeless(one)).collect();
    let mut found = said.contains(&foretold);
    for ((today, older, _), met) in OLDER.iter().zip(met) {
        let fits = foretold.starts_with(today) && said.contains(&foretold.replacen(today, older, 1));
        *met |= fits;
        found |= fits;
    }
    found
}

/// What is wrong about a call, in words; empty when everything is as foretold.
fn wrong(call: &Call, met: &mut [bool; OLDER.len()]) -> String {
    let (printed, log) = call.real();
    let (excuses, reasons) = (excuses(&printed), reasons(&log));
    let Handshake { client, server, .. } = &call.said;
    let mut wrong = String::new();
    match (&client.message, client.step.as_deref()) {
        // etcdctl's own reason. What a member answered is not in its words, but that there is no answer.
        (Some(message), Some("refused by the other side" | "connection"))
            if !excuses.iter().any(|one| one == "context deadline exceeded") =>
        {
            wrong += &format!("etcdctl got on, foretold {message:?}: {excuses:?}\n");
        }
        (_, Some("refused by the other side" | "connection")) => {}
        (Some(message), _) if !is_among(message, &excuses, met) => {
            wrong += &format!("etcdctl: foretold {message:?}, said {excuses:?}\n");
        }
        // Over the peers' port nobody answers etcdctl.
        (None, _) if client.verdict == Verdict::Ok && call.dial.port == 2379 && !excuses.is_empty() => {
            wrong += &format!("etcdctl: foretold nothing, said {excuses:?}\n");
        }
        _ => {}
    }
    match &server.message {
        Some(message) if !is_among(message, &reasons, met) => {
            wrong += &format!("etcd: foretold {message:?}, said {reasons:?}\n");
        }
        None if !reasons.is_empty() => wrong += &format!("etcd: foretold nothing, said {reasons:?}\n"),
        _ => {}
    }
    wrong
}

#[test]
fn etcd_says_what_is_foretold() {
    let _ports = Ports::take();
    let now = clock::now();
    let spec = design::plan("loopback").spec;
    let (mut all, mut count, mut met) = (Vec::new(), 0, [false; OLDER.len()]);
    for connection in CONNECTIONS {
        let faults = fault::faults();
        let judged = faults
            .iter()
            .filter(|fault| fault.connections().contains(connection) && !LEFT_OUT.contains(&fault.kind.id));
        for fault in std::iter::once(None).chain(judged.map(Some)) {
            let call = Call::new(&spec, connection, fault, now);
            let wrong = wrong(&call, &mut met);
            count += 1;
            if !wrong.is_empty() {
                all.push(format!("{connection} {}: {wrong}", fault.map_or("sound".to_owned(), Fault::id)));
            }
        }
    }
    println!("{count} calls of etcd");
    assert!(count > 80, "{count}");
    assert!(all.is_empty(), "{}", all.join("\n"));
    for ((_, older, reason), met) in OLDER.iter().zip(met) {
        assert!(met, "etcd no longer says {older:?}; take it out of the table ({reason})");
    }
}

/// On loopback addresses every member calls from the first one: without it a member comes from elsewhere.
#[test]
fn a_member_from_elsewhere_is_refused() {
    let _ports = Ports::take();
    let now = clock::now();
    for named in [true, false] {
        let mut stage = Stage::new(&design::plan("loopback").spec);
        let is_gone = |san: &San| match san {
            San::Ip(address) => *address == Ipv4Addr::LOCALHOST,
            San::Dns(name) => !named || name == "localhost",
        };
        for cert in stage.plan.certs.iter_mut().filter(|cert| cert.row.id == "etcd-peer") {
            cert.sans.retain(|san| !is_gone(san));
        }
        let call = Call::on(&stage, &issued(&stage, now), "etcd->etcd", now);
        assert_eq!(call.said.server.step.as_deref(), Some("source address"));
        let foretold = call.said.server.message.as_deref().expect("a reason");
        let (_, log) = call.real();
        // What a machine's resolver answers about the names may follow.
        let reasons = reasons(&log);
        assert!(reasons.iter().any(|reason| reason.starts_with(foretold)), "{foretold}: {reasons:?}");
    }
}
