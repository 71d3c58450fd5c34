//! A tool is one table of `tools.toml`: where it comes from, which version, who needs it, and where it then stands.

pub(crate) mod go;
pub(crate) mod install;

use crate::files::Result;
use crate::toml::{self, Table};
use std::path::{Path, PathBuf};

/// Where a tool comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A Rust toolchain of rustup.
    Rustup,
    /// A crate, built here.
    Cargo,
    /// An npm package.
    Npm,
    /// A Python package in a virtual environment of its own.
    Pypi,
    /// The packages of a committed `package-lock.json`.
    Lock,
    /// A Go program of this project, whose modules and their sums are committed, built with the tool `go`.
    Go,
    /// A Debian or Ubuntu package.
    Apt,
}

const SOURCES: &[(&str, Source)] = &[
    ("rustup", Source::Rustup),
    ("cargo", Source::Cargo),
    ("npm", Source::Npm),
    ("pypi", Source::Pypi),
    ("lock", Source::Lock),
    ("go", Source::Go),
    ("apt", Source::Apt),
];

const KEYS: &[&str] =
    &["from", "version", "older", "package", "bin", "probe", "env", "for", "args", "dir", "targets", "components"];

/// What asks for the older versions of a tool, and what they are `for`.
pub(crate) const ALL_VERSIONS: &str = "--all-versions";

/// One row of `tools.toml`; the file's head says what each field means.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) source: Source,
    pub(crate) version: String,
    pub(crate) packages: Vec<String>,
    pub(crate) bin: Vec<String>,
    pub(crate) probe: Vec<String>,
    pub(crate) env: Option<String>,
    pub(crate) needed_for: Vec<String>,
    pub(crate) args: Vec<String>,
    pub(crate) dir: String,
    /// Where the modules of a Go program are listed.
    pub(crate) modules: String,
    pub(crate) targets: Vec<String>,
    pub(crate) components: Vec<String>,
}

/// Reads `tools.toml`: each tool, its older versions behind it.
pub(crate) fn parse(text: &str) -> Result<Vec<Tool>> {
    let mut tools = Vec::new();
    for table in toml::parse(text)? {
        let tool = row(&table)?;
        let older =
            table.list("older").into_iter().map(|version| tool.older(version)).collect::<Result<Vec<Tool>>>()?;
        tools.push(tool);
        tools.extend(older);
    }
    Ok(tools)
}

fn row(table: &Table) -> Result<Tool> {
    table.only(KEYS)?;
    let from = table.required("from")?;
    let source = SOURCES.iter().find(|(name, _)| *name == from).map(|(_, source)| *source);
    let source = source.ok_or_else(|| format!("[{}] is from `{from}`, which is no source", table.name))?;
    let pinned = matches!(source, Source::Rustup | Source::Cargo | Source::Npm | Source::Pypi | Source::Go);
    let mut packages = table.list("package");
    if packages.is_empty() {
        packages.push(table.name.clone());
    }
    let tool = Tool {
        name: table.name.clone(),
        source,
        version: if pinned { table.required("version")? } else { String::new() },
        packages,
        bin: table.list("bin"),
        probe: table.list("probe"),
        env: table.text("env"),
        needed_for: table.list("for"),
        args: table.list("args"),
        modules: table.text("dir").unwrap_or_default(),
        dir: table.text("dir").unwrap_or_default(),
        targets: table.list("targets"),
        components: table.list("components"),
    };
    let found_by_bin = !matches!(source, Source::Rustup | Source::Lock) && tool.probe.is_empty();
    match () {
        () if found_by_bin && tool.bin.is_empty() => Err(format!("[{}] lacks `bin`", tool.name)),
        () if tool.needed_for.is_empty() => Err(format!("[{}] lacks `for`", tool.name)),
        () => Ok(tool),
    }
}

impl Tool {
    /// The same tool in an earlier version, which is needed where all versions are asked for, and nowhere else.
    fn older(&self, version: String) -> Result<Tool> {
        let minor = version.rsplit_once('.').map(|(minor, _)| minor).filter(|_| self.source == Source::Go);
        let minor =
            minor.ok_or_else(|| format!("[{}] has `older`: {version}, which only from = \"go\" takes", self.name))?;
        let modules = format!("{}/{minor}", self.dir);
        Ok(Tool { env: None, needed_for: vec![ALL_VERSIONS.to_owned()], modules, version, ..self.clone() })
    }

    /// Whether one of these, gates or `build`, needs the tool.
    pub(crate) fn serves(&self, names: &[&str]) -> bool {
        self.needed_for.iter().any(|name| name == "all" || names.contains(&name.as_str()))
    }

    /// Its folder in the cache; a second checkout finds it there.
    pub(crate) fn folder(&self, cache: &Path) -> PathBuf {
        cache.join("tools").join(format!("{}-{}", self.name, self.version))
    }

    /// The same folder without anything in it, made where it was not there.
    pub(crate) fn emptied(&self, cache: &Path) -> Result<PathBuf> {
        let folder = self.folder(cache);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder)
    }

    /// Where it is built; what an interrupted build leaves there the next one goes on from.
    pub(crate) fn build_folder(&self, cache: &Path) -> PathBuf {
        cache.join("build").join(format!("{}-{}", self.name, self.version))
    }

    /// The file that is written last, once the install is whole.
    pub(crate) fn stamp(&self, cache: &Path) -> PathBuf {
        self.folder(cache).join(".complete")
    }

    /// The program: inside the tool's folder, or on the machine, where its variable may name another.
    pub(crate) fn program(&self, cache: &Path) -> Option<PathBuf> {
        match self.source {
            Source::Cargo | Source::Npm | Source::Pypi | Source::Go => {
                self.bin.first().map(|bin| self.folder(cache).join(bin))
            }
            Source::Apt => {
                let named = self.env.as_ref().and_then(std::env::var_os).map(PathBuf::from);
                named.filter(|path| path.is_file()).or_else(|| self.bin.iter().find_map(|bin| on_path(bin)))
            }
            Source::Rustup | Source::Lock => None,
        }
    }
}

/// Finds a program on PATH, or where Debian keeps those of administrators.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMITTED: &str = include_str!("../../../../tools.toml");

    #[test]
    fn the_committed_table_is_sound() {
        let tools = parse(COMMITTED).unwrap();
        assert_eq!(tools.iter().filter(|tool| tool.source == Source::Rustup).count(), 1);
        let known: Vec<&str> =
            crate::gates::GATES.iter().map(|gate| gate.name).chain(["all", "bench", ALL_VERSIONS]).collect();
        for tool in &tools {
            for name in &tool.needed_for {
                assert!(known.contains(&name.as_str()), "{} is for `{name}`, which is no gate", tool.name);
            }
        }
    }

    #[test]
    fn wasm_bindgen_is_the_version_in_the_lock_file() {
        let lock = std::fs::read_to_string("../../Cargo.lock").unwrap_or_default();
        let tools = parse(COMMITTED).unwrap();
        let ours = &tools.iter().find(|tool| tool.name == "wasm-bindgen").unwrap().version;
        if let Some((_, after)) = lock.split_once("name = \"wasm-bindgen\"\nversion = \"") {
            assert_eq!(after.split('"').next(), Some(ours.as_str()));
        }
    }

    #[test]
    fn kubernetes_is_the_version_in_its_own_list_of_modules() {
        for tool in parse(COMMITTED).unwrap().iter().filter(|tool| tool.name == "kubernetes") {
            let modules = std::fs::read_to_string(format!("../../{}/go.mod", tool.modules)).unwrap();
            assert!(modules.contains(&format!("k8s.io/kubernetes v{}\n", tool.version)), "{}", tool.version);
            let parts = format!(" v0.{}\n", tool.version.split_once('.').unwrap().1);
            let replaced = modules.lines().filter(|line| line.contains("=>"));
            replaced.for_each(|line| assert!(format!("{line}\n").ends_with(&parts), "{line}"));
        }
    }

    #[test]
    fn older_versions_have_their_own_modules_and_are_for_all_versions_alone() {
        let table = "[t]\nfrom = \"go\"\nversion = \"1.3.0\"\nolder = [\"1.2.5\"]\ndir = \"d\"\nbin = \"b\"\nenv = \"T\"\n\
                     for = [\"fmt\"]\n";
        let [newest, older] = &parse(table).unwrap()[..] else { panic!("two tools") };
        assert_eq!((newest.modules.as_str(), older.modules.as_str()), ("d", "d/1.2"));
        assert!(newest.serves(&["fmt"]) && !older.serves(&["fmt"]) && older.serves(&["fmt", ALL_VERSIONS]));
        assert_eq!(older.folder(Path::new("/c")), Path::new("/c/tools/t-1.2.5"));
        assert!(older.env.is_none(), "the variable names the newest");
        assert!(parse(&table.replace("\"go\"", "\"npm\"")).unwrap_err().contains("older"));
    }

    #[test]
    fn a_tool_lives_in_a_folder_named_by_version() {
        let tools = parse("[t]\nfrom = \"cargo\"\nversion = \"1.2.3\"\nbin = \"bin/t\"\nfor = [\"build\"]\n").unwrap();
        let cache = Path::new("/c");
        assert_eq!(tools[0].program(cache).unwrap(), Path::new("/c/tools/t-1.2.3/bin/t"));
        assert!(tools[0].serves(&["build"]) && !tools[0].serves(&["fmt"]));
    }

    #[test]
    fn a_pinned_tool_needs_its_version() {
        assert!(parse("[t]\nfrom = \"npm\"\nbin = \"t\"\nfor = [\"build\"]\n").unwrap_err().contains("version"));
        assert!(parse("[t]\nfrom = \"moon\"\n").unwrap_err().contains("moon"));
    }
}
