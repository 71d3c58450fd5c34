//! Texts that become designs, and designs that become texts. This runs in a worker of its own, started by the worker at
//! the first text: what parses texts from outside never shares its memory with keys, and a long text holds up nothing.

use kubepki_core::spec::{self, link};
use kubepki_core::view::{ViewId, connections, svg};
use kubepki_core::{plan, snippet};
use web_sys::MessagePort;

use crate::browser::server::{Answer, serve};
use crate::message::{Finding, PARTS, ParsedText, Request, Response, TextFile};
use crate::wire::{Asked, Said};

/// Works for the worker at the other end of a port, for as long as this worker lives. Each call is `[request]`, as the
/// page posted it: a [`Request::Parse`] or [`Request::Write`]; the answer is the response as the page reads it.
pub fn serve_owner(port: MessagePort) {
    serve(port, |call| {
        let request = Asked::from_list(&call.get(0)).and_then(|asked| Request::try_from(asked).ok());
        let response = match request {
            Some(Request::Parse { id, files, base, nodes_only }) => {
                Response::Parsed { id, text: parse(&files, &base, nodes_only) }
            }
            Some(Request::Write { name, design, picture, selected }) => {
                let text = if name.is_empty() { draw(&design, &selected) } else { write(&design, picture) };
                Response::Written { name, text }
            }
            _ => return Err("the worker for texts was asked for what it does not do".to_owned()),
        };
        Ok(Answer::plain(Said::from(response).to_list()))
    });
}

/// Reads texts as one design; what they do not say stays as it is in `base`.
fn parse(files: &[TextFile], base: &str, nodes_only: bool) -> ParsedText {
    let base = match link::decode(base) {
        Ok(base) => base,
        Err(error) => return ParsedText::refused(&error.to_string()),
    };
    let texts: Vec<(&str, &[u8])> = files.iter().map(|file| (&*file.name, &*file.bytes)).collect();
    let outcome = if nodes_only { kubepki_yaml::read_nodes(&texts, &base) } else { kubepki_yaml::read(&texts, &base) };
    let finding = |one: kubepki_yaml::Finding| Finding { file: one.file, diagnostic: one.diagnostic };
    ParsedText {
        design: outcome.draft.as_ref().map(link::encode),
        findings: outcome.findings.into_iter().map(finding).collect(),
        kind: outcome.kind,
    }
}

/// What the page draws of a design without errors: the connections, and what is told about the selected one.
fn draw(design: &str, selected: &str) -> Result<String, String> {
    let draft = link::decode(design).map_err(|error| error.to_string())?;
    let spec = spec::parse(&draft).0.ok_or("a design with errors has no picture")?;
    let plan = plan::unchecked(&spec);
    let chosen = selected.strip_prefix("connection:").unwrap_or_default();
    let mut lines = Vec::new();
    connections::page(&plan, chosen).to_lines(&mut lines);
    let mut told = Vec::new();
    connections::sheet(&plan, chosen).iter().for_each(|one| one.to_lines(&mut told));
    Ok(format!("{}{PARTS}{}", lines.join("\n"), told.join("\n")))
}

/// A design file, right or wrong as it is; or a view of a design without errors as SVG.
fn write(design: &str, picture: Option<ViewId>) -> Result<String, String> {
    let draft = link::decode(design).map_err(|error| error.to_string())?;
    let Some(view) = picture else { return Ok(snippet::design(&draft)) };
    let spec = spec::parse(&draft).0.ok_or("a design with errors has no picture")?;
    Ok(svg::svg(&plan::unchecked(&spec), view))
}
