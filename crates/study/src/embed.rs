//! "Embed this": what to put into a documentation site for exactly what is on screen. A way is a row.

use kubepki_core::plan::Plan;
use kubepki_core::spec::preset::PRESETS;
use kubepki_core::spec::{Draft, link};
use kubepki_core::view::act::Act;
use kubepki_core::view::address::escape;
use kubepki_core::view::drawing::{Drawing, drawn, paragraph, recipe};
use kubepki_core::view::selection::RUNBOOK;
use kubepki_core::view::{ViewId, svg};

/// The dialog's name; what is selected stands behind it.
pub(crate) const EMBED: &str = "embed:";

/// Ways to put it into a page: title and text, in which `TAG` and `FRAGMENT` stand for what is on screen. The package's
/// `ELEMENT.md` says more of each; a test holds both to the same names of files.
const WAYS: &[(&str, &str)] = &[
    ("Any page", "<script type=\"module\" src=\"/kubepki/define.js\"></script>\n\nTAG"),
    (
        "iframe",
        "<iframe sandbox=\"allow-scripts allow-downloads\" loading=\"lazy\" title=\"Kubernetes PKI\" width=\"100%\" height=\"480\"\n  src=\"/kubepki/embed.html#FRAGMENT\"></iframe>",
    ),
    (
        "MkDocs",
        "# mkdocs.yml; the package's files in docs/kubepki\nextra_javascript:\n  - path: kubepki/define.js\n    type: module\n\n<!-- the page -->\nTAG",
    ),
    (
        "VitePress",
        "// .vitepress/config.mjs; the package's files in public/kubepki\nhead: [[\"script\", { type: \"module\", src: \"/kubepki/define.js\" }]],\nvue: { template: { compilerOptions: { isCustomElement: (tag) => tag === \"kube-pki\" } } },\n\n<!-- the page -->\nTAG",
    ),
    (
        "Docusaurus",
        "// docusaurus.config.js; the package's files in static/kubepki\nscripts: [{ src: \"/kubepki/define.js\", type: \"module\" }],\n\n{/* the page */}\nTAG",
    ),
    (
        "Hugo",
        "<!-- layouts/partials/head.html; the package's files in static/kubepki -->\n<script type=\"module\" src=\"/kubepki/define.js\"></script>\n\n<!-- layouts/shortcodes/kube-pki.html -->\nTAG\n\n<!-- the page -->\n{{< kube-pki >}}",
    ),
    (
        "mdBook",
        "<!-- theme/head.hbs; the package's files in src/kubepki -->\n<script type=\"module\" src=\"{{ path_to_root }}kubepki/define.js\"></script>\n\n<!-- the page -->\nTAG",
    ),
];

/// The dialog: below what the page says of it nothing but the button that closes it.
pub(crate) fn dialog(draft: &Draft, plan: &Plan, view: ViewId, selected: &str, now: i64) -> [Vec<Drawing>; 2] {
    let told = attributes(draft, view, selected);
    let tag: String = told.iter().map(|(name, value)| format!(" {name}=\"{}\"", svg::escape(value))).collect();
    let tag = format!("<kube-pki{tag}></kube-pki>");
    let fragment: Vec<String> = told.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    let fragment = svg::escape(&fragment.join("&"));
    let mut out = vec![paragraph(
        "What is on screen, live in your documentation: it loads when it comes in sight, follows your page's theme, and asks for nothing but its own files. Those are in the npm package kubepki, which a release holds: copy them to your site.",
    )];
    for (index, (title, text)) in WAYS.iter().enumerate() {
        let way = recipe(title, text.replace("TAG", &tag).replace("FRAGMENT", &fragment));
        // The first is what most need, and shows what the others are like.
        out.push(if index == 0 { way.set("open", "") } else { way });
    }
    let save =
        drawn("button").set("class", "small").set("type", "button").set("data-save", format!("{}.svg", view.word()));
    let picture = drawn("pre").set("class", "sr").set("aria-hidden", true).text(svg::svg(plan, view, now));
    out.push(paragraph("And where nothing may run, the same as a still picture:"));
    out.push(
        drawn("p").set("class", "bar").with(save.set("data-testid", "embed-svg").text("Save the SVG")).with(picture),
    );
    let close = drawn("button")
        .set("type", "button")
        .set("data-act", Act::Close.to_text())
        .set("data-testid", "close")
        .text("Close");
    [out, vec![drawn("p").set("class", "buttons end").with(close)]]
}

/// The element's attributes for a design, a view and a selection, by the names that `web/package/element/names.js` gives.
fn attributes(draft: &Draft, view: ViewId, selected: &str) -> Vec<(&'static str, String)> {
    let preset = PRESETS.iter().find(|preset| preset.draft() == *draft);
    let mut told = vec![match preset {
        Some(preset) => ("preset", preset.name.to_owned()),
        None => ("design", link::encode(draft)),
    }];
    told.push(("view", view.word().to_owned()));
    let connection = selected.strip_prefix("connection:");
    match connection.map(|rest| rest.split_once('?').unwrap_or((rest, ""))) {
        Some((id, "")) => told.push(("connection", id.to_owned())),
        Some((id, how)) if how.starts_with("fault=") && !how.contains('&') => {
            told.push(("connection", id.to_owned()));
            told.push(("fault", how["fault=".len()..].to_owned()));
        }
        None if selected.is_empty() || selected.starts_with(RUNBOOK) => {}
        _ => told.push(("focus", selected.strip_prefix("cert:").unwrap_or(selected).to_owned())),
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::spec::Field;

    #[test]
    fn a_preset_is_named_and_any_other_design_is_carried() {
        let mut draft = PRESETS[1].draft();
        let named = attributes(&draft, ViewId::Hierarchy, "cert:apiserver@cp-1");
        let expected = [("preset", "ha-stacked"), ("view", "hierarchy"), ("focus", "apiserver@cp-1")];
        assert_eq!(named, expected.map(|(name, value)| (name, value.to_owned())));
        draft.set_text(Field::ClusterName, "other");
        let carried =
            attributes(&draft, ViewId::Connections, "connection:kube-apiserver->etcd?fault=expired:etcd-server");
        assert!(carried[0].0 == "design" && link::decode(&carried[0].1).expect("a link") == draft);
        assert_eq!(carried[2], ("connection", "kube-apiserver->etcd".to_owned()));
        assert_eq!(carried[3], ("fault", "expired:etcd-server".to_owned()));
        let how = attributes(&draft, ViewId::Handshake, "connection:a->b?fault=x&days=400");
        assert_eq!(how[2], ("focus", "connection:a->b?fault=x&days=400".to_owned()));
    }

    #[test]
    fn the_elements_own_table_has_every_attribute_and_its_documentation_every_way() {
        let names = include_str!("../../../web/package/element/names.js");
        for name in ["preset", "design", "view", "focus", "connection", "fault"] {
            assert!(names.contains(&format!("name: \"{name}\"")), "{name}");
        }
        let documentation = include_str!("../../../web/package/element/describe.mjs");
        for (title, _) in &WAYS[2..] {
            assert!(documentation.contains(&format!("| {title} |")), "{title}");
        }
    }
}
