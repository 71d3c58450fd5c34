//! Static Pod manifests with the plan's flags, as kubeadm writes them for the chosen version
//! (kubeadm: phases/controlplane/manifests.go, phases/etcd/local.go, util/staticpod/utils.go).

use super::component::Component;
use super::file::TextFile;
use super::value::{Map, Value};
use crate::plan::{FlagValue, Holding, Plan};
use crate::spec::{ClusterSpec, EtcdMode, KubeVersion, Node, Start, When};

/// The etcd image that kubeadm takes for each minor: `kubeadm config images list` of the newest patch that
/// [`crate::spec::version::RELEASES`] names (kubeadm: constants.go, SupportedEtcdVersion). Within a minor it moves only
/// to later patches of the same etcd release.
#[rustfmt::skip]
static ETCD_IMAGES: &[(u16, &str)] = &[
    (28, "3.5.15-0"), (29, "3.5.16-0"), (30, "3.5.15-0"), (31, "3.5.24-0"), (32, "3.5.24-0"), (33, "3.5.24-0"),
    (34, "3.6.5-0"), (35, "3.6.6-0"), (36, "3.6.8-0"), (37, "3.7.0-0"),
];

/// etcd's own `/livez` and `/readyz` since 1.31 (kubernetes/kubernetes#124465).
const ETCD_LIVEZ: When = When::since(&[KubeVersion::new(31, 0)]);
/// Probes name their port since 1.34 (kubernetes/kubernetes#132776).
const NAMED_PORTS: When = When::since(&[KubeVersion::new(34, 0)]);
/// The scheduler's own `/livez` and `/readyz` since 1.32 (kubernetes/kubernetes#126945).
const SCHEDULER_LIVEZ: When = When::since(&[KubeVersion::new(32, 0)]);
/// No folder for flex volumes since 1.36 (kubernetes/kubernetes#136423).
const NO_FLEX_VOLUMES: When = When::since(&[KubeVersion::new(36, 0)]);
/// Seconds that a control-plane component has to come up: kubeadm's ControlPlaneComponentHealthCheckTimeout.
const STARTUP_SECONDS: u64 = 240;

/// What a static Pod says beside its flags.
struct PodRow {
    component: &'static str,
    cpu: &'static str,
    memory: Option<&'static str>,
    /// Host and port of the probes, and their scheme.
    probed_at: fn(&ClusterSpec, &Node) -> (String, u16),
    scheme: &'static str,
    /// Paths asked to know that it lives, is ready (where that is asked) and has started.
    paths: fn(KubeVersion) -> (&'static str, Option<&'static str>, &'static str),
    /// Folders of the host it needs beside its certificates.
    folders: fn(KubeVersion) -> &'static [Folder],
    /// Name of the volume of certificates, and whether it only reads.
    certificates: (&'static str, bool),
    /// Annotation that carries its address.
    annotation: Option<(&'static str, Words)>,
}

/// Words about a node.
type Words = fn(&ClusterSpec, &Node) -> String;

/// A folder of the host: name, path, whether it is only read.
type Folder = (&'static str, &'static str, bool);

/// The system's CA certificates.
const CA_CERTS: Folder = ("ca-certs", "/etc/ssl/certs", true);

static PODS: &[PodRow] = &[
    PodRow {
        component: "kube-apiserver",
        cpu: "250m",
        memory: None,
        probed_at: |spec, node| (node.advertise().to_string(), spec.bind_port),
        scheme: "HTTPS",
        paths: |_| ("/livez", Some("/readyz"), "/livez"),
        folders: |_| &[CA_CERTS],
        certificates: ("k8s-certs", true),
        annotation: Some(("kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint", |spec, node| {
            spec.local_url(node).strip_prefix("https://").unwrap_or_default().to_owned()
        })),
    },
    PodRow {
        component: "kube-controller-manager",
        cpu: "200m",
        memory: None,
        probed_at: |_, _| ("127.0.0.1".to_owned(), 10_257),
        scheme: "HTTPS",
        paths: |_| ("/healthz", None, "/healthz"),
        folders: |version| match NO_FLEX_VOLUMES.holds(version) {
            true => &[CA_CERTS],
            false => &[CA_CERTS, ("flexvolume-dir", "/usr/libexec/kubernetes/kubelet-plugins/volume/exec", false)],
        },
        certificates: ("k8s-certs", true),
        annotation: None,
    },
    PodRow {
        component: "kube-scheduler",
        cpu: "100m",
        memory: None,
        probed_at: |_, _| ("127.0.0.1".to_owned(), 10_259),
        scheme: "HTTPS",
        paths: |version| match SCHEDULER_LIVEZ.holds(version) {
            true => ("/livez", Some("/readyz"), "/livez"),
            false => ("/healthz", None, "/healthz"),
        },
        folders: |_| &[],
        certificates: ("k8s-certs", true),
        annotation: None,
    },
    PodRow {
        component: "etcd",
        cpu: "100m",
        memory: Some("100Mi"),
        probed_at: |_, node| (node.loopback().to_string(), 2381),
        scheme: "HTTP",
        paths: |version| match ETCD_LIVEZ.holds(version) {
            true => ("/livez", Some("/readyz"), "/readyz"),
            false => ("/health?exclude=NOSPACE&serializable=true", None, "/health?serializable=false"),
        },
        folders: |_| &[],
        certificates: ("etcd-certs", false),
        annotation: Some(("kubeadm.kubernetes.io/etcd.advertise-client-urls", |_, node| {
            format!("https://{}:2379", crate::spec::Host::Address(node.advertise()))
        })),
    },
];

/// The manifest of a component on a node; nothing for one that does not run as a static Pod.
pub(super) fn manifest(plan: &Plan, component: &Component<'_>) -> Option<TextFile> {
    let row = PODS.iter().find(|row| row.component == component.name)?;
    let (spec, node) = (&plan.spec, component.node);
    let volumes = volumes(plan, row, component);
    let metadata = Map::new()
        .with_some("annotations", row.annotation.map(|(name, value)| Map::new().with(name, value(spec, node))))
        .with("labels", Map::new().with("component", row.component).with("tier", "control-plane"))
        .with("name", row.component)
        .with("namespace", "kube-system");
    let pod = Map::new()
        .with("containers", vec![container(spec, row, component, &volumes)])
        .with("hostNetwork", true)
        .with("priority", 2_000_001_000u64)
        .with("priorityClassName", "system-node-critical")
        .with("securityContext", Map::new().with("seccompProfile", Map::new().with("type", "RuntimeDefault")))
        .with("volumes", volumes.iter().map(Volume::source).collect::<Vec<_>>());
    let map = Map::new().with("apiVersion", "v1").with("kind", "Pod").with("metadata", metadata).with("spec", pod);
    let apart = row.component == "etcd" && spec.etcd_mode == EtcdMode::External;
    let purpose = match (spec.start, apart) {
        (_, true) => "for a kubelet that runs etcd alone, in /etc/kubernetes/manifests; or take etcd.service",
        (Start::Kubeadm, false) => {
            "what kubeadm will write here, to compare with. Do not start it: kubeadm refuses where the file exists, and started without kubeadm init administrators have no rights and kubelets refuse the API server"
        }
        (Start::Manual, false) => "put it into /etc/kubernetes/manifests, where the kubelet finds it",
    };
    Some(TextFile {
        path: component.path(&format!("{}.yaml", row.component)),
        // kubeadm: staticpod.WriteStaticPodToDisk.
        mode: 0o600,
        text: format!(
            "# {} on {}, Kubernetes {}: {purpose}.\n{}",
            row.component,
            node.name,
            spec.version,
            map.to_yaml()
        ),
    })
}

/// The image of a component.
fn image(spec: &ClusterSpec, component: &str) -> String {
    let tag = match component {
        "etcd" => ETCD_IMAGES.iter().find(|(minor, _)| *minor == spec.version.minor).map(|(_, tag)| (*tag).to_owned()),
        _ => Some(spec.version.to_string()),
    };
    format!("{}/{component}:{}", spec.image_repository, tag.unwrap_or_default())
}

fn container(spec: &ClusterSpec, row: &PodRow, component: &Component<'_>, volumes: &[Volume]) -> Map {
    let (host, port) = (row.probed_at)(spec, component.node);
    let (live, ready, start) = (row.paths)(spec.version);
    let named = NAMED_PORTS.holds(spec.version);
    let probe = |path: &str, delay: u64, failures: u64, period: u64| {
        let port = if named { Value::from("probe-port") } else { Value::from(port) };
        let get =
            Map::new().with("host", host.as_str()).with("path", path).with("port", port).with("scheme", row.scheme);
        let delay = (delay > 0).then_some(delay);
        Map::new()
            .with("failureThreshold", failures)
            .with("httpGet", get)
            .with_some("initialDelaySeconds", delay)
            .with("periodSeconds", period)
            .with("timeoutSeconds", 15u64)
    };
    let ports = Map::new().with("containerPort", port).with("name", "probe-port").with("protocol", "TCP");
    let requests = Map::new().with("cpu", row.cpu).with_some("memory", row.memory);
    let command: Vec<String> = std::iter::once(row.component.to_owned()).chain(component.arguments()).collect();
    Map::new()
        .with("command", command)
        .with("image", image(spec, row.component))
        .with("imagePullPolicy", "IfNotPresent")
        .with("livenessProbe", probe(live, 10, 8, 10))
        .with("name", row.component)
        .with_some("ports", named.then(|| vec![ports]))
        .with_some("readinessProbe", ready.map(|path| probe(path, 0, 3, 1)))
        .with("resources", Map::new().with("requests", requests))
        .with("startupProbe", probe(start, 10, STARTUP_SECONDS / 10, 10))
        .with("volumeMounts", volumes.iter().map(Volume::mount).collect::<Vec<_>>())
}

/// Something of the host that a Pod sees under the same path.
struct Volume {
    name: String,
    path: String,
    /// A folder or a file, made when it is not there.
    kind: &'static str,
    read_only: bool,
}

impl Volume {
    fn source(&self) -> Map {
        let host = Map::new().with("path", self.path.as_str()).with("type", self.kind);
        Map::new().with("hostPath", host).with("name", self.name.as_str())
    }

    fn mount(&self) -> Map {
        Map::new()
            .with("mountPath", self.path.as_str())
            .with("name", self.name.as_str())
            .with_some("readOnly", self.read_only.then_some(true))
    }
}

/// What the component's files and its row ask for, sorted by name as kubeadm does: folders of certificates, each
/// without those below it, and kubeconfigs one by one.
fn volumes(plan: &Plan, row: &PodRow, component: &Component<'_>) -> Vec<Volume> {
    let folder = |&(name, path, read_only): &(&str, &str, bool)| Volume {
        name: name.to_owned(),
        path: path.to_owned(),
        kind: "DirectoryOrCreate",
        read_only,
    };
    let mut volumes: Vec<Volume> = (row.folders)(plan.spec.version).iter().map(folder).collect();
    if row.component == "etcd" {
        volumes.push(folder(&("etcd-data", plan.spec.etcd_data_dir.as_str(), false)));
    }
    let mut folders = Vec::<&str>::new();
    for flag in component.flags.iter().filter(|flag| matches!(flag.value, FlagValue::Set(_))) {
        let Some(file) = flag.file.map(|file| &plan.files[file]) else { continue };
        if file.content.holding == Holding::Kubeconfig {
            if !volumes.iter().any(|one| one.path == file.path) {
                let (name, path) = ("kubeconfig".to_owned(), file.path.clone());
                volumes.push(Volume { name, path, kind: "FileOrCreate", read_only: true });
            }
        } else if let Some((parent, _)) = file.path.rsplit_once('/') {
            folders.push(parent);
        }
    }
    folders.sort_unstable();
    let mut kept = Vec::<&str>::new();
    for one in folders {
        if !kept.iter().any(|above| one == *above || one.strip_prefix(above).is_some_and(|rest| rest.starts_with('/')))
        {
            kept.push(one);
        }
    }
    for (index, path) in kept.into_iter().enumerate() {
        let (name, read_only) = row.certificates;
        let name = if index == 0 { name.to_owned() } else { format!("{name}-{index}") };
        volumes.push(Volume { name, path: path.to_owned(), kind: "DirectoryOrCreate", read_only });
    }
    volumes.sort_by(|one, other| one.name.cmp(&other.name));
    volumes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::flags::COMPONENTS;
    use crate::spec::version::RELEASES;

    #[test]
    fn every_release_has_an_etcd_image_and_every_component_but_the_kubelet_a_pod() {
        for release in RELEASES {
            assert!(ETCD_IMAGES.iter().any(|(minor, _)| *minor == release.minor), "{release}");
        }
        for component in COMPONENTS.iter().filter(|one| one.name != "kubelet") {
            assert!(PODS.iter().any(|row| row.component == component.name), "{}", component.name);
        }
    }
}
