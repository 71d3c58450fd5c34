//! Builds the Go programs of this project that are made of other people's modules: Kubernetes' own components, and what a
//! machine runs beside them.

use crate::files::{Result, read, write};
use crate::project::Project;
use crate::sink::Sink;
use crate::tools::Tool;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

/// What decides what is built, in one text: the program, its modules and their sums, and the version that it is told to be. It
/// is the stamp of a build, which another build follows where it differs.
pub(crate) fn sources(project: &Project, tool: &Tool) -> Result<String> {
    // Programs first, then what they are made of.
    let mut files = with_extension(project, &tool.dir, &["go"])?;
    for package in tool.args.iter().filter_map(|package| package.strip_prefix("./")) {
        files.extend(with_extension(project, &format!("{}/{package}", tool.dir), &["go"])?);
    }
    files.extend(with_extension(project, &tool.modules, &["mod", "sum"])?);
    let texts = files.iter().map(|file| read(file)).collect::<Result<Vec<String>>>()?;
    Ok(format!("{}\n{}", tool.version, texts.join("\n")))
}

/// The files of a folder of the checkout that end so, in order.
fn with_extension(project: &Project, folder: &str, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let folder = project.root.join(folder);
    let listed = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let ends = |path: &PathBuf| path.extension().and_then(OsStr::to_str).is_some_and(|end| extensions.contains(&end));
    let mut files: Vec<PathBuf> = listed.flatten().map(|entry| entry.path()).filter(ends).collect();
    files.sort();
    Ok(files)
}

/// Builds it, static, with the version that it says it is; the modules and what was compiled of them, several gigabytes, go
/// afterwards.
pub(crate) fn install(project: &Project, tool: &Tool, sink: &Sink) -> Result<()> {
    let go = project.tools.iter().find(|other| other.name == "go").and_then(|go| go.program(&project.cache));
    let go = go.ok_or("tools.toml has no tool `go`")?;
    let folder = tool.emptied(&project.cache)?;
    let build = tool.build_folder(&project.cache);
    let program = folder.join(tool.bin.first().map_or("bin/program", String::as_str));
    let mut command = project.command(go);
    let settings = match tool.args.is_empty() {
        true => settings(&tool.version)?,
        // Several programs, each of a version of its own, which none of them must be told to be another's.
        false => "-s -w".to_owned(),
    };
    command.arg("build").arg("-modfile").arg(project.root.join(&tool.modules).join("go.mod"));
    command.args(["-mod=readonly", "-trimpath", "-ldflags", &settings, "-o"]);
    match tool.args.is_empty() {
        true => command.arg(&program),
        // Into a folder each goes by the name of its package.
        false => command.arg(format!("{}/", program.parent().unwrap_or(&folder).display())),
    };
    command.arg(".").args(&tool.args);
    command.env("GOMODCACHE", build.join("modules")).env("GOCACHE", build.join("cache"));
    command.env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local").env("GOFLAGS", "-modcacherw");
    sink.run(command.current_dir(project.root.join(&tool.dir)))?;
    let _ = fs::remove_dir_all(build);
    write(&tool.stamp(&project.cache), sources(project, tool)?)
}

/// The linker's settings: no symbols, and the version that Kubernetes' release scripts put in (hack/lib/version.sh).
fn settings(version: &str) -> Result<String> {
    let [major, minor, _] = version.split('.').collect::<Vec<_>>()[..] else {
        return Err(format!("{version} is no version of Kubernetes"));
    };
    let component = "k8s.io/component-base/version.git";
    Ok(format!(
        "-s -w -X {component}Version=v{version} -X {component}Major={major} -X {component}Minor={minor} \
         -X {component}TreeState=clean -X k8s.io/client-go/pkg/version.gitVersion=v{version}"
    ))
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn a_program_is_told_its_version_whole_and_in_parts() {
        let said = settings("1.37.2").unwrap();
        for part in ["version.gitVersion=v1.37.2", "version.gitMajor=1 ", "version.gitMinor=37 "] {
            assert!(said.contains(part), "{said}");
        }
        assert!(settings("37").unwrap_err().contains("no version"));
    }
}
