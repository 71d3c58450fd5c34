//! What the element is told: a picture, what is told of the selected thing, and what both are called.

use kubepki_core::diag::{Diagnostic, Severity};
use kubepki_core::plan::{self, Plan};
use kubepki_core::spec::{self, link};
use kubepki_core::view::drawing::Drawing;
use kubepki_core::view::page::{self, Look};
use kubepki_core::view::selection::{HARDENED, TABLE, TIME};
use kubepki_core::view::{Pager, Selection, ViewId, cis, commands, connections, flags, timeline};

use crate::asked::Asked;

/// Stands between the parts of an answer; no drawing has it.
pub const PARTS: char = '\u{1f}';

/// What is drawn, or why nothing is.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A picture.
    Drawn(Drawn),
    /// The same without picture and sheet: a handshake is asked for, or a fault, and those take the package's core.
    NeedsCore(Drawn),
    /// A sentence each: the design has errors, or there is no such preset or view.
    Refused(Vec<String>),
}

/// A picture, and what goes with it.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The view's id.
    pub view: ViewId,
    /// What is selected, as it is named everywhere; empty for nothing.
    pub focus: String,
    /// What the picture shows, for a heading and for who cannot see it: `prod-eu: hierarchy, Kubernetes 1.37`.
    pub title: String,
    /// The design, as link text.
    pub design: String,
    /// The view.
    pub picture: Vec<Drawing>,
    /// What is told of the selected thing.
    pub sheet: Vec<Drawing>,
}

/// Draws what is asked.
pub fn answer(asked: &Asked<'_>) -> Answer {
    match drawn(asked) {
        Ok(answer) => answer,
        Err(why) => Answer::Refused(why),
    }
}

fn drawn(asked: &Asked<'_>) -> Result<Answer, Vec<String>> {
    let (draft, view) = match (asked.draft(), asked.view()) {
        (Ok(draft), Ok(view)) => (draft, view),
        (draft, view) => return Err([draft.err(), view.err()].into_iter().flatten().collect()),
    };
    let (spec, findings) = spec::parse(&draft);
    let spec = spec
        .ok_or_else(|| findings.iter().filter(|one| one.severity == Severity::Error).map(told).collect::<Vec<_>>())?;
    let plan = plan::unchecked(&spec);
    let focus = named(&plan, view, asked);
    let mut drawn = Drawn {
        view,
        title: format!("{}: {}, Kubernetes {}", plan.spec.cluster_name, view.title(), plan.spec.version),
        design: link::encode(&draft),
        focus: focus.clone(),
        picture: Vec::new(),
        sheet: Vec::new(),
    };
    let faulty = view == ViewId::Connections && focus.contains('?');
    if view == ViewId::Handshake || faulty || DEEPER.iter().any(|(_, prefix)| focus.starts_with(prefix)) {
        if view == ViewId::Handshake && !focus.starts_with(CONNECTION) {
            drawn.focus = format!("{CONNECTION}{FIRST}");
        }
        return Ok(Answer::NeedsCore(drawn));
    }
    let now = asked.now.parse().unwrap_or_default();
    let selection = Selection::from_text(&plan, &focus);
    let look = Look {
        selection,
        unfolded: &|id| asked.unfolded.split(',').any(|one| one == id),
        turned: &|list| asked.turned.split(',').filter_map(Pager::turned).find(|one| one.0 == list).map(|one| one.1),
        verified: false,
    };
    drawn.picture = vec![match view {
        ViewId::Hierarchy => page::hierarchy::page(&plan, &look),
        ViewId::Files => page::files::page(&plan, &look),
        ViewId::Flags => flags::page(&plan, &focus),
        ViewId::Timeline => timeline::page(&plan, now, now, &focus),
        ViewId::Commands => commands::page(&plan, &focus),
        ViewId::Cis => cis::page(&plan, &focus),
        ViewId::Connections | ViewId::Handshake => {
            let chosen = focus.strip_prefix(CONNECTION).unwrap_or_default();
            connections::page(&plan, chosen, &[], |id| {
                if id == chosen { String::new() } else { format!("{CONNECTION}{id}") }
            })
        }
    }];
    drawn.sheet = match selection {
        Some(selection) => {
            let mut sheet = page::inspector::sheet(&plan, selection);
            if let Selection::Flag(flag) = selection {
                sheet.extend(flags::sheet(&plan, flag));
            }
            sheet
        }
        None => match focus.strip_prefix(CONNECTION) {
            Some(id) => connections::sheet(&plan, id),
            None => cis::sheet(&plan, &focus),
        },
    };
    Ok(Answer::Drawn(drawn))
}

/// An error with its field and, where there is one, what to do.
fn told(finding: &Diagnostic) -> String {
    let parts = [&finding.field, ": ", &finding.message, " ", &finding.hint];
    parts.concat().trim_end().to_owned()
}

/// What the name of a connection's selection begins with.
const CONNECTION: &str = "connection:";

/// What else a selection may begin with, in which view, that takes the package's core: connections in a table or hardened,
/// lives at another time.
const DEEPER: &[(ViewId, &str)] =
    &[(ViewId::Connections, TABLE), (ViewId::Connections, HARDENED), (ViewId::Timeline, TIME)];

/// The connection whose handshake is shown where none is chosen.
const FIRST: &str = "kubectl->kube-apiserver";

/// The full name of what is selected; empty where it is nothing in this design.
fn named(plan: &Plan, view: ViewId, asked: &Asked<'_>) -> String {
    let focus = asked.focus;
    if !asked.connection.is_empty() && (focus.is_empty() || focus.starts_with(CONNECTION)) {
        let fault = if asked.fault.is_empty() { String::new() } else { format!("fault={}", asked.fault) };
        let ways = [fault.as_str(), asked.how].into_iter().filter(|way| !way.is_empty()).collect::<Vec<_>>().join("&");
        let sign = if ways.is_empty() { "" } else { "?" };
        return format!("{CONNECTION}{}{sign}{ways}", asked.connection);
    }
    for prefix in ["", "cert:", "unsigned:"] {
        let whole = format!("{prefix}{focus}");
        if Selection::from_text(plan, &whole).is_some() {
            return whole;
        }
    }
    let told = match view {
        ViewId::Connections | ViewId::Handshake => focus.starts_with(CONNECTION),
        ViewId::Cis => focus.starts_with("cis:"),
        ViewId::Flags => focus.starts_with(flags::OF_NODE),
        _ => false,
    };
    let told = told || DEEPER.iter().any(|(of, prefix)| *of == view && focus.starts_with(prefix));
    if told { focus.to_owned() } else { String::new() }
}

impl Answer {
    /// As one text: what it is in the first line, its parts behind [`PARTS`].
    pub fn to_text(&self) -> String {
        let lines = |drawings: &[Drawing]| {
            let mut lines = Vec::new();
            drawings.iter().for_each(|one| one.to_lines(&mut lines));
            lines.join("\n")
        };
        let drawn = |kind: &str, it: &Drawn| {
            let views: Vec<String> =
                ViewId::ALL.iter().map(|view| format!("{}={}", view.word(), view.title())).collect();
            let said = [kind, it.view.word(), &it.focus, &it.title, &it.design, &views.join(",")].map(str::to_owned);
            said.into_iter().chain([lines(&it.picture), lines(&it.sheet)]).collect()
        };
        let parts: Vec<String> = match self {
            Self::Drawn(it) => drawn("drawn", it),
            Self::NeedsCore(it) => drawn("core", it),
            Self::Refused(why) => vec!["refused".to_owned(), why.join("\n")],
        };
        parts.join(&PARTS.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(lines: &str) -> Drawn {
        match answer(&Asked::read(lines)) {
            Answer::Drawn(drawn) => drawn,
            other => panic!("{lines}: {other:?}"),
        }
    }

    /// What a view alone shows, of any preset.
    fn shown(view: ViewId) -> &'static [&'static str] {
        match view {
            ViewId::Hierarchy => &["cert-apiserver@", ", server certificate signed by ", ">Held by<"],
            ViewId::Connections => &["kube-apiserver → kubelet", ":10250"],
            ViewId::Handshake => &[],
            ViewId::Files => &["file-", ">0600<"],
            ViewId::Flags => &[">--tls-cert-file<", "presents as server"],
            ViewId::Timeline => &["Expires first: ", "Who renews what"],
            ViewId::Commands => &["For the whole set", "openssl, as one script"],
            ViewId::Cis => &["cis-1.2.5", " pass, "],
        }
    }

    #[test]
    fn every_view_but_the_handshake_is_drawn_for_every_preset() {
        for preset in spec::preset::PRESETS {
            for view in ViewId::ALL.iter().filter(|view| **view != ViewId::Handshake) {
                let drawn = drawn(&format!("preset={}\nview={}\nnow=1790000000", preset.name, view.word()));
                assert!(drawn.sheet.is_empty(), "{} {}", preset.name, view.word());
                assert!(drawn.title.contains(view.title()), "{}", drawn.title);
                let picture: String = drawn.picture.iter().map(Drawing::to_markup).collect();
                for part in shown(*view) {
                    assert!(picture.contains(part), "{} {}: {part}: {picture}", preset.name, view.word());
                }
            }
        }
    }

    #[test]
    fn a_certificate_is_found_by_its_short_name_and_told_of() {
        let drawn = drawn("focus=apiserver@cp-1");
        assert_eq!(drawn.focus, "cert:apiserver@cp-1");
        assert!(drawn.sheet.iter().any(|one| one.to_markup().contains("Checked by")));
        assert_eq!(super::tests::drawn("focus=apiserver@cp-9").focus, "");
    }

    #[test]
    fn a_connection_opens_its_view_and_another_click_clears_it() {
        let drawn = drawn("connection=kube-apiserver->etcd");
        assert_eq!((drawn.view, drawn.focus.as_str()), (ViewId::Connections, "connection:kube-apiserver->etcd"));
        assert!(drawn.sheet.iter().any(|one| one.to_markup().contains("The caller presents")));
        assert!(drawn.picture[0].to_markup().contains("data-choose=\"\""));
    }

    #[test]
    fn what_takes_the_core_asks_for_it_and_errors_name_their_field() {
        for (asked, focus) in [
            ("view=handshake", "connection:kubectl->kube-apiserver"),
            ("view=handshake\nfocus=ca@cluster", "connection:kubectl->kube-apiserver"),
            (
                "connection=kube-apiserver->etcd\nfault=expired:etcd-server\nhow=days=3",
                "connection:kube-apiserver->etcd?fault=expired:etcd-server&days=3",
            ),
            ("view=connections\nfocus=table:", "table:"),
            ("view=timeline\nfocus=time:400", "time:400"),
        ] {
            match answer(&Asked::read(asked)) {
                Answer::NeedsCore(drawn) => assert_eq!(drawn.focus, focus),
                other => panic!("{asked}: {other:?}"),
            }
        }
        match answer(&Asked::read("kubernetes-version=0.1")) {
            Answer::Refused(why) => assert!(why[0].starts_with("kubernetesVersion: "), "{why:?}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn no_drawing_has_the_mark_between_parts() {
        let text = answer(&Asked::read("preset=course\nview=commands\nfocus=apiserver@controlplane")).to_text();
        assert_eq!(text.split(PARTS).count(), 8);
        assert!(kubepki_core::view::drawing::SEPARATORS.contains(&PARTS), "no text of a drawing holds it");
    }
}
