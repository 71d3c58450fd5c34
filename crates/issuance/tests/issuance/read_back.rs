//! Reading back notices everything that is not as planned.

use std::net::{IpAddr, Ipv4Addr};

use kubepki_core::Plan;
use kubepki_core::catalog::row::Eku;
use kubepki_core::plan::PlannedCert;
use kubepki_core::spec::{KeyAlgorithm, San};
use kubepki_issuance::{IssuedCert, Pki, PrivateKey, Serial, Verifier, issue, verify, verify_one};

use crate::support::{NOW, keys_for, plan_of, serials_for, stream};

fn pki() -> Pki {
    let plan = plan_of("single", &[("keys.ca", "ECDSA-P256"), ("keys.leaf", "ECDSA-P256")]);
    let (keys, serials) = (keys_for(&plan, 1), serials_for(&plan, 1));
    issue(plan, keys, serials, NOW).expect("a plan that fits its keys")
}

fn server(plan: &Plan) -> usize {
    plan.certs.iter().position(|cert| cert.row.id == "apiserver").expect("an API server")
}

/// What reading back says about the API server's certificate after the plan has changed underneath it.
fn after(change: impl FnOnce(&mut PlannedCert)) -> Vec<&'static str> {
    let mut pki = pki();
    let index = server(&pki.plan);
    change(&mut pki.plan.certs[index]);
    let found = verify(&pki).mismatches;
    assert!(found.iter().all(|one| one.cert == index && one.name == pki.plan.key_of(index)), "{found:?}");
    found.iter().map(|one| one.what).collect()
}

#[test]
fn every_difference_from_the_plan_is_named() {
    assert_eq!(after(|_| {}), [""; 0]);
    assert_eq!(
        after(|cert| cert.subject.as_mut().expect("one").common_name.push('x')),
        ["its subject differs from the plan"]
    );
    assert_eq!(
        after(|cert| cert.subject.as_mut().expect("one").organizations.push("x".into())),
        ["its subject differs from the plan"]
    );
    let names = ["its names differ from the plan"];
    assert_eq!(after(|cert| cert.sans.swap(0, 1)), names);
    assert_eq!(after(|cert| drop(cert.sans.pop())), names);
    assert_eq!(after(|cert| cert.sans.push(San::Ip(IpAddr::V4(Ipv4Addr::LOCALHOST)))), names);
    assert_eq!(after(|cert| cert.sans[0] = San::Dns("other".into())), names);
    assert_eq!(after(|cert| cert.ekus.push(Eku::ClientAuth)), ["its extended key usage differs from the plan"]);
    assert_eq!(after(|cert| cert.ekus = vec![Eku::ClientAuth]), ["its extended key usage differs from the plan"]);
    assert_eq!(after(|cert| cert.lifetime.seconds += 1), ["it does not end when planned"]);
    assert_eq!(after(|cert| cert.key = KeyAlgorithm::EcdsaP384), ["its key has another algorithm than planned"]);
    assert_eq!(
        after(|cert| cert.row = kubepki_core::catalog::cert("ca").expect("a row")),
        [
            "its extensions are not those planned, in order",
            "its key usage differs from the plan",
            "its basic constraints differ from the plan",
            "its subject key identifier is another",
        ]
    );
    let other_issuer = after(|cert| cert.issuer = cert.issuer.map(|ca| ca + other_ca_distance()));
    assert_eq!(
        other_issuer,
        [
            "its issuer's name differs from the plan",
            "its authority key identifier is not its issuer's",
            "its signature is not its issuer's",
        ]
    );
}

/// From the cluster CA to the next one in the plan.
fn other_ca_distance() -> usize {
    let plan = pki().plan;
    plan.find("front-proxy-ca", None).expect("a CA") - plan.find("ca", None).expect("a CA")
}

#[test]
fn another_key_serial_or_time_is_named() {
    let index = server(&pki().plan);
    let whats = |pki: &Pki| verify(pki).mismatches.iter().map(|one| one.what).collect::<Vec<_>>();

    let mut other = pki();
    other.certs[index].key = PrivateKey::generate_ecdsa(KeyAlgorithm::EcdsaP256, &mut stream(99)).expect("entropy");
    assert_eq!(whats(&other), ["it is not for its private key"]);

    let mut other = pki();
    other.certs[index].serial = Serial::new(1);
    assert_eq!(whats(&other), ["its serial number is another"]);

    let mut other = pki();
    other.issued_at += 1;
    let count = other.plan.certificate_count();
    assert_eq!(whats(&other).len(), 2 * count);

    let mut other = pki();
    other.certs[index].der = None;
    assert_eq!(whats(&other), ["it has no certificate"]);

    let mut other = pki();
    other.certs.truncate(1);
    assert!(verify(&other).mismatches.iter().skip(1).all(|one| one.what == "it was not issued"));

    let mut other = pki();
    let sa = other.plan.find("sa", None).expect("a bare key pair");
    other.certs[sa].der = other.certs[index].der.clone();
    assert_eq!(whats(&other), ["it is a bare key pair, but has a certificate"]);
}

#[test]
fn no_changed_bit_goes_unnoticed() {
    let pki = pki();
    let index = server(&pki.plan);
    let ca = pki.plan.certs[index].issuer.expect("a CA");
    let verifier = Verifier::new(pki.certs[ca].key.public_key(), 1000).expect("a P-256 key");
    let good = pki.certs[index].der.clone().expect("a certificate");
    let key = || PrivateKey::from_own_der(pki.certs[index].key.der().duplicate()).expect("its own DER");
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        let issued = IssuedCert { der: Some(bad), serial: pki.certs[index].serial, key: key() };
        assert!(!verify_one(&pki.plan, NOW, index, &issued, &verifier).is_good(), "octet {at}");
    }
}
