//! Labs: each cause shows, its lines are printed, and the repairs that mend it make every connection hold again.

use crate::support::{NOW, entropy};
use kubepki_core::catalog::labs::preset_of;
use kubepki_core::spec::link::encode;
use kubepki_core::view::drawing::Drawing;
use kubepki_core::view::{ViewId, address};
use kubepki_rehearsal::fault::Fault;
use kubepki_study::guide::lab::{Lab, Repair};
use kubepki_study::guide::lab_rows::LABS;
use kubepki_study::{Asked, Study};

fn guide(guide: &str) -> String {
    let design = encode(&preset_of(guide).expect("a lab").draft());
    let asked = Asked { design: &design, view: ViewId::Connections, selected: "", guide, now: NOW, pki: 0 };
    let drawn = Study::new(entropy).draw(asked).unwrap_or_else(|why| panic!("{guide}: {why}"));
    drawn.guide.iter().map(Drawing::to_markup).collect()
}

#[test]
fn every_cause_shows_and_its_repair_is_the_end_of_it() {
    for row in LABS {
        for seed in 0..row.causes.len() {
            let begun = format!("lab:{}.{seed}", row.id);
            let shown = guide(&begun);
            assert!(
                shown.contains("What the logs say") && shown.contains("class=\"log\""),
                "{begun}: nothing fails: {shown}"
            );
            assert!(!shown.contains("lab-solved"), "{begun}");
            let lab = Lab::read(&begun).expect("a lab");
            for fault in lab.causes() {
                assert!(!shown.contains(&fault.title()), "{begun} gives itself away");
            }
            let repair = |fault: &Fault| Repair { mend: fault.kind.mend, target: fault.target.to_owned() }.to_string();
            let repairs: Vec<String> = lab.causes().iter().map(repair).collect();
            repairs.iter().take(1).for_each(|repair| {
                assert!(shown.contains(&format!("repair-{repair}")), "{begun}: {repair} is not offered");
            });
            let mended = guide(&format!("{begun}/{}/0", repairs.join(",")));
            assert!(mended.contains("lab-solved"), "{begun}: {mended}");
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
