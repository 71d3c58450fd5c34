//! `README.md` and manifests of every part: what goes where, what is in it, and nothing that would not work.

use std::collections::BTreeMap;

use kubepki_core::spec::Field;
use kubepki_issuance::archive::{Selection, entries};

use crate::scratch::{Scratch, draft, issued, meta, run, said};

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
        let whole = readme("ha-stacked", fields, Selection::Whole);
        assert!(!whole.contains("unzip prod-eu-pki.zip"), "{whole}");
        assert!(whole.contains("no node gets it. Each node gets its own bundle"), "{whole}");
        for node in ["cp-1", "cp-2", "cp-3", "w-1"] {
            let made = format!("kubepki export --part node:{node} --out prod-eu-pki-{node}.zip prod-eu-pki.zip");
            let begins = format!("- **{node}**: `{made}`");
            assert!(whole.lines().any(|line| line.starts_with(&begins)), "{begins}: {whole}");
        }
        assert!(whole.contains("under “One node”"), "{whole}");
        let part = readme("ha-stacked", fields, Selection::WithoutCaKeys);
        assert!(!part.contains("unzip prod-eu-pki-without-ca-keys.zip"), "{part}");
    }
}

#[test]
fn a_bundle_speaks_of_its_node() {
    for fields in [&[][..], MANUAL, OFF_NODE] {
        let bundle = readme("ha-stacked", fields, Selection::Node(1));
        assert!(bundle.contains("\nThis bundle is node cp-2's"), "{bundle}");
        assert!(bundle.contains("unzip prod-eu-pki-cp-2.zip && cd prod-eu-pki-cp-2"), "{bundle}");
        for whole in
            ["prod-eu-pki.zip", "kubepki export", "nodes/NODE/", "own bundle", "one file a node", "node by node"]
        {
            assert!(!bundle.contains(whole), "{whole}: {bundle}");
        }
        for other in ["**cp-1**", "**w-1**"] {
            assert!(!bundle.contains(other), "{other}: {bundle}");
        }
    }
}

/// What the part without CA keys says of packing a node's files is what works.
#[test]
fn the_part_without_ca_keys_is_taken_apart_by_tar() {
    let draft = draft("ha-stacked", &[]);
    let pki = issued(&draft, crate::scratch::now());
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::WithoutCaKeys);
    let text = readme("ha-stacked", &[], Selection::WithoutCaKeys);
    let begin = "- **cp-2**: `";
    let line = text.lines().find_map(|line| line.strip_prefix(begin)).expect("a line for cp-2");
    let command = line.split('`').next().expect("a command");
    let packed = run(&top, "sh", &["-c", command]);
    assert!(packed.status.success(), "{command}: {}", said(&packed));
    let open = text.lines().find(|line| line.starts_with("mkdir ")).expect("how it is opened");
    let open = open.replace("cp-1", "cp-2");
    let root = scratch.path().join("root");
    std::fs::create_dir(&root).expect("a folder");
    let line = format!("{open} && ./verify.sh --node cp-2 && ./install.sh --node cp-2 --root '{}'", root.display());
    let done = run(scratch.path(), "sh", &["-c", &line]);
    assert!(done.status.success(), "{line}: {}", said(&done));
    assert!(root.join("etc/kubernetes/pki/apiserver.key").is_file());
    let taken = said(&run(scratch.path(), "sh", &["-c", "find prod-eu-pki-cp-2"]));
    assert!(!taken.contains("cp-1") && !taken.contains("w-1") && taken.contains("kubeadm/cp-2.yaml"), "{taken}");
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
            for wrong in ["kubeadm join", "bootstrap-token-ID", "set-credentials bootstrap"] {
                assert!(!texts[file].contains(wrong), "{selection:?}: {file} says {wrong}");
            }
            assert!(texts[file].contains("cannot join as it is"), "{selection:?}: {file}");
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
