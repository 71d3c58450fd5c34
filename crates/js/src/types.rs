//! The package's TypeScript types, written from what is handed over and from the tables: `examples/types.rs` prints them.

use kubepki_core::catalog::connections::TOLD;
use kubepki_core::catalog::row::Kind;
use kubepki_core::plan::Holding;
use kubepki_core::spec::field::{KEY_ALGORITHMS, ROLES};
use kubepki_core::spec::preset::PRESETS;
use kubepki_core::spec::{API_VERSION, FIELDS, FieldKind, FieldRow, KIND};
use kubepki_core::view::ViewId;
use kubepki_rehearsal::{IdentityReport, LineReport, LogReport, ServerReport, SideReport};
use kubepki_study::steps::Outcome;
use ts_rs::{Config, TS};

use crate::design::SEVERITIES;
use crate::shape;

/// The text of `types.d.ts`.
pub fn types() -> String {
    let mut out =
        "// Written by `cargo run -p kubepki-js --example types`. A test fails where it is not what the code says.\n"
            .to_owned();
    let words: [(&str, &str, Vec<&str>); 9] = [
        ("Severity", "How serious a finding is, gravest first.", SEVERITIES.iter().map(|one| one.word()).collect()),
        ("ViewId", "The views there are.", ViewId::ALL.iter().map(|one| one.word()).collect()),
        ("PresetName", "The presets there are.", PRESETS.iter().map(|one| one.name).collect()),
        ("ConnectionId", "Who calls whom.", TOLD.iter().map(|one| one.id).collect()),
        ("KeyAlgorithm", "The algorithms of keys.", KEY_ALGORITHMS.to_vec()),
        ("Role", "What a node is for.", ROLES.to_vec()),
        ("CertificateKind", "What a certificate is for.", KINDS.iter().map(|one| one.word()).collect()),
        ("Holding", "What a file holds.", HOLDINGS.iter().map(|one| one.word()).collect()),
        ("StepOutcome", "How a step of a handshake ends.", OUTCOMES.iter().map(|one| one.word()).collect()),
    ];
    for (name, about, words) in words {
        out += &format!("\n/** {about} */\nexport type {name} = {};\n", union(&words));
    }
    out += &design();
    let config = Config::new();
    add::<shape::Finding>(&mut out, &config);
    add::<shape::Failure>(&mut out, &config);
    add::<shape::Plan>(&mut out, &config);
    add::<shape::PlannedCertificate>(&mut out, &config);
    add::<shape::PlannedFile>(&mut out, &config);
    add::<shape::PlannedFlag>(&mut out, &config);
    add::<shape::Progress>(&mut out, &config);
    add::<shape::GenerateOptions>(&mut out, &config);
    add::<shape::Include>(&mut out, &config);
    add::<shape::Generated>(&mut out, &config);
    add::<shape::GeneratedFile>(&mut out, &config);
    add::<shape::CertificateFacts>(&mut out, &config);
    add::<shape::Preset>(&mut out, &config);
    add::<shape::Fault>(&mut out, &config);
    add::<shape::HandshakeOptions>(&mut out, &config);
    add::<shape::Handshake>(&mut out, &config);
    add::<LineReport>(&mut out, &config);
    add::<LogReport>(&mut out, &config);
    add::<SideReport>(&mut out, &config);
    add::<ServerReport>(&mut out, &config);
    add::<IdentityReport>(&mut out, &config);
    add::<shape::Step>(&mut out, &config);
    add::<shape::Compared>(&mut out, &config);
    add::<shape::SvgOptions>(&mut out, &config);
    add::<shape::DrawOptions>(&mut out, &config);
    add::<shape::Drawn>(&mut out, &config);
    add::<shape::ReadDesign>(&mut out, &config);
    out
}

const KINDS: &[Kind] = &[Kind::Ca, Kind::Server, Kind::Client, Kind::Peer, Kind::KeyPair];
const HOLDINGS: &[Holding] = &[Holding::Certificate, Holding::PrivateKey, Holding::PublicKey, Holding::Kubeconfig];
const OUTCOMES: &[Outcome] = &[Outcome::Fits, Outcome::Fails, Outcome::NotReached, Outcome::Unchecked];

fn add<T: TS>(out: &mut String, config: &Config) {
    let docs = T::docs().unwrap_or_default();
    *out += &format!("\n{}", tidy(&format!("{docs}export {}", T::decl(config))));
}

/// A declaration with its fields indented, and notes of one line on one line.
fn tidy(declaration: &str) -> String {
    let mut out = String::new();
    let mut notes: Vec<&str> = Vec::new();
    let mut indent = "";
    for line in declaration.replace(", };", ",\n};").lines().map(str::trim) {
        match line {
            "/**" => notes.clear(),
            "*/" => match notes.as_slice() {
                [one] => out += &format!("{indent}/** {one} */\n"),
                more => {
                    let lines: String = more.iter().map(|one| format!("{indent} * {one}\n")).collect();
                    out += &format!("{indent}/**\n{lines}{indent} */\n");
                }
            },
            _ if line.starts_with("* ") => notes.push(&line[2..]),
            _ => {
                indent = if line == "};" { "" } else { indent };
                out += &format!("{indent}{line}\n");
                indent = if line.ends_with('{') { "  " } else { indent };
            }
        }
    }
    out
}

fn union(words: &[&str]) -> String {
    words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" | ")
}

/// The type of a design, from the table of its fields.
fn design() -> String {
    let mut out = "\n/** A machine of the cluster. */\nexport type DesignNode = {\n  /** Lower-case RFC 1123 name, unique in the design. */\n  name: string,\n  /** IPv4 or IPv6 addresses; the first is the advertise address. */\n  addresses: Array<string>,\n  /** What the node is for. The first control-plane node is the init node. */\n  roles: Array<Role>,\n};\n".to_owned();
    out += &format!(
        "\n/** The design of a cluster: the fields of a design file. What is left out has its default. */\nexport type Design = {{\n  apiVersion?: {API_VERSION:?},\n  kind?: {KIND:?},\n"
    );
    // Fields below one point need not stand together in the table.
    let split = |row: &'static FieldRow| row.path.split_once('.').unwrap_or(("", row.path));
    let mut heads = Vec::new();
    for row in FIELDS {
        let (head, name) = split(row);
        if head.is_empty() {
            out += &field(row, name, "  ");
        } else if !heads.contains(&head) {
            heads.push(head);
            out += &format!("  {head}?: {{\n");
            for (row, (_, name)) in FIELDS.iter().map(|row| (row, split(row))).filter(|(_, (one, _))| *one == head) {
                out += &field(row, name, "    ");
            }
            out += "  },\n";
        }
    }
    out + "  /** The machines of the cluster. */\n  nodes: Array<DesignNode>,\n};\n"
}

fn field(row: &FieldRow, name: &str, indent: &str) -> String {
    let kind = match row.kind {
        FieldKind::Text => "string".to_owned(),
        FieldKind::Port => "number".to_owned(),
        FieldKind::Choice(words) if words == KEY_ALGORITHMS => "KeyAlgorithm".to_owned(),
        FieldKind::Choice(words) => union(words),
        FieldKind::List => "Array<string>".to_owned(),
        FieldKind::ChoiceList(words) => format!("Array<{}>", union(words)),
    };
    let default = if row.default.is_empty() { String::new() } else { format!(" Default: {}.", row.default) };
    format!("{indent}/** {}{default} */\n{indent}{name}?: {kind},\n", row.help)
}

#[cfg(test)]
mod tests {
    /// After a change to what is handed over: `cargo run -p kubepki-js --example types > web/package/types.d.ts`.
    #[test]
    fn the_committed_types_are_these() {
        assert_eq!(super::types(), include_str!("../../../web/package/types.d.ts"));
    }

    #[test]
    fn every_object_of_a_design_is_opened_once() {
        let text = super::design();
        for head in ["networking", "etcd", "apiServer", "keys", "validity", "kubelet", "hardening"] {
            assert_eq!(text.matches(&format!("\n  {head}?: {{")).count(), 1, "{head}");
        }
    }
}
