//! What a component prints about a call.

/// What a component prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The component, `kube-apiserver`.
    pub component: &'static str,
    /// Its version when it was recorded, `1.37.2`.
    pub version: &'static str,
    /// Whether it ends with these lines, or does not start.
    pub ends: bool,
    /// Within how many seconds the first line stood there, after the component or the one that it speaks of was started on the
    /// files with the fault, or the command was given. Nothing where that was not recorded.
    pub within: Option<u32>,
    /// The lines, in order; none where it prints nothing.
    pub lines: Vec<LogLine>,
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// The verbosity from which on it is printed: 0 is what a person has who set none.
    pub verbosity: u8,
    /// The whole line; `…` stands for what is another at each run.
    pub text: String,
}

impl Log {
    /// How soon the first line stood there, ` within 2 s`; nothing where that was not recorded.
    pub fn how_soon(&self) -> String {
        self.within.map(|seconds| format!(" within {seconds} s")).unwrap_or_default()
    }

    /// The lines that are printed without any setting.
    pub fn usual(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter(|line| line.verbosity == 0).map(|line| line.text.as_str())
    }
}
