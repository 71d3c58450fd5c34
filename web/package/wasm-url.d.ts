/** Where the WebAssembly is: `init({ wasm })` takes it. */
declare const url: URL;
export default url;
