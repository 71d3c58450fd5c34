//! Drawings: elements with attributes and texts, as plain values. A drawing becomes markup for a file, or lines that the
//! page builds elements from, so that views which the first picture does not need are drawn by a worker.

use std::fmt::Write as _;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    tag: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Child>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Child {
    Element(Drawing),
    Text(String),
}

/// Begins an element.
pub fn drawn(tag: &'static str) -> Drawing {
    Drawing { tag, ..Drawing::default() }
}

impl Drawing {
    /// An attribute.
    pub fn set(mut self, name: &'static str, value: impl ToString) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    /// A child.
    pub fn with(mut self, child: Self) -> Self {
        self.children.push(Child::Element(child));
        self
    }

    /// Children.
    pub fn all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children.into_iter().map(Child::Element));
        self
    }

    /// A text.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Child::Text(text.into()));
        self
    }

    /// As XML.
    pub fn to_markup(&self) -> String {
        let mut out = String::new();
        self.markup(&mut out);
        out
    }

    fn markup(&self, out: &mut String) {
        let _ = write!(out, "<{}", self.tag);
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}=\"{}\"", super::svg::escape(value));
        }
        if self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for child in &self.children {
            match child {
                Child::Element(one) => one.markup(out),
                Child::Text(text) => out.push_str(&super::svg::escape(text)),
            }
        }
        let _ = write!(out, "</{}>", self.tag);
    }

    /// As lines, each with what it is in front: `<tag`, `name=value`, `"text`, `>` for an end. Values and texts hold no
    /// line breaks.
    pub fn to_lines(&self, out: &mut Vec<String>) {
        out.push(format!("<{}", self.tag));
        out.extend(self.attributes.iter().map(|(name, value)| format!("{name}={value}")));
        for child in &self.children {
            match child {
                Child::Element(one) => one.to_lines(out),
                Child::Text(text) => out.push(format!("\"{text}")),
            }
        }
        out.push(">".to_owned());
    }
}
