// A small static server on the loopback address: folders of files, and pages made up here, by path.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/**
 * Serves `folders` (path prefix to folder) and `texts` (path to text; a path without an extension is HTML). `headers`
 * go with the paths below their prefix. Resolves to the server's address and how to end it.
 */
export async function serve({ folders = {}, texts = {}, headers = {}, port = 0 }) {
  const content = async (path) => {
    if (path in texts) return texts[path];
    const prefix = Object.keys(folders).find((prefix) => path.startsWith(prefix));
    if (prefix === undefined) return null;
    const rest = normalize(path.slice(prefix.length) || "index.html");
    return rest.startsWith("..") ? null : readFile(join(folders[prefix], rest)).catch(() => null);
  };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const body = await content(path);
    const more = Object.entries(headers).find(([prefix]) => path.startsWith(prefix))?.[1] ?? {};
    const type = TYPES[extname(path) || ".html"] ?? "application/octet-stream";
    response.writeHead(body === null ? 404 : 200, { "Content-Type": type, "X-Content-Type-Options": "nosniff", ...more });
    response.end(body ?? `no ${path}\n`);
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
