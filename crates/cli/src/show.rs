//! `kubepki show` and `kubepki presets`: what there is to look at.

use kubepki_core::Plan;
use kubepki_core::instant::to_rfc3339;
use kubepki_core::snippet;
use kubepki_core::snippet::value::{Map, Value};
use kubepki_core::spec::preset::{PRESETS, Preset};
use kubepki_core::view::by_hand::Recipe;
use kubepki_core::view::{ViewId, cis, commands, connections, files, flags, hierarchy, page, svg, text, timeline};
use kubepki_study::chosen::Chosen;
use kubepki_study::steps::Step;
use kubepki_study::{Sample, handshake};

use crate::args::{Show, ShowFormat};
use crate::design;
use crate::failure::Failure;
use crate::{clock, keys, output};

pub(crate) fn run(given: &Show) -> Result<(), Failure> {
    if given.format == ShowFormat::Script && given.view != ViewId::Commands {
        return Err(Failure::usage("a script is a format of the view commands: kubepki show commands --format script"));
    }
    let planned = design::planned(&given.source, None)?;
    planned.say();
    if given.view == ViewId::Handshake && matches!(given.format, ShowFormat::Text | ShowFormat::Json) {
        return handshakes(&planned.plan, given.format, clock::time(given.now, "--now")?);
    }
    let (plan, view) = (&planned.plan, given.view);
    let now = match view {
        ViewId::Timeline => clock::time(given.now, "--now")?,
        // What these show is the same at any time.
        ViewId::Hierarchy
        | ViewId::Connections
        | ViewId::Handshake
        | ViewId::Files
        | ViewId::Flags
        | ViewId::Commands
        | ViewId::Cis => given.now.unwrap_or_default(),
    };
    match given.format {
        ShowFormat::Text => output::print_document(&text::text(plan, view, now)),
        ShowFormat::Svg => output::print_document(&svg::svg(plan, view, now)),
        ShowFormat::Html => output::print_document(&page::fallback::html(plan, view, now)),
        ShowFormat::Json => output::print_json(&json(plan, view, now).to_json()),
        ShowFormat::Script => output::print_document(&commands::script(plan)),
    }
}

/// Lists the presets, or prints one as a design file.
pub(crate) fn presets(name: Option<&str>) -> Result<(), Failure> {
    let Some(name) = name else {
        let line = |preset: &Preset| format!("{:12} {} ({})", preset.name, preset.title, preset.subtitle);
        return output::print(PRESETS.iter().map(line));
    };
    let preset = Preset::named(name).ok_or_else(|| {
        let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
        Failure::Input(vec![format!("error: there is no preset {name:?} (there are {})", names.join(", "))])
    })?;
    output::print_document(&snippet::design(&preset.draft()))
}

/// A view's value as JSON. `format` changes when a reader would have to.
fn json(plan: &Plan, view: ViewId, now: i64) -> Map {
    let top = Map::new().with("format", format!("kubepki-view-{}/v1", view.word()));
    match view {
        ViewId::Hierarchy => {
            let picture = hierarchy::hierarchy(plan);
            top.with("domains", picture.domains.iter().map(domain).collect::<Vec<_>>())
                .with("outside", picture.outside.iter().map(stack).collect::<Vec<_>>())
        }
        ViewId::Connections | ViewId::Handshake => {
            let (_, edges) = connections::connections(plan);
            top.with("connections", edges.iter().map(edge).collect::<Vec<_>>())
        }
        ViewId::Files => top.with("trees", files::files(plan).iter().map(tree).collect::<Vec<_>>()),
        ViewId::Flags => top.with("components", flags::flags(plan).iter().map(component).collect::<Vec<_>>()),
        ViewId::Timeline => {
            let lives = timeline::lives(plan, now);
            top.with("lives", lives.iter().map(|life| self::life(plan, life, now)).collect::<Vec<_>>())
        }
        ViewId::Commands => {
            let recipe = |one: &Recipe| Map::new().with("tool", one.tool).with("text", one.text.as_str());
            let of = |index: usize| {
                let recipes = commands::recipes(plan, index);
                Map::new()
                    .with("key", plan.key_of(index))
                    .with("recipes", recipes.iter().map(recipe).collect::<Vec<_>>())
            };
            top.with("set", commands::set(plan).iter().map(recipe).collect::<Vec<_>>())
                .with("certificates", (0..plan.certs.len()).map(of).collect::<Vec<_>>())
        }
        ViewId::Cis => top
            .with("version", kubepki_core::catalog::cis::VERSION)
            .with("checks", cis::checks(plan).iter().map(check).collect::<Vec<_>>()),
    }
}

/// Every connection step by step, tried on a sample.
fn handshakes(plan: &Plan, format: ShowFormat, now: i64) -> Result<(), Failure> {
    let mut sample = Sample::new(&plan.spec, &[], now, keys::entropy);
    let all = handshake::try_all(plan, &mut sample, &Chosen::default()).map_err(Failure::Undone)?;
    if format == ShowFormat::Text {
        return output::print_document(&all.iter().map(handshake::text).collect::<Vec<_>>().join("\n"));
    }
    let compared =
        |(name, what): &(String, String)| Map::new().with("name", name.as_str()).with("value", what.as_str());
    let step = |step: &Step| {
        Map::new()
            .with("who", step.who)
            .with("what", step.what)
            .with("outcome", step.outcome.word())
            .with("compared", step.compared.iter().map(compared).collect::<Vec<_>>())
    };
    let tried = |one: &handshake::Tried| {
        Map::new()
            .with("id", one.told.id)
            .with("dialled", one.dial.dialled())
            .with("holds", one.holds())
            .with("steps", one.steps.iter().map(step).collect::<Vec<_>>())
    };
    let top = Map::new().with("format", "kubepki-view-handshake/v1");
    output::print_json(&top.with("connections", all.iter().map(tried).collect::<Vec<_>>()).to_json())
}

fn life(plan: &Plan, life: &timeline::Life, now: i64) -> Map {
    Map::new()
        .with("key", plan.key_of(life.cert))
        .with("count", life.count as u64)
        .with("from", to_rfc3339(life.from))
        .with_some("until", life.until.map(to_rfc3339))
        .with_some("daysLeft", life.days_left(now).map(|days| days.to_string()))
        .with("renewal", life.renewal.word())
        .with("how", life.how)
}

fn check(one: &cis::Checked) -> Map {
    Map::new()
        .with("id", one.row.id)
        .with("older", one.row.older)
        .with("title", one.row.title)
        .with("state", one.state.word())
        .with("evidence", one.evidence.iter().map(|line| Value::from(line.as_str())).collect::<Vec<_>>())
        .with("change", one.row.change)
}

fn edge(edge: &connections::Edge) -> Map {
    let connections::Edge { told, from: _, to: _, server, client, encrypted, port, own } = edge;
    let [checked_with, presents, authorization, advice] = edge.said();
    let own = own.iter().map(|(_, entry)| entry.clone()).collect::<Vec<_>>();
    Map::new()
        .with("id", told.id)
        .with("caller", told.caller)
        .with("server", told.server)
        .with_some("port", port.map(u64::from))
        .with("optional", told.optional)
        .with("serverProven", server.word())
        .with("callerProven", client.word())
        .with(
            "encrypted",
            match encrypted {
                connections::Mark::Own => Value::from(encrypted.word()),
                connections::Mark::Certificate | connections::Mark::Token => Value::Flag(true),
                connections::Mark::Missing => Value::Flag(false),
            },
        )
        .with_filled("lookInYourKubeadmFile", own)
        .with("serverShows", told.shows)
        .with("checkedWith", checked_with)
        .with("callerPresents", presents)
        .with("identity", told.identity)
        .with("authorization", authorization)
        .with("advice", advice)
        .with("versions", told.versions)
        .with("source", told.source)
}

fn domain(domain: &hierarchy::Domain) -> Map {
    let hierarchy::Domain { issuer, stacks } = domain;
    Map::new()
        .with("key", issuer.key.as_str())
        .with("title", issuer.title.as_str())
        .with("kind", issuer.kind.word())
        .with("file", issuer.file.as_str())
        .with("place", issuer.place.as_str())
        .with("trustedBy", issuer.trusted_by.as_str())
        .with("stacks", stacks.iter().map(stack).collect::<Vec<_>>())
}

fn stack(stack: &hierarchy::Stack) -> Map {
    let hierarchy::Stack { id, title, file, kind, holders, unsigned, members } = stack;
    let member = |member: &hierarchy::Member| {
        let hierarchy::Member { index: _, key, node, title, differs } = member;
        Map::new()
            .with("key", key.as_str())
            .with("node", node.as_str())
            .with("title", title.as_str())
            .with("differs", differs.as_str())
    };
    Map::new()
        .with("id", *id)
        .with("title", title.as_str())
        .with("kind", kind.word())
        .with("file", file.as_str())
        .with("holders", holders.as_str())
        .with_some("notSignedHere", *unsigned)
        .with("members", members.iter().map(member).collect::<Vec<_>>())
}

fn tree(tree: &files::Tree) -> Map {
    let files::Tree { name, title, note, rows } = tree;
    let row = |row: &files::TreeRow| {
        let files::TreeRow { depth, name, file } = row;
        let map = Map::new().with("depth", *depth as u64).with("name", name.as_str());
        match file {
            None => map,
            Some(files::TreeFile { index: _, key, mode, owner, secret, purpose }) => map
                .with("key", key.as_str())
                .with("mode", mode.as_str())
                .with("owner", *owner)
                .with("secret", *secret)
                .with("purpose", purpose.as_str()),
        }
    };
    Map::new()
        .with("name", name.as_str())
        .with("title", title.as_str())
        .with("note", *note)
        .with("rows", rows.iter().map(row).collect::<Vec<_>>())
}

fn component(component: &flags::Component) -> Map {
    let flags::Component { name, node, flags, also } = component;
    let flag = |flag: &flags::Entry| {
        let flags::Entry { index: _, key, flag, value, meaning, direction, cert, own } = flag;
        Map::new()
            .with("key", key.as_str())
            .with("flag", flag.as_str())
            .with_some("value", value.as_deref().map(Value::from))
            .with_some("lookInYourKubeadmFile", own.as_deref().map(Value::from))
            .with("meaning", meaning.as_str())
            .with("direction", *direction)
            .with_some("certificate", cert.as_deref().map(Value::from))
    };
    Map::new()
        .with("name", *name)
        .with("node", node.as_str())
        .with("flags", flags.iter().map(flag).collect::<Vec<_>>())
        .with_filled("lookInYourKubeadmFile", also.clone())
}
