//! Messages about a credential that is not believed (HTTP 401), and about what its holder may not do (HTTP 403).

use super::row::{About, MessageRow, Tell};

const TOKEN_KEYS: Tell =
    Tell::Run("openssl pkey -in /etc/kubernetes/pki/sa.key -pubout | sha256sum; sha256sum /etc/kubernetes/pki/sa.pub");
const SERVER_LOG: Tell =
    Tell::Run("crictl logs $(crictl ps -q --name kube-apiserver) 2>&1 | grep 'Unable to authenticate'");

pub(super) static ROWS: &[MessageRow] = &[
    MessageRow {
        wordings: &[
            &["invalid bearer token", "service account token has expired"],
            &["service account token has expired"],
        ],
        about: About::Token,
        means: "The token's own end has passed: it was signed by the right key, and it was good once.",
        causes: &[
            "the program read its token once and kept it: a Pod must read the file again, which the kubelet renews within the hour",
            "the token was copied out of a Pod, or made by kubectl create token, and its time is over",
            "the clock of the server or of the node is wrong",
        ],
        tell: &[Tell::Run("kubectl create token ACCOUNT --namespace NAMESPACE"), Tell::Run("date -u")],
        faults: &[],
        seen: "E1129 03:00:00.1 1 authentication.go:75] \"Unable to authenticate the request\" err=\"[invalid bearer token, service account token has expired]\"",
    },
    MessageRow {
        wordings: &[
            &["invalid bearer token", "has been invalidated"],
            &["service account token has been invalidated"],
            &["Token has been invalidated"],
        ],
        about: About::Token,
        means: "The token is well signed, but what it was made for is gone: its service account, Secret, Pod or node was deleted, or made again under the same name.",
        causes: &[
            "the service account or its Secret was deleted, or made again, while the program kept the old token",
            "the Pod that the token is bound to has ended",
        ],
        tell: &[Tell::Run("kubectl get serviceaccounts,secrets --namespace NAMESPACE")],
        faults: &[],
        seen: "E1129 03:00:00.1 1 authentication.go:75] \"Unable to authenticate the request\" err=\"[invalid bearer token, service account token has been invalidated]\"",
    },
    MessageRow {
        wordings: &[
            &["invalid bearer token", "error in cryptographic primitive"],
            &["error in cryptographic primitive"],
        ],
        about: About::Token,
        means: "A service-account token was signed by another key than the one it is checked with.",
        causes: &[
            "sa.key and sa.pub differ between control planes, or were made again",
            "--service-account-key-file names an old key",
            "the token is of another cluster",
        ],
        tell: &[TOKEN_KEYS],
        faults: &["wrong-token-key"],
        seen: "E1129 03:00:00.1 1 authentication.go:75] \"Unable to authenticate the request\" err=\"[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]\"",
    },
    MessageRow {
        wordings: &[&["invalid bearer token"]],
        about: About::Token,
        means: "The token is of another cluster, expired, or signed by another key: the line does not say which.",
        causes: &["sa.key and sa.pub differ between control planes", "the token has expired"],
        tell: &[TOKEN_KEYS],
        faults: &[],
        seen: "E1129 03:00:00.1 1 authentication.go:75] \"Unable to authenticate the request\" err=\"invalid bearer token\"",
    },
    MessageRow {
        wordings: &[
            &["You must be logged in to the server", "provide credentials ( pods/"],
            &["asked for the client to provide credentials ( pods/"],
        ],
        about: About::Refused,
        means: "The API server believed whoever asked, and called the kubelet, as for logs and exec. The kubelet did not believe the API server (HTTP 401). The kubeconfig is not at fault.",
        causes: &[
            "the certificate that kube-apiserver shows to kubelets, apiserver-kubelet-client, has expired",
            "it is of another CA than the one in the kubelet's configuration: authentication.x509.clientCAFile",
            "kube-apiserver has no --kubelet-client-certificate and --kubelet-client-key",
        ],
        tell: &[
            Tell::Judged,
            Tell::Chain,
            Tell::Run("journalctl -u kubelet | grep 'Unable to authenticate the request due to an error'"),
        ],
        faults: &["expired", "other-ca", "same-name-ca", "no-certificate"],
        seen: "error: You must be logged in to the server (the server has asked for the client to provide credentials ( pods/log web))",
    },
    MessageRow {
        wordings: &[&["Authorization error (user=kube-apiserver-kubelet-client"]],
        about: About::Untold,
        means: "The API server reached the kubelet, which knows it and then had to ask the API server what that user may do. That question failed (HTTP 500): it is the kubelet's own call to the API server that is broken.",
        causes: &[
            "the kubelet's client certificate has expired, or is of another CA: the API server does not believe the kubelet",
            "the kubelet's kubeconfig holds another CA than the API server's certificate is of, or that certificate has expired",
            "the API server cannot be reached at the address in the kubelet's kubeconfig",
        ],
        tell: &[
            Tell::Run("journalctl -u kubelet | grep -E 'Authorization error|webhook authorizer'"),
            Tell::Run("openssl x509 -noout -subject -enddate -in /var/lib/kubelet/pki/kubelet-client-current.pem"),
            Tell::Run("grep server: /etc/kubernetes/kubelet.conf"),
        ],
        faults: &[],
        seen: "Error from server (InternalError): Internal error occurred: Authorization error (user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource=proxy)",
    },
    MessageRow {
        wordings: &[
            &["No valid client certificate is found but the server is not responsive"],
            &["since a valid client cert was found, but the server is not responsive"],
        ],
        about: About::Files,
        means: "For five minutes the kubelet has had no client certificate that counts: the one that it had has ended, and nobody signed a new one. It goes on, and is nobody to the API server (system:anonymous). That the server does not answer need not be so: it says this also where its request only waits for a signature.",
        causes: &[
            "nobody signed its request: kube-controller-manager does not run, or has no key of the CA",
            "the API server was out of reach while it asked",
        ],
        tell: &[
            Tell::Run("kubectl get csr"),
            Tell::Run("openssl x509 -noout -subject -enddate -in /var/lib/kubelet/pki/kubelet-client-current.pem"),
        ],
        faults: &[],
        seen: "E1130 19:06:35.990192     506 transport.go:123] \"No valid client certificate is found but the server is not responsive. A restart may be necessary to retrieve new initial credentials.\" lastCertificateAvailabilityTime=\"2026-11-30 19:01:35.954583313 +0000 UTC m=+70.161338360\" shutdownThreshold=\"5m0s\"",
    },
    MessageRow {
        wordings: &[&["leaderelection lost"], &["Leaderelection lost"]],
        about: About::Untold,
        means: "A leader could not renew its lease for ten seconds, and ends, so that another can lead. Why it could not, the lines before this one say.",
        causes: &[
            "its client certificate has ended, or the CA (\"Unauthorized\" in the lines before)",
            "the API server's certificate has ended, and a connection had to be made anew (\"certificate has expired\" there)",
            "the API server, or etcd behind it, was out of reach or too slow",
        ],
        tell: &[
            Tell::Run("kubectl --namespace kube-system get lease"),
            Tell::Run("openssl x509 -noout -enddate -in /etc/kubernetes/pki/apiserver.crt"),
        ],
        faults: &[],
        seen: "E1130 19:01:59.661929     607 controllermanager.go:413] \"leaderelection lost/stopped\"",
    },
    MessageRow {
        wordings: &[
            &["You must be logged in to the server", "the server has asked for the client to provide credentials"],
            &["You must be logged in to the server", "Unauthorized"],
            &["You must be logged in to the server"],
            &["the server has asked for the client to provide credentials"],
        ],
        about: About::Refused,
        means: "The API server did not believe the credential (HTTP 401). TLS itself was fine; the reason stands in the API server's log.",
        causes: &[
            "the client certificate has expired",
            "it is of another CA than --client-ca-file",
            "the token is wrong",
        ],
        tell: &[SERVER_LOG, Tell::Judged, Tell::Renewal],
        faults: &["expired", "other-ca", "same-name-ca", "server-usage-only"],
        seen: "error: You must be logged in to the server (the server has asked for the client to provide credentials)",
    },
    MessageRow {
        wordings: &[&["Unauthorized"]],
        about: About::Refused,
        means: "Whoever answered did not believe the credential, or got none and lets nobody in without one (HTTP 401). TLS itself was fine; the reason stands in the log of the server that answered.",
        causes: &[
            "the client certificate has expired, or the caller shows none any more",
            "it is of another CA than the one that the server trusts for clients",
            "the token has expired or is wrong",
        ],
        tell: &[SERVER_LOG, Tell::Judged],
        faults: &[],
        seen: "E1129 03:00:00.1 1 reflector.go:204] \"Failed to watch\" err=\"failed to list *v1.Pod: Unauthorized\"",
    },
    MessageRow {
        wordings: &[
            &["is forbidden: node", "is not allowed to modify node"],
            &["is forbidden: can only create a node CSR with CN=system:node:"],
        ],
        about: About::Rights,
        means: "The kubelet is a node, but not this one: NodeRestriction compares the user name with the node's.",
        causes: &[
            "the common name in the kubelet's certificate names another node",
            "--hostname-override differs from the certificate",
        ],
        tell: &[Tell::Run(
            "openssl x509 -noout -subject -in /var/lib/kubelet/pki/kubelet-client-current.pem; hostname",
        )],
        // The node authorizer is asked first, and refuses.
        faults: &[],
        seen: "nodes \"b\" is forbidden: node \"a\" is not allowed to modify node \"b\"",
    },
    MessageRow {
        wordings: &[
            &["kubelet_node_status.go", "User \"system:anonymous\""],
            &["Unable to register node with API server", "User \"system:anonymous\""],
            &["Failed while requesting a signed certificate from the control plane", "User \"system:anonymous\""],
            &["User \"system:anonymous\"", "kube-node-lease"],
        ],
        about: About::Rights,
        means: "The kubelet calls without a certificate: for the API server it is nobody (HTTP 403). A kubelet that renews its certificate does not show one that has expired, so that the API server's log has no expired certificate either.",
        causes: &[
            "the kubelet's client certificate has expired: the node was off, or nobody signed its renewal",
            "the kubelet's kubeconfig names no certificate",
            "a load balancer in front ends TLS, so that the client certificate never arrives",
        ],
        tell: &[
            Tell::Run("openssl x509 -noout -subject -enddate -in /var/lib/kubelet/pki/kubelet-client-current.pem"),
            Tell::Run("kubectl config view --kubeconfig /etc/kubernetes/kubelet.conf"),
            Tell::Run("date -u"),
        ],
        faults: &["no-certificate"],
        seen: "E1129 03:00:00.1 812 kubelet_node_status.go:117] \"Unable to register node with API server, error getting existing node\" err=\"nodes \\\"cp-1\\\" is forbidden: User \\\"system:anonymous\\\" cannot get resource \\\"nodes\\\" in API group \\\"\\\" at the cluster scope\" node=\"cp-1\"",
    },
    MessageRow {
        wordings: &[&["User \"system:anonymous\""]],
        about: About::Rights,
        means: "No credential was believed, or none arrived: for the API server the caller is nobody (HTTP 403). Do not mend it by binding rights to system:anonymous: everybody would have them.",
        causes: &[
            "the kubeconfig's current context has no user, or the user neither a certificate nor a token",
            "the caller is a kubelet whose client certificate has expired: it does not show it any more",
            "a load balancer in front ends TLS, so that the client certificate never arrives",
            "the certificate is of another CA, or a token was sent in a wrong header",
        ],
        tell: &[
            Tell::Run("kubectl config view --minify"),
            Tell::Run("openssl x509 -noout -subject -enddate -in /var/lib/kubelet/pki/kubelet-client-current.pem"),
            SERVER_LOG,
        ],
        faults: &["no-certificate"],
        seen: "Error from server (Forbidden): pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"",
    },
    MessageRow {
        wordings: &[&["\"kubeadm-certs\" is forbidden: User \"system:bootstrap:"]],
        about: About::Rights,
        means: "A machine joins as a control plane with a bootstrap token and may not read the Secret with the shared certificates. No certificate of a client is involved.",
        causes: &[
            "kubeadm init ran without --upload-certs, or two hours have passed: Secret and Role are gone",
            "the token is not in the group system:bootstrappers:kubeadm:default-node-token",
        ],
        tell: &[Tell::Run("kubeadm init phase upload-certs --upload-certs"), Tell::Run("kubeadm token list")],
        faults: &[],
        seen: "error execution phase control-plane-prepare/download-certs: error downloading certs: error downloading the secret: secrets \"kubeadm-certs\" is forbidden: User \"system:bootstrap:abcdef\" cannot get resource \"secrets\" in API group \"\" in the namespace \"kube-system\"",
    },
    MessageRow {
        wordings: &[&["User \"system:bootstrap:"]],
        about: About::Rights,
        means: "The caller shows a bootstrap token, which the API server believes, and which may do little but ask for a certificate (HTTP 403).",
        causes: &[
            "the kubelet has no certificate yet and still works with the token",
            "the bindings for bootstrap tokens are missing, or the token is not in their group",
        ],
        tell: &[
            Tell::Run("kubectl get csr"),
            Tell::Run("kubeadm token list"),
            Tell::Run("kubeadm init phase bootstrap-token"),
        ],
        faults: &[],
        seen: "certificatesigningrequests.certificates.k8s.io is forbidden: User \"system:bootstrap:abcdef\" cannot create resource \"certificatesigningrequests\" in API group \"certificates.k8s.io\" at the cluster scope",
    },
    MessageRow {
        wordings: &[&["User \"system:serviceaccount:"]],
        about: About::Rights,
        means: "A program calls with the token of a service account, which the API server believes; RBAC does not allow it (HTTP 403). No certificate is involved.",
        causes: &[
            "no Role or ClusterRole with that right is bound to this account",
            "the binding names another account or another namespace, or the Pod runs under another account than meant",
        ],
        tell: &[
            Tell::Run("kubectl auth can-i VERB RESOURCE --as=system:serviceaccount:NAMESPACE:ACCOUNT"),
            Tell::Run("kubectl get rolebindings,clusterrolebindings -A -o wide"),
        ],
        faults: &[],
        seen: "Error from server (Forbidden): deployments.apps is forbidden: User \"system:serviceaccount:ci:deployer\" cannot create resource \"deployments\" in API group \"apps\" in the namespace \"default\"",
    },
    MessageRow {
        wordings: &[&["User \"system:node:"]],
        about: About::Rights,
        means: "The API server knows the caller by the name of a node, and does not allow this (HTTP 403): a node may read and change what belongs to itself.",
        causes: &[
            "the certificate names another node than the one that calls",
            "the certificate has no O=system:nodes, spelt so: then no rule for nodes applies",
            "kube-apiserver's --authorization-mode lacks Node",
        ],
        tell: &[Tell::Run(
            "openssl x509 -noout -subject -in /var/lib/kubelet/pki/kubelet-client-current.pem; hostname",
        )],
        faults: &["other-node", "wrong-group"],
        seen: "E1129 03:00:00.1 812 kubelet_node_status.go:117] \"Unable to register node with API server, error getting existing node\" err=\"nodes \\\"cp-1\\\" is forbidden: User \\\"system:node:elsewhere\\\" cannot get resource \\\"nodes\\\" in API group \\\"\\\" at the cluster scope: node: node 'elsewhere' cannot read 'cp-1', only its own Node object\"",
    },
    MessageRow {
        wordings: &[&["User \"system:kube-"]],
        about: About::Rights,
        means: "The API server knows the component by its user name, and RBAC does not allow this (HTTP 403). Kubernetes binds these components by their user, not by a group.",
        causes: &[
            "the default bindings were changed or deleted; kube-apiserver makes them again when it starts",
            "the user name is spelt otherwise than the binding's",
        ],
        tell: &[Tell::Run("kubectl get clusterrolebindings -o wide | grep system:kube-")],
        faults: &[],
        seen: "E1129 03:00:00.1 1 leaderelection.go:448] error retrieving resource lock kube-system/kube-scheduler: leases.coordination.k8s.io \"kube-scheduler\" is forbidden: User \"system:kube-scheduler\" cannot get resource \"leases\" in API group \"coordination.k8s.io\" in the namespace \"kube-system\"",
    },
    MessageRow {
        wordings: &[&["Forbidden (user=kube-apiserver-kubelet-client"], &["User \"kube-apiserver-kubelet-client\""]],
        about: About::Rights,
        means: "The kubelet knows that kube-apiserver calls, and the API server does not allow that user to use kubelets (HTTP 403).",
        causes: &[
            "ClusterRoleBinding kubeadm:apiserver-kubelet-client is missing: since 1.36.1 and its backports the certificate has no O=system:masters, so that RBAC decides",
        ],
        tell: &[
            Tell::Run("kubectl get clusterrolebinding kubeadm:apiserver-kubelet-client"),
            Tell::Run("openssl x509 -noout -subject -in /etc/kubernetes/pki/apiserver-kubelet-client.crt"),
        ],
        faults: &[],
        seen: "Error from server (Forbidden): Forbidden (user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource(s)=[proxy]) ( pods/log web)",
    },
    MessageRow {
        wordings: &[&["is forbidden: User"]],
        about: About::Rights,
        means: "The API server knows who calls, and RBAC does not allow it (HTTP 403).",
        causes: &[
            "no binding gives this user, or one of its groups, that right",
            "the group in the certificate is another than the one that is bound",
        ],
        tell: &[Tell::Run("kubectl auth whoami"), Tell::Run("kubectl get clusterrolebindings -o wide")],
        faults: &["wrong-group"],
        seen: "Error from server (Forbidden): nodes is forbidden: User \"kubernetes-admin\" cannot list resource \"nodes\" in API group \"\" at the cluster scope",
    },
    MessageRow {
        wordings: &[&["Please enter Username:"], &["^error: EOF"]],
        about: About::Refused,
        means: "The kubeconfig has no credential, and kubectl asks for a user name. Where nobody can type one, in a script, it ends with \"error: EOF\" and calls nobody.",
        causes: &[
            "client-certificate-data or the token is missing in the kubeconfig",
            "its current context names no user, or one that the file does not have",
        ],
        tell: &[Tell::Run("kubectl config view --minify")],
        faults: &[],
        seen: "Please enter Username:",
    },
];
