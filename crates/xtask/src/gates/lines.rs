//! Command lines of gates.

use crate::files::Result;
use crate::products;
use crate::project::Project;
use crate::sink::Sink;

/// Runs command lines, split at blanks, in a folder of the checkout, with what gates are told and some variables more.
pub(crate) fn run_lines(
    project: &Project,
    sink: &Sink,
    lines: &[&str],
    folder: &str,
    variables: &[(&str, &str)],
) -> Result<Vec<String>> {
    for line in lines {
        let mut words = line.split_ascii_whitespace();
        let mut command = project.command(words.next().unwrap_or_default());
        command.args(words).current_dir(project.root.join(folder));
        sink.run(command.envs(products::variables(project)).envs(variables.iter().copied()))?;
    }
    Ok(Vec::new())
}
