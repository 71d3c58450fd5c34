//! What was pasted where a design was expected: an error message, a certificate, a kubeconfig. It is told, and the design
//! stays as it is.

use kubepki_core::catalog::connections::{connection, told};
use kubepki_core::catalog::messages::{Explanation, explain};
use kubepki_core::diag::{Diagnostic, Severity};
use kubepki_rehearsal::atlas::seen_in_words;

use crate::credential::{Lack, read};

/// What a text is, for people, and what there is to say about it; nothing where it is neither.
pub fn recognise(text: &str, now: i64) -> Option<(String, Vec<Diagnostic>)> {
    // A design or kubeadm configuration may quote anything.
    let is_configuration = ["kubepki.dev/", "kubeadm.k8s.io/"].iter().any(|api| text.contains(api));
    if is_configuration {
        return None;
    }
    // What a kubeconfig names is on another machine.
    if let Some(found) = read(text, now, &|_| None) {
        return Some(match found {
            Ok(credential) => ("a credential".to_owned(), of_credential(&credential)),
            Err(Lack { what, hint }) => ("a credential that cannot be read".to_owned(), vec![notice(what, &hint)]),
        });
    }
    let explained = explain(text);
    if explained.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    for explanation in &explained {
        let Explanation { row, arose } = explanation;
        for one in arose {
            found.push(match one.connection.and_then(told) {
                Some(told) => {
                    let what = format!("{}: {}", told.name(), one.who);
                    let is_tried = connection(told.id).is_some() && !row.faults.is_empty();
                    let hint = if is_tried { "Open it in Connections, and break it in the same way." } else { "" };
                    notice(what, hint)
                }
                None => notice(one.who.clone(), ""),
            });
        }
        found.push(notice(row.means.to_owned(), ""));
        for (number, cause) in row.causes.iter().enumerate() {
            found.push(notice(format!("Cause {}: {cause}.", number + 1), ""));
        }
        let tell = |command: &&str| notice("What tells them apart:".to_owned(), command);
        found.extend(explanation.commands().iter().map(tell));
        found.extend(seen_in_words(row).map(|seen| notice(format!("{seen}."), "")));
    }
    Some(("an error message".to_owned(), found))
}

fn of_credential(it: &crate::credential::Credential) -> Vec<Diagnostic> {
    let fact = |(label, text): &(&str, String)| {
        let words = if label.is_empty() { text.clone() } else { format!("{label}: {text}") };
        notice(words, "")
    };
    let may = it.may.iter().map(|(may, by)| notice((*may).to_owned(), &format!("By {by}.")));
    let note = (!it.note.is_empty()).then(|| notice(it.note.to_owned(), ""));
    it.facts.iter().map(fact).chain(may).chain(note).collect()
}

fn notice(message: String, hint: &str) -> Diagnostic {
    Diagnostic { hint: hint.to_owned(), ..Diagnostic::new(Severity::Notice, "pasted", "", message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_known_by_its_words_whatever_stands_around_it() {
        let line = "E1126 08:12:44.1 1 run.go:74] \"command failed\" err=\"Get \\\"https://10.9.8.7:6443/api\\\": tls: failed to verify certificate: x509: certificate is valid for 10.96.0.1, 10.0.0.11, not 10.9.8.7\"";
        let (kind, found) = recognise(line, 0).expect("an error");
        assert_eq!(kind, "an error message");
        assert!(found.iter().any(|one| one.message.starts_with("Cause 1")), "{found:?}");
        assert!(found.iter().any(|one| one.hint.contains("openssl")), "{found:?}");
        let (_, known) = recognise("Error: unhealthy cluster", 0).expect("an error");
        assert!(known.iter().any(|one| one.message.starts_with("Seen: etcdctl 3.")), "{known:?}");
    }

    #[test]
    fn a_design_stays_a_design_and_nonsense_is_neither() {
        assert!(
            recognise("apiVersion: kubepki.dev/v1alpha1\n# x509: certificate signed by unknown authority\n", 0)
                .is_none()
        );
        assert!(recognise("hello", 0).is_none());
        let broken = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        assert!(recognise(broken, 0).is_some_and(|(kind, _)| kind.contains("cannot be read")));
        // Sixty-six thousand bytes in base64.
        let long = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", "QUFB".repeat(22_000));
        let (kind, found) = recognise(&long, 0).expect("a certificate");
        assert_eq!(kind, "a credential that cannot be read");
        assert!(found[0].message.contains("66000 bytes") && found[0].message.contains("65536"), "{found:?}");
    }
}
