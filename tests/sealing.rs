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
