//! `audit.html`: one page for whoever checks and signs for a PKI. It holds every certificate with the flags and files that use
//! it, every private key with each place it is stored, what deviates from the CIS checks, with room for a reason, and room
//! for two signatures. It is made from public halves alone, has no script, and is the same wherever it is made.

mod audited;
mod certificates;
mod checks;
mod head;
mod keys;
mod sheet;
mod template;
mod uses;

use kubepki_verification::Certificate;

pub use audited::Audited;
pub(crate) use sheet::{link, sheet};

/// The page, complete in itself.
///
/// # Errors
/// A sentence that names what cannot be read.
pub fn html(of: Audited<'_>) -> Result<String, String> {
    let mut read: Vec<Option<Certificate>> = Vec::with_capacity(of.plan.certs.len());
    for (index, cert) in of.plan.certs.iter().enumerate() {
        let wrong = |why: &str| [&of.plan.key_of(index), " ", why].concat();
        let there = of.published.get(index).ok_or_else(|| wrong("was not handed over"))?;
        read.push(match cert.subject {
            Some(_) => Some(Certificate::from_pem(&there.certificate).map_err(|_| wrong("is no certificate"))?),
            None => None,
        });
    }
    let checks = kubepki_core::view::cis::checks(of.plan);
    let mut out = String::new();
    head::begin(&mut out, of, &read, &checks);
    certificates::section(&mut out, of, &read);
    keys::section(&mut out, of.plan);
    certificates::not_signed(&mut out, of.plan);
    checks::deviations(&mut out, &checks);
    checks::to_look_at(&mut out, &checks);
    head::end(&mut out, of);
    Ok(out)
}
