//! Machines on which the components of a cluster run, started with the flags of the export, on files with faults. Everything
//! runs on the first; on the others, where there are any, members of etcd alone.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};
use std::{fs, thread};

use kubepki_core::ClusterSpec;
use kubepki_core::spec::Field;
use kubepki_rehearsal::{Folder, Stage};
use support::cluster::{Lan, Machine, images};
use support::export::Export;
use support::program::Said;
use support::scratch::Scratch;
use support::{clock, design, manifest, stage};

use crate::extension;
use crate::scene::Scene;

/// Components in the order in which they start; a scene need not have all, nor a layout the last.
pub(crate) const COMPONENTS: &[&str] = &[
    "etcd",
    "kube-apiserver",
    extension::ETCD,
    extension::SERVER,
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
];

/// The kubeconfig of an administrator whom no fault touches, and who asks for no certificate.
const SOUND: &str = "/root/sound.conf";

/// A pod of which logs can be asked, though it never starts.
const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: something, namespace: default}
spec:
  nodeName: NODE
  automountServiceAccountToken: false
  containers: [{name: something, image: nowhere.example/nothing, imagePullPolicy: Never}]
";
/// A component on a machine: the index of its node in the design, and its name.
pub(crate) type Place = (usize, &'static str);

/// The machines, and what they stand on.
pub(crate) struct Stand {
    /// One for each node, in the design's order.
    machines: Vec<Machine>,
    pub(crate) spec: ClusterSpec,
    /// When everything was issued, Unix seconds: the same for every fault, so that only what the fault changes differs.
    pub(crate) now: i64,
    /// The files of the cluster without faults.
    sound: Rc<Folder>,
    /// What is on each machine now.
    there: Vec<BTreeMap<String, Vec<u8>>>,
    /// The command line of each component, with the program's path first.
    pub(crate) commands: BTreeMap<Place, Vec<String>>,
    kubelet_config: String,
    /// When each component was started last, of those that were since logs were forgotten.
    started: RefCell<BTreeMap<Place, SystemTime>>,
    /// When logs were emptied.
    pub(crate) emptied: Cell<SystemTime>,
    /// Whether etcd that is called speaks plain HTTP.
    pub(crate) plain_etcd: bool,
    /// The kubeconfig of an administrator.
    pub(crate) admin: String,
    _lan: Lan,
    _scratch: Scratch,
}

impl Stand {
    /// Makes the machines of a scene; nothing runs yet.
    pub(crate) fn of(name: &str, scene: &Scene) -> Self {
        let mut draft = design::draft(scene.design);
        draft.set_text(Field::KubernetesVersion, images::version());
        draft.nodes.truncate(scene.machines);
        if scene.machines == 1 {
            draft.set_text(Field::ControlPlaneEndpoint, "");
        }
        let scratch = Scratch::new(name);
        let export = Export::of_draft(name, &draft, scratch.path());
        let spec = design::spec(&draft);
        let mut lan = Lan::start();
        let machines: Vec<Machine> = spec.nodes.iter().map(|node| Machine::start(&node.name)).collect();
        for (machine, node) in machines.iter().zip(&spec.nodes) {
            lan.join(machine, &node.addresses);
        }
        // Each knows its own name alone: nobody says that there is a DNS in which others find it.
        for (machine, node) in machines.iter().zip(&spec.nodes) {
            let own: String = node.addresses.iter().map(|address| format!("{address} {}\n", node.name)).collect();
            machine.write("/etc/hosts", format!("127.0.0.1 localhost\n{own}"));
        }
        let runs = |component: &str| scene.runs.contains(&component);
        let now = clock::now();
        let sound = Rc::new(stage::issued(&Stage::new(&spec), now));
        let mut commands: BTreeMap<Place, Vec<String>> = BTreeMap::new();
        let started = |component: &str, line: String| -> Vec<String> {
            format!("/usr/local/bin/{component} {line}").split_whitespace().map(str::to_owned).collect()
        };
        for component in ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] {
            for index in (0..machines.len()).filter(|index| runs(component) && (component == "etcd" || *index == 0)) {
                let flags = manifest::flags(&export, index, component);
                let words: Vec<String> = flags.iter().map(|(name, value)| format!("--{name}={value}")).collect();
                commands.insert((index, component), started(component, words.join(" ")));
            }
        }
        let (first, name) = (&machines[0], &spec.nodes[0].name);
        let kubeconfig = |id: &str| export.plan.kubeconfigs(id).next().map(|file| file.path.clone());
        let admin = kubeconfig("super-admin.conf").or_else(|| kubeconfig("admin.conf")).expect("somebody administers");
        let mut kubelet_config = String::new();
        if runs("kubelet") {
            first.sh("systemctl start containerd").good();
            let config = export.folder.join(format!("manifests/{name}/kubelet-config.yaml"));
            kubelet_config = fs::read_to_string(config).expect("the export has it");
            first.write("/var/lib/kubelet/config.yaml", &kubelet_config);
            let own = kubeconfig("kubelet.conf").expect("the kubelet has its own");
            let line = format!(
                "--config=/var/lib/kubelet/config.yaml --kubeconfig={own} \
                 --container-runtime-endpoint=unix:///run/containerd/containerd.sock"
            );
            commands.insert((0, "kubelet"), started("kubelet", line));
        }
        if runs("kube-proxy")
            && let Some(own) = kubeconfig("kube-proxy")
        {
            let line = format!("--kubeconfig={own} --hostname-override={name}");
            commands.insert((0, "kube-proxy"), started("kube-proxy", line));
        }
        if runs(extension::SERVER) {
            let line = |line: &str| line.split_whitespace().map(str::to_owned).collect();
            commands.insert((0, extension::ETCD), line(extension::ETCD_COMMAND));
            commands.insert((0, extension::SERVER), line(&extension::command(&admin)));
        }
        let there = vec![BTreeMap::new(); machines.len()];
        let plain_etcd = false;
        Self {
            machines,
            spec,
            now,
            sound,
            there,
            commands,
            kubelet_config,
            started: RefCell::default(),
            emptied: Cell::new(SystemTime::now()),
            plain_etcd,
            admin,
            _lan: lan,
            _scratch: scratch,
        }
    }

    /// The machine on which everything runs.
    pub(crate) fn machine(&self) -> &Machine {
        &self.machines[0]
    }

    /// Puts the files of a stage on the machines.
    pub(crate) fn install(&mut self, folder: &Folder) {
        for node in 0..self.machines.len() {
            let changed = self.would_change(node, folder);
            let wanted = self.wanted(node, folder);
            for path in &changed {
                let Some((mode, bytes)) = wanted.get(path) else {
                    self.machines[node].sh(&format!("rm -f {path}")).good();
                    continue;
                };
                self.machines[node].write_with_mode(path, bytes, *mode);
            }
            self.there[node] = wanted.into_iter().map(|(path, (_, bytes))| (path, bytes.to_vec())).collect();
        }
    }

    /// The files without faults.
    pub(crate) fn sound(&self) -> Rc<Folder> {
        Rc::clone(&self.sound)
    }

    /// The name of a node.
    pub(crate) fn node(&self, node: usize) -> &str {
        &self.spec.nodes[node].name
    }

    /// Its address.
    pub(crate) fn address(&self, node: usize) -> String {
        self.spec.nodes[node].advertise().to_string()
    }

    /// The paths of files that are on a machine now and differ in a folder, as the machine calls them.
    pub(crate) fn would_change(&self, node: usize, folder: &Folder) -> BTreeSet<String> {
        let wanted = self.wanted(node, folder);
        let there = &self.there[node];
        let gone = there.keys().filter(|path| !wanted.contains_key(*path));
        let other = wanted.iter().filter(|(path, (_, bytes))| there.get(*path).is_none_or(|there| there != bytes));
        gone.chain(other.map(|(path, _)| path)).cloned().collect()
    }

    /// The files of a machine among those of a cluster, by their paths there; on the first also those of no node. What a
    /// process read before its file was replaced stands in the file's place: it never looks at it again.
    fn wanted<'f>(&self, node: usize, folder: &'f Folder) -> BTreeMap<String, (u32, &'f [u8])> {
        let prefix = format!("nodes/{}", self.node(node));
        let named = |path: &str| match path.strip_prefix(&prefix).filter(|rest| rest.starts_with('/')) {
            Some(rest) => Some(rest.to_owned()),
            None => (node == 0 && !path.starts_with("nodes/")).then(|| format!("/{path}")),
        };
        let of = |is_loaded: bool| {
            let files = folder.iter().filter(move |(path, _)| path.starts_with("loaded/") == is_loaded);
            files.map(|(path, (mode, bytes))| (path.strip_prefix("loaded/").unwrap_or(path), (*mode, bytes.expose())))
        };
        of(false).chain(of(true)).filter_map(|(path, file)| Some((named(path)?, file))).collect()
    }

    /// Stops a component.
    pub(crate) fn stop(&self, (node, component): Place) {
        self.machines[node].sh(&format!("systemctl stop {component}")).good();
    }

    /// Whether a component is started with a file, or reads it by its configuration.
    pub(crate) fn uses(&self, place: Place, path: &str) -> bool {
        let named = |text: &str| text.split(['=', ' ', '\n', '"']).any(|word| word == path);
        self.commands[&place].iter().any(|word| named(word))
            || place.1 == "kubelet" && (named(&self.kubelet_config) || path.starts_with("/var/lib/kubelet/pki/"))
    }

    /// Starts a component with a new log. A pair that is not there is not named either: what a file that is missing leads to
    /// is another fault.
    pub(crate) fn start(&self, place: Place) {
        self.start_with(place, &[]);
    }

    /// The same with flags beside its own.
    pub(crate) fn start_with(&self, place: Place, more: &[&str]) {
        let (node, component) = place;
        let machine = &self.machines[node];
        let is_there = |word: &&String| match word.split_once('=') {
            Some((_, path)) => !self.is_of_sound(node, path) || self.there[node].contains_key(path),
            None => true,
        };
        let words = self.commands[&place].iter().filter(is_there).cloned();
        let mut words: Vec<String> = words.chain(more.iter().map(|word| (*word).to_owned())).collect();
        // Of several members the first calls the others.
        if self.plain_etcd && component == "etcd" && (self.machines.len() == 1 || node > 0) {
            let listens = words
                .iter_mut()
                .filter(|word| word.starts_with("--listen-client-urls=") || word.starts_with("--listen-peer-urls="));
            listens.for_each(|word| *word = word.replace("https://", "http://"));
        }
        let unit = format!("[Service]\nExecStart={}\n", words.join(" "));
        machine.write(&format!("/etc/systemd/system/{component}.service"), unit);
        machine.write(&log_of(component), "");
        // A kubelet that once started goes on with what it rotated to, whatever its kubeconfig says since.
        machine.sh("rm -f /var/lib/kubelet/pki/kubelet-client-*").good();
        self.started.borrow_mut().insert(place, SystemTime::now());
        machine.sh(&format!("systemctl start {component}")).good();
    }

    /// When a component was started last; nothing where it runs since before logs were forgotten.
    pub(crate) fn started(&self, place: Place) -> Option<SystemTime> {
        self.started.borrow().get(&place).copied()
    }

    /// The components that run here, in the order in which they start.
    pub(crate) fn places(&self) -> Vec<Place> {
        let of = |component: &'static str| (0..self.machines.len()).map(move |node| (node, component));
        let all = COMPONENTS.iter().flat_map(|component| of(component));
        all.filter(|place| self.commands.contains_key(place)).collect()
    }

    /// Whether a component runs here at all.
    pub(crate) fn has(&self, component: &str) -> bool {
        self.commands.keys().any(|(_, one)| *one == component)
    }

    fn is_of_sound(&self, node: usize, path: &str) -> bool {
        self.sound.contains_key(&format!("nodes/{}{path}", self.node(node)))
    }

    /// What a component printed since it was started or since the round began, whichever was later.
    pub(crate) fn log(&self, (node, component): Place) -> String {
        self.machines[node].read(&log_of(component))
    }

    /// Forgets what was printed so far.
    pub(crate) fn forget_logs(&self) {
        self.started.borrow_mut().clear();
        self.emptied.set(SystemTime::now());
        // Emptied, not removed: they stay open, for appending.
        for machine in &self.machines {
            machine.sh("for log in /var/log/units/*.log; do : >\"$log\"; done").good();
        }
    }

    /// Whether it still runs.
    pub(crate) fn runs(&self, (node, component): Place) -> bool {
        self.machines[node].path(&format!("/run/units/{component}.main")).exists()
    }

    /// What every machine printed last, for the report of a run that fails.
    pub(crate) fn logs(&self) -> String {
        self.machines.iter().map(Machine::logs).collect()
    }

    /// Waits until something holds, or the time is over; whether it holds.
    pub(crate) fn wait(&self, seconds: f32, mut holds: impl FnMut() -> bool) -> bool {
        let end = Instant::now() + Duration::from_secs_f32(seconds);
        loop {
            if holds() {
                return true;
            }
            if Instant::now() > end {
                return false;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// What kubectl says to an administrator whom every API server lets in.
    pub(crate) fn kubectl(&self, words: &str) -> Said {
        self.machine().sh_within(&format!("{} {words}", as_sound()), 30)
    }

    /// Makes a pod of which logs can be asked.
    pub(crate) fn with_a_pod(&self) {
        self.machine().write("/root/pod.yaml", POD.replace("NODE", self.node(0)));
        self.kubectl("apply --filename /root/pod.yaml").good();
    }

    /// Puts the files without faults on the machine, and beside them what [`SOUND`] is.
    pub(crate) fn install_sound(&mut self) {
        let sound = self.sound();
        self.install(&sound);
        self.machine().sh(&format!("grep -v certificate-authority-data {} >{SOUND}", self.admin)).good();
    }
}

/// kubectl as an administrator whom every API server lets in, whatever it shows.
pub(crate) fn as_sound() -> String {
    format!("kubectl --kubeconfig {SOUND} --insecure-skip-tls-verify")
}

fn log_of(component: &str) -> String {
    format!("/var/log/units/{component}.log")
}
