//! What a finished certificate says, read back from its bytes: plain values, filled by `kubepki-issuance`, read by
//! checks and views. What the page shows about an issued certificate comes from here, not from the form.

/// The facts of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
