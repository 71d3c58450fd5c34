//! Forms of kubeadm's files, beside its single values: put to `kubeadm config validate`, `config migrate` and `init`, and to
//! what reads them here. The two strict ones refuse what `init` warns of and goes on without; a design follows `init`.

use std::collections::BTreeMap;
use std::fs;

use kubepki_core::Draft;
use kubepki_core::diag::{Diagnostic, Severity};
use kubepki_core::spec::Field;
use kubepki_core::spec::preset::Preset;
use serde::Deserialize;
use support::cluster::images::version;
use support::design::{self, tests_folder};
use support::difference::Known;
use support::{golden, judged};

use crate::machine::Machine;

/// The rules of what `kubeadm init` warns of and leaves out, and its strict commands refuse.
const STRICT: &[&str] = &["kubeadm-unknown-field", "kubeadm-ignored-document", "kubeadm-foreign"];

/// `forms.toml`: what stands for the usual documents, and files by name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forms {
    /// Texts that files name in braces.
    parts: BTreeMap<String, String>,
    forms: BTreeMap<String, String>,
}

impl Forms {
    /// Each file by its name, for the version that judges.
    fn files() -> Vec<(String, String)> {
        let path = tests_folder().join("kubernetes/forms.toml");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let forms: Self = toml::from_str(&text).unwrap_or_else(|error| panic!("forms.toml: {error}"));
        let whole = |text: String| {
            let put = |text: String, (name, part): (&String, &String)| text.replace(&format!("{{{name}}}"), part);
            forms.parts.iter().fold(text, put).replace("{version}", version())
        };
        forms.forms.into_iter().map(|(name, text)| (name, whole(text))).collect()
    }
}

/// What is said here of a file.
pub(crate) struct Ours {
    pub(crate) draft: Option<Draft>,
    pub(crate) errors: Vec<String>,
    strict: Vec<String>,
    /// Of what is strict, the fields that it does not know, which kubeadm names.
    unknown: Vec<String>,
}

impl Ours {
    /// Of a file that is read into a design whose first control plane is there: a file for another machine names none.
    pub(crate) fn of(text: &str) -> Self {
        let mut base = Preset::named("single").expect("preset").draft();
        base.set_text(Field::KubernetesVersion, version());
        let outcome = kubepki_yaml::read(&[("kubeadm.yaml", text.as_bytes())], &base);
        let messages = |of: &dyn Fn(&Diagnostic) -> bool| {
            let found = outcome.findings.iter().map(|one| &one.diagnostic).filter(|one| of(one));
            found.map(|one| one.message.clone()).collect()
        };
        Self {
            errors: messages(&|one| one.severity == Severity::Error),
            strict: messages(&|one| STRICT.contains(&&*one.rule)),
            unknown: messages(&|one| one.rule == STRICT[0]),
            draft: outcome.draft,
        }
    }
}

/// Whether kubeadm's words have ours. Go names the field of a struct of its own source, kubepki the field of the file.
pub(crate) fn says(theirs: &str, ours: &str) -> bool {
    let unnamed = |text: &str| {
        let mut parts = text.split("Go struct field ");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + part.split_once(' ').map_or("", |(_, rest)| rest))
    };
    unnamed(theirs).contains(&unnamed(ours))
}

/// The lines in which the clusters that two drafts describe differ: what is not written is as if its default were, and what is
/// left to the user's own file stays where it was.
fn differing(ours: &Draft, theirs: &Draft) -> Vec<String> {
    let spec = |draft: &Draft| {
        let mut spec = design::spec(draft);
        spec.also_sets.clear();
        if let Some(endpoint) = &mut spec.endpoint {
            endpoint.port.get_or_insert(spec.bind_port);
        }
        format!("{spec:#?}")
    };
    let (ours, theirs) = (spec(ours), spec(theirs));
    match ours == theirs {
        true => Vec::new(),
        false => vec![golden::difference(&ours, &theirs)],
    }
}

#[test]
fn kubeadm_says_to_each_form_of_its_files_what_kubepki_says() {
    let mut known = Known::of_version("kubeadm forms");
    let machine = Machine::new("forms");
    let files = Forms::files();
    for (name, text) in &files {
        machine.configure(text);
        let ours = Ours::of(text);
        let mut differs = |question: &str, says: String| known.differs(name, question, &says);
        let (validated, migrated) =
            (machine.kubeadm("config validate"), machine.kubeadm_on("config migrate", "--old-config"));
        let strict = ours.errors.is_empty() && ours.strict.is_empty();
        for (command, said) in [("validate", &validated), ("migrate", &migrated)] {
            if said.ok() != strict {
                differs(command, format!("kubepki {:?} {:?}, kubeadm: {}", ours.errors, ours.strict, said.both()));
            }
        }
        let mut words = validated.both();
        if !text.contains("kind: JoinConfiguration") {
            let init = machine.kubeadm("init phase certs sa");
            if init.ok() != ours.errors.is_empty() {
                differs("init", format!("kubepki {:?}, kubeadm: {}", ours.errors, init.both()));
            }
            words.push_str(&init.both());
        }
        let mut messages = ours.errors.iter().chain(&ours.unknown).peekable();
        if !validated.ok() && messages.peek().is_some() && !messages.any(|message| says(&words, message)) {
            differs("words", format!("kubepki {:?} {:?}, kubeadm: {words}", ours.errors, ours.unknown));
        }
        if let (true, Some(draft)) = (migrated.ok(), &ours.draft) {
            match Ours::of(&migrated.out).draft {
                Some(theirs) => differing(draft, &theirs).into_iter().for_each(|says| differs("defaults", says)),
                None => differs("defaults", format!("kubeadm writes what is not read here: {}", migrated.out)),
            }
        }
    }
    println!("kubeadm {}: {} forms, {} known differences", version(), files.len(), known.met());
    known.finish();
    judged::saw("kubeadm", version(), "forms", &[("forms", files.len())]);
}
