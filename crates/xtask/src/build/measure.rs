//! Sizes and hashes of files, by Node.js: it has brotli and SHA-384, which `std` has not.

use crate::files::Result;
use crate::project::Project;
use crate::sink::output;
use std::path::PathBuf;

/// One file's figures.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    /// Bytes on disk.
    pub(crate) raw: u64,
    /// Bytes as a host sends them: brotli at its highest quality; 0 where it was not asked for.
    pub(crate) brotli: u64,
    /// Subresource integrity: `sha384-` and base64.
    pub(crate) integrity: String,
}

/// What to measure beside the raw size and the hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Nothing: quick.
    Hash,
    /// The compressed size: a second a megabyte.
    Brotli,
}

/// Measures files, in their order.
pub(crate) fn measure(project: &Project, depth: Depth, files: &[PathBuf]) -> Result<Vec<Measure>> {
    let mode = if depth == Depth::Brotli { "brotli" } else { "hash" };
    let mut node = project.command("node");
    node.args(["--input-type=module", "--eval", include_str!("measure.mjs"), "--", mode]).args(files);
    let printed = output(&mut node)?;
    let measures: Option<Vec<Measure>> = printed.lines().map(parse).collect();
    measures.filter(|all| all.len() == files.len()).ok_or_else(|| format!("node printed {printed:?}"))
}

fn parse(line: &str) -> Option<Measure> {
    let mut words = line.split(' ');
    let measure = Measure {
        raw: words.next()?.parse().ok()?,
        brotli: words.next()?.parse().ok()?,
        integrity: words.next()?.to_owned(),
    };
    (measure.integrity.starts_with("sha384-") && words.next().is_none()).then_some(measure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_node_prints() {
        let measure = parse("12 7 sha384-ab/c=").unwrap();
        assert_eq!(measure, Measure { raw: 12, brotli: 7, integrity: "sha384-ab/c=".into() });
        assert_eq!(parse("12 7"), None);
    }
}
