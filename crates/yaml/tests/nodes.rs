//! Pasted node lists, in every form people have them.

use kubepki_core::spec::{Draft, NodeDraft, preset::Preset};
use kubepki_yaml::{Outcome, good_lines, read, read_nodes};

fn list(text: &str, base: &Draft) -> Outcome {
    read_nodes(&[("", text.as_bytes())], base)
}

/// `name addresses roles`, one node each.
fn shown(nodes: &[NodeDraft]) -> Vec<String> {
    nodes.iter().map(|node| format!("{} {} {}", node.name, node.addresses.join(","), node.roles.join(","))).collect()
}

fn nodes(text: &str) -> Vec<String> {
    let outcome = list(text, &Draft::default());
    shown(&outcome.draft.unwrap_or_else(|| panic!("{:?}", outcome.findings)).nodes)
}

#[test]
fn lines_csv_and_tables_say_the_same() {
    let expected = ["cp-1 10.0.0.11,fd00::11 control-plane", "w-1 10.0.0.21 worker", "w-2 10.0.0.22 worker"];
    for text in [
        "cp-1 10.0.0.11,fd00::11 control-plane\nw-1\t10.0.0.21\n\n# a comment\nw-2   10.0.0.22   worker  # its purpose\n",
        "cp-1,10.0.0.11 fd00::11,control-plane\nw-1,10.0.0.21,\nw-2, 10.0.0.22, worker\n",
        "\"name\",\"address\",\"role\"\n\"cp-1\",\"10.0.0.11,fd00::11\",\"master\"\n\"w-1\",\"10.0.0.21\",\"\"\nw-2,10.0.0.22,node\n",
        "role;name;ip\ncontrol-plane;cp-1;10.0.0.11|fd00::11\nworker;w-1;10.0.0.21\n;w-2;10.0.0.22\n",
        "NAME STATUS ROLES AGE VERSION INTERNAL-IP EXTERNAL-IP OS-IMAGE\ncp-1 Ready control-plane 1d v1.34.1 10.0.0.11,fd00::11 <none> Debian 13\nw-1 Ready <none> 1d v1.34.1 10.0.0.21 <none> Debian 13\nw-2 Ready worker 1d v1.34.1 10.0.0.22 <none> Debian 13\n",
        "cp-1 10.0.0.11,fd00::11 control-plane\r\nw-1 10.0.0.21\r\nw-2 10.0.0.22\r\n",
    ] {
        assert_eq!(nodes(text), expected, "{text}");
    }
}

#[test]
fn the_address_may_come_first_as_in_etc_hosts() {
    assert_eq!(
        nodes("10.0.0.11 cp-1 control-plane\nfd00::21 w-1\n"),
        ["cp-1 10.0.0.11 control-plane", "w-1 fd00::21 worker"]
    );
}

const JSON: &str = r#"  {"apiVersion": "v1", "items": [
  {"kind": "Node", "metadata": {"name": "cp-1", "annotations": {"x": {"y": [1]}}, "labels": {"node-role.kubernetes.io/control-plane": ""}},
   "spec": {"taints": [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]},
   "status": {"images": [{"names": ["a"]}], "addresses": [{"type": "Hostname", "address": "cp-1"}, {"type": "InternalIP", "address": "10.0.0.11"}]}},
  {"kind": "Node", "metadata": {"name": "w-1", "labels": {}}, "status": {"addresses": [{"type": "InternalIP", "address": "10.0.0.21"}]}}
], "kind": "List"}"#;

#[test]
fn what_kubectl_prints_as_json() {
    assert_eq!(nodes(JSON), ["cp-1 10.0.0.11 control-plane", "w-1 10.0.0.21 worker"]);
    // Dropped among files it is known for what it is.
    let dropped = read(&[("nodes.json", JSON.as_bytes())], &Draft::default());
    assert_eq!(dropped.kind, "list of 2 nodes");
    assert_eq!(dropped.draft.map(|draft| draft.nodes.len()), Some(2));
    let bad = list(&JSON.replace("10.0.0.21", "10.0.0.999"), &Draft::default());
    let at = bad.findings[0].diagnostic.position.unwrap();
    assert_eq!((at.line, JSON.lines().nth(4).unwrap().find("\"10.0.0.21").unwrap() + 1), (5, at.column as usize));
    let first = list(
        &JSON.replace("{\"apiVersion\": \"v1\"", "{\"apiVersion\": \"v1\", \"apiVersion\": \"v1\""),
        &Draft::default(),
    );
    let at = first.findings[0].diagnostic.position.unwrap();
    assert_eq!((at.line, at.column), (1, 24), "{:?}", first.findings);
}

#[test]
fn a_list_joins_the_design_or_takes_its_place() {
    let base = Preset::named("ha-stacked").map(Preset::draft).unwrap_or_default();
    let added = list("w-1 10.0.0.99\nw-2 10.0.0.22\n", &base).draft.unwrap();
    assert_eq!(shown(&added.nodes)[3..], ["w-1 10.0.0.99 worker", "w-2 10.0.0.22 worker"]);
    let whole = list("a 10.0.0.1 control-plane\nb 10.0.0.2\n", &base).draft.unwrap();
    assert_eq!(shown(&whole.nodes), ["a 10.0.0.1 control-plane", "b 10.0.0.2 worker"]);
    let first = list("a 10.0.0.1\nb 10.0.0.2\n", &Draft::default());
    assert_eq!(first.findings[0].diagnostic.rule, "nodes-first-control-plane");
    assert_eq!(shown(&first.draft.unwrap().nodes), ["a 10.0.0.1 control-plane", "b 10.0.0.2 worker"]);
}

#[test]
fn every_bad_line_is_named_with_its_place() {
    let outcome = list(
        "cp-1 10.0.0.1 control-plane\nlonely\nw_1 10.0.0.2\nw-2 10.0.0.300 boss\ncp-1 10.0.0.1\n",
        &Draft::default(),
    );
    assert!(outcome.draft.is_none());
    let mut places: Vec<_> = outcome
        .findings
        .iter()
        .map(|one| {
            one.diagnostic.position.map(|at| format!("{}:{} {}", at.line, at.column, one.diagnostic.rule)).unwrap()
        })
        .collect();
    places.sort();
    assert_eq!(
        places,
        [
            "2:1 nodes-line",
            "3:1 node-name",
            "4:16 node-role",
            "4:5 node-address",
            "5:1 node-name-twice",
            "5:6 node-address-twice"
        ]
    );
    let none = list("# nothing\n", &Draft::default());
    assert_eq!(none.findings[0].diagnostic.rule, "nodes-none");
}

#[test]
fn ten_thousand_nodes_are_read_and_one_more_is_not() {
    let line = |index: usize| format!("w-{index} 10.{}.{}.{}\n", index / 60_000, index / 250 % 240, index % 250 + 1);
    let text: String = (0..10_000).map(line).collect();
    assert_eq!(list(&text, &Draft::default()).draft.map(|draft| draft.nodes.len()), Some(10_000));
    let longer: String = (0..20_000).map(line).collect();
    let outcome = list(&longer, &Draft::default());
    let limit = outcome.findings.iter().find(|one| one.diagnostic.rule == "nodes-too-many").expect("the limit");
    assert!(outcome.draft.is_none() && limit.diagnostic.message.contains("10000"));
    assert_eq!(limit.diagnostic.position.map(|at| at.line), Some(10_001));
}

#[test]
fn the_good_lines_of_a_refused_list_can_be_taken_and_the_others_are_left() {
    let text = "# ours\nname,address,role\ncp-1,10.0.0.11,control-plane\nw-1,10.0.0.999\nw-2,10.0.0.22\nlonely\ncp-1,10.0.0.12\n";
    let refused = list(text, &Draft::default());
    assert!(refused.draft.is_none());
    let lines: Vec<u32> = refused.findings.iter().filter_map(|one| Some(one.diagnostic.position?.line)).collect();
    assert_eq!(lines, [4, 6, 7], "from the top");
    let good = good_lines(text.as_bytes(), &Draft::default(), &refused).expect("two good lines");
    assert_eq!((good.count, good.left.as_str()), (2, "w-1,10.0.0.999\nlonely\ncp-1,10.0.0.12\n"));
    assert_eq!(nodes(&good.taken), ["cp-1 10.0.0.11 control-plane", "w-2 10.0.0.22 worker"]);
}

#[test]
fn no_line_is_called_good_where_that_is_not_known() {
    let taken = |text: &str| good_lines(text.as_bytes(), &Draft::default(), &list(text, &Draft::default()));
    assert_eq!(taken("w-1 10.0.0.999\n"), None, "none is good");
    assert_eq!(taken(&JSON.replace("10.0.0.21", "10.0.0.999")), None, "no list of lines");
    assert_eq!(taken(""), None);
    let many: String = (0..300).map(|index| format!("w-{index} nonsense\n")).collect();
    assert_eq!(taken(&format!("cp-1 10.0.0.1\n{many}")), None, "not every finding is listed");
}
