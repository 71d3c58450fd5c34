//! The timeline for the page: a button for each life, its bar on one axis.

use super::{DAY, Life, Urgency, headline, lives, title};
use crate::catalog::renewal::Renewal;
use crate::instant::to_date;
use crate::plan::Plan;
use crate::view::drawing::{Drawing, caps, choose, drawn, paragraph};
use crate::view::text::counted;

use super::calendar::ics;

/// Pixels.
const WIDTH: i64 = 700;
const LABELS: i64 = 210;
const ROW: i64 = 26;
const AXIS: i64 = WIDTH - LABELS - 16;
/// A character of a label, generously.
const CHARACTER: i64 = 7;
/// Days of the axis' marks, and what they read.
const MARKS: &[(i64, &str)] =
    &[(0, "issued"), (90, "90 d"), (365, "1 y"), (730, "2 y"), (1_825, "5 y"), (3_650, "10 y"), (7_300, "20 y")];

/// Where a day stands: the first days have more room, for there is more to tell them apart. The square root does that
/// without a break in the axis.
fn x(days: i64, longest: i64) -> i64 {
    let share = (days.max(0) as f64 / longest.max(1) as f64).sqrt().min(1.0);
    LABELS + (share * AXIS as f64).round() as i64
}

/// The view for the page. `at` is the time that is looked at.
pub fn page(plan: &Plan, issued: i64, at: i64, selected: &str) -> Drawing {
    let lives = lives(plan, issued);
    let longest = lives.iter().filter_map(|life| life.until).map(|until| (until - issued) / DAY).max().unwrap_or(1);
    let chosen = lives.iter().position(|life| selected == format!("cert:{}", plan.key_of(life.cert)));
    let rows = lives.iter().enumerate().map(|(index, life)| {
        let stop = chosen.map_or(index == 0, |chosen| chosen == index);
        let words = format!("{}: {}, {}", title(plan, life), told(life, at), life.renewal.word());
        drawn("button")
            .set("class", "text wire")
            .set("type", "button")
            .set("data-pick", format!("cert:{}", plan.key_of(life.cert)))
            .set("data-walk", "life")
            .set("data-testid", format!("life-{}", plan.certs[life.cert].row.id))
            .set("aria-pressed", chosen == Some(index))
            .set("aria-label", words)
            .set("tabindex", if stop { "0" } else { "-1" })
            .with(canvas(ROW).set("aria-hidden", true).with(row(plan, life, issued, at, longest)))
    });
    let calendar = drawn("p")
        .set("class", "bar")
        .with(
            drawn("button")
                .set("class", "small")
                .set("type", "button")
                .set("data-save", format!("{}-certificates.ics", plan.spec.cluster_name))
                .text("Save a calendar (.ics)"),
        )
        .with(drawn("pre").set("class", "sr").set("aria-hidden", true).text(ics(plan, issued, at)));
    let renewals = [Renewal::ByItself, Renewal::ByKubeadm, Renewal::ByHand, Renewal::Never].map(|by| {
        let mut told: Vec<&'static str> = Vec::new();
        for life in lives.iter().filter(|life| life.renewal == by) {
            if !told.contains(&life.how) {
                told.push(life.how);
            }
        }
        (by, told)
    });
    let mut view = drawn("div")
        .set("class", "told-page timeline")
        .with(
            drawn("p")
                .set("class", "verdict none")
                .set("data-testid", "expires-first")
                .text(headline(plan, &lives, at)),
        )
        .with(drawn("p").set("class", "muted").text(LEGEND))
        .with(canvas(ROW).set("aria-hidden", true).with(axis(longest)))
        .with(drawn("div").set("role", "group").set("aria-label", "Lives").all(rows))
        .with(calendar)
        .with(caps("Who renews what"));
    for (by, told) in renewals.into_iter().filter(|(_, told)| !told.is_empty()) {
        let them = lives.iter().filter(|life| life.renewal == by);
        let links =
            them.map(|life| drawn("li").with(choose(format!("cert:{}", plan.key_of(life.cert)), title(plan, life))));
        view = view
            .with(drawn("p").with(drawn("b").text(by.word())))
            .all(told.into_iter().map(paragraph))
            .with(drawn("ul").set("class", "links").all(links));
    }
    view
}

const LEGEND: &str = "A bar is a life. Solid is good; dashed ends in 30 days or less; red ends in 7 days or less, or is over. The axis gives the first days more room.";

fn told(life: &Life, at: i64) -> String {
    match (life.until, life.days_left(at)) {
        (Some(until), Some(days)) if days < 0 => format!("expired on {}", to_date(until)),
        (Some(until), Some(days)) => {
            let left = counted(days.unsigned_abs() as usize, "day");
            format!("until {}, {left} left, {}", to_date(until), life.urgency(at).word())
        }
        _ => "no end".to_owned(),
    }
}

fn canvas(height: i64) -> Drawing {
    drawn("svg").set("width", WIDTH).set("height", height).set("viewBox", format!("0 0 {WIDTH} {height}"))
}

fn text(x: i64, anchor: &str, fill: &str, text: &str) -> Drawing {
    drawn("text")
        .set("x", x)
        .set("y", 17)
        .set("fill", fill)
        .set("font-size", "11.5")
        .set("text-anchor", anchor)
        .text(text)
}

/// The marks that have room, from the left.
fn marks(longest: i64) -> Vec<(i64, &'static str)> {
    let mut free = LABELS;
    let mut shown = Vec::new();
    for (days, label) in MARKS.iter().filter(|(days, _)| *days <= longest) {
        let (at, half) = (x(*days, longest), label.len() as i64 * CHARACTER / 2);
        if at - half >= free || shown.is_empty() {
            shown.push((at, *label));
            free = at + half + CHARACTER;
        }
    }
    shown
}

fn axis(longest: i64) -> Drawing {
    drawn("g").all(marks(longest).into_iter().map(|(at, label)| {
        let half = label.len() as i64 * CHARACTER / 2;
        let anchor = if at + half > WIDTH {
            "end"
        } else if at == LABELS {
            "start"
        } else {
            "middle"
        };
        text(at, anchor, "var(--muted)", label)
    }))
}

fn row(plan: &Plan, life: &Life, issued: i64, at: i64, longest: i64) -> Drawing {
    let (left, right) =
        (x(0, longest), life.until.map_or(x(longest, longest), |until| x((until - issued) / DAY, longest)));
    let urgency = life.urgency(at);
    let fill = match urgency {
        Urgency::Fine => "var(--muted)",
        Urgency::Soon => "var(--ca)",
        Urgency::Now | Urgency::Over | Urgency::Early => "var(--danger)",
    };
    let indent = if life.is_leaf { 14 } else { 0 };
    let label = title(plan, life);
    let most = ((LABELS - indent - 8) / CHARACTER) as usize;
    let label: String =
        if label.chars().count() > most { label.chars().take(most - 1).chain(['…']).collect() } else { label };
    let bar =
        drawn("rect").set("x", left).set("y", 8).set("width", (right - left).max(3)).set("height", 10).set("rx", 3);
    let bar = match (life.until, urgency) {
        (None, _) => bar.set("fill", "none").set("stroke", "var(--edge)").set("stroke-dasharray", "4 4"),
        (_, Urgency::Soon) => {
            bar.set("fill", "none").set("stroke", fill).set("stroke-width", 3).set("stroke-dasharray", "6 3")
        }
        _ => bar.set("fill", fill),
    };
    let now = x((at - issued).div_euclid(DAY), longest);
    let now =
        drawn("path").set("d", format!("M{now} 0V{ROW}")).set("stroke", "var(--accent)").set("stroke-width", "1.5");
    let name = text(indent, "start", "var(--ink)", &label).set("font-weight", if life.is_leaf { "400" } else { "600" });
    drawn("g").with(name).with(bar).with(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::parse;
    use crate::spec::preset::PRESETS;

    #[test]
    fn marks_never_touch_and_stay_on_the_canvas() {
        for longest in [30, 365, 400, 3_650, 9_125] {
            let all = marks(longest);
            for pair in all.windows(2) {
                let half = |label: &str| label.len() as i64 * CHARACTER / 2;
                assert!(pair[0].0 + half(pair[0].1) <= pair[1].0 - half(pair[1].1), "{longest}: {all:?}");
            }
            assert!(all.iter().all(|(at, _)| (LABELS..=WIDTH).contains(at)));
        }
    }

    #[test]
    fn every_row_says_in_words_what_its_bar_shows() {
        for preset in PRESETS {
            let plan = crate::plan::plan(&parse(&preset.draft()).0.expect("no errors"));
            let markup = page(&plan, 1_795_694_400, 1_795_694_400 + 340 * DAY, "").to_markup();
            assert!(markup.contains("Expires first: ") && markup.contains("30 days or less"), "{}", preset.name);
            assert!(markup.contains("BEGIN:VCALENDAR"));
            let last = page(&plan, 1_795_694_400, 1_795_694_400 + 364 * DAY, "").to_markup();
            assert!(last.contains(", 1 day left, ") && !last.contains("1 days"), "{}: {last}", preset.name);
        }
    }
}
