//! The page's style sheets as one file: a request less for each, and what they have in common is compressed once.

use crate::build::hashed::short;
use crate::build::html::{self, Tag};
use crate::build::measure::{Depth, measure};
use crate::files::{Result, read, write};
use crate::project::Project;
use std::fs;
use std::path::Path;

/// Puts the sheets that the page links to, in their order, into one file of the folder; returns the page that links to
/// it instead.
pub(crate) fn merge(project: &Project, folder: &Path, page: &str) -> Result<String> {
    let mut text = String::new();
    for name in html::tags(page).iter().filter_map(sheet) {
        let path = folder.join(name.trim_start_matches("./"));
        text.push_str(read(&path)?.trim_end());
        text.push('\n');
        fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let draft = folder.join("style.css");
    write(&draft, text)?;
    let integrity = measure(project, Depth::Hash, std::slice::from_ref(&draft))?.remove(0).integrity;
    let name = format!("style-{}.css", short(&integrity));
    fs::rename(&draft, folder.join(&name)).map_err(|error| format!("{name}: {error}"))?;
    Ok(linked(page, &format!("<link rel=\"stylesheet\" href=\"./{name}\" integrity=\"{integrity}\">")))
}

/// The page with one link in place of its first, and none in place of its other sheets.
fn linked(page: &str, link: &str) -> String {
    let mut merged = String::new();
    let mut at = 0;
    for tag in html::tags(page).iter().filter(|tag| sheet(tag).is_some()) {
        merged.push_str(&page[at..tag.range.start]);
        if !merged.contains(link) {
            merged.push_str(link);
        }
        at = tag.range.end;
    }
    merged.push_str(&page[at..]);
    merged
}

/// The address of the style sheet that a tag links to.
fn sheet<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    (tag.name == "link" && tag.attribute("rel") == Some("stylesheet")).then(|| tag.attribute("href")).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_link_stands_for_all() {
        let page =
            "<head><link rel=stylesheet href=a.css><link rel=icon href=i><link rel=stylesheet href=b.css></head>";
        assert_eq!(linked(page, "<link x>"), "<head><link x><link rel=icon href=i></head>");
    }
}
