//! `kubepki explain`: what a component's error message means.

use std::io::{self, Read};

use kubepki_core::catalog::connections::told;
use kubepki_core::catalog::messages::{MessageRow, explain};

use crate::args::Explain;
use crate::failure::Failure;
use crate::print;

/// Bytes of a text that are read: more than any log of one failure.
const LONGEST: u64 = 1 << 20;

pub(crate) fn run(given: &Explain) -> Result<(), Failure> {
    let text = match given.message.is_empty() {
        false => given.message.join(" "),
        true => {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().take(LONGEST).read_to_end(&mut bytes);
            read.map_err(|error| Failure::Undone(format!("standard input: {error}")))?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    let (rows, place) = explain(&text);
    if rows.is_empty() {
        let what = "error: no message about certificates is recognised in this text (paste the whole line of the log)";
        return Err(Failure::Input(vec![what.to_owned()]));
    }
    let mut out = String::new();
    if let Some(told) = place.and_then(told) {
        out += &format!("On {} → {}: {}\n\n", told.caller, told.server, told.checked_with);
    }
    rows.iter().for_each(|row| row_text(&mut out, row));
    print(&out)
}

fn row_text(out: &mut String, row: &MessageRow) {
    let MessageRow { parts, means, causes, tell, faults } = row;
    *out += &format!("{}\n  {means}\n  Likely causes, likeliest first:\n", parts.join(" … "));
    for (number, cause) in causes.iter().enumerate() {
        *out += &format!("  {}. {cause}\n", number + 1);
    }
    *out += "  What tells them apart:\n";
    for command in *tell {
        *out += &format!("    {command}\n");
    }
    if !faults.is_empty() {
        *out += &format!("  To see it happen: kubepki break --fault {}:…\n", faults[0]);
    }
    out.push('\n');
}
