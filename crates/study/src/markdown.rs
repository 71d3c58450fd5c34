//! The Markdown of an export's `README.md`, drawn: headings, paragraphs, lists of points, blocks of commands, and in a line
//! names and stressed words. Nothing else occurs there.

use kubepki_core::view::drawing::{Drawing, caps, drawn};

/// A piece of such a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A heading of a section, without its marks.
    Section(&'a str),
    /// A heading below that.
    Step(&'a str),
    /// A paragraph.
    Paragraph(&'a str),
    /// A point of a list, or a paragraph that belongs to one.
    Point(&'a str),
    /// Commands, without the marks around them.
    Commands(String),
}

/// The pieces of a text, in order.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut all = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(fence) = line.trim_start().strip_prefix("```") {
            let indent = line.len() - fence.len() - "```".len();
            let block = lines.by_ref().take_while(|line| line.trim_start() != "```");
            let block: Vec<&str> = block.map(|line| line.get(indent..).unwrap_or_default()).collect();
            all.push(Piece::Commands(block.join("\n")));
            continue;
        }
        let heads =
            [("### ", Piece::Step as fn(_) -> _), ("## ", Piece::Section), ("- ", Piece::Point), ("  ", Piece::Point)];
        match heads.iter().find_map(|(mark, piece)| Some(piece(line.strip_prefix(mark)?))) {
            Some(piece) => all.push(piece),
            None if line.is_empty() => {}
            None => all.push(Piece::Paragraph(line)),
        }
    }
    all
}

/// One piece by itself; a point without the list around it.
pub(crate) fn draw(piece: &Piece<'_>) -> Drawing {
    match piece {
        Piece::Section(title) => caps(title),
        Piece::Step(title) => drawn("h3").text(*title),
        Piece::Paragraph(words) => words_in(drawn("p"), words),
        Piece::Point(words) => words_in(drawn("li"), words),
        Piece::Commands(lines) => commands(lines),
    }
}

/// Commands with a button that copies them.
pub(crate) fn commands(lines: &str) -> Drawing {
    let copy = drawn("button").set("class", "quiet").set("type", "button").set("data-copy", "pre");
    drawn("div")
        .set("class", "commands")
        .with(drawn("pre").set("tabindex", "0").set("aria-label", "Commands").text(lines))
        .with(copy.set("aria-label", "Copy the commands").text("Copy"))
}

/// A line's words in an element, names as code and stressed words as such.
pub(crate) fn words_in(mut into: Drawing, words: &str) -> Drawing {
    for (index, part) in words.split('`').enumerate() {
        if index % 2 == 1 {
            into = into.with(drawn("code").text(part));
            continue;
        }
        for (index, part) in part.split("**").enumerate().filter(|(_, part)| !part.is_empty()) {
            into = if index % 2 == 1 { into.with(drawn("b").text(part)) } else { into.text(part) };
        }
    }
    into
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_piece_by_piece() {
        let text = "## Title\n\nWords with `a b`.\n\n- **One.** Point\n  more:\n  ```sh\n  run\n    it\n  ```\n\n### 1. Here: do\n\n```sh\ncat <<END\n\n# text\nEND\n```\n";
        assert_eq!(
            pieces(text),
            [
                Piece::Section("Title"),
                Piece::Paragraph("Words with `a b`."),
                Piece::Point("**One.** Point"),
                Piece::Point("more:"),
                Piece::Commands("run\n  it".to_owned()),
                Piece::Step("1. Here: do"),
                Piece::Commands("cat <<END\n\n# text\nEND".to_owned()),
            ]
        );
        let markup = words_in(drawn("p"), "**So** is `a*b`, said.").to_markup();
        assert_eq!(markup, "<p><b>So</b> is <code>a*b</code>, said.</p>");
    }
}
