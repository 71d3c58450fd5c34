//! kubectl on every fault of its own connection: it prints what the rehearsal says that it prints.

use std::path::Path;
use std::process::Command;

use kubepki_rehearsal::fault::{self, Fault};
use kubepki_rehearsal::{Dial, Folder, Handshake, dials, rehearse};
use support::clock::{self, timeless};
use support::design;
use support::go;
use support::ports::Ports;
use support::program::{Running, run};
use support::scratch::Scratch;
use support::stage::broken_at;
use support::tool::KUBECTL;

const CONNECTION: &str = "kubectl->kube-apiserver";

/// What a server's setting does is no matter of files, and without a credential kubectl asks for a user name.
const LEFT_OUT: &[&str] = &["plain-http", "minimum-version", "no-common-cipher", "no-certificate"];

/// Writes the files that a call needs.
fn write(folder: &Folder, paths: &[String], scratch: &Scratch) {
    for path in paths {
        let (_, bytes) = folder.get(path).unwrap_or_else(|| panic!("no file {path}"));
        let to = scratch.join(path);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a scratch folder can be written");
        std::fs::write(&to, bytes.expose()).expect("a scratch folder can be written");
    }
}

fn serve(dial: &Dial, scratch: &Scratch) -> Running {
    let mut command = Command::new(go::program());
    command.arg("serve").arg(dial.dialled());
    let files = [&dial.serves.cert, &dial.serves.key, &dial.serves.trust];
    command.args(files.map(|path| scratch.join(path.as_deref().expect("a server has them"))));
    let mut server = Running::start(&command, &scratch.join("server.log"));
    server.until("it listens", 20, |log| log.contains("ready"));
    server
}

fn kubectl(kubeconfig: &Path, scratch: &Scratch, arguments: &[&str]) -> String {
    let mut command = KUBECTL.command();
    let home = scratch.join("home");
    command.env("HOME", &home).env("KUBECACHEDIR", home.join("cache")).env("KUBECONFIG", "/dev/null");
    command.env("NO_PROXY", "*").env("no_proxy", "*");
    command.arg("--kubeconfig").arg(kubeconfig).args(arguments);
    let said = run(&mut command, 60);
    format!("{}{}", said.out, said.err)
}

/// A call with a fault, as far as files decide it: what kubectl says, and what the rehearsal says.
fn tried(fault: &Fault, now: i64) -> Option<(String, Handshake)> {
    let (stage, folder) = broken_at(&design::plan("loopback").spec, &[&fault.id()], now);
    let dial = dials(&stage, CONNECTION, None).expect("kubectl calls");
    let read = |path: &str| folder.get(path).map(|(_, bytes)| bytes.expose());
    let said = rehearse(&stage, &dial, read, now).expect("every file is there");
    if said.server.step.as_deref() == Some("key pair") {
        // The server does not start.
        return None;
    }
    let scratch = Scratch::new("faults-kubectl");
    write(&folder, &dial.files(&stage), &scratch);
    let _server = serve(&dial, &scratch);
    let kubeconfig = scratch.join(dial.client.trust.as_deref().expect("a kubeconfig"));
    // What people type, where it fails; what the server here can answer, where it does not.
    let refused = said.client.message.is_some() || said.http_status == Some(401);
    let arguments: &[&str] = if refused { &["get", "nodes"] } else { &["get", "--raw", "/version"] };
    Some((kubectl(&kubeconfig, &scratch, arguments), said))
}

#[test]
fn kubectl_prints_what_is_foretold() {
    let _ports = Ports::take();
    let now = clock::now();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for fault in fault::faults() {
        let touches = fault.connections().contains(&CONNECTION);
        if !touches || LEFT_OUT.contains(&fault.kind.id) {
            continue;
        }
        let Some((printed, said)) = tried(&fault, now) else { continue };
        count += 1;
        // What the API server's authorizer would say, no server here says.
        let log = said.client.log.as_ref().filter(|_| said.http_status != Some(403));
        let foretold: Vec<&str> = log.iter().flat_map(|log| log.usual()).filter(|line| !line.contains('…')).collect();
        let is_refused = said.client.message.is_some() || said.http_status == Some(401);
        let fits = match is_refused {
            true => {
                let printed = timeless(&printed);
                foretold.iter().any(|line| printed.lines().any(|printed| printed == timeless(line)))
            }
            false => printed.contains("gitVersion"),
        };
        if !fits {
            wrong.push(format!("{}: foretold {foretold:?}, printed: {printed}", fault.id()));
        }
    }
    println!("{count} faults");
    assert!(count > 20, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
