//! Everything that the page asks for, drawn: view, sheet and guide.

use kubepki_core::plan::{self, Plan};
use kubepki_core::spec::{self, Draft, link};
use kubepki_core::view::drawing::Drawing;
use kubepki_core::view::selection::{AUDIT, FORGET, HARDENED, MESSAGE, TIME};
use kubepki_core::view::{Selection, ViewId, cis, commands, flags, timeline};

use kubepki_rehearsal::{Published, dials};

use crate::audit::{self, Audited};
use crate::chosen::Chosen;
use crate::faults;
use crate::guide::{self, lab, lab::Lab};
use crate::sample::{Entropy, Sample};
use crate::{attacker, embed, export, handshake, hardening, message, network, runbook, sheet, trust};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The design, as link text.
    pub design: &'a str,
    /// The view that is open.
    pub view: ViewId,
    /// What is selected, by its name in links; empty for nothing.
    pub selected: &'a str,
    /// What guides through it, by its name in links; empty for nothing.
    pub guide: &'a str,
    /// The machine's clock, Unix seconds.
    pub now: i64,
    /// The number of what a user generated from this design; 0 for nothing.
    pub pki: u32,
}

/// What is drawn.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// The view; nothing where the page draws it itself.
    pub view: Vec<Drawing>,
    /// What is told about the selected thing, behind what the page says itself.
    pub sheet: Vec<Drawing>,
    /// The guide; nothing for none.
    pub guide: Vec<Drawing>,
}

/// What a user generated, by its public halves.
struct Own {
    /// Its number.
    pki: u32,
    /// To try handshakes on.
    sample: Sample,
    /// As it was handed over.
    published: Vec<Published>,
}

/// Draws; keeps the last sample, for what is asked next is mostly about the same cluster.
pub struct Study {
    pub(crate) entropy: Entropy,
    /// The sample and what it is of: design and faults.
    sample: Option<(String, Sample)>,
    /// What a user generated.
    own: Option<Own>,
    /// What takes several samples to find out, and of which design and connection that is.
    pub(crate) attacker: Option<(String, Vec<Drawing>)>,
}

impl Study {
    /// Draws with sample keys from this source.
    pub fn new(entropy: Entropy) -> Self {
        Self { entropy, sample: None, own: None, attacker: None }
    }

    /// Takes what is public of a PKI, by its number, that a user generated from a design (link text): handshakes without
    /// faults are tried on it from now on. A design that cannot be read changes nothing.
    pub fn take(&mut self, pki: u32, design: &str, issued_at: i64, published: Vec<Published>) {
        let spec = link::decode(design).ok().and_then(|draft| spec::parse(&draft).0);
        if let Some(spec) = spec {
            let sample = Sample::own(&plan::unchecked(&spec), issued_at, &published, self.entropy);
            self.own = Some(Own { pki, sample, published });
        }
    }

    /// When what a user generated under a number was issued, Unix seconds; nothing where it was not handed over.
    pub fn issued_at(&self, pki: u32) -> Option<i64> {
        self.own.as_ref().filter(|own| own.pki == pki).map(|own| own.sample.issued_at)
    }

    /// Draws what is asked.
    ///
    /// # Errors
    /// A sentence: the design cannot be read, or has errors.
    pub fn draw(&mut self, asked: Asked<'_>) -> Result<Drawn, String> {
        let draft = link::decode(asked.design).map_err(|error| error.to_string())?;
        let spec = spec::parse(&draft).0.ok_or("A design with errors has no picture.")?;
        let plan = plan::unchecked(&spec);
        let (guide, done) = asked.guide.split_once('\n').unwrap_or((asked.guide, ""));
        let lab = Lab::read(guide);
        let mut chosen = Chosen::read(asked.selected);
        if let (Some(lab), Some(chosen)) = (&lab, &mut chosen) {
            (chosen.faults, chosen.hidden) = (lab.faults(), true);
        }
        let look = match (&lab, &chosen) {
            (Some(lab), None) => Some(Chosen { faults: lab.faults(), hidden: true, ..Chosen::default() }),
            (None, None) => None,
            (_, Some(chosen)) => Some(chosen.clone()).filter(|chosen| chosen.is_changed() || lab.is_some()),
        };
        let held = match &look {
            Some(look) => faults::all(made(&mut self.sample, self.entropy, &asked, &plan, look), look.days)?,
            None => Vec::new(),
        };
        // What is looked at closely, tried once for the view and the sheet.
        let closely = match (&chosen, asked.view) {
            (None, ViewId::Handshake) => Some(look.unwrap_or_default()),
            _ => chosen.clone(),
        };
        let tried = closely.as_ref().map(|it| handshake::try_chosen(&plan, self.sample(&asked, &plan, it), it));
        let mut drawn = Drawn::default();
        match asked.view {
            ViewId::Connections => {
                drawn.view = network::page(&draft, &plan, asked.selected, chosen.as_ref(), &held);
            }
            ViewId::Handshake => {
                if let (Some(it), Some(tried)) = (&closely, &tried) {
                    drawn.view.push(handshake::page(&plan, self.sample(&asked, &plan, it), it, tried));
                }
            }
            ViewId::Flags => drawn.view.push(flags::page(&plan, asked.selected)),
            ViewId::Timeline => {
                let days = asked.selected.strip_prefix(TIME).and_then(|days| days.parse().ok()).unwrap_or_default();
                let slider = handshake::slider(TIME, days, asked.now, &format!("{TIME}0"));
                let issued = self.issued(&asked);
                let lives = timeline::page(&plan, issued, asked.now + days * 86_400, asked.selected);
                let ending = timeline::ending(&plan, issued, asked.selected);
                drawn
                    .view
                    .extend([Some(slider), audit::link(asked.pki), Some(lives), Some(ending)].into_iter().flatten());
            }
            ViewId::Commands => {
                let issued = self.issued(&asked);
                let steps = runbook::page(&plan, asked.selected, issued);
                drawn.view.push(runbook::switch(asked.selected));
                drawn.view.push(steps.unwrap_or_else(|| commands::page(&plan, asked.selected)));
            }
            ViewId::Cis => {
                drawn.view.extend(audit::link(asked.pki).into_iter().chain([cis::page(&plan, asked.selected)]))
            }
            ViewId::Hierarchy | ViewId::Files => {}
        }
        drawn.sheet = match (&chosen, &tried, Selection::from_text(&plan, asked.selected)) {
            (Some(chosen), Some(tried), _) => {
                let attacker = self.attacker(&asked, &draft, &plan, chosen);
                let sample = self.sample(&asked, &plan, chosen);
                sheet::connection(&asked, &plan, sample, chosen, tried, &held, attacker)
            }
            (_, _, Some(Selection::Cert(cert))) => sheet::certificate(&plan, cert),
            (_, _, Some(Selection::Flag(flag))) => flags::sheet(&plan, flag),
            _ if asked.selected == HARDENED => hardening::sheet(&asked, &plan),
            _ if trust::is_meant(asked.selected) => trust::sheet(asked.selected),
            _ if asked.selected == AUDIT => audit::sheet(&plan, self.audit(&asked, &plan, &draft)),
            _ => cis::sheet(&plan, asked.selected),
        };
        drawn.guide = match lab {
            Some(lab) => {
                let harms = lab::harms(&lab, &spec, &held, asked.now, self.entropy)?;
                lab::page(&spec.nodes, &lab, &held, &harms)
            }
            None if guide.is_empty() => Vec::new(),
            None if guide.starts_with("lesson:") => guide::lesson::page(&plan, guide).unwrap_or_default(),
            None => guide::index(&plan, &done.split(',').collect::<Vec<_>>(), (asked.now / 60 % 1_000) as u32),
        };
        Ok(drawn)
    }

    /// When the certificates that are asked about were issued, Unix seconds: now, where that is still to come.
    fn issued(&self, asked: &Asked<'_>) -> i64 {
        self.issued_at(asked.pki).unwrap_or(asked.now)
    }

    /// What a text that was searched for means, as a sheet, where that is selected. It stands apart from [`Study::draw`]: who
    /// shows a design to others need not carry all that components print.
    ///
    /// # Errors
    /// A sentence: the design cannot be read, or has errors.
    pub fn message(asked: Asked<'_>) -> Result<Option<Vec<Drawing>>, String> {
        let Some(text) = asked.selected.strip_prefix(MESSAGE) else { return Ok(None) };
        let draft = link::decode(asked.design).map_err(|error| error.to_string())?;
        let spec = spec::parse(&draft).0.ok_or("A design with errors has no connections.")?;
        Ok(Some(message::sheet(&plan::unchecked(&spec), text)))
    }

    /// Draws a dialog, by the name that is selected: what stands above what the page itself says, and below.
    ///
    /// # Errors
    /// A sentence: the design cannot be read or has errors, or there is no such dialog.
    pub fn dialog(&self, asked: Asked<'_>) -> Result<[Vec<Drawing>; 2], String> {
        if asked.selected == FORGET {
            return Ok(trust::forget());
        }
        let draft = link::decode(asked.design).map_err(|error| error.to_string())?;
        let spec = spec::parse(&draft).0.ok_or("A design with errors can be neither exported nor embedded.")?;
        let plan = plan::unchecked(&spec);
        match asked.selected.strip_prefix(embed::EMBED) {
            Some(selected) => Ok(embed::dialog(&draft, &plan, asked.view, selected, asked.now)),
            None => export::dialog(&plan, asked.selected, self.issued(&asked))
                .ok_or_else(|| "There is nothing of that name to export.".to_owned()),
        }
    }

    /// The audit page of what a user generated from this design; nothing where nothing was.
    fn audit(&self, asked: &Asked<'_>, plan: &Plan, draft: &Draft) -> Option<Result<String, String>> {
        let Own { sample, published, .. } = self.own.as_ref().filter(|own| own.pki == asked.pki)?;
        let (issued_at, tool_version) = (sample.issued_at, env!("CARGO_PKG_VERSION"));
        Some(audit::html(Audited { plan, draft, issued_at, tool_version, published }))
    }

    /// What somebody on the path can do; found out once for a design and a connection.
    fn attacker(&mut self, asked: &Asked<'_>, draft: &Draft, plan: &Plan, chosen: &Chosen) -> Vec<Drawing> {
        let key = format!("{}\n{}", asked.design, chosen.connection);
        if self.attacker.as_ref().is_none_or(|(of, _)| *of != key) {
            let told = kubepki_core::catalog::connections::told(&chosen.connection);
            let hardened = hardening::hardened(draft, &plan.spec);
            let table = told.map(|told| attacker::table_of(&plan.spec, &hardened, told, asked.now, self.entropy));
            self.attacker = Some((key, table.unwrap_or_default()));
        }
        self.attacker.as_ref().map(|(_, drawn)| drawn.clone()).unwrap_or_default()
    }

    fn sample(&mut self, asked: &Asked<'_>, plan: &Plan, chosen: &Chosen) -> &mut Sample {
        let node = plan.spec.nodes.iter().position(|node| node.name == chosen.node);
        let covers = |Own { pki, sample, .. }: &Own| {
            let stage = &sample.stage;
            let dial = dials(stage, &chosen.connection, node).or_else(|_| dials(stage, &chosen.connection, None));
            *pki == asked.pki && chosen.faults.is_empty() && dial.is_ok_and(|dial| sample.covers(&dial))
        };
        let covered = self.own.as_ref().is_some_and(covers);
        match &mut self.own {
            Some(Own { sample, .. }) if covered => {
                sample.now = asked.now;
                sample
            }
            _ => made(&mut self.sample, self.entropy, asked, plan, chosen),
        }
    }
}

/// A sample, whatever a user generated: with it every connection can be tried, and faults can be put in.
fn made<'s>(
    sample: &'s mut Option<(String, Sample)>,
    entropy: Entropy,
    asked: &Asked<'_>,
    plan: &Plan,
    chosen: &Chosen,
) -> &'s mut Sample {
    let faults: Vec<String> = chosen.faults.iter().map(kubepki_rehearsal::fault::Fault::id).collect();
    let key = format!("{}\n{}", asked.design, faults.join(","));
    let kept = sample.take().filter(|(of, _)| *of == key);
    let new = || (key, Sample::new(&plan.spec, &chosen.faults, asked.now, entropy));
    &mut sample.insert(kept.unwrap_or_else(new)).1
}
