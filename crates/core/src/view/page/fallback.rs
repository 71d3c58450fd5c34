//! A view as an HTML table: what stands behind the picture where nothing can be drawn, for print, and for whoever reads the
//! page without seeing it.

use crate::plan::Plan;
use crate::view::drawing::{Drawing, drawn, table};
use crate::view::{ViewId, connections, files, hierarchy, text};

/// The snippet, in the slot `fallback` of the element: the view folded under a line that names it, and who made it. `now`
/// is the time of issuing, Unix seconds.
pub fn html(plan: &Plan, view: ViewId, now: i64) -> String {
    let title = format!("{}: {} as text", plan.spec.cluster_name, view.title());
    let made = format!("Kubernetes {}. Made by KubePKI Workbench, Apache-2.0 OR MIT.", plan.spec.version);
    let whole = drawn("details")
        .set("slot", "fallback")
        .with(drawn("summary").text(title))
        .with(told(plan, view, now))
        .with(drawn("p").text(made));
    whole.to_markup() + "\n"
}

fn told(plan: &Plan, view: ViewId, now: i64) -> Drawing {
    let cell = |text: &str| drawn("span").text(text);
    let code = |text: &str| drawn("code").text(text);
    match view {
        ViewId::Hierarchy => {
            let picture = hierarchy::hierarchy(plan);
            let row = |issuer: &str, stack: &hierarchy::Stack| {
                let nodes: Vec<&str> = stack.members.iter().map(|member| member.node.as_str()).collect();
                let held = format!("{} on {}", stack.holders, nodes.join(", "));
                vec![cell(issuer), cell(&stack.title), code(stack.detail()), cell(stack.kind.word()), cell(&held)]
            };
            let mut rows = Vec::new();
            for domain in &picture.domains {
                let card = &domain.issuer;
                let by = if card.kind == crate::catalog::row::Kind::KeyPair { "nobody" } else { "itself" };
                rows.push(vec![
                    cell(by),
                    cell(&card.title),
                    code(&card.file),
                    cell(card.kind.word()),
                    cell(&card.place),
                ]);
                rows.extend(domain.stacks.iter().map(|stack| row(&card.title, stack)));
            }
            rows.extend(picture.outside.iter().map(|stack| row("nobody here", stack)));
            table(&["Signed by", "Certificate", "File", "Kind", "Held by"], rows)
        }
        ViewId::Files => {
            let of = |tree: &files::Tree| -> Vec<Vec<Drawing>> {
                let file = |row: &files::TreeRow| {
                    let file = row.file.as_ref()?;
                    let path = &plan.files[file.index].path;
                    Some(vec![cell(&tree.name), code(path), code(&file.mode), cell(file.owner), cell(&file.purpose)])
                };
                tree.rows.iter().filter_map(file).collect()
            };
            let rows = files::files(plan).iter().flat_map(of).collect::<Vec<_>>();
            table(&["Node", "File", "Mode", "Owner", "What for"], rows)
        }
        ViewId::Connections | ViewId::Handshake => {
            let (_, edges) = connections::connections(plan);
            let rows = edges.iter().map(|edge| {
                let port = edge.port.map_or_else(|| "none".to_owned(), |port| port.to_string());
                vec![
                    cell(&edge.title()),
                    cell(&port),
                    cell(&edge.marks()),
                    cell(edge.told.checked_with),
                    cell(edge.told.presents),
                ]
            });
            let head = ["Connection", "Port", "What is proven", "The server is checked with", "The caller presents"];
            table(&head, rows.collect::<Vec<_>>())
        }
        ViewId::Flags | ViewId::Timeline | ViewId::Commands | ViewId::Cis => {
            drawn("pre").text(text::text(plan, view, now))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{parse, preset::PRESETS};

    #[test]
    fn every_view_is_html_that_names_its_version_and_licence() {
        for preset in PRESETS {
            let plan = crate::plan::plan(&parse(&preset.draft()).0.unwrap());
            for view in ViewId::ALL {
                let html = html(&plan, *view, 1_790_000_000);
                // An element that is closed as XML closes one swallows what follows it in HTML.
                assert!(!html.contains("/>"), "{}: {html}", view.word());
                for part in ["<details slot=\"fallback\">", &plan.spec.version.to_string(), "Apache-2.0 OR MIT"] {
                    assert!(html.contains(part), "{}: {part}", view.word());
                }
            }
        }
    }

    #[test]
    fn the_hierarchys_table_has_every_issuer_and_stack() {
        let plan = crate::plan::plan(&parse(&PRESETS[1].draft()).0.unwrap());
        let picture = hierarchy::hierarchy(&plan);
        let html = html(&plan, ViewId::Hierarchy, 0);
        let stacks = picture.domains.iter().map(|one| one.stacks.len()).sum::<usize>() + picture.outside.len();
        assert_eq!(html.matches("<tr>").count(), 1 + picture.domains.len() + stacks);
    }
}
