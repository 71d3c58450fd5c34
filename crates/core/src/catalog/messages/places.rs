//! What in a line says on which connection a message arose, and which end printed it; the surest sign first.

use super::anchors::Anchor;
use super::dialled::Dialled;
use super::row::{About, End};

/// Where a call went, as far as a row asks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Dials {
    /// Anywhere, or the line does not say.
    Anywhere,
    /// To this port.
    Port(u16),
    /// To this machine, at this port.
    Loopback(u16),
    /// To the first address of a range, at port 443, as Pods reach kube-apiserver.
    Service,
}

/// What a line tells.
#[derive(Clone, Copy, Debug)]
pub(super) enum At {
    /// The connection, by its id, and what else to say of it.
    Connection(&'static str, &'static str),
    /// Less than that: what is certain, and what would tell; and what the judge trusts.
    Told(&'static str, Anchor),
}

/// One sign.
#[derive(Debug)]
pub(super) struct PlaceRow {
    /// Parts of the line, all of them.
    signs: &'static [&'static str],
    dials: Dials,
    /// What the message must be about; anything where nothing stands here.
    about: &'static [About],
    /// Who printed the line.
    pub(super) printed_by: End,
    /// What it tells.
    pub(super) at: At,
}

impl PlaceRow {
    fn fits(&self, about: About, line: &str, dialled: Option<Dialled<'_>>) -> bool {
        let dials = match (self.dials, dialled) {
            (Dials::Anywhere, _) => true,
            (Dials::Port(port), Some(it)) => it.port == port,
            (Dials::Loopback(port), Some(it)) => it.port == port && it.is_loopback(),
            (Dials::Service, Some(it)) => it.port == 443 && it.is_first_address(),
            (Dials::Port(_) | Dials::Loopback(_) | Dials::Service, None) => false,
        };
        dials
            && (self.about.is_empty() || self.about.contains(&about))
            && self.signs.iter().all(|sign| line.contains(sign))
    }

    const fn about(mut self, about: &'static [About]) -> Self {
        self.about = about;
        self
    }

    const fn dials(mut self, dials: Dials) -> Self {
        self.dials = dials;
        self
    }

    const fn adding(mut self, note: &'static str) -> Self {
        if let At::Connection(id, _) = self.at {
            self.at = At::Connection(id, note);
        }
        self
    }
}

/// The place of a message in a line.
pub(super) fn place(about: About, line: &str, dialled: Option<Dialled<'_>>) -> Option<&'static PlaceRow> {
    PLACES.iter().find(|row| row.fits(about, line, dialled))
}

/// A line that the caller of a connection prints.
const fn caller(signs: &'static [&'static str], id: &'static str) -> PlaceRow {
    PlaceRow { signs, dials: Dials::Anywhere, about: &[], printed_by: End::Caller, at: At::Connection(id, "") }
}

/// A line that its server prints.
const fn server(signs: &'static [&'static str], id: &'static str) -> PlaceRow {
    PlaceRow { printed_by: End::Server, ..caller(signs, id) }
}

/// A line of which no more is certain than who printed it.
const fn told(signs: &'static [&'static str], printed_by: End, told: &'static str, anchor: Anchor) -> PlaceRow {
    PlaceRow { signs, dials: Dials::Anywhere, about: &[], printed_by, at: At::Told(told, anchor) }
}

const ETCD: Anchor = Anchor::File("/etc/kubernetes/pki/etcd/ca.crt");
const CA: Anchor = Anchor::File("/etc/kubernetes/pki/ca.crt");
const REGISTRY: &str = "The container runtime of a node called an image registry: that is no connection of the cluster's PKI. The runtime checks the registry with the machine's roots, or with what /etc/containerd/certs.d (CRI-O, Docker: /etc/containers/certs.d, /etc/docker/certs.d) names for it.";

static PLACES: &[PlaceRow] = &[
    // Of no connection of this PKI.
    told(&["Failed to pull image"], End::Caller, REGISTRY, Anchor::Elsewhere),
    told(&["failed to pull and unpack image"], End::Caller, REGISTRY, Anchor::Elsewhere),
    told(&["failed to resolve reference"], End::Caller, REGISTRY, Anchor::Elsewhere),
    told(&["PullImage"], End::Caller, REGISTRY, Anchor::Elsewhere),
    told(&["talosctl"], End::Caller, TALOS, Anchor::Elsewhere),
    told(&[], End::Caller, TALOS, Anchor::Elsewhere).dials(Dials::Port(50000)),
    // kube-apiserver as a caller.
    caller(&["failed calling webhook"], "kube-apiserver->webhook"),
    caller(&["failed to call webhook"], "kube-apiserver->webhook"),
    caller(&["conversion webhook for"], "kube-apiserver->webhook"),
    caller(&["/.well-known/openid-configuration"], "kube-apiserver->oidc-issuer"),
    caller(&["oidc authenticator"], "kube-apiserver->oidc-issuer"),
    caller(&["Unable to authenticate the request", "Post \"https://"], "kube-apiserver->oidc-issuer"),
    caller(&["Unable to authenticate the request", "Get \"https://"], "kube-apiserver->oidc-issuer"),
    caller(&["failing or missing response from"], "kube-apiserver->aggregated-apiserver"),
    caller(&["FailedDiscoveryCheck"], "kube-apiserver->aggregated-apiserver"),
    told(
        &["Error while proxying request to destination apiserver"],
        End::Caller,
        "kube-apiserver handed on what it does not serve itself to another kube-apiserver, and was not served. It checks that one with --peer-ca-file, for the name kubernetes.default.svc, whatever address it dials, and shows it the --proxy-client-cert-file pair.",
        Anchor::Elsewhere,
    ),
    told(
        &["error trying to reach service"],
        End::Caller,
        "kube-apiserver called something as a proxy and was not served: a kubelet, an aggregated API server, a Service or a Pod. The path that was asked for tells which: /api/v1/nodes/…/proxy, /apis/GROUP, …/services/…/proxy.",
        Anchor::Unknown,
    ),
    caller(&["apiserver-loopback-client"], "kube-apiserver->kube-apiserver"),
    told(&["/v2/\""], End::Caller, REGISTRY, Anchor::Elsewhere),
    told(&["/v2/", "/manifests/"], End::Caller, REGISTRY, Anchor::Elsewhere),
    told(&["/v2/", "/blobs/"], End::Caller, REGISTRY, Anchor::Elsewhere),
    // kube-apiserver passes on what a kubelet answered: of a request of its own, kubectl names the verb.
    caller(&["( pods/"], "kube-apiserver->kubelet").about(&[About::Refused]),
    caller(&["Authorization error (user=kube-apiserver-kubelet-client"], "kubelet->kube-apiserver").adding(
        "kube-apiserver's call to the kubelet, for which it asked, was good up to there.",
    ),
    caller(&["\"Authorization error\"", "user=\"kube-apiserver-kubelet-client\""], "kubelet->kube-apiserver"),
    // Servers on their callers' credentials.
    server(&["due to an error\" err="], "kube-apiserver->kubelet")
        .about(&[About::Theirs])
        .adding("This is a kubelet's line. The caller is not named: a cluster has no other caller with a certificate than kube-apiserver, unless a monitoring system was given one."),
    told(
        &["due to an error\" err="],
        End::Server,
        "A kubelet judged the token of its caller by asking the API server. Who called is not in the line: metrics-server or a monitoring system, whose Pods' logs tell.",
        Anchor::Unknown,
    ),
    server(&["Unable to authenticate the request"], "pod->kube-apiserver")
        .about(&[About::Token])
        .adding("Tokens are mostly Pods'. Which of them called is not in the line; the audit log, or the Pod's own log, tells."),
    told(
        &["Unable to authenticate the request", "is not in the allowed list"],
        End::Server,
        "The server whose log this is judged the front-proxy certificate of its caller with --requestheader-client-ca-file and --requestheader-allowed-names. In an aggregated API server's log the caller is kube-apiserver; in that of kube-apiserver it is whoever sent X-Remote-* headers.",
        Anchor::File("/etc/kubernetes/pki/front-proxy-ca.crt"),
    ),
    told(
        &["Unable to authenticate the request"],
        End::Server,
        "The server whose log this is, kube-apiserver or another API server, judged the client certificate of its caller with --client-ca-file. Who called is not in the line: compare SN with the serial number of each client's certificate, and AKID with the key identifier of the CA.",
        CA,
    ),
    // Who may do what: the user's name says who called.
    caller(&["\"kubeadm-certs\" is forbidden"], "kubelet-bootstrap->kube-apiserver")
        .adding("It is kubeadm join that asks, with the same bootstrap token."),
    caller(&["User \"system:bootstrap:"], "kubelet-bootstrap->kube-apiserver"),
    caller(&["User \"system:serviceaccount:kube-system:kube-proxy\""], "kube-proxy->kube-apiserver"),
    caller(&["User \"system:kube-proxy\""], "kube-proxy->kube-apiserver"),
    caller(&["User \"system:serviceaccount:"], "pod->kube-apiserver"),
    caller(&["User \"system:node:"], "kubelet->kube-apiserver"),
    caller(&["is not allowed to modify node"], "kubelet->kube-apiserver"),
    caller(&["User \"system:kube-scheduler\""], "kube-scheduler->kube-apiserver"),
    caller(&["User \"system:kube-controller-manager\""], "kube-controller-manager->kube-apiserver"),
    caller(&["User \"kubernetes-super-admin\""], "super-admin->kube-apiserver"),
    caller(&["user=kube-apiserver-kubelet-client"], "kube-apiserver->kubelet"),
    caller(&["User \"kube-apiserver-kubelet-client\""], "kube-apiserver->kubelet"),
    // etcd as a server.
    server(&["does not match any of DNSNames"], "etcd->etcd"),
    server(&["rejected connection on peer endpoint"], "etcd->etcd"),
    server(&["rejected connection", "x509: certificate is valid for"], "etcd->etcd"),
    server(&["rejected connection", "\"127.0.0.1:", "incompatible key usage"], "etcd-gateway->etcd"),
    server(&["rejected connection", "\"[::1]:", "incompatible key usage"], "etcd-gateway->etcd"),
    told(
        &["rejected connection on client endpoint"],
        End::Server,
        "etcd ended a call to its port for clients, 2379. Who called is not in the line, only from where: kube-apiserver, etcdctl or kubeadm, a monitoring system, or etcd's own gateway. The caller's own log tells.",
        ETCD,
    ),
    told(
        &["rejected connection"],
        End::Server,
        "etcd ended a call, to its port for clients, 2379, or to that for peers, 2380: the line does not say which. The port, or the log of whoever called from that address at that second, tells: kube-apiserver, etcdctl, etcd's own gateway or another member.",
        ETCD,
    ),
    // Other servers, while they shake hands.
    server(&["no serving certificate available for the kubelet"], "kube-apiserver->kubelet"),
    told(
        &["TLS handshake error from", "kubelet["],
        End::Server,
        "A kubelet printed this about somebody who called its port 10250: kube-apiserver, metrics-server or a monitoring system. The caller's own log tells.",
        Anchor::Unknown,
    ),
    told(
        &["TLS handshake error from", "kube-apiserver["],
        End::Server,
        "kube-apiserver printed this about somebody who called it. The line has the address alone: the log of what runs there tells.",
        CA,
    ),
    told(
        &["TLS handshake error from"],
        End::Server,
        "A server printed this about somebody who called it. Which server that is follows from whose log it is, not from the line; of the caller the line has the address alone, and the log of what runs there tells.",
        Anchor::Unknown,
    ),
    // Callers of kubelets.
    caller(&["Failed to scrape node"], "metrics-server->kubelet"),
    caller(&["unable to fully scrape metrics"], "metrics-server->kubelet"),
    caller(&["/metrics/resource"], "metrics-server->kubelet").dials(Dials::Port(10250)),
    caller(&["/stats/summary"], "metrics-server->kubelet").dials(Dials::Port(10250)),
    caller(&["Error from server"], "kube-apiserver->kubelet").dials(Dials::Port(10250)),
    caller(&["error dialing backend"], "kube-apiserver->kubelet").dials(Dials::Port(10250)),
    caller(&["error sending request"], "kube-apiserver->kubelet").dials(Dials::Port(10250)),
    caller(&["/containerLogs/"], "kube-apiserver->kubelet").dials(Dials::Port(10250)),
    caller(&["/exec/"], "kube-apiserver->kubelet").dials(Dials::Port(10250)),
    caller(&["/attach/"], "kube-apiserver->kubelet").dials(Dials::Port(10250)),
    caller(&["/portForward/"], "kube-apiserver->kubelet").dials(Dials::Port(10250)),
    told(
        &[],
        End::Caller,
        "Somebody called a kubelet, port 10250: kube-apiserver for logs and exec, metrics-server or a monitoring system for metrics. Whose log this is tells.",
        Anchor::Elsewhere,
    )
    .dials(Dials::Port(10250)),
    // Callers of etcd.
    caller(&["prober detected unhealthy status"], "etcd->etcd"),
    caller(&["failed to reach the peer URL"], "etcd->etcd"),
    caller(&["remote peer"], "etcd->etcd"),
    caller(&["remote-peer-id"], "etcd->etcd"),
    caller(&["remote-peer-endpoint"], "etcd->etcd"),
    caller(&[], "etcd->etcd").dials(Dials::Port(2380)),
    caller(&["kube-apiserver["], "kube-apiserver->etcd").dials(Dials::Port(2379)),
    caller(&["zapgrpc"], "etcd-gateway->etcd").dials(Dials::Port(2379)),
    // gRPC's own logger, which no other component leaves to itself.
    caller(&["WARNING: [core]"], "etcd-gateway->etcd").dials(Dials::Port(2379)),
    caller(&["error creating storage factory"], "kube-apiserver->etcd"),
    caller(&["addrConn.createTransport failed"], "kube-apiserver->etcd").dials(Dials::Port(2379)),
    caller(&["etcdctl"], "etcdctl->etcd"),
    caller(&["is unhealthy: failed to commit proposal"], "etcdctl->etcd"),
    caller(&["Error: unhealthy cluster"], "etcdctl->etcd"),
    caller(&["\"logger\":\"etcd-client\""], "etcdctl->etcd").adding(CLIENT),
    caller(&["retry_interceptor"], "etcdctl->etcd").adding(CLIENT),
    told(
        &[],
        End::Caller,
        "A client of etcd printed this. Whose log it is tells which: kube-apiserver checks etcd with --etcd-cafile, etcdctl with --cacert.",
        ETCD,
    )
    .dials(Dials::Port(2379)),
    told(
        &["addrConn.createTransport failed"],
        End::Caller,
        "A program called another by gRPC. In kube-apiserver's log that is etcd, an encryption provider or konnectivity: the address tells.",
        Anchor::Unknown,
    ),
    // Callers of kube-apiserver, by what only they say or ask for.
    caller(&["Unable to connect to the server"], "kubectl->kube-apiserver"),
    caller(&["You must be logged in to the server"], "kubectl->kube-apiserver"),
    caller(&["Please enter Username"], "kubectl->kube-apiserver"),
    caller(&["error: EOF"], "kubectl->kube-apiserver").about(&[About::Refused]),
    caller(&["current server API group list"], "kubectl->kube-apiserver"),
    caller(&["memcache.go"], "kubectl->kube-apiserver"),
    caller(&["Error from server"], "kubectl->kube-apiserver").about(&[About::Rights]),
    caller(&["cluster-info"], "kubeadm->kube-apiserver"),
    caller(&["validate the identity of the API Server"], "kubeadm->kube-apiserver"),
    caller(&["kube-system/kube-scheduler"], "kube-scheduler->kube-apiserver"),
    caller(&["kube-system/leases/kube-scheduler"], "kube-scheduler->kube-apiserver"),
    caller(&["kube-scheduler["], "kube-scheduler->kube-apiserver"),
    caller(&["kube-system/kube-controller-manager"], "kube-controller-manager->kube-apiserver"),
    caller(&["kube-system/leases/kube-controller-manager"], "kube-controller-manager->kube-apiserver"),
    caller(&["kube-controller-manager["], "kube-controller-manager->kube-apiserver"),
    caller(&["kube-node-lease"], "kubelet->kube-apiserver"),
    caller(&["Unable to register node with API server"], "kubelet->kube-apiserver"),
    caller(&["kubelet_node_status.go"], "kubelet->kube-apiserver"),
    caller(&["Failed while requesting a signed certificate from the control plane"], "kubelet->kube-apiserver"),
    caller(&["fieldSelector=metadata.name%3D"], "kubelet->kube-apiserver").dials(Dials::Port(6443)),
    caller(&["fieldSelector=spec.nodeName%3D"], "kubelet->kube-apiserver").dials(Dials::Port(6443)),
    caller(&["kubelet[", "/api"], "kubelet->kube-apiserver"),
    caller(&["service.kubernetes.io%2Fservice-proxy-name"], "kube-proxy->kube-apiserver"),
    caller(&["kube-proxy["], "kube-proxy->kube-apiserver"),
    caller(&["plugin/kubernetes"], "pod->kube-apiserver").adding("It is CoreDNS that calls."),
    caller(&["https://kubernetes.default"], "pod->kube-apiserver"),
    caller(&["/api"], "pod->kube-apiserver").dials(Dials::Service),
    told(
        &["User \"system:anonymous\""],
        End::Server,
        "The server believed no credential, so that it cannot say who called. The caller's own log, or the source address in the audit log, tells.",
        CA,
    ),
    caller(&["https://[::1]:6443"], "kube-apiserver->kube-apiserver"),
    told(
        &[],
        End::Caller,
        "A program called the API server of its own machine. In kube-apiserver's log that is kube-apiserver itself, whose certificate for that is made in memory and ends while the process runs; in another log it is that program.",
        Anchor::Unknown,
    )
    .dials(Dials::Loopback(6443)),
    told(
        &[],
        End::Caller,
        "A client of kube-apiserver printed this; whose log it is tells which. It checks the server with the CA in its kubeconfig, a Pod with ConfigMap kube-root-ca.crt.",
        Anchor::Unknown,
    )
    .dials(Dials::Port(6443)),
    // Programs about files of their own.
    caller(&["failed to initialize client certificate manager"], "kubelet->kube-apiserver").about(&[About::Files]),
    server(&["::requestheader-client-ca-file"], "kube-apiserver->aggregated-apiserver").about(&[About::Files]),
    server(&["certificate manager for kubelet server cert files"], "kube-apiserver->kubelet").about(&[About::Files]),
    told(&["failed to run Kubelet"], End::Server, "The kubelet printed this about files of its own, and ended.", Anchor::Unknown)
        .about(&[About::Files]),
    told(&["bootstrap client certificate"], End::Caller, "The kubelet printed this about its own kubeconfig.", Anchor::Unknown),
    told(&["listener failed"], End::Server, SERVING, Anchor::Unknown).about(&[About::Files]),
    server(&["creating peer listener failed"], "etcd->etcd").about(&[About::Files]).adding(
        "It is about etcd's own pair for peers, which it shows to those whom it calls as well; it ended.",
    ),
    told(&["discovery failed"], End::Server, STARTING, Anchor::Unknown).about(&[About::Files]),
    told(&["registerGateway failed"], End::Server, SERVING, Anchor::Unknown).about(&[About::Files]),
    told(&["setting up serving from embedded etcd failed"], End::Server, SERVING, Anchor::Unknown).about(&[About::Files]),
    told(
        &["failed to get delegated authentication kubeconfig"],
        End::Caller,
        "kube-controller-manager or kube-scheduler printed this about its own kubeconfig, and ended.",
        Anchor::Unknown,
    )
    .about(&[About::Files]),
    told(
        &["error reading CA cert file"],
        End::Server,
        "kube-controller-manager printed this about the pair that it signs requests with.",
        Anchor::Unknown,
    ),
];

const SERVING: &str = "etcd printed this about its own serving pair, and ended.";
const STARTING: &str = "etcd printed this about a pair of its own, and ended. The line before it says which: \"creating peer listener failed\" is about the one for peers.";
const TALOS: &str = "talosctl called the API of a Talos machine, port 50000. That has a CA of its own, which stands in talosconfig: neither kube-apiserver nor the cluster's CA is involved.";
/// etcd's Go client prints the same in every program that has it.
const CLIENT: &str = "Every program with etcd's client prints this line. On a terminal that is etcdctl or kubeadm; in the log of kube-apiserver it is kube-apiserver, which checks etcd with --etcd-cafile.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::connections;

    #[test]
    fn places_exist_and_what_is_less_than_certain_is_said_in_sentences() {
        for row in PLACES {
            match row.at {
                At::Connection(id, note) => {
                    assert!(connections::told(id).is_some(), "{id}");
                    assert!(note.is_empty() || note.ends_with('.'), "{note}");
                }
                At::Told(said, _) => assert!(said.ends_with('.'), "{said}"),
            }
        }
    }
}
