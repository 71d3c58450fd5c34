//! Checks: what is worth knowing about a plan. A check is a row: id, source, and a function from the plan to
//! what it finds. Rules that share a subject share a file.

mod connections;
mod hardening;
mod identity;
mod kubelet;
mod lifetime;
mod network;
mod parts;
mod rbac;
mod rule;
mod topology;

use crate::diag::Diagnostic;
use crate::plan::{self, Plan};
use crate::snippet::kubeadm;
use crate::spec::{ClusterSpec, Start};

pub use connections::{ConnectionLine, Half, connections};
pub use parts::{Part, parts};
pub use rule::Rule;

/// All rules, in the order in which their findings are shown.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        topology::RULES,
        network::RULES,
        connections::RULES,
        lifetime::RULES,
        kubelet::RULES,
        identity::RULES,
        rbac::RULES,
        hardening::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Plans a design: everything that follows from it, and what is worth knowing about it.
pub fn plan(spec: &ClusterSpec) -> Plan {
    let mut plan = plan::unchecked(spec);
    plan.findings = check(&plan, None);
    plan
}

/// Every finding about a plan, gravest first, with what kubeadm's configuration cannot say of it. With the issue time known, dates are named; without, spans.
pub fn check(plan: &Plan, now: Option<i64>) -> Vec<Diagnostic> {
    let found = rules().filter_map(|rule| {
        let mut finding = (rule.find)(plan, now)?;
        finding.rule = rule.id.into();
        finding.source = rule.source.into();
        Some(finding)
    });
    let mut found: Vec<Diagnostic> = found.collect();
    if plan.spec.start == Start::Kubeadm {
        // Only what no rule has said of the field already.
        let unsaid = kubeadm::notices(&plan.spec).into_iter();
        let unsaid: Vec<Diagnostic> = unsaid.filter(|one| found.iter().all(|known| known.field != one.field)).collect();
        found.extend(unsaid);
    }
    found.sort_by_key(|finding| finding.severity);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{parse, preset::Preset};
    use std::collections::BTreeSet;

    fn finds(rule: &Rule, change: fn(&mut crate::Draft)) -> Option<Diagnostic> {
        let mut draft = Preset::named("ha-stacked").unwrap().draft();
        change(&mut draft);
        let (spec, findings) = parse(&draft);
        let plan = crate::plan::plan(&spec.unwrap_or_else(|| panic!("{}: {findings:?}", rule.id)));
        check(&plan, Some(1_800_000_000)).into_iter().find(|finding| finding.rule == rule.id)
    }

    #[test]
    fn every_rule_has_a_failing_and_a_passing_example() {
        for rule in rules() {
            let finding = finds(rule, rule.failing).unwrap_or_else(|| panic!("{} finds nothing", rule.id));
            assert!(!finding.hint.is_empty() && !finding.source.is_empty(), "{}", rule.id);
            if let Some(passing) = rule.passing {
                assert_eq!(finds(rule, passing), None, "{}", rule.id);
            }
        }
    }

    #[test]
    fn what_kubeadm_cannot_say_is_said_once_at_its_field() {
        let mut draft = Preset::named("ha-external").unwrap().draft();
        draft.set_text(crate::spec::Field::KubernetesVersion, "v1.30.4");
        draft.set_text(crate::spec::Field::ValidityLeaf, "90d");
        draft.set_text(crate::spec::Field::CaKeys, "offNode");
        let found = |draft: &crate::Draft| check(&crate::plan::plan(&parse(draft).0.unwrap()), None);
        let fields = |found: Vec<Diagnostic>| -> Vec<String> {
            found.into_iter().filter(|one| one.rule == "kubeadm-cannot-say").map(|one| one.field).collect()
        };
        assert_eq!(fields(found(&draft)), ["validity.leaf", "etcd.mode"]);
        draft.set_text(crate::spec::Field::Start, "manual");
        assert_eq!(fields(found(&draft)), [""; 0]);
    }

    #[test]
    fn rule_ids_are_unique() {
        let ids: BTreeSet<_> = rules().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), rules().count());
    }
}
