//! A machine of namespaces: a root, a name, processes and a network of its own, which go when it is dropped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::images;
use crate::program::{Said, run_with};
use crate::scratch::Scratch;
use crate::tool::KUBERNETES;

/// Where programs are on a machine.
const PATH: &str = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Longer than a command of a runbook may take.
const SECONDS: u64 = 300;

/// A machine that runs.
#[derive(Debug)]
pub struct Machine {
    /// Its host name.
    pub name: String,
    /// The first of its processes, as this computer counts them.
    process: u32,
    unshare: Child,
    /// Its part of each cgroup hierarchy, of which kubelets on one kernel want one each.
    cgroup: String,
    _folder: Scratch,
}

impl Machine {
    /// Starts an empty one, with a network device for nobody but itself.
    ///
    /// # Panics
    /// When this computer has no namespaces, or not for this user.
    pub fn start(name: &str) -> Self {
        let folder = Scratch::new(name);
        let script = folder.write("machine.sh", include_str!("machine.sh"));
        let work = folder.join("machine");
        fs::create_dir(&work).expect("the scratch folder is there");
        // It dies with the thread that started it, even when that is killed, and takes its processes along.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "unshare"]);
        command.args(["--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--", "sh"]).arg(&script);
        command.arg(name).arg(&work).arg(KUBERNETES.path()).arg(images::programs());
        command.env_clear().env("PATH", PATH).stdin(Stdio::null());
        let log = fs::File::create(folder.join("log")).expect("the scratch folder is there");
        command.stdout(log.try_clone().expect("it is open")).stderr(log);
        let unshare = command.spawn().unwrap_or_else(|error| panic!("unshare: {error}"));
        let cgroup = format!("kubepki-{}-{name}", unshare.id());
        let mut machine = Self { name: name.to_owned(), process: 0, unshare, cgroup, _folder: folder };
        machine.wait_until_it_is_up();
        machine.make_cgroups();
        machine.equip();
        machine
    }

    fn wait_until_it_is_up(&mut self) {
        let end = Instant::now() + Duration::from_secs(20);
        let parent = self.unshare.id();
        loop {
            let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
            if let Some(child) = children.split_whitespace().next().and_then(|number| number.parse().ok()) {
                let program = fs::read_to_string(format!("/proc/{child}/comm")).unwrap_or_default();
                if program.trim() == "pause" {
                    self.process = child;
                    return;
                }
            }
            let log = || fs::read_to_string(self._folder.join("log")).unwrap_or_default();
            assert!(self.unshare.try_wait().ok().flatten().is_none(), "{}: no machine: {}", self.name, log());
            assert!(Instant::now() < end, "{}: no machine after 20 s: {}", self.name, log());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// In each hierarchy of version 1, or in the one of version 2. What a machine left whose process was killed goes first.
    fn make_cgroups(&self) {
        for hierarchy in hierarchies() {
            for entry in fs::read_dir(&hierarchy).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let process = name.strip_prefix("kubepki-").and_then(|rest| rest.split('-').next());
                if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
                    remove_cgroup(&entry.path());
                }
            }
            let folder = hierarchy.join(&self.cgroup);
            // A new part of `cpuset` has no processors unless it inherits them.
            let _ = fs::write(hierarchy.join("cgroup.clone_children"), "1");
            let _ = fs::create_dir(&folder);
            let _ = fs::write(folder.join("cgroup.clone_children"), "1");
            if let Ok(controllers) = fs::read_to_string(folder.join("cgroup.controllers")) {
                for controller in controllers.split_whitespace() {
                    let _ = fs::write(folder.join("cgroup.subtree_control"), format!("+{controller}"));
                }
            }
        }
    }

    /// What a package of the kubelet brings, and what this machine wants of it: no systemd, and its own part of the cgroups.
    fn equip(&self) {
        self.write("/usr/lib/systemd/system/containerd.service", include_str!("containerd.service"));
        self.write("/usr/lib/systemd/system/kubelet.service", include_str!("kubelet.service"));
        let sandbox = images::names().iter().find(|name| name.contains("/pause:")).expect("kubeadm wants a pause");
        self.write("/etc/containerd/config.toml", include_str!("containerd.toml").replace("PAUSE", sandbox));
        let kubelet = include_str!("kubelet.sh").replace("CGROUP", &self.cgroup);
        self.write("/usr/local/bin/kubelet", &kubelet);
        self.write("/usr/local/bin/kubeadm", include_str!("kubeadm.sh"));
        self.sh("chmod 755 /usr/local/bin/kubelet /usr/local/bin/kubeadm").good();
    }

    /// The first of its processes, as this computer counts them.
    pub(super) fn process(&self) -> u32 {
        self.process
    }

    /// The machine's root folder, as this computer sees it.
    pub fn root(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root", self.process))
    }

    /// A path of the machine, as this computer sees it.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path.trim_start_matches('/'))
    }

    /// Writes a file there.
    ///
    /// It goes through a process of the machine: seen from here, a link to an absolute path would lead out of it.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        self.write_with_mode(path, text, 0o644);
    }

    /// The same with another mode.
    pub fn write_with_mode(&self, path: &str, text: impl AsRef<[u8]>, mode: u32) {
        let script = "mkdir -p \"$(dirname \"$0\")\" && cat >\"$0\" && chmod \"$1\" \"$0\"";
        run_with(&mut self.command(&["sh", "-c", script, path, &format!("{mode:o}")]), text.as_ref(), 20).good();
    }

    /// What a file there says; nothing where it is not.
    pub fn read(&self, path: &str) -> String {
        fs::read(self.path(path)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Copies a folder there with its modes.
    pub fn bring(&self, folder: &Path, to: &str) {
        crate::scratch::copy(folder, &self.path(to));
    }

    /// A command that runs there.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        command.arg("--target").arg(self.process.to_string());
        command.args(["--mount", "--uts", "--net", "--pid", "--"]).args(words);
        command.env_clear().env("PATH", PATH).env("HOME", "/root").env("LC_ALL", "C");
        command
    }

    /// The process of a component there, as the machine counts it: of a service, or of a container, whose processes it sees.
    pub fn process_of(&self, component: &str) -> Option<u32> {
        let processes = fs::read_dir(self.path("/proc")).into_iter().flatten().flatten();
        let mut numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        numbers.find(|number| {
            let line = self.read(&format!("/proc/{number}/cmdline"));
            // Ours is one program of many names, of which its first argument may be one.
            let mut words = line.split('\0').map(|word| word.rsplit('/').next().unwrap_or_default());
            match words.next() {
                Some("components") => words.next() == Some(component),
                first => first == Some(component),
            }
        })
    }

    /// Runs what a person would type there as root, at most so long as a step of a runbook may take.
    pub fn sh(&self, script: &str) -> Said {
        self.sh_within(script, SECONDS)
    }

    /// The same, with another bound, in seconds.
    pub fn sh_within(&self, script: &str, seconds: u64) -> Said {
        run_with(&mut self.command(&["sh", "-c", script]), &[], seconds)
    }

    /// What its services printed, each with its name, and its containers.
    pub fn logs(&self) -> String {
        let said = self.sh("tail -n 40 /var/log/units/*.log /var/log/pods/*/*/*.log 2>/dev/null");
        format!("==== {} ====\n{}", self.name, said.out)
    }
}

/// The roots of the cgroup hierarchies.
fn hierarchies() -> Vec<PathBuf> {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let found = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let cgroups = found.filter(|fields| fields.get(2).is_some_and(|kind| kind.starts_with("cgroup")));
    cgroups.map(|fields| PathBuf::from(fields[1])).collect()
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.unshare.kill();
        let _ = self.unshare.wait();
        // A cgroup can go once its last process has.
        let end = Instant::now() + Duration::from_secs(5);
        for hierarchy in hierarchies() {
            let folder = hierarchy.join(&self.cgroup);
            while folder.exists() && Instant::now() < end {
                remove_cgroup(&folder);
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// Removes a cgroup and those below it; their files go with them.
fn remove_cgroup(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_cgroup(&entry.path());
        }
    }
    let _ = fs::remove_dir(folder);
}
