//! The person in the middle: somebody who sits on the path of a connection, with certificates of their own making. What
//! they can do is not looked up but tried: they answer in the server's place, and call in the caller's.

use kubepki_core::catalog::connections::{Credential, Part, Told};
use kubepki_core::catalog::own;
use kubepki_core::spec::ClusterSpec;
use kubepki_core::view::drawing::{Drawing, caps, drawn, paragraph, table};
use kubepki_rehearsal::fault::{Fault, fault};
use kubepki_rehearsal::{Verdict, dials};

use crate::sample::{Entropy, Sample};

/// What somebody on the path can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Power {
    /// Answer in the server's place.
    pub pose_as_server: bool,
    /// Call in the caller's place, with a certificate of their own or none.
    pub pose_as_caller: bool,
    /// Read what is said.
    pub read: bool,
    /// Change it.
    pub change: bool,
}

/// What they can do in a design; nothing where the connection cannot be tried in it.
pub fn power(spec: &ClusterSpec, told: &Told, now: i64, entropy: Entropy) -> Option<Power> {
    if !told.encrypted {
        return Some(Power { pose_as_server: true, pose_as_caller: true, read: true, change: true });
    }
    let sound = Sample::new(spec, &[], now, entropy);
    let dial = dials(&sound.stage, told.id, None).ok()?;
    // The certificate of a stranger, by the name of what it stands for.
    let strange = |side: &[&'static str]| -> Option<Fault> {
        side.iter().find_map(|id| {
            sound.stage.plan.certs.iter().any(|cert| cert.row.id == *id).then(|| fault(&format!("other-ca:{id}")))?
        })
    };
    let tried = |faults: &[Fault]| {
        let mut sample = Sample::new(spec, faults, now, entropy);
        let dial = dials(&sample.stage, told.id, None).ok()?;
        sample.rehearse(&[dial], 0).ok()?.pop()
    };
    let pose_as_server = match strange(dial.row.server_side.shows) {
        Some(fault) => tried(&[fault])?.client.verdict == Verdict::Ok,
        // A certificate that nobody of this PKI signed is never checked.
        None => dial.client.trust.is_none(),
    };
    let pose_as_caller = match strange(dial.row.client.shows) {
        Some(fault) => {
            let it = tried(&[fault])?;
            it.server.verdict == Verdict::Ok
        }
        None => told.credential == Credential::Nothing,
    };
    Some(Power { pose_as_server, pose_as_caller, read: pose_as_server, change: pose_as_server })
}

/// What somebody on the path can do in a design, and once it is hardened.
pub fn table_of(spec: &ClusterSpec, hardened: &ClusterSpec, told: &Told, now: i64, entropy: Entropy) -> Vec<Drawing> {
    let parts = [Part::Server, Part::Caller, Part::Way];
    if let Some(entry) = parts.into_iter().find_map(|part| own::decided_part(spec, told, part)) {
        let words =
            format!("What somebody on the path can do is not for this design to say: {}.", own::sentence(entry));
        return vec![caps("The person in the middle"), paragraph(words)];
    }
    let before = power(spec, told, now, entropy);
    let after = power(hardened, told, now, entropy);
    let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
    let word = |can: bool| {
        let state = if can { "state fail" } else { "state pass" };
        drawn("span").set("class", state).text(if can { "yes" } else { "no" })
    };
    let rows = [
        ("Answer as the server", before.pose_as_server, after.pose_as_server),
        ("Read what is said", before.read, after.read),
        ("Change it", before.change, after.change),
        ("Call as the caller", before.pose_as_caller, after.pose_as_caller),
    ];
    let rows = rows.map(|(what, now, then)| vec![drawn("span").text(what), word(now), word(then)]);
    let mut out = vec![
        caps("The person in the middle"),
        paragraph("Somebody on the path, with certificates of their own making. What they can do was just tried:"),
        table(&["They can", "Here", "Hardened"], rows),
    ];
    let detail = match (told.encrypted, before.read, told.credential) {
        (false, ..) => "Nothing is encrypted here: the path itself must be safe, as loopback is.",
        (_, true, Credential::Token) => "They also see the caller's token, and can use it elsewhere until it ends.",
        (_, true, Credential::Certificate) => {
            "The caller's private key never travels: they cannot call the real server in its name."
        }
        (_, true, Credential::Nothing) => "The caller shows nothing that they could use elsewhere.",
        (_, false, _) => "They see that the two talk, how much and when, and can stop it. Nothing more.",
    };
    out.push(paragraph(detail));
    out
}
