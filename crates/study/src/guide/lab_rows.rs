//! The labs: one row each; the cluster that it plays in stands in `kubepki_core::catalog::labs`. A lab is a situation, and faults that a seed number picks; symptoms, what fails and whether it
//! is mended are found out by trying.

/// One lab.
#[derive(Debug)]
pub struct LabRow {
    /// Its id in links.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What happened, as the one who was called at night hears it.
    pub story: &'static str,
    /// What can be wrong, each a list of faults that come together; the seed picks one.
    pub causes: &'static [&'static [&'static str]],
    /// Three hints, each plainer than the one before.
    pub hints: [&'static str; 3],
    /// What to take away.
    pub moral: &'static str,
}

/// The labs, easier ones first.
pub static LABS: &[LabRow] = &[
    LabRow {
        id: "kubelet-registers",
        title: "The kubelet cannot register",
        story: "A node was rebuilt from an image last night. Its kubelet runs, but kubectl get nodes says NotReady, and the node's object does not change any more.",
        causes: &[&["other-node:kubelet.conf"], &["wrong-group:kubelet.conf"], &["expired:kubelet.conf"]],
        hints: [
            "The TLS handshake tells whether the certificate is believed. Who the API server takes the kubelet for is another question: look at the last steps.",
            "The Node authorizer wants user system:node:NAME and group system:nodes, and NAME must be the node's own.",
            "Open kubelet → kube-apiserver step by step. What is in /etc/kubernetes/kubelet.conf is not what this node should have: it must be written again, or renewed if only its dates are wrong.",
        ],
        moral: "A node is what its certificate says: CN=system:node:NAME, O=system:nodes. An image that carries kubelet.conf carries another node's identity.",
    },
    LabRow {
        id: "apiserver-renewal",
        title: "The API server does not start after the renewal",
        story: "Certificates were renewed by a script that copies files about. Since then kube-apiserver is in CrashLoopBackOff, and everything else waits for it.",
        causes: &[&["foreign-key:apiserver"], &["swapped:apiserver"], &["other-key-type:apiserver"]],
        hints: [
            "Nothing answers on port 6443: the server ends before it listens. Read what it prints as it ends.",
            "A process loads certificate and key together and compares them. Which of its pairs does it complain about?",
            "The pair apiserver.crt and apiserver.key does not belong together. Renewing one of them is no help: delete both and make the pair again.",
        ],
        moral: "Certificate and key are one thing in two files. Compare them before a restart: openssl x509 -noout -pubkey and openssl pkey -pubout must print the same.",
    },
    LabRow {
        id: "new-load-balancer",
        title: "kubectl fails since the load balancer got a new name",
        story: "The network team moved the control-plane endpoint. From outside nothing works any more; on the nodes themselves most things do.",
        causes: &[&["no-dns-names:apiserver"], &["common-name-only:apiserver"], &["no-names:apiserver"]],
        hints: [
            "Who still gets through dials another name than who does not. Compare the names dialled.",
            "The server's certificate must name what the caller dials, as a subject alternative name. The common name does not count.",
            "apiserver.crt lacks names. kubeadm certs renew copies the old ones; the pair must be deleted and made again from a configuration that has them in certSANs.",
        ],
        moral: "Names are put in when a certificate is made. A new name needs certSANs in the configuration, then rm of the pair, then kubeadm init phase certs apiserver --config.",
    },
    LabRow {
        id: "refused-member",
        title: "etcd member 3 is refused",
        story: "One member was replaced by a machine with another address. It starts, but the others reject it, and etcd warns of an unhealthy peer.",
        causes: &[&["unlisted-address:etcd-peer"], &["other-ca:etcd-peer"], &["same-name-ca:etcd-peer"]],
        hints: [
            "Members check each other both ways: the certificate they are shown, and where the call comes from.",
            "Look at etcd → etcd peer: what are the names in peer.crt, and who signed it?",
            "peer.crt on that member must be signed by etcd-ca and name the member's own address. Make it again.",
        ],
        moral: "A peer certificate is shown in both directions, so it needs serverAuth and clientAuth, and the member's address: etcd compares the caller's source address with the names in it.",
    },
    LabRow {
        id: "unknown-authority",
        title: "Unknown authority after a rebuild",
        story: "The cluster was set up again on the same machines, with the same name. One admin's kubectl refuses to talk to it.",
        causes: &[&["old-ca:admin.conf"], &["same-name-ca:apiserver"], &["other-ca:apiserver"]],
        hints: [
            "“Possibly because of” in the message says that a CA of the right name was tried, and its key was not the one that signed.",
            "There are two possibilities: the caller trusts an old CA, or the server shows a certificate of another CA. Who else fails tells which.",
            "If kubectl alone fails, its kubeconfig holds the old CA. If everybody fails, apiserver.crt was signed by a stranger.",
        ],
        moral: "Two CAs with one name are two CAs. Compare fingerprints or key identifiers, never names.",
    },
    LabRow {
        id: "logs-forbidden",
        title: "kubectl logs does not work any more",
        story: "Pods run, Deployments roll out, but kubectl logs and kubectl exec fail on every node.",
        causes: &[
            &["server-usage-only:apiserver-kubelet-client"],
            &["no-certificate:apiserver-kubelet-client"],
            &["expired:apiserver-kubelet-client"],
        ],
        hints: [
            "For logs and exec the API server is the caller, and the kubelet is the server.",
            "Open kube-apiserver → kubelet. The kubelet decides who calls by the client certificate that it is shown, if it is shown one.",
            "apiserver-kubelet-client.crt is at fault: it needs clientAuth, dates that hold, and it must be there. Renew mends dates alone.",
        ],
        moral: "The kubelet is a server too. kubectl logs travels as kube-apiserver → kubelet with apiserver-kubelet-client.crt.",
    },
    LabRow {
        id: "tokens-refused",
        title: "Pods get 401 on one control plane",
        story: "A control plane was joined by copying files by hand. Since then Pods are now and then told “Unauthorized”.",
        causes: &[&["wrong-token-key:sa"], &["wrong-token-key:sa", "not-restarted:apiserver"]],
        hints: [
            "Pods do not show certificates to the API server: they send a token. What is a token checked with?",
            "--service-account-key-file names the public half of the pair that signs tokens. All API servers must have the same.",
            "sa.pub and sa.key must be the same files on every control plane: copy them from the first. And a process that holds something old must be restarted.",
        ],
        moral: "sa.key has no certificate and no expiry, and it must be the same pair everywhere: it is copied, never made twice.",
    },
    LabRow {
        id: "a-year-later",
        title: "A year later",
        story: "Nobody touched this cluster since it was made. This morning several things stopped at once. A colleague has already run kubeadm certs renew all.",
        causes: &[
            &["expired:apiserver-etcd-client", "not-restarted:etcd-server"],
            &["not-restarted:apiserver", "expired:front-proxy-client"],
            &["not-restarted:etcd-server", "expired:controller-manager.conf"],
        ],
        hints: [
            "Renewed on disk is not renewed in memory. Which processes have not read their files again?",
            "There is more than one thing wrong. Mend one, and look at what still fails.",
            "One certificate has expired and must be renewed; another was renewed, but its process still holds the old one and must be restarted.",
        ],
        moral: "After kubeadm certs renew every static Pod must be restarted. And look at the calendar: renewals are due every year, or at every upgrade.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::catalog::labs;
    use kubepki_rehearsal::fault::fault;

    #[test]
    fn labs_are_made_of_faults_and_presets_that_there_are() {
        let ids: Vec<&str> = LABS.iter().map(|lab| lab.id).collect();
        let clusters: Vec<&str> = labs::LABS.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, clusters, "each lab has a cluster");
        for lab in LABS {
            assert!(lab.causes.len() > 1, "{}: a seed has something to pick", lab.id);
            lab.causes
                .iter()
                .flat_map(|all| all.iter())
                .for_each(|id| assert!(fault(id).is_some(), "{}: {id}", lab.id));
        }
    }
}
