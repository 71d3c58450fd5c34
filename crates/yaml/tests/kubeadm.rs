//! kubeadm's configuration as people have it: several documents and files, in either API version.

use kubepki_core::spec::{Draft, Field, NodeDraft, preset::Preset};
use kubepki_yaml::{Outcome, read};

const INIT: &str = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration:\n  name: cp-1\nlocalAPIEndpoint:\n  advertiseAddress: 10.0.0.11\n";
const CLUSTER: &str =
    "---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: v1.34.7\n";

fn one(text: &str) -> Outcome {
    read(&[("kubeadm.yaml", text.as_bytes())], &Draft::default())
}

fn draft(outcome: Outcome) -> Draft {
    outcome.draft.unwrap_or_else(|| panic!("{:#?}", outcome.findings))
}

/// `file:line:column severity rule field` of every finding.
fn found(outcome: &Outcome) -> Vec<String> {
    outcome
        .findings
        .iter()
        .map(|finding| {
            let one = &finding.diagnostic;
            let at = one.position.map_or("-".to_owned(), |at| format!("{}:{}", at.line, at.column));
            format!("{}:{at} {} {} {}", finding.file, one.severity.word(), one.rule, one.field)
        })
        .collect()
}

fn nodes(draft: &Draft) -> Vec<String> {
    let node = |node: &NodeDraft| format!("{} {} {}", node.name, node.addresses.join(","), node.roles.join(","));
    draft.nodes.iter().map(node).collect()
}

#[test]
fn a_common_file_is_read_and_what_has_no_effect_is_listed() {
    let text = format!(
        "{INIT}{CLUSTER}clusterName: prod\ncontrolPlaneEndpoint: api.example.com:6443\ndns:\n  imageTag: v1\napiServer:\n  certSANs:\n  - 10.0.0.100\n  extraArgs:\n  - name: audit-log-path\n    value: /var/log/audit\n---\napiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ipvs\n"
    );
    let outcome = one(&text);
    assert_eq!(outcome.kind, "kubeadm configuration (v1beta4)");
    assert_eq!(
        found(&outcome),
        [
            "kubeadm.yaml:14:13 notice kubeadm-left-out ClusterConfiguration.dns.imageTag",
            "kubeadm.yaml:20:12 notice kubeadm-left-out ClusterConfiguration.apiServer.extraArgs.audit-log-path",
            "kubeadm.yaml:22:1 notice kubeadm-left-out ",
        ]
    );
    assert_eq!(outcome.places.of("apiServer.certSANs.0").map(|place| place.position.line), Some(17));
    let draft = draft(outcome);
    assert_eq!(nodes(&draft), ["cp-1 10.0.0.11 control-plane"]);
    assert_eq!(draft.text(Field::ClusterName), "prod");
    assert_eq!(draft.list(Field::ApiServerCertSans), ["10.0.0.100"]);
    assert_eq!(
        draft.list(Field::AlsoSets),
        ["kubeadm dns.imageTag", "kube-apiserver --audit-log-path", "kube-proxy mode"]
    );
}

#[test]
fn joining_machines_come_from_their_own_files() {
    let join = |name: &str, rest: &str| {
        format!(
            "apiVersion: kubeadm.k8s.io/v1beta3\nkind: JoinConfiguration\nnodeRegistration:\n  name: {name}\n{rest}discovery:\n  bootstrapToken:\n    token: abcdef.0123456789abcdef\n    apiServerEndpoint: 10.0.0.11:6443\n    unsafeSkipCAVerification: true\n"
        )
    };
    let second = join("CP-2", "controlPlane:\n  localAPIEndpoint:\n    advertiseAddress: 10.0.0.12\n");
    let worker = join("w-1", "  kubeletExtraArgs:\n    node-ip: 10.0.0.21,fd00::21\n");
    let unknown = join("w-2", "");
    let outcome = read(
        &[
            ("second.yaml", second.as_bytes()),
            ("first.yaml", format!("{INIT}{CLUSTER}").as_bytes()),
            ("worker.yaml", worker.as_bytes()),
            ("unknown.yaml", unknown.as_bytes()),
        ],
        &Draft::default(),
    );
    assert_eq!(outcome.kind, "kubeadm configuration (v1beta3, v1beta4)");
    let found = found(&outcome);
    assert!(
        found.contains(&"unknown.yaml:1:1 warning kubeadm-worker-unknown JoinConfiguration".to_owned()),
        "{found:#?}"
    );
    assert!(found.iter().any(|one| one.starts_with("worker.yaml:11:31 warning kubeadm-unverified-join")), "{found:#?}");
    assert_eq!(
        outcome.places.of("nodes.2.addresses.1").map(|place| place.file.clone()),
        Some("worker.yaml".to_owned())
    );
    let draft = draft(outcome);
    assert_eq!(
        nodes(&draft),
        ["cp-1 10.0.0.11 control-plane", "CP-2 10.0.0.12 control-plane", "w-1 10.0.0.21,fd00::21 worker"]
    );
}

#[test]
fn what_the_certificates_need_must_be_given() {
    let outcome = one(&format!("apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n{CLUSTER}"));
    assert_eq!(
        found(&outcome),
        [
            "kubeadm.yaml:1:1 error kubeadm-advertise-address InitConfiguration",
            "kubeadm.yaml:1:1 warning kubeadm-node-name InitConfiguration"
        ]
    );
    let outcome = one(CLUSTER);
    assert_eq!(found(&outcome), ["kubeadm.yaml:2:1 error kubeadm-no-node nodes"]);
}

#[test]
fn flags_set_by_hand_and_other_folders_are_warned_of() {
    let text = format!(
        "{INIT}{CLUSTER}certificatesDir: /etc/kubernetes/ssl\napiServer:\n  extraArgs:\n  - name: tls-cert-file\n    value: /my/cert\ncontrollerManager:\n  extraArgs:\n  - name: --cluster-signing-key-file\n    value: ''\n  - {{name: cluster-signing-key-file, value: ''}}\n"
    );
    let outcome = one(&text);
    assert_eq!(
        found(&outcome),
        [
            "kubeadm.yaml:11:18 warning kubeadm-certificates-dir ClusterConfiguration.certificatesDir",
            "kubeadm.yaml:15:12 warning kubeadm-argument-overrides ClusterConfiguration.apiServer.extraArgs.tls-cert-file",
            "kubeadm.yaml:19:12 warning kubeadm-argument-name ClusterConfiguration.controllerManager.extraArgs.--cluster-signing-key-file",
            "kubeadm.yaml:20:45 warning kubeadm-argument-overrides ClusterConfiguration.controllerManager.extraArgs.cluster-signing-key-file",
        ]
    );
    assert!(outcome.findings[1].diagnostic.message.contains("--tls-cert-file of kube-apiserver"));
}

#[test]
fn external_etcd_becomes_nodes() {
    let text = format!(
        "{INIT}{CLUSTER}etcd:\n  external:\n    endpoints:\n    - https://10.0.0.31:2379\n    - https://[fd00::32]:2379\n    - https://10.0.0.11:2379\n    caFile: /etc/kubernetes/pki/etcd/ca.crt\n    certFile: /etc/etcd/client.crt\n    keyFile: /etc/kubernetes/pki/apiserver-etcd-client.key\n"
    );
    let outcome = one(&text);
    assert!(found(&outcome).contains(
        &"kubeadm.yaml:18:15 warning kubeadm-etcd-file ClusterConfiguration.etcd.external.certFile".to_owned()
    ));
    let read_draft = draft(outcome);
    assert_eq!(read_draft.text(Field::EtcdMode), "external");
    assert_eq!(
        nodes(&read_draft),
        ["cp-1 10.0.0.11 control-plane,etcd", "etcd-1 10.0.0.31 etcd", "etcd-2 fd00::32 etcd"]
    );

    let named = text.replace("10.0.0.31:2379", "db-1.example.org:2379");
    assert!(
        found(&one(&named)).iter().any(|one| one.contains("14:7 error kubeadm-etcd-host")),
        "{:#?}",
        found(&one(&named))
    );
    let mut base = Draft::default();
    let (name, addresses, roles) = ("db-1".to_owned(), vec!["10.0.0.31".to_owned()], vec!["etcd".to_owned()]);
    base.nodes.push(NodeDraft { name, addresses, roles });
    let known = draft(read(&[("", named.as_bytes())], &base));
    assert_eq!(nodes(&known)[1], "db-1 10.0.0.31 etcd");

    let both = text
        .replace("etcd:\n", "etcd:\n  local:\n    dataDir: /data\n")
        .replace("    keyFile: /etc/kubernetes/pki/apiserver-etcd-client.key\n", "");
    let messages: Vec<_> = one(&both).findings.into_iter().map(|one| one.diagnostic.message).collect();
    for words in
        [".Etcd.Local and .Etcd.External are mutually exclusive", "either both or none of .Etcd.External.CertFile"]
    {
        assert!(messages.iter().any(|message| message.contains(words)), "{messages:#?}");
    }
}

#[test]
fn what_the_files_do_not_say_stays() {
    let mut base = Preset::named("ha-stacked").map(Preset::draft).unwrap_or_default();
    base.set_text(Field::CaKeys, "offNode");
    base.set_text(Field::ClusterName, "old");
    // No InitConfiguration: the nodes stay, the cluster's own fields are kubeadm's defaults.
    let cluster = draft(read(&[("", CLUSTER.as_bytes())], &base));
    assert_eq!(
        (cluster.nodes.len(), cluster.text(Field::CaKeys), cluster.text(Field::ClusterName)),
        (4, "offNode", "kubernetes")
    );
    // A joining machine alone is added to the design.
    let join = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: JoinConfiguration\nnodeRegistration:\n  name: w-2\n  kubeletExtraArgs:\n  - {name: node-ip, value: 10.0.0.22}\n";
    let joined = draft(read(&[("", join.as_bytes())], &base));
    assert_eq!((joined.nodes.len(), joined.text(Field::ClusterName)), (5, "old"));
    // The kubelet's configuration alone changes what it says.
    let kubelet = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nserverTLSBootstrap: true\n";
    let outcome = read(&[("", kubelet.as_bytes())], &base);
    assert_eq!(outcome.kind, "kubelet configuration");
    assert_eq!(draft(outcome).text(Field::KubeletServing), "clusterCA");
}

#[test]
fn other_versions_are_told_apart() {
    for (version, words) in
        [("v1beta2", "config migrate"), ("v1alpha1", "config migrate"), ("v1beta5", "newer workbench")]
    {
        let outcome = one(&format!("apiVersion: kubeadm.k8s.io/{version}\nkind: ClusterConfiguration\n"));
        assert!(outcome.draft.is_none());
        assert_eq!(found(&outcome)[0], "kubeadm.yaml:1:13 error kubeadm-version apiVersion");
        assert!(outcome.findings[0].diagnostic.hint.contains(words), "{version}");
    }
    let old = one(&format!("{INIT}{CLUSTER}").replace("v1.34.7", "v1.28.2"));
    assert!(
        found(&old).iter().any(|one| one.contains("1:13 warning kubeadm-api-too-new apiVersion")),
        "{:#?}",
        found(&old)
    );
    let gate = "featureGates:\n  PublicKeysECDSA: true\nencryptionAlgorithm: RSA-4096\n";
    let outcome = one(&format!("{INIT}{CLUSTER}{gate}").replace("v1beta4", "v1beta3"));
    assert!(
        found(&outcome)
            .iter()
            .any(|one| one.contains("13:22 warning kubeadm-unknown-field ClusterConfiguration.encryptionAlgorithm"))
    );
    assert_eq!(draft(outcome).text(Field::KeysLeaf), "ECDSA-P256");
}

#[test]
fn all_errors_of_all_documents_are_said() {
    let text = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration: {name: cp_1}\nlocalAPIEndpoint: {advertiseAddress: here}\n---\napiVersion: [\n---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nclusterName: a\nclusterName: b\nnetworking:\n  dnsdomain: x.y\n  serviceSubnet: 10.96.0.0/30\n  podSubnet:\n  - 10.0.0.0/8\nencryptionAlgorithm: ECDSA-P384\nkubernetesVersion: v1.33.1\n";
    let outcome = one(text);
    assert!(outcome.draft.is_none());
    let mut found = found(&outcome);
    found.sort();
    assert_eq!(
        found,
        [
            "kubeadm.yaml:11:1 error yaml-key-twice ",
            "kubeadm.yaml:13:3 warning kubeadm-unknown-field ClusterConfiguration.networking.dnsdomain",
            "kubeadm.yaml:14:18 error service-cidr-small ClusterConfiguration.networking.serviceSubnet",
            "kubeadm.yaml:16:5 error kubeadm-type ClusterConfiguration.networking.podSubnet",
            "kubeadm.yaml:17:22 error algorithm-version ClusterConfiguration.encryptionAlgorithm",
            "kubeadm.yaml:3:26 error kubeadm-value InitConfiguration.nodeRegistration.name",
            "kubeadm.yaml:4:38 error kubeadm-value InitConfiguration.localAPIEndpoint.advertiseAddress",
            "kubeadm.yaml:7:1 error yaml-syntax ",
        ]
    );
}

#[test]
fn anchors_aliases_and_merge_keys_mean_what_they_mean_to_kubeadm() {
    let text = format!(
        "{INIT}{CLUSTER}apiServer: &component\n  extraArgs: &hardened\n  - {{name: tls-min-version, value: VersionTLS13}}\ncontrollerManager: *component\nscheduler:\n  extraArgs: *hardened\nnetworking:\n  <<: &net {{dnsDomain: one.example, podSubnet: 10.1.0.0/16}}\n  dnsDomain: two.example\n"
    );
    let draft = draft(one(&text));
    assert_eq!(
        draft.list(Field::AlsoSets),
        ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map(|one| format!("{one} --tls-min-version"))
    );
    assert_eq!(
        (draft.text(Field::DnsDomain), draft.list(Field::PodSubnets)),
        ("two.example", &["10.1.0.0/16".to_owned()][..])
    );
}

#[test]
fn refusals_name_the_value_and_what_to_write_and_stand_in_the_texts_order() {
    let text = format!("{INIT}{CLUSTER}networking:\n  serviceSubnet: 10.96.0.0\ncertificatesDir: pki\n")
        .replace("advertiseAddress: 10.0.0.11", "advertiseAddress: cp-1.example");
    let said: Vec<String> = one(&text).findings.iter().map(|one| one.diagnostic.to_string()).collect();
    assert_eq!(
        said,
        [
            "6:21: error: InitConfiguration.localAPIEndpoint.advertiseAddress: couldn't use \"cp-1.example\" as \"apiserver-advertise-address\", must be ipv4 or ipv6 address (an IPv4 or IPv6 address; names go into the extra names)",
            "12:18: error: ClusterConfiguration.networking.serviceSubnet: Invalid value: \"10.96.0.0\": couldn't parse subnet (an address, a slash and the number of network bits, such as 10.96.0.0/12)",
            "13:18: error: ClusterConfiguration.certificatesDir: Invalid value: \"pki\": path is not absolute",
        ]
    );
}

/// What kubeadm of the file's version refuses, in its own words, and what it takes.
#[test]
fn a_file_is_taken_and_refused_as_kubeadm_of_its_version_does() {
    let older = |text: String| text.replace("v1beta4", "v1beta3");
    let newer = |text: String| text.replace("v1.34.7", "v1.37.1");
    let whole = || format!("{INIT}{CLUSTER}");
    let with = |more: &str| format!("{INIT}{CLUSTER}{more}\n");
    let old_api = "your configuration file uses an old API spec: \"kubeadm.k8s.io/v1beta3\"";
    let nameless = "kind and apiVersion is mandatory information that must be specified";
    let join =
        "---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: JoinConfiguration\ndiscovery: {file: {kubeConfigPath: /a}}\n";
    let refused = [
        (newer(older(whole())), old_api),
        (whole().replace("v1beta4", "v1"), "experimental API spec: \"kubeadm.k8s.io/v1\""),
        (newer(with("featureGates: {PublicKeysECDSA: false}")), "PublicKeysECDSA is not a valid feature name."),
        (with("featureGates: {EtcdLearnerMode: true}"), "EtcdLearnerMode is not a valid feature name."),
        (format!("# ours\n{}", whole().replacen("api", "---\napi", 1)), nameless),
        (format!("---\n---\n{}", whole()), nameless),
        (with("---\n# no more"), nameless),
        (format!("%YAML 1.2\n---\n{}", whole()), "found incompatible YAML document"),
        (format!("{INIT}{CLUSTER}{CLUSTER}"), "kind \"ClusterConfiguration\" is specified twice in YAML file"),
        (format!("{INIT}{CLUSTER}{join}{join}"), "kind \"JoinConfiguration\" is specified twice in YAML file"),
        (with("controlPlaneEndpoint: '[fd00::1]'"), "host '[fd00::1]' must be a valid IP address"),
        (
            with("networking: {serviceSubnet: '10.96.0.0/16,10.97.0.0/16'}"),
            "\"10.96.0.0/16,10.97.0.0/16\": expected one (IPv4 or IPv6) CIDR or two CIDRs from each family",
        ),
        (
            with("networking: {serviceSubnet: '10.96.0.0/16, fd00::/112'}"),
            "Invalid value: \"10.96.0.0/16, fd00::/112\": couldn't parse subnet",
        ),
        (
            format!(
                "{INIT}bootstrapTokens: [{{token: abcdef.0123456789abcdef, expires: '2030-01-01T00:00:00Z'}}]\n{CLUSTER}"
            ),
            "the BootstrapToken .TTL and .Expires fields are mutually exclusive",
        ),
        (format!("{INIT}  bindPort: 6443.5\n{CLUSTER}"), "json: cannot unmarshal number 6443.5 into Go struct field"),
    ];
    for (text, words) in refused {
        let outcome = one(&text);
        assert!(outcome.draft.is_none(), "taken: {words}\n{text}");
        let said = outcome.findings.iter().any(|one| one.diagnostic.message.contains(words));
        assert!(said, "{words}: {:#?}\n{text}", outcome.findings);
    }
    let taken = [
        older(whole()),
        with("featureGates: {PublicKeysECDSA: true, ControlPlaneKubeletLocalMode: true, RootlessControlPlane: false}"),
        newer(with("featureGates: {RootlessControlPlane: true}")),
        with("controlPlaneEndpoint: 'api.example.com:'"),
        with("controlPlaneEndpoint: '[fd00::1]:'"),
        with("---"),
        format!("---\n{}", whole()),
        format!("# ours\n{}", whole()),
        format!("{INIT}bootstrapTokens: [{{token: abcdef.0123456789abcdef, ttl: 0s}}]\n{CLUSTER}"),
    ];
    for text in taken {
        let outcome = one(&text);
        assert!(outcome.draft.is_some(), "{:#?}\n{text}", outcome.findings);
    }
    // The gate is stronger than the algorithm that stands behind it.
    let both = one(&with("featureGates: {PublicKeysECDSA: true}\nencryptionAlgorithm: RSA-3072"));
    let warned =
        both.findings.iter().any(|one| one.diagnostic.message.contains("encryptionAlgorithm: RSA-3072 has no effect"));
    assert!(warned, "{:#?}", both.findings);
    assert_eq!(draft(both).text(Field::KeysCa), "ECDSA-P256");
    // A field that came with 1.35 has no effect before.
    let external =
        "etcd: {external: {endpoints: ['https://10.0.0.31:2379'], httpEndpoints: ['http://10.0.0.31:2381']}}";
    let ignored = |text: String| {
        let unknown = "unknown field \"etcd.external.httpEndpoints\"";
        one(&text).findings.iter().any(|one| one.diagnostic.message == unknown)
    };
    assert!(ignored(with(external)));
    assert!(!ignored(newer(with(external))));
    // Two machines have a file each.
    let [cluster, join] = [whole(), join.to_owned()];
    let texts = [("a", cluster.as_bytes()), ("b", join.as_bytes()), ("c", join.as_bytes())];
    assert!(read(&texts, &Draft::default()).draft.is_some());
}
