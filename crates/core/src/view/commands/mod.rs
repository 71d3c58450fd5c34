//! Commands: how to make, request, renew, place and check the same certificates with the programs that people have at
//! hand, for one certificate and for the whole set.

mod check;
mod other_tools;
mod renew;
mod request;
mod script;
mod shell;

use super::Selection;
use super::by_hand::{Recipe, recipes as made};
use super::drawing::{Drawing, caps, chip, drawn, paragraph, recipe};
use crate::plan::Plan;

pub use script::script;

/// What the recipe is called that makes everything at once.
const SCRIPT: &str = "openssl, as one script";

/// Everything that can be done by hand with one certificate.
pub fn recipes(plan: &Plan, index: usize) -> Vec<Recipe> {
    let mut all = made(plan, index);
    all.extend(other_tools::recipes(plan, index));
    all.extend(request::recipe(plan, index));
    all.extend(renew::recipe(plan, index));
    all.push(check::ownership(plan, index));
    all.push(check::verification(plan, index));
    all
}

/// What is done with the set as a whole.
pub fn set(plan: &Plan) -> Vec<Recipe> {
    let mut all = renew::set(plan);
    all.extend(check::set(plan));
    all.push(Recipe { tool: SCRIPT, text: script(plan) });
    all
}

/// The view for the page: the selected certificate's commands, then the set's.
pub fn page(plan: &Plan, selected: &str) -> Drawing {
    let mut page = drawn("div").set("class", "told-page").with(certificates(plan, selected));
    match Selection::from_text(plan, selected) {
        Some(Selection::Cert(index)) => {
            page = page
                .with(drawn("h2").text(plan.certs[index].row.title))
                .with(drawn("p").set("class", "muted").text(plan.key_of(index)))
                .all(recipes(plan, index).into_iter().map(|one| recipe(one.tool, one.text)));
        }
        _ => {
            page = page.with(paragraph("Choose a certificate above or in any other view, and its commands stand here."))
        }
    }
    page = page.with(caps("For the whole set"));
    for one in set(plan) {
        let is_script = one.tool == SCRIPT;
        let mut part = drawn("div").with(recipe(one.tool, one.text));
        if is_script {
            let name = format!("{}-openssl.sh", plan.spec.cluster_name);
            let save = drawn("button").set("class", "small").set("type", "button").set("data-save", name);
            part = part.with(save.text("Save the openssl script"));
        }
        page = page.with(part);
    }
    page
}

/// The certificates to choose from, each kind once; choosing stays in this view.
fn certificates(plan: &Plan, selected: &str) -> Drawing {
    let mut seen: Vec<&str> = Vec::new();
    let mut chips = drawn("p").set("class", "bar");
    for (index, cert) in plan.certs.iter().enumerate() {
        if seen.contains(&cert.row.id) {
            continue;
        }
        seen.push(cert.row.id);
        let name = format!("cert:{}", plan.key_of(index));
        let is_chosen = selected.split('@').next() == name.split('@').next();
        chips = chips.with(chip("data-pick", name, cert.row.title, is_chosen));
    }
    chips
}

/// The view for a terminal: the set's commands, as a commented text.
pub fn text(plan: &Plan) -> String {
    set(plan).iter().map(|one| format!("# {}\n{}\n\n", one.tool, one.text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::renewal::{Renewal, renewed_by};
    use crate::spec::preset::{PRESETS, Preset};
    use crate::spec::{Field, parse};

    fn stacked() -> Plan {
        crate::plan::plan(&parse(&Preset::named("ha-stacked").expect("preset").draft()).0.expect("no errors"))
    }

    fn of(plan: &Plan, key: &str, tool: &str) -> Option<String> {
        let all = recipes(plan, plan.find_key(key).expect("a certificate"));
        all.into_iter().find(|one| one.tool == tool).map(|one| one.text)
    }

    #[test]
    fn requests_go_to_the_signer_that_takes_them() {
        let plan = stacked();
        let admin = of(&plan, "admin.conf@cp-1", request::TOOL).expect("a request");
        assert!(admin.contains("signerName: kubernetes.io/kube-apiserver-client\n"), "{admin}");
        assert!(admin.contains("client auth") && admin.contains("expirationSeconds"), "{admin}");
        let kubelet = of(&plan, "kubelet.conf@cp-1", request::TOOL).expect("a request");
        assert!(kubelet.contains("kubernetes.io/kube-apiserver-client-kubelet"), "{kubelet}");
        for made in ["openssl genpkey -algorithm RSA", "name: kubelet-conf-cp-1\n"] {
            assert!(kubelet.contains(made), "{made}: {kubelet}");
        }
        let super_admin = of(&plan, "super-admin.conf@cp-1", request::TOOL).expect("a request");
        assert!(super_admin.contains("system:masters") && !super_admin.contains("kind:"), "{super_admin}");
        assert_eq!(of(&plan, "etcd-server@cp-1", request::TOOL), None, "the cluster's signers sign for no other CA");
        assert_eq!(of(&plan, "apiserver@cp-1", request::TOOL), None, "no built-in signer makes it");
    }

    #[test]
    fn no_signer_is_named_that_would_refuse() {
        let plan = crate::plan::plan(&parse(&Preset::named("course").expect("preset").draft()).0.expect("no errors"));
        for index in 0..plan.certs.len() {
            let Some(request) = request::recipe(&plan, index) else { continue };
            let cert = &plan.certs[index];
            let serves = cert.ekus.contains(&crate::catalog::row::Eku::ServerAuth);
            let named = request.text.contains("kube-apiserver-client-kubelet");
            assert!(cert.ekus.len() == 1 && !(named && (serves || !cert.sans.is_empty())), "{}", request.text);
        }
        let mut plan = stacked();
        let index = plan.find_key("admin.conf@cp-1").expect("planned");
        plan.certs[index].lifetime.seconds = 60;
        let text = request::recipe(&plan, index).expect("a request").text;
        assert!(text.contains("expirationSeconds: 600\n"), "{text}");
    }

    #[test]
    fn renewal_says_where_it_does_not_help() {
        let plan = stacked();
        let apiserver = of(&plan, "apiserver@cp-1", "kubeadm, to renew").expect("renewal");
        assert!(apiserver.contains("kubeadm certs renew apiserver\n"), "{apiserver}");
        assert!(apiserver.contains("init phase certs apiserver --config kubeadm/cp-1.yaml"), "{apiserver}");
        let joined = of(&plan, "apiserver@cp-2", "kubeadm, to renew").expect("renewal");
        assert!(joined.contains("join phase control-plane-prepare certs --config kubeadm/cp-2.yaml"), "{joined}");
        assert_eq!(of(&plan, "kubelet.conf@cp-1", "kubeadm, to renew"), None);
    }

    #[test]
    fn what_kubeadm_leaves_alone_is_named_as_the_table_of_renewals_has_it() {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        draft.set_text(Field::Start, "manual");
        draft.set_text(Field::KubeletClient, "issued");
        draft.set_text(Field::KubeletServing, "clusterCA");
        for (plan, named) in [(stacked(), 2), (crate::plan::plan(&parse(&draft).0.expect("no errors")), 3)] {
            let text = set(&plan).into_iter().find(|one| one.tool.ends_with("to renew")).expect("renewal").text;
            let line = text.lines().find(|line| line.contains("kubeadm manages")).expect("a line");
            let mut left: Vec<&str> = line.split(", not ").skip(1).collect();
            let rows = plan.certs.iter().map(|cert| cert.row).filter(|row| !row.is_ca());
            let others = rows.map(|row| row.id).filter(|id| renewed_by(id) != Renewal::ByKubeadm);
            let mut expected: Vec<&str> = others.collect();
            for ids in [&mut left, &mut expected] {
                ids.sort_unstable();
            }
            expected.dedup();
            assert_eq!((&left, left.len()), (&expected, named), "{line}");
        }
    }

    #[test]
    fn every_certificate_can_be_checked_and_placed() {
        for preset in PRESETS {
            let plan = crate::plan::plan(&parse(&preset.draft()).0.expect("no errors"));
            for index in 0..plan.certs.len() {
                let tools: Vec<&str> = recipes(&plan, index).iter().map(|one| one.tool).collect();
                assert!(tools.contains(&"openssl") && tools.contains(&"Ownership and modes"), "{tools:?}");
                assert!(tools.contains(&"To check it"), "{tools:?}");
            }
            assert!(
                text(&plan).contains("kubeadm certs check-expiration") || preset.name.contains("course"),
                "{}",
                preset.name
            );
        }
    }
}
