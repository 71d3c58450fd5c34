// A static host of the tests' own: it serves a folder under the headers that a release brings, can be given another folder
// as a deployment would, and can go away.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".webmanifest": "application/json" };
/** Names of the headers that a release says; others are the server's own. */
const OURS = /^(content-security-policy|cross-origin-.*-policy|permissions-policy|referrer-policy|x-content-type-options)$/;

/** Those of an answer's headers that a release says. */
export function ours(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => OURS.test(name)));
}

/** Serves a folder for as long as `use` takes, which gets the host: its address, `folder`, `asked`, and `stop`. */
export async function withHost(folder, headers, use) {
  const host = { folder, asked: [] };
  const server = createServer(async ({ url }, answer) => {
    host.asked.push(url);
    const name = url.split("?")[0].slice(1) || "index.html";
    try {
      const bytes = await readFile(join(host.folder, name));
      answer.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream", "cache-control": "no-cache", ...headers }).end(bytes);
    } catch {
      answer.writeHead(404, headers).end();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  host.address = `http://127.0.0.1:${server.address().port}/`;
  host.stop = () => {
    server.close();
    server.closeAllConnections();
  };
  try {
    await use(host);
  } finally {
    host.stop();
  }
}
