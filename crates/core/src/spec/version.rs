//! Kubernetes versions, and the bounds that rows put on them.

use std::fmt;

use crate::diag::Quoted;

/// A release of Kubernetes 1.x.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubeVersion {
    /// The number after `1.`.
    pub minor: u16,
    /// The patch.
    pub patch: u16,
}

/// The minors that can be planned, each with the newest patch known when this table was written (25 November 2026).
/// 1.28 to 1.33: the last patches before their end of life (kubernetes/website: data/releases/eol.yaml; release-data of
/// endoflife.date). 1.34 and 1.35: at least the releases of 23 September 2026. 1.36 and 1.37: the newest `k8s.io` Go
/// modules of that day.
pub static RELEASES: &[KubeVersion] = &[
    KubeVersion { minor: 28, patch: 15 },
    KubeVersion { minor: 29, patch: 15 },
    KubeVersion { minor: 30, patch: 14 },
    KubeVersion { minor: 31, patch: 14 },
    KubeVersion { minor: 32, patch: 13 },
    KubeVersion { minor: 33, patch: 13 },
    KubeVersion { minor: 34, patch: 12 },
    KubeVersion { minor: 35, patch: 9 },
    KubeVersion { minor: 36, patch: 6 },
    KubeVersion { minor: 37, patch: 2 },
];

/// How a version text was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionChoice {
    /// Named to the patch.
    Exact(KubeVersion),
    /// Only the minor was named; this is its newest patch known.
    NewestOfMinor(KubeVersion),
    /// `stable`, `latest`, `ci/…` or nothing: the newest minor known.
    Newest(KubeVersion),
}

impl VersionChoice {
    /// The version that was chosen.
    pub fn version(self) -> KubeVersion {
        match self {
            Self::Exact(version) | Self::NewestOfMinor(version) | Self::Newest(version) => version,
        }
    }
}

impl KubeVersion {
    /// A version from its minor and patch.
    pub const fn new(minor: u16, patch: u16) -> Self {
        Self { minor, patch }
    }

    /// The newest release known.
    pub fn newest() -> Self {
        RELEASES[RELEASES.len() - 1]
    }

    /// Understands `1.34`, `v1.34`, `1.34.7`, `v1.34.7`, `stable`, `stable-1`, `stable-1.34`, `latest…` and nothing.
    ///
    /// # Errors
    /// A sentence when the text is no version or lies outside [`RELEASES`].
    pub fn parse(text: &str) -> Result<VersionChoice, String> {
        let text = text.trim();
        let bare = text.strip_prefix('v').unwrap_or(text);
        if let Some(minor) = text.strip_prefix("stable-1.").or_else(|| text.strip_prefix("latest-1.")) {
            return Self::minor(text, minor);
        }
        if text.is_empty() || text.starts_with("stable") || text.starts_with("latest") || text.starts_with("ci/") {
            return Ok(VersionChoice::Newest(Self::newest()));
        }
        let wrong = || format!("{} is not a Kubernetes version", Quoted(text));
        let mut parts = bare.split('.');
        if parts.next() != Some("1") {
            return match bare.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
            {
                true => Err(Self::outside(text)),
                false => Err(wrong()),
            };
        }
        let minor = parts.next().ok_or_else(wrong)?;
        match (parts.next(), parts.next()) {
            (None, _) => Self::minor(text, minor),
            (Some(patch), None) => {
                let number =
                    |part: &str| part.parse::<u16>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
                let (Some(minor), Some(patch)) = (number(minor), number(patch)) else { return Err(wrong()) };
                if !RELEASES.iter().any(|release| release.minor == minor) {
                    return Err(Self::outside(text));
                }
                Ok(VersionChoice::Exact(Self { minor, patch }))
            }
            _ => Err(wrong()),
        }
    }

    /// The newest patch of a minor given as text.
    fn minor(text: &str, minor: &str) -> Result<VersionChoice, String> {
        let minor: u16 = minor.parse().map_err(|_| format!("{} is not a Kubernetes version", Quoted(text)))?;
        let release = RELEASES.iter().find(|release| release.minor == minor).ok_or_else(|| Self::outside(text))?;
        Ok(VersionChoice::NewestOfMinor(*release))
    }

    /// The sentence for a version that this tool does not know.
    fn outside(text: &str) -> String {
        let (first, last) = (RELEASES[0], Self::newest());
        format!("Kubernetes {text} is outside the versions known here, 1.{} to 1.{}", first.minor, last.minor)
    }
}

impl fmt::Display for KubeVersion {
    /// `v1.34.8`, as kubeadm writes it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "v1.{}.{}", self.minor, self.patch)
    }
}

/// From which release on something holds. A change that was backported names one release per minor it reached; minors
/// above the highest one named have it, minors below the lowest have not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since(pub &'static [KubeVersion]);

impl Since {
    /// Always.
    pub const ALWAYS: Self = Self(&[]);

    /// Whether a version has it.
    pub fn holds(self, version: KubeVersion) -> bool {
        let Some(last) = self.0.last() else { return true };
        match self.0.iter().find(|bound| bound.minor == version.minor) {
            Some(bound) => version.patch >= bound.patch,
            None => version.minor > last.minor,
        }
    }
}

/// The versions for which a row, or one form of a row, holds: from `since` on, and not yet `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// First release that has it; [`Since::ALWAYS`] when every known one does.
    pub since: Since,
    /// First release that no longer has it; none when it still holds.
    pub until: Option<Since>,
}

impl When {
    /// For every version.
    pub const ALWAYS: Self = Self { since: Since::ALWAYS, until: None };

    /// From a release on.
    pub const fn since(bounds: &'static [KubeVersion]) -> Self {
        Self { since: Since(bounds), until: None }
    }

    /// Before a release.
    pub const fn until(bounds: &'static [KubeVersion]) -> Self {
        Self { since: Since::ALWAYS, until: Some(Since(bounds)) }
    }

    /// From one release on, before another.
    pub const fn between(from: &'static [KubeVersion], until: &'static [KubeVersion]) -> Self {
        Self { since: Since(from), until: Some(Since(until)) }
    }

    /// Whether it holds for a version.
    pub fn holds(self, version: KubeVersion) -> bool {
        self.since.holds(version) && !self.until.is_some_and(|until| until.holds(version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_people_write() {
        assert_eq!(KubeVersion::parse("1.34"), Ok(VersionChoice::NewestOfMinor(KubeVersion::new(34, 12))));
        assert_eq!(KubeVersion::parse("v1.34.7"), Ok(VersionChoice::Exact(KubeVersion::new(34, 7))));
        assert_eq!(KubeVersion::parse("stable-1"), Ok(VersionChoice::Newest(KubeVersion::newest())));
        assert_eq!(KubeVersion::parse(""), Ok(VersionChoice::Newest(KubeVersion::newest())));
        for bad in ["1.27", "v1.38.0", "2.0", "1"] {
            assert!(KubeVersion::parse(bad).is_err(), "{bad}");
        }
        assert!(KubeVersion::parse("1.20").unwrap_err().contains("1.28 to 1.37"));
        assert!(KubeVersion::parse("banana").unwrap_err().contains("not a Kubernetes version"));
    }

    #[test]
    fn a_backported_change_holds_per_minor() {
        const CHANGE: Since = Since(&[
            KubeVersion::new(33, 12),
            KubeVersion::new(34, 8),
            KubeVersion::new(35, 5),
            KubeVersion::new(36, 1),
        ]);
        for (minor, patch, expected) in [
            (32, 99, false),
            (33, 11, false),
            (33, 12, true),
            (34, 7, false),
            (34, 8, true),
            (36, 0, false),
            (36, 1, true),
            (37, 0, true),
        ] {
            assert_eq!(CHANGE.holds(KubeVersion::new(minor, patch)), expected, "1.{minor}.{patch}");
        }
    }
}
