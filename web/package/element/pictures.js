// What draws: WebAssembly, carried in a script, so that it needs no rule of the host's policy but that for scripts, no
// media type, and nothing of a bundler. Loaded once, with the first picture of a page.
import init, { draw } from "./glue.js";
import { inflated } from "./inflate.js";
import packed from "./packed.js";

/** @type {Promise<(asked: string) => string> | undefined} */
let loaded;

/**
 * The function that draws.
 * @returns {Promise<(asked: string) => string>}
 */
export function pictures() {
  loaded ??= start();
  return loaded;
}

async function start() {
  await init({ module_or_path: await inflated(packed) });
  return draw;
}
