// A documentation site as small as can be: files of the element beside pages that a test writes, under a strict policy.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join, normalize } from "node:path";

/** What a careful site allows: its own scripts and styles, WebAssembly, images; nothing inline, nobody else. */
export const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/** The same for a site that shows `embed.html` as well, which has a policy of its own inside. */
export const besideFrame = (body) => (body.includes("http-equiv") ? "frame-ancestors 'self'" : STRICT);

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml", wasm: "application/wasm", json: "application/json", yaml: "application/yaml" };

/** The file of a path below a folder; nothing where there is none. */
async function below(folder, path) {
  const inside = normalize(path === "" || path.endsWith("/") ? `${path}index.html` : path);
  return inside.startsWith("..") ? null : readFile(join(folder, inside)).catch(() => null);
}

/**
 * Serves pages (`{ "/x.html": text }`) and, below `/kubepki/`, a folder, or a whole site's `root`, for as long as `use`
 * takes. `policy` may be made of what is served. `use` gets the address, and what was asked for.
 */
export async function withSite({ pages = {}, folder, root, policy = STRICT }, use) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://site.test").pathname;
    asked.push(path);
    const body =
      { "/icon.svg": ICON, ...pages }[path] ??
      (root ? await below(root, path.slice(1)) : path.startsWith("/kubepki/") ? await below(folder, path.slice("/kubepki/".length)) : null);
    const found = body !== null && body !== undefined;
    const headers = { "content-type": TYPES[path.endsWith("/") ? "html" : path.split(".").pop()] ?? "text/plain", "x-content-type-options": "nosniff" };
    headers["content-security-policy"] = typeof policy === "string" ? policy : policy(String(body ?? ""));
    response.writeHead(found ? 200 : 404, headers).end(found ? body : "");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    await use(`http://127.0.0.1:${server.address().port}`, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

/** A page with the element's script in its head. */
export function page(body, { script = "define.js", head = "" } = {}) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Guide</title>
<link rel="icon" href="/icon.svg"><script type="module" src="/kubepki/${script}"></script>${head}</head><body><main><h1>Guide</h1>${body}</main></body></html>`;
}
