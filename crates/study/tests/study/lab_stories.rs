//! What the stories of labs say of connections, held to what comes of trying them.

use std::collections::BTreeSet;

use kubepki_core::catalog::labs::preset_of;
use kubepki_core::spec::parse;
use kubepki_study::faults::all;
use kubepki_study::guide::lab::Lab;
use kubepki_study::guide::lab_rows::LABS;
use kubepki_study::sample::Sample;

use crate::support::{NOW, entropy};

const KUBECTL: &str = "kubectl->kube-apiserver";
const KUBELET: &str = "kubelet->kube-apiserver";
const SCHEDULER: &str = "kube-scheduler->kube-apiserver";
const CONTROLLERS: &str = "kube-controller-manager->kube-apiserver";
const POD: &str = "pod->kube-apiserver";
const TO_ETCD: &str = "kube-apiserver->etcd";
const MEMBERS: &str = "etcd->etcd";
const TO_KUBELET: &str = "kube-apiserver->kubelet";
const AGGREGATED: &str = "kube-apiserver->aggregated-apiserver";
const ETCDCTL: &str = "etcdctl->etcd";

/// Connections that a story need not mention: few people meet them at night.
const UNMENTIONED: &[&str] = &["super-admin->kube-apiserver", "etcd-gateway->etcd", ETCDCTL];

/// A claim: words of the story, and the connections that they say it of.
type Claim = (&'static str, &'static [&'static str]);

/// For a lab's causes, in order: what the story says fails, and what it says works.
struct Told {
    lab: &'static str,
    cause: usize,
    fails: &'static [Claim],
    works: &'static [Claim],
}

const EVERYBODY: &[&str] = &[KUBECTL, KUBELET, SCHEDULER, CONTROLLERS, POD];
const NOBODY_REACHES: Claim =
    ("neither kubectl nor the kubelet, neither scheduler nor controller manager, nor any Pod", EVERYBODY);
const NOBODY: Claim = ("neither kubectl nor kubelets, neither scheduler nor controller manager, nor Pods", EVERYBODY);
const ALL_REFUSE: Claim = ("kubectl and the kubelet, the scheduler, the controller manager and Pods", EVERYBODY);
const AS_BEFORE: Claim = ("kubectl, the scheduler and the controller manager work", &[KUBECTL, SCHEDULER, CONTROLLERS]);
const LOGS: Claim = ("kubectl logs and kubectl exec fail on every node", &[TO_KUBELET]);
const GET: Claim = ("kubectl get works", &[KUBECTL]);
const ETCD_CLIENTS: Claim = ("the TLS handshakes of API server and etcdctl still succeed", &[TO_ETCD, ETCDCTL]);
const LOST_ETCD: Claim = ("the API servers lost etcd", &[TO_ETCD]);

const TOLD: &[Told] = &[
    Told { lab: "kubelet-registers", cause: 0, fails: &[("no kubelet can update", &[KUBELET])], works: &[AS_BEFORE] },
    Told {
        lab: "kubelet-registers",
        cause: 1,
        fails: &[("answers each kubelet that it may not", &[KUBELET])],
        works: &[AS_BEFORE],
    },
    Told { lab: "kubelet-registers", cause: 2, fails: &[("no kubelet can update", &[KUBELET])], works: &[AS_BEFORE] },
    Told { lab: "apiserver-renewal", cause: 0, fails: &[NOBODY_REACHES], works: &[] },
    Told { lab: "apiserver-renewal", cause: 1, fails: &[NOBODY_REACHES], works: &[] },
    Told { lab: "apiserver-renewal", cause: 2, fails: &[NOBODY_REACHES], works: &[] },
    Told {
        lab: "new-load-balancer",
        cause: 0,
        fails: &[("kubectl fails", &[KUBECTL]), ("so do the kubelets of workers", &[KUBELET])],
        works: &[("the scheduler, the controller manager and Pods get through", &[SCHEDULER, CONTROLLERS, POD])],
    },
    Told { lab: "new-load-balancer", cause: 1, fails: &[NOBODY], works: &[] },
    Told { lab: "new-load-balancer", cause: 2, fails: &[NOBODY], works: &[] },
    Told {
        lab: "refused-member",
        cause: 0,
        fails: &[("the others reject it", &[MEMBERS])],
        works: &[("the API servers reach theirs", &[TO_ETCD]), ("kubectl works", &[KUBECTL])],
    },
    Told {
        lab: "refused-member",
        cause: 1,
        fails: &[("members reject each other", &[MEMBERS])],
        works: &[ETCD_CLIENTS],
    },
    Told {
        lab: "refused-member",
        cause: 2,
        fails: &[("members reject each other", &[MEMBERS])],
        works: &[ETCD_CLIENTS],
    },
    Told {
        lab: "unknown-authority",
        cause: 0,
        fails: &[("One admin's kubectl refuses", &[KUBECTL])],
        works: &[(
            "the kubelet, the scheduler, the controller manager and Pods get through",
            &[KUBELET, SCHEDULER, CONTROLLERS, POD],
        )],
    },
    Told { lab: "unknown-authority", cause: 1, fails: &[ALL_REFUSE], works: &[] },
    Told { lab: "unknown-authority", cause: 2, fails: &[ALL_REFUSE], works: &[] },
    Told { lab: "logs-forbidden", cause: 0, fails: &[LOGS], works: &[GET] },
    Told { lab: "logs-forbidden", cause: 1, fails: &[LOGS], works: &[GET] },
    Told { lab: "logs-forbidden", cause: 2, fails: &[LOGS], works: &[GET] },
    Told {
        lab: "tokens-refused",
        cause: 0,
        fails: &[("tells every Pod that calls it “Unauthorized”", &[POD])],
        works: &[(
            "kubectl, the kubelets, the scheduler and the controller manager get through",
            &[KUBECTL, KUBELET, SCHEDULER, CONTROLLERS],
        )],
    },
    Told {
        lab: "tokens-refused",
        cause: 1,
        fails: &[("tells every Pod that calls it “Unauthorized”", &[POD]), ("and the scheduler as well", &[SCHEDULER])],
        works: &[("kubectl, the kubelets and the controller manager get through", &[KUBECTL, KUBELET, CONTROLLERS])],
    },
    Told {
        lab: "a-year-later",
        cause: 0,
        fails: &[LOST_ETCD, ("do not believe the scheduler any more", &[SCHEDULER])],
        works: &[],
    },
    Told {
        lab: "a-year-later",
        cause: 1,
        fails: &[
            ("do not believe the controller manager", &[CONTROLLERS]),
            ("kubectl top gets no metrics", &[AGGREGATED]),
        ],
        works: &[
            ("kubectl, kubelets and the scheduler get through", &[KUBECTL, KUBELET, SCHEDULER]),
            ("the API servers still reach etcd", &[TO_ETCD]),
        ],
    },
    Told {
        lab: "a-year-later",
        cause: 2,
        fails: &[("believe neither the controller manager nor the scheduler", &[CONTROLLERS, SCHEDULER])],
        works: &[("kubectl and kubelets get through", &[KUBECTL, KUBELET])],
    },
];

/// The connections that fail with a cause, and those that hold, on whichever node.
fn tried(lab: &Lab) -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let design = preset_of(&lab.to_string()).expect("a lab").draft();
    let spec = parse(&design).0.expect("no errors");
    let mut sample = Sample::new(&spec, &lab.faults(), NOW, entropy);
    let calls = all(&mut sample, 0).unwrap_or_else(|why| panic!("{lab}: {why}"));
    let of = |holds: bool| calls.iter().filter(|one| one.holds() == holds).map(|one| one.dial.row.id).collect();
    (of(false), of(true))
}

#[test]
fn each_story_names_what_fails_and_nothing_that_works() {
    let causes: usize = LABS.iter().map(|row| row.causes.len()).sum();
    assert_eq!(TOLD.len(), causes, "each cause has a story, and each story is held to something");
    for told in TOLD {
        let lab = Lab::read(&format!("lab:{}.{}", told.lab, told.cause)).expect("a lab");
        let story = lab.cause().story;
        let (fails, holds) = tried(&lab);
        for (claims, there, word) in [(told.fails, &fails, "fails"), (told.works, &holds, "works")] {
            for (words, ids) in claims {
                assert!(story.contains(words), "{lab} no longer says {words:?}: {story}");
                for id in *ids {
                    assert!(there.contains(id), "{lab}: {words:?}, but {id} {word} not");
                }
            }
        }
        let mentioned: BTreeSet<&str> = told.fails.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
        let untold: Vec<&&str> =
            fails.iter().filter(|id| !mentioned.contains(*id) && !UNMENTIONED.contains(id)).collect();
        assert!(untold.is_empty(), "{lab}: the story does not say that {untold:?} fail: {story}");
    }
}

#[test]
fn stories_differ_as_their_causes_do() {
    for row in LABS {
        let stories: BTreeSet<&str> = row.causes.iter().map(|cause| cause.story).collect();
        assert_eq!(stories.len(), row.causes.len(), "{}", row.id);
    }
}
