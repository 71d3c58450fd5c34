//! Kubeconfigs as people have them: whose they are.

use kubepki_yaml::{Kubeconfig, Wanting, fields, kubeconfig};

const TWO: &str = "apiVersion: v1
kind: Config
current-context: second
clusters:
- {name: c, cluster: {server: https://10.0.0.10:6443, insecure-skip-tls-verify: true}}
contexts:
- {name: first, context: {cluster: c, user: admin}}
- {name: second, context: {cluster: c, user: robot}}
users:
- name: admin
  user:
    client-certificate-data: QURNSU4=
    client-key-data: S0VZ
- name: robot
  user: {token: abc.def.ghi}
";

fn read(text: &str) -> Kubeconfig {
    kubeconfig(text).expect("a kubeconfig").unwrap_or_else(|wanting| panic!("{text}: {wanting:?}"))
}

fn wanting(text: &str) -> Wanting {
    kubeconfig(text).expect("a kubeconfig").err().expect("something is wanting")
}

#[test]
fn the_current_contexts_user_counts_and_no_other() {
    let second = read(TWO);
    assert_eq!((second.context.as_deref(), &*second.name), (Some("second"), "robot"));
    assert!(second.user.certificate_data.is_none());
    assert_eq!(second.user.token.as_deref().map(String::as_str), Some("abc.def.ghi"));
    assert!(second.cluster.is_some_and(|one| one.insecure && one.server.ends_with(":6443")));
    let first = read(&TWO.replace("current-context: second", "current-context: first"));
    assert_eq!(first.user.certificate_data.as_deref(), Some("QURNSU4="));
}

#[test]
fn every_style_of_yaml_and_json_is_read() {
    for text in [
        "users: [{name: a, user: {client-certificate-data: LS0t}}]",
        "{\"kind\":\"Config\",\"users\":[{\"name\":\"a\",\"user\":{\"client-certificate-data\":\"LS0t\"}}]}",
        "users:\n- name: a\n  user:\n    client-certificate-data: \"LS0t\"\n",
        "users:\n- name: a\n  user:\n    client-certificate-data: 'LS0t'\n",
        "users:\n- name: a\n  user:\n    client-certificate-data: >-\n      LS0t\n",
        "- name: a\n  user:\n    client-certificate-data: LS0t\n",
        "    client-certificate-data: LS0t\n    client-key-data: S0VZ\n",
    ] {
        assert_eq!(read(text).user.certificate_data.as_deref(), Some("LS0t"), "{text}");
    }
}

#[test]
fn what_is_wanting_is_told_apart() {
    let change = |from: &str, to: &str| TWO.replace(from, to);
    let both = || vec!["first".to_owned(), "second".to_owned()];
    assert_eq!(wanting(&change("current-context: second\n", "")), Wanting::CurrentContext(both()));
    assert_eq!(wanting(&change("current-context: second", "current-context: \"\"")), Wanting::CurrentContext(both()));
    assert_eq!(wanting(&change("current-context: second", "current-context: x")), Wanting::Context("x".into(), both()));
    assert_eq!(wanting(&change(", user: robot", "")), Wanting::UserOf("second".into()));
    let users = vec!["admin".to_owned(), "robot".to_owned()];
    assert_eq!(wanting(&change("user: robot", "user: gone")), Wanting::User("second".into(), "gone".into(), users));
    assert!(matches!(wanting(&change("contexts:", "contexts: [")), Wanting::Unreadable(_)));
    assert!(matches!(wanting("kind: Config\nusers: []\n"), Wanting::CurrentContext(_)));
}

#[test]
fn a_plug_ins_flags_are_not_told_and_what_is_no_kubeconfig_is_none() {
    let exec = "users: [{name: a, user: {exec: {command: aws, args: [eks, get-token, --secret, hunter2]}}}]";
    let plugin = read(exec).user.exec.expect("a plug-in");
    assert_eq!((&*plugin.command, &*plugin.words), ("aws", &["eks".to_owned(), "get-token".to_owned()][..]));
    for text in [
        "",
        "hello",
        "#cloud-config\nusers:\n- name: a\n",
        "kind: Node\nuser: x\n",
        "context: a\ncontexts: {a: {ca: x}}\n",
    ] {
        assert!(kubeconfig(text).is_none(), "{text}");
    }
    let [sub, exp, gone] = fields("{\"sub\":\"a\",\"exp\":17,\"aud\":[\"x\"]}", ["sub", "exp", "aud"]).expect("claims");
    assert_eq!((sub.as_deref(), exp.as_deref(), gone), (Some("a"), Some("17"), None));
    assert!(fields("[1]", ["sub"]).is_none() && fields("{", ["sub"]).is_none());
}
