// Brings a worker into trouble. The worker's script is a blob, so what goes before it is put there as the blob is made:
// the shipped page has no hook for this.

/** Puts a script before every worker's own; to be called before the page is opened. */
export async function beforeWorkers(page, script) {
  await page.addInitScript((script) => {
    const Real = window.Blob;
    window.Blob = class extends Real {
      constructor(parts, options) {
        super(/javascript/.test(options?.type ?? "") ? [script, "\n", ...parts] : parts, options);
      }
    };
  }, script);
}

/** The random source fails. */
export const NO_RANDOMNESS = `crypto.getRandomValues = () => { throw new Error("the random source failed"); };`;

/**
 * Random sources that are broken, each in its way, by what they do to a buffer of bytes: every worker has one of its own.
 * `absent` is none at all.
 */
const FILLS = {
  zeros: "bytes.fill(0)",
  "a constant": "bytes.fill(7)",
  "a cycle of 64 bytes": "bytes.forEach((_, at) => (bytes[at] = cycle[drawn++ % 64]))",
  "a cycle of 64 bytes that begins anew": "bytes.forEach((_, at) => (bytes[at] = cycle[at % 64]))",
  "a short read": "real.call(crypto, bytes.subarray(0, bytes.length >> 1)), bytes.fill(0, bytes.length >> 1)",
};

/** What they are, and the scripts that go before a worker's own. */
export const BROKEN_RANDOMNESS = {
  "an error": NO_RANDOMNESS,
  absence: `Object.defineProperty(Crypto.prototype, "getRandomValues", { value: undefined });`,
  ...Object.fromEntries(
    Object.entries(FILLS).map(([what, fill]) => [
      what,
      `{
        const real = crypto.getRandomValues;
        const cycle = real.call(crypto, new Uint8Array(64));
        let drawn = 0;
        crypto.getRandomValues = (array) => {
          const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
          ${fill};
          return array;
        };
      }`,
    ]),
  ),
};

/** Keys are never finished, as when there are a thousand of them: what is being made stays so. */
export const NEVER_DONE = `crypto.subtle.generateKey = () => new Promise(() => {});`;

/**
 * The worker stops at the first request to issue, as it does when it has no memory left. That request is known by the
 * issue time in it, Unix seconds as a text.
 */
export const STOPS_WHEN_ISSUING = `addEventListener("message", (event) => {
  if (/"\\d{10}"/.test(JSON.stringify(event.data))) { event.stopImmediatePropagation(); setTimeout(() => { throw new RangeError("out of memory"); }); }
});`;

/** The worker stops before it is up. */
export const NEVER_STARTS = `throw new Error("stopped at once");`;
