//! Keys: read in every form kubeadm reads, written in the one it writes.

use kubepki_core::spec::KeyAlgorithm;
use kubepki_issuance::{EntropyError, KeyError, PrivateKey, PublicKey, Secret};

use crate::support::{key_file, stream, testdata};

const ECDSA: [KeyAlgorithm; 2] = [KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384];

/// The block of a label in a text, as OpenSSL wrote it.
fn block<'a>(text: &'a str, label: &str) -> &'a str {
    let begin = text.find(&format!("-----BEGIN {label}-----")).expect("the block");
    let end = format!("-----END {label}-----\n");
    &text[begin..text.find(&end).expect("its end") + end.len()]
}

#[test]
fn pkcs8_and_traditional_forms_are_the_same_key() {
    for (name, label, algorithm) in [
        ("rsa-2048", "RSA PRIVATE KEY", KeyAlgorithm::Rsa2048),
        ("ec-p256", "EC PRIVATE KEY", KeyAlgorithm::EcdsaP256),
        ("ec-p384", "EC PRIVATE KEY", KeyAlgorithm::EcdsaP384),
    ] {
        let traditional = key_file(name);
        let pkcs8 = key_file(&format!("{name}.pkcs8"));
        assert_eq!(traditional.algorithm(), algorithm);
        // Blocks before it, EC PARAMETERS or words of explanation, are skipped, and not written.
        assert_eq!(traditional.to_pem().expose(), block(&testdata(&format!("keys/{name}.pem")), label));
        assert_eq!(pkcs8.to_pem().expose(), traditional.to_pem().expose());
        assert_eq!(pkcs8.public_key(), traditional.public_key());
        let public = PublicKey::from_spki(traditional.public_key().spki()).expect("its own public key");
        assert_eq!(&public, traditional.public_key());
        let again = PrivateKey::from_pkcs8(traditional.to_pkcs8().expect("PKCS#8").expose()).expect("what was written");
        assert_eq!(again.to_pem().expose(), traditional.to_pem().expose());
        let believed = PrivateKey::from_own_der(traditional.der().duplicate()).expect("its own DER");
        assert_eq!(believed.public_key(), traditional.public_key());
    }
}

#[test]
fn what_kubeadm_does_not_make_is_refused_by_name() {
    for (name, part) in [("ec-p521", "1.3.132.0.35"), ("ed25519", "1.3.101.112"), ("rsa-1024", "1024 bits")] {
        let error = PrivateKey::from_pem(&testdata(&format!("keys/{name}.pem"))).expect_err(name);
        assert!(matches!(&error, KeyError::Unsupported { .. }), "{name}: {error:?}");
        assert!(error.to_string().contains(part), "{name}: {error}");
    }
}

#[test]
fn damaged_pem_is_told_apart() {
    let good = testdata("keys/ec-p256.pem");
    let cut = &good[..good.len() - 40];
    assert!(matches!(PrivateKey::from_pem(cut), Err(KeyError::BadPem { .. })));
    assert!(matches!(PrivateKey::from_pem(&good.replace("MHcC", "M!cC")), Err(KeyError::BadPem { .. })));
    assert_eq!(PrivateKey::from_pem("").err(), Some(KeyError::NoPem { seen: vec![] }));
    let certificate = testdata("golden.txt");
    let error = PrivateKey::from_pem(&certificate).expect_err("certificates alone");
    assert!(error.to_string().contains("CERTIFICATE"), "{error}");
}

#[test]
fn a_public_key_of_another_is_noticed() {
    let (one, other) = (key_file("ec-p256"), PrivateKey::generate_ecdsa(KeyAlgorithm::EcdsaP256, &mut stream(1)));
    let mut der = one.der().expose().to_vec();
    let point = other.expect("entropy").public_key().content().to_vec();
    let at = der.len() - point.len();
    der[at..].copy_from_slice(&point);
    assert_eq!(PrivateKey::from_sec1(&der).err(), Some(KeyError::Mismatch));
}

#[test]
fn scalars_out_of_range_are_drawn_again() {
    for algorithm in ECDSA {
        let mut fills = [0xff, 0, 1].into_iter();
        let key = PrivateKey::generate_ecdsa(algorithm, &mut |out: &mut [u8]| {
            out.fill(fills.next().ok_or(EntropyError::Failed)?);
            Ok(())
        });
        let expected = PrivateKey::generate_ecdsa(algorithm, &mut |out: &mut [u8]| {
            out.fill(1);
            Ok(())
        });
        assert_eq!(fills.next(), None);
        assert_eq!(key.expect("the third try").public_key(), expected.expect("the first try").public_key());
    }
}

#[test]
fn a_failing_source_is_an_error_and_never_a_key() {
    for algorithm in ECDSA {
        let failed = PrivateKey::generate_ecdsa(algorithm, &mut |_: &mut [u8]| Err(EntropyError::Failed));
        assert_eq!(failed.err(), Some(KeyError::Entropy(EntropyError::Failed)));
    }
}

#[test]
fn debug_output_holds_nothing_secret() {
    let key = key_file("ec-p256");
    assert_eq!(format!("{key:?}"), "PrivateKey(ECDSA-P256, redacted)");
    assert_eq!(format!("{:?}", key.der()), "Secret(redacted)");
    assert_eq!(format!("{:?}", key.to_pem()), "SecretText(redacted)");
}

#[test]
fn bytes_of_another_worker_must_be_a_key() {
    assert!(PrivateKey::from_own_der(Secret::new(b"nonsense".to_vec())).is_err());
}

#[cfg(feature = "native")]
#[test]
fn native_rsa_keys_have_their_size() {
    for algorithm in [KeyAlgorithm::Rsa2048, KeyAlgorithm::Rsa3072] {
        let key = kubepki_issuance::key::generate_rsa_native(algorithm).expect("the system's source");
        assert_eq!(key.algorithm(), algorithm);
        assert!(key.to_pem().expose().starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
    }
    assert!(kubepki_issuance::key::generate_rsa_native(KeyAlgorithm::EcdsaP256).is_err());
}

#[cfg(feature = "native")]
#[test]
fn rsa_numbers_that_do_not_fit_together_are_noticed() {
    let mut der = key_file("rsa-2048").der().expose().to_vec();
    let private_exponent = 4 + 3 + 4 + 257 + 5 + 100;
    der[private_exponent] ^= 1;
    assert_eq!(PrivateKey::from_pkcs1(&der).err(), Some(KeyError::Malformed { form: "PKCS#1" }));
}

#[cfg(feature = "rsa-rust")]
#[test]
fn rust_rsa_keys_follow_from_their_entropy() {
    use kubepki_issuance::key::generate_rsa;
    let make = || generate_rsa(KeyAlgorithm::Rsa2048, &mut stream(3)).expect("entropy");
    let key = make();
    assert_eq!(key.algorithm(), KeyAlgorithm::Rsa2048);
    assert_eq!(key.der().expose(), make().der().expose());
    let failed = generate_rsa(KeyAlgorithm::Rsa2048, &mut |_: &mut [u8]| Err(EntropyError::Failed));
    assert_eq!(failed.err(), Some(KeyError::Entropy(EntropyError::Failed)));
}
