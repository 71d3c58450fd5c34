//! Events to trees: the one file that knows the YAML parser. Duplicate keys, bad syntax and what is too much are
//! findings; what was read before them is kept, so that the rest of a bad text is checked as well.

use kubepki_core::diag::{Diagnostic, Position, Quoted};
use kubepki_core::sorted::SortedMap;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};
use zeroize::Zeroize;

use crate::text::{DEEPEST, Index, Refusal, number, too_deep};
use crate::tree::{Document, Key, Node, Value};

/// Most values in one text, aliases written out. A design of 10,000 nodes has 70,000.
const MOST_VALUES: usize = 200_000;
/// Findings beyond this are not kept: nobody reads them, and a bad text has one a line.
pub(crate) const MOST_FINDINGS: usize = 1_000;
/// How often reading is taken up again behind a syntax error.
const MOST_RESTARTS: usize = 20;

/// What is left out on purpose.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Skip {
    /// Keys whose lists and mappings are not kept, at any depth.
    pub(crate) keys: &'static [&'static str],
    /// Keys whose texts are wiped at once, at any depth: they never stand in a tree.
    pub(crate) secrets: &'static [&'static str],
}

/// The documents of a text, and what is wrong with them as YAML.
pub(crate) fn load(text: &str, skip: Skip) -> (Vec<Document>, Vec<Diagnostic>) {
    let mut loader = Loader { skip, lines: 0, values: 0, documents: Vec::new(), found: Vec::new() };
    let mut rest = text;
    for _ in 0..MOST_RESTARTS {
        let Some(line) = loader.documents(rest) else { break };
        // After a syntax error only the next document can be read.
        let Some(offset) = document_start(rest, line) else { break };
        loader.lines += number(rest[..offset].matches('\n').count());
        rest = &rest[offset..];
    }
    (loader.documents, loader.found)
}

/// Where the first line from line `line` (from 1) on that begins a document begins; the text's own first line is none.
fn document_start(text: &str, line: usize) -> Option<usize> {
    let mut offset = 0;
    for (index, content) in text.split_inclusive('\n').enumerate() {
        let mark = content.trim_end();
        if index > 0 && index + 1 >= line && (mark == "---" || mark.starts_with("--- ")) {
            return Some(offset);
        }
        offset += content.len();
    }
    None
}

struct Loader {
    skip: Skip,
    /// Lines before the text that is being read.
    lines: u32,
    values: usize,
    documents: Vec<Document>,
    found: Vec<Diagnostic>,
}

/// A collection that is being read.
enum Frame {
    List { at: Position, anchor: usize, items: Vec<Node> },
    Map { at: Position, anchor: usize, entries: Vec<(Key, Node)>, seen: Index, key: Option<Key> },
}

/// One document that is being read.
#[derive(Default)]
struct Reading {
    frames: Vec<Frame>,
    anchors: SortedMap<usize, Node>,
    root: Option<Node>,
    /// How many collections deep the skipped value is; nothing is skipped at 0.
    skipping: usize,
}

impl Loader {
    /// Reads documents until the end, or the line (from 1) of a syntax error that stops it.
    fn documents(&mut self, text: &str) -> Option<usize> {
        let mut parser = Parser::new_from_str(text);
        let mut reading = Reading::default();
        loop {
            let (event, span) = match parser.next_event()? {
                Ok(event) => event,
                Err(error) => {
                    self.syntax(&error);
                    self.finish(reading, false);
                    return Some(error.marker().line());
                }
            };
            let at = self.position(&span.start);
            if let Event::DocumentEnd = event {
                self.finish(std::mem::take(&mut reading), true);
            } else if let Err(found) = self.event(&mut reading, event, at) {
                self.found.push(*found);
                self.finish(reading, false);
                return None;
            }
        }
    }

    fn position(&self, mark: &Marker) -> Position {
        Position { line: self.lines + number(mark.line()), column: number(mark.col() + 1) }
    }

    /// One event. An error is one behind which nothing can be read.
    fn event(&mut self, reading: &mut Reading, event: Event<'_>, at: Position) -> Result<(), Refusal> {
        if reading.skipping > 0 {
            match event {
                Event::SequenceStart(..) | Event::MappingStart(..) => reading.skipping += 1,
                Event::SequenceEnd | Event::MappingEnd => reading.skipping -= 1,
                _ => {}
            }
            if reading.skipping == 1 {
                reading.skipping = 0;
                self.add(reading, Node { at, value: Value::Null }, 0);
            }
            return Ok(());
        }
        match event {
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) if reading.frames.len() >= DEEPEST => {
                drop((anchor, tag));
                return Err(too_deep(at).into());
            }
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.as_deref(), "seq", at);
                self.count(1, at)?;
                key_is_word(reading, at)?;
                if !self.skips(reading) {
                    reading.frames.push(Frame::List { at, anchor, items: Vec::new() });
                }
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.as_deref(), "map", at);
                self.count(1, at)?;
                key_is_word(reading, at)?;
                if !self.skips(reading) {
                    let (entries, seen) = (Vec::new(), Index::new());
                    reading.frames.push(Frame::Map { at, anchor, entries, seen, key: None });
                }
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(reading, at)?,
            Event::Scalar(text, style, anchor, tag) => {
                self.count(if anchor == 0 { 1 } else { 2 }, at)?;
                let forced = self.tag(tag.as_deref(), "scalar", at);
                let plain = style == ScalarStyle::Plain && !forced;
                let value = match &*text {
                    "" | "~" | "null" | "Null" | "NULL" if plain => Value::Null,
                    _ if self.is_secret(reading) => {
                        text.into_owned().zeroize();
                        Value::Scalar { text: String::new(), plain: false }
                    }
                    _ => Value::Scalar { text: text.into_owned(), plain },
                };
                self.add(reading, Node { at, value }, anchor);
            }
            Event::Alias(anchor) => match reading.anchors.get(&anchor).cloned() {
                Some(mut node) => {
                    self.count(node.count(), at)?;
                    node.at = at;
                    self.add(reading, node, 0);
                }
                None => {
                    let message = "an alias stands inside the very value that it repeats";
                    self.say(Diagnostic::error("yaml-alias", "", message).with_hint("write the value out").at(at));
                    self.add(reading, Node { at, value: Value::Null }, 0);
                }
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
        Ok(())
    }

    /// Takes note of values; too many end the reading. Aliases count as what they repeat.
    fn count(&mut self, values: usize, at: Position) -> Result<(), Refusal> {
        self.values += values;
        if self.values <= MOST_VALUES {
            return Ok(());
        }
        let message = format!("with its aliases written out the text has more than {MOST_VALUES} values");
        let hint = "write the values out that are needed, or split the text";
        Err(Diagnostic::error("yaml-too-much", "", message).with_hint(hint).at(at).into())
    }

    /// Whether a scalar is text whatever it looks like. Tags beyond YAML's own types are refused.
    fn tag(&mut self, tag: Option<&Tag>, kind: &str, at: Position) -> bool {
        let Some(tag) = tag else { return false };
        let known = match tag.is_yaml_core_schema() {
            true if kind == "scalar" => ["str", "int", "bool", "float", "null"].contains(&tag.suffix.as_str()),
            true => tag.suffix == kind,
            false => tag.handle == "!" && tag.suffix.is_empty(),
        };
        if !known {
            let message = format!("the tag {}{} is not understood", tag.handle, tag.suffix);
            self.say(Diagnostic::error("yaml-tag", "", message).with_hint("remove it").at(at));
        }
        tag.suffix == "str" || tag.suffix.is_empty()
    }

    /// Whether the text that stands here is wiped.
    fn is_secret(&self, reading: &Reading) -> bool {
        match reading.frames.last() {
            Some(Frame::Map { key: Some(key), .. }) => self.skip.secrets.contains(&key.text.as_str()),
            _ => false,
        }
    }

    /// Whether the collection that begins here is left out; if so it is.
    fn skips(&self, reading: &mut Reading) -> bool {
        let skipped = match reading.frames.last() {
            Some(Frame::Map { key: Some(key), .. }) => self.skip.keys.contains(&key.text.as_str()),
            _ => false,
        };
        // One more than its depth, so that its end is told from not skipping.
        reading.skipping = if skipped { 2 } else { 0 };
        skipped
    }

    /// The innermost collection is finished.
    fn close(&mut self, reading: &mut Reading, end: Position) -> Result<(), Refusal> {
        let (node, anchor) = match reading.frames.pop() {
            None => return Ok(()),
            Some(Frame::List { at, anchor, items }) => (Node { at, value: Value::List(items) }, anchor),
            Some(Frame::Map { at, anchor, mut entries, seen, .. }) => {
                self.count(merge(&mut entries, &seen), end)?;
                (Node { at, value: Value::Map(entries) }, anchor)
            }
        };
        if anchor != 0 {
            // It is kept a second time, for its aliases.
            self.count(node.count(), end)?;
        }
        self.add(reading, node, anchor);
        Ok(())
    }

    /// Puts a finished value where it belongs: the root, an item, a key or a key's value.
    fn add(&mut self, reading: &mut Reading, node: Node, anchor: usize) {
        if anchor != 0 {
            reading.anchors.insert(anchor, node.clone());
        }
        match reading.frames.last_mut() {
            None => reading.root = Some(node),
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map { entries, seen, key, .. }) => match key.take() {
                Some(key) => {
                    if seen.insert(key.text.clone(), 0).is_none() {
                        entries.push((key, node));
                    } else {
                        let message = format!("the key {} stands twice in this mapping", Quoted(&key.text));
                        let hint = "keep one of them";
                        self.say(Diagnostic::error("yaml-key-twice", "", message).with_hint(hint).at(key.at));
                    }
                }
                None => *key = Some(Key { at: node.at, text: node.text().unwrap_or_default().to_owned() }),
            },
        }
    }

    fn say(&mut self, found: Diagnostic) {
        if self.found.len() < MOST_FINDINGS {
            self.found.push(found);
        }
    }

    fn syntax(&mut self, error: &ScanError) {
        let info = error.info();
        let hint = match info {
            tab if tab.contains("tab") => "indent with spaces; YAML takes no tabs there",
            anchor if anchor.contains("anchor") => "an alias repeats what an anchor marked before it",
            _ => "look at the indentation, and at quotes and brackets left open, from here upwards",
        };
        let at = self.position(error.marker());
        self.say(Diagnostic::error("yaml-syntax", "", format!("not YAML: {info}")).with_hint(hint).at(at));
    }

    /// Keeps a document, whole or up to where reading stopped.
    fn finish(&mut self, mut reading: Reading, complete: bool) {
        while let Some(Frame::List { at, .. } | Frame::Map { at, .. }) = reading.frames.last() {
            // Too much was said already when this fails; the rest of the document is then left out.
            let at = *at;
            if self.close(&mut reading, at).is_err() {
                return;
            }
        }
        if let Some(root) = reading.root.filter(|root| !root.is_null()) {
            self.documents.push(Document { root, complete });
        }
    }
}

/// Refuses a list or mapping where a key is expected.
fn key_is_word(reading: &Reading, at: Position) -> Result<(), Refusal> {
    match reading.frames.last() {
        Some(Frame::Map { key: None, .. }) => {
            let message = "a list or mapping cannot be a key here";
            let hint = "keys are words; text that begins with [ or { needs quotes";
            Err(Diagnostic::error("yaml-key", "", message).with_hint(hint).at(at).into())
        }
        _ => Ok(()),
    }
}

/// YAML's merge key: `<<: *defaults` takes what the mapping does not say itself. Go's YAML reader, hence kubeadm,
/// knows it. How many values it brought.
fn merge(entries: &mut Vec<(Key, Node)>, seen: &Index) -> usize {
    if !seen.contains_key("<<") {
        return 0;
    }
    let Some(index) = entries.iter().position(|(key, _)| key.text == "<<") else { return 0 };
    let (_, node) = entries.remove(index);
    let mut seen = seen.clone();
    let sources = match &node.value {
        Value::List(items) => items.as_slice(),
        Value::Null | Value::Scalar { .. } | Value::Map(_) => std::slice::from_ref(&node),
    };
    let mut brought = 0;
    for (key, value) in sources.iter().flat_map(Node::entries) {
        if seen.insert(key.text.clone(), 0).is_none() {
            brought += value.count();
            entries.push((Key { at: node.at, text: key.text.clone() }, value.clone()));
        }
    }
    brought
}
