//! Messages as flat lists of numbers and texts. Readers derived for each message and each of its fields would be a tenth
//! of what the page weighs; a list needs one.

use kubepki_core::diag::{Diagnostic, Position, Severity};
use kubepki_core::facts::CertFacts;
use kubepki_core::view::ViewId;
use kubepki_core::view::act::Ask;

use crate::message::{Finding, GoodLines, KeyNeed, ParsedText, Part, Request, Response, TextFile};

/// A request: which, its numbers, its texts, its files.
pub struct Asked(pub u32, pub Vec<u32>, pub Vec<String>, pub Vec<(String, Vec<u8>)>);

/// A response: which, its numbers, its lists of texts.
pub struct Said(pub u32, pub Vec<u32>, pub Vec<Vec<String>>);

/// What is said of a message that is none of ours.
const STRANGE: &str = "no message of this build";

impl From<Request> for Asked {
    fn from(request: Request) -> Self {
        match request {
            Request::Parse { id, files, base, nodes_only } => {
                let files = files.into_iter().map(|file| (file.name, file.bytes)).collect();
                Self(0, vec![id, nodes_only.into()], vec![base], files)
            }
            Request::Prepare { needs } => {
                let numbers = needs.iter().map(|need| need.count).collect();
                Self(1, numbers, needs.into_iter().map(|need| need.algorithm).collect(), Vec::new())
            }
            Request::Visible(visible) => Self(2, vec![visible.into()], Vec::new(), Vec::new()),
            Request::Issue { pki, design, now } => Self(3, vec![pki], vec![design, now.to_string()], Vec::new()),
            Request::Cancel { pki } => Self(4, vec![pki], Vec::new(), Vec::new()),
            Request::Facts { pki, mut certs } => {
                certs.insert(0, pki);
                Self(5, certs, Vec::new(), Vec::new())
            }
            Request::Export { id, pki, what } => Self(6, vec![id, pki], vec![what], Vec::new()),
            Request::Secret { id, ask } => Self(10, vec![id], vec![ask.word().to_owned()], Vec::new()),
            Request::Forget { pki } => Self(7, vec![pki], Vec::new(), Vec::new()),
            Request::ForgetAll => Self(9, Vec::new(), Vec::new(), Vec::new()),
            Request::Write { name, design, pki, picture } => {
                let view = picture.map_or("", ViewId::word).to_owned();
                Self(8, vec![pki], vec![name, design, view], Vec::new())
            }
            Request::Draw { id, part, design, pki, view, selected, guide } => {
                let texts = vec![design, view.word().to_owned(), selected, guide];
                Self(11, vec![id, pki, (part == Part::Dialog).into()], texts, Vec::new())
            }
        }
    }
}

impl TryFrom<Asked> for Request {
    type Error = &'static str;

    fn try_from(asked: Asked) -> Result<Self, Self::Error> {
        request(asked).ok_or(STRANGE)
    }
}

fn request(Asked(which, numbers, texts, files): Asked) -> Option<Request> {
    let mut texts = texts.into_iter();
    let number = |index: usize| numbers.get(index).copied();
    Some(match which {
        0 => Request::Parse {
            id: number(0)?,
            nodes_only: number(1)? == 1,
            base: texts.next()?,
            files: files.into_iter().map(|(name, bytes)| TextFile { name, bytes }).collect(),
        },
        1 => Request::Prepare {
            needs: texts.zip(&numbers).map(|(algorithm, count)| KeyNeed { algorithm, count: *count }).collect(),
        },
        2 => Request::Visible(number(0)? == 1),
        3 => Request::Issue { pki: number(0)?, design: texts.next()?, now: texts.next()?.parse().ok()? },
        4 => Request::Cancel { pki: number(0)? },
        5 => Request::Facts { pki: number(0)?, certs: numbers.get(1..)?.to_vec() },
        6 => Request::Export { id: number(0)?, pki: number(1)?, what: texts.next()? },
        10 => Request::Secret { id: number(0)?, ask: Ask::from_word(&texts.next()?)? },
        7 => Request::Forget { pki: number(0)? },
        9 => Request::ForgetAll,
        8 => Request::Write {
            pki: number(0)?,
            name: texts.next()?,
            design: texts.next()?,
            picture: ViewId::from_word(&texts.next()?),
        },
        11 => Request::Draw {
            id: number(0)?,
            pki: number(1)?,
            part: if number(2)? == 1 { Part::Dialog } else { Part::Page },
            design: texts.next()?,
            view: ViewId::from_word(&texts.next()?)?,
            selected: texts.next()?,
            guide: texts.next()?,
        },
        _ => return None,
    })
}

impl From<Response> for Said {
    fn from(response: Response) -> Self {
        match response {
            Response::Ready { webcrypto } => Self(0, vec![webcrypto.into()], Vec::new()),
            Response::Parsed { id, text } => {
                let mut head = vec![text.kind, text.design.clone().unwrap_or_default()];
                let count = text.good.as_ref().map_or(0, |good| good.count);
                head.extend(text.good.into_iter().flat_map(|good| [good.taken, good.left]));
                let findings = text.findings.into_iter().map(finding_to_texts);
                let lists = std::iter::once(head).chain(findings).collect();
                Self(1, vec![id, text.design.is_some().into(), count], lists)
            }
            Response::KeysReady { ready, target } => Self(2, vec![ready, target], Vec::new()),
            Response::Progress { pki, done, total, step } => Self(3, vec![pki, done, total], vec![vec![step]]),
            Response::Issued { pki, milliseconds, facts } => {
                let (numbers, lists) = facts_to_lists(vec![pki, milliseconds], facts);
                Self(4, numbers, lists)
            }
            Response::Facts { pki, facts } => {
                let (numbers, lists) = facts_to_lists(vec![pki, 0], facts);
                Self(5, numbers, lists)
            }
            Response::Exported { id, pki, what, name } => Self(6, vec![id, pki], vec![vec![what, name]]),
            Response::Cancelled { pki } => Self(7, vec![pki], Vec::new()),
            Response::Failed { pki, message } => {
                Self(8, vec![pki.unwrap_or_default(), pki.is_some().into()], vec![vec![message]])
            }
            Response::Written { name, text } => {
                let good = text.is_ok();
                let (Ok(text) | Err(text)) = text;
                Self(9, vec![good.into()], vec![vec![text, name]])
            }
            Response::Drawn { id, text } => {
                let good = text.is_ok();
                let (Ok(text) | Err(text)) = text;
                Self(12, vec![good.into(), id], vec![vec![text]])
            }
            Response::Forgotten { told } => Self(10, Vec::new(), vec![vec![told]]),
            Response::Told { id, told, ended } => Self(11, vec![id, ended.into()], vec![vec![told]]),
        }
    }
}

impl TryFrom<Said> for Response {
    type Error = &'static str;

    fn try_from(said: Said) -> Result<Self, Self::Error> {
        response(said).ok_or(STRANGE)
    }
}

fn response(Said(which, numbers, lists): Said) -> Option<Response> {
    let mut lists = lists.into_iter();
    let number = |index: usize| numbers.get(index).copied();
    let mut texts = match which {
        1 | 3 | 6 | 8..=12 => lists.next()?,
        _ => Vec::new(),
    }
    .into_iter();
    Some(match which {
        0 => Response::Ready { webcrypto: number(0)? == 1 },
        1 => {
            let (kind, design) = (texts.next()?, texts.next()?);
            let mut findings = Vec::new();
            for texts in lists {
                findings.push(finding_from_texts(texts)?);
            }
            let good = match (number(2)?, texts.next(), texts.next()) {
                (count, Some(taken), Some(left)) => Some(GoodLines { count, taken, left }),
                _ => None,
            };
            let text = ParsedText { kind, design: (number(1)? == 1).then_some(design), findings, good };
            Response::Parsed { id: number(0)?, text }
        }
        2 => Response::KeysReady { ready: number(0)?, target: number(1)? },
        3 => Response::Progress { pki: number(0)?, done: number(1)?, total: number(2)?, step: texts.next()? },
        4 | 5 => {
            let (pki, milliseconds) = (number(0)?, number(1)?);
            let mut facts = Vec::new();
            for (index, texts) in numbers.iter().skip(2).zip(lists) {
                facts.push((*index, CertFacts::from_texts(texts)?));
            }
            match which {
                4 => Response::Issued { pki, milliseconds, facts },
                _ => Response::Facts { pki, facts },
            }
        }
        6 => Response::Exported { id: number(0)?, pki: number(1)?, what: texts.next()?, name: texts.next()? },
        7 => Response::Cancelled { pki: number(0)? },
        8 => Response::Failed { pki: (number(1)? == 1).then_some(number(0)?), message: texts.next()? },
        9 | 12 => {
            let text = texts.next()?;
            let text = if number(0)? == 1 { Ok(text) } else { Err(text) };
            match which {
                9 => Response::Written { name: texts.next()?, text },
                _ => Response::Drawn { id: number(1)?, text },
            }
        }
        10 => Response::Forgotten { told: texts.next()? },
        11 => Response::Told { id: number(0)?, told: texts.next()?, ended: number(1)? == 1 },
        _ => return None,
    })
}

fn facts_to_lists(mut numbers: Vec<u32>, facts: Vec<(u32, CertFacts)>) -> (Vec<u32>, Vec<Vec<String>>) {
    numbers.extend(facts.iter().map(|(index, _)| *index));
    (numbers, facts.iter().map(|(_, facts)| facts.to_texts()).collect())
}

fn finding_to_texts(finding: Finding) -> Vec<String> {
    let Finding { file, diagnostic } = finding;
    let Diagnostic { severity, rule, field, message, hint, source, position } = diagnostic;
    let Position { line, column } = position.unwrap_or(Position { line: 0, column: 0 });
    let place = [line.to_string(), column.to_string()];
    let texts = [file, severity.word().to_owned(), rule.into_owned(), field, message, hint, source.into_owned()];
    texts.into_iter().chain(place).collect()
}

fn finding_from_texts(texts: Vec<String>) -> Option<Finding> {
    let mut texts = texts.into_iter();
    let mut next = || texts.next();
    let file = next()?;
    let severity = next()?;
    let all = [Severity::Error, Severity::Warning, Severity::Advice, Severity::Notice];
    let mut diagnostic = Diagnostic {
        severity: all.into_iter().find(|one| one.word() == severity)?,
        rule: next()?.into(),
        field: next()?,
        message: next()?,
        hint: next()?,
        source: next()?.into(),
        position: None,
    };
    // Lines and columns count from one.
    let (line, column) = (next()?.parse().ok()?, next()?.parse().ok()?);
    diagnostic.position = (line > 0).then_some(Position { line, column });
    Some(Finding { file, diagnostic })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_comes_back() {
        let file = TextFile { name: "a.yaml".into(), bytes: vec![0, 255, 10] };
        let draw = |part| Request::Draw {
            id: 8,
            part,
            design: "link".into(),
            pki: 2,
            view: ViewId::Flags,
            selected: "cert:ca@cluster".into(),
            guide: "lesson:etcd".into(),
        };
        let requests = vec![
            Request::Parse { id: 3, files: vec![file], base: "link".into(), nodes_only: true },
            Request::Prepare { needs: vec![KeyNeed { algorithm: "RSA-2048".into(), count: 33 }] },
            Request::Visible(false),
            Request::Issue { pki: 1, design: "link".into(), now: -62_135_596_800 },
            Request::Cancel { pki: 1 },
            Request::Facts { pki: 1, certs: vec![4, 2] },
            Request::Forget { pki: 9 },
            Request::Export { id: 5, pki: 2, what: "node=cp-1?recipients".into() },
            Request::Secret { id: 6, ask: Ask::Draw },
            Request::Write { name: "a.yaml".into(), design: "link".into(), pki: 0, picture: None },
            Request::Write { name: "a.svg".into(), design: "link".into(), pki: 2, picture: Some(ViewId::Flags) },
            draw(Part::Page),
            draw(Part::Dialog),
        ];
        for one in requests {
            assert_eq!(Request::try_from(Asked::from(one.clone())), Ok(one));
        }
        assert!(Request::try_from(Asked(99, Vec::new(), Vec::new(), Vec::new())).is_err());
        assert!(Request::try_from(Asked(6, vec![1], Vec::new(), Vec::new())).is_err());
    }

    #[test]
    fn every_response_comes_back() {
        let text = |text: &str| text.to_owned();
        let facts = CertFacts {
            subject: text("O=a, CN=b"),
            issuer: text("CN=c"),
            serial: text("0f"),
            not_before: -5,
            not_after: 1_795_466_340,
            sans: vec![text("DNS:a"), text("IP:::1")],
            key_usage: Vec::new(),
            ekus: vec![text("serverAuth")],
            ca: Some(false),
            ski: None,
            aki: Some(text("AA:BB")),
            key: text("RSA-2048"),
            signature: text("SHA256-RSA"),
            fingerprint: text("AA"),
            public_key_hash: text("bb"),
            extensions: vec![text("keyUsage critical")],
            pem: text("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"),
        };
        let placed =
            Diagnostic::error("rule", "nodes.0.name", "wrong").with_hint("mend").at(Position { line: 3, column: 1 });
        let finding = |diagnostic| Finding { file: text("a.yaml"), diagnostic };
        let findings = vec![finding(placed), finding(Diagnostic::notice("other", "", "so"))];
        let read = ParsedText { design: Some(String::new()), findings, kind: text("design file"), good: None };
        let good = Some(GoodLines { count: 3, taken: text("a 10.0.0.1\n"), left: text("b\n") });
        let refused = ParsedText { design: None, findings: Vec::new(), kind: String::new(), good };
        for one in [
            Response::Ready { webcrypto: true },
            Response::Parsed { id: 1, text: read },
            Response::Parsed { id: 2, text: refused },
            Response::KeysReady { ready: 1, target: 36 },
            Response::Progress { pki: 1, done: 2, total: 3, step: text("keys") },
            Response::Issued { pki: 1, milliseconds: 120, facts: vec![(4, facts.clone())] },
            Response::Facts { pki: 1, facts: vec![(0, facts.clone()), (9, CertFacts { ca: None, ..facts })] },
            Response::Exported { id: 4, pki: 1, what: text("node=w-1?open"), name: text("w-1.zip") },
            Response::Told { id: 5, told: text("so"), ended: false },
            Response::Told { id: 6, told: text("no"), ended: true },
            Response::Drawn { id: 7, text: Ok(text("<p")) },
            Response::Drawn { id: 8, text: Err(text("no")) },
            Response::Cancelled { pki: 1 },
            Response::Failed { pki: None, message: text("no") },
            Response::Failed { pki: Some(0), message: text("no") },
            Response::Written { name: text("a.yaml"), text: Ok(text("a: b")) },
            Response::Written { name: text("a.svg"), text: Err(text("no")) },
        ] {
            assert_eq!(Response::try_from(Said::from(one.clone())), Ok(one));
        }
        assert!(Response::try_from(Said(4, vec![1], Vec::new())).is_err());
    }
}
