//! What somebody may do, rule by rule: what the API server lists beside the rules of what the product names as the reason.

use std::collections::{BTreeMap, BTreeSet};

use kubepki_core::catalog::rights::{Holder, RIGHTS, rights};
use kubepki_core::plan::MASTERS;
use kubepki_core::spec::Start;
use serde_json::{Value, json};

use crate::stage::Stage;

/// Namespaces that every cluster has: what is bound differs between them.
const NAMESPACES: &[&str] = &["default", "kube-system", "kube-public", "kube-node-lease"];
const PORT: u16 = 8009;
const REVIEW: &str = "apis/authorization.k8s.io/v1/selfsubjectrulesreviews";

/// One verb on one resource or path: `get pods.` or `get /healthz`.
type Rules = BTreeSet<String>;

/// The words of a list in JSON.
fn words<'a>(rule: &'a Value, key: &str) -> Vec<&'a str> {
    rule[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Each verb of each rule on its own, as roles and reviews have them.
fn each(rules: &[&Value]) -> Rules {
    let mut found = Rules::new();
    for rule in rules {
        for verb in words(rule, "verbs") {
            found.extend(words(rule, "nonResourceURLs").into_iter().map(|path| format!("{verb} {path}")));
            let mut names = words(rule, "resourceNames");
            if names.is_empty() {
                names.push("");
            }
            for (group, resource) in words(rule, "apiGroups")
                .iter()
                .flat_map(|group| words(rule, "resources").into_iter().map(move |one| (group, one)))
            {
                found.extend(names.iter().map(|name| format!("{verb} {resource}.{group} {name}")));
            }
        }
    }
    found
}

/// Bindings and roles of a cluster, each by its kind, namespace and name.
struct Bound(BTreeMap<(String, String, String), Value>);

impl Bound {
    fn of(stage: &Stage) -> Self {
        let listed = stage.json("get clusterrolebindings,rolebindings,clusterroles,roles --all-namespaces");
        let key = |one: &Value| {
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (word(&one["kind"]), word(&one["metadata"]["namespace"]), word(&one["metadata"]["name"]))
        };
        Self(listed["items"].as_array().into_iter().flatten().map(|one| (key(one), one.clone())).collect())
    }

    fn get(&self, kind: &str, namespace: &str, name: &str) -> Option<&Value> {
        self.0.get(&(kind.to_owned(), namespace.to_owned(), name.to_owned()))
    }

    /// The rules of the role that a binding names.
    fn rules(&self, kind: &str, namespace: &str, binding: &str) -> Option<Vec<&Value>> {
        let role = &self.get(kind, namespace, binding)?["roleRef"];
        let word = |key: &str| role[key].as_str().unwrap_or_default();
        let of = if word("kind") == "Role" { namespace } else { "" };
        Some(self.get(word("kind"), of, word("name"))?["rules"].as_array()?.iter().collect())
    }
}

/// What a sentence names, `RoleBindings a and b in kube-system` or `ClusterRoleBinding a, role b`: kind, namespace, names.
pub(super) fn named(by: &'static str) -> Option<(&'static str, &'static str, Vec<&'static str>)> {
    let kind = by.split(' ').next()?.trim_end_matches('s');
    let rest = by.split_once(' ')?.1;
    let (names, namespace) = match kind {
        "ClusterRoleBinding" => (rest.split(", role ").next()?, ""),
        "RoleBinding" => rest.split_once(" in ")?,
        _ => return None,
    };
    let names = names.split([',', ' ']).filter(|word| !word.is_empty() && *word != "and").collect();
    Some((kind, namespace, names))
}

/// What the product says that somebody may do in a namespace, by the rules of the bindings that it names.
fn said(stage: &Stage, bound: &Bound, user: &str, groups: &[String], namespace: &str) -> Rules {
    let mut rules = Vec::new();
    let ours = stage.export.plan.bindings();
    for row in rights(user, groups) {
        let Some((kind, of, names)) = named(row.by) else {
            if row.by == "the authorizer for privileged groups" {
                rules.extend(bound.rules("ClusterRoleBinding", "", "cluster-admin").expect("every cluster has it"));
            }
            continue;
        };
        if !of.is_empty() && of != namespace {
            continue;
        }
        for name in names {
            match bound.rules(kind, of, name) {
                Some(found) => rules.extend(found),
                // Whoever starts a cluster by hand has of kubeadm's bindings what the design needs.
                None => assert!(
                    stage.spec().start == Start::Manual && !ours.iter().any(|one| one.row.name == name),
                    "there is no {kind} {name}, by which {user} {groups:?} should be allowed: {}",
                    row.may
                ),
            }
        }
    }
    each(&rules)
}

/// What the API server lists, in each namespace, of those that an administrator may ask for.
fn listed(stage: &Stage, who: &[(String, Vec<String>)]) -> Vec<Vec<Value>> {
    let mut script = format!(
        "kubectl --kubeconfig {} proxy --port {PORT} >/dev/null & proxy=$!; trap \"kill $proxy\" EXIT\n\
         for try in $(seq 100); do curl -s -o /dev/null http://127.0.0.1:{PORT}/ && break; sleep 0.1; done\n",
        stage.admin()
    );
    for (user, groups) in who {
        let groups: String = groups.iter().map(|group| format!(" -H 'Impersonate-Group: {group}'")).collect();
        for namespace in NAMESPACES {
            let review = json!({ "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
                "spec": { "namespace": namespace } });
            script += &format!(
                "curl -s -H 'Content-Type: application/json' -H 'Impersonate-User: {user}'{groups} -d '{review}' http://127.0.0.1:{PORT}/{REVIEW} | tr -d '\\n'; echo\n"
            );
        }
    }
    let answers = stage.first().sh(&script).good();
    let answers: Vec<Value> = answers
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    assert_eq!(answers.len(), who.len() * NAMESPACES.len(), "{answers:?}");
    answers.chunks(NAMESPACES.len()).map(<[Value]>::to_vec).collect()
}

/// Whether a user's certificate names a group as well in this design's version.
fn is_grouped(stage: &Stage, user: &str) -> bool {
    let subjects = stage.export.plan.certs.iter().filter_map(|cert| cert.subject.as_ref());
    subjects.into_iter().any(|subject| subject.common_name == user && !subject.organizations.is_empty())
}

/// Everybody of whom the product says what it may do: what `kubectl auth can-i --list` shows is that, and nothing else.
pub(crate) fn rights_are_those_we_say(stage: &Stage) {
    let bound = Bound::of(stage);
    let node = stage.with_kubelets().next().expect("a cluster has nodes").0;
    let mut who: Vec<(String, Vec<String>)> = Vec::new();
    for row in RIGHTS {
        let one = match row.holder {
            // Until certain releases its certificate names a group, by which it may everything.
            Holder::User(user) if is_grouped(stage, user) => continue,
            Holder::User(user) => (user.to_owned(), Vec::new()),
            Holder::UsersIn(prefix, group) => (format!("{prefix}{}", node.name), vec![group.to_owned()]),
            Holder::Group(group) => ("somebody".to_owned(), vec![group.to_owned()]),
        };
        if !who.contains(&one) {
            who.push(one);
        }
    }
    let mut different = Vec::new();
    for ((user, groups), answers) in who.iter().zip(listed(stage, &who)) {
        for (namespace, answer) in NAMESPACES.iter().zip(answers) {
            let status = &answer["status"];
            let all = |key: &str| status[key].as_array().cloned().unwrap_or_default();
            let (resources, paths) = (all("resourceRules"), all("nonResourceRules"));
            let real = each(&resources.iter().chain(&paths).collect::<Vec<_>>());
            // What a node has of its own authorizer is in no list, and kubectl says that of it.
            let whole = status["evaluationError"] != "node authorizer does not support user rule resolution";
            assert_eq!(whole, !user.starts_with("system:node:"), "{user}: {answer}");
            let said = said(stage, &bound, user, groups, namespace);
            let more: Vec<_> = real.difference(&said).collect();
            let less: Vec<_> = said.difference(&real).collect();
            if !more.is_empty() || !less.is_empty() {
                different.push(format!(
                    "{user} {groups:?} in {namespace}: may {more:?}, which we do not say; may not {less:?}"
                ));
            }
            let everything = real.contains("* *.* ") && real.contains("* *");
            let is_said = groups.iter().any(|group| group == MASTERS || group == "kubeadm:cluster-admins");
            let bound = bound.get("ClusterRoleBinding", "", "kubeadm:cluster-admins").is_some();
            assert_eq!(
                everything,
                is_said && (bound || groups.iter().any(|group| group == MASTERS)),
                "{user} {groups:?}"
            );
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
