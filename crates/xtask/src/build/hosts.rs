//! Ready-made headers for static hosts: the rows of `policy`, which `cargo xtask serve` sends, in the words of others.

use crate::build::policy;
use crate::files::{Result, write};
use crate::project::Project;
use std::path::PathBuf;

/// How a host says headers.
type Says = fn(&[(String, String)]) -> String;

/// A host's file: its name, and how it says the headers.
const HOSTS: &[(&str, Says)] = &[("_headers", netlify), ("kubepki-headers.nginx.conf", nginx), ("Caddyfile", caddy)];

/// What no cache may keep from a browser: the page, and the service worker, which says what the page is made of. All else
/// is asked for under a hash.
const FRESH: &[&str] = &["index.html", "sw.js"];

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
    let all = headers.iter().fold("/*\n".to_owned(), |text, (name, value)| text + "  " + name + ": " + value + "\n");
    let fresh = [""].iter().chain(FRESH);
    fresh.fold(all, |text, name| text + "/" + name + "\n  Cache-Control: no-cache\n")
}

/// nginx: for a `server` block. A block that has an `add_header` of its own inherits none, so what is asked for anew each
/// time is said by `expires`, which nginx turns into `Cache-Control: no-cache`.
fn nginx(headers: &[(String, String)]) -> String {
    let head = "# include this in the server block that serves the site's files:\n\
                #   server { listen 80; root /srv/kubepki; include kubepki-headers.nginx.conf; }\n";
    let all = headers
        .iter()
        .fold(head.to_owned(), |text, (name, value)| text + "add_header " + name + " \"" + value + "\" always;\n");
    let names: Vec<String> = FRESH.iter().map(|name| name.replace('.', "\\.")).collect();
    all + "location ~ /(" + &names.join("|") + ")$ { expires -1; }\n"
}

/// Caddy: a whole site.
fn caddy(headers: &[(String, String)]) -> String {
    let head =
        "# put the site's address where :80 is\n:80 {\n\troot * /srv/kubepki\n\tfile_server\n\theader {\n".to_owned();
    let all = headers.iter().fold(head, |text, (name, value)| text + "\t\t" + name + " \"" + value + "\"\n") + "\t}\n";
    let names: Vec<String> = FRESH.iter().map(|name| format!("*/{name}")).collect();
    all + "\t@fresh path */ " + &names.join(" ") + "\n\theader @fresh Cache-Control no-cache\n}\n"
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
        for (name, says) in HOSTS {
            let text = says(&headers);
            assert!(text.contains("sw") && text.contains("no-cache") || text.contains("expires -1"), "{name}: {text}");
        }
        // A quote would end the value early in two of them.
        assert!(policy::parse("default-src 'none'\nimg-src \"x\"").is_err());
    }
}
