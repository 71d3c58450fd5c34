//! What the documents say, collected field by field, and the draft that follows from it.

use kubepki_core::diag::{Diagnostic, Severity};
use kubepki_core::spec::{Draft, Field, NodeDraft, Value as FieldValue};

use super::kind::{Holds, Kind};
use super::machine::Seen;
use super::setting::Setting;
use super::spot::Spot;
use super::tls::Hardening;
use crate::finding::Finding;
use crate::load::MOST_FINDINGS;
use crate::place::{Place, Places};
use crate::tree::Value;

/// Everything that was read so far.
pub(crate) struct Import {
    pub(super) draft: Draft,
    pub(super) places: Places,
    pub(super) found: Vec<Finding>,
    /// Where the first document that counts begins.
    pub(super) first: Option<Place>,
    /// Where the ClusterConfiguration begins.
    pub(super) cluster: Option<Place>,
    /// The machines that documents describe, in their order.
    pub(super) nodes: Vec<Seen>,
    /// Where external etcd answers, when there is any: URLs, each with its place.
    pub(super) external: Option<(Place, Vec<(String, Place)>)>,
    pub(super) hardening: Hardening,
    /// The documents' kinds, each with its file.
    pub(super) kinds: Vec<(String, Kind)>,
    /// kubeadm's feature gates that are set, whatever to.
    pub(super) gates: Vec<(String, Place)>,
    /// Fields that came within a version of kubeadm's API: the minor that has them first, path and place.
    pub(super) newer: Vec<(u16, String, Place)>,
    /// Where the gate stands that makes every key one of ECDSA.
    pub(super) ecdsa: Option<Place>,
    /// What a design has no place for.
    pub(super) left: Vec<Setting>,
    /// Whether an error was found.
    refused: bool,
}

impl Import {
    /// Nothing read yet; `draft` holds what documents may leave unsaid.
    pub(super) fn new(draft: Draft) -> Self {
        Self {
            draft,
            places: Places::default(),
            found: Vec::new(),
            first: None,
            cluster: None,
            nodes: Vec::new(),
            external: None,
            hardening: Hardening::default(),
            kinds: Vec::new(),
            gates: Vec::new(),
            newer: Vec::new(),
            ecdsa: None,
            left: Vec::new(),
            refused: false,
        }
    }

    /// A finding at a place; it is about the field that stands there.
    pub(super) fn say(&mut self, place: &Place, mut diagnostic: Diagnostic) {
        if diagnostic.field.is_empty() {
            diagnostic.field.clone_from(&place.called);
        }
        diagnostic.position = Some(place.position);
        // Of very many findings the first are kept, and the first error whatever stands before it.
        let first_error = diagnostic.severity == Severity::Error && !std::mem::replace(&mut self.refused, true);
        if self.found.len() < MOST_FINDINGS || first_error {
            self.found.push(Finding { file: place.file.clone(), diagnostic });
        }
    }

    /// An error at a value.
    pub(super) fn error(&mut self, spot: &Spot<'_>, rule: &'static str, message: impl Into<String>, hint: &str) {
        self.misread(spot);
        self.say(&spot.place(), Diagnostic::error(rule, "", message).with_hint(hint));
    }

    /// A warning at a value.
    pub(super) fn warn(&mut self, spot: &Spot<'_>, rule: &'static str, message: impl Into<String>, hint: &str) {
        self.say(&spot.place(), Diagnostic::warning(rule, "", message).with_hint(hint));
    }

    /// A field's text or list becomes the value of a field of the design.
    pub(super) fn set(&mut self, field: Field, holds: Holds, spot: &Spot<'_>) {
        let path = field.row().path;
        self.places.put(path, spot.place());
        if holds == Holds::Commas {
            spot.text().split(',').for_each(|one| self.respelt(one, &spot.place()));
        }
        let list = |items: Vec<String>| FieldValue::List(items);
        let value = match holds {
            Holds::List => {
                list(spot.node.items().iter().map(|item| item.text().unwrap_or_default().to_owned()).collect())
            }
            Holds::Commas => list(spot.text().split(',').map(|one| one.trim().to_owned()).collect()),
            _ => FieldValue::Text(spot.text().to_owned()),
        };
        match value {
            FieldValue::Text(text) => self.draft.set_text(field, text),
            FieldValue::List(items) => {
                for index in 0..items.len() {
                    let at = spot.node.items().get(index).map_or(spot.node.at, |item| item.at);
                    self.places.put(format!("{path}.{index}"), spot.place_of(at));
                }
                self.draft.set_list(field, items);
            }
        }
    }

    /// The draft, its places and everything found, nodes and external etcd put together. `base` is the design as it was,
    /// `nodes` those given beside the files.
    pub(super) fn finish(mut self, base: &Draft, nodes: &[NodeDraft]) -> (Draft, Places, Vec<Finding>) {
        self.ecdsa();
        let all = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "the kubelet", "etcd"];
        // External etcd is not kubeadm's to start.
        let components = if self.external.is_some() { &all[..4] } else { &all[..] };
        let mut draft = std::mem::take(&mut self.draft);
        std::mem::take(&mut self.hardening).apply(&mut draft, &mut self, components);
        self.draft = draft;
        self.machines(base);
        let external = self.external.is_some();
        self.etcd_hosts(base);
        let mut draft = std::mem::take(&mut self.draft);
        if external {
            // kubeadm has no word for the names in external etcd's certificates, nor for its data folder.
            for field in [Field::EtcdServerCertSans, Field::EtcdPeerCertSans] {
                draft.set_list(field, base.list(field).to_vec());
            }
            draft.set_text(Field::EtcdDataDir, base.text(Field::EtcdDataDir));
        }
        self.list_left(&mut draft, nodes);
        self.draft = draft;
        (self.draft, self.places, self.found)
    }

    /// Adds a node to the draft, and remembers where its parts stand.
    pub(super) fn add_node(&mut self, node: NodeDraft, places: impl FnOnce(&mut Places, &str)) {
        places(&mut self.places, &format!("nodes.{}", self.draft.nodes.len()));
        self.draft.nodes.push(node);
    }
}

/// The texts of a list, with their places; other items are none.
pub(super) fn texts<'a>(spot: &'a Spot<'_>) -> impl Iterator<Item = (String, Place)> + 'a {
    let items = match &spot.node.value {
        Value::List(items) => items.as_slice(),
        Value::Null | Value::Scalar { .. } | Value::Map(_) => &[],
    };
    items.iter().filter_map(|item| Some((item.text()?.to_owned(), spot.place_of(item.at))))
}
