//! Kubeconfigs, read as client-go reads them (k8s.io/client-go/tools/clientcmd/api/v1).

use base64ct::{Base64, Encoding};
use serde_json::Value;

/// What the current context of a kubeconfig leads to.
#[derive(Clone, Debug)]
pub struct Kubeconfig {
    /// Name of the current context.
    pub context: String,
    /// Name of its cluster.
    pub cluster: String,
    /// Name of its user.
    pub user: String,
    /// URL of the API server.
    pub server: String,
    /// `certificate-authority-data`, decoded: PEM.
    pub authority: String,
    /// `client-certificate-data`, decoded: PEM.
    pub certificate: String,
    /// `client-key-data`, decoded: PEM.
    pub key: String,
}

/// Reads a kubeconfig with embedded data.
///
/// # Errors
/// A sentence that names what is missing.
pub fn parse(text: &str) -> Result<Kubeconfig, String> {
    let value: Value = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let string = |value: &Value, key: &str| -> Result<String, String> {
        value[key].as_str().map(str::to_owned).ok_or(format!("no {key}"))
    };
    if value["apiVersion"] != "v1" || value["kind"] != "Config" {
        return Err("not a v1 Config".to_owned());
    }
    let named = |list: &str, name: &str| -> Result<Value, String> {
        let list = value[list].as_array().ok_or(format!("no {list}"))?;
        let found = list.iter().find(|one| one["name"] == name).ok_or(format!("nothing named {name}"))?;
        Ok(found.clone())
    };
    let data = |value: &Value, key: &str| -> Result<String, String> {
        let bytes = Base64::decode_vec(&string(value, key)?).map_err(|error| format!("{key}: {error}"))?;
        String::from_utf8(bytes).map_err(|error| format!("{key}: {error}"))
    };
    let context = string(&value, "current-context")?;
    let inside = named("contexts", &context)?["context"].clone();
    let (cluster, user) = (string(&inside, "cluster")?, string(&inside, "user")?);
    let server = named("clusters", &cluster)?["cluster"].clone();
    let credential = named("users", &user)?["user"].clone();
    Ok(Kubeconfig {
        server: string(&server, "server")?,
        authority: data(&server, "certificate-authority-data")?,
        certificate: data(&credential, "client-certificate-data")?,
        key: data(&credential, "client-key-data")?,
        context,
        cluster,
        user,
    })
}
