//! CertificateSigningRequests: what the cluster's own signers make, and how (kubernetes.io: Certificates and Certificate
//! Signing Requests).

use crate::plan::{MASTERS, Plan};

use super::super::by_hand::{Recipe, alternative_names, base, subject};
use super::quoted;
use crate::catalog::row::Eku;

/// What the recipe is called.
pub(super) const TOOL: &str = "CertificateSigningRequest";

/// The signer that makes a certificate of this kind; nothing where none does.
fn signer(plan: &Plan, index: usize) -> Option<&'static str> {
    let cert = &plan.certs[index];
    cert.issuer.filter(|issuer| plan.certs[*issuer].row.id == "ca")?;
    Some(match cert.row.id {
        "kubelet.conf" => "kubernetes.io/kube-apiserver-client-kubelet",
        "kubelet-serving" => "kubernetes.io/kubelet-serving",
        // A certificate that also serves is made by no built-in signer.
        _ if cert.ekus == [Eku::ClientAuth] => "kubernetes.io/kube-apiserver-client",
        _ => return None,
    })
}

/// The object, its approval, and how the certificate is fetched.
pub(super) fn recipe(plan: &Plan, index: usize) -> Option<Recipe> {
    let cert = &plan.certs[index];
    let named = cert.subject.as_ref()?;
    let signer = signer(plan, index)?;
    if named.organizations.iter().any(|one| one == MASTERS) {
        let text = "# No request: admission (CertificateSubjectRestriction) refuses O=system:masters at this signer.\n\
                    # Make it with the CA's key, or better, do not make it at all.";
        return Some(Recipe { tool: TOOL, text: text.to_owned() });
    }
    let name = base(plan, index);
    let names = alternative_names(cert).map(|names| format!(" -addext {}", quoted(&names))).unwrap_or_default();
    let object = format!("{}-{}", name, plan.node_name(cert.node));
    let usage = if cert.ekus.contains(&Eku::ServerAuth) { "server auth" } else { "client auth" };
    let encipherment = if cert.key.is_rsa() { "\n  - key encipherment" } else { "" };
    let subject = quoted(&self::subject(named));
    let approval = match signer {
        "kubernetes.io/kube-apiserver-client-kubelet" => {
            "# kube-controller-manager approves a node's own request; anybody else's needs this:"
        }
        _ => "# Nothing approves this by itself. Look at it first: kubectl describe csr",
    };
    let text = format!(
        "openssl req -new -key {name}.key -subj {subject}{names} -out {name}.csr\n\
         cat <<END | kubectl apply -f -\n\
         apiVersion: certificates.k8s.io/v1\n\
         kind: CertificateSigningRequest\n\
         metadata:\n  name: {object}\n\
         spec:\n  request: $(base64 -w0 < {name}.csr)\n  signerName: {signer}\n\
         \x20 # Left out, the signer's own length counts: a year (kube-controller-manager --cluster-signing-duration).\n\
         \x20 # At least 600; what is longer than the signer's is cut to it.\n\
         \x20 expirationSeconds: {}\n  usages:\n  - digital signature{encipherment}\n  - {usage}\nEND\n\
         {approval}\n\
         kubectl certificate approve {object}\n\
         kubectl get csr {object} -o jsonpath='{{.status.certificate}}' | base64 -d > {name}.crt",
        cert.lifetime.seconds
    );
    Some(Recipe { tool: TOOL, text })
}
