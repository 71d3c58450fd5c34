//! `verify.sh` when time has passed, when the clock is wrong, and how it says what to do: one remedy for one cause.

use std::fs;
use std::path::Path;

use kubepki_core::spec::Field;
use kubepki_issuance::archive::Selection;

use crate::scratch::{Scratch, draft, issued, now, run, said};

const DAY: i64 = 86_400;
const YEAR: i64 = 365 * DAY;
const HOUR: i64 = 3600;

/// What the script says of an export of some age, and its exit status.
fn aged(
    preset: &str,
    fields: &[(Field, &str)],
    selection: Selection,
    age: i64,
    args: &[&str],
) -> (Option<i32>, String) {
    let draft = draft(preset, fields);
    let scratch = Scratch::new();
    let top = scratch.unpack(&issued(&draft, now() - age), &draft, selection);
    let output = run(&top, "dash", &[&["verify.sh"], args].concat());
    (output.status.code(), said(&output))
}

fn remedies(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("mend: ")).collect()
}

#[test]
fn what_has_expired_is_renewed_by_the_same_ca() {
    let kubeadm = "kubeadm certs renew all, on each control plane";
    let by_hand = "issue it again with the same CA, where that CA's private key is";
    let kubelet = "the kubelet renews it while the cluster runs";
    let manual = &[(Field::Start, "manual"), (Field::KubeletClient, "issued")][..];
    for (preset, fields, selection, ways) in [
        ("ha-stacked", &[][..], Selection::Whole, &[kubeadm, kubelet][..]),
        ("ha-stacked", &[][..], Selection::Node(1), &[kubeadm][..]),
        ("ha-stacked", &[][..], Selection::WithoutCaKeys, &[by_hand][..]),
        ("ha-stacked", manual, Selection::Whole, &[kubeadm, by_hand][..]),
        ("ha-external", &[][..], Selection::Whole, &[kubeadm, by_hand, kubelet][..]),
        ("ha-stacked", &[(Field::CaKeys, "offNode")][..], Selection::Whole, &[by_hand][..]),
        ("course", &[][..], Selection::Whole, &[by_hand][..]),
    ] {
        let (code, text) = aged(preset, fields, selection, YEAR + DAY, &[]);
        assert_eq!(code, Some(1), "{text}");
        assert!(!text.contains("kubepki generate") && !text.contains("unzip -o"), "{preset}: no new CAs: {text}");
        assert!(text.lines().filter(|line| line.contains(": has expired on ")).count() > 8, "{preset}: {text}");
        let mut found = remedies(&text);
        found.sort_unstable();
        let mut ways = ways.to_vec();
        ways.sort_unstable();
        assert_eq!(found.len(), ways.len(), "{preset} {selection:?}: one remedy for one cause: {found:#?}");
        assert!(found.iter().zip(&ways).all(|(one, way)| one.starts_with(way)), "{preset}: {found:#?}");
        let suspect = text.find("First suspect: this machine's clock.").expect("the clock is suspected");
        assert!(suspect < text.find("BAD ").expect("a fault"), "{preset}: first: {text}");
    }
}

#[test]
fn before_its_time_the_clock_is_to_blame() {
    let (code, text) = aged("ha-stacked", &[], Selection::Whole, -2 * DAY, &[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.lines().nth(1).is_some_and(|line| line.starts_with("First suspect: this machine's clock.")), "{text}");
    assert!(text.contains("none of the "), "{text}");
    let found = remedies(&text);
    assert!(found.len() == 1 && found[0].contains("clock"), "{found:#?}");
}

/// One certificate among many that ended is no matter of clocks.
#[test]
fn a_single_certificate_that_ended_is_named_alone() {
    let draft = draft("single", &[]);
    let [good, old] = [0, 2 * YEAR].map(|age| issued(&draft, now() - age));
    let scratch = Scratch::new();
    let top = scratch.unpack(&good, &draft, Selection::Whole);
    let file = "nodes/cp-1/etc/kubernetes/pki/front-proxy-client.crt";
    let other = Scratch::new();
    fs::copy(other.unpack(&old, &draft, Selection::Whole).join(file), top.join(file)).expect("copied");
    let sums = run(
        &top,
        "sh",
        &["-c", &format!("sed -i '/front-proxy-client.crt/d' SHA256SUMS && sha256sum {file} >> SHA256SUMS")],
    );
    assert!(sums.status.success());
    let output = run(&top, "dash", &["verify.sh"]);
    let text = said(&output);
    assert!(!text.contains("First suspect"), "{text}");
    assert!(text.contains(&format!("BAD {file}: has expired on ")), "{text}");
    assert_eq!(remedies(&text).len(), 1, "{text}");
    // The certificate and the connection that shows it.
    assert!(text.ends_with("2 things do not hold.\n"), "{text}");
}

#[test]
fn faults_are_counted_as_people_count() {
    let draft = draft("single", &[]);
    let scratch = Scratch::new();
    let top = scratch.unpack(&issued(&draft, now()), &draft, Selection::Whole);
    fs::write(top.join("design.yaml"), "").expect("written");
    let text = said(&run(&top, "dash", &["verify.sh"]));
    assert!(text.ends_with("1 thing does not hold.\n"), "{text}");
}

/// Nothing is refused without a reason.
/// A certificate is overwritten by another one, and its key is as it was: putting back the key would help nobody.
#[test]
fn of_a_pair_that_does_not_fit_the_one_that_was_changed_is_put_back() {
    let draft = draft("ha-stacked", &[]);
    let pki = issued(&draft, now());
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::Whole);
    let root = Scratch::new();
    let installed = run(&top, "sh", &["install.sh", "--node", "cp-1", "--root", &root.path().display().to_string()]);
    assert!(installed.status.success(), "{}", said(&installed));
    let overwrite = |folder: &Path| {
        let pki = folder.join("etc/kubernetes/pki");
        for (from, to) in [("etcd/peer.crt", "etcd/server.crt"), ("apiserver.key", "sa.key")] {
            fs::copy(pki.join(from), pki.join(to)).expect("overwritten");
        }
    };
    let (here, place) = (top.join("nodes/cp-1"), root.path().display().to_string());
    for (folder, args) in
        [(root.path(), &["verify.sh", "--node", "cp-1", "--root", &place][..]), (&here, &["verify.sh"])]
    {
        overwrite(folder);
        let output = run(&top, "dash", args);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("server.key: is not the private key of "), "{text}");
        assert!(text.contains("sa.pub: is not the public key of "), "{text}");
        let found = remedies(&text);
        let of = |file: &str| found.iter().filter(|one| one.contains(file)).count();
        assert_eq!((of("etcd/server.crt"), of("pki/sa.key")), (1, 1), "{text}");
        assert_eq!((of("server.key"), of("sa.pub")), (0, 0), "{text}");
    }
}

#[test]
fn of_a_node_without_files_nothing_is_said_to_hold() {
    let draft = draft("ha-stacked", &[]);
    let pki = issued(&draft, now());
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::Whole);
    let text = said(&run(&top, "dash", &["verify.sh", "--node", "w-1"]));
    assert!(text.ends_with("Nothing was read of w-1: this PKI has no files for it.\n"), "{text}");
}

#[test]
fn every_verdict_has_a_reason() {
    let draft = draft("single", &[]);
    let scratch = Scratch::new();
    let top = scratch.unpack(&issued(&draft, now()), &draft, Selection::Whole);
    let path = top.join("nodes/cp-1/etc/kubernetes/kubelet.conf");
    let text = fs::read_to_string(&path).expect("a kubeconfig");
    let data = text.lines().find(|line| line.contains("client-certificate-data: ")).expect("a certificate");
    fs::write(&path, text.replace(data, "    client-certificate-data: QUJD")).expect("written");
    let text = said(&run(&top, "dash", &["verify.sh"]));
    assert!(text.contains("kubelet.conf: holds no readable certificate"), "{text}");
    let empty = text.lines().find(|line| line.contains(":  (") || line.trim_end().ends_with(':'));
    assert_eq!(empty, None, "{text}");
}

#[test]
fn what_ends_soon_is_warned_of() {
    let whole = |age: i64, args: &[&str]| aged("ha-stacked", &[], Selection::Whole, age, args);
    let (code, text) = whole(YEAR - 20 * DAY + HOUR, &[]);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("\nwarn nodes/cp-1/etc/kubernetes/pki/apiserver.crt: ends in 19 days, on "), "{text}");
    assert!(text.contains("\nok  kube-apiserver → etcd  ") && text.contains("Everything holds.\n"), "{text}");
    assert!(text.ends_with("certificates end within 30 days.\n"), "{text}");
    assert_eq!(remedies(&text).len(), 2, "one way for what kubeadm renews, one for kubelets: {text}");
    for (days, expected) in [("10", 0), ("0", 0), ("25", 3)] {
        let (code, text) = whole(YEAR - 20 * DAY + HOUR, &["--warn", days]);
        assert_eq!(code, Some(expected), "--warn {days}: {text}");
        assert_eq!(text.contains("warn "), expected == 3, "--warn {days}: {text}");
    }
    assert_eq!(whole(0, &[]).0, Some(0));
    assert_eq!(whole(0, &["--warn", "400"]).0, Some(3));
    for wrong in [&["--warn"][..], &["--warn", "soon"], &["--warn", "-1"], &["--warn", "1.5"], &["--warn", "0900"]] {
        assert_eq!(whole(0, wrong).0, Some(2), "{wrong:?}");
    }
}

/// Names in SHA256SUMS are names of files, whatever they look like.
#[test]
fn sums_cannot_carry_options() {
    let draft = draft("single", &[]);
    let pki = issued(&draft, now());
    let sum = "a".repeat(64);
    for name in ["-out", "/etc/hostname", "../elsewhere", "nodes/../../elsewhere", "nodes/cp-1/-out", "'a b'"] {
        let scratch = Scratch::new();
        let top = scratch.unpack(&pki, &draft, Selection::Whole);
        let target = scratch.path().join("written");
        let sums = fs::read_to_string(top.join("SHA256SUMS")).expect("sums");
        fs::write(top.join("SHA256SUMS"), format!("{sum}  {name}\n{sum}  {}\n{sums}", target.display()))
            .expect("written");
        let output = run(&top, "dash", &["verify.sh"]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{name}: {text}");
        assert!(text.contains("BAD SHA256SUMS: has lines that no export has") && text.contains(name), "{name}: {text}");
        assert!(!target.exists(), "{name}: openssl was told to write");
    }
    // A line that is gone hides nothing.
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::Whole);
    let sums = fs::read_to_string(top.join("SHA256SUMS")).expect("sums");
    let fewer: String = sums.lines().filter(|line| !line.ends_with("sa.key")).map(|line| format!("{line}\n")).collect();
    fs::write(top.join("SHA256SUMS"), fewer).expect("written");
    let text = said(&run(&top, "dash", &["verify.sh"]));
    assert!(text.contains("BAD SHA256SUMS: lacks the sum of nodes/cp-1/etc/kubernetes/pki/sa.key"), "{text}");
}
