//! The Trust panel: what keeps keys in this tab, what does not, and how to check it.

use kubepki_core::view::act::Act;
use kubepki_core::view::drawing::{Drawing, caps, choose, drawn, paragraph};
use kubepki_core::view::selection::{FORGET, JUDGES, TRUST};

use crate::judges;

/// What the page says of itself, and what is behind each: title, paragraphs, and what is told as a list.
const PARTS: &[(&str, &[&str], &[&str])] = &[
    (
        "Where randomness comes from",
        &[
            "Keys and serial numbers come from your browser's crypto.subtle and crypto.getRandomValues, which take them from the operating system. Where the browser refuses, nothing is made: there is nothing weaker to fall back to.",
        ],
        &[],
    ),
    (
        "What the policy forbids",
        &[
            "Before the first key is made, the page adds a second content security policy to its own, and nothing takes that back until the tab is closed. For the page and its workers it forbids:",
        ],
        &[
            "every connection: fetch, XMLHttpRequest, WebSocket, EventSource, beacon",
            "images, styles, fonts, media and frames from anywhere",
            "scripts other than its own, code made from text (eval), and script addresses that its one Trusted Types policy did not give",
            "sending a form, and another base address",
        ],
    ),
    (
        "What no policy governs",
        &["None of these is used by this page. A policy cannot forbid them, so they are named:"],
        &[
            "navigation and popups: a link that you follow leaves the page",
            "WebRTC, in Chromium",
            "looking up names ahead (DNS prefetch)",
            "extensions, the browser itself, and the system below: whoever controls those sees what the tab holds",
        ],
    ),
    (
        "What stays on this device",
        &[
            "On a site the browser keeps the program's own files (page, workers, styles, icons), each by its hash, so that it works without a network, and which lessons and labs you finished. Nothing of a design and no key is ever stored. The single file stores no file.",
            "The service worker that keeps those files stands outside the policy above: it fetches the files of a new version from the page's own address, and all that it takes from the page is that a new version may take over. \"Forget everything\" leaves what it keeps; your browser's settings for this site's data remove it.",
        ],
        &[],
    ),
    (
        "What a tab cannot promise",
        &[
            "Keys are overwritten when they are dropped, but what the browser copied or the system wrote to its swap, no page can wipe. For keys that matter most: a private window of a browser without extensions, on a machine without a network and without swap, switched off afterwards; or the command line kubepki.",
        ],
        &[],
    ),
    (
        "To check the single file before you open it",
        &[
            "With the file come SHA256SUMS and SHA256SUMS.sig. Have the publisher's key, release.pub, by another way than the file came, and ask both, on a machine that you trust: who made the sums, and whether your copy is the one that they are of.",
        ],
        &[
            "openssl pkeyutl -verify -rawin -pubin -inkey release.pub -in SHA256SUMS -sigfile SHA256SUMS.sig",
            "sha256sum -c --ignore-missing SHA256SUMS",
        ],
    ),
];

/// Whether a selection is about trust.
pub(crate) fn is_meant(selected: &str) -> bool {
    selected.starts_with(TRUST)
}

/// The dialog that asks before everything is forgotten.
pub(crate) fn forget() -> [Vec<Drawing>; 2] {
    let button = |class: &str, act: Act<'_>, name: &str, label: &str| {
        let button = drawn("button").set("class", class).set("type", "button").set("data-act", act.to_text());
        button.set("data-testid", name).text(label)
    };
    let above = paragraph(
        "Every private key, every PKI, this design and all earlier ones, and the last saved file's address in this tab are overwritten or released, and the worker ends. Nothing brings them back. Files that you saved stay where they are, and so do the program's own files, which hold nothing of yours.",
    );
    let buttons = drawn("p").set("class", "buttons end").with(button("", Act::Close, "close", "Not now"));
    [vec![above], vec![buttons.with(button("danger", Act::Forget, "confirm", "Forget everything now"))]]
}

/// The sheet: what keeps keys in the tab, how far, and what tries and ends it.
pub(crate) fn sheet(selected: &str) -> Vec<Drawing> {
    if selected == JUDGES {
        return judges::sheet();
    }
    let button = |label: &str, name: &str| {
        drawn("button").set("class", "small").set("type", "button").set("data-testid", name).text(label)
    };
    let mut out = vec![drawn("h2").text("Why you can trust it, and how far")];
    out.push(caps("Leak test"));
    out.push(paragraph(
        "Tries eleven ways out, one after the other, to a name that cannot exist. Each counts as blocked only where the browser reports that its policy stopped it.",
    ));
    let test = button("Run the leak test", "leak-test").set("data-act", Act::LeakTest.to_text());
    let forget = button("Forget everything…", "forget").set("data-choose", FORGET);
    out.push(drawn("p").set("class", "bar").with(test).with(forget));
    let judges = "What accepted such exports, program by program";
    out.push(drawn("p").with(choose(JUDGES, judges).set("data-testid", "judges-link")));
    for (title, paragraphs, list) in PARTS {
        out.push(caps(title));
        out.extend(paragraphs.iter().map(|text| paragraph(*text)));
        if !list.is_empty() {
            out.push(drawn("ul").set("class", "plain").all(list.iter().map(|item| drawn("li").text(*item))));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgetting_is_asked_for_by_one_button_and_confirmed_by_another() {
        let lines = |drawn: &[Drawing]| {
            let mut lines = Vec::new();
            drawn.iter().for_each(|one| one.to_lines(&mut lines));
            lines
        };
        assert!(lines(&sheet(TRUST)).contains(&format!("data-choose={FORGET}")));
        assert!(!lines(&sheet(TRUST)).iter().any(|line| line == "data-act=forget"), "one click forgets nothing");
        let [_, below] = forget().map(|part| lines(&part));
        let confirm = below.iter().position(|line| line == "data-testid=confirm").expect("a confirming button");
        assert_eq!(below[confirm - 3..confirm].to_vec(), ["class=danger", "type=button", "data-act=forget"]);
    }
}
