// The workbench for programs. Importing this touches neither a window nor WebAssembly: that is loaded at the first call.
import start, * as glue from './glue.js';

/** Why something was not done. `findings` has everything there is to say about the design. */
export class KubePkiError extends Error {
  constructor({ code, message, findings = [] }, options) {
    super(message, options);
    this.name = 'KubePkiError';
    this.code = code;
    this.findings = findings;
  }
}

let started = null;

// Loads the WebAssembly, once. Without `wasm` it is the file beside this one.
export function init({ wasm } = {}) {
  started ??= load(wasm).catch((cause) => {
    // The next call tries again.
    started = null;
    const message = 'The WebAssembly of kubepki could not be loaded; give init({ wasm }) its address or its bytes.';
    throw new KubePkiError({ code: 'wasm', message }, { cause });
  });
  return started;
}

async function load(wasm) {
  await start({ module_or_path: await source(wasm ?? new URL('./core_bg.wasm', import.meta.url)) });
}

// What WebAssembly takes: bytes, a module, or an address to fetch. Node fetches no files, it reads them.
async function source(wasm) {
  const address = typeof wasm === 'string' ? new URL(wasm, globalThis.location?.href) : wasm;
  if (!(address instanceof URL) || address.protocol !== 'file:' || !globalThis.process?.versions?.node) return address;
  // Put together, so that no bundler for browsers looks for it.
  const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ ['node:fs', 'promises'].join('/'));
  return readFile(address);
}

// What was thrown, as programs see it.
function told(error) {
  if (Array.isArray(error?.findings)) return new KubePkiError(error);
  if (!(error instanceof WebAssembly.RuntimeError)) return error;
  const message = 'The WebAssembly of kubepki stopped, perhaps for want of memory; load the module anew.';
  return new KubePkiError({ code: 'wasm', message }, { cause: error });
}

async function call(work) {
  await init();
  try {
    return work();
  } catch (error) {
    throw told(error);
  }
}

// A moment as Unix seconds; the machine's clock where none is given.
function seconds(now = Date.now()) {
  const value = Math.floor(Number(now) / 1000);
  if (Number.isSafeInteger(value)) return value;
  throw new KubePkiError({ code: 'argument', message: '`now` is a Date, or milliseconds since 1970.' });
}

/** What follows from a design, before any key is made. */
export const plan = (design, { now } = {}) => call(() => glue.plan(design, seconds(now)));

/** Everything there is to say about a design, right or wrong. */
export const diagnose = (design, { now } = {}) => call(() => glue.diagnose(design, seconds(now)));

/** A PKI: the zip, its files, and what each certificate says. */
export async function generate(design, { now, signal, onProgress, ...options } = {}) {
  signal?.throwIfAborted();
  await init();
  signal?.throwIfAborted();
  let thrown = null;
  let stop;
  const stopped = new Promise((resolve) => (stop = resolve));
  const tell = (progress) => {
    try {
      onProgress?.(progress);
    } catch (error) {
      thrown ??= { error };
      stop();
    }
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const made = await glue.generate(design, options, seconds(now), tell, stopped);
    // It may have ended before it noticed that it was stopped.
    if (thrown) throw thrown.error;
    signal?.throwIfAborted();
    return made;
  } catch (error) {
    if (thrown) throw thrown.error;
    signal?.throwIfAborted();
    throw told(error);
  } finally {
    signal?.removeEventListener('abort', stop);
    // Whoever waits for it inside lets go.
    stop();
  }
}

/** One connection of a design, tried on sample certificates. */
export const handshake = (design, { now, ...options } = {}) =>
  call(() => glue.handshake(design, options, seconds(now)));

/** A view of a design as SVG. */
export const renderSvg = (design, { now, ...options } = {}) =>
  call(() => glue.renderSvg(design, options, seconds(now)));

/** The presets. */
export const presets = () => call(() => glue.presets());

/** The faults that a handshake can have. */
export const faults = () => call(() => glue.faults());

/** For the element: what the page draws with its worker. */
export const draw = ({ now, ...options } = {}) => call(() => glue.draw(options, seconds(now)));

/** For the element: a design as links carry it. */
export const readDesign = (design) => call(() => glue.readDesign(design));
