//! The labs: one row each; the cluster that it plays in stands in `kubepki_core::catalog::labs`. A lab has several causes,
//! each with its own story, and a seed number picks one; symptoms, what fails and whether it is mended are found out by
//! trying.

/// One lab.
#[derive(Debug)]
pub struct LabRow {
    /// Its id in links.
    pub id: &'static str,
    /// What it is called, whichever cause it has.
    pub title: &'static str,
    /// What can be wrong; the seed picks one.
    pub causes: &'static [Cause],
    /// Three hints, each plainer than the one before, true of every cause.
    pub hints: [&'static str; 3],
    /// What to take away.
    pub moral: &'static str,
}

/// One way in which a lab's cluster is broken.
#[derive(Debug)]
pub struct Cause {
    /// The faults that come together.
    pub faults: &'static [&'static str],
    /// What happened and what fails, as the one who was called at night hears it. A test holds what it says of connections
    /// to what comes of trying them.
    pub story: &'static str,
}

const fn cause(faults: &'static [&'static str], story: &'static str) -> Cause {
    Cause { faults, story }
}

/// The labs, easier ones first.
pub static LABS: &[LabRow] = &[
    LabRow {
        id: "kubelet-registers",
        title: "The kubelet cannot register",
        causes: &[
            cause(
                &["other-node:kubelet.conf"],
                "The nodes were rebuilt from one image last night. Their kubelets run, but kubectl get nodes says NotReady: no kubelet can update its node's object. kubectl, the scheduler and the controller manager work as before.",
            ),
            cause(
                &["wrong-group:kubelet.conf"],
                "A script wrote kubelet.conf anew on every node last night. The kubelets run, but kubectl get nodes says NotReady: the API server answers each kubelet that it may not do that. kubectl, the scheduler and the controller manager work as before.",
            ),
            cause(
                &["expired:kubelet.conf"],
                "The machines were switched off for more than a year and started again this morning; somebody renewed with kubeadm certs renew all and restarted everything. kubectl, the scheduler and the controller manager work, but no kubelet can update its node's object, and kubectl get nodes says NotReady.",
            ),
        ],
        hints: [
            "The TLS handshake tells whether the certificate is believed. Who the API server takes the kubelet for is another question: look at the last steps.",
            "The Node authorizer wants user system:node:NAME and group system:nodes, and NAME must be the node's own. And a client certificate counts only between its dates.",
            "Open kubelet → kube-apiserver step by step. What is in /etc/kubernetes/kubelet.conf is not what this node should have: write it again, with kubeadm kubeconfig user. kubeadm certs renew never touches kubelet.conf.",
        ],
        moral: "A node is what its certificate says: CN=system:node:NAME, O=system:nodes. The kubelet renews its own while it runs; kubeadm never does. An image that carries kubelet.conf carries another node's identity.",
    },
    LabRow {
        id: "apiserver-renewal",
        title: "The API server does not start after the renewal",
        causes: &[
            cause(
                &["foreign-key:apiserver"],
                "Certificates were renewed by a script that copies files about. Since then kube-apiserver is in CrashLoopBackOff, and nobody reaches it: neither kubectl nor the kubelet, neither scheduler nor controller manager, nor any Pod.",
            ),
            cause(
                &["swapped:apiserver"],
                "A colleague renewed the API server's certificate by hand and put the files in place. Since then kube-apiserver is in CrashLoopBackOff, and nobody reaches it: neither kubectl nor the kubelet, neither scheduler nor controller manager, nor any Pod.",
            ),
            cause(
                &["other-key-type:apiserver"],
                "The security team wants another kind of key, and somebody began with the API server. Since then kube-apiserver is in CrashLoopBackOff, and nobody reaches it: neither kubectl nor the kubelet, neither scheduler nor controller manager, nor any Pod.",
            ),
        ],
        hints: [
            "Nothing answers on port 6443: the server ends before it listens. Read what it prints as it ends.",
            "A process loads certificate and key together and compares them. Which of its pairs does it complain about?",
            "What apiserver.crt and apiserver.key hold does not go together. Both must be made again: delete the two, then kubeadm init phase certs apiserver. (kubeadm certs renew makes both anew as well, but only where apiserver.crt is a certificate that it can read.)",
        ],
        moral: "Certificate and key are one thing in two files. Compare them before a restart: openssl x509 -noout -pubkey and openssl pkey -pubout must print the same.",
    },
    LabRow {
        id: "new-load-balancer",
        title: "kubectl fails since the load balancer got a new name",
        causes: &[
            cause(
                &["no-dns-names:apiserver"],
                "The network team gave the load balancer a name, and the API servers got new certificates for it. Since then kubectl fails, and so do the kubelets of workers; the scheduler, the controller manager and Pods get through.",
            ),
            cause(
                &["common-name-only:apiserver"],
                "The load balancer got a new name. Somebody had certificates for it made by a tool from ten years ago. Since then nobody gets through to the API servers: neither kubectl nor kubelets, neither scheduler nor controller manager, nor Pods.",
            ),
            cause(
                &["no-names:apiserver"],
                "The load balancer got a new name. Somebody signed new certificates for the API servers from a bare request. Since then nobody gets through to them: neither kubectl nor kubelets, neither scheduler nor controller manager, nor Pods.",
            ),
        ],
        hints: [
            "Each caller says which name or address it dialled. Compare them with what the server's certificate names.",
            "The server's certificate must name what the caller dials, as a subject alternative name. The common name does not count.",
            "apiserver.crt lacks names. kubeadm certs renew copies the old ones; the pair must be deleted and made again from a configuration that has them in certSANs.",
        ],
        moral: "Names are put in when a certificate is made. A new name needs certSANs in the configuration, then rm of the pair, then kubeadm init phase certs apiserver --config.",
    },
    LabRow {
        id: "refused-member",
        title: "An etcd member is refused",
        causes: &[
            cause(
                &["unlisted-address:etcd-peer"],
                "One etcd member was replaced by a machine with another address. It starts, but the others reject it. etcd still has its majority, so the API servers reach theirs, and kubectl works.",
            ),
            cause(
                &["other-ca:etcd-peer"],
                "A colleague issued new peer certificates for the etcd members with the company's own CA. Since a rolling restart members reject each other. What clients of etcd are shown was not touched: the TLS handshakes of API server and etcdctl still succeed.",
            ),
            cause(
                &["same-name-ca:etcd-peer"],
                "The peer certificates of the etcd members were made again on a laptop, by kubeadm, in an empty folder. Since a rolling restart members reject each other. What clients of etcd are shown was not touched: the TLS handshakes of API server and etcdctl still succeed.",
            ),
        ],
        hints: [
            "Members check each other both ways: the certificate they are shown, and where the call comes from.",
            "Look at etcd → etcd peer: what are the names in peer.crt, and who signed it?",
            "peer.crt must be signed by the etcd-ca that the members trust, and name the member's own address. Make it again.",
        ],
        moral: "A peer certificate is shown in both directions, so it needs serverAuth and clientAuth, and the member's address: etcd compares the caller's source address with the names in it.",
    },
    LabRow {
        id: "unknown-authority",
        title: "Unknown authority after a rebuild",
        causes: &[
            cause(
                &["old-ca:admin.conf"],
                "The cluster was set up again on the same machines, with the same name. One admin's kubectl refuses to talk to it; the kubelet, the scheduler, the controller manager and Pods get through.",
            ),
            cause(
                &["same-name-ca:apiserver"],
                "The API server's certificate was made again in a folder that had no CA yet. Since then everybody refuses to talk to the API server: kubectl and the kubelet, the scheduler, the controller manager and Pods.",
            ),
            cause(
                &["other-ca:apiserver"],
                "The API server got a certificate of the company's own CA. Since then everybody refuses to talk to the API server: kubectl and the kubelet, the scheduler, the controller manager and Pods.",
            ),
        ],
        hints: [
            "“Possibly because of” in a message says that a CA of the right name was tried, and its key was not the one that signed. Without these words no CA of that name is known.",
            "There are two possibilities: the caller trusts an old CA, or the server shows a certificate of another CA. Who else fails tells which.",
            "If kubectl alone fails, its kubeconfig holds the old CA. If everybody fails, apiserver.crt was signed by a stranger.",
        ],
        moral: "Two CAs with one name are two CAs. Compare fingerprints or key identifiers, never names.",
    },
    LabRow {
        id: "logs-forbidden",
        title: "kubectl logs does not work any more",
        causes: &[
            cause(
                &["server-usage-only:apiserver-kubelet-client"],
                "All client certificates were made again from one template, that of the servers. Pods run, Deployments roll out and kubectl get works, but kubectl logs and kubectl exec fail on every node.",
            ),
            cause(
                &["other-ca:apiserver-kubelet-client"],
                "A colleague issued the API server's client certificate for kubelets with the company's own CA. Pods run, Deployments roll out and kubectl get works, but kubectl logs and kubectl exec fail on every node.",
            ),
            cause(
                &["expired:apiserver-kubelet-client"],
                "The cluster is a year old, and somebody renewed one certificate after the other by a list that was not complete. Pods run, Deployments roll out and kubectl get works, but kubectl logs and kubectl exec fail on every node.",
            ),
        ],
        hints: [
            "For logs and exec the API server is the caller, and the kubelet is the server.",
            "Open kube-apiserver → kubelet. The kubelet decides who calls by the client certificate that it is shown, and takes nobody for anonymous.",
            "apiserver-kubelet-client.crt is at fault: it must be signed by the CA in the kubelet's clientCAFile, be for clientAuth, and its dates must hold. Renewing makes issuer and dates anew, and copies the usages.",
        ],
        moral: "The kubelet is a server too. kubectl logs travels as kube-apiserver → kubelet with apiserver-kubelet-client.crt.",
    },
    LabRow {
        id: "tokens-refused",
        title: "Pods get 401",
        causes: &[
            cause(
                &["wrong-token-key:sa"],
                "Control planes were put together again from a backup, by copying files. Since then the API server tells every Pod that calls it “Unauthorized”. kubectl, the kubelets, the scheduler and the controller manager get through.",
            ),
            cause(
                &["wrong-token-key:sa", "expired:scheduler.conf"],
                "Control planes were put together again from a backup of last year, by copying files. Since then the API server tells every Pod that calls it “Unauthorized”, and the scheduler as well. kubectl, the kubelets and the controller manager get through.",
            ),
        ],
        hints: [
            "Pods do not show certificates to the API server: they send a token. What is a token checked with?",
            "--service-account-key-file names the public half of the pair that signs tokens. All API servers must have the same. Who calls with a certificate is refused for another reason: look at each connection that fails.",
            "sa.pub and sa.key must belong together and be the same files on every control plane: copy the right pair. A kubeconfig whose certificate has ended must be renewed.",
        ],
        moral: "sa.key has no certificate and no expiry, and it must be the same pair everywhere: it is copied, never made twice.",
    },
    LabRow {
        id: "a-year-later",
        title: "A year later",
        causes: &[
            cause(
                &["expired:apiserver-etcd-client", "not-restarted:scheduler.conf"],
                "Nobody touched this cluster for a year. A colleague has already renewed some of its certificates and restarted nothing. This morning etcd was started again, and with that the API servers lost etcd: everything that they would read or write is gone. And they do not believe the scheduler any more.",
            ),
            cause(
                &["not-restarted:controller-manager.conf", "expired:front-proxy-client"],
                "Nobody touched this cluster for a year. A colleague has already renewed some of its certificates and restarted nothing. This morning the API servers do not believe the controller manager any more, and kubectl top gets no metrics. kubectl, kubelets and the scheduler get through, and the API servers still reach etcd.",
            ),
            cause(
                &["not-restarted:scheduler.conf", "expired:controller-manager.conf"],
                "Nobody touched this cluster for a year. A colleague has already renewed some of its certificates and restarted nothing. This morning the API servers believe neither the controller manager nor the scheduler any more. kubectl and kubelets get through.",
            ),
        ],
        hints: [
            "Renewed on disk is not renewed in memory. Who reads a file again by itself, and who only when it starts?",
            "There is more than one thing wrong. Mend one, and look at what still fails.",
            "One certificate has expired and must be renewed; a kubeconfig was renewed, but its process still holds the old one and must be restarted.",
        ],
        moral: "After kubeadm certs renew the controller manager and the scheduler must be restarted: they read their kubeconfigs only when they start. The API server and etcd read a renewed pair by themselves. And look at the calendar: renewals are due every year, or at every upgrade.",
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
                .flat_map(|cause| cause.faults)
                .for_each(|id| assert!(fault(id).is_some(), "{}: {id}", lab.id));
        }
    }
}
