//! The whole PKI by openssl: one POSIX shell script that makes the same tree as an export.

use std::fmt::Write as _;

use crate::plan::{BACKDATE_SECONDS, Holding, Plan, Root};

use super::super::by_hand::{algorithm, digest, extensions, subject};
use super::shell::quoted;

/// The script. It makes `NAME-pki/` where it is run, with a folder for each node, and needs openssl 3 alone.
pub fn script(plan: &Plan) -> String {
    let spec = &plan.spec;
    let out = format!("{}-pki", spec.cluster_name);
    let mut text = format!("{HEAD}out={}\nbackdate={BACKDATE_SECONDS}\n{BODY}", quoted(&out));
    for (index, cert) in plan.certs.iter().enumerate() {
        let key = plan.key_of(index);
        let _ = writeln!(text, "key {} {}", quoted(&key), algorithm(cert.key));
        let Some(named) = &cert.subject else { continue };
        let issuer = plan.key_of(cert.issuer.unwrap_or(index));
        let _ = writeln!(
            text,
            "certificate {} {} {} {} {} <<'END'\n{}END",
            quoted(&key),
            quoted(&issuer),
            cert.lifetime.seconds,
            digest(plan, index),
            quoted(&subject(named)),
            extensions(cert)
        );
    }
    text.push('\n');
    if plan.files.iter().any(|file| file.root == Root::OfflineCa) {
        text += "mkdir -m 0700 \"$made/offline-ca\"\n";
    }
    for file in &plan.files {
        let place = match file.root {
            Root::Node(node) => format!("nodes/{}{}", spec.nodes[node].name, file.path),
            Root::OfflineCa => format!("offline-ca/{}", file.path.trim_start_matches('/')),
        };
        let cert = file.content.cert;
        let key = plan.key_of(cert);
        let makes = match file.content.holding {
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
        let _ = writeln!(text, "put {:04o} {} {makes}", file.mode, quoted(&place));
    }
    text + TAIL
}

const HEAD: &str = "#!/bin/sh\n\
# Makes the whole PKI of a Kubernetes cluster with openssl 3, by no other program: the same names, usages and lives\n\
# as the workbench's own export. POSIX sh. It ends at the first error, writes over nothing and leaves nothing half made.\n\
set -eu\n\
umask 077\n";

const BODY: &str = r#"
if [ -e "$out" ]; then
  echo "$out is there already: move it away first" >&2
  exit 1
fi
work=$(mktemp -d "./.$out.XXXXXX")
made=$work/made
trap 'rm -rf "$work"' EXIT
# A shell that a signal ends may skip that: the work folder holds CA keys.
trap 'exit 1' HUP INT TERM
mkdir "$made"

# What openssl's small CA wants: names as the request has them, dates to the second.
: > "$work/index.txt"
cat > "$work/ca.cnf" <<END
[ca]
default_ca = any
[any]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
unique_subject = no
policy = any_name
[any_name]
commonName = supplied
organizationName = optional
END

# quietly COMMAND...: what it says is shown if it fails, and that ends all
quietly() {
  "$@" 2> "$work/said" || {
    cat "$work/said" >&2
    exit 1
  }
}

# moment SECONDS: since 1970, as openssl wants it; GNU and busybox first, then BSD
moment() {
  date -u -d "@$1" +%Y%m%d%H%M%SZ 2>/dev/null || date -u -r "$1" +%Y%m%d%H%M%SZ
}
now=$(date +%s)
from=$(moment $((now - backdate)))

# key NAME ALGORITHM...: as kubeadm writes it, PKCS#1 or SEC1
key() {
  name=$1
  shift
  quietly openssl genpkey -algorithm "$@" -out "$work/new.key"
  quietly openssl pkey -traditional -in "$work/new.key" -out "$work/$name.key"
}

# certificate NAME ISSUER SECONDS DIGEST SUBJECT < EXTENSIONS
certificate() {
  cat > "$work/$1.ext"
  until=$(moment $((now + $3)))
  quietly openssl req -new -key "$work/$1.key" -subj "$5" -out "$work/$1.csr"
  name=$1 issuer=$2 digest=$4
  if [ "$name" = "$issuer" ]; then set -- -selfsign; else set -- -cert "$work/$issuer.crt"; fi
  quietly openssl ca -config "$work/ca.cnf" -batch -notext -preserveDN -md "$digest"     -startdate "$from" -enddate "$until" -in "$work/$name.csr" -extfile "$work/$name.ext"     -keyfile "$work/$issuer.key" "$@" -out "$work/$name.crt"
}

# kubeconfig NAME CA SERVER CLUSTER USER
kubeconfig() {
  ca=$(openssl base64 -A < "$work/$2.crt")
  cert=$(openssl base64 -A < "$work/$1.crt")
  key=$(openssl base64 -A < "$work/$1.key")
  cat <<END
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: $ca
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
    client-certificate-data: $cert
    client-key-data: $key
END
}

# put MODE PATH COMMAND...: what the command prints
put() {
  mode=$1 path=$made/$2
  shift 2
  (umask 022 && mkdir -p "${path%/*}")
  "$@" > "$path"
  chmod "$mode" "$path"
}

"#;

const TAIL: &str = r#"
mv "$made" "$out"
echo "$out is made. Its keys are secret: carry each node's folder to that node, and nothing else."
"#;
