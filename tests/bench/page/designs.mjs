// The designs that are measured: as link text, the form in which the page hands a design to its worker
// (crates/core/src/spec/link.rs), and as a file.
import { scaleNode } from "../rows.mjs";

const KEYS = { rsa: "RSA-2048", ec: "ECDSA-P256" };

/** Letters of fields in a link; they never change their meaning. */
const LETTERS = {
  clusterName: "a",
  start: "c",
  serviceSubnets: "f",
  podSubnets: "g",
  "keys.ca": "n",
  "keys.leaf": "o",
  "kubelet.client": "s",
  "kubelet.serving": "t",
};

/** Roles as bits. */
const ROLES = { "control-plane": 1, worker: 4 };

/** How a design calls a kind of key. */
export function keys(alg) {
  return KEYS[alg];
}

/** The single node whose certificates rows.mjs lists, as link text. */
export function singleNode(alg) {
  const node = { name: "cp-1", address: "192.168.1.10", roles: ["control-plane", "worker"] };
  return link({ "keys.ca": KEYS[alg], "keys.leaf": KEYS[alg] }, [node]);
}

/** What the designs of many nodes have in common. */
const MANY = {
  start: "manual",
  serviceSubnets: ["172.20.0.0/16"],
  podSubnets: ["172.24.0.0/13"],
  "keys.ca": KEYS.ec,
  "keys.leaf": KEYS.ec,
  "kubelet.client": "issued",
  "kubelet.serving": "clusterCA",
};

function nodesOf(count, planes = 1) {
  return Array.from({ length: count }, (_, index) => {
    return { ...scaleNode(index), roles: [index < planes ? "control-plane" : "worker"] };
  });
}

/** So many nodes, the first a control plane; each kubelet holds a client and a serving certificate. As link text. */
export function manyNodes(clusterName, count, planes = 1) {
  return link({ clusterName, ...MANY }, nodesOf(count, planes));
}

/** The same as a file. */
export function manyNodesFile(clusterName, count) {
  const nodes = nodesOf(count).map(({ name, address, roles: [role] }) => {
    return `- {name: ${name}, addresses: [${address}], roles: [${role}]}`;
  });
  return `apiVersion: kubepki.dev/v1alpha1
kind: ClusterDesign
clusterName: ${clusterName}
start: ${MANY.start}
networking: {serviceSubnets: [${MANY.serviceSubnets}], podSubnets: [${MANY.podSubnets}]}
keys: {ca: ${KEYS.ec}, leaf: ${KEYS.ec}}
kubelet: {client: issued, serving: clusterCA}
nodes:
${nodes.join("\n")}
`;
}

function link(fields, nodes) {
  const values = Object.entries(fields).map(([field, value]) => LETTERS[field] + (Array.isArray(value) ? list(value) : text(value)));
  const rows = nodes.map(({ name, address, roles }) => {
    return text(name) + list([address]) + String.fromCharCode(roles.reduce((bits, role) => bits | ROLES[role], 0));
  });
  const bytes = `${values.join("")}N${length(nodes.length)}${rows.join("")}`;
  return `d1.${btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

const text = (value) => length(value.length) + value;
const list = (values) => length(values.length) + values.map(text).join("");

/** LEB128. */
function length(value) {
  return value < 0x80 ? String.fromCharCode(value) : String.fromCharCode((value & 0x7f) | 0x80) + length(value >> 7);
}
