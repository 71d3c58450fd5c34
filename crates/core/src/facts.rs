//! What a finished certificate says, read back from its bytes: plain values, filled by `kubepki-issuance`, read by
//! checks and views. What the page shows about an issued certificate comes from here, not from the form.

/// The facts of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertFacts {
    /// Subject, as `O=system:nodes, CN=system:node:cp-1`.
    pub subject: String,
    /// Issuer, the same way.
    pub issuer: String,
    /// Serial number, lower-case hexadecimal without separators.
    pub serial: String,
    /// Start of validity, Unix seconds.
    pub not_before: i64,
    /// End of validity, Unix seconds.
    pub not_after: i64,
    /// Names: `DNS:kubernetes`, `IP:10.96.0.1`, in the certificate's order.
    pub sans: Vec<String>,
    /// Key usages as RFC 5280 4.2.1.3 names them, in bit order.
    pub key_usage: Vec<String>,
    /// Extended key usages in the certificate's order: `serverAuth`, `clientAuth`, else the OID.
    pub ekus: Vec<String>,
    /// Whether basicConstraints says CA:TRUE; nothing when the extension is absent.
    pub ca: Option<bool>,
    /// Subject key identifier, upper-case hexadecimal with colons.
    pub ski: Option<String>,
    /// Authority key identifier, the same way.
    pub aki: Option<String>,
    /// Key algorithm: `RSA-2048`, `ECDSA-P256`.
    pub key: String,
    /// Signature algorithm as Go names it: `SHA256-RSA`, `ECDSA-SHA256`.
    pub signature: String,
    /// SHA-256 of the DER certificate, upper-case hexadecimal with colons.
    pub fingerprint: String,
    /// SHA-256 of the subject public key info, lower-case hexadecimal: kubeadm's discovery hash for a CA.
    pub public_key_hash: String,
    /// The extensions, in order, each with `critical` behind it when it is.
    pub extensions: Vec<String>,
    /// The certificate, PEM.
    pub pem: String,
}

impl CertFacts {
    /// All of it as texts, in the order of the fields: how it travels from worker to page. A list is lines.
    pub fn to_texts(&self) -> Vec<String> {
        let Self { subject, issuer, serial, not_before, not_after, sans, key_usage, ekus, ca, ski, aki, .. } = self;
        let Self { key, signature, fingerprint, public_key_hash, extensions, pem, .. } = self;
        let list = |items: &[String]| items.iter().map(|item| [item, "\n"].concat()).collect::<String>();
        let maybe = |item: &Option<String>| item.clone().unwrap_or_default();
        let ca = match ca {
            None => "",
            Some(true) => "true",
            Some(false) => "false",
        };
        vec![
            subject.clone(),
            issuer.clone(),
            serial.clone(),
            not_before.to_string(),
            not_after.to_string(),
            list(sans),
            list(key_usage),
            list(ekus),
            ca.to_owned(),
            maybe(ski),
            maybe(aki),
            key.clone(),
            signature.clone(),
            fingerprint.clone(),
            public_key_hash.clone(),
            list(extensions),
            pem.clone(),
        ]
    }

    /// What [`CertFacts::to_texts`] wrote; nothing for anything else.
    pub fn from_texts(texts: Vec<String>) -> Option<Self> {
        let mut texts = texts.into_iter();
        let mut next = || texts.next();
        let list = |text: String| text.split_terminator('\n').map(str::to_owned).collect();
        let maybe = |text: String| Some(text).filter(|text| !text.is_empty());
        Some(Self {
            subject: next()?,
            issuer: next()?,
            serial: next()?,
            not_before: next()?.parse().ok()?,
            not_after: next()?.parse().ok()?,
            sans: list(next()?),
            key_usage: list(next()?),
            ekus: list(next()?),
            ca: maybe(next()?).map(|text| text == "true"),
            ski: maybe(next()?),
            aki: maybe(next()?),
            key: next()?,
            signature: next()?,
            fingerprint: next()?,
            public_key_hash: next()?,
            extensions: list(next()?),
            pem: next()?,
        })
    }
}
