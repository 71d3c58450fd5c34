//! Drawings: elements with attributes and texts, as plain values. A drawing becomes markup for a file, or lines that the
//! page builds elements from, so that views which the first picture does not need are drawn by a worker.

use std::fmt::Write as _;

/// The elements and attributes that drawings have, in one text for room. The page builds no other: what a worker sends that
/// reads texts from outside can bring neither a script nor an address into it. A new one is added here; a program that is
/// built for tests stops at one that is missing, and the page would leave it out.
const NAMES: &str = "div section p h2 h3 ul ol li dl dt dd b i code pre span details summary table thead tbody tr th td \
    button input select option svg g path rect circle text class type role title scope slot open selected disabled min \
    max step value placeholder autocomplete spellcheck tabindex data-testid data-choose data-pick data-go data-ask \
    data-act data-copy data-save data-walk data-fold data-turn data-group data-set data-kind data-word data-secret \
    data-related data-selecting data-done data-value data-index aria-pressed aria-current aria-expanded aria-label \
    aria-live aria-hidden aria-valuetext width height viewBox x y rx cx cy r d transform fill stroke stroke-width \
    stroke-dasharray font-size font-weight text-anchor";

/// The elements and attributes that drawings have.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.split(' ')
}

/// An element or attribute that drawings have, by its name; nothing for any other.
pub fn name(text: &str) -> Option<&'static str> {
    names().find(|name| *name == text)
}

/// An element; boxed, so that each step of making one hands on one pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing(Box<Parts>);

/// What an element is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Its tag.
    pub tag: &'static str,
    /// Its attributes.
    pub attributes: Vec<(&'static str, String)>,
    /// What stands in it.
    pub children: Vec<Child>,
}

/// What stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Child {
    /// An element.
    Element(Drawing),
    /// A text.
    Text(String),
}

/// Begins an element.
pub fn drawn(tag: &'static str) -> Drawing {
    debug_assert!(name(tag).is_some(), "the page builds no <{tag}>: name it in NAMES of view/drawing.rs");
    Drawing(Box::new(Parts { tag, attributes: Vec::new(), children: Vec::new() }))
}

impl Drawing {
    /// An attribute.
    pub fn set(self, name: &'static str, value: impl ToString) -> Self {
        self.put(name, value.to_string())
    }

    fn put(mut self, attribute: &'static str, value: String) -> Self {
        debug_assert!(name(attribute).is_some(), "the page drops {attribute}: name it in NAMES of view/drawing.rs");
        self.0.attributes.push((attribute, value));
        self
    }

    /// An attribute that says `true` or is absent.
    pub fn mark(self, name: &'static str, on: bool) -> Self {
        if on { self.set(name, "true") } else { self }
    }

    /// A child.
    pub fn with(self, child: Self) -> Self {
        self.child(Child::Element(child))
    }

    /// Children.
    pub fn all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.0.children.extend(children.into_iter().map(Child::Element));
        self
    }

    /// A text.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.child(Child::Text(text.into()))
    }

    fn child(mut self, child: Child) -> Self {
        self.0.children.push(child);
        self
    }

    /// Taken apart, for whoever builds elements of another kind.
    pub fn into_parts(self) -> Parts {
        *self.0
    }

    /// As XML.
    pub fn to_markup(&self) -> String {
        let mut out = String::new();
        self.markup(&mut out);
        out
    }

    fn markup(&self, out: &mut String) {
        let _ = write!(out, "<{}", self.0.tag);
        for (name, value) in &self.0.attributes {
            let _ = write!(out, " {name}=\"{}\"", escape(value));
        }
        if self.0.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for child in &self.0.children {
            match child {
                Child::Element(one) => one.markup(out),
                Child::Text(text) => out.push_str(&escape(text)),
            }
        }
        let _ = write!(out, "</{}>", self.0.tag);
    }

    /// As lines, each with what it is in front: `<tag`, `name=value`, `"text`, `>` for an end. Line breaks in values and
    /// texts become [`BREAK`]; what separates drawings from each other, in page or element, becomes a blank.
    pub fn to_lines(&self, out: &mut Vec<String>) {
        let one_line = |text: &str| text.replace('\n', BREAK).replace(SEPARATORS, " ");
        out.push(format!("<{}", self.0.tag));
        out.extend(self.0.attributes.iter().map(|(name, value)| format!("{name}={}", one_line(value))));
        for child in &self.0.children {
            match child {
                Child::Element(one) => one.to_lines(out),
                Child::Text(text) => out.push(format!("\"{}", one_line(text))),
            }
        }
        out.push(">".to_owned());
    }
}

/// What stands between drawings that travel together: the page's, and the element's.
pub const SEPARATORS: [char; 2] = ['\u{c}', '\u{1f}'];

/// Stands for a line break inside a line.
pub const BREAK: &str = "\u{b}";

/// A text for whoever cannot see the picture.
pub fn unseen(text: impl Into<String>) -> Drawing {
    drawn("span").set("class", "sr").text(text)
}

/// A small icon: strokes on a grid of 16.
pub fn icon(strokes: &str) -> Drawing {
    drawn("svg")
        .set("class", "icon")
        .set("viewBox", "0 0 16 16")
        .set("width", "16")
        .set("height", "16")
        .set("aria-hidden", "true")
        .with(drawn("path").set("d", strokes))
}

/// A small heading.
pub fn caps(title: &str) -> Drawing {
    drawn("h3").set("class", "caps").text(title)
}

/// A paragraph.
pub fn paragraph(text: impl Into<String>) -> Drawing {
    drawn("p").text(text)
}

/// A button that selects a thing, or follows a link to one; see `Selection::to_text`.
pub fn choose(selection: impl ToString, label: impl Into<String>) -> Drawing {
    drawn("button").set("class", "text").set("type", "button").set("data-choose", selection).text(label)
}

/// A button that goes to an address; see `view::address`.
pub fn leads_to(address: impl ToString, label: impl Into<String>) -> Drawing {
    drawn("button").set("class", "text").set("type", "button").set("data-go", address).text(label)
}

/// The attribute of a button that shows a selection; an empty one clears what is selected.
pub fn selecting(selection: &str) -> &'static str {
    if selection.is_empty() { "data-pick" } else { "data-choose" }
}

/// A small button that stays down; `attribute` says what becomes of `to`.
pub fn chip(attribute: &'static str, to: impl ToString, label: impl Into<String>, pressed: bool) -> Drawing {
    drawn("button")
        .set("class", "chip")
        .set("type", "button")
        .set(attribute, to)
        .set("aria-pressed", pressed)
        .text(label)
}

/// A list to choose one of: what each selects behind `ask`, its words, and which one it is now.
pub fn pick(label: &str, ask: &str, at: usize, options: impl IntoIterator<Item = (String, String)>) -> Drawing {
    let option = |(index, (to, words)): (usize, (String, String))| {
        let option = drawn("option").set("value", to).text(words);
        // It counts when the list is made; later the list's own index does.
        if index == at { option.set("selected", "") } else { option }
    };
    drawn("select")
        .set("aria-label", label)
        .set("data-ask", ask)
        .set("data-index", at)
        .all(options.into_iter().enumerate().map(option))
}

/// A text with a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|one| one.to_uppercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// Commands under a heading that folds them, with a button that copies them.
pub fn recipe(title: &str, commands: impl Into<String>) -> Drawing {
    let copy = drawn("button").set("class", "quiet").set("type", "button").set("data-copy", "pre");
    drawn("details")
        .set("class", "recipe")
        .with(drawn("summary").set("class", "caps").text(title))
        .with(copy.set("aria-label", format!("Copy: {title}")).text("Copy"))
        .with(drawn("pre").set("tabindex", "0").text(commands))
}

/// A table with a head; a row's cells are drawings of their own.
pub fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<Drawing>>) -> Drawing {
    let cell = |title: &&str| drawn("th").set("scope", "col").text(*title);
    let row = |cells: Vec<Drawing>| drawn("tr").all(cells.into_iter().map(|cell| drawn("td").with(cell)));
    drawn("table")
        .set("class", "told")
        .with(drawn("thead").with(drawn("tr").all(head.iter().map(cell))))
        .with(drawn("tbody").all(rows.into_iter().map(row)))
}

/// XML text.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_can_neither_begin_a_line_nor_end_a_drawing() {
        let mut lines = Vec::new();
        let odd = "a\nb\u{c}c\u{1f}d";
        drawn("p").set("title", odd).text(odd).to_lines(&mut lines);
        assert_eq!(lines, ["<p", "title=a\u{b}b c d", "\"a\u{b}b c d", ">"]);
    }

    /// In tests, which draw every view, so that nothing that a drawing has is left out in the page without a word.
    #[test]
    #[cfg(debug_assertions)]
    fn a_drawing_has_no_element_and_no_attribute_that_the_page_does_not_build() {
        assert!(std::panic::catch_unwind(|| drawn("p").set("title", "a").mark("disabled", true)).is_ok());
        assert!(std::panic::catch_unwind(|| drawn("script")).is_err());
        assert!(std::panic::catch_unwind(|| drawn("p").set("data-new", "a")).is_err());
        assert!(std::panic::catch_unwind(|| drawn("p").mark("data-new", true)).is_err());
    }
}
