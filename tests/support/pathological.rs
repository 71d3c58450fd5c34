//! PEM, base64 and DER that were made to keep a reader busy: each grows with a size, and may cost no more than in proportion.
//! The standard library alone, for crates include this file in their own tests. `tests/browser/support/pathological.mjs`
//! writes the same texts for the page; `tests/hostile.rs` compares the two.

/// A text of about `size` octets and its name.
pub struct Text {
    /// What it is made of.
    pub name: &'static str,
    /// All of it.
    pub text: String,
}

/// A certificate of about `size` octets and its name, DER.
pub struct Der {
    /// What there is too much of.
    pub name: &'static str,
    /// All of it.
    pub der: Vec<u8>,
    /// Whether crypto/x509 reads it.
    pub is_read: bool,
}

/// Texts that look like PEM.
pub fn texts(size: usize) -> Vec<Text> {
    let fill = |unit: &str| unit.repeat(size.div_ceil(unit.len()));
    let line = "QUFB".repeat(16) + "\n";
    let numbered = |begin: &str, between: &str, end: &str| {
        let mut out = String::new();
        for number in 0.. {
            if out.len() >= size {
                break;
            }
            out += &format!("{begin}{number}{between}{number}{end}");
        }
        out
    };
    let rows = [
        ("BEGIN lines alone", fill("-----BEGIN CERTIFICATE-----\n")),
        (
            "a BEGIN line, then another label's",
            "-----BEGIN CERTIFICATE-----\n".to_owned() + &fill("-----BEGIN A-----\n"),
        ),
        ("BEGIN lines, each of another label", numbered("-----BEGIN A", "-----\nQUFB", "=\n")),
        ("blocks that end with another label", numbered("-----BEGIN A", "-----\nQUFB\n-----END B", "-----\n")),
        ("blocks that end with their own label", numbered("-----BEGIN A", "-----\nQUFB\n-----END A", "-----\n")),
        ("END lines alone", fill("-----END CERTIFICATE-----\n")),
        ("BEGIN and END in one line", fill("-----BEGIN A----------END A-----\n")),
        ("BEGIN lines without a line break", fill("-----BEGIN ")),
        ("dashes", fill("-")),
        ("dashes in lines", fill("-----\n")),
        ("line breaks", fill("\n")),
        ("headers alone", "-----BEGIN CERTIFICATE-----\n".to_owned() + &fill("Key: value\n")),
        (
            "headers that run over the END line",
            "-----BEGIN A-----\n".to_owned() + &fill("Key: value\n-----END A-----:\n"),
        ),
        ("blocks with headers", fill("-----BEGIN CERTIFICATE-----\nKey: value\n\nQUFB\n-----END CERTIFICATE-----\n")),
        ("blocks with headers and no END", fill("-----BEGIN CERTIFICATE-----\nKey: value\n\nQUFB\n")),
        (
            "blocks in each other",
            fill("-----BEGIN A-----\n-----BEGIN B-----\nQUFB\n-----END B-----\n-----END A-----\n"),
        ),
        ("BEGIN lines, then as many END lines", {
            let half = |unit: &str| unit.repeat((size / 2).div_ceil(unit.len()));
            half("-----BEGIN CERTIFICATE-----\n") + &half("-----END CERTIFICATE-----\n")
        }),
        ("empty blocks", fill("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")),
        ("blocks in CRLF", fill("-----BEGIN CERTIFICATE-----\r\nQUFB\r\n-----END CERTIFICATE-----\r\n")),
        ("carriage returns alone", fill("-----BEGIN CERTIFICATE-----\rQUFB\r-----END CERTIFICATE-----\r")),
        ("blanks behind BEGIN", fill("-----BEGIN CERTIFICATE-----  \t\nQUFB\n-----END CERTIFICATE-----  \t\n")),
        ("one line of base64", certificate_block(&fill("QUFB"))),
        ("lines of base64", certificate_block(&fill(&line))),
        ("lines of base64 without END", "-----BEGIN CERTIFICATE-----\n".to_owned() + &fill(&line)),
        ("base64 of one character a line", certificate_block(&fill("Q\nU\nF\nB\n"))),
        ("padding alone", certificate_block(&fill("="))),
        ("blanks alone", certificate_block(&fill(" "))),
        ("what is no base64", certificate_block(&fill("!"))),
        (
            "bits behind the last octet",
            fill("-----BEGIN A-----\nQUE/QUF=\n-----END A-----\n-----BEGIN B-----\nQf==\n-----END B-----\n"),
        ),
        ("a label without end", "-----BEGIN ".to_owned() + &fill("A")),
        ("a label as long as the text", {
            let label = "A".repeat(size / 2);
            format!("-----BEGIN {label}-----\nQUFB\n-----END {label}-----\n")
        }),
        ("letters of several octets", fill("-----BEGIN \u{e9}\u{20ac}-----\nQUFB\n-----END \u{e9}\u{20ac}-----\n")),
        ("a kubeconfig with one field over and over", fill("    client-certificate-data: QUFB!\n")),
        ("a kubeconfig of base64 inside base64", format!("    client-certificate-data: {}\n", fill("QUFB"))),
        ("certificates that are none", fill("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")),
    ];
    rows.into_iter().map(|(name, text)| Text { name, text }).collect()
}

fn certificate_block(body: &str) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
}

/// DER as one PEM block, 64 columns.
pub fn pem(label: &str, der: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::with_capacity(der.len().div_ceil(3) * 4);
    for three in der.chunks(3) {
        let number = three.iter().fold(0_u32, |sum, one| sum << 8 | u32::from(*one)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * place) & 63) as usize];
            encoded.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    let lines: Vec<&str> = (0..encoded.len()).step_by(64).map(|at| &encoded[at..encoded.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Tag and length.
fn head(tag: u8, length: usize) -> Vec<u8> {
    if length < 0x80 {
        return vec![tag, length as u8];
    }
    let octets = length.to_be_bytes();
    let short = &octets[length.leading_zeros() as usize / 8..];
    [&[tag, 0x80 | short.len() as u8], short].concat()
}

/// One element.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    [&head(tag, content.len()), content].concat()
}

/// What a certificate is made of; everything that is not said is as in a small sound one.
pub struct Parts {
    /// The serial number's octets.
    pub serial: Vec<u8>,
    /// The subject's RDNs, DER, without the sequence around them.
    pub subject: Vec<u8>,
    /// SubjectPublicKeyInfo, DER.
    pub key: Vec<u8>,
    /// Extensions, DER, one after the other.
    pub extensions: Vec<u8>,
}

/// id-ecPublicKey.
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// secp256r1, an OID.
pub const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// ecdsa-with-SHA256.
const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
/// The base point of P-256 (SEC 2, 2.4.2): the key 1.
pub const POINT: [u8; 65] = [
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03,
    0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe,
    0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce,
    0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
];

/// SubjectPublicKeyInfo of a curve, by its OID, and octets that are a point or not.
pub fn ec_key(curve: &[u8], point: &[u8]) -> Vec<u8> {
    let algorithm = element(0x30, &[element(6, EC), element(6, curve)].concat());
    element(0x30, &[algorithm, element(3, &[&[0], point].concat())].concat())
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            serial: vec![1],
            subject: attribute(&[0x55, 4, 3], b"a"),
            key: ec_key(P256, &POINT),
            extensions: Vec::new(),
        }
    }
}

impl Parts {
    /// A certificate of version 3 that its own issuer never signed.
    pub fn certificate(&self) -> Vec<u8> {
        let algorithm = element(0x30, &element(6, ECDSA_SHA256));
        let dates = [element(0x17, b"250101000000Z"), element(0x17, b"450101000000Z")].concat();
        let extensions = match self.extensions.is_empty() {
            true => Vec::new(),
            false => element(0xa3, &element(0x30, &self.extensions)),
        };
        let signed = [
            element(0xa0, &element(2, &[2])),
            element(2, &self.serial),
            algorithm.clone(),
            element(0x30, &self.subject),
            element(0x30, &dates),
            element(0x30, &self.subject),
            self.key.clone(),
            extensions,
        ];
        let signature = element(0x30, &[element(2, &[1]), element(2, &[1])].concat());
        let signature = element(3, &[&[0][..], &signature].concat());
        element(0x30, &[element(0x30, &signed.concat()), algorithm, signature].concat())
    }
}

/// An RDN of one attribute, UTF-8.
pub fn attribute(oid: &[u8], text: &[u8]) -> Vec<u8> {
    element(0x31, &element(0x30, &[element(6, oid), element(0x0c, text)].concat()))
}

/// An extension that is not critical.
pub fn extension(oid: &[u8], value: &[u8]) -> Vec<u8> {
    element(0x30, &[element(6, oid), element(4, value)].concat())
}

/// The extension subjectAltName.
pub const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
/// The extension nameConstraints.
pub const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
/// The extension certificatePolicies.
pub const POLICIES: &[u8] = &[0x55, 0x1d, 32];

/// 1.3.6.1.4.1.5.NUMBER, DER.
fn oid(number: usize) -> Vec<u8> {
    let mut out = vec![0x2b, 0x06, 0x01, 0x04, 0x01, 0x05];
    out.extend([21, 14, 7].into_iter().map(|bits| 0x80 | (number >> bits & 0x7f) as u8).skip_while(|one| *one == 0x80));
    out.push((number & 0x7f) as u8);
    out
}

/// Elements by their number, until there are `size` octets of them.
pub fn many(size: usize, one: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let mut out = Vec::new();
    for number in 1.. {
        if out.len() >= size {
            break;
        }
        out.extend(one(number));
    }
    out
}

/// Certificates with much of one thing.
pub fn certificates(size: usize) -> Vec<Der> {
    let with = |extensions: Vec<u8>| Parts { extensions, ..Parts::default() }.certificate();
    let listed = |of: &[u8], list: Vec<u8>| with(extension(of, &element(0x30, &list)));
    let policy = |number| element(0x30, &element(6, &oid(number)));
    let name = |number: usize| element(0x82, format!("n{number}.example").as_bytes());
    let address = |number: usize| element(0x87, &(number as u32).to_be_bytes());
    let mailbox = |number: usize| element(0x81, format!("u{number}@example.com").as_bytes());
    let uri = |number: usize| element(0x86, format!("https://u{number}.example/").as_bytes());
    let tree = |number: usize| element(0x30, &name(number));
    let repeated = extension(&oid(1), &[5, 0]);
    let long_oid = || [&[0x2b][..], &vec![0x81; size], &[0x01]].concat();
    let rows = [
        ("distinct extensions", true, with(many(size, |number| extension(&oid(number), &[5, 0])))),
        (
            "distinct extensions, one of them twice",
            false,
            with([many(size, |number| extension(&oid(number), &[5, 0])), repeated].concat()),
        ),
        ("policies", true, listed(POLICIES, many(size, policy))),
        ("policies, one of them twice", false, listed(POLICIES, [many(size, policy), policy(1)].concat())),
        ("DNS names", true, listed(SUBJECT_ALT_NAME, many(size, name))),
        ("IP addresses", true, listed(SUBJECT_ALT_NAME, many(size, address))),
        ("e-mail addresses", true, listed(SUBJECT_ALT_NAME, many(size, mailbox))),
        ("URIs", true, listed(SUBJECT_ALT_NAME, many(size, uri))),
        ("one long name", true, listed(SUBJECT_ALT_NAME, element(0x82, &vec![b'a'; size]))),
        ("name constraints", true, listed(NAME_CONSTRAINTS, element(0xa0, &many(size, tree)))),
        ("usages", true, listed(&[0x55, 0x1d, 37], many(size, |number| element(6, &oid(number))))),
        ("a serial number", true, Parts { serial: vec![0x55; size], ..Parts::default() }.certificate()),
        ("one long extension", true, with(extension(&oid(1), &vec![0x30; size]))),
        ("one long object identifier", false, with(extension(&long_oid(), &[5, 0]))),
        (
            "organizations",
            true,
            Parts { subject: many(size, |_| attribute(&[0x55, 4, 10], b"o")), ..Parts::default() }.certificate(),
        ),
        (
            "a long common name",
            true,
            Parts { subject: attribute(&[0x55, 4, 3], &vec![b'a'; size]), ..Parts::default() }.certificate(),
        ),
        ("a point", false, Parts { key: ec_key(P256, &vec![4; size]), ..Parts::default() }.certificate()),
        ("sequences in each other", false, nested(size)),
    ];
    rows.into_iter().map(|(name, is_read, der)| Der { name, is_read, der }).collect()
}

/// Sequences in each other, of about `size` octets, written from the inside.
fn nested(size: usize) -> Vec<u8> {
    let mut backwards = Vec::new();
    while backwards.len() < size {
        backwards.extend(head(0x30, backwards.len()).into_iter().rev());
    }
    backwards.reverse();
    backwards
}
