//! What is told of pasted certificates and kubeconfigs.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use kubepki_core::spec::preset::Preset;
use kubepki_issuance::{Pki, SecretText};
use kubepki_study::credential::{Credential, Lack, read};
use kubepki_study::pasted::recognise;

use crate::support::{NOW, issued_with};

/// A PKI in which admin.conf's certificate has this subject.
fn with_subject(common_name: &str, organizations: &[&str]) -> (Pki, usize) {
    let draft = &mut Preset::named("single").expect("a preset").draft();
    let pki = issued_with(draft, |plan| {
        let cert = plan.certs.iter_mut().find(|one| one.row.id == "admin.conf").expect("it is planned");
        let subject = cert.subject.as_mut().expect("it has one");
        common_name.clone_into(&mut subject.common_name);
        subject.organizations = organizations.iter().map(|one| (*one).to_owned()).collect();
    });
    let index = pki.plan.certs.iter().position(|one| one.row.id == "admin.conf").expect("it is there");
    (pki, index)
}

fn told(text: &str) -> Result<Credential, Lack> {
    read(text, NOW, &|_| None).unwrap_or_else(|| panic!("it is neither: {text}"))
}

/// Everything that is said, and nothing secret in it.
fn said(text: &str) -> String {
    let it = told(text).unwrap_or_else(|lack| panic!("{text}: {lack:?}"));
    let facts: Vec<String> = it.facts.iter().map(|(label, text)| format!("{label}={text}")).collect();
    facts.join("\n")
}

fn lack(text: &str) -> String {
    let Lack { what, hint } = told(text).err().unwrap_or_else(|| panic!("nothing is wanting: {text}"));
    assert!(what.ends_with('.') && hint.ends_with('.'), "{what} / {hint}");
    format!("{what} {hint}")
}

/// A kubeconfig of two users, of whom the current context's has these fields.
fn config(user: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: two\nclusters:\n- {{name: c, cluster: {{server: https://a}}}}\n\
         contexts:\n- {{name: one, context: {{cluster: c, user: other}}}}\n- {{name: two, context: {{cluster: c, user: me}}}}\n\
         users:\n- {{name: other, user: {{client-certificate-data: damaged!}}}}\n- {{name: me, user: {{{user}}}}}\n"
    )
}

#[test]
fn a_kubeconfig_is_read_in_any_style_and_its_private_key_is_never_repeated() {
    let (pki, index) = with_subject("jane", &["developers"]);
    let written = pki.kubeconfig(index).expect("a kubeconfig").expose().to_owned();
    let pem = pki.certificate_pem(index).expect("a certificate");
    let data = Base64::encode_string(pem.as_bytes());
    let (head, tail) = data.split_at(80);
    let key = Base64::encode_string(pki.private_key_pem(index).expose().as_bytes());
    for text in [
        written,
        pem,
        format!("users: [{{name: a, user: {{client-certificate-data: {data}, client-key-data: {key}}}}}]"),
        format!(
            "{{\"kind\": \"Config\", \"users\": [{{\"name\": \"a\", \"user\": {{\"client-certificate-data\": \"{data}\"}}}}]}}"
        ),
        format!(
            "users:\n- name: a\n  user:\n    client-certificate-data: >-\n      {head}\n      {tail}\n    client-key-data: {key}\n"
        ),
        config(&format!("client-certificate-data: \"{data}\", client-key-data: {key}")),
    ] {
        let said = said(&text);
        assert!(said.contains("user=jane") && said.contains("groups=developers"), "{said}");
        let (_, found) = recognise(&text, NOW).expect("it is recognised");
        let all = format!("{said} {found:?}");
        assert!(!all.contains(&key[..40]) && !all.contains("PRIVATE"), "{all}");
    }
}

#[test]
fn what_proves_a_user_is_told_by_its_kind() {
    let jwt = |claims: &str| {
        let part = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
        format!("token: {}.{}.c2lnbmF0dXJl", part("{\"alg\":\"RS256\"}"), part(claims))
    };
    let day = NOW + 86_400;
    let token = jwt(&format!(
        "{{\"aud\":[\"x\"],\"exp\":{day},\"iss\":\"https://k\",\"sub\":\"system:serviceaccount:ci:deployer\"}}"
    ));
    let of = said(&config(&token));
    for part in [
        "not verified",
        "user=system:serviceaccount:ci:deployer",
        "issuer=https://k",
        "1 day left",
        "system:serviceaccounts:ci",
        "context=two, user me",
    ] {
        assert!(of.contains(part), "{part}: {of}");
    }
    assert!(!of.contains("c2lnbmF0dXJl"), "{of}");
    assert!(said(&config(&jwt(&format!("{{\"exp\":{}}}", NOW - 1)))).contains("expired"));
    assert!(said(&config(&jwt("{\"sub\":\"jane@example.com\"}"))).contains("no end is claimed"));
    let bootstrap = said(&config("token: abcdef.0123456789abcdef"));
    assert!(bootstrap.contains("system:bootstrap:abcdef") && !bootstrap.contains("0123456789abcdef"), "{bootstrap}");
    let opaque = said(&config("token: hunter2hunter2"));
    assert!(opaque.contains("auth whoami") && !opaque.contains("hunter2"), "{opaque}");
    let exec = said(&config("exec: {command: aws, args: [eks, get-token, --secret, hunter2]}"));
    assert!(exec.contains("kubectl runs aws eks get-token and") && !exec.contains("hunter2"), "{exec}");
    assert!(said(&config("auth-provider: {name: gcp}")).contains("gcp"));
    assert!(said(&config("username: a, password: hunter2")).contains("1.19"));
    let insecure = config(&token).replace("server: https://a", "server: https://a, insecure-skip-tls-verify: true");
    assert!(said(&insecure).contains("the server is not checked"));
}

#[test]
fn what_is_wanting_has_its_own_sentence_and_what_to_do() {
    let path = "client-certificate: /var/lib/kubelet/pki/kubelet-client-current.pem";
    let garbage = Base64::encode_string(b"no certificate");
    for (text, part) in [
        (config(path), "/var/lib/kubelet/pki/kubelet-client-current.pem"),
        (config("tokenFile: /var/run/token"), "/var/run/token"),
        (config("client-certificate-data: DATA+OMITTED"), "kubectl config view --raw"),
        (config("token: REDACTED"), "kubectl config view --raw"),
        (config("client-certificate-data: LS0*"), "not base64"),
        (config(&format!("client-certificate-data: {garbage}")), "no certificate in PEM"),
        (config(""), "no credential"),
        (config("").replace("user: me}", "user: gone}"), "user gone, which the kubeconfig does not have"),
        (config("").replace(", user: me", ""), "names no user"),
        (config("").replace("current-context: two\n", ""), "no current-context"),
        (config("").replace("current-context: two", "current-context: three"), "none of the kubeconfig's contexts"),
        (config("").replace("contexts:", "contexts: ["), "cannot be read in line"),
    ] {
        let lack = lack(&text);
        assert!(lack.contains(part), "{part}: {lack}");
        assert_eq!(recognise(&text, NOW).expect("it is recognised").0, "a credential that cannot be read");
    }
    // The file itself is followed where it is there.
    let (pki, index) = with_subject("system:node:w-1", &["system:nodes"]);
    let pem = pki.certificate_pem(index).expect("a certificate");
    let open = |asked: &str| asked.ends_with("current.pem").then(|| SecretText::new(pem.clone()));
    let followed = read(&config(path), NOW, &open).expect("a kubeconfig").expect("a certificate");
    assert!(followed.facts.contains(&("user", "system:node:w-1".to_owned())), "{followed:?}");
}

#[test]
fn an_empty_common_name_is_nobody_and_names_are_taken_letter_by_letter() {
    let of = |name: &str, organizations: &[&str]| {
        let (pki, index) = with_subject(name, organizations);
        told(&pki.certificate_pem(index).expect("a certificate")).expect("it is read")
    };
    let nobody = of("", &["kubernetes"]);
    assert!(
        nobody.facts[0].1.contains("not authenticated") && nobody.facts[0].1.contains("O=kubernetes"),
        "{nobody:?}"
    );
    assert!(nobody.may.is_empty());
    let shouted = of("system:node:w-1", &["SYSTEM:NODES"]);
    assert!(format!("{shouted:?}").contains("SYSTEM:NODES is not system:nodes"), "{shouted:?}");
    assert!(format!("{:?}", of("system:node:w-1", &[])).contains("O=system:nodes"));
    let node = of("system:node:w-1", &["system:nodes"]);
    let fact = |label: &str| node.facts.iter().find(|(one, _)| *one == label).map(|(_, text)| text.as_str());
    assert_eq!(fact("user"), Some("system:node:w-1"), "{node:?}");
    assert!(fact("groups").is_some_and(|groups| groups.contains("system:nodes")), "{node:?}");
    assert!(!format!("{node:?}").contains("is not system:nodes"), "{node:?}");
}
