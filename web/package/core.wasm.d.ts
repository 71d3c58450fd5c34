/** What your bundler makes of a `.wasm` file: with esbuild's `file` loader, or Vite's `?url`, its address. */
declare const address: string;
export default address;
