//! What Kubernetes and kubeadm give an identity by themselves, one row each. Whatever else is bound in a cluster is known
//! to that cluster alone.

/// Who has a right.
#[derive(Debug)]
pub enum Holder {
    /// A user, by its whole name.
    User(&'static str),
    /// Every user whose name begins so and who is in the group.
    UsersIn(&'static str, &'static str),
    /// A group.
    Group(&'static str),
}

/// What somebody may do.
#[derive(Debug)]
pub struct RightRow {
    /// Who.
    pub holder: Holder,
    /// What, a sentence.
    pub may: &'static str,
    /// By what: a binding and its role, or an authorizer.
    pub by: &'static str,
    /// Where that is from.
    pub source: &'static str,
}

const POLICY: &str = "kubernetes/kubernetes: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go";
const NAMESPACE_POLICY: &str =
    "kubernetes/kubernetes: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/namespace_policy.go";
const UPLOADED: &str =
    "kubeadm: cmd/kubeadm/app/phases/uploadconfig/uploadconfig.go, cmd/kubeadm/app/phases/kubelet/config.go";
const KUBEADM: &str = "kubeadm: cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go";

/// Every right, the widest first.
pub static RIGHTS: &[RightRow] = &[
    RightRow {
        holder: Holder::Group("system:masters"),
        may: "Everything. No authorizer is asked, so no RBAC rule can take it away.",
        by: "the authorizer for privileged groups",
        source: "kubernetes/apiserver: pkg/server/options/authorization.go",
    },
    RightRow {
        holder: Holder::Group("kubeadm:cluster-admins"),
        may: "Everything, through RBAC: deleting the binding takes it away.",
        by: "ClusterRoleBinding kubeadm:cluster-admins, role cluster-admin",
        source: KUBEADM,
    },
    RightRow {
        holder: Holder::UsersIn("system:node:", "system:nodes"),
        may: "What the node of that name needs: its own Node, its Pods, and the Secrets and ConfigMaps that they use.",
        by: "the Node authorizer, and the admission plugin NodeRestriction",
        source: "kubernetes.io: Using Node Authorization",
    },
    RightRow {
        holder: Holder::Group("system:nodes"),
        may: "Request the next client certificate of a kubelet, which is approved by itself.",
        by: "ClusterRoleBinding kubeadm:node-autoapprove-certificate-rotation",
        source: "kubeadm: cmd/kubeadm/app/phases/bootstraptoken/node/tlsbootstrap.go",
    },
    RightRow {
        holder: Holder::Group("system:nodes"),
        may: "Read the ConfigMaps kubeadm-config and kubelet-config in kube-system.",
        by: "RoleBindings kubeadm:nodes-kubeadm-config and kubeadm:kubelet-config in kube-system",
        source: UPLOADED,
    },
    RightRow {
        holder: Holder::User("system:kube-controller-manager"),
        may: "What the controller manager needs, and to make tokens for its controllers, which together may do nearly everything.",
        by: "ClusterRoleBinding system:kube-controller-manager",
        source: POLICY,
    },
    RightRow {
        holder: Holder::User("system:kube-controller-manager"),
        may: "Make and renew any Lease in kube-system, its own among them, and read there by which CAs API servers check their callers.",
        by: "RoleBindings system::leader-locking-kube-controller-manager and system::extension-apiserver-authentication-reader in kube-system",
        source: NAMESPACE_POLICY,
    },
    RightRow {
        holder: Holder::User("system:kube-scheduler"),
        may: "Read what scheduling depends on, bind Pods to nodes, and delete Pods that must give way.",
        by: "ClusterRoleBindings system:kube-scheduler and system:volume-scheduler",
        source: POLICY,
    },
    RightRow {
        holder: Holder::User("system:kube-scheduler"),
        may: "Make and renew any Lease in kube-system, its own among them, and read there by which CAs API servers check their callers.",
        by: "RoleBindings system::leader-locking-kube-scheduler and system::extension-apiserver-authentication-reader in kube-system",
        source: NAMESPACE_POLICY,
    },
    RightRow {
        holder: Holder::User("system:kube-proxy"),
        may: "Read Services, EndpointSlices and nodes, and write Events.",
        by: "ClusterRoleBinding system:node-proxier",
        source: POLICY,
    },
    RightRow {
        holder: Holder::User("kube-apiserver-kubelet-client"),
        may: "Nearly everything on every kubelet: logs, exec, port-forward; but neither /checkpoint nor /statusz.",
        by: "ClusterRoleBinding kubeadm:apiserver-kubelet-client, role system:kubelet-api-admin",
        source: "kubernetes/kubernetes#138957",
    },
    RightRow {
        holder: Holder::Group("system:bootstrappers:kubeadm:default-node-token"),
        may: "Request a kubelet's client certificate, which is approved by itself.",
        by: "ClusterRoleBindings kubeadm:kubelet-bootstrap and kubeadm:node-autoapprove-bootstrap",
        source: "kubeadm: cmd/kubeadm/app/phases/bootstraptoken/node/tlsbootstrap.go",
    },
    RightRow {
        holder: Holder::Group("system:bootstrappers:kubeadm:default-node-token"),
        may: "Read the Node that it is about to join as, and any other.",
        by: "ClusterRoleBinding kubeadm:get-nodes",
        source: "kubeadm: cmd/kubeadm/app/phases/bootstraptoken/node/tlsbootstrap.go",
    },
    RightRow {
        holder: Holder::Group("system:bootstrappers:kubeadm:default-node-token"),
        may: "Read the ConfigMaps kubeadm-config, kubelet-config and kube-proxy in kube-system.",
        by: "RoleBindings kubeadm:nodes-kubeadm-config, kubeadm:kubelet-config and kube-proxy in kube-system",
        source: UPLOADED,
    },
    RightRow {
        holder: Holder::Group("system:monitoring"),
        may: "Read health and metrics of the API server and of kubelets; from 1.36 also /flagz and /statusz of the API server, which tell its flags and version.",
        by: "ClusterRoleBinding system:monitoring",
        source: POLICY,
    },
    RightRow {
        holder: Holder::Group("system:authenticated"),
        may: "Ask what it may do itself, and read which APIs and versions there are.",
        by: "ClusterRoleBindings system:basic-user, system:discovery and system:public-info-viewer",
        source: POLICY,
    },
];

/// What an identity may do by itself, the widest right first. `groups` are those of the credential alone.
pub fn rights<'a>(user: &'a str, groups: &'a [String]) -> impl Iterator<Item = &'static RightRow> + 'a {
    let is_in = |group: &str| group == "system:authenticated" || groups.iter().any(|one| one == group);
    RIGHTS.iter().filter(move |row| match row.holder {
        Holder::User(name) => name == user,
        Holder::UsersIn(prefix, group) => user.starts_with(prefix) && is_in(group),
        Holder::Group(group) => is_in(group),
    })
}

/// What a name that looks like one with rights lacks to be one, a sentence each. `groups` are those of the credential
/// alone.
pub fn misspelt(user: &str, groups: &[String]) -> Vec<String> {
    let near = |text: &str, known: &str| text != known && text.trim().eq_ignore_ascii_case(known);
    let mut said = Vec::new();
    let mut say = |what: &str, found: &str, known: &str| {
        let text = format!(
            "The {what} {found} is not {known}: names are compared letter by letter, so that it gives none of its rights."
        );
        if !said.contains(&text) {
            said.push(text);
        }
    };
    for row in RIGHTS {
        match row.holder {
            Holder::User(known) if near(user, known) => say("user", user, known),
            Holder::Group(known) | Holder::UsersIn(_, known) => {
                groups.iter().filter(|group| near(group, known)).for_each(|group| say("group", group, known));
            }
            Holder::User(_) => {}
        }
    }
    let is_node = user.starts_with("system:node:");
    let in_nodes = groups.iter().any(|group| group == "system:nodes");
    if is_node && !in_nodes {
        said.push(
            "By its name it is a node, but the Node authorizer knows nodes by the group system:nodes (O=system:nodes) as well, and that is not here: the API server lets it do nothing of what a node needs."
                .to_owned(),
        );
    }
    if in_nodes && (!is_node || user == "system:node:") {
        said.push(
            "It is in the group of nodes, but its name is not system:node: and a node's name: it is no node to the Node authorizer."
                .to_owned(),
        );
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_has_what_its_user_and_its_groups_have() {
        let of = |user: &str, groups: &[&str]| {
            let groups: Vec<String> = groups.iter().map(|one| (*one).to_owned()).collect();
            rights(user, &groups).map(|row| row.by).collect::<Vec<_>>()
        };
        assert!(of("kubernetes-admin", &["kubeadm:cluster-admins"])[0].contains("cluster-admin"));
        assert!(of("system:node:w-1", &["system:nodes"])[0].contains("Node authorizer"));
        assert!(of("system:node:w-1", &["system:nodes"])[1].ends_with("kubeadm:node-autoapprove-certificate-rotation"));
        assert!(of("system:node:w-1", &["system:nodes"])[2].ends_with("kubeadm:kubelet-config in kube-system"));
        assert!(of("system:kube-scheduler", &[])[1].contains("system::leader-locking-kube-scheduler"));
        assert_eq!(of("system:node:w-1", &[]).len(), 1, "without the group it is nobody in particular");
        assert_eq!(of("jane", &["system:masters"])[0], "the authorizer for privileged groups");
        assert!(RIGHTS.iter().all(|row| row.may.ends_with('.') && !row.source.is_empty()));
    }

    #[test]
    fn names_that_are_nearly_right_are_said_to_give_nothing() {
        let of = |user: &str, groups: &[&str]| {
            let groups: Vec<String> = groups.iter().map(|one| (*one).to_owned()).collect();
            misspelt(user, &groups).join("\n")
        };
        assert_eq!(of("system:node:w-1", &["system:nodes"]), "");
        assert_eq!(of("jane", &["developers"]), "");
        assert!(of("system:node:w-1", &[]).contains("O=system:nodes"));
        let shouted = of("system:node:w-1", &["SYSTEM:NODES"]);
        assert!(
            shouted.contains("SYSTEM:NODES is not system:nodes") && shouted.contains("Node authorizer"),
            "{shouted}"
        );
        assert!(of("jane", &["System:Masters"]).contains("is not system:masters"));
        assert!(of("System:Kube-Scheduler", &[]).contains("is not system:kube-scheduler"));
        assert!(of("w-1", &["system:nodes"]).contains("no node"));
    }
}
