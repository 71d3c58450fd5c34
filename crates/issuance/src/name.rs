//! Distinguished names as Go writes them (`crypto/x509/pkix`, `Name.ToRDNSequence`): organizations first, all in one
//! SET, then the common name.

use kubepki_core::plan::Subject;

use crate::der::{self, tag};

/// id-at-organizationName and id-at-commonName (RFC 5280 4.1.2.4).
const ORGANIZATION: &[u8] = &[0x55, 4, 10];
const COMMON_NAME: &[u8] = &[0x55, 4, 3];

/// Whether Go writes a text as PrintableString; as UTF8String otherwise. Go leaves `*` and `&` out of it, as the
/// standard does (`encoding/asn1`, `isPrintable`).
pub(crate) fn is_printable(text: &str) -> bool {
    text.bytes().all(|one| one.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&one))
}

/// A subject as DER Name.
pub(crate) fn encode(subject: &Subject) -> Vec<u8> {
    let Subject { organizations, common_name } = subject;
    let organizations: Vec<Vec<u8>> = organizations.iter().map(|one| attribute(ORGANIZATION, one)).collect();
    let organizations = if organizations.is_empty() { Vec::new() } else { der::set(organizations) };
    der::sequence(&[&organizations, &der::set(vec![attribute(COMMON_NAME, common_name)])])
}

fn attribute(kind: &[u8], text: &str) -> Vec<u8> {
    let form = if is_printable(text) { tag::PRINTABLE_STRING } else { tag::UTF8_STRING };
    der::sequence(&[&der::oid(kind), &der::element(form, &[text.as_bytes()])])
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
}
