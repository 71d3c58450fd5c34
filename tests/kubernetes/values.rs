//! Each value of the table that reads kubeadm's files, put to `kubeadm config validate`.

use support::cluster::images::version;
use support::difference::Known;
use support::judged;

use crate::forms::{Ours, says};
use crate::machine::Machine;

/// kubeadm of this version accepts and refuses what kubepki does in a file for this version, and says what the table says.
#[test]
fn kubeadm_accepts_and_refuses_what_the_table_says() {
    let mut known = Known::of_version("kubeadm values");
    let machine = Machine::new("values");
    let values = kubepki_yaml::values(version());
    for value in &values {
        machine.configure(&value.file);
        let said = machine.kubeadm("config validate");
        let (ours, words) = (Ours::of(&value.file).errors, said.both());
        let alike = match (ours.is_empty(), value.refused) {
            (true, _) => said.ok(),
            (false, Some(message)) => !said.ok() && says(&words, message),
            (false, None) => !said.ok() && ours.iter().any(|message| says(&words, message)),
        };
        if !alike {
            known.differs(&value.field, value.value, &format!("kubepki {ours:?}, kubeadm: {words}"));
        }
    }
    println!(
        "kubeadm {}: {} values put to config validate, {} known differences",
        version(),
        values.len(),
        known.met()
    );
    known.finish();
    judged::saw("kubeadm", version(), "values", &[("values", values.len())]);
}
