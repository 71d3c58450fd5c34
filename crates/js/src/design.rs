//! From what a program gives to a plan: the text of a design file or of kubeadm configuration, or the fields of a design
//! as an object. An object is read as the JSON text that it is, by the reader of texts: so there is one reader.

use kubepki_core::diag::{Diagnostic, Severity, has_errors};
use kubepki_core::spec::{self, Draft, link};
use kubepki_core::{ClusterSpec, Plan, check, plan};
use kubepki_yaml::Outcome;

use crate::shape::{Failure, Finding, ReadDesign};

/// A design as it was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its text.
    pub text: String,
    /// Whether the text was written by a person, so that lines and columns mean something.
    pub is_text: bool,
}

/// A design, what follows from it, and what is to be said.
#[derive(Debug)]
pub struct Read {
    /// The design.
    pub draft: Draft,
    /// What follows.
    pub plan: Plan,
    /// Findings, none of them an error.
    pub findings: Vec<Finding>,
}

impl Given {
    /// Reads and plans. `now`, Unix seconds, dates the findings that depend on it.
    ///
    /// # Errors
    /// When the design has errors, with every finding.
    pub fn read(&self, now: i64) -> Result<Read, Failure> {
        let (read, findings) = self.plan(now);
        match read {
            Some((draft, plan)) => Ok(Read { draft, plan, findings }),
            None => Err(Failure::design(findings)),
        }
    }

    /// Everything there is to say about a design, right or wrong.
    pub fn diagnose(&self, now: i64) -> Vec<Finding> {
        self.plan(now).1
    }

    /// Reads a text as a design that links carry.
    pub fn link(&self) -> ReadDesign {
        let Outcome { draft, findings, kind, .. } = self.outcome();
        let findings = findings.into_iter().map(|one| one.diagnostic).collect();
        ReadDesign { link: draft.as_ref().map(link::encode), kind, findings: self.told(findings) }
    }

    fn outcome(&self) -> Outcome {
        kubepki_yaml::read(&[("", self.text.as_bytes())], &Draft::default())
    }

    fn plan(&self, now: i64) -> (Option<(Draft, Plan)>, Vec<Finding>) {
        let Outcome { draft, findings, places, .. } = self.outcome();
        let mut all: Vec<Diagnostic> = findings.into_iter().map(|one| one.diagnostic).collect();
        let mut planned = None;
        if let Some(draft) = draft {
            let (spec, found) = spec::parse(&draft);
            let plan = spec.map(|spec| plan::plan(&spec));
            let found = found.into_iter().chain(plan.iter().flat_map(|plan| check::check(plan, Some(now))));
            for mut found in found {
                // The reader has said what the design says of itself, in its place.
                if all.iter().any(|one| one.rule == found.rule && one.message == found.message) {
                    continue;
                }
                found.position = places.of(&found.field).map(|place| place.position);
                all.push(found);
            }
            planned = plan.filter(|_| !has_errors(&all)).map(|plan| (draft, plan));
        }
        (planned, self.told(all))
    }

    fn told(&self, mut findings: Vec<Diagnostic>) -> Vec<Finding> {
        // A text is gone through from its top; of an object the gravest comes first.
        if !self.is_text {
            findings.sort_by_key(|one| one.severity);
        }
        let told = |one: Diagnostic| Diagnostic { position: one.position.filter(|_| self.is_text), ..one };
        findings.into_iter().map(|one| told(one).into()).collect()
    }
}

/// The index of a node.
///
/// # Errors
/// When the design has none of that name.
pub fn node_named(spec: &ClusterSpec, name: &str) -> Result<usize, Failure> {
    let at = spec.nodes.iter().position(|node| node.name == name);
    let all = || spec.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", ");
    at.ok_or_else(|| Failure::argument(format!("There is no node {name:?}; there are {}.", all())))
}

/// The words for how serious a finding is, gravest first.
pub const SEVERITIES: &[Severity] = &[Severity::Error, Severity::Warning, Severity::Advice, Severity::Notice];

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str, is_text: bool) -> Given {
        Given { text: text.to_owned(), is_text }
    }

    const WRONG: &str = "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nclusterName: Prod EU\nkeys: {ca: RSA-1}\nnodes:\n  - {name: cp-1, addresses: [10.0.0.300], roles: [control-plane]}\n";

    #[test]
    fn every_error_of_a_text_has_its_place() {
        let failure = given(WRONG, true).read(1_800_000_000).expect_err("it is wrong");
        assert_eq!(failure.code, "design");
        let errors: Vec<_> = failure.findings.iter().filter(|one| one.severity == "error").collect();
        let places: Vec<_> = errors.iter().map(|one| (one.path.as_str(), one.line, one.column)).collect();
        let at = |line, column| (Some(line), Some(column));
        let expected = [("clusterName", at(3, 14)), ("keys.ca", at(4, 12)), ("nodes.0.addresses.0", at(6, 30))];
        assert_eq!(places, expected.map(|(path, (line, column))| (path, line, column)));
        assert!(failure.message.starts_with("The design has errors: 3:14: "), "{}", failure.message);
    }

    #[test]
    fn an_object_is_read_as_its_json_and_has_no_lines() {
        let json = r#"{"apiVersion":"kubepki.dev/v1alpha1","kind":"ClusterDesign","clusterNam":"x","apiServer":{"bindPort":6443},"nodes":[{"name":"cp-1","addresses":["10.0.0.1"],"roles":["control-plane"]}]}"#;
        let failure = given(json, false).read(1_800_000_000).expect_err("a field is unknown");
        assert_eq!(failure.findings[0].line, None);
        assert!(failure.findings[0].message.contains("clusterNam"), "{failure:?}");
        let good = given(&json.replace("clusterNam\"", "clusterName\""), false).read(1_800_000_000).expect("a design");
        assert_eq!(good.plan.spec.cluster_name, "x");
    }

    #[test]
    fn kubeadm_configuration_is_a_design_too() {
        let text = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration: {name: cp-1}\nlocalAPIEndpoint: {advertiseAddress: 10.0.0.5}\n";
        let read = given(text, true).read(1_800_000_000);
        assert_eq!(read.expect("a design").plan.spec.nodes[0].name, "cp-1");
    }
}
