//! A certificate as Go's crypto/x509 keeps it.

use std::net::IpAddr;

use crate::name::{NameConstraints, Uri};
use crate::signature::{PublicKey, SignatureAlgorithm};
use crate::usage::Eku;

/// A certificate, read. Fields as in Go's `x509.Certificate`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// All of it, DER.
    pub raw: Vec<u8>,
    /// What is signed.
    pub raw_tbs: Vec<u8>,
    /// The issuer's name, DER.
    pub raw_issuer: Vec<u8>,
    /// The subject's name, DER.
    pub raw_subject: Vec<u8>,
    /// SubjectPublicKeyInfo, DER.
    pub raw_public_key: Vec<u8>,
    /// Its version, 1 to 3.
    pub version: u8,
    /// Its serial number's octets, two's complement.
    pub serial: Vec<u8>,
    /// Start of validity, Unix seconds.
    pub not_before: i64,
    /// End of validity, Unix seconds.
    pub not_after: i64,
    /// The subject's common name; the last where there are several.
    pub common_name: String,
    /// The subject's organizations.
    pub organizations: Vec<String>,
    /// The issuer's common name; the last where there are several.
    pub issuer_common_name: String,
    /// The public key; nothing for a kind that is not known.
    pub public_key: Option<PublicKey>,
    /// How it was signed.
    pub signature_algorithm: SignatureAlgorithm,
    /// The signature.
    pub signature: Vec<u8>,
    /// Key usage, bit 0 for digitalSignature; 0 where there is none.
    pub key_usage: u16,
    /// Extended key usages that are known.
    pub ekus: Vec<Eku>,
    /// How many others there are.
    pub unknown_ekus: usize,
    /// Whether there are basic constraints.
    pub basic_constraints_valid: bool,
    /// Whether they say CA:TRUE.
    pub is_ca: bool,
    /// How many CAs may stand below it.
    pub max_path_len: Option<u64>,
    /// DNS names, in order.
    pub dns_names: Vec<String>,
    /// E-mail addresses, in order.
    pub email_addresses: Vec<String>,
    /// IP addresses, in order.
    pub ip_addresses: Vec<IpAddr>,
    /// URIs, in order.
    pub uris: Vec<Uri>,
    /// The extension that names stand in; nothing for none.
    pub subject_alt_name: Option<Vec<u8>>,
    /// Subject key identifier; empty for none.
    pub subject_key_id: Vec<u8>,
    /// Authority key identifier; empty for none.
    pub authority_key_id: Vec<u8>,
    /// Name constraints.
    pub name_constraints: Option<NameConstraints>,
    /// Certificate policies, OIDs.
    pub policies: Vec<Vec<u8>>,
    /// Policy mappings: issuer's, subject's.
    pub policy_mappings: Vec<(Vec<u8>, Vec<u8>)>,
    /// How many certificates may follow without an explicit policy.
    pub require_explicit_policy: Option<i64>,
    /// How many may follow that map policies.
    pub inhibit_policy_mapping: Option<i64>,
    /// How many may follow that say anyPolicy.
    pub inhibit_any_policy: Option<i64>,
    /// Whether there is a critical extension that is not understood.
    pub has_unhandled_critical: bool,
}

impl Certificate {
    /// The serial number for people: in decimal, as Go's `big.Int` prints it, where it has at most 64 octets (RFC 5280
    /// 4.1.2.2 allows 20); of a longer one the beginning, in hexadecimal, and its length.
    pub fn serial_text(&self) -> String {
        let octets = self.serial.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(&self.serial);
        if octets.len() > LONGEST_SERIAL {
            let begin: String = octets[..8].iter().map(|one| format!("{one:02x}")).collect();
            return format!("0x{begin}... ({} octets)", octets.len());
        }
        let mut digits = vec![0_u8];
        for octet in octets {
            let mut carried = u16::from(*octet);
            for digit in &mut digits {
                let value = u16::from(*digit) * 256 + carried;
                *digit = (value % 10) as u8;
                carried = value / 10;
            }
            while carried > 0 {
                digits.push((carried % 10) as u8);
                carried /= 10;
            }
        }
        digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect()
    }
}

/// Octets of a serial number that is written out. Writing in decimal takes time by the square of the length.
const LONGEST_SERIAL: usize = 64;
