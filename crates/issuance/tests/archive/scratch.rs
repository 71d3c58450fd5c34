//! Small PKIs with keys from a counter, scratch folders, and other programs.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use kubepki_core::spec::{Field, preset::Preset};
use kubepki_core::{Draft, spec};
use kubepki_issuance::archive::{self, Meta, Selection};
use kubepki_issuance::{Pki, PrivateKey, draw_serials, issue};
use sha2::{Digest, Sha256};

/// A preset with ECDSA keys, which are made in no time.
pub(crate) fn draft(preset: &str, fields: &[(Field, &str)]) -> Draft {
    let mut draft = Preset::named(preset).expect("a preset").draft();
    draft.set_text(Field::KeysCa, "ECDSA-P256");
    draft.set_text(Field::KeysLeaf, "ECDSA-P256");
    for &(field, text) in fields {
        draft.set_text(field, text);
    }
    draft
}

/// The draft issued at a time, always with the same keys.
pub(crate) fn issued(draft: &Draft, now: i64) -> Pki {
    let mut counter = 0u64;
    let mut entropy = move |out: &mut [u8]| {
        for chunk in out.chunks_mut(32) {
            counter += 1;
            chunk.copy_from_slice(&Sha256::digest(counter.to_le_bytes())[..chunk.len()]);
        }
        Ok(())
    };
    let plan = kubepki_core::plan::plan(&spec::parse(draft).0.expect("a design without errors"));
    let keys = plan.certs.iter().map(|cert| PrivateKey::generate_ecdsa(cert.key, &mut entropy).expect("a key"));
    let keys = keys.collect();
    let serials = draw_serials(&plan, &mut entropy).expect("serials");
    issue(plan, keys, serials, now).expect("a PKI")
}

/// Seconds since 1970: verification needs certificates that are valid now.
pub(crate) fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs() as i64
}

/// Meta data of a draft.
pub(crate) fn meta(draft: &Draft) -> Meta<'_> {
    Meta { draft, tool_version: "0.0.0", build: "test" }
}

/// The bytes of a zip.
pub(crate) fn zip_bytes(pki: &Pki, draft: &Draft, selection: Selection) -> Vec<u8> {
    archive::zip(pki, meta(draft), selection).flat_map(|part| part.expose().to_vec()).collect()
}

/// A folder that is removed when the test is over.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("archive-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a scratch folder");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The archive as a tree; gives its top folder.
    pub(crate) fn unpack(&self, pki: &Pki, draft: &Draft, selection: Selection) -> PathBuf {
        let top = self.0.join(selection.name(&pki.plan));
        fs::create_dir(&top).expect("a folder");
        for entry in archive::entries(pki, meta(draft), selection) {
            let path = top.join(&entry.path);
            match entry.bytes {
                None => {
                    fs::DirBuilder::new().mode(entry.mode).create(&path).expect("a folder");
                }
                Some(bytes) => {
                    let mut options = fs::OpenOptions::new();
                    let file = options.write(true).create_new(true).mode(entry.mode).open(&path);
                    std::io::Write::write_all(&mut file.expect("a file"), bytes.expose()).expect("written");
                }
            }
            fs::set_permissions(&path, fs::Permissions::from_mode(entry.mode)).expect("a mode");
        }
        top
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a program in a folder.
pub(crate) fn run(folder: &Path, program: &str, args: &[&str]) -> Output {
    Command::new(program).args(args).current_dir(folder).output().unwrap_or_else(|error| panic!("{program}: {error}"))
}

/// What a program said, both ways.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Mode bits of a file.
pub(crate) fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode()
        & 0o7777
}
