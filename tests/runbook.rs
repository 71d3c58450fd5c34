//! The steps of an export: in an order in which each can be done, of commands that a shell reads, about files that are
//! there. Whether they lead to a cluster is for Kubernetes to say.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};

use kubepki_core::spec::{
    CaKeys, EtcdMode, Field, KeyAlgorithm, KubeletServing, LayoutId, NodeDraft, Start, preset::PRESETS,
};
use kubepki_core::{Draft, Plan};
use kubepki_issuance::archive::{self, Fact, Meta, On, Selection, Step};
use kubepki_issuance::{Pki, PrivateKey, Secret, draw_serials, issue};
use support::runbook::{self as read, On as Place};
use support::{design, stage};

/// Texts of a part by their paths.
type Texts = BTreeMap<String, String>;

/// A design's export, with keys that are made in no time, and once.
struct Made {
    name: String,
    draft: Draft,
    pki: Pki,
    texts: Mutex<Vec<(Selection, &'static Texts)>>,
}

/// The key with this number.
fn key(number: usize) -> PrivateKey {
    static MADE: Mutex<Vec<Secret>> = Mutex::new(Vec::new());
    let mut made = MADE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    while made.len() <= number {
        let mut entropy = stage::entropy();
        entropy(&mut vec![0; 48 * made.len() + 1]).expect("bytes");
        let key = PrivateKey::generate_ecdsa(KeyAlgorithm::EcdsaP256, &mut entropy).expect("a key");
        made.push(key.der().duplicate());
    }
    PrivateKey::from_own_der(made[number].duplicate()).expect("its own key")
}

impl Made {
    fn of(name: &str, mut draft: Draft) -> Self {
        draft.set_text(Field::KeysCa, "ECDSA-P256");
        draft.set_text(Field::KeysLeaf, "ECDSA-P256");
        let plan = kubepki_core::plan::plan(&design::spec(&draft));
        let keys = (0..plan.certs.len()).map(key).collect();
        let serials = draw_serials(&plan, &mut stage::entropy()).expect("serials");
        let pki = issue(plan, keys, serials, stage::NOW).expect("a PKI");
        Self { name: name.to_owned(), draft, pki, texts: Mutex::default() }
    }

    fn texts(&self, selection: Selection) -> &'static Texts {
        let mut made = self.texts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some((_, texts)) = made.iter().find(|(one, _)| *one == selection) {
            return texts;
        }
        let meta = Meta { draft: &self.draft, tool_version: "0.0.0", build: "test" };
        let entries = archive::entries(&self.pki, meta, selection);
        let texts: Texts = entries
            .filter_map(|entry| Some((entry.path, String::from_utf8(entry.bytes?.expose().to_vec()).expect("a text"))))
            .collect();
        let texts: &'static Texts = Box::leak(Box::new(texts));
        made.push((selection, texts));
        texts
    }

    fn plan(&self) -> &Plan {
        &self.pki.plan
    }

    /// What steps name: a node's index as its name.
    fn names(&self, nodes: &[usize]) -> Vec<String> {
        nodes.iter().map(|&node| self.plan().spec.nodes[node].name.clone()).collect()
    }
}

/// Every preset with every way to start it that there is, and every design of the tests.
fn made() -> &'static [Made] {
    static MADE: OnceLock<Vec<Made>> = OnceLock::new();
    MADE.get_or_init(make)
}

fn make() -> Vec<Made> {
    let mut all = Vec::new();
    for preset in PRESETS {
        for start in Start::ALL {
            for client in ["issued", "bootstrap"] {
                for keys in CaKeys::ALL {
                    for serving in KubeletServing::ALL {
                        let mut draft = preset.draft();
                        draft.set_text(Field::Start, start.word());
                        draft.set_text(Field::KubeletClient, client);
                        draft.set_text(Field::CaKeys, keys.word());
                        draft.set_text(Field::KubeletServing, serving.word());
                        let name =
                            format!("{} {} {client} {} {}", preset.name, start.word(), keys.word(), serving.word());
                        if kubepki_core::spec::parse(&draft).0.is_some() {
                            all.push(Made::of(&name, draft));
                        }
                    }
                }
            }
        }
    }
    all.extend(design::all().into_iter().map(|name| Made::of(&name, design::draft(&name))));
    // An etcd host that is a control plane as well, and more machines than a heading names.
    let mut mixed = PRESETS[2].draft();
    mixed.nodes[0].roles.push("etcd".into());
    all.push(Made::of("mixed", mixed));
    let mut many = PRESETS[1].draft();
    many.nodes.extend((2..12).map(|number| NodeDraft {
        name: format!("w-{number}"),
        addresses: vec![format!("10.0.1.{number}")],
        roles: vec!["worker".into()],
    }));
    all.push(Made::of("many", many));
    let all_starts = |start, etcd, layout| {
        all.iter().any(|one| {
            let spec = &one.plan().spec;
            (spec.start, spec.etcd_mode, spec.layout) == (start, etcd, layout)
        })
    };
    for etcd in [EtcdMode::Stacked, EtcdMode::External] {
        assert!(
            all_starts(Start::Kubeadm, etcd, LayoutId::Kubeadm) && all_starts(Start::Manual, etcd, LayoutId::Kubeadm)
        );
        assert!(all_starts(Start::Manual, etcd, LayoutId::Course));
    }
    all
}

const PARTS: [Selection; 2] = [Selection::Whole, Selection::WithoutCaKeys];

#[test]
fn every_step_has_what_it_needs_from_those_before() {
    for one in made() {
        for part in PARTS {
            let steps = archive::runbook(one.plan(), part);
            let mut facts = Vec::<Fact>::new();
            for step in &steps {
                let missing: Vec<_> = step.needs.iter().filter(|fact| !facts.contains(fact)).collect();
                assert!(
                    missing.is_empty(),
                    "{} {part:?}: step {} {:?} lacks {missing:?}",
                    one.name,
                    step.number,
                    step.title
                );
                facts.extend(&step.gives);
            }
            assert_eq!(steps.iter().map(|step| step.number).collect::<Vec<_>>(), (1..=steps.len()).collect::<Vec<_>>());
        }
    }
}

/// The order that the facts are for, seen without them.
#[test]
fn etcd_runs_before_what_needs_it_and_members_start_together() {
    for one in made() {
        let spec = &one.plan().spec;
        let steps = archive::runbook(one.plan(), Selection::Whole);
        let place = |sign: &str| steps.iter().position(|step| step.commands.iter().any(|line| line.contains(sign)));
        let etcd = place("etcd.service").or_else(|| place("etcd.yaml"));
        let api = place("kubeadm init")
            .or_else(|| place("kube-apiserver.service"))
            .or_else(|| place("manifests/$NODE/kube-*"));
        let api = api.or_else(|| place("/kube-*.yaml")).expect("an API server is started");
        if let Some(etcd) = etcd {
            assert!(etcd <= api, "{}: etcd {etcd}, API server {api}", one.name);
            let members: Vec<usize> =
                (0..spec.nodes.len()).filter(|&node| spec.is_etcd_member(&spec.nodes[node])).collect();
            assert_eq!(steps[etcd].on, On::Each(members), "{}", one.name);
        }
        if let Some(rights) = place("rbac.yaml") {
            assert!(rights > api && one.texts(Selection::Whole).contains_key("rbac.yaml"), "{}", one.name);
        }
        assert_eq!(place("rbac.yaml").is_some(), one.texts(Selection::Whole).contains_key("rbac.yaml"), "{}", one.name);
    }
}

#[test]
fn the_readme_reads_back_as_the_same_steps() {
    for one in made() {
        for part in PARTS {
            let said = read::steps(&one.texts(part)["README.md"]);
            let steps = archive::runbook(one.plan(), part);
            assert_eq!(said.len(), steps.len(), "{}", one.name);
            for (said, step) in said.iter().zip(&steps) {
                same(one, said, step);
            }
        }
    }
}

/// What the page shows before anything is generated is the text of the README that is made afterwards.
#[test]
fn the_plan_alone_tells_what_the_readme_says() {
    for one in made() {
        for part in PARTS.into_iter().chain([Selection::Node(0)]) {
            let told = archive::what_to_do(one.plan(), part, stage::NOW);
            assert!(told.contains("\n## Step by step\n") && told.contains("\nCheck: "), "{} {part:?}", one.name);
            assert!(one.texts(part)["README.md"].contains(&told), "{} {part:?}:\n{told}", one.name);
        }
        assert!(archive::what_to_do(one.plan(), Selection::CaKeys, stage::NOW).is_empty());
    }
}

fn same(made: &Made, said: &read::Step, step: &Step) {
    let text = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let on = match &step.on {
        On::Here => Place::Here,
        On::Each(nodes) => Place::Each(made.names(nodes)),
        On::Turn(nodes) => Place::Turn(made.names(nodes)),
    };
    let step = read::Step {
        number: step.number,
        on,
        title: step.title.clone(),
        commands: text(&step.commands),
        prints: step.prints.map(str::to_owned),
        takes: step.takes.map(str::to_owned),
        shows: step.shows.clone(),
        check: text(&step.check),
    };
    assert_eq!(*said, step, "{}", made.name);
}

/// A bundle's README is its node's part of the whole, and names the node where the whole speaks of several.
#[test]
fn a_bundle_has_the_steps_of_its_node() {
    for one in made() {
        let whole = read::steps(&one.texts(Selection::Whole)["README.md"]);
        let first_and_last = [0, one.plan().spec.nodes.len() - 1];
        for node in BTreeSet::from(first_and_last) {
            let name = &one.plan().spec.nodes[node].name;
            let own = read::steps(&one.texts(Selection::Node(node))["README.md"]);
            let mine: Vec<&read::Step> = whole.iter().filter(|step| step.on.machines().contains(name)).collect();
            assert_eq!(own.len(), mine.len(), "{} {name}", one.name);
            for (own, mine) in own.iter().zip(mine) {
                assert_eq!((own.number, &own.title, &own.takes), (mine.number, &mine.title, &mine.takes));
                assert_eq!(own.on, Place::Each(vec![name.clone()]));
                let named = mine.commands.replace("export NODE=$(uname -n)\n", "").replace("$NODE", name);
                assert_eq!(own.commands, named, "{} {name}", one.name);
                assert!(!own.check.contains("$NODE"), "{}", own.check);
            }
        }
    }
}

/// The paths of an export that lines name, as seen from its top folder. Those below `~` are of the bundle.
fn named(lines: &str) -> Vec<String> {
    let words = lines.split([' ', '\n', '"', '\'', '(', ')', ';', '>', '<']);
    let begins = ["manifests/", "kubeadm/", "./", "rbac.yaml"];
    words.filter(|word| begins.iter().any(|begin| word.starts_with(begin))).map(str::to_owned).collect()
}

#[test]
fn every_file_that_a_command_names_is_in_the_bundle_of_the_machine() {
    for one in made() {
        for part in PARTS {
            let steps = archive::runbook(one.plan(), part);
            let mut seen = 0;
            for step in &steps {
                for &node in step.on.machines() {
                    let name = &one.plan().spec.nodes[node].name;
                    let files = one.texts(Selection::Node(node));
                    let lines = step.commands.iter().chain(&step.check);
                    for line in lines.filter(|line| !line.contains("/etc/kubernetes") || line.starts_with("cp ")) {
                        for path in named(&line.replace("$NODE", name)) {
                            let path = path.trim_start_matches("./");
                            // What a step that is run in /etc/kubernetes calls so.
                            if step.commands.iter().any(|line| line == "cd /etc/kubernetes") || path == "manifests/" {
                                continue;
                            }
                            let there = match path.split_once('*') {
                                Some((begin, end)) => {
                                    files.keys().any(|file| file.starts_with(begin) && file.ends_with(end))
                                }
                                None => files.contains_key(path),
                            };
                            assert!(there, "{} {part:?}: step {} on {name}: {path}", one.name, step.number);
                            seen += 1;
                        }
                    }
                }
            }
            assert!(seen > 2 * one.plan().spec.nodes.len(), "{}: paths were looked at", one.name);
        }
    }
}

/// Files of nodes that are read or wiped where they are installed.
#[test]
fn every_installed_file_that_a_command_names_is_installed() {
    for one in made() {
        let plan = one.plan();
        for step in archive::runbook(one.plan(), Selection::Whole) {
            let lines = [step.commands.join("\n"), step.check.join("\n")].join("\n");
            for flag in [
                "--kubeconfig ",
                "--cacert ",
                "--cert ",
                "--key ",
                "-CAfile ",
                "--certificate-authority ",
                "shred -u /",
            ] {
                for rest in lines.split(flag).skip(1) {
                    let path = rest.split([' ', '\n', '\'']).next().unwrap_or_default();
                    let path = if flag.ends_with('/') { format!("/{path}") } else { path.to_owned() };
                    // What a kubelet writes itself, or the step does.
                    if path.contains("kubelet") || path == "/dev/null" || path.starts_with("{}") {
                        continue;
                    }
                    for &node in step.on.machines() {
                        let root = kubepki_core::plan::Root::Node(node);
                        let there = plan.files.iter().any(|file| file.root == root && file.path == path);
                        assert!(there, "{}: step {} on node {node}: {flag}{path}", one.name, step.number);
                    }
                }
            }
        }
    }
}

/// A shell reads each block, and what waits has a bound.
#[test]
fn every_block_is_a_script_that_ends() {
    let mut blocks = BTreeSet::new();
    for one in made() {
        for part in PARTS.into_iter().chain([Selection::Node(0)]) {
            for step in read::steps(&one.texts(part)["README.md"]) {
                blocks.extend([step.commands, step.check]);
            }
        }
    }
    for block in &blocks {
        let mut shell = Command::new("sh").arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("sh");
        std::io::Write::write_all(&mut shell.stdin.take().expect("a pipe"), block.as_bytes()).expect("sh reads");
        let said = shell.wait_with_output().expect("sh ends");
        assert!(said.status.success(), "{}\n{block}", String::from_utf8_lossy(&said.stderr));
        for line in block.lines().filter(|line| line.contains("until ")) {
            assert!(line.trim_start().starts_with("timeout "), "{line}");
        }
        assert!(!block.contains("PUT-") || block.contains("sed "), "what a command can fill in: {block}");
    }
    assert!(blocks.len() > 100, "{}", blocks.len());
}

/// Nothing but the names of variables goes from machine to machine, and each is printed before it is taken.
#[test]
fn what_is_taken_was_printed() {
    for one in made() {
        let steps = read::steps(&one.texts(Selection::Whole)["README.md"]);
        let mut known = BTreeSet::new();
        for step in &steps {
            assert!(step.takes.iter().all(|name| known.contains(name)), "{}: {step:?}", one.name);
            let uses = step.commands.contains("TOKEN") && step.prints.is_none();
            assert_eq!(uses, step.takes.is_some(), "{}: {step:?}", one.name);
            known.extend(step.prints.clone());
        }
    }
}
