//! Serves the finished page: files of one folder on the loopback address, under the release policy and headers.

use crate::build;
use crate::build::policy;
use crate::files::Result;
use crate::project::Project;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

/// The port when none is asked for.
const PORT: u16 = 8080;

/// Connections at a time; a browser opens six, and further ones wait for one of them to end.
const CONNECTIONS: usize = 64;

/// What the page may be called. A name that somebody else's name server points here is none of them, so that a page of
/// theirs cannot read this one as its own.
const HOSTS: &[&str] = &["127.0.0.1", "localhost", "[::1]"];

/// MIME types by extension; with `nosniff` a browser takes them at their word.
const TYPES: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("json", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("txt", "text/plain; charset=utf-8"),
    ("md", "text/plain; charset=utf-8"),
];

/// A folder and the headers that go with each of its files.
struct Site {
    root: PathBuf,
    headers: Vec<(String, String)>,
}

/// `cargo xtask serve`.
pub(crate) fn command(project: &Project, arguments: &[String]) -> Result<()> {
    let (mut port, mut root, mut build) = (PORT, project.dist(), true);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} wants a value"));
        match word.as_str() {
            "--no-build" => build = false,
            "--port" => port = value()?.parse().map_err(|_| "--port wants a number from 0 to 65535")?,
            "--root" => root = PathBuf::from(value()?),
            _ => return Err(format!("unknown argument {word}")),
        }
    }
    if build {
        build::command(project)?;
    }
    let listener = listen(port)?;
    let address = address(&listener)?;
    let site = site(project, &root)?;
    println!("{address}");
    accept(&listener, &site);
    Ok(())
}

/// Serves a folder for as long as xtask runs, on a port of the system's choice; returns its address.
pub(crate) fn in_background(project: &Project, root: &Path) -> Result<String> {
    let listener = listen(0)?;
    let address = address(&listener)?;
    let site = Site { root: root.to_owned(), headers: policy::headers(project)? };
    thread::spawn(move || accept(&listener, &site));
    Ok(address)
}

fn site(project: &Project, root: &Path) -> Result<Site> {
    if !root.join("index.html").is_file() {
        return Err(format!("{} holds no index.html; build it first", root.display()));
    }
    Ok(Site { root: root.to_owned(), headers: policy::headers(project)? })
}

/// Takes the port, or the next free one with a note.
fn listen(port: u16) -> Result<TcpListener> {
    for candidate in port..=port.saturating_add(50) {
        if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)) {
            if candidate != port {
                println!("port {port} is taken, so this is on {candidate}");
            }
            return Ok(listener);
        }
    }
    Err(format!("no port from {port} on is free"))
}

fn address(listener: &TcpListener) -> Result<String> {
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    Ok(format!("http://{address}/"))
}

fn accept(listener: &TcpListener, site: &Site) {
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            // A browser that goes away is no error of ours.
            scope.spawn(|| listener.incoming().flatten().for_each(|stream| drop(site.converse(&stream))));
        }
    });
}

/// What is asked for: the first line of a request and the headers that matter here.
struct Request {
    method: String,
    target: String,
    host: String,
    if_none_match: Option<String>,
    keep_open: bool,
}

impl Site {
    fn converse(&self, stream: &TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        while let Some(request) = read_request(&mut reader)? {
            let mut out = stream;
            out.write_all(&self.answer(&request))?;
            if !request.keep_open {
                break;
            }
        }
        Ok(())
    }

    fn answer(&self, request: &Request) -> Vec<u8> {
        if !is_ours(&request.host) {
            let text = b"this server answers to 127.0.0.1, localhost and [::1] alone\n";
            return self.response(
                "421 Misdirected Request",
                &[("Content-Type", "text/plain; charset=utf-8")],
                text,
                true,
            );
        }
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return self.response("405 Method Not Allowed", &[("Allow", "GET, HEAD")], b"GET and HEAD only\n", true);
        }
        let with_body = request.method == "GET";
        let Some(path) = file(&self.root, &request.target) else {
            return self.response(
                "404 Not Found",
                &[("Content-Type", "text/plain; charset=utf-8")],
                b"not found\n",
                with_body,
            );
        };
        let (Ok(bytes), tag) = (std::fs::read(&path), tag(&path)) else {
            return self.response("500 Internal Server Error", &[], b"cannot read\n", with_body);
        };
        // no-cache: a browser asks each time, and is told when nothing has changed.
        let fields = [("Content-Type", mime(&path)), ("Cache-Control", "no-cache"), ("ETag", tag.as_str())];
        if request.if_none_match.as_deref() == Some(&tag) {
            return self.response("304 Not Modified", &fields[1..], b"", false);
        }
        self.response("200 OK", &fields, &bytes, with_body)
    }

    fn response(&self, status: &str, fields: &[(&str, &str)], body: &[u8], with_body: bool) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
        let ours = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in fields.iter().copied().chain(ours) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        if with_body {
            bytes.extend_from_slice(body);
        }
        bytes
    }
}

/// Whether a Host header names this machine as the browser of its user does, on whatever port.
fn is_ours(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    HOSTS.iter().any(|ours| name.eq_ignore_ascii_case(ours))
}

/// Reads one request; `None` when the browser is done, or sends what is no request of ours.
fn read_request(reader: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    // Longer heads than this are no page's.
    let mut head = reader.take(32 * 1024);
    let mut line = String::new();
    head.read_line(&mut line)?;
    let mut words = line.split_ascii_whitespace();
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
        return Ok(None);
    };
    let keep_open = version == "HTTP/1.1";
    let (method, target) = (method.to_owned(), target.to_owned());
    let mut request = Request { method, target, host: String::new(), if_none_match: None, keep_open };
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let Some((name, value)) = line.split_once(':') else { return Ok(line.trim().is_empty().then_some(request)) };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "host" => request.host = value.to_owned(),
            "if-none-match" => request.if_none_match = Some(value.to_owned()),
            "connection" if value.eq_ignore_ascii_case("close") => request.keep_open = false,
            // A body would be read as the next request: answer this one and end.
            "content-length" | "transfer-encoding" => request.keep_open = false,
            _ => {}
        }
    }
}

/// The file that a request's target names, if it lies inside the folder.
fn file(root: &Path, target: &str) -> Option<PathBuf> {
    let path = decoded(target.split(['?', '#']).next()?)?;
    let relative = path.strip_prefix('/')?;
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0']);
    let mut file = root.to_owned();
    for part in relative.split('/').filter(|part| !part.is_empty()) {
        if !plain(part) {
            return None;
        }
        file.push(part);
    }
    if path.ends_with('/') {
        file.push("index.html");
    }
    // A link inside the folder may still lead out of it.
    let file = file.canonicalize().ok()?;
    (file.starts_with(root.canonicalize().ok()?) && file.is_file()).then_some(file)
}

/// Undoes percent-encoding; `None` where it is broken or not UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn mime(path: &Path) -> &'static str {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    TYPES.iter().find(|(known, _)| *known == extension).map_or("application/octet-stream", |(_, mime)| mime)
}

/// Changes whenever the file does.
fn tag(path: &Path) -> String {
    let Ok(facts) = path.metadata() else { return String::new() };
    let changed = facts.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("\"{:x}-{:x}\"", facts.len(), changed.as_nanos())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("xtask-serve-{name}-{}", std::process::id()));
        std::fs::create_dir_all(root.join("dist/a b")).unwrap();
        for (path, text) in [("secret", "no"), ("dist/index.html", "<p>"), ("dist/a b/x.wasm", "w")] {
            std::fs::write(root.join(path), text).unwrap();
        }
        root
    }

    #[test]
    fn a_path_never_leaves_the_folder() {
        let root = scratch("paths");
        let dist = root.join("dist");
        std::os::unix::fs::symlink(root.join("secret"), dist.join("link")).unwrap();
        let inside = |target| file(&dist, target).map(|file| file.file_name().unwrap().to_owned());
        assert_eq!(inside("/").unwrap(), "index.html");
        assert_eq!(inside("/index.html?x=/../").unwrap(), "index.html");
        assert_eq!(inside("/a%20b/x.wasm").unwrap(), "x.wasm");
        for target in [
            "/../secret",
            "/%2e%2e/secret",
            "/a%20b/../../secret",
            "/..%2fsecret",
            "//../secret",
            "/link",
            "secret",
            "/a b",
            "/%zz",
            "/%00",
            "/..\\secret",
        ] {
            assert_eq!(inside(target), None, "{target}");
        }
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn answers_with_type_policy_and_tag() {
        let root = scratch("answers");
        let site = Site { root: root.join("dist"), headers: vec![("X-Ours".into(), "yes".into())] };
        let ask = |text: &str| {
            let request = read_request(&mut text.as_bytes()).unwrap().unwrap();
            String::from_utf8(site.answer(&request)).unwrap()
        };
        let got = ask("GET /a%20b/x.wasm HTTP/1.1\r\nHost: localhost:8080\r\n\r\n");
        assert!(got.starts_with("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Type: application/wasm\r\n"), "{got}");
        assert!(got.contains("X-Ours: yes\r\n") && got.ends_with("\r\n\r\nw"), "{got}");
        let tag = got.split("ETag: ").nth(1).unwrap().split("\r\n").next().unwrap();
        let again = ask(&format!("GET /a%20b/x.wasm HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: {tag}\r\n\r\n"));
        assert!(again.starts_with("HTTP/1.1 304 ") && again.ends_with("\r\n\r\n"), "{again}");
        assert!(ask("HEAD / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").ends_with("\r\n\r\n"));
        assert!(ask("POST / HTTP/1.1\r\nHost: LOCALHOST\r\n\r\n").starts_with("HTTP/1.1 405 "));
        assert!(ask("GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 404 "));
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn only_a_browser_that_asks_this_machine_by_name_is_answered() {
        for host in ["127.0.0.1", "127.0.0.1:8080", "localhost:1", "LocalHost", "[::1]", "[::1]:8080"] {
            assert!(is_ours(host), "{host}");
        }
        for host in [
            "",
            "rebound.example",
            "rebound.example:8080",
            "127.0.0.1.rebound.example",
            "localhost.",
            "::1",
            "10.0.0.1",
        ] {
            assert!(!is_ours(host), "{host}");
        }
        let site = Site { root: PathBuf::from("/none"), headers: Vec::new() };
        for head in ["GET / HTTP/1.1\r\nHost: rebound.example:8080\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"] {
            let request = read_request(&mut head.as_bytes()).unwrap().unwrap();
            let answer = String::from_utf8(site.answer(&request)).unwrap();
            assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
        }
    }

    #[test]
    fn a_conversation_that_says_nothing_keeps_nobody_waiting() {
        let root = scratch("silent");
        let listener = listen(0).unwrap();
        let at = listener.local_addr().unwrap();
        let site = Site { root: root.join("dist"), headers: Vec::new() };
        thread::spawn(move || accept(&listener, &site));
        let _silent: Vec<TcpStream> = (0..CONNECTIONS - 1).map(|_| TcpStream::connect(at).unwrap()).collect();
        let mut asking = TcpStream::connect(at).unwrap();
        asking.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        asking.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_broken_request_ends_the_conversation() {
        for text in ["", "\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n", "GET / HTTP/1.1\r\nnonsense\r\n\r\n"] {
            assert!(read_request(&mut text.as_bytes()).unwrap().is_none(), "{text:?}");
        }
    }
}
