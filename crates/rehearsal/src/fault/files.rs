//! Which files a fault makes wrong.

use super::Fault;
use crate::stage::{Content, Piece, Stage, on_machine};

impl Fault {
    /// The files that are not what they are in a sound cluster, as their machine calls them, each once; none where a flag is
    /// wrong, or a process holds what it read before.
    pub fn files(&self, sound: &Stage) -> Vec<String> {
        let mut broken = sound.clone();
        self.apply(&mut broken);
        let is_as_before =
            |path: &str, said: &str| sound.file(path).is_some_and(|file| said_by(sound, &file.content) == said);
        // What a process has read before stands apart: the file in its place is right.
        let there = broken.files.iter().filter(|file| !file.path.starts_with("loaded/"));
        let now = there.filter(|file| !is_as_before(&file.path, &said_by(&broken, &file.content)));
        let gone = sound.files.iter().filter(|file| broken.file(&file.path).is_none());
        let mut paths: Vec<String> = Vec::new();
        for path in now.chain(gone).map(|file| on_machine(&file.path)) {
            if !paths.iter().any(|one| one == path) {
                paths.push(path.to_owned());
            }
        }
        paths
    }
}

/// What a file says, in a text that is the same where the files are. What stands in an issuer's own file is not part of it.
fn said_by(stage: &Stage, content: &Content) -> String {
    let cert = |at: &usize| {
        let one = &stage.plan.certs[*at];
        let issuer = one.issuer.map(|issuer| {
            let issuer = &stage.plan.certs[issuer];
            (issuer.row.id, &issuer.subject, issuer.key)
        });
        let names = (&one.subject, &one.sans, &one.ekus, one.path_length);
        format!("{:?}", (one.row.id, one.row.kind, one.node, one.key, one.lifetime, stage.offsets[*at], names, issuer))
    };
    // A key is told by whose it is.
    let key = |at: &usize| {
        let one = &stage.plan.certs[*at];
        format!("{:?}", (one.row.id, one.node, one.key))
    };
    match content {
        Content::Pem(pieces) => {
            let piece = |piece: &Piece| match piece {
                Piece::Certificate(at) => cert(at),
                Piece::PrivateKey(at) => format!("private {}", key(at)),
                Piece::PublicKey(at) => format!("public {}", key(at)),
            };
            pieces.iter().map(piece).collect::<Vec<_>>().join("\n")
        }
        Content::Kubeconfig(one) => {
            let shown: Vec<String> = one.shown.iter().map(cert).collect();
            let held = one.key.as_ref().map(key);
            format!("{} {} {shown:?} {held:?} {}", one.server, cert(&one.authority), one.swapped)
        }
        Content::Token(at) => key(at),
    }
}

#[cfg(test)]
mod tests {
    use kubepki_core::spec::preset::Preset;
    use kubepki_core::spec::{self, Field};

    use super::*;
    use crate::fault::{Mend, fault, faults};

    fn files(id: &str) -> Vec<String> {
        let spec = spec::parse(&Preset::named("single").expect("a preset").draft()).0.expect("a design");
        fault(id).expect("a fault").files(&Stage::new(&spec))
    }

    #[test]
    fn a_fault_names_the_files_that_it_makes_wrong_and_no_other() {
        assert_eq!(files("expired:apiserver"), ["/etc/kubernetes/pki/apiserver.crt"]);
        assert_eq!(files("foreign-key:apiserver"), ["/etc/kubernetes/pki/apiserver.key"]);
        assert_eq!(
            files("swapped:etcd-server"),
            ["/etc/kubernetes/pki/etcd/server.crt", "/etc/kubernetes/pki/etcd/server.key"]
        );
        assert_eq!(files("old-ca:admin.conf"), ["/etc/kubernetes/admin.conf"]);
        assert!(files("expired-ca:front-proxy-ca").contains(&"/etc/kubernetes/pki/front-proxy-ca.crt".to_owned()));
        assert!(files("plain-http:etcd").is_empty() && files("not-restarted:scheduler.conf").is_empty());
    }

    #[test]
    fn every_fault_makes_a_file_wrong_or_is_mended_by_flags_or_a_restart() {
        // The kube-proxy of kubeadm's clusters shows a token, only with several nodes there is another one, and kubelets that
        // sign for themselves make no mistake.
        let presets = ["single", "ha-stacked", "course"].map(|preset| {
            let mut draft = Preset::named(preset).expect("a preset").draft();
            draft.set_text(Field::KubeletServing, "clusterCA");
            Stage::new(&spec::parse(&draft).0.expect("a design"))
        });
        for one in faults() {
            let has_files = presets.iter().any(|sound| !one.files(sound).is_empty());
            assert!(has_files || matches!(one.kind.mend, Mend::Flags | Mend::Restart), "{}", one.id());
        }
    }
}
