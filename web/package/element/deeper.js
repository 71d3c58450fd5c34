// The package's core without what issues: handshakes, faults and design files. Carried in a script as what draws is, and
// loaded once, when it is first needed.
import { draw, init, readDesign } from "./core/core.js";
import packed from "./core/packed.js";
import { inflated } from "./inflate.js";

/**
 * Its functions.
 * @returns {Promise<{ draw: (asked: object) => Promise<any>, readDesign: (asked: string) => Promise<any> }>}
 */
export async function deeper() {
  await init({ wasm: await inflated(packed) });
  return { draw, readDesign };
}
