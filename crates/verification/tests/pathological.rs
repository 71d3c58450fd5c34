//! Texts and certificates that were made to keep a reader busy: each is answered in time that grows with its length, not with
//! the square of it.

use std::time::{Duration, Instant};

use kubepki_verification::{Certificate, KeyPair, Pool, public_key_der};

#[path = "../../../tests/support/pathological.rs"]
#[allow(unreachable_pub, reason = "what the judges' library exports")]
mod pathological;

/// Octets. With quadratic work any of these takes minutes, without optimization above all; with linear work, a second.
const LARGE: usize = 2 << 20;
const PATIENCE: Duration = Duration::from_secs(20);

#[track_caller]
fn soon<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    let took = began.elapsed();
    assert!(took < PATIENCE, "{what} took {took:?}");
    done
}

#[test]
fn texts_are_read_in_one_pass() {
    for one in pathological::texts(LARGE) {
        assert!(one.text.len() >= LARGE * 9 / 10, "{}: {} octets", one.name, one.text.len());
        soon(one.name, || {
            let _ = Certificate::from_pem(&one.text);
            let _ = Pool::from_pem(&one.text);
            let _ = KeyPair::from_pem(&one.text, &one.text);
            let _ = KeyPair::from_public_half(&one.text, &one.text);
            public_key_der(&one.text)
        });
    }
}

#[test]
fn certificates_are_read_in_one_pass() {
    for one in pathological::certificates(LARGE) {
        let read = soon(one.name, || Certificate::parse(&one.der));
        assert_eq!(read.is_ok(), one.is_read, "{}: {:?}", one.name, read.err());
        let Ok(read) = read else { continue };
        let said = soon(one.name, || read.serial_text());
        assert!(said.len() < 200, "{}: {} characters", one.name, said.len());
        let answer = soon(one.name, || read.verify_hostname("a.example"));
        assert!(answer.is_err(), "{}", one.name);
    }
}

#[test]
fn as_many_certificates_as_a_text_can_hold_become_a_pool() {
    let numbered = |number: usize| {
        let serial = [&[1][..], &number.to_be_bytes()].concat();
        pathological::pem("CERTIFICATE", &pathological::Parts { serial, ..Default::default() }.certificate())
    };
    let text: String = (0..10_000).map(numbered).collect();
    assert!(text.len() > LARGE, "{} octets", text.len());
    let (pool, any) = soon("10,000 certificates", || Pool::from_pem(&(text.clone() + &text)));
    assert!(any);
    assert_eq!(pool.certificates().len(), 10_000, "each once");
}

#[test]
fn long_serial_numbers_are_shortened() {
    let text = |octets: &[u8]| {
        let der = pathological::Parts { serial: octets.to_vec(), ..Default::default() }.certificate();
        Certificate::parse(&der).expect("a certificate").serial_text()
    };
    assert_eq!(text(&[1, 0]), "256");
    assert_eq!(text(&[0, 0xff]), "255");
    assert_eq!(text(&[0]), "0");
    // 2^160 and 2^504, in which no digit is lost.
    assert_eq!(text(&[&[1][..], &[0; 20]].concat()), "1461501637330902918203684832716283019655932542976");
    assert_eq!(text(&[&[1][..], &[0; 63]].concat()).len(), 152);
    assert_eq!(text(&[0x12; 65]), "0x1212121212121212... (65 octets)");
}

/// Go's words are asked of Go in `tests/go.rs`.
#[test]
fn a_point_has_one_form() {
    let said = |point: &[u8]| {
        let key = pathological::ec_key(pathological::P256, point);
        let der = pathological::Parts { key, ..Default::default() }.certificate();
        Certificate::parse(&der).map_or_else(|error| error.to_string(), |_| "read".to_owned())
    };
    let point = pathological::POINT;
    assert_eq!(said(&point), "read");
    let (x, y) = (&point[1..33], &point[33..]);
    let refused = "ecdsa: invalid uncompressed public key";
    let compressed = [&[2 + (y[31] & 1)], x].concat();
    for form in [&compressed[..], &[&[5], x].concat(), &[&[6], x, y].concat(), &[0], &[]] {
        assert_eq!(said(form), refused, "{form:?}");
    }
    assert_eq!(said(&point[..64]), "invalid P256 point encoding");
    assert_eq!(said(&[&[4][..], &[0xff; 32], y].concat()), "invalid P256 element encoding");
    assert_eq!(said(&[&[4][..], y, x].concat()), "P256 point not on curve");
}
