//! Who a caller is to the server, and whether it may do what it is for.

use kubepki_core::catalog::bindings::CLUSTER_ADMIN;
use kubepki_core::plan::{FlagValue, MASTERS};
use kubepki_verification::Certificate;

use crate::dial::Dial;
use crate::handshake::Identity;
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

/// What the server answers when the caller may not do what it is for; nothing when it may.
pub(crate) fn refusal(stage: &Stage, dial: &Dial, identity: &Identity) -> Option<String> {
    let in_group = |group: &str| identity.groups.iter().any(|one| one == group);
    if in_group(MASTERS) {
        return None;
    }
    let user = identity.user.as_str();
    let node = &stage.plan.spec.nodes[dial.caller].name;
    let holds = |one: &Bound| if one.is_group { in_group(&one.subject) } else { one.subject == user };
    let is_bound = |name: &str| stage.bound.iter().any(|one| one.name == name && holds(one));
    let cannot = |what: &str| {
        Some(format!(
            "{what} is forbidden: User \"{user}\" cannot list resource \"{what}\" in API group \"\" at the cluster scope"
        ))
    };
    match dial.row.id {
        "kubelet->kube-apiserver" => {
            let own = format!("system:node:{node}");
            match (in_group("system:nodes"), user.strip_prefix("system:node:")) {
                // NodeRestriction (plugin/pkg/admission/noderestriction).
                (true, Some(other)) if user != own => Some(format!(
                    "nodes \"{node}\" is forbidden: node \"{other}\" is not allowed to modify node \"{node}\""
                )),
                (true, Some(_)) => None,
                _ => cannot("nodes"),
            }
        }
        "kube-controller-manager->kube-apiserver" | "kube-scheduler->kube-apiserver" => {
            let component = dial.row.id.split("->").next().unwrap_or_default();
            (user != format!("system:{component}")).then(|| cannot("pods")).flatten()
        }
        "kube-proxy->kube-apiserver" => {
            // bootstrappolicy: system:node-proxier is bound to the user.
            (user != "system:kube-proxy").then(|| cannot("services")).flatten()
        }
        "kubectl->kube-apiserver" => (!is_bound("kubeadm:cluster-admins")).then(|| cannot("nodes")).flatten(),
        "super-admin->kube-apiserver" => cannot("nodes"),
        "kube-apiserver->kubelet" => {
            let admin = stage.bound.iter().any(|one| one.role == CLUSTER_ADMIN && holds(one));
            (!admin && !is_bound("kubeadm:apiserver-kubelet-client"))
                .then(|| format!("Forbidden (user={user}, verb=get, resource=nodes, subresource(s)=[proxy])"))
        }
        _ => None,
    }
}
