// Who takes part. A contestant has `set({ alg })` and `scale({ n })`, which resolve to the milliseconds they took; with
// `look: true` they resolve to what was made instead: `{ certificates, keys }`, lists of PEM.
import { spawn } from "node:child_process";
import { build } from "esbuild";
import { unzipSync } from "fflate";
import { join } from "node:path";
import { open } from "./chromium.mjs";
import { openssl } from "./rivals/openssl.mjs";
import { BARE_KEYS, SET, scaleRows } from "./rows.mjs";

const HERE = import.meta.dirname;

/** The pages of rivals: file below rivals/, by contestant. */
export const PAGES = {
  "webcrypto calls": "calls",
  webcrypto: "webcrypto",
  pkijs: "pkijs",
  "@peculiar/x509": "peculiar",
  "node-forge": "forge",
};

/** Bundles the rivals' pages: scripts by path, for the server, and the pages around them. */
export async function bundleRivals() {
  const texts = {};
  for (const file of Object.values(PAGES)) {
    texts[`/rivals/${file}.js`] = await bundle(join(HERE, "rivals", `${file}.mjs`));
    texts[`/rivals/${file}`] = `<!doctype html><title>${file}</title><script type="module" src="/rivals/${file}.js"></script>`;
  }
  return texts;
}

/** One script of a module and all that it imports. */
export async function bundle(entry) {
  const settings = { bundle: true, minify: true, format: "esm", target: "chrome120", write: false, legalComments: "none" };
  const { outputFiles } = await build({ entryPoints: [entry], ...settings });
  return outputFiles[0].text;
}

/** A rival in a page of its own. */
export async function browserRival(browser, url, name) {
  const page = await open(browser, `${url}/rivals/${PAGES[name]}`);
  const call = (what, argument, look) =>
    page.evaluate(
      async ([what, argument, look]) => {
        const start = performance.now();
        const made = await window.peer[what](argument);
        const milliseconds = performance.now() - start;
        if (!look) return milliseconds;
        if (!(made instanceof Uint8Array)) return made;
        return Array.from(made);
      },
      [what, argument, look],
    );
  return {
    set: async ({ alg, look = false }) => {
      const made = await call("set", { alg }, look);
      return look && made ? { certificates: Object.values(made.certificates), keys: Object.values(made.keys) } : made;
    },
    scale: async ({ n, look = false }) => {
      const made = await call("scale", { n }, look);
      return look && made ? fromZip(Uint8Array.from(made)) : made;
    },
  };
}

/** The openssl command line. */
export function opensslRival(program) {
  return timed(openssl(program));
}

/** The Go program, compiled. */
export function goRival(program) {
  const make = (alg, rows, bareKeys, look) => run(program, look ? ["-pem"] : [], { alg, rows, bareKeys });
  return timed({
    set: ({ alg, look }) => make(alg, SET, BARE_KEYS, look),
    scale: ({ n, look }) => make("ec", scaleRows(n), [], look),
  });
}

function timed(rival) {
  const call = async (what, { look = false, ...argument }) => {
    const made = await rival[what]({ ...argument, look });
    if (!look) return made.milliseconds;
    return { certificates: Object.values(made.certificates), keys: Object.values(made.keys) };
  };
  return { set: (argument) => call("set", argument), scale: (argument) => call("scale", argument) };
}

/** Runs a program with a value as JSON on its standard input; resolves to the JSON that it prints. */
function run(program, words, value) {
  return new Promise((done, fail) => {
    const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (printed += text));
    child.on("error", fail);
    child.on("close", (code) => (code === 0 ? done(JSON.parse(printed)) : fail(new Error(`${program} ended with ${code}`))));
    child.stdin.end(JSON.stringify(value));
  });
}

/** The certificates and private keys in a zip, each once: in PEM files and inside kubeconfigs. */
export function fromZip(bytes) {
  const certificates = new Set();
  const keys = new Set();
  const texts = Object.values(unzipSync(bytes)).map((file) => Buffer.from(file).toString("utf8"));
  for (const text of texts) {
    const embedded = [...text.matchAll(/-data: ([A-Za-z0-9+/=]+)/g)].map(([, base64]) => Buffer.from(base64, "base64"));
    for (const pem of [text, ...embedded.map((bytes) => bytes.toString("utf8"))]) {
      for (const [block, type] of pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g)) {
        if (type === "CERTIFICATE") certificates.add(block);
        if (type.endsWith("PRIVATE KEY")) keys.add(block);
      }
    }
  }
  return { certificates: [...certificates], keys: [...keys] };
}
