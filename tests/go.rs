//! Go's crypto/x509 and crypto/tls, which Kubernetes and etcd are built with: every chain, every pair, every connection,
//! and who kube-apiserver takes each client for.

use kubepki_core::catalog::row::Eku;
use kubepki_core::check::connections;
use kubepki_core::plan::Holding;
use kubepki_core::spec::San;
use kubepki_verification::KeyPair;
use support::design;
use support::difference::Known;
use support::export::Export;
use support::go::{Client, Request, ask};
use support::openssl::authority;
use support::pathological;
use support::scratch::Scratch;

/// Designs whose keys take long to make are left to the one test that is about keys.
const SLOW: &[&str] = &["key-rsa-3072", "key-rsa-4096"];

fn designs() -> impl Iterator<Item = String> {
    design::all().into_iter().filter(|name| !SLOW.contains(&name.as_str()))
}

/// A name to dial: a wildcard stands for one label.
fn dialled(san: &San) -> String {
    san.to_string().replacen('*', "any", 1)
}

/// What Go must answer to a question: nothing for yes, else a part of its words.
type Expected = (Request, &'static str);

fn judge(known: &mut Known, design: &str, questions: Vec<Expected>) {
    let (requests, expected): (Vec<Request>, Vec<&str>) = questions.into_iter().unzip();
    for (answer, expected) in ask(&requests).into_iter().zip(expected) {
        let fits = if expected.is_empty() { answer.error.is_empty() } else { answer.error.contains(expected) };
        if !fits {
            known.differs(design, &answer.id, if answer.error.is_empty() { "accepted" } else { &answer.error });
        }
    }
}

#[test]
fn chains_and_pairs() {
    let mut known = Known::of("go");
    for name in designs() {
        let export = Export::of(&name);
        let mut questions = Vec::new();
        for file in &export.plan.files {
            if !matches!(file.content.holding, Holding::Certificate | Holding::Kubeconfig) {
                continue;
            }
            let cert = &export.plan.certs[file.content.cert];
            let held = export.held(file);
            let id = format!("{} {}", export.plan.key_of(file.content.cert), file.path);
            if !held.key.is_empty() {
                let (cert, key) = (held.certificate.clone(), held.key.clone());
                questions
                    .push((Request { id: format!("{id} pair"), kind: "pair", cert, key, ..Request::default() }, ""));
            }
            let roots = export.anchor(file.content.cert);
            for (usage, eku) in [("serverAuth", Eku::ServerAuth), ("clientAuth", Eku::ClientAuth)] {
                // A CA has no usages of its own: any will do.
                let holds = cert.row.is_ca() || cert.ekus.contains(&eku);
                let request = Request {
                    id: format!("{id} {usage}"),
                    kind: "chain",
                    cert: held.certificate.clone(),
                    roots: roots.clone(),
                    usage,
                    names: if holds { cert.sans.iter().map(dialled).collect() } else { Vec::new() },
                    ..Request::default()
                };
                questions.push((request, if holds { "" } else { "certificate specifies an incompatible key usage" }));
            }
        }
        judge(&mut known, &name, questions);
    }
    known.finish();
}

/// Keys and signatures of every algorithm load and verify.
#[test]
fn algorithms() {
    for name in ["key-rsa-3072", "key-rsa-4096", "key-ecdsa-p256", "key-ecdsa-p384", "key-mixed"] {
        let export = Export::of(name);
        let request = |key: &str| {
            let held = export.held(export.file(key, Holding::Certificate));
            let cert = export.plan.find_key(key).expect("it is planned");
            Request {
                id: key.to_owned(),
                kind: "connect",
                cert: held.certificate,
                key: held.key,
                roots: export.anchor(cert),
                names: vec![design::plan(name).spec.nodes[0].advertise().to_string()],
                ..Request::default()
            }
        };
        for answer in ask(&[request("apiserver@cp-1"), request("etcd-server@cp-1")]) {
            assert_eq!(answer.error, "", "{name}: {}", answer.id);
        }
    }
}

#[test]
fn connections_shake_hands() {
    for name in designs() {
        let export = Export::of(&name);
        let plan = &export.plan;
        let mut questions = Vec::new();
        let mut identities = Vec::new();
        for line in connections(plan, None) {
            let side = |eku: Eku| line.halves.iter().filter(move |half| half.eku == eku).collect::<Vec<_>>();
            let (clients, servers) = (side(Eku::ClientAuth), side(Eku::ServerAuth));
            // etcd refuses whom it does not know; kube-apiserver and kubelets call them anonymous.
            let asked = if line.row.id.contains("etcd") { "require" } else { "request" };
            for number in 0..clients.len().max(servers.len()) {
                let client = (!clients.is_empty()).then(|| clients[number % clients.len()]);
                let server = (!servers.is_empty()).then(|| servers[number % servers.len()]);
                let mut request =
                    Request { id: format!("{} {number}", line.row.id), kind: "connect", ..Request::default() };
                // A server that is not of this PKI shows anything, and is not checked.
                let shown = server.map_or_else(stranger, |half| export.held(&plan.files[half.file]));
                (request.cert, request.key) = (shown.certificate, shown.key);
                if let Some(half) = server {
                    request.roots = export.roots(&plan.files[half.anchor]);
                    request.names = half.names.iter().map(dialled).collect();
                }
                if let Some(half) = client {
                    let held = export.held(&plan.files[half.file]);
                    let roots = export.roots(&plan.files[half.anchor]);
                    request.client = Some(Client { cert: held.certificate, key: held.key, roots, asked });
                }
                identities.push((asked == "request").then_some(client).flatten().map(|half| half.file));
                questions.push(request);
            }
        }
        assert!(questions.len() > 9, "{name} has few connections: {}", questions.len());
        for (answer, identity) in ask(&questions).into_iter().zip(identities) {
            assert_eq!(answer.error, "", "{name}: {}", answer.id);
            if let Some(file) = identity {
                let subject = plan.certs[plan.files[file].content.cert].subject.as_ref().expect("a client has one");
                let planned = (subject.common_name.clone(), subject.organizations.clone());
                assert_eq!((answer.user, answer.groups.unwrap_or_default()), planned, "{name}: {}", answer.id);
            }
        }
    }
}

/// A certificate and key that nobody knows.
fn stranger() -> support::export::Held {
    let scratch = Scratch::new("stranger");
    let (certificate, key) = authority(&scratch, "stranger", "stranger");
    let read = |path| std::fs::read_to_string(path).expect("it was just made");
    support::export::Held { certificate: read(certificate), key: read(key) }
}

/// What must not work: each with Go's words for it.
#[test]
fn refusals() {
    let export = Export::of("ha-stacked");
    let other = Export::of("ha-stacked-manual");
    let held = |export: &Export, key: &str, holding| export.held(export.file(key, holding));
    let ca = |export: &Export, key: &str| export.text(export.file(key, Holding::Certificate));
    let etcd = held(export, "etcd-server@cp-1", Holding::Certificate);
    let api = held(export, "apiserver@cp-1", Holding::Certificate);
    let admin = held(export, "admin.conf@cp-1", Holding::Kubeconfig);
    let call = |id: &str, server: &support::export::Held, roots: String, name: &str, client: Option<Client>| Request {
        id: id.to_owned(),
        kind: "connect",
        cert: server.certificate.clone(),
        key: server.key.clone(),
        roots,
        names: vec![name.to_owned()],
        client,
        ..Request::default()
    };
    let client = |held: &support::export::Held, roots: String, asked| {
        Some(Client { cert: held.certificate.clone(), key: held.key.clone(), roots, asked })
    };
    let etcd_ca = || ca(export, "etcd-ca@cluster");
    let nobody = support::export::Held { certificate: String::new(), key: String::new() };
    let questions: Vec<Expected> = vec![
        (
            call("API server with the CA of another cluster", &api, ca(other, "ca@cluster"), "10.0.0.11", None),
            "candidate authority certificate \"kubernetes\"",
        ),
        (
            call("API server by another node's address", &api, ca(export, "ca@cluster"), "10.0.0.12", None),
            "certificate is valid for 10.96.0.1, 10.0.0.11, not 10.0.0.12",
        ),
        (call("API server as localhost", &api, ca(export, "ca@cluster"), "localhost", None), "not localhost"),
        (
            call("etcd without a certificate", &etcd, etcd_ca(), "10.0.0.11", client(&nobody, etcd_ca(), "require")),
            "client didn't provide a certificate",
        ),
        (
            call(
                "etcd with a cluster user's certificate",
                &etcd,
                etcd_ca(),
                "10.0.0.11",
                client(&admin, etcd_ca(), "require"),
            ),
            "certificate signed by unknown authority",
        ),
        (
            call(
                "API server with an etcd client's certificate",
                &api,
                ca(export, "ca@cluster"),
                "10.0.0.11",
                client(
                    &held(export, "apiserver-etcd-client@cp-1", Holding::Certificate),
                    ca(export, "ca@cluster"),
                    "request",
                ),
            ),
            "certificate signed by unknown authority",
        ),
        (
            call(
                "API server with a server's certificate",
                &api,
                ca(export, "ca@cluster"),
                "10.0.0.11",
                client(&api, ca(export, "ca@cluster"), "request"),
            ),
            "certificate specifies an incompatible key usage",
        ),
        (
            Request {
                id: "a key of another certificate".to_owned(),
                kind: "pair",
                cert: api.certificate.clone(),
                key: etcd.key.clone(),
                ..Request::default()
            },
            "private key does not match public key",
        ),
    ];
    let mut known = Known::of("go refusals");
    judge(&mut known, "ha-stacked", questions);
    known.finish();
}

/// PEM that was made to mislead, certificates of any form: what is found, and what is said of it, is what Go finds and says.
#[test]
fn pathological_pairs_are_judged_alike() {
    let export = Export::of("key-ecdsa-p256");
    let good = export.held(export.file("apiserver@cp-1", Holding::Certificate));
    let mut questions: Vec<(String, String, String)> = Vec::new();
    let mut add = |name: &str, text: &str| {
        // In the place of the certificate, of the key, and before and behind what is good.
        for (place, cert, key) in [
            ("for a certificate", text.to_owned(), good.key.clone()),
            ("for a key", good.certificate.clone(), text.to_owned()),
            ("before a certificate", format!("{text}\n{}", good.certificate), good.key.clone()),
            ("behind a certificate", format!("{}{text}", good.certificate), good.key.clone()),
            ("before a key", good.certificate.clone(), format!("{text}\n{}", good.key)),
        ] {
            questions.push((format!("{name}, {place}"), cert, key));
        }
    };
    for size in [40, 200, 3_000] {
        pathological::texts(size).iter().for_each(|one| add(&format!("{} {size}", one.name), &one.text));
    }
    for one in pathological::certificates(2_000) {
        add(one.name, &pathological::pem("CERTIFICATE", &one.der));
    }
    let point = pathological::POINT;
    let (x, y) = (&point[1..33], &point[33..]);
    let p384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
    let p521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
    let octets = |head: u8, fill: u8, length: usize| [&[head][..], &vec![fill; length]].concat();
    for (name, curve, octets) in [
        ("a compressed point", pathological::P256, [&[2 + (y[31] & 1)], x].concat()),
        ("a compact point", pathological::P256, [&[5], x].concat()),
        ("a hybrid point", pathological::P256, [&[6 + (y[31] & 1)], x, y].concat()),
        ("the point at infinity", pathological::P256, vec![0]),
        ("no point", pathological::P256, Vec::new()),
        ("a short point", pathological::P256, point[..64].to_vec()),
        ("a point beside the curve", pathological::P256, [&[4], y, x].concat()),
        ("a coordinate beyond the prime", pathological::P256, octets(4, 0xff, 64)),
        ("a compressed point of P-384", p384, octets(2, 1, 48)),
        ("a point beside P-384", p384, octets(4, 1, 96)),
        ("a coordinate beyond P-384's prime", p384, octets(4, 0xff, 96)),
        ("a point of P-256 on P-384", p384, point.to_vec()),
        ("a compressed point of P-521", p521, octets(3, 1, 66)),
        ("a coordinate beyond P-521's prime", p521, octets(4, 0xff, 132)),
        ("a point of P-256 on P-521", p521, point.to_vec()),
    ] {
        let key = pathological::ec_key(curve, &octets);
        let der = pathological::Parts { key, ..Default::default() }.certificate();
        add(name, &pathological::pem("CERTIFICATE", &der));
    }
    // A label may be in the way at any place, and a line end of any kind.
    let body = good.certificate.strip_prefix("-----BEGIN CERTIFICATE-----\n").expect("a certificate");
    let (base64, _) = body.split_once("-----END").expect("a certificate");
    for (name, text) in [
        ("an END line that goes on", good.certificate.replace("END CERTIFICATE-----", "END CERTIFICATE----- and")),
        ("an END line with blanks", good.certificate.replace("END CERTIFICATE-----", "END CERTIFICATE-----\t ")),
        ("an END line without its last dash", good.certificate.replace("END CERTIFICATE-----", "END CERTIFICATE----")),
        ("a BEGIN line that goes on", good.certificate.replace("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE----- and")),
        ("a BEGIN line behind a blank", format!(" {}", good.certificate)),
        ("another BEGIN line before it", format!("-----BEGIN A-----\n{}", good.certificate)),
        ("a label without letters", format!("-----BEGIN -----\n{base64}-----END -----\n")),
        ("form feeds in it", good.certificate.replacen("\nMII", "\n\u{c}MII", 1)),
        ("blanks in it", good.certificate.replace('A', "A \t")),
        ("a blank line in it", good.certificate.replacen("-----\n", "-----\n\n", 1)),
        ("headers without a blank line", good.certificate.replacen("-----\n", "-----\nA: b\n", 1)),
        ("a header up to the END line", "-----BEGIN CERTIFICATE-----\nA: b\n-----END CERTIFICATE-----\n".to_owned()),
        ("no last line break", good.certificate.trim_end().to_owned()),
        ("CRLF", good.certificate.replace('\n', "\r\n")),
        ("an Ed25519 key that is too short", {
            let key = pathological::element(0x30, &[&[0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 3, 0, 1, 2][..]].concat());
            pathological::pem("CERTIFICATE", &pathological::Parts { key, ..Default::default() }.certificate())
        }),
    ] {
        add(name, &text);
    }
    let request = |(id, cert, key): &(String, String, String)| Request {
        id: id.clone(),
        kind: "pair",
        cert: cert.clone(),
        key: key.clone(),
        ..Request::default()
    };
    let answers = ask(&questions.iter().map(request).collect::<Vec<_>>());
    let mut refused = 0;
    for (answer, (id, cert, key)) in answers.iter().zip(&questions) {
        let ours = KeyPair::from_pem(cert, key).map_or_else(|error| error.to_string(), |_| String::new());
        assert_eq!(ours, answer.error, "{id}");
        refused += usize::from(!ours.is_empty());
    }
    assert!(refused * 4 > questions.len() && refused < questions.len(), "{refused} of {}", questions.len());
}
