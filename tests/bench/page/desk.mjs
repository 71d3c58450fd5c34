// The product's own worker, started and spoken to as the page does: crates/worker/src/lib.rs, message.rs and wire.rs.

/** Requests as they travel: which, numbers, texts, files. */
export const requests = {
  prepare: (needs) => [1, needs.map((need) => need.count), needs.map((need) => need.algorithm), []],
  issue: (pki, design, now) => [3, [pki], [design, `${now}`], []],
  cancel: (pki) => [4, [pki], [], []],
  exportZip: (pki) => [6, [pki], ["whole?open"], []],
  forget: (pki) => [7, [pki], [], []],
};

/** Responses by the number that they travel under, each with the names of its numbers. */
const RESPONSES = {
  0: ["Ready", "webcrypto"],
  2: ["KeysReady", "ready", "target"],
  4: ["Issued", "pki", "milliseconds"],
  6: ["Exported", "pki"],
  7: ["Cancelled", "pki"],
  8: ["Failed", "pki"],
};

/** Starts the worker whose files are below `base`; resolves once it is up. */
export async function openDesk(base) {
  const texts = ["worker.js", "bootstrap.js"].map(async (name) => (await fetch(`${base}/${name}`)).text());
  const wasm = (await fetch(`${base}/worker_bg.wasm`)).arrayBuffer();
  const script = new Blob([(await Promise.all(texts)).join("\n")], { type: "text/javascript" });
  const desk = new Desk(new Worker(URL.createObjectURL(script)));
  const ready = desk.answer("Ready");
  const bytes = await wasm;
  desk.worker.postMessage({ wasm: bytes }, [bytes]);
  await ready;
  return desk;
}

class Desk {
  constructor(worker) {
    this.worker = worker;
    this.waiting = new Set();
    worker.addEventListener("message", ({ data }) => this.hear(data));
    worker.addEventListener("error", (event) => this.hear([8, [0, 0], [[event.message]]]));
  }

  /** Asks; resolves to the first answer of a kind for which `fits` holds. Refusals reject. */
  ask(request, kind, fits) {
    const answer = this.answer(kind, fits);
    this.worker.postMessage(request);
    return answer;
  }

  answer(kind, fits = () => true) {
    return new Promise((done, fail) => this.waiting.add({ kind, fits, done, fail }));
  }

  /** Rejects whatever still waits for an answer. */
  giveUp(why) {
    for (const one of this.waiting) one.fail(new Error(why));
    this.waiting.clear();
  }

  hear(message) {
    const [which, numbers, lists] = message;
    const [kind, ...names] = RESPONSES[which] ?? [];
    const value = Object.fromEntries(names.map((name, index) => [name, numbers[index]]));
    for (const one of [...this.waiting]) {
      const failed = kind === "Failed";
      if (!failed && !(kind === one.kind && one.fits(value))) continue;
      this.waiting.delete(one);
      if (failed) one.fail(new Error(lists[0][0]));
      else one.done({ ...value, parts: message.parts });
    }
  }
}
