//! Builds drawings of `kubepki_core::view::drawing`: as they are, or as the lines that a worker sends.

use kubepki_core::view::drawing::{BREAK, Child, Drawing, Parts, name};
use yew::Html;

use super::{Dispatch, El, Kind, el, group};
use crate::browser;

/// Builds a drawing.
pub(crate) fn built(drawing: Drawing) -> El {
    let Parts { tag, attributes, children } = drawing.into_parts();
    let mut it = el(tag, "");
    for (key, value) in attributes {
        it = put(it, key, &value);
    }
    for child in children {
        it = match child {
            Child::Element(one) => it.add(built(one)),
            Child::Text(text) => it.text(&text),
        };
    }
    it
}

/// Puts an attribute of a drawing on an element. Two of them stand for properties.
fn put(it: El, key: &'static str, value: &str) -> El {
    match key {
        "data-value" => it.value(value),
        "data-index" => it.chosen(value.parse().unwrap_or_default()),
        key => it.set(key, value),
    }
}

/// An element that hears what its parts want: `data-choose` and the like on a click, `data-ask` when something was typed or
/// chosen.
pub(crate) fn heard(it: El, dispatch: &Dispatch) -> El {
    it.on(Kind::Click, dispatch, |event, send| {
        browser::wanted(event).into_iter().for_each(|action| send.emit(action));
    })
    .typed(dispatch, |event, send| browser::typed(event).into_iter().for_each(|action| send.emit(action)))
    .changed(dispatch, |event, send| browser::asked(event).into_iter().for_each(|action| send.emit(action)))
}

/// Builds lines, in an element that hears what its parts want.
pub(crate) fn tree(lines: &str, dispatch: &Dispatch) -> Html {
    let mut open: Vec<El> = Vec::new();
    let mut done = Vec::new();
    for line in lines.split('\n') {
        let mut letters = line.chars();
        let (first, rest) = (letters.next(), letters.as_str());
        if first == Some('<') {
            open.push(el(name(rest).unwrap_or("div"), ""));
            continue;
        }
        let Some(mut it) = open.pop() else { continue };
        match first {
            Some('>') => {
                match open.pop() {
                    Some(above) => open.push(above.add(it)),
                    None => done.push(it.done()),
                }
                continue;
            }
            Some('"') => it = it.text(&broken(rest)),
            _ => {
                let (key, value) = line.split_once('=').unwrap_or_default();
                if let Some(key) = name(key) {
                    it = put(it, key, &broken(value));
                }
            }
        }
        open.push(it);
    }
    heard(el("div", "drawn"), dispatch).node(group(done)).done()
}

/// A text as it was before its line breaks were written as something else.
fn broken(text: &str) -> String {
    text.split(BREAK).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::view::drawing::{drawn, names};
    use yew::virtual_dom::{AttributeOrProperty, Attributes, VNode, VTag};

    /// The element that a drawing becomes, built by the page itself or from the lines that a worker sends.
    fn each_way(drawing: &Drawing) -> [VTag; 2] {
        let mut lines = Vec::new();
        drawing.to_lines(&mut lines);
        let VNode::VTag(around) = tree(&lines.join("\n"), &Dispatch::noop()) else { panic!("no element") };
        [built(drawing.clone()).done(), first(&first(around.children().expect("children")))].map(element)
    }

    fn first(node: &VNode) -> VNode {
        match node {
            VNode::VList(list) => list.iter().next().expect("something inside").clone(),
            other => panic!("{other:?}"),
        }
    }

    fn element(node: VNode) -> VTag {
        match node {
            VNode::VTag(tag) => (*tag).clone(),
            other => panic!("{other:?}"),
        }
    }

    fn attribute<'a>(tag: &'a VTag, name: &str) -> Option<&'a str> {
        let Attributes::Dynamic { keys, values } = &tag.attributes else { panic!("{:?}", tag.attributes) };
        let place = keys.iter().position(|key| *key == name)?;
        match values[place].as_ref()? {
            AttributeOrProperty::Attribute(value) => Some(value),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_attribute_of_a_drawing_arrives_with_its_line_breaks() {
        // Which option is chosen is a number, and a property that only a browser can hold.
        for name in names().filter(|name| *name != "data-index") {
            for made in each_way(&drawn("input").set(name, "one\ntwo")) {
                let arrived = match name {
                    "data-value" => made.value().map(|value| &**value),
                    _ => attribute(&made, name),
                };
                assert_eq!(arrived, Some("one\ntwo"), "{name}");
            }
        }
    }

    #[test]
    fn every_element_of_a_drawing_is_built_and_no_other() {
        for name in names() {
            assert!(each_way(&drawn(name)).iter().all(|made| made.tag() == name), "{name}");
        }
        let VNode::VTag(strange) = tree("<script\nsrc=x\nonclick=x\n>", &Dispatch::noop()) else {
            panic!("no element")
        };
        let strange = element(first(&first(strange.children().expect("children"))));
        assert_eq!(strange.tag(), "div");
        assert!(["src", "onclick"].iter().all(|name| attribute(&strange, name).is_none()));
    }

    #[test]
    fn lines_of_no_drawing_are_passed_over() {
        for lines in ["", "é", "é\n<p\n√=1\n\u{c}\n\"text\n>\n>\n>", "<\n<\n="] {
            let _ = tree(lines, &Dispatch::noop());
        }
    }
}
