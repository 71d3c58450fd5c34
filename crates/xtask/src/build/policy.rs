//! What the page is allowed to do, as the server says it: the policy of `web/policy.txt` and the rows below.

use crate::files::{Result, read};
use crate::project::Project;

/// Response headers beside the policy.
const HEADERS: &[(&str, &str)] = &[
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
];

/// What no page here needs, by the names of browsers' permissions policies: all that Chromium 156 has but `clipboard-write`,
/// with which the page copies, `cross-origin-isolated`, which other headers decide, and the `ch-` hints, which go to
/// servers alone; and two that it has on other systems.
const REFUSED: &[&str] = &[
    "accelerometer",
    "ambient-light-sensor",
    "aria-notify",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "captured-surface-control",
    "clipboard-read",
    "compute-pressure",
    "deferred-fetch",
    "deferred-fetch-minimal",
    "digital-credentials-create",
    "digital-credentials-get",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "interest-cohort",
    "keyboard-map",
    "language-detector",
    "language-model",
    "local-fonts",
    "local-network",
    "local-network-access",
    "loopback-network",
    "magnetometer",
    "media-playback-while-not-visible",
    "microphone",
    "midi",
    "on-device-speech-recognition",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "private-state-token-issuance",
    "private-state-token-redemption",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "speaker-selection",
    "storage-access",
    "summarizer",
    "sync-xhr",
    "translator",
    "unload",
    "usb",
    "window-management",
    "xr-spatial-tracking",
];

/// What a meta element cannot say.
const HEADER_ONLY: &str = "frame-ancestors 'none'";

/// The policy for the page's meta element.
pub(crate) fn policy(project: &Project) -> Result<String> {
    let path = project.root.join("web/policy.txt");
    parse(&read(&path)?).map_err(|error| format!("web/policy.txt: {error}"))
}

/// The headers of every response.
pub(crate) fn headers(project: &Project) -> Result<Vec<(String, String)>> {
    let policy = ("Content-Security-Policy".to_owned(), format!("{}; {HEADER_ONLY}", policy(project)?));
    let rows = HEADERS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let refused: Vec<String> = REFUSED.iter().map(|name| format!("{name}=()")).collect();
    Ok([policy, ("Permissions-Policy".to_owned(), refused.join(", "))].into_iter().chain(rows).collect())
}

/// Directives, one a line; lines that begin with `#` are notes.
pub(crate) fn parse(text: &str) -> Result<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let directives: Vec<&str> = lines.collect();
    let mut names: Vec<&str> = Vec::new();
    for directive in &directives {
        let name = directive.split(' ').next().unwrap_or_default();
        if directive.contains(['"', ';', ',', '<', '&']) {
            return Err(format!("one directive a line, and no quotes but single ones: {directive}"));
        }
        if names.contains(&name) {
            return Err(format!("`{name}` twice: browsers read the first alone"));
        }
        if HEADER_ONLY.starts_with(name) || matches!(name, "sandbox" | "report-uri") {
            return Err(format!("`{name}` has no effect in a meta element"));
        }
        names.push(name);
    }
    if !directives.contains(&"default-src 'none'") {
        return Err("the policy begins with default-src 'none'".into());
    }
    Ok(directives.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_policy_is_sound_and_names_no_other_host() {
        let policy = parse(include_str!("../../../../web/policy.txt")).unwrap();
        for directive in ["base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"] {
            assert!(policy.contains(directive), "{directive}");
        }
        for absent in ["unsafe-inline", "'unsafe-eval'", "http:", "https:", "*"] {
            assert!(!policy.contains(absent), "{absent}");
        }
    }

    #[test]
    fn a_policy_that_would_not_work_is_refused() {
        for text in [
            "img-src 'self'",
            "default-src 'none'\ndefault-src 'self'",
            "default-src 'none'; img-src 'self'",
            "default-src 'none'\nframe-ancestors 'none'",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn notes_are_left_out() {
        assert_eq!(parse("# why\ndefault-src 'none'\n\nimg-src data:\n").unwrap(), "default-src 'none'; img-src data:");
    }
}
