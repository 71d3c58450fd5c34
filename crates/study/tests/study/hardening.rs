//! What closes open edges: what is offered first, what a button says that it changes, and what is called done.

use crate::support::{NOW, entropy};
use kubepki_core::spec::link::{decode, encode};
use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{Draft, Field};
use kubepki_core::view::ViewId;
use kubepki_core::view::drawing::Drawing;
use kubepki_study::{Asked, Study};

/// The sheet of the connection from the API server to kubelets.
fn sheet(draft: &Draft) -> String {
    guided(draft, "")
}

/// The same beside a guide.
fn guided(draft: &Draft, guide: &str) -> String {
    let design = encode(draft);
    let selected = "connection:kube-apiserver->kubelet";
    let asked = Asked { design: &design, view: ViewId::Connections, selected, guide, now: NOW, pki: 0 };
    let drawn = Study::new(entropy).draw(asked).expect("a design");
    drawn.sheet.iter().map(Drawing::to_markup).collect()
}

fn draft(fields: &[(Field, &str)]) -> Draft {
    let mut draft = Preset::named("ha-stacked").expect("preset").draft();
    fields.iter().for_each(|(field, word)| draft.set_text(*field, *word));
    draft
}

#[test]
fn a_cluster_that_kubeadm_starts_is_offered_the_way_with_kubeadm_first_and_each_button_says_what_it_changes() {
    let shown = sheet(&draft(&[]));
    let [with, by_hand] =
        ["With kubeadm: kubelets ask", "Start the cluster by hand"].map(|title| shown.find(title).expect("offered"));
    assert!(with < by_hand, "{shown}");
    let buttons: Vec<&str> = shown.match_indices("Set this (changes: ").map(|(at, _)| &shown[at..]).collect();
    assert!(buttons[0].starts_with("Set this (changes: Kubelet serving certificate → by the cluster CA)"), "{shown}");
    assert!(
        buttons[1]
            .starts_with("Set this (changes: Started by → by hand, Kubelet serving certificate → by the cluster CA)"),
        "{shown}"
    );
    // The first button leaves the start as it is.
    let to =
        shown[with..].split("data-go=\"").nth(1).and_then(|rest| rest.split(['&', '"']).next()).expect("an address");
    let set = decode(to.trim_start_matches('#')).expect("a design");
    assert_eq!((set.text(Field::Start), set.text(Field::KubeletServing)), ("kubeadm", "clusterCA"));
    let by_hand_first = sheet(&draft(&[(Field::Start, "manual")]));
    let [with, by_hand] = ["With kubeadm: kubelets ask", "Start the cluster by hand"]
        .map(|title| by_hand_first.find(title).expect("offered"));
    assert!(by_hand < with, "{by_hand_first}");
}

#[test]
fn a_labs_cluster_cannot_be_put_in_the_designs_place() {
    let shown = guided(&draft(&[]), "lab:logs-forbidden.0");
    assert!(shown.contains("With kubeadm: kubelets ask"), "what closes the edge is told all the same: {shown}");
    assert!(!shown.contains("Set this") && !shown.contains("d1."), "{shown}");
    let lesson = guided(&draft(&[]), "lesson:etcd/1");
    assert!(lesson.contains("Set this"), "a lesson speaks of the user's own design: {lesson}");
}

#[test]
fn an_option_is_called_done_for_its_flags_and_not_for_its_fields() {
    // By hand nothing has serverTLSBootstrap, whatever the fields say.
    let by_hand = sheet(&draft(&[(Field::Start, "manual"), (Field::KubeletServing, "clusterCA")]));
    assert_eq!(by_hand.matches("This design has it so.").count(), 1, "{by_hand}");
    assert!(by_hand.contains("Still yours to do: kubelet serverTLSBootstrap: true."), "{by_hand}");
    let with = sheet(&draft(&[(Field::KubeletServing, "clusterCA")]));
    assert!(!with.contains("This design has it so."), "{with}");
    assert!(with.contains("Still yours to do: kube-apiserver --kubelet-certificate-authority"), "{with}");
    let mut own = draft(&[(Field::KubeletServing, "clusterCA")]);
    own.set_list(Field::AlsoSets, vec!["kube-apiserver --kubelet-certificate-authority".to_owned()]);
    let own = sheet(&own);
    assert!(!own.contains("Still yours to do") && !own.contains("This design has it so."), "{own}");
    assert!(
        own.contains("Your own kubeadm file sets kube-apiserver --kubelet-certificate-authority: look there."),
        "{own}"
    );
    // Nor is anything said of who could answer in the kubelet's place.
    assert!(!own.contains("Answer as the server") && !own.contains("would talk to anybody"), "{own}");
}
