//! Kubeconfigs: whom the current context calls, and as whom. Block style, flow style, JSON: one parser reads them all.
//! Private keys and passwords in them are wiped as they are read; what else may be secret is wiped when it is dropped.

use kubepki_core::diag::Diagnostic;
use zeroize::Zeroizing;

use crate::load::{Skip, load};
use crate::text::{Limits, YAML, text};
use crate::tree::Node;

/// Longest kubeconfig that is read, in bytes.
const LONGEST: usize = 4 << 20;
/// What nobody needs to know of a kubeconfig.
const SKIP: Skip = Skip { keys: &["extensions"], secrets: &["client-key-data", "password"] };

/// What a kubeconfig says of the one user that its current context names.
#[derive(Clone)]
pub struct Kubeconfig {
    /// Name of the current context; nothing where the text is a part of a kubeconfig that has no contexts.
    pub context: Option<String>,
    /// Name of the user; empty where it has none.
    pub name: String,
    /// How that user proves who it is.
    pub user: User,
    /// The server; nothing where the text does not have it.
    pub cluster: Option<Cluster>,
}

/// How a user proves who it is: everything that stands there. It has no `Debug`, for tokens are secret.
#[derive(Clone, Default)]
pub struct User {
    /// `client-certificate-data`, as it stands there. It counts before the path.
    pub certificate_data: Option<String>,
    /// `client-certificate`: a path.
    pub certificate: Option<String>,
    /// `token`.
    pub token: Option<Zeroizing<String>>,
    /// `tokenFile`: a path.
    pub token_file: Option<String>,
    /// `exec`: a program that prints a credential.
    pub exec: Option<Plugin>,
    /// Name of the `auth-provider`, which client-go had until 1.26.
    pub auth_provider: Option<String>,
    /// `username`, for basic authentication, which is gone since 1.19.
    pub username: Option<String>,
    /// `as`: whom it wants to be taken for.
    pub acts_as: Option<String>,
}

/// A credential plug-in.
#[derive(Clone)]
pub struct Plugin {
    /// The program.
    pub command: String,
    /// Its words before the first flag. What follows may be secret.
    pub words: Vec<String>,
}

/// What a kubeconfig says of its server.
#[derive(Clone)]
pub struct Cluster {
    /// Its URL; empty where it has none.
    pub server: String,
    /// Whether `insecure-skip-tls-verify` is true.
    pub insecure: bool,
}

/// Why a kubeconfig names no user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanting {
    /// It is no YAML.
    Unreadable(Box<Diagnostic>),
    /// There is no `current-context`; the contexts there are.
    CurrentContext(Vec<String>),
    /// The current context is none of the contexts; those there are.
    Context(String, Vec<String>),
    /// The current context names no user.
    UserOf(String),
    /// The user that a context names is none of the users; those there are.
    User(String, String, Vec<String>),
}

/// Reads a kubeconfig, or a part of one: a list of users, or one of them. Nothing where the text is none.
///
/// # Errors
/// When it names no user.
pub fn kubeconfig(given: &str) -> Option<Result<Kubeconfig, Wanting>> {
    let seems = ["client-certificate", "current-context", "kind: Config", "\"Config\"", "contexts", "users", "user:"];
    if !seems.iter().any(|sign| given.contains(sign)) {
        return None;
    }
    let unreadable = |found: Diagnostic| Some(Err(Wanting::Unreadable(Box::new(found))));
    let is_sure = ["client-certificate-data", "current-context"].iter().any(|sign| given.contains(sign));
    let given = match text(given.as_bytes(), Limits { bytes: LONGEST, ..YAML }) {
        Ok(given) => given,
        Err(found) if is_sure => return unreadable(*found),
        Err(_) => return None,
    };
    let (mut documents, mut found) = load(given, SKIP);
    let read = match documents.iter().find(|document| is_kubeconfig(&document.root)) {
        Some(document) if document.complete => Some(choose(&document.root)),
        Some(_) if !found.is_empty() => unreadable(found.swap_remove(0)),
        None if is_sure && !found.is_empty() => unreadable(found.swap_remove(0)),
        _ => None,
    };
    documents.iter_mut().for_each(|document| document.root.wipe());
    read
}

/// The texts under keys of a mapping, such as a token's claims in JSON; nothing where the text is no mapping.
pub fn fields<const N: usize>(given: &str, keys: [&str; N]) -> Option<[Option<String>; N]> {
    let (mut documents, _) = load(text(given.as_bytes(), YAML).ok()?, Skip::default());
    let document = documents.first_mut().filter(|document| document.complete && !document.root.entries().is_empty())?;
    let read = keys.map(|key| word(&document.root, key));
    document.root.wipe();
    Some(read)
}

/// The text under a key, where it is one that is not empty.
fn word(node: &Node, key: &str) -> Option<String> {
    node.key(key).and_then(Node::text).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn has_credential(node: &Node) -> bool {
    ["client-certificate-data", "client-certificate"].iter().any(|key| node.key(key).is_some())
}

fn is_kubeconfig(root: &Node) -> bool {
    let of = |list: &str, key: &str| {
        root.key(list).is_some_and(|list| list.items().iter().any(|one| one.key(key).is_some()))
    };
    let is_config = root.key("kind").and_then(Node::text) == Some("Config");
    is_config
        || of("contexts", "context")
        || of("users", "user")
        || has_credential(root)
        || root.key("user").is_some_and(has_credential)
        || root.items().iter().any(|one| one.key("user").is_some_and(has_credential))
}

fn names(list: &[Node]) -> Vec<String> {
    list.iter().filter_map(|one| word(one, "name")).collect()
}

/// The entry of a name, as client-go merges them: the last of several.
fn named<'a>(list: &'a [Node], name: &str) -> Option<&'a Node> {
    list.iter().rev().find(|one| one.key("name").and_then(Node::text) == Some(name))
}

/// The user that counts.
fn choose(root: &Node) -> Result<Kubeconfig, Wanting> {
    let list = |key: &str| root.key(key).map_or(&[][..], Node::items);
    let (contexts, users, clusters) = (list("contexts"), list("users"), list("clusters"));
    let alone = |entry: &Node| {
        let user = entry.key("user").unwrap_or(entry);
        Ok(Kubeconfig {
            context: None,
            name: word(entry, "name").unwrap_or_default(),
            user: user_of(user),
            cluster: None,
        })
    };
    let Some(current) = word(root, "current-context") else {
        // A part of a kubeconfig: what else would be meant than its only user?
        return match (root.key("contexts"), users, root.items()) {
            (None, [user], _) | (None, [], [user]) => alone(user),
            (None, [], []) if root.key("kind").is_none() => alone(root),
            _ => Err(Wanting::CurrentContext(names(contexts))),
        };
    };
    let context = named(contexts, &current).and_then(|entry| entry.key("context"));
    let context = context.ok_or_else(|| Wanting::Context(current.clone(), names(contexts)))?;
    let name = word(context, "user").ok_or_else(|| Wanting::UserOf(current.clone()))?;
    let Some(entry) = named(users, &name) else { return Err(Wanting::User(current, name, names(users))) };
    let cluster = word(context, "cluster").and_then(|name| named(clusters, &name)?.key("cluster"));
    Ok(Kubeconfig {
        context: Some(current),
        name,
        user: entry.key("user").map(user_of).unwrap_or_default(),
        cluster: cluster.map(|cluster| Cluster {
            server: word(cluster, "server").unwrap_or_default(),
            insecure: word(cluster, "insecure-skip-tls-verify").is_some_and(|text| text.eq_ignore_ascii_case("true")),
        }),
    })
}

fn user_of(user: &Node) -> User {
    User {
        certificate_data: word(user, "client-certificate-data"),
        certificate: word(user, "client-certificate"),
        token: word(user, "token").map(Zeroizing::new),
        token_file: word(user, "tokenFile"),
        exec: user.key("exec").and_then(|exec| {
            let args = exec.key("args").map_or(&[][..], Node::items);
            let words = args.iter().map_while(Node::text).take_while(|word| !word.starts_with('-'));
            Some(Plugin { command: word(exec, "command")?, words: words.map(str::to_owned).collect() })
        }),
        auth_provider: user.key("auth-provider").and_then(|provider| word(provider, "name")),
        username: word(user, "username"),
        acts_as: word(user, "as"),
    }
}
