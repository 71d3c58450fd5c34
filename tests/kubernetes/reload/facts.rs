//! Which component reads which file again, and how soon: what is changed under it, and how that is seen.

use kubepki_core::catalog::reload::{Again, reload};

/// How long it is waited for what should not be seen, in seconds: longer than any watch takes, and where
/// `KUBEPKI_PATIENT` is set longer than client-go's cache of transports, which is looked through every five minutes.
pub(crate) fn patience() -> u64 {
    if std::env::var_os("KUBEPKI_PATIENT").is_some() { 330 } else { 100 }
}

/// One fact. When its file is read again stands in the product's own table.
#[derive(Debug)]
pub(crate) struct Fact {
    /// The component that reads.
    pub(crate) reader: &'static str,
    /// The flag without dashes, or the field, that names the file.
    pub(crate) file: &'static str,
    /// How it is seen that the new file is in force.
    pub(crate) seen: &'static str,
    /// The command of `lib.sh` that ends well once it is.
    pub(crate) holds: &'static str,
}

impl Fact {
    /// When the file is read again.
    pub(crate) fn again(&self) -> Again {
        let row = reload(self.reader, self.file);
        row.unwrap_or_else(|| panic!("{} {} is in no row", self.reader, self.file)).again
    }

    /// For how many seconds it is waited, with something for the machine's own slowness; nothing where it takes a restart, or
    /// longer than there is patience for.
    pub(crate) fn within(&self) -> Option<u64> {
        let seconds = match self.again() {
            Again::EachHandshake => 20,
            Again::Within(seconds) => u64::from(seconds) + 20,
            Again::AtStart => return None,
        };
        Some(seconds).filter(|seconds| *seconds <= patience())
    }
}

/// A change under running components, and what comes of it.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) title: &'static str,
    /// The command that makes it.
    pub(crate) make: &'static str,
    pub(crate) facts: &'static [Fact],
    /// The command that takes it back after everything was looked at, where what comes then would suffer from it.
    pub(crate) undo: &'static str,
}

const fn fact(reader: &'static str, file: &'static str, seen: &'static str, holds: &'static str) -> Fact {
    Fact { reader, file, seen, holds }
}

/// In this order: what ends the cluster's work comes last.
pub(crate) const CHANGES: &[Change] = &[
    Change {
        title: "pairs are renewed under the same CA",
        make: "again $pki/apiserver.crt $pki/apiserver.key $pki/ca.crt $pki/ca.key
               again $pki/etcd/server.crt $pki/etcd/server.key $pki/etcd/ca.crt $pki/etcd/ca.key
               again $pki/etcd/peer.crt $pki/etcd/peer.key $pki/etcd/ca.crt $pki/etcd/ca.key
               again /var/lib/kubelet/pki/kubelet.crt /var/lib/kubelet/pki/kubelet.key $pki/ca.crt $pki/ca.key
               again /root/kcm.crt /root/kcm.key $pki/ca.crt $pki/ca.key
               again /root/scheduler.crt /root/scheduler.key $pki/ca.crt $pki/ca.key
               again $pki/apiserver-kubelet-client.crt $pki/apiserver-kubelet-client.key $pki/ca.crt $pki/ca.key
               again $pki/front-proxy-client.crt $pki/front-proxy-client.key $pki/front-proxy-ca.crt $pki/front-proxy-ca.key",
        facts: &[
            fact(
                "kube-apiserver",
                "tls-cert-file",
                "it shows the new certificate",
                "serves $api $pki/apiserver.crt",
            ),
            fact(
                "etcd",
                "cert-file",
                "it shows the new certificate",
                "serves $address:2379 $pki/etcd/server.crt",
            ),
            fact(
                "etcd",
                "peer-cert-file",
                "it shows the new certificate",
                "serves $address:2380 $pki/etcd/peer.crt",
            ),
            fact(
                "kubelet",
                "tlsCertFile",
                "it shows the new certificate",
                "serves $address:10250 /var/lib/kubelet/pki/kubelet.crt",
            ),
            fact(
                "kube-controller-manager",
                "tls-cert-file",
                "it shows the new certificate",
                "serves 127.0.0.1:10257 /root/kcm.crt",
            ),
            fact(
                "kube-scheduler",
                "tls-cert-file",
                "it shows the new certificate",
                "serves 127.0.0.1:10259 /root/scheduler.crt",
            ),
            fact(
                "kube-apiserver",
                "kubelet-client-certificate",
                "it calls a kubelet with the new certificate on a new connection; one that stands it ends within 5 minutes",
                "shows $pki/apiserver-kubelet-client.crt \"$(kube get --raw /api/v1/nodes/mirror-old/proxy/)\"",
            ),
            fact(
                "kube-apiserver",
                "proxy-client-cert-file",
                "it calls an aggregated API server with the new certificate",
                "shows $pki/front-proxy-client.crt \"$(kube get --raw /apis/mirror.test/v1)\"",
            ),
        ],
        undo: "",
    },
    Change {
        title: "the pair for etcd is one that etcd does not trust",
        make: "cp $pki/apiserver-etcd-client.crt /root/etcd-client.crt; forget etcd
               again $pki/apiserver-etcd-client.crt $pki/apiserver-etcd-client.key $strange/ca.crt $strange/ca.key
               cut_off 2379",
        facts: &[fact(
            "kube-apiserver",
            "etcd-certfile",
            "etcd refuses it",
            "says etcd 'rejected connection' && says etcd 'unknown authority'",
        )],
        undo: "",
    },
    Change {
        title: "the pair for etcd is the old one again",
        make: "cp /root/etcd-client.crt $pki/apiserver-etcd-client.crt",
        facts: &[fact(
            "kube-apiserver",
            "etcd-certfile",
            "it reaches etcd again",
            "reaches_etcd",
        )],
        undo: "",
    },
    Change {
        title: "a CA is added to pki/ca.crt",
        make: "forget kube-controller-manager; cp $pki/ca.crt /root/ca.crt; cat $new/ca.crt >>$pki/ca.crt",
        facts: &[
            fact(
                "kube-controller-manager",
                "cluster-signing-cert-file",
                "a request is not signed, and it says why",
                "request two-authorities; sleep 1; says kube-controller-manager 'Sync two-authorities failed with : error auto signing csr: error reading CA cert file \"csr-controller::/etc/kubernetes/pki/ca.crt::/etc/kubernetes/pki/ca.key\": expected 1 certificate, found 2'",
            ),
            fact(
                "kube-apiserver",
                "client-ca-file",
                "a client of the new CA is accepted",
                "gets 200 $api /api/v1/nodes /root/admin",
            ),
            fact(
                "kube-apiserver",
                "client-ca-file",
                "it writes the new CA into the ConfigMap extension-apiserver-authentication",
                "[ $(kube -n kube-system get configmap extension-apiserver-authentication -o 'jsonpath={.data.client-ca-file}' | grep -c BEGIN) = 2 ]",
            ),
            fact(
                "kube-controller-manager",
                "client-ca-file",
                "a client of the new CA is accepted",
                "gets 200 127.0.0.1:10257 /metrics /root/admin",
            ),
            fact(
                "kube-scheduler",
                "extension-apiserver-authentication",
                "a client of the new CA is accepted",
                "gets 200 127.0.0.1:10259 /metrics /root/admin",
            ),
            fact(
                "kubelet",
                "authentication.x509.clientCAFile",
                "a client of the new CA is accepted",
                "gets 200 $address:10250 /metrics /root/admin",
            ),
            fact(
                "kube-apiserver",
                "kubelet-certificate-authority",
                "a kubelet with a certificate of the new CA is believed",
                "kube get --raw /api/v1/nodes/mirror-new/proxy/",
            ),
            fact(
                "kube-controller-manager",
                "root-ca-file",
                "it writes the new CA into each ConfigMap kube-root-ca.crt",
                "[ $(kube get configmap kube-root-ca.crt -o 'jsonpath={.data.ca\\.crt}' | grep -c BEGIN) = 2 ]",
            ),
        ],
        undo: "",
    },
    Change {
        title: "a CA is added to pki/front-proxy-ca.crt",
        make: "cat $new/ca.crt >>$pki/front-proxy-ca.crt",
        facts: &[fact(
            "kube-apiserver",
            "requestheader-client-ca-file",
            "a front proxy of the new CA is believed",
            "gets 200 $api /api/v1/nodes /root/front 'X-Remote-User: somebody\\r\\nX-Remote-Group: system:masters\\r\\n'",
        )],
        undo: "",
    },
    Change {
        title: "the keys of service accounts are others",
        make: "openssl genrsa -out /root/sa.key 2048 2>/dev/null; cat /root/sa.key >$pki/sa.key; openssl pkey -in /root/sa.key -pubout >$pki/sa.pub",
        facts: &[
            fact(
                "kube-apiserver",
                "service-account-signing-key-file",
                "new tokens are signed with the new key",
                "found=$(kube create token default | kid); [ -n \"$found\" ] && [ \"$found\" != $(cat /root/kid) ]",
            ),
            fact(
                "kube-apiserver",
                "service-account-key-file",
                "a token that was signed with the new key is accepted",
                "gets 200 $api /api '' \"Authorization: Bearer $(signed $(cat /root/token) /root/sa.key)\\r\\n\"",
            ),
            fact(
                "kube-apiserver",
                "service-account-key-file",
                "a token that was signed with the old key is refused",
                "gets 401 $api /api '' \"Authorization: Bearer $(cat /root/token)\\r\\n\"",
            ),
            fact(
                "kube-controller-manager",
                "service-account-private-key-file",
                "a Secret's token is signed with the new key",
                "found=$(secret_token | kid); [ -n \"$found\" ] && [ \"$found\" != $(cat /root/kid) ]",
            ),
        ],
        undo: "",
    },
    Change {
        title: "a CA is added to pki/etcd/ca.crt",
        make: "cat $new/ca.crt >>$pki/etcd/ca.crt",
        facts: &[
            fact(
                "etcd",
                "trusted-ca-file",
                "a client of the new CA is accepted",
                "gets 200 $address:2379 /version /root/admin",
            ),
            fact(
                "etcd",
                "peer-trusted-ca-file",
                "a peer of the new CA is accepted",
                "gets 200 $address:2380 /members /root/admin",
            ),
        ],
        undo: "",
    },
    Change {
        title: "the certificates in kubeconfigs are of a CA that nobody trusts",
        make: "for component in kube-controller-manager kube-scheduler kubelet; do forget $component; done
               for name in controller-manager scheduler kubelet; do again_in /etc/kubernetes/$name.conf $strange; done
               cut_off 6443",
        facts: &[
            fact(
                "kube-controller-manager",
                "kubeconfig",
                "the API server refuses it",
                "says kube-controller-manager Unauthorized",
            ),
            fact(
                "kube-scheduler",
                "kubeconfig",
                "the API server refuses it",
                "says kube-scheduler Unauthorized",
            ),
            fact(
                "kubelet",
                "kubeconfig",
                "the API server refuses it",
                "says kubelet Unauthorized",
            ),
        ],
        undo: "for name in controller-manager scheduler kubelet; do cp /etc/kubernetes/$name.conf.before /etc/kubernetes/$name.conf; done",
    },
    Change {
        title: "etcd shows a certificate of the CA that was added to pki/etcd/ca.crt",
        // Made when it is looked at, for the API server then loses etcd.
        make: "true",
        facts: &[fact(
            "kube-apiserver",
            "etcd-cafile",
            "it believes etcd",
            "[ -f /root/swapped ] || { again $pki/etcd/server.crt $pki/etcd/server.key $new/ca.crt $new/ca.key; touch /root/swapped; systemctl stop etcd; systemctl start etcd; sleep 3; }; for try in 1 2 3 4; do reaches_etcd && exit; sleep 0.5; done; exit 1",
        )],
        undo: "",
    },
];

/// What is changed once everything was started again.
pub(crate) const AFTERWARDS: &[Change] = &[Change {
    title: "the CA is taken out of pki/ca.crt",
    make: "cat /root/ca.crt >$pki/ca.crt",
    facts: &[
        fact(
            "kube-apiserver",
            "client-ca-file",
            "a client of that CA is refused",
            "gets 401 $api /api/v1/nodes /root/admin",
        ),
        fact(
            "kube-controller-manager",
            "client-ca-file",
            "a client of that CA is refused",
            "gets 401 127.0.0.1:10257 /metrics /root/admin",
        ),
        fact(
            "kubelet",
            "authentication.x509.clientCAFile",
            "a client of that CA is refused",
            "gets 401 $address:10250 /metrics /root/admin",
        ),
    ],
    undo: "",
}];
