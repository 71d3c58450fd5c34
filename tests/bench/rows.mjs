// What every contestant makes: the 15 certificates and 16 keys of a single-node kubeadm cluster, and the pairs of n nodes.
// Profiles as in kubeadm (cmd/kubeadm/app/phases/certs/certlist.go and util/pkiutil/pki_helpers.go).

const node = "cp-1";
const advertise = "192.168.1.10";
const loopback = { dns: [node, "localhost"], ips: [advertise, "127.0.0.1", "::1"] };

const ca = (id, name) => ({ id, name, dns: [name] });
const leaf = (id, issuer, name, usages, more = {}) => ({ id, issuer, name, usages, ...more });

/** Certificates, CAs first. Without `issuer`: a CA. `group` is the subject's O; `usages` are extended key usages. */
export const SET = [
  ca("ca", "kubernetes"),
  ca("front-proxy-ca", "front-proxy-ca"),
  ca("etcd-ca", "etcd-ca"),
  leaf("apiserver", "ca", "kube-apiserver", ["serverAuth"], {
    dns: [node, "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"],
    ips: ["10.96.0.1", advertise],
  }),
  leaf("apiserver-kubelet-client", "ca", "kube-apiserver-kubelet-client", ["clientAuth"]),
  leaf("front-proxy-client", "front-proxy-ca", "front-proxy-client", ["clientAuth"]),
  leaf("etcd-server", "etcd-ca", node, ["serverAuth", "clientAuth"], loopback),
  leaf("etcd-peer", "etcd-ca", node, ["serverAuth", "clientAuth"], loopback),
  leaf("etcd-healthcheck-client", "etcd-ca", "kube-etcd-healthcheck-client", ["clientAuth"]),
  leaf("apiserver-etcd-client", "etcd-ca", "kube-apiserver-etcd-client", ["clientAuth"]),
  leaf("admin", "ca", "kubernetes-admin", ["clientAuth"], { group: "kubeadm:cluster-admins" }),
  leaf("super-admin", "ca", "kubernetes-super-admin", ["clientAuth"], { group: "system:masters" }),
  leaf("controller-manager", "ca", "system:kube-controller-manager", ["clientAuth"]),
  leaf("scheduler", "ca", "system:kube-scheduler", ["clientAuth"]),
  leaf("kubelet", "ca", `system:node:${node}`, ["clientAuth"], { group: "system:nodes" }),
];

/** Keys that no certificate holds: the service-account pair. */
export const BARE_KEYS = ["sa"];

/** One CA; a client and a serving certificate for each of `count` nodes. */
export function scaleRows(count) {
  const rows = [ca("ca", "kubernetes")];
  for (let index = 0; index < count; index++) {
    const { name, address } = scaleNode(index);
    const subject = { name: `system:node:${name}`, group: "system:nodes" };
    rows.push({ id: `${name}-client`, issuer: "ca", ...subject, usages: ["clientAuth"] });
    rows.push({ id: `${name}-server`, issuer: "ca", ...subject, usages: ["serverAuth"], dns: [name], ips: [address] });
  }
  return rows;
}

/** The node with this number. */
export function scaleNode(index) {
  return { name: `node-${index}`, address: `10.${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}` };
}

/** Lifetimes in days: a CA's and a leaf's. */
export const DAYS = { ca: 3650, leaf: 365 };

/** How far back certificates begin, in seconds: clocks differ. */
export const BACKDATE = 300;

/** Key usages in the bits of RFC 5280 section 4.2.1.3, counted from the first. */
export const KEY_USAGE = { digitalSignature: 0, keyEncipherment: 2, keyCertSign: 5 };

/** Object identifiers of extended key usages. */
export const USAGE_OID = { serverAuth: "1.3.6.1.5.5.7.3.1", clientAuth: "1.3.6.1.5.5.7.3.2" };
