//! Texts that become designs, designs that become texts, and every view that the first picture does not need, with
//! handshakes tried on samples. This runs in a worker of its own, started by the worker at the first such wish: what
//! parses texts from outside never shares its memory with keys that matter, and a long text holds up nothing.

use js_sys::Array;
use kubepki_core::spec::{self, link};
use kubepki_core::view::drawing::Drawing;
use kubepki_core::view::{ViewId, svg};
use kubepki_core::{plan, snippet};
use kubepki_rehearsal::Published;
use kubepki_study::{Asked as Wanted, Study, pasted};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessagePort;
use zeroize::Zeroize;

use crate::browser::random;
use crate::browser::server::{Answer, serve};
use crate::message::{Finding, GoodLines, PARTS, ParsedText, Part, Request, Response, TextFile};
use crate::wire::{Asked, Said};

/// Works for the worker at the other end of a port, for as long as this worker lives. Each call is `[request]`, as the
/// page posted it: a [`Request::Parse`], a [`Request::Draw`] or a [`Request::Write`]; the answer is the response as the page
/// reads it.
pub fn serve_owner(port: MessagePort) {
    let mut study = Study::new(random::fill);
    serve(port, move |call| {
        let request = Asked::from_list(&call.get(0)).and_then(|asked| Request::try_from(asked).ok());
        if let (Some((design, issued_at, published)), Some(Request::Draw { pki, .. } | Request::Write { pki, .. })) =
            (published(&call.get(1)), &request)
        {
            study.take(*pki, &design, issued_at, published);
        }
        let response = match request {
            Some(Request::Parse { id, mut files, base, nodes_only }) => {
                let text = parse(&files, &base, nodes_only);
                // What was pasted may be a kubeconfig.
                files.iter_mut().for_each(|file| file.bytes.zeroize());
                Response::Parsed { id, text }
            }
            Some(Request::Draw { id, part, design, pki, view, selected, guide }) => {
                let wanted = Wanted { design: &design, view, selected: &selected, guide: &guide, now: now(), pki };
                let parts = match part {
                    Part::Page => page(&mut study, wanted).map(|parts| parts.join(&PARTS.to_string())),
                    Part::Dialog => study.dialog(wanted).map(|parts| lines(parts.each_ref()).join(&PARTS.to_string())),
                };
                Response::Drawn { id, text: parts }
            }
            Some(Request::Write { name, design, pki, picture }) => {
                let text = write(&study, &design, pki, picture);
                Response::Written { name, text }
            }
            _ => return Err("the worker for texts and drawings was asked for what it does not do".to_owned()),
        };
        Ok(Answer::plain(Said::from(response).to_list()))
    });
}

/// What is public of a PKI, as the worker with the keys hands it over: the design, when it was issued, then certificate and
/// public key of each. Nothing where it hands over none.
fn published(value: &JsValue) -> Option<(String, i64, Vec<Published>)> {
    let list: &Array = value.dyn_ref()?;
    let text = |index: u32| list.get(index).as_string();
    let all = (2..list.length()).step_by(2);
    let all =
        all.map(|at| Some(Published { certificate: text(at)?, public_key: text(at + 1)? })).collect::<Option<_>>()?;
    Some((text(0)?, text(1)?.parse().ok()?, all))
}

/// Reads texts as one design; what they do not say stays as it is in `base`.
fn parse(files: &[TextFile], base: &str, nodes_only: bool) -> ParsedText {
    if let ([file], false) = (files, nodes_only)
        && let Some((kind, found)) = pasted::recognise(&String::from_utf8_lossy(&file.bytes), now())
    {
        let finding = |diagnostic| Finding { file: file.name.clone(), diagnostic };
        let findings = found.into_iter().map(finding).collect();
        return ParsedText { design: Some(base.to_owned()), findings, kind, good: None };
    }
    let base = match link::decode(base) {
        Ok(base) => base,
        Err(error) => return ParsedText::refused(&error.to_string()),
    };
    let texts: Vec<(&str, &[u8])> = files.iter().map(|file| (&*file.name, &*file.bytes)).collect();
    let outcome = if nodes_only { kubepki_yaml::read_nodes(&texts, &base) } else { kubepki_yaml::read(&texts, &base) };
    let good = match (outcome.draft.is_none() && nodes_only, &texts[..]) {
        (true, [(_, bytes)]) => kubepki_yaml::good_lines(bytes, &base, &outcome),
        _ => None,
    };
    let finding = |one: kubepki_yaml::Finding| Finding { file: one.file, diagnostic: one.diagnostic };
    ParsedText {
        design: outcome.draft.as_ref().map(link::encode),
        findings: outcome.findings.into_iter().map(finding).collect(),
        kind: outcome.kind,
        good: good.map(|good| GoodLines { count: good.count as u32, taken: good.taken, left: good.left }),
    }
}

/// The machine's clock, Unix seconds.
fn now() -> i64 {
    (js_sys::Date::now() / 1_000.0) as i64
}

/// The same with what a text that was searched for means.
fn page(study: &mut Study, wanted: Wanted<'_>) -> Result<[String; 3], String> {
    let [view, sheet, guide] = draw(study, wanted)?;
    let [message] = lines([&Study::message(wanted)?.unwrap_or_default()]);
    Ok([view, if message.is_empty() { sheet } else { message }, guide])
}

/// What the page draws: the lines of the view, of the sheet, and of the guide.
///
/// # Errors
/// A sentence: the design cannot be read, or has errors.
pub fn draw(study: &mut Study, wanted: Wanted<'_>) -> Result<[String; 3], String> {
    let drawn = study.draw(wanted)?;
    Ok(lines([&drawn.view, &drawn.sheet, &drawn.guide]))
}

/// Parts of a drawing as the page takes them, each by itself.
fn lines<const N: usize>(parts: [&Vec<Drawing>; N]) -> [String; N] {
    parts.map(|part| {
        let mut lines = Vec::new();
        part.iter().for_each(|one| one.to_lines(&mut lines));
        lines.join("\n")
    })
}

/// A design file, right or wrong as it is; or a view of a design without errors as SVG, at the time at which what was
/// generated from it was issued.
fn write(study: &Study, design: &str, pki: u32, picture: Option<ViewId>) -> Result<String, String> {
    let draft = link::decode(design).map_err(|error| error.to_string())?;
    let Some(view) = picture else { return Ok(snippet::design(&draft)) };
    let spec = spec::parse(&draft).0.ok_or("a design with errors has no picture")?;
    Ok(svg::svg(&plan::unchecked(&spec), view, study.issued_at(pki).unwrap_or_else(now)))
}
