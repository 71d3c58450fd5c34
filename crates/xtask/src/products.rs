//! Where everything is that gates and benchmarks run or read.

use crate::build::{cli, hosts, package, single_file};
use crate::project::Project;
use std::ffi::OsString;

/// What gates and benchmarks are told: where tools and products are.
pub(crate) fn variables(project: &Project) -> Vec<(String, OsString)> {
    let tools = project.tools.iter().filter_map(|tool| {
        let program = tool.program(&project.cache)?;
        tool.env.clone().map(|name| (name, program.into_os_string()))
    });
    let products = [
        ("KUBEPKI_BIN", cli::path(project)),
        ("KUBEPKI_DIST", project.dist()),
        ("KUBEPKI_SINGLE_FILE", single_file::path(project)),
        ("KUBEPKI_HOSTS", hosts::folder(project)),
        ("KUBEPKI_PACKAGE", package::tarball(project)),
        ("KUBEPKI_PACKAGE_FOLDER", package::folder(project)),
        ("KUBEPKI_XTASK", project.xtask.clone()),
    ];
    tools.chain(products.map(|(name, path)| (name.to_owned(), path.into_os_string()))).collect()
}
