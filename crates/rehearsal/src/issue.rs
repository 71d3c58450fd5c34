//! From a stage, keys, serials and a time to files.

use std::collections::BTreeMap;

use kubepki_core::plan::BACKDATE_SECONDS;
use kubepki_core::sorted::SortedMap;
use kubepki_issuance::{
    IssueError, IssuedCert, KubeconfigParts, Pki, PrivateKey, Secret, SecretText, Serial, Signer, assemble,
    to_be_signed_one,
};

use crate::stage::{Content, Kubeconfig, Piece, Stage};
use crate::token;

/// The files of a stage by their path, with their modes.
pub type Folder = BTreeMap<String, (u32, Secret)>;

/// Issues everything on a stage and writes every file. `keys` and `serials` are index-aligned with the certificates of
/// the stage's plan; `now` is the issue time in Unix seconds.
///
/// # Errors
/// See [`IssueError`].
pub fn issue(stage: &Stage, keys: Vec<PrivateKey>, serials: &[Option<Serial>], now: i64) -> Result<Folder, IssueError> {
    let plan = &stage.plan;
    if keys.len() != plan.certs.len() || serials.len() != plan.certs.len() {
        return Err(IssueError::Count { certs: plan.certs.len(), keys: keys.len(), serials: serials.len() });
    }
    let mut signers = SortedMap::<usize, Signer>::default();
    let mut ders = Vec::with_capacity(keys.len());
    for (index, cert) in plan.certs.iter().enumerate() {
        if cert.subject.is_none() {
            ders.push(None);
            continue;
        }
        let issuer = cert.issuer.unwrap_or(index);
        let serial = serials[index].ok_or_else(|| IssueError::NoSerial { cert: plan.key_of(index) })?;
        let at = now + stage.offsets[index];
        let public = [index, issuer].map(|one| keys[one].public_key());
        let to_sign = to_be_signed_one(plan, index, public[0], public[1], serial, at)?;
        let refused = |error| IssueError::Key { cert: plan.key_of(issuer), error };
        let signer = match signers.get(&issuer) {
            Some(made) => made,
            None => signers.or_insert(issuer, Signer::new(&keys[issuer]).map_err(refused)?),
        };
        ders.push(Some(assemble(&to_sign, &signer.sign(&to_sign.bytes).map_err(refused)?)));
    }
    let certs = keys.into_iter().zip(serials).zip(ders);
    let certs = certs.map(|((key, serial), der)| IssuedCert { der, serial: *serial, key }).collect();
    let pki = Pki { plan: plan.clone(), issued_at: now, certs };
    stage
        .files
        .iter()
        .map(|file| {
            let text = match &file.content {
                Content::Pem(pieces) => pem(&pki, pieces),
                Content::Kubeconfig(one) => kubeconfig(&pki, one),
                Content::Token(key) => token::sign(&pki, *key, now - BACKDATE_SECONDS)
                    .map_err(|error| IssueError::Key { cert: plan.key_of(*key), error })?,
            };
            Ok((file.path.clone(), (file.mode, text.into_bytes())))
        })
        .collect()
}

fn pem(pki: &Pki, pieces: &[Piece]) -> SecretText {
    let mut text = SecretText::new(String::with_capacity(8_192));
    for piece in pieces {
        match *piece {
            Piece::Certificate(cert) => text.push_str(&pki.certificate_pem(cert).unwrap_or_default()),
            Piece::PrivateKey(cert) => text.push_str(pki.private_key_pem(cert).expose()),
            Piece::PublicKey(cert) => text.push_str(&pki.public_key_pem(cert)),
        }
    }
    text
}

fn kubeconfig(pki: &Pki, one: &Kubeconfig) -> SecretText {
    let Kubeconfig { server, authority, shown, key, swapped } = one;
    let chain = pem(pki, &shown.iter().copied().map(Piece::Certificate).collect::<Vec<_>>());
    let key = key.map(|key| pki.private_key_pem(key));
    let subject = shown.first().and_then(|cert| pki.plan.certs[*cert].subject.as_ref());
    let credential = key.as_ref().map(|key| match swapped {
        false => (chain.expose(), key.expose()),
        true => (key.expose(), chain.expose()),
    });
    KubeconfigParts {
        cluster: &pki.plan.spec.cluster_name,
        server,
        user: subject.map_or("nobody", |subject| &subject.common_name),
        authority: &pki.certificate_pem(*authority).unwrap_or_default(),
        credential,
    }
    .write()
}
