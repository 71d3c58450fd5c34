//! The audit page: everything is in it, and nothing that is secret.

use kubepki_core::plan::{FlagValue, Holding};
use kubepki_core::spec::preset::{PRESETS, Preset};
use kubepki_core::spec::{Draft, Field};
use kubepki_core::view::cis::{State, checks};
use kubepki_core::view::files::flag_text;
use kubepki_issuance::Pki;
use kubepki_issuance::archive::planned_path;
use kubepki_issuance::inspect::inspect;
use kubepki_rehearsal::Published;
use kubepki_study::audit::{Audited, html};

use crate::support::issued;

/// What a reader reads of the page: its text, without what only tells where a line may break.
fn page(draft: &Draft, pki: &Pki) -> String {
    let published = Published::of(pki);
    let of = Audited { plan: &pki.plan, draft, issued_at: pki.issued_at, tool_version: "1.2.3", published: &published };
    html(of).expect("a page").replace("<wbr>", "")
}

#[test]
fn every_certificate_flag_key_and_deviation_of_every_preset_is_in_it() {
    for preset in PRESETS {
        let mut draft = preset.draft();
        let pki = issued(&mut draft);
        let (plan, page) = (&pki.plan, page(&draft, &pki));
        let says = |text: &str| assert!(page.contains(text), "{}: {text}", preset.name);
        for (index, cert) in pki.certs.iter().enumerate() {
            says(&format!("<code>{}</code>", plan.key_of(index)));
            let Some(der) = &cert.der else { continue };
            // Read by another reader than the page's.
            let facts = inspect(der).expect("a certificate");
            let sans = if facts.sans.is_empty() { "none".to_owned() } else { facts.sans.join(", ") };
            for text in [facts.subject, facts.serial, facts.fingerprint, sans, facts.key] {
                says(&text);
            }
        }
        for flag in plan.flags.iter().filter(|flag| flag.cert.is_some()) {
            let FlagValue::Set(path) = &flag.value else { continue };
            says(&format!("<code>{}={path}</code>", flag_text(flag.row)));
        }
        let mut places = 0;
        for file in plan.files.iter().filter(|file| file.content.holding.is_secret()) {
            says(&format!("<td><code>{}</code>", planned_path(plan, file.root, &file.path)));
            places += 1;
        }
        assert_eq!(page.matches("<td><span class=\"tick\"><i></i></span></td>").count(), places, "{}", preset.name);
        let failing = checks(plan).into_iter().filter(|one| one.state == State::Fail);
        assert_eq!(page.matches("role=\"textbox\"").count(), failing.clone().count());
        failing.for_each(|one| says(&format!("id=\"cis-{}\"", one.row.id)));
        assert!(!page.contains("PRIVATE") && !page.contains("<script") && !page.contains("<p/>"));
    }
}

#[test]
fn keys_kept_off_the_nodes_and_files_without_a_flag_are_named() {
    let mut draft = Preset::named("ha-stacked").expect("preset").draft();
    draft.set_text(Field::CaKeys, "offNode");
    let pki = issued(&mut draft);
    let page = page(&draft, &pki);
    assert!(page.contains("<td><code>offline-ca/ca.key</code>"));
    assert!(page.contains("<code>certificate-authority-data in /etc/kubernetes/admin.conf</code>"));
    let admin = pki.plan.files.iter().find(|file| file.path.ends_with("super-admin.conf")).expect("a kubeconfig");
    assert_eq!(admin.content.holding, Holding::Kubeconfig);
    assert!(
        page.contains(
            "<th scope=\"row\">no flag<small> on cp-1</small></th><td><code>/etc/kubernetes/super-admin.conf"
        )
    );
}

#[test]
fn alike_nodes_stand_in_one_row() {
    let mut draft = Preset::named("ha-stacked").expect("preset").draft();
    let pki = issued(&mut draft);
    let row = "<th scope=\"row\">kube-apiserver<small> on cp-1, cp-2, cp-3</small></th><td><code>--client-ca-file=/etc/kubernetes/pki/ca.crt</code>";
    assert_eq!(page(&draft, &pki).matches(row).count(), 1);
}

#[test]
fn what_was_not_handed_over_is_an_error_that_names_it() {
    let mut draft = Preset::named("single").expect("preset").draft();
    let pki = issued(&mut draft);
    let mut published = Published::of(&pki);
    let of = |published: &[Published]| {
        html(Audited { plan: &pki.plan, draft: &draft, issued_at: pki.issued_at, tool_version: "1.2.3", published })
            .expect_err("an error")
    };
    let sa = pki.plan.find("sa", None).expect("a key pair");
    let whole = std::mem::take(&mut published[0].certificate);
    assert!(of(&published).starts_with("ca@cluster is no certificate"));
    published[0].certificate = whole;
    published.truncate(sa);
    assert_eq!(of(&published), "sa@cluster was not handed over");
}

#[test]
fn what_the_users_own_file_sets_is_for_somebody_to_look_at_and_never_satisfied() {
    let mut draft = Preset::named("single").expect("preset").draft();
    draft.set_list(
        Field::AlsoSets,
        ["kube-apiserver --authorization-mode", "kube-apiserver --etcd-cafile"].map(str::to_owned).to_vec(),
    );
    let pki = issued(&mut draft);
    let page = page(&draft, &pki);
    let line =
        page.split("Satisfied by the design: ").nth(1).and_then(|rest| rest.split("</p>").next()).expect("a list");
    let look = page.split("id=\"look\"").nth(1).expect("the part");
    for id in ["1.2.6", "1.2.7", "1.2.8", "1.2.26"] {
        assert!(!line.split(", ").any(|one| one.trim_end_matches('.') == id), "{id}: {line}");
        assert!(look.contains(&format!("<code>{id}</code>")), "{id}");
    }
    assert!(look.contains("your own kubeadm file sets kube-apiserver --authorization-mode: look there"));
    assert!(page.contains("--etcd-cafile, which your own kubeadm file sets: look there. Planned: "), "{page}");
}
