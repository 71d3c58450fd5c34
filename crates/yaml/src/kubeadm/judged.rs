//! kubeadm itself on the table's values: `cargo xtask test kubernetes` runs this.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::process::Command;

use super::rows::ROWS;
use super::tests::file;

/// What kubeadm says to a file: whether it accepts it, and its words.
fn validate(name: &str, text: &str) -> (bool, String) {
    let components = env::var_os("KUBEPKI_KUBERNETES").expect("cargo xtask test kubernetes sets KUBEPKI_KUBERNETES");
    let path = env::temp_dir().join(format!("{name}.yaml"));
    fs::write(&path, text).expect("a temporary file");
    let out = Command::new(components).args(["kubeadm", "config", "validate", "--config"]).arg(&path).output();
    let out = out.expect("the components run");
    let _ = fs::remove_file(path);
    (out.status.success(), String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
}

/// Where `kubeadm config validate` says something else to a row's value, and why that is right. One that vanishes fails.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        "kubernetesVersion",
        "v1.20.0",
        "each kubeadm sets up its own minor and the one before; kubepki names the versions that it knows",
    ),
    (
        "apiServer.extraArgs",
        "{tls-min-version: VersionTLS13}",
        "Go names the struct of its own source in which the field stands, kubepki the field of the file",
    ),
    ("featureGates.PublicKeysECDSA", "false", "gone with the API v1beta3, which kubeadm read until 1.36"),
    ("featureGates.PublicKeysECDSA", "'maybe'", "Go names the mapping, kubepki its entry"),
    ("featureGates.ControlPlaneKubeletLocalMode", "true", "always on and no gate any more since 1.36"),
    (
        "bootstrapTokens.*.expires",
        "'2030-01-01T00:00:00Z'",
        "kubeadm gives a token 24 hours where it says no ttl, and refuses that beside a moment: it wants ttl: 0s with it",
    ),
    (
        "nodeRegistration.kubeletExtraArgs",
        "[{name: node-ip, value: here}]",
        "kubeadm hands it on; the kubelet refuses it",
    ),
    ("discovery.bootstrapToken.caCertHashes", "['md5:00']", "kubeadm join refuses it when it looks for the cluster"),
    ("tlsMinVersion", "TLS1.3", "kubeadm hands it on; the kubelet refuses it"),
    ("tlsCipherSuites", "[AES]", "kubeadm hands it on; the kubelet refuses it"),
];

#[test]
#[ignore = "cargo xtask test kubernetes builds kubeadm and runs this"]
fn kubeadm_accepts_and_refuses_what_the_table_says() {
    let mut differs = Vec::new();
    let mut met = BTreeSet::new();
    for (index, row) in ROWS.iter().enumerate() {
        for (value, wanted) in [(row.accepted, None), (row.refused, Some(row.message))] {
            let (accepted, said) = validate(&format!("kubepki-{}-{index}", std::process::id()), &file(row, value).0);
            let alike = match wanted {
                None => accepted,
                Some(message) => !accepted && said.contains(message),
            };
            if alike {
                continue;
            }
            match KNOWN.iter().position(|(path, known, _)| (*path, *known) == (row.path, value)) {
                Some(known) => drop(met.insert(known)),
                None => differs.push(format!("{} {}: {value}: {wanted:?}\n{said}", row.kind.word(), row.path)),
            }
        }
    }
    let vanished = KNOWN.iter().enumerate().filter(|(index, _)| !met.contains(index));
    differs.extend(vanished.map(|(_, (path, value, _))| format!("{path}: {value}: no difference any more")));
    println!("{} values put to kubeadm config validate, {} known differences", ROWS.len() * 2, KNOWN.len());
    assert!(differs.is_empty(), "{}", differs.join("\n"));
}
