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
