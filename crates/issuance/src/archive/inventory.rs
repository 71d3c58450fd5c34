//! `inventory.json` and `inventory.csv`: every certificate as read back from its bytes, and every place where its
//! private key is stored. With the key files beside it, the JSON holds all that making the same archive again needs.

use std::fmt::Write as _;

use kubepki_core::facts::CertFacts;
use kubepki_core::instant;
use kubepki_core::plan::Holding;
use kubepki_core::snippet::value::{Map, Value};

use super::Meta;
use super::entry::planned_path;
use crate::inspect::inspect;
use crate::pki::Pki;

/// Version of the JSON's structure: changes when a reader would have to.
pub const INVENTORY_FORMAT: &str = "kubepki-inventory/v1";

/// The JSON text. Certificates are written one by one: with thousands of nodes the tree of values would be large.
pub(super) fn json(pki: &Pki, meta: &Meta<'_>) -> String {
    let plan = &pki.plan;
    let spec = &plan.spec;
    let head = Map::new()
        .with("format", INVENTORY_FORMAT)
        .with("tool", Map::new().with("name", "kubepki").with("version", meta.tool_version).with("build", meta.build))
        .with("issuedAt", instant::to_rfc3339(pki.issued_at))
        .with("clusterName", spec.cluster_name.as_str())
        .with("kubernetesVersion", spec.version.to_string())
        .with("start", spec.start.word())
        .with("layout", spec.layout.word())
        .with(
            "counts",
            Map::new()
                .with("certificates", count(plan.certificate_count()))
                .with("privateKeys", count(plan.key_count()))
                .with("cas", count(plan.ca_count())),
        );
    let unsigned = plan.unsigned.iter().map(|one| {
        Map::new()
            .with("id", format!("{}@{}", one.row.id, plan.node_name(one.node)))
            .with("title", one.row.title)
            .with("why", one.why)
    });
    let (certs, pairs): (Vec<usize>, Vec<usize>) =
        (0..plan.certs.len()).partition(|&index| plan.certs[index].subject.is_some());
    let places = places(pki);
    let mut out = open(&head.to_json());
    list(&mut out, "certificates", certs.into_iter().map(|index| certificate(pki, index, &places[index])));
    out.push_str(",\n");
    list(&mut out, "keyPairs", pairs.into_iter().map(|index| key_pair(pki, index, &places[index])));
    out.push_str(",\n");
    list(&mut out, "notSignedHere", unsigned);
    out.push_str("\n}\n");
    out
}

fn count(number: usize) -> u64 {
    number as u64
}

/// A JSON object's text, ready for more members.
fn open(text: &str) -> String {
    let mut text = text.trim_end().trim_end_matches('}').trim_end().to_owned();
    text.push_str(",\n");
    text
}

/// A member that is a list of objects.
fn list(out: &mut String, name: &str, items: impl Iterator<Item = Map>) {
    let _ = write!(out, "  \"{name}\": [");
    for (index, item) in items.enumerate() {
        out.push_str(if index == 0 { "\n    " } else { ",\n    " });
        out.push_str(&item.to_json().trim_end().replace('\n', "\n    "));
    }
    out.push_str("\n  ]");
}

/// Where a certificate and its key are stored.
#[derive(Default)]
struct Places {
    files: Vec<Map>,
    paths: Vec<String>,
    keys: Vec<String>,
}

fn places(pki: &Pki) -> Vec<Places> {
    let mut places: Vec<Places> = pki.plan.certs.iter().map(|_| Places::default()).collect();
    for file in &pki.plan.files {
        let place = &mut places[file.content.cert];
        let path = planned_path(&pki.plan, file.root, &file.path);
        if matches!(file.content.holding, Holding::PrivateKey | Holding::Kubeconfig) {
            place.keys.push(path.clone());
        }
        place.paths.push(path.clone());
        let map = Map::new()
            .with("path", path)
            .with("mode", format!("{:04o}", file.mode))
            .with("owner", file.owner)
            .with("holds", file.content.holding.word());
        place.files.push(map);
    }
    places
}

fn certificate(pki: &Pki, index: usize, places: &Places) -> Map {
    let plan = &pki.plan;
    let planned = &plan.certs[index];
    let base = Map::new()
        .with("id", plan.key_of(index))
        .with("kind", planned.kind.word())
        .with("signedBy", plan.key_of(planned.issuer.unwrap_or(index)));
    let Some(facts) = facts(pki, index) else { return base };
    base.with("subject", facts.subject)
        .with("issuer", facts.issuer)
        .with("serial", facts.serial)
        .with("notBefore", instant::to_rfc3339(facts.not_before))
        .with("notAfter", instant::to_rfc3339(facts.not_after))
        .with("sans", facts.sans)
        .with("keyUsage", Value::Short(facts.key_usage))
        .with("extKeyUsage", Value::Short(facts.ekus))
        .with("ca", facts.ca.unwrap_or(false))
        .with("key", facts.key)
        .with("signature", facts.signature)
        .with("sha256", facts.fingerprint)
        .with_some("subjectKeyId", facts.ski)
        .with_some("authorityKeyId", facts.aki)
        .with("publicKeySha256", facts.public_key_hash)
        .with("files", places.files.clone())
        .with("privateKeyIn", places.keys.clone())
}

fn key_pair(pki: &Pki, index: usize, places: &Places) -> Map {
    Map::new()
        .with("id", pki.plan.key_of(index))
        .with("kind", pki.plan.certs[index].kind.word())
        .with("key", pki.plan.certs[index].key.word())
        .with("files", places.files.clone())
        .with("privateKeyIn", places.keys.clone())
}

fn facts(pki: &Pki, index: usize) -> Option<CertFacts> {
    inspect(pki.certs[index].der.as_deref()?).ok()
}

/// The CSV text (RFC 4180 with LF), for a spreadsheet; lists are joined by spaces.
pub(super) fn csv(pki: &Pki) -> String {
    let places = places(pki);
    let mut out = String::from(
        "id,kind,signed by,subject,issuer,SANs,serial,SHA-256 fingerprint,key,signature,not before,not after,files,private key in\n",
    );
    for (index, place) in places.iter().enumerate() {
        let plan = &pki.plan;
        let planned = &plan.certs[index];
        let [files, keys] = [place.paths.join(" "), place.keys.join(" ")];
        let id = plan.key_of(index);
        let row = match facts(pki, index) {
            Some(facts) => [
                id,
                planned.kind.word().to_owned(),
                plan.key_of(planned.issuer.unwrap_or(index)),
                facts.subject,
                facts.issuer,
                facts.sans.join(" "),
                facts.serial,
                facts.fingerprint,
                facts.key,
                facts.signature,
                instant::to_rfc3339(facts.not_before),
                instant::to_rfc3339(facts.not_after),
                files,
                keys,
            ],
            None => {
                let mut row: [String; 14] = Default::default();
                row[0] = id;
                planned.kind.word().clone_into(&mut row[1]);
                planned.key.word().clone_into(&mut row[8]);
                [row[12], row[13]] = [files, keys];
                row
            }
        };
        out.push_str(&row.map(|cell| quoted(&cell)).join(","));
        out.push('\n');
    }
    out
}

/// A cell. A text that a spreadsheet would take for a formula gets an apostrophe in front.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}
