//! The whole PKI by openssl: one POSIX shell script that makes the same tree as an export.

use std::fmt::Write as _;

use crate::plan::{Holding, Plan, Root};

use super::super::by_hand::{algorithm, days, extensions, subject};
use super::quoted;

/// The script. It makes `NAME-pki/` where it is run, with a folder for each node, and needs openssl 3 alone.
pub fn script(plan: &Plan) -> String {
    let spec = &plan.spec;
    let out = format!("{}-pki", spec.cluster_name);
    let mut text = format!("{}out={}\n{BODY}", HEAD, quoted(&out));
    for (index, cert) in plan.certs.iter().enumerate() {
        let key = plan.key_of(index);
        let _ = writeln!(text, "key {} {}", quoted(&key), algorithm(cert.key));
        let Some(named) = &cert.subject else { continue };
        let issuer = plan.key_of(cert.issuer.unwrap_or(index));
        let _ = writeln!(
            text,
            "certificate {} {} {} {} <<'END'\n{}END",
            quoted(&key),
            quoted(&issuer),
            days(cert),
            quoted(&subject(named)),
            extensions(cert)
        );
    }
    text.push('\n');
    for file in &plan.files {
        let place = match file.root {
            Root::Node(node) => format!("nodes/{}{}", spec.nodes[node].name, file.path),
            Root::OfflineCa => format!("offline-ca/{}", file.path.trim_start_matches('/')),
        };
        let cert = file.content.cert;
        let key = plan.key_of(cert);
        let made = match file.content.holding {
            Holding::Certificate => format!("cat \"$work\"/{}", quoted(&format!("{key}.crt"))),
            Holding::PrivateKey => format!("cat \"$work\"/{}", quoted(&format!("{key}.key"))),
            Holding::PublicKey => format!("openssl pkey -pubout -in \"$work\"/{}", quoted(&format!("{key}.key"))),
            Holding::Kubeconfig => {
                let planned = &plan.certs[cert];
                let ca = planned.issuer.map(|issuer| plan.key_of(issuer)).unwrap_or_default();
                let user = planned.subject.as_ref().map_or("", |subject| &subject.common_name);
                format!(
                    "kubeconfig {} {} {} {} {}",
                    quoted(&key),
                    quoted(&ca),
                    quoted(planned.server.as_deref().unwrap_or_default()),
                    quoted(&spec.cluster_name),
                    quoted(user)
                )
            }
        };
        let _ = writeln!(text, "{made} | put {:04o} {}", file.mode, quoted(&place));
    }
    text + "echo \"$out is made. Its keys are secret: carry each node's folder to that node, and nothing else.\"\n"
}

const HEAD: &str = "#!/bin/sh\n\
# Makes the whole PKI of a Kubernetes cluster with openssl 3, by no other program: the same names, usages and lives\n\
# as the workbench's own export. POSIX sh. It ends at the first error and writes over nothing.\n\
set -eu\n\
umask 077\n";

const BODY: &str = r#"
if [ -e "$out" ]; then
  echo "$out is there already: move it away first" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A shell that a signal ends may skip that: the work folder holds CA keys.
trap 'exit 1' HUP INT TERM
mkdir "$out"

# key NAME ALGORITHM...
key() {
  name=$1
  shift
  openssl genpkey -algorithm "$@" -out "$work/$name.key" 2>/dev/null
}

# certificate NAME ISSUER DAYS SUBJECT < EXTENSIONS
certificate() {
  cat > "$work/$1.ext"
  openssl req -new -key "$work/$1.key" -subj "$4" -out "$work/$1.csr"
  serial=0x$(openssl rand -hex 7)1
  if [ "$1" = "$2" ]; then
    openssl x509 -req -in "$work/$1.csr" -signkey "$work/$1.key" -set_serial "$serial" -days "$3" \
      -extfile "$work/$1.ext" -out "$work/$1.crt" 2>/dev/null
  else
    openssl x509 -req -in "$work/$1.csr" -CA "$work/$2.crt" -CAkey "$work/$2.key" -set_serial "$serial" -days "$3" \
      -extfile "$work/$1.ext" -out "$work/$1.crt" 2>/dev/null
  fi
}

# kubeconfig NAME CA SERVER CLUSTER USER
kubeconfig() {
  cat <<END
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: $(openssl base64 -A < "$work/$2.crt")
    server: $3
  name: "$4"
contexts:
- context:
    cluster: "$4"
    user: $5
  name: "$5@$4"
current-context: "$5@$4"
kind: Config
users:
- name: $5
  user:
    client-certificate-data: $(openssl base64 -A < "$work/$1.crt")
    client-key-data: $(openssl base64 -A < "$work/$1.key")
END
}

# put MODE PATH < CONTENT
put() {
  (umask 022 && mkdir -p "$out/$(dirname "$2")")
  cat > "$out/$2"
  chmod "$1" "$out/$2"
}

"#;
