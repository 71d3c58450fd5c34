# What the tables' commands are made of. Each is run on the machine as `. /root/lib.sh; COMMAND`.
pki=/etc/kubernetes/pki
new=/root/new      # a CA that comes beside the cluster's
strange=/root/strange # one that nobody trusts
address=$(cat /root/address)
api=$address:6443

kube() { kubectl --kubeconfig /root/sound.conf --insecure-skip-tls-verify "$@"; }

# authority FOLDER NAME: makes a CA.
authority() {
    mkdir -p "$1"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$2" \
        -keyout "$1/ca.key" -out "$1/ca.crt" 2>/dev/null
}

# sign NAMES CA KEY: signs a request for two days, with every usage.
sign() {
    printf 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\n%s' "${1:+subjectAltName=$1}" >/root/extensions
    openssl x509 -req -CA "$2" -CAkey "$3" -set_serial "0x1$(openssl rand -hex 8)" -days 2 -extfile /root/extensions 2>/dev/null
}

# client FILE SUBJECT FOLDER: a pair for a client, or for a server at this address.
client() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" -keyout "$1.key" 2>/dev/null |
        sign "IP:$address" "$3/ca.crt" "$3/ca.key" >"$1.crt"
}

# again CERTIFICATE KEY CA CA-KEY: the same certificate anew, in its place, with its key.
again() {
    names=$(openssl x509 -in "$1" -noout -ext subjectAltName 2>/dev/null | sed -n '2s/IP Address/IP/g;2s/ //gp')
    openssl x509 -x509toreq -in "$1" -signkey "$2" 2>/dev/null | sign "$names" "$3" "$4" >/root/again &&
        cat /root/again >"$1"
}

# again_in KUBECONFIG FOLDER: the same for the certificate that is embedded there.
again_in() {
    for part in certificate key; do
        sed -n "s/.*client-$part-data: //p" "$1" | tr -d '"' | base64 -d >"/root/embedded.$part"
    done
    again /root/embedded.certificate /root/embedded.key "$2/ca.crt" "$2/ca.key" &&
        cp -n "$1" "$1.before" &&
        sed -i "s|client-certificate-data: .*|client-certificate-data: $(base64 -w0 </root/embedded.certificate)|" "$1"
}

# serves ADDRESS FILE: whether the server there shows the certificate of a file.
serves() {
    served=$(timeout 5 openssl s_client -connect "$1" </dev/null 2>/dev/null | openssl x509 2>/dev/null)
    [ "$served" = "$(openssl x509 -in "$2")" ]
}

# shows CERTIFICATE TEXT: whether a text has a certificate in it.
shows() { echo "$2" | tr -d '\n' | grep -qF -- "$(openssl x509 -in "$1" | tr -d '\n')"; }

# status ADDRESS PATH PAIR HEADERS: the HTTP status that a client gets; nothing where the handshake fails.
status() {
    pair=${3:+-cert $3.crt -key $3.key}
    # shellcheck disable=SC2086
    printf 'GET %s HTTP/1.1\r\nHost: probe\r\n%b\r\n' "$2" "${4}Connection: close\r\n" |
        timeout 5 openssl s_client -quiet -connect "$1" $pair 2>/dev/null | head -1 | cut -d' ' -f2
}

# gets STATUS ADDRESS PATH PAIR HEADERS: whether that is it.
gets() { [ "$(status "$2" "$3" "$4" "$5")" = "$1" ]; }

# Whether the API server does.
reaches_etcd() { kube get --raw /readyz/etcd --request-timeout 3s; }

# The key that a token says it is signed with.
kid() { cut -d. -f1 | tr '_-' '/+' | base64 -d 2>/dev/null | sed 's/.*"kid":"\([^"]*\)".*/\1/'; }

# signed TOKEN KEY: the same token, signed with an RSA key.
signed() {
    url() { base64 -w0 | tr '/+' '_-' | tr -d '='; }
    body=$(printf '{"alg":"RS256"}' | url).$(echo "$1" | cut -d. -f2)
    echo "$body.$(printf %s "$body" | openssl dgst -sha256 -sign "$2" | url)"
}

# A new token of a Secret, as the controller manager makes them.
secret_token() {
    kube delete secret old-kind --ignore-not-found >/dev/null
    kube create -f - >/dev/null <<TEXT
apiVersion: v1
kind: Secret
type: kubernetes.io/service-account-token
metadata: {name: old-kind, annotations: {kubernetes.io/service-account.name: default}}
TEXT
    for try in 1 2 3 4 5 6 7 8 9 10; do
        found=$(kube get secret old-kind -o 'jsonpath={.data.token}' | base64 -d)
        [ -n "$found" ] && { echo "$found"; return; }
        sleep 0.3
    done
}

# request NAME: a client's certificate is asked for and approved.
request() {
    kube delete csr "$1" --ignore-not-found >/dev/null
    csr=$(openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=somebody -keyout /dev/null 2>/dev/null | base64 -w0)
    kube create -f - >/dev/null <<TEXT
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: $1}
spec: {request: $csr, signerName: kubernetes.io/kube-apiserver-client, usages: [client auth]}
TEXT
    kube certificate approve "$1" >/dev/null
}

# cut_off PORT: ends every connection to it. Who wants to go on must shake hands again.
cut_off() {
    iptables -I INPUT -p tcp --dport "$1" -j REJECT --reject-with tcp-reset
    sleep 1.5
    iptables -D INPUT -p tcp --dport "$1" -j REJECT --reject-with tcp-reset
}

# says COMPONENT TEXT: whether a log has this, however it is quoted there.
says() { tr -d '\\' <"/var/log/units/$1.log" | grep -qF -- "$2"; }
forget() { : >"/var/log/units/$1.log"; }

# A server that shows whoever calls it the certificate that it was called with.
# mirror NAME PORT CERTIFICATE KEY
mirror() {
    printf '[Service]\nExecStart=/usr/bin/openssl s_server -quiet -accept %s -www -verify 1 -cert %s -key %s\n' "$2" "$3" "$4" \
        >"/etc/systemd/system/$1.service"
    systemctl start "$1"
}

# kubelet_at NAME PORT: has the API server take what listens there for a node's kubelet.
kubelet_at() {
    printf 'apiVersion: v1\nkind: Node\nmetadata: {name: %s}\n' "$1" | kube create -f - >/dev/null
    kube patch node "$1" --subresource=status --type=merge -p "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"$address\"}],\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":$2}}}}" >/dev/null
}
