//! The hierarchy: signed by → certificate → held by. Siblings form a stack; what is not signed here is dashed.

use crate::catalog::row::{CertRow, Form, Kind};
use crate::layout::{Layout, Paths};
use crate::pattern::fill;
use crate::plan::{Holding, Plan, Root};
use crate::spec::CaKeys;

/// The whole picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    /// One per CA and bare key pair, in the catalog's order.
    pub domains: Vec<Domain>,
    /// What no CA of this cluster signs.
    pub outside: Vec<Stack>,
}

/// A CA (or bare key pair) and what it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The CA or key pair.
    pub issuer: Card,
    /// What it signs, in the catalog's order.
    pub stacks: Vec<Stack>,
}

/// The card of a CA or key pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Index into `plan.certs`.
    pub cert: usize,
    /// `ca@cluster`.
    pub key: String,
    /// Its common name, or what people call it.
    pub title: String,
    /// Its file, short.
    pub file: String,
    /// Where the private key is: `key on 3 nodes`, `key off the nodes`.
    pub place: String,
    /// Who trusts it, in a few words.
    pub trusted_by: String,
    /// Its kind.
    pub kind: Kind,
}

/// Siblings: certificates of one kind on several nodes, each with its own key and names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Id of their row.
    pub id: &'static str,
    /// What the folded stack is called.
    pub title: String,
    /// The file they are kept in, short.
    pub file: String,
    /// Their kind.
    pub kind: Kind,
    /// The components that hold them.
    pub holders: String,
    /// Why they are not signed here; nothing when they are.
    pub unsigned: Option<&'static str>,
    /// At least one.
    pub members: Vec<Member>,
}

impl Stack {
    /// The line below the title: the file, or what there is instead, in a few words.
    pub fn detail(&self) -> &str {
        match self.unsigned {
            Some(why) => why.split(';').next().unwrap_or(why),
            None => &self.file,
        }
    }
}

/// One of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Index into `plan.certs`, or `plan.unsigned` when the stack is unsigned.
    pub index: usize,
    /// `apiserver@cp-1`.
    pub key: String,
    /// The node's name, `cluster` for none.
    pub node: String,
    /// Its own name, where it differs from the stack's.
    pub title: String,
    /// What differs from its siblings: its own names and addresses, in a few words.
    pub differs: String,
}

/// Draws the hierarchy of a plan.
pub fn hierarchy(plan: &Plan) -> Hierarchy {
    let mut domains = Vec::new();
    for (index, cert) in plan.certs.iter().enumerate() {
        if cert.issuer.is_none() {
            domains.push(Domain { issuer: card(plan, index), stacks: stacks(plan, Some(index)) });
        }
    }
    Hierarchy { domains, outside: stacks(plan, None) }
}

/// The stacks below an issuer, unsigned ones right behind their signed siblings; without issuer, what nobody signs.
fn stacks(plan: &Plan, issuer: Option<usize>) -> Vec<Stack> {
    let mut stacks: Vec<Stack> = Vec::new();
    let signed = plan.certs.iter().enumerate().filter(|(_, cert)| issuer.is_some() && cert.issuer == issuer);
    for (index, cert) in signed {
        let title = cert.subject.as_ref().map_or(cert.row.title, |subject| subject.common_name.as_str());
        let member = member(plan, index, cert.row, cert.node, title);
        push(&mut stacks, plan, cert.row, cert.kind, None, member);
    }
    for (index, one) in plan.unsigned.iter().enumerate().filter(|(_, one)| one.issuer == issuer) {
        let pattern = one.row.subject.first().map_or(one.row.title, |subject| subject.common_name);
        let title = fill(pattern, &[("node", plan.node_name(one.node))]);
        let member = member(plan, index, one.row, one.node, &title);
        push(&mut stacks, plan, one.row, one.row.kind, Some(one.why), member);
    }
    let order = |id: &str| crate::catalog::certs().position(|row| row.id == id);
    stacks.sort_by_key(|stack| (order(stack.id), stack.unsigned.is_some()));
    stacks
}

/// Puts a member on its stack, made when it is the first.
fn push(
    stacks: &mut Vec<Stack>,
    plan: &Plan,
    row: &'static CertRow,
    kind: Kind,
    unsigned: Option<&'static str>,
    member: Member,
) {
    if let Some(stack) = stacks.iter_mut().find(|stack| stack.id == row.id && stack.unsigned == unsigned) {
        stack.members.push(member);
        return;
    }
    // Where each sibling has a common name of its own the stack is called what people call them together.
    let own_names = row.subject.iter().any(|subject| subject.common_name.contains('{'));
    let title = if own_names || unsigned.is_some() { row.title.to_owned() } else { member.title.clone() };
    stacks.push(Stack {
        id: row.id,
        title,
        file: short_file(plan, row, &member.node),
        kind,
        holders: row.holders.join(", "),
        unsigned,
        members: vec![member],
    });
}

fn member(plan: &Plan, index: usize, row: &CertRow, node: Option<usize>, title: &str) -> Member {
    let node_name = plan.node_name(node).to_owned();
    let differs =
        node.map(|node| plan.spec.nodes[node].addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    Member {
        index,
        key: format!("{}@{node_name}", row.id),
        node: node_name,
        title: title.to_owned(),
        differs: differs.unwrap_or_default(),
    }
}

/// The card of a CA or bare key pair.
fn card(plan: &Plan, index: usize) -> Card {
    let cert = &plan.certs[index];
    let keys =
        plan.files.iter().filter(|file| file.content.cert == index && file.content.holding == Holding::PrivateKey);
    let on_nodes = keys.filter(|file| matches!(file.root, Root::Node(_))).count();
    let place = match (cert.row.is_ca() && plan.spec.ca_keys == CaKeys::OffNode, on_nodes) {
        (true, _) => "key off the nodes".to_owned(),
        (false, 1) => "key on 1 node".to_owned(),
        (false, count) => format!("key on {count} nodes"),
    };
    let mut trusting: Vec<&str> = cert.row.checked.iter().map(|one| one.who).collect();
    trusting.dedup();
    Card {
        cert: index,
        key: plan.key_of(index),
        title: cert.subject.as_ref().map_or(cert.row.title, |subject| &subject.common_name).to_owned(),
        file: short_file(plan, cert.row, plan.node_name(Some(plan.spec.init_node()))),
        place,
        trusted_by: trusting.join(", "),
        kind: cert.kind,
    }
}

/// A row's file as people call it: the path below the layout's folder.
fn short_file(plan: &Plan, row: &CertRow, node: &str) -> String {
    let spec = &plan.spec;
    let Some(node) = spec.nodes.iter().find(|one| one.name == node).or_else(|| spec.nodes.first()) else {
        return String::new();
    };
    let Paths { certificate, private_key, public_key, kubeconfig } = Layout::of(spec.layout).paths(spec, row, node);
    let short = |path: &str| {
        let folders = [
            "/etc/kubernetes/pki/",
            "/var/lib/kubernetes/pki/",
            "/etc/kubernetes/",
            "/var/lib/kubernetes/",
            "/var/lib/kubelet/",
        ];
        folders.iter().find_map(|folder| path.strip_prefix(folder)).unwrap_or(path).to_owned()
    };
    match (row.form, certificate, kubeconfig, private_key, public_key) {
        (Form::KeyPair, _, _, Some(private), Some(public)) => format!("{} {}", short(&private), short(&public)),
        (_, Some(certificate), ..) => short(&certificate),
        (_, None, Some(kubeconfig), ..) => short(&kubeconfig),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Field, parse, preset::Preset};

    fn plan(change: impl FnOnce(&mut crate::Draft)) -> Plan {
        let mut draft = Preset::named("ha-stacked").unwrap().draft();
        change(&mut draft);
        crate::plan::plan(&parse(&draft).0.unwrap())
    }

    #[test]
    fn by_hand_the_common_cluster_has_38_certificates_and_39_keys() {
        let plan = plan(|draft| {
            draft.set_text(Field::Start, "manual");
            draft.set_text(Field::KubeletClient, "issued");
        });
        assert_eq!((plan.certificate_count(), plan.key_count(), plan.ca_count()), (38, 39, 3));
        let drawn: usize = hierarchy(&plan)
            .domains
            .iter()
            .map(|domain| {
                1 + domain
                    .stacks
                    .iter()
                    .filter(|stack| stack.unsigned.is_none())
                    .map(|stack| stack.members.len())
                    .sum::<usize>()
            })
            .sum();
        assert_eq!(drawn, 39);
    }

    #[test]
    fn what_joining_kubelets_request_is_drawn_below_the_ca_and_not_counted() {
        let plan = plan(|_| {});
        assert_eq!((plan.certificate_count(), plan.key_count()), (35, 36));
        let picture = hierarchy(&plan);
        let kubelets: Vec<_> = picture.domains[0].stacks.iter().filter(|stack| stack.id == "kubelet.conf").collect();
        assert_eq!(
            kubelets.iter().map(|stack| (stack.unsigned.is_some(), stack.members.len())).collect::<Vec<_>>(),
            [(false, 1), (true, 3)]
        );
        assert_eq!(picture.outside.iter().map(|stack| stack.id).collect::<Vec<_>>(), ["kubelet-serving", "kube-proxy"]);
        assert_eq!(picture.domains.last().unwrap().issuer.file, "sa.key sa.pub");
    }

    #[test]
    fn a_single_node_has_15_certificates_and_16_keys() {
        let plan = crate::plan::plan(&parse(&Preset::named("single").unwrap().draft()).0.unwrap());
        assert_eq!((plan.certificate_count(), plan.key_count()), (15, 16));
    }
}
