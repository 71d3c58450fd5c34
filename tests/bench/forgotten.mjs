// What the browser's processes still hold of the private keys once the page was told to forget everything: their memory
// is read (Linux) and searched for each key, as DER and as PEM. A figure, not a promise: what a browser copies is its own.
import { open as openFile, readFile } from "node:fs/promises";
import { open, part } from "./chromium.mjs";
import { fromZip } from "./contestants.mjs";
import { singleNode } from "./page/designs.mjs";

const MOST = 1 << 24;

/** Generates, exports and forgets; resolves to the traces found in the renderer and elsewhere, before and after. */
export async function forgotten(browser, url, alg) {
  const page = await open(browser, `${url}#${singleNode(alg)}`);
  try {
    await page.locator('main[data-state="planned"]').waitFor();
    await part(page, "generate").click();
    await page.locator('main[data-state="issued"]').waitFor();
    const downloading = page.waitForEvent("download");
    await part(page, "export-zip").click();
    await part(page, "lock-open").click();
    await part(page, "confirm").filter({ hasText: /^Download$/ }).click();
    const { keys } = fromZip(await readFile(await (await downloading).path()));
    const traces = keys.flatMap(tracesOf);
    const before = await searched(browser, traces);
    await part(page, "trust").click();
    await part(page, "forget").click();
    await part(page, "confirm").click();
    await page.getByText("private keys were overwritten").waitFor();
    await page.waitForTimeout(2_000);
    return { keys: traces.length / 2, before, after: await searched(browser, traces) };
  } finally {
    await page.context().close();
  }
}

/** Sixteen bytes and sixteen characters of a key's private part: where issuance/src/trace.rs takes them. */
function tracesOf(text) {
  const body = text.replace(/-----[^-]+-----|\n/g, "");
  const der = Buffer.from(body, "base64");
  const at = text.includes("RSA") ? Math.floor(der.length / 2 / 48) * 48 : 9;
  return [der.subarray(at, at + 16), Buffer.from(body.slice((at / 3) * 4, (at / 3) * 4 + 16))];
}

/** How many of the traces are somewhere in the memory of renderers, and of the browser's other processes. */
async function searched(browser, traces) {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  const held = { renderer: new Set(), elsewhere: new Set() };
  for (const { type, id } of processInfo) {
    const found = held[type === "renderer" ? "renderer" : "elsewhere"];
    for await (const stretch of memory(id)) {
      traces.forEach((trace, index) => stretch.includes(trace) && found.add(index));
    }
  }
  return { renderer: held.renderer.size, elsewhere: held.elsewhere.size };
}

/** The private, writable memory of a process, in stretches. */
async function* memory(pid) {
  const maps = await readFile(`/proc/${pid}/maps`, "utf8").catch(() => "");
  const file = await openFile(`/proc/${pid}/mem`, "r").catch(() => null);
  if (!file) return;
  try {
    for (const [, from, to] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm)) {
      const end = BigInt(`0x${to}`);
      for (let at = BigInt(`0x${from}`); at < end; at += BigInt(MOST)) {
        const buffer = Buffer.alloc(Number(end - at < BigInt(MOST) ? end - at : BigInt(MOST)));
        const read = await file.read({ buffer, position: Number(at) }).catch(() => null);
        if (read?.bytesRead) yield buffer.subarray(0, read.bytesRead);
      }
    }
  } finally {
    await file.close();
  }
}
