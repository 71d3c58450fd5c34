//! Times planning: `cargo run --release -p kubepki-core --example speed`. Prints median and minimum in milliseconds.

use std::time::Instant;

use kubepki_core::spec::{NodeDraft, parse, preset::Preset};

fn main() {
    for count in [4usize, 10, 50, 5_000] {
        let mut draft = Preset::named("ha-stacked").map(Preset::draft).unwrap_or_default();
        draft.set_text(kubepki_core::spec::Field::Start, "manual");
        draft.set_text(kubepki_core::spec::Field::KubeletClient, "issued");
        for index in draft.nodes.len()..count {
            draft.nodes.push(NodeDraft {
                name: format!("w-{index}"),
                addresses: vec![format!("10.{}.{}.{}", 1 + index / 60_000, index / 250 % 250, 1 + index % 250)],
                roles: vec!["worker".into()],
            });
        }
        let mut times: Vec<f64> = (0..21)
            .map(|_| {
                let start = Instant::now();
                let plan = parse(&draft).0.map(|spec| kubepki_core::plan::plan(&spec));
                assert!(plan.is_some_and(|plan| plan.certs.len() > count));
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{{\"nodes\":{count},\"median_ms\":{:.3},\"minimum_ms\":{:.3}}}", times[10], times[0]);
    }
}
