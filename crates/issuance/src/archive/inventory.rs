//! `inventory.json` and `inventory.csv`: every certificate as read back from its bytes, and every place where its
//! private key is stored. With the key files beside it, the JSON holds all that making the same archive again needs.

use kubepki_core::facts::CertFacts;
use kubepki_core::instant;
use kubepki_core::plan::{Holding, PlannedFile, Unsigned};
use kubepki_core::snippet::value::{Map, Value};

use super::items::planned_path;
use super::meta::Meta;
use super::selection::Selection;
use crate::inspect::inspect;
use crate::pki::Pki;

/// Version of the JSON's structure: changes when a reader would have to.
pub const INVENTORY_FORMAT: &str = "kubepki-inventory/v1";

/// Both texts.
#[derive(Debug)]
pub(super) struct Inventory {
    /// `inventory.json`.
    pub(super) json: String,
    /// `inventory.csv` (RFC 4180 with LF), for a spreadsheet; lists are joined by spaces.
    pub(super) csv: String,
}

/// Writes both, certificate by certificate: with thousands of nodes the tree of values would be large.
pub(super) fn inventory(pki: &Pki, meta: &Meta<'_>, selection: Selection) -> Inventory {
    let plan = &pki.plan;
    let (mut certificates, mut pairs) = (List::new("certificates"), List::new("keyPairs"));
    let mut csv = format!("{}\n", COLUMNS.join(","));
    let places = places(pki, selection);
    let keys: Vec<bool> = places.iter().map(|one| selection.node().is_none() || !one.keys.is_empty()).collect();
    let held: Vec<bool> = places.iter().map(|one| selection.node().is_none() || !one.files.is_empty()).collect();
    for (index, places) in places.into_iter().enumerate().filter(|(index, _)| held[*index]) {
        let facts = pki.certs[index].der.as_deref().and_then(|der| inspect(der).ok());
        csv += &row(pki, index, facts.as_ref(), &places);
        match facts {
            Some(facts) => certificates.add(&certificate(pki, index, facts, places)),
            None => pairs.add(&key_pair(pki, index, places)),
        }
    }
    let mut unsigned = List::new("notSignedHere");
    let here = |one: &&Unsigned| selection.node().is_none_or(|only| one.node.is_none_or(|node| node == only));
    for one in plan.unsigned.iter().filter(here) {
        let map = Map::new()
            .with("id", format!("{}@{}", one.row.id, plan.node_name(one.node)))
            .with("title", one.row.title)
            .with("why", one.why);
        unsigned.add(&map);
    }
    let head = head(pki, meta, selection, &held, &keys).to_json();
    let head = head.trim_end().trim_end_matches('}').trim_end();
    let lists = [certificates, pairs, unsigned].map(List::end).join(",\n");
    Inventory { json: format!("{head},\n{lists}\n}}\n"), csv }
}

/// What the JSON begins with; `held` tells what of the plan is in it, `keys` of which its private key.
fn head(pki: &Pki, meta: &Meta<'_>, selection: Selection, held: &[bool], keys: &[bool]) -> Map {
    let plan = &pki.plan;
    let spec = &plan.spec;
    let tool = Map::new().with("name", "kubepki").with("version", meta.tool_version).with("build", meta.build);
    let counted = |of: &dyn Fn(usize) -> bool| count((0..held.len()).filter(|&one| held[one] && of(one)).count());
    let counts = Map::new()
        .with("certificates", counted(&|index| plan.certs[index].subject.is_some()))
        .with("privateKeys", counted(&|index| keys[index]))
        .with("cas", counted(&|index| plan.certs[index].row.is_ca()));
    Map::new()
        .with("format", INVENTORY_FORMAT)
        .with_some("part", selection.part(pki))
        .with("tool", tool)
        .with("issuedAt", instant::to_rfc3339(pki.issued_at))
        .with("clusterName", spec.cluster_name.as_str())
        .with("kubernetesVersion", spec.version.to_string())
        .with("start", spec.start.word())
        .with("layout", spec.layout.word())
        .with("counts", counts)
}

fn count(number: usize) -> u64 {
    number as u64
}

/// A member of the JSON that is a list of objects.
struct List {
    text: String,
    empty: bool,
}

impl List {
    fn new(name: &str) -> Self {
        Self { text: format!("  \"{name}\": ["), empty: true }
    }

    fn add(&mut self, item: &Map) {
        self.text.push_str(if self.empty { "\n    " } else { ",\n    " });
        self.empty = false;
        self.text.push_str(&item.to_json().trim_end().replace('\n', "\n    "));
    }

    fn end(mut self) -> String {
        self.text.push_str(if self.empty { "]" } else { "\n  ]" });
        self.text
    }
}

/// Where a certificate and its key are stored.
#[derive(Default)]
struct Places {
    files: Vec<Map>,
    paths: Vec<String>,
    keys: Vec<String>,
}

fn places(pki: &Pki, selection: Selection) -> Vec<Places> {
    let mut places: Vec<Places> = pki.plan.certs.iter().map(|_| Places::default()).collect();
    let own = |file: &&PlannedFile| selection.node().is_none() || selection.holds(pki, file);
    for file in pki.plan.files.iter().filter(own) {
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

fn certificate(pki: &Pki, index: usize, facts: CertFacts, places: Places) -> Map {
    let plan = &pki.plan;
    let planned = &plan.certs[index];
    Map::new()
        .with("id", plan.key_of(index))
        .with("kind", planned.kind.word())
        .with("signedBy", plan.key_of(planned.issuer.unwrap_or(index)))
        .with("subject", facts.subject)
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
        .with("files", places.files)
        .with("privateKeyIn", places.keys)
}

fn key_pair(pki: &Pki, index: usize, places: Places) -> Map {
    Map::new()
        .with("id", pki.plan.key_of(index))
        .with("kind", pki.plan.certs[index].kind.word())
        .with("key", pki.plan.certs[index].key.word())
        .with("files", places.files)
        .with("privateKeyIn", places.keys)
}

/// Headings of the CSV, in the order of [`row`].
const COLUMNS: [&str; 14] = [
    "id",
    "kind",
    "signed by",
    "subject",
    "issuer",
    "SANs",
    "serial",
    "SHA-256 fingerprint",
    "key",
    "signature",
    "not before",
    "not after",
    "files",
    "private key in",
];

/// A row of the CSV; a bare key pair leaves what only certificates have empty.
fn row(pki: &Pki, index: usize, facts: Option<&CertFacts>, places: &Places) -> String {
    let plan = &pki.plan;
    let planned = &plan.certs[index];
    let of = |cell: fn(&CertFacts) -> String| facts.map(cell).unwrap_or_default();
    let cells: [String; COLUMNS.len()] = [
        plan.key_of(index),
        planned.kind.word().to_owned(),
        facts.map(|_| plan.key_of(planned.issuer.unwrap_or(index))).unwrap_or_default(),
        of(|facts| facts.subject.clone()),
        of(|facts| facts.issuer.clone()),
        of(|facts| facts.sans.join(" ")),
        of(|facts| facts.serial.clone()),
        of(|facts| facts.fingerprint.clone()),
        facts.map_or(planned.key.word(), |facts| facts.key.as_str()).to_owned(),
        of(|facts| facts.signature.clone()),
        of(|facts| instant::to_rfc3339(facts.not_before)),
        of(|facts| instant::to_rfc3339(facts.not_after)),
        places.paths.join(" "),
        places.keys.join(" "),
    ];
    cells.map(|cell| quoted(&cell)).join(",") + "\n"
}

/// A cell. A text that a spreadsheet would take for a formula gets an apostrophe in front.
fn quoted(cell: &str) -> String {
    // Spreadsheets drop white space in front of one.
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn no_cell_is_a_formula_and_each_is_one_cell() {
        for (cell, written) in [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@a", "'@a"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("\n=1", "\"'\n=1\""),
            ("a\r\nb", "\"a\r\nb\""),
            ("a\rb", "\"a\rb\""),
            ("a=b", "a=b"),
        ] {
            assert_eq!(quoted(cell), written, "{cell:?}");
        }
    }
}
