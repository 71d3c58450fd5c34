//! `README.md` and manifests of every part: what goes where, what is in it, and nothing that would not work.

use std::collections::BTreeMap;

use kubepki_core::spec::Field;
use kubepki_issuance::archive::{Selection, entries};

use crate::scratch::{draft, issued, meta};

const NOW: i64 = 1_795_466_341;
const MANUAL: &[(Field, &str)] = &[(Field::Start, "manual"), (Field::KubeletClient, "issued")];
const OFF_NODE: &[(Field, &str)] = &[(Field::CaKeys, "offNode")];

/// The texts of a selection by their paths.
fn texts(preset: &str, fields: &[(Field, &str)], selection: Selection) -> BTreeMap<String, String> {
    let draft = draft(preset, fields);
    let pki = issued(&draft, NOW);
    let found = entries(&pki, meta(&draft), selection).filter_map(|entry| {
        let text = String::from_utf8(entry.bytes?.expose().to_vec()).expect("text");
        Some((entry.path, text))
    });
    found.collect()
}

fn readme(preset: &str, fields: &[(Field, &str)], selection: Selection) -> String {
    texts(preset, fields, selection).remove("README.md").expect("a README")
}

#[test]
fn no_node_gets_more_than_its_own() {
    for fields in [&[][..], MANUAL, OFF_NODE] {
        for selection in [Selection::Whole, Selection::WithoutCaKeys] {
            let (texts, name) = (texts("ha-stacked", fields, selection), selection.name(&plan(fields)));
            let readme = &texts["README.md"];
            assert!(
                !readme.contains(&format!("unzip {name}.zip")) && !readme.contains(&format!("-o {name}.zip")),
                "{readme}"
            );
            let made = format!("kubepki export --part bundles --out prod-eu-pki-bundles {name}.zip\n");
            assert!(
                readme.contains(&made) && readme.contains("stays here, packed: no node gets it"),
                "{made}: {readme}"
            );
            assert!(readme.contains("under “One node”"), "{readme}");
            for node in ["cp-1", "cp-2", "cp-3", "w-1"] {
                assert!(
                    readme.contains(&format!("scp -q prod-eu-pki-bundles/prod-eu-pki-{node}.zip root@")),
                    "{readme}"
                );
            }
        }
    }
}

fn plan(fields: &[(Field, &str)]) -> kubepki_core::Plan {
    kubepki_core::plan::plan(&kubepki_core::spec::parse(&draft("ha-stacked", fields)).0.expect("a design"))
}

#[test]
fn a_bundle_speaks_of_its_node() {
    for fields in [&[][..], MANUAL, OFF_NODE] {
        let bundle = readme("ha-stacked", fields, Selection::Node(1));
        assert!(bundle.contains("\nThis bundle is node cp-2's"), "{bundle}");
        assert!(bundle.contains("unzip -q -o prod-eu-pki-cp-2.zip\ncd prod-eu-pki-cp-2\n"), "{bundle}");
        for whole in ["prod-eu-pki.zip", "kubepki export", "nodes/NODE/", "$NODE", "one file a node", "### 1. Here"] {
            assert!(!bundle.contains(whole), "{whole}: {bundle}");
        }
        for heading in bundle.lines().filter(|line| line.starts_with("### ")) {
            assert!(heading.contains(". On cp-2: "), "{heading}");
        }
    }
    // What must be done elsewhere first is said where it is waited for.
    let worker = readme("ha-stacked", &[], Selection::Node(3));
    let join = worker.split("### ").find(|step| step.contains("On w-1: join")).expect("it joins");
    assert!(join.contains("Before it: ") && join.contains("On cp-1: start the first control plane"), "{join}");
}

/// Names, addresses and serial numbers of the other nodes are no business of a node.
#[test]
fn a_bundle_lists_what_is_in_it_alone() {
    for (node, name) in [(1, "cp-2"), (3, "w-1")] {
        let texts = texts("ha-stacked", MANUAL, Selection::Node(node));
        for list in ["inventory.json", "inventory.csv"] {
            let text = &texts[list];
            for other in ["cp-1", "cp-2", "cp-3", "w-1"].iter().filter(|other| **other != name) {
                assert!(!text.contains(other), "{list} of {name} says {other}: {text}");
            }
            assert!(text.contains(&format!("kubelet.conf@{name}")), "{text}");
        }
        assert!(texts["inventory.json"].contains(&format!("\"part\": \"node:{name}\"")), "{}", texts["inventory.json"]);
    }
    assert!(!texts("ha-stacked", &[], Selection::Whole)["inventory.json"].contains("\"part\""));
}

/// What is counted is what is there.
#[test]
fn counts_are_of_what_is_here() {
    for (selection, expected) in [
        (Selection::Whole, "35 certificates and 36 private keys in all."),
        (Selection::WithoutCaKeys, "35 certificates and 33 private keys."),
        (Selection::CaKeys, "3 certificates and 3 private keys."),
        // Three CAs, seven pairs and three kubeconfigs of its own; the key of service accounts has no certificate.
        (Selection::Node(1), "13 certificates and 14 private keys."),
        (Selection::Node(3), "0 certificates and 0 private keys."),
    ] {
        let text = readme("ha-stacked", &[], selection);
        assert!(text.contains(&format!(", {expected}\n")), "{selection:?}: {expected}: {text}");
    }
    let plan = issued(&draft("course", &[]), NOW).plan;
    let all = format!("{} certificates and {} private keys in all.", plan.certificate_count(), plan.key_count());
    assert!(readme("course", &[], Selection::Whole).contains(&all), "{all}");
}

/// A controller manager that is told of a key that is not there does not start.
#[test]
fn no_manifest_names_a_file_that_was_left_out() {
    for (preset, fields) in [
        ("ha-stacked", MANUAL),
        ("ha-stacked", &[][..]),
        ("ha-stacked", OFF_NODE),
        ("ha-external", MANUAL),
        ("course", &[][..]),
        ("course", &[(Field::Trust, "separate")][..]),
    ] {
        for selection in [Selection::Whole, Selection::WithoutCaKeys, Selection::Node(0)] {
            let texts = texts(preset, fields, selection);
            let mut seen = 0;
            for (path, text) in texts.iter().filter(|(path, _)| path.starts_with("manifests/")) {
                let node = path.split('/').nth(1).expect("a node");
                for line in text.lines().filter(|line| line.contains("--") && line.contains(".key")) {
                    let file = line.split('=').nth(1).expect("a value").trim_end_matches([' ', '\\']);
                    seen += 1;
                    let there = texts.contains_key(&format!("nodes/{node}{file}"));
                    assert!(there, "{preset} {selection:?}: {path} names {file}, which is not there");
                }
            }
            assert!(seen > 5, "{preset} {selection:?}: flags were looked at");
        }
    }
}

#[test]
fn where_nobody_signs_it_is_said_and_no_one_is_told_to_join() {
    let heading = "## No certificate request is signed in this cluster\n";
    let bootstrap = &[(Field::Start, "manual"), (Field::KubeletClient, "bootstrap")][..];
    for (fields, selection) in [
        (OFF_NODE, Selection::Whole),
        (OFF_NODE, Selection::WithoutCaKeys),
        (OFF_NODE, Selection::Node(1)),
        (OFF_NODE, Selection::Node(3)),
        (&[][..], Selection::WithoutCaKeys),
        (bootstrap, Selection::WithoutCaKeys),
    ] {
        let texts = texts("ha-stacked", fields, selection);
        let readme = &texts["README.md"];
        assert!(readme.contains(heading), "{selection:?}: {readme}");
        assert!(readme.contains("**Warning: these nodes cannot join as they are: "), "{selection:?}: {readme}");
        assert!(readme.contains("system:node:NODE"), "{selection:?}: what is needed instead: {readme}");
        for file in ["README.md", "install.sh"] {
            for wrong in ["kubeadm join --config", "bootstrap-token-", "set-credentials bootstrap"] {
                assert!(!texts[file].contains(wrong), "{selection:?}: {file} says {wrong}");
            }
        }
        if selection != Selection::Node(1) || fields == OFF_NODE {
            assert!(texts["install.sh"].contains("cannot join as it is"), "{selection:?}");
        }
    }
    // The init node has its kubelet's certificate, and only so long.
    let first = readme("ha-stacked", OFF_NODE, Selection::Node(0));
    assert!(first.contains(heading) && first.contains("cut off on 2027-11-23"), "{first}");
    assert!(first.contains("kubeadm init --config kubeadm/cp-1.yaml") && !first.contains("Warning"), "{first}");
    // By hand each kubelet has one: nothing hinders it from joining.
    let by_hand = readme("ha-stacked", MANUAL, Selection::WithoutCaKeys);
    assert!(by_hand.contains(heading) && !by_hand.contains("cannot join"), "{by_hand}");
    for selection in [Selection::Whole, Selection::Node(3)] {
        let text = readme("ha-stacked", &[], selection);
        assert!(!text.contains(heading) && text.contains("kubeadm join"), "{selection:?}: {text}");
    }
}

#[test]
fn options_of_the_scripts_are_described() {
    let text = readme("ha-stacked", &[], Selection::Node(0));
    for option in ["./verify.sh --node cp-1 --root /", "--live", "--warn 60", "Exit status: 0"] {
        assert!(text.contains(option), "{option}: {text}");
    }
}
