//! Writing DER (X.690): elements from their content, nothing else. Reading is left to libraries that were made to be
//! given bad bytes.

/// Tags (X.690 8.1.2), those with content made of elements included.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const PRINTABLE_STRING: u8 = 0x13;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;
    /// `[n]` around one element.
    pub(crate) const fn explicit(number: u8) -> u8 {
        0xa0 | number
    }
    /// `[n]` in place of a primitive element's own tag.
    pub(crate) const fn implicit(number: u8) -> u8 {
        0x80 | number
    }
}

/// An element whose content is these parts, one after the other.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut der = Vec::with_capacity(length + 6);
    der.push(tag);
    // Definite lengths (8.1.3): in one octet below 128, else behind the number of octets.
    let octets = length.to_be_bytes();
    let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
    match length {
        0..128 => der.push(length as u8),
        _ => {
            der.push(0x80 | (octets.len() - zeros) as u8);
            der.extend_from_slice(&octets[zeros..]);
        }
    }
    for part in parts {
        der.extend_from_slice(part);
    }
    der
}

/// A SEQUENCE of elements.
pub(crate) fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    element(tag::SEQUENCE, elements)
}

/// A SET OF elements: sorted by their bytes (11.6).
pub(crate) fn set(mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    // By insertion, for there are a few elements at most: the library's sort would weigh more than all of this file.
    for end in 1..elements.len() {
        let mut place = end;
        while place > 0 && elements[place] < elements[place - 1] {
            elements.swap(place, place - 1);
            place -= 1;
        }
    }
    element(tag::SET, &elements.iter().map(|one| &one[..]).collect::<Vec<_>>())
}

/// A positive INTEGER from big-endian octets without leading zeros.
pub(crate) fn positive(octets: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if octets.first().is_none_or(|&first| first >= 0x80) { &[0] } else { &[] };
    element(tag::INTEGER, &[sign, octets])
}

/// A BIT STRING of whole octets.
pub(crate) fn bit_string(octets: &[u8]) -> Vec<u8> {
    element(tag::BIT_STRING, &[&[0], octets])
}

/// An OBJECT IDENTIFIER from its content.
pub(crate) fn oid(content: &[u8]) -> Vec<u8> {
    element(tag::OBJECT_IDENTIFIER, &[content])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_as_short_as_can_be() {
        assert_eq!(element(tag::OCTET_STRING, &[]), [4, 0]);
        assert_eq!(element(tag::OCTET_STRING, &[&[7; 127]])[..3], [4, 127, 7]);
        assert_eq!(element(tag::OCTET_STRING, &[&[7; 100], &[7; 28]])[..4], [4, 0x81, 128, 7]);
        assert_eq!(element(tag::OCTET_STRING, &[&[7; 256]])[..5], [4, 0x82, 1, 0, 7]);
    }

    #[test]
    fn numbers_stay_positive() {
        assert_eq!(positive(&[0x7f]), [2, 1, 0x7f]);
        assert_eq!(positive(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(positive(&[]), [2, 1, 0]);
    }

    #[test]
    fn sets_are_sorted() {
        let elements = [[4, 1, 3], [4, 1, 1], [4, 1, 2], [2, 1, 9]].map(Vec::from).to_vec();
        assert_eq!(set(elements), [0x31, 12, 2, 1, 9, 4, 1, 1, 4, 1, 2, 4, 1, 3]);
    }
}
