// Where the WebAssembly is, in the form that bundlers rewrite: `init({ wasm })` takes it.
export default new URL('./core_bg.wasm', import.meta.url);
