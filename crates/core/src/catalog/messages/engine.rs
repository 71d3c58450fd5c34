//! From a text to what its messages mean, where each arose, and what to run next.

use std::borrow::Cow;
use std::ops::Range;

use super::anchors::{Anchor, anchor};
use super::dialled::Dialled;
use super::messages;
use super::places::{At, PlaceRow, place};
use super::row::{About, BEGINS, CLIENT, EXPIRED, End, MessageRow, Tell, UNKNOWN};
use crate::catalog::cert;
use crate::catalog::connections::{Told, connection, told};
use crate::catalog::row::Form;

/// Lines that are read as one where no line by itself says anything: a message may be wrapped.
const WRAPPED: usize = 3;

/// What one message means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Its row; each is explained once, however often it occurs.
    pub row: &'static MessageRow,
    /// Where it arose, each place once.
    pub arose: Vec<Arose>,
}

/// Where a message arose, as far as its own line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arose {
    /// The connection, by its id; nothing where the line does not say.
    pub connection: Option<&'static str>,
    /// The end whose certificate or token was judged; nothing where none was, or the line does not say.
    pub judged: Option<End>,
    /// Who judged whom, or what would tell.
    pub who: String,
    /// Commands that tell the causes apart, with the host and port of the line where it names them.
    pub tell: Vec<String>,
}

impl Explanation {
    /// Commands that tell the causes apart, at each place, each once.
    pub fn commands(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for command in self.arose.iter().flat_map(|one| &one.tell) {
            if !all.contains(&command.as_str()) {
                all.push(command);
            }
        }
        all
    }
}

impl PartialEq for MessageRow {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for MessageRow {}

/// The messages in a text, the most particular first.
pub fn explain(text: &str) -> Vec<Explanation> {
    let lines: Vec<Cow<'_, str>> = text.lines().map(plain).collect();
    let mut found = Vec::new();
    lines.iter().for_each(|line| explain_line(line, &mut found));
    if found.is_empty() {
        for some in lines.windows(WRAPPED.min(lines.len()).max(1)) {
            explain_line(&some.join(" "), &mut found);
        }
    }
    found.sort_by_key(|one: &Explanation| messages().position(|row| *row == *one.row));
    found
}

/// A line without the backslashes that JSON and klog put before quotes.
fn plain(line: &str) -> Cow<'_, str> {
    match line.contains('\\') {
        true => Cow::Owned(line.replace('\\', "")),
        false => Cow::Borrowed(line),
    }
}

fn explain_line(line: &str, found: &mut Vec<Explanation>) {
    let mut rest = line.to_owned();
    // A server tries the front proxy's CA first and says of both what it found: that the caller is no front proxy, or that
    // its certificate has expired, is no news then.
    if let Some(client) = rest.find(&format!(", {CLIENT}"))
        && let Some(proxy) = [UNKNOWN, EXPIRED].iter().find_map(|first| rest[..client].rfind(&format!("[{first}")))
    {
        blank(&mut rest, proxy + 1..client);
    }
    for row in messages() {
        for wording in row.wordings {
            while let Some(parts) = find(wording, &rest) {
                let arose = arose(row, line, parts.last().map_or(0, |part| part.start));
                parts.into_iter().for_each(|part| blank(&mut rest, part));
                match found.iter_mut().find(|one| *one.row == *row) {
                    Some(known) if known.arose.iter().any(|one| one.who == arose.who) => {}
                    Some(known) => known.arose.push(arose),
                    None => found.push(Explanation { row, arose: vec![arose] }),
                }
            }
        }
    }
}

/// Where the parts of a wording stand, in their order.
fn find(wording: &[&str], text: &str) -> Option<Vec<Range<usize>>> {
    let mut from = 0;
    let place = |part: &&str| {
        let (start, part) = match part.strip_prefix(BEGINS) {
            Some(first) => (text.starts_with(first).then_some(0)?, first),
            None => (from + text[from..].find(part)?, *part),
        };
        from = start + part.len();
        Some(start..from)
    };
    wording.iter().map(place).collect()
}

/// Takes explained words out, so that no general row finds them again.
fn blank(text: &mut String, range: Range<usize>) {
    let length = range.len();
    text.replace_range(range, &"\0".repeat(length));
}

fn arose(row: &'static MessageRow, line: &str, message: usize) -> Arose {
    let dialled = Dialled::of(line, message);
    let place = place(row.about, line, dialled);
    let (connection, judged, who, trusted) = match place {
        Some(PlaceRow { at: At::Connection(id, note), printed_by, .. }) => {
            let judged = judged(row.about, Some(*printed_by));
            let who = told(id).map(|told| sentence(row.about, *printed_by, told)).unwrap_or_default();
            let who = if note.is_empty() { who } else { format!("{who} {note}") };
            let trusted = judged.map_or(Anchor::Unknown, |judged| anchor(id, judged));
            (Some(*id), judged, who, trusted)
        }
        Some(PlaceRow { at: At::Told(said, trusted), printed_by, .. }) => {
            (None, judged(row.about, Some(*printed_by)), (*said).to_owned(), *trusted)
        }
        None => (None, judged(row.about, None), unplaced(row.about).to_owned(), Anchor::Unknown),
    };
    let shown = connection.zip(judged).and_then(|(id, judged)| file(id, judged));
    let commands = Commands { judged, dialled, trusted, shown, name: name(line) };
    Arose { connection, judged, who, tell: commands.all(row.tell) }
}

/// The end that was judged.
fn judged(about: About, printed_by: Option<End>) -> Option<End> {
    match about {
        About::Theirs => printed_by.map(End::other),
        About::Ours => printed_by,
        About::Token | About::Refused => Some(End::Caller),
        About::Rights | About::Files | About::Protocol | About::Untold => None,
    }
}

/// Who judged whom on a connection.
fn sentence(about: About, printed_by: End, told: &Told) -> String {
    let Told { caller, server, shows, checked_with, presents, identity, authorization, .. } = told;
    match (about, judged(about, Some(printed_by))) {
        (About::Rights, _) => {
            format!("{server} knows its caller ({identity}). What that may do is decided by {authorization}.")
        }
        (About::Files, _) if printed_by == End::Caller => {
            format!("{caller} printed this about files of its own, with which it would call {server}.")
        }
        (About::Files, _) => format!("{server} printed this about files of its own."),
        (About::Protocol, _) => format!("{caller} called {server}; no certificate was judged."),
        (About::Untold, _) => {
            format!("{caller} called {server}. Whether a certificate was judged, and whose, the line does not say.")
        }
        (_, Some(End::Caller)) => format!("{server} refused what {caller} presents: {presents}."),
        (_, _) => format!("{caller} refused what {server} shows: {shows}, checked with {checked_with}."),
    }
}

/// What is said where a line has no sign of its connection.
fn unplaced(about: About) -> &'static str {
    match about {
        About::Theirs => {
            "The line does not say on which connection. Whose log it is tells who judged the other side's certificate; the address and port that were dialled tell whose certificate that was."
        }
        About::Ours => {
            "The line does not say on which connection. Whose log it is tells whose certificate was refused; who refused it has the reason in its own log."
        }
        About::Token => "The line does not say which server judged the token: that is the one whose log it is.",
        About::Refused => "The line does not say who called: that is the program whose log it is.",
        About::Rights => "The line does not say who called beyond the name in it.",
        About::Files => {
            "It is about files of the program whose log it is; no other program's certificate was looked at."
        }
        About::Protocol | About::Untold => {
            "The line does not say on which connection. Whose log it is, and the address and port that were dialled, tell."
        }
    }
}

/// Where kubeadm keeps what an end shows.
fn file(id: &str, judged: End) -> Option<String> {
    let row = connection(id)?;
    let side = match judged {
        End::Caller => &row.client,
        End::Server => &row.server_side,
    };
    let shown = cert(side.shows.first()?)?;
    match (shown.id, shown.form) {
        ("kubelet.conf", _) => Some("/var/lib/kubelet/pki/kubelet-client-current.pem".to_owned()),
        ("kubelet-serving", _) => Some("/var/lib/kubelet/pki/kubelet.crt".to_owned()),
        (_, Form::Pair) => Some(format!("/etc/kubernetes/pki/{}.crt", shown.base)),
        (_, Form::Kubeconfig(_)) => Some(format!("/etc/kubernetes/{}", shown.base)),
        (_, Form::KeyPair) => None,
    }
}

/// The name of a webhook that a line gives, where it can stand in a command.
fn name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once("webhook \"")?.1.split_once('"')?;
    let is_plain = |one: char| one.is_ascii_alphanumeric() || ".-".contains(one);
    (!name.is_empty() && name.chars().all(is_plain)).then_some(name)
}

/// What commands are made of.
struct Commands<'a> {
    judged: Option<End>,
    dialled: Option<Dialled<'a>>,
    trusted: Anchor,
    /// The file of what was judged.
    shown: Option<String>,
    name: Option<&'a str>,
}

/// What is looked at in a certificate.
const FACTS: &str = "-subject -issuer -serial -dates -ext subjectAltName,extendedKeyUsage";

impl Commands<'_> {
    fn all(&self, wanted: &[Tell]) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for command in wanted.iter().filter_map(|tell| self.one(*tell)) {
            if !all.contains(&command) {
                all.push(command);
            }
        }
        all
    }

    fn one(&self, tell: Tell) -> Option<String> {
        let command = match tell {
            Tell::Run(command) => command.to_owned(),
            Tell::Judged => self.certificate(),
            Tell::Renewal
                if self.trusted == Anchor::Elsewhere
                    || matches!(self.trusted, Anchor::Printed(from) if from.contains("NAME")) =>
            {
                return None;
            }
            Tell::Renewal => "kubeadm certs check-expiration".to_owned(),
            Tell::Chain => {
                let of = self.pem().unwrap_or("CERTIFICATE");
                match self.trusted {
                    Anchor::File(path) => format!("openssl verify -CAfile {path} {of}"),
                    Anchor::Printed(by) => format!("{by} > trusted.pem; openssl verify -CAfile trusted.pem {of}"),
                    Anchor::Elsewhere => return None,
                    Anchor::Unknown => format!("openssl verify -CAfile CA {of}"),
                }
            }
            Tell::Trusted => match self.trusted {
                Anchor::File(path) => format!("openssl x509 -noout -subject -fingerprint -sha256 -in {path}"),
                Anchor::Printed(by) => format!("{by} | openssl x509 -noout -subject -fingerprint -sha256"),
                Anchor::Elsewhere => return None,
                Anchor::Unknown => "openssl x509 -noout -subject -fingerprint -sha256 -in CA".to_owned(),
            },
        };
        let at = self.dialled.filter(|_| self.judged != Some(End::Caller) || !matches!(tell, Tell::Judged));
        let command = at.map_or_else(|| command.clone(), |at| command.replace("HOST:PORT", &at.text()));
        Some(match (tell, self.name) {
            (Tell::Trusted | Tell::Chain, Some(name)) => command.replace("NAME", name),
            _ => command,
        })
    }

    /// The file of what was judged, where it is PEM.
    fn pem(&self) -> Option<&str> {
        self.shown.as_deref().filter(|path| !path.ends_with(".conf"))
    }

    /// What shows the certificate that was judged: a server shows its own to whoever asks, a caller's is a file.
    fn certificate(&self) -> String {
        match (self.judged, &self.shown) {
            (Some(End::Server), Some(path)) if self.dialled.is_none() && !path.ends_with(".conf") => {
                format!("openssl x509 -noout {FACTS} -in {path}")
            }
            (Some(End::Caller), Some(path)) if path.ends_with(".conf") => format!(
                "kubectl config view --raw --kubeconfig {path} -o jsonpath='{{.users[0].user.client-certificate-data}}' | base64 -d | openssl x509 -noout {FACTS}"
            ),
            (Some(End::Caller), Some(path)) => format!("openssl x509 -noout {FACTS} -in {path}"),
            (Some(End::Caller), None) => format!("openssl x509 -noout {FACTS} -in CERTIFICATE"),
            (Some(End::Server) | None, _) => {
                format!("openssl s_client -connect HOST:PORT -showcerts </dev/null | openssl x509 -noout {FACTS}")
            }
        }
    }
}
