//! Search: finds anything by any name people use for it.

use super::files::flag_text;
use super::selection::{Selection, file_key};
use crate::plan::Plan;

/// At most so many hits are shown.
pub const MOST_HITS: usize = 20;

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What was found.
    pub label: String,
    /// The name it was found by, or where it is.
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
    for (index, cert) in plan.certs.iter().enumerate() {
        let node = plan.node_name(cert.node);
        let subject = cert.subject.as_ref().map(ToString::to_string).unwrap_or_default();
        let sans: Vec<String> = cert.sans.iter().map(ToString::to_string).collect();
        let names = [cert.row.id, cert.row.title, &subject]
            .into_iter()
            .chain(cert.row.aliases.iter().copied())
            .chain(sans.iter().map(String::as_str));
        // A subject that only names the node says nothing of what it is.
        let label = match &cert.subject {
            Some(subject) if subject.common_name != node => subject.common_name.clone(),
            _ => cert.row.title.to_owned(),
        };
        offer(&mut hits, &words, names, node, label, Selection::Cert(index));
    }
    for (index, one) in plan.unsigned.iter().enumerate() {
        let names = [one.row.id, one.row.title].into_iter().chain(one.row.aliases.iter().copied());
        let label = format!("{} (not signed here)", one.row.title);
        offer(&mut hits, &words, names, plan.node_name(one.node), label, Selection::Unsigned(index));
    }
    for (index, flag) in plan.flags.iter().enumerate() {
        let text = flag_text(flag.row);
        // The component alone is a beginning, not the whole name: its certificates come before its twenty flags.
        let label = [flag.row.component, " ", &text].concat();
        let names = [text.as_str(), &label].into_iter();
        offer(&mut hits, &words, names, plan.node_name(Some(flag.node)), label.clone(), Selection::Flag(index));
    }
    for (index, file) in plan.files.iter().enumerate() {
        let Some(key) = file_key(plan, index) else { continue };
        let node = key.split(':').next().unwrap_or_default().to_owned();
        offer(&mut hits, &words, [file.path.as_str()].into_iter(), &node, file.path.clone(), Selection::File(index));
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
    label: String,
    selection: Selection,
) {
    let names: Vec<(&str, String)> = names.map(|name| (name, name.to_ascii_lowercase())).collect();
    let whole = words.join(" ");
    let mut score = 0u32;
    let mut detail = "";
    for word in words {
        let best = names
            .iter()
            .map(|(name, lower)| (grade(lower, word).max(grade(lower, &whole)), *name))
            .max_by_key(|(grade, _)| *grade);
        match best {
            Some((grade, name)) if grade > 0 => {
                score += grade;
                detail = if detail.is_empty() { name } else { detail };
            }
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
    hits.push((score * 4 + rank, Hit { label, detail: format!("{detail} · {node}"), selection }));
}

/// How well a name fits a word: whole, at its beginning, at the beginning of a part, somewhere.
fn grade(name: &str, word: &str) -> u32 {
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
        assert!(search(&plan, "no such thing").is_empty() && search(&plan, " ").is_empty());
    }
}
