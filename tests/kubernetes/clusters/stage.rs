//! A scenario with its export and its machines.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use kubepki_core::catalog::kubeconfigs::ADMIN;
use kubepki_core::plan::Root;
use kubepki_core::spec::{CaKeys, ClusterSpec, Host, Node};
use support::cluster::{Cluster, Machine, images};
use support::design;
use support::export::Export;
use support::program::{Said, run};
use support::scratch::Scratch;
use support::tool;

use crate::scenario::Scenario;

/// What is asked.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) scenario: Scenario,
    pub(crate) export: Export,
    pub(crate) cluster: Cluster,
    /// Where the export lies, packed, with the programs of whoever follows its README.
    pub(crate) here: Scratch,
    /// How much of what was compared, for the record.
    counted: Mutex<BTreeMap<&'static str, usize>>,
}

impl Stage {
    /// Makes the export and the machines; nothing is carried or started yet.
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let here = Scratch::new(&scenario.name);
        let draft = scenario.draft();
        let spec = design::spec(&draft);
        let file = here.write("design.yaml", kubepki_core::snippet::design(&draft));
        let name = format!("{}-pki", spec.cluster_name);
        let mut generate = Command::new(tool::kubepki());
        generate.arg("generate").arg("--design").arg(file).arg("--out").arg(here.join(&format!("{name}.zip")));
        run(&mut generate, 120).good();
        let mut unpack = tool::UNZIP.command();
        unpack.arg("-q").arg(format!("{name}.zip")).arg("-d").arg("unpacked").current_dir(here.path());
        run(&mut unpack, 60).good();
        let folder = here.join("unpacked").join(name);
        let export = Export { design: scenario.name.clone(), folder, plan: kubepki_core::plan::plan(&spec) };
        let cluster = Cluster::of(&export);
        let stage = Self { scenario: scenario.clone(), export, cluster, here, counted: Mutex::default() };
        stage.equip();
        if stage.scenario.network {
            crate::network::plug_in(&stage);
        }
        stage
    }

    /// What stands in for ssh, which nobody serves on the machines.
    fn equip(&self) {
        let lines = self.machines().map(|(node, machine)| {
            node.addresses.iter().map(|address| format!("{address} {}\n", machine.root().display())).collect::<String>()
        });
        self.here.write("bin/machines", lines.collect::<String>());
        for (name, text) in [("scp", include_str!("scp.sh")), ("ssh", include_str!("ssh.sh"))] {
            let path = self.here.write(&format!("bin/{name}"), text);
            run(Command::new("chmod").arg("755").arg(path), 5).good();
        }
        std::os::unix::fs::symlink(tool::kubepki(), self.here.join("bin/kubepki")).expect("nothing has that name yet");
    }

    /// Runs a script in the folder of the export.
    pub(crate) fn here(&self, script: &str) -> Said {
        let mut command = Command::new("sh");
        let path = std::env::var("PATH").unwrap_or_default();
        command.args(["-euc", script]).current_dir(self.here.path());
        command.env("PATH", format!("{}:{path}", self.here.join("bin").display()));
        run(&mut command, 300)
    }

    pub(crate) fn spec(&self) -> &ClusterSpec {
        &self.export.plan.spec
    }

    /// Every node with its machine.
    pub(crate) fn machines(&self) -> impl Iterator<Item = (&Node, &Machine)> {
        self.spec().nodes.iter().zip(&self.cluster.machines)
    }

    /// Those that run API servers.
    pub(crate) fn control_planes(&self) -> impl Iterator<Item = (&Node, &Machine)> {
        self.machines().filter(|(node, _)| node.control_plane)
    }

    /// Those that run kubelets.
    pub(crate) fn with_kubelets(&self) -> impl Iterator<Item = (&Node, &Machine)> {
        self.machines().filter(|(node, _)| node.has_kubelet())
    }

    /// The machine of the first control plane.
    pub(crate) fn first(&self) -> &Machine {
        &self.cluster.machines[self.spec().init_node()]
    }

    /// The path of the administrator's kubeconfig there.
    pub(crate) fn admin(&self) -> &str {
        let root = Root::Node(self.spec().init_node());
        let own = self.export.plan.kubeconfigs(ADMIN).find(|file| file.root == root);
        &own.expect("the administrator has a kubeconfig").path
    }

    /// Runs kubectl as the administrator on the first control plane.
    pub(crate) fn kubectl(&self, arguments: &str) -> Said {
        self.first().sh(&format!("kubectl --kubeconfig {} {arguments}", self.admin()))
    }

    /// The same, whose answer is JSON.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &str) -> serde_json::Value {
        let said = self.kubectl(&format!("{arguments} --output json")).good();
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    /// Has the cluster take what a manifest says.
    #[track_caller]
    pub(crate) fn apply(&self, manifest: &str) {
        self.first().write("/root/asked.yaml", manifest);
        self.kubectl("apply --filename /root/asked.yaml").good();
    }

    /// Waits until a command of kubectl succeeds and its answer is as it should be, and gives the answer.
    ///
    /// # Panics
    /// When it is not so in time, with the last answer.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, seconds: u64, arguments: &str, holds: impl Fn(&str) -> bool) -> String {
        waited(what, seconds, || self.kubectl(arguments), holds)
    }

    /// The image of a component, as it was imported.
    pub(crate) fn image(&self, component: &str) -> String {
        let names = images::names();
        let last =
            |name: &&String| name.rsplit('/').next().is_some_and(|last| last.starts_with(&format!("{component}:")));
        names.iter().find(last).unwrap_or_else(|| panic!("no image is {component}'s")).clone()
    }

    /// Whether the cluster signs what is approved: it has the key of its CA.
    pub(crate) fn signs(&self) -> bool {
        self.spec().ca_keys == CaKeys::OnControlPlane
    }

    /// Ends components on control planes and waits until they run anew: their units or their kubelets start them again.
    #[track_caller]
    pub(crate) fn restart(&self, components: &[&str]) {
        let mut ended = Vec::new();
        for (node, machine) in self.control_planes() {
            for component in components {
                let Some(old) = machine.process_of(component) else { continue };
                machine.sh(&format!("kill {old}")).good();
                ended.push((node, machine, *component, old));
            }
        }
        assert!(!ended.is_empty(), "none of {components:?} runs");
        let end = Instant::now() + Duration::from_secs(120);
        for (node, machine, component, old) in ended {
            while machine.process_of(component).is_none_or(|new| new == old) {
                assert!(Instant::now() < end, "{}: {component} does not run again after 120 s", node.name);
                std::thread::sleep(Duration::from_millis(200));
            }
        }
        for (node, _) in self.control_planes() {
            let ready = format!("--server {} get --raw /readyz", self.url(node));
            self.until("its API server is ready again", 120, &ready, |said| said == "ok");
        }
    }

    /// An URL of a node's API server.
    pub(crate) fn url(&self, node: &Node) -> String {
        format!("https://{}:{}", Host::Address(node.advertise()), self.spec().bind_port)
    }

    /// Notes how many things of a kind were compared.
    pub(crate) fn count(&self, what: &'static str, number: usize) {
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += number;
    }

    /// What was counted.
    pub(crate) fn counted(&self) -> Vec<(&'static str, usize)> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).clone().into_iter().collect()
    }

    /// The text of the export's README.
    pub(crate) fn readme(&self) -> String {
        let path: PathBuf = self.export.folder.join("README.md");
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

/// Waits until a command succeeds and what it prints is as it should be, and gives that.
#[track_caller]
fn waited(what: &str, seconds: u64, ask: impl Fn() -> Said, holds: impl Fn(&str) -> bool) -> String {
    let end = Instant::now() + Duration::from_secs(seconds);
    loop {
        let said = ask();
        if said.ok() && holds(&said.out) {
            return said.out;
        }
        assert!(Instant::now() < end, "not after {seconds} s: {what}: {said}");
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// Waits until a script on a machine succeeds, and gives what it prints.
///
/// # Panics
/// When it does not in time, with what it said last.
#[track_caller]
pub(crate) fn shown(machine: &Machine, what: &str, seconds: u64, script: &str) -> String {
    waited(&format!("{}: {what}", machine.name), seconds, || machine.sh(script), |_| true)
}

/// Waits for a line with certain words in a component's log there, and gives the last one.
#[track_caller]
pub(crate) fn logged(machine: &Machine, component: &str, words: &str) -> String {
    let script = format!(
        "cat /var/log/units/{component}.log /var/log/pods/kube-system_{component}-*/*/*.log 2>/dev/null | grep -F '{words}' | tail -n 1 | grep ."
    );
    shown(machine, &format!("{component} logs {words}"), 60, &script)
}
