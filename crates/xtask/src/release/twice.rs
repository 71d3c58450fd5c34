//! `cargo xtask release --check`: makes the release twice, from two clean checkouts that differ in all that must not
//! matter, and compares. Tens of minutes, and several gigabytes while it runs: no gate.

use crate::files::{Result, read};
use crate::project::Project;
use crate::release::commit::{self, Commit};
use crate::release::deny;
use crate::sink::Sink;
use std::fs;
use std::path::{Path, PathBuf};

/// One of the two ways.
struct Way {
    /// Below the folder for checks: the second is longer, so that a path inside shows even in sizes.
    folder: &'static str,
    umask: &'static str,
    variables: &'static [(&'static str, &'static str)],
}

const WAYS: [Way; 2] = [
    Way { folder: "one", umask: "022", variables: &[("TZ", "UTC"), ("LC_ALL", "C"), ("CARGO_BUILD_JOBS", "2")] },
    Way {
        folder: "another/that-is-not-one/two",
        umask: "077",
        variables: &[("TZ", "Asia/Tokyo"), ("LC_ALL", "C.UTF-8"), ("CARGO_BUILD_JOBS", "1")],
    },
];

/// Prints a table of both releases' sums; an error names what differs.
pub(crate) fn check(project: &Project) -> Result<()> {
    deny::offline(project, &Sink::Screen)?;
    println!("{}", deny::advisories(project, &Sink::Screen)?);
    let commit = Commit::of(project)?;
    if commit.id.is_empty() {
        return Err("this is no git checkout: there is nothing to check out twice".to_owned());
    }
    if commit.changed {
        println!("this checkout has changes; what is checked is its last commit");
    }
    let mut both = Vec::new();
    for way in &WAYS {
        both.push(make(project, way, &commit.id)?);
    }
    let (table, differing) = compare(&both[0], &both[1]);
    print!("\n{table}");
    match differing.as_slice() {
        [] => Ok(()),
        some => Err(format!("not the same twice: {}; both are kept in {}", some.join(", "), kept(project).display())),
    }
}

/// The artefacts of both ways, for a look at what differs.
fn kept(project: &Project) -> PathBuf {
    project.target.join("release-files/twice")
}

/// Makes one release in a fresh checkout; returns its sums.
fn make(project: &Project, way: &Way, commit: &str) -> Result<String> {
    // Apart from this checkout, so that cargo finds no settings of it above.
    let top = project.cache.join("check");
    let _ = fs::remove_dir_all(&top);
    let checkout = top.join(way.folder);
    let mut git = project.command("git");
    let clone = ["clone", "--quiet", "--no-hardlinks", "--no-checkout"];
    Sink::Screen.run(git.args(clone).arg(&project.root).arg(&checkout))?;
    let mut git = project.command("git");
    Sink::Screen.run(git.args(["checkout", "--quiet", "--detach", commit]).current_dir(&checkout))?;
    let mut shell = project.command("sh");
    shell.args(["-c", "umask \"$0\" && exec cargo xtask release", way.umask]).current_dir(&checkout);
    shell.env_remove("CARGO_TARGET_DIR").envs(way.variables.iter().copied());
    Sink::Screen.run(&mut shell)?;
    let made = checkout.join("target/release-files").join(commit::folder(project).file_name().unwrap_or_default());
    let sums = read(&made.join("SHA256SUMS"))?;
    let keep = kept(project).join(Path::new(way.folder).file_name().unwrap_or_default());
    let _ = fs::remove_dir_all(&keep);
    let fail = |error: std::io::Error| format!("{}: {error}", keep.display());
    crate::files::copy(&made, &keep).map_err(fail)?;
    fs::remove_dir_all(&top).map_err(|error| format!("{}: {error}", top.display()))?;
    Ok(sums)
}

/// A table of two lists as `sha256sum` prints them, and the names whose sums are not equal.
fn compare(one: &str, two: &str) -> (String, Vec<String>) {
    let lines = |text: &str| -> Vec<(String, String)> {
        text.lines().filter_map(|line| line.split_once("  ")).map(|(sum, name)| (name.into(), sum.into())).collect()
    };
    let (one, two) = (lines(one), lines(two));
    let mut names: Vec<&String> = one.iter().chain(&two).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    let mut table = String::new();
    let mut differing = Vec::new();
    for name in names {
        let of = |list: &[(String, String)]| list.iter().find(|(other, _)| other == name).map(|(_, sum)| sum.clone());
        let (first, second) = (of(&one), of(&two));
        let same = first == second;
        let sum = |sum: Option<String>| sum.unwrap_or_else(|| "not made".to_owned());
        match same {
            true => table += &format!("same     {name}  {}\n", sum(first)),
            false => table += &format!("DIFFERS  {name}  {}  {}\n", sum(first), sum(second)),
        }
        if !same {
            differing.push(name.clone());
        }
    }
    (table, differing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_or_lacks_is_named() {
        let (table, differing) = compare("aa  a.html\nbb  b.tgz\n", "aa  a.html\ncc  b.tgz\ndd  d\n");
        assert_eq!(differing, ["b.tgz", "d"]);
        assert_eq!(table, "same     a.html  aa\nDIFFERS  b.tgz  bb  cc\nDIFFERS  d  not made  dd\n");
        assert_eq!(compare("aa  a\n", "aa  a\n").1, Vec::<String>::new());
    }
}
