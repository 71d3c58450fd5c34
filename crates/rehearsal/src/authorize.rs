//! Who a caller is to the server, and whether it may do what it is for.

use kubepki_core::catalog::bindings::CLUSTER_ADMIN;
use kubepki_core::plan::{FlagValue, MASTERS};
use kubepki_verification::Certificate;

use crate::dial::Dial;
use crate::outcome::Identity;
use crate::stage::{Bound, Stage};

/// The identity that a client certificate gives (apiserver: request/x509, CommonNameUserConversion): CN is the user,
/// every O a group.
pub(crate) fn identity(certificate: &Certificate) -> Identity {
    let mut groups = certificate.organizations.clone();
    groups.push("system:authenticated".to_owned());
    Identity { user: certificate.common_name.clone(), groups }
}

/// Who calls without a credential.
pub(crate) fn anonymous() -> Identity {
    Identity { user: "system:anonymous".to_owned(), groups: vec!["system:unauthenticated".to_owned()] }
}

/// Whether a server takes who calls without a credential for [`anonymous`]; otherwise it answers 401. Each server has a
/// setting of its own for that: the kubelet's file says false where nothing is said, the API server's flag true.
pub(crate) fn takes_anonymous(stage: &Stage, server: &str) -> bool {
    let (setting, unset) = match server {
        "kubelet" => ("authentication.anonymous.enabled", false),
        _ => ("anonymous-auth", true),
    };
    let flag = stage.plan.flags.iter().find(|flag| flag.row.component == server && flag.row.name == setting);
    flag.map_or(unset, |flag| match &flag.value {
        FlagValue::Set(text) => text == "true",
        FlagValue::NotSet => unset,
    })
}

/// Whether the caller may do what it is for. What the server answers otherwise is in the atlas.
pub(crate) fn allows(stage: &Stage, dial: &Dial, identity: &Identity) -> bool {
    let in_group = |group: &str| identity.groups.iter().any(|one| one == group);
    if in_group(MASTERS) {
        return true;
    }
    let user = identity.user.as_str();
    let node = &stage.plan.spec.nodes[dial.caller].name;
    let holds = |one: &Bound| if one.is_group { in_group(&one.subject) } else { one.subject == user };
    let is_bound = |name: &str| stage.bound.iter().any(|one| one.name == name && holds(one));
    match dial.row.id {
        // The node authorizer: a node sees its own Node alone (plugin/pkg/auth/authorizer/node).
        "kubelet->kube-apiserver" => in_group("system:nodes") && user == format!("system:node:{node}"),
        "kube-controller-manager->kube-apiserver" => user == "system:kube-controller-manager",
        "kube-scheduler->kube-apiserver" => user == "system:kube-scheduler",
        // bootstrappolicy: system:node-proxier is bound to the user.
        "kube-proxy->kube-apiserver" => user == "system:kube-proxy",
        "kubectl->kube-apiserver" => is_bound("kubeadm:cluster-admins"),
        "super-admin->kube-apiserver" => false,
        "kube-apiserver->kubelet" => {
            let admin = stage.bound.iter().any(|one| one.role == CLUSTER_ADMIN && holds(one));
            admin || is_bound("kubeadm:apiserver-kubelet-client")
        }
        _ => true,
    }
}
