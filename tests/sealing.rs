//! Debian's age and openssl open what is encrypted here, and what age encrypts is opened here.

use std::fs;
use std::path::Path;
use std::process::Command;

use kubepki_core::plan::Holding;
use kubepki_issuance::Secret;
use kubepki_sealing::age::{self, Identity, Recipient, To, With};
use kubepki_sealing::{OpenError, pkcs8, pkcs12};
use support::export::Export;
use support::openssl::{openssl, public_of_key};
use support::program::{run, run_with};
use support::scratch::Scratch;
use support::stage::entropy;
use support::tool;

const PASSPHRASE: &str = "ozone-drastic-pitch-amateur";
/// Little work: tests are not compiled for speed.
const WORK: u8 = 10;
const ROUNDS: u32 = 2_000;

/// Three chunks of age's, the last not full.
fn content() -> Vec<u8> {
    (0..150_000_u32).map(|index| index.to_be_bytes()[3]).collect()
}

fn identity(scratch: &Scratch, name: &str) -> (Identity, std::path::PathBuf) {
    let path = scratch.path().join(name);
    run(tool::AGE_KEYGEN.command().arg("-o").arg(&path), 20).good();
    let text = fs::read_to_string(&path).expect("an identity file");
    let line = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).expect("an identity");
    (line.parse().expect("an identity"), path)
}

#[test]
fn age_and_we_open_each_others_files_for_recipients() {
    let scratch = Scratch::new("age");
    let (one, one_path) = identity(&scratch, "one.txt");
    let (two, two_path) = identity(&scratch, "two.txt");
    let printed = run(tool::AGE_KEYGEN.command().arg("-y").arg(&one_path), 20).good();
    assert_eq!(printed.trim(), one.recipient().to_string());

    let recipients = [one.recipient(), two.recipient()];
    let sealed = age::seal(&content(), To::Recipients(&recipients), WORK, &mut entropy()).expect("sealed");
    let file = scratch.path().join("ours.age");
    fs::write(&file, sealed).expect("written");
    for path in [&one_path, &two_path] {
        let out = scratch.path().join("opened");
        run(tool::AGE.command().args(["-d", "-i"]).arg(path).arg("-o").arg(&out).arg(&file), 20).good();
        assert_eq!(fs::read(&out).expect("opened"), content());
        fs::remove_file(out).expect("removed");
    }

    let theirs = scratch.path().join("theirs.age");
    let input = scratch.path().join("plain");
    fs::write(&input, content()).expect("written");
    let to = two.recipient().to_string();
    run(tool::AGE.command().args(["-r", &to, "-o"]).arg(&theirs).arg(&input), 20).good();
    let theirs = fs::read(theirs).expect("read");
    assert_eq!(age::open(&theirs, With::Identities(&[one])).map(|_| ()), Err(OpenError::WrongIdentity));
    assert_eq!(age::open(&theirs, With::Identities(&[two])).expect("opened").expose(), content());
}

/// Runs age on a terminal of its own, where alone it asks for passphrases.
fn on_terminal(arguments: &str, folder: &Path, typed: &str) -> support::program::Said {
    let mut command = Command::new("script");
    let line = format!("{} {arguments}", tool::AGE.path().display());
    run_with(command.args(["-qec", &line, "/dev/null"]).current_dir(folder), typed.as_bytes(), 60)
}

#[test]
fn age_and_we_open_each_others_files_for_passphrases() {
    let scratch = Scratch::new("age-passphrase");
    let sealed = age::seal(&content(), To::Passphrase(PASSPHRASE), WORK, &mut entropy()).expect("sealed");
    fs::write(scratch.path().join("ours.age"), sealed).expect("written");
    on_terminal("-d -o opened ours.age", scratch.path(), &format!("{PASSPHRASE}\n")).good();
    assert_eq!(fs::read(scratch.path().join("opened")).expect("opened"), content());

    fs::write(scratch.path().join("plain"), content()).expect("written");
    on_terminal("-p -o theirs.age plain", scratch.path(), &format!("{PASSPHRASE}\n{PASSPHRASE}\n")).good();
    let theirs = fs::read(scratch.path().join("theirs.age")).expect("written by age");
    assert_eq!(age::open(&theirs, With::Passphrase("ozone")).map(|_| ()), Err(OpenError::WrongPassphrase));
    assert_eq!(age::open(&theirs, With::Passphrase(PASSPHRASE)).expect("opened").expose(), content());
}

#[test]
fn the_command_encrypts_for_age_and_decrypts_again() {
    let scratch = Scratch::new("sealed");
    let (one, path) = identity(&scratch, "one.txt");
    let plain = scratch.path().join("plain.zip");
    fs::write(&plain, content()).expect("written");
    let recipient = one.recipient().to_string();
    let in_folder =
        |arguments: &[&str]| run(Command::new(tool::kubepki()).args(arguments).current_dir(scratch.path()), 60);
    in_folder(&["encrypt", "plain.zip", "--encrypt-to", &recipient, "--out", "one.age"]).good();
    run(
        tool::AGE.command().args(["-d", "-o", "by-age", "-i"]).arg(&path).arg("one.age").current_dir(scratch.path()),
        20,
    )
    .good();
    in_folder(&["decrypt", "one.age", "--identity", "one.txt", "--out", "by-us"]).good();
    for name in ["by-age", "by-us"] {
        assert_eq!(fs::read(scratch.path().join(name)).expect("decrypted"), content(), "{name}");
    }
    // What stands there is never replaced.
    in_folder(&["decrypt", "one.age", "--identity", "one.txt", "--out", "by-us"]).bad();

    scratch.write("pass.txt", format!("{PASSPHRASE}\n"));
    scratch.write("wrong.txt", "ozone\n");
    in_folder(&["encrypt", "plain.zip", "--passphrase-file", "pass.txt", "--out", "pass.age"]).good();
    let wrong = in_folder(&["decrypt", "pass.age", "--passphrase-file", "wrong.txt", "--out", "no"]).bad();
    assert!(wrong.contains("wrong passphrase") && !scratch.path().join("no").exists(), "{wrong}");
    in_folder(&["decrypt", "pass.age", "--passphrase-file", "pass.txt", "--out", "again"]).good();
    assert_eq!(fs::read(scratch.path().join("again")).expect("decrypted"), content());
}

#[test]
fn a_node_is_no_recipient_by_mistake() {
    assert!("ssh-ed25519 AAAAC3Nz".parse::<Recipient>().is_err());
}

/// A key file as PKCS#8, DER.
fn as_pkcs8(path: &Path, scratch: &Scratch) -> Secret {
    let out = scratch.path().join("plain.der");
    let command = ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in"].map(std::ffi::OsStr::new);
    openssl(&[&command[..], &[path.as_os_str(), "-out".as_ref(), out.as_os_str()]].concat()).good();
    Secret::new(fs::read(out).expect("a key"))
}

#[test]
fn openssl_reads_an_encrypted_key_of_a_ca_and_refuses_another_passphrase() {
    for design in ["key-ecdsa-p256", "key-mixed"] {
        let export = Export::of(design);
        let scratch = Scratch::new("pkcs8");
        let plain = export.path(export.file("ca@cluster", Holding::PrivateKey));
        let sealed = pkcs8::seal(&as_pkcs8(&plain, &scratch), PASSPHRASE, ROUNDS, &mut entropy());
        let sealed = scratch.write("ca.key", sealed.expect("sealed"));
        let pass = format!("pass:{PASSPHRASE}");
        let sealed = sealed.to_str().expect("a path");
        let public = openssl(&["pkey", "-in", sealed, "-passin", &pass, "-pubout"]).good();
        assert_eq!(public.trim(), public_of_key(&plain).trim(), "{design}");
        openssl(&["pkey", "-in", sealed, "-passin", "pass:other", "-noout"]).bad();
    }
}

#[test]
fn openssl_reads_the_admin_identity_and_finds_no_old_algorithm_in_it() {
    let export = Export::of("key-ecdsa-p256");
    let scratch = Scratch::new("pkcs12");
    let admin = export.kubeconfig(export.file("admin.conf@cp-1", Holding::Kubeconfig));
    let key = as_pkcs8(&scratch.write("admin.key", &admin.key), &scratch);
    let der = |pem: &str| x509_parser::pem::parse_x509_pem(pem.as_bytes()).expect("PEM").1.contents;
    let (leaf, authority) = (der(&admin.certificate), der(&admin.authority));
    let whole = pkcs12::Identity { key: &key, chain: &[&leaf, &authority], name: "kubernetes-admin" };
    let sealed = pkcs12::seal(whole, PASSPHRASE, ROUNDS, &mut entropy()).expect("sealed");
    let path = scratch.path().join("admin.p12");
    fs::write(&path, sealed).expect("written");
    let path = path.to_str().expect("a path");

    let pass = format!("pass:{PASSPHRASE}");
    let read = openssl(&["pkcs12", "-in", path, "-passin", &pass, "-nodes", "-info"]);
    let info = read.err.clone();
    let text = read.good();
    for certificate in [&admin.certificate, &admin.authority] {
        assert!(text.contains(certificate.trim()), "{text}");
    }
    assert!(text.contains("friendlyName: kubernetes-admin") && text.contains("PRIVATE KEY"), "{text}");
    assert!(info.contains("MAC: sha256") && info.matches("PBES2, PBKDF2, AES-256-CBC").count() == 2, "{info}");
    let wrong = openssl(&["pkcs12", "-in", path, "-passin", "pass:other", "-nodes"]).bad();
    assert!(wrong.contains("invalid password"), "{wrong}");
}

/// What `kubepki` did with these arguments in a folder.
fn kubepki(folder: &Path, arguments: &[&str]) -> support::program::Said {
    run(Command::new(tool::kubepki()).args(arguments).current_dir(folder), 120)
}

/// Unpacks what age decrypts with an identity; gives the paths of all files below the top folder.
fn unpacked(folder: &Path, sealed: &str, identity: &Path) -> Vec<String> {
    let zip = format!("{sealed}.zip");
    run(tool::AGE.command().args(["-d", "-o", &zip, "-i"]).arg(identity).arg(sealed).current_dir(folder), 20).good();
    let listed = run(tool::UNZIP.command().args(["-Z1", &zip]).current_dir(folder), 20).good();
    let below = listed.lines().filter_map(|line| line.split_once('/').map(|(_, rest)| rest.to_owned()));
    below.filter(|path| !path.is_empty() && !path.ends_with('/')).collect()
}

#[test]
fn an_export_is_encrypted_as_it_is_made_and_its_parts_go_to_those_they_are_for() {
    let scratch = Scratch::new("parts");
    let folder = scratch.path();
    let (vault, vault_path) = identity(&scratch, "vault.txt");
    let (node, node_path) = identity(&scratch, "node.txt");
    let to_vault = vault.recipient().to_string();
    let to_node = node.recipient().to_string();
    let generate = ["generate", "--preset", "ha-stacked", "--out"];
    kubepki(folder, &[&generate[..], &["all.zip.age", "--encrypt-to", &to_vault]].concat()).good();
    let all = unpacked(folder, "all.zip.age", &vault_path);
    assert!(all.iter().any(|path| path.ends_with("/ca.key")) && all.iter().any(|path| path == "ceremony.txt"));
    kubepki(folder, &["verify", "all.zip.age.zip"]).good();
    assert!(kubepki(folder, &["verify", "all.zip.age"]).bad().contains("`kubepki decrypt` opens it"));

    let export = ["export", "all.zip.age.zip", "--part"];
    kubepki(folder, &[&export[..], &["node:cp-2", "--encrypt-to", &to_node, "--out", "cp-2.zip.age"]].concat()).good();
    let bundle = unpacked(folder, "cp-2.zip.age", &node_path);
    assert!(bundle.iter().any(|path| path.starts_with("nodes/cp-2/")), "{bundle:?}");
    assert!(!bundle.iter().any(|path| path.contains("cp-1")), "{bundle:?}");
    run(tool::AGE.command().args(["-d", "-i"]).arg(&vault_path).arg("cp-2.zip.age").current_dir(folder), 20).bad();

    kubepki(folder, &[&export[..], &["nodes", "--encrypt-to", &to_node, "--out", "nodes.age"]].concat()).good();
    let nodes = unpacked(folder, "nodes.age", &node_path);
    assert!(nodes.len() > 50 && !nodes.iter().any(|path| path.ends_with("ca.key")), "{nodes:?}");
}

#[test]
fn the_keys_of_cas_and_the_administrator_leave_an_export_in_forms_that_openssl_reads() {
    let scratch = Scratch::new("apart");
    let folder = scratch.path();
    scratch.write("pass.txt", format!("{PASSPHRASE}\n"));
    let pass = format!("pass:{PASSPHRASE}");
    let file = |path: &str| folder.join(path).to_str().expect("a path").to_owned();
    kubepki(folder, &["generate", "--preset", "single", "--out", "all"]).good();
    let export = |part: &str, out: &str| {
        kubepki(folder, &["export", "all", "--part", part, "--passphrase-file", "pass.txt", "--out", out])
    };

    export("ca-keys", "cas.zip").good();
    run(tool::UNZIP.command().args(["-q", "cas.zip"]).current_dir(folder), 20).good();
    let top = folder.join("kubernetes-ca-keys");
    run(Command::new("sha256sum").args(["-c", "--quiet", "SHA256SUMS"]).current_dir(&top), 20).good();
    for name in ["ca", "front-proxy-ca", "etcd/ca"] {
        let key = file(&format!("kubernetes-ca-keys/offline-ca/{name}.key"));
        let text = fs::read_to_string(&key).expect("a key");
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{text}");
        let public = openssl(&["pkey", "-in", &key, "-passin", &pass, "-pubout"]).good();
        let plain = folder.join(format!("all/nodes/cp-1/etc/kubernetes/pki/{name}.key"));
        assert_eq!(public.trim(), public_of_key(&plain).trim(), "{name}");
    }

    export("admin", "admin.p12").good();
    let text = openssl(&["pkcs12", "-in", &file("admin.p12"), "-passin", &pass, "-nodes"]).good();
    assert!(text.contains("friendlyName: kubernetes-admin@kubernetes"), "{text}");
    assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 2, "{text}");

    // Nothing is written openly that was to be encrypted, nor under a name that says something else.
    assert!(export("node:cp-1", "cp-1.zip").bad().contains(".zip.age"));
    assert!(export("admin", "admin.zip").bad().contains("NAME.p12"));
    assert!(export("node:cp-9", "x.age").bad().contains("there are cp-1"));
    let open = ["generate", "--preset", "single", "--out", "open.zip.age"];
    assert!(kubepki(folder, &open).bad().contains("--passphrase-file"));
    for absent in ["cp-1.zip", "admin.zip", "x.age", "open.zip.age"] {
        assert!(!folder.join(absent).exists(), "{absent}");
    }
}
