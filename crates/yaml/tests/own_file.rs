//! What a user's own kubeadm file sets and a design has no place for, from the text to what the views say.

use kubepki_core::Plan;
use kubepki_core::diag::Severity;
use kubepki_core::spec::{Draft, Field, link, parse};
use kubepki_core::view::cis::{State, checks};
use kubepki_core::view::{ViewId, text};
use kubepki_yaml::{Outcome, read};

const INIT: &str = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration:\n  name: cp-1\nlocalAPIEndpoint:\n  advertiseAddress: 10.0.0.11\n";
const CLUSTER: &str =
    "---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: v1.34.7\n";
const KUBELET: &str = "---\napiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

fn one(text: &str) -> Outcome {
    read(&[("kubeadm.yaml", text.as_bytes())], &Draft::default())
}

fn draft(text: &str) -> Draft {
    let outcome = one(text);
    outcome.draft.unwrap_or_else(|| panic!("{:#?}", outcome.findings))
}

fn planned(draft: &Draft) -> Plan {
    kubepki_core::plan::plan(&parse(draft).0.expect("no errors"))
}

fn state(plan: &Plan, id: &str) -> State {
    checks(plan).into_iter().find(|one| one.row.id == id).expect("a check").state
}

/// `severity rule: message (hint)` of every finding.
fn said(text: &str) -> Vec<String> {
    let line = |one: &kubepki_yaml::Finding| {
        let one = &one.diagnostic;
        format!("{} {}: {} ({})", one.severity.word(), one.rule, one.message, one.hint)
    };
    one(text).findings.iter().map(line).collect()
}

fn says(text: &str, parts: &[&str]) {
    let all = said(text);
    assert!(all.iter().any(|line| parts.iter().all(|part| line.contains(part))), "{parts:?}: {all:#?}\n{text}");
}

fn errors(text: &str) -> Vec<String> {
    let outcome = one(text);
    let wrong = outcome.findings.iter().filter(|one| one.diagnostic.severity == Severity::Error);
    wrong.map(|one| one.diagnostic.message.clone()).collect()
}

#[test]
fn a_file_that_opens_everything_passes_no_check_that_it_decides() {
    let text = format!(
        "{INIT}{CLUSTER}apiServer:\n  extraArgs:\n  - {{name: authorization-mode, value: AlwaysAllow}}\n  - {{name: token-auth-file, value: /etc/kubernetes/tokens.csv}}\n  - {{name: disable-admission-plugins, value: NodeRestriction}}\n  - {{name: service-account-lookup, value: 'false'}}\ncontrollerManager:\n  extraArgs:\n  - {{name: use-service-account-credentials, value: 'false'}}\n  - {{name: bind-address, value: 0.0.0.0}}\nscheduler:\n  extraArgs:\n  - {{name: bind-address, value: 0.0.0.0}}\netcd:\n  local:\n    extraArgs:\n    - {{name: client-cert-auth, value: 'false'}}\n    - {{name: auto-tls, value: 'true'}}\n    - {{name: peer-client-cert-auth, value: 'false'}}\n    - {{name: peer-auto-tls, value: 'true'}}\n{KUBELET}authentication: {{anonymous: {{enabled: true}}}}\nauthorization: {{mode: AlwaysAllow}}\nreadOnlyPort: 10255\n"
    );
    let draft = draft(&text);
    let plan = planned(&draft);
    let decided = [
        "1.2.2", "1.2.6", "1.2.7", "1.2.8", "1.2.14", "1.2.21", "1.3.3", "1.3.7", "1.4.2", "2.2", "2.3", "2.5", "2.6",
        "4.2.1", "4.2.2", "4.2.4",
    ];
    for id in decided {
        assert_eq!(state(&plan, id), State::Own, "{id}");
    }
    // What the file says nothing of is the plan's as ever.
    for id in
        ["1.2.22", "1.2.23", "1.2.24", "1.2.25", "1.2.26", "1.3.4", "1.3.5", "2.1", "2.4", "2.7", "4.2.3", "4.2.10"]
    {
        assert_eq!(state(&plan, id), State::Pass, "{id}");
    }
    let flags = text::text(&plan, ViewId::Flags, 0);
    assert!(!flags.contains("--authorization-mode=Node,RBAC") && !flags.contains("--client-cert-auth=true"), "{flags}");
    assert!(flags.contains("your own kubeadm file sets kube-apiserver --token-auth-file: look there"), "{flags}");
    let connections = text::text(&plan, ViewId::Connections, 0);
    assert!(connections.contains("your own kubeadm file sets etcd --client-cert-auth: look there"), "{connections}");
    // It travels with the design, and no value does.
    let again = link::from_link(&link::to_link(&draft).expect("short enough")).expect("a link");
    assert_eq!(again.list(Field::AlsoSets), draft.list(Field::AlsoSets));
    let file = kubepki_core::snippet::design(&draft);
    assert!(
        !file.contains("AlwaysAllow") && !file.contains("tokens.csv") && file.contains("etcd --auto-tls"),
        "{file}"
    );
}

#[test]
fn what_equals_the_plan_is_neither_listed_nor_warned_of() {
    let text = format!(
        "{INIT}{CLUSTER}apiServer:\n  extraArgs:\n  - {{name: authorization-mode, value: 'Node,RBAC'}}\n  - {{name: service-cluster-ip-range, value: 10.96.0.0/12}}\n  - {{name: client-ca-file, value: /etc/kubernetes/pki/ca.crt}}\n  - {{name: advertise-address, value: 10.0.0.11}}\n{KUBELET}authentication: {{anonymous: {{enabled: false}}}}\nauthorization: {{mode: Webhook}}\nclusterDNS: [10.96.0.10]\nreadOnlyPort: 0\n"
    );
    assert_eq!(said(&text), [""; 0]);
    let draft = draft(&text);
    assert!(draft.list(Field::AlsoSets).is_empty());
    assert_eq!(state(&planned(&draft), "1.2.7"), State::Pass);
    let other = text.replace("10.96.0.10", "10.96.0.53");
    assert_eq!(self::draft(&other).list(Field::AlsoSets), ["kubelet clusterDNS"]);
}

#[test]
fn kubelets_that_the_file_has_checked_are_not_called_unchecked() {
    let text = format!(
        "{INIT}{CLUSTER}apiServer:\n  extraArgs:\n  - {{name: kubelet-certificate-authority, value: /etc/kubernetes/pki/ca.crt}}\n{KUBELET}serverTLSBootstrap: true\n"
    );
    let draft = draft(&text);
    assert_eq!(draft.list(Field::AlsoSets), ["kube-apiserver --kubelet-certificate-authority"]);
    let plan = planned(&draft);
    assert_eq!(state(&plan, "1.2.5"), State::Own);
    assert!(!plan.findings.iter().any(|one| one.message.contains("nobody checks")), "{:#?}", plan.findings);
    let all = text::text(&plan, ViewId::Connections, 0);
    let told: Vec<&str> =
        all.lines().skip_while(|line| !line.starts_with("kube-apiserver → kubelet")).take(4).collect();
    assert!(told[0].contains("look there") && !told.join(" ").contains("nothing"), "{told:#?}");
}

#[test]
fn everything_left_out_is_named_and_what_it_decides_is_said() {
    let text = format!(
        "{INIT}  bindPort: 6443\nskipPhases: [addon/kube-proxy]\npatches: {{directory: /etc/patches}}\ncertificateKey: e6a2eb8581237ab72a4f494f30285ec12a9694d750b9785706a83bfcbbbd2204\n{CLUSTER}apiServer:\n  extraVolumes:\n  - {{name: audit, hostPath: /a, mountPath: /a}}\n  extraArgs:\n  - {{name: oidc-issuer-url, value: 'https://id.example'}}\n  - {{name: encryption-provider-config, value: /etc/enc.yaml}}\nfeatureGates: {{RootlessControlPlane: true}}\netcd: {{local: {{imageTag: 3.5.9-0, extraArgs: [{{name: client-cert-auth, value: 'false'}}]}}}}\n{KUBELET}maxPods: 200\nfeatureGates: {{NodeSwap: true}}\ncpuManagerReconcilePeriod: 0s\n"
    );
    let draft = draft(&text);
    assert_eq!(
        draft.list(Field::AlsoSets),
        [
            "kubeadm skipPhases",
            "kubeadm patches.directory",
            "kubeadm certificateKey",
            "kubeadm apiServer.extraVolumes",
            "kube-apiserver --oidc-issuer-url",
            "kube-apiserver --encryption-provider-config",
            "kubeadm featureGates.RootlessControlPlane",
            "kubeadm etcd.local.imageTag",
            "etcd --client-cert-auth",
            "kubelet maxPods",
            "kubelet featureGates.NodeSwap",
        ]
    );
    let all = said(&text);
    assert!(!all.iter().any(|line| line.contains("shapes no certificate")), "{all:#?}");
    says(&text, &["warning", "--client-cert-auth of etcd is set by hand", "Clients must present a certificate"]);
    // A patch may change every flag.
    assert_eq!(state(&planned(&draft), "1.2.7"), State::Own);
}

/// A file in which every component says so: a lowest TLS version, or none where the text is empty.
fn everywhere(argument: &str, value: &str, field: &str, etcd: &str) -> String {
    let one = format!("{{extraArgs: [{{name: {argument}, value: {value}}}]}}");
    format!(
        "{INIT}{CLUSTER}apiServer: {one}\ncontrollerManager: {one}\nscheduler: {one}\netcd: {{local: {{{etcd}}}}}\n{KUBELET}{field}\n"
    )
}

#[test]
fn what_all_components_say_becomes_the_designs_and_what_differs_is_left_to_the_file() {
    let etcd = |version: &str| format!("extraArgs: [{{name: tls-min-version, value: {version}}}]");
    let all = everywhere("tls-min-version", "VersionTLS13", "tlsMinVersion: VersionTLS13", &etcd("TLS1.3"));
    let all = draft(&all);
    assert_eq!(all.text(Field::TlsMinVersion), "VersionTLS13");
    assert!(all.list(Field::AlsoSets).is_empty());
    let other = everywhere("tls-min-version", "VersionTLS13", "tlsMinVersion: VersionTLS12", &etcd("TLS1.3"));
    let other = draft(&other);
    assert_eq!(other.text(Field::TlsMinVersion), "VersionTLS13");
    assert_eq!(other.list(Field::AlsoSets), ["kubelet tlsMinVersion"]);
}

#[test]
fn what_one_component_says_is_said_of_no_other() {
    const SUITE: &str = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    let kubelet = draft(&format!("{INIT}{CLUSTER}{KUBELET}tlsCipherSuites: [{SUITE}]\ntlsMinVersion: VersionTLS13\n"));
    assert_eq!((kubelet.text(Field::TlsMinVersion), kubelet.list(Field::CipherSuites).len()), ("", 0));
    assert_eq!(kubelet.list(Field::AlsoSets), ["kubelet tlsMinVersion", "kubelet tlsCipherSuites"]);
    assert_eq!(state(&planned(&kubelet), "1.2.29"), State::Fail, "the API server has no list");
    assert_eq!(state(&planned(&kubelet), "4.2.12"), State::Own);
    let server = format!("{INIT}{CLUSTER}apiServer: {{extraArgs: [{{name: tls-cipher-suites, value: {SUITE}}}]}}\n");
    says(&server, &["notice hardening-for-all", "kube-controller-manager, kube-scheduler, the kubelet, etcd"]);
    let server = draft(&server);
    assert_eq!(state(&planned(&server), "1.2.29"), State::Own);
    assert_eq!(state(&planned(&server), "4.2.12"), State::Fail, "the kubelet has no list");
    let weak = format!(
        "{INIT}{CLUSTER}apiServer: {{extraArgs: [{{name: tls-cipher-suites, value: TLS_RSA_WITH_AES_128_CBC_SHA}}]}}\n"
    );
    says(&weak, &["warning hardening-weak", "TLS_RSA_WITH_AES_128_CBC_SHA"]);
    let weak = self::draft(&weak);
    assert_eq!(weak.list(Field::AlsoSets), ["kube-apiserver --tls-cipher-suites"]);
    assert_eq!(state(&planned(&weak), "1.2.29"), State::Own);
}

#[test]
fn what_cannot_be_read_is_not_called_missing() {
    for (from, to) in [
        ("localAPIEndpoint:\n  advertiseAddress: 10.0.0.11", "localAPIEndpoint: 7"),
        ("localAPIEndpoint:\n  advertiseAddress: 10.0.0.11", "localAPIEndpoint: [10.0.0.11]"),
        ("advertiseAddress: 10.0.0.11", "advertiseAddress: 7"),
        ("name: cp-1", "name: 7"),
        ("nodeRegistration:\n  name: cp-1", "nodeRegistration: cp-1"),
    ] {
        let text = format!("{INIT}{CLUSTER}").replace(from, to);
        let found = said(&text);
        assert!(found.iter().any(|one| one.contains("json: cannot unmarshal")), "{to}: {found:#?}");
        assert!(!found.iter().any(|one| one.contains("not given")), "{to}: {found:#?}");
    }
}

#[test]
fn a_hash_of_a_ca_that_there_is_pins_another_than_the_designs() {
    let join = "---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: JoinConfiguration\ndiscovery: {bootstrapToken: {token: abcdef.0123456789abcdef, apiServerEndpoint: '10.0.0.11:6443', caCertHashes: ['sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']}}\nnodeRegistration: {name: w-1, kubeletExtraArgs: [{name: node-ip, value: 10.0.0.21}]}\n";
    says(&format!("{INIT}{CLUSTER}{join}"), &["notice kubeadm-ca-hash", "made anew", "README.md"]);
}

#[test]
fn a_data_folder_is_kept() {
    let draft = draft(&format!("{INIT}{CLUSTER}etcd: {{local: {{dataDir: /data/etcd}}}}\n"));
    assert_eq!((draft.text(Field::EtcdDataDir), draft.list(Field::AlsoSets).len()), ("/data/etcd", 0));
    let cis = checks(&planned(&draft)).into_iter().find(|one| one.row.id == "1.1.11").expect("a check");
    assert_eq!(cis.evidence, ["look at /data/etcd"]);
}

#[test]
fn a_word_in_a_wrong_place_is_led_to_its_own() {
    let ignored = "kubeadm init ignores it with a warning";
    for (text, parts) in [
        (format!("{INIT}{CLUSTER}certSANs: [lb.corp.example]\n"), ["unknown field \"certSANs\"", "apiServer.certSANs"]),
        (
            format!("{INIT}{CLUSTER}etcd: {{serverCertSANs: [a.example]}}\n"),
            ["unknown field \"etcd.serverCertSANs\"", "etcd.local.serverCertSANs"],
        ),
        (format!("{INIT}{CLUSTER}extraVolumes: []\n"), ["unknown field \"extraVolumes\"", ".extraVolumes"]),
        (
            format!("{INIT}controlPlaneEndpoint: api.example:6443\n{CLUSTER}"),
            ["unknown field \"controlPlaneEndpoint\"", "controlPlaneEndpoint of ClusterConfiguration"],
        ),
        (
            format!("{INIT}{CLUSTER}skipPhases: [a]\n"),
            ["unknown field \"skipPhases\"", "skipPhases of InitConfiguration"],
        ),
        (
            format!("{INIT}{CLUSTER}{KUBELET}certSANs: [a]\n"),
            ["unknown field \"certSANs\"", "apiServer.certSANs of ClusterConfiguration"],
        ),
        (format!("{INIT}{CLUSTER}colour: red\n"), ["unknown field \"colour\"", "kubeadm knows no such field"]),
    ] {
        says(&text, &["warning kubeadm-unknown-field", parts[0], parts[1], ignored]);
        assert!(draft(&text).list(Field::AlsoSets).is_empty(), "{text}");
    }
}

#[test]
fn documents_that_kubeadm_ignores_or_refuses_are_told_apart() {
    let with = |head: &str| format!("{INIT}---\n{head}\nclusterName: prod\n{CLUSTER}");
    for (head, parts) in [
        (
            "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfig",
            ["kind ClusterConfig", "ClusterConfiguration is meant"],
        ),
        ("apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfig", ["kind InitConfig", "InitConfiguration is meant"]),
        (
            "apiVersion: kubeadm.k8s.io/v1beta4\nkind: KubeletConfiguration",
            ["kind KubeletConfiguration", "kubelet.config.k8s.io/v1beta1 is meant"],
        ),
        (
            "apiVersion: kubelet.config.k8s.io/v1\nkind: KubeletConfiguration",
            ["kubelet.config.k8s.io/v1", "kubelet.config.k8s.io/v1beta1 is meant"],
        ),
        (
            "apiVersion: kubeadm.k8s.io/v1beta3\nkind: UpgradeConfiguration",
            ["UpgradeConfiguration", "kubeadm.k8s.io/v1beta4 is meant"],
        ),
        (
            "apiVersion: cluster.x-k8s.io/v1beta1\nkind: JoinConfiguration",
            ["kind JoinConfiguration", "kubeadm.k8s.io/v1beta4 is meant"],
        ),
        ("apiVersion: kubeadm.k8s.io/v1beta4\nkind: Banana", ["kind Banana", "kubeadm knows no such kind"]),
    ] {
        says(&with(head), &["warning kubeadm-ignored-document", "kubeadm ignores a document", parts[0], parts[1]]);
        assert_eq!(draft(&with(head)).text(Field::ClusterName), "kubernetes");
    }
    for head in ["kind: ClusterConfiguration", "apiVersion: kubeadm.k8s.io/v1beta4", "apiVersion: v1\nkind: ConfigMap"]
    {
        let wrong = errors(&with(head));
        assert_eq!(wrong, ["kind and apiVersion is mandatory information that must be specified"], "{head}");
    }
    let alone = errors("kind: InitConfiguration\nnodeRegistration: {name: a}\n");
    assert_eq!(alone, ["kind and apiVersion is mandatory information that must be specified"]);
    says(&with("apiVersion: apps/v1\nkind: Deployment"), &["warning kubeadm-foreign", "kubeadm ignores it as well"]);
}

#[test]
fn an_empty_value_is_as_if_it_stood_not_there() {
    let plain = draft(&format!("{INIT}{CLUSTER}"));
    for line in [
        "networking: {podSubnet: ''}",
        "networking: {serviceSubnet: \"\"}",
        "networking: {dnsDomain: ''}",
        "clusterName: ''",
        "certificatesDir: ''",
        "imageRepository: ''",
        "encryptionAlgorithm: ''",
        "controlPlaneEndpoint: ''",
        "certificateValidityPeriod: 0s",
        "caCertificateValidityPeriod: 0s",
        "etcd: {local: {dataDir: '', imageTag: ''}}",
        "apiServer: {certSANs: [], extraArgs: []}",
    ] {
        let text = format!("{INIT}{CLUSTER}{line}\n");
        assert_eq!(draft(&text), plain, "{line}");
        assert_eq!(said(&text), [""; 0], "{line}");
    }
    assert_eq!(draft(&format!("{INIT}  bindPort: 0\n{CLUSTER}")), plain);
    let unnamed = format!("{INIT}{CLUSTER}").replace("name: cp-1", "name: ''");
    assert_eq!(draft(&unnamed), plain);
    says(&unnamed, &["warning kubeadm-node-name", "the machine's name is not given"]);
    for nowhere in ["''", "0.0.0.0", "'::'"] {
        let text = format!("{INIT}{CLUSTER}").replace("10.0.0.11", nowhere);
        assert_eq!(errors(&text), ["this control plane's advertise address is not given"], "{nowhere}");
    }
}

#[test]
fn numbers_and_truth_values_are_no_texts() {
    let cannot = |shape: &str, field: &str, go: &str| {
        format!("json: cannot unmarshal {shape} into Go struct field {field} of type {go}")
    };
    for (line, shape, field) in [
        ("clusterName: 2024", "number", "ClusterConfiguration.clusterName"),
        ("clusterName: yes", "bool", "ClusterConfiguration.clusterName"),
        ("controlPlaneEndpoint: 10", "number", "ClusterConfiguration.controlPlaneEndpoint"),
        ("networking: {dnsDomain: true}", "bool", "ClusterConfiguration.networking.dnsDomain"),
        ("apiServer: {certSANs: [10]}", "number", "ClusterConfiguration.apiServer.certSANs"),
        ("apiServer: {certSANs: [1.2]}", "number", "ClusterConfiguration.apiServer.certSANs"),
        ("apiServer: {extraArgs: [{name: v, value: 4}]}", "number", "ClusterConfiguration.apiServer.extraArgs"),
        (
            "apiServer: {extraArgs: [{name: profiling, value: false}]}",
            "bool",
            "ClusterConfiguration.apiServer.extraArgs",
        ),
        ("etcd: {local: {imageTag: 3.5}}", "number", "ClusterConfiguration.etcd.local.imageTag"),
        ("certificateValidityPeriod: 8760", "number", "ClusterConfiguration.certificateValidityPeriod"),
    ] {
        let text = format!("{INIT}{CLUSTER}{line}\n");
        assert_eq!(errors(&text), [cannot(shape, field, "string")], "{line}");
        says(&text, &["kubeadm wants quotes: \""]);
    }
    let version = format!("{INIT}{CLUSTER}").replace("v1.34.7", "1.34");
    assert_eq!(errors(&version), [cannot("number", "ClusterConfiguration.kubernetesVersion", "string")]);
    let old = format!("{INIT}{CLUSTER}apiServer: {{extraArgs: {{v: 4}}}}\n").replace("v1beta4", "v1beta3");
    assert_eq!(errors(&old), [cannot("number", "ClusterConfiguration.apiServer.extraArgs", "string")]);
    let name = format!("{INIT}{CLUSTER}").replace("name: cp-1", "name: 7");
    assert!(errors(&name).contains(&cannot("number", "InitConfiguration.nodeRegistration.name", "string")));
    let kubelet = format!("{INIT}{CLUSTER}{KUBELET}maxPods: '200'\n");
    assert_eq!(errors(&kubelet), [cannot("string", "KubeletConfiguration.maxPods", "int32")]);
    let gate = format!("{INIT}{CLUSTER}featureGates: {{RootlessControlPlane: 'true'}}\n");
    assert_eq!(errors(&gate), [cannot("string", "ClusterConfiguration.featureGates.RootlessControlPlane", "bool")]);
}

#[test]
fn capitals_in_the_api_servers_names_are_lowered_as_kubeadm_lowers_them() {
    let text =
        format!("{INIT}{CLUSTER}apiServer: {{certSANs: [Prod-API-1.elb.example, 'FD00::1', '*.Corp.example']}}\n");
    let draft = draft(&text);
    assert_eq!(draft.list(Field::ApiServerCertSans), ["prod-api-1.elb.example", "FD00::1", "*.corp.example"]);
    says(&text, &["notice", "Prod-API-1.elb.example is planned as prod-api-1.elb.example"]);
    for line in [
        "etcd: {local: {serverCertSANs: [A.example]}}",
        "etcd: {local: {peerCertSANs: [A.example]}}",
        "controlPlaneEndpoint: API.example",
    ] {
        assert_eq!(errors(&format!("{INIT}{CLUSTER}{line}\n")).len(), 1, "{line}");
    }
    let node = format!("{INIT}{CLUSTER}").replace("cp-1", "CP-1");
    says(&node, &["notice", "CP-1 is planned as cp-1"]);
}

#[test]
fn what_is_read_otherwise_than_it_is_written_is_said() {
    says(
        &format!("{INIT}{CLUSTER}networking: {{serviceSubnet: 10.96.0.7/12}}\n"),
        &["notice", "10.96.0.7/12 is read as 10.96.0.0/12"],
    );
    says(
        &format!("{INIT}{CLUSTER}apiServer: {{certSANs: [010.0.0.1]}}\n"),
        &["notice", "010.0.0.1 is read as 10.0.0.1"],
    );
    says(
        &format!("{INIT}{CLUSTER}controlPlaneEndpoint: 'fd00::10:6443'\n"),
        &["warning", "one IPv6 address without a port", "[fd00::10]:6443"],
    );
    let loopback = format!("{INIT}{CLUSTER}").replace("10.0.0.11", "127.0.0.1");
    assert_eq!(errors(&loopback), ["unable to select an IP from lo network interface"]);
}
