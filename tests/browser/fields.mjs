// Every field of a design, and what must be seen when it changes: the data of fields.spec.mjs.
//
// A row: the field's path in the JSON Schema; the control to change, where the form splits the field (`at`); the new
// value; the design to change it in; and by name what differs then in each view, in the inspector and in the zip.
// A view's line is named by its `data-testid`, a zip's file by its path (or a pattern of paths): it must hold the given
// text after the change and not before. An empty text stands for the line or file itself, `gone` for one that is there
// no more. Where nothing may differ the row says `same`, and not one line may.

/** Not one line differs. */
export const same = "same";
/** The line or file is there no more. */
export const gone = Symbol("gone");
/** A certificate valid for so many hours, and for the five minutes before its issue time. */
export const lasts = (hours) => (text) => {
  const date = (label) => Date.parse(new RegExp(`Not ${label} *: (.*)`).exec(text)?.[1] ?? "");
  return date("After") - date("Before") === hours * 3_600_000 + 300_000;
};

/** A cluster set up by hand in the kubeadm layout: everything is in the zip. */
const manual = `apiVersion: kubepki.dev/v1alpha1
kind: ClusterDesign
clusterName: base
kubernetesVersion: "1.36"
start: manual
controlPlaneEndpoint: api.base.example:6443
networking: {podSubnets: [10.244.0.0/16]}
keys: {ca: ECDSA-P256, leaf: ECDSA-P256}
kubelet: {client: issued}
nodes:
- {name: cp-1, addresses: [10.0.0.11], roles: [control-plane]}
- {name: w-1, addresses: [10.0.0.21], roles: [worker]}
`;

/** The same as courses lay it out. */
const course = manual.replace("start: manual", "start: manual\nlayout: course");

/** Two control planes, of which one would be left to host etcd. */
const pair = manual.replace("- {name: w-1", "- {name: cp-2, addresses: [10.0.0.12], roles: [control-plane, etcd]}\n- {name: w-1");

/** The same, as it would be after an import of a kubeadm file that sets something beyond the design. */
const imported = manual.replace("start: manual", 'start: manual\nkubeadm: {alsoSets: ["kube-apiserver --audit-log-path"]}');

/** The designs that rows start from. */
export const DESIGNS = { manual, course, pair, imported };

const PKI = "/etc/kubernetes/pki";
const CP = `nodes/cp-1${PKI}`;
const COURSE = "/var/lib/kubernetes/pki";

export const FIELDS = [
  {
    path: "clusterName",
    to: "renamed",
    hierarchy: same,
    inspector: { "flag-kube-controller-manager-cluster-name@cp-1": "renamed" },
    files: same,
    flags: { "flag-kube-controller-manager-cluster-name@cp-1": "renamed" },
    zip: { "nodes/cp-1/etc/kubernetes/admin.conf": "name: renamed" },
  },
  {
    path: "kubernetesVersion",
    to: "1.28",
    hierarchy: { "cert-super-admin.conf@cp-1": gone },
    inspector: { "cert-admin.conf@cp-1": "system:masters" },
    files: { [`file-cp-1:/etc/kubernetes/super-admin.conf`]: gone },
    flags: { "flag-etcd-experimental-initial-corrupt-check@cp-1": "true", "flag-etcd-feature-gates@cp-1": gone },
    zip: { "nodes/cp-1/etc/kubernetes/super-admin.conf": gone, "nodes/cp-1/etc/kubernetes/admin.conf": "system:masters" },
  },
  {
    path: "start",
    to: "kubeadm",
    hierarchy: { "cert-kubelet.conf@w-1": gone, "unsigned-kubelet.conf@w-1": "" },
    inspector: { "unsigned-kubelet.conf@w-1": "requested when it joins" },
    files: { [`file-w-1:${PKI}/ca.crt`]: gone },
    flags: { "flag-kubelet-bootstrap-kubeconfig@cp-1": "/etc/kubernetes/bootstrap-kubelet.conf" },
    zip: { [`nodes/w-1${PKI}/ca.crt`]: gone },
  },
  {
    path: "layout",
    to: "course",
    hierarchy: { "cert-front-proxy-ca@cluster": gone, "cert-ca@cluster": "KUBERNETES-CA" },
    inspector: { "cert-ca@cluster": "CN=KUBERNETES-CA" },
    files: { [`file-cp-1:${PKI}/ca.crt`]: gone, [`file-cp-1:${COURSE}/ca.crt`]: "" },
    flags: { "flag-kube-apiserver-tls-cert-file@cp-1": `${COURSE}/apiserver.crt` },
    zip: { [`${CP}/ca.crt`]: gone, [`nodes/cp-1${COURSE}/ca.crt`]: "KUBERNETES-CA" },
  },
  {
    path: "controlPlaneEndpoint",
    to: "api.other.example:7443",
    hierarchy: same,
    inspector: { "cert-apiserver@cp-1": "api.other.example", "cert-admin.conf@cp-1": "https://api.other.example:7443" },
    files: same,
    flags: same,
    zip: {
      [`${CP}/apiserver.crt`]: "DNS:api.other.example",
      "nodes/cp-1/etc/kubernetes/admin.conf": "server: https://api.other.example:7443",
    },
  },
  {
    path: "networking.serviceSubnets",
    at: "networking.serviceSubnets.0",
    to: "10.128.0.0/16",
    hierarchy: same,
    inspector: { "cert-apiserver@cp-1": "10.128.0.1" },
    files: same,
    flags: { "flag-kube-apiserver-service-cluster-ip-range@cp-1": "10.128.0.0/16" },
    zip: { [`${CP}/apiserver.crt`]: "IP Address:10.128.0.1", "~manifests/.*kube-apiserver": "--service-cluster-ip-range=10.128.0.0/16" },
  },
  {
    path: "networking.podSubnets",
    at: "networking.podSubnets.0",
    to: "10.200.0.0/16",
    hierarchy: same,
    inspector: { "flag-kube-controller-manager-cluster-cidr@cp-1": "10.200.0.0/16" },
    files: same,
    flags: { "flag-kube-controller-manager-cluster-cidr@cp-1": "10.200.0.0/16" },
    zip: { "~manifests/.*kube-controller-manager": "--cluster-cidr=10.200.0.0/16" },
  },
  {
    path: "networking.dnsDomain",
    to: "corp.internal",
    hierarchy: same,
    inspector: { "cert-apiserver@cp-1": "kubernetes.default.svc.corp.internal" },
    files: same,
    flags: { "flag-kube-apiserver-service-account-issuer@cp-1": "https://kubernetes.default.svc.corp.internal" },
    zip: { [`${CP}/apiserver.crt`]: "DNS:kubernetes.default.svc.corp.internal" },
  },
  {
    path: "etcd.mode",
    to: "external",
    in: "pair",
    hierarchy: { "cert-etcd-server@cp-1": gone },
    inspector: { "flag-kube-apiserver-etcd-servers@cp-1": "https://10.0.0.12:2379" },
    files: { [`file-cp-1:${PKI}/etcd/server.crt`]: gone },
    flags: { "flag-etcd-cert-file@cp-1": gone, "flag-kube-apiserver-etcd-servers@cp-1": "https://10.0.0.12:2379" },
    zip: { [`${CP}/etcd/server.crt`]: gone, "~manifests/.*cp-1.*kube-apiserver": "--etcd-servers=https://10.0.0.12:2379" },
  },
  {
    path: "etcd.serverCertSANs",
    at: "etcd.serverCertSANs.0",
    to: "served.example",
    hierarchy: same,
    inspector: { "cert-etcd-server@cp-1": "served.example" },
    files: same,
    flags: same,
    zip: { [`${CP}/etcd/server.crt`]: "DNS:served.example" },
  },
  {
    path: "etcd.peerCertSANs",
    at: "etcd.peerCertSANs.0",
    to: "peer.example",
    hierarchy: same,
    inspector: { "cert-etcd-peer@cp-1": "peer.example" },
    files: same,
    flags: same,
    zip: { [`${CP}/etcd/peer.crt`]: "DNS:peer.example" },
  },
  {
    path: "etcd.dataDir",
    to: "/data/etcd",
    hierarchy: same,
    inspector: { "flag-etcd-data-dir@cp-1": "/data/etcd" },
    files: same,
    flags: { "flag-etcd-data-dir@cp-1": "/data/etcd" },
    zip: { "~manifests/.*etcd": "--data-dir=/data/etcd" },
  },
  {
    path: "kubeadm.alsoSets",
    at: "kubeadm.alsoSets.0",
    to: "kube-apiserver --authorization-mode",
    in: "imported",
    hierarchy: same,
    inspector: same,
    files: same,
    flags: { "flag-kube-apiserver-authorization-mode@cp-1": "your own kubeadm file sets this" },
    zip: { "design.yaml": "kube-apiserver --authorization-mode" },
  },
  {
    path: "apiServer.certSANs",
    at: "apiServer.certSANs.0",
    to: "203.0.113.7",
    hierarchy: same,
    inspector: { "cert-apiserver@cp-1": "203.0.113.7" },
    files: same,
    flags: same,
    zip: { [`${CP}/apiserver.crt`]: "IP Address:203.0.113.7" },
  },
  {
    path: "apiServer.bindPort",
    to: "7443",
    hierarchy: same,
    inspector: { "cert-controller-manager.conf@cp-1": "https://10.0.0.11:7443" },
    files: same,
    flags: { "flag-kube-apiserver-secure-port@cp-1": "7443" },
    zip: { "nodes/cp-1/etc/kubernetes/controller-manager.conf": "server: https://10.0.0.11:7443" },
  },
  {
    path: "apiServer.clientPairs",
    to: "serving",
    in: "course",
    hierarchy: { "cert-apiserver-etcd-client@cp-1": gone, "cert-apiserver-kubelet-client@cp-1": gone },
    inspector: { "cert-apiserver@cp-1": "clientAuth" },
    files: { [`file-cp-1:${COURSE}/apiserver-etcd-client.crt`]: gone },
    flags: { "flag-kube-apiserver-etcd-certfile@cp-1": `${COURSE}/apiserver.crt` },
    zip: {
      [`nodes/cp-1${COURSE}/apiserver-etcd-client.crt`]: gone,
      [`nodes/cp-1${COURSE}/apiserver.crt`]: "TLS Web Client Authentication",
    },
  },
  {
    path: "keys.ca",
    to: "ECDSA-P384",
    hierarchy: same,
    inspector: { "cert-ca@cluster": "ECDSA-P384", "cert-apiserver@cp-1": "ECDSA-SHA384" },
    files: same,
    flags: same,
    zip: { [`${CP}/ca.crt`]: "secp384r1", [`${CP}/apiserver.crt`]: "ecdsa-with-SHA384" },
  },
  {
    path: "keys.leaf",
    to: "ECDSA-P384",
    hierarchy: same,
    inspector: { "cert-apiserver@cp-1": "ECDSA-P384", "cert-sa@cluster": "ECDSA-P384" },
    files: same,
    flags: same,
    zip: { [`${CP}/apiserver.crt`]: "secp384r1" },
  },
  {
    path: "validity.ca",
    to: "50000h",
    hierarchy: same,
    inspector: { "cert-ca@cluster": "50000 hours" },
    files: same,
    flags: same,
    zip: { [`${CP}/ca.crt`]: lasts(50_000) },
  },
  {
    path: "validity.leaf",
    to: "30d",
    hierarchy: same,
    inspector: { "cert-apiserver@cp-1": "30 days" },
    files: same,
    flags: same,
    zip: { [`${CP}/apiserver.crt`]: lasts(720) },
  },
  {
    path: "caKeys",
    to: "offNode",
    hierarchy: { "cert-ca@cluster": "key off the nodes" },
    inspector: { "cert-ca@cluster": "Its private key is on no node" },
    files: { [`file-cp-1:${PKI}/ca.key`]: gone, "file-offline-ca:ca.key": "" },
    flags: { "flag-kube-controller-manager-cluster-signing-key-file@cp-1": "Not set" },
    zip: { [`${CP}/ca.key`]: gone, "offline-ca/ca.key": "" },
  },
  {
    path: "kubelet.client",
    to: "bootstrap",
    hierarchy: { "cert-kubelet.conf@w-1": gone, "unsigned-kubelet.conf@w-1": "" },
    inspector: { "unsigned-kubelet.conf@w-1": "bootstrap token" },
    files: { "file-w-1:/etc/kubernetes/kubelet.conf": gone },
    flags: { "flag-kubelet-bootstrap-kubeconfig@w-1": "/etc/kubernetes/bootstrap-kubelet.conf" },
    zip: { "nodes/w-1/etc/kubernetes/kubelet.conf": gone },
  },
  {
    path: "kubelet.serving",
    to: "clusterCA",
    hierarchy: { "unsigned-kubelet-serving@w-1": gone, "cert-kubelet-serving@w-1": "" },
    inspector: { "cert-kubelet-serving@w-1": "system:node:w-1" },
    files: { "file-w-1:/var/lib/kubelet/pki/kubelet.crt": "" },
    flags: { "flag-kubelet-tlsCertFile@w-1": "/var/lib/kubelet/pki/kubelet.crt" },
    zip: { "nodes/w-1/var/lib/kubelet/pki/kubelet.crt": "DNS:w-1" },
  },
  {
    path: "hardening.tlsMinVersion",
    to: "VersionTLS13",
    hierarchy: same,
    inspector: { "flag-kube-apiserver-tls-min-version@cp-1": "VersionTLS13" },
    files: same,
    flags: { "flag-kube-apiserver-tls-min-version@cp-1": "VersionTLS13", "flag-etcd-tls-min-version@cp-1": "TLS1.3" },
    zip: { "~manifests/.*kube-apiserver": "--tls-min-version=VersionTLS13" },
  },
  {
    path: "hardening.cipherSuites",
    at: "hardening.cipherSuites.0",
    to: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    hierarchy: same,
    inspector: { "flag-kube-apiserver-tls-cipher-suites@cp-1": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
    files: same,
    flags: { "flag-kube-apiserver-tls-cipher-suites@cp-1": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
    zip: { "~manifests/.*kube-apiserver": "--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
  },
  {
    path: "trust",
    to: "single",
    in: "course",
    hierarchy: { "cert-etcd-ca@cluster": gone },
    inspector: { "cert-etcd-server@cp-1": "signed by KUBERNETES-CA" },
    files: { [`file-cp-1:${COURSE}/etcd-ca.crt`]: gone },
    flags: { "flag-etcd-trusted-ca-file@cp-1": `${COURSE}/ca.crt` },
    zip: { [`nodes/cp-1${COURSE}/etcd-ca.crt`]: gone, [`nodes/cp-1${COURSE}/etcdserver.crt`]: "CN = KUBERNETES-CA" },
  },
  {
    path: "fileNames",
    to: "pem",
    in: "course",
    hierarchy: { "cert-apiserver@cp-1": "apiserver.pem" },
    inspector: { "cert-apiserver@cp-1": `${COURSE}/apiserver-key.pem` },
    files: { [`file-cp-1:${COURSE}/apiserver.key`]: gone, [`file-cp-1:${COURSE}/apiserver-key.pem`]: "" },
    flags: { "flag-kube-apiserver-tls-private-key-file@cp-1": `${COURSE}/apiserver-key.pem` },
    zip: { [`nodes/cp-1${COURSE}/apiserver.crt`]: gone, [`nodes/cp-1${COURSE}/apiserver.pem`]: "CN = kube-apiserver" },
  },
  {
    path: "imageRepository",
    to: "registry.corp.example/k8s",
    hierarchy: same,
    inspector: same,
    files: same,
    flags: same,
    zip: { "~manifests/.*kube-apiserver": "registry.corp.example/k8s/kube-apiserver" },
  },
  {
    path: "nodes.name",
    at: "nodes.1.name",
    to: "w-9",
    hierarchy: { "cert-kubelet.conf@w-1": gone, "cert-kubelet.conf@w-9": "" },
    inspector: { "cert-kubelet.conf@w-9": "system:node:w-9" },
    files: { "file-w-1:/etc/kubernetes/kubelet.conf": gone, "file-w-9:/etc/kubernetes/kubelet.conf": "" },
    flags: { "flag-kubelet-kubeconfig@w-1": gone, "flag-kubelet-kubeconfig@w-9": "" },
    zip: { "nodes/w-1/etc/kubernetes/kubelet.conf": gone, "nodes/w-9/etc/kubernetes/kubelet.conf": "system:node:w-9" },
  },
  {
    path: "nodes.addresses",
    at: "nodes.0.addresses.0",
    to: "10.0.0.99",
    hierarchy: { "cert-kubelet.conf@cp-1": "10.0.0.99" },
    inspector: { "cert-apiserver@cp-1": "10.0.0.99" },
    files: same,
    flags: { "flag-kube-apiserver-advertise-address@cp-1": "10.0.0.99" },
    zip: { [`${CP}/apiserver.crt`]: "IP Address:10.0.0.99" },
  },
  {
    path: "nodes.roles",
    at: "nodes.1.roles.1",
    to: "control-plane",
    hierarchy: { "cert-apiserver@w-1": "" },
    inspector: { "cert-apiserver@w-1": "10.0.0.21" },
    files: { [`file-w-1:${PKI}/apiserver.crt`]: "" },
    flags: { "flag-kube-apiserver-tls-cert-file@w-1": `${PKI}/apiserver.crt` },
    zip: { [`nodes/w-1${PKI}/apiserver.crt`]: "IP Address:10.0.0.21" },
  },
];
