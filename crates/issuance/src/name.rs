//! Distinguished names as Go writes them (`crypto/x509/pkix`, `Name.ToRDNSequence`): organizations first, all in one
//! SET, then the common name.

use kubepki_core::plan::Subject;
use yasna::DERWriter;
use yasna::models::ObjectIdentifier;

/// id-at-organizationName and id-at-commonName (RFC 5280 4.1.2.4).
pub(crate) const ORGANIZATION: &[u64] = &[2, 5, 4, 10];
pub(crate) const COMMON_NAME: &[u64] = &[2, 5, 4, 3];

/// Whether Go writes a text as PrintableString; as UTF8String otherwise. Go leaves `*` and `&` out of it, as the
/// standard does (`encoding/asn1`, `isPrintable`).
pub(crate) fn is_printable(text: &str) -> bool {
    text.bytes().all(|one| one.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&one))
}

/// A subject as DER Name.
pub(crate) fn encode(subject: &Subject) -> Vec<u8> {
    let Subject { organizations, common_name } = subject;
    yasna::construct_der(|writer| {
        writer.write_sequence(|rdns| {
            if !organizations.is_empty() {
                // DER sorts a SET's elements by their bytes; so does Go.
                rdns.next().write_set_of(|set| {
                    organizations.iter().for_each(|one| write_attribute(set.next(), ORGANIZATION, one));
                });
            }
            rdns.next().write_set_of(|set| write_attribute(set.next(), COMMON_NAME, common_name));
        });
    })
}

fn write_attribute(writer: DERWriter<'_>, kind: &[u64], text: &str) {
    writer.write_sequence(|pair| {
        pair.next().write_oid(&ObjectIdentifier::from_slice(kind));
        if is_printable(text) {
            pair.next().write_printable_string(text);
        } else {
            pair.next().write_utf8_string(text);
        }
    });
}

/// The same TBSCertificate with these names, each DER, as issuer and subject.
///
/// rcgen cannot write several organizations into one SET; everything else about its names is as wanted. So names of
/// that form, and only those, are put in afterwards: the third element after the version is the issuer, the fifth the
/// subject (RFC 5280 4.1). Nothing when `tbs` is no TBSCertificate.
pub(crate) fn replace(tbs: &[u8], issuer: &[u8], subject: &[u8]) -> Option<Vec<u8>> {
    let mut elements = yasna::parse_der(tbs, |reader| {
        reader.read_sequence(|fields| {
            let mut elements = Vec::with_capacity(8);
            while let Some(element) = fields.read_optional(|field| field.read_der())? {
                elements.push(element);
            }
            Ok(elements)
        })
    })
    .ok()?;
    issuer.clone_into(elements.get_mut(3)?);
    subject.clone_into(elements.get_mut(5)?);
    Some(yasna::construct_der(|writer| {
        writer.write_sequence(|fields| elements.iter().for_each(|one| fields.next().write_der(one)));
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(organizations: &[&str], common_name: &str) -> Subject {
        Subject {
            organizations: organizations.iter().map(|one| (*one).to_owned()).collect(),
            common_name: common_name.to_owned(),
        }
    }

    #[test]
    fn organizations_share_a_set_sorted_by_their_bytes() {
        let der = encode(&subject(&["bb", "a"], "c"));
        let expected = [
            &[0x30, 0x23][..],
            &[0x31, 0x15, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x13, 0x01, b'a'],
            &[0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x13, 0x02, b'b', b'b'],
            &[0x31, 0x0a, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x13, 0x01, b'c'],
        ]
        .concat();
        assert_eq!(der, expected);
    }

    #[test]
    fn string_types_are_gos() {
        for printable in ["system:node:cp-1", "a b", "x.y/z=?", ""] {
            assert!(is_printable(printable), "{printable}");
        }
        for other in ["a@b", "a_b", "*.x", "a&b", "é"] {
            assert!(!is_printable(other), "{other}");
        }
    }

    #[test]
    fn replacing_keeps_everything_else() {
        let field = |byte| vec![0x04, 0x01, byte];
        let tbs = [&[0x30, 21][..], &(0..7).flat_map(field).collect::<Vec<_>>()].concat();
        let long = [&[0x30, 0x81, 0x80][..], &[0x05, 0x00].repeat(64)].concat();
        let changed = replace(&tbs, &long, &[0x05, 0x00]).expect("a sequence of seven");
        let expected = [
            &[0x30, 0x81, 131 + 15 + 2][..],
            &(0..3).flat_map(field).collect::<Vec<_>>(),
            &long,
            &field(4),
            &[0x05, 0x00],
            &field(6),
        ]
        .concat();
        assert_eq!(changed, expected);
        assert_eq!(replace(&[0x30, 0x00], &[], &[]), None);
        assert_eq!(replace(b"garbage", &[], &[]), None);
    }
}
