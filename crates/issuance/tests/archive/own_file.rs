//! An export of a design that was read from the user's own kubeadm file: it says which file to run kubeadm with.

use std::fs;

use kubepki_core::spec::Field;
use kubepki_issuance::archive::Selection;

use crate::scratch::{Scratch, draft, issued, now, run, said};

const LEFT_OUT: [&str; 2] = ["kube-apiserver --encryption-provider-config", "kubeadm skipPhases"];

#[test]
fn after_an_import_kubeadm_is_run_with_the_users_own_file_and_what_was_left_out_is_named() {
    let mut draft = draft("ha-stacked", &[]);
    draft.set_list(Field::AlsoSets, LEFT_OUT.map(str::to_owned).to_vec());
    let pki = issued(&draft, now());
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::Whole);
    let read = |path: &str| fs::read_to_string(top.join(path)).expect("it is in the export");
    let readme = read("README.md");
    for words in ["kubeadm init --config YOUR-OWN-FILE.yaml", "kubeadm join --config YOUR-OWN-FILE.yaml", "to compare"]
    {
        assert!(readme.contains(words), "{words}\n{readme}");
    }
    assert!(!readme.contains("--config kubeadm/") && !readme.contains("kubeadm join api."), "{readme}");
    for entry in LEFT_OUT {
        assert!(readme.contains(entry), "{entry}\n{readme}");
        for node in ["cp-1", "cp-2", "w-1"] {
            let file = read(&format!("kubeadm/{node}.yaml"));
            assert!(file.lines().any(|line| line.starts_with("# Not said below: ") && line.contains(entry)), "{file}");
        }
    }
    // The script that installs says the same at its end.
    let script = read("install.sh");
    assert!(script.contains("YOUR-OWN-FILE.yaml") && !script.contains("--config kubeadm/"), "{script}");
    assert!(
        run(&top, "sh", &["-n", "install.sh"]).status.success(),
        "{}",
        said(&run(&top, "sh", &["-n", "install.sh"]))
    );
}

#[test]
fn without_an_import_nothing_is_said_of_another_file() {
    let draft = draft("ha-stacked", &[]);
    let scratch = Scratch::new();
    let top = scratch.unpack(&issued(&draft, now()), &draft, Selection::Whole);
    let readme = fs::read_to_string(top.join("README.md")).expect("it is in the export");
    assert!(
        !readme.contains("own kubeadm file") && readme.contains("kubeadm init --config kubeadm/cp-1.yaml"),
        "{readme}"
    );
}
