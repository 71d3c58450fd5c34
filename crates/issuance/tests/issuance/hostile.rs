//! Nonsense is refused, and nothing panics over it.

use std::time::{Duration, Instant};

use kubepki_issuance::inspect::inspect;
use kubepki_issuance::{PrivateKey, PublicKey, Secret};

use crate::pathological;
use crate::support::{key_file, named_certificates, stream, testdata};

/// Octets of what was made to keep a reader busy. With quadratic work it would take minutes.
const LARGE: usize = 2 << 20;
const PATIENCE: Duration = Duration::from_secs(20);

/// Gives octets to every reader there is.
fn read_everything(octets: &[u8]) {
    let _ = inspect(octets);
    let _ = PrivateKey::from_pkcs8(octets);
    let _ = PrivateKey::from_pkcs1(octets);
    let _ = PrivateKey::from_sec1(octets);
    let _ = PrivateKey::from_own_der(Secret::new(octets.to_vec()));
    let _ = PublicKey::from_spki(octets);
    let _ = PrivateKey::from_pem(&String::from_utf8_lossy(octets));
}

/// Good inputs to damage: certificates, keys in DER, keys in PEM.
fn good() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = named_certificates(&testdata("golden.txt")).into_iter().map(|(_, der)| der).collect();
    for name in ["rsa-2048", "ec-p256", "ec-p384"] {
        let key = key_file(name);
        all.push(key.der().expose().to_vec());
        all.push(key.public_key().spki().to_vec());
        all.push(testdata(&format!("keys/{name}.pkcs8.pem")).into_bytes());
    }
    all
}

#[test]
fn cut_off_anywhere() {
    for whole in good() {
        for length in (0..whole.len()).step_by(7) {
            read_everything(&whole[..length]);
            assert!(inspect(&whole[..length]).is_err());
        }
    }
}

#[test]
fn changed_anywhere() {
    let mut random = stream(11);
    for whole in good() {
        for _ in 0..200 {
            let mut bad = whole.clone();
            for _ in 0..3 {
                let mut draw = [0; 3];
                random(&mut draw).expect("it never fails");
                let at = usize::from(u16::from_be_bytes([draw[0], draw[1]])) % bad.len();
                bad[at] = draw[2];
            }
            read_everything(&bad);
        }
    }
}

#[test]
fn nonsense_of_every_kind() {
    let mut random = stream(12);
    for length in 0..300 {
        let mut octets = vec![0; length];
        random(&mut octets).expect("it never fails");
        read_everything(&octets);
        // Lengths that promise more than there is, and nesting without end.
        read_everything(&[&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff][..], &octets].concat());
        read_everything(&[0x30, 0x80].repeat(length));
        read_everything(&[0xa0, 0x82, 0x7f, 0xff].repeat(length));
    }
    for text in ["-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----"] {
        assert!(PrivateKey::from_pem(text).is_err());
        assert!(PrivateKey::from_pem(&text.repeat(1000)).is_err());
    }
}

#[test]
fn something_after_it_is_refused() {
    for (name, der) in named_certificates(&testdata("golden.txt")) {
        assert!(inspect(&[&der[..], &[0]].concat()).is_err(), "{name}");
    }
    for name in ["rsa-2048", "ec-p256"] {
        let key = key_file(name);
        let more = [key.der().expose(), &[0]].concat();
        assert!(PrivateKey::from_own_der(Secret::new(more)).is_err(), "{name}");
        assert!(PublicKey::from_spki(&[key.public_key().spki(), &[0]].concat()).is_err(), "{name}");
    }
}

#[test]
fn pathological_texts_and_certificates_are_answered_soon() {
    let soon = |what: &str, work: &dyn Fn()| {
        let began = Instant::now();
        work();
        assert!(began.elapsed() < PATIENCE, "{what} took {:?}", began.elapsed());
    };
    for one in pathological::texts(LARGE) {
        soon(one.name, &|| {
            let error = PrivateKey::from_pem(&one.text).expect_err(one.name).to_string();
            assert!(error.len() < 1_000, "{}: {} bytes were said", one.name, error.len());
            assert!(PublicKey::from_pem(&one.text).is_err(), "{}", one.name);
        });
        let labelled = one.text.replace("CERTIFICATE", "PRIVATE KEY");
        soon(one.name, &|| assert!(PrivateKey::from_pem(&labelled).is_err(), "{}", one.name));
    }
    for one in pathological::certificates(LARGE) {
        soon(one.name, &|| drop(inspect(&one.der)));
        soon(one.name, &|| read_everything(&one.der));
    }
}
