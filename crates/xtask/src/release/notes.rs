//! Release notes: what is new, from CHANGELOG.md; what each file is, with its sum; how to check both; what made them.

use crate::files::{Result, read};
use crate::project::Project;
use crate::release::artefacts::ARTEFACTS;
use crate::release::commit::Release;
use crate::release::signature;
use crate::release::sums::sums;
use crate::sink::output;
use crate::tools::Source;
use std::path::Path;

/// What the file is called.
pub(crate) const NAME: &str = "RELEASE-NOTES.md";

/// Programs of the machine that decide bytes of an artefact beside the pinned tools; each tells its version first.
const MACHINE: &[&str] = &["musl-gcc", "tar", "gzip"];

/// The whole text; `folder` holds the artefacts and nothing else.
pub(crate) fn text(release: &Release<'_>, folder: &Path, signed: bool) -> Result<String> {
    let Release { project, version, .. } = *release;
    let changes = read(&project.root.join("CHANGELOG.md"))?;
    let changes = section(&changes, version).ok_or("CHANGELOG.md has neither this version nor Unreleased")?;
    let sums = sums(project, folder)?;
    let mut text = format!(
        "# KubePKI Workbench {version}\n\n{changes}\n\n## Files\n\n| file | what | bytes | SHA-256 |\n|---|---|---|---|\n"
    );
    for artefact in ARTEFACTS {
        let name = artefact.named(version);
        let bytes = std::fs::metadata(folder.join(&name)).map_err(|error| format!("{name}: {error}"))?.len();
        let sum = sum_of(&sums, &name).ok_or_else(|| format!("sha256sum left {name} out"))?;
        text += &format!("| `{name}` | {} | {bytes} | `{sum}` |\n", artefact.is);
    }
    text += "\n## To check them\n\nNo network is needed, and nothing that Debian does not have:\n\n```sh\n";
    if signed {
        text += &format!("{}\n", signature::CHECK);
    }
    text += "sha256sum -c SHA256SUMS\n```\n\n";
    if signed {
        text +=
            "`release.pub` is the publisher's key. Have it by another way than these files, or it proves nothing.\n";
    } else {
        text += "These sums are not signed: they prove that the files arrived whole, and not who made them.\n";
    }
    text += "SECURITY.md, in the source, says how to make the same bytes yourself.\n\n## Made with\n\n";
    made_with(project)?.iter().for_each(|line| text += &format!("- {line}\n"));
    Ok(text)
}

/// The sum that a line of `sha256sum` gives for a file.
fn sum_of<'a>(sums: &'a str, name: &str) -> Option<&'a str> {
    sums.lines().find_map(|line| line.strip_suffix(name)?.strip_suffix("  "))
}

/// The pinned tools of the build, and what else of the machine decides bytes.
fn made_with(project: &Project) -> Result<Vec<String>> {
    let builds = project.tools.iter().filter(|tool| tool.serves(&["build"]) && tool.source != Source::Apt);
    let mut all: Vec<String> = builds.map(|tool| format!("{} {}", tool.name, tool.version)).collect();
    for program in MACHINE {
        let said = output(project.command(program).arg("--version"))?;
        let version = said.lines().next().unwrap_or_default();
        all.push(if version.contains(program) { version.to_owned() } else { format!("{program}: {version}") });
    }
    Ok(all)
}

/// The changelog's section on a version, without its heading; of what is not released yet where it has none.
fn section<'a>(changelog: &'a str, version: &str) -> Option<&'a str> {
    let of = |wanted: &str| {
        let mut sections = changelog.split("\n## ").skip(1).filter_map(|section| section.split_once('\n'));
        // The version may have its date behind it.
        sections.find(|(heading, _)| heading.split_whitespace().next() == Some(wanted)).map(|(_, text)| text.trim())
    };
    of(version).or_else(|| of("Unreleased"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_of_its_version_alone() {
        let log = "# Changelog\n\nHead.\n\n## Unreleased\n\n- new\n\n## 1.10.0, 2026-01-02\n\n- ten\n\n### Upgrading\n\nDo.\n\n## 1.1.0\n\n- one\n";
        assert_eq!(section(log, "1.1.0"), Some("- one"));
        assert_eq!(section(log, "1.2.0"), Some("- new"));
        assert_eq!(section("# Changelog\n", "1.0.0"), None);
        assert_eq!(section(&log.replace(',', " of"), "1.10.0"), Some("- ten\n\n### Upgrading\n\nDo."));
    }

    #[test]
    fn a_sum_is_of_the_whole_name() {
        let sums = "aa  x-a.html\nbb  a.html\n";
        assert_eq!((sum_of(sums, "a.html"), sum_of(sums, "b.html")), (Some("bb"), None));
    }
}
