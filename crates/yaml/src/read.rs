//! Reads texts, whatever they are.

use kubepki_core::diag::{Diagnostic, Position, Severity};
use kubepki_core::spec::{self, Draft, NodeDraft};

use crate::design;
use crate::finding::Finding;
use crate::kubeadm;
use crate::load::{Skip, load};
use crate::nodes;
use crate::outcome::{Outcome, Source};
use crate::place::Places;
use crate::text::{Index, YAML, text};

/// Reads texts as one design: a design file, or kubeadm configuration in any number of texts. What kubeadm's
/// configuration cannot say is taken from `base`.
pub fn read(texts: &[(&str, &[u8])], base: &Draft) -> Outcome {
    read_with_nodes(texts, base, &[])
}

/// The same with nodes in place of those that the texts name, or leave out. Findings about them have no place; without
/// nodes it is [`read`].
pub fn read_with_nodes(texts: &[(&str, &[u8])], base: &Draft, nodes: &[NodeDraft]) -> Outcome {
    let mut outcome = Outcome { kind: "unreadable".to_owned(), ..Outcome::default() };
    let mut sources = Vec::new();
    for &(file, bytes) in texts {
        let (documents, found, parts) = match text(bytes, YAML) {
            Ok(text) => {
                let (documents, found) = load(text, Skip::default());
                (documents, found, kubeadm::parts::parts(text))
            }
            Err(found) => (Vec::new(), vec![*found], Vec::new()),
        };
        outcome.add(file, found);
        sources.push(Source { file, documents, parts });
    }
    let any = |is: fn(&crate::tree::Node) -> bool| {
        sources.iter().flat_map(|source| &source.documents).any(|document| is(&document.root))
    };
    // What was not read to its end may say what seems to be missing.
    let unread = |source: &Source<'_>| match &source.documents[..] {
        [] => outcome.findings.iter().any(|one| one.file == source.file),
        documents => documents.iter().any(|document| !document.complete),
    };
    let cut = sources.iter().any(unread);
    if any(design::is_design) {
        outcome.design(&sources, nodes);
    } else if any(kubeadm::is_kubeadm) {
        outcome.kubeadm(&sources, base, nodes, cut);
    } else if any(nodes::is_nodes) {
        outcome = nodes::read_loaded(outcome, &sources, base);
    } else {
        outcome.unknown(&sources);
    }
    outcome.in_order(texts).finish()
}

impl Outcome {
    /// Reads a design file, which stands alone.
    fn design(&mut self, sources: &[Source<'_>], nodes: &[NodeDraft]) {
        "design file".clone_into(&mut self.kind);
        let mut first = true;
        for source in sources {
            for document in &source.documents {
                if !std::mem::take(&mut first) {
                    let message = "a design stands alone; this is one document more";
                    let found = Diagnostic::error("design-alone", "", message);
                    let found = found.with_hint("give one design file, or kubeadm files alone").at(document.root.at);
                    self.add(source.file, vec![found]);
                    continue;
                }
                let (draft, places, mut found) = design::read(&document.root, source.file);
                found.retain(|one| {
                    document.complete || !design::HEAD.contains(&&*one.field) || document.root.key(&one.field).is_some()
                });
                self.add(source.file, found);
                self.check(draft, places, !document.complete, nodes);
            }
        }
    }

    /// Reads kubeadm's configuration, of which every text is a part.
    fn kubeadm(&mut self, sources: &[Source<'_>], base: &Draft, nodes: &[NodeDraft], cut: bool) {
        let kubeadm::Read { draft, places, found, kind } = kubeadm::read(sources, base, nodes);
        self.kind = kind;
        let of_machines = |one: &Finding| !nodes.is_empty() && kubeadm::MACHINES.contains(&&*one.diagnostic.rule);
        let lacks = |one: &Finding| cut && kubeadm::LACKS.contains(&&*one.diagnostic.rule);
        self.findings.extend(found.into_iter().filter(|one| !of_machines(one) && !lacks(one)));
        self.check(draft, places, cut, nodes);
    }

    /// Checks what a draft says and puts the findings where its fields stand. Of a draft that was not read whole, for it
    /// was `cut` off or something in it is wrong, only what is said of a field that stands there is believed: the rest may
    /// be missing because it was not read. So may be what a list lacks.
    fn check(&mut self, mut draft: Draft, mut places: Places, cut: bool, nodes: &[NodeDraft]) {
        let wrong: Vec<String> = self.errors().map(|one| one.diagnostic.field.clone()).collect();
        let whole = !cut && wrong.is_empty();
        let inside = |list: &str| {
            wrong
                .iter()
                .any(|field| field.strip_prefix(list).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
        };
        if !nodes.is_empty() {
            draft.nodes = nodes.to_vec();
            places.without_nodes();
        }
        let is_read = |field: &str| places.names(field) && !(design::holds_others(field) && (cut || inside(field)));
        let (_, found) = spec::parse(&draft);
        let said = found.into_iter().filter(|one| whole || is_read(&one.field)).map(|one| places.locate(one));
        // A value that was refused in kubeadm's words needs no second refusal, but what to do about it.
        let is_error = |one: &Finding| one.diagnostic.severity == Severity::Error;
        let place = |one: &Finding| {
            let Position { line, column } = one.diagnostic.position.unwrap_or(Position { line: 0, column: 0 });
            (format!("{line}:{column}:{}", one.file), 0)
        };
        let mut refused: Index = self.findings.iter().filter(|one| is_error(one)).map(place).collect();
        let before = self.findings.len();
        for one in said {
            let (at, _) = place(&one);
            if !is_error(&one) || refused.insert(at, 0).is_none() {
                self.findings.push(one);
                continue;
            }
            // Of choices kubeadm says them all.
            let lacks = |there: &&mut Finding| {
                there.diagnostic.position == one.diagnostic.position
                    && there.file == one.file
                    && is_error(there)
                    && there.diagnostic.hint.is_empty()
                    && there.diagnostic.field.starts_with(&one.diagnostic.field)
                    && !there.diagnostic.message.contains("one of [")
            };
            if let Some(there) = self.findings[..before].iter_mut().find(lacks) {
                there.diagnostic.hint = one.diagnostic.hint;
            }
        }
        self.draft = Some(draft);
        self.places = places;
    }

    /// Says of texts that are nothing known what they seem to be.
    fn unknown(&mut self, sources: &[Source<'_>]) {
        for source in sources {
            let Some(document) = source.documents.first() else {
                if !self.findings.iter().any(|one| one.file == source.file) {
                    let found = Diagnostic::error("text-empty", "", "there is nothing in this text");
                    self.add(source.file, vec![found.at(Position { line: 1, column: 1 })]);
                }
                continue;
            };
            // Half a document is not called unknown: why it ends has been said.
            if !document.complete {
                continue;
            }
            let word = |key| document.root.key(key).and_then(crate::tree::Node::text);
            let message = match (word("apiVersion"), word("kind")) {
                (Some(version), Some(kind)) => {
                    format!("{kind} of {version} is neither a design nor kubeadm configuration")
                }
                _ => "this is neither a design nor kubeadm configuration".to_owned(),
            };
            let hint = "a design begins with apiVersion: kubepki.dev/v1alpha1, kubeadm configuration with apiVersion: kubeadm.k8s.io/v1beta4";
            let found = Diagnostic::error("text-unknown", "", message).with_hint(hint).at(document.root.at);
            self.add(source.file, vec![found]);
        }
        if sources.is_empty() {
            self.add("", vec![Diagnostic::error("text-empty", "", "no text was given")]);
        }
    }
}
