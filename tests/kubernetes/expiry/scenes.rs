//! What ends on which machine, and how it is seen what goes on: for each effect of the product's table a command that ends
//! well as long as it does.

use kubepki_core::catalog::expiry::Moment;

/// A machine on which one thing after the other ends.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    /// The design whose first nodes the machines are.
    pub(crate) design: &'static str,
    /// How many machines there are. What is not etcd runs on the first, which is the one that is looked at.
    pub(crate) machines: usize,
    /// The components that run, in the order of their start, with flags beside the design's.
    pub(crate) runs: &'static [(&'static str, &'static [&'static str])],
    /// What is made of the kubelet's configuration.
    pub(crate) kubelet: &'static str,
    pub(crate) phases: &'static [Phase],
}

/// Some certificates end.
#[derive(Debug)]
pub(crate) struct Phase {
    /// Their ids.
    pub(crate) ends: &'static [&'static str],
    pub(crate) steps: &'static [Step],
}

/// Something is looked at.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) moment: Moment,
    /// The command that brings it about, where it does not come by itself.
    pub(crate) make: &'static str,
    pub(crate) probes: &'static [Probe],
}

/// How it is seen whether something goes on.
#[derive(Debug)]
pub(crate) struct Probe {
    /// The certificate of the row that it belongs to, and words of the row's condition.
    pub(crate) id: &'static str,
    pub(crate) when: &'static str,
    /// The effect of that row.
    pub(crate) what: &'static str,
    /// The command.
    pub(crate) holds: &'static str,
    /// Whether it is tried before the moment as well.
    pub(crate) before: bool,
}

const fn probe(id: &'static str, what: &'static str, holds: &'static str) -> Probe {
    probe_when(id, "", what, holds)
}

const fn probe_when(id: &'static str, when: &'static str, what: &'static str, holds: &'static str) -> Probe {
    Probe { id, when, what, holds, before: true }
}

const CONTROLLERS: &str = "kube-controller-manager";
const SCHEDULER: &str = "kube-scheduler";
const THEIR_LEASE: &str = "renewed kube-system kube-controller-manager 4";
const SCHEDULERS_LEASE: &str = "renewed kube-system kube-scheduler 4";
const NODE_LEASE: &str = "renewed kube-node-lease $(hostname) 12";
const NO_ROTATION: &str = "does not rotate";
const NOT_SIGNED: &str = "nobody signed";
const STOPPED: &str = "was stopped";
/// Where the CA signs kubelets' certificates too, with no tool's help.
const DESIGN: &str = "kubelet-cluster-ca-manual";
const CLUSTER: &[(&str, &[&str])] =
    &[("etcd", &[]), ("kube-apiserver", &[]), (CONTROLLERS, &[]), (SCHEDULER, &[]), ("kubelet", &[])];

/// What a certificate between the API server and etcd ends: their connections break when etcd is started again.
macro_rules! to_etcd {
    ($id:literal) => {
        Phase {
            ends: &[$id],
            steps: &[
                Step {
                    moment: Moment::Ended,
                    make: "",
                    probes: &[probe($id, "What the API server reads and writes", "writes")],
                },
                Step {
                    moment: Moment::Broken,
                    make: "systemctl stop etcd; systemctl start etcd",
                    probes: &[
                        probe($id, "What the API server reads and writes", "writes"),
                        probe($id, "The API server's process", "runs kube-apiserver"),
                    ],
                },
            ],
        }
    };
}

/// On these machines, side by side.
pub(crate) const SCENES: &[Scene] = &[
    Scene {
        name: "rotation",
        design: DESIGN,
        machines: 1,
        runs: &[
            ("etcd", &[]),
            ("kube-apiserver", &[]),
            (CONTROLLERS, &["--controllers=*,-certificatesigningrequest-signing-controller"]),
            ("kubelet", &[]),
        ],
        kubelet: "",
        phases: &[Phase {
            ends: &["kubelet.conf", "admin.conf", "etcd-healthcheck-client", "front-proxy-client"],
            steps: &[Step {
                moment: Moment::Ended,
                make: "",
                probes: &[
                    probe("admin.conf", "A watch of kubectl's that stands", "watched"),
                    probe("admin.conf", "Each new call of kubectl", "calls admin.conf"),
                    probe("etcd-healthcheck-client", "Each call of etcdctl", "etcd_answers"),
                    probe("front-proxy-client", "Each call to an aggregated API server", "forwarded"),
                    probe_when("kubelet.conf", NOT_SIGNED, "The renewal of the node's lease", NODE_LEASE),
                    probe_when("kubelet.conf", NOT_SIGNED, "The kubelet's process", "runs kubelet"),
                    probe_when("kubelet.conf", NOT_SIGNED, "Every container that runs", "contained"),
                    probe_when(
                        "kubelet.conf",
                        NOT_SIGNED,
                        "The controller manager's trust in the node, whose condition Ready becomes Unknown,",
                        "ready",
                    ),
                    probe_when(
                        "kubelet.conf",
                        NOT_SIGNED,
                        "The kubelet's wait for a new certificate",
                        "! says kubelet 'No valid client certificate is found'",
                    ),
                ],
            }],
        }],
    },
    Scene {
        name: "kubeconfigs",
        design: DESIGN,
        machines: 1,
        runs: CLUSTER,
        kubelet: "sed -i 's/^rotateCertificates: true/rotateCertificates: false/' /var/lib/kubelet/config.yaml",
        phases: &[
            Phase {
                ends: &["controller-manager.conf", "scheduler.conf", "kubelet.conf"],
                steps: &[
                    Step {
                        moment: Moment::Ended,
                        make: "",
                        probes: &[
                            probe("controller-manager.conf", "The renewal of its lease", THEIR_LEASE),
                            probe("controller-manager.conf", "The controller manager", "runs kube-controller-manager"),
                            probe("scheduler.conf", "The renewal of its lease", SCHEDULERS_LEASE),
                            probe("scheduler.conf", "The scheduler", "runs kube-scheduler"),
                            probe_when("kubelet.conf", NO_ROTATION, "The renewal of the node's lease", NODE_LEASE),
                            Probe {
                                id: "kubelet.conf",
                                when: NO_ROTATION,
                                what: "What the API server asks this kubelet for the first time, such as kubectl logs,",
                                holds: "asks metrics",
                                before: false,
                            },
                            probe_when(
                                "kubelet.conf",
                                NO_ROTATION,
                                "What the kubelet allowed less than five minutes ago",
                                "asks healthz",
                            ),
                            probe_when("kubelet.conf", NO_ROTATION, "The kubelet's process", "runs kubelet"),
                            probe_when("kubelet.conf", NO_ROTATION, "Every container that runs", "contained"),
                        ],
                    },
                    Step {
                        moment: Moment::Restarted,
                        make: "systemctl stop kubelet
                               sed -i 's/^rotateCertificates: false/rotateCertificates: true/' /var/lib/kubelet/config.yaml
                               for component in kube-controller-manager kube-scheduler kubelet; do systemctl start $component; done",
                        probes: &[
                            probe(
                                "controller-manager.conf",
                                "The controller manager's process",
                                "runs kube-controller-manager",
                            ),
                            probe("controller-manager.conf", "Its attempt to lead again", THEIR_LEASE),
                            probe("scheduler.conf", "The scheduler's process", "runs kube-scheduler"),
                            probe(
                                "scheduler.conf",
                                "Everything that it asks the API server",
                                "! says kube-scheduler Unauthorized",
                            ),
                            probe_when(
                                "kubelet.conf",
                                STOPPED,
                                "The process of a kubelet without bootstrap kubeconfig",
                                "runs kubelet",
                            ),
                            probe_when(
                                "kubelet.conf",
                                STOPPED,
                                "Everything that it asks the API server",
                                "! says kubelet system:anonymous",
                            ),
                        ],
                    },
                    Step {
                        moment: Moment::Restarted,
                        make: "systemctl stop kubelet
                               sed -i 's|--kubeconfig=|--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf &|' /etc/systemd/system/kubelet.service
                               systemctl start kubelet",
                        probes: &[probe_when(
                            "kubelet.conf",
                            STOPPED,
                            "A kubelet whose bootstrap kubeconfig is named and gone, as kubeadm leaves it,",
                            "runs kubelet",
                        )],
                    },
                ],
            },
            Phase {
                ends: &["apiserver", "front-proxy-ca"],
                steps: &[
                    Step {
                        moment: Moment::Ended,
                        make: "",
                        probes: &[
                            probe("apiserver", "A watch of kubectl's that stands", "watched"),
                            probe("apiserver", "The renewal of the controller manager's lease", THEIR_LEASE),
                            probe("apiserver", "The renewal of the scheduler's lease", SCHEDULERS_LEASE),
                            probe("apiserver", "The renewal of the node's lease", NODE_LEASE),
                            probe("apiserver", "The API server's process", "runs kube-apiserver"),
                            probe("apiserver", "Each new call of kubectl", "calls admin.conf"),
                            probe("front-proxy-ca", "Each call to an aggregated API server", "forwarded"),
                        ],
                    },
                    Step {
                        moment: Moment::Broken,
                        make: "break_off 6443",
                        probes: &[
                            probe("apiserver", "The controller manager", "runs kube-controller-manager"),
                            probe("apiserver", "The scheduler", "runs kube-scheduler"),
                            probe("apiserver", "The renewal of the node's lease", NODE_LEASE),
                            probe("apiserver", "The kubelet's process", "runs kubelet"),
                        ],
                    },
                ],
            },
        ],
    },
    Scene {
        name: "etcd",
        design: DESIGN,
        machines: 1,
        runs: &[("etcd", &[]), ("kube-apiserver", &[])],
        kubelet: "",
        phases: &[to_etcd!("apiserver-etcd-client"), to_etcd!("etcd-server"), to_etcd!("etcd-ca")],
    },
    Scene {
        name: "kubelets and the CA",
        design: DESIGN,
        machines: 1,
        runs: CLUSTER,
        kubelet: "",
        phases: &[
            Phase {
                ends: &["apiserver-kubelet-client"],
                steps: &[Step {
                    moment: Moment::Ended,
                    make: "",
                    probes: &[
                        probe("apiserver-kubelet-client", "Each call of the API server to a kubelet", "asks healthz"),
                        probe(
                            "apiserver-kubelet-client",
                            "A stream that stands, such as kubectl logs -f,",
                            "followed",
                        ),
                        probe("apiserver-kubelet-client", "The renewal of the node's lease", NODE_LEASE),
                    ],
                }],
            },
            Phase {
                ends: &["kubelet-serving"],
                steps: &[
                    Step {
                        moment: Moment::Ended,
                        make: "",
                        probes: &[
                            probe(
                                "kubelet-serving",
                                "A call of the API server to the kubelet, on the connection that stands,",
                                "asks healthz",
                            ),
                            probe("kubelet-serving", "A stream that stands, such as kubectl logs -f,", "followed"),
                        ],
                    },
                    Step {
                        moment: Moment::Broken,
                        make: "break_off 10250",
                        probes: &[
                            probe("kubelet-serving", "Each call of the API server to the kubelet", "asks healthz"),
                            probe("kubelet-serving", "The renewal of the node's lease", NODE_LEASE),
                        ],
                    },
                ],
            },
            Phase {
                ends: &["ca"],
                steps: &[Step {
                    moment: Moment::Ended,
                    make: "",
                    probes: &[
                        probe("ca", "The controller manager", "runs kube-controller-manager"),
                        probe("ca", "The scheduler", "runs kube-scheduler"),
                        probe("ca", "The renewal of the node's lease", NODE_LEASE),
                        probe("ca", "Each new call of kubectl", "calls admin.conf"),
                        probe(
                            "ca",
                            "Each call with a client certificate",
                            "pair admin.conf; gets 200 $api /api/v1/nodes /root/admin.conf",
                        ),
                        probe("ca", "Each call of the API server to a kubelet", "asks healthz"),
                        probe("ca", "A watch of kubectl's that stands", "watched"),
                        probe("ca", "The API server's process", "runs kube-apiserver"),
                        probe("ca", "The kubelet's process", "runs kubelet"),
                        probe("ca", "Every container that runs", "contained"),
                        probe(
                            "ca",
                            "The call of a program that shows a token and does not check the CA",
                            "kube get namespace default",
                        ),
                    ],
                }],
            },
        ],
    },
    Scene {
        name: "kube-proxy",
        // kubeadm's kube-proxy shows a token.
        design: "course",
        machines: 1,
        runs: &[("etcd", &[]), ("kube-apiserver", &[]), ("kubelet", &[]), ("kube-proxy", &[])],
        kubelet: "",
        phases: &[Phase {
            ends: &["kube-proxy"],
            steps: &[
                Step {
                    moment: Moment::Ended,
                    make: "",
                    probes: &[
                        probe("kube-proxy", "The writing of rules for new services", "hears_of_services"),
                        probe("kube-proxy", "kube-proxy's process", "runs kube-proxy"),
                        probe("kube-proxy", "Every rule that kube-proxy wrote", "ruled default/kubernetes"),
                    ],
                },
                Step {
                    moment: Moment::Broken,
                    make: "break_off 6443",
                    probes: &[
                        probe("kube-proxy", "The writing of rules for new services", "hears_of_services"),
                        probe("kube-proxy", "kube-proxy's process", "runs kube-proxy"),
                        probe("kube-proxy", "Every rule that kube-proxy wrote", "ruled default/kubernetes"),
                    ],
                },
                Step {
                    moment: Moment::Restarted,
                    make: "systemctl stop kube-proxy; systemctl start kube-proxy",
                    probes: &[
                        probe("kube-proxy", "kube-proxy's process", "runs kube-proxy"),
                        probe("kube-proxy", "Every rule that kube-proxy wrote", "ruled default/kubernetes"),
                        probe(
                            "kube-proxy",
                            "Everything that it asks the API server",
                            "! says kube-proxy Unauthorized",
                        ),
                    ],
                },
            ],
        }],
    },
    Scene {
        name: "members",
        design: "ha-stacked-manual",
        machines: 3,
        runs: &[("etcd", &[])],
        kubelet: "",
        phases: &[Phase {
            ends: &["etcd-peer"],
            steps: &[
                Step {
                    moment: Moment::Ended,
                    make: "",
                    probes: &[probe("etcd-peer", "What is written through any member", "puts 1 && puts 2")],
                },
                Step {
                    moment: Moment::Broken,
                    make: "break_off 2380",
                    probes: &[
                        probe("etcd-peer", "What is written through the member that is cut off", "puts 1"),
                        probe("etcd-peer", "What is written through the others", "puts 2 || puts 2 || puts 2 || puts 2"),
                        probe("etcd-peer", "etcd's process", "runs etcd"),
                    ],
                },
                Step {
                    moment: Moment::Restarted,
                    make: "systemctl stop etcd; systemctl start etcd",
                    probes: &[
                        probe("etcd-peer", "What is written through the member that is cut off", "puts 1"),
                        probe("etcd-peer", "etcd's process", "runs etcd"),
                    ],
                },
            ],
        }],
    },
];
