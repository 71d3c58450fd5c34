use super::*;

fn entropy(buffer: &mut [u8]) -> Result<(), kubepki_issuance::EntropyError> {
    for (index, byte) in buffer.iter_mut().enumerate() {
        *byte = u8::try_from(index % 251).unwrap_or_default().wrapping_mul(7).wrapping_add(3);
    }
    Ok(())
}

/// Cheap, for tests.
const LITTLE: u8 = 4;

#[test]
fn a_passphrase_opens_what_it_closed_whatever_its_length() {
    for length in [0, 1, 65_535, 65_536, 65_537, 131_072] {
        let plain = vec![7; length];
        let sealed = seal(&plain, To::Passphrase("correct horse"), LITTLE, &mut entropy).expect("sealed");
        assert_eq!(open(&sealed, With::Passphrase("correct horse")).expect("opened").expose(), plain, "{length}");
    }
}

#[test]
fn each_of_several_recipients_opens_it_and_nobody_else() {
    let identity = |seed: u8| {
        Identity::draw(&mut |buffer: &mut [u8]| {
            buffer.fill(seed);
            Ok(())
        })
        .expect("an identity")
    };
    let [one, two, other] = [identity(1), identity(2), identity(3)];
    let sealed =
        seal(b"bundle", To::Recipients(&[one.recipient(), two.recipient()]), LITTLE, &mut entropy).expect("sealed");
    assert_eq!(open(&sealed, With::Identities(&[two])).expect("opened").expose(), b"bundle");
    assert_eq!(open(&sealed, With::Identities(&[other, one])).expect("opened").expose(), b"bundle");
    assert_eq!(open(&sealed, With::Identities(&[identity(3)])).expect_err("not his"), OpenError::WrongIdentity);
    assert_eq!(open(&sealed, With::Passphrase("x")).expect_err("none"), OpenError::NeedsIdentity);
}

#[test]
fn wrong_passphrases_and_changed_bytes_are_told_apart() {
    let sealed = seal(&[1; 70_000], To::Passphrase("right"), LITTLE, &mut entropy).expect("sealed");
    assert_eq!(open(&sealed, With::Passphrase("Right")).expect_err("wrong"), OpenError::WrongPassphrase);
    assert_eq!(open(&sealed, With::Identities(&[])).expect_err("none"), OpenError::NeedsPassphrase);
    let changed = |at: usize| {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        open(&changed, With::Passphrase("right")).map(|_| ())
    };
    assert_eq!(changed(sealed.len() - 1), Err(OpenError::Damaged));
    for at in 0..sealed.len().min(200) {
        assert!(changed(at).is_err(), "byte {at}");
    }
    for length in [0, 10, 100, 300, 65_000, sealed.len() - 1] {
        assert!(open(&sealed[..length], With::Passphrase("right")).is_err(), "cut at {length}");
    }
}

#[test]
fn recipients_and_identities_are_read_as_age_writes_them() {
    // From the specification of age, its X25519 test key.
    let identity: Identity =
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX".parse().expect("an identity");
    let text = identity.recipient().to_string();
    assert_eq!(text, "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj");
    assert_eq!(text.parse::<Recipient>().expect("a recipient"), identity.recipient());
    for bad in ["", "age1", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwk", "ssh-ed25519 AAAA"] {
        assert!(bad.parse::<Recipient>().is_err(), "{bad}");
    }
    assert!(!format!("{identity:?}").contains("AGE"));
}

#[test]
fn pieces_give_what_the_whole_gives() {
    let plain: Vec<u8> = (0..200_000_u32).map(|index| index.to_be_bytes()[2]).collect();
    let whole = seal(&plain, To::Passphrase("x"), LITTLE, &mut entropy).expect("sealed");
    for size in [1_000, 65_536, 131_073] {
        let (mut sealer, mut out) = Sealer::new(To::Passphrase("x"), LITTLE, &mut entropy).expect("a sealer");
        plain.chunks(size).for_each(|piece| sealer.push(piece, &mut out).expect("sealed"));
        sealer.finish(&mut out).expect("sealed");
        assert!(out == whole, "pieces of {size}");
    }
}
