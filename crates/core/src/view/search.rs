//! Search: finds anything by any name people use for it.

use super::files::flag_text;
use super::selection::{Selection, file_key};
use crate::plan::{FlagValue, Plan, PlannedFile, Root};

/// At most so many hits are shown.
pub const MOST_HITS: usize = 20;

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What was found.
    pub label: String,
    /// Where it is, or what there is to know about the name that was asked for.
    pub detail: String,
    /// Its selection.
    pub selection: Selection,
}

/// Finds certificates, keys, flags and files by title, id, subject, name, alias, path or flag; the best first. Of
/// siblings the first node's is found, unless the query names another node.
pub fn search(plan: &Plan, query: &str) -> Vec<Hit> {
    let query = query.trim().to_ascii_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut hits: Vec<(u32, Hit)> = Vec::new();
    let secret = is_key(&query);
    for (index, cert) in plan.certs.iter().enumerate() {
        let node = plan.node_name(cert.node);
        // A kubeconfig is secret, and holds the certificate as well.
        let file = |secret: bool| {
            plan.files.iter().find(|file| file.content.cert == index && file.content.holding.is_secret() == secret)
        };
        let detail = match file(secret).or_else(|| file(!secret)) {
            Some(file) => place(plan, file),
            None => node.to_owned(),
        };
        let subject = cert.subject.as_ref().map(ToString::to_string).unwrap_or_default();
        let sans: Vec<String> = cert.sans.iter().map(ToString::to_string).collect();
        let names = [cert.row.id, cert.row.title, &subject]
            .into_iter()
            .chain(cert.row.aliases.iter().copied())
            .chain(sans.iter().map(String::as_str))
            .chain([cert.row.base]);
        // A subject that only names the node says nothing of what it is.
        let label = match &cert.subject {
            Some(subject) if subject.common_name != node => subject.common_name.clone(),
            _ => cert.row.title.to_owned(),
        };
        offer(&mut hits, &words, names, node, (label, detail), Selection::Cert(index));
    }
    for (index, one) in plan.unsigned.iter().enumerate() {
        let names = [one.row.id, one.row.title, one.row.base].into_iter().chain(one.row.aliases.iter().copied());
        let label = [one.row.title, " (not signed here)"].concat();
        let detail = [one.why, " · ", plan.node_name(one.node)].concat();
        offer(&mut hits, &words, names, plan.node_name(one.node), (label, detail), Selection::Unsigned(index));
    }
    for (index, flag) in plan.flags.iter().enumerate() {
        let text = flag_text(flag.row);
        // The component alone is a beginning, not the whole name: its certificates come before its twenty flags.
        let label = [flag.row.component, " ", &text].concat();
        let node = plan.node_name(Some(flag.node));
        let other =
            OTHER_FLAGS.iter().filter(|other| other.component == flag.row.component && other.is == flag.row.name);
        for other in other {
            let detail = [other.told, " · ", node].concat();
            offer(&mut hits, &words, [other.name].into_iter(), node, (label.clone(), detail), Selection::Flag(index));
        }
        let value = match &flag.value {
            FlagValue::Set(text) => text,
            FlagValue::NotSet => "not set",
        };
        let (names, detail) = ([text.as_str(), &label].into_iter(), [value, " · ", node].concat());
        offer(&mut hits, &words, names, node, (label.clone(), detail), Selection::Flag(index));
    }
    for (index, file) in plan.files.iter().enumerate() {
        let Some(key) = file_key(plan, index) else { continue };
        let node = key.split(':').next().unwrap_or_default().to_owned();
        let shown = (file.path.clone(), place(plan, file));
        offer(&mut hits, &words, [file.path.as_str()].into_iter(), &node, shown, Selection::File(index));
    }
    hits.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let mut seen: Vec<(String, std::mem::Discriminant<Selection>)> = Vec::new();
    let mut best = Vec::new();
    for (_, hit) in hits {
        let same = (hit.label.clone(), std::mem::discriminant(&hit.selection));
        if !seen.contains(&same) {
            seen.push(same);
            best.push(hit);
        }
        if best.len() == MOST_HITS {
            break;
        }
    }
    best
}

/// Offers one thing under its names; it is a hit when every word of the query is in a name or is its node.
fn offer<'a>(
    hits: &mut Vec<(u32, Hit)>,
    words: &[&str],
    names: impl Iterator<Item = &'a str>,
    node: &str,
    (label, detail): (String, String),
    selection: Selection,
) {
    let names: Vec<String> = names.map(str::to_ascii_lowercase).collect();
    let whole = words.join(" ");
    let mut score = 0u32;
    for word in words {
        match names.iter().map(|name| grade(name, word).max(grade(name, &whole))).max() {
            Some(grade) if grade > 0 => score += grade,
            _ if node.to_ascii_lowercase() == *word => score += 3,
            _ => return,
        }
    }
    // Certificates before flags before files, when equally good.
    let rank = match selection {
        Selection::Cert(_) => 3,
        Selection::Unsigned(_) | Selection::Flag(_) => 2,
        Selection::File(_) => 1,
    };
    hits.push((score * 4 + rank, Hit { label, detail, selection }));
}

/// Where a file is: `here: /etc/kubernetes/pki/etcd/server.crt · cp-1 +2`, with as many other nodes that have it.
fn place(plan: &Plan, file: &PlannedFile) -> String {
    let node = match file.root {
        Root::Node(node) => &plan.spec.nodes[node].name,
        Root::OfflineCa => "offline-ca",
    };
    let more = match plan.files.iter().filter(|one| one.path == file.path).count() {
        0 | 1 => String::new(),
        all => [" +", &(all - 1).to_string()].concat(),
    };
    ["here: ", &file.path, " · ", node, &more].concat()
}

/// A name that people know and no component here is given.
struct Other {
    name: &'static str,
    /// The flag that it concerns, and its component.
    component: &'static str,
    is: &'static str,
    told: &'static str,
}

const fn other(name: &'static str, component: &'static str, is: &'static str, told: &'static str) -> Other {
    Other { name, component, is, told }
}

const KUBELET: &str = "kubelet";
const SIGNER: &str = "kube-controller-manager";

/// Flags that are a field of a file here, have another name by now, are left as they are, or are a tool's.
static OTHER_FLAGS: &[Other] = &[
    other("--rotate-certificates", KUBELET, "rotateCertificates", "a field of the kubelet's file"),
    other("--rotate-server-certificates", KUBELET, "serverTLSBootstrap", "a field of the kubelet's file"),
    other(
        "RotateKubeletServerCertificate",
        KUBELET,
        "serverTLSBootstrap",
        "a feature gate, on; what asks is this field",
    ),
    other("--anonymous-auth", KUBELET, "authentication.anonymous.enabled", "a field of the kubelet's file"),
    other(
        "--anonymous-auth",
        "kube-apiserver",
        "client-ca-file",
        "not set, so on: who shows nothing is system:anonymous",
    ),
    other("--auto-tls", "etcd", "cert-file", "not set, so off: etcd is given a pair"),
    other("--peer-auto-tls", "etcd", "peer-cert-file", "not set, so off: members are given a pair"),
    other("--cluster-signing-duration", SIGNER, "cluster-signing-cert-file", "not set, so a year"),
    other(
        "--experimental-cluster-signing-duration",
        SIGNER,
        "cluster-signing-cert-file",
        "is --cluster-signing-duration by now; not set, so a year",
    ),
    other("--cacert", "etcd", "trusted-ca-file", "etcdctl's: this CA's certificate"),
    other("--certificate-renewal", "kube-apiserver", "tls-cert-file", "of kubeadm upgrade: on, so all are renewed"),
    other("--use-api", "kube-apiserver", "tls-cert-file", "gone from kubeadm: kubeadm certs generate-csr"),
];

/// What people put behind the name of a pair, keys' first.
const ENDINGS: &[&str] = &["-key.pem", ".key", ".crt", ".cert", ".pem", ".csr", ".pub", ".conf"];

/// Whether a name is one of a private key.
fn is_key(name: &str) -> bool {
    ENDINGS[..2].iter().any(|end| name.ends_with(end))
}

/// What a name of a pair says whatever the habit: `api-server.cert`, `kube-apiserver` and `apiserver.key` are one.
fn stem(name: &str) -> Option<String> {
    let bare = ENDINGS.iter().find_map(|end| name.strip_suffix(end));
    let bare = bare.or(Some(name).filter(|name| !name.contains(['.', ' ', ':'])))?;
    let bare = bare.strip_prefix("kube-").unwrap_or(bare);
    let mut letters: Vec<char> = bare.chars().filter(|one| !matches!(one, '-' | '/')).collect();
    letters.dedup();
    Some(letters.into_iter().collect())
}

/// How well a name fits a word: whole, at its beginning, at the beginning of a part, somewhere.
fn grade(name: &str, word: &str) -> u32 {
    // Names of pairs, by their stems.
    if ENDINGS.iter().any(|end| word.ends_with(end)) && name != word {
        let last = name.rsplit('/').next().unwrap_or(name);
        if stem(word).is_some_and(|word| stem(name).as_ref() == Some(&word) || stem(last) == Some(word)) {
            return 8;
        }
    }
    let (bare, word) = (name.trim_start_matches('-'), word.trim_start_matches('-'));
    match (0..bare.len()).find(|at| bare.as_bytes()[*at..].starts_with(word.as_bytes())) {
        Some(0) if bare.len() == word.len() => 12,
        Some(0) => 6,
        Some(at) if !bare.as_bytes()[at - 1].is_ascii_alphanumeric() => 4,
        Some(_) => 2,
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{parse, preset::Preset};

    #[test]
    fn every_pair_is_found_by_whatever_people_put_behind_its_name() {
        let plan = crate::plan::plan(&parse(&Preset::named("ha-stacked").unwrap().draft()).0.unwrap());
        for cert in &plan.certs {
            let base = cert.row.base.rsplit('/').next().unwrap();
            let base = base.trim_end_matches(".conf");
            for end in [".cert", ".crt", ".pem", ".key", "-key.pem"] {
                let query = [base, end].concat();
                let found = search(&plan, &query);
                let is = |hit: &Hit| match hit.selection {
                    Selection::Cert(index) => plan.certs[index].row.id == cert.row.id,
                    Selection::File(index) => plan.certs[plan.files[index].content.cert].row.id == cert.row.id,
                    Selection::Unsigned(_) | Selection::Flag(_) => false,
                };
                assert!(found.iter().any(is), "{query}: {found:?}");
            }
        }
    }

    #[test]
    fn every_other_name_of_a_flag_leads_to_a_flag_that_there_is() {
        let plan = crate::plan::plan(&parse(&Preset::named("ha-stacked").unwrap().draft()).0.unwrap());
        for other in OTHER_FLAGS {
            let hits = search(&plan, other.name);
            let is = |hit: &Hit| match hit.selection {
                Selection::Flag(flag) => {
                    let row = plan.flags[flag].row;
                    (row.component, row.name) == (other.component, other.is)
                }
                Selection::Cert(_) | Selection::Unsigned(_) | Selection::File(_) => false,
            };
            let found = hits.iter().find(|hit| is(hit)).unwrap_or_else(|| panic!("{}: {hits:?}", other.name));
            assert!(found.detail.starts_with(other.told), "{}: {found:?}", other.name);
        }
    }

    #[test]
    fn things_are_found_by_the_names_people_use() {
        let plan = crate::plan::plan(&parse(&Preset::named("ha-stacked").unwrap().draft()).0.unwrap());
        for (query, expected) in [
            ("api-server.cert", "cert:apiserver@cp-1"),
            ("etcd-server.crt", "cert:etcd-server@cp-1"),
            ("kubelet client", "cert:apiserver-kubelet-client@cp-1"),
            ("--client-ca-file", "flag:kube-apiserver-client-ca-file@cp-1"),
            ("system:masters", "cert:super-admin.conf@cp-1"),
            ("apiserver cp-2", "cert:apiserver@cp-2"),
            ("/etc/kubernetes/pki/sa.pub", "file:cp-1:/etc/kubernetes/pki/sa.pub"),
            ("api.prod.example", "cert:apiserver@cp-1"),
            ("etcd", "cert:etcd-ca@cluster"),
        ] {
            let hits = search(&plan, query);
            assert_eq!(
                hits.first().and_then(|hit| hit.selection.to_text(&plan)).as_deref(),
                Some(expected),
                "{query}: {hits:?}"
            );
        }
        for (query, detail) in [
            ("etcd-server.crt", "here: /etc/kubernetes/pki/etcd/server.crt · cp-1 +2"),
            ("etcd-server.key", "here: /etc/kubernetes/pki/etcd/server.key · cp-1 +2"),
            ("admin.crt", "here: /etc/kubernetes/admin.conf · cp-1 +2"),
            ("--client-ca-file", "/etc/kubernetes/pki/ca.crt · cp-1"),
            ("--auto-tls", "not set, so off: etcd is given a pair · cp-1"),
        ] {
            let hits = search(&plan, query);
            assert_eq!(hits.first().map(|hit| hit.detail.as_str()), Some(detail), "{query}: {hits:?}");
        }
        assert!(search(&plan, "no such thing").is_empty() && search(&plan, " ").is_empty());
    }
}
