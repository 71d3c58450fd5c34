//! `kubepki export`: a part of an earlier export, apart from the rest.

use kubepki_core::sorted::SortedMap;
use kubepki_core::view::export::Export;
use kubepki_issuance::archive::{self, Selection};
use kubepki_issuance::{Pki, Secret};
use kubepki_sealing::{pkcs8, pkcs12};

use crate::args::{self, Part};
use crate::bundles;
use crate::failure::Failure;
use crate::keys::entropy;
use crate::opened::Opened;
use crate::progress::{Stage, during};
use crate::sealed::{Key, unsealed};
use crate::target::{NewFile, ends};

pub(crate) fn run(given: &args::Export) -> Result<(), Failure> {
    let part = match &given.part {
        Part::Bundles => return bundles::write(given),
        Part::One(part) => part,
    };
    if !given.encrypt_node.is_empty() {
        return Err(Failure::usage("--encrypt-node is for --part bundles; --encrypt-to encrypts one"));
    }
    let form = Form::of(given, part)?;
    let out = NewFile::open(&given.out)?;
    let key = Key::of(&given.lock)?;
    let opened = Opened::read(&given.export)?;
    let pki = &opened.pki;
    if matches!(part, Export::CaKeys) && !pki.has_ca_keys() {
        return Err(opened.lacks("the private keys of CAs"));
    }
    let zip = |selection| archive::zip(pki, opened.meta(), selection);
    match (form, &key) {
        (Form::Identity, Some(Key::Passphrase(text))) => out.write([administrator(pki, text.expose())]),
        (Form::SealedKeys, Some(Key::Passphrase(text))) => {
            let mut sealed = SortedMap::default();
            let keys: Vec<_> = archive::ca_keys(pki).collect();
            let stage = Stage::of("private keys encrypted", keys.len());
            for (cert, key) in keys {
                let key = key.to_pkcs8().map_err(|error| Failure::Undone(error.to_string()))?;
                let text = pkcs8::seal(&key, text.expose(), pkcs8::ROUNDS, &mut entropy).map_err(unsealed)?;
                sealed.insert(cert, text);
                stage.step();
            }
            drop(stage);
            out.write(zip(Selection::CaKeys).with_sealed(sealed).map(Ok))
        }
        (Form::Archive(part), Some(key)) => {
            let parts = key.seal(zip(selection(pki, &part)?))?;
            during("encrypting", || out.write(parts))
        }
        (Form::Archive(part), None) => {
            let parts = zip(selection(pki, &part)?).map(Ok);
            during("writing", || out.write(parts))
        }
        (Form::Identity | Form::SealedKeys, _) => Err(Failure::usage("this form needs --passphrase-file")),
    }
}

/// What is written: what may go with which ending and which lock stands here and nowhere else.
#[derive(Debug)]
enum Form {
    /// A zip, encrypted as age does where there is a lock.
    Archive(Export),
    /// A zip of the CAs, in which the private keys are encrypted.
    SealedKeys,
    /// PKCS#12.
    Identity,
}

impl Form {
    fn of(given: &args::Export, part: &Export) -> Result<Self, Failure> {
        let has = |ending: &str| ends(&given.out, ending);
        let lock = &given.lock;
        match (part, lock.passphrase_file.is_some(), !lock.encrypt_to.is_empty()) {
            (Export::Admin, true, _) if has("p12") => Ok(Self::Identity),
            (Export::Admin, ..) => {
                Err(Failure::usage("the administrator is written as PKCS#12: --out NAME.p12 --passphrase-file FILE"))
            }
            (Export::CaKeys, true, _) if has("zip") => Ok(Self::SealedKeys),
            (part, true, _) | (part, _, true) if has("age") => Ok(Self::Archive(part.clone())),
            (part, false, false) if has("zip") => Ok(Self::Archive(part.clone())),
            (_, false, false) => Err(Failure::usage(
                "end the name in .zip; or in .zip.age, with --passphrase-file or --encrypt-to, to have it encrypted",
            )),
            _ => Err(Failure::usage("what is encrypted as age does is called so: end the name in .zip.age")),
        }
    }
}

fn selection(pki: &Pki, part: &Export) -> Result<Selection, Failure> {
    Selection::of(part, &pki.plan).ok_or_else(|| {
        let all: Vec<&str> = pki.plan.spec.nodes.iter().map(|node| node.name.as_str()).collect();
        Failure::usage(&format!("there is no {}; there are {}", part.to_text().replace('=', " "), all.join(", ")))
    })
}

fn administrator(pki: &Pki, passphrase: &str) -> Result<Secret, Failure> {
    let found = archive::admin_identity(pki).map_err(|error| Failure::Undone(error.to_string()))?;
    let found = found.ok_or_else(|| Failure::usage("this PKI has no admin.conf, so no administrator"))?;
    let identity = pkcs12::Identity { key: &found.key, chain: &found.chain, name: &found.name };
    let sealed = during("encrypting", || pkcs12::seal(identity, passphrase, pkcs8::ROUNDS, &mut entropy));
    sealed.map(Secret::new).map_err(unsealed)
}
