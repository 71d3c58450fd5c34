//! The lines that components print around Go's own words. Sources: reference section of each row's component.

use std::fmt::{self, Write as _};

use kubepki_core::diag::Quoted;

use crate::dial::Dial;

/// What the caller prints when its handshake fails with this message.
pub(crate) fn caller_log(dial: &Dial, message: &str) -> String {
    let at = dial.dialled();
    match dial.row.id.split_once("->").map_or("", |(caller, _)| caller) {
        "kubectl" | "super-admin" => format!("Unable to connect to the server: {message}"),
        "kube-apiserver" if dial.row.id == "kube-apiserver->etcd" => format!(
            "grpc: addrConn.createTransport failed to connect to {{Addr: \"{at}\", ...}}. Err: {}",
            connection_error(message)
        ),
        "kube-apiserver" if dial.row.id == "kube-apiserver->kubelet" => {
            format!("Error from server: Get \"https://{at}/containerLogs/NAMESPACE/POD/CONTAINER\": {message}")
        }
        "kube-apiserver" => {
            format!("failing or missing response from https://{at}/apis: Get \"https://{at}/apis\": {message}")
        }
        "etcd" => zap("warn", "prober detected unhealthy status", &[("error", message)]),
        "etcdctl" | "etcd-gateway" => connection_error(message),
        _ => format!("Get \"https://{at}/api\": {message}"),
    }
}

/// What the caller prints when it cannot load its own pair.
pub(crate) fn caller_start_log(dial: &Dial, message: &str) -> String {
    match dial.row.id.split_once("->").map_or("", |(caller, _)| caller) {
        "kubectl" | "super-admin" => format!("error: {message}"),
        _ => caller_log(dial, message),
    }
}

/// What the server prints when a handshake with this caller fails with this message.
pub(crate) fn server_log(dial: &Dial, from: &str, message: &str) -> String {
    match server_of(dial) {
        "etcd" => zap("warn", "rejected connection", &[("remote-addr", from), ("error", message)]),
        _ => format!("http: TLS handshake error from {from}: {message}"),
    }
}

/// What a component prints when it cannot load its own pair, and ends.
pub(crate) fn start_log(component: &str, message: &str) -> String {
    match component {
        "etcd" => zap("fatal", "listener failed", &[("error", message)]),
        "kubelet" => format!("failed to run Kubelet: {message}"),
        _ => format!("Error: failed to load the serving certificate: {message}"),
    }
}

/// What a server prints when it does not believe a credential: kube-apiserver's filter, or the kubelet in words of its own
/// (apiserver: pkg/endpoints/filters/authentication.go; kubelet: pkg/kubelet/server/server.go; klog quotes values as `%q`
/// does: internal/serialize).
pub(crate) fn unauthenticated(dial: &Dial, message: &str) -> String {
    let why = if server_of(dial) == "kubelet" { " due to an error" } else { "" };
    format!("\"Unable to authenticate the request{why}\" err={}", Quoted(message))
}

/// What a caller prints on HTTP 401.
pub(crate) fn asked_for_credentials(dial: &Dial) -> String {
    match dial.row.id.split_once("->").map_or("", |(caller, _)| caller) {
        "kubectl" | "super-admin" => {
            "error: You must be logged in to the server (the server has asked for the client to provide credentials)"
        }
        _ => "the server has asked for the client to provide credentials",
    }
    .to_owned()
}

/// The component that is called.
pub(crate) fn server_of(dial: &Dial) -> &'static str {
    dial.row.id.split_once("->").map_or("", |(_, server)| server)
}

/// What gRPC makes of a failed handshake (grpc-go: internal/transport, `ConnectionError`, which prints with `%q`).
fn connection_error(message: &str) -> String {
    format!("connection error: desc = {}", Quoted(&format!("transport: authentication handshake failed: {message}")))
}

/// A line of etcd's log: JSON, as zap encodes it. Time, caller and what else stands there is left out.
fn zap(level: &str, msg: &str, fields: &[(&str, &str)]) -> String {
    let mut out = String::from("{");
    for (name, value) in [("level", level), ("msg", msg)].iter().chain(fields) {
        let comma = if out.len() > 1 { "," } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(out, "{comma}\"{name}\":\"{}\"", ZapText(value));
    }
    out + "}"
}

/// The inside of a JSON string as zap writes it (zapcore/json_encoder.go, `safeAppendStringLike`): quote, backslash and
/// control characters below U+0020 are escaped, nothing else is.
struct ZapText<'a>(&'a str);

impl fmt::Display for ZapText<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '"' => out.write_str("\\\""),
                '\\' => out.write_str("\\\\"),
                '\n' => out.write_str("\\n"),
                '\r' => out.write_str("\\r"),
                '\t' => out.write_str("\\t"),
                '\0'..'\u{20}' => write!(out, "\\u{:04x}", u32::from(letter)),
                plain => out.write_char(plain),
            }?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_zap_does() {
        let text = "a \"name\" C:\\x\n\r\t\u{1b}[2J\0 \u{7f}\u{9b} é \u{2028}<&>";
        let expected = r#"{"level":"warn","msg":"m","error":"a \"name\" C:\\x\n\r\t\u001b[2J\u0000 "#.to_owned()
            + "\u{7f}\u{9b} é \u{2028}<&>\"}";
        assert_eq!(zap("warn", "m", &[("error", text)]), expected);
    }

    #[test]
    fn what_stands_in_quotation_marks_has_none_bare() {
        assert_eq!(
            connection_error("candidate \"etcd-ca\""),
            r#"connection error: desc = "transport: authentication handshake failed: candidate \"etcd-ca\"""#
        );
    }
}
