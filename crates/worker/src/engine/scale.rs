//! What `tests/bench` sets beside its rivals: of a cluster with a certain name, one CA and the kubelets' certificates
//! alone, as PEM files in one zip. Behind the feature `bench`, which is never shipped.

use js_sys::Array;
use kubepki_core::Plan;
use kubepki_core::plan::Holding;
use kubepki_issuance::archive::ZipWriter;
use kubepki_issuance::{Pki, Secret};

use super::blob::blob;
use super::pace::Pace;

/// The cluster's name.
const CLUSTER: &str = "bench-scale";

/// Bytes of a part of the zip, about.
const PART: usize = 1 << 20;

/// Whether a plan is one to be cut down.
pub(super) fn is_meant(plan: &Plan) -> bool {
    plan.spec.cluster_name == CLUSTER
}

/// Leaves of such a plan what is compared.
pub(super) fn cut(mut plan: Plan) -> Plan {
    if !is_meant(&plan) {
        return plan;
    }
    let ca = plan.find("ca", None);
    let certs = std::mem::take(&mut plan.certs).into_iter().enumerate();
    let of_kubelets = |id: &str| matches!(id, "kubelet.conf" | "kubelet-serving");
    let kept = certs.filter(|(index, cert)| Some(*index) == ca || of_kubelets(cert.row.id));
    // The CA comes before what it signs, so it is the first now.
    plan.certs =
        kept.map(|(_, cert)| kubepki_core::plan::PlannedCert { issuer: cert.issuer.map(|_| 0), ..cert }).collect();
    plan.unsigned.clear();
    plan.files.clear();
    plan.flags.clear();
    plan
}

/// The zip, in parts.
///
/// # Errors
/// One sentence, when the browser has no room for it.
pub(super) async fn zip(pki: &Pki) -> Result<(String, Array), String> {
    let pace = Pace::new();
    let parts = Array::new();
    let mut writer = ZipWriter::new(pki.issued_at);
    let mut part = Secret::default();
    for (index, cert) in pki.plan.certs.iter().enumerate() {
        let name = format!("{}-{}", pki.plan.node_name(cert.node), cert.row.id);
        for (holding, ending, mode) in [(Holding::Certificate, "crt", 0o644), (Holding::PrivateKey, "key", 0o600)] {
            let text = pki.text(index, holding).ok_or_else(|| format!("{name} was not issued"))?;
            writer.file(&format!("{name}.{ending}"), mode, text.expose().as_bytes(), &mut part);
        }
        if part.len() >= PART {
            parts.push(&blob(std::mem::take(&mut part), "application/zip")?.into());
            pace.rest().await;
        }
    }
    writer.finish(&mut part);
    parts.push(&blob(part, "application/zip")?.into());
    Ok((format!("{CLUSTER}.zip"), parts))
}
