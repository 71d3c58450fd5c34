// What an embed costs a documentation page: how soon it is there, and how many bytes it brings, beside other things that such
// pages embed. Each stands alone on a page of the same shape; its bytes are those of every file that it asks for, under brotli.
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { SCRATCH } from "./builds.mjs";

const run = promisify(execFile);

const MODULES = join(import.meta.dirname, "node_modules");

/** A page as documentation has them: a heading, a paragraph, and one embed; `window.embedReady` resolves when it is drawn. */
const page = (head, body, ready) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Guide</title>
<link rel="icon" href="data:,">${head}</head><body><main><h1>The certificates of a cluster</h1><p>Who signs whom:</p>${body}</main>
<script type="module">
const drawn = ${ready};
const look = () => (drawn() ? (window.readyAt = performance.now()) : requestAnimationFrame(look));
look();
</script></body></html>`;

/** The hierarchy of a highly available cluster as mermaid is told it. */
async function flowchart() {
  const { stdout } = await run(process.env.KUBEPKI_BIN, ["plan", "--preset", "ha-stacked", "--format", "json"], { maxBuffer: 1 << 26 });
  const { certificates } = JSON.parse(stdout);
  const names = new Map(certificates.map((one, index) => [one.id, `c${index}`]));
  const lines = certificates.map((one) => `${names.get(one.id)}["${one.id}"]`);
  for (const one of certificates) if (one.signedBy !== one.id) lines.push(`${names.get(one.signedBy)} --> ${names.get(one.id)}`);
  return ["graph LR", ...lines].join("\n");
}

/** A recording of a second, as asciinema writes it. */
const CAST = ['{"version":2,"width":80,"height":24}', '[0.1,"o","$ openssl verify -CAfile ca.crt apiserver.crt\\r\\n"]', '[1.0,"o","apiserver.crt: OK\\r\\n"]', ""].join("\n");

/** Pages by the name of what they embed, and the folders that they are served from. */
export async function embedPages(packageFolder) {
  const made = join(SCRATCH, "embedded");
  await rm(made, { recursive: true, force: true });
  await run(process.env.KUBEPKI_BIN, ["generate", "--preset", "single", "--out", made]);
  const certificate = await readFile(join(made, "nodes/cp-1/etc/kubernetes/pki/apiserver.crt"), "utf8");
  const bare = certificate.replace(/-----.*-----|\s/g, "");
  const texts = {
    "/embeds/kube-pki": page(
      '<script type="module" src="/kubepki/define.js"></script>',
      '<kube-pki preset="ha-stacked" loading="eager"></kube-pki>',
      "() => document.querySelector('kube-pki').shadowRoot?.querySelector('[data-testid^=\"cert-\"]')",
    ),
    "/embeds/kube-pki-iframe": page(
      "",
      '<iframe title="Who signs whom" width="900" height="480" src="/kubepki/embed.html#preset=ha-stacked"></iframe>',
      "() => document.querySelector('iframe').contentDocument?.querySelector('kube-pki')?.shadowRoot?.querySelector('[data-testid^=\"cert-\"]')",
    ),
    "/embeds/mermaid": page(
      '<script type="module">import mermaid from "/modules/mermaid/dist/mermaid.esm.min.mjs"; mermaid.initialize({ startOnLoad: true });</script>',
      `<pre class="mermaid">${await flowchart()}</pre>`,
      "() => document.querySelector('.mermaid svg .node')",
    ),
    "/embeds/asciinema-player": page(
      '<link rel="stylesheet" href="/modules/asciinema-player/dist/bundle/asciinema-player.css"><script defer src="/modules/asciinema-player/dist/bundle/asciinema-player.min.js"></script>',
      '<div id="cast"></div><script type="module">AsciinemaPlayer.create("/embeds/cast.cast", document.getElementById("cast"), { preload: true, poster: "npt:1" });</script>',
      "() => document.querySelector('.ap-player') && /apiserver/.test(document.querySelector('.ap-term')?.textContent ?? '') || document.querySelector('.ap-term canvas')",
    ),
    "/embeds/certificates-viewer": page(
      '<script type="module" src="/modules/@peculiar/certificates-viewer/dist/peculiar/peculiar.esm.js"></script>',
      `<peculiar-certificate-viewer certificate="${bare}"></peculiar-certificate-viewer>`,
      "() => /[Ss]ubject/.test(document.querySelector('peculiar-certificate-viewer').shadowRoot?.textContent ?? '')",
    ),
    "/embeds/cast.cast": CAST,
  };
  return { texts, folders: { "/modules/": MODULES, "/kubepki/": packageFolder } };
}

/** What is embedded, by the names of the pages. */
export const EMBEDS = ["kube-pki", "kube-pki-iframe", "mermaid", "asciinema-player", "certificates-viewer"];

/** Opens a page with a cold profile; resolves to the milliseconds until its embed is drawn. */
export async function embedReady(browser, url, name) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(`${url}/embeds/${name}`);
    await page.waitForFunction(() => window.readyAt, null, { timeout: 30_000 });
    return await page.evaluate(() => window.readyAt);
  } finally {
    await context.close();
  }
}

/** Bytes under brotli of every file that an embed asks for until it is drawn, and how many those are. */
export async function embedBytes(browser, url, name) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const bodies = [];
    page.on("response", (response) => {
      if (/\/(modules|kubepki)\//.test(response.url())) bodies.push(response.body().catch(() => Buffer.alloc(0)));
    });
    await page.goto(`${url}/embeds/${name}`);
    await page.waitForFunction(() => window.readyAt, null, { timeout: 30_000 });
    // What comes later is not part of it, and gone with the page.
    const drawn = await Promise.all([...bodies]);
    const weights = drawn.map((body) => brotliCompressSync(body).length);
    return { bytes: weights.reduce((sum, one) => sum + one, 0), files: weights.length };
  } finally {
    await context.close();
  }
}
