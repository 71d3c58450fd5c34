//! Labs: each cause shows, its lines are printed, and the repairs that mend it make every connection hold again.

use crate::support::{NOW, entropy};
use kubepki_core::catalog::labs::preset_of;
use kubepki_core::catalog::messages::explain;
use kubepki_core::spec::link::encode;
use kubepki_core::view::drawing::Drawing;
use kubepki_core::view::svg::escape;
use kubepki_core::view::{ViewId, address};
use kubepki_rehearsal::fault::{Fault, Mend};
use kubepki_study::guide::lab::{Lab, Repair};
use kubepki_study::guide::lab_rows::LABS;
use kubepki_study::{Asked, Study};

fn guide(guide: &str) -> String {
    let design = encode(&preset_of(guide).expect("a lab").draft());
    let asked = Asked { design: &design, view: ViewId::Connections, selected: "", guide, now: NOW, pki: 0 };
    let drawn = Study::new(entropy).draw(asked).unwrap_or_else(|why| panic!("{guide}: {why}"));
    drawn.guide.iter().map(Drawing::to_markup).collect()
}

/// A repair for each fault of a lab: what mends it, or with a kubeconfig that kubeadm does not renew, writing that again.
fn repairs_of(lab: &Lab) -> Vec<String> {
    let repair = |fault: &Fault| {
        [fault.kind.mend, Mend::Kubeconfig]
            .map(|mend| Repair { mend, target: fault.target.to_owned() })
            .into_iter()
            .find(|one| one.mends(fault))
            .map(|one| one.to_string())
    };
    lab.causes().iter().filter_map(repair).collect()
}

#[test]
fn every_cause_shows_and_its_repair_is_the_end_of_it() {
    for row in LABS {
        for seed in 0..row.causes.len() {
            let begun = format!("lab:{}.{seed}", row.id);
            let shown = guide(&begun);
            // What is printed is what such a fault makes people see.
            let printed: Vec<&str> = shown.split("class=\"log\" tabindex=\"0\">").skip(1).collect();
            let printed: Vec<String> = printed
                .iter()
                .filter_map(|rest| rest.split("</pre>").next())
                .map(|line| line.replace("&quot;", "\"").replace("&gt;", ">").replace("&amp;", "&"))
                .collect();
            let kinds: Vec<&str> =
                printed.iter().flat_map(|line| explain(line)).flat_map(|one| one.row.faults).copied().collect();
            assert!(!shown.contains("lab-solved"), "{begun}");
            let lab = Lab::read(&begun).expect("a lab");
            for fault in lab.causes() {
                assert!(!shown.contains(&fault.title()), "{begun} gives itself away");
                assert!(kinds.contains(&fault.kind.id), "{begun}: nothing shows {}: {printed:#?}", fault.id());
            }
            let repairs = repairs_of(&lab);
            repairs.iter().take(1).for_each(|repair| {
                assert!(shown.contains(&format!("repair-{repair}")), "{begun}: {repair} is not offered");
            });
            let mended = guide(&format!("{begun}/{}/0", repairs.join(",")));
            assert!(mended.contains("lab-solved"), "{begun}: {mended}");
            for fault in lab.causes() {
                assert!(
                    mended.contains(&escape(&format!("{}.", fault.title()))),
                    "{begun} does not say what it was: {mended}"
                );
            }
            assert!(mended.contains(&escape(row.moral)), "{begun}: {mended}");
        }
    }
}

#[test]
fn hints_come_one_by_one_and_a_wrong_repair_says_so() {
    let none = guide("lab:new-load-balancer.0");
    let two = guide("lab:new-load-balancer.0/renew:apiserver/2");
    let hints = LABS.iter().find(|row| row.id == "new-load-balancer").expect("the lab").hints;
    assert!(!none.contains(hints[0]) && two.contains(hints[0]) && two.contains(hints[1]) && !two.contains(hints[2]));
    assert!(two.contains("it says the same as before"), "{two}");
}

#[test]
fn a_link_to_a_lab_carries_no_design() {
    let design = encode(&preset_of("lab:a-year-later.0").expect("a lab").draft());
    let asked = Asked { design: &design, view: ViewId::Files, selected: "", guide: "learn", now: NOW, pki: 0 };
    let drawn = Study::new(entropy).draw(asked).expect("an index").guide;
    let markup: String = drawn.iter().map(Drawing::to_markup).collect();
    let links: Vec<_> = markup
        .split("data-go=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|to| address::read(&to.replace("&amp;", "&")))
        .filter(|to| to.guide.as_deref().is_some_and(|guide| preset_of(guide).is_some()))
        .collect();
    assert_eq!(links.len(), LABS.len());
    assert!(links.iter().all(|to| to.draft.is_none() && to.notice.is_none()), "{links:?}");
}

/// What stands under the button of the last repair, if it can still be pressed.
fn said(to: &str) -> String {
    let page = guide(to);
    let (_, rest) = page.split_once("data-testid=\"repair-said\"").unwrap_or_else(|| panic!("{to}: {page}"));
    let line = rest.split("</p>").next().unwrap_or_default();
    line.split('<').map(|part| part.rsplit('>').next().unwrap_or_default()).collect()
}

#[test]
fn kubeadm_does_not_renew_kubelet_conf_and_a_lab_says_so() {
    let renewed = said("lab:kubelet-registers.2/renew:kubelet.conf/3");
    assert!(renewed.contains("kubeadm certs renew does not touch kubelet.conf"), "{renewed}");
    let command = "kubeadm kubeconfig user --org system:nodes --client-name system:node:cp-1";
    assert!(renewed.contains(command), "{renewed}");
    assert!(guide("lab:kubelet-registers.2/write:kubelet.conf/0").contains("lab-solved"));
    let hint = LABS[0].hints[2];
    assert!(hint.contains("never touches kubelet.conf") && hint.contains("kubeadm kubeconfig user"), "{hint}");
}

#[test]
fn renewing_makes_key_issuer_and_dates_anew_and_copies_the_rest() {
    for mended in [
        "lab:apiserver-renewal.0/renew:apiserver",
        "lab:apiserver-renewal.2/renew:apiserver",
        "lab:unknown-authority.1/renew:apiserver",
        "lab:unknown-authority.0/renew:admin.conf",
        "lab:logs-forbidden.2/renew:apiserver-kubelet-client",
    ] {
        assert!(guide(mended).contains("lab-solved"), "{mended}");
    }
    for (copied, words) in [
        ("lab:apiserver-renewal.1/renew:apiserver", "cannot read the old certificate"),
        ("lab:new-load-balancer.1/renew:apiserver", "it says the same as before"),
        ("lab:logs-forbidden.0/renew:apiserver-kubelet-client", "it says the same as before"),
    ] {
        assert!(said(copied).contains(words), "{copied}");
    }
}

#[test]
fn a_new_ca_in_a_healthy_clusters_place_is_not_made_and_what_it_would_break_is_counted() {
    let new = said("lab:logs-forbidden.2/new-ca:ca");
    assert!(new.contains("not done, for nobody trusts the new CA yet."), "{new}");
    let count: usize =
        new.split("yet. ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).expect("a count");
    assert!(count > 5 && new.contains("connections that hold now would fail"), "{new}");
    assert!(!new.contains("nothing changed"));
    let solved = guide("lab:logs-forbidden.2/new-ca:ca,renew:apiserver-kubelet-client/0");
    assert!(solved.contains("lab-solved"), "what was not done broke nothing: {solved}");
}

#[test]
fn what_came_of_a_repair_stands_under_its_button_and_is_read_aloud() {
    let page = guide("lab:new-load-balancer.0/renew:apiserver/0");
    let button = page.find("data-testid=\"repair-renew:apiserver\"").expect("the button");
    let told = page.find("data-testid=\"repair-said\"").expect("what came of it");
    let group = page[button..].find("</details>").expect("the end of the group") + button;
    assert!(button < told && told < group, "in the group of the button");
    let live = page[..told].rfind("aria-live=\"polite\"").expect("a live region");
    assert!(!page[live..told].contains("</p>"));
    assert!(guide("lab:new-load-balancer.0").contains("aria-live=\"polite\""), "it is there before it says something");
}

#[test]
fn a_solved_lab_leads_to_the_next_one() {
    for pair in LABS.windows(2) {
        let lab = Lab::read(&format!("lab:{}.0", pair[0].id)).expect("a lab");
        let repairs = repairs_of(&lab);
        let page = guide(&format!("{lab}/{}/0", repairs.join(",")));
        let button = page.find("data-testid=\"lab-next\"").expect("a button");
        let start = page[..button].rfind("<button").expect("its element");
        let whole = &page[start..button + page[button..].find("</button>").expect("its end")];
        assert!(whole.contains("class=\"filled\"") && whole.contains(&format!("lab:{}.0", pair[1].id)), "{whole}");
        assert!(whole.contains(&format!("Next lab: {}", pair[1].title)), "{whole}");
    }
}

#[test]
fn no_lab_takes_a_node_for_another_that_the_cluster_has() {
    let page = guide("lab:kubelet-registers.0");
    let log = page.replace("&quot;", "\"").replace('\\', "");
    assert!(
        log.contains("User \"system:node:w-2\" cannot get resource")
            && log.contains("leases.coordination.k8s.io \"cp-1\""),
        "{log}"
    );
}

#[test]
fn a_process_that_is_restarted_reads_all_of_its_files() {
    for (repair, mends) in [
        ("restart:scheduler.conf", true),
        ("renew:scheduler.conf", true),
        ("restart:controller-manager.conf", false),
        ("restart:etcd", false),
        ("restart:apiserver", false),
    ] {
        let page = guide(&format!("lab:a-year-later.0/{repair}/0"));
        assert_eq!(page.contains("that mended something"), mends, "{repair}");
    }
}
