//! One call, judged: what each side loads, shows and checks, in Go's words and on the files' own bytes.

use std::net::{IpAddr, Ipv4Addr};

use kubepki_core::spec::TlsVersion;
use kubepki_issuance::SecretText;
use kubepki_verification::tls::{self, CipherSuite, ClientAuth, ClientConfig, ServerConfig, Version};
use kubepki_verification::{Eku, KeyPair, Options, Pool, VerifyError, verify};

use crate::dial::{Dial, End};
use crate::outcome::{Handshake, Identity, Side, Verdict};
use crate::stage::{Process, Stage};
use crate::{atlas, authorize, embedded, token};

/// Tries a call at a time. `read` gives a file by its path in the folder.
///
/// # Errors
/// With every file that is missing or no text.
pub fn rehearse<'f>(
    stage: &Stage,
    dial: &Dial,
    read: impl Fn(&str) -> Option<&'f [u8]>,
    at: i64,
) -> Result<Handshake, Vec<String>> {
    let mut missing = Vec::new();
    let mut text = |path: &Option<String>| match path {
        None => None,
        Some(path) => match read(path).map(std::str::from_utf8) {
            Some(Ok(text)) => Some(text),
            Some(Err(_)) => {
                missing.push(format!("{path}: is no text"));
                None
            }
            None => {
                missing.push(format!(
                    "{path}: is not there; a cluster that runs has it (kubepki break writes such a tree)"
                ));
                None
            }
        },
    };
    let texts = |end: &End, text: &mut dyn FnMut(&Option<String>) -> Option<&'f str>| Texts {
        cert: text(&end.cert),
        key: text(&end.key),
        trust: text(&end.trust),
        token: text(&end.token),
    };
    let (client, server) = (texts(&dial.client, &mut text), texts(&dial.serves, &mut text));
    if !missing.is_empty() {
        missing.sort();
        missing.dedup();
        return Err(missing);
    }
    let token_key = dial.token_key(stage).and_then(|path| std::str::from_utf8(read(&path)?).ok());
    let process = stage.process_of(dial.server_name());
    let mut call = Call { stage, dial, at, process, token_key }.run(client, server);
    atlas::tell(stage, dial, &mut call);
    Ok(call)
}

/// The files of one side.
struct Texts<'f> {
    cert: Option<&'f str>,
    key: Option<&'f str>,
    trust: Option<&'f str>,
    token: Option<&'f str>,
}

struct Call<'a, 'f> {
    stage: &'a Stage,
    dial: &'a Dial,
    at: i64,
    process: Process,
    token_key: Option<&'f str>,
}

/// Where etcd serves clients: what comes there without TLS is told apart by its first bytes, gRPC or HTTP, and what is
/// neither is closed without a word (etcd: server/embed/serve.go, cmux; seen with etcd 3.4).
const CLIENT_PORT: u16 = 2379;
/// Where etcd serves its peers.
const PEER_PORT: u16 = 2380;

impl Call<'_, '_> {
    fn run(&self, client: Texts<'_>, server: Texts<'_>) -> Handshake {
        let mut result = self.blank();
        // A process that cannot load its own pair does not start: nobody answers.
        let server_pair = match (self.process.plain_http, pair(&server)) {
            (true, _) => None,
            (false, Err(message)) => {
                refuse(&mut result.server, "key pair", message);
                return result;
            }
            (false, Ok(pair)) => pair,
        };
        let client_pair = match pair(&client) {
            Err(message) => {
                refuse(&mut result.client, "key pair", message);
                return result;
            }
            Ok(pair) => pair,
        };
        let pool = |trust: &str| match embedded::is_kubeconfig(trust) {
            true => Pool::from_pem(&embedded::certificate_authority(trust).unwrap_or_default()).0,
            false => Pool::from_pem(trust).0,
        };
        let roots = client.trust.map(pool);
        let client_cas = server.trust.map(pool).unwrap_or_default();
        let requires = self.dial.server_name() == "etcd";
        let server_config = self.server_config(server_pair, &client_cas, requires);
        let client_config = self.client_config(client_pair, roots);
        let done = tls::handshake(&client_config, &server_config, self.at);
        result.tls = done.version.map(|version| match version {
            Version::Tls12 => "1.2",
            Version::Tls13 => "1.3",
        });
        let closed = self.process.plain_http && self.dial.port == CLIENT_PORT;
        for (side, found) in [(&mut result.client, &done.client), (&mut result.server, &done.server)] {
            side.verdict = Verdict::Ok;
            if let Some(message) = &found.error {
                side.step = found.step.map(|step| step.word().to_owned());
                side.message = Some(if closed { "EOF".to_owned() } else { message.clone() });
                side.verdict = Verdict::Refused;
            }
        }
        if done.client.error.is_some() || done.server.error.is_some() {
            return result;
        }
        if self.process.plain_http {
            return result;
        }
        match requires {
            true => self.member(&client_config, &mut result),
            false => self.request(&client_config, &client_cas, client.token, &mut result),
        }
        result
    }

    fn blank(&self) -> Handshake {
        let side =
            |end: &End| Side { end: end.clone(), verdict: Verdict::NotReached, step: None, message: None, log: None };
        Handshake {
            connection: self.dial.row.id,
            at: self.at,
            dialled: self.dial.dialled(),
            tls: None,
            client: side(&self.dial.client),
            server: side(&self.dial.serves),
            http_status: None,
            identity: None,
            answer: None,
        }
    }

    /// Where the caller is seen to come from.
    fn source_address(&self) -> IpAddr {
        let node = &self.stage.plan.spec.nodes[self.dial.caller];
        match self.dial.host.parse::<IpAddr>() {
            // Linux calls every loopback address from the first.
            Ok(address) if address.is_loopback() => match address {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => address,
            },
            _ => node.advertise(),
        }
    }

    fn server_config(&self, pair: Option<KeyPair>, client_cas: &Pool, requires: bool) -> ServerConfig {
        let design = &self.stage.design;
        let least = match design.tls_min_version {
            Some(TlsVersion::Tls13) => Version::Tls13,
            Some(TlsVersion::Tls12) | None => Version::Tls12,
        };
        let hardened = self.dial.server_name() != "aggregated-apiserver";
        let suites: Vec<CipherSuite> =
            design.cipher_suites.iter().filter(|_| hardened).filter_map(|name| CipherSuite::named(name)).collect();
        let is_rsa = pair.as_ref().is_some_and(KeyPair::is_rsa);
        let suites = match self.process.other_suites {
            true => {
                Some(CipherSuite::ALL.iter().copied().filter(|suite| suite.is_for_rsa() == Some(!is_rsa)).collect())
            }
            false => Some(suites).filter(|suites| !suites.is_empty()),
        };
        ServerConfig {
            pair,
            client_auth: if requires { ClientAuth::RequireAndVerifyClientCert } else { ClientAuth::RequestClientCert },
            client_cas: client_cas.clone(),
            min_version: if self.process.newer_than_callers {
                Version::Tls13
            } else if hardened {
                least
            } else {
                Version::Tls12
            },
            max_version: Version::Tls13,
            cipher_suites: suites,
            plain_http: self.process.plain_http,
        }
    }

    fn client_config(&self, pair: Option<KeyPair>, roots: Option<Pool>) -> ClientConfig {
        let old = self.dial.old_caller || self.process.newer_than_callers || self.process.other_suites;
        ClientConfig {
            server_name: self.dial.host.clone(),
            roots,
            pair,
            // client-go and etcd's client hand it over by GetClientCertificate, whatever the server asks for.
            always_present: true,
            min_version: Version::Tls12,
            max_version: if old { Version::Tls12 } else { Version::Tls13 },
            cipher_suites: None,
        }
    }

    /// Between members the certificate must fit the address that the call comes from
    /// (etcd: client/pkg/transport/listener_tls.go, checkCertSAN).
    fn member(&self, client: &ClientConfig, result: &mut Handshake) {
        if self.dial.port != PEER_PORT {
            return;
        }
        let Some(leaf) = client.pair.as_ref().and_then(|pair| pair.chain.first()) else { return };
        let address = self.source_address();
        // It looks the names up; the one that every machine resolves alike is this.
        let is_local = address.is_loopback() && leaf.dns_names.iter().any(|name| name == "localhost");
        let is_bare = leaf.ip_addresses.is_empty() && leaf.dns_names.is_empty();
        if is_bare || is_local || leaf.ip_addresses.contains(&address) {
            return;
        }
        let message = match leaf.dns_names.is_empty() {
            true => leaf.verify_hostname(&address.to_string()).err().map(|error| error.to_string()).unwrap_or_default(),
            false => {
                let names: Vec<String> = leaf.dns_names.iter().map(|name| format!("{name:?}")).collect();
                format!("tls: \"{address}\" does not match any of DNSNames [{}]", names.join(" "))
            }
        };
        refuse(&mut result.server, "source address", message);
        result.client.verdict = Verdict::Refused;
        result.client.step = Some("connection".to_owned());
        result.client.message = Some("EOF".to_owned());
    }

    /// What a server that speaks HTTP makes of the caller's credential.
    fn request(&self, client: &ClientConfig, client_cas: &Pool, token: Option<&str>, result: &mut Handshake) {
        let believed = match (&client.pair, token) {
            (Some(pair), _) => self.certificate(pair, client_cas),
            (None, Some(token)) => {
                let key = self.token_key.unwrap_or_default();
                let groups = token::GROUPS.iter().map(|one| (*one).to_owned());
                let groups = groups.chain(["system:authenticated".to_owned()]).collect();
                token::check(key, token, self.at)
                    .map(|()| Identity { user: token::USER.to_owned(), groups })
                    .map_err(|message| Refusal { step: "token", message })
            }
            (None, None) if !authorize::takes_anonymous(self.stage, self.dial.server_name()) => {
                return self.nobody(result);
            }
            // Whom nobody knows RBAC allows nothing, but for /livez and the like.
            (None, None) => Ok(authorize::anonymous()),
        };
        match believed {
            Err(Refusal { step, message }) => {
                result.http_status = Some(401);
                refuse(&mut result.server, step, message);
            }
            Ok(identity) => {
                let is_nobody = client.pair.is_none() && token.is_none();
                let is_refused = is_nobody || !authorize::allows(self.stage, self.dial, &identity);
                result.http_status = Some(if is_refused { 403 } else { 200 });
                result.identity = Some(identity);
                if is_refused {
                    result.server.verdict = Verdict::Refused;
                    result.server.step = Some("authorization".to_owned());
                }
            }
        }
    }

    /// A server that takes nobody for anonymous: it answers "Unauthorized", and logs nothing
    /// (kubelet: pkg/kubelet/server/server.go, InstallAuthFilter; seen with Kubernetes 1.37).
    fn nobody(&self, result: &mut Handshake) {
        result.http_status = Some(401);
        result.server.verdict = Verdict::Refused;
        result.server.step = Some("identity".to_owned());
    }

    /// kube-apiserver's x509 authenticator, and for identity headers its request-header one
    /// (apiserver: pkg/authentication/request/x509/x509.go).
    fn certificate(&self, pair: &KeyPair, client_cas: &Pool) -> Result<Identity, Refusal> {
        let Some(leaf) = pair.chain.first() else { return Ok(authorize::anonymous()) };
        let mut intermediates = Pool::default();
        pair.chain.iter().skip(1).for_each(|one| intermediates.add(one.clone()));
        let options = Options {
            dns_name: None,
            roots: client_cas,
            intermediates: &intermediates,
            now: self.at,
            ekus: vec![Eku::ClientAuth],
        };
        if let Err(error) = verify(leaf, &options) {
            let step = VerifyError::step(&error).word();
            let message = error.to_string();
            // Header authentication says nothing of itself: the request goes on to the other authenticators.
            return Err(Refusal { step, message });
        }
        if self.dial.row.id == "kube-apiserver->aggregated-apiserver" {
            let allowed = self.stage.shared_header_ca || leaf.common_name == "front-proxy-client";
            if !allowed {
                let message = format!("x509: subject with cn={} is not in the allowed list", leaf.common_name);
                return Err(Refusal { step: "allowed names", message });
            }
            return Ok(Identity {
                user: "the user in X-Remote-User".to_owned(),
                groups: vec!["the groups in X-Remote-Group".to_owned()],
            });
        }
        Ok(authorize::identity(leaf))
    }
}

/// Why a credential is not believed.
struct Refusal {
    step: &'static str,
    message: String,
}

fn refuse(side: &mut Side, step: &str, message: String) {
    side.verdict = Verdict::Refused;
    side.step = Some(step.to_owned());
    side.message = Some(message);
}

/// The pair that a side loads; nothing where it has none.
fn pair(texts: &Texts<'_>) -> Result<Option<KeyPair>, String> {
    let (Some(cert), Some(key)) = (texts.cert, texts.key) else { return Ok(None) };
    let (cert, key) = match embedded::is_kubeconfig(cert) {
        true => (
            embedded::field(cert, "client-certificate-data").unwrap_or_default(),
            embedded::secret(key, "client-key-data").unwrap_or_default(),
        ),
        false => (cert.to_owned(), SecretText::new(key.to_owned())),
    };
    let pair = KeyPair::from_public_half(&cert, key.expose());
    let pair = pair.unwrap_or_else(|| KeyPair::from_pem(&cert, key.expose()));
    pair.map(Some).map_err(|error| error.to_string())
}
