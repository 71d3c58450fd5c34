//! The steps of every connection with every fault: what is shown agrees with what the sides say.

use crate::support::{NOW, entropy, issued, tried};
use kubepki_core::catalog::connections::CONNECTIONS;
use kubepki_core::plan::{Plan, plan};
use kubepki_core::spec::parse;
use kubepki_core::spec::preset::Preset;
use kubepki_rehearsal::fault::faults;
use kubepki_study::chosen::Chosen;
use kubepki_study::handshake::try_chosen;
use kubepki_study::sample::Sample;
use kubepki_study::steps::Outcome;

fn stacked() -> Plan {
    plan(&parse(&Preset::named("ha-stacked").expect("preset").draft()).0.expect("no errors"))
}

#[test]
fn without_faults_every_step_fits() {
    let plan = stacked();
    for row in CONNECTIONS
        .iter()
        .filter(|row| row.id != "kube-proxy->kube-apiserver" && row.id != "super-admin->kube-apiserver")
    {
        let it = tried(&plan, &format!("connection:{}", row.id));
        assert!(it.holds(), "{}: {:?}", row.id, it.handshake);
        for step in &it.steps {
            let fits = matches!(step.outcome, Outcome::Fits | Outcome::Unchecked);
            assert!(fits && !step.compared[0].1.is_empty(), "{}: {step:?}", row.id);
        }
    }
}

#[test]
fn a_fault_that_breaks_a_connection_fails_at_one_step_and_nothing_comes_after_it() {
    let plan = stacked();
    let mut vague = Vec::new();
    for fault in faults() {
        for id in fault.connections() {
            let text = format!("connection:{id}?fault={}", fault.id());
            let chosen = Chosen::read(&text).expect("a connection");
            let mut sample = Sample::new(&plan.spec, &chosen.faults, NOW, entropy);
            // Some connections are there in other designs alone.
            let Ok(it) = try_chosen(&plan, &mut sample, &chosen) else { continue };
            let failed: Vec<usize> = (0..it.steps.len()).filter(|&at| it.steps[at].outcome == Outcome::Fails).collect();
            assert_eq!(failed.len(), usize::from(!it.holds()), "{text}: {:#?}\n{:?}", it.steps, it.handshake);
            if let [at] = failed[..] {
                assert!(it.steps[at + 1..].iter().all(|step| step.outcome == Outcome::NotReached), "{text}");
                if it.steps[at].what == "finds something else wrong" {
                    vague.push(format!("{text}: {:?}", it.steps[at].compared));
                }
            }
        }
    }
    assert!(vague.is_empty(), "{vague:#?}");
}

#[test]
fn time_breaks_leaves_before_their_authorities() {
    let plan = stacked();
    let dates = |days: i64| {
        let it = tried(&plan, &format!("connection:kube-apiserver->etcd?days={days}"));
        it.steps.iter().find(|step| step.outcome == Outcome::Fails).map(|step| step.what)
    };
    assert_eq!(dates(0), None);
    assert_eq!(dates(364), None);
    assert_eq!(dates(366), Some("checks the dates"));
}

#[test]
fn what_was_generated_is_tried_by_its_public_halves_alone() {
    use kubepki_rehearsal::{Published, dials};
    let pki = issued(&mut Preset::named("single").expect("preset").draft());
    let (plan, mut published) = (&pki.plan, Published::of(&pki));
    let tried = |published: &[Published], id: &str| {
        let mut own = Sample::own(plan, NOW, published, entropy);
        let dial = dials(&own.stage, id, None).expect("a call");
        assert!(own.covers(&dial), "{id}");
        try_chosen(plan, &mut own, &Chosen::read(&format!("connection:{id}")).expect("a connection")).expect("tried")
    };
    for id in ["kube-apiserver->etcd", "kubectl->kube-apiserver", "etcdctl->etcd"] {
        assert!(tried(&published, id).holds(), "{id}: {:?}", tried(&published, id).handshake);
    }
    // A public half that is another's is told from the right one.
    let (one, other) = (plan.find("etcd-server", Some(0)).expect("it"), plan.find("apiserver", Some(0)).expect("it"));
    published[one].public_key = published[other].public_key.clone();
    let it = tried(&published, "kube-apiserver->etcd");
    assert_eq!(it.handshake.server.message.as_deref(), Some("tls: private key does not match public key"));
    // What kubelets request later is not among it.
    let own = Sample::own(plan, NOW, &published, entropy);
    assert!(dials(&own.stage, "pod->kube-apiserver", None).is_ok_and(|dial| !own.covers(&dial)));
}

#[test]
fn each_server_decides_what_becomes_of_a_caller_without_a_credential() {
    let plan = stacked();
    let failed = |text: &str| {
        let it = tried(&plan, text);
        let step = it.steps.iter().find(|step| step.outcome == Outcome::Fails).expect("a step that fails");
        let log: String = it.handshake.client.log.iter().flat_map(|log| log.usual()).collect();
        (it.handshake.http_status, step.what, step.compared[1].1.clone(), log)
    };
    // kubeadm's kubelets say so in their file: authentication.anonymous.enabled is false.
    let (status, what, identity, log) =
        failed("connection:kube-apiserver->kubelet?fault=no-certificate:apiserver-kubelet-client");
    assert_eq!((status, what), (Some(401), "lets nobody in without a credential"));
    assert!(identity.contains("takes nobody for system:anonymous"), "{identity}");
    assert!(log.contains("the server has asked for the client to provide credentials"), "{log}");
    // The API server lets such a caller in, and RBAC allows it nothing.
    let (status, what, _, log) = failed("connection:kubectl->kube-apiserver?fault=no-certificate:admin.conf");
    assert_eq!((status, what), (Some(403), "decides what it may do"));
    // kubectl without a credential asks for a user's name before it calls anybody.
    assert_eq!(log, "error: EOF");
}
