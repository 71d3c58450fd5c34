//! Golden files: what a text was when somebody last read it. `UPDATE_GOLDEN=1` rewrites them.

use std::fmt::Write as _;
use std::fs;

use crate::design::tests_folder;

/// Whether what is recorded is to be written anew.
pub fn rewrites() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

/// Compares a text with `tests/golden/<name>`.
pub fn check(name: &str, text: &str) {
    let path = tests_folder().join("golden").join(name);
    let known = fs::read_to_string(&path).unwrap_or_default();
    if known == text {
        return;
    }
    if rewrites() {
        let folder = path.parent().expect("a golden file is in a folder");
        fs::create_dir_all(folder).and_then(|()| fs::write(&path, text)).expect("the golden file can be written");
        return;
    }
    panic!(
        "tests/golden/{name} differs. Read the difference; if it is meant, run `UPDATE_GOLDEN=1 cargo test -p \
         kubepki-tests` and commit.\n{}",
        difference(&known, text)
    );
}

/// The lines that went (`-`) and came (`+`), each below the headings it stands under.
pub fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut out = String::new();
    let mut shown = ["", ""];
    let mut heading = ["", ""];
    for (mark, line) in edits(&old, &new) {
        if !line.starts_with(' ') {
            heading = [line, ""];
        }
        if mark == ' ' {
            if line.starts_with("  ") && !line.starts_with("   ") {
                heading[1] = "";
            }
            continue;
        }
        if line.starts_with(' ') && shown[0] != heading[0] {
            let _ = writeln!(out, "  {}", heading[0]);
            shown = heading;
        }
        let _ = writeln!(out, "{mark} {line}");
    }
    out
}

/// Lines with `-`, `+` or blank: the shortest edit, by longest common subsequence.
fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    let (rows, columns) = (old.len(), new.len());
    let mut common = vec![vec![0u32; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            common[row][column] = if old[row] == new[column] {
                common[row + 1][column + 1] + 1
            } else {
                common[row + 1][column].max(common[row][column + 1])
            };
        }
    }
    let (mut row, mut column, mut edits) = (0, 0, Vec::new());
    while row < rows || column < columns {
        if row < rows && column < columns && old[row] == new[column] {
            edits.push((' ', old[row]));
            (row, column) = (row + 1, column + 1);
        } else if row < rows && (column == columns || common[row + 1][column] >= common[row][column + 1]) {
            edits.push(('-', old[row]));
            row += 1;
        } else {
            edits.push(('+', new[column]));
            column += 1;
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_its_heading() {
        assert_eq!(difference("a\n  b\nc\n  d\n", "a\n  b\nc\n  e\n"), "  c\n-   d\n+   e\n");
        assert_eq!(difference("a\n", "a\nb\n"), "+ b\n");
    }
}
