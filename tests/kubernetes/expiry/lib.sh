# What the probes are made of, behind ../reload/lib.sh. Each is run on the machine as `. /root/lib.sh; PROBE`, and ends well
# as long as what it is about goes on.

# An administrator whom the end of no certificate touches.
kube() { kubectl --server "https://$api" --insecure-skip-tls-verify --token "$(cat /root/token)" --request-timeout 5s "$@"; }

# Whether a component runs.
runs() { [ -f "/run/units/$1.main" ]; }

# renewed NAMESPACE NAME SECONDS: whether a lease is renewed in that time.
renewed() {
    renew() { kube -n "$1" get lease "$2" -o 'jsonpath={.spec.renewTime}'; }
    before=$(renew "$1" "$2") || return
    end=$(($(date +%s) + $3))
    while [ "$(date +%s)" -le "$end" ]; do
        sleep 1
        now=$(renew "$1" "$2") || return
        [ "$now" = "$before" ] || return 0
    done
    return 1
}

# Whether the watch that stands hears of something new.
watched() {
    mark=mark-$(openssl rand -hex 6)
    kube create configmap "$mark" >/dev/null || return
    for try in 1 2 3 4 5 6 7 8 9 10; do
        grep -q "^$mark " /root/watch && return
        sleep 0.5
    done
    return 1
}

# Whether the logs that are followed are followed still.
followed() { kill -0 "$(cat /root/follow.pid)"; }

# Whether a container runs.
contained() { ctr --namespace k8s.io task ls | grep -q RUNNING; }

# asks PATH: whether the API server gets an answer from the kubelet.
asks() { kube get --raw "/api/v1/nodes/$(hostname)/proxy/$1" >/dev/null; }

# Whether the controller manager knows the node's condition.
ready() { [ "$(kube get node "$(hostname)" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" != Unknown ]; }

# A new call of kubectl with a kubeconfig.
calls() { kubectl --kubeconfig "/etc/kubernetes/$1" --request-timeout 5s get namespace default >/dev/null; }

# Whether the API server reads and writes.
writes() { kube create configmap "write-$(openssl rand -hex 6)" >/dev/null; }

# pair KUBECONFIG: the pair that is embedded there, beside /root/KUBECONFIG.
pair() {
    sed -n 's/.*client-certificate-data: //p' "/etc/kubernetes/$1" | tr -d '"' | base64 -d >"/root/$1.crt"
    sed -n 's/.*client-key-data: //p' "/etc/kubernetes/$1" | tr -d '"' | base64 -d >"/root/$1.key"
}

# Whether an API server that is called through the aggregation layer believes its caller.
forwarded() {
    gets 200 "$api" /api/v1/nodes "$pki/front-proxy-client" 'X-Remote-User: somebody\r\nX-Remote-Group: system:masters\r\n'
}

# Whether the kernel has rules of kube-proxy's for a service.
ruled() { iptables-save | grep -qF "$1"; }

# Whether kube-proxy writes rules for a service that is new, of which then nothing is left.
hears_of_services() {
    service=service-$(openssl rand -hex 6)
    kube create service clusterip "$service" --tcp=80 >/dev/null || return
    heard=1
    for try in 1 2 3 4 5 6 7 8 9 10; do
        ruled "default/$service" && { heard=0; break; }
        sleep 0.5
    done
    kube delete service "$service" >/dev/null
    return "$heard"
}

# puts NUMBER: whether etcd takes a key by the member on that machine.
puts() {
    etcdctl --endpoints "https://$(sed -n "$1p" /root/addresses):2379" --cacert "$pki/etcd/ca.crt" \
        --cert "$pki/etcd/healthcheck-client.crt" --key "$pki/etcd/healthcheck-client.key" --command-timeout 3s \
        put probe something >/dev/null
}

# Whether etcd answers etcdctl.
etcd_answers() {
    etcdctl --endpoints https://127.0.0.1:2379 --cacert "$pki/etcd/ca.crt" --cert "$pki/etcd/healthcheck-client.crt" \
        --key "$pki/etcd/healthcheck-client.key" --command-timeout 3s endpoint health >/dev/null
}

# break_off PORT: ends every connection to it. Who wants to go on must shake hands again.
break_off() { ss --kill "( dport = :$1 or sport = :$1 )" >/dev/null; }

# What stands while certificates end: a watch, and logs that are followed where there is a pod.
stand_by() {
    kubectl --kubeconfig /etc/kubernetes/admin.conf get configmaps --watch >/root/watch 2>/root/watch.said &
    kubectl --server "https://$api" --insecure-skip-tls-verify --token "$(cat /root/token)" logs --follow pause >/root/follow 2>&1 &
    echo $! >/root/follow.pid
}

# probe NUMBER COMMAND: tries it again and again. Of each try, when it began, and whether it ended well, are written down.
probe() {
    while :; do
        begun=$(date +%s)
        (eval "$2") >>"/root/probes/$1.said" 2>&1
        echo "$begun $?" >>"/root/probes/$1.tried"
        sleep 1
    done
}
