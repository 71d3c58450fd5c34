//! The cluster of each lab: the page shows it from the lab's name alone, whatever design its user has. What a lab is about
//! is told elsewhere, by what is loaded behind the first picture.

use crate::spec::preset::Preset;

/// The labs' ids in links, easier ones first, and the preset that each plays in.
pub static LABS: &[(&str, &str)] = &[
    ("kubelet-registers", "ha-stacked"),
    ("apiserver-renewal", "single"),
    ("new-load-balancer", "ha-stacked"),
    ("refused-member", "ha-stacked"),
    ("unknown-authority", "single"),
    ("logs-forbidden", "ha-stacked"),
    ("tokens-refused", "ha-stacked"),
    ("a-year-later", "ha-stacked"),
];

/// The preset that a guide plays in, by the guide's text in links, `lab:ID.SEED/…`; nothing where it is no lab.
pub fn preset_of(guide: &str) -> Option<&'static Preset> {
    let (id, _) = guide.strip_prefix("lab:")?.split_once('.')?;
    let (_, preset) = LABS.iter().find(|(one, _)| *one == id)?;
    Preset::named(preset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lab_names_its_cluster_and_nothing_else_does() {
        for (id, preset) in LABS {
            let found = preset_of(&format!("lab:{id}.12/again:apiserver/1"));
            assert_eq!(found.map(|one| one.name), Some(*preset), "{id}");
        }
        for guide in ["", "learn", "lesson:etcd/2", "lab:nothing.1", "lab:a-year-later"] {
            assert!(preset_of(guide).is_none(), "{guide}");
        }
    }
}
