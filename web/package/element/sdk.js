// For pages that show `embed.html` in an iframe: connects to it, and gives a handle.
import { VERSION, read } from "./protocol.js";

/**
 * Connects to an iframe that shows `embed.html`. The iframe's height follows what it reports, unless `resize` is false.
 * @param {HTMLIFrameElement} frame
 * @param {{ resize?: boolean, timeout?: number, origin?: string }} [options] `origin` is the frame's own, where it is not
 *   sandboxed; a sandboxed frame has none that could be named.
 */
export function connect(frame, { resize = true, timeout = 10_000, origin = "*" } = {}) {
  /** @type {Map<number, { done: (payload: any) => void, failed: (error: Error) => void }>} */
  const open = new Map();
  /** @type {Map<string, Set<(payload: any) => void>>} */
  const heard = new Map();
  /** @type {MessagePort | undefined} */
  let port;
  let last = 0;

  const hear = (/** @type {MessageEvent} */ { data }) => {
    const message = read(data);
    if (!message) return;
    const { id, type, payload } = message;
    const asked = open.get(id);
    if (asked && id) {
      open.delete(id);
      if (type === "done") asked.done(payload);
      else asked.failed(new Error(payload?.message ?? type));
      return;
    }
    if (type === "height" && resize && payload.height > 0) frame.style.height = `${payload.height}px`;
    heard.get(type)?.forEach((listener) => listener(payload));
  };
  /** @param {string} type @param {unknown} payload @returns {Promise<any>} */
  const ask = (type, payload) =>
    new Promise((done, failed) => {
      const id = ++last;
      open.set(id, { done, failed });
      port?.postMessage({ v: VERSION, id, type, payload });
      setTimeout(() => open.delete(id) && failed(new Error("the frame does not answer")), timeout);
    });

  const handle = {
    /** Sets attributes of the element in the frame. @param {Record<string, string | null>} attributes @returns {Promise<void>} */
    set: (attributes) => ask("set", attributes).then(() => {}),
    /** Hears `ready`, `select`, `verify`, `error` or `height`; gives a function that ends it. @param {string} type @param {(payload: any) => void} listener */
    on(type, listener) {
      if (!heard.has(type)) heard.set(type, new Set());
      heard.get(type)?.add(listener);
      return () => heard.get(type)?.delete(listener);
    },
    /** Ends the connection. */
    close: () => port?.close(),
  };

  return new Promise((/** @type {(handle: typeof handle) => void} */ done, failed) => {
    const start = Date.now();
    const knock = () => {
      if (port && open.size === 0) return;
      if (Date.now() - start > timeout) return failed(new Error("the frame shows no embed.html, or does not answer"));
      // Before the frame has loaded nobody hears: it is asked again.
      const channel = new MessageChannel();
      const id = ++last;
      open.clear();
      open.set(id, {
        done: (payload) => {
          if (resize && payload.height > 0) frame.style.height = `${payload.height}px`;
          done(handle);
        },
        failed,
      });
      port?.close();
      port = channel.port1;
      port.onmessage = hear;
      frame.contentWindow?.postMessage({ v: VERSION, id, type: "connect" }, origin, [channel.port2]);
      setTimeout(() => open.has(id) && knock(), 250);
    };
    knock();
  });
}
