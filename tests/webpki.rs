//! rustls-webpki: the same chains in another implementation, stricter than Go in places.

use std::time::{SystemTime, UNIX_EPOCH};

use kubepki_core::catalog::row::Eku;
use kubepki_core::spec::San;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use support::design;
use support::difference::Known;
use support::export::Export;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, ring};

const ALGORITHMS: &[&dyn rustls_pki_types::SignatureVerificationAlgorithm] =
    &[ring::RSA_PKCS1_2048_8192_SHA256, ring::ECDSA_P256_SHA256, ring::ECDSA_P384_SHA384];

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate in PEM")
}

#[test]
fn chains_and_names() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    let now = UnixTime::since_unix_epoch(now);
    let mut known = Known::of("webpki");
    for name in design::all().iter().filter(|name| !name.starts_with("key-rsa-")) {
        let export = Export::of(name);
        for (index, cert) in export.plan.certs.iter().enumerate().filter(|(_, cert)| cert.issuer.is_some()) {
            let key = export.plan.key_of(index);
            let (leaf, root) = (der(&export.certificate(index)), der(&export.anchor(index)));
            let anchor = anchor_from_trusted_cert(&root).unwrap_or_else(|error| panic!("{name}: {key}: {error}"));
            let leaf = EndEntityCert::try_from(&leaf).unwrap_or_else(|error| panic!("{name}: {key}: {error}"));
            let anchors = [anchor];
            let usages = [
                ("serverAuth", Eku::ServerAuth, KeyUsage::server_auth()),
                ("clientAuth", Eku::ClientAuth, KeyUsage::client_auth()),
            ];
            for (word, eku, usage) in usages {
                let verdict = leaf.verify_for_usage(ALGORITHMS, &anchors, &[], now, usage, None, None);
                match (verdict, cert.ekus.contains(&eku)) {
                    (Ok(_), true) => {}
                    (Err(webpki::Error::RequiredEkuNotFoundContext(_)), false) => {}
                    (Ok(_), false) => known.differs(name, &format!("{key} {word}"), "accepted"),
                    (Err(error), _) => known.differs(name, &format!("{key} {word}"), &error.to_string()),
                }
            }
            for san in &cert.sans {
                let text = match san {
                    San::Dns(dns) => dns.replacen('*', "any", 1),
                    San::Ip(address) => address.to_string(),
                };
                let server = ServerName::try_from(text.as_str()).unwrap_or_else(|error| panic!("{text}: {error}"));
                if let Err(error) = leaf.verify_is_valid_for_subject_name(&server) {
                    known.differs(name, &format!("{key} {text}"), &error.to_string());
                }
            }
            let strange = ServerName::try_from("strange.example").expect("a name");
            if leaf.verify_is_valid_for_subject_name(&strange).is_ok() {
                known.differs(name, &format!("{key} strange.example"), "accepted");
            }
        }
    }
    known.finish();
}

/// A CA of the same name with another key vouches for nothing.
#[test]
fn another_ca_of_the_same_name_is_refused() {
    let (export, other) = (Export::of("ha-stacked"), Export::of("ipv6-only"));
    let now = UnixTime::since_unix_epoch(SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970"));
    for key in ["apiserver@cp-1", "etcd-server@cp-1"] {
        let leaf = der(&export.certificate(export.plan.find_key(key).expect("it is planned")));
        let root = der(&other.anchor(other.plan.find_key(key).expect("it is planned in both")));
        let anchor = anchor_from_trusted_cert(&root).expect("a CA");
        let leaf = EndEntityCert::try_from(&leaf).expect("a leaf");
        let verdict =
            leaf.verify_for_usage(ALGORITHMS, &[anchor], &[], now, KeyUsage::server_auth(), None, None).map(|_| ());
        assert!(
            matches!(verdict, Err(webpki::Error::InvalidSignatureForPublicKey | webpki::Error::UnknownIssuer)),
            "{verdict:?}"
        );
    }
}
