//! The export's dialog: what leaves the page, whom it can harm, and how it is locked. What is typed into it never comes here.

use kubepki_core::check::{self, ConnectionLine};
use kubepki_core::plan::{Holding, Plan, Root};
use kubepki_core::view::act::{Act, Ask};
use kubepki_core::view::drawing::{Drawing, caps, chip, drawn, paragraph};
use kubepki_core::view::export::{EXPORT, Export, Lock, read, write};

use crate::runbook;

/// What may be taken of the whole: each with its label and what it is.
const WHOLE: [(Export, &str, &str); 4] = [
    (Export::Whole, "Everything", "All nodes, scripts, inventory, record, and the CA keys."),
    (Export::WithoutCaKeys, "Nodes without CA keys", "All nodes, but no key that can sign."),
    (Export::CaKeys, "The CA keys apart", "Certificate and private key of each CA, to be kept offline."),
    (
        Export::Admin,
        "The administrator",
        "Certificate and key of admin.conf as PKCS#12, for browsers and programs that import such files.",
    ),
];

/// The dialog of an export, by its name behind [`EXPORT`]: what stands above what the page says of it, and what stands below.
/// Nothing where there is no such export.
pub(crate) fn dialog(plan: &Plan, asked: &str, now: i64) -> Option<[Vec<Drawing>; 2]> {
    let (export, lock) = read(asked.strip_prefix(EXPORT)?)?;
    let keys = ca_keys(plan, &export);
    let locks = export.locks();
    // Where there is no key of a CA inside, the way without a lock is as good as ever.
    let lock = lock.or(if keys.is_empty() { locks.last() } else { locks.first() }.copied())?;
    let mut out = Vec::new();
    let whole = WHOLE.iter().find(|(one, ..)| *one == export);
    if let Some((.., about)) = whole {
        let one = |(one, label, _): &(Export, &str, &str)| {
            chip("data-choose", format!("{EXPORT}{}", one.to_text()), *label, *one == export)
                .set("data-testid", format!("export-{}", one.to_text()))
        };
        let what = WHOLE.iter().filter(|(one, ..)| *one != Export::Admin || has_admin(plan)).map(one);
        out.push(group("What to export").all(what));
        out.push(paragraph(*about));
    }
    if let Export::Node(name) = &export {
        out.push(paragraph(format!(
            "What {name} gets, as its own file system has it, with what installs and checks it."
        )));
    }
    out.push(warning(plan, &export, &keys));
    if locks.len() > 1 {
        let one = |one: &Lock| {
            let to = format!("{EXPORT}{}", write(&export, *one));
            chip("data-choose", to, words(&export, *one), *one == lock)
                .set("data-testid", format!("lock-{}", one.word()))
        };
        out.push(group("How to lock it").all(locks.iter().map(one)));
    }
    out.extend(form(&export, lock));
    let mut below = verify(plan, &export);
    below.extend(runbook::folded(plan, &export, now));
    let button = |class: &str, act: Act<'_>, name: &str, label: &str| {
        let button = drawn("button").set("class", class).set("type", "button").set("data-act", act.to_text());
        button.set("data-testid", name).text(label)
    };
    let save = if lock == Lock::Open { "Download" } else { "Encrypt and download" };
    let what = write(&export, lock);
    let buttons = drawn("p").set("class", "buttons end");
    below.push(buttons.with(button("", Act::Close, "close", "Not now")).with(button(
        "filled",
        Act::Export(&what),
        "confirm",
        save,
    )));
    Some([out, below])
}

fn group(label: &str) -> Drawing {
    drawn("div").set("class", "bar").set("role", "group").set("aria-label", label)
}

fn words(export: &Export, lock: Lock) -> &'static str {
    match (lock, export) {
        (Lock::Passphrase, _) => "Encrypted with a passphrase",
        (Lock::Recipients, Export::Node(_)) => "Encrypted to the node",
        (Lock::Recipients, _) => "Encrypted to recipients",
        (Lock::Own, _) => "Keys encrypted as PKCS#8",
        (Lock::Open, _) => "Not encrypted",
    }
}

/// Whom it harms where it falls into wrong hands.
fn warning(plan: &Plan, export: &Export, keys: &[String]) -> Drawing {
    if *export == Export::Admin {
        return warn(
            "Whoever opens this file is the administrator of ",
            &plan.spec.cluster_name,
            " until the certificate ends.",
        );
    }
    if keys.is_empty() {
        return paragraph(
            "No CA private key is inside. It holds the private keys of the nodes' own certificates: keep it as you keep them.",
        );
    }
    let it = if matches!(export, Export::File(_)) { "This file" } else { "This zip" };
    warn(
        &format!("{it} can make any identity: "),
        &keys.join(", "),
        ". Whoever reads it can be any user, node or administrator of this cluster.",
    )
}

fn warn(lead: &str, code: &str, rest: &str) -> Drawing {
    let code = drawn("code").text(code);
    drawn("p").set("class", "warn").with(drawn("b").text(lead)).with(code).with(drawn("span").text(rest))
}

/// What a lock needs to be told, and who opens it.
fn form(export: &Export, lock: Lock) -> Vec<Drawing> {
    let input = |label: &str, ask: Ask, placeholder: &str| {
        drawn("input")
            .set("type", "text")
            .set("data-testid", "secret")
            .set("aria-label", label)
            .set("autocomplete", "off")
            .set("spellcheck", "false")
            .set("placeholder", placeholder)
            .set("data-act", Act::Secret(ask).to_text())
    };
    let draw =
        drawn("button").set("class", "small").set("type", "button").set("data-act", Act::Secret(Ask::Draw).to_text());
    let passphrase = |ask: Ask| {
        drawn("p")
            .set("class", "bar")
            .with(input("Passphrase", ask, "Type a passphrase, or have one drawn"))
            .with(draw.set("data-testid", "draw").text("Draw one"))
    };
    let opened = |by: &str, how: &str| {
        drawn("p").set("class", "muted").with(drawn("span").text(by)).with(drawn("code").text(how))
    };
    match (lock, export) {
        (Lock::Open, _) => Vec::new(),
        (Lock::Passphrase, _) => vec![
            passphrase(Ask::WeighScrypt),
            opened(
                "It is remembered nowhere. What it locks is opened by ",
                "age -d, or kubepki decrypt --passphrase-file",
            ),
        ],
        (Lock::Own, Export::Admin) => vec![
            passphrase(Ask::WeighPbkdf2),
            opened("It is remembered nowhere. Browsers ask for it when they import; so does ", "openssl pkcs12 -in"),
        ],
        (Lock::Own, _) => vec![
            passphrase(Ask::WeighPbkdf2),
            opened("It is remembered nowhere. Each key asks for it: ", "openssl pkey -in"),
        ],
        (Lock::Recipients, export) => vec![
            drawn("p").set("class", "bar").with(input(
                "Recipients",
                Ask::Recipients,
                "age1…  several with spaces between",
            )),
            opened(
                match export {
                    Export::Node(_) => "Made on that node, where the identity stays: ",
                    _ => "Made by whoever is to open it: ",
                },
                "age-keygen -o node.key, then age-keygen -y node.key; opened by age -d -i node.key",
            ),
        ],
    }
}

/// Where it goes, and the lines that verify.sh will print.
fn verify(plan: &Plan, export: &Export) -> Vec<Drawing> {
    let only = match export {
        Export::Whole | Export::WithoutCaKeys => None,
        Export::Node(name) => match plan.spec.nodes.iter().position(|node| node.name == *name) {
            Some(index) => Some(index),
            None => return Vec::new(),
        },
        Export::CaKeys | Export::Admin | Export::File(_) => return Vec::new(),
    };
    let usage = match only {
        None => "No node gets this: it holds the private keys of all of them. Each node gets its own bundle, by its button under “One node”. README.md says how to go on.".to_owned(),
        Some(index) => format!(
            "On {}: unpack, sh verify.sh, then sh install.sh. It backs up what it replaces, and says what to do next or what to restart.",
            plan.spec.nodes[index].name
        ),
    };
    let lines = check::connections(plan, None);
    let text = match only {
        None => lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        Some(index) => of_node(plan, &lines, index),
    };
    if text.is_empty() {
        return vec![paragraph(usage)];
    }
    let pre = drawn("pre").set("tabindex", "0").set("aria-label", "sh verify.sh will check").text(text);
    vec![paragraph(usage), caps("sh verify.sh will check"), pre]
}

/// What the files of one node can show of the connections.
fn of_node(plan: &Plan, lines: &[ConnectionLine], node: usize) -> String {
    let here = |file: usize| plan.files[file].root == Root::Node(node);
    let mut text = Vec::new();
    for (line, parts) in lines.iter().zip(check::parts(plan, lines)) {
        let Some(part) = parts.iter().find(|part| part.node == node) else { continue };
        if part.within {
            text.push(line.to_string());
        } else if line.halves.iter().any(|half| here(half.file) || here(half.anchor)) {
            let name = &plan.spec.nodes[node].name;
            text.push(format!("{} → {}  the side of {name} alone", line.row.caller, line.row.server));
        }
    }
    text.join("\n")
}

fn has_admin(plan: &Plan) -> bool {
    plan.certs.iter().any(|cert| cert.row.id == kubepki_core::catalog::kubeconfigs::ADMIN)
}

/// The CA private keys that leave with it, short and each once.
fn ca_keys(plan: &Plan, export: &Export) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (index, file) in plan.files.iter().enumerate() {
        let here = match (export, file.root) {
            (Export::Whole | Export::CaKeys, _) => true,
            (Export::Node(name), Root::Node(node)) => plan.spec.nodes[node].name == *name,
            (Export::File(one), _) => *one == index,
            _ => false,
        };
        if here && file.content.holding == Holding::PrivateKey && plan.certs[file.content.cert].row.is_ca() {
            let inside: Vec<&str> = file.path.split('/').skip_while(|part| *part != "pki").skip(1).collect();
            let path = if inside.is_empty() { file.path.clone() } else { inside.join("/") };
            if !names.contains(&path) {
                names.push(path);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::spec::parse;
    use kubepki_core::spec::preset::PRESETS;

    fn lines(asked: &str) -> String {
        let plan = kubepki_core::plan::plan(&parse(&PRESETS[1].draft()).0.expect("a design"));
        let mut lines = Vec::new();
        dialog(&plan, asked, 0).expect("a dialog").iter().flatten().for_each(|one| one.to_lines(&mut lines));
        lines.join("\n")
    }

    #[test]
    fn with_a_key_of_a_ca_inside_encryption_comes_first() {
        for (asked, first) in [
            ("export:whole", "data-act=export:whole?passphrase"),
            ("export:ca-keys", "data-act=export:ca-keys?passphrase"),
            ("export:node=cp-2", "data-act=export:node=cp-2?recipients"),
            ("export:without-ca-keys", "data-act=export:without-ca-keys?open"),
            ("export:node=w-1", "data-act=export:node=w-1?open"),
            ("export:admin", "data-act=export:admin?own"),
            ("export:ca-keys?own", "data-act=export:ca-keys?own"),
        ] {
            assert!(lines(asked).contains(first), "{asked}: {}", lines(asked));
        }
    }

    #[test]
    fn no_node_is_sent_the_whole_and_a_bundle_promises_its_own_side_alone() {
        for whole in ["export:whole", "export:without-ca-keys"] {
            let said = lines(whole);
            // Of what its nodes do with their bundles the steps tell.
            let (said, steps) = said.split_once("What to do with it, step by step").expect("steps");
            assert!(said.contains("No node gets this") && said.contains("under “One node”"), "{said}");
            assert!(!said.contains("install.sh") && steps.contains("install.sh"), "{said}");
        }
        let bundle = lines("export:node=cp-2");
        assert!(bundle.contains("On cp-2: unpack, sh verify.sh, then sh install.sh."), "{bundle}");
        assert!(bundle.contains("etcd → etcd peer  the side of cp-2 alone"), "{bundle}");
        assert!(bundle.contains("kube-apiserver → etcd  apiserver-etcd-client signed by etcd-ca"), "{bundle}");
    }

    #[test]
    fn ca_keys_are_named_for_what_would_export_them() {
        for asked in ["export:whole", "export:ca-keys", "export:node=cp-2"] {
            assert!(lines(asked).contains("\"ca.key, etcd/ca.key, front-proxy-ca.key"), "{asked}");
        }
        assert!(lines("export:node=w-1").contains("No CA private key is inside"));
    }
}
