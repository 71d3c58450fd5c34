//! cfssl and step: the same certificate as their files and flags say it.

use crate::catalog::row::Eku;
use crate::plan::{Plan, PlannedCert};
use crate::spec::{KeyAlgorithm, San};

use super::super::by_hand::{Recipe, base};
use super::shell::quoted;

/// What cfssl and step are told; nothing for a bare key pair, which neither makes.
pub(super) fn recipes(plan: &Plan, index: usize) -> Vec<Recipe> {
    match plan.certs[index].subject {
        Some(_) => {
            vec![Recipe { tool: "cfssl", text: cfssl(plan, index) }, Recipe { tool: "step", text: step(plan, index) }]
        }
        None => Vec::new(),
    }
}

fn names(cert: &PlannedCert) -> Vec<String> {
    let name = |san: &San| match san {
        San::Dns(name) => name.clone(),
        San::Ip(address) => address.to_string(),
    };
    cert.sans.iter().map(name).collect()
}

fn hours(cert: &PlannedCert) -> i64 {
    (cert.lifetime.seconds / 3_600).max(1)
}

fn list(words: impl IntoIterator<Item = String>) -> String {
    words.into_iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// CSR and profile (cfssl: doc/cmd/cfssl.txt). The CA's own files come from its recipe.
fn cfssl(plan: &Plan, index: usize) -> String {
    let cert = &plan.certs[index];
    let name = base(plan, index);
    let (common_name, organizations) = match &cert.subject {
        Some(subject) => (subject.common_name.as_str(), subject.organizations.as_slice()),
        None => ("", &[][..]),
    };
    let key = match cert.key {
        KeyAlgorithm::EcdsaP256 => "{\"algo\": \"ecdsa\", \"size\": 256}".to_owned(),
        KeyAlgorithm::EcdsaP384 => "{\"algo\": \"ecdsa\", \"size\": 384}".to_owned(),
        rsa => format!("{{\"algo\": \"rsa\", \"size\": {}}}", rsa.bits()),
    };
    let organizations: Vec<String> = organizations.iter().map(|one| format!("{{\"O\": \"{one}\"}}")).collect();
    let mut csr =
        format!("{{\n  \"CN\": \"{common_name}\",\n  \"key\": {key},\n  \"names\": [{}]", organizations.join(", "));
    csr += &format!(",\n  \"hosts\": [{}]", list(names(cert)));
    let Some(issuer) = cert.issuer else {
        csr += &format!(",\n  \"ca\": {{\"expiry\": \"{}h\"}}\n}}", hours(cert));
        return format!(
            "cat > {name}-csr.json <<'END'\n{csr}\nEND\ncfssl gencert -initca {name}-csr.json | cfssljson -bare {name}"
        );
    };
    csr += "\n}";
    let usage = |eku: &Eku| match eku {
        Eku::ServerAuth => "server auth",
        Eku::ClientAuth => "client auth",
    };
    let usages = ["signing", "key encipherment"].into_iter().chain(cert.ekus.iter().map(usage)).map(str::to_owned);
    let profile = format!(
        "{{\"signing\": {{\"profiles\": {{\"{name}\": {{\"expiry\": \"{}h\", \"usages\": [{}]}}}}}}}}",
        hours(cert),
        list(usages)
    );
    let ca = base(plan, issuer);
    format!(
        "cat > {name}-csr.json <<'END'\n{csr}\nEND\ncat > {name}-config.json <<'END'\n{profile}\nEND\ncfssl gencert -ca {ca}.pem \
         -ca-key {ca}-key.pem -config {name}-config.json -profile {name} {name}-csr.json | cfssljson -bare {name}"
    )
}

/// A template and the command (smallstep: step certificate create --help).
fn step(plan: &Plan, index: usize) -> String {
    let cert = &plan.certs[index];
    let name = base(plan, index);
    let (common_name, organizations) = match &cert.subject {
        Some(subject) => (subject.common_name.as_str(), subject.organizations.clone()),
        None => ("", Vec::new()),
    };
    let key = match cert.key {
        KeyAlgorithm::EcdsaP256 => "--kty EC --curve P-256".to_owned(),
        KeyAlgorithm::EcdsaP384 => "--kty EC --curve P-384".to_owned(),
        rsa => format!("--kty RSA --size {}", rsa.bits()),
    };
    let subject = format!("{{\"commonName\": \"{common_name}\", \"organization\": [{}]}}", list(organizations));
    // Named in the template: left to `--san`, step takes the subject where there are none.
    let san = |san: &San| match san {
        San::Dns(name) => format!("{{\"type\": \"dns\", \"value\": \"{name}\"}}"),
        San::Ip(address) => format!("{{\"type\": \"ip\", \"value\": \"{address}\"}}"),
    };
    let sans: Vec<String> = cert.sans.iter().map(san).collect();
    let sans = if sans.is_empty() { String::new() } else { format!(", \"sans\": [{}]", sans.join(", ")) };
    // A length of -1 is no limit; left out, it would be none below.
    let (body, signer) = match cert.issuer {
        None => (
            "\"keyUsage\": [\"digitalSignature\", \"keyEncipherment\", \"certSign\"], \"basicConstraints\": {\"isCA\": true, \"maxPathLen\": -1}, \"issuer\": {{ toJson .Subject }}".to_owned(),
            String::new(),
        ),
        Some(issuer) => {
            let ca = base(plan, issuer);
            let ekus = list(cert.ekus.iter().map(|eku| eku.word().to_owned()));
            let usage = format!("\"keyUsage\": [\"digitalSignature\", \"keyEncipherment\"], \"extKeyUsage\": [{ekus}]");
            (usage, format!(" --ca {ca}.crt --ca-key {ca}.key"))
        }
    };
    format!(
        "cat > {name}.tpl <<'END'\n{{\"subject\": {subject}, {body}{sans}}}\nEND\nstep certificate create {} {name}.crt {name}.key \
         --template {name}.tpl{signer} {key} --not-after {}h --no-password --insecure",
        quoted(common_name),
        hours(cert)
    )
}
