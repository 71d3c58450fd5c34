//! What is told of the selected thing, as a drawing.

use crate::catalog::row::Kind;
use crate::plan::Plan;
use crate::view::Selection;
use crate::view::drawing::{Drawing, caps, choose, drawn, paragraph};
use crate::view::inspector::{inspect, names_title};

/// Most lines of a list; what is beyond is counted.
const MOST: usize = 12;

/// The sheet of a selection: plain sentences first, then names, usages, who checks it, files, flags and facts.
pub fn sheet(plan: &Plan, selection: Selection) -> Vec<Drawing> {
    let it = inspect(plan, selection);
    let title = drawn("h2");
    let title = match it.kind {
        Some(kind) => title.with(drawn("i").set("class", "dot").set("data-kind", kind.word())),
        None => title,
    };
    let mut out = vec![drawn("p").set("class", "context").text(&it.context), title.text(&it.title)];
    out.extend(it.sentences.iter().map(|one| drawn("p").set("class", "sentence").text(one)));
    let chips = |words: &[String]| -> Vec<Drawing> {
        let chip = |word: &String| drawn("li").set("data-word", word).with(drawn("code").text(word));
        words.iter().map(chip).collect()
    };
    let mut usages = it.usages.clone();
    usages.reverse();
    let checked = it
        .relies
        .lines
        .iter()
        .map(|(who, how)| drawn("li").text(it.relies.before).with(drawn("b").text(*who)).text(how));
    let link = |text: &str, to: Selection| choose(to.to_text(plan).unwrap_or_default(), text);
    let files = it
        .files
        .iter()
        .map(|file| drawn("li").with(link(&file.name, file.selection)).text(format!(" {} {}", file.holds, file.mode)));
    let links = |all: &[(String, Selection)]| -> Vec<Drawing> {
        all.iter().map(|(text, to)| drawn("li").with(link(text, *to))).collect()
    };
    let siblings = if it.siblings.len() > 1 { links(&it.siblings) } else { Vec::new() };
    // A file or flag of a CA belongs to it.
    let is_ca = matches!(selection, Selection::Cert(_)) && it.kind == Some(Kind::Ca);
    let signs = if is_ca { "It signs" } else { "Belongs to" };
    for (title, class, lines) in [
        ("On each node", "chips", siblings),
        (names_title(it.kind), "chips", chips(&it.names)),
        ("Use", "chips", chips(&usages)),
        (it.relies.title, "relies", checked.collect()),
        ("Where it goes", "list", files.collect()),
        ("Flags that name it", "list", links(&it.flags)),
        (signs, "list", links(&it.links)),
    ] {
        if lines.is_empty() {
            continue;
        }
        let left = lines.len().saturating_sub(MOST);
        let mut list = drawn("ul").set("class", class).all(lines.into_iter().take(MOST));
        if left > 0 {
            list = list.with(drawn("li").set("class", "more").text(format!("and {left} more")));
        }
        out.extend([caps(title), list]);
    }
    if !it.facts.is_empty() {
        let fact = |(label, text): &(&str, String)| {
            let value = drawn("dd").with(drawn("code").text(text));
            drawn("div").with(drawn("dt").text(*label)).with(value)
        };
        out.extend([caps("Details"), drawn("dl").set("class", "facts").all(it.facts.iter().map(fact))]);
    }
    if !it.source.is_empty() {
        out.push(paragraph(format!("From {}", it.source)).set("class", "source"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{parse, preset::Preset};

    #[test]
    fn a_certificates_sheet_says_who_checks_it_and_leads_to_its_files() {
        let plan = crate::plan::plan(&parse(&Preset::named("ha-stacked").unwrap().draft()).0.unwrap());
        let of = |text: &str| -> String {
            let selection = Selection::from_text(&plan, text).unwrap();
            sheet(&plan, selection).iter().map(Drawing::to_markup).collect()
        };
        let server = of("cert:apiserver@cp-1");
        for part in [
            "Who checks it",
            "Checked by <b>",
            "data-choose=\"cert:apiserver@cp-2\"",
            "api.prod.example",
            "serverAuth",
            "Subject",
        ] {
            assert!(server.contains(part), "{part}: {server}");
        }
        let ca = of("cert:ca@cluster");
        for part in ["It signs", "Who trusts it", "Names in it (kubeadm puts its own name; nobody dials a CA)"] {
            assert!(ca.contains(part), "{part}: {ca}");
        }
        assert!(!ca.contains("Names it answers to") && !ca.contains("Checked by"));
        assert!(of("file:cp-1:/etc/kubernetes/pki/ca.crt").contains("Belongs to"));
    }
}
