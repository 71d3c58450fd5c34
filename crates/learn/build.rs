//! Reads the lessons and writes them as lines that `src/lib.rs` needs no parser for: the first character says what a
//! line is, spans inside a text stand between control characters.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

fn main() {
    println!("cargo::rerun-if-changed=lessons");
    println!("cargo::rerun-if-changed=office.txt");
    let cast = cast();
    let mut files: Vec<PathBuf> =
        fs::read_dir("lessons").expect("the folder lessons").map(|one| one.expect("a file").path()).collect();
    files.sort();
    let lessons: String = files.iter().map(|file| lesson(file, &cast)).collect();
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("lessons.txt");
    fs::write(out, lessons).expect("lessons are written");
}

/// Who plays in the office: a word in braces, and whom it stands for.
fn cast() -> BTreeMap<String, String> {
    let text = fs::read_to_string("office.txt").expect("office.txt");
    let line = |line: &str| {
        let mut parts = line.split('|').map(str::trim);
        Some((format!("{{{}}}", parts.next()?), parts.next()?.to_owned()))
    };
    text.lines().filter(|line| !line.starts_with('#')).filter_map(line).collect()
}

fn lesson(file: &Path, cast: &BTreeMap<String, String>) -> String {
    let name = file.file_stem().and_then(|name| name.to_str()).expect("a name in UTF-8");
    let text = fs::read_to_string(file).expect("a text");
    let id = name.split_once('-').map_or(name, |(_, id)| id);
    let mut out = format!("@{id}\n");
    let mut inline = String::new();
    let mut kind = ' ';
    let mut cells: Vec<String> = Vec::new();
    let wrong = |at: usize, what: &str| -> ! {
        let line = text[..at].matches('\n').count() + 1;
        panic!("{}:{line}: {what}", file.display())
    };
    let mut fence: Option<String> = None;
    for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(word))) => fence = Some(word.to_string()),
            Event::End(TagEnd::CodeBlock) => fence = None,
            Event::Text(body) if fence.is_some() => match fence.as_deref() {
                Some("scene") => {
                    let _ = writeln!(out, ">{}", body.trim());
                }
                Some("office") => {
                    let mut words = body.trim().replace('\n', " ");
                    cast.iter().for_each(|(mark, name)| words = words.replace(mark, name));
                    if words.contains('{') {
                        wrong(range.start, "nobody in office.txt is called so");
                    }
                    let first = words.chars().next().map(|one| one.to_uppercase().to_string()).unwrap_or_default();
                    let _ = writeln!(out, "o{first}{}", words.chars().skip(1).collect::<String>());
                }
                Some("quiz") => quiz(&body, &mut out).unwrap_or_else(|what| wrong(range.start, what)),
                // Claims are for the tests.
                Some("check") => {}
                _ => wrong(range.start, "a fence is scene, office, quiz or check"),
            },
            Event::Start(Tag::Heading { level, .. }) => kind = if level == HeadingLevel::H1 { '#' } else { '=' },
            Event::Start(Tag::Paragraph) if kind != 'l' => kind = 'p',
            Event::Start(Tag::Item) => kind = 'l',
            Event::Start(Tag::TableHead | Tag::TableRow) => cells.clear(),
            Event::End(TagEnd::TableCell) => cells.push(std::mem::take(&mut inline)),
            Event::End(TagEnd::TableHead) => {
                let _ = writeln!(out, "h{}", cells.join("\t"));
            }
            Event::End(TagEnd::TableRow) => {
                let _ = writeln!(out, "t{}", cells.join("\t"));
            }
            Event::End(TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item) => {
                if !inline.is_empty() {
                    let _ = writeln!(out, "{kind}{}", std::mem::take(&mut inline));
                }
                if matches!(event, Event::End(TagEnd::Item)) {
                    kind = ' ';
                }
            }
            Event::Text(words) => inline.push_str(&words),
            Event::Code(words) => {
                let _ = write!(inline, "\u{1}c{words}\u{2}");
            }
            Event::Start(Tag::Strong) => inline.push_str("\u{1}b"),
            Event::Start(Tag::Link { dest_url, .. }) => match dest_url.strip_prefix("pki:") {
                Some(to) => {
                    let _ = write!(inline, "\u{1}l{to}\u{3}");
                }
                None => wrong(range.start, "a link leads into the workbench: pki:VIEW/SELECTION"),
            },
            Event::End(TagEnd::Strong | TagEnd::Link) => inline.push('\u{2}'),
            Event::SoftBreak | Event::HardBreak => inline.push(' '),
            Event::Html(_) | Event::InlineHtml(_) => wrong(range.start, "no HTML in lessons"),
            _ => {}
        }
    }
    out
}

/// A question, and answers with reasons.
fn quiz(body: &str, out: &mut String) -> Result<(), &'static str> {
    let mut lines = body.lines().filter(|line| !line.trim().is_empty());
    let _ = writeln!(out, "q{}", lines.next().ok_or("a quiz begins with its question")?);
    for line in lines {
        let (mark, rest) = line.split_once("] ").ok_or("an answer is `- [ ] answer :: reason`")?;
        let (answer, reason) = rest.split_once(" :: ").ok_or("an answer has a reason behind ::")?;
        let _ = writeln!(out, "a{}{answer}\t{reason}", if mark.ends_with('x') { '+' } else { '-' });
    }
    Ok(())
}
