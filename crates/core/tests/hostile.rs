//! Whatever stands in a draft, parsing answers with findings and planning with a plan: never a panic, never a hang.

use kubepki_core::spec::{Draft, FIELDS, Field, NodeDraft, link, parse, preset::PRESETS};
use kubepki_core::view::{Selection, ViewId, inspector, search, svg, text};
use proptest::prelude::*;

/// Texts people and fuzzers put into fields: near misses of every kind of value.
fn odd_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        "[0-9./:\\[\\]a-fx-]{0,24}",
        "[a-z0-9.*-]{0,70}",
        "[0-9]{1,30}[dhmsy]{0,2}",
        Just("10.96.0.0/12".to_owned()),
        Just("fd00::/108".to_owned()),
        Just("::1".to_owned()),
        Just("1.34".to_owned()),
    ]
}

fn draft() -> impl Strategy<Value = Draft> {
    let node = (
        odd_text(),
        prop::collection::vec(odd_text(), 0..3),
        prop::collection::vec(
            prop_oneof![
                Just("control-plane".to_owned()),
                Just("etcd".to_owned()),
                Just("worker".to_owned()),
                odd_text()
            ],
            0..3,
        ),
    )
        .prop_map(|(name, addresses, roles)| NodeDraft { name, addresses, roles });
    let changes = prop::collection::vec((0..FIELDS.len(), prop::collection::vec(odd_text(), 0..3)), 0..4);
    (0..PRESETS.len(), changes, prop::collection::vec(node, 0..3)).prop_map(|(preset, changes, nodes)| {
        let mut draft = PRESETS[preset].draft();
        for (index, texts) in changes {
            let row = &FIELDS[index];
            if row.is_list() {
                draft.set_list(row.field, texts);
            } else {
                draft.set_text(row.field, texts.into_iter().next().unwrap_or_default());
            }
        }
        draft.nodes.extend(nodes);
        draft
    })
}

proptest! {
    #[test]
    fn any_draft_is_answered(draft in draft(), query in "\\PC{0,12}") {
        let (spec, findings) = parse(&draft);
        prop_assert_eq!(spec.is_none(), kubepki_core::diag::has_errors(&findings));
        for finding in &findings {
            prop_assert!(!finding.message.is_empty() && !finding.rule.is_empty());
        }
        if let Some(spec) = spec {
            let plan = kubepki_core::plan::plan(&spec);
            prop_assert!(plan.certificate_count() > 0);
            for view in ViewId::ALL {
                prop_assert!(!text::text(&plan, *view, 1_795_694_400).is_empty() && svg::svg(&plan, *view, 1_795_694_400).ends_with("</svg>\n"));
            }
            for hit in search::search(&plan, &query) {
                prop_assert!(!inspector::inspect(&plan, hit.selection).title.is_empty());
            }
            prop_assert_eq!(Selection::from_text(&plan, &query), None);
        }
        prop_assert_eq!(link::decode(&link::encode(&draft)), Ok(draft));
    }

    #[test]
    fn any_link_is_answered(text in "(d[0-9]\\.)?[A-Za-z0-9_-]{0,60}(&\\PC{0,5})?") {
        if let Ok(draft) = link::from_link(&text) {
            let _ = parse(&draft);
        }
    }

    #[test]
    fn a_design_with_nothing_wrong_keeps_every_text(name in "[a-z][a-z0-9-]{0,20}[a-z0-9]") {
        let mut draft = PRESETS[1].draft();
        draft.set_text(Field::ClusterName, name.clone());
        draft.nodes[3].name.clone_from(&name);
        let (spec, _) = parse(&draft);
        prop_assert_eq!(spec.map(|spec| (spec.cluster_name, spec.nodes[3].name.clone())), Some((name.clone(), name)));
    }
}
