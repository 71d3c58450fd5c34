//! The selected thing, in plain sentences first: what it is, who shows it, who checks it against which very file or
//! copy, then names, usages, lifetime, files and flags.

use super::files::flag_text;
use super::selection::{Selection, file_key, flag_key};
use crate::catalog::row::{CertRow, CheckedBy, Eku, Kind};
use crate::pattern::fill;
use crate::plan::{BACKDATE_SECONDS, FlagValue, Holding, Plan, Root, Subject};

/// Everything the right pane shows of a selection, before any key exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Above the title: `signed by kubernetes · held by cp-1`.
    pub context: String,
    /// What it is called.
    pub title: String,
    /// The kind it is drawn as; nothing for files and flags without certificate.
    pub kind: Option<Kind>,
    /// Plain sentences: what it is, who shows it, and what is special about it in this design.
    pub sentences: Vec<String>,
    /// Its siblings on all nodes: node and selection; the selected one among them.
    pub siblings: Vec<(String, Selection)>,
    /// Facts with a label: subject, issuer, key, signature, lifetime, flag value.
    pub facts: Vec<(&'static str, String)>,
    /// Names it answers to.
    pub names: Vec<String>,
    /// Key usages and extended key usages.
    pub usages: Vec<String>,
    /// Who has to do with it when it is checked.
    pub relies: Relies,
    /// Files that hold it: name, mode, what, selection.
    pub files: Vec<FileLine>,
    /// Flags that name it: text and selection.
    pub flags: Vec<(String, Selection)>,
    /// The certificate to show facts of, when one is behind the selection.
    pub cert: Option<usize>,
    /// What it signed (for a CA), or the certificate behind a file or flag: label and selection.
    pub links: Vec<(String, Selection)>,
    /// Where all this comes from.
    pub source: &'static str,
}

/// A file in the inspector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// `cp-1:/etc/kubernetes/pki/ca.crt`.
    pub name: String,
    /// Mode, as `0600`.
    pub mode: String,
    /// What of the certificate it holds: `private key`.
    pub holds: &'static str,
    /// Its selection.
    pub selection: Selection,
}

/// Who checks a certificate, trusts a CA, or works with a key pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relies {
    /// Above the lines.
    pub title: &'static str,
    /// In front of who it is.
    pub before: &'static str,
    /// Each line: who, and what they do.
    pub lines: Vec<(&'static str, String)>,
}

impl Relies {
    /// A CA is trusted, a key pair is used, and what a CA signed is checked against that CA.
    fn on(plan: &Plan, row: &CertRow) -> Self {
        let (title, before, between) = match row.kind {
            Kind::Ca => ("Who trusts it", "", " "),
            Kind::KeyPair => ("Who relies on it", "", " "),
            Kind::Server | Kind::Client | Kind::Peer => ("Who checks it", "Checked by ", " against "),
        };
        let copies = plan.files.iter().filter(|file| file.content.holding == Holding::Kubeconfig).count();
        let copies = match copies {
            1 => "1 copy".to_owned(),
            count => format!("{count} copies"),
        };
        let line = |one: &CheckedBy| (one.who, [between, &fill(one.against, &[("copies", &copies)])].concat());
        Self { title, before, lines: row.checked.iter().map(line).collect() }
    }

    /// What a component shows instead of a certificate.
    fn on_token() -> Self {
        let how = " checks the token with --service-account-key-file (sa.pub)".to_owned();
        Self { title: "Who relies on it", before: "", lines: vec![("kube-apiserver", how)] }
    }
}

/// What the names in a certificate of a kind are for.
pub fn names_title(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Ca) => "Names in it (kubeadm puts its own name; nobody dials a CA)",
        _ => "Names it answers to",
    }
}

impl Inspection {
    fn empty(title: String, source: &'static str) -> Self {
        Self {
            context: String::new(),
            title,
            kind: None,
            sentences: Vec::new(),
            siblings: Vec::new(),
            facts: Vec::new(),
            names: Vec::new(),
            usages: Vec::new(),
            relies: Relies::default(),
            files: Vec::new(),
            flags: Vec::new(),
            cert: None,
            links: Vec::new(),
            source,
        }
    }
}

/// What there is to say about a selection.
pub fn inspect(plan: &Plan, selection: Selection) -> Inspection {
    match selection {
        Selection::Cert(index) => inspect_cert(plan, index),
        Selection::Unsigned(index) => inspect_unsigned(plan, index),
        Selection::File(index) => inspect_file(plan, index),
        Selection::Flag(index) => inspect_flag(plan, index),
    }
}

fn inspect_cert(plan: &Plan, index: usize) -> Inspection {
    let cert = &plan.certs[index];
    let row = cert.row;
    let mut it = Inspection::empty(row.title.to_owned(), row.source);
    let holder = match cert.node {
        Some(node) => plan.spec.nodes[node].name.clone(),
        None => places(plan, index),
    };
    it.context = match (cert.issuer, &cert.subject) {
        (Some(issuer), _) => format!("signed by {} · held by {holder}", common_name(plan, issuer)),
        (None, Some(_)) => format!("signed by itself · {holder}"),
        (None, None) => format!("no certificate · {holder}"),
    };
    it.kind = Some(cert.kind);
    it.cert = Some(index);
    it.sentences = vec![row.what.to_owned(), row.shown.to_owned()];
    it.sentences.extend(special(plan, index));
    it.siblings = siblings(plan, row);
    if let Some(subject) = &cert.subject {
        it.facts.push(("Subject", subject.to_string()));
        let signer = cert.issuer.unwrap_or(index);
        it.facts.push(("Issuer", plan.certs[signer].subject.as_ref().map(ToString::to_string).unwrap_or_default()));
        it.facts.push(("Signature", plan.certs[signer].key.signature().to_owned()));
        it.facts.push((
            "Valid",
            format!("{}, from {} minutes before the issue time", cert.lifetime, BACKDATE_SECONDS / 60),
        ));
        it.usages = usages(cert.kind, &cert.ekus.iter().map(|eku| eku.word()).collect::<Vec<_>>());
    }
    it.facts.push(("Key", cert.key.word().to_owned()));
    if let Some(server) = &cert.server {
        it.facts.push(("Dials", server.clone()));
    }
    it.names = cert.sans.iter().map(ToString::to_string).collect();
    it.relies = Relies::on(plan, row);
    it.files = (0..plan.files.len())
        .filter(|&file| plan.files[file].content.cert == index)
        .filter_map(|file| file_line(plan, file))
        .collect();
    it.flags = (0..plan.flags.len())
        .filter(|&flag| plan.flags[flag].cert == Some(index))
        .filter_map(|flag| flag_line(plan, flag))
        .collect();
    it.links = plan.signed_by(index).map(|one| (plan.key_of(one), Selection::Cert(one))).collect();
    it
}

fn inspect_unsigned(plan: &Plan, index: usize) -> Inspection {
    let one = &plan.unsigned[index];
    let node = plan.node_name(one.node);
    let mut it = Inspection::empty(one.row.title.to_owned(), one.row.source);
    it.context = format!("not signed here · {node}");
    it.kind = Some(one.row.kind);
    let why = format!("This PKI does not sign it: {}.", one.why);
    it.sentences = vec![one.row.what.to_owned(), why, one.row.shown.to_owned()];
    it.siblings = siblings(plan, one.row);
    // What the cluster's CA signs later has the subject of its row; what it never signs may have any, or be no certificate.
    it.relies = match (one.issuer, one.row.kind) {
        (Some(_), _) => {
            it.facts.extend(one.row.subject.first().map(|row| {
                let organizations = row.organizations.iter().map(|one| (*one).to_owned()).collect();
                let common_name = fill(row.common_name, &[("node", node)]);
                ("Subject", Subject { organizations, common_name }.to_string())
            }));
            Relies::on(plan, one.row)
        }
        (None, Kind::Client) => Relies::on_token(),
        (None, Kind::Ca | Kind::Server | Kind::Peer | Kind::KeyPair) => Relies::default(),
    };
    it.links = one.issuer.map(|issuer| (plan.key_of(issuer), Selection::Cert(issuer))).into_iter().collect();
    it
}

fn inspect_file(plan: &Plan, index: usize) -> Inspection {
    let file = &plan.files[index];
    let cert = &plan.certs[file.content.cert];
    let mut it = Inspection::empty(file.path.rsplit('/').next().unwrap_or_default().to_owned(), cert.row.source);
    it.context = match file.root {
        Root::Node(node) => format!("file on {}", plan.spec.nodes[node].name),
        Root::OfflineCa => "file in offline-ca, on no node".to_owned(),
    };
    it.kind = Some(cert.kind);
    let what = file.content.holding.word();
    it.sentences.push(format!("It holds the {what} of {}.", common_name(plan, file.content.cert)));
    it.sentences.push(match file.content.holding {
        Holding::PrivateKey | Holding::Kubeconfig => {
            "Whoever reads it can pose as its holder: keep it at mode 0600.".to_owned()
        }
        Holding::Certificate | Holding::PublicKey => {
            "It is public; what matters is that nobody else can change it.".to_owned()
        }
    });
    let copies = plan.files.iter().filter(|one| one.content == file.content).count();
    if copies > 1 {
        it.sentences.push(format!("The same bytes stand in {copies} places: these are copies, not siblings."));
    }
    it.facts =
        vec![("Path", file.path.clone()), ("Mode", format!("{:04o}", file.mode)), ("Owner", file.owner.to_owned())];
    it.cert = Some(file.content.cert);
    it.links = vec![(plan.key_of(file.content.cert), Selection::Cert(file.content.cert))];
    it.files = (0..plan.files.len())
        .filter(|&one| plan.files[one].content == file.content)
        .filter_map(|one| file_line(plan, one))
        .collect();
    it.flags = (0..plan.flags.len())
        .filter(|&flag| plan.flags[flag].file == Some(index))
        .filter_map(|flag| flag_line(plan, flag))
        .collect();
    it
}

fn inspect_flag(plan: &Plan, index: usize) -> Inspection {
    let flag = &plan.flags[index];
    let mut it = Inspection::empty(flag_text(flag.row), "");
    it.context = format!("{} on {}", flag.row.component, plan.spec.nodes[flag.node].name);
    it.kind = flag.cert.map(|cert| plan.certs[cert].kind);
    // Where the user's own file sets something, the view's sheet says whether it sets this.
    if plan.spec.also_sets.is_empty() {
        it.facts.push(match &flag.value {
            FlagValue::Set(text) => ("Value", text.clone()),
            FlagValue::NotSet => ("Value", "not set".to_owned()),
        });
    }
    it.facts.push(("Use", flag.row.direction.word().to_owned()));
    it.cert = flag.cert;
    it.links = flag.cert.map(|cert| (plan.key_of(cert), Selection::Cert(cert))).into_iter().collect();
    it.files = flag.file.and_then(|file| file_line(plan, file)).into_iter().collect();
    it
}

/// Where the files of a cluster-wide certificate are.
fn places(plan: &Plan, index: usize) -> String {
    let mut nodes: Vec<&str> = Vec::new();
    for file in plan.files.iter().filter(|file| file.content.cert == index) {
        let name = match file.root {
            Root::Node(node) => plan.spec.nodes[node].name.as_str(),
            Root::OfflineCa => "offline-ca",
        };
        if !nodes.contains(&name) {
            nodes.push(name);
        }
    }
    match nodes.len() {
        0..=4 => format!("copied to {}", nodes.join(", ")),
        count => format!("copied to {} and {} more", nodes[..3].join(", "), count - 3),
    }
}

/// What is special about a certificate in this design: where its key lies, and what its identity may do.
fn special(plan: &Plan, index: usize) -> Vec<String> {
    let cert = &plan.certs[index];
    let mut said = Vec::new();
    if cert.row.is_ca() {
        let on =
            plan.files.iter().filter(|file| file.content.cert == index && file.content.holding == Holding::PrivateKey);
        let (mut nodes, mut offline) = (0, false);
        for file in on {
            match file.root {
                Root::Node(_) => nodes += 1,
                Root::OfflineCa => offline = true,
            }
        }
        said.push(match (nodes, offline) {
            (0, _) => "Its private key is on no node: it stays in offline-ca.".to_owned(),
            (1, _) => "Its private key is on one node: whoever is root there can sign in its name.".to_owned(),
            (count, _) => {
                format!("Its private key is on {count} nodes: whoever is root on one of them can sign in its name.")
            }
        });
    }
    let groups = cert.subject.as_ref().map(|subject| subject.organizations.join(", ")).unwrap_or_default();
    // etcd knows no groups, and the API server believes no other CA.
    let believed = cert.issuer.is_some_and(|issuer| plan.certs[issuer].row.id == "ca");
    if believed && cert.ekus.contains(&Eku::ClientAuth) && !groups.is_empty() {
        said.push(format!("To the API server it is in group {groups}."));
    }
    said
}

/// All certificates of a row, signed here or not, as node and selection.
fn siblings(plan: &Plan, row: &CertRow) -> Vec<(String, Selection)> {
    let certs = plan.certs.iter().enumerate().filter(|(_, one)| one.row.id == row.id);
    let certs = certs.map(|(index, one)| (plan.node_name(one.node).to_owned(), Selection::Cert(index)));
    let unsigned = plan.unsigned.iter().enumerate().filter(|(_, one)| one.row.id == row.id);
    let unsigned = unsigned.map(|(index, one)| (plan.node_name(one.node).to_owned(), Selection::Unsigned(index)));
    certs.chain(unsigned).collect()
}

/// Key usages that follow from the kind (kubeadm writes keyEncipherment for ECDSA keys as well), then extended ones.
fn usages(kind: Kind, ekus: &[&str]) -> Vec<String> {
    let mut usages = vec!["digitalSignature".to_owned(), "keyEncipherment".to_owned()];
    if kind == Kind::Ca {
        usages.push("keyCertSign".to_owned());
    }
    usages.extend(ekus.iter().map(|eku| (*eku).to_owned()));
    usages
}

fn common_name(plan: &Plan, index: usize) -> &str {
    plan.certs[index].subject.as_ref().map_or(plan.certs[index].row.title, |subject| &subject.common_name)
}

fn file_line(plan: &Plan, index: usize) -> Option<FileLine> {
    let file = &plan.files[index];
    Some(FileLine {
        name: file_key(plan, index)?,
        mode: format!("{:04o}", file.mode),
        holds: file.content.holding.word(),
        selection: Selection::File(index),
    })
}

fn flag_line(plan: &Plan, index: usize) -> Option<(String, Selection)> {
    let flag = &plan.flags[index];
    flag_key(plan, index)?;
    let node = &plan.spec.nodes[flag.node].name;
    Some((format!("{node} · {} {}", flag.row.component, flag_text(flag.row)), Selection::Flag(index)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{parse, preset::PRESETS};

    #[test]
    fn groups_are_said_of_those_the_api_server_believes() {
        let mut draft = crate::spec::preset::Preset::named("single").unwrap().draft();
        draft.set_text(crate::spec::Field::KubernetesVersion, "v1.28.15");
        let plan = crate::plan::plan(&parse(&draft).0.unwrap());
        let said = |id: &str| {
            let sentences = inspect(&plan, Selection::Cert(plan.find_key(id).unwrap())).sentences;
            sentences.iter().any(|one| one == "To the API server it is in group system:masters.")
        };
        assert!(said("admin.conf@cp-1") && !said("apiserver-etcd-client@cp-1"));
    }

    #[test]
    fn who_checks_what_is_said_as_it_is() {
        let plan =
            crate::plan::plan(&parse(&crate::spec::preset::Preset::named("ha-stacked").unwrap().draft()).0.unwrap());
        let said = |text: &str| {
            let it = inspect(&plan, Selection::from_text(&plan, text).unwrap());
            let line = |(who, how): &(&str, String)| [it.relies.before, *who, how.as_str()].concat();
            let lines: Vec<String> = it.relies.lines.iter().map(line).collect();
            (it.relies.title, lines.join("\n"), it.title, it.facts)
        };
        let copies = plan.files.iter().filter(|file| file.content.holding == Holding::Kubeconfig).count();
        let (title, lines, ..) = said("cert:apiserver@cp-1");
        assert_eq!(title, "Who checks it");
        let copies = format!("against the CA copy inside each kubeconfig ({copies} copies)");
        assert!(
            lines.contains(&format!("Checked by kubectl, scheduler, controller manager and kubelet {copies}")),
            "{lines}"
        );
        let (title, lines, ..) = said("cert:etcd-ca@cluster");
        assert_eq!(title, "Who trusts it");
        assert!(lines.contains("etcd lets in clients that it signed (--trusted-ca-file)"), "{lines}");
        let (title, lines, ..) = said("cert:sa@cluster");
        assert_eq!(title, "Who relies on it");
        assert!(lines.contains("signs tokens with sa.key") && lines.contains("checks them with sa.pub"), "{lines}");
        let proxy = plan.unsigned.iter().position(|one| one.row.id == "kube-proxy").map(Selection::Unsigned);
        let (title, lines, ..) = said(&proxy.and_then(|one| one.to_text(&plan)).unwrap());
        assert_eq!(
            (title, lines.as_str()),
            ("Who relies on it", "kube-apiserver checks the token with --service-account-key-file (sa.pub)",)
        );
        for (text, title, subject) in [
            ("cert:etcd-server@cp-1", "etcd server", Some("CN=cp-1")),
            ("cert:etcd-peer@cp-2", "etcd peer", Some("CN=cp-2")),
            ("cert:ca@cluster", "kubernetes", Some("CN=kubernetes")),
            ("unsigned:kubelet-serving@cp-1", "kubelet serving", None),
        ] {
            let (.., named, facts) = said(text);
            let of = facts.iter().find(|(label, _)| *label == "Subject").map(|(_, text)| text.as_str());
            assert_eq!((named.as_str(), of), (title, subject), "{text}");
        }
        for row in crate::catalog::certs() {
            let is_ca = row.is_ca();
            for one in row.checked {
                assert_eq!(one.against.contains(" that it signed"), is_ca, "{}: {}", row.id, one.against);
            }
        }
    }

    #[test]
    fn kube_proxy_runs_on_every_node_with_a_token_of_its_own() {
        for preset in PRESETS {
            let plan = crate::plan::plan(&parse(&preset.draft()).0.unwrap());
            let nodes = plan.spec.nodes.iter().filter(|node| node.has_kubelet()).count();
            let unsigned = plan.unsigned.iter().filter(|one| one.row.id == "kube-proxy").count();
            let signed = plan.certs.iter().filter(|one| one.row.id == "kube-proxy").count();
            assert_eq!(unsigned + signed, nodes, "{}", preset.name);
        }
    }

    #[test]
    fn everything_that_can_be_selected_can_be_inspected() {
        for preset in PRESETS {
            let plan = crate::plan::plan(&parse(&preset.draft()).0.unwrap());
            let all = (0..plan.certs.len())
                .map(Selection::Cert)
                .chain((0..plan.unsigned.len()).map(Selection::Unsigned))
                .chain((0..plan.files.len()).map(Selection::File))
                .chain((0..plan.flags.len()).map(Selection::Flag));
            for one in all {
                let it = inspect(&plan, one);
                // The sheet is of that thing and no other. What a flag does is told with its view.
                let (title, says) = match one {
                    Selection::Cert(index) => {
                        let row = plan.certs[index].row;
                        (row.title.to_owned(), row.what.to_owned())
                    }
                    Selection::Unsigned(index) => {
                        let row = plan.unsigned[index].row;
                        (row.title.to_owned(), row.what.to_owned())
                    }
                    Selection::File(index) => {
                        let file = &plan.files[index];
                        assert!(it.facts.contains(&("Path", file.path.clone())), "{it:?}");
                        let of = common_name(&plan, file.content.cert);
                        let says = format!("It holds the {} of {of}.", file.content.holding.word());
                        (file.path.rsplit('/').next().unwrap().to_owned(), says)
                    }
                    Selection::Flag(index) => {
                        let flag = &plan.flags[index];
                        let context = format!("{} on {}", flag.row.component, plan.spec.nodes[flag.node].name);
                        assert_eq!(it.context, context);
                        (flag_text(flag.row), String::new())
                    }
                };
                assert_eq!(it.title, title);
                assert!(it.sentences.contains(&says) || says.is_empty(), "{says}: {it:?}");
                assert_eq!(it.source.is_empty(), says.is_empty(), "{it:?}");
            }
        }
    }
}
