//! The files of a PKI that was issued elsewhere, by its public halves alone: where a private key would stand, there stands
//! the public key that was taken from it.

use kubepki_core::plan::Plan;
use kubepki_issuance::{KubeconfigParts, Pki};

use crate::issue::Folder;
use crate::stage::{Content, Kubeconfig, Piece, Stage};

/// What is public of one certificate or key pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The certificate, PEM; empty for a bare key pair.
    pub certificate: String,
    /// Its public key, PEM `PUBLIC KEY`.
    pub public_key: String,
}

impl Published {
    /// Of a whole PKI, in the order of its certificates.
    pub fn of(pki: &Pki) -> Vec<Self> {
        let one = |index| Self {
            certificate: pki.certificate_pem(index).unwrap_or_default(),
            public_key: pki.public_key_pem(index),
        };
        (0..pki.certs.len()).map(one).collect()
    }
}

/// The files of a stage that can be written from what is public of an issued plan (`published` is index-aligned with its
/// certificates). Files with anything else in them are left out: what kubelets request later, what add-ons bring along.
pub fn publish(stage: &Stage, plan: &Plan, published: &[Published]) -> Folder {
    let of = |index: usize| {
        let key = stage.plan.key_of(index);
        published.get(plan.find_key(&key)?)
    };
    let mut folder = Folder::new();
    for file in &stage.files {
        let text = match &file.content {
            Content::Pem(pieces) => pieces
                .iter()
                .map(|piece| {
                    let one = of(piece.cert())?;
                    Some(match piece {
                        Piece::Certificate(_) => one.certificate.as_str(),
                        Piece::PrivateKey(_) | Piece::PublicKey(_) => one.public_key.as_str(),
                    })
                })
                .collect::<Option<String>>(),
            Content::Kubeconfig(one) => kubeconfig(stage, one, &of),
            Content::Token(_) => None,
        };
        if let Some(text) = text {
            folder.insert(file.path.clone(), (file.mode, kubepki_issuance::SecretText::new(text).into_bytes()));
        }
    }
    folder
}

fn kubeconfig<'p>(stage: &Stage, one: &Kubeconfig, of: &impl Fn(usize) -> Option<&'p Published>) -> Option<String> {
    let shown: String = one.shown.iter().map(|cert| Some(of(*cert)?.certificate.as_str())).collect::<Option<_>>()?;
    let key = of(one.key?)?;
    let subject = stage.plan.certs[*one.shown.first()?].subject.as_ref()?;
    let parts = KubeconfigParts {
        cluster: &stage.plan.spec.cluster_name,
        server: &one.server,
        user: &subject.common_name,
        authority: &of(one.authority)?.certificate,
        credential: Some((&shown, &key.public_key)),
    };
    Some(parts.write().expose().to_owned())
}
