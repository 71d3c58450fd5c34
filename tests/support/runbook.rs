//! The steps of an export's `README.md`, read back as its form is described (`kubepki_issuance::archive::runbook`): what
//! whoever follows it literally would do.

/// Where a step is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// In the folder where the export lies.
    Here,
    /// On these machines, in any order: first the commands on all of them, then the checks.
    Each(Vec<String>),
    /// On one after the other, each checked before the next.
    Turn(Vec<String>),
}

impl On {
    /// The names of the machines.
    pub fn machines(&self) -> &[String] {
        match self {
            Self::Here => &[],
            Self::Each(machines) | Self::Turn(machines) => machines,
        }
    }
}

/// A step as it stands in `README.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub number: usize,
    /// Where it is done.
    pub on: On,
    /// What it does.
    pub title: String,
    /// Its commands, for `sh -eu`; empty where nothing needs to be done.
    pub commands: String,
    /// The variable that its standard output, without the last line break, is the value of from here on.
    pub prints: Option<String>,
    /// The variable that must be set before its commands.
    pub takes: Option<String>,
    /// What the check shows: a sentence without its full stop.
    pub shows: String,
    /// What ends with exit status 0 when it worked, for `sh -eu`.
    pub check: String,
}

const SECTION: &str = "## Step by step";

/// The steps of a `README.md`, in order.
///
/// # Panics
/// With the line, when the text is not in that form.
pub fn steps(readme: &str) -> Vec<Step> {
    let section = readme.split_once(&format!("\n{SECTION}\n")).unwrap_or_else(|| panic!("no {SECTION}:\n{readme}")).1;
    let mut steps = Vec::<Step>::new();
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("## ") {
            break;
        }
        if let Some(heading) = line.strip_prefix("### ") {
            steps.push(begun(heading));
            continue;
        }
        let Some(step) = steps.last_mut() else { continue };
        if line == "```sh" {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let place = if step.shows.is_empty() { &mut step.commands } else { &mut step.check };
            assert!(place.is_empty() && !block.is_empty(), "step {}: a block too many: {block:?}", step.number);
            *place = block.join("\n") + "\n";
        } else if let Some(shown) = line.strip_prefix("Check: ") {
            step.shows = stopped(shown);
        } else if let Some(names) = line.strip_prefix("The machines are ") {
            step.on = On::Each(stopped(names).split(", ").map(str::to_owned).collect());
        } else if let Some(name) = between(line, "What it prints is `", "` in later steps.") {
            step.prints = Some(name);
        } else if let Some(rest) = line.strip_prefix("First set `") {
            step.takes = rest.split_once('`').map(|(name, _)| name.to_owned());
        }
    }
    for step in &steps {
        assert!(!step.check.is_empty(), "step {} has no check", step.number);
        assert!(
            matches!(step.on, On::Here) || !step.on.machines().is_empty(),
            "step {} is done on no machine",
            step.number
        );
    }
    steps
}

/// `7. On each of w-1, w-2: join as workers`.
fn begun(heading: &str) -> Step {
    let wrong = || -> ! { panic!("no heading of a step: {heading}") };
    let Some((number, rest)) = heading.split_once(". ") else { wrong() };
    let Some((place, title)) = rest.split_once(": ") else { wrong() };
    let names = |names: &str, between: &str| names.split(between).map(str::to_owned).collect::<Vec<_>>();
    let on = match place.strip_prefix("On ") {
        None if place == "Here" => On::Here,
        None => wrong(),
        // The paragraph that follows names them.
        Some(counted) if counted.starts_with("each of ") && counted.ends_with(" machines") => On::Each(Vec::new()),
        Some(place) => match place.strip_prefix("each of ") {
            Some(each) => On::Each(names(each, ", ")),
            None if place.contains(", then ") => On::Turn(names(place, ", then ")),
            None => On::Each(vec![place.to_owned()]),
        },
    };
    Step {
        number: number.parse().unwrap_or_else(|_| wrong()),
        on,
        title: title.to_owned(),
        commands: String::new(),
        prints: None,
        takes: None,
        shows: String::new(),
        check: String::new(),
    }
}

fn stopped(sentence: &str) -> String {
    sentence.strip_suffix('.').unwrap_or_else(|| panic!("no full stop: {sentence}")).to_owned()
}

fn between(line: &str, begin: &str, end: &str) -> Option<String> {
    Some(line.strip_prefix(begin)?.strip_suffix(end)?.to_owned())
}
