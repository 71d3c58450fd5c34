//! What a message is, and words that several have.

/// Before words that are a message only where a line begins with them: elsewhere they may be anybody's.
pub(super) const BEGINS: char = '^';
pub(super) const UNKNOWN: &str = "x509: certificate signed by unknown authority";
pub(super) const BECAUSE: &str = "x509: certificate signed by unknown authority (possibly because of";
pub(super) const EXPIRED: &str = "x509: certificate has expired or is not yet valid: current time";
pub(super) const USAGE: &str = "x509: certificate specifies an incompatible key usage";
/// What kube-apiserver's library puts before what it says of a client certificate.
pub(super) const CLIENT: &str = "verifying certificate SN=";

/// What a message is about, seen from the program that prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The certificate of the other side, which the printing side judged.
    Theirs,
    /// The certificate of the printing side, which the other side judged.
    Ours,
    /// A bearer token, which the printing side judged. It is a server.
    Token,
    /// The credential of the printing side, which the server answered with HTTP 401.
    Refused,
    /// What a caller whom the server knows may do: HTTP 403.
    Rights,
    /// Files of the printing side, before anybody looks at anybody else's.
    Files,
    /// How the two speak to each other: no certificate was judged.
    Protocol,
    /// That a call failed; why, the line does not say.
    Untold,
}

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Who calls.
    Caller,
    /// Who is called.
    Server,
}

impl End {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Caller => Self::Server,
            Self::Server => Self::Caller,
        }
    }
}

/// A command that tells causes apart. `HOST:PORT` and `NAME` stand for what the line may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tell {
    /// This one.
    Run(&'static str),
    /// What shows the certificate that was judged.
    Judged,
    /// What checks that certificate with what its judge trusts.
    Chain,
    /// What shows which CA its judge trusts.
    Trusted,
    /// What lists when kubeadm's certificates end: of no use for those of others.
    Renewal,
}

/// One message.
#[derive(Debug)]
pub struct MessageRow {
    /// The forms it has: parts that stand in one line in this order, and that no other row then explains. The first one
    /// names it. A part that begins with `^` begins the line.
    pub wordings: &'static [&'static [&'static str]],
    /// What it is about.
    pub about: About,
    /// What it means, one or two sentences that hold whichever side printed it.
    pub means: &'static str,
    /// Likely causes, likeliest first.
    pub causes: &'static [&'static str],
    /// What tells the causes apart.
    pub tell: &'static [Tell],
    /// Kinds of faults that bring it about, by their ids.
    pub faults: &'static [&'static str],
    /// A line of a released component that has it.
    pub seen: &'static str,
}

impl MessageRow {
    /// What it is called: the parts of its first wording.
    pub fn title(&self) -> String {
        self.wordings[0].join(" … ")
    }
}
