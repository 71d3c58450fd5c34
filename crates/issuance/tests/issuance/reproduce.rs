//! The same plan, keys, serials and time give the same bytes, whichever way they are issued.

use kubepki_issuance::{Issuance, IssueError, Issuer, Pki, PrivateKey, Serial, Signer, issue, verify};

use crate::support::{NOW, keys_for, plan_of, serials_for};

const ECDSA: &[(&str, &str)] = &[("keys.ca", "ECDSA-P384"), ("keys.leaf", "ECDSA-P256")];

fn ecdsa(seed: u64) -> Pki {
    let plan = plan_of("ha-stacked", ECDSA);
    let (keys, serials) = (keys_for(&plan, seed), serials_for(&plan, seed));
    issue(plan, keys, serials, NOW).expect("a plan that fits its keys")
}

fn ders(pki: &Pki) -> Vec<Option<&[u8]>> {
    pki.certs.iter().map(|cert| cert.der.as_deref()).collect()
}

#[test]
fn ecdsa_twice_is_the_same_and_good() {
    let (one, two, other) = (ecdsa(1), ecdsa(1), ecdsa(2));
    assert_eq!(ders(&one), ders(&two));
    assert_ne!(ders(&one), ders(&other));
    assert!(verify(&one).is_good(), "{:?}", verify(&one).mismatches);
}

#[test]
fn an_export_is_reproduced_from_its_own_contents() {
    let first = ecdsa(5);
    // What an archive holds: PEM keys, serials in hexadecimal, the issue time.
    let keys = (0..first.certs.len())
        .map(|index| PrivateKey::from_pem(first.private_key_pem(index).expose()).expect("its own PEM"))
        .collect();
    let serials = first
        .certs
        .iter()
        .map(|cert| cert.serial.map(|serial| Serial::from_hex(&serial.to_string()).expect("its own text")))
        .collect();
    let again = issue(first.plan.clone(), keys, serials, first.issued_at).expect("the same plan");
    assert_eq!(ders(&first), ders(&again));
    for index in 0..first.certs.len() {
        assert_eq!(first.certificate_pem(index), again.certificate_pem(index));
        assert_eq!(first.public_key_pem(index), again.public_key_pem(index));
        assert_eq!(first.private_key_pem(index).expose(), again.private_key_pem(index).expose());
        let texts = [&first, &again].map(|pki| pki.kubeconfig(index));
        assert_eq!(texts[0].as_ref().map(|one| one.expose()), texts[1].as_ref().map(|one| one.expose()));
    }
}

#[test]
fn one_by_one_is_the_same_as_all_at_once() {
    let all = ecdsa(7);
    let plan = &all.plan;
    let (keys, serials) = (keys_for(plan, 7), serials_for(plan, 7));
    let issuers: Vec<Option<Issuer>> = plan
        .certs
        .iter()
        .zip(&keys)
        .enumerate()
        .map(|(index, (cert, key))| cert.row.is_ca().then(|| Issuer::new(plan, index, key).expect("a CA")))
        .collect();
    for (index, key) in keys.into_iter().enumerate() {
        let signer = plan.certs[index].issuer.unwrap_or(index);
        let (Some(issuer), Some(serial)) = (&issuers[signer], serials[index]) else { continue };
        let one = issuer.issue(plan, index, key, serial, NOW).expect("a planned certificate");
        assert_eq!(one.der, all.certs[index].der);
        assert!(issuer.read_back(plan, index, &one, NOW).is_good());
    }
}

#[test]
fn signatures_from_outside_are_put_in() {
    let all = ecdsa(9);
    let plan = all.plan.clone();
    let (keys, serials) = (keys_for(&plan, 9), serials_for(&plan, 9));
    let issuance = Issuance::new(plan, keys, serials, NOW).expect("a plan that fits its keys");
    let signatures = issuance
        .to_sign()
        .iter()
        .map(|one| Signer::new(issuance.key(one.signer)).and_then(|key| key.sign(&one.bytes)).expect("an ECDSA key"))
        .collect();
    assert_eq!(ders(&issuance.finish(signatures).expect("as many as asked for")), ders(&all));
}

#[cfg(feature = "native")]
#[test]
fn rsa_twice_is_the_same_and_good() {
    let plan = plan_of("single", &[]);
    let made = plan.certs.iter().map(|cert| kubepki_issuance::key::generate_rsa_native(cert.key).expect("a key"));
    let made: Vec<String> = made.map(|key| key.to_pem().expose().to_owned()).collect();
    let make = || {
        let plan = plan_of("single", &[]);
        let keys = made.iter().map(|pem| kubepki_issuance::PrivateKey::from_pem(pem).expect("its own form")).collect();
        let serials = serials_for(&plan, 1);
        issue(plan, keys, serials, NOW).expect("a plan that fits its keys")
    };
    let (one, two) = (make(), make());
    assert_eq!(ders(&one), ders(&two));
    assert!(verify(&one).is_good(), "{:?}", verify(&one).mismatches);
}

#[cfg(not(any(feature = "native", feature = "rsa-rust")))]
#[test]
fn rsa_waits_for_a_signer_and_a_verifier_outside() {
    let plan = plan_of("single", &[]);
    let (keys, serials) = (keys_for(&plan, 1), serials_for(&plan, 1));
    let issuance = Issuance::new(plan, keys, serials, NOW).expect("a plan that fits its keys");
    let signatures = issuance.to_sign().iter().map(|_| vec![0; 256]).collect();
    let pki = issuance.finish(signatures).expect("as many as asked for");
    let found = verify(&pki);
    assert_eq!(found.mismatches, []);
    assert_eq!(found.pending.len(), pki.plan.certificate_count());
    assert!(!found.is_good());
}

#[test]
fn what_does_not_fit_is_refused() {
    let plan = || plan_of("single", ECDSA);
    let refused = |keys: Vec<PrivateKey>, serials, now| {
        issue(plan(), keys, serials, now).map(|_| ()).expect_err("something does not fit").to_string()
    };
    let (keys, serials) = (|| keys_for(&plan(), 1), || serials_for(&plan(), 1));
    let some = |list: Vec<Option<Serial>>| list[0];

    assert!(refused(keys(), vec![], NOW).contains("0 serial numbers"));
    assert!(refused(vec![], serials(), NOW).contains("0 keys"));
    let mut none = serials();
    none[0] = None;
    assert_eq!(refused(keys(), none, NOW), "ca@cluster has no serial number");
    let mut same = serials();
    same[1] = some(serials());
    assert!(refused(keys(), same, NOW).contains("already"));
    let mut other = keys();
    other[1] = keys_for(&plan_of("single", &[]), 1).remove(1);
    assert!(refused(other, serials(), NOW).contains("is RSA-2048, but the plan says ECDSA-P256"));
    let mut twice = keys();
    twice[3] = keys().remove(2);
    let said = refused(twice, serials(), NOW);
    let names = [3, 2].map(|index| plan().key_of(index)).join(" and ");
    assert!(said.starts_with(&format!("{names} have the same key")), "{said}");
    for now in [i64::MAX, i64::MIN, 253_402_300_800] {
        assert!(refused(keys(), serials(), now).contains("out of range"), "{now}");
    }
    let issuance = Issuance::new(plan(), keys(), serials(), NOW).expect("this fits");
    assert!(matches!(issuance.finish(vec![]), Err(IssueError::Signatures { given: 0, .. })));
}
