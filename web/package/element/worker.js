// The package's core in a worker of `embed.html`: what takes it long never holds up the frame. The first message brings its
// WebAssembly; each other names a function, and is answered by its id.
import { draw, init, readDesign } from "./core/core.js";

const does = { draw, readDesign };

addEventListener("message", async ({ data: { wasm, id, name, asked } }) => {
  if (wasm) return void init({ wasm }).catch(() => {});
  try {
    postMessage({ id, value: await does[name](asked) });
  } catch (error) {
    // Its class would be lost on the way.
    postMessage({ id, message: error instanceof Error ? error.message : String(error) });
  }
});
