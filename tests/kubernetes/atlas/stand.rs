//! A machine on which every component of a one-node cluster runs, started with the flags of the export, on files with faults.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::{Duration, Instant};
use std::{fs, thread};

use kubepki_core::ClusterSpec;
use kubepki_core::spec::Field;
use kubepki_rehearsal::{Folder, Stage};
use support::cluster::{Lan, Machine, images};
use support::export::Export;
use support::scratch::Scratch;
use support::{clock, design, manifest, stage};

/// Components in the order in which they start; a layout need not have the last.
pub(crate) const COMPONENTS: &[&str] =
    &["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];

/// The kubeconfig of an administrator whom no fault touches, and who asks for no certificate.
pub(crate) const SOUND: &str = "/root/sound.conf";

/// The machine, and what it stands on.
pub(crate) struct Stand {
    pub(crate) machine: Machine,
    pub(crate) spec: ClusterSpec,
    /// When everything was issued, Unix seconds: the same for every fault, so that only what the fault changes differs.
    pub(crate) now: i64,
    node: String,
    /// The files of the cluster without faults.
    sound: Rc<Folder>,
    /// What is on the machine now.
    there: BTreeMap<String, Vec<u8>>,
    /// The command line of each component.
    commands: BTreeMap<&'static str, Vec<String>>,
    kubelet_config: String,
    /// The kubeconfig of an administrator.
    pub(crate) admin: String,
    _lan: Lan,
    _scratch: Scratch,
}

impl Stand {
    /// Makes the machine of a design's first node, alone; nothing runs yet.
    pub(crate) fn of(name: &str, of: &str) -> Self {
        let mut draft = design::draft(of);
        draft.set_text(Field::KubernetesVersion, images::version());
        draft.nodes.truncate(1);
        draft.set_text(Field::ControlPlaneEndpoint, "");
        let scratch = Scratch::new(name);
        let export = Export::of_draft(name, &draft, scratch.path());
        let spec = design::spec(&draft);
        let node = spec.nodes[0].clone();
        let mut lan = Lan::start();
        let machine = Machine::start(&node.name);
        lan.join(&machine, &node.addresses);
        machine.write("/etc/hosts", format!("127.0.0.1 localhost\n{}", lan.hosts()));
        machine.sh("systemctl start containerd").good();
        let now = clock::now();
        let sound = Rc::new(stage::issued(&Stage::new(&spec), now));
        let mut commands = BTreeMap::new();
        for component in COMPONENTS.iter().filter(|component| !["kubelet", "kube-proxy"].contains(*component)) {
            let flags = manifest::flags(&export, 0, component);
            let words = flags.iter().map(|(name, value)| format!("--{name}={value}"));
            commands.insert(*component, std::iter::once((*component).to_owned()).chain(words).collect());
        }
        let config = export.folder.join(format!("manifests/{}/kubelet-config.yaml", node.name));
        let kubelet_config = fs::read_to_string(config).expect("the export has it");
        machine.write("/var/lib/kubelet/config.yaml", &kubelet_config);
        let kubeconfig = |id: &str| export.plan.kubeconfigs(id).next().map(|file| file.path.clone());
        let mut add = |component: &'static str, line: String| {
            commands.insert(component, line.split(' ').map(str::to_owned).collect());
        };
        let own = kubeconfig("kubelet.conf").expect("the kubelet has its own");
        add(
            "kubelet",
            format!(
                "kubelet --config=/var/lib/kubelet/config.yaml --kubeconfig={own} \
                 --container-runtime-endpoint=unix:///run/containerd/containerd.sock"
            ),
        );
        if let Some(own) = kubeconfig("kube-proxy") {
            add("kube-proxy", format!("kube-proxy --kubeconfig={own} --hostname-override={}", node.name));
        }
        let admin = kubeconfig("super-admin.conf").or_else(|| kubeconfig("admin.conf")).expect("somebody administers");
        let there = BTreeMap::new();
        let node = node.name;
        Self { machine, spec, now, node, sound, there, commands, kubelet_config, admin, _lan: lan, _scratch: scratch }
    }

    /// Puts the files of a stage on the machine.
    pub(crate) fn install(&mut self, folder: &Folder) {
        let changed = self.would_change(folder);
        let wanted = self.wanted(folder);
        for path in &changed {
            let Some((mode, bytes)) = wanted.get(path) else {
                self.machine.sh(&format!("rm -f {path}")).good();
                continue;
            };
            self.machine.write_with_mode(path, bytes, *mode);
        }
        self.there = wanted.into_iter().map(|(path, (_, bytes))| (path, bytes.to_vec())).collect();
    }

    /// The files without faults.
    pub(crate) fn sound(&self) -> Rc<Folder> {
        Rc::clone(&self.sound)
    }

    /// The name of the node.
    pub(crate) fn node(&self) -> &str {
        &self.node
    }

    /// Its address.
    pub(crate) fn address(&self) -> String {
        self.spec.nodes[0].advertise().to_string()
    }

    /// The paths of files that are there now and differ in a folder, as the machine calls them.
    pub(crate) fn would_change(&self, folder: &Folder) -> BTreeSet<String> {
        let wanted = self.wanted(folder);
        let gone = self.there.keys().filter(|path| !wanted.contains_key(*path));
        let other = wanted.iter().filter(|(path, (_, bytes))| self.there.get(*path).is_none_or(|there| there != bytes));
        gone.chain(other.map(|(path, _)| path)).cloned().collect()
    }

    /// The files of the machine among those of a cluster, by their paths there. What a process read before its file was
    /// replaced stands in the file's place: it never looks at it again.
    fn wanted<'f>(&self, folder: &'f Folder) -> BTreeMap<String, (u32, &'f [u8])> {
        let prefix = format!("nodes/{}", self.node);
        let named = |path: &str| format!("/{}", path.strip_prefix(&prefix).unwrap_or(path).trim_start_matches('/'));
        let of = |is_loaded: bool| {
            let files = folder.iter().filter(move |(path, _)| path.starts_with("loaded/") == is_loaded);
            files.map(|(path, (mode, bytes))| (path.strip_prefix("loaded/").unwrap_or(path), (*mode, bytes.expose())))
        };
        of(false).chain(of(true)).map(|(path, file)| (named(path), file)).collect()
    }

    /// Stops a component.
    pub(crate) fn stop(&self, component: &str) {
        self.machine.sh(&format!("systemctl stop {component}")).good();
    }

    /// Whether a component is started with a file, or reads it by its configuration.
    pub(crate) fn uses(&self, component: &str, path: &str) -> bool {
        let named = |text: &str| text.split(['=', ' ', '\n', '"']).any(|word| word == path);
        self.commands[component].iter().any(|word| named(word))
            || component == "kubelet" && (named(&self.kubelet_config) || path.starts_with("/var/lib/kubelet/pki/"))
    }

    /// Starts a component with a new log. A pair that is not there is not named either: what a file that is missing leads to
    /// is another fault.
    pub(crate) fn start(&self, component: &str, more: &[&str]) {
        let is_there = |word: &&String| match word.split_once('=') {
            Some((_, path)) => !self.is_of_sound(path) || self.there.contains_key(path),
            None => true,
        };
        let words: Vec<&str> = self.commands[component].iter().filter(is_there).map(String::as_str).collect();
        let log = self.log_of(component);
        let unit = format!("[Service]\nExecStart=/usr/local/bin/{} {}\n", words.join(" "), more.join(" "));
        self.machine.write(&format!("/etc/systemd/system/{component}.service"), unit);
        self.machine.write(&log, "");
        // A kubelet that once started goes on with what it rotated to, whatever its kubeconfig says since.
        self.machine.sh("rm -f /var/lib/kubelet/pki/kubelet-client-*").good();
        self.machine.sh(&format!("systemctl start {component}")).good();
    }

    /// The components that the design has.
    pub(crate) fn components(&self) -> impl DoubleEndedIterator<Item = &'static str> + use<'_> {
        COMPONENTS.iter().copied().filter(|component| self.commands.contains_key(component))
    }

    fn is_of_sound(&self, path: &str) -> bool {
        self.sound.contains_key(&format!("nodes/{}{path}", self.node))
    }

    fn log_of(&self, component: &str) -> String {
        format!("/var/log/units/{component}.log")
    }

    /// What a component printed since it was started or since the round began, whichever was later.
    pub(crate) fn log(&self, component: &str) -> String {
        self.machine.read(&self.log_of(component))
    }

    /// Forgets what was printed so far.
    pub(crate) fn forget_logs(&self) {
        // Emptied, not removed: they stay open, for appending.
        self.machine.sh("for log in /var/log/units/*.log; do : >\"$log\"; done").good();
    }

    /// Whether it still runs.
    pub(crate) fn runs(&self, component: &str) -> bool {
        self.machine.path(&format!("/run/units/{component}.main")).exists()
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

    /// Puts the files without faults on the machine, and beside them what [`SOUND`] is.
    pub(crate) fn install_sound(&mut self) {
        let sound = self.sound();
        self.install(&sound);
        self.machine.sh(&format!("grep -v certificate-authority-data {} >{SOUND}", self.admin)).good();
    }
}
