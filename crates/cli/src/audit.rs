//! `kubepki audit`: the page for whoever checks and signs for an export.

use kubepki_issuance::Secret;
use kubepki_rehearsal::Published;
use kubepki_study::audit::{Audited, html};

use crate::args::Audit;
use crate::clock;
use crate::failure::Failure;
use crate::opened::Opened;
use crate::output;
use crate::target::NewFile;
use crate::verify::{certificates, expired};

pub(crate) fn run(given: &Audit) -> Result<(), Failure> {
    let now = clock::time(given.now, "--now")?;
    let out = given.out.as_deref().map(NewFile::open).transpose()?;
    let opened = Opened::read(&given.export)?;
    // What is signed for must be what it says it is.
    let unsound = opened.unsound();
    if !unsound.is_empty() {
        return Err(Failure::Check(unsound));
    }
    let (pki, meta) = (&opened.pki, opened.meta());
    let published = Published::of(pki);
    let page = html(Audited {
        plan: &pki.plan,
        draft: meta.draft,
        issued_at: pki.issued_at,
        tool_version: meta.tool_version,
        published: &published,
    })
    .map_err(Failure::Undone)?;
    match out {
        Some(out) => out.public().write([Ok(Secret::new(page.into_bytes()))])?,
        None => output::print_document(&page)?,
    }
    // The page has no clock: it says until when each is valid. Whoever makes it hears what that means today.
    output::say(expired(&pki.plan, certificates(pki), now).iter().map(|line| line.replacen("error:", "warning:", 1)));
    Ok(())
}
