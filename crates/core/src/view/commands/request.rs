//! CertificateSigningRequests: what the cluster's own signers make, and how (kubernetes.io: Certificates and Certificate
//! Signing Requests).

use crate::plan::{MASTERS, Plan};

use super::super::by_hand::{Recipe, alternative_names, base, make_key, subject};
use super::shell::quoted;
use crate::catalog::row::Eku;

/// What the recipe is called.
pub(super) const TOOL: &str = "CertificateSigningRequest";

/// The signer that makes a certificate with these names and usages; nothing where none does.
fn signer(plan: &Plan, index: usize) -> Option<&'static str> {
    let cert = &plan.certs[index];
    cert.issuer.filter(|issuer| plan.certs[*issuer].row.id == "ca")?;
    let named = cert.subject.as_ref()?;
    let is_node = named.organizations == [NODES] && named.common_name.starts_with("system:node:");
    match cert.ekus[..] {
        [Eku::ClientAuth] if is_node && cert.sans.is_empty() => Some(KUBELET_CLIENT),
        [Eku::ClientAuth] => Some("kubernetes.io/kube-apiserver-client"),
        [Eku::ServerAuth] if is_node && !cert.sans.is_empty() => Some("kubernetes.io/kubelet-serving"),
        // What serves and calls, or serves as somebody else than a kubelet, is made by no built-in signer.
        _ => None,
    }
}

/// The group that kubelets are in.
const NODES: &str = "system:nodes";
const KUBELET_CLIENT: &str = "kubernetes.io/kube-apiserver-client-kubelet";

/// The API takes no less than ten minutes and no more than fits its field.
const LEAST_SECONDS: i64 = 600;
const MOST_SECONDS: i64 = i32::MAX as i64;

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
    let object = format!("{}-{}", cert.row.id.replace('.', "-"), plan.node_name(cert.node));
    let make_key = make_key(cert.key, &format!("{name}.key"));
    let usage = if cert.ekus.contains(&Eku::ServerAuth) { "server auth" } else { "client auth" };
    let encipherment = if cert.key.is_rsa() { "\n  - key encipherment" } else { "" };
    let subject = quoted(&self::subject(named));
    let approval = match signer {
        KUBELET_CLIENT => "# kube-controller-manager approves a node's own request; anybody else's needs this:",
        _ => "# Nothing approves this by itself. Look at it first: kubectl describe csr",
    };
    let text = format!(
        "{make_key}\n\
         openssl req -new -key {name}.key -subj {subject}{names} -out {name}.csr\n\
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
        cert.lifetime.seconds.clamp(LEAST_SECONDS, MOST_SECONDS)
    );
    Some(Recipe { tool: TOOL, text })
}
