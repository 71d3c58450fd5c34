// The product's own worker, started and spoken to as the page does: crates/worker/src/lib.rs and message.rs.

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
    worker.addEventListener("error", (event) => this.hear({ Failed: { message: event.message } }));
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
    const [[kind, value]] = Object.entries(message);
    for (const one of [...this.waiting]) {
      const failed = kind === "Failed";
      if (!failed && !(kind === one.kind && one.fits(value))) continue;
      this.waiting.delete(one);
      if (failed) one.fail(new Error(value.message));
      else one.done({ ...value, parts: message.parts });
    }
  }
}
