//! A plan as plain values, and the lists that a program chooses from.

use kubepki_core::catalog::own;
use kubepki_core::plan::{FlagValue, Root};
use kubepki_core::snippet;
use kubepki_core::spec::preset::PRESETS;
use kubepki_core::view::connections;

use crate::design::Read;
use crate::shape::{self, PlannedCertificate, PlannedFile, PlannedFlag};

/// The plan.
pub fn plan(read: Read) -> shape::Plan {
    let Read { plan, findings, .. } = read;
    let (_, edges) = connections::connections(&plan);
    let node = |node: Option<usize>| node.map(|node| plan.spec.nodes[node].name.clone());
    let certificates = plan.certs.iter().enumerate().map(|(index, cert)| PlannedCertificate {
        key: plan.key_of(index),
        id: cert.row.id.to_owned(),
        node: node(cert.node),
        kind: cert.kind.word().to_owned(),
        issuer: cert.issuer.map(|issuer| plan.key_of(issuer)),
        subject: cert.subject.as_ref().map(ToString::to_string),
        sans: cert.sans.iter().map(ToString::to_string).collect(),
        extended_key_usages: cert.ekus.iter().map(|eku| eku.word().to_owned()).collect(),
        key_algorithm: cert.key.word().to_owned(),
        lifetime_seconds: cert.lifetime.seconds,
    });
    let files = plan.files.iter().map(|file| PlannedFile {
        node: match file.root {
            Root::Node(at) => node(Some(at)),
            Root::OfflineCa => None,
        },
        path: file.path.clone(),
        mode: file.mode,
        owner: file.owner.to_owned(),
        holds: file.content.holding.word().to_owned(),
        certificate: plan.key_of(file.content.cert),
        secret: file.content.holding.is_secret(),
    });
    let own =
        |flag: &kubepki_core::plan::PlannedFlag| own::decided(&plan.spec, flag.row.component, flag.row.name).is_some();
    let flags = plan.flags.iter().map(|flag| PlannedFlag {
        component: flag.row.component.to_owned(),
        node: plan.spec.nodes[flag.node].name.clone(),
        flag: flag.row.name.to_owned(),
        value: match &flag.value {
            FlagValue::Set(value) if !own(flag) => Some(value.clone()),
            FlagValue::Set(_) | FlagValue::NotSet => None,
        },
        own: own(flag),
        certificate: flag.cert.map(|cert| plan.key_of(cert)),
    });
    shape::Plan {
        cluster_name: plan.spec.cluster_name.clone(),
        kubernetes_version: plan.spec.version.to_string(),
        nodes: plan.spec.nodes.iter().map(|node| node.name.clone()).collect(),
        certificates: certificates.collect(),
        files: files.collect(),
        flags: flags.collect(),
        connections: edges.iter().map(|edge| edge.told.id.to_owned()).collect(),
        findings,
    }
}

/// Every preset.
pub fn presets() -> Vec<shape::Preset> {
    let preset = |one: &kubepki_core::spec::preset::Preset| shape::Preset {
        name: one.name.to_owned(),
        title: one.title.to_owned(),
        subtitle: one.subtitle.to_owned(),
        yaml: snippet::design(&one.draft()),
    };
    PRESETS.iter().map(preset).collect()
}
