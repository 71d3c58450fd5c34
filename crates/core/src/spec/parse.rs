//! Draft to spec: every field read by its rule, and everything that is wrong said at once.

use std::net::IpAddr;

use super::draft::{Draft, NodeDraft};
use super::duration::Lifetime;
use super::field::{CIPHER_SUITES, FIELDS, Field, FieldKind, ROLES, SETTERS};
use super::name::{Cidr, Endpoint, San, is_global_unicast, is_subdomain, parse_ip, parse_port};
use super::version::{KubeVersion, RELEASES, VersionChoice};
use super::{ClusterSpec, EtcdMode, KubeletClient, KubeletServing, LayoutId, Node, Start, Trust};
use crate::diag::{Diagnostic, Quoted, has_errors};

/// Nodes beyond this are refused: the largest cluster Kubernetes supports has 5,000 nodes
/// (kubernetes.io/docs/setup/best-practices/cluster-large); twice that is room for hosts apart from it.
pub const MOST_NODES: usize = 10_000;
/// Items of one list beyond this are refused; certificates with more names are refused by clients long before.
pub const MOST_ITEMS: usize = 1_000;

const VALIDATION: &str = "kubeadm: cmd/kubeadm/app/apis/kubeadm/validation/validation.go";

/// Reads a draft. The spec is there exactly when no finding is an error.
pub fn parse(draft: &Draft) -> (Option<ClusterSpec>, Vec<Diagnostic>) {
    let mut reader = Reader { draft, found: Vec::new() };
    let spec = reader.spec();
    let found = reader.found;
    (spec.filter(|_| !has_errors(&found)), found)
}

/// A node's name as Kubernetes has it.
fn node_name(draft: &NodeDraft) -> String {
    draft.name.trim().to_ascii_lowercase()
}

/// What is wrong with an address that is none of a machine's own: in kubeadm's words (app/util/config/common.go,
/// VerifyAPIServerBindAddress) for the one that an API server advertises, else in the kubelet's
/// (pkg/kubelet/kubelet_node_status.go, validateNodeIP) where it has some.
fn undialled(address: IpAddr, advertised: bool) -> String {
    match address {
        _ if advertised && address.is_loopback() => "unable to select an IP from lo network interface".to_owned(),
        _ if advertised && !address.is_unspecified() => {
            format!("cannot use \"{address}\" as the bind address for the API Server")
        }
        _ if address.is_loopback() => "nodeIP can't be loopback address".to_owned(),
        _ if address.is_multicast() => "nodeIP can't be a multicast address".to_owned(),
        _ => format!("{address} is not an address that others can dial"),
    }
}

/// A sorted list of keys, each with what it stands for.
type Sorted<K, V> = Vec<(K, V)>;

/// What the first entry of a key stands for, in a sorted list.
fn first<K: Ord, V: Copy>(sorted: &[(K, V)], key: &K) -> Option<V> {
    let index = sorted.partition_point(|(one, _)| one < key);
    sorted.get(index).filter(|(one, _)| one == key).map(|(_, value)| *value)
}

/// Reads fields and collects what is wrong with them.
struct Reader<'a> {
    draft: &'a Draft,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// All fields, each read even when an earlier one failed.
    fn spec(&mut self) -> Option<ClusterSpec> {
        self.choices();
        let cluster_name = self.cluster_name();
        let version = self.version();
        let endpoint = self.endpoint();
        let service_subnets = self.cidrs(Field::ServiceSubnets);
        let pod_subnets = self.cidrs(Field::PodSubnets);
        self.service_rules(&service_subnets);
        let dns_domain = self.subdomain(Field::DnsDomain);
        let nodes = self.nodes();
        let etcd_server_sans = self.sans(Field::EtcdServerCertSans);
        let etcd_peer_sans = self.sans(Field::EtcdPeerCertSans);
        let etcd_data_dir = self.data_dir();
        let api_server_sans = self.sans(Field::ApiServerCertSans);
        let bind_port = self.bind_port();
        let ca_validity = self.lifetime(Field::ValidityCa);
        let leaf_validity = self.lifetime(Field::ValidityLeaf);
        let image_repository = self.image_repository();
        let also_sets = self.also_sets();
        self.roles_present();
        let word = |field| self.draft.text(field);
        let spec = ClusterSpec {
            start: Start::from_word(word(Field::Start))?,
            layout: LayoutId::from_word(word(Field::Layout))?,
            etcd_mode: EtcdMode::from_word(word(Field::EtcdMode))?,
            ca_key: super::KeyAlgorithm::from_word(word(Field::KeysCa))?,
            leaf_key: super::KeyAlgorithm::from_word(word(Field::KeysLeaf))?,
            ca_keys: super::CaKeys::from_word(word(Field::CaKeys))?,
            kubelet_client: KubeletClient::from_word(word(Field::KubeletClient))?,
            kubelet_serving: KubeletServing::from_word(word(Field::KubeletServing))?,
            tls_min_version: super::TlsVersion::from_word(word(Field::TlsMinVersion)),
            cipher_suites: self.draft.list(Field::CipherSuites).to_vec(),
            trust: Trust::from_word(word(Field::Trust))?,
            file_names: super::FileNames::from_word(word(Field::FileNames))?,
            client_pairs: super::ClientPairs::from_word(word(Field::ApiServerClientPairs))?,
            cluster_name: cluster_name?,
            version: version?,
            endpoint: endpoint?,
            service_subnets,
            pod_subnets,
            dns_domain: dns_domain?,
            nodes,
            etcd_server_sans,
            etcd_peer_sans,
            etcd_data_dir,
            api_server_sans,
            bind_port: bind_port?,
            ca_validity: ca_validity?,
            leaf_validity: leaf_validity?,
            image_repository,
            also_sets,
        };
        self.together(&spec);
        Some(spec)
    }

    fn error(
        &mut self,
        rule: &'static str,
        field: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.found.push(Diagnostic::error(rule, field, message).with_hint(hint).with_source(VALIDATION));
    }

    /// Every choice holds one of its words.
    fn choices(&mut self) {
        for row in FIELDS {
            match row.kind {
                FieldKind::Choice(words) => {
                    let text = self.draft.text(row.field);
                    if !words.contains(&text) {
                        let hint = format!(
                            "one of {}",
                            words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(", ")
                        );
                        let message = match row.field {
                            // kubeadm's own words, for people who search for them.
                            Field::KeysCa | Field::KeysLeaf => format!("Invalid encryption algorithm {}", Quoted(text)),
                            _ => format!("{} is not a value of {}", Quoted(text), row.path),
                        };
                        self.error("choice", row.path, message, hint);
                    }
                }
                FieldKind::ChoiceList(_) => self.suites(row.field),
                FieldKind::Text | FieldKind::Port | FieldKind::List => {}
            }
        }
    }

    /// Cipher suites are known, and named once.
    fn suites(&mut self, field: Field) {
        for (index, suite) in self.draft.list(field).iter().enumerate() {
            let at = format!("{}.{index}", field.row().path);
            if !CIPHER_SUITES.contains(&suite.as_str()) {
                self.error(
                    "cipher-suite",
                    at,
                    format!("Cipher suite {suite} not supported or doesn't exist"),
                    "take a suite from the list; insecure ones and TLS 1.3 ones (which cannot be configured) are not in it",
                );
            } else if self.draft.list(field)[..index].contains(suite) {
                self.error("cipher-suite-twice", at, format!("{suite} stands twice"), "remove one");
            }
        }
    }

    fn cluster_name(&mut self) -> Option<String> {
        let text = self.draft.text(Field::ClusterName).trim();
        let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.');
        if text.is_empty()
            || text.len() > 100
            || !text.chars().all(plain)
            || !text.starts_with(|one: char| one.is_ascii_alphanumeric())
        {
            self.error(
                "cluster-name",
                Field::ClusterName.row().path,
                format!("{} cannot be a cluster name here", Quoted(text)),
                "letters, digits, '-', '_' and '.', beginning with a letter or digit, at most 100: it becomes a context name and a file name",
            );
            return None;
        }
        Some(text.to_owned())
    }

    fn version(&mut self) -> Option<KubeVersion> {
        let path = Field::KubernetesVersion.row().path;
        let text = self.draft.text(Field::KubernetesVersion).to_owned();
        match KubeVersion::parse(&text) {
            Ok(choice) => {
                let version = choice.version();
                match choice {
                    VersionChoice::Exact(_) => {
                        let known = RELEASES.iter().find(|known| known.minor == version.minor);
                        if let Some(known) = known.filter(|known| known.patch < version.patch) {
                            self.found.push(
                                Diagnostic::notice(
                                    "version-newer-patch",
                                    path,
                                    format!("{version} is newer than {known}, the newest patch known here"),
                                )
                                .with_hint("it is planned like that one"),
                            );
                        }
                    }
                    VersionChoice::NewestOfMinor(_) => self.found.push(
                        Diagnostic::notice(
                            "version-newest-patch",
                            path,
                            format!("{text} is taken as {version}, the newest patch known"),
                        )
                        .with_hint("name the patch to be exact: some certificates changed within a minor"),
                    ),
                    VersionChoice::Newest(_) => self.found.push(
                        Diagnostic::notice(
                            "version-newest",
                            path,
                            match text.is_empty() {
                                true => format!("no version is named: taken as {version}"),
                                false => format!(
                                    "{} cannot be looked up without a network: taken as {version}",
                                    Quoted(&text)
                                ),
                            },
                        )
                        .with_hint("name the version that your kubeadm prints"),
                    ),
                }
                Some(version)
            }
            Err(message) => {
                self.error("version", path, message, "1.34 or v1.34.7, for instance");
                None
            }
        }
    }

    /// Outer nothing: wrong. Inner nothing: none given.
    #[allow(clippy::option_option, reason = "wrong and absent are different answers")]
    fn endpoint(&mut self) -> Option<Option<Endpoint>> {
        let text = self.draft.text(Field::ControlPlaneEndpoint).trim();
        if text.is_empty() {
            return Some(None);
        }
        let endpoint = Endpoint::parse(text);
        if endpoint.is_none() {
            self.error(
                "endpoint",
                Field::ControlPlaneEndpoint.row().path,
                format!("endpoint is not valid: {}", Quoted(text)),
                "host, host:port, IP, IP:port or [IPv6]:port; the host in lower case, no scheme",
            );
        }
        endpoint.map(Some)
    }

    /// A field's list, cut at [`MOST_ITEMS`] with an error.
    fn items(&mut self, field: Field) -> Vec<(String, String)> {
        let list = self.draft.list(field);
        let path = field.row().path;
        if list.len() > MOST_ITEMS {
            self.error("list-too-long", path, format!("{} entries; at most {MOST_ITEMS} are taken", list.len()), "");
        }
        list.iter()
            .take(MOST_ITEMS)
            .enumerate()
            .map(|(index, text)| (format!("{path}.{index}"), text.trim().to_owned()))
            .collect()
    }

    fn cidrs(&mut self, field: Field) -> Vec<Cidr> {
        let mut cidrs = Vec::new();
        for (path, text) in self.items(field) {
            match Cidr::parse(&text) {
                Some(cidr) => cidrs.push(cidr),
                None => self.error(
                    "cidr",
                    path,
                    format!("invalid CIDR address: {text}"),
                    "an address, a slash and the number of network bits, such as 10.96.0.0/12",
                ),
            }
        }
        let path = field.row().path;
        if cidrs.len() > 2 {
            self.error(
                "cidr-count",
                path,
                format!("{} CIDRs; one, or one per IP family, is expected", cidrs.len()),
                "remove the others",
            );
        } else if let [first, second] = cidrs[..]
            && first.network.is_ipv4() == second.network.is_ipv4()
        {
            self.error(
                "cidr-family",
                format!("{path}.1"),
                "two CIDRs of the same IP family",
                "dual stack means one IPv4 and one IPv6 CIDR",
            );
        }
        cidrs
    }

    /// kubeadm's limits on service CIDRs: at least ten addresses, at most twenty host bits.
    fn service_rules(&mut self, cidrs: &[Cidr]) {
        let path = Field::ServiceSubnets.row().path;
        if cidrs.is_empty() && self.draft.list(Field::ServiceSubnets).is_empty() {
            self.error("service-cidr-missing", path, "a service CIDR is needed", "10.96.0.0/12 is kubeadm's default");
        }
        for (index, cidr) in cidrs.iter().enumerate() {
            let at = format!("{path}.{index}");
            if cidr.host_bits() > 20 {
                self.error(
                    "service-cidr-large",
                    at,
                    format!(
                        "specified service subnet is too large; for {}-bit addresses, the mask must be >= {}",
                        if cidr.network.is_ipv4() { 32 } else { 128 },
                        if cidr.network.is_ipv4() { 12 } else { 108 }
                    ),
                    "at most 20 host bits: /12 for IPv4, /108 for IPv6",
                );
            } else if cidr.host_bits() < 4 {
                self.error(
                    "service-cidr-small",
                    at,
                    format!("subnet with {} address(es) is too small, the minimum is 10", 1u64 << cidr.host_bits()),
                    "/28 or larger for IPv4",
                );
            }
        }
    }

    fn subdomain(&mut self, field: Field) -> Option<String> {
        let text = self.draft.text(field).trim();
        if is_subdomain(text) {
            return Some(text.to_owned());
        }
        self.error(
            "dns-domain",
            field.row().path,
            format!("{} is not a DNS domain", Quoted(text)),
            "lower-case labels of letters, digits and '-', joined by dots",
        );
        None
    }

    fn sans(&mut self, field: Field) -> Vec<San> {
        let mut sans = Vec::new();
        for (path, text) in self.items(field) {
            match San::parse(&text) {
                Some(san) => sans.push(san),
                None => self.error(
                    "san",
                    path,
                    format!(
                        "altname is not a valid IP address, DNS label or a DNS label with subdomain wildcards: {}",
                        Quoted(&text)
                    ),
                    if text.chars().any(|one| one.is_ascii_uppercase()) {
                        "names are lower case"
                    } else {
                        "an IP address, a DNS name, or *. and a DNS name"
                    },
                ),
            }
        }
        sans
    }

    fn bind_port(&mut self) -> Option<u16> {
        let text = self.draft.text(Field::ApiServerBindPort).trim();
        let port = parse_port(text);
        if port.is_none() {
            self.error(
                "port",
                Field::ApiServerBindPort.row().path,
                format!("{} is not a port", Quoted(text)),
                "a whole number from 1 to 65535",
            );
        }
        port
    }

    fn lifetime(&mut self, field: Field) -> Option<Lifetime> {
        match Lifetime::parse(self.draft.text(field)) {
            Ok(lifetime) => Some(lifetime),
            Err(message) => {
                self.error(
                    "duration",
                    field.row().path,
                    message,
                    "hours as 8760h or days as 365d; there is no year in a duration",
                );
                None
            }
        }
    }

    fn image_repository(&mut self) -> String {
        let text = self.draft.text(Field::ImageRepository).trim().to_owned();
        let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.' | '/' | ':');
        if text.is_empty() || text.len() > 250 || !text.chars().all(plain) {
            self.error(
                "image-repository",
                Field::ImageRepository.row().path,
                format!("{} is not an image repository", Quoted(&text)),
                "such as registry.k8s.io or registry.corp.example:5000/k8s",
            );
        }
        text
    }

    fn data_dir(&mut self) -> String {
        let text = self.draft.text(Field::EtcdDataDir).trim().to_owned();
        let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.' | '/' | '@' | '+' | ':');
        if !text.starts_with('/') || text.len() > 250 || !text.chars().all(plain) {
            let message = match text.starts_with('/') {
                true => format!("{} cannot be a data folder here", Quoted(&text)),
                false => format!("path is not absolute: {}", Quoted(&text)),
            };
            self.error(
                "etcd-data-dir",
                Field::EtcdDataDir.row().path,
                message,
                "such as /var/lib/etcd: letters, digits and - _ . @ + : between the slashes",
            );
        }
        text
    }

    /// Each is a component and one of its settings; a value, which could be a secret, has no place.
    fn also_sets(&mut self) -> Vec<String> {
        let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.' | '*' | '/');
        let mut all = Vec::new();
        for (path, text) in self.items(Field::AlsoSets) {
            let (component, setting) = text.split_once(' ').unwrap_or_default();
            if SETTERS.contains(&component) && !setting.is_empty() && text.len() <= 200 && setting.chars().all(plain) {
                all.push(text);
            } else {
                let message = format!("{} is not a component and a setting", Quoted(&text));
                let hint =
                    "such as kube-apiserver --audit-log-path, kubelet maxPods or kubeadm skipPhases, without a value";
                self.error("also-sets", path, message, hint);
            }
        }
        all
    }

    /// Which nodes have which name, and which nodes have which address as their how-manieth; sorted.
    fn owners(&self) -> (Sorted<String, usize>, Sorted<IpAddr, (usize, usize)>) {
        let mut names = Vec::new();
        let mut addresses = Vec::new();
        for (index, draft) in self.draft.nodes.iter().enumerate() {
            names.push((node_name(draft), index));
            for (which, text) in draft.addresses.iter().enumerate() {
                addresses.extend(parse_ip(text.trim()).map(|address| (address, (index, which))));
            }
        }
        names.sort_unstable();
        addresses.sort_unstable();
        (names, addresses)
    }

    fn nodes(&mut self) -> Vec<Node> {
        if self.draft.nodes.len() > MOST_NODES {
            self.error(
                "nodes-too-many",
                "nodes",
                format!("{} nodes; at most {MOST_NODES} are planned", self.draft.nodes.len()),
                "",
            );
            return Vec::new();
        }
        let stacked = self.draft.text(Field::EtcdMode) == EtcdMode::Stacked.word();
        // Started by hand, a whole cluster may live on the loopback addresses of one machine.
        let by_hand = self.draft.text(Field::Start) == Start::Manual.word();
        let mut nodes = Vec::new();
        let (names, owners) = self.owners();
        for (index, draft) in self.draft.nodes.iter().enumerate() {
            let name = node_name(draft);
            let path = |rest: &str| format!("nodes.{index}.{rest}");
            if !is_subdomain(&name) {
                self.error(
                    "node-name",
                    path("name"),
                    format!("{} is not a node name", Quoted(&draft.name)),
                    "lower-case letters, digits, '-' and '.', as the node's hostname, at most 63 between two dots",
                );
            } else if let Some(first) = first(&names, &name).filter(|first| *first != index) {
                self.error(
                    "node-name-twice",
                    path("name"),
                    format!("{name} is already the name of node {}", first + 1),
                    "every node needs a name of its own",
                );
            }
            let has = |role: &str| draft.roles.iter().any(|one| one.trim() == role);
            let mut addresses = Vec::new();
            for (which, text) in draft.addresses.iter().enumerate() {
                let at = path(&format!("addresses.{which}"));
                match parse_ip(text.trim()) {
                    None => self.error(
                        "node-address",
                        at,
                        format!("ip address is not valid: {}", Quoted(text)),
                        "an IPv4 or IPv6 address; names go into the extra names",
                    ),
                    Some(address) if !(is_global_unicast(address) || by_hand && address.is_loopback()) => {
                        let advertised = which == 0 && has("control-plane");
                        self.error(
                            "node-address",
                            at,
                            undialled(address, advertised),
                            "the address of the node's interface",
                        );
                    }
                    Some(address) => {
                        if let Some(first) = first(&owners, &address).filter(|first| *first != (index, which)) {
                            self.error(
                                "node-address-twice",
                                at,
                                format!("{address} already belongs to node {}", first.0 + 1),
                                "two nodes cannot answer at one address",
                            );
                        }
                        addresses.push(address);
                    }
                }
            }
            if draft.addresses.is_empty() {
                self.error(
                    "node-address-missing",
                    path("addresses.0"),
                    format!("{name} has no address"),
                    "the address it advertises stands in its certificates",
                );
                continue;
            }
            for (which, role) in draft.roles.iter().enumerate() {
                if !ROLES.contains(&role.trim()) {
                    self.error(
                        "node-role",
                        path(&format!("roles.{which}")),
                        format!("{} is not a role", Quoted(role)),
                        "control-plane, etcd or worker",
                    );
                }
            }
            if draft.roles.is_empty() {
                self.error(
                    "node-role-missing",
                    path("roles"),
                    format!("{name} has no role"),
                    "control-plane, etcd or worker",
                );
            }
            if stacked && has("etcd") && !has("control-plane") {
                self.error(
                    "etcd-role-stacked",
                    path("roles"),
                    format!("{name} has the role etcd but etcd is stacked on the control-plane nodes"),
                    "choose external etcd, or remove the role",
                );
            }
            if addresses.is_empty() {
                continue;
            }
            nodes.push(Node {
                name,
                addresses,
                control_plane: has("control-plane"),
                etcd: has("etcd"),
                worker: has("worker"),
            });
        }
        nodes
    }

    /// The roles without which there is no cluster.
    fn roles_present(&mut self) {
        let anyone = |role: &str| self.draft.nodes.iter().any(|node| node.roles.iter().any(|one| one.trim() == role));
        let (control_plane, etcd) = (anyone("control-plane"), anyone("etcd"));
        if !control_plane {
            self.error(
                "no-control-plane",
                "nodes",
                "no node has the role control-plane",
                "the first one with it is the init node",
            );
        }
        if self.draft.text(Field::EtcdMode) == EtcdMode::External.word() && !etcd {
            self.error(
                "no-etcd",
                "nodes",
                "external etcd, but no node has the role etcd",
                "give the etcd hosts that role, or choose stacked etcd",
            );
        }
    }

    /// What concerns several fields at once.
    fn together(&mut self, spec: &ClusterSpec) {
        if spec.layout == LayoutId::Course && spec.start == Start::Kubeadm {
            self.error(
                "course-kubeadm",
                "layout",
                "kubeadm does not read the course layout's file names",
                "choose start: manual, or the kubeadm layout",
            );
        }
        if spec.layout == LayoutId::Kubeadm && spec.trust == Trust::Single {
            self.error(
                "kubeadm-single-ca",
                "trust",
                "the kubeadm layout has three CAs",
                "trust: single needs layout: course",
            );
        }
        if spec.layout == LayoutId::Kubeadm && spec.client_pairs == super::ClientPairs::Serving {
            self.error(
                "kubeadm-client-pairs",
                "apiServer.clientPairs",
                "in the kubeadm layout the API server has client pairs of its own",
                "clientPairs: serving needs layout: course",
            );
        }
        self.algorithms(spec);
    }

    /// Algorithms that the chosen kubeadm knows (`encryptionAlgorithm`).
    fn algorithms(&mut self, spec: &ClusterSpec) {
        if spec.start != Start::Kubeadm {
            return;
        }
        let known: &[&str] = match spec.version.minor {
            ..31 => &["RSA-2048", "ECDSA-P256"],
            31..34 => &["RSA-2048", "RSA-3072", "RSA-4096", "ECDSA-P256"],
            34.. => &["RSA-2048", "RSA-3072", "RSA-4096", "ECDSA-P256", "ECDSA-P384"],
        };
        for (field, algorithm) in [(Field::KeysCa, spec.ca_key), (Field::KeysLeaf, spec.leaf_key)] {
            if !known.contains(&algorithm.word()) {
                self.found.push(
                    Diagnostic::error(
                        "algorithm-version",
                        field.row().path,
                        format!("Invalid encryption algorithm {} for kubeadm {}. Must be one of [{}]", Quoted(algorithm.word()), spec.version, known.join(" ")),
                    )
                    .with_hint("choose another algorithm, a newer Kubernetes, or start: manual")
                    .with_source("kubeadm API v1beta4, encryptionAlgorithm; ECDSA-P384 since 1.34 (kubernetes/kubernetes#131677)"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset::Preset;

    /// What is said of the addresses of a node, at its place.
    fn said(start: &str, path: &str, address: &str) -> Vec<String> {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        draft.set_text(Field::Start, start);
        draft.put(path, address);
        let (spec, found) = parse(&draft);
        assert_eq!(spec.is_none(), has_errors(&found));
        found.into_iter().filter(|one| one.field == path).map(|one| one.message).collect()
    }

    #[test]
    fn an_address_that_kubeadm_refuses_is_refused_in_its_words() {
        let advertised = "nodes.0.addresses.0";
        for address in
            ["224.0.0.1", "ff02::1", "ff01::1", "169.254.1.1", "fe80::1", "255.255.255.255", "::ffff:224.0.0.1"]
        {
            let shown = parse_ip(address).expect("an address");
            let words = [format!("cannot use \"{shown}\" as the bind address for the API Server")];
            for start in ["kubeadm", "manual"] {
                assert_eq!(said(start, advertised, address), words, "{address}");
            }
            assert_eq!(said("kubeadm", "nodes.3.addresses.0", address).len(), 1, "{address} of a worker");
            assert_eq!(said("kubeadm", "nodes.0.addresses.1", address).len(), 1, "{address} as a further one");
        }
        assert_eq!(said("kubeadm", advertised, "0.0.0.0"), ["0.0.0.0 is not an address that others can dial"]);
        assert_eq!(said("kubeadm", advertised, "::"), [":: is not an address that others can dial"]);
        for loopback in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(said("kubeadm", advertised, loopback), ["unable to select an IP from lo network interface"]);
            assert_eq!(said("kubeadm", "nodes.3.addresses.0", loopback), ["nodeIP can't be loopback address"]);
            // One machine's loopback addresses stand for a whole cluster where no kubeadm looks.
            assert!(said("manual", advertised, loopback).is_empty(), "{loopback}");
        }
        for address in ["240.0.0.1", "192.0.2.1", "fec0::1", "2001:db8::1"] {
            assert!(said("kubeadm", "nodes.3.addresses.0", address).is_empty(), "{address}");
        }
        assert!(said("kubeadm", advertised, "240.0.0.1").is_empty());
    }

    #[test]
    fn a_data_folder_is_an_absolute_path_that_every_file_can_hold() {
        let said = |folder: &str| {
            let mut draft = Preset::named("single").expect("preset").draft();
            draft.set_text(Field::EtcdDataDir, folder);
            parse(&draft).1.into_iter().filter(|one| one.rule == "etcd-data-dir").map(|one| one.message).next()
        };
        assert_eq!(said("/data/etcd-1"), None);
        assert!(said("data").is_some_and(|text| text.starts_with("path is not absolute")));
        assert!(said("/with space").is_some() && said("/a$b").is_some() && said("").is_some());
    }

    #[test]
    fn what_ones_own_file_sets_is_a_component_and_a_setting_without_a_value() {
        let said = |entry: &str| {
            let mut draft = Preset::named("single").expect("preset").draft();
            draft.set_list(Field::AlsoSets, vec![entry.to_owned()]);
            let (spec, found) = parse(&draft);
            (spec.map(|spec| spec.also_sets), found.iter().any(|one| one.rule == "also-sets"))
        };
        for right in ["kube-apiserver --audit-log-path", "kubelet featureGates.NodeSwap", "kubeadm skipPhases"] {
            assert_eq!(said(right), (Some(vec![right.to_owned()]), false));
        }
        for wrong in ["", "kubelet", "nobody --x", "kube-apiserver --x=secret", "kubelet maxPods 3", "kube-apiserver "]
        {
            assert_eq!(said(wrong), (None, true), "{wrong:?}");
        }
    }
}
