// The core that `embed.html` carries in data blocks behind its script: inflated, and put into a worker, when it is first
// asked for. Nothing is fetched, so that it works from a folder and in a frame without an origin.
import { inflated } from "./inflate.js";

/** @typedef {{ done: (value: any) => void, failed: (error: Error) => void }} Waiting */

/** @type {Promise<{ draw: (asked: object) => Promise<any>, readDesign: (asked: string) => Promise<any> }> | undefined} */
let started;

/** The core's functions that the element calls. */
export function core() {
  started ??= start().catch((error) => {
    // The next call tries again.
    started = undefined;
    throw error;
  });
  return started;
}

/** @type {{ createPolicy(name: string, rules: { createScriptURL(to: string): string }): { createScriptURL(to: string): unknown } } | undefined} */
const trustedTypes = /** @type {any} */ (globalThis).trustedTypes;
/** The frame's one policy of Trusted Types: an address is a script's where this document made it. */
const own = {
  createScriptURL(/** @type {string} */ to) {
    if (to.startsWith("blob:")) return to;
    throw new TypeError("no script of this frame");
  },
};
/** @type {{ createScriptURL(to: string): unknown } | undefined} */
let policy;
const asScript = (/** @type {string} */ to) => (policy ??= trustedTypes?.createPolicy("kubepki-embed", own) ?? own).createScriptURL(to);

async function start() {
  // The picture is drawn while the blocks behind the script are still on their way.
  if (document.readyState === "loading") await new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
  const [script, wasm] = await Promise.all(["worker", "core"].map(part));
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(/** @type {any} */ (asScript(address)));
  /** @type {Map<number, Waiting>} */
  const waiting = new Map();
  let last = 0;
  worker.addEventListener("message", () => URL.revokeObjectURL(address), { once: true });
  worker.addEventListener("message", ({ data: { id, value, message } }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (message === undefined) asked?.done(value);
    else asked?.failed(new Error(message));
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    // What stopped is not asked again.
    started = undefined;
    worker.terminate();
    for (const asked of waiting.values()) asked.failed(new Error("The worker for handshakes, faults and design files stopped, or may not start in this frame."));
    waiting.clear();
  });
  worker.postMessage({ wasm }, [wasm]);
  const call = (/** @type {string} */ name) => (/** @type {any} */ asked) =>
    new Promise((/** @type {(value: any) => void} */ done, failed) => {
      waiting.set(++last, { done, failed });
      worker.postMessage({ id: last, name, asked });
    });
  return { draw: call("draw"), readDesign: call("readDesign") };
}

/** A part of this page. @param {string} name */
async function part(name) {
  const block = document.getElementById(`part-${name}`);
  if (!block) throw new Error("This copy of embed.html is cut off: it lacks the part for handshakes, faults and design files.");
  return inflated(block.textContent ?? "");
}
