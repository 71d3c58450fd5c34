//! How to make a certificate by hand: the same thing as commands, for learning and for checking.

use crate::catalog::row::{Form, Kind};
use crate::plan::{Plan, Root};
use crate::spec::{KeyAlgorithm, LayoutId, San};

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
    if let Some(text) = kubeadm(plan, index) {
        recipes.push(Recipe { tool: "kubeadm", text });
    }
    recipes
}

/// Base name of scratch files for a certificate.
fn base(plan: &Plan, index: usize) -> String {
    plan.certs[index].row.base.replace('/', "-").trim_end_matches(".conf").to_owned()
}

fn openssl(plan: &Plan, index: usize) -> String {
    let cert = &plan.certs[index];
    let name = base(plan, index);
    let genpkey = match cert.key {
        KeyAlgorithm::EcdsaP256 => "EC -pkeyopt ec_paramgen_curve:P-256".to_owned(),
        KeyAlgorithm::EcdsaP384 => "EC -pkeyopt ec_paramgen_curve:P-384".to_owned(),
        rsa => format!("RSA -pkeyopt rsa_keygen_bits:{}", rsa.bits()),
    };
    let mut lines = vec![format!("openssl genpkey -algorithm {genpkey} -out {name}.key")];
    let Some(subject) = &cert.subject else {
        lines.push(format!("openssl pkey -in {name}.key -pubout -out {name}.pub"));
        return lines.join("\n");
    };
    let organizations: String = subject.organizations.iter().map(|one| format!("/O={one}")).collect();
    let days = (cert.lifetime.seconds / 86_400).max(1);
    let usage = if cert.kind == Kind::Ca {
        "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign\nbasicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash"
    } else {
        "keyUsage=critical,digitalSignature,keyEncipherment\nbasicConstraints=critical,CA:FALSE"
    };
    lines.push(format!("cat > {name}.ext <<'END'\n{usage}"));
    if !cert.ekus.is_empty() {
        lines
            .push(format!("extendedKeyUsage={}", cert.ekus.iter().map(|eku| eku.word()).collect::<Vec<_>>().join(",")));
    }
    if cert.issuer.is_some() {
        lines.push("authorityKeyIdentifier=keyid".to_owned());
    }
    if !cert.sans.is_empty() {
        let names = cert.sans.iter().map(|san| match san {
            San::Dns(name) => format!("DNS:{name}"),
            San::Ip(address) => format!("IP:{address}"),
        });
        lines.push(format!("subjectAltName={}", names.collect::<Vec<_>>().join(",")));
    }
    lines.push("END".to_owned());
    lines.push(format!(
        "openssl req -new -key {name}.key -subj '{organizations}/CN={}' -out {name}.csr",
        subject.common_name
    ));
    lines.push(match cert.issuer {
        Some(issuer) => {
            let ca = base(plan, issuer);
            format!("openssl x509 -req -in {name}.csr -CA {ca}.crt -CAkey {ca}.key -CAcreateserial -days {days} -extfile {name}.ext -out {name}.crt")
        }
        None => format!("openssl x509 -req -in {name}.csr -signkey {name}.key -days {days} -extfile {name}.ext -out {name}.crt"),
    });
    lines.join("\n")
}

/// kubeadm's own phase, where it has one for this certificate.
fn kubeadm(plan: &Plan, index: usize) -> Option<String> {
    let cert = &plan.certs[index];
    if plan.spec.layout != LayoutId::Kubeadm || cert.row.id == "kubelet-serving" {
        return None;
    }
    let node = &plan.spec.nodes[cert.node.unwrap_or_else(|| plan.spec.init_node())].name;
    Some(match cert.row.form {
        Form::Pair | Form::KeyPair => {
            let config =
                if cert.row.form == Form::Pair { format!(" --config kubeadm/{node}.yaml") } else { String::new() };
            let kept = plan.files.iter().find(|file| file.content.cert == index && matches!(file.root, Root::Node(_)));
            let again =
                kept.map(|_| "# kubeadm keeps files that exist: move the old pair away first\n").unwrap_or_default();
            format!("{again}kubeadm init phase certs {}{config}", cert.row.id)
        }
        Form::Kubeconfig(_) => {
            format!(
                "kubeadm init phase kubeconfig {} --config kubeadm/{node}.yaml",
                cert.row.id.trim_end_matches(".conf")
            )
        }
    })
}
