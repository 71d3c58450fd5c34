//! Ready-made headers for static hosts: the rows of `policy.rs`, which `cargo xtask serve` sends, in the words of others.

use crate::policy;
use crate::project::{Project, Result, write};
use std::path::PathBuf;

/// How a host says headers.
type Says = fn(&[(String, String)]) -> String;

/// A host's file: its name, and how it says the headers.
const HOSTS: &[(&str, Says)] = &[("_headers", netlify), ("kubepki-headers.nginx.conf", nginx), ("Caddyfile", caddy)];

/// Where the files are written.
pub(crate) fn folder(project: &Project) -> PathBuf {
    project.target.join("release-files").join("hosts")
}

/// Writes one file for each host; returns what it has to tell.
pub(crate) fn make(project: &Project) -> Result<Vec<String>> {
    let headers = policy::headers(project)?;
    let folder = folder(project);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, says) in HOSTS {
        write(&folder.join(name), says(&headers))?;
    }
    let names: Vec<&str> = HOSTS.iter().map(|(name, _)| *name).collect();
    Ok(vec![format!("{}: {}", folder.display(), names.join(", "))])
}

/// Netlify, Cloudflare Pages and their like: beside the site's index.html.
fn netlify(headers: &[(String, String)]) -> String {
    headers.iter().fold("/*\n".to_owned(), |text, (name, value)| text + "  " + name + ": " + value + "\n")
}

/// nginx: for a `server` or `location` block. One that has an `add_header` of its own inherits none, so it stands where
/// the files are served.
fn nginx(headers: &[(String, String)]) -> String {
    let head = "# include this in the server block that serves the site's files:\n\
                #   server { listen 80; root /srv/kubepki; include kubepki-headers.nginx.conf; }\n";
    headers
        .iter()
        .fold(head.to_owned(), |text, (name, value)| text + "add_header " + name + " \"" + value + "\" always;\n")
}

/// Caddy: a whole site.
fn caddy(headers: &[(String, String)]) -> String {
    let head =
        "# put the site's address where :80 is\n:80 {\n\troot * /srv/kubepki\n\tfile_server\n\theader {\n".to_owned();
    headers.iter().fold(head, |text, (name, value)| text + "\t\t" + name + " \"" + value + "\"\n") + "\t}\n}\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_says_every_header_whole() {
        let headers = [
            ("Content-Security-Policy".to_owned(), "default-src 'none'; x".to_owned()),
            ("B".to_owned(), "c=()".to_owned()),
        ];
        for (name, says) in HOSTS {
            let text = says(&headers);
            for (header, value) in &headers {
                let lines = text.lines().filter(|line| line.contains(header) && line.contains(value));
                assert_eq!(lines.count(), 1, "{name}: {header}\n{text}");
            }
        }
        // A quote would end the value early in two of them.
        assert!(policy::parse("default-src 'none'\nimg-src \"x\"").is_err());
    }
}
