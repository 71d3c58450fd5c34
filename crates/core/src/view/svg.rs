//! Views as standalone SVG: no script, no style sheet from elsewhere, readable in light and dark.

use std::fmt::Write as _;

pub use super::drawing::escape;

use super::ViewId;
use super::connections;
use super::hierarchy::{Card, Hierarchy, Stack, hierarchy};
use super::text;
use crate::catalog::row::Kind;
use crate::plan::Plan;

const ROW: usize = 48;
const GAP: usize = 22;
const ISSUER_X: usize = 24;
/// Pixels that a character takes at most: of what is set in bold, and of what is set small in one width.
const BOLD: usize = 8;
const SMALL: usize = 7;

/// Colours of the design's tokens: (class, light, dark).
const TOKENS: &[(&str, &str, &str)] = &[
    ("ground", "#f6f5f1", "#14171d"),
    ("panel", "#fffefb", "#1b1f27"),
    ("ink", "#1d2330", "#e8e6df"),
    ("muted", "#5a6375", "#a3abba"),
    ("ca", "#8f5600", "#e8b255"),
    ("server", "#1f5fbf", "#7fb0ff"),
    ("client", "#18704a", "#66cf9c"),
    ("peer", "#7436a4", "#c9a0ee"),
    ("key-pair", "#565e6c", "#b3bac6"),
    ("danger", "#b42f26", "#ff9a8f"),
    ("edge", "#cbc8be", "#3b424f"),
];

/// A view of a plan as SVG text. `now` is the time of issuing, Unix seconds.
pub fn svg(plan: &Plan, view: ViewId, now: i64) -> String {
    match view {
        ViewId::Hierarchy => hierarchy_svg(plan, &hierarchy(plan)),
        ViewId::Connections | ViewId::Handshake => connections_svg(plan),
        ViewId::Files | ViewId::Flags | ViewId::Timeline | ViewId::Commands | ViewId::Cis => lines_svg(plan, view, now),
    }
}

/// Drawn with the page's own names for colours.
fn connections_svg(plan: &Plan) -> String {
    let (width, height, picture) = connections::picture(plan);
    let mut out = open(plan, &format!("{}: who calls whom", plan.spec.cluster_name), width, height);
    let names = |pick: fn(&(&str, &'static str, &'static str)) -> &'static str| -> String {
        TOKENS.iter().map(|token| format!("--{}:{};", token.0, pick(token))).collect()
    };
    let _ = writeln!(
        out,
        "<style>svg{{{}}}@media (prefers-color-scheme: dark){{svg{{{}}}}}</style>",
        names(|token| token.1),
        names(|token| token.2)
    );
    out.push_str(&picture.to_markup());
    out.push_str("\n</svg>\n");
    out
}

/// `<svg>` with title, description and colours; the caller closes it.
fn open(plan: &Plan, title: &str, width: usize, height: usize) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<title>{}</title>\n<desc>{}</desc>\n<style>\n",
        escape(title),
        escape(&format!("Kubernetes {}. Made by KubePKI Workbench, Apache-2.0 OR MIT.", plan.spec.version)),
    );
    for (class, light, _) in TOKENS {
        let _ = writeln!(out, ".f-{class}{{fill:{light}}}.s-{class}{{stroke:{light};fill:none}}");
    }
    out.push_str("@media (prefers-color-scheme: dark){\n");
    for (class, _, dark) in TOKENS {
        let _ = writeln!(out, ".f-{class}{{fill:{dark}}}.s-{class}{{stroke:{dark};fill:none}}");
    }
    let _ = writeln!(
        out,
        "}}\n.m{{font-family:ui-monospace,monospace;font-size:11px}}\n</style>\n<rect width=\"{width}\" height=\"{height}\" class=\"f-ground\"/>"
    );
    out
}

/// The columns of the hierarchy, as wide as what stands in them: nothing is cut.
struct Columns {
    issuer_width: usize,
    card: usize,
    card_width: usize,
    holder: usize,
    width: usize,
}

impl Columns {
    fn of(picture: &Hierarchy) -> Self {
        let stacks = || picture.domains.iter().flat_map(|domain| &domain.stacks).chain(&picture.outside);
        let letters = |text: &str| text.chars().count();
        let issuer = picture.domains.iter().map(|domain| &domain.issuer);
        let issuer = issuer.map(|one| (letters(&one.title) * BOLD).max(letters(&beside(one)) * SMALL) + 24);
        let card = stacks().map(|stack| {
            let badge = counted(stack).map_or(0, |badge| (letters(&badge) + 1) * SMALL);
            (letters(&stack.title) * BOLD).max(letters(stack.detail()) * SMALL + badge) + 24
        });
        let holder = stacks().map(|stack| (letters(&stack.holders) * BOLD).max(letters(&nodes(stack)) * SMALL));
        let (issuer_width, card_width) = (issuer.fold(266, usize::max), card.fold(304, usize::max));
        let card = ISSUER_X + issuer_width + 50;
        let holder_x = card + card_width + 20;
        Self { issuer_width, card, card_width, holder: holder_x, width: holder_x + holder.fold(252, usize::max) + 24 }
    }
}

/// Where a CA's certificate and its key are.
fn beside(issuer: &Card) -> String {
    format!("{} · {}", issuer.file, issuer.place)
}

/// On how many nodes there is one of a stack, where that are several.
fn counted(stack: &Stack) -> Option<String> {
    (stack.members.len() > 1).then(|| format!("{} nodes", stack.members.len()))
}

/// The first nodes of a stack; the rest counted.
fn nodes(stack: &Stack) -> String {
    let nodes: Vec<&str> = stack.members.iter().map(|member| member.node.as_str()).take(6).collect();
    match stack.members.len().saturating_sub(nodes.len()) {
        0 => nodes.join(" "),
        more => format!("{} +{more}", nodes.join(" ")),
    }
}

fn hierarchy_svg(plan: &Plan, picture: &Hierarchy) -> String {
    let columns = Columns::of(picture);
    let rows: usize =
        picture.domains.iter().map(|domain| domain.stacks.len().max(1)).sum::<usize>() + picture.outside.len();
    let height = 56 + rows * ROW + (picture.domains.len() + 1) * GAP;
    let mut out = open(plan, &format!("{}: who signs whom", plan.spec.cluster_name), columns.width, height);
    for (x, label) in [(ISSUER_X, "SIGNED BY"), (columns.card, "CERTIFICATE"), (columns.holder, "HELD BY")] {
        let _ = writeln!(out, "<text x=\"{x}\" y=\"28\" class=\"f-muted\" font-size=\"11.5\">{label}</text>");
    }
    let mut y = 44;
    for domain in &picture.domains {
        let count = domain.stacks.len().max(1);
        let middle = y + count * ROW / 2;
        let issuer = &domain.issuer;
        for index in 0..domain.stacks.len() {
            let to = y + index * ROW + ROW / 2;
            let _ = writeln!(
                out,
                "<path d=\"M{} {middle}C{} {middle} {} {to} {} {to}\" class=\"s-{}\" stroke-width=\"1\"/>",
                ISSUER_X + columns.issuer_width,
                ISSUER_X + columns.issuer_width + 26,
                columns.card - 26,
                columns.card,
                issuer.kind.word(),
            );
        }
        card(
            &mut out,
            Box { x: ISSUER_X, y: middle - ROW / 2 + 3, width: columns.issuer_width },
            issuer.kind,
            false,
            &issuer.title,
            &beside(issuer),
        );
        for (index, stack) in domain.stacks.iter().enumerate() {
            stack_svg(&mut out, &columns, y + index * ROW, stack);
        }
        y += count * ROW + GAP;
    }
    for stack in &picture.outside {
        stack_svg(&mut out, &columns, y, stack);
        y += ROW;
    }
    out.push_str("</svg>\n");
    out
}

fn stack_svg(out: &mut String, columns: &Columns, y: usize, stack: &Stack) {
    card(
        out,
        Box { x: columns.card, y: y + 3, width: columns.card_width },
        stack.kind,
        stack.unsigned.is_some(),
        &stack.title,
        stack.detail(),
    );
    if let Some(badge) = counted(stack) {
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" class=\"f-{} m\">{badge}</text>",
            columns.card + columns.card_width - 10,
            y + 36,
            stack.kind.word(),
        );
    }
    let x = columns.holder;
    let _ = writeln!(out, "<text x=\"{x}\" y=\"{}\" class=\"f-ink\">{}</text>", y + 20, escape(&stack.holders));
    let _ = writeln!(out, "<text x=\"{x}\" y=\"{}\" class=\"f-muted m\">{}</text>", y + 36, escape(&nodes(stack)));
}

/// Where a card stands.
struct Box {
    x: usize,
    y: usize,
    width: usize,
}

fn card(out: &mut String, place: Box, kind: Kind, dashed: bool, title: &str, detail: &str) {
    let Box { x, y, width } = place;
    let dash = if dashed { " stroke-dasharray=\"4 3\"" } else { "" };
    let kind = kind.word();
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"42\" rx=\"8\" class=\"f-panel\"/><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"42\" rx=\"8\" class=\"s-{kind}\"{dash}/>"
    );
    if !dashed {
        let _ = writeln!(out, "<rect x=\"{x}\" y=\"{}\" width=\"6\" height=\"34\" class=\"f-{kind}\"/>", y + 4);
    }
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" class=\"f-ink\" font-weight=\"600\">{}</text>",
        x + 16,
        y + 17,
        escape(title)
    );
    let _ = writeln!(out, "<text x=\"{}\" y=\"{}\" class=\"f-muted m\">{}</text>", x + 16, y + 33, escape(detail));
}

/// Views that are lists: their text, line by line.
fn lines_svg(plan: &Plan, view: ViewId, now: i64) -> String {
    let text = text::text(plan, view, now);
    let lines: Vec<&str> = text.lines().collect();
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let mut out =
        open(plan, &format!("{}: {}", plan.spec.cluster_name, view.title()), 48 + longest * 7, 48 + lines.len() * 16);
    for (index, line) in lines.iter().enumerate() {
        let class = if line.starts_with(' ') { "f-muted m" } else { "f-ink m" };
        let _ = writeln!(
            out,
            "<text x=\"24\" y=\"{}\" class=\"{class}\" xml:space=\"preserve\">{}</text>",
            32 + index * 16,
            escape(line)
        );
    }
    out.push_str("</svg>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::parse;
    use crate::spec::preset::PRESETS;

    #[test]
    fn nothing_in_the_hierarchy_is_cut_however_long_its_names_are() {
        for preset in PRESETS {
            let mut draft = preset.draft();
            for name in ["short".to_owned(), "n".repeat(63)] {
                draft.nodes.last_mut().expect("a node").name.clone_from(&name);
                let plan = crate::plan::plan(&parse(&draft).0.expect("a spec"));
                let text = svg(&plan, ViewId::Hierarchy, 0);
                // A subject of which there is one for each node ends in one itself.
                let uncut = text.replace("system:node:…", "");
                assert!(!uncut.contains('…') && text.contains(&format!("{name}<")), "{}: {text}", preset.name);
                let picture = hierarchy(&plan);
                let columns = Columns::of(&picture);
                for domain in &picture.domains {
                    let beside = beside(&domain.issuer);
                    assert!(text.contains(&beside) && beside.len() * SMALL < columns.issuer_width, "{beside}");
                }
                let widest = picture.outside.iter().map(|stack| nodes(stack).len() * SMALL).max().unwrap_or(0);
                assert!(columns.holder + widest < columns.width, "{}", preset.name);
            }
        }
    }
}
