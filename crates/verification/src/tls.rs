//! Handshakes between two Go endpoints: what each side decides and says, without a byte on a wire (crypto/tls of Go
//! 1.27: handshake_client.go, handshake_server.go and their TLS 1.3 siblings).

use std::collections::BTreeSet;

use crate::error::{Step, VerifyError};
use crate::pair::KeyPair;
use crate::path::{Options, verify};
use crate::pool::Pool;
use crate::usage::Eku;

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// A cipher suite of TLS 1.2. Those of TLS 1.3 cannot be chosen in Go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CipherSuite {
    /// Its number.
    pub id: u16,
    /// Its name.
    pub name: &'static str,
    is_default: bool,
}

macro_rules! suites {
    ($($id:literal $name:literal $default:literal,)*) => {
        &[$(CipherSuite { id: $id, name: $name, is_default: $default }),*]
    };
}

impl CipherSuite {
    /// Every suite that a component's flag accepts, in Go's order of preference where the processor has AES.
    pub const ALL: &[Self] = suites![
        0xc02b "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" true,
        0xc02f "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" true,
        0xc02c "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" true,
        0xc030 "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" true,
        0xcca9 "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" true,
        0xcca8 "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" true,
        0xc009 "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" true,
        0xc013 "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" true,
        0xc00a "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA" true,
        0xc014 "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" true,
        0x009c "TLS_RSA_WITH_AES_128_GCM_SHA256" false,
        0x009d "TLS_RSA_WITH_AES_256_GCM_SHA384" false,
        0x002f "TLS_RSA_WITH_AES_128_CBC_SHA" false,
        0x0035 "TLS_RSA_WITH_AES_256_CBC_SHA" false,
        0xc012 "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" false,
        0x000a "TLS_RSA_WITH_3DES_EDE_CBC_SHA" false,
        0xc023 "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" false,
        0xc027 "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256" false,
        0x003c "TLS_RSA_WITH_AES_128_CBC_SHA256" false,
        0xc007 "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA" false,
        0xc011 "TLS_ECDHE_RSA_WITH_RC4_128_SHA" false,
        0x0005 "TLS_RSA_WITH_RC4_128_SHA" false,
    ];

    /// The suite of a name; nothing for TLS 1.3's and for names that do not exist.
    pub fn named(name: &str) -> Option<Self> {
        // The two of ChaCha20 are also known without the hash.
        let same = |one: &&Self| one.name == name || one.name.strip_suffix("_SHA256") == Some(name);
        Self::ALL.iter().find(same).copied()
    }

    /// Whether the server's key must be RSA for it, or ECDSA.
    pub fn is_for_rsa(&self) -> Option<bool> {
        Some(!self.name.contains("_ECDSA_"))
    }
}

/// What a server does about client certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// It does not ask.
    NoClientCert,
    /// It asks, and checks nothing (kube-apiserver, kubelet: their authenticators check afterwards).
    RequestClientCert,
    /// It insists on one, and checks nothing.
    RequireAnyClientCert,
    /// It checks what is given.
    VerifyClientCertIfGiven,
    /// It insists on one, and checks it (etcd).
    RequireAndVerifyClientCert,
}

impl ClientAuth {
    fn requires(self) -> bool {
        matches!(self, Self::RequireAnyClientCert | Self::RequireAndVerifyClientCert)
    }

    fn verifies(self) -> bool {
        matches!(self, Self::VerifyClientCertIfGiven | Self::RequireAndVerifyClientCert)
    }
}

/// A server.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// What it shows.
    pub pair: Option<KeyPair>,
    /// What it does about client certificates.
    pub client_auth: ClientAuth,
    /// What it checks them with.
    pub client_cas: Pool,
    /// The lowest version.
    pub min_version: Version,
    /// The highest version.
    pub max_version: Version,
    /// The suites of TLS 1.2 that it offers; nothing for Go's own list.
    pub cipher_suites: Option<Vec<CipherSuite>>,
    /// Whether it speaks HTTP without TLS.
    pub plain_http: bool,
}

/// A client.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// The host that it dials.
    pub server_name: String,
    /// What it checks the server with; nothing for not at all.
    pub roots: Option<Pool>,
    /// What it shows when asked.
    pub pair: Option<KeyPair>,
    /// Whether it shows that even where the server's list of CAs does not have its issuer.
    pub always_present: bool,
    /// The lowest version.
    pub min_version: Version,
    /// The highest version.
    pub max_version: Version,
    /// The suites of TLS 1.2 that it offers; nothing for Go's own list.
    pub cipher_suites: Option<Vec<CipherSuite>>,
}

/// How one side ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Go's `err.Error()`: of the handshake, or, where that was over before the other side refused, of the first read.
    pub error: Option<String>,
    /// The step that failed.
    pub step: Option<Step>,
}

/// How a handshake ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handshake {
    /// The version agreed on.
    pub version: Option<Version>,
    /// The client's end.
    pub client: Side,
    /// The server's end.
    pub server: Side,
    /// Whether the client showed a certificate.
    pub client_certificate_sent: bool,
}

/// The alerts that matter here, as the other side prints them (crypto/tls, alert.go).
#[derive(Clone, Copy)]
enum Alert {
    HandshakeFailure,
    BadCertificate,
    CertificateExpired,
    UnknownCa,
    ProtocolVersion,
    CertificateRequired,
    UnsupportedCertificate,
}

impl Alert {
    fn text(self) -> &'static str {
        match self {
            Self::HandshakeFailure => "remote error: tls: handshake failure",
            Self::BadCertificate => "remote error: tls: bad certificate",
            Self::CertificateExpired => "remote error: tls: expired certificate",
            Self::UnknownCa => "remote error: tls: unknown certificate authority",
            Self::ProtocolVersion => "remote error: tls: protocol version not supported",
            Self::CertificateRequired => "remote error: tls: certificate required",
            Self::UnsupportedCertificate => "remote error: tls: unsupported certificate",
        }
    }
}

/// The largest RSA modulus that Go takes from the other side, in bits.
const LARGEST_RSA: usize = 8192;

/// Lets two endpoints shake hands at a time, Unix seconds.
pub fn handshake(client: &ClientConfig, server: &ServerConfig, now: i64) -> Handshake {
    let mut done = Handshake::default();
    if server.plain_http {
        done.client.fail(Step::Protocol, "tls: first record does not look like a TLS handshake".to_owned());
        return done;
    }
    let version = client.max_version.min(server.max_version);
    if version < client.min_version || version < server.min_version {
        let offered: &[u16] = match (client.min_version, client.max_version) {
            (Version::Tls12, Version::Tls13) => &[0x304, 0x303],
            (Version::Tls13, _) => &[0x304],
            (Version::Tls12, Version::Tls12) => &[0x303],
        };
        let message = format!("tls: client offered only unsupported versions: {}", hex(offered));
        done.refused_by_server(Step::Version, message, Alert::ProtocolVersion);
        return done;
    }
    done.version = Some(version);
    if version == Version::Tls12 && !agree(client, server) {
        let offered: Vec<u16> = suites(client.cipher_suites.as_deref()).map(|suite| suite.id).collect();
        let tls13: &[u16] = if client.max_version == Version::Tls13 { &[0x1301, 0x1302, 0x1303] } else { &[] };
        let message = format!(
            "tls: no cipher suite supported by both client and server; client offered: {}",
            hex(&[&offered, tls13].concat())
        );
        done.refused_by_server(Step::CipherSuite, message, Alert::HandshakeFailure);
        return done;
    }
    if let Err((step, message, alert)) = server_is_good(client, server, now) {
        done.refused_by_client(step, message, alert);
        return done;
    }
    let shown = client.pair.as_ref().filter(|pair| presents(client, server, pair));
    done.client_certificate_sent = shown.is_some();
    if let Err((step, message, alert)) = client_is_good(shown, server, version, now) {
        done.refused_by_server(step, message, alert);
    }
    done
}

type Refusal = (Step, String, Alert);

/// Go's `verifyServerCertificate`.
fn server_is_good(client: &ClientConfig, server: &ServerConfig, now: i64) -> Result<(), Refusal> {
    let chain = server.pair.as_ref().map_or(&[][..], |pair| &pair.chain);
    let Some((leaf, rest)) = chain.split_first() else {
        let message = "tls: received empty certificates message".to_owned();
        return Err((Step::Parse, message, Alert::BadCertificate));
    };
    too_large(chain, "server")?;
    let Some(roots) = &client.roots else { return Ok(()) };
    let mut intermediates = Pool::default();
    rest.iter().for_each(|one| intermediates.add(one.clone()));
    let options =
        Options { dns_name: Some(&client.server_name), roots, intermediates: &intermediates, now, ekus: Vec::new() };
    verify(leaf, &options).map(|_| ()).map_err(|error| (error.step(), prefixed(&error), Alert::BadCertificate))
}

/// Go's `processCertsFromClient`.
fn client_is_good(shown: Option<&KeyPair>, server: &ServerConfig, version: Version, now: i64) -> Result<(), Refusal> {
    if server.client_auth == ClientAuth::NoClientCert {
        return Ok(());
    }
    let Some((leaf, rest)) = shown.and_then(|pair| pair.chain.split_first()) else {
        if !server.client_auth.requires() {
            return Ok(());
        }
        let alert = match version {
            Version::Tls12 => Alert::HandshakeFailure,
            Version::Tls13 => Alert::CertificateRequired,
        };
        return Err((Step::NoCertificate, "tls: client didn't provide a certificate".to_owned(), alert));
    };
    too_large(shown.map_or(&[][..], |pair| &pair.chain), "client")?;
    if server.client_auth.verifies() {
        let mut intermediates = Pool::default();
        rest.iter().for_each(|one| intermediates.add(one.clone()));
        let options = Options {
            dns_name: None,
            roots: &server.client_cas,
            intermediates: &intermediates,
            now,
            ekus: vec![Eku::ClientAuth],
        };
        if let Err(error) = verify(leaf, &options) {
            let alert = match error {
                VerifyError::UnknownAuthority { .. } => Alert::UnknownCa,
                VerifyError::Expired { .. } => Alert::CertificateExpired,
                _ => Alert::BadCertificate,
            };
            return Err((error.step(), prefixed(&error), alert));
        }
    }
    if leaf.public_key.is_none() {
        let message = "tls: client certificate contains an unsupported public key of type <nil>".to_owned();
        return Err((Step::Parse, message, Alert::UnsupportedCertificate));
    }
    Ok(())
}

fn too_large(chain: &[crate::Certificate], who: &str) -> Result<(), Refusal> {
    let is_too_large = |one: &crate::Certificate| {
        one.public_key.as_ref().and_then(|key| key.modulus_bits()).is_some_and(|bits| bits > LARGEST_RSA)
    };
    match chain.iter().any(is_too_large) {
        true => {
            let message = format!("tls: {who} sent certificate containing RSA key larger than {LARGEST_RSA} bits");
            Err((Step::Parse, message, Alert::BadCertificate))
        }
        false => Ok(()),
    }
}

/// Since Go 1.20.
fn prefixed(error: &VerifyError) -> String {
    format!("tls: failed to verify certificate: {error}")
}

/// Whether a client shows its certificate: where asked, and where the server's list of CAs has an issuer of it.
fn presents(client: &ClientConfig, server: &ServerConfig, pair: &KeyPair) -> bool {
    if server.client_auth == ClientAuth::NoClientCert {
        return false;
    }
    let listed: BTreeSet<&[u8]> = server.client_cas.certificates().iter().map(|ca| &ca.raw_subject[..]).collect();
    client.always_present || listed.is_empty() || pair.chain.iter().any(|one| listed.contains(&one.raw_issuer[..]))
}

/// The suites that a side offers, in Go's order.
fn suites(given: Option<&[CipherSuite]>) -> impl Iterator<Item = &'static CipherSuite> {
    CipherSuite::ALL.iter().filter(move |suite| match given {
        None => suite.is_default,
        Some(given) => given.iter().any(|one| one.id == suite.id),
    })
}

/// Whether there is a suite of TLS 1.2 for both, and for the server's key.
fn agree(client: &ClientConfig, server: &ServerConfig) -> bool {
    let is_rsa = server.pair.as_ref().is_some_and(KeyPair::is_rsa);
    suites(server.cipher_suites.as_deref())
        .filter(|suite| suite.is_for_rsa() == Some(is_rsa))
        .any(|suite| suites(client.cipher_suites.as_deref()).any(|offered| offered.id == suite.id))
}

/// As Go's `%x` writes a list of numbers.
fn hex(numbers: &[u16]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|one| format!("{one:x}")).collect();
    format!("[{}]", numbers.join(" "))
}

impl Side {
    fn fail(&mut self, step: Step, message: String) {
        (self.step, self.error) = (Some(step), Some(message));
    }
}

impl Handshake {
    fn refused_by_client(&mut self, step: Step, message: String, alert: Alert) {
        self.client.fail(step, message);
        self.server.fail(Step::Peer, alert.text().to_owned());
    }

    fn refused_by_server(&mut self, step: Step, message: String, alert: Alert) {
        self.server.fail(step, message);
        self.client.fail(Step::Peer, alert.text().to_owned());
    }
}
