//! Flags: what each component on each node is started with, each flag tied to its file and certificate.

use super::Selection;
use super::drawing::{Drawing, capital, caps, drawn, paragraph, pick};
use super::files::flag_text;
use super::page::Canvas;
use crate::catalog::flags::told;
use crate::catalog::own;
use crate::plan::{FlagValue, Plan};
use crate::sorted::SortedSet;

/// The flags of one component on one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its name, as its binary is called.
    pub name: &'static str,
    /// The node.
    pub node: String,
    /// Its flags, in the catalog's order.
    pub flags: Vec<Entry>,
    /// What the user's own kubeadm file sets of it beside these, as that file's settings are written.
    pub also: Vec<String>,
}

/// One flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Index into `plan.flags`.
    pub index: usize,
    /// `kube-apiserver-tls-cert-file@cp-1`.
    pub key: String,
    /// As people write it: `--tls-cert-file`, `authentication.x509.clientCAFile`.
    pub flag: String,
    /// Its value; nothing when it is not set, or when the user's own kubeadm file sets it.
    pub value: Option<String>,
    /// What of the user's own kubeadm file sets it.
    pub own: Option<String>,
    /// What it does; what happens without it when it is not set.
    pub meaning: String,
    /// What its file is to the component: `presents as server`.
    pub direction: &'static str,
    /// `apiserver@cp-1`, where its file holds a certificate or key of the plan.
    pub cert: Option<String>,
}

/// The components of a plan, node by node.
pub fn flags(plan: &Plan) -> Vec<Component> {
    let mut components: Vec<Component> = Vec::new();
    for (index, flag) in plan.flags.iter().enumerate() {
        let node = &plan.spec.nodes[flag.node].name;
        let same = components.last().is_some_and(|last| last.name == flag.row.component && last.node == *node);
        if !same {
            let (name, flags, also) = (flag.row.component, Vec::new(), also(plan, flag.row.component));
            components.push(Component { name, node: node.clone(), flags, also });
        }
        let own = own::decided(&plan.spec, flag.row.component, flag.row.name).map(str::to_owned);
        let value = match &flag.value {
            FlagValue::Set(text) if own.is_none() => Some(text.clone()),
            FlagValue::Set(_) | FlagValue::NotSet => None,
        };
        let entry = Entry {
            index,
            key: super::selection::flag_key(plan, index).unwrap_or_default(),
            flag: flag_text(flag.row),
            meaning: match (&own, &value) {
                (Some(entry), _) => format!("{}: {}", own::sentence(entry), told(flag.row).meaning),
                (None, Some(_)) => told(flag.row).meaning.to_owned(),
                (None, None) => format!("Not set: {}", told(flag.row).absent),
            },
            value,
            own,
            direction: flag.row.direction.word(),
            cert: flag.cert.map(|cert| plan.key_of(cert)),
        };
        if let Some(last) = components.last_mut() {
            last.flags.push(entry);
        }
    }
    components
}

/// What the user's own kubeadm file sets of a component and no row has.
fn also(plan: &Plan, component: &str) -> Vec<String> {
    let named = |entry: &str| {
        let row = plan.flags.iter().map(|flag| flag.row).find(|row| {
            row.component == component && entry.split_once(' ').is_some_and(|(_, setting)| setting == flag_text(row))
        });
        row.is_some()
    };
    let of = |entry: &&String| entry.split(' ').next() == Some(component) && !named(entry);
    plan.spec.also_sets.iter().filter(of).cloned().collect()
}

/// Most components that are drawn at once: those of four control planes.
const MOST: usize = 20;

/// What a selection begins with that names the node whose flags are to be seen, where there are too many for one list.
pub const OF_NODE: &str = "flags-of:";

/// The view for the page. Where there are many components, those of one node: the selected flag's, the one that
/// `selected` names ([`OF_NODE`]), or the first.
pub fn page(plan: &Plan, selected: &str) -> Drawing {
    let all = flags(plan);
    let canvas = Canvas::new(plan, Selection::from_text(plan, selected));
    let selection = canvas.selection;
    let mut nodes: Vec<&str> = all.iter().map(|one| one.node.as_str()).collect();
    nodes.dedup();
    let of_flag = match selection {
        Some(Selection::Flag(index)) => Some(plan.spec.nodes[plan.flags[index].node].name.as_str()),
        _ => None,
    };
    let named = selected.strip_prefix(OF_NODE).or(of_flag).filter(|name| nodes.contains(name));
    let node = named.or(nodes.first().copied()).unwrap_or_default();
    let few = all.len() <= MOST;
    let shown: Vec<&Component> = all.iter().filter(|one| few || one.node == node).collect();
    let stop = match selection {
        Some(Selection::Flag(index)) if shown.iter().any(|one| one.flags.iter().any(|flag| flag.index == index)) => {
            index
        }
        _ => shown.first().and_then(|one| one.flags.first()).map_or(0, |flag| flag.index),
    };
    let mut view = canvas.ground("components");
    let mut sheet = Sheet { canvas, stop, named: SortedSet::default() };
    let components: Vec<Drawing> = shown.iter().map(|one| sheet.component(one)).collect();
    if !few {
        let at = nodes.iter().position(|name| *name == node).unwrap_or_default();
        let options = nodes.iter().map(|name| ((*name).to_owned(), (*name).to_owned()));
        let select = pick("Node", OF_NODE, at, options).set("data-testid", "flags-of");
        let words = format!("{} components on {} nodes; here those of", all.len(), nodes.len());
        view = view.with(drawn("p").set("class", "bar").with(drawn("span").text(words)).with(select));
    }
    view.all(components)
}

struct Sheet<'a> {
    canvas: Canvas<'a>,
    /// The flag at which the tab key stops.
    stop: usize,
    /// Certificates that have been named: each bears its name for tests once.
    named: SortedSet<usize>,
}

impl Sheet<'_> {
    fn component(&mut self, one: &Component) -> Drawing {
        let place = format!("{} on {}", one.name, one.node);
        let lines: Vec<String> =
            one.flags.iter().filter_map(|flag| Some(format!("{}={}", flag.flag, flag.value.as_ref()?))).collect();
        let rows: Vec<Drawing> = one.flags.iter().map(|flag| self.flag(flag)).collect();
        let copy = drawn("button")
            .set("class", "quiet")
            .set("type", "button")
            .set("data-copy", "pre")
            .set("aria-label", format!("Copy the flags of {place}"))
            .text("Copy")
            .with(drawn("pre").set("class", "sr").set("aria-hidden", true).text(lines.join("\n")));
        let title = drawn("h2").text(one.name).with(drawn("span").text(format!("on {}", one.node))).with(copy);
        drawn("section")
            .set("class", "component")
            .set("data-group", true)
            .set("aria-label", &place)
            .with(title)
            .with(drawn("ul").all(rows))
            .all((!one.also.is_empty()).then(|| {
                let words = format!("Your own kubeadm file also sets {}: look there.", one.also.join(", "));
                drawn("p").set("class", "muted").text(words)
            }))
    }

    fn thing(&self, class: &str, one: Selection, column: &str, stop: bool) -> Drawing {
        self.canvas.thing(class, one, column, stop, self.canvas.related.has(one))
    }

    fn flag(&mut self, flag: &Entry) -> Drawing {
        let purpose = drawn("span").set("class", "purpose").with(drawn("b").text(flag.direction));
        let entry = self
            .thing("entry", Selection::Flag(flag.index), "flag", flag.index == self.stop)
            .set("data-testid", format!("flag-{}", flag.key))
            .set("data-set", flag.value.is_some())
            .with(drawn("code").set("class", "name").text(&flag.flag))
            .with(drawn("code").set("class", "value").text(match (&flag.own, &flag.value) {
                (Some(_), _) => "your own kubeadm file sets this",
                (None, Some(value)) => value,
                (None, None) => "not set",
            }))
            .with(purpose.text(format!(" {}", flag.meaning)));
        let row = drawn("li").with(entry);
        let Some(cert) = self.canvas.plan.flags[flag.index].cert else { return row };
        let planned = &self.canvas.plan.certs[cert];
        let chip = self.thing("cert", Selection::Cert(cert), "cert", false).set("data-kind", planned.kind.word());
        let chip = if self.named.insert(cert) {
            chip.set("data-testid", format!("cert-{}", self.canvas.plan.key_of(cert)))
        } else {
            chip
        };
        row.with(chip.text(planned.row.id))
    }
}

/// What is told of a flag beside what the page tells: what it does, and what happens without it.
pub fn sheet(plan: &Plan, index: usize) -> Vec<Drawing> {
    let flag = &plan.flags[index];
    let told = told(flag.row);
    // Beside a plan that holds everything, the value stands among the facts that the page tells.
    let value = match (own::decided(&plan.spec, flag.row.component, flag.row.name), &flag.value) {
        _ if plan.spec.also_sets.is_empty() => None,
        (Some(entry), _) => Some(capital(&format!("{}.", own::sentence(entry)))),
        (None, FlagValue::Set(text)) => Some(text.clone()),
        (None, FlagValue::NotSet) => Some("Not set.".to_owned()),
    };
    let value = value.map(|text| [caps("Value"), paragraph(text)]).into_iter().flatten();
    let rest = [
        caps("What it does"),
        paragraph(told.meaning),
        caps("Without it"),
        paragraph(told.absent),
        drawn("p").set("class", "source").text(format!("From {}", told.source)),
    ];
    value.chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset::Preset;
    use crate::spec::{Field, parse};

    #[test]
    fn no_flag_has_the_plans_value_where_the_users_own_file_sets_it() {
        let mut draft = Preset::named("single").expect("preset").draft();
        let plain = crate::plan::plan(&parse(&draft).0.expect("a design"));
        for (index, flag) in plain.flags.iter().enumerate() {
            let entry = format!("{} {}", flag.row.component, flag_text(flag.row));
            draft.set_list(Field::AlsoSets, vec![entry.clone()]);
            let plan = crate::plan::plan(&parse(&draft).0.expect("a design"));
            let all = flags(&plan);
            let shown = all.iter().flat_map(|one| &one.flags).find(|one| one.index == index).expect("the flag");
            assert_eq!((&shown.value, shown.own.as_deref()), (&None, Some(&*entry)));
            assert!(shown.meaning.contains("look there") && !shown.meaning.contains("Not set"), "{}", shown.meaning);
            let others = all.iter().flat_map(|one| &one.flags).filter(|one| one.own.is_some()).count();
            assert_eq!(others, 1, "{entry}");
            let told: String = sheet(&plan, index).iter().map(Drawing::to_markup).collect();
            assert!(told.contains("Your own kubeadm file sets"), "{told}");
            assert!(all.iter().all(|one| one.also.is_empty()), "{entry}");
        }
    }

    #[test]
    fn what_no_row_has_stands_with_its_component() {
        let mut draft = Preset::named("single").expect("preset").draft();
        draft.set_list(Field::AlsoSets, vec!["kube-apiserver --token-auth-file".to_owned()]);
        let plan = crate::plan::plan(&parse(&draft).0.expect("a design"));
        let also: Vec<String> = flags(&plan).into_iter().flat_map(|one| one.also).collect();
        assert_eq!(also, ["kube-apiserver --token-auth-file"]);
        assert!(page(&plan, "").to_markup().contains("also sets kube-apiserver --token-auth-file: look there"));
    }
}
