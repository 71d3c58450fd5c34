//! What goes on and what stops when a certificate ends under a cluster that runs: one row each.
//!
//! Measured on Kubernetes 1.37.2 and etcd 3.7.3 by `tests/kubernetes/expiry`, which takes what it expects from here. The whole
//! lines are in `kubepki_rehearsal::expiry`.

use Moment::{Broken, Ended, Restarted};

/// How long everything that goes on was watched, in seconds.
pub const WATCHED: u32 = 30;

/// When something is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// As soon as the certificate has ended.
    Ended,
    /// Once the connections that stood are broken, by the network or because a server was started again.
    Broken,
    /// Once the component that holds it is started again.
    Restarted,
}

impl Moment {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Ended, Broken, Restarted];

    /// As people read it, before what then happens.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ended => "At the moment it ends",
            Self::Broken => "Once connections break",
            Self::Restarted => "Once its holder is started again",
        }
    }
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It goes on; it was watched for [`WATCHED`] seconds.
    GoesOn,
    /// It fails, at most so many seconds later.
    Fails(u32),
    /// The component ends, at most so many seconds later.
    Exits(u32),
}

impl Then {
    /// As people read it behind its subject.
    pub fn words(self) -> String {
        let soon = |seconds: u32| match seconds {
            0..=5 => "at once".to_owned(),
            6..=60 => format!("within {seconds} seconds"),
            _ => format!("within {} minutes", seconds.div_ceil(60)),
        };
        match self {
            Self::GoesOn => "goes on".to_owned(),
            Self::Fails(seconds) => format!("fails {}", soon(seconds)),
            Self::Exits(seconds) => format!("exits {}", soon(seconds)),
        }
    }
}

/// One thing that goes on or stops.
#[derive(Debug)]
pub struct Effect {
    /// When.
    pub moment: Moment,
    /// What, as the subject of a sentence.
    pub what: &'static str,
    /// What becomes of it.
    pub then: Then,
    /// Who then says what: the component, as its binary is called, and a part of its line, without the backslashes of quoting.
    pub says: &'static [(&'static str, &'static str)],
}

impl Effect {
    /// The whole sentence.
    pub fn sentence(&self) -> String {
        format!("{} {}.", self.what, self.then.words())
    }
}

/// What is known of the end of some certificates.
#[derive(Debug)]
pub struct ExpiryRow {
    /// The certificates, by their ids.
    pub ids: &'static [&'static str],
    /// When it is only so, in words: empty for always.
    pub when: &'static str,
    /// What goes on and what stops, in the order of time.
    pub effects: &'static [Effect],
    /// What gets it going again, beside a new certificate.
    pub mend: &'static str,
}

impl ExpiryRow {
    /// The moments at which something goes on or stops, each with what does.
    pub fn moments(&self) -> impl Iterator<Item = (Moment, Vec<&Effect>)> {
        Moment::ALL.into_iter().filter_map(|moment| {
            let then: Vec<&Effect> = self.effects.iter().filter(|effect| effect.moment == moment).collect();
            (!then.is_empty()).then_some((moment, then))
        })
    }
}

const fn goes_on(moment: Moment, what: &'static str) -> Effect {
    Effect { moment, what, then: Then::GoesOn, says: &[] }
}

/// Who says what.
type Says = &'static [(&'static str, &'static str)];

const fn fails(moment: Moment, what: &'static str, seconds: u32, says: Says) -> Effect {
    Effect { moment, what, then: Then::Fails(seconds), says }
}

const fn exits(moment: Moment, what: &'static str, seconds: u32, says: Says) -> Effect {
    Effect { moment, what, then: Then::Exits(seconds), says }
}

const CONTROLLERS: &str = "kube-controller-manager";
const SCHEDULER: &str = "kube-scheduler";
const API_SERVER: &str = "kube-apiserver";
const HAS_EXPIRED: &str = "x509: certificate has expired or is not yet valid: current time {now} is after {end}";
const NO_LEASE: &str = "\"Error retrieving lease lock\" err=\"Unauthorized\"";
/// What somebody says whom the API server does not believe any more.
const NO_WATCH: &str = "\"Failed to watch\" err=\"failed to list {type}: Unauthorized\"";
/// What a leader says that does not believe the API server any more.
const NO_CALL: &str = "\"Error retrieving lease lock\" err=\"Get \"https://{dialled}/apis/coordination.k8s.io/";
/// The same of a kubelet.
const NO_UPDATE: &str = "\"Failed to update lease\" err=\"Put \"https://{dialled}/apis/coordination.k8s.io/";
/// What a kubelet says of a caller's certificate.
const CALLER_HAS_EXPIRED: &str = "\"Unable to authenticate the request due to an error\" err=\"verifying certificate SN={serial}, SKID={skid}, AKID={akid} failed: x509: certificate has expired";
/// A leader renews its lease every two seconds, and gives up after ten (kubernetes/component-base: config/v1alpha1/defaults.go).
const LOST: u32 = 15;
/// A kubelet renews its node's lease every ten seconds (kubernetes: pkg/kubelet/apis/config/v1beta1/defaults.go).
const LEASE: u32 = 15;
/// How long a component has to start and to say something.
const START: u32 = 15;

/// What becomes of leaders that do not believe the API server any more, and of a node.
const fn controllers_give_up(moment: Moment) -> Effect {
    exits(
        moment,
        "The controller manager",
        LOST,
        &[(CONTROLLERS, NO_CALL), (CONTROLLERS, "\"leaderelection lost/stopped\"")],
    )
}

const fn scheduler_gives_up(moment: Moment) -> Effect {
    exits(moment, "The scheduler", LOST, &[(SCHEDULER, NO_CALL), (SCHEDULER, "\"Leaderelection lost\"")])
}

const fn node_is_not_renewed(moment: Moment) -> Effect {
    fails(moment, "The renewal of the node's lease", LEASE, &[("kubelet", NO_UPDATE)])
}

/// The table.
pub static EXPIRIES: &[ExpiryRow] = &[
    ExpiryRow {
        ids: &["controller-manager.conf"],
        when: "",
        effects: &[
            fails(Ended, "The renewal of its lease", 5, &[(CONTROLLERS, NO_LEASE)]),
            exits(Ended, "The controller manager", LOST, &[(CONTROLLERS, "\"leaderelection lost/stopped\"")]),
            goes_on(Restarted, "The controller manager's process"),
            fails(Restarted, "Its attempt to lead again", START, &[(CONTROLLERS, NO_LEASE)]),
        ],
        mend: "Start the controller manager again with the new one: it reads its kubeconfig only then.",
    },
    ExpiryRow {
        ids: &["scheduler.conf"],
        when: "",
        effects: &[
            fails(Ended, "The renewal of its lease", 5, &[(SCHEDULER, NO_LEASE)]),
            exits(Ended, "The scheduler", LOST, &[(SCHEDULER, "\"Leaderelection lost\"")]),
            goes_on(Restarted, "The scheduler's process"),
            fails(Restarted, "Everything that it asks the API server", START, &[(SCHEDULER, NO_WATCH)]),
        ],
        mend: "Start the scheduler again with the new one: it reads its kubeconfig only then.",
    },
    ExpiryRow {
        ids: &["admin.conf", "super-admin.conf"],
        when: "",
        effects: &[
            goes_on(Ended, "A watch of kubectl's that stands"),
            fails(Ended, "Each new call of kubectl", 5, &[("kubectl", "error: You must be logged in to the server")]),
        ],
        mend: "Nothing is to be restarted.",
    },
    ExpiryRow {
        ids: &["kubelet.conf"],
        when: "the kubelet does not rotate it",
        effects: &[
            fails(
                Ended,
                "The renewal of the node's lease",
                LEASE,
                &[("kubelet", "\"Failed to update lease\" err=\"Unauthorized\"")],
            ),
            fails(
                Ended,
                "What the API server asks this kubelet for the first time, such as kubectl logs,",
                5,
                &[
                    ("kubectl", "Authorization error (user=kube-apiserver-kubelet-client"),
                    ("kubelet", "Failed to make webhook authorizer request: Unauthorized"),
                ],
            ),
            goes_on(Ended, "What the kubelet allowed less than five minutes ago"),
            goes_on(Ended, "The kubelet's process"),
            goes_on(Ended, "Every container that runs"),
        ],
        mend: "Start the kubelet again with the new one: it reads its kubeconfig only then.",
    },
    ExpiryRow {
        ids: &["kubelet.conf"],
        when: "the kubelet rotates it, but nobody signed its request in time",
        effects: &[
            fails(
                Ended,
                "The renewal of the node's lease",
                LEASE,
                &[(
                    "kubelet",
                    "\"Failed to ensure lease exists, will retry\" err=\"leases.coordination.k8s.io \"{node}\" is forbidden: User \"system:anonymous\" cannot get resource \"leases\"",
                )],
            ),
            goes_on(Ended, "The kubelet's process"),
            goes_on(Ended, "Every container that runs"),
            fails(Ended, "The controller manager's trust in the node, whose condition Ready becomes Unknown,", 70, &[]),
            fails(
                Ended,
                "The kubelet's wait for a new certificate",
                330,
                &[(
                    "kubelet",
                    "\"No valid client certificate is found but the server is not responsive. A restart may be necessary to retrieve new initial credentials.\"",
                )],
            ),
        ],
        mend: "Write kubelet.conf again, or give a bootstrap kubeconfig, and start the kubelet again.",
    },
    ExpiryRow {
        ids: &["kubelet.conf"],
        when: "it ended while the kubelet was stopped",
        effects: &[
            goes_on(Restarted, "The process of a kubelet without bootstrap kubeconfig"),
            fails(
                Restarted,
                "Everything that it asks the API server",
                START,
                &[(
                    "kubelet",
                    "\"Unable to register node with API server, error getting existing node\" err=\"nodes \"{node}\" is forbidden: User \"system:anonymous\" cannot get resource",
                )],
            ),
            exits(
                Restarted,
                "A kubelet whose bootstrap kubeconfig is named and gone, as kubeadm leaves it,",
                START,
                &[
                    (
                        "kubelet",
                        "part of the existing bootstrap client certificate in /etc/kubernetes/kubelet.conf is expired: {time}",
                    ),
                    (
                        "kubelet",
                        "\"command failed\" err=\"failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory\"",
                    ),
                ],
            ),
        ],
        mend: "Write kubelet.conf again, or give a bootstrap kubeconfig, and start the kubelet again.",
    },
    ExpiryRow {
        ids: &["kube-proxy"],
        when: "",
        effects: &[
            goes_on(Ended, "The writing of rules for new services"),
            goes_on(Ended, "kube-proxy's process"),
            goes_on(Ended, "Every rule that kube-proxy wrote"),
            fails(Broken, "The writing of rules for new services", 5, &[("kube-proxy", NO_WATCH)]),
            goes_on(Broken, "kube-proxy's process"),
            goes_on(Broken, "Every rule that kube-proxy wrote"),
            goes_on(Restarted, "kube-proxy's process"),
            goes_on(Restarted, "Every rule that kube-proxy wrote"),
            fails(Restarted, "Everything that it asks the API server", START, &[("kube-proxy", NO_WATCH)]),
        ],
        mend: "Start kube-proxy again with the new one: it reads its kubeconfig only then.",
    },
    ExpiryRow {
        ids: &["apiserver"],
        when: "",
        effects: &[
            goes_on(Ended, "A watch of kubectl's that stands"),
            goes_on(Ended, "The renewal of the controller manager's lease"),
            goes_on(Ended, "The renewal of the scheduler's lease"),
            goes_on(Ended, "The renewal of the node's lease"),
            goes_on(Ended, "The API server's process"),
            fails(Ended, "Each new call of kubectl", 5, &[("kubectl", HAS_EXPIRED)]),
            controllers_give_up(Broken),
            scheduler_gives_up(Broken),
            node_is_not_renewed(Broken),
            goes_on(Broken, "The kubelet's process"),
        ],
        mend: "Nothing but what exited is to be started again: the API server shows a new pair within a minute.",
    },
    ExpiryRow {
        ids: &["apiserver-kubelet-client"],
        when: "",
        effects: &[
            fails(
                Ended,
                "Each call of the API server to a kubelet",
                5,
                &[("kubectl", "error: You must be logged in to the server"), ("kubelet", CALLER_HAS_EXPIRED)],
            ),
            goes_on(Ended, "A stream that stands, such as kubectl logs -f,"),
            goes_on(Ended, "The renewal of the node's lease"),
        ],
        mend: "Nothing is to be restarted: the API server shows a new pair on its next connection.",
    },
    ExpiryRow {
        ids: &["kubelet-serving"],
        when: "the API server checks it (--kubelet-certificate-authority)",
        effects: &[
            goes_on(Ended, "A call of the API server to the kubelet, on the connection that stands,"),
            goes_on(Ended, "A stream that stands, such as kubectl logs -f,"),
            fails(Broken, "Each call of the API server to the kubelet", 5, &[("kubectl", HAS_EXPIRED)]),
            goes_on(Broken, "The renewal of the node's lease"),
        ],
        mend: "Nothing is to be restarted: the kubelet shows a new pair within a minute.",
    },
    ExpiryRow {
        ids: &["apiserver-etcd-client"],
        when: "",
        effects: &[
            goes_on(Ended, "What the API server reads and writes"),
            fails(
                Broken,
                "What the API server reads and writes",
                START,
                &[
                    ("etcd", HAS_EXPIRED),
                    (API_SERVER, "desc = \"error reading server preface: remote error: tls: expired certificate\""),
                ],
            ),
            goes_on(Broken, "The API server's process"),
        ],
        mend: "Nothing is to be restarted: the API server shows a new pair on its next connection.",
    },
    ExpiryRow {
        ids: &["etcd-server"],
        when: "",
        effects: &[
            goes_on(Ended, "What the API server reads and writes"),
            fails(
                Broken,
                "What the API server reads and writes",
                START,
                &[(API_SERVER, HAS_EXPIRED), ("etcd", "\"error\":\"remote error: tls: bad certificate\"")],
            ),
            goes_on(Broken, "The API server's process"),
        ],
        mend: "Nothing is to be restarted: etcd shows a new pair on its next connection.",
    },
    ExpiryRow {
        ids: &["etcd-peer"],
        when: "",
        effects: &[
            goes_on(Ended, "What is written through any member"),
            fails(Broken, "What is written through the member that is cut off", START, &[("etcd", HAS_EXPIRED)]),
            goes_on(Broken, "What is written through the others"),
            goes_on(Broken, "etcd's process"),
            fails(Restarted, "What is written through the member that is cut off", START, &[("etcd", HAS_EXPIRED)]),
            goes_on(Restarted, "etcd's process"),
        ],
        mend: "Nothing is to be restarted: etcd shows its peers a new pair on the next connection.",
    },
    ExpiryRow {
        ids: &["etcd-healthcheck-client"],
        when: "",
        effects: &[fails(Ended, "Each call of etcdctl", 5, &[("etcd", HAS_EXPIRED)])],
        mend: "Nothing is to be restarted.",
    },
    ExpiryRow {
        ids: &["front-proxy-client", "front-proxy-ca"],
        when: "",
        effects: &[fails(
            Ended,
            "Each call to an aggregated API server",
            5,
            &[(API_SERVER, "\"Unable to authenticate the request\" err=\"[x509: certificate has expired")],
        )],
        mend: "Nothing is to be restarted: who holds these files reads new ones within a minute.",
    },
    ExpiryRow {
        ids: &["etcd-ca"],
        when: "",
        effects: &[
            goes_on(Ended, "What the API server reads and writes"),
            fails(Broken, "What the API server reads and writes", START, &[(API_SERVER, HAS_EXPIRED)]),
            goes_on(Broken, "The API server's process"),
        ],
        mend: "A new CA, new certificates from it, and etcd and the API server started again: they read trusted CAs only then.",
    },
    ExpiryRow {
        ids: &["ca"],
        when: "",
        effects: &[
            controllers_give_up(Ended),
            scheduler_gives_up(Ended),
            node_is_not_renewed(Ended),
            fails(Ended, "Each new call of kubectl", 5, &[("kubectl", HAS_EXPIRED)]),
            fails(
                Ended,
                "Each call with a client certificate",
                5,
                &[(
                    API_SERVER,
                    "\"Unable to authenticate the request\" err=\"[x509: certificate signed by unknown authority, verifying certificate",
                )],
            ),
            fails(Ended, "Each call of the API server to a kubelet", 5, &[("kubelet", CALLER_HAS_EXPIRED)]),
            goes_on(Ended, "A watch of kubectl's that stands"),
            goes_on(Ended, "The API server's process"),
            goes_on(Ended, "The kubelet's process"),
            goes_on(Ended, "Every container that runs"),
            goes_on(Ended, "The call of a program that shows a token and does not check the CA"),
        ],
        mend: "A new CA, and new certificates from it for everybody.",
    },
];

/// What is known of the end of a certificate, by its id.
pub fn expiries(id: &str) -> impl Iterator<Item = &'static ExpiryRow> {
    EXPIRIES.iter().filter(move |row| row.ids.contains(&id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::certs;
    use crate::catalog::row::Form;

    #[test]
    fn the_end_of_every_certificate_was_measured() {
        for row in certs().filter(|row| row.form != Form::KeyPair) {
            assert!(expiries(row.id).next().is_some(), "{}", row.id);
        }
        for row in EXPIRIES {
            assert!(row.ids.iter().all(|id| certs().any(|cert| cert.id == *id)), "{:?}", row.ids);
            let alone = EXPIRIES.iter().filter(|other| other.ids == row.ids).count() == 1;
            assert!(alone || !row.when.is_empty(), "{:?}: which of them counts?", row.ids);
            assert!(row.effects.is_sorted_by_key(|effect| effect.moment), "{:?}", row.ids);
        }
    }

    #[test]
    fn what_stops_says_so_and_how_soon() {
        let sentence = |id: &str, what: &str| {
            let effects = expiries(id).flat_map(|row| row.effects);
            effects.filter(|effect| effect.what == what).map(Effect::sentence).next().expect("there is one")
        };
        assert_eq!(sentence("scheduler.conf", "The scheduler"), "The scheduler exits within 15 seconds.");
        assert_eq!(sentence("apiserver", "Each new call of kubectl"), "Each new call of kubectl fails at once.");
        assert_eq!(sentence("apiserver", "The API server's process"), "The API server's process goes on.");
        let mut stops = EXPIRIES.iter().flat_map(|row| row.effects).filter(|one| one.then != Then::GoesOn);
        assert!(stops.all(|one| !one.says.is_empty() || one.what.contains("Unknown")));
    }
}
