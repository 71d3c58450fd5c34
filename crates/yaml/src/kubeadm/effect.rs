//! What single fields do to the design beyond setting a field of it, and what to know about them.

use std::net::Ipv6Addr;

use kubepki_core::diag::Diagnostic;
use kubepki_core::snippet::kubeadm::TOKEN_TO_FILL;
use kubepki_core::spec::name::parse_ip;
use kubepki_core::spec::{Cidr, Field, KeyAlgorithm, KubeletServing};

use super::import::{Import, texts};
use super::kind::Holds;
use super::rule;
use super::spot::Spot;
use crate::place::Place;
use crate::tree::{Value, truth};

/// Where kubeadm keeps everything unless told otherwise.
const PKI: &str = "/etc/kubernetes/pki";

/// Whether a flag field says yes.
fn is_true(spot: &Spot<'_>) -> bool {
    truth(spot.text()) == Some(true)
}

impl Import {
    pub(super) fn certificates_dir(&mut self, spot: &Spot<'_>) {
        if spot.text().starts_with('/') && spot.text().trim_end_matches('/') != PKI {
            let message = format!("certificates are expected in {}; the export puts them into {PKI}", spot.text());
            self.warn(
                spot,
                "kubeadm-certificates-dir",
                message,
                "leave the field out, or move the files after unpacking",
            );
            self.leave_said("kubeadm", spot.path, spot);
        }
    }

    pub(super) fn external_endpoints(&mut self, spot: &Spot<'_>) {
        for (text, place) in texts(spot) {
            if text.starts_with("http://") {
                let hint = "without TLS anybody on the network reads and changes the whole cluster";
                self.say(
                    &place,
                    Diagnostic::error("kubeadm-value", "", "the URL must be using the HTTPS scheme").with_hint(hint),
                );
            }
        }
        self.external = Some((spot.place(), texts(spot).collect()));
    }

    pub(super) fn external_file(&mut self, spot: &Spot<'_>) {
        let (expected, flag) = match spot.path.rsplit('.').next() {
            Some("caFile") => ("/etc/kubernetes/pki/etcd/ca.crt", "--etcd-cafile"),
            Some("certFile") => ("/etc/kubernetes/pki/apiserver-etcd-client.crt", "--etcd-certfile"),
            _ => ("/etc/kubernetes/pki/apiserver-etcd-client.key", "--etcd-keyfile"),
        };
        if spot.text().starts_with('/') && spot.text() != expected {
            let message = format!("{} is expected; the export puts that file at {expected}", spot.text());
            self.warn(spot, "kubeadm-etcd-file", message, "change the path, or move the file after unpacking");
            self.leave_said("kube-apiserver", flag, spot);
        }
    }

    pub(super) fn http_endpoints(&mut self, spot: &Spot<'_>) {
        let message = "kubeadm asks these addresses for etcd's health; no certificate depends on them";
        self.say(
            &spot.place(),
            Diagnostic::notice("kubeadm-left-out", "", message).with_hint("kubeadm reads the field since 1.35"),
        );
        self.leave_said("kubeadm", spot.path, spot);
        self.newer.push((35, spot.path.to_owned(), spot.place()));
    }

    pub(super) fn ecdsa_gate(&mut self, spot: &Spot<'_>) {
        if is_true(spot) {
            self.ecdsa = Some(spot.place());
        }
    }

    /// With the gate every key is one of P-256, whatever algorithm the file names (kubeadm: apis/kubeadm/types.go,
    /// EncryptionAlgorithmType).
    pub(super) fn ecdsa(&mut self) {
        let Some(place) = self.ecdsa.take() else { return };
        let named = self.draft.text(Field::KeysLeaf).to_owned();
        if self.places.names(Field::KeysLeaf.row().path) && named != KeyAlgorithm::EcdsaP256.word() {
            let message = format!("the gate makes every key ECDSA-P256; encryptionAlgorithm: {named} has no effect");
            self.say(&place, Diagnostic::warning("kubeadm-gate", "", message).with_hint("take one of the two out"));
        }
        for field in [Field::KeysCa, Field::KeysLeaf] {
            self.draft.set_text(field, KeyAlgorithm::EcdsaP256.word());
            self.places.put(field.row().path, place.clone());
        }
    }

    pub(super) fn local_mode_gate(&mut self, spot: &Spot<'_>) {
        let message = "which API server the kubelets of control planes dial follows from the Kubernetes version here: their own since 1.33";
        self.say(&spot.place(), Diagnostic::notice("kubeadm-local-mode", "", message));
        self.leave_said("kubeadm", spot.path, spot);
    }

    pub(super) fn node_name(&mut self, spot: &Spot<'_>) {
        self.lowered(spot.text(), &spot.place());
        if let Some(node) = self.nodes.last_mut() {
            node.name = Some((spot.text().to_owned(), spot.place()));
        }
    }

    /// Says of a name with capitals that it is planned in lower case, as kubeadm has it.
    fn lowered(&mut self, name: &str, place: &Place) {
        let lower = name.to_ascii_lowercase();
        if lower != name {
            let message = format!("{name} is planned as {lower}: kubeadm lowers capitals");
            self.say(place, Diagnostic::notice("kubeadm-lower-case", "", message));
        }
    }

    /// Says of an IPv4 address, or of a range, that is written otherwise than it is read.
    pub(super) fn respelt(&mut self, text: &str, place: &Place) {
        let read = match Cidr::parse(text.trim()) {
            Some(cidr) => cidr.to_string(),
            None => parse_ip(text.trim()).map(|address| address.to_string()).unwrap_or_default(),
        };
        // Of IPv6 the same address has many right spellings.
        let differs = !read.is_empty() && read != text.trim() && (text.contains('/') || !read.contains(':'));
        if differs && text.trim().parse::<Ipv6Addr>().is_ok_and(|one| one.to_ipv4_mapped().is_none()) {
            return;
        }
        if differs {
            let message = format!("{} is read as {read}", text.trim());
            self.say(place, Diagnostic::notice("kubeadm-respelt", "", message));
        }
    }

    pub(super) fn api_server_names(&mut self, spot: &Spot<'_>) {
        self.set(Field::ApiServerCertSans, Holds::List, spot);
        let mut names = self.draft.list(Field::ApiServerCertSans).to_vec();
        for (name, (_, place)) in names.iter_mut().zip(texts(spot)) {
            self.respelt(name, &place);
            if parse_ip(name).is_none() {
                self.lowered(name, &place);
                name.make_ascii_lowercase();
            }
        }
        self.draft.set_list(Field::ApiServerCertSans, names);
    }

    pub(super) fn endpoint(&mut self, spot: &Spot<'_>) {
        self.set(Field::ControlPlaneEndpoint, Holds::Text, spot);
        let text = rule::without_port(spot.text());
        if text != spot.text() {
            self.draft.set_text(Field::ControlPlaneEndpoint, text);
        }
        let port = spot.text().rsplit_once(':').filter(|(host, port)| {
            let usual = ["443", "6443", "7443", "8443", "9443", "16443"];
            usual.contains(port) && host.parse::<Ipv6Addr>().is_ok()
        });
        if let Some((host, port)) = port {
            let message = format!("{} is one IPv6 address without a port", spot.text());
            let hint = format!("if {port} is meant as the port, write \"[{host}]:{port}\"");
            self.warn(spot, "kubeadm-endpoint-port", message, &hint);
        }
    }

    pub(super) fn advertise_address(&mut self, spot: &Spot<'_>) {
        if parse_ip(spot.text()).is_some_and(|address| address.is_unspecified()) {
            let message =
                format!("{} stands for the address of the default route, which is not known here", spot.text());
            let hint = "name it: it stands in the certificates";
            self.say(&spot.place(), Diagnostic::notice("kubeadm-advertise-any", "", message).with_hint(hint));
            return;
        }
        self.respelt(spot.text(), &spot.place());
        if let Some(node) = self.nodes.last_mut() {
            node.advertise = Some((spot.text().to_owned(), spot.place()));
        }
    }

    pub(super) fn bind_port(&mut self, spot: &Spot<'_>) {
        if let Some(node) = self.nodes.last_mut() {
            node.bind_port = Some((spot.text().to_owned(), spot.place()));
        }
    }

    pub(super) fn taints(&mut self, spot: &Spot<'_>) {
        match (&spot.node.value, self.nodes.last_mut()) {
            (Value::List(items), Some(node)) => {
                node.untainted = items.is_empty();
                if !items.is_empty() {
                    self.leave("kubeadm", spot.path, None, spot);
                }
            }
            _ => {
                let message = format!(
                    "json: cannot unmarshal {} into Go struct field {} of type []v1.Taint",
                    spot.node.kind(),
                    spot.called()
                );
                self.error(spot, "kubeadm-type", message, "a list of taints, or [] for none");
            }
        }
    }

    pub(super) fn node_ips(&mut self, spot: &Spot<'_>) {
        let wrong = spot.text().split(',').find_map(|one| rule::address(one.trim()));
        if let Some(message) = wrong {
            return self.error(
                spot,
                "kubeadm-value",
                message,
                "one address, or an IPv4 and an IPv6 address with a comma between",
            );
        }
        let addresses: Vec<_> = spot.text().split(',').map(|one| (one.trim().to_owned(), spot.place())).collect();
        if let Some(node) = self.nodes.last_mut() {
            node.node_ips = addresses;
        }
    }

    pub(super) fn ca_path(&mut self, spot: &Spot<'_>) {
        if rule::ca_path(spot.text()).is_none() && spot.text() != "/etc/kubernetes/pki/ca.crt" {
            let message = format!("the cluster CA is expected at {}", spot.text());
            self.warn(
                spot,
                "kubeadm-ca-path",
                message,
                "kubelets check clients against /etc/kubernetes/pki/ca.crt unless configured otherwise",
            );
            self.leave_said("kubeadm", spot.path, spot);
        }
    }

    pub(super) fn skip_verification(&mut self, spot: &Spot<'_>) {
        if is_true(spot) {
            let hint = "give caCertHashes: the export names the hash";
            self.warn(spot, "kubeadm-unverified-join", "this machine joins whatever cluster answers", hint);
            self.leave_said("kubeadm", spot.path, spot);
        }
    }

    /// Hashes of a CA that there is: that of the design is made anew, and nobody joins it by the hash of another.
    pub(super) fn ca_hashes(&mut self, spot: &Spot<'_>) {
        if !spot.node.items().is_empty() {
            let message =
                "a hash here is that of a CA that there is already; the CA of this design is made anew and has another";
            let hint = "with the old one kubeadm join says: none of the public keys are pinned. README.md of the export has the new one";
            self.say(&spot.place(), Diagnostic::notice("kubeadm-ca-hash", "", message).with_hint(hint));
        }
    }

    /// A token; in a file that this program wrote, the place of one.
    pub(super) fn secret(&mut self, spot: &Spot<'_>) {
        let message = match spot.text() {
            TOKEN_TO_FILL => "the token is still to be filled in before kubeadm reads this file",
            _ => "the token is a secret and is left out of the design",
        };
        self.say(&spot.place(), Diagnostic::notice("kubeadm-token", "", message));
        if spot.path.starts_with("bootstrapTokens.") {
            self.leave_said("kubeadm", "bootstrapTokens", spot);
        }
    }

    pub(super) fn renewal(&mut self, spot: &Spot<'_>) {
        if !is_true(spot) {
            let message = "kubeadm upgrade will not renew certificates: they end at the end of their lifetime";
            self.warn(spot, "kubeadm-no-renewal", message, "renew them yourself: kubeadm certs renew all");
            self.leave_said("kubeadm", spot.path, spot);
        }
    }

    pub(super) fn server_tls_bootstrap(&mut self, spot: &Spot<'_>) {
        let serving = if is_true(spot) { KubeletServing::ClusterCa } else { KubeletServing::SelfSigned };
        self.draft.set_text(Field::KubeletServing, serving.word());
        self.places.put(Field::KubeletServing.row().path, spot.place());
    }

    pub(super) fn kubelet_tls(&mut self, spot: &Spot<'_>) {
        match &spot.node.value {
            Value::List(_) => {
                let suites: Vec<String> = texts(spot).map(|(text, _)| text).collect();
                self.hardening.suites("the kubelet", suites.iter().map(String::as_str), spot.place());
            }
            _ => self.hardening.version("the kubelet", spot.text(), spot.place()),
        }
    }

    pub(super) fn rotation(&mut self, spot: &Spot<'_>) {
        if !is_true(spot) {
            let hint = "kubeadm turns rotation on whatever stands here";
            self.warn(
                spot,
                "kubeadm-rotation",
                "without rotation the kubelet's client certificate runs out after a year",
                hint,
            );
        }
    }

    pub(super) fn kubelet_file(&mut self, spot: &Spot<'_>) {
        let message = format!("the kubelet serves with {}, which this design does not make", spot.text());
        let hint = "leave it out and set serverTLSBootstrap: true, or make the file yourself";
        self.warn(spot, "kubeadm-kubelet-file", message, hint);
        self.leave_said("kubelet", spot.path, spot);
    }

    pub(super) fn client_ca(&mut self, spot: &Spot<'_>) {
        if spot.text() != "/etc/kubernetes/pki/ca.crt" {
            let message = format!("the kubelet checks its clients against {}, not the cluster CA's file", spot.text());
            self.warn(
                spot,
                "kubeadm-client-ca",
                message,
                "leave the field out: kubeadm sets /etc/kubernetes/pki/ca.crt",
            );
            self.leave_said("kubelet", spot.path, spot);
        }
    }

    pub(super) fn anonymous(&mut self, spot: &Spot<'_>) {
        if is_true(spot) {
            self.warn(
                spot,
                "kubeadm-anonymous",
                "the kubelet lets callers in without any credential",
                "false is kubeadm's",
            );
            self.leave_said("kubelet", spot.path, spot);
        }
    }

    pub(super) fn cluster_domain(&mut self, spot: &Spot<'_>) {
        let domain = self.draft.text(Field::DnsDomain).to_owned();
        if spot.text() != domain {
            let message = format!("the kubelet says {}, networking.dnsDomain says {domain}", spot.text());
            let hint = "certificates follow networking.dnsDomain; make them equal, or leave this out";
            self.warn(spot, "kubeadm-cluster-domain", message, hint);
            self.leave_said("kubelet", spot.path, spot);
        }
    }
}
