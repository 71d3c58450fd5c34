//! How to make a certificate by hand: the same thing as commands, for learning and for checking.

use crate::catalog::row::{Form, Kind};
use crate::plan::{Plan, PlannedCert, Subject};
use crate::spec::{CaKeys, EtcdMode, KeyAlgorithm, San, Start};

/// Commands with a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Which program: `openssl`, `kubeadm`.
    pub tool: &'static str,
    /// The commands, one a line.
    pub text: String,
}

/// The recipes for a planned certificate.
pub fn recipes(plan: &Plan, index: usize) -> Vec<Recipe> {
    let mut recipes = vec![Recipe { tool: "openssl", text: openssl(plan, index) }];
    if let Some(command) = kubeadm(plan, index) {
        let again = match plan.certs[index].row.form {
            Form::Pair | Form::KeyPair => "# kubeadm keeps files that exist: move the old pair away first\n",
            Form::Kubeconfig(_) => "",
        };
        recipes.push(Recipe { tool: "kubeadm", text: format!("{again}{command}") });
    }
    recipes
}

/// Base name of scratch files for a certificate.
pub(super) fn base(plan: &Plan, index: usize) -> String {
    let id = plan.certs[index].row.id;
    id.strip_suffix(".conf").unwrap_or(id).to_owned()
}

/// What `openssl genpkey -algorithm` is told.
pub(super) fn algorithm(key: KeyAlgorithm) -> String {
    match key {
        KeyAlgorithm::EcdsaP256 => "EC -pkeyopt ec_paramgen_curve:P-256".to_owned(),
        KeyAlgorithm::EcdsaP384 => "EC -pkeyopt ec_paramgen_curve:P-384".to_owned(),
        rsa => format!("RSA -pkeyopt rsa_keygen_bits:{}", rsa.bits()),
    }
}

/// The command that makes a key, in the form in which kubeadm and exports have it: PKCS#1 or SEC1, not PKCS#8.
pub(super) fn make_key(key: KeyAlgorithm, file: &str) -> String {
    format!("openssl genpkey -algorithm {} | openssl pkey -traditional -out {file}", algorithm(key))
}

/// The subject as `openssl req -subj` wants it.
pub(super) fn subject(subject: &Subject) -> String {
    let organizations: String = subject.organizations.iter().map(|one| format!("/O={one}")).collect();
    format!("{organizations}/CN={}", subject.common_name)
}

/// `subjectAltName=DNS:a,IP:b`; nothing where there are none.
pub(super) fn alternative_names(cert: &PlannedCert) -> Option<String> {
    let name = |san: &San| match san {
        San::Dns(name) => format!("DNS:{name}"),
        San::Ip(address) => format!("IP:{address}"),
    };
    let names: Vec<String> = cert.sans.iter().map(name).collect();
    (!names.is_empty()).then(|| format!("subjectAltName={}", names.join(",")))
}

/// The digest that its issuer signs with: as strong as the issuer's curve, SHA-256 for RSA.
pub(super) fn digest(plan: &Plan, index: usize) -> &'static str {
    match plan.certs[plan.certs[index].issuer.unwrap_or(index)].key {
        KeyAlgorithm::EcdsaP384 => "sha384",
        _ => "sha256",
    }
}

/// The extensions as openssl's configuration has them (x509v3_config), a line each.
pub(super) fn extensions(cert: &PlannedCert) -> String {
    let usage = if cert.kind == Kind::Ca {
        "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign\nbasicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash"
    } else {
        // openssl 3 adds the identifier unless told not to; Go leaves it out.
        "keyUsage=critical,digitalSignature,keyEncipherment\nbasicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=none"
    };
    let mut lines = vec![usage.to_owned()];
    if !cert.ekus.is_empty() {
        lines
            .push(format!("extendedKeyUsage={}", cert.ekus.iter().map(|eku| eku.word()).collect::<Vec<_>>().join(",")));
    }
    if cert.issuer.is_some() {
        lines.push("authorityKeyIdentifier=keyid".to_owned());
    }
    lines.extend(alternative_names(cert));
    lines.join("\n") + "\n"
}

fn openssl(plan: &Plan, index: usize) -> String {
    let cert = &plan.certs[index];
    let name = base(plan, index);
    let mut lines = vec![make_key(cert.key, &format!("{name}.key"))];
    let Some(named) = &cert.subject else {
        lines.push(format!("openssl pkey -in {name}.key -pubout -out {name}.pub"));
        return lines.join("\n");
    };
    let digest = digest(plan, index);
    let days = (cert.lifetime.seconds / 86_400).max(1);
    if days * 86_400 != cert.lifetime.seconds {
        lines.push(format!("# {} by the design; openssl counts whole days", cert.lifetime));
    }
    lines.push(format!("cat > {name}.ext <<'END'\n{}END", extensions(cert)));
    lines.push(format!("openssl req -new -key {name}.key -subj '{}' -out {name}.csr", subject(named)));
    lines.push(match cert.issuer {
        Some(issuer) => {
            let ca = base(plan, issuer);
            format!("openssl x509 -req -in {name}.csr -CA {ca}.crt -CAkey {ca}.key -CAcreateserial -{digest} -days {days} -extfile {name}.ext -out {name}.crt")
        }
        None => format!("openssl x509 -req -in {name}.csr -signkey {name}.key -{digest} -days {days} -extfile {name}.ext -out {name}.crt"),
    });
    lines.join("\n")
}

/// kubeadm's own phase, where it has one for this certificate and the export has its configuration.
pub(super) fn kubeadm(plan: &Plan, index: usize) -> Option<String> {
    let cert = &plan.certs[index];
    let spec = &plan.spec;
    let node = cert.node.unwrap_or_else(|| spec.init_node());
    let signer = &plan.certs[cert.issuer.unwrap_or(index)];
    // kubeadm makes nothing of an external etcd's CA, and cannot sign without a CA's key.
    let external = spec.etcd_mode == EtcdMode::External && signer.row.id == "etcd-ca";
    let makes = spec.start == Start::Kubeadm && spec.ca_keys == CaKeys::OnControlPlane && !external;
    if !makes || !spec.nodes[node].control_plane {
        return None;
    }
    let config = format!("--config kubeadm/{}.yaml", spec.nodes[node].name);
    let phase = match (cert.row.form, node == spec.init_node()) {
        (Form::Pair | Form::KeyPair, true) => format!("init phase certs {}", cert.row.id),
        (Form::Kubeconfig(_), true) => {
            format!("init phase kubeconfig {}", cert.row.id.strip_suffix(".conf").unwrap_or(cert.row.id))
        }
        (Form::Pair | Form::KeyPair, false) => "join phase control-plane-prepare certs".to_owned(),
        (Form::Kubeconfig(_), false) => "join phase control-plane-prepare kubeconfig".to_owned(),
    };
    // `init phase certs sa` alone takes no configuration (kubeadm: cmd/phases/init/certs.go).
    let config = if cert.row.form == Form::KeyPair { String::new() } else { format!(" {config}") };
    Some(format!("kubeadm {phase}{config}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset::PRESETS;
    use crate::spec::{Field, parse};

    #[test]
    fn kubeadm_is_given_files_that_the_export_has() {
        for preset in PRESETS {
            for start in ["kubeadm", "manual"] {
                let mut draft = preset.draft();
                draft.set_text(Field::Start, start);
                let Some(spec) = parse(&draft).0 else { continue };
                let plan = crate::plan::plan(&spec);
                let files: Vec<String> = match spec.start {
                    Start::Kubeadm => {
                        crate::snippet::kubeadm::files(&plan, None).into_iter().map(|file| file.path).collect()
                    }
                    Start::Manual => Vec::new(),
                };
                for text in (0..plan.certs.len()).filter_map(|index| kubeadm(&plan, index)) {
                    let named = text.split(' ').find(|word| word.starts_with("kubeadm/"));
                    assert!(named.is_none_or(|name| files.iter().any(|file| file == name)), "{text}\n{files:?}");
                }
            }
        }
    }
}
