//! The command line: what may be written, and the help.

use std::env;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use kubepki_core::spec::NodeDraft;
use kubepki_core::spec::field::ROLES;
use kubepki_core::view::{self, ViewId};

use crate::{output, views};

const AFTER: &str = "\
Exit status: 0 done (findings are on standard error), 1 it could not be done, 2 bad input or usage
(every error with file, line, column, field and hint; nothing is written), 3 a check found errors,
128 and more a signal ended it (130 Ctrl-C, 143 TERM; what was half written is removed).";

/// Plan, generate, show and check the PKI of a Kubernetes cluster.
///
/// Everything follows from a design: a small file without secrets. The same design gives the same plan; the same plan,
/// keys, serial numbers and time give the same bytes. No network is used.
#[derive(Debug, Parser)]
#[command(name = "kubepki", version, after_help = AFTER, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make all keys and certificates and write them as a zip or a folder
    Generate(Generate),
    /// Print what would be made: certificates, files, flags and findings
    Plan(Plan),
    #[command(about = views::about())]
    Show(Show),
    /// Read an export back and check every certificate and file against its design
    Verify(Verify),
    /// Write the page that an auditor checks and signs: certificates and their uses, places of keys, CIS deviations
    Audit(Audit),
    /// Take a part of an export: one node's bundle, all without CA keys, the CA keys, the administrator as PKCS#12
    Export(Export),
    /// Encrypt an export as age does, with a passphrase or to recipients
    Encrypt(Encrypt),
    /// Decrypt what this tool or age encrypted
    Decrypt(Decrypt),
    /// List what can go wrong with certificates, and which connections each fault touches
    Faults(Faults),
    /// Write the files of a running cluster with faults put into them
    Break(Break),
    /// Try a connection on the files of a cluster: what each side checks, and says in Go's words. Ends with 3 when it is
    /// refused
    Handshake(Handshake),
    /// Say who a client certificate or a kubeconfig makes its holder, what that may do, and until when
    Credential(Credential),
    /// Explain an error message of a component: what it means, likely causes, and how to tell them apart
    Explain(Explain),
    /// List the designs to start from, or print one
    Presets(Presets),
    /// Print the JSON Schema of a design file
    Schema,
}

/// Where the design comes from.
#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("source").args(["design", "preset"])))]
pub(crate) struct Source {
    /// Design file, or kubeadm YAML (v1beta3, v1beta4); `-` is standard input. Several kubeadm files describe one
    /// cluster together
    #[arg(long, value_name = "FILE")]
    pub(crate) design: Vec<PathBuf>,
    /// A design to start from; `kubepki presets` lists them
    #[arg(long, value_name = "NAME")]
    pub(crate) preset: Option<String>,
    #[arg(long = "node", value_name = "NAME=ADDR[,ADDR][/ROLE[+ROLE]]", value_parser = node, help = about_nodes())]
    pub(crate) nodes: Vec<NodeDraft>,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("from").args(["design", "preset", "reproduce"]).required(true)))]
pub(crate) struct Generate {
    #[command(flatten)]
    pub(crate) source: Source,
    /// Make an earlier export again, from the design, keys, serial numbers and issue time in it. The bytes are the same
    #[arg(long, value_name = "ZIP|FOLDER", conflicts_with_all = ["nodes", "now"])]
    pub(crate) reproduce: Option<PathBuf>,
    /// Where to write: a zip when the name ends in .zip, an encrypted one when it ends in .age, otherwise a folder
    #[arg(long, value_name = "NAME.zip|NAME.zip.age|FOLDER")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) lock: Lock,
    /// The issue time, RFC 3339, such as 2026-11-23T20:39:00Z; otherwise now
    #[arg(long, value_name = "TIME", value_parser = kubepki_core::instant::parse)]
    pub(crate) now: Option<i64>,
    /// Replace an earlier export at that place. The old one is kept as NAME.old-1, NAME.old-2 and so on
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) source: Source,
    /// How to print it
    #[arg(long, value_enum, default_value_t = PlanFormat::Yaml)]
    pub(crate) format: PlanFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    Yaml,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    #[arg(value_name = "VIEW", value_parser = views::read, help = views::help())]
    pub(crate) view: ViewId,
    #[command(flatten)]
    pub(crate) source: Source,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub(crate) format: ShowFormat,
    /// The time to count from, RFC 3339; otherwise now
    #[arg(long, value_name = "TIME", value_parser = kubepki_core::instant::parse)]
    pub(crate) now: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShowFormat {
    Text,
    Json,
    Svg,
    /// A table, folded: what `<kube-pki>` holds for readers without scripts
    Html,
    /// Of `commands` alone: the shell script that makes everything with openssl, and nothing else
    #[value(alias = "sh")]
    Script,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// An export, its part `nodes` or a node's bundle: the zip, or the folder it was unpacked to
    #[arg(value_name = "ZIP|FOLDER")]
    pub(crate) export: PathBuf,
    /// The time to check validity at, RFC 3339; otherwise now
    #[arg(long, value_name = "TIME", value_parser = kubepki_core::instant::parse)]
    pub(crate) now: Option<i64>,
    /// A ceremony record (ceremony.txt) that must be of this export, to its last serial number and fingerprint
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
}

/// Who may open what is written.
#[derive(Debug, Args)]
#[group(id = "lock", multiple = false)]
pub(crate) struct Lock {
    /// Encrypt to whoever holds this recipient's identity (age); once for each
    #[arg(long, value_name = "age1…")]
    pub(crate) encrypt_to: Vec<kubepki_sealing::age::Recipient>,
    /// Encrypt with the first line of a file as passphrase; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// A whole export: the zip, or the folder it was unpacked to. The page holds none of its secrets
    #[arg(value_name = "ZIP|FOLDER")]
    pub(crate) export: PathBuf,
    /// Where to write; nothing may stand there. Otherwise standard output
    #[arg(long, value_name = "NAME.html")]
    pub(crate) out: Option<PathBuf>,
    /// The time at which certificates are said to have expired, RFC 3339; otherwise now
    #[arg(long, value_name = "TIME", value_parser = kubepki_core::instant::parse)]
    pub(crate) now: Option<i64>,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("to").args(["encrypt_to", "passphrase_file"]).required(true)))]
pub(crate) struct Encrypt {
    /// The file to encrypt, such as an export's zip
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) lock: Lock,
    /// Where to write; nothing may stand there
    #[arg(long, value_name = "NAME.age")]
    pub(crate) out: PathBuf,
}

/// What `export` takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// One thing.
    One(view::export::Export),
    /// Each node's bundle.
    Bundles,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// An export, or its part `nodes`: the zip, or the folder it was unpacked to
    #[arg(value_name = "ZIP|FOLDER")]
    pub(crate) export: PathBuf,
    /// What to take: `bundles` (each node's, all at once), `node:NAME` (one of them), `nodes` (all without CA keys),
    /// `ca-keys`, or `admin` (certificate and key of admin.conf)
    #[arg(long, value_name = "PART", value_parser = part)]
    pub(crate) part: Part,
    #[command(flatten)]
    pub(crate) lock: Lock,
    /// Of `bundles`: encrypt a node's to whoever holds this recipient's identity (age); once for each node
    #[arg(long, value_name = "NODE=age1…", value_parser = node_recipient, conflicts_with = "lock")]
    pub(crate) encrypt_node: Vec<(String, kubepki_sealing::age::Recipient)>,
    /// Where to write; nothing may stand there. NAME.zip.age is encrypted as age does; NAME.zip is not, but with a
    /// passphrase the private keys in `ca-keys` are (PKCS#8); `admin` becomes NAME.p12 (PKCS#12) with a passphrase;
    /// `bundles` become a folder
    #[arg(long, value_name = "FILE|FOLDER")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("with").args(["identity", "passphrase_file"]).required(true)))]
pub(crate) struct Decrypt {
    /// The encrypted file
    #[arg(value_name = "NAME.age")]
    pub(crate) file: PathBuf,
    /// A file of identities, as age-keygen writes it
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Option<PathBuf>,
    /// A file whose first line is the passphrase; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Where to write; nothing may stand there
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tls {
    #[value(name = "1.2")]
    V1_2,
    #[value(name = "1.3")]
    V1_3,
}

#[derive(Debug, Args)]
pub(crate) struct Faults {
    /// Only those whose id, description or connections have all of these words; an id alone is that fault
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,
    /// What both ends of each connection print then, as recorded from the components, and what mends it
    #[arg(long)]
    pub(crate) log: bool,
    /// How to print them
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("of").args(["design", "preset"]).required(true)))]
pub(crate) struct Break {
    #[command(flatten)]
    pub(crate) source: Source,
    /// A fault by its id, several with commas between them; `kubepki faults` lists them. Without any the cluster is sound
    #[arg(long, value_name = "ID[,ID]", value_delimiter = ',')]
    pub(crate) fault: Vec<String>,
    /// The folder to write
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// The issue time, RFC 3339; otherwise now
    #[arg(long, value_name = "TIME", value_parser = kubepki_core::instant::parse)]
    pub(crate) now: Option<i64>,
}

#[derive(Debug, Args)]
pub(crate) struct Handshake {
    /// A folder that `kubepki break` or `kubepki generate` wrote
    #[arg(long, value_name = "FOLDER")]
    pub(crate) pki: PathBuf,
    /// Who calls, such as kubectl, kube-apiserver, kubelet, etcd
    #[arg(long, value_name = "COMPONENT")]
    pub(crate) from: String,
    /// Who is called, such as kube-apiserver, etcd, kubelet
    #[arg(long, value_name = "COMPONENT")]
    pub(crate) to: String,
    /// The calling node, or the called one where a node only serves; otherwise the first that calls
    #[arg(long, value_name = "NAME")]
    pub(crate) node: Option<String>,
    /// The time at which to try, RFC 3339; otherwise now
    #[arg(long, value_name = "TIME", value_parser = kubepki_core::instant::parse)]
    pub(crate) at: Option<i64>,
    /// The newest version of TLS that the caller speaks: some messages differ
    #[arg(long, value_enum, value_name = "VERSION", default_value_t = Tls::V1_3)]
    pub(crate) tls: Tls,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Credential {
    /// A PEM certificate, or a kubeconfig: the user of its current context
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The time to count from, RFC 3339; otherwise now
    #[arg(long, value_name = "TIME", value_parser = kubepki_core::instant::parse)]
    pub(crate) now: Option<i64>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The message, with whatever stands around it; otherwise standard input is read
    #[arg(value_name = "MESSAGE")]
    pub(crate) message: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Presets {
    /// Print this one as a design file
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
}

/// Reads the command line; gives the exit status where there is nothing more to do.
pub(crate) fn parse() -> Result<Command, ExitCode> {
    match Cli::try_parse() {
        Ok(cli) => Ok(cli.command),
        // Help and version go to standard output and are no error; that they cannot be written is none either.
        Err(told) if !told.use_stderr() => {
            let _ = output::print_document(&told.to_string());
            Err(ExitCode::SUCCESS)
        }
        Err(error) => {
            // clap repeats what was typed, line breaks and all: it is asked again with arguments that have none.
            let typed = env::args_os().map(|one| output::printable(&one.to_string_lossy()).into_owned());
            output::say_document(&Cli::try_parse_from(typed).err().unwrap_or(error).to_string());
            Err(ExitCode::from(2))
        }
    }
}

/// Reads a command line that stands in a text.
#[cfg(test)]
pub(crate) fn read(words: &[String]) -> Result<Command, clap::Error> {
    Cli::try_parse_from(words).map(|cli| cli.command)
}

fn part(text: &str) -> Result<Part, String> {
    use view::export::Export;
    match text.split_once(':') {
        Some(("node", name)) if !name.is_empty() => Ok(Part::One(Export::Node(name.to_owned()))),
        None if text == "bundles" => Ok(Part::Bundles),
        None if text == "nodes" => Ok(Part::One(Export::WithoutCaKeys)),
        None if text == "ca-keys" => Ok(Part::One(Export::CaKeys)),
        None if text == "admin" => Ok(Part::One(Export::Admin)),
        _ => Err("the parts are bundles, node:NAME, nodes, ca-keys, admin".to_owned()),
    }
}

/// `NODE=age1…`.
fn node_recipient(text: &str) -> Result<(String, kubepki_sealing::age::Recipient), String> {
    let (node, recipient) = text.split_once('=').ok_or("write NODE=age1…, such as cp-1=age1…")?;
    let recipient = recipient.parse().map_err(|error| format!("{error}"))?;
    Ok((node.to_owned(), recipient))
}

/// What `--node` takes.
fn about_nodes() -> String {
    format!(
        "A node, in place of those of the design; once for each. Roles are {}. Without roles the first is a control plane \
         and the others are workers",
        ROLES.join(", ")
    )
}

/// `NAME=ADDR[,ADDR][/ROLE[+ROLE]]`. What is in the places is checked with the design.
fn node(text: &str) -> Result<NodeDraft, String> {
    let (name, rest) = text.split_once('=').ok_or("a node is NAME=ADDRESS, such as cp-1=10.0.0.11/control-plane")?;
    let (addresses, roles) = match rest.split_once('/') {
        Some((addresses, roles)) => (addresses, roles.split('+').map(str::to_owned).collect()),
        None => (rest, Vec::new()),
    };
    let addresses: Vec<String> = addresses.split(',').map(str::to_owned).collect();
    if let Some(bad) = addresses.iter().find(|address| address.parse::<IpAddr>().is_err()) {
        return Err(format!("{bad:?} is not an address"));
    }
    if let Some(bad) = roles.iter().find(|role: &&String| !ROLES.contains(&role.as_str())) {
        return Err(format!("{bad:?} is not a role; roles are {}", ROLES.join(", ")));
    }
    Ok(NodeDraft { name: name.to_owned(), addresses, roles })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn nodes_as_people_write_them() {
        let one = node("cp-1=10.0.0.11,fd00::11/control-plane+worker").expect("a node");
        assert_eq!(one.addresses, ["10.0.0.11", "fd00::11"]);
        assert_eq!(one.roles, ["control-plane", "worker"]);
        assert!(node("w-1=10.0.0.21").expect("a node").roles.is_empty());
        for bad in ["cp-1", "cp-1=", "cp-1=host", "cp-1=10.0.0.1/boss", "cp-1=10.0.0.1,/worker"] {
            assert!(node(bad).is_err(), "{bad}");
        }
    }
}
