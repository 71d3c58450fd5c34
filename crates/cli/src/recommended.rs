//! Whatever our texts tell people to run can be run: each command is read by the real parser.

use std::fs;
use std::path::{Path, PathBuf};

use kubepki_core::catalog::connections::CONNECTIONS;
use kubepki_core::catalog::messages::{End, explain, messages};
use kubepki_rehearsal::fault::fault;

use crate::args::{Command, read};
use crate::explain::{demonstration, lines};

/// What a program puts in later: those commands are tried as they come out.
const HOLE: &str = "{}";

/// Why a command cannot be run; nothing where it can. One that is only mentioned may lack what it needs.
fn wrong(command: &str, is_mention: bool) -> Option<String> {
    match read(&words(command)) {
        Ok(Command::Break(given)) => {
            given.fault.iter().find(|id| *id != HOLE && fault(id).is_none()).map(|id| format!("no fault {id}"))
        }
        Ok(_) => None,
        Err(error) if is_mention && error.kind() == clap::error::ErrorKind::MissingRequiredArgument => None,
        Err(error) => Some(error.to_string()),
    }
}

/// The words of a command as a shell would take them, up to where its output goes: none of ours has quotes.
fn words(command: &str) -> Vec<String> {
    let command = command.split([';', '#', '|', '>']).next().unwrap_or_default();
    let words = command.split_whitespace().flat_map(|word| match word {
        "…" => vec!["hierarchy", "--preset", "single"],
        word => vec![word],
    });
    words.map(str::to_owned).collect()
}

#[test]
fn what_explain_recommends_can_be_run() {
    let (mut count, mut unseen) = (0, Vec::new());
    let mut tried = |row: &str, command: &str| {
        if command.starts_with("kubepki ") {
            count += 1;
            assert_eq!(wrong(command, false), None, "{row}: {command}");
        }
    };
    for row in messages() {
        for explanation in explain(row.seen) {
            lines(&explanation).iter().for_each(|line| tried(&row.title(), line.trim()));
        }
        let ends = [None, Some(End::Caller), Some(End::Server)];
        let places = CONNECTIONS.iter().flat_map(|one| ends.map(|end| Some((one.id, end)))).chain([None]);
        for place in places {
            demonstration(row, place).iter().for_each(|command| tried(&row.title(), command));
        }
        // A row with faults can be seen somewhere.
        if demonstration(row, None).is_empty() != row.faults.is_empty() {
            unseen.push(row.title());
        }
    }
    assert!(unseen.is_empty(), "{unseen:#?}");
    assert!(count > 500, "{count}");
    for (command, is_mention, why) in [
        ("kubepki break --preset single --fault expired:nobody --out broken", false, "no fault expired:nobody"),
        ("kubepki brake", true, "unrecognized subcommand 'brake'"),
    ] {
        let said = wrong(command, is_mention).unwrap_or_else(|| panic!("{command} is taken"));
        assert!(said.contains(why), "{command}: {said}");
    }
}

#[test]
fn what_texts_recommend_can_be_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = vec![root.join("README.md")];
    for folder in ["crates", "docs", "web"] {
        collect(&root.join(folder), &mut files);
    }
    let mut count = 0;
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        for (command, is_mention) in commands(&text) {
            count += 1;
            assert_eq!(wrong(&command, is_mention), None, "{}: {command}", file.display());
        }
    }
    assert!(count > 10, "{count}");
}

/// Texts under a folder; not those of other tools, of tests, nor what is built.
fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        let is_text = [".rs", ".md", ".sh", ".html", ".js", ".mjs"].iter().any(|end| name.ends_with(end));
        match path.is_dir() {
            true if !["node_modules", "target", "tests"].contains(&&*name) => collect(&path, into),
            false if is_text && name != "recommended.rs" => into.push(path),
            _ => {}
        }
    }
}

/// The commands of a text: lines of a block and whole strings, and what stands in backquotes, which may be a mention.
fn commands(text: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for line in text.lines() {
        for (open, close) in [('`', '`'), ('"', '"')] {
            let start = format!("{open}kubepki ");
            for (at, _) in line.match_indices(&start) {
                let rest = &line[at + 1..];
                let Some((command, _)) = rest.split_once(close) else { continue };
                // Prose behind a command, and strings with holes that are no command's words.
                let command = command.split(" (").next().unwrap_or_default().trim_end_matches(['\\', ':']);
                let is_command = command
                    .split_whitespace()
                    .nth(1)
                    .is_some_and(|word| word.bytes().all(|one| one.is_ascii_lowercase() || one == b'-'));
                if is_command {
                    found.push((command.to_owned(), open == '`'));
                }
            }
        }
        let block = line.trim_start().trim_start_matches("$ ");
        if block.starts_with("kubepki ") && block.contains(" --") && !block.contains('`') {
            found.push((block.trim_end_matches('\\').to_owned(), false));
        }
    }
    found
}
