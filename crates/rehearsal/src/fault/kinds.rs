//! The kinds of faults, a row each, and what they do to a stage.

use kubepki_core::catalog::row::Eku;
use kubepki_core::plan::{PlannedCert, Subject};
use kubepki_core::spec::{KeyAlgorithm, San};

use super::kind::{FaultKind, On};
use super::mend::{Mend, Renewed};
use crate::extra;
use crate::stage::{Content, Piece, Stage, StageFile};

/// A leaf that an unknown CA signed, which may bear the name of the real one.
fn by_stranger(stage: &mut Stage, id: &str, same_name: bool) {
    let mut made: Vec<(usize, usize)> = Vec::new();
    for leaf in stage.of(id) {
        let Some(issuer) = stage.plan.certs[leaf].issuer else { continue };
        let stranger = match made.iter().find(|(real, _)| *real == issuer) {
            Some((_, stranger)) => *stranger,
            None => {
                let real = &stage.plan.certs[issuer];
                let name = match &real.subject {
                    Some(subject) if same_name => subject.common_name.clone(),
                    _ => "another-ca".to_owned(),
                };
                let stranger = extra::planned(&extra::STRANGER, &name, real.key, real.lifetime);
                let stranger = stage.add(stranger);
                made.push((issuer, stranger));
                stranger
            }
        };
        stage.plan.certs[leaf].issuer = Some(stranger);
    }
}

fn each(stage: &mut Stage, id: &str, change: impl Fn(&mut PlannedCert)) {
    for index in stage.of(id) {
        change(&mut stage.plan.certs[index]);
    }
}

/// A CA below the leaf's own, which signs it instead.
fn below(stage: &mut Stage, issuer: usize, name: &str, path_length: Option<u8>) -> usize {
    let above = &stage.plan.certs[issuer];
    let cert = extra::planned(&extra::INTERMEDIATE, name, above.key, above.lifetime);
    stage.add(PlannedCert { issuer: Some(issuer), path_length, ..cert })
}

/// A name that no node of the design has: the next worker's.
fn other_node(stage: &Stage) -> String {
    let nodes = &stage.plan.spec.nodes;
    let names = (2..).map(|number| format!("w-{number}"));
    names.into_iter().find(|name| nodes.iter().all(|node| node.name != *name)).unwrap_or_default()
}

/// Exchanges a piece of every file.
fn exchange(stage: &mut Stage, from: Piece, to: &[Piece]) {
    for file in &mut stage.files {
        if let Content::Pem(pieces) = &mut file.content
            && let Some(at) = pieces.iter().position(|piece| *piece == from)
        {
            pieces.splice(at..=at, to.iter().copied());
        }
        if let Content::Kubeconfig(one) = &mut file.content {
            match (from, to) {
                (Piece::Certificate(cert), to) => {
                    if let Some(at) = one.shown.iter().position(|shown| *shown == cert) {
                        let certs = to.iter().filter_map(|piece| match piece {
                            Piece::Certificate(cert) => Some(*cert),
                            Piece::PrivateKey(_) | Piece::PublicKey(_) => None,
                        });
                        one.shown.splice(at..=at, certs);
                    }
                }
                (Piece::PrivateKey(cert), [Piece::PrivateKey(other)]) if one.key == Some(cert) => {
                    one.key = Some(*other);
                }
                _ => {}
            }
        }
    }
}

fn stray_key(stage: &mut Stage, id: &str, algorithm: impl Fn(KeyAlgorithm) -> KeyAlgorithm) {
    for cert in stage.of(id) {
        let planned = &stage.plan.certs[cert];
        let stray = extra::planned(&extra::STRAY_KEY, "", algorithm(planned.key), planned.lifetime);
        let stray = stage.add(stray);
        exchange(stage, Piece::PrivateKey(cert), &[Piece::PrivateKey(stray)]);
    }
}

/// RSA where it was ECDSA, and the other way round.
fn other_type(algorithm: KeyAlgorithm) -> KeyAlgorithm {
    if algorithm.is_rsa() { KeyAlgorithm::EcdsaP256 } else { KeyAlgorithm::Rsa2048 }
}

/// Issues a certificate so early that it has been over for a day.
fn expire(stage: &mut Stage, cert: usize) {
    stage.offsets[cert] = -stage.plan.certs[cert].lifetime.seconds - 86_400;
}

fn swap(stage: &mut Stage, id: &str) {
    for cert in stage.of(id) {
        let holds = |file: &StageFile, wanted: Piece| match &file.content {
            Content::Pem(pieces) => pieces.first() == Some(&wanted),
            Content::Kubeconfig(_) | Content::Token(_) => false,
        };
        let at = |wanted| stage.files.iter().position(|file| holds(file, wanted));
        if let (Some(one), Some(other)) = (at(Piece::Certificate(cert)), at(Piece::PrivateKey(cert))) {
            let content = stage.files[one].content.clone();
            stage.files[one].content = std::mem::replace(&mut stage.files[other].content, content);
        }
        for file in &mut stage.files {
            if let Content::Kubeconfig(one) = &mut file.content
                && one.key == Some(cert)
            {
                one.swapped = true;
            }
        }
    }
}

fn withhold(stage: &mut Stage, id: &str) {
    for cert in stage.of(id) {
        stage.files.retain(|file| match &file.content {
            Content::Pem(pieces) => {
                !pieces.contains(&Piece::Certificate(cert)) && !pieces.contains(&Piece::PrivateKey(cert))
            }
            Content::Kubeconfig(_) | Content::Token(_) => true,
        });
        for file in &mut stage.files {
            if let Content::Kubeconfig(one) = &mut file.content
                && one.key == Some(cert)
            {
                (one.shown, one.key) = (Vec::new(), None);
            }
        }
    }
}

/// The kubeconfigs of an id hold the CA of the same name that came before.
fn old_authority(stage: &mut Stage, id: &str) {
    for cert in stage.of(id) {
        let Some(issuer) = stage.plan.certs[cert].issuer else { continue };
        let real = &stage.plan.certs[issuer];
        let name = real.subject.as_ref().map(|subject| subject.common_name.clone()).unwrap_or_default();
        let old = extra::planned(&extra::STRANGER, &name, real.key, real.lifetime);
        let old = stage.add(old);
        for file in &mut stage.files {
            if let Content::Kubeconfig(one) = &mut file.content
                && one.key == Some(cert)
            {
                one.authority = old;
            }
        }
    }
}

/// The process still holds the kubeconfig that it read when it started, whose certificate has expired since; the file is new.
fn not_restarted(stage: &mut Stage, id: &str) {
    for cert in stage.of(id) {
        let old = stage.plan.certs[cert].clone();
        let old = stage.add(old);
        expire(stage, old);
        let is_of = |file: &&StageFile| matches!(&file.content, Content::Kubeconfig(one) if one.key == Some(cert));
        let files: Vec<StageFile> = stage.files.iter().filter(is_of).cloned().collect();
        for mut file in files {
            let Content::Kubeconfig(held) = &mut file.content else { continue };
            (held.shown, held.key) = (vec![old], Some(old));
            let path = format!("loaded/{}", file.path);
            stage.loaded.push((std::mem::replace(&mut file.path, path.clone()), path));
            stage.files.push(file);
        }
    }
}

/// Every kind of fault, in the order in which a handshake would find it.
pub static KINDS: &[FaultKind] = &[
    FaultKind {
        id: "plain-http",
        on: On::Servers,
        title: "{it} speaks plain HTTP where TLS is expected",
        change: "{it} is started without a serving certificate and answers in plain HTTP.",
        mend: Mend::Flags,
        renewed: Renewed::Copied,
        apply: |stage, target| stage.process(target).plain_http = true,
    },
    FaultKind {
        id: "minimum-version",
        on: On::Servers,
        title: "{it} accepts TLS 1.3 alone, its callers know no more than TLS 1.2",
        change: "The lowest version of {it} is TLS 1.3; whoever calls it is too old for that.",
        mend: Mend::Flags,
        renewed: Renewed::Copied,
        apply: |stage, target| stage.process(target).newer_than_callers = true,
    },
    FaultKind {
        id: "no-common-cipher",
        on: On::Servers,
        title: "{it} offers only cipher suites for another kind of key",
        change: "The cipher suites of {it} are those for the other kind of key; its callers know no more than TLS 1.2.",
        mend: Mend::Flags,
        renewed: Renewed::Copied,
        apply: |stage, target| stage.process(target).other_suites = true,
    },
    FaultKind {
        id: "foreign-key",
        on: On::Leaves,
        title: "the key beside {it} belongs to another certificate",
        change: "The private key of {it} is exchanged for another of the same kind.",
        mend: Mend::Again,
        renewed: Renewed::Mended,
        apply: |stage, target| stray_key(stage, target, |algorithm| algorithm),
    },
    FaultKind {
        id: "other-key-type",
        on: On::Leaves,
        title: "the key beside {it} is of another kind",
        change: "The private key of {it} is exchanged for one of another kind: ECDSA for RSA, RSA for ECDSA.",
        mend: Mend::Again,
        renewed: Renewed::Mended,
        apply: |stage, target| stray_key(stage, target, other_type),
    },
    FaultKind {
        id: "swapped",
        on: On::Leaves,
        title: "certificate and key of {it} stand in each other's file",
        change: "The contents of the certificate's and the key's file of {it} are exchanged.",
        mend: Mend::Again,
        renewed: Renewed::Unreadable,
        apply: |stage, target| swap(stage, target),
    },
    FaultKind {
        id: "no-certificate",
        on: On::ClientsAlone,
        title: "{it} is not presented at all",
        change: "The caller has no {it}: the files or the entries of the kubeconfig are missing.",
        mend: Mend::Again,
        renewed: Renewed::Unreadable,
        apply: |stage, target| withhold(stage, target),
    },
    FaultKind {
        id: "other-ca",
        on: On::Leaves,
        title: "{it} is signed by a CA with another name",
        change: "{it} is issued again by a CA that nobody here trusts, and that is called otherwise.",
        mend: Mend::Again,
        renewed: Renewed::Mended,
        apply: |stage, target| by_stranger(stage, target, false),
    },
    FaultKind {
        id: "same-name-ca",
        on: On::Leaves,
        title: "{it} is signed by another CA of the same name",
        change: "{it} is issued again by a CA of the right name with another key, such as one made anew.",
        mend: Mend::Again,
        renewed: Renewed::Mended,
        apply: |stage, target| by_stranger(stage, target, true),
    },
    FaultKind {
        id: "missing-intermediate",
        on: On::Leaves,
        title: "the CA between {it} and its root is not sent along",
        change: "{it} is issued again by a CA below the real one, whose certificate is not in the file.",
        mend: Mend::Again,
        renewed: Renewed::Mended,
        apply: |stage, target| {
            for leaf in stage.of(target) {
                let Some(issuer) = stage.plan.certs[leaf].issuer else { continue };
                stage.plan.certs[leaf].issuer = Some(below(stage, issuer, "intermediate-ca", None));
            }
        },
    },
    FaultKind {
        id: "path-length",
        on: On::Leaves,
        title: "the chain of {it} is longer than one of its CAs allows",
        change: "{it} is issued again below two CAs, the upper of which allows none below it; both are sent along.",
        mend: Mend::Again,
        renewed: Renewed::Mended,
        apply: |stage, target| {
            for leaf in stage.of(target) {
                let Some(issuer) = stage.plan.certs[leaf].issuer else { continue };
                let upper = below(stage, issuer, "upper-ca", Some(0));
                let lower = below(stage, upper, "lower-ca", None);
                stage.plan.certs[leaf].issuer = Some(lower);
                let chain = [leaf, lower, upper].map(Piece::Certificate);
                exchange(stage, Piece::Certificate(leaf), &chain);
            }
        },
    },
    FaultKind {
        id: "not-a-ca",
        on: On::Authorities,
        title: "{it} lacks CA:TRUE",
        change: "The certificate of {it} is issued again, with the same key and name but CA:FALSE.",
        mend: Mend::Authority,
        renewed: Renewed::Copied,
        apply: |stage, target| {
            if let Some(row) = extra::NO_CAS.iter().find(|row| row.id == target) {
                each(stage, target, |cert| cert.row = row);
            }
        },
    },
    FaultKind {
        id: "expired",
        on: On::Leaves,
        title: "{it} has expired",
        change: "{it} was issued so long ago that it ended yesterday.",
        mend: Mend::Renew,
        renewed: Renewed::Mended,
        apply: |stage, target| stage.of(target).into_iter().for_each(|cert| expire(stage, cert)),
    },
    FaultKind {
        id: "expired-ca",
        on: On::Authorities,
        title: "{it} has expired",
        change: "The certificate of {it} ended yesterday; what it signed would still be valid.",
        mend: Mend::Authority,
        renewed: Renewed::Copied,
        apply: |stage, target| stage.of(target).into_iter().for_each(|cert| expire(stage, cert)),
    },
    FaultKind {
        id: "not-yet-valid",
        on: On::Leaves,
        title: "{it} is not valid yet",
        change: "{it} was issued by a machine whose clock is a day ahead.",
        mend: Mend::Renew,
        renewed: Renewed::Mended,
        apply: |stage, target| stage.of(target).into_iter().for_each(|cert| stage.offsets[cert] = 86_400),
    },
    FaultKind {
        id: "not-restarted",
        on: On::Held,
        title: "{it} was renewed, but the process still holds the old one",
        change: "{it} is new on disk; the process read it when it started, before that, and the certificate that it holds ended yesterday.",
        mend: Mend::Restart,
        renewed: Renewed::Mended,
        apply: |stage, target| not_restarted(stage, target),
    },
    FaultKind {
        id: "no-dns-names",
        on: On::Serving,
        title: "{it} has no DNS names",
        change: "{it} is issued again without its DNS names.",
        mend: Mend::Again,
        renewed: Renewed::Copied,
        apply: |stage, target| each(stage, target, |cert| cert.sans.retain(|san| matches!(san, San::Ip(_)))),
    },
    FaultKind {
        id: "no-addresses",
        on: On::Serving,
        title: "{it} has no addresses",
        change: "{it} is issued again without its IP addresses.",
        mend: Mend::Again,
        renewed: Renewed::Copied,
        apply: |stage, target| each(stage, target, |cert| cert.sans.retain(|san| matches!(san, San::Dns(_)))),
    },
    FaultKind {
        id: "no-names",
        on: On::Serving,
        title: "{it} has no names at all",
        change: "{it} is issued again without subject alternative names.",
        mend: Mend::Again,
        renewed: Renewed::Copied,
        apply: |stage, target| each(stage, target, |cert| cert.sans.clear()),
    },
    FaultKind {
        id: "common-name-only",
        on: On::Serving,
        title: "{it} has its name in the common name alone",
        change: "{it} is issued again with one of its DNS names as common name, and without subject alternative names.",
        mend: Mend::Again,
        renewed: Renewed::Copied,
        apply: |stage, target| {
            let endpoint = stage.design.endpoint.as_ref().map(|endpoint| endpoint.host.to_san());
            each(stage, target, |cert| {
                let dns = |san: &San| match san {
                    San::Dns(name) => Some(name.clone()),
                    San::Ip(_) => None,
                };
                let dialled = endpoint.as_ref().filter(|name| cert.sans.contains(name)).and_then(dns);
                if let Some(name) = dialled.or_else(|| cert.sans.iter().find_map(dns)) {
                    cert.subject = Some(Subject { organizations: Vec::new(), common_name: name });
                }
                cert.sans.clear();
            });
        },
    },
    FaultKind {
        id: "server-usage-only",
        on: On::Calling,
        title: "{it} is for servers alone",
        change: "{it} is issued again with serverAuth as its only extended key usage.",
        mend: Mend::Again,
        renewed: Renewed::Copied,
        apply: |stage, target| each(stage, target, |cert| cert.ekus = vec![Eku::ServerAuth]),
    },
    FaultKind {
        id: "client-usage-only",
        on: On::Serving,
        title: "{it} is for clients alone",
        change: "{it} is issued again with clientAuth as its only extended key usage.",
        mend: Mend::Again,
        renewed: Renewed::Copied,
        apply: |stage, target| each(stage, target, |cert| cert.ekus = vec![Eku::ClientAuth]),
    },
    FaultKind {
        id: "no-usages",
        on: On::Leaves,
        title: "{it} has no extended key usage",
        change: "{it} is issued again without the extension. Go takes that for every usage: nothing breaks.",
        mend: Mend::Again,
        renewed: Renewed::Copied,
        apply: |stage, target| each(stage, target, |cert| cert.ekus.clear()),
    },
    FaultKind {
        id: "unlisted-address",
        on: On::One("etcd-peer"),
        title: "one member's address is not in its {it}",
        change: "The {it} certificate of the last member is issued again without that member's own address.",
        mend: Mend::Again,
        renewed: Renewed::Copied,
        apply: |stage, target| {
            let Some(cert) = stage.of(target).pop() else { return };
            let Some(node) = stage.plan.certs[cert].node else { return };
            let own = San::Ip(stage.plan.spec.nodes[node].advertise());
            stage.plan.certs[cert].sans.retain(|san| *san != own);
        },
    },
    FaultKind {
        id: "other-node",
        on: On::One("kubelet.conf"),
        title: "{it} names another node",
        change: "The common name in each {it} is that of a node that this design does not have.",
        mend: Mend::Kubeconfig,
        renewed: Renewed::Copied,
        apply: |stage, target| {
            let other = other_node(stage);
            each(stage, target, |cert| {
                if let Some(subject) = &mut cert.subject {
                    subject.common_name = format!("system:node:{other}");
                }
            });
        },
    },
    FaultKind {
        id: "wrong-group",
        on: On::Grouped,
        title: "the group in {it} is another",
        change: "The organization in the certificate of {it} is one that nothing is bound to.",
        mend: Mend::Kubeconfig,
        renewed: Renewed::Copied,
        apply: |stage, target| {
            each(stage, target, |cert| {
                if let Some(subject) = &mut cert.subject {
                    subject.organizations = vec!["nobody".to_owned()];
                }
            });
        },
    },
    FaultKind {
        id: "name-not-allowed",
        on: On::One("front-proxy-client"),
        title: "the common name of {it} is not in the allowed list",
        change: "The common name of {it} is not the one in --requestheader-allowed-names.",
        mend: Mend::Again,
        renewed: Renewed::Copied,
        apply: |stage, target| {
            each(stage, target, |cert| {
                if let Some(subject) = &mut cert.subject {
                    subject.common_name = "somebody-else".to_owned();
                }
            });
        },
    },
    FaultKind {
        id: "shared-header-ca",
        on: On::One("ca"),
        title: "one CA for clients and for identity headers",
        change: "--requestheader-client-ca-file names {it}, and the list of allowed names is empty: whoever has any \
                 client certificate can pose as anybody. Nothing breaks, which is the danger.",
        mend: Mend::Flags,
        renewed: Renewed::Copied,
        apply: |stage, _| {
            stage.shared_header_ca = true;
            if let (Some(ca), Some(old)) = (stage.plan.find("ca", None), stage.plan.find("front-proxy-ca", None)) {
                each(stage, "front-proxy-client", |cert| cert.issuer = Some(ca));
                exchange(stage, Piece::Certificate(old), &[Piece::Certificate(ca)]);
            }
        },
    },
    FaultKind {
        id: "wrong-token-key",
        on: On::One("sa"),
        title: "API servers check tokens with another key",
        change: "The public key that --service-account-key-file names belongs to another pair than the one that signs.",
        mend: Mend::TokenKey,
        renewed: Renewed::Copied,
        apply: |stage, target| {
            for cert in stage.of(target) {
                let planned = &stage.plan.certs[cert];
                let stray = extra::planned(&extra::STRAY_KEY, "", planned.key, planned.lifetime);
                let stray = stage.add(stray);
                exchange(stage, Piece::PublicKey(cert), &[Piece::PublicKey(stray)]);
            }
        },
    },
    FaultKind {
        id: "old-ca",
        on: On::Kubeconfigs,
        title: "{it} holds the certificate of a CA that was replaced",
        change: "The copy of the CA inside {it} is an older one of the same name.",
        mend: Mend::Kubeconfig,
        renewed: Renewed::Mended,
        apply: |stage, target| old_authority(stage, target),
    },
];
