//! Reading and changing the page's HTML as text. Trunk writes it with every attribute quoted or bare, and with scripts
//! and comments that end where HTML says: that is all this reader knows.

use crate::files::Result;
use std::ops::Range;

/// A start tag.
#[derive(Debug)]
pub(crate) struct Tag<'a> {
    /// The element's name, in lower case.
    pub(crate) name: String,
    attributes: Vec<(String, &'a str)>,
    /// The bytes from `<` to `>`.
    pub(crate) range: Range<usize>,
    /// What stands between a `<script>` or `<style>` and its end tag; empty for other elements.
    pub(crate) text: Range<usize>,
}

impl<'a> Tag<'a> {
    /// The value of an attribute: empty for one without a value.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| *value)
    }
}

/// The start tags of a page, in order.
pub(crate) fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|offset| at + offset) {
        if html[open..].starts_with("<!--") {
            at = html[open..].find("-->").map_or(html.len(), |end| open + end + 3);
            continue;
        }
        if !html[open + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            at = open + 1;
            continue;
        }
        let mut tag = start_tag(html, open);
        at = tag.range.end;
        if matches!(tag.name.as_str(), "script" | "style") {
            let end = format!("</{}", tag.name);
            let length = html[at..].to_ascii_lowercase().find(&end).unwrap_or(html.len() - at);
            tag.text = at..at + length;
            at += length;
        }
        tags.push(tag);
    }
    tags
}

fn start_tag(html: &str, open: usize) -> Tag<'_> {
    let is_space = |c: char| c.is_ascii_whitespace();
    let name_end = html[open + 1..].find(|c| is_space(c) || c == '>' || c == '/').map_or(html.len(), |n| open + 1 + n);
    let mut attributes = Vec::new();
    let mut at = name_end;
    loop {
        at += html[at..].find(|c| !is_space(c) && c != '/').unwrap_or(html.len() - at);
        if at >= html.len() || html[at..].starts_with('>') {
            let end = (at + 1).min(html.len());
            let name = html[open + 1..name_end].to_ascii_lowercase();
            return Tag { name, attributes, range: open..end, text: end..end };
        }
        let key_end =
            html[at..].find(|c| is_space(c) || c == '=' || c == '>' || c == '/').map_or(html.len(), |n| at + n);
        let key = html[at..key_end.max(at + 1)].to_ascii_lowercase();
        at = key_end.max(at + 1);
        let after = html[at..].trim_start();
        let mut value = "";
        if let Some(rest) = after.strip_prefix('=') {
            let rest = rest.trim_start();
            let start = html.len() - rest.len();
            let (from, to) = match rest.chars().next() {
                Some(quote @ ('"' | '\'')) => (start + 1, rest[1..].find(quote).map_or(html.len(), |n| start + 1 + n)),
                _ => (start, rest.find(|c| is_space(c) || c == '>').map_or(html.len(), |n| start + n)),
            };
            value = &html[from..to];
            at = if from > start { (to + 1).min(html.len()) } else { to };
        }
        attributes.push((key, value));
    }
}

/// The page with one module file in place of its inline module scripts.
pub(crate) fn with_module_at(html: &str, address: &str, integrity: &str) -> Result<String> {
    let module = format!("<script type=\"module\" src=\"{address}\" integrity=\"{integrity}\"></script>");
    let mut page = String::new();
    let mut at = 0;
    for tag in tags(html).iter().filter(|tag| is_inline_module(tag)) {
        page.push_str(&html[at..tag.range.start]);
        if at == 0 {
            page.push_str(&module);
        }
        at = tag.text.end + "</script>".len();
    }
    if at == 0 {
        return Err("the page has no inline module script: did Trunk change how it starts the application?".into());
    }
    Ok(page + &html[at..])
}

/// The address of what a page's `<link>` of one kind loads.
pub(crate) fn linked(html: &str, attribute: &str, value: &str) -> Result<String> {
    let links = tags(html).into_iter().filter(|tag| tag.name == "link" && tag.attribute(attribute) == Some(value));
    let mut links = links.filter_map(|tag| tag.attribute("href"));
    match (links.next(), links.next()) {
        (Some(address), None) => Ok(address.to_owned()),
        _ => Err(format!("the page has no link with {attribute}={value}, or more than one")),
    }
}

fn is_inline_module(tag: &Tag<'_>) -> bool {
    tag.name == "script" && tag.attribute("type") == Some("module") && tag.attribute("src").is_none()
}

/// The page without the hashes that browsers ignore, and complain of: those on preloads that `fetch` picks up.
pub(crate) fn without_ignored_hashes(html: &str) -> String {
    let mut page = html.to_owned();
    for tag in tags(html) {
        if let (Some("fetch"), Some(hash)) = (tag.attribute("as"), tag.attribute("integrity")) {
            let text = &html[tag.range.clone()];
            let bare = text.replace(&format!(" integrity=\"{hash}\""), "").replace(&format!(" integrity={hash}"), "");
            page = page.replace(text, &bare);
        }
    }
    page
}

/// The page with the policy as the first thing in its head. A page made small has no `<head>`: what may stand there
/// alone opens it.
pub(crate) fn with_policy(html: &str, policy: &str) -> Result<String> {
    if tags(html).iter().any(|tag| tag.attribute("http-equiv").is_some()) {
        return Err("index.html has an http-equiv of its own; the policy is web/policy.txt".into());
    }
    let begins = |name: &str| tags(html).into_iter().find(|tag| tag.name == name).map(|tag| tag.range.end);
    let head = begins("head").or_else(|| begins("html")).ok_or("the page has no <head> and no <html>")?;
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    Ok(format!("{}{meta}{}", &html[..head], &html[head..]))
}

/// What the policy would refuse at run time, and what `data-trunk` link Trunk left unread: better known now.
pub(crate) fn refused(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in tags(html) {
        let shown = html[tag.range.clone()].chars().take(120).collect::<String>();
        let script = tag.name == "script" && tag.attribute("src").is_none();
        let handler = tag.attributes.iter().any(|(name, value)| {
            name.starts_with("on") || value.trim_start().to_ascii_lowercase().starts_with("javascript:")
        });
        let why = [
            (script, "an inline script"),
            (tag.name == "style", "a style element"),
            (tag.attribute("style").is_some(), "a style attribute"),
            (handler, "script in an attribute"),
            (tag.attribute("data-trunk").is_some(), "a link that Trunk did not read"),
        ];
        found.extend(why.iter().filter(|(is, _)| *is).map(|(_, what)| format!("{what}: {shown}")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><html><head><title>a < b</title><!-- <style> -->\
        <link rel=\"modulepreload\" href=\"./app.js\" crossorigin=anonymous integrity=\"sha384-x\"/></head><body>\
        <script type=\"module\">\nimport init from './app.js';\nif (1<2) init();\n</script><p hidden>x</p></body></html>";

    #[test]
    fn reads_tags_with_their_attributes() {
        let tags = tags(PAGE);
        let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["html", "head", "title", "link", "body", "script", "p"]);
        assert_eq!(tags[3].attribute("crossorigin"), Some("anonymous"));
        assert_eq!(tags[3].attribute("integrity"), Some("sha384-x"));
        assert_eq!(tags[6].attribute("hidden"), Some(""));
        assert_eq!(tags[6].attribute("class"), None);
    }

    #[test]
    fn moves_the_module_to_a_file() {
        let page = with_module_at(PAGE, "./boot-1.js", "sha384-y").unwrap();
        assert!(
            page.contains("<script type=\"module\" src=\"./boot-1.js\" integrity=\"sha384-y\"></script><p hidden>")
        );
        assert!(with_module_at(&page, "./boot-2.js", "").is_err(), "none is left");
        assert_eq!(refused(&page), [""; 0]);
        let two = PAGE.replace("<p hidden>", "<script type=module>x</script><p hidden>");
        assert_eq!(with_module_at(&two, "./boot-1.js", "sha384-y").unwrap(), page);
        assert_eq!(linked(&page, "rel", "modulepreload").unwrap(), "./app.js");
        assert!(linked(&page, "as", "fetch").is_err());
    }

    #[test]
    fn drops_the_hashes_that_browsers_ignore() {
        let page =
            "<link rel=\"preload\" href=\"a.wasm\" integrity=\"sha384-x\" as=\"fetch\"><link integrity=\"sha384-x\">";
        let expected = "<link rel=\"preload\" href=\"a.wasm\" as=\"fetch\"><link integrity=\"sha384-x\">";
        assert_eq!(without_ignored_hashes(page), expected);
        assert_eq!(
            without_ignored_hashes("<link as=fetch integrity=sha384-x rel=preload>"),
            "<link as=fetch rel=preload>"
        );
    }

    #[test]
    fn puts_the_policy_first_in_the_head() {
        let page = with_policy(PAGE, "default-src 'none'").unwrap();
        assert!(
            page.contains("<head><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"><title>")
        );
        assert!(with_policy(&page, "x").is_err(), "a second policy");
        assert!(with_policy("<!doctype html><html lang=en><title>", "x").unwrap().contains("<html lang=en><meta http"));
        assert!(with_policy("<p>", "x").is_err(), "no head");
    }

    #[test]
    fn finds_all_that_the_policy_would_refuse() {
        for (html, what) in [
            ("<script>1</script>", "an inline script"),
            ("<SCRIPT type=application/json>{}</SCRIPT>", "an inline script"),
            ("<style>a{}</style>", "a style element"),
            ("<p style='color:red'>", "a style attribute"),
            ("<body onload=\"x()\">", "script in an attribute"),
            ("<a href=' javascript:x()'>", "script in an attribute"),
            ("<link data-trunk rel=\"css\">", "a link that Trunk did not read"),
        ] {
            let found = refused(html);
            assert_eq!(found.len(), 1, "{html}: {found:?}");
            assert!(found[0].starts_with(what), "{html}: {found:?}");
        }
        assert_eq!(refused("<script src=\"a.js\"></script><p class=on>a</p>"), [""; 0]);
    }

    #[test]
    fn broken_html_ends_the_reading_and_nothing_else() {
        for html in ["<", "<a", "<a b", "<a b=", "<a b='", "<!--", "<script>", "<a =b>", "<p/"] {
            let _ = tags(html);
        }
    }
}
