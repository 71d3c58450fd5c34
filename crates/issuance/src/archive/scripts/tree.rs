//! The files of an export as `verify.sh` looks at them: certificates with what they should say, modes and pairs of keys.

use std::fmt::Write as _;
use std::net::IpAddr;

use kubepki_core::catalog::row::Eku;
use kubepki_core::plan::{Holding, PlannedFile, Root};
use kubepki_core::sorted::SortedMap;
use kubepki_core::spec::San;

use super::Renewing;
use crate::archive::items::planned_path;
use crate::archive::selection::Selection;
use crate::inspect::inspect;
use crate::pki::Pki;

/// The files of one certificate in one root.
pub(super) type Held<'a> = [&'a PlannedFile];

/// The file that holds this.
pub(super) fn holds<'a>(held: &Held<'a>, holding: Holding) -> Option<&'a PlannedFile> {
    held.iter().rfind(|file| file.content.holding == holding).copied()
}

/// Where a file is, and whose it is.
fn whose(file: &PlannedFile) -> (Root, usize) {
    (file.root, file.content.cert)
}

/// Sorted files, one certificate's of one root after the other.
fn each<'s, 'a>(held: &'s Held<'a>) -> impl Iterator<Item = &'s Held<'a>> {
    held.chunk_by(|one, other| whose(one) == whose(other))
}

/// The planned files of a selection.
pub(super) struct Tree<'a> {
    pub(super) pki: &'a Pki,
    files: Vec<&'a PlannedFile>,
    /// The same, by where they are and whose.
    held: Vec<&'a PlannedFile>,
    /// Where a copy of each CA's certificate is.
    anchors: SortedMap<usize, &'a PlannedFile>,
}

impl<'a> Tree<'a> {
    pub(super) fn of(pki: &'a Pki, selection: Selection) -> Self {
        let files: Vec<_> = pki.plan.files.iter().filter(|file| selection.holds(pki, file)).collect();
        let mut held = files.clone();
        held.sort_by_key(|file| whose(file));
        let mut anchors = SortedMap::default();
        for &file in &files {
            if file.content.holding == Holding::Certificate && pki.plan.certs[file.content.cert].row.is_ca() {
                anchors.or_insert(file.content.cert, file);
            }
        }
        Self { pki, files, held, anchors }
    }

    pub(super) fn path(&self, file: &PlannedFile) -> String {
        planned_path(&self.pki.plan, file.root, &file.path)
    }

    /// The folder that stands for a node's `/`.
    pub(super) fn folder(&self, node: usize) -> String {
        planned_path(&self.pki.plan, Root::Node(node), "/")
    }

    pub(super) fn held(&self, root: Root, cert: usize, holding: Holding) -> Option<&'a PlannedFile> {
        let here = &self.held[self.held.partition_point(|file| whose(file) < (root, cert))..];
        holds(&here[..here.partition_point(|file| whose(file) == (root, cert))], holding)
    }

    /// The files of the certificate with this id in a root.
    pub(super) fn kept(&self, root: Root, id: &str) -> Option<&Held<'a>> {
        let here = &self.held[self.held.partition_point(|file| file.root < root)..];
        let mut here = each(&here[..here.partition_point(|file| file.root == root)]);
        here.find(|held| self.pki.plan.certs[held[0].content.cert].row.id == id)
    }

    /// A file with the certificate of a CA: in this root, else anywhere.
    pub(super) fn anchor(&self, root: Root, ca: usize) -> Option<&'a PlannedFile> {
        self.held(root, ca, Holding::Certificate).or_else(|| self.anchors.get(&ca).copied())
    }

    /// A path, or a dash for none.
    pub(super) fn path_or_dash(&self, file: Option<&PlannedFile>) -> String {
        file.map_or_else(|| "-".to_owned(), |file| self.path(file))
    }

    pub(super) fn cas(&self) -> String {
        let mut out = String::new();
        for (index, cert) in self.pki.plan.certs.iter().enumerate().filter(|(_, cert)| cert.row.is_ca()) {
            if let Some(Ok(facts)) = self.pki.certs[index].der.as_deref().map(inspect) {
                let _ = writeln!(out, "{}|{}", cert.row.id, facts.fingerprint);
            }
        }
        out
    }

    pub(super) fn modes(&self) -> String {
        self.files.iter().map(|file| format!("{:04o}|{}\n", file.mode, self.path(file))).collect()
    }

    pub(super) fn certs(&self, renewing: &mut Renewing<'_>) -> String {
        let mut out = String::new();
        for held in each(&self.held) {
            let (root, cert) = whose(held[0]);
            let planned = &self.pki.plan.certs[cert];
            let Some(subject) = &planned.subject else { continue };
            let issuer = planned.issuer.map_or("-", |issuer| self.pki.plan.certs[issuer].row.id);
            let anchor = planned.issuer.and_then(|issuer| self.anchor(root, issuer));
            let renewal = renewing.number(cert);
            // RFC 2253 begins at the end: the common name stands first.
            let mut name = format!("CN={}", subject.common_name);
            if !subject.organizations.is_empty() {
                let _ = write!(name, ",O={}", subject.organizations.join("+O="));
            }
            let usages: Vec<&str> = planned.ekus.iter().map(|eku| usage(*eku)).collect();
            let names: Vec<String> = planned.sans.iter().map(openssl_name).collect();
            let rest = format!(
                "{issuer}|{}|{renewal}|{name}|{}|{}",
                self.path_or_dash(anchor),
                usages.join(", "),
                names.join(", ")
            );
            let key = self.path_or_dash(holds(held, Holding::PrivateKey));
            let id = self.pki.plan.key_of(cert);
            if let Some(file) = holds(held, Holding::Certificate) {
                let _ = writeln!(out, "{id}|pem|{}|{key}|{rest}", self.path(file));
            }
            if let Some(file) = holds(held, Holding::Kubeconfig) {
                let _ = writeln!(out, "{id}|kubeconfig|{}|-|{rest}", self.path(file));
            }
        }
        out
    }

    pub(super) fn pairs(&self) -> String {
        let pairs = each(&self.held).filter_map(|held| {
            let [public, private] = [holds(held, Holding::PublicKey)?, holds(held, Holding::PrivateKey)?];
            Some(format!("{}|{}\n", self.path(public), self.path(private)))
        });
        pairs.collect()
    }
}

/// An extended key usage as `openssl x509 -text` words it.
fn usage(eku: Eku) -> &'static str {
    match eku {
        Eku::ServerAuth => "TLS Web Server Authentication",
        Eku::ClientAuth => "TLS Web Client Authentication",
    }
}

/// A name as `openssl x509 -text` writes it: IPv6 as eight groups without shortening.
fn openssl_name(san: &San) -> String {
    match san {
        San::Dns(name) => format!("DNS:{name}"),
        San::Ip(IpAddr::V4(address)) => format!("IP Address:{address}"),
        San::Ip(IpAddr::V6(address)) => {
            let groups: Vec<String> = address.segments().iter().map(|group| format!("{group:X}")).collect();
            format!("IP Address:{}", groups.join(":"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_worded_as_openssl_words_them() {
        let name = openssl_name(&San::Ip("fd00::1".parse().expect("address")));
        assert_eq!(name, "IP Address:FD00:0:0:0:0:0:0:1");
    }
}
