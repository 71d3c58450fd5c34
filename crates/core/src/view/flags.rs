//! Flags: what each component on each node is started with, each flag tied to its file and certificate.

use crate::plan::{FlagValue, Plan};

/// The flags of one component on one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its name, as its binary is called.
    pub name: &'static str,
    /// The node.
    pub node: String,
    /// Its flags, in the catalog's order.
    pub flags: Vec<Entry>,
}

/// One flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Index into `plan.flags`.
    pub index: usize,
    /// `kube-apiserver-tls-cert-file@cp-1`.
    pub key: String,
    /// As people write it: `--tls-cert-file`, `authentication.x509.clientCAFile`.
    pub flag: String,
    /// Its value; nothing when it is not set.
    pub value: Option<String>,
    /// What it does; what happens without it when it is not set.
    pub meaning: String,
    /// What its file is to the component: `presents as server`.
    pub direction: &'static str,
    /// `apiserver@cp-1`, where its file holds a certificate or key of the plan.
    pub cert: Option<String>,
}

/// The components of a plan, node by node.
pub fn flags(plan: &Plan) -> Vec<Component> {
    let mut components: Vec<Component> = Vec::new();
    for (index, flag) in plan.flags.iter().enumerate() {
        let node = &plan.spec.nodes[flag.node].name;
        let same = components.last().is_some_and(|last| last.name == flag.row.component && last.node == *node);
        if !same {
            components.push(Component { name: flag.row.component, node: node.clone(), flags: Vec::new() });
        }
        let value = match &flag.value {
            FlagValue::Set(text) => Some(text.clone()),
            FlagValue::NotSet => None,
        };
        let entry = Entry {
            index,
            key: super::selection::flag_key(plan, index).unwrap_or_default(),
            flag: super::files::flag_text(flag.row),
            meaning: match value {
                Some(_) => flag.row.meaning.to_owned(),
                None => format!("Not set: {}", flag.row.absent),
            },
            value,
            direction: flag.row.direction.word(),
            cert: flag.cert.map(|cert| plan.key_of(cert)),
        };
        if let Some(last) = components.last_mut() {
            last.flags.push(entry);
        }
    }
    components
}
