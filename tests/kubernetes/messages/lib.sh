# What the rows are made of, behind ../reload/lib.sh. Each is run on the machine as `. /root/lib.sh; SCRIPT`.

# asks SERVER OPTION ...: kubectl, which trusts the cluster's CA.
asks() {
    server=$1
    shift
    kubectl --kubeconfig /dev/null --server "https://$server" --certificate-authority "$pki/ca.crt" --token none \
        --request-timeout 5s "$@" get --raw /api/v1/nodes
}

# serving SUBJECT NAMES OPTION ...: a pair for a server at /root/served, of the cluster's CA.
serving() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$1" -keyout /root/served.key 2>/dev/null |
        sign "$2" "$pki/ca.crt" "$pki/ca.key" >/root/served.crt
}

# listens OPTION ...: a server of openssl's that shows it on port 9443, for as long as the script runs.
listens() {
    openssl s_server -quiet -accept 9443 -www -cert /root/served.crt -key /root/served.key "$@" >/dev/null 2>&1 &
    listener=$!
    trap 'kill -9 $listener' EXIT
    is_open 9443
}

# is_open PORT: waits until somebody listens there.
is_open() {
    for try in $(seq 100); do
        ss --listening --tcp --numeric | grep -q ":$1 " && return
        sleep 0.1
    done
    return 1
}

# kubelet_with LINES: the kubelet, started anew with other lines about what it serves with.
kubelet_with() {
    [ -f /root/kubelet.yaml ] || cp /var/lib/kubelet/config.yaml /root/kubelet.yaml
    { grep -v '^tls\|^serverTLSBootstrap' /root/kubelet.yaml; printf '%b\n' "$1"; } >/var/lib/kubelet/config.yaml
    rm -f /var/lib/kubelet/pki/kubelet.crt /var/lib/kubelet/pki/kubelet.key
    systemctl stop kubelet
    systemctl start kubelet
    is_open 10250
}

# What the API server says of the kubelet.
through() { kube get --raw "/api/v1/nodes/$(hostname)/proxy/healthz"; }

# token EXPIRY: a token of the default service account that this cluster signed, until then.
token() {
    part() { openssl base64 -A | tr '+/' '-_' | tr -d =; }
    issuer=https://kubernetes.default.svc.cluster.local
    head=$(printf '{"alg":"%s"}' "$(algorithm)" | part)
    body=$(printf '{"iss":"%s","aud":["%s"],"sub":"system:serviceaccount:default:default","exp":%s,"iat":1,"nbf":1,"kubernetes.io":{"namespace":"default","serviceaccount":{"name":"default","uid":"%s"}}}' \
        "$issuer" "$issuer" "$1" "$(kube get serviceaccount default --output 'jsonpath={.metadata.uid}')" | part)
    printf '%s.%s.%s' "$head" "$body" "$(printf '%s.%s' "$head" "$body" | signed | part)"
}

# How sa.key signs tokens, and what it signs; JWS wants the two numbers of ECDSA, of 32 bytes each, without ASN.1.
algorithm() { openssl pkey -in "$pki/sa.key" -noout -text | grep -q NIST && echo ES256 || echo RS256; }
signed() {
    openssl dgst -sha256 -sign "$pki/sa.key" >/root/signature
    case $(algorithm) in
    RS256) cat /root/signature ;;
    ES256)
        openssl asn1parse -inform DER -in /root/signature | sed -n 's/.*INTEGER *://p' | while read -r number; do
            printf '%64s' "$number" | tr ' ' 0
        done | basenc --base16 --decode
        ;;
    esac
}
