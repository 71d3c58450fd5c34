//! Who dials whom, under which name, and which files each side works with.

use std::fmt;
use std::net::IpAddr;

use kubepki_core::catalog::connections::{Anchor, ConnectionRow, Reach, connection, told};
use kubepki_core::plan::{Holding, Root};
use kubepki_core::spec::{Host, Node};

use crate::stage::{EXTENSION, EXTENSION_NAME, SERVICE_ACCOUNT, Stage};

/// What one side works with: paths in the folder. A kubeconfig's path stands for what it embeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// What it shows.
    pub cert: Option<String>,
    /// Its private key.
    pub key: Option<String>,
    /// What it checks the other side with; nothing where it does not.
    pub trust: Option<String>,
    /// The bearer token that it sends.
    pub token: Option<String>,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Dial {
    /// The connection.
    pub row: &'static ConnectionRow,
    /// The calling node.
    pub caller: usize,
    /// The node that is called; nothing for what runs on no node of the design.
    pub server: Option<usize>,
    /// The name or address that is dialled, and that the server's certificate must name.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The caller's files.
    pub client: End,
    /// The server's.
    pub serves: End,
    /// Whether the caller speaks no more than TLS 1.2.
    pub old_caller: bool,
}

/// Why there is nothing to dial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialError {
    /// No connection is called so.
    Unknown(String),
    /// The connection is no business of this PKI's.
    NotRehearsed(&'static str),
    /// The design has no such caller or server.
    Nobody(&'static str),
    /// That node neither calls nor serves there.
    NotThere(&'static str, String),
}

impl fmt::Display for DialError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(id) => write!(out, "there is no connection {id}; `kubepki show connections` lists them"),
            Self::NotRehearsed(id) => write!(out, "{id} shows no certificate of this PKI, so there is nothing to try"),
            Self::Nobody(id) => write!(out, "this design has nobody for {id}"),
            Self::NotThere(id, node) => write!(out, "{node} takes no part in {id}"),
        }
    }
}

impl std::error::Error for DialError {}

/// One call of a connection: from a node, or to it where it only serves; from the first that calls where none is named.
///
/// # Errors
/// When the design has no such call.
pub fn dials(stage: &Stage, id: &str, node: Option<usize>) -> Result<Dial, DialError> {
    let Some(row) = connection(id) else {
        return Err(told(id).map_or_else(|| DialError::Unknown(id.to_owned()), |told| DialError::NotRehearsed(told.id)));
    };
    let spec = &stage.plan.spec;
    let nobody = DialError::Nobody(row.id);
    let on = |runs: fn(&kubepki_core::spec::ClusterSpec, &Node) -> bool| -> Vec<usize> {
        (0..spec.nodes.len()).filter(|&index| runs(spec, &spec.nodes[index])).collect()
    };
    let (callers, servers) = (on(row.calls), on(row.serves));
    let first = *callers.first().ok_or_else(|| nobody.clone())?;
    let (caller, wanted) = match node {
        None => (first, None),
        Some(node) if callers.contains(&node) => (node, None),
        Some(node) if servers.contains(&node) => (first, Some(node)),
        Some(node) => return Err(DialError::NotThere(row.id, spec.nodes[node].name.clone())),
    };
    let call = Call { stage, row, caller, wanted, servers: &servers };
    call.dial().ok_or(nobody)
}

struct Call<'a> {
    stage: &'a Stage,
    row: &'static ConnectionRow,
    caller: usize,
    wanted: Option<usize>,
    servers: &'a [usize],
}

impl Call<'_> {
    fn dial(&self) -> Option<Dial> {
        let Self { stage, row, caller, .. } = *self;
        let spec = &stage.plan.spec;
        if row.id == "kube-apiserver->aggregated-apiserver" {
            return self.extension();
        }
        let embedded = row.server_side.anchor == Anchor::Embedded;
        let kubeconfig = embedded.then(|| self.held(row.client.shows, caller, Holding::Kubeconfig)).flatten();
        if embedded && kubeconfig.is_none() {
            return None;
        }
        let own = |servers: &[usize]| servers.contains(&caller).then_some(caller).or_else(|| servers.first().copied());
        let (server, host, port) = match (row.reach)(&stage.design) {
            Reach::Kubeconfig => {
                let (cert, _) = kubeconfig.as_ref()?;
                let url = stage.plan.certs[*cert].server.as_deref()?;
                let local = self.servers.iter().find(|&&server| spec.local_url(&spec.nodes[server]) == url).copied();
                let (host, port) = authority(url)?;
                (local.or(self.wanted).or_else(|| self.servers.first().copied())?, host, port)
            }
            Reach::Loopback => {
                let server = own(self.servers)?;
                (server, text(spec.nodes[server].loopback()), row.port.unwrap_or(spec.bind_port))
            }
            Reach::Others => {
                let others = self.servers.iter().copied().filter(|&server| server != caller);
                let server = self.wanted.or_else(|| others.into_iter().next()).or_else(|| own(self.servers))?;
                (server, text(spec.nodes[server].advertise()), row.port.unwrap_or(spec.bind_port))
            }
            Reach::Every => {
                let server = self.wanted.or_else(|| own(self.servers))?;
                (server, text(spec.nodes[server].advertise()), row.port.unwrap_or(spec.bind_port))
            }
            Reach::Service => (own(self.servers)?, text(spec.service_address()), 443),
        };
        let trusts_nobody = !(row.server_checked)(&stage.design);
        let mut client = match &kubeconfig {
            Some((_, path)) => {
                let path = self.in_memory(path);
                End { cert: self.embeds(&path), key: self.embeds(&path), trust: Some(path), token: None }
            }
            None => End {
                cert: self.shown(row.client.shows, caller, Holding::Certificate),
                key: self.shown(row.client.shows, caller, Holding::PrivateKey),
                trust: self.anchor(row.server_side.anchor, caller),
                token: None,
            },
        };
        if row.client.shows.is_empty() {
            client.token = Some(stage.path(caller, &format!("{SERVICE_ACCOUNT}/token")));
            client.trust = Some(stage.path(caller, &format!("{SERVICE_ACCOUNT}/ca.crt")));
        }
        if trusts_nobody {
            client.trust = None;
        }
        let serves = End {
            cert: self.shown(row.server_side.shows, server, Holding::Certificate),
            key: self.shown(row.server_side.shows, server, Holding::PrivateKey),
            trust: self
                .anchor(if row.client.shows.is_empty() { Anchor::File(&["ca"]) } else { row.client.anchor }, server),
            token: None,
        };
        Some(Dial { row, caller, server: Some(server), host, port, client, serves, old_caller: false })
    }

    /// An aggregated API server runs as a Pod, with files of its own.
    fn extension(&self) -> Option<Dial> {
        let Self { stage, row, caller, .. } = *self;
        let file = |name: &str| Some(format!("{EXTENSION}/{name}")).filter(|path| stage.file(path).is_some());
        file("tls.crt")?;
        Some(Dial {
            row,
            caller,
            server: None,
            host: EXTENSION_NAME.to_owned(),
            port: 443,
            client: End {
                cert: self.shown(row.client.shows, caller, Holding::Certificate),
                key: self.shown(row.client.shows, caller, Holding::PrivateKey),
                trust: file("ca-bundle.crt"),
                token: None,
            },
            serves: End {
                cert: file("tls.crt"),
                key: file("tls.key"),
                trust: file("requestheader-client-ca.crt"),
                token: None,
            },
            old_caller: false,
        })
    }

    /// The first of these certificates that a node has in this form: its index and its file's path.
    fn held(&self, ids: &[&'static str], node: usize, holding: Holding) -> Option<(usize, String)> {
        let plan = &self.stage.plan;
        ids.iter().filter_map(|id| plan.for_node(id, node)).find_map(|cert| {
            let content = kubepki_core::plan::Content { cert, holding };
            let file = plan.files.iter().find(|file| file.root == Root::Node(node) && file.content == content)?;
            Some((cert, self.stage.path(node, &file.path)))
        })
    }

    /// The path of one of them, if the file is there.
    fn shown(&self, ids: &[&'static str], node: usize, holding: Holding) -> Option<String> {
        let (_, path) = self.held(ids, node, holding)?;
        self.stage.file(&path).map(|_| path)
    }

    /// The path of what a process holds of a file that it reads when it starts.
    fn in_memory(&self, path: &str) -> String {
        let loaded = self.stage.loaded.iter().find(|(now, _)| now == path);
        loaded.map_or(path, |(_, before)| before).to_owned()
    }

    /// The path of a kubeconfig, if it embeds a credential.
    fn embeds(&self, path: &str) -> Option<String> {
        match &self.stage.file(path)?.content {
            crate::Content::Kubeconfig(one) if one.key.is_none() => None,
            _ => Some(path.to_owned()),
        }
    }

    fn anchor(&self, anchor: Anchor, node: usize) -> Option<String> {
        let Anchor::File(ids) = anchor else { return None };
        let plan = &self.stage.plan;
        // One CA for all stands in for the one that is not in the plan.
        let id = ids.iter().find(|id| plan.certs.iter().any(|cert| cert.row.id == **id))?;
        Some(self.held(&[*id], node, Holding::Certificate)?.1)
    }
}

fn text(address: IpAddr) -> String {
    address.to_string()
}

/// Host and port of a URL as kubeconfigs have it.
fn authority(url: &str) -> Option<(String, u16)> {
    let (host, port) = url.strip_prefix("https://")?.rsplit_once(':')?;
    Some((host.trim_start_matches('[').trim_end_matches(']').to_owned(), port.parse().ok()?))
}

impl Dial {
    /// The files that a call needs, on either side.
    pub fn files(&self, stage: &Stage) -> Vec<String> {
        let of = |end: &End| [end.cert.clone(), end.key.clone(), end.trust.clone(), end.token.clone()];
        let sides = of(&self.client).into_iter().chain(of(&self.serves)).flatten();
        let mut files: Vec<String> = sides.chain(self.token_key(stage)).collect();
        files.sort();
        files.dedup();
        files
    }

    /// The public key that the server checks tokens with, where one is sent.
    pub(crate) fn token_key(&self, stage: &Stage) -> Option<String> {
        self.client.token.as_ref()?;
        let (server, cert) = (self.server?, stage.plan.find("sa", None)?);
        let content = kubepki_core::plan::Content { cert, holding: Holding::PublicKey };
        let mut files = stage.plan.files.iter();
        let file = files.find(|file| file.root == Root::Node(server) && file.content == content)?;
        Some(stage.path(server, &file.path))
    }

    /// The component that is called.
    pub(crate) fn server_name(&self) -> &'static str {
        self.row.id.split_once("->").map_or("", |(_, server)| server)
    }

    /// `10.0.0.1:6443`, `[fd00::1]:6443`.
    pub fn dialled(&self) -> String {
        match self.host.parse::<IpAddr>() {
            Ok(address) => format!("{}:{}", Host::Address(address), self.port),
            Err(_) => format!("{}:{}", self.host, self.port),
        }
    }
}
