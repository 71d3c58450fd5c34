//! Exports: what the `kubepki` command makes of a design, with the plan that core makes of the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use kubepki_core::plan::{Holding, PlannedFile, Root};
use kubepki_core::{Draft, Plan, snippet};

use crate::kubeconfig::{self, Kubeconfig};
use crate::program::run;
use crate::scratch::Scratch;
use crate::{design, tool};

/// A design, its plan, and the folder that `kubepki generate` made of it.
#[derive(Debug)]
pub struct Export {
    /// The design's name.
    pub design: String,
    /// The export's top folder.
    pub folder: PathBuf,
    /// The plan, made here from the same design.
    pub plan: Plan,
}

/// A certificate as its holder has it.
#[derive(Clone, Debug)]
pub struct Held {
    /// The certificate, PEM.
    pub certificate: String,
    /// Its private key, PEM; empty where the holder has none.
    pub key: String,
}

impl Export {
    /// The export of a design, made once for all tests of a process.
    pub fn of(name: &str) -> &'static Self {
        static MADE: OnceLock<Mutex<BTreeMap<String, &'static Export>>> = OnceLock::new();
        let mut made = MADE.get_or_init(Mutex::default).lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(export) = made.get(name) {
            return export;
        }
        let export: &'static Self = Box::leak(Box::new(Self::generate(name, &Scratch::shared(name))));
        made.insert(name.to_owned(), export);
        export
    }

    /// Generates anew, into a folder named `export` below one that exists.
    pub fn generate(name: &str, below: &Path) -> Self {
        Self::made(name, &design::file(name), below, design::plan(name))
    }

    /// The same of a draft, whose design file is written beside it.
    pub fn of_draft(name: &str, draft: &Draft, below: &Path) -> Self {
        let file = below.join("design.yaml");
        fs::write(&file, snippet::design(draft)).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self::made(name, &file, below, kubepki_core::plan::plan(&design::spec(draft)))
    }

    fn made(name: &str, file: &Path, below: &Path, plan: Plan) -> Self {
        let folder = below.join("export");
        let mut command = Command::new(tool::kubepki());
        command.arg("generate").arg("--design").arg(file).arg("--out").arg(&folder);
        run(&mut command, 120).good();
        Self { design: name.to_owned(), folder, plan }
    }

    /// Where a planned file stands in the export.
    pub fn path(&self, file: &PlannedFile) -> PathBuf {
        match file.root {
            Root::Node(node) => self.node(node).join(file.path.trim_start_matches('/')),
            Root::OfflineCa => self.folder.join("offline-ca").join(&file.path),
        }
    }

    /// The folder that stands for a node's root file system.
    pub fn node(&self, node: usize) -> PathBuf {
        self.folder.join("nodes").join(&self.plan.spec.nodes[node].name)
    }

    /// A planned file's text.
    pub fn text(&self, file: &PlannedFile) -> String {
        let path = self.path(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {}: {error}", self.design, path.display()))
    }

    /// Files that hold this of a certificate, by its index.
    pub fn files(&self, cert: usize, holding: Holding) -> impl Iterator<Item = &PlannedFile> {
        self.plan.files.iter().filter(move |file| file.content.cert == cert && file.content.holding == holding)
    }

    /// The first file that holds this of a certificate.
    ///
    /// # Panics
    /// When the plan has none.
    #[track_caller]
    pub fn file(&self, key: &str, holding: Holding) -> &PlannedFile {
        let cert = self.plan.find_key(key).unwrap_or_else(|| panic!("{}: no {key}", self.design));
        let file = self.files(cert, holding).next();
        file.unwrap_or_else(|| panic!("{}: no file with the {} of {key}", self.design, holding.word()))
    }

    /// The PEM of a certificate, wherever it stands: in a file of its own, or in a kubeconfig.
    pub fn certificate(&self, cert: usize) -> String {
        match self.files(cert, Holding::Certificate).next() {
            Some(file) => self.text(file),
            None => self.kubeconfig(self.files(cert, Holding::Kubeconfig).next().expect("it is somewhere")).certificate,
        }
    }

    /// The PEM of what verifies a certificate: its issuer's, its own for a CA.
    pub fn anchor(&self, cert: usize) -> String {
        self.certificate(self.plan.certs[cert].issuer.unwrap_or(cert))
    }

    /// A kubeconfig of the plan.
    pub fn kubeconfig(&self, file: &PlannedFile) -> Kubeconfig {
        kubeconfig::parse(&self.text(file)).unwrap_or_else(|error| panic!("{}: {}: {error}", self.design, file.path))
    }

    /// Certificate and key as they stand in a file: a certificate's with the key beside it, or a kubeconfig's.
    pub fn held(&self, file: &PlannedFile) -> Held {
        if file.content.holding == Holding::Kubeconfig {
            let kubeconfig = self.kubeconfig(file);
            return Held { certificate: kubeconfig.certificate, key: kubeconfig.key };
        }
        let key = self.files(file.content.cert, Holding::PrivateKey).find(|key| key.root == file.root);
        Held { certificate: self.text(file), key: key.map(|key| self.text(key)).unwrap_or_default() }
    }

    /// What a file has for checking others: a CA's certificate, or the copy in a kubeconfig.
    pub fn roots(&self, file: &PlannedFile) -> String {
        match file.content.holding {
            Holding::Kubeconfig => self.kubeconfig(file).authority,
            _ => self.text(file),
        }
    }
}
