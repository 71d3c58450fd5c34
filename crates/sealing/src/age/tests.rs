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

/// age's own reader takes digits alone, the first not a zero; a file that says its work otherwise is no file of age.
#[test]
fn the_work_is_a_number_in_one_form() {
    let sealed = seal(&[1; 10], To::Passphrase("right"), LITTLE, &mut entropy).expect("sealed");
    let (head, rest) = sealed.split_at(sealed.iter().position(|one| *one == b'>').expect("a stanza"));
    let end = rest.iter().position(|one| *one == b'\n').expect("its end");
    let line = std::str::from_utf8(&rest[..end]).expect("a text");
    let (begin, work) = line.rsplit_once(' ').expect("its work");
    assert_eq!(work, LITTLE.to_string());
    let with = |work: &str| {
        let file = [head, format!("{begin}{work}").as_bytes(), &rest[end..]].concat();
        open(&file, With::Passphrase("right")).map(|_| ()).expect_err(work)
    };
    for bad in [
        &format!(" +{work}"),
        &format!(" 0{work}"),
        &format!(" {work} "),
        " -1",
        " 0",
        " ",
        "",
        " 0x4",
        " four",
        " 4 4",
    ] {
        assert!(matches!(with(bad), OpenError::Form(what) if what.contains("no number")), "{bad:?}: {}", with(bad));
    }
    // A number, but another: the key is another. And too much.
    assert_eq!(with(&format!(" {}", LITTLE + 1)), OpenError::WrongPassphrase);
    assert_eq!(with(" 23"), OpenError::TooCostly(23));
    assert_eq!(with(" 99999999999999999999"), OpenError::TooCostly(u8::MAX));
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
