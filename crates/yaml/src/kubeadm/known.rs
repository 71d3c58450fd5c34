//! The fields of kubeadm's configuration and the kubelet's that no row of the table has: kubeadm takes them, a design has no
//! place for them (kubernetes/kubernetes: cmd/kubeadm/app/apis/kubeadm/{v1beta3,v1beta4}/types.go; kubernetes/kubelet:
//! config/v1beta1/types.go).

use std::sync::OnceLock;

use kubepki_core::snippet::kubeadm::Api;

use super::kind::Kind;

/// Which versions of kubeadm's API have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    Both,
    /// v1beta3 alone.
    Old,
    /// v1beta4 alone.
    New,
}

/// What such a field holds, as Go decodes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Flag,
    Number,
    Texts,
    Gates,
    Anything,
}

impl Type {
    fn of(letter: &str) -> Self {
        match letter {
            "s" => Self::Text,
            "b" => Self::Flag,
            "n" => Self::Number,
            "l" => Self::Texts,
            "m" => Self::Gates,
            _ => Self::Anything,
        }
    }

    /// As Go's JSON decoder names the type, and whether it takes a value of this shape; nothing where it takes all.
    pub(super) fn go(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Text => Some(("string", "string")),
            Self::Flag => Some(("bool", "bool")),
            Self::Number => Some(("number", "int32")),
            Self::Texts => Some(("array", "[]string")),
            Self::Gates => Some(("object", "map")),
            Self::Anything => None,
        }
    }
}

/// The fields of each kind, each with its type: `s` text, `b` truth value, `n` number, `l` list of texts, `m` mapping of
/// names, `a` anything.
#[rustfmt::skip]
static KNOWN: &[(Kind, Since, &str)] = &[
    (Kind::Cluster, Since::Both,
     "etcd.local.imageRepository:s etcd.local.imageTag:s apiServer.extraVolumes:a controllerManager.extraVolumes:a \
     scheduler.extraVolumes:a dns.imageRepository:s dns.imageTag:s featureGates:m"),
    (Kind::Cluster, Since::Old,
     "apiServer.timeoutForControlPlane:s"),
    (Kind::Cluster, Since::New,
     "etcd.local.extraEnvs:a apiServer.extraEnvs:a controllerManager.extraEnvs:a scheduler.extraEnvs:a dns.disabled:b \
     proxy.disabled:b"),
    (Kind::Init, Since::Both,
     "bootstrapTokens.*.description:s nodeRegistration.criSocket:s nodeRegistration.ignorePreflightErrors:l \
     nodeRegistration.imagePullPolicy:s skipPhases:l patches.directory:s"),
    (Kind::Init, Since::New,
     "nodeRegistration.imagePullSerial:b dryRun:b timeouts.controlPlaneComponentHealthCheck:s \
     timeouts.kubeletHealthCheck:s timeouts.kubernetesAPICall:s timeouts.etcdAPICall:s timeouts.tlsBootstrap:s \
     timeouts.discovery:s timeouts.upgradeManifests:s"),
    (Kind::Join, Since::Both,
     "nodeRegistration.criSocket:s nodeRegistration.ignorePreflightErrors:l nodeRegistration.imagePullPolicy:s \
     discovery.file.kubeConfigPath:s skipPhases:l patches.directory:s"),
    (Kind::Join, Since::Old,
     "discovery.timeout:s"),
    (Kind::Join, Since::New,
     "nodeRegistration.imagePullSerial:b dryRun:b timeouts.controlPlaneComponentHealthCheck:s \
     timeouts.kubeletHealthCheck:s timeouts.kubernetesAPICall:s timeouts.etcdAPICall:s timeouts.tlsBootstrap:s \
     timeouts.discovery:s timeouts.upgradeManifests:s"),
    (Kind::Upgrade, Since::New,
     "apply.kubernetesVersion:s apply.allowExperimentalUpgrades:b apply.allowRCUpgrades:b apply.dryRun:b \
     apply.etcdUpgrade:b apply.forceUpgrade:b apply.ignorePreflightErrors:l apply.patches.directory:s \
     apply.printConfig:b apply.skipPhases:l apply.imagePullPolicy:s apply.imagePullSerial:b diff.kubernetesVersion:s \
     diff.contextLines:n node.dryRun:b node.etcdUpgrade:b node.ignorePreflightErrors:l node.skipPhases:l \
     node.patches.directory:s node.imagePullPolicy:s node.imagePullSerial:b plan.kubernetesVersion:s \
     plan.allowExperimentalUpgrades:b plan.allowRCUpgrades:b plan.dryRun:b plan.ignorePreflightErrors:l \
     plan.etcdUpgrade:b plan.printConfig:b timeouts.controlPlaneComponentHealthCheck:s timeouts.kubeletHealthCheck:s \
     timeouts.kubernetesAPICall:s timeouts.etcdAPICall:s timeouts.tlsBootstrap:s timeouts.discovery:s \
     timeouts.upgradeManifests:s"),
    (Kind::Kubelet, Since::Both,
     "enableServer:b staticPodPath:s podLogsDir:s syncFrequency:s fileCheckFrequency:s httpCheckFrequency:s \
     staticPodURL:s staticPodURLHeader:m address:s port:n readOnlyPort:n tlsCurvePreferences:a \
     authentication.webhook.enabled:b authentication.webhook.cacheTTL:s authorization.mode:s \
     authorization.webhook.cacheAuthorizedTTL:s authorization.webhook.cacheUnauthorizedTTL:s registryPullQPS:n \
     registryBurst:n imagePullCredentialsVerificationPolicy:s preloadedImagesVerificationAllowlist:l eventRecordQPS:n \
     eventBurst:n enableDebuggingHandlers:b enableContentionProfiling:b healthzPort:n healthzBindAddress:s \
     oomScoreAdj:n clusterDNS:l streamingConnectionIdleTimeout:s nodeStatusUpdateFrequency:s \
     nodeStatusReportFrequency:s nodeLeaseDurationSeconds:n imageMinimumGCAge:s imageMaximumGCAge:s \
     imageGCHighThresholdPercent:n imageGCLowThresholdPercent:n volumeStatsAggPeriod:s kubeletCgroups:s \
     systemCgroups:s cgroupRoot:s cgroupsPerQOS:b cgroupDriver:s cpuManagerPolicy:s singleProcessOOMKill:b \
     cpuManagerPolicyOptions:m cpuManagerReconcilePeriod:s memoryManagerPolicy:s topologyManagerPolicy:s \
     topologyManagerScope:s topologyManagerPolicyOptions:m qosReserved:m runtimeRequestTimeout:s hairpinMode:s \
     maxPods:n podCIDR:s podPidsLimit:n resolvConf:s runOnce:b cpuCFSQuota:b cpuCFSQuotaPeriod:s \
     nodeStatusMaxImages:n maxOpenFiles:n contentType:s kubeAPIQPS:n kubeAPIBurst:n serializeImagePulls:b \
     maxParallelImagePulls:n evictionHard:m evictionSoft:m evictionSoftGracePeriod:m \
     evictionPressureTransitionPeriod:s evictionMaxPodGracePeriod:n evictionMinimumReclaim:m \
     mergeDefaultEvictionSettings:b podsPerCore:n enableControllerAttachDetach:b protectKernelDefaults:b \
     makeIPTablesUtilChains:b iptablesMasqueradeBit:n iptablesDropBit:n featureGates:m failSwapOn:b \
     memorySwap.swapBehavior:s containerLogMaxSize:s containerLogMaxFiles:n containerLogMaxWorkers:n \
     containerLogMonitorInterval:s configMapAndSecretChangeDetectionStrategy:s systemReserved:m kubeReserved:m \
     reservedSystemCPUs:s showHiddenMetricsForVersion:s systemReservedCgroup:s kubeReservedCgroup:s \
     enforceNodeAllocatable:l allowedUnsafeSysctls:l defaultPodSysctls:m volumePluginDir:s providerID:s \
     kernelMemcgNotification:b logging:a enableSystemLogHandler:b enableSystemLogQuery:b shutdownGracePeriod:s \
     shutdownGracePeriodCriticalPods:s shutdownGracePeriodByPodPriority:a \
     crashLoopBackOff.maxContainerRestartPeriod:s reservedMemory:a enableProfilingHandler:b enableDebugFlagsHandler:b \
     seccompDefault:b memoryThrottlingFactor:n memoryReservationPolicy:s registerWithTaints:a registerNode:b \
     tracing:a localStorageCapacityIsolation:b containerRuntimeEndpoint:s imageServiceEndpoint:s failCgroupV1:b \
     userNamespaces.idsPerPod:n"),
];

/// A field that kubeadm knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) kind: Kind,
    pub(super) since: Since,
    pub(super) path: &'static str,
    pub(super) holds: Type,
}

/// All of them, read once.
pub(super) fn all() -> impl Iterator<Item = Known> {
    static ALL: OnceLock<Vec<Known>> = OnceLock::new();
    let read = || {
        let of = |&(kind, since, fields): &(Kind, Since, &'static str)| {
            let known = move |field: &'static str| {
                let (path, letter) = field.split_once(':')?;
                Some(Known { kind, since, path, holds: Type::of(letter) })
            };
            fields.split_whitespace().filter_map(known)
        };
        KNOWN.iter().flat_map(of).collect()
    };
    ALL.get_or_init(read).iter().copied()
}

/// The field of a kind at a path, or the mapping of names above it, in this version of the API.
pub(super) fn find(kind: Kind, api: Option<Api>, path: &str) -> Option<Known> {
    let has = |since| match since {
        Since::Both => true,
        Since::Old => api == Some(Api::V1beta3),
        Since::New => api != Some(Api::V1beta3),
    };
    let is = |one: &Known| {
        let below = |rest: &str| rest.is_empty() || (one.holds == Type::Gates && rest.starts_with('.'));
        one.kind == kind && has(one.since) && path.strip_prefix(one.path).is_some_and(below)
    };
    all().find(is)
}

#[cfg(test)]
mod tests {
    use super::super::rows::ROWS;
    use super::*;
    use std::collections::BTreeSet;

    /// What the judge of exported files holds them against: type, then fields.
    const TYPES: &str = include_str!("../../../../tests/judge/types.toml");

    fn fields<'a>(group: &str, kind: &str) -> Vec<(&'a str, &'a str)> {
        let head = format!("[\"{group}\".{kind}]\n");
        let body =
            TYPES.split(&head).nth(1).unwrap_or_else(|| panic!("{head}")).split("\n[").next().unwrap_or_default();
        let line = |line: &'a str| Some((line.split_once(" = ")?.0, line.split_once(" = ")?.1.trim_matches('"')));
        body.lines().filter_map(line).collect()
    }

    /// The paths below a type.
    fn flat(group: &str, kind: &str, above: &str, out: &mut BTreeSet<String>) {
        for (name, holds) in fields(group, kind) {
            let path = if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
            let holds = holds.split(" since ").next().unwrap_or_default();
            let named = |text: &str| text.starts_with(|one: char| one.is_ascii_uppercase());
            match holds.strip_prefix("list ") {
                Some("BootstrapToken") => flat(group, "BootstrapToken", &format!("{path}.*"), out),
                None if named(holds) => flat(group, holds, &path, out),
                Some(_) | None => drop(out.insert(path)),
            }
        }
    }

    #[test]
    fn with_the_rows_they_are_all_the_fields_that_kubeadm_and_the_kubelet_have() {
        let kubeadm = |api: Api, kind: Kind| (api.version().to_owned(), Some(api), kind);
        let mut all: Vec<(String, Option<Api>, Kind)> = Vec::new();
        for kind in [Kind::Cluster, Kind::Init, Kind::Join] {
            all.extend([kubeadm(Api::V1beta3, kind), kubeadm(Api::V1beta4, kind)]);
        }
        all.push(("kubelet.config.k8s.io/v1beta1".to_owned(), None, Kind::Kubelet));
        for (group, api, kind) in all {
            let mut wanted = BTreeSet::new();
            flat(&group, kind.word(), "", &mut wanted);
            for path in &wanted {
                let row = ROWS
                    .iter()
                    .any(|row| row.kind == kind && (row.path == path || row.path.starts_with(&format!("{path}."))));
                assert!(row || find(kind, api, path).is_some(), "{group} {} {path}", kind.word());
            }
            let here = |one: &Known| one.kind == kind && find(kind, api, one.path).is_some();
            for one in super::all().filter(here) {
                assert!(wanted.contains(one.path), "{group} {} {}", kind.word(), one.path);
            }
        }
    }
}
