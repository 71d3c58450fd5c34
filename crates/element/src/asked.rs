//! What the element asks, as its attributes say it.

use kubepki_core::Draft;
use kubepki_core::spec::Field;
use kubepki_core::spec::link;
use kubepki_core::spec::preset::{PRESETS, Preset};
use kubepki_core::view::ViewId;

/// What is drawn where nothing is asked for.
const FIRST: &str = "ha-stacked";

/// What is to be drawn. Each is a text as it was written; empty for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    /// A preset's name.
    pub preset: &'a str,
    /// A design as link text (`d1.…`); stands before a preset.
    pub design: &'a str,
    /// `1.37`; stands before what the design says.
    pub version: &'a str,
    /// A view's id.
    pub view: &'a str,
    /// What is selected: a selection's name, or a certificate's alone (`apiserver@cp-1`).
    pub focus: &'a str,
    /// A connection's id.
    pub connection: &'a str,
    /// Faults put into the connection, with commas between them.
    pub fault: &'a str,
    /// How else the connection is looked at: `node=cp-2&days=400`.
    pub how: &'a str,
    /// Ids of the stacks that stand unfolded, with commas between them.
    pub unfolded: &'a str,
    /// Pages that long lists were turned to, as `Pager::turned` reads each, with commas between them.
    pub turned: &'a str,
    /// The machine's clock, Unix seconds.
    pub now: &'a str,
}

impl<'a> Asked<'a> {
    /// Reads lines of `name=value`; a name that is not known is passed over.
    pub fn read(lines: &'a str) -> Self {
        let mut asked = Self::default();
        for (name, value) in lines.lines().filter_map(|line| line.split_once('=')) {
            match name {
                "preset" => asked.preset = value,
                "design" => asked.design = value,
                "kubernetes-version" => asked.version = value,
                "view" => asked.view = value,
                "focus" => asked.focus = value,
                "connection" => asked.connection = value,
                "fault" => asked.fault = value,
                "how" => asked.how = value,
                "unfolded" => asked.unfolded = value,
                "turned" => asked.turned = value,
                "now" => asked.now = value,
                _ => {}
            }
        }
        asked
    }

    /// The design that is meant.
    ///
    /// # Errors
    /// A sentence: there is no such preset, or the link cannot be read.
    pub fn draft(&self) -> Result<Draft, String> {
        let mut draft = match (self.design, self.preset) {
            ("", name) => {
                let name = if name.is_empty() { FIRST } else { name };
                let names = || PRESETS.iter().map(|preset| preset.name).collect::<Vec<_>>().join(", ");
                Preset::named(name)
                    .ok_or_else(|| format!("No preset is called {name}; there are {}.", names()))?
                    .draft()
            }
            (design, _) => link::decode(design).map_err(|error| format!("The design cannot be read: {error}."))?,
        };
        if !self.version.is_empty() {
            draft.set_text(Field::KubernetesVersion, self.version);
        }
        Ok(draft)
    }

    /// The view that is meant; what a connection stands in where none is named.
    ///
    /// # Errors
    /// A sentence: there is no such view.
    pub fn view(&self) -> Result<ViewId, String> {
        let names = || ViewId::ALL.iter().map(|view| view.word()).collect::<Vec<_>>().join(", ");
        match (self.view, self.connection) {
            ("", "") => Ok(ViewId::Hierarchy),
            ("", _) => Ok(ViewId::Connections),
            (word, _) => {
                ViewId::from_word(word).ok_or_else(|| format!("No view is called {word}; there are {}.", names()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_said_with_what_there_is() {
        let preset = Asked { preset: "huge", ..Asked::default() };
        assert_eq!(
            preset.draft().unwrap_err(),
            "No preset is called huge; there are single, ha-stacked, ha-external, course."
        );
        let view = Asked { view: "graph", ..Asked::default() };
        assert!(view.view().unwrap_err().contains("hierarchy, connections"));
        let design = Asked { design: "d9.abc", ..Asked::default() };
        assert!(design.draft().unwrap_err().contains("newer version"));
    }

    #[test]
    fn a_version_stands_before_what_the_design_says() {
        let asked = Asked::read("preset=single\nkubernetes-version=1.35\nodd\nunknown=x");
        assert_eq!(asked.draft().unwrap().text(Field::KubernetesVersion), "1.35");
        assert_eq!(asked.view(), Ok(ViewId::Hierarchy));
    }
}
