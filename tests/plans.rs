//! Golden plans: every design as text, and what changes on both sides of every version bound and for every form of
//! an endpoint.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kubepki_core::Draft;
use kubepki_core::spec::version::RELEASES;
use kubepki_core::spec::{Field, KubeVersion};
use support::{design, golden, plan_text};

fn rendered(draft: &Draft) -> String {
    plan_text::render(&kubepki_core::plan::plan(&design::spec(draft)))
}

#[test]
fn every_design_has_the_plan_that_was_read() {
    for name in design::all() {
        golden::check(&format!("plans/{name}.txt"), &plan_text::render(&design::plan(&name)));
    }
}

#[test]
fn every_golden_plan_is_of_a_design() {
    let folder = design::tests_folder().join("golden/plans");
    let names: BTreeSet<String> = design::all().into_iter().map(|name| format!("{name}.txt")).collect();
    for entry in std::fs::read_dir(folder).expect("golden plans are there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(names.contains(&name), "golden/plans/{name} is of no design");
    }
}

/// Certificates and keys as people count them: three CAs; per control plane the API server's pair, its three client
/// pairs, three etcd pairs, admin, controller manager, scheduler and kubelet; super-admin and sa once.
#[test]
fn counts() {
    for (name, certificates, keys) in
        [("single", 15, 16), ("ha-stacked-manual", 38, 39), ("ha-stacked", 35, 36), ("ha-external-manual", 42, 43)]
    {
        let plan = design::plan(name);
        assert_eq!((plan.certificate_count(), plan.key_count()), (certificates, keys), "{name}");
    }
}

/// Versions on both sides of every bound that kubeadm or this catalog knows, and the first and last patch of every
/// minor. Between two neighbours either nothing changes or the golden file says what.
#[test]
fn versions() {
    let bounds = [(33, 11), (33, 12), (34, 7), (34, 8), (35, 4), (35, 5), (36, 0), (36, 1)];
    let ends = RELEASES.iter().flat_map(|release| [(release.minor, 0), (release.minor, release.patch)]);
    let versions: BTreeSet<(u16, u16)> = ends.chain(bounds).collect();
    let at = |design: &str, (minor, patch): (u16, u16)| {
        let mut draft = design::draft(design);
        draft.set_text(Field::KubernetesVersion, KubeVersion::new(minor, patch).to_string());
        rendered(&draft)
    };
    // Init node, joining control plane and worker; stacked and external etcd; by kubeadm and by hand.
    for design in ["versions", "versions-external-manual"] {
        let mut out = String::new();
        let versions: Vec<(u16, u16)> = versions.iter().copied().collect();
        for pair in versions.windows(2) {
            let changes = golden::difference(&at(design, pair[0]), &at(design, pair[1]));
            // The first line names the version itself.
            let changes: Vec<&str> = changes.lines().filter(|line| !line.contains(" layout ")).collect();
            let [(minor, patch), (next_minor, next_patch)] = [pair[0], pair[1]];
            let _ = writeln!(out, "v1.{minor}.{patch} → v1.{next_minor}.{next_patch}");
            for line in changes {
                let _ = writeln!(out, "    {line}");
            }
        }
        golden::check(&format!("versions/{design}.txt"), &out);
    }
}

/// What every form of a control-plane endpoint changes against none.
#[test]
fn endpoints() {
    const FORMS: &[&str] = &[
        "api.example.com",
        "api.example.com:443",
        "10.0.0.100",
        "10.0.0.100:8443",
        "192.168.1.10:6443",
        "fd00::100",
        "[fd00::100]",
        "[fd00::100]:8443",
    ];
    let base = design::draft("single");
    let mut out = String::new();
    for form in FORMS {
        let mut draft = base.clone();
        draft.set_text(Field::ControlPlaneEndpoint, *form);
        draft.set_text(Field::ApiServerBindPort, "6444");
        let mut without = base.clone();
        without.set_text(Field::ApiServerBindPort, "6444");
        let _ = writeln!(out, "{form}");
        for line in golden::difference(&rendered(&without), &rendered(&draft)).lines() {
            let _ = writeln!(out, "    {line}");
        }
    }
    golden::check("endpoints.txt", &out);
}
