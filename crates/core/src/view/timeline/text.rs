//! The view for a terminal.

use super::{Urgency, ending, first, headline, lives, title};
use crate::instant::to_date;
use crate::plan::Plan;

/// The view for a terminal: what ends first stands first.
pub fn text(plan: &Plan, issued: i64, at: i64) -> String {
    let mut lives = lives(plan, issued);
    let mut out = format!("{}\n\n", headline(plan, &lives, at));
    lives.sort_by_key(|life| life.until.unwrap_or(i64::MAX));
    for life in &lives {
        let until = life.until.map_or_else(|| "no end    ".to_owned(), to_date);
        let left = life.days_left(at).map_or_else(|| "-".to_owned(), |days| days.to_string());
        let urgency = life.urgency(at);
        let mark = if urgency == Urgency::Fine { String::new() } else { format!("  ! {}", urgency.word()) };
        out += &format!("{until}  {left:>5} d  {:34} {}{mark}\n", title(plan, life), life.renewal.word());
    }
    if let Some((first, _)) = first(plan, &lives) {
        out += &format!("\nWhen {} ends:\n{}", title(plan, first), ending::text(plan.certs[first.cert].row.id));
    }
    out
}
