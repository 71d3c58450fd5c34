// The benchmark page: the product's own worker behind `window.peer`. Never shipped.
import { openDesk, requests } from "./desk.mjs";
import { keys, manyNodes, singleNode } from "./designs.mjs";

/** Keys that the single-node set needs. */
const SET_KEYS = 16;

/** Of a cluster with this name, the worker's feature `bench` issues one CA and the kubelets' certificates alone. */
const SCALE = "bench-scale";

const now = () => Math.floor(Date.now() / 1000);
let pki = 0;
let set = 0;

/** The worker as it ships, and the one with the feature `bench`. */
const shipped = openDesk("/worker");
let scaling;
shipped.then(() => (window.readyAt = performance.now()));

/** Has a design issued; resolves to the number of the PKI. */
async function issue(desk, design) {
  const number = ++pki;
  await desk.ask(requests.issue(number, design, now()), "Issued", (issued) => issued.pki === number);
  return number;
}

async function zip(desk, number) {
  const { parts } = await desk.ask(requests.exportZip(number), "Exported");
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

window.peer = {
  /** Issues the single-node set: 15 certificates and 16 keys, read back and verified. */
  async set({ alg }) {
    const desk = await shipped;
    desk.worker.postMessage(requests.forget(set));
    set = await issue(desk, singleNode(alg));
  },
  /** The zip of what `set` made last. */
  async zip() {
    return zip(await shipped, set);
  },
  /** Has all keys of the set made ahead, or with a `count` of 0 drops them. */
  async prepare({ alg, count = SET_KEYS }) {
    const needs = count > 0 ? [{ algorithm: keys(alg), count }] : [];
    const desk = await shipped;
    await desk.ask(requests.prepare(needs), "KeysReady", ({ ready, target }) => ready === count && target === count);
  },
  /** A client and a serving certificate for each of `n` nodes, from one CA: the bytes of a zip with PEM files. */
  async scale({ n }) {
    scaling ??= openDesk("/scale-worker");
    const desk = await scaling;
    const number = await issue(desk, manyNodes(SCALE, n));
    const bytes = await zip(desk, number);
    desk.worker.postMessage(requests.forget(number));
    return bytes;
  },
  /** Stops `scale`, which then rejects; resolves when the worker has stopped. */
  async cancel() {
    const desk = await scaling;
    await desk.ask(requests.cancel(pki), "Cancelled");
    desk.giveUp("Cancelled");
  },
};
