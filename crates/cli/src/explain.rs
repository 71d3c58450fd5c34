//! `kubepki explain`: what a component's error message means.

use std::io::{self, Read};

use kubepki_core::catalog::connections::told;
use kubepki_core::catalog::messages::{MessageRow, explain};

use crate::args::Explain;
use crate::failure::{Failure, why};
use crate::output::print;

/// Bytes of a text that are read: more than any log of one failure.
const LONGEST: u64 = 1 << 20;

pub(crate) fn run(given: &Explain) -> Result<(), Failure> {
    let text = match given.message.is_empty() {
        false => given.message.join(" "),
        true => {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().take(LONGEST).read_to_end(&mut bytes);
            read.map_err(|error| Failure::Undone(format!("standard input: {}", why(&error))))?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    let (rows, place) = explain(&text);
    if rows.is_empty() {
        let what = "error: no message about certificates is recognised in this text (paste the whole line of the log)";
        return Err(Failure::Input(vec![what.to_owned()]));
    }
    let mut lines = Vec::new();
    if let Some(told) = place.and_then(told) {
        lines.push(format!("On {} → {}: {}", told.caller, told.server, told.checked_with));
        lines.push(String::new());
    }
    rows.iter().for_each(|row| row_lines(&mut lines, row));
    print(lines)
}

fn row_lines(lines: &mut Vec<String>, row: &MessageRow) {
    let MessageRow { parts, means, causes, tell, faults } = row;
    lines.extend([parts.join(" … "), format!("  {means}"), "  Likely causes, likeliest first:".to_owned()]);
    lines.extend(causes.iter().enumerate().map(|(index, cause)| format!("  {}. {cause}", index + 1)));
    lines.push("  What tells them apart:".to_owned());
    lines.extend(tell.iter().map(|command| format!("    {command}")));
    if let Some(fault) = faults.first() {
        lines.push(format!("  To see it happen: kubepki break --fault {fault}:…"));
    }
    lines.push(String::new());
}
