//! Hostile texts: refused with limit and place, fast, and never a panic.

use std::time::{Duration, Instant};

use kubepki_core::diag::Severity;
use kubepki_core::spec::Draft;
use kubepki_yaml::{Outcome, read, read_nodes};
use proptest::prelude::*;

/// Natively an answer comes within a tenth of a second; a build without optimization gets more.
const LIMIT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 2_000 } else { 100 });

/// How long this thread has run, where the system tells: a busy machine then makes no test fail.
fn clock(start: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Reads bytes, which must take no longer than [`LIMIT`].
fn timed(name: &str, bytes: &[u8], read: impl Fn(&[u8]) -> Outcome) -> Outcome {
    let started = Instant::now();
    let before = clock(started);
    let outcome = read(bytes);
    let took = clock(started).saturating_sub(before);
    println!("{name}: {took:?}, {} findings", outcome.findings.len());
    assert!(took < LIMIT, "{name} took {took:?}");
    assert!(outcome.findings.len() <= 101, "{name}");
    outcome
}

/// The same, for bytes that must be refused with a place.
fn refused(name: &str, bytes: &[u8], read: impl Fn(&[u8]) -> Outcome) -> Outcome {
    let outcome = timed(name, bytes, read);
    assert!(outcome.draft.is_none(), "{name} is taken");
    let errors = outcome.findings.iter().filter(|one| one.diagnostic.severity == Severity::Error);
    assert!(errors.clone().count() > 0 && errors.clone().all(|one| one.diagnostic.position.is_some()), "{name}");
    outcome
}

fn as_yaml(bytes: &[u8]) -> Outcome {
    read(&[("hostile.yaml", bytes)], &Draft::default())
}

fn as_nodes(bytes: &[u8]) -> Outcome {
    read_nodes(&[("hostile.txt", bytes)], &Draft::default())
}

const MEBIBYTE: usize = 1 << 20;
const DESIGN: &str = "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\n";
const CLUSTER: &str = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n";

/// A text of about a mebibyte: a beginning, then a piece again and again.
fn filled(beginning: &str, piece: &str) -> Vec<u8> {
    let times = (MEBIBYTE - beginning.len()) / piece.len();
    format!("{beginning}{}", piece.repeat(times)).into_bytes()
}

/// A text with as many pieces as are read at all, at most a mebibyte.
fn full(beginning: &str, piece: &str) -> Vec<u8> {
    let items = piece.matches('\n').count() + 4 * piece.matches(',').count();
    let times = (99_000 / items.max(1)).min((MEBIBYTE - beginning.len()) / piece.len());
    format!("{beginning}{}", piece.repeat(times)).into_bytes()
}

/// Each level repeats the one before nine times.
fn bomb(levels: usize) -> String {
    let mut text = format!("{CLUSTER}a0: &a0 [x]\n");
    for level in 1..=levels {
        let alias = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{alias}]\n"));
    }
    text
}

#[test]
fn limits_hold_and_are_named() {
    let rule = |outcome: Outcome| outcome.findings[0].diagnostic.rule.to_string();
    assert_eq!(rule(refused("too long", &vec![b'a'; MEBIBYTE + 1], as_yaml)), "text-too-long");
    assert_eq!(rule(refused("100 MB", &vec![b'a'; 100_000_000], as_yaml)), "text-too-long");
    assert_eq!(rule(refused("flow depth", &filled("", "["), as_yaml)), "yaml-depth");
    assert_eq!(rule(refused("mapping depth", &filled("", "{a: "), as_yaml)), "yaml-depth");
    assert_eq!(rule(refused("block depth", &filled("", "- "), as_yaml)), "yaml-depth");
    assert_eq!(rule(refused("invalid UTF-8", b"a: \xff", as_yaml)), "text-not-utf8");
    assert_eq!(rule(refused("alias bomb", bomb(20).as_bytes(), as_yaml)), "yaml-too-much");
    let deep: String = (0..65).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(rule(refused("65 block mappings", deep.as_bytes(), as_yaml)), "yaml-depth");
}

#[test]
fn long_and_strange_texts_are_answered_in_time() {
    for (name, beginning, piece) in [
        ("flow items", "", "a, "),
        ("open list", "[", "a, "),
        ("open list of pairs", "[", "a: b, "),
        ("open list of lists", "[", "[], "),
        ("open mapping", "{", "a: b, "),
        ("open quote", "\"", "a\\n"),
        ("quoted lines", "'", "a\n\n"),
        ("keys", DESIGN, "a: \n"),
        ("one field's items", &format!("{DESIGN}clusterName: {{"), "x, "),
        ("unknown fields", DESIGN, "clusterNam"),
        ("comments", "", "#\n"),
        ("blank lines", "", " \n"),
        ("documents", "", "---\na\n"),
        ("broken documents", "", "---\n[\n"),
        ("tabs", "a:\n", "\tb: c\n"),
        ("anchors", "", "- &a b\n"),
        ("anchored lists", "", "- &a [b]\n"),
        ("aliases", "- &a [b, b, b]\n", "- *a\n"),
        ("merge keys", "a: &a {b: c}\nd:\n", "- <<: *a\n"),
        ("questions", "", "? "),
        ("question lines", "", "? a\n"),
        ("colons", "", ": "),
        ("dashes", "", "-\n"),
        ("tags", "", "- !!str a\n"),
        ("directives", "", "%YAML 1.2\n"),
        ("block text", "a: |\n", "  text\n"),
        ("folded text", "a: >\n", "  text\n\n"),
        ("long key", "", "a"),
        ("spaces", "a:", " "),
        ("escapes", "\"", "\\u0041"),
    ] {
        refused(name, &filled(beginning, piece), as_yaml);
        refused(&format!("{name}, as many as are read"), &full(beginning, piece), as_yaml);
    }
    let names: String = (0..60_000).map(|index| format!("field{index}: x\n")).collect();
    refused("unknown fields of a design", format!("{DESIGN}{names}").as_bytes(), as_yaml);
    refused("unknown fields of kubeadm", format!("{CLUSTER}{names}").as_bytes(), as_yaml);
    let near: String = (0..40_000).map(|index| format!("clusterNam{index}: x\n")).collect();
    refused("misspelt fields", format!("{DESIGN}{near}").as_bytes(), as_yaml);
    let sans: String = (0..80_000).map(|index| format!("- A{index}\n")).collect();
    refused("bad names", format!("{CLUSTER}apiServer:\n  certSANs:\n{sans}").as_bytes(), as_yaml);
    let joins: String =
        "---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: JoinConfiguration\nnodeRegistration:\n  name: a\n"
            .repeat(9_000);
    refused("joining machines", joins.as_bytes(), as_yaml);
}

#[test]
fn node_lists_have_limits_too() {
    let lines: String = (0..20_000).map(|index| format!("w-{index} 10.0.0.1\n")).collect();
    refused("20,000 lines", lines.as_bytes(), as_nodes);
    refused("20,000 bad lines", "lonely\n".repeat(20_000).as_bytes(), as_nodes);
    refused("one long line", &vec![b'a'; 4 * MEBIBYTE], as_nodes);
    refused("many words", "a ".repeat(2 * MEBIBYTE).as_bytes(), as_nodes);
    refused("many cells", "a,".repeat(2 * MEBIBYTE).as_bytes(), as_nodes);
    refused("too long", &vec![b'a'; 5 * MEBIBYTE], as_nodes);
    refused("open JSON", &filled("{\"items\": [", "{\"kind\": \"Node\"}, "), as_nodes);
    refused("deep JSON", &filled("{\"items\": ", "["), as_nodes);
}

/// Pieces that mean something to one of the readers.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "apiVersion: kubepki.dev/v1alpha1\n",
        "kind: ClusterDesign\n",
        "apiVersion: kubeadm.k8s.io/v1beta4\n",
        "apiVersion: kubeadm.k8s.io/v1beta3\n",
        "kind: ClusterConfiguration\n",
        "kind: InitConfiguration\n",
        "kind: JoinConfiguration\n",
        "kind: KubeletConfiguration\n",
        "apiVersion: kubelet.config.k8s.io/v1beta1\n",
        "---\n",
        "nodes:\n",
        "- name: a\n",
        "  addresses: [1.2.3.4]\n",
        "networking:\n",
        "  serviceSubnet: ",
        "10.0.0.0/8\n",
        "etcd:\n",
        "  external:\n",
        "    endpoints: ['https://[::1]:2379']\n",
        "  local:\n",
        "controlPlane:\n",
        "[",
        "]",
        "{",
        "}",
        ": ",
        ", ",
        "\n",
        "  ",
        "\t",
        "\"",
        "'",
        "&a ",
        "*a ",
        "<<: *a\n",
        "!!str ",
        "|\n",
        ">-\n",
        "? ",
        "- ",
        "# ",
        "%",
        "@",
        "`",
        "\u{feff}",
        "\u{2028}",
        "é",
        "\r\n",
        "\\",
        "...\n",
        "kind: List\nitems:\n",
        "kind: Node\n",
        "name,address\n",
        "a 10.0.0.1 worker\n",
        "bootstrapTokens:\n- token: x\n",
        "nodeRegistration: {name: a, taints: []}\n",
        "hardening: {cipherSuites: [x]}\n",
    ];
    proptest::sample::select(words.map(str::to_owned).to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_of_meaningful_pieces_panics(pieces in proptest::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        let _ = as_yaml(text.as_bytes());
        let _ = as_nodes(text.as_bytes());
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = as_yaml(&bytes);
        let _ = as_nodes(&bytes);
    }

    #[test]
    fn no_change_to_a_good_text_panics(at in 0usize..2000, with in any::<char>(), cut in 0usize..40) {
        let good = concat!(include_str!("../../core/presets/ha-external.yaml"), "---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n");
        let mut text: Vec<char> = good.chars().collect();
        let at = at % text.len();
        text.splice(at..(at + cut).min(good.chars().count()), [with]);
        let text: String = text.into_iter().collect();
        let _ = as_yaml(text.as_bytes());
    }
}
