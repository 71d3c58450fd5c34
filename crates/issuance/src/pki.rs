//! A plan that has been issued.

use kubepki_core::Plan;
use kubepki_core::plan::Holding;

use crate::key::PrivateKey;
use crate::kubeconfig::KubeconfigParts;
use crate::pem;
use crate::secret::SecretText;
use crate::serial::Serial;

/// One issued certificate with its key, or a bare key pair.
#[derive(Debug)]
pub struct IssuedCert {
    /// The certificate; nothing for a bare key pair.
    pub der: Option<Vec<u8>>,
    /// Its serial number; nothing for a bare key pair.
    pub serial: Option<Serial>,
    /// Its private key.
    pub key: PrivateKey,
}

/// An issued plan: certificates and keys, index-aligned with [`Plan::certs`].
#[derive(Debug)]
pub struct Pki {
    /// What was planned.
    pub plan: Plan,
    /// The issue time, Unix seconds. Certificates begin five minutes earlier.
    pub issued_at: i64,
    /// Certificates and keys, in the order of [`Plan::certs`].
    pub certs: Vec<IssuedCert>,
}

impl Pki {
    /// A certificate as PEM `CERTIFICATE`; nothing for a bare key pair.
    pub fn certificate_pem(&self, index: usize) -> Option<String> {
        self.certs[index].der.as_deref().map(|der| pem::encode("CERTIFICATE", der))
    }

    /// A private key as kubeadm writes it: PEM `RSA PRIVATE KEY` (PKCS#1) or `EC PRIVATE KEY` (SEC 1).
    pub fn private_key_pem(&self, index: usize) -> SecretText {
        self.certs[index].key.to_pem()
    }

    /// A public key as PEM `PUBLIC KEY`.
    pub fn public_key_pem(&self, index: usize) -> String {
        self.certs[index].key.public_key().to_pem()
    }

    /// The kubeconfig that embeds a certificate, its key and its issuer's certificate; nothing where the plan has none.
    pub fn kubeconfig(&self, index: usize) -> Option<SecretText> {
        let planned = &self.plan.certs[index];
        let (certificate, key) = (self.certificate_pem(index)?, self.private_key_pem(index));
        let parts = KubeconfigParts {
            cluster: &self.plan.spec.cluster_name,
            server: planned.server.as_ref()?,
            user: &planned.subject.as_ref()?.common_name,
            authority: &self.certificate_pem(planned.issuer?)?,
            credential: Some((&certificate, key.expose())),
        };
        Some(parts.write())
    }

    /// Whether the private keys of its CAs are here: they are not in what was read of a part that leaves them out.
    pub fn has_ca_keys(&self) -> bool {
        self.plan.certs.iter().zip(&self.certs).all(|(planned, issued)| !planned.row.is_ca() || issued.key.is_here())
    }

    /// The text of what a file holds of a certificate; nothing where the plan asks for what there is not, which the
    /// catalog's own tests rule out, or for a key that is kept elsewhere.
    pub fn text(&self, index: usize, holding: Holding) -> Option<SecretText> {
        match holding {
            Holding::Certificate => self.certificate_pem(index).map(SecretText::new),
            Holding::PrivateKey => self.certs[index].key.is_here().then(|| self.private_key_pem(index)),
            Holding::PublicKey => Some(SecretText::new(self.public_key_pem(index))),
            Holding::Kubeconfig => self.kubeconfig(index),
        }
    }
}
