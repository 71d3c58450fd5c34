//! Ours, byte for byte, against certificates made by Go's crypto/x509 with kubeadm's templates
//! (`testdata/golden.go`).

use kubepki_core::catalog;
use kubepki_core::catalog::row::{Eku, Kind};
use kubepki_core::plan::{PlannedCert, Subject};
use kubepki_core::spec::{KeyAlgorithm, Lifetime, San};
use kubepki_issuance::inspect::inspect;
use kubepki_issuance::{IssuedCert, PrivateKey, Serial, Signer, Verifier, assemble, to_be_signed_one, verify_one};

use crate::support::{NOW, key_file, named_certificates, plan_of, testdata};

/// 2049-12-31T23:59:00Z: with the backdate before 2050, without it after.
const LATE: i64 = 2_524_607_940;

use Eku::{ClientAuth, ServerAuth};
use KeyAlgorithm::{EcdsaP256, EcdsaP384, Rsa2048};

/// One certificate, as `golden.go` has it.
struct Shape {
    name: &'static str,
    issuer: Option<&'static str>,
    key: KeyAlgorithm,
    common_name: &'static str,
    organizations: &'static [&'static str],
    ekus: &'static [Eku],
    sans: &'static [&'static str],
    serial: u64,
    now: i64,
    days: i64,
}

macro_rules! shapes {
    ($(($name:literal, $issuer:expr, $key:expr, $cn:literal, $o:expr, $ekus:expr, $sans:expr, $serial:literal, $now:expr, $days:literal)),* $(,)?) => {
        &[$(Shape {
            name: $name, issuer: $issuer, key: $key, common_name: $cn, organizations: &$o, ekus: &$ekus, sans: &$sans,
            serial: $serial, now: $now, days: $days,
        }),*]
    };
}

#[rustfmt::skip]
const SHAPES: &[Shape] = shapes![
    ("ca", None, Rsa2048, "kubernetes", [], [], ["kubernetes"], 1, NOW, 3650),
    ("ca-p256", None, EcdsaP256, "etcd-ca", [], [], ["etcd-ca"], 0x7fff_ffff_ffff_fffe, NOW, 3650),
    ("ca-p384", None, EcdsaP384, "front-proxy-ca", [], [], ["front-proxy-ca"], 0x80, NOW, 3650),
    ("ca-late", None, EcdsaP256, "kubernetes", [], [], ["kubernetes"], 0x1000, LATE, 3650),
    ("apiserver", Some("ca"), EcdsaP256, "kube-apiserver", [], [ServerAuth],
        ["cp-1", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
         "10.96.0.1", "192.168.1.10", "10.0.0.100"], 0x0123_4567_89ab_cdef, NOW, 365),
    ("wildcard-ipv6", Some("ca-p384"), EcdsaP384, "kube-apiserver", [], [ServerAuth],
        ["*.example.org", "api.example.com", "fd00::1", "2001:db8::10", "192.168.1.10"], 0xff, NOW, 365),
    ("client", Some("ca"), Rsa2048, "front-proxy-client", [], [ClientAuth], [], 0x7f, NOW, 365),
    ("client-group", Some("ca-p256"), EcdsaP256, "system:node:cp-1", ["system:nodes"], [ClientAuth], [], 0x8000, NOW, 365),
    ("client-two-groups", Some("ca-p256"), EcdsaP384, "dev", ["team:platform", "auditors"], [ClientAuth], [], 2, NOW, 365),
    ("client-three-groups", Some("ca"), EcdsaP256, "dev", ["b", "a", "_c"], [ClientAuth], [], 3, NOW, 1),
    ("utf8", Some("ca-p256"), EcdsaP256, "jane_doe@example.com", ["Entwickler & Prüfer"], [ClientAuth], [], 4, NOW, 365),
    ("etcd-server", Some("ca-p256"), Rsa2048, "cp-1", [], [ServerAuth, ClientAuth],
        ["cp-1", "localhost", "192.168.1.10", "127.0.0.1", "::1"], 0x00ff_00ff_00ff_00ff, NOW, 365),
    ("leaf-late", Some("ca-late"), EcdsaP256, "kube-scheduler", [], [ClientAuth], [], 5, LATE, 36_500),
];

impl Shape {
    fn planned(&self) -> PlannedCert {
        let row = catalog::cert(if self.issuer.is_none() { "ca" } else { "apiserver" }).expect("a catalog row");
        PlannedCert {
            row,
            node: None,
            issuer: self.issuer.map(index_of),
            subject: Some(Subject {
                organizations: self.organizations.iter().map(|one| (*one).to_owned()).collect(),
                common_name: self.common_name.to_owned(),
            }),
            sans: self.sans.iter().map(|text| San::parse(text).expect("a name")).collect(),
            ekus: self.ekus.to_vec(),
            kind: Kind::Server,
            key: self.key,
            lifetime: Lifetime { seconds: self.days * 86_400 },
            server: None,
            path_length: None,
        }
    }

    /// The key `golden.go` gives it.
    fn key(&self) -> PrivateKey {
        match self.key {
            Rsa2048 => key_file("rsa-2048"),
            algorithm => PrivateKey::generate_ecdsa(algorithm, &mut |out: &mut [u8]| {
                out.fill(1);
                Ok(())
            })
            .expect("a source that never fails"),
        }
    }
}

fn index_of(name: &str) -> usize {
    SHAPES.iter().position(|shape| shape.name == name).expect("a shape")
}

#[test]
fn every_shape_is_byte_for_byte_gos() {
    let golden = named_certificates(&testdata("golden.txt"));
    assert_eq!(
        golden.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        SHAPES.iter().map(|one| one.name).collect::<Vec<_>>()
    );
    let mut plan = plan_of("single", &[]);
    plan.certs = SHAPES.iter().map(Shape::planned).collect();
    for (index, (shape, (_, expected))) in SHAPES.iter().zip(&golden).enumerate() {
        let issuer = SHAPES[plan.certs[index].issuer.unwrap_or(index)].key();
        let (key, serial) = (shape.key(), Serial::new(shape.serial).expect("in range"));
        let made = to_be_signed_one(&plan, index, key.public_key(), issuer.public_key(), serial, shape.now)
            .expect("a planned certificate");
        let tbs = &expected[4..4 + made.bytes.len()];
        assert_eq!(made.bytes, tbs, "{}", shape.name);

        // Go signs by RFC 6979 and PKCS#1 v1.5 as well, so whole certificates are equal, where Rust can sign.
        let signature = match Signer::new(&issuer) {
            Ok(signer) => signer.sign(&made.bytes).expect("a key that fits"),
            Err(_) => expected[expected.len() - 256..].to_vec(),
        };
        let der = assemble(&made, &signature);
        assert_eq!(&der, expected, "{}", shape.name);

        let issued = IssuedCert { der: Some(der), serial: Some(serial), key };
        let verifier = Verifier::new(issuer.public_key(), 1).expect("a key that fits");
        let found = verify_one(&plan, shape.now, index, &issued, &verifier);
        assert_eq!(found.mismatches, [], "{}", shape.name);
        let rust_verifies = !made.algorithm.is_rsa() || cfg!(any(feature = "native", feature = "rsa-rust"));
        assert_eq!(found.pending.is_empty(), rust_verifies, "{}", shape.name);
    }
}

#[test]
fn facts_say_what_the_shapes_are() {
    let golden = named_certificates(&testdata("golden.txt"));
    let facts = |name: &str| inspect(&golden[index_of(name)].1).expect("a certificate of Go's");

    let ca = facts("ca");
    assert_eq!((ca.subject.as_str(), ca.issuer.as_str()), ("CN=kubernetes", "CN=kubernetes"));
    assert_eq!(
        (ca.serial.as_str(), ca.ca, ca.key.as_str(), ca.signature.as_str()),
        ("01", Some(true), "RSA-2048", "SHA256-RSA")
    );
    assert_eq!((ca.not_before, ca.not_after), (NOW - 300, NOW + 3650 * 86_400));
    assert_eq!(ca.key_usage, ["digitalSignature", "keyEncipherment", "keyCertSign"]);
    assert_eq!(
        ca.extensions,
        ["keyUsage critical", "basicConstraints critical", "subjectKeyIdentifier", "subjectAltName"]
    );
    assert_eq!((ca.ski.is_some(), ca.aki.is_some()), (true, false));

    let server = facts("wildcard-ipv6");
    assert_eq!(
        server.sans,
        ["DNS:*.example.org", "DNS:api.example.com", "IP:fd00::1", "IP:2001:db8::10", "IP:192.168.1.10"]
    );
    assert_eq!(
        (server.serial.as_str(), server.key.as_str(), server.signature.as_str()),
        ("ff", "ECDSA-P384", "ECDSA-SHA384")
    );
    assert_eq!((server.ca, server.ski, server.ekus), (Some(false), None, vec!["serverAuth".to_owned()]));
    assert_eq!(server.aki, facts("ca-p384").ski);
    assert_eq!(
        server.extensions,
        ["keyUsage critical", "extKeyUsage", "basicConstraints critical", "authorityKeyIdentifier", "subjectAltName"]
    );

    assert_eq!(facts("client-group").subject, "O=system:nodes, CN=system:node:cp-1");
    assert_eq!(facts("utf8").subject, "O=Entwickler & Prüfer, CN=jane_doe@example.com");
    assert_eq!(facts("etcd-server").ekus, ["serverAuth", "clientAuth"]);
    assert_eq!(facts("leaf-late").not_after, LATE + 36_500 * 86_400);
}
