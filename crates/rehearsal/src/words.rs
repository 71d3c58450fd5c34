//! The lines that components print around Go's own words. Sources: reference section of each row's component.

use crate::dial::Dial;

/// What the caller prints when its handshake fails with this message.
pub(crate) fn caller_log(dial: &Dial, message: &str) -> String {
    let at = dial.dialled();
    match dial.row.id.split_once("->").map_or("", |(caller, _)| caller) {
        "kubectl" | "super-admin" => format!("Unable to connect to the server: {message}"),
        "kube-apiserver" if dial.row.id == "kube-apiserver->etcd" => format!(
            "grpc: addrConn.createTransport failed to connect to {{Addr: \"{at}\", ...}}. Err: connection error: desc = \
             \"transport: authentication handshake failed: {message}\""
        ),
        "kube-apiserver" if dial.row.id == "kube-apiserver->kubelet" => {
            format!("Error from server: Get \"https://{at}/containerLogs/NAMESPACE/POD/CONTAINER\": {message}")
        }
        "kube-apiserver" => {
            format!("failing or missing response from https://{at}/apis: Get \"https://{at}/apis\": {message}")
        }
        "etcd" => {
            format!("{{\"level\":\"warn\",\"msg\":\"prober detected unhealthy status\",\"error\":\"{message}\"}}")
        }
        "etcdctl" | "etcd-gateway" => {
            format!("connection error: desc = \"transport: authentication handshake failed: {message}\"")
        }
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
        "etcd" => {
            format!(
                "{{\"level\":\"warn\",\"msg\":\"rejected connection\",\"remote-addr\":\"{from}\",\"error\":\"{message}\"}}"
            )
        }
        _ => format!("http: TLS handshake error from {from}: {message}"),
    }
}

/// What a component prints when it cannot load its own pair, and ends.
pub(crate) fn start_log(component: &str, message: &str) -> String {
    match component {
        "etcd" => format!("{{\"level\":\"fatal\",\"msg\":\"listener failed\",\"error\":\"{message}\"}}"),
        "kubelet" => format!("failed to run Kubelet: {message}"),
        _ => format!("Error: failed to load the serving certificate: {message}"),
    }
}

/// What kube-apiserver's filter prints when it does not believe a credential
/// (apiserver: pkg/endpoints/filters/authentication.go).
pub(crate) fn unauthenticated(message: &str) -> String {
    format!("\"Unable to authenticate the request\" err=\"{message}\"")
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
