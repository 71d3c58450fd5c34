//! What leaves a PKI apart from archives, to be encrypted by itself: the keys of CAs, and who administers the cluster.

use kubepki_core::catalog::kubeconfigs::ADMIN;

use crate::key::{KeyError, PrivateKey};
use crate::pki::Pki;
use crate::secret::Secret;

/// The private keys of CAs, each with the index of its certificate.
pub fn ca_keys(pki: &Pki) -> impl Iterator<Item = (usize, &PrivateKey)> {
    let cas = pki.plan.certs.iter().zip(&pki.certs).enumerate();
    cas.filter(|(_, (planned, _))| planned.row.is_ca()).map(|(index, (_, issued))| (index, &issued.key))
}

/// Certificate and key of admin.conf, for programs that take PKCS#12.
#[derive(Debug)]
pub struct AdminIdentity<'a> {
    /// The private key, PKCS#8 (DER).
    pub key: Secret,
    /// The certificate, then its issuer's, DER.
    pub chain: Vec<&'a [u8]>,
    /// What to call it in a list: `kubernetes-admin@prod-eu`.
    pub name: String,
}

impl AdminIdentity<'_> {
    /// What to call its file: `prod-eu-admin.p12`.
    pub fn file_name(pki: &Pki) -> String {
        format!("{}-admin.p12", pki.plan.spec.cluster_name)
    }
}

/// The identity of admin.conf; nothing where the plan has none.
///
/// # Errors
/// Those of [`PrivateKey::to_pkcs8`].
pub fn admin_identity(pki: &Pki) -> Result<Option<AdminIdentity<'_>>, KeyError> {
    let Some(index) = pki.plan.certs.iter().position(|cert| cert.row.id == ADMIN) else { return Ok(None) };
    let issuer = pki.plan.certs[index].issuer;
    let chain = [Some(index), issuer].into_iter().flatten().filter_map(|one| pki.certs[one].der.as_deref()).collect();
    let name = format!("{}@{}", pki.plan.certs[index].row.title, pki.plan.spec.cluster_name);
    Ok(Some(AdminIdentity { key: pki.certs[index].key.to_pkcs8()?, chain, name }))
}
