//! `tests/kubernetes/judged.toml`: what Kubernetes' own components judged, by component and version. A run compares what it saw
//! with the file; one that records (`cargo xtask test kubernetes --record`, or a test with `KUBEPKI_RECORD=figures`, which records
//! nothing else) writes it. README says what the file says.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

use serde::Deserialize;

use crate::design::tests_folder;
use crate::programs;

/// Who judges.
struct Judge {
    /// Its name in the record.
    name: &'static str,
    /// README's name for it, with `{versions}` of Kubernetes that judged, and `{etcd}` and `{containerd}`.
    label: &'static str,
    questions: &'static [Question],
}

/// What is asked.
struct Question {
    /// Its name in the record. [`EACH`] takes every name: the figures of all of them are added up.
    name: &'static str,
    /// The sentence that README then has, with the figures of the run in braces, and how many `{names}` there are.
    sentence: &'static str,
    /// What follows where older versions were asked of fewer names, with their figures and `{versions}`.
    older: &'static str,
}

const EACH: &str = "";

const JUDGES: &[Judge] = &[
    Judge {
        name: "kubeadm",
        label: "kubeadm {versions}, built from its module",
        questions: &[
            Question {
                name: "designs",
                sentence: "beside its own `init phase certs`, `kubeconfig`, `control-plane` and `etcd`: every file, mode, name, usage, \
                           extension and its order, period, kubeconfig, flag, mount and probe, and the configuration of every \
                           node, of {designs} designs, {facts} facts",
                older: "",
            },
            Question {
                name: "drawn",
                sentence: "the same of {designs} designs more that were drawn by lot, {facts} facts",
                older: "",
            },
            Question {
                name: "kept",
                sentence: "on an export of {designs} designs it keeps every file, and lists it",
                older: "",
            },
            Question {
                name: "renewed",
                sentence: "of {designs} designs it renews each of {files} files as it is",
                older: "",
            },
            Question {
                name: "values",
                sentence: "{values} values of the table that reads its files: accepted, or refused in the same words, by its \
                           `config validate`",
                older: "",
            },
            Question {
                name: "forms",
                sentence: "{forms} forms of its files: what `config validate`, `config migrate` and `init` each say to them, and \
                           what it then takes for what the file leaves open",
                older: "",
            },
        ],
    },
    Judge {
        name: "clusters",
        label: "kube-apiserver, kube-controller-manager, kube-scheduler, kubelet and kube-proxy {versions}, etcd {etcd}, \
                containerd {containerd}, built from their modules",
        questions: &[Question {
            name: EACH,
            sentence: "whole clusters of [{names} designs](tests/kubernetes/clusters/scenarios.toml), on {machines} machines of \
                       namespaces, each made by following README.md of its export to the letter, {steps} steps in all; asked \
                       were who {kubeconfigs} kubeconfigs are and what they may, {flags} flags of what really runs, logs and \
                       exec, tokens, the front proxy, a webhook, names by CoreDNS, kubectl top by metrics-server, a person's request, renewal, upgrade",
            older: "{names} of these designs with {versions} too",
        }],
    },
    Judge {
        name: "atlas",
        label: "the same {versions}, under faults",
        questions: &[
            Question {
                name: "recorded",
                sentence: "the [atlas](docs/ATLAS.md): what each prints under every fault that files or flags bring about, {lines} lines on \
                           {connections} connections, and whether it starts",
                older: "",
            },
            Question {
                name: "otherwise",
                sentence: "at least {lines} lines that an older version prints otherwise",
                older: "",
            },
            Question { name: "compared", sentence: "{calls} calls of it are made again in every run", older: "" },
        ],
    },
    Judge {
        name: "messages",
        label: "the same programs {versions}, one by one",
        questions: &[Question {
            name: "made",
            sentence: "{messages} messages of `kubepki explain` more, each printed by its component where it is made to",
            older: "",
        }],
    },
    Judge {
        name: "reload",
        label: "the same components {versions}, while files change",
        questions: &[Question {
            name: "facts",
            sentence: "{facts} facts of which file each reads again without a restart, and how soon",
            older: "",
        }],
    },
];

/// What a component was asked in a run, and the figures of what it answered.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// The component.
    pub component: String,
    /// Its version, as it says it (`v1.37.2`).
    pub version: String,
    /// What it was asked.
    pub question: String,
    /// How much was compared, by name.
    pub figures: BTreeMap<String, usize>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// The versions of other programs that judge, by their names.
    #[serde(default)]
    programs: BTreeMap<String, String>,
    #[serde(default)]
    judged: Vec<Judged>,
}

fn path() -> PathBuf {
    tests_folder().join("kubernetes/judged.toml")
}

/// All that was recorded, in the order of versions, newest first, and of questions.
///
/// # Panics
/// Where the file cannot be read, or says of a question that is not asked.
pub fn recorded() -> Vec<Judged> {
    table().judged
}

fn table() -> Table {
    let path = path();
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let table: Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for row in &table.judged {
        assert!(place(row).is_some(), "{}: nobody asks this any more: {row:?}", path.display());
    }
    table
}

/// Where a row's judge and question stand in the table.
fn place(row: &Judged) -> Option<(usize, usize)> {
    let judge = JUDGES.iter().position(|judge| judge.name == row.component)?;
    let question = JUDGES[judge].questions.iter().position(|question| question.is(row))?;
    Some((judge, question))
}

impl Question {
    fn is(&self, row: &Judged) -> bool {
        self.name == EACH || self.name == row.question
    }
}

/// Whether a run records what was judged.
fn records() -> bool {
    env::var_os("KUBEPKI_RECORD").is_some()
}

/// Whether it records the lines of components as well.
pub fn records_lines() -> bool {
    env::var_os("KUBEPKI_RECORD").is_some_and(|value| value != "figures")
}

/// Notes what a component was asked and what came of it: compares it with what is recorded, or records it.
///
/// # Panics
/// Where something else is recorded, or nothing is.
#[track_caller]
pub fn saw(component: &str, version: &str, question: &str, figures: &[(&str, usize)]) {
    // Tests of one run do this side by side.
    static WRITES: Mutex<()> = Mutex::new(());
    let _alone = WRITES.lock().unwrap_or_else(PoisonError::into_inner);
    // Other tests beside this one, too: they hold the file itself.
    let file = fs::File::open(path()).expect("the record is there");
    file.lock().expect("the record can be held");
    let figures = figures.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
    let now =
        Judged { component: component.to_owned(), version: version.to_owned(), question: question.to_owned(), figures };
    assert!(place(&now).is_some(), "JUDGES has no {component}: {question}");
    let of = |row: &Judged| (row.component.clone(), row.version.clone(), row.question.clone());
    let mut table = table();
    let rows = &mut table.judged;
    let before = rows.iter().position(|row| of(row) == of(&now));
    if records() {
        before.map(|index| rows.remove(index));
        rows.push(now);
        rows.sort_by_key(|row| {
            let (judge, question) = place(row).expect("only what is asked is recorded");
            (judge, Reverse(numbers(&row.version)), question, row.question.clone())
        });
        write(&table);
        return;
    }
    let said = before.map(|index| &rows[index].figures);
    assert!(
        said == Some(&now.figures),
        "tests/kubernetes/judged.toml says {said:?} of {component} {version}: {question}, and this run saw {:?}. If that is \
         meant, run `cargo xtask test kubernetes --record` and commit",
        now.figures
    );
}

/// Records the versions that other programs of this machine say, where a run records.
pub fn saw_programs() {
    if records() {
        let table = table();
        write(&Table { programs: programs::said(table.programs), judged: table.judged });
    }
}

/// README's name for other programs, with their versions.
///
/// # Panics
/// Where a version is not known.
pub fn named(label: &str) -> String {
    programs::filled(label, &table().programs)
}

/// The numbers of a version, for its order.
fn numbers(version: &str) -> Vec<u32> {
    version.trim_start_matches('v').split('.').filter_map(|part| part.parse().ok()).collect()
}

fn write(table: &Table) {
    let mut out = "# What Kubernetes' own components judged, written by `cargo xtask test kubernetes --record`, with --all-versions\n\
                   # for every version. A run whose components judged something else than this says of their version fails.\n\n\
                   # Other programs that judge and that come with a machine, as that run found them.\n[programs]\n"
        .to_owned();
    for (name, version) in &table.programs {
        let _ = writeln!(out, "{name} = \"{version}\"");
    }
    for Judged { component, version, question, figures } in &table.judged {
        let figures: Vec<String> = figures.iter().map(|(name, number)| format!("{name} = {number}")).collect();
        let _ = write!(
            out,
            "\n[[judged]]\ncomponent = \"{component}\"\nversion = \"{version}\"\nquestion = \"{question}\"\nfigures = {{ {} }}\n",
            figures.join(", ")
        );
    }
    fs::write(path(), out).expect("the record can be written");
}

/// README's rows, each with the words with which it begins: a judge with its versions, and what it judged, in sentences. Of
/// figures that differ between versions the smallest; what only some of them were asked names those.
///
/// # Panics
/// Where nothing is recorded of a judge.
pub fn rows() -> Vec<(&'static str, String)> {
    let recorded = recorded();
    JUDGES.iter().map(|judge| (judge.label.split('{').next().unwrap_or_default(), judge.row(&recorded))).collect()
}

impl Judged {
    /// Whether it is of a version, `1.37.2`.
    fn is_of(&self, version: &str) -> bool {
        self.version.trim_start_matches('v') == version
    }
}

impl Judge {
    fn row(&self, recorded: &[Judged]) -> String {
        let rows: Vec<&Judged> = recorded.iter().filter(|row| row.component == self.name).collect();
        let all = versions(&rows);
        assert!(!all.is_empty(), "{} judged nothing", self.name);
        let sentence = |question: &Question| {
            let asked: Vec<&Judged> = rows.iter().copied().filter(|row| question.is(row)).collect();
            let by = versions(&asked);
            let (newest, older) = by.split_first()?;
            if !question.older.is_empty() {
                let (of_newest, others): (Vec<&Judged>, Vec<&Judged>) = asked.iter().partition(|row| row.is_of(newest));
                let text = filled(question.sentence, &figures(&of_newest));
                let more = filled(question.older, &figures(&others)).replace("{versions}", &older.join(", "));
                return Some(if older.is_empty() { text } else { format!("{text}; {more}") });
            }
            let text = filled(question.sentence, &figures(&asked));
            Some(if by == all { text } else { format!("{text} (asked of {})", by.join(", ")) })
        };
        let sentences: Vec<String> = self.questions.iter().filter_map(sentence).collect();
        let versions = match &all[..] {
            [one] => (*one).to_owned(),
            [newest, older @ ..] => format!("{newest}, and with `--all-versions` {}", older.join(", ")),
            [] => String::new(),
        };
        let label = self.label.replace("{versions}", &versions);
        let label = label.replace("{etcd}", &machines("go.etcd.io/etcd/server/v3"));
        let label = label.replace("{containerd}", &machines("github.com/containerd/containerd/v2"));
        format!("| {label} | {} |", sentences.join("; "))
    }
}

/// The versions of rows, in their order.
fn versions<'a>(rows: &[&'a Judged]) -> Vec<&'a str> {
    let mut versions: Vec<&str> = rows.iter().map(|row| row.version.trim_start_matches('v')).collect();
    versions.dedup();
    versions
}

/// The figures of rows of one question: of a version added up, and of versions the smallest.
fn figures<'a>(rows: &[&'a Judged]) -> BTreeMap<&'a str, usize> {
    let mut least = BTreeMap::<&str, usize>::new();
    for version in versions(rows) {
        let of_version = rows.iter().filter(|row| row.is_of(version));
        let mut sums = BTreeMap::<&str, usize>::new();
        for row in of_version {
            *sums.entry("names").or_default() += 1;
            for (name, number) in &row.figures {
                *sums.entry(name).or_default() += number;
            }
        }
        for (name, sum) in sums {
            least.entry(name).and_modify(|least| *least = sum.min(*least)).or_insert(sum);
        }
    }
    least
}

/// A sentence with figures in the place of their names.
fn filled(sentence: &str, figures: &BTreeMap<&str, usize>) -> String {
    let fill =
        |text: String, (name, number): (&&str, &usize)| text.replace(&format!("{{{name}}}"), &thousands(*number));
    figures.iter().fold(sentence.to_owned(), fill)
}

/// The version of a module of which machines are built, as their go.mod pins it.
fn machines(module: &str) -> String {
    let path = tests_folder().join("kubernetes/machines/go.mod");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let version = text.lines().find_map(|line| line.trim().strip_prefix(module)?.strip_prefix(" v"));
    let version = version.unwrap_or_else(|| panic!("{}: nothing requires {module}", path.display()));
    version.split(' ').next().unwrap_or_default().to_owned()
}

/// `12,345`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap_or_default()).collect();
    parts.join(",")
}
