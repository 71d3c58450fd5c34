//! What of a certificate a file holds.

/// What of a certificate a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holding {
    /// The certificate, PEM `CERTIFICATE`.
    Certificate,
    /// The private key, PEM: PKCS#1 for RSA, SEC 1 for ECDSA.
    PrivateKey,
    /// The public key alone, PEM `PUBLIC KEY`.
    PublicKey,
    /// A kubeconfig that embeds certificate, key and the cluster CA's certificate.
    Kubeconfig,
}

impl Holding {
    /// Whether whoever reads it can pose as the holder.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::PrivateKey | Self::Kubeconfig)
    }

    /// What it is, in two words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::PrivateKey => "private key",
            Self::PublicKey => "public key",
            Self::Kubeconfig => "kubeconfig",
        }
    }
}
