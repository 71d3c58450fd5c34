// Programs that judge what the page exports.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubepkiPath, opensslPath } from "./environment.mjs";

/** Runs a program; resolves to its exit code and outputs. Rejects only when it could not be started. */
export function run(program, words, { cwd, input } = {}) {
  return new Promise((done, fail) => {
    const child = execFile(program, words, { cwd, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") fail(new Error(`${program}: ${error.message}`));
      else done({ code: error?.code ?? 0, stdout, stderr });
    });
    // A program that ends without reading its input is no fault of ours.
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
}

/** Runs a program that must succeed; resolves to its standard output. */
export async function ran(program, words, options) {
  const { code, stdout, stderr } = await run(program, words, options);
  if (code !== 0) throw new Error(`${program} ${words.join(" ")} ended with ${code}\n${stderr}${stdout}`);
  return stdout;
}

/** The kubepki command; see [`ran`]. */
export const kubepki = (words, options) => ran(kubepkiPath, words, options);
/** The openssl command; see [`ran`]. */
export const openssl = (words, options) => ran(opensslPath, words, options);

/** A folder of its own, for as long as `use` takes. */
export async function inScratch(use) {
  const folder = await mkdtemp(join(tmpdir(), "kubepki-browser-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
